"""What merit rests on: a rating or a recognised initiative, one achievement, the collective's people and targets."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.rules import Severity
from tests.casework import Case, Row, form, proposal, staff

D = dt.date


def made(code: str = "SK01", author: str = "CC1", **more: Any) -> dict[str, Any]:
    """An initiative recognised before the meeting of 03/11/2026."""
    return {
        "ma_sk": code, "ten": f"Sổ theo dõi {code}", "hinh_thuc": "GIAI_PHAP", "tac_gia": author, "ty_le": 100.0,
        "ngay_ap_dung": D(2026, 2, 1), "ngay_de_nghi": D(2026, 8, 1), "cap_cong_nhan": "CO_SO", "so_qd": "77/QĐ-VKS",
        "ngay_qd": D(2026, 10, 15), "hieu_qua_so": "Giảm 30 % thời gian",
    } | more  # fmt: skip


def leg(rating: str | None, *initiatives: Row, award: str = "CSTDCS", **more: Any) -> Case:
    options = {name: more.pop(name) for name in ("configured", "period", "without", "past") if name in more}
    tables = {
        "DON_VI": [form(ngay_hop=more.pop("ngay_hop", D(2026, 11, 3)))],
        "NHAN_SU": [staff("CC1", xep_loai_cc=rating)],
        "DE_NGHI": [proposal("DN01", "CC1", award, **more)],
        "SANG_KIEN": initiatives,
    }
    return Case(P1=tables, **options)


def test_dk_05_several_people_all_in_order() -> None:
    tables = {
        "DON_VI": [form()],
        "NHAN_SU": [staff("CC1"), staff("CC2"), staff("CC3")],
        "DE_NGHI": [proposal(f"DN0{n}", f"CC{n}", "CSTDCS") for n in (1, 2, 3)],
        "SANG_KIEN": [made(author="CC1"), made(author="CC2"), made("SK02", "CC2")],
    }
    assert Case(P1=tables).said("DK-05") == {("P1", "DE_NGHI", "K7", "no_leg")}


def test_dk_05_the_meeting_is_that_of_the_unit_that_proposes() -> None:
    own = {"DON_VI": [form()], "NHAN_SU": [staff("CC1")], "DE_NGHI": [proposal("DN01", "CC1", "CSTDCS")]}
    other = {"DON_VI": [form("P2", ngay_hop=D(2026, 10, 1))], "SANG_KIEN": [made()]}
    assert Case(P1=own, P2=other).said("DK-05") == set()
    later = {"DON_VI": [form("P2", ngay_hop=D(2026, 11, 20))], "SANG_KIEN": [made(ngay_qd=D(2026, 11, 10))]}
    assert Case(P1=own, P2=later).said("DK-05") == {("P1", "DE_NGHI", "B5", "late")}  # P1 has to act


def setting(code: str, name: str, value: str) -> dict[str, Any]:
    row = {"ma_quy_tac": code, "tham_so": name, "gia_tri": value, "tu_ngay": "2026-01-01", "van_ban": "1/HD",
           "nguoi_chot": "Lò Giả A", "ngay_chot": "2026-01-06"}  # fmt: skip
    return {"THAM_SO": [row]}


@pytest.mark.parametrize(
    ("rating", "initiatives", "cell", "variant"),
    [
        ("HTXSNV", [], None, None),
        ("HTTNV", [made()], None, None),
        (None, [made()], None, None),  # the initiative alone is enough
        ("HTXSNV", [made(ngay_qd=D(2026, 11, 10))], None, None),
        ("HTTNV", [], ("DE_NGHI", "K5"), "no_leg"),
        ("HTTNV", [made(author="CC2")], ("DE_NGHI", "K5"), "no_leg"),
        ("HTTNV", [made(ngay_qd=D(2026, 11, 10))], ("SANG_KIEN", "K5"), "late"),
        ("HTTNV", [made(so_qd=None)], ("DE_NGHI", "K5"), "not_judged"),
        ("CHUA_XL", [], ("DE_NGHI", "K5"), "not_judged"),
    ],
)
def test_dk_05_second_leg(
    rating: str | None, initiatives: list[Row], cell: tuple[str, str] | None, variant: str | None
) -> None:
    found = leg(rating, *initiatives)
    assert found.said("DK-05") == ({("P1", *cell, variant)} if cell else set())
    assert found.looked_at("DK-05") == 1


def test_dk_05_severities_and_the_initiative_that_was_not_recognised() -> None:
    cited = leg("HTTNV", made(cap_cong_nhan="CHUA", so_qd=None, ngay_qd=None), ma_can_cu="CT01; SK01")
    assert cited.said("DK-05") == {("P1", "DE_NGHI", "L5", "unrecognised")}
    assert "SK01" in cited.texts("DK-05")[0]
    assert cited.findings("DK-05")[0].severity is Severity.BLOCKING
    late = leg("HTTNV", made(ngay_qd=D(2026, 11, 10)))
    assert late.findings("DK-05")[0].severity is Severity.NEEDS_REASON
    other = leg("HTTNV", duong_tieu_chuan="KHAC")
    assert [(f.variant, f.severity) for f in other.findings("DK-05")] == [("other_leg", Severity.NEEDS_REASON)]


def test_dk_05_day_of_the_meeting_or_sheet_missing() -> None:
    assert leg("HTTNV", made(), ngay_hop=None).said("DK-05") == {("P1", "DE_NGHI", "K5", "not_judged")}
    no_sheet = leg("HTTNV", without={"P1": {"SANG_KIEN"}})
    assert no_sheet.said("DK-05") == {("P1", "DE_NGHI", "K5", "not_judged")}
    assert "SANG_KIEN" in no_sheet.texts("DK-05")[0]


def test_dk_05_both_legs_where_the_province_asks_for_both() -> None:
    both = setting("DK-05", "noi", "VA")
    assert leg("HTXSNV", made(), configured=both).said("DK-05") == set()
    one = leg("HTXSNV", configured=both)
    assert one.said("DK-05") == {("P1", "DE_NGHI", "K5", "both_needed")}
    assert one.findings("DK-05")[0].severity is Severity.NEEDS_REASON
    assert leg("CHUA_XL", made(), configured=both).said("DK-05") == {("P1", "DE_NGHI", "K5", "not_judged")}


def test_dk_05_until_2023_no_rating_stood_for_an_initiative() -> None:
    old = (D(2022, 12, 1), D(2023, 11, 30))
    found = leg("HTXSNV", period=old)
    assert found.said("DK-05") == {("P1", "DE_NGHI", "K5", "no_leg")}
    assert "không thay được sáng kiến" in found.texts("DK-05")[0]


def test_dk_05_sector_title_needs_sector_level() -> None:
    assert leg("HTXSNV", made(cap_cong_nhan="NGANH"), award="CSTD_NGANH").said("DK-05") == set()
    assert leg("HTXSNV", made(hinh_thuc="CHUYEN_DE"), award="CSTD_NGANH").said("DK-05") == set()
    low = leg("HTXSNV", made(), award="CSTD_NGANH")
    assert low.said("DK-05") == {("P1", "DE_NGHI", "L5", "low_level")}
    assert low.findings("DK-05")[0].severity is Severity.WARNING
    old = leg("HTXSNV", made(), award="CSTD_NGANH", period=(D(2023, 12, 1), D(2024, 9, 30)))
    assert old.findings("DK-05")[0].severity is Severity.BLOCKING
    assert leg("HTXSNV", made(cap_cong_nhan="NGANH", so_qd=None), award="CSTD_NGANH").said("DK-05") == {
        ("P1", "DE_NGHI", "L5", "not_judged")
    }
    assert leg("HTXSNV", award="CSTD_NGANH", without={"P1": {"SANG_KIEN"}}).said("DK-05") == {
        ("P1", "DE_NGHI", "L5", "not_judged")
    }


def twice(first: Row, second: Row, **more: Any) -> Case:
    return Case(P1={"DON_VI": [form()], "NHAN_SU": [staff("CC1")], "DE_NGHI": [first, second], **more})


def test_dk_07_two_forms_on_one_basis() -> None:
    own = {"thanh_tich": "Phát hiện vi phạm trong tạm giam, kiến nghị được chấp nhận 5/5."}
    shared = twice(proposal("DN01", "CC1", "GK", ma_can_cu="SK01"),
                   proposal("DN02", "CC1", "CSTDCS", ma_can_cu="CT02;SK01", **own))  # fmt: skip
    assert shared.said("DK-07") == {("P1", "DE_NGHI", "L5", "shared_basis")}
    assert "DN02" in shared.texts("DK-07")[0] and "SK01" in shared.texts("DK-07")[0]
    apart = twice(proposal("DN01", "CC1", "GK", ma_can_cu="SK01"),
                  proposal("DN02", "CC1", "CSTDCS", ma_can_cu="SK02", **own))  # fmt: skip
    assert apart.said("DK-07") == set() and apart.looked_at("DK-07") == 1
    persons = twice(proposal("DN01", "CC1", "GK", ma_can_cu="SK01"), proposal("DN02", "CC2", "BK", ma_can_cu="SK01"))
    assert persons.said("DK-07") == set()


def test_dk_07_same_words() -> None:
    text = "Giải quyết 42/42 vụ án đúng hạn, không có án oan, kiến nghị được chấp nhận 5 lần trong năm"
    form_and_title = twice(proposal("DN01", "CC1", "LDTT", thanh_tich=text),
                           proposal("DN02", "CC1", "BK", thanh_tich=text + "."))  # fmt: skip
    assert form_and_title.said("DK-07") == {("P1", "DE_NGHI", "N6", "similar_text")}
    assert "100 %" in form_and_title.texts("DK-07")[0]
    titles = twice(proposal("DN01", "CC1", "LDTT", thanh_tich=text), proposal("DN02", "CC1", "CSTDCS", thanh_tich=text))
    assert titles.said("DK-07") == set()
    silent = twice(proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC1", "BK", thanh_tich=None))
    assert silent.said("DK-07") == {("P1", "DE_NGHI", "N6", "not_judged")}


def people(advanced: int, of: int, *more: Row, ratings: dict[int, str] | None = None, **options: Any) -> Case:
    rated = ratings or {}
    return Case(
        P1={
            "DON_VI": [form()],
            "NHAN_SU": [staff(f"CC{n}", xep_loai_cc=rated.get(n, "HTTNV")) for n in range(1, of + 1)],
            "DE_NGHI": [*more, *(proposal(f"DN{n + 10}", f"CC{n}", "LDTT") for n in range(1, advanced + 1))],
        },
        **options,
    )


ADVANCED, EXCELLENT = proposal("DN01", "P1", "TTLDTT"), proposal("DN01", "P1", "TTLDXS")
FIGHTER = proposal("DN02", "CC1", "CSTDCS")


def test_dk_06_share_of_the_collective() -> None:
    assert people(7, 10, ADVANCED).said("DK-06") == set()
    low = people(6, 10, ADVANCED)
    assert low.said("DK-06") == {("P1", "DE_NGHI", "F5", "share")}
    assert "6/10 người" in low.texts("DK-06")[0] and "60 %" in low.texts("DK-06")[0]
    assert low.findings("DK-06")[0].severity is Severity.NEEDS_REASON
    nobody = Case(P1={"DE_NGHI": [ADVANCED]})
    assert nobody.said("DK-06") == {("P1", "DE_NGHI", "F5", "not_judged")}


def test_dk_06_half_was_enough_until_2023() -> None:
    old = (D(2022, 12, 1), D(2023, 11, 30))
    assert people(6, 10, ADVANCED, period=old).said("DK-06") == set()
    low = people(4, 10, ADVANCED, period=old)
    assert [(f.variant, f.severity) for f in low.findings("DK-06")] == [("share", Severity.BLOCKING)]


def test_dk_06_newcomers_by_parameter() -> None:
    tables = {
        "NHAN_SU": [*(staff(f"CC{n}") for n in range(1, 10)), staff("CC10", ngay_tuyen_dung=D(2026, 9, 1))],
        "DE_NGHI": [ADVANCED, *(proposal(f"DN{n + 10}", f"CC{n}", "LDTT") for n in range(1, 7))],
    }
    assert "6/10" in Case(P1=tables).texts("DK-06")[0]
    left_out = Case(P1=tables, configured=setting("DK-06", "tinh_nguoi_moi", "KHONG"))
    assert "6/9" in left_out.texts("DK-06")[0]


def test_dk_06_excellent_collective() -> None:
    assert people(8, 10, EXCELLENT, FIGHTER).said("DK-06") == set()
    found = people(6, 10, EXCELLENT, ratings={10: "KHTNV"})
    assert {v for *_, v in found.said("DK-06")} == {"share_excellent", "incomplete", "no_cstdcs"}
    unrated = people(8, 10, EXCELLENT, FIGHTER, ratings={10: "CHUA_XL"})
    assert unrated.said("DK-06") == {("P1", "DE_NGHI", "F5", "not_judged")}


def target(code: str, plan: float | None, done: float | None, **more: Any) -> dict[str, Any]:
    return {"ma_ct": code, "noi_dung": code, "loai": "THUONG_XUYEN", "chieu": "CAO", "don_vi_tinh": "%",
            "chi_tieu": plan, "thuc_hien": done} | more  # fmt: skip


@pytest.mark.parametrize(
    ("targets", "cell", "variant"),
    [
        ([target("CT01", 90, 93), target("CT02", 90, 90)], None, None),
        ([target("CT01", 90, 93), target("CT02", 90, 88)], ("CHI_TIEU", "I6"), "missed"),
        ([target("CT01", 5, 6, chieu="THAP")], ("CHI_TIEU", "I5"), "missed"),
        ([target("CT01", 5, 4, chieu="THAP")], None, None),
        ([target("CT01", 90, 90), target("CT02", 1, 1, chieu="CO_KHONG")], ("DE_NGHI", "F5"), "none_exceeded"),
        ([target("CT01", 90, 93), target("CT02", 90, None)], ("DE_NGHI", "F5"), "not_judged"),
        ([target("CT01", 90, 93), target("CT02", None, None, ly_do_khong_phat_sinh="Không có án")], None, None),
        ([target("CT01", 90, 93), target("CT02", 0, -5, loai="DIEM_TRU")], None, None),
        ([], ("DE_NGHI", "F5"), "not_judged"),
    ],
)
def test_dk_19_targets(targets: list[Row], cell: tuple[str, str] | None, variant: str | None) -> None:
    found = Case(P1={"DE_NGHI": [EXCELLENT], "CHI_TIEU": targets})
    assert found.said("DK-19") == ({("P1", *cell, variant)} if cell else set())
    assert found.looked_at("DK-19") == 1


def test_dk_19_says_which_and_only_for_the_excellent() -> None:
    found = Case(P1={"DE_NGHI": [EXCELLENT], "CHI_TIEU": [target("CT01", 90, 88), target("CT02", 90, 95)]})
    assert "1/2 chỉ tiêu chưa đạt: CT01" in found.texts("DK-19")[0]
    assert found.findings("DK-19")[0].severity is Severity.BLOCKING
    assert Case(P1={"DE_NGHI": [ADVANCED], "CHI_TIEU": [target("CT01", 90, 88)]}).said("DK-19") == set()


def test_nothing_breaks_on_empty_data() -> None:
    codes = ("DK-05", "DK-06", "DK-07", "DK-19")
    assert Case(P1={}, past=None).said(*codes) == set()
    assert Case(P1=None).said(*codes) == set()
    blank: dict[str, Any] = {"ma_dn": "DN01"}
    sheets: dict[str, Any] = {"DE_NGHI": [blank], "SANG_KIEN": [{}], "CHI_TIEU": [{}], "NHAN_SU": [{}]}
    assert Case(P1=sheets).said(*codes) == set()
