"""How sure a rank is: the domain's checked examples, tables computed by hand, and what must hold of any data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.ranking.intervals import rank_intervals
from pipeline.ranking.neighbours import tie_weights
from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.tables import Ranking
from tests.pipeline.ranking.desk import TABLE, criterion, province, ranked, spread, target, targets


def test_intervals_of_the_domain() -> None:
    low, high = np.array([820.0, 835, 800, 790]), np.array([870.0, 850, 842, 795])
    best, worst = rank_intervals(low, high, np.array([1.0, 2, 3, 4]))
    assert list(zip(best, worst, strict=True)) == [(1, 3), (1, 3), (1, 3), (4, 4)]


def test_least_and_greatest_points() -> None:
    rows = targets(spread(900))
    rows[0] |= {"minh_chung": None}  # 270 points without evidence
    rows[1] |= {"diem_tu_cham": 195.0}  # claims 195 where 180 are computed
    unit = ranking_of(province({"A": rows, "B": targets(spread(700))}).evidence).units.loc["A"]
    assert (unit["low"], unit["total"], unit["high"]) == pytest.approx((630, 900, 915))
    assert (unit["best"], unit["worst"]) == (1, 2)


@given(
    above=st.lists(st.floats(0, 1), min_size=2, max_size=6), seed=st.integers(0, 999), extra=st.floats(-0.1, 0.1),
)  # fmt: skip
def test_at_the_tie_weight_the_difference_is_nothing(above: list[float], seed: int, extra: float) -> None:
    rng = np.random.default_rng(seed)
    one, other = np.array(above), rng.random(len(above))
    weights = rng.dirichlet(np.ones(len(above)))
    for number, found in enumerate(tie_weights(one[None], other[None], weights[None], np.array([extra]))[0]):
        if np.isnan(found):
            continue
        moved = weights * (1 - found) / (1 - weights[number])
        moved[number] = found
        assert moved.sum() == pytest.approx(1)
        assert (moved * (one - other)).sum() + extra == pytest.approx(0, abs=1e-7)


def test_what_made_the_lead_and_what_would_undo_it() -> None:
    one = {"I.1": 300, "I.2": 180, "II.1": 150, "II.2": 90, "III.1": 180}  # 900
    other = {"I.1": 270, "I.2": 190, "II.1": 145, "II.2": 90, "III.1": 201 - 5}  # 891
    ranking = ranked({"A": one, "B": other})
    (pair,) = ranking.pairs.to_dict("records")
    assert (pair["gap"], pair["gain"], pair["loss"]) == pytest.approx((0.9, 9, 9))
    assert (pair["lead_1"], pair["lead_2"], pair["lead_3"]) == ("I.1", "II.1", None)
    assert pair["lead_1_percent"] == pytest.approx(3.0)
    assert pair["alone_gain"] == ("I.1", "I.2", "II.1", "II.2") and "III.1" in pair["alone_loss"]
    assert ranking.units.loc["A", "change"] == (
        "▲ Lên: đang đứng đầu khối.\n▼ Xuống hạng 2, dưới B: bớt hơn 9 điểm (riêng I.1 là đủ); hoặc B thêm hơn 9 điểm "
        "(riêng I.1 là đủ)."
    )
    assert ranking.units.loc["B", "change"] == (
        "▲ Lên hạng 1, trên A: thêm hơn 9 điểm (riêng I.1 là đủ); hoặc A bớt hơn 9 điểm (riêng I.1 là đủ).\n"
        "▼ Xuống: đang đứng cuối các đơn vị được xếp hạng."
    )
    weights = np.array([most / 1000 for most in TABLE.values()])
    number = list(TABLE).index(pair["tie_criterion"])
    assert pair["tie_weight_now"] == pytest.approx(weights[number])
    shares = [np.array([points[code] / most for code, most in TABLE.items()]) for points in (one, other)]
    moved = weights * (1 - pair["tie_weight"]) / (1 - weights[number])
    moved[number] = pair["tie_weight"]
    assert (moved * (shares[0] - shares[1])).sum() == pytest.approx(0, abs=1e-9)


def test_no_single_criterion_can_bridge_a_wide_gap() -> None:
    table = [criterion(f"I.{n}", 10) for n in range(1, 11)]
    units = {u: [target(n, f"I.{n}", 10, points) for n in range(1, 11)] for u, points in (("A", 10), ("B", 1))}
    ranking = ranking_of(province(units, table=table).evidence)
    assert ranking.pairs["flip"].tolist() == [None] and ranking.pairs["alone_gain"].tolist() == [()]
    assert "từ hai tiêu chí trở lên" in ranking.units.loc["A", "change"]
    assert ranking.pairs["dominated"].tolist() == [True]


def test_unequal_criteria_have_gaps_in_points_of_each_and_no_tie_weight() -> None:
    ranking = ranked({"A": spread(900), "B": {**spread(800), "III.1": None}})
    (pair,) = ranking.pairs.to_dict("records")
    assert (pair["gap"], pair["gain"], pair["loss"]) == pytest.approx((10, 80, 100))
    assert pd.isna(pair["tie_weight"]) and not pair["dominated"]
    assert ranking.blocks.loc["Khối 1", "incomparable"] == 1


def test_ranks_with_each_part_left_out() -> None:
    one = {"I.1": 300, "I.2": 200, "II.1": 100, "II.2": 50, "III.1": 100}  # 750, strong in I
    two = {"I.1": 200, "I.2": 150, "II.1": 180, "II.2": 90, "III.1": 120}  # 740
    three = {"I.1": 210, "I.2": 150, "II.1": 170, "II.2": 85, "III.1": 115}  # 730
    ranking = ranked({"A": one, "B": two, "C": three}, DIEM_TRU=[{"don_vi": "C", "so_diem": 3.0}])
    out = ranking.without.set_index(["unit", "left_out"])
    # Without I: A 250/500, B 390/500, C 370 − 3 of 500.
    assert [out.loc[(u, "Nhóm I"), "rank"] for u in "ABC"] == [3, 1, 2]
    assert out.loc[("A", "Nhóm I"), "change"] == 2 and out.loc[("A", "Nhóm I"), "kind"] == "NHOM"
    assert [out.loc[(u, "I.1"), "rank"] for u in "ABC"] == [3, 1, 2]  # 450, 540, 517
    assert [out.loc[(u, "Điểm trừ"), "rank"] for u in "ABC"] == [1, 2, 3]
    assert ranking.units.loc["A", ["left_out", "left_out_rank"]].tolist() == ["Nhóm I", 3]
    assert len(ranking.without) == 3 * (3 + 2 + 5)


def test_methods_by_hand() -> None:
    # A wins three of five criteria by little and loses two by much: B has the greater total.
    one = {"I.1": 210, "I.2": 200, "II.1": 200, "II.2": 100, "III.1": 60}  # 770; shares .7 1 1 1 .3
    two = {"I.1": 290, "I.2": 190, "II.1": 190, "II.2": 95, "III.1": 180}  # 945; shares .97 .95 .95 .95 .9
    units = ranked({"A": one, "B": two, "C": spread(500)}).units
    assert units.loc[["B", "A", "C"], "rank"].tolist() == [1, 2, 3]
    assert units.loc[["B", "A", "C"], "rank_borda"].tolist() == [1, 2, 3]  # mean place 1.6, 1.6 (as officially), 2.8
    assert units.loc[["B", "A", "C"], "rank_copeland"].tolist() == [2, 1, 3]  # A wins 3 of 5 against B
    assert units.loc[["B", "A", "C"], "rank_geometric"].tolist() == [1, 2, 3]
    assert units["firm"].all()
    assert units.loc["B", ["dominates", "dominated_by", "incomparable"]].tolist() == [1, 0, 1]


def test_shaken_weights_by_hand() -> None:
    """Two criteria of equal weight, won by one unit each, with equal totals but for a little: near half the draws."""
    table = [criterion("I.1", 500), criterion("II.1", 500)]
    rows = {"A": {"I.1": 500.0, "II.1": 400.5}, "B": {"I.1": 400.0, "II.1": 500.0}, "C": {"I.1": 10.0, "II.1": 10.0}}
    full = {"I.1": 500.0, "II.1": 500.0}
    ranking = ranking_of(province({u: targets(p, full) for u, p in rows.items()}, table=table).evidence)
    share = ranking.pairs.set_index("above")["certainty"]
    assert 0.5 < share["A"] < 0.56 and share["B"] == 1
    assert ranking.pairs["discuss"].tolist() == [True, False]
    found = ranking.acceptability.set_index(["unit", "rank"])["share"]
    assert found[("A", 1)] == share["A"] and found[("C", 3)] == 1
    assert ranking.acceptability.groupby("unit")["share"].sum().to_dict() == pytest.approx({"A": 1, "B": 1, "C": 1})
    assert ranking.units.loc["A", ["draw_low", "draw_high", "held"]].tolist() == [1, 2, share["A"]]
    assert ranking.units.loc["C", ["draw_low", "draw_high", "held"]].tolist() == [3, 3, 1]


def test_large_blocks_are_sorted_instead_of_compared_with_the_same_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    units = {f"D{n:02}": {c: float(m * rng.uniform(0.8, 1)) for c, m in TABLE.items()} for n in range(8)}
    units |= {"D90": dict(units["D00"])}  # an equal of the first
    plain = ranked(units).acceptability
    monkeypatch.setattr("pipeline.ranking.weights._PAIRWISE", 1)
    pd.testing.assert_frame_equal(ranked(units).acceptability, plain)


def test_one_block_does_not_depend_on_another_nor_on_the_table_of_other_units() -> None:
    units: dict[str, Any] = {"A": spread(900), "B": spread(880) | {"I.1": 300.0}, "C": spread(890) | {"II.1": 150.0}}
    alone = ranked(units)
    among = ranked({"X": spread(700), **units, "Y": spread(999)}, blocks={"X": "Khối 0", "Y": "Khối 2"})
    for name in ("units", "pairs", "acceptability", "without"):
        frame = getattr(among, name)
        if name == "units":
            frame = frame.loc[list(units)].loc[alone.units.index]
        elif name != "pairs":
            frame = frame[frame["unit"].isin(list(units))].reset_index(drop=True)
        pd.testing.assert_frame_equal(frame, getattr(alone, name), check_dtype=False)


# --- what must hold of any data

CODES = list(TABLE)
points = st.fixed_dictionaries({c: st.integers(0, 8).map(lambda n, m=m: m * n / 8) for c, m in TABLE.items()})
blocks = st.lists(points, min_size=2, max_size=5).map(lambda rows: {f"D{n}": row for n, row in enumerate(rows)})
FEW_DRAWS = {"XH-06.so_lan": "50"}
slowly = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def quick(units: Mapping[str, Mapping[str, float]], **more: Any) -> Ranking:
    return ranked(units, settings=FEW_DRAWS, **more)


@slowly
@given(units=blocks, code=st.sampled_from(CODES))
def test_adding_points_never_worsens_a_rank(units: Any, code: str) -> None:
    before = quick(units).units["rank"]["D0"]
    better = {**units, "D0": {**units["D0"], code: TABLE[code]}}
    assert quick(better).units["rank"]["D0"] <= before


@slowly
@given(units=blocks, data=st.data())
def test_names_and_order_of_units_change_nothing(units: Any, data: st.DataObject) -> None:
    order = data.draw(st.permutations(list(units)))
    names = dict(zip(units, data.draw(st.permutations([f"N{n}" for n in range(len(units))])), strict=True))
    one, other = quick(units).units, quick({names[unit]: units[unit] for unit in order}).units
    columns = [
        "rank", "percent", "best", "worst", "draw_low", "draw_high", "held", "rank_borda", "rank_copeland",
        "rank_geometric", "firm", "band", "close_group", "tied", "dominates", "dominated_by", "left_out",
        "left_out_rank", "shadow_rank", "priority_rank",
    ]  # fmt: skip
    pd.testing.assert_frame_equal(one[columns].rename(index=names), other[columns].loc[[names[u] for u in one.index]])


@slowly
@given(units=blocks, bare=st.lists(st.sampled_from(CODES)), lost=st.integers(0, 40), claim=st.integers(0, 300))
def test_intervals_contain_the_rank(units: Any, bare: list[str], lost: int, claim: int) -> None:
    rows = {unit: targets(points) for unit, points in units.items()}
    for row in rows["D0"]:
        row.update({"minh_chung": None} if row["ma_tieu_chi"] in bare else {"diem_tu_cham": float(claim)})
    cut = [{"don_vi": "D1", "so_diem": float(lost), "thong_nhat": "KHONG"}]
    found = ranking_of(province(rows, settings=FEW_DRAWS, DIEM_TRU=cut).evidence).units
    assert ((found["best"] <= found["rank"]) & (found["rank"] <= found["worst"])).all()
    assert ((found["low"] <= found["total"] + 1e-9) & (found["total"] <= found["high"] + 1e-9)).all()


@slowly
@given(units=blocks, data=st.data())
def test_a_dominated_unit_never_stands_above_its_dominator(units: Any, data: st.DataObject) -> None:
    codes = list(units)
    cuts = {unit: data.draw(st.sampled_from([0.0, 5.0, 50.0])) for unit in codes}
    found = quick(units, DIEM_TRU=[{"don_vi": u, "so_diem": c, "thong_nhat": "CO"} for u, c in cuts.items()]).units

    def parts(unit: str) -> list[float]:
        groups: dict[str, float] = {}
        for code in CODES:
            groups[code.split(".")[0]] = groups.get(code.split(".")[0], 0) + units[unit][code]
        return [*groups.values(), -cuts[unit]]

    for one in codes:
        over = [
            o
            for o in codes
            if parts(one) != parts(o) and all(a >= b for a, b in zip(parts(one), parts(o), strict=True))
        ]
        assert found.loc[one, "dominates"] == len(over)
        assert all(found.loc[one, "rank"] < found.loc[other, "rank"] for other in over)
