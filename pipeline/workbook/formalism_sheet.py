"""HINH_THUC: the nine signs of formalism of each unit, and the example most worth a look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.checks.formalism import SIGNALS, signals
from pipeline.findings import Finding, sentences
from pipeline.results import Results, UnitState
from pipeline.workbook.marks import no_file
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.rows import finding_anchor
from pipeline.workbook.table import Cell, Field, council_field
from pipeline.workbook.verdicts import State, Verdicts
from schemas.rules import register

PLAN = SheetPlan(
    "HINH_THUC",
    Group.TOPICS,
    "Dấu hiệu hình thức",
    "đơn vị nào có dấu hiệu làm cho có, ở việc gì?",
    wide=True,
)

LEGEND = (
    "✗ n: có dấu hiệu, ở n chỗ · ✓ đã xét, không thấy · ? chưa xét được · – không có gì để xét, hoặc chưa có quy tắc."
    " Dấu hiệu là điều để hỏi lại, không phải kết luận về đơn vị hay người nào."
)
#: Signals that a unit either shows or does not: no count beside the mark.
_ONCE = ("HT-04", "HT-05", "HT-06", "HT-07", "HT-09")
_HEADINGS = {
    "HT-01": "HT-01 lời văn giống nhau",
    "HT-02": "HT-02 thiếu con số",
    "HT-03": "HT-03 không sơ, tổng kết",
    "HT-04": "HT-04 chỉ tiêu tròn, thấp",
    "HT-05": "HT-05 tự chấm tối đa",
    "HT-06": "HT-06 chấm cao hơn số liệu",
    "HT-07": "HT-07 giấy tờ cùng ngày",
    "HT-08": "HT-08 phiếu nhất trí hết",
    "HT-09": "HT-09 không ai bị loại",
}
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã ĐV", 7, "link_centre"),
    Field("ten", "Đơn vị", 22),
    *(Field(code, _HEADINGS[code], 10.5, "centre") for code in SIGNALS),
    Field("tong", "Số dấu hiệu", 9, "count_strong"),
    Field("vi_du", "Ví dụ đáng xem nhất (bấm vào số dấu hiệu)", 64),
    council_field(18),
)


def write(page: Page, results: Results) -> None:
    """Write one row a unit that must send."""
    verdicts = page.book.shared(Verdicts)
    own = [code for code, sources in SIGNALS.items() if sources == ((code, ()),)]
    read = [code for sources in SIGNALS.values() for code, _ in sources if code not in own]
    codes = [code for code in (*own, *read) if code in register()]
    page.head([item.width for item in FIELDS], "", LEGEND, verdicts.summary(codes))
    placed = page.table(FIELDS, _columns(results), frozen=3)
    for number, state in enumerate(results.board):
        page.anchor("signals", state.code, placed.first + number)


def _columns(results: Results) -> dict[str, Sequence[Any]]:
    board = results.board
    told = signals(results.evidence, results)
    counts = {
        (unit, signal): (found, unknown, looked)
        for unit, signal, found, unknown, looked in told.itertuples(index=False, name=None)
    }
    examples = _examples(results.findings, counts)
    columns: dict[str, Sequence[Any]] = {
        "stt": range(1, len(board) + 1),
        "ma": [Cell(s.code, "link_centre", ("unit", s.code)) for s in board],
        "ten": [s.name for s in board],
        "tong": [_total(s.code, counts, examples.get(s.code)) if s.counted else None for s in board],
        "vi_du": [_example(examples.get(s.code), s) for s in board],
    }
    for signal in SIGNALS:
        columns[signal] = [_mark(signal, counts.get((s.code, signal), (0, 0, 0))) for s in board]
    return columns


def _mark(signal: str, counts: tuple[int, int, int]) -> Cell:
    found, unknown, looked = counts
    if found:
        text = State.NOT_MET.value[0] + ("" if signal in _ONCE else f" {found}")
        return Cell(text, State.NOT_MET.value[1])
    if unknown:
        return State.UNKNOWN.cell
    return State.MET.cell if looked else State.OUTSIDE.cell


def _examples(
    findings: Sequence[Finding], counts: Mapping[tuple[str, str], tuple[int, int, int]]
) -> dict[str, Finding]:
    """For each unit one finding of the signal that it shows at the most places; of equals the first signal."""
    by_unit: dict[str, list[tuple[int, str, Finding]]] = defaultdict(list)
    for finding in findings:
        signal = _signal(finding)
        if signal and finding.judged and finding.unit:
            by_unit[finding.unit].append((-counts.get((finding.unit, signal), (0, 0, 0))[0], signal, finding))
    return {unit: min(items, key=lambda item: item[:2])[2] for unit, items in by_unit.items()}


def _signal(finding: Finding) -> str:
    for signal, sources in SIGNALS.items():
        for code, variants in sources:
            if finding.code == code and (not variants or finding.variant in variants):
                return signal
    return ""


def _example(finding: Finding | None, state: UnitState) -> str:
    if finding is None:
        return "không thấy dấu hiệu nào trong các điều đã xét" if state.counted else no_file(state)
    return f"{finding.code}: {sentences(finding).what}"


def _total(unit: str, counts: Mapping[tuple[str, str], tuple[int, int, int]], example: Finding | None) -> Cell | int:
    """How many signals the unit shows, leading to the example on PHAT_HIEN."""
    shown = sum(counts[unit, signal][0] > 0 for signal in SIGNALS)
    if example is None:
        return shown
    return Cell(shown, "link_count", finding_anchor(example.file, example.sheet, example.cell, example.code))
