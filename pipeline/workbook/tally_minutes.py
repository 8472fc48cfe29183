"""IN_BBKP: minutes of the counting of the council's votes: what was typed on PHIEU_HOI_DONG, else what is known."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.checks.tallies import council_size
from pipeline.results import Results
from pipeline.vietnamese import decimal, long_date
from pipeline.workbook.ballot_paper import lines_of_ballot
from pipeline.workbook.council_votes import PLAN as VOTES
from pipeline.workbook.nominated import Nominations
from pipeline.workbook.nomination_keys import NominationKeys
from pipeline.workbook.page import Page
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.print_form import COUNCIL, DOTS, Form, day_of
from pipeline.workbook.print_list import MARK_MEANS, Counts, PrintList, council_votes
from pipeline.workbook.table import Cell, Field, write_cell
from pipeline.workbook.typed_votes import TypedVotes
from pipeline.workbook.voting import COUNTS

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
#: Column of the minutes → count on PHIEU_HOI_DONG, name among the votes that were reported.
_COUNTS = {"dong_y": ("dong_y", "votes"), "khong": ("khong_dong_y", "against"), "trong": ("khong_y_kien", "abstained")}
_KEY_COLUMN = len(FIELDS)
_COUNTERS = ("Tổ trưởng", "thành viên", "thành viên")
BASE = "Tỷ lệ tính trên tổng số thành viên Hội đồng, kể cả người vắng."


def write(page: Page, results: Results) -> None:
    """Write the minutes."""
    printed, votes = PrintList.of(page.book.shared(Nominations)), page.book.shared(council_votes)
    period, size = results.dataset.province.period, council_size(results.evidence)
    items = [] if len(printed.everything) > LONG_LIST else printed.everything
    keys = NominationKeys(page.book.shared(Nominations)).of(items)
    typed = _typed(page, keys)
    known = [votes.get((i.unit, i.code), {}) for i in items]
    empty = "" if items else "Không có hoặc quá nhiều đề nghị nên bảng để trống."
    notes = [printed.left_out(), printed.waiting(items, starred=True), _filled(known, typed), empty]
    form = Form.on(page, [item.width for item in FIELDS], notes[0], *notes[1:])
    place = long_date(period.council_day, period.place) if period.council_day else day_of(period.place, period.year)
    form.letterhead(period.office, COUNCIL, "Số: ……/BB-HĐTĐKT", place)
    form.title("BIÊN BẢN KIỂM PHIẾU", f"Xét đề nghị danh hiệu thi đua, hình thức khen thưởng kỳ xét {period.code}")
    for text in _text(size, known, typed):
        form.whole(text, "doc_text_open")
    form.gap(6)
    form.table(FIELDS, _lines(page, results, printed, (size, keys, typed)) if items else [])
    if printed.starred and items:
        form.whole(MARK_MEANS, "doc_text_open")
    form.whole(f"{BASE} Biên bản lập thành {DOTS} bản, kết thúc kiểm phiếu hồi ……giờ…… cùng ngày.", "doc_text_open")
    form.signatures(("TỔ KIỂM PHIẾU", "Tổ trưởng và các thành viên\n(Ký, họ tên)"), ("CHỦ TRÌ", "(Ký, họ tên)"))
    form.close()
    page.sheet.set_column(_KEY_COLUMN, _KEY_COLUMN, None, None, {"hidden": True})


def _typed(page: Page, keys: Sequence[str]) -> TypedVotes:
    placed = page.book.tables.get(VOTES.name)
    carried = page.book.carried
    return TypedVotes(
        placed[0] if placed else None,
        {key: {name: carried.of(VOTES.name, key, name) for name in COUNTS} for key in keys},
    )


def _filled(known: Sequence[Counts], typed: TypedVotes) -> str:
    filled = sum(bool(counts) for counts in known)
    link = f"Số phiếu gõ ở {VOTES.name} tự sang đây. " if typed.placed else ""
    if filled:
        return f"{link}Đã điền {filled} dòng theo phiếu cấp Hội đồng có trong số liệu; dòng chưa có phiếu để trống."
    return f"{link}Chưa có phiếu cấp Hội đồng trong số liệu: chưa gõ thì cột phiếu để trống, điền tay."


def _text(size: float, known: Sequence[Counts], typed: TypedVotes) -> list[str | Cell]:
    members = decimal(size) if size == size else DOTS
    return [
        "Hồi ……giờ…… ngày …… tháng …… năm ………, tại ……………………………………, Tổ kiểm phiếu gồm:",
        *(f"{number}. Ông (bà) {DOTS * 3}, {role}." for number, role in enumerate(_COUNTERS, 1)),
        f"Tổng số thành viên Hội đồng: {members}; có mặt: {DOTS}; vắng: {DOTS}.",
        _ballots(known, typed),
        "Kết quả kiểm phiếu:",
    ]


def _ballots(known: Sequence[Counts], typed: TypedVotes) -> Cell:
    """The sentence on the papers, which follows what is typed."""
    sent, back, good = (_common(known, name) for name in ("issued", "returned", "valid"))
    spoilt = None if back is None or good is None else back - good
    parts = (
        ("Số phiếu phát ra: ", "phat", sent), ("; thu về: ", "thu", back), ("; hợp lệ: ", "hop_le", good),
        ("; không hợp lệ: ", "khong_hop_le", spoilt),
    )  # fmt: skip
    made = [(text, *typed.common(name, reported, DOTS)) for text, name, reported in parts]
    value = "".join(f"{text}{now}" for text, _, now in made) + "."
    return Cell(value, formula="=" + "&".join(f'"{text}"&{formula}' for text, formula, _ in made) + '&"."')


def _common(known: Sequence[Counts], name: str) -> float | None:
    """The number that all counted nominations share; None where they differ or none is known."""
    values = {counts.get(name) for counts in known if counts}
    return values.pop() if len(values) == 1 else None


def _lines(
    page: Page, results: Results, printed: PrintList, voted: tuple[float, Sequence[str], TypedVotes]
) -> list[tuple[str, dict[str, Sequence[Any]]]]:
    """The lines of the ballot paper, each with its votes; the hidden column beside them names the nomination."""
    size, keys, typed = voted
    votes, todo = page.book.shared(council_votes), iter(zip(printed.everything, keys, strict=True))
    found, row = [], page.row + 1  # below the column headings
    for title, columns in lines_of_ballot(page, results, printed):
        row += bool(title)
        counts: dict[str, list[Any]] = {key: [] for key in (*_COUNTS, "ty_le")}
        for item, key in islice(todo, len(columns["ten"])):
            at = xl_rowcol_to_cell(row, _KEY_COLUMN, col_abs=True)
            write_cell(page, row, _KEY_COLUMN, typed.key_cell(key), "key")
            reported = votes.get((item.unit, item.code), {})
            for column, (name, other) in _COUNTS.items():
                counts[column].append(typed.count(name, key, at, reported.get(other)))
            base = typed.count("tong", key, at, reported.get("members") or (size if size == size else None))
            counts["ty_le"].append(_share(row, counts["dong_y"][-1], base))
            row += 1
        found.append((title, {**columns, **counts}))
    return found


def _share(row: int, votes: Cell, base: Cell) -> Cell:
    """Votes for, of all members; blank where one of both is not known."""
    known = isinstance(votes.value, int | float) and isinstance(base.value, int | float) and base.value > 0
    value = votes.value / base.value if known else ""  # type: ignore[operator]
    at = xl_rowcol_to_cell(row, [item.key for item in FIELDS].index("dong_y"))
    whole = base.formula.removeprefix("=") or f"{base.value or 0}"
    return Cell(value, formula=f'=IFERROR(IF(ISNUMBER({at}),{at}/{whole},""),"")')
