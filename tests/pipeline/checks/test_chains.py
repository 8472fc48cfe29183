"""Titles that rest on several years: chains of awards, ratings after a diploma, withdrawn awards."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.rules import Severity
from tests.casework import Case, award, form, proposal, staff

D = dt.date
SAID = tuple[str, str, str, str]


def case(
    nominations: list[dict[str, Any]], awards: list[dict[str, Any]], more: dict[str, Any] | None = None, **options: Any
) -> Case:
    """One unit with CC1, and a history that reaches from 2018 to 2025 through somebody else."""
    others = [award("CC9", year, "LDTT") for year in range(2018, 2026)]
    past = {"KHEN_THUONG": awards + others} | options.pop("past", {})
    tables = {"DON_VI": [form()], "NHAN_SU": [staff("CC1")], "DE_NGHI": nominations} | (more or {})
    return Case(P1=tables, past=past, **options)


SECTOR = proposal("DN01", "CC1", "CSTD_NGANH")
NOW = proposal("DN02", "CC1", "CSTDCS")
AT: SAID = ("P1", "DE_NGHI", "F5", "")


def variants(what: Case, code: str) -> list[str]:
    """Variants that a code says, in order."""
    what.said(code)  # every sentence has its fields
    return sorted(f.variant for f in what.findings(code))


def test_dk_04_three_years_running_with_the_present_nomination() -> None:
    whole = case([SECTOR, NOW], [award("CC1", y, "CSTDCS") for y in (2024, 2025)])
    assert whole.said("DK-04") == set() and whole.looked_at("DK-04") == 1
    before = case([SECTOR], [award("CC1", y, "CSTDCS") for y in (2023, 2024, 2025)])
    assert before.said("DK-04") == set()
    short = case([SECTOR], [award("CC1", y, "CSTDCS") for y in (2024, 2025)])
    assert variants(short, "DK-04") == ["gap"]


def test_dk_04_a_gap_is_told_with_the_years() -> None:
    broken = case([SECTOR, NOW], [award("CC1", y, "CSTDCS") for y in (2023, 2025)])
    (finding,) = broken.findings("DK-04")
    assert (finding.variant, finding.sheet, finding.cell, finding.severity) == (
        "gap",
        "DE_NGHI",
        "F5",
        Severity.WARNING,
    )
    (text,) = broken.texts("DK-04")
    assert "các năm: 2025, 2026 (đề nghị năm nay); thiếu: 2024" in text


def test_dk_04_the_chain_follows_the_person_to_another_unit() -> None:
    moved = case([SECTOR, NOW], [award("CC1", y, "CSTDCS", don_vi_luc_do="P7") for y in (2024, 2025)])
    assert moved.said("DK-04") == set()


@pytest.mark.parametrize(
    ("last", "severity"),
    [(D(2023, 11, 30), Severity.BLOCKING), (D(2024, 9, 30), Severity.BLOCKING), (D(2024, 11, 30), Severity.WARNING)],
)
def test_dk_04_blocks_where_the_circular_was_read(last: dt.date, severity: Severity) -> None:
    broken = case([SECTOR], [award("CC1", 2019, "CSTDCS")], period=(D(last.year - 1, 12, 1), last))
    (finding,) = broken.findings("DK-04")
    assert (finding.variant, finding.severity) == ("gap", severity)


def test_dk_04_the_present_year_counts_by_parameter() -> None:
    closed = {"ma_quy_tac": "DK-04", "tham_so": "tinh_nam_nay", "gia_tri": "KHONG", "tu_ngay": "2026-01-01",
              "van_ban": "1/HD", "nguoi_chot": "A", "ngay_chot": "2026-01-06"}  # fmt: skip
    rows = [award("CC1", y, "CSTDCS") for y in (2024, 2025)]
    assert variants(case([SECTOR, NOW], rows, configured={"THAM_SO": [closed]}), "DK-04") == ["gap"]


def test_dk_04_years_that_nobody_knows_are_not_judged() -> None:
    short_past = {"KHEN_THUONG": [award("CC1", 2025, "CSTDCS")]}
    unknown = Case(P1={"NHAN_SU": [staff("CC1")], "DE_NGHI": [SECTOR, NOW]}, past=short_past)
    assert unknown.said("DK-04") == {("P1", "DE_NGHI", "F5", "not_judged")}
    assert "các năm 2024" in unknown.texts("DK-04")[0]
    nothing = Case(P1={"NHAN_SU": [staff("CC1")], "DE_NGHI": [SECTOR, NOW]}, past=None)
    assert variants(nothing, "DK-04") == ["not_judged"]
    # A year that is known to be missing decides, whatever the others are.
    missing = {"KHEN_THUONG": [award("CC9", 2025, "LDTT")]}
    assert variants(Case(P1={"NHAN_SU": [staff("CC1")], "DE_NGHI": [SECTOR]}, past=missing), "DK-04") == ["gap"]


def discipline(**more: Any) -> dict[str, Any]:
    return {"ma_cc": "CC1", "loai": "KY_LUAT", "tu_ngay": D(2024, 3, 1), "ngay_qd": D(2024, 3, 1),
            "hinh_thuc_ky_luat": "KHIEN_TRACH", "het_hieu_luc": D(2025, 3, 1)} | more  # fmt: skip


def test_dk_04_discipline_restarts_the_count() -> None:
    rows = [award("CC1", y, "CSTDCS") for y in (2024, 2025)]
    found = case([SECTOR, NOW], rows, {"BIEN_DONG": [discipline()]})
    assert variants(found, "DK-04") == ["restart"]
    assert "01/03/2025" in found.texts("DK-04")[0]
    assert found.findings("DK-04")[0].severity is Severity.NEEDS_REASON
    old = case([SECTOR, NOW], rows, {"BIEN_DONG": [discipline(het_hieu_luc=D(2023, 11, 30))]})
    assert old.said("DK-04") == set()
    unknown = case([SECTOR, NOW], rows, {"BIEN_DONG": [discipline(het_hieu_luc=None)]})
    assert variants(unknown, "DK-04") == ["not_judged"]


def roster(year: int, **more: Any) -> dict[str, Any]:
    return {"nam": float(year), "ma_cc": "CC1", "don_vi": "P1", "xep_loai": "HTTNV"} | more


def test_dk_04_discipline_of_a_past_year_breaks_the_run() -> None:
    rows = [award("CC1", y, "CSTDCS") for y in (2024, 2025)]
    told = {"NHAN_SU_NAM": [roster(2024, ky_luat="KHIEN_TRACH")]}
    assert variants(case([SECTOR, NOW], rows, past=told), "DK-04") == ["restart"]
    told = {"NHAN_SU_NAM": [roster(2023, ky_luat="KHIEN_TRACH")]}
    assert case([SECTOR, NOW], rows, past=told).said("DK-04") == set()


def test_dk_04_national_title_counts_times_not_years() -> None:
    national = proposal("DN01", "CC1", "CSTD_TQ")
    good = case([national], [award("CC1", y, "CSTD_NGANH") for y in (2022, 2025)])
    assert good.said("DK-04") == set() and good.looked_at("DK-04") == 1
    once = case([national], [award("CC1", 2025, "CSTD_NGANH")])
    assert variants(once, "DK-04") == ["few"] and once.findings("DK-04")[0].severity is Severity.BLOCKING
    far = case([national], [award("CC1", y, "CSTD_NGANH") for y in (2019, 2025)])
    assert variants(far, "DK-04") == ["spread"] and far.findings("DK-04")[0].severity is Severity.WARNING
    dark = Case(P1={"DE_NGHI": [national]}, past={"KHEN_THUONG": [award("CC1", 2025, "CSTD_NGANH")]})
    assert variants(dark, "DK-04") == ["not_judged"]


def test_dk_14_says_what_only_side_channels_complete() -> None:
    rows = [award("CC1", 2024, "CSTDCS"), award("CC1", 2025, "CSTDCS", loai_hinh="CHUYEN_DE")]
    side = case([SECTOR, NOW], rows)
    assert side.said("DK-14") == {("P1", "DE_NGHI", "F5", "side")}
    assert side.said("DK-04") == set()  # said once
    assert "năm 2025" in side.texts("DK-14")[0] and "năm 2024" not in side.texts("DK-14")[0]
    more = case([SECTOR], [*rows, award("CC1", 2022, "CSTDCS")])
    assert variants(more, "DK-04") == ["gap"] and more.said("DK-14") == set()  # incomplete anyhow


def test_dk_14_national_title_and_diploma() -> None:
    rows = [award("CC1", 2022, "CSTD_NGANH", loai_hinh="DOT_XUAT"), award("CC1", 2025, "CSTD_NGANH")]
    national = case([proposal("DN01", "CC1", "CSTD_TQ")], rows)
    assert variants(national, "DK-14") == ["side"] and national.said("DK-04") == set()
    rows = [award("CC1", 2024, "CSTDCS", loai_hinh="DOT_XUAT"), award("CC1", 2025, "CSTDCS")]
    ratings = {"NHAN_SU_NAM": [roster(y, so_sang_kien=0.0) for y in (2024, 2025)]}
    diploma = case([proposal("DN01", "CC1", "BK")], rows, past=ratings)
    assert variants(diploma, "DK-14") == ["side"] and diploma.said("DK-21") == set()


def test_dk_20_names_withdrawn_awards() -> None:
    rows = [award("CC1", 2024, "CSTDCS", tinh_trang="THU_HOI"), award("CC1", 2025, "CSTDCS")]
    needed = case([SECTOR, NOW], rows)
    assert variants(needed, "DK-20") == ["needed"] and variants(needed, "DK-04") == ["gap"]
    assert "2024/QĐ-VKS" in needed.texts("DK-20")[0]
    spare = case([SECTOR, NOW], [award("CC1", 2023, "CSTDCS", tinh_trang="THU_HOI"),
                                 *(award("CC1", y, "CSTDCS") for y in (2024, 2025))])  # fmt: skip
    assert [(f.variant, f.severity) for f in spare.findings("DK-20")] == [("aside", Severity.INFORMATION)]
    clean = case([SECTOR, NOW], [award("CC1", y, "CSTDCS") for y in (2024, 2025)])
    assert clean.said("DK-20") == set() and clean.looked_at("DK-20") == 1
    nothing = Case(P1={"NHAN_SU": [staff("CC1")], "DE_NGHI": [SECTOR, NOW]}, past=None)
    assert nothing.looked_at("DK-20") == nothing.looked_at("DK-14") == 0  # DK-04 says that nothing is known


DIPLOMA = proposal("DN01", "CC1", "BK")
POOR = {"NHAN_SU_NAM": [roster(y, so_sang_kien=0.0) for y in (2024, 2025)]}


def test_dk_21_two_years_of_the_title() -> None:
    assert case([DIPLOMA, NOW], [award("CC1", 2025, "CSTDCS")], past=POOR).said("DK-21") == set()
    assert case([DIPLOMA], [award("CC1", y, "CSTDCS") for y in (2024, 2025)], past=POOR).said("DK-21") == set()
    short = case([DIPLOMA], [award("CC1", 2025, "CSTDCS")], past=POOR)
    assert short.said("DK-21") == {("P1", "DE_NGHI", "G5", "none")}
    assert short.findings("DK-21")[0].severity is Severity.BLOCKING
    movement = case([proposal("DN01", "CC1", "BK", loai_hinh="DOT_XUAT")], [], past=POOR)
    assert movement.looked_at("DK-21") == 0


def test_dk_21_excellent_with_initiatives() -> None:
    excellent = staff("CC1", xep_loai_cc="HTXSNV")
    made = {"ma_sk": "SK01", "tac_gia": "CC1", "cap_cong_nhan": "CO_SO", "so_qd": "7/QĐ", "ngay_qd": D(2026, 10, 1)}
    past = {"NHAN_SU_NAM": [roster(2025, xep_loai="HTXSNV", so_sang_kien=1.0), roster(2024, so_sang_kien=0.0)]}
    good = case([DIPLOMA], [], {"NHAN_SU": [excellent], "SANG_KIEN": [made]}, past=past)
    assert good.said("DK-21") == set()
    one = case([DIPLOMA], [], {"NHAN_SU": [excellent]}, past=past)
    assert variants(one, "DK-21") == ["none"]
    unknown = case([DIPLOMA], [], {"NHAN_SU": [excellent], "SANG_KIEN": [made]})
    assert unknown.said("DK-21") == {("P1", "DE_NGHI", "K5", "not_judged")}


def test_dk_21_another_path_needs_a_reason() -> None:
    other = case([proposal("DN01", "CC1", "BK", duong_tieu_chuan="KHAC")], [], past=POOR)
    assert variants(other, "DK-21") == ["other_path"]
    assert other.findings("DK-21")[0].severity is Severity.NEEDS_REASON
    blank = case([proposal("DN01", "CC1", "BK", duong_tieu_chuan=None)], [], past=POOR)
    assert variants(blank, "DK-21") == ["not_judged"]


def test_dk_21_discipline_restarts() -> None:
    rows = [award("CC1", y, "CSTDCS") for y in (2024, 2025)]
    found = case([DIPLOMA], rows, {"BIEN_DONG": [discipline()]}, past=POOR)
    assert variants(found, "DK-21") == ["restart"]


ORDER = proposal("DN01", "CC1", "HCLD3")
YEARS = range(2020, 2026)
RATED = {"NHAN_SU_NAM": [roster(y, xep_loai="HTXSNV" if y == 2022 else "HTTNV") for y in YEARS]}
HELD = [award("CC1", 2020, "BK_TTG"), *(award("CC1", y, "CSTDCS") for y in (2022, 2023, 2025))]


def test_dk_22_five_years_after_the_diploma() -> None:
    good = case([ORDER], HELD, past=RATED)
    assert good.said("DK-22") == set() and good.looked_at("DK-22") == 1
    fewer = case([ORDER], HELD[:-1], past=RATED)
    assert fewer.said("DK-22") == {("P1", "DE_NGHI", "G5", "none")}
    assert "2 lần Chiến sĩ thi đua cơ sở (cần 3)" in fewer.texts("DK-22")[0]
    late = case([ORDER], [award("CC1", 2023, "BK_TTG"), *HELD[1:]], past=RATED)
    assert variants(late, "DK-22") == ["none"]
    other = case([proposal("DN01", "CC1", "HCLD3", duong_tieu_chuan="KHAC")], HELD[:-1], past=RATED)
    assert variants(other, "DK-22") == ["other_path"]


def test_dk_22_a_bad_year_decides_an_unknown_one_does_not() -> None:
    bad = {"NHAN_SU_NAM": [roster(y, xep_loai="HTNV" if y == 2024 else "HTXSNV") for y in YEARS]}
    assert variants(case([ORDER], HELD, past=bad), "DK-22") == ["none"]
    unknown = {"NHAN_SU_NAM": [roster(y, xep_loai=None if y == 2024 else "HTXSNV") for y in YEARS]}
    assert variants(case([ORDER], HELD, past=unknown), "DK-22") == ["not_judged"]
    assert variants(case([ORDER], HELD[1:], past=RATED), "DK-22") == ["not_judged"]  # no diploma seen


def test_nothing_breaks_on_empty_data() -> None:
    codes = ("DK-04", "DK-14", "DK-20", "DK-21", "DK-22")
    assert Case(P1={}, past=None).said(*codes) == set()
    assert Case(P1=None).said(*codes) == set()
    blank = {"ma_dn": "DN01"}
    assert Case(P1={"DE_NGHI": [blank], "BIEN_DONG": [{}], "LICH_SU": [{}]}).said(*codes) == set()
