"""NAM_NGUYEN_TAC: whether each unit is accurate, democratic, open, fair and timely, as lights that read in grey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.paper import row_height
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.formats import font_size
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.principles import MEANING, PROVINCE, FivePrinciples, Light, Standing, anchor_of
from pipeline.workbook.table import Cell, Field, council_field
from pipeline.workbook.topics import UNIT_FIELDS, UnitLines
from pipeline.workbook.verdicts import Verdicts
from schemas.principles import Principle, mapping_of
from schemas.rules import register

PLAN = SheetPlan(
    "NAM_NGUYEN_TAC",
    Group.READ_FIRST,
    "Năm nguyên tắc theo từng đơn vị",
    "việc xét của từng đơn vị có chính xác, dân chủ, công khai, công bằng, kịp thời không?",
)
ALL, WHOLE = "–", "Chung toàn tỉnh, khối; tệp chưa rõ đơn vị"
FIELDS = (
    *UNIT_FIELDS,
    Field("ten", "Đơn vị", 25),
    *(
        field
        for p in Principle
        for field in (Field(p.name, p.words, 12.5), Field(f"{p.name}_so", f"Số: {p.words.lower()}", 7, "count"))
    ),
    council_field(13),
)
#: Columns that the label of a line below the table takes.
_LABEL = 3


def write(page: Page, results: Results) -> None:
    """Write the lights, what each principle was judged by, and the checks that speak of none."""
    lights, verdicts = page.book.shared(FivePrinciples), page.book.shared(Verdicts)
    away = sum(state.counted is None for state in results.board)
    note = "Số: số phát hiện, bấm để mở. " + (
        f"{len(results.board)} đơn vị; {away} đơn vị chưa xét được vì chưa có tệp dùng được." if away else ""
    )
    page.head([item.width for item in FIELDS], note, MEANING, mixed=True)
    page.part("I. Từng đơn vị")
    page.table(FIELDS, _columns(results, lights, verdicts))
    page.part("II. Mỗi nguyên tắc được xét bằng những quy tắc nào")
    _checks(page, verdicts)
    page.part("III. Quy tắc không thuộc nguyên tắc nào, xem ở trang khác")
    _elsewhere(page)
    page.sheet.print_area(0, 0, page.row - 1, len(FIELDS) - 1)


def _columns(results: Results, lights: FivePrinciples, verdicts: Verdicts) -> dict[str, Sequence[Any]]:
    heads = UnitLines(results, verdicts).heads()
    lines: list[tuple[str, Mapping[Principle, Standing]]] = [(s.code, lights.of(s)) for s in results.board]
    lines.append((PROVINCE, lights.of_province()))
    columns: dict[str, Sequence[Any]] = {
        "stt": [*heads["stt"], None], "ma": [*heads["ma"], Cell(ALL, "centre")], "ten": [*heads["ten"], WHOLE],
    }  # fmt: skip
    for principle in Principle:
        columns[principle.name] = [standings[principle].light.cell() for _, standings in lines]
        columns[f"{principle.name}_so"] = [_number(unit, principle, standings) for unit, standings in lines]
    return columns


def _number(unit: str, principle: Principle, standings: Mapping[Principle, Standing]) -> int | Cell | None:
    """How many were found, leading to the gravest; what could not be judged is linked too."""
    standing = standings[principle]
    if standing.found or standing.unknown:
        return Cell(standing.found, "link_count", anchor_of(unit, principle))
    return None if standing.light is Light.NOT_SEEN else 0


def _checks(page: Page, verdicts: Verdicts) -> None:
    """One line a principle: what was looked at, by which checks, how often, and which are not asked in this period."""
    for principle in Principle:
        codes = [code for code in register() if mapping_of(code).principle is principle]
        asked = [code for code in codes if verdicts.asked(code)]
        counts = [verdicts.counts(code) for code in asked]
        looked, wanting, unknown = (sum(c[name] for c in counts) for name in ("looked", "wanting", "unknown"))
        text = (
            f"Xem: {principle.asks}. {len(asked)} quy tắc, đã xét {decimal(looked)} chỗ: {decimal(wanting)} có phát "
            f"hiện, {decimal(unknown)} chưa xét được. Mã: {', '.join(asked)}."
        )
        idle = [code for code in codes if code not in asked]
        text += f" Không xét riêng ở kỳ này: {', '.join(idle)}." if idle else ""
        _line(page, principle.words, text)


def _elsewhere(page: Page) -> None:
    """What is counted under no principle, by where it is read."""
    found: dict[str, list[str]] = {}
    for code in register():
        mapping = mapping_of(code)
        if mapping.principle is None:
            found.setdefault(mapping.elsewhere, []).append(code)
    for where, codes in found.items():
        _line(page, where[:1].upper() + where[1:], ", ".join(codes))


def _line(page: Page, label: str, text: str) -> None:
    widths = sum(page.widths[:_LABEL]), sum(page.widths[_LABEL:])
    page.sheet.set_row(page.row, row_height(zip((label, text), widths, strict=True), font_size("text")))
    page.merge(page.row, 0, page.row, _LABEL - 1, label, "text_strong")
    page.merge(page.row, _LABEL, page.row, len(page.widths) - 1, text, "text")
    page.row += 1
