"""A unit whose gate the council has not decided: its nominations say so on the lists, in print, and in every count."""

from __future__ import annotations

from functools import cache
from typing import Any

import openpyxl
import pytest

from pipeline.documents import facts_of_run
from pipeline.documents.tags import letter_tags, minutes_tags
from pipeline.results import Results
from pipeline.workbook.nominated import Nominations, Part, different
from tests.casework import Case, form, proposal, staff
from tests.pipeline.test_workbook_case import content, opened, rows_of

AWAITS = "chờ kết luận về đơn vị"


def case(decided: str | None = None) -> Results:
    """P1 is clear; P2 has a gate noted, and one of its two nominations awaits a reason besides."""
    gate = {"don_vi": "P2", "dieu_kien": "KY_LUAT", "ket_luan": decided, "ly_do": "QĐ 5"}
    return Case(
        configured={"DIEU_KIEN_LOAI": [gate]},
        P1={"DON_VI": [form("P1")], "NHAN_SU": [staff("CC1")], "DE_NGHI": [proposal("DN01", "CC1", "LDTT")]},
        P2={
            "DON_VI": [form("P2", ma_nguoi_dung_dau="CC2")], "NHAN_SU": [staff("CC2"), staff("CC3")],
            "DE_NGHI": [proposal("DN01", "CC2", "LDTT"), proposal("DN02", "P2", "TTLDTT")],
        },
    ).results()  # fmt: skip


@cache
def results() -> Results:
    return case()


@cache
def book() -> openpyxl.Workbook:
    return opened(content(results()), values=True)


def parts(found: Results) -> dict[str, Part]:
    return {f"{i.unit} {i.code}": i.part for items in Nominations(found).everything for i in items}


def texts(sheet: str) -> list[str]:
    return [str(c.value) for row in book()[sheet].iter_rows() for c in row if c.value is not None]


def row_of(sheet: str, name: str) -> list[Any]:
    return next([c.value for c in row] for row in book()[sheet].iter_rows() if name in [c.value for c in row])


def test_only_the_unit_with_the_gate_waits() -> None:
    found = parts(results())
    assert found["P2 DN01"] is found["P2 DN02"] is Part.UNIT_GATE and found["P1 DN01"] is not Part.UNIT_GATE


def test_a_gate_that_the_council_lifted_holds_nobody_back() -> None:
    assert Part.UNIT_GATE not in parts(case("XET")).values()


def test_a_gate_that_the_council_confirmed_is_told_as_such() -> None:
    (item, *_) = [i for i in Nominations(case("KHONG_XET")).everything[1] if i.unit == "P2"]
    assert item.part is Part.UNIT_GATE
    assert str(item.verdict.value).startswith("▲ Đơn vị P2 không được xét: Có kỷ luật")


@pytest.mark.parametrize("sheet", ["TH_CA_NHAN", "TH_TAP_THE"])
def test_the_lists_say_what_it_waits_for_with_a_link_to_the_decision(sheet: str) -> None:
    (cell,) = [c for row in book()[sheet].iter_rows() for c in row if str(c.value).startswith("▲ Chờ kết luận")]
    assert "đơn vị P2: Có kỷ luật" in cell.value and "QĐ 5" in cell.value
    place = cell.hyperlink.location
    assert place.startswith("'VIEC_CAN_QUYET'!A")
    row = int(place.rpartition("!A")[2])
    assert [c.value for c in book()["VIEC_CAN_QUYET"][row]][1:3] == ["Điều kiện loại trừ", "P2"]


def test_annexes_mark_each_of_them() -> None:
    for sheet, name in (("IN_PL2", "Lò Giả CC2"), ("IN_PL1", "Lò Giả P2")):
        assert str(row_of(sheet, name)[-1]).startswith("Chờ kết luận về đơn vị"), sheet
        assert f"1 đề nghị còn {AWAITS} (P2; xem VIEC_CAN_QUYET) vẫn được in" in book()[sheet]["A3"].value
    assert AWAITS not in str(row_of("IN_PL2", "Lò Giả CC1")[-1]).lower()


def test_ballot_paper_and_minutes_mark_them_and_say_what_the_mark_means() -> None:
    for sheet in ("IN_PHIEU", "IN_BBKP"):
        assert "Lò Giả CC2 (*)" in texts(sheet) and "Lò Giả CC1" in texts(sheet), sheet
        assert any(text.startswith("(*) Đơn vị đang chờ kết luận") for text in texts(sheet)), sheet


def test_counts_of_lists_letter_and_documents() -> None:
    row = row_of("TH_SO_LIEU", "Lao động tiên tiến")
    headings = row_of("TH_SO_LIEU", "Chờ kết luận về đơn vị")
    assert row[headings.index("Chờ kết luận về đơn vị")] == 1
    figures = row_of("IN_TO_TRINH_SO_LIEU", "Lao động tiên tiến")
    assert figures[row_of("IN_TO_TRINH_SO_LIEU", "TT").index("Trong đó chờ kết luận về đơn vị")] == 1
    facts = facts_of_run(results(), Nominations(results()))
    assert minutes_tags(facts, "")["cho_don_vi"] == "02"
    letters = [letter_tags(facts, upwards)["cho_don_vi"] for upwards in (False, True)]
    assert sorted(letters) == ["00", "02"]


def test_the_page_of_the_unit_and_the_votes_say_so() -> None:
    assert any(text.startswith("Mọi đề nghị: chờ kết luận về đơn vị P2") for text in texts("DV_P2"))
    assert "Chờ KL đơn vị" in texts("DV_P2") and "Chờ KL đơn vị" not in texts("DV_P1")
    assert "▲ Chờ kết luận về đơn vị" in row_of("PHIEU_HOI_DONG", "Lò Giả CC2")


def test_each_decision_says_where_it_takes_effect() -> None:
    page = book()["VIEC_CAN_QUYET"]
    rows = {str(r["Loại"]): r for r in rows_of(page)}
    assert "ở trang DIEU_KIEN_LOAI của cau-hinh.xlsx" in rows["Điều kiện loại trừ"]["Có hiệu lực ở đâu"]
    told = rows["Giải trình"]["Có hiệu lực ở đâu"]
    assert told.startswith("Chỉ ghi nhận; quyết ở TH_") and told.endswith(".")
    assert rows["Giải trình"]["Đến"] == "→"
    sheet, cell = told.removeprefix("Chỉ ghi nhận; quyết ở ").removesuffix(".").split(",")[0].split(" ")[:2]
    headings = [c.value for c in book()[sheet][5] if c.value]
    assert "Kết luận" in headings and book()[sheet][cell].protection.locked is False


def test_the_sentences_for_the_letter_say_what_is_still_open() -> None:
    (caveat,) = [text for text in texts("IN_TO_TRINH_SO_LIEU") if "(Trong các số trên" in text]
    assert "02 đề nghị chờ Hội đồng kết luận về đơn vị và 03 đề nghị chờ giải trình" in caveat


def test_the_order_of_people_names_a_reason_that_another_rule_asks_for_and_keeps_the_place() -> None:
    table = results().nominees.table
    said = {row["unit"]: (row["tier"], row["standing"]) for row in table[table["award"] == "LDTT"].to_dict("records")}
    assert said["P2"][0] == said["P1"][0]
    assert said["P2"][1].endswith("Chờ giải trình, không đổi thứ tự: HS-04, ND-03")


def test_whom_two_units_propose_is_one_person() -> None:
    twice = {u: {"DON_VI": [form(u)], "NHAN_SU": [staff("CC1")], "DE_NGHI": [proposal("DN01", "CC1", "LDTT")]}
             for u in ("P1", "P2")}  # fmt: skip
    found = Case(**twice).results()
    assert different(Nominations(found).everything[1]) == 1
    told = opened(content(found), values=True)["IN_TO_TRINH_SO_LIEU"]
    assert any("với 01 công chức, người lao động" in str(c.value) for row in told.iter_rows() for c in row)
