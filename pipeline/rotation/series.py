"""One series (a unit, a title, its years) as it is told, and as the test reads it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

#: Years read at most, the latest ones; persons of one series at most (more are tested team by team).
MOST_YEARS, MOST_PERSONS = 15, 200
#: Below these nothing is tested: years with a choice, median of persons to choose from, titles in all.
LEAST_YEARS, LEAST_ELIGIBLE, LEAST_TITLES = 3, 3, 3
#: Share of the eligible who win from which those left out are tested instead.
MOSTLY_WON = 0.5
#: Merit: known values that a year needs, and how far from the mean a value may count, in standard deviations.
LEAST_KNOWN, CLIP = 3, 2.5
#: A colleague is clearly better from this many standard deviations on, where the series says nothing else.
CLEARLY = 0.25
_DIGITS = 9  # of a standardised merit: what lies beyond is noise of the arithmetic


@dataclass(frozen=True)
class Series:
    """Who was there, who could be given a title, how good they were, and who got it.

    Arrays have one row a year (consecutive, ascending) and one column a person.
    """

    unit: str
    title: str
    years: tuple[int, ...]
    persons: tuple[str, ...]
    present: Bools
    eligible: Bools  #: not reduced by a declared gap
    merit: Floats  #: any scale that is common to the year, higher is better; NaN: not recorded
    won: Bools
    gap: int | None = 0  #: years that a winner must stay out by a written rule; 0: no such rule; None: nobody was asked
    groups: tuple[str, ...] = ()  #: team of each person, "" where there is none; empty: no teams known
    clear: float | None = None  #: difference of merit that is clear; None: a quarter of a standard deviation

    @cached_property
    def latest(self) -> Series:
        """The same without years beyond the last fifteen and persons who were never there in them."""
        start = max(0, len(self.years) - MOST_YEARS)
        here: Bools = np.any((self.present | self.won)[start:], axis=0)
        if not start and here.all():
            return self
        cut = (slice(start, None), here)
        groups = tuple(g for g, kept in zip(self.groups, here, strict=True) if kept) if self.groups else ()
        persons = tuple(p for p, kept in zip(self.persons, here, strict=True) if kept)
        tables = (self.present[cut], self.eligible[cut], self.merit[cut], self.won[cut])
        return Series(self.unit, self.title, self.years[start:], persons, *tables, self.gap, groups, self.clear)


@dataclass(frozen=True)
class Prepared:
    """A series as the test reads it: standardised, in an order that names do not decide.

    Where most of the eligible win, `won` are those left out, `merit` is turned round and `gap` is 0.
    """

    source: Series
    order: Ints  #: column of `source` of each person; who could never be chosen is left out
    eligible: Bools
    merit: Floats  #: z-score within the year among those present, 0 where not known
    known: Bools  #: whether merit is recorded (of a year that has enough of it)
    clear: Floats  #: (T,) from which difference of standardised merit somebody is clearly better
    won: Bools
    seats: Ints  #: winners of each year
    new: Bools  #: first year in this unit, but for the first year of the series
    gap: int
    group: Ints  #: number of the team of each person; -1: none
    complement: bool

    @cached_property
    def choice(self) -> Bools:
        """(T, n) who could be chosen: eligible, and not kept out by the declared gap."""
        allowed = self.eligible.copy()
        for back in range(1, min(self.gap, len(self.won) - 1) + 1):
            allowed[back:] &= ~self.won[:-back]
        chosen: Bools = allowed | self.won
        return chosen

    @cached_property
    def informative(self) -> Bools:
        """Years in which somebody was chosen and somebody was not."""
        found: Bools = (self.seats >= 1) & (self.choice.sum(axis=1) > self.seats)
        return found

    @property
    def titles(self) -> int:
        """Titles given in informative years."""
        return int(self.seats[self.informative].sum())

    @cached_property
    def lacking(self) -> str:
        """Why nothing can be tested (`persons`, `years`, `eligible`, `titles`); empty: it can."""
        if self.won.shape[1] > MOST_PERSONS:
            return "persons"
        if int(self.informative.sum()) < LEAST_YEARS:
            return "years"
        if float(np.median(self.choice.sum(axis=1)[self.informative])) < LEAST_ELIGIBLE:
            return "eligible"
        return "titles" if self.titles < LEAST_TITLES else ""

    @property
    def teams(self) -> int:
        """Number of teams, 0 unless at least two have two persons."""
        sizes = np.bincount(self.group[self.group >= 0])
        return len(sizes) if int((sizes >= 2).sum()) >= 2 else 0

    def digest(self) -> bytes:
        """What the test reads, as bytes: equal series draw equal random numbers, whatever they are called."""
        digest = hashlib.sha256()
        for part in (self.eligible, self.merit, self.won, self.new, self.group):
            digest.update(f"{part.shape}{self.gap}".encode() + np.ascontiguousarray(part).tobytes())
        return digest.digest()


def prepare(series: Series) -> Prepared:
    """Standardise a series, order its persons by what is recorded of them, turn it round where most win."""
    source = series.latest
    present = source.present | source.won
    eligible = (source.eligible & present) | source.won
    merit, known, spread = standardised(source.merit, present)
    clear = np.full(len(merit), CLEARLY) if source.clear is None else source.clear / np.maximum(spread, 1e-9)
    won, gap, turned = source.won, source.gap or 0, False
    seats = won.sum(axis=1)
    live = (seats >= 1) & (eligible.sum(axis=1) > seats)
    if live.any() and float((seats[live] / eligible[live].sum(axis=1)).mean()) > MOSTLY_WON:
        met = seats[:, None] >= 1  # where nobody was given anything, nobody was left out
        won, merit, gap, turned = eligible & ~won & met, -merit + 0.0, 0, True
    first = np.argmax(present, axis=0)
    new = np.zeros_like(present)
    new[first, np.arange(present.shape[1])] = True
    new[0] = False
    new &= ~_there_before(series, source)
    group = _numbered(source.groups, present.shape[1])
    able = np.flatnonzero(np.any(eligible, axis=0))  # who could never be chosen decides nothing but the year's mean
    order = able[_order(eligible[:, able], merit[:, able], won[:, able], new[:, able], group[able])]
    group = _renumbered(group[order])
    pick = (slice(None), order)
    return Prepared(
        source, order, eligible[pick], merit[pick], known[pick], clear, won[pick], won.sum(axis=1), new[pick], gap,
        group, turned,
    )  # fmt: skip


def standardised(merit: Floats, present: Bools) -> tuple[Floats, Bools, Floats]:
    """Return z-scores within each year among those present, clipped, where they are known, and the year's spread (T,).

    A year with fewer than three values, or with equal ones, has no merit: all 0.
    """
    known = np.isfinite(merit) & present
    enough = known.sum(axis=1) >= LEAST_KNOWN
    known &= enough[:, None]
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    mean = np.where(known, merit, 0).sum(axis=1, keepdims=True) / count
    away = np.where(known, merit - mean, 0.0)
    spread = np.sqrt((away**2).sum(axis=1, keepdims=True) / count)
    flat = spread <= 1e-9 * (1 + np.abs(mean))
    known &= ~flat
    score = np.where(known, away / np.where(flat, 1, spread), 0.0)
    return np.round(np.clip(score, -CLIP, CLIP), _DIGITS) + 0.0, known, np.where(flat, 0.0, spread)[:, 0]


def _there_before(series: Series, source: Series) -> Bools:
    """(n,) persons of the years read who were there in an earlier one."""
    start = len(series.years) - len(source.years)
    earlier = (series.present | series.won)[:start]
    known = {person for person, there in zip(series.persons, earlier.T, strict=True) if there.any()}
    return np.array([person in known for person in source.persons], dtype=bool)


def _numbered(groups: tuple[str, ...], persons: int) -> Ints:
    names = {name: number for number, name in enumerate(sorted({g for g in groups if g}))}
    return np.array([names.get(g, -1) for g in groups] or [-1] * persons, dtype=np.int64)


def _renumbered(group: Ints) -> Ints:
    """Number teams by their first member, so that their names decide nothing."""
    order = list(dict.fromkeys(int(g) for g in group if g >= 0))
    return np.array([order.index(g) if g >= 0 else -1 for g in group], dtype=np.int64)


def _order(eligible: Bools, merit: Floats, won: Bools, new: Bools, group: Ints) -> Ints:
    """Order persons by their own records, then by their team's; who are equal in all of them may stand either way."""
    keys = np.concatenate([eligible, merit, won, new]).astype(np.float64)
    records = np.unique(keys, axis=1, return_inverse=True)[1].reshape(-1)
    teams = sorted({int(g) for g in group if g >= 0}, key=lambda g: (sorted(records[group == g].tolist()), g))
    rank = {number: place for place, number in enumerate(teams)}
    team = np.array([rank.get(int(g), -1) for g in group])
    return np.lexsort((team, records)).astype(np.int64)
