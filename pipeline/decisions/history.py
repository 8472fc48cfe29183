"""Next year's `lich-su.xlsx`: the province's history cell by cell, then what this year adds.

What stood in the history is copied as it was typed, right or wrong; nothing of it is interpreted here. This year adds
the awards that have a decision, everybody on the unit's lists, who was considered for a title with which votes, and
the ranks of units.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, cast

import pandas as pd

from pipeline.decisions.history_rows import awards_of, candidates_of, roster_of, unit_ranks_of
from pipeline.decisions.judging import Decision
from pipeline.decisions.merging import MergedRow
from pipeline.findings import Finding
from pipeline.layout import shown
from pipeline.province import HISTORY_FILE, open_own
from pipeline.results import Results
from pipeline.template import Cell, Contents, write_book
from schemas.columns import Identity, Sheet
from schemas.province import HISTORY

Row = dict[str, Cell]
#: Fields that name a row of each sheet once.
_KEYS = {
    "KHEN_THUONG": ("doi_tuong", "ma_doi_tuong", "nam", "danh_hieu", "hinh_thuc"),
    "NHAN_SU_NAM": ("nam", "ma_cc", "don_vi"),
    "UNG_CU": ("nam", "don_vi", "ma_doi_tuong", "danh_hieu"),
    "HANG_NAM": ("nam", "don_vi"),
}


@dataclass(slots=True)
class NextHistory:
    """Rows of next year's history by sheet, and what is to be said of them."""

    contents: dict[str, list[Mapping[str, Cell]]] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def next_history(results: Results, decisions: Sequence[Decision], meeting: Mapping[str, MergedRow]) -> NextHistory:
    """Put past and present together.

    Args:
        results: this year's run on the province folder.
        decisions: the council's, judged.
        meeting: rows of HOP_HOI_DONG by key, with numbers and days of decisions.
    """
    history = NextHistory()
    parts = (
        ("KHEN_THUONG", awards_of(results, decisions, meeting, history.findings)),
        ("NHAN_SU_NAM", roster_of(results, history.findings)),
        ("UNG_CU", candidates_of(results, history.findings)),
        ("HANG_NAM", unit_ranks_of(results)),
    )
    past = _past(results)
    for code, rows in parts:
        sheet = HISTORY.by_code[code]
        new = _unknown(results, sheet, rows, history.findings)
        _say_gaps(sheet, new, history.findings)
        history.contents[code] = [*past.get(code, ()), *new]
        history.added[code] = len(new)
    return history


def write_history(file: BinaryIO, results: Results, history: NextHistory) -> None:
    """Write `lich-su.xlsx`; equal arguments give equal bytes."""
    period = results.dataset.province.period
    identity = Identity("", "", "", HISTORY.code, HISTORY.version)
    write_book(
        file, HISTORY, results.dataset.province.lists, identity, cast(Contents, history.contents),
        created=dt.datetime.combine(period.last, dt.time()), mark=period.mark,
    )  # fmt: skip


def _past(results: Results) -> dict[str, list[Row]]:
    """Every row of the present history, its cells as they were typed."""
    province = results.dataset.province
    if province.history is None:
        return {}
    opened, _ = open_own(province.folder / HISTORY_FILE, HISTORY)
    found: dict[str, list[Row]] = {}
    for code, located in opened.layout.located.items():
        places = list(located.fields.items())
        rows = (located.grid.rows[number] for number in located.rows)
        found[code] = [{name: _raw(cells[at]) for name, at in places if cells[at] != ""} for cells in rows]
    return found


def _raw(cell: object) -> Cell:
    return cell if isinstance(cell, str | float | int | dt.date) else shown(cell)


def _unknown(results: Results, sheet: Sheet, rows: list[Row], findings: list[Finding]) -> list[Row]:
    """Leave out rows that the history already has (it was brought up to date before), and say how many."""
    past = results.dataset.province.history
    if past is None:
        return rows
    year = results.dataset.province.period.year
    frame = past.frames[sheet.code]
    frame = frame[frame["nam"] == year]
    if frame.empty:
        return rows
    labels = results.dataset.province.lists.labels
    held = set()
    for values in frame[list(_KEYS[sheet.code])].astype(object).itertuples(index=False, name=None):
        names = zip(_KEYS[sheet.code], values, strict=True)
        held.add(tuple(_label(sheet, name, value, labels) for name, value in names))
    new = [row for row in rows if tuple(_text(row.get(name)) for name in _KEYS[sheet.code]) not in held]
    if len(new) < len(rows):
        told = {"so": str(len(rows) - len(new)), "nam": str(year), "ten_trang": sheet.code}
        findings.append(Finding("KL-12", "already", file=HISTORY_FILE, params=told))
    return new


def _label(sheet: Sheet, name: str, value: object, labels: Mapping[str, Mapping[str, str]]) -> str:
    if pd.isna(value):
        return ""
    vocabulary = sheet.by_name[name].vocabulary
    return _text(labels.get(vocabulary or "", {}).get(str(value), value))


def _text(value: object) -> str:
    return "" if value is None else f"{value:.0f}" if isinstance(value, float) else str(value)


def _say_gaps(sheet: Sheet, rows: Sequence[Mapping[str, Cell]], findings: list[Finding]) -> None:
    """Say which needed cells of new rows are blank, so that next year's finding is no surprise."""
    needed = [column for column in sheet if column.required]
    for row in rows:
        blank = [column.heading for column in needed if row.get(column.name) in (None, "")]
        if blank:
            whom = str(row.get("ten_doi_tuong") or row.get("ho_ten") or row.get("ma_doi_tuong") or row.get("ma_cc"))
            told = {"ten": whom, "ten_trang": sheet.code, "cot": ", ".join(f"«{heading}»" for heading in blank)}
            findings.append(Finding("KL-12", "gap", file=HISTORY_FILE, params=told))
