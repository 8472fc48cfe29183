"""An .ods package. Files of this kind are few, so its content is walked with expat in full."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.findings import column_letters
from pipeline.package.facts import (
    Area,
    Limits,
    Package,
    Refusal,
    SheetFacts,
    Visibility,
    check_book_extent,
    check_extent,
    megabytes,
)
from pipeline.package.parts import Parts, check_prolog, parse
from pipeline.package.spreadsheetml import text_constant

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_CONTENT = "content.xml"
_MANIFEST = "meta-inf/manifest.xml"
#: Folders of macros, and tags that fetch from elsewhere.
_CODE = ("basic/", "scripts/")
_SOURCES = ("table:table-source", "table:cell-range-source", "office:dde-source")
_CELLS = ("table:table-cell", "table:covered-table-cell")
_HIDDEN = ("collapse", "filter")
#: How programs write an error that they do not mark as one.
_ERROR_TEXT = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)|(?:Err|Lỗi):\d{3}")
#: Texts inside a cell that are not its value.
_ASIDES = ("office:annotation", "draw:frame", "draw:custom-shape", "draw:g", "draw:control")


@dataclass(slots=True)
class _Cell:
    """A cell, or a run of equal ones, being read."""

    first: int  #: column
    repeat: int
    type: str
    error: bool
    formula: str
    spans: tuple[int, int]  #: rows, columns
    text: str = ""

    @property
    def filled(self) -> bool:
        """Whether the reader would take it for more than a blank."""
        return bool(self.type or self.text or self.formula)


@dataclass(slots=True)
class _Table:
    """A sheet being read."""

    name: str
    visibility: Visibility
    row: int = 0  #: last row seen
    row_repeat: int = 1
    row_hidden: bool = False
    column: int = 0  #: last column seen in this row, or in the declarations
    last_row: int = 0
    last_column: int = 0
    errors: list[tuple[int, int, _Cell]] = field(default_factory=list)  #: first row, rows, cell
    uncached: list[tuple[int, int, _Cell]] = field(default_factory=list)
    formulas: int = 0
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)

    def facts(self, limits: Limits) -> SheetFacts:
        """Check the extent, and only then write out what is repeated."""
        corner = f"{column_letters(self.last_column)}{self.last_row}"
        extent = SheetFacts(self.name, self.visibility, self.last_row, self.last_column)
        check_extent(extent, corner, corner, limits)
        errors = {at: cell.text for at, cell in _written_out(self.errors)}
        uncached = {at: cell.formula for at, cell in _written_out(self.uncached)}
        rows = frozenset(r for a, b in self.hidden_rows for r in range(a, b + 1))
        columns = frozenset(c for a, b in self.hidden_columns for c in range(a, min(b, self.last_column) + 1))
        return SheetFacts(
            self.name,
            self.visibility,
            self.last_row,
            self.last_column,
            errors,
            uncached,
            self.formulas,
            len(errors),
            rows,
            columns,
            tuple(self.merged),
        )


def _written_out(runs: list[tuple[int, int, _Cell]]) -> list[tuple[str, _Cell]]:
    return [
        (f"{column_letters(column)}{row}", cell)
        for first, rows, cell in runs
        for row in range(first, first + rows)
        for column in range(cell.first, cell.first + cell.repeat)
    ]


def _count(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "1")
    return max(1, int(value)) if value.isdecimal() and len(value) < 10 else 1


class _Walker:
    """Handlers for expat over content.xml."""

    def __init__(self, limits: Limits) -> None:
        """Start before the first tag."""
        self.limits = limits
        self.sheets: list[SheetFacts] = []
        self.names: dict[str, str] = {}
        self.external = False  #: something would be fetched from elsewhere
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._table: _Table | None = None
        self._depth = 0  # of tables inside the table
        self._cell: _Cell | None = None
        self._aside = 0  # inside a comment or drawing
        self._paragraph = False
        self._text_bytes = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open a tag."""
        if tag in _SOURCES:
            self.external = True
        elif tag == "style:style":
            self._style = attributes.get("style:name", "")
        elif tag == "style:table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif tag == "table:named-expression":
            constant = text_constant(attributes.get("table:expression", "").removeprefix("of:"))
            if constant is not None and self._table is None:
                self.names[attributes.get("table:name", "")] = constant
        elif tag == "table:table":
            self._depth += 1
            if self._depth == 1:
                hidden = attributes.get("table:style-name") in self._hidden_styles
                self._table = _Table(attributes.get("table:name", ""), "hidden" if hidden else "visible")
        elif self._table is not None and self._depth == 1:
            self._inside(self._table, tag, attributes)

    def _inside(self, table: _Table, tag: str, attributes: dict[str, str]) -> None:
        if tag in _CELLS:
            self._open_cell(table, attributes)
        elif tag in _ASIDES:
            self._aside += 1
        elif tag == "text:p" and self._cell is not None and not self._aside:
            self._paragraph = True
        elif tag == "table:table-row":
            table.row_repeat = _count(attributes, "table:number-rows-repeated")
            table.row_hidden = attributes.get("table:visibility") in _HIDDEN
            table.column = 0
        elif tag == "table:table-column":
            repeat = _count(attributes, "table:number-columns-repeated")
            if attributes.get("table:visibility") in _HIDDEN:
                table.hidden_columns.append((table.column + 1, table.column + repeat))
            table.column += repeat

    def _open_cell(self, table: _Table, attributes: dict[str, str]) -> None:
        repeat = _count(attributes, "table:number-columns-repeated")
        kind = attributes.get("office:value-type", "")
        self._cell = _Cell(
            table.column + 1,
            repeat,
            kind,
            attributes.get("calcext:value-type") == "error",
            attributes.get("table:formula", ""),
            (
                _count(attributes, "table:number-rows-spanned"),
                _count(attributes, "table:number-columns-spanned"),
            ),
            attributes.get("office:string-value", ""),
        )
        table.column += repeat

    def text(self, data: str) -> None:
        """Collect the text of a cell."""
        if self._paragraph and self._cell is not None:
            self._cell.text += data

    def end(self, tag: str) -> None:
        """Close a tag."""
        if tag == "table:table":
            self._depth -= 1
            if self._depth == 0 and self._table is not None:
                self.sheets.append(self._table.facts(self.limits))
                self._table = None
        elif self._depth != 1 or self._table is None:
            return
        elif tag in _CELLS and self._cell is not None:
            self._close_cell(self._table, self._cell)
            self._cell = None
        elif tag in _ASIDES:
            self._aside -= 1
        elif tag == "text:p":
            self._paragraph = False
        elif tag == "table:table-row":
            self._table.row += self._table.row_repeat

    def _close_cell(self, table: _Table, cell: _Cell) -> None:
        row, rows = table.row + 1, table.row_repeat
        if cell.spans != (1, 1):
            table.merged.append((row, cell.first, row + cell.spans[0] - 1, cell.first + cell.spans[1] - 1))
        if not cell.filled:
            return
        table.last_row = max(table.last_row, row + rows - 1)
        table.last_column = max(table.last_column, cell.first + cell.repeat - 1)
        self._text_bytes += len(cell.text) * cell.repeat * rows
        if self._text_bytes > self.limits.text_bytes:
            raise Refusal(
                "V-14", "repeated_text", co=megabytes(self._text_bytes), gioi_han=megabytes(self.limits.text_bytes)
            )
        if table.row_hidden and (row, row + rows - 1) not in table.hidden_rows[-1:]:
            table.hidden_rows.append((row, row + rows - 1))
        if cell.formula:
            table.formulas += cell.repeat * rows
        if cell.error or (cell.formula and _ERROR_TEXT.fullmatch(cell.text)):
            table.errors.append((row, rows, cell))
        elif cell.formula and not cell.type:
            cell.formula = "=" + cell.formula.removeprefix("of:").lstrip("=")
            table.uncached.append((row, rows, cell))


def examine_ods(parts: Parts, limits: Limits) -> Package:
    """Return the facts of an OpenDocument spreadsheet.

    Raises:
        Refusal: V-11, V-12 and V-14.
        Exception: any other error means a broken package.
    """
    manifest = parts.read(_MANIFEST)
    if b"encryption-data" in manifest:
        raise Refusal("V-12", "workbook")
    for name in (n for n in parts.names if n.endswith((".xml", ".rdf")) and n != _CONTENT):
        xml = parts.read(name)
        if xml and not name.startswith("basic/"):  # LibreOffice's own macros declare a DOCTYPE
            check_prolog(xml)
    walker = _Walker(limits)
    parse(parts.read(_CONTENT), walker.start, walker.end, walker.text)
    if not walker.sheets:
        raise Refusal("V-11", "broken")
    sheets = tuple(walker.sheets)
    check_book_extent(sheets, limits)
    warnings = [Refusal("V-14", "macro").finding] if any(n.startswith(_CODE) for n in parts.names) else []
    warnings += [Refusal("V-14", "external").finding] if walker.external else []
    return Package("ods", tuple(warnings), walker.names, sheets)
