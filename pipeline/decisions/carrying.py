"""What the council wrote into a reviewed workbook, ready to be carried into the one of a later run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from pipeline.decisions.reading import Reviewed, ReviewedRow, read_reviewed, words_of
from pipeline.findings import sentences
from pipeline.parsing import parse_number
from pipeline.reading import Uncached
from pipeline.workbook.carried import Carried, Held
from pipeline.workbook.score_cells import EMPTIED, SCORE, SCORE_REASON, emptied_note
from pipeline.workbook.score_cells import SHEET as SCORES
from pipeline.workbook.voting import COUNTS

#: Fields that hold numbers, also where somebody's computer stored them as text.
_NUMBERS = frozenset((*COUNTS, "so_du", SCORE))
#: Fields that the program fills in where it knows them: members, day and office of the meeting, appraised scores.
_FILLED_IN = frozenset(("tong", "ngay", "co_quan", SCORE, SCORE_REASON))


def carried_from(path: Path) -> Carried:
    """Read a reviewed workbook for `tdkt consolidate --reviewed`.

    Raises:
        CannotRun: it cannot be read, or is not one of ours.
    """
    return carried_of(read_reviewed(path))


def carried_of(reviewed: Reviewed) -> Carried:
    """The same of a workbook that was read."""
    carried = Carried(reviewed.sha256, reviewed.name, told=_told(reviewed))
    for at, row in reviewed.rows.items():
        cells = {name: value for name in row.cells if (value := _value(row, name)) is not None}
        sealed = row.sealed
        if gone := _emptied(row):
            carried.emptied[sealed.key] = gone
            note, said = emptied_note(gone), str(cells.get(SCORE_REASON) or "")
            cells[SCORE_REASON] = said if note in said else f"{note}. {said}".removesuffix(". ")
        changed = any(row.text(name) != sealed.first.get(name, "") for name in row.cells)
        if changed or sealed.first:
            opinion = changed or not _FILLED_IN.issuperset(sealed.first)
            carried.rows[at] = Held(row.sheet, sealed.key, cells, row.row, words_of(sealed), sealed.facts, opinion)
    return carried


def _emptied(row: ReviewedRow) -> str:
    """The appraised score that had stood in a row and that people took away; empty where none was."""
    before = row.sealed.first.get(SCORE) or str(row.sealed.facts.get(EMPTIED, ""))
    written = row.cells.get(SCORE)
    if row.sealed.table.sheet != SCORES or not before or written is None or isinstance(written.value, Uncached):
        return ""
    return "" if row.text(SCORE) else before


def _value(row: ReviewedRow, name: str) -> Any:
    """What stands in a council cell, as it is to be written again; None for a blank."""
    value = row.cells[name].value
    if isinstance(value, Uncached) or not row.text(name):
        return None
    if name in _NUMBERS and isinstance(value, str):
        number = parse_number(value).value
        return value if number is None else number
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value if isinstance(value, str | float | int | dt.date) else str(value)


def _told(reviewed: Reviewed) -> list[tuple[str, str, str, str]]:
    """What was wrong in the reviewed workbook: code, sheet, cell, what and how to mend it."""
    told = []
    for finding in reviewed.findings:
        words = sentences(finding.at(sheet="", cell="", params={"trang": finding.sheet} | dict(finding.params)))
        told.append((finding.code, finding.sheet, finding.cell, f"{words.what} {words.fix}"))
    return told
