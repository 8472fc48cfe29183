"""Everything that is not a workbook, or is two things at once, under the name of one."""

from __future__ import annotations

import codecs
import gzip
import zipfile
from collections.abc import Iterator
from io import BytesIO

import xlsxwriter

from tests.hostile.material import COUNTS, Entry, Hostile, template, zipped

_HTML = b"<html><head><meta charset=utf-8></head><body><table><tr><td>=1+1</td></tr></table></body></html>"
_CSV = "Họ và tên;Ngày sinh\n=1+1;01/01/1985\n".encode()


def _package(part: str) -> bytes:
    types = f'<Types><Override PartName="/{part}"/></Types>'.encode()
    return zipped([Entry(b"[Content_Types].xml", types), Entry(part.encode(), b"<x/>")])


def _tar() -> bytes:
    head = bytearray(512)
    head[:8], head[257:262] = b"P1.xlsx\0", b"ustar"
    return bytes(head) + b"\0" * 1024


def files() -> Iterator[Hostile]:
    """All of this module."""
    good = template()
    cases: dict[str, tuple[bytes, str]] = {
        "empty": (b"", "V-11.empty"),
        "blank": (b" \r\n\t ", "V-11.empty"),
        "mark-only": (codecs.BOM_UTF8, "V-11.empty"),
        "zeros": (b"\0" * 60_000, "V-11.broken"),
        "ones": (b"\xff" * 60_000, "V-11.text"),
        "one-byte": (b"x", "V-11.text"),
        "pk": (b"PK", "V-11.text"),
        "pk-and-nothing": (b"PK\3\4", "V-11.broken"),
        "html": (_HTML, "V-11.html"),
        "html-capitals": (_HTML.upper(), "V-11.html"),
        "html-utf16": (codecs.BOM_UTF16_LE + _HTML.decode().encode("utf-16-le"), "V-11.html"),
        "html-of-excel": (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n", "V-11.html"),
        "csv": (_CSV, "V-11.text"),
        "csv-utf16": (_CSV.decode().encode("utf-16"), "V-11.text"),
        "csv-windows-1258": ("Ho và tên;x".encode("cp1258", "replace"), "V-11.text"),
        "csv-of-one-line": (b"x;" * 3_000_000, "V-11.text"),
        "json": (b'{"a": 1}', "V-11.text"),
        "xml-of-excel-2003": (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "V-11.text"),
        "xml-laughs": (b'<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>', "V-11.text"),
        "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "V-11.text"),
        "rtf": (rb"{\rtf1 a}", "V-11.text"),
        "slk": (b"ID;PWXL;N;E\nC;Y1;X1;EEXEC(\"calc\")\nE\n", "V-11.text"),
        "dif": (b"TABLE\n0,1\n\"EXCEL\"\n", "V-11.text"),
        "iqy": (b"WEB\n1\nhttp://evil.example/\n", "V-11.text"),
        "batch": (b"@echo off\r\ncalc.exe\r\n", "V-11.text"),
        "shortcut": (b"[InternetShortcut]\r\nURL=http://evil.example/\r\n", "V-11.text"),
        "shortcut-windows": (b"L\0\0\0\1\x14\2\0" + b"\0" * 80, "V-11.unknown"),
        "program": (b"MZ\x90\0\3\0\0\0" + b"\0" * 900, "V-11.unknown"),
        "program-linux": (b"\x7fELF\2\1\1\0" + b"\0" * 900, "V-11.unknown"),
        "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "V-11.pdf"),
        "png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "V-11.image"),
        "jpeg": (b"\xff\xd8\xff\xe0" + b"\0" * 100, "V-11.image"),
        "gif": (b"GIF89a" + b"\0" * 100, "V-11.image"),
        "tiff": (b"II*\0" + b"\0" * 100, "V-11.image"),
        "bmp": (b"BM" + b"\0" * 100, "V-11.image"),
        "webp": (b"RIFF\x10\0\0\0WEBPVP8 ", "V-11.image"),
        "heic": (b"\0\0\0\x18ftypheic" + b"\0" * 100, "V-11.unknown"),
        "rar": (b"Rar!\x1a\7\0" + b"x" * 100, "V-11.archive"),
        "7z": (b"7z\xbc\xaf\x27\x1c" + b"x" * 100, "V-11.archive"),
        "gz": (gzip.compress(good, mtime=0), "V-11.archive"),
        "gz-bomb": (gzip.compress(b"\0" * 20_000_000, mtime=0), "V-11.archive"),
        "bz2": (b"BZh91AY&SY", "V-11.archive"),
        "xz": (b"\xfd7zXZ\0", "V-11.archive"),
        "cab": (b"MSCF\0\0\0\0", "V-11.archive"),
        "tar": (_tar(), "V-11.archive"),
        "word": (_package("word/document.xml"), "V-11.word"),
        "powerpoint": (_package("ppt/presentation.xml"), "V-11.unknown"),
        "epub": (zipped([Entry(b"mimetype", b"application/epub+zip", zipfile.ZIP_STORED)]), "V-11.unknown"),
        "jar": (zipped([Entry(b"META-INF/MANIFEST.MF", b"Main-Class: A")]), "V-11.text"),
        "mail": (b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\nx", "V-11.no_attachment"),
        "pdf-then-zip": (b"%PDF-1.7\n" + good, "V-11.pdf"),
        "zip-then-pdf": (good + b"%PDF-1.7\n", COUNTS),
        "picture-then-zip": (b"\x89PNG\r\n\x1a\n" + good, "V-11.image"),
        "html-then-zip": (_HTML + good, "V-11.unknown"),
        "program-then-zip": (b"MZ\x90\0" + b"\0" * 900 + good, "V-11.unknown"),
        "zip-then-html": (good + _HTML, COUNTS),
        "zip-then-program": (good + b"MZ\x90\0" + b"\0" * 900, COUNTS),
        "mark-then-zip": (codecs.BOM_UTF8 + good, "V-11.unknown"),
        "twice-in-base64": (codecs.encode(good, "base64"), "V-11.text"),
        "other-template": (_other(), "V-13.not_template"),
    }  # fmt: skip
    for name, (data, expected) in cases.items():
        yield Hostile(f"kind-{name}.xlsx", data, expected)
    for suffix in (".pdf", ".exe", ".xlsm", ".txt", "", ".XLSX", ".xlsx.xlsx", ".docx"):
        yield Hostile(f"kind-good-named{suffix or '-nothing'}", good, COUNTS)


def _other() -> bytes:
    """A workbook that is not the form."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("A").write(0, 0, "=1+1")
    return out.getvalue()
