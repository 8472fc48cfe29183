"""SANG_KIEN: one row an author, with what recognition is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.dataset import UNIT
from pipeline.evidence.runs import award_year
from pipeline.people import reference_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.evidence import Evidence

#: Levels of recognition, from the base up.
LEVELS = ("CO_SO", "NGANH", "TOAN_QUOC")


def initiatives_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `unit`, `person` (key of the author) and `recognised` (level, number and day of a decision are there)."""
    return rows.assign(
        unit=rows[UNIT],
        person=rows["tac_gia"].map(reference_key, na_action="ignore").astype("str"),
        recognised=rows["cap_cong_nhan"].isin(LEVELS) & rows["so_qd"].notna() & rows["ngay_qd"].notna(),
    )


def initiative_counts(evidence: Evidence, persons: pd.Series, years: Iterable[int]) -> pd.DataFrame:
    """How many recognised initiatives each person has, by row of `persons` and award year; null: not known.

    A past year is what NHAN_SU_NAM says; where it says nothing, the recognised rows of SANG_KIEN decided in that
    year, if any. The present year is SANG_KIEN alone: 0 where the person has none there.
    """
    rows = evidence.initiatives
    rows = rows[rows["recognised"] & rows["person"].isin(persons.dropna())]
    own = rows.assign(year=award_year(evidence, rows["ngay_qd"])).drop_duplicates(["unit", "ma_sk", "person", "year"])
    told = {int(year): part["person"].value_counts() for year, part in own.groupby("year")}
    roster = evidence.past("NHAN_SU_NAM")
    if roster is not None:
        roster = roster[roster["ma_cc"].isin(persons.dropna())]
    table = pd.DataFrame(index=persons.index)
    for year in years:
        counted = persons.map(told.get(year, pd.Series(dtype="float64"))).astype("float64")
        if year == evidence.year:
            table[year] = counted.fillna(0.0)
            continue
        if roster is not None:
            past = roster[(roster["nam"] == year) & roster["so_sang_kien"].notna()]
            said = past.groupby("ma_cc")["so_sang_kien"].max()
            counted = persons.map(said).astype("float64").fillna(counted)
        table[year] = counted
    return table
