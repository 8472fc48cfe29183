"""DIEU_KIEN: marks of every condition, the first that is missing, what has no column."""

from __future__ import annotations

import datetime as dt

from openpyxl.worksheet.worksheet import Worksheet

from tests.casework import Case, form, proposal, staff
from tests.pipeline.test_workbook_case import content, made, opened, rows_of

MISSING, SOURCE = "Điều kiện đầu tiên chưa đạt", "Căn cứ"


def sheet(case: Case) -> Worksheet:
    return opened(content(case.results()), values=True)["DIEU_KIEN"]


def text(page: Worksheet) -> str:
    return "\n".join(str(v) for row in page.iter_rows(values_only=True) for v in row if v is not None)


def province() -> Case:
    late = staff("CC2", ngay_tuyen_dung=dt.date(2026, 9, 1), ngay_ve_don_vi=dt.date(2026, 9, 1), xep_loai_cc="HTNV")
    one = {
        "DON_VI": [form()],
        "NHAN_SU": [staff("CC1"), late, staff("CC3", ngay_tuyen_dung=None)],
        "DE_NGHI": [
            proposal("DN01", "CC1", "LDTT"),
            proposal("DN02", "CC2", "LDTT"),
            proposal("DN03", "CC3", "LDTT"),
            proposal("DN04", "CC1", "LDTT", ket_qua="KHONG_DE_NGHI"),
            proposal("DN05", "P1", "TTLDTT"),
        ],
    }
    other = {
        "DON_VI": [form("P2")],
        "NHAN_SU": [staff("CC4")],
        "DE_NGHI": [proposal("DN01", "CC4", "LDTT"), proposal("DN02", "CC4", "GK")],
    }
    return Case(P1=one, P2=other, P3=None, without={"P2": {"BIEN_DONG"}})


def test_marks_first_missing_and_source() -> None:
    page = sheet(province())
    rows = {(r["Mã ĐV"], r["Đối tượng"], r["Danh hiệu hoặc hình thức"]): r for r in rows_of(page)}
    assert len(rows) == 6  # who was not proposed has no row
    well = rows["P1", "Lò Giả CC1", "Lao động tiên tiến"]
    assert (well["DK-01"], well["DK-02"], well[MISSING], well[SOURCE]) == ("✓", "✓", "–", None)
    new = rows["P1", "Lò Giả CC2", "Lao động tiên tiến"]
    assert (new["DK-01"], new["DK-02"]) == ("✗", "✗")
    assert new[MISSING] == "DK-01: Xếp loại chưa đủ cho danh hiệu"
    assert new[SOURCE] == "Luật TĐKT 2022 Điều 24 khoản 1 – đã xác minh"
    unknown = rows["P1", "Lò Giả CC3", "Lao động tiên tiến"]
    assert unknown["DK-02"] == "?" and unknown[MISSING].endswith("(thiếu dữ liệu)")
    assert rows["P1", "Lò Giả P1", "Tập thể Lao động tiên tiến"]["DK-02"] == "–"


def test_a_unit_without_the_sheet_has_question_marks_only_where_it_is_asked() -> None:
    rows = {r["Danh hiệu hoặc hình thức"]: r for r in rows_of(sheet(province())) if r["Mã ĐV"] == "P2"}
    assert (rows["Lao động tiên tiến"]["DK-02"], rows["Giấy khen"]["DK-02"]) == ("?", "–")


def test_head_and_legend() -> None:
    words = text(sheet(province()))
    assert "6 đề nghị:" in words and "✓ đạt" in words
    assert "DK-01 Xếp loại chưa đủ cho danh hiệu (✓ 4, ✗ 1, ? 0)" in words
    assert "DK-17 Đơn vị có hoạt động trong kỳ: do V-08 nói" in words
    assert "DK-10 Chưa đăng ký thi đua đầu năm: chưa xét được đề nghị nào vì thiếu dữ liệu ở 2 đơn vị" in words


def test_without_checks_and_without_nominations() -> None:
    page = opened(content(made()), values=True)["DIEU_KIEN"]
    assert {"STT", "Đối tượng", MISSING, SOURCE} <= set(rows_of(page)[0])
    assert "không có dòng nào" in text(sheet(Case(P1={}, P2=None)))
