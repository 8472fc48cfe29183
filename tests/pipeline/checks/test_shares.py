"""Structure of the proposals (CC-01 to CC-07): each signal with figures that fire, that do not, that are too few."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.checks.shares import comparisons, funnel_table
from schemas.rules import Severity, register
from tests.casework import Case, proposal, staff, unit_row

Rows = list[dict[str, Any]]
LEADER = {"nhom_doi_tuong": "LANH_DAO_DON_VI"}


def group(prefix: str, size: int, hits: int, award: str = "CSTDCS", **more: Any) -> tuple[Rows, Rows]:
    """So many people of whom the first few are proposed."""
    codes = [f"CC{prefix}{n}" for n in range(size)]
    return [staff(c, **more) for c in codes], [proposal(f"{prefix}{n}", c, award) for n, c in enumerate(codes[:hits])]


def unit(*groups: tuple[Rows, Rows]) -> dict[str, Rows]:
    return {"NHAN_SU": [p for people, _ in groups for p in people], "DE_NGHI": [n for _, rows in groups for n in rows]}


def province_of(leaders: int, direct: int) -> dict[str, dict[str, Rows]]:
    """40 leaders and 100 direct workers in two units, so many of them proposed."""
    own = unit(group("L", 40, leaders, **LEADER), group("D", 100, direct))
    return {"P1": own, "P2": unit(group("X", 5, 0, nhom_doi_tuong="NGUOI_LAO_DONG"))}


def variants(case: Case, code: str) -> set[str]:
    return {variant for *_, variant in case.said(code)}


def test_cc_01_leaders_against_direct_workers() -> None:
    case = Case(**province_of(15, 9))
    assert case.said("CC-01") == {("", "", "", "found")}
    (found,) = case.findings("CC-01")
    assert found.severity is Severity.WARNING
    (text,) = case.texts("CC-01")
    assert "lãnh đạo: 15/40 người (37,5 %, khoảng 24,2–53 %)" in text and "9/100 người (9 %" in text
    assert "tỷ số 4,17 (khoảng 1,99–8,74)" in text and "tính trên 2/2 đơn vị" in text
    assert variants(Case(**province_of(5, 9)), "CC-01") == set()
    assert variants(Case(**province_of(4, 40)), "CC-01") == set()  # direct workers ahead is as it should be
    assert Case(**province_of(5, 9)).looked_at("CC-01") == 1


def test_cc_01_counts_persons_once_and_only_above_the_base() -> None:
    tables = province_of(15, 9)
    tables["P1"]["DE_NGHI"] += [proposal(f"B{n}", f"CCD{n}", "LDTT") for n in range(100)]
    tables["P1"]["DE_NGHI"] += [proposal(f"K{n}", f"CCL{n}", "BK") for n in range(15)]
    tables["P2"]["NHAN_SU"].append(staff("CCL0", **LEADER))  # listed by a second unit as well
    row = comparisons(Case(**tables).evidence).iloc[0]
    assert (row["hits_a"], row["size_a"], row["hits_b"], row["size_b"]) == (15, 40, 9, 100)


def test_cc_01_few_people_or_no_groups() -> None:
    few = Case(P1=unit(group("L", 9, 9, **LEADER), group("D", 100, 2)))
    assert variants(few, "CC-01") == set() and few.looked_at("CC-01") == 0  # shown on the sheet only
    assert comparisons(few.evidence).iloc[0]["state"] == "too_few"
    unknown = Case(P1=unit(group("D", 30, 5, nhom_doi_tuong=None)))
    assert variants(unknown, "CC-01") == {"not_judged"}
    assert variants(unknown, "CC-02") == set()  # the same data are missing: said once


def test_cc_02_inside_each_title() -> None:
    # more leaders among the fighters, more direct workers with diplomas: level on the whole
    leaders = (group("L", 40, 14, **LEADER)[0], group("L", 40, 14)[1])
    direct = group("D", 100, 4)
    more = [proposal(f"B{n}", f"CCD{n}", "BK") for n in range(10, 45)]
    case = Case(P1=unit(leaders, direct, ([], more)))
    assert variants(case, "CC-01") == set()
    assert {f.subject for f in case.findings("CC-02")} == {"CSTDCS"}
    assert "«Chiến sĩ thi đua cơ sở»" in case.texts("CC-02")[0]
    assert case.looked_at("CC-02") == 2


def test_cc_02_corrects_for_the_number_of_titles() -> None:
    def adjusted(*awards: str) -> float:
        rows = [proposal(f"{a}{n}", f"CC{g}{n}", a) for a in awards for g, k in (("L", 8), ("D", 8)) for n in range(k)]
        case = Case(P1=unit(group("L", 40, 0, **LEADER), group("D", 100, 0), ([], rows)))
        table = comparisons(case.evidence)
        return float(table[table["code"] == "CC-02"]["adjusted"].iloc[0])

    assert adjusted("CSTDCS", "BK") == pytest.approx(2 * adjusted("CSTDCS"))


def areas(hard_hits: int, easy_hits: int, level: float | None = 3.0) -> Case:
    """Four difficult units and eight others of ten people; so many proposed in each."""
    units = {f"K{n}": unit(group(f"K{n}_", 10, hard_hits)) for n in range(4)}
    units |= {f"P{n}": unit(group(f"P{n}_", 10, easy_hits)) for n in range(8)}
    rows = [unit_row(c, muc_kho=level if c.startswith("K") else (None if level is None else 0.0)) for c in units]
    return Case(**units, configured={"DON_VI": rows})


def test_cc_03_difficult_areas() -> None:
    case = areas(1, 5)
    assert case.said("CC-03") == {("", "", "", "found")}
    assert case.findings("CC-03")[0].severity is Severity.INFORMATION
    assert variants(areas(5, 1), "CC-03") == set()  # more in difficult areas is as it should be
    assert variants(areas(3, 3), "CC-03") == set()
    assert variants(areas(1, 5, level=None), "CC-03") == {"not_judged"}
    nowhere = areas(1, 5, level=1.0)  # no unit is difficult: nothing to compare
    assert variants(nowhere, "CC-03") == set() and nowhere.looked_at("CC-03") == 0


def test_cc_03_two_units_that_differ_prove_nothing() -> None:
    units = {"K1": unit(group("K", 40, 0)), "P1": unit(group("P", 40, 20))}
    case = Case(**units, configured={"DON_VI": [unit_row("K1", muc_kho=3.0), unit_row("P1")]})
    assert variants(case, "CC-03") == set() and case.looked_at("CC-03") == 1


def test_cc_04_sex_both_ways() -> None:
    def sexes(men: int, women: int, **more: Any) -> Case:
        return Case(P1=unit(group("M", 60, men, **more), group("W", 60, women, **({"gioi_tinh": "NU"} | more))))

    assert variants(sexes(25, 5), "CC-04") == variants(sexes(5, 25), "CC-04") == {"found"}
    assert variants(sexes(12, 9), "CC-04") == set()
    assert variants(sexes(25, 5, gioi_tinh=None), "CC-04") == {"not_judged"}


def test_cc_05_unit_size_both_ways() -> None:
    def sizes(small: int, large: int) -> Case:
        units = {f"P{n}": unit(group(f"S{n}_", 5, small)) for n in range(6)}
        return Case(**units, **{f"KV{n}": unit(group(f"G{n}_", 20, large)) for n in range(6)})

    assert variants(sizes(4, 2), "CC-05") == variants(sizes(0, 8), "CC-05") == {"found"}
    assert variants(sizes(1, 4), "CC-05") == set()


def test_cc_06_density_of_a_unit() -> None:
    units = {f"P{n}": unit(group(f"P{n}_", 20, 1)) for n in range(2, 10)}
    case = Case(P1=unit(group("A", 20, 12)), **units, P10=None)
    assert case.said("CC-06") == {("P1", "", "", "found")}
    assert "12/20 người (60 %" in case.texts("CC-06")[0] and "9/10 đơn vị" in case.texts("CC-06")[0]
    assert case.looked_at("CC-06") == 9
    table = funnel_table(case.evidence)
    assert table.loc["P2", ["hits", "size", "low", "high"]].tolist() == [1, 20, 0, 5]
    assert variants(Case(P1=unit(group("A", 20, 3)), **units), "CC-06") == set()
    small = Case(P1=unit(group("A", 2, 2)), **units)  # two of two: shown on the sheet only
    assert variants(small, "CC-06") == set() and small.looked_at("CC-06") == 8
    assert Case(P1={}, P2=unit(group("B", 20, 1))).said("CC-06") == {("P1", "", "", "not_judged")}


def test_cc_07_is_said_by_the_quotas() -> None:
    assert register()["CC-07"].read_by == ("HM-01", "HM-02") and not register()["CC-07"].variants


def test_nothing_sent_is_nothing_said() -> None:
    case = Case(P1=None, P2=None)
    assert case.said(*(f"CC-0{n}" for n in (1, 2, 3, 4, 5, 6, 8))) == set()
    assert comparisons(case.evidence)["state"].eq("empty").all()
