"""What the council wrote into an earlier workbook, by row key, on its way into the new one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.workbook.table import Cell, Columns, Field


@dataclass(frozen=True, slots=True)
class Held:
    """The council's cells of one row of an earlier workbook."""

    sheet: str  #: of the row's key
    key: str
    cells: Mapping[str, Any]  #: field → what stands there; blanks left out
    row: int  #: Excel row in the earlier workbook
    words: str  #: whom or what the row is about, as people read it
    facts: Mapping[str, Any] = field(default_factory=dict)  #: of the row, when the earlier workbook was written
    opinion: bool = True  #: whether people wrote there; false: only what the program had filled in


@dataclass
class Carried:
    """Rows of an earlier workbook in which the council wrote, and which of them found their place."""

    sha256: str = ""  #: of the earlier workbook; empty when there is none
    name: str = ""
    rows: dict[tuple[str, str], Held] = field(default_factory=dict)
    #: what was wrong in the earlier workbook: code, sheet, cell, words
    told: list[tuple[str, str, str, str]] = field(default_factory=list)
    #: appraised scores that people took away, by row key: what had stood there
    emptied: dict[str, str] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    #: rows that found their place, with the facts of the new one
    placed: list[tuple[Held, Mapping[str, Any]]] = field(default_factory=list)

    def of(self, sheet: str, key: str, name: str) -> Any:
        """What the council wrote into one cell; None where it wrote nothing."""
        held = self.rows.get((sheet, key))
        return held.cells.get(name) if held else None

    def into(
        self,
        sheet: str,
        fields: Sequence[Field],
        columns: Columns,
        keys: Sequence[str],
        facts: Sequence[Mapping[str, Any]] | None = None,
    ) -> Columns:
        """Return the columns with what was written before in the council's; what stood there gives way to it."""
        if not any((sheet, key) in self.rows for key in keys):
            return columns
        found = dict(columns)
        for item in fields:
            if not item.council:
                continue
            first = columns.get(item.key, [None] * len(keys))
            before = [self.of(sheet, key, item.key) for key in keys]
            found[item.key] = [_put(old, new) for old, new in zip(first, before, strict=True)]
        for number, key in enumerate(keys):
            if (sheet, key) in self.rows:
                self.used.add((sheet, key))
                self.placed.append((self.rows[sheet, key], facts[number] if facts else {}))
        return found

    def left(self) -> Iterator[Held]:
        """Rows in which people wrote and which have no place in the new workbook, in the order of the earlier one."""
        return (held for at, held in self.rows.items() if held.opinion and at not in self.used)


def _put(first: Any, written: Any) -> Any:
    locked = isinstance(first, Cell) and first.role and not first.role.startswith("council")
    if written is None or locked:
        return first
    return Cell(written, first.role) if isinstance(first, Cell) else written
