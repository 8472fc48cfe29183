"""The engine against the method written down plainly, and against every history that there can be."""

from __future__ import annotations

import math
from collections import Counter
from itertools import product

import numpy as np
import pytest

from pipeline.rotation import simulation
from pipeline.rotation.batch import batch_of, observed
from pipeline.rotation.calibration import LIMITS, NO_EVIDENCE, SIDE_STAGES, STAGES, read
from pipeline.rotation.facts import counts
from pipeline.rotation.likelihood import TIE, likelihoods
from pipeline.rotation.prior import DEFAULT, estimate
from pipeline.rotation.rules import BETAS, COMMON, RULES
from pipeline.rotation.series import Prepared, prepare
from tests.pipeline.rotation import brute_force
from tests.pipeline.rotation.drawn import any_series, history, redrawn, told, winners

#: Logarithms in single precision, summed over the years of a small series.
CLOSE = 1e-4


def _drawn(seed: int, many: int, years: int) -> list[Prepared]:
    """Small series of all sorts that gave at least one title."""
    rng = np.random.default_rng(seed)
    found: list[Prepared] = []
    while len(found) < many:
        gap = int(rng.integers(1, 3)) if rng.random() < 0.3 else 0
        places = 1 if rng.random() < 0.4 else None
        persons, teams = int(rng.integers(3, 9)), bool(rng.random() < 0.4)
        one = prepare(any_series(rng, persons=persons, years=years, places=places, gap=gap, teams=teams))
        if one.won.any():
            found.append(one)
    return found


def _assert_as_plain(series: Prepared, merit: np.ndarray, ratio: np.ndarray, applies: np.ndarray) -> None:
    """Hold logarithms (J,), ratios (A, J) and which rules apply (A,) against the plain reference."""
    plain_merit, plain_rules = brute_force.likelihoods(series, history(series))
    finite = np.isfinite(plain_rules[:, 0])
    assert (finite == applies).all()
    assert merit == pytest.approx(plain_merit, abs=CLOSE)
    assert merit + np.log(ratio[finite]) == pytest.approx(plain_rules[finite], abs=CLOSE)
    assert (ratio[~finite] == 0).all()


@pytest.mark.parametrize("seed", range(6))
def test_each_series_has_the_likelihoods_of_the_plain_method(seed: int) -> None:
    for series in _drawn(seed, 12, years=3 + seed):
        batch = batch_of([series])
        found = likelihoods(batch, observed(batch))
        _assert_as_plain(series, found.merit[0, :, 0], found.ratio[0, :, :, 0], found.applies[0])
        turn, _ = found.statistics(COMMON, DEFAULT.weights)
        assert turn[0, 0] == pytest.approx(brute_force.turn_evidence(series, history(series)), abs=CLOSE)


@pytest.mark.parametrize("seed", (10, 11, 12))
def test_side_by_side_they_are_the_same(seed: int) -> None:
    members = _drawn(seed, 14, years=5)
    assert len({(m.won.shape[1], m.gap, m.teams) for m in members}) > 4
    batch = batch_of(members)
    found = likelihoods(batch, observed(batch))
    for row, series in enumerate(members):
        _assert_as_plain(series, found.merit[row, :, 0], found.ratio[row, :, :, 0], found.applies[row])


def test_histories_that_did_not_happen_are_read_as_well() -> None:
    rng = np.random.default_rng(20)
    for series in _drawn(20, 6, years=6):
        batch = batch_of([series])
        beta = rng.integers(0, len(BETAS), size=(1, 15))
        drawn = simulation.by_merit(batch, beta, [rng])
        found = likelihoods(batch, drawn)
        for number, won in enumerate(drawn[0]):
            past = [frozenset(int(i) for i in np.flatnonzero(row)) for row in won]
            merit, rules = brute_force.likelihoods(series, past)
            finite = np.isfinite(rules[:, 0])
            assert found.merit[0, :, number] == pytest.approx(merit, abs=CLOSE)
            ours = found.merit[0, :, number] + np.log(found.ratio[0, finite, :, number])
            assert ours == pytest.approx(rules[finite], abs=CLOSE)


def test_many_places_are_held_in_double_precision() -> None:
    rng = np.random.default_rng(21)
    won = np.zeros((4, 60), dtype=bool)
    for row in won:
        row[rng.permutation(60)[:25]] = True
    series = prepare(told(won, merit=rng.normal(size=won.shape)))
    batch = batch_of([series])
    found = likelihoods(batch, observed(batch))
    merit, _ = brute_force.likelihoods(series, history(series))
    assert found.merit[0, :, 0] == pytest.approx(merit, rel=1e-4)


def test_evidence_of_rotation_and_departure_together_is_the_weighted_mean() -> None:
    for series in _drawn(22, 10, years=5):
        batch = batch_of([series])
        _, joint = likelihoods(batch, observed(batch)).statistics(COMMON, DEFAULT.weights)
        merit, rules = brute_force.likelihoods(series, history(series))
        applies = np.isfinite(rules[:, 0])
        expected = np.log(np.exp(rules[applies]).mean()) - np.log((COMMON * np.exp(merit)).sum())
        assert joint[0, 0] == pytest.approx(expected, abs=CLOSE)


# Every history of four people and four years, one title a year


def _four(seed: int) -> Prepared:
    """Four people in two teams, four years, one title a year; in every third series one comes in the second year.

    In every other one the title goes round.
    """
    rng = np.random.default_rng(seed)
    here = np.ones((4, 4), dtype=bool)
    here[0, 3] = seed % 3 != 0
    won = winners([[year if seed % 2 else rng.choice(np.flatnonzero(able))] for year, able in enumerate(here)], 4)
    merit = rng.normal(size=(4, 4))
    return prepare(told(won, present=here, eligible=here, merit=merit, groups=("a", "a", "b", "b")))


def _all_histories(series: Prepared) -> tuple[np.ndarray, np.ndarray]:
    """(1, H, T, n) every history of one title a year, and (J, H) its probability by merit."""
    years, persons = series.won.shape
    picked = np.array(list(product(*(np.flatnonzero(able) for able in series.eligible))))
    won = picked[:, :, None] == np.arange(persons)
    weight = np.where(series.eligible, np.exp(BETAS[:, None, None] * series.merit), 0)
    share = weight / weight.sum(axis=2, keepdims=True)
    return won[None], share[:, np.arange(years), picked].prod(axis=2)


@pytest.mark.parametrize("seed", (0, 1))
def test_each_rule_is_a_probability(seed: int) -> None:
    series = _four(seed)
    won, by_merit = _all_histories(series)
    assert won.shape[1] == (192 if seed == 0 else 256)
    found = likelihoods(batch_of([series]), won)
    assert found.applies.all()
    assert by_merit.sum(axis=1) == pytest.approx(1, abs=1e-9)
    chance = np.exp(found.merit[0])
    assert chance == pytest.approx(by_merit, rel=1e-4)
    for number, rule in enumerate(RULES):
        total = (chance * found.ratio[0, number]).sum(axis=1)
        if rule.kind == "clique":
            assert (total < 1).all() and (total > 0).all(), rule.name
        else:
            assert total == pytest.approx(1, abs=1e-4), rule.name


@pytest.mark.parametrize("seed", range(4))
def test_evidence_is_fair_to_who_goes_by_merit(seed: int) -> None:
    """Expected exp(T) and exp(J) are at most 1, so that p <= exp(-T) bounds what is reported."""
    series = _four(seed)
    won, by_merit = _all_histories(series)
    turn, joint = likelihoods(batch_of([series]), won).statistics(COMMON, DEFAULT.weights)
    chance = COMMON @ by_merit
    for statistic in (turn[0], joint[0]):
        mean = float(chance @ np.exp(statistic))
        assert 0.8 < mean <= 1 + 1e-4


def test_chances_are_those_of_enumeration() -> None:
    """Each p of series of four people and four years is within four standard errors of the exact one."""
    away: dict[str, list[float]] = {"turn": [], "joint": [], "lottery": [], "own": []}
    for seed in range(40):
        series = _four(seed)
        found = read([series], DEFAULT)[0]
        won, by_merit = _all_histories(series)
        turn, joint = likelihoods(batch_of([series]), won).statistics(COMMON, DEFAULT.weights)
        near = min(found.p_turn, found.p_joint) <= LIMITS[0]
        side = SIDE_STAGES[1 if near else 0]
        happened = (won[0] == series.won).all(axis=(1, 2)).argmax()
        own = COMMON * by_merit[:, happened]
        as_much = turn[0] >= found.turn - TIE
        speaks_for_merit = max(found.turn, found.joint) < NO_EVIDENCE  # such p are held at one half or more
        exact = (
            []
            if speaks_for_merit
            else [
                ("turn", found.p_turn, COMMON @ by_merit[:, as_much], found.replicates),
                ("joint", found.p_joint, COMMON @ by_merit[:, joint[0] >= found.joint - TIE], found.replicates),
            ]
        )
        assert near != math.isnan(found.p_own)
        assert (max(found.turn, found.joint) < NO_EVIDENCE) == math.isnan(found.p_lottery)
        if not math.isnan(found.p_lottery):
            exact.append(("lottery", found.p_lottery, by_merit[0, as_much], side))
        if near:
            exact.append(("own", found.p_own, own / own.sum() @ by_merit[:, as_much], side))
        for name, ours, chance, drawn in exact:
            true = min(float(chance.sum()), 1.0)
            error = math.sqrt(drawn * true * (1 - true)) + 1e-3
            away[name].append(((1 + drawn) * ours - 1 - drawn * true) / error)
    for name, errors in away.items():
        assert len(errors) >= 20, name
        assert np.abs(errors).max() < 4, name
        assert abs(np.mean(errors)) < 4 / math.sqrt(len(errors)), name


def test_no_chance_is_ever_nothing() -> None:
    """Nothing that was drawn came near: still one in as many as were drawn, and the one that happened."""
    found = read([prepare(told(winners([[year % 8] for year in range(15)], 8)))], DEFAULT)[0]
    assert found.replicates == STAGES[-1]
    assert found.p_turn == found.p_joint == 1 / (1 + STAGES[-1])
    assert found.p_own == found.p_lottery == 1 / (1 + SIDE_STAGES[-1])


# Histories by merit and in a queue


def test_histories_are_drawn_as_often_as_they_are_probable() -> None:
    series = _four(3)
    won, by_merit = _all_histories(series)
    rng = np.random.default_rng(30)
    for number in (0, 3):
        drawn = simulation.by_merit(batch_of([series]), np.full((1, 40_000), number), [rng])[0]
        seen = Counter(one.tobytes() for one in drawn)
        expected = by_merit[number] * len(drawn)
        found = np.array([seen[one.tobytes()] for one in won[0]])
        assert found.sum() == len(drawn)
        # chi-square of all, those that are rare taken together
        rare = expected < 5
        told_twice = [(found[~rare], expected[~rare]), (found[rare].sum(keepdims=True), expected[rare].sum())]
        chi = sum(float(((f - e) ** 2 / np.maximum(e, 1e-9)).sum()) for f, e in told_twice)
        degrees = int((~rare).sum())
        assert chi < degrees + 5 * math.sqrt(2 * degrees)


def test_two_places_go_to_the_first_two_of_plackett_and_luce() -> None:
    merit = np.array([[2.0, 1.0, 0.5, -1.0, -2.5]] * 3)
    series = prepare(told(winners([[0, 1], [1, 2], [3, 4]], 5), merit=merit))
    number = 2  # sensitivity 1
    drawn = simulation.by_merit(batch_of([series]), np.full((1, 30_000), number), [np.random.default_rng(31)])[0]
    weight = np.exp(BETAS[number] * series.merit[0])
    share = weight / weight.sum()
    # Chance of being among two: first, or second after somebody else.
    expected = [share[i] + sum(share[j] * share[i] / (1 - share[j]) for j in range(5) if j != i) for i in range(5)]
    error = np.sqrt(np.array(expected) * (1 - np.array(expected)) / 90_000)
    found = drawn[:, :, :5].reshape(-1, 5).mean(axis=0)
    assert (np.abs(found - expected) < 4 * error).all()


def test_a_declared_gap_keeps_winners_out() -> None:
    rng = np.random.default_rng(32)
    series = prepare(any_series(rng, persons=8, years=7, places=2, gap=2))
    drawn = simulation.by_merit(batch_of([series]), np.zeros((1, 400), dtype=int), [rng])[0]
    for back in (1, 2):
        assert not (drawn[:, back:] & drawn[:, :-back]).any()
    assert (drawn.sum(axis=2) <= series.seats).all()
    assert not (drawn[..., : series.won.shape[1]] & ~series.eligible).any()
    free = prepare(any_series(np.random.default_rng(32), persons=8, years=7, places=2))
    again = simulation.by_merit(batch_of([free]), np.zeros((1, 400), dtype=int), [rng])[0]
    assert (again[:, 1:] & again[:, :-1]).any()


def test_nine_years_in_ten_of_a_queue_serve_who_waited_longest() -> None:
    rng = np.random.default_rng(33)
    series = prepare(told(winners([[t] for t in range(8)], 8), merit=rng.normal(size=(8, 8))))
    batch = batch_of([series])
    found = counts(batch, simulation.in_queue(batch, np.full((1, 2_000), 4), [rng]))
    honest = counts(batch, simulation.by_merit(batch, np.full((1, 2_000), 4), [rng]))
    served, usual = found.front.sum() / found.places.sum(), honest.front.sum() / honest.places.sum()
    # Of the honest year in ten some serve the first in the queue as well.
    assert 0.9 < served < 0.9 + 0.1 * (usual + 0.1)
    assert usual < 0.7


# What is counted


def test_counts_of_a_history_that_can_be_counted_by_hand() -> None:
    merit = np.array([[3.0, 2.0, 1.0, 0.0]] * 4)
    series = prepare(told(winners([[0], [3], [3], [1]], 4), merit=merit))
    batch = batch_of([series])
    found = counts(batch, observed(batch)).of(0)
    # Front of the queue after year 1: all but the first; after 2: 1 and 2; the last year serves one of them.
    assert (found["places"], found["front"]) == (3, 2)
    assert (found["distinct"], found["repeats"]) == (3, 1)
    # Person 3 won over three better ones twice, person 1 over one.
    assert found["lower"] == 7
    # He had waited longer than the first winner (twice), in the third year he had waited less than anybody;
    # person 1 had waited longer than the first winner.
    assert found["lower_waiting"] == 2


def test_a_year_whose_merit_is_not_recorded_counts_no_pair() -> None:
    merit = np.array([[3.0, 2.0, 1.0, 0.0]] * 4)
    merit[1] = np.nan
    series = prepare(told(winners([[0], [3], [3], [1]], 4), merit=merit))
    batch = batch_of([series])
    assert counts(batch, observed(batch)).of(0)["lower"] == 4


# What committees are like


def test_a_province_that_follows_merit_closely_is_seen_to() -> None:
    rng = np.random.default_rng(40)
    close = BETAS.tolist().index(3.0)
    series = [redrawn(any_series(rng, persons=8, years=5, places=1), close, rng) for _ in range(220)]
    prior, turning = estimate(*_observed([prepare(one) for one in series]))
    assert prior.common.sum() == pytest.approx(1) and prior.weights.sum() == pytest.approx(1)
    assert prior.common @ BETAS > COMMON @ BETAS + 0.7
    assert prior.common[:3].sum() < 0.1
    assert prior.share is not None and prior.share < 0.03
    assert ((turning >= 0) & (turning <= 1)).all()


def test_who_takes_turns_stands_out_of_many() -> None:
    rng = np.random.default_rng(41)
    turns = told(winners([[year] for year in range(8)], 8))
    series = [turns] * 20 + [redrawn(any_series(rng, persons=8, years=8, places=1), 3, rng) for _ in range(200)]
    prior, turning = estimate(*_observed([prepare(one) for one in series]))
    assert prior.share == pytest.approx(20 / 220, abs=0.05)
    assert turning[:20].min() > 0.9
    assert turning[20:].mean() < 0.05


def _observed(members: list[Prepared]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    batches = [batch_of([member]) for member in members]
    found = [likelihoods(batch, observed(batch)) for batch in batches]
    return (
        np.stack([one.merit[0, :, 0] for one in found]),
        np.stack([one.ratio[0, :, :, 0] for one in found]),
        np.stack([one.applies[0] for one in found]),
    )
