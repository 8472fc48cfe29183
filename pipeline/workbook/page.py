"""One sheet of the workbook while it is being written: title block, tables, printed pages, links, protection."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.paper import PIXELS_PER_POINT, row_height, set_page
from pipeline.workbook.bulk import ReadRows
from pipeline.workbook.formats import font_size
from pipeline.workbook.keys import KEY_HEADING, Facts, joined
from pipeline.workbook.page_breaks import A3_INSIDE, A4_INSIDE, page_height, page_starts
from pipeline.workbook.plan import SheetPlan
from pipeline.workbook.table import (
    EMPTY_TABLE,
    Anchor,
    Cell,
    Columns,
    Field,
    Placed,
    add_choices,
    address_of,
    heights,
    safe_text,
    write_cell,
    write_column,
    write_value,
)

if TYPE_CHECKING:
    from pipeline.workbook.book import Book

_KEY = Field("khoa_dong", KEY_HEADING, 0, "key")
BACK = "← Mục lục"
CONTENTS: Anchor = ("contents", "")
#: Excel's limit is 65,530 links a sheet; beyond ours a cell keeps its text and loses only the link.
MOST_LINKS = 60_000
#: Characters of column width that one A4 page across can show at a readable size.
_PAGE_WIDTH, _TOO_WIDE = 250, 330
_TITLE_ROWS = 3
_A3 = 8  #: paper size number of Excel
_ROW_PIXELS = 20  #: of a row whose height nobody set
_PROTECTION = {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True, "objects": True}


class Page:
    """One sheet while it is being written. Rows and columns are counted from 0."""

    def __init__(self, book: Book, plan: SheetPlan) -> None:
        """Add the worksheet, locked without a password."""
        self.book, self.plan = book, plan
        self.sheet: Worksheet = book.workbook.add_worksheet(plan.name)
        self.sheet.set_tab_color(plan.group.colour)
        self.sheet.hide_gridlines(2)
        self.sheet.protect("", _PROTECTION)
        self.widths: list[float] = []
        self.row = 0  #: next free row
        self._links = 0
        self._headed = False
        self._key_columns: set[int] = set()
        self._kept: set[int] = set()  #: rows that stay with the next one when printed
        self._pieces: list[tuple[int, int]] = []
        self._repeated: tuple[int, int] | None = None  #: rows printed again on each page
        self._whole = False  #: all on one sheet of paper, or broken by a form

    @property
    def name(self) -> str:
        """Name of the worksheet."""
        return self.plan.name

    def continuation(self, number: int, note: str) -> Page:
        """Add another sheet for what does not fit on this one: `DL_X_2`."""
        plan = self.plan
        name = f"{plan.name}_{number}"
        return self.book.page(replace(plan, name=name, title=f"{plan.title} ({note})", late=False))

    def head(self, widths: Sequence[float], note: str = "", *lines: str, mixed: bool = False) -> None:
        """Write the title block: back link and run, title, question with `note`, then `lines`.

        Sets column widths. On a `mixed` sheet, whose tables have different columns, the title is repeated on
        each printed page instead of a heading that would be wrong further down.
        """
        self.set_widths(widths)
        last = self._title_column()
        if mixed:
            self.sheet.freeze_panes(_TITLE_ROWS, 0)
            self._print((1, 2))
        self.sheet.set_row(0, 16.5)
        write_cell(self, 0, 0, Cell(BACK, link=CONTENTS), "back")
        self.merge(0, self._stamp_column(), 0, last, self.book.stamp, "stamp")
        self.sheet.set_row(1, 21)
        self.merge(1, 0, 1, last, self.plan.title, "title")
        paper = f" In khổ {self.plan.paper}, ngang." if self.plan.wide else ""
        text = f"Trang này trả lời: {self.plan.question}" + (f" {note}" if note else "") + paper
        text = "\n".join([text, *(line for line in lines if line)])
        self.sheet.set_row(2, row_height([(text, sum(self.widths[: last + 1]))], 11) + 4)
        self.merge(2, 0, 2, last, text, "question")
        self.row = _TITLE_ROWS

    def _title_column(self) -> int:
        """Last column of the title block: that of the table, or of the first page across of a wide one."""
        used = 0.0
        for column, width in enumerate(self.widths):
            used += width
            if used > _PAGE_WIDTH and sum(self.widths) > _TOO_WIDE:
                return column - 1
        return len(self.widths) - 1

    def _stamp_column(self) -> int:
        """First column right of the back link, which needs some twelve characters."""
        used = 0.0
        for column, width in enumerate(self.widths):
            used += width
            if used >= 12:
                return min(column + 1, self._title_column())
        return self._title_column()

    def set_widths(self, widths: Sequence[float]) -> None:
        """Set the width of every used column, in characters."""
        self.widths = list(widths)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def merge(self, row: int, column: int, last_row: int, last_column: int, cell: str | Cell, role: str) -> None:
        """Write into several cells as one; a single cell is written plainly."""
        cell = cell if isinstance(cell, Cell) else Cell(cell)
        if (row, column) != (last_row, last_column):
            self.sheet.merge_range(row, column, last_row, last_column, "", self.book.formats[cell.role or role])
        write_cell(self, row, column, cell, role)

    def part(self, title: str) -> None:
        """Write the heading of one of several tables, after an empty row."""
        self.row += 0 if self.row <= _TITLE_ROWS else 1
        self.sheet.set_row(self.row, 20)
        for column in range(len(self.widths)):
            self.sheet.write_blank(self.row, column, None, self.book.formats["part"])
        self.sheet.write_string(self.row, 0, title, self.book.formats["part"])
        self._kept.add(self.row)
        self.row += 1

    def line(self, text: str) -> None:
        """Write a sentence across all columns."""
        self.sheet.set_row(self.row, row_height([(text, sum(self.widths))], font_size("fact_plain")) + 2)
        self.merge(self.row, 0, self.row, len(self.widths) - 1, text, "fact_plain")
        self._kept.add(self.row)
        self.row += 1

    def table(
        self,
        fields: Sequence[Field],
        columns: Columns,
        *,
        frozen: int = 0,
        keys: Sequence[str] | None = None,
        facts: Sequence[Facts] | None = None,
        empty: str = EMPTY_TABLE,
    ) -> Placed:
        """Write header and rows below what stands there; the first table of a sheet is frozen and repeated.

        Where the council has columns, a hidden one with row keys follows, and what an earlier workbook held there
        is carried in.

        Args:
            fields: the printed columns, from the left.
            columns: values by field; a field without values is left blank for the council.
            frozen: columns that stay in sight when scrolling sideways.
            keys: what names each row whatever the run; by default made of the columns that name it.
            facts: what reading the decisions back must know of each row, for the technical sheet.
            empty: what stands in the place of rows when there are none: what was looked at and found clean.
        """
        rows = max((len(values) for values in columns.values()), default=0)
        keyed: Sequence[Field] = ()
        if any(item.council for item in fields):
            names = self.book.ledger.keys(self.name, fields, columns, keys)
            columns = self.book.carried.into(self.name, fields, columns, names, facts)
            self.book.ledger.add(self.name, fields, columns, names, facts)
            columns = {**columns, _KEY.key: [joined(self.name, name) for name in names]}
            keyed = (_KEY,)
        placed = self._place((*fields, *keyed), rows, frozen, empty=empty)
        if keyed:
            self._key_columns.add(len(fields))
        for column, item in enumerate((*fields, *keyed)):
            write_column(self, item, column, placed.first, columns.get(item.key, [None] * rows))
            if item.choices and rows:
                add_choices(self, item, column, placed.first, placed.last)
        for number, height in enumerate(heights(fields, columns, self.widths[: len(fields)], rows), placed.first):
            self.sheet.set_row(number, height)
        return placed

    def data_table(self, fields: Sequence[Field], rows: int, read: ReadRows, *, frozen: int = 0) -> Placed:
        """Write a table of any length as the last one of the sheet: plain values, formats without borders.

        `read(start, end)` gives values by field and heights of these rows; 0 leaves a height to Excel.
        """
        placed = self._place(fields, rows, frozen, as_table=False)
        if not rows:
            return placed
        model, tall = read(0, 1)
        for column, item in enumerate(fields):
            value = model[item.key][0]
            # A blank too: the model row must show the format of every column.
            write_value(self, placed.first, column, Cell(value), item.role)
        self.sheet.set_row(placed.first, tall[0] or None)
        self.book.add_rows(self, placed, [item.key for item in fields], read)
        return placed

    def _place(
        self, fields: Sequence[Field], rows: int, frozen: int, as_table: bool = True, empty: str = EMPTY_TABLE
    ) -> Placed:
        """Write the header of a table of so many rows and move below them."""
        names = {item.key: column for column, item in enumerate(fields)}
        placed = Placed(self.name, self.row, self.row + 1, rows, names)
        self._header(fields, placed, as_table)
        self._kept.add(placed.header)
        if not rows:
            self._say_empty(fields, placed.first, empty)
        if not self._headed:
            self.sheet.freeze_panes(placed.first, frozen)
            self._print((placed.header + 1, placed.header + 1))
        self.row = placed.last + 1
        self.book.tables.setdefault(self.name, []).append(placed)
        return placed

    def _header(self, fields: Sequence[Field], placed: Placed, as_table: bool) -> None:
        """Write headings and filter buttons; a table of Excel also has a name, which costs time per cell."""
        formats, names = self.book.formats, set[str]()
        headings: list[dict[str, Any]] = []
        for item in fields:
            heading = item.heading
            while heading.casefold() in names:  # Excel wants each heading of a table once
                heading += "’"
            names.add(heading.casefold())
            role = "header_council" if item.council else "key" if item is _KEY else "header"
            headings.append({"header": heading, "header_format": formats[role]})
        area = (placed.header, 0, placed.last, len(fields) - 1)
        number = len(self.book.tables.get(self.name, ())) + 1
        name = f"bang_{self.name}" + (f"_{number}" if number > 1 else "")
        if as_table:
            self.sheet.add_table(*area, {"name": name, "style": None, "columns": headings})
        else:
            for column, words in enumerate(headings):
                self.sheet.write_string(placed.header, column, words["header"], words["header_format"])
            self.sheet.autofilter(*area)
        needed = [(item.heading, width - 0.5) for item, width in zip(fields, self.widths, strict=False)]
        self.sheet.set_row(placed.header, row_height(needed, font_size("header"), True) + 8)

    def _say_empty(self, fields: Sequence[Field], row: int, words: str) -> None:
        for column in range(len(fields)):
            self.sheet.write_blank(row, column, None, self.book.formats["empty_line"])
        self.sheet.write_string(row, min(1, len(fields) - 1), words, self.book.formats["empty_line"])

    def _print(self, repeat: tuple[int, int] | None) -> None:
        """Set up printing; `repeat` are the first and last row, from 1, printed on every page."""
        self._headed = True
        self._repeated = (repeat[0] - 1, repeat[1] - 1) if repeat else None
        set_page(
            self.sheet,
            self.plan.landscape,
            repeat_rows=repeat,
            footer_left=self.plan.title,
            footer_right=self.book.stamp,
        )
        if self.plan.wide:
            self.sheet.set_paper(_A3)
        total = sum(self.widths)
        if total > _TOO_WIDE:
            self.sheet.fit_to_pages(math.ceil(total / _PAGE_WIDTH), 0)
            self.sheet.repeat_columns(0, 1)

    def hide_keys(self) -> None:
        """Hide the columns of keys; under the columns of another table they are only made invisible."""
        for column in self._key_columns:
            if column >= len(self.widths):
                self.sheet.set_column(column, column, None, None, {"hidden": True})

    def keep_together(self, pieces: Iterable[tuple[int, int]]) -> None:
        """Let no piece (first and last row) be cut by the end of a printed page that could hold it."""
        self._pieces += pieces

    def repeat_heading(self, row: int) -> None:
        """Print a row of headings again on each page below it, instead of what `head` or the first table set."""
        self.sheet.repeat_rows(row)
        self._repeated = (row, row)

    def break_pages(self) -> None:
        """Break a sheet of several tables into printed pages, at its end; one table alone needs none of that."""
        several = len(self.book.tables.get(self.name, ())) > 1 or self._pieces
        if not several or self._whole or sum(self.widths) > _TOO_WIDE:
            return
        # Heights are where `set_row` keeps them, in pixels: a second account beside it would go wrong some day.
        pixels = {row: size[0] for row, size in self.sheet.row_sizes.items()}
        heights = [pixels.get(row, _ROW_PIXELS) / PIXELS_PER_POINT for row in range(self.row)]
        room = page_height(self.widths, A3_INSIDE if self.plan.wide else A4_INSIDE)
        keeps = [row in self._kept for row in range(self.row)]
        for first, last in self._pieces:
            if sum(heights[first : last + 1]) <= room:
                keeps[first:last] = [True] * (last - first)
        self.sheet.set_h_pagebreaks(page_starts(heights, keeps, room, repeated=self._repeated))

    def print_whole(self) -> None:
        """Put all of the page on one sheet of paper."""
        if not self._headed:
            self._print(None)
        self._whole = True
        self.sheet.fit_to_pages(1, 1)
        self.sheet.center_horizontally()

    # --- links

    def anchor(self, kind: str, key: str, row: int, column: int = 0) -> None:
        """Say that this cell is where links to (kind, key) lead; the first to say so wins."""
        self.book.anchors.setdefault((kind, key), f"{self.name}!{xl_rowcol_to_cell(row, column)}")

    def set_link(self, row: int, column: int, cell: Cell, role: str, target: str) -> None:
        """Make a written cell a link; value and format stay."""
        self._links += 1
        if self._links > MOST_LINKS:
            return
        text = safe_text(cell.value) if isinstance(cell.value, str) else "-"
        url, file = address_of(target)
        tip = f"Mở tệp {file}, để cạnh tệp này" if file else None
        self.sheet.write_url(row, column, url, self.book.formats[cell.role or role], text, tip)
        if cell.formula or not isinstance(cell.value, str):
            write_value(self, row, column, cell, role)
