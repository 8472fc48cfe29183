"""Quotas (HM): the arithmetic of every rounding, and for each rule one that fires, one not, one not judged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from pipeline.checks.quotas import quota_table, roundings
from schemas.rules import Severity
from tests.casework import Case, form, proposal, staff, unit_row

PERIOD_2023 = (dt.date(2022, 12, 1), dt.date(2023, 11, 30))
PERIOD_2024 = (dt.date(2023, 10, 1), dt.date(2024, 9, 30))
Tables = dict[str, list[dict[str, Any]]]


def collective(unit: str, *awards: str) -> Tables:
    return {"DON_VI": [form(unit)], "DE_NGHI": [proposal(f"DN{n:02}", unit, a) for n, a in enumerate(awards, 1)]}


def persons(unit: str, advanced: int, fighters: int = 0) -> Tables:
    people = [f"CC{unit}{n}" for n in range(advanced)]
    rows = [proposal(f"L{n}", who, "LDTT") for n, who in enumerate(people)]
    rows += [proposal(f"C{n}", who, "CSTDCS") for n, who in enumerate(people[:fighters])]
    return {"DON_VI": [form(unit)], "NHAN_SU": [staff(who) for who in people], "DE_NGHI": rows}


def setting(code: str, name: str, value: str) -> dict[str, Any]:
    return {
        "ma_quy_tac": code, "tham_so": name, "gia_tri": value, "tu_ngay": dt.date(2020, 1, 1), "van_ban": "1/HD",
        "nguoi_chot": "Lò Giả An", "ngay_chot": dt.date(2020, 1, 1),
    }  # fmt: skip


def test_every_rounding_of_the_worked_example() -> None:
    base = pd.Series([5, 6, 6, 7, 8, 9, 10, 12, 15, 20])
    found = roundings(0.15, base, pd.Series("", index=base.index))
    assert found[["floor", "round", "largest"]].sum().tolist() == [10, 15, 14]
    assert found["pooled"].tolist() == [14] * 10
    assert (found["floor"] == 0).sum() == 3
    assert found.loc[9, "exact"] == 3 and found.loc[9, "floor"] == 3  # 0,15 × 20 is 3, not a hair less
    # the four spare seats go to the largest remainders: ,9 ,9 ,8 ,75
    assert (found["largest"] - found["floor"]).tolist() == [1, 1, 1, 0, 0, 0, 0, 1, 0, 0]


def test_largest_remainder_deals_out_in_each_group() -> None:
    found = roundings(0.5, pd.Series([1, 1, 3]), pd.Series(["A", "A", "B"]))
    assert found["largest"].tolist() == [1, 0, 1] and found["round"].tolist() == [1, 1, 2]


def test_hm_01_excellent_collectives() -> None:
    units = {f"P{n}": collective(f"P{n}", "TTLDTT") for n in range(1, 10)}
    units["P1"] = collective("P1", "TTLDTT", "TTLDXS")
    assert Case(**units).said("HM-01") == set()  # 1 of 9: 1,8 → 1
    assert Case(**units).looked_at("HM-01") == 1
    units["P2"] = collective("P2", "TTLDXS")  # counts into the base as well
    case = Case(**units)
    assert case.said("HM-01") == {("", "", "", "over")}
    (found,) = case.findings("HM-01")
    assert (found.severity, found.subject, found.row_id) == (Severity.BLOCKING, "TTLDXS", None)
    assert "2 Tập thể Lao động xuất sắc (P1, P2) trên 9" in case.texts("HM-01")[0]
    units["P10"] = collective("P10", "TTLDTT")
    assert Case(**units).said("HM-01") == set()  # 20 % of 10 is exactly 2


def test_hm_01_below_one_is_one() -> None:
    assert Case(P1=collective("P1", "TTLDTT", "TTLDXS")).said("HM-01") == set()


def test_hm_01_waits_for_missing_units_only_when_they_could_matter() -> None:
    sent = {f"P{n}": collective(f"P{n}", "TTLDTT", "TTLDXS") for n in (1, 2)}
    sent |= {f"P{n}": collective(f"P{n}", "TTLDTT") for n in range(3, 8)}
    case = Case(**sent, P8=None, P9=None, P10=None)
    assert case.said("HM-01") == {("", "", "", "not_judged")}  # 7 + 3 would allow 2
    assert "P8, P9, P10" in case.texts("HM-01")[0]
    assert Case(**sent, P8=None, P9=None).said("HM-01") == {("", "", "", "over")}  # 7 + 2 allow 1


def test_hm_01_settings_of_the_province() -> None:
    units = {f"P{n}": collective(f"P{n}", "TTLDTT") for n in range(1, 9)}
    units |= {f"P{n}": collective(f"P{n}", "TTLDTT", "TTLDXS") for n in (1, 2)}

    def said(name: str, value: str) -> set[str]:
        case = Case(**units, configured={"THAM_SO": [setting("HM-01", name, value)]})
        return {variant for *_, variant in case.said("HM-01")}

    assert said("ty_le", "0,25") == set()
    assert said("cach_lam_tron", "GAN_NHAT") == set()  # 1,6 → 2
    assert said("cach_lam_tron", "XUONG") == {"over"}
    assert said("cach_lam_tron", "tùy") == {"not_judged"}


def test_hm_01_is_not_in_force_before_october_2024() -> None:
    units = {f"P{n}": collective(f"P{n}", "TTLDTT", "TTLDXS") for n in (1, 2, 3)}
    assert Case(**units, period=PERIOD_2024).verdicts("HM-01").not_in_force == ("HM-01",)


def test_hm_02_fighters_at_the_base() -> None:
    case = Case(P1=persons("P1", 10, 1), P2=persons("P2", 10, 2))
    assert case.said("HM-02") == set()  # 15 % of 20 is 3
    case = Case(P1=persons("P1", 10, 2), P2=persons("P2", 9, 2))
    assert case.said("HM-02") == {("", "", "", "over")}
    (found,) = case.findings("HM-02")
    assert found.severity is Severity.WARNING
    assert Case(P1=persons("P1", 6, 1), period=PERIOD_2023).findings("HM-02")[0].severity is Severity.BLOCKING


def test_hm_02_by_unit_and_by_remainder() -> None:
    units = {"P1": persons("P1", 6, 1), "P2": persons("P2", 8, 1)}
    settings = [setting("HM-02", "pham_vi", "DON_VI")]
    assert {u for u, *_ in Case(**units, configured={"THAM_SO": settings}).said("HM-02")} == {"P1"}
    settings.append(setting("HM-02", "cach_lam_tron", "SO_DU"))
    assert Case(**units, configured={"THAM_SO": settings}).said("HM-02") == set()  # 2 seats for 0,9 and 1,2: one each


def test_hm_02_missing_staff() -> None:
    def said(posts: float | None, fighters: int) -> set[str]:
        units = [unit_row("P1"), unit_row("P2", bien_che=posts)]
        case = Case(P1=persons("P1", 10, fighters), P2=None, configured={"DON_VI": units})
        return {variant for *_, variant in case.said("HM-02")}

    assert said(4.0, 1) == set()
    assert said(4.0, 2) == {"not_judged"}  # 14 people would allow 2
    assert said(4.0, 3) == {"over"}
    assert said(None, 3) == {"not_judged"}


def test_hm_02_counts_a_person_of_two_units_once() -> None:
    case = Case(P1=persons("P1", 7, 1), P2={"DE_NGHI": [proposal("DN01", "CCP10", "CSTDCS")]})
    table = quota_table(case.evidence)
    province = table[(table["code"] == "HM-02") & (table["scope"] == "TINH")].iloc[0]
    assert (province["used"], province["base"]) == (1, 7)


def test_hm_03_excellent_ratings() -> None:
    def people(excellent: int, good: int, unrated: int = 0, **more: Any) -> list[dict[str, Any]]:
        marks = ["HTXSNV"] * excellent + ["HTTNV"] * good + ["CHUA_XL"] * unrated
        return [staff(f"CC{n}", xep_loai_cc=mark, **more) for n, mark in enumerate(marks)]

    case = Case(P1={"NHAN_SU": people(3, 10)}, P2={"NHAN_SU": people(2, 10)}, P3={"NHAN_SU": people(1, 1)})
    assert case.said("HM-03") == {("P1", "", "", "over")}
    assert {f.subject for f in case.findings("HM-03")} == {"", "TRUC_TIEP"}  # the unit, and its only group
    assert case.findings("HM-03")[0].severity is Severity.WARNING
    assert case.looked_at("HM-03") == 6
    assert Case(P1={"NHAN_SU": people(2, 9, 1)}).said("HM-03") == {("P1", "", "", "not_judged")}
    assert Case(P1={"NHAN_SU": people(3, 9, 1)}).said("HM-03") == {("P1", "", "", "over")}
    assert Case(P1={}, without={"P1": {"NHAN_SU"}}).said("HM-03") == set()
    early = Case(P1={"NHAN_SU": people(3, 10)}, period=(dt.date(2024, 12, 1), dt.date(2025, 11, 30)))
    assert early.verdicts("HM-03").not_in_force == ("HM-03",)


def test_hm_03_looks_inside_each_group() -> None:
    leaders = [
        staff(f"CL{n}", xep_loai_cc="HTXSNV" if n < 2 else "HTTNV", nhom_doi_tuong="LANH_DAO_DON_VI") for n in range(4)
    ]
    case = Case(P1={"NHAN_SU": [*leaders, *(staff(f"CC{n}") for n in range(8))]})
    assert {f.subject for f in case.findings("HM-03")} == {"LANH_DAO_DON_VI"}  # 2 of 2, while the unit has 2 of 10


def test_hm_04_flags_of_a_block() -> None:
    units = {"P1": collective("P1", "CO_NGANH"), "P2": collective("P2", "CO_CP"), "P3": collective("P3", "CO_NGANH")}
    assert {k: f.severity for f in Case(**units).findings("HM-04") for k in [f.subject]} == {
        "CO_NGANH": Severity.NEEDS_REASON
    }
    assert "P1, P3" in Case(**units).texts("HM-04")[0]
    rows = [unit_row("P1"), unit_row("P2"), unit_row("P3", khoi="Khối khu vực")]
    assert Case(**units, configured={"DON_VI": rows}).said("HM-04") == set()
    rows[0] = unit_row("P1", khoi=None)
    assert Case(**units, configured={"DON_VI": rows}).said("HM-04") == {("", "", "", "not_judged")}
    more = [setting("HM-04", "suat_co_nganh", "2")]
    assert Case(**units, configured={"THAM_SO": more}).said("HM-04") == set()


def test_nothing_sent_is_nothing_said() -> None:
    case = Case(P1=None, P2={}, without={"P2": {"DE_NGHI", "NHAN_SU", "DON_VI"}})
    assert case.said("HM-01", "HM-02", "HM-03", "HM-04") == set()
