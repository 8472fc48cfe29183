"""Votes that follow the turn (V1): the tallies of secret ballots suffice, no voter is known."""

from __future__ import annotations

import numpy as np

from pipeline.rotation.calibration import random_numbers
from pipeline.rotation.moved_merit import waiting_rank, waiting_since
from pipeline.rotation.series import Floats, Ints, Prepared

REPLICATES = 1_999
#: Sums that differ by less are equal: what lies beyond is noise of the arithmetic.
_SAME = 1e-9
#: Candidates that a year needs, and all years together.
LEAST_CANDIDATES, LEAST_CANDIDATE_YEARS = 3, 8
_FLAT = 1e-9


def votes_follow_turn(share: Floats, prepared: Prepared, replicates: int = REPLICATES) -> float | None:
    """Chance of votes going as much with waiting, if beyond merit they fell on anybody alike.

    Args:
        share: (T, n) part of the valid ballots that each candidate got, 0 to 1; NaN where there was no vote or no such
            candidate. Rows and columns are those of `prepared.source`.
        prepared: the series. Who has no recorded merit counts as average.
        replicates: permutations.

    Returns:
        One-sided p, (1+b)/(1+B): the correlation of vote share (arcsine of the root) and place in the queue, both
        less their mean of the year and less what merit explains (one slope over all years); in the null the residuals
        of the votes are permuted within years (Freedman and Lane). Null with fewer than eight candidates over years of
        at least three, a year in which all have the same votes or the same waiting not being counted; or where merit
        explains all.
    """
    if share.shape != prepared.source.won.shape:
        raise ValueError(f"shares of votes are {share.shape}, the series is {prepared.source.won.shape}")
    votes, rank, merit, year = _candidates(share[:, prepared.order], prepared)
    if len(votes) < LEAST_CANDIDATE_YEARS:
        return None
    votes, rank = _beyond(votes, merit), _beyond(rank, merit)
    if float((votes**2).sum()) < _FLAT or float((rank**2).sum()) < _FLAT:
        return None
    stream = random_numbers(prepared, "votes")
    drawn = np.concatenate(
        [stream.permuted(np.tile(votes[year == y], (replicates, 1)), axis=1) for y in np.unique(year)], axis=1
    )
    # Residuals are sorted by year as `rank` and `merit` are.
    found, others = _correlation(votes[None], rank, merit)[0], _correlation(drawn, rank, merit)
    return (1 + int((others >= found - _SAME).sum())) / (1 + replicates)


def _candidates(share: Floats, prepared: Prepared) -> tuple[Floats, Floats, Floats, Ints]:
    """Votes, place in the queue and merit of all candidates of years that count, centred within years, and the year."""
    since = waiting_since(prepared)
    parts: list[tuple[Floats, Floats, Floats, Ints]] = []
    for year, row in enumerate(share):
        among = np.isfinite(row)
        if int(among.sum()) < LEAST_CANDIDATES:
            continue
        votes = np.arcsin(np.sqrt(np.clip(row[among], 0.0, 1.0)))
        rank, merit = waiting_rank(since[year], among)[among], prepared.merit[year, among]
        if prepared.complement:  # waiting is for being left out, which few votes bring about
            votes = -votes
        if np.ptp(votes) < _FLAT or np.ptp(rank) < _FLAT:
            continue
        order = np.lexsort((votes, merit, rank))  # in an order that names do not decide
        centred = [values[order] - values[order].mean() for values in (votes, rank, merit)]
        parts.append((centred[0], centred[1], centred[2], np.full(len(votes), year)))
    if not parts:
        return np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64)
    votes, rank, merit, years = (np.concatenate(column) for column in zip(*parts, strict=True))
    return votes, rank, merit, years


def _beyond(values: Floats, merit: Floats) -> Floats:
    """(…, N) values less what merit (N,) explains; both are centred within years."""
    spread = float((merit**2).sum())
    if spread < _FLAT:
        return values
    slope = (values * merit).sum(axis=-1, keepdims=True) / spread
    found: Floats = values - slope * merit
    return found


def _correlation(votes: Floats, rank: Floats, merit: Floats) -> Floats:
    """(B,) correlation of votes (B, N) with the place in the queue (N,), the latter already free of merit."""
    votes = _beyond(votes, merit)
    size = np.sqrt(np.maximum((votes**2).sum(axis=1) * (rank**2).sum(), _FLAT**2))
    found: Floats = (votes * rank).sum(axis=1) / size
    return found
