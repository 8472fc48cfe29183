"""Breaks between printed pages: what belongs together stays together while a page has room for it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.workbook.page_breaks import A3_INSIDE, breaks, page_height


def test_a_piece_that_does_not_fit_begins_a_page() -> None:
    pieces = [(3, 6), (8, 12), (14, 15)]  # 4, 5 and 2 rows of 15 points, with 3, 1 and 1 before them
    assert breaks(pieces, {}, 15 * 16, 0) == []
    assert breaks(pieces, {}, 15 * 15, 0) == [14]
    assert breaks(pieces, {}, 15 * 12, 0) == [8]
    assert breaks(pieces, {}, 15 * 12, 15 * 5) == [8, 14]  # five rows are repeated on each page


def test_heights_count_and_the_first_piece_stays_below_the_title() -> None:
    assert breaks([(0, 9), (10, 11)], {0: 500.0}, 300, 0) == [10]
    assert breaks([(2, 30)], {}, 100, 0) == []


def test_a_wider_sheet_shows_more_rows_of_smaller_print() -> None:
    narrow, wide = page_height([10.0] * 5, A3_INSIDE), page_height([10.0] * 40, A3_INSIDE)
    assert narrow < A3_INSIDE[1] and wide == pytest.approx(narrow * (40 * 56.25) / A3_INSIDE[0])


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.integers(10, 20))
def test_no_page_is_overfull_and_none_is_broken_without_need(sizes: list[int], rows: int) -> None:
    starts = [sum(sizes[:n]) for n in range(len(sizes))]
    pieces = [(start, start + size - 1) for start, size in zip(starts, sizes, strict=True)]
    found = breaks(pieces, {}, 15.0 * rows, 0)
    assert set(found) <= set(starts)
    bounds = [0, *found, sum(sizes)]
    assert all(end - start <= rows for start, end in pairwise(bounds))
    after = dict(zip(starts, sizes, strict=True))
    assert all(at - start + after[at] > rows for start, at in zip(bounds, found, strict=False))
