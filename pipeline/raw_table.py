"""Raw cells of a plain table: a CSV of any usual encoding, or the first sheet of a workbook that has anything in it."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

from pipeline.findings import sentences
from pipeline.package import ORDINARY, examine
from pipeline.package.signature import Signature, signature
from pipeline.reading import ReadingError, read_book
from pipeline.refusals import CannotRun, reason_of
from pipeline.vietnamese import clean, plain_key

#: How people write yes and no.
_YES = frozenset({"1", "x", "co", "dat", "duoc", "true", "yes", "y", "v"})
_NO = frozenset({"0", "khong", "khongdat", "khongduoc", "false", "no", "n"})
_SIGNS = {"✓": True, "■": True, "-": False, "–": False, "": False}
#: Years that a table may speak of.
FIRST_YEAR, LAST_YEAR = 1945, 2100
_CSV_SUFFIXES = (".csv", ".txt", ".tsv")


def read_table(path: Path) -> Sequence[Sequence[object]]:
    """Rows of raw cells, the first as the table has it.

    Raises:
        CannotRun: the file cannot be read, is no table, or has nothing in it.
    """
    if path.exists() and not path.is_file():  # a folder, or a pipe that would never end
        raise CannotRun(f"Không đọc được «{path}»: đây không phải tệp.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CannotRun(f"Không đọc được «{path}»: {reason_of(error)}.") from None
    if len(content) > ORDINARY.packed_bytes:
        raise CannotRun(f"{path.name} quá lớn để là một bảng như vậy.")
    if signature(content) is Signature.TEXT or path.suffix.lower() in _CSV_SUFFIXES:
        return _csv_cells(path.name, content)
    package = examine(content, path.name)
    if package.refused:
        words = sentences(package.findings[0])
        raise CannotRun(f"Không dùng được {path.name}. {words.what} {words.fix}")
    try:
        book = read_book(content, package)
    except ReadingError:
        raise CannotRun(f"{path.name} hỏng, không mở được. Mở bằng Excel, lưu thành tệp mới rồi chạy lại.") from None
    for grid in book.grids:
        if grid.rows:
            return grid.rows
    raise CannotRun(f"{path.name} không có trang nào có dữ liệu.")


def _csv_cells(name: str, content: bytes) -> list[list[str]]:
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
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise CannotRun(f"{name} không phải tệp CSV. Mở bằng Excel, lưu kiểu «CSV UTF-8» rồi chạy lại.") from None


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


def yes_or_no(text: str) -> bool | None:
    """What a cell of yes or no says; blank is no, None where it is neither."""
    if text in _SIGNS:
        return _SIGNS[text]
    word = plain_key(text)
    return True if word in _YES else False if word in _NO else None
