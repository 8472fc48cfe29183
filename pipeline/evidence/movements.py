"""Emulation movements: the catalogue, and what each unit did for each of them in the period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.dataset import UNIT
from pipeline.evidence.once import once

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

PLAN, LAUNCH, INSPECTION, MIDTERM, FINAL = "KE_HOACH", "PHAT_DONG", "KIEM_TRA", "SO_KET", "TONG_KET"
#: Steps of a movement in the order of the year.
STEPS = (PLAN, LAUNCH, INSPECTION, MIDTERM, FINAL)
#: Suffix of the columns that hold the day of a step.
DAY = "_day"


@once
def catalogue_of(case: Evidence) -> pd.DataFrame:
    """PHONG_TRAO of the configuration by code: `name` (as people pick it), `first`, `last` (null: still running)."""
    rows = case.configured("PHONG_TRAO")
    if rows.empty:
        return pd.DataFrame(
            {"name": pd.Series(dtype="str"), "first": pd.Series(dtype="datetime64[us]"),
             "last": pd.Series(dtype="datetime64[us]")}
        )  # fmt: skip
    rows = rows[rows["ma"].notna()].drop_duplicates("ma").set_index("ma")
    names = rows.index.to_series().astype("str") + (" – " + rows["ten"]).fillna("")
    return pd.DataFrame({"name": names, "first": rows["tu_ngay"], "last": rows["den_ngay"]})


def movement_names(case: Evidence, codes: pd.Series) -> pd.Series:
    """How people call the movements of a column; a code that the catalogue does not know stays a code."""
    return codes.map(catalogue_of(case)["name"]).astype("str").fillna(codes)


def days_for(keys: pd.Series, days: pd.Series) -> pd.Series:
    """Look up the day of each key; unlike `map`, also where there are no keys at all."""
    return days.reindex(keys).astype("datetime64[us]").set_axis(keys.index)


@once
def steps_of(case: Evidence) -> pd.DataFrame:
    """One row a unit and movement for which the unit logged any activity.

    Columns: `unit`, `movement`; for each of `STEPS` the row id of its first activity (null: none is logged) and,
    with the suffix `_day`, that activity's day; `activities` (how many of any kind); `began` (day of plan or launch,
    the earlier; null where none has a day); `last` (end of the movement by the catalogue).
    """
    rows = case.frame("HOAT_DONG")
    rows = rows[rows["phong_trao"].notna()]
    keys = [UNIT, "phong_trao"]
    firsts = rows[rows["loai"].isin(STEPS)].sort_values("ngay", kind="stable").drop_duplicates([*keys, "loai"])
    firsts = firsts.assign(row=firsts.index)
    counts = rows.groupby(keys).size()
    table = pd.DataFrame({"activities": counts})
    for step in STEPS:
        own = firsts[firsts["loai"] == step].set_index(keys)
        table[step] = own["row"].astype("float64").reindex(table.index)
        table[step + DAY] = own["ngay"].reindex(table.index).astype("datetime64[us]")
    table = table.rename_axis(["unit", "movement"]).reset_index()
    plan, launch = table[PLAN + DAY], table[LAUNCH + DAY]
    table["began"] = plan.where(~(launch < plan), launch).fillna(launch)
    table["last"] = days_for(table["movement"], catalogue_of(case)["last"])
    return table


@once
def unclear_steps(case: Evidence) -> pd.DataFrame:
    """For each unit (index) and step (columns), whether an activity may be that step of any movement.

    True where the unit has an activity whose kind is not known, or one of this kind whose movement is not known:
    then nobody can say that the step was left out. Units without such rows are absent.
    """
    rows = case.frame("HOAT_DONG")
    rows = rows[rows["loai"].isna() | (rows["loai"].isin(STEPS) & rows["phong_trao"].isna())]
    marks = pd.DataFrame({step: rows["loai"].isna() | (rows["loai"] == step) for step in STEPS}, index=rows.index)
    return marks.groupby(rows[UNIT]).any().rename_axis(None)


def unclear_for(case: Evidence, units: pd.Series, step: str) -> pd.Series:
    """`unclear_steps` of one step for a column of units."""
    marks = unclear_steps(case)
    return units.isin(marks.index[marks[step].astype(bool)])


def board_of(case: Evidence) -> pd.DataFrame:
    """`steps_of` with what people ask of each: one row a unit and movement that the unit worked on.

    Adds `plan_number`, `criteria` and `measurable` (of the first launch), `participants` (most at any activity of the
    movement), `staff` (rows of NHAN_SU), `result` (of the final review, else of the mid-term review, else of the
    inspection), `chosen` (proposals for the movement). Null where not known.
    """
    table = steps_of(case)
    rows = case.frame("HOAT_DONG")
    keys = ["unit", "movement"]
    pairs = pd.MultiIndex.from_frame(table[keys])
    for name, step, column in (
        ("plan_number", PLAN, "so_van_ban"),
        ("criteria", LAUNCH, "so_tieu_chi"),
        ("measurable", LAUNCH, "tieu_chi_do_duoc"),
    ):
        table[name] = rows[column].reindex(table[step]).to_numpy()
    told = rows[rows["phong_trao"].notna() & rows["so_tham_gia"].notna()]
    table["participants"] = told.groupby([UNIT, "phong_trao"])["so_tham_gia"].max().reindex(pairs).to_numpy()
    table["staff"] = table["unit"].map(case.units["staff"])
    result = pd.Series(pd.NA, index=table.index, dtype="str")
    for step in (FINAL, MIDTERM, INSPECTION):
        own = rows["ket_qua_so"].reindex(table[step]).set_axis(table.index)
        result = result.fillna(own.astype("str"))
    table["result"] = result
    proposed = case.proposed
    proposed = proposed[proposed["movement"].notna()]
    table["chosen"] = proposed.groupby(keys).size().reindex(pairs).fillna(0).to_numpy()
    return table
