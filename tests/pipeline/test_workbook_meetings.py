"""The sheets PHIEU_HOP and HO_SO: every unit has a row, every nomination its votes and papers."""

from __future__ import annotations

import io

from openpyxl import Workbook

from pipeline.workbook import write_workbook
from tests.casework import Case, form, proposal, staff, tally
from tests.pipeline.test_workbook_case import opened, rows_of


def _book() -> Workbook:
    papers = [
        {"ma_dn": "DN01", "loai_giay": kind, "co": "CO", "so": number, "ngay": form()[day]}
        for kind, number, day in (
            ("BIEN_BAN", "05/BB-P1", "ngay_bien_ban"), ("KIEM_PHIEU", "05/BB-P1", "ngay_bien_ban"),
            ("TO_TRINH", "12/TTr-P1", "ngay_bien_ban"), ("HIEP_Y", "Không số", "ngay_hop"),
        )
    ]  # fmt: skip
    case = Case(
        P1={
            "DON_VI": [form(so_co_mat=8.0)],
            "NHAN_SU": [staff("CC1"), staff("CC2"), staff("CC3")],
            "DE_NGHI": [
                proposal("DN01", "CC1", "LDTT"),
                proposal("DN02", "CC2", "LDTT", ket_qua="KHONG_DE_NGHI"),
                proposal("DN03", "CC3", "LDTT"),
            ],
            "PHIEU": [tally("DN01", 6, total=8), tally("DN02", 3, total=8)],
            "HO_SO": papers,
        },
        P2=None,
    )
    stream = io.BytesIO()
    write_workbook(stream, case.results())
    return opened(stream.getvalue())


def test_meetings_and_tallies() -> None:
    page = _book()["PHIEU_HOP"]
    units = rows_of(page, "I. Cuộc họp")
    assert [(u["Mã ĐV"], u["Biên bản số"], u["Đủ người dự"]) for u in units] == [
        ("P1", "05/BB-P1", "✓"),
        ("P2", "Chưa nộp", "–"),
    ]
    assert (units[0]["Có mặt"], units[0]["Vắng, không gửi"], units[0]["Ngày làm việc niêm yết"]) == (8, 1, 6)
    votes = rows_of(page, "II. Kết quả")
    told = [(v["Mã đề nghị"], v["Tổng thành viên"], v["Đạt mức phiếu"], v["Thừa (+), thiếu (-) phiếu"]) for v in votes]
    assert told == [("DN01", 9, "✗", "-1"), ("DN02", 9, "✗", "-4"), ("DN03", None, "?", None)]
    assert round(votes[0]["% trên tổng"], 4) == 0.6667 and votes[0]["% trên người có mặt"] == 0.75
    assert [v["Phiếu cân"] for v in votes] == ["✓", "✓", "?"]


def test_papers_of_each_proposal() -> None:
    page = _book()["HO_SO"]
    units = rows_of(page, "I. Tóm tắt")
    assert [(u["Mã ĐV"], u["Tình trạng"], u["Hồ sơ đủ"], u["Hồ sơ thiếu"]) for u in units] == [
        ("P1", "Đã khai", 0, 2),
        ("P2", "Chưa nộp", None, None),
    ]
    assert units[0]["Giấy tờ thiếu nhiều nhất"] == "Báo cáo thành tích: 2"
    first, second = rows_of(page, "II. Giấy tờ")
    assert [first[h] for h in ("Tờ trình", "Báo cáo thành tích", "Chứng nhận sáng kiến")] == ["✓", "✗", "–"]
    assert first["% đủ"] == 0.75 and first["Giấy tờ khác đã có"] == "Ý kiến UBND tỉnh (hiệp y)"
    assert first["Ngày sai đầu tiên"] == "Tờ trình 03/11/2026 (DON_VI: 12/11/2026)"
    assert [second[h] for h in ("Mã đề nghị", "Tờ trình", "Kiểm phiếu")] == ["DN03", "(✓)", "✗"]
