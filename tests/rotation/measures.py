"""Reading many invented series, and shares and areas with their Monte Carlo standard errors."""

from __future__ import annotations

import multiprocessing
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.rotation.batch import padded
from pipeline.rotation.calibration import Reading, read
from pipeline.rotation.prior import DEFAULT
from pipeline.rotation.series import Bools, Floats, Prepared, Series, prepare

#: Replicates of the last stage: enough for a table at one in a hundred.
ENOUGH = 1_999
#: Series read side by side.
_TOGETHER = 7


@dataclass(frozen=True)
class Figure:
    """A number measured, and its standard error."""

    value: float
    error: float = 0.0

    def __str__(self) -> str:
        return f"{self.value:.3f} ±{self.error:.3f}"


def share(found: Floats | Bools | Sequence[bool]) -> Figure:
    """Share of what is true; where all or nothing is, the error is what one case more would make."""
    told = np.asarray(found, dtype=float)
    if not len(told):
        return Figure(float("nan"), float("nan"))
    value = float(told.mean())
    return Figure(value, float(np.sqrt(max(value * (1 - value), 1 / len(told)) / len(told))))


def mean(values: Floats | Sequence[float]) -> Figure:
    """Mean over equal parts."""
    told = np.asarray(values, dtype=float)
    spread = told.std(ddof=1) / np.sqrt(len(told)) if len(told) > 1 else float("nan")
    return Figure(float(told.mean()), float(spread))


def ratio(over: Floats | Sequence[float], under: Floats | Sequence[float]) -> Figure:
    """Pooled share of a total over provinces, which are the units of chance."""
    above, below = np.asarray(over, dtype=float), np.asarray(under, dtype=float)
    total = max(below.sum(), 1)
    value = float(above.sum() / total)
    if len(above) == 1:
        return Figure(value, float(np.sqrt(max(value * (1 - value), 1 / total) / total)))
    return Figure(value, float(np.sqrt(((above - value * below) ** 2).sum()) / total))


def auc(better: Floats, worse: Floats) -> Figure:
    """Chance that a p-value of the first is smaller than one of the second, ties half; error by DeLong's method."""
    low, high = np.sort(better), np.sort(worse)
    above = len(high) - (np.searchsorted(high, better, "left") + np.searchsorted(high, better, "right")) / 2
    below = (np.searchsorted(low, worse, "left") + np.searchsorted(low, worse, "right")) / 2
    placed, other = above / len(high), below / len(low)
    error = np.sqrt(placed.var(ddof=1) / len(placed) + other.var(ddof=1) / len(other))
    return Figure(float(placed.mean()), float(error))


def readings(series: Sequence[Series], last_stage: int = ENOUGH, workers: int = 2) -> list[Reading | None]:
    """Read series each for itself, by the default prior; None where nothing can be tested."""
    members = [prepare(one) for one in series]
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, member in enumerate(members):
        if not member.lacking:
            alike[len(member.won), padded(member.won.shape[1])].append(number)
    parts = [row[start : start + _TOGETHER] for row in alike.values() for start in range(0, len(row), _TOGETHER)]
    tasks = [([members[n] for n in part], last_stage) for part in parts]
    found: list[Reading | None] = [None] * len(members)
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("forkserver")) as pool:
        for part, answers in zip(parts, pool.map(_read, tasks, chunksize=4), strict=True):
            for number, answer in zip(part, answers, strict=True):
                found[number] = answer
    return found


def _read(task: tuple[list[Prepared], int]) -> list[Reading]:
    with threadpool_limits(1, user_api="blas"):
        return read(task[0], DEFAULT, task[1])


def p_of(found: Sequence[Reading | None], name: str = "p_turn") -> Floats:
    """p-values by name; 1 where nothing could be tested, or where this one was not computed."""
    told = np.array([1.0 if reading is None else getattr(reading, name) for reading in found])
    return np.where(np.isnan(told), 1.0, told)
