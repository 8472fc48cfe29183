"""TH_TAP_THE: every collective nominated, and those considered and not proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipeline.dataset import UNIT
from pipeline.results import Results
from pipeline.workbook import scope
from pipeline.workbook.awards import RATINGS
from pipeline.workbook.book import Page
from pipeline.workbook.nominated import (
    VERDICT_FIELDS,
    Nomination,
    Nominations,
    Part,
    counts_text,
    past_awards,
    shared_columns,
)
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.series import frame_rows
from pipeline.workbook.table import Field
from pipeline.workbook.verdicts import MARKS, Verdicts

PLAN = SheetPlan(
    "TH_TAP_THE",
    Group.NOMINATIONS,
    "Tập thể được đề nghị",
    "tập thể nào được đề nghị, danh hiệu gì, còn vướng gì?",
    wide=True,
)

FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ten", "Tập thể", 15, "text_strong"),
    Field("ma_don_vi", "Mã ĐV", 6.5, "link_centre"),
    Field("khoi", "Cụm, khối", 9),
    Field("danh_hieu", "Danh hiệu hoặc hình thức", 15.5),
    Field("cap", "Cấp quyết định", 8),
    Field("qua_khu", "Khen thưởng 5 năm trước", 14),
    Field("xl_don_vi", "Xếp loại đơn vị", 10, "centre"),
    Field("xl_dang", "Xếp loại tổ chức đảng", 9, "centre"),
    Field("so_nguoi", "Số người", 6.5, "count"),
    Field("ldtt", "Số người đề nghị LĐTT", 8, "count"),
    Field("ty_le_ldtt", "% LĐTT", 7, "percent"),
    Field("cstdcs", "Số người đề nghị CSTĐCS", 9, "count"),
    Field("ky_luat", "Số người khai kỷ luật", 8, "count"),
    Field("dong_y", "Phiếu đồng ý", 6.5, "count"),
    Field("tong", "Tổng người biểu quyết", 9, "count"),
    Field("ty_le", "% đồng ý", 9, "percent"),
    *VERDICT_FIELDS,
)


def write(page: Page, results: Results) -> None:
    """Write the parts, one under another."""
    collectives, persons = page.book.shared(Nominations).everything
    parts = {part: [item for item in collectives if item.part is part] for part in Part}
    page.head(
        [item.width for item in FIELDS],
        counts_text(parts),
        scope.warning(),
        f"Điều kiện: {MARKS}; xem từng điều kiện ở DIEU_KIEN.",
    )
    awards = past_awards(results, "TT")
    for part, items in parts.items():
        page.part(f"{part.value}: {len(items)}")
        columns = shared_columns(results, page.book.shared(Verdicts), items) | _columns(results, items, persons)
        columns["qua_khu"] = [awards.get(i.unit) for i in items]
        placed = page.table(FIELDS, columns, frozen=2, empty="Đã xét mọi đề nghị: không có đề nghị nào ở phần này.")
        for number, item in enumerate(items):
            page.anchor("nomination", f"{item.unit} {item.code}", placed.first + number)


def _columns(results: Results, items: Sequence[Nomination], persons: Sequence[Nomination]) -> dict[str, Sequence[Any]]:
    data = results.dataset
    units = data.province.units
    form = {row[0]: row[1:] for row in frame_rows(data.frames["DON_VI"], UNIT, "xep_loai_don_vi", "xep_loai_tccsd")}
    staff = Counter(data.frames["NHAN_SU"][UNIT])
    proposed = {(p.unit, p.title, p.person) for p in persons if p.proposed}
    titles = Counter((unit, title) for unit, title, _ in proposed)
    events = data.frames["BIEN_DONG"]
    disciplined = {(unit, who) for unit, who, kind in frame_rows(events, UNIT, "ma_cc", "loai") if kind == "KY_LUAT"}
    discipline = Counter(unit for unit, _ in disciplined)
    blocks = units["khoi"].to_dict()
    ratings = [form.get(i.unit, (None, None)) for i in items]
    return {
        "ten": [i.name for i in items],
        "khoi": [blocks.get(i.unit) for i in items],
        "xl_don_vi": [RATINGS.get(r[0], r[0]) for r in ratings],
        "xl_dang": [RATINGS.get(r[1], r[1]) for r in ratings],
        "so_nguoi": [staff[i.unit] for i in items],
        "ldtt": [titles[i.unit, "LDTT"] for i in items],
        "ty_le_ldtt": [titles[i.unit, "LDTT"] / staff[i.unit] if staff[i.unit] else None for i in items],
        "cstdcs": [titles[i.unit, "CSTDCS"] for i in items],
        "ky_luat": [discipline[i.unit] for i in items],
    }
