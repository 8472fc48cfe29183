"""Zips that hold files for the inbox: paths that lead out, names that deceive, nesting, bombs."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from tests.hostile.material import COUNTS, Entry, Hostile, template, zipped
from tests.hostile.zips import noise, overlapped

_UNSAFE = "V-14.unsafe_path"
_UTF8 = {"flags": 0x800}

#: Names of an entry that holds the good template.
_NAMES = {
    "up": ("../P1.xlsx", _UNSAFE),
    "up-inside": ("a/../../P1.xlsx", _UNSAFE),
    "up-windows": ("..\\..\\P1.xlsx", _UNSAFE),
    "root": ("/etc/P1.xlsx", _UNSAFE),
    "drive": ("C:/P1.xlsx", _UNSAFE),
    "share": ("//host/share/P1.xlsx", _UNSAFE),
    "device": ("CON", _UNSAFE),
    "device-with-suffix": ("nul.xlsx", _UNSAFE),
    "device-folder": ("aux/P1.xlsx", _UNSAFE),
    "device-port": ("LPT1.xlsx", _UNSAFE),
    "stream": ("P1.xlsx:an", _UNSAFE),
    "control": ("P1\x07.xlsx", _UNSAFE),
    "escape": ("\x1b[31mP1.xlsx", _UNSAFE),
    "line-end": ("P1\n.xlsx", _UNSAFE),
    "right-to-left": ("P1\u202excod.xlsx", _UNSAFE),
    "not-quite-a-device": ("console.xlsx", COUNTS),
    "dots": ("....xlsx", "ignored"),
    "dot-inside": ("./a/./P1.xlsx", COUNTS),
    "trailing-blank": ("P1.xlsx ", COUNTS),
    "zero-width": ("P\u200b1.xlsx", COUNTS),
    "formula": ("=cmd|calc.xlsx", COUNTS),
    "decomposed": ("Pho\u0300ng 1.xlsx", COUNTS),
    "emoji": ("🏅.xlsx", COUNTS),
    "very-long": ("a" * 60_000 + ".xlsx", COUNTS),
    "very-deep": ("a/" * 5_000 + "P1.xlsx", COUNTS),
    "no-suffix": ("P1", COUNTS),
    "wrong-suffix": ("P1.pdf", COUNTS),
    "blank": ("   ", COUNTS),
    "lock-file": ("~$P1.xlsx", "ignored"),
    "hidden": (".P1.xlsx", "ignored"),
}


def _one(name: str, data: bytes) -> bytes:
    return zipped([Entry(name.encode(), data, zipfile.ZIP_STORED, _UTF8, _UTF8)])


def _nested(depth: int) -> bytes:
    content = template()
    for level in range(depth):
        content = _one(f"{level}.xlsx" if not level else f"{level}.zip", content)
    return content


def files() -> Iterator[Hostile]:
    """All of this module."""
    for word, (name, expected) in _NAMES.items():
        yield Hostile(f"archive-{word}.zip", _one(name, template()), expected)
    for depth, expected in ((1, COUNTS), (2, COUNTS), (3, "V-14.nested"), (40, "V-14.nested")):
        yield Hostile(f"archive-nested-{depth}.zip", _nested(depth), expected)
    # Each level holds the one below ten times: what Russ Cox's zip of itself does to a scanner without an end.
    content = template()
    for level in range(5):
        entries = [Entry(b"%d-%d.zip" % (level, n), content, zipfile.ZIP_STORED) for n in range(3)]
        content = zipped(entries)
    yield Hostile("archive-nested-three-by-three.zip", content, "V-14.nested")
    million = b"\0" * 1_000_000
    many = [Entry(b"%d" % n, million) for n in range(600)]
    yield Hostile("archive-bomb-many.zip", zipped(many), "V-14.inflated")
    yield Hostile("archive-bomb-one.zip", zipped([Entry(b"a.xlsx", million * 40)]), "V-14.ratio")
    small = [Entry(b"%d" % n, b"x") for n in range(3000)]
    yield Hostile("archive-files-3000.zip", zipped(small), "V-14.too_many_files")
    lying = [Entry(b"a.xlsx", million * 40, central={"size": 10})]
    yield Hostile("archive-bomb-stated-small.zip", zipped(lying), "V-11.broken")
    one = Entry(b"a.xlsx", template())
    start = {"offset": 0}
    again = [one, *(Entry(b"%d.xlsx" % n, template(), central=start) for n in range(5))]
    yield Hostile("archive-offsets-lie.zip", zipped(again), f"{COUNTS} V-11.broken")
    yield Hostile("archive-overlapped.zip", overlapped(zipped([one]), noise(60_000), 10), "V-14.overlap")
    twins = [Entry(b"P1.xlsx", template()), Entry(b"P1.xlsx", template()), Entry(b"p1.XLSX", template())]
    yield Hostile("archive-one-name-thrice.zip", zipped(twins), COUNTS)
    locked = [Entry(b"P1.xlsx", template(), local={"flags": 1}, central={"flags": 1})]
    yield Hostile("archive-password.zip", zipped(locked), "V-12.archive")
    mixed = [*locked, Entry(b"P1-2.xlsx", template())]
    yield Hostile("archive-password-for-one.zip", zipped(mixed), f"{COUNTS} V-12.archive")
    yield Hostile("archive-method.zip", zipped([Entry(b"a.xlsx", template(), 99)]), "V-11.archive")
    yield Hostile("archive-empty.zip", zipped([]), "V-11.empty")
    yield Hostile("archive-folders-only.zip", zipped([Entry(b"a/", b""), Entry(b"a/b/", b"")]), "V-11.empty")
    yield Hostile("archive-named-xlsx.xlsx", _one("P1.xlsx", template()), COUNTS)
    yield Hostile("archive-cut.zip", _one("P1.xlsx", template())[:20_000], "V-11.broken")
    raw = [Entry("Phòng 1.xlsx".encode("cp1258", "replace"), template())]
    yield Hostile("archive-name-windows-1258.zip", zipped(raw), COUNTS)
    link = Entry(b"P1.xlsx", b"/etc/passwd", zipfile.ZIP_STORED, central={"made_by": 0x0314, "external": 0xA1FF0000})
    yield Hostile("archive-link.zip", zipped([link]), "V-11.text")
