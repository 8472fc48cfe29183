"""Cells that name a row of another sheet of the same file (V-06), and people without a staff code (V-02).

Works on the frames of a chunk; every lookup is by file, so no unit can lean on another's rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pandas as pd

from pipeline.findings import Finding
from pipeline.layout import blank, shown
from pipeline.people import reference_key, staff_keys
from pipeline.validation import Validated
from pipeline.vietnamese import suggest
from schemas.columns import BookSpec, Column, Sheet
from schemas.frames import FILE

PERSON = ("NHAN_SU", "ma_cc")


#: Different texts of a column for which a nearest key is looked for; a file with more is wrong as a whole.
MOST_SUGGESTIONS = 200
#: Keys that exist in a column, with the number of their file.
Keys = set[tuple[int, str]]


def check_references(data: Validated, spec: BookSpec) -> list[Finding]:
    """Return V-06 for each value that no row of the named sheets carries, and V-02 notices for newcomers."""
    findings = list(_newcomers(data))
    keys: dict[tuple[str, str], Keys] = {}
    for sheet in spec.sheets:
        for column in sheet:
            targets = _targets(column)
            for target in targets:
                if target not in keys:
                    keys[target] = _keys(data, *target)
            if targets:
                findings += _look_up(data, sheet, column, targets, keys)
    return findings


def _targets(column: Column) -> tuple[tuple[str, str], ...]:
    if column.subject_kind:
        return (PERSON,)
    return column.refers_to_any or ((column.refers_to,) if column.refers_to else ())


def _keys(data: Validated, code: str, name: str) -> Keys:
    """Pairs (file, key) that exist in a column."""
    frame = data.frames[code]
    values = staff_keys(frame) if (code, name) == PERSON else frame[name]
    present = values.notna()
    return set(zip(frame.loc[present, FILE].tolist(), values[present].tolist(), strict=True))


def _newcomers(data: Validated) -> Iterator[Finding]:
    staff = data.frames.get("NHAN_SU")
    if staff is None or staff.empty:
        return
    for row_id in staff.index[staff["ma_cc"].isna()]:
        _, _, _, cell, raw = data.addresses.find(int(row_id), "ma_cc")
        if cell and blank(raw):
            name = staff.at[row_id, "ho_ten"]
            yield data.addresses.finding("V-02", "newcomer", int(row_id), "ma_cc", str(name) if pd.notna(name) else "")


def _mentions(frame: pd.DataFrame, column: Column) -> Iterator[tuple[int, int, str]]:
    """Each value mentioned, as (row id, file, text); several codes in a cell are several values."""
    chosen = frame[column.name].notna()
    if column.subject_kind:
        chosen &= frame[column.subject_kind] == "CN"
    cells = frame.loc[chosen, [FILE, column.name]]
    for row_id, file, text in zip(cells.index.tolist(), cells[FILE].tolist(), cells[column.name].tolist(), strict=True):
        for part in text.split(";") if column.many else (text,):
            code = part.strip()
            if code and not (column.outside_prefix and code.startswith(column.outside_prefix)):
                yield row_id, file, code


def _look_up(
    data: Validated,
    sheet: Sheet,
    column: Column,
    targets: tuple[tuple[str, str], ...],
    keys: dict[tuple[str, str], Keys],
) -> Iterator[Finding]:
    known = set().union(*(keys[target] for target in targets))
    near = _Near(known)
    for row_id, file, text in _mentions(data.frames[sheet.code], column):
        if (file, text) not in known and (PERSON not in targets or (file, reference_key(text)) not in known):
            yield _unknown(data, column, targets, near, row_id, file, text)


class _Near:
    """Nearest known key of the same file, each text looked up once and only so many texts of a file."""

    def __init__(self, known: Keys) -> None:
        self._keys: dict[int, list[str]] = defaultdict(list)
        for file, key in sorted(known):
            self._keys[file].append(key)
        self._found: dict[int, dict[str, str | None]] = defaultdict(dict)

    def __call__(self, file: int, text: str) -> str | None:
        """Return the key that is meant, None when unclear."""
        found = self._found[file]
        if text not in found:
            if len(found) >= MOST_SUGGESTIONS:
                return None
            found[text] = suggest(text, self._keys[file])
        return found[text]


def _unknown(
    data: Validated,
    column: Column,
    targets: tuple[tuple[str, str], ...],
    near: _Near,
    row_id: int,
    file: int,
    text: str,
) -> Finding:
    names = " hoặc ".join(code for code, _ in targets)
    params = {"ma": text, "trang_goc": names, "cot": column.heading, "vi_du": shown(column.example)}
    if not any((file, code) in data.addresses.places for code, _ in targets):
        return data.addresses.finding("V-06", "not_judged", row_id, column.name, **params)
    meant = near(file, text)
    if meant:
        return data.addresses.finding("V-06", "near", row_id, column.name, **params, goi_y=meant)
    return data.addresses.finding("V-06", "unknown", row_id, column.name, **params)


def collective_mentions(data: Validated) -> Iterator[Finding]:
    """Yield V-06 for collectives that are not the unit itself."""
    frame = data.frames.get("DE_NGHI")
    if frame is None or frame.empty:
        return
    own = frame[FILE].map(data.addresses.units)
    wrong = (frame["doi_tuong"] == "TT") & frame["ma_doi_tuong"].notna() & (frame["ma_doi_tuong"] != own)
    for row_id in frame.index[wrong]:
        unit = str(own.at[row_id])
        yield data.addresses.finding(
            "V-06",
            "near",
            int(row_id),
            "ma_doi_tuong",
            ma=str(frame.at[row_id, "ma_doi_tuong"]),
            cot="Mã người hoặc mã đơn vị",
            trang_goc="DON_VI",
            goi_y=unit,
        )
