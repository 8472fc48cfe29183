"""One line a bar, and the table of them."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One bar: what was measured, against what, and whether the bar was reached."""

    what: str
    ours: float  #: seconds, or MB
    unit: str
    baseline: str
    theirs: float
    bar: str
    reached: bool

    @property
    def ratio(self) -> float:
        """Ours to theirs; where the bar asks how many times faster, theirs to ours."""
        return self.theirs / self.ours if self.bar.startswith(">=") else self.ours / self.theirs


def show(lines: Sequence[Line]) -> None:
    """Print the table."""
    print(f"Python {platform.python_version()}, {platform.machine()}; CPU time unless it says otherwise")
    rows = [("what", "ours", "baseline", "theirs", "ratio", "bar", "reached")]
    for line in lines:
        unit = line.unit
        rows.append(
            (line.what, f"{line.ours:.4g} {unit}", line.baseline, f"{line.theirs:.4g} {unit}",
             f"{line.ratio:.2f}", line.bar, "yes" if line.reached else "NO")
        )  # fmt: skip
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def paired(ours: Callable[[], object], theirs: Callable[[], object], runs: int = 5) -> tuple[float, float]:
    """Medians of two calls run in turn after one warm-up each; they meet the same state of the machine."""
    ours(), theirs()
    pairs = [(cpu(ours), cpu(theirs)) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)
