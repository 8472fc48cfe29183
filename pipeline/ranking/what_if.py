"""What a decision of the council would do to the ranks of a block: somebody enters, leaves, or gets other points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from pipeline.ranking.order import DIGITS, TOP, top_places
from pipeline.ranking.settings import Band
from pipeline.ranking.tables import Ranking


@dataclass(frozen=True, slots=True)
class Line:
    """One ranked unit: smaller keys stand higher; equal keys share a rank."""

    unit: str
    key: tuple[float, float]  #: −percentage, official order among equal percentages
    top: bool  #: in the top band by its percentage


@dataclass(frozen=True, slots=True)
class Places:
    """Ranks of one block, and who is in the top band within its ceiling."""

    ranks: dict[str, int]
    ceiling: int  #: units that the top band may hold
    top: tuple[str, ...]  #: units of the top band within the ceiling, by rank

    @property
    def of(self) -> int:
        """How many are ranked."""
        return len(self.ranks)


@dataclass(frozen=True, slots=True)
class Change:
    """Places before and after."""

    before: Places
    after: Places

    @property
    def moved(self) -> dict[str, tuple[int, int]]:
        """Units ranked before and after whose rank changes: old and new."""
        old, new = self.before.ranks, self.after.ranks
        return {unit: (old[unit], new[unit]) for unit in old if unit in new and old[unit] != new[unit]}

    @property
    def entering(self) -> list[str]:
        """Units that come into the top band."""
        return [unit for unit in self.after.top if unit not in self.before.top]

    @property
    def leaving(self) -> list[str]:
        """Units that fall out of the top band."""
        return [unit for unit in self.before.top if unit not in self.after.top]


class Blocks:
    """The official order of every block, and what it would be after a decision."""

    def __init__(self, ranking: Ranking) -> None:
        """Read the ranking once."""
        self._settings = ranking.settings
        self._best = dict(ranking.settings.bands)[Band(TOP)] * 100
        units = ranking.units
        columns = (units[name].tolist() for name in ("block", "percent", "shadow_rank", "ranked"))
        self._lines: dict[str, list[Line]] = {}
        self._all: dict[str, tuple[str, float, float]] = {}
        for unit, block, percent, shadow, ranked in zip(units.index, *columns, strict=True):
            self._all[str(unit)] = (block, percent, shadow)
            if ranked:
                self._lines.setdefault(block, []).append(self._line(str(unit), percent, shadow))

    def now(self, block: str) -> Places:
        """The official places of a block."""
        return self._places(self._lines.get(block, []))

    def with_unit(self, unit: str) -> Change | None:
        """A unit outside the ranks is considered all the same; None where it has no score."""
        return self.with_units([unit])

    def with_units(self, units: Sequence[str]) -> Change | None:
        """Units of one block outside the ranks are considered together; those without a score stay outside.

        None where none of them has one.
        """
        scored = [unit for unit in units if not isnan(self._all[unit][1])]
        if not scored:
            return None
        block = self._all[scored[0]][0]
        entering = [self._line(unit, *self._all[unit][1:]) for unit in scored]
        return self._change(block, [*self._others(block, set(scored)), *entering])

    def without(self, block: str, units: set[str]) -> Change:
        """Units of a block leave the ranks."""
        return self._change(block, self._others(block, units))

    def with_percent(self, unit: str, percent: float) -> Change:
        """A ranked unit gets another percentage; among equal ones it stands where its order puts it now."""
        block, _, shadow = self._all[unit]
        return self._change(block, [*self._others(block, {unit}), self._line(unit, percent, shadow)])

    def _others(self, block: str, units: set[str]) -> list[Line]:
        return [line for line in self._lines.get(block, []) if line.unit not in units]

    def _change(self, block: str, lines: list[Line]) -> Change:
        return Change(self.now(block), self._places(lines))

    def _line(self, unit: str, percent: float, shadow: float) -> Line:
        rounded = round(percent, DIGITS)
        return Line(unit, (-rounded, shadow), rounded >= round(self._best, DIGITS))

    def _places(self, lines: list[Line]) -> Places:
        ordered = sorted(lines, key=lambda line: (line.key, line.unit))
        ranks: dict[str, int] = {}
        for number, line in enumerate(ordered):
            same = number > 0 and ordered[number - 1].key == line.key
            ranks[line.unit] = ranks[ordered[number - 1].unit] if same else number + 1
        ceiling = top_places(len(ordered), self._settings)
        top = tuple(line.unit for line in ordered if line.top and ranks[line.unit] <= ceiling)
        return Places(ranks, ceiling, top)
