"""One copy of a workbook: for whom, with which lists and which rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.template.places import last_entry_row
from schemas.columns import BookSpec, Column, Identity, Sheet, stamp
from schemas.vocabularies import Lists, Vocabulary

if TYPE_CHECKING:
    from xlsxwriter import Workbook

    from pipeline.template.styles import Styles

Cell = str | float | int | dt.date | dt.datetime | dt.time | dt.timedelta | None
#: sheet code → rows → field → the cell exactly as it shall stand (for a choice: its label)
Contents = Mapping[str, Sequence[Mapping[str, Cell]]]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a filled copy says at one entry cell: a colour and a comment."""

    note: str
    grave: bool  #: whether the cell must be mended, rather than looked at again


#: sheet code → (which of the given rows, counted from 0; field) → what is said there; a form has row 0
Marks = Mapping[str, Mapping[tuple[int, str], Mark]]
#: Writes a page that stands before the guide and is the one that opens.
Cover = Callable[["Workbook", "Styles", "Edition"], None]

GUIDE, SELF_CHECK, LISTS = "HUONG_DAN", "KIEM_TRA", "DANH_MUC"


@dataclass(frozen=True)
class Edition:
    """Everything that one workbook is made from; see `write_book` for the meaning of each part."""

    spec: BookSpec
    lists: Lists
    identity: Identity
    contents: Contents
    created: dt.datetime
    deadline: dt.datetime | None = None
    submit_to: str = ""
    self_check: bool = False
    mark: str = ""  #: of invented or anonymised data
    marks: Marks = field(default_factory=dict)
    cover: Cover | None = None

    def rows(self, sheet: Sheet) -> Sequence[Mapping[str, Cell]]:
        """Rows given for a sheet; a form has at most one."""
        return self.contents.get(sheet.code, ())

    def last_row(self, sheet: Sheet) -> int:
        """Last Excel row of a table sheet that carries drop-downs and is looked at by KIEM_TRA."""
        return last_entry_row(sheet, len(self.rows(sheet)))

    def marks_on(self, sheet: Sheet) -> Mapping[tuple[int, str], Mark]:
        """What is said at cells of a sheet."""
        return self.marks.get(sheet.code, {})

    def entries(self, column: Column) -> Vocabulary:
        """Choices of a column; empty when it has no list."""
        return self.lists.entries.get(column.vocabulary or "", ())

    def labels(self, column: Column, codes: Sequence[str]) -> tuple[str, ...]:
        """Labels of some codes of a column; a code that the list does not hold stands for itself."""
        known = self.lists.labels.get(column.vocabulary or "", {})
        return tuple(known.get(code, code) for code in codes)

    def stamp(self, sheet: Sheet) -> str:
        """Text of the hidden cell A2."""
        who = self.identity
        return stamp(sheet.code, who.form, who.version, who.period, who.unit)

    @property
    def owner(self) -> str:
        """Unit and period, as printed at the right of titles; the parts that are known."""
        who = self.identity
        parts = (who.unit_name, f"Kỳ xét {who.period}" if who.period else "")
        return " · ".join(part for part in parts if part)

    def title(self, number: int, title: str) -> str:
        """Numbered title of a sheet, with the mark of invented data where it is due."""
        return self.marked(f"{number}. {title}")

    def marked(self, title: str) -> str:
        """A title, with the mark of invented data where it is due."""
        return f"{title} — {self.mark}" if self.mark else title
