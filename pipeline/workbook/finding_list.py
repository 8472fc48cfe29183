"""PHAT_HIEN: everything that was found, gravest first, one line for equal findings."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.findings import Finding, Group, Sentences, ranges_text, sentences
from pipeline.province import CONFIGURATION_FILE, HISTORY_FILE
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.book import Page
from pipeline.workbook.marks import severity_role, severity_text
from pipeline.workbook.plan import Group as TabGroup
from pipeline.workbook.plan import SheetPlan
from pipeline.workbook.rows import Rows
from pipeline.workbook.table import Anchor, Cell, Field, council_field

PLAN = SheetPlan(
    "PHAT_HIEN",
    TabGroup.READ_FIRST,
    "Tất cả phát hiện, nặng nhất trước",
    "điều gì sai, ở đâu, sửa thế nào, căn cứ nào?",
)

#: Lines beyond which the sheet would no longer be read; the CSV beside the workbook holds all.
MOST_LINES = 50_000
PROVINCE_FILES, NOBODY = "(tệp của tỉnh)", "(chưa rõ đơn vị)"
FIELDS = (
    Field("stt", "STT", 6, "index"),
    Field("muc", "Mức", 15),
    Field("ma", "Mã", 8, "centre"),
    Field("ma_don_vi", "Mã ĐV", 8, "centre"),
    Field("don_vi", "Đơn vị", 17),
    Field("doi_tuong", "Đối tượng", 19),
    Field("mo_ta", "Mô tả", 42),
    Field("so_cho", "Số chỗ", 6, "count"),
    Field("noi", "Nơi (tệp, trang, ô)", 27),
    Field("cach_sua", "Cách sửa", 32),
    Field("can_cu", "Căn cứ", 19),
    Field("nguon", "Trạng thái nguồn", 12),
    council_field(18),
)


def finding_anchor(file: str, sheet: str, cell: str, code: str) -> Anchor:
    """Where the line of a finding is to be linked to."""
    return "finding", f"{file}|{sheet}|{cell}|{code}"


def write(page: Page, results: Results) -> None:
    """Write one line a group, up to `MOST_LINES`, and say so when some are left out."""
    groups = results.groups[:MOST_LINES]
    note = f"{decimal(len(groups))} dòng, {decimal(len(results.findings))} chỗ."
    if len(results.groups) > len(groups):
        note += (
            f" Trang này chỉ hiện {decimal(len(groups))} dòng nặng nhất trong {decimal(len(results.groups))};"
            " xem đủ ở tệp phat-hien.csv."
        )
    page.head([item.width for item in FIELDS], note)
    placed = page.table(FIELDS, _columns(page, results, groups), frozen=4)
    for number, group in enumerate(groups):
        first, row = group.first, placed.first + number
        severity = first.severity.name if first.judged else "NOT_JUDGED"
        page.anchor("severity", f"{first.unit} {severity}", row)
        page.anchor("severity", severity, row)
        page.anchor("findings", first.unit, row)
        for cell in group.cells or ("",):
            page.anchor(*finding_anchor(first.file, first.sheet, cell, first.code), row)


def _columns(page: Page, results: Results, groups: Sequence[Group]) -> dict[str, Sequence[object]]:
    rows = page.book.shared(Rows)
    names = results.dataset.province.units["ten_don_vi"].to_dict()
    words = [_words(group) for group in groups]
    firsts = [group.first for group in groups]
    return {
        "stt": range(1, len(groups) + 1),
        "muc": [Cell(severity_text(f.severity, f.judged), severity_role(f.severity, f.judged)) for f in firsts],
        "ma": [Cell(f.code, "link_centre", ("rule", f.code)) for f in firsts],
        "ma_don_vi": [Cell(f.unit, "link_centre", ("nop", f.unit)) if f.unit else "–" for f in firsts],
        "don_vi": [str(names.get(f.unit, f.unit)) if f.unit else _nobody(f) for f in firsts],
        "doi_tuong": [rows.subject(group) or None for group in groups],
        "mo_ta": [w.what for w in words],
        "so_cho": [group.size for group in groups],
        "noi": [_place(group) or None for group in groups],
        "cach_sua": [w.fix for w in words],
        "can_cu": [w.source for w in words],
        "nguon": [w.source_status for w in words],
    }


def _nobody(finding: Finding) -> str:
    return PROVINCE_FILES if finding.file in (CONFIGURATION_FILE, HISTORY_FILE) else NOBODY


def _words(group: Group) -> Sentences:
    """Words of a group; the place has a column of its own, so the sentence does not repeat it."""
    first = group.first
    params = {"trang": first.sheet, "o": ranges_text(group.cells)} | dict(first.params)
    return sentences(first.at(sheet="", cell="", params=params))


def _place(group: Group) -> str:
    first = group.first
    sheet = f"trang {first.sheet}" if first.sheet else ""
    parts = [
        first.file,
        ", ".join(p for p in (sheet, f"ô {ranges_text(group.cells)}" if group.cells else "") if p),
    ]
    return "\n".join(part for part in parts if part)
