"""The two charts of LUAN_PHIEN: levels over the province, and how often the longest waiting won against expectation."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.paper import FONT
from pipeline.rotation.levels import CLEAR, LOOK, NOTHING, UNKNOWN, WORDS
from pipeline.rotation.told import PERSONS
from pipeline.workbook.formats import GREY_INK, INK
from pipeline.workbook.overview_charts import DATA_TITLE
from pipeline.workbook.page import Page
from pipeline.workbook.rotation_order import Pair

#: Rows kept free for the charts, and their size in pixels.
_ROWS, _WIDTH, _HEIGHT = 14, 620, 270
_MOST_UNITS = 10
#: From dark to light: they keep their order in grey.
_COLOURS = {CLEAR: "#7A2E1D", LOOK: "#E3A94F", NOTHING: "#B9D0E3", UNKNOWN: "#EEF3F8"}
#: Column in which the numbers behind the charts stand, right of the printed table.
_DATA = 19


def draw_charts(page: Page, pairs: Sequence[Pair]) -> None:
    """Keep room for both charts and draw them; the numbers stand right of the table."""
    top = page.row + 1
    page.sheet.write_string(top - 1, _DATA, DATA_TITLE, page.book.formats["part"])
    titles = list(dict.fromkeys(told.series.title for told, _ in pairs))
    _write(page, top, ["", *titles], [
        [WORDS[level], *(sum(j.level == level and t.series.title == title for t, j in pairs) for title in titles)]
        for level in WORDS
    ])  # fmt: skip
    waits = _waits(pairs)
    _write(page, top + 6, ["", "thực tế", "dự kiến nếu theo thành tích"], waits)
    _levels(page, top, len(titles))
    if waits:
        _waiting(page, top + 6, len(waits), top)
    page.row = top + _ROWS


def _write(page: Page, row: int, heads: list[str], rows: list[list[str | float]]) -> None:
    formats = page.book.formats
    for column, words in enumerate(heads):
        page.sheet.write_string(row, _DATA + column, words, formats["header"])
    for number, values in enumerate(rows, row + 1):
        for column, value in enumerate(values):
            if isinstance(value, str):
                page.sheet.write_string(number, _DATA + column, value, formats["text"])
            else:
                page.sheet.write_number(number, _DATA + column, value, formats["number"])


def _waits(pairs: Sequence[Pair]) -> list[list[str | float]]:
    """Per unit the share of places that went to the longest waiting, and what merit would give, in percent."""
    found: list[list[str | float]] = []
    for told, judgement in pairs:
        reading = judgement.reading
        if reading is None or told.kind != PERSONS or judgement.prepared.complement or not reading.facts["places"]:
            continue
        places = reading.facts["places"]
        shares = (100 * reading.facts["front"] / places, 100 * reading.expected["front"] / places)
        found.append([f"{told.unit} {told.series.title}", *(round(share, 1) for share in shares)])
    return found[:_MOST_UNITS]


def _levels(page: Page, row: int, titles: int) -> None:
    chart = page.book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    for number, level in enumerate(WORDS, 1):
        chart.add_series(
            {
                "name": [page.name, row + number, _DATA],
                "categories": [page.name, row, _DATA + 1, row, _DATA + titles],
                "values": [page.name, row + number, _DATA + 1, row + number, _DATA + titles],
                "fill": {"color": _COLOURS[level]},
                "border": {"color": GREY_INK},
                "gap": 60,
            }
        )
    chart.set_x_axis({"num_font": _font(9), "major_gridlines": {"visible": False}})
    _finish(page, chart, "Số dãy theo mức và danh hiệu", row, 0)


def _waiting(page: Page, row: int, units: int, top: int) -> None:
    chart = page.book.workbook.add_chart({"type": "bar"})
    for column, colour in ((1, "#1F3A55"), (2, "#B9D0E3")):
        chart.add_series(
            {
                "name": [page.name, row, _DATA + column],
                "categories": [page.name, row + 1, _DATA, row + units, _DATA],
                "values": [page.name, row + 1, _DATA + column, row + units, _DATA + column],
                "fill": {"color": colour},
                "border": {"color": GREY_INK},
                "gap": 50,
            }
        )
    chart.set_x_axis({"min": 0, "max": 100, "num_font": _font(9), "major_gridlines": {"visible": False}})
    _finish(page, chart, "% lượt rơi vào người chờ lâu nhất (các dãy đầu bảng)", top, 9)


def _finish(page: Page, chart: object, title: str, row: int, column: int) -> None:
    chart.set_title({"name": title, "name_font": _font(11) | {"bold": True}, "overlay": False})  # type: ignore[attr-defined]
    chart.set_legend({"position": "bottom", "font": _font(9)})  # type: ignore[attr-defined]
    chart.set_y_axis({"reverse": True, "num_font": _font(9)})  # type: ignore[attr-defined]
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})  # type: ignore[attr-defined]
    page.sheet.insert_chart(row, column, chart, {"object_position": 1, "description": title})


def _font(size: float) -> dict[str, object]:
    return {"name": FONT, "size": size, "color": INK}
