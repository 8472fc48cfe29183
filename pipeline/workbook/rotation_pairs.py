"""The pairs of LUAN_PHIEN: somebody clearly better who could have been chosen and was not, with both records."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.rotation import title_words
from pipeline.results import Results
from pipeline.rotation.levels import SIGNS
from pipeline.rotation.told import PERSONS, Passed, Told, passed_over
from pipeline.vietnamese import decimal
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.rotation_order import by_level, grid_of
from pipeline.workbook.table import Cell, Field, council_field

PLAN = SheetPlan(
    "LUAN_PHIEN_CAP",
    Group.NOMINATIONS,
    "Luân phiên: từng cặp đáng hỏi",
    "ở đơn vị có dấu hiệu, năm nào người rõ hơn lại không được, và ai đã chờ lâu hơn?",
    wide=True,
)
PAIR_FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã ĐV", 7, "link_centre"),
    Field("danh_hieu", "Danh hiệu", 20),
    Field("nam", "Năm", 8, "integer"),
    Field("duoc", "Người được", 24, "text_strong"),
    Field("tt_duoc", "Thành tích ghi của người được", 30),
    Field("cho_duoc", "Người được đã chờ (năm)", 9, "integer"),
    Field("khong", "Người có thành tích ghi cao hơn rõ, không được", 24),
    Field("tt_khong", "Thành tích ghi của người không được", 30),
    Field("cho_khong", "Người kia đã chờ (năm)", 9, "integer"),
    Field("luot", "Người được chờ lâu hơn", 9, "centre"),
    council_field(24),
)
PAIRS_NOTE = (
    "Chỉ các dãy có dấu hiệu. Cao hơn rõ: xếp loại cao hơn, hoặc cùng mức mà hơn quá {diem} điểm; với Chiến sĩ thi "
    "đua cơ "
    "sở, có sáng kiến được công nhận thì coi ngang xếp loại xuất sắc. Chờ tính từ năm đầu của dãy hoặc từ năm về đơn "
    "vị. "
    "Có thể có lý do mà số liệu không ghi."
)


def write(page: Page, results: Results) -> None:
    """Write the pairs of the series with a sign."""
    least = results.rules.number("LP-03", "diem")
    page.head([f.width for f in PAIR_FIELDS], "", PAIRS_NOTE.format(diem=decimal(least)))
    rows = [
        (told, found)
        for told, judgement in by_level(results)
        if judgement.level in SIGNS and told.kind == PERSONS and not judgement.prepared.complement
        for found in passed_over(judgement.prepared)
    ]  # fmt: skip
    case = results.evidence
    page.table(
        PAIR_FIELDS,
        {
            "stt": range(1, len(rows) + 1),
            "ma": [Cell(t.unit, link=("unit", t.unit)) for t, _ in rows],
            "danh_hieu": [Cell(title_words(case, t), "link", grid_of(t)) for t, _ in rows],
            "nam": [p.year for _, p in rows],
            "duoc": [t.names[p.winner] for t, p in rows],
            "tt_duoc": [_merit(results, t, p, p.winner) for t, p in rows],
            "cho_duoc": [p.winner_waited for _, p in rows],
            "khong": [t.names[p.other] for t, p in rows],
            "tt_khong": [_merit(results, t, p, p.other) for t, p in rows],
            "cho_khong": [p.other_waited for _, p in rows],
            "luot": ["▲" if p.by_turn else None for _, p in rows],
        },
        frozen=3,
        empty=f"Đã xét {len(by_level(results))} dãy: không có cặp nào ở dãy có dấu hiệu.",
    )


def _merit(results: Results, told: Told, passed: Passed, column: int) -> str:
    """What is recorded of somebody in a year: rating, score, initiatives."""
    return "; ".join(_recorded(results, told, told.series.years.index(passed.year), column)) or "không ghi"


def _recorded(results: Results, told: Told, t: int, i: int) -> Iterator[str]:
    if told.rating[t, i] is not None:
        yield results.evidence.label("XEP_LOAI", str(told.rating[t, i]))
    if told.score[t, i] == told.score[t, i]:
        yield f"{decimal(told.score[t, i])} điểm"
    if told.initiatives[t, i] == told.initiatives[t, i] and told.initiatives[t, i]:
        yield f"{decimal(told.initiatives[t, i])} sáng kiến"
