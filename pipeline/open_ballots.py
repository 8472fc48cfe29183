"""`phieu-cong-khai.csv`: who voted for whom, only where a unit votes openly and says so. Kept in memory, never shown.

Optional, in the province folder: one row a voter, candidate and year, with columns `don_vi, nam, nguoi_bo_phieu,
ung_vien, dong_y` (1 or 0). A secret ballot is never recorded by name.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.raw_table import FIRST_YEAR, Fault, RawTable, read_raw, text_of, unusable, yes_or_no
from pipeline.refusals import CannotRun
from pipeline.vietnamese import match_key, plain_key

FILE_NAME = "phieu-cong-khai.csv"
COLUMNS = ("don_vi", "nam", "nguoi_bo_phieu", "ung_vien", "dong_y")


@dataclass(frozen=True, slots=True)
class Ballot:
    """One voter's word on one candidate."""

    unit: str  #: its code; as written where the province has no such unit
    year: int
    voter: str
    candidate: str
    agreed: bool


@dataclass(frozen=True)
class OpenBallots:
    """What the file holds."""

    rows: tuple[Ballot, ...]
    faults: tuple[str, ...]  #: what could not be read and where; names nobody
    sha256: str


def read_open_ballots(folder: Path, units: Mapping[str, str], last_year: int) -> OpenBallots | None:
    """Read the file of a province folder; None when there is none. What is wrong in it stops nothing.

    Args:
        folder: the province folder.
        units: names of units by code; a row may bear either, however it is spelt.
        last_year: a later year is a slip, and would push true years out of those read.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    try:
        tables = read_raw(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (CannotRun, OSError) as error:
        return OpenBallots((), (str(error),), "")
    known = _known(units)
    kept: dict[tuple[str, int, str, str], tuple[Ballot, str]] = {}
    contradicted: set[tuple[str, int, str, str]] = set()
    faults: list[Fault] = []
    for table, number, ballot in _ballots(tables, last_year, faults):
        unit = known.get(match_key(ballot.unit), ballot.unit)
        key = (unit, ballot.year, match_key(ballot.voter), match_key(ballot.candidate))
        mine = replace(ballot, unit=unit)
        before, where = kept.setdefault(key, (mine, f"dòng {number}"))
        if before is mine:
            continue
        if before.agreed == ballot.agreed:
            faults.append(table.fault(number, "", f"lặp lại {where}, chỉ tính một lần", ""))
        else:
            contradicted.add(key)
            faults.append(table.fault(number, "", f"trái với {where}, không tính cả hai", ""))
    rows = tuple(ballot for key, (ballot, _) in kept.items() if key not in contradicted)
    return OpenBallots(rows, tuple(fault.place_and_kind for fault in faults), digest)


def _known(units: Mapping[str, str]) -> dict[str, str]:
    """Code of a unit by what it may be called; a name that several bear tells none."""
    bearers = Counter(match_key(name) for name in units.values())
    names = {match_key(name): code for code, name in units.items() if bearers[match_key(name)] == 1}
    return names | {match_key(code): code for code in units}


def _ballots(tables: Sequence[RawTable], last_year: int, faults: list[Fault]) -> Iterator[tuple[RawTable, int, Ballot]]:
    """Rows that can be read, with their places."""
    for table in tables:
        raw = table.rows
        place = {plain_key(text_of(cell)): at for at, cell in enumerate(raw[0] if raw else ())}
        missing = [name for name in COLUMNS if plain_key(name) not in place]
        if table.hidden or missing:
            what = "trang đang ẩn nên không đọc" if table.hidden else f"thiếu cột {', '.join(missing)}"
            faults.append(table.fault(0 if table.hidden else 1, "", what, ""))
            continue
        faults += table.faults()
        for number, cells in enumerate(raw[1:], 2):
            ballot = [cells[at] if (at := place[plain_key(name)]) < len(cells) else "" for name in COLUMNS]
            if any(map(text_of, cells[len(raw[0]) :])):
                faults.append(table.fault(number, "", "dòng có nhiều ô hơn dòng tên cột", ""))
            elif any(map(text_of, ballot)):
                found = _ballot(ballot, last_year)
                if isinstance(found, Ballot):
                    yield table, number, found
                else:
                    faults.append(table.fault(number, found, "ô trống hoặc không đọc được", ""))


def _ballot(cells: Sequence[object], last_year: int) -> Ballot | str:
    """One row; the name of the column that is wrong otherwise."""
    texts = ["" if unusable(cell) else text_of(cell) for cell in cells]
    unit, year, voter, candidate, agreed = texts
    for name, text in zip(COLUMNS, texts, strict=True):
        if not text:
            return name
    if not year.isdecimal() or len(year) != 4 or not FIRST_YEAR <= int(year) <= last_year:
        return "nam"
    answer = yes_or_no(agreed)
    return "dong_y" if answer is None else Ballot(unit, int(year), voter, candidate, answer)
