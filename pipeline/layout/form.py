"""Form sheets: one value a line, right of its label."""

from __future__ import annotations

from functools import cache

from pipeline.findings import column_letters
from pipeline.layout.cells import address, blank, row_number, shown
from pipeline.layout.headings import SEARCH_ROWS, bare, field_of, is_title
from pipeline.layout.places import BookLayout, Located
from pipeline.reading import Grid
from pipeline.vietnamese import plain_key
from schemas.columns import FORM_HEADINGS, Sheet

#: Heading of the column into which the unit types.
VALUE_HEADING = FORM_HEADINGS[2]


def locate_form(grid: Grid, sheet: Sheet, layout: BookLayout) -> Located:
    """Find the lines of a form by label, else by machine key."""
    located = Located(sheet, grid)
    label_column = _label_column(grid, sheet)
    located.value_column = _value_column(grid, label_column)
    if located.value_column != label_column + 1:
        layout.say("V-17", "moved_columns", grid, cac_cot=VALUE_HEADING)
    for i, row in enumerate(grid.rows):
        seen = field_of(row[label_column], sheet) if label_column < len(row) else None
        name = seen or next((str(v) for v in row if isinstance(v, str) and v in sheet.by_name), None)
        if name and name not in located.fields:
            located.fields[name] = i
    for column in sheet:
        if column.name not in located.fields:
            layout.say_no_column(grid, column)
    located.rows = [0]
    _unread(located, layout)
    return located


def _value_column(grid: Grid, label_column: int) -> int:
    """Column below the heading of values; right of the labels when that heading is gone."""
    wanted = plain_key(VALUE_HEADING)
    for row in grid.rows[:SEARCH_ROWS]:
        for j, value in enumerate(row):
            if value.__class__ is str and value and plain_key(str(value)) == wanted:
                return j
    return label_column + 1


def _label_column(grid: Grid, sheet: Sheet) -> int:
    counts: dict[int, int] = {}
    for row in grid.rows:
        for j, value in enumerate(row):
            if field_of(value, sheet):
                counts[j] = counts.get(j, 0) + 1
                break
    return max(counts, key=lambda j: (counts[j], -j)) if counts else 1


@cache
def _own_texts(sheet: Sheet) -> frozenset[str]:
    """Every text that the form itself prints, as printed and in plain letters."""
    texts = list(FORM_HEADINGS)
    texts += [shown(t) for c in sheet for t in (c.heading + c.mark, c.heading, c.help, c.example, c.section, c.name)]
    return frozenset(texts) | frozenset(plain_key(text) for text in texts)


def _unread(located: Located, layout: BookLayout) -> None:
    """Report what stands on a form outside its value cells and is not the form's own text."""
    grid, lines = located.grid, set(located.fields.values())
    first, own = min(lines, default=0), _own_texts(located.sheet)
    for i, row in enumerate(grid.rows):
        for j, value in enumerate(row):
            if value == "" or (i in lines and j == located.value_column):
                continue
            its_own = value in own or blank(value) or (j == 0 and row_number(value))
            if its_own or plain_key(bare(shown(value))) in own or is_title(value, located.sheet):
                located.ignored_cells += 1
                continue
            located.unread_cells += 1
            variant = "above" if i < first else "cells"
            layout.say("V-16", variant, grid, address(i, j), shown(value), cot=f"cột {column_letters(j + 1)}")
