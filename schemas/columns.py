"""One column, one sheet, one workbook: the words in which every form of the product is declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What a cell of the column holds once parsed."""

    TEXT = "chữ"
    NUMBER = "số"
    INTEGER = "số nguyên"
    PERCENT = "tỷ lệ %"  # 95,5 means 95.5 %, never 0.955
    DATE = "ngày"
    MOMENT = "ngày giờ"
    CHOICE = "chọn trong danh sách"  # the cell holds a label, the frame holds its code
    CHOICES = "chọn nhiều, cách nhau dấu ;"

    @property
    def numeric(self) -> bool:
        """Whether the typed column is a float column."""
        return self in (Kind.NUMBER, Kind.INTEGER, Kind.PERCENT)

    @property
    def temporal(self) -> bool:
        """Whether the typed column is a datetime column."""
        return self in (Kind.DATE, Kind.MOMENT)


class Window(StrEnum):
    """The span of time in which a date of the column can lie; resolved against the period of the run."""

    BIRTH = "ngày sinh"  # 1940 to 16 years before the period ends
    CAREER = "quá trình công tác"  # 1960 to the end of the period
    PERIOD = "trong kỳ xét"  # the period itself
    SEASON = "mùa xét"  # start of the period to the end of the season in which it is reviewed
    PAST = "đã qua"  # 1990 to the end of the season
    PLAN = "có thể ở tương lai"  # 1990 to ten years after the period


@dataclass(frozen=True, slots=True)
class When:
    """Makes a column required by another cell of the same row.

    Exactly one form is used: the other cell's code is one of `is_in`; or it is filled (`is_in` empty,
    `blank` false); or it is blank (`blank` true).
    """

    field: str
    is_in: tuple[str, ...] = ()
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet, or one line of a form."""

    name: str  #: ASCII machine key, also the column name of the typed frame
    heading: str  #: what the officer reads
    kind: Kind = Kind.TEXT
    help: str = ""  #: one sentence: what to type
    example: str | float | dt.date | dt.datetime | None = None
    required: bool = False
    required_when: When | None = None
    vocabulary: str | None = None  #: name of the drop-down list, for CHOICE and CHOICES
    refers_to: tuple[str, str] | None = None  #: (sheet, field) in which every value must exist
    refers_to_any: tuple[tuple[str, str], ...] = ()  #: every value must exist in one of these
    subject_kind: str | None = None  #: field saying whether this cell names a person (CN) or the unit (TT)
    outside_prefix: str = ""  #: a reference that begins so names somebody outside and is not looked up
    many: bool = False  #: a reference cell may hold several codes, separated by ;
    low: float | None = None  #: smallest allowed number
    high: float | None = None  #: largest allowed number
    max_length: int = 255  #: characters
    window: Window | None = None
    width: int = 14  #: printed width in characters
    personal: bool = False  #: names a person, or tells when one was born; never printed on a terminal
    locked: bool = False  #: filled by the province, not by the unit
    section: str = ""  #: on a form: the heading above this line

    @property
    def mark(self) -> str:
        """How the heading says that the cell must be filled, without relying on colour."""
        return " (*)" if self.required else " (°)" if self.required_when else ""


@dataclass(frozen=True, slots=True)
class Order:
    """Two dates of one row of which the first may not come after the second."""

    first: str
    second: str


@dataclass(frozen=True, eq=False)
class Sheet:
    """One page of a workbook: its columns and what must hold inside a row."""

    code: str  #: ASCII name of the worksheet
    title: str
    purpose: str  #: one or two sentences for the guide
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()  #: fields that together name a row once
    form: bool = False  #: label and value under one another instead of a table
    entry_rows: int = 200  #: rows that carry drop-downs
    orders: tuple[Order, ...] = ()
    may_be_empty: bool = True
    may_be_absent: bool = False  #: a file without the sheet is whole all the same: it came to the form later
    prefilled: bool = False  #: the province fills rows before sending
    example: bool = True  #: whether the sheet shows an example row

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by field name."""
        return {column.name: column for column in self.columns}

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)


@dataclass(frozen=True, eq=False)
class BookSpec:
    """One kind of workbook: which sheets, which version, which older versions are still read."""

    code: str  #: number of the form, as `TDKT-01`
    version: str
    title: str
    sheets: tuple[Sheet, ...]
    readable_versions: tuple[str, ...] = field(default=())  #: older versions whose files still count

    @cached_property
    def by_code(self) -> dict[str, Sheet]:
        """Sheets by worksheet name."""
        return {sheet.code: sheet for sheet in self.sheets}


@dataclass(frozen=True, slots=True)
class Identity:
    """For whom a workbook was made; written into every sheet of it."""

    unit: str  #: unit code; empty for the province's own workbooks
    unit_name: str
    period: str  #: period code, as `2026`
    form: str  #: number of the form, as `TDKT-01`
    version: str
    #: first and last day of the period, last day of its season; None in the province's own workbooks
    dates: tuple[dt.date, dt.date, dt.date] | None = None
    number: str = ""  #: number of issue, see pipeline.seal; empty where a form is not issued to anybody
    seal: str = ""  #: what proves the five above; empty where the form was issued without


#: Where things stand on a table sheet, counted from 1 as Excel does. The reader finds them by content; these
#: are the places our own writer uses.
TITLE_ROW, KEY_ROW, HEADING_ROW, EXAMPLE_ROW, FIRST_ENTRY_ROW = 1, 2, 3, 4, 5
#: Headings of a form, from the column of line numbers to that of examples.
FORM_HEADINGS = ("STT", "Nội dung", "Điền vào cột này", "Cách điền", "Ví dụ")
#: Word in column A of a row that the reader passes over.
EXAMPLE_MARK = "Ví dụ"
#: Constants among a workbook's names that hold the number of issue and the seal of its identity.
NUMBER_NAME, SEAL_NAME = "tdkt_so_cap", "tdkt_dau"
#: First characters of the stamp in the hidden key row: `tdkt|sheet|form|version|period|unit`.
STAMP_PREFIX = "tdkt|"


def stamp(sheet: str, form: str, version: str, period: str, unit: str) -> str:
    """Build the text that tells, on each sheet, which form, version, period and unit it was made for."""
    return STAMP_PREFIX + "|".join((sheet, form, version, period, unit))
