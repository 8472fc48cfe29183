"""Names, posts, ballots and dates of the dossier (HS-04, HS-06, HS-08)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.rules import Severity, register
from tests.casework import Case, award, form, proposal, staff, tally

D = dt.date


def past(holder: str, name: str, **more: Any) -> dict[str, Any]:
    row = award(holder, 2024, "LDTT", ten_doi_tuong=name)
    row.pop("doi_tuong")
    return row | more


def test_hs_04_one_code_one_name() -> None:
    rows = [
        past("CC1", "Lò Giả Khác"), past("CC1", "Lò Giả Khác", nam=2023.0), past("CC2", "lò  giả cc2"),
        past("CC9", "Người Đi"), past("P1", "Phòng P1"),
    ]  # fmt: skip
    case = Case(P1={"DON_VI": [form()], "NHAN_SU": [staff("CC1"), staff("CC2")], "LICH_SU": rows})
    # Once a person; capitals and blanks make no other name; who left is not compared.
    assert case.said("HS-04") == {("P1", "LICH_SU", "C5", "past_name"), ("P1", "NHAN_SU", "H5", "head_group")}


@pytest.mark.parametrize(
    ("post", "leads"),
    [
        ("Trưởng phòng", True), ("Phó Viện trưởng", True), ("Kiểm sát viên trung cấp, Phó Trưởng phòng", True),
        ("Tổ trưởng", False), ("Kế toán trưởng", False), ("Thư ký Viện trưởng", False), ("Phó phòngx", False),
        ("Nguyên Viện trưởng", False),
    ],
)  # fmt: skip
def test_hs_04_post_and_group(post: str, leads: bool) -> None:
    people = [staff("CC1", nhom_doi_tuong="LANH_DAO_DON_VI", chuc_vu="Trưởng phòng"), staff("CC2", chuc_vu=post)]
    case = Case(P1={"DON_VI": [form()], "NHAN_SU": people})
    assert case.said("HS-04") == ({("P1", "NHAN_SU", "H6", "post_group")} if leads else set())


def test_hs_04_group_not_known() -> None:
    case = Case(P1={"DON_VI": [form()], "NHAN_SU": [staff("CC1", nhom_doi_tuong=None)]})
    assert case.said("HS-04") == {("P1", "NHAN_SU", "H5", "not_judged")}


def test_hs_05_is_said_by_v_18() -> None:
    assert register()["HS-05"].read_by == ("V-18",)


def test_hs_06_every_proposal_was_voted_on_in_the_unit() -> None:
    nominations = [
        proposal("DN01", "CC1", "LDTT"),
        proposal("DN02", "CC2", "LDTT"),
        proposal("DN03", "CC3", "LDTT", ket_qua="KHONG_DE_NGHI"),
        proposal("DN04", "CC4", "LDTT"),
        proposal("DN05", "CC5", "LDTT"),
    ]
    ballots = [tally("DN01", 9), tally("DN04", 9, cap_hop="HOI_DONG"), tally("DN05", 9, cap_hop=None)]
    case = Case(P1={"DON_VI": [form()], "DE_NGHI": nominations, "PHIEU": ballots})
    assert case.said("HS-06") == {
        ("P1", "DE_NGHI", "B6", "no_tally"), ("P1", "DE_NGHI", "B8", "no_tally"), ("P1", "DE_NGHI", "B9", "not_judged"),
    }  # fmt: skip
    assert case.findings("HS-06")[0].severity is Severity.BLOCKING
    assert case.looked_at("HS-06") == 4


def test_hs_06_whole_sheet_is_told_once() -> None:
    tables = {"DON_VI": [form()], "DE_NGHI": [proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC2", "LDTT")]}
    absent = Case(P1=tables, without={"P1": {"PHIEU"}})
    assert [f.variant for f in absent.findings("HS-06")] == ["not_judged"]
    assert [f.variant for f in Case(P1=tables).findings("HS-06")] == ["empty"]
    before = Case(P1=tables, period=(D(2021, 12, 1), D(2022, 11, 30)))
    assert [f.severity for f in before.findings("HS-06")] == [Severity.WARNING]


def test_hs_08_rated_before_the_meeting() -> None:
    people = [
        staff("CC1", ngay_xep_loai=D(2026, 11, 4)), staff("CC2"), staff("CC3", ngay_xep_loai=None),
        staff("CC4", ngay_xep_loai=None), staff("CC5", ngay_xep_loai=D(2026, 11, 9)),
        staff("CC6", xep_loai_cc="CHUA_XL", ngay_xep_loai=None),
    ]  # fmt: skip
    nominations = [proposal(f"DN0{n}", f"CC{n}", "LDTT") for n in (1, 2, 3, 4, 6)]
    nominations.append(proposal("DN05", "CC5", "GK"))  # a form asks for no rating
    case = Case(P1={"DON_VI": [form()], "NHAN_SU": people, "DE_NGHI": nominations})
    assert case.said("HS-08") == {("P1", "NHAN_SU", "M5", "rated_after"), ("P1", "NHAN_SU", "M7", "not_judged")}
    assert any("2 người được xét chưa có ngày xếp loại" in text for text in case.texts("HS-08"))
    assert {f.severity for f in case.findings("HS-08") if f.judged} == {Severity.NEEDS_REASON}


def test_hs_08_letter_and_minutes_bear_one_day() -> None:
    def row(code: str, kind: str, number: str, day: D) -> dict[str, Any]:
        return {"ma_dn": code, "loai_giay": kind, "co": "CO", "so": number, "ngay": day}

    other = D(2026, 11, 10)
    rows = [
        row("DN01", "TO_TRINH", "12/TTr-P1", other), row("DN02", "TO_TRINH", "12/TTr-P1", other),
        row("DN01", "BIEN_BAN", "05/BB-P1", D(2026, 11, 3)), row("DN02", "BIEN_BAN", "06/BB-P1", other),
    ]  # fmt: skip
    case = Case(P1={"DON_VI": [form()], "HO_SO": rows})
    # Said once for the unit; minutes with another number are other minutes.
    assert case.said("HS-08") == {("P1", "HO_SO", "F5", "paper_date")}
    assert "2 dòng ghi ngày 10/11/2026" in case.texts("HS-08")[0]
    assert case.looked_at("HS-08") == 4
