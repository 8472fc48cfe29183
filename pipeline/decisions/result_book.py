"""`ket-qua.xlsx`: the final lists, what was not given and why, what is still open, the record, the findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from xlsxwriter import Workbook

from pipeline.decisions.judging import Decision, Outcome, given
from pipeline.decisions.record import COLUMNS as RECORD_COLUMNS
from pipeline.findings import Finding, sentences
from pipeline.paper import row_height, set_page, workbook_options
from pipeline.workbook.awards import LEVELS
from pipeline.workbook.formats import Formats, font_size
from pipeline.workbook.nomination_keys import COLLECTIVE

_HEADINGS: Mapping[str, str] = {
    "trang_tinh": "Trang", "o": "Ô", "tep": "Tệp", "khoa": "Khóa dòng", "loai": "Loại", "don_vi": "Mã ĐV",
    "doi_tuong": "Mã", "ten": "Họ tên, tập thể, việc", "de_nghi": "Đề nghị", "cot": "Cột", "cu": "Cũ", "moi": "Mới",
    "ly_do": "Lý do", "ket_qua": "Kết quả", "danh_hieu_cuoi": "Danh hiệu, hình thức cuối",
    "phieu_dong_y": "Phiếu đồng ý", "tong_thanh_vien": "Tổng thành viên",
}  # fmt: skip
_RECORD_WIDTHS = (14, 7, 18, 24, 10, 8, 10, 26, 11, 13, 13, 13, 26, 14, 12, 8, 8)
_LIST = (
    ("STT", 5), ("Họ tên, tập thể", 28), ("Mã ĐV", 8), ("Đơn vị", 24), ("Danh hiệu, hình thức", 34),
    ("Cấp quyết định", 14), ("Phiếu của Hội đồng", 12), ("Ghi chú", 34),
)  # fmt: skip
_OPEN = (
    ("STT", 5), ("Họ tên, tập thể", 28), ("Mã ĐV", 8), ("Đơn vị", 24), ("Đề nghị", 34), ("Kết luận", 16), ("Lý do", 40),
)  # fmt: skip
_FINDINGS = (
    ("STT", 5), ("Mức", 14), ("Mã", 8), ("Mã ĐV", 8), ("Tệp", 18), ("Trang", 16), ("Ô", 8), ("Mô tả", 52),
    ("Cách sửa", 46),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """What the sheets say of the run and of awards."""

    run: Mapping[str, Any]
    awards: Mapping[str, Mapping[str, Any]]

    def name(self, code: str) -> str:
        """Full name of an award."""
        return str(self.awards.get(code, {}).get("ten", code))


def write_result_book(
    file: BinaryIO,
    facts: ResultFacts,
    decisions: Sequence[Decision],
    record: Sequence[Sequence[str]],
    findings: Sequence[Finding],
) -> None:
    """Write the workbook; equal arguments give equal bytes."""
    workbook = Workbook(file, workbook_options())
    created = dt.datetime.fromisoformat(str(facts.run["now"])).replace(tzinfo=None, microsecond=0)
    title = f"Kết quả xét thi đua, khen thưởng kỳ {facts.run['period']}"
    workbook.set_properties({"title": title, "category": f"lần chạy {facts.run['run_id']}", "created": created})
    pages = _Pages(workbook, facts)
    pages.list("CONG_NHAN", "Danh sách được công nhận", _awarded(facts, given(decisions, Outcome.RECOGNISED)))
    pages.list("TRINH", "Danh sách trình cấp trên quyết định", _awarded(facts, given(decisions, Outcome.SUBMITTED)))
    refused = (Outcome.REFUSED, Outcome.RETURNED, Outcome.POSTPONED)
    closed = [d for d in decisions if d.outcome in refused]
    pages.table("KHONG_VAO", "Không đồng ý, trả lại, để lại kỳ sau", _OPEN, _open(facts, closed))
    undecided = [d for d in decisions if d.outcome is Outcome.UNDECIDED]
    pages.table("CHUA_QUYET", "Chưa quyết định được (xem PHAT_HIEN)", _OPEN, _open(facts, undecided))
    columns = [(_HEADINGS[name], width) for name, width in zip(RECORD_COLUMNS, _RECORD_WIDTHS, strict=True)]
    pages.table("QUYET_DINH", "Từng ý kiến của Hội đồng: cũ, mới, lý do, nơi ghi", columns, record)
    pages.table("PHAT_HIEN", "Chỗ phải sửa hoặc cần biết", _FINDINGS, _told(findings))
    workbook.close()


def _awarded(facts: ResultFacts, decisions: Sequence[Decision]) -> tuple[list[list[Any]], list[list[Any]]]:
    """Rows of collectives and of persons, the highest rungs first."""
    parts: tuple[list[list[Any]], list[list[Any]]] = ([], [])
    for decision in sorted(decisions, key=lambda d: -int(facts.awards.get(d.award, {}).get("bac", 0))):
        told, tally = decision.facts, decision.tally
        counts = tally.counts if tally else {}
        votes = f"{counts['dong_y']:.0f}/{counts['tong']:.0f}" if counts.get("dong_y") and counts.get("tong") else None
        proposed = facts.name(str(told.get("danh_hieu") or told.get("hinh_thuc") or ""))
        notes = [f"Hạ mức từ «{proposed}»" if decision.lowered else "", decision.reason]
        level = str(facts.awards.get(decision.award, {}).get("cap") or "")
        rows = parts[0] if told["loai"] == COLLECTIVE else parts[1]
        rows.append([
            len(rows) + 1, told["ten"], told["don_vi"], told["ten_don_vi"], facts.name(decision.award),
            LEVELS.get(level, level), votes, ". ".join(note for note in notes if note) or None,
        ])  # fmt: skip
    return parts


def _open(facts: ResultFacts, decisions: Sequence[Decision]) -> list[list[Any]]:
    return [
        [
            number, d.facts["ten"], d.facts["don_vi"], d.facts["ten_don_vi"],
            "; ".join(facts.name(str(code)) for code in (d.facts.get("danh_hieu"), d.facts.get("hinh_thuc")) if code),
            d.new or d.row.text("ket_luan") or None, d.reason or None,
        ]
        for number, d in enumerate(decisions, start=1)
    ]  # fmt: skip


def _told(findings: Sequence[Finding]) -> list[list[Any]]:
    rows = []
    for number, finding in enumerate(findings, start=1):
        words = sentences(finding)
        rows.append([
            number, words.severity, finding.code, finding.unit, finding.file, finding.sheet, finding.cell, words.what,
            words.fix,
        ])  # fmt: skip
    return rows


class _Pages:
    """Sheets of one look: title, run, one table a part."""

    def __init__(self, workbook: Workbook, facts: ResultFacts) -> None:
        self._workbook, self._formats = workbook, Formats(workbook)
        mark = f" · {facts.run['mark']}" if facts.run.get("mark") else ""
        self._stamp = f"Kỳ xét {facts.run['period']} · theo bản tổng hợp của lần chạy {facts.run['run_id']}{mark}"

    def list(self, name: str, title: str, parts: tuple[list[list[Any]], list[list[Any]]]) -> None:
        """Write a list: collectives, then persons."""
        page, row = self._page(name, title, _LIST)
        for part, rows in zip(("I. Tập thể", "II. Cá nhân"), parts, strict=True):
            page.write_string(row, 0, f"{part}: {len(rows)}", self._formats["part"])
            row = self._rows(page, row + 1, _LIST, rows) + 1

    def table(self, name: str, title: str, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[Any]]) -> None:
        """Write a sheet of one table."""
        page, row = self._page(name, f"{title}: {len(rows)}", columns)
        self._rows(page, row, columns, rows)
        page.autofilter(row, 0, row + max(len(rows), 1), len(columns) - 1)
        page.freeze_panes(row + 1, 2)

    def _page(self, name: str, title: str, columns: Sequence[tuple[str, float]]) -> tuple[Any, int]:
        page = self._workbook.add_worksheet(name)
        page.hide_gridlines(2)
        for number, (_, width) in enumerate(columns):
            page.set_column(number, number, width)
        page.write_string(0, 0, title, self._formats["title"])
        page.write_string(1, 0, self._stamp, self._formats["fact_label"])
        page.set_row(1, 15)
        set_page(page, True, footer_left=title, footer_right=self._stamp)
        return page, 2

    def _rows(self, page: Any, row: int, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[Any]]) -> int:
        """Write heading and rows; returns the next free row."""
        formats = self._formats
        for number, (heading, _) in enumerate(columns):
            page.write_string(row, number, heading, formats["header"])
        page.set_row(row, row_height([(h, w - 0.5) for h, w in columns], font_size("header"), True) + 6)
        for line in rows:
            row += 1
            texts = [(str(v), float(w)) for v, (_, w) in zip(line, columns, strict=True) if isinstance(v, str)]
            page.set_row(row, row_height(texts, font_size("text")))
            for number, value in enumerate(line):
                if value is None or value == "":
                    page.write_blank(row, number, None, formats["text"])
                elif isinstance(value, str):
                    page.write_string(row, number, value, formats["text"])
                else:
                    page.write_number(row, number, value, formats["index"])
        if not rows:
            row += 1
            page.write_string(row, 1, "(không có dòng nào)", formats["empty"])
        return row + 1
