"""IN_TO_TRINH_SO_LIEU: the figures that the letter quotes, by title and form, and sentences ready to be copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.dataset import PERSON
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.awards import Awards
from pipeline.workbook.decision_lists import OWN_LEVEL
from pipeline.workbook.nominated import LISTED, Nomination, Nominations, Part, by_award_order, different, labels_of
from pipeline.workbook.page import Page
from pipeline.workbook.persons import Staff, staff_facts
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.print_form import COUNCIL, Form, day_of
from pipeline.workbook.print_list import PrintList
from pipeline.workbook.table import Cell, Field

PLAN = SheetPlan(
    "IN_TO_TRINH_SO_LIEU",
    Group.PRINT,
    "Số liệu của tờ trình",
    "tờ trình nêu bao nhiêu tập thể, cá nhân theo từng danh hiệu, hình thức?",
)
FIELDS = (
    Field("stt", "TT", 4.5, "doc_index"),
    Field("ten", "Danh hiệu, hình thức khen thưởng", 28, "doc_cell"),
    Field("cap", "Cấp quyết định", 18, "doc_cell"),
    Field("tap_the", "Tập thể", 9, "doc_count_strong"),
    Field("ca_nhan", "Cá nhân", 9, "doc_count_strong"),
    Field("nu", "Trong đó nữ", 9, "doc_count"),
    Field("truc_tiep", "Trong đó trực tiếp công tác", 11, "doc_count"),
    Field("don_vi", "Trong đó chờ kết luận về đơn vị", 11, "doc_count"),
    Field("cho", "Trong đó chờ giải trình", 11, "doc_count"),
    Field("vuong", "Ngoài ra: còn vướng CHẶN", 11, "doc_count"),
)
TOTAL = "Cộng"
#: Groups of people who are not leaders.
_DIRECT = ("TRUC_TIEP", "NGUOI_LAO_DONG")


@dataclass(frozen=True, slots=True)
class AwardFigures:
    """Counts of one title or form."""

    name: str
    level: str | None  #: code of CAP_QUYET_DINH
    collectives: int
    persons: int
    women: int
    direct: int
    unit_gate: int  #: of units about which the council has yet to conclude
    waiting: int  #: for a written reason
    stopped: int  #: not in the other counts


def award_figures(nominations: Nominations, staff: Staff) -> list[AwardFigures]:
    """Count what both lists hold, by title and form; the highest rung first."""
    groups, people = nominations.everything
    awards = Awards(nominations.results)
    both = sorted((i for i in (*groups, *people) if i.part is not Part.NOT_PROPOSED), key=by_award_order)
    collective = {id(item) for item in groups}
    by_name: dict[str, list[Nomination]] = {}
    for item in both:
        by_name.setdefault(awards.full(item.title, item.form), []).append(item)
    found = []
    for name, items in by_name.items():
        listed = [item for item in items if item.part in LISTED]
        persons = [item for item in listed if id(item) not in collective]
        known = [staff.get((i.unit, i.person or ""), (None,) * 6) for i in persons]
        found.append(
            AwardFigures(
                name,
                items[0].level,
                len(listed) - len(persons),
                len(persons),
                sum(k[1] == "NU" for k in known),
                sum(k[3] in _DIRECT for k in known),
                sum(item.part is Part.UNIT_GATE for item in listed),
                sum(item.explains for item in listed),
                len(items) - len(listed),
            )
        )
    return found


def write(page: Page, results: Results) -> None:
    """Write the table of counts, then the sentences."""
    nominations = page.book.shared(Nominations)
    printed, figures = PrintList.of(nominations), award_figures(nominations, page.book.shared(staff_facts))
    period = results.dataset.province.period
    form = Form.on(page, [item.width for item in FIELDS], printed.left_out(), printed.waiting(printed.everything))
    form.letterhead(period.office, COUNCIL, "", day_of(period.place, period.year))
    form.title("SỐ LIỆU KÈM TỜ TRÌNH", f"Đề nghị danh hiệu thi đua, hình thức khen thưởng kỳ xét {period.code}")
    form.table(FIELDS, [("", _columns(page, results, figures))] if figures else [])
    form.gap(6)
    form.whole("Câu dùng trong tờ trình:", "doc_text_strong")
    for text in sentences(results, printed, figures):
        form.whole(f"- {text}", "doc_text")
    form.signatures(("NGƯỜI LẬP BIỂU", "(Ký, họ tên)"), ("THỦ TRƯỞNG", "(Ký, họ tên, đóng dấu)"))
    form.close()


def _columns(page: Page, results: Results, figures: Sequence[AwardFigures]) -> dict[str, Sequence[Any]]:
    levels = labels_of(results, "CAP_QUYET_DINH")
    counts: dict[str, Callable[[AwardFigures], int | None]] = {
        "tap_the": lambda f: f.collectives,
        "ca_nhan": lambda f: f.persons,
        "nu": lambda f: f.women if f.persons else None,
        "truc_tiep": lambda f: f.direct if f.persons else None,
        "don_vi": lambda f: f.unit_gate,
        "cho": lambda f: f.waiting,
        "vuong": lambda f: f.stopped,
    }
    first = page.row + 2  # Excel's number of the first row below the heading
    last = first + len(figures) - 1
    letters = {item.key: chr(ord("A") + number) for number, item in enumerate(FIELDS)}
    columns: dict[str, Sequence[Any]] = {
        "stt": [*range(1, len(figures) + 1), None],
        "ten": [*(f.name for f in figures), Cell(TOTAL, "doc_cell_strong")],
        "cap": [*(levels.get(f.level or "", "chưa rõ") for f in figures), None],
    }
    for key, count in counts.items():
        total = f"=SUM({letters[key]}{first}:{letters[key]}{last})"
        columns[key] = [
            *map(count, figures),
            Cell(sum(count(f) or 0 for f in figures), "doc_count_strong", formula=total),
        ]
    return columns


def sentences(results: Results, printed: PrintList, figures: Sequence[AwardFigures]) -> list[str]:
    """What the letter says of who sent, who is recognised here, who goes up."""
    board = results.board
    sent = sum(state.counted is not None for state in board)
    people = results.dataset.frames["NHAN_SU"][PERSON]
    staff = people.nunique() + int(people.isna().sum())  # who stands in two units is one
    lines = [
        f"Có {_two(sent)}/{_two(len(board))} đơn vị gửi hồ sơ, với {_two(staff)} công chức, người lao động; đề nghị "
        f"{_two(different(printed.collectives))} tập thể, {_two(different(printed.persons))} cá nhân."
    ]
    for opening, own in (("Thuộc thẩm quyền của tỉnh", True), ("Trình cấp trên quyết định", False)):
        parts = [_award(f) for f in figures if (f.level == OWN_LEVEL) == own and f.collectives + f.persons]
        if parts:
            lines.append(f"{opening}: {'; '.join(parts)}.")
    return [*lines, *_open(printed)]


def _open(printed: PrintList) -> list[str]:
    """What is still open among those counted, so that nobody signs it unseen."""
    gated = sum(item.part is Part.UNIT_GATE for item in printed.everything)
    asked = sum(item.explains for item in printed.everything)
    parts = [f"{_two(gated)} đề nghị chờ Hội đồng kết luận về đơn vị"] if gated else []
    parts += [f"{_two(asked)} đề nghị chờ giải trình"] if asked else []
    return [f"(Trong các số trên còn {' và '.join(parts)}; quyết xong thì sửa số và bỏ câu này.)"] if parts else []


def _award(figures: AwardFigures) -> str:
    counts = ((figures.collectives, "tập thể"), (figures.persons, "cá nhân"))
    told = " và ".join(f"{_two(number)} {what}" for number, what in counts if number)
    return f"{figures.name} cho {told}"


def _two(number: int) -> str:
    """Write a number as documents do, with a leading 0 below 10."""
    return f"{number:02d}" if number < 10 else decimal(number)
