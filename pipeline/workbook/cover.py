"""BIA: which run this is, whether it may be trusted, where every unit stands, and the contents."""

from __future__ import annotations

from pipeline import __version__
from pipeline.paper import row_height
from pipeline.results import Results, UnitState
from pipeline.submissions import Outcome, Status
from pipeline.vietnamese import date_text, decimal
from pipeline.workbook import scope, submission_board
from pipeline.workbook.book import Book, day_time
from pipeline.workbook.formats import font_size
from pipeline.workbook.marks import RECEIVED_MEANING, status_role, status_text
from pipeline.workbook.page import CONTENTS, Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.table import Cell, Field, Placed, write_cell
from pipeline.workbook.unit_files import chunks
from schemas.rules import Severity

PLAN = SheetPlan(
    "BIA",
    Group.READ_FIRST,
    "Bìa và mục lục",
    "đây là bản nào, có tin được không, xem gì ở đâu?",
    late=True,
    landscape=False,
)

NOTICE = "Bản phục vụ Hội đồng xem xét, không thay quyết định"
SHA_SHOWN = 8
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ten", "Đơn vị", 30),
    Field("trang_thai", "Trạng thái", 15),
    Field("loi", "Phải sửa, giải trình", 11, "count"),
    Field("phat_hien", "Mọi phát hiện", 9, "count"),
    Field("tep", "Số tệp", 6, "count"),
    Field("ma_tep", "Mã tệp", 10, "centre"),
)
#: Contents, right of the units: a gap, the sheet's name, what it answers.
_GAP, _NAME, _QUESTION = 2, 25, 66
_CONTENTS_COLUMN = len(FIELDS) + 1


def write(page: Page, results: Results) -> None:
    """Write the head, the facts, then units and contents side by side."""
    page.set_widths([*(item.width for item in FIELDS), _GAP, _NAME, _QUESTION])
    _head(page, results)
    _facts(page, results)
    page.row += 1
    top = page.row
    page.anchor(*CONTENTS, top)
    formats = page.book.formats
    page.sheet.set_row(top, 20)
    for column in range(len(page.widths)):
        page.sheet.write_blank(top, column, None, formats["part"])
    page.sheet.write_string(top, 0, "Các đơn vị", formats["part"])
    page.sheet.write_string(top, _CONTENTS_COLUMN, "Mục lục (bấm vào tên trang để mở)", formats["part"])
    page.row += 1
    placed = _units(page, results)
    _contents(page, placed)
    _scope(page)
    page.print_whole()


def _head(page: Page, results: Results) -> None:
    period, last = results.dataset.province.period, len(page.widths) - 1
    middle = len(FIELDS) - 3
    page.merge(0, 0, 0, middle, period.superior, "office")
    page.merge(1, 0, 1, middle, period.office, "office_own")
    if period.mark:
        page.merge(0, _CONTENTS_COLUMN, 1, last, period.mark, "fictional")
    for row, height in enumerate((20, 20, 34, 20, 22)):
        page.sheet.set_row(row, height)
    page.merge(2, 0, 2, last, "BẢN TỔNG HỢP THI ĐUA, KHEN THƯỞNG", "book_title")
    span = f"số liệu từ {date_text(period.first)} đến {date_text(period.last)}"
    page.merge(3, 0, 3, last, f"Kỳ xét {period.code} ({span})", "book_subtitle")
    page.merge(4, 0, 4, last, NOTICE, "notice")
    page.row = 6


def _facts(page: Page, results: Results) -> None:
    """Left: what is in; right: whether and why it can be trusted."""
    left, right = _situation(page.book, results), _trust(results)
    named, fact = (sum(item.width for item in part) for part in (FIELDS[:2], FIELDS[2:]))
    assert len(left) == len(right)  # the two stand side by side
    for number in range(len(left)):
        row = page.row + number
        texts = [(str(left[number][1].value), fact), (str(right[number][1].value), _QUESTION)]
        texts += [(left[number][0], named), (right[number][0], _NAME)]
        page.sheet.set_row(row, row_height(texts, font_size("fact")))
        label, cell = left[number]
        page.merge(row, 0, row, 1, label, "fact_label")
        page.merge(row, 2, row, len(FIELDS) - 1, cell, "fact")
        label, cell = right[number]
        page.merge(row, _CONTENTS_COLUMN, row, _CONTENTS_COLUMN, label, "fact_label")
        page.merge(row, _CONTENTS_COLUMN + 1, row, _CONTENTS_COLUMN + 1, cell, "fact_plain")
    page.row += len(left)


def _situation(book: Book, results: Results) -> list[tuple[str, Cell]]:
    board = results.board
    states = book.tables[submission_board.PLAN.name][0].range("trang_thai")

    def counted(status: Status) -> Cell:
        formula = f'=COUNTIF({states},"{status_text(status)}")'
        return Cell(sum(s.status is status for s in board), "fact_count", formula=formula)

    sent = sum(s.counted is not None for s in board)
    severities = " · ".join(f"{s.value} {decimal(results.count(s))}" for s in Severity)
    unjudged = sum(not f.judged for f in results.findings)
    severities += f" · không đánh giá được {decimal(unjudged)}" if unjudged else ""
    return [
        ("Đơn vị có bản được tính", Cell(f"{sent} trên {len(board)} đơn vị phải nộp")),
        (status_text(Status.MISSING), counted(Status.MISSING)),
        (f"{status_text(Status.RECEIVED)} ({RECEIVED_MEANING})", counted(Status.RECEIVED)),
        (status_text(Status.TO_MEND), counted(Status.TO_MEND)),
        (status_text(Status.ACCEPTED), counted(Status.ACCEPTED)),
        ("Phát hiện (đếm từng chỗ)", Cell(severities, "fact_plain")),
    ]


def _trust(results: Results) -> list[tuple[str, Cell]]:
    period = results.dataset.province.period
    records = results.dataset.records
    counts = [r.counts for r in records if r.outcome in (Outcome.COUNTED, Outcome.SUPERSEDED)]
    total, accepted = sum(c.total for c in counts), sum(c.accepted for c in counts)
    refused, ignored = sum(c.refused for c in counts), sum(c.ignored for c in counts)
    rest = f"{decimal(refused)} ô không dùng được, {decimal(ignored)} ô bỏ qua (tiêu đề, ví dụ)"
    unread = decimal(sum(c.unread for c in counts))
    balance = "ô nào cũng có kết quả" if all(c.balanced for c in counts) else "CỘNG KHÔNG KHỚP (xem NHAT_KY)"
    broken = sum(r.outcome is Outcome.INTERNAL for r in records)
    aside = f"; ■ {broken} tệp để riêng vì lỗi chương trình" if broken else ""
    return [
        ("Số liệu tính đến", Cell(day_time(results))),
        ("Ngày họp Hội đồng", Cell(date_text(period.council_day) if period.council_day else "chưa định")),
        ("Tệp đã nhận", Cell(f"{len(records)} tệp{aside} (NHAT_KY)")),
        (
            "Ô đã đọc",
            Cell(f"{decimal(total)} ô, {balance}: {decimal(accepted)} ô nhận, {rest}, {unread} ô không ai đọc"),
        ),
        ("Mã lần chạy", Cell(f"{results.run_id} (chạy lại trên đúng những tệp này sẽ cho đúng mã này)")),
        ("Chương trình", Cell(f"tdkt {__version__}")),
    ]


def _units(page: Page, results: Results) -> Placed:
    board = results.board
    columns = {
        "stt": range(1, len(board) + 1),
        "ten": [Cell(f"{s.code} · {s.name}", "link", ("unit", s.code)) for s in board],
        "trang_thai": [Cell(status_text(s.status), status_role(s.status)) for s in board],
        "loi": [s.blocking + s.needs_reason for s in board],
        "phat_hien": [Cell(total, "link_count", ("findings", s.code)) if (total := _findings(s)) else 0 for s in board],
        "tep": [s.files for s in board],
        "ma_tep": [s.counted.sha256[:SHA_SHOWN] if s.counted else None for s in board],
    }
    return page.table(FIELDS, columns)


def _findings(state: UnitState) -> int:
    return state.blocking + state.needs_reason + state.warnings + state.information + state.not_judged


def _contents(page: Page, placed: Placed) -> None:
    """List every sheet by group, beside the units; rows keep the heights that the units gave them."""
    group, row = None, placed.first
    formats = page.book.formats
    for column, heading in enumerate(("Trang", "Trả lời câu hỏi, chứa"), _CONTENTS_COLUMN):
        page.sheet.write_string(placed.header, column, heading, formats["header"])
    one_line = row_height([("", _QUESTION)], font_size("contents_text"))
    units = [other for other in page.book.pages if other.plan.group is Group.UNITS]
    for other in page.book.pages:
        if other is page or other in units[1:]:
            continue
        if other.plan.group is not group:
            group = other.plan.group
            page.merge(row, _CONTENTS_COLUMN, row, _CONTENTS_COLUMN + 1, group.words, "group")
            row += 1
        page.book.anchors.setdefault(("sheet", other.name), f"{other.name}!A1")
        text = other.plan.title if other.plan.group is Group.TECHNICAL else _sentence(other.plan.question)
        name = other.name
        if units and other is units[0]:
            name = f"{other.name} … {units[-1].name}"
            text = f"{len(units)} trang, mỗi đơn vị một trang: bấm tên đơn vị ở bảng bên trái. {text}"
        write_cell(page, row, _CONTENTS_COLUMN, Cell(name, link=("sheet", other.name)), "contents_link")
        page.sheet.write_string(row, _CONTENTS_COLUMN + 1, text, formats["contents_text"])
        needed = row_height([(text, _QUESTION)], font_size("contents_text"))
        if needed > one_line:  # else the row keeps the height that the units gave it
            page.sheet.set_row(row, needed)
        row += 1
    page.row = max(page.row, _files(page, row))


def _files(page: Page, row: int) -> int:
    """Lines for the files beside this one that hold the pages of the units; returns the next free row."""
    files = chunks(page.book.results)
    if not files:
        return row
    formats = page.book.formats
    page.merge(row, _CONTENTS_COLUMN, row, _CONTENTS_COLUMN + 1, f"{Group.UNITS.words}: tệp để cạnh tệp này", "group")
    for number, (file, states) in enumerate(files.items(), row + 1):
        cell = Cell(file, link=("unit_page", states[0].code))
        write_cell(page, number, _CONTENTS_COLUMN, cell, "contents_link")
        text = f"{len(states)} đơn vị, từ {states[0].code} đến {states[-1].code}, mỗi đơn vị một trang"
        page.sheet.write_string(number, _CONTENTS_COLUMN + 1, text, formats["contents_text"])
    return row + 1 + len(files)


def _scope(page: Page) -> None:
    """Say what this edition checked and what not, and which sheets are for paper."""
    printed: dict[str, list[str]] = {}
    for other in page.book.pages:
        if other.plan.printed and other.plan.group is not Group.UNITS:
            printed.setdefault(other.plan.paper, []).append(other.name)
    if any(other.plan.group is Group.UNITS for other in page.book.pages):
        printed.setdefault("A4", []).append("DV_… (từng đơn vị)")
    papers = "; ".join(f"khổ {paper}: {', '.join(names)}" for paper, names in printed.items())
    left_out = scope.not_checked()
    rows = [("Đã kiểm tra", "; ".join(scope.checked()) + ".")]
    rows += [("CHƯA kiểm tra", "; ".join(left_out) + ".")] if left_out else []
    rows.append(("Nên in", f"{papers}. Các trang {Group.TECHNICAL.words.lower()} chỉ để tra trên máy."))
    last, start = len(page.widths) - 1, 2
    width = sum(page.widths[start:])
    page.part("Bản này đã kiểm tra gì, chưa kiểm tra gì, in trang nào")
    for label, text in rows:
        page.sheet.set_row(page.row, row_height([(text, width)], font_size("fact_plain")))
        page.merge(page.row, 0, page.row, start - 1, label, "fact_label")
        page.merge(page.row, start, page.row, last, text, "fact_plain")
        page.row += 1


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
