"""QT-10 and HM-05: what only informs."""

from __future__ import annotations

from schemas.rules import Severity
from tests.casework import Case, form, proposal, staff, tally


def considered(votes: dict[str, float], title: str = "CSTDCS") -> Case:
    people = {"CC2": "DE_NGHI", "CC3": "KHONG_DE_NGHI", "CC4": "KHONG_DE_NGHI"}
    return Case(
        P1={
            "DON_VI": [form()],
            "NHAN_SU": [staff(code, gioi_tinh="NU" if code == "CC3" else "NAM") for code in people],
            "DE_NGHI": [
                proposal(f"DN0{n}", code, title, ket_qua=result) for n, (code, result) in enumerate(people.items(), 1)
            ],
            "PHIEU": [tally(f"DN0{n}", votes[code]) for n, code in enumerate(people, 1) if code in votes],
        }
    )


def test_qt_10_names_who_had_the_same_votes() -> None:
    case = considered({"CC2": 6, "CC3": 6, "CC4": 3})
    assert case.said("QT-10") == {("P1", "PHIEU", "I6", "tie")}
    (text,) = case.texts("QT-10")
    assert "Nữ" in text and "6 phiếu" in text
    assert case.findings("QT-10")[0].severity is Severity.INFORMATION


def test_qt_10_is_silent_without_a_tie_or_a_limit() -> None:
    assert considered({"CC2": 7, "CC3": 6, "CC4": 6}).said("QT-10") == set()
    assert considered({"CC2": 6, "CC3": 6, "CC4": 6}, "LDTT").said("QT-10") == set()
    assert considered({"CC3": 6}).said("QT-10") == set()  # the other's votes are not known
    assert Case(P1={}).said("QT-10") == set()


def test_hm_05_counts_once_for_the_province() -> None:
    tables = {"NHAN_SU": [staff("CC2")], "DE_NGHI": [proposal("DN01", "CC2", "CSTD_NGANH")]}
    case = Case(P1=tables, P2={})
    assert case.said("HM-05") == {("", "", "", "counted")}
    assert "1 đề nghị" in case.texts("HM-05")[0]
    assert Case(P1={}).said("HM-05") == set()
