"""Invented units whose committees are honest, odd, or take turns: what the method is measured on.

Ability lasts, a yearly shock does not; what is recorded is the true merit of the year plus noise, and so, separately,
is what the committee sees. Decisions use the committee's view, the test sees only the record: the null is wrong in the
way in which reality makes it wrong. All parameters are drawn for each unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.rotation.series import Bools, Floats, Ints, Series
from tests.rotation.committee import ODD, ROTATING, Committee, Meeting

HONEST = (
    "base", "iid", "ability", "star", "noisy", "turnover", "discipline", "gap", "cycle", "leavers", "quota", "growth",
    "streak",
)  # fmt: skip
#: Honest too, but not of the mix: a gap rule that nobody told, and a title that follows three lower ones in a row.
APART = ("undeclared", "chain")
__all__ = ["APART", "HONEST", "ODD", "ROTATING", "make"]

_STAR, _INITIATIVE, _GROWTH, _STREAK, _EXCUSE = 2.2, 1.6, 0.35, 1.2, 1.5  # in units of merit
_WINNERS_LEAVE = 0.35
#: The lower title: share of the staff who get it, and how many in a row the chained title asks for.
_LOWER, _IN_A_ROW = 0.6, 3


@dataclass(frozen=True)
class _Habits:
    """What is drawn once for a unit."""

    lasting: float  #: share of merit that is ability
    record: float  #: noise of what is recorded
    view: float  #: noise of what the committee sees
    leave: float  #: chance of leaving in a year
    barred: float  #: chance of being ineligible in a year
    gap: int
    period: int  #: years from one initiative to the next

    @staticmethod
    def drawn(kind: str, rng: np.random.Generator) -> _Habits:
        lasting = {"iid": 0.0, "ability": 0.7}.get(kind, rng.uniform(0, 0.7))
        view = rng.uniform(1.0, 2.5) if kind == "noisy" else rng.uniform(0.2, 1.0)
        return _Habits(
            lasting,
            rng.uniform(0.2, 0.8),
            view,
            0.2 if kind == "turnover" else 0.05,
            0.15 if kind == "discipline" else 0.04,
            int(rng.integers(1, 3)) if kind in ("gap", "undeclared") else 0,
            int(rng.integers(2, 4)),
        )


class _Unit:
    """A unit that lives through its years; persons are numbered as they come."""

    def __init__(self, kind: str, posts: int, places: int, years: int, rng: np.random.Generator) -> None:
        self.kind, self.rng, self.places = kind, rng, places
        self.habits = _Habits.drawn(kind, rng)
        self.committee = Committee(kind, posts, places, rng)
        most = posts * years
        shape = (years, most)
        self.present, self.eligible, self.won = (np.zeros(shape, dtype=bool) for _ in range(3))
        self.merit = np.full(shape, np.nan)
        self.ability, self.phase = rng.normal(size=most), rng.integers(0, 6, size=most)
        self.last, self.titles, self.running, self.lower, self.post = (np.zeros(most, dtype=int) for _ in range(5))
        self.post[:posts] = self.staff = np.arange(posts)
        self.persons = posts
        self.leaving = np.zeros(posts, dtype=bool)  # posts whose holder won and goes

    def live(self, year: int) -> None:
        """One year: staff comes and goes, merit is shown and recorded, the committee meets."""
        if year:
            self._replace(year)
        here, habits, rng = self.staff, self.habits, self.rng
        self.present[year, here] = True
        true = self._true_merit(year)
        self.merit[year, here] = true + habits.record * rng.normal(size=len(here))
        view = true + habits.view * rng.normal(size=len(here))
        if self.kind == "streak":
            view += _STREAK * ((self.running[here] > 0) & (self.running[here] < 3))
        able = self._able(view)
        self.eligible[year, here[able]] = True
        able &= ~self.won[max(0, year - habits.gap) : year, here].any(axis=0)
        winners, by_turns = self._meet(year, here[able], view[able])
        if self.kind == "excuse" and year and by_turns:
            self.merit[year, winners] += _EXCUSE
        self._remember(year, winners)

    def _replace(self, year: int) -> None:
        """Whoever leaves is followed by somebody new, at the back of the queue and at the mean of titles."""
        gone = np.flatnonzero((self.rng.random(len(self.staff)) < self.habits.leave) | self.leaving)
        mean = int(np.ceil(self.titles[self.staff].mean()))
        new = self.persons + np.arange(len(gone))
        self.staff = self.staff.copy()
        self.staff[gone] = new
        self.post[new], self.last[new], self.titles[new] = gone, year, mean
        self.persons += len(gone)

    def _true_merit(self, year: int) -> Floats:
        here, lasting = self.staff, self.habits.lasting
        true: Floats = np.sqrt(lasting) * self.ability[here] + np.sqrt(1 - lasting) * self.rng.normal(size=len(here))
        if self.kind == "star":
            true = true + _STAR * (here == 0)
        if self.kind == "cycle":
            true = true + _INITIATIVE * ((year + self.phase[here]) % self.habits.period == 0)
        if self.kind == "growth":
            true = true + _GROWTH * (year - self.last[here])
        return true

    def _able(self, view: Floats) -> Bools:
        """Who is eligible this year, by post."""
        able: Bools = self.rng.random(len(view)) >= self.habits.barred
        if self.kind == "chain":
            best = view >= np.quantile(view, 1 - _LOWER)
            self.lower[self.staff] = np.where(best, self.lower[self.staff] + 1, 0)
            able &= self.lower[self.staff] >= _IN_A_ROW
        return able

    def _meet(self, year: int, able: Ints, score: Floats) -> tuple[Ints, bool]:
        places = self.places if self.kind != "quota" else max(1, self.places + int(self.rng.integers(-1, 2)))
        again = self.won[year - 1, able] if year else np.zeros(len(able), dtype=bool)
        meeting = Meeting(year, score, year + 1 - self.last[able], self.titles[able], again, self.post[able])
        ranking, by_turns = self.committee.ranking(meeting)
        return able[ranking[:places]], by_turns

    def _remember(self, year: int, winners: Ints) -> None:
        self.won[year, winners] = True
        self.running = np.where(self.won[year], self.running + 1, 0)
        self.last[winners] = year + 1
        self.titles[winners] += 1
        self.lower[winners] = 0
        if self.kind == "leavers":
            self.leaving = self.won[year, self.staff] & (self.rng.random(len(self.staff)) < _WINNERS_LEAVE)

    def told(self, name: str, *, teams: bool) -> Series:
        """The unit as it reports itself."""
        years, count = len(self.won), self.persons
        groups = tuple("A" if first else "B" for first in self.committee.half[self.post[:count]]) if teams else ()
        present, eligible, won = (table[:, :count] for table in (self.present, self.eligible, self.won))
        gap = None if self.kind == "undeclared" else self.habits.gap
        persons = tuple(f"{name}-{person}" for person in range(count))
        calendar = tuple(range(2000, 2000 + years))
        return Series(name, "T", calendar, persons, present, eligible, self.merit[:, :count], won, gap, groups)


def make(
    kind: str, n: int, k: int, years: int, rng: np.random.Generator, name: str = "U", *, teams: bool = False
) -> Series:
    """One unit of `n` posts, `k` places a year, so many years; `teams`: whether teams of half the staff are told."""
    unit = _Unit(kind, n, k, years, rng)
    for year in range(years):
        unit.live(year)
    return unit.told(name, teams=teams)
