"""How often honest units are marked and rotating ones found, on invented series; the study measures it at length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from pipeline.rotation import calibration
from pipeline.rotation.judging import Judgement, judge
from pipeline.rotation.levels import CLEAR
from pipeline.rotation.rules import COMMON
from pipeline.rotation.series import Series
from tests.pipeline.rotation.drawn import KNOWN, any_series, redrawn
from tests.rotation.generator import HONEST, make

#: Honest series by merit as recorded, and of each kind of the generator.
BY_THE_BOOK, OF_EACH = 2_100, 160


def by_the_book(rng: np.random.Generator) -> Series:
    """Anything that can be reported, with winners drawn by recorded merit alone: what the p-values promise for."""
    persons, places, years, gap = ((5, 1, 4, 0), (7, 2, 4, 0), (6, 1, 5, 1))[int(rng.integers(3))]
    one = any_series(rng, persons=persons, years=years, places=places, gap=gap)
    return redrawn(one, int(rng.choice(len(COMMON), p=COMMON)), rng)


def judged(series: list[Series]) -> list[Judgement]:
    return list(judge(series, workers=2, priors=KNOWN).of)


def p_of(judgements: list[Judgement], name: str = "p_turn") -> np.ndarray:
    return np.array([getattr(one.reading, name) for one in judgements if one.reading is not None])


def most(share: float, number: int) -> float:
    """Share that is exceeded by chance about once in a thousand times."""
    return share + 3.1 * np.sqrt(share * (1 - share) / number)


@pytest.fixture(scope="module", autouse=True)
def few_replicates() -> Iterator[None]:
    """Fewer replicates than in earnest: one in a hundred is still told apart, and thousands of series take seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibration, "STAGES", (99, 999, 999))
        patch.setattr(calibration, "SIDE_STAGES", (9, 99))
        patch.setattr(calibration, "QUEUES", 20)
        yield


@pytest.fixture(scope="module")
def book() -> list[Judgement]:
    rng = np.random.default_rng(70)
    return judged([by_the_book(rng) for _ in range(BY_THE_BOOK)])


@pytest.mark.parametrize("name", ("p_turn", "p_joint"))
def test_under_the_null_no_p_is_too_small_too_often(book: list[Judgement], name: str) -> None:
    p = p_of(book, name)
    assert len(p) >= 2_000
    for level in (0.01, 0.05, 0.10):
        assert (p <= level).mean() <= most(level, len(p))
    # Kolmogorov and Smirnov, one-sided, at one in a thousand: the share of p-values up to p never exceeds p by more.
    ordered = np.sort(p)
    above = np.arange(1, len(p) + 1) / len(p) - ordered
    assert above.max() <= np.sqrt(-np.log(0.001) / 2 / len(p))


def test_under_the_null_p_is_not_idle(book: list[Judgement]) -> None:
    """The promise is kept at the promised level, not by never saying anything."""
    p = p_of(book)
    assert (p <= 0.10).mean() > 0.07
    assert (p <= 0.05).mean() > 0.033


def test_the_bound_that_anybody_can_check(book: list[Judgement]) -> None:
    """With one place a year, p <= exp(-T), but for the error of 199 replicates or more."""
    checked = 0
    for one in book:
        found = one.reading
        if found is None or not found.replicates or one.prepared.seats.max() > 1:
            continue
        bound = min(1.0, float(np.exp(-found.turn)))
        assert found.p_turn <= bound + 4 * np.sqrt(bound * (1 - bound) / found.replicates) + 1 / found.replicates
        checked += 1
    assert checked > 300


def test_honest_committees_are_rarely_marked() -> None:
    rng = np.random.default_rng(71)
    shapes = ((8, 1, 6), (8, 2, 5), (6, 1, 5), (12, 2, 4))
    kinds = [kind for kind in HONEST for _ in range(OF_EACH)]
    series = [make(kind, *shapes[number % 4], rng, f"u{number}") for number, kind in enumerate(kinds)]
    found = judged(series)
    p = p_of(found)
    assert len(p) >= 2_000
    assert (p <= 0.05).mean() <= 0.06
    assert (p <= 0.01).mean() <= 0.015
    # With p-values this size hardly any stands out of so many.
    assert sum(one.level == CLEAR for one in found) <= 4


def test_a_strict_queue_is_found() -> None:
    rng = np.random.default_rng(72)
    found = judged([make("strict", 8, 2, 6, rng, f"u{number}") for number in range(70)])
    assert (p_of(found) <= 0.01).mean() >= 0.97
    assert sum(one.level == CLEAR for one in found) >= 0.97 * len(found)
    assert {one.reading.rule for one in found if one.reading is not None} <= {
        "queue.1", "cycle.1", "soft8", "soft3", "queue.35", "cycle.35"}  # fmt: skip


def test_a_declared_gap_is_no_sign_and_an_undeclared_one_is() -> None:
    """The rule told: one in a hundred at most, or so. The same units, the rule not told: several times as many."""
    rng = np.random.default_rng(73)
    untold = [make("undeclared", 12, 2, 6, rng, f"u{number}") for number in range(60)]
    gaps = [_longest_gap(one) for one in untold]
    declared = [replace(one, gap=gap) for one, gap in zip(untold, gaps, strict=True)]
    known, unknown = p_of(judged(declared)), p_of(judged(untold))
    assert (known <= 0.05).mean() <= 0.10
    assert (unknown <= 0.05).mean() >= 0.30


def _longest_gap(series: Series) -> int:
    """Years for which nobody ever won again, two at most: the rule as the unit would have told it."""
    again = [bool((series.won[back:] & series.won[:-back]).any()) for back in (1, 2)]
    return 0 if again[0] else 1 if again[1] else 2
