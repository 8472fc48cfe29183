"""The figures that the method must reach, and whether it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from pipeline.rotation.judging import judge
from pipeline.rotation.levels import CLEAR
from pipeline.rotation.wording import explanation
from tests.rotation.cells import Cell
from tests.rotation.generator import HONEST, ROTATING, make
from tests.rotation.measures import Figure, share
from tests.rotation.trials import Trials

#: Honest ways of life that must never be a clear sign; each measured apart as well.
NEVER_CLEAR = ("star", "cycle", "discipline", "leavers", "streak", "gap", "chain")


@dataclass(frozen=True)
class Item:
    """One figure: item of the method's list, what it is, what was measured and what it should be."""

    number: int
    what: str
    measured: Figure
    bar: float
    at_least: bool

    @property
    def reached(self) -> bool:
        """Whether the measured value keeps the bar."""
        return self.measured.value >= self.bar if self.at_least else self.measured.value <= self.bar

    @property
    def within_error(self) -> bool:
        """Missed by less than two standard errors."""
        return not self.reached and abs(self.measured.value - self.bar) < 2 * self.measured.error

    def __str__(self) -> str:
        verdict = "yes" if self.reached else "NO (within 2 errors)" if self.within_error else "NO"
        bar = f"{'>=' if self.at_least else '<='} {self.bar:.4g}"
        return f"{self.number}  {self.what:<58} {self.measured!s:>14}  {bar:<9} {verdict}"


def items(cells: Mapping[str, Cell], five: Trials, none: Trials, apart: Iterable[Cell], seed: int) -> list[Item]:
    """All figures of items 1 to 7."""
    three = cells["8,1,3"]
    clean = sum(cell.clean_without_data() for cell in cells.values()) + five.clean_without_data()
    return [
        *(item for name in ("8,1,6", "8,2,5") for item in _false_positives(cells[name])),
        *_areas(cells),
        *_power(cells),
        Item(4, "1,000 units, 5 % rotating: mean FDP", five.false_share(), 0.13, False),
        Item(4, "the same: pooled recall", five.recall(), 0.54, True),
        Item(4, "1,000 units, none rotating: marked a province", none.marked(), 1 / 3, False),
        *_never_clear([cells["8,1,6"], cells["8,2,5"], *apart], five),
        Item(6, "gap undeclared, no repeats: the sheet asks for it", asks_for_the_gap(seed), 1.0, True),
        Item(7, "8,1,3: honest units of which there is too little", three.grey(), 0.40, True),
        Item(7, "called clean with fewer than three years of choice", Figure(float(clean)), 0.0, False),
    ]


def _false_positives(cell: Cell) -> list[Item]:
    kinds = [kind for kind in HONEST if kind != "noisy"]

    def worst(limit: float) -> Figure:
        return max((cell.marked([kind], limit) for kind in kinds), key=lambda figure: figure.value)

    return [
        Item(1, f"{cell.name}: honest mix at .01", cell.marked(HONEST, 0.01), 0.015, False),
        Item(1, f"{cell.name}: honest mix at .05", cell.marked(HONEST, 0.05), 0.055, False),
        Item(1, f"{cell.name}: worst honest kind but noisy at .01", worst(0.01), 0.04, False),
        Item(1, f"{cell.name}: worst honest kind but noisy at .05", worst(0.05), 0.09, False),
        Item(1, f"{cell.name}: noisy at .01", cell.marked(["noisy"], 0.01), 0.07, False),
        Item(1, f"{cell.name}: noisy at .05", cell.marked(["noisy"], 0.05), 0.16, False),
        Item(1, f"{cell.name}: lottery at .01", cell.marked(["lottery"], 0.01), 0.10, False),
        Item(1, f"{cell.name}: lottery at .05", cell.marked(["lottery"], 0.05), 0.22, False),
    ]


def _areas(cells: Mapping[str, Cell]) -> list[Item]:
    bars = {"8,1,6": 0.89, "8,2,5": 0.95, "12,3,5": 0.97, "8,1,10": 0.94}
    what = "AUC of p_turn, 11 rotations"
    return [Item(2, f"{name}: {what}", cells[name].area(), bar, True) for name, bar in bars.items()]


def _power(cells: Mapping[str, Cell]) -> list[Item]:
    bars = (
        ("8,1,8", "strict", 0.97), ("8,1,8", "dev20", 0.75), ("8,1,6", "strict", 0.78), ("8,2,5", "strict", 0.98),
        ("8,2,5", "dev20", 0.75), ("8,2,5", "clique", 0.50), ("8,2,5", "merit", 0.65),
    )  # fmt: skip
    found = [Item(3, f"{name}: {kind} at .01", cells[name].marked([kind], 0.01), bar, True) for name, kind, bar in bars]
    return [*found, Item(3, "12,3,5: mean of 11 rotations at .01", cells["12,3,5"].marked(ROTATING, 0.01), 0.76, True)]


def _never_clear(cells: Iterable[Cell], five: Trials) -> list[Item]:
    """Units of each kind as clear signs: by the cut of the provinces of 1,000, and inside those provinces."""
    told = list(cells)
    found = []
    for kind in NEVER_CLEAR:
        alone = share(np.concatenate([cell.clear(kind, five.cut()) for cell in told]))
        found.append(Item(5, f"{kind}: clear by the cut p <= {five.cut():.4f}", alone, 0.01, False))
        if kind in HONEST:
            found.append(Item(5, f"{kind}: clear inside the provinces", five.at(CLEAR, kind), 0.01, False))
    return found


def asks_for_the_gap(seed: int, units: int = 40) -> Figure:
    """Share of units without immediate repeats, and nothing told of a gap, whose text asks whether there is a rule."""
    rng = np.random.default_rng([seed, 6])
    series = [make("undeclared", 10, 1, 6, rng, f"u{number}") for number in range(units)]
    judged = [one for one in judge(series).of if one.reading is not None]
    said = ["có quy định nghỉ không" in explanation(one, "A", "CSTĐCS") for one in judged]
    told = judge([replace(one.series, gap=1) for one in judged[:10]]).of
    assert not any("có quy định nghỉ không" in explanation(one, "A", "CSTĐCS") for one in told)
    return share(said) if not all(said) else Figure(1.0)
