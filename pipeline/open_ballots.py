"""`phieu-cong-khai.csv`: who voted for whom, only where a unit votes openly and says so. Kept in memory, never shown.

Optional, in the province folder: one row a voter, candidate and year, with columns `don_vi, nam, nguoi_bo_phieu,
ung_vien, dong_y` (1 or 0). A secret ballot is never recorded by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.raw_table import FIRST_YEAR, read_raw, text_of, unusable, yes_or_no
from pipeline.refusals import CannotRun
from pipeline.vietnamese import plain_key

FILE_NAME = "phieu-cong-khai.csv"
COLUMNS = ("don_vi", "nam", "nguoi_bo_phieu", "ung_vien", "dong_y")


@dataclass(frozen=True, slots=True)
class Ballot:
    """One voter's word on one candidate."""

    unit: str
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


def read_open_ballots(folder: Path, last_year: int) -> OpenBallots | None:
    """Read the file of a province folder; None when there is none. What is wrong in it stops nothing.

    A year after `last_year` is a slip, and would push true years out of those read.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    try:
        table = read_raw(path)[0]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (CannotRun, OSError) as error:
        return OpenBallots((), (str(error),), "")
    raw = table.rows
    place = {plain_key(text_of(cell)): at for at, cell in enumerate(raw[0] if raw else ())}
    missing = [name for name in COLUMNS if plain_key(name) not in place]
    if missing:
        return OpenBallots((), (f"dòng 1 của {FILE_NAME} thiếu cột {', '.join(missing)}",), digest)
    rows: list[Ballot] = []
    faults = [str(fault) for fault in table.faults()]
    for number, cells in enumerate(raw[1:], 2):
        ballot = [cells[at] if (at := place[plain_key(name)]) < len(cells) else "" for name in COLUMNS]
        if any(map(text_of, cells[len(raw[0]) :])):
            faults.append(f"{FILE_NAME}, dòng {number}: dòng có nhiều ô hơn dòng tên cột")
        elif any(map(text_of, ballot)):
            found = _ballot(ballot, last_year)
            if isinstance(found, Ballot):
                rows.append(found)
            else:
                faults.append(f"{FILE_NAME}, dòng {number}, cột {found}: ô trống hoặc không đọc được")
    return OpenBallots(tuple(rows), tuple(faults), digest)


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
