"""Heads of units (ND): for each rule one table that fires, one that does not, one that cannot be judged."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.rules import Severity
from tests.casework import Case, form, proposal, staff, unit_row

CHECKED = ("ND-01", "ND-02", "ND-03", "ND-04")
Rows = list[dict[str, Any]]


def unit(*proposals: dict[str, Any], code: str = "P1", work: Rows | None = None, **more: Any) -> dict[str, Rows]:
    """A unit whose head is CC1, "Lò Giả CC1", with a plan."""
    activities = [{"ma_hd": "HD01", "loai": "KE_HOACH"}] if work is None else work
    return {
        "DON_VI": [form(code, **{"chu_tri": "Lò Giả CC1"} | more)],
        "NHAN_SU": [staff("CC1", nhom_doi_tuong="LANH_DAO_DON_VI"), staff("CC2")],
        "DE_NGHI": list(proposals),
        "HOAT_DONG": activities,
    }


def test_nd_01_the_head_is_bounded_by_the_collective() -> None:
    case = Case(
        P1=unit(
            proposal("DN01", "CC1", "LDTT"),
            proposal("DN02", "CC1", "CSTDCS"),
            proposal("DN03", "CC1", "BK"),
            proposal("DN04", "CC2", "CSTDCS"),  # not the head
            proposal("DN05", "P1", "TTLDTT"),
            proposal("DN06", "CC1", "KNC", loai_hinh="NIEN_HAN"),
            proposal("DN07", "CC1", "CSTD_NGANH", ket_qua="KHONG_DE_NGHI"),
            proposal("DN08", "P1", "TTLDXS", ket_qua="KHONG_DE_NGHI"),
        )
    )
    assert case.said("ND-01") == {("P1", "DE_NGHI", "F6", "above"), ("P1", "DE_NGHI", "G7", "above")}
    assert case.findings("ND-01")[0].severity is Severity.NEEDS_REASON
    assert case.looked_at("ND-01") == 3
    equal = unit(proposal("DN01", "CC1", "CSTDCS"), proposal("DN02", "P1", "TTLDXS"))
    assert Case(P1=equal).said("ND-01") == set()


def test_nd_01_without_a_collective_title_the_base_title_remains() -> None:
    case = Case(P1=unit(proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC1", "CSTDCS")))
    assert case.said("ND-01") == {("P1", "DE_NGHI", "F6", "no_collective")}


def test_nd_01_cannot_be_judged_without_head_or_channel() -> None:
    case = Case(
        P1=unit(proposal("DN01", "CC2", "CSTDCS"), ma_nguoi_dung_dau=None),
        P2=unit(proposal("DN01", "CC2", "CSTDCS"), code="P2", ma_nguoi_dung_dau="CC9"),
        P3=unit(proposal("DN01", "CC1", "CSTDCS", loai_hinh=None), code="P3"),
        P4=None,
    )
    assert case.said("ND-01") == {
        ("P1", "DON_VI", "C8", "not_judged"),
        ("P2", "DON_VI", "C8", "not_judged"),
        ("P3", "DE_NGHI", "H5", "not_judged"),
    }


@pytest.mark.parametrize("name", ["Lò Giả CC1", "lò giả cc1", "Đồng chí Lò Giả CC1, Trưởng phòng", "(Lò Giả CC1)"])
def test_nd_02_chaired_by_the_head(name: str) -> None:
    case = Case(P1=unit(chu_tri=name))
    assert case.said("ND-02") == set() and case.looked_at("ND-02") == 1


def test_nd_02_chaired_by_somebody_else_or_not_known() -> None:
    case = Case(P1=unit(chu_tri="Đào Thử Bình"), P2=unit(code="P2", chu_tri="Lò Giả CC11"))
    assert {(u, v) for u, _, _, v in case.said("ND-02")} == {("P1", "other_chair"), ("P2", "other_chair")}
    assert case.findings("ND-02")[0].severity is Severity.INFORMATION
    assert {v for *_, v in Case(P1=unit(chu_tri=None)).said("ND-02")} == {"not_judged"}
    assert Case(P1=unit(chu_tri="Đào Thử Bình", ma_nguoi_dung_dau=None)).said("ND-02") == set()  # ND-01 says it


def gate(code: str, condition: str = "KHONG_TRIEN_KHAI", conclusion: str | None = None) -> dict[str, Any]:
    return {"don_vi": code, "dieu_kien": condition, "ket_luan": conclusion}


def test_nd_03_gate_of_units_that_did_not_carry_the_movement_out() -> None:
    head, other = proposal("DN01", "CC1", "LDTT"), proposal("DN01", "CC2", "LDTT")
    lone = [{"ma_hd": "HD01", "loai": "TUYEN_TRUYEN"}]
    case = Case(
        P1=unit(head, code="P1", trien_khai_phong_trao="KHONG"),
        P2=unit(head, proposal("DN02", "CC1", "CSTDCS"), code="P2"),
        P3=unit(head, code="P3", work=lone),
        P4=unit(head, code="P4"),
        P5=unit(other, code="P5", trien_khai_phong_trao="KHONG"),  # the head is not proposed
        P6=unit(head, code="P6", trien_khai_phong_trao="KHONG"),  # the council considers it all the same
        P7=unit(head, code="P7", work=[{"ma_hd": "HD01", "loai": "TONG_KET"}]),
        P8=unit(proposal("DN01", "CC1", "KNC", loai_hinh="NIEN_HAN"), code="P8", work=lone),
        P9=None,
        configured={
            "DON_VI": [unit_row(f"P{n}") for n in range(1, 10)],
            "DIEU_KIEN_LOAI": [gate("P2"), gate("P4", "XEP_LOAI"), gate("P6", conclusion="XET"), gate("P9")],
        },
    )
    assert case.said("ND-03") == {
        ("P1", "DE_NGHI", "E5", "declared"),
        ("P2", "DE_NGHI", "E5", "recorded"),
        ("P3", "DE_NGHI", "E5", "no_activity"),
        ("P4", "DE_NGHI", "E5", "other_gate"),
    }
    severities = {f.variant: f.severity for f in case.findings("ND-03")}
    assert severities["recorded"] is severities["no_activity"] is Severity.NEEDS_REASON
    assert severities["other_gate"] is Severity.INFORMATION
    assert case.looked_at("ND-03") == 6


def test_nd_03_without_a_log_is_not_judged() -> None:
    tables = unit(proposal("DN01", "CC1", "LDTT"), work=[])
    assert {v for *_, v in Case(P1=tables, without={"P1": {"HOAT_DONG"}}).said("ND-03")} == {"not_judged"}
    assert {v for *_, v in Case(P1=tables).said("ND-03")} == {"no_activity"}


def ranked(results: dict[str, float | None], *proposals: dict[str, Any]) -> Case:
    """Units with one target of 100 each; the proposals are P4's."""
    tables = {}
    for code, result in results.items():
        own = unit(*(proposals if code == "P4" else ()), code=code)
        target = {"ma_ct": "CT01", "ma_tieu_chi": "A", "chi_tieu": 100.0, "thuc_hien": result, "chieu": "CAO"}
        tables[code] = own | {"CHI_TIEU": [target]}
    table = [{"ma": "A", "diem_chuan": 50.0, "chieu": "CAO", "he_so_thuong": 0.0, "thuong_toi_da": 0.0}]
    return Case(**tables, configured={"BANG_DIEM": table})


def test_nd_04_highest_award_in_the_lower_half() -> None:
    top = (proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC1", "CSTDCS"))
    case = ranked({"P1": 90, "P2": 80, "P3": 60, "P4": 70}, *top)
    assert case.said("ND-04") == {("P4", "DE_NGHI", "F6", "lower_half")}
    assert "70 % số điểm, xếp thứ 3 trên 4" in case.texts("ND-04")[0]
    assert case.findings("ND-04")[0].severity is Severity.WARNING
    assert ranked({"P1": 90, "P2": 60, "P3": 60, "P4": 70}, *top).said("ND-04") == set()
    middle = {"P1": 90, "P2": 80, "P4": 70, "P5": 60, "P6": 50}
    assert ranked(middle, *top).said("ND-04") == set()  # third of five is no lower half
    assert ranked({"P1": 90, "P2": 80, "P4": 70}, *top).said("ND-04") == set()  # too few units
    outdone = (*top, proposal("DN03", "CC2", "BK"))
    assert ranked({"P1": 90, "P2": 80, "P3": 60, "P4": 70}, *outdone).said("ND-04") == set()
    assert ranked({"P1": 90, "P2": 80, "P3": 60, "P4": 70}, top[0]).said("ND-04") == set()


def test_nd_04_without_points_is_not_judged() -> None:
    top = proposal("DN01", "CC1", "CSTDCS")
    assert ranked({"P1": 90, "P2": 80, "P3": 60, "P4": None}, top).said("ND-04") == {
        ("P4", "DE_NGHI", "F5", "not_judged")
    }
    assert {v for *_, v in Case(P1=unit(top)).said("ND-04")} == {"not_judged"}  # no score table


def test_one_file_by_itself_shows_what_needs_no_other_file() -> None:
    tables = unit(proposal("DN01", "CC1", "CSTDCS"), chu_tri="Đào Thử Bình", work=[])
    assert {f.code for f in Case(P1=tables, alone=True).findings(*CHECKED)} == {"ND-01", "ND-02"}


def test_nothing_sent_is_nothing_said() -> None:
    assert Case(P1=None, P2={}, without={"P2": {"DON_VI", "NHAN_SU", "DE_NGHI", "HOAT_DONG"}}).said(*CHECKED) == set()
