"""`python -m tests.rotation.study [--quick] [--units N] [--seed S]`: what the detector of turns finds and must find.

Draws units as the generator makes them, reads them as the product does, and prints: false alarms and power by size and
by kind, false discovery and recall in whole provinces, time, and whether each figure of the method's list (items 1 to
7) is reached. Every share has its Monte Carlo standard error. Single units are read by the default prior with up to
1,999 replicates; provinces are judged as they are. Ends with 1 when a figure is missed (not in a quick study, whose
errors are too large for a verdict).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.rotation import acceptance, cells, trials
from tests.rotation.cells import ALL, Cell, measure
from tests.rotation.generator import HONEST, ROTATING
from tests.rotation.trials import Trials

#: n, k, T → share of the units of each kind; the acceptance figures need the first ones whole.
SIZES = {
    (8, 1, 6): 1.0, (8, 2, 5): 1.0, (12, 3, 5): 0.5, (8, 1, 10): 0.4, (8, 1, 3): 0.25, (8, 1, 4): 0.12,
    (5, 1, 6): 0.12, (12, 2, 6): 0.12, (20, 3, 6): 0.1, (40, 6, 6): 0.1,
}  # fmt: skip
#: Units, share that rotates, runs, runs of the quick study.
PROVINCES = ((1_000, 0.05, 6, 1), (1_000, 0.0, 6, 1), (200, 0.05, 8, 2), (200, 0.0, 2, 1), (20, 0.05, 30, 5),
             (20, 0.0, 10, 2))  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much is drawn."""

    units: int  #: of each kind in the largest cells
    seed: int
    quick: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the study and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.rotation.study", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the units, few provinces: a look, no verdict")
    parser.add_argument("--units", type=int, default=200, help="units of each kind in the largest cells")
    parser.add_argument("--seed", type=int, default=2026)
    told = parser.parse_args(arguments)
    size = Size(max(4, told.units // 10) if told.quick else told.units, told.seed, told.quick)
    start = time.perf_counter()
    print(f"{size}; {os.cpu_count()} cores; figure ± Monte Carlo standard error", flush=True)
    measured = {cell.name: cell for cell in _cells(size)}
    provinces = list(_provinces(size))
    apart = [measure(8, 1, 10, ["chain"], size.units, size.seed), measure(12, 2, 10, ["chain"], size.units, size.seed)]
    _gaps(size)
    missed = _verdict(acceptance.items(measured, provinces[0], provinces[1], apart, size.seed))
    print(f"\n{time.perf_counter() - start:.0f} s in all")
    return int(missed and not size.quick)


def _cells(size: Size) -> Iterator[Cell]:
    """Measure and print each size; the kinds of those that acceptance looks at."""
    print(f"\nBy size: honest is the mix of {len(HONEST)} kinds, power the mean of {len(ROTATING)} rotations")
    print(cells.HEAD)
    found = []
    for (n, k, years), part in SIZES.items():
        kinds = ALL if part == 1 else HONEST + ROTATING
        found.append(measure(n, k, years, kinds, max(4, round(part * size.units)), size.seed))
        print(found[-1].line(), flush=True)
        yield found[-1]
    found.append(measure(8, 1, 8, ["strict", "dev20"], size.units, size.seed))
    yield found[-1]
    print("\nBy kind")
    for cell in (found[0], found[1], found[-1]):
        print("\n".join(cell.lines_by_kind()), flush=True)


def _provinces(size: Size) -> Iterator[Trials]:
    print("\nProvinces, marked by p_turn at a false discovery of .10")
    print(trials.HEAD)
    found = []
    for units, rotating, runs, few in PROVINCES:
        found.append(trials.run(units, rotating, few if size.quick else runs, size.seed))
        print(found[-1].line(), flush=True)
        yield found[-1]
    print("\n1,000 units, 5 % rotating: recall by titles given (rotating series, share marked)")
    print("\n".join(found[0].lines_by_titles()))
    print("\nThe same: levels of honest kinds")
    for kind in HONEST:
        print(f"{kind:>12}  {trials.shares_of_levels(found[0], [kind])}")


def _gaps(size: Size) -> None:
    print("\nA gap of one or two years that nobody told, a chained title with eligibility told")
    units = max(20, size.units // 2)
    for n, k, years in ((8, 1, 6), (12, 2, 6)):
        print("\n".join(measure(n, k, years, ["gap", "undeclared"], units, size.seed).lines_by_kind()))
    print("\n".join(measure(8, 1, 10, ["chain"], units, size.seed).lines_by_kind()[1:]), flush=True)


def _verdict(items: Sequence[acceptance.Item]) -> bool:
    print("\nFigures to reach")
    for item in items:
        print(item)
    return not all(item.reached for item in items)


if __name__ == "__main__":
    sys.exit(main())
