"""Votes typed on PHIEU_HOI_DONG as another sheet shows them: found again by row key, wherever a row was sorted to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.workbook.council_votes import PLAN
from pipeline.workbook.keys import joined
from pipeline.workbook.table import Cell, Placed
from pipeline.workbook.voting import COUNTS

#: Field of the hidden column of row keys.
_KEYS = "khoa_dong"


@dataclass(frozen=True, slots=True)
class TypedVotes:
    """The table of votes; formulas look into it, and take what was reported where nothing was typed."""

    placed: Placed | None  #: None when the workbook has no such table
    held: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  #: row key → count → what was carried in

    def key_cell(self, key: str) -> Cell:
        """The cell by which a row of another sheet is known, for a hidden column."""
        return Cell(joined(PLAN.name, key), "key")

    def count(self, name: str, key: str, at: str, reported: float | None) -> Cell:
        """One count of a nomination whose key stands in the cell `at`; blank where nothing is known."""
        assert name in COUNTS
        if self.placed is None:
            return Cell(reported)
        typed = f"INDEX({self.placed.range(name)},MATCH({at},{self.placed.range(_KEYS)},0))"
        other = '""' if reported is None else f"{reported:g}"
        value = self.held.get(key, {}).get(name, reported)
        return Cell("" if value is None else value, formula=f'=IFERROR(IF({typed}="",{other},{typed}),{other})')

    def common(self, name: str, reported: float | None, dots: str) -> tuple[str, str]:
        """The number that all rows share, as a part of a formula that makes a text, and as its text now."""
        now = dots if reported is None else f"{reported:g}"
        values = {held[name] for held in self.held.values() if held.get(name) is not None}
        now = f"{values.pop():g}" if len(values) == 1 else dots if values else now
        if self.placed is None:
            return f'"{now}"', now
        area, other = self.placed.range(name), dots if reported is None else f"{reported:g}"
        return f'IF(COUNT({area})=0,"{other}",IF(MIN({area})=MAX({area}),MIN({area}),"{dots}"))', now
