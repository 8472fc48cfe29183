"""The charts of TONG_QUAN and the numbers behind them, which stand right of the printed page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_range_abs

from pipeline.dataset import PERSON, UNIT
from pipeline.paper import FONT
from pipeline.ranking.of_province import ranking_of
from pipeline.results import Results
from pipeline.workbook import persons, submission_board
from pipeline.workbook.awards import Awards
from pipeline.workbook.book import Book
from pipeline.workbook.formats import GREY_INK, INK, LINE
from pipeline.workbook.nominated import PROPOSED, Nominations, labels_of
from pipeline.workbook.page import Page
from pipeline.workbook.series import frame_rows
from pipeline.workbook.shares_by_year import direct_shares
from pipeline.workbook.table import Cell, criterion, write_cell

#: Columns of the printed page and the width of each, in characters.
COLUMNS, WIDTH = 12, 8
#: First column of the numbers behind the charts.
DATA_COLUMN = COLUMNS + 2
DATA_TITLE = "Số liệu của các biểu đồ (ngoài vùng in)"
_DATA_WIDTHS = (30, 14, 14, 14, 14)
_MOST_UNITS, _MOST_TITLES, _LONGEST_WORD = 8, 6, 20
#: Units in the chart of points.
_MOST_RANKED = 30
#: Pixels: the chart of points across the page, then three side by side; rows kept free for each line of charts.
_PAGE_WIDTH, _HEIGHTS, _ROWS, _ROW_HEIGHT = 732, (178, 278), (9, 14), 15
_SEVERITY_COLOURS = ("#7A2E1D", "#E3A94F", "#F6E7B8")
_GROUP_COLOURS = ("#1F3A55", "#5B8DB8", "#B9D0E3", "#EEF3F8")
_FONT = {"name": FONT, "size": 8, "color": INK}
_GRID = {"visible": True, "line": {"color": LINE, "width": 0.5}}


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of a chart: a row a category, a column a series."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, list[Cell]]]
    colours: Sequence[str] = ()


def draw_charts(page: Page, results: Results, row: int) -> int:
    """Write the numbers and put the charts at `row`; returns the first row below them."""
    for number, width in enumerate(_DATA_WIDTHS):
        page.sheet.set_column(DATA_COLUMN + number, DATA_COLUMN + number, width)
    page.sheet.write_string(3, DATA_COLUMN, DATA_TITLE, page.book.formats["part"])
    for free in range(row, row + sum(_ROWS)):
        page.sheet.set_row(free, _ROW_HEIGHT)
    below, third = row + _ROWS[0], _PAGE_WIDTH // 3
    data_row = 5
    for series, at, kind in (
        (_points(results), (row, 0, _PAGE_WIDTH, _HEIGHTS[0]), _draw_points),
        (_groups(page.book, results), (below, 0, third, _HEIGHTS[1]), _draw_bars),
        (_severities(page.book, results), (below, COLUMNS // 3, third, _HEIGHTS[1]), _draw_bars),
        (_direct(results), (below, 2 * COLUMNS // 3, third, _HEIGHTS[1]), _draw_line),
    ):
        _write_series(page, series, data_row)
        kind(page, series, data_row, at)
        data_row += len(series.rows) + 3
    return row + sum(_ROWS)


def _write_series(page: Page, series: Series, row: int) -> None:
    formats = page.book.formats
    page.sheet.write_string(row, DATA_COLUMN, series.title, formats["header"])
    for number, head in enumerate(series.heads, 1):
        page.sheet.write_string(row, DATA_COLUMN + number, head, formats["header"])
    for offset, (category, cells) in enumerate(series.rows, 1):
        page.sheet.write_string(row + offset, DATA_COLUMN, category, formats["text"])
        for number, cell in enumerate(cells, 1):
            write_cell(page, row + offset, DATA_COLUMN + number, cell, "count")


#: Row and column of a chart, its width and height in pixels.
Place = tuple[int, int, int, int]


def _data(page: Page, series: Series, data_row: int, number: int) -> dict[str, Any]:
    """Name, categories and values of one column of numbers."""
    first, last, at = data_row + 1, data_row + max(len(series.rows), 1), DATA_COLUMN + number
    return {
        "name": [page.name, data_row, at],
        "categories": [page.name, first, DATA_COLUMN, last, DATA_COLUMN],
        "values": [page.name, first, at, last, at],
    }


def _put(page: Page, chart: Any, series: Series, at: Place) -> None:
    row, column, width, height = at
    chart.set_title({"name": series.title, "name_font": _FONT | {"size": 10, "bold": True}, "overlay": False})
    chart.set_size({"width": width - 4, "height": height})
    chart.set_chartarea({"border": {"color": LINE}})
    words = f"{series.title}: số liệu ở bảng bên phải trang này"
    page.sheet.insert_chart(row, column, chart, {"object_position": 2, "x_offset": 2, "description": words})


def _draw_bars(page: Page, series: Series, data_row: int, at: Place) -> None:
    """Stacked bars, from dark to light so that they keep their order in grey."""
    chart = page.book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    for number, colour in enumerate(series.colours, 1):
        look = {"fill": {"color": colour}, "border": {"color": INK, "width": 0.5}, "gap": 45}
        chart.add_series(_data(page, series, data_row, number) | look)
    chart.set_legend({"position": "bottom", "font": _FONT})
    axis = {"reverse": True, "num_font": _FONT, "line": {"color": LINE}, "major_tick_mark": "none", "crossing": "max"}
    chart.set_y_axis(axis | {"interval_unit": 1})
    unit = {"major_unit": step} if (step := _unit(series)) else {}
    chart.set_x_axis(
        {"num_font": _FONT | {"color": GREY_INK}, "major_gridlines": _GRID, "num_format": "0", "line": {"none": True}}
        | unit
    )
    _put(page, chart, series, at)


def _draw_points(page: Page, series: Series, data_row: int, at: Place) -> None:
    """A mark for the official score, a bar from the worst to the best case."""
    chart = page.book.workbook.add_chart({"type": "line"})
    first, last = data_row + 1, data_row + max(len(series.rows), 1)
    plus, minus = (f"={page.name}!{_area(DATA_COLUMN + number, first, last)}" for number in (2, 3))
    bars = {"type": "custom", "plus_values": plus, "minus_values": minus, "line": {"color": GREY_INK, "width": 1.5}}
    marker = {"type": "diamond", "size": 6, "fill": {"color": "#1F3A55"}, "border": {"color": INK}}
    chart.add_series(
        _data(page, series, data_row, 1) | {"line": {"none": True}, "marker": marker, "y_error_bars": bars}
    )
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": _FONT, "line": {"color": LINE}, "label_position": "low"})
    values = [cell.value for _, cells in series.rows for cell in cells[:1]]
    spread = [float(c[0].value) - float(c[2].value) for _, c in series.rows] + [float(v) for v in values]  # type: ignore[arg-type]
    low = {"min": 5 * int(min(spread) // 5)} if spread else {}
    chart.set_y_axis({"num_font": _FONT, "major_gridlines": _GRID, "num_format": "0", "line": {"none": True}} | low)
    _put(page, chart, series, at)


def _draw_line(page: Page, series: Series, data_row: int, at: Place) -> None:
    """A line over the years; what is not known is a gap."""
    chart = page.book.workbook.add_chart({"type": "line"})
    for number, (colour, dash, kind) in enumerate((("#1F3A55", "solid", "circle"), ("#A8654B", "dash", "square")), 1):
        line = {"color": colour, "width": 1.75, "dash_type": dash}
        marker = {"type": kind, "size": 5, "fill": {"color": colour}, "border": {"color": INK}}
        chart.add_series(_data(page, series, data_row, number) | {"line": line, "marker": marker})
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.show_blanks_as("gap")
    chart.set_x_axis({"num_font": _FONT, "line": {"color": LINE}})
    known = [float(cell.value) for _, cells in series.rows for cell in cells if isinstance(cell.value, int | float)]
    low = {"min": max(0, 10 * int(min(known) // 10) - 10)} if known else {}
    chart.set_y_axis({"num_font": _FONT, "major_gridlines": _GRID, "num_format": "0", "line": {"none": True}} | low)
    _put(page, chart, series, at)


def _area(column: int, first: int, last: int) -> str:
    return str(xl_range_abs(first, column, last, column))


def _short(word: str) -> str:
    return word if len(word) <= _LONGEST_WORD else word[: _LONGEST_WORD - 1].rsplit(" ", 1)[0] + " …"


def _unit(series: Series) -> int:
    """Whole steps of the axis of counts: at most six of them."""
    totals = [sum(cell.value for cell in cells if isinstance(cell.value, int)) for _, cells in series.rows]
    longest = max(totals, default=0)
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
    return next((step for step in steps if longest <= 6 * step), 0)


def _points(results: Results) -> Series:
    """Units by official score, block after block, with what may yet be gained and lost, in percent."""
    units = ranking_of(results.evidence).units
    units = units[units["ranked"].astype(bool) & units["percent"].notna()][:_MOST_RANKED]
    columns = (units[name].tolist() for name in ("percent", "low", "high", "possible"))
    rows = [
        (
            str(unit),
            [
                Cell(round(percent, 4), "number"),
                Cell(round(max(100 * high / possible - percent, 0), 4) if high == high else 0, "number"),
                Cell(round(max(percent - 100 * low / possible, 0), 4) if low == low else 0, "number"),
            ],
        )
        for unit, percent, low, high, possible in zip(units.index, *columns, strict=True)
    ]
    more = f" ({_MOST_RANKED} đơn vị đầu)" if len(rows) == _MOST_RANKED else ""
    title = f"Điểm theo đơn vị, % điểm chuẩn, vạch: từ xấu nhất đến tốt nhất{more}"
    return Series(title, ("% điểm chuẩn", "có thể thêm", "có thể bớt"), rows)


def _direct(results: Results) -> Series:
    """Share of direct workers among people rewarded, and among all staff, over the years."""
    shares: Mapping[int, tuple[float | None, float | None]] = direct_shares(results)
    last = results.dataset.province.period.year
    rows = [
        (
            str(year) if year != last else f"{year} ĐN",
            [Cell(None if value is None else round(100 * value, 2), "number") for value in pair],
        )
        for year, pair in sorted(shares.items())
    ]
    return Series("Trực tiếp công tác, %", ("trong người được khen", "trong mọi người"), rows)


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
    more = f", {_MOST_UNITS} đơn vị đầu" if len(results.board) > _MOST_UNITS else ", đơn vị"
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
    return Series("Đề nghị theo nhóm đối tượng", tuple(groups.values()), rows, _GROUP_COLOURS)
