"""(e) Other ways of adding up, and what holds whatever the weights: dominance.

An additive total lets points of one criterion make up for another. Three methods that do so less are set beside it:
mean place over the criteria (Borda), criteria won in pairs (Copeland), geometric mean. Equal results are parted by
the official order, so that only true differences count as disagreement.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.ranking.blocks import Block, ranks_like
from pipeline.ranking.order import DIGITS
from pipeline.ranking.points import Bools, Floats

#: Added to each share reached, so that one criterion without points does not make the geometric mean 0.
OFFSET = 0.01
#: Ranks of the four methods that differ by no more are firm.
FIRM = 1
_DIGITS = 9


def method_ranks(block: Block) -> dict[str, Any]:
    """`rank_borda`, `rank_copeland`, `rank_geometric`, `firm`."""
    reached: Floats = np.maximum(block.reached, 0.0).round(_DIGITS)
    counts = block.full > 0
    borda, copeland = _by_criteria(reached, counts)
    ranks = ranks_like(np.stack([borda, copeland, _geometric(block, reached)]), block.rank)
    every = np.vstack([ranks, block.rank])
    firm = every.max(axis=0) - every.min(axis=0) <= FIRM
    return {"rank_borda": ranks[0], "rank_copeland": ranks[1], "rank_geometric": ranks[2], "firm": firm}


def _by_criteria(reached: Floats, counts: Bools) -> tuple[Floats, Floats]:
    """Minus the mean place over the criteria (as a share of the units compared), and pairs won minus lost."""
    n = len(reached)
    balance, place, held = np.zeros((n, n)), np.zeros(n), np.zeros(n)
    for column in range(reached.shape[1]):
        there, share = counts[:, column], reached[:, column]
        both = there[:, None] & there
        better = (share[:, None] > share) & both
        balance += better
        wins, losses = better.sum(axis=1), better.sum(axis=0)
        compared = max(int(there.sum()), 1)
        # Mean place of equal ones, between 0 and 1.
        place += np.where(there, (losses + 0.5 * (compared - wins - losses)) / compared, 0.0)
        held += there
    with np.errstate(invalid="ignore"):
        mean = np.where(held > 0, place / np.maximum(held, 1), np.nan)
    return -mean, np.sign(balance - balance.T).sum(axis=1)


def _geometric(block: Block, reached: Floats) -> Floats:
    """Geometric mean of the shares reached, weighted by the full points, in percent."""
    weights = block.full / block.possible[:, None]
    mean: Floats = 100 * np.exp((weights * np.log(reached + OFFSET)).sum(axis=1))
    return mean


def dominance(block: Block) -> tuple[Bools, Bools]:
    """Two tables of n × n: whether the row's unit dominates the column's, and whether neither is no worse.

    A unit dominates another in which the same criteria occurred when it is nowhere worse (groups of criteria, bonus,
    deductions) and its percentage is higher as compared (`order.DIGITS`).
    """
    parts = np.column_stack([block.official @ block.membership.T, block.granted, -block.deducted])
    parts, percent = np.round(parts, _DIGITS), np.round(block.percent, DIGITS)
    n = len(block)
    no_worse = np.ones((n, n), dtype=bool)
    if not block.same_criteria:
        for column in range(block.occurred.shape[1]):
            no_worse &= block.occurred[:, column][:, None] == block.occurred[:, column]
    for column in range(parts.shape[1]):
        no_worse &= parts[:, column][:, None] >= parts[:, column]
    return no_worse & (percent[:, None] > percent), ~no_worse & ~no_worse.T


def dominance_columns(block: Block) -> dict[str, Any]:
    """`dominates`, `dominated_by`, `incomparable`, and `next_dominated` (the unit dominates the one just below)."""
    over, apart = dominance(block)
    return {
        "dominates": over.sum(axis=1),
        "dominated_by": over.sum(axis=0),
        "incomparable": apart.sum(axis=1),
        "next_dominated": np.append(np.diagonal(over, 1), False),
    }
