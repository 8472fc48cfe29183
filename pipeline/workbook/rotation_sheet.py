"""LUAN_PHIEN: what each unit's series says of turns, the grids of people and years, the pairs worth a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.checks.rotation import explained, title_words
from pipeline.results import Results
from pipeline.rotation.innocent import innocent_explanations
from pipeline.rotation.judging import Judgement
from pipeline.rotation.levels import CLEAR, LOOK, NOTHING, SIGNS, UNKNOWN, WORDS
from pipeline.rotation.near_ties import near_ties
from pipeline.rotation.of_province import rotation_of
from pipeline.rotation.told import UNITS, Told
from pipeline.rotation.wording import nouns_of, shortly
from pipeline.vietnamese import decimal
from pipeline.workbook.book import Page
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.rotation_charts import draw_charts
from pipeline.workbook.rotation_grid import MARKS, Grids
from pipeline.workbook.rotation_pairs import write_pairs
from pipeline.workbook.table import Cell, Field, council_field

PLAN = SheetPlan(
    "LUAN_PHIEN",
    Group.NOMINATIONS,
    "Dấu hiệu luân phiên",
    "danh hiệu được xét theo thành tích hay lần lượt theo lượt chờ?",
    wide=True,
)
READING = (
    "Đây là câu hỏi cho đơn vị, không phải kết luận: được tặng nhiều lần là hợp lệ, không văn bản nào cấm luân phiên. "
    "Cách đọc ở trang CACH_DOC. Lưới người và năm: LUAN_PHIEN_2; từng cặp đáng hỏi: LUAN_PHIEN_3. Hạn mức: HAN_MUC."
)
ROLES = {CLEAR: "severity_WARNING", LOOK: "severity_INFORMATION", NOTHING: "text", UNKNOWN: "severity_NOT_JUDGED"}
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã ĐV", 7, "link_centre"),
    Field("ten", "Đơn vị, khối", 20),
    Field("danh_hieu", "Danh hiệu", 17, "text_strong"),
    Field("muc", "Mức", 16),
    Field("nam", "Năm", 10, "centre"),
    Field("nam_xet", "Số năm có lựa chọn", 8, "count"),
    Field("suat", "Số lượt được", 8, "count"),
    Field("nguoi", "Số người", 8, "count"),
    Field("khac", "Số người được khác nhau", 9, "count"),
    Field("p", "Nếu chỉ theo thành tích: bao nhiêu trong 1.000 lần", 11, "centre"),
    Field("p_loc", "Nếu bốc thăm: bao nhiêu trong 1.000 lần", 10, "centre"),
    Field("q", "Sau khi tính mọi đơn vị (q)", 9, "centre"),
    Field("suc", "Sức nhận ra (trong 100)", 9, "count"),
    Field("giai_thich", "Giải thích", 80),
    Field("vo_can", "Điều có thể giải thích khác", 26),
    council_field(16),
)


def write(page: Page, results: Results) -> None:
    """Write the list, then the grids and the pairs on sheets of their own."""
    pairs = _sorted(results)
    shown = pairs if len(pairs) <= LONG_LIST else [p for p in pairs if p[1].level in SIGNS]
    note = _note(pairs, len(shown))
    page.head([item.width for item in FIELDS], note, READING, _close_contests(pairs), mixed=True)
    draw_charts(page, pairs)
    page.part("Từng đơn vị, danh hiệu")
    placed = page.table(FIELDS, _columns(results, shown))
    for number, (told, _) in enumerate(shown):
        page.anchor("rotation", told.unit or told.series.unit, placed.first + number)
    page.sheet.print_area(0, 0, placed.last, len(FIELDS) - 1)  # without the numbers behind the charts
    Grids(results, shown).write(page.continuation(2, "lưới người và năm"))
    write_pairs(page.continuation(3, "từng cặp"), results, shown)


def _sorted(results: Results) -> list[tuple[Told, Judgement]]:
    """Series by level, the least likely under merit first, else in the order of units."""
    order = list(WORDS)
    found = list(rotation_of(results.evidence))

    def key(pair: tuple[Told, Judgement]) -> tuple[int, float]:
        reading = pair[1].reading
        return order.index(pair[1].level), reading.p_turn if reading and pair[1].level in SIGNS else 0.0

    return sorted(found, key=key)


def _note(pairs: Sequence[tuple[Told, Judgement]], shown: int) -> str:
    counts = {level: sum(j.level == level for _, j in pairs) for level in WORDS}
    words = " · ".join(f"{MARKS[level]} {WORDS[level]}: {counts[level]}" for level in WORDS)
    cut = "" if shown == len(pairs) else f" Chỉ liệt kê {shown} dòng cần xem; đủ ở luan-phien.csv."
    return f"{len(pairs)} dãy (đơn vị × danh hiệu). {words}.{cut}"


def _close_contests(pairs: Sequence[tuple[Told, Judgement]]) -> str:
    """The audit of near ties over the province, in one sentence."""
    ties = near_ties(j.prepared for _, j in pairs if j.reading)
    if not ties.pairs:
        return ""
    said = (
        "Toàn tỉnh: khi hai người gần ngang thành tích, người chờ lâu hơn được "
        f"{decimal(round(ties.longer_won, 1))} trên {ties.pairs} lần ({decimal(round(100 * ties.share))} %"
    )
    if ties.low == ties.low:
        said += f", khoảng {decimal(round(100 * ties.low))}–{decimal(round(100 * ties.high))} %"
    return said + "); không theo lượt thì khoảng một nửa."


def _columns(results: Results, pairs: Sequence[tuple[Told, Judgement]]) -> dict[str, Sequence[Any]]:
    case = results.evidence
    return {
        "stt": range(1, len(pairs) + 1),
        "ma": [Cell(t.unit, link=("unit", t.unit)) if t.unit else None for t, _ in pairs],
        "ten": [t.series.unit if t.kind == UNITS else case.units["name"].get(t.unit, t.unit) for t, _ in pairs],
        "danh_hieu": [title_words(case, t) for t, _ in pairs],
        "muc": [Cell(f"{MARKS[j.level]} {WORDS[j.level]}", ROLES[j.level]) for _, j in pairs],
        "nam": [f"{j.series.years[0]}–{j.series.years[-1]}" for _, j in pairs],
        "nam_xet": [int(j.prepared.informative.sum()) for _, j in pairs],
        "suat": [int(j.series.won.sum()) for _, j in pairs],
        "nguoi": [len(j.series.persons) for _, j in pairs],
        "khac": [int(j.series.won.any(axis=0).sum()) for _, j in pairs],
        "p": [_thousand(j.reading.p_turn) if j.reading else None for _, j in pairs],
        "p_loc": [_thousand(j.reading.p_lottery) if j.reading else None for _, j in pairs],
        "q": [_share(j.q_value) if j.level in SIGNS else None for _, j in pairs],
        "suc": [round(100 * j.reading.power) if j.reading else None for _, j in pairs],
        "giai_thich": [explained(case, t, j) if j.level in SIGNS else shortly(j, nouns_of(t.kind)) for t, j in pairs],
        "vo_can": ["; ".join(innocent_explanations(t, j)) or None for t, j in pairs],
    }


def _thousand(p: float) -> str | None:
    if p != p:
        return None
    if p >= 1:
        return "không khác"
    return "dưới 1" if p < 0.001 else decimal(round(1000 * p))


def _share(q: float) -> str | None:
    if q != q:
        return None
    return "dưới 0,001" if q < 0.001 else decimal(round(q, 3))
