"""`tdkt check`: the officer's own file, judged by what the file itself carries."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import tdkt
from pipeline.template import Contents
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import GOOD, book_bytes, province


def _file(folder: Path, contents: Contents) -> Path:
    path = folder / "P1.xlsx"
    path.write_bytes(
        book_bytes(UNIT_TEMPLATE, province().lists, province().identity("P1", UNIT_TEMPLATE), contents, self_check=True)
    )
    return path


def _check(path: Path) -> Result:
    return CliRunner().invoke(tdkt, ["check", str(path)])


def test_a_good_file_is_told_so_with_counts(tmp_path: Path) -> None:
    result = _check(_file(tmp_path, GOOD))
    assert result.exit_code == 0
    assert "NHAN_SU 3" in result.output and "Không có gì phải sửa" in result.output


def test_a_bad_file_ends_with_1_and_names_the_cell(tmp_path: Path) -> None:
    staff = [{**row, "gioi_tinh": "Namm"} for row in GOOD["NHAN_SU"]]
    result = _check(_file(tmp_path, {**GOOD, "NHAN_SU": staff}))
    assert result.exit_code == 1
    assert "V-04" in result.output and "E5–E7" in result.output and "«Nam»" in result.output


def test_lists_and_period_come_from_the_file(tmp_path: Path) -> None:
    nominations = [{**row, "danh_hieu": "Lao động tiên tiền"} for row in GOOD["DE_NGHI"][:1]]
    form = [{**GOOD["DON_VI"][0], "ngay_lap": "12/11/2028"}]
    result = _check(_file(tmp_path, {**GOOD, "DE_NGHI": [*nominations, *GOOD["DE_NGHI"][1:]], "DON_VI": form}))
    assert "có phải là «Lao động tiên tiến»" in result.output
    assert "31/01/2027" in result.output  # end of the season, from the file's own constants


def test_no_person_is_named_on_the_terminal(tmp_path: Path) -> None:
    nominations = [{**row, "ten_doi_tuong": "Mặt Nạ Ẩn Danh"} for row in GOOD["DE_NGHI"]]
    staff = [{**row, "ho_ten": row["ho_ten"] + "  "} for row in GOOD["NHAN_SU"]]
    result = _check(_file(tmp_path, {**GOOD, "DE_NGHI": nominations, "NHAN_SU": staff}))
    assert result.exit_code == 1 and "V-07" in result.output and "V-10" in result.output
    for name in ("Ẩn Danh", "Lò Giả An", "Đào Thử Bình"):
        assert name not in result.output.replace("Ví dụ: Lò Giả An", "")


def test_a_condition_is_judged_without_naming_the_person(tmp_path: Path) -> None:
    staff = [{**row, "xep_loai_cc": "Hoàn thành nhiệm vụ"} for row in GOOD["NHAN_SU"]]
    result = _check(_file(tmp_path, {**GOOD, "NHAN_SU": staff}))
    assert result.exit_code == 1 and "DK-01" in result.output
    assert "Lao động tiên tiến" in result.output  # what is asked stays readable
    for row in GOOD["NHAN_SU"]:
        assert str(row["ho_ten"]) not in result.output.replace("Ví dụ: Lò Giả An", "")


def test_without_its_period_a_file_is_judged_by_form_only_and_told_so(tmp_path: Path) -> None:
    staff = [{**row, "xep_loai_cc": "Hoàn thành nhiệm vụ"} for row in GOOD["NHAN_SU"]]
    identity = dataclasses.replace(province().identity("P1", UNIT_TEMPLATE), dates=None)
    path = tmp_path / "P1.xlsx"
    path.write_bytes(book_bytes(UNIT_TEMPLATE, province().lists, identity, {**GOOD, "NHAN_SU": staff}))
    result = _check(path)
    assert "DK-01" not in result.output and "chưa được xét" in result.output


@pytest.mark.parametrize(("content", "code"), [(b"", "V-11"), (b"%PDF-1.7", "V-11"), (b"PK\x03\x04rest", "V-11")])
def test_what_is_no_workbook_is_said(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    result = _check(path)
    assert result.exit_code == 1 and code in result.output


def test_a_missing_file_ends_with_2(tmp_path: Path) -> None:
    assert _check(tmp_path / "none.xlsx").exit_code == 2
