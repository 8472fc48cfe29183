"""CO_CAU: who is proposed, by position, sex, area and size: the province's comparisons, then every unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.checks import shares
from pipeline.evidence import Evidence
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.marks import severity_role, severity_text
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.table import Cell, Field, council_field

PLAN = SheetPlan(
    "CO_CAU",
    Group.TOPICS,
    "Cơ cấu người được đề nghị",
    "người trực tiếp hay lãnh đạo, nam hay nữ, vùng khó khăn hay nơi khác được đề nghị nhiều hơn?",
    wide=True,
)

COMPARISONS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã", 8, "centre"),
    Field("noi_dung", "Nội dung so sánh", 30),
    Field("nhom", "Nhóm thứ nhất", 18),
    Field("so", "Được đề nghị / số người", 11, "centre"),
    Field("ty_le", "Tỷ lệ", 10, "percent"),
    Field("nhom_kia", "Nhóm thứ hai", 18),
    Field("so_kia", "Nhóm thứ hai: được đề nghị / số người", 13, "centre"),
    Field("ty_le_kia", "Nhóm thứ hai: tỷ lệ", 11, "percent"),
    Field("ty_so", "Tỷ số", 11, "number"),
    Field("khoang", "Khoảng của tỷ số", 13, "centre"),
    Field("p", "Xác suất do ngẫu nhiên", 11, "centre"),
    Field("khong_ro", "Không rõ nhóm (người)", 10, "count"),
    Field("ket_luan", "Kết luận", 24),
    council_field(18),
)
UNITS = (
    Field("stt", "STT", role="index"),
    Field("ma", "Mã", role="link_centre"),
    Field("ten", "Đơn vị"),
    Field("khoi", "Khối, mức khó khăn"),
    Field("nguoi", "Số người", role="count"),
    Field("de_nghi", "Được đề nghị", role="count"),
    Field("ty_le", "Tỷ lệ", role="percent"),
    Field("gioi_han", "Giới hạn theo mức chung", role="centre"),
    Field("lanh_dao", "Lãnh đạo", role="centre"),
    Field("truc_tiep", "Trực tiếp", role="centre"),
    Field("khac", "Người lao động, khác", role="centre"),
    Field("nu", "Nữ", role="centre"),
    Field("nam_truoc", "Năm trước", role="count"),
    Field("ket_luan", "Kết luận"),
    council_field(18),
)
#: What is asked, without an answer in it.
ASKED = {
    "CC-01": "Lãnh đạo so với người trực tiếp",
    "CC-03": "Nơi khác so với vùng khó khăn",
    "CC-04": "Nam so với nữ",
    "CC-05": "Đơn vị nhỏ so với đơn vị lớn",
}
WORDS = {
    shares.NOTHING: "Chưa thấy chênh lệch rõ",
    shares.TOO_FEW: "Ít người: chỉ hiện số",
    shares.EMPTY: "Không có nhóm để so",
    shares.UNKNOWN: "Chưa ghi nhóm, chưa so được",
}
_READING = (
    "Được đề nghị: cho danh hiệu, hình thức có bậc cao hơn Lao động tiên tiến; mỗi người một lần; riêng CC-02 đếm đúng "
    "danh hiệu đó. Xác suất: nếu suất rơi ngẫu nhiên thì bao nhiêu lần lệch như vậy hoặc hơn (CC-03, CC-05: chia cả "
    "đơn vị), đã hiệu chỉnh Holm vì so nhiều lần. Chỉ nêu khi xác suất nhỏ, tỷ số đủ lớn, khoảng của tỷ số không chứa "
    "1 (mức cụ thể là tham số ở CAU_HINH). Khoảng, giới hạn: độ tin cậy {level}. Đây là dấu hiệu, không phải lỗi."
)


def write(page: Page, results: Results) -> None:
    """Write the comparisons, then the units."""
    case = results.evidence
    level = f"{decimal(100 * case.rules.number('CC-06', 'do_tin_cay'))} %"
    note = f"Tính trên {shares.coverage(case)} đã có hồ sơ."
    page.head([item.width for item in COMPARISONS], note, _READING.format(level=level), mixed=True)
    table = shares.comparisons(case)
    page.part("So sánh toàn tỉnh")
    page.table(COMPARISONS, _comparisons(results, table))
    page.part("Từng đơn vị (số được đề nghị / số người)")
    page.table(UNITS, _units(results, case))


def _comparisons(results: Results, table: pd.DataFrame) -> dict[str, Sequence[Any]]:
    rows = table.sort_values("code", kind="stable").to_dict("records")
    return {
        "stt": range(1, len(rows) + 1),
        "ma": [r["code"] for r in rows],
        "noi_dung": [r["name"] or ASKED[r["code"]] for r in rows],
        "nhom": [r["a"] for r in rows],
        "so": [_part(r["hits_a"], r["size_a"]) for r in rows],
        "ty_le": [_share(r["hits_a"], r["size_a"]) for r in rows],
        "nhom_kia": [r["b"] for r in rows],
        "so_kia": [_part(r["hits_b"], r["size_b"]) for r in rows],
        "ty_le_kia": [_share(r["hits_b"], r["size_b"]) for r in rows],
        "ty_so": [None if pd.isna(r["ratio"]) else round(r["ratio"], 2) for r in rows],
        "khoang": [None if pd.isna(r["low"]) else f"{_two(r['low'])}–{_two(r['high'])}" for r in rows],
        "p": [None if pd.isna(r["adjusted"]) else shares.chance_text(r["adjusted"]) for r in rows],
        "khong_ro": [r["left_out"] for r in rows],
        "ket_luan": [_said(results, r["code"]) if r["state"] == shares.FOUND else WORDS[r["state"]] for r in rows],
    }


def _units(results: Results, case: Evidence) -> dict[str, Sequence[Any]]:
    table = case.units.join(shares.structure_table(case)).join(
        shares.funnel_table(case)[["low", "high", "adjusted", "found"]]
    )
    rows = table.reset_index(names="unit").to_dict("records")
    return {
        "stt": range(1, len(rows) + 1),
        "ma": [Cell(r["unit"], link=("unit", r["unit"])) for r in rows],
        "ten": [r["name"] for r in rows],
        "khoi": [_block(r["block"], r["difficulty"]) for r in rows],
        "nguoi": [r["size"] if r["counted"] else None for r in rows],
        "de_nghi": [r["hits"] if r["counted"] else None for r in rows],
        "ty_le": [_share(r["hits"], r["size"]) for r in rows],
        "gioi_han": [None if pd.isna(r["low"]) else f"{r['low']:.0f}–{r['high']:.0f}" for r in rows],
        "lanh_dao": [_part(r["hits_leaders"], r["size_leaders"]) for r in rows],
        "truc_tiep": [_part(r["hits_direct"], r["size_direct"]) for r in rows],
        "khac": [_part(r["hits_others"], r["size_others"]) for r in rows],
        "nu": [_part(r["hits_women"], r["size_women"]) for r in rows],
        "nam_truoc": [r["last_year"] for r in rows],
        "ket_luan": [_unit_said(results, r) for r in rows],
    }


def _unit_said(results: Results, row: dict[Any, Any]) -> str | Cell:
    if not row["counted"]:
        return "Chưa có hồ sơ được tính"
    if not row["size"]:
        return "Chưa có danh sách người"
    if pd.isna(row["adjusted"]):
        return WORDS[shares.TOO_FEW]
    return _said(results, "CC-06") if row["found"] is True else "Trong mức chung"


def _said(results: Results, code: str) -> Cell:
    severity = results.rules.rules[code].sentence("found").severity
    return Cell(f"{severity_text(severity)}: {code}", severity_role(severity))


def _part(hits: float, size: float) -> str | None:
    return f"{hits:.0f}/{size:.0f}" if size else None


def _share(hits: float, size: float) -> float | None:
    return hits / size if size else None


def _two(value: float) -> str:
    return decimal(round(value, 2), 2)


def _block(block: Any, difficulty: float) -> str | None:
    known = [] if pd.isna(block) else [str(block)]
    return "; ".join([*known, *([] if pd.isna(difficulty) else [f"mức {difficulty:.0f}"])]) or None
