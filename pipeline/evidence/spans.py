"""Months between days, as people count them: from 01/01 to 31/03 are three months."""

from __future__ import annotations

import pandas as pd

Span = tuple[pd.Timestamp, pd.Timestamp]
_DAY = pd.Timedelta(days=1)


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


def outside(spans: list[Span], others: list[Span]) -> list[Span]:
    """The days of some spans that lie in none of the others, as spans apart from each other and in order."""
    left: list[Span] = []
    for first, last in sorted(spans):
        if left and first <= left[-1][1] + _DAY:
            left[-1] = (left[-1][0], max(left[-1][1], last))
        else:
            left.append((first, last))
    for begin, end in others:
        parts = [((first, min(last, begin - _DAY)), (max(first, end + _DAY), last)) for first, last in left]
        left = [span for both in parts for span in dict.fromkeys(both) if span[0] <= span[1]]
    return left
