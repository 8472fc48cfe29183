"""Where each field stands on a sheet that this package writes, and how values read in print."""

from __future__ import annotations

import datetime as dt

from schemas.columns import FIRST_ENTRY_ROW, HEADING_ROW, Column, Sheet

#: The column that names people; newcomers have no code there yet.
STAFF_CODE = ("NHAN_SU", "ma_cc")

#: Rows with drop-downs below the last given row.
SPARE_ROWS = 50
#: Columns of a form, counted from 0 as XlsxWriter does.
FORM_NUMBER, FORM_LABEL, FORM_VALUE, FORM_HELP, FORM_EXAMPLE, FORM_KEY = range(6)


def column_index(sheet: Sheet, field: str) -> int:
    """Column of a field of a table sheet, counted from 0; column A (0) holds the row number."""
    return [column.name for column in sheet].index(field) + 1


def form_rows(sheet: Sheet) -> dict[str, int]:
    """Excel row (from 1) of each field of a form; a section's heading takes the row before its first line."""
    rows: dict[str, int] = {}
    row, section = HEADING_ROW, ""
    for column in sheet:
        row += 2 if column.section != section else 1
        section = column.section
        rows[column.name] = row
    return rows


def last_entry_row(sheet: Sheet, given: int) -> int:
    """Last Excel row of a table sheet with drop-downs, when so many rows are given."""
    return FIRST_ENTRY_ROW - 1 + max(sheet.entry_rows, given + SPARE_ROWS)


def targets(column: Column) -> tuple[tuple[str, str], ...]:
    """The (sheet, field) pairs of which one must hold every value of the column; none for most columns."""
    if column.subject_kind:
        return (STAFF_CODE,)
    return column.refers_to_any or ((column.refers_to,) if column.refers_to else ())


def printed(value: object) -> str:
    """A value as an official writes it: 05/11/2026, 92,5; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    return str(value)
