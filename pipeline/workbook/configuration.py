"""CAU_HINH: under which period, rules, parameters, waivers, units and titles this run was made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.province import CONFIGURATION_FILE, HISTORY_FILE
from pipeline.results import Results
from pipeline.rule_pages import parameters_text, span
from pipeline.vietnamese import date_text
from pipeline.workbook.book import day_time
from pipeline.workbook.marks import severity_text
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.series import written
from pipeline.workbook.table import Field
from pipeline.workbook.verdicts import Verdicts
from schemas.columns import Kind, Sheet
from schemas.province import CONFIGURATION
from schemas.rules import Rule, Severity, register

PLAN = SheetPlan(
    "CAU_HINH",
    Group.TECHNICAL,
    "Cấu hình và quy tắc của lần chạy này",
    "bản này lập theo kỳ xét, quy tắc, tham số, danh mục nào, căn cứ đã xác minh chưa?",
)

#: Columns of the sheet; every table on it takes as many as it needs.
WIDTHS = (13, 30, 23, 42, 30, 18, 16, 30, 12, 10, 10, 14, 30)
_RULES = (
    Field("ma", "Mã", role="text_strong"),
    Field("ten", "Tên quy tắc"),
    Field("muc", "Mức"),
    Field("y_nghia", "Ý nghĩa"),
    Field("can_cu", "Căn cứ"),
    Field("nguon", "Trạng thái nguồn"),
    Field("hieu_luc", "Hiệu lực"),
    Field("tham_so", "Tham số"),
    Field("xet", "Đã xét"),
    Field("co", "Có phát hiện", role="count"),
    Field("thieu", "Chưa xét được", role="count"),
    Field("tu", "Từ phiên bản", role="centre"),
    Field("tinh", "Tỉnh đổi, xác nhận"),
)
_FACTS = (
    Field("stt", "STT", role="index"),
    Field("ten", "Mục"),
    Field("nhom", "Thuộc về"),
    Field("gia_tri", "Giá trị"),
)
#: Sheets of the configuration that are shown, their headings, and the columns that come first: long texts
#: under the wide columns of the sheet. Columns that are not named follow.
_SHOWN: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "THAM_SO",
        "III. Tham số do tỉnh xác nhận hoặc thay đổi",
        ("ma_quy_tac", "tham_so", "gia_tri", "van_ban", "nguoi_chot"),
    ),
    ("MIEN_AP_DUNG", "IV. Miễn áp dụng", ("ma_quy_tac", "van_ban", "nguoi_duyet", "ly_do", "doi_tuong")),
    ("DON_VI", "V. Đơn vị và hạn nộp", ("ma_don_vi", "ten_don_vi", "khoi", "thu_dien_tu", "loai", "han_nop")),
    (
        "DANH_HIEU",
        "VI. Danh hiệu thi đua và hình thức khen thưởng",
        ("ma", "ten", "loai", "can_cu", "cap_quyet_dinh", "trang_thai"),
    ),
)
_ROLES = {
    Kind.NUMBER: "number",
    Kind.PERCENT: "number",
    Kind.INTEGER: "integer",
    Kind.DATE: "date",
    Kind.MOMENT: "moment",
}


def write(page: Page, results: Results) -> None:
    """Write period, rules, then the configured tables."""
    page.head(WIDTHS, mixed=True)
    page.part("I. Quy tắc kiểm tra đang dùng")
    codes = sorted(register())
    placed = page.table(_RULES, _rules(results, page.book.shared(Verdicts)))
    for number, code in enumerate(codes):
        page.anchor("rule", code, placed.first + number)
    page.part("II. Kỳ xét")
    facts = _facts(results)
    page.table(
        _FACTS,
        {
            "stt": range(1, len(facts) + 1),
            "ten": [f[0] for f in facts],
            "nhom": [f[1] for f in facts],
            "gia_tri": [f[2] for f in facts],
        },
    )
    province = results.dataset.province
    for code, title, first in _SHOWN:
        sheet, frame = CONFIGURATION.by_code[code], province.configuration.frames[code]
        page.part(f"{title}: {len(frame)}")
        page.table(_fields(sheet, first), {c.name: written(frame[c.name], c, province.lists) for c in sheet})


def _rules(results: Results, verdicts: Verdicts) -> dict[str, Sequence[Any]]:
    """Every rule as it is in force in this run; one that is not in force says so."""
    rules = [results.rules.rules.get(code, rule) for code, rule in sorted(register().items())]
    counts = [verdicts.counts(rule.code) for rule in rules]
    return {
        "hieu_luc": [span(r) if results.rules.has(r.code) else "không có hiệu lực ở kỳ này" for r in rules],
        "tham_so": [parameters_text(r.parameters) or None for r in rules],
        "xet": [_looked(results, r) for r in rules],
        "co": [c["wanting"] for c in counts],
        "thieu": [c["unknown"] for c in counts],
        "tinh": [r.note or None for r in rules],
        "ma": [r.code for r in rules],
        "ten": [r.title for r in rules],
        "muc": [_severities(r.variants.values()) for r in rules],
        "y_nghia": [r.meaning for r in rules],
        "can_cu": [r.source for r in rules],
        "nguon": [r.source_status for r in rules],
        "tu": [r.since for r in rules],
    }


def _looked(results: Results, rule: Rule) -> str:
    """How many rows a rule judged, or where else it is said; rules on files and cells look at all of them."""
    if rule.read_by:
        return f"xem {', '.join(rule.read_by)}"
    return str(len(results.looked_at[rule.code])) if rule.code in results.looked_at else "mọi tệp, ô"


def _severities(variants: Any) -> str:
    """Severities that a rule can give, gravest first."""
    found = {sentence.severity for sentence in variants}
    return "; ".join(severity_text(severity) for severity in Severity if severity in found)


def _facts(results: Results) -> list[tuple[str, str, str]]:
    province = results.dataset.province
    period = province.period
    sets = results.rules.rule_set
    council = date_text(period.council_day) if period.council_day else "chưa định"
    history = province.history.sha256 if province.history else "không có tệp"
    when, office, run = "Kỳ xét", "Cơ quan", "Lần chạy"
    return [
        ("Mã kỳ xét", when, period.code),
        ("Năm xét", when, str(period.year)),
        ("Bộ quy tắc", when, f"{sets.code}: {sets.texts}" if sets else "chưa có bộ quy tắc cho năm xét này"),
        ("Số liệu từ ngày, đến ngày", when, f"{date_text(period.first)} – {date_text(period.last)}"),
        ("Mùa xét kết thúc", when, date_text(period.season_end)),
        ("Ngày họp Hội đồng", when, council),
        ("Cơ quan", office, period.office),
        ("Nơi nhận hồ sơ", office, period.receiver),
        ("Dữ liệu giả định, ẩn danh", run, period.mark.capitalize() or "Không"),
        ("Số liệu tính đến", run, day_time(results)),
        (f"SHA-256 của {CONFIGURATION_FILE}", run, province.configuration.sha256),
        (f"SHA-256 của {HISTORY_FILE}", run, history),
    ]


def _fields(sheet: Sheet, first: Sequence[str]) -> list[Field]:
    columns = [sheet.by_name[name] for name in first] + [c for c in sheet if c.name not in first]
    return [Field(c.name, c.heading, role=_ROLES.get(c.kind, "text")) for c in columns]
