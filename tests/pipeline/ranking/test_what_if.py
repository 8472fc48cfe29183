"""What a decision would do to the ranks of a block: the same as ranking anew."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ranking.settings import Band
from pipeline.ranking.what_if import Blocks


def blocks(*units: tuple[str, float, bool], share: float = 0.34) -> Blocks:
    """Units of one block: code, percentage, ranked."""
    table = pd.DataFrame(units, columns=["unit", "percent", "ranked"]).set_index("unit")
    table["block"] = "K"
    table["shadow_rank"] = (-table["percent"]).rank(method="min")
    settings: Any = SimpleNamespace(bands=((Band.EXCELLENT, 0.9), (Band.GOOD, 0.7)), top_share=share)
    ranking: Any = SimpleNamespace(units=table, settings=settings)
    return Blocks(ranking)


def test_a_unit_that_is_considered_moves_those_below_it() -> None:
    change = blocks(("A", 95, True), ("B", 93, True), ("C", 91, True), ("X", 94, False)).with_unit("X")
    assert change is not None
    assert change.after.ranks == {"A": 1, "X": 2, "B": 3, "C": 4}
    assert change.moved == {"B": (2, 3), "C": (3, 4)} and (change.entering, change.leaving) == ([], [])


def test_the_best_takes_the_place_in_the_top_band() -> None:
    change = blocks(("A", 95, True), ("B", 93, True), ("C", 91, True), ("X", 99, False)).with_unit("X")
    assert change is not None
    assert (change.before.ceiling, change.after.ceiling) == (1, 1)
    assert (change.entering, change.leaving) == (["X"], ["A"])


def test_who_leaves_lowers_the_ceiling() -> None:
    change = blocks(*((name, 99 - i, True) for i, name in enumerate("ABCDEF"))).without("K", {"A"})
    assert (change.before.ceiling, change.after.ceiling) == (2, 1)
    assert change.after.ranks["B"] == 1 and change.leaving == ["A"]


def test_equal_units_share_a_rank_and_no_score_cannot_be_ranked() -> None:
    two = blocks(("A", 95, True), ("B", 95, True), ("X", float("nan"), False))
    assert two.now("K").ranks == {"A": 1, "B": 1} and two.with_unit("X") is None


def test_below_the_threshold_nobody_is_in_the_top_band() -> None:
    assert blocks(("A", 80, True), ("B", 70, True)).now("K").top == ()


@given(st.lists(st.integers(50, 110), min_size=2, max_size=9), st.integers(50, 110))
def test_other_points_give_the_rank_that_they_give_anew(percents: list[int], percent: int) -> None:
    names = [f"P{number}" for number in range(len(percents))]
    before = blocks(*((name, float(p), True) for name, p in zip(names, percents, strict=True)))
    changed = [float(percent), *map(float, percents[1:])]
    better = sum(p > percent for p in changed[1:])
    after = before.with_percent("P0", float(percent)).after.ranks["P0"]
    assert better + 1 <= after <= better + 1 + sum(p == percent for p in changed[1:])
