"""A reviewed workbook as it came back: every council cell with its address, every locked cell that was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.decisions.technical import Column, Sealed, Table, Technical, read_technical
from pipeline.findings import Finding, column_letters, sentences
from pipeline.package import examine
from pipeline.province import OWN_LIMITS
from pipeline.reading import Grid, ReadingError, Uncached, read_book
from pipeline.refusals import CannotRun, reason_of
from pipeline.vietnamese import match_key
from pipeline.workbook.keys import KEY_HEADING, SHEET, canonical, seal, split_key

#: Sheets that hold nothing that anybody decides, and much data.
_DATA_SHEETS = "DL_"


@dataclass(frozen=True, slots=True)
class Written:
    """One council cell."""

    cell: str
    value: object  #: as read; blank is ''


@dataclass(slots=True)
class ReviewedRow:
    """One row of a table, wherever it now stands."""

    sealed: Sealed
    sheet: str  #: as it is now named
    row: int  #: Excel row
    cells: Mapping[str, Written]  #: field → council cell; a column that is gone is missing

    def text(self, name: str) -> str:
        """What stands in a council cell, blanks trimmed; '' where the column is gone."""
        written = self.cells.get(name)
        return canonical(written.value) if written and not isinstance(written.value, Uncached) else ""

    def cell(self, name: str) -> str:
        """Address of a council cell."""
        written = self.cells.get(name)
        return written.cell if written else f"A{self.row}"


@dataclass(slots=True)
class Reviewed:
    """One workbook that came back."""

    name: str
    sha256: str
    technical: Technical
    rows: dict[tuple[str, str], ReviewedRow] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def run_id(self) -> str:
        """Of the run that wrote it."""
        return str(self.technical.run["run_id"])

    def say(self, code: str, variant: str, sheet: str = "", cell: str = "", value: str = "", **params: str) -> None:
        """Add a finding on this workbook."""
        unit = params.pop("don_vi", "")
        subject = params.pop("doi_tuong", "")
        self.findings.append(Finding(code, variant, unit, subject, self.name, sheet, cell, value, params))

    def of_row(self, row: ReviewedRow, code: str, variant: str, name: str = "", value: str = "", **params: str) -> None:
        """Add a finding on a cell of a row."""
        facts = row.sealed.facts
        told = {
            "ten": words_of(row.sealed),
            "don_vi": str(facts.get("don_vi", "")),
            "doi_tuong": str(facts.get("ma", "")),
        }
        self.say(code, variant, row.sheet, row.cell(name) if name else f"A{row.row}", value, **told, **params)


def words_of(sealed: Sealed) -> str:
    """Whom or what a row is about, as people say it."""
    facts = sealed.facts
    if facts.get("ten"):
        return f"{facts['ten']} ({facts.get('don_vi', '')})"
    return sealed.key.replace("|", " · ")


def read_reviewed(path: Path) -> Reviewed:
    """Read a workbook that `tdkt consolidate` wrote and people worked in.

    Raises:
        CannotRun: it cannot be read, or is not one of ours.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CannotRun(f"Không đọc được «{path}»: {reason_of(error)}. Đóng tệp nếu đang mở rồi chạy lại.") from None
    package = examine(content, path.name, OWN_LIMITS)
    if package.refused:
        words = sentences(package.findings[0])
        raise CannotRun(f"Không dùng được {path.name}. {words.what} {words.fix}")
    data = {sheet.name for sheet in package.sheets if sheet.name.startswith(_DATA_SHEETS)}
    try:
        book = read_book(content, package, OWN_LIMITS, without=data)
    except ReadingError:
        raise CannotRun(f"{path.name} hỏng, không mở được. Mở bằng Excel, lưu thành tệp mới rồi chạy lại.") from None
    hidden = next((grid for grid in book.grids if grid.name == SHEET), None)
    lines = [str(row[0]) for row in hidden.rows if row and row[0] != ""] if hidden else []
    reviewed = Reviewed(path.name, hashlib.sha256(content).hexdigest(), read_technical(path.name, lines))
    for grid in book.grids:
        if grid is not hidden:
            _read_grid(reviewed, grid)
    _missing(reviewed)
    return reviewed


def _read_grid(reviewed: Reviewed, grid: Grid) -> None:
    """Read every table of a sheet: below a row that holds the heading of keys, rows with a key in that column."""
    key_column: int | None = None
    headings: dict[str, int] = {}
    lost: set[tuple[str, str]] = set()
    for number, cells in enumerate(grid.rows, start=1):
        if KEY_HEADING in cells:
            key_column = cells.index(KEY_HEADING)
            headings = {}
            for column, text in enumerate(cells):
                headings.setdefault(match_key(str(text)), column)
            continue
        if key_column is None or not isinstance(cells[key_column], str) or cells[key_column] == "":
            continue
        at = split_key(str(cells[key_column]))
        sealed = reviewed.technical.rows.get(at)
        if sealed is None:
            reviewed.say("KL-04", "unknown", grid.name, f"A{number}", khoa=at[1])
            continue
        _read_row(reviewed, grid, sealed, number, cells, headings, lost)


def _read_row(
    reviewed: Reviewed, grid: Grid, sealed: Sealed, number: int, cells: Sequence[object],
    headings: Mapping[str, int], lost: set[tuple[str, str]],
) -> None:  # fmt: skip
    places = dict(_places(sealed.table, headings))
    for column in sealed.table.columns:
        gone = column.heading not in places and (column.name, grid.name) not in lost
        if gone:
            lost.add((column.name, grid.name))
            reviewed.say("KL-11", "no_column", grid.name, cot=column.heading)
    written = {
        column.name: Written(f"{column_letters(places[column.heading] + 1)}{number}", cells[places[column.heading]])
        for column in sealed.table.council
        if column.heading in places
    }
    row = ReviewedRow(sealed, grid.name, number, written)
    at = (sealed.table.sheet, sealed.key)
    if at in reviewed.rows:
        _twice(reviewed, reviewed.rows[at], row)
        return
    reviewed.rows[at] = row
    for column in sealed.table.locked:
        if column.heading in places:
            value = cells[places[column.heading]]
            if not isinstance(value, Uncached) and seal(canonical(value)) != sealed.seals[column.heading]:
                cell = f"{column_letters(places[column.heading] + 1)}{number}"
                reviewed.say(
                    "KL-03", "changed", grid.name, cell, canonical(value), cot=column.heading, ten=words_of(sealed),
                    don_vi=str(sealed.facts.get("don_vi", "")), doi_tuong=str(sealed.facts.get("ma", "")),
                )  # fmt: skip


def _places(table: Table, headings: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for column in table.columns:
        at = headings.get(match_key(column.heading))
        if at is not None:
            yield column.heading, at


def _twice(reviewed: Reviewed, first: ReviewedRow, again: ReviewedRow) -> None:
    """Say that a row stands twice; where both say the same the first counts, else neither."""
    names = [column.name for column in first.sealed.table.council]
    same = all(first.text(name) == again.text(name) for name in names)
    place = f"trang {first.sheet} dòng {first.row}"
    reviewed.of_row(again, "KL-05", "same" if same else "different", dong=place)
    if not same:
        first.cells = {}


def _missing(reviewed: Reviewed) -> None:
    """Say which rows are gone; a sheet of which nothing is left is said once."""
    gone: dict[str, list[Sealed]] = {}
    for at, sealed in reviewed.technical.rows.items():
        if at not in reviewed.rows:
            gone.setdefault(at[0], []).append(sealed)
    for sheet, rows in gone.items():
        if not any(at[0] == sheet for at in reviewed.rows):
            reviewed.say("KL-11", "no_sheet", so_dong=str(len(rows)), ten_trang=sheet)
            continue
        for sealed in rows:
            facts = sealed.facts
            reviewed.say(
                "KL-04", "deleted", ten_trang=sheet, ten=words_of(sealed), don_vi=str(facts.get("don_vi", "")),
                doi_tuong=str(facts.get("ma", "")),
            )  # fmt: skip


__all__ = ["Column", "Reviewed", "ReviewedRow", "Written", "read_reviewed", "words_of"]
