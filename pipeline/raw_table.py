"""Raw cells of plain tables: a CSV of any usual encoding, or each sheet of a workbook that has anything in it.

A CSV is read line by line: a quotation mark that is not closed costs its own line, never those after it.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.findings import sentences
from pipeline.package import ORDINARY, examine
from pipeline.package.sheet_xml import UNNAMED_ERROR
from pipeline.package.signature import Signature, signature
from pipeline.reading import ReadingError, Uncached, read_book
from pipeline.refusals import CannotRun, printable, reason_of
from pipeline.vietnamese import clean, plain_key

#: How people write yes and no.
_YES = frozenset({"1", "x", "co", "dat", "duoc", "true", "yes", "y", "v"})
_NO = frozenset({"0", "khong", "khongdat", "khongduoc", "false", "no", "n"})
_SIGNS = dict.fromkeys("✓✔√☑■", True) | dict.fromkeys(("☐", "-", "–", ""), False)
#: What a cell shows whose formula went wrong.
_ERROR = re.compile(rf"#(N/A|[A-Z0-9/_]+[!?])|{UNNAMED_ERROR}|Err:\d+")
#: The first year that a table may speak of.
FIRST_YEAR = 1945
_CSV_SUFFIXES = (".csv", ".txt", ".tsv")
#: What no CSV is, whatever its name says.
_NO_CSV = (Signature.ZIP, Signature.OLE, Signature.HTML, Signature.PDF)
#: Letters of a wrong value that are shown.
_SHOWN = 40
#: Lines that a cell of a CSV may have.
_MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a table: where, what, and what to do. `row` counts from 1 with the header; 0: the table."""

    file: str
    sheet: str  #: empty for a CSV
    row: int
    column: str  #: as headed in the table, its letters where it has no heading; empty: the row
    what: str
    fix: str
    left_out: int = 1  #: rows that are not read for it
    value: str = ""  #: what the cell holds, shortened; it may name somebody, so it is never printed

    @property
    def place_and_kind(self) -> str:
        """Where and what, in words."""
        places = [_name(self.file, self.sheet)]
        places += [f"dòng {self.row}"] * bool(self.row) + [f"cột {self.column}"] * bool(self.column)
        return f"{', '.join(places)}: {self.what}"

    def __str__(self) -> str:
        """Place, what and what to do, in one line."""
        return f"{self.place_and_kind}. {self.fix}"


@dataclass(frozen=True, slots=True)
class RawTable:
    """A CSV or a sheet: rows of raw cells, the first as the table has it."""

    file: str
    rows: Sequence[Sequence[object]]
    sheet: str = ""  #: empty for a CSV
    hidden: bool = False
    broken: tuple[int, ...] = ()  #: rows whose quotation marks cannot be right; they stand in `rows` without cells

    @property
    def name(self) -> str:
        """As it is called in a sentence."""
        return _name(self.file, self.sheet)

    def fault(self, row: int, column: str, what: str, fix: str, left_out: int = 1, value: str = "") -> Fault:
        """Something wrong in this table."""
        shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
        return Fault(self.file, self.sheet, row, column, what, fix, left_out, shown)

    def faults(self) -> list[Fault]:
        """What reading already knows to be wrong."""
        fix = "Đóng hoặc bỏ dấu ngoặc kép, viết ô nhiều dòng thành một dòng; các dòng sau vẫn được đọc."
        return [self.fault(row, "", 'dấu ngoặc kép (") không khép đúng chỗ', fix) for row in self.broken]


def _name(file: str, sheet: str) -> str:
    return f"{file}, trang «{sheet}»" if sheet else file


def read_raw(path: Path) -> list[RawTable]:
    """Read a file: a CSV, or all sheets that have anything in them, hidden ones too.

    Raises:
        CannotRun: the file cannot be read, is no table, or has nothing in it.
    """
    if path.exists() and not path.is_file():  # a folder, or a pipe that would never end
        raise CannotRun(f"Không đọc được «{path}»: đây không phải tệp.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CannotRun(f"Không đọc được «{path}»: {reason_of(error)}.") from None
    name, kind = printable(path.name), signature(content)
    if len(content) > ORDINARY.packed_bytes:
        raise CannotRun(f"{name} quá lớn để là một bảng như vậy.")
    if kind in (Signature.TEXT, Signature.EMPTY) or (path.suffix.lower() in _CSV_SUFFIXES and kind not in _NO_CSV):
        return [_csv_table(name, content)]
    package = examine(content, name)
    if package.refused:
        words = sentences(package.findings[0])
        raise CannotRun(f"Không dùng được {name}. {words.what} {words.fix}")
    try:
        book = read_book(content, package)
    except ReadingError:
        raise CannotRun(f"{name} hỏng, không mở được. Mở bằng Excel, lưu thành tệp mới rồi chạy lại.") from None
    tables = [
        RawTable(name, grid.rows, clean(grid.name).text, grid.facts.visibility != "visible")
        for grid in book.grids
        if any(text_of(cell) for row in grid.rows for cell in row)
    ]
    if not tables:
        raise CannotRun(f"{name} không có trang nào có dữ liệu.")
    return tables


def _csv_table(name: str, content: bytes) -> RawTable:
    for encoding in ("utf-8-sig", "utf-16", "cp1258"):
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise CannotRun(f"{name}: không rõ bảng mã. Mở bằng Excel, lưu kiểu «CSV UTF-8» rồi chạy lại.")
    if not text.strip():
        raise CannotRun(f"{name} là tệp trống. Kiểm tra lại tệp rồi chạy lại.")
    lines = io.StringIO(text, newline="").readlines()
    told = lines[0].strip().strip('"').lower()
    if told.startswith("sep=") and len(told) <= len("sep=;"):  # Excel's own word on the delimiter, and no row
        delimiter = told[len("sep=") :] or "\t"  # a tab was stripped
        del lines[0]
    else:
        delimiter = max(",;\t|", key=lines[0].count)
    records = list(_records(lines, delimiter))
    if records and records[0] is None:
        raise CannotRun(f'{name}, dòng 1: dấu ngoặc kép (") không khép đúng chỗ. Sửa dòng tên cột rồi chạy lại.')
    broken = tuple(number for number, cells in enumerate(records, 1) if cells is None)
    return RawTable(name, [cells or [] for cells in records], broken=broken)


def _records(lines: Sequence[str], delimiter: str) -> Iterator[list[str] | None]:
    """Rows of a CSV; None for one whose quotation marks cannot be right: the next one begins on the next line.

    A row of several lines is believed only when it has the cells of the header and none of its cells holds a row.
    """
    at = width = 0
    while at < len(lines):
        reader = csv.reader(lines[at : at + (_MOST_LINES if '"' in lines[at] else 1)], delimiter=delimiter, strict=True)
        try:
            cells = next(reader)
        except csv.Error:
            cells = None
        if cells is not None and reader.line_num > 1:
            width = width or len(cells)
            if len(cells) != width or max(cell.count(delimiter) for cell in cells) >= width - 1:
                cells = None
        if cells and any(cell.count('"') % 2 for cell in cells):  # the end of one that was opened elsewhere
            cells = None
        yield cells
        at += 1 if cells is None else reader.line_num
        width = width or len(cells or ())


def text_of(cell: object) -> str:
    """A raw cell as text; numbers without a needless decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell == int(cell) and abs(cell) < 1e15 else repr(cell) if math.isfinite(cell) else ""
    return clean(str(cell)).text


def unusable(cell: object) -> str:
    """What a cell is whose formula gave nothing to read; empty for any other."""
    if isinstance(cell, Uncached):
        return "công thức chưa có kết quả"
    return "công thức báo lỗi" if isinstance(cell, str) and _ERROR.fullmatch(cell.strip()) else ""


def yes_or_no(text: str) -> bool | None:
    """What a cell of yes or no says; blank is no, None where it is neither."""
    if text in _SIGNS:
        return _SIGNS[text]
    text = re.sub(r"^([01])[.,]0+$", r"\1", text)  # 1,0 as some programs write 1
    word = plain_key(text)
    if len(word) != len(text.replace(" ", "")):  # a sign was dropped: «-1», «1/2», «x?»
        return None
    return True if word in _YES else False if word in _NO else None
