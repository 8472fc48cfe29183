"""A form sheet: one value a line, with how to fill it and an example beside it."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from pipeline.paper import row_height
from pipeline.template.edition import Edition
from pipeline.template.entry import fill_of, validation, write_cell, write_mark
from pipeline.template.places import (
    FORM_EXAMPLE,
    FORM_HELP,
    FORM_KEY,
    FORM_LABEL,
    FORM_NUMBER,
    FORM_VALUE,
    form_rows,
    printed,
)
from pipeline.template.styles import INDENT, TAB_MAY, TAB_MUST, Styles
from pipeline.template.table_sheet import PROTECTION, TITLE_HEIGHT, finish_page
from schemas.columns import FORM_HEADINGS, HEADING_ROW, KEY_ROW, TITLE_ROW, Column, Sheet

#: Characters: number, label, value, help, example.
WIDTHS = {FORM_NUMBER: 5, FORM_LABEL: 31, FORM_VALUE: 27, FORM_HELP: 27, FORM_EXAMPLE: 25, FORM_KEY: 18}
_LINE_HEIGHT, _SECTION_HEIGHT = 20.0, 21.0


def write_form(workbook: Workbook, styles: Styles, edition: Edition, sheet: Sheet, number: int) -> None:
    """Write one form sheet with the values given for it."""
    page = workbook.add_worksheet(sheet.code)
    for at, width in WIDTHS.items():
        page.set_column(at, at, width, None, {"hidden": at == FORM_KEY})
    _head(page, styles, edition, sheet, number)
    given = edition.rows(sheet)
    values = given[0] if given else {}
    rows, section = form_rows(sheet), ""
    for line, column in enumerate(sheet, start=1):
        at = rows[column.name] - 1
        if column.section != section:
            section = column.section
            _section(page, styles, at - 1, section)
        _line(page, styles, at, line, column)
        value = values.get(column.name)
        if not column.locked:
            mark = edition.marks_on(sheet).get((0, column.name))
            page.write_blank(at, FORM_VALUE, None, styles.entry(column, middle=True))
            write_cell(page, at, FORM_VALUE, value, column, styles, middle=True, fill=fill_of(mark))
            if mark:
                write_mark(page, at, FORM_VALUE, mark)
        else:
            page.write_string(at, FORM_VALUE, printed(value), styles["locked"])
        page.set_row(at, max(_height(column, printed(value)), _LINE_HEIGHT))
        page.data_validation(at, FORM_VALUE, at, FORM_VALUE, validation(edition, sheet.by_name, column))
    page.ignore_errors({"number_stored_as_text": f"C{HEADING_ROW + 1}:E{max(rows.values())}"})
    page.hide_gridlines(2)
    page.freeze_panes(HEADING_ROW, FORM_VALUE)
    first = next((rows[c.name] for c in sheet if not c.locked), HEADING_ROW + 1) - 1
    page.set_selection(first, FORM_VALUE, first, FORM_VALUE)
    page.set_tab_color(TAB_MAY if sheet.may_be_empty else TAB_MUST)
    page.protect("", PROTECTION)
    finish_page(page, edition, sheet, landscape=False)


def _head(page: Worksheet, styles: Styles, edition: Edition, sheet: Sheet, number: int) -> None:
    page.set_row(TITLE_ROW - 1, TITLE_HEIGHT)
    page.write_string(TITLE_ROW - 1, 0, edition.title(number, sheet.title), styles["title"])
    page.write_string(TITLE_ROW - 1, FORM_EXAMPLE, edition.owner, styles["owner"])
    page.set_row(KEY_ROW - 1, None, None, {"hidden": True})
    page.write_string(KEY_ROW - 1, 0, edition.stamp(sheet), styles["key"])
    page.set_row(HEADING_ROW - 1, _SECTION_HEIGHT)
    for at, heading in enumerate(FORM_HEADINGS):
        page.write_string(HEADING_ROW - 1, at, heading, styles["required"])


def _section(page: Worksheet, styles: Styles, at: int, section: str) -> None:
    page.set_row(at, _SECTION_HEIGHT)
    page.write_string(at, FORM_NUMBER, section, styles["section_left"])
    for column_at in range(FORM_LABEL, FORM_EXAMPLE):
        page.write_blank(at, column_at, None, styles["section_middle"])
    page.write_blank(at, FORM_EXAMPLE, None, styles["section_right"])


def _line(page: Worksheet, styles: Styles, at: int, line: int, column: Column) -> None:
    page.write_number(at, FORM_NUMBER, line, styles["centre"])
    label = styles["label_required" if column.required else "label"]
    page.write_string(at, FORM_LABEL, column.heading + column.mark, label)
    page.write_string(at, FORM_HELP, column.help, styles["help"])
    page.write_string(at, FORM_EXAMPLE, printed(column.example), styles["example"])
    page.write_string(at, FORM_KEY, column.name, styles["machine"])


def _height(column: Column, value: str) -> float:
    texts = {FORM_HELP: column.help, FORM_EXAMPLE: printed(column.example), FORM_VALUE: value}
    label = row_height([(column.heading + column.mark, WIDTHS[FORM_LABEL] - INDENT)], bold=column.required)
    return max(label, row_height([(text, WIDTHS[at] - INDENT) for at, text in texts.items()]))
