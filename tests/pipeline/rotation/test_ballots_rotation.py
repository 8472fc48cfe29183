"""Open ballots: what is found, what is left alone, and what is never claimed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import permutations

import numpy as np
import pytest

from pipeline.rotation import ballots
from pipeline.rotation.ballots import ONE_PAIR, STATISTICS, lockstep_p, read_ballots, residuals, trading_p

NAMES = 3  # on each ballot


def cast(
    kind: str, n: int, years: int, seed: int, *, circle: int = 3, lasting: float = 0.3, teams: Sequence[str] = ()
) -> list[np.ndarray]:
    """Invented ballots: everybody names the three whom he holds for the best, beside what his kind makes him do.

    A colleague's worth has a lasting and a yearly part; so has what a voter thinks beyond it (`lasting`, and 1).
    """
    rng = np.random.default_rng([seed, n, years])
    worth, opinion = rng.normal(size=n), lasting * rng.normal(size=(n, n))
    found = []
    for _ in range(years):
        view = 0.7 * worth + 0.7 * rng.normal(size=n) + opinion + rng.normal(size=(n, n))
        if teams:
            view += np.equal.outer(teams, teams)
        if kind == "circle":
            view[:circle, :circle] += 10
        elif kind == "pair":
            view[[0, 1], [1, 0]] += 10
        elif kind == "lockstep":  # they agree on whom they name, none of them
            view[:circle] = view[0]
            view[:circle, :circle] -= 20
        np.fill_diagonal(view, -np.inf)
        votes = np.zeros((n, n))
        np.put_along_axis(votes, np.argsort(-view, axis=1)[:, :NAMES], 1, axis=1)
        np.fill_diagonal(votes, np.nan)
        found.append(votes)
    return found


def changing(years: int, seed: int, leave: float) -> list[np.ndarray]:
    """Honest ballots of eight posts that change hands."""
    rng = np.random.default_rng(seed)
    posts = [list(range(8))]
    while len(posts) < years:
        newest = max(map(max, posts))
        posts.append([p if rng.random() >= leave else (newest := newest + 1) for p in posts[-1]])
    persons = max(map(max, posts)) + 1
    found = []
    for here, votes in zip(posts, cast("honest", persons, years, seed, lasting=1.0), strict=True):
        away = np.ones(persons, dtype=bool)
        away[here] = False
        found.append(np.where(away[:, None] | away, np.nan, votes))
    return found


def traded(years: Sequence[np.ndarray], teams: Sequence[str] | None = None, replicates: int = 399) -> float:
    return trading_p(*ballots._in_order(years, teams), replicates)[0]


def in_step(years: Sequence[np.ndarray], teams: Sequence[str] | None = None) -> float:
    found = lockstep_p(*ballots._in_order(years, teams), 99)
    assert found is not None
    return found


def rate(chances: Sequence[float]) -> float:
    return float(np.mean(np.array(chances) <= 0.05))


def test_honest_units_are_left_alone() -> None:
    assert rate([traded(cast("honest", 8, 4, seed)) for seed in range(200)]) <= 0.10
    assert rate([traded(cast("honest", 8, 4, seed, lasting=1.0)) for seed in range(200)]) <= 0.10
    assert rate([traded(cast("honest", 12, 1, seed)) for seed in range(100)]) <= 0.10


def test_posts_that_change_hands_are_left_alone() -> None:
    assert rate([traded(changing(4, seed, 0.2)) for seed in range(150)]) <= 0.10


def test_friends_of_a_team_need_their_team() -> None:
    teams = ["A"] * 6 + ["B"] * 6
    units = [cast("honest", 12, 4, seed, teams=teams) for seed in range(100)]
    assert rate([traded(unit, teams) for unit in units]) <= 0.10
    assert rate([traded(unit) for unit in units]) >= 0.3  # this is why teams must be asked for


def test_circles_are_found() -> None:
    four_years = rate([traded(cast("circle", 8, 4, seed), replicates=1_999) for seed in range(150)])
    one_year = rate([traded(cast("circle", 8, 1, seed)) for seed in range(60)])
    assert four_years >= 0.80
    assert 0.1 <= one_year < four_years
    assert rate([traded(cast("circle", 12, 4, seed, circle=4)) for seed in range(40)]) >= 0.95


def test_one_pair_stays_an_open_question() -> None:
    found = [traded(cast("pair", 8, 4, seed)) for seed in range(100)]
    assert rate(found) <= 0.35  # most such pairs go unseen
    for kind in ("pair", "honest"):
        unit = read_ballots(cast(kind, 8, 2, 1), replicates=99)
        assert unit is not None
        assert unit.one_pair_identifiable is False
    assert ONE_PAIR == "không thể xác định"
    with pytest.raises(TypeError):
        ballots.Ballots(1.0, {}, None, False, one_pair_identifiable=True)  # type: ignore[call-arg]


def test_voters_in_step_are_found_and_lasting_opinions_are_not() -> None:
    assert rate([in_step(cast("honest", 8, 3, seed, lasting=1.0)) for seed in range(80)]) <= 0.13
    in_line = [in_step(cast("lockstep", 12, 4, seed, circle=4)) for seed in range(25)]
    assert rate(in_line) >= 0.7
    assert min(in_line) == 0.01  # never 0
    teams = ["A"] * 6 + ["B"] * 6
    friends = [cast("honest", 12, 2, seed, teams=teams) for seed in range(25)]
    assert rate([in_step(unit, teams) for unit in friends]) <= 0.2


def test_residuals_by_hand() -> None:
    gone = np.nan
    votes = np.array([[[gone, 1, 0, 1], [1, gone, 0, 0], [1, 1, gone, 0], [0, 1, gone, gone]]])
    whole = residuals(votes, np.zeros(4, dtype=int))[0]
    assert whole[:, 0].tolist() == [0, 1 - 1 / 2, 1 - 1 / 2, 0 - 1]
    assert whole[:, 2].tolist() == [0, 0, 0, 0]
    assert whole[:, 3].tolist() == [1, -0.5, -0.5, 0]
    # Of teams of two, each candidate has one other voter of the voter's team: none for a team mate.
    teams = residuals(votes, np.array([0, 0, 1, 1]))[0]
    assert teams[:, 0].tolist() == [0, 0, 1 - 0, 0 - 1]
    assert teams[:, 1].tolist() == [0, 0, 0, 0]


def test_likeness_by_hand() -> None:
    # Two years: voters 0 and 1 agree on 2 and 1 candidates (likeness 2 and 1), the third is alone.
    rest = np.zeros((1, 2, 3, 3))
    rest[0, 0, :2, :2] = 1
    rest[0, 1, :2, 0] = -1
    rest[:, :, 2, 2] = 7  # what a voter is alike to himself does not count
    assert ballots._likeness(rest).tolist() == [3.0]


def plain_statistics(rest: np.ndarray, order: Sequence[int]) -> list[float]:
    """The six statistics word by word."""
    years, n, _ = rest.shape
    moved = sum(i != p for i, p in enumerate(order))
    scale = math.sqrt(n * (n - 1) / (n * (n - 1) - moved))
    r = [[[0.0 if i == j else scale * rest[t, order[i], j] for j in range(n)] for i in range(n)] for t in range(years)]
    s = np.sum(r, axis=0)
    cells = [(i, j) for i in range(n) for j in range(n)]
    return [
        sum(r[t][i][j] * r[t][j][i] for t in range(years) for i, j in cells),
        sum(r[t][i][j] * r[t + 1][j][i] for t in range(years - 1) for i, j in cells),
        sum(s[i, j] * s[j, i] for i, j in cells),
        max(min(s[i, j], s[j, i]) for i, j in cells if i < j),
        max(np.linalg.eigvalsh((s + s.T) / 2)),
        float(np.trace(s @ s @ s)),
    ]


def test_trading_is_what_all_permutations_say() -> None:
    votes, team = ballots._in_order(cast("circle", 5, 2, 3), None)
    rest = residuals(votes, team)
    values = np.array([plain_statistics(rest, order) for order in permutations(range(5))])
    exact = (values >= values[0] - 1e-9).mean(axis=0)
    single = np.array([(values[:, s : s + 1] >= values[:, s] - 1e-9).mean(axis=0) for s in range(6)])
    both = float((single.min(axis=0) <= single[:, 0].min() + 1e-12).mean())
    combined, by_statistic = trading_p(votes, team, 9_999)
    assert tuple(by_statistic) == STATISTICS
    assert len({round(p, 2) for p in exact}) > 3
    for p, found in zip(exact, by_statistic.values(), strict=True):
        assert abs(found - p) < 4 * math.sqrt(p * (1 - p) / 9_999) + 2e-4
    # Ranks among what was drawn stand for the exact ones: a little noise more.
    assert combined == pytest.approx(both, abs=0.03)
    assert min(by_statistic.values()) <= combined <= 1


def test_ballots_move_inside_teams_and_among_the_same_years_only() -> None:
    votes = np.stack(cast("honest", 6, 2, 1))
    votes[0, 5] = np.nan  # votes in the second year only
    votes[:, 4] = np.nan  # never votes
    team = np.array([0, 0, 1, 1, 1, 1])
    kind = ballots._alike(votes, team)
    groups = sorted(tuple(np.flatnonzero(kind == k).tolist()) for k in set(kind.tolist()))
    assert groups == [(0, 1), (2, 3), (4,), (5,)]


def test_swaps_keep_what_they_must_and_reach_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    votes = np.stack(cast("honest", 8, 2, 1))
    team = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    mixed = ballots._mixed(votes, team, 50, np.random.default_rng(1))
    assert mixed.shape == (50, 2, 8, 8)
    assert (np.isnan(mixed) == np.isnan(votes)).all()
    assert (np.nansum(mixed, axis=3) == np.nansum(votes, axis=2)).all()
    for number in (0, 1):
        mine = team == number
        assert (np.nansum(mixed[:, :, mine], axis=2) == np.nansum(votes[:, mine], axis=1)).all()
    assert (np.nan_to_num(mixed) != np.nan_to_num(votes)).any(axis=(2, 3)).all()
    # One vote each way among four, none for oneself: nine ways, in the long run all alike.
    monkeypatch.setattr(ballots, "_SWAPS", 40)
    four = np.where(np.eye(4, dtype=bool), np.nan, np.eye(4)[[1, 2, 3, 0]])
    many = ballots._mixed(four[None], np.zeros(4, dtype=int), 4_500, np.random.default_rng(2))
    seen = Counter(tuple(np.nanargmax(one[0], axis=1)) for one in many)
    assert len(seen) == 9
    assert all(abs(count - 500) < 5 * math.sqrt(500) for count in seen.values())


@pytest.mark.parametrize("kind", ["honest", "circle"])
def test_neither_names_nor_rows_decide(kind: str) -> None:
    years, teams = cast(kind, 7, 3, 2), ["A", "A", "B", "A", "B", "A", "A"]
    years[1][2] = np.nan
    found = read_ballots(years, teams, 199)
    assert found is not None
    assert found == read_ballots(years, teams, 199)
    for seed in range(4):
        order = np.random.default_rng(seed).permutation(7)
        again = [year[np.ix_(order, order)] for year in years]
        assert read_ballots(again, [{"A": "tổ 2", "B": "tổ 1"}[teams[i]] for i in order], 199) == found


def test_equal_persons_may_stand_either_way() -> None:
    """Two voters whom nothing tells apart, in a unit with such symmetry, do not make the result hang on rows."""
    ring = np.where(np.eye(6, dtype=bool), np.nan, np.eye(6)[[1, 2, 0, 4, 5, 3]])
    found = read_ballots([ring, ring], None, 199)
    assert found is not None
    for seed in range(4):
        order = np.random.default_rng(seed).permutation(6)
        assert read_ballots([ring[np.ix_(order, order)]] * 2, None, 199) == found


def test_too_few_ballots_say_nothing() -> None:
    assert read_ballots([]) is None
    four = np.array([[0.0, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0]])
    assert read_ballots([four] * 3, replicates=99) is None  # 24 ways of exchanging four voters
    assert read_ballots(cast("honest", 5, 3, 1), replicates=99) is not None
    assert read_ballots(cast("honest", 6, 3, 1), ["A", "A", "B", "B", "C", "C"], 99) is None
    assert read_ballots([np.ones((8, 8))] * 3, replicates=99) is None  # all for all
    large = [np.random.default_rng(1).integers(0, 2, size=(ballots.MOST_IN_STEP + 1,) * 2).astype(float)]
    crowd = read_ballots(large, replicates=19)
    assert crowd is not None
    assert crowd.lockstep is None
    with pytest.raises(ValueError, match="teams"):
        read_ballots(cast("honest", 6, 1, 1), ["A"])


def test_no_ballot_leaves() -> None:
    found = read_ballots(cast("circle", 8, 3, 1), ["A", "B"] * 4, 99)
    assert found is not None
    told = asdict(found)
    assert set(told) == {"p_value", "by_statistic", "lockstep", "teams_known", "one_pair_identifiable"}
    assert set(told["by_statistic"]) == set(STATISTICS)
    numbers = [told["p_value"], told["lockstep"], *told["by_statistic"].values()]
    assert all(isinstance(n, float) and 0 < n <= 1 for n in numbers)
    assert found.teams_known
    alone = read_ballots(cast("circle", 8, 3, 1), None, 99)
    assert alone is not None and not alone.teams_known


def test_votes_for_oneself_are_not_read() -> None:
    years = cast("honest", 8, 2, 4)
    vain = [np.where(np.eye(8, dtype=bool), 1.0, year) for year in years]
    assert read_ballots(vain, None, 99) == read_ballots(years, None, 99)
    assert (vain[0].diagonal() == 1).all()  # and what was given is left as it was
