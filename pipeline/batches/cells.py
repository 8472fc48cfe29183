"""Raw cells put away as bytes and taken out again when somebody asks for them.

A sheet is written as compressed JSON, which holds no code and reads three times as fast as the workbook. What JSON
lacks (dates, times, formulas) is an object with one key.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
import weakref
import zlib
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from pipeline.package import SheetFacts
from pipeline.reading import Grid, Uncached

#: Bytes kept in memory before the rest goes to a file: some 1,500 ordinary units.
IN_MEMORY = 64_000_000
#: Sheets kept unpacked; findings come file by file, so few are asked for in turn.
UNPACKED = 64
#: Fastest compression: texts shrink to a quarter, and more effort gains little.
_LEVEL = 1
Rows = list[list[object]]


def packed_rows(rows: Rows) -> bytes:
    """Write the rows of a sheet; blank rows cost nothing."""
    width = len(rows[0]) if rows else 0
    full = [row if row.count("") < width else [] for row in rows]
    return zlib.compress(
        json.dumps([width, full], default=_tagged, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        ),
        _LEVEL,
    )


def unpacked_rows(content: bytes) -> Rows:
    """Return the rows that `packed_rows` wrote, each as wide as the sheet."""
    width, rows = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"), object_hook=_untagged)
    return [row or [""] * width for row in rows]


def _tagged(value: object) -> dict[str, Any]:
    if isinstance(value, dt.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    if isinstance(value, dt.time):
        return {"h": value.isoformat()}
    if isinstance(value, dt.timedelta):
        return {"s": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, Uncached):
        return {"f": value.formula}
    raise TypeError(f"a raw cell cannot be a {type(value).__name__}")


_MAKERS: dict[str, Callable[[Any], object]] = {
    "t": dt.datetime.fromisoformat,
    "d": dt.date.fromisoformat,
    "h": dt.time.fromisoformat,
    "s": lambda parts: dt.timedelta(*parts),
    "f": Uncached,
}


def _untagged(found: dict[str, Any]) -> object:
    ((tag, value),) = found.items()
    return _MAKERS[tag](value)


class CellStore:
    """Packed sheets of one run, in memory and from `IN_MEMORY` bytes on in a nameless file of its own."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        """Start empty."""
        self._left = in_memory
        self._held: list[bytes | tuple[int, int]] = []  #: bytes, or offset and length in the file
        self._file: int | None = None
        self._end = 0
        self._unpacked: OrderedDict[int, Rows] = OrderedDict()

    def put(self, content: bytes) -> int:
        """Put a packed sheet away; returns its number."""
        if self._left >= len(content):
            self._left -= len(content)
            self._held.append(content)
        else:
            self._held.append(self._spool(content))
        return len(self._held) - 1

    def rows(self, number: int) -> Rows:
        """Return the rows of a sheet; nobody may change them."""
        if number in self._unpacked:
            self._unpacked.move_to_end(number)
            return self._unpacked[number]
        rows = unpacked_rows(self.packed(number))
        self._unpacked[number] = rows
        if len(self._unpacked) > UNPACKED:
            self._unpacked.popitem(last=False)
        return rows

    def packed(self, number: int) -> bytes:
        """Return a sheet as it was put away."""
        held = self._held[number]
        if isinstance(held, bytes):
            return held
        assert self._file is not None
        offset, length = held
        if hasattr(os, "pread"):  # forked workers share the file's position, so it is not used
            return os.pread(self._file, length, offset)
        os.lseek(self._file, offset, os.SEEK_SET)
        return os.read(self._file, length)

    def _spool(self, content: bytes) -> tuple[int, int]:
        if self._file is None:
            file = tempfile.TemporaryFile(prefix="tdkt-", buffering=0)  # noqa: SIM115 - lives as long as this store
            weakref.finalize(self, file.close)
            self._file = file.fileno()
        os.lseek(self._file, self._end, os.SEEK_SET)
        os.write(self._file, content)
        place = (self._end, len(content))
        self._end += len(content)
        return place


class StoredGrid(Grid):
    """A sheet whose raw cells lie in a store; to whoever asks it is a `Grid` without facts of its package."""

    __slots__ = ("_number", "_store")

    def __init__(self, name: str, store: CellStore, number: int) -> None:
        """Take the worksheet's name and where its cells lie."""
        self.name, self.facts, self.merged = name, SheetFacts(name), ()
        self._store: CellStore | None = store
        self._number = number

    @property
    def rows(self) -> Rows:
        """Raw cells; [] once they were let go."""
        return self._store.rows(self._number) if self._store else []

    @rows.setter
    def rows(self, rows: Rows) -> None:
        if rows:
            raise ValueError("stored cells can only be let go")
        self._store = None

    def packed(self) -> bytes:
        """Return the cells as they were put away."""
        assert self._store is not None
        return self._store.packed(self._number)
