"""(b) Each pair of neighbours: how many points apart, what made the lead, what would undo it.

With unequal criteria (some did not occur in one of the two) the gap is in percentage points, and is turned into
points of the unit that would gain or lose them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.ranking.blocks import Block, Objects
from pipeline.ranking.order import DIGITS
from pipeline.ranking.points import Bools, Floats, only

#: Rows beside the criteria in which a lead can lie.
BONUS, DEDUCTIONS = "Điểm thưởng", "Điểm trừ"
#: How many of them are named.
NAMED = 3
_SLACK = 1e-9


def tie_weights(above: Floats, below: Floats, weights: Floats, extra: float | Floats = 0.0) -> Floats:
    """Weight of each criterion at which two units tie when all other weights keep their proportions; NaN: none.

    Args:
        above: share of the full points that the upper unit reached, k pairs × m criteria.
        below: the same of the lower one.
        weights: share of the full points of each criterion, adding up to 1.
        extra: what the upper unit leads by apart from the criteria (bonus, deductions), as a share of the full points.
    """
    apart = above - below
    lead = (weights * apart).sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        others = (lead - weights * apart) / (1 - weights)
        found = (others + np.reshape(extra, (-1, 1))) / (others - apart)
    outside = ~np.isfinite(found) | (found < -_SLACK) | (found > 1 + _SLACK) | (weights >= 1)
    return np.where(outside, np.nan, np.clip(found, 0, 1))


def gaps(percent: Floats) -> Floats:
    """Percentage points between neighbours in the official order; 0 where the percentages count as equal."""
    shown = np.round(percent, DIGITS)
    return np.where(shown[:-1] > shown[1:], percent[:-1] - percent[1:], 0.0)


def pairs_of(block: Block) -> dict[str, Any]:
    """Columns of `tables.Ranking.pairs` for one block, all but `certainty`, `discuss`, `dominated`, `parted_by`."""
    up, down = slice(None, -1), slice(1, None)
    gap = gaps(block.percent)
    gain, loss = gap * block.possible[down] / 100, gap * block.possible[up] / 100
    lead = _lead(block)
    names = np.append(block.criteria, [BONUS, DEDUCTIONS]).astype(object)
    order = np.argsort(-np.round(lead, 9), axis=1, kind="stable")[:, :NAMED]
    greatest = np.take_along_axis(lead, order, axis=1)
    made = greatest > _SLACK
    able_gain = block.occurred[down] & (block.most - block.official[down] >= gain[:, None] - _SLACK)
    able_loss = block.occurred[up] & (block.official[up] >= loss[:, None] - _SLACK)
    apart = (gap > _SLACK)[:, None]
    able_gain, able_loss = able_gain & apart, able_loss & apart
    flip, by_loss = _flip(block, lead, able_gain, able_loss)
    gain_at, loss_at = (_flip(block, lead, able, able)[0] for able in (able_gain, able_loss))
    columns: dict[str, Any] = {
        "block": [block.name] * len(gap),
        "above": block.units[up],
        "below": block.units[down],
        "rank_above": block.rank[up],
        "rank_below": block.rank[down],
        "gap": gap,
        "gain": gain,
        "loss": loss,
    }
    for number in range(NAMED):
        there = made[:, number] if number < made.shape[1] else np.zeros(len(gap), dtype=bool)
        at = order[:, min(number, order.shape[1] - 1)]
        columns[f"lead_{number + 1}"] = only(there, names[at])
        columns[f"lead_{number + 1}_percent"] = np.where(there, greatest[:, min(number, order.shape[1] - 1)], np.nan)
    columns |= {"alone_gain": _codes(block, able_gain), "alone_loss": _codes(block, able_loss)}
    columns |= {"gain_at": gain_at, "loss_at": loss_at}
    columns |= {"flip": flip, "flip_by_loss": by_loss}
    return columns | _ties(block)


def _lead(block: Block) -> Floats:
    """Percentage points by which the upper of each pair leads: criteria, then bonus, then deductions."""
    parts = np.column_stack([block.official, block.granted, -block.deducted]) * (100 / block.possible)[:, None]
    lead: Floats = parts[:-1] - parts[1:]
    return lead


def _codes(block: Block, able: Bools) -> list[tuple[str, ...]]:
    return [tuple(str(code) for code in block.criteria[row]) for row in able]


def _flip(block: Block, lead: Floats, able_gain: Bools, able_loss: Bools) -> tuple[Objects, Bools]:
    """Of the criteria that can undo the lead alone, the one where the upper leads most; whether by its losing there."""
    able = able_gain | able_loss
    if not able.shape[1]:
        return np.full(len(able), None, dtype=object), np.zeros(len(able), dtype=bool)
    chosen = np.argmax(np.where(able, np.round(lead[:, : able.shape[1]], 9), -np.inf), axis=1)
    rows = np.arange(len(able))
    return only(np.asarray(able.any(axis=1)), block.criteria[chosen]), able_loss[rows, chosen]


def _ties(block: Block) -> dict[str, Any]:
    """Criterion whose weight at the tie is nearest to its own, that weight, and the present one."""
    up, down = slice(None, -1), slice(1, None)
    weights = block.full[up] / block.possible[up, None]
    extra = block.extra / block.possible
    same = (block.occurred[up] == block.occurred[down]).all(axis=1)
    found = tie_weights(block.reached[up], block.reached[down], weights, extra[up] - extra[down])
    found[~same[:, None] | ~block.occurred[up]] = np.nan
    away = np.where(np.isnan(found), np.inf, np.round(np.abs(found - weights), 9))
    rows = np.arange(len(found))
    chosen = np.argmin(away, axis=1) if away.shape[1] else np.zeros(len(found), dtype=int)
    there = np.isfinite(away[rows, chosen])
    return {
        "tie_criterion": only(there, block.criteria[chosen]),
        "tie_weight": np.where(there, found[rows, chosen], np.nan),
        "tie_weight_now": np.where(there, weights[rows, chosen], np.nan),
    }
