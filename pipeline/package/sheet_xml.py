"""One worksheet part of an .xlsx file: where its last cell is, which cells hold errors or no result.

Two ways lead to the same facts. Nearly every file is written in one plain form, which a regular expression
proves tag by tag (0.1 ms a sheet); its facts come from string searches. Anything else, such as other quotes,
prefixes, comments, UTF-16, cells without an address or columns beyond Z, is walked with expat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from pipeline.findings import address_key, column_letters, column_number
from pipeline.package.facts import Limits, Refusal, SheetFacts, Visibility, check_extent
from pipeline.package.parts import check_prolog, local, parse

#: What stands for the error of a cell that is marked as one but names none.
UNNAMED_ERROR = "#LỖI"
#: The plain form. Columns up to Z with rows up to 99,999, or up to ZZ with 999: no rectangle over
#: `Limits.cells` can be built of such addresses, so their order need not be checked.
_NARROW = rb'c r="[A-Z]\d{1,5}"[ />]'
_WIDE = rb'c r="[A-Z]{1,2}\d{1,3}"[ />]'
_FRAME = rb'/|v>|row r="'
_RICH = _FRAME + rb"|v ?/>|f[ >/]|is>|t[ >/]|r>|rPr[ />]|[biu]/|(?:sz|color|rFont|family|charset|scheme) "
#: Rows up to 1,049,999: only for a caller whose limits allow 26 whole columns.
_LONG = rb'c r="[A-Z](?:\d{1,6}|10[0-4]\d{4})"[ />]'
#: A tag that is neither frame nor cell; then one that is no formula or rich text either. No match proves it.
_NOT_BARE, _NOT_NARROW, _NOT_LONG_BARE, _NOT_LONG, _NOT_WIDE = (
    re.compile(rb"<(?!" + frame + rb"|" + cell + rb")")
    for frame, cell in ((_FRAME, _NARROW), (_RICH, _NARROW), (_FRAME, _LONG), (_RICH, _LONG), (_RICH, _WIDE))
)
#: Cells of the largest rectangle that a long sheet can claim.
_LONG_CELLS = 26 * 1_050_000
#: A cell that uses a shared string but does not say which by a plain number: the reader takes the first one, silently.
_ODD_INDEX = re.compile(rb't="s"[^>]*>(?:<v>(?!\d{1,9}</v>|</v>)|<[^v])')
_ERROR_WORD = re.compile(r"#[A-Z0-9/_]{1,20}[!?]?|Err:\d+")
_ERROR_TYPE = re.compile(rb't="e"')

_ERROR = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*? t="e"[^>]*>(?:<f[^>]*?(?:/>|>[^<]*</f>))?(?:<v>([^<]*)</v>)?')
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)><f([^>]*?)(?:/>|>([^<]*)</f>)(?:<v>([^<]*)</v>)?')
_FORMULA_TAG = re.compile(rb"<f[ >/]")
_SHARED = re.compile(rb'\bsi="(\d+)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_COLUMN = re.compile(rb"<col\s[^>]*>")
_SPAN = re.compile(rb'\b(min|max)="(\d{1,5})"')
#: Columns up to ZZ.
_WIDEST = 702
#: A narrow sheet with no more rows than this is bounded as if it were filled to column Z: far below every limit,
#: and its rows need not be looked into.
_SHORT = 5_000
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = b"0123456789"
_TRUE = ("1", "true")
_INDEX = re.compile(r"[0-9]{1,9}")


@dataclass(slots=True)
class _Found:
    """What one way or the other found; cells as `F12`."""

    last_row: int = 0
    last_column: int = 0
    deepest: str = ""
    widest: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    uncached: dict[str, str] = field(default_factory=dict)
    formulas: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_spans: list[tuple[int, int]] = field(default_factory=list)  #: columns, first and last

    def reach(self, row: int, column: int, cell: str) -> None:
        """Note a cell that holds something."""
        if row > self.last_row:
            self.last_row, self.deepest = row, cell
        if column > self.last_column:
            self.last_column, self.widest = column, cell


def scan_sheet(name: str, visibility: Visibility, xml: bytes, limits: Limits) -> SheetFacts:
    """Return the facts of one worksheet part.

    Raises:
        Refusal: V-14 doctype or stray_cell, V-11 broken.
        expat.ExpatError: not well-formed.
    """
    found = _scan_plain(xml, limits)
    if found is None:
        walker = _Walker()
        parse(xml, walker.start, walker.end, walker.text)
        found = walker.found
    columns = {c for a, b in found.hidden_spans for c in range(a, min(b, found.last_column) + 1)}
    facts = SheetFacts(
        name,
        visibility,
        found.last_row,
        found.last_column,
        found.errors,
        found.uncached,
        found.formulas,
        len(found.errors),
        frozenset(found.hidden_rows),
        frozenset(columns),
    )
    return check_extent(facts, found.deepest, found.widest, limits)


def _scan_plain(xml: bytes, limits: Limits) -> _Found | None:
    """Return the facts of a sheet in the plain form, None when it is not."""
    check_prolog(xml)
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    if start < 0 or b"sheetData" in xml[:start]:
        return None
    if end < 0:
        empty = xml.startswith(b"<sheetData/>", start) and b"sheetData" not in xml[start + 12 :]
        return _Found() if empty else None
    first, last = xml.find(b">", start) + 1, end  # of the rows; a long sheet is not copied
    if xml.find(b"sheetData", end + 12) >= 0:
        return None
    if _ODD_INDEX.search(xml, first, last):
        return None  # to be looked at cell by cell
    found = _Found()
    columns = len(_LETTERS)
    long = limits.cells >= _LONG_CELLS
    if (_NOT_LONG_BARE if long else _NOT_BARE).search(xml, first, last):
        if (_NOT_LONG if long else _NOT_NARROW).search(xml, first, last):
            columns = _WIDEST
            if _NOT_WIDE.search(xml, first, last):
                return None
        if not _formulas(xml[first:last], found):
            return None
    if _ERROR_TYPE.search(xml, first, last):
        for match in _ERROR.finditer(xml, first, last):
            found.errors[match[1].decode()] = _error_text(_decoded(match[2]))
    if not _few_rows(xml, first, last, columns, limits.rows if long else _SHORT, found):
        _rows(xml[first:last], found)
    if xml.find(b"hidden=", 0, start) >= 0:
        _columns(xml[:start], found)
    return found


def _error_text(text: str) -> str:
    """Return what stands for an error: its own word, if that is one and not some text."""
    return text if _ERROR_WORD.fullmatch(text) else UNNAMED_ERROR


def _decoded(text: bytes | None) -> str:
    return unescape((text or b"").decode("utf-8", "replace"))


def _formulas(body: bytes, found: _Found) -> bool:
    """Note formulas and those without a result; False when some have a form that was not foreseen."""
    found.formulas = len(_FORMULA_TAG.findall(body))
    if not found.formulas:
        return True
    seen = 0
    shared: dict[bytes, str] = {}
    for match in _FORMULA.finditer(body):
        seen += 1
        cell, attributes, kind, text, value = match.groups()
        index = _SHARED.search(kind)
        if index and text:
            shared[index[1]] = _decoded(text)
        # A result that is the empty string is written as t="str" with an empty <v>.
        empty = value is None or (not value and b't="str"' not in attributes)
        if empty and b't="e"' not in attributes:
            formula = _decoded(text) or (shared.get(index[1], "") if index else "")
            found.uncached[cell.decode()] = "=" + formula
    return seen == found.formulas


def _few_rows(xml: bytes, first: int, end: int, columns: int, most: int, found: _Found) -> bool:
    """Bound a sheet by its last row tag alone; False when it has more rows than `most`.

    A cell may claim another row than its tag says; the plain form keeps even that below the limits of a sheet,
    and the reader knows the real rectangle.
    """
    at = xml.rfind(b'<row r="', first, end)
    last = int(xml[at + 8 : xml.index(b'"', at + 8)]) if at >= 0 else 0
    if last > most:
        return False
    if xml.find(b"</c>", first, end) >= 0:
        found.last_row, found.last_column = last, columns
    at = xml.find(b' hidden="', first, end)
    while at >= 0:
        tag = xml.rfind(b"<", first, at)
        if xml.startswith(b'<row r="', tag) and xml[at + 9 : at + 10] in (b"1", b"t"):
            found.hidden_rows.add(int(xml[tag + 8 : xml.index(b'"', tag + 8)]))
        at = xml.find(b' hidden="', at + 9, end)
    return True


def _rows(body: bytes, found: _Found) -> None:
    """Find the last cell with content of each row; cells of a row stand from left to right."""
    hidden = _HIDDEN.search(body) is not None
    deepest: dict[int, bytes] = {}
    widest: dict[bytes, bytes] = {}
    for row in body[: body.rfind(b"</c>") + 4].split(b"</row>"):  # styled blanks below need no look
        end = row.rfind(b"</c>")
        if end < 0:
            continue
        at = row.rfind(b'<c r="', 0, end) + 6
        cell = row[at : row.index(b'"', at)]
        number = int(cell.lstrip(_LETTERS))
        deepest[number] = widest[cell.rstrip(_DIGITS)] = cell
        if hidden:
            tag = row.rfind(b"<row ")
            if _HIDDEN.search(row, tag, row.find(b">", tag)):
                found.hidden_rows.add(number)
    if deepest:
        last_row, last_column = max(deepest), max(widest, key=lambda letters: (len(letters), letters))
        found.last_row, found.deepest = last_row, deepest[last_row].decode()
        found.last_column, found.widest = column_number(last_column.decode()), widest[last_column].decode()


def _columns(head: bytes, found: _Found) -> None:
    for tag in _COLUMN.findall(head):
        if _HIDDEN.search(tag):
            span = {key: int(value) for key, value in _SPAN.findall(tag)}
            if len(span) == 2:
                found.hidden_spans.append((span[b"min"], span[b"max"]))


class _Walker:
    """Handlers for expat; counts rows and cells without an address as the reader does."""

    def __init__(self) -> None:
        """Start before the first tag."""
        self.found = _Found()
        self._row = self._column = 0  # the last ones seen
        self._row_hidden = self._inside = self._filled = False
        self._cell = ""
        self._at = 0  # its row
        self._type = ""
        self._collect: list[str] | None = None
        self._formula: str | None = None
        self._value: str | None = None
        self._index = ""
        self._shared: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open a tag."""
        tag = local(name)
        if tag == "c" and self._inside:
            self._open_cell(attributes)
        elif tag in ("f", "v", "t") and self._cell:
            self._collect = []
            self._filled = True
            if tag == "f":
                self._index = attributes.get("si", "")
        elif tag == "row" and self._inside:
            self._row = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self._row + 1
            self._column = 0
            self._row_hidden = attributes.get("hidden") in _TRUE
        elif tag == "col" and attributes.get("hidden") in _TRUE:
            span = attributes.get("min", ""), attributes.get("max", "")
            if all(s.isdecimal() for s in span):
                self.found.hidden_spans.append((int(span[0]), int(span[1])))
        elif tag == "sheetData":
            self._inside = True

    def _open_cell(self, attributes: dict[str, str]) -> None:
        row, column = address_key(attributes.get("r", "").upper())
        if row:
            self._column = column
        else:
            row, self._column = self._row, self._column + 1
        self._cell = f"{column_letters(self._column)}{row}"
        self._at = row
        self._type = attributes.get("t", "")
        self._formula = self._value = None
        self._filled, self._index = False, ""

    def text(self, data: str) -> None:
        """Collect the text of a formula or a value."""
        if self._collect is not None:
            self._collect.append(data)

    def end(self, name: str) -> None:
        """Close a tag."""
        tag = local(name)
        if tag == "c" and self._cell:
            self._close_cell()
        elif self._collect is not None and tag in ("f", "v", "t"):
            text = "".join(self._collect)
            self._collect = None
            if tag == "f":
                self._formula = text
            else:
                self._value = text
        elif tag == "sheetData":
            self._inside = False

    def _close_cell(self) -> None:
        found, cell = self.found, self._cell
        self._cell = ""
        if self._type == "s" and self._value and not _INDEX.fullmatch(self._value):
            raise Refusal("V-11", "broken")  # the reader would take the first string of the table
        if not self._filled:
            return
        found.reach(self._at, self._column, cell)
        if self._row_hidden:
            found.hidden_rows.add(self._at)
        if self._formula is not None:
            found.formulas += 1
            if self._index and self._formula:
                self._shared[self._index] = self._formula
        if self._type == "e":
            found.errors[cell] = _error_text(self._value or "")
        elif self._formula is not None and (self._value is None or not (self._value or self._type == "str")):
            found.uncached[cell] = "=" + (self._formula or self._shared.get(self._index, ""))
