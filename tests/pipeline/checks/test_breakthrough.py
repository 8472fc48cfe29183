"""Breakthroughs (DP): for each rule a table that must fire, one that must not, one that cannot be judged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.checks.breakthrough import unit_counts
from schemas.rules import Severity
from tests.casework import Case, form

D = dt.date


def target(code: str = "CT01", kind: str | None = "DOT_PHA", **more: Any) -> dict[str, Any]:
    row = {
        "ma_ct": code, "noi_dung": f"Việc {code}", "loai": kind, "chieu": "CAO", "don_vi_tinh": "%", "chi_tieu": 90.0,
        "thuc_hien": 95.0, "nam_truoc": 80.0, "minh_chung": "BC 1/BC-P1",
    }  # fmt: skip
    return row | more


def setting(day: dt.date | None) -> dict[str, Any]:
    return {"ma_hd": "HD01", "loai": "XAC_DINH_DOT_PHA", "ngay": day, "chu_tri": "CHINH_QUYEN"}


def unit(code: str, *targets: dict[str, Any], work: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"DON_VI": [form(code)], "CHI_TIEU": targets, "HOAT_DONG": work}


def test_dp_01_every_unit_names_a_breakthrough() -> None:
    case = Case(
        P1=unit("P1", target("CT01", "THUONG_XUYEN")),
        P2=unit("P2", target("CT01", "THUONG_XUYEN"), target("CT02")),
        P3=unit("P3"),
        P4=unit("P4", target("CT01", None)),
        P5={"DON_VI": [form("P5")]},
        without={"P5": {"CHI_TIEU"}},
    )
    assert case.said("DP-01") == {
        ("P1", "DON_VI", "C6", "none"), ("P3", "DON_VI", "C6", "none"), ("P4", "DON_VI", "C6", "not_judged"),
        ("P5", "DON_VI", "C6", "not_judged"),
    }  # fmt: skip
    assert {f.severity for f in case.findings("DP-01") if f.judged} == {Severity.WARNING}


def test_dp_02_named_after_the_middle_of_the_period() -> None:
    case = Case(  # 01/12/2025 to 30/11/2026: 364 days, half of them end on 01/06/2026
        P1=unit("P1", target(), work=(setting(D(2026, 6, 2)), setting(D(2026, 8, 1)))),
        P2=unit("P2", target(), work=(setting(D(2026, 7, 1)), setting(D(2026, 1, 5)))),
        P3=unit("P3", target()),
        P4=unit("P4", target(), work=(setting(None),)),
        P5=unit("P5", target("CT01", "THUONG_XUYEN")),  # DP-01 says it
        P6=unit("P6", target(), work=(setting(D(2026, 6, 1)),)),
    )
    assert case.said("DP-02") == {
        ("P1", "HOAT_DONG", "E5", "late"), ("P3", "DON_VI", "C6", "not_judged"), ("P4", "DON_VI", "C6", "not_judged"),
    }  # fmt: skip
    assert case.looked_at("DP-02") == 5
    assert "01/06/2026" in next(t for t in case.texts("DP-02") if "02/06/2026" in t)


def test_dp_02_without_the_log() -> None:
    tables = {"DON_VI": [form()], "CHI_TIEU": [target()]}
    case = Case(P1=tables, without={"P1": {"HOAT_DONG"}})
    assert case.said("DP-02") == {("P1", "DON_VI", "C6", "not_judged")}
    assert "HOAT_DONG" in case.texts("DP-02")[0]


def test_dp_03_is_said_once_for_the_province() -> None:
    case = Case(P1=unit("P1", target()), P2=unit("P2", target()))
    assert case.said("DP-03") == {("", "", "", "not_judged")}
    assert "2025" in case.texts("DP-03")[0]
    assert Case(P1=unit("P1", target("CT01", "THUONG_XUYEN"))).said("DP-03") == set()


def test_dp_04_measurable() -> None:
    case = Case(
        P1=unit(
            "P1",
            target("CT01", chi_tieu=None),
            target("CT02", "VIEC_MOI", don_vi_tinh=None),
            target("CT03", "VIEC_KHO", chi_tieu=None, don_vi_tinh=None),
            target("CT04", "VIEC_KHO", chi_tieu=None, ly_do_khong_phat_sinh="Không có việc tồn"),
            target("CT05", "THUONG_XUYEN", chi_tieu=None),
            target("CT06"),
        )
    )
    assert case.said("DP-04") == {
        ("P1", "CHI_TIEU", "H5", "unmeasurable"), ("P1", "CHI_TIEU", "G6", "unmeasurable"),
        ("P1", "CHI_TIEU", "H7", "unmeasurable"),
    }  # fmt: skip
    assert case.looked_at("DP-04") == 4
    assert next(f for f in case.findings("DP-04") if f.subject == "CT03").params["thieu"].endswith("đơn vị tính")


def test_dp_05_goes_by_the_direction() -> None:
    down = {"chieu": "THAP", "don_vi_tinh": "vụ"}
    case = Case(
        P1=unit(
            "P1",
            target("CT01", chi_tieu=80.0, nam_truoc=80.0),
            target("CT02", chi_tieu=80.1, nam_truoc=80.0),
            target("CT03", chi_tieu=5.0, nam_truoc=4.0, **down),
            target("CT04", chi_tieu=3.0, nam_truoc=4.0, **down),
            target("CT05", nam_truoc=None),
            target("CT06", chi_tieu=100.0, nam_truoc=100.0),  # nothing is above 100 %
            target("CT07", chi_tieu=0.0, nam_truoc=0.0, **down),  # nor below none
            target("CT08", chi_tieu=1.0, nam_truoc=1.0, chieu="CO_KHONG"),
            target("CT09", "VIEC_KHO", chi_tieu=10.0),
            target("CT10", chi_tieu=110.0, nam_truoc=120.0, don_vi_tinh="việc"),
        )
    )
    assert case.said("DP-05") == {
        ("P1", "CHI_TIEU", "H5", "not_above"), ("P1", "CHI_TIEU", "H7", "not_above"),
        ("P1", "CHI_TIEU", "K9", "not_judged"), ("P1", "CHI_TIEU", "H14", "not_above"),
    }  # fmt: skip
    assert case.looked_at("DP-05") == 6
    assert any("cần thấp hơn" in t for t in case.texts("DP-05"))


def test_dp_06_reached_without_evidence() -> None:
    case = Case(
        P1=unit(
            "P1",
            target("CT01", minh_chung=None),
            target("CT02", minh_chung=None, thuc_hien=89.9),
            target("CT03", "VIEC_KHO", minh_chung=None, chieu="THAP", thuc_hien=95.0),
            target("CT04", "VIEC_MOI", minh_chung=None, chieu="THAP", thuc_hien=85.0),
            target("CT05", "THUONG_XUYEN", minh_chung=None),
            target("CT06"),
            target("CT07", minh_chung=None, thuc_hien=None),
        )
    )
    assert case.said("DP-06") == {
        ("P1", "CHI_TIEU", "N5", "no_evidence"), ("P1", "CHI_TIEU", "N8", "no_evidence"),
    }  # fmt: skip
    assert case.looked_at("DP-06") == 3


def test_dp_07_new_or_hard_tasks() -> None:
    case = Case(
        P1=unit("P1", target()),
        P2=unit("P2", target("CT01", "VIEC_KHO")),
        P3={"DON_VI": [form("P3")]},
        without={"P3": {"CHI_TIEU"}},
    )
    assert case.said("DP-07") == {("P1", "DON_VI", "C6", "none"), ("P3", "DON_VI", "C6", "not_judged")}
    assert next(f for f in case.findings("DP-07") if f.judged).severity is Severity.INFORMATION


def test_counts_of_a_unit() -> None:
    rows = (target(), target("CT02", "VIEC_MOI", thuc_hien=1.0), target("CT03", "VIEC_KHO", chi_tieu=None))
    case = Case(P1=unit("P1", *rows, work=(setting(D(2026, 1, 5)),)), P2=None)
    table = unit_counts(case.evidence)
    names = ["DOT_PHA", "VIEC_MOI", "VIEC_KHO", "measurable", "reached", "missed"]
    assert table.loc["P1", names].tolist() == [1, 1, 1, 2, 1, 1]
    assert table.loc["P1", "set_on"].date() == D(2026, 1, 5)
    assert table.loc["P2", names].tolist() == [0] * 6 and table["set_on"].isna().loc["P2"]


@pytest.mark.parametrize("code", [f"DP-0{n}" for n in range(1, 8)])
def test_no_rows_at_all(code: str) -> None:
    assert Case(P1={}, without={"P1": {"CHI_TIEU", "HOAT_DONG"}}).said(code) == set()
    assert Case(P1=None).said(code) == set()
