"""Where the sheets and fields of a form were found in one file."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.findings import Finding
from pipeline.layout.cells import address
from pipeline.reading import Grid
from schemas.columns import Column, Sheet


@dataclass(slots=True)
class Located:
    """One sheet of the template, found in one file."""

    sheet: Sheet
    grid: Grid
    fields: dict[str, int] = field(default_factory=dict)  #: field → zero-based column; on a form → zero-based row
    value_column: int = 2  #: on a form: zero-based column of the values
    rows: list[int] = field(default_factory=list)  #: zero-based rows that hold data
    ignored_cells: int = 0  #: titles, headings, keys, the example row, row numbers
    unread_cells: int = 0  #: cells that hold something nothing reads

    def cell(self, row: int, name: str) -> str:
        """Excel address of a field in a zero-based row (the row does not matter on a form)."""
        if self.sheet.form:
            return address(self.fields[name], self.value_column)
        return address(row, self.fields[name])


@dataclass(slots=True)
class BookLayout:
    """What was found in one file."""

    old_version: str = ""  #: version of the form, when it is an older one that is still read
    located: dict[str, Located] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    total_cells: int = 0
    fixed_cells: int = 0  #: on guide, lists and self-check
    unread_cells: int = 0  #: on sheets that are not of the template
    refused_sheets: dict[str, int] = field(default_factory=dict)  #: sheets made for somebody else → their cells

    def say(self, code: str, variant: str, grid: Grid, cell: str = "", value: str = "", **params: str) -> None:
        """Add a finding on a sheet."""
        self.findings.append(Finding(code, variant, sheet=grid.name, cell=cell, value=value, params=params))

    def say_of_file(self, code: str, variant: str, **params: str) -> None:
        """Add a finding that no sheet holds."""
        self.findings.append(Finding(code, variant, params=params))

    def say_no_column(self, grid: Grid, column: Column) -> None:
        """Say that a column is not there: in an older form it never was, in the current one somebody took it out."""
        variant = "no_column_old" if self.old_version else "no_column"
        self.say("V-01", variant, grid, ten_trang=grid.name, cot=column.heading, phien_ban=self.old_version)
