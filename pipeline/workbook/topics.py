"""What the sheets of one topic share: a line for every expected unit, also for those whose file or page is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.results import Results, UnitState
from pipeline.submissions import Status
from pipeline.workbook.series import plain
from pipeline.workbook.table import Cell, Field
from pipeline.workbook.verdicts import State, Verdicts

UNIT_FIELDS = (Field("stt", "STT", 5, "index"), Field("ma", "Mã ĐV", 6.5, "link_centre"))
#: Words behind the name of a unit that has no counted file.
_WITHOUT_FILE = {Status.MISSING: "chưa nộp", Status.RECEIVED: "chưa có tệp dùng được"}
NO_PAGE_NOTE = "Dấu ?: tệp của đơn vị không có trang nguồn, hoặc thiếu dữ liệu để xét. Ô trống: đơn vị chưa nộp."


class UnitLines:
    """Every expected unit in the order of the configuration, with cells that say what is not known."""

    def __init__(self, results: Results, verdicts: Verdicts) -> None:
        """Take the board of the run and the findings by check."""
        self._results, self._verdicts = results, verdicts
        self.board: Sequence[UnitState] = results.board
        self.order: Mapping[str, int] = {state.code: number for number, state in enumerate(self.board)}
        self._pages: dict[str, dict[str, bool]] = {}

    def heads(self) -> dict[str, list[Any]]:
        """Number, linked code and name; behind the name why there is nothing else."""
        return {
            "stt": list(range(1, len(self.board) + 1)),
            "ma": [unit_link(state.code) for state in self.board],
            "ten": [self._name(state) for state in self.board],
        }

    def values(self, column: pd.Series, page: str) -> list[Any]:
        """A column by unit: blank where no file counts, ? where the file lacks the page."""
        if page not in self._pages:
            self._pages[page] = {str(k): bool(v) for k, v in self._results.evidence.has_sheet(page).items()}
        known = dict(zip(column.index.tolist(), plain(column), strict=True))
        return [
            known.get(s.code) if self._pages[page].get(s.code) else State.UNKNOWN.cell if s.counted else None
            for s in self.board
        ]

    def marks(self, code: str) -> list[Cell | None]:
        """Verdict of a check that judges the rows of DON_VI."""
        rows = self._results.evidence.forms["row_id"].to_dict()
        return [self._verdicts.state(code, int(rows[s.code])).cell if s.code in rows else None for s in self.board]

    def found(self, codes: Iterable[str]) -> list[Any]:
        """How many findings of these checks each unit has, leading to its findings."""
        tally = Counter(f.unit for code in codes for f in self._verdicts.of(code))
        return [
            Cell(tally[s.code], "link_count", ("findings", s.code)) if tally[s.code] else 0 if s.counted else None
            for s in self.board
        ]

    def judged(self, code: str) -> pd.Series:
        """How many judged findings of a check each unit has."""
        tally = Counter(f.unit for f in self._verdicts.of(code) if f.judged)
        return pd.Series({s.code: tally[s.code] for s in self.board}, dtype="int64")

    def sorted(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows with `unit` in the order of the units, within a unit as in its file."""
        return rows.assign(_at=rows["unit"].map(self.order)).sort_values("_at", kind="stable").drop(columns="_at")

    def _name(self, state: UnitState) -> str:
        why = _WITHOUT_FILE.get(state.status, "") if state.counted is None else ""
        return f"{state.name} ({why})" if why else state.name


def unit_link(code: str) -> Cell:
    """Code of a unit, leading to its line."""
    return Cell(code, "link_centre", ("unit", code))


def unit_links(units: pd.Series) -> list[Cell]:
    """The same for a column."""
    return [unit_link(code) for code in units]


def row_marks(verdicts: Verdicts, code: str, rows: pd.DataFrame) -> list[Cell]:
    """Verdict of a check on each row."""
    return [verdicts.state(code, int(row_id)).cell for row_id in rows.index]
