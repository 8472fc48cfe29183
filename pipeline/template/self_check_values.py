"""Python's answer to each check of KIEM_TRA: which cells are bad in the rows that were given.

It follows the rules of the formulas in self_check_formulas.py, so that a reader without a calculator (a
phone) shows what Excel would compute.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.template.edition import Cell, Edition
from pipeline.template.places import FORM_VALUE, column_index, form_rows, targets
from schemas.columns import FIRST_ENTRY_ROW, Column, Order, Sheet, When

Place = tuple[int, int]  #: Excel row and column, both counted from 1
#: Marks of several codes, or of a newcomer written as a name and a date of birth.
SEVERAL = (";", ",")
#: Code of a subject that is a person, in columns that may also name a collective.
PERSON_KIND = "CN"
#: Excel's day 0.
_EPOCH = dt.datetime(1899, 12, 30)
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Balance:
    """One equation of a row of ballots: `left` is the sum of `right`, or no more than that sum."""

    sheet: str
    left: str
    right: tuple[str, ...]
    at_most: bool
    sentence: str


@dataclass(frozen=True)
class Count:
    """A number on a form that must equal the rows of a table, or those with one choice."""

    form: str
    field: str
    table: str
    choice: tuple[str, str] | None  #: field and code
    sentence: str


def text_of(cell: Cell) -> str:
    """What TRIM makes of a cell: single spaces, none at the ends; numbers and dates as numbers."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return " ".join(part for part in cell.replace("\u00a0", " ").split(" ") if part)
    return f"{number_of(cell):.15g}"


def number_of(cell: Cell) -> float | None:
    """The number that a cell holds for Excel; None for text and blanks."""
    if isinstance(cell, dt.date):
        moment = cell if isinstance(cell, dt.datetime) else dt.datetime(cell.year, cell.month, cell.day)
        return (moment.replace(tzinfo=None) - _EPOCH).total_seconds() / _SECONDS_A_DAY
    return None if cell is None or isinstance(cell, str) else float(cell)


class Grid:
    """The rows of one sheet, each with the place of each of its fields."""

    def __init__(self, edition: Edition, sheet: Sheet) -> None:
        """Take the rows that were given for the sheet; a form is one row, also when nothing was given."""
        self.edition, self.sheet = edition, sheet
        given = edition.rows(sheet)
        self._places = form_rows(sheet) if sheet.form else {}
        rows = (given[:1] or ({},)) if sheet.form else given
        self.rows = [
            (line, {column.name: row.get(column.name) for column in sheet})
            for line, row in enumerate(rows)
            if sheet.form or any(text_of(row.get(column.name)) for column in sheet)
        ]

    def place(self, line: int, field: str) -> Place:
        """Where a field of a given row stands."""
        if self.sheet.form:
            return self._places[field], FORM_VALUE + 1
        return FIRST_ENTRY_ROW + line, column_index(self.sheet, field) + 1

    def first_place(self) -> Place:
        """The first cell that must be filled."""
        return self.place(0, next(column.name for column in self.sheet if column.required))

    def column(self, field: str) -> set[str]:
        """Every text of a column, case folded."""
        return {text_of(row[field]).casefold() for _, row in self.rows} - {""}

    def missing(self) -> list[Place]:
        """Blank cells that must be filled."""
        bad = [
            self.place(line, column.name)
            for line, row in self.rows
            for column in self.sheet
            if not text_of(row[column.name]) and self._asked(column, row)
        ]
        return bad if self.rows or self.sheet.may_be_empty else [*bad, self.first_place()]

    def _asked(self, column: Column, row: dict[str, Cell]) -> bool:
        when: When | None = column.required_when
        if when is None or column.required:
            return column.required
        if when.is_in:
            return self._is_in(row, when.field, when.is_in)
        return (not text_of(row[when.field])) == when.blank

    def unknown(self, known: dict[tuple[str, str], set[str]]) -> list[Place]:
        """Cells that refer to a code that its sheet does not hold."""
        columns = [c for c in self.sheet if targets(c) and known.keys() >= set(targets(c))]
        return [
            self.place(line, column.name)
            for line, row in self.rows
            for column in columns
            if self._looked_up(column, row)
            and not any(text_of(row[column.name]).casefold() in known[target] for target in targets(column))
        ]

    def _looked_up(self, column: Column, row: dict[str, Cell]) -> bool:
        value = text_of(row[column.name])
        if not value or any(mark in value for mark in SEVERAL):
            return False
        if column.outside_prefix and value.casefold().startswith(column.outside_prefix.casefold()):
            return False
        return not column.subject_kind or self._is_in(row, column.subject_kind, (PERSON_KIND,))

    def _is_in(self, row: dict[str, Cell], field: str, codes: Sequence[str]) -> bool:
        """Whether a cell holds one of some choices, as label or as code."""
        choices = (*codes, *self.edition.labels(self.sheet.by_name[field], codes))
        return text_of(row[field]).casefold() in {choice.casefold() for choice in choices}

    def repeated(self) -> list[Place]:
        """First key cell of each row whose key stood in a row above."""
        seen: set[tuple[str, ...]] = set()
        bad = []
        for line, row in self.rows:
            key = tuple(text_of(row[field]).casefold() for field in self.sheet.key)
            if all(key):
                if key in seen:
                    bad.append(self.place(line, self.sheet.key[0]))
                seen.add(key)
        return bad

    def disordered(self, orders: Iterable[Order]) -> list[Place]:
        """The later date of each pair that stands the wrong way round."""
        bad = []
        for (line, row), order in ((row, order) for row in self.rows for order in orders):
            first, second = number_of(row[order.first]), number_of(row[order.second])
            if first is not None and second is not None and first > second:
                bad.append(self.place(line, order.second))
        return bad

    def unbalanced(self, balance: Balance) -> list[Place] | None:
        """The left cell of each row that breaks the equation; None when a text stands among the summands."""
        bad = []
        for line, row in self.rows:
            left, right = number_of(row[balance.left]), [number_of(row[field]) for field in balance.right]
            numbers = [number for number in right if number is not None]
            if len(right) > 1 and any(isinstance(row[field], str) for field in balance.right):
                return None
            if left is None or len(numbers) < len(right):
                continue
            if left > sum(numbers) if balance.at_most else left != sum(numbers):
                bad.append(self.place(line, balance.left))
        return bad

    def counted(self, choice: tuple[str, str] | None) -> int:
        """Filled rows, or those with one choice."""
        if choice is None:
            return len(self.rows)
        field, code = choice
        return sum(self._is_in(row, field, (code,)) for _, row in self.rows)

    def miscounted(self, count: Count, actual: int) -> list[Place]:
        """The cell of a form whose number is not the counted one."""
        return [
            self.place(line, count.field)
            for line, row in self.rows
            if (number := number_of(row[count.field])) is not None and number != actual
        ]


def chains(orders: Sequence[Order]) -> list[tuple[str, ...]]:
    """Join orders that follow on one another: a ≤ b, b ≤ c becomes (a, b, c)."""
    joined: list[tuple[str, ...]] = []
    for order in orders:
        if joined and joined[-1][-1] == order.first:
            joined[-1] = (*joined[-1], order.second)
        else:
            joined.append((order.first, order.second))
    return joined
