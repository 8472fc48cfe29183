"""First titles that follow seniority, the alphabet or the list (LP-05): rank correlation with a permutation test.

Seniority may be a fair reason where a written rule says so; the council sees the order, not a verdict.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.rotation.calibration import METHOD, SALT
from pipeline.rotation.series import Bools, Floats, Ints

#: Below so many different winners an order says nothing.
LEAST_WINNERS = 5
#: Up to so many winners every order is looked at; beyond, so many are drawn.
MOST_EXACT, REPLICATES = 7, 9_999
#: Pairs of persons that are held at once.
_PAIRS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Order:
    """How first titles go with an attribute.

    `tau`: Kendall's tau-b, from -1 (the highest first) to 1 (the lowest first); `p_value` in (0, 1], both directions
    being tested; `winners` counted.
    """

    tau: float
    p_value: float
    winners: int


def stream_of(purpose: str, *parts: npt.NDArray[Any]) -> np.random.Generator:
    """Random numbers that the content of arrays decides, for what is not a series.

    The caller brings the arrays into an order that neither names nor rows decide.
    """
    digest = hashlib.sha256("|".join((METHOD, SALT, purpose)).encode())
    for part in parts:
        values = np.ascontiguousarray(part, dtype="<f8") + 0.0
        digest.update(f"|{values.shape}".encode() + values.tobytes())
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest.digest()[:16], "big")))


def first_titles(won: Bools) -> Floats:
    """(n,) row of the first title of each person in `won` (T, n), rows being years in order; NaN: none."""
    return np.where(won.any(axis=0), won.argmax(axis=0), np.nan)


def order_of_titles(first: Floats, attribute: Floats) -> Order | None:
    """Test whether first titles follow an attribute, upwards or downwards.

    Args:
        first: (n,) when each person won first (any scale, as of `first_titles`); NaN: never.
        attribute: (n,) date of entry, place in the alphabet or on the list, as numbers; NaN: not known. Persons who
            lack either value do not count.

    Returns:
        Null with fewer than five winners, or where all won together or have the same attribute. The p-value is twice
        the smaller of the two one-sided ones, at most 1: exact up to seven winners, else from 9,999 permutations,
        (1+b)/(1+B).
    """
    known = np.isfinite(first) & np.isfinite(attribute)
    when, rank = _ranks(first[known]), _ranks(attribute[known])
    if len(when) < LEAST_WINNERS or not when.any() or not rank.any():
        return None
    order = np.lexsort((rank, when))
    times, values = _signs(when[order]), _signs(rank[order])
    found = int((times * values).sum())
    tau = found / float(np.sqrt(float((times**2).sum()) * float((values**2).sum())))
    exact = len(when) <= MOST_EXACT
    drawn = _concordance(times, values, _orders(when[order], rank[order], exact=exact))
    more = 0 if exact else 1  # what was seen is one of the orders looked at
    tails = [(more + int(tail.sum())) / (more + len(drawn)) for tail in (drawn >= found, drawn <= found)]
    return Order(tau, min(1.0, 2 * min(tails)), len(when))


def _ranks(values: Floats) -> Ints:
    """Numbers from 0 in the order of the values, equal ones sharing a number."""
    found: Ints = np.unique(values, return_inverse=True)[1]
    return found.astype(np.int64)


def _signs(rank: Ints) -> Ints:
    """(n, n) whether the second of a pair stands higher (1), as high (0) or lower (-1)."""
    found: Ints = np.sign(rank[None, :] - rank[:, None]).astype(np.int32)
    return found


def _orders(when: Ints, rank: Ints, *, exact: bool) -> Ints:
    """(B, n) ways of giving the attributes to the winners."""
    persons = len(when)
    if exact:
        return np.array(list(permutations(range(persons))))
    stream = stream_of("order", when, rank)
    return stream.permuted(np.tile(np.arange(persons), (REPLICATES, 1)), axis=1)


def _concordance(times: Ints, values: Ints, orders: Ints) -> Ints:
    """(B,) pairs in the same order minus pairs in the opposite one, each counted twice."""
    size = max(1, _PAIRS_AT_ONCE // times.size)
    parts = [
        (times * values[part[:, :, None], part[:, None, :]]).sum(axis=(1, 2))
        for part in (orders[start : start + size] for start in range(0, len(orders), size))
    ]
    return np.concatenate(parts)
