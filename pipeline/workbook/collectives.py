"""TH_TAP_THE: every collective nominated, and those considered and not proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.dataset import UNIT
from pipeline.results import Results
from pipeline.workbook import scope
from pipeline.workbook.awards import RATINGS
from pipeline.workbook.nominated import (
    VERDICT_FIELDS,
    Nomination,
    Nominations,
    Part,
    counts_text,
    past_awards,
    shared_columns,
)
from pipeline.workbook.nomination_keys import NominationKeys
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.ranking_sheet import interval
from pipeline.workbook.score_cells import ScoreCells, band_words
from pipeline.workbook.series import frame_rows
from pipeline.workbook.table import Cell, Field
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
    Field("khoi", "Cụm, khối", 8),
    Field("danh_hieu", "Danh hiệu hoặc hình thức", 13.5),
    Field("cap", "Cấp quyết định", 7),
    Field("qua_khu", "Khen thưởng 5 năm trước", 11.5),
    Field("hang", "Hạng trong khối", 6, "link_centre"),
    Field("khoang", "Khoảng hạng; nhóm theo điểm", 8, "centre"),
    Field("xl_don_vi", "Xếp loại đơn vị", 9, "centre"),
    Field("xl_dang", "Xếp loại tổ chức đảng", 8.5, "centre"),
    Field("so_nguoi", "Số người", 6.5, "count"),
    Field("ldtt", "Số người đề nghị LĐTT", 7.5, "count"),
    Field("ty_le_ldtt", "% LĐTT", 7, "percent"),
    Field("cstdcs", "Số người đề nghị CSTĐCS", 8.5, "count"),
    Field("ky_luat", "Số người khai kỷ luật", 7, "count"),
    Field("dong_y", "Phiếu đồng ý", 6.5, "count"),
    Field("tong", "Tổng người biểu quyết", 8, "count"),
    Field("ty_le", "% đồng ý", 7, "percent"),
    *VERDICT_FIELDS,
)
#: What stands in place of an interval.
OUT_OF_RANKS = "ngoài hạng"


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
    awards, ratings = page.book.shared(awards_of_collectives), page.book.shared(unit_ratings)
    named = NominationKeys(page.book.shared(Nominations))
    for part, items in parts.items():
        page.part(f"{part.value}: {len(items)}")
        columns = shared_columns(results, page.book.shared(Verdicts), items) | _columns(
            results, items, persons, ratings
        )
        columns |= _ranks(page.book.shared(ScoreCells), items)
        columns["qua_khu"] = [awards.get(i.unit) for i in items]
        placed = page.table(
            FIELDS, columns, frozen=2, keys=named.of(items), facts=named.facts(items),
            empty="Đã xét mọi đề nghị: không có đề nghị nào ở phần này.",
        )  # fmt: skip
        for number, item in enumerate(items):
            page.anchor("nomination", f"{item.unit} {item.code}", placed.first + number)


def _ranks(cells: ScoreCells, items: Sequence[Nomination]) -> dict[str, Sequence[Any]]:
    """Rank and band as DIEM_CHI_TIET has them now, and the interval as of the run; of the unit that nominates."""
    told = {item.unit: _rank(cells, item.unit) for item in items if item.unit in cells.units}
    nothing = ("–", None)
    return {key: [told.get(item.unit, nothing)[at] for item in items] for at, key in enumerate(("hang", "khoang"))}


def _rank(cells: ScoreCells, unit: str) -> tuple[Any, Any]:
    """Rank with its link, interval and band of one unit; outside the ranks it says so."""
    row = cells.units[unit]
    if not row["ranked"]:
        return Cell("–", link=("ranked", unit)), OUT_OF_RANKS
    span, band = interval(row["best"], row["worst"]), cells.lead(unit, "xep_nhom", band_words(row["band"]))
    rank = cells.lead(unit, "hang", row["rank"])
    if not isinstance(band, Cell):
        return Cell(rank, link=("ranked", unit)), f"{span}; {band}"
    said = Cell(f"{span}; {band.value}", formula=f'="{span}; "&{band.formula[1:]}')
    return Cell(rank.value, link=("ranked", unit), formula=rank.formula), said


Ratings = Mapping[str, tuple[str | None, str | None]]


def awards_of_collectives(results: Results) -> Mapping[str, str]:
    """Awards of the five years before, by collective."""
    return past_awards(results, "TT")


def unit_ratings(results: Results) -> Ratings:
    """Rating of each unit and of its party organisation, in the words of narrow columns."""
    rows = frame_rows(results.dataset.frames["DON_VI"], UNIT, "xep_loai_don_vi", "xep_loai_tccsd")
    return {unit: (RATINGS.get(own, own), RATINGS.get(party, party)) for unit, own, party in rows}


def _columns(
    results: Results, items: Sequence[Nomination], persons: Sequence[Nomination], ratings: Ratings
) -> dict[str, Sequence[Any]]:
    data = results.dataset
    units = data.province.units
    staff = Counter(data.frames["NHAN_SU"][UNIT])
    proposed = {(p.unit, p.title, p.person) for p in persons if p.proposed}
    titles = Counter((unit, title) for unit, title, _ in proposed)
    events = data.frames["BIEN_DONG"]
    disciplined = {(unit, who) for unit, who, kind in frame_rows(events, UNIT, "ma_cc", "loai") if kind == "KY_LUAT"}
    discipline = Counter(unit for unit, _ in disciplined)
    blocks = units["khoi"].to_dict()
    rated = [ratings.get(i.unit, (None, None)) for i in items]
    return {
        "ten": [i.name for i in items],
        "khoi": [blocks.get(i.unit) for i in items],
        "xl_don_vi": [r[0] for r in rated],
        "xl_dang": [r[1] for r in rated],
        "so_nguoi": [staff[i.unit] for i in items],
        "ldtt": [titles[i.unit, "LDTT"] for i in items],
        "ty_le_ldtt": [titles[i.unit, "LDTT"] / staff[i.unit] if staff[i.unit] else None for i in items],
        "cstdcs": [titles[i.unit, "CSTDCS"] for i in items],
        "ky_luat": [discipline[i.unit] for i in items],
    }
