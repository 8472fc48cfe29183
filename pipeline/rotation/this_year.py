"""What merit alone would give in one year: who would win how often."""

from __future__ import annotations

import numpy as np

from pipeline.rotation import simulation
from pipeline.rotation.batch import batch_of
from pipeline.rotation.calibration import random_numbers
from pipeline.rotation.rules import BETAS
from pipeline.rotation.series import Bools, Floats, Prepared

_DRAWS = 999


def winners_by_merit(prepared: Prepared, common: Floats, year: int) -> Bools:
    """Draw the winners of one year by merit alone, given what truly happened before it.

    Args:
        prepared: a series that is not turned round.
        common: (J,) how common each merit sensitivity is.
        year: row of the series.

    Returns:
        (999, n) who won, columns as in `prepared.source`; the same for equal series.
    """
    batch = batch_of([prepared])
    stream = random_numbers(prepared, f"year {year}")
    beta = np.searchsorted(np.cumsum(common), stream.random(_DRAWS), side="right")
    noise = -np.log(-np.log(np.clip(stream.random((_DRAWS, prepared.won.shape[1])), 1e-12, 1 - 1e-12)))
    score = BETAS[np.minimum(beta, len(BETAS) - 1)][:, None] * prepared.merit[year] + noise
    score = np.where(prepared.choice[year], score, -np.inf)
    drawn: Bools = simulation.best(score[None], batch.seats[:, year])[0] & prepared.choice[year]
    found: Bools = np.zeros((_DRAWS, len(prepared.source.persons)), dtype=bool)
    found[:, prepared.order] = drawn
    return found
