"""The bar on all checks: a province of 1,000 units of 40 people with 8 years of history."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from pathlib import Path

from pipeline import dataset
from pipeline.batches import read_all
from pipeline.checks import CHECKS, run_checks
from pipeline.evidence import Evidence
from pipeline.intake import collect
from pipeline.province import load_province
from pipeline.rulebook import open_rulebook
from pipeline.versions import choose
from tests.benchmarks.table import Line

BAR = 6.0  #: seconds on 2 cores
_MAKE = (
    "import sys; from pathlib import Path; from pipeline.sample import make_province;"
    "make_province(Path(sys.argv[1]), int(sys.argv[2]), planted=False, staff=40)"
)


def line(place: Path, units: int, bar: float = BAR) -> Line:
    """All checks, evidence included, against reading and validating the same files; `bar` in seconds."""
    folder = place / f"checks-{units}"
    subprocess.run([sys.executable, "-c", _MAKE, str(folder), str(units)], check=True)
    province, items = load_province(folder), collect(folder / "hop-thu").items
    gc.collect()
    gc.disable()  # as consolidate does while it reads
    start = time.perf_counter()
    reading = read_all(items, province)
    openings, data = reading.openings, reading.data
    findings = [f for o in openings for f in o.findings] + choose(openings)
    reading = time.perf_counter() - start
    gc.enable()
    whole = dataset.build(province, data, [o.record for o in openings], findings)
    rules = open_rulebook(province)
    # The test of turns has bars of its own (rotating.py).
    checks = [check for check in CHECKS if not check.code.startswith("LP-")]
    start = time.perf_counter()
    run_checks(Evidence(whole, rules), checks, workers=os.cpu_count() or 1)
    checking = time.perf_counter() - start
    return Line(
        f"{len(checks)} checks, {units:,} units", checking, "s", "reading and validating them", reading,
        f"<= {bar:g} s", checking <= bar,
    )  # fmt: skip


def slowest(folder: Path, most: int = 12) -> list[tuple[float, str]]:
    """Seconds of the slowest checks on a province folder, for whoever wants to know where the time goes."""
    province = load_province(folder)
    reading = read_all(collect(folder / "hop-thu").items, province)
    openings, data = reading.openings, reading.data
    findings = [f for o in openings for f in o.findings] + choose(openings)
    case = Evidence(dataset.build(province, data, [o.record for o in openings], findings), open_rulebook(province))
    times = []
    for check in CHECKS:
        start = time.perf_counter()
        check.run(case)
        times.append((time.perf_counter() - start, f"{check.code} {check.run.__name__}"))
    return sorted(times, reverse=True)[:most]
