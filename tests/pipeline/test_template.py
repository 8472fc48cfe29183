"""The written workbooks, read back; and KIEM_TRA, recalculated by LibreOffice."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.paper import AHEAD_OF_UTC, FONT, lines_needed, row_height
from pipeline.template import Contents, form_rows, last_entry_row, write_book
from schemas.columns import (
    EXAMPLE_MARK,
    FIRST_ENTRY_ROW,
    KEY_ROW,
    STAMP_PREFIX,
    BookSpec,
    Identity,
    Kind,
)
from schemas.province import CONFIGURATION, HISTORY
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import Entry, Lists

LISTS = Lists.of(
    {
        "DON_VI": (Entry("P1", "Phòng 1"), Entry("KV1", "VKSND khu vực 1")),
        "DANH_HIEU": (Entry("LDTT", "Lao động tiên tiến"), Entry("CSTDCS", "Chiến sĩ thi đua cơ sở")),
        "HINH_THUC": (Entry("GK", "Giấy khen"),),
        "PHONG_TRAO": (Entry("PT1", "Công minh – Chính trực"),),
    }
)
CREATED = dt.datetime(2026, 9, 1, 8)
DEADLINE = dt.datetime(2026, 11, 16, 16)
SPECS = (UNIT_TEMPLATE, CONFIGURATION, HISTORY)
MARGINS = {"left": 1.18, "right": 0.59, "top": 0.79, "bottom": 0.79}


def identity(spec: BookSpec) -> Identity:
    unit = "P1" if spec is UNIT_TEMPLATE else ""
    return Identity(unit, "Phòng 1" if unit else "VKSND tỉnh Mẫu", "2026", spec.code, spec.version)


def made(spec: BookSpec = UNIT_TEMPLATE, contents: Contents | None = None, **options: Any) -> bytes:
    target = io.BytesIO()
    options = {"created": CREATED, "deadline": DEADLINE, "self_check": spec is UNIT_TEMPLATE} | options
    write_book(target, spec, LISTS, identity(spec), contents or {}, **options)
    return target.getvalue()


def opened(data: bytes, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


FORM = {column.name: column.example for column in UNIT_TEMPLATE.by_code["DON_VI"]}


def good_contents() -> dict[str, list[dict[str, Any]]]:
    """A unit of three people whose file is complete."""
    person = {column.name: column.example for column in UNIT_TEMPLATE.by_code["NHAN_SU"]}
    nomination = {column.name: column.example for column in UNIT_TEMPLATE.by_code["DE_NGHI"]}
    ballot = {column.name: column.example for column in UNIT_TEMPLATE.by_code["PHIEU"]}
    initiative = {column.name: column.example for column in UNIT_TEMPLATE.by_code["SANG_KIEN"]}
    return {
        "DON_VI": [FORM | {"tong_so_cong_chuc": 3, "so_nu": 1}],
        "NHAN_SU": [
            person,
            person | {"ma_cc": "CC0002", "ho_ten": "Đào Thử Bình", "gioi_tinh": "Nữ"},
            person | {"ma_cc": None, "ho_ten": "Tòng Mới Chi"},
        ],
        "DE_NGHI": [
            nomination,
            nomination | {"ma_dn": "DN02", "ma_doi_tuong": "CC0002", "ten_doi_tuong": "Đào Thử Bình"},
        ],
        "PHIEU": [ballot, ballot | {"ma_dn": "DN02"}, ballot | {"ma_dn": "DN02", "vong": 2}],
        "SANG_KIEN": [initiative],
        "HO_SO": [{"ma_dn": "DN01", "loai_giay": "Báo cáo thành tích", "co": "Chưa có"}],
    }


def bad_contents() -> dict[str, list[dict[str, Any]]]:
    """One slip of each kind that KIEM_TRA looks for."""
    rows = good_contents()
    rows["DON_VI"][0] |= {
        "nguoi_lap": "  ", "so_nu": 2, "ngay_hop": dt.date(2026, 11, 8), "quy_dinh_nghi": "Có",
        "ma_nguoi_dung_dau": "CC0009",
    }  # fmt: skip
    rows["NHAN_SU"] += [
        rows["NHAN_SU"][0] | {"ma_cc": "cc0001 ", "ngay_sinh": None},
        {"ma_cc": "\u00a0"},
        rows["NHAN_SU"][1] | {"ma_cc": "CC0004", "ngay_tuyen_dung": dt.date(1980, 1, 1)},
    ]
    rows["DE_NGHI"] += [rows["DE_NGHI"][0] | {"ma_dn": "DN03", "danh_hieu": None, "ket_qua": "DE_NGHI"}]
    rows["DE_NGHI"] += [
        {"ma_dn": "DN04", "doi_tuong": "Tập thể", "ma_doi_tuong": "P1", "ma_can_cu": "SK01"},
        {"ma_dn": "DN05", "doi_tuong": "Cá nhân", "ma_doi_tuong": "CC0500", "ma_can_cu": "CT01"},
        {"ma_dn": "DN06", "doi_tuong": "CN", "ma_doi_tuong": "CC0002", "ma_can_cu": "SK99"},
    ]
    rows["SANG_KIEN"] += [
        rows["SANG_KIEN"][0] | {"tac_gia": "Ngoài: Người Khác", "ngay_qd": dt.date(2026, 7, 1)},
        rows["SANG_KIEN"][0] | {"tac_gia": "CC0003"},
    ]
    rows["PHIEU"] += [
        rows["PHIEU"][0] | {"vong": 3, "phieu_thu": 9},
        rows["PHIEU"][0] | {"vong": 4, "dong_y": 6},
        rows["PHIEU"][0] | {"vong": "4"},
        rows["PHIEU"][0] | {"ma_dn": "DN77"},
    ]
    rows["CHI_TIEU"] = [
        {"ma_ct": "CT01", "nguoi_phu_trach": "CC0001; CC0002"},
        {"ma_ct": "CT02", "nguoi_phu_trach": "CC0404", "ly_do_khong_phat_sinh": "Không có vụ"},
        {"ma_ct": 7.0, "nguoi_phu_trach": "Tòng Mới Chi, 01/02/2001"},
    ]
    rows["HOAT_DONG"] = [{"ma_hd": "HD01", "loai": "Phát động"}, {}, {"ma_hd": "HD01", "loai": "tổng kết"}]
    rows["HO_SO"] += [{"ma_dn": "DN01", "loai_giay": "Tờ trình", "co": "Có", "ngay": "06/11/2026"}]
    return rows


# --- structure -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.code)
def test_sheets_stand_in_order_and_lists_are_hidden(spec: BookSpec) -> None:
    book = opened(made(spec))
    own = ["HUONG_DAN", *(["KIEM_TRA"] if spec is UNIT_TEMPLATE else [])]
    assert book.sheetnames == [*own, *(sheet.code for sheet in spec.sheets), "DANH_MUC"]
    assert book["DANH_MUC"].sheet_state == "hidden"
    assert book.active.title == "HUONG_DAN"


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.code)
def test_every_sheet_carries_its_stamp_and_keys_in_a_hidden_row(spec: BookSpec) -> None:
    book = opened(made(spec))
    who = identity(spec)
    for sheet in spec.sheets:
        page = book[sheet.code]
        assert page.row_dimensions[KEY_ROW].hidden
        stamp = STAMP_PREFIX + "|".join((sheet.code, who.form, who.version, who.period, who.unit))
        assert page["A2"].value == stamp
        names = [column.name for column in sheet]
        if sheet.form:
            assert page.column_dimensions["F"].hidden
            assert [page.cell(row, 6).value for row in form_rows(sheet).values()] == names
        else:
            assert [cell.value for cell in page[KEY_ROW][1 : len(names) + 1]] == names
            assert page["A4"].value == (EXAMPLE_MARK if sheet.example else None)


def test_defined_names_hold_identity_lists_and_key_columns() -> None:
    book = opened(made())
    names = {name: defined.attr_text for name, defined in book.defined_names.items()}
    assert names["tdkt_mau"] == '"TDKT-01"'
    assert names["tdkt_don_vi"] == '"P1"'
    assert (names["tdkt_phien_ban"], names["tdkt_ky_xet"]) == ('"1.0"', '"2026"')
    assert names["COT_NHAN_SU_ma_cc"] == "NHAN_SU!$B$5:$B$204"
    page = book["DANH_MUC"]
    for column in page.iter_cols():
        used = [cell.value for cell in column[2:] if cell.value is not None]
        letter, last = column[0].column_letter, 2 + max(len(used), 1)
        assert names[f"DM_{column[0].value}"] in (
            f"DANH_MUC!${letter}$3:${letter}${last}",
            f"DANH_MUC!${letter}$3" if last == 3 else "",
        )
        assert used == [entry.label for entry in LISTS.entries[column[0].value]]


def validations(page: Worksheet) -> dict[str, Any]:
    return {str(rule.sqref): rule for rule in page.data_validations.dataValidation}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.code)
def test_every_column_has_a_validation_with_vietnamese_messages(spec: BookSpec) -> None:
    book = opened(made(spec))
    for sheet in spec.sheets:
        rules = list(book[sheet.code].data_validations.dataValidation)
        assert len(rules) == len(sheet.columns)
        for rule in rules:
            assert 0 < len(rule.promptTitle) <= 32
            assert 0 < len(rule.prompt) <= 255
            assert 0 < len(rule.error) <= 255
            assert rule.showErrorMessage and rule.showInputMessage


def test_choices_stop_references_warn_and_dates_have_bounds() -> None:
    page = opened(made())["BIEN_DONG"]
    rules = validations(page)
    last = last_entry_row(UNIT_TEMPLATE.by_code["BIEN_DONG"], 0)
    code, kind, since = (rules[f"{letter}5:{letter}{last}"] for letter in "BCD")
    assert (code.type, code.formula1, code.errorStyle) == ("list", "COT_NHAN_SU_ma_cc", "warning")
    assert (kind.type, kind.formula1, kind.errorStyle or "stop") == ("list", "DM_BIEN_DONG", "stop")
    assert (since.type, since.operator or "between") == ("date", "between")


def test_dates_of_the_period_bound_the_calendar() -> None:
    target = io.BytesIO()
    dates = dt.date(2025, 12, 1), dt.date(2026, 11, 30), dt.date(2027, 1, 31)
    who = Identity("P1", "Phòng 1", "2026", "TDKT-01", "1.0", dates)
    write_book(target, UNIT_TEMPLATE, LISTS, who, created=CREATED)
    rule = validations(opened(target.getvalue())["HOAT_DONG"])["E5:E304"]
    days = [(day - dt.date(1899, 12, 30)).days for day in (dates[0], dates[2])]
    assert [int(rule.formula1), int(rule.formula2)] == days


def test_entry_cells_are_unlocked_and_all_else_is_protected_without_a_password() -> None:
    book = opened(made(contents={"NHAN_SU": good_contents()["NHAN_SU"]}))
    for page in book:
        assert page.protection.sheet
        assert page.protection.password is None
    page = book["NHAN_SU"]
    assert not page["C5"].protection.locked
    assert not page.column_dimensions["C"].protection.locked
    assert page["A5"].protection.locked and page["C4"].protection.locked and page["C3"].protection.locked
    form = book["DON_VI"]
    rows = form_rows(UNIT_TEMPLATE.by_code["DON_VI"])
    assert form.cell(rows["ma_don_vi"], 3).protection.locked
    assert not form.cell(rows["nguoi_lap"], 3).protection.locked


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.code)
def test_pages_print_as_the_decree_asks(spec: BookSpec) -> None:
    book = opened(made(spec))
    for page in (page for page in book if page.title != "DANH_MUC"):
        assert page.page_setup.paperSize == 9
        assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert {side: getattr(page.page_margins, side) for side in MARGINS} == MARGINS
        assert page.oddHeader.center.text == "&P"
        assert (page.oddHeader.center.font, page.oddHeader.center.size) == (f"{FONT},Regular", 13)
        if page.title in spec.by_code:
            form = spec.by_code[page.title].form
            assert page.print_title_rows == "$3:$3"
            assert page.page_setup.orientation == ("portrait" if form else "landscape")
            assert page.freeze_panes


def test_no_sheet_shows_more_than_fifteen_columns() -> None:
    book = opened(made())
    for page in book:
        if page.sheet_state == "visible":
            hidden = {letter for letter, column in page.column_dimensions.items() if column.hidden}
            assert page.max_column - len(hidden) <= 15, page.title


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.code)
def test_one_font_everywhere(spec: BookSpec) -> None:
    styles = zipfile.ZipFile(io.BytesIO(made(spec))).read("xl/styles.xml").decode()
    assert set(re.findall(r'<name val="([^"]+)"', styles)) == {FONT}


def test_headings_rise_to_show_all_their_text() -> None:
    for spec in SPECS:
        book = opened(made(spec))
        for sheet in (sheet for sheet in spec.sheets if not sheet.form):
            headings = [(column.heading + column.mark, column.width) for column in sheet]
            assert book[sheet.code].row_dimensions[3].height >= row_height(headings)


# --- contents --------------------------------------------------------------------------------------------


def test_text_that_looks_like_something_else_stays_text() -> None:
    texts = ["=1+1", "+84", "-5", "@SUM(A1)", "1/2", "0012", "http://x.example", "5", "' x", "05/BC-P1"]
    rows = [{"ma_dn": f"DN{n}", "ten_doi_tuong": text} for n, text in enumerate(texts)]
    page = opened(made(contents={"DE_NGHI": rows}))["DE_NGHI"]
    cells = [page.cell(FIRST_ENTRY_ROW + n, 5) for n in range(len(texts))]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert {cell.number_format for cell in cells} == {"@"}


def test_values_keep_their_kind_even_in_a_column_of_another_kind() -> None:
    row = {
        "ma_cc": 12, "ho_ten": dt.date(2026, 5, 4), "ngay_sinh": "02/09/1985", "diem_danh_gia": "95,5",
        "ngay_xep_loai": dt.datetime(2026, 10, 30, 9, 30), "ngay_tuyen_dung": 40_000, "to_cong_tac": 1.5,
    }  # fmt: skip
    page = opened(made(contents={"NHAN_SU": [row]}))["NHAN_SU"]
    fields = [column.name for column in UNIT_TEMPLATE.by_code["NHAN_SU"]]
    held = {name: page.cell(5, 2 + fields.index(name)).value for name in row}
    assert held == row | {"ho_ten": dt.datetime(2026, 5, 4)}
    assert page["C5"].number_format == "dd/mm/yyyy"


def test_given_rows_are_numbered_and_drop_downs_reach_below_them() -> None:
    rows = [{"ho_ten": f"Người {n}"} for n in range(600)]
    page = opened(made(contents={"NHAN_SU": rows}))["NHAN_SU"]
    assert [page.cell(5 + n, 1).value for n in (0, 599)] == [1, 600]
    assert page.max_row == 604
    assert all(str(rule.sqref).endswith("654") for rule in page.data_validations.dataValidation)


def test_forms_show_given_values_beside_help_and_example() -> None:
    sheet = UNIT_TEMPLATE.by_code["DON_VI"]
    page = opened(made(contents={"DON_VI": [FORM]}))["DON_VI"]
    for name, row in form_rows(sheet).items():
        column = sheet.by_name[name]
        value = page.cell(row, 3).value
        expected = column.example
        assert (value.date() if isinstance(value, dt.datetime) else value) == expected
        assert page.cell(row, 2).value == column.heading + column.mark
        assert page.cell(row, 4).value == (column.help or None)


def test_fictional_data_says_so_in_every_title() -> None:
    book = opened(made(mark="DỮ LIỆU GIẢ ĐỊNH"))
    for sheet in UNIT_TEMPLATE.sheets:
        assert "DỮ LIỆU GIẢ ĐỊNH" in book[sheet.code]["A1"].value
    assert "DỮ LIỆU GIẢ ĐỊNH" not in opened(made())["NHAN_SU"]["A1"].value


def test_guide_names_deadline_address_and_every_sheet() -> None:
    page = opened(made(submit_to="Văn phòng, tdkt@vks-mau.example"))["HUONG_DAN"]
    text = "\n".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None)
    for words in ("16 giờ 00, ngày 16/11/2026", "tdkt@vks-mau.example", "Paste Values", "Họ tên, dd/mm/yyyy"):
        assert words in text
    for sheet in UNIT_TEMPLATE.sheets:
        assert sheet.purpose in text
    links = {cell.hyperlink.location for row in page.iter_rows() for cell in row if cell.hyperlink}
    assert links == {f"'{sheet.code}'!A1" for sheet in UNIT_TEMPLATE.sheets}


def test_same_arguments_give_the_same_bytes() -> None:
    assert made(contents=bad_contents()) == made(contents=bad_contents())
    book = opened(made())
    assert book.properties.created == CREATED - AHEAD_OF_UTC


def test_a_path_is_written_whole(tmp_path: Path) -> None:
    target = tmp_path / "mau.xlsx"
    write_book(target, UNIT_TEMPLATE, LISTS, identity(UNIT_TEMPLATE), created=CREATED)
    assert [path.name for path in tmp_path.iterdir()] == ["mau.xlsx"]
    assert opened(target.read_bytes()).sheetnames[0] == "HUONG_DAN"


def test_lines_needed_wraps_at_words_and_cuts_long_ones() -> None:
    assert lines_needed("Mã", 10) == 1
    assert lines_needed("", 10) == 1
    assert lines_needed("một\nhai", 10) == 2
    assert lines_needed("Ngày quyết định công nhận", 11) == 3
    assert lines_needed("x" * 100, 10) >= 8


# --- KIEM_TRA --------------------------------------------------------------------------------------------


def lines(book: Any) -> dict[tuple[str, str], tuple[Any, Any, Any]]:
    """(sheet, first words of the sentence) → number of errors, first cell, conclusion."""
    page = book["KIEM_TRA"]
    found = {}
    for row in page.iter_rows(min_row=8, values_only=True):
        if row[1]:
            found[(row[1], row[2])] = (row[3], row[4] or None, row[5])
    return found


def shown(contents: Contents) -> dict[tuple[str, str], tuple[Any, Any, Any]]:
    return lines(opened(made(contents=contents), values=True))


def starting(found: dict[tuple[str, str], Any], sheet: str, words: str) -> Any:
    (value,) = [value for key, value in found.items() if key[0] == sheet and key[1].startswith(words)]
    return value


def test_self_check_of_an_empty_template_asks_for_the_form_and_one_person() -> None:
    data = made()
    found = lines(opened(data, values=True))
    required = sum(column.required for column in UNIT_TEMPLATE.by_code["DON_VI"])
    assert starting(found, "DON_VI", "Ô bắt buộc") == (required, "C5", "■ Cần sửa")
    assert starting(found, "NHAN_SU", "Ô bắt buộc") == (1, "C5", "■ Cần sửa")
    assert starting(found, "PHIEU", "Ô bắt buộc") == (0, None, "– Chưa điền")
    assert opened(data, values=True)["KIEM_TRA"]["A3"].value == f"Còn {required + 1} chỗ cần sửa"


def test_self_check_of_a_complete_file_lets_it_go() -> None:
    book = opened(made(contents=good_contents()), values=True)
    assert [key for key, value in lines(book).items() if value[0] != 0] == []
    assert book["KIEM_TRA"]["A3"].value == "Có thể gửi"
    assert book["KIEM_TRA"]["A4"].value == "Đã điền: 3 người, 2 đề nghị, 3 dòng kết quả bỏ phiếu."


@pytest.mark.parametrize(
    ("sheet", "words", "count", "first"),
    [
        ("DON_VI", "Ô bắt buộc", 3, "C9"),
        ("DON_VI", "Mã không có", 1, "C8"),
        ("DON_VI", "Ngày sai", 1, "C29"),
        ("DON_VI", "Tổng số công chức", 1, None),
        ("DON_VI", "Số nữ", 0, None),
        ("NHAN_SU", "Ô bắt buộc", 1, "D8"),
        ("NHAN_SU", "Dòng trùng", 0, None),
        ("NHAN_SU", "Ngày sai", 1, "J10"),
        ("DE_NGHI", "Ô bắt buộc", 17, "F7"),
        ("DE_NGHI", "Mã không có", 2, "D9"),
        ("SANG_KIEN", "Mã không có", 1, "E7"),
        ("SANG_KIEN", "Ngày sai", 1, "K6"),
        ("PHIEU", "Mã không có", 1, "B11"),
        ("PHIEU", "Dòng trùng", 2, "B9"),
        ("PHIEU", "Phiếu thu về nhiều", 1, "F8"),
        ("PHIEU", "Phiếu thu về khác", 1, "F8"),
        ("PHIEU", "Phiếu hợp lệ", 1, "G9"),
        ("CHI_TIEU", "Mã không có", 1, "O6"),
        ("HOAT_DONG", "Dòng trùng", 2, "B5"),
        ("HO_SO", "Ô bắt buộc", 1, "E6"),
    ],
)
def test_self_check_finds_each_slip(sheet: str, words: str, count: int, first: str | None) -> None:
    found = starting(shown(bad_contents()), sheet, words)
    assert found[0] == count
    if first:
        assert found[1] == first


def test_self_check_says_when_a_word_among_numbers_stops_the_sum() -> None:
    rows = good_contents()
    rows["PHIEU"][0]["khong_dong_y"] = "một"
    assert starting(shown(rows), "PHIEU", "Phiếu hợp lệ") == ("?", None, "▲ Chưa kiểm tra được")


def test_formulas_use_only_functions_of_excel_2010() -> None:
    known = {
        "ABS", "ADDRESS", "COLUMN", "COUNTIF", "COUNTIFS", "DATEVALUE", "EXACT", "FIND", "HYPERLINK", "IF",
        "IFERROR", "INT", "ISERROR", "ISNUMBER", "ISTEXT", "LEFT", "LEN", "LOOKUP", "MATCH", "MAX", "MID",
        "MMULT", "MOD", "N", "OR", "RIGHT", "ROW", "SEARCH", "SUBSTITUTE", "SUM", "SUMIF", "SUMIFS",
        "SUMPRODUCT", "TRIM", "UPPER",
    }  # fmt: skip
    formulas = [
        cell.value
        for row in opened(made())["KIEM_TRA"].iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    ]
    assert formulas
    assert max(map(len, formulas)) <= 8192
    assert {name for text in formulas for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", text)} <= known


def test_data_sheets_hold_no_formulas() -> None:
    for spec in SPECS:
        for page in opened(made(spec)):
            if page.title != "KIEM_TRA":
                assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]


# --- LibreOffice -----------------------------------------------------------------------------------------

SOFFICE = shutil.which("soffice")
office = [
    pytest.mark.office,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]


def forgetting(data: bytes, sheet: str) -> bytes:
    """The same file without the computed values of one sheet, so that they must be computed anew."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    number = opened(data).sheetnames.index(sheet) + 1
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == f"xl/worksheets/sheet{number}.xml":
                content, replaced = re.subn(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
                assert replaced
            copy.writestr(item, content)
    return target.getvalue()


def broken(data: bytes, sheet: str, cell: str) -> bytes:
    """The same file with an error value in one cell, as a pasted look-up leaves it."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    number = opened(data).sheetnames.index(sheet) + 1
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == f"xl/worksheets/sheet{number}.xml":
                pattern = rf'<c r="{cell}" (s="\d+")(?: t="s")?>.*?</c>'.encode()
                error = f'<c r="{cell}" '.encode() + rb'\1 t="e"><v>#N/A</v></c>'
                content, replaced = re.subn(pattern, error, content)
                assert replaced == 1
            copy.writestr(item, content)
    return target.getvalue()


@pytest.fixture(scope="session")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[bytes, bytes]]]:
    """Empty, good and bad template: as we wrote it, and as LibreOffice computed and saved it."""
    folder = tmp_path_factory.mktemp("office")
    cases: dict[str, Contents] = {"trong": {}, "tot": good_contents(), "loi": bad_contents()}
    written = {name: made(contents=contents) for name, contents in cases.items()}
    written["hong"] = broken(written["tot"], "NHAN_SU", "D6")
    for name, data in written.items():
        (folder / f"{name}.xlsx").write_bytes(forgetting(data, "KIEM_TRA"))
    out = folder / "ra"
    command = [
        str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out),
        *(str(folder / f"{name}.xlsx") for name in written),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    yield {name: (data, (out / f"{name}.xlsx").read_bytes()) for name, data in written.items()}


class TestOffice:
    pytestmark = office

    @pytest.mark.parametrize("case", ["trong", "tot", "loi"])
    def test_libreoffice_computes_what_we_wrote(self, recalculated: dict[str, tuple[bytes, bytes]], case: str) -> None:
        ours, theirs = (opened(data, values=True) for data in recalculated[case])
        assert lines(theirs) == lines(ours)
        for cell in ("A3", "A4"):
            assert theirs["KIEM_TRA"][cell].value == ours["KIEM_TRA"][cell].value

    def test_an_error_value_is_named_and_the_rest_says_that_it_could_not_be_checked(
        self, recalculated: dict[str, tuple[bytes, bytes]]
    ) -> None:
        book = opened(recalculated["hong"][1], values=True)
        found = lines(book)
        assert starting(found, "NHAN_SU", "Ô bắt buộc") == (1, "D6", "■ Cần sửa")
        assert starting(found, "NHAN_SU", "Ngày sai")[2] == "▲ Chưa kiểm tra được"
        assert book["KIEM_TRA"]["A3"].value == "Còn 1 chỗ cần sửa"

    def test_libreoffice_keeps_drop_downs_and_protection(self, recalculated: dict[str, tuple[bytes, bytes]]) -> None:
        page = opened(recalculated["tot"][1])["NHAN_SU"]
        rules = [rule.formula1 for rule in page.data_validations.dataValidation if rule.type == "list"]
        expected = [c.vocabulary for c in UNIT_TEMPLATE.by_code["NHAN_SU"] if c.kind is Kind.CHOICE]
        assert sorted(rules) == sorted(f"DM_{name}" for name in expected)
        assert page.protection.sheet
