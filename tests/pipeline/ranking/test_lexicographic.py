"""Places by one column after another: hand-counted tables, and what must hold of any."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ranking.components import _one
from pipeline.ranking.lexicographic import NOBODY, first_difference, places, spans
from pipeline.ranking.nominees import keys_of

#: Two components of which a value may be missing, at most 3.
STEPS = (_one("A", "a", "a", 3.0), _one("B", "b", "b", 3.0))
VALUES = st.one_of(st.just(float("nan")), st.integers(0, 3).map(float))
PEOPLE = st.lists(st.tuples(st.sampled_from([1, 2]), VALUES, VALUES, st.integers(0, 2)), min_size=1, max_size=9)


def ranked(people: list[tuple[int, float, float, int]]) -> pd.DataFrame:
    table = pd.DataFrame(people, columns=["tier", "a", "b", "group"])
    known, best_case, worst_case = keys_of(table, STEPS)
    groups = table["group"].to_numpy(dtype="int64")
    found = places(known, groups)
    best, worst = spans(best_case, worst_case, groups)
    return table.assign(rank=found.rank, ties=found.ties, size=found.size, best=best, worst=worst)


def test_hand_counted() -> None:
    nan = float("nan")
    people = [(2, 3, 1, 0), (2, 2, nan, 0), (2, 2, nan, 0), (2, 2, 0, 0), (1, 3, 3, 0), (2, 0, 0, 1)]
    table = ranked(people)
    assert table["rank"].tolist() == [1, 3, 3, 2, 5, 1]
    assert table["ties"].tolist() == [1, 2, 2, 1, 1, 1]
    assert table["size"].tolist() == [5, 5, 5, 5, 5, 1]
    # The open one (3, 3) may come first; the two without b may have 3, or nothing.
    assert table["best"].tolist() == [1, 2, 2, 2, 1, 1]
    assert table["worst"].tolist() == [2, 5, 5, 5, 5, 1]


def test_neighbours_and_what_parts_them() -> None:
    keys = np.array([[3.0, 1.0], [2.0, 9.0], [2.0, 4.0], [2.0, 4.0]])
    found = places(keys, np.zeros(4, dtype="int64"))
    assert found.above.tolist()[:2] == [NOBODY, 0] and found.below[0] == 1 and found.below[1] in (2, 3)
    assert found.above.tolist()[2:] == [1, 1] and found.below.tolist()[2:] == [NOBODY, NOBODY]
    assert first_difference(keys, found.above).tolist() == [NOBODY, 0, 1, 1]


def test_nobody_at_all() -> None:
    found = places(np.zeros((0, 3)), np.zeros(0, dtype="int64"))
    assert len(found.rank) == len(found.above) == 0


@given(PEOPLE)
@settings(max_examples=150, deadline=None)
def test_the_interval_holds_the_rank_and_ties_share_everything(people: list[tuple[int, float, float, int]]) -> None:
    table = ranked(people)
    assert (table["best"] <= table["rank"]).all() and (table["rank"] <= table["worst"]).all()
    assert (table["worst"] <= table["size"]).all() and (table["best"] >= 1).all()
    for _, tied in table.groupby(["group", "tier", "a", "b"], dropna=False):
        assert tied[["rank", "ties", "best", "worst"]].drop_duplicates().shape[0] == 1
        assert (tied["ties"] == len(tied)).all()
    by_hand = [1 + sum(_above(p, q) for q in people if q[3] == p[3]) for p in people]
    assert table["rank"].tolist() == by_hand


def _above(mine: tuple[int, float, float, int], other: tuple[int, float, float, int]) -> bool:
    def key(person: tuple[int, float, float, int]) -> list[float]:
        return [person[0], *(-1 if value != value else value for value in person[1:3])]

    return key(other) > key(mine)


@given(PEOPLE, st.data())
@settings(max_examples=150, deadline=None)
def test_what_turns_out_lies_inside_the_interval(
    people: list[tuple[int, float, float, int]], data: st.DataObject
) -> None:
    """Whoever is open is settled, whatever is missing becomes known: every rank stays within what was said."""
    before = ranked(people)
    known = [
        (2, *(data.draw(st.integers(0, 3)) if value != value else value for value in person[1:3]), person[3])
        for person in people
        if person[0] == 2 or data.draw(st.booleans())
    ]
    kept = [n for n, p in enumerate(people) if p[0] == 2 or any(_same(p, k) for k in known)]
    if len(kept) != len(known):  # an open one that went was like another that stayed: cannot be told apart
        return
    after = ranked(known)
    said = before.iloc[kept]
    assert (after["rank"].to_numpy() >= said["best"].to_numpy()).all()
    assert (after["rank"].to_numpy() <= said["worst"].to_numpy()).all()


def _same(person: tuple[int, float, float, int], settled: tuple[int, float, float, int]) -> bool:
    return person[3] == settled[3] and all(a != a or a == b for a, b in zip(person[1:3], settled[1:3], strict=True))


@given(PEOPLE, st.data())
@settings(max_examples=150, deadline=None)
def test_better_in_a_component_never_worsens_a_place(
    people: list[tuple[int, float, float, int]], data: st.DataObject
) -> None:
    who, what = data.draw(st.integers(0, len(people) - 1)), data.draw(st.integers(0, 2))
    tier, a, b, group = people[who]
    gain = data.draw(st.integers(1, 3))
    better = [
        (2, a, b, group),
        (tier, float(gain) if a != a else a + gain, b, group),
        (tier, a, float(gain) if b != b else b + gain, group),
    ][what]
    before, after = ranked(people), ranked([*people[:who], better, *people[who + 1 :]])
    assert after["rank"][who] <= before["rank"][who]
    assert after["worst"][who] <= before["worst"][who]


@given(PEOPLE, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_rows_changes_nothing(people: list[tuple[int, float, float, int]], random: object) -> None:
    places_of = ranked(people)
    at = list(range(len(people)))
    random.shuffle(at)  # type: ignore[attr-defined]
    moved = ranked([people[n] for n in at])
    names = ["rank", "ties", "best", "worst", "size"]
    assert moved[names].to_numpy().tolist() == places_of.iloc[at][names].to_numpy().tolist()
