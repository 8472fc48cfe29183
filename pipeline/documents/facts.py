"""What the documents say, as plain values: a run before the meeting and the decisions after it fill the same form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Votes:
    """Counts of the council's vote on one nomination; None where not known."""

    issued: int | None = None
    returned: int | None = None
    valid: int | None = None
    votes_for: int | None = None
    against: int | None = None
    abstained: int | None = None
    base: int | None = None  #: all members, absent ones included: the base of the share


@dataclass(frozen=True, slots=True)
class Nominee:
    """One person or collective with one title or form of commendation."""

    collective: bool
    name: str
    post: str  #: of a person; the block of a collective
    unit: str
    award: str  #: full name of the title or form
    level: str  #: who decides, in words
    achievement: str = ""
    note: str = ""
    outcome: str = ""  #: what the council concluded, in words; empty before the meeting
    votes: Votes = Votes()
    explains: bool = False  #: a written reason of the unit is awaited
    unit_gate: bool = False  #: the council has yet to conclude whether the unit is considered


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the council."""

    name: str
    post: str
    role: str  #: in words: Chủ tịch, Thư ký, …
    present: bool | None = None  #: None: not known
    absence: str = ""  #: why absent


@dataclass(frozen=True, slots=True)
class Meeting:
    """The council's meeting; what is not known is left to be filled in by pen."""

    day: dt.date | None = None
    members: tuple[Member, ...] = ()
    chair: str = ""
    secretary: str = ""
    ballot: str = ""  #: how it was voted, in words


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, where."""

    superior: str  #: as printed, in capitals
    office: str  #: as printed, in capitals
    place: str
    own_receiver: str  #: who decides on what the province recognises
    upper_receiver: str  #: to whom the rest is submitted


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """Everything that the letters and minutes say.

    `recognised` is what the province decides itself, `submitted` what goes up to a higher level; each in the order in
    which it is printed. Before the meeting (`draft`) they hold what may be decided, afterwards what was decided.
    """

    letterhead: Letterhead
    period: str  #: code of the review period
    year: int
    now: dt.datetime  #: moment of the run; the only time that gets into the files
    draft: bool
    mark: str  #: of invented or anonymised data; empty for a true record
    recognised: tuple[Nominee, ...] = ()
    submitted: tuple[Nominee, ...] = ()
    refused: tuple[Nominee, ...] = ()  #: voted on, and neither recognised nor submitted; only the minutes name them
    left_out: int = 0  #: nominations that something still stops; they stand in neither list
    units_sent: int = 0
    units_expected: int = 0
    meeting: Meeting = field(default_factory=Meeting)
    sources: tuple[str, ...] = ()  #: lines `Căn cứ …`, the beginning left out
    stamp: str = ""  #: period, moment and id of the run
