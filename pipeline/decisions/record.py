"""`quyet-dinh.csv`: every council cell that says something, old → new, with reason, place and outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.decisions.judging import DECISION, REASON, Decision, award_of
from pipeline.decisions.merging import MergedRow
from pipeline.decisions.reading import words_of

#: Fixed order; later columns are added at the end.
COLUMNS = (
    "trang_tinh", "o", "tep", "khoa", "loai", "don_vi", "doi_tuong", "ten", "de_nghi", "cot", "cu", "moi", "ly_do",
    "ket_qua", "danh_hieu_cuoi", "phieu_dong_y", "tong_thanh_vien",
)  # fmt: skip
#: Kinds of line: a conclusion; anything else that the council wrote.
CONCLUSION, WRITTEN = "KET_LUAN", "GHI"


def record_rows(rows: Sequence[MergedRow], decisions: Sequence[Decision]) -> Iterator[list[str]]:
    """Lines of the record, in the order of the workbook: one a nomination, one a cell of what else was written."""
    judged = {id(decision.row): decision for decision in decisions}
    for row in rows:
        decision = judged.get(id(row))
        if decision is not None and (decision.outcome is not None or decision.new or decision.old):
            yield _line(row, DECISION, CONCLUSION, decision)
        for column in row.sealed.table.council:
            if decision is not None and column.name in (DECISION, REASON):
                continue
            if row.text(column.name) != row.sealed.first.get(column.name, "") or row.text(column.name):
                yield _line(row, column.name, WRITTEN)


def _line(row: MergedRow, name: str, kind: str, decision: Decision | None = None) -> list[str]:
    facts, entry = row.sealed.facts, row.entry(name)
    place = entry.row or row.row
    book = entry.book or row.book
    heading = next(column.heading for column in row.sealed.table.columns if column.name == name)
    tally = decision.tally.counts if decision and decision.tally else {}
    outcome = decision.outcome.value if decision and decision.outcome else ""
    return [
        place.sheet if place else row.sealed.table.sheet,
        place.cell(name) if place else "",
        book.name if book else "",
        row.sealed.key,
        kind,
        str(facts.get("don_vi", "")),
        str(facts.get("ma", "")),
        str(facts.get("ten", "")) or words_of(row.sealed),
        award_of(facts),
        heading,
        row.sealed.first.get(name, ""),
        decision.new or row.text(name) if decision else row.text(name),
        decision.reason if decision else "",
        outcome,
        decision.award if decision else "",
        _number(tally.get("dong_y")),
        _number(tally.get("tong")),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"
