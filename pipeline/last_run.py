"""What the run before this one found, read from its `phat-hien.csv` in the output folder.

The comparison must not change when the same inputs are run again: a run keeps the findings of the different run before
it in `phat-hien-truoc.csv`, and running once more compares with those again.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.outputs import RUN_RECORD

KEPT = "phat-hien-truoc.csv"
_NEEDED = ("khoa", "ma", "muc", "don_vi", "doi_tuong", "mo_ta")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of findings of an earlier run."""

    code: str
    severity: str
    unit: str
    subject: str
    what: str


@dataclass(frozen=True, slots=True)
class Before:
    """The findings of an earlier run by key, in their order; `content` is the file that says so."""

    lines: Mapping[str, Line]
    content: bytes


def findings_before(folder: Path, findings: str, run_id: str) -> Before | None:
    """Findings of the last run that was not this one; None where there was none, or its file cannot be read.

    Args:
        folder: the output folder.
        findings: name of the file of findings.
        run_id: of this run.
    """
    try:
        record = json.loads((folder / RUN_RECORD).read_text(encoding="utf-8"))
        same = record["run_id"] == run_id
        content = (folder / (KEPT if same else findings)).read_bytes()
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        if not set(_NEEDED) <= set(table.fieldnames or ()):
            return None
        lines: dict[str, Line] = {}
        for row in table:
            key, *rest = (row[name] or "" for name in _NEEDED)
            lines.setdefault(key, Line(*rest))
        return Before(lines, content)
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return None
