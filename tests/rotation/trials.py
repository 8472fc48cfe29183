"""Whole provinces, judged together: false discoveries, recall, levels, cost."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.rotation.judging import judge
from pipeline.rotation.levels import CLEAR, FALSE_SHARE, LOOK, NOTHING, UNKNOWN
from pipeline.rotation.series import Bools, Ints
from tests.rotation.generator import HONEST
from tests.rotation.measures import Figure, mean, ratio, share
from tests.rotation.provinces import Province, province

#: Titles given in a series, from and to: what decides power.
BANDS = ((0, 6), (7, 8), (9, 12), (13, 18), (19, 30), (31, 200))
HEAD = (
    f"{'units':>6} {'rotating':>8} {'runs':>4} {'marked a run':>14} {'FDP':>13} {'honest':>13} {'recall':>13} "
    f"{'rot. DO':>13} {'rot. VANG':>13} {'hon. DO':>13} {'hon. VANG':>13} {'s a run':>7}"
)


@dataclass(frozen=True)
class Trial:
    """One province and how it was judged."""

    drawn: Province
    marked: Bools
    levels: tuple[str, ...]
    informative: tuple[int, ...]
    seconds: float

    @property
    def wrong(self) -> Bools:
        """Marked, though nobody takes turns there."""
        found: Bools = self.marked & ~self.drawn.rotating
        return found

    @property
    def titles(self) -> Ints:
        """Titles given in each series."""
        return np.array([int(one.won.sum()) for one in self.drawn.series])

    @property
    def cut(self) -> float:
        """p-value up to which a series is marked."""
        return FALSE_SHARE * int(self.marked.sum()) / len(self.levels)

    def are(self, level: str) -> Bools:
        """Which series stand on a level."""
        found: Bools = np.array(self.levels) == level
        return found


@dataclass(frozen=True)
class Trials:
    """Provinces of one size and share of rotating units."""

    units: int
    rotating: float
    of: tuple[Trial, ...]

    def marked(self) -> Figure:
        """Series marked in a province."""
        return mean([float(t.marked.sum()) for t in self.of])

    def false_share(self, *kinds: str) -> Figure:
        """Mean share of false alarms among what is marked (of some kinds); 0 where nothing is."""
        wrong = [float((t.wrong & (t.drawn.of(*kinds) if kinds else True)).sum()) for t in self.of]
        return mean([w / max(t.marked.sum(), 1) for w, t in zip(wrong, self.of, strict=True)])

    def recall(self, low: int = 0, high: int = 1000) -> Figure:
        """Pooled share of rotating series that are marked, of those with so many titles."""
        inside = [t.drawn.rotating & (t.titles >= low) & (t.titles <= high) for t in self.of]
        found = [float((t.marked & those).sum()) for t, those in zip(self.of, inside, strict=True)]
        return ratio(found, [float(those.sum()) for those in inside])

    def at(self, level: str, *kinds: str) -> Figure:
        """Share of the series of some kinds (without: of those that rotate) on a level, pooled."""
        which = [t.drawn.of(*kinds) if kinds else t.drawn.rotating for t in self.of]
        return share(np.concatenate([t.are(level)[those] for t, those in zip(self.of, which, strict=True)]))

    def cut(self) -> float:
        """Mean p-value up to which series are marked."""
        return float(np.mean([t.cut for t in self.of]))

    def clean_without_data(self) -> int:
        """Series called clean though fewer than three years had a choice."""
        return sum(int((t.are(NOTHING) & (np.array(t.informative) < 3)).sum()) for t in self.of)

    def line(self) -> str:
        """One row under HEAD."""
        cells = (
            self.false_share(), self.false_share(*HONEST), self.recall(), self.at(CLEAR), self.at(LOOK),
            self.at(CLEAR, *HONEST), self.at(LOOK, *HONEST),
        )  # fmt: skip
        figures = " ".join(f"{one!s:>13}" if np.isfinite(one.value) else f"{'-':>13}" for one in cells)
        seconds = np.mean([t.seconds for t in self.of])
        marked = self.marked()
        return (
            f"{self.units:>6} {self.rotating:>8.0%} {len(self.of):>4} {f'{marked.value:.2f} ±{marked.error:.2f}':>14} "
            f"{figures} {seconds:>7.1f}"
        )

    def lines_by_titles(self) -> list[str]:
        """Recall by the number of titles given, and how many of the rotating series have so many."""
        rows = []
        for low, high in BANDS:
            those = [t.drawn.rotating & (t.titles >= low) & (t.titles <= high) for t in self.of]
            rows.append(f"{low:>4} to {high:<4} {sum(int(one.sum()) for one in those):>5}   {self.recall(low, high)}")
        return rows


def run(units: int, rotating: float, runs: int, seed: int, workers: int = 2) -> Trials:
    """Draw and judge provinces; they estimate their own prior where they are large enough."""
    found = []
    for number in range(runs):
        drawn = province(np.random.default_rng([seed, units, round(1000 * rotating), number]), units, rotating)
        start = time.perf_counter()
        judged = judge(drawn.series, workers).of
        seconds = time.perf_counter() - start
        marked = np.array([one.turn_marked for one in judged], dtype=bool)
        informative = tuple(int(one.prepared.informative.sum()) for one in judged)
        found.append(Trial(drawn, marked, tuple(one.level for one in judged), informative, seconds))
    return Trials(units, rotating, tuple(found))


def shares_of_levels(trials: Trials, kinds: Sequence[str]) -> str:
    """Share of each level among some kinds."""
    return "  ".join(f"{level} {trials.at(level, *kinds)}" for level in (CLEAR, LOOK, NOTHING, UNKNOWN))
