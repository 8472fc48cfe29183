"""The invented units are what they are said to be, and the figures measured on them are the right ones."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rotation.acceptance import Item
from tests.rotation.generator import APART, HONEST, ODD, ROTATING, make
from tests.rotation.measures import Figure, auc, mean, ratio, share
from tests.rotation.provinces import MET, province

ALL = HONEST + ODD + ROTATING + APART


@pytest.mark.parametrize("kind", ALL)
def test_a_unit_holds_together(kind: str) -> None:
    for seed in range(8):
        one = make(kind, 8, 2, 7, np.random.default_rng(seed), teams=bool(seed % 2))
        assert (one.present.sum(axis=1) == 8).all()
        assert not (one.won & ~one.eligible).any() and not (one.eligible & ~one.present).any()
        assert (np.isfinite(one.merit) == one.present).all()
        assert one.present.any(axis=0).all()
        if kind not in ("quota", "chain"):
            assert (one.won.sum(axis=1) == 2).all()
        assert bool(one.groups) == bool(seed % 2)
        again = make(kind, 8, 2, 7, np.random.default_rng(seed), teams=bool(seed % 2))
        assert again.won.tobytes() == one.won.tobytes() and again.merit.tobytes() == one.merit.tobytes()


def _many(kind: str, n: int = 8, k: int = 1, years: int = 8) -> list[np.ndarray]:
    rng = np.random.default_rng(9)
    return [make(kind, n, k, years, rng).won for _ in range(60)]


def test_a_declared_gap_is_kept_and_told() -> None:
    rng = np.random.default_rng(10)
    for _ in range(20):
        one = make("gap", 9, 2, 7, rng)
        assert one.gap in (1, 2)
        assert not any((one.won[back:] & one.won[:-back]).any() for back in range(1, one.gap + 1))
        assert make("undeclared", 9, 2, 7, rng).gap is None


def test_a_strict_queue_serves_who_waited_longest() -> None:
    rng = np.random.default_rng(11)
    for _ in range(20):
        one = make("strict", 8, 1, 8, rng)
        last = np.where(one.present[0], 0, -1)
        for year, (won, eligible) in enumerate(zip(one.won, one.eligible, strict=True)):
            last[one.present[year] & (last < 0)] = year
            assert last[won].max() == last[eligible].min()
            last[won] = year + 1


def test_repeats_tell_the_kinds_apart() -> None:
    repeats = {kind: np.mean([(w[1:] & w[:-1]).sum() for w in _many(kind)]) for kind in ALL}
    assert repeats["strict"] == repeats["gap"] == repeats["chain"] == 0
    assert repeats["avoid"] < 0.5 * repeats["base"]
    assert repeats["star"] > repeats["base"] < repeats["streak"]
    assert repeats["cycle"] < repeats["base"]


def test_a_circle_is_half_the_staff() -> None:
    distinct = {kind: np.mean([w.any(axis=0).sum() for w in _many(kind)]) for kind in ("clique", "strict")}
    assert distinct["clique"] < 5.5 < distinct["strict"]


def test_two_teams_alternate() -> None:
    rng = np.random.default_rng(12)
    units = [make("groups", 8, 2, 8, rng, teams=True) for _ in range(40)]
    first = [[{unit.groups[p] for p in np.flatnonzero(won)} for won in unit.won] for unit in units]
    right = [teams == {"AB"[year % 2]} for unit in first for year, teams in enumerate(unit)]
    assert np.mean(right) > 0.75


def test_a_province_has_its_shares() -> None:
    drawn = province(np.random.default_rng(13), 400, 0.1)
    assert 0.06 < drawn.rotating.mean() < 0.14
    assert 0.005 < drawn.of(*ODD).mean() < 0.06
    assert set(np.array(drawn.kinds)[drawn.rotating]) == set(MET)
    staff = [int(one.present[0].sum()) for one in drawn.series]
    assert min(staff) >= 5 and max(staff) <= 40


def test_area_counts_pairs_and_halves_ties() -> None:
    better, worse = np.array([0.1, 0.2, 0.5, 1.0]), np.array([0.2, 0.5, 1.0, 1.0, 0.3])
    pairs = [(a < b) + 0.5 * (a == b) for a in better for b in worse]
    assert auc(better, worse).value == pytest.approx(np.mean(pairs))
    assert auc(worse, better).value == pytest.approx(1 - np.mean(pairs))
    rng = np.random.default_rng(14)
    areas = [auc(rng.normal(-1, 1, 80), rng.normal(0, 1, 60)) for _ in range(300)]
    assert np.mean([one.error for one in areas]) == pytest.approx(np.std([one.value for one in areas]), rel=0.15)


def test_shares_and_their_errors() -> None:
    quarter, never, two = share([True, False, False, False] * 10), share([False] * 10), mean([1.0, 3.0])
    assert (quarter.value, quarter.error) == pytest.approx((0.25, np.sqrt(0.25 * 0.75 / 40)))
    assert (never.value, never.error) == pytest.approx((0, 0.1))
    assert (two.value, two.error) == pytest.approx((2, 1))
    assert ratio([1, 3], [2, 2]).value == 1.0
    rng = np.random.default_rng(15)
    sizes = [rng.integers(20, 60, size=30) for _ in range(300)]
    pooled = [ratio([float(x) for x in rng.binomial(under, 0.6)], [float(x) for x in under]) for under in sizes]
    assert np.mean([one.error for one in pooled]) == pytest.approx(np.std([one.value for one in pooled]), rel=0.15)


def test_a_missed_figure_is_said() -> None:
    assert Item(1, "", Figure(0.02, 0.001), 0.015, False).reached is False
    near = Item(1, "", Figure(0.0155, 0.001), 0.015, False)
    assert not near.reached and near.within_error and "NO" in str(near)
    assert Item(2, "", Figure(0.9, 0.01), 0.89, True).reached
