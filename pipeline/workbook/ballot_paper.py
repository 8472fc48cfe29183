"""IN_PHIEU: the council's ballot paper, one box to tick for each nomination; nobody signs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.results import Results
from pipeline.workbook.nominated import Nomination, Nominations
from pipeline.workbook.page import Page
from pipeline.workbook.persons import staff_facts
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.print_form import COUNCIL, Form
from pipeline.workbook.print_list import MARK_MEANS, PrintList, by_award, marked_name
from pipeline.workbook.table import Cell, Field

PLAN = SheetPlan("IN_PHIEU", Group.PRINT, "Phiếu bầu của Hội đồng", "phiếu bầu in ra thế nào?", landscape=False)

FIELDS = (
    Field("stt", "TT", 4.5, "doc_index"),
    Field("ten", "Họ và tên, tập thể", 23, "doc_cell_strong"),
    Field("don_vi", "Chức vụ, đơn vị", 34, "doc_cell"),
    Field("dong_y", "Đồng ý", 9, "doc_box"),
    Field("khong", "Không đồng ý", 9, "doc_box"),
)
BOX = "☐"
GUIDANCE = (
    "Đánh dấu X vào một trong hai ô của mỗi dòng. Không đánh dấu ô nào là không có ý kiến. Đánh dấu cả hai ô thì dòng "
    "đó không hợp lệ. Không viết thêm, không ký tên."
)


def write(page: Page, results: Results) -> None:
    """Write the paper; a list of many thousands cannot be voted on by hand, and the sheet says so."""
    printed = PrintList.of(page.book.shared(Nominations))
    period = results.dataset.province.period
    notes = [printed.left_out(), printed.waiting(printed.everything, starred=True)]
    too_many = len(printed.everything) > LONG_LIST
    if too_many:
        notes.insert(0, f"{len(printed.everything)} đề nghị là quá nhiều cho một phiếu giấy, nên phiếu để trống.")
    form = Form.on(page, [item.width for item in FIELDS], notes[0], *notes[1:])
    form.letterhead(period.office, COUNCIL, "", "")
    form.title("PHIẾU BẦU", f"Xét đề nghị danh hiệu thi đua, hình thức khen thưởng kỳ xét {period.code}")
    form.whole(Cell(GUIDANCE, "doc_text_open"), "doc_text_open")
    form.gap(6)
    form.table(FIELDS, [] if too_many else lines_of_ballot(page, results, printed))
    if printed.starred and not too_many:
        form.whole(MARK_MEANS, "doc_text_open")
    form.close()


def lines_of_ballot(page: Page, results: Results, printed: PrintList) -> list[tuple[str, dict[str, Sequence[Any]]]]:
    """Lines of the paper by title or form, numbered through, as the minutes of the counting repeat them."""
    found: list[tuple[str, dict[str, Sequence[Any]]]] = []
    done = 0
    for items, counted in ((printed.collectives, "tập thể"), (printed.persons, "người")):
        for title, mine in by_award(results, items, counted):
            numbers = range(done + 1, done + len(mine) + 1)
            found.append((title.partition(". ")[2], {"stt": numbers, **_columns(page, results, mine)}))
            done += len(mine)
    return found


def _columns(page: Page, results: Results, items: Sequence[Nomination]) -> dict[str, Sequence[Any]]:
    staff, units = page.book.shared(staff_facts), results.dataset.province.units
    names, blocks = units["ten_don_vi"].to_dict(), units["khoi"].to_dict()
    posts = [staff.get((i.unit, i.person or ""), (None,) * 6)[2] for i in items]
    places = [blocks.get(i.unit) if i.person is None else names.get(i.unit) for i in items]
    return {
        "ten": [marked_name(i) for i in items],
        "don_vi": [", ".join(text for text in pair if text) or None for pair in zip(posts, places, strict=True)],
        "dong_y": [BOX] * len(items),
        "khong": [BOX] * len(items),
    }
