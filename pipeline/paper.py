"""Page set-up and text measuring shared by every workbook that is written here.

Margins and page numbers follow Nghị định 30/2020/NĐ-CP, Phụ lục I. Heights are computed because Excel does
not fit rows that hold merged or fixed cells, and viewers on phones fit none. Widths of letters are those of
Times-Roman (Adobe metrics), to which Times New Roman and Liberation Serif conform.
"""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

FONT = "Times New Roman"
BODY = 11  #: points
#: Times of the product are Vietnam's; a workbook's properties are kept in UTC.
AHEAD_OF_UTC = dt.timedelta(hours=7)
A4 = 9  #: paper size number of Excel
#: Inches: 30 mm left (binding), 15 mm right, 20 mm top and bottom.
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 1.18, 0.59, 0.79, 0.79
MARGIN_HEADER = 0.39
#: Page number of 13 points, centred in the top margin.
PAGE_NUMBER = f'&C&"{FONT},Regular"&13&P'
#: Excel takes no longer header or footer.
FOOTER_LIMIT = 255
#: Pixels of one character of column width, for a normal style of 11 points.
CHARACTER_PIXELS = 7
PIXELS_PER_POINT = 96 / 72
#: Height of a line as a share of the font size; Excel gives 15 points to a font of 11.
LINE_SPACING = 1.36
#: Rendering on screen is a little wider than the metrics say.
SAFETY = 1.07
BOLD_WIDER = 1.06
MAX_ROW_HEIGHT = 409.0  #: limit of Excel, points
ROW_PADDING = 2.5
ROW_STEP = 0.75  #: points of one pixel; Excel keeps whole pixels

#: Thousandths of an em → the characters that have this width.
_WIDTHS = {
    180: "'", 250: " ,.", 278: "/\\:;ijlt", 333: "!()-[]`Ifr", 389: "Js", 408: '"', 444: "?acez",
    469: "^", 500: "#$*_0123456789bdghknopquvxyđ–«»°", 556: "FPS", 564: "+<=>", 611: "ELTZ", 667: "BCR",
    722: "ADGHKNOQUVXYĐw", 778: "&m", 833: "%", 889: "M", 921: "@", 944: "W", 1000: "—…■●▲→",
}  # fmt: skip
_WIDTH_OF = {character: width for width, characters in _WIDTHS.items() for character in characters}
_OTHER = 600


def workbook_options() -> dict[str, Any]:
    """Options with which every workbook of the product is opened; text stays text.

    Made anew for each workbook: XlsxWriter writes into the format properties that it is given.
    """
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
        "default_format_properties": {"font_name": FONT, "font_size": BODY, "font_scheme": "none"},
    }


class _FormPage(Worksheet):  # type: ignore[misc]
    """A sheet written as XlsxWriter writes it, byte for byte, in half of the time.

    Its formulas use only functions of Excel 2010, none of which is stored under another name: XlsxWriter looks through
    each for forty newer ones. Addresses, numbers of formats and of texts hold nothing to escape.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = cell.__class__.__name__
        if not cell.format or kind not in _PLAIN_CELLS:
            super()._write_cell(row, col, cell)
            return
        head = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
        if kind == "String":
            self.fh.write(f'{head} t="s"><v>{cell.string}</v></c>')
        elif kind == "Blank":
            self.fh.write(f"{head}/>")
        else:
            self.fh.write(f"{head}><v>{cell.number:.16G}</v></c>")


#: Kinds of cells, as XlsxWriter names them, that hold a number, the number of a text, or nothing.
_PLAIN_CELLS = frozenset({"String", "Number", "Datetime", "Blank"})


class FormWorkbook(Workbook):  # type: ignore[misc]
    """A workbook of such sheets."""

    worksheet_class = _FormPage


@lru_cache(maxsize=2048)
def _character_width(character: str) -> int:
    base = unicodedata.normalize("NFD", character)[0]
    return _WIDTH_OF.get(base, _OTHER) if not unicodedata.combining(base) else 0


@lru_cache(maxsize=8192)
def text_width(text: str, font_size: float = 11, bold: bool = False) -> float:
    """Pixels that one line of text takes at 100 %."""
    em = font_size * PIXELS_PER_POINT * (BOLD_WIDER if bold else 1) * SAFETY / 1000
    return sum(map(_character_width, text)) * em


@lru_cache(maxsize=65_536)  # offices write the same titles, posts and places again and again
def lines_needed(text: str, width_chars: float, font_size: float = 11, bold: bool = False) -> int:
    """Lines that a wrapped text takes in a column of so many characters; at least 1."""
    room = max(width_chars * CHARACTER_PIXELS - 2, CHARACTER_PIXELS)
    space = text_width(" ", font_size, bold)
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        for word in paragraph.split(" "):
            width = text_width(word, font_size, bold)
            if used and used + space + width > room:
                lines += 1
                used = 0.0
            if width > room:  # a word wider than the column is cut into pieces
                lines += int(width // room)
                used = width % room
            else:
                used += width + (space if used else 0)
    return lines


def row_height(texts_and_widths: Iterable[tuple[str, float]], font_size: float = 11, bold: bool = False) -> float:
    """Points that a row needs to show all its wrapped texts, each given with its column's width."""
    lines = max((lines_needed(text, width, font_size, bold) for text, width in texts_and_widths), default=1)
    points = lines * font_size * LINE_SPACING + ROW_PADDING
    return min(math.ceil(points / ROW_STEP) * ROW_STEP, MAX_ROW_HEIGHT)


def set_page(
    worksheet: Worksheet,
    landscape: bool,
    *,
    repeat_rows: tuple[int, int] | None = None,
    footer_left: str = "",
    footer_right: str = "",
) -> None:
    """Set A4, margins, page number and footer; one page wide, as many long as it takes.

    `repeat_rows` are the first and last heading row, counted from 1, printed on each page.
    """
    worksheet.set_paper(A4)
    if landscape:
        worksheet.set_landscape()
    else:
        worksheet.set_portrait()
    worksheet.set_margins(left=MARGIN_LEFT, right=MARGIN_RIGHT, top=MARGIN_TOP, bottom=MARGIN_BOTTOM)
    worksheet.fit_to_pages(1, 0)
    worksheet.set_header(PAGE_NUMBER, {"margin": MARGIN_HEADER})
    left, right = _footer_part("L", footer_left), _footer_part("R", footer_right)
    worksheet.set_footer((left + right)[:FOOTER_LIMIT], {"margin": MARGIN_HEADER})
    if repeat_rows:
        worksheet.repeat_rows(repeat_rows[0] - 1, repeat_rows[1] - 1)


def _footer_part(side: str, text: str) -> str:
    # The space keeps a text that begins with a digit from being read as part of the font size.
    return f'&{side}&"{FONT},Italic"&9 {text.replace("&", "&&")[:90]}' if text else ""
