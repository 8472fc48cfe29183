"""One row of a plain table: what may stand in its cells, and what is said of those that cannot be read."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.raw_table import FIRST_YEAR, Fault, RawTable, text_of, unusable, yes_or_no
from pipeline.vietnamese import match_key
from schemas.vocabularies import VOCABULARIES

NEEDED = ("unit", "title", "year", "person", "won")
_FORMULA = "Mở bằng Excel, sửa công thức hoặc dán giá trị, rồi lưu lại."
#: No score, year or number of votes is larger.
_GREATEST = 1_000_000
#: Years that a written rule of rest may name.
_MOST_GAP = 15


@dataclass(frozen=True, slots=True)
class Row:
    """One person in one year, as the table tells it; NaN and None: not told."""

    number: int
    table: RawTable
    person_head: str  #: heading of the column of persons
    year_head: str
    unit: str
    title: str
    year: int
    person: str
    won: bool
    present: bool
    eligible: bool
    score: float
    rating: str | None
    group: str
    votes_for: float
    votes_total: float
    gap: int | None

    def facts(self) -> tuple[object, ...]:
        """What two rows of one person and year must agree in."""
        numbers = (self.score, self.votes_for, self.votes_total)
        shown = tuple(None if math.isnan(n) else n for n in numbers)
        return self.won, self.present, self.eligible, self.rating, self.group, self.gap, *shown

    def rank(self) -> tuple[tuple[bool, Any], ...]:
        """Order of rows that disagree, by what they tell alone: who was given something and told of more is last."""
        return tuple((fact is not None, fact) for fact in self.facts())


class RowReader:
    """Reads the cells of one row; the first fault that makes it unreadable ends it."""

    def __init__(
        self, table: RawTable, number: int, cells: Mapping[str, object], heads: Mapping[str, str], faults: list[Fault]
    ) -> None:
        """Take raw cells and headings by column; faults are added to the list."""
        self.table, self.number, self.cells, self.heads, self.faults = table, number, cells, heads, faults
        self.texts = {column: text_of(cell) for column, cell in cells.items()}

    def row(self) -> Row | None:
        """The row; None when it cannot be read."""
        wrong = self._unreadable()
        if wrong is not None:
            self.faults.append(self._fault(*wrong))
            return None
        for column, cell in self.cells.items():
            if what := unusable(cell):
                self._note(column, what, f"{_FORMULA} Tạm coi là ô trống.")
                self.texts[column] = ""
        won, eligible = bool(self._yes("won")), self._flag("eligible")
        if won and not eligible:
            self._note("eligible", "được tặng mà ghi không đủ điều kiện", "Kiểm tra; khi tính coi là đủ điều kiện.")
        votes, total = self._votes()
        texts, year = self.texts, int(self._number("year") or 0)
        return Row(
            self.number, self.table, self.heads["person"], self.heads["year"], texts["unit"], texts["title"], year,
            texts["person"], won, self._flag("present") or won, eligible or won, self._score(), self._rating(),
            texts.get("group", ""), votes, total, self._gap(),
        )  # fmt: skip

    def _unreadable(self) -> tuple[str, str, str] | None:
        """Column, what is wrong and what to do; None when the row can be read."""
        for column in NEEDED:
            if what := unusable(self.cells[column]):
                return column, what, _FORMULA
            if not self.texts[column] and column != "won":
                return column, "ô bắt buộc còn trống", "Điền ô này."
        year = self._number("year")
        last = dt.date.today().year + 1  # a later one is a slip, and would push true years out of those read
        if year is None or year != int(year) or not FIRST_YEAR <= year <= last:
            fix = f"Ghi năm bốn chữ số, từ {FIRST_YEAR} đến {last}."
            return "year", "không phải năm", fix
        if self._yes("won") is None:
            return "won", "không rõ là được hay không", "Ghi 1 (được) hoặc 0 (không)."
        return None

    def _fault(self, column: str, what: str, fix: str, left_out: int = 1) -> Fault:
        return self.table.fault(self.number, self.heads[column], what, fix, left_out, self.texts[column])

    def _note(self, column: str, what: str, fix: str) -> None:
        self.faults.append(self._fault(column, what, fix, left_out=0))

    def _yes(self, column: str) -> bool | None:
        return yes_or_no(self.texts.get(column, ""))

    def _flag(self, column: str) -> bool:
        """Yes where the column is not there or blank."""
        if not self.texts.get(column):
            return True
        found = self._yes(column)
        if found is None:
            self._note(column, "không rõ là có hay không", "Ghi 1 hoặc 0; tạm coi là có.")
        return found is not False

    def _number(self, column: str) -> float | None:
        text = self.texts.get(column, "").replace(" ", "").replace(",", ".")
        try:
            value = float(text)
        except ValueError:
            return None
        return value if abs(value) <= _GREATEST else None

    def _score(self) -> float:
        if not self.texts.get("score"):
            return float("nan")
        value = self._number("score")
        if value is None:
            self._note(
                "score",
                "không phải điểm",
                "Ghi số, không quá một triệu; tạm coi là không có điểm.",
            )
        return float("nan") if value is None else value

    def _rating(self) -> str | None:
        text = self.texts.get("rating", "")
        if not text:
            return None
        found = _RATINGS.get(match_key(text))
        if found is None:
            self._note("rating", "không phải mức xếp loại", "Ghi HTXSNV, HTTNV, HTNV, KHTNV hoặc viết đủ chữ.")
        return found

    def _votes(self) -> tuple[float, float]:
        nothing = (float("nan"), float("nan"))
        if not (self.texts.get("votes_for") or self.texts.get("votes_total")):
            return nothing
        votes, total = self._number("votes_for"), self._number("votes_total")
        if votes is None or total is None or not 0 <= votes <= total or not total:
            column = "votes_for" if "votes_for" in self.heads else "votes_total"
            self._note(column, "số phiếu không hợp lý", "Phiếu đồng ý phải từ 0 đến tổng số phiếu; tạm bỏ số phiếu.")
            return nothing
        return votes, total

    def _gap(self) -> int | None:
        if not self.texts.get("gap"):
            return None
        value = self._number("gap")
        if value is None or value != int(value) or not 0 <= value <= _MOST_GAP:
            self._note("gap", "không phải số năm nghỉ", "Ghi số năm, 0 nếu không có quy định.")
            return None
        return int(value)


_RATINGS: dict[str, str] = {
    match_key(word): entry.code
    for entry in VOCABULARIES["XEP_LOAI"]
    if entry.code != "CHUA_XL"
    for word in (entry.code, entry.label)
}
