"""TU_DIEN: what every shape, word, column and code of the workbook and of the template means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook import scope
from pipeline.workbook.awards import SHORT_FORMS, Awards
from pipeline.workbook.marks import (
    NOT_JUDGED_MEANING,
    NOT_JUDGED_SHAPE,
    SEVERITY_MEANINGS,
    STATUS_MEANINGS,
    severity_role,
    severity_text,
    status_role,
    status_text,
)
from pipeline.workbook.nominated import CLEAR_TEXT, NOT_PROPOSED_TEXT
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.quota_cells import PLACE_MEANINGS
from pipeline.workbook.table import Cell, Field
from schemas.columns import Column
from schemas.rules import NOT_JUDGED, Severity
from schemas.sheets import UNIT_TEMPLATE

PLAN = SheetPlan(
    "TU_DIEN",
    Group.TECHNICAL,
    "Từ điển: ký hiệu, cột, mã",
    "ký hiệu, cột, mã này nghĩa là gì?",
)

WIDTHS = (6, 18, 22, 34, 20, 16, 22, 50)
_SIGNS = (
    Field("stt", "STT", role="index"),
    Field("noi", "Ở đâu"),
    Field("dau", "Ký hiệu"),
    Field("nghia", "Nghĩa"),
)
_SHORT = (
    Field("stt", "STT", role="index"),
    Field("ma", "Mã", role="text_strong"),
    Field("ngan", "Viết tắt"),
    Field("ten", "Tên đầy đủ"),
)
_COLUMNS = (
    Field("stt", "STT", role="index"),
    Field("trang", "Trang", role="text_strong"),
    Field("truong", "Tên trường"),
    Field("tieu_de", "Tiêu đề cột"),
    Field("kieu", "Kiểu"),
    Field("bat_buoc", "Bắt buộc"),
    Field("danh_sach", "Danh sách"),
    Field("huong_dan", "Hướng dẫn"),
)
_CODES = (
    Field("stt", "STT", role="index"),
    Field("danh_sach", "Danh sách", role="text_strong"),
    Field("ma", "Mã"),
    Field("nghia", "Nghĩa"),
)
_RANKING_SIGNS = (
    (
        "XEP_HANG",
        Cell("A · 3 đơn vị", "close_1"),
        "Nhóm sát nhau: các đơn vị kề nhau hơn kém rất ít, cùng chữ là cùng nhóm; Hội đồng nên xem cùng lúc.",
    ),
    (
        "XEP_HANG",
        "▲ Đã đổi",
        "Điểm thẩm định đã được sửa ở DIEM_CHI_TIET sau lần chạy: tổng, tỷ lệ, hạng, xếp nhóm là mới, các cột "
        "khác là cũ cho đến khi chạy lại.",
    ),
    ("DO_VUNG_HANG", Cell("3 ▼", "rank"), "Bỏ nhóm tiêu chí này thì hạng xấu hơn (▼) hay tốt hơn (▲), thành hạng 3."),
    (
        "DO_VUNG_HANG",
        Cell(80.0, "heat_4"),
        "Phần trăm số lần thử mà đơn vị ở hạng của cột; ô càng đậm càng nhiều, «<1» là có nhưng dưới 0,5 %.",
    ),
)
#: Province lists so long that they have sheets of their own.
_ELSEWHERE = ("DON_VI", "TIEU_CHI", "KHOI")


def write(page: Page, results: Results) -> None:
    """Write shapes and words, short forms, the columns of the template, the codes of the lists."""
    page.head(WIDTHS, mixed=True)
    page.part("I. Ký hiệu và mức")
    page.table(_SIGNS, _signs())
    page.part("II. Chữ viết tắt của danh hiệu, hình thức")
    page.table(_SHORT, _short_forms(results))
    page.part("III. Cột của mẫu đơn vị điền (các trang DL_… chép lại đúng thứ tự này)")
    page.table(_COLUMNS, _columns())
    page.part("IV. Mã dùng trong các danh sách")
    page.table(_CODES, _codes(results.dataset.province.lists.labels))


def _signs() -> dict[str, Sequence[Any]]:
    rows: list[tuple[str, str | Cell, str]] = [
        ("TINH_TRANG_NOP", Cell(status_text(status), status_role(status)), meaning)
        for status, meaning in STATUS_MEANINGS.items()
    ]
    rows += [
        ("PHAT_HIEN", Cell(severity_text(severity), severity_role(severity)), meaning)
        for severity, meaning in SEVERITY_MEANINGS.items()
    ]
    shape = Cell(f"{NOT_JUDGED_SHAPE} {NOT_JUDGED}", severity_role(Severity.INFORMATION, judged=False))
    rows += [
        ("PHAT_HIEN", shape, NOT_JUDGED_MEANING),
        (
            "TH_…",
            Cell(CLEAR_TEXT, "status_ACCEPTED"),
            "Dòng đề nghị, người và phiếu của đề nghị không có phát hiện CHẶN hay GIẢI TRÌNH. " + scope.warning(),
        ),
        (
            "TH_…",
            Cell("▲ Chờ giải trình", "severity_NEEDS_REASON"),
            "Có phát hiện GIẢI TRÌNH ở dòng đề nghị, ở người hoặc ở phiếu của đề nghị.",
        ),
        (
            "TH_…",
            Cell("■ CHẶN", "severity_BLOCKING"),
            "Chưa được vào danh sách: có phát hiện CHẶN ở dòng đề nghị, ở người hoặc ở phiếu của đề nghị.",
        ),
        ("TH_…", NOT_PROPOSED_TEXT, "Đơn vị đã xét và không đề nghị; ghi lại để Hội đồng biết."),
        (
            "TH_…",
            Cell("Nền vàng nhạt", "council"),
            "Ô dành cho Hội đồng, không khóa. Ô khác khóa để khỏi sửa nhầm, không có mật khẩu.",
        ),
        *_RANKING_SIGNS,
        (
            "DL_…",
            Cell("CHẶN", "text_strong"),
            "Dòng còn lỗi CHẶN, chưa được dùng; các dòng khác của đơn vị không bị dừng theo.",
        ),
        *(("XEP_HANG_CA_NHAN", mark, meaning) for mark, meaning in PLACE_MEANINGS.items()),
        ("Mẫu", "(*)", "Ô luôn phải điền."),
        ("Mẫu", "(°)", "Ô phải điền khi ô khác trong cùng dòng đòi hỏi."),
    ]
    return {
        "stt": range(1, len(rows) + 1),
        "noi": [r[0] for r in rows],
        "dau": [r[1] for r in rows],
        "nghia": [r[2] for r in rows],
    }


def _short_forms(results: Results) -> dict[str, Sequence[Any]]:
    awards, known = Awards(results), list(SHORT_FORMS)
    codes = sorted(awards.names, key=lambda code: known.index(code) if code in SHORT_FORMS else len(known))
    return {
        "stt": range(1, len(codes) + 1),
        "ma": codes,
        "ngan": [awards.short(code) for code in codes],
        "ten": [awards.names[code] for code in codes],
    }


def _columns() -> dict[str, Sequence[Any]]:
    pairs = [(sheet.code, column) for sheet in UNIT_TEMPLATE.sheets for column in sheet]
    return {
        "stt": range(1, len(pairs) + 1),
        "trang": [code for code, _ in pairs],
        "truong": [column.name for _, column in pairs],
        "tieu_de": [column.heading + column.mark for _, column in pairs],
        "kieu": [column.kind.value for _, column in pairs],
        "bat_buoc": [_needed(column) for _, column in pairs],
        "danh_sach": [_list_of(column) for _, column in pairs],
        "huong_dan": [_help(column) for _, column in pairs],
    }


def _needed(column: Column) -> str:
    return "có" if column.required else "có điều kiện" if column.required_when else "không"


def _list_of(column: Column) -> str | None:
    if column.vocabulary:
        return column.vocabulary
    targets = (column.refers_to, *column.refers_to_any)
    return " hoặc ".join(f"{t[0]}.{t[1]}" for t in targets if t) or None


def _help(column: Column) -> str | None:
    limits = ""
    if column.low is not None or column.high is not None:
        low = "" if column.low is None else f" từ {decimal(column.low)}"
        limits = f" Giá trị{low}" + ("" if column.high is None else f" đến {decimal(column.high)}") + "."
    return (column.help + limits).strip() or None


def _codes(labels: Mapping[str, Mapping[str, str]]) -> dict[str, Sequence[Any]]:
    rows = [
        (name, code, label) for name, items in labels.items() if name not in _ELSEWHERE for code, label in items.items()
    ]
    return {
        "stt": range(1, len(rows) + 1),
        "danh_sach": [r[0] for r in rows],
        "ma": [r[1] for r in rows],
        "nghia": [r[2] for r in rows],
    }
