"""The workbook: its pages, what they share, the links between them, its writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import BinaryIO, TypeVar, cast

from xlsxwriter import Workbook

from pipeline import __version__
from pipeline.last_run import Before
from pipeline.paper import workbook_options
from pipeline.results import Results
from pipeline.workbook.awards import award_facts
from pipeline.workbook.bulk import Bulk, ReadRows, splice
from pipeline.workbook.carried import Carried
from pipeline.workbook.formats import Formats
from pipeline.workbook.keys import Facts, Ledger
from pipeline.workbook.page import Page
from pipeline.workbook.plan import SheetPlan
from pipeline.workbook.table import (
    Anchor,
    Cell,
    Placed,
)

T = TypeVar("T")
_WINDOW = (1800, 1100)  # pixels
#: Nominations beyond which the XML of the sheets goes through temporary files instead of memory.
_HELD_IN_MEMORY = 5_000
_AUTHOR, _COMPANY = "Thường trực Hội đồng Thi đua - Khen thưởng", "Viện kiểm sát nhân dân"


def day_time(results: Results) -> str:
    """Write the time of the data, as people do."""
    return f"{results.now:%d/%m/%Y %H:%M}"


def stamp_of(results: Results) -> str:
    """Which run this is: period, time of the data, id."""
    period = results.dataset.province.period
    stamp = f"Kỳ xét {period.code} · số liệu đến {day_time(results)} · lần chạy {results.run_id}"
    return f"{stamp} · {period.mark}" if period.mark else stamp


class Book:
    """One workbook while it is being written."""

    def __init__(
        self,
        target: BinaryIO,
        results: Results,
        trace: Callable[[str], None],
        shared: Mapping[object, object] | None = None,
        carried: Carried | None = None,
        before: Before | None = None,
    ) -> None:
        """Open a workbook; `trace` is called with the name of each sheet, `shared` is what was made before."""
        self._target, self._package = target, BytesIO()
        nominations = len(results.dataset.frames["DE_NGHI"])
        options = workbook_options() | {"in_memory": nominations <= _HELD_IN_MEMORY}
        self.workbook = Workbook(self._package, options)
        self.formats = Formats(self.workbook)
        self.results, self.trace = results, trace
        self.ledger, self.carried, self.before = Ledger(), carried or Carried(), before
        self.pages: list[Page] = []
        self.tables: dict[str, list[Placed]] = {}  #: sheet name → its tables, from top to bottom
        #: what for → `SHEET!A1`; in a file beside this one `file.xlsx#SHEET!A1`, or the file as a whole
        self.anchors: dict[Anchor, str] = {}
        self._links: list[tuple[Page, int, int, Cell, str]] = []
        self._shared: dict[object, object] = dict(shared or {})
        self._bulks: list[Bulk] = []
        self._plain_first: set[str] = set()
        self.workbook.set_size(*_WINDOW)
        period = results.dataset.province.period
        self.stamp = stamp_of(results)
        self.workbook.set_properties(
            {
                "title": f"Bản tổng hợp thi đua, khen thưởng kỳ xét {period.code}",
                "subject": period.office,
                "author": _AUTHOR,
                "company": _COMPANY,
                "category": f"lần chạy {results.run_id}",
                "created": results.now.replace(tzinfo=None),
            }
        )

    def page(self, plan: SheetPlan) -> Page:
        """Add a sheet after those added before."""
        page = Page(self, plan)
        self.pages.append(page)
        return page

    def shared(self, kind: Callable[[Results], T]) -> T:
        """Return what `kind` makes of the results, made once for all sheets that need it."""
        if kind not in self._shared:
            self._shared[kind] = kind(self.results)
        return cast(T, self._shared[kind])

    def gathered(self, kind: Callable[[Book], T]) -> T:
        """The same for what is made of things that are shared already."""
        if kind not in self._shared:
            self._shared[kind] = kind(self)
        return cast(T, self._shared[kind])

    def later_link(self, page: Page, row: int, column: int, cell: Cell, role: str) -> None:
        """Remember a link whose target may be written later."""
        self._links.append((page, row, column, cell, role))

    def close(self) -> None:
        """Set the links and write the file."""
        for page, row, column, cell, role in self._links:
            target = self.anchors.get(cell.link) if cell.link else None
            if target is not None:
                page.set_link(row, column, cell, role, target)
        for page in self.pages:
            page.hide_keys()
            page.break_pages()
        self.ledger.write(self.workbook, run_facts(self.results, self.carried))
        self.workbook.close()
        splice(self._package, self._target, self._bulks, frozenset(self._plain_first))

    def part_of(self, page: Page) -> str:
        """Name of a page's part of the package."""
        return f"xl/worksheets/sheet{self.pages.index(page) + 1}.xml"

    def no_number_on_first(self, page: Page) -> None:
        """Print no page number on the first page of a sheet, as on documents."""
        self._plain_first.add(self.part_of(page))

    def add_rows(self, page: Page, placed: Placed, keys: Sequence[str], read: ReadRows) -> None:
        """Keep the rows after the first one of a table, which must stand last on its page."""
        self._bulks.append(Bulk(self.part_of(page), placed.first + 1, placed.rows, keys, read))


def run_facts(results: Results, carried: Carried) -> Facts:
    """What the technical sheet says of the run."""
    period = results.dataset.province.period
    return {
        "run_id": results.run_id,
        "version": __version__,
        "period": period.code,
        "year": period.year,
        "office": period.office,
        "mark": period.mark,
        "now": results.now.isoformat(timespec="microseconds"),
        "reviewed": carried.sha256,
        "awards": award_facts(results),
    }
