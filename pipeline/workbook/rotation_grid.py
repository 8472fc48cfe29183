"""The grids of LUAN_PHIEN: who was given a title in which year, who could have been, and who stood where by merit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.checks.rotation import title_words
from pipeline.results import Results
from pipeline.rotation.judging import Judgement
from pipeline.rotation.levels import SIGNS, WORDS
from pipeline.rotation.person_years import NOT_ABLE
from pipeline.rotation.told import GRADE, UNITS, Told, passed_over
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.rotation_order import MARKS, by_level, grid_of
from pipeline.workbook.table import Cell, Field

_TOP, _NO_BASE = "HTXSNV", "chưa đủ danh hiệu làm nền"
#: Years that a grid shows at most (as many as the test reads), and grids of series without a sign.
_YEARS, _MOST_QUIET = 15, 60
NO_SERIES = "Chưa xét được: lich-su.xlsx và hồ sơ các đơn vị chưa cho dãy danh hiệu nào."
_NAME_FIELDS = (Field("stt", "STT", 5, "index"), Field("ten", "Họ tên", 26))
LEGEND = (
    "■ được (năm cuối: được đề nghị) | □ có thể xét, không được | ◦ có thể xét nhưng năm đó không ghi xuất sắc hay "
    "sáng kiến "
    "| · không xét được, chữ nhỏ: vì sao | trống: không ở đơn vị. Số: hạng thành tích ghi trong những người có thể "
    "xét. ↓: "
    "không được dù thành tích ghi cao hơn rõ, còn người được thì chờ lâu hơn; một dấu lẻ không nói lên gì. Năm trong "
    "ngoặc: "
    "ở đơn vị cũ. Lao động tiên tiến và xếp loại chỉ vẽ khi có dấu hiệu."
)


PLAN = SheetPlan(
    "LUAN_PHIEN_LUOI",
    Group.NOMINATIONS,
    "Lưới luân phiên: người và năm",
    "ai được năm nào, ai đủ điều kiện mà không được, thành tích đứng thứ mấy?",
    wide=True,
)


def write(page: Page, results: Results) -> None:
    """Write one grid under another."""
    _Grids(results).write(page)


class _Grids:
    """The sheet of grids."""

    def __init__(self, results: Results) -> None:
        """Choose the series: all with a sign, then some of the others."""
        self.results, pairs = results, by_level(results)
        signs = [p for p in pairs if p[1].level in SIGNS]
        quiet = [p for p in pairs if p not in signs and p[0].kind != GRADE and p[0].series.title != "LDTT"]
        self.pairs = [*signs, *quiet[:_MOST_QUIET]]

    def write(self, page: Page) -> None:
        """Write one grid under another, those with a sign first."""
        page.head([5, 26, *([9.0] * _YEARS), 20], "", LEGEND, mixed=True)
        for told, judgement in self.pairs:
            case = self.results.evidence
            unit = told.series.unit if told.kind == UNITS else case.units["name"].get(told.unit, told.unit)
            page.part(f"{MARKS[judgement.level]} {unit} – {title_words(case, told)}: {WORDS[judgement.level]}")
            page.anchor(*grid_of(told), page.row - 1)
            self._grid(page, told, judgement)
        if not self.pairs:
            page.table(_NAME_FIELDS, {}, empty=NO_SERIES)

    def _grid(self, page: Page, told: Told, judgement: Judgement) -> None:
        series, skip = told.series, max(0, len(told.series.years) - _YEARS)
        years = series.years[skip:]
        last = len(years) - 1
        fields = [
            *_NAME_FIELDS,
            *(Field(str(y), _heading(told, skip + n, n == last), 9, "centre") for n, y in enumerate(years)),
        ]
        fields[1] = Field("ten", "Đơn vị" if told.kind == UNITS else "Họ tên", 26)
        shown = [i for i in range(len(series.persons)) if (series.present | series.won)[skip:, i].any()]
        passed = {(p.year, p.other) for p in passed_over(judgement.prepared) if p.by_turn}
        passed = set() if judgement.prepared.complement else passed
        columns: dict[str, Sequence[Any]] = {
            "stt": range(1, len(shown) + 1),
            "ten": [told.names[i] or series.persons[i] for i in shown],
        }
        for number, year in enumerate(years):
            ranks = ranks_of(told, skip + number)
            columns[str(year)] = [mark(told, skip + number, i, ranks, passed) for i in shown]
        page.table(fields, columns)


def _without_leg(told: Told, t: int, i: int) -> bool:
    """Whether neither the top rating nor an initiative is recorded, one of which CSTĐCS asks for."""
    if told.series.title != "CSTDCS" or told.rating[t, i] is None:
        return False
    return bool(told.rating[t, i] != _TOP and not np.nan_to_num(told.initiatives[t, i]))


def _heading(told: Told, t: int, last: bool) -> str:
    year = str(told.series.years[t])
    if told.carried[t]:
        return f"({year})"
    return f"{year} đề nghị" if last and told.present_year else year


def ranks_of(told: Told, t: int) -> dict[int, int]:
    """Place by recorded merit among the eligible of the year, 1 the best; equals share one."""
    merit = told.series.merit[t]
    able = np.flatnonzero(told.series.eligible[t] & np.isfinite(merit))
    return {int(i): 1 + int((merit[able] > merit[i] + 1e-9).sum()) for i in able}


def mark(told: Told, t: int, i: int, ranks: dict[int, int], passed: set[tuple[int, int]]) -> Cell | None:
    """What stands in the grid for one year (position `t`) and person; None: not there."""
    series = told.series
    if not (series.present[t, i] or series.won[t, i]):
        return None
    rank = f" {ranks[i]}" if i in ranks else ""
    if series.won[t, i]:
        return Cell(f"■{rank}", "grid_WON")
    if told.carried[t]:
        return Cell("□", "grid_OUT")
    if series.eligible[t, i]:
        by_turn = (series.years[t], i) in passed
        sign = "□↓" if by_turn else "◦" if _without_leg(told, t, i) else "□"
        return Cell(f"{sign}{rank}", "grid_PASSED" if by_turn else "grid_ELIGIBLE")
    why = NOT_ABLE.get(str(told.reason[t, i]), _NO_BASE)
    return Cell(f"· {why}".strip(), "grid_OUT")
