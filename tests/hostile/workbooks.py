"""Sheets: their names, whether they are seen, how many there are, how far they reach, what they say of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.hostile.material import (
    COUNTS,
    WORKBOOK,
    Change,
    Hostile,
    changed,
    sheet_part,
    swap,
)

_BROKEN = "V-11.broken"
_SHEET = sheet_part("NHAN_SU")
_STRAY = "V-14.stray_cell"

#: The sheet NHAN_SU by other names, as XML; it is known by the hidden stamp in it.
_NAMES = {
    "right-to-left": "\u202eUS_NAHN".encode(),
    "zero-width": "NHAN\u200b_SU".encode(),
    "isolates": "\u2066NHAN_SU\u2069".encode(),
    "control-by-number": b"NHAN&#9;SU",
    "line-end": b"NHAN&#10;SU",
    "markup": b"&lt;script&gt;alert(1)&lt;/script&gt;",
    "formula": b"=cmd|' /C calc'!A0",
    "quote": b"NHAN'SU",
    "path": b"../../../NHAN_SU",
    "brackets": b"[NHAN:SU]*?/",
    "very-long": b"N" * 4000,
    "emoji": "🏅".encode(),
    "lower": b"nhan_su",
    "combining": "NHA\u0302N_SU".encode(),
    "fullwidth": "ＮＨＡＮ＿ＳＵ".encode(),
    "blank": b"   ",
    "device": b"CON",
    "format": b"%s%n{0}{trang}",
}


def _names() -> Iterator[Hostile]:
    for word, name in _NAMES.items():
        change = swap(b'name="NHAN_SU"', b'name="' + name + b'"')
        yield Hostile(f"sheet-name-{word}.xlsx", changed({WORKBOOK: change}), COUNTS)
    empty = swap(b'name="NHAN_SU"', b'name=""')
    yield Hostile("sheet-name-empty.xlsx", changed({WORKBOOK: empty}), COUNTS)
    for word, other in (("same", b"NHAN_SU"), ("by-case", b"Nhan_Su"), ("of-the-form", b"DON_VI")):
        change = swap(b'name="BIEN_DONG"', b'name="' + other + b'"')
        yield Hostile(f"sheet-name-doubled-{word}.xlsx", changed({WORKBOOK: change}), COUNTS)
    alike = re.compile(rb'(<sheet name=")[A-Z_]+(")')
    yield Hostile("sheet-names-all-alike.xlsx", changed({WORKBOOK: lambda d: alike.sub(rb"\1A\2", d)}), COUNTS)


def _seen() -> Iterator[Hostile]:
    tag = b'<sheet name="NHAN_SU"'
    for state, expected in (
        (b"hidden", f"{COUNTS} V-17.hidden_sheet"),
        (b"veryHidden", f"{COUNTS} V-17.hidden_sheet"),
        (b"an", _BROKEN),
        (b"", _BROKEN),
    ):
        change = swap(tag, tag + b' state="' + state + b'"')
        yield Hostile(f"sheet-state-{state.decode() or 'empty'}.xlsx", changed({WORKBOOK: change}), expected)
    all_hidden = re.compile(rb"(<sheet name=)")
    hide = changed({WORKBOOK: lambda d: all_hidden.sub(rb'<sheet state="veryHidden" name=', d)})
    yield Hostile("sheet-state-all-hidden.xlsx", hide, _BROKEN)
    rows = re.compile(rb'<row r="(\d+)"')
    hidden_rows = changed({_SHEET: lambda d: rows.sub(rb'<row r="\1" hidden="1"', d)})
    yield Hostile("rows-all-hidden.xlsx", hidden_rows, f"{COUNTS} V-17.hidden_rows")
    columns = re.compile(rb"<col ")
    hidden_columns = changed({_SHEET: lambda d: columns.sub(b'<col hidden="1" ', d)})
    yield Hostile("columns-all-hidden.xlsx", hidden_columns, f"{COUNTS} V-17.hidden_columns")


def _many() -> Iterator[Hostile]:
    def more(count: int) -> Change:
        sheets = b"".join(b'<sheet name="X%d" sheetId="%d" r:id="rId3"/>' % (n, n + 50) for n in range(count))
        return swap(b"</sheets>", sheets + b"</sheets>")

    yield Hostile("sheets-none.xlsx", changed({WORKBOOK: lambda d: re.sub(rb"<sheet [^>]*/>", b"", d)}), _BROKEN)
    yield Hostile("sheets-50-of-one-part.xlsx", changed({WORKBOOK: more(50)}), COUNTS)
    yield Hostile("sheets-5000-of-one-part.xlsx", changed({WORKBOOK: more(5000)}), "V-14.too_many_sheets")
    names = b"".join(b'<definedName name="n%d">"x"</definedName>' % n for n in range(100_000))
    yield Hostile("names-100000.xlsx", changed({WORKBOOK: swap(b"<definedNames>", b"<definedNames>" + names)}), COUNTS)
    lies = {
        "unit": b'<definedName name="tdkt_ma_don_vi">"../../P2"</definedName>',
        "recursive": b'<definedName name="a">b</definedName><definedName name="b">a</definedName>',
        "auto-open": b'<definedName name="Auto_Open" function="1">Macro1!$A$1</definedName>',
        "huge": b'<definedName name="a">"' + b"x" * 2_000_000 + b'"</definedName>',
    }
    for word, text in lies.items():
        change = swap(b"<definedNames>", b"<definedNames>" + text)
        yield Hostile(f"names-{word}.xlsx", changed({WORKBOOK: change}), COUNTS)


def _far() -> Iterator[Hostile]:
    def cell(address: str, row: str) -> Change:
        text = f'<row r="{row}"><c r="{address}"><v>1</v></c></row></sheetData>'.encode()
        return swap(b"</sheetData>", text)

    for address in ("XFD1048576", "A1048576", "XFD1", "O1048576", "XFD100000", "ZZ5000"):
        row = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        expected = f"{COUNTS} V-16.above" if address == "XFD1" else _STRAY
        yield Hostile(f"far-{address}.xlsx", changed({_SHEET: cell(address, row)}), expected)
    yield Hostile("far-row-lies.xlsx", changed({_SHEET: cell("XFD1048576", "300")}), _STRAY)
    yield Hostile("far-beyond-excel.xlsx", changed({_SHEET: cell("ZZZ9999999", "9999999")}), _STRAY)
    yield Hostile("far-row-of-20-digits.xlsx", changed({_SHEET: cell("A" + "9" * 20, "9" * 20)}), _STRAY)
    yield Hostile("far-column-of-20-letters.xlsx", changed({_SHEET: cell("A" * 20 + "5", "300")}), _STRAY)
    yield Hostile("far-row-zero.xlsx", changed({_SHEET: cell("A0", "0")}), _BROKEN)
    yield Hostile("far-row-negative.xlsx", changed({_SHEET: cell("A-5", "-5")}), _BROKEN)
    yield Hostile("far-address-empty.xlsx", changed({_SHEET: cell("", "300")}), _BROKEN)
    yield Hostile("far-address-of-letters.xlsx", changed({_SHEET: cell("ABC", "300")}), _BROKEN)
    dense = "".join(f'<row r="{r}">' + "".join(f'<c r="{c}{r}"><v>1</v></c>' for c in "ABCDEFGHIJ") + "</row>"
                    for r in range(300, 30_300)).encode()  # fmt: skip
    grown = {_SHEET: swap(b"</sheetData>", dense + b"</sheetData>")}
    yield Hostile("dense-300000-cells.xlsx", changed(grown), "V-14.too_many_rows")
    blanks = b"".join(b'<row r="%d"/>' % n for n in range(300, 200_000))
    yield Hostile("rows-200000-empty.xlsx", changed({_SHEET: swap(b"</sheetData>", blanks + b"</sheetData>")}), COUNTS)
    shuffled = swap(b"<sheetData>", b'<sheetData><row r="99"><c r="B99"><v>1</v></c></row>')
    yield Hostile("rows-out-of-order.xlsx", changed({_SHEET: shuffled}), COUNTS)
    twice = swap(b'<row r="6"', b'<row r="5"')
    yield Hostile("rows-twice-one-number.xlsx", changed({_SHEET: twice}), COUNTS)


def _said_of_itself() -> Iterator[Hostile]:
    dimension = re.compile(rb'<dimension ref="[^"]*"/>')
    for word, text in (
        ("small", b"A1"),
        ("huge", b"A1:XFD1048576"),
        ("backwards", b"Z9:A1"),
        ("nonsense", b"khong"),
        ("beyond", b"A1:ZZZZ99999999"),
        ("negative", b"A-1:B-5"),
        ("empty", b""),
    ):
        change = changed({_SHEET: lambda d, t=text: dimension.sub(b'<dimension ref="' + t + b'"/>', d)})
        unread = word in ("nonsense", "negative", "empty")  # not the lie, but what is no address at all
        yield Hostile(f"dimension-{word}.xlsx", change, _BROKEN if unread else COUNTS)
    for word, area in (
        ("rows", b"A5:O7"),
        ("all", b"A1:XFD1048576"),
        ("backwards", b"O7:A5"),
        ("nonsense", b"khong"),
        ("beyond", b"A1:ZZZZ99999999"),
        ("one-cell", b"C5:C5"),
    ):
        merge = b'</sheetData><mergeCells count="1"><mergeCell ref="' + area + b'"/></mergeCells>'
        expected = _BROKEN if word == "nonsense" else COUNTS
        yield Hostile(f"merged-{word}.xlsx", changed({_SHEET: swap(b"</sheetData>", merge)}), expected)
    every = b"".join(b'<mergeCell ref="A%d:O%d"/>' % (n, n + 1) for n in range(5, 20_000, 2))
    merges = b"</sheetData><mergeCells>" + every + b"</mergeCells>"
    yield Hostile("merged-10000-times.xlsx", changed({_SHEET: swap(b"</sheetData>", merges)}), COUNTS)


def files() -> Iterator[Hostile]:
    """All of this module."""
    for family in (_names, _seen, _many, _far, _said_of_itself):
        yield from family()
