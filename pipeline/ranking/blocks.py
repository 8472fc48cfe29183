"""The ranked units of one block as arrays, and ranks of any other score of them.

Everything that is asked of how sure the order is works on these arrays; rows are units in the official order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.ranking.order import DIGITS
from pipeline.ranking.points import Bools, Floats

Objects = npt.NDArray[np.object_]
#: So little of an official rank is taken from a score that it parts only scores that are equal to `DIGITS` decimals.
_BY_ORDER = 1e-10


@dataclass(frozen=True)
class Block:
    """Units n, criteria m; all points as in the official score."""

    name: str
    units: Objects  #: codes, in the official order
    rank: Floats
    percent: Floats
    official: Floats  #: n × m, 0 where not occurred
    occurred: Bools  #: n × m
    bonus: Floats  #: n × m, before the cap
    deducted: Floats
    most: Floats  #: m
    criteria: Objects  #: codes, m
    groups: Objects  #: group of each criterion, m
    most_bonus: float

    def __len__(self) -> int:
        """Count the units."""
        return len(self.units)

    @cached_property
    def full(self) -> Floats:
        """Full points of what occurred, n × m."""
        return np.where(self.occurred, self.most, 0.0)

    @cached_property
    def possible(self) -> Floats:
        """Points that could be had."""
        total: Floats = self.full.sum(axis=1)
        return total

    @cached_property
    def reached(self) -> Floats:
        """Share of the full points of each criterion, n × m; 0 where there are none."""
        share: Floats = np.where(self.full > 0, self.official / np.where(self.most > 0, self.most, 1), 0.0)
        return share

    @cached_property
    def extra(self) -> Floats:
        """Bonus minus deductions."""
        return self.granted - self.deducted

    @cached_property
    def granted(self) -> Floats:
        """Bonus up to its cap."""
        points: Floats = np.minimum(self.bonus.sum(axis=1), self.most_bonus)
        return points

    @cached_property
    def group_names(self) -> list[str]:
        """Groups in the order of the table."""
        return list(dict.fromkeys(str(name) for name in self.groups))

    @cached_property
    def membership(self) -> Floats:
        """Groups × criteria: 1 where the criterion belongs to the group."""
        rows = [self.groups == name for name in self.group_names]
        table: Floats = np.array(rows, dtype="float64").reshape(-1, len(self.most))
        return table

    @cached_property
    def same_criteria(self) -> bool:
        """Whether the same criteria occurred in all units."""
        return bool((self.occurred == self.occurred[:1]).all())


def ranks_like(scores: Floats, official: Floats) -> Floats:
    """Competition ranks by other scores, the greatest first.

    Args:
        scores: k × n, one row a way of scoring; NaN: the unit has no score, and gets no rank.
        official: official ranks of the n units; they part units whose scores are equal.
    """
    plain = np.round(scores, DIGITS) - official * _BY_ORDER
    unknown = np.isnan(plain)
    some = bool(unknown.any())
    minus = np.where(unknown, np.inf, -plain) if some else -plain
    order = np.argsort(minus, axis=1, kind="stable")
    ordered = np.take_along_axis(minus, order, axis=1)
    place = np.arange(minus.shape[1])
    new = np.ones(minus.shape, dtype=bool)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    first = np.maximum.accumulate(np.where(new, place, 0), axis=1) + 1.0
    ranks = np.empty(minus.shape)
    np.put_along_axis(ranks, order, first, axis=1)
    return np.where(unknown, np.nan, ranks) if some else ranks
