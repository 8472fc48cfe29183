"""What senders do to the template in their own programs, each with the findings that it must lead to.

The product itself never saves a unit's file; here we play the sender, whose program (openpyxl) rewrites the
whole package. What it writes is then made the same on every run: fixed times inside the zip, given times in
docProps/core.xml.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell as OpenCell
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.findings import column_letters
from pipeline.paper import AHEAD_OF_UTC
from pipeline.sample.case import Cell
from pipeline.template import column_index, form_rows
from schemas.columns import EXAMPLE_ROW, FIRST_ENTRY_ROW, HEADING_ROW, KEY_ROW, BookSpec
from schemas.sheets import UNIT_TEMPLATE

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_FORM_VALUE = 3  # column C
_STRAY_ROW = 900_000


class Slip(NamedTuple):
    """One finding that an oddity must lead to; sheet and cell as they stand in the finished file."""

    sheet: str
    cell: str
    code: str
    note: str


def restamp(path: Path, saved: dt.datetime) -> None:
    """Rewrite a package with fixed entry times and `saved` as its time of saving."""
    source = zipfile.ZipFile(BytesIO(path.read_bytes()))
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _core(content, saved)
            target.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    path.write_bytes(buffer.getvalue())


def _core(content: bytes, saved: dt.datetime) -> bytes:
    when = f"{saved - AHEAD_OF_UTC:%Y-%m-%dT%H:%M:%SZ}".encode()
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + when, content)


class Draft:
    """A written file opened in the sender's program."""

    def __init__(self, path: Path, spec: BookSpec = UNIT_TEMPLATE) -> None:
        """Open a file of `spec`."""
        self.path, self._spec = path, spec
        self.book = load_workbook(path)

    def save(self, saved: dt.datetime) -> None:
        """Save in place, as if at that moment."""
        self.book.save(self.path)
        restamp(self.path, saved)

    def at(self, sheet: str, field: str, row: int = 0) -> OpenCell:
        """Return the cell of a field, in the n-th entry row of a table or on a form."""
        page = self._spec.by_code[sheet]
        if page.form:
            return self.book[sheet].cell(form_rows(page)[field], _FORM_VALUE)
        return self.book[sheet].cell(FIRST_ENTRY_ROW + row, column_index(page, field) + 1)

    def type(self, sheet: str, field: str, row: int, value: Cell, code: str = "", note: str = "") -> list[Slip]:
        """Type over one cell; with a code, return the finding that this leads to."""
        cell = self.at(sheet, field, row)
        cell.value = value
        return [Slip(sheet, cell.coordinate, code, note)] if code else []

    def text(self, sheet: str, field: str, row: int = 0) -> str:
        """Return a cell as text."""
        return str(self.at(sheet, field, row).value)

    def entries(self, sheet: str) -> int:
        """Count the filled entry rows of a table."""
        page = self.book[sheet]
        return sum(page.cell(row, 2).value is not None for row in range(FIRST_ENTRY_ROW, page.max_row + 1))


# --- layout


def rename_sheet(draft: Draft, old: str, new: str) -> list[Slip]:
    """Rename a worksheet; formulas and names follow, as in Excel."""
    draft.book[old].title = new
    _redirect(draft, old, f"'{new}'!")
    return [Slip(new, "", "V-17", f"đổi tên trang {old}")]


def delete_sheet(draft: Draft, name: str) -> list[Slip]:
    """Delete a worksheet; formulas that needed it now fail."""
    del draft.book[name]
    _redirect(draft, name, "#REF!")
    return [Slip("", "", "V-01", f"xóa trang {name}")]


def _redirect(draft: Draft, old: str, new: str) -> None:
    pattern = re.compile(rf"(?<![\w']){old}!|'{old}'!")
    for name, defined in list(draft.book.defined_names.items()):
        if pattern.search(defined.attr_text or ""):
            defined.attr_text = pattern.sub(new, defined.attr_text)
            if "#REF!" in defined.attr_text:
                defined.attr_text = "#REF!"
            draft.book.defined_names[name] = defined
    for page in draft.book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("=") and pattern.search(cell.value):
                    cell.value = pattern.sub(new, cell.value)
        for rule in page.data_validations.dataValidation:
            if rule.formula1:
                rule.formula1 = pattern.sub(new, rule.formula1)


def insert_rows(draft: Draft, sheet: str, text: str) -> list[Slip]:
    """Insert two rows at the top, with a title of the unit's own in the first."""
    page = draft.book[sheet]
    page.insert_rows(1, 2)
    heights = {row: (d.height, d.hidden) for row, d in page.row_dimensions.items()}
    for row in heights:
        page.row_dimensions[row].hidden, page.row_dimensions[row].height = False, None
    for row, (height, hidden) in heights.items():
        page.row_dimensions[row + 2].height, page.row_dimensions[row + 2].hidden = height, hidden
    _shift_rules(page, rows=2)
    page["A1"] = text
    return [Slip(sheet, "", "V-17", "chèn hai dòng trên đầu"), Slip(sheet, "A1", "V-16", "dòng chèn có chữ")]


def insert_column(draft: Draft, sheet: str, before: str, heading: str, values: Sequence[Cell]) -> list[Slip]:
    """Insert a column of the unit's own before a field, with values in the first rows."""
    page = draft.book[sheet]
    at = column_index(draft._spec.by_code[sheet], before) + 1
    page.insert_cols(at)
    _shift_rules(page, columns=1, first=at)
    page.cell(HEADING_ROW, at, heading)
    slips = []
    for row, value in enumerate(values, start=FIRST_ENTRY_ROW):
        cell = page.cell(row, at, value)
        slips.append(Slip(sheet, cell.coordinate, "V-16", f"cột thêm «{heading}»"))
    return slips


def _shift_rules(page: Worksheet, rows: int = 0, columns: int = 0, first: int = 1) -> None:
    """Move the drop-downs along with the cells, as Excel does."""
    for rule in page.data_validations.dataValidation:
        moved = []
        for old in rule.sqref.ranges:
            area = CellRange(old.coord)
            area.shift(columns if area.min_col >= first else 0, rows)
            moved.append(area.coord)
        rule.sqref = MultiCellRange(" ".join(moved))


def swap_columns(draft: Draft, sheet: str, one: str, two: str) -> list[Slip]:
    """Exchange two columns with their headings and hidden keys."""
    page, spec = draft.book[sheet], draft._spec.by_code[sheet]
    left, right = column_index(spec, one) + 1, column_index(spec, two) + 1
    for row in range(KEY_ROW, page.max_row + 1):
        a, b = page.cell(row, left), page.cell(row, right)
        a.value, b.value = b.value, a.value
        a._style, b._style = b._style, a._style
    return [Slip(sheet, "", "V-17", "đổi chỗ hai cột")]


def merge_cells(draft: Draft, sheet: str, field: str, row: int) -> list[Slip]:
    """Merge a cell with the one below it, whose value is lost."""
    first, second = draft.at(sheet, field, row), draft.at(sheet, field, row + 1)
    area = f"{first.coordinate}:{second.coordinate}"
    draft.book[sheet].merge_cells(area)
    return [Slip(sheet, area, "V-17", "gộp ô")]


def hide_rows(draft: Draft, sheet: str, first: int, count: int) -> list[Slip]:
    """Hide entry rows that hold data."""
    top = FIRST_ENTRY_ROW + first
    for row in range(top, top + count):
        draft.book[sheet].row_dimensions[row].hidden = True
    return [Slip(sheet, f"A{top}:A{top + count - 1}", "V-17", "ẩn dòng có dữ liệu")]


def copy_sheet_from(draft: Draft, other: Path, sheet: str) -> list[Slip]:
    """Paste a whole worksheet of another unit's file over one's own, hidden stamp included."""
    page, source = draft.book[sheet], load_workbook(other)[sheet]
    for row in range(1, max(page.max_row, source.max_row) + 1):
        for column in range(1, max(page.max_column, source.max_column) + 1):
            page.cell(row, column).value = source.cell(row, column).value
    return [Slip(sheet, "", "V-08", "trang chép từ tệp của đơn vị khác")]


# --- things that nothing reads


def add_sheet(draft: Draft, name: str, lines: Sequence[str]) -> list[Slip]:
    """Add a sheet of notes at the end."""
    page = draft.book.create_sheet(name)
    for row, line in enumerate(lines, start=1):
        page.cell(row, 1, line)
    return [Slip(name, "", "V-16", "trang thêm")]


def write_beside(draft: Draft, sheet: str, row: int, text: str) -> list[Slip]:
    """Write beside the table, two columns after its last one."""
    at = len(draft._spec.by_code[sheet].columns) + 3
    cell = draft.book[sheet].cell(FIRST_ENTRY_ROW + row, at, text)
    return [Slip(sheet, cell.coordinate, "V-16", "ghi ngoài bảng")]


def type_over_example(draft: Draft, sheet: str, values: dict[str, Cell]) -> list[Slip]:
    """Type real data over the example row."""
    slips = []
    for field, value in values.items():
        cell = draft.book[sheet].cell(EXAMPLE_ROW, column_index(draft._spec.by_code[sheet], field) + 1, value)
        slips.append(Slip(sheet, cell.coordinate, "V-16", "gõ đè dòng ví dụ"))
    return slips


def stray_cell(draft: Draft, sheet: str) -> None:
    """Leave one cell far below everything."""
    draft.book[sheet].cell(_STRAY_ROW, 1, "x")


# --- text of other times

_MODERN = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ" + "ĂÂÊÔƠƯĐ"
_TCVN3 = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ" + "¡¢£¤¥¦§"


def decomposed(text: str) -> str:
    """Type a text in decomposed Unicode, as some keyboards do."""
    return unicodedata.normalize("NFD", text)


def in_tcvn3(text: str) -> str:
    """Type a text in the font TCVN3 (ABC): every letter another 8-bit code."""
    return text.translate(str.maketrans(_MODERN, _TCVN3))


# --- not our template at all


def home_made(
    path: Path, title: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]], saved: dt.datetime
) -> None:
    """Write a plain workbook that somebody made without the template."""
    book = Workbook()
    book.properties.created = saved
    page = book.active
    page.title = "Sheet1"
    for number, line in enumerate([[title], [], headings, *rows], start=1):
        for column, value in enumerate(line):
            page[f"{column_letters(column + 1)}{number}"] = value
    book.save(path)
    restamp(path, saved)


_WORD_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    ),
    "word/document.xml": (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    ),
}


def word_file(path: Path, text: str) -> None:
    """Write a Word document of one paragraph."""
    pack(path, {name: xml.replace("{text}", text).encode() for name, xml in _WORD_PARTS.items()})


def pack(path: Path, entries: dict[str, bytes], time: tuple[int, int, int, int, int, int] = _ZIP_TIME) -> None:
    """Write a zip whose bytes depend only on its entries."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, time), content, zipfile.ZIP_DEFLATED)
