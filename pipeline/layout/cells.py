"""Raw cells: whether they hold anything, where they stand, how Excel shows them."""

from __future__ import annotations

import datetime as dt

from pipeline.findings import column_letters
from pipeline.vietnamese import is_blank

Row = list[object]


def blank(value: object) -> bool:
    """Whether a raw cell holds nothing: empty, or only spaces of any kind."""
    if value.__class__ is str:
        text = str(value)
        return not text or (not text[0].isalnum() and is_blank(text))
    return value is None


def used(row: Row) -> int:
    """Count the cells of a row that are not empty; one that holds only spaces counts."""
    return len(row) - row.count("")


def address(row: int, column: int) -> str:
    """Excel address of a zero-based position."""
    return f"{column_letters(column + 1)}{row + 1}"


def row_number(value: object) -> bool:
    """Whether a cell of the first column is only a running number."""
    return (isinstance(value, float) and value.is_integer()) or (isinstance(value, str) and value.strip().isdecimal())


def shown(value: object) -> str:
    """Write a raw cell as Excel shows it: `12`, `1,5`, `05/01/2026`; empty text for an empty cell."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "ĐÚNG" if value else "SAI"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace(".", ",")
    if isinstance(value, dt.datetime) and (value.hour or value.minute):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, dt.date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    return str(value)
