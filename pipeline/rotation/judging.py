"""From series to judgements: prepare, read in batches (on several processors if there are many), compare, tell."""

from __future__ import annotations

import multiprocessing
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.rotation import calibration
from pipeline.rotation.batch import batch_of, observed, padded
from pipeline.rotation.calibration import Reading, read
from pipeline.rotation.levels import Adjusted, level, over_units
from pipeline.rotation.likelihood import likelihoods
from pipeline.rotation.prior import DEFAULT, ENOUGH_SERIES, Prior, estimate
from pipeline.rotation.series import MOST_PERSONS, Prepared, Series, prepare

#: Histories of the first look that are held at once, over all series of a batch.
_ROWS = 2_000
#: Series from which several processes pay for themselves.
MANY = 40


@dataclass(frozen=True)
class Judgement:
    """What is concluded of one series."""

    prepared: Prepared
    reading: Reading | None  #: None: nothing could be tested
    q_value: float  #: the unit's adjusted p; NaN where not tested
    q_joint: float
    turn_marked: bool  #: stands out by turns among all
    joint_marked: bool  #: stands out by turns and departure from merit together
    lfdr: float  #: chance of not rotating among all series; NaN where too few to tell
    level: str

    @property
    def series(self) -> Series:
        """The series as it was told (its latest years)."""
        return self.prepared.source


@dataclass(frozen=True)
class Judgements:
    """All series of a province, in the order in which they were given, and the priors by title."""

    of: tuple[Judgement, ...]
    priors: dict[str, Prior]


def judge(
    series: Iterable[Series], workers: int = 1, priors: dict[str, Prior] | None = None, *, split: bool = True
) -> Judgements:
    """Judge all series of a province together.

    Args:
        series: any number; names of units and titles decide nothing but which p-values belong together.
        workers: processes; any number gives the same results.
        priors: what committees are like by title, to be used instead of what the series say.
        split: whether a series of too many persons is judged team by team; else it is not judged.
    """
    prepared = [prepare(one) for one in (_by_team(series) if split else series)]
    able = [n for n, member in enumerate(prepared) if not member.lacking]
    known, turning = _priors([prepared[n] for n in able], priors or {})
    last_stage = calibration.STAGES[-1] if len(able) < calibration.LARGE else calibration.LARGE_STAGE
    found = _readings([prepared[n] for n in able], known, last_stage, workers)
    units = [prepared[n].source.unit for n in able]
    turn = over_units(units, np.array([r.p_turn for r in found]))
    joint = over_units(units, np.array([r.p_joint for r in found]))
    judgements = [_unjudged(member) for member in prepared]
    for place, number in enumerate(able):
        judgements[number] = _judged(prepared[number], found[place], place, turn, joint, turning[place])
    return Judgements(tuple(judgements), known)


def _by_team(series: Iterable[Series]) -> Iterable[Series]:
    """Split what is too large into its teams, where it has them."""
    for one in series:
        if len(one.latest.persons) <= MOST_PERSONS or not any(one.groups):
            yield one
            continue
        for team in sorted(set(one.groups)):
            mine = np.array([g == team for g in one.groups])
            persons = tuple(p for p, kept in zip(one.persons, mine, strict=True) if kept)
            tables = {name: getattr(one, name)[:, mine] for name in ("present", "eligible", "merit", "won")}
            yield replace(one, unit=f"{one.unit}/{team or '…'}", persons=persons, groups=(), **tables)


def _unjudged(member: Prepared) -> Judgement:
    nan = float("nan")
    return Judgement(member, None, nan, nan, False, False, nan, "XAM")


def _judged(
    member: Prepared, reading: Reading, place: int, turn: Adjusted, joint: Adjusted, turning: float
) -> Judgement:
    marked = bool(turn.marked[place]), bool(joint.marked[place])
    told, usual = reading.facts, reading.expected
    leaning = told["front"] > usual["front"] or told["repeats"] < usual["repeats"]
    found = level(
        reading.p_turn, reading.p_own, reading.power, turn_marked=marked[0], joint_marked=marked[1], leaning=leaning
    )
    return Judgement(
        member, reading, float(turn.q[place]), float(joint.q[place]), *marked, 1 - turning, found
    )  # fmt: skip


def _priors(members: Sequence[Prepared], given: dict[str, Prior]) -> tuple[dict[str, Prior], list[float]]:
    """Estimate what committees are like for each title of which there are many series."""
    by_title: dict[str, list[int]] = defaultdict(list)
    for number, member in enumerate(members):
        by_title[member.source.title].append(number)
    known: dict[str, Prior] = {}
    turning = [float("nan")] * len(members)
    for title in sorted(by_title):
        numbers = by_title[title]
        if title in given or len(numbers) < ENOUGH_SERIES:
            known[title] = given.get(title, DEFAULT)
            continue
        # In an order that names do not decide, as sums differ by theirs.
        numbers = sorted(numbers, key=lambda n: members[n].digest())
        parts = dict(zip(numbers, _observed([members[n] for n in numbers]), strict=True))
        merit, ratio, applies = (np.stack([parts[n][k] for n in numbers]) for k in range(3))
        known[title], weights = estimate(merit, ratio, applies)
        for number, weight in zip(numbers, weights, strict=True):
            turning[number] = float(weight)
    return known, turning


def _observed(members: Sequence[Prepared]) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = [None] * len(members)  # type: ignore[list-item]
    for numbers in _batches(members, 200, {}):
        batch = batch_of([members[n] for n in numbers])
        likely = likelihoods(batch, observed(batch))
        for row, number in enumerate(numbers):
            found[number] = (likely.merit[row, :, 0], likely.ratio[row, :, :, 0], likely.applies[row])
    return found


def _batches(members: Sequence[Prepared], most: int, priors: Mapping[str, Prior]) -> list[list[int]]:
    """Numbers of series that are read side by side: of one shape and prior, with or without gaps and teams."""
    shapes: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, member in enumerate(members):
        years, persons = member.won.shape
        key: tuple[object, ...] = (years, padded(persons), member.gap > 0, member.teams > 0, _own_prior(member, priors))
        shapes[key].append(number)
    found = []
    for key in sorted(shapes, key=str):
        numbers = sorted(shapes[key], key=lambda n: members[n].digest())
        found += [numbers[start : start + most] for start in range(0, len(numbers), most)]
    return found


def _own_prior(member: Prepared, priors: Mapping[str, Prior]) -> str:
    """Title whose own prior a series is read with; "" for the default one."""
    title = member.source.title
    return "" if priors.get(title, DEFAULT) is DEFAULT else title


#: What the forked workers read: members, priors, last stage.
_shared: tuple[Sequence[Prepared], dict[str, Prior], int] | None = None


def _readings(members: Sequence[Prepared], priors: dict[str, Prior], last_stage: int, workers: int) -> list[Reading]:
    global _shared  # noqa: PLW0603 - read by the forked workers
    batches = _batches(members, max(1, _ROWS // (calibration.STAGES[0] + calibration.QUEUES)), priors)
    # The largest first, so that no worker is left alone with one at the end.
    batches.sort(key=lambda numbers: -sum(members[n].won.size for n in numbers))
    _shared = (members, priors, last_stage)
    # The matrices are small: threads of the linear algebra would only get in each other's way.
    limits = threadpool_limits(1, user_api="blas")
    try:
        if workers < 2 or len(members) < MANY or not _can_fork():
            parts = [_read(numbers) for numbers in batches]
        else:
            with warnings.catch_warnings():
                # Newer Pythons warn of forking beside threads; nothing here starts one or waits for one.
                warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork.*")
                with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
                    parts = list(pool.map(_read, batches))
    finally:
        _shared = None
        limits.restore_original_limits()
    found: dict[int, Reading] = {}
    for numbers, part in zip(batches, parts, strict=True):
        found.update(zip(numbers, part, strict=True))
    return [found[n] for n in range(len(members))]


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


def _read(numbers: Sequence[int]) -> list[Reading]:
    assert _shared is not None
    members, priors, last_stage = _shared
    return read([members[n] for n in numbers], priors[members[numbers[0]].source.title], last_stage)
