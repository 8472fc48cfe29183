"""CO_CAU, HAN_MUC, NGUOI_DUNG_DAU: what stands where, for units that sent and for one that did not."""

from __future__ import annotations

import openpyxl
import pytest

from tests.casework import Case, form, proposal, staff
from tests.pipeline.test_workbook_case import content, made, opened, rows_of

LEADER = "LANH_DAO_DON_VI"


@pytest.fixture(scope="module")
def data() -> bytes:
    def unit(code: str, size: int, *proposals: dict[str, object]) -> dict[str, list[dict[str, object]]]:
        people = [staff(f"{code}{n}", nhom_doi_tuong=LEADER if n == 0 else "TRUC_TIEP") for n in range(size)]
        people = [p | {"ma_cc": f"CC{p['ma_cc']}"} for p in people]
        base = [proposal(f"L{n}", f"CC{code}{n}", "LDTT") for n in range(size)]
        return {
            "DON_VI": [form(code, ma_nguoi_dung_dau=f"CC{code}0", chu_tri=f"Lò Giả {code}0")],
            "NHAN_SU": people,
            "DE_NGHI": [*base, *proposals],
            "HOAT_DONG": [{"ma_hd": "HD01", "loai": "KE_HOACH"}],
        }

    case = Case(
        P1=unit("P1", 8, proposal("C1", "CCP10", "CSTDCS"), proposal("T1", "P1", "TTLDTT")),
        P2=unit("P2", 12, proposal("C1", "CCP21", "CSTDCS"), proposal("T1", "P2", "TTLDXS")),
        P3=None,
    )
    return content(case.results())


@pytest.fixture(scope="module")
def values(data: bytes) -> openpyxl.Workbook:
    return opened(data, values=True)


def test_structure(values: openpyxl.Workbook) -> None:
    page = values["CO_CAU"]
    assert "2/3 đơn vị" in str(page["A3"].value)
    rows = rows_of(page, "So sánh")
    assert [r["Mã"] for r in rows] == ["CC-01", "CC-02", "CC-02", "CC-03", "CC-04", "CC-05"]
    assert rows[0]["Được đề nghị / số người"] == "1/2" and rows[0]["Kết luận"] == "Ít người: chỉ hiện số"
    units = rows_of(page, "Từng đơn vị")
    assert [(u["Mã"], u["Số người"], u["Được đề nghị"], u["Lãnh đạo"]) for u in units] == [
        ("P1", 8, 1, "1/1"),
        ("P2", 12, 1, "0/1"),
        ("P3", None, None, None),
    ]
    assert units[2]["Kết luận"] == "Chưa có hồ sơ được tính"


def test_quotas_show_every_rounding_with_formulas(data: bytes, values: openpyxl.Workbook) -> None:
    rows = rows_of(values["HAN_MUC"], "HM-02")
    province = rows[0]
    assert (province["Nền"], province["Tỷ lệ × nền"], province["Làm tròn xuống"], province["Được phép"]) == (
        20,
        3,
        3,
        3,
    )
    assert province["Cộng các dòng dưới, mỗi dòng làm tròn gần nhất"] == 3  # 1,2 and 1,8
    assert province["Kết luận"] == "✓ Trong mức, tính đến nay; còn 1 đơn vị chưa có hồ sơ"
    assert rows[-1]["Kết luận"] == "Chưa có hồ sơ được tính"
    page = opened(data)["HAN_MUC"]
    line = next(i for i, row in enumerate(page.iter_rows(values_only=True), 1) if str(row[0]).startswith("HM-02")) + 2
    assert [page.cell(line, c).value for c in (5, 6, 7, 11, 13)] == [
        f"=ROUND(D{line}*0.15,9)",
        f"=ROUNDDOWN(E{line},0)",
        f"=ROUND(E{line},0)",
        f"=MAX(F{line},0)",
        f"=K{line}-L{line}",
    ]
    assert [r["Kết luận"] for r in rows_of(values["HAN_MUC"], "HM-03")][:2] == ["✓ Trong mức", "✓ Trong mức"]
    assert rows_of(values["HAN_MUC"], "HM-04")[0]["Kết luận"] == "✓ Không đề nghị Cờ nào"


def test_heads(values: openpyxl.Workbook) -> None:
    rows = rows_of(values["NGUOI_DUNG_DAU"])
    assert [(r["Mã"], r["Bậc"], r["Bậc của tập thể"], r["Cao hơn bậc được xét"]) for r in rows] == [
        ("P1", 2, 1, 1),
        ("P2", 1, 2, 0),
        ("P3", None, None, None),
    ]
    assert rows[0]["Phát hiện"].startswith("ND-01 ▲ GIẢI TRÌNH")
    assert (rows[1]["Phát hiện"], rows[2]["Người đứng đầu"]) == ("✓ Không có", "chưa có hồ sơ được tính")


def test_a_province_with_hardly_any_data() -> None:
    book = opened(content(made()), values=True)
    assert {"CO_CAU", "HAN_MUC", "NGUOI_DUNG_DAU"} <= set(book.sheetnames)
