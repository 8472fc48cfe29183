"""The organisation of the fictional province: its units through time, its period and deadlines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from schemas.vocabularies import Entry, Vocabulary

PERIOD_YEAR = 2026
PERIOD = str(PERIOD_YEAR)
PERIOD_START, PERIOD_END = dt.date(2025, 12, 1), dt.date(2026, 11, 30)
SEASON_END = dt.date(2027, 1, 31)
COUNCIL_MEETS = dt.date(2026, 12, 10)
#: Last day of the district offices, first day of the area offices.
DISTRICT_END, AREA_START = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
#: First award year of the area offices.
AREA_YEAR = 2025
AREA_DEADLINE, ROOM_DEADLINE = dt.datetime(2026, 11, 16, 16, 0), dt.datetime(2026, 11, 17, 10, 0)
DEFAULT_UNITS, DEFAULT_YEARS, DEFAULT_SEED = 16, 8, 2026
OFFICE_ADDRESS = "tdkt@vks-mau.example"
SUBMIT_TO = f"Văn phòng tổng hợp VKSND tỉnh Mẫu, {OFFICE_ADDRESS}"
PROVINCE = "VKSND tỉnh Mẫu"

_ROOMS = ("P1", "P2", "P3", "P7", "P8", "P9", "P10", "P11", "P12", "P15")
_BLOCK_SIZE = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit in one stretch of its life."""

    code: str
    name: str
    kind: str  #: code of LOAI_DON_VI
    block: str
    since: dt.date
    until: dt.date | None = None
    successor: str = ""
    difficulty: int = 0

    @property
    def label(self) -> str:
        """How drop-downs show the unit."""
        return f"{self.code} – {self.name}"

    @property
    def area(self) -> bool:
        """Whether it is an area office."""
        return self.kind == "KHU_VUC"

    @property
    def deadline(self) -> dt.datetime:
        """When its file is due."""
        return AREA_DEADLINE if self.area else ROOM_DEADLINE

    @property
    def email(self) -> str:
        """The address from which it submits."""
        return f"{self.code.lower()}@vks-mau.example"


def _blocks(name: str, count: int) -> list[str]:
    """Name the block of each of `count` units: one block, or several of at most twelve."""
    if count <= _BLOCK_SIZE:
        return [name] * count
    return [f"{name} {i // _BLOCK_SIZE + 1}" for i in range(count)]


def _room(code: str, block: str) -> Unit:
    names = {"VP": "Văn phòng tổng hợp", "TT": "Thanh tra"}
    return Unit(code, names.get(code, f"Phòng {code[1:]}"), "PHONG", block, dt.date(2015, 6, 1))


@dataclass(frozen=True)
class Shape:
    """All units: those that must submit, and the districts that ended."""

    active: tuple[Unit, ...]
    ended: tuple[Unit, ...]

    @property
    def every(self) -> tuple[Unit, ...]:
        """All units, the active ones first."""
        return self.active + self.ended

    @property
    def unit_list(self) -> Vocabulary:
        """The province's list DON_VI."""
        return tuple(Entry(u.code, u.label, u.since, u.until) for u in self.every)

    @property
    def block_list(self) -> Vocabulary:
        """The province's list KHOI."""
        return tuple(Entry(b, b) for b in dict.fromkeys(u.block for u in self.every))

    def predecessors(self, unit: Unit) -> tuple[Unit, ...]:
        """Return the districts merged into an area office."""
        return tuple(u for u in self.ended if u.successor == unit.code)


def shape_of(count: int) -> Shape:
    """Lay out a province with `count` active units: a quarter are area offices, the others rooms.

    Raises:
        ValueError: `count` is not positive.
    """
    if count < 1:
        raise ValueError("a province has at least one unit")
    areas = count // 4
    numbered = tuple(f"P{i + 1}" for i in range(count - areas))
    rooms = ("VP", "TT", *_ROOMS) if count == DEFAULT_UNITS else numbered
    area_units = tuple(
        Unit(f"KV{i + 1}", f"VKSND khu vực {i + 1}", "KHU_VUC", block, AREA_START, difficulty=i % 4)
        for i, block in enumerate(_blocks("Khối khu vực", areas))
    )
    room_units = tuple(_room(c, b) for c, b in zip(rooms, _blocks("Khối phòng", len(rooms)), strict=True))
    ended = tuple(
        Unit(
            f"H{i + 1}",
            f"VKSND huyện Mẫu {i + 1}",
            "HUYEN",
            "Khối huyện (đến 6/2025)",
            dt.date(2004, 1, 1),
            DISTRICT_END,
            f"KV{i // 2 + 1}",
            i % 4,
        )
        for i in range(2 * areas)
    )
    return Shape(area_units + room_units, ended)
