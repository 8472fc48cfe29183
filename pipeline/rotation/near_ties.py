"""Who wins where merit hardly decides (X1): an audit of the province, never of one unit.

After Kawai, Nakabayashi, Ortner and Chassang (2023), who compare close winners and losers: among nearly equal
colleagues who has waited longer should win half of the time, or less if lasting ability is not recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pipeline.rotation.moved_merit import waiting_since
from pipeline.rotation.order import stream_of
from pipeline.rotation.series import Floats, Prepared

#: Standard deviations of merit up to which two colleagues are nearly equal.
NEAR = 0.25
#: Resamples of the units, and the level of the interval.
RESAMPLES, LEVEL = 2_000, 0.95
#: With fewer units that have a pair, an interval would promise too much.
LEAST_UNITS = 10
_ROUNDING = 1e-9


@dataclass(frozen=True)
class NearTies:
    """What all near ties of a province say.

    `pairs`: years in which the lowest winner and the best who was left out were nearly equal in merit and had waited
    differently; `longer_won`: in how many who had waited longer won (not whole where several persons were equal in
    merit: then the share among them); `share` of the two, NaN without pairs; `low` to `high`: interval of 95 % over
    units, NaN with fewer than ten units that have a pair.
    """

    pairs: int
    longer_won: float
    share: float
    low: float
    high: float


def near_ties(members: Iterable[Prepared]) -> NearTies:
    """Audit all series of a province; the series of one unit are resampled together."""
    by_unit: dict[str, list[float]] = defaultdict(list)
    for member in members:
        by_unit[member.source.unit] += contests(member)
    # In an order that names do not decide, and with equal sums whatever the order of the series.
    units = np.array(sorted((len(c), round(sum(sorted(c)), 9)) for c in by_unit.values() if c)).reshape(-1, 2)
    pairs, longer = (float(total) for total in units.sum(axis=0))
    share = longer / pairs if pairs else float("nan")
    low, high = _interval(units)
    return NearTies(int(pairs), longer, share, low, high)


def contests(prepared: Prepared) -> list[float]:
    """For each near tie of a series whether who had waited longer won (1) or not (0).

    At most one a year; the mean where several persons are equal in merit. Persons without recorded merit, and those
    kept out by a declared gap, do not count. Where most of the eligible win, to win means to be left out.
    """
    since = waiting_since(prepared)
    found = []
    for year in np.flatnonzero(prepared.informative):
        merit = prepared.merit[year]
        winners = prepared.won[year] & prepared.known[year]
        others = prepared.choice[year] & ~prepared.won[year] & prepared.known[year]
        if not winners.any() or not others.any():
            continue
        lowest, highest = merit[winners].min(), merit[others].max()
        if abs(lowest - highest) > NEAR + _ROUNDING:
            continue
        winner, other = winners & (merit == lowest), others & (merit == highest)
        longer = (since[year, other][:, None] - since[year, winner]).ravel()
        if longer.any():
            found.append(float((longer[longer != 0] > 0).mean()))
    return found


def _interval(units: Floats) -> tuple[float, float]:
    """Interval of the share when units (U, 2: pairs, won by who waited longer) are drawn afresh."""
    if len(units) < LEAST_UNITS:
        return float("nan"), float("nan")
    stream = stream_of("near ties", units)
    shares = np.empty(RESAMPLES)
    for number in range(RESAMPLES):
        pairs, longer = units[stream.integers(len(units), size=len(units))].sum(axis=0)
        shares[number] = longer / pairs
    low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
