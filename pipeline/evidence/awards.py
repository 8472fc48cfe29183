"""Awards of past years: what the province's history and the units' LICH_SU know, each once, and chains of years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.dataset import UNIT

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

#: Channels whose awards are no basis for a commendation of merit to a higher level.
SIDE_CHANNELS = ("CHUYEN_DE", "DOT_XUAT")
#: Columns of the table.
COLUMNS = ["holder", "kind", "name", "year", "award", "channel", "number", "day", "issuer", "unit_then", "valid"]


@dataclass(frozen=True)
class Awards:
    """Awards of past years.

    `table` has one row an award: `holder` (person key or unit code), `kind` (CN, TT; null where only a unit says it),
    `year`, `award` (code), `channel`, `number`, `day`, `issuer`, `unit_then`, `valid` (false: withdrawn), `known_to`
    (`tinh`, or the unit that alone says it), `row_id` (row of LICH_SU where a unit alone says it, else null).
    """

    table: pd.DataFrame
    first_year: int | None  #: first year of which awards are known; None: nothing is known

    def years_in_a_row(
        self,
        award: str,
        holders: pd.Series,
        last_year: int,
        *,
        side_channels: bool = False,
        not_before: pd.Series | None = None,
    ) -> pd.Series:
        """Count the years running, ending with `last_year`, in which each holder was given an award.

        Withdrawn awards never count, awards of a movement or on the spot only with `side_channels`.

        Args:
            award: code.
            holders: person keys or unit codes; null counts 0.
            last_year: the year with which the run must end.
            side_channels: whether those channels count.
            not_before: for each holder the first year that may count; null: any.

        Returns:
            Whole numbers on the index of `holders`.
        """
        found = self.table[(self.table["award"] == award) & self.table["valid"]]
        if not side_channels:
            found = found[~found["channel"].isin(SIDE_CHANNELS)]
        by_year = {int(year): set(names) for year, names in found.groupby("year")["holder"]}
        length = pd.Series(0, index=holders.index)
        running = holders.notna()
        year = last_year
        while running.any() and year in by_year:
            running &= holders.isin(by_year[year])
            if not_before is not None:
                running &= ~(not_before > year)
            length += running
            year -= 1
        return length

    def held(self, awards: Iterable[str], first: int, last: int) -> pd.DataFrame:
        """Rows of valid awards of these codes within these years."""
        rows = self.table[self.table["award"].isin(list(awards)) & self.table["year"].between(first, last)]
        return rows[rows["valid"]]

    @cached_property
    def known_years(self) -> frozenset[int]:
        """Years of which the province knows awards; where it knows none, those of which a unit tells."""
        own = self.table[self.table["known_to"] == "tinh"]
        return frozenset(int(year) for year in (own if len(own) else self.table)["year"].unique())

    def of(self, award: str) -> pd.DataFrame:
        """Rows of one award, whatever became of it."""
        if award not in self._by_award:
            self._by_award[award] = self.table[self.table["award"] == award]
        return self._by_award[award]

    @cached_property
    def _by_award(self) -> dict[str, pd.DataFrame]:
        return {}

    def reaches(self, year: int) -> bool:
        """Whether awards of this year are known at all."""
        return self.first_year is not None and self.first_year <= year


def gather_awards(evidence: Evidence) -> Awards:
    """Join both sources; an award that both know is the province's."""
    parts = []
    past = evidence.past("KHEN_THUONG")
    if past is not None:
        parts.append(_columns(past, past["doi_tuong"]).assign(known_to="tinh", row_id=pd.NA))
    # By unit, so that of two units that tell the same it is always the same one that is asked.
    told = evidence.frame("LICH_SU").sort_values(UNIT, kind="stable")
    own = _columns(told, pd.Series(pd.NA, index=told.index, dtype="str"))
    parts.append(own.assign(known_to=told[UNIT], row_id=told.index.to_series()))
    table = pd.concat(parts, ignore_index=True)
    table = table[table["holder"].notna() & table["year"].notna() & table["award"].notna()]
    table = table[table["year"] < evidence.year].drop_duplicates(["holder", "year", "award"]).reset_index(drop=True)
    first = int(table["year"].min()) if len(table) else None
    return Awards(table, first)


def _columns(rows: pd.DataFrame, kind: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "holder": rows["ma_doi_tuong"],
            "kind": kind,
            "name": rows["ten_doi_tuong"],
            "year": rows["nam"],
            "award": rows["danh_hieu"].fillna(rows["hinh_thuc"]),
            "channel": rows["loai_hinh"],
            "number": rows["so_qd"],
            "day": rows["ngay_qd"],
            "issuer": rows["co_quan_qd"],
            "unit_then": rows["don_vi_luc_do"],
            "valid": rows["tinh_trang"] != "THU_HOI",
        }
    )
