"""PHAT_HIEN: everything that was found, gravest first, one line for equal findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.findings import Finding, Group, Sentences, ranges_text, sentences
from pipeline.province import CONFIGURATION_FILE, HISTORY_FILE
from pipeline.results import REPLACED, Results, replaced_refusals
from pipeline.submissions import Outcome
from pipeline.vietnamese import decimal
from pipeline.workbook.comparison import marks_of
from pipeline.workbook.finding_keys import finding_keys
from pipeline.workbook.marks import BLOCKING_MEANING, severity_role, severity_text
from pipeline.workbook.nominated import Nominations
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group as TabGroup
from pipeline.workbook.plan import SheetPlan
from pipeline.workbook.principles import PROVINCE as PROVINCE_WIDE
from pipeline.workbook.principles import anchor_of
from pipeline.workbook.rows import finding_anchor
from pipeline.workbook.submission_board import sending_line
from pipeline.workbook.table import Cell, Field, council_field
from schemas.principles import principle_of
from schemas.rules import Severity
from schemas.sheets import UNIT_TEMPLATE

PLAN = SheetPlan(
    "PHAT_HIEN",
    TabGroup.READ_FIRST,
    "Tất cả phát hiện, nặng nhất trước",
    "điều gì sai, ở đâu, chặn gì, sửa thế nào, căn cứ nào?",
    wide=True,
)

#: Lines beyond which the sheet would no longer be read; the CSV beside the workbook holds all.
MOST_LINES = 50_000
STOPPED_FILE, STOPPED_SHEET, STOPPED_ROW, STOPPED_LIST = "tệp", "trang", "dòng", "danh sách của Hội đồng"
PROVINCE_FILES, PROVINCE, NOBODY = "(tệp của tỉnh)", "(toàn tỉnh)", "(chưa rõ đơn vị)"
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("muc", "Mức", 14.5),
    Field("ma", "Mã", 7, "centre"),
    Field("ma_don_vi", "Mã ĐV", 6.5, "centre"),
    Field("don_vi", "Đơn vị", 15),
    Field("doi_tuong", "Đối tượng", 17),
    Field("mo_ta", "Mô tả", 34),
    Field("chan", "Chặn gì", 15),
    Field("so_cho", "Số chỗ", 5.5, "count"),
    Field("noi", "Nơi (tệp, trang, ô)", 23),
    Field("cach_sua", "Cách sửa", 30),
    Field("can_cu", "Căn cứ", 23),
    Field("nguon", "Trạng thái nguồn", 12),
    Field("tinh", "Tham số, miễn áp dụng của tỉnh", 14),
    Field("so_truoc", "So lần trước", 6, "centre"),
    council_field(14),
)


def write(page: Page, results: Results) -> None:
    """Write one line a group, up to `MOST_LINES`, and say so when some are left out."""
    groups = results.groups[:MOST_LINES]
    note = f"{decimal(len(groups))} dòng, {decimal(len(results.findings))} chỗ."
    if len(results.groups) > len(groups):
        note += (
            f" Trang này chỉ hiện {decimal(len(groups))} dòng nặng nhất trong {decimal(len(results.groups))};"
            " xem đủ ở tệp phat-hien.csv."
        )
    meaning = f"{Severity.BLOCKING.value}: {BLOCKING_MEANING[:1].lower()}{BLOCKING_MEANING[1:]}"
    page.head([item.width for item in FIELDS], note, meaning, sending_line(results))
    keys = finding_keys(groups, page.book.shared(Nominations).rows)
    columns = _columns(page, results, groups) | {"so_truoc": marks_of(keys, page.book.before)}
    placed = page.table(FIELDS, columns, frozen=4, keys=keys)
    expected = {state.code for state in results.board}
    for number, group in enumerate(groups):
        first, row = group.first, placed.first + number
        severity = first.severity.name if first.judged else "NOT_JUDGED"
        page.anchor("severity", f"{first.unit} {severity}", row)
        page.anchor("severity", severity, row)
        page.anchor("findings", first.unit, row)
        page.anchor("code", f"{first.unit} {first.code}", row)
        principle = principle_of(first.code)
        if principle:
            page.anchor(*anchor_of(first.unit if first.unit in expected else PROVINCE_WIDE, principle), row)
        for cell in group.cells or ("",):
            page.anchor(*finding_anchor(first.file, first.sheet, cell, first.code), row)


def _columns(page: Page, results: Results, groups: Sequence[Group]) -> dict[str, Sequence[object]]:
    nominations, settled = page.book.shared(Nominations), replaced_refusals(results.dataset)
    rows, stops = nominations.rows, _Stops(results, nominations)
    names = results.dataset.province.units["ten_don_vi"].to_dict()
    words = [words_of(group) for group in groups]
    firsts = [group.first for group in groups]
    return {
        "stt": range(1, len(groups) + 1),
        "muc": [Cell(severity_text(f.severity, f.judged), severity_role(f.severity, f.judged)) for f in firsts],
        "ma": [Cell(f.code, "link_centre", ("rule", f.code)) for f in firsts],
        "ma_don_vi": [Cell(f.unit, "link_centre", ("nop", f.unit)) if f.unit else "–" for f in firsts],
        "don_vi": [str(names.get(f.unit, f.unit)) if f.unit else _nobody(f) for f in firsts],
        "doi_tuong": [rows.subject(group) or None for group in groups],
        "mo_ta": [w.what for w in words],
        "chan": [stops.of(group) for group in groups],
        "so_cho": [group.size for group in groups],
        "noi": [_place(group) or None for group in groups],
        "cach_sua": [REPLACED if f.file in settled else w.fix for w, f in zip(words, firsts, strict=True)],
        "can_cu": [w.source for w in words],
        "nguon": [w.source_status for w in words],
        "tinh": [w.note or None for w in words],
    }


class _Stops:
    """What a blocking finding stops, in words; a nomination is named."""

    def __init__(self, results: Results, nominations: Nominations) -> None:
        records = results.dataset.records
        self._unread = {r.path for r in records if r.outcome in (Outcome.REFUSED, Outcome.INTERNAL)}
        self._forms = {sheet.code for sheet in UNIT_TEMPLATE.sheets if sheet.form}
        self._stopped = nominations.stopped_by
        self._alike: dict[tuple[str, str, str, str], list[Finding]] = defaultdict(list)
        for finding in results.findings:
            if id(finding) in self._stopped:
                self._alike[finding.file, finding.sheet, finding.cell, finding.code].append(finding)

    def of(self, group: Group) -> str | None:
        """Words for one line; plain text, because LibreOffice does not wrap links."""
        first = group.first
        if first.severity is not Severity.BLOCKING or not first.judged:
            return None
        if not first.file and not first.sheet:
            return f"{STOPPED_LIST}: {first.subject}" if first.subject else STOPPED_LIST
        if first.file in self._unread:
            return STOPPED_FILE
        alike = [f for cell in group.cells or ("",) for f in self._alike[first.file, first.sheet, cell, first.code]]
        items = list({i.row_id: i for f in alike for i in self._stopped[id(f)]}.values())
        if items:
            item, more = items[0], f" và {len(items) - 1} đề nghị khác" if len(items) > 1 else ""
            return f"đề nghị {item.code} · {item.name}{more}"
        if not group.cells or first.sheet in self._forms:
            return STOPPED_SHEET if first.sheet or "ten_trang" in first.params else STOPPED_FILE
        return STOPPED_ROW


def _nobody(finding: Finding) -> str:
    if not finding.file:
        return PROVINCE
    return PROVINCE_FILES if finding.file in (CONFIGURATION_FILE, HISTORY_FILE) else NOBODY


def words_of(group: Group) -> Sentences:
    """Words of a group; the place has a column of its own, so the sentence does not repeat it."""
    first = group.first
    params = {"trang": first.sheet, "o": ranges_text(group.cells)} | dict(first.params)
    words = sentences(first.at(sheet="", cell="", params=params))
    return replace(words, what=words.what.replace("?.", "?"))


def _place(group: Group) -> str:
    first = group.first
    sheet = f"trang {first.sheet}" if first.sheet else ""
    parts = [
        first.file,
        ", ".join(p for p in (sheet, f"ô {ranges_text(group.cells)}" if group.cells else "") if p),
    ]
    return "\n".join(part for part in parts if part)
