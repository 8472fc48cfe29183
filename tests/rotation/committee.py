"""How a committee fills its places: by what it sees of merit, oddly, or by turns."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pipeline.rotation.series import Bools, Floats, Ints

ODD = ("lottery", "favourite")
ROTATING = (
    "strict", "dev10", "dev20", "dev30", "dev40", "clique", "excuse", "groups", "merit", "avoid", "soft",
)  # fmt: skip
#: Share of years in which a committee that takes turns makes the honest choice after all.
_DEVIATION = {"strict": 0.0, "dev10": 0.1, "dev20": 0.2, "dev30": 0.3, "dev40": 0.4, "soft": 0.0}
_USUAL_DEVIATION = 0.1
#: Share of years in which the favourite is remembered, and what a year of waiting is worth to a soft committee.
_REMEMBERED, _PER_YEAR = 0.8, 0.8


@dataclass(frozen=True)
class Meeting:
    """Those who can be chosen in one year; arrays have one number a candidate."""

    year: int
    score: Floats  #: merit as the committee sees it
    waited: Ints  #: years since the latest title
    titles: Ints
    again: Bools  #: won last year
    post: Ints


@dataclass
class Committee:
    """One committee, its habit and its list of posts."""

    kind: str
    posts: int
    places: int
    rng: np.random.Generator
    order: Ints = field(init=False)  #: rank of each post on the list by which equals take turns
    favourite: int = field(init=False)  #: post
    by_list: bool = field(init=False)  #: whether equals in the queue follow the list; else the better comes first

    def __post_init__(self) -> None:
        self.order = self.rng.permutation(self.posts)
        self.favourite = int(self.rng.integers(self.posts))
        self.by_list = bool(self.rng.random() < 0.5)

    @property
    def circle(self) -> Bools:
        """(posts,) who takes turns among themselves: the half first on the list."""
        return self.order < max(self.places + 1, self.posts // 2)

    @property
    def half(self) -> Bools:
        """(posts,) the first of the two teams."""
        return self.order < self.posts // 2

    def ranking(self, meeting: Meeting) -> tuple[Ints, bool]:
        """Candidates from the first to the last, and whether turns decided."""
        if self.kind in ROTATING and self.rng.random() >= _DEVIATION.get(self.kind, _USUAL_DEVIATION):
            return self._by_turns(meeting), True
        if self.kind == "lottery":
            return self.rng.permutation(len(meeting.score)), False
        if self.kind == "favourite" and self.rng.random() < _REMEMBERED:
            return np.lexsort((-meeting.score, meeting.post != self.favourite)), False
        return np.argsort(-meeting.score), False

    def _by_turns(self, meeting: Meeting) -> Ints:
        equals = self.order[meeting.post] if self.by_list else -meeting.score
        if self.kind == "clique":
            inside = self.circle[meeting.post]
            queue = np.where(inside, -meeting.waited, 0)
            return np.lexsort((np.where(inside, equals, -meeting.score), queue, ~inside))
        if self.kind == "merit":
            return np.lexsort((-meeting.score, meeting.titles))
        if self.kind == "avoid":
            return np.lexsort((-meeting.score, meeting.again))
        if self.kind == "groups":
            return np.lexsort((-meeting.score, self.half[meeting.post] != (meeting.year % 2 == 0)))
        if self.kind == "soft":
            return np.argsort(-(meeting.score + _PER_YEAR * meeting.waited))
        return np.lexsort((equals, -meeting.waited))
