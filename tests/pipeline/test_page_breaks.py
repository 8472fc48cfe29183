"""Breaks between printed pages: what belongs together stays together while a page has room for it."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.workbook.book import Book
from pipeline.workbook.page_breaks import A3_INSIDE, MOST_BREAKS, page_height, page_starts
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.table import Field
from tests.pipeline.test_workbook_case import made


def starts(*rows: tuple[float, bool], room: float = 100, **more: object) -> list[int]:
    heights, keeps = zip(*rows, strict=True)
    return page_starts(heights, keeps, room, **more)  # type: ignore[arg-type]


def test_a_row_that_does_not_fit_begins_a_page_and_takes_its_headings_along() -> None:
    assert starts(*[(20, False)] * 5) == []
    assert starts(*[(20, False)] * 6) == [5]
    assert starts(*[(20, False)] * 3, (20, True), (20, True), (20, False)) == [3]
    assert starts(*[(20, True)] * 6) == [5]  # nothing can be done about a chain longer than a page


def test_repeated_rows_take_their_room_below_them() -> None:
    assert starts((50, False), *[(20, False)] * 6, repeated=(0, 0)) == [3, 5]
    assert starts((50, False), *[(20, False)] * 6) == [3]
    assert starts(*[(10, False)] * 3, new_pages={2}) == [2]


def test_more_breaks_than_excel_takes_are_left_to_it() -> None:
    assert len(starts(*[(100, False)] * (MOST_BREAKS + 5))) == MOST_BREAKS


def test_a_wider_sheet_shows_more_rows_of_smaller_print() -> None:
    narrow, wide = page_height([10.0] * 5, A3_INSIDE), page_height([10.0] * 40, A3_INSIDE)
    assert narrow < A3_INSIDE[1] and wide == pytest.approx(narrow * (40 * 56.25) / A3_INSIDE[0])


@given(st.lists(st.tuples(st.integers(5, 30), st.booleans()), min_size=1, max_size=80))
def test_no_page_is_overfull_and_none_ends_with_a_heading_that_could_go_along(rows: list[tuple[int, bool]]) -> None:
    heights, keeps = [float(height) for height, _ in rows], [keep for _, keep in rows]
    found = page_starts(heights, keeps, 100.0)
    bounds = [0, *found, len(rows)]
    for start, end in pairwise(bounds):
        assert sum(heights[start:end]) <= 100
        if end < len(rows) and keeps[end - 1]:
            assert all(keeps[start + 1 : end]), "a chain that fills the page"


def test_a_sheet_of_several_tables_lets_no_heading_stand_alone() -> None:
    book = Book(io.BytesIO(), made(), lambda _: None)
    page = book.page(SheetPlan("THU", Group.READ_FIRST, "Thử", "thử?"))
    page.head([20.0], mixed=True)
    fields, headings = (Field("a", "A", 20),), []
    for number in range(12):
        page.part(f"Bảng {number}")
        headings += [page.row - 1, page.row]
        page.table(fields, {"a": ["x"] * (3 + number % 4)})
    page.break_pages()
    found = set(page.sheet.hbreaks)
    assert found and found.isdisjoint({row + 1 for row in headings})


def test_one_table_alone_is_left_to_the_program_that_prints() -> None:
    book = Book(io.BytesIO(), made(), lambda _: None)
    page = book.page(SheetPlan("THU", Group.READ_FIRST, "Thử", "thử?"))
    page.head([20.0])
    page.table((Field("a", "A", 20),), {"a": ["x"] * 300})
    page.break_pages()
    assert page.sheet.hbreaks == []
