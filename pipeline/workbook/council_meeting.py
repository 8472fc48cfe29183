"""HOP_HOI_DONG: minutes of the council and its decisions with number and day, for the final lists and the history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipeline.results import Results
from pipeline.workbook.awards import Awards
from pipeline.workbook.decision_lists import OWN_LEVEL
from pipeline.workbook.nominated import PROPOSED, Nominations
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.table import Cell, Field

PLAN = SheetPlan(
    "HOP_HOI_DONG",
    Group.NOMINATIONS,
    "Cuộc họp Hội đồng và các quyết định",
    "biên bản và quyết định số mấy, ngày nào?",
)
#: Keys of the rows: the meeting itself; the decision on one award.
MEETING, DECISION = "HOP", "QD"
_NOTE = (
    "Ghi sau khi họp, sau khi ký quyết định. Khi chốt kết quả, số và ngày ở đây vào lịch sử khen thưởng của năm sau; "
    "danh hiệu, hình thức trình cấp trên thì ghi khi cấp trên đã quyết định."
)
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("noi_dung", "Văn bản", 52, "text_strong"),
    Field("de_nghi", "Số đề nghị", 9, "count"),
    Field("so", "Số, ký hiệu", 20, "council", council=True),
    Field("ngay", "Ngày", 13, "council_date", council=True),
    Field("co_quan", "Cơ quan ban hành", 34, "council", council=True),
    Field("so_du", "Số người dự", 9, "council_count", council=True),
)
#: The number of people present is asked of the meeting only.
_NOT_ASKED = Cell(None, "centre")


def write(page: Page, results: Results) -> None:
    """Write the meeting, then one row an award that the province itself recognises: one may also be lowered to it."""
    page.head([item.width for item in FIELDS], "", _NOTE)
    both = page.book.shared(Nominations).everything
    counts = Counter(
        code
        for items in both
        for item in items
        if item.part in PROPOSED and item.level == OWN_LEVEL and (code := item.title or item.form)
    )
    levels = results.evidence.titles["level"]
    awards = list(dict.fromkeys([*levels.index[levels == OWN_LEVEL].astype(str), *counts]))
    page.table(
        FIELDS, _columns(results, awards, counts), keys=[MEETING, *(f"{DECISION}|{code}" for code in awards)],
        facts=[{}, *({"ma": code} for code in awards)],
    )  # fmt: skip


def _columns(results: Results, awards: Sequence[str], counts: Counter[str]) -> dict[str, Sequence[Any]]:
    names, period = Awards(results), results.dataset.province.period
    office = period.office or None
    return {
        "stt": range(1, len(awards) + 2),
        "noi_dung": ["Biên bản họp Hội đồng", *(f"Quyết định: {names.full(code)}" for code in awards)],
        "de_nghi": [sum(counts.values()), *(counts[code] for code in awards)],
        "ngay": [period.council_day, *[None] * len(awards)],
        "co_quan": [office] * (len(awards) + 1),
        "so_du": [None, *[_NOT_ASKED] * len(awards)],
    }
