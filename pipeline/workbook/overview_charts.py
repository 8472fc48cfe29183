"""The three charts of TONG_QUAN and the numbers behind them, which stand right of the printed page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.dataset import PERSON, UNIT
from pipeline.paper import FONT
from pipeline.results import Results
from pipeline.submissions import Status
from pipeline.workbook import persons, submission_board
from pipeline.workbook.awards import Awards
from pipeline.workbook.book import Book, Page
from pipeline.workbook.formats import GREY_INK, INK, LINE
from pipeline.workbook.marks import status_text
from pipeline.workbook.nominated import PROPOSED, Nominations, labels_of
from pipeline.workbook.series import frame_rows
from pipeline.workbook.table import Cell, criterion, write_cell

#: Columns of the printed page and the width of each, in characters.
COLUMNS, WIDTH = 12, 13
#: First column of the numbers behind the charts.
DATA_COLUMN = COLUMNS + 2
DATA_TITLE = "Số liệu của các biểu đồ (ngoài vùng in)"
_DATA_WIDTHS = (30, 14, 14, 14, 14)
_MOST_UNITS, _MOST_TITLES, _LONGEST_WORD = 10, 8, 26
_CHART_WIDTH, _CHART_HEIGHT = 380, 280  # pixels: four columns and the rows kept free
#: From dark to light, so that neighbours differ in grey; each series is named in the legend.
_STATUS_COLOURS = {
    Status.ACCEPTED: "#CFE3CF",
    Status.TO_MEND: "#E3A94F",
    Status.RECEIVED: "#A8654B",
    Status.MISSING: "#5E1F12",
}
_SEVERITY_COLOURS = ("#7A2E1D", "#E3A94F", "#F6E7B8")
_GROUP_COLOURS = ("#1F3A55", "#5B8DB8", "#B9D0E3", "#EEF3F8")


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of a chart: a row a category, a column a series."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, list[Cell]]]
    colours: Sequence[str]


def draw_charts(page: Page, results: Results, row: int) -> None:
    """Write the numbers and put the charts side by side at `row`."""
    for number, width in enumerate(_DATA_WIDTHS):
        page.sheet.set_column(DATA_COLUMN + number, DATA_COLUMN + number, width)
    page.sheet.write_string(3, DATA_COLUMN, DATA_TITLE, page.book.formats["part"])
    data_row = 5
    shown = (_statuses(page.book, results), _severities(page.book, results), _groups(page.book, results))
    for number, series in enumerate(shown):
        _write_series(page, series, data_row)
        _draw(page, series, data_row, row, number * COLUMNS // 3)
        data_row += len(series.rows) + 3


def _write_series(page: Page, series: Series, row: int) -> None:
    formats = page.book.formats
    page.sheet.write_string(row, DATA_COLUMN, series.title, formats["header"])
    for number, head in enumerate(series.heads, 1):
        page.sheet.write_string(row, DATA_COLUMN + number, head, formats["header"])
    for offset, (category, cells) in enumerate(series.rows, 1):
        page.sheet.write_string(row + offset, DATA_COLUMN, category, formats["text"])
        for number, cell in enumerate(cells, 1):
            write_cell(page, row + offset, DATA_COLUMN + number, cell, "count")


def _draw(page: Page, series: Series, data_row: int, row: int, column: int) -> None:
    chart = page.book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    first, last = data_row + 1, data_row + max(len(series.rows), 1)
    for number, colour in enumerate(series.colours, 1):
        at = DATA_COLUMN + number
        chart.add_series(
            {
                "name": [page.name, data_row, at],
                "categories": [page.name, first, DATA_COLUMN, last, DATA_COLUMN],
                "values": [page.name, first, at, last, at],
                "fill": {"color": colour},
                "border": {"color": INK, "width": 0.5},
                "gap": 45,
            }
        )
    font = {"name": FONT, "size": 9, "color": INK}
    chart.set_title({"name": series.title, "name_font": font | {"size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_y_axis(
        {
            "reverse": True,
            "num_font": font,
            "line": {"color": LINE},
            "major_tick_mark": "none",
            "crossing": "max",
            "interval_unit": 1,
        }
    )
    chart.set_x_axis(
        {
            "num_font": font | {"color": GREY_INK},
            "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.5}},
            "num_format": "0",
            "line": {"none": True},
            **({"major_unit": unit} if (unit := _unit(series)) else {}),
        }
    )
    chart.set_size({"width": _CHART_WIDTH, "height": _CHART_HEIGHT})
    chart.set_chartarea({"border": {"color": LINE}})
    page.sheet.insert_chart(
        row,
        column,
        chart,
        {
            "object_position": 2,
            "x_offset": 2,
            "description": f"{series.title}: số liệu ở bảng bên phải trang này",
        },
    )


def _short(word: str) -> str:
    return word if len(word) <= _LONGEST_WORD else word[: _LONGEST_WORD - 1].rsplit(" ", 1)[0] + " …"


def _unit(series: Series) -> int:
    """Whole steps of the axis of counts: at most six of them."""
    totals = [sum(cell.value for cell in cells if isinstance(cell.value, int)) for _, cells in series.rows]
    longest = max(totals, default=0)
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
    return next((step for step in steps if longest <= 6 * step), 0)


def _statuses(book: Book, results: Results) -> Series:
    """Units by kind and status; counted on the board by formulas."""
    board, placed = results.board, book.tables[submission_board.PLAN.name][0]
    labels = labels_of(results, "LOAI_DON_VI")
    rows = []
    for kind in dict.fromkeys(state.kind for state in board):
        word = labels.get(kind, kind)
        rows.append(
            (
                word,
                [
                    Cell(
                        sum(s.kind == kind and s.status is status for s in board),
                        formula=f'=COUNTIFS({placed.range("loai")},"{word}",{placed.range("trang_thai")},"{status_text(status)}")',
                    )
                    for status in _STATUS_COLOURS
                ],
            )
        )
    heads = tuple(status_text(status) for status in _STATUS_COLOURS)
    return Series("Tình trạng nộp theo loại đơn vị", heads, rows, tuple(_STATUS_COLOURS.values()))


def _severities(book: Book, results: Results) -> Series:
    """Findings of the units that have the gravest ones; read from the board."""
    placed = book.tables[submission_board.PLAN.name][0]
    numbered = sorted(
        enumerate(results.board),
        key=lambda pair: (-pair[1].blocking, -pair[1].needs_reason, -pair[1].warnings),
    )
    rows = [
        (
            state.code,
            [
                Cell(value, formula=f"={placed.cell(key, number)}")
                for key, value in (
                    ("chan", state.blocking),
                    ("giai_trinh", state.needs_reason),
                    ("canh_bao", state.warnings),
                )
            ],
        )
        for number, state in numbered[:_MOST_UNITS]
    ]
    more = f": {_MOST_UNITS} đơn vị nhiều nhất" if len(results.board) > _MOST_UNITS else " và đơn vị"
    return Series(f"Phát hiện theo mức{more}", ("■ CHẶN", "▲ GIẢI TRÌNH", "△ CẢNH BÁO"), rows, _SEVERITY_COLOURS)


def _groups(book: Book, results: Results) -> Series:
    """Nominations of persons by title and group of persons; counted on the first parts of TH_CA_NHAN."""
    tables = book.tables[persons.PLAN.name][: len(PROPOSED)]
    awards = Awards(results)
    staff = {(u, p): g for u, p, g in frame_rows(results.dataset.frames["NHAN_SU"], UNIT, PERSON, "nhom_doi_tuong")}
    items = [i for i in book.shared(Nominations).everything[1] if i.part in PROPOSED]
    groups = labels_of(results, "NHOM_DOI_TUONG")
    found: dict[tuple[str | None, str | None], dict[str, int]] = {}
    for item in items:
        line = found.setdefault((item.title, item.form), dict.fromkeys(groups, 0))
        group = staff.get((item.unit, item.person or ""))
        if group in line:
            line[group] += 1
    known = [key for key in found if any(key)]
    largest = sorted(known, key=lambda k: (-sum(found[k].values()), awards.full(*k)))[:_MOST_TITLES]
    rows = []
    for key in largest:
        word = criterion(awards.full(*key))
        rows.append(
            (
                _short("; ".join(awards.short(code) for code in key if code)),
                [
                    Cell(
                        number,
                        formula="="
                        + "+".join(
                            f"COUNTIFS({t.range('danh_hieu')},{word},{t.range('nhom')},{criterion(groups[group])})"
                            for t in tables
                        ),
                    )
                    for group, number in found[key].items()
                ],
            )
        )
    return Series("Đề nghị cá nhân theo nhóm đối tượng", tuple(groups.values()), rows, _GROUP_COLOURS)
