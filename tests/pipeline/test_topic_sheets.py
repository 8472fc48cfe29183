"""HINH_THUC and PHONG_TRAO: what stands in their cells."""

from __future__ import annotations

from typing import Any

from pipeline.workbook.formalism_sheet import FIELDS as SIGN_FIELDS
from pipeline.workbook.movements_sheet import _DETAILS, _WIDTHS
from tests.casework import Case, D, form, proposal, staff
from tests.pipeline.test_workbook_case import content, opened, rows_of

EXAMPLE = next(item.heading for item in SIGN_FIELDS if item.key == "vi_du")
CATALOGUE = [
    {"ma": "PT1", "ten": "Công minh", "tu_ngay": D(2021, 1, 1)},
    {"ma": "PT6", "ten": "Số hóa", "tu_ngay": D(2026, 1, 1)},
]


def act(number: int, kind: str, movement: str = "PT1", **more: Any) -> dict[str, Any]:
    row = {
        "ma_hd": f"HD{number:02d}", "loai": kind, "phong_trao": movement, "ngay": D(2026, number, 20),
        "chu_tri": "CHINH_QUYEN", "hinh_thuc": "HOI_NGHI", "so_tham_gia": 7.0 + number,
    }  # fmt: skip
    return row | more


def province() -> Case:
    log = [
        act(1, "KE_HOACH", so_van_ban="07/KH-P1"),
        act(2, "PHAT_DONG", so_tieu_chi=5.0, tieu_chi_do_duoc=4.0),
        act(4, "TONG_KET", ket_qua_so="Giúp 3 hộ"),
    ]
    rows = [proposal("DN01", "CC1", "GK", thanh_tich="Không có số"), proposal("DN02", "CC2", "GK")]
    one = {"DON_VI": [form()], "NHAN_SU": [staff("CC1"), staff("CC2")], "DE_NGHI": rows, "HOAT_DONG": log}
    two = {"DON_VI": [form("P2")], "DE_NGHI": [proposal("DN01", "CC1", "GK")]}
    return Case(P1=one, P2=two, P3=None, without={"P2": {"HOAT_DONG"}}, configured={"PHONG_TRAO": CATALOGUE})


def test_signs_of_formalism() -> None:
    page = opened(content(province().results()))["HINH_THUC"]
    rows = {row["Mã ĐV"]: row for row in rows_of(page)}
    assert list(rows) == ["P1", "P2", "P3"]
    one, two, three = rows.values()
    assert one["HT-02 thiếu con số"] == "✗ 1" and two["HT-02 thiếu con số"] == "✓"
    assert one["HT-03 không sơ, tổng kết"] == "✗ 1" and two["HT-03 không sơ, tổng kết"] == "?"
    assert one["HT-08 phiếu nhất trí hết"] == "–"
    assert one["Số dấu hiệu"] == 2 and one[EXAMPLE].startswith("HT-02: Trang DE_NGHI, ô N5: ")
    assert two["Số dấu hiệu"] == 0 and "không thấy dấu hiệu" in two[EXAMPLE]
    assert three[EXAMPLE] == "chưa nộp" and three["HT-02 thiếu con số"] == "–"
    assert sum(item.width for item in SIGN_FIELDS) <= 250 and len(SIGN_FIELDS) <= 15


def test_example_leads_to_its_line_in_the_list_of_findings() -> None:
    page = opened(content(province().results()))["HINH_THUC"]
    links = [cell.hyperlink.location for row in page.iter_rows() for cell in row if cell.hyperlink]
    assert sum("PHAT_HIEN" in link for link in links) == 1


def test_steps_of_movements() -> None:
    page = opened(content(province().results()))["PHONG_TRAO"]
    one, two, three = rows_of(page, "I. ")
    assert one["PT1 – Công minh"] == "✗ KH PĐ ·· ·· TK" and one["PT6 – Số hóa"] == "–"
    assert "PT-09 chưa có hoạt động: PT6" in one["Tồn tại chung của đơn vị"]
    assert two["PT1 – Công minh"] == "?" and "không có trang HOAT_DONG" in two["Tồn tại chung của đơn vị"]
    assert three["PT1 – Công minh"] == "–" and three["Tồn tại chung của đơn vị"] == "chưa nộp"


def test_details_of_movements() -> None:
    page = opened(content(province().results()))["PHONG_TRAO"]
    (row,) = rows_of(page, "II. ")
    assert (row["Phong trào"], row["Kế hoạch số"]) == ("PT1 – Công minh", "07/KH-P1")
    assert row["Số tiêu chí (đo được)"] == "5 (4)" and row["Tham gia nhiều nhất / số người"] == "11/2"
    assert row["Phát động"].date() == D(2026, 2, 20) and row["Sơ kết"] is None
    assert row["Kết quả bằng số (tổng kết, sơ kết hoặc kiểm tra)"] == "Giúp 3 hộ"
    assert "PT-05 thiếu sơ kết" in row["Tồn tại"] and "PT-03 " in row["Tồn tại"]
    assert sum(_WIDTHS) <= 250 and len(_DETAILS) == len(_WIDTHS)


def test_an_empty_province_still_says_what_was_checked() -> None:
    book = opened(content(Case(P1=None).results()))
    for name in ("HINH_THUC", "PHONG_TRAO"):
        assert "đã xét" in str(book[name]["A3"].value) and rows_of(book[name], "I. " if name[0] == "P" else "")
