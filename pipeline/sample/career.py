"""Years of work and review: who was how good, what was recorded of it, and who got which title.

The generator is the one on which the rotation test was measured: lasting ability and a yearly shock make the
true merit; what is recorded is that plus noise; an honest unit gives its places to the best by its own, again
noisy, view. Stories bend single units away from this (see `stories`).
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.sample.people import Person, Registry, give_post
from pipeline.sample.shape import AREA_START, AREA_YEAR, PERIOD_YEAR, Unit

#: Share of the rated who may be rated excellent, of those rated good (20 %), as a share of both.
_EXCELLENT_OF_GOOD = 0.2
_EXCELLENT_SHARE = _EXCELLENT_OF_GOOD / (1 + _EXCELLENT_OF_GOOD)
_COMPLETED_SHARE = 0.08
_MATERNITY, _SICK, _DISCIPLINE, _TRAINING = 0.07, 0.015, 0.004, 0.02
_PASSED_OVER = 0.04
#: CSTĐCS places per LĐTT, and the months of service below which nobody is considered.
_SEAT_SHARE, _LEAST_MONTHS = 0.15, 6
_LEVEL_SCORE = 85.0


@dataclass(frozen=True)
class Story:
    """How one unit differs from an ordinary one; places count in the unit's order, 0 being the head."""

    size: int = 0  #: people; 0: drawn around the average
    steady: bool = False  #: nobody leaves, nobody is on leave
    queue: bool = False  #: the CSTĐCS place goes round in the order of the list, whatever the merit
    level_from: int = 9999  #: from this year everybody is rated and scored alike
    persistence: float | None = None  #: share of true merit that lasts
    noise: float | None = None  #: both of the record and of the committee
    lift: Mapping[tuple[int, int], float] = field(default_factory=dict)  #: (year, place) → merit added
    leaves: Mapping[int, int] = field(default_factory=dict)  #: year → place left at its start
    events: Mapping[int, str] = field(default_factory=dict)  #: place → what happens in the last year


@dataclass(slots=True)
class PersonYear:
    """One person's year in one unit."""

    person: Person
    year: int
    unit: str
    place: int
    post: str
    rank: str
    group: str
    team: str
    joined: dt.date
    recorded: float  #: merit as papers show it, standard normal
    honest: float  #: merit as the committee sees it
    event: str = ""  #: code of BIEN_DONG, of the one event of the year
    months_off: float = 0
    rating: str = "HTTNV"
    score: float | None = None
    initiatives: int = 0
    reason: str = ""  #: why not eligible; empty: eligible
    titles: list[str] = field(default_factory=list)
    considered: bool = False  #: stood for CSTĐCS

    @property
    def eligible(self) -> bool:
        """Whether the person can be given LĐTT."""
        return not self.reason


@dataclass
class Stream:
    """One unit's people, carried from year to year."""

    unit: Unit
    people: list[Person]
    story: Story
    rng: random.Random
    persistence: float
    record_noise: float
    committee_noise: float


def open_stream(
    unit: Unit, size: int, year: int, story: Story, registry: Registry, seed: int, people: list[Person] | None = None
) -> Stream:
    """Staff a unit, or take over `people` (an area office from its districts)."""
    rng = random.Random(f"unit|{seed}|{unit.code}")
    if people is None:
        day = dt.date(year - 1, 12, 1)
        people = [registry.hire(rng, day, senior=place < 3) for place in range(size)]
    for place, person in enumerate(people):
        give_post(person, unit.code, place, len(people), rng)
        if unit.since == AREA_START and year == AREA_YEAR:
            person.joined = AREA_START
    return Stream(
        unit,
        people,
        story,
        rng,
        rng.uniform(0.2, 0.7) if story.persistence is None else story.persistence,
        rng.uniform(0.2, 0.8) if story.noise is None else story.noise,
        rng.uniform(0.2, 1.0) if story.noise is None else story.noise,
    )


def work_year(stream: Stream, year: int, registry: Registry, *, first: bool) -> list[PersonYear]:
    """Live one year: people change, work, are rated, and the unit decides."""
    if not first:
        _turn_over(stream, year, registry)
    rows = _merits(stream, year)
    for row in rows:
        _events(row, stream)
    _rate(rows, stream)
    _find_initiatives(rows, stream)
    _decide(rows, stream)
    return rows


def _turn_over(stream: Stream, year: int, registry: Registry) -> None:
    rng, story = stream.rng, stream.story
    start = dt.date(year - 1, 12, 1)
    for place in range(1, len(stream.people)):
        if story.leaves.get(year) != place and (story.steady or rng.random() >= 0.05):
            continue
        late = rng.random() < 0.25 and place > 2
        day = start + dt.timedelta(days=rng.randint(200, 300) if late else rng.randint(0, 60))
        newcomer = registry.recruit(rng, day) if place > 2 else registry.hire(rng, day, senior=True)
        newcomer.joined = day
        stream.people[place] = newcomer
        give_post(newcomer, stream.unit.code, place, len(stream.people), rng)


def _merits(stream: Stream, year: int) -> list[PersonYear]:
    rng, story = stream.rng, stream.story
    rows = []
    for place, p in enumerate(stream.people):
        true = stream.persistence**0.5 * p.ability + (1 - stream.persistence) ** 0.5 * rng.gauss(0, 1)
        true += story.lift.get((year, place), 0.0)
        recorded = true + stream.record_noise * rng.gauss(0, 1)
        honest = true + stream.committee_noise * rng.gauss(0, 1)
        rows.append(
            PersonYear(p, year, stream.unit.code, place, p.post, p.rank, p.group, p.team, p.joined, recorded, honest)
        )
    return rows


def _events(row: PersonYear, stream: Stream) -> None:
    rng, age = stream.rng, row.year - row.person.born.year
    forced = stream.story.events.get(row.place, "") if row.year == PERIOD_YEAR else ""
    draw = rng.random()
    if not forced and not stream.story.steady and row.place:
        if row.person.woman and 24 <= age <= 38 and draw < _MATERNITY:
            forced = "NGHI_THAI_SAN"
        elif 0.5 < draw < 0.5 + _SICK:
            forced = "NGHI_OM"
        elif 0.6 < draw < 0.6 + _DISCIPLINE:
            forced = "KY_LUAT"
        elif 0.7 < draw < 0.7 + _TRAINING:
            forced = "DAO_TAO"
    if row.person.recruited.toordinal() > dt.date(row.year - 1, 12, 1).toordinal():
        forced = ""
        if row.person.recruited > dt.date(row.year, 5, 31):
            row.reason = f"Tuyển dụng dưới {_LEAST_MONTHS} tháng"
    row.event = forced
    row.months_off = {"NGHI_THAI_SAN": 6.0, "NGHI_OM": float(rng.randint(3, 5))}.get(forced, 0.0)
    if forced == "NGHI_OM":
        row.reason = "Nghỉ ốm từ 3 đến dưới 6 tháng"
    if forced == "KY_LUAT":
        row.reason = "Bị kỷ luật khiển trách"


def _rate(rows: list[PersonYear], stream: Stream) -> None:
    rng = stream.rng
    if rows[0].year >= stream.story.level_from:
        for row in rows:
            row.rating, row.score = "HTTNV", _LEVEL_SCORE
        return
    rated = sorted((r for r in rows if not r.reason), key=lambda r: -r.recorded)
    low = 0 if stream.story.steady else int(len(rated) * _COMPLETED_SHARE + rng.random())
    good = rated[: len(rated) - low]
    excellent = max(1, int(len(good) * _EXCELLENT_SHARE)) if len(rated) > 4 else 0
    best = _excellent(good, excellent)
    for rank, row in enumerate(rated):
        m = row.recorded
        if row.place in best:
            row.rating, row.score = "HTXSNV", _grade(92 + 1.5 * m, 90, 99)
        elif rank < len(rated) - low:
            row.score = _grade(81 + 4 * m, 70, 89.5)
        else:
            row.rating, row.score = "HTNV", _grade(63 + 3 * m, 50, 69.5)
    for row in rows:
        if row.event == "KY_LUAT":
            row.rating, row.score = "KHTNV", 45.0
        elif row.event == "NGHI_OM":
            row.rating, row.score = "HTNV", 60.0
        elif row.reason:
            row.rating, row.score = "CHUA_XL", None


def _excellent(good: list[PersonYear], most: int) -> set[int]:
    """Places of the best, in no group of similar duties more than a fifth of those rated good there (but one)."""
    chosen: list[PersonYear] = []
    for row in good:
        if len(chosen) == most:
            break
        group = [r for r in good if r.group == row.group]
        mine = sum(r.group == row.group for r in chosen) + 1
        if mine <= max(1, int(_EXCELLENT_OF_GOOD * (len(group) - mine))):
            chosen.append(row)
    return {row.place for row in chosen}


def _grade(value: float, low: float, high: float) -> float:
    return min(high, max(low, round(value * 2) / 2))


def _find_initiatives(rows: list[PersonYear], stream: Stream) -> None:
    for row in rows:
        chance = 0.1 + 0.12 * max(0.0, row.recorded)
        row.initiatives = int(row.eligible and row.rank not in ("HDLD", "KT") and stream.rng.random() < chance)


def _decide(rows: list[PersonYear], stream: Stream) -> None:
    rng, story = stream.rng, stream.story
    for row in rows:
        if row.rating == "HTNV" and row.eligible:
            row.reason = "Xếp loại dưới hoàn thành tốt nhiệm vụ"
    level = rows[0].year >= story.level_from
    able = [r for r in rows if r.eligible]
    best = sorted(able, key=lambda r: -r.honest)
    for row in able:
        weak = row is best[-1] and not story.steady and not level and len(best) > 5
        if not (weak and rng.random() < _PASSED_OVER * len(best)):
            row.titles.append("LDTT")
    first = [r for r in best if r.titles]
    seats = min(len(first), max(1, int(_SEAT_SHARE * len(first))))
    if story.queue:
        turn = rows[(rows[0].year - 2018) % len(rows)]
        first = [turn] + [r for r in first if r is not turn]
    for position, row in enumerate(first[: seats + min(2, len(first) // 4)]):
        row.considered = True
        if position < seats:
            row.titles.append("CSTDCS")
            if row.rating != "HTXSNV":
                row.initiatives = max(1, row.initiatives)
