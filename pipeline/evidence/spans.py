"""Months between days, as people count them: from 01/01 to 31/03 are three months."""

from __future__ import annotations

import pandas as pd


def months_between(first: pd.Series, last: pd.Series) -> pd.Series:
    """Months from the morning of `first` to the evening of `last`; part months as shares of the month begun.

    Null where a day is null; zero where `last` is before `first`.
    """
    end = last + pd.Timedelta(days=1)
    months = (end.dt.year - first.dt.year) * 12 + (end.dt.month - first.dt.month)
    rest = (end.dt.day - first.dt.day) / first.dt.days_in_month
    return (months + rest).clip(lower=0)


def clipped(first: pd.Series, last: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> tuple[pd.Series, pd.Series]:
    """Cut spans to a window; a span without an end lasts to the end of the window."""
    return first.clip(lower=start), last.fillna(end).clip(upper=end)
