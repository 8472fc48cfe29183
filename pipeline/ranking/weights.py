"""(d) Ranks when the full points of the criteria are shaken: rank acceptability, from a fixed and printed seed.

The full points of each criterion are multiplied by 1 + u, u uniform between −swing and +swing, in all units alike;
the share of them that a unit reached stays. Bonus and deductions stay as they are. The draws of a criterion depend on
the seed and on its place in the score table alone: neither on other blocks nor on what units are called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.ranking.blocks import Block, ranks_like
from pipeline.ranking.points import Floats
from pipeline.ranking.settings import Settings

#: Shares of the draws between which the interval of the ranks lies.
LOWER, UPPER = 0.05, 0.95
_SLACK = 1e-12
#: Scores held at a time: so many stay near the processor, which is four times as fast as all at once.
_AT_ONCE = 15_000
#: Up to this many units comparing all pairs is quicker than sorting.
_PAIRWISE = 60
#: So little of an official rank is taken from a score: more than the noise of sums, less than any true difference.
_BY_ORDER = 1e-9


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
    counts = np.zeros((n, n), dtype="int64")
    above = np.zeros(n - 1)
    step = max(1, _AT_ONCE // n)
    for start in range(0, draws, step):
        ranks = _ranks(block, _scores(block, factors[:, start : start + step]))
        for unit in range(n):
            counts[unit] += np.bincount(ranks[unit], minlength=n + 1)[1:]
        above += (ranks[:-1] < ranks[1:]).sum(axis=1) + 0.5 * (ranks[:-1] == ranks[1:]).sum(axis=1)
    return Shaken(counts / draws, above / draws)


def _scores(block: Block, factors: Floats) -> Floats:
    """Percentages under some draws, units × draws."""
    full = (block.full[:1] if block.same_criteria else block.full) @ factors
    fixed = (100 * block.extra / block.possible)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = 100 * (block.official @ factors) / full
    return np.where(full > 0, scores, 0.0) + fixed


def _ranks(block: Block, scores: Floats) -> npt.NDArray[np.int64]:
    """Competition ranks, units × draws; equal scores are parted by the official order."""
    if len(scores) > _PAIRWISE:
        return ranks_like(scores.T, block.rank).T.astype("int64")
    scores = scores - _BY_ORDER * block.rank[:, None]
    limit = scores + _BY_ORDER / 2
    ranks = np.ones(scores.shape, dtype="int64")
    for unit in range(len(scores)):
        ranks[unit] += (scores > limit[unit]).sum(axis=0, dtype="int16")
    return ranks
