"""V-05 across units, DK-08: one person in two places, under two codes, twice for one title."""

from __future__ import annotations

import datetime as dt

from schemas.rules import Severity
from tests.casework import Case, proposal, staff

D = dt.date
GONE = {"ma_cc": "CC1", "loai": "CHUYEN_DI", "tu_ngay": D(2026, 5, 1), "don_vi_lien_quan": "P2"}


def test_v_05_one_person_in_two_units() -> None:
    one, other = {"NHAN_SU": [staff("CC9"), staff("CC1")]}, {"NHAN_SU": [staff("CC1")]}
    case = Case(P1=one, P2=other, P3={"NHAN_SU": [staff("CC2")]})
    assert case.said("V-05") == {("P1", "NHAN_SU", "B6", "two_units"), ("P2", "NHAN_SU", "B5", "two_units")}
    assert all(f.severity is Severity.NEEDS_REASON for f in case.findings("V-05"))
    assert any("đơn vị P2 (trang NHAN_SU, dòng 5)" in text for text in case.texts("V-05"))
    assert Case(P1=one | {"BIEN_DONG": [GONE]}, P2=other).said("V-05") == set()


def test_v_05_three_units_of_which_one_says_that_the_person_left() -> None:
    rows = {"NHAN_SU": [staff("CC1")]}
    case = Case(P1=rows | {"BIEN_DONG": [GONE]}, P2=rows, P3=rows)
    assert {unit for unit, *_ in case.said("V-05")} == {"P2", "P3"}


def test_v_05_one_person_under_two_codes() -> None:
    same = {"ho_ten": "Lò Giả Hoà", "ngay_sinh": D(1990, 9, 2)}
    case = Case(
        P1={"NHAN_SU": [staff("CC1", **same), staff("CC5", ho_ten="Lò Giả Hoà", ngay_sinh=D(1991, 9, 2))]},
        P2={"NHAN_SU": [staff("CC2", **same | {"ho_ten": "Lò Giả Hòa"})]},  # tone mark put elsewhere
        P3={"NHAN_SU": [staff("CC3", **same | {"ho_ten": None}), staff("CC4", **same | {"ngay_sinh": None})]},
    )
    assert case.said("V-05") == {("P1", "NHAN_SU", "B5", "two_codes"), ("P2", "NHAN_SU", "B5", "two_codes")}
    assert any("CC2, đơn vị P2" in text for text in case.texts("V-05"))


def test_v_05_a_newcomer_without_code_may_be_somebody_known() -> None:
    same = {"ho_ten": "Lò Giả Hoà", "ngay_sinh": D(1990, 9, 2)}
    case = Case(P1={"NHAN_SU": [staff("CC1", **same)]}, P2={"NHAN_SU": [staff("CC2", **same | {"ma_cc": None})]})
    assert {(unit, variant) for unit, _, _, variant in case.said("V-05")} == {("P1", "two_codes"), ("P2", "two_codes")}


def test_dk_08_two_units_propose_one_person_for_one_title() -> None:
    case = Case(
        P1={"DE_NGHI": [proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC1", "CSTDCS")]},
        P2={"DE_NGHI": [proposal("DN01", "CC2", "LDTT"), proposal("DN02", "CC1", "LDTT")]},
        P3={"DE_NGHI": [proposal("DN01", "CC1", "LDTT", ket_qua="KHONG_DE_NGHI"), proposal("DN02", "CC1", "GK")]},
        P4={"DE_NGHI": [proposal("DN01", "CC2", "GK")]},
    )
    assert case.said("DK-08") == {
        ("P1", "DE_NGHI", "D5", "two_units_title"),
        ("P2", "DE_NGHI", "D6", "two_units_title"),
    }
    assert all(f.severity is Severity.BLOCKING for f in case.findings("DK-08"))
    assert any("đơn vị P1 (trang DE_NGHI, dòng 5)" in text for text in case.texts("DK-08"))


def test_dk_08_twice_inside_a_unit() -> None:
    rows = [
        proposal("DN01", "CC1", "LDTT"),
        proposal("DN02", "CC1", "LDTT"),
        proposal("DN03", "CC1", "CSTDCS"),
        proposal("DN04", "CC2", "GK"),
        proposal("DN05", "CC2", "GK"),  # two movements may both be commended
    ]
    case = Case(P1={"DE_NGHI": rows})
    assert case.said("DK-08") == {("P1", "DE_NGHI", "D5", "twice"), ("P1", "DE_NGHI", "D6", "twice")}
    assert case.looked_at("DK-08") == 3


def test_dk_08_leaves_a_row_pasted_twice_to_v_05() -> None:
    assert Case(P1={"DE_NGHI": [proposal("DN01", "CC1", "LDTT")] * 2}).said("DK-08") == set()


def test_one_file_alone_is_judged_only_for_itself() -> None:
    rows = {"DE_NGHI": [proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC1", "LDTT")]}
    assert {v for *_, v in Case(P1=rows, alone=True).said("DK-08", "V-05")} == {"twice"}


def test_nothing_at_all() -> None:
    assert Case(P1={}, P2=None).said("V-05", "DK-08") == set()
