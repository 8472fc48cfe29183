"""What checks, rotation and ranking reason from: the province's rows joined into a few tables, made once each.

Contract: `Evidence(dataset, rules)` never changes data and computes each table when first asked for. Tables have
one row per subject and carry the row id of the dataset as index, so that whatever is concluded of a row can be said
at its cell. Null always means "not known"; a column says so where null means something else. Works on columns of
the whole province, never unit by unit.

- `nominations`: every row of DE_NGHI with what the staff list and the catalogue of titles say of it
- `staff`: every row of NHAN_SU, with months of service and of absence in the period
- `events`: every row of BIEN_DONG with its months inside the period
- `awards`: every award of past years that the province or a unit knows of
- `initiatives`: every author of every initiative
- `ballots`: the last round of each nomination in its unit
- `forms`: DON_VI, one row a unit
- `units`: every unit of the configuration with its file, its heir, its counts
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from functools import cached_property

import pandas as pd

from pipeline.dataset import PERSON, UNIT, Dataset
from pipeline.evidence.awards import Awards, gather_awards
from pipeline.evidence.catalogue import titles_of
from pipeline.evidence.events import events_in
from pipeline.evidence.initiatives import initiatives_of
from pipeline.evidence.nominations import nominations_of
from pipeline.evidence.people import staff_of
from pipeline.evidence.units import Lineage, forms_of, units_of
from pipeline.rulebook import Rulebook

__all__ = ["Awards", "Evidence", "Lineage"]


class Evidence:
    """The tables of one run; see the package for what each holds."""

    def __init__(self, data: Dataset, rules: Rulebook, *, alone: bool = False) -> None:
        """Join nothing yet.

        Args:
            data: the dataset of the run.
            rules: the rules in force.
            alone: true when only one file is looked at and the rest of the province is not known.
        """
        self.data, self.rules, self.alone = data, rules, alone
        self.made: dict[Hashable, pd.DataFrame] = {}  #: tables of `pipeline.evidence.once`

    @property
    def first(self) -> pd.Timestamp:
        """First day of the period."""
        return pd.Timestamp(self.data.province.period.first)

    @property
    def last(self) -> pd.Timestamp:
        """Last day of the period."""
        return pd.Timestamp(self.data.province.period.last)

    @property
    def year(self) -> int:
        """Award year."""
        return self.data.province.period.year

    def year_end(self, year: int) -> dt.date:
        """Last day of the award year `year`: that of the period, moved by whole years."""
        last = self.data.province.period.last
        day = min(last.day, 28) if last.month == 2 else last.day
        return dt.date(last.year - (self.year - year), last.month, day)

    def frame(self, sheet: str) -> pd.DataFrame:
        """Rows of a template sheet, typed, with the unit in `UNIT`."""
        return self.data.frames[sheet]

    def configured(self, sheet: str) -> pd.DataFrame:
        """Rows of a sheet of cau-hinh.xlsx; no rows when the configuration is not at hand."""
        return self.data.province.configuration.frames.get(sheet, pd.DataFrame())

    def past(self, sheet: str) -> pd.DataFrame | None:
        """Rows of a sheet of lich-su.xlsx; None when there is no history."""
        history = self.data.province.history
        return None if history is None else history.frames.get(sheet)

    def has_sheet(self, sheet: str) -> pd.Series:
        """For each counted unit (index), whether its file has this sheet at all."""
        places = self.data.addresses.places
        counted = {unit: record.number for unit, record in self.data.counted.items()}
        return pd.Series({unit: (number, sheet) in places for unit, number in counted.items()}, dtype=bool)

    def sheet_at_hand(self, units: pd.Series, sheet: str) -> pd.Series:
        """For each of a column of unit codes, whether a file of it counts and has this sheet."""
        has = self.has_sheet(sheet)
        return units.isin(has.index[has])

    def label(self, vocabulary: str, code: str) -> str:
        """How people call a code."""
        return self.data.province.lists.labels.get(vocabulary, {}).get(code, code)

    def labels(self, vocabulary: str, codes: pd.Series) -> pd.Series:
        """How people call the codes of a column; null stays null."""
        names = self.data.province.lists.labels.get(vocabulary, {})
        known = {code: names.get(code, code) for code in codes.dropna().unique()}
        return codes.map(known).astype("str")

    @cached_property
    def titles(self) -> pd.DataFrame:
        """Titles and forms by code: `name`, `is_title`, `kind` (CN, TT or null), `rung`, `level`, `first`, `last`."""
        return titles_of(self.data.province)

    @cached_property
    def staff(self) -> pd.DataFrame:
        """NHAN_SU by row id."""
        return staff_of(self)

    @cached_property
    def events(self) -> pd.DataFrame:
        """BIEN_DONG by row id."""
        return events_in(self.frame("BIEN_DONG"), self.first, self.last)

    @cached_property
    def nominations(self) -> pd.DataFrame:
        """DE_NGHI by row id."""
        return nominations_of(self)

    @cached_property
    def proposed(self) -> pd.DataFrame:
        """The nominations whose result is "đề nghị"."""
        return self.nominations[self.nominations["proposed"]]

    @cached_property
    def initiatives(self) -> pd.DataFrame:
        """SANG_KIEN by row id, one row an author."""
        return initiatives_of(self.frame("SANG_KIEN"))

    @cached_property
    def ballots(self) -> pd.DataFrame:
        """PHIEU by row id: the last round in the unit of each nomination."""
        rows = self.frame("PHIEU")
        own = rows[(rows["cap_hop"] == "DON_VI") & rows["ma_dn"].notna()]
        last = own.sort_values("vong", kind="stable").drop_duplicates([UNIT, "ma_dn"], keep="last")
        return last.sort_index()

    @cached_property
    def awards(self) -> Awards:
        """Awards of past years."""
        return gather_awards(self)

    @cached_property
    def lineage(self) -> Lineage:
        """Units through time."""
        return Lineage(self.data.province.units)

    @cached_property
    def forms(self) -> pd.DataFrame:
        """DON_VI by unit code; `row_id` leads to its cells, `head` is the person key of the head."""
        return forms_of(self.frame("DON_VI"))

    @cached_property
    def units(self) -> pd.DataFrame:
        """Expected units by code: `name`, `kind`, `block`, `difficulty`, `counted`, `staff`, `founded`."""
        return units_of(self)


__all__ += ["PERSON", "UNIT"]
