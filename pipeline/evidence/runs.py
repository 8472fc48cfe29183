"""Runs of years: which years of a chain a person holds, misses or nobody knows of, and from when years count again.

A chain of n years may end with the present year, where the title that it rests on is proposed for the same person
in the same unit, or with the year before. Years follow the person through every unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.evidence.awards import SIDE_CHANNELS
from pipeline.evidence.events import DISCIPLINE
from pipeline.vietnamese import date_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.evidence import Evidence


def counting(
    case: Evidence, award: str, holders: pd.Series, *, side: bool = False, withdrawn: bool = False
) -> pd.DataFrame:
    """Past awards of these holders.

    Awards of a movement or on the spot count only with `side`, withdrawn ones only with `withdrawn`.
    """
    rows = case.awards.of(award)
    counted = rows["holder"].isin(holders.dropna()) & (rows["valid"] | withdrawn)
    if not side:
        counted &= ~rows["channel"].isin(SIDE_CHANNELS)
    return rows[counted]


def held_in(
    case: Evidence, award: str, holders: pd.Series, years: Iterable[int], *, side: bool = False, withdrawn: bool = False
) -> pd.DataFrame:
    """For each holder (index) and year (column) whether the award was given; see `counting`."""
    found = counting(case, award, holders, side=side, withdrawn=withdrawn)
    by_year = {int(year): set(names) for year, names in found.groupby("year")["holder"]}
    return pd.DataFrame({year: holders.isin(by_year.get(year, set())) for year in years}, index=holders.index)


def proposed_too(case: Evidence, rows: pd.DataFrame, award: str) -> pd.Series:
    """Whether the same unit proposes the same person for another award of the present year."""
    others = case.proposed[case.proposed["award"] == award]
    others = others[others["person"].isin(rows["person"].dropna())]
    known = pd.MultiIndex.from_frame(others[["unit", "person"]])
    return pd.Series(pd.MultiIndex.from_frame(rows[["unit", "person"]]).isin(known), rows.index)


def award_year(case: Evidence, days: pd.Series) -> pd.Series:
    """The award year in which each day lies."""
    return days.dt.year + (days.dt.month * 100 + days.dt.day > case.last.month * 100 + case.last.day)


def clean_since(case: Evidence, persons: pd.Series, *, end_year_counts: bool) -> pd.DataFrame:
    """From which year a person's years count again after discipline.

    Known are the end of a term in BIEN_DONG and, for past years, only that there was discipline (`ky_luat` of
    NHAN_SU_NAM): then the year after it counts.

    Args:
        case: evidence of the run.
        persons: person keys.
        end_year_counts: whether the award year in which the term ends counts already.

    Returns:
        `year` (first that counts; null: nothing known against any), `told` (what is known, in words; null) and
        `open` (discipline on file without the day on which its term ends), on the index of `persons`.
    """
    events = case.events[(case.events["loai"] == DISCIPLINE) & case.events["person"].isin(persons.dropna())]
    ended = events[events["het_hieu_luc"].notna()]
    ends = award_year(case, ended["het_hieu_luc"]) + (0 if end_year_counts else 1)
    words = [f"kỷ luật hết hiệu lực ngày {date_text(day.date())}" for day in ended["het_hieu_luc"]]
    parts = [pd.DataFrame({"person": ended["person"], "year": ends.astype("float64"), "told": words})]
    roster = case.past("NHAN_SU_NAM")
    if roster is not None:
        past = roster[roster["ky_luat"].notna() & roster["nam"].notna() & roster["ma_cc"].isin(persons.dropna())]
        words = [f"có kỷ luật năm {year:.0f}, không rõ ngày hết hiệu lực" for year in past["nam"]]
        parts.append(pd.DataFrame({"person": past["ma_cc"], "year": past["nam"] + 1.0, "told": words}))
    known = pd.concat(parts).sort_values("year", kind="stable").drop_duplicates("person", keep="last")
    known = known.set_index("person")
    still_open = events.loc[events["het_hieu_luc"].isna(), "person"]
    return pd.DataFrame(
        {
            "year": persons.map(known["year"]).astype("float64"),
            "told": persons.map(known["told"]),
            "open": persons.isin(still_open),
        },
        index=persons.index,
    )


def chain(
    case: Evidence, rows: pd.DataFrame, award: str, years: int, *, present: bool, end_year_counts: bool
) -> pd.DataFrame:
    """How the chain of `years` years of an award stands for each nomination.

    Args:
        case: evidence of the run.
        rows: nominations of persons.
        award: title that the chain is made of.
        years: its length.
        present: whether the present year's nomination for that title counts as the last year.
        end_year_counts: as for `clean_since`.

    Returns:
        `whole` (complete), `undisciplined` (complete if discipline did not restart the count), `with_side` (complete
        if awards of movements and on the spot counted too), `with_withdrawn` (if withdrawn ones did), `possible`
        (complete if unknown years were held), the texts `found`, `missing`, `unknown`, and `told`, `open` of
        `clean_since`.
    """
    now = proposed_too(case, rows, award) & present
    spans = _spans(case.year, years, now)
    persons = rows["person"]
    clean = clean_since(case, persons, end_year_counts=end_year_counts)
    table = pd.DataFrame({"told": clean["told"], "open": clean["open"]}, index=rows.index)
    every = sorted({year for span, _ in spans for year in span} | {case.year})
    allowed = pd.DataFrame({year: ~(clean["year"] > year) for year in every}, index=rows.index)
    unknown = [year for year in every if year < case.year and year not in case.awards.known_years]

    def complete(have: pd.DataFrame) -> pd.Series:
        done = np.full(len(rows), False)
        for span, chosen in spans:
            done |= have[list(span)].to_numpy().all(axis=1) & chosen.to_numpy()
        return pd.Series(done, index=rows.index)

    def holding(**more: bool) -> pd.DataFrame:
        have = held_in(case, award, persons, every, **more)
        have[case.year] = now
        return have

    plain = holding()
    maybe = plain.copy()
    maybe[unknown] = True
    table["whole"] = complete(plain & allowed)
    table["undisciplined"] = complete(plain)
    table["with_side"] = complete(holding(side=True))
    table["with_withdrawn"] = complete(holding(withdrawn=True))
    table["possible"] = complete(maybe)
    return table.join(_words(case, spans, plain, holding(side=True, withdrawn=True), unknown))


def _spans(year: int, years: int, now: pd.Series) -> list[tuple[range, pd.Series]]:
    """Spans of years that may make the chain, the one to speak of first, with the rows for which each may."""
    always = pd.Series(True, index=now.index)
    return [(range(year - years + 1, year + 1), now), (range(year - years, year), always)]


def _words(
    case: Evidence, spans: list[tuple[range, pd.Series]], have: pd.DataFrame, loose: pd.DataFrame, unknown: list[int]
) -> pd.DataFrame:
    """Years found, missing and unknown of the span that each row is measured by, as text."""
    texts = {name: np.full(len(have), "", dtype=object) for name in ("found", "missing", "unknown")}
    left = np.full(len(have), True)
    for span, chosen in spans:
        mine = left & chosen.to_numpy()
        for year in span:
            mark = f", {year}" + (" (đề nghị năm nay)" if year == case.year else "")
            held, let = have[year].to_numpy(), loose[year].to_numpy()
            idle, neither = mine & ~held & let, mine & ~held & ~let
            texts["found"][mine & held] += mark
            texts["missing"][idle] += f", {year} (có nhưng không được tính)"
            texts["unknown" if year in unknown else "missing"][neither] += f", {year}"
        left &= ~chosen.to_numpy()
    words = {name: [text.removeprefix(", ") for text in column] for name, column in texts.items()}
    return pd.DataFrame(words, index=have.index, dtype="str")
