"""A table sheet: title, hidden keys, headings, the example row, entry rows."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from pipeline.paper import row_height, set_page
from pipeline.template.edition import Edition
from pipeline.template.entry import fill_of, key_name, validation, write_cell, write_mark
from pipeline.template.places import column_index, printed, targets
from pipeline.template.styles import TAB_MAY, TAB_MUST, Styles
from schemas.columns import (
    EXAMPLE_MARK,
    EXAMPLE_ROW,
    FIRST_ENTRY_ROW,
    HEADING_ROW,
    KEY_ROW,
    TITLE_ROW,
    Kind,
    Sheet,
)

#: What stays possible on a protected sheet.
PROTECTION = {"format_columns": True, "format_rows": True, "sort": True}
NUMBER_WIDTH = 6
TITLE_HEIGHT, MIN_HEADING_HEIGHT = 27.0, 33.0
#: Characters that may stay frozen at the left of the window.
FROZEN_WIDTH = 36


def write_table(workbook: Workbook, styles: Styles, edition: Edition, sheet: Sheet, number: int) -> None:
    """Write one table sheet with the rows given for it."""
    page = workbook.add_worksheet(sheet.code)
    _columns(page, styles, sheet)
    _head(page, styles, edition, sheet, number)
    _rows(page, styles, edition, sheet)
    _validations(page, edition, sheet)
    _names(workbook, edition, sheet)
    page.hide_gridlines(2)
    page.freeze_panes(HEADING_ROW, _frozen_columns(sheet))
    page.set_selection(FIRST_ENTRY_ROW - 1, 1, FIRST_ENTRY_ROW - 1, 1)
    page.set_tab_color(TAB_MAY if sheet.may_be_empty else TAB_MUST)
    page.protect("", PROTECTION)
    finish_page(page, edition, sheet, landscape=True)


def finish_page(page: Worksheet, edition: Edition, sheet: Sheet, landscape: bool) -> None:
    """Set up printing of a sheet of the specification."""
    who = edition.identity
    set_page(
        page,
        landscape,
        repeat_rows=(HEADING_ROW, HEADING_ROW),
        footer_left=f"Mẫu {who.form}, phiên bản {who.version} · {sheet.code}",
        footer_right=edition.owner,
    )


def _columns(page: Worksheet, styles: Styles, sheet: Sheet) -> None:
    # Unlocked by column, so that hundreds of empty entry cells need not be written.
    page.set_column(0, 0, NUMBER_WIDTH)
    for at, column in enumerate(sheet, start=1):
        page.set_column(at, at, column.width, styles.entry(column))


def _head(page: Worksheet, styles: Styles, edition: Edition, sheet: Sheet, number: int) -> None:
    last = len(sheet.columns)
    page.set_row(TITLE_ROW - 1, TITLE_HEIGHT, styles["title"])
    page.write_string(TITLE_ROW - 1, 0, edition.title(number, sheet.title), styles["title"])
    page.write_string(TITLE_ROW - 1, last, edition.owner, styles["owner"])
    page.set_row(KEY_ROW - 1, None, styles["key"], {"hidden": True})
    page.write_string(KEY_ROW - 1, 0, edition.stamp(sheet), styles["key"])
    headings = [(column.heading + column.mark, float(column.width)) for column in sheet]
    height = max(row_height(headings, bold=True), MIN_HEADING_HEIGHT)
    page.set_row(HEADING_ROW - 1, height)
    page.write_string(HEADING_ROW - 1, 0, "STT", styles["heading"])
    for at, column in enumerate(sheet, start=1):
        page.write_string(KEY_ROW - 1, at, column.name, styles["key"])
        style = styles["required"] if column.required else styles["heading"]
        page.write_string(HEADING_ROW - 1, at, column.heading + column.mark, style)
    if sheet.example:
        _example(page, styles, sheet)


def _example(page: Worksheet, styles: Styles, sheet: Sheet) -> None:
    row = EXAMPLE_ROW - 1
    page.set_row(row, row_height([(printed(column.example), float(column.width)) for column in sheet]))
    page.write_string(row, 0, EXAMPLE_MARK, styles["mark"])
    for at, column in enumerate(sheet, start=1):
        style, value = styles.example(column), column.example
        if value is None:
            page.write_blank(row, at, None, style)
        elif isinstance(value, str):
            page.write_string(row, at, value, style)
        elif isinstance(value, int | float):
            page.write_number(row, at, value, style)
        else:
            page.write_datetime(row, at, value, style)


def _rows(page: Worksheet, styles: Styles, edition: Edition, sheet: Sheet) -> None:
    number = styles["number"]
    wrapping = [(c.name, float(c.width)) for c in sheet if not (c.kind.numeric or c.kind.temporal)]
    one_line, marks = row_height([]), edition.marks_on(sheet)
    for given, row in enumerate(edition.rows(sheet)):
        at = FIRST_ENTRY_ROW - 1 + given
        height = row_height([(str(row[name]), width) for name, width in wrapping if row.get(name)])
        if height > one_line:
            page.set_row(at, height)
        page.write_number(at, 0, given + 1, number)
        for column_at, column in enumerate(sheet, start=1):
            mark = marks.get((given, column.name))
            write_cell(page, at, column_at, row.get(column.name), column, styles, fill=fill_of(mark))
            if mark:
                write_mark(page, at, column_at, mark)


def _validations(page: Worksheet, edition: Edition, sheet: Sheet) -> None:
    first, last = FIRST_ENTRY_ROW - 1, edition.last_row(sheet) - 1
    for at, column in enumerate(sheet, start=1):
        page.data_validation(first, at, last, at, validation(edition, sheet.by_name, column))
    # Codes and document numbers are text on purpose: no green corners.
    page.ignore_errors({"number_stored_as_text": xl_range(first, 1, last, len(sheet.columns))})


def _names(workbook: Workbook, edition: Edition, sheet: Sheet) -> None:
    referred = {target for other in edition.spec.sheets for column in other for target in targets(column)}
    for code, field in sorted(referred):
        if code == sheet.code:
            at = column_index(sheet, field)
            area = xl_range_abs(FIRST_ENTRY_ROW - 1, at, edition.last_row(sheet) - 1, at)
            workbook.define_name(key_name(code, field), f"={code}!{area}")


def _frozen_columns(sheet: Sheet) -> int:
    """Columns that stay in view: the number, the first column, and the second if it is a name and fits."""
    first = sheet.columns[0]
    second = sheet.columns[1] if len(sheet.columns) > 1 else None
    fits = second is not None and second.kind is Kind.TEXT and first.width + second.width <= FROZEN_WIDTH
    return 3 if fits else 2
