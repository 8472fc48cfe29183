"""Coordination (PH): for each rule a table that must fire, one that must not, one that cannot be judged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.checks.coordination import unit_counts
from schemas.rules import Severity
from tests.casework import Case, form, staff

D = dt.date


def work(
    code: str, leader: str | None, partners: str | None = None, kind: str = "PHOI_HOP", **more: Any
) -> dict[str, Any]:
    return {"ma_hd": code, "loai": kind, "ngay": D(2026, 3, 1), "chu_tri": leader, "phoi_hop": partners} | more


def unit(code: str, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"DON_VI": [form(code, **more)], "HOAT_DONG": rows}


THREE = (work("HD01", "CHI_BO"), work("HD02", "CHINH_QUYEN"), work("HD03", "CCB"))


def test_ph_01_each_of_the_three_leads_something() -> None:
    case = Case(
        P1=unit("P1", *THREE),
        P2=unit("P2", THREE[1]),
        P3=unit("P3", THREE[1], work("HD04", None)),
        P4=unit("P4"),
        P5={"DON_VI": [form("P5")]},
        without={"P5": {"HOAT_DONG"}},
    )
    assert case.said("PH-01") == {
        ("P2", "DON_VI", "C6", "no_leader"), ("P3", "DON_VI", "C6", "not_judged"), ("P4", "DON_VI", "C6", "no_leader"),
        ("P5", "DON_VI", "C6", "not_judged"),
    }  # fmt: skip
    names = {f.unit: f.params["ben"] for f in case.findings("PH-01") if f.judged}
    assert names == {"P2": "cấp ủy, chi bộ, đoàn thể", "P4": "cấp ủy, chi bộ, lãnh đạo đơn vị, đoàn thể"}
    assert next(f for f in case.findings("PH-01") if f.judged).severity is Severity.WARNING


def test_ph_02_document_and_meetings_of_the_committee() -> None:
    case = Case(
        P1=unit("P1"),
        P2=unit("P2", vb_lanh_dao_so=None, so_lan_cap_uy_ban=0.0),
        P3=unit("P3", so_lan_cap_uy_ban=None),
    )
    assert {(u, v) for u, _, _, v in case.said("PH-02")} == {
        ("P2", "no_document"), ("P2", "no_meeting"), ("P3", "not_judged"),
    }  # fmt: skip
    cells = {f.variant: f.column for f in case.findings("PH-02")}
    assert cells["no_document"] == "vb_lanh_dao_so" and cells["no_meeting"] == "so_lan_cap_uy_ban"


def told(code: str, **more: Any) -> dict[str, Any]:
    return work(code, "CHI_BO", None, "TUYEN_TRUYEN", **{"so_van_ban": "1/KH", "so_tham_gia": 9.0, **more})


def test_ph_03_is_said_once_a_unit() -> None:
    case = Case(
        P1=unit("P1", told("HD01"), told("HD02", so_van_ban=None), told("HD03", so_tham_gia=None)),
        P2=unit("P2", told("HD01", so_tham_gia=None), told("HD02", so_van_ban=None, so_tham_gia=None)),
        P3=unit("P3", told("HD01"), work("HD02", "CHI_BO")),
        P4={"DON_VI": [form("P4")]},
        without={"P4": {"HOAT_DONG"}},
    )
    assert case.said("PH-03") == {
        ("P1", "HOAT_DONG", "F6", "bare"), ("P2", "HOAT_DONG", "L5", "bare"), ("P4", "DON_VI", "C6", "not_judged"),
    }  # fmt: skip
    judged = [f for f in case.findings("PH-03") if f.judged]
    counts = {f.unit: [f.params[n] for n in ("tong", "khong_van_ban", "khong_nguoi")] for f in judged}
    assert counts == {"P1": ["3", "1", "1"], "P2": ["2", "1", "2"]}


def test_ph_04_share_of_joint_work() -> None:
    alone = work("HD09", "CHI_BO", "CAP_UY")  # committee and cell are one party
    case = Case(
        P1=unit("P1", alone, alone, work("HD01", "CHI_BO", "CONG_DOAN")),
        P2=unit("P2", alone, work("HD01", "CHI_BO", "CAP_UY;CONG_DOAN")),  # exactly half
        P3=unit("P3", work("HD01", None, "CONG_DOAN")),
        P4=unit("P4"),
    )
    assert case.said("PH-04") == {("P1", "DON_VI", "C6", "few"), ("P3", "DON_VI", "C6", "not_judged")}
    assert case.looked_at("PH-04") == 3
    (few,) = [f for f in case.findings("PH-04") if f.judged]
    assert few.severity is Severity.INFORMATION
    assert [few.params[n] for n in ("so", "tong", "ty_le", "can")] == ["1", "3", "33,33", "50"]


def test_ph_05_an_organisation_that_leads_nothing() -> None:
    has = {"xep_loai_cong_doan": "HTTNV", "xep_loai_phu_nu": "HTTNV"}
    case = Case(
        P1=unit("P1", work("HD01", "CONG_DOAN", "PHU_NU"), **has),
        P2=unit("P2", work("HD01", "CONG_DOAN"), work("HD02", "PHU_NU"), **has),
        P3=unit("P3", *THREE),  # has no organisation
        P4=unit("P4", work("HD01", None), **has),
        P5=unit("P5", work("HD01", "CHI_BO"), **has),
    )
    assert {(u, v) for u, _, _, v in case.said("PH-05")} == {("P1", "idle"), ("P4", "not_judged"), ("P5", "idle")}
    found = {f.unit: (f.column, f.params["doan_the"]) for f in case.findings("PH-05") if f.judged}
    assert found == {"P1": ("xep_loai_phu_nu", "Phụ nữ"), "P5": ("xep_loai_cong_doan", "Công đoàn, Phụ nữ")}
    assert case.looked_at("PH-05") == 4


def test_ph_06_documents_that_were_not_spread() -> None:
    case = Case(
        P1=unit("P1", told("HD01", gan_voi="LUAT_TDKT;CT34"), work("HD02", "CONG_DOAN", gan_voi="VB_NGANH")),
        P2=unit("P2", told("HD01", gan_voi="LUAT_TDKT"), work("HD02", "CHI_BO", kind="KIEM_TRA_KT", gan_voi="CT34")),
        P3=unit("P3", work("HD01", "CHI_BO", kind=None)),  # type: ignore[arg-type]
        P4={"DON_VI": [form("P4")]},
        without={"P4": {"HOAT_DONG"}},
    )
    assert case.said("PH-06") == {
        ("P2", "DON_VI", "C6", "not_spread"), ("P3", "DON_VI", "C6", "not_judged"),
        ("P4", "DON_VI", "C6", "not_judged"),
    }  # fmt: skip
    text = next(t for t in case.texts("PH-06") if "gắn với:" in t)
    assert "Chỉ thị 34-CT/TW, Văn bản của ngành Kiểm sát" in text and "Luật" not in text


def test_counts_of_a_unit() -> None:
    rows = (*THREE, told("HD04", gan_voi="CT34", phoi_hop="CONG_DOAN"), told("HD05", so_tham_gia=3.0))
    case = Case(P1=unit("P1", *rows) | {"NHAN_SU": [staff(f"CC{n}") for n in range(12)]}, P2=None)
    table = unit_counts(case.evidence)
    names = ["CAP_UY", "CHINH_QUYEN", "CONG_DOAN", "CCB", "total", "joint", "sessions", "CT34", "LUAT_TDKT"]
    assert table.loc["P1", names].tolist() == [3, 1, 0, 1, 5, 1, 2, 1, 0]
    assert table.loc["P1", ["share", "most_people", "reach"]].tolist() == [0.2, 9, 0.75]
    assert table.loc["P2", names].tolist() == [0] * 9 and table["share"].isna().loc["P2"]


@pytest.mark.parametrize("code", [f"PH-0{n}" for n in range(1, 7)])
def test_no_rows_at_all(code: str) -> None:
    assert Case(P1={}, without={"P1": {"HOAT_DONG"}}).said(code) == set()
    assert Case(P1=None).said(code) == set()
