"""The series of a province: every unit and title, the top grade, and units inside their block; judged once a run."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.evidence.awards import SIDE_CHANNELS
from pipeline.rotation.desk import Desk, Winners
from pipeline.rotation.judging import Judgement, Judgements, judge
from pipeline.rotation.person_years import person_years
from pipeline.rotation.series import Series
from pipeline.rotation.told import UNITS, Told

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

CODE = "LP-01"
#: Unit → award → year → who.
_ByUnit = Mapping[str, Mapping[str, Winners]]


@dataclass(frozen=True)
class Rotation:
    """Everything that is known of turns in a province, in the order of its units and titles."""

    told: tuple[Told, ...]
    judgements: Judgements

    def __iter__(self) -> Iterator[tuple[Told, Judgement]]:
        """Go through series and what is concluded of each."""
        return zip(self.told, self.judgements.of, strict=True)


def rotation_of(case: Evidence) -> Rotation:
    """Judge all series of the province; made once a run."""
    made: dict[Any, Any] = case.made  # the run's own store
    if rotation_of not in made:
        told = tuple(province_series(case))
        judged = judge([one.series for one in told], workers=os.cpu_count() or 1, split=False)
        made[rotation_of] = Rotation(told, judged)
    found: Rotation = made[rotation_of]
    return found


def province_series(case: Evidence) -> Iterator[Told]:
    """Put together every series of the units at work in which somebody was given something, then of the blocks."""
    table = person_years(case)
    homes = unit_through_time(case)
    table["home"] = table["unit"].map(homes)
    working = [str(unit) for unit in case.units.index]
    own = table.assign(carried=False)
    carried = _carried(case, table, working)
    rows = pd.concat([own, carried], ignore_index=True).drop_duplicates(["home", "year", "person"])
    parts = dict(iter(rows.groupby("home", sort=False)))
    won, stood = _wins(case, homes), _stood(case, homes)
    before = _before(case, homes)
    titles, grade = case.rules.codes(CODE, "danh_hieu"), case.rules.word(CODE, "xep_loai")
    for unit in working:
        if unit in parts:
            mine = _joined(won, [unit, *before.get(unit, ())])
            yield from Desk(case, unit, parts[unit], mine, stood.get(unit, {})).every(titles, grade)
    yield from _blocks(case, table, homes)


def unit_through_time(case: Evidence) -> dict[str, str]:
    """Unit code of any time → the unit as which its series is known.

    A unit that was only renamed (its one heir began when it ended) goes on under its heir. What came out of several
    units begins anew, and so those end; a unit that took another in goes on as itself.
    """
    units, heirs = case.data.province.units, _heirs(case)
    sources = heirs.value_counts()
    began, ended = units["tu_ngay"], units["den_ngay"]
    renamed = {
        str(old): str(new)
        for old, new in heirs.items()
        if sources[new] == 1 and new in began.index and bool(began[new] >= ended[old])
    }
    found = {}
    for unit in units.index:
        home, seen = str(unit), {str(unit)}
        while (after := renamed.get(home)) and after not in seen:
            seen.add(home := after)
        found[str(unit)] = home
    return found


def _heirs(case: Evidence) -> pd.Series:
    units = case.data.province.units
    return units["ke_thua"].dropna() if "ke_thua" in units else pd.Series(dtype="str")


def _before(case: Evidence, homes: Mapping[str, str]) -> dict[str, list[str]]:
    """Unit at work → units that went into it together with others, as their series are known."""
    found: dict[str, list[str]] = defaultdict(list)
    for unit in case.data.province.units.index:
        home = homes[str(unit)]
        heir = case.lineage.heir(str(unit))
        if heir != home and home not in found[heir]:
            found[heir].append(home)
    return found


def _carried(case: Evidence, table: pd.DataFrame, working: list[str]) -> pd.DataFrame:
    """Past years of the people of a merged unit, in the units that went into it."""
    heir = table["unit"].map({str(u): case.lineage.heir(str(u)) for u in case.data.province.units.index})
    moved = table[(heir != table["home"]) & heir.isin(working)].assign(home=heir, carried=True)
    mine = pd.MultiIndex.from_frame(table[["home", "person"]])
    return moved[pd.MultiIndex.from_frame(moved[["home", "person"]]).isin(mine)]


def _wins(case: Evidence, homes: Mapping[str, str]) -> _ByUnit:
    """Who was given what; of the present year who is proposed."""
    past = case.awards.table
    past = past[(past["kind"] != "TT") & ~past["channel"].isin(SIDE_CHANNELS) & past["unit_then"].notna()]
    now = case.proposed
    now = now[(now["kind"] == "CN") & now["person"].notna() & ~now["channel"].isin(SIDE_CHANNELS)]
    return _gathered(
        [
            past[["unit_then", "award", "year", "holder"]].set_axis(["unit", "award", "year", "who"], axis=1),
            now.assign(year=case.year)[["unit", "award", "year", "person"]].set_axis(
                ["unit", "award", "year", "who"], axis=1
            ),
        ],
        homes,
    )


def _stood(case: Evidence, homes: Mapping[str, str]) -> _ByUnit:
    """Who stood for what in a review, as far as minutes are known: that proves eligibility."""
    names = ["unit", "award", "year", "who"]
    now = case.nominations
    now = now[(now["kind"] == "CN") & now["person"].notna() & ~now["channel"].isin(SIDE_CHANNELS)]
    parts = [now.assign(year=case.year)[["unit", "award", "year", "person"]].set_axis(names, axis=1)]
    past = case.past("UNG_CU")
    if past is not None and len(past):
        parts.append(past[["don_vi", "danh_hieu", "nam", "ma_doi_tuong"]].set_axis(names, axis=1))
    return _gathered(parts, homes)


def _gathered(parts: list[pd.DataFrame], homes: Mapping[str, str]) -> _ByUnit:
    rows = pd.concat(parts, ignore_index=True).dropna()
    rows["unit"] = rows["unit"].map(homes)
    found: dict[str, dict[str, dict[int, set[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    for unit, award, year, who in rows.dropna().itertuples(index=False):
        found[unit][award][int(year)].add(who)
    return {
        unit: {award: {y: frozenset(who) for y, who in years.items()} for award, years in awards.items()}
        for unit, awards in found.items()
    }


def _joined(won: _ByUnit, units: list[str]) -> Mapping[str, Winners]:
    """Winners of several units as of one."""
    found: dict[str, dict[int, frozenset[str]]] = defaultdict(dict)
    for unit in units:
        for award, years in won.get(unit, {}).items():
            for year, who in years.items():
                found[award][year] = found[award].get(year, frozenset()) | who
    return found


def _blocks(case: Evidence, table: pd.DataFrame, homes: Mapping[str, str]) -> Iterator[Told]:
    """Titles of collectives inside each block (R59); merit is the mean score of the unit's people, as far as known."""
    past = case.awards.table
    past = past[(past["kind"] == "TT") & ~past["channel"].isin(SIDE_CHANNELS)]
    now = case.proposed
    now = now[(now["kind"] == "TT") & ~now["channel"].isin(SIDE_CHANNELS)]
    scores = table.groupby(["home", "year"])["score"].mean()
    years = sorted({int(y) for y in past["year"]} | ({case.year} if len(now) else set()))
    for title in case.rules.codes(CODE, "danh_hieu_tap_the"):
        mine = past[past["award"] == title]
        given = set(zip(mine["holder"].map(homes), mine["year"].astype(int), strict=True))
        given |= {(homes.get(unit, unit), case.year) for unit in now.loc[now["award"] == title, "unit"]}
        if given and years:
            span = range(years[0], years[-1] + 1)
            at_work = _at_work(case, homes, span)
            for block in dict.fromkeys(case.units["block"].dropna()):
                yield from _block(case, str(block), title, span, given, scores, homes, at_work)


def _at_work(case: Evidence, homes: Mapping[str, str], years: range) -> dict[str, npt.NDArray[np.bool_]]:
    """Unit → (T,) whether it was at work, under whichever code, on the last day of each year."""
    units = case.data.province.units
    days = np.array([case.year_end(year) for year in years], dtype="datetime64[us]")
    there = (units["tu_ngay"].to_numpy()[:, None] <= days) & ~(units["den_ngay"].to_numpy()[:, None] < days)
    found: dict[str, npt.NDArray[np.bool_]] = {}
    for code, row in zip(units.index, there, strict=True):
        home = homes[str(code)]
        found[home] = found[home] | row if home in found else row
    return found


def _block(
    case: Evidence,
    block: str,
    title: str,
    years: range,
    given: set[tuple[str, int]],
    scores: pd.Series,
    homes: Mapping[str, str],
    at_work: Mapping[str, npt.NDArray[np.bool_]],
) -> Iterator[Told]:
    units = case.data.province.units
    mine = list(dict.fromkeys(homes[str(u)] for u in units.index[units["khoi"] == block]))
    shape = (len(years), len(mine))
    present = np.stack([at_work[unit] for unit in mine], axis=1)
    merit = np.array([[scores.get((unit, year), np.nan) for unit in mine] for year in years], dtype=float)
    won = np.array([[(unit, year) in given for unit in mine] for year in years])
    if not won.any():
        return
    series = Series(block, title, tuple(years), tuple(mine), present | won, present | won, merit, won, 0)
    names = tuple(str(units["ten_don_vi"].get(unit, unit)) for unit in mine)
    none, unknown = np.full(shape, None, dtype=object), np.full(shape, np.nan)
    words, now = np.full(shape, "", dtype=object), years[-1] == case.year
    yield Told(
        series, UNITS, "", names, none, merit, unknown, words, now, won & False, np.zeros(len(years), dtype=bool)
    )
