"""Inboxes for the tests of batches, and all that a reading says, put so that two can be compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.batches import Reading
from pipeline.intake import Received, TimeSource, collect
from pipeline.province import Province, load_province
from pipeline.sample import make_province
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import DEADLINE, GOOD, book_bytes, province

SAMPLE = Path(__file__).parents[3] / "input_samples"


def received(path: str, content: bytes) -> Received:
    sha = hashlib.sha256(content).hexdigest()
    return Received(path, content, sha, DEADLINE, DEADLINE, TimeSource.LOG, None)


@cache
def _filled() -> bytes:
    return book_bytes(UNIT_TEMPLATE, province().lists, province().identity("P1", UNIT_TEMPLATE), GOOD)


def files(names: Iterable[str]) -> list[Received]:
    """The same filled template under several names; each has bytes of its own."""
    return [received(name, _filled() + name.encode()) for name in names]


@cache
def sample() -> tuple[Province, tuple[Received, ...]]:
    return load_province(SAMPLE), collect(SAMPLE / "hop-thu").items


@cache
def larger() -> tuple[Province, tuple[Received, ...]]:
    """A made province of 64 units with planted errors, more than one process reads alone."""
    with TemporaryDirectory() as folder:
        make_province(Path(folder) / "tinh", 64, 1, staff=5)
        return load_province(Path(folder) / "tinh"), collect(Path(folder) / "tinh" / "hop-thu").items


def told(reading: Reading) -> dict[str, Any]:
    """Everything that a reading says, raw cells included."""
    book = reading.data.addresses
    return {
        "records": [o.record for o in reading.openings],
        "opened": [o.opened is not None for o in reading.openings],
        "findings": [o.findings for o in reading.openings],
        "frames": {
            code: (f.index.tolist(), f.dtypes.to_dict(), f.astype(object).where(f.notna(), None).to_dict("list"))
            for code, f in reading.data.frames.items()
        },
        "runs": book.runs,
        "places": {at: (p.sheet_name, p.located.fields, p.located.rows) for at, p in book.places.items()},
        "cells": {at: p.located.grid.rows for at, p in book.places.items()},
        "counts": reading.data.counts,
    }


def outcomes(reading: Reading) -> dict[str, Sequence[tuple[str, str]]]:
    """By path the findings about the file itself; [] for one that was read."""
    return {
        o.record.path: [] if o.opened else [(f.code, f.variant) for f in o.findings] for o in reading.openings
    }  # fmt: skip
