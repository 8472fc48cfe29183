"""PHIEU_HOP: each unit's meeting, the tally of each nomination with the votes needed, the blocks' votes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.checks.meetings import working_days
from pipeline.checks.tallies import BLOCK_LEVEL, UNIT_LEVEL, block_ballots, tallies
from pipeline.evidence.voters import bases
from pipeline.results import Results
from pipeline.submissions import Status
from pipeline.workbook.awards import Awards
from pipeline.workbook.page import Page
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.series import labelled, plain
from pipeline.workbook.table import Cell, Field
from pipeline.workbook.verdicts import MARKS, State, Verdicts

PLAN = SheetPlan(
    "PHIEU_HOP",
    Group.TOPICS,
    "Cuộc họp xét và kết quả bỏ phiếu",
    "cuộc họp của đơn vị có đủ người, đúng cách bỏ phiếu, công khai không; mỗi đề nghị đạt hay thiếu mấy phiếu?",
    wide=True,
)

CODES = ("QT-01", "QT-02", "QT-03", "QT-04", "QT-05", "QT-06", "QT-07", "QT-08", "QT-09", "HS-06")
_NOTE = "Tỷ lệ tính trên tổng số người có quyền biểu quyết, kể cả người vắng; tỷ lệ trên người có mặt chỉ để so sánh."
_UNIT_FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã ĐV", 7, "link_centre"),
    Field("de_nghi", "Số đề nghị", 8, "count"),
    Field("ten", "Đơn vị", 21, "text_strong"),
    Field("bien_ban", "Biên bản số", 17),
    Field("ngay", "Ngày họp", 11, "date"),
    Field("hinh_thuc", "Hình thức biểu quyết", 11),
    Field("tong", "Có quyền biểu quyết", 8, "count"),
    Field("co_mat", "Có mặt", 7, "count"),
    Field("ty_le", "% có mặt", 8, "percent"),
    Field("van_ban", "Vắng, gửi ý kiến", 7.5, "count"),
    Field("vang", "Vắng, không gửi", 7.5, "count"),
    Field("niem_yet", "Ngày làm việc niêm yết", 8, "count"),
    Field("y_kien", "Ý kiến nhận", 8, "count"),
    Field("tu", "Niêm yết từ", 11, "date"),
    Field("den", "Niêm yết đến", 11, "date"),
    Field("giai_quyet", "Ý kiến đã giải quyết", 8, "count"),
    Field("du_nguoi", "Đủ người dự", 7, "centre"),
    Field("kin", "Phiếu kín", 7, "centre"),
    Field("cong_khai", "Niêm yết", 7, "centre"),
)
_VOTE_FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã ĐV", 7, "centre"),
    Field("ma_dn", "Mã đề nghị", 8, "centre"),
    Field("ten", "Họ tên, tập thể", 21, "text_strong"),
    Field("danh_hieu", "Danh hiệu, hình thức", 17),
    Field("ket_qua", "Kết quả xét", 14.5),
    Field("cap", "Cấp họp", 11),
    Field("phat", "Phát ra", 8, "count"),
    Field("thu", "Thu về", 7, "count"),
    Field("hop_le", "Hợp lệ", 8, "count"),
    Field("dong_y", "Đồng ý", 7.5, "count_strong"),
    Field("khong", "Không đồng ý", 7.5, "count"),
    Field("trong", "Không ý kiến", 8, "count"),
    Field("tong", "Tổng thành viên", 8, "count"),
    Field("ty_le", "% trên tổng", 11, "percent"),
    Field("ty_le_co_mat", "% trên người có mặt", 11, "percent"),
    Field("nguong", "Ngưỡng %", 8, "percent"),
    Field("dat", "Đạt mức phiếu", 7, "centre"),
    Field("thua", "Thừa (+), thiếu (-) phiếu", 7, "centre"),
    Field("can_bang", "Phiếu cân", 7, "centre"),
)
#: Marks of a vote: reached, not reached; who was not proposed did not need to reach it.
_REACHED, _NOT_REACHED, _NOT_ASKED = State.MET.cell, State.NOT_MET.cell, Cell("✗", "centre")
_UNKNOWN = State.UNKNOWN.cell
_RESULTS = {(True, False): "Đề nghị", (False, True): "Không đề nghị", (False, False): None}


def write(page: Page, results: Results) -> None:
    """Write the meetings, the tallies, the blocks' votes."""
    verdicts = page.book.shared(Verdicts)
    page.head([item.width for item in _VOTE_FIELDS], _NOTE, f"{MARKS}.", verdicts.summary(CODES), mixed=True)
    units = results.evidence.units
    page.part(f"I. Cuộc họp của {len(units)} đơn vị")
    placed = page.table(_UNIT_FIELDS, _unit_columns(results, verdicts))
    for number, code in enumerate(units.index):
        page.anchor("phieu_hop", str(code), placed.first + number)
    votes = _votes(results)
    title = f"II. Kết quả bỏ phiếu của từng đề nghị: {len(votes)}"
    if len(votes) > LONG_LIST:
        missed = (votes["margin"] < 0) & votes["proposed"].eq(True)
        votes = votes[missed | votes["margin"].isna() | ~votes["balanced"].eq(True)]
        title += f"; chỉ hiện {len(votes)} dòng chưa đạt mức, không cân hoặc chưa rõ"
    page.part(title)
    votes_placed = page.table(_VOTE_FIELDS, _vote_columns(results, votes))
    # Rows to repeat begin to be printed after their own page: this heading fits all that follows.
    page.repeat_heading(votes_placed.header)
    blocks = _block_votes(results)
    page.part(f"III. Suy tôn của cụm, khối theo cấu hình của tỉnh: {len(blocks)}")
    page.table(_VOTE_FIELDS, _vote_columns(results, blocks))


def unsent(results: Results) -> dict[str, str]:
    """What stands in place of the data of a unit that has no counted file, by unit."""
    words = {state.code: state.status for state in results.board if state.counted is None}
    return {
        code: Status.MISSING.value if status is Status.MISSING else "Tệp chưa dùng được"
        for code, status in words.items()
    }


def _unit_columns(results: Results, verdicts: Verdicts) -> dict[str, Sequence[Any]]:
    case = results.evidence
    units = case.units
    forms = case.forms.reindex(units.index)
    base = bases(case).reindex(units.index)
    rows = [int(row) if row == row else -1 for row in forms["row_id"].tolist()]
    absent = base["members"] - base["present"] - base["written"].fillna(0)
    proposed = case.proposed["unit"].value_counts().reindex(units.index)
    waiting = unsent(results)
    numbers = zip(units.index, plain(forms["so_bien_ban"]), strict=True)
    form_of_vote = labelled(forms["hinh_thuc_bieu_quyet"], case.data.province.lists.labels["BIEU_QUYET"])
    return {
        "stt": range(1, len(units) + 1),
        "ma": [Cell(str(code), link=("unit", str(code))) for code in units.index],
        "de_nghi": plain(proposed.fillna(0).where(units["counted"])),
        "ten": plain(units["name"]),
        "bien_ban": [waiting.get(str(code), number) for code, number in numbers],
        "ngay": plain(forms["ngay_hop"]),
        "hinh_thuc": form_of_vote,
        "tong": plain(base["members"]),
        "co_mat": plain(base["present"]),
        "ty_le": plain(base["present"] / base["members"].where(base["members"] > 0)),
        "van_ban": plain(base["written"]),
        "vang": plain(absent.clip(lower=0)),
        "niem_yet": plain(working_days(forms["niem_yet_tu"], forms["niem_yet_den"])),
        "y_kien": plain(forms["so_y_kien"]),
        "tu": plain(forms["niem_yet_tu"]),
        "den": plain(forms["niem_yet_den"]),
        "giai_quyet": plain(forms["so_y_kien_da_giai_quyet"]),
        "du_nguoi": [verdicts.state("QT-01", row).cell for row in rows],
        "kin": [verdicts.state("QT-02", row).cell for row in rows],
        "cong_khai": [verdicts.state("QT-06", row).cell for row in rows],
    }


def _votes(results: Results) -> pd.DataFrame:
    """Every tally, and every nomination without one, in the order of units and nominations."""
    case = results.evidence
    counted = tallies(case)
    counted = counted.assign(order=counted.index)
    voted = pd.MultiIndex.from_frame(counted.loc[counted["level"] == UNIT_LEVEL, ["unit", "code"]])
    asked = case.nominations[case.nominations["proposed"]]
    without = asked[~pd.MultiIndex.from_frame(asked[["unit", "code"]]).isin(voted)]
    kept = ["unit", "code", "name", "award", "proposed", "considered"]
    both = pd.concat([counted, without[kept]], ignore_index=True)
    places = pd.Series(range(len(case.units)), index=case.units.index)
    both = both.assign(place=both["unit"].map(places))
    return both.sort_values(["place", "unit", "code", "level"], kind="stable").reset_index(drop=True)


def _block_votes(results: Results) -> pd.DataFrame:
    blocks = block_ballots(results.evidence)
    missing = dict.fromkeys(("issued", "returned", "valid", "against", "abstained", "present"), float("nan"))
    return blocks.assign(level=BLOCK_LEVEL, balanced=None, **missing)


def _vote_columns(results: Results, votes: pd.DataFrame) -> dict[str, Sequence[Any]]:
    names, levels = Awards(results), results.dataset.province.lists.labels["CAP_HOP"]
    short = {code: names.short(code) for code in votes["award"].dropna().unique()}
    proposed, margin = votes["proposed"].tolist(), plain(votes["margin"])
    outcome = zip(proposed, votes["considered"].tolist(), strict=True)
    return {
        "stt": range(1, len(votes) + 1),
        "ma": plain(votes["unit"]),
        "ma_dn": plain(votes["code"]),
        "ten": plain(votes["name"]),
        "danh_hieu": plain(votes["award"].map(short)),
        "ket_qua": [_RESULTS.get((bool(yes), bool(no))) for yes, no in outcome],
        "cap": labelled(votes["level"], levels),
        "phat": plain(votes["issued"]),
        "thu": plain(votes["returned"]),
        "hop_le": plain(votes["valid"]),
        "dong_y": plain(votes["votes"]),
        "khong": plain(votes["against"]),
        "trong": plain(votes["abstained"]),
        "tong": plain(votes["members"]),
        "ty_le": plain(votes["votes"] / votes["members"]),
        "ty_le_co_mat": plain(votes["votes"] / votes["present"]),
        "nguong": plain(votes["threshold"].where(votes["members"].notna())),
        "dat": [_mark(m, asked) for m, asked in zip(margin, proposed, strict=True)],
        "thua": [None if m is None else f"{m:+.0f}" if m else "0" for m in margin],
        "can_bang": [_balance(b) for b in votes["balanced"].tolist()],
    }


def _mark(margin: float | None, proposed: object) -> Cell:
    if margin is None:
        return _UNKNOWN
    if margin >= 0:
        return _REACHED
    return _NOT_REACHED if proposed is True else _NOT_ASKED


def _balance(balanced: object) -> Cell:
    if balanced is True:
        return _REACHED
    return _NOT_REACHED if balanced is False else _UNKNOWN
