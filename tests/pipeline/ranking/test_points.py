"""Points of targets: each direction, and what cannot be computed; totals of units."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pipeline.ranking.points import points_of, unit_points
from tests.casework import Case, form, unit_row


def criterion(code: str, most: float, direction: str = "CAO", **more: Any) -> dict[str, Any]:
    row = {"ma": code, "diem_chuan": most, "chieu": direction, "he_so_thuong": 0.5, "thuong_toi_da": 10.0}
    return row | more


def target(number: int, code: str | None, aim: float | None, result: float | None, **more: Any) -> dict[str, Any]:
    row = {"ma_ct": f"CT{number:02}", "ma_tieu_chi": code, "chi_tieu": aim, "thuc_hien": result, "chieu": "CAO"}
    return row | more


TABLE = [
    criterion("A", 100),
    criterion("B", 80, "THAP"),
    criterion("C", 60, "CO_KHONG"),
    criterion("D", 50, "THEO_MUC"),
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
    found = unit_points(case.evidence)
    assert found.loc["P1"].to_dict() == {"points": 88, "deducted": 4, "most": 160, "unknown": 60, "share": 84 / 160}
    assert found.loc["P2"].to_dict() == {"points": 0, "deducted": 0, "most": 240, "unknown": 240, "share": 0}
    assert "P3" not in found.index


def test_without_a_score_table_nothing_is_computed() -> None:
    case = Case(P1={"CHI_TIEU": [target(1, "A", 90, 81)]})
    assert points_of(case.evidence)["computed"].isna().all()
    assert unit_points(case.evidence)["share"].isna().all()
    assert points_of(Case(P1={}, without={"P1": {"CHI_TIEU"}}).evidence).empty
