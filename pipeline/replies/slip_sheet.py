"""PHIEU_TRA_LAI: the first page of a reply: where the unit stands, what to do by when, each line with its cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from pipeline.paper import row_height, set_page
from pipeline.replies.lines import Line, Said
from pipeline.submissions import Status
from pipeline.template.edition import Edition
from pipeline.template.styles import FILL_BAD, FILL_DOUBT, FILL_GOOD, INDENT, TAB_CHECK, Styles
from pipeline.template.table_sheet import PROTECTION

SLIP = "PHIEU_TRA_LAI"
#: Characters: number, severity, place, what is wrong, how to mend it.
_WIDTHS = (5, 15, 26, 54, 48)
_LAST = len(_WIDTHS) - 1
_LABEL_END = 2  #: the last column of a label of the facts
_HEADINGS = ("STT", "Mức", "Ở đâu (bấm để đến ô)", "Điều chưa đúng", "Cách sửa")
_SMALL = 10
#: Excel takes 65,530 links a sheet; beyond ours a line keeps its words.
_MOST_LINKS = 60_000
#: A shape beside each word, so that a grey print tells them apart.
_SHAPES = {Status.ACCEPTED: "●", Status.TO_MEND: "▲", Status.RECEIVED: "◆", Status.MISSING: "■"}
_FILLS = {Status.ACCEPTED: FILL_GOOD, Status.TO_MEND: FILL_BAD, Status.RECEIVED: FILL_DOUBT, Status.MISSING: FILL_BAD}


class Accepted(NamedTuple):
    """What was taken from one sheet."""

    sheet: str
    title: str
    rows: int
    cells: int
    form: bool = False


@dataclass(frozen=True)
class Slip:
    """Everything that the page says."""

    status: Status
    verdict: str  #: the status and what it means, in one sentence
    facts: Sequence[tuple[str, str]]  #: label and value: the file, its time, the next deadline, where to send
    steps: Sequence[str]  #: what to do, in order
    said: Said
    accepted: Sequence[Accepted]
    total: str  #: where the cells of the file went, in one sentence; empty when no file counts


def cover_of(slip: Slip) -> Callable[[Workbook, Styles, Edition], None]:
    """Return what writes the page of a slip as the first of a reply."""

    def write(workbook: Workbook, styles: Styles, edition: Edition) -> None:
        _Page(workbook, styles, edition).write(slip)

    return write


class _Page:
    """The page while it is being written."""

    def __init__(self, workbook: Workbook, styles: Styles, edition: Edition) -> None:
        self.page: Worksheet = workbook.add_worksheet(SLIP)
        self.styles, self.edition = styles, edition
        self.row = 0  #: next free row
        self.links = 0
        for at, width in enumerate(_WIDTHS):
            self.page.set_column(at, at, width)

    def write(self, slip: Slip) -> None:
        self._top(slip)
        said = slip.said
        self._part(f"Phải sửa hoặc giải trình: {said.to_mend} chỗ", said.mend, "Không có gì phải sửa.")
        if said.look:
            self._part(f"Nên xem lại: {len(said.look)} điều", said.look)
        if said.unread:
            self._part("Đã gõ nhưng không được đọc (không có trong tệp này, xem lại ở tệp đã gửi)", said.unread)
        if slip.total:
            self._accepted(slip)
        if said.elsewhere:
            self._part("Các tệp khác của đơn vị, không phải gửi lại", said.elsewhere)
        self._finish()

    def _top(self, slip: Slip) -> None:
        self._across(self.edition.marked("PHIẾU TRẢ LẠI"), self.styles["book_title"], 27)
        self._across(self.edition.owner, self.styles["book_subtitle"], 18)
        verdict = self.styles.filled("verdict", _FILLS[slip.status])
        self._across(f"{_SHAPES[slip.status]} {slip.verdict}", verdict, 33)
        self.row += 1
        for label, value in slip.facts:
            self._fact(label, value)
        if slip.steps:
            self.row += 1
            self._chapter("Việc cần làm")
        for number, step in enumerate(slip.steps, start=1):
            self.page.write_number(self.row, 0, number, self.styles["step"])
            self._merged(step, self.styles["paragraph"], 1)

    def _fact(self, label: str, value: str) -> None:
        self.page.merge_range(self.row, 0, self.row, 1, "", self.styles["strong"])
        self.page.write_string(self.row, 0, f"{label}:", self.styles["strong"])
        self._merged(value, self.styles["paragraph"], _LABEL_END)

    def _part(self, title: str, lines: Sequence[Line], empty: str = "") -> None:
        self.row += 1
        self._chapter(title)
        if not lines:
            self._merged(empty, self.styles["paragraph"], 0)
            return
        self._headings(_HEADINGS)
        for number, line in enumerate(lines, start=1):
            self._line(number, line)

    def _line(self, number: int, line: Line) -> None:
        at, page, styles = self.row, self.page, self.styles
        severity = f"{line.severity}\n{line.code}"
        texts = ((severity, _WIDTHS[1]), (line.place, _WIDTHS[2]), (line.what, _WIDTHS[3]), (line.fix, _WIDTHS[4]))
        page.set_row(at, row_height([(text, width - INDENT) for text, width in texts]))
        page.write_number(at, 0, number, styles["centre"])
        fill = FILL_BAD if line.grave else FILL_DOUBT
        page.write_string(at, 1, severity, styles.filled("centre", fill))
        sheet, _, cell = line.target.partition("!")
        if line.target and self.links < _MOST_LINKS:
            self.links += 1
            page.write_url(
                at, 2, f"internal:'{sheet}'!{cell}", styles["line_link"], line.place, f"Đến {sheet}, ô {cell}"
            )
        else:
            page.write_string(at, 2, line.place, styles["label"])
        page.write_string(at, 3, line.what, styles["label"])
        page.write_string(at, 4, line.fix, styles["label"])
        self.row += 1

    def _accepted(self, slip: Slip) -> None:
        self.row += 1
        self._chapter("Đã nhận")
        self._headings(("STT", "Số dòng", "Trang", "Nội dung", "Số ô đã nhận"))
        for number, sheet in enumerate(slip.accepted, start=1):
            self.page.write_number(self.row, 0, number, self.styles["centre"])
            self.page.write_number(self.row, 1, sheet.rows, self.styles["centre"])
            target = f"internal:'{sheet.sheet}'!A1"
            self.page.write_url(self.row, 2, target, self.styles["sheet_link"], sheet.sheet, f"Đến {sheet.sheet}")
            self.page.write_string(self.row, 3, sheet.title, self.styles["label"])
            self.page.write_number(self.row, 4, sheet.cells, self.styles["centre"])
            self.page.set_row(self.row, row_height([(sheet.title, _WIDTHS[3] - INDENT)]))
            self.row += 1
        self._merged(slip.total, self.styles["small"], 0, _SMALL)

    # --- pieces

    def _headings(self, headings: Sequence[str]) -> None:
        self.page.set_row(self.row, 22)
        for at, heading in enumerate(headings):
            self.page.write_string(self.row, at, heading, self.styles["required"])
        self.row += 1

    def _chapter(self, title: str) -> None:
        self.page.set_row(self.row, 22)
        for at in range(1, _LAST + 1):
            self.page.write_blank(self.row, at, None, self.styles["chapter"])
        self.page.write_string(self.row, 0, title, self.styles["chapter"])
        self.row += 1

    def _across(self, text: str, style: object, height: float) -> None:
        self.page.merge_range(self.row, 0, self.row, _LAST, "", style)
        self.page.write_string(self.row, 0, text, style)
        self.page.set_row(self.row, height)
        self.row += 1

    def _merged(self, text: str, style: object, first: int, font_size: float = 11) -> None:
        """Write a text from a column to the last one, as high as it needs."""
        self.page.merge_range(self.row, first, self.row, _LAST, "", style)
        self.page.write_string(self.row, first, text, style)
        self.page.set_row(self.row, row_height([(text, sum(_WIDTHS[first:]))], font_size))
        self.row += 1

    def _finish(self) -> None:
        page, who = self.page, self.edition.identity
        page.hide_gridlines(2)
        page.set_tab_color(TAB_CHECK)
        page.protect("", PROTECTION)
        page.activate()
        page.set_first_sheet()
        footer = f"Mẫu {who.form}, phiên bản {who.version} · {SLIP}"
        set_page(page, landscape=True, footer_left=footer, footer_right=self.edition.owner)
