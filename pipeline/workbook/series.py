"""From typed frame columns to plain values that can be written: codes become labels, dates day numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from schemas.columns import Column, Kind
from schemas.vocabularies import Lists

#: Day 0 of Excel's calendar, as it is from March 1900 on.
_EXCEL_ZERO = pd.Timestamp(1899, 12, 30)
_DAY = pd.Timedelta(days=1)


def plain(series: pd.Series) -> list[Any]:
    """Values of a column; None where there is nothing."""
    if series.dtype.kind == "M":
        series = (series - _EXCEL_ZERO) / _DAY
    values: list[Any] = series.to_numpy(dtype=object, na_value=None).tolist()
    return values


def labelled(series: pd.Series, labels: Mapping[str, str]) -> list[str | None]:
    """Labels of a column of codes; an unknown code is shown as it is."""
    return [None if code is None else labels.get(code, code) for code in plain(series)]


def written(series: pd.Series, column: Column, lists: Lists) -> list[Any]:
    """Values of a template column as people read them; several choices are kept apart by `; `."""
    labels = lists.labels.get(column.vocabulary or "", {})
    if column.kind is Kind.CHOICE:
        return labelled(series, labels)
    if column.kind is Kind.CHOICES:
        return [
            None if text is None else "; ".join(labels.get(c, c) for c in map(str.strip, text.split(";")))
            for text in plain(series)
        ]
    return plain(series)


def frame_rows(frame: pd.DataFrame, *names: str) -> Iterable[tuple[Any, ...]]:
    """Rows of some columns as plain values."""
    return zip(*(plain(frame[name]) for name in names), strict=True)
