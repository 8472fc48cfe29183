"""Tables from typed columns: what a column is, what a cell may be, and the writing of both.

Values are written by type and never guessed: text stays text also when it begins with `=`, `+`, `-` or `@`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from pipeline.paper import row_height
from pipeline.workbook.formats import BOLD_ROLES, font_size

if TYPE_CHECKING:
    from pipeline.workbook.page import Page

#: A place in the workbook by what it stands for, as `("unit", "P1")`; resolved when all sheets are written.
Anchor = tuple[str, str]
Value = str | float | int | dt.datetime | dt.date | None

COUNCIL_NOTE = "Ghi chú của Hội đồng"
EMPTY_TABLE = "(không có dòng nào)"
#: Below this share of a column's width in characters no text needs a second line.
_SURELY_ONE_LINE = 0.75
_LONGEST_CRITERION = 200  # characters; Excel takes 255 in a formula
_LONGEST_LIST = 255  # characters of a drop-down list given in place


@dataclass(frozen=True, slots=True)
class Field:
    """One printed column."""

    key: str  #: for ranges in formulas
    heading: str
    width: float = 12
    role: str = "text"  #: format of its cells
    council: bool = False  #: filled by the council: unlocked and light yellow
    choices: tuple[str, ...] = ()  #: drop-down list


@dataclass(frozen=True, slots=True)
class Cell:
    """A value that is more than its column's format: a state, a link, a formula with its computed value."""

    value: Value
    role: str = ""
    link: Anchor | None = None
    formula: str = ""


Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table stands; rows and columns are counted from 0."""

    sheet: str
    header: int
    first: int
    rows: int  #: rows of data; an empty table still occupies one row
    columns: Mapping[str, int] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """Last occupied row."""
        return self.first + max(self.rows, 1) - 1

    def range(self, key: str) -> str:
        """Absolute range of a column's cells, with the sheet: `PHAT_HIEN!$B$5:$B$90`."""
        column = self.columns[key]
        return f"{self.sheet}!{xl_range_abs(self.first, column, self.last, column)}"

    def cell(self, key: str, number: int) -> str:
        """Address of a column's cell in the table's row `number` (from 0), with the sheet."""
        return f"{self.sheet}!{xl_rowcol_to_cell(self.first + number, self.columns[key])}"


def council_field(width: float = 18) -> Field:
    """The last column of the tables on which the council decides."""
    return Field("ghi_chu_hoi_dong", COUNCIL_NOTE, width, "council", council=True)


def criterion(text: str) -> str:
    """Write a text as the criterion of COUNTIF: quoted, its signs taken as they are, too long ones cut."""
    plain = "".join(f"~{sign}" if sign in "*?~" else sign for sign in text)
    if len(plain) > _LONGEST_CRITERION:
        plain = plain[:_LONGEST_CRITERION].rstrip("~") + "*"
    return '"' + plain.replace('"', '""') + '"'


def safe_text(text: str) -> str:
    """Replace what cannot be written in XML's encoding (file names of broken archives hold such signs)."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def write_column(page: Page, item: Field, column: int, first: int, values: Sequence[Any]) -> None:
    """Write one column's values downwards; None and not-a-number leave a bordered blank."""
    sheet, made = page.sheet, page.book.formats[item.role]
    bordered = not item.role.startswith("data_")
    text, number, moment, blank = (
        sheet.write_string,
        sheet.write_number,
        sheet.write_datetime,
        sheet.write_blank,
    )
    for row, value in enumerate(values, first):
        kind = value.__class__
        if kind is str:
            text(row, column, safe_text(value), made)
        elif kind is Cell:
            write_cell(page, row, column, value, item.role)
        elif value is None or value != value:
            if bordered:
                blank(row, column, None, made)
        elif isinstance(value, dt.date):
            moment(row, column, value, made)
        else:
            number(row, column, value, made)


def write_cell(page: Page, row: int, column: int, cell: Cell, role: str) -> None:
    """Write a cell that has its own format, link or formula."""
    write_value(page, row, column, cell, role)
    if cell.link:
        page.book.later_link(page, row, column, cell, role)


def write_value(page: Page, row: int, column: int, cell: Cell, role: str) -> None:
    """Write a cell's value or formula in its format."""
    sheet, made = page.sheet, page.book.formats[cell.role or role]
    value = cell.value
    if cell.formula:
        sheet.write_formula(row, column, cell.formula, made, "" if value is None else value)
    elif isinstance(value, str):
        sheet.write_string(row, column, safe_text(value), made)
    elif value is None:
        sheet.write_blank(row, column, None, made)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, made)
    else:
        sheet.write_number(row, column, value, made)


def heights(fields: Sequence[Field], columns: Columns, widths: Sequence[float], rows: int) -> list[float]:
    """Height in points of every row, from the texts in it; numbers and dates never wrap."""
    sizes = [font_size(item.role) for item in fields]
    least = row_height([("", 10)], max(sizes, default=10))
    found = [least] * rows
    known: dict[tuple[str, str, float], float] = {}
    for item, width in zip(fields, widths, strict=True):
        for number, value in enumerate(columns.get(item.key, ())):
            text, role = (value.value, value.role or item.role) if value.__class__ is Cell else (value, item.role)
            if text.__class__ is not str:
                continue
            if len(text) <= width * _SURELY_ONE_LINE and "\n" not in text:
                continue
            key = (text, role, width)
            if key not in known:
                known[key] = row_height([(text, width)], font_size(role), role in BOLD_ROLES)
            if known[key] > found[number]:
                found[number] = known[key]
    return found


def add_choices(page: Page, item: Field, column: int, first: int, last: int) -> None:
    """Give a column its drop-down list; another answer is warned about, not refused."""
    assert len(",".join(item.choices)) <= _LONGEST_LIST
    options = {
        "validate": "list",
        "source": list(item.choices),
        "error_type": "warning",
        "error_title": item.heading,
        "error_message": "Nên chọn trong danh sách: " + "; ".join(item.choices) + ".",
    }
    page.sheet.data_validation(first, column, last, column, options)


def address_of(target: str) -> tuple[str, str]:
    """Turn where an anchor stands into an address of XlsxWriter and the file that it opens, if it opens one."""
    sheet, inside, place = target.rpartition("!")
    file, _, inner = sheet.rpartition("#")
    if not inside:
        return f"external:{target}", target
    return (f"external:{file}#'{inner}'!{place}", file) if file else (f"internal:'{sheet}'!{place}", "")
