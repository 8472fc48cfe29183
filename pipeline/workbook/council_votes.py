"""PHIEU_HOI_DONG: the council's own votes, typed at the meeting; live formulas tell who has passed or lacks votes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.checks.tallies import COUNCIL_LEVEL, council_size, thresholds
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.awards import Awards
from pipeline.workbook.nominated import PROPOSED, Nomination, Nominations, Part
from pipeline.workbook.nomination_keys import NominationKeys
from pipeline.workbook.page import Page
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.table import Cell, Field
from pipeline.workbook.voting import BALLOTS, COUNTS, Tally

PLAN = SheetPlan(
    "PHIEU_HOI_DONG",
    Group.NOMINATIONS,
    "Phiếu của Hội đồng, gõ tại cuộc họp",
    "mỗi đề nghị được bao nhiêu phiếu của Hội đồng, đạt hay còn thiếu mấy phiếu?",
    wide=True,
)
_HOW = (
    "Gõ số phiếu vào các ô vàng; tỷ lệ, kết quả tự tính trên tổng số thành viên Hội đồng, kể cả người vắng. "
    "Ngưỡng theo QT-04 ({status}); tỉnh sửa ở trang THAM_SO của cau-hinh.xlsx. Kết luận ghi ở TH_TAP_THE, TH_CA_NHAN."
)
_NO_COUNCIL = "Chưa có thành viên Hội đồng ở trang HOI_DONG của cau-hinh.xlsx: gõ tổng số vào cột «Tổng thành viên»."
_MARKS = {
    Part.CLEAR: "● Không vướng", Part.UNIT_GATE: "▲ Chờ kết luận về đơn vị", Part.EXPLAIN: "▲ Chờ giải trình",
    Part.STOPPED: "■ Vướng CHẶN",
}  # fmt: skip
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ten", "Họ tên, tên tập thể", 25, "text_strong"),
    Field("ma_don_vi", "Mã ĐV", 7, "link_centre"),
    Field("danh_hieu", "Danh hiệu hoặc hình thức", 26),
    Field("vuong", "Vướng mắc", 14),
    Field("o_don_vi", "Phiếu đồng ý ở đơn vị", 9, "centre"),
    Field("nguong", "Ngưỡng %", 8, "percent"),
    Field("can", "Cần số phiếu", 7, "count"),
    Field("ty_le", "% đồng ý", 8.5, "percent"),
    Field("ket_qua", "Kết quả", 17, "text_strong"),
    Field("can_doi", "Phiếu cân", 20),
    Field("tong", "Tổng thành viên", 8, "council_count", council=True),
    Field("phat", "Phát ra", 7, "council_count", council=True),
    Field("thu", "Thu về", 7, "council_count", council=True),
    Field("hop_le", "Hợp lệ", 7, "council_count", council=True),
    Field("khong_hop_le", "Không hợp lệ", 7.5, "council_count", council=True),
    Field("dong_y", "Đồng ý", 7, "council_count", council=True),
    Field("khong_dong_y", "Không đồng ý", 7.5, "council_count", council=True),
    Field("khong_y_kien", "Không ý kiến", 7.5, "council_count", council=True),
)
_AT = {item.key: column for column, item in enumerate(FIELDS)}


def write(page: Page, results: Results) -> None:
    """Write one row a proposal, the highest rungs first where there are too many to vote on."""
    both = page.book.shared(Nominations).everything
    items = [item for items in both for item in items if item.part in PROPOSED]
    shown = items if len(items) <= LONG_LIST else sorted(items, key=lambda item: -item.rung)[:LONG_LIST]
    cut = "" if shown is items else f"Chỉ hiện {decimal(len(shown))} đề nghị bậc cao nhất trong {decimal(len(items))}."
    counted = council_size(results.evidence)
    members = None if counted != counted else counted
    rule = results.rules.rules.get("QT-04")
    how = _HOW.format(status=rule.source_status if rule else "chưa có quy tắc cho kỳ này")
    page.head([item.width for item in FIELDS], cut, how, _NO_COUNCIL if members is None else "")
    named = NominationKeys(page.book.shared(Nominations))
    keys = named.of(shown)
    shares = _thresholds(results, shown)
    first = page.row + 1
    # A base that the configuration gives is not for typing.
    base = None if members is None else Cell(members, "count")
    columns = _columns(results, shown, shares) | {"tong": [base] * len(shown)}
    typed = COUNTS if members is None else BALLOTS
    written = ({name: page.book.carried.of(page.name, key, name) for name in typed} for key in keys)
    tallies = [Tally.of({"tong": members} | held, share) for held, share in zip(written, shares, strict=True)]
    columns |= _formulas(tallies, first)
    facts = [told | {"nguong": share, "tong": members} for told, share in zip(named.facts(shown), shares, strict=True)]
    page.table(FIELDS, columns, frozen=2, keys=keys, facts=facts)


def _thresholds(results: Results, items: Sequence[Nomination]) -> list[float | None]:
    awards = pd.Series([item.title or item.form for item in items], dtype="str")
    levels = pd.Series(COUNCIL_LEVEL, index=awards.index, dtype="str")
    return [None if share != share else float(share) for share in thresholds(results.evidence, levels, awards)]


def _columns(results: Results, items: Sequence[Nomination], shares: Sequence[float | None]) -> dict[str, Sequence[Any]]:
    awards = Awards(results)
    votes = [(item.votes, item.voters) for item in items]
    return {
        "stt": range(1, len(items) + 1),
        "ten": [item.name for item in items],
        "ma_don_vi": [Cell(item.unit, link=("unit", item.unit)) for item in items],
        "danh_hieu": [awards.full(item.title, item.form) for item in items],
        "vuong": [
            Cell(_MARKS[item.part], link=item.gate.link)
            if item.gate and item.part is Part.UNIT_GATE
            else _MARKS[item.part]
            for item in items
        ],
        "o_don_vi": [None if y is None else f"{y:.0f}/{t:.0f}" if t else f"{y:.0f}" for y, t in votes],
        "nguong": list(shares),
    }


def _formulas(tallies: Sequence[Tally], first: int) -> dict[str, list[Cell]]:
    """Live formulas with their values; a row's cells are named without `$`, so that sorting takes them along."""
    found: dict[str, list[Cell]] = {"can": [], "ty_le": [], "ket_qua": [], "can_doi": []}
    for number, tally in enumerate(tallies, first):
        at = {name: xl_rowcol_to_cell(number, column) for name, column in _AT.items()}
        for name, (formula, value) in tally.cells(at).items():
            found[name].append(Cell("" if value is None else value, formula=formula))
    return found
