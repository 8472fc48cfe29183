"""What each unit typed, kept for its reply when the raw cells of the run are let go: in memory, or on disk when many.

Nothing here reads a received file: the cells are those that reading returned, row by row and field by field.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import pickle
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.dataset import Dataset
from pipeline.findings import address_key
from pipeline.layout import Located, address
from pipeline.layout import shown as shown_cell
from pipeline.template import Cell, column_index, form_rows
from schemas.columns import FIRST_ENTRY_ROW, Sheet
from schemas.sheets import UNIT_TEMPLATE

#: Units from which cells wait on disk instead of in memory.
MANY_UNITS = 100
#: Zero-based column of the values on a form that we write.
_FORM_VALUE = 2


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """One sheet of one unit's file: the fields that it had, its rows of data, the raw cells."""

    code: str
    name: str  #: as the worksheet is named in their file
    fields: Mapping[str, int]  #: field → zero-based column in their file; on a form → zero-based row
    value_column: int  #: on a form: zero-based column of the values
    rows: tuple[int, ...]  #: zero-based rows in their file; a form has one, which does not matter
    cells: tuple[tuple[object, ...], ...]  #: one a row, in the order of `fields`

    def contents(self) -> list[dict[str, Cell]]:
        """Rows for a fresh template, every cell as it was typed."""
        return [
            {name: cell_of(raw) for name, raw in zip(self.fields, row, strict=True) if raw != ""} for row in self.cells
        ]

    def spot(self, cell: str) -> Spot | None:
        """Where a cell of their file stands in the reply; None for one that has no place there."""
        row, column = address_key(cell)
        sheet = UNIT_TEMPLATE.by_code[self.code]
        if sheet.form:
            if column - 1 != self.value_column:
                return None
            name = next((name for name, at in self.fields.items() if at == row - 1), None)
            return None if name is None else Spot(0, name, address(form_rows(sheet)[name] - 1, _FORM_VALUE))
        given = self.given(row)
        if given is None:
            return None
        name = next((name for name, at in self.fields.items() if at == column - 1), "")
        return Spot(given, name, place_in_reply(sheet, given, name or sheet.columns[0].name))

    def given(self, row: int) -> int | None:
        """Which row of the reply, counted from 0, holds an Excel row of their table."""
        return self.rows.index(row - 1) if row - 1 in self.rows else None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the reply."""

    given: int  #: which row of data, counted from 0
    field: str  #: empty when the cell's column is none of the form's: the place is then the row's first cell
    address: str


def place_in_reply(sheet: Sheet, given: int, name: str) -> str:
    """Address of a field of a row of data on a table sheet of the reply."""
    return address(FIRST_ENTRY_ROW - 1 + given, column_index(sheet, name))


def cell_of(raw: object) -> Cell:
    """A raw cell as it shall be written; what no cell can hold becomes the text that it is."""
    if isinstance(raw, float):
        return raw if math.isfinite(raw) else str(raw)
    if raw is None or isinstance(raw, str | bool | dt.date | dt.time | dt.timedelta):
        return raw
    return shown_cell(raw)  # a formula without a result


class TypedCells:
    """What the units typed, by unit; a context, because what waits on disk must be let go."""

    def __init__(self, data: Dataset) -> None:
        """Take the cells of every file that counts; the dataset may let go of its own after that."""
        self._kept: dict[str, Mapping[str, TypedSheet]] = {}
        self._places: dict[str, tuple[int, int]] = {}
        counted = data.counted
        self._file = tempfile.TemporaryFile() if len(counted) >= MANY_UNITS else None  # noqa: SIM115 - closed below
        places = data.addresses.places
        for unit, record in counted.items():
            sheets = {
                sheet.code: _typed(place.located, place.sheet_name)
                for sheet in UNIT_TEMPLATE.sheets
                if (place := places.get((record.number, sheet.code))) is not None
            }
            self._put(unit, sheets)
        if self._file:
            self._file.flush()

    def _put(self, unit: str, sheets: Mapping[str, TypedSheet]) -> None:
        if self._file is None:
            self._kept[unit] = sheets
            return
        packed = pickle.dumps(sheets, pickle.HIGHEST_PROTOCOL)
        self._places[unit] = (self._file.tell(), len(packed))
        self._file.write(packed)

    def of(self, unit: str) -> Mapping[str, TypedSheet]:
        """Sheets of a unit by code; empty when none of its files counts. Processes forked later may ask too."""
        if self._file is None or unit not in self._places:
            return self._kept.get(unit, {})
        start, size = self._places[unit]
        if hasattr(os, "pread"):  # processes share the place in the file, so that none may move it
            packed = os.pread(self._file.fileno(), size, start)
        else:
            self._file.seek(start)
            packed = self._file.read(size)
        sheets: Mapping[str, TypedSheet] = pickle.loads(packed)  # our own words, from an unnamed file of this process
        return sheets

    def close(self) -> None:
        """Let go of everything."""
        self._kept.clear()
        if self._file:
            self._file.close()


def _typed(located: Located, name: str) -> TypedSheet:
    grid, fields = located.grid.rows, located.fields
    if located.sheet.form:
        at = located.value_column
        row = tuple(grid[line][at] if at < len(grid[line]) else "" for line in fields.values())
        return TypedSheet(located.sheet.code, name, dict(fields), at, (0,), (row,))
    columns = tuple(fields.values())
    cells = tuple(tuple(grid[row][at] for at in columns) for row in located.rows)
    return TypedSheet(located.sheet.code, name, dict(fields), 0, tuple(located.rows), cells)
