"""What checks of whole units start from: the DON_VI row of each counted unit, and which files have a sheet at all.

A finding about a unit that no cell of its tables holds is said at its DON_VI row.
"""

from __future__ import annotations

import pandas as pd

from pipeline.checks.ledger import NOT_JUDGED, Ledger
from pipeline.evidence import Evidence
from pipeline.evidence.once import once

#: Cell at which something is said that concerns the unit as a whole.
UNIT_CELL = "ten_don_vi"


@once
def unit_rows(case: Evidence) -> pd.DataFrame:
    """DON_VI by row id, one row a unit, with `unit` and `at` (the same row id, to place findings of other sheets)."""
    return case.forms.assign(at=case.forms["row_id"]).set_index("row_id").rename_axis(None)


def having_sheet(case: Evidence, ledger: Ledger, units: pd.DataFrame, *sheets: str, **params: object) -> pd.DataFrame:
    """Enter the units as looked at, say which cannot be judged for want of a sheet, and return the others."""
    ledger.look(units)
    lacking = pd.Series("", index=units.index, dtype="object")
    for sheet in sheets:
        lacking = lacking.mask(~has_page(case, units, sheet) & (lacking == ""), f"tệp không có trang {sheet}")
    there = lacking == ""
    say_of_unit(ledger, NOT_JUDGED, units[~there], con_thieu=lacking, **params)
    return units[there]


def has_page(case: Evidence, units: pd.DataFrame, sheet: str) -> pd.Series:
    """For each unit, whether its file has a sheet at all."""
    return case.sheet_at_hand(units["unit"], sheet)


def say_of_unit(ledger: Ledger, variant: str, units: pd.DataFrame, **params: object) -> None:
    """Write down something of whole units at the cell of their name; sentences may use `ten_don_vi`."""
    ledger.say(variant, units, UNIT_CELL, ten_don_vi=units[UNIT_CELL].fillna(units["unit"]), **params)


def looked_up(units: pd.Series, table: pd.Series) -> pd.Series:
    """For each of a column of unit codes, the value of a table by unit; keeps the type also when nothing is there."""
    return table.reindex(units).set_axis(units.index)


def on_form(case: Evidence, units: pd.Series, column: str = "row_id") -> pd.Series:
    """For each of a column of unit codes, a field of its DON_VI (by default the row id); null where there is none."""
    return looked_up(units, case.forms[column])


def any_in_unit(units: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """For each unit, whether one of these rows (with `unit`) is its own."""
    return units["unit"].isin(rows["unit"].unique())


def count_in_unit(units: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """For each unit, how many of these rows (with `unit`) are its own."""
    return units["unit"].map(rows["unit"].value_counts()).fillna(0).astype("int64")


def stopped(case: Evidence, rows: pd.DataFrame) -> pd.Series:
    """Whether a blocking finding of the form stands on the row: an empty field of it may be one that was refused."""
    return pd.Series(rows.index.isin(list(case.data.stopped)), index=rows.index)
