"""Write an Outlook mail (.msg, [MS-OXMSG]) in a compound file ([MS-CFB] version 3), as Outlook lays it out.

Small streams lie in the mini stream, large ones in sectors of 512 bytes; each storage's children form a tree of
names ordered as the format demands (length, then upper case), all nodes black. Property streams hold 16-byte
entries behind a header of 32, 24 or 8 bytes; strings are UTF-16, or 8-bit in a code page when asked.
"""

from __future__ import annotations

import datetime as dt
import struct
from dataclasses import dataclass, field
from typing import Any

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5
MESSAGE_CLASS, SUBJECT, HEADERS, SENDER, SENDER_SMTP, MESSAGE_ID = 0x001A, 0x0037, 0x007D, 0x0C1F, 0x5D01, 0x1035
SUBMITTED, DELIVERED, CODE_PAGE = 0x0039, 0x0E06, 0x3FFD
LONG_NAME, SHORT_NAME, DATA, METHOD, KIND, CONTENT_ID = 0x3707, 0x3704, 0x3701, 0x3705, 0x370E, 0x3712
EMBEDDED = "__substg1.0_3701000D"
Tree = dict[str, Any]  # name → bytes or another tree


@dataclass
class Attached:
    """One attachment: bytes, a whole mail, or neither (a link)."""

    name: str = ""
    content: bytes | None = None
    mail: Tree | None = None
    kind: str = ""
    content_id: str = ""
    method: int = 1


def _time(moment: dt.datetime) -> bytes:
    since = moment.astimezone(dt.UTC) - dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
    return struct.pack("<Q", (since.days * 86_400 + since.seconds) * 10_000_000)


def _properties(header: bytes, values: dict[int, Any], code_page: int = 0) -> Tree:
    tree: Tree = {}
    table = header
    if code_page:
        values = {CODE_PAGE: code_page, **values}
    for number, value in values.items():
        if isinstance(value, bool | int):
            table += struct.pack("<HHIII", 0x0003, number, 6, value, 0)
        elif isinstance(value, dt.datetime):
            table += struct.pack("<HHI", 0x0040, number, 6) + _time(value)
        else:
            kind, raw = 0x0102, value
            if isinstance(value, str):
                kind, raw = (
                    (0x001E, value.encode(f"cp{code_page}")) if code_page else (0x001F, value.encode("utf-16-le"))
                )
            tree[f"__substg1.0_{number:04X}{kind:04X}"] = raw
            table += struct.pack("<HHIII", kind, number, 6, len(raw) + (2 if kind == 0x001F else kind == 0x001E), 0)
    tree["__properties_version1.0"] = table
    return tree


def mail_tree(values: dict[int, Any], attached: list[Attached], code_page: int = 0, inner: bool = False) -> Tree:
    """The storages of one mail; `inner` for a mail attached to another."""
    counts = struct.pack("<8xIIII", 0, len(attached), 0, len(attached)) + (b"" if inner else bytes(8))
    tree = _properties(counts, {MESSAGE_CLASS: "IPM.Note", **values}, code_page)
    if not inner:
        tree["__nameid_version1.0"] = {f"__substg1.0_{n:04X}0102": b"" for n in (2, 3, 4)}
    for number, item in enumerate(attached):
        facts: dict[int, Any] = {METHOD: 5 if item.mail is not None else item.method, 0x0E21: number}
        facts |= {n: text for n, text in ((LONG_NAME, item.name), (KIND, item.kind)) if text}
        facts |= {CONTENT_ID: item.content_id} if item.content_id else {}
        facts |= {DATA: item.content} if item.content is not None else {}
        storage = _properties(bytes(8), facts, code_page)
        if item.mail is not None:
            storage[EMBEDDED] = item.mail
        tree[f"__attach_version1.0_#{number:08X}"] = storage
    return tree


@dataclass
class _Writer:
    entries: list[bytearray] = field(default_factory=list)
    small: bytearray = field(default_factory=bytearray)
    small_table: list[int] = field(default_factory=list)
    large: list[bytes] = field(default_factory=list)  # sectors
    table: list[int] = field(default_factory=list)

    def entry(self, name: str, kind: int) -> int:
        raw = name.encode("utf-16-le")
        node = bytearray(128)
        node[: len(raw)] = raw
        struct.pack_into("<HBBIII", node, 64, len(raw) + 2, kind, 1, NONE, NONE, NONE)
        struct.pack_into("<IQ", node, 116, END, 0)
        self.entries.append(node)
        return len(self.entries) - 1

    def store(self, data: bytes) -> int:
        """Put bytes into sectors of their own; returns the first."""
        first = len(self.large)
        count = -(-len(data) // SECTOR)
        for at in range(count):
            self.large.append(data[at * SECTOR : (at + 1) * SECTOR].ljust(SECTOR, b"\0"))
            self.table.append(first + at + 1 if at < count - 1 else END)
        return first if count else END

    def stream(self, number: int, data: bytes) -> None:
        if len(data) >= CUTOFF:
            start = self.store(data)
        elif data:
            start, count = len(self.small_table), -(-len(data) // MINI)
            self.small += data.ljust(count * MINI, b"\0")
            self.small_table += [start + at + 1 for at in range(count - 1)] + [END]
        else:
            start = END
        struct.pack_into("<IQ", self.entries[number], 116, start, len(data))

    def children(self, parent: int, tree: Tree) -> None:
        numbers = []
        for name in sorted(tree, key=lambda n: (len(n), n.upper())):
            value = tree[name]
            number = self.entry(name, STORAGE if isinstance(value, dict) else STREAM)
            numbers.append((number, value))
        struct.pack_into("<I", self.entries[parent], 76, self._balanced([n for n, _ in numbers]))
        for number, value in numbers:
            if isinstance(value, dict):
                self.children(number, value)
            else:
                self.stream(number, value)

    def _balanced(self, numbers: list[int]) -> int:
        if not numbers:
            return NONE
        middle = len(numbers) // 2
        left, right = self._balanced(numbers[:middle]), self._balanced(numbers[middle + 1 :])
        struct.pack_into("<II", self.entries[numbers[middle]], 68, left, right)
        return numbers[middle]


def compound_file(tree: Tree) -> bytes:
    """Write the storages as one file."""
    writer = _Writer()
    root = writer.entry("Root Entry", ROOT)
    writer.children(root, tree)
    start = writer.store(bytes(writer.small))
    struct.pack_into("<IQ", writer.entries[root], 116, start, len(writer.small))
    while len(writer.entries) % 4:
        writer.entries.append(bytearray(struct.pack("<64xHBBIII", 0, 0, 0, NONE, NONE, NONE).ljust(128, b"\0")))
    directory = writer.store(b"".join(writer.entries))
    numbers = struct.pack(f"<{len(writer.small_table)}I", *writer.small_table)
    numbers += struct.pack("<I", FREE) * (-len(writer.small_table) % (SECTOR // 4))
    mini = writer.store(numbers)
    sectors, per = len(writer.large), SECTOR // 4
    own = 1
    while own * per < sectors + own:
        own += 1
    assert own <= 109, "a test's mail is smaller than 7 MB"
    table = [*writer.table, *[FAT] * own]
    table += [FREE] * (own * per - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0")
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, own, directory, 0, CUTOFF,
                          mini, len(numbers) // SECTOR, END, 0, sectors)  # fmt: skip
    places = [sectors + n for n in range(1, own)] + [FREE] * (109 - own)
    header += struct.pack("<108I", *places)
    return header + b"".join(writer.large) + struct.pack(f"<{len(table)}I", *table)


def msg(values: dict[int, Any], attached: list[Attached], code_page: int = 0) -> bytes:
    """Write a .msg file."""
    return compound_file(mail_tree(values, attached, code_page))
