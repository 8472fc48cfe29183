"""Cell formats by role. Colours are calm and keep their order of darkness when printed in grey."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from schemas.columns import Column, Kind

INDENT = 1  #: characters between a border and the text at its right
INK, GREY_INK, LINK_INK, LINE = "#1F2933", "#6B7280", "#1F4E79", "#B8C0CC"
FILL_REQUIRED, FILL_HEADING, FILL_SECTION, FILL_EXAMPLE = "#C9D6E4", "#E8EDF3", "#DDE5EE", "#F4F4F4"
FILL_LOCKED, FILL_BAD, FILL_GOOD, FILL_DOUBT = "#F0F0F0", "#F6D5C8", "#E3F0E3", "#FBF0CC"
FILL_NOTE = "#FFFDE7"  #: of a comment
TAB_GUIDE, TAB_CHECK, TAB_MUST, TAB_MAY = "#7F8C9A", "#C98B2B", "#1F4E79", "#9DB4CC"

DATE_FORMAT, MOMENT_FORMAT, TEXT_FORMAT, INTEGER_FORMAT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "@", "0"
#: Of a time of day and of a span, which no column asks for and people type.
TIME_FORMAT, SPAN_FORMAT = "hh:mm:ss", "[h]:mm:ss"
#: Numbers keep as many decimals as were typed, and Excel shows them with the machine's own separators.
NUMBER_FORMAT = "General"
_BY_KIND = {
    Kind.DATE: DATE_FORMAT, Kind.MOMENT: MOMENT_FORMAT, Kind.INTEGER: INTEGER_FORMAT,
    Kind.NUMBER: NUMBER_FORMAT, Kind.PERCENT: NUMBER_FORMAT,
}  # fmt: skip

_BORDER: dict[str, Any] = {"border": 1, "border_color": LINE}
_WRAP: dict[str, Any] = {"text_wrap": True, "valign": "top"}
_MIDDLE: dict[str, Any] = {"text_wrap": True, "valign": "vcenter"}
_LEFT: dict[str, Any] = _MIDDLE | _BORDER | {"align": "left", "indent": INDENT}
_HEAD: dict[str, Any] = _MIDDLE | _BORDER | {"align": "center", "font_color": INK}
_SECTION: dict[str, Any] = {
    "bold": True, "bg_color": FILL_SECTION, "valign": "vcenter", "font_color": INK,
    "top": 1, "top_color": LINE, "bottom": 1, "bottom_color": LINE,
}  # fmt: skip

_ROLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "valign": "vcenter", "font_color": INK},
    "owner": {"italic": True, "valign": "vcenter", "align": "right", "font_color": GREY_INK},
    "key": {"font_color": GREY_INK, "num_format": TEXT_FORMAT},
    "required": _HEAD | {"bold": True, "bg_color": FILL_REQUIRED},
    "heading": _HEAD | {"bg_color": FILL_HEADING},
    "number": _WRAP | _BORDER | {"align": "center", "font_color": GREY_INK},
    # A section's name runs over the empty cells at its right: no wrapping, no inner borders.
    "section_left": _SECTION | {"left": 1, "left_color": LINE},
    "section_middle": _SECTION,
    "section_right": _SECTION | {"right": 1, "right_color": LINE},
    "label": _LEFT,
    "label_required": _LEFT | {"bold": True},
    "centre": _MIDDLE | _BORDER | {"align": "center"},
    "help": _LEFT | {"font_color": GREY_INK},
    "example": _LEFT | {"font_color": GREY_INK, "italic": True},
    "mark": _MIDDLE | _BORDER | {"font_color": GREY_INK, "italic": True, "align": "center", "bg_color": FILL_EXAMPLE},
    "machine": {"font_color": "#FFFFFF", "num_format": TEXT_FORMAT},
    "book_title": _MIDDLE | {"bold": True, "font_size": 16, "align": "center"},
    "book_subtitle": _MIDDLE | {"align": "center", "font_color": GREY_INK},
    "paragraph": _WRAP,
    "small": _WRAP | {"italic": True, "font_color": GREY_INK, "font_size": 10},
    "strong": _WRAP | {"bold": True},
    "warning": _MIDDLE | {"bold": True, "align": "center", "font_color": "#9C2A10"},
    "step": _WRAP | {"bold": True, "align": "center"},
    "chapter": {"bold": True, "font_size": 12, "valign": "vcenter", "bottom": 1, "bottom_color": LINE},
    "link": {"underline": 1, "font_color": LINK_INK, "bold": True, "valign": "vcenter"},
    "cell_link": _MIDDLE | _BORDER | {"underline": 1, "font_color": LINK_INK, "align": "center"},
    "sheet_link": _MIDDLE | _BORDER | {"underline": 1, "font_color": LINK_INK},
    "line_link": _LEFT | {"underline": 1, "font_color": LINK_INK},
    "letter": _MIDDLE | _BORDER | {"align": "center", "font_color": GREY_INK, "font_size": 10},
    "small_cell": _LEFT | {"font_size": 10},
    "small_required": _LEFT | {"font_size": 10, "bold": True},
    "small_example": _LEFT | {"font_size": 10, "italic": True, "bg_color": FILL_EXAMPLE},
    "verdict": _MIDDLE | _BORDER | {"bold": True, "font_size": 16, "align": "center"},
    "bold_centre": _MIDDLE | _BORDER | {"align": "center", "bold": True},
    "list_name": {"bold": True, "bg_color": FILL_HEADING},
    "list_text": {"num_format": TEXT_FORMAT},
    "locked": _LEFT | {"bg_color": FILL_LOCKED, "num_format": TEXT_FORMAT, "bold": True},
}


def number_format(column: Column) -> str:
    """Excel number format of a column; text and choices are kept as text, so `1/2` stays `1/2`."""
    return _BY_KIND.get(column.kind, TEXT_FORMAT)


def _alignment(column: Column, number: str) -> dict[str, Any]:
    # Numbers are centred too: LibreOffice forgets the indent of some, and they then touch the next column.
    return {"align": "left" if number == TEXT_FORMAT and not column.kind.temporal else "center"}


class Styles:
    """Formats of one workbook, made once each."""

    def __init__(self, workbook: Workbook) -> None:
        """Make formats in this workbook."""
        self._workbook = workbook
        self._made: dict[tuple[str, str], Format] = {}
        self._entries: dict[tuple[Kind, str, bool, str], Format] = {}

    def __getitem__(self, role: str) -> Format:
        """The format of a role."""
        return self._make(role, "", lambda: _ROLES[role])

    def entry(self, column: Column, number: str = "", *, middle: bool = False, fill: str = "") -> Format:
        """An unlocked cell of a column, with the column's number format or another one; `fill` marks it."""
        number = number or number_format(column)
        key = (column.kind, number, middle, fill)
        if key not in self._entries:
            properties = (_LEFT if middle else _WRAP | _BORDER) | {"locked": False, "num_format": number}
            if not middle:
                properties |= _alignment(column, number)
            if fill:
                properties |= {"bg_color": fill}
            self._entries[key] = self._make(f"entry{middle}{properties['align']}{fill}", number, lambda: properties)
        return self._entries[key]

    def filled(self, role: str, fill: str) -> Format:
        """The format of a role on a ground of another colour."""
        return self._make(role + fill, "", lambda: _ROLES[role] | {"bg_color": fill})

    def example(self, column: Column) -> Format:
        """A cell of the locked example row."""
        number = number_format(column)
        properties = _ROLES["mark"] | {"num_format": number} | _alignment(column, number)
        return self._make(f"example{properties['align']}", number, lambda: properties)

    def _make(self, role: str, number: str, properties: Any) -> Format:
        key = (role, number)
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties())
        return self._made[key]
