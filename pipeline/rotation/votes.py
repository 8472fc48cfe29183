"""Tallies of reviews laid out beside a series: totals of secret ballots, never who voted for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.rotation.of_province import unit_through_time
from pipeline.rotation.series import Floats

if TYPE_CHECKING:
    from pipeline.evidence import Evidence
    from pipeline.rotation.told import Told

_NAMES = ["unit", "award", "year", "who", "votes_for", "valid"]


@dataclass(frozen=True)
class Votes:
    """Votes beside a series, (T, n): `votes_for` and `valid` ballots; NaN where there was no vote."""

    votes_for: Floats
    valid: Floats

    @property
    def share(self) -> Floats:
        """(T, n) part of the valid ballots; NaN where there was no vote."""
        return self.votes_for / self.valid

    @property
    def candidates(self) -> int:
        """Candidates over all years."""
        return int(np.isfinite(self.valid).sum())

    @property
    def unanimous(self) -> int:
        """Candidates for whom every valid ballot was."""
        return int((self.votes_for >= self.valid).sum())


def tallies(case: Evidence) -> pd.DataFrame:
    """Tallies of reviews of persons: `unit` (as its series is known), `award`, `year`, `who`, `votes_for`, `valid`.

    The present year from PHIEU (last round in the unit), past years from UNG_CU; rows that cannot be right (more votes
    than ballots, no ballot) are left out: other checks speak of them.
    """
    homes = unit_through_time(case)
    now = case.nominations[case.nominations["person"].notna()]
    rows = case.ballots.merge(
        now[["unit", "code", "award", "person"]], left_on=["don_vi_nop", "ma_dn"], right_on=["unit", "code"]
    )
    parts = [
        rows.assign(year=case.year)[["unit", "award", "year", "person", "dong_y", "phieu_hop_le"]].set_axis(
            _NAMES, axis=1
        )
    ]
    past = case.past("UNG_CU")
    if past is not None and len(past):
        columns = ["don_vi", "danh_hieu", "nam", "ma_doi_tuong", "dong_y", "phieu_hop_le"]
        parts.append(past[columns].set_axis(_NAMES, axis=1))
    table = pd.concat(parts, ignore_index=True).dropna()
    table = table.assign(unit=table["unit"].map(homes)).dropna()
    kinds = {"year": "int64", "votes_for": "float64", "valid": "float64"}
    table = table.astype(kinds)
    right = (table["valid"] > 0) & table["votes_for"].between(0, table["valid"])
    return table[right].drop_duplicates(["unit", "award", "year", "who"]).reset_index(drop=True)


def votes_beside(told: Told, table: pd.DataFrame) -> Votes:
    """Lay the tallies of a series' unit and title (rows of `tallies`) beside it."""
    series = told.series
    place: Mapping[str, int] = {person: number for number, person in enumerate(series.persons)}
    votes, valid = np.full(series.won.shape, np.nan), np.full(series.won.shape, np.nan)
    for row in table.itertuples(index=False):
        column, t = place.get(row.who), row.year - series.years[0]
        if column is not None and 0 <= t < len(series.years):
            votes[t, column], valid[t, column] = row.votes_for, row.valid
    return Votes(votes, valid)
