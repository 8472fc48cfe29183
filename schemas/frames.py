"""The pandera model of each sheet, built from the same `Sheet` that makes the template page.

A frame to validate holds one typed, nullable column per field (text `str`, numbers `float64`, dates
`datetime64[us]`), the integer row id as index, and `FILE`, the number of the file a row came from. Cells that
could not be parsed are null and already reported, so no check here hides another. What holds between cells of
a row is first written into boolean columns (`derive`), because pandera then names exactly the failing row once
instead of once per column of the frame.

Every check carries `code.variant` of the rule register as its error, so that a failure case leads to a sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import pandas as pd
import pandera.pandas as pa

from schemas.columns import Column, Kind, Sheet, When, Window
from schemas.vocabularies import Lists

#: Column that holds the number of the file; keys are unique inside one file.
FILE = "_file"
MISSING, BEFORE, REPEATED = "missing:", "before:", "repeated:"

# One way of holding texts, whatever else is installed: with pyarrow pandas would take another, and behave otherwise.
pd.set_option("mode.string_storage", "python")
#: The same for pandera, which made up its mind when it was imported.
_TEXT = pd.StringDtype("python", na_value=float("nan"))

Windows = Mapping[Window, tuple[dt.date, dt.date]]


def windows_of(first: dt.date, last: dt.date, season_end: dt.date) -> Windows:
    """Resolve the named windows for a period; both ends belong to the window."""
    future = dt.date(last.year + 10, 12, 31)
    return {
        Window.BIRTH: (dt.date(1940, 1, 1), dt.date(last.year - 16, 12, 31)),
        Window.CAREER: (dt.date(1960, 1, 1), season_end),
        Window.PERIOD: (first, last),
        Window.SEASON: (first, season_end),
        Window.PAST: (dt.date(1990, 1, 1), season_end),
        Window.PLAN: (dt.date(1990, 1, 1), future),
    }


def dtype_of(column: Column) -> str:
    """Name of the pandas dtype of the typed column."""
    if column.kind.numeric:
        return "float64"
    return "datetime64[us]" if column.kind.temporal else "str"


def applies(when: When, frame: pd.DataFrame) -> pd.Series:
    """For each row, whether the condition of a conditionally required column holds."""
    other = frame[when.field]
    if when.is_in:
        return other.isin(when.is_in)
    return other.isna() if when.blank else other.notna()


def derive(sheet: Sheet, frame: pd.DataFrame, unread: Mapping[str, pd.Index] | None = None) -> pd.DataFrame:
    """Add the boolean columns that say what is wrong between cells of a row, those in which something is.

    Args:
        sheet: the sheet the frame belongs to.
        frame: typed columns with row id as index and the column `FILE`.
        unread: for each field, the rows whose cell held something that could not be parsed; such a cell is
            neither missing nor a proof that another cell is needed.

    Returns:
        A new frame; a null key field or a null date makes a row right, not wrong.
    """
    unread = unread or {}
    extra: dict[str, pd.Series] = {}
    for column in sheet:
        if column.required_when:
            broken = unread.get(column.required_when.field, pd.Index([])).union(unread.get(column.name, pd.Index([])))
            needed = applies(column.required_when, frame) & ~frame.index.isin(broken)
            extra[MISSING + column.name] = frame[column.name].isna() & needed
    for order in sheet.orders:
        extra[f"{BEFORE}{order.second}:{order.first}"] = frame[order.second] < frame[order.first]
    if sheet.key:
        fields = [FILE, *sheet.key]
        whole = frame[list(sheet.key)].notna().all(axis=1)
        extra[REPEATED + sheet.key[0]] = frame.duplicated(fields, keep=False) & whole
    return frame.assign(**{name: wrong for name, wrong in extra.items() if wrong.any()})


def model(sheet: Sheet, lists: Lists, windows: Windows) -> pa.DataFrameSchema:
    """Build the pandera schema of a sheet; validate lazily a frame that went through `derive`."""
    columns: dict[str, pa.Column] = {FILE: pa.Column("int64")}
    for column in sheet:
        dtype = dtype_of(column)
        columns[column.name] = pa.Column(
            _TEXT if dtype == "str" else dtype, checks=_checks(column, lists, windows), nullable=not column.required
        )
        if column.required_when:
            columns[MISSING + column.name] = _never("V-02.conditional")
    for order in sheet.orders:
        columns[f"{BEFORE}{order.second}:{order.first}"] = _never("V-09.order")
    if sheet.key:
        columns[REPEATED + sheet.key[0]] = _never("V-05.same_key")
    return pa.DataFrameSchema(columns, name=sheet.code, strict=True)


def _fits(most: int) -> Callable[[pd.Series], pd.Series | bool]:
    """Check lengths of texts; `str.len` of a whole column would cost more than all other checks of a sheet."""

    def check(texts: pd.Series) -> pd.Series | bool:
        if max(map(len, texts.to_numpy()), default=0) <= most:
            return True
        return texts.map(len) <= most

    return check


def _never(error: str) -> pa.Column:
    return pa.Column("bool", pa.Check.eq(False, error=error), required=False)


def _checks(column: Column, lists: Lists, windows: Windows) -> list[pa.Check]:
    checks: list[pa.Check] = []
    if column.kind is Kind.CHOICE and column.vocabulary:
        checks.append(pa.Check.isin(list(lists.labels[column.vocabulary]), error="V-04.unknown"))
    elif column.kind is Kind.TEXT:
        checks.append(pa.Check(_fits(column.max_length), error="V-03.too_long"))
    elif column.kind.numeric and (column.low is not None or column.high is not None):
        low = float("-inf") if column.low is None else column.low
        high = float("inf") if column.high is None else column.high
        checks.append(pa.Check.in_range(low, high, error="V-03.out_of_range"))
    elif column.kind.temporal and column.window:
        first, last = (pd.Timestamp(day) for day in windows[column.window])
        checks.append(pa.Check.in_range(first, last + pd.Timedelta(hours=24), include_max=False, error="V-09.outside"))
    return checks
