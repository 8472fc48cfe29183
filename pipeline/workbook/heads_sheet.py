"""NGUOI_DUNG_DAU: for every unit its head's proposals beside the collective's, the unit's place, and the gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.checks import heads
from pipeline.findings import Finding
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.marks import severity_role, severity_text
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.table import Cell, Field, council_field
from pipeline.workbook.verdicts import Verdicts

PLAN = SheetPlan(
    "NGUOI_DUNG_DAU",
    Group.TOPICS,
    "Người đứng đầu và tập thể",
    "khen thưởng người đứng đầu có tương xứng với thành tích của tập thể không?",
    wide=True,
)

CODES = ("ND-01", "ND-02", "ND-03", "ND-04")
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã", 7, "link_centre"),
    Field("ten", "Đơn vị", 17),
    Field("nguoi", "Người đứng đầu", 18, "text_strong"),
    Field("chu_tri", "Chủ trì họp xét", 17),
    Field("de_nghi", "Đề nghị cho người đứng đầu", 26),
    Field("bac", "Bậc", 6, "integer"),
    Field("tap_the", "Đề nghị cho tập thể", 24),
    Field("bac_tap_the", "Bậc của tập thể", 7, "integer"),
    Field("chenh", "Cao hơn bậc được xét", 9, "integer"),
    Field("hang", "Hạng trong khối", 11, "centre"),
    Field("cap_uy", "Cấp ủy lãnh đạo TĐKT", 18),
    Field("dieu_kien", "Điều kiện triển khai phong trào", 22),
    Field("phat_hien", "Phát hiện", 24),
    Field("so", "Số phát hiện", 7, "count"),
    council_field(18),
)
_READING = (
    "Bậc: theo trang DANH_HIEU của cau-hinh.xlsx; tập thể không được đề nghị thì người đứng đầu được xét tới bậc của "
    "tham số ND-01. Hạng: theo điểm chỉ tiêu đã thẩm định hoặc tính từ số liệu, trừ điểm trừ, chưa có điểm thưởng; chỉ "
    "để đối chiếu, không phải bảng xếp hạng chính thức."
)
REASONS = {
    heads.RECORDED: "✗ Thường trực ghi: không triển khai",
    heads.DECLARED: "✗ Đơn vị tự khai: không triển khai",
    heads.NO_ACTIVITY: "✗ Không có kế hoạch, sơ kết, tổng kết",
    heads.NO_LOG: "? Không có trang HOAT_DONG",
}
NOT_SENT = "chưa có hồ sơ được tính"


def write(page: Page, results: Results) -> None:
    """Write one row a unit."""
    verdicts = page.book.shared(Verdicts)
    page.head([item.width for item in FIELDS], "", verdicts.summary(CODES), _READING)
    page.table(FIELDS, _columns(results, verdicts), frozen=3)


def _columns(results: Results, verdicts: Verdicts) -> dict[str, Sequence[Any]]:
    case = results.evidence
    table = heads.heads(case).join(heads.ladder_table(case)).join(heads.gate_table(case))
    table = table.join(heads.rank_table(case)[["rank", "of"]])
    led = case.forms.reindex(table.index)
    table = table.assign(document=led["vb_lanh_dao_so"], times=led["so_lan_cap_uy_ban"])
    rows = table.reset_index(names="unit").to_dict("records")
    found: dict[str, list[Finding]] = defaultdict(list)
    for code in CODES:
        for finding in verdicts.of(code):
            found[finding.unit].append(finding)
    return {
        "stt": range(1, len(rows) + 1),
        "ma": [Cell(r["unit"], link=("unit", r["unit"])) for r in rows],
        "ten": [r["name"] for r in rows],
        "nguoi": [_head(r) for r in rows],
        "chu_tri": [_known(r["chair"]) for r in rows],
        "de_nghi": [_known(r["awards"]) or ("Không đề nghị" if r["counted"] else None) for r in rows],
        "bac": [_known(r["rung"]) for r in rows],
        "tap_the": [_known(r["collective"]) or ("Không đề nghị" if r["counted"] else None) for r in rows],
        "bac_tap_the": [r["collective_rung"] if r["counted"] else None for r in rows],
        "chenh": [max(r["gap"], 0) if _known(r["gap"]) is not None else None for r in rows],
        "hang": [_rank(r) for r in rows],
        "cap_uy": [_party(r) for r in rows],
        "dieu_kien": [_gate(r) for r in rows],
        "phat_hien": [_findings(found[r["unit"]], r) for r in rows],
        "so": [_count(found[r["unit"]], r) for r in rows],
    }


def _known(value: Any) -> Any:
    return None if pd.isna(value) else value


def _head(row: dict[Any, Any]) -> str:
    if not row["counted"]:
        return NOT_SENT
    return _known(row["head_name"]) or "chưa rõ"


def _rank(row: dict[Any, Any]) -> str | None:
    if not row["counted"]:
        return None
    return "chưa đủ điểm" if pd.isna(row["rank"]) else f"{row['rank']:.0f}/{row['of']:.0f}"


def _party(row: dict[Any, Any]) -> str | None:
    if not row["counted"]:
        return None
    times = "số lần bàn chưa ghi" if pd.isna(row["times"]) else f"bàn {decimal(row['times'])} lần"
    return f"{_known(row['document']) or 'không có văn bản'}; {times}"


def _gate(row: dict[Any, Any]) -> str | None:
    reason = _known(row["reason"])
    words = [REASONS[reason]] if reason else []
    if row["decided"]:
        words.append("Hội đồng: vẫn xét")
    if _known(row["others"]):
        words.append(f"Thường trực ghi: {row['others']}")
    return "; ".join(words) or ("✓" if row["counted"] else None)


def _findings(found: Sequence[Finding], row: dict[Any, Any]) -> str | Cell:
    if not found:
        return "✓ Không có" if row["counted"] else "–"
    ordered = sorted(found, key=lambda f: (not f.judged, f.severity.rank, f.code))
    texts = dict.fromkeys(f"{f.code} {severity_text(f.severity, f.judged)}" for f in ordered)
    role = severity_role(ordered[0].severity, ordered[0].judged)
    return Cell("\n".join(texts), role)  # no link here: LibreOffice does not wrap links


def _count(found: Sequence[Finding], row: dict[Any, Any]) -> int | Cell | None:
    if not found:
        return 0 if row["counted"] else None
    return Cell(len(found), "link_count", ("findings", row["unit"]))
