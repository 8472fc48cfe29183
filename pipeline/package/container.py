"""The OLE container in which old Office programs and Outlook keep their streams ([MS-CFB]).

Only what lies directly below the root is seen. xlrd has such a reader too, but a damaged sector table that
leads in a circle makes it run for ever (found by changing bytes at random); here each sector is used once.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_HEADER = 512
_ENTRY = 128  # bytes of a directory entry
_SHIFTS = (9, 12)  # sectors of 512 or 4,096 bytes
_MINI = 64  # bytes of a sector of a small stream
_IN_HEADER = 109  # places for the table's own sectors in the header, at byte 76
_LAST = 0xFFFFFFFA  # from here on a sector number is a mark such as «end»
_NOBODY = 0xFFFFFFFF
_ROOT = 5


class ContainerError(ValueError):
    """The container's tables contradict one another."""


@dataclass(frozen=True, slots=True)
class _Stream:
    start: int  #: first sector
    size: int  #: bytes


class Container:
    """The streams directly below the root, by name."""

    def __init__(self, content: bytes) -> None:
        """Read the tables and the directory.

        Raises:
            ContainerError: they make no sense; struct.error: the file ends too early.
        """
        self._content = content
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in _SHIFTS or 1 << mini_shift != _MINI:
            raise ContainerError("sector size")
        self._size = 1 << shift
        directory, self._cutoff, mini, extra = struct.unpack_from("<I4xII4xI", content, 48)
        self._table = self._sector_table(extra)
        entries = self._chain(directory)
        self._mini_table = _numbers(self._chain(mini)) if mini < _LAST else ()
        self._mini_stream = b""
        self.streams = self._below_root(entries)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size if self._size > _HEADER else _HEADER + number * self._size
        return self._content[start : start + self._size]

    def _sector_table(self, extra: int) -> tuple[int, ...]:
        places = list(struct.unpack_from(f"<{_IN_HEADER}I", self._content, 76))
        seen: set[int] = set()
        while extra < _LAST:
            if extra in seen:
                raise ContainerError("circle")
            seen.add(extra)
            *more, extra = _numbers(self._sector(extra)) or (_NOBODY,)
            places += more
        used = [place for place in places if place < _LAST]
        if len(set(used)) < len(used):
            raise ContainerError("a sector used twice")
        return _numbers(b"".join(self._sector(place) for place in used))

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _walk(start, self._table))

    def _below_root(self, entries: bytes) -> dict[str, _Stream]:
        """Walk the tree of names below the root entry, which is the first."""
        found: dict[str, _Stream] = {}
        if len(entries) < _ENTRY or entries[66] != _ROOT:
            raise ContainerError("no root")
        child, start, size = struct.unpack_from("<I36xII", entries, 76)
        if start < _LAST:
            self._mini_stream = self._chain(start)[:size]
        seen: set[int] = set()
        ahead = [child]
        while ahead:
            number = ahead.pop()
            if number == _NOBODY or number in seen:
                continue
            seen.add(number)
            at = number * _ENTRY
            length, left, right, start, size = struct.unpack_from("<H2xII40xII", entries, at + 64)
            name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            found[name] = _Stream(start, size)
            ahead += [left, right]
        return found

    def read(self, name: str) -> bytes:
        """Return a stream.

        Raises:
            ContainerError: its sectors lead in a circle or out of the file.
            KeyError: there is none of this name.
        """
        stream = self.streams[name]
        if stream.size >= self._cutoff:
            return self._chain(stream.start)[: stream.size]
        numbers = _walk(stream.start, self._mini_table)
        return b"".join(self._mini_stream[n * _MINI : (n + 1) * _MINI] for n in numbers)[: stream.size]


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _walk(start: int, table: tuple[int, ...]) -> list[int]:
    """Follow a chain of sectors from `start` to its end."""
    chain: list[int] = []
    seen: set[int] = set()
    while start < _LAST:
        if start in seen or start >= len(table):
            raise ContainerError("circle or out of the table")
        seen.add(start)
        chain.append(start)
        start = table[start]
    return chain
