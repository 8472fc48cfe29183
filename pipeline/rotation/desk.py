"""One unit's years laid out as tables of year × person, and the series that they give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.evidence.runs import held_in
from pipeline.rotation.merit import POINTS, composite
from pipeline.rotation.series import Bools, Floats, Series
from pipeline.rotation.told import GRADE, PERSONS, Told

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

#: Year → who was given a title.
Winners = Mapping[int, frozenset[str]]
_BASE, _LADDER = "LDTT", "CSTDCS"  # every title above the first needs it; the sector's needs years of the second
_SECTOR = "CSTD_NGANH"


@dataclass(frozen=True)
class Desk:
    """A unit, everybody who ever worked there, and in which years."""

    case: Evidence
    unit: str
    rows: pd.DataFrame  #: its person_years, the present year first; `carried`: a year in a unit that went into this one
    won: Mapping[str, Winners]  #: award → winners, here and where people came from
    stood: Mapping[str, Winners]  #: award → who was considered for it here

    @cached_property
    def years(self) -> list[int]:
        """The calendar, without holes."""
        return list(range(int(self.rows["year"].min()), int(self.rows["year"].max()) + 1))

    @cached_property
    def place(self) -> dict[str, int]:
        """Column of each person."""
        return {person: number for number, person in enumerate(dict.fromkeys(self.rows["person"]))}

    @cached_property
    def _cells(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        return (
            self.rows["year"].to_numpy(dtype=int) - self.years[0],
            self.rows["person"].map(self.place).to_numpy(dtype=int),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """(T, n)."""
        return len(self.years), len(self.place)

    def spread(self, column: str, empty: Any, kind: Any) -> npt.NDArray[Any]:
        """A column as (T, n)."""
        found = np.full(self.shape, empty, dtype=kind)
        found[self._cells] = self.rows[column].to_numpy(dtype=kind)
        return found

    @cached_property
    def rating(self) -> npt.NDArray[Any]:
        """(T, n) codes; None where not recorded."""
        found = self.spread("rating", None, object)
        found[pd.isna(found)] = None
        return found

    @cached_property
    def score(self) -> Floats:
        """(T, n); NaN where not recorded."""
        return self.spread("score", np.nan, float)

    @cached_property
    def initiatives(self) -> Floats:
        """(T, n); NaN where not recorded."""
        return self.spread("initiatives", np.nan, float)

    @cached_property
    def reason(self) -> npt.NDArray[Any]:
        """(T, n) why not eligible; "" where eligible or not there."""
        return self.spread("reason", "", object)

    @cached_property
    def carried(self) -> Bools:
        """(T,) years that were worked in the units that went into this one: they only tell who waits how long."""
        return np.array([not (self.rows["year"][~self.rows["carried"]] == year).any() for year in self.years])

    def every(self, titles: tuple[str, ...], grade: str) -> Iterator[Told]:
        """All series of the unit: titles that anybody was given here, and the top grade."""
        for title in titles:
            given = self.won.get(title, {})
            won = self._table(given)
            if won[~self.carried].any():
                merit = composite(self.rating, self.score, self.initiatives, legs=title == _LADDER)
                yield self._told(title, PERSONS, won, self._able(title, given), merit)
        graded: Bools = self.rating == grade
        if graded[~self.carried].any():
            able = ~pd.isna(self.rating) & (self.reason != "left")
            merit = composite(np.full(self.shape, None), self.score, self.initiatives)
            yield self._told(grade, GRADE, graded, able, merit)

    def _able(self, title: str, given: Winners) -> Bools:
        able: Bools = self.spread("able", False, bool)
        if title == _LADDER:
            base = self.won.get(_BASE, {})
            held = self._table(base)
            held[[year not in base for year in self.years]] = True
            able = able & held
        return able & self._chain(given) if title == _SECTOR else able

    def _table(self, given: Winners) -> Bools:
        won = np.zeros(self.shape, dtype=bool)
        for year, who in given.items():
            if self.years[0] <= year <= self.years[-1]:
                won[year - self.years[0], [self.place[person] for person in who if person in self.place]] = True
        return won

    def _chain(self, given: Winners) -> Bools:
        """Who had the running years of the base title, counted anew after the last title that rested on them."""
        length = int(self.case.rules.number("DK-04", "so_nam"))
        people = pd.Series(list(self.place))
        every = range(self.years[0] - length, self.years[-1] + 1)
        held = held_in(self.case, _LADDER, people, every)
        now = self.won.get(_LADDER, {}).get(self.case.year)
        if now is not None and self.case.year in held:
            held[self.case.year] = people.isin(now)
        elsewhere, nobody = held_in(self.case, _SECTOR, people, self.years), pd.Series(False, people.index)
        used = np.zeros(len(people), dtype=int)
        able = np.zeros(self.shape, dtype=bool)
        for t, year in enumerate(self.years):
            for last in (year, year - 1):
                span = list(range(last - length + 1, last + 1))
                if span[0] in held:
                    able[t] |= held[span].all(axis=1).to_numpy() & (used < span[0])
            used[people.isin(given.get(year, ())) | elsewhere.get(year, nobody)] = year
        return able

    def _told(self, title: str, kind: str, won: Bools, able: Bools, merit: Floats) -> Told:
        present = np.zeros(self.shape, dtype=bool)
        present[self._cells] = True
        stood = self._table(self.stood.get(title, {}))
        eligible = (able & present) | won | stood
        eligible[self.carried] = won[self.carried]
        series = Series(
            self.unit, title, tuple(self.years), tuple(self.place), present | won, eligible, merit, won,
            0 if kind == GRADE else self._gap, self._teams, self.case.rules.number("LP-03", "diem") / POINTS,
        )  # fmt: skip
        now = self.years[-1] == self.case.year
        return Told(
            series, kind, self.unit, self._names, self.rating, self.score, self.initiatives, self.reason, now,
            stood & ~won, self.carried,
        )  # fmt: skip

    @cached_property
    def _latest(self) -> pd.DataFrame:
        """The latest row of each person, in the order of columns."""
        return self.rows.sort_values("year", kind="stable").drop_duplicates("person", keep="last").set_index("person")

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self._latest["name"].fillna("").astype(str).reindex(list(self.place)))

    @cached_property
    def _teams(self) -> tuple[str, ...]:
        teams = tuple(self._latest["team"].fillna("").astype(str).reindex(list(self.place)))
        return teams if len({team for team in teams if team}) > 1 else ()

    @cached_property
    def _gap(self) -> int | None:
        """Years of rest by a written rule of the unit; None while no file of it says whether there is one."""
        forms = self.case.forms
        asked = forms.at[self.unit, "quy_dinh_nghi"] if self.unit in forms.index else None
        if asked == "KHONG":
            return 0
        if asked != "CO":
            return None
        years = forms.at[self.unit, "so_nam_nghi"]
        return 1 if pd.isna(years) else int(years)
