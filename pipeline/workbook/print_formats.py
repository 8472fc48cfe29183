"""Formats of what is printed and signed: the sizes of Nghị định 30/2020/NĐ-CP, Phụ lục I; black on white, no fills."""

from __future__ import annotations

from typing import Any

#: Points. The decree gives 13 to 14 for the text; tables are set smaller so that they fit a page.
TEXT, HEAD, TABLE = 13, 14, 11
_BLACK = {"font_color": "#000000", "valign": "vcenter"}
_LINE = _BLACK | {"align": "center", "text_wrap": True}
_CELL = {"font_color": "#000000", "font_size": TABLE, "border": 1, "valign": "vcenter"}
_WRAP = _CELL | {"text_wrap": True}
_TEXT = _BLACK | {"font_size": TEXT, "text_wrap": True, "align": "left", "valign": "top"}
_OPEN = {"locked": False}

#: Roles whose names begin with `doc_`; `_open` marks what people may type into.
PRINT_ROLES: dict[str, dict[str, Any]] = {
    "doc_superior": _LINE | {"font_size": 12},
    "doc_office": _LINE | {"font_size": 12, "bold": True},
    "doc_nation": _LINE | {"font_size": 12, "bold": True, "text_wrap": False},
    "doc_motto": _LINE | {"font_size": TEXT, "bold": True},
    "doc_rule": _LINE | {"font_size": 7, "valign": "top", "text_wrap": False},
    "doc_number": _LINE | _OPEN | {"font_size": TEXT},
    "doc_place": _LINE | _OPEN | {"font_size": TEXT, "italic": True},
    "doc_annex": _LINE | {"font_size": HEAD, "bold": True},
    "doc_title": _LINE | {"font_size": HEAD, "bold": True},
    "doc_subject": _LINE | {"font_size": TEXT, "bold": True},
    "doc_with": _LINE | _OPEN | {"font_size": TEXT, "italic": True},
    "doc_text": _TEXT,
    "doc_text_open": _TEXT | _OPEN,
    "doc_text_strong": _TEXT | {"bold": True},
    "doc_remark": _TEXT | {"font_size": TABLE, "italic": True},
    "doc_unit": _TEXT | {"font_size": TABLE, "italic": True, "align": "right"},
    "doc_sign": _LINE | {"font_size": TEXT, "bold": True},
    "doc_sign_note": _LINE | {"font_size": TABLE, "italic": True},
    "doc_sign_name": _LINE | _OPEN | {"font_size": TEXT, "bold": True},
    "doc_receivers": _BLACK | {"font_size": 12, "bold": True, "italic": True},
    "doc_receiver": _BLACK | {"font_size": 11, "text_wrap": True, "valign": "top"},
    "doc_header": _WRAP | {"bold": True, "align": "center", "valign": "vcenter"},
    "doc_header_small": _WRAP | {"bold": True, "align": "center", "valign": "vcenter", "font_size": 8.5},
    "doc_group": _WRAP | {"bold": True, "font_size": 12, "valign": "vcenter"},
    "doc_cell": _WRAP,
    "doc_cell_strong": _WRAP | {"bold": True},
    "doc_cell_small": _WRAP | {"font_size": 10},
    "doc_cell_small_strong": _WRAP | {"font_size": 10, "bold": True},
    "doc_centre": _WRAP | {"align": "center"},
    "doc_centre_small": _WRAP | {"font_size": 10, "align": "center"},
    "doc_centre_strong": _WRAP | {"align": "center", "bold": True},
    "doc_index": _CELL | {"num_format": "0", "align": "center"},
    "doc_count": _CELL | {"num_format": "#,##0", "align": "center"},
    "doc_count_strong": _CELL | {"num_format": "#,##0", "align": "center", "bold": True},
    "doc_percent": _CELL | {"num_format": "0.0%", "align": "center"},
    "doc_box": _CELL | {"font_size": 16, "align": "center", "valign": "vcenter"},
}
