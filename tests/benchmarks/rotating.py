"""The bar on the detector of turns: 1,000 mixed series within half a minute on 2 cores, 20 within two seconds.

Seconds are what two cores that do nothing else need: CPU of this process and half that of its workers.
"""

from __future__ import annotations

import os
import time

import numpy as np

from pipeline.rotation.batch import batch_of
from pipeline.rotation.calibration import STAGES
from pipeline.rotation.judging import judge
from pipeline.rotation.prior import DEFAULT
from pipeline.rotation.series import Prepared, prepare
from pipeline.rotation.simulation import by_merit
from tests.benchmarks.table import Line
from tests.pipeline.rotation.brute_force import turn_evidence
from tests.rotation.provinces import Province, province

#: Units → seconds on 2 cores.
BARS = {1_000: 30.0, 20: 2.0}
#: Share of a province that takes turns, and how many series and histories of each are read one by one.
_ROTATING, _SERIES, _HISTORIES = 0.05, 12, 8
_WORKERS = 2


def line(units: int, slack: float = 1.0) -> Line:
    """All series of a province, against reading the histories of their first look one by one, word by word.

    `slack` widens the bar for a short run, in which fixed costs and other work on the machine weigh more.
    """
    drawn = province(np.random.default_rng([7, units]), units, _ROTATING)
    judge(drawn.series[:3])  # what is imported and cached on the first call
    before, start = os.times(), time.perf_counter()
    judge(drawn.series, _WORKERS)
    after, wall = os.times(), time.perf_counter() - start
    workers = after.children_user + after.children_system - before.children_user - before.children_system
    ours = after.user + after.system - before.user - before.system + workers / _WORKERS
    bar = slack * BARS.get(units, BARS[1_000] * units / 1_000)
    return Line(
        f"{units:,} series for turns, 2 cores (wall {wall:.1f} s)", ours, "s",
        f"{STAGES[0]} histories of each one by one", _one_by_one(drawn), f"<= {bar:g} s", ours <= bar,
    )  # fmt: skip


def _one_by_one(drawn: Province) -> float:
    """Seconds that a plain reading of the first look would take: a few histories of a few series, scaled up."""
    rng = np.random.default_rng(8)
    members = [prepare(one) for one in drawn.series]
    able = [member for member in members if not member.lacking]
    some = [able[n] for n in rng.permutation(len(able))[:_SERIES]]
    start = time.perf_counter()
    for member in some:
        _plainly(member, rng)
    return (time.perf_counter() - start) * STAGES[0] / _HISTORIES * len(able) / len(some)


def _plainly(member: Prepared, rng: np.random.Generator) -> None:
    batch = batch_of([member])
    for number in rng.choice(len(DEFAULT.common), p=DEFAULT.common, size=_HISTORIES):
        won = by_merit(batch, np.full((1, 1), number), [rng])[0, 0]
        turn_evidence(member, [frozenset(int(i) for i in np.flatnonzero(row)) for row in won])
