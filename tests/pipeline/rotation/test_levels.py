"""When nothing can be said, what is left out or turned round, and which of many series are marked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.rotation.calibration import Reading
from pipeline.rotation.judging import judge
from pipeline.rotation.levels import CLEAR, LOOK, NOTHING, UNKNOWN, benjamini_hochberg, level, over_units
from pipeline.rotation.series import MOST_PERSONS, MOST_YEARS, Series, prepare
from tests.pipeline.rotation.drawn import KNOWN, any_series, chances, columns, evidence, told, winners
from tests.rotation.generator import HONEST, make
from tests.rotation.provinces import province


def queue(persons: int, years: int) -> Series:
    return told(winners([[year % persons] for year in range(years)], persons))


# What is not tested


@pytest.mark.parametrize(
    ("series", "why"),
    [
        (queue(6, 2), "years"),
        (queue(6, 3), ""),
        (told(winners([[0], [], [1], []], 6)), "years"),
        (told(winners([[0], [], [1], [2]], 6)), ""),
        # Everybody wins: no choice.
        (told(winners([[0], [1], [0, 1, 2, 3], [0, 1, 2, 3]], 4)), "years"),
        # Two to choose from, then three.
        (queue(2, 8), "eligible"),
        (queue(3, 8), ""),
        (told(winners([[0], [1], [2]], MOST_PERSONS + 1)), "persons"),
        (told(winners([[0], [1], [2]], MOST_PERSONS)), ""),
        (told(np.zeros((5, 4), dtype=bool)), "years"),
    ],
)
def test_what_must_be_known_at_least(series: Series, why: str) -> None:
    assert prepare(series).lacking == why
    judged = judge([series]).of[0]
    assert (judged.reading is None) == bool(why)
    if why:
        assert judged.level == UNKNOWN and np.isnan(judged.q_value)


def test_a_gap_can_leave_too_few_to_choose_from() -> None:
    """Four people, two titles a year, who won stands out for a year: the other two must win."""
    series = told(winners([[0, 1], [2, 3]] * 4, 4))
    assert not prepare(series).lacking
    assert prepare(replace(series, gap=1)).lacking == "years"


def test_fewer_than_three_years_with_a_choice_are_never_clean() -> None:
    rng = np.random.default_rng(60)
    few = 0
    for _ in range(150):
        one = any_series(rng, persons=int(rng.integers(3, 7)), years=int(rng.integers(1, 5)))
        if int(prepare(one).informative.sum()) < 3:
            few += 1
            assert judge([one]).of[0].level == UNKNOWN
    assert few > 30


def test_three_years_of_one_title_are_mostly_too_few() -> None:
    rng = np.random.default_rng(61)
    series = [make(kind, 8, 1, 3, rng) for kind in HONEST * 6]
    levels = [one.level for one in judge(series, workers=2, priors=KNOWN).of]
    assert levels.count(UNKNOWN) >= 0.4 * len(levels)
    more = [make(kind, 8, 2, 5, rng) for kind in HONEST]
    assert [one.level for one in judge(more, priors=KNOWN).of].count(UNKNOWN) == 0


# Levels


@pytest.mark.parametrize(
    ("p_turn", "p_own", "power", "turn", "joint", "expected"),
    [
        (0.001, 0.01, 0.9, True, True, CLEAR),
        (0.001, 0.10, 0.1, True, False, CLEAR),
        (0.01, 0.01, 0.9, True, True, CLEAR),
        (0.011, 0.01, 0.9, True, True, LOOK),
        (0.001, 0.11, 0.9, True, False, LOOK),
        (0.001, 0.01, 0.9, False, False, LOOK),
        (0.05, 0.20, 0.9, False, False, LOOK),
        (0.051, 0.20, 0.9, False, False, NOTHING),
        (0.30, float("nan"), 0.9, False, True, LOOK),
        (0.30, float("nan"), 0.5, False, False, NOTHING),
        (0.30, float("nan"), 0.49, False, False, UNKNOWN),
        (0.05, 0.20, 0.1, False, False, LOOK),
        (1.0, float("nan"), 0.0, False, False, UNKNOWN),
    ],
)
def test_level(p_turn: float, p_own: float, power: float, turn: bool, joint: bool, expected: str) -> None:
    assert level(p_turn, p_own, power, turn_marked=turn, joint_marked=joint) == expected


def test_a_history_that_speaks_for_merit_is_no_sign() -> None:
    """Honest units of 40: 7 times as probable by merit as by turns, though most histories by merit are more so."""
    judged = judge([make("growth", 40, 6, 8, np.random.default_rng(seed)) for seed in (12, 24, 52, 78)], priors=KNOWN)
    found = [(one.level, one.reading) for one in judged.of if one.reading is not None]
    assert [reading.turn < -2 and reading.joint < -2 for _, reading in found] == [True] * 4
    assert not {LOOK, CLEAR} & {level for level, _ in found}


def test_a_draw_of_lots_that_departs_from_merit_is_no_turn() -> None:
    """Lots: 4 times as probable by merit of any closeness as by turns, though not by merit as it usually counts."""
    found = judge([make("lottery", 30, 3, 12, np.random.default_rng(23))], priors=KNOWN).of[0].reading
    assert found is not None and found.turn < -1.5 and found.joint > -0.5
    assert found.p_turn >= 0.5


def test_benjamini_and_hochberg_by_hand() -> None:
    found = benjamini_hochberg(np.array([0.04, 0.01, 0.03, 0.005, 1.0]))
    # 5/1 * .005, 5/2 * .01, 5/3 * .03, 5/4 * .04, 1: none above a later one
    assert found == pytest.approx([0.05, 0.025, 0.05, 0.025, 1.0])
    assert benjamini_hochberg(np.array([0.4])) == pytest.approx([0.4])
    assert benjamini_hochberg(np.array([0.02, 0.02, 0.02])) == pytest.approx([0.02] * 3)


def test_titles_of_a_unit_are_weighed_together_and_then_each() -> None:
    """Four units; a has two titles, d three. By Benjamini and Bogomolov, by hand."""
    units = ["a", "a", "b", "c", "d", "d", "d"]
    p = np.array([0.004, 0.03, 0.04, 0.9, 0.02, 0.5, 0.6])
    found = over_units(units, p)
    # Units: a 2 * .004 = .008, d 3 * .02 = .06, b .04, c .9.
    # Adjusted: 4 * .008 = .032, 4/2 * .04 = .08, 4/3 * .06 = .08.
    assert found.q == pytest.approx([0.032, 0.032, 0.08, 0.9, 0.08, 0.08, 0.08])
    # Three of four units are marked: each title must pass .10 * 3/4 = .075 after times the titles of its unit.
    assert found.marked.tolist() == [True, True, True, False, True, False, False]
    stricter = over_units(units, np.array([0.004, 0.02, 0.9, 0.9, 0.9, 0.5, 0.6]))
    # Only a is marked, at .10 * 1/4 = .025: the second title, .04, no longer.
    assert stricter.marked.tolist() == [True, False, False, False, False, False, False]


def test_one_title_a_unit_is_plain_benjamini_and_hochberg() -> None:
    p = np.array([0.001, 0.02, 0.03, 0.2, 0.9, 0.8, 0.7, 0.045])
    found = over_units([f"u{n}" for n in range(8)], p)
    assert found.q == pytest.approx(benjamini_hochberg(p))
    assert (found.marked == (found.q <= 0.10)).all()


def test_series_with_no_evidence_count_among_all() -> None:
    p = np.array([0.01, *[1.0] * 19])
    assert not over_units([f"u{n}" for n in range(20)], p).marked.any()
    assert over_units(["u0", "u1"], p[:2]).marked.tolist() == [True, False]


def test_no_series_no_marks() -> None:
    assert judge([]).of == ()
    assert over_units([], np.zeros(0)).marked.size == 0


def test_levels_of_a_province_are_what_its_chances_say() -> None:
    drawn = province(np.random.default_rng(65), 60, 0.2)
    judged = judge(drawn.series, workers=2)
    tested: list[Reading] = [one.reading for one in judged.of if one.reading is not None]
    q = benjamini_hochberg(np.array([one.p_turn for one in tested]))
    joint = benjamini_hochberg(np.array([one.p_joint for one in tested]))
    levels = [one.level for one in judged.of if one.reading is not None]
    for found, turn, both, said in zip(tested, q, joint, levels, strict=True):
        clear = turn <= 0.10 and found.p_own <= 0.10 and found.p_turn <= 0.01
        look = turn <= 0.10 or found.p_turn <= 0.05 or both <= 0.10
        rest = NOTHING if found.power >= 0.5 else UNKNOWN
        facts, usual = found.facts, found.expected
        leans = facts["front"] > usual["front"] or facts["repeats"] < usual["repeats"]
        assert said == (CLEAR if clear and leans else LOOK if look and leans else rest)
    assert {CLEAR, LOOK, NOTHING} <= set(levels)
    assert all(np.isnan(one.lfdr) for one in judged.of)  # too few to tell


def test_where_nothing_leans_towards_turns_there_is_no_sign() -> None:
    sure = {"turn_marked": True, "joint_marked": True}
    assert level(0.001, 0.001, 0.9, **sure) == CLEAR
    assert level(0.001, 0.001, 0.9, **sure, leaning=False) == NOTHING
    assert level(0.001, 0.001, 0.2, **sure, leaning=False) == UNKNOWN
    (same,) = judge([told(winners([[0]] * 9, 6))]).of  # the same person always
    assert same.level not in (CLEAR, LOOK)


# Who is left out


def test_where_most_win_those_left_out_are_tested() -> None:
    rng = np.random.default_rng(63)
    merit = rng.normal(size=(7, 6))
    out = winners([[year % 6] for year in range(7)], 6)
    left = prepare(told(~out, merit=merit, gap=2))
    plain = prepare(told(out, merit=-merit))
    assert left.complement and not plain.complement
    assert left.gap == 0
    assert left.digest() == plain.digest()
    assert chances([told(~out, merit=merit)]) == chances([told(out, merit=-merit)])


def test_exactly_half_is_not_turned_round() -> None:
    assert not prepare(told(winners([[0, 1], [2, 3], [0, 1]], 4))).complement
    assert prepare(told(winners([[0, 1, 2], [2, 3], [0, 1]], 4))).complement


def test_a_year_without_a_meeting_leaves_nobody_out() -> None:
    out = winners([[year % 6] for year in range(7)], 6)
    skipped = np.insert(~out, 4, False, axis=0)
    assert not prepare(told(skipped)).won[4].any()
    # As it is where few win:
    assert evidence(told(np.insert(out, 4, False, axis=0))) == pytest.approx(evidence(told(out)), abs=0.01)
    assert evidence(told(skipped)) == pytest.approx(evidence(told(~out)), abs=0.01)


# Long series and large units


def test_only_the_last_fifteen_years_are_read() -> None:
    rng = np.random.default_rng(64)
    one = any_series(rng, persons=7, years=20, places=1)
    one.present[:, 6] = one.eligible[:, 6] = False
    one.won[:, 6] = False
    one.present[:4, 6] = one.eligible[:4, 6] = True  # only there before
    late = slice(20 - MOST_YEARS, None)
    cut = replace(
        columns(one, range(6)),
        years=one.years[late],
        present=one.present[late, :6],
        eligible=one.eligible[late, :6],
        merit=one.merit[late, :6],
        won=one.won[late, :6],
    )
    assert prepare(one).won.shape == (MOST_YEARS, 6)
    assert prepare(one).source.years == one.years[late]
    assert chances([one]) == chances([cut])


def test_who_was_there_before_the_last_fifteen_years_is_not_new() -> None:
    one = told(winners([[year % 5] for year in range(18)], 6))
    present = one.present.copy()
    present[3:8, 5] = False  # there at first, away, back in the sixth of the years read
    assert not prepare(replace(one, present=present, eligible=present)).new.any()


def test_a_large_unit_is_tested_team_by_team() -> None:
    persons = MOST_PERSONS + 4
    teams = ("a",) * 8 + ("b",) * (persons - 8)
    won = winners([[year, 8 + year] for year in range(6)], persons)
    large = told(won, groups=teams)
    judged = judge([large]).of
    assert [one.series.unit for one in judged] == ["U/a", "U/b"]
    assert [len(one.series.persons) for one in judged] == [8, persons - 8]
    small = told(won[:, :8])
    ours = judged[0].reading
    assert ours is not None
    assert (ours.p_turn, ours.p_joint) == chances([small])[0][:2]  # type: ignore[index]


def test_a_large_unit_without_teams_is_not_tested() -> None:
    assert [one.level for one in judge([told(winners([[0], [1], [2]], MOST_PERSONS + 1))]).of] == [UNKNOWN]


def test_nobody_at_all_is_too_little() -> None:
    nothing = told(np.zeros((5, 3), dtype=bool))
    gone = replace(nothing, present=nothing.won, eligible=nothing.won)
    assert [one.level for one in judge([gone, told(np.zeros((5, 0), dtype=bool))]).of] == [UNKNOWN, UNKNOWN]
