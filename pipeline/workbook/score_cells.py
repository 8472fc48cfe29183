"""What DIEM_CHI_TIET looks like, where its totals stand, and what names its rows."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any

from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.points import points_of
from pipeline.ranking.settings import Band
from pipeline.ranking.wording import BANDS
from pipeline.results import Results
from pipeline.workbook.table import Cell, Field, Placed

SHEET = "DIEM_CHI_TIET"
SCORE, SCORE_REASON = "tham_dinh", "ly_do"  #: fields that the standing office fills
#: Fact of a row whose appraised score people took away: what had stood there, so that later runs know it too.
EMPTIED = "da_xoa"
SCORE_HEADING, REASON_HEADING = "Thẩm định", "Lý do thẩm định khác"
_SEPARATOR = "|"
NO_BLOCK = "(chưa ghi khối)"

#: One row a unit and criterion.
FIELDS = (
    Field("ma", "Mã ĐV", 8, "centre"),
    Field("tieu_chi", "Mã tiêu chí", 7, "centre"),
    Field("ten", "Tiêu chí", 34),
    Field("nhom", "Nhóm", 22),
    Field("chuan", "Điểm chuẩn", 8.5, "points"),
    Field("tu_cham", "Tự chấm", 8.5, "points"),
    Field("may", "Máy tính lại", 8.5, "points"),
    Field(SCORE, SCORE_HEADING, 8.5, "council_points", council=True),
    Field("chuan_tinh", "Điểm chuẩn được tính", 8.5, "points"),
    Field("duoc_tinh", "Điểm được tính", 8.5, "points_strong"),
    Field("lech_may", "Tự chấm trừ máy tính", 8.5, "points"),
    Field("lech_tinh", "Tự chấm trừ được tính", 8.5, "points"),
    Field("thuong_may", "Thưởng máy tính", 8.5, "points"),
    Field("thuong", "Thưởng được tính", 8.5, "points"),
    Field(SCORE_REASON, REASON_HEADING, 24, "council", council=True),
    Field("minh_chung", "Minh chứng", 22),
    Field("can_cu", "Không thẩm định thì điểm lấy từ", 20),
    Field("khac_thuong", "Thẩm định khác thường", 16),
)
#: One row a unit.
SUM_FIELDS = (
    Field("ma", "Mã ĐV", 8, "link_centre"),
    Field("hang", "Hạng", 7, "rank"),
    Field("ten", "Đơn vị", 34, "text_strong"),
    Field("tinh_trang", "Tình trạng", 22),
    Field("chuan_tinh", "Điểm chuẩn được tính", 8.5, "points"),
    Field("cong", "Cộng điểm tiêu chí", 8.5, "points"),
    Field("thuong_truoc", "Thưởng trước trần", 8.5, "points"),
    Field("thuong", "Điểm thưởng", 8.5, "points"),
    Field("tru", "Điểm trừ", 8.5, "points"),
    Field("tong", "Tổng điểm", 8.5, "points_strong"),
    Field("ty_le", "Tỷ lệ %", 8.5, "points_strong"),
    Field("xep_nhom", "Xếp nhóm", 8.5, "centre"),
)
#: Letter of each column.
LETTERS = {item.key: chr(ord("A") + number) for number, item in enumerate(FIELDS)}
SUM_LETTERS = {item.key: chr(ord("A") + number) for number, item in enumerate(SUM_FIELDS)}


def score_key(unit: str, criterion: str) -> str:
    """Row key of an appraised score."""
    return f"{unit}{_SEPARATOR}{criterion}"


def emptied_note(score: str) -> str:
    """What stands in the cell of the reason where an appraised score was taken away."""
    return f"Đã xóa điểm thẩm định (trước ghi {score.replace('.', ',')})"


def of_score_key(key: str) -> tuple[str, str]:
    """Unit and criterion of a row key."""
    unit, _, criterion = key.partition(_SEPARATOR)
    return unit, criterion


def band_words(code: object) -> str | None:
    """The band of a unit in words; None for a unit without a score."""
    return BANDS[Band(code)] if isinstance(code, str) else None


class ScoreCells:
    """Where the totals of units stand; filled as DIEM_CHI_TIET is written, read by the sheets that follow it."""

    def __init__(self, results: Results) -> None:
        """Know the ranking."""
        self.ranking, self._case = ranking_of(results.evidence), results.evidence
        self._placed: dict[str, tuple[Placed, int]] = {}
        self._groups: dict[tuple[str, str], str] = {}

    @cached_property
    def groups(self) -> list[str]:
        """Names of all groups of criteria, in the order of the score table."""
        return list(dict.fromkeys(self.ranking.groups["group"]))

    @cached_property
    def units(self) -> dict[str, dict[str, Any]]:
        """Rows of `Ranking.units` by code, in its order."""
        units = self.ranking.units
        rows = zip(*(units[name].tolist() for name in units), strict=True)
        return {
            str(code): dict(zip(units.columns, row, strict=True)) for code, row in zip(units.index, rows, strict=True)
        }

    @cached_property
    def criteria(self) -> dict[str, list[dict[str, Any]]]:
        """Rows of `Ranking.criteria` of each unit, in the order of the score table."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        criteria = self.ranking.criteria
        for row in zip(*(criteria[name].tolist() for name in criteria), strict=True):
            line = dict(zip(criteria.columns, row, strict=True))
            found[line["unit"]].append(line)
        return found

    @cached_property
    def never_occurred(self) -> set[tuple[str, str]]:
        """Units and criteria whose every target says why nothing occurred."""
        rows = points_of(self._case)
        some = rows.groupby(["unit", "criterion"])["applicable"].any()
        return set(some.index[~some.to_numpy(bool)])

    def place(self, unit: str, placed: Placed, number: int) -> None:
        """Remember the row of a unit's totals."""
        self._placed[unit] = (placed, number)

    def place_group(self, unit: str, group: str, areas: str) -> None:
        """Remember where the points of a group stand."""
        self._groups[unit, group] = areas

    def lead(self, unit: str, key: str, value: Any, role: str = "") -> Any:
        """A cell that shows a total of the first table; the bare value where the unit has no formulas."""
        if unit not in self._placed:
            return value
        placed, number = self._placed[unit]
        shown = "" if value is None or value != value else value
        return Cell(shown, role, formula=f"={placed.cell(key, number)}")

    def address(self, unit: str, key: str) -> str:
        """Address of a total; empty where the unit has no formulas."""
        if unit not in self._placed:
            return ""
        placed, number = self._placed[unit]
        return placed.cell(key, number)

    def group(self, unit: str, group: str, value: float) -> Any:
        """A cell that adds up the points of a group."""
        areas = self._groups.get((unit, group))
        return Cell(value, formula=f"=SUM({areas})") if areas else value
