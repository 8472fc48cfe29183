"""Reading: raw cells with their addresses, by python-calamine, and what it loses put back.

Old .xls files are read by xlrd: one damaged byte can make calamine ask for a terabyte, which ends the process
and cannot be caught (found by changing bytes at random). It is ten times slower, and such files are few.

Contract: `read_book(content, package)` takes bytes that `pipeline.package.examine` did not refuse. Row 0
of a grid is row 1 of the sheet and item 0 of a row is column A, whatever is blank before them. A cell is ''
(blank), str, float (whole numbers too), bool, datetime, date, time or timedelta; an error cell is its text
(`#REF!`), a formula without a result an `Uncached`. Nothing is interpreted here.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlrd
from python_calamine import CalamineSheet, CalamineWorkbook

from pipeline.findings import Finding, address_key
from pipeline.package import ORDINARY, Limits, Package, SheetFacts, examine
from pipeline.package.compound import open_xls
from pipeline.package.sheet_xml import UNNAMED_ERROR

#: From so many cells on, equal cells are kept once; below, that costs more time than it is worth.
_MANY_CELLS = 1_000_000
_STANDARD_ERROR = 2
#: 1-based: first row, first column, last row, last column.
Area = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Uncached:
    """Stands in a cell whose formula has no result to read; as text it is the formula."""

    formula: str  #: with its `=`

    def __str__(self) -> str:
        return self.formula


@dataclass(slots=True)
class Grid:
    """One sheet. `rows` is [] for an empty sheet; otherwise all rows are equally long."""

    name: str
    rows: list[list[object]]
    facts: SheetFacts
    merged: tuple[Area, ...]


@dataclass(slots=True)
class RawBook:
    """All sheets in order, hidden ones too, and the text constants among the defined names."""

    grids: list[Grid]
    names: Mapping[str, str]


class ReadingError(Exception):
    """The bytes looked like a workbook but cannot be read; carries the finding that says so."""

    def __init__(self, finding: Finding) -> None:
        """Take the finding that the caller reports."""
        super().__init__(f"{finding.code}.{finding.variant}")
        self.finding = finding

    def __reduce__(self) -> tuple[type[ReadingError], tuple[Finding]]:
        """Survive the way back from a worker process."""
        return type(self), (self.finding,)


@dataclass(frozen=True, slots=True)
class Source:
    """What examination and reader made of a file: raw cells, or why there are none."""

    book: RawBook | None
    findings: tuple[Finding, ...]  #: file and unit are left to the caller


def read_source(content: bytes, name: str, without: Container[str] = ()) -> Source:
    """Examine and read one file; what is wrong with it is a finding, and only a fault of ours is raised."""
    package = examine(content, name, without=without)
    if package.refused:
        return Source(None, package.findings)
    try:
        return Source(read_book(content, package, without=without), package.findings)
    except ReadingError as error:
        return Source(None, (*package.findings, error.finding))


def read_book(content: bytes, package: Package, limits: Limits = ORDINARY, without: Container[str] = ()) -> RawBook:
    """Read every sheet but those named in `without`, which are left out as if they were not there.

    Raises:
        ReadingError: V-11 broken, or V-14 too_many_cells for sheets that together are too large.
    """
    if package.refused:
        raise ReadingError(package.findings[0])
    try:
        with _silence():
            grids = _old_grids(content, package) if package.kind == "xls" else _grids(content, package, limits, without)
        return RawBook([grid for grid in grids if grid.name not in without], package.defined_names)
    except (KeyboardInterrupt, SystemExit, MemoryError, ReadingError):
        raise
    except BaseException as reason:  # a panic of the Rust reader is not an Exception
        raise ReadingError(Finding("V-11", "broken")) from reason


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep what a panic of the Rust reader prints off the terminal: it is caught, and the file gets a finding."""
    try:
        kept = os.dup(_STANDARD_ERROR)
    except OSError:  # there is none to write to
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STANDARD_ERROR)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, _STANDARD_ERROR)
        os.close(kept)


def _grids(content: bytes, package: Package, limits: Limits, without: Container[str]) -> list[Grid]:
    facts = {sheet.name: sheet for sheet in package.sheets}
    grids = []
    cells = 0
    with CalamineWorkbook.from_filelike(BytesIO(package.examined or content)) as book:
        for index, name in enumerate(book.sheet_names):
            if name in without:
                continue
            sheet = book.get_sheet_by_index(index)
            known = facts.get(name) or SheetFacts(name)
            # The examination trusts the order of cells in plain sheets; here the real rectangle is known.
            cells += sheet.total_height * sheet.total_width
            if cells > limits.book_cells:
                raise ReadingError(
                    Finding("V-14", "too_many_cells", sheet=name, params={"dong": str(sheet.total_height)})
                )
            grids.append(Grid(name, _rows(sheet, known), known, known.merged or _merged(sheet)))
    return grids


def _rows(sheet: CalamineSheet, facts: SheetFacts) -> list[list[object]]:
    if sheet.total_height * sheet.total_width > _MANY_CELLS:
        rows = _shared_rows(sheet)
    else:
        # skip_empty_area would drop leading blank rows and columns, and shift every address.
        rows = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    lost: dict[str, object] = {cell: Uncached(formula) for cell, formula in facts.uncached.items()}
    lost.update(facts.errors)
    if lost:
        _put_back(rows, lost)
    return rows


def _shared_rows(sheet: CalamineSheet) -> list[list[object]]:
    """Read a very long sheet row by row, keeping one object for equal texts and dates: a quarter of the memory."""
    left = sheet.start[1] if sheet.start else 0  # rows come from the first on, but without their left margin
    keep: dict[object, object] = {}
    share = keep.setdefault
    margin: list[object] = [""] * left
    return [
        margin + [cell if cell.__class__ is float else share(cell, cell) for cell in row] for row in sheet.iter_rows()
    ]


def _put_back(rows: list[list[object]], lost: Mapping[str, object]) -> None:
    """Write cells that the reader gave as blank or 0, enlarging the rectangle where they lie outside."""
    places = [(*address_key(cell), value) for cell, value in lost.items()]
    width = max([column for _, column, _ in places] + [len(row) for row in rows[:1]])
    height = max(row for row, _, _ in places)
    for row in rows:
        row.extend([""] * (width - len(row)))
    rows.extend([""] * width for _ in range(height - len(rows)))
    for number, column, value in places:
        rows[number - 1][column - 1] = value


def _merged(sheet: CalamineSheet) -> tuple[Area, ...]:
    """Return merged areas; calamine lists none for .ods, where the examination does."""
    ranges = sheet.merged_cell_ranges or []
    return tuple((a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in ranges)


def _old_grids(content: bytes, package: Package) -> list[Grid]:
    book = open_xls(content)
    grids = []
    for index, facts in enumerate(package.sheets):
        sheet = book.sheet_by_index(index)
        rows = []
        for number in range(facts.last_row):
            cells = sheet.row(number)[: facts.last_column]
            row = [_old_value(cell, book.datemode) for cell in cells]
            rows.append(row + [""] * (facts.last_column - len(row)))
        merged = tuple((a + 1, c + 1, b, d) for a, b, c, d in sheet.merged_cells)
        grids.append(Grid(facts.name, rows, facts, merged))
        book.unload_sheet(index)
    return grids


def _old_value(cell: Any, epoch: int) -> object:
    """Return an xlrd cell as the other reader gives it; an error comes back as its text."""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, UNNAMED_ERROR)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _old_moment(cell.value, epoch)
    return cell.value


def _old_moment(number: float, epoch: int) -> object:
    """Turn a serial day number into a date, time or moment; one that is no date stays a number."""
    try:
        moment = xlrd.xldate.xldate_as_datetime(number, epoch)
    except (ValueError, OverflowError):
        return number
    if 0 <= number < 1:
        return moment.time()
    return moment.date() if moment.time() == dt.time() else moment
