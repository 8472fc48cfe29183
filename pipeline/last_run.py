"""What the run before this one found and how it ranked units: its `phat-hien.csv`, `xep-hang.csv` in the output folder.

The comparison must not change when the same inputs are run again: a run keeps the findings of the different run before
it in `phat-hien-truoc.csv`, its ranks in `xep-hang-truoc.csv`, and running once more compares with those again.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.outputs import RUN_RECORD

KEPT, KEPT_RANKING = "phat-hien-truoc.csv", "xep-hang-truoc.csv"
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
class Standing:
    """Where a unit stood in an earlier run; numbers are None where it had none."""

    block: str
    rank: int | None
    total: float | None  #: points
    percent: float | None
    status: str  #: as `xep-hang.csv` names it
    reason: str


@dataclass(frozen=True, slots=True)
class Ranks:
    """The standings of an earlier run by unit; `content` is the file that says so."""

    units: Mapping[str, Standing]
    content: bytes


@dataclass(frozen=True, slots=True)
class Before:
    """The findings of an earlier run by key, in their order; `content` is the file that says so."""

    lines: Mapping[str, Line]
    content: bytes
    ranks: Ranks | None = None  #: None where its ranking cannot be read


def run_before(folder: Path, findings: str, ranking: str, run_id: str) -> Before | None:
    """The last run that was not this one; None where there was none, or its findings cannot be read.

    Args:
        folder: the output folder.
        findings: name of the file of findings.
        ranking: name of the file of ranks.
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
        return Before(lines, content, _ranks(folder / (KEPT_RANKING if same else ranking)))
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return None


def _ranks(path: Path) -> Ranks | None:
    """Lines of units of an earlier `xep-hang.csv`, which come before those of people and name no title."""
    try:
        content = path.read_bytes()
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        units = {row["doi_tuong"]: _standing(row) for row in table if not row["danh_hieu"]}
        return Ranks(units, content)
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return None


def _standing(row: Mapping[str, str]) -> Standing:
    rank, total, percent = (float(row[name]) if row[name] else None for name in ("hang", "tong_diem", "diem"))
    whole = None if rank is None else int(rank)
    return Standing(row["khoi"], whole, total, percent, row["trang_thai"], row["ly_do"])
