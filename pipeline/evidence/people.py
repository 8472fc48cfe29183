"""The staff list with months of service and of absence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.dataset import PERSON, UNIT
from pipeline.evidence.events import KIND_LEAVE, PLAIN_LEAVE, TRAINING
from pipeline.evidence.spans import clipped, months_between, outside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.evidence import Evidence

#: Column → kinds of event whose months in the period it adds up.
_LEAVES = {"kind_leave": KIND_LEAVE, "training": (TRAINING,)}


def staff_of(evidence: Evidence) -> pd.DataFrame:
    """Rows of NHAN_SU with `unit`, `person`, `served` and the months of absence.

    `served`: months from recruitment to the end of the period, null where the day is not known. `leave` (plain
    absence, see `plain_leave`), `kind_leave` (maternity, injury in a brave act), `training`: months inside the
    period, 0 without events, null where an event of the kind has no first day.
    """
    rows = evidence.frame("NHAN_SU")
    last = pd.Series(evidence.last, index=rows.index, dtype="datetime64[us]")
    table = rows.assign(unit=rows[UNIT], person=rows[PERSON], served=months_between(rows["ngay_tuyen_dung"], last))
    keys = pd.MultiIndex.from_frame(table[["unit", "person"]])
    for name, kinds in _LEAVES.items():
        events = evidence.events[evidence.events["loai"].isin(kinds)]
        months = events.groupby(["unit", "person"])["months"].agg(lambda m: m.sum(skipna=False))
        found = months.reindex(keys).set_axis(table.index)
        table[name] = found.where(keys.isin(months.index), 0.0)
    away = plain_leave(evidence)
    table["leave"] = table["person"].map(away).where(table["person"].isin(away.index), 0.0).astype("float64")
    return table


def plain_leave(evidence: Evidence) -> pd.Series:
    """Months of plain absence inside the period of each person who has any, by person key.

    What another unit tells counts too. A day told twice counts once, a day within an absence that the law treats as
    work not at all; null where an absence has no first day.
    """
    events = evidence.events[evidence.events["person"].notna() & evidence.events["loai"].isin(PLAIN_LEAVE + KIND_LEAVE)]
    plain = events["loai"].isin(PLAIN_LEAVE)
    months = events.loc[plain].groupby("person")["months"].agg(lambda m: m.sum(skipna=False))
    several = events[events["touches"] & events.duplicated("person", keep=False)]
    first, last = clipped(several["tu_ngay"], several["den_ngay"], evidence.first, evidence.last)
    for person in several["person"].unique():  # the few who were away more than once
        if not months.get(person, 0.0) > 0:
            continue
        own = (several["person"] == person) & (first <= last)
        some = {
            kind: list(zip(first[own & where], last[own & where], strict=True))
            for kind, where in (("plain", plain[several.index]), ("kind", ~plain[several.index]))
        }
        left = outside(some["plain"], some["kind"])
        begin, end = (pd.Series([s[n] for s in left], dtype="datetime64[us]") for n in (0, 1))
        months[person] = months_between(begin, end).sum()
    return months


def ratings_of(evidence: Evidence, persons: pd.Series, years: Iterable[int]) -> pd.DataFrame:
    """Ratings of past years (NHAN_SU_NAM) by row of `persons` and year; null where none is known.

    Of somebody listed by two units in one year the last row that has a rating speaks.
    """
    every = list(years)
    roster = evidence.past("NHAN_SU_NAM")
    table = pd.DataFrame(index=persons.index, columns=pd.Index(every), dtype="str")
    if roster is None:
        return table
    roster = roster[roster["ma_cc"].isin(persons.dropna())]
    known = roster[roster["xep_loai"].notna() & (roster["xep_loai"] != "CHUA_XL") & roster["nam"].isin(every)]
    known = known.drop_duplicates(["nam", "ma_cc"], keep="last")
    for year, rows in known.groupby("nam"):
        table[int(year)] = persons.map(rows.set_index("ma_cc")["xep_loai"]).astype("str")
    return table
