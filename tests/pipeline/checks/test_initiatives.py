"""Initiatives: whether there are any, in time, used twice, shared by many, measured."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pipeline.checks.initiatives import initiatives_per_unit
from schemas.rules import Severity, register
from tests.casework import Case, Row, form, proposal, staff

D = dt.date


def made(code: str = "SK01", author: str = "CC1", **more: Any) -> dict[str, Any]:
    return {
        "ma_sk": code, "ten": f"Sổ theo dõi {code}", "hinh_thuc": "GIAI_PHAP", "tac_gia": author, "ty_le": 100.0,
        "ngay_ap_dung": D(2026, 2, 1), "ngay_de_nghi": D(2026, 8, 1), "cap_cong_nhan": "CO_SO", "so_qd": "77/QĐ-VKS",
        "ngay_qd": D(2026, 10, 15), "hieu_qua_so": "Giảm 30 % thời gian",
    } | more  # fmt: skip


def unit(*initiatives: Row, nominations: tuple[Row, ...] = (), staff_count: int = 8) -> dict[str, Any]:
    return {
        "DON_VI": [form()], "NHAN_SU": [staff(f"CC{n}") for n in range(1, staff_count + 1)],
        "SANG_KIEN": initiatives, "DE_NGHI": nominations,
    }  # fmt: skip


def test_sk_01_a_unit_without_initiatives() -> None:
    case = Case(P1=unit(), P2=unit(made()), P3=None)
    assert case.said("SK-01") == {("P1", "DON_VI", "C5", "none")}
    assert case.findings("SK-01")[0].severity is Severity.INFORMATION
    no_sheet = Case(P1={"DON_VI": [form()]}, without={"P1": {"SANG_KIEN"}})
    assert no_sheet.said("SK-01") == {("P1", "DON_VI", "C5", "not_judged")}


def test_initiatives_per_unit() -> None:
    table = initiatives_per_unit(
        Case(P1=unit(made(), made(author="CC2"), made("SK02", so_qd=None)), P2=unit()).evidence
    )
    assert table.loc["P1", ["initiatives", "recognised", "authors", "per_staff"]].tolist() == [2, 1, 3, 2.5]
    assert table.loc["P2", "initiatives"] == 0


def test_sk_02_is_read_by_dk_05() -> None:
    assert register()["SK-02"].read_by == ("DK-05",)


def test_sk_03_one_year_from_first_use() -> None:
    late = made(ngay_ap_dung=D(2025, 2, 1), ngay_de_nghi=D(2026, 2, 2))
    assert Case(P1=unit(late)).said("SK-03") == {("P1", "SANG_KIEN", "H5", "late")}
    assert Case(P1=unit(late | {"ngay_de_nghi": D(2026, 2, 1)})).said("SK-03") == set()
    unknown = Case(P1=unit(made(ngay_de_nghi=None), made("SK02", ngay_de_nghi=None), made("SK03")))
    assert unknown.said("SK-03") == {("P1", "SANG_KIEN", "H5", "not_judged")}  # once for the unit
    assert "SK01, SK02" in unknown.texts("SK-03")[0]
    assert unknown.looked_at("SK-03") == 2


def test_sk_04_used_before_for_the_same_title() -> None:
    again = made(da_dung_cho="CSTDCS", nam_da_dung=2025.0)
    basis = proposal("DN01", "CC1", "CSTDCS", ma_can_cu="SK01")
    assert Case(P1=unit(again, nominations=(basis,))).said("SK-04") == {("P1", "DE_NGHI", "L5", "used_before")}
    assert "năm 2025" in Case(P1=unit(again, nominations=(basis,))).texts("SK-04")[0]
    higher = made(da_dung_cho="LDTT", nam_da_dung=2025.0)
    assert Case(P1=unit(higher, nominations=(basis,))).said("SK-04") == set()
    other = proposal("DN01", "CC2", "CSTDCS", ma_can_cu="SK01")
    assert Case(P1=unit(again, nominations=(other,))).said("SK-04") == set()


def test_sk_04_same_name_in_two_units() -> None:
    one, other = made(ten="Sổ điện tử"), made("SK05", ten="SỔ  điện tử", so_qd="80/QĐ-VKS")
    twins = Case(P1=unit(one), P2=unit(other))
    assert twins.said("SK-04") == {("P1", "SANG_KIEN", "C5", "same_name"), ("P2", "SANG_KIEN", "C5", "same_name")}
    assert "SK05 (P2)" in next(t for t in twins.texts("SK-04") if "SK01 cùng tên" in t)
    together = Case(P1=unit(one), P2=unit(other | {"so_qd": "77/QĐ-VKS"}))
    assert together.said("SK-04") == set()  # authors in two units, one decision
    undecided = Case(P1=unit(one | {"so_qd": None}), P2=unit(other | {"so_qd": None}))
    assert len(undecided.said("SK-04")) == 2


def resting(n: int, path: str = "SANG_KIEN", **more: Any) -> Row:
    return proposal(f"DN{n:02d}", f"CC{n}", "CSTDCS", duong_tieu_chuan=path, **more)


def test_sk_05_people_resting_on_one_certificate() -> None:
    authors = [made(author=f"CC{n}", ty_le=25.0) for n in range(1, 5)]
    four = Case(P1=unit(*authors, nominations=tuple(resting(n) for n in range(1, 5))))
    assert four.said("SK-05") == {("P1", "SANG_KIEN", "J5", "many")}
    assert "4 người" in four.texts("SK-05")[0]
    rated = (*(resting(n) for n in range(1, 4)), resting(4, "XEP_LOAI"))
    assert Case(P1=unit(*authors, nominations=rated)).said("SK-05") == set()
    cited = (*(resting(n) for n in range(1, 4)), resting(4, "XEP_LOAI", ma_can_cu="SK01"))
    assert len(Case(P1=unit(*authors, nominations=cited)).said("SK-05")) == 1
    own = (*(resting(n) for n in range(1, 4)), resting(4, ma_can_cu="SK09"))  # rests on another one
    assert Case(P1=unit(*authors, nominations=own)).said("SK-05") == set()


def test_sk_05_counts_across_units() -> None:
    two = {"SANG_KIEN": [made("SK07", f"CC{n}", ten="Sổ theo dõi SK01") for n in (11, 12)],
           "DE_NGHI": [resting(n) for n in (11, 12)]}  # fmt: skip
    case = Case(P1=unit(made(), made(author="CC2"), nominations=(resting(1), resting(2))), P2=two)
    assert {u for u, *_ in case.said("SK-05")} == {"P1", "P2"}


def test_sk_06_effect_in_numbers() -> None:
    words = made(hieu_qua_so="Nâng cao chất lượng")
    assert Case(P1=unit(words)).said("SK-06") == {("P1", "SANG_KIEN", "M5", "no_number")}
    assert Case(P1=unit(words, made(author="CC2"))).said("SK-06") == set()  # another author's row tells it
    assert Case(P1=unit(words | {"cap_cong_nhan": "CHUA"})).looked_at("SK-06") == 0
    blank = Case(P1=unit(made(hieu_qua_so=None), made("SK02", hieu_qua_so=None)))
    assert blank.said("SK-06") == {("P1", "SANG_KIEN", "M5", "not_judged")}


def test_nothing_breaks_on_empty_data() -> None:
    codes = ("SK-03", "SK-04", "SK-05", "SK-06")
    assert Case(P1={}, past=None).said(*codes) == set()
    assert Case(P1=None).said(*codes, "SK-01") == set()
    assert Case(P1={"SANG_KIEN": [{}], "DE_NGHI": [{"ma_dn": "DN01"}]}).said(*codes) == set()
