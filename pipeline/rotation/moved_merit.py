"""Merit that moves to whoever's turn it is (R2), and how long everybody has been waiting.

An information line only, never a signal by itself: merit that truly recovers after a big year looks the same.
"""

from __future__ import annotations

import numpy as np

from pipeline.rotation.batch import batch_of
from pipeline.rotation.calibration import random_numbers
from pipeline.rotation.past import Past
from pipeline.rotation.series import LEAST_KNOWN, Bools, Floats, Ints, Prepared

REPLICATES = 1_999
#: Sums that differ by less are equal: what lies beyond is noise of the arithmetic.
_SAME = 1e-9
#: Years with recorded merit (the first, in which nobody waits yet, included) below which nothing is said.
LEAST_YEARS_WITH_MERIT = 4


def waiting_since(prepared: Prepared) -> Ints:
    """(T, n) year of the latest title before each year; years count from 1, 0 is the year before the series.

    A newcomer waits since the year before the first one here: behind everybody, with last year's winners. Where most
    of the eligible win, it is the year in which somebody was last left out.
    """
    batch = batch_of([prepared])
    years, persons = prepared.won.shape
    past = Past(batch, (1, 1, batch.shape[2]))
    found = np.zeros((years, persons), dtype=np.int64)
    won = np.zeros((1, 1, years, batch.shape[2]), dtype=bool)
    won[0, 0, :, :persons] = prepared.won
    for year in range(years):
        past.open(year)
        found[year] = past.last[0, 0, :persons]
        past.close(year, won[:, :, year])
    return found


def waiting_rank(since: Ints, among: Bools) -> Floats:
    """(n,) place in the queue of those `among` (n,), 0 the last winner, 1 who waits longest, equals in the middle.

    NaN for all others; 0 for somebody alone.
    """
    shorter = ((since[None, :] > since[:, None]) & among).sum(axis=1)
    equal = ((since[None, :] == since[:, None]) & among).sum(axis=1)
    place = (shorter + (equal - 1) / 2) / max(int(among.sum()) - 1, 1)
    return np.where(among, place, np.nan)


def moved_merit_p(prepared: Prepared, replicates: int = REPLICATES) -> float | None:
    """Chance of merit going as much with waiting, if merit fell within each year on anybody alike.

    The sum over the years from the second on, and over the eligible whose merit is known, of merit times place in the
    queue, both less their mean of the year; in the null, merit is permuted among these persons within each year. (Who
    is not eligible is left out: newcomers without the service that is asked for are both new and of low merit.)
    Lasting ability makes it cautious.

    Returns:
        One-sided p, (1+b)/(1+B); null with fewer than four years that have merit, or where all wait alike.
    """
    years = _years(prepared)
    if years is None:
        return None
    stream = random_numbers(prepared, "moved merit")
    found = sum(float((merit * rank).sum()) for merit, rank in years)
    drawn = np.zeros(replicates)
    for merit, rank in years:
        drawn += (stream.permuted(np.tile(merit, (replicates, 1)), axis=1) * rank).sum(axis=1)
    return (1 + int((drawn >= found - _SAME).sum())) / (1 + replicates)


def _years(prepared: Prepared) -> list[tuple[Floats, Floats]] | None:
    """Merit and place in the queue of each year in which both differ, centred, in an order that they decide."""
    since = waiting_since(prepared)
    found: list[tuple[Floats, Floats]] = []
    with_merit = 0
    for year, among in enumerate(prepared.known & prepared.eligible):
        if int(among.sum()) < LEAST_KNOWN:
            continue
        with_merit += 1
        merit, rank = prepared.merit[year, among], waiting_rank(since[year], among)[among]
        if year == 0 or not np.ptp(rank) or not np.ptp(merit):
            continue
        order = np.lexsort((merit, rank))
        found.append((merit[order] - merit[order].mean(), rank[order] - rank[order].mean()))
    return found if found and with_merit >= LEAST_YEARS_WITH_MERIT else None
