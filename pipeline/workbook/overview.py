"""TONG_QUAN: the situation on one A4 page: eight tiles, four charts, every unit with its lights."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.results import Results, UnitState
from pipeline.submissions import Status
from pipeline.workbook import finding_list, submission_board
from pipeline.workbook.book import Book
from pipeline.workbook.marks import RECEIVED_MEANING, severity_text, status_role, status_text
from pipeline.workbook.overview_charts import COLUMNS, WIDTH, draw_charts
from pipeline.workbook.overview_tiles import Tile, tiles_of
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.principles import FivePrinciples
from pipeline.workbook.table import Cell, write_cell
from schemas.principles import Principle
from schemas.rules import Severity

PLAN = SheetPlan(
    "TONG_QUAN",
    Group.READ_FIRST,
    "Tổng quan",
    "tình hình chung ra sao, cần chú ý gì trước?",
    late=True,
    landscape=False,
)

#: Tiles a row, and columns of the sheet that one tile takes.
_ACROSS, _SPAN = 4, COLUMNS // 4
_TILE_HEIGHTS = (30, 28, 37)
#: Units below the charts; the page stays one A4.
MOST_UNITS = 18


def write(page: Page, results: Results) -> None:
    """Write tiles, the strip of what is open, charts, and the units with their lights."""
    page.head([WIDTH] * COLUMNS)
    tiles = tiles_of(page.book, results)
    for start in range(0, len(tiles), _ACROSS):
        _write_tiles(page, tiles[start : start + _ACROSS])
    _write_strip(page, _open(page.book, results))
    page.row = draw_charts(page, results, page.row)
    _write_units(page, results)
    page.sheet.print_area(0, 0, page.row - 1, COLUMNS - 1)
    page.print_whole()


def _write_tiles(page: Page, tiles: Sequence[Tile]) -> None:
    for offset, height in enumerate(_TILE_HEIGHTS):
        page.sheet.set_row(page.row + offset, height)
    for number, tile in enumerate(tiles):
        first, last = number * _SPAN, (number + 1) * _SPAN - 1
        page.merge(page.row, first, page.row, last, tile.value, "tile_number")
        page.merge(page.row + 1, first, page.row + 1, last, tile.label, "tile_label")
        page.merge(page.row + 2, first, page.row + 2, last, tile.note, "tile_note")
    page.row += len(_TILE_HEIGHTS)
    page.sheet.set_row(page.row, 5)
    page.row += 1


def _write_strip(page: Page, cells: Sequence[Tile]) -> None:
    """What is still open, small, in one line."""
    page.sheet.set_row(page.row, 18)
    for number, tile in enumerate(cells):
        write_cell(page, page.row, number * _SPAN, tile.value, "strip_number")
        first, last = number * _SPAN + 1, (number + 1) * _SPAN - 1
        page.merge(page.row, first, page.row, last, tile.label, "strip_label")
    page.row += 1
    page.sheet.set_row(page.row, 5)
    page.row += 1


def _open(book: Book, results: Results) -> list[Tile]:
    placed = book.tables[submission_board.PLAN.name][0]
    states = placed.range("trang_thai")
    found = []
    for status, words in ((Status.MISSING, "đơn vị chưa nộp"), (Status.TO_MEND, "đơn vị cần bổ sung")):
        number = sum(s.status is status for s in results.board)
        formula = f'=COUNTIF({states},"{status_text(status)}")'
        found.append(Tile(Cell(number, formula=formula), words, ""))
    for severity, words in ((Severity.BLOCKING, "phát hiện CHẶN"), (Severity.NEEDS_REASON, "phát hiện GIẢI TRÌNH")):
        listing = book.tables[finding_list.PLAN.name][0]
        formula = f'=SUMIF({listing.range("muc")},"{severity_text(severity)}",{listing.range("so_cho")})'
        whole = len(results.groups) <= finding_list.MOST_LINES
        link = ("severity", severity.name)
        found.append(Tile(Cell(results.count(severity), "", link, formula if whole else ""), words, ""))
    return found


# --- units

#: By what the units are ordered, as `_urgency` does it.
_CRITERION = "chưa nộp trước, rồi nhiều CHẶN và GIẢI TRÌNH nhất"
_HEADINGS = (("Đơn vị", 3), ("Trạng thái", 2), ("CHẶN", 1), ("GIẢI TRÌNH", 1))


def _write_units(page: Page, results: Results) -> None:
    """Heat map of units and principles, those that need attention first."""
    board = list(enumerate(results.board))
    shown = sorted(board, key=lambda pair: _urgency(pair[1]))[:MOST_UNITS]
    more = f" ({len(shown)} trên {len(board)}; đủ ở NAM_NGUYEN_TAC)" if len(shown) < len(board) else ""
    page.sheet.set_row(page.row, 17)
    title = f"Đơn vị × năm nguyên tắc{more}: {_CRITERION}"
    page.merge(page.row, 0, page.row, COLUMNS - 1, Cell(title, link=("sheet", "NAM_NGUYEN_TAC")), "part")
    page.row += 1
    page.sheet.set_row(page.row, 27)
    column = 0
    for heading, span in (*_HEADINGS, *((p.words, 1) for p in Principle)):
        page.merge(page.row, column, page.row, column + span - 1, heading, "header_small")
        column += span
    page.row += 1
    lights = page.book.shared(FivePrinciples)
    for number, state in shown:
        _write_unit(page, number, state, lights)
    if not shown:
        page.merge(page.row, 0, page.row, COLUMNS - 1, "Không có đơn vị nào phải nộp.", "empty")
        page.row += 1
    legend = "■ Không đạt · ▲ Cần xem · ● Đạt · ? Chưa xét hết, chưa xét được. Bấm mã đơn vị để mở trang của đơn vị."
    if any(state.status is Status.RECEIVED for _, state in shown):
        legend += f" {status_text(Status.RECEIVED)}: {RECEIVED_MEANING}."
    page.sheet.set_row(page.row, 24)
    page.merge(page.row, 0, page.row, COLUMNS - 1, legend, "empty")
    page.row += 1


def _urgency(state: UnitState) -> tuple[int, int]:
    order = (Status.MISSING, Status.RECEIVED, Status.TO_MEND, Status.ACCEPTED)
    return order.index(state.status), -(state.blocking + state.needs_reason)


def _write_unit(page: Page, number: int, state: UnitState, lights: FivePrinciples) -> None:
    board = page.book.tables[submission_board.PLAN.name][0]
    row = page.row
    page.sheet.set_row(row, 13.5)
    page.merge(row, 0, row, 2, Cell(f"{state.code} · {state.name}", "link", ("unit", state.code)), "link")
    page.merge(row, 3, row, 4, Cell(status_text(state.status), status_role(state.status)), "text")
    for column, (key, value) in enumerate((("chan", state.blocking), ("giai_trinh", state.needs_reason)), 5):
        write_cell(page, row, column, Cell(value, formula=f"={board.cell(key, number)}"), "count")
    for column, standing in enumerate(lights.of(state).values(), 7):
        write_cell(page, row, column, standing.light.cell(narrow=True), "centre")
    page.row += 1
