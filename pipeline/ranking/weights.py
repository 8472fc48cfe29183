"""(d) Ranks when the full points of the criteria are shaken: rank acceptability, from a fixed and printed seed.

The full points of each criterion are multiplied by 1 + u, u uniform between −swing and +swing, in all units alike;
the share of them that a unit reached stays. Bonus and deductions stay as they are. The draws of a criterion depend on
the seed and on its place in the score table alone: neither on other blocks nor on what units are called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.ranking.blocks import Block, ranks_like
from pipeline.ranking.points import Floats
from pipeline.ranking.settings import Settings

#: Shares of the draws between which the interval of the ranks lies.
LOWER, UPPER = 0.05, 0.95
_SLACK = 1e-12
#: Scores held at a time: draws are taken in parts of a few megabytes.
_AT_ONCE = 400_000


def factors_of(criteria: int, settings: Settings) -> Floats:
    """Factor of the full points of each criterion in each draw, criteria × draws."""
    drawn = np.random.default_rng(settings.seed).random((criteria, settings.draws))
    return np.maximum(1 + settings.swing * (2 * drawn - 1), 0.0)


@dataclass(frozen=True)
class Shaken:
    """Ranks of one block over the draws."""

    shares: Floats  #: n × n: share of the draws in which a unit (row) has a rank (column, from rank 1)
    certainty: Floats  #: n − 1: share of the draws in which a unit stands above the next; equal ranks count half

    def columns(self, rank: Floats) -> dict[str, Any]:
        """`draw_low`, `draw_high`, `held`."""
        below = self.shares.cumsum(axis=1)
        place = rank.astype("int64") - 1
        return {
            "draw_low": 1.0 + (below < LOWER - _SLACK).sum(axis=1),
            "draw_high": np.minimum(1.0 + (below < UPPER - _SLACK).sum(axis=1), len(rank)),
            "held": self.shares[np.arange(len(rank)), place],
        }

    def acceptability(self, block: Block) -> dict[str, Any]:
        """Columns of `tables.Ranking.acceptability`."""
        unit, rank = np.nonzero(self.shares)
        return {"unit": block.units[unit], "rank": rank + 1.0, "share": self.shares[unit, rank]}


def shake(block: Block, factors: Floats) -> Shaken:
    """Rank the units of a block under every draw."""
    n, draws = len(block), factors.shape[1]
    counts = np.zeros(n * n, dtype="int64")
    above = np.zeros(n - 1)
    fixed = 100 * block.extra / block.possible
    step = max(1, _AT_ONCE // n)
    shift = np.arange(n) * n - 1
    for start in range(0, draws, step):
        part = factors[:, start : start + step].T
        full = (part @ block.full[0])[:, None] if block.same_criteria else part @ block.full.T
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = 100 * (part @ block.official.T) / full + fixed
        ranks = ranks_like(np.where(full > 0, scores, fixed), block.rank)
        counts += np.bincount((ranks.astype("int64") + shift).ravel(), minlength=n * n)
        above += (ranks[:, :-1] < ranks[:, 1:]).sum(axis=0) + 0.5 * (ranks[:, :-1] == ranks[:, 1:]).sum(axis=0)
    return Shaken(counts.reshape(n, n) / draws, above / draws)
