"""(c) Ranks with each group of criteria, the bonus, the deductions, and each criterion left out."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.ranking.blocks import Block, ranks_like
from pipeline.ranking.neighbours import BONUS, DEDUCTIONS
from pipeline.ranking.points import Floats, only

GROUP, CRITERION = "NHOM", "TIEU_CHI"


def left_out(block: Block) -> tuple[list[tuple[str, str]], Floats]:
    """What was left out (kind, name), and for each the ranks of all units; NaN: nothing is left of the unit."""
    names = block.group_names
    items = [(GROUP, name) for name in (*names, BONUS, DEDUCTIONS)]
    items += [(CRITERION, str(code)) for code in block.criteria]
    keep = np.ones((len(items), len(block.most)))
    keep[: len(names)] -= block.membership
    keep[len(names) + 2 :] -= np.eye(len(block.most))
    points, possible = keep @ block.official.T, keep @ block.full.T
    bonus = np.minimum(keep @ block.bonus.T, block.most_bonus)
    deducted = np.tile(block.deducted, (len(items), 1))
    bonus[len(names)], deducted[len(names) + 1] = 0.0, 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(possible > 0, 100 * (points + bonus - deducted) / possible, np.nan)
    return items, ranks_like(percent, block.rank)


def without_columns(block: Block, items: list[tuple[str, str]], ranks: Floats) -> dict[str, Any]:
    """Columns of `tables.Ranking.without`, unit after unit."""
    n = len(block)
    return {
        "unit": np.repeat(block.units, len(items)),
        "kind": np.tile(np.array([kind for kind, _ in items], dtype=object), n),
        "left_out": np.tile(np.array([name for _, name in items], dtype=object), n),
        "rank": ranks.T.ravel(),
        "change": (ranks - block.rank).T.ravel(),
    }


def worst_group(block: Block, items: list[tuple[str, str]], ranks: Floats) -> dict[str, Any]:
    """`left_out` and `left_out_rank`: the group whose leaving out moves each unit most, the first of several."""
    groups = [number for number, (kind, _) in enumerate(items) if kind == GROUP]
    moved = np.nan_to_num(np.abs(ranks[groups] - block.rank))
    chosen = np.argmax(moved, axis=0)
    units = np.arange(len(block))
    there = moved[chosen, units] > 0
    names = np.array([items[number][1] for number in groups], dtype=object)
    return {
        "left_out": only(there, names[chosen]),
        "left_out_rank": np.where(there, ranks[groups][chosen, units], np.nan),
    }
