"""How often merit alone would give as much evidence: staged Monte Carlo on the series' own calendar.

Random numbers come from what the test reads of a series, never from names, row order, clock or process: equal series
give equal p-values on any run, in any order, with any number of workers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.rotation import simulation
from pipeline.rotation.batch import Batch, batch_of, observed
from pipeline.rotation.facts import counts
from pipeline.rotation.likelihood import TIE, likelihoods
from pipeline.rotation.prior import Prior
from pipeline.rotation.rules import BETAS, RULES
from pipeline.rotation.series import Floats, Ints, Prepared

#: Version of the method and of its random numbers; both are printed.
METHOD, SALT = "R1-2026.1", "tdkt"
#: Replicates of each stage; the next is drawn while the smaller p is at most the limit.
STAGES = (199, 1_999, 9_999)
LIMITS = (0.10, 0.01)
#: The last stage in a province of so many series, whose multiplicity asks for smaller p-values.
LARGE, LARGE_STAGE = 2_000, 19_999
#: p_own and p_lottery are read at .10 and drawn up to here.
SIDE_STAGES = (199, 999)
#: Queues drawn for the power line, and the evidence that must be exceeded: the share of honest histories below it.
QUEUES, QUEUE_POINT = 60, 0.95
#: Histories held at once.
_CHUNK = 2_000
#: Below this evidence, in both statistics, the first look is enough, and neither p_own nor p_lottery is asked for.
NO_EVIDENCE = -0.5
#: What speaks for merit is no sign, however rare it is even so: its p-values are never less than this.
HALF = 0.5


@dataclass
class Reading:
    """What the test found of one series that passed the gates. Probabilities are null (NaN) where not computed."""

    turn: float  #: T, natural logarithm
    joint: float  #: J
    rule: str  #: rule that fits best
    p_turn: float = 1.0
    p_joint: float = 1.0
    p_own: float = float("nan")
    p_lottery: float = float("nan")
    power: float = 0.0
    facts: dict[str, float] = field(default_factory=dict)
    expected: dict[str, float] = field(default_factory=dict)
    replicates: int = 0


@dataclass
class _Tally:
    """Replicates drawn so far and how many of them show as much evidence."""

    drawn: int = 0
    turn: int = 0
    joint: int = 0

    def add(self, turn: Floats, joint: Floats, reading: Reading) -> None:
        self.drawn += len(turn)
        self.turn += int((turn >= reading.turn - TIE).sum())
        self.joint += int((joint >= reading.joint - TIE).sum())

    def chances(self) -> tuple[float, float]:
        return (1 + self.turn) / (1 + self.drawn), (1 + self.joint) / (1 + self.drawn)


def random_numbers(series: Prepared, purpose: str) -> np.random.Generator:
    """The stream of random numbers of a series for one purpose."""
    seed = hashlib.sha256("|".join((METHOD, SALT, purpose)).encode() + b"|" + series.digest()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(seed[:16], "big")))


def read(members: Sequence[Prepared], prior: Prior, last_stage: int = STAGES[-1]) -> list[Reading]:
    """Read several series of equally many years; each result depends on its own series and the prior alone."""
    batch = batch_of(members)
    told = observed(batch)
    likely = likelihoods(batch, told)
    turn, joint = likely.statistics(prior.common, prior.weights)
    best = likely.by_rule(prior.common)[..., 0].argmax(axis=1)
    readings = [
        Reading(float(t), float(j), RULES[int(rule)].name)
        for t, j, rule in zip(turn[:, 0], joint[:, 0], best, strict=True)
    ]
    own = prior.common * np.exp(likely.merit[..., 0] - likely.merit[..., 0].max(axis=1, keepdims=True))
    own /= own.sum(axis=1, keepdims=True)
    facts = counts(batch, told)
    for number, reading in enumerate(readings):
        reading.facts = facts.of(number)
    tallies, streams = _first_look(batch, prior, readings)
    stages = (*STAGES[:2], last_stage)
    for number, (member, reading) in enumerate(zip(members, readings, strict=True)):
        if max(reading.turn, reading.joint) < NO_EVIDENCE:
            reading.p_turn, reading.p_joint = (max(p, HALF) for p in tallies[number].chances())
            reading.replicates = tallies[number].drawn
            continue
        draw = _Draw(member, reading, prior)
        tally = draw.go_on(tallies[number], prior.common, streams[number], stages, LIMITS)
        chances = zip(tally.chances(), (reading.turn, reading.joint), strict=True)
        reading.p_turn, reading.p_joint = (max(p, HALF) if found < NO_EVIDENCE else p for p, found in chances)
        reading.replicates = tally.drawn
        side = SIDE_STAGES if min(reading.p_turn, reading.p_joint) <= LIMITS[0] else SIDE_STAGES[:1]
        reading.p_lottery = draw.afresh("lottery", _LOT, side)
        if len(side) > 1:
            reading.p_own = draw.afresh("own", own[number], side)
    return readings


#: Merit counts for nothing.
_LOT = np.eye(1, len(BETAS))[0]


def _first_look(
    batch: Batch, prior: Prior, readings: Sequence[Reading]
) -> tuple[list[_Tally], list[np.random.Generator]]:
    """Draw the first honest histories, and the queues that the power line asks for; returns what goes on from there."""
    streams = [random_numbers(member, "null") for member in batch.members]
    beta = np.stack([_betas(prior.common, STAGES[0], stream) for stream in streams])
    honest = simulation.by_merit(batch, beta, streams)
    others = [random_numbers(member, "queue") for member in batch.members]
    beta = np.stack([_betas(prior.common, QUEUES, stream) for stream in others])
    queues = simulation.in_queue(batch, beta, others)
    drawn = likelihoods(batch, np.concatenate([honest, queues], axis=1))
    turn, joint = drawn.statistics(prior.common, prior.weights)
    expected = counts(batch, honest)
    tallies = [_Tally() for _ in readings]
    first = slice(None, STAGES[0])
    for number, (reading, tally) in enumerate(zip(readings, tallies, strict=True)):
        tally.add(turn[number, first], joint[number, first], reading)
        limit = np.quantile(joint[number, first], QUEUE_POINT, method="higher")
        reading.power = float((joint[number, STAGES[0] :] > limit + TIE).mean())
        reading.expected = expected.of(number)
    return tallies, streams


@dataclass(frozen=True)
class _Draw:
    """Draws histories of one series until enough is known."""

    member: Prepared
    reading: Reading
    prior: Prior

    def afresh(self, purpose: str, common: Floats, stages: Sequence[int]) -> float:
        """Chance of as much turn evidence when sensitivities are drawn by `common`."""
        stream = random_numbers(self.member, purpose)
        return self.go_on(_Tally(), common, stream, stages, (1.0,)).chances()[0]

    def go_on(
        self,
        tally: _Tally,
        common: Floats,
        stream: np.random.Generator,
        stages: Sequence[int],
        limits: Sequence[float],
    ) -> _Tally:
        """Draw stage by stage while the smaller p is at most the limit."""
        batch = batch_of([self.member])
        for stage, limit in zip(stages, (*limits, 0.0), strict=False):
            for size in _chunks(stage - tally.drawn):
                beta = _betas(common, size, stream)[None]
                won = simulation.by_merit(batch, beta, [stream])
                drawn = likelihoods(batch, won)
                turn, joint = drawn.statistics(self.prior.common, self.prior.weights)
                tally.add(turn[0], joint[0], self.reading)
            if min(tally.chances()) > limit:
                break
        return tally


def _chunks(total: int) -> Iterator[int]:
    while total > 0:
        yield min(total, _CHUNK)
        total -= _CHUNK


def _betas(common: Floats, size: int, stream: np.random.Generator) -> Ints:
    """(H,) numbers of merit sensitivities drawn by how common they are."""
    found: Ints = np.minimum(np.searchsorted(np.cumsum(common), stream.random(size), side="right"), len(BETAS) - 1)
    return found
