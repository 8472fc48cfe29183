"""One unit's file before it is written: what all its pages share."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.sample.career import PersonYear
from pipeline.sample.record import Award
from pipeline.sample.shape import Unit
from schemas.vocabularies import Lists

Cell = str | float | dt.date | dt.datetime | None
Page = list[dict[str, Cell]]
Pages = Mapping[str, Sequence[Mapping[str, Cell]]]

_FIRST_MEETING = dt.date(2026, 11, 2)
_FORGED_BY = 2  # days that the minutes come after the letter


@dataclass
class Case:
    """A unit, its people of the period, and what is special about its file."""

    unit: Unit
    rows: list[PersonYear]
    awards: Mapping[str, Sequence[Award]]  #: by subject: the people's and the unit's own
    lists: Lists
    seed: int
    excellent: bool = False  #: proposed for TTLĐXS
    low: bool = False  #: the collective is rated low and proposes nothing for itself
    forged: bool = False  #: minutes dated after the letter
    level: bool = False  #: everybody alike
    broken_chain: str = ""  #: staff code proposed for CSTĐ ngành although the chain has a gap
    near_threshold: bool = False  #: a disputed deduction puts the unit near a threshold
    heads_first: bool = False  #: the head is proposed like anybody else, whatever the collective is proposed for
    moved_from: Mapping[str, str] = field(default_factory=dict)  #: staff code → old unit

    @cached_property
    def number(self) -> int:
        """Place of the unit in the list of units."""
        return list(self.lists.labels["DON_VI"]).index(self.unit.code)

    @cached_property
    def rng(self) -> random.Random:
        """Randomness of this file alone."""
        return random.Random(f"file|{self.seed}|{self.unit.code}")

    @cached_property
    def meeting(self) -> dt.date:
        """Day on which the unit met."""
        later = random.Random(f"day|{self.seed}|{self.unit.code}").randint(0, 3)
        return _FIRST_MEETING + dt.timedelta(days=later)

    @property
    def posted(self) -> tuple[dt.date, dt.date]:
        """First and last day of posting."""
        return self.meeting + dt.timedelta(days=1), self.meeting + dt.timedelta(days=7)

    @property
    def letter(self) -> dt.date:
        """Day of the submission letter."""
        return self.meeting + dt.timedelta(days=8)

    @property
    def minutes(self) -> dt.date:
        """Day that the minutes carry."""
        return self.letter + dt.timedelta(days=_FORGED_BY) if self.forged else self.meeting

    @property
    def head(self) -> PersonYear:
        """Head of the unit."""
        return self.rows[0]

    @cached_property
    def clerk(self) -> PersonYear:
        """Who fills the template and keeps the minutes."""
        return next((r for r in self.rows[3:] if not r.event and not r.reason), self.rows[-1])

    @cached_property
    def present(self) -> int:
        """People at the meeting."""
        return len(self.rows) - sum(r.event in ("NGHI_THAI_SAN", "NGHI_OM", "DAO_TAO") for r in self.rows[1:])

    def say(self, vocabulary: str, code: str) -> str:
        """Return the label that a person picks for a code."""
        return self.lists.labels[vocabulary][code]

    def label(self, vocabulary: str, code: str | None) -> str | None:
        """Return the label of a code, None for none."""
        return self.lists.labels[vocabulary][code] if code else None
