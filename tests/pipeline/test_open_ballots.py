"""`phieu-cong-khai.csv`: what is read of it, what is refused and where; nobody is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.open_ballots import FILE_NAME, Ballot, read_open_ballots

LAST = 2026
UNITS = {"P1": "Phòng Một", "P2": "Phòng Hai", "P3": "Phòng Hai"}
HEAD = "don_vi,nam,nguoi_bo_phieu,ung_vien,dong_y\n"


def read(folder: Path, text: str) -> tuple[tuple[Ballot, ...], tuple[str, ...]]:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    found = read_open_ballots(folder, UNITS, LAST)
    assert found is not None
    return found.rows, found.faults


def test_no_file_is_no_ballots(tmp_path: Path) -> None:
    assert read_open_ballots(tmp_path, UNITS, LAST) is None


def test_rows_are_read_and_bad_ones_said_by_row_and_column(tmp_path: Path) -> None:
    text = (
        HEAD
        + "P1,2025,CC1,CC2,1\nP1,2025,CC1,CC3,không\nP1,hôm nay,CC1,CC2,1\nP1,2025,,CC2,1\nP1,2025,CC9,CC2,?\n,,,,\n"
    )
    rows, faults = read(tmp_path, text)
    assert rows == (Ballot("P1", 2025, "CC1", "CC2", True), Ballot("P1", 2025, "CC1", "CC3", False))
    assert [fault.split(": ")[0] for fault in faults] == [
        f"{FILE_NAME}, dòng 4, cột nam", f"{FILE_NAME}, dòng 5, cột nguoi_bo_phieu", f"{FILE_NAME}, dòng 6, cột dong_y",
    ]  # fmt: skip
    assert not any("CC" in fault for fault in faults)


@pytest.mark.parametrize(("text", "said"), [("", "tệp trống"), ("don_vi,nam\n", "thiếu cột nguoi_bo_phieu")])
def test_a_wrong_header_stops_nothing(tmp_path: Path, text: str, said: str) -> None:
    rows, (fault,) = read(tmp_path, text)
    assert rows == () and said in fault


def test_a_file_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\x00\x01" * 50)
    found = read_open_ballots(tmp_path, UNITS, LAST)
    assert found is not None and found.rows == () and found.faults


def test_a_quote_that_is_not_closed_and_a_cell_too_many_cost_one_row_and_are_said(tmp_path: Path) -> None:
    rows, faults = read(tmp_path, HEAD + 'P1,2025,"CC1,CC2,1\nP1,2025,CC1,CC2,1,1\nP1,2025,CC1,CC3,0\n')
    assert rows == (Ballot("P1", 2025, "CC1", "CC3", False),)
    assert [fault.split(":")[0] for fault in faults] == [f"{FILE_NAME}, dòng 2", f"{FILE_NAME}, dòng 3"]


def test_a_year_that_is_still_to_come_is_said_and_not_read(tmp_path: Path) -> None:
    rows, (fault,) = read(tmp_path, HEAD + f"P1,{LAST},CC1,CC2,1\nP1,{LAST + 1},CC1,CC3,1\n")
    assert [ballot.year for ballot in rows] == [LAST] and "dòng 3, cột nam" in fault


def test_a_unit_is_known_by_its_code_or_its_name_however_spelt(tmp_path: Path) -> None:
    named = ["P1", "p1", " P1 ", "phòng  một", "Phòng Hai", "P9"]
    rows, faults = read(tmp_path, HEAD + "".join(f"{unit},2025,CC1,CC{n},1\n" for n, unit in enumerate(named)))
    assert [row.unit for row in rows] == ["P1", "P1", "P1", "P1", "Phòng Hai", "P9"] and faults == ()


def test_ballots_given_twice_are_said_and_count_alike_in_any_order(tmp_path: Path) -> None:
    lines = ["P1,2025,CC1,CC2,1", "P1,2025,cc1,CC2,0", "Phòng Một,2025,CC3,CC2,1", "P1,2025,CC3,CC2,1"]
    for order in (lines, lines[::-1]):
        rows, faults = read(tmp_path, HEAD + "\n".join(order) + "\n")
        assert rows == (Ballot("P1", 2025, "CC3", "CC2", True),)
        assert sorted("trái với" in fault for fault in faults) == [False, True]
