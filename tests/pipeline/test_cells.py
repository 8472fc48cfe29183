"""One cell typed wrongly, one finding at that cell; one typed unusually, none. Sheet, cell, what, code.variant."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.findings import NOT_JUDGED, Finding, sentences
from pipeline.layout import shown
from pipeline.reading import Uncached
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import Desk

FOUND: list[tuple[str, str, Any, set[tuple[str, str, str]]]] = [
    # V-02
    ("NHAN_SU", "F6", "", {("NHAN_SU", "F6", "V-02.required")}),
    ("NHAN_SU", "F6", " \u00a0\u200b", {("NHAN_SU", "F6", "V-02.required")}),
    ("DON_VI", "C22", "", {("DON_VI", "C22", "V-02.required")}),
    ("DE_NGHI", "F5", "", {("DE_NGHI", "F5", "V-02.conditional"), ("DE_NGHI", "G5", "V-02.conditional")}),
    ("DE_NGHI", "N5", "", {("DE_NGHI", "N5", "V-02.conditional")}),
    # V-03
    ("NHAN_SU", "N6", "chín mươi", {("NHAN_SU", "N6", "V-03.not_number")}),
    ("NHAN_SU", "N6", dt.date(2026, 5, 8), {("NHAN_SU", "N6", "V-03.not_number")}),
    ("NHAN_SU", "N6", 105.0, {("NHAN_SU", "N6", "V-03.out_of_range")}),
    ("CHI_TIEU", "H5", "1.234", {("CHI_TIEU", "H5", "V-03.number_two_ways")}),
    ("CHI_TIEU", "H5", "1,234", {("CHI_TIEU", "H5", "V-03.number_two_ways")}),
    ("PHIEU", "E5", 2.5, {("PHIEU", "E5", "V-03.not_integer"), ("PHIEU", "E5", "QT-03.not_judged")}),
    ("NHAN_SU", "D6", "31/02/1985", {("NHAN_SU", "D6", "V-03.not_date")}),
    ("NHAN_SU", "D6", "1985", {("NHAN_SU", "D6", "V-03.not_date")}),
    ("NHAN_SU", "D6", 31292.0, {("NHAN_SU", "D6", "V-03.date_as_number")}),
    ("DON_VI", "C28", dt.datetime(2026, 5, 12), {("DON_VI", "C28", "V-03.not_text")}),
    ("DE_NGHI", "N5", "x" * 601, {("DE_NGHI", "N5", "V-03.too_long")}),
    ("CHI_TIEU", "H5", "1" * 400, {("CHI_TIEU", "H5", "V-03.not_number")}),
    ("CHI_TIEU", "H5", float("inf"), {("CHI_TIEU", "H5", "V-03.not_number")}),
    ("NHAN_SU", "N6", "9 5", {("NHAN_SU", "N6", "V-03.not_number")}),
    ("SANG_KIEN", "F5", 0.6, {("SANG_KIEN", "F5", "V-03.percent_two_ways")}),
    ("CHI_TIEU", "M5", "một trăm", {("CHI_TIEU", "M5", "V-03.not_number"), ("DON_VI", "C53", "V-07.not_judged")}),
    # V-04
    ("NHAN_SU", "E6", "Namm", {("NHAN_SU", "E6", "V-04.near"), ("DON_VI", "C17", "V-07.not_judged")}),
    ("NHAN_SU", "L6", "Xuất chúng", {("NHAN_SU", "L6", "V-04.unknown")}),
    # V-05, V-06
    ("NHAN_SU", "B6", "CC0001", {
        ("NHAN_SU", "B5", "V-05.same_key"), ("NHAN_SU", "B6", "V-05.same_key"),
        ("DE_NGHI", "D6", "V-06.unknown"), ("CHI_TIEU", "O5", "V-06.unknown"),
        ("SANG_KIEN", "E5", "V-06.unknown"),
    }),
    ("CHI_TIEU", "O5", "CC0001; XYZ", {("CHI_TIEU", "O5", "V-06.unknown")}),
    ("DE_NGHI", "L6", "SK01; CT99", {("DE_NGHI", "L6", "V-06.unknown")}),
    ("DE_NGHI", "D7", "P2", {("DE_NGHI", "D7", "V-06.near")}),
    ("PHIEU", "B7", "DN77", {("PHIEU", "B7", "V-06.unknown")}),
    # V-07, V-08
    ("DON_VI", "C16", 4.0, {("DON_VI", "C16", "V-07.count")}),
    ("DE_NGHI", "E6", "Đào Thử Bính", {("DE_NGHI", "E6", "V-07.name")}),
    ("SANG_KIEN", "F5", 70.0, {("SANG_KIEN", "F5", "V-07.shares")}),
    ("PHIEU", "L5", "Đã xét, không đề nghị", {("PHIEU", "L5", "V-07.outcome")}),
    ("DON_VI", "C5", "P2", {("DON_VI", "C5", "V-08.cell_differs")}),
    # V-09
    ("DON_VI", "C21", dt.datetime(2026, 5, 11), set()),
    ("DON_VI", "C21", dt.datetime(2027, 5, 11), {
        ("DON_VI", "C21", "V-09.outside"), ("DON_VI", "C21", "HS-02.not_judged"),
    }),
    ("DON_VI", "C10", dt.datetime(2027, 12, 1), {("DON_VI", "C10", "V-09.swapped")}),
    ("NHAN_SU", "J6", dt.datetime(2016, 3, 1), {("NHAN_SU", "K6", "V-09.order")}),
    # V-10
    ("NHAN_SU", "F6", "Kiểm  sát viên ", {("NHAN_SU", "F6", "V-10.spaces")}),
    ("NHAN_SU", "F6", "Kie\u0302\u0309m sa\u0301t vie\u0302n", {("NHAN_SU", "F6", "V-10.nfd")}),
    ("NHAN_SU", "F6", "KiÓm s¸t viªn", {("NHAN_SU", "F6", "V-10.legacy")}),
    ("NHAN_SU", "F6", "Ki?m s?t vi?n", {("NHAN_SU", "F6", "V-10.lost")}),
    # V-15, V-16
    ("NHAN_SU", "N6", "#REF!", {("NHAN_SU", "N6", "V-15.error")}),
    ("NHAN_SU", "N6", Uncached("=A1+1"), {("NHAN_SU", "N6", "V-15.uncached")}),
    ("NHAN_SU", "Q6", "chưa rõ", {("NHAN_SU", "Q6", "V-16.cells")}),
    ("NHAN_SU", "C4", "Hà Ví Dụ", {("NHAN_SU", "C4", "V-16.example_row")}),
    ("NHAN_SU", "E1", "đề nghị xét đặc cách", {("NHAN_SU", "E1", "V-16.above")}),
    ("NHAN_SU", "R3", "đề nghị xét đặc cách", {("NHAN_SU", "R3", "V-16.above")}),
    ("DON_VI", "B1", "đề nghị xét đặc cách", {("DON_VI", "B1", "V-16.above")}),
    ("DON_VI", "H20", "đề nghị xét đặc cách", {("DON_VI", "H20", "V-16.cells")}),
    # QT-03, HS-02
    ("PHIEU", "G5", "", {("PHIEU", "G5", "V-02.required"), ("PHIEU", "G5", "QT-03.not_judged")}),
    ("PHIEU", "D5", "hai", {("PHIEU", "D5", "V-03.not_number")}),
    ("PHIEU", "F5", 4.0, {("PHIEU", "F5", "QT-03.issued"), ("PHIEU", "F5", "QT-03.returned")}),
    ("PHIEU", "I5", 2.0, {("PHIEU", "G5", "QT-03.valid")}),
    ("DON_VI", "C29", dt.datetime(2026, 11, 14), {("DON_VI", "C31", "HS-02.order")}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "expected"), FOUND, ids=lambda v: "→" if isinstance(v, set) else str(v)[:24]
)
def test_a_wrong_cell(sheet: str, cell: str, value: Any, expected: set[tuple[str, str, str]]) -> None:
    """Found at its address, read back with its value, said in full; no cell gets lost on the way."""
    desk = Desk().type(sheet, cell, value)
    findings, data = desk.run()
    assert {(f.sheet, f.cell, f"{f.code}.{f.variant}") for f in findings} == expected
    assert data is not None and data.counts[0].balanced, data
    for finding in findings:
        raw = desk.read(finding.sheet, finding.cell)
        assert finding.value == shown(raw)
        _complete(finding)


def _complete(finding: Finding) -> None:
    """Place · found · why · do: every named field of the sentence was given."""
    words = sentences(finding)
    assert finding.sheet in words.what and finding.cell in words.what
    assert words.fix and "…" not in words.fix and ("…" not in words.what or len(finding.value) > 60), words
    assert "{" not in words.what + words.fix
    assert (words.severity == NOT_JUDGED) == (finding.variant == "not_judged")


ACCEPTED: list[tuple[str, str, Any]] = [
    ("CHI_TIEU", "I5", "93,5"),
    ("CHI_TIEU", "I5", "1.234,5"),
    ("CHI_TIEU", "I5", "93.5"),
    ("CHI_TIEU", "I5", "1.234.567"),
    ("CHI_TIEU", "I5", "1 234,5"),
    ("NHAN_SU", "D6", "2/9/1985"),
    ("NHAN_SU", "D6", "1985-09-02"),
    ("NHAN_SU", "D6", "ngày 02 tháng 09 năm 1985"),
    ("NHAN_SU", "E5", "NAM"),  # the code of a choice is as good as its label
    ("DON_VI", "C28", 5.0),  # a number where a text belongs
    ("NHAN_SU", "I5", "Tổ 1"),
]


@pytest.mark.parametrize(("sheet", "cell", "value"), ACCEPTED)
def test_an_unusual_but_clear_cell_is_accepted(sheet: str, cell: str, value: Any) -> None:
    assert Desk().type(sheet, cell, value).found() == set()


def test_parsed_values() -> None:
    desk = Desk().type("CHI_TIEU", "I5", "1.234,5").type("NHAN_SU", "D6", "2/9/1985")
    _, data = desk.run()
    assert data is not None
    assert data.frames["CHI_TIEU"]["thuc_hien"].iloc[0] == 1234.5
    assert str(data.frames["NHAN_SU"]["ngay_sinh"].iloc[1].date()) == "1985-09-02"
    assert data.frames["NHAN_SU"]["gioi_tinh"].tolist() == ["NAM", "NU", "NAM"]


def test_a_newcomer_is_known_by_name_and_birth_and_said() -> None:
    desk = Desk().type("NHAN_SU", "B7", "").type("DE_NGHI", "D6", "vàng mẫu sinh, 02/09/1985")
    desk.type("DE_NGHI", "E6", "Vàng Mẫu Sinh").type("NHAN_SU", "D7", dt.datetime(1985, 9, 2))
    assert desk.variants() == {("NHAN_SU", "B7", "V-02.newcomer")}


def test_equal_rows_in_two_keys_name_each_other() -> None:
    finding = next(f for f in Desk().type("DE_NGHI", "B6", "DN01").findings() if f.code == "V-05")
    assert finding.params["cac_dong"] == "5–6"


def test_a_flood_of_equal_keys_is_said_once_each_and_shortly() -> None:
    desk = Desk()
    for row in range(8, 1208):
        for column, value in zip("BCDEFGHJKLO", desk.grid("NHAN_SU").rows[6][1:], strict=False):
            desk.type("NHAN_SU", f"{column}{row}", value)
    twins = [f for f in desk.findings() if f.code == "V-05"]
    assert len(twins) == 1201
    assert max(len(f.params["cac_dong"]) for f in twins) < 60


def test_shares_may_be_rounded_by_each_author() -> None:
    desk = Desk()
    line = list(desk.grid("SANG_KIEN").rows[4])
    for number in range(6):
        for j, value in enumerate(line):
            desk.type("SANG_KIEN", f"{chr(65 + j)}{5 + number}", value)
        desk.type("SANG_KIEN", f"E{5 + number}", f"Ngoài: Hà Ví {number}").type("SANG_KIEN", f"F{5 + number}", 16.67)
    assert desk.found() == set()


def test_a_blank_code_is_no_key_to_compare_strangers_by() -> None:
    desk = Desk().type("DE_NGHI", "B5", "").type("PHIEU", "B5", "").type("PHIEU", "L5", "Đã xét, không đề nghị")
    assert not {v for v in desk.variants() if v[2].startswith("V-07")}


CELLS = st.tuples(
    st.sampled_from([sheet.code for sheet in UNIT_TEMPLATE.sheets]), st.sampled_from("ABCDEFGHIJKLMNOPQ"),
    st.integers(1, 60),
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=30),
    st.floats(),
    st.booleans(),
    st.datetimes(min_value=dt.datetime(1900, 1, 1)),
    st.sampled_from(
        ["#REF!", "=1+1", "tdkt|x", "tdkt|NHAN_SU|TDKT-01|1.0|2026|P2", "Ví dụ", "\u200b", "CC0001; CC0002"]
    ),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELLS, VALUES), min_size=1, max_size=4))
def test_whatever_is_typed_nothing_is_lost(typed: list[tuple[tuple[str, str, int], Any]]) -> None:
    desk = Desk()
    for (sheet, column, row), value in typed:
        desk.type(sheet, f"{column}{row}", value)
    findings, data = desk.run()
    assert data is None or data.counts[0].balanced
    for finding in findings:
        sentences(finding)
