"""What can be counted in a history, to be printed beside what merit alone would lead one to expect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.rotation.batch import Batch
from pipeline.rotation.past import Levels, Past
from pipeline.rotation.series import Bools, Floats


@dataclass(frozen=True)
class Counts:
    """Counts of each history, (B, H).

    `front`: places that went to those who had waited longest, from the second year with a choice on, and `places`
    given in those years; `distinct` winners; `repeats`: who won the year before too; `unbroken`: 1 where nobody ever
    did; `lower`: pairs of a winner and an eligible colleague with clearly higher merit, and `lower_waiting`: those in
    which the winner had waited longer.
    """

    front: Floats
    places: Floats
    distinct: Floats
    repeats: Floats
    unbroken: Floats
    lower: Floats
    lower_waiting: Floats

    def of(self, series: int) -> dict[str, float]:
        """Means over the histories of one series."""
        return {name: float(getattr(self, name)[series].mean()) for name in self.__dataclass_fields__}


def counts(batch: Batch, won: Bools) -> Counts:
    """Count in histories `won` (B, H, T, n)."""
    b, h, years, n = won.shape
    past = Past(batch, (b, h, n))
    known = np.zeros(batch.shape, dtype=bool)
    for row, member in zip(known, batch.members, strict=True):
        row[:, : member.won.shape[1]] = member.known
    found = {name: np.zeros((b, h)) for name in ("front", "places", "repeats", "lower", "lower_waiting")}
    begun = np.zeros((b, h), dtype=bool)
    for year in range(years):
        past.open(year)
        mine = won[:, :, year]
        eligible = past.eligible(year, mine)
        seats = mine.sum(axis=2)
        live = (seats >= 1) & (eligible.sum(axis=2) > seats)
        levels = Levels(past.last, eligible, years)
        border = levels.border(seats)[0]
        first = (mine & (past.last <= border[..., None])).sum(axis=2)
        found["front"] += np.where(live & begun, first, 0)
        found["places"] += np.where(live & begun, seats, 0)
        found["repeats"] += (mine & past.last_winners).sum(axis=2)
        lower, waiting = _lower(batch, year, mine, eligible & ~mine, known[:, year], past)
        found["lower"] += np.where(live, lower, 0)
        found["lower_waiting"] += np.where(live, waiting, 0)
        begun |= live
        past.close(year, mine)
    found["unbroken"] = (found["repeats"] == 0).astype(np.float64)
    return Counts(distinct=won.any(axis=2).sum(axis=2).astype(np.float64), **found)


def _lower(batch: Batch, year: int, won: Bools, others: Bools, known: Bools, past: Past) -> tuple[Floats, Floats]:
    """Pairs in which the winner's recorded merit is clearly lower, and those in which he had waited longer."""
    merit = batch.merit[:, year]
    clear = np.array([member.clear[year] for member in batch.members])[:, None, None]
    better = (merit[:, None] - merit[:, :, None] > clear) & known[:, None] & known[:, :, None]  # (B, winner, other)
    lower = np.zeros(won.shape[:2])
    waiting = np.zeros(won.shape[:2])
    if not better.any():
        return lower, waiting
    for person in np.flatnonzero(won.any(axis=(0, 1))):
        passed = others & better[:, None, person]
        mine = won[:, :, person]
        lower += mine * passed.sum(axis=2)
        waiting += mine * (passed & (past.last > past.last[..., person, None])).sum(axis=2)
    return lower, waiting
