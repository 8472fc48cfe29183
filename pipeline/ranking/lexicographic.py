"""Places by comparing one column after another, inside groups: ranks with ties, intervals, and who stands beside whom.

Everything is counted, nothing is drawn. Keys are (n, c): in every column more is better, a value that is not known is
minus infinity, and an earlier column outweighs all later ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Places:
    """Places of n rows inside their groups."""

    rank: Whole  #: competition rank: 1, 2, 2, 4
    ties: Whole  #: how many share it, the row itself counted
    size: Whole  #: rows of the group
    above: Whole  #: some row of the nearest better place, NOBODY where there is none
    below: Whole  #: some row of the nearest worse place


def places(keys: Keys, groups: Whole) -> Places:
    """Rank rows inside their groups."""
    value = _flat(_dense(keys), groups)
    order = np.argsort(value, kind="stable")
    ordered = value[order]
    first, last = np.searchsorted(ordered, value, "left"), np.searchsorted(ordered, value, "right")
    start, end = _limits(groups)
    above = np.where(last < end, order[np.minimum(last, len(order) - 1)], NOBODY) if len(order) else last
    below = np.where(first > start, order[first - 1], NOBODY) if len(order) else first
    return Places(1 + end - last, last - first, end - start, above, below)


def spans(best_case: Keys, worst_case: Keys, groups: Whole) -> tuple[Whole, Whole]:
    """Best and worst place of each row when what is not known turns out for or against it.

    The best place counts who stays above even if all goes well for the row and badly for the others; the worst one
    counts who may come level or above in the opposite case, as a tie may be decided either way.
    """
    both = _dense(np.concatenate([best_case, worst_case]))
    high, low = _flat(both[: len(groups)], groups, both), _flat(both[len(groups) :], groups, both)
    _, end = _limits(groups)
    best = 1 + end - np.searchsorted(np.sort(low), high, "right")
    worst = end - np.searchsorted(np.sort(high), low, "left")
    return best, worst


def first_difference(keys: Keys, others: Whole) -> Whole:
    """First column in which each row differs from another one; NOBODY without another or without a difference."""
    differs = keys != keys[others]
    column = np.where(differs.any(axis=1), differs.argmax(axis=1) if keys.shape[1] else 0, NOBODY)
    found: Whole = np.where(others == NOBODY, NOBODY, column)
    return found


def _dense(keys: Keys) -> Whole:
    """A number a row, equal for equal rows, greater for better ones."""
    order = np.lexsort(keys.T[::-1]) if keys.shape[1] else np.arange(len(keys))
    ordered = keys[order]
    steps = np.concatenate([[0], np.cumsum((ordered[1:] != ordered[:-1]).any(axis=1))]) if len(keys) else order
    found = np.empty(len(keys), dtype="int64")
    found[order] = steps
    return found


def _flat(values: Whole, groups: Whole, every: Whole | None = None) -> Whole:
    """Values of all groups on one line, group by group."""
    every = values if every is None else every
    found: Whole = groups * (int(every.max(initial=0)) + 1) + values
    return found


def _limits(groups: Whole) -> tuple[Whole, Whole]:
    """Where the group of each row begins and ends when all rows are sorted by group."""
    ordered = np.sort(groups)
    return np.searchsorted(ordered, groups, "left"), np.searchsorted(ordered, groups, "right")
