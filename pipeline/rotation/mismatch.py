"""Titles that do not follow recorded merit (M1). It says "not by merit" and nothing about turns."""

from __future__ import annotations

import numpy as np

from pipeline.rotation import simulation
from pipeline.rotation.batch import Batch, batch_of, observed
from pipeline.rotation.calibration import random_numbers
from pipeline.rotation.rules import BETAS
from pipeline.rotation.series import Bools, Floats, Prepared

REPLICATES = 1_999
#: Sums that differ by less are equal: what lies beyond is noise of the arithmetic.
_SAME = 1e-9
#: Histories held at once.
_CHUNK = 2_000


def shortfall(prepared: Prepared, common: Floats) -> float:
    """By how much the winners' merit stays below what is expected by merit, in standard deviations, over all places.

    `common` (J,) is how common each merit sensitivity is among committees. Expected of a place is the mean merit of
    the first to be drawn from all who are eligible that year (a declared gap does not change it). Where most of the
    eligible win, the places are those of the persons left out. 0 where no merit is known.
    """
    batch = batch_of([prepared])
    return float(_shortfall(batch, common, observed(batch))[0])


def mismatch_p(prepared: Prepared, common: Floats, replicates: int = REPLICATES) -> float:
    """Chance of winners at least as far below their merit, if merit decides as it does in other committees.

    Args:
        prepared: a series; whether it has enough years and titles is the caller's question.
        common: (J,) how common each merit sensitivity is; one is drawn for every simulated history.
        replicates: histories simulated, with the series' own places, eligible persons and declared gap.

    Returns:
        One-sided Monte Carlo p, (1+b)/(1+B), never 0; 1 where no merit is known.
    """
    batch = batch_of([prepared])
    found = shortfall(prepared, common)
    stream = random_numbers(prepared, "mismatch")
    limits = np.cumsum(common)
    as_far = 0
    for start in range(0, replicates, _CHUNK):
        size = min(_CHUNK, replicates - start)
        beta = np.minimum(np.searchsorted(limits, stream.random(size), side="right"), len(BETAS) - 1)
        honest = simulation.by_merit(batch, beta[None], [stream])
        as_far += int((_shortfall(batch, common, honest) >= found - _SAME).sum())
    return (1 + as_far) / (1 + replicates)


def _shortfall(batch: Batch, common: Floats, won: Bools) -> Floats:
    """(H,) shortfall of histories `won` (1, H, T, n) of the one series of a batch."""
    able, merit = batch.eligible[0], batch.merit[0]
    lift = np.where(able, BETAS[:, None, None] * merit, -np.inf)
    top = lift.max(axis=2, keepdims=True)
    weight = np.where(able, np.exp(lift - np.where(np.isfinite(top), top, 0.0)), 0.0)
    total = np.maximum(weight.sum(axis=2), 1e-300)
    expected = common @ ((weight * merit).sum(axis=2) / total)  # (T,)
    short: Floats = np.where(won[0], expected[:, None] - merit, 0.0).sum(axis=(1, 2))
    return short
