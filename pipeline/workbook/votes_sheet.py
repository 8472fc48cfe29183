"""PHIEU_BAU: what tallies of reviews say, unit by unit; totals only, never who voted for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.checks.review_votes import Reviewed, reviews
from pipeline.checks.rotation import title_words
from pipeline.results import Results
from pipeline.rotation.wording import frequency
from pipeline.vietnamese import decimal
from pipeline.workbook.page import Page
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.table import Cell, Field, council_field
from pipeline.workbook.verdicts import Verdicts

PLAN = SheetPlan(
    "PHIEU_BAU",
    Group.TOPICS,
    "Phiếu bầu ở đơn vị",
    "số phiếu có nghiêng theo lượt, đều bất thường, hay lúc nào cũng nhất trí?",
    wide=True,
)
READING = (
    "Phiếu kín chỉ có tổng số: ai bỏ cho ai thì không biết và không được hỏi. Theo lượt: số phiếu nghiêng về người "
    "chờ lâu "
    "ngoài phần do thành tích (cần từ 8 lượt được xét, mỗi năm từ 3 người). Đều bất thường: so với bỏ phiếu độc lập. "
    "Nhất "
    "trí: so với đơn vị cùng cỡ; tự nó không sai. Một cặp đổi phiếu cho nhau thì không phép thử nào nhận ra."
)
NOT_ENOUGH = "chưa đủ phiếu"
#: Chance from which something is ordinary; parts of the peers that make piling high or middling.
_ORDINARY, _HIGH, _MIDDLE = 0.2, 0.1, 0.5
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã ĐV", 7, "link_centre"),
    Field("ten", "Đơn vị", 24),
    Field("danh_hieu", "Danh hiệu", 26, "text_strong"),
    Field("nam", "Năm có phiếu", 12, "centre"),
    Field("luot", "Lượt người được xét", 10, "count"),
    Field("nhat_tri", "Đạt 100 % phiếu", 10, "count"),
    Field("ngang", "Đơn vị cùng cỡ nhất trí bằng hoặc hơn", 14, "percent"),
    Field("v1", "Nghiêng theo lượt chờ: tình cờ như vậy", 24, "centre"),
    Field("deu", "Phiếu năm nay đều như vậy: tình cờ", 24, "centre"),
    Field("don", "Dồn phiếu cho người thành tích thấp hơn, so với đơn vị cùng cỡ", 16, "centre"),
    Field("phat_hien", "Số phát hiện LP-08", 10, "count"),
    council_field(20),
)


def write(page: Page, results: Results) -> None:
    """Write one row a unit and title with tallies."""
    found = reviews(results.evidence)
    counts = _counts(page, found)
    shown = found if len(found) <= LONG_LIST else [r for r, n in zip(found, counts, strict=True) if n]
    verdicts = page.book.shared(Verdicts)
    page.head([item.width for item in FIELDS], "", READING, verdicts.summary(("LP-08", "LP-09")))
    page.table(
        FIELDS,
        _columns(results, shown, [n for r, n in zip(found, counts, strict=True) if r in shown]),
        frozen=4,
        empty="Chưa xét được: không đơn vị nào có số phiếu ở PHIEU hay UNG_CU.",
    )


def _counts(page: Page, found: Sequence[Reviewed]) -> list[int]:
    told = page.book.shared(Verdicts).of("LP-08")
    tally: dict[tuple[str, str], int] = {}
    for finding in told:
        key = (finding.unit, finding.subject)
        tally[key] = tally.get(key, 0) + 1
    case, first = page.book.results.evidence, set[str]()
    counts = []
    for review in found:  # what is said of a unit as a whole stands in its first row
        unit = review.told.unit
        whole = 0 if unit in first else tally.get((unit, ""), 0)
        first.add(unit)
        counts.append(tally.get((unit, title_words(case, review.told)), 0) + whole)
    return counts


def _columns(results: Results, rows: Sequence[Reviewed], counts: Sequence[int]) -> dict[str, Sequence[Any]]:
    case = results.evidence
    return {
        "stt": range(1, len(rows) + 1),
        "ma": [Cell(r.told.unit, link=("unit", r.told.unit)) for r in rows],
        "ten": [case.units["name"].get(r.told.unit, r.told.unit) for r in rows],
        "danh_hieu": [title_words(case, r.told) for r in rows],
        "nam": [_years(r) for r in rows],
        "luot": [r.votes.candidates for r in rows],
        "nhat_tri": [r.votes.unanimous for r in rows],
        "ngang": [r.peers if len(rows) > 1 else None for r in rows],
        "v1": [_usual(r.follow_turn) for r in rows],
        "deu": [_usual(r.too_equal) for r in rows],
        "don": [_piled(r) for r in rows],
        "phat_hien": counts,
    }


def _years(review: Reviewed) -> str:
    with_votes = [y for y, row in zip(review.told.series.years, review.votes.valid, strict=True) if (row > 0).any()]
    return f"{with_votes[0]}–{with_votes[-1]}" if len(with_votes) > 1 else decimal(with_votes[0]).replace(".", "")


def _usual(chance: float | None) -> str:
    if chance is None:
        return NOT_ENOUGH
    return "bình thường" if chance >= _ORDINARY else frequency(chance)


def _piled(review: Reviewed) -> str:
    """How much votes are piled, in words: the index itself has no scale."""
    if not review.piled:
        return "không"
    return "cao" if review.piled_peers <= _HIGH else "vừa" if review.piled_peers <= _MIDDLE else "thấp"
