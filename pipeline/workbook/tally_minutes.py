"""IN_BBKP: minutes of the counting of the council's votes, blank to be filled by pen, or filled as far as known."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from pipeline.checks.tallies import council_size
from pipeline.results import Results
from pipeline.vietnamese import decimal, long_date
from pipeline.workbook.ballot_paper import lines_of_ballot
from pipeline.workbook.book import Page
from pipeline.workbook.nominated import Nominations
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.print_form import COUNCIL, DOTS, Form, day_of
from pipeline.workbook.print_list import Counts, PrintList, council_votes
from pipeline.workbook.table import Field

PLAN = SheetPlan("IN_BBKP", Group.PRINT, "Biên bản kiểm phiếu", "biên bản kiểm phiếu in ra thế nào?", landscape=False)

FIELDS = (
    Field("stt", "TT", 4.5, "doc_index"),
    Field("ten", "Họ và tên, tập thể", 22, "doc_cell_strong"),
    Field("don_vi", "Chức vụ, đơn vị", 21, "doc_cell"),
    Field("dong_y", "Đồng ý", 7, "doc_count"),
    Field("khong", "Không đồng ý", 7, "doc_count"),
    Field("trong", "Không ý kiến", 7, "doc_count"),
    Field("ty_le", "% đồng ý", 7.5, "doc_percent"),
)
_COUNTS = {"dong_y": "votes", "khong": "against", "trong": "abstained"}
_COUNTERS = ("Tổ trưởng", "thành viên", "thành viên")
BASE = "Tỷ lệ tính trên tổng số thành viên Hội đồng, kể cả người vắng."


def write(page: Page, results: Results) -> None:
    """Write the minutes."""
    printed, votes = PrintList.of(page.book.shared(Nominations)), page.book.shared(council_votes)
    period, size = results.dataset.province.period, council_size(results.evidence)
    items = [] if len(printed.everything) > LONG_LIST else printed.everything
    known = [votes.get((i.unit, i.code), {}) for i in items]
    notes = [printed.left_out(), _filled(known), "" if items else "Không có hoặc quá nhiều đề nghị nên bảng để trống."]
    form = Form.on(page, [item.width for item in FIELDS], notes[0], *notes[1:])
    place = long_date(period.council_day, period.place) if period.council_day else day_of(period.place, period.year)
    form.letterhead(period.office, COUNCIL, "Số: ……/BB-HĐTĐKT", place)
    form.title("BIÊN BẢN KIỂM PHIẾU", f"Xét đề nghị danh hiệu thi đua, hình thức khen thưởng kỳ xét {period.code}")
    for text in _text(size, known):
        form.whole(text, "doc_text_open")
    form.gap(6)
    form.table(FIELDS, _lines(page, results, printed, size) if items else [])
    form.whole(f"{BASE} Biên bản lập thành {DOTS} bản, kết thúc kiểm phiếu hồi ……giờ…… cùng ngày.", "doc_text_open")
    form.signatures(("TỔ KIỂM PHIẾU", "Tổ trưởng và các thành viên\n(Ký, họ tên)"), ("CHỦ TRÌ", "(Ký, họ tên)"))
    form.close()


def _filled(known: Sequence[Counts]) -> str:
    filled = sum(bool(counts) for counts in known)
    if filled:
        return f"Đã điền {filled} dòng theo phiếu cấp Hội đồng có trong số liệu; dòng còn lại điền tay."
    return "Chưa có phiếu cấp Hội đồng trong số liệu: cột phiếu để trống, điền tay."


def _text(size: float, known: Sequence[Counts]) -> list[str]:
    members = decimal(size) if size == size else DOTS
    sent, back, good = (_common(known, name) for name in ("issued", "returned", "valid"))
    spoilt = None if back is None or good is None else back - good
    issued, returned, valid, bad = (DOTS if n is None else decimal(n) for n in (sent, back, good, spoilt))
    return [
        "Hồi ……giờ…… ngày …… tháng …… năm ………, tại ……………………………………, Tổ kiểm phiếu gồm:",
        *(f"{number}. Ông (bà) {DOTS * 3}, {role}." for number, role in enumerate(_COUNTERS, 1)),
        f"Tổng số thành viên Hội đồng: {members}; có mặt: {DOTS}; vắng: {DOTS}.",
        f"Số phiếu phát ra: {issued}; thu về: {returned}; hợp lệ: {valid}; không hợp lệ: {bad}.",
        "Kết quả kiểm phiếu:",
    ]


def _common(known: Sequence[Counts], name: str) -> float | None:
    """The number that all counted nominations share; None where they differ or none is known."""
    values = {counts.get(name) for counts in known if counts}
    return values.pop() if len(values) == 1 else None


def _lines(page: Page, results: Results, printed: PrintList, size: float) -> list[tuple[str, dict[str, Sequence[Any]]]]:
    """The lines of the ballot paper, each with its votes."""
    votes, todo = page.book.shared(council_votes), iter(printed.everything)
    found = []
    for title, columns in lines_of_ballot(page, results, printed):
        known = [votes.get((i.unit, i.code), {}) for i in islice(todo, len(columns["ten"]))]
        base = [counts.get("members") or (size if size == size else None) for counts in known]
        counts = {key: [k.get(name) for k in known] for key, name in _COUNTS.items()}
        share = [_share(k.get("votes"), whole) for k, whole in zip(known, base, strict=True)]
        found.append((title, {**columns, **counts, "ty_le": share}))
    return found


def _share(votes: float | None, whole: float | None) -> float | None:
    return votes / whole if votes is not None and whole else None
