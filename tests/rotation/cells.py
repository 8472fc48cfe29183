"""Units of one size, each read alone by the default prior: how often honest ones are marked, rotating ones found."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.rotation.calibration import Reading
from pipeline.rotation.levels import CLEAR_ALONE, FALSE_SHARE, NOTHING, UNKNOWN, level
from pipeline.rotation.series import Bools, Floats, prepare
from tests.rotation.generator import HONEST, ODD, ROTATING, make
from tests.rotation.measures import Figure, auc, p_of, readings, share

ALL = HONEST + ODD + ROTATING
HEAD = (
    f"{'n,k,T':>8} {'units':>6} {'honest .01':>13} {'honest .05':>13} {'power .01':>13} {'power .05':>13} "
    f"{'AUC of p':>13} {'AUC of T':>13} {'honest grey':>13} {'ms a unit':>9}"
)


@dataclass(frozen=True)
class Cell:
    """Units of `n` posts, `k` places and so many years, and what was read of each."""

    n: int
    k: int
    years: int
    kinds: tuple[str, ...]
    informative: tuple[int, ...]  #: years with a choice
    found: tuple[Reading | None, ...]
    seconds: float

    @property
    def name(self) -> str:
        """n,k,T."""
        return f"{self.n},{self.k},{self.years}"

    def of(self, kinds: Sequence[str]) -> Bools:
        """Which units are of these kinds."""
        found: Bools = np.isin(self.kinds, kinds)
        return found

    def p(self, kinds: Sequence[str], name: str = "p_turn") -> Floats:
        """p-values of the units of these kinds; 1 where nothing could be tested."""
        return p_of(self.found, name)[self.of(kinds)]

    def marked(self, kinds: Sequence[str], limit: float, name: str = "p_turn") -> Figure:
        """Share with p up to the limit."""
        return share(self.p(kinds, name) <= limit)

    def area(self, kinds: Sequence[str] = ROTATING) -> Figure:
        """AUC of p against the honest mix."""
        return auc(self.p(kinds), self.p(HONEST))

    def area_of_evidence(self, kinds: Sequence[str] = ROTATING) -> Figure:
        """AUC of the statistic T itself, which knows no ties."""
        turn = np.array([np.inf if one is None else -one.turn for one in self.found])
        return auc(turn[self.of(kinds)], turn[self.of(HONEST)])

    def levels(self) -> list[str]:
        """Level of each unit were it alone: by its own p-value, without comparison."""
        return [
            UNKNOWN if r is None else level(r.p_turn, r.p_own, r.power, turn_marked=False, joint_marked=False)
            for r in self.found
        ]

    def grey(self) -> Figure:
        """Share of honest units of which there is too little to tell."""
        return share(np.array([one == UNKNOWN for one in self.levels()])[self.of(HONEST)])

    def clean_without_data(self) -> int:
        """Units called clean though fewer than three years had a choice."""
        return sum(one == NOTHING and years < 3 for one, years in zip(self.levels(), self.informative, strict=True))

    def clear(self, kind: str, cut: float) -> Bools:
        """(units of the kind,) whether a province whose cut this is would mark a unit as a clear sign."""
        found: Bools = (self.p([kind]) <= min(cut, CLEAR_ALONE)) & (self.p([kind], "p_own") <= FALSE_SHARE)
        return found

    def line(self) -> str:
        """One row under HEAD."""
        cells = (
            self.marked(HONEST, 0.01), self.marked(HONEST, 0.05), self.marked(ROTATING, 0.01),
            self.marked(ROTATING, 0.05), self.area(), self.area_of_evidence(), self.grey(),
        )  # fmt: skip
        figures = " ".join(f"{one!s:>13}" for one in cells)
        return f"{self.name:>8} {len(self.kinds):>6} {figures} {1e3 * self.seconds / len(self.kinds):>9.1f}"

    def lines_by_kind(self) -> list[str]:
        """One row a kind: T and J at .01 and .05, AUC against the honest mix."""
        compared = bool(self.of(HONEST).any())
        head = f"{self.name:>12} {'T .01':>13} {'T .05':>13} {'J .01':>13} {'J .05':>13}"
        head += f" {'AUC of T':>13}" if compared else ""
        rows = []
        for kind in dict.fromkeys(self.kinds):
            cells = [self.marked([kind], limit, p) for p in ("p_turn", "p_joint") for limit in (0.01, 0.05)]
            if compared and kind in ROTATING:
                cells.append(self.area_of_evidence([kind]))
            rows.append(f"{kind:>12} " + " ".join(f"{one!s:>13}" for one in cells))
        return [head, *rows]


def measure(n: int, k: int, years: int, kinds: Sequence[str], units: int, seed: int) -> Cell:
    """Draw and read so many units of each kind."""
    rng = np.random.default_rng([seed, n, k, years])
    of_each = [kind for kind in kinds for _ in range(units)]
    series = [make(kind, n, k, years, rng, f"u{number}") for number, kind in enumerate(of_each)]
    start = time.perf_counter()
    found = readings(series)
    seconds = time.perf_counter() - start
    informative = tuple(int(prepare(one).informative.sum()) for one in series)
    return Cell(n, k, years, tuple(of_each), informative, tuple(found), seconds)
