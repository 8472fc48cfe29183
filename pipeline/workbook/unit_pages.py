"""The pages of the units: in the main workbook, or in files of their own beside it when the units are many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from pipeline.results import Results, UnitState
from pipeline.workbook.book import Book
from pipeline.workbook.nominated import Nominations
from pipeline.workbook.page import CONTENTS, Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.principles import FivePrinciples
from pipeline.workbook.table import Cell, Field
from pipeline.workbook.unit_facts import UnitFacts
from pipeline.workbook.unit_files import chunks, inside, sheet_names
from pipeline.workbook.unit_page import UnitPage

_QUESTION = "đơn vị này đứng đâu, mạnh yếu gì, vướng gì, phải sửa gì?"
_LIST = SheetPlan(
    "MUC_LUC", Group.READ_FIRST, "Trang từng đơn vị", "trang của đơn vị nào ở đâu?", late=True, landscape=False
)
_FIELDS = (Field("stt", "STT", 5, "index"), Field("ma", "Mã", 14, "link_centre"), Field("ten", "Đơn vị", 60))


def reserve(book: Book) -> None:
    """Say where links to units lead, before any sheet does: to their pages, or from the board to their files."""
    names = sheet_names([state.code for state in book.results.board])
    for state in book.results.board if inside(book.results) else ():
        book.anchors["unit", state.code] = f"{names[state.code]}!A1"
        book.anchors["unit_page", state.code] = f"{names[state.code]}!A1"
    for file, states in chunks(book.results).items():
        for state in states:
            book.anchors["unit_page", state.code] = f"{file}#{names[state.code]}!A1"


def facts_of(book: Book) -> UnitFacts:
    """What the pages show. Shared: `book.gathered(facts_of)`."""
    return UnitFacts(book.results, book.shared(Nominations), book.shared(FivePrinciples))


def plans(states: Sequence[UnitState], names: Mapping[str, str]) -> Iterator[tuple[UnitState, SheetPlan]]:
    """Sheets of units, in their order."""
    for state in states:
        title = f"{state.code} · {state.name}"
        yield state, SheetPlan(names[state.code], Group.UNITS, title, _QUESTION, landscape=False)


def write_inside(book: Book, trace: Callable[[str], None]) -> None:
    """Add the pages to the main workbook."""
    if not inside(book.results):
        return
    facts, names = book.gathered(facts_of), sheet_names([state.code for state in book.results.board])
    for state, plan in plans(book.results.board, names):
        page = book.page(plan)
        trace(page.name)
        UnitPage(page, state, facts).write()


def write_file(target: BinaryIO, results: Results, states: Sequence[UnitState], beside: str) -> None:
    """Write the pages of some units as a workbook with contents of its own; `beside` is the main workbook's name."""
    book = Book(target, results, lambda _: None)
    names = sheet_names([state.code for state in results.board])
    contents = book.page(_LIST)
    facts = _facts_of_run(book)
    for state, plan in plans(states, names):
        page = book.page(plan)
        book.anchors["unit_page", state.code] = f"{page.name}!A1"
        UnitPage(page, state, facts).write()
    _write_contents(contents, states, beside)
    book.close()


def _facts_of_run(book: Book) -> UnitFacts:
    """The facts, kept with the run's evidence so that several files make them once."""
    made: dict[Any, Any] = book.results.evidence.made  # the run's own store
    if UnitFacts not in made:
        made[UnitFacts] = book.gathered(facts_of)
    found: UnitFacts = made[UnitFacts]
    return found


def _write_contents(page: Page, states: Sequence[UnitState], beside: str) -> None:
    page.anchor(*CONTENTS, 0)
    page.head([item.width for item in _FIELDS], f"{len(states)} đơn vị; bản tổng hợp ở tệp {beside} cùng thư mục.")
    page.table(
        _FIELDS,
        {
            "stt": range(1, len(states) + 1),
            "ma": [Cell(s.code, "link_centre", ("unit_page", s.code)) for s in states],
            "ten": [s.name for s in states],
        },
    )
