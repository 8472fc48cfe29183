"""Ratings (XL): for each rule a table that must fire, one that must not, one that cannot be judged."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.checks.ratings import member_ratings, steps_between
from schemas.rules import Severity
from tests.casework import Case, form, proposal, staff


def rated(unit: str, own: str | None, party: str | None, *nominations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"DON_VI": [form(unit, xep_loai_don_vi=own, xep_loai_tccsd=party, **more)], "DE_NGHI": nominations}


def test_xl_01_steps_between_unit_and_party() -> None:
    case = Case(
        P1=rated("P1", "HTXSNV", "HTNV"),
        P2=rated("P2", "HTXSNV", "HTTNV"),
        P3=rated("P3", "KHTNV", "HTTNV"),
        P4=rated("P4", "CHUA_XL", None),
        P5=rated("P5", "HTTNV", "CHUA_XL"),
    )
    assert {(u, v) for u, _, _, v in case.said("XL-01")} == {
        ("P1", "apart"), ("P3", "apart"), ("P4", "not_judged"), ("P5", "not_judged"),
    }  # fmt: skip
    assert len(case.findings("XL-01")) == 4
    assert any("lệch 2 bậc" in text for text in case.texts("XL-01"))
    assert {f.severity for f in case.findings("XL-01") if f.judged} == {Severity.WARNING}
    assert steps_between(case.evidence).dropna().to_dict() == {"P1": 2, "P2": 1, "P3": -2}


def test_xl_02_proposed_as_excellent_with_a_low_party_rating() -> None:
    case = Case(
        P1=rated("P1", "HTTNV", "HTNV", proposal("DN01", "P1", "TTLDXS")),
        P2=rated("P2", "HTTNV", "HTTNV", proposal("DN01", "P2", "TTLDXS")),
        P3=rated("P3", "HTTNV", "HTNV", proposal("DN01", "P3", "TTLDTT")),
        P4=rated("P4", "HTTNV", "CHUA_XL", proposal("DN01", "P4", "CO_NGANH"), proposal("DN02", "P4", "TTLDXS")),
        P5=rated("P5", "HTTNV", "HTNV", proposal("DN01", "P5", "TTLDXS", ket_qua="KHONG_DE_NGHI")),
    )
    assert {(u, s, v) for u, s, _, v in case.said("XL-02")} == {
        ("P1", "DON_VI", "low_party"), ("P4", "DON_VI", "not_judged"),
    }  # fmt: skip
    assert len(case.findings("XL-02")) == 2
    found = next(f for f in case.findings("XL-02") if f.judged)
    assert found.subject == "DN01" and found.column == "xep_loai_tccsd"


def test_xl_03_person_with_a_low_party_rating() -> None:
    people = [
        staff("CC1", xep_loai_dv="HTNV"), staff("CC2"), staff("CC3", xep_loai_dv="KHONG_DANG"),
        staff("CC4", xep_loai_dv="CHUA_XL"), staff("CC5", xep_loai_dv=None),
    ]  # fmt: skip
    rows = [
        proposal("DN01", "CC1", "CSTDCS"), proposal("DN02", "CC1", "LDTT"), proposal("DN03", "CC2", "CSTDCS"),
        proposal("DN04", "CC3", "CSTDCS"), proposal("DN05", "CC4", "CSTDCS"), proposal("DN06", "CC5", "CSTDCS"),
        proposal("DN07", "CC1", "GK"),
    ]  # fmt: skip
    case = Case(P1={"DON_VI": [form()], "NHAN_SU": people, "DE_NGHI": rows})
    assert case.said("XL-03") == {("P1", "NHAN_SU", "O5", "low"), ("P1", "NHAN_SU", "O8", "not_judged")}
    (low, unknown) = sorted(case.findings("XL-03"), key=lambda f: f.variant)
    assert low.subject == "DN01" and unknown.params["so_nguoi"] == "2"


def test_xl_04_organisations_of_a_unit_proposed_as_excellent() -> None:
    weak = {"xep_loai_doan_tn": "HTNV", "xep_loai_cong_doan": "HTTNV"}
    case = Case(
        P1=rated("P1", "HTXSNV", "HTTNV", proposal("DN01", "P1", "TTLDXS"), **weak),
        P2=rated("P2", "HTXSNV", "HTTNV", proposal("DN01", "P2", "TTLDTT"), **weak),
        P3=rated("P3", "HTXSNV", "HTTNV", proposal("DN01", "P3", "CO_NGANH"), xep_loai_cong_doan="CHUA_XL",
                 xep_loai_ccb="CHUA_XL"),
        P4=rated("P4", "HTXSNV", "HTTNV", proposal("DN01", "P4", "TTLDXS")),  # has no organisation
    )  # fmt: skip
    assert {(u, v) for u, _, _, v in case.said("XL-04")} == {("P1", "low"), ("P3", "not_judged")}
    assert len(case.findings("XL-04")) == 2 and case.looked_at("XL-04") == 3
    assert {f.variant: f.column for f in case.findings("XL-04")} == {
        "low": "xep_loai_doan_tn", "not_judged": "xep_loai_cong_doan",
    }  # fmt: skip


def test_ratings_of_members() -> None:
    people = [
        staff("CC1", xep_loai_dv="HTXSNV"), staff("CC2"), staff("CC3", xep_loai_dv="KHONG_DANG"),
        staff("CC4", xep_loai_dv="CHUA_XL"),
    ]  # fmt: skip
    table = member_ratings(Case(P1={"NHAN_SU": people}, P2=None).evidence)
    assert table.loc["P1"].tolist() == [2, 1] and table.loc["P2"].tolist() == [0, 0]


@pytest.mark.parametrize("code", [f"XL-0{n}" for n in range(1, 5)])
def test_no_rows_at_all(code: str) -> None:
    assert Case(P1={}, without={"P1": {"DE_NGHI", "NHAN_SU", "DON_VI"}}).said(code) == set()
    assert Case(P1=None).said(code) == set()
