"""What the hostile files are made of: a good template, its parts, and a zip writer that lies where it is told to."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

from schemas.sheets import UNIT_TEMPLATE
from tests.desk import GOOD, book_bytes, province

COUNTS = "counts"
WORKBOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
RELATIONS, TYPES = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file; `expected` is `counts` with findings that must be there, or the refusal, as `V-14.ratio`."""

    name: str
    content: bytes
    expected: str


@cache
def template() -> bytes:
    """A filled template of unit P1 in which nothing is wrong."""
    identity = province().identity("P1", UNIT_TEMPLATE)
    return book_bytes(UNIT_TEMPLATE, province().lists, identity, GOOD)


@cache
def parts() -> Mapping[str, bytes]:
    """The parts of the template by name."""
    archive = zipfile.ZipFile(BytesIO(template()))
    return {name: archive.read(name) for name in archive.namelist()}


@cache
def sheet_part(sheet: str) -> str:
    """The part in which a sheet of the template is kept."""
    sheets = re.findall(rb'<sheet name="([^"]+)" sheetId="(\d+)"', parts()[WORKBOOK])
    number = next(n for n, (name, _) in enumerate(sheets, 1) if name.decode() == sheet)
    return f"xl/worksheets/sheet{number}.xml"


@dataclass(slots=True)
class Entry:
    """One entry of a zip. `local`, `central` replace fields of its two headers by name."""

    name: bytes
    data: bytes
    method: int = zipfile.ZIP_DEFLATED
    local: Mapping[str, int | bytes] = field(default_factory=dict)
    central: Mapping[str, int | bytes] = field(default_factory=dict)


#: Fields of the three records of a zip with their widths (APPNOTE 4.3), after the signature.
LOCAL = {"version": "H", "flags": "H", "method": "H", "time": "H", "date": "H", "crc": "I", "packed": "I", "size": "I",
         "name_length": "H", "extra_length": "H"}  # fmt: skip
CENTRAL = {"made_by": "H", "version": "H", "flags": "H", "method": "H", "time": "H", "date": "H", "crc": "I",
           "packed": "I", "size": "I", "name_length": "H", "extra_length": "H", "comment_length": "H", "disk": "H",
           "internal": "H", "external": "I", "offset": "I"}  # fmt: skip
END = {"disk": "H", "directory_disk": "H", "here": "H", "all": "H", "length": "I", "offset": "I", "comment": "H"}


def _record(signature: bytes, widths: Mapping[str, str], values: Mapping[str, int | bytes]) -> bytes:
    packed = [
        value if isinstance(value, bytes) else struct.pack("<" + width, value)
        for width, value in ((widths[name], values[name]) for name in widths)
    ]
    return signature + b"".join(packed)


def zipped(entries: list[Entry], end: Mapping[str, int] | None = None, tail: bytes = b"", head: bytes = b"") -> bytes:
    """Write a zip as told, lies included."""
    body, directory = bytearray(head), bytearray()
    for entry in entries:
        data = _deflated(entry.data) if entry.method == zipfile.ZIP_DEFLATED else entry.data
        true: dict[str, int | bytes] = {
            "made_by": 20, "version": 20, "flags": 0, "method": entry.method, "time": 0, "date": 0x21,
            "crc": zlib.crc32(entry.data), "packed": len(data), "size": len(entry.data),
            "name_length": len(entry.name), "extra_length": 0, "comment_length": 0, "disk": 0, "internal": 0,
            "external": 0, "offset": len(body),
        }  # fmt: skip
        directory += _record(b"PK\1\2", CENTRAL, true | dict(entry.central)) + entry.name
        body += _record(b"PK\3\4", LOCAL, true | dict(entry.local)) + entry.name + data
    told = {"disk": 0, "directory_disk": 0, "here": len(entries), "all": len(entries), "length": len(directory),
            "offset": len(body), "comment": 0}  # fmt: skip
    return bytes(body + directory + _record(b"PK\5\6", END, told | dict(end or {})) + tail)


def _deflated(data: bytes) -> bytes:
    return _kept(data) if len(data) < _MOST_KEPT else _deflate(data)


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(1 if len(data) < _MOST_KEPT else 6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


#: Bytes of a part up to which its deflated form is kept for the next file that has it too.
_MOST_KEPT = 100_000
_kept = cache(_deflate)

Change = bytes | Callable[[bytes], bytes] | None


def entries(changes: Mapping[str, Change] | None = None) -> list[Entry]:
    """The template's entries; a change is new content, a function of the old, or None to leave the part out."""
    changes = changes or {}
    found = []
    for name in dict.fromkeys([*parts(), *changes]):
        change = changes.get(name, parts().get(name))
        data = change(parts()[name]) if callable(change) else change
        if data is not None:
            found.append(Entry(name.encode(), data))
    return found


def changed(changes: Mapping[str, Change]) -> bytes:
    """The template with parts changed, added or left out."""
    return zipped(entries(changes))


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """A change that replaces the first occurrence, which must be there."""

    def change(data: bytes) -> bytes:
        assert old in data, old
        return data.replace(old, new, 1)

    return change


def with_cell(sheet: str, cell: str, inner: bytes) -> bytes:
    """The template with one cell written anew; `inner` follows `<c r="…" s="…"`, as ` t="s"><v>1</v></c>`."""
    pattern = re.compile(rb'(<c r="' + cell.encode() + rb'"(?: s="\d+")?)(?:[^>]*/>|[^>]*>.*?</c>)')

    def change(data: bytes) -> bytes:
        new, times = pattern.subn(lambda match: match[1] + inner, data, count=1)
        assert times, cell
        return new

    return changed({sheet_part(sheet): change})
