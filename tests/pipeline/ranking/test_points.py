"""Points of targets and criteria: each direction, what cannot be computed, bonus, evidence; totals of units."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.points import points_of
from tests.casework import Case, form, unit_row
from tests.pipeline.ranking.desk import criterion, target

BONUS = {"he_so_thuong": 0.5, "thuong_toi_da": 10.0}
TABLE = [
    criterion("A", 100, **BONUS),
    criterion("B", 80, "THAP", **BONUS),
    criterion("C", 60, "CO_KHONG", **BONUS),
    criterion("D", 50, "THEO_MUC", **BONUS),
]


@pytest.mark.parametrize(
    ("code", "aim", "result", "points", "bonus"),
    [
        ("A", 90, 81, 90, 0),
        ("A", 90, 99, 100, 5),
        ("A", 90, 180, 100, 10),  # never more than the most
        ("A", 0, 5, None, None),
        ("A", 90, None, None, None),
        ("B", 5, 4, 80, 0),
        ("B", 4, 5, 64, 0),
        ("B", 0, 0, 80, 0),
        ("B", 0, 2, 0, 0),
        ("C", 1, 1, 60, 0),
        ("C", 1, 0.5, None, None),
        ("D", 1, 0.8, 40, 0),
        (None, 90, 81, None, None),
    ],
)
def test_points_of_a_target(code: str, aim: float, result: float, points: float, bonus: float) -> None:
    case = Case(P1={"CHI_TIEU": [target(1, code, aim, result)]}, configured={"BANG_DIEM": TABLE})
    (row,) = points_of(case.evidence).to_dict("records")
    for name, value in (("computed", points), ("bonus", bonus)):
        assert pd.isna(row[name]) if value is None else row[name] == pytest.approx(value)


def test_total_of_a_unit() -> None:
    case = Case(
        P1={
            "DON_VI": [form()],
            "CHI_TIEU": [
                target(1, "A", 90, 81),
                target(2, "B", None, None, ly_do_khong_phat_sinh="Không có án"),
                target(3, "C", 1, None),
            ],
        },
        P2={"DON_VI": [form("P2")]},
        P3=None,
        configured={
            "DON_VI": [unit_row(code) for code in ("P1", "P2", "P3")],
            "BANG_DIEM": [*TABLE[:3], criterion("E", 500, loai_don_vi="KHU_VUC")],
            "DIEM_THAM_DINH": [{"don_vi": "P1", "ma_tieu_chi": "A", "diem": 88.0}],
            "DIEM_TRU": [{"don_vi": "P1", "so_diem": 4.0}],
        },
    )
    found = ranking_of(case.evidence).units
    names = ["points", "deducted", "possible", "unknown", "percent", "not_occurred"]
    assert found.loc["P1", names].tolist() == [88, 4, 160, 60, 100 * 84 / 160, 80]
    assert found.loc["P2", names].tolist() == [0, 0, 240, 240, 0, 0]
    assert found.loc["P3", "percent"] != found.loc["P3", "percent"]


def test_without_a_score_table_nothing_is_computed() -> None:
    case = Case(P1={"CHI_TIEU": [target(1, "A", 90, 81)]})
    assert points_of(case.evidence)["computed"].isna().all()
    assert ranking_of(case.evidence).units["percent"].isna().all()
    bare = Case(P1={}, without={"P1": {"CHI_TIEU"}}).evidence
    assert points_of(bare).empty
    assert ranking_of(bare).criteria.empty and ranking_of(Case().evidence).units.empty


def rows_of(*targets: dict[str, Any], table: Any = TABLE, **configured: Any) -> dict[str, Any]:
    case = Case(P1={"DON_VI": [form()], "CHI_TIEU": targets}, configured={"BANG_DIEM": table, **configured})
    return ranking_of(case.evidence).criteria.set_index("criterion").to_dict("index")


def test_several_targets_of_one_criterion() -> None:
    row = rows_of(
        target(1, "A", 90, 90, diem_tu_cham=40), target(2, "A", 90, 45, diem_tu_cham=30, minh_chung=None)
    )["A"]  # fmt: skip
    assert (row["computed"], row["self"], row["official"], row["evidence"]) == (75, 70, 75, False)
    half = rows_of(target(1, "A", 90, 90, diem_tu_cham=40), target(2, "A", 90, None))["A"]
    assert pd.isna(half["computed"]) and pd.isna(half["self"]) and half["basis"] == "CHUA_CO" and half["official"] == 0
    rest = rows_of(target(1, "A", 90, 90), target(2, "A", None, None, ly_do_khong_phat_sinh="Không có"))["A"]
    assert rest["official"] == 100 and rest["basis"] == "TINH_LAI"


def test_appraised_stands_and_lowers_the_bonus() -> None:
    beyond = target(1, "A", 90, 180)
    judged = {"don_vi": "P1", "ma_tieu_chi": "A", "ly_do": "Số liệu thấp hơn"}
    for points, bonus in ((100.0, 10), (99.0, 0), (110.0, 10)):
        row = rows_of(beyond, DIEM_THAM_DINH=[judged | {"diem": points}])["A"]
        assert (row["official"], row["bonus"], row["bonus_claimed"], row["basis"]) == (points, bonus, 10, "THAM_DINH")
        assert row["note"] == "Số liệu thấp hơn"
    none = rows_of(target(1, "A", None, None, ly_do_khong_phat_sinh="Không có"))["A"]
    assert pd.isna(none["official"]) and none["basis"] == "KHONG_PHAT_SINH" and none["reason"] == "Không có"
    both = rows_of(
        target(1, "A", None, None, ly_do_khong_phat_sinh="Không có"), DIEM_THAM_DINH=[judged | {"diem": 50.0}]
    )["A"]  # fmt: skip
    assert both["official"] == 50 and both["basis"] == "THAM_DINH"


def test_rows_of_bonus_and_deduction_are_no_targets_and_move_only_the_interval() -> None:
    rows = [
        target(1, "A", 90, 81, diem_tu_cham=90),
        target(2, "A", None, None, loai="DIEM_THUONG", diem_tu_cham=7),
        target(3, None, None, None, loai="DIEM_TRU", diem_tu_cham=-3),
    ]
    case = Case(
        P1={"DON_VI": [form()], "CHI_TIEU": rows},
        configured={
            "BANG_DIEM": TABLE[:1],
            "DIEM_TRU": [
                {"don_vi": "P1", "so_diem": 2.0, "thong_nhat": "KHONG"}, {"don_vi": "P1", "so_diem": 0.5},
            ],
        },
    )  # fmt: skip
    unit = ranking_of(case.evidence).units.loc["P1"]
    assert (unit["total"], unit["deducted"], unit["disputed"]) == (87.5, 2.5, 2)
    assert (unit["low"], unit["high"]) == (90 - 3, 90 + 7 - 0.5)


def test_bonus_is_capped_over_all_criteria() -> None:
    table = [criterion(code, 100, he_so_thuong=1.0, thuong_toi_da=40.0) for code in ("A", "B")]
    rows = [target(1, "A", 90, 180), target(2, "B", 90, 180)]
    case = Case(P1={"DON_VI": [form()], "CHI_TIEU": rows}, configured={"BANG_DIEM": table})
    unit = ranking_of(case.evidence).units.loc["P1"]
    assert (unit["bonus_uncapped"], unit["bonus"], unit["total"], unit["percent"]) == (80, 50, 250, 125)
