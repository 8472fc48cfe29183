"""Small series drawn at random, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pipeline.rotation import simulation
from pipeline.rotation.batch import batch_of, observed
from pipeline.rotation.calibration import Reading, read
from pipeline.rotation.judging import judge
from pipeline.rotation.likelihood import likelihoods
from pipeline.rotation.prior import DEFAULT
from pipeline.rotation.series import Bools, Prepared, Series, prepare

#: What committees are like when nothing is to be estimated.
KNOWN = {"T": DEFAULT}


def any_series(
    rng: np.random.Generator, *, persons: int, years: int, places: int | None = None, gap: int = 0, teams: bool = False
) -> Series:
    """Anything that can be reported: absences, newcomers, missing merit; `places` a year, or none to three."""
    present = rng.random((years, persons)) > 0.15
    eligible = present & (rng.random((years, persons)) > 0.1)
    merit = np.where(rng.random((years, persons)) > 0.1, rng.normal(size=(years, persons)), np.nan)
    won = np.zeros((years, persons), dtype=bool)
    for year in range(years):
        chosen = rng.permutation(np.flatnonzero(eligible[year]))
        won[year, chosen[: rng.integers(0, 4) if places is None else places]] = True
    groups = tuple(str(team) for team in rng.choice(["a", "b", "c", ""], size=persons)) if teams else ()
    names = tuple(f"p{person}" for person in range(persons))
    return Series("U", "T", tuple(range(2010, 2010 + years)), names, present, eligible, merit, won, gap, groups)


def winners(by_year: Sequence[Sequence[int]], persons: int) -> Bools:
    """(T, n) from the persons who won, year by year."""
    table = np.zeros((len(by_year), persons), dtype=bool)
    for row, chosen in zip(table, by_year, strict=True):
        row[list(chosen)] = True
    return table


def told(won: Bools, **changes: Any) -> Series:
    """A series of which only the winners are recorded: everybody is present and eligible throughout."""
    here = np.ones_like(won)
    years = tuple(range(2010, 2010 + len(won)))
    names = tuple(f"p{person}" for person in range(won.shape[1]))
    return replace(Series("U", "T", years, names, here, here, np.full(won.shape, np.nan), won), **changes)


def columns(series: Series, order: Sequence[int]) -> Series:
    """The same series with its persons in another order (or only some of them)."""
    pick = list(order)
    return replace(
        series,
        persons=tuple(series.persons[i] for i in pick),
        present=series.present[:, pick],
        eligible=series.eligible[:, pick],
        merit=series.merit[:, pick],
        won=series.won[:, pick],
        groups=tuple(series.groups[i] for i in pick) if series.groups else (),
    )


def redrawn(series: Series, number: int, rng: np.random.Generator) -> Series:
    """The same series with winners drawn by merit, with the sensitivity of this number."""
    one = prepare(series)
    drawn = simulation.by_merit(batch_of([one]), np.full((1, 1), number), [rng])[0, 0]
    won = np.zeros_like(one.source.won)
    won[:, one.order] = drawn[:, : len(one.order)]
    return replace(one.source, won=won)


def history(series: Prepared) -> list[frozenset[int]]:
    """What happened, as the plain reference takes it."""
    return [frozenset(int(i) for i in np.flatnonzero(row)) for row in series.won]


def evidence(series: Series) -> float:
    """Turn evidence T of one series."""
    batch = batch_of([prepare(series)])
    return float(likelihoods(batch, observed(batch)).statistics(DEFAULT.common, DEFAULT.weights)[0][0, 0])


def reading(series: Series) -> Reading:
    """The reading of one series that can be tested."""
    return read([prepare(series)], DEFAULT)[0]


def chances(series: Sequence[Series], workers: int = 1) -> list[tuple[float, ...] | None]:
    """All p-values of each series, judged together; None where nothing can be tested."""
    judged = judge(series, workers).of
    return [
        None if one.reading is None else (one.reading.p_turn, one.reading.p_joint, one.reading.p_own,
                                           one.reading.p_lottery, one.reading.power)
        for one in judged
    ]  # fmt: skip
