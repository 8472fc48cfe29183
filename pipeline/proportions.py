"""Shares of small groups: intervals, exact tests, and the correction for testing several things at once.

Everything is exact unless its docstring says how it approximates. No p-value here says why something is so: it says
how often as much would happen by chance alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]
#: Tables as unlikely as the one seen count as such although the last digits differ.
_SAME = 1 + 1e-7
#: Up to so many ways of choosing units, every one is looked at.
_MOST_WAYS = 20_000
#: Ways of dealing out that are held in memory at once.
_DRAWS_AT_ONCE = 128


def log_factorials(most: int) -> Numbers:
    """Logarithms of 0!, 1!, …, most!."""
    found: Numbers = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1, dtype="float64")))])
    return found


def fisher(hits: int, size: int, other_hits: int, other_size: int) -> float:
    """Two-sided p-value of Fisher's exact test: the tables at most as likely as this one, by the hypergeometric law."""
    total, marked = size + other_size, hits + other_hits
    low, high = max(0, marked - other_size), min(size, marked)
    x = np.arange(low, high + 1)
    f = log_factorials(total)
    logs = f[size] - f[x] - f[size - x] + f[other_size] - f[marked - x] - f[other_size - marked + x]
    chances = np.exp(logs - (f[total] - f[marked] - f[total - marked]))
    return float(min(1.0, chances[chances <= chances[hits - low] * _SAME].sum()))


def wilson(hits: float, size: float, level: float) -> tuple[float, float]:
    """Wilson's interval of a share; (0, 1) when there is nobody."""
    if size <= 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = hits / size, z * z / size
    middle, half = share + spread / 2, z * math.sqrt(share * (1 - share) / size + spread / (4 * size))
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def rate_ratio(
    hits: float, size: float, other_hits: float, other_size: float, level: float
) -> tuple[float, float, float]:
    """Ratio of two shares with its interval by the logarithm (Katz), an approximation.

    Where one of the counts is 0 one half is added to every count and size, so that the ratio stays finite.
    """
    if not hits or not other_hits:
        hits, size, other_hits, other_size = hits + 0.5, size + 0.5, other_hits + 0.5, other_size + 0.5
    ratio = (hits / size) / (other_hits / other_size)
    z = NormalDist().inv_cdf((1 + level) / 2)
    half = z * math.sqrt(max(0.0, 1 / hits - 1 / size + 1 / other_hits - 1 / other_size))
    return ratio, ratio * math.exp(-half), ratio * math.exp(half)


def holm(chances: pd.Series) -> pd.Series:
    """Holm's correction of the p-values tested together; null values are not among them and stay null."""
    ordered = chances.dropna().sort_values(kind="stable")
    factors = np.arange(len(ordered), 0, -1)
    return (ordered * factors).cummax().clip(upper=1).reindex(chances.index)


def binomial(sizes: pd.Series, hits: pd.Series, rate: float, level: float) -> pd.DataFrame:
    """Compare counts with a known rate by the exact binomial law.

    Returns:
        On the index of `sizes`: `chance` (of as many hits or more), `low` and `high` (counts of the exact two-sided
        limits: outside them lies at most half of 1 − level on each side).
    """
    found = pd.DataFrame(np.nan, index=sizes.index, columns=["chance", "low", "high"])
    f = log_factorials(int(sizes.max()) if len(sizes) else 0)
    tail = (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log([rate, 1 - rate])
        for size in sizes.unique():  # a few sizes, however many units
            n = int(size)
            x = np.arange(n + 1)
            each = np.exp(
                f[n] - f[x] - f[n - x] + np.where(x > 0, x * logs[0], 0) + np.where(x < n, (n - x) * logs[1], 0)
            )
            below = np.concatenate([[0.0], np.cumsum(each)])  # chance of fewer than x
            here = sizes == size
            above = np.concatenate([np.cumsum(each[::-1])[::-1], [0.0]])
            found.loc[here, "chance"] = np.minimum(above[hits[here].astype("int64")], 1.0)
            found.loc[here, "low"] = int(np.searchsorted(below[1:], tail, side="right"))
            found.loc[here, "high"] = n - int(np.searchsorted(above[:-1][::-1], tail, side="right"))
    return found


def by_units(hits: Numbers, sizes: Numbers, marked: npt.NDArray[np.bool_], draws: int, seed: int) -> float:
    """Two-sided p-value of the difference between the pooled shares of marked and other units.

    People of one unit are proposed together, so whole units are dealt out anew: every way of marking as many units
    where there are few, else `draws` ways at random from a fixed seed.
    """
    count, chosen = len(sizes), int(marked.sum())
    if not 0 < chosen < count:
        return 1.0
    ways = math.comb(count, chosen)
    if ways <= _MOST_WAYS:
        from itertools import combinations  # noqa: PLC0415 (only here)

        parts: Iterable[npt.NDArray[np.int64]] = [np.array(list(combinations(range(count), chosen)))]
    else:
        random = np.random.default_rng(seed)
        sizes_of_parts = [min(_DRAWS_AT_ONCE, draws - start) for start in range(0, draws, _DRAWS_AT_ONCE)]
        parts = (np.argsort(random.random((n, count)), axis=1)[:, :chosen] for n in sizes_of_parts)
    in_marked, size_marked = hits[marked].sum(), sizes[marked].sum()
    seen = abs(in_marked / size_marked - (hits.sum() - in_marked) / (sizes.sum() - size_marked))
    as_far = 0
    for picks in parts:
        own_hits, own_sizes = hits[picks].sum(axis=1), sizes[picks].sum(axis=1)
        gaps = np.abs(own_hits / own_sizes - (hits.sum() - own_hits) / (sizes.sum() - own_sizes))
        as_far += int((gaps >= seen - 1e-12).sum())
    return as_far / ways if ways <= _MOST_WAYS else (as_far + 1) / (draws + 1)
