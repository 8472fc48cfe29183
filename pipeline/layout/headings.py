"""Headings of a form: what our template prints, and what people make of it."""

from __future__ import annotations

import re
from functools import cache

from pipeline.reading import Grid
from pipeline.vietnamese import plain_key
from schemas.columns import STAMP_PREFIX, Sheet

#: Words in the title row, behind the unit's name.
PERIOD_MARK = "Kỳ xét "
_TITLE_NUMBER = re.compile(r"^\d+")

#: How far down the heading may have been pushed by inserted rows.
SEARCH_ROWS = 40
#: A sheet is recognised by its headings when at least this share of them is there.
ENOUGH_HEADINGS = 0.5


def bare(heading: str) -> str:
    """Take the marks off a printed heading."""
    return heading.replace("(*)", "").replace("(°)", "")


@cache
def _plain(sheet: Sheet) -> dict[str, str]:
    return {plain_key(column.heading): column.name for column in sheet}


@cache
def _printed(sheet: Sheet) -> dict[str, str]:
    """Return heading exactly as our template prints it → field: the ordinary case, answered without normalising."""
    return {column.heading + column.mark: column.name for column in sheet}


def field_of(value: object, sheet: Sheet) -> str | None:
    """Field whose heading a cell holds, whatever its marks, accents and spaces."""
    if value.__class__ is not str or value == "":
        return None
    text = str(value)
    return _printed(sheet).get(text) or _plain(sheet).get(plain_key(bare(text)))


def heading_row(grid: Grid, sheet: Sheet, start: int) -> tuple[int, dict[int, str]]:
    """Find the row with most headings of the sheet; returns (row, column → field), (-1, {}) when too few."""
    best: tuple[int, dict[int, str]] = (-1, {})
    for number, row in enumerate(grid.rows[start : start + SEARCH_ROWS], start):
        found = {j: name for j, value in enumerate(row) if (name := field_of(value, sheet))}
        if len(set(found.values())) > len(set(best[1].values())):
            best = (number, found)
            if len(set(found.values())) == len(sheet.columns):
                break
    return best if len(set(best[1].values())) >= ENOUGH_HEADINGS * len(sheet.columns) else (-1, {})


def is_title(value: object, sheet: Sheet) -> bool:
    """Whether a cell above the table is the form's own: its stamp, its title, or whose form it is for which period."""
    if value.__class__ is not str:
        return False
    text = str(value)
    plain = plain_key(text)
    if text.startswith(STAMP_PREFIX) or _TITLE_NUMBER.sub("", plain).startswith(plain_key(sheet.title)):
        return True
    return PERIOD_MARK in text and (" · " in text or text.startswith(PERIOD_MARK))
