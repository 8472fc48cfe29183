"""Lawful edge cases: clean dossiers at the very line of a rule, which nothing may stop or ask to explain.

Each case is a whole unit in order, changed in one respect that the law allows. Beside the codes named, no rule at
all may say CHẶN or GIẢI TRÌNH of it. The counterparts on the wrong side of the line stand at the end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest

from pipeline.checks.law import citation_key
from pipeline.evidence.spans import Span, outside
from schemas.rules import UNSEEN, Rule, Severity, editions
from schemas.rules.sets import DOCUMENTS
from tests.casework import Case, award, form, proposal, staff, tally, unit_row

D = dt.date
Table = list[dict[str, Any]]
PAPERS = ("TO_TRINH", "BIEN_BAN", "BAO_CAO_TT", "KIEM_PHIEU")
GRAVE = (Severity.BLOCKING, Severity.NEEDS_REASON)


def event(kind: str, first: dt.date | None, last: dt.date | None = None, who: str = "CC2", **more: Any) -> Any:
    """A row of BIEN_DONG."""
    return {"ma_cc": who, "loai": kind, "tu_ngay": first, "den_ngay": last} | more


def reprimand(decided: dt.date, ends: dt.date, **more: Any) -> Any:
    """Discipline of CC2."""
    row = {"hinh_thuc_ky_luat": "KHIEN_TRACH", "so_qd": "15/QĐ-VKS", "ngay_qd": decided, "het_hieu_luc": ends}
    return event("KY_LUAT", decided, None, ma_vi_pham="VP1") | row | more


def initiative(who: str = "CC2", code: str = "SK01", **more: Any) -> dict[str, Any]:
    """An initiative recognised at the base before the meeting."""
    row = {
        "ma_sk": code, "ten": f"Sổ theo dõi {code}", "hinh_thuc": "GIAI_PHAP", "tac_gia": who, "ty_le": 100.0,
        "ngay_ap_dung": D(2026, 2, 1), "ngay_de_nghi": D(2026, 8, 1), "cap_cong_nhan": "CO_SO",
        "so_qd": f"77{code}/QĐ-VKS", "ngay_qd": D(2026, 10, 15), "hieu_qua_so": "Giảm 30 % thời gian",
    }  # fmt: skip
    return row | more


def target(code: str, goal: float | None, done: float | None, **more: Any) -> dict[str, Any]:
    """A target of the year's plan."""
    row = {
        "ma_ct": code, "loai": "THUONG_XUYEN", "chieu": "CAO", "chi_tieu": goal, "thuc_hien": done,
        "noi_dung": f"Việc {code}",
    }  # fmt: skip
    return row | more


def unit(
    number: int = 9,
    *,
    code: str = "P1",
    people: dict[int, dict[str, Any]] | None = None,
    left_out: Sequence[int] = (),
    more: Table = [],  # noqa: B006 (only read)
    on_form: dict[str, Any] | None = None,
    papers: dict[str, Sequence[str]] | None = None,
    start: int = 1,
    **tables: Table,
) -> dict[str, Table]:
    """A unit in order: everybody but `left_out` is proposed for LĐTT, `more` comes on top, all voted, all on paper."""
    who = [f"CC{n}" for n in range(start, start + number)]
    members = [staff(name, **(people or {}).get(place, {})) for place, name in enumerate(who, start=1)]
    if not (people or {}).get(1):
        members[0] |= {"nhom_doi_tuong": "LANH_DAO_DON_VI", "chuc_vu": "Trưởng phòng"}
    nominations = [
        proposal(f"DN{place:02d}", name, "LDTT") for place, name in enumerate(who, start=1) if place not in left_out
    ] + more  # fmt: skip
    total = float(max(number, 3))
    ballots = [tally(row["ma_dn"], total, total, phieu_lien_quan=0.0) for row in nominations]
    head = {"ma_nguoi_dung_dau": who[0], "tong_thanh_vien": total, "so_co_mat": total, "chu_tri": members[0]["ho_ten"]}
    sheets = {
        "DON_VI": [form(code, **(head | (on_form or {})))],
        "NHAN_SU": members,
        "DE_NGHI": nominations,
        "PHIEU": ballots,
        "HO_SO": [
            {"ma_dn": row["ma_dn"], "loai_giay": kind, "co": "CO"}
            for row in nominations
            for kind in (*PAPERS, *(papers or {}).get(row["ma_dn"], ()))
        ],
        "HOAT_DONG": [
            {"ma_hd": f"HD{n}", "loai": kind, "ngay": D(2026, n, 10)}
            for n, kind in enumerate(("KE_HOACH", "SO_KET", "TONG_KET"), start=2)
        ],
    }
    return sheets | tables


def known(*rows: dict[str, Any], first: int = 2016) -> dict[str, Table]:
    """A history that reaches back through somebody else."""
    return {"KHEN_THUONG": [*rows, *(award("CC99", year, "LDTT") for year in range(first, 2026))]}


@dataclass(frozen=True)
class Lawful:
    """A lawful case: how to make it, and the codes of which not even a warning may come."""

    name: str
    silent: str
    make: Callable[[], Case]
    asks: str = ""  #: codes that rightly ask for a reason, though the case is lawful


def one(past: dict[str, Table] | None = None, configured: Any = None, period: Any = None, **changes: Any) -> Case:
    """The unit P1 alone in its province."""
    options = {"period": period} if period else {}
    return Case(P1=unit(**changes), past=known() if past is None else past, configured=configured, **options)


FIGHTER = proposal("DN21", "CC2", "CSTDCS", duong_tieu_chuan="SANG_KIEN", ma_can_cu="SK01")
RATED = proposal("DN21", "CC2", "CSTDCS", duong_tieu_chuan="XEP_LOAI")
CERTIFIED = {"DN21": ("XN_SANG_KIEN",)}
SECTOR = proposal("DN22", "CC2", "CSTD_NGANH", duong_tieu_chuan="SANG_KIEN", ma_can_cu="SK01")
EXCELLENT = proposal("DN31", "P1", "TTLDXS", thanh_tich="Vượt 12 chỉ tiêu.")
ADVANCED = proposal("DN30", "P1", "TTLDTT", thanh_tich="Đạt 12 chỉ tiêu.")
FORM_NAME = {"ten_doi_tuong": "Phòng P1"}


CASES = [
    Lawful("everybody in order", "DK-01 DK-02 DK-03 DK-08 DK-09 DK-11 DK-12 HS-01 HS-06", one),
    Lawful(
        "back from maternity, CSTĐCS by initiative", "DK-02 DK-03 DK-05 DK-09 DK-13",
        lambda: one(more=[FIGHTER], papers=CERTIFIED, SANG_KIEN=[initiative()],
                    BIEN_DONG=[event("NGHI_THAI_SAN", D(2025, 12, 1), D(2026, 5, 31))]),
    ),
    Lawful(
        "maternity all year, still not back", "DK-02 DK-13",
        lambda: one(BIEN_DONG=[event("NGHI_THAI_SAN", D(2026, 3, 1), None)]),
    ),
    Lawful(
        "maternity and two months of illness", "DK-02 DK-13",
        lambda: one(BIEN_DONG=[event("NGHI_THAI_SAN", D(2026, 1, 1), D(2026, 6, 30)),
                               event("NGHI_OM", D(2026, 7, 1), D(2026, 8, 31))]),
    ),
    Lawful(
        "seven months under treatment after a brave act", "DK-02 DK-13",
        lambda: one(BIEN_DONG=[event("NGHI_DUNG_CAM", D(2026, 2, 1), D(2026, 8, 31))]),
    ),
    Lawful(
        "ill for a day less than three months", "DK-02",
        lambda: one(BIEN_DONG=[event("NGHI_OM", D(2026, 3, 1), D(2026, 5, 30))]),
    ),
    Lawful(
        "ill for six months, all but two of them before the period", "DK-02",
        lambda: one(BIEN_DONG=[event("NGHI_OM", D(2025, 8, 1), D(2026, 1, 31))]),
    ),
    Lawful(
        "one illness of two months written down twice", "DK-02",
        lambda: one(BIEN_DONG=[event("NGHI_OM", D(2026, 3, 1), D(2026, 4, 30)),
                               event("NGHI_KHAC", D(2026, 3, 1), D(2026, 4, 30))]),
    ),
    Lawful(
        "illness within the months of maternity", "DK-02",
        lambda: one(BIEN_DONG=[event("NGHI_THAI_SAN", D(2026, 1, 1), D(2026, 6, 30)),
                               event("NGHI_OM", D(2026, 2, 1), D(2026, 5, 31))]),
    ),
    Lawful(
        "recruited exactly six months before the end", "DK-02", lambda: one(people={2: {
            "ngay_tuyen_dung": D(2026, 6, 1), "ngay_ve_don_vi": D(2026, 6, 1)}}),
    ),
    Lawful(
        "trained for eleven months without a result yet", "DK-02",
        lambda: one(BIEN_DONG=[event("DAO_TAO", D(2026, 1, 1), D(2026, 11, 30))]),
    ),
    Lawful(
        "trained for two years with a fair result", "DK-02",
        lambda: one(BIEN_DONG=[event("DAO_TAO", D(2025, 1, 1), D(2026, 12, 31), ket_qua_dao_tao="KHA")]),
    ),
    Lawful(
        "violation that cost last year's title, decided on this year", "DK-03 DK-13",
        lambda: one(BIEN_DONG=[reprimand(D(2026, 1, 20), D(2027, 1, 20), nam_da_tinh=2025.0)]),
    ),
    Lawful(
        "the same violation told in two rows, used last year", "DK-03 DK-13",
        lambda: one(BIEN_DONG=[reprimand(D(2025, 11, 20), D(2026, 11, 20), nam_da_tinh=2025.0),
                               reprimand(D(2026, 1, 20), D(2027, 1, 20))]),
    ),
    Lawful(
        "reprimand decided on the last day before the period", "DK-01 DK-02",
        lambda: one(BIEN_DONG=[reprimand(D(2025, 11, 30), D(2026, 11, 30))]),
    ),
    Lawful(
        "collective with somebody reprimanded, not warned", "DK-03 DK-06",
        lambda: one(left_out=[2], more=[ADVANCED | FORM_NAME],
                    BIEN_DONG=[reprimand(D(2026, 3, 20), D(2027, 3, 20))]),
    ),
    Lawful(
        "matter closed on the day of the letter", "DK-12",
        lambda: one(BIEN_DONG=[event("DANG_XEM_XET", D(2026, 9, 5), D(2026, 11, 12))]),
    ),
    Lawful(
        "initiative decided on the day of the meeting", "DK-05 HS-01 SK-04",
        lambda: one(more=[FIGHTER], papers=CERTIFIED, SANG_KIEN=[initiative(ngay_qd=D(2026, 11, 3))]),
    ),
    Lawful(
        "initiative recognised late, but rated excellent", "DK-05",
        lambda: one(more=[RATED], people={2: {"xep_loai_cc": "HTXSNV"}}, papers={"DN21": ("QD_XEP_LOAI",)},
                    SANG_KIEN=[initiative(ngay_qd=D(2026, 11, 20), ngay_de_nghi=D(2026, 8, 1))]),
    ),
    Lawful(
        "HTXSNV without any initiative", "DK-05 HS-01 HM-03",
        lambda: one(more=[RATED], people={2: {"xep_loai_cc": "HTXSNV"}}, papers={"DN21": ("QD_XEP_LOAI",)}),
    ),
    Lawful(
        "certificate in place of the rating decision", "DK-05 HS-01",
        lambda: one(more=[RATED], people={2: {"xep_loai_cc": "HTXSNV"}}, papers=CERTIFIED, SANG_KIEN=[initiative()]),
    ),
    Lawful(
        "initiative asked for exactly a year after first use", "SK-03",
        lambda: one(SANG_KIEN=[initiative(ngay_ap_dung=D(2025, 8, 1), ngay_de_nghi=D(2026, 8, 1))]),
    ),
    Lawful(
        "initiative once used for CSTĐCS, now for CSTĐ ngành", "SK-04 DK-04 DK-05",
        lambda: one(known(*(award("CC2", y, "CSTDCS") for y in (2023, 2024, 2025))), more=[SECTOR],
                    papers={"DN22": ("XN_SANG_KIEN",)},
                    SANG_KIEN=[initiative(cap_cong_nhan="NGANH", da_dung_cho="CSTDCS", nam_da_dung=2025.0)]),
    ),
    Lawful(
        "one initiative of authors in two units, one decision", "SK-04 V-07 DK-05",
        lambda: Case(
            P1=unit(more=[FIGHTER], papers=CERTIFIED, SANG_KIEN=[initiative(ty_le=60.0), initiative(
                "Ngoài: Lò Giả Xa", ty_le=40.0)]),
            P2=unit(code="P2", start=11, SANG_KIEN=[initiative("CC12", ty_le=40.0), initiative(
                "Ngoài: Lò Giả Gần", ty_le=60.0)]),
            past=known(),
        ),
    ),
    Lawful(
        "CSTĐCS for the fifth year running", "DK-04 DK-07 DK-20 CC-08",
        lambda: one(known(*(award("CC2", y, "CSTDCS") for y in range(2021, 2026))), more=[FIGHTER],
                    papers=CERTIFIED, SANG_KIEN=[initiative()]),
    ),
    Lawful(
        "came from a district to a regional office, chain from there", "DK-02 DK-04 DK-05 DK-18 HS-07 V-05",
        lambda: Case(
            KV1=unit(code="KV1", more=[SECTOR, FIGHTER], papers={"DN22": ("XN_SANG_KIEN",), **CERTIFIED},
                     people={2: {"ngay_ve_don_vi": D(2025, 7, 1)}},
                     SANG_KIEN=[initiative(cap_cong_nhan="NGANH")]),
            configured={"DON_VI": [
                unit_row("KV1", loai="KHU_VUC", tu_ngay=D(2025, 7, 1), ngay_thanh_lap=D(2025, 7, 1)),
                unit_row("VKSPT", loai="HUYEN", den_ngay=D(2025, 6, 30), ke_thua="KV1"),
            ]},
            past=known(*(award("CC2", y, "CSTDCS", don_vi_luc_do="VKSPT") for y in (2024, 2025))),
        ),
    ),
    Lawful(
        "moved within the period, listed by both, old unit says so", "V-05 DK-08 DK-18 DK-02",
        lambda: Case(
            P1=unit(people={2: {"ngay_ve_don_vi": D(2026, 8, 1)}},
                    BIEN_DONG=[event("CHUYEN_DEN", D(2026, 8, 1), don_vi_lien_quan="P2", y_kien_dv_cu="CO")]),
            P2=unit(code="P2", start=11, NHAN_SU=[
                staff("CC11", nhom_doi_tuong="LANH_DAO_DON_VI", chuc_vu="Trưởng phòng"),
                *(staff(f"CC{n}") for n in range(12, 20)), staff("CC2"),
            ], BIEN_DONG=[event("CHUYEN_DI", D(2026, 7, 31), don_vi_lien_quan="P1")]),
            past=known(),
        ),
    ),
    Lawful(
        "moved after five months elsewhere, no comment asked", "DK-18",
        lambda: one(BIEN_DONG=[event("CHUYEN_DEN", D(2026, 5, 1), don_vi_lien_quan="P2", y_kien_dv_cu="KHONG")]),
    ),
    Lawful(
        "CSTĐ ngành on the three years before, not CSTĐCS this year", "DK-04 DK-05 DK-09",
        lambda: one(known(*(award("CC2", y, "CSTDCS") for y in (2023, 2024, 2025))), more=[SECTOR],
                    papers={"DN22": ("XN_SANG_KIEN",)}, SANG_KIEN=[initiative(hinh_thuc="CHUYEN_DE")]),
    ),
    Lawful(
        "Bằng khen on CSTĐCS of the two years before", "DK-14 DK-20 DK-21",
        lambda: one(known(*(award("CC2", y, "CSTDCS") for y in (2024, 2025))),
                    more=[proposal("DN23", "CC2", "BK", thanh_tich="Hai năm liền là chiến sĩ thi đua, 31 vụ.")]),
    ),
    Lawful(
        "Bằng khen on two excellent years with two initiatives", "DK-21",
        lambda: one(
            known() | {"NHAN_SU_NAM": [
                {"ma_cc": "CC2", "nam": 2025.0, "xep_loai": "HTXSNV", "so_sang_kien": 1.0, "don_vi": "P1"}]},
            people={2: {"xep_loai_cc": "HTXSNV"}}, SANG_KIEN=[initiative()],
            more=[proposal("DN23", "CC2", "BK", thanh_tich="Hai năm liền xuất sắc, 31 vụ.")],
        ),
    ),
    Lawful(
        "Bằng khen by another path of the law", "DK-14 DK-20",
        lambda: one(more=[proposal("DN23", "CC2", "BK", duong_tieu_chuan="KHAC",
                                   thanh_tich="Đường khác: 4 năm làm việc ở biên giới.")]),
        asks="DK-21",
    ),
    Lawful(
        "Bằng khen of a movement", "DK-14 DK-20 DK-21",
        lambda: one(more=[proposal("DN23", "CC2", "BK", loai_hinh="CHUYEN_DE",
                                   thanh_tich="Dẫn đầu phong trào nông thôn mới, 12 ngày công.")]),
    ),
    Lawful(
        "Kỷ niệm chương fifteen years to the day", "DK-15 DK-07",
        lambda: one(people={2: {"ngay_tuyen_dung": D(2011, 7, 26)}},
                    more=[proposal("DN23", "CC2", "KNC", loai_hinh="NIEN_HAN", thanh_tich="15 năm công tác.")]),
    ),
    Lawful(
        "collective at exactly 70 %", "DK-06 DK-01",
        lambda: one(number=10, left_out=[8, 9, 10], more=[ADVANCED | FORM_NAME]),
    ),
    Lawful(
        "unit of three people proposed as advanced", "DK-06 QT-01 QT-04 HM-03 CC-05 CC-06",
        lambda: one(number=3, more=[ADVANCED | FORM_NAME]),
    ),
    Lawful(
        "excellent unit with one target that did not arise", "DK-06 DK-19 HM-01",
        lambda: one(
            more=[ADVANCED | FORM_NAME, EXCELLENT | FORM_NAME, FIGHTER], papers=CERTIFIED,
            SANG_KIEN=[initiative()], CHI_TIEU=[
                target("CT1", 90.0, 95.0), target("CT2", 10.0, 8.0, chieu="THAP"), target("CT3", 1.0, 1.0,
                                                                                         chieu="CO_KHONG"),
                target("CT4", 100.0, 100.0), target("CT5", 90.0, None, ly_do_khong_phat_sinh="Không có án"),
            ],
        ),
    ),
    Lawful(
        "one excellent unit of four: 20 % is less than one", "HM-01",
        lambda: Case(
            P1=unit(more=[ADVANCED | FORM_NAME, EXCELLENT | FORM_NAME, FIGHTER], papers=CERTIFIED,
                    SANG_KIEN=[initiative()], CHI_TIEU=[target("CT1", 90.0, 95.0)]),
            **{f"P{n}": unit(code=f"P{n}", start=10 * n, more=[
                proposal("DN30", f"P{n}", "TTLDTT", ten_doi_tuong=f"Phòng P{n}", thanh_tich=f"Đạt {n} chỉ tiêu.")])
               for n in (2, 3, 4)},
            past=known(),
        ),
    ),
    Lawful(
        "absent members sent their opinions", "QT-01 QT-04",
        lambda: one(on_form={"so_co_mat": 6.0, "so_y_kien_van_ban": 3.0}),
    ),
    Lawful(
        "meeting, minutes and letter of one day, rated that day", "HS-02 HS-08",
        lambda: one(people={2: {"ngay_xep_loai": D(2026, 11, 3)}},
                    on_form={"ngay_to_trinh": D(2026, 11, 3), "niem_yet_tu": D(2026, 10, 20),
                             "niem_yet_den": D(2026, 11, 3)}),
    ),
    Lawful(
        "newcomer not yet proposed stays among the staff", "DK-02 DK-06 DK-13",
        lambda: one(number=10, left_out=[10], people={10: {"ngay_tuyen_dung": D(2026, 8, 1), "xep_loai_cc": None,
                                                          "ngay_xep_loai": None}}, more=[ADVANCED | FORM_NAME]),
    ),
    Lawful(
        "year 2022: recruited exactly ten months, 50 % suffice", "DK-02 DK-06 HM-01 HM-02",
        lambda: one(period=(D(2021, 12, 1), D(2022, 11, 30)), number=10, left_out=[6, 7, 8, 9, 10],
                    on_form={"ky_xet": "2022"},
                    people={2: {"ngay_tuyen_dung": D(2022, 2, 1)}},
                    more=[ADVANCED | FORM_NAME]),
    ),
    Lawful(
        "year to 30/9/2024: four months of illness, no rule seen", "DK-02",
        lambda: one(period=(D(2023, 10, 1), D(2024, 9, 30)), on_form={"ky_xet": "2024"},
                    BIEN_DONG=[event("NGHI_OM", D(2024, 3, 1), D(2024, 6, 30))]),
    ),
]  # fmt: skip


#: Only these can say what the test looks for; signals never say more than CẢNH BÁO.
ABLE = sorted(
    {code for code, rules in editions().items() for r in rules for s in r.variants.values() if s.severity in GRAVE}
)


@pytest.mark.parametrize("lawful", CASES, ids=[c.name for c in CASES])
def test_a_lawful_case_is_neither_stopped_nor_asked(lawful: Lawful) -> None:
    silent, asks = set(lawful.silent.split()), set(lawful.asks.split())
    found = [f for f in lawful.make().findings(*ABLE, *silent) if f.judged]
    assert {(f.code, f.variant) for f in found if f.code in silent and f.severity is not Severity.INFORMATION} == set()
    grave = {(f.code, f.severity) for f in found if f.severity in GRAVE}
    assert grave == {(code, Severity.NEEDS_REASON) for code in asks}


def test_the_list_of_lawful_cases_is_long_and_names_known_codes() -> None:
    assert len(CASES) >= 40 and len({c.name for c in CASES}) == len(CASES)
    assert {code for c in CASES for code in (*c.silent.split(), *c.asks.split())} <= set(editions())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: one(BIEN_DONG=[event("NGHI_OM", D(2026, 3, 1), D(2026, 5, 31))]), ("DK-02", "leave")),
        (lambda: one(people={2: {"ngay_tuyen_dung": D(2026, 6, 2)}}), ("DK-02", "short_service")),
        (lambda: one(BIEN_DONG=[reprimand(D(2025, 12, 1), D(2026, 12, 1))]), ("DK-03", "person")),
        (lambda: one(BIEN_DONG=[event("DANG_XEM_XET", D(2026, 9, 5), D(2026, 11, 13))]), ("DK-12", "person")),
        (lambda: one(more=[FIGHTER], papers=CERTIFIED, SANG_KIEN=[initiative(ngay_qd=D(2026, 11, 4))]),
         ("DK-05", "late")),
        (lambda: one(number=10, left_out=[7, 8, 9, 10], more=[ADVANCED | FORM_NAME]), ("DK-06", "share")),
        (lambda: one(SANG_KIEN=[initiative(ngay_ap_dung=D(2025, 7, 31))]), ("SK-03", "late")),
    ],
)  # fmt: skip
def test_one_step_beyond_the_line_is_said(make: Callable[[], Case], said: tuple[str, str]) -> None:
    assert {(f.code, f.variant) for f in make().findings(*ABLE) if f.severity in GRAVE and f.judged} == {said}


def test_leave_told_by_the_old_unit_counts_in_the_new_one() -> None:
    away = [event("NGHI_OM", D(2026, 1, 1), D(2026, 3, 31))]
    case = Case(
        P1=unit(BIEN_DONG=[event("CHUYEN_DEN", D(2026, 4, 15), don_vi_lien_quan="P2", y_kien_dv_cu="CO")]),
        P2=unit(code="P2", start=11, BIEN_DONG=[*away, event("CHUYEN_DI", D(2026, 4, 14), don_vi_lien_quan="P1")]),
        past=known(),
    )
    # Said at the proposal, for the unit is never sent to a cell of another unit's file.
    assert case.said("DK-02") == {("P1", "DE_NGHI", "B6", "leave")}


def test_a_title_on_past_years_is_not_stopped_for_this_years_rating() -> None:
    case = one(people={2: {"xep_loai_cc": "HTNV"}}, more=[SECTOR])
    found = [(f.variant, f.severity) for f in case.findings("DK-01")]
    assert sorted(found) == [("below", Severity.BLOCKING), ("higher_below", Severity.WARNING)]


def test_a_result_that_is_not_written_is_neither_a_yes_nor_a_no() -> None:
    unsure = one(number=10, left_out=[7, 8, 9, 10], more=[
        ADVANCED | FORM_NAME, *(proposal(f"DN4{n}", f"CC{n}", "LDTT", ket_qua=None) for n in (7, 8))])  # fmt: skip
    assert {f.variant for f in unsure.findings("DK-06")} == {"not_judged"}
    nobody = one(more=[EXCELLENT | FORM_NAME, FIGHTER | {"ket_qua": None}])
    assert {f.variant for f in nobody.findings("DK-06")} == {"not_judged"}

    def ten(last: str | None) -> set[str]:
        units: dict[str, Any] = {
            f"P{n}": {"DE_NGHI": [
                proposal("DN01", f"P{n}", "TTLDTT", ket_qua=last if n == 10 else "DE_NGHI"),
                *([proposal("DN02", f"P{n}", "TTLDXS")] if n < 3 else []),
            ]} for n in range(1, 11)
        }  # fmt: skip
        return {f.variant for f in Case(**units).findings("HM-01")}

    # Two of ten are 20 %; two of nine would be one too many.
    assert [ten(last) for last in ("DE_NGHI", None, "KHONG_DE_NGHI")] == [set(), {"not_judged"}, {"over"}]


def test_days_outside_other_spans() -> None:
    def span(first: int, last: int) -> Span:
        return pd.Timestamp(2026, 1, first), pd.Timestamp(2026, 1, last)

    assert outside([span(10, 20), span(1, 5), span(6, 8), span(12, 25)], []) == [span(1, 8), span(10, 25)]
    assert outside([span(1, 20)], [span(5, 10), span(20, 25)]) == [span(1, 4), span(11, 19)]
    assert outside([span(5, 6)], [span(1, 9)]) == []
    assert outside([span(5, 6)], [span(8, 9)]) == [span(5, 6)]


@pytest.mark.parametrize(
    "rule", [r for rules in editions().values() for r in rules if r.valid_from], ids=lambda r: f"{r.code} {r.edition}"
)
def test_no_edition_rests_on_a_text_that_was_not_in_force(rule: Rule) -> None:
    """What a sentence cites as its source was in force in all the award years that the edition judges."""
    first, last = pd.Timestamp(rule.valid_from), pd.Timestamp(rule.valid_to or D(2026, 11, 30))
    for name, words in rule.variants.items():
        if UNSEEN in words.source_status:
            continue  # says itself that nothing in force was seen
        key = citation_key(words.source)
        for text in [text for text in DOCUMENTS if text.cited_in(key)]:
            begin, end = pd.Timestamp(text.valid_from or D.min), pd.Timestamp(text.valid_to or D.max)
            assert begin <= first and last <= end, (name, text.name)
