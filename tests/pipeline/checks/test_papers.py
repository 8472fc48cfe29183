"""Papers of each dossier (HS-01): one finding a proposal, as grave as the gravest paper that it lacks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from schemas.rules import Severity
from tests.casework import Case, form, proposal, staff

D = dt.date
LAWFUL = ("TO_TRINH", "BIEN_BAN", "BAO_CAO_TT")


def paper(kind: str, code: str = "DN01", **more: Any) -> dict[str, Any]:
    row = {"ma_dn": code, "loai_giay": kind, "co": "CO", "so": "05/BC-P1", "ngay": D(2026, 11, 3)}
    return row | more


def case(*papers: dict[str, Any], award: str = "CSTDCS", **more: Any) -> Case:
    extra = {"period": more.pop("period")} if "period" in more else {}
    tables = {
        "DON_VI": [more.pop("form", form())],
        "NHAN_SU": [staff("CC1")],
        "DE_NGHI": [proposal("DN01", "CC1", award, **more)],
        "HO_SO": list(papers),
    }
    return Case(P1=tables, **extra)


def whole(*more: str) -> list[dict[str, Any]]:
    return [paper(kind) for kind in (*LAWFUL, "KIEM_PHIEU", *more)]


def test_hs_01_whole_dossier() -> None:
    assert case(*whole()).said("HS-01") == set()
    assert case(*whole(), award="GK").said("HS-01") == set()
    assert case(*whole("XN_SANG_KIEN"), duong_tieu_chuan="SANG_KIEN").said("HS-01") == set()
    assert case(*whole("QD_XEP_LOAI"), duong_tieu_chuan="XEP_LOAI").said("HS-01") == set()


def test_hs_01_all_that_is_missing_in_one_finding() -> None:
    found = case(paper("TO_TRINH"), paper("BIEN_BAN"), duong_tieu_chuan="SANG_KIEN")
    assert found.said("HS-01") == {("P1", "DE_NGHI", "B5", "law")}
    (text,) = found.texts("HS-01")
    assert "chưa có: biên bản kiểm phiếu, báo cáo thành tích, chứng nhận sáng kiến, đề tài" in text
    (finding,) = found.findings("HS-01")
    assert (finding.severity, finding.subject) == (Severity.BLOCKING, "DN01")


def test_hs_01_a_row_that_says_no_is_the_cell() -> None:
    for state in ("KHONG", "KHONG_CAN"):
        found = case(*whole()[:2], paper("BAO_CAO_TT", co=state, so=None, ngay=None), paper("KIEM_PHIEU"))
        assert found.said("HS-01") == {("P1", "HO_SO", "D7", "law")}


def test_hs_01_lesser_papers_do_not_block() -> None:
    basis = case(*whole(), duong_tieu_chuan="SANG_KIEN")
    assert basis.said("HS-01") == {("P1", "DE_NGHI", "B5", "basis")}
    assert basis.findings("HS-01")[0].severity is Severity.NEEDS_REASON
    rated = case(*whole(), duong_tieu_chuan="XEP_LOAI")
    assert rated.said("HS-01") == {("P1", "DE_NGHI", "B5", "basis")}
    # Either paper carries a title that rests on the rating.
    assert case(*whole("XN_SANG_KIEN"), duong_tieu_chuan="XEP_LOAI").said("HS-01") == set()
    sector = case(*whole(), award="CSTD_NGANH", duong_tieu_chuan="CHUOI_NAM")
    assert sector.said("HS-01") == {("P1", "DE_NGHI", "B5", "basis")}
    tally = case(*whole()[:3])
    assert tally.said("HS-01") == {("P1", "DE_NGHI", "B5", "tally")}
    assert tally.findings("HS-01")[0].severity is Severity.WARNING


def test_hs_01_letter_and_minutes_that_the_form_states_are_only_not_listed() -> None:
    found = case(paper("BAO_CAO_TT"), paper("KIEM_PHIEU"))
    assert found.said("HS-01") == {("P1", "DE_NGHI", "B5", "unlisted")}
    assert found.findings("HS-01")[0].severity is Severity.WARNING
    unstated = case(paper("BAO_CAO_TT"), paper("KIEM_PHIEU"), form=form(so_to_trinh=None))
    assert unstated.said("HS-01") == {("P1", "DE_NGHI", "B5", "law")}


def test_hs_01_on_the_spot_only_warns() -> None:
    found = case(*whole()[:2], award="GK", loai_hinh="DOT_XUAT")
    assert found.said("HS-01") == {("P1", "DE_NGHI", "B5", "quick")}
    assert found.findings("HS-01")[0].severity is Severity.WARNING


def test_hs_01_before_the_law_of_2022_only_warns() -> None:
    found = case(paper("TO_TRINH"), paper("BIEN_BAN"), period=(D(2021, 12, 1), D(2022, 11, 30)))
    assert [f.severity for f in found.findings("HS-01")] == [Severity.WARNING]


def test_hs_01_not_judged() -> None:
    unsaid = case(*whole()[:2], paper("BAO_CAO_TT", co=None), paper("KIEM_PHIEU"))
    assert unsaid.said("HS-01") == {("P1", "HO_SO", "D7", "not_judged")}
    tables = {"DON_VI": [form()], "DE_NGHI": [proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC2", "LDTT")]}
    absent = Case(P1=tables, without={"P1": {"HO_SO"}})
    assert absent.said("HS-01") == {("P1", "", "", "not_judged")}
    assert len(absent.findings("HS-01")) == 1
    assert Case(P1=tables).said("HS-01") == {("P1", "", "", "empty")}


def test_hs_01_nobody_proposed_needs_no_paper() -> None:
    found = case(*whole()[:1], ket_qua="KHONG_DE_NGHI")
    assert found.said("HS-01") == set() and found.looked_at("HS-01") == 0
