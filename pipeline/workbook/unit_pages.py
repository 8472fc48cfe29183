"""The pages of the units: in the main workbook, or in files of their own beside it when the units are many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO

from pipeline.results import Results, UnitState
from pipeline.vietnamese import plain_key
from pipeline.workbook.book import CONTENTS, Book, Page
from pipeline.workbook.nominated import Nominations
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.principles import FivePrinciples
from pipeline.workbook.table import Cell, Field
from pipeline.workbook.unit_facts import UnitFacts
from pipeline.workbook.unit_page import UnitPage

PREFIX = "DV_"
#: Units whose pages the main workbook can hold; beyond, each file holds some.
MOST_INSIDE, PAGES_A_FILE = 60, 100
FILE = "don-vi-{number}.xlsx"
_LONGEST_NAME = 31  #: of a worksheet, Excel's limit
_QUESTION = "đơn vị này đứng đâu, mạnh yếu gì, vướng gì, phải sửa gì?"
_LIST = SheetPlan(
    "MUC_LUC", Group.READ_FIRST, "Trang từng đơn vị", "trang của đơn vị nào ở đâu?", late=True, landscape=False
)
_FIELDS = (Field("stt", "STT", 5, "index"), Field("ma", "Mã", 14, "link_centre"), Field("ten", "Đơn vị", 60))


def sheet_names(units: Sequence[str]) -> dict[str, str]:
    """Name of each unit's sheet: plain letters, digits and `_`, at most 31, each once whatever the case."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for unit in units:
        plain = re.sub(r"[^A-Z0-9]+", "_", plain_key(unit).upper()).strip("_") or "X"
        name, number = (PREFIX + plain)[:_LONGEST_NAME], 1
        while name in taken:
            number += 1
            tail = f"_{number}"
            name = (PREFIX + plain)[: _LONGEST_NAME - len(tail)] + tail
        taken.add(name)
        found[unit] = name
    return found


def inside(results: Results) -> bool:
    """Whether the pages stand in the main workbook."""
    return len(results.board) <= MOST_INSIDE


def chunks(results: Results) -> Mapping[str, Sequence[UnitState]]:
    """File name → the units whose pages it holds; nothing when they stand in the main workbook."""
    board = results.board
    if inside(results):
        return {}
    starts = range(0, len(board), PAGES_A_FILE)
    return {FILE.format(number=n): board[at : at + PAGES_A_FILE] for n, at in enumerate(starts, 1)}


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


def write_file(target: BinaryIO, results: Results, states: Sequence[UnitState]) -> None:
    """Write the pages of some units as a workbook with contents of its own."""
    book = Book(target, results, lambda _: None)
    names = sheet_names([state.code for state in results.board])
    contents = book.page(_LIST)
    facts = results_facts(book)
    for state, plan in plans(states, names):
        page = book.page(plan)
        book.anchors["unit_page", state.code] = f"{page.name}!A1"
        UnitPage(page, state, facts).write()
    _write_contents(contents, states)
    book.close()


def results_facts(book: Book) -> UnitFacts:
    """The facts, kept with the run's evidence so that several files make them once."""
    made = book.results.evidence.made
    key = ("unit_facts",)
    if key not in made:
        made[key] = book.gathered(facts_of)  # type: ignore[assignment]
    return made[key]  # type: ignore[return-value]


def _write_contents(page: Page, states: Sequence[UnitState]) -> None:
    page.anchor(*CONTENTS, 0)
    page.head([item.width for item in _FIELDS], f"{len(states)} đơn vị; bản tổng hợp ở tệp tong-hop.xlsx cùng thư mục.")
    page.table(
        _FIELDS,
        {
            "stt": range(1, len(states) + 1),
            "ma": [Cell(s.code, "link_centre", ("unit_page", s.code)) for s in states],
            "ten": [s.name for s in states],
        },
    )
