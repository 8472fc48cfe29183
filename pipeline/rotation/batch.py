"""Several series of like shape side by side, so that one pass over the years serves them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.rotation.rules import BETAS
from pipeline.rotation.series import Bools, Floats, Ints, Prepared

#: Persons are padded to a multiple of this, so that more series share a shape.
_STEP = 4


@dataclass(frozen=True)
class Batch:
    """`B` series of `T` years and at most `n` persons; what is padded is never eligible.

    Arrays are (B, T, n) but for `seats` (B, T), `gap` (B,), `group` (B, n), `persons` and `teams` (B,).
    """

    members: tuple[Prepared, ...]
    eligible: Bools
    merit: Floats
    new: Bools
    seats: Ints
    gap: Ints
    group: Ints
    persons: Ints
    teams: Ints

    @property
    def shape(self) -> tuple[int, int, int]:
        """(B, T, n)."""
        b, t, n = self.eligible.shape
        return b, t, n

    @property
    def most(self) -> int:
        """Largest number of places in one year."""
        return int(self.seats.max(initial=1)) or 1

    @cached_property
    def weights(self) -> Floats:
        """(B, T, J, n) exp(beta * merit) of the eligible, the largest of each year being 1; others 0."""
        lift = BETAS[:, None] * self.merit[:, :, None]
        able = self.eligible[:, :, None]
        top = np.where(able, lift, -np.inf).max(axis=3, keepdims=True)
        top = np.where(np.isfinite(top), top, 0.0)
        found = np.where(able, np.exp(np.where(able, lift, 0.0) - top), 0.0)
        return found.astype(np.float32)


def batch_of(members: Sequence[Prepared]) -> Batch:
    """Put series of equally many years side by side."""
    years = len(members[0].won)
    most = padded(max(member.won.shape[1] for member in members))

    def wide(name: str, kind: type) -> npt.NDArray[Any]:
        found: npt.NDArray[Any] = np.zeros((len(members), years, most), dtype=kind)
        for row, member in zip(found, members, strict=True):
            row[:, : member.won.shape[1]] = getattr(member, name)
        return found

    group = np.full((len(members), most), -1, dtype=np.int64)
    for row, member in zip(group, members, strict=True):
        row[: len(member.group)] = member.group
    return Batch(
        tuple(members),
        wide("eligible", bool),
        wide("merit", float),
        wide("new", bool),
        np.array([member.seats for member in members]),
        np.array([member.gap for member in members]),
        group,
        np.array([member.won.shape[1] for member in members]),
        np.array([member.teams for member in members]),
    )


def padded(persons: int) -> int:
    """Number of columns in which so many persons are kept."""
    return -(-persons // _STEP) * _STEP


def observed(batch: Batch) -> Bools:
    """(B, 1, T, n) what truly happened."""
    found = np.zeros((*batch.shape[:2], batch.shape[2]), dtype=bool)
    for row, member in zip(found, batch.members, strict=True):
        row[:, : member.won.shape[1]] = member.won
    return found[:, None]
