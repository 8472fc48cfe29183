"""Files whose rows, columns and names people have changed are read, and the change is said."""

from __future__ import annotations

import pytest

from tests.desk import Desk


def _insert_rows(desk: Desk, sheet: str, at: int, lines: list[list[str]]) -> Desk:
    grid = desk.grid(sheet)
    width = len(grid.rows[0])
    grid.rows[at:at] = [line + [""] * (width - len(line)) for line in lines]
    return desk


def _move_column(desk: Desk, sheet: str, source: int, target: int) -> Desk:
    for row in desk.grid(sheet).rows:
        row.insert(target, row.pop(source))
    return desk


def test_inserted_title_rows() -> None:
    desk = _insert_rows(Desk(), "NHAN_SU", 0, [["ĐƠN VỊ: PHÒNG 1"], [""]])
    assert desk.variants() == {("NHAN_SU", "", "V-17.moved_rows"), ("NHAN_SU", "A1", "V-16.above")}


def test_moved_columns_are_read_by_heading_and_key() -> None:
    desk = _move_column(Desk(), "NHAN_SU", 4, 2)
    findings, data = desk.run()
    assert [(f.code, f.variant) for f in findings] == [("V-17", "moved_columns")]
    assert data is not None and data.frames["NHAN_SU"]["gioi_tinh"].tolist() == ["NAM", "NU", "NAM"]


def test_address_follows_a_moved_column() -> None:
    desk = _move_column(Desk(), "NHAN_SU", 4, 2).type("NHAN_SU", "C6", "Nử")
    assert ("NHAN_SU", "C6", "V-04.near") in desk.variants()


def test_inserted_column_with_data_is_not_lost() -> None:
    desk = Desk()
    for i, row in enumerate(desk.grid("NHAN_SU").rows):
        row.insert(3, {2: "Quê quán", 4: "Tỉnh Mẫu"}.get(i, ""))
    assert desk.variants() == {("NHAN_SU", "D5", "V-16.cells")}
    finding = desk.findings()[0]
    assert (finding.value, finding.params["cot"]) == ("Tỉnh Mẫu", "Quê quán")


def test_heading_pasted_over_another_column() -> None:
    desk = Desk().type("NHAN_SU", "G3", "Chức vụ (*)").type("NHAN_SU", "F3", "Chức danh (*)")
    variants = {v for _, _, v in desk.variants()}
    assert "V-17.heading_conflict" in variants and "V-17.moved_columns" in variants


def test_renamed_heading_is_read_by_key() -> None:
    assert Desk().type("NHAN_SU", "F3", "Cương vị công tác").variants() == {("NHAN_SU", "F3", "V-17.renamed_heading")}


def test_without_key_row_headings_serve() -> None:
    desk = Desk()
    desk.grid("NHAN_SU").rows[1] = [""] * len(desk.grid("NHAN_SU").rows[1])
    assert desk.variants() == set()


def test_without_key_row_a_near_heading_is_asked_about() -> None:
    desk = Desk().type("NHAN_SU", "F3", "Chức vụj")
    desk.grid("NHAN_SU").rows[1] = [""] * len(desk.grid("NHAN_SU").rows[1])
    assert desk.variants() == {("NHAN_SU", "F3", "V-17.near_heading")}


@pytest.mark.parametrize("name", ["Danh sach CB", "nhan_su", "NHAN SU"])
def test_renamed_sheet(name: str) -> None:
    desk = Desk()
    desk.grid("NHAN_SU").name = name
    assert desk.variants() == {(name, "", "V-17.renamed_sheet")}


def test_missing_sheet_and_missing_column() -> None:
    desk = Desk()
    desk.book.grids = [g for g in desk.book.grids if g.name != "HO_SO"]
    assert desk.variants() == {("", "", "V-01.no_sheet")}
    desk = Desk()
    for row in desk.grid("NHAN_SU").rows:
        row.pop(8)
    assert desk.variants() == {("NHAN_SU", "", "V-01.no_column")}


def test_references_to_a_missing_sheet_are_not_judged() -> None:
    desk = Desk()
    desk.book.grids = [g for g in desk.book.grids if g.name != "NHAN_SU"]
    variants = desk.variants()
    assert ("CHI_TIEU", "O5", "V-06.not_judged") in variants and ("DON_VI", "C16", "V-07.not_judged") in variants
    assert not {v for v in variants if v[2] in ("V-06.unknown", "V-06.near")}


def test_sheet_of_another_unit_is_told_apart_and_not_read() -> None:
    desk = Desk()
    grid = desk.grid("HO_SO")
    grid.rows[1][0] = str(grid.rows[1][0]).replace("|P1", "|P2")
    findings, data = desk.run()
    assert [(f.code, f.variant, f.params["goc_trang"]) for f in findings] == [("V-08", "foreign_sheet", "P2 (kỳ 2026)")]
    assert data is not None and data.counts[0].balanced and data.counts[0].refused > 0


def test_unknown_sheet_with_data_is_named() -> None:
    desk = Desk()
    desk.grid("HUONG_DAN").name = "Ghi chú riêng"
    assert {v for _, _, v in desk.variants()} == {"V-16.sheet"}


def test_hidden_rows_columns_sheets_and_merged_cells() -> None:
    desk = Desk().facts("NHAN_SU", hidden_rows=frozenset({2, 6}), hidden_columns=frozenset({9}), visibility="hidden")
    desk.grid("NHAN_SU").merged = ((6, 9, 7, 9),)
    assert desk.variants() == {
        ("NHAN_SU", "", "V-17.hidden_sheet"), ("NHAN_SU", "A6:A6", "V-17.hidden_rows"),
        ("NHAN_SU", "I6:I7", "V-17.merged"),
    }  # fmt: skip
    assert ("NHAN_SU", "", "V-17.hidden_columns") in desk.type("NHAN_SU", "I6", "Tổ 1").variants()


def test_row_numbers_are_no_data() -> None:
    desk = Desk().type("NHAN_SU", "A9", 5).type("NHAN_SU", "A10", "6")
    assert desk.variants() == set()
    _, data = desk.run()
    assert data is not None and len(data.frames["NHAN_SU"]) == 3


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("TDKT-01", "TDKT-02"), "V-13.not_template"),
        (("1.0", "0.9"), "V-13.old_version"),
        (("1.0", "0.1"), "V-13.dead_version"),
        (("1.0", "2.0"), "V-13.newer_version"),
        (("2026", "2025"), "V-08.wrong_period"),
        (("P1", "P99"), "V-08.unknown_unit"),
        (("P1", "H1"), "V-08.closed_unit"),
        (("P1", ""), "V-13.no_identity"),
    ],
)
def test_gates(change: tuple[str, str], expected: str) -> None:
    desk = Desk()
    desk.book.names = {k: v.replace(*change) if v == change[0] else v for k, v in desk.book.names.items()}
    found = {v for _, _, v in desk.variants()}
    assert expected in found
    assert (desk.run()[1] is None) == (expected != "V-13.old_version")


def test_identity_from_stamps_and_from_the_form_when_names_are_gone() -> None:
    desk = Desk()
    desk.book.names = {}
    assert desk.variants() == set()
    for grid in desk.book.grids:
        if len(grid.rows) > 1:
            grid.rows[1][0] = ""
    assert desk.variants() == set()


def test_errors_without_an_address_are_said_of_the_sheet() -> None:
    desk = Desk().facts("NHAN_SU", error_count=2)
    assert desk.variants() == {("NHAN_SU", "", "V-15.somewhere")}


def test_a_column_inserted_on_the_form_moves_the_values() -> None:
    desk = Desk()
    for row in desk.grid("DON_VI").rows:
        row.insert(2, "")
    assert desk.variants() == {("DON_VI", "", "V-17.moved_columns")}
    assert ("DON_VI", "D27", "V-04.unknown") in desk.type("DON_VI", "D27", "giơ tay").variants()


def test_two_sheets_of_one_name_are_not_confused() -> None:
    desk = Desk()
    desk.grid("SANG_KIEN").name = "NHAN_SU"
    _, data = desk.run()
    assert data is not None and data.counts[0].balanced
    assert len(data.frames["SANG_KIEN"]) == 2 and len(data.frames["NHAN_SU"]) == 3
