"""Table sheets: heading row, columns, data rows, and what stands outside them."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.findings import column_letters
from pipeline.layout.cells import address, blank, row_number, shown, used
from pipeline.layout.headings import bare, heading_row, is_title
from pipeline.layout.places import BookLayout, Located
from pipeline.reading import Grid
from pipeline.vietnamese import clean, suggest
from schemas.columns import EXAMPLE_MARK, FORM_HEADINGS, HEADING_ROW, KEY_ROW, Sheet


def locate_table(grid: Grid, sheet: Sheet, key_row: int | None, layout: BookLayout) -> Located:
    """Find columns and data rows.

    Args:
        grid: the worksheet.
        sheet: what it should be.
        key_row: zero-based row of the stamp and the machine keys, None when it is gone.
        layout: takes the findings.
    """
    located = Located(sheet, grid)
    heading, headed = heading_row(grid, sheet, 0 if key_row is None else key_row + 1)
    keyed: dict[int, str] = {}
    if key_row is not None:
        keyed = {j: str(v) for j, v in enumerate(grid.rows[key_row]) if isinstance(v, str) and v in sheet.by_name}
    if heading < 0:
        heading = HEADING_ROW - 1 if key_row is None else key_row + HEADING_ROW - KEY_ROW
    _map_columns(located, keyed, headed, heading, layout)
    _say_moved(located, layout)
    _top(located, heading, layout)
    for column in sheet:
        if column.name not in located.fields:
            layout.say_no_column(grid, column)
    _body(located, heading, layout)
    return located


def _map_columns(
    located: Located, keyed: dict[int, str], headed: dict[int, str], heading: int, layout: BookLayout
) -> None:
    """Map columns by what people see, then by machine key, then by a heading that is nearly right."""
    grid, sheet = located.grid, located.sheet
    row: Sequence[object] = grid.rows[heading] if heading < len(grid.rows) else ()
    for j in range(len(row)):
        seen, hidden = headed.get(j), keyed.get(j)
        name = seen or hidden
        if seen and seen == hidden and seen not in located.fields:
            located.fields[seen] = j
            continue
        text = clean(bare(str(row[j]))).text
        if name is None and text:
            taken = {*headed.values(), *keyed.values(), *located.fields}
            near = suggest(text, [c.heading for c in sheet if c.name not in taken])
            name = next((c.name for c in sheet if c.heading == near), None)
            if name:
                layout.say("V-17", "near_heading", grid, address(heading, j), text, cot=near or "")
        if name is None or name in located.fields:
            continue
        located.fields[name] = j
        if seen and hidden:
            other = sheet.by_name[hidden].heading
            layout.say("V-17", "heading_conflict", grid, address(heading, j), text, cot_goc=other)
        elif hidden:
            own = sheet.by_name[hidden].heading
            layout.say("V-17", "renamed_heading", grid, address(heading, j), text, cot=own)


def _say_moved(located: Located, layout: BookLayout) -> None:
    """Say when the columns stand in another order than on the form."""
    ordered = [c for c in located.sheet if c.name in located.fields]
    places = [located.fields[c.name] for c in ordered]
    right = sorted(places)
    if places != right:
        moved = [c.heading for c, at, due in zip(ordered, places, right, strict=True) if at != due]
        layout.say("V-17", "moved_columns", located.grid, cac_cot=", ".join(moved[:6]))


def _top(located: Located, heading: int, layout: BookLayout) -> None:
    """Say what was inserted above the heading; title, keys and headings themselves are the form's."""
    grid = located.grid
    if heading + 1 > HEADING_ROW:
        layout.say("V-17", "moved_rows", grid, dong=str(heading + 1), dong_mau=str(HEADING_ROW))
    mapped, names = set(located.fields.values()), located.sheet.by_name
    for i, row in enumerate(grid.rows[: heading + 1]):
        for j, value in enumerate(row):
            if value == "":
                continue
            if (i == heading and j in mapped) or value in names or _is_own(located, i, j, heading):
                located.ignored_cells += 1
                continue
            located.unread_cells += 1
            layout.say("V-16", "above", grid, address(i, j), shown(value))


def _is_own(located: Located, i: int, j: int, heading: int) -> bool:
    """Whether a cell at or above the heading is the form's, or is said with the column that it heads."""
    value = located.grid.rows[i][j]
    if blank(value) or is_title(value, located.sheet):
        return True
    return i == heading and (value == FORM_HEADINGS[0] or _heads_data(located, heading, j))


def _heads_data(located: Located, heading: int, column: int) -> bool:
    """Whether something stands below a heading that is not the form's: then that is said, and names the heading."""
    return any(not blank(row[column]) for row in located.grid.rows[heading + 1 :])


def _body(located: Located, heading: int, layout: BookLayout) -> None:
    """Collect the rows that hold data in some column of the form; say what stands in other columns."""
    grid = located.grid
    mapped = sorted(located.fields.values())
    width = len(grid.rows[0]) if grid.rows else 0
    others = [j for j in range(width) if j not in located.fields.values()]
    for i in range(heading + 1, len(grid.rows)):
        row = grid.rows[i]
        if row.count("") == width:
            continue
        if row[0] != "" and isinstance(row[0], str) and clean(row[0]).text == EXAMPLE_MARK:
            _example_row(located, i, layout)
            continue
        for j in mapped:
            if row[j] != "" and not blank(row[j]):
                located.rows.append(i)
                break
        else:
            located.ignored_cells += sum(row[j] != "" for j in mapped)
        for j in others:
            if row[j] != "":
                if j == 0 and row[j].__class__ is float:  # a running number
                    located.ignored_cells += 1
                else:
                    _other_cell(located, heading, i, j, layout)


def _example_row(located: Located, i: int, layout: BookLayout) -> None:
    """Pass over the example row; if somebody typed over it, say so for each changed cell."""
    row = located.grid.rows[i]
    located.ignored_cells += used(row)
    for column in located.sheet:
        j = located.fields.get(column.name)
        if j is None or blank(row[j]) or _is_example(row[j], column.example):
            continue
        located.ignored_cells -= 1
        located.unread_cells += 1
        layout.say("V-16", "example_row", located.grid, address(i, j), shown(row[j]))


def _is_example(value: object, example: object) -> bool:
    """Whether a raw cell still holds the form's own example."""
    return example is not None and (value == example or clean(shown(value)).text == clean(shown(example)).text)


def _other_cell(located: Located, heading: int, i: int, j: int, layout: BookLayout) -> None:
    """Account for a cell outside the form's columns; a running number in the first one is the form's."""
    grid = located.grid
    value = grid.rows[i][j]
    if (j == 0 and row_number(value)) or blank(value):
        located.ignored_cells += 1
        return
    located.unread_cells += 1
    title = clean(bare(str(grid.rows[heading][j]))).text
    layout.say("V-16", "cells", grid, address(i, j), shown(value), cot=title or f"cột {column_letters(j + 1)}")


def say_hidden_and_merged(located: Located, layout: BookLayout) -> None:
    """Say what was read although it is hidden, and where merged cells leave others empty."""
    grid, facts = located.grid, located.grid.facts
    rows, columns = set(located.rows), set(located.fields.values())
    hidden = [i for i in located.rows if i + 1 in facts.hidden_rows]
    if hidden:
        cell = f"A{hidden[0] + 1}:A{hidden[-1] + 1}"
        layout.say("V-17", "hidden_rows", grid, cell, so_dong=str(len(hidden)))
    for name, j in located.fields.items():
        if j + 1 in facts.hidden_columns and any(not blank(grid.rows[i][j]) for i in located.rows):
            layout.say("V-17", "hidden_columns", grid, cot=located.sheet.by_name[name].heading)
    for top, left, bottom, right in grid.merged:
        touches_rows = any(i - 1 in rows for i in range(top, bottom + 1))
        if touches_rows and any(j - 1 in columns for j in range(left, right + 1)):
            cell = f"{address(top - 1, left - 1)}:{address(bottom - 1, right - 1)}"
            layout.say("V-17", "merged", grid, cell, shown(grid.rows[top - 1][left - 1]))
