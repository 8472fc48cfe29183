"""Numbers and days of decisions (HS-03), evidence of past awards (HS-07)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.casework import Case, award, form

D = dt.date


def told(holder: str, year: int, what: str = "LDTT", **more: Any) -> dict[str, Any]:
    row = award(holder, year, what) | more
    row.pop("doi_tuong")
    return row


def test_hs_03_a_decision_has_one_day() -> None:
    rows = [told("CC1", 2024), told("CC2", 2024, ngay_qd=D(2024, 12, 22)), told("CC3", 2024, ngay_qd=D(2024, 12, 22))]
    case = Case(P1={"LICH_SU": rows})
    assert case.said("HS-03") == {("P1", "LICH_SU", "I6", "decision")}  # once a number and unit
    others = [
        told("CC1", 2024), told("CC2", 2024, ngay_qd=D(2024, 12, 22), co_quan_qd="VKSND tối cao"),
        told("CC3", 2024, ngay_qd=D(2025, 1, 5)), told("CC4", 2024, so_qd="Không số", ngay_qd=D(2024, 12, 1)),
        told("CC5", 2024, so_qd="Không số"),
    ]  # fmt: skip
    assert Case(P1={"LICH_SU": others}).said("HS-03") == set()  # another issuer, another year, no number


def test_hs_03_against_the_provinces_history() -> None:
    past = {"KHEN_THUONG": [award("CC1", 2024, "LDTT"), award("CC2", 2024, "LDTT", ngay_qd=D(2024, 12, 28))]}
    alone = Case(P1={"LICH_SU": [told("CC1", 2024)]}, past=past)
    assert alone.said("HS-03") == {("", "", "", "province")}
    both = Case(P1={"LICH_SU": [told("CC2", 2024, ngay_qd=D(2024, 12, 28))]}, past=past)
    assert both.said("HS-03") == {("P1", "LICH_SU", "I5", "decision")}


def test_hs_03_papers_and_initiatives_of_a_unit() -> None:
    def paper(code: str, number: str, day: D, kind: str = "BAO_CAO_TT") -> dict[str, Any]:
        return {"ma_dn": code, "loai_giay": kind, "co": "CO", "so": number, "ngay": day}

    def idea(code: str, day: D) -> dict[str, Any]:
        return {"ma_sk": code, "tac_gia": "CC1", "cap_cong_nhan": "CO_SO", "so_qd": "77/QĐ-VKS", "ngay_qd": day}

    one, other = D(2026, 11, 1), D(2026, 11, 2)
    papers = [
        paper("DN01", "05/BC-P1", one), paper("DN02", "05/BC-P1", other), paper("DN01", "Không số", one, "HIEP_Y"),
        paper("DN02", "Không số", other, "HIEP_Y"), paper("DN03", "05/BC-P1", other, "QD_XEP_LOAI"),
    ]  # fmt: skip
    case = Case(P1={"DON_VI": [form()], "HO_SO": papers, "SANG_KIEN": [idea("SK01", other), idea("SK02", one)]})
    assert case.said("HS-03") == {("P1", "HO_SO", "F6", "paper"), ("P1", "SANG_KIEN", "K5", "paper")}


def test_hs_03_letter_is_not_the_minutes() -> None:
    case = Case(P1={"DON_VI": [form(so_to_trinh="05/BB-P1 ")]})
    assert case.said("HS-03") == {("P1", "DON_VI", "C30", "letter_minutes")}
    assert Case(P1={"DON_VI": [form(so_to_trinh=None, so_bien_ban=None)]}).said("HS-03") == set()


def test_hs_07_awards_that_the_province_does_not_know() -> None:
    past = {"KHEN_THUONG": [award("CC1", 2024, "LDTT")]}
    rows = [told("CC1", 2024), told("CC2", 2024), told("CC1", 2019)]  # 2019: the province has no history
    case = Case(P1={"LICH_SU": rows}, past=past)
    assert case.said("HS-07") == {("P1", "LICH_SU", "H6", "unknown")}
    assert "2024/QĐ-VKS, 20/12/2024" in case.texts("HS-07")[0]
    unknown = Case(P1={"LICH_SU": rows}, past=None)
    assert unknown.said("HS-07") == {("", "", "", "not_judged")}
    assert Case(P1={"LICH_SU": rows}, past=None, alone=True).said("HS-07") == set()


def test_hs_07_day_of_the_decision_fits_the_year() -> None:
    rows = [
        told("CC1", 2024, ngay_qd=D(2023, 11, 30)),  # the award year began on 01/12/2023
        told("CC2", 2024, ngay_qd=D(2023, 12, 1)),
        told("CC3", 2024, ngay_qd=D(2026, 5, 30)),  # 18 months after 30/11/2024
        told("CC4", 2024, ngay_qd=D(2026, 5, 31)),
        told("CC5", 2024, ngay_qd=None),
    ]
    case = Case(P1={"LICH_SU": rows}, alone=True)
    assert case.said("HS-07") == {
        ("P1", "LICH_SU", "I5", "too_early"),
        ("P1", "LICH_SU", "I8", "too_late"),
        ("P1", "LICH_SU", "I9", "not_judged"),
    }


def test_empty_data_do_not_trouble_the_checks() -> None:
    codes = ("HS-01", "HS-02", "HS-03", "HS-04", "HS-06", "HS-07", "HS-08")
    assert Case(P1={}, P2=None).said(*codes) == set()
    assert Case(P1={}, past=None, alone=True, without={"P1": {"HO_SO", "PHIEU", "LICH_SU"}}).said(*codes) == set()
    nothing = {name: [{}, {}] for name in ("DE_NGHI", "PHIEU", "HO_SO", "LICH_SU", "SANG_KIEN", "NHAN_SU", "DON_VI")}
    Case(P1=nothing, past={"KHEN_THUONG": [{}]}).findings(*codes)
    for name in nothing:
        Case(P1={n: rows for n, rows in nothing.items() if n != name}).findings(*codes)
