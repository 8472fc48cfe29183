"""Conditions of titles (DK): for each rule one table that must fire, one that must not, one that cannot be judged."""

from __future__ import annotations

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
