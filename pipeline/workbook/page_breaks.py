"""Breaks between printed pages, so that no heading stands alone at the foot of a page and no small table is cut."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

#: Points of the paper inside the margins of Nghị định 30/2020/NĐ-CP, landscape: width, height.
A3_INSIDE, A4_INSIDE = (1063.0, 728.0), (714.0, 482.0)
#: Excel takes few breaks a sheet; what comes after them is broken by Excel.
MOST_BREAKS = 1_000
#: What of a page is counted on: programs differ a little in how high they print a row.
_SURE = 0.97
_POINTS_OF_CHARACTER, _PADDING = 5.25, 3.75


def page_height(widths: Iterable[float], inside: tuple[float, float]) -> float:
    """Points of rows that one page shows of a sheet that is as wide as the paper; `widths` are in characters."""
    used = sum(_POINTS_OF_CHARACTER * width + _PADDING for width in widths)
    return _SURE * inside[1] / min(1.0, inside[0] / used)


def page_starts(
    heights: Sequence[float],
    keeps: Sequence[bool],
    room: float,
    *,
    repeated: tuple[int, int] | None = None,
    new_pages: Collection[int] = (),
) -> list[int]:
    """Rows with which further pages begin.

    Args:
        heights: points of each row.
        keeps: whether a row stays with the next one; a chain longer than a page is broken all the same.
        room: points of rows that a page shows.
        repeated: first and last row that are printed again on each page that begins below them.
        new_pages: rows that begin a page in any case.
    """
    head = sum(heights[repeated[0] : repeated[1] + 1]) if repeated else 0.0
    below = repeated[1] if repeated else len(heights)
    starts: list[int] = []
    start = row = 0
    used = 0.0
    while row < len(heights) and len(starts) < MOST_BREAKS:
        full = used + heights[row] > room and row > start
        if full or (row in new_pages and row > start):
            back = row
            while full and back - 1 > start and keeps[back - 1]:
                back -= 1
            row = start = back if back - 1 > start else row
            starts.append(row)
            used = head if row > below else 0.0
        used += heights[row]
        row += 1
    return starts
