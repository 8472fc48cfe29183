"""(a) How far a rank can move with the evidence at hand: exact, no simulation.

A unit cannot stand better than behind all whose least points exceed its greatest, nor worse than behind all whose
greatest points exceed its least.
"""

from __future__ import annotations

import numpy as np

from pipeline.ranking.order import DIGITS
from pipeline.ranking.points import Floats


def rank_intervals(low: Floats, high: Floats, rank: Floats) -> tuple[Floats, Floats]:
    """Best and worst rank of each unit of one block.

    Args:
        low: least score of each unit, in the measure by which the block is ordered.
        high: greatest score, nowhere below `low`.
        rank: official rank, kept inside the interval where equal scores were parted by the chain.
    """
    low, high = np.round(low, DIGITS), np.round(high, DIGITS)
    n = len(low)
    best = 1.0 + n - np.searchsorted(np.sort(low), high, side="right")
    worst = 1.0 + n - np.searchsorted(np.sort(high), low, side="right") - (high > low)
    return np.minimum(best, rank), np.maximum(worst, rank)
