"""Old .xls workbooks, their container and their records, changed where it hurts; .xlsb packages."""

from __future__ import annotations

import datetime as dt
import random
import struct
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from typing import Any

import xlwt

from pipeline.package import examine
from pipeline.reading import RawBook, read_book
from tests.hostile.material import COUNTS, Hostile, template, zipped
from tests.hostile.material import Entry as ZipEntry

_BROKEN = "V-11.broken"
_MOST_COLUMNS = 256


@cache
def grids() -> RawBook:
    """The good template as the reader sees it."""
    return read_book(template(), examine(template(), "P1.xlsx"))


def xls(fill: Callable[[Any], None] = lambda _: None, **options: Any) -> bytes:
    """The template as Excel 97 would save it; `fill` gets the book before it is written."""
    book = xlwt.Workbook(**options)
    day, moment = xlwt.easyxf(num_format_str="dd/mm/yyyy"), xlwt.easyxf(num_format_str="dd/mm/yyyy hh:mm")
    for grid in grids().grids:
        sheet = book.add_sheet(grid.name)
        for row, cells in enumerate(grid.rows):
            for column, value in enumerate(cells[:_MOST_COLUMNS]):
                if isinstance(value, dt.datetime):
                    sheet.write(row, column, value, moment)
                elif isinstance(value, dt.date):
                    sheet.write(row, column, value, day)
                elif value != "":
                    sheet.write(row, column, str(value) if not isinstance(value, float | bool) else value)
    fill(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


good = cache(xls)


def _sheet(book: Any, name: str) -> Any:
    return book.get_sheet(name)


def _written() -> Iterator[Hostile]:
    yield Hostile("xls-good.xls", good(), COUNTS)
    yield Hostile("xls-named-xlsx.xlsx", good(), COUNTS)

    def fill(book: Any) -> None:
        book.dates_1904 = True

    yield Hostile("xls-1904.xls", xls(fill), COUNTS)
    yield Hostile("xls-hidden.xls", xls(lambda b: setattr(_sheet(b, "NHAN_SU"), "visibility", 2)),
                  f"{COUNTS} V-17.hidden_sheet")  # fmt: skip
    far = xls(lambda b: _sheet(b, "NHAN_SU").write(65_535, 255, 1))
    yield Hostile("xls-far.xls", far, "V-14.stray_cell")
    formula = xls(lambda b: _sheet(b, "GIAI_TRINH").write(30, 1, xlwt.Formula('HYPERLINK("http://evil.example";"x")')))
    yield Hostile("xls-formula.xls", formula, COUNTS)
    text = xls(lambda b: _sheet(b, "GIAI_TRINH").write(30, 1, "x" * 32_767))
    yield Hostile("xls-long-text.xls", text, COUNTS)

    def long_rows(book: Any) -> None:
        for row in range(300, 9_000):
            _sheet(book, "BIEN_DONG").write(row, 1, row)

    yield Hostile("xls-8700-rows.xls", xls(long_rows), COUNTS)
    error = xls(lambda b: _sheet(b, "NHAN_SU").row(10).set_cell_error(2, 0x17))
    yield Hostile("xls-error.xls", error, f"{COUNTS} V-15.error")
    merged = xls(lambda b: _sheet(b, "GIAI_TRINH").merge(300, 65_535, 0, 3))
    yield Hostile("xls-merged-all.xls", merged, COUNTS)


def _patched(at: int, new: bytes) -> bytes:
    content = bytearray(good())
    content[at : at + len(new)] = new
    return bytes(content)


#: Fields of the container's header: place, width.
_HEADER = {"version": (24, 4), "order": (28, 2), "sector": (30, 2), "mini-sector": (32, 2), "table-sectors": (44, 4),
           "directory": (48, 4), "cutoff": (56, 4), "mini-table": (60, 4), "mini-sectors": (64, 4), "extra": (68, 4),
           "extra-sectors": (72, 4), "first-table": (76, 4)}  # fmt: skip
#: Fields whose lies do not matter: what they say is not asked for, or is known from elsewhere.
_STILL_READ = {
    "cutoff": ("zero",),
    "extra": ("one", "ones"),
    "extra-sectors": ("one", "ones", "zero"),
    "mini-sectors": ("one", "ones", "zero"),
    "mini-table": ("ones", "zero"),
    "order": ("one", "ones", "zero"),
    "table-sectors": ("one", "ones", "zero"),
    "version": ("one", "ones", "zero"),
}


def _containers() -> Iterator[Hostile]:
    for name, (at, width) in _HEADER.items():
        for word, byte in (("zero", b"\0"), ("ones", b"\xff"), ("one", b"\1")):
            expected = COUNTS if word in _STILL_READ.get(name, ()) else _BROKEN
            yield Hostile(f"xls-header-{name}-{word}.xls", _patched(at, byte * width), expected)
    whole = good()
    for percent in (5, 25, 50, 75, 95):
        yield Hostile(f"xls-cut-{percent}.xls", whole[: len(whole) * percent // 100], _BROKEN)
    yield Hostile("xls-magic-only.xls", whole[:8], _BROKEN)
    yield Hostile("xls-header-only.xls", whole[:512], _BROKEN)
    yield Hostile("xls-raw-stream.xls", whole[512:], "V-11.unknown")
    yield Hostile("xls-tail.xls", whole + b"x" * 5000, COUNTS)


#: Records of the stream: number → word. The first of each is changed.
_RECORDS = {0x0809: "begin", 0x0042: "code-page", 0x0085: "sheet", 0x00FC: "strings", 0x0200: "extent",
            0x00FD: "cell", 0x0203: "number", 0x00E0: "format", 0x041E: "number-format", 0x0022: "date-system",
            0x0208: "row"}  # fmt: skip
#: Records that the reader can do without, or whose lie costs no cell of a sheet that is read.
_RECORDS_READ = {
    "cell": ("zeros",),
    "code-page": ("ones", "zeros"),
    "date-system": ("zeros",),
    "extent": ("ones", "zeros"),
    "format": ("ones", "zeros"),
    "number-format": ("zeros",),
    "row": ("ones", "zeros"),
}


def _records() -> Iterator[Hostile]:
    content = good()
    at, end = 512, len(content)
    seen: set[int] = set()
    while at + 4 <= end and len(seen) < len(_RECORDS):
        kind, size = struct.unpack_from("<HH", content, at)
        if kind in _RECORDS and kind not in seen:
            seen.add(kind)
            changes = {
                "ones": (at + 4, b"\xff" * size),
                "zeros": (at + 4, b"\0" * size),
                "longer": (at + 2, b"\xff\xff"),
                "shorter": (at + 2, b"\0\0"),
            }
            for word, (place, new) in changes.items():
                name = _RECORDS[kind]
                expected = COUNTS if word in _RECORDS_READ.get(name, ()) else _BROKEN
                yield Hostile(f"xls-record-{name}-{word}.xls", _patched(place, new), expected)
        at += 4 + size


def _at_random() -> Iterator[Hostile]:
    """Thirty files with some bytes changed; the seed is the number."""
    for number in range(30):
        chance = random.Random(number)
        content = bytearray(good())
        for _ in range(chance.randrange(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        yield Hostile(f"xls-random-{number:02}.xls", bytes(content), "any")


def _old() -> Iterator[Hostile]:
    yield Hostile("xls-excel-2.xls", b"\x09\0\x04\0\x02\0\x10\0" + b"\0" * 200, _BROKEN)
    yield Hostile("xls-excel-4.xls", b"\x09\x04\x06\0\0\0\x10\0\0\0" + b"\0" * 200, _BROKEN)


def _binary() -> Iterator[Hostile]:
    """Minimal .xlsb packages: the kind is told by the part, and no reader opens it."""
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    start, end = b"\x83\x01\x00", b"\x84\x01\x00"  # BrtBeginBook, BrtEndBook
    for word, book in (
        ("good", start + end),
        ("empty", b""),
        ("endless-length", start + b"\x9c\x01\xff\xff\xff\x7f"),
        ("garbage", bytes(range(256)) * 8),
    ):
        told = [ZipEntry(b"[Content_Types].xml", types), ZipEntry(b"xl/workbook.bin", book)]
        yield Hostile(f"xlsb-{word}.xlsb", zipped(told), "V-11.xlsb")
        yield Hostile(f"xlsb-{word}-named-xlsx.xlsx", zipped(told[1:]), "V-11.xlsb")
    told = [ZipEntry(b"xl/workbook.bin", start + end), ZipEntry(b"xl/vbaProject.bin", b"x")]
    yield Hostile("xlsb-macro.xlsb", zipped(told), "V-11.xlsb")


def files() -> Iterator[Hostile]:
    """All of this module."""
    for family in (_written, _containers, _records, _at_random, _old, _binary):
        yield from family()
