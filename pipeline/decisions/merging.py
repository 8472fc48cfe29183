"""Several copies of one workbook put together: what one says and the others leave open counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.decisions.reading import Reviewed, ReviewedRow, words_of
from pipeline.decisions.technical import Column, Sealed
from pipeline.refusals import CannotRun


@dataclass(frozen=True, slots=True)
class Entry:
    """What the council says in one cell, and in which workbook; disagreement leaves nothing."""

    text: str
    value: object
    book: Reviewed | None = None
    row: ReviewedRow | None = None
    doubtful: bool = False  #: copies disagree


BLANK = Entry("", "")


@dataclass(slots=True)
class MergedRow:
    """One row of the council's tables, of all copies."""

    sealed: Sealed
    entries: dict[str, Entry]  #: field → what was said
    book: Reviewed | None  #: first workbook that has the row; None where none has it
    row: ReviewedRow | None

    def entry(self, name: str) -> Entry:
        """What was said in a field."""
        return self.entries.get(name, BLANK)

    def text(self, name: str) -> str:
        """Its text."""
        return self.entry(name).text

    def say(self, code: str, variant: str, name: str = "", value: str = "", **params: str) -> None:
        """Add a finding at the cell of a field, in the workbook where something is written there."""
        entry = self.entries.get(name)
        book, row = (entry.book, entry.row) if entry and entry.book and entry.row else (self.book, self.row)
        if book and row:
            book.of_row(row, code, variant, name, value, **params)


def merge(books: Sequence[Reviewed]) -> list[MergedRow]:
    """Put the copies together, rows in the order in which they were written.

    Raises:
        CannotRun: they are not copies of one workbook.
    """
    first = books[0]
    for other in books[1:]:
        if other.run_id != first.run_id:
            raise CannotRun(
                f"{first.name} là bản của lần chạy {first.run_id}, {other.name} của lần chạy {other.run_id}. Chuyển ý "
                "kiến sang một bản bằng tdkt consolidate --reviewed rồi chạy lại với bản ấy."
            )
    keys = dict.fromkeys(at for book in books for at in book.technical.rows)
    return [_merged(books, at) for at in keys]


def _merged(books: Sequence[Reviewed], at: tuple[str, str]) -> MergedRow:
    having = [(book, book.rows[at]) for book in books if at in book.rows]
    sealed = next(book.technical.rows[at] for book in books if at in book.technical.rows)
    entries = {column.name: _entry(having, sealed, column) for column in sealed.table.council}
    book, row = having[0] if having else (None, None)
    return MergedRow(sealed, entries, book, row)


def _entry(having: Sequence[tuple[Reviewed, ReviewedRow]], sealed: Sealed, column: Column) -> Entry:
    name = column.name
    first = sealed.first.get(name, "")
    said = [(book, row) for book, row in having if name in row.cells]
    changed = [(book, row) for book, row in said if row.text(name) != first]
    told = list(_different(changed, name))
    if len(told) > 1:
        (one, here), (other, there) = told[0], told[1]
        other.of_row(
            there, "KL-07", "differ", name, there.text(name), cot=column.heading, tep_khac=one.name,
            o_khac=f"{here.sheet}, ô {here.cell(name)}", khac=here.text(name),
        )  # fmt: skip
        return Entry("", "", other, there, doubtful=True)
    if not said:
        return BLANK
    book, row = told[0] if told else said[0]
    return Entry(row.text(name), row.cells[name].value, book, row)


def _different(said: Sequence[tuple[Reviewed, ReviewedRow]], name: str) -> Iterator[tuple[Reviewed, ReviewedRow]]:
    """The first to say each text."""
    texts = set()
    for book, row in said:
        if row.text(name) not in texts:
            texts.add(row.text(name))
            yield book, row


__all__ = ["Entry", "MergedRow", "merge", "words_of"]
