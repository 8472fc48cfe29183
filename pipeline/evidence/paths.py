"""Paths of several years to a title or form: how each nomination of a person stands on the one that the law names.

Each function returns the nominations concerned with `sure` (the path is met by what is known), `possible` (it would
be met if what is not known were so) and what was found, as text. Thresholds are given by the check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.evidence.initiatives import initiative_counts
from pipeline.evidence.once import once
from pipeline.evidence.people import ratings_of
from pipeline.evidence.runs import counting, held_in, proposed_too

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.evidence import Evidence


@once
def nominated(case: Evidence, award: str) -> pd.DataFrame:
    """Persons proposed for a title or form."""
    rows = case.proposed
    return rows[(rows["award"] == award) & (rows["kind"] == "CN") & rows["person"].notna()]


def of_merit(rows: pd.DataFrame) -> pd.DataFrame:
    """Those proposed for the work of the year, not for a movement, on the spot or for long service."""
    return rows[rows["channel"] == "CONG_TRANG"]


def given(
    case: Evidence, award: str, holders: pd.Series, *, side: bool = False, withdrawn: bool = False
) -> pd.DataFrame:
    """Past awards of these holders that count (see `counting`), the latest first."""
    rows = counting(case, award, holders, side=side, withdrawn=withdrawn)
    return rows.sort_values("year", ascending=False, kind="stable")


def steps(
    case: Evidence, rows: pd.DataFrame, award: str, times: int, *, side: bool = False, withdrawn: bool = False
) -> pd.DataFrame:
    """Count the times that each person was given an award: `times`, `years` (the last `times` of them, as text).

    `widest` is the longest span in years between neighbours of those and the present year.
    """
    held = given(case, award, rows["holder"], side=side, withdrawn=withdrawn)
    place = held.groupby("holder").cumcount()
    years = pd.Series("", index=rows.index)
    widest = pd.Series(0.0, index=rows.index)
    later = pd.Series(float(case.year), index=rows.index)
    for number in range(min(times, int(place.max()) + 1) if len(place) else 0):
        year = rows["holder"].map(held[place == number].set_index("holder")["year"]).astype("float64")
        years = years.where(year.isna(), [f"{y:.0f}, " for y in year] + years)
        widest = widest.where(~(later - year > widest), later - year)
        later = year
    counts = rows["holder"].map(held["holder"].value_counts()).fillna(0).astype("int64")
    return pd.DataFrame({"times": counts, "years": years.str.removesuffix(", "), "widest": widest})


def rated_excellent(
    case: Evidence, rows: pd.DataFrame, years: int, ratings: Sequence[str], initiatives: float
) -> pd.DataFrame:
    """Whether each person has so many years running with one of these ratings and so many initiatives in them.

    The years end with the present one or the one before: `sure`, `possible`, `found` (years and ratings, as text).
    """
    every = range(case.year - years, case.year + 1)
    rated = ratings_of(case, rows["person"], every)
    rated[case.year] = rows["rating"].where(rows["rating"] != "CHUA_XL")
    made = initiative_counts(case, rows["person"], every)
    good = rated.isin(list(ratings))
    table = pd.DataFrame({"sure": False, "possible": False}, index=rows.index)
    for last in (case.year, case.year - 1):
        span = list(range(last - years + 1, last + 1))
        enough = made[span].sum(axis=1) >= initiatives
        may_be = enough | made[span].isna().any(axis=1)
        table["sure"] |= good[span].all(axis=1) & enough
        table["possible"] |= (good | rated.isna())[span].all(axis=1) & may_be
    found = pd.Series("", index=rows.index)
    for year in every:
        words = case.labels("XEP_LOAI", rated[year]).fillna("chưa biết xếp loại")
        count = pd.Series(
            [f"{n:.0f} sáng kiến" if n == n else "chưa biết số sáng kiến" for n in made[year]], rows.index
        )
        found += f"; {year}: " + words + ", " + count
    return table.assign(found=found.str.removeprefix("; "))


def after_diploma(
    case: Evidence,
    rows: pd.DataFrame,
    least: Mapping[str, float],
    codes: Mapping[str, Sequence[str]],
    *,
    side: bool = False,
    withdrawn: bool = False,
) -> pd.DataFrame:
    """The path to an order: a diploma of the Prime Minister, then years running that were all good.

    Args:
        case: evidence of the run.
        rows: nominations.
        least: `years` running after the diploma, of them `excellent`, and `titles` of CSTĐCS in them.
        codes: ratings that are `good`, and `excellent`.
        side: whether awards of movements and on the spot count.
        withdrawn: whether withdrawn awards count.

    Returns:
        `sure`, `possible`, `since` (year of the first diploma; null: none known), `years`, `excellent`, `titles`
        (what is known of the run that ends with the present year).
    """
    diplomas = given(case, "BK_TTG", rows["holder"], side=side, withdrawn=withdrawn)
    since = rows["holder"].map(diplomas.groupby("holder")["year"].min()).astype("float64")
    known = case.awards.known_years
    floor = int(min([case.year - least["years"] - 1, *since.dropna(), *known]))
    every = range(case.year, floor, -1)
    rated = ratings_of(case, rows["person"], every)
    rated[case.year] = rows["rating"].where(rows["rating"] != "CHUA_XL")
    titles = held_in(case, "CSTDCS", rows["person"], every, side=side, withdrawn=withdrawn)
    titles[case.year] = proposed_too(case, rows, "CSTDCS")
    unknown = pd.DataFrame({y: y < case.year and y not in known for y in every}, index=rows.index)
    sure = {
        "good": rated.isin(list(codes["good"])),
        "excellent": rated.isin(list(codes["excellent"])),
        "titles": titles,
    }
    may = {name: table | (unknown if name == "titles" else rated.isna()) for name, table in sure.items()}
    result = pd.DataFrame({"sure": False, "possible": False, "since": since}, index=rows.index)
    for last in (case.year - 1, case.year):
        counted = _run(sure, since, range(last, floor, -1))
        result["sure"] |= _enough(counted, least) & since.notna()
        result["possible"] |= _enough(_run(may, since, range(last, floor, -1)), least)
    return result.join(counted)


def _run(facts: dict[str, pd.DataFrame], since: pd.Series, years: range) -> pd.DataFrame:
    """Years running back from the first of `years`, with what lies in them; never before the year after `since`."""
    counts = {name: np.zeros(len(since), dtype="int64") for name in ("years", "excellent", "titles")}
    running, from_year = np.full(len(since), True), since.to_numpy()
    for year in years:
        running &= facts["good"][year].to_numpy() & ~(from_year >= year)
        counts["years"] += running
        counts["excellent"] += running & facts["excellent"][year].to_numpy()
        counts["titles"] += running & facts["titles"][year].to_numpy()
    return pd.DataFrame(counts, index=since.index)


def _enough(counts: pd.DataFrame, least: Mapping[str, float]) -> pd.Series:
    return pd.Series(True, counts.index) & (counts[list(least)] >= pd.Series(least)).all(axis=1)
