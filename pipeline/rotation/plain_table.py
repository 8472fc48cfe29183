"""A plain table of who was given what (an office's old Excel list) as series.

One row a person and year. Anything wrong with a row costs that row alone, and is said with its row and column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from pipeline.findings import column_letters
from pipeline.raw_table import Fault, RawTable, text_of
from pipeline.rotation.merit import composite
from pipeline.rotation.plain_row import NEEDED, Row, RowReader
from pipeline.rotation.series import MOST_YEARS, Series
from pipeline.vietnamese import match_key, plain_key

#: Column → names under which it may be headed, as `plain_key` of them.
HEADINGS = {
    "unit": ("unit", "donvi", "madonvi", "phong"),
    "title": ("title", "danhhieu", "hinhthuc"),
    "year": ("year", "nam"),
    "person": ("person", "nguoi", "hoten", "hovaten", "manguoi", "macongchuc", "macc"),
    "won": ("won", "dat", "duoc", "duoctang"),
    "present": ("present", "comat", "odonvi"),
    "eligible": ("eligible", "dudieukien"),
    "score": ("score", "diem"),
    "rating": ("rating", "xeploai"),
    "group": ("group", "to", "tocongtac", "nhom"),
    "votes_for": ("votesfor", "phieudongy", "dongy"),
    "votes_total": ("votestotal", "tongphieu", "phieuhople"),
    "gap": ("gap", "sonamnghi", "nghi"),
}
#: Headings of codes: where a name stands beside, the code is read.
_CODES = frozenset({"madonvi", "manguoi", "macongchuc", "macc"})
#: Columns that are named when they are not read.
_MOST_NAMED = 10
#: How a missing column is named to people.
_PRINTED = {"unit": "don_vi", "title": "danh_hieu", "year": "nam", "person": "nguoi", "won": "dat"}
#: Unit, title, year and person, as compared.
_Key = tuple[str, str, int, str]


class WrongTable(Exception):
    """The table has no usable header; the fault says what is missing."""

    def __init__(self, fault: Fault) -> None:
        """Take what is wrong; as text it is that in one line."""
        super().__init__(fault)
        self.fault = fault


@dataclass
class PlainTables:
    """What was read of one or several tables."""

    series: list[Series] = field(default_factory=list)
    shares: list[np.ndarray] = field(default_factory=list)  #: (T, n) part of the votes beside each series, or NaN
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0  #: rows with anything in them


def read_tables(files: Sequence[Sequence[RawTable]]) -> PlainTables:
    """Read all visible sheets of files that have the header in their first row as one list.

    Raises:
        WrongTable: no sheet of a file has it: all lack a column that is needed, have one twice, or are hidden.
    """
    found = PlainTables()
    kept: dict[_Key, Row] = {}
    names: dict[str, str] = {}
    for table, place in (usable for sheets in files for usable in _usable(sheets, found.faults)):
        for row in _rows(table, place, found):
            key = (match_key(row.unit), match_key(row.title), row.year, match_key(row.person))
            for same, spelt in ((key[0], row.unit), (key[1], row.title)):
                names[same] = min(names.get(same, spelt), spelt)
            _keep(key, row, kept, found.faults)
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for (unit, title, _, _), row in kept.items():
        groups[unit, title].append(row)
    for unit, title in sorted(groups):
        series, share = _series(names[unit], names[title], groups[unit, title], found.faults)
        found.series.append(series)
        found.shares.append(share)
    return found


def _keep(key: _Key, row: Row, kept: dict[_Key, Row], faults: list[Fault]) -> None:
    """Count one row of a person and year; which one of those that disagree does not depend on their order."""
    before = kept.setdefault(key, row)
    if before is row:
        return
    row, before = sorted((row, before), key=Row.rank)
    kept[key] = before
    where = f"dòng {before.number}" + (f" của {before.table.name}" if before.table is not row.table else "")
    if before.facts() == row.facts():
        what, fix = f"lặp lại {where}", "Xóa một dòng; đã tính một lần."
    else:
        what = f"cùng người, cùng năm với {where} nhưng nội dung khác"
        fix = "Giữ một dòng đúng (hai người trùng tên thì ghi mã thay tên); tạm tính dòng kia."
    faults.append(row.table.fault(row.number, row.person_head, what, fix, value=row.person))


def _usable(sheets: Sequence[RawTable], faults: list[Fault]) -> list[tuple[RawTable, dict[str, int]]]:
    """Sheets of one file that can be read, with the places of their columns; the others are said.

    Raises:
        WrongTable: there is none.
    """
    usable: list[tuple[RawTable, dict[str, int]]] = []
    unread: list[Fault] = []
    for table in sorted(sheets, key=lambda sheet: sheet.hidden):
        try:
            usable.append((table, _header(table)))
        except WrongTable as wrong:
            unread.append(wrong.fault)
    if not usable:
        raise WrongTable(unread[0])
    faults += [replace(fault, what=f"không đọc trang này vì {fault.what}") for fault in unread]
    return usable


def _rows(table: RawTable, place: Mapping[str, int], found: PlainTables) -> Iterator[Row]:
    found.faults += table.faults()
    found.rows += len(table.broken)
    head = table.rows[0]
    heads = {column: text_of(head[at]) for column, at in place.items()}
    others = [at for at in range(len(head)) if at not in place.values()]
    unread = {at for at in others if text_of(head[at])}
    for number, cells in enumerate(table.rows[1:], 2):
        told = {column: cells[at] if at < len(cells) else "" for column, at in place.items()}
        longer = any(map(text_of, cells[len(head) :]))
        beside = [at for at in others if at < len(cells) and text_of(cells[at])]
        unread.update(beside)
        blank = not any(map(text_of, told.values()))
        if blank and not longer and not beside:
            continue
        found.rows += 1
        if longer:  # a delimiter within a cell: which cell is which cannot be told
            what = "dòng có nhiều ô hơn dòng tên cột nên các ô có thể bị lệch"
            fix = "Đặt trong ngoặc kép ô có dấu phân cách, hoặc bỏ ô thừa."
            found.faults.append(table.fault(number, column_letters(len(head) + 1), what, fix))
            continue
        if blank:
            what, fix = "dòng chỉ có chữ ở cột không đọc", "Điền các cột cần đọc, hoặc xóa dòng."
            found.faults.append(table.fault(number, column_letters(beside[0] + 1), what, fix))
            continue
        row = RowReader(table, number, told, heads, found.faults).row()
        if row is not None:
            yield row
    if unread:
        found.faults.append(_unread(table, sorted(unread)))


def _unread(table: RawTable, columns: Sequence[int]) -> Fault:
    """Columns that nothing here reads; their headings may name somebody, so the letters are said."""
    letters = ", ".join(column_letters(at + 1) for at in columns[:_MOST_NAMED]) + ", …" * (len(columns) > _MOST_NAMED)
    headings = ", ".join(filter(None, (text_of(table.rows[0][at]) for at in columns[:_MOST_NAMED])))
    fix = "Nếu cần đọc thì đặt tên cột như trong: tdkt rotation -h"
    return table.fault(1, letters, "tên cột lạ, không đọc", fix, 0, headings)


def _header(table: RawTable) -> dict[str, int]:
    """Column → place.

    Raises:
        WrongTable: as of `read_tables`.
    """
    if table.hidden:
        raise WrongTable(table.fault(0, "", "trang đang ẩn", "Nếu cần đọc thì cho hiện trang rồi chạy lại.", 0))
    known = {heading: column for column, headings in HEADINGS.items() for heading in headings}
    place: dict[str, int] = {}
    head = [text_of(cell) for cell in table.rows[0]] if table.rows else []
    for at, heading in enumerate(head):
        column = known.get(plain_key(heading))
        if column is None:
            continue
        before = head[place[column]] if column in place else ""
        if before and (plain_key(before) in _CODES) == (plain_key(heading) in _CODES):
            what = f"hai cột cùng nghĩa «{before}» và «{heading}»"
            raise WrongTable(table.fault(1, "", what, "Bỏ một cột.", 0))
        if plain_key(before) not in _CODES:
            place[column] = at
    missing = [column for column in NEEDED if column not in place]
    if missing:
        wanted = ", ".join(f"{column} ({_PRINTED[column]})" for column in missing)
        raise WrongTable(table.fault(1, "", f"thiếu cột {wanted}", "Dòng 1 phải là tên cột.", 0))
    return place


def _series(unit: str, title: str, rows: list[Row], faults: list[Fault]) -> tuple[Series, np.ndarray]:
    """Lay the rows of one unit and title out; years without any row did not happen.

    Of what came before the years that are tested, only who was there is kept, as if it were one year.
    """
    last = max(row.year for row in rows)
    first = max(min(row.year for row in rows), last - MOST_YEARS + 1)
    earlier = [row for row in rows if row.year < first]
    rows = [row for row in rows if row.year >= first]
    if earlier:
        row = min(earlier, key=lambda r: (r.table.name, r.number))
        what = f"{len(earlier)} dòng trước năm {first} của đơn vị và danh hiệu ở dòng này không được xét"
        fix = f"Chỉ xét {MOST_YEARS} năm gần nhất; nếu năm {last} là gõ nhầm thì sửa năm ấy."
        faults.append(row.table.fault(row.number, row.year_head, what, fix, len(earlier)))
    years = tuple(range(first - bool(earlier), last + 1))
    people: dict[str, str] = {}
    for row in rows:
        key = match_key(row.person)
        people[key] = min(people.get(key, row.person), row.person)
    order = {key: place for place, key in enumerate(sorted(people))}
    shape = (len(years), len(order))
    present, eligible, won = (np.zeros(shape, dtype=bool) for _ in range(3))
    score, votes, total = (np.full(shape, np.nan) for _ in range(3))
    rating: np.ndarray[Any, Any] = np.full(shape, None, dtype=object)
    teams = [""] * len(order)
    gaps = {row.gap for row in rows if row.gap is not None}
    if len(gaps) > 1:
        row = next(r for r in rows if r.gap not in (None, max(gaps)))
        fix = "Ghi một số cho cả đơn vị và danh hiệu; tạm tính số lớn nhất."
        faults.append(row.table.fault(row.number, "gap", "số năm nghỉ không thống nhất trong đơn vị", fix, 0))
    for row in earlier:
        if row.present and match_key(row.person) in order:
            present[0, order[match_key(row.person)]] = True
    for row in sorted(rows, key=lambda r: r.year):
        t, i = row.year - years[0], order[match_key(row.person)]
        present[t, i], eligible[t, i], won[t, i] = row.present, row.eligible, row.won
        score[t, i], rating[t, i] = row.score, row.rating
        votes[t, i], total[t, i] = row.votes_for, row.votes_total
        teams[i] = row.group or teams[i]
    merit = composite(rating, score, np.zeros(shape))
    groups = tuple(teams) if len({team for team in teams if team}) > 1 else ()
    persons = tuple(people[key] for key in order)
    series = Series(unit, title, years, persons, present, eligible, merit, won, max(gaps) if gaps else None, groups)
    return series, votes / total
