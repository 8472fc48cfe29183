"""What the ranking must say of the default province: points that are missing, unproved or not due."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.findings import column_letters
from pipeline.sample.books import appraised_scores
from pipeline.sample.case import Case, Cell, Pages
from pipeline.sample.oddities import Draft, Slip
from pipeline.sample.planted_rules import place
from pipeline.sample.stories import WITHOUT_FILE
from pipeline.template import column_index
from schemas.columns import FIRST_ENTRY_ROW
from schemas.province.defaults import SCORE_TABLE
from schemas.province.entries import APPRAISED

#: The criterion that no unit scores full.
_MODEST = "II.3"
_SHEET = "CHI_TIEU"
#: Share of the full points by which an appraised score may exceed the self-score unnoticed.
_GENEROUS = 0.05


def _row(code: str) -> int:
    """Entry row of a criterion: units list them in the order of the table."""
    return [str(row["ma"]) for row in SCORE_TABLE].index(code)


def _less_in_total(draft: Draft, points: float) -> None:
    """Lower the total that the unit states."""
    total = float(draft.text("DON_VI", "tong_diem_tu_cham"))
    draft.type("DON_VI", "tong_diem_tu_cham", 0, round(total - points, 1))


def not_scored(draft: Draft) -> list[Slip]:
    """P3: one criterion without self-score."""
    row = _row("I.5")
    _less_in_total(draft, float(draft.text(_SHEET, "diem_tu_cham", row)))
    return draft.type(_SHEET, "diem_tu_cham", row, None, "XH-01", "chưa tự chấm tiêu chí I.5")


def unproved(draft: Draft) -> list[Slip]:
    """KV4: the four heaviest criteria state no evidence."""
    for code in ("I.1", "I.2", "I.3", "I.4"):
        draft.type(_SHEET, "minh_chung", _row(code), None)
    cell = draft.at("DON_VI", "tong_diem_tu_cham").coordinate
    return [Slip("DON_VI", cell, "XH-03", "hơn 30 % số điểm không nêu minh chứng")]


def not_due(draft: Draft) -> list[Slip]:
    """P1: four criteria of 280 points did not occur."""
    codes = ("I.3", "I.4", "I.6", "III.2")
    for code in codes:
        row = _row(code)
        _less_in_total(draft, float(draft.text(_SHEET, "diem_tu_cham", row)))
        for field in ("chi_tieu", "thuc_hien", "nam_truoc", "mau_so", "diem_tu_cham", "minh_chung"):
            draft.type(_SHEET, field, row, None)
        draft.type(_SHEET, "ly_do_khong_phat_sinh", row, "Đơn vị không được giao nhiệm vụ này")
    cell = draft.at(_SHEET, "ly_do_khong_phat_sinh", _row(codes[0])).coordinate
    return [Slip(_SHEET, cell, "XH-07", "28 % điểm chuẩn không phát sinh")]


def of_modest(pages: Pages, *, inserted: bool) -> list[Slip]:
    """Say where a unit gave itself less than its own level is worth; `inserted`: a column was put in before it."""
    row = _row(_MODEST)
    line = pages[_SHEET][row]
    most = float(str(SCORE_TABLE[row]["diem_chuan"]))
    if _number(line["diem_tu_cham"]) >= most * _number(line["thuc_hien"]):
        return []
    cell = place(_SHEET, "diem_tu_cham", row)
    moved = chr(ord(cell[0]) + 1) + cell[1:] if inserted else cell
    return [Slip(_SHEET, moved, "XH-02", "tự chấm thấp hơn số liệu")]


def of_generous(cases: Sequence[Case], pages: Callable[[str], Pages]) -> list[Slip]:
    """Say where the standing office appraised more than the unit claims by over a twentieth of the full points."""
    column = column_letters(column_index(APPRAISED, "diem") + 1)
    slips = []
    for number, row in enumerate(appraised_scores(cases)):
        unit, code, given = str(row["don_vi"]), str(row["ma_tieu_chi"]), _number(row["diem"])
        at = _row(code)
        own, most = pages(unit)[_SHEET][at]["diem_tu_cham"], float(str(SCORE_TABLE[at]["diem_chuan"]))
        if unit not in WITHOUT_FILE and own is not None and given - _number(own) > _GENEROUS * most:
            slips.append(Slip(APPRAISED.code, f"{column}{FIRST_ENTRY_ROW + number}", "XH-09", "thẩm định hơn tự chấm"))
    return slips


def _number(cell: Cell) -> float:
    return float(str(cell))
