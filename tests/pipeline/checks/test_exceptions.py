"""DK-13: what the law protects must not be the reason why somebody was left out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.rules import Severity
from tests.casework import Case, proposal, staff

D = dt.date
FEBRUARY, JULY = D(2026, 2, 1), D(2026, 7, 31)


def event(kind: str, first: dt.date = FEBRUARY, last: dt.date | None = JULY, **more: Any) -> dict[str, Any]:
    return {"ma_cc": "CC1", "loai": kind, "tu_ngay": first, "den_ngay": last} | more


MATERNITY, BRAVE, COURSE = event("NGHI_THAI_SAN"), event("NGHI_DUNG_CAM"), event("DAO_TAO")
OLD_VIOLATION = event(
    "KY_LUAT", D(2026, 1, 10), None, hinh_thuc_ky_luat="KHIEN_TRACH", ngay_qd=D(2026, 1, 10), ma_vi_pham="VP1",
    nam_da_tinh=2025.0,
)  # fmt: skip
NEW_VIOLATION = OLD_VIOLATION | {"ma_vi_pham": "VP2", "nam_da_tinh": None}
LEFT_OUT = proposal("DN01", "CC1", "LDTT", ket_qua="KHONG_DE_NGHI")
OTHER = proposal("DN09", "CC2", "LDTT")


def case(*events: dict[str, Any], rows: list[dict[str, Any]] | None = None, **person: Any) -> Case:
    nominations = [LEFT_OUT, OTHER] if rows is None else rows
    return Case(
        P1={"NHAN_SU": [staff("CC1", **person), staff("CC2")], "BIEN_DONG": list(events), "DE_NGHI": nominations}
    )


@pytest.mark.parametrize(
    ("row", "cell", "variant"),
    [
        (MATERNITY, "D5", "maternity"),
        (BRAVE, "D5", "brave"),
        (COURSE, "D5", "training"),
        (OLD_VIOLATION, "N5", "used_violation"),
    ],
)
def test_left_out_with_nothing_else_known(row: dict[str, Any], cell: str, variant: str) -> None:
    assert case(row).said("DK-13") == {("P1", "BIEN_DONG", cell, variant)}
    assert case(row, rows=[OTHER]).said("DK-13") == {("P1", "BIEN_DONG", cell, variant)}  # no row at all
    (finding,) = case(row).findings("DK-13")
    assert (finding.subject, finding.person) == ("CC1", "CC1")
    assert finding.severity is (Severity.WARNING if variant == "training" else Severity.NEEDS_REASON)


@pytest.mark.parametrize(
    "others",
    [
        (event("NGHI_OM", D(2026, 8, 1), D(2026, 10, 31)),),
        (NEW_VIOLATION,),
        (event("DANG_XEM_XET", D(2026, 9, 1), None),),
        (event("CHUYEN_DI", D(2026, 9, 1), None),),
        (event("THOI_VIEC", D(2026, 9, 1), None),),
        (event("DAO_TAO", D(2025, 6, 1), D(2026, 6, 30)),),
    ],
)
def test_another_reason_is_known(others: tuple[dict[str, Any], ...]) -> None:
    found = case(MATERNITY, *others)
    assert found.said("DK-13") == set() and found.looked_at("DK-13") == 0


def test_a_short_illness_is_no_other_reason() -> None:
    sick = event("NGHI_OM", D(2026, 8, 1), D(2026, 8, 20))
    assert case(MATERNITY, sick).said("DK-13") == {("P1", "BIEN_DONG", "D5", "maternity")}


def test_in_order() -> None:
    assert case(MATERNITY, rows=[proposal("DN01", "CC1", "LDTT")]).said("DK-13") == set()
    assert case(MATERNITY, rows=[proposal("DN01", "CC1", "LDTT")]).looked_at("DK-13") == 1
    assert case(MATERNITY, xep_loai_cc="HTNV").said("DK-13") == set()
    assert case(MATERNITY, ngay_tuyen_dung=D(2026, 8, 1), ngay_ve_don_vi=D(2026, 8, 1)).said("DK-13") == set()
    assert case(event("NGHI_THAI_SAN", D(2025, 1, 1), D(2025, 6, 30))).said("DK-13") == set()  # before the period
    assert case(event("DAO_TAO", D(2026, 3, 1), None)).said("DK-13") == set()  # may become a long course
    assert case(event("NGHI_OM", D(2026, 3, 1), D(2026, 6, 30))).said("DK-13") == set()


def test_proposed_by_the_new_unit() -> None:
    tables = {"NHAN_SU": [staff("CC1")], "BIEN_DONG": [MATERNITY], "DE_NGHI": [OTHER]}
    new = {"NHAN_SU": [staff("CC1")], "DE_NGHI": [proposal("DN01", "CC1", "LDTT")]}
    assert Case(P1=tables, P2=new).said("DK-13") == set()


def test_one_question_a_person_and_reason() -> None:
    again = event("NGHI_THAI_SAN", D(2026, 8, 1), D(2026, 8, 31))
    assert case(MATERNITY, again).said("DK-13") == {("P1", "BIEN_DONG", "D5", "maternity")}


def test_not_judged() -> None:
    assert case(MATERNITY, xep_loai_cc="CHUA_XL").said("DK-13") == {("P1", "BIEN_DONG", "B5", "not_judged")}
    tables = {"NHAN_SU": [staff("CC1")], "BIEN_DONG": [MATERNITY]}
    assert Case(P1=tables, without={"P1": {"DE_NGHI"}}).said("DK-13") == {("P1", "", "", "not_judged")}
    assert Case(P1={}, P2=None).said("DK-13") == set()


def test_the_decree_of_2023_does_not_speak_of_used_violations() -> None:
    period = (D(2023, 12, 1), D(2024, 9, 30))
    rows = [event("NGHI_THAI_SAN", D(2024, 2, 1), D(2024, 7, 31))]
    old = OLD_VIOLATION | {"tu_ngay": D(2024, 1, 10), "ngay_qd": D(2024, 1, 10), "nam_da_tinh": 2023.0}
    for given, expected in ((rows, {"maternity"}), ([old], set())):
        found = Case(P1={"NHAN_SU": [staff("CC1")], "BIEN_DONG": given, "DE_NGHI": [LEFT_OUT]}, period=period)
        assert {v for *_, v in found.said("DK-13")} == expected
