"""Movements (PT): for each rule a log that must fire, one that must not, one that cannot be judged."""

from __future__ import annotations

from typing import Any

from pipeline.template import form_rows
from schemas.rules import Severity
from schemas.sheets import UNIT_TEMPLATE
from tests.casework import Case, D, form, proposal, staff

CATALOGUE = [
    {"ma": "PT1", "ten": "Công minh", "tu_ngay": D(2021, 1, 1)},
    {"ma": "PT4", "ten": "Nông thôn mới", "tu_ngay": D(2021, 1, 1), "den_ngay": D(2025, 12, 31)},
    {"ma": "PT6", "ten": "Số hóa", "tu_ngay": D(2026, 1, 1), "den_ngay": D(2026, 12, 31)},
]


def act(number: int, kind: str | None, movement: str | None = "PT6", **more: Any) -> dict[str, Any]:
    row = {
        "ma_hd": f"HD{number:02d}", "loai": kind, "phong_trao": movement, "ngay": D(2026, 1, 20),
        "chu_tri": "CHINH_QUYEN", "hinh_thuc": "HOI_NGHI", "so_tham_gia": 9.0,
    }  # fmt: skip
    if kind == "PHAT_DONG":
        row |= {"so_tieu_chi": 5.0, "tieu_chi_do_duoc": 4.0}
    if kind in ("SO_KET", "TONG_KET", "KIEM_TRA"):
        row |= {"ket_qua_so": "Số hóa 90 % hồ sơ"}
    return row | more


def year(movement: str = "PT6", *without: str, start: int = 1) -> list[dict[str, Any]]:
    """A whole cycle of a movement."""
    kinds = ("KE_HOACH", "PHAT_DONG", "KIEM_TRA", "SO_KET", "TONG_KET")
    return [act(start + n, kind, movement, ngay=D(2026, 1 + 2 * n, 20)) for n, kind in enumerate(kinds)
            if kind not in without]  # fmt: skip


def case(log: list[dict[str, Any]], *, sheets: dict[str, Any] | None = None, **of_form: Any) -> Case:
    tables = {"DON_VI": [form(**of_form)], "HOAT_DONG": log, **(sheets or {})}
    return Case(P1=tables, configured={"PHONG_TRAO": CATALOGUE})


def test_pt_01_launch_without_criteria() -> None:
    log = [
        act(1, "PHAT_DONG", so_tieu_chi=0.0, tieu_chi_do_duoc=0.0),
        act(2, "PHAT_DONG"),
        act(3, "PHAT_DONG", so_tieu_chi=None),  # V-02 says it
        act(4, "KE_HOACH", so_tieu_chi=0.0),
    ]
    assert case(log).said("PT-01") == {("P1", "HOAT_DONG", "J5", "none")}
    assert case(log).looked_at("PT-01") == 2
    assert "PT6 – Số hóa" in case(log).texts("PT-01")[0]


def test_pt_02_criteria_that_cannot_be_measured() -> None:
    log = [
        act(1, "PHAT_DONG", tieu_chi_do_duoc=0.0),
        act(2, "PHAT_DONG", tieu_chi_do_duoc=6.0),
        act(3, "PHAT_DONG", tieu_chi_do_duoc=1.0),
        act(4, "PHAT_DONG", tieu_chi_do_duoc=None),
        act(5, "PHAT_DONG", so_tieu_chi=0.0, tieu_chi_do_duoc=0.0),  # PT-01
        act(6, "PHAT_DONG", so_tieu_chi=0.0, tieu_chi_do_duoc=2.0),
    ]
    assert case(log).said("PT-01", "PT-02") == {
        ("P1", "HOAT_DONG", "K5", "none"),
        ("P1", "HOAT_DONG", "K6", "impossible"),
        ("P1", "HOAT_DONG", "J9", "none"),
        ("P1", "HOAT_DONG", "K10", "impossible"),
    }


def test_pt_03_launched_and_never_inspected() -> None:
    assert case(year("PT6", "KIEM_TRA")).said("PT-03") == {("P1", "HOAT_DONG", "D6", "never")}
    (text,) = case(year("PT6", "KIEM_TRA")).texts("PT-03")
    assert "phát động ngày 20/03/2026 nhưng đến hết kỳ (30/11/2026) không thấy dòng Kiểm tra phong trào" in text
    assert case(year("PT6")).said("PT-03") == set()


def test_pt_03_inspection_of_another_movement_does_not_help() -> None:
    log = [*year("PT6", "KIEM_TRA"), act(9, "KIEM_TRA", "PT1")]
    assert case(log).said("PT-03") == {("P1", "HOAT_DONG", "D6", "never")}


def test_pt_03_a_late_launch_is_not_asked_yet() -> None:
    assert case([act(1, "PHAT_DONG", ngay=D(2026, 10, 1))]).looked_at("PT-03") == 0


def test_pt_03_is_not_judged_where_an_inspection_may_be_hidden() -> None:
    for hidden in (act(9, None), act(9, "KIEM_TRA", None)):
        assert case([*year("PT6", "KIEM_TRA"), hidden]).said("PT-03") == {("P1", "HOAT_DONG", "D6", "not_judged")}
    assert case([act(1, "PHAT_DONG", ngay=None)]).said("PT-03") == {("P1", "HOAT_DONG", "D5", "not_judged")}


def test_pt_04_results_without_figures() -> None:
    log = [
        act(1, "SO_KET", ket_qua_so="Sôi nổi, rộng khắp"),
        act(2, "TONG_KET", ket_qua_so="Giúp 3 hộ"),
        act(3, "KIEM_TRA", ket_qua_so=None),
        act(4, "KIEM_TRA", ket_qua_so=None),
        act(5, "TONG_KET", ket_qua_so=None),  # V-02
    ]
    assert case(log).said("PT-04") == {("P1", "HOAT_DONG", "M5", "no_figure"), ("P1", "HOAT_DONG", "M7", "not_judged")}
    assert any("2 dòng Kiểm tra" in text for text in case(log).texts("PT-04"))


def test_pt_05_cycle() -> None:
    assert case(year("PT6")).said("PT-05") == set()
    assert case(year("PT6", "SO_KET")).said("PT-05") == {("P1", "HOAT_DONG", "D6", "no_review")}
    assert case(year("PT6", "KE_HOACH")).said("PT-05") == {("P1", "HOAT_DONG", "D5", "missing")}
    assert case(year("PT6", "PHAT_DONG")).said("PT-05") == {("P1", "HOAT_DONG", "D5", "missing")}
    text = case(year("PT1", "KE_HOACH", "SO_KET")).texts("PT-05")[0]
    assert "PT1 – Công minh" in text and "kế hoạch, sơ kết;" in text


def test_pt_05_final_review_after_the_letter_is_only_noted() -> None:
    early = case(year("PT1", "TONG_KET"))
    assert early.said("PT-05") == {("P1", "HOAT_DONG", "D6", "open_final")}
    assert early.findings("PT-05")[0].severity is Severity.INFORMATION
    late = case(year("PT1", "TONG_KET"), ngay_to_trinh=D(2026, 12, 2))
    assert late.said("PT-05") == {("P1", "HOAT_DONG", "D6", "no_review")}
    assert case(year("PT1", "TONG_KET"), ngay_to_trinh=None).said("PT-05") == {("P1", "HOAT_DONG", "D6", "open_final")}


def test_pt_05_looks_only_at_what_was_begun_in_time() -> None:
    assert case([act(1, "KIEM_TRA")]).looked_at("PT-05") == 0
    assert case([act(1, "PHAT_DONG", ngay=D(2026, 10, 1))]).looked_at("PT-05") == 0
    assert case([act(1, "PHAT_DONG", "PT4", ngay=D(2026, 2, 1))]).looked_at("PT-05") == 0  # PT-07


def test_pt_05_is_not_judged_where_a_step_may_be_hidden() -> None:
    log = [*year("PT6", "SO_KET"), act(9, "SO_KET", None)]
    assert case(log).said("PT-05") == {("P1", "HOAT_DONG", "D6", "not_judged")}
    log = [act(1, "PHAT_DONG", ngay=None), act(2, "SO_KET")]
    assert case(log).said("PT-05") == {("P1", "HOAT_DONG", "D5", "not_judged")}


def chosen(number: int, movement: str | None, **more: Any) -> dict[str, Any]:
    return proposal(f"DN{number:02d}", "CC1", "GK", loai_hinh="CHUYEN_DE", phong_trao=movement, **more)


def test_pt_06_selection_without_review() -> None:
    sheets = {"NHAN_SU": [staff("CC1")], "DE_NGHI": [chosen(1, "PT6"), chosen(2, "PT6"), chosen(3, "PT1")]}
    log = [act(1, "PHAT_DONG"), act(2, "SO_KET", "PT1")]
    assert case(log, sheets=sheets).said("PT-06") == {("P1", "DE_NGHI", "I5", "no_review")}
    assert "2 trường hợp" in case(log, sheets=sheets).texts("PT-06")[0]
    assert case([act(1, "TONG_KET"), act(2, "SO_KET", "PT1")], sheets=sheets).said("PT-06") == set()
    assert case([*log, act(3, "TONG_KET", None)], sheets=sheets).said("PT-06") == {
        ("P1", "DE_NGHI", "I5", "not_judged")
    }
    no_log = Case(P1={"DON_VI": [form()], **sheets}, without={"P1": {"HOAT_DONG"}})
    assert no_log.said("PT-06") == set() and no_log.looked_at("PT-06") == 0


def test_pt_06_ended_movement_without_selection_is_information() -> None:
    log = [act(1, "TONG_KET", "PT4"), act(2, "TONG_KET", "PT6")]
    found = case(log).findings("PT-06")
    assert [(f.cell, f.variant, f.severity) for f in found] == [("C5", "no_selection", Severity.INFORMATION)]
    assert "(PT4)" in case(log).texts("PT-06")[0]
    sheets = {"DE_NGHI": [chosen(1, "PT4", ket_qua="KHONG_DE_NGHI")]}
    assert case(log, sheets=sheets).said("PT-06") == set()
    assert case(log, sheets={"DE_NGHI": [chosen(1, None)]}).said("PT-06") == set()


def test_pt_07_launched_after_its_end() -> None:
    log = [act(1, "PHAT_DONG", "PT4"), act(2, "PHAT_DONG", "PT4", ngay=D(2025, 12, 20)), act(3, "TONG_KET", "PT4")]
    assert case(log).said("PT-07") == {("P1", "HOAT_DONG", "E5", "launched_after_end")}


def test_pt_07_ended_and_not_summed_up() -> None:
    log = [act(1, "KIEM_TRA", "PT4")]
    assert case(log).said("PT-07") == {("P1", "DON_VI", form_cell("ma_don_vi"), "not_closed")}
    assert "PT4 (đến 31/12/2025)" in case(log).texts("PT-07")[0]
    assert case([act(1, "TONG_KET", "PT4")]).said("PT-07") == set()
    assert case([*log, act(2, None)]).said("PT-07") == {("P1", "DON_VI", form_cell("ma_don_vi"), "not_judged")}
    assert case([]).said("PT-07") == set()  # PT-09 says that there is no activity at all


def test_pt_07_gentle_where_the_unit_could_not_or_need_not_yet() -> None:
    def with_end(day: Any, **unit: Any) -> Case:
        catalogue = [{"ma": "PT4", "ten": "x", "tu_ngay": D(2021, 1, 1), "den_ngay": day}]
        units = [{"ma_don_vi": "P1", "ten_don_vi": "Phòng 1", "loai": "PHONG", "tu_ngay": D(2015, 1, 1), **unit}]
        tables = {"DON_VI": [form()], "HOAT_DONG": [act(1, "KIEM_TRA", "PT4")]}
        return Case(P1=tables, configured={"PHONG_TRAO": catalogue, "DON_VI": units})

    cell = form_cell("ma_don_vi")
    assert with_end(D(2026, 11, 1)).said("PT-07") == set()  # letter on 12/11: not 30 days yet
    assert with_end(D(2026, 6, 30)).said("PT-07") == {("P1", "DON_VI", cell, "not_closed")}
    assert with_end(D(2026, 6, 30), ngay_thanh_lap=D(2026, 7, 1)).said("PT-07") == set()
    assert with_end(D(2025, 10, 31)).said("PT-07") == {("P1", "DON_VI", cell, "not_closed_before")}
    assert with_end(D(2025, 6, 30)).said("PT-07") == set()


def form_cell(name: str) -> str:
    return f"C{form_rows(UNIT_TEMPLATE.by_code['DON_VI'])[name]}"


LAST_YEAR = ("", "", "", "not_judged")


def test_pt_08_one_form_all_year() -> None:
    same = [act(n, "QUAN_TRIET", None) for n in range(1, 6)]
    assert case(same).said("PT-08") == {("P1", "HOAT_DONG", "I5", "one_form"), LAST_YEAR}
    assert case(same).findings("PT-08")[0].severity is Severity.INFORMATION
    assert case([*same, act(6, "PHOI_HOP", hinh_thuc="THUC_DIA")]).said("PT-08") == {LAST_YEAR}
    assert case(same[:4]).said("PT-08") == {LAST_YEAR}
    assert case([*same, act(6, "PHOI_HOP", hinh_thuc=None)]).said("PT-08") == {
        ("P1", "HOAT_DONG", "I5", "not_judged"),
        LAST_YEAR,
    }


def test_pt_09_says_yes_and_logs_nothing() -> None:
    cell = form_cell("trien_khai_phong_trao")
    assert case([]).said("PT-09") == {("P1", "DON_VI", cell, "said_but_none")}
    assert case([], trien_khai_phong_trao="KHONG").said("PT-09") == set()
    assert case([], trien_khai_phong_trao=None).said("PT-09") == set()  # V-02


def test_pt_09_movements_in_force_that_were_never_touched() -> None:
    found = case([act(1, "KIEM_TRA", "PT1")]).findings("PT-09")
    assert [(f.cell, f.variant, f.severity) for f in found] == [
        (form_cell("ma_don_vi"), "untouched", Severity.INFORMATION)
    ]
    assert found[0].params["cac_phong_trao"] == "PT6"  # PT4 ended in the first month: PT-07
    assert case([act(1, "KIEM_TRA", "PT1"), act(2, "PHOI_HOP", "PT6")]).said("PT-09") == set()
    assert case([act(1, "KIEM_TRA", "PT1"), act(2, "SO_KET", None)]).said("PT-09") == set()


def test_pt_09_without_the_sheet_or_the_catalogue_is_not_judged() -> None:
    lacking = Case(P1={"DON_VI": [form()]}, without={"P1": {"HOAT_DONG"}}, configured={"PHONG_TRAO": CATALOGUE})
    codes = [f"PT-0{n}" for n in range(1, 10)]
    assert lacking.said(*codes) == {
        ("P1", "DON_VI", form_cell("ma_don_vi"), "not_judged"),
        LAST_YEAR,
    }
    assert Case(P1={"DON_VI": [form()]}).said("PT-09") == {
        ("P1", "DON_VI", form_cell("trien_khai_phong_trao"), "said_but_none"),
        LAST_YEAR,
    }


def test_nothing_at_all_is_no_trouble() -> None:
    codes = [f"PT-0{n}" for n in range(1, 10)]
    Case(P1={}).said(*codes)
    Case(P1=None).said(*codes)
    blank = dict.fromkeys(act(1, "PHAT_DONG"))
    Case(P1={"DON_VI": [{"ma_don_vi": "P1"}], "HOAT_DONG": [blank] * 6}).said(*codes)
