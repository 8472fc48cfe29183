"""DK-02, DK-18: service, leave, training, transfers; what the law protects never counts as absence."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.rules import Severity
from tests.casework import Case, proposal, staff

D = dt.date


def leave(kind: str, first: dt.date | None, last: dt.date | None, who: str = "CC1", **more: Any) -> dict[str, Any]:
    return {"ma_cc": who, "loai": kind, "tu_ngay": first, "den_ngay": last} | more


def unit(*events: dict[str, Any], award: str = "LDTT", **person: Any) -> dict[str, list[dict[str, Any]]]:
    return {
        "NHAN_SU": [staff("CC1", **person)],
        "BIEN_DONG": list(events),
        "DE_NGHI": [proposal("DN01", "CC1", award)],
    }


def variants(case: Case, code: str = "DK-02") -> list[str]:
    return sorted(v for *_, v in case.said(code))


@pytest.mark.parametrize(
    ("recruited", "last", "fires"),
    [
        (D(2026, 6, 1), D(2026, 11, 30), False),  # six months to the day
        (D(2026, 6, 2), D(2026, 11, 30), True),
        (D(2024, 2, 2), D(2024, 9, 30), True),  # ten months were asked then
        (D(2023, 2, 1), D(2023, 11, 30), False),
    ],
)
def test_dk_02_service(recruited: dt.date, last: dt.date, fires: bool) -> None:
    case = Case(P1=unit(ngay_tuyen_dung=recruited), period=(D(last.year - 1, 12, 1), last))
    assert case.said("DK-02") == ({("P1", "NHAN_SU", "J5", "short_service")} if fires else set())
    assert case.looked_at("DK-02") == 1


def test_dk_02_almost_six_months_do_not_read_as_six() -> None:
    case = Case(P1=unit(ngay_tuyen_dung=D(2026, 6, 2)))
    assert "mới công tác 5,9 tháng" in case.texts("DK-02")[0]
    (finding,) = case.findings("DK-02")
    assert (finding.severity, finding.subject, finding.person) == (Severity.NEEDS_REASON, "DN01", "CC1")


def test_dk_02_confirmed_it_blocks() -> None:
    confirmed = {
        "ma_quy_tac": "DK-02", "tu_ngay": D(2026, 1, 1), "van_ban": "12/HD-VKS", "nguoi_chot": "Lò Giả An",
        "ngay_chot": D(2026, 1, 6),
    }  # fmt: skip
    case = Case(P1=unit(ngay_tuyen_dung=D(2026, 7, 15)), configured={"THAM_SO": [confirmed]})
    assert case.findings("DK-02")[0].severity is Severity.BLOCKING


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (leave("NGHI_OM", D(2026, 3, 1), D(2026, 5, 31)), ["leave"]),
        (leave("NGHI_OM", D(2026, 3, 1), D(2026, 5, 30)), []),
        (leave("NGHI_KHAC", D(2026, 3, 1), D(2026, 8, 31)), ["long_leave"]),
        (leave("NGHI_KHAC", D(2026, 3, 1), D(2026, 8, 30)), ["leave"]),
        (leave("NGHI_OM", D(2025, 9, 1), D(2026, 1, 15)), []),  # only what lies in the period counts
        (leave("NGHI_OM", None, D(2026, 5, 31)), ["not_judged"]),
        (leave("NGHI_THAI_SAN", D(2026, 2, 1), D(2026, 7, 31)), []),
        (leave("NGHI_DUNG_CAM", D(2026, 1, 1), D(2026, 9, 30)), []),
        (leave("DAO_TAO", D(2026, 1, 1), D(2026, 10, 31)), []),
    ],
)
def test_dk_02_leave(event: dict[str, Any], expected: list[str]) -> None:
    case = Case(P1=unit(event))
    assert case.said("DK-02") == {("P1", "BIEN_DONG", "D5", variant) for variant in expected}


def test_dk_02_leaves_add_up_and_forms_are_outside() -> None:
    events = [leave("NGHI_OM", D(2026, 1, 1), D(2026, 2, 28)), leave("NGHI_KHAC", D(2026, 6, 1), D(2026, 7, 31))]
    assert variants(Case(P1=unit(*events))) == ["leave"]
    case = Case(P1=unit(*events, award="GK"))
    assert case.said("DK-02") == set() and case.looked_at("DK-02") == 0


def test_dk_02_the_older_circular_knows_no_leave_of_three_months() -> None:
    event = leave("NGHI_OM", D(2024, 3, 1), D(2024, 7, 15))
    assert variants(Case(P1=unit(event), period=(D(2023, 12, 1), D(2024, 9, 30)))) == []
    assert variants(Case(P1=unit(event), period=(D(2023, 12, 1), D(2024, 11, 30)))) == ["leave"]


@pytest.mark.parametrize(
    ("first", "last", "result", "expected"),
    [
        (D(2025, 9, 1), D(2026, 8, 31), "DAT", ["training"]),
        (D(2025, 9, 1), D(2026, 8, 31), "KHONG_DAT", ["training"]),
        (D(2025, 9, 1), D(2026, 8, 31), "KHA", []),
        (D(2025, 9, 1), D(2026, 8, 31), None, ["not_judged"]),
        (D(2025, 9, 1), None, None, ["not_judged"]),  # still away: a year and three months by now
        (D(2025, 9, 2), D(2026, 8, 31), "DAT", []),  # one day less than a year
    ],
)
def test_dk_02_training(first: dt.date, last: dt.date | None, result: str | None, expected: list[str]) -> None:
    case = Case(P1=unit(leave("DAO_TAO", first, last, ket_qua_dao_tao=result)))
    assert case.said("DK-02") == {("P1", "BIEN_DONG", "H5", variant) for variant in expected}
    assert all(f.severity is Severity.WARNING for f in case.findings("DK-02") if f.judged)


def test_dk_02_what_is_not_known() -> None:
    tables = {
        "NHAN_SU": [staff("CC1", ngay_tuyen_dung=None), staff("CC2")],
        "DE_NGHI": [proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC9", "LDTT"), proposal("DN03", "CC2", "LDTT")],
    }
    case = Case(P1=tables)
    assert case.said("DK-02") == {("P1", "NHAN_SU", "J5", "not_judged"), ("P1", "DE_NGHI", "B6", "not_judged")}
    lacking = Case(P1=tables, without={"P1": {"BIEN_DONG"}})
    assert ("P1", "", "", "not_judged") in lacking.said("DK-02")
    assert lacking.looked_at("DK-02") == 2  # DN03 is neither in order nor wrong


def arrival(day: dt.date | None, comment: str | None) -> dict[str, Any]:
    return leave("CHUYEN_DEN", day, None, don_vi_lien_quan="P2", y_kien_dv_cu=comment)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (arrival(D(2026, 8, 1), "KHONG"), {("P1", "BIEN_DONG", "G5", "no_comment")}),
        (arrival(D(2026, 6, 1), "KHONG"), {("P1", "BIEN_DONG", "G5", "no_comment")}),
        (arrival(D(2026, 5, 31), "KHONG"), set()),
        (arrival(D(2026, 8, 1), "CO"), set()),
        (arrival(D(2026, 8, 1), None), {("P1", "BIEN_DONG", "G5", "not_judged")}),
        (arrival(None, "KHONG"), {("P1", "BIEN_DONG", "D5", "not_judged")}),
        (arrival(D(2024, 8, 1), "KHONG"), set()),
    ],
)
def test_dk_18_comment_of_the_old_unit(event: dict[str, Any], expected: set[tuple[str, ...]]) -> None:
    case = Case(P1=unit(event), P2={})
    assert case.said("DK-18") == expected
    assert all(f.severity is Severity.WARNING for f in case.findings("DK-18") if f.judged)


def test_dk_18_a_paper_in_the_dossier_is_a_comment() -> None:
    paper = {"ma_dn": "DN01", "loai_giay": "Y_KIEN_DV_CU", "co": "CO"}
    tables = unit(arrival(D(2026, 8, 1), "KHONG"))
    assert Case(P1=tables | {"HO_SO": [paper]}).said("DK-18") == set()
    assert variants(Case(P1=tables | {"HO_SO": [paper | {"co": "KHONG"}]}), "DK-18") == ["no_comment"]


def test_dk_18_says_once_that_a_unit_sent_no_events() -> None:
    tables = {"DE_NGHI": [proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC2", "LDTT")]}
    case = Case(P1=tables, without={"P1": {"BIEN_DONG"}})
    assert case.said("DK-18") == {("P1", "", "", "not_judged")}


@pytest.mark.parametrize("code", ["DK-02", "DK-18"])
def test_empty_sheets_say_nothing(code: str) -> None:
    assert Case(P1={}, P2=None).said(code) == set()
