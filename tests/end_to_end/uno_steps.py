"""Runs in the Python that LibreOffice brings: carries out steps in an open office and answers in JSON.

Started by `tests.end_to_end.office` with the name of the office's pipe and the seconds to wait for it. The
steps are a JSON list on the standard input, the answers a JSON list of the same length on the standard
output. Only the standard library and `uno` are at hand here.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.table import TableSortField

FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".xls": "MS Excel 97", ".pdf": "calc_pdf_Export",
}  # fmt: skip
#: com.sun.star.sheet.CellFlags.FORMULA
FORMULA = 16
SECONDS_BETWEEN_TRIES = 0.1


def connect(pipe: str, seconds: float) -> Any:
    """The office's desktop; an office that has just been started needs a few seconds to answer."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    last = time.monotonic() + seconds
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            if time.monotonic() > last:
                raise
            time.sleep(SECONDS_BETWEEN_TRIES)


def options(**named: Any) -> tuple[PropertyValue, ...]:
    return tuple(PropertyValue(Name=name, Value=value) for name, value in named.items())


class Hands:
    """One person at one document. A public method is a step, its arguments the step's other entries."""

    def __init__(self, desktop: Any) -> None:
        self.desktop, self.book = desktop, None

    def open(self, path: str) -> list[str]:
        """Open a file; answers its sheets."""
        self.book = self.desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, options(Hidden=True))
        if self.book is None:
            raise ValueError(f"cannot be opened: {Path(path).name}")
        return list(self.book.Sheets.ElementNames)

    def type(self, sheet: str, cells: dict[str, str]) -> dict[str, str]:
        """Type texts into cells as at the keyboard; answers the cells that do not take them, and why."""
        page = self.book.Sheets.getByName(sheet)
        refused = {}
        for address, text in cells.items():
            cell = page.getCellRangeByName(address)
            if why := self._refusal(page, cell, text):
                refused[address] = why
            else:
                cell.FormulaLocal = text
        return refused

    def _refusal(self, page: Any, cell: Any, text: str) -> str:
        if not page.isProtected():
            return "the sheet is not protected"
        if cell.CellProtection.IsLocked:
            return "locked"
        rule = cell.Validation
        strict = rule.Type.value == "LIST" and rule.ErrorAlertStyle.value == "STOP"
        offered = self.choices(rule.getFormula1()) if text and strict else [text]
        return "" if text in offered else f"not in its list: {text}"

    def choices(self, name: str) -> list[str]:
        """What a drop-down offers, by the defined name of its list."""
        rows = self.book.NamedRanges.getByName(name).getReferredCells().getDataArray()
        return [str(value) for row in rows for value in row]

    def read(self, sheet: str, cells: list[str]) -> list[dict[str, Any]]:
        """What stands in cells."""
        page = self.book.Sheets.getByName(sheet)
        found = [page.getCellRangeByName(address) for address in cells]
        return [
            {
                "type": cell.Type.value, "value": cell.Value, "string": cell.String,
                "formula": cell.FormulaLocal, "error": cell.getError(),
            }
            for cell in found
        ]  # fmt: skip

    def area(self, sheet: str, cells: str) -> list[list[Any]]:
        """Values of a rectangle, row by row; numbers as floats, everything else as text."""
        rows = self.book.Sheets.getByName(sheet).getCellRangeByName(cells).getDataArray()
        return [list(row) for row in rows]

    def notes(self, sheet: str) -> dict[str, str]:
        """Comments of a sheet by cell."""
        page = self.book.Sheets.getByName(sheet)
        return {self._address(page, note.Position): note.String for note in page.Annotations}

    def _address(self, page: Any, at: Any) -> str:
        return page.getCellByPosition(at.Column, at.Row).AbsoluteName.rpartition(".")[2].replace("$", "")

    def links(self, sheet: str, cells: str) -> dict[str, str]:
        """Where cells of a rectangle lead inside the book, by cell: `NHAN_SU!D6`; fails where it is no place."""
        area = self.book.Sheets.getByName(sheet).getCellRangeByName(cells)
        found = {}
        for row in range(area.Rows.Count):
            for column in range(area.Columns.Count):
                cell = area.getCellByPosition(column, row)
                for link in (cell.TextFields.getByIndex(n) for n in range(cell.TextFields.Count)):
                    name, _, place = link.URL.lstrip("#").replace("'", "").replace("!", ".").rpartition(".")
                    target = self.book.Sheets.getByName(name).getCellRangeByName(place)
                    address = cell.AbsoluteName.rpartition(".")[2].replace("$", "")
                    found[address] = f"{name}!{self._address(target.Spreadsheet, target.CellAddress)}"
        return found

    def sort(self, sheet: str, cells: str, column: int) -> None:
        """Sort the rows of a rectangle by one of its columns (from 0); the sheet is unlocked for that."""
        page = self.book.Sheets.getByName(sheet)
        page.unprotect("")
        field = TableSortField()
        field.Field, field.IsAscending = column, True
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        page.getCellRangeByName(cells).sort(options(SortFields=fields, ContainsHeader=False))
        page.protect("")

    def recalculate(self) -> None:
        """Compute every formula anew, whatever was stored."""
        self.book.calculateAll()

    def formulas(self) -> dict[str, dict[str, Any]]:
        """Sheet → address → value of every formula cell; an error as the text it shows."""
        return {page.Name: self._formulas(page) for page in self.book.Sheets}

    def _formulas(self, page: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for at in page.queryContentCells(FORMULA).RangeAddresses:
            area = page.getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, at.EndRow)
            for down, row in enumerate(area.getDataArray()):
                for right, value in enumerate(row):
                    cell = area.getCellByPosition(right, down)
                    address = cell.AbsoluteName.rpartition(".")[2].replace("$", "")
                    found[address] = cell.String if value is None or cell.getError() else value
        return found

    def save(self, path: str) -> None:
        """Save a copy; the ending of its name tells in which format."""
        place = Path(path)
        self.book.storeToURL(place.as_uri(), options(FilterName=FILTERS[place.suffix], Overwrite=True))

    def close(self) -> None:
        """Close the document without saving."""
        if self.book is not None:
            self.book.close(True)
            self.book = None

    def quit(self) -> None:
        """End the office."""
        self.desktop.terminate()


def main() -> None:
    pipe, seconds = sys.argv[1], float(sys.argv[2])
    steps = json.load(sys.stdin)
    hands = Hands(connect(pipe, seconds))
    answers = []
    try:
        for step in steps:
            method: Callable[..., Any] = getattr(hands, step.pop("do"))
            answers.append(method(**step))
    finally:
        hands.close()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
