"""Zips that lie: each field of each header, cut and doubled files, bombs, entries that overlap."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from tests.hostile.material import (
    CENTRAL,
    COUNTS,
    END,
    LOCAL,
    STRINGS,
    TYPES,
    WORKBOOK,
    Entry,
    Hostile,
    changed,
    entries,
    sheet_part,
    template,
    zipped,
)

_ONES = {"H": 0xFFFF, "I": 0xFFFFFFFF}
_BROKEN, _UNSAFE = "V-11.broken", "V-14.unsafe_path"
#: What a lying field leads to, by record, field and value. Not named here: the field is of no use to the reader, the
#: value is the true one, or the lie is found out and the truth known from elsewhere, and the file counts.
_LIES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("central", "comment_length"): {"one": _BROKEN, "ones": "V-11.unknown"},
    ("central", "crc"): {"one": _BROKEN, "ones": _BROKEN, "zero": _BROKEN},
    ("central", "extra_length"): {"one": _BROKEN, "ones": _BROKEN},
    ("central", "flags"): {"one": "V-12.workbook", "ones": "V-12.workbook"},
    ("central", "method"): {"one": _BROKEN, "ones": _BROKEN, "zero": _BROKEN},
    ("central", "name_length"): {"one": _BROKEN, "ones": _UNSAFE, "zero": _BROKEN},
    ("central", "offset"): {"one": _BROKEN, "ones": _BROKEN, "zero": _BROKEN},
    ("central", "packed"): {"one": _BROKEN, "ones": "V-14.overlap", "zero": _BROKEN},
    ("central", "size"): {"one": _BROKEN, "ones": "V-14.inflated", "zero": _BROKEN},
    ("central", "version"): {"ones": _BROKEN},
    ("end", "length"): {"one": _BROKEN, "ones": _BROKEN, "zero": "V-11.empty"},
    ("end", "offset"): {"one": _BROKEN, "ones": _BROKEN, "zero": _BROKEN},
    ("local", "extra_length"): {"one": _BROKEN, "ones": _BROKEN},
    ("local", "name_length"): {"one": _BROKEN, "ones": _BROKEN, "zero": _BROKEN},
}
_MILLION = 1_000_000


def _lies() -> Iterator[Hostile]:
    """One header field of the sheet's entry (or of the end record) at its two extremes."""
    target = sheet_part("NHAN_SU").encode()
    for record, widths in (("local", LOCAL), ("central", CENTRAL)):
        for name, width in widths.items():
            for word, value in (("zero", 0), ("ones", _ONES[width]), ("one", 1)):
                told = entries()
                for entry in told:
                    if entry.name == target:
                        setattr(entry, record, {name: value})
                yield _lie(record, name, word, zipped(told))
    for name, width in END.items():
        for word, value in (("zero", 0), ("ones", _ONES[width]), ("one", 1)):
            yield _lie("end", name, word, zipped(entries(), {name: value}))


def _lie(record: str, name: str, word: str, content: bytes) -> Hostile:
    return Hostile(f"zip-{record}-{name}-{word}.xlsx", content, _LIES.get((record, name), {}).get(word, COUNTS))


def _cut() -> Iterator[Hostile]:
    whole = template()
    for percent in (1, 10, 25, 50, 75, 90, 99):
        yield Hostile(f"zip-cut-{percent}.xlsx", whole[: len(whole) * percent // 100], _BROKEN)
    yield Hostile("zip-last-byte-lost.xlsx", whole[:-1], _BROKEN)
    yield Hostile("zip-first-byte-lost.xlsx", whole[1:], "V-11.unknown")
    yield Hostile("zip-middle-lost.xlsx", whole[:20_000] + whole[22_000:], _BROKEN)
    yield Hostile("zip-middle-zeroed.xlsx", whole[:20_000] + b"\0" * 2000 + whole[22_000:], _BROKEN)
    yield Hostile("zip-directory-only.xlsx", whole[whole.index(b"PK\1\2") :], "V-11.unknown")
    yield Hostile("zip-end-only.xlsx", whole[whole.rindex(b"PK\5\6") :], _BROKEN)
    yield Hostile("zip-twice.xlsx", whole + whole, COUNTS)
    yield Hostile("zip-tail.xlsx", whole + b"x" * 3000, COUNTS)
    yield Hostile("zip-comment-that-is-a-zip.xlsx", zipped(entries(), {"comment": len(whole)}, whole), COUNTS)
    yield Hostile("zip-line-ends-changed.xlsx", whole.replace(b"\n", b"\r\n"), _BROKEN)


def _methods() -> Iterator[Hostile]:
    for method, word in ((zipfile.ZIP_STORED, "stored"), (12, "bzip2"), (14, "lzma"), (93, "zstd"), (99, "aes")):
        told = entries()
        for entry in told:
            entry.method = method
        expected = COUNTS if method == zipfile.ZIP_STORED else _BROKEN
        yield Hostile(f"zip-method-{word}.xlsx", zipped(told), expected)
    told = entries()
    for entry in told:
        entry.central = {"flags": 1}
    yield Hostile("zip-entries-encrypted.xlsx", zipped(told), "V-12.workbook")


def _bombs() -> Iterator[Hostile]:
    for size, expected in ((120, "V-14.inflated"), (40, "V-14.ratio"), (14, _BROKEN)):
        bomb = b"<worksheet>" + b" " * (size * _MILLION)
        yield Hostile(f"bomb-sheet-{size}-mb.xlsx", changed({sheet_part("NHAN_SU"): bomb}), expected)
    strings = b"<sst>" + b"<si><t>x</t></si>" * (40 * _MILLION // 17) + b"</sst>"
    yield Hostile("bomb-strings.xlsx", changed({STRINGS: strings}), "V-14.ratio")
    yield Hostile("bomb-unused-part.xlsx", changed({"xl/media/image1.png": b"\0" * (120 * _MILLION)}), "V-14.inflated")
    many = {f"xl/media/{n}.xml": b"<x/>" for n in range(1200)}
    yield Hostile("bomb-many-parts.xlsx", changed(many), "V-14.too_many_parts")
    good = zipped(entries())
    yield Hostile("bomb-overlapped.xlsx", overlapped(good, b"\0" * (10 * _MILLION), 50), "V-14.inflated")
    yield Hostile("bomb-overlapped-small.xlsx", overlapped(good, noise(30_000), 10), "V-14.overlap")
    told = entries({sheet_part("NHAN_SU"): b"<worksheet>" + b" " * (40 * _MILLION)})
    for entry in told:
        if entry.name.decode() == sheet_part("NHAN_SU"):
            entry.central = {"size": 100}
    yield Hostile("bomb-stated-small.xlsx", zipped(told), _BROKEN)


def noise(size: int) -> bytes:
    """Bytes that do not grow smaller when they are packed, always the same."""
    return random.Random(size).randbytes(size)


def overlapped(good: bytes, data: bytes, times: int) -> bytes:
    """A zip with more directory entries, all of one piece of data, after Fifield's «A better zip bomb»."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush()
    count, length, offset = struct.unpack_from("<HII", good, good.rindex(b"PK\5\6") + 10)
    sizes = (zlib.crc32(data), len(packed), len(data))
    kernel = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0x21, *sizes, 1, 0) + b"k" + packed
    names = [b"xl/media/%d.bin" % number for number in range(times)]
    more = [
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0x21, *sizes, len(name), 0, 0, 0, 0, 0, offset) + name
        for name in names
    ]
    directory = good[offset : offset + length] + b"".join(more)
    place = offset + len(kernel)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count + times, count + times, len(directory), place, 0)
    return good[:offset] + kernel + directory + end


def _twins() -> Iterator[Hostile]:
    """Two parts of one name: two readers could each take another one."""
    other = Entry(WORKBOOK.encode(), b"<workbook/>")
    yield Hostile("twin-workbook-after.xlsx", zipped([*entries(), other]), _BROKEN)
    yield Hostile("twin-workbook-before.xlsx", zipped([other, *entries()]), _BROKEN)
    case = Entry(WORKBOOK.upper().encode(), b"<workbook/>")
    yield Hostile("twin-by-case.xlsx", zipped([*entries(), case]), _BROKEN)
    slash = Entry(WORKBOOK.replace("/", "\\").encode(), b"<workbook/>")
    yield Hostile("twin-by-backslash.xlsx", zipped([*entries(), slash]), _BROKEN)
    yield Hostile("twin-types.xlsx", zipped([*entries(), Entry(TYPES.encode(), b"<Types/>")]), _BROKEN)


def files() -> Iterator[Hostile]:
    """All of this module."""
    for family in (_lies, _cut, _methods, _bombs, _twins):
        yield from family()
