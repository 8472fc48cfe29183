"""What one check writes down: which rows it looked at, what it found on them, what it could not judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from pipeline.evidence import Evidence
from pipeline.findings import COLUMNS, frame
from pipeline.vietnamese import date_text, decimal
from schemas.sheets import UNIT_TEMPLATE

NOT_JUDGED = "not_judged"
#: What a sentence shows where a value is not known.
UNKNOWN = "…"


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of one check.

    A row of `looked_at` without a finding is in order; a row of the sheet that is not there was outside the check.
    """

    code: str
    sheet: str  #: template sheet whose rows were judged; empty: the province as a whole
    looked_at: pd.Index  #: row ids; for the province as a whole what was counted, by name
    findings: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Check:
    """One function and the rule that it implements."""

    code: str
    run: Callable[[Evidence], Checked]
    province: bool = False  #: needs other units, the configuration or past years: not part of `tdkt check`


class Ledger:
    """Collects rows looked at and findings; `close` hands them over.

    Every method works on whole columns. `rows` is a frame or an index of row ids of the judged sheet; columns
    `code` (nomination) and `person` of it name the subject. A parameter of a sentence is one value, or a series
    aligned with `rows`; numbers and days are written as in Vietnam.
    """

    def __init__(self, evidence: Evidence, code: str, sheet: str = "DE_NGHI") -> None:
        """Begin the ledger of a check that judges the rows of a sheet (empty: the province as a whole)."""
        self._evidence, self._code, self._sheet = evidence, code, sheet
        self._looked: list[pd.Index] = []
        self._rows: list[tuple[Any, ...]] = []  #: values of `COLUMNS`

    def look(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Enter the rows that the check judges; returns them."""
        self._looked.append(rows.index)
        return rows

    def counted(self, names: Iterable[str]) -> None:
        """Enter what a check of the province as a whole judged, by name."""
        self._looked.append(pd.Index(list(dict.fromkeys(names)), dtype="str"))

    def say(
        self,
        variant: str,
        rows: pd.DataFrame,
        column: str,
        *,
        at: pd.Series | None = None,
        subject: pd.Series | str = "",
        **params: object,
    ) -> None:
        """Write down the same finding of several rows.

        Args:
            variant: sentence of the rule.
            rows: the judged rows.
            column: field at whose cell it is said.
            at: row id of that cell for each row, when it lies on another sheet; where it is null or negative, the
                first column of the judged row stands in.
            subject: what the finding is about; by default the code of the nomination.
            params: named fields of the sentence.
        """
        if rows.empty:
            return
        ids = rows.index.tolist()
        places = ids if at is None else at.reindex(rows.index).fillna(-1).astype("int64").tolist()
        own = "code" in rows and isinstance(subject, str) and not subject
        subjects = self._aligned(rows, rows["code"] if own else subject)
        persons = rows["person"].fillna("").tolist() if "person" in rows else [""] * len(ids)
        texts = {name: self._aligned(rows, value) for name, value in params.items()}
        find = self._evidence.data.addresses.find
        for number, (row_id, place) in enumerate(zip(ids, places, strict=True)):
            where = (place, column) if place >= 0 else (row_id, self._first_column())
            unit, path, sheet, cell, raw = find(*where)
            told = {name: values[number] for name, values in texts.items()}
            self._rows.append(
                (self._code, variant, unit, subjects[number], path, sheet, cell, raw, told, "", where[1],
                 persons[number], row_id, row_id)
            )  # fmt: skip

    def unjudged(self, rows: pd.DataFrame, column: str, *, at: pd.Series | None = None, **params: object) -> None:
        """Write down the rows that could not be judged, at the cell that would be needed."""
        self.say(NOT_JUDGED, rows, column, at=at, **params)

    def of_unit(self, variant: str, unit: str, subject: str = "", **params: object) -> None:
        """Write down something of a unit (empty: of the province) that no cell holds."""
        texts = {name: written(value) for name, value in params.items()}
        self._rows.append((self._code, variant, unit, subject, "", "", "", "", texts, "", "", "", pd.NA, pd.NA))

    def of_own_row(self, variant: str, unit: str, sheet: str, row_id: int, column: str, **params: object) -> None:
        """Write down something of a unit at a cell of cau-hinh.xlsx.

        A row that stands in no file (a score typed into a reviewed workbook) is said without a place.
        """
        book = self._evidence.data.province.configuration.addresses
        if not 0 <= row_id < book.size or book.row(row_id)[1] != sheet:
            self.of_unit(variant, unit, "", **params)
            return
        _, path, name, cell, raw = book.find(row_id, column)
        texts = {key: written(value) for key, value in params.items()}
        self._rows.append((self._code, variant, unit, "", path, name, cell, raw, texts, "", column, "", pd.NA, pd.NA))

    def close(self) -> Checked:
        """Hand over."""
        looked = pd.Index([]) if not self._looked else self._looked[0]
        for more in self._looked[1:]:
            looked = looked.union(more)
        table = _nothing_found()
        if self._rows:
            kinds = table.dtypes.to_dict()
            columns = zip(COLUMNS, zip(*self._rows, strict=True), strict=True)
            table = pd.DataFrame({name: pd.Series(list(values), dtype=kinds[name]) for name, values in columns})
        return Checked(self._code, self._sheet, looked, table)

    def _first_column(self) -> str:
        return UNIT_TEMPLATE.by_code[self._sheet].columns[0].name

    def _aligned(self, rows: pd.DataFrame, value: object) -> list[str]:
        if isinstance(value, pd.Series):
            return [written(v) for v in value.reindex(rows.index).tolist()]
        return [written(value)] * len(rows)


@cache
def _nothing_found() -> pd.DataFrame:
    """The empty findings frame, made once."""
    return frame(())


def written(value: Any) -> str:
    """Write one value for a sentence; … where it is not known."""
    if isinstance(value, str):
        return value
    if value is None or value != value or value is pd.NA or value is pd.NaT:
        return UNKNOWN
    if isinstance(value, pd.Timestamp):
        return date_text(value.date())
    if hasattr(value, "strftime"):
        return date_text(value)
    return decimal(round(float(value), 2))


def listed(names: Iterable[str], most: int = 6) -> str:
    """Write a few names and how many more there are: `P1, P2 và 3 nơi khác`."""
    every = list(names)
    more = len(every) - most
    return ", ".join(every[:most]) + (f" và {more} nơi khác" if more > 0 else "")
