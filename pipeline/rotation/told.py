"""A series of the province with what the council is shown of it: names, ratings, why somebody was not eligible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.rotation.series import Bools, Floats, Series

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
    """Somebody clearly better who could have been chosen and was not."""

    year: int
    winner: int  #: column
    other: int
    winner_waited: int  #: years since the last title in the window (or its beginning)
    other_waited: int
    other_had_won: bool

    @property
    def by_turn(self) -> bool:
        """Whether the chosen one had waited longer and the better one had won before."""
        return self.other_had_won and self.winner_waited > self.other_waited


def passed_over(told: Told, rank: dict[str, int], least_points: float) -> Iterator[Passed]:
    """Pairs of a winner and an eligible colleague who was better on paper.

    Better is a higher rating, or an equal one with a score higher by more than `least_points`.

    Args:
        told: the series.
        rank: order of rating codes, the higher the better.
        least_points: points that make a difference.
    """
    series = told.series
    years, persons = series.won.shape
    last = np.zeros(persons, dtype=int)
    ever = np.zeros(persons, dtype=bool)
    for t in range(years):
        if t:
            fresh = series.present[t] & ~series.present[:t].any(axis=0)
            last[fresh] = t
        winners = np.flatnonzero(series.won[t])
        others = np.flatnonzero(series.eligible[t] & ~series.won[t])
        for winner in winners:
            for other in others:
                if _better(told, t, int(other), int(winner), rank, least_points):
                    waits = int(t + 1 - last[winner]), int(t + 1 - last[other])
                    yield Passed(series.years[t], int(winner), int(other), *waits, bool(ever[other]))
        last[winners] = t + 1
        ever[winners] = True


def _better(told: Told, t: int, other: int, winner: int, rank: dict[str, int], least: float) -> bool:
    high, low = rank.get(told.rating[t, other], -1), rank.get(told.rating[t, winner], -1)
    if high < 0 or low < 0:
        return False
    if high != low:
        return high > low
    return bool(told.score[t, other] - told.score[t, winner] > least)


def dominates(told: Told, t: int, other: int, winner: int, rank: dict[str, int]) -> bool:
    """Whether somebody is at least as good in rating, score and initiatives, all known, and better in one (R61)."""
    high, low = rank.get(told.rating[t, other], -1), rank.get(told.rating[t, winner], -1)
    gaps = [
        float(high - low) if high >= 0 and low >= 0 else float("nan"),
        float(told.score[t, other] - told.score[t, winner]),
        float(told.initiatives[t, other] - told.initiatives[t, winner]),
    ]
    return all(gap >= 0 for gap in gaps) and any(gap > 0 for gap in gaps)
