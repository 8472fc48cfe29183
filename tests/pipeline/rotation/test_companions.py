"""The companions of the rotation test against cases worked out by hand, and against what was measured of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest

from pipeline.rotation import levelling
from pipeline.rotation.levelling import (
    f_below,
    level_scores,
    piling,
    shares_too_equal,
    trigamma,
    unanimity,
    votes_too_equal,
)
from pipeline.rotation.mismatch import mismatch_p, shortfall
from pipeline.rotation.moved_merit import moved_merit_p, waiting_rank, waiting_since
from pipeline.rotation.near_ties import contests, near_ties
from pipeline.rotation.order import first_titles, order_of_titles, stream_of
from pipeline.rotation.rules import BETAS, COMMON
from pipeline.rotation.series import Prepared, Series, prepare
from pipeline.rotation.turn_votes import votes_follow_turn
from tests.rotation.generator import HONEST, ROTATING, make

LOT = np.eye(1, len(BETAS))[0]


def series(won: Sequence[Sequence[int]], merit: Sequence[Sequence[float]] | None = None, **more: object) -> Series:
    """A unit in which everybody is always there."""
    table = np.array(won, dtype=bool)
    years, persons = table.shape
    there = np.ones(table.shape, dtype=bool)
    marks = np.full(table.shape, np.nan) if merit is None else np.array(merit, dtype=float)
    known: dict[str, object] = {"present": there, "eligible": there, "merit": marks, "won": table, **more}
    return Series("U", "T", tuple(range(2001, 2001 + years)), tuple(f"P{n}" for n in range(persons)), **known)  # type: ignore[arg-type]


def invented(kind: str, number: int, n: int = 8, k: int = 1, years: int = 6, name: str = "U") -> Series:
    return make(kind, n, k, years, np.random.default_rng([number, n, k, years, len(kind)]), name)


def rate(chances: Sequence[float | None], level: float = 0.05) -> float:
    """Share of p-values up to the level; what was not tested was not marked."""
    return float(np.mean([1.0 if p is None else p for p in chances] <= np.float64(level)))


def shuffled(one: Series, rng: np.random.Generator) -> tuple[Series, np.ndarray]:
    """The same unit with its persons in another order and under other names."""
    order = rng.permutation(len(one.persons))
    tables = {name: getattr(one, name)[:, order] for name in ("present", "eligible", "merit", "won")}
    names = tuple(f"Q{n}" for n in range(len(order)))
    return replace(one, unit="V", persons=names, groups=(), **tables), order


# M1


def test_shortfall_by_hand() -> None:
    # Standardised merits of each year are ±1.2247 and 0; the lowest, the middle and the best win.
    one = prepare(series([[0, 0, 1], [0, 1, 0], [1, 0, 0]], [[3, 2, 1]] * 3))
    assert shortfall(one, LOT) == pytest.approx(math.sqrt(1.5) - 0 - math.sqrt(1.5))
    always_lowest = prepare(series([[0, 0, 1]] * 3, [[3, 2, 1]] * 3))
    assert shortfall(always_lowest, LOT) == pytest.approx(3 * math.sqrt(1.5))
    keen = np.eye(len(BETAS))[-1]
    weight = np.exp(BETAS[-1] * math.sqrt(1.5) * np.array([1, 0, -1]))
    expected = math.sqrt(1.5) * (weight[0] - weight[2]) / weight.sum()
    assert shortfall(always_lowest, keen) == pytest.approx(3 * (expected + math.sqrt(1.5)))


def test_mismatch_is_what_enumeration_says() -> None:
    merit = np.random.default_rng(4).normal(size=(3, 4))
    one = prepare(series([[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0]], merit))
    seen, exact = (one.merit * one.won).sum(), 0.0
    for beta, common in zip(BETAS, COMMON, strict=True):
        weight = np.exp(beta * one.merit)
        weight /= weight.sum(axis=1, keepdims=True)
        for who in product(range(4), repeat=3):
            if sum(one.merit[t, i] for t, i in enumerate(who)) <= seen + 1e-9:
                exact += common * math.prod(weight[t, i] for t, i in enumerate(who))
    assert 0.02 < exact < 0.9
    found = mismatch_p(one, COMMON, 9_999)
    assert abs(found - exact) < 4 * math.sqrt(exact * (1 - exact) / 9_999)


def test_mismatch_marks_lotteries_and_leaves_honest_committees() -> None:
    def marked(kind: str, units: int) -> float:
        return rate([mismatch_p(prepare(invented(kind, n)), COMMON, 199) for n in range(units)])

    assert marked("lottery", 60) >= 0.5
    assert marked("favourite", 60) >= 0.25
    assert np.mean([marked(kind, 15) for kind in HONEST]) <= 0.05


def test_mismatch_is_never_0() -> None:
    worst = [[0] * 7 + [1]] * 9
    assert mismatch_p(prepare(series(worst, [list(range(8, 0, -1))] * 9)), COMMON, 19) == 1 / 20


def test_mismatch_needs_merit() -> None:
    assert mismatch_p(prepare(series([[1, 0, 0, 0]] * 4)), COMMON, 99) == 1


@pytest.mark.parametrize("test", [lambda p: mismatch_p(p, COMMON, 199), lambda p: moved_merit_p(p, 199)])
def test_neither_names_nor_order_nor_scale_decide(test: Callable[[Prepared], float | None]) -> None:
    one = invented("excuse", 5)
    again, _ = shuffled(one, np.random.default_rng(1))
    found = test(prepare(one))
    assert found is not None
    assert found == test(prepare(one)) == test(prepare(again))
    assert found == test(prepare(replace(one, merit=3 * one.merit - 7)))
    assert 0 < found < 1


# R2


def test_waiting_by_hand() -> None:
    present = np.ones((4, 4), dtype=bool)
    present[:2, 3] = False  # comes in the third year
    one = prepare(series([[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]], present=present, eligible=present))
    back = np.argsort(one.order)
    assert waiting_since(one)[:, back].tolist() == [[0, 0, 0, 0], [1, 0, 0, 0], [1, 2, 0, 2], [3, 2, 0, 2]]
    rank = waiting_rank(np.array([3, 2, 0, 2, 9]), np.array([True, True, True, True, False]))
    assert rank[:4].tolist() == [0, 0.5, 1, 0.5]
    assert math.isnan(rank[4])


def test_moved_merit_is_what_enumeration_says() -> None:
    merit = [[1, 2, 3], [1, 3, 5], [6, 2, 1], [1, 7, 2]]
    one = prepare(series([[1, 0, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]], merit))
    rank = np.array([waiting_rank(row, np.ones(3, dtype=bool)) for row in waiting_since(one)])
    rank -= 0.5  # it is enough that one of the two is centred
    ways = [[sum(m[list(p)] * r) for p in permutations(range(3))] for m, r in zip(one.merit, rank, strict=True)]
    seen = float((one.merit * rank).sum())
    sums = [sum(way) for way in product(*ways)]
    exact = float(np.mean([s >= seen - 1e-9 for s in sums]))
    assert 0.02 < exact < 0.98
    found = moved_merit_p(one, 9_999)
    assert found is not None
    assert abs(found - exact) < 4 * math.sqrt(exact * (1 - exact) / 9_999)


def test_moved_merit_sees_excuses_and_not_honest_years() -> None:
    def marked(kind: str, n: int, k: int, years: int, units: int) -> float:
        return rate([moved_merit_p(prepare(invented(kind, u, n, k, years)), 199) for u in range(units)])

    assert 0.1 <= marked("excuse", 8, 1, 6, 100) <= 0.6
    assert 0.2 <= marked("excuse", 8, 2, 5, 100) <= 0.7
    for kind in ("base", "noisy", "ability", "iid", "cycle", "leavers"):
        assert marked(kind, 8, 1, 6, 60) <= 0.12, kind


def test_moved_merit_needs_four_years_with_merit() -> None:
    won, merit = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], np.random.default_rng(1).normal(size=(4, 3))
    assert moved_merit_p(prepare(series(won, merit)), 99) is not None
    assert moved_merit_p(prepare(series(won[:3], merit[:3])), 99) is None
    merit[0, 0] = np.nan  # two values do not make a year
    assert moved_merit_p(prepare(series(won, merit)), 99) is None
    nobody = series([[0, 0, 0]] * 5, np.random.default_rng(1).normal(size=(5, 3)))
    assert moved_merit_p(prepare(nobody), 99) is None


# X1


def test_contests_by_hand() -> None:
    # z of (10, 10.1, 6, 6): the two best are nearly equal.
    won = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]]
    one = prepare(series(won, [[10.1, 10, 6, 6]] * 4))
    # Year 1: nobody has waited longer. Year 2: the second, who waited, won: 1. Year 3: last year's winner won: 0.
    # Year 4: the winner is far below the best.
    assert contests(one) == [1.0, 0.0]
    # Three equals, the last of whom wins twice running: of the two others left out one has waited longer, one not.
    tied = prepare(series([[1, 0, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0]], [[9, 9, 9, 1]] * 3))
    assert contests(tied) == [1.0, 0.5]
    assert contests(prepare(series(won))) == []
    # Who must stay out after a title is no rival: the best of the others is far below.
    alternate = series([[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [1, 0, 0, 0, 0]], [[10.1, 10, 6, 5, 5]] * 3)
    assert contests(prepare(alternate)) == [1.0, 1.0]
    assert contests(prepare(replace(alternate, gap=1))) == []


def test_near_ties_tell_turns_from_ability() -> None:
    def audit(kinds: Sequence[str], units: int = 450) -> list[Prepared]:
        return [prepare(invented(kinds[u % len(kinds)], u, 6 + u % 15, 1 + u % 3, name=f"U{u}")) for u in range(units)]

    honest, turning = near_ties(audit(("iid",))), near_ties(audit(ROTATING))
    assert 0.4 < honest.low < 0.5 < honest.high < 0.65
    assert near_ties(audit(("ability",), 900)).share < 0.48
    assert near_ties(audit(("streak",), 150)).high < 0.5
    assert turning.low > 0.55
    assert turning.pairs >= 100
    assert turning.share == turning.longer_won / turning.pairs
    members = audit(ROTATING)
    again = [prepare(replace(m.source, unit=f"X{n}")) for n, m in enumerate(members)][::-1]
    assert near_ties(again) == turning == near_ties(members)
    # The same pairs in fewer, larger units say less.
    lumped = near_ties([prepare(replace(m.source, unit=f"U{n % 12}")) for n, m in enumerate(members)])
    assert lumped.share == turning.share
    assert (lumped.low, lumped.high) != (turning.low, turning.high)


def test_near_ties_say_nothing_without_pairs_or_units() -> None:
    nothing = near_ties([])
    assert nothing.pairs == 0
    assert all(math.isnan(value) for value in (nothing.share, nothing.low, nothing.high))
    one = prepare(series([[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]], [[10.1, 10, 6, 6]] * 3))
    few = near_ties([one] * 20)  # one unit, however many titles
    assert (few.pairs, few.share) == (40, 1)
    assert math.isnan(few.low)


# V1


def voted(kind: str, number: int, n: int = 12, years: int = 6, votes: int = 3) -> tuple[Series, np.ndarray]:
    """A unit of invented scores; in the last years 12 ballots were counted. Waiting counts for the votes, or not."""
    rng = np.random.default_rng([number, n, years, votes])
    ability, last = rng.normal(size=n), np.zeros(n)
    won, merit, share = np.zeros((years, n), dtype=int), np.zeros((years, n)), np.full((years, n), np.nan)
    for t in range(years):
        true = 0.6 * ability + 0.8 * rng.normal(size=n)
        merit[t] = true + 0.5 * rng.normal(size=n)
        view = true + 0.6 * rng.normal(size=n) + (0.8 * (t + 1 - last) if kind == "turn" else 0)
        if t >= years - votes:
            share[t] = rng.binomial(12, 1 / (1 + np.exp(-view))) / 12
        won[t, view.argmax()] = 1
        last[view.argmax()] = t + 1
    return series(won.tolist(), merit.tolist()), share


def follow(kind: str, number: int, **shape: int) -> float | None:
    one, share = voted(kind, number, **shape)
    return votes_follow_turn(share, prepare(one), 199)


def test_votes_that_follow_the_turn() -> None:
    assert rate([follow("honest", n) for n in range(200)]) <= 0.10
    assert rate([follow("turn", n) for n in range(60)]) >= 0.75
    one_year = rate([follow("turn", n, n=8, votes=1) for n in range(60)])
    assert 0.3 <= one_year < rate([follow("turn", n, n=8) for n in range(60)])


@pytest.mark.parametrize("seed", [None, 1, 4])
def test_votes_of_a_year_by_enumeration(seed: int | None) -> None:
    """Permuted are the residuals; from what is permuted the effect of merit is taken again."""
    rng = np.random.default_rng(seed or 0)
    won = [[1, 0, 0, 0, 0, 0, 0, 0]] + [[0] * n + [1] + [0] * (7 - n) for n in (1, 2, 3)]
    share, merit = np.full((4, 8), np.nan), np.full((4, 8), np.nan)
    share[3] = [0.01, 0.05, 0.2, 0.0, 1.0, 0.98, 0.5, 0.45]
    if seed is not None:
        merit[3] = 10 * share[3] + 2 * rng.normal(size=8)
    one = prepare(series(won, merit.tolist()))
    found = votes_follow_turn(share, one, 39_999)
    back = np.argsort(one.order)
    rank, marks = waiting_rank(waiting_since(one)[3], np.ones(8, dtype=bool))[back] - 0.5, one.merit[3, back]

    def beyond(values: np.ndarray) -> np.ndarray:
        return values - np.outer(values @ marks, marks) / max(marks @ marks, 1e-9)

    votes = np.arcsin(np.sqrt(share[3]))
    [votes], [rank] = beyond((votes - votes.mean())[None]), beyond(rank[None])
    ways = beyond(votes[np.array(list(permutations(range(8))))])
    correlation = ways @ rank / np.sqrt((ways**2).sum(axis=1))
    exact = float((correlation >= correlation[0] - 1e-9).mean())
    assert found is not None
    assert 0.005 < exact < 0.9
    assert abs(found - exact) < 4 * math.sqrt(exact * (1 - exact) / 39_999) + 1e-4


def test_merit_excuses_votes() -> None:
    """Votes that follow waiting through recorded merit alone are no sign."""
    rng = np.random.default_rng(1)
    one, _ = voted("honest", 1, n=20)
    since = waiting_since(prepare(one))[:, np.argsort(prepare(one).order)]
    one = replace(one, merit=rng.normal(size=since.shape) - since)
    ready = prepare(one)
    share = np.sin(0.8 + 0.1 * ready.merit[:, np.argsort(ready.order)] + 0.02 * rng.normal(size=since.shape)) ** 2
    with_merit = votes_follow_turn(share, ready, 199)
    without = votes_follow_turn(share, prepare(replace(one, merit=np.full(since.shape, np.nan))), 199)
    assert without is not None and with_merit is not None
    assert without <= 0.01 < 0.05 < with_merit


def test_votes_where_most_win() -> None:
    """Whoever is next to be left out gets few votes: the direction turns with the question."""
    out = np.eye(6, dtype=int)  # one is left out each year, in turn
    share = np.full((6, 6), np.nan)
    for t in (3, 4, 5):
        last = np.where(np.arange(6) < t, 1 + np.arange(6), 0)
        share[t] = 0.9 - 0.1 * (t - last)
    one = prepare(series((1 - out).tolist()))
    assert one.complement
    follows, opposite = votes_follow_turn(share, one, 199), votes_follow_turn(1 - share, one, 199)
    assert follows is not None and opposite is not None
    assert follows <= 0.05
    assert opposite >= 0.9


def test_votes_need_candidates_and_spread() -> None:
    one, share = voted("turn", 3, n=8, votes=1)
    assert votes_follow_turn(share, prepare(one), 99) is not None
    fewer = share.copy()
    fewer[-1, 0] = np.nan  # seven candidates
    assert votes_follow_turn(fewer, prepare(one), 99) is None
    assert votes_follow_turn(np.where(np.isnan(share), np.nan, 1.0), prepare(one), 99) is None
    pairs = np.full(share.shape, np.nan)
    pairs[:, :2] = np.random.default_rng(1).random((6, 2))
    assert votes_follow_turn(pairs, prepare(one), 99) is None
    with pytest.raises(ValueError, match="shares of votes"):
        votes_follow_turn(share[:, 1:], prepare(one))


def test_votes_do_not_hang_on_order() -> None:
    # Four of these persons never won and are equal in all that the series records: their votes tell them apart.
    won = [[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]]
    one, share = series(won), np.round(np.random.default_rng(2).random((4, 6)), 2)
    found = votes_follow_turn(share, prepare(one), 199)
    for seed in range(5):
        again, order = shuffled(one, np.random.default_rng(seed))
        assert votes_follow_turn(share[:, order], prepare(again), 199) == found


# V2, V3, LP-06


def test_distributions() -> None:
    # Printed tables: the 95 % points of F(4, 10), F(10, 4) and F(1, 1); closed form for two degrees above.
    assert f_below(3.47805, 4, 10) == pytest.approx(0.95, abs=1e-5)
    assert f_below(5.96437, 10, 4) == pytest.approx(0.95, abs=1e-5)
    assert f_below(1, 1, 1) == pytest.approx(0.5, abs=1e-12)
    for value, other in ((0.01, 3.0), (0.7, 8.5), (4.0, 10_000.0)):
        assert f_below(value, 2, other) == pytest.approx(1 - (1 + 2 * value / other) ** (-other / 2), rel=1e-10)
    assert (f_below(0, 3, 5), f_below(1e9, 3, 5)) == (0, pytest.approx(1))
    assert trigamma(1) == pytest.approx(math.pi**2 / 6, rel=1e-10)
    assert trigamma(0.5) == pytest.approx(math.pi**2 / 2, rel=1e-10)
    assert levelling._trigamma_inverse(trigamma(3.7)) == pytest.approx(3.7, rel=1e-6)


def scored(rng: np.random.Generator, persons: int, spread: float | None = None, years: int = 1) -> list[np.ndarray]:
    """Scores around 80; spreads of units vary as an inverse chi-square does."""
    own = 5 * math.sqrt(10 / rng.chisquare(10)) if spread is None else spread
    return [80 + own * rng.normal(size=persons) for _ in range(years)]


def test_honest_scores_are_marked_as_often_as_the_level_says() -> None:
    rng = np.random.default_rng(1)
    found = level_scores([scored(rng, int(rng.integers(5, 30)), years=1 + n % 2) for n in range(2_000)])
    chances = [one.p_value for one in found]
    assert 0.035 <= rate(chances) <= 0.075
    assert rate(chances, 0.01) <= 0.025
    assert 0.4 <= rate(chances, 0.5) <= 0.6


def test_levelled_scores_stand_out() -> None:
    rng = np.random.default_rng(2)
    others = [scored(rng, int(rng.integers(5, 30))) for _ in range(200)]
    level = level_scores([*others, *(scored(rng, 8, 1.0) for _ in range(15)), *(scored(rng, 8, 1.0, 3) for _ in "abc")])
    assert rate([one.p_value for one in level[200:215]], 0.01) >= 0.6
    assert rate([one.p_value for one in level[215:]], 0.01) == 1


def test_scores_by_hand() -> None:
    few = level_scores([[np.array([80.0, 80.0, 86.0, np.nan]), np.array([70.0])], [np.array([90.0])], []])
    assert few[0].p_value is None
    assert few[0].sd == pytest.approx(math.sqrt(12))
    assert few[0].identical == pytest.approx(2 / 4)
    assert math.isnan(few[1].sd) and few[1].identical == 0
    assert math.isnan(few[2].identical)
    rng = np.random.default_rng(3)
    units = [[np.round(one)] for [one] in (scored(rng, 10) for _ in range(30))]
    assert level_scores(units)[0].p_value is not None
    assert level_scores(units[:29])[0].p_value is None
    same = level_scores([*units, [np.full(10, 85.0)]])[-1]
    variances = np.array([np.var(year, ddof=1) for [year] in units] + [1 / 12])  # what rounding to points can hide
    usual, steady = levelling._usual(variances, np.full(31, 9.0))
    assert same.p_value == pytest.approx(f_below(1 / 12 / usual, 9, steady))
    assert 0 < same.p_value < 0.01
    assert (same.sd, same.identical) == (0, 1)
    flat = level_scores([[np.full(10, 85.0)]] * 40)
    assert {one.p_value for one in flat} == {None}


def test_votes_too_equal_is_the_hypergeometric_law() -> None:
    # Two candidates, two ballots, two votes: 2-0, 1-1, 1-1, 1-1, 1-1, 0-2.
    assert votes_too_equal(np.array([1, 1]), np.array([2, 2]), 19_999) == pytest.approx(4 / 6, abs=0.014)
    assert votes_too_equal(np.array([2, 0]), np.array([2, 2]), 99) == 1
    assert votes_too_equal(np.array([4, 4, 4]), np.array([4, 4, 4]), 99) == 1
    # Candidates with fewer ballots are expected to have fewer votes.
    fair = votes_too_equal(np.array([8, 4]), np.array([12, 6]), 9_999)
    assert fair < votes_too_equal(np.array([6, 6]), np.array([12, 6]), 9_999)
    with pytest.raises(ValueError, match="out of"):
        votes_too_equal(np.array([5]), np.array([4]))


def test_votes_too_equal_as_measured() -> None:
    rng = np.random.default_rng(5)

    def marked(even: bool, voters: int, candidates: int) -> float:
        found = []
        for _ in range(100):
            view = 1 / (1 + np.exp(-rng.normal(size=candidates)))
            votes = rng.binomial(voters, view)
            if even:  # all within one vote
                votes = int(rng.integers(voters // 2, voters)) + rng.integers(0, 2, size=candidates)
            found.append(votes_too_equal(votes, np.full(candidates, voters), 199))
        return rate(found)

    assert marked(False, 8, 8) <= 0.02
    assert marked(True, 8, 8) >= 0.4
    assert marked(True, 12, 12) >= 0.75


def test_shares_of_units() -> None:
    rng = np.random.default_rng(6)
    eligible = rng.integers(8, 40, size=12)

    def chance(seats: np.ndarray) -> float | None:
        return shares_too_equal(seats, eligible, 199)

    by_lot = [chance(rng.multivariate_hypergeometric(eligible, int(eligible.sum()) // 6)) for _ in range(200)]
    assert 0.01 <= rate(by_lot) <= 0.10
    shared_out = np.round(eligible / 6).astype(int)
    assert chance(shared_out) == 1 / 200
    order = rng.permutation(12)
    drawn = rng.multivariate_hypergeometric(eligible, int(eligible.sum()) // 6)
    found = shares_too_equal(drawn, eligible)
    assert found is not None and found > 0.01
    assert shares_too_equal(drawn[order], eligible[order]) == found
    assert chance(np.zeros(12, dtype=int)) is None
    assert chance(eligible) is None
    assert shares_too_equal(np.array([1, 1, 1, 1, 0]), np.array([6, 6, 6, 6, 0])) is None
    assert shares_too_equal(np.array([1, 1, 1, 1, 1]), np.array([6, 6, 6, 6, 6])) is not None


def test_unanimity_among_peers() -> None:
    # Three of up to 5 persons, two of up to 10, one of more than 50.
    assert unanimity([3, 1, 3, 0, 7, 9], [5, 2, 4, 6, 10, 99]) == [2 / 3, 1, 2 / 3, 1, 1 / 2, 1]


def test_piling_by_hand() -> None:
    share, won = np.array([[0.9, 0.2, 0.3, np.nan]]), np.array([[True, False, False, False]])
    merit = np.array([[0.5, 1.5, 0.0, 2.0]])
    # Only the second is better and trails by more than one half: (0.7 - 0.5) * (1.5 - 0.5).
    assert piling(share, merit, won) == pytest.approx(0.2)
    assert piling(share, -merit, won) == pytest.approx(0.1 * 0.5)  # now the third alone is better
    assert piling(share[:, ::-1], merit[:, ::-1], won[:, ::-1]) == pytest.approx(0.2)


# LP-05


def test_order_is_exact_for_few() -> None:
    first, entry = np.arange(5.0), np.array([1990.0, 1994, 1995, 2003, 2020])
    up = order_of_titles(first, entry)
    assert up is not None
    assert (up.tau, up.p_value, up.winners) == (pytest.approx(1), 2 / 120, 5)
    down = order_of_titles(first, -entry)
    assert down is not None
    assert (down.tau, down.p_value) == (pytest.approx(-1), 2 / 120)
    # With one pair the wrong way round: 1 + 4 of 120 orders are as good.
    swapped = order_of_titles(first, entry[[1, 0, 2, 3, 4]])
    assert swapped is not None
    assert (swapped.tau, swapped.p_value) == (pytest.approx(0.8), pytest.approx(2 * 5 / 120))


def test_order_with_ties() -> None:
    # tau-b of a textbook: times 1 1 2 2 3 against 1 2 2 3 3: 7 pairs in order, none against, of 8 and 8 not tied.
    tied = order_of_titles(np.array([1.0, 1, 2, 2, 3]), np.array([1.0, 2, 2, 3, 3]))
    assert tied is not None
    assert tied.tau == pytest.approx(6 / math.sqrt(8 * 8))


def test_order_of_many_is_drawn() -> None:
    rng = np.random.default_rng(7)
    sorted_ = order_of_titles(np.arange(12.0), np.arange(12.0) ** 2)
    assert sorted_ is not None
    assert sorted_.p_value == 2 / 10_000
    drawn = [order_of_titles(np.arange(9.0), rng.permutation(9).astype(float)) for _ in range(60)]
    chances = [one.p_value for one in drawn if one is not None]
    assert len(chances) == 60
    assert rate(chances) <= 0.15
    assert 0.25 <= rate(chances, 0.5) <= 0.75
    first, entry = np.array([0.0, 0, 1, 2, 2, 3, 5, 5, 6]), rng.normal(size=9)
    order = rng.permutation(9)
    assert order_of_titles(first, entry) == order_of_titles(first[order], np.exp(entry[order]))


def test_order_needs_five_winners() -> None:
    first = first_titles(np.array([[1, 0, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0], [1, 0, 0, 1, 1, 0]], dtype=bool))
    assert first[:5].tolist() == [0, 1, 1, 2, 2]
    assert math.isnan(first[5])
    assert order_of_titles(first, np.arange(6.0)) is not None
    assert order_of_titles(first, np.array([1.0, 2, 3, 4, np.nan, 6])) is None
    assert order_of_titles(np.zeros(6), np.arange(6.0)) is None
    assert order_of_titles(first, np.ones(6)) is None


def test_streams_hang_on_content_alone() -> None:
    def first(purpose: str, *parts: np.ndarray) -> float:
        return float(stream_of(purpose, *parts).random())

    assert first("a", np.arange(4)) == first("a", np.arange(4.0))
    others = [
        first("b", np.arange(4)),
        first("a", np.arange(4).reshape(2, 2)),
        first("a", np.arange(1, 5)),
        first("a", np.arange(2), np.arange(2, 4)),
    ]
    assert len({first("a", np.arange(4)), *others}) == 5
