"""What the very hidden sheet of a workbook says of the run that wrote it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.refusals import CannotRun
from pipeline.workbook.keys import COUNCIL, LOCKED, MARK, SHEET


@dataclass(frozen=True, slots=True)
class Column:
    """One printed column of a table."""

    name: str  #: field
    heading: str
    kind: str  #: LOCKED, COUNCIL or FORMULA
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table in which the council writes."""

    sheet: str
    columns: tuple[Column, ...]

    @property
    def locked(self) -> list[Column]:
        """Columns that the program holds, in the order of the seals."""
        return [column for column in self.columns if column.kind == LOCKED]

    @property
    def council(self) -> list[Column]:
        """Columns that the council fills."""
        return [column for column in self.columns if column.kind == COUNCIL]


@dataclass(frozen=True, slots=True)
class Sealed:
    """One row as it was written."""

    table: Table
    key: str
    seals: Mapping[str, str]  #: heading → hash of the locked cell
    facts: Mapping[str, Any]
    first: Mapping[str, str]  #: field → what the council's cell held at first


@dataclass(frozen=True, slots=True)
class Technical:
    """The whole of it."""

    run: Mapping[str, Any]
    rows: Mapping[tuple[str, str], Sealed]  #: by sheet and key, in the order in which they were written


def read_technical(name: str, lines: Sequence[str]) -> Technical:
    """Read the lines of the technical sheet of the workbook `name`.

    Raises:
        CannotRun: it is not one of ours, is of another version, or was changed.
    """
    if not lines or lines[0] != MARK:
        raise CannotRun(
            f"{name} không còn trang ẩn {SHEET} do tdkt viết nên không nhận ra từng dòng. Chép các ý kiến sang bản "
            "tổng hợp gốc (tong-hop.xlsx) rồi chạy lại."
        )
    try:
        run = json.loads(lines[1])
        body = list(lines[2 : 2 + int(run["rows"])])
        digest = f"{zlib.crc32(chr(10).join(body).encode('utf-8', 'replace')):08x}"
        if digest != run["digest"]:
            raise ValueError
        return Technical(run, _rows(body))
    except (ValueError, KeyError, IndexError, TypeError):
        raise CannotRun(
            f"Trang ẩn {SHEET} của {name} đã bị sửa nên không dùng được. Chép các ý kiến sang bản tổng hợp gốc "
            "(tong-hop.xlsx) rồi chạy lại."
        ) from None


def _rows(body: Sequence[str]) -> dict[tuple[str, str], Sealed]:
    tables: list[Table] = []
    found: dict[tuple[str, str], Sealed] = {}
    for line in body:
        kind, *rest = json.loads(line)
        if kind == "T":
            sheet, columns = rest
            tables.append(Table(sheet, tuple(Column(n, h, k, tuple(c)) for n, h, k, c in columns)))
            continue
        number, key, seals, facts, first = rest
        table = tables[number]
        hashes = seals.split(" ") if table.locked else []
        held = {column.heading: mark for column, mark in zip(table.locked, hashes, strict=True)}
        found[table.sheet, key] = Sealed(table, key, held, facts or {}, first)
    return found
