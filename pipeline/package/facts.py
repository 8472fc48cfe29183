"""What is known of a package before a reader opens it, and how far a package may go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.findings import Finding

Kind = Literal["xlsx", "ods", "xls"]
Visibility = Literal["visible", "hidden", "veryHidden"]
#: 1-based: first row, first column, last row, last column.
Area = tuple[int, int, int, int]

MEGABYTE = 1_000_000
#: Never written to. (A proxy that forbids it could not come back from a worker process.)
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a package may go; each is many times what a filled template needs (0.1 MB, 0.8 MB of XML)."""

    packed_bytes: int = 20 * MEGABYTE  #: mail servers of provincial bodies refuse more anyway
    binary_bytes: int = 10 * MEGABYTE  #: .xls is walked by a Python reader, about 1 s per MB
    inflated_bytes: int = 100 * MEGABYTE  #: read in about a second; a bomb starts at several hundred
    ratio: int = 150  #: deflate of real sheets stays under 60, of one repeated byte near 1,000
    ratio_floor: int = 16 * MEGABYTE  #: below this size no ratio can do harm
    parts: int = 1_000  #: a template has about 20; a workbook full of pictures a few hundred
    sheets: int = 200  #: the template has 15, a workbook with a sheet for each person may have 100
    rows: int = 100_000  #: last row of a sheet; the template offers 200
    cells: int = 2_600_000  #: last row × last column: the reader fills the whole rectangle (26 × 100,000)
    book_cells: int = 6_000_000  #: the same, all sheets together
    filled_rows: int = 10_000  #: rows of a unit with anything; 200 people with ten years of awards have 6,000
    text_bytes: int = 400 * MEGABYTE  #: once a string stored once is written out in every cell that uses it


ORDINARY = Limits()


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What is known of one sheet. Addresses are such as `F12`, rows and columns count from 1."""

    name: str
    visibility: Visibility = "visible"
    last_row: int = 0  #: bound by the row tags: nothing stands below; 0 when there is nothing
    last_column: int = 0  #: bound: nothing stands right of it (26 for a short sheet up to Z)
    errors: Mapping[str, str] = field(default_factory=lambda: NOTHING)  #: cell → `#REF!`
    uncached: Mapping[str, str] = field(default_factory=lambda: NOTHING)  #: cell → formula text, no result
    formulas: int = 0  #: formula cells; always 0 for .xls, which keeps a result with each
    error_count: int = 0  #: more than `errors` holds when an address could not be told
    hidden_rows: frozenset[int] = frozenset()  #: hidden rows, at least those that hold something
    hidden_columns: frozenset[int] = frozenset()  #: hidden columns up to the last one used
    merged: tuple[Area, ...] = ()  #: only .ods; for the others the reader lists them


@dataclass(frozen=True, slots=True)
class Package:
    """What `examine` found. `kind` is None exactly when the package is refused."""

    kind: Kind | None
    findings: tuple[Finding, ...] = ()  #: file and unit are left to the caller
    defined_names: Mapping[str, str] = field(default_factory=lambda: NOTHING)  #: text constants only
    sheets: tuple[SheetFacts, ...] = ()  #: in the order of the workbook
    examined: bytes = b""  #: the parts that were examined, as an uncompressed zip for the reader; empty: read what came

    @property
    def refused(self) -> bool:
        """Whether some finding forbids reading at all."""
        return self.kind is None


class Refusal(Exception):
    """Stops the examination; carries the finding that says why."""

    def __init__(self, code: str, variant: str, sheet: str = "", cell: str = "", **params: str) -> None:
        """Take the fields of the finding; `params` fill its sentence."""
        super().__init__(f"{code}.{variant}")
        self.finding = Finding(code, variant, sheet=sheet, cell=cell, params=params)


def megabytes(size: int) -> str:
    """Write a number of bytes as people read it: 512300000 → `512`, 2400000 → `2,4`."""
    value = size / MEGABYTE
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".replace(".", ",")


def check_extent(facts: SheetFacts, deepest: str, widest: str, limits: Limits) -> SheetFacts:
    """Return the facts again if the sheet's rectangle may be read.

    `deepest` and `widest` are the cells that gave the last row and the last column.

    Raises:
        Refusal: V-14 stray_cell, naming the cell that lies too far out.
    """
    if facts.last_row > limits.rows:
        raise Refusal("V-14", "stray_cell", sheet=facts.name, cell=deepest, o_cuoi=deepest)
    if facts.last_row * facts.last_column > limits.cells:
        raise Refusal("V-14", "stray_cell", sheet=facts.name, cell=widest, o_cuoi=widest)
    return facts


def check_sheet_count(count: int, limits: Limits) -> None:
    """Refuse a workbook of too many sheets.

    Raises:
        Refusal: V-14 too_many_sheets.
    """
    if count > limits.sheets:
        raise Refusal("V-14", "too_many_sheets", so_trang=str(count), gioi_han=str(limits.sheets))


def check_book_extent(sheets: tuple[SheetFacts, ...], limits: Limits) -> None:
    """Do the same for all sheets together; the largest sheet is named.

    Raises:
        Refusal: V-14 too_many_sheets; V-14 too_many_cells without a cell, as no single one is too far out.
    """
    check_sheet_count(len(sheets), limits)
    if sum(s.last_row * s.last_column for s in sheets) > limits.book_cells:
        largest = max(sheets, key=lambda s: s.last_row * s.last_column)
        raise Refusal("V-14", "too_many_cells", sheet=largest.name, dong=str(largest.last_row))
