"""What reading one file gave, as plain values that travel between processes and lie in the cache.

A packed transcript is one line of JSON with everything but the raw cells, then the raw cells of each sheet
(`pipeline/batches/cells.py`). It holds no code: a planted one can lie, not execute.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.batches.cells import CellStore, StoredGrid, packed_rows
from pipeline.findings import COLUMNS, Finding
from pipeline.reading import Grid
from pipeline.submissions import FileRecord, Outcome
from pipeline.validation import Counts

#: Fields of the record that reading decides; the others come from the intake.
_DECIDED = ("unit", "version", "issue_number", "reason", "trace")
_COUNTS = ("total", "accepted", "refused", "unread", "ignored")
_LEVEL = 1  #: the fastest compression
Values = list[Any]


@dataclass(slots=True)
class SheetTranscript:
    """One sheet of the template in one file."""

    grid: Grid
    fields: dict[str, int]  #: as in `Located`
    value_column: int
    rows: list[int]
    #: field → one value a row: text or NaN, float or NaN, microseconds since 1970 (numpy's NaT where there is none)
    columns: dict[str, Values]


@dataclass(slots=True)
class Transcript:
    """One file after reading. Row ids of findings count the rows of this file, sheet after sheet."""

    unit: str = ""
    version: str = ""
    issue_number: str = ""
    outcome: Outcome = Outcome.REFUSED
    reason: str = ""
    trace: str = ""
    seal: str = ""  #: as it stands in the file; only the desk, which has the secret, can judge it
    opened: bool = False
    counts: Counts = field(default_factory=Counts)
    findings: list[Finding] = field(default_factory=list)
    sheets: dict[str, SheetTranscript] = field(default_factory=dict)

    @classmethod
    def of(cls, record: FileRecord, findings: list[Finding], opened: bool) -> Transcript:
        """Begin with what the gates decided."""
        decided = {name: getattr(record, name) for name in _DECIDED}
        return cls(**decided, outcome=record.outcome, opened=opened, counts=record.counts, findings=findings)

    def enter(self, record: FileRecord) -> None:
        """Write what reading decided into the record of the file."""
        for name in _DECIDED:
            setattr(record, name, getattr(self, name))
        record.outcome, record.counts = self.outcome, self.counts

    @property
    def lasting(self) -> bool:
        """Whether reading the file again would give the same: not after a fault of ours."""
        return self.outcome is not Outcome.INTERNAL

    def pack(self) -> bytes:
        """Return everything as bytes."""
        cells = [sheet.grid.packed() if isinstance(sheet.grid, StoredGrid) else packed_rows(sheet.grid.rows)
                 for sheet in self.sheets.values()]  # fmt: skip
        told = {
            **{name: getattr(self, name) for name in (*_DECIDED, "seal", "opened")},
            "outcome": self.outcome.name,
            "counts": [getattr(self.counts, name) for name in _COUNTS],
            "findings": [[getattr(finding, name) for name in COLUMNS] for finding in self.findings],
            "sheets": {
                code: [sheet.grid.name, sheet.fields, sheet.value_column, sheet.rows, sheet.columns, len(packed)]
                for (code, sheet), packed in zip(self.sheets.items(), cells, strict=True)
            },
        }
        line = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        head = zlib.compress(line, _LEVEL)
        return b"".join([len(head).to_bytes(8, "big"), head, *cells])

    @classmethod
    def unpack(cls, content: bytes, store: CellStore) -> Transcript:
        """Return the transcript that `pack` wrote; its raw cells are put into the store as they are."""
        start = 8 + int.from_bytes(content[:8], "big")
        told = json.loads(zlib.decompress(content[8:start]).decode("utf-8", "surrogatepass"))
        transcript = cls(
            **{name: told[name] for name in (*_DECIDED, "seal", "opened")},
            outcome=Outcome[told["outcome"]],
            counts=Counts(*told["counts"]),
            findings=[Finding(**dict(zip(COLUMNS, values, strict=True))) for values in told["findings"]],
        )
        for code, (name, fields, value_column, rows, columns, length) in told["sheets"].items():
            grid = StoredGrid(name, store, store.put(content[start : start + length]))
            transcript.sheets[code] = SheetTranscript(grid, fields, value_column, rows, columns)
            start += length
        return transcript


def renumbered(findings: list[Finding], numbers: Mapping[int, int]) -> list[Finding]:
    """Return findings with other row ids."""
    return [f if f.row_id is None else f.at(row_id=numbers[f.row_id]) for f in findings]
