"""Bars on whole commands, run as a user runs them: a fresh process each time."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.table import Line

TDKT = [sys.executable, "-m", "pipeline.cli"]
HELP_BAR, PROVINCE_BAR, THOUSAND_BAR, MEMORY_BAR = 0.15, 4.0, 75.0, 1500.0  # seconds, seconds, seconds, MB
#: Replies of 1,000 units in 30 s on 2 cores are this many CPU seconds for 20.
REPLIES_BAR = 30.0 * 2 * 20 / 1000
#: Nothing is taken from an earlier run, and replies have a bar of their own.
_COLD = ("--no-cache", "--no-replies")
#: A line through the origin, with room for what does not grow: 1,000 units may cost this many times 100.
LINEAR = 11.0


#: pip compiles what it installs, so no user's run compiles our modules; a checkout in an environment that keeps no
#: bytecode would, each time (0.4 s). The warm-up of each line writes it to a place of its own.
_BYTECODE = tempfile.TemporaryDirectory(prefix="tdkt-bytecode-")
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPYCACHEPREFIX": _BYTECODE.name
}


def run(command: Sequence[str]) -> tuple[float, float, float]:
    """Run a command; returns (CPU seconds, wall seconds, peak MB) of it and its children."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - start, usage.ru_maxrss / 1024


def median(command: Sequence[str], runs: int) -> float:
    """Median CPU seconds after a warm-up."""
    run(command)
    return statistics.median(run(command)[0] for _ in range(runs))


def help_line() -> Line:
    """`tdkt --help` against an interpreter that only imports click."""
    ours, theirs = median([*TDKT, "--help"], 9), median([sys.executable, "-c", "import click"], 9)
    return Line("tdkt --help", ours, "s", "import click", theirs, f"<= {HELP_BAR} s", ours <= HELP_BAR)


def province_lines(place: Path, guard: tuple[float, float] | None = None) -> list[Line]:
    """A province of 20 units, cold, against only importing what it needs, and what its replies cost beside.

    `guard`: in place of the bars in seconds, how many times the baseline each may cost, on a machine of any speed.
    """
    folder = place / "twenty"
    run([*TDKT, "sample", "-o", str(folder), "--units", "20"])
    command = [*TDKT, "consolidate", str(folder), "-o", str(place / "out")]
    ours, whole = median([*command, *_COLD], 3), median([*command, _COLD[0]], 3)
    imports = "import pandas, pandera.pandas, python_calamine, xlsxwriter"
    theirs = median([sys.executable, "-c", imports], 3)
    bars = (PROVINCE_BAR, REPLIES_BAR) if guard is None else (guard[0] * theirs, guard[1] * ours)
    words = [f"<= {bar:g} s" for bar in bars] if guard is None else [f"<= {times:g} x" for times in guard]
    return [
        Line("20 units, whole run, cold", ours, "s", "importing its libraries", theirs, words[0], ours <= bars[0]),
        Line("replies of 20 units, beside", whole - ours, "s", "the run without", ours, words[1],
             whole - ours <= bars[1]),
    ]  # fmt: skip


def thousand_lines(place: Path) -> list[Line]:
    """1,000 units of 40 people and 8 years, whole run, against 100 of the same."""
    costs = {}
    for units in (100, 1000):
        folder = place / f"units-{units}"
        make = (
            "import sys; from pathlib import Path; from pipeline.sample import make_province;"
            "make_province(Path(sys.argv[1]), int(sys.argv[2]), staff=40)"
        )
        run([sys.executable, "-c", make, str(folder), str(units)])
        costs[units] = run([*TDKT, "consolidate", str(folder), "-o", str(place / f"out-{units}"), *_COLD])
    (few, _, _), (many, wall, memory) = costs[100], costs[1000]
    return [
        Line("1,000 units of 40, whole run", many, "s", "100 units", few, f"<= {THOUSAND_BAR:g} s wall, linear",
             wall <= THOUSAND_BAR and many <= LINEAR * few),
        Line("1,000 units, peak memory", memory, "MB", "100 units", costs[100][2], f"<= {MEMORY_BAR:g} MB",
             memory <= MEMORY_BAR),
    ]  # fmt: skip


__all__ = ["help_line", "province_lines", "thousand_lines"]
