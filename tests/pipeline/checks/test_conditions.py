"""Conditions of titles (DK): for each rule one table that must fire, one that must not, one that cannot be judged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.rules import Severity
from tests.casework import Case, form, proposal, staff


def test_dk_01_rating_of_a_person() -> None:
    case = Case(
        P1={
            "NHAN_SU": [staff("CC1"), staff("CC2", xep_loai_cc="HTNV"), staff("CC3", xep_loai_cc="CHUA_XL")],
            "DE_NGHI": [
                proposal("DN01", "CC1", "LDTT"),
                proposal("DN02", "CC2", "LDTT"),
                proposal("DN03", "CC3", "CSTDCS"),
                proposal("DN04", "CC2", "GK"),  # a form asks for no rating
                proposal("DN05", "CC2", "CSTDCS", ket_qua="KHONG_DE_NGHI"),
            ],
        }
    )
    assert case.said("DK-01") == {("P1", "NHAN_SU", "L6", "below"), ("P1", "NHAN_SU", "L7", "not_judged")}
    assert case.looked_at("DK-01") == 3
    found = next(f for f in case.findings("DK-01") if f.variant == "below")
    assert (found.severity, found.subject, found.person) == (Severity.BLOCKING, "DN02", "CC2")


def test_dk_01_rating_of_a_collective_does_not_block_until_confirmed() -> None:
    tables = {
        "DON_VI": [form(xep_loai_don_vi="HTNV")],
        "NHAN_SU": [staff("CC1")],
        "DE_NGHI": [proposal("DN01", "P1", "TTLDTT")],
    }
    assert Case(P1=tables).said("DK-01") == {("P1", "DON_VI", "C47", "collective_below")}
    assert case_severity(Case(P1=tables)) is Severity.NEEDS_REASON
    confirmed = {
        "ma_quy_tac": "DK-01", "tu_ngay": "2026-01-01", "van_ban": "12/HD-VKS", "nguoi_chot": "Lò Giả An",
        "ngay_chot": "2026-01-06",
    }  # fmt: skip
    case = Case(P1=tables, configured={"THAM_SO": [confirmed]})
    assert case_severity(case) is Severity.BLOCKING
    assert "Lò Giả An" in case.findings("DK-01")[0].note


def case_severity(case: Case) -> Severity:
    (finding,) = case.findings("DK-01")
    return finding.severity


def title(code: str, subject: str, award: str, **more: Any) -> dict[str, Any]:
    return proposal(code, subject, award, **more)


def test_dk_09_base_title_of_the_same_unit_and_period() -> None:
    case = Case(
        P1={
            "DE_NGHI": [
                title("DN01", "CC1", "LDTT"),
                title("DN02", "CC1", "CSTDCS"),
                title("DN03", "CC2", "CSTDCS"),  # no LDTT at all
                title("DN04", "CC3", "LDTT", ket_qua="KHONG_DE_NGHI"),
                title("DN05", "CC3", "CSTDCS"),
                title("DN06", "CC4", "LDTT", ket_qua=None),
                title("DN07", "CC4", "CSTDCS"),
                title("DN08", "CC5", "CSTDCS", ma_doi_tuong=None),
                title("DN09", "CC6", "CSTDCS", ket_qua="KHONG_DE_NGHI"),
            ]
        },
        P2={"DE_NGHI": [title("DN01", "CC2", "LDTT")]},  # another unit's proposal does not carry
    )
    assert case.said("DK-09") == {
        ("P1", "DE_NGHI", "F7", "no_base_title"),
        ("P1", "DE_NGHI", "F9", "no_base_title"),
        ("P1", "DE_NGHI", "F11", "not_judged"),
        ("P1", "DE_NGHI", "D12", "not_judged"),
    }
    assert case.looked_at("DK-09") == 5
    assert {f.severity for f in case.findings("DK-09") if f.judged} == {Severity.BLOCKING}
    texts = case.texts("DK-09")
    assert any("không có dòng đề nghị" in t for t in texts) and any("đã xét, không đề nghị" in t for t in texts)


def flags(last: dt.date, **more: Any) -> Case:
    rows = [title("DN01", "P1", "CO_NGANH"), title("DN02", "P1", "CO_CP"), title("DN03", "P2", "CO_NGANH")]
    rows.append(title("DN04", "P2", "TTLDXS"))
    first = dt.date(last.year - 1, 12, 1)
    return Case(P1={"DE_NGHI": rows[:2]}, P2={"DE_NGHI": rows[2:]}, period=(first, last), **more)


def test_dk_09_flags_come_from_excellent_collectives() -> None:
    now = flags(dt.date(2026, 11, 30))
    assert now.said("DK-09") == {("P1", "DE_NGHI", "F5", "flag"), ("P1", "DE_NGHI", "F6", "government_flag")}
    found = {f.variant: f.severity for f in now.findings("DK-09")}
    assert found == {"flag": Severity.NEEDS_REASON, "government_flag": Severity.WARNING}
    for last in (dt.date(2023, 11, 30), dt.date(2024, 9, 30)):  # the circular of 2019 was read
        found = {f.variant: f.severity for f in flags(last).findings("DK-09")}
        assert found == {"flag": Severity.BLOCKING, "government_flag": Severity.WARNING}


def paper(code: str, state: str | None) -> dict[str, Any]:
    return {"ma_dn": code, "loai_giay": "DANG_KY", "co": state}


def test_dk_10_registration_is_said_and_never_blocks() -> None:
    nominations = [title("DN01", "CC1", "LDTT"), title("DN02", "CC2", "LDTT"), title("DN03", "CC3", "LDTT")]
    papers = [paper("DN01", "CO"), paper("DN02", "KHONG"), paper("DN03", "KHONG_CAN")]
    case = Case(P1={"DE_NGHI": nominations, "HO_SO": papers})
    assert case.said("DK-10") == {("P1", "HO_SO", "D6", "not_registered")}
    assert case.looked_at("DK-10") == 2
    assert case.findings("DK-10")[0].severity is Severity.WARNING


def test_dk_10_silence_is_said_once_a_unit() -> None:
    nominations = [title("DN01", "CC1", "LDTT"), title("DN02", "CC2", "LDTT"), title("DN03", "CC3", "GK")]
    silent = Case(P1={"DE_NGHI": nominations}, P2={"DE_NGHI": nominations}, without={"P2": {"HO_SO"}})
    assert silent.said("DK-10") == {("P1", "", "", "not_judged"), ("P2", "", "", "not_judged")}
    assert silent.looked_at("DK-10") == 0
    half = Case(P1={"DE_NGHI": nominations, "HO_SO": [paper("DN01", "CO"), paper("DN02", None)]})
    (text,) = half.texts("DK-10")
    assert "1 trên 2" in text and "DN02" in text and "DN01" not in text


def test_dk_11_kind_of_subject() -> None:
    case = Case(
        P1={
            "DE_NGHI": [
                title("DN01", "CC1", "LDTT"),
                title("DN02", "P1", "TTLDTT"),
                title("DN03", "P1", "LDTT"),
                title("DN04", "CC1", "TTLDXS"),
                title("DN05", "P1", "KNC"),
                title("DN06", "P1", "GK"),  # for both kinds
                title("DN07", "CC1", "CSTDCS", doi_tuong=None),
                title("DN08", "P1", "CSTDCS", ket_qua="KHONG_DE_NGHI"),
            ]
        }
    )
    assert case.said("DK-11") == {
        ("P1", "DE_NGHI", "C7", "title"),
        ("P1", "DE_NGHI", "C8", "title"),
        ("P1", "DE_NGHI", "C9", "other"),
        ("P1", "DE_NGHI", "C11", "not_judged"),
    }
    severities = {f.variant: f.severity for f in case.findings("DK-11") if f.judged}
    assert severities == {"title": Severity.BLOCKING, "other": Severity.NEEDS_REASON}
    assert case.looked_at("DK-11") == 6


def test_dk_11_does_not_trust_a_catalogue_that_says_otherwise_of_a_legal_title() -> None:
    row = {
        "ma": "LDTT", "ten": "Lao động tiên tiến", "loai": "DANH_HIEU", "doi_tuong": "TT", "bac": 1.0,
        "cap_quyet_dinh": "TINH", "tu_ngay": dt.date(2019, 1, 1), "can_cu": "x", "trang_thai": "CAN_XAC_MINH",
    }  # fmt: skip
    own = row | {"ma": "DHT", "ten": "Danh hiệu tỉnh"}
    case = Case(
        P1={"DE_NGHI": [title("DN01", "CC1", "LDTT"), title("DN02", "CC1", "DHT")]},
        configured={"DANH_HIEU": [row, own]},
    )
    assert case.said("DK-11") == {("P1", "DE_NGHI", "C6", "other")}


@pytest.mark.parametrize("code", ["DK-01", "DK-09", "DK-10", "DK-11"])
def test_empty_sheets_say_nothing(code: str) -> None:
    assert Case(P1={}, P2=None).said(code) == set()
