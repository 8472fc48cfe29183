"""Signs of formalism (HT): for each one table that must fire, one that must not, one that cannot be judged."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.checks.formalism import signals
from schemas.rules import Severity, register
from tests.casework import Case, D, form, proposal, staff

LONG = "Kiểm sát 42 vụ án hình sự đúng hạn, 3 kiến nghị được cơ quan điều tra chấp nhận, 1 sáng kiến"
OTHER = "Lập 30 hồ sơ kiểm sát dân sự đạt yêu cầu, số hóa 95 % hồ sơ lưu trữ, giúp 2 đồng nghiệp mới"
WHOLE = f"{LONG}; {OTHER}"
#: HT-01 always says once, for the province, that texts of last year are not there.
LAST_YEAR = ("", "", "", "not_judged")
TEXT = "N"


def person(number: int, text: str | None, who: str = "", **more: Any) -> dict[str, Any]:
    return proposal(f"DN{number:02d}", who or f"CC{number}", "GK", thanh_tich=text, **more)


def unit(*rows: dict[str, Any], **sheets: Any) -> dict[str, Any]:
    return {"DON_VI": [form()], "NHAN_SU": [staff("CC1")], "DE_NGHI": list(rows), **sheets}


def test_ht_01_text_like_that_of_a_colleague() -> None:
    case = Case(P1=unit(person(1, LONG), person(2, OTHER), person(3, LONG + " cấp cơ sở")))
    assert case.said("HT-01") == {
        ("P1", "DE_NGHI", f"{TEXT}5", "similar"),
        ("P1", "DE_NGHI", f"{TEXT}7", "similar"),
        LAST_YEAR,
    }
    assert case.looked_at("HT-01") == 3
    found = next(f for f in case.findings("HT-01") if f.subject == "DN01")
    assert found.severity is Severity.WARNING
    assert (found.params["ma_khac"], found.params["ty_le"]) == ("DN03", "86,96")  # 20 of 23 passages


def test_ht_01_passes_over_short_texts_oneself_and_the_threshold() -> None:
    short = "Giải quyết 42/42 vụ án đúng hạn"
    assert Case(P1=unit(person(1, short), person(2, short))).said("HT-01") == {LAST_YEAR}
    assert Case(P1=unit(person(1, LONG, "CC1"), person(2, LONG, "CC1"))).said("HT-01") == {LAST_YEAR}  # DK-07
    longer = LONG + " cấp cơ sở được áp dụng tại ba đơn vị trong tỉnh"
    assert Case(P1=unit(person(1, LONG), person(2, longer))).said("HT-01") == {LAST_YEAR}
    not_proposed = person(2, LONG, ket_qua="KHONG_DE_NGHI")
    assert Case(P1=unit(person(1, LONG), not_proposed)).said("HT-01") == {LAST_YEAR}


def test_ht_01_several_proposals_of_one_do_not_hide_a_colleague() -> None:
    case = Case(P1=unit(person(1, LONG, "CC1"), person(2, LONG, "CC1"), person(3, LONG, "CC3")))
    assert {said for said in case.said("HT-01") if said != LAST_YEAR} == {
        ("P1", "DE_NGHI", f"{TEXT}5", "similar"),
        ("P1", "DE_NGHI", f"{TEXT}7", "similar"),
    }


def test_ht_01_the_same_text_but_for_figures_in_another_unit() -> None:
    case = Case(P1=unit(person(1, WHOLE)), P2=unit(person(1, WHOLE.upper().replace("42", "37"), "CC9")))
    assert case.said("HT-01") == {
        ("P1", "DE_NGHI", f"{TEXT}5", "same_elsewhere"),
        ("P2", "DE_NGHI", f"{TEXT}5", "same_elsewhere"),
        LAST_YEAR,
    }
    assert all("giống hệt, chỉ khác con số, với DN01" in text for text in case.texts("HT-01")[:2])
    nearly = Case(P1=unit(person(1, WHOLE)), P2=unit(person(1, WHOLE + " cấp cơ sở", "CC9")))
    assert nearly.said("HT-01") == {LAST_YEAR}
    same_person = Case(P1=unit(person(1, LONG, "CC1")), P2=unit(person(1, LONG, "CC1")))
    assert same_person.said("HT-01") == {LAST_YEAR}  # DK-08


def test_ht_01_short_stock_sentences_must_agree_in_their_figures_too() -> None:
    stock = "Giải quyết 66/66 vụ án đúng hạn, 7 kiến nghị được chấp nhận"
    case = Case(P1=unit(person(1, stock)), P2=unit(person(1, stock.replace("66", "31"), "CC9")))
    assert case.said("HT-01") == {LAST_YEAR}
    case = Case(P1=unit(person(1, stock)), P2=unit(person(1, stock, "CC9")))
    assert {said[0] for said in case.said("HT-01")} == {"P1", "P2", ""}


def test_ht_01_one_finding_a_row_names_the_nearest() -> None:
    case = Case(P1=unit(person(1, LONG), person(2, LONG + " cấp cơ sở")), P2=unit(person(1, LONG, "CC9")))
    found = {(f.unit, f.subject): f for f in case.findings("HT-01") if f.judged}
    assert {key: f.variant for key, f in found.items()} == {
        ("P1", "DN01"): "same_elsewhere",
        ("P1", "DN02"): "similar",
        ("P2", "DN01"): "same_elsewhere",
    }


def test_ht_01_alone_needs_no_province() -> None:
    assert Case(P1=unit(person(1, LONG)), alone=True).said("HT-01") == set()


def test_ht_02_achievement_without_a_figure() -> None:
    case = Case(
        P1=unit(
            person(1, "Hoàn thành tốt mọi nhiệm vụ được giao"),
            person(2, "Giải quyết 42/42 vụ"),
            person(3, None),  # V-02
            person(4, "Không có số", ket_qua="KHONG_DE_NGHI"),
        )
    )
    assert case.said("HT-02") == {("P1", "DE_NGHI", f"{TEXT}5", "no_figure")}
    assert case.looked_at("HT-02") == 2


def target(number: int, aim: float | None, result: float | None, **more: Any) -> dict[str, Any]:
    row = {
        "ma_ct": f"CT{number:02d}", "noi_dung": "x", "loai": "THUONG_XUYEN", "chieu": "CAO", "don_vi_tinh": "vụ",
        "chi_tieu": aim, "thuc_hien": result, "nam_truoc": (aim or 10.0) - 1,
    }  # fmt: skip
    return row | more


def targets(*rows: dict[str, Any], **more: Any) -> Case:
    return Case(P1=unit(CHI_TIEU=list(rows)), **more)


FORM = ("P1", "DON_VI")
EXACT = [target(n, 10.0 + n, 10.0 + n) for n in range(5)]


def variants(case: Case, code: str) -> set[str]:
    found = case.findings(code)
    assert all((f.unit, f.sheet) == FORM for f in found)
    return {f.variant for f in found}


def test_ht_04_all_targets_reached_exactly() -> None:
    assert variants(targets(*EXACT), "HT-04") == {"all_exact"}
    assert "cả 5 chỉ tiêu" in targets(*EXACT).texts("HT-04")[0]
    assert variants(targets(*EXACT, target(9, 10.0, 11.0)), "HT-04") == set()
    assert variants(targets(*EXACT[:4]), "HT-04") == set()


@pytest.mark.parametrize(
    "natural",
    [
        {"don_vi_tinh": "%", "chi_tieu": 100.0, "thuc_hien": 100.0},
        {"chi_tieu": 0.0, "thuc_hien": 0.0, "chieu": "THAP"},
        {"chieu": "CO_KHONG", "chi_tieu": 1.0, "thuc_hien": 1.0},
        {"ly_do_khong_phat_sinh": "Không có việc"},
        {"loai": "DIEM_THUONG"},
    ],
)
def test_ht_04_does_not_count_what_could_not_be_otherwise(natural: dict[str, Any]) -> None:
    assert variants(targets(*EXACT[:4], target(9, 10.0, 10.0) | natural), "HT-04") == set()


def test_ht_04_unknown_results_are_neither_exact_nor_not() -> None:
    assert variants(targets(*EXACT, target(9, 10.0, None)), "HT-04") == {"not_judged"}
    assert variants(targets(*EXACT, target(8, 10.0, 12.0), target(9, 10.0, None)), "HT-04") == set()
    assert variants(targets(), "HT-04") == {"not_judged"}


def test_ht_04_no_target_above_last_year() -> None:
    low = [target(n, 10.0, 12.0, nam_truoc=11.0) for n in range(4)]
    fewer = target(5, 5.0, 3.0, chieu="THAP", nam_truoc=4.0)  # fewer is better: 5 is no better than 4
    assert variants(targets(*low, fewer), "HT-04") == {"not_above"}
    assert variants(targets(*low, fewer | {"nam_truoc": 6.0}), "HT-04") == set()
    full = {"don_vi_tinh": "%", "chi_tieu": 100.0, "thuc_hien": 100.0, "nam_truoc": 100.0}
    assert variants(targets(*low, target(6, 1.0, 1.0) | full), "HT-04") == set()
    assert variants(targets(*low, fewer | {"nam_truoc": None}), "HT-04") == {"not_judged"}


TABLE = [
    {"ma": f"T{n}", "nhom": "I", "ten": f"Tiêu chí {n}", "diem_chuan": 10.0, "chieu": "CAO", "he_so_thuong": 0.0}
    for n in range(20)
]


def scored(marks: list[float | None], result: float | None = 10.0, table: list[dict[str, Any]] | None = None) -> Case:
    rows = [
        target(n, 10.0, result, ma_tieu_chi=f"T{n}", diem_tu_cham=mark, nam_truoc=9.0) for n, mark in enumerate(marks)
    ]
    return targets(*rows, configured={"BANG_DIEM": TABLE if table is None else table})


def test_ht_05_full_marks_nearly_everywhere() -> None:
    assert variants(scored([10.0] * 19 + [9.0]), "HT-05") == {"top"}
    assert "19 trên 20" in scored([10.0] * 19 + [9.0]).texts("HT-05")[0]
    assert variants(scored([10.0] * 18 + [9.0, 9.0]), "HT-05") == set()
    assert variants(scored([10.0] * 4), "HT-05") == set()


def test_ht_05_unknown_scores_count_only_where_they_could_change_it() -> None:
    assert variants(scored([10.0] * 19 + [None]), "HT-05") == {"top"}
    assert variants(scored([10.0] * 18 + [None, 9.0]), "HT-05") == {"not_judged"}
    assert variants(scored([10.0] * 17 + [None, 9.0, 9.0]), "HT-05") == set()
    assert scored([10.0], table=[]).said("HT-05") == {("", "", "", "not_judged")}
    assert variants(targets(configured={"BANG_DIEM": TABLE}), "HT-05") == {"not_judged"}


def test_ht_06_total_above_what_results_give() -> None:
    case = scored([10.0] * 5, 9.0)  # computed 45
    assert variants(case, "HT-06") == {"above"}
    assert "tự chấm 50 điểm" in case.texts("HT-06")[0] and "được 45 điểm, cao hơn 5 điểm" in case.texts("HT-06")[0]
    assert variants(scored([10.0, 10.0, 10.0, 10.0, 9.9], 9.0), "HT-06") == set()
    assert variants(scored([8.0] * 5, 9.0), "HT-06") == set()


def test_ht_06_is_not_judged_with_a_gap_in_the_data() -> None:
    assert variants(scored([10.0] * 5 + [None], 9.0), "HT-06") == {"not_judged"}
    assert variants(scored([10.0] * 5, None), "HT-06") == {"not_judged"}
    assert scored([10.0], table=[]).said("HT-06") == {("", "", "", "not_judged")}  # once, not once a unit


def test_ht_06_targets_of_one_criterion_are_taken_together() -> None:
    rows = [target(n, 10.0, 10.0, ma_tieu_chi="T1", diem_tu_cham=5.0) for n in (1, 2)]
    assert variants(targets(*rows, configured={"BANG_DIEM": TABLE}), "HT-06") == set()


def paper(kind: str, day: Any, code: str = "DN01", **more: Any) -> dict[str, Any]:
    return {"ma_dn": code, "loai_giay": kind, "co": "CO", "so": "1", "ngay": day} | more


DAY = D(2026, 11, 12)
PAPERS = [paper(kind, DAY) for kind in ("BAO_CAO_TT", "BIEN_BAN", "TO_TRINH")]


def papers(*rows: dict[str, Any]) -> Case:
    return Case(P1=unit(person(1, LONG), HO_SO=list(rows)))


def test_ht_07_all_papers_of_one_day() -> None:
    issued_elsewhere = paper("QD_XEP_LOAI", D(2026, 10, 1))
    case = papers(*PAPERS, issued_elsewhere)
    assert variants(case, "HT-07") == {"one_day"}
    assert "cả 3 giấy tờ" in case.texts("HT-07")[0] and "ngày 12/11/2026" in case.texts("HT-07")[0]
    assert variants(papers(*PAPERS, paper("BIEN_BAN", D(2026, 11, 3), "DN02")), "HT-07") == set()
    assert variants(papers(*PAPERS[:2]), "HT-07") == set()  # HS-01 asks for the letter
    assert variants(papers(*PAPERS[:2], paper("TO_TRINH", DAY, co="KHONG")), "HT-07") == set()


def test_ht_07_unknown_days() -> None:
    assert variants(papers(*PAPERS, paper("KIEM_PHIEU", None)), "HT-07") == {"not_judged"}
    assert variants(papers(*PAPERS, paper("BIEN_BAN", D(2026, 11, 3)), paper("KIEM_PHIEU", None)), "HT-07") == set()
    assert variants(papers(), "HT-07") == {"not_judged"}
    assert variants(Case(P1={"DON_VI": [form()]}), "HT-07") == set()  # nothing proposed, nothing to draw up


def test_ht_09_nobody_considered_and_not_proposed() -> None:
    five = [person(n, "x") for n in range(1, 6)]
    assert variants(Case(P1=unit(*five)), "HT-09") == {"nobody"}
    assert variants(Case(P1=unit(*five[:4])), "HT-09") == set()
    assert variants(Case(P1=unit(*five, person(6, None, ket_qua="KHONG_DE_NGHI"))), "HT-09") == set()
    assert variants(Case(P1=unit(*five, person(6, None, ket_qua=None))), "HT-09") == {"not_judged"}


def test_ht_03_and_ht_08_are_told_by_other_checks() -> None:
    assert register()["HT-03"].read_by == ("PT-05", "PT-07") and register()["HT-08"].read_by == ("QT-05",)
    assert not register()["HT-03"].variants


def test_signals_count_what_the_checks_said() -> None:
    launch = {"ma_hd": "HD01", "loai": "PHAT_DONG", "phong_trao": "PT1", "ngay": D(2026, 1, 20)}
    plan = launch | {"ma_hd": "HD02", "loai": "KE_HOACH"}
    case = Case(
        P1=unit(person(1, "Không có số"), person(2, "Cũng không"), HOAT_DONG=[plan, launch]),
        P2=unit(person(1, "Có 5 vụ")),
        P3=None,
        P4={"DON_VI": [form()]},
        without={"P4": {"HOAT_DONG"}},
    )
    table = signals(case.evidence, case.verdicts()).set_index(["unit", "signal"])
    assert set(table.index.get_level_values("unit")) == {"P1", "P2", "P4"}
    assert table.loc[("P4", "HT-03"), "unknown"] == 1  # no log of activities
    assert table.loc[("P1", "HT-02")].tolist() == [2, 0, 2]
    assert table.loc[("P2", "HT-02")].tolist() == [0, 0, 1]
    assert table.loc[("P1", "HT-03")].tolist() == [1, 0, 1]
    assert table.loc[("P2", "HT-04"), "unknown"] == 1
    assert table.loc[("P1", "HT-05"), "unknown"] == 1  # no score table: said once for the province
    assert table.loc[("P1", "HT-01"), "unknown"] == 0  # the province's own gap is nobody's


def test_nothing_at_all_is_no_trouble() -> None:
    codes = [f"HT-0{n}" for n in range(1, 10)]
    for case in (Case(P1={}), Case(P1=None), Case(P1={"DON_VI": [{"ma_don_vi": "P1"}], "DE_NGHI": [{}, {}],
                 "CHI_TIEU": [{}, {}], "HO_SO": [{}, {}]})):  # fmt: skip
        case.said(*codes)
        assert signals(case.evidence, case.verdicts())["found"].sum() == 0
