"""PHONG_TRAO: the steps of each movement in each unit, then the details of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.evidence.movements import DAY, FINAL, INSPECTION, LAUNCH, MIDTERM, STEPS, board_of, catalogue_of
from pipeline.evidence.movements import PLAN as PLANNED
from pipeline.findings import Finding
from pipeline.results import Results, UnitState
from pipeline.workbook.marks import no_file
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.series import plain
from pipeline.workbook.table import Cell, Field
from pipeline.workbook.verdicts import State, Verdicts
from schemas.rules import Severity, register

PLAN = SheetPlan(
    "PHONG_TRAO",
    Group.TOPICS,
    "Phong trào thi đua ở từng đơn vị",
    "phong trào nào, đơn vị nào đã kế hoạch, phát động, kiểm tra, sơ kết, tổng kết; còn tồn tại gì?",
    wide=True,
)
SHORT = {PLANNED: "KH", LAUNCH: "PĐ", INSPECTION: "KT", MIDTERM: "SK", FINAL: "TK"}
NOT_DONE = "··"
LEGEND = (
    "KH kế hoạch · PĐ phát động · KT kiểm tra · SK sơ kết · TK tổng kết; ·· chưa thấy bước ấy ở HOAT_DONG;"
    " – không có hoạt động nào; ✗ có phát hiện phải xem (PT-01 đến PT-07); ? tệp không có trang HOAT_DONG."
)
#: Movements that have a column in the matrix; the details hold all.
MOST_COLUMNS = 9
_CODES = tuple(f"PT-{number:02d}" for number in range(1, 10))
_WIDTHS = (5, 7, 24, 34, *([15.5] * MOST_COLUMNS), 30)
_DETAILS = (
    Field("stt", "STT", role="index"),
    Field("ma", "Mã ĐV", role="link_centre"),
    Field("phong_trao", "Phong trào"),
    Field("ton_tai", "Tồn tại"),
    Field("kh_so", "Kế hoạch số"),
    Field("kh_ngay", "Ngày kế hoạch", role="date"),
    Field("phat_dong", "Phát động", role="date"),
    Field("tieu_chi", "Số tiêu chí (đo được)", role="centre"),
    Field("tham_gia", "Tham gia nhiều nhất / số người", role="centre"),
    Field("kiem_tra", "Kiểm tra", role="date"),
    Field("so_ket", "Sơ kết", role="date"),
    Field("tong_ket", "Tổng kết", role="date"),
    Field("khen", "Số đề nghị khen theo phong trào", role="count"),
    Field("ket_qua", "Kết quả bằng số (tổng kết, sơ kết hoặc kiểm tra)"),
)


def write(page: Page, results: Results) -> None:
    """Write the matrix of units and movements, then one row a unit and movement."""
    verdicts = page.book.shared(Verdicts)
    board, found = board_of(results.evidence), _Found(results, verdicts)
    names = catalogue_of(results.evidence)["name"].to_dict()
    shown = _shown(results, board)
    left_out = len(set(names) | set(board["movement"])) - len(shown)
    more = f"Bảng I chỉ có {len(shown)} phong trào; {left_out} phong trào khác xem ở bảng II." if left_out else ""
    page.head(_WIDTHS, more, LEGEND, verdicts.summary(_CODES), mixed=True)
    page.part(f"I. Các bước đã làm: {len(results.board)} đơn vị, {len(shown)} phong trào")
    page.table(
        (
            Field("stt", "STT", role="index"),
            Field("ma", "Mã ĐV", role="link_centre"),
            Field("ten", "Đơn vị"),
            Field("chung", "Tồn tại chung của đơn vị"),
            *(Field(code, str(names.get(code, code)), role="centre") for code in shown),
        ),
        _matrix(results, board, shown, found),
    )
    page.part(f"II. Chi tiết từng phong trào ở từng đơn vị: {len(board)} dòng")
    page.table(_DETAILS, _details(board, names, found))


def _shown(results: Results, board: pd.DataFrame) -> list[str]:
    """Movements with a column: those in force in the period and those that units worked on, the commonest first."""
    case = results.evidence
    catalogue = catalogue_of(case)
    current = catalogue[~(catalogue["last"] < case.first) & ~(catalogue["first"] > case.last)]
    units = board["movement"].value_counts()
    every = sorted(set(current.index) | set(units.index), key=lambda code: (-units.get(code, 0), code))
    return sorted(every[:MOST_COLUMNS])


class _Found:
    """Findings of the family by unit and movement, and those of the unit as a whole."""

    def __init__(self, results: Results, verdicts: Verdicts) -> None:
        self.of_movement: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        self.of_unit: dict[str, list[Finding]] = defaultdict(list)
        chosen = results.evidence.nominations["movement"].to_dict()
        movements = set(results.evidence.frame("HOAT_DONG")["phong_trao"].dropna())
        for code in _CODES:
            for finding in verdicts.of(code):
                movement = finding.subject if finding.subject in movements else chosen.get(finding.about)
                if isinstance(movement, str):
                    self.of_movement[finding.unit, movement].append(finding)
                elif finding.unit:
                    self.of_unit[finding.unit].append(finding)


def _words(findings: Sequence[Finding]) -> str | None:
    """Say each once: what lacks where the finding names it, else the title of the rule."""
    texts = []
    for finding in findings:
        lacking = finding.params.get("con_thieu")
        if lacking and not finding.judged:
            texts.append(f"? {finding.code} chưa xét được vì {lacking}")
            continue
        told = finding.params.get("thieu") or finding.params.get("cac_phong_trao")
        words = register()[finding.code].title.lower() if not told else _LACKING.get(finding.variant, "chưa rõ") + told
        texts.append(f"{'' if finding.judged else '? '}{finding.code} {words}")
    return "; ".join(dict.fromkeys(texts)) or None


#: Variant of a finding that lists steps or movements → the words before the list.
_LACKING = {
    "no_review": "thiếu ",
    "missing": "thiếu ",
    "no_selection": "tổng kết mà không xét chọn: ",
    "not_closed": "hết hạn chưa tổng kết: ",
    "not_closed_before": "hết hạn trước kỳ, chưa thấy tổng kết: ",
    "untouched": "chưa có hoạt động: ",
    "not_judged": "chưa rõ ",
}


def _matrix(results: Results, board: pd.DataFrame, shown: Sequence[str], found: _Found) -> dict[str, Sequence[Any]]:
    has = results.evidence.has_sheet("HOAT_DONG").to_dict()
    done = {
        (unit, movement): " ".join(
            NOT_DONE if row != row else SHORT[step] for step, row in zip(STEPS, steps, strict=True)
        )
        for unit, movement, *steps in board[["unit", "movement", *STEPS]].itertuples(index=False, name=None)
    }
    states = results.board
    columns: dict[str, Sequence[Any]] = {
        "stt": range(1, len(states) + 1),
        "ma": [Cell(s.code, "link_centre", ("unit", s.code)) for s in states],
        "ten": [s.name for s in states],
        "chung": [_words(found.of_unit[s.code]) if s.counted else no_file(s) for s in states],
    }
    for code in shown:
        columns[code] = [_steps(s, has, done.get((s.code, code)), found.of_movement[s.code, code]) for s in states]
    return columns


def _steps(state: UnitState, has: dict[str, bool], done: str | None, findings: Sequence[Finding]) -> Cell:
    if state.counted is None:
        return State.OUTSIDE.cell
    if not has.get(state.code, False):
        return State.UNKNOWN.cell
    if done is None:
        return State.OUTSIDE.cell
    if any(f.judged and f.severity is not Severity.INFORMATION for f in findings):
        return Cell(f"{State.NOT_MET.value[0]} {done}", State.NOT_MET.value[1])
    return Cell(done, "centre")


def _details(board: pd.DataFrame, names: dict[str, str], found: _Found) -> dict[str, Sequence[Any]]:
    board = board.sort_values(["movement", "unit"], kind="stable")
    units, movements = plain(board["unit"]), plain(board["movement"])
    return {
        "stt": range(1, len(board) + 1),
        "ma": [Cell(unit, "link_centre", ("unit", unit)) for unit in units],
        "phong_trao": [names.get(code, code) for code in movements],
        "ton_tai": [_words(found.of_movement[pair]) for pair in zip(units, movements, strict=True)],
        "kh_so": plain(board["plan_number"]),
        "kh_ngay": plain(board[PLANNED + DAY]),
        "phat_dong": plain(board[LAUNCH + DAY]),
        "tieu_chi": [
            None if total is None else f"{total:.0f} ({'?' if good is None else f'{good:.0f}'})"
            for total, good in zip(plain(board["criteria"]), plain(board["measurable"]), strict=True)
        ],
        "tham_gia": [
            f"{'?' if most is None else f'{most:.0f}'}/{staff:.0f}"
            for most, staff in zip(plain(board["participants"]), board["staff"].fillna(0).tolist(), strict=True)
        ],
        "kiem_tra": plain(board[INSPECTION + DAY]),
        "so_ket": plain(board[MIDTERM + DAY]),
        "tong_ket": plain(board[FINAL + DAY]),
        "khen": plain(board["chosen"]),
        "ket_qua": plain(board["result"]),
    }
