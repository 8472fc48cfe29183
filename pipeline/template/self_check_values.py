"""Python's answer to each check of KIEM_TRA on one sheet: which cells are bad in the rows that were given.

It follows the rules of the formulas in self_check_formulas.py, so that a reader without a calculator (a
phone) shows what Excel would compute.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.template.edition import Cell, Edition
from pipeline.template.places import FORM_VALUE, column_index, form_rows, printed
from pipeline.template.self_check_terms import TONES
from schemas.columns import FIRST_ENTRY_ROW, Column, Kind, Order, Sheet, When

Place = tuple[int, int]  #: Excel row and column, both counted from 1
Row = dict[str, Cell]
#: Marks of several codes, and of a newcomer written as a name and a date of birth.
SEVERAL, NAMED = ";", ","
#: Codes: of subjects that are persons, that are collectives; of a vote of the unit.
PERSON_KIND, COLLECTIVE, UNIT_LEVEL = "CN", "TT", "DON_VI"
#: Points and shares have two decimals at most; sums of them may differ by this much (pipeline/checks).
ROUNDING = 0.011
#: What each author's share may be off by: half a unit of the second decimal, and a little for binary fractions.
SHARE_ROUNDING = 0.0051
#: Larger than every number of a cell.
FAR = 1e12
#: Excel's day 0.
_EPOCH = dt.datetime(1899, 12, 30)
_SECONDS_A_DAY = 86_400
_TWO_WAYS = re.compile(r"(?!0).{0,3}\.\d{3}|.{1,3},\d{3}")


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


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a column of numbers takes."""

    low: float
    high: float
    whole: bool

    def hold(self, number: float) -> bool:
        """Whether the pipeline keeps the number."""
        return self.low <= number <= self.high and not (self.whole and number % 1)


def bounds_of(column: Column) -> Bounds:
    """What a column of numbers takes; no bound is `FAR`."""
    low = -FAR if column.low is None else float(column.low)
    high = FAR if column.high is None else float(column.high)
    return Bounds(low, high, column.kind is Kind.INTEGER)


def days_of(edition: Edition, sheet: Sheet) -> dict[str, tuple[int, int]]:
    """Field → first day and day after the last of its window; empty when the period's dates are not known."""
    if not edition.identity.dates:
        return {}
    # Here, because it brings pandera, which only those who know the dates have loaded.
    from schemas.frames import windows_of  # noqa: PLC0415

    windows = windows_of(*edition.identity.dates)
    spans = {column.name: windows[column.window] for column in sheet if column.window}
    return {name: (_day(first), _day(last) + 1) for name, (first, last) in spans.items()}


def _day(day: dt.date) -> int:
    return (day - _EPOCH.date()).days


def text_of(cell: Cell) -> str:
    """What TRIM makes of a cell: single spaces, none at the ends; numbers and dates as numbers."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return " ".join(part for part in cell.replace("\u00a0", " ").split(" ") if part)
    if isinstance(cell, bool):
        return printed(cell)
    return f"{number_of(cell):.15g}"


def number_of(cell: Cell) -> float | None:
    """The number that a cell holds for Excel; None for text, blanks and TRUE or FALSE."""
    if isinstance(cell, dt.time):
        cell = dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond)
    if isinstance(cell, dt.timedelta):
        return cell.total_seconds() / _SECONDS_A_DAY
    if isinstance(cell, dt.date):
        moment = cell if isinstance(cell, dt.datetime) else dt.datetime(cell.year, cell.month, cell.day)
        return (moment.replace(tzinfo=None) - _EPOCH).total_seconds() / _SECONDS_A_DAY
    return None if cell is None or isinstance(cell, str | bool) else float(cell)


def capitals(name: str) -> str:
    """A name as compared: in capitals, tones placed as in HOÀ, QUÝ."""
    name = name.upper()
    for found, instead in TONES:
        name = name.replace(found, instead)
    return name


def is_number_text(text: str) -> bool:
    """Whether a text is a number in Vietnamese writing that can be read in one way only."""
    bare = re.sub("[\u00a0 %]", "", text)
    return re.fullmatch(r"[.,+\-\d]*\d[.,+\-\d]*", bare) is not None and not _TWO_WAYS.fullmatch(bare)


def is_date_text(text: str) -> bool:
    """Whether a text is a day written day/month/year, or may be one in words or with a time."""
    if all(word in text.lower() for word in ("ngày", "tháng", "năm")) or ":" in text:
        return True
    day = re.sub("[.-]", "/", text).replace(" ", "")
    if day.find("/") == 4:
        return True
    found = re.fullmatch(r"(\d+)/(\d+)/(\d{4})", day)
    try:
        return found is not None and bool(dt.date(int(found[3]), int(found[2][-2:]), int(found[1][-2:])))
    except ValueError:
        return False


class Grid:
    """The rows of one sheet, each with the place of each of its fields."""

    def __init__(self, edition: Edition, sheet: Sheet) -> None:
        """Take the rows that were given for the sheet; a form is one row, also when nothing was given."""
        self.edition, self.sheet = edition, sheet
        self.windows = days_of(edition, sheet)
        given = edition.rows(sheet)
        self._places = form_rows(sheet) if sheet.form else {}
        rows = (given[:1] or ({},)) if sheet.form else given
        names = [column.name for column in sheet]
        filled = [(line, {name: row.get(name) for name in names}) for line, row in enumerate(rows)]
        texts = [{name: text_of(cell) for name, cell in row.items()} for _, row in filled]
        kept = [number for number, row in enumerate(texts) if sheet.form or any(row.values())]
        self.rows: list[tuple[int, Row]] = [filled[number] for number in kept]
        self.texts: list[dict[str, str]] = [texts[number] for number in kept]  #: of `rows`, as `text_of` gives them

    def place(self, line: int, field: str) -> Place:
        """Where a field of a given row stands."""
        if self.sheet.form:
            return self._places[field], FORM_VALUE + 1
        return FIRST_ENTRY_ROW + line, column_index(self.sheet, field) + 1

    def first_place(self) -> Place:
        """The first cell that must be filled."""
        return self.place(0, next(column.name for column in self.sheet if column.required))

    # --- V-02 ---------------------------------------------------------------------------------------------

    def missing(self) -> list[Place]:
        """Blank cells that must be filled."""
        bad = [
            self.place(line, column.name)
            for (line, row), text in zip(self.rows, self.texts, strict=True)
            for column in self.sheet
            if not text[column.name] and self._asked(column, row)
        ]
        return bad if self.rows or self.sheet.may_be_empty else [*bad, self.first_place()]

    def _asked(self, column: Column, row: Row) -> bool:
        when: When | None = column.required_when
        if when is None or column.required:
            return column.required
        if when.is_in:
            return self.is_in(row, when.field, when.is_in)
        return (not text_of(row[when.field])) == when.blank

    def is_in(self, row: Row, field: str, codes: Sequence[str]) -> bool:
        """Whether a cell holds one of some choices, as label or as code."""
        return text_of(row[field]) in (*codes, *self.edition.labels(self.sheet.by_name[field], codes))

    # --- V-03 ---------------------------------------------------------------------------------------------

    def mistyped(self) -> list[Place]:
        """Cells of the wrong kind, numbers out of bounds, texts that are too long."""
        return [
            self.place(line, column.name)
            for (line, row), texts in zip(self.rows, self.texts, strict=True)
            for column in self.sheet
            if (text := texts[column.name]) and self._mistyped(column, row[column.name], text)
        ]

    def _mistyped(self, column: Column, cell: Cell, text: str) -> bool:
        number = number_of(cell)
        if column.kind.numeric:
            return not (is_number_text(text) if number is None else bounds_of(column).hold(number))
        if column.kind.temporal:
            return number is None and not is_date_text(text)
        return column.kind is Kind.TEXT and len(text) > column.max_length

    def sound(self, row: Row, field: str) -> float | None:
        """A number that the pipeline keeps."""
        number = number_of(row[field])
        return number if number is not None and bounds_of(self.sheet.by_name[field]).hold(number) else None

    # --- V-04 ---------------------------------------------------------------------------------------------

    def unlisted(self) -> list[Place]:
        """Choices that are not in their list; cells with several choices are passed over."""
        return [
            self.place(line, column.name)
            for (line, _), texts in zip(self.rows, self.texts, strict=True)
            for column in self.sheet
            if column.vocabulary and (text := texts[column.name]) and not self.chosen(column, text)
            and not (column.kind is Kind.CHOICES and SEVERAL in text)
        ]  # fmt: skip

    def chosen(self, column: Column, text: str) -> bool:
        """Whether a text is a label or a code of the column's list."""
        return text in self.edition.lists.readings.get(column.vocabulary or "", {})

    # --- V-05 ---------------------------------------------------------------------------------------------

    def repeated(self) -> list[Place]:
        """First key cell of every row whose whole key stands in another row too."""
        first: dict[tuple[str, ...], tuple[str, ...]] = {}
        twins: dict[tuple[str, ...], list[int]] = {}
        for (line, _), texts in zip(self.rows, self.texts, strict=True):
            key = tuple(texts[field] for field in self.sheet.key)
            # Of keys that differ only in capitals, the formula compares with the upper one.
            if all(key) and first.setdefault(tuple(map(str.casefold, key)), key) == key:
                twins.setdefault(key, []).append(line)
        lines = sorted(line for same in twins.values() if len(same) > 1 for line in same)
        return [self.place(line, self.sheet.key[0]) for line in lines]

    # --- V-09, HS-02, QT-03 -------------------------------------------------------------------------------

    def outside(self) -> list[Place]:
        """Dates outside the window of their column."""
        return [
            self.place(line, name)
            for line, row in self.rows
            for name in self.windows
            if (number := number_of(row[name])) is not None and not self._inside(name, number)
        ]

    def _inside(self, name: str, number: float) -> bool:
        first, after = self.windows.get(name, (-FAR, FAR))
        return first <= number < after

    def disordered(self, orders: Iterable[Order], kept: bool = False) -> list[Place]:
        """The later date of each pair that stands the wrong way round; `kept`: of dates in their windows."""
        bad = []
        for (line, row), order in ((row, order) for row in self.rows for order in orders):
            first, second = number_of(row[order.first]), number_of(row[order.second])
            if first is None or second is None or first <= second:
                continue
            if not kept or (self._inside(order.first, first) and self._inside(order.second, second)):
                bad.append(self.place(line, order.second))
        return bad

    def unbalanced(self, balance: Balance) -> list[Place] | None:
        """The left cell of each row that breaks the equation; None when a text stands among the summands."""
        bad = []
        for line, row in self.rows:
            if len(balance.right) > 1 and any(isinstance(row[field], str) for field in balance.right):
                return None
            left, right = self.sound(row, balance.left), [self.sound(row, field) for field in balance.right]
            numbers = [number for number in right if number is not None]
            if left is None or len(numbers) < len(right):
                continue
            if left > sum(numbers) if balance.at_most else left != sum(numbers):
                bad.append(self.place(line, balance.left))
        return bad


def chains(orders: Sequence[Order]) -> list[tuple[str, ...]]:
    """Join orders that follow on one another: a ≤ b, b ≤ c becomes (a, b, c)."""
    joined: list[tuple[str, ...]] = []
    for order in orders:
        if joined and joined[-1][-1] == order.first:
            joined[-1] = (*joined[-1], order.second)
        else:
            joined.append((order.first, order.second))
    return joined
