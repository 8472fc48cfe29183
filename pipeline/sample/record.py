"""The province's years put together: every person-year, every award, and the present year."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.sample.career import PersonYear, Story, Stream, open_stream, work_year
from pipeline.sample.people import Person, Registry
from pipeline.sample.shape import AREA_YEAR, PERIOD_YEAR, Shape, Unit
from pipeline.sample.stories import LISTED_TWICE, PLANTED

_ENOUGH_ADVANCED = 0.7
_EXCELLENT_UNITS = 0.2
_MEDAL_SERVICE = 15
_ISSUERS = {"TINH": "VKSND tỉnh Mẫu", "TOI_CAO": "VKSND tối cao"}
_BY_SUPREME = ("CSTD_NGANH", "CO_NGANH", "BK", "KNC")
_FORMS = ("GK", "BK", "KNC")


@dataclass(frozen=True, slots=True)
class Award:
    """One title or form that somebody holds."""

    subject: str  #: staff code or unit code
    name: str
    collective: bool
    year: int
    what: str  #: code of DANH_HIEU or HINH_THUC
    unit: str  #: unit at that time

    @property
    def is_form(self) -> bool:
        """Whether it is a form of commendation, not a title."""
        return self.what in _FORMS

    @property
    def issuer(self) -> str:
        """Who decided."""
        return _ISSUERS["TOI_CAO" if self.what in _BY_SUPREME else "TINH"]

    @property
    def signed(self) -> dt.date:
        """Day of the decision; all awards of one kind and year stand in one decision."""
        if self.what == "KNC":
            return dt.date(self.year, 7, 20)
        if self.what in _BY_SUPREME:
            return dt.date(self.year + 1, 3, 12 + self.year % 9)
        return dt.date(self.year, 12, 14 + self.year % 9)

    @property
    def number(self) -> str:
        """Number of the decision."""
        kinds = ("LDTT", "CSTDCS", "TTLDTT", "TTLDXS", "CSTD_NGANH", "CO_NGANH", "GK", "BK", "KNC")
        serial = 100 + 70 * kinds.index(self.what) + self.year % 50
        return f"{serial}/QĐ-{'VKSTC' if self.what in _BY_SUPREME else 'VKS'}"


@dataclass
class Record:
    """Everything that happened."""

    shape: Shape
    seed: int
    registry: Registry
    leaders: list[Person] = field(default_factory=list)  #: of the province, not in any unit
    past: list[PersonYear] = field(default_factory=list)
    present: dict[str, list[PersonYear]] = field(default_factory=dict)  #: unit code → rows of the period
    #: unit → who came in the period, and from which unit
    arrivals: dict[str, list[tuple[PersonYear, str]]] = field(default_factory=dict)
    awards: list[Award] = field(default_factory=list)
    by_subject: dict[str, list[Award]] = field(default_factory=dict)

    def held(self, subject: str, what: str) -> set[int]:
        """Years in which a subject was given a title or form."""
        return {a.year for a in self.by_subject.get(subject, ()) if a.what == what}

    def give(self, award: Award) -> None:
        """Book an award."""
        self.awards.append(award)
        self.by_subject.setdefault(award.subject, []).append(award)


def live(shape: Shape, years: int, seed: int, staff: int, planted: bool) -> Record:
    """Simulate `years` past years and the period.

    Args:
        shape: the units.
        years: past years before the period; 0 gives a province without history.
        seed: equal seeds give equal provinces.
        staff: average people of a unit; 0 gives 7 to 14.
        planted: whether the units of `stories` carry their stories.
    """
    registry = Registry(seed)
    record = Record(shape, seed, registry)
    rng = random.Random(f"province|{seed}")
    day = dt.date(PERIOD_YEAR - years, 1, 1)
    record.leaders = [registry.hire(rng, day, senior=True) for _ in range(3)]
    stories: Mapping[str, Story] = PLANTED if planted else {}
    streams: dict[str, Stream] = {}
    first = PERIOD_YEAR - years
    for year in range(first, PERIOD_YEAR + 1):
        rows_by_unit = _one_year(record, streams, stories, year, first, staff)
        if year < PERIOD_YEAR:
            _book_year(record, rows_by_unit, year)
        else:
            record.present = rows_by_unit
    _move_people(record, planted)
    return record


def _size(rng: random.Random, unit: Unit, staff: int, story: Story) -> int:
    if story.size:
        return story.size
    if staff:
        return max(3, rng.randint(round(staff * 0.75), round(staff * 1.25)))
    return rng.randint(10, 14) if unit.area else rng.randint(7, 10)


def _one_year(
    record: Record, streams: dict[str, Stream], stories: Mapping[str, Story], year: int, first: int, staff: int
) -> dict[str, list[PersonYear]]:
    """Let every unit of a year work; opens streams as units begin."""
    rows: dict[str, list[PersonYear]] = {}
    shape, seed, registry = record.shape, record.seed, record.registry
    before = year < AREA_YEAR
    units = [u for u in shape.active if not (before and u.area)] + (list(shape.ended) if before else [])
    for unit in units:
        begins = unit.code not in streams
        if begins:
            story = stories.get(unit.code, Story())
            rng = random.Random(f"size|{seed}|{unit.successor or unit.code}")
            size = _size(rng, unit, staff, stories.get(unit.successor, story))
            people: list[Person] | None = None
            if unit.area:
                districts = [streams[d.code] for d in shape.predecessors(unit) if d.code in streams]
                people = [person for district in districts for person in district.people]
            elif unit.kind == "HUYEN":
                twins = [u.code for u in shape.predecessors(_unit(shape, unit.successor))]
                size = max(3, size // 2 + (size % 2 if twins[0] == unit.code else 0))
            streams[unit.code] = open_stream(unit, size, year, story, registry, seed, people or None)
        rows[unit.code] = work_year(streams[unit.code], year, registry, first=begins or year == first)
    return rows


def _unit(shape: Shape, code: str) -> Unit:
    return next(u for u in shape.active if u.code == code)


def _book_year(record: Record, rows_by_unit: dict[str, list[PersonYear]], year: int) -> None:
    names = {u.code: u.name for u in record.shape.every}
    excellent = set(best_units(rows_by_unit))
    for code, rows in rows_by_unit.items():
        record.past.extend(rows)
        for row in rows:
            for title in row.titles:
                record.give(Award(row.person.code, row.person.name, False, year, title, code))
            _book_forms(record, row)
        if advanced(rows):
            what = "TTLDXS" if code in excellent else "TTLDTT"
            record.give(Award(code, names[code], True, year, what, code))


def _book_forms(record: Record, row: PersonYear) -> None:
    """Give what follows from a run of titles, and the medal for long service."""
    person, year = row.person, row.year
    won = record.held(person.code, "CSTDCS")
    forms = []
    if {year, year - 1} <= won and not record.held(person.code, "BK") & {year - 1, year - 2}:
        forms.append("BK")
    if {year, year - 1, year - 2} <= won and row.initiatives and not record.held(person.code, "CSTD_NGANH"):
        forms.append("CSTD_NGANH")
    service = year - person.recruited.year
    if service >= _MEDAL_SERVICE and row.eligible and not record.held(person.code, "KNC") and year % 2 == 0:
        forms.append("KNC")
    if row.considered and "CSTDCS" not in row.titles:
        forms.append("GK")
    for what in forms:
        record.give(Award(person.code, person.name, False, year, what, row.unit))


def advanced(rows: list[PersonYear]) -> bool:
    """Whether a collective can be TTLĐTT: at least 70 % LĐTT."""
    return sum("LDTT" in r.titles for r in rows) >= _ENOUGH_ADVANCED * len(rows)


def best_units(rows_by_unit: Mapping[str, list[PersonYear]], barred: Iterable[str] = ()) -> list[str]:
    """Name the collectives for TTLĐXS: at most a fifth of the advanced ones, but one at least."""
    able = [
        (-sum(r.recorded for r in rows) / len(rows), code)
        for code, rows in rows_by_unit.items()
        if code not in barred and advanced(rows) and all(r.rating != "KHTNV" for r in rows)
    ]
    return [code for _, code in sorted(able)[: max(1, int(_EXCELLENT_UNITS * len(able)))]]


def _move_people(record: Record, planted: bool) -> None:
    """Move one person in every eight units on 01/04; in the planted province both units list one of them."""
    active = list(record.shape.active)
    moves = [(a.code, b.code) for a, b in zip(active[4::8], active[1::8], strict=False)]
    if planted:
        moves = [LISTED_TWICE, ("P15", "KV3")]
    for number, (old, new) in enumerate(moves):
        rows = record.present[old]
        able = [r for r in rows[3:] if r.titles and not (r.event or r.considered or r.rank == "HDLD")]
        if not able:
            continue
        row = able[-1]
        day = dt.date(PERIOD_YEAR, 4, 1)
        here = PersonYear(
            row.person,
            row.year,
            new,
            len(record.present[new]),
            row.post,
            row.rank,
            row.group,
            "",
            day,
            row.recorded,
            row.honest,
            "CHUYEN_DEN",
            0.0,
            row.rating if row.rating != "HTXSNV" else "HTTNV",
            min(row.score or 80.0, 89.5),
            0,
            "",
            ["LDTT"],
        )
        record.present[new].append(here)
        record.arrivals.setdefault(new, []).append((here, old))
        if not (planted and number == 0):
            rows.remove(row)
