"""Where the pages of the units stand: names of their sheets, and the files that hold them when the units are many."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.results import Results, UnitState
from pipeline.vietnamese import plain_key

PREFIX = "DV_"
#: Units whose pages the main workbook can hold; beyond, each file holds some.
MOST_INSIDE, PAGES_A_FILE = 60, 100
FILE = "don-vi-{number}.xlsx"
_LONGEST_NAME = 31  #: of a worksheet, Excel's limit


def sheet_names(units: Sequence[str]) -> dict[str, str]:
    """Name of each unit's sheet: plain letters, digits and `_`, at most 31, each once whatever the case."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for unit in units:
        plain = re.sub(r"[^A-Z0-9]+", "_", plain_key(unit).upper()).strip("_") or "X"
        name, number = (PREFIX + plain)[:_LONGEST_NAME], 1
        while name in taken:
            number += 1
            tail = f"_{number}"
            name = (PREFIX + plain)[: _LONGEST_NAME - len(tail)] + tail
        taken.add(name)
        found[unit] = name
    return found


def inside(results: Results) -> bool:
    """Whether the pages stand in the main workbook."""
    return len(results.board) <= MOST_INSIDE


def chunks(results: Results) -> Mapping[str, Sequence[UnitState]]:
    """File name → the units whose pages it holds; nothing when they stand in the main workbook."""
    board = results.board
    if inside(results):
        return {}
    starts = range(0, len(board), PAGES_A_FILE)
    return {FILE.format(number=n): board[at : at + PAGES_A_FILE] for n, at in enumerate(starts, 1)}
