"""Python's answer to the checks of KIEM_TRA that hold one sheet against another; see self_check_links.py."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.template.places import targets
from pipeline.template.self_check_values import (
    COLLECTIVE,
    NAMED,
    PERSON_KIND,
    ROUNDING,
    SEVERAL,
    SHARE_ROUNDING,
    UNIT_LEVEL,
    Count,
    Grid,
    Place,
    Row,
    bounds_of,
    capitals,
    number_of,
    text_of,
)
from schemas.columns import Column

Grids = Mapping[str, Grid]


def first_rows(grid: Grid, key: str) -> dict[str, Row]:
    """Code → the first row that carries it; of codes that differ only in capitals, the upper one."""
    rows: dict[str, Row] = {}
    seen = set()
    for _, row in grid.rows:
        code = text_of(row[key])
        if code and code.casefold() not in seen:
            seen.add(code.casefold())
            rows[code] = row
    return rows


def unknown(own: Grid, grids: Grids) -> list[Place]:
    """Cells that refer to a code that its sheet does not hold, or to a unit other than this."""
    bad = []
    for column in own.sheet:
        goals = targets(column)
        if not goals or any(sheet not in grids for sheet, _ in goals):
            continue
        known = {code for sheet, field in goals for code in first_rows(grids[sheet], field)}
        for line, row in own.rows:
            text = text_of(row[column.name])
            if text and (_is_foreign(own, column, row, text) or (_asked(own, column, row, text) and text not in known)):
                bad.append(own.place(line, column.name))
    return bad


def _asked(own: Grid, column: Column, row: Row, text: str) -> bool:
    if column.many and SEVERAL in text:
        return False
    if NAMED in text and any(field == "ma_cc" for _, field in targets(column)):
        return False
    if column.outside_prefix and text.startswith(column.outside_prefix):
        return False
    return not column.subject_kind or own.is_in(row, column.subject_kind, (PERSON_KIND,))


def _is_foreign(own: Grid, column: Column, row: Row, text: str) -> bool:
    unit = own.edition.identity.unit
    if not (column.subject_kind and unit):
        return False
    return own.is_in(row, column.subject_kind, (COLLECTIVE,)) and text != unit


def differing(own: Grid, issued: dict[str, str]) -> list[Place]:
    """Cells that do not say what the file was issued for."""
    return [
        own.place(line, name)
        for line, row in own.rows
        for name, right in issued.items()
        if text_of(row[name]) not in ("", right)
    ]


def miscounted(form: Grid, count: Count, table: Grid) -> list[Place]:
    """The number of a form that is not the counted one; nothing without rows, or where a choice is wrong."""
    actual = len(table.rows)
    if not actual:
        return []
    if count.choice:
        field, code = count.choice
        if not all(table.chosen(table.sheet.by_name[field], text_of(row[field])) for _, row in table.rows):
            return []
        actual = sum(table.is_in(row, field, (code,)) for _, row in table.rows)
    return [
        form.place(line, count.field)
        for line, row in form.rows
        if (number := form.sound(row, count.field)) is not None and number != actual
    ]


def missummed(form: Grid, field: str, table: Grid, summed: str) -> list[Place]:
    """The total of a form that is not the sum of a column; nothing where the column holds text or nothing."""
    bounds = bounds_of(table.sheet.by_name[summed])
    numbers = [n for _, row in table.rows if (n := number_of(row[summed])) is not None]
    kept = [n for n in numbers if bounds.low <= n <= bounds.high]
    if not kept or any(isinstance(row[summed], str) for _, row in table.rows):
        return []
    return [
        form.place(line, field)
        for line, row in form.rows
        if (total := form.sound(row, field)) is not None and abs(total - sum(kept)) > ROUNDING
    ]


def misshared(own: Grid, code: str, share: str) -> list[Place]:
    """The first share of each code whose shares are all there and do not add up to 100."""
    lines: dict[str, list[tuple[int, float | None]]] = {}
    for line, row in own.rows:
        if key := text_of(row[code]).casefold():
            lines.setdefault(key, []).append((line, own.sound(row, share)))
    bad = []
    for rows in lines.values():
        shares = [number for _, number in rows if number is not None]
        if len(shares) == len(rows) and abs(sum(shares) - 100) > SHARE_ROUNDING * len(shares):
            bad.append(own.place(rows[0][0], share))
    return bad


def misnamed(own: Grid, staff: Grid) -> list[Place]:
    """Names of persons that NHAN_SU spells otherwise, of the unit that its template spells otherwise."""
    people, who = first_rows(staff, "ma_cc"), own.edition.identity
    bad = []
    for line, row in own.rows:
        code, name = text_of(row["ma_doi_tuong"]), text_of(row["ten_doi_tuong"])
        right = ""
        if own.is_in(row, "doi_tuong", (PERSON_KIND,)) and code in people:
            right = text_of(people[code]["ho_ten"])
        elif own.is_in(row, "doi_tuong", (COLLECTIVE,)) and code == who.unit:
            right = who.unit_name
        if name and right and capitals(name) != capitals(right):
            bad.append(own.place(line, "ten_doi_tuong"))
    return bad


def misconcluded(votes: Grid, nominations: Grid) -> list[Place]:
    """Conclusions of the unit's last vote on a nomination that DE_NGHI says otherwise."""
    known = first_rows(nominations, "ma_dn")
    mine = [(line, row) for line, row in votes.rows if votes.is_in(row, "cap_hop", (UNIT_LEVEL,))]
    last: dict[str, float] = {}
    for _, row in mine:
        code, vote = text_of(row["ma_dn"]), number_of(row["vong"])
        if vote is not None and text_of(row["ket_luan"]):
            last[code] = max(vote, last.get(code, vote))
    said_by, result_by = votes.sheet.by_name["ket_luan"], nominations.sheet.by_name["ket_qua"]
    bad = []
    for line, row in mine:
        code, vote, said = text_of(row["ma_dn"]), votes.sound(row, "vong"), text_of(row["ket_luan"])
        if code not in known or vote is None or vote < last.get(code, vote) or not votes.chosen(said_by, said):
            continue
        result = text_of(known[code]["ket_qua"])
        if nominations.chosen(result_by, result) and result != said:
            bad.append(votes.place(line, "ket_luan"))
    return bad
