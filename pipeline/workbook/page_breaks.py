"""Breaks between printed pages, so that a table, a chart, the rows of one unit are not cut where a page has room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

#: Points of the paper inside the margins of Nghị định 30/2020/NĐ-CP, landscape: width, height.
A3_INSIDE, A4_INSIDE = (1063.0, 728.0), (714.0, 482.0)
#: Excel takes few breaks a sheet.
MOST_BREAKS = 1_000
#: What of a page is counted on: programs differ a little in how high they print a row.
_SURE = 0.97
_DEFAULT_HEIGHT = 15.0
_POINTS_OF_CHARACTER, _PADDING = 5.25, 3.75


def page_height(widths: Iterable[float], inside: tuple[float, float]) -> float:
    """Points of rows that one page shows of a sheet that is as wide as the paper; `widths` are in characters."""
    used = sum(_POINTS_OF_CHARACTER * width + _PADDING for width in widths)
    return _SURE * inside[1] / min(1.0, inside[0] / used)


def breaks(pieces: Iterable[tuple[int, int]], heights: Mapping[int, float], page: float, repeated: float) -> list[int]:
    """Rows before which a new page begins.

    Args:
        pieces: first and last row of what belongs together, from the top; a piece longer than a page is cut.
        heights: points of rows that are not of the default height.
        page: points of rows that a page shows.
        repeated: points of the rows repeated on each page after the first.
    """
    found: list[int] = []
    used, at, begun = 0.0, 0, False  # the first piece stays below the title
    for first, last in pieces:
        before = sum(heights.get(row, _DEFAULT_HEIGHT) for row in range(at, first))
        size = sum(heights.get(row, _DEFAULT_HEIGHT) for row in range(first, last + 1))
        used, at = used + before, last + 1
        if begun and used + size > page and len(found) < MOST_BREAKS:
            found.append(first)
            used = repeated
        used, begun = used + size, True
        used = min(used, page)  # where a piece that is longer ends is not known: the next one begins a page
    return found
