"""The formulas of KIEM_TRA over one sheet, put together from the specification.

What they let pass although the pipeline does not (no array formula tells it): numbers without date format in
date columns, dates in columns of numbers or of text, `1-2` among numbers, dates typed as text that lie outside
their window or before another date. What they count although the pipeline does not: a cell that must be filled
because of another cell that is itself unreadable; choices typed with combining marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from pipeline.template.edition import Edition
from pipeline.template.places import FORM_VALUE, column_index, form_rows
from pipeline.template.self_check_terms import (
    NO_BREAK,
    ROW_WEIGHT,
    Term,
    blank,
    constants,
    filled,
    joined,
    listed,
    numbering,
    quoted,
    text,
    without,
)
from pipeline.template.self_check_values import FAR, SEVERAL, Balance, Bounds, bounds_of, days_of
from schemas.columns import FIRST_ENTRY_ROW, Column, Kind, Order, Sheet, When

#: Longer than every cell.
_NO_LIMIT = 99_999


@dataclass(frozen=True)
class Block:
    """Cells that stand side by side, with the column of each (None: a cell that is not looked at)."""

    area: str
    columns: tuple[Column | None, ...]
    downwards: bool

    def each(self, value: Callable[[Column], object], otherwise: object = 0) -> str:
        """A constant for each column."""
        return constants([value(c) if c else otherwise for c in self.columns], self.downwards)

    @property
    def place(self) -> str:
        """The places of the cells."""
        return f"({ROW_WEIGHT}*ROW({self.area})+COLUMN({self.area}))"


class Formulas:
    """Expressions over one sheet: ranges of a table, single cells of a form."""

    def __init__(self, edition: Edition, sheet: Sheet, lists: dict[str, str]) -> None:
        """Know where the sheet's fields stand in this workbook, and in which cell each list is joined."""
        self.edition, self.sheet, self.lists = edition, sheet, lists
        self._form_rows = form_rows(sheet) if sheet.form else {}
        self._last = edition.last_row(sheet)
        self.area = self._range(1, len(sheet.columns))
        self.row_filled = self._row_filled()

    def _range(self, first: int, last: int) -> str:
        if self.sheet.form:
            rows = self._form_rows.values()
            return f"{self.sheet.code}!{xl_range(min(rows) - 1, FORM_VALUE, max(rows) - 1, FORM_VALUE)}"
        return f"{self.sheet.code}!{xl_range(FIRST_ENTRY_ROW - 1, first, self._last - 1, last)}"

    def field(self, name: str) -> str:
        """The cells of a field: one column of a table, one cell of a form."""
        if self.sheet.form:
            cell = xl_rowcol_to_cell(self._form_rows[name] - 1, FORM_VALUE)
            return f"{self.sheet.code}!{cell}"
        at = column_index(self.sheet, name)
        return self._range(at, at)

    def place(self, name: str) -> str:
        """The places of the cells of a field."""
        if self.sheet.form:
            return str(self._form_rows[name] * ROW_WEIGHT + FORM_VALUE + 1)
        column = column_index(self.sheet, name) + 1
        return f"({ROW_WEIGHT}*ROW({self.field(name)})+{column})"

    def blocks(self, wanted: Callable[[Column], bool]) -> list[Block]:
        """The wanted columns, joined where they stand side by side; a form is one block."""
        if not any(map(wanted, self.sheet)):
            return []
        if self.sheet.form:
            rows = {row: self.sheet.by_name[name] for name, row in self._form_rows.items()}
            lines = [rows.get(row) for row in range(min(rows), max(rows) + 1)]
            return [Block(self.area, tuple(c if c and wanted(c) else None for c in lines), True)]
        found = []
        for is_wanted, run in groupby(enumerate(self.sheet, start=1), key=lambda item: wanted(item[1])):
            if is_wanted:
                places, columns = zip(*run, strict=True)
                found.append(Block(self._range(places[0], places[-1]), columns, False))
        return found

    def _row_filled(self) -> str:
        if self.sheet.form:
            return "1"
        ones = ";".join("1" * len(self.sheet.columns))
        return f"(MMULT(--{filled(self.area)},{{{ones}}})>0)"

    @property
    def rows(self) -> str:
        """How many rows are filled."""
        return "1" if self.sheet.form else f"SUMPRODUCT(--{self.row_filled})"

    def errors(self) -> list[Term]:
        """Cells that hold an error value."""
        return [Term(f"--ISERROR({self.area})", f"({ROW_WEIGHT}*ROW({self.area})+COLUMN({self.area}))")]

    # --- V-02 ---------------------------------------------------------------------------------------------

    def missing(self) -> list[Term]:
        """Blank cells that must be filled."""
        terms = []
        if self.sheet.form:
            terms += [self._blank(c, "1") for c in self.sheet if c.required]
        elif any(column.required for column in self.sheet):
            mask = ",".join("1" if column.required else "0" for column in self.sheet)
            bad = f"{self.row_filled}*{blank(self.area)}*{{{mask}}}"
            terms.append(Term(bad, f"({ROW_WEIGHT}*ROW({self.area})+COLUMN({self.area}))"))
        for column in self.sheet:
            if column.required_when and not column.required:
                terms.append(self._blank(column, self._asked(column.required_when)))
        if not (self.sheet.may_be_empty or self.sheet.form):
            first = column_index(self.sheet, next(c.name for c in self.sheet if c.required)) + 1
            terms.append(Term(f"({self.rows}=0)*1", str(FIRST_ENTRY_ROW * ROW_WEIGHT + first)))
        return terms

    def _blank(self, column: Column, asked: str) -> Term:
        return Term(f"{asked}*{blank(self.field(column.name))}", self.place(column.name))

    def _asked(self, when: When) -> str:
        other = self.field(when.field)
        if when.is_in:
            return self.is_in(when.field, when.is_in)
        return f"{self.row_filled}*{blank(other)}" if when.blank else filled(other)

    def is_in(self, field: str, codes: Sequence[str]) -> str:
        """Whether a cell holds one of some choices, as label or as code."""
        choices = dict.fromkeys((*self.edition.labels(self.sheet.by_name[field], codes), *codes))
        return listed(self.field(field), quoted(joined(choices)))

    # --- V-03 ---------------------------------------------------------------------------------------------

    def mistyped(self) -> list[Term]:
        """Cells of the wrong kind, numbers out of bounds, texts that are too long."""
        terms = []
        for block in self.blocks(lambda column: column.kind.numeric):
            terms.append(Term(_no_number(block), block.place))
            terms.append(Term(_out_of_bounds(block), block.place))
        terms += [Term(_no_date(block), block.place) for block in self.blocks(lambda c: c.kind.temporal)]
        everything = Block(self.area, tuple(self.sheet), False)
        for block in self.blocks(lambda c: c.kind is Kind.TEXT) if self.sheet.form else [everything]:
            limits = block.each(lambda c: c.max_length if c.kind is Kind.TEXT else _NO_LIMIT, _NO_LIMIT)
            terms.append(Term(f"--(LEN({text(block.area)})>{limits})", block.place))
        return terms

    def sound(self, name: str) -> str:
        """Where a number is one that the pipeline keeps."""
        cells, bounds = self.field(name), bounds_of(self.sheet.by_name[name])
        parts = [f"ISNUMBER({cells})"]
        parts += [f"({cells}>={bounds.low:.15g})"] if bounds.low > -FAR else []
        parts += [f"({cells}<={bounds.high:.15g})"] if bounds.high < FAR else []
        parts += [f'ISERROR(FIND("{mark}",{cells}))' for mark in ",."] if bounds.whole else []
        return "*".join(parts)

    # --- V-04 ---------------------------------------------------------------------------------------------

    def unlisted(self) -> list[Term]:
        """Choices that are not in their list; cells with several choices are passed over."""
        terms = []
        for column in self.sheet:
            if column.vocabulary:
                cells = self.field(column.name)
                bad = f"{filled(cells)}*(1-{self.chosen(column.name)})"
                if column.kind is Kind.CHOICES:
                    bad += f'*ISERROR(FIND("{SEVERAL}",{cells}))'
                terms.append(Term(bad, self.place(column.name)))
        return terms

    def chosen(self, name: str) -> str:
        """Where a cell holds a label or a code of its list."""
        return listed(self.field(name), self.lists[self.sheet.by_name[name].vocabulary or ""])

    # --- V-05 ---------------------------------------------------------------------------------------------

    def repeated(self) -> list[Term]:
        """Every row whose whole key stands in another row too."""
        cells = [self.field(name) for name in self.sheet.key]
        keys = '&"|"&'.join(text(area) for area in cells)
        whole = "*".join(filled(area) for area in cells)
        row = numbering(cells[0])
        first = f"MATCH({keys},{keys},0)"
        later = f"({first}<{row})*EXACT({keys},LOOKUP({first},{row},{keys}))"
        # A first row is bad when it is the first of a later one.
        bad = f"{whole}*({later}+ISNUMBER(MATCH({row},{first}*{later}*{whole},0))>0)"
        return [Term(bad, self.place(self.sheet.key[0]))]

    # --- V-09, HS-02, QT-03 -------------------------------------------------------------------------------

    def outside(self) -> list[Term]:
        """Dates outside the window of their column."""
        windows = self.edition_windows
        terms = []
        for block in self.blocks(lambda column: column.name in windows):
            first = block.each(lambda column: windows[column.name][0], -_NO_LIMIT)
            after = block.each(lambda column: windows[column.name][1], FAR)
            bad = f"ISNUMBER({block.area})*(({block.area}<{first})+({block.area}>={after}))"
            terms.append(Term(bad, block.place))
        return terms

    @property
    def edition_windows(self) -> dict[str, tuple[int, int]]:
        """Field → first day and the day after the last, as Excel numbers them."""
        return days_of(self.edition, self.sheet)

    def _dated(self, name: str, kept: bool) -> str:
        cells, window = self.field(name), self.edition_windows.get(name)
        inside = f"*({cells}>={window[0]})*({cells}<{window[1]})" if kept and window else ""
        return f"ISNUMBER({cells}){inside}"

    def disordered(self, orders: Iterable[Order], kept: bool = False) -> list[Term]:
        """Pairs of dates that stand the wrong way round; `kept`: only of dates inside their windows."""
        return [
            Term(
                f"{self._dated(order.first, kept)}*{self._dated(order.second, kept)}"
                f"*({self.field(order.first)}>{self.field(order.second)})",
                self.place(order.second),
            )
            for order in orders
        ]

    def unbalanced(self, balance: Balance) -> list[Term]:
        """Rows that break an equation, among those in which all its cells are sound numbers."""
        left, right = self.field(balance.left), [self.field(name) for name in balance.right]
        numbers = "*".join(self.sound(name) for name in (balance.left, *balance.right))
        # A text among the summands makes the sum an error, and the line says that it could not be checked.
        broken = f"({left}{'>' if balance.at_most else '<>'}{'+'.join(right)})"
        return [Term(f"{numbers}*{broken}", self.place(balance.left))]


def _no_number(block: Block) -> str:
    """Text that is no number in Vietnamese writing, or could be two numbers: 1.234."""
    area = block.area
    bare = without(area, f"{NO_BREAK} %")
    digits = without(bare, ".,+-")
    mark = f"LEFT(RIGHT({bare},4),1)"
    two_ways = (
        f'(({mark}=".")*(LEFT({bare},1)<>"0")+({mark}=","))*(LEN({bare})>4)*(LEN({bare})<8)'
        f"*(LEN({bare})-LEN({without(bare, '.,')})=1)"
    )
    wrong = f"(LEN({without(digits, '0123456789')})>0)+(LEN({digits})=0)+{two_ways}"
    return f"(1-ISNUMBER({area}))*{filled(area)}*{block.each(lambda _: 1)}*({wrong}>0)"


def _out_of_bounds(block: Block) -> str:
    """Numbers below or above what the column takes, or with a fraction where it takes none."""
    area = block.area

    def each(value: Callable[[Bounds], float], otherwise: float) -> str:
        return block.each(lambda column: f"{value(bounds_of(column)):.15g}", f"{otherwise:.15g}")

    low, high = each(lambda b: b.low, -FAR), each(lambda b: b.high, FAR)
    wrong = f"({area}<{low})+({area}>{high})"
    if any(column and bounds_of(column).whole for column in block.columns):
        whole = each(lambda b: float(b.whole), 0)
        # A number turns into text with the decimal mark of the machine.
        wrong += f'+(ISNUMBER(FIND(",",{area}))+ISNUMBER(FIND(".",{area})))*{whole}'
    return f"ISNUMBER({area})*({wrong}>0)"


def _no_date(block: Block) -> str:
    """Text that is no day of the calendar written day/month/year; a day in words or with a time passes."""
    cells = text(block.area)
    day = without(without(cells, ".-", "/"), " ")
    # Day and month, nine blanks between them. LibreOffice goes wrong after a LEFT of fewer than 0 characters.
    parts = f'SUBSTITUTE(LEFT("00000"&{day},LEN({day})),"/","{" " * 9}")'
    iso = f'RIGHT({day},4)&"-"&RIGHT("0"&TRIM(RIGHT({parts},9)),2)&"-"&RIGHT(TRIM(LEFT({parts},9)),2)'
    right = f"ISNUMBER(DATEVALUE({iso}))*(LEN({day})-LEN({without(day, '/')})=2)"
    right += f'*(LEFT(RIGHT({day},5),1)="/")*(LEN({without(f"RIGHT({day},4)", "/")})=4)'
    words = "*".join(f'ISNUMBER(SEARCH("{word}",{cells}))' for word in ("ngày", "tháng", "năm"))
    year_first = f'(MID({day},5,1)="/")*(LEN({without(f"LEFT({day},4)", "/")})=4)'
    other = f'{year_first}+ISNUMBER(FIND(":",{cells}))+{words}'
    return f"(1-ISNUMBER({block.area}))*{filled(block.area)}*{block.each(lambda _: 1)}*(({right}+{other})=0)"
