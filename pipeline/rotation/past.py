"""What a year knows of the years before it: who waits how long, who has how many titles, which team is due."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.rotation.batch import Batch
from pipeline.rotation.series import Bools, Floats, Ints

_NEVER = -127


class Past:
    """Who won when, seen from one year. Years count from 1; 0 is the year before the series."""

    def __init__(self, batch: Batch, shape: tuple[int, ...]) -> None:
        """Nobody has won anything yet; `shape` is (B, H, n)."""
        self.batch = batch
        self.last = np.zeros(shape, dtype=np.int8)  #: year from which somebody waits
        self.titles = np.zeros(shape, dtype=np.int8)  #: titles so far; a newcomer joins at the mean, rounded up
        self.last_winners = np.zeros(shape, dtype=bool)
        self.before_last = np.zeros(shape, dtype=bool)
        self.gaps = bool(batch.gap.any())  #: whether any winner must stay out
        self._win = np.full(shape, _NEVER, dtype=np.int16)
        self.group_last = np.zeros((*shape[:2], int(batch.group.max(initial=-1)) + 1), dtype=np.int8)

    def open(self, year: int) -> None:
        """Let newcomers in: behind everybody in the queue, at the mean of titles."""
        new = self.batch.new[:, year]
        if not new.any():
            return
        self.last[np.broadcast_to(new[:, None], self.last.shape)] = year
        old = self.batch.eligible[:, year] & ~new
        size = np.maximum(old.sum(axis=1), 1)[:, None]
        mean = np.ceil((self.titles * old[:, None]).sum(axis=2) / size).astype(np.int8)
        self.titles = np.where(new[:, None], mean[..., None], self.titles)

    def eligible(self, year: int, won: Bools) -> Bools:
        """(B, H, n) who can be chosen; who won in spite of a declared gap could be, too."""
        free = self.free(year)
        return free | won if self.gaps else np.broadcast_to(free, won.shape)

    def free(self, year: int) -> Bools:
        """(B, H or 1, n) who is eligible and not kept out by the gap."""
        able = self.batch.eligible[:, None, year]
        if not self.gaps:
            return able
        found: Bools = able & ~(year + 1 - self._win <= self.batch.gap[:, None, None])
        return found

    def close(self, year: int, won: Bools) -> None:
        """Remember the winners of the year."""
        self.last[won] = year + 1
        self.titles += won
        self.before_last, self.last_winners = self.last_winners, np.ascontiguousarray(won)
        if self.gaps:
            self._win[won] = year + 1
        for number in range(self.group_last.shape[2]):
            mine = won & (self.batch.group == number)[:, None]
            self.group_last[..., number][mine.any(axis=2)] = year + 1


class Levels:
    """Candidates on levels (year since which they wait, titles so far): the lowest comes first."""

    def __init__(self, level: npt.NDArray[Any], among: Bools, top: int) -> None:
        """Count the levels 0 to `top` of those `among` (B, H, n)."""
        self.level, self.among = level, among
        self.narrow = among.strides[1] != 0
        b, h, n = level.shape
        self._rows = b * h
        rows = np.arange(b * h, dtype=np.int64)[:, None]
        self._place = np.minimum(level, top).reshape(b * h, n).astype(np.int64) * (b * h) + rows
        inside = among.reshape(b * h, n) if self.narrow else np.ascontiguousarray(among).reshape(b * h, n)
        found = np.bincount(self._place[inside], minlength=(top + 1) * b * h)
        self.counts = found.reshape(top + 1, b, h).astype(np.int32)

    @cached_property
    def upto(self) -> Ints:
        """(levels, B, H) candidates on this level or a lower one."""
        found: Ints = self.counts.cumsum(axis=0, dtype=np.int32)
        return found

    def border(self, seats: Ints) -> tuple[Ints, Ints, Ints]:
        """Level on which the last place falls, how many stand on it, how many below; (B, H) each.

        Where there are fewer candidates than places, the level is beyond all.
        """
        border = (self.upto < seats).sum(axis=0)
        last = len(self.counts) - 1
        beyond = border > last
        border = np.minimum(border, last)
        place = border * self._rows + np.arange(self._rows).reshape(border.shape)
        size, upto = self.counts.ravel()[place], self.upto.ravel()[place]
        if beyond.any():
            border = np.where(beyond, last + 1, border)
            size, upto = np.where(beyond, 0, size), np.where(beyond, self.upto[-1], upto)
        return border, size, upto - size

    def at(self, border: Ints) -> Bools:
        """(B, H, n) candidates on the border level."""
        found: Bools = self.level == border.astype(self.level.dtype)[..., None]
        return found & self.among if self.narrow else found

    def rank(self) -> Floats:
        """(B, H, n) place in the queue from 0 (won last) to 1 (has waited longest), ties sharing the middle."""
        less = self.upto[-1] - self.upto  # candidates who have waited less than this level
        middle = (less + (self.counts - 1) / 2) / np.maximum(self.upto[-1] - 1, 1)
        found: Floats = middle.astype(np.float32).ravel()[self._place].reshape(self.level.shape)
        return found
