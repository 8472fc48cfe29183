"""KIEM_TRA: the live page that tells the officer, before mailing, what is still missing and where.

Each line's formula is written with the value that it has for the given rows.
"""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.paper import row_height, set_page
from pipeline.template.edition import SELF_CHECK, Edition
from pipeline.template.self_check_list import Book, Check
from pipeline.template.self_check_terms import NOWHERE, ROW_WEIGHT, UNKNOWN, counting, joined, locating
from pipeline.template.styles import FILL_BAD, FILL_DOUBT, FILL_GOOD, INDENT, TAB_CHECK, Styles
from pipeline.template.table_sheet import PROTECTION

GOOD, BAD, EMPTY, UNJUDGED = "● Đạt", "■ Cần sửa", "– Chưa điền", "▲ Chưa kiểm tra được"
READY = "Có thể gửi"
_HEADINGS = ("STT", "Trang", "Nội dung kiểm tra", "Số lỗi", "Ô đầu tiên", "Kết luận")
_NUMBER, _SHEET, _SENTENCE, _COUNT, _FIRST, _VERDICT, _PLACE, _ROWS, _LISTS = range(9)
_WIDTHS = {
    _NUMBER: 5, _SHEET: 14, _SENTENCE: 52, _COUNT: 8, _FIRST: 10, _VERDICT: 15, _PLACE: 12, _ROWS: 12, _LISTS: 12,
}  # fmt: skip
_TEXT_WIDTH = sum(_WIDTHS[at] for at in range(_PLACE))
#: Rows from 0.
_TITLE_AT, _OWNER_AT, _TOTAL_AT, _FILLED_AT, _NOTE_AT, _HEADING_AT, _FIRST_AT = 0, 1, 2, 3, 4, 6, 7
_NOTE = (
    "Trang này tự tính lại mỗi khi tệp được sửa; không phải gõ gì ở đây. Bấm vào ô ở cột «Ô đầu tiên» để đến "
    "chỗ phải sửa; sửa xong, trang chỉ chỗ kế tiếp. «Có thể gửi» nghĩa là đã điền đủ và khớp, không phải là "
    "kết quả xét."
)
#: What is counted in the line under the total, by sheet.
_FILLED = {"NHAN_SU": "người", "DE_NGHI": "đề nghị", "PHIEU": "dòng kết quả bỏ phiếu"}


def write_self_check(workbook: Workbook, styles: Styles, edition: Edition) -> None:
    """Write the page with all its checks."""
    page = workbook.add_worksheet(SELF_CHECK)
    for at, width in _WIDTHS.items():
        page.set_column(at, at, width, None, {"hidden": at >= _PLACE})
    book = Book(edition, _lists(page, edition))
    checks = book.checks()
    rows_cells: dict[str, str] = {}
    for line, check in enumerate(checks):
        _line(page, styles, book, check, line, rows_cells)
    _top(page, styles, edition, book, checks, rows_cells)
    _colours(page, workbook, len(checks))
    page.hide_gridlines(2)
    page.freeze_panes(_FIRST_AT, 0)
    page.set_tab_color(TAB_CHECK)
    page.protect("", PROTECTION)
    who = edition.identity
    set_page(
        page,
        landscape=False,
        repeat_rows=(_HEADING_AT + 1, _HEADING_AT + 1),
        footer_left=f"Mẫu {who.form}, phiên bản {who.version} · {SELF_CHECK}",
        footer_right=edition.owner,
    )


def _lists(page: Worksheet, edition: Edition) -> dict[str, str]:
    """Write labels and codes of each list into one hidden cell; returns the addresses by list."""
    used = dict.fromkeys(c.vocabulary for sheet in edition.spec.sheets for c in sheet if c.vocabulary)
    for at, name in enumerate(used):
        page.write_string(_FIRST_AT + at, _LISTS, joined(edition.lists.readings.get(name, {})))
    return {name: xl_rowcol_to_cell(_FIRST_AT + at, _LISTS, True, True) for at, name in enumerate(used)}


def _top(
    page: Worksheet,
    styles: Styles,
    edition: Edition,
    book: Book,
    checks: list[Check],
    rows_cells: dict[str, str],
) -> None:
    for at, text, role in (
        (_TITLE_AT, edition.marked("KIỂM TRA TRƯỚC KHI GỬI"), "book_title"),
        (_OWNER_AT, edition.owner, "book_subtitle"),
        (_TOTAL_AT, "", "verdict"),
        (_FILLED_AT, "", "book_subtitle"),
        (_NOTE_AT, _NOTE, "small"),
    ):
        page.merge_range(at, 0, at, _VERDICT, "", styles[role])
        page.write_string(at, 0, text, styles[role])
    page.set_row(_TITLE_AT, 27)
    page.set_row(_TOTAL_AT, 33)
    page.set_row(_FILLED_AT, 21)
    page.set_row(_NOTE_AT, row_height([(_NOTE, _TEXT_WIDTH)], 10))
    last = _FIRST_AT + len(checks) - 1
    total = f"SUM({xl_rowcol_to_cell(_FIRST_AT, _COUNT)}:{xl_rowcol_to_cell(last, _COUNT)})"
    number = sum(len(check.bad or ()) for check in checks)
    value = f"Còn {number} chỗ cần sửa" if number else READY
    formula = f'=IF({total}=0,"{READY}","Còn "&{total}&" chỗ cần sửa")'
    page.write_formula(_TOTAL_AT, 0, formula, styles["verdict"], value)
    parts = [(rows_cells[code], book.grids[code], noun) for code, noun in _FILLED.items() if code in rows_cells]
    formula = '="Đã điền: "' + '&", "'.join(f'&{cell}&" {noun}"' for cell, _, noun in parts) + '&"."'
    value = "Đã điền: " + ", ".join(f"{len(grid.rows)} {noun}" for _, grid, noun in parts) + "."
    page.write_formula(_FILLED_AT, 0, formula, styles["book_subtitle"], value)
    page.set_row(_HEADING_AT, 22)
    for at, heading in enumerate(_HEADINGS):
        page.write_string(_HEADING_AT, at, heading, styles["required"])


def _line(page: Worksheet, styles: Styles, book: Book, check: Check, line: int, rows_cells: dict[str, str]) -> None:
    at, code = _FIRST_AT + line, check.sheet.code
    grid, bad = book.grids[code], check.bad
    page.set_row(at, max(row_height([(check.sentence, _WIDTHS[_SENTENCE] - INDENT)]), 18.0))
    page.write_number(at, _NUMBER, line + 1, styles["centre"])
    page.write_url(at, _SHEET, f"internal:'{code}'!A1", styles["sheet_link"], code, f"Mở trang {code}")
    page.write_string(at, _SENTENCE, check.sentence, styles["label"])
    if code not in rows_cells:
        rows_cells[code] = xl_rowcol_to_cell(at, _ROWS, True, True)
        page.write_formula(at, _ROWS, f'=IFERROR({book.formulas[code].rows},"{UNKNOWN}")', None, len(grid.rows))
    counted = UNKNOWN if bad is None else len(bad)
    count = xl_rowcol_to_cell(at, _COUNT)
    spare = (counting(check.fallback)[1:], locating(check.fallback, count)[1:]) if check.fallback else ()
    page.write_formula(at, _COUNT, counting(check.terms, *spare[:1]), styles["bold_centre"], counted)
    place = min((row * ROW_WEIGHT + column for row, column in bad or ()), default=NOWHERE if bad == [] else 0)
    page.write_formula(at, _PLACE, locating(check.terms, count, *spare[1:]), None, place)
    _verdict(page, styles, check, at, rows_cells[code], len(grid.rows))


def _verdict(page: Worksheet, styles: Styles, check: Check, at: int, rows_cell: str, rows: int) -> None:
    """The cell to go to, and the conclusion in words."""
    bad, place = check.bad, xl_rowcol_to_cell(at, _PLACE)
    address = f"ADDRESS(INT({place}/{ROW_WEIGHT}),MOD({place},{ROW_WEIGHT}),4)"
    link = f"""HYPERLINK("#'{check.sheet.code}'!"&{address},{address})"""
    first = min(bad) if bad else None
    shown = xl_rowcol_to_cell(first[0] - 1, first[1] - 1) if first else ""
    page.write_formula(at, _FIRST, f'=IF(OR({place}=0,{place}>={NOWHERE}),"",{link})', styles["cell_link"], shown)
    count = xl_rowcol_to_cell(at, _COUNT)
    formula = f'=IF(ISTEXT({count}),"{UNJUDGED}",IF({count}>0,"{BAD}",IF({rows_cell}=0,"{EMPTY}","{GOOD}")))'
    verdict = UNJUDGED if bad is None else BAD if bad else GOOD if rows else EMPTY
    page.write_formula(at, _VERDICT, formula, styles["bold_centre"], verdict)


def _colours(page: Worksheet, workbook: Workbook, lines: int) -> None:
    """Colour beside the words, never instead of them."""
    last = _FIRST_AT + lines - 1
    for word, colour in ((BAD, FILL_BAD), (GOOD, FILL_GOOD), (UNJUDGED, FILL_DOUBT)):
        fill = workbook.add_format({"bg_color": colour})
        rule = {"type": "formula", "criteria": f'=LEFT($F{_FIRST_AT + 1},1)="{word[0]}"', "format": fill}
        page.conditional_format(_FIRST_AT, _COUNT, last, _VERDICT, rule)
    total = xl_rowcol_to_cell(_TOTAL_AT, 0, True, True)
    for sign, colour in (("=", FILL_GOOD), ("<>", FILL_BAD)):
        fill = workbook.add_format({"bg_color": colour})
        rule = {"type": "formula", "criteria": f'={total}{sign}"{READY}"', "format": fill}
        page.conditional_format(_TOTAL_AT, 0, _TOTAL_AT, _VERDICT, rule)
