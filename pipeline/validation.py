"""Typed frames through pandera, once per sheet for a chunk of files; failure cases become findings at once.

`SchemaErrors` does not survive pickling, so findings are made here, where the raw cells are still at hand.
What holds between sheets and units is not this module's business: see pipeline/checks.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pandera.errors

from pipeline.findings import Finding, ranges_text
from pipeline.layout import BookLayout, Located, shown
from pipeline.parsing import ParsedColumn, parse_column, unknown_choice
from pipeline.vietnamese import decimal
from schemas.columns import BookSpec, Column, Identity, Sheet, When
from schemas.frames import BEFORE, FILE, MISSING, REPEATED, Windows, derive, dtype_of, model
from schemas.vocabularies import Lists

#: Failure cases of these variants empty the cell in the frame: its value must not be used further.
EMPTYING = ("V-03.out_of_range", "V-03.too_long", "V-04.unknown", "V-09.outside")
#: Rows named in a finding of a repeated key; more are counted.
MOST_TWINS = 12
_EPOCH = dt.date(1970, 1, 1).toordinal()
_NO_DAY = np.iinfo("int64").min  # what numpy reads as NaT


@dataclass(slots=True)
class OpenedFile:
    """One file that could be opened and is the form asked for."""

    number: int
    path: str  #: as findings name it
    unit: str  #: unit code, empty for the province's own files
    identity: Identity
    layout: BookLayout


@dataclass(slots=True)
class Counts:
    """Where the cells of one file went; their sum is `total`."""

    total: int = 0
    accepted: int = 0
    refused: int = 0
    unread: int = 0
    ignored: int = 0  #: titles, headings, keys, examples, guide, lists, cells of only spaces

    @property
    def balanced(self) -> bool:
        """Cells in equal cells out."""
        return self.total == self.accepted + self.refused + self.unread + self.ignored


@dataclass(frozen=True, slots=True)
class Place:
    """Where the fields of one sheet of one file stand; leads from a row id to an address."""

    sheet_name: str
    located: Located

    def cell(self, row: int, name: str) -> str:
        """Address of a field in a zero-based row; empty when the file lacks the column."""
        return self.located.cell(row, name) if name in self.located.fields else ""

    def raw(self, row: int, name: str) -> str:
        """Return the cell as typed, as text; empty once the raw cells were released."""
        located = self.located
        if name not in located.fields or not located.grid.rows:
            return ""
        at = (located.fields[name], located.value_column) if located.sheet.form else (row, located.fields[name])
        cells = located.grid.rows[at[0]]
        value = cells[at[1]] if at[1] < len(cells) else ""
        return shown(value)


@dataclass(slots=True)
class AddressBook:
    """From row id to file, sheet and Excel row."""

    #: runs of row ids: (first id, file, sheet code, zero-based rows), ordered by first id
    runs: list[tuple[int, int, str, list[int]]] = field(default_factory=list)
    size: int = 0  #: how many rows
    places: dict[tuple[int, str], Place] = field(default_factory=dict)
    paths: dict[int, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)

    def add(self, first: int, file: int, code: str, rows: list[int]) -> None:
        """Register a run of rows; runs come in the order of their ids."""
        if rows:
            self.runs.append((first, file, code, rows))
            self.size += len(rows)

    def release(self) -> None:
        """Let go of all raw cells; addresses stay, values as typed are no longer known."""
        for place in self.places.values():
            place.located.grid.rows = []

    def row(self, row_id: int) -> tuple[int, str, int]:
        """Return (file, sheet code, zero-based row) of a row id."""
        first, file, code, rows = self.runs[bisect_right(self.runs, row_id, key=lambda run: run[0]) - 1]
        return file, code, rows[row_id - first]

    def find(self, row_id: int, name: str) -> tuple[str, str, str, str, str]:
        """Return (unit, path, sheet name, cell, raw value) of a field of a row."""
        file, code, row = self.row(row_id)
        place = self.places[file, code]
        return self.units[file], self.paths[file], place.sheet_name, place.cell(row, name), place.raw(row, name)

    def finding(self, code: str, variant: str, row_id: int, name: str, subject: str = "", **params: str) -> Finding:
        """Make a finding at a cell; if it blocks, it stops the row."""
        unit, path, sheet, cell, raw = self.find(row_id, name)
        return Finding(code, variant, unit, subject, path, sheet, cell, raw, params, column=name, row_id=row_id)


@dataclass(slots=True)
class Validated:
    """A chunk of files after validation."""

    frames: dict[str, pd.DataFrame]  #: sheet code → typed columns, index row id, `FILE`
    findings: list[Finding]
    addresses: AddressBook
    counts: dict[int, Counts]  #: file number → where its cells went


def validate(
    files: Sequence[OpenedFile],
    spec: BookSpec,
    lists: Lists,
    windows: Windows,
    first_row_id: int = 0,
    *,
    only: Container[str] | None = None,
) -> Validated:
    """Parse and validate all sheets of all files, or `only` those with these codes.

    Row ids run from `first_row_id` in the order of sheets, files and rows. Findings carry unit, file, sheet
    and cell.
    """
    result = Validated({}, [], AddressBook(), {})
    for file in files:
        result.addresses.paths[file.number] = file.path
        result.addresses.units[file.number] = file.unit
        layout = file.layout
        result.counts[file.number] = Counts(
            total=layout.total_cells,
            refused=sum(layout.refused_sheets.values()),
            unread=layout.unread_cells,
            ignored=layout.fixed_cells + sum(part.ignored_cells for part in layout.located.values()),
        )
        result.findings.extend(f.at(unit=file.unit, file=file.path) for f in layout.findings)
    for sheet in spec.sheets:
        if only is not None and sheet.code not in only:
            continue
        _Sheet(sheet, files, lists, windows, result, first_row_id + result.addresses.size).run()
    return result


class _Sheet:
    """The work on one sheet over all files of the chunk."""

    def __init__(
        self, sheet: Sheet, files: Sequence[OpenedFile], lists: Lists, windows: Windows, result: Validated, first: int
    ) -> None:
        self.sheet, self.lists, self.windows, self.result = sheet, lists, windows, result
        self.parts = [(f, f.layout.located[sheet.code]) for f in files if sheet.code in f.layout.located]
        self.columns = [_columns_of(located) for _, located in self.parts]
        self.first = first  #: row id of the sheet's first row
        self.owner: list[int] = []  #: file number of each row
        self.absent: set[tuple[int, str]] = set()  #: (file, field) that the file does not have
        #: row id → its key with the file, and all row ids of that key; once asked for
        self.twins: dict[int, tuple[tuple[Any, ...], list[int]]] | None = None
        self.refused: dict[str, set[int]] = {}  #: field → row ids whose cell was refused

    def run(self) -> None:
        self._register_rows()
        parsed = {column.name: parse_column(column, self._cells(column), self.lists) for column in self.sheet}
        frame = self._frame(parsed)
        self._say_notes(parsed)
        self._count(parsed)
        self.result.frames[self.sheet.code] = self._check(frame)
        self._count_accepted()

    def _register_rows(self) -> None:
        book = self.result.addresses
        next_id = self.first
        for file, located in self.parts:
            book.places[file.number, self.sheet.code] = Place(located.grid.name, located)
            book.add(next_id, file.number, self.sheet.code, located.rows)
            next_id += len(located.rows)
            self.owner.extend([file.number] * len(located.rows))
            self.absent |= {(file.number, c.name) for c in self.sheet if c.name not in located.fields}
            if not located.rows and not self.sheet.may_be_empty:
                self.result.findings.append(
                    Finding(
                        "V-01",
                        "no_rows",
                        file.unit,
                        "",
                        file.path,
                        located.grid.name,
                        params={"ten_trang": located.grid.name},
                    )
                )

    def _cells(self, column: Column) -> list[object]:
        """Raw cells of a column, files one after another; an absent column is all None."""
        cells: list[object] = []
        for (_, located), columns in zip(self.parts, self.columns, strict=True):
            at = located.fields.get(column.name)
            cells.extend([None] * len(located.rows) if at is None or not columns else columns[at])
        return cells

    def _frame(self, parsed: Mapping[str, ParsedColumn]) -> pd.DataFrame:
        columns: dict[str, Any] = {FILE: np.array(self.owner, dtype="int64")}
        for column in self.sheet:
            values = parsed[column.name].values
            dtype = dtype_of(column)
            if dtype == "str":
                columns[column.name] = pd.array(values, dtype="str")
            elif dtype == "float64":
                columns[column.name] = np.array([np.nan if v is None else v for v in values], dtype="float64")
            else:
                columns[column.name] = _days(values)
        return pd.DataFrame(columns, index=pd.RangeIndex(self.first, self.first + len(self.owner)))

    def _say_notes(self, parsed: Mapping[str, ParsedColumn]) -> None:
        for column in self.sheet:
            out = parsed[column.name]
            self.refused[column.name] = {self.first + position for position in out.refused}
            for position, note in out.notes:
                self._say(note.code, note.variant, self.first + position, column, **note.params)

    def _count(self, parsed: Mapping[str, ParsedColumn]) -> None:
        counts = self.result.counts
        for out in parsed.values():
            for position in out.refused:
                counts[self.owner[position]].refused += 1
            for position in out.spaces:
                counts[self.owner[position]].ignored += 1

    def _count_accepted(self) -> None:
        frame = self.result.frames[self.sheet.code]
        if frame.empty:
            return
        filled = np.zeros(len(frame), dtype="int64")
        for column in self.sheet:
            filled += frame[column.name].notna().to_numpy()
        for number, cells in enumerate(np.bincount(frame[FILE].to_numpy(), weights=filled)):
            if cells:
                self.result.counts[number].accepted += int(cells)

    def _check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Run pandera; returns the frame with unusable cells emptied."""
        if frame.empty:
            return frame
        unread = {name: pd.Index(sorted(ids)) for name, ids in self.refused.items() if ids}
        try:
            model(self.sheet, self.lists, self.windows).validate(derive(self.sheet, frame, unread), lazy=True)
        except pandera.errors.SchemaErrors as errors:
            cases = errors.failure_cases[["column", "check", "failure_case", "index"]]
            # Sorted, because pandera promises no order.
            rows = sorted(cases.itertuples(index=False, name=None), key=lambda r: (r[3], str(r[0]), str(r[1])))
            return self._say_failures(frame, rows)
        return frame

    def _say_failures(self, frame: pd.DataFrame, rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
        emptied: dict[str, list[int]] = {}
        for name, check, value, index in rows:
            row_id = int(index)
            if check == "not_nullable":
                self._required(str(name), row_id)
                continue
            code, _, variant = str(check).partition(".")
            self._say_case(code, variant, str(name), value, row_id, frame)
            if check in EMPTYING:
                emptied.setdefault(str(name), []).append(row_id)
        if emptied:
            frame = frame.copy()
            for name, ids in emptied.items():
                frame.loc[ids, name] = pd.NaT if dtype_of(self.sheet.by_name[name]).startswith("date") else np.nan
                for row_id in ids:
                    self.result.counts[self.owner[row_id - self.first]].refused += 1
        return frame

    def _required(self, name: str, row_id: int) -> None:
        if (self.owner[row_id - self.first], name) in self.absent or row_id in self.refused[name]:
            return
        self._say("V-02", "required", row_id, self.sheet.by_name[name])

    def _say_case(self, code: str, variant: str, name: str, value: Any, row_id: int, frame: pd.DataFrame) -> None:
        if name.startswith(MISSING):
            column = self.sheet.by_name[name.removeprefix(MISSING)]
            if (self.owner[row_id - self.first], column.name) not in self.absent and column.required_when:
                self._say(code, variant, row_id, column, **self._condition(column.required_when))
        elif name.startswith(BEFORE):
            second, first = (self.sheet.by_name[n] for n in name.removeprefix(BEFORE).split(":"))
            days = {"ngay": _day(frame.at[row_id, second.name]), "ngay_khac": _day(frame.at[row_id, first.name])}
            self._say(code, variant, row_id, second, cot_khac=first.heading, **days)
        elif name.startswith(REPEATED):
            self._say(code, variant, row_id, self.sheet.by_name[self.sheet.key[0]], **self._twins(row_id, frame))
        else:
            column = self.sheet.by_name[name]
            params = _CASES[code + "." + variant](self, column, value)
            self._say(code, params.pop("variant", variant), row_id, column, **params)

    def _condition(self, when: When) -> dict[str, str]:
        other = self.sheet.by_name[when.field]
        if when.is_in:
            labels = self.lists.labels[other.vocabulary] if other.vocabulary else {}
            text = " hoặc ".join(f"«{labels.get(code, code)}»" for code in when.is_in)
            return {"dieu_kien": f"«{other.heading}» là {text}", "cot_khac": other.heading}
        state = "còn trống" if when.blank else "đã điền"
        return {"dieu_kien": f"«{other.heading}» {state}", "cot_khac": other.heading}

    def _twins(self, row_id: int, frame: pd.DataFrame) -> dict[str, str]:
        """Name the key and the Excel rows of the rows that share it."""
        if self.twins is None:
            fields = [FILE, *self.sheet.key]
            repeated = frame[frame.duplicated(fields, keep=False)]
            groups = [(key, ids.tolist()) for key, ids in repeated.groupby(fields).groups.items()]
            self.twins = {one: (key, ids) for key, ids in groups for one in ids}
        key, twins = self.twins[row_id]
        rows = [f"A{self.result.addresses.row(i)[2] + 1}" for i in twins[:MOST_TWINS]]
        more = len(twins) - len(rows)
        words = [
            f"{self.sheet.by_name[k].heading} «{self._label(k, v)}»"
            for k, v in zip(self.sheet.key, key[1:], strict=True)
        ]
        text = ranges_text(rows, most=MOST_TWINS).replace("A", "") + (f" và {more} dòng nữa" if more > 0 else "")
        return {"khoa": ", ".join(words), "cac_dong": text}

    def _label(self, name: str, value: Any) -> str:
        column = self.sheet.by_name[name]
        return self.lists.labels[column.vocabulary].get(value, value) if column.vocabulary else shown(value)

    def _say(self, code: str, variant: str, row_id: int, column: Column, **params: str) -> None:
        fields = {"cot": column.heading, "vi_du": shown(column.example), **params}
        self.result.findings.append(self.result.addresses.finding(code, variant, row_id, column.name, **fields))

    # Parameters of the sentences, by check.

    def choice_case(self, column: Column, value: Any) -> dict[str, str]:
        variant, params = unknown_choice(str(value), self.lists.labels[column.vocabulary or ""])
        return {"variant": variant, **params}

    def range_case(self, column: Column, _value: Any) -> dict[str, str]:
        low = "không giới hạn" if column.low is None else decimal(column.low)
        return {"tu": low, "den": "không giới hạn" if column.high is None else decimal(column.high)}

    def length_case(self, column: Column, value: Any) -> dict[str, str]:
        return {"so_ky_tu": str(len(str(value))), "toi_da": str(column.max_length)}

    def window_case(self, column: Column, value: Any) -> dict[str, str]:
        first, last = self.windows[column.window] if column.window else (dt.date.min, dt.date.max)
        params = {"ngay": _day(value), "tu": _day(first), "den": _day(last)}
        day = pd.Timestamp(value)
        if day.day <= 12 and first <= (swapped := dt.date(day.year, day.day, day.month)) <= last:
            return {"variant": "swapped", "goi_y": _day(swapped), **params}
        return params


def _days(values: Sequence[Any]) -> np.ndarray[Any, Any]:
    """Dates, or moments, as datetime64[us]; dates go by their ordinal, which is three times as fast."""
    if set(map(type, values)) <= {dt.date, type(None)}:
        days = np.array([_NO_DAY if day is None else day.toordinal() - _EPOCH for day in values], dtype="int64")
        return days.view("datetime64[D]").astype("datetime64[us]")
    return np.array(values, dtype="datetime64[us]")


def _columns_of(located: Located) -> list[tuple[object, ...]]:
    """Cells of the data rows, column by column; a form is one row whose columns are its lines."""
    rows = located.grid.rows
    if located.sheet.form:
        value = located.value_column
        return [(row[value] if value < len(row) else "",) for row in rows]
    return list(zip(*[rows[i] for i in located.rows], strict=True))


_CASES = {
    "V-03.out_of_range": _Sheet.range_case,
    "V-03.too_long": _Sheet.length_case,
    "V-04.unknown": _Sheet.choice_case,
    "V-09.outside": _Sheet.window_case,
}


def _day(value: Any) -> str:
    return f"{value:%d/%m/%Y}"
