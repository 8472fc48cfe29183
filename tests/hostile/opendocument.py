"""OpenDocument spreadsheets: the template as LibreOffice would save it, and what can be wrong with one."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from functools import cache
from xml.sax.saxutils import escape

from tests.hostile.compound import grids
from tests.hostile.material import COUNTS, Entry, Hostile, zipped

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_BROKEN, _DOCTYPE = "V-11.broken", "V-14.doctype"
_MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:spreadsheet>'
)
_TAIL = "</office:spreadsheet></office:body></office:document-content>"
_UTF16 = '<?xml version="1.0" encoding="UTF-16"?>'
_EMPTY_CELL = "<table:table-cell/>"


def _cell(value: object) -> str:
    if value == "":
        return _EMPTY_CELL
    if isinstance(value, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
    if isinstance(value, float):
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
    if isinstance(value, dt.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    text = escape(str(value)).replace("\n", "</text:p><text:p>")
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


@cache
def content() -> str:
    """The template's content.xml."""
    tables = []
    for grid in grids().grids:
        rows = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in grid.rows)
        tables.append(f'<table:table table:name="{grid.name}">{rows}</table:table>')
    return _HEAD + "".join(tables) + _TAIL


def ods(xml: str | bytes, manifest: bytes = _MANIFEST, mimetype: bytes = MIMETYPE, **more: bytes) -> bytes:
    """A package of this content; `more` are further parts, `__` standing for `/`."""
    data = xml.encode() if isinstance(xml, str) else xml
    entries = [Entry(b"mimetype", mimetype, zipfile.ZIP_STORED), Entry(b"content.xml", data)]
    entries.append(Entry(b"META-INF/manifest.xml", manifest))
    return zipped([*entries, *(Entry(name.replace("__", "/").encode(), part) for name, part in more.items())])


def _inside(text: str, sheet: str = "NHAN_SU") -> str:
    """Put something at the end of a sheet."""
    head, mark, tail = content().partition(f'table:name="{sheet}"')
    assert mark
    return head + mark + tail.replace("</table:table>", text + "</table:table>", 1)


_VALUE = '<table:table-cell office:value-type="float" office:value="1"{}/>'


def _row(cell: str, times: str = "1") -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cell}</table:table-row>'


def files() -> Iterator[Hostile]:
    """All of this module."""
    blank = _row(_EMPTY_CELL, "1048000")
    far, wide = _row(_VALUE.format(""), "1048576"), _VALUE.format(' table:number-columns-repeated="16384"')
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string"><text:p>#REF!</text:p></table:table-cell>'
    )
    link = '<text:p><text:a xlink:href="http://evil.example/">x</text:a></text:p>'
    linked = '<table:table table:name="X"><table:table-source xlink:href="file:///etc/passwd"/></table:table>'
    web = '<table:table-cell table:formula="of:=WEBSERVICE(&quot;http://evil.example&quot;)"/>'
    dde = (
        '<table:dde-links><table:dde-link><office:dde-source office:dde-application="soffice" '
        'office:dde-topic="/etc/passwd"/></table:dde-link></table:dde-links>'
    )
    laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    protected = _MANIFEST.replace(b"/>", b"><manifest:encryption-data/></manifest:manifest>")
    cases: dict[str, tuple[bytes, str]] = {
        "good": (ods(content()), COUNTS),
        "blank-to-the-end": (ods(_inside(blank)), COUNTS),
        "far": (ods(_inside(far)), "V-14.stray_cell"),
        "wide": (ods(_inside(_row(wide, "300"))), "V-14.stray_cell"),
        "repeated-20-digits": (ods(_inside(_row(_VALUE.format(""), "9" * 20))), _BROKEN),
        "repeated-negative": (ods(_inside(_row(_VALUE.format(""), "-5"))), _BROKEN),
        "repeated-text": (ods(_inside(_row(_VALUE.format(""), "nhiều"))), _BROKEN),
        "rows-9000": (ods(_inside(_row(_VALUE.format(""), "9000"))), COUNTS),
        "rows-90000": (ods(_inside(_row(_VALUE.format(""), "90000"))), "V-14.too_many_rows"),
        "long-text-repeated": (
            ods(_inside(_row(f'<table:table-cell office:value-type="string"><text:p>{"x" * 90_000}</text:p>'
                             "</table:table-cell>", "9000"))), "V-14.repeated_text"),
        "spanned": (ods(_inside(_row(_VALUE.format(' table:number-rows-spanned="1000000"')))), COUNTS),
        "error": (ods(_inside(_row(error))), COUNTS),
        "link": (ods(_inside(_row(f"<table:table-cell>{link}</table:table-cell>"))), COUNTS),
        "sheet-from-outside": (ods(content().replace(_TAIL, linked + _TAIL)), f"{COUNTS} V-14.external"),
        "formula-web": (ods(_inside(_row(web))), COUNTS),
        "dde": (ods(content().replace(_TAIL, dde + _TAIL)), f"{COUNTS} V-14.external"),
        "table-in-table": (ods(_inside(_row("<table:table-cell>" + "<table:table>" * 500 + "</table:table>" * 500
                                            + "</table:table-cell>"))), COUNTS),
        "deep": (ods(_inside(_row("<table:table-cell>" + "<text:p>" * 100_000 + "</text:p>" * 100_000
                                  + "</table:table-cell>"))), COUNTS),
        "doctype": (ods(laughs + content()), _DOCTYPE),
        "doctype-in-styles": (ods(content(), **{"styles.xml": b"<!DOCTYPE x><x/>"}), _DOCTYPE),
        "macro": (ods(content(), Basic__Standard__Module1=b"Sub Main", **{"Basic/script-lc.xml": b"<!DOCTYPE x><x/>"}),
                  f"{COUNTS} V-14.macro"),
        "script": (ods(content(), Scripts__python__a=b"import os"), f"{COUNTS} V-14.macro"),
        "object": (ods(content(), Object__1=b"x", ObjectReplacements__1=b"x"), COUNTS),
        "password": (ods(content(), protected), "V-12.workbook"),
        "manifest-missing": (ods(content(), b""), COUNTS),
        "content-empty": (ods(b""), _BROKEN),
        "content-cut": (ods(content()[:5000]), _BROKEN),
        "content-utf16": (ods((_UTF16 + content()).encode("utf-16")), _BROKEN),
        "no-sheet": (ods(_HEAD + _TAIL), _BROKEN),
        "text-document": (ods(content(), mimetype=b"application/vnd.oasis.opendocument.text"), "V-11.unknown"),
        "sheets-1000": (ods(content().replace(_TAIL, '<table:table table:name="X"/>' * 1000 + _TAIL)),
                        "V-14.too_many_sheets"),
        "sheet-twice": (ods(content().replace(_TAIL, '<table:table table:name="NHAN_SU"/>' + _TAIL)), COUNTS),
        "bomb": (ods(content().replace(_TAIL, "<!--" + " " * 40_000_000 + "-->" + _TAIL)), "V-14.ratio"),
        "flat-xml": (content().encode(), "V-11.html"),
    }  # fmt: skip
    for name, (data, expected) in cases.items():
        yield Hostile(f"ods-{name}.ods", data, expected)
    yield Hostile("ods-named-xlsx.xlsx", ods(content()), COUNTS)
