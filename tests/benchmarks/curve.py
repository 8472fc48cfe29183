"""The cost curve: reading, parsing and validating 1 to 10,000 files by us and by others; what 100,000 units would cost.

Each figure is a process of its own, after its imports. What would take longer than `PATIENCE` is not run but
reckoned from the largest size that was (marked ~): none of the contenders gets cheaper a file with more of them.

Measured on 2 cores of a shared machine (other work went on), units of 40 people with 8 years; CPU ms a file:

    see README or run `python -m tests.benchmarks --curve`
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.sample import make_province
from tests.benchmarks.contenders import CONTENDERS, missing

SIZES, MOST = (1, 20, 100, 1_000), 10_000
#: Seconds that one figure may take.
PATIENCE = 90.0
COUNTRY, CORES = 100_000, 2


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds and MB of one contender at one size."""

    files: int
    wall: float
    own: float  #: CPU of the process itself
    workers: float  #: CPU of its workers
    peak: float  #: MB of the largest process
    reckoned: bool = False

    @property
    def cpu(self) -> float:
        """CPU of all its processes."""
        return self.own + self.workers

    def at(self, files: int) -> Cost:
        """Reckon a larger size."""
        times = files / self.files
        return Cost(files, self.wall * times, self.own * times, self.workers * times, self.peak, reckoned=True)


def measure(name: str, folder: Path, files: int) -> Cost:
    """Run a contender on the first files of a folder."""
    command = [sys.executable, "-m", "tests.benchmarks.contenders", name, str(folder), str(files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Cost(files, **json.loads(done.stdout.splitlines()[-1]))


def curve(place: Path, sizes: Sequence[int] = SIZES, patience: float = PATIENCE) -> dict[str, list[Cost]]:
    """Measure every contender that is installed at every size."""
    folder = place / "curve"
    make_province(folder, max(sizes), planted=False, staff=40)
    found: dict[str, list[Cost]] = {}
    for name in CONTENDERS:
        if missing(name):
            print(f"{name}: not installed (extra [bench])")
            continue
        costs: list[Cost] = []
        for files in sizes:
            next_one = costs[-1].at(files) if costs else None
            costs.append(next_one if next_one and next_one.wall > patience else measure(name, folder, files))
        found[name] = costs
    return found


def show_curve(found: dict[str, list[Cost]]) -> None:
    """Print the curve, and what a country would cost."""
    print("\nreading, parsing, validating: wall s / CPU s / MB of the largest process; ~ reckoned, not run")
    sizes = [cost.files for cost in next(iter(found.values()))]
    print("".ljust(32) + "".join(f"{size:,} files".ljust(26) for size in sizes) + "CPU ms a file, more")
    for name, costs in found.items():
        cells = [f"{'~' * cost.reckoned}{cost.wall:.2f} / {cost.cpu:.2f} / {cost.peak:.0f}".ljust(26) for cost in costs]
        print(name.ljust(32) + "".join(cells) + f"{1e3 * marginal(costs):.1f}")
    for line in estimate(found):
        print(line)


def marginal(costs: Sequence[Cost]) -> float:
    """CPU seconds of one more file, from the two largest sizes."""
    if len(costs) < 2:
        return costs[-1].cpu / costs[-1].files
    return (costs[-1].cpu - costs[-2].cpu) / (costs[-1].files - costs[-2].files)


def estimate(found: dict[str, list[Cost]]) -> list[str]:
    """What 100,000 units cost, from the parts measured at the largest size."""
    pool, kept = found["ours, 2 workers"][-1], found["ours, all kept"][-1]
    read, joined = COUNTRY * pool.workers / pool.files, COUNTRY * pool.own / pool.files
    again = COUNTRY * kept.cpu / kept.files
    lines = [
        f"\n{COUNTRY:,} units, reckoned: workers {read / 60:.0f} min of CPU, the process that joins them"
        f" {joined / 60:.0f} min; on {CORES} cores {(read + joined) / CORES / 60:.0f} min, on 16 cores"
        f" {max(joined, (read + joined) / 16) / 60:.0f} min (joining does not spread); all kept"
        f" {again / 60:.0f} min, so that with 1 % changed {(again + 0.01 * read) / 60:.0f} min."
    ]
    for name, costs in found.items():
        if not name.startswith("ours"):
            lines.append(f"  {name}: {COUNTRY * marginal(costs) / 3600:.1f} h of CPU")
    return lines
