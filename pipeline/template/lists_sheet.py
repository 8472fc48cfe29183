"""DANH_MUC: the hidden page of drop-down lists, one column a list, each with its defined name."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs

from pipeline.template.edition import LISTS, Edition
from pipeline.template.entry import list_name
from pipeline.template.styles import Styles
from schemas.vocabularies import PROVINCE_LISTS

_NAME_ROW, _TITLE_ROW, _FIRST_ROW = 0, 1, 2
_WIDTH = 30


def write_lists(workbook: Workbook, styles: Styles, edition: Edition) -> None:
    """Write the lists that the workbook uses. An empty list's name covers one blank cell."""
    page = workbook.add_worksheet(LISTS)
    for at, (name, title) in enumerate(_used(edition).items()):
        entries = edition.lists.entries.get(name, ())
        page.write_string(_NAME_ROW, at, name, styles["list_name"])
        page.write_string(_TITLE_ROW, at, title, styles["list_name"])
        for line, entry in enumerate(entries):
            page.write_string(_FIRST_ROW + line, at, entry.label, styles["list_text"])
        last = _FIRST_ROW + max(len(entries), 1) - 1
        workbook.define_name(list_name(name), f"={LISTS}!{xl_range_abs(_FIRST_ROW, at, last, at)}")
    page.set_column(0, max(len(_used(edition)) - 1, 0), _WIDTH)
    page.protect()
    page.hide()


def _used(edition: Edition) -> dict[str, str]:
    """Lists used by the workbook, in the order of their first use, with a title for each."""
    used: dict[str, str] = {}
    for sheet in edition.spec.sheets:
        for column in sheet:
            if column.vocabulary and column.vocabulary not in used:
                title = PROVINCE_LISTS.get(column.vocabulary, column.heading)
                used[column.vocabulary] = title[0].upper() + title[1:]
    return used
