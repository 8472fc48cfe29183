"""DL_…: what the counted files say, one sheet a template sheet, every row with file and Excel row.

A form becomes one row a unit. A sheet never grows beyond Excel's last row: the rest stands on `DL_X_2`, and
both titles say so.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.dataset import UNIT
from pipeline.paper import row_height
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.formats import FILL_BAND, LINE, TABLE
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.series import plain, written
from pipeline.workbook.table import Field, Placed
from schemas.columns import Column, Kind, Sheet
from schemas.sheets import UNIT_TEMPLATE

#: Whole numbers: which rows of a frame, in which order.
Positions = npt.NDArray[np.integer[Any]]
#: Rows of data on one sheet; Excel ends at 1,048,576 with everything above and below.
MOST_ROWS = 1_048_000
STOPPED = "CHẶN"
_TRACE = (
    Field("_ma", "Đơn vị nộp", 8, "data_text"),
    Field("_ten", "Tên đơn vị nộp", 20, "data_text"),
    Field("_tep", "Tệp", 22, "data_text"),
    Field("_dong", "Dòng Excel", 7, "data_integer"),
    Field("_chan", "Dòng bị chặn", 8, "data_blocked"),
)
_ROLES = {
    Kind.NUMBER: "data_number",
    Kind.PERCENT: "data_number",
    Kind.INTEGER: "data_integer",
    Kind.DATE: "data_date",
    Kind.MOMENT: "data_moment",
}
#: A column is at least as wide as the longest word of an ordinary heading, and a form's column needs no more.
_NARROWEST, _FORM_WIDTH, _DATE_WIDTH, _MOMENT_WIDTH = 8, 16, 11, 15.5
#: A form's longer texts get a wider column.
_SHORT_TEXT, _LONG_TEXT_WIDTH = 255, 44
#: Average letters of a wrapped line per character of width, and the least share of a line's end left free.
_LETTERS_PER_WIDTH, _RAGGED = 1.15, 1.08


@dataclass(frozen=True)
class DataSheet:
    """The consolidated rows of one template sheet."""

    sheet: Sheet

    @property
    def PLAN(self) -> SheetPlan:
        """Place, name and question of the sheet."""
        question = f"các đơn vị đã khai gì ở trang {self.sheet.code}?"
        return SheetPlan(f"DL_{self.sheet.code}", Group.TECHNICAL, f"Dữ liệu: {self.sheet.title}", question)

    def write(self, page: Page, results: Results) -> None:
        """Write all rows, on as many sheets as they need."""
        order = _in_order(results.dataset.frames[self.sheet.code], results)
        parts = max(1, math.ceil(len(order) / MOST_ROWS))
        for number in range(parts):
            part = order[number * MOST_ROWS : (number + 1) * MOST_ROWS]
            note = f"phần {number + 1}/{parts}"
            target = page if number == 0 else page.continuation(number + 1, note)
            self._write_part(target, results, part, f"{decimal(len(part))} dòng" + (f", {note}." if parts > 1 else "."))

    def fields(self) -> list[Field]:
        """Printed columns: where the row comes from (a form fills no one row), then the columns of the template."""
        trace = [item for item in _TRACE if not (self.sheet.form and item.key == "_dong")]
        return [*trace, *(self._field(column) for column in self.sheet)]

    def _field(self, column: Column) -> Field:
        form_width = _FORM_WIDTH if column.max_length <= _SHORT_TEXT else _LONG_TEXT_WIDTH
        width: float = max(form_width if self.sheet.form else column.width, _NARROWEST)
        if column.kind.temporal:
            width = max(width, _MOMENT_WIDTH if column.kind is Kind.MOMENT else _DATE_WIDTH)
        return Field(column.name, column.heading, width, _ROLES.get(column.kind, "data_text"))

    def _write_part(self, page: Page, results: Results, order: Positions, note: str) -> None:
        frame, fields = results.dataset.frames[self.sheet.code], self.fields()
        page.head([item.width for item in fields], note)

        def read(start: int, end: int) -> tuple[dict[str, Sequence[Any]], list[float]]:
            rows = frame.iloc[order[start:end]]
            columns = self._trace(results, rows)
            for column in self.sheet:
                columns[column.name] = written(rows[column.name], column, results.dataset.province.lists)
            return columns, _heights(fields, columns, len(rows))

        placed = page.data_table(fields, len(order), read, frozen=3 if self.sheet.form else 4)
        _rule_lines(page, placed, len(fields))

    def _trace(self, results: Results, frame: pd.DataFrame) -> dict[str, Sequence[Any]]:
        book, stopped = results.dataset.addresses, results.dataset.stopped
        names = results.dataset.province.units["ten_don_vi"].to_dict()
        units = plain(frame[UNIT])
        runs = book.runs
        starts = [run[0] for run in runs]
        ids = frame.index.tolist()
        found = [(row_id, runs[bisect_right(starts, row_id) - 1]) for row_id in ids]
        return {
            "_ma": units,
            "_ten": [str(names.get(unit, unit)) for unit in units],
            "_tep": [book.paths[run[1]] for _, run in found],
            "_dong": [run[3][row_id - run[0]] + 1 for row_id, run in found],
            "_chan": [STOPPED if row_id in stopped else None for row_id in ids],
        }


def _in_order(frame: pd.DataFrame, results: Results) -> Positions:
    """Positions of the rows by unit as configured; within a unit as in its file. No sorted copy is kept of a sheet."""
    order = {str(code): number for number, code in enumerate(results.dataset.province.units.index)}
    positions: Positions = frame[UNIT].map(order).argsort(kind="stable").to_numpy()
    return positions


def _heights(fields: Sequence[Field], columns: dict[str, Sequence[Any]], rows: int) -> list[float]:
    """Heights from the number of letters; measuring every word would take longer than writing it."""
    lines = [1] * rows
    for item in fields:
        if item.role != "data_text":
            continue
        room = item.width * _LETTERS_PER_WIDTH
        for number, value in enumerate(columns[item.key]):
            if value.__class__ is str and len(value) > room:
                lines[number] = max(lines[number], math.ceil(len(value) * _RAGGED / room))
    known = {count: row_height([("\n" * (count - 1), 10)], TABLE) for count in set(lines)}
    return [known[count] if count > 1 else 0.0 for count in lines]


def _rule_lines(page: Page, placed: Placed, columns: int) -> None:
    """Draw lines and bands by one conditional format, so that blanks cost nothing."""
    formats = page.book.workbook
    area = (placed.first, 0, placed.last, columns - 1)
    band = formats.add_format({"bg_color": FILL_BAND, "bottom": 1, "bottom_color": LINE})
    line = formats.add_format({"bottom": 1, "bottom_color": LINE})
    page.sheet.conditional_format(*area, {"type": "formula", "criteria": "=MOD(ROW(),2)=0", "format": band})
    page.sheet.conditional_format(*area, {"type": "formula", "criteria": "=MOD(ROW(),2)=1", "format": line})


SHEETS = tuple(DataSheet(sheet) for sheet in UNIT_TEMPLATE.sheets)
