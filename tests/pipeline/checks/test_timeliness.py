"""Timeliness (KT): for each rule a table that must fire, one that must not, one that cannot be judged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.rules import Severity, register
from tests.casework import Case, award, form, proposal, staff

D = dt.date


def test_kt_01_is_said_by_v_18() -> None:
    rule = register()["KT-01"]
    assert rule.read_by == ("V-18",) and not rule.variants and rule.covers == ("R54",)


def spot(code: str, day: dt.date | None, **more: Any) -> dict[str, Any]:
    return proposal(code, "CC1", "GK", loai_hinh="DOT_XUAT", ngay_thanh_tich=day, **more)


def letter(code: str, day: dt.date, state: str = "CO") -> dict[str, Any]:
    return {"ma_dn": code, "loai_giay": "TO_TRINH", "co": state, "so": "1/TTr", "ngay": day}


def test_kt_02_days_from_the_achievement_to_the_letter() -> None:
    rows = [
        spot("DN01", D(2026, 10, 12)),  # 31 days
        spot("DN02", D(2026, 10, 13)),  # 30 days
        spot("DN03", D(2026, 3, 1)),  # has its own letter, soon
        spot("DN04", D(2026, 3, 1)),  # its own letter is not there yet
        spot("DN05", None),  # V-02 says it
        spot("DN06", D(2026, 3, 1), ket_qua="KHONG_DE_NGHI"),
        proposal("DN07", "CC1", "GK", ngay_thanh_tich=D(2026, 3, 1)),
    ]
    papers = [letter("DN03", D(2026, 3, 20)), letter("DN04", D(2026, 3, 20), "KHONG")]
    tables = {
        "DON_VI": [form(ngay_to_trinh=D(2026, 11, 12))],
        "NHAN_SU": [staff("CC1")],
        "DE_NGHI": rows,
        "HO_SO": papers,
    }
    case = Case(P1=tables)
    assert case.said("KT-02") == {("P1", "DE_NGHI", "O5", "slow"), ("P1", "DE_NGHI", "O8", "slow")}
    assert case.looked_at("KT-02") == 4
    assert "31 ngày (mốc 30 ngày)" in case.texts("KT-02")[0]
    assert case.findings("KT-02")[0].severity is Severity.WARNING


def test_kt_02_without_a_letter_is_said_once() -> None:
    rows = [spot("DN01", D(2026, 10, 1)), spot("DN02", D(2026, 10, 1))]
    case = Case(P1={"DON_VI": [form(ngay_to_trinh=None)], "DE_NGHI": rows})
    assert [(f.sheet, f.variant) for f in case.findings("KT-02")] == [("DON_VI", "not_judged")]


def handing(day: dt.date | None) -> dict[str, Any]:
    return {"ma_hd": "HD01", "loai": "TRAO_TANG", "ngay": day, "chu_tri": "CHINH_QUYEN"}


def handed(*days: dt.date | None, unit: str = "P1", **more: Any) -> dict[str, Any]:
    return {"DON_VI": [form(unit, **more)], "HOAT_DONG": [handing(day) for day in days]}


def of(unit: str, day: dt.date, number: str = "9/QĐ", **more: Any) -> dict[str, Any]:
    return award(f"CC_{unit}_{number}", 2025, "LDTT", don_vi_luc_do=unit, ngay_qd=day, so_qd=number, **more)


def test_kt_03_days_from_the_decision_to_the_handing_over() -> None:
    day = D(2025, 12, 20)
    past = [of(f"P{n}", day) for n in range(1, 7)]
    past += [of("P7", D(2025, 6, 1)), of("P8", day, tinh_trang="THU_HOI"), of("P9", D(2026, 10, 15))]
    case = Case(
        P1=handed(D(2026, 2, 19)),  # 61 days
        P2=handed(D(2026, 2, 18), unit="P2"),  # 60 days
        P3=handed(unit="P3"),
        P4=handed(D(2025, 12, 5), unit="P4"),  # before the decision
        P5=handed(None, unit="P5"),
        P6={"DON_VI": [form("P6")]},
        P7=handed(unit="P7"),  # decided before the period
        P8=handed(unit="P8"),  # withdrawn
        P9=handed(unit="P9"),  # decided 28 days before the letter
        past={"KHEN_THUONG": past},
        without={"P6": {"HOAT_DONG"}},
    )
    assert case.said("KT-03") == {
        ("P1", "HOAT_DONG", "E5", "slow"), ("P3", "DON_VI", "C6", "not_handed"), ("P4", "DON_VI", "C6", "not_handed"),
        ("P5", "DON_VI", "C6", "not_judged"), ("P6", "DON_VI", "C6", "not_judged"),
    }  # fmt: skip
    assert case.looked_at("KT-03") == 7
    assert any("sau 61 ngày (mốc 60 ngày)" in text for text in case.texts("KT-03"))


def test_kt_03_says_the_longest_wait_once() -> None:
    past = [of("P1", D(2025, 12, 20), "1/QĐ"), of("P1", D(2026, 1, 5), "2/QĐ")]
    case = Case(P1=handed(D(2026, 6, 1)), past={"KHEN_THUONG": past})
    (found,) = case.findings("KT-03")
    assert found.params["so_qd"] == "1/QĐ" and found.params["so_ngay"] == "163"


def test_kt_03_without_any_history() -> None:
    assert Case(P1=handed(), past=None).said("KT-03") == set()


@pytest.mark.parametrize("code", ["KT-02", "KT-03"])
def test_no_rows_at_all(code: str) -> None:
    assert Case(P1={}, without={"P1": {"HOAT_DONG", "HO_SO", "DE_NGHI", "LICH_SU"}}).said(code) == set()
    assert Case(P1=None).said(code) == set()
