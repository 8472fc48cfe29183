"""DS_CONG_NHAN, DS_TRINH: what the province itself recognises, and what goes up to a higher level; never mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.awards import Awards
from pipeline.workbook.nominated import LISTED, Nomination, Nominations, Part, labels_of
from pipeline.workbook.nomination_keys import NominationKeys
from pipeline.workbook.page import Page
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.table import Cell, Field, council_field
from pipeline.workbook.unit_gates import AWAITS_UNIT

#: Code of CAP_QUYET_DINH of what the province recognises.
OWN_LEVEL = "TINH"
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ten", "Họ tên, tên tập thể", 26, "text_strong"),
    Field("ma_don_vi", "Mã ĐV", 8, "link_centre"),
    Field("don_vi", "Đơn vị", 20),
    Field("danh_hieu", "Danh hiệu hoặc hình thức", 32),
    Field("cap", "Cấp quyết định", 20),
    Field("dong_y", "Phiếu đồng ý", 9, "count"),
    Field("tong", "Tổng người biểu quyết", 10, "count"),
    Field("ty_le", "% đồng ý", 9, "percent"),
    Field("con", "Còn phải làm", 30),
    council_field(20),
)


@dataclass(frozen=True, slots=True)
class DecisionList:
    """One of the two lists."""

    PLAN: SheetPlan
    own: bool  #: recognised by the province

    def write(self, page: Page, results: Results) -> None:
        """Write collectives, then persons; what is still stopped is only counted."""
        both = page.book.shared(Nominations).everything
        mine = [[i for i in items if (i.level == OWN_LEVEL) == self.own] for items in both]
        stopped = sum(item.part is Part.STOPPED for items in mine for item in items)
        note = f"Không gồm {stopped} đề nghị còn vướng CHẶN (xem TH_TAP_THE, TH_CA_NHAN)." if stopped else ""
        unknown = sum(item.level is None for items in mine for item in items)
        line = f"{unknown} đề nghị chưa rõ cấp quyết định (DANH_HIEU của cấu hình) đứng ở đây." if unknown else ""
        gated = sum(item.part is Part.UNIT_GATE for items in mine for item in items)
        waits = f"Trong đó {gated} đề nghị còn {AWAITS_UNIT} (ghi ở cột «Còn phải làm»)." if gated else ""
        page.head([item.width for item in FIELDS], note, line, waits)
        named = NominationKeys(page.book.shared(Nominations))
        for title, items in zip(("I. Tập thể", "II. Cá nhân"), mine, strict=True):
            listed = sorted((i for i in items if i.part in LISTED), key=lambda item: -item.rung)
            page.part(f"{title}: {len(listed)}")
            if len(listed) > LONG_LIST and items is mine[-1]:
                _write_long(page, results, listed)
            else:
                page.table(
                    FIELDS, _columns(results, listed), frozen=2, keys=named.of(listed),
                    empty="Đã xét mọi đề nghị: không có ai ở phần này.",
                )  # fmt: skip


#: Columns of a list of many thousands: plain values, without links or places for notes.
_LONG_FIELDS = tuple(
    replace(item, role="data_integer" if item.role in ("index", "count") else "data_text")
    for item in FIELDS
    if not item.council
)


def _write_long(page: Page, results: Results, items: Sequence[Nomination]) -> None:
    def read(start: int, end: int) -> tuple[dict[str, Sequence[Any]], list[float]]:
        columns = _columns(results, items[start:end])
        columns |= {
            "stt": range(start + 1, end + 1),
            "ma_don_vi": [i.unit for i in items[start:end]],
            "ty_le": [None if i.share is None else f"{decimal(100 * i.share, 1)} %" for i in items[start:end]],
            "con": [i.verdict.value for i in items[start:end]],
        }
        return columns, [0.0] * (end - start)

    page.data_table(_LONG_FIELDS, len(items), read)


def _columns(results: Results, items: Sequence[Nomination]) -> dict[str, Sequence[Any]]:
    awards, levels = Awards(results), labels_of(results, "CAP_QUYET_DINH")
    names = results.dataset.province.units["ten_don_vi"].to_dict()
    return {
        "stt": range(1, len(items) + 1),
        "ten": [i.name for i in items],
        "ma_don_vi": [Cell(i.unit, link=("unit", i.unit)) for i in items],
        "don_vi": [names.get(i.unit) for i in items],
        "danh_hieu": [awards.full(i.title, i.form) for i in items],
        "cap": [levels.get(i.level or "", "(chưa rõ)") for i in items],
        "dong_y": [i.votes for i in items],
        "tong": [i.voters for i in items],
        "ty_le": [i.share for i in items],
        "con": [i.verdict_with_warnings for i in items],
    }


RECOGNISED = DecisionList(
    SheetPlan(
        "DS_CONG_NHAN",
        Group.NOMINATIONS,
        "Danh sách thuộc thẩm quyền công nhận của tỉnh",
        "tỉnh tự công nhận những ai, tập thể nào?",
        wide=True,
    ),
    own=True,
)
SUBMITTED = DecisionList(
    SheetPlan(
        "DS_TRINH",
        Group.NOMINATIONS,
        "Danh sách trình Viện trưởng VKSND tối cao, cấp Nhà nước",
        "những ai, tập thể nào phải trình cấp trên quyết định?",
        wide=True,
    ),
    own=False,
)
