"""A series of the province with what the council is shown of it: names, ratings, why somebody was not eligible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.rotation.moved_merit import waiting_since
from pipeline.rotation.series import Bools, Floats, Prepared, Series

PERSONS, GRADE, UNITS = "person", "grade", "unit"
Texts = npt.NDArray[Any]  # of objects


@dataclass(frozen=True)
class Told:
    """One series and the tables beside it, all (T, n) in the order of the series."""

    series: Series
    kind: str  #: PERSONS (a title), GRADE (the top rating), UNITS (collectives of a block)
    unit: str  #: unit that must answer: the one that works on; "" for a block
    names: tuple[str, ...]
    rating: Texts  #: code, None where not recorded
    score: Floats
    initiatives: Floats
    reason: Texts  #: why not eligible (key of person_years.NOT_ABLE), "" where eligible or not there
    present_year: bool  #: whether the last year are this year's nominations
    considered: Bools  #: stood for it in the review and was not given it
    carried: Bools  #: (T,) years in the units that went into this one; they only tell who waits how long


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody clearly better who could have been chosen and was not: a pair as the facts of the test count them."""

    year: int
    winner: int  #: column of the series
    other: int
    winner_waited: int  #: years since the last title in the window, or since its beginning, or since arrival
    other_waited: int

    @property
    def by_turn(self) -> bool:
        """Whether the chosen one had waited longer."""
        return self.winner_waited > self.other_waited


def passed_over(prepared: Prepared) -> Iterator[Passed]:
    """Pairs of a winner and an eligible colleague whose recorded merit is clearly higher, year by year."""
    since = waiting_since(prepared)
    for t in np.flatnonzero(prepared.informative):
        others = np.flatnonzero(prepared.choice[t] & ~prepared.won[t] & prepared.known[t])
        for winner in np.flatnonzero(prepared.won[t] & prepared.known[t]):
            for other in others[prepared.merit[t, others] - prepared.merit[t, winner] > prepared.clear[t]]:
                pair = int(prepared.order[winner]), int(prepared.order[other])
                waited = int(t + 1 - since[t, winner]), int(t + 1 - since[t, other])
                yield Passed(prepared.source.years[t], *pair, *waited)


def dominates(told: Told, t: int, other: int, winner: int, rank: dict[str, int], least: float) -> bool:
    """Whether somebody is at least as good in rating, score and initiatives, all known, and better in one (R61).

    A score is better from more than `least` points on.
    """
    high, low = rank.get(told.rating[t, other], -1), rank.get(told.rating[t, winner], -1)
    gaps = [
        float(high - low) if high >= 0 and low >= 0 else float("nan"),
        float(told.score[t, other] - told.score[t, winner]),
        float(told.initiatives[t, other] - told.initiatives[t, winner]),
    ]
    better = gaps[0] > 0 or gaps[1] > least or gaps[2] > 0
    return better and all(gap >= 0 for gap in gaps)
