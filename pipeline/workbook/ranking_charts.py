"""Interval bars of XEP_HANG: from the best to the worst possible rank of each unit, with its official rank in it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.paper import FONT
from pipeline.workbook.formats import GREY_INK, INK, LINE
from pipeline.workbook.overview_charts import DATA_TITLE
from pipeline.workbook.page import Page

#: Bars of one chart; a longer block shows its first ones and says so.
MOST_BARS = 40
#: Pixels: width, height of everything but the bars, height of a bar, height of a row of the sheet.
_WIDTH, _AROUND, _BAR, _ROW = 760, 110, 21, 20
#: Ranks from which the axis is numbered in steps.
_MANY = 20
#: A rank is a cell one wide that ends at its number, so the parts of a bar are counts of ranks.
_HEADS = ("Đơn vị: hạng (khoảng)", "trước khoảng", "tốt hơn", "hạng chính thức", "xấu hơn")
_COLOURS = (None, "#B9D0E3", "#1F3A55", "#B9D0E3")


def draw_intervals(page: Page, ranked: pd.DataFrame, column: int) -> None:
    """Draw the units with a rank at the page's next free row; the numbers stand at `column`, right of the print."""
    shown = ranked[ranked["best"].notna()].iloc[:MOST_BARS]
    if len(shown) < 2:
        return
    page.row += 1
    top = page.row
    _write(page, shown, top, column)
    more = "" if len(shown) == len(ranked) else f" ({len(shown)} đơn vị đầu trên {len(ranked)})"
    chart = _chart(page, len(shown), top, column, int(shown["worst"].max()))
    title = f"Khoảng hạng theo minh chứng, ô đậm là hạng chính thức lúc chạy{more}"
    font = {"name": FONT, "color": INK}
    chart.set_title({"name": title, "name_font": font | {"size": 11, "bold": True}, "overlay": False})
    height = _AROUND + _BAR * len(shown)
    chart.set_size({"width": _WIDTH, "height": height})
    page.sheet.insert_chart(top, 0, chart, {"object_position": 1, "description": title, "x_offset": 4, "y_offset": 4})
    page.row = top + max(len(shown) + 2, -(-(height + 8) // _ROW))


def _write(page: Page, shown: pd.DataFrame, top: int, column: int) -> None:
    """The numbers behind the chart."""
    formats, sheet = page.book.formats, page.sheet
    sheet.set_column(column, column, 30)
    sheet.write_string(top, column, DATA_TITLE, formats["part"])
    for number, words in enumerate(_HEADS):
        sheet.write_string(top + 1, column + number, words, formats["header"])
    for row, unit in enumerate(shown.itertuples(), top + 2):
        rank, best, worst = int(unit.rank), int(unit.best), int(unit.worst)
        span = f"{best}–{worst}" if best != worst else f"{best}"
        sheet.write_string(row, column, f"{unit.Index}: hạng {rank} ({span})", formats["text"])
        for number, value in enumerate((best - 1, rank - best, 1, worst - rank), 1):
            sheet.write_number(row, column + number, value, formats["count"])


def _chart(page: Page, bars: int, top: int, column: int, last: int) -> Any:
    chart = page.book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    area = (top + 2, top + 1 + bars)
    for number, colour in enumerate(_COLOURS, 1):
        at = column + number
        chart.add_series(
            {
                "name": [page.name, top + 1, at],
                "categories": [page.name, area[0], column, area[1], column],
                "values": [page.name, area[0], at, area[1], at],
                "fill": {"color": colour} if colour else {"none": True},
                "border": {"color": GREY_INK, "width": 0.5} if colour else {"none": True},
                "gap": 35,
            }
        )
    font = {"name": FONT, "size": 9, "color": INK}
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": LINE}, "major_tick_mark": "none"})
    chart.set_x_axis({
        "min": 0, "max": last, "major_unit": 1 if last <= _MANY else 5, "num_font": font | {"color": GREY_INK},
        "num_format": "0", "line": {"none": True}, "label_position": "low",
        "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.5}},
        "name": "hạng (bên trái là tốt hơn; ô kết thúc ở số hạng)",
        "name_font": font | {"bold": False, "italic": True},
    })  # fmt: skip
    chart.set_chartarea({"border": {"color": LINE}})
    return chart
