"""BAI_VIET: what the article asks for, sentence by sentence, and where this workbook answers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.results import Results
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.table import Cell, Field
from schemas.article import MARKS, UNIT_PAGES, Sentence, article

PLAN = SheetPlan(
    "BAI_VIET",
    Group.TECHNICAL,
    "Điều bài viết nêu → xem ở đâu",
    "mỗi điều bài viết về đổi mới công tác thi đua, khen thưởng nêu ra được trả lời ở trang nào?",
    late=True,
)
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã câu", 7, "centre"),
    Field("phan", "Phần của bài viết", 24),
    Field("cau", "Điều bài viết nêu", 44),
    Field("muc", "Kiểm được không", 21),
    Field("xem", "Xem trước hết ở", 20, "link"),
    Field("them", "Xem thêm", 20),
    Field("quy_tac", "Quy tắc kiểm tra", 20),
    Field("ghi_chu", "Cách xem, vì sao không xét được", 34),
)


def write(page: Page, results: Results) -> None:
    """Write one row a sentence."""
    sentences = article()
    counts = " · ".join(f"{mark} {words}: {sum(s.mark == mark for s in sentences)}" for mark, words in MARKS.items())
    page.head([item.width for item in FIELDS], f"{len(sentences)} câu. {counts}.")
    page.table(FIELDS, _columns(page, results, sentences))


def _columns(page: Page, results: Results, sentences: Sequence[Sentence]) -> dict[str, Sequence[Any]]:
    return {
        "stt": range(1, len(sentences) + 1),
        "ma": [s.id for s in sentences],
        "phan": [s.part for s in sentences],
        "cau": [s.text for s in sentences],
        "muc": [f"{s.mark} {MARKS[s.mark]}" for s in sentences],
        "xem": [_first(page, results, s) for s in sentences],
        "them": [", ".join(map(_name, s.sheets[1:])) or None for s in sentences],
        "quy_tac": [", ".join(s.codes) or None for s in sentences],
        "ghi_chu": [s.note or None for s in sentences],
    }


def _first(page: Page, results: Results, sentence: Sentence) -> Cell:
    """The sheet to begin with; the pages of the units are entered by the first of them."""
    name = sentence.sheets[0]
    if name != UNIT_PAGES:
        if name not in {other.name for other in page.book.pages}:
            return Cell(name, "text")
        page.book.anchors.setdefault(("sheet", name), f"{name}!A1")
        return Cell(name, link=("sheet", name))
    board = results.board
    return Cell(_name(name), link=("unit", board[0].code)) if board else Cell(_name(name), "text")


def _name(sheet: str) -> str:
    return f"{sheet}… (trang đơn vị)" if sheet == UNIT_PAGES else sheet
