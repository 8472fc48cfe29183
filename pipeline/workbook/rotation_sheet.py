"""LUAN_PHIEN: what each unit's series says of turns, the grids of people and years, the pairs worth a question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.checks.rotation import explained, title_words
from pipeline.evidence import Evidence
from pipeline.results import Results
from pipeline.rotation.innocent import innocent_explanations
from pipeline.rotation.levels import CLEAR, LOOK, NOTHING, SIGNS, UNKNOWN, WORDS
from pipeline.rotation.near_ties import near_ties
from pipeline.rotation.told import PERSONS, UNITS, Told
from pipeline.rotation.wording import nouns_of, shortly
from pipeline.vietnamese import decimal, plain_key
from pipeline.workbook.page import Page
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.rotation_charts import draw_charts
from pipeline.workbook.rotation_grid import NO_SERIES
from pipeline.workbook.rotation_order import MARKS, Pair, by_level, grid_of
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
    "Trong mười tỉnh không nơi nào luân phiên, khoảng một tỉnh vẫn có một dấu hiệu rõ là nhầm; «chưa đủ dữ liệu» không "
    "phải là sạch, «không thấy» không phải là xác nhận. Cách đọc ở trang CACH_DOC. Lưới người và năm: "
    "LUAN_PHIEN_LUOI; từng cặp đáng hỏi: LUAN_PHIEN_CAP; hạn mức: HAN_MUC."
)
ROLES = {CLEAR: "severity_WARNING", LOOK: "severity_INFORMATION", NOTHING: "text", UNKNOWN: "severity_NOT_JUDGED"}
_NO_RULE = ("", "khong", "khongco")
_QUOTED = 120  #: characters of a unit's own words that are shown
#: Close contests below which the audit says nothing.
_ENOUGH_CONTESTS = 20
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã ĐV", 6.5, "link_centre"),
    Field("ten", "Đơn vị, khối", 16),
    Field("danh_hieu", "Danh hiệu", 14),
    Field("muc", "Mức", 13),
    Field("nam", "Năm (bấm xem lưới)", 9.5, "link_centre"),
    Field("nam_xet", "Số năm phải chọn", 7, "count"),
    Field("suat", "Số lượt được", 7, "count"),
    Field("nguoi", "Số người", 7, "count"),
    Field("khac", "Số người được khác nhau", 8, "count"),
    Field("p", "Nếu chỉ theo thành tích: bao nhiêu trong 1.000 lần", 10, "centre"),
    Field("p_loc", "Nếu bốc thăm: bao nhiêu trong 1.000 lần", 9, "centre"),
    Field("q", "Vẫn nổi rõ khi tính mọi đơn vị?", 8, "centre"),
    Field("suc", "Có lần lượt thật thì nhận ra mấy trong 100", 9, "count"),
    Field("giai_thich", "Giải thích", 65),
    Field("vo_can", "Điều có thể giải thích khác", 20),
    council_field(14),
)


def write(page: Page, results: Results) -> None:
    """Write the charts and the list."""
    pairs = by_level(results)
    shown = pairs if len(pairs) <= LONG_LIST else [p for p in pairs if p[1].level in SIGNS]
    note = _note(pairs, len(shown))
    page.head([item.width for item in FIELDS], note, READING, _close_contests(pairs), mixed=True)
    draw_charts(page, pairs)
    page.part("Từng đơn vị, danh hiệu")
    placed = page.table(FIELDS, _columns(results, shown), empty=NO_SERIES)
    for number, (told, _) in enumerate(shown):
        page.anchor("rotation", told.unit or told.series.unit, placed.first + number)
    page.repeat_heading(placed.header)
    page.sheet.print_area(0, 0, placed.last, len(FIELDS) - 1)  # without the numbers behind the charts


def _note(pairs: Sequence[Pair], shown: int) -> str:
    counts = {level: sum(j.level == level for _, j in pairs) for level in WORDS}
    words = " · ".join(f"{MARKS[level]} {WORDS[level]}: {counts[level]}" for level in WORDS)
    cut = "" if shown == len(pairs) else f" Chỉ liệt kê {shown} dòng cần xem; đủ ở luan-phien.csv."
    return f"{len(pairs)} dãy (đơn vị × danh hiệu). {words}.{cut}"


def _close_contests(pairs: Sequence[Pair]) -> str:
    """The audit of near ties over the province, in one sentence."""
    ties = near_ties(j.prepared for t, j in pairs if j.reading and t.kind == PERSONS and not j.prepared.complement)
    if ties.pairs < _ENOUGH_CONTESTS:
        return ""
    said = (
        "Toàn tỉnh: khi hai người gần ngang thành tích, người chờ lâu hơn được "
        f"{decimal(round(ties.longer_won, 1))} trên {ties.pairs} lần ({decimal(round(100 * ties.share))} %"
    )
    if ties.low == ties.low:
        said += f", khoảng {decimal(round(100 * ties.low))}–{decimal(round(100 * ties.high))} %"
    return said + "); không theo lượt thì khoảng một nửa."


def _columns(results: Results, pairs: Sequence[Pair]) -> dict[str, Sequence[Any]]:
    case = results.evidence
    return {
        "stt": range(1, len(pairs) + 1),
        "ma": [Cell(t.unit, link=("unit", t.unit)) if t.unit else None for t, _ in pairs],
        "ten": [t.series.unit if t.kind == UNITS else case.units["name"].get(t.unit, t.unit) for t, _ in pairs],
        "danh_hieu": [title_words(case, t) for t, _ in pairs],
        "muc": [Cell(f"{MARKS[j.level]} {WORDS[j.level]}", ROLES[j.level]) for _, j in pairs],
        "nam": [Cell(f"{j.series.years[0]}–{j.series.years[-1]}", "link_centre", grid_of(t)) for t, j in pairs],
        "nam_xet": [int(j.prepared.informative.sum()) for _, j in pairs],
        "suat": [int(j.series.won.sum()) for _, j in pairs],
        "nguoi": [len(j.series.persons) for _, j in pairs],
        "khac": [int(j.series.won.any(axis=0).sum()) for _, j in pairs],
        "p": [_thousand(j.reading.p_turn) if j.reading and j.level != UNKNOWN else None for _, j in pairs],
        "p_loc": [_thousand(j.reading.p_lottery) if j.reading and j.level != UNKNOWN else None for _, j in pairs],
        "q": [("Có" if j.turn_marked else "Không") if j.level in SIGNS else None for _, j in pairs],
        "suc": [round(100 * j.reading.power) if j.reading else None for _, j in pairs],
        "giai_thich": [explained(case, t, j) if j.level in SIGNS else shortly(j, nouns_of(t.kind)) for t, j in pairs],
        "vo_can": ["; ".join((*innocent_explanations(t, j), *_declared(case, t))) or None for t, j in pairs],
    }


def _declared(case: Evidence, told: Told) -> Iterator[str]:
    """What the unit says of those who are equal, where it says anything; shortened."""
    rule = case.forms["quy_dinh_ngang"].get(told.unit) if told.kind == PERSONS else None
    if isinstance(rule, str) and plain_key(rule) not in _NO_RULE:
        yield f"đơn vị khai khi ngang nhau: {rule[:_QUOTED]}{'…' if len(rule) > _QUOTED else ''}"


def _thousand(p: float) -> str | None:
    if p != p:
        return None
    return "dưới 1" if p < 0.001 else decimal(round(1000 * p))
