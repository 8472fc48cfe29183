"""From transcripts to the openings and frames of a run. Row ids run by sheet, file and row, however it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from pipeline.batches.transcripts import Transcript, renumbered
from pipeline.layout import BookLayout, Located
from pipeline.province import Province
from pipeline.senders import addresses_of
from pipeline.submissions import FileRecord, Opening, infer_unit, seal_gate
from pipeline.validation import AddressBook, OpenedFile, Place, Validated
from schemas.columns import Column, Identity, Sheet
from schemas.frames import FILE, dtype_of
from schemas.sheets import UNIT_TEMPLATE

Read = Sequence[tuple[FileRecord, Transcript]]


def assemble(read: Read, province: Province) -> tuple[list[Opening], Validated]:
    """Return one opening a file, in the given order, and the rows of all opened files; empties the transcripts."""
    data = Validated({}, [], AddressBook(), {})
    openings = [_opening(record, transcript, province) for record, transcript in read]
    addresses = addresses_of(province.units)
    for opening in openings:
        infer_unit(opening, province, addresses)
    opened = [(opening, transcript) for opening, (_, transcript) in zip(openings, read, strict=True) if opening.opened]
    for opening, _ in opened:
        record = opening.record
        data.addresses.paths[record.number], data.addresses.units[record.number] = record.path, record.unit
        data.counts[record.number] = record.counts
    numbers: dict[int, list[range]] = {opening.record.number: [] for opening, _ in opened}
    for sheet in UNIT_TEMPLATE.sheets:
        data.frames[sheet.code] = _sheet(sheet, opened, data, numbers)
    for opening, transcript in opened:
        ids = dict(enumerate(chain.from_iterable(numbers[opening.record.number])))
        opening.findings += renumbered(transcript.findings, ids)
        transcript.sheets.clear()
    return openings, data


def _opening(record: FileRecord, transcript: Transcript, province: Province) -> Opening:
    transcript.enter(record)
    if not transcript.opened:
        return Opening(record, None, transcript.findings)
    identity = Identity(
        record.unit, "", province.period.code, UNIT_TEMPLATE.code, record.version, None, record.issue_number,
        transcript.seal,
    )  # fmt: skip
    record.authenticity, asked = seal_gate(identity, province)
    findings = [asked.at(file=record.path, unit=record.unit)] if asked else []
    layout = BookLayout(total_cells=record.counts.total)
    for code, sheet in transcript.sheets.items():
        layout.located[code] = Located(
            UNIT_TEMPLATE.by_code[code], sheet.grid, sheet.fields, sheet.value_column, sheet.rows
        )
    return Opening(record, OpenedFile(record.number, record.path, record.unit, identity, layout), findings)


def _sheet(
    sheet: Sheet, opened: Sequence[tuple[Opening, Transcript]], data: Validated, numbers: Mapping[int, list[range]]
) -> pd.DataFrame:
    """Join one sheet of all files, and register where its rows stand."""
    book = data.addresses
    first = book.size
    parts, owner = [], []
    for opening, transcript in opened:
        found = transcript.sheets.get(sheet.code)
        if found is None or opening.opened is None:
            continue
        number, start = opening.record.number, book.size
        book.places[number, sheet.code] = Place(found.grid.name, opening.opened.layout.located[sheet.code])
        book.add(start, number, sheet.code, found.rows)
        numbers[number].append(range(start, book.size))
        owner += [number] * len(found.rows)
        parts.append(found.columns)
    columns: dict[str, Any] = {FILE: np.array(owner, dtype="int64")}
    for column in sheet:
        columns[column.name] = _joined(column, (part.pop(column.name) for part in parts), len(owner))
    return pd.DataFrame(columns, index=pd.RangeIndex(first, first + len(owner)))


def _joined(column: Column, parts: Iterator[list[Any]], size: int) -> Any:
    """One array of the values of all files; equal texts become one object."""
    values = chain.from_iterable(parts)
    dtype = dtype_of(column)
    if dtype == "str":
        share = {}.setdefault  # type: ignore[var-annotated]
        return pd.array([share(value, value) for value in values], dtype="str")
    if dtype == "float64":
        return np.fromiter(values, dtype="float64", count=size)
    return np.fromiter(values, dtype="int64", count=size).view("datetime64[us]")
