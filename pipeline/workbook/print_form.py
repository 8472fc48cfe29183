"""A form that is printed and signed: letterhead, titles, tables, signatures, as Nghị định 30/2020/NĐ-CP has them.

Above the form stand the rows that every sheet has (back link, what it answers, who is left out); they are not
printed. Pages are broken here, from the heights of the rows, so that no heading stands alone at the foot of a page
and signatures stay together; a scale of 100 % keeps the sizes of letters as the decree gives them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.paper import CHARACTER_PIXELS, PIXELS_PER_POINT, SAFETY, row_height, text_width
from pipeline.workbook.formats import BOLD_ROLES, font_size
from pipeline.workbook.page import Page
from pipeline.workbook.page_breaks import page_starts
from pipeline.workbook.table import EMPTY_TABLE, Cell, Field, heights, write_column

#: Points of paper between the margins, across and upright, less what printers differ by.
_ROOM = {True: 481.0 * 0.97, False: 728.0 * 0.97}
#: Pixels between the margins, less what printers and programs differ by (LibreOffice draws columns 4.7 % wider).
_ACROSS = {True: 952 * 0.95, False: 623 * 0.95}
_PADDING = 5  #: pixels that Excel adds to each column
NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
COUNCIL = "HỘI ĐỒNG THI ĐUA - KHEN THƯỞNG"
#: What is filled in by pen.
DOTS = "………"
_DASH, _DASH_POINTS = "—", 7

Columns = Mapping[str, Sequence[Any]]
#: First and last column, text, role.
Block = tuple[int, int, str | Cell, str]


@dataclass(slots=True)
class Form:
    """One form, or several one under another, on a page. Rows are counted from 0."""

    page: Page
    first: int = 0
    scale: int = 100  #: percent; less only where no decree sets the size of letters
    repeated: tuple[int, int] | None = None  #: rows printed on each further page
    _heights: list[float] = field(default_factory=list)
    _keeps: list[bool] = field(default_factory=list)  #: whether the row stays with the next one
    _new_pages: set[int] = field(default_factory=set)

    @classmethod
    def on(cls, page: Page, widths: Sequence[float], note: str, *lines: str, scale: int = 100) -> Form:
        """Write the rows for the screen; `note` and `lines` say what is not in the form, and why.

        Column widths must fit the paper at the scale.
        """
        used = sum(width * CHARACTER_PIXELS + _PADDING for width in widths)
        assert used <= _ACROSS[page.plan.landscape] * 100 / scale, f"{page.name} is {used} pixels wide"
        page.head(widths, note, *lines, mixed=True)
        return cls(page, page.row, scale)

    @property
    def last(self) -> int:
        """Last column."""
        return len(self.page.widths) - 1

    @property
    def middle(self) -> int:
        """First column of the right block of a letterhead: wide enough for the nation's name on one line."""
        needed, used = text_width(NATION, font_size("doc_nation"), True) / SAFETY / CHARACTER_PIXELS, 0.0
        for column in range(self.last, 0, -1):
            used += self.page.widths[column]
            if used >= needed and used >= sum(self.page.widths) / 2:
                return column
        return 1

    # --- rows

    def row(self, *blocks: Block, keep: bool = False, height: float = 0) -> int:
        """Write a row of blocks, each across some columns; returns the row."""
        page = self.page
        for first, last, text, role in blocks:
            page.merge(page.row, first, page.row, last, text, role)
        return self._added(height or max(map(self._height, blocks), default=15), keep)

    def _height(self, block: Block) -> float:
        first, last, cell, role = block
        value = cell.value if isinstance(cell, Cell) else cell
        width = sum(self.page.widths[first : last + 1]) - 0.5
        return row_height([(str(value or ""), width)], font_size(role), role in BOLD_ROLES)

    def _added(self, height: float, keep: bool) -> int:
        page = self.page
        page.sheet.set_row(page.row, height)
        self._heights.append(height)
        self._keeps.append(keep)
        page.row += 1
        return page.row - 1

    def whole(self, text: str | Cell, role: str, *, keep: bool = True) -> int:
        """Write a text across the form."""
        return self.row((0, self.last, text, role), keep=keep)

    def gap(self, height: float = 9, *, keep: bool = True) -> None:
        """Leave some space."""
        self.row(height=height, keep=keep)

    def new_page(self) -> None:
        """Let what follows begin a page."""
        self._new_pages.add(len(self._heights))

    # --- blocks

    def letterhead(self, superior: str, office: str, number: str, place: str) -> None:
        """Write office and nation, the lines under them, number and place with date."""
        left, right = (0, self.middle - 1), (self.middle, self.last)
        self.row((*left, superior, "doc_superior"), (*right, NATION, "doc_nation"), keep=True)
        self.row((*left, office, "doc_office"), (*right, MOTTO, "doc_motto"), keep=True)
        office_line, motto_line = _rule(office, 12, 0.4), _rule(MOTTO, 13, 1)
        self.row((*left, office_line, "doc_rule"), (*right, motto_line, "doc_rule"), keep=True, height=9)
        if number or place:
            self.row((*left, number, "doc_number"), (*right, place, "doc_place"), keep=True)
        self.gap()

    def title(self, name: str, *subjects: str) -> None:
        """Write the kind of document and what it is about, with a line under them."""
        self.whole(name, "doc_title")
        for text in subjects:
            self.whole(text, "doc_subject")
        self.row((0, self.last, _rule(subjects[-1] if subjects else name, 13, 0.4), "doc_rule"), keep=True, height=9)
        self.gap(6)

    def table(self, fields: Sequence[Field], groups: Iterable[tuple[str, Columns]], *, headed: bool = True) -> int:
        """Write a table, each group under its heading; returns the row of the column headings."""
        page = self.page
        if headed:
            header = self.row(*((c, c, item.heading, "doc_header") for c, item in enumerate(fields)), keep=True)
            self.repeated = self.repeated or (header, header)
        else:
            header = page.row - 1
        filled = 0
        for title, columns in groups:
            filled += self._group(fields, title, columns)
        if not filled:
            self.row(*((c, c, EMPTY_TABLE if c == 1 else "", "doc_cell") for c in range(len(fields))))
        self._keeps[-1] = True  # what is signed shows some of what it is about
        return header

    def _group(self, fields: Sequence[Field], title: str, columns: Columns) -> int:
        page = self.page
        if title:
            self.whole(title, "doc_group")
        rows = max((len(values) for values in columns.values()), default=0)
        for column, item in enumerate(fields):
            write_column(page, item, column, page.row, columns.get(item.key, [None] * rows))
        for height in heights(fields, columns, [width - 0.5 for width in page.widths[: len(fields)]], rows):
            self._added(height, False)
        return rows

    def signatures(self, *signers: tuple[str, str], receivers: Sequence[str] = ()) -> None:
        """Write who signs, side by side: title and what stands below it; with receivers, they stand left."""
        columns = _shares(self.page.widths, len(signers) + bool(receivers))
        self.gap(12)
        blocks = [(*at, title, "doc_sign") for at, (title, _) in zip(columns[-len(signers) :], signers, strict=True)]
        notes = [(*at, note, "doc_sign_note") for at, (_, note) in zip(columns[-len(signers) :], signers, strict=True)]
        names = [(*at, "", "doc_sign_name") for at in columns[-len(signers) :]]
        if receivers:
            blocks.insert(0, (*columns[0], "Nơi nhận:", "doc_receivers"))
            notes.insert(0, (*columns[0], "\n".join(f"- {name}" for name in receivers), "doc_receiver"))
        self.row(*blocks, keep=True)
        self.row(*notes, keep=True)
        self.gap(56)
        self.row(*names, height=20)

    def close(self) -> None:
        """Set print area, repeated heading, page breaks and numbers."""
        page, sheet = self.page, self.page.sheet
        sheet.print_area(self.first, 0, page.row - 1, self.last)
        sheet.set_print_scale(self.scale)
        sheet.set_footer("")
        sheet.set_start_page(1)
        page.book.no_number_on_first(page)
        if self.repeated:
            sheet.repeat_rows(*self.repeated)
        else:
            sheet.repeat_row_range = ""
        starts = self._page_starts()
        if starts:
            sheet.set_h_pagebreaks([self.first + start for start in starts])

    def _page_starts(self) -> list[int]:
        """Rows of the form with which further pages begin."""
        room = _ROOM[self.page.plan.landscape] * 100 / self.scale
        repeated = (self.repeated[0] - self.first, self.repeated[1] - self.first) if self.repeated else None
        return page_starts(self._heights, self._keeps, room, repeated=repeated, new_pages=self._new_pages)


def _rule(text: str, size: float, share: float) -> str:
    """A line of a share of the text's width, drawn with dashes that touch."""
    dash = _DASH_POINTS * PIXELS_PER_POINT
    return _DASH * max(3, round(text_width(text, size, True) * share / dash))


def _shares(widths: Sequence[float], parts: int) -> list[tuple[int, int]]:
    """First and last column of so many parts of about equal width."""
    total, used, start, found = sum(widths), 0.0, 0, list[tuple[int, int]]()
    for column, width in enumerate(widths):
        used += width
        missing = parts - len(found)
        enough = used >= total * (len(found) + 1) / parts - width / 2
        if column == len(widths) - 1 or (missing > 1 and (enough or len(widths) - column - 1 < missing)):
            found.append((start, column))
            start = column + 1
    return found


def day_of(place: str, year: int) -> str:
    """Place and a date to be filled in: `Tỉnh Mẫu, ngày …… tháng …… năm 2026`."""
    return f"{place}, ngày …… tháng …… năm {year}"
