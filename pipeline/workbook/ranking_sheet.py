"""XEP_HANG: the order of units inside their block, how sure it is, what to discuss; one block under another.

Total, percentage, rank and band follow DIEM_CHI_TIET by formula; everything else is as of the run, and a row whose
points or rank have changed since says so in the cell of its status.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.paper import row_height
from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.order import DIGITS
from pipeline.ranking.tables import Ranking, Status
from pipeline.ranking.wording import BANDS, REFERENCE, STATUSES, chain
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.formats import font_size
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.ranking_charts import draw_intervals
from pipeline.workbook.score_cells import NO_BLOCK, ScoreCells, band_words
from pipeline.workbook.table import Cell, Field, council_field

PLAN = SheetPlan(
    "XEP_HANG",
    Group.RANKING,
    "Xếp hạng đơn vị trong từng cụm, khối",
    "đơn vị nào hạng mấy trong khối, hạng ấy chắc đến đâu?",
    late=True,
    wide=True,
)
READING = (
    "Khoảng hạng: hạng tốt nhất và xấu nhất có thể, nếu chỉ tính điểm đã có minh chứng hoặc tính mọi điểm đơn vị tự "
    "nhận. "
    "Nhóm sát nhau (cùng chữ, cùng màu): hơn kém dưới {close} % điểm, Hội đồng nên xem cùng lúc. Điều làm đổi hạng: "
    "DO_VUNG_HANG; từng điểm: DIEM_CHI_TIET.",
    "Sửa điểm thẩm định ở DIEM_CHI_TIET thì điểm, tổng, tỷ lệ, hạng, xếp nhóm ở đây đổi theo công thức; thứ tự dòng và "
    "các cột còn lại là lúc chạy, chạy lại mới tính lại. Hạng chỉ so trong khối, không so giữa các khối.",
)
AFTER_CHANGE = "Sửa điểm làm phát sinh ngang điểm mới thì tạm ghi đồng hạng; chạy lại mới tách theo các bước này."
OUTSIDE = "Bảng tiếp theo: {units} đơn vị ngoài hạng, mỗi đơn vị có hạng tham khảo như nói ở đầu trang."
UNKNOWN, NOT_USED = "không rõ", "không dùng"
#: Groups of criteria that get columns of their own; with more the points are only on DIEM_CHI_TIET.
MOST_GROUPS = 8
#: Widths of a group of criteria, the status, what to discuss and the council's note, so that A3 shows all.
_WIDTHS, _NARROW_WIDTHS, _WIDE_GROUPS = (9.0, 20.0, 30.0, 18.0), (7.0, 18.0, 26.0, 15.0), 4
_CLOSE_ROLES, _LETTERS = 3, 26


def write(page: Page, results: Results) -> None:
    """Write one block under another."""
    _Sheet(page, ranking_of(results.evidence)).write()


def close_letter(group: float) -> str:
    """Letter of a close group: A … Z, then A2 …"""
    number = int(group) - 1
    round_ = number // _LETTERS
    return chr(ord("A") + number % _LETTERS) + (str(round_ + 1) if round_ else "")


def shown_groups(cells: ScoreCells) -> list[str]:
    """Groups of criteria that get a column."""
    return cells.groups if len(cells.groups) <= MOST_GROUPS else []


class _Sheet:
    """The sheet while it is being written."""

    def __init__(self, page: Page, ranking: Ranking) -> None:
        self.page, self.cells = page, page.book.shared(ScoreCells)
        self.ranking, self.settings = ranking, ranking.settings
        self.groups = shown_groups(self.cells)
        points = self.ranking.groups.set_index(["unit", "group"])["points"]
        self.points: dict[Any, float] = points.to_dict()
        self.fields = self._fields()
        self.pieces: list[tuple[int, int]] = []  #: rows that should stand on one printed page

    def _fields(self) -> list[Field]:
        """Columns of the ranked units."""
        narrow = len(self.groups) > _WIDE_GROUPS
        group, status, discuss, note = _NARROW_WIDTHS if narrow else _WIDTHS
        return [
            Field("hang", "Hạng", 6, "rank"),
            Field("ma", "Mã ĐV", 7, "link_centre"),
            Field("ten", "Đơn vị", 17, "text_strong"),
            *(Field(f"nhom_{n}", name or "(chưa ghi nhóm)", group, "points") for n, name in enumerate(self.groups)),
            Field("thuong", "Điểm thưởng", 7.5, "points"),
            Field("tru", "Điểm trừ", 7, "points"),
            Field("tong", "Tổng điểm", 9.5, "points_strong"),
            Field("ty_le", "Tỷ lệ %", 8, "points_strong"),
            Field("xep_nhom", "Xếp nhóm", 9, "centre"),
            Field("khoang", "Khoảng hạng", 7.5, "rank_plain"),
            Field("cach_tren", "Kém hạng trên (% điểm)", 8.5, "points"),
            Field("cach_duoi", "Hơn hạng dưới (% điểm)", 8.5, "points"),
            Field("sat", "Nhóm sát nhau", 8, "centre"),
            Field("nam_truoc", "Hạng năm trước, thay đổi", 9, "centre"),
            Field("uu_tien", "Hạng nếu ưu tiên vùng khó", 9, "centre"),
            Field("tinh_trang", "Tình trạng", status),
            Field("thao_luan", "Cần thảo luận", discuss),
            council_field(note),
        ]

    def _outside_fields(self) -> list[Field]:
        """Columns of the units outside the ranks: the same grid, other headings."""
        headings = {
            "hang": "Ngoài hạng: hạng tham khảo", "khoang": "Cộng tự chấm", "cach_tren": "Cộng máy tính",
            "cach_duoi": "Điểm chuẩn chưa có số liệu", "sat": "Điểm chuẩn không phát sinh",
            "nam_truoc": "Phần điểm có minh chứng", "uu_tien": "Điểm trừ còn ý kiến", "thao_luan": "Lý do",
        }  # fmt: skip
        roles = {"hang": "rank_plain", "khoang": "points", "sat": "points", "nam_truoc": "percent", "uu_tien": "points"}
        return [
            Field(f.key, headings.get(f.key, f.heading), f.width, roles.get(f.key, f.role), f.council)
            for f in self.fields
        ]

    def write(self) -> None:
        """Head, then each block."""
        page, close = self.page, decimal(round(100 * self.settings.close, 3))
        lines = (READING[0].format(close=close), REFERENCE, READING[1])
        page.head([item.width for item in self.fields], "", *lines, mixed=True)
        for block, units in self.ranking.units.groupby("block", sort=False):
            self._block(str(block), units)
        if self.ranking.units.empty:
            page.table(self.fields, {})
        page.keep_together(self.pieces)
        page.sheet.print_area(0, 0, page.row, len(self.fields) - 1)  # without the numbers behind the charts

    def _block(self, block: str, units: pd.DataFrame) -> None:
        page, start = self.page, self.page.row
        ranked, outside = units[units["ranked"]], units[~units["ranked"]]
        page.part(f"{block or NO_BLOCK}: {len(units)} đơn vị, {len(ranked)} được xếp hạng, {len(outside)} ngoài hạng")
        placed = page.table(self.fields, self._ranked(ranked))
        for number, unit in enumerate(ranked.index):
            page.anchor("ranked", unit, placed.first + number)
        self._remark(self._below(block, ranked, len(outside)))
        self.pieces.append((start, page.row - 1))
        if len(outside):
            page.row += 1
            placed = page.table(self._outside_fields(), self._outside(outside))
            for number, unit in enumerate(outside.index):
                page.anchor("ranked", unit, placed.first + number)
            self.pieces.append((placed.header, placed.last))
        start = page.row
        draw_intervals(page, ranked, len(self.fields) + 1)
        if page.row > start:
            self.pieces.append((start + 1, page.row))

    def _below(self, block: str, ranked: pd.DataFrame, outside: int) -> str:
        """What stands under the table of a block."""
        told = self.ranking.blocks.loc[block]
        top = BANDS[self.settings.bands[0][0]].lower()
        ceiling = (
            f" Nhóm {top}: {told['top']:.0f} đơn vị, trần {told['top_places']:.0f} "
            f"({decimal(round(100 * self.settings.top_share, 2))} % của {len(ranked)}, ít nhất 1); vượt trần chỉ được "
            "đánh dấu, không tự hạ."
        )  # fmt: skip
        below = f" {OUTSIDE.format(units=outside)}" if outside else ""
        return f"{chain(self.settings)} {AFTER_CHANGE}{ceiling if len(ranked) else ''}{below}"

    def _remark(self, text: str) -> None:
        """A line across the table."""
        page = self.page
        page.sheet.set_row(page.row, row_height([(text, sum(page.widths))], font_size("remark")) + 4)
        page.merge(page.row, 0, page.row, len(page.widths) - 1, text, "remark")
        page.row += 1

    # --- columns

    def _shared(self, units: pd.DataFrame) -> dict[str, Sequence[Any]]:
        """Columns that ranked units and the others have in common."""
        codes, lead = list(units.index), self.cells.lead
        columns: dict[str, Sequence[Any]] = {
            "ma": [Cell(unit, link=("unit", unit)) for unit in codes],
            "ten": units["name"].tolist(),
            "thuong": [lead(u, "thuong", v) for u, v in zip(codes, units["bonus"], strict=True)],
            "tru": units["deducted"].tolist(),
            "tong": [self._linked(u, "tong", v) for u, v in zip(codes, units["total"], strict=True)],
            "ty_le": [lead(u, "ty_le", round(v, DIGITS)) for u, v in zip(codes, units["percent"], strict=True)],
            "xep_nhom": [lead(u, "xep_nhom", band_words(v)) for u, v in zip(codes, units["band"], strict=True)],
        }
        for number, group in enumerate(self.groups):
            columns[f"nhom_{number}"] = [
                self.cells.group(u, group, self.points[u, group]) if (u, group) in self.points else None for u in codes
            ]
        return columns

    def _linked(self, unit: str, key: str, value: float) -> Any:
        """The total, leading to where it comes from."""
        cell = self.cells.lead(unit, key, value)
        if value != value or not isinstance(cell, Cell):
            return cell
        return Cell(cell.value, link=("score", unit), formula=cell.formula)

    def _ranked(self, units: pd.DataFrame) -> dict[str, Sequence[Any]]:
        codes = list(units.index)
        rows = [self.cells.units[unit] for unit in units.index]
        first = self.page.row + 2  # the header stands at page.row, rows of formulas are counted from 1
        sizes = units["close_group"].value_counts()
        return self._shared(units) | {
            "hang": [self.cells.lead(u, "hang", v) for u, v in zip(codes, units["rank"], strict=True)],
            "khoang": [interval(row["best"], row["worst"]) for row in rows],
            "cach_tren": units["gap_above"].tolist(),
            "cach_duoi": units["gap_below"].tolist(),
            "sat": [_close(row["close_group"], sizes) for row in rows],
            "nam_truoc": [_before(row) for row in rows],
            "uu_tien": [self._priority(row) for row in rows],
            "tinh_trang": [self._status(row, u, n) for n, (u, row) in enumerate(zip(codes, rows, strict=True), first)],
            "thao_luan": [_capital(row["discuss"]) for row in rows],
        }

    def _status(self, row: dict[str, Any], unit: str, at: int) -> Any:
        """Status as of the run; says so when points or rank have changed since."""
        words = STATUSES[Status(row["status"])]
        if isinstance(row["reason"], str):
            words += f": {row['reason']}"
        if not self.cells.address(unit, "ty_le"):
            return words
        keys = {field.key: chr(ord("A") + n) for n, field in enumerate(self.fields)}
        share = repr(round(float(row["percent"]), DIGITS) + 0.0)
        same = f"AND({keys['hang']}{at}={row['rank']:.0f},{keys['ty_le']}{at}={share})"
        changed = f"▲ Đã đổi, lúc chạy hạng {row['rank']:.0f}: chạy lại để tính các cột khác"
        words = words if len(words) <= _LONGEST_WORDS else words[: _LONGEST_WORDS - 1] + "…"
        said = words.replace('"', '""')
        return Cell(words, formula=f'=IF({same},"{said}","{changed}")')

    def _priority(self, row: dict[str, Any]) -> Any:
        if not self.settings.difficulty_column:
            return NOT_USED
        rank, more = row["priority_rank"], row["priority_points"]
        return UNKNOWN if rank != rank else f"{rank:.0f} (+{decimal(round(more, 2))})" if more else f"{rank:.0f}"

    def _outside(self, units: pd.DataFrame) -> dict[str, Sequence[Any]]:
        rows = [self.cells.units[unit] for unit in units.index]
        return self._shared(units) | {
            "hang": [_reference(row) for row in rows],
            "khoang": [row["self_total"] if row["counted"] else None for row in rows],
            "cach_tren": [row["computed_total"] if row["counted"] else None for row in rows],
            "cach_duoi": units["unknown"].tolist(),
            "sat": units["not_occurred"].tolist(),
            "nam_truoc": [row["evidence_share"] if row["counted"] else None for row in rows],
            "uu_tien": units["disputed"].tolist(),
            "tinh_trang": [Cell(STATUSES[Status(row["status"])], "severity_NEEDS_REASON") for row in rows],
            "thao_luan": [_capital(row["reason"]) or "Không đủ số liệu để có điểm" for row in rows],
        }


#: Characters of a text inside a formula; Excel takes 255.
_LONGEST_WORDS = 250


def interval(best: float, worst: float) -> str:
    """`1–3`; a single rank alone."""
    if best != best or worst != worst:
        return UNKNOWN
    return f"{best:.0f}–{worst:.0f}" if worst != best else f"{best:.0f}"


def _reference(row: dict[str, Any]) -> str:
    """`2/9`: place and number of ranked units if this one unit were considered besides."""
    place = row["reference_rank"]
    return "–" if place != place else f"{place:.0f}/{row['reference_of']:.0f}"


def _close(group: float, sizes: pd.Series) -> Cell | str:
    """`A · 3 đơn vị` in the colour of the group."""
    if group != group:
        return "–"
    role = f"close_{(int(group) - 1) % _CLOSE_ROLES + 1}"
    return Cell(f"{close_letter(group)} · {sizes[group]} đơn vị", role)


def _before(row: dict[str, Any]) -> str:
    """Last year's rank and the change since."""
    before, now = row["previous_rank"], row["rank"]
    if before != before:
        return UNKNOWN
    change = before - now
    word = "giữ nguyên" if not change else f"lên {change:.0f}" if change > 0 else f"xuống {-change:.0f}"
    return f"{before:.0f}; {word}"


def _capital(text: object) -> str | None:
    """A clause as a sentence's beginning."""
    return text[:1].upper() + text[1:] if isinstance(text, str) and text else None
