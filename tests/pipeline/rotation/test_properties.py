"""What must not matter: names, orders, workers, scales, who could not be chosen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from pipeline.rotation.judging import MANY, judge
from pipeline.rotation.series import Series
from tests.pipeline.rotation.drawn import any_series, chances, columns, evidence, told, winners
from tests.rotation.generator import HONEST, ROTATING, make

Changed = Callable[[Series, np.random.Generator], Series]


def series_of_all_sorts() -> list[Series]:
    """Honest and rotating units of several shapes, with and without teams and merit."""
    rng = np.random.default_rng(50)
    found = []
    shapes = ((6, 1, 5), (8, 2, 4), (9, 1, 6), (7, 5, 5))
    for number, kind in enumerate(HONEST + ROTATING):
        one = make(kind, *shapes[number % 4], rng, f"u{number}", teams=number % 3 == 0)
        if number % 5 == 0:
            one = replace(one, merit=np.where(rng.random(one.merit.shape) < 0.3, np.nan, one.merit))
        found.append(one)
    return found


SERIES = series_of_all_sorts()


@pytest.fixture(scope="module")
def usual() -> list[tuple[float, ...] | None]:
    found = chances(SERIES)
    tested = [one for one in found if one is not None]
    assert 2 * len(tested) >= MANY and len({one[0] for one in tested}) > 8
    return found


def same(ours: list[tuple[float, ...] | None], others: list[tuple[float, ...] | None]) -> bool:
    """Byte for byte, so that what was not computed (NaN) counts as equal."""
    return repr(ours) == repr(others)


def test_another_process_gives_the_same(usual: list[tuple[float, ...] | None]) -> None:
    code = (
        "from tests.pipeline.rotation.test_properties import SERIES, chances;"
        "print(repr(chances(SERIES)))"
    )  # fmt: skip
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert ran.stdout.strip() == repr(usual)


def test_two_workers_give_the_same(usual: list[tuple[float, ...] | None]) -> None:
    assert same(chances([*SERIES, *SERIES], workers=2), [*usual, *usual])


def test_the_order_of_series_does_not_matter(usual: list[tuple[float, ...] | None]) -> None:
    order = np.random.default_rng(51).permutation(len(SERIES))
    found = chances([SERIES[n] for n in order])
    assert same([found[n] for n in np.argsort(order)], usual)


def test_other_series_do_not_matter(usual: list[tuple[float, ...] | None]) -> None:
    for number in (0, 7, 16, 20):
        assert same(chances([SERIES[number]]), usual[number : number + 1])


def _renamed(series: Series, rng: np.random.Generator) -> Series:
    persons = tuple(f"z{n:03}" for n in rng.permutation(len(series.persons)))
    return replace(series, unit=f"{series.unit[::-1]}-x", persons=persons)


def _teams_renamed(series: Series, rng: np.random.Generator) -> Series:
    return replace(series, groups=tuple({"A": "tổ 2", "B": "tổ 1"}.get(g, "") for g in series.groups))


def _shuffled(series: Series, rng: np.random.Generator) -> Series:
    return columns(series, rng.permutation(len(series.persons)))


def _on_another_scale(series: Series, rng: np.random.Generator) -> Series:
    return replace(series, merit=3 * series.merit - 7)


def _on_a_scale_of_each_year(series: Series, rng: np.random.Generator) -> Series:
    years = (len(series.years), 1)
    return replace(series, merit=rng.uniform(0.5, 20, years) * series.merit + rng.uniform(-50, 50, years))


def _in_other_years(series: Series, rng: np.random.Generator) -> Series:
    return replace(series, years=tuple(year + 37 for year in series.years))


def _with_a_stranger(series: Series, rng: np.random.Generator, *, present: bool) -> Series:
    """One more person, first of all, who was never eligible and of whom no merit is recorded."""
    before = ((0, 0), (1, 0))
    return replace(
        series,
        persons=("stranger", *series.persons),
        present=np.pad(series.present, before, constant_values=present),
        eligible=np.pad(series.eligible, before),
        merit=np.pad(series.merit, before, constant_values=np.nan),
        won=np.pad(series.won, before),
        groups=("B", *series.groups) if series.groups else (),
    )


def _with_somebody_absent(series: Series, rng: np.random.Generator) -> Series:
    return _with_a_stranger(series, rng, present=False)


def _with_somebody_never_eligible(series: Series, rng: np.random.Generator) -> Series:
    return _with_a_stranger(series, rng, present=True)


def _eligible_though_absent(series: Series, rng: np.random.Generator) -> Series:
    return replace(series, eligible=series.eligible | ~series.present)


def _nobody_asked_for_a_gap(series: Series, rng: np.random.Generator) -> Series:
    return replace(series, gap=series.gap or None)


def _winners_not_on_the_lists(series: Series, rng: np.random.Generator) -> Series:
    return replace(series, eligible=series.eligible & ~series.won, present=series.present)


@pytest.mark.parametrize(
    "change",
    [
        _renamed, _teams_renamed, _shuffled, _on_another_scale, _on_a_scale_of_each_year, _in_other_years,
        _with_somebody_absent, _eligible_though_absent, _nobody_asked_for_a_gap, _winners_not_on_the_lists,
        _with_somebody_never_eligible,
    ],
)  # fmt: skip
def test_it_does_not_matter(change: Changed, usual: list[tuple[float, ...] | None]) -> None:
    rng = np.random.default_rng(52)
    assert same(chances([change(one, rng) for one in SERIES]), usual)


def test_order_of_equal_persons_in_teams_does_not_matter() -> None:
    one = told(winners([[0], [3], [0], [3], [0]], 6), groups=("a", "a", "a", "b", "b", "b"))
    found = {repr(chances([columns(one, order)])) for order in ((0, 1, 2, 3, 4, 5), (0, 4, 1, 3, 2, 5))}
    assert len(found) == 1


@pytest.mark.parametrize(("by_year", "team"), [((0, 0, 0, 1, 4), "a"), ((5, 3, 3, 1, 1), "b"), ((0, 1, 2, 3, 1), "")])
def test_who_was_never_eligible_tells_no_teams_apart(by_year: tuple[int, ...], team: str) -> None:
    one = told(winners([[winner] for winner in by_year], 6), groups=("a", "a", "a", "b", "b", "b"))
    more = _with_a_stranger(one, np.random.default_rng(0), present=True)
    assert same(chances([replace(more, groups=(team, *one.groups))]), chances([one]))


def test_what_should_matter_does(usual: list[tuple[float, ...] | None]) -> None:
    """Were the random numbers or the statistic deaf to the series, all of the above would pass for nothing."""

    def later_winner(series: Series) -> Series:
        won = series.won.copy()
        last = won[-1]
        other = np.flatnonzero(series.eligible[-1] & ~last)[:1]
        last[np.flatnonzero(last)[:1]], last[other] = not len(other), True
        return replace(series, won=won)

    changed = chances([later_winner(one) for one in SERIES])
    assert sum(repr(a) != repr(b) for a, b in zip(changed, usual, strict=True)) > len(SERIES) / 2
    without = chances([replace(one, merit=np.full(one.merit.shape, np.nan)) for one in SERIES])
    assert sum(repr(a) != repr(b) for a, b in zip(without, usual, strict=True)) > len(SERIES) / 2


def test_a_province_that_estimates_its_own_prior_does_not_depend_on_order_names_or_workers() -> None:
    rng = np.random.default_rng(53)
    kinds = HONEST * 15 + ROTATING
    series = [make(kind, 5, 1, 4, rng, f"u{number}") for number, kind in enumerate(kinds)]
    usual = judge(series)
    assert usual.priors["T"].share is not None
    order = rng.permutation(len(series))
    other = judge([_renamed(_shuffled(series[n], rng), rng) for n in order], workers=2)
    assert usual.priors["T"].common.tobytes() == other.priors["T"].common.tobytes()
    assert usual.priors["T"].weights.tobytes() == other.priors["T"].weights.tobytes()
    for place, number in enumerate(order):
        ours, theirs = usual.of[number], other.of[place]
        assert repr((ours.level, ours.q_value, ours.q_joint, ours.lfdr)) == repr(
            (theirs.level, theirs.q_value, theirs.q_joint, theirs.lfdr)
        )
        if ours.reading is not None and theirs.reading is not None:
            assert ours.reading.p_turn == theirs.reading.p_turn
            assert repr(ours.reading.p_own) == repr(theirs.reading.p_own)


def test_years_after_the_last_meeting_change_no_evidence() -> None:
    rng = np.random.default_rng(54)
    for _ in range(10):
        one = any_series(rng, persons=6, years=5, places=1)
        empty = np.zeros((2, len(one.persons)), dtype=bool)
        longer = replace(
            one,
            years=tuple(range(2010, 2017)),
            present=np.concatenate([one.present, empty]),
            eligible=np.concatenate([one.eligible, empty]),
            merit=np.concatenate([one.merit, np.full(empty.shape, np.nan)]),
            won=np.concatenate([one.won, empty]),
        )
        assert evidence(longer) == pytest.approx(evidence(one), abs=1e-4)
