"""TONG_QUAN: the situation on one A4 page: eight tiles, three charts, the units that need attention first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.dataset import PERSON, UNIT
from pipeline.results import Results, UnitState
from pipeline.submissions import Status
from pipeline.vietnamese import decimal
from pipeline.workbook import collectives, finding_list, persons, submission_board
from pipeline.workbook.book import Book, Page
from pipeline.workbook.marks import RECEIVED_MEANING, severity_text, status_role, status_text
from pipeline.workbook.nominated import PROPOSED, Nomination, Nominations, Part, different
from pipeline.workbook.overview_charts import COLUMNS, WIDTH, draw_charts
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.series import frame_rows
from pipeline.workbook.table import Cell, Placed, write_cell
from schemas.rules import Severity

PLAN = SheetPlan("TONG_QUAN", Group.READ_FIRST, "Tổng quan", "tình hình chung ra sao, cần chú ý gì trước?", late=True)

#: Tiles a row, and columns of the sheet that one tile takes.
_ACROSS, _SPAN = 4, COLUMNS // 4
_TILE_HEIGHTS = (36, 17, 42)
_CHART_ROWS, _CHART_ROW_HEIGHT = 13, 16.5
_MOST_UNITS = 6
DIRECT = "TRUC_TIEP"


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the overview, what it counts, and what to know beside it."""

    value: Cell
    label: str
    note: str


def write(page: Page, results: Results) -> None:
    """Write tiles, charts and the table of attention."""
    page.head([WIDTH] * COLUMNS)
    page.row += 1
    tiles = _tiles(page.book, results)
    for start in range(0, len(tiles), _ACROSS):
        _write_tiles(page, tiles[start : start + _ACROSS])
    for row in range(page.row, page.row + _CHART_ROWS):
        page.sheet.set_row(row, _CHART_ROW_HEIGHT)
    draw_charts(page, results, page.row)
    page.row += _CHART_ROWS
    _write_attention(page, results)
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
    page.sheet.set_row(page.row, 8)
    page.row += 1


# --- tiles


def _tiles(book: Book, results: Results) -> list[Tile]:
    groups, persons_list = book.shared(Nominations).everything
    return [
        *_submission_tiles(book, results),
        _nomination_tile(book.tables[collectives.PLAN.name], groups, "tập thể"),
        _nomination_tile(book.tables[persons.PLAN.name], persons_list, "người"),
        _direct_tile(results, persons_list),
        _finding_tile(book, results, Severity.BLOCKING, "phát hiện CHẶN", "dừng tệp, trang, dòng có lỗi"),
        _finding_tile(
            book,
            results,
            Severity.NEEDS_REASON,
            "phát hiện cần GIẢI TRÌNH",
            "chờ đơn vị giải trình",
        ),
    ]


def _submission_tiles(book: Book, results: Results) -> list[Tile]:
    board = results.board
    placed = book.tables[submission_board.PLAN.name][0]
    states, times = placed.range("trang_thai"), placed.range("thoi_han")
    on_time = sum(submission_board.punctuality(s) == submission_board.ON_TIME for s in board)
    late = sum(bool(s.delay) for s in board)
    count = {status: sum(s.status is status for s in board) for status in Status}
    missing, mend = status_text(Status.MISSING), status_text(Status.TO_MEND)
    names = ", ".join(s.code for s in board if s.status is Status.MISSING)
    unusable = count[Status.RECEIVED]
    return [
        Tile(
            Cell(on_time, formula=f'=COUNTIF({times},"{submission_board.ON_TIME}")'),
            "đơn vị nộp đúng hạn",
            f"trên {len(board)} đơn vị phải nộp; {late} nộp muộn",
        ),
        Tile(
            Cell(
                count[Status.MISSING],
                _alarm(count[Status.MISSING]),
                formula=f'=COUNTIF({states},"{missing}")',
            ),
            "đơn vị chưa nộp",
            _short(names) + (f"; thêm {unusable} đơn vị {RECEIVED_MEANING}" if unusable else ""),
        ),
        Tile(
            Cell(count[Status.TO_MEND], _alarm(count[Status.TO_MEND]), formula=f'=COUNTIF({states},"{mend}")'),
            "đơn vị cần bổ sung",
            f"{count[Status.ACCEPTED]} đơn vị Đạt",
        ),
    ]


def _alarm(number: int) -> str:
    return "tile_alarm" if number else "tile_number"


def _short(names: str, most: int = 40) -> str:
    return names if len(names) <= most else names[: most - 1].rsplit(",", 1)[0] + ", …"


def _nomination_tile(tables: Sequence[Placed], items: Sequence[Nomination], whom: str) -> Tile:
    """Nominations in the parts that hold them, and of how many different persons or collectives they are."""
    proposed = [item for item in items if item.part in PROPOSED]
    formula = "=" + "+".join(f"COUNT({table.range('stt')})" for table in tables[: len(PROPOSED)])
    number = {part: sum(item.part is part for item in items) for part in Part}
    note = (
        f"{number[Part.CLEAR]} không vướng, {number[Part.EXPLAIN]} chờ giải trình, "
        f"{number[Part.STOPPED]} chưa được vào danh sách"
    )
    return Tile(Cell(len(proposed), formula=formula), f"đề nghị cho {different(proposed)} {whom}", note)


def _direct_tile(results: Results, items: Sequence[Nomination]) -> Tile:
    """Share of direct workers, counted by person: among those nominated and among all staff."""
    staff = {(u, p): g for u, p, g in frame_rows(results.dataset.frames["NHAN_SU"], UNIT, PERSON, "nhom_doi_tuong")}
    chosen = {(i.unit, i.person) for i in items if i.proposed and (i.unit, i.person) in staff}
    direct = sum(staff[key] == DIRECT for key in chosen)
    share = direct / len(chosen) if chosen else None
    among_all = sum(group == DIRECT for group in staff.values()) / len(staff) if staff else 0
    whole = f"trong toàn bộ {decimal(len(staff))} người các đơn vị khai: {decimal(100 * among_all, 1)} %"
    note = f"{direct}/{len(chosen)} người; {whole}"
    value = Cell("–") if share is None else Cell(share, "tile_percent")
    return Tile(value, "người được đề nghị là trực tiếp công tác", note)


def _finding_tile(book: Book, results: Results, severity: Severity, label: str, note: str) -> Tile:
    number = results.count(severity)
    placed = book.tables[finding_list.PLAN.name][0]
    formula = f'=SUMIF({placed.range("muc")},"{severity_text(severity)}",{placed.range("so_cho")})'
    mine = [s.blocking if severity is Severity.BLOCKING else s.needs_reason for s in results.board]
    where = f"{sum(mine)} ở {sum(map(bool, mine))} đơn vị"
    if number > sum(mine):
        where += f", {number - sum(mine)} ở tệp đã có bản thay hoặc không của đơn vị phải nộp"
    whole = len(results.groups) <= finding_list.MOST_LINES
    value = Cell(number, _alarm(number), ("severity", severity.name), formula if whole else "")
    return Tile(value, label, f"{where}; {note}")


# --- attention

#: By what the units are ordered, as `_urgency` does it.
_CRITERION = "chưa nộp trước, rồi chưa tệp nào dùng được, rồi nhiều CHẶN và GIẢI TRÌNH nhất"

_HEADINGS = (
    ("Đơn vị", 4),
    ("Trạng thái", 2),
    ("Muộn", 2),
    ("CHẶN", 1),
    ("GIẢI TRÌNH", 1),
    ("CẢNH BÁO", 1),
    ("Đề nghị", 1),
)


def _write_attention(page: Page, results: Results) -> None:
    board = list(enumerate(results.board))
    waiting = [pair for pair in board if pair[1].status is not Status.ACCEPTED]
    worst = sorted(waiting, key=lambda pair: _urgency(pair[1]))[:_MOST_UNITS]
    page.row += 1
    page.sheet.set_row(page.row, 20)
    page.merge(
        page.row,
        0,
        page.row,
        COLUMNS - 1,
        f"Đơn vị cần chú ý nhất ({len(worst)} trên {len(board)}): {_CRITERION}",
        "part",
    )
    page.row += 1
    column = 0
    page.sheet.set_row(page.row, 17)
    for heading, span in _HEADINGS:
        page.merge(page.row, column, page.row, column + span - 1, heading, "header")
        column += span
    page.row += 1
    for number, state in worst:
        _write_unit(page, number, state)
    if not worst:
        page.merge(page.row, 0, page.row, COLUMNS - 1, "Không có đơn vị nào cần chú ý.", "empty")
        page.row += 1


def _urgency(state: UnitState) -> tuple[int, int]:
    order = (Status.MISSING, Status.RECEIVED, Status.TO_MEND, Status.ACCEPTED)
    return order.index(state.status), -(state.blocking + state.needs_reason)


def _write_unit(page: Page, number: int, state: UnitState) -> None:
    board = page.book.tables[submission_board.PLAN.name][0]
    counts = {
        "chan": state.blocking,
        "giai_trinh": state.needs_reason,
        "canh_bao": state.warnings,
        "de_nghi": state.nominations,
    }
    row, at = page.row, iter((0, 4, 6, 8, 9, 10, 11))
    page.sheet.set_row(row, 16)
    page.merge(row, next(at), row, 3, Cell(f"{state.code} · {state.name}", "link", ("unit", state.code)), "link")
    page.merge(row, next(at), row, 5, Cell(status_text(state.status), status_role(state.status)), "text")
    page.merge(row, next(at), row, 7, state.delay or "–", "text")
    for key, value in counts.items():
        cell = Cell(value, formula=f"={board.cell(key, number)}")
        write_cell(page, row, next(at), cell, "count_strong" if key == "chan" else "count")
    page.row += 1
