"""Cell formats by role. Fills keep their order of darkness in grey; every state has a shape and a word."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from pipeline.workbook.print_formats import PRINT_ROLES

#: Points: tables are set smaller than the 13-14 of a document so that they fit a page; titles are not.
BODY, TABLE = 11, 10
INK, GREY_INK, LINK_INK, LINE, ALARM = "#1F2933", "#5F6B7A", "#1F4E79", "#B8C0CC", "#9C2A10"
FILL_HEADER, FILL_PART, FILL_COUNCIL, FILL_PALE, FILL_BAND = (
    "#D5DEE8",
    "#E8EDF3",
    "#FFF8DC",
    "#F4F6F8",
    "#F5F7FA",
)
DATE_FORMAT, MOMENT_FORMAT, TEXT_FORMAT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "@"
#: Points with two decimals; shares of 100 without, a little never shown as 0.
POINTS_FORMAT, SHARE_FORMAT = "#,##0.00", '[<0.5]"<1";0'


Properties = dict[str, Any]
_BORDER: Properties = {"border": 1, "border_color": LINE}
_CELL: Properties = _BORDER | {"valign": "top", "font_size": TABLE, "font_color": INK}
_TEXT: Properties = _CELL | {"text_wrap": True, "align": "left"}
_CENTRE: Properties = _CELL | {"text_wrap": True, "align": "center"}
_LINK: Properties = {"underline": 1, "font_color": LINK_INK}
_PLAIN: Properties = {"valign": "top", "font_size": TABLE, "font_color": INK}
_COUNCIL: Properties = _TEXT | {"bg_color": FILL_COUNCIL, "locked": False, "num_format": TEXT_FORMAT}
_TILE: Properties = {"left": 1, "right": 1, "border_color": LINE, "align": "center", "bg_color": FILL_PALE}
_HEAT: Properties = _CELL | {"num_format": SHARE_FORMAT, "align": "center", "font_size": 8.5}
_STATE: Properties = _TEXT | {"bold": True}

_ROLES: dict[str, Properties] = {
    # the title block
    "back": _LINK | {"valign": "vcenter", "bold": True},
    "stamp": {"font_color": GREY_INK, "align": "right", "valign": "vcenter", "font_size": TABLE},
    "title": {"bold": True, "font_size": 14, "valign": "vcenter", "font_color": INK},
    "question": {"italic": True, "font_color": GREY_INK, "text_wrap": True, "valign": "top"},
    "part": {
        "bold": True,
        "font_size": 12,
        "font_color": INK,
        "valign": "vcenter",
        "bottom": 2,
        "bottom_color": INK,
    },
    # tables
    "header": _CENTRE | {"bold": True, "bg_color": FILL_HEADER, "valign": "vcenter"},
    "header_small": _CENTRE | {"bold": True, "bg_color": FILL_HEADER, "valign": "vcenter", "font_size": 9},
    "header_council": _CENTRE | {"bold": True, "bg_color": "#FFE9A8", "valign": "vcenter"},
    "text": _TEXT,
    "text_strong": _TEXT | {"bold": True},
    "text_small": _TEXT | {"font_size": 8.5},
    "centre": _CENTRE,
    "centre_strong": _CENTRE | {"bold": True},
    "index": _CELL | {"num_format": "0", "align": "center", "font_color": GREY_INK},
    "integer": _CELL | {"num_format": "0", "align": "right", "indent": 1},
    "count": _CELL | {"num_format": "#,##0", "align": "right", "indent": 1},
    "count_strong": _CELL | {"num_format": "#,##0", "align": "right", "indent": 1, "bold": True},
    "number": _CELL | {"num_format": "General", "align": "right", "indent": 1},
    "percent": _CELL | {"num_format": "0.0%", "align": "center"},
    "points": _CELL | {"num_format": POINTS_FORMAT, "align": "right", "indent": 1},
    "points_strong": _CELL | {"num_format": POINTS_FORMAT, "align": "right", "indent": 1, "bold": True},
    "rank": _CENTRE | {"num_format": "0", "bold": True},
    "rank_plain": _CENTRE | {"num_format": "0"},
    "date": _CELL | {"num_format": DATE_FORMAT, "align": "center"},
    "moment": _CELL | {"num_format": MOMENT_FORMAT, "align": "center"},
    "link": _TEXT | _LINK,
    "link_count": _CELL | _LINK | {"num_format": "#,##0", "align": "right", "indent": 1},
    "link_centre": _CENTRE | _LINK,
    "council": _COUNCIL,
    "council_points": _COUNCIL | {"num_format": "General", "align": "right", "indent": 1},
    "wrong_entry": {"bold": True, "bg_color": ALARM, "font_color": "#FFFFFF"},
    "remark": {"italic": True, "font_color": INK, "font_size": TABLE, "text_wrap": True, "valign": "top"},
    "council_count": _COUNCIL | {"num_format": "#,##0", "align": "center"},
    "council_date": _COUNCIL | {"num_format": DATE_FORMAT, "align": "center"},
    "key": {"num_format": ";;;", "font_size": TABLE},  # shows nothing, whatever stands there
    # runs on over the blanks beside it instead of wrapping
    "empty_line": {
        "top": 1,
        "bottom": 1,
        "border_color": LINE,
        "font_size": TABLE,
        "italic": True,
        "font_color": GREY_INK,
        "valign": "top",
    },
    "empty": _TEXT | {"italic": True, "font_color": GREY_INK},
    # data sheets: no borders of their own, lines come from a conditional format, so blanks need no cell
    "data_text": _PLAIN | {"text_wrap": True},
    "data_number": _PLAIN | {"align": "right", "indent": 1},
    "data_integer": _PLAIN | {"num_format": "0", "align": "right", "indent": 1},
    "data_date": _PLAIN | {"num_format": DATE_FORMAT, "align": "center"},
    "data_moment": _PLAIN | {"num_format": MOMENT_FORMAT, "align": "center"},
    "data_blocked": _PLAIN | {"bold": True, "font_color": ALARM},
    # states
    "status_ACCEPTED": _STATE | {"bold": False, "bg_color": "#E6F2E6"},
    "status_TO_MEND": _STATE | {"bg_color": "#F7E0B5"},
    "status_RECEIVED": _STATE | {"bg_color": "#E2B9A8"},
    "status_MISSING": _STATE | {"bg_color": ALARM, "font_color": "#FFFFFF"},
    "severity_BLOCKING": _STATE | {"bg_color": "#E3A797", "font_color": "#5E1F12"},
    "severity_NEEDS_REASON": _STATE | {"bg_color": "#F5DDAE"},
    "severity_WARNING": _STATE | {"bold": False, "bg_color": "#FCF6E0"},
    "severity_INFORMATION": _STATE | {"bold": False},
    "severity_NOT_JUDGED": _STATE | {"bold": False, "italic": True, "bg_color": "#E5E9EE"},
    # marks of conditions
    "mark_NOT_MET": _CENTRE | {"bold": True, "bg_color": "#E3A797", "font_color": "#5E1F12"},
    "mark_UNKNOWN": _CENTRE | {"bold": True, "bg_color": "#E5E9EE"},
    "mark_OUTSIDE": _CENTRE | {"font_color": GREY_INK},
    # lights of the five principles: the graver, the darker
    "light_FAILED": _CENTRE | {"bold": True, "bg_color": "#D98A76", "font_color": "#4A160D"},
    "light_LOOK": _CENTRE | {"bold": True, "bg_color": "#F5DDAE"},
    "light_PARTLY": _CENTRE | {"italic": True, "bg_color": "#E5E9EE"},
    "light_GOOD": _CENTRE | {"bg_color": "#F1F7F1"},
    # the grid of people and years: dark, pale and white keep their order in grey
    "grid_WON": _CENTRE | {"bold": True, "bg_color": "#2F5D7C", "font_color": "#FFFFFF"},
    "grid_ELIGIBLE": _CENTRE | {"bg_color": "#E8EDF3"},
    "grid_PASSED": _CENTRE | {"bold": True, "bg_color": "#F5DDAE"},
    "grid_OUT": _CENTRE | {"font_color": GREY_INK, "font_size": 8},
    # close groups: three pale fills by turns, the letter tells them apart
    "close_1": _CENTRE | {"bold": True, "bg_color": "#C9D8E6"},
    "close_2": _CENTRE | {"bold": True, "bg_color": "#F5E3B8"},
    "close_3": _CENTRE | {"bold": True, "bg_color": "#DDEBDD"},
    # shares of draws: darker is more, also in grey
    "heat_1": _HEAT | {"bg_color": "#F1F4F8"},
    "heat_2": _HEAT | {"bg_color": "#C9D8E6"},
    "heat_3": _HEAT | {"bg_color": "#7FA3C2", "bold": True},
    "heat_4": _HEAT | {"bg_color": "#2F5D7C", "bold": True, "font_color": "#FFFFFF"},
    "heat_0": _HEAT,
    # cover and overview
    "office": {"align": "center", "valign": "vcenter", "font_size": 12, "text_wrap": True},
    "office_own": {"align": "center", "valign": "vcenter", "font_size": 12, "bold": True, "text_wrap": True},
    "book_title": {"bold": True, "font_size": 18, "align": "center", "valign": "vcenter", "font_color": INK},
    "book_subtitle": {"font_size": 12, "align": "center", "valign": "vcenter", "font_color": INK},
    "notice": {"italic": True, "bold": True, "align": "center", "valign": "vcenter", "font_size": 12},
    "fictional": {
        "bold": True,
        "font_size": 13,
        "align": "center",
        "valign": "vcenter",
        "border": 2,
        "border_color": ALARM,
        "font_color": ALARM,
    },
    "fact_label": {"font_color": GREY_INK, "valign": "top", "text_wrap": True},
    "fact": {"bold": True, "valign": "top", "align": "left", "text_wrap": True, "font_color": INK},
    "fact_count": {"bold": True, "valign": "top", "align": "left", "num_format": "#,##0", "font_color": INK},
    "fact_plain": {"valign": "top", "align": "left", "text_wrap": True, "font_color": INK},
    "group": {
        "bold": True,
        "font_color": INK,
        "font_size": TABLE,
        "valign": "vcenter",
        "bg_color": FILL_PART,
    },
    "contents_link": _PLAIN | _LINK,
    "contents_text": _PLAIN | {"text_wrap": True},
    "tile_number": _TILE
    | {
        "top": 2,
        "font_size": 24,
        "bold": True,
        "valign": "vcenter",
        "font_color": INK,
        "num_format": "#,##0",
    },
    "tile_alarm": _TILE
    | {
        "top": 5,
        "top_color": ALARM,
        "font_size": 24,
        "bold": True,
        "valign": "vcenter",
        "font_color": ALARM,
        "num_format": "#,##0",
    },
    "tile_percent": _TILE
    | {"top": 2, "font_size": 24, "bold": True, "valign": "vcenter", "font_color": INK, "num_format": "0.0%"},
    "strip_number": _TILE
    | {
        "top": 1,
        "bottom": 1,
        "right": 0,
        "bold": True,
        "font_size": 12,
        "num_format": "#,##0",
        "valign": "vcenter",
        "font_color": ALARM,
    },
    "strip_label": _TILE | {"top": 1, "bottom": 1, "left": 0, "align": "left", "font_size": 9.5, "valign": "vcenter"},
    "tile_label": _TILE | {"bold": True, "valign": "vcenter", "text_wrap": True},
    "tile_note": _TILE | {"bottom": 1, "font_size": 9.5, "font_color": GREY_INK, "valign": "top", "text_wrap": True},
} | PRINT_ROLES

#: Of these roles a long text makes the row higher.
BOLD_ROLES = frozenset(name for name, properties in _ROLES.items() if properties.get("bold"))


def font_size(role: str) -> float:
    """Points of the font of a role."""
    return float(_ROLES[role].get("font_size", BODY))


class Formats:
    """Formats of one workbook, made once each."""

    def __init__(self, workbook: Workbook) -> None:
        """Make formats in this workbook."""
        self._workbook = workbook
        self._made: dict[str, Format] = {}

    def __getitem__(self, role: str) -> Format:
        """The format of a role."""
        if role not in self._made:
            self._made[role] = self._workbook.add_format(_ROLES[role])
        return self._made[role]
