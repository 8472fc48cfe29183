"""Everybody alike ("cào bằng", "chia suất"): scores, votes and shares of titles that differ too little (V2, V3, LP-06).

All are descriptive: they order units for a look, and none is a signal by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.rotation.order import stream_of
from pipeline.rotation.series import Bools, Floats, Ints

REPLICATES = 1_999
#: Units with scores, and units with titles, that a comparison needs.
LEAST_UNITS, LEAST_SHARING = 30, 5
#: Largest size of each band of peers; the last band is open.
SIZE_BANDS = (5, 10, 20, 50)
#: Lead in votes from which piling counts.
CLEAR_LEAD = 0.5
#: The median deviation of the normal law in standard deviations; freedom from which the units' spreads are all alike.
_MAD, _MOST_FREEDOM = 1.4826, 10_000.0
_SAME = 1e-9
_DIGITS = 6  # of a score


@dataclass(frozen=True)
class Spread:
    """How much the scores of one unit differ.

    `p_value`: chance of so little, among units like the others; null with fewer than 30 units to compare, where most
    units have no spread at all, or without two scores in one year. `sd`: within years, in points; NaN likewise.
    `identical`: part of the scores that somebody else of the unit has in the same year; NaN without scores.
    """

    p_value: float | None
    sd: float
    identical: float


def level_scores(units: Sequence[Sequence[Floats]]) -> list[Spread]:
    """Compare the spread of scores within years over units that score on one and the same scale.

    Args:
        units: for each unit the scores of each year, in points, one a person; NaN: not scored.

    Returns:
        For each unit its spread. The p-value is the left tail of an F distribution: the units' own variances are taken
        to vary as an inverse chi-square, fitted by the median and the median deviation (Smyth's moderated variances).
        As scores are rounded, no spread at all counts as what the finest step between two scores can hide.
    """
    known = [[np.round(year[np.isfinite(year)], _DIGITS) for year in unit] for unit in units]
    freedom = np.array([sum(max(len(year) - 1, 0) for year in unit) for unit in known], dtype=np.float64)
    squares = np.array([sum(float(((year - year.mean()) ** 2).sum()) for year in unit if len(year)) for unit in known])
    steps = [float(step) for unit in known for year in unit for step in np.diff(np.unique(year))]
    hidden = min(steps, default=0.0) ** 2 / 12
    able = freedom > 0
    variance = np.maximum(squares[able] / freedom[able], hidden)
    chances: list[float | None] = [None] * len(known)
    if len(variance) >= LEAST_UNITS and float((variance > hidden).mean()) > 0.5:
        usual, steady = _usual(variance, freedom[able])
        for unit, own, free in zip(np.flatnonzero(able), variance, freedom[able], strict=True):
            chances[unit] = f_below(float(own) / usual, float(free), steady)
    sd = np.sqrt(squares / np.where(able, freedom, np.nan))
    return [Spread(p, float(s), _identical(unit)) for p, s, unit in zip(chances, sd, known, strict=True)]


def _identical(years: Sequence[Floats]) -> float:
    counts = [np.unique(year, return_counts=True)[1] for year in years if len(year)]
    shared = sum(int(count[count > 1].sum()) for count in counts)
    return shared / sum(int(count.sum()) for count in counts) if counts else float("nan")


def _usual(variance: Floats, freedom: Floats) -> tuple[float, float]:
    """Usual variance of a unit, and its freedom: the higher, the less units differ."""
    alike = np.log(variance) - _log_medians(freedom, _MOST_FREEDOM)
    deviation = _MAD * float(np.median(np.abs(alike - np.median(alike))))
    rest = deviation**2 - float(np.mean([trigamma(f / 2) for f in freedom.tolist()]))
    steady = min(2 * _trigamma_inverse(rest), _MOST_FREEDOM) if rest > 0 else _MOST_FREEDOM
    return math.exp(float(np.median(np.log(variance) - _log_medians(freedom, steady)))), steady


def votes_too_equal(votes_for: Ints, valid: Ints, replicates: int = REPLICATES) -> float:
    """Chance of votes spread as evenly over candidates or more so, if each ballot said yes to each at one rate.

    Args:
        votes_for: (c,) votes that each candidate of one meeting got.
        valid: (c,) ballots on which each candidate could be voted for.
        replicates: draws.

    Returns:
        Left-tail p, (1+b)/(1+B), given the total (multivariate hypergeometric); 1 where nothing can differ. It is
        cautious, as merit spreads votes.
    """
    return _too_even("votes", votes_for, valid, replicates)


def shares_too_equal(seats: Ints, eligible: Ints, replicates: int = REPLICATES) -> float | None:
    """Chance of titles spread as evenly over units or more so, if they were drawn from all the eligible (LP-06).

    Args:
        seats: (U,) titles that each unit got; at most as many as it has eligible persons.
        eligible: (U,) persons of each unit who could get one.
        replicates: draws.

    Returns:
        Left-tail p of the chi-square statistic, (1+b)/(1+B); null with fewer than five units that have somebody
        eligible, or where nobody or everybody has a title. A quota by law (a share of each unit) makes it small too.
    """
    able = eligible > 0
    if int(able.sum()) < LEAST_SHARING or not 0 < int(seats[able].sum()) < int(eligible[able].sum()):
        return None
    return _too_even("shares", seats[able], eligible[able], replicates)


def _too_even(purpose: str, given: Ints, places: Ints, replicates: int) -> float:
    """Left tail of the chi-square statistic of `given` out of `places` when as many are drawn from all places."""
    if (given < 0).any() or (given > places).any():
        raise ValueError(f"{given.tolist()} given out of {places.tolist()}")
    order = np.lexsort((given, places))
    given, places = given[order].astype(np.int64), places[order].astype(np.int64)
    total = int(given.sum())
    stream = stream_of(purpose, given, places)
    drawn = stream.multivariate_hypergeometric(places, total, size=replicates, method="marginals")
    # Of the chi-square statistic only this part varies: the sum of given² / places.
    weight = 1 / np.maximum(places, 1)
    found = float((given**2 * weight).sum())
    as_even = int(((drawn**2 * weight).sum(axis=1) <= found + _SAME * (1 + found)).sum())
    return (1 + as_even) / (1 + replicates)


def unanimity(counts: Sequence[float], sizes: Sequence[int]) -> list[float]:
    """Place of each unit among its peers by what was counted, here candidates whom all voted for over the years.

    Args:
        counts: one a unit (a count, or the index of `piling`).
        sizes: persons of each unit; peers are the other units of the same band (up to 5, 10, 20, 50, more).

    Returns:
        For each unit (1 + peers with at least as much) / (1 + peers); 1 without peers.
    """
    values, band = np.asarray(counts, dtype=np.float64), np.searchsorted(SIZE_BANDS, np.asarray(sizes))
    found = []
    for own, mine in zip(values, band, strict=True):
        peers = values[band == mine]  # the unit itself among them
        found.append(int((peers >= own - _SAME).sum()) / len(peers))
    return found


def piling(share: Floats, merit: Floats, won: Bools) -> float:
    """Votes piled on winners of lower merit (V3): an index to be compared by `unanimity`, without a test of its own.

    Args:
        share: (T, n) part of the valid ballots that each candidate got, 0 to 1; NaN: no vote or no such candidate.
        merit: (T, n) standardised within years; NaN: not recorded.
        won: (T, n) who got the title.

    Returns:
        Sum over winners and losers of one year of (lead in votes beyond one half) times (merit by which the loser is
        better), each where positive, in standard deviations.
    """
    lead = share[:, :, None] - share[:, None, :] - CLEAR_LEAD  # (T, winner, loser)
    better = merit[:, None, :] - merit[:, :, None]
    pairs = won[:, :, None] & ~won[:, None, :] & np.isfinite(lead) & np.isfinite(better)
    return float(np.where(pairs, np.maximum(lead, 0.0) * np.maximum(better, 0.0), 0.0).sum())


def f_below(value: float, freedom: float, other: float) -> float:
    """Chance that a variance ratio with so many degrees of freedom above and below is at most `value`."""
    from scipy.special import fdtr  # noqa: PLC0415 - a third of a second that only provinces of 30 units pay

    return float(fdtr(freedom, other, value))


def _log_medians(freedom: Floats, other: float) -> Floats:
    """(U,) logarithms of the medians of variance ratios."""
    from scipy.special import fdtri  # noqa: PLC0415

    found: Floats = np.log(fdtri(freedom, other, 0.5))
    return found


def trigamma(x: float) -> float:
    """Second derivative of the logarithm of the gamma function."""
    from scipy.special import polygamma  # noqa: PLC0415

    return float(polygamma(1, x))


def _trigamma_inverse(value: float) -> float:
    """Argument at which the trigamma function, which falls, has a positive value."""
    low, high = math.log(1e-8), math.log(1e8)
    while high - low > _SAME:
        middle = (low + high) / 2
        low, high = (middle, high) if trigamma(math.exp(middle)) > value else (low, middle)
    return math.exp(low)
