"""Probability of award histories under "by merit only" and under each rule of turns.

All of it works on histories (B, H, T, n): H histories of each of B series. What happened before a year decides what
a rule expects of it, so the years are passed through once, in order, carrying who won when. Numbers that differ by
merit sensitivity are kept as (B, J, H), the long axis last.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.rotation.batch import Batch
from pipeline.rotation.past import Levels, Past
from pipeline.rotation.rules import BETAS, GROUP, RULES, SMALL_CLIQUE
from pipeline.rotation.series import Bools, Floats, Ints

#: No single year may speak more strongly than this for or against a rule (keeps products within range).
_LEAST = 1e-18
#: Statistics closer than this are equal: single precision sums differ by their order.
TIE = 1e-4
#: Ways to choose the winners of a year from which single precision no longer holds their probability.
_MANY_WAYS = 1e12
#: Share of histories that fit, below which only those are computed.
_WORTH_PICKING = 0.5
F = np.float32
Numbers = npt.NDArray[Any]
_TURN, _JOINT = ["einsum_path", (0, 1), (0, 1)], ["einsum_path", (1, 2), (0, 1)]


@dataclass(frozen=True)
class Likelihoods:
    """Probability of each history.

    `merit` (B, J, H): natural logarithm under "by merit only"; `ratio` (B, A, J, H): how many times more probable under
    each rule (0: the rule does not apply); `applies` (B, A).
    """

    merit: Floats
    ratio: Floats
    applies: Bools

    def statistics(self, common: Floats, weights: Floats) -> tuple[Floats, Floats]:
        """Turn evidence T and joint evidence J, each (B, H).

        Args:
            common: (J,) how common each merit sensitivity is.
            weights: (A, J) prior weights of rule and sensitivity for J; rules that do not apply leave theirs to others.
        """
        scaled = self._scaled
        base = np.einsum("j,bjh->bh", common, scaled)
        turn = np.einsum("j,bjh,bajh->bh", common, scaled, self.ratio, optimize=_TURN)
        used = np.where(self.applies[..., None], weights, 0.0)
        used /= used.sum(axis=(1, 2), keepdims=True)
        joint = np.einsum("baj,bjh,bajh->bh", used, scaled, self.ratio, optimize=_JOINT)
        count = self.applies.sum(axis=1)[:, None]
        return np.log(turn / count / base), np.log(joint / base)

    @property
    def _scaled(self) -> Floats:
        """(B, J, H) probability under merit, the largest of the sensitivities being 1."""
        found: Floats = np.exp(self.merit - self.merit.max(axis=1, keepdims=True))
        return found

    def by_rule(self, common: Floats) -> Floats:
        """(B, A, H) how many times more probable under each rule, sensitivity averaged out."""
        scaled = self._scaled * common[:, None]
        found: Floats = np.einsum("bjh,bajh->bah", scaled, self.ratio) / scaled.sum(axis=1)[:, None]
        return found


def likelihoods(batch: Batch, won: Bools) -> Likelihoods:
    """Likelihoods of histories.

    Args:
        batch: the series.
        won: (B, H, T, n) who won.
    """
    passage = _Passage(batch, won)
    for year in range(batch.shape[1]):
        passage.read(year)
    return passage.close()


class _Passage:
    """One pass over the years of histories."""

    def __init__(self, batch: Batch, won: Bools) -> None:
        """Begin before the first year."""
        b, h, _, n = won.shape
        self.batch, self.won = batch, won
        self.past = Past(batch, (b, h, n))
        self.begun = np.zeros((b, h), dtype=bool)  # whether a year with a choice has passed
        self.merit = np.zeros((b, len(BETAS), h))
        with_groups = bool((batch.teams >= 2).any())
        self.used = [rule for number, rule in enumerate(RULES) if number != GROUP or with_groups]
        self.rules = {rule.name: np.ones((b, len(BETAS), h)) for rule in self.used}
        self.ever = won.any(axis=2)

    def read(self, year: int) -> None:
        """Multiply in what this year says."""
        batch, past = self.batch, self.past
        won = self.won[:, :, year]
        past.open(year)
        eligible = past.eligible(year, won)
        if past.gaps:
            seats, count = won.sum(axis=2, dtype=np.int32), eligible.sum(axis=2, dtype=np.int32)
        else:
            seats = np.broadcast_to(batch.seats[:, year, None], self.begun.shape).astype(np.int32)
            count = np.broadcast_to(batch.eligible[:, year].sum(axis=1)[:, None], seats.shape)
        live = (seats >= 1) & (count > seats)
        if live.any():
            now = _Year(batch, year, won, eligible, seats)
            honest = np.maximum(now.chance(now.everybody(), None), now.tiny)
            self.merit += np.log(honest) if live.all() else np.where(live[:, None], np.log(honest), 0.0)
            told = live & self.begun
            if told.any():
                self._tell(now, honest, told)
            self.begun |= live
        past.close(year, won)

    def _tell(self, now: _Year, honest: Floats, told: Bools) -> None:
        """Multiply in the ratio of each rule's probability of the year to the honest one."""
        past, found = self.past, dict[str, Floats]()
        waiting = Levels(past.last, now.eligible, self.batch.shape[1])
        rank = waiting.rank()
        for rule in self.used:
            if rule.kind == "soft":
                found[rule.name] = now.chance(now.everybody(np.exp(F(rule.amount) * rank)), None)
        swing = _SWING[2 * past.before_last.view(np.int8) + past.last_winners.view(np.int8)]
        found["alter"] = now.chance(now.everybody(swing), None)
        found["queue"] = now.in_order(waiting, both=True)
        found["cycle"] = now.in_order(Levels(past.titles, now.eligible, self.batch.shape[1]), both=False)
        found["clique"] = now.in_order(Levels(past.last, now.eligible & self.ever, self.batch.shape[1]), both=True)
        found["avoid"] = now.avoiding(past.last_winners, honest)
        if any(rule.kind == "group" for rule in self.used):
            found["group"] = now.by_group(past.group_last)
        inverse, every = 1 / honest, bool(told.all())
        for rule in self.used:
            if rule.kind in ("soft", "alter"):
                ratio = found[rule.name] * inverse
            else:
                ratio = found[rule.kind] * inverse
                ratio *= F(1 - rule.amount)
                ratio += F(rule.amount)
            np.clip(ratio, F(_LEAST), F(1 / _LEAST), out=ratio)
            self.rules[rule.name] *= ratio if every else np.where(told[:, None], ratio, F(1))

    def close(self) -> Likelihoods:
        """Weigh the circles."""
        b, j, h = self.merit.shape
        applies = np.ones((b, len(RULES)), dtype=bool)
        applies[self.batch.teams < 2, GROUP] = False
        price = self._price()[:, None]
        for rule in self.used:
            if rule.kind == "clique":
                self.rules[rule.name] *= price
        none = np.zeros((b, j, h))
        ratio = np.stack([self.rules.get(rule.name, none) for rule in RULES], axis=1)
        ratio[self.batch.teams < 2, GROUP] = 0.0
        return Likelihoods(self.merit, ratio, applies)

    def _price(self) -> Floats:
        """(B, H) price for having chosen the circle after seeing who won."""
        size = self.ever.sum(axis=2)
        most = self.batch.seats.max(axis=1)[:, None]
        persons = self.batch.persons[:, None]
        price = 1 / (_choices(int(persons.max()))[persons, size] * persons)
        found: Floats = price * np.where(size >= most + 1, 1.0, SMALL_CLIQUE)
        return found


#: exp(2 * (won two years ago - won last year)), by 2 * the first + the second.
_SWING = np.exp(2.0 * np.array([0, -1, 1, 0])).astype(F)


@dataclass(frozen=True)
class _Pool:
    """Candidates of whom some are drawn by weight: `total` (B, J, H) of all, `own` of each winner among them."""

    total: Numbers
    own: list[Numbers]


class _Year:
    """The choice of one year: winners, eligible and their weights by merit."""

    def __init__(self, batch: Batch, year: int, won: Bools, eligible: Bools, seats: Ints) -> None:
        b, h, n = won.shape
        self.won, self.eligible, self.seats = won, eligible, seats
        self.group = batch.group
        self.most = int(seats.max())
        self.weights = batch.weights[:, year]  # (B, J, n)
        self.kind: Any = np.float64 if comb(n, self.most) > _MANY_WAYS else F
        self.tiny = self.kind(1e-300 if self.kind is np.float64 else 1e-30)
        self.columns, self.taken = _winners(won, seats, self.most)
        rows = np.arange(b * h, dtype=np.int64).reshape(b, h) * n
        self._places = [rows + column for column in self.columns]
        each, betas = np.arange(b)[:, None, None], np.arange(len(BETAS))[:, None]
        gathered = (self.weights[each, betas, column[:, None]].astype(self.kind) for column in self.columns)
        filled = self.equal = bool(self.taken[-1].all())
        self.own: list[Numbers] = [w if filled else w * t[:, None] for w, t in zip(gathered, self.taken, strict=True)]

    def of_winners(self, values: Numbers) -> list[Numbers]:
        """Values (B, H, n) of each winner, (B, H) each."""
        flat = np.ascontiguousarray(values).reshape(-1)
        return [flat[place] for place in self._places]

    def everybody(self, factor: Floats | None = None) -> _Pool:
        """Everybody eligible, weights times a factor of each person (B, H, n)."""
        if factor is None:
            return _Pool(self._total(self.eligible), self.own)
        own = [w * f[:, None].astype(self.kind) for w, f in zip(self.own, self.of_winners(factor), strict=True)]
        return _Pool(self._total(factor if not self._gaps else factor * self.eligible), own)

    @property
    def _gaps(self) -> bool:
        """Whether who is eligible differs between histories; else weights of others are 0 anyway."""
        return bool(self.eligible.strides[1])

    def _total(self, factor: Numbers) -> Numbers:
        """(B, J, H) sum of weights times factors."""
        if factor.strides[1] == 0:  # the same for all histories
            factor = factor[:, :1]
        found: Numbers = np.matmul(self.weights, factor.astype(F, copy=False).transpose(0, 2, 1))
        return found.astype(self.kind, copy=False)

    def chance(self, pool: _Pool, drawn: Ints | None) -> Floats:
        """(B, J, H) probability that these winners are drawn by weight (one place: exact; more: Efron's form).

        `drawn` (B, H) is how many are drawn from the pool, by default all places; `own` of others is 0.
        """
        if self.most == 1 and drawn is None:
            found: Floats = pool.own[0] / np.maximum(pool.total, F(1e-30))
            return found
        if drawn is None and self.equal:
            return self._drawn_alike(pool)
        number = (self.seats if drawn is None else drawn)[:, None]
        sum_own = _sum(pool.own)
        # Winners of the pool stand at any place of the list; each step of the denominator is taken once.
        found = np.ones((1, 1, 1), dtype=self.kind)
        least = sum_own / np.maximum(number, 1).astype(self.kind)
        for place, mine in enumerate(pool.own):
            share = (place / np.maximum(number, 1)).astype(self.kind)
            step = (pool.total - share * sum_own) / np.maximum(number - place, 1).astype(self.kind)
            np.maximum(step, least, out=step)
            found = found * (np.where(mine > 0, mine, F(1)) / np.where(number > place, step, F(1)))
        return found

    def _drawn_alike(self, pool: _Pool) -> Numbers:
        """The same where every history draws equally many and all winners are of the pool."""
        number, sum_own = self.most, _sum(pool.own)
        least = sum_own * self.kind(1 / number)
        found: Numbers = pool.own[0] / np.maximum(pool.total, least)
        found *= number
        for place, mine in enumerate(pool.own[1:], 1):
            step = sum_own * self.kind(-place / number)
            step += pool.total
            # Never below what is left of the winners, so that single precision cannot make it vanish.
            np.maximum(step, least, out=step)
            np.divide(mine, step, out=step)
            step *= number - place
            found *= step
        return found

    def in_order(self, levels: Levels, *, both: bool) -> Floats:
        """(B, J, H) probability when the lowest levels win, ties by merit (`both`: or at random, even odds)."""
        border, size, before = levels.border(self.seats)
        need = self.seats - before
        sure, tied_number = np.zeros_like(before), np.zeros_like(before)
        tied: list[Bools] = []
        for level, taken in zip(self.of_winners(levels.level), self.taken, strict=True):
            sure = sure + ((level < border) & taken)
            tied.append((level == border) & taken)
            tied_number = tied_number + tied[-1]
        right = (sure == before) & (tied_number == need)
        if levels.narrow:  # a winner who is not of the circle makes it wrong
            for inside, taken in zip(self.of_winners(levels.among), self.taken, strict=True):
                right &= inside | ~taken
        if not right.any():
            return np.zeros((len(right), len(BETAS), right.shape[1]), dtype=self.kind)
        merit = self._tied(levels.at(border), tied, np.where(right, need, 0), right)
        merit = np.where((need == size)[:, None], F(1), merit)
        if both:
            chance: Numbers = 1 / _choices(self.won.shape[2])[size, np.where(right, need, 0)]
            merit = F(0.5) * merit + F(0.5) * chance.astype(self.kind)[:, None]
        found: Floats = merit * right[:, None]
        return found

    def _tied(self, candidates: Bools, tied: list[Bools], need: Ints, right: Bools) -> Floats:
        """(B, J, H) probability that the `tied` winners are the ones drawn of equals; any number where not `right`."""
        total = self._total(candidates)
        if self.most == 1:
            return self.chance(_Pool(total, self.own), None)
        if len(right) > 1 or right.mean() > _WORTH_PICKING:
            return self.chance(_Pool(total, [w * t[:, None] for w, t in zip(self.own, tied, strict=True)]), need)
        picked = np.flatnonzero(right[0])
        own = [w[:, :, picked] * t[:, None, picked] for w, t in zip(self.own, tied, strict=True)]
        found = np.zeros_like(total)
        found[:, :, picked] = self.chance(_Pool(total[:, :, picked], own), need[:, picked])
        return found

    def avoiding(self, last_winners: Bools, honest: Floats) -> Floats:
        """The same when last year's winners stand aside; where too few are left, the honest choice."""
        rest = self.eligible & ~last_winners
        count = rest.sum(axis=2, dtype=np.int32)
        clean = np.ones(count.shape, dtype=bool)
        for again, taken in zip(self.of_winners(last_winners), self.taken, strict=True):
            clean &= ~(again & taken)
        chance = self.chance(_Pool(self._total(rest), self.own), None)
        chance = np.where((count == self.seats)[:, None], F(1), chance) * clean[:, None]
        return np.where((count < self.seats)[:, None], honest, chance)

    def by_group(self, group_last: Numbers) -> Floats:
        """The same when the team that has waited longest has all places; of teams equally long each alike."""
        teams = group_last.shape[2]
        member = np.stack([(self.group == number)[:, None] & self.eligible for number in range(teams)], axis=2)
        able = member.sum(axis=3) >= self.seats[..., None]  # (B, H, G)
        waited = np.where(able, group_last, np.int8(127))
        first = able & (waited == waited.min(axis=2, keepdims=True))
        whole = (member & self.won[:, :, None]).sum(axis=3) == self.seats[..., None]
        chosen = first & whole
        number = chosen.argmax(axis=2)
        mine = np.take_along_axis(member, number[..., None, None], axis=2)[:, :, 0]
        chance = self.chance(_Pool(self._total(mine), self.own), None)
        chance = np.where((mine.sum(axis=2) == self.seats)[:, None], F(1), chance)
        odds = chosen.any(axis=2) / np.maximum(first.sum(axis=2), 1)
        found: Floats = chance * odds.astype(self.kind)[:, None]
        return found


def _sum(parts: list[Numbers]) -> Numbers:
    found = parts[0].copy()
    for part in parts[1:]:
        found += part
    return found


def _winners(won: Bools, seats: Ints, most: int) -> tuple[list[Ints], list[Bools]]:
    """Column of the first winner, the second, …, and where there is one; (B, H) each."""
    if most == 1:
        return [won.argmax(axis=2)], [seats > 0]
    taken = np.arange(most) < seats[..., None]
    columns = np.zeros(taken.shape, dtype=np.int64)
    columns[taken] = np.nonzero(won)[2]
    return [columns[..., k] for k in range(most)], [taken[..., k] for k in range(most)]


@cache
def _choices(most: int) -> Floats:
    return np.array([[float(comb(n, c)) or 1.0 for c in range(most + 1)] for n in range(most + 1)])
