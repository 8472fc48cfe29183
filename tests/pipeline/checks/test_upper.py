"""Awards above the province: the medal for long service, papers of State-level awards."""

from __future__ import annotations

import datetime as dt
from typing import Any

from schemas.province.defaults import TITLES
from tests.casework import Case, Row, award, form, proposal, staff
from tests.casework import _codes as coded

D = dt.date
MEDAL = proposal("DN01", "CC1", "KNC", loai_hinh="NIEN_HAN")


def medal(recruited: dt.date | None, *awards: Row, past: bool = True) -> Case:
    history = {"KHEN_THUONG": [*awards, award("CC9", 2025, "LDTT")]} if past else None
    return Case(P1={"NHAN_SU": [staff("CC1", ngay_tuyen_dung=recruited)], "DE_NGHI": [MEDAL]}, past=history)


def test_dk_15_once() -> None:
    again = medal(D(2005, 1, 1), award("CC1", 2019, "KNC"))
    assert again.said("DK-15") == {("P1", "DE_NGHI", "G5", "again")}
    assert "năm 2019" in again.texts("DK-15")[0]
    assert medal(D(2005, 1, 1), award("CC1", 2019, "KNC", tinh_trang="THU_HOI")).said("DK-15") == set()
    assert medal(D(2005, 1, 1), past=False).said("DK-15") == {("P1", "DE_NGHI", "G5", "not_judged")}


def test_dk_15_years_of_service() -> None:
    assert medal(D(2011, 7, 26)).said("DK-15") == set()
    assert medal(D(2011, 7, 27)).said("DK-15") == {("P1", "NHAN_SU", "J5", "short")}
    assert "26/07/2026 mới công tác 14,9 năm" in medal(D(2011, 9, 1)).texts("DK-15")[0]
    assert medal(None).said("DK-15") == {("P1", "NHAN_SU", "J5", "not_judged")}


def paper(kind: str, **more: Any) -> dict[str, Any]:
    return {"ma_dn": "DN01", "loai_giay": kind, "co": "CO", "so": "1/CV", "ngay": D(2026, 11, 2)} | more


def state(what: str, *papers: Row, **options: Any) -> Case:
    return Case(P1={"DON_VI": [form()], "DE_NGHI": [proposal("DN01", "CC1", what)], "HO_SO": papers}, **options)


def test_dk_16_opinion_of_the_province() -> None:
    assert state("BK_TTG", paper("HIEP_Y")).said("DK-16") == set()
    assert state("BK_TTG", paper("TO_TRINH")).said("DK-16") == {("P1", "DE_NGHI", "B5", "opinion")}
    for word in ("KHONG", "KHONG_CAN"):
        assert state("BK_TTG", paper("HIEP_Y", co=word)).said("DK-16") == {("P1", "HO_SO", "D5", "opinion")}
    assert state("BK_TTG", paper("HIEP_Y", co=None)).said("DK-16") == {("P1", "HO_SO", "D5", "not_judged")}
    assert state("CSTDCS").looked_at("DK-16") == 0


def test_dk_16_publication_of_ten_working_days() -> None:
    whole = paper("DANG_TAI", ngay=D(2026, 11, 2), den_ngay=D(2026, 11, 13))
    assert state("CSTD_TQ", whole).said("DK-16") == set()
    short = state("CSTD_TQ", paper("DANG_TAI", ngay=D(2026, 11, 2), den_ngay=D(2026, 11, 12)))
    assert short.said("DK-16") == {("P1", "HO_SO", "G5", "short")}
    assert "được 9 ngày làm việc, cần 10" in short.texts("DK-16")[0]
    assert state("CSTD_TQ", paper("DANG_TAI")).said("DK-16") == {("P1", "HO_SO", "G5", "not_judged")}
    assert {v for *_, v in state("HCLD3").said("DK-16")} == {"opinion", "publication"}


def test_dk_16_sheet_or_level_missing() -> None:
    no_sheet = Case(P1={"DE_NGHI": [proposal("DN01", "CC1", "BK_TTG")]}, without={"P1": {"HO_SO"}})
    assert no_sheet.said("DK-16") == {("P1", "DE_NGHI", "B5", "not_judged")}
    titles = [coded(row) | ({"cap_quyet_dinh": None} if row["ma"] == "BK_TTG" else {}) for row in TITLES]
    unknown = state("BK_TTG", configured={"DANH_HIEU": titles})
    assert unknown.said("DK-16") == {("", "", "", "not_judged")}


def test_nothing_breaks_on_empty_data() -> None:
    for case in (Case(P1={}, past=None), Case(P1=None), Case(P1={"DE_NGHI": [{"ma_dn": "DN01"}], "HO_SO": [{}]})):
        assert case.said("DK-15", "DK-16") == set()
