"""The declared forms hold together."""

from __future__ import annotations

import re

import pytest

from schemas.columns import BookSpec, Kind, Sheet
from schemas.province import CONFIGURATION, HISTORY
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import PROVINCE_LISTS, VOCABULARIES, Lists

BOOKS = (UNIT_TEMPLATE, CONFIGURATION, HISTORY)
SHEETS = [(book, sheet) for book in BOOKS for sheet in book.sheets]


@pytest.mark.parametrize(("book", "sheet"), SHEETS, ids=lambda x: x.code)
def test_columns_name_only_what_exists(book: BookSpec, sheet: Sheet) -> None:
    names = [column.name for column in sheet]
    assert len(set(names)) == len(names)
    assert set(sheet.key) <= set(names)
    for order in sheet.orders:
        assert sheet.by_name[order.first].kind.temporal and sheet.by_name[order.second].kind.temporal
    for column in sheet:
        if column.kind in (Kind.CHOICE, Kind.CHOICES):
            assert column.vocabulary in VOCABULARIES or column.vocabulary in PROVINCE_LISTS
        else:
            assert column.vocabulary is None
        if column.required_when:
            other = sheet.by_name[column.required_when.field]
            if column.required_when.is_in:
                assert set(column.required_when.is_in) <= {e.code for e in VOCABULARIES[other.vocabulary or ""]}
        for target, field in (*column.refers_to_any, *((column.refers_to,) if column.refers_to else ())):
            assert field in book.by_code[target].by_name


def test_an_officer_sees_at_most_15_columns() -> None:
    for sheet in UNIT_TEMPLATE.sheets:
        assert sheet.form or len(sheet.columns) + 1 <= 15


@pytest.mark.parametrize(("book", "sheet"), SHEETS, ids=lambda x: x.code)
def test_required_columns_have_an_example_unless_the_province_names_the_choices(book: BookSpec, sheet: Sheet) -> None:
    for column in sheet:
        if column.required and column.vocabulary not in PROVINCE_LISTS:
            assert column.example is not None, column.name
        if column.example is not None and column.vocabulary in VOCABULARIES:
            assert column.example in Lists.of().labels[column.vocabulary or ""].values()


def test_no_field_name_looks_like_an_escape_of_the_file_format() -> None:
    """LibreOffice reads `_xa_` in a shared string as character 0x0A."""
    assert not [c.name for _, s in SHEETS for c in s if re.search(r"_x[0-9a-fA-F]{1,4}_", c.name)]


def test_labels_are_unique_inside_a_list() -> None:
    for name, entries in VOCABULARIES.items():
        texts = [t for e in entries for t in {e.code, e.label}]
        assert len(set(texts)) == len(texts), name
