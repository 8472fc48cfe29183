"""Sheets of one topic each: a line for every expected unit, marks, what is not known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.casework import Case, form, proposal, staff
from tests.pipeline.test_workbook_case import content, opened, rows_of

D = dt.date
SHEETS = ("DIEN_HINH_SK", "DOT_PHA", "PHOI_HOP_TT", "XEP_LOAI_LIEN_THONG")


def case() -> Case:
    """P1 with something of everything, P2 without the pages, P3 that has not sent."""
    stages = {"ngay_boi_duong": D(2026, 3, 1), "ngay_tong_ket": D(2026, 4, 1), "ngay_nhan_rong": D(2026, 5, 1)}
    exemplar = {"loai": "DIEN_HINH", "don_vi_phat_hien": "P1", "ngay_phat_hien": D(2026, 1, 10)}
    author = {
        "ma_sk": "SK01", "ten": "Sổ điện tử", "hinh_thuc": "GIAI_PHAP", "cap_cong_nhan": "CO_SO", "so_qd": "7/QĐ",
        "ngay_qd": D(2026, 9, 1),
    }  # fmt: skip
    target = {"noi_dung": "Số hóa", "don_vi_tinh": "%", "chi_tieu": 80.0, "chieu": "CAO", "minh_chung": "BC 1"}
    return Case(
        P1={
            "DON_VI": [form(xep_loai_don_vi="HTXSNV", xep_loai_tccsd="HTNV", xep_loai_doan_tn="HTNV")],
            "NHAN_SU": [staff("CC1", xep_loai_dv="HTNV"), staff("CC2", xep_loai_dv="HTXSNV")],
            "DE_NGHI": [proposal("DN01", "P1", "TTLDXS"), proposal("DN02", "CC1", "CSTDCS")],
            "DIEN_HINH": [
                {"ma_dh": "DH01", "ten": "Tổ số hóa", **exemplar, **stages, "noi_nhan_rong": "P2;P3"},
                {"ma_dh": "DH02", "ten": "Người tốt", **exemplar},
            ],
            "SANG_KIEN": [
                {**author, "tac_gia": "CC1", "ty_le": 60.0}, {**author, "tac_gia": "CC2", "ty_le": 40.0},
            ],
            "CHI_TIEU": [
                {"ma_ct": "CT01", "loai": "DOT_PHA", "thuc_hien": 88.0, "nam_truoc": 85.0, **target},
                {"ma_ct": "CT02", "loai": "VIEC_KHO", "thuc_hien": 70.0, **target},
            ],
            "HOAT_DONG": [
                {"ma_hd": "HD01", "loai": "QUAN_TRIET", "ngay": D(2026, 2, 1), "chu_tri": "CHI_BO", "so_tham_gia": 2.0,
                 "phoi_hop": "CONG_DOAN", "gan_voi": "CT34"},
                {"ma_hd": "HD02", "loai": "XAC_DINH_DOT_PHA", "ngay": D(2026, 9, 1), "chu_tri": "CHINH_QUYEN"},
            ],
        },
        P2={"DON_VI": [form("P2")]},
        P3=None,
        without={"P2": {"DIEN_HINH", "CHI_TIEU", "HOAT_DONG", "NHAN_SU"}},
    )  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Any:
    return opened(content(case().results()), values=True)


@pytest.mark.parametrize("name", SHEETS)
def test_every_expected_unit_has_a_line_and_says_what_is_not_known(book: Any, name: str) -> None:
    title = "" if name == "PHOI_HOP_TT" else "I. Theo đơn vị"
    lines = rows_of(book[name], title)
    assert [line["Mã ĐV"] for line in lines] == ["P1", "P2", "P3"]
    assert lines[2]["Đơn vị"] == "Phòng P3 (chưa nộp)"
    assert {v for k, v in lines[2].items() if k not in ("STT", "Mã ĐV", "Đơn vị")} <= {None, ""}
    assert "?" in lines[1].values()


def test_exemplars_and_initiatives(book: Any) -> None:
    unit = rows_of(book["DIEN_HINH_SK"], "I. Theo đơn vị")[0]
    assert [unit[k] for k in ("Có điển hình (DH-01)", "Số điển hình", "Đã nhân rộng", "Đang dừng (DH-02)")] == [
        "✓",
        2,
        1,
        1,
    ]
    assert [unit[k] for k in ("Số sáng kiến", "Sáng kiến trên 10 người")] == [1, 5]
    full, halted = rows_of(book["DIEN_HINH_SK"], "II.")
    assert full["Khâu đang ở"] == "nhân rộng" and full["Nơi nhận và xác nhận (DH-04)"] == "P2 ?; P3 ?"
    assert halted["Khâu đang ở"] == "○ dừng ở phát hiện" and halted["Liền khâu (DH-03)"] == "✓"
    (work,) = rows_of(book["DIEN_HINH_SK"], "III.")
    assert work["Tác giả (tỷ lệ)"] == "Lò Giả CC1 (60 %); Lò Giả CC2 (40 %)"


def test_breakthroughs(book: Any) -> None:
    unit = rows_of(book["DOT_PHA"], "I. Theo đơn vị")[0]
    names = ("Số khâu đột phá", "Việc mới", "Việc khó", "Đo được", "Đạt", "Chưa đạt", "Trước giữa kỳ (DP-02)")
    assert [unit[k] for k in names] == [1, 0, 1, 2, 1, 1, "✗"]
    first, second = rows_of(book["DOT_PHA"], "II.")
    assert (first["Hơn năm trước (DP-05)"], first["Kết quả; có minh chứng (DP-06)"]) == ("✗", "Đạt ✓")
    assert first["% chỉ tiêu"] == pytest.approx(1.1)
    assert (second["Hơn năm trước (DP-05)"], second["Kết quả; có minh chứng (DP-06)"]) == ("–", "Chưa đạt")


def test_coordination(book: Any) -> None:
    unit = rows_of(book["PHOI_HOP_TT"])[0]
    assert unit["Cấp ủy, chi bộ chủ trì"] == 1 and unit["Tổng hoạt động"] == 2
    assert unit["Từ hai bên trở lên (PH-04)"] == 0.5 and unit["Buổi đông nhất so với quân số"] == 1
    assert unit["Văn bản đã quán triệt (PH-06)"] == "Luật ✗ · CT 34 ✓ · ngành ✗"


def test_ratings(book: Any) -> None:
    unit = rows_of(book["XEP_LOAI_LIEN_THONG"], "I. Theo đơn vị")[0]
    assert unit["Danh hiệu tập thể được đề nghị"] == "TTLĐXS"
    assert unit["Xếp loại tổ chức đảng (XL-02)"] == "✗ HTNV" and unit["Lệch bậc (XL-01)"] == "✗ +2"
    assert unit["Đoàn TN (XL-04)"] == "✗ HTNV" and unit["Công đoàn (XL-04)"] is None
    assert unit["% đảng viên HTXSNV"] == 0.5
    (person,) = rows_of(book["XEP_LOAI_LIEN_THONG"], "II.")
    assert person["Họ và tên"] == "Lò Giả CC1" and person["Mã đề nghị"] == "DN02"


def test_a_province_without_any_row_can_be_written() -> None:
    empty = opened(content(Case(P1=None, P2={}).results()), values=True)
    assert all(len(rows_of(empty[name], "" if name == "PHOI_HOP_TT" else "I. Theo")) == 2 for name in SHEETS)


def test_what_was_checked_stands_in_the_head(book: Any) -> None:
    for name, code in zip(SHEETS, ("DH-01", "DP-01", "PH-01", "XL-01"), strict=True):
        assert f"{code} " in book[name]["A3"].value and "đã xét" in book[name]["A3"].value
