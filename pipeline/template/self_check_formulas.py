"""The formulas of KIEM_TRA, put together from the specification.

Only functions of Excel 2010 that WPS and LibreOffice know; SUMPRODUCT makes its arguments arrays without
Ctrl-Shift-Enter. A check is a list of `Term`s: an expression that is 1 at each bad cell and 0 elsewhere, and
another that is the place of the same cell (`row × 100 + column`). Their sum is the number of errors, the
smallest place is the first error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from pipeline.template.edition import Edition
from pipeline.template.places import FORM_VALUE, column_index, form_rows, targets
from pipeline.template.self_check_values import PERSON_KIND, SEVERAL, Balance, Count
from schemas.columns import FIRST_ENTRY_ROW, Column, Order, Sheet, When

#: A place is `row × ROW_WEIGHT + column`; sheets have fewer columns than this.
ROW_WEIGHT = 100
#: Larger than every place.
NOWHERE = 10_000_000
#: Limit of Excel, characters.
FORMULA_LIMIT = 8192
#: Shown where a cell holds an error value, so that nothing can be counted.
UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Term:
    """Bad cells of one kind: where they are 1, and the places of the same cells."""

    bad: str
    place: str


def counting(terms: Sequence[Term], fallback: str = f'"{UNKNOWN}"') -> str:
    """Formula: how many cells are bad."""
    return _checked(f"=IFERROR({'+'.join(f'SUMPRODUCT({term.bad})' for term in terms)},{fallback})")


def locating(terms: Sequence[Term], fallback: str = "0") -> str:
    """Formula: the place of the first bad cell; `NOWHERE` when none is bad."""
    inner = ",".join(f"{term.bad}*({NOWHERE}-{term.place})" for term in terms)
    return _checked(f"=IFERROR({NOWHERE}-SUMPRODUCT(MAX({inner})),{fallback})")


def _checked(formula: str) -> str:
    assert len(formula) <= FORMULA_LIMIT, f"formula of {len(formula)} characters"
    return formula


def _text(area: str) -> str:
    # The first blank is the one that word processors put between numbers and units.
    return f'TRIM(SUBSTITUTE({area},"\u00a0"," "))'


def _blank(area: str) -> str:
    return f"(LEN({_text(area)})=0)"


def _filled(area: str) -> str:
    return f"(LEN({_text(area)})>0)"


def _quoted(texts: Sequence[str]) -> str:
    return ",".join('"{}"'.format(text.replace('"', '""')) for text in texts)


class Formulas:
    """Expressions over one sheet: ranges of a table, single cells of a form."""

    def __init__(self, edition: Edition, sheet: Sheet) -> None:
        """Know where the sheet's fields stand in this workbook."""
        self.edition, self.sheet = edition, sheet
        self._form_rows = form_rows(sheet) if sheet.form else {}
        self._last = edition.last_row(sheet)
        self.area = self._range(1, len(sheet.columns))
        self.row_filled = self._row_filled()

    def _range(self, first: int, last: int) -> str:
        if self.sheet.form:
            rows = self._form_rows.values()
            return f"{self.sheet.code}!{xl_range_abs(min(rows) - 1, FORM_VALUE, max(rows) - 1, FORM_VALUE)}"
        return f"{self.sheet.code}!{xl_range_abs(FIRST_ENTRY_ROW - 1, first, self._last - 1, last)}"

    def field(self, name: str) -> str:
        """The cells of a field: one column of a table, one cell of a form."""
        if self.sheet.form:
            cell = xl_rowcol_to_cell(self._form_rows[name] - 1, FORM_VALUE, True, True)
            return f"{self.sheet.code}!{cell}"
        at = column_index(self.sheet, name)
        return self._range(at, at)

    def place(self, name: str) -> str:
        """The places of the cells of a field."""
        if self.sheet.form:
            return str(self._form_rows[name] * ROW_WEIGHT + FORM_VALUE + 1)
        column = column_index(self.sheet, name) + 1
        return f"({ROW_WEIGHT}*ROW({self.field(name)})+{column})"

    def _row_filled(self) -> str:
        if self.sheet.form:
            return "1"
        ones = ";".join("1" * len(self.sheet.columns))
        return f"(MMULT(--{_filled(self.area)},{{{ones}}})>0)"

    @property
    def rows(self) -> str:
        """How many rows are filled."""
        return "1" if self.sheet.form else f"SUMPRODUCT(--{self.row_filled})"

    def errors(self) -> list[Term]:
        """Cells that hold an error value."""
        return [Term(f"--ISERROR({self.area})", self._places_of_area())]

    def _places_of_area(self) -> str:
        return f"({ROW_WEIGHT}*ROW({self.area})+COLUMN({self.area}))"

    def missing(self) -> list[Term]:
        """Blank cells that must be filled."""
        terms = []
        if self.sheet.form:
            terms += [self._blank(c, "1") for c in self.sheet if c.required]
        elif any(column.required for column in self.sheet):
            mask = ",".join("1" if column.required else "0" for column in self.sheet)
            bad = f"{self.row_filled}*{_blank(self.area)}*{{{mask}}}"
            terms.append(Term(bad, self._places_of_area()))
        for column in self.sheet:
            if column.required_when and not column.required:
                terms.append(self._blank(column, self._asked(column.required_when)))
        if not (self.sheet.may_be_empty or self.sheet.form):
            first = column_index(self.sheet, next(c.name for c in self.sheet if c.required)) + 1
            terms.append(Term(f"({self.rows}=0)*1", str(FIRST_ENTRY_ROW * ROW_WEIGHT + first)))
        return terms

    def _blank(self, column: Column, asked: str) -> Term:
        return Term(f"{asked}*{_blank(self.field(column.name))}", self.place(column.name))

    def _asked(self, when: When) -> str:
        other = self.field(when.field)
        if when.is_in:
            return self._is_in(when.field, when.is_in)
        return f"{self.row_filled}*{_blank(other)}" if when.blank else _filled(other)

    def _is_in(self, field: str, codes: Sequence[str]) -> str:
        """Whether a cell holds one of some choices, as label or as code."""
        choices = dict.fromkeys((*self.edition.labels(self.sheet.by_name[field], codes), *codes))
        return f"ISNUMBER(MATCH({_text(self.field(field))},{{{_quoted(list(choices))}}},0))"

    def unknown(self, keys: dict[tuple[str, str], str]) -> list[Term]:
        """Cells that refer to a code that its sheet does not hold; `keys` gives the range of each key."""
        columns = (c for c in self.sheet if targets(c) and keys.keys() >= set(targets(c)))
        return [Term(self._unknown(column, keys), self.place(column.name)) for column in columns]

    def _unknown(self, column: Column, keys: dict[tuple[str, str], str]) -> str:
        cells = self.field(column.name)
        parts = [_filled(cells), *(f'ISERROR(FIND("{mark}",{cells}))' for mark in SEVERAL)]
        if column.subject_kind:
            parts.append(self._is_in(column.subject_kind, (PERSON_KIND,)))
        if prefix := column.outside_prefix:
            parts.append(f"(LEFT({_text(cells)},{len(prefix)})<>{_quoted([prefix])})")
        for target in targets(column):
            parts.append(f"ISNA(MATCH({_text(cells)},{_text(keys[target])},0))")
        return "*".join(parts)

    def repeated(self) -> list[Term]:
        """Rows whose key stood in a row above."""
        cells = [self.field(name) for name in self.sheet.key]
        joined = '&"|"&'.join(_text(area) for area in cells)
        whole = "*".join(_filled(area) for area in cells)
        above = f"(MATCH({joined},{joined},0)<ROW({cells[0]})-{FIRST_ENTRY_ROW - 1})"
        return [Term(f"{whole}*{above}", self.place(self.sheet.key[0]))]

    def disordered(self, orders: Sequence[Order]) -> list[Term]:
        """Pairs of dates that stand the wrong way round."""
        return [
            Term(
                f"ISNUMBER({self.field(order.first)})*ISNUMBER({self.field(order.second)})"
                f"*({self.field(order.first)}>{self.field(order.second)})",
                self.place(order.second),
            )
            for order in orders
        ]

    def unbalanced(self, balance: Balance) -> list[Term]:
        """Rows that break an equation, among those in which all its cells are numbers."""
        left, right = self.field(balance.left), [self.field(name) for name in balance.right]
        numbers = "*".join(f"ISNUMBER({area})" for area in (left, *right))
        # A text among the summands makes the sum an error, and the line says that it could not be checked.
        broken = f"({left}{'>' if balance.at_most else '<>'}{'+'.join(right)})"
        return [Term(f"{numbers}*{broken}", self.place(balance.left))]

    def miscounted(self, count: Count, actual: str) -> list[Term]:
        """The number of a form that is not the counted one."""
        cell = self.field(count.field)
        return [Term(f"ISNUMBER({cell})*({cell}<>{actual})", self.place(count.field))]

    def counted(self, choice: tuple[str, str] | None) -> str:
        """Filled rows, or those with one choice."""
        if choice is None:
            return self.rows
        field, code = choice
        return f"SUMPRODUCT(--{self._is_in(field, (code,))})"
