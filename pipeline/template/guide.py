"""HUONG_DAN: what this file is, until when and where to send it, how to fill it, an example of each sheet."""

from __future__ import annotations

import datetime as dt
from itertools import zip_longest

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipeline.paper import row_height, set_page
from pipeline.template.edition import GUIDE, SELF_CHECK, Edition
from pipeline.template.places import STAFF_CODE, printed, targets
from pipeline.template.styles import INDENT, TAB_GUIDE, Styles
from pipeline.template.table_sheet import PROTECTION
from schemas.columns import Column, Sheet

#: Characters: two halves of letter, heading, example.
_WIDTHS = (5, 25, 25, 5, 25, 25)
_LAST = len(_WIDTHS) - 1
_TEXT_WIDTH = sum(_WIDTHS[1:])
_FULL_WIDTH = sum(_WIDTHS)
_SMALL = 10

_CODES = (
    "Người chưa có mã công chức: để trống ô mã ở trang NHAN_SU; ở mọi ô khác hỏi mã, "
    "ghi Họ tên, dd/mm/yyyy (ngày sinh), ví dụ: Lò Giả An, 02/09/1985."
)


def write_guide(workbook: Workbook, styles: Styles, edition: Edition) -> None:
    """Write the first page; it is the one that opens, but for a cover."""
    page = workbook.add_worksheet(GUIDE)
    for at, width in enumerate(_WIDTHS):
        page.set_column(at, at, width)
    row = _opening(page, styles, edition)
    row = _steps(page, styles, edition, row)
    row = _heading(page, styles, row, "Các trang")
    for number, sheet in enumerate(edition.spec.sheets, start=1):
        row = _sheet(page, styles, sheet, number, row)
    page.hide_gridlines(2)
    page.set_tab_color(TAB_GUIDE)
    page.protect("", PROTECTION)
    if edition.cover is None:
        page.activate()
        page.set_first_sheet()
    who = edition.identity
    footer = f"Mẫu {who.form}, phiên bản {who.version} · {GUIDE}"
    set_page(page, landscape=False, footer_left=footer, footer_right=edition.owner)


def _opening(page: Worksheet, styles: Styles, edition: Edition) -> int:
    who = edition.identity
    row = _merged(page, styles, 0, edition.spec.title.upper(), "book_title", 16)
    row = _merged(page, styles, row, f"Mẫu {who.form}, phiên bản {who.version}", "book_subtitle", 11)
    if edition.mark:
        row = _merged(page, styles, row, edition.mark, "warning", 11)
    unit = f"{who.unit_name} (mã {who.unit})" if who.unit else who.unit_name
    facts = (
        ("Đơn vị" if who.unit else "Cơ quan", unit),
        ("Kỳ xét", who.period),
        ("Hạn nộp", _deadline(edition.deadline)),
        ("Gửi đến", edition.submit_to),
    )
    row += 1
    for label, value in facts:
        if value:
            page.merge_range(row, 0, row, 1, "", styles["strong"])
            page.write_string(row, 0, f"{label}:", styles["strong"])
            page.merge_range(row, 2, row, _LAST, "", styles["paragraph"])
            page.write_string(row, 2, value, styles["strong" if label == "Hạn nộp" else "paragraph"])
            page.set_row(row, row_height([(value, sum(_WIDTHS[2:]))], bold=True))
            row += 1
    return row + 1


def _deadline(deadline: dt.datetime | None) -> str:
    return f"{deadline:%H} giờ {deadline:%M}, ngày {deadline:%d/%m/%Y}" if deadline else ""


def _steps(page: Worksheet, styles: Styles, edition: Edition, row: int) -> int:
    row = _heading(page, styles, row, "Cách điền")
    for number, sentence in enumerate(_sentences(edition), start=1):
        page.write_number(row, 0, number, styles["step"])
        row = _merged(page, styles, row, sentence, "paragraph", 11, first=1)
    marks = (
        "Dấu trong tiêu đề: (*) là ô bắt buộc điền; (°) là ô bắt buộc trong một số trường hợp, "
        "bấm vào ô sẽ thấy lời nhắc nói rõ khi nào."
    )
    return _merged(page, styles, row, marks, "paragraph", 11, first=1) + 1


def _sentences(edition: Edition) -> list[str]:
    columns = [column for sheet in edition.spec.sheets for column in sheet]
    for_unit = bool(edition.identity.unit)
    sentences = [
        "Đơn vị điền một lần cho cả kỳ xét. Chương trình đọc thẳng tệp này, nên xin giữ nguyên các trang, "
        "các cột và tiêu đề."
        if for_unit
        else "Thường trực Hội đồng lập và giữ tệp này. Chương trình đọc thẳng tệp này, nên xin giữ nguyên "
        "các trang, các cột và tiêu đề.",
        "Điền lần lượt các trang từ trái sang phải, mỗi việc một dòng, bắt đầu ngay dưới dòng Ví dụ. "
        "Trang nào không có gì để khai thì để trống.",
        "Ô có mũi tên thì chọn trong danh sách. Ô nhận nhiều mục thì các mục cách nhau dấu chấm phẩy (;).",
        "Ngày gõ dd/mm/yyyy, ví dụ 05/11/2026. Tỷ lệ gõ 95,5 nghĩa là 95,5 %. Ô số chỉ gõ số, không gõ đơn vị tính.",
        "Chép từ tệp khác sang thì dùng dán giá trị (Paste Values); dán thường làm mất danh sách chọn.",
    ]
    if any(STAFF_CODE in targets(column) for column in columns):
        sentences.append(_CODES)
    if edition.self_check:
        sentences.append(f"Điền xong, mở trang {SELF_CHECK}: trang này chỉ ra từng chỗ còn phải sửa.")
    send = "gửi nguyên tệp, không chuyển sang PDF hay ảnh chụp" if for_unit else "giữ nguyên tên tệp"
    return [*sentences, f"Lưu đúng dạng Excel (.xlsx) rồi {send}."]


def _sheet(page: Worksheet, styles: Styles, sheet: Sheet, number: int, row: int) -> int:
    """Name, purpose and filled example of one sheet; returns the next free row."""
    page.set_row(row, 21)
    title = f"{number}. {sheet.code} – {sheet.title}"
    page.write_url(row, 0, f"internal:'{sheet.code}'!A1", styles["link"], title, f"Mở trang {sheet.code}")
    purpose = sheet.purpose
    if sheet.form:
        purpose += " Ví dụ nằm ngay cạnh từng dòng của trang đó."
    row = _merged(page, styles, row + 1, purpose, "small", _SMALL)
    if sheet.example and not sheet.form:
        row = _example(page, styles, sheet, row)
    return row + 1


def _example(page: Worksheet, styles: Styles, sheet: Sheet, row: int) -> int:
    """Two halves side by side: column letter, heading, what one filled cell looks like."""
    places = list(enumerate(sheet.columns, start=1))
    half = (len(places) + 1) // 2
    for left, right in zip_longest(places[:half], places[half:]):
        heights: list[float] = []
        for offset, place in ((0, left), (3, right)):
            if place is None:
                continue
            at, column = place
            _example_cell(page, styles, row, offset, xl_col_to_name(at), column)
            heading = [(column.heading + column.mark, _WIDTHS[offset + 1] - INDENT)]
            example = [(printed(column.example), _WIDTHS[offset + 2] - INDENT)]
            heights += [row_height(heading, _SMALL, column.required), row_height(example, _SMALL)]
        page.set_row(row, max(heights))
        row += 1
    return row


def _example_cell(page: Worksheet, styles: Styles, row: int, offset: int, letter: str, column: Column) -> None:
    page.write_string(row, offset, letter, styles["letter"])
    heading = styles["small_required" if column.required else "small_cell"]
    page.write_string(row, offset + 1, column.heading + column.mark, heading)
    page.write_string(row, offset + 2, printed(column.example), styles["small_example"])


def _heading(page: Worksheet, styles: Styles, row: int, text: str) -> int:
    page.set_row(row, 22)
    page.write_string(row, 0, text, styles["chapter"])
    for at in range(1, _LAST + 1):
        page.write_blank(row, at, None, styles["chapter"])
    return row + 1


def _merged(page: Worksheet, styles: Styles, row: int, text: str, role: str, size: float, first: int = 0) -> int:
    """One paragraph over the width of the page, in a row high enough; returns the next row."""
    page.merge_range(row, first, row, _LAST, "", styles[role])
    page.write_string(row, first, text, styles[role])
    width = _TEXT_WIDTH if first else _FULL_WIDTH
    page.set_row(row, row_height([(text, width)], size, bold=role in ("book_title", "strong")))
    return row + 1
