"""DIEU_KIEN: which nomination meets which condition, the first that it does not meet, and on what text that rests."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pipeline.findings import Finding
from pipeline.ranking.eligibility import ON_BALLOTS
from pipeline.results import Results
from pipeline.workbook.awards import Awards
from pipeline.workbook.nominated import Nomination, Nominations
from pipeline.workbook.page import Page
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.rows import finding_anchor
from pipeline.workbook.table import Cell, Field
from pipeline.workbook.verdicts import MARKS, State, Verdicts
from schemas.rules import Rule, Sentence, Severity, register

PLAN = SheetPlan(
    "DIEU_KIEN",
    Group.NOMINATIONS,
    "Điều kiện của từng đề nghị",
    "ai đủ điều kiện nào, còn thiếu điều kiện nào trước tiên, căn cứ ở đâu?",
    wide=True,
)

#: Conditions beside the family DK.
_ALSO = ("HS-01", "QT-04")
_BEFORE = (
    Field("stt", "STT", 5, "index"),
    Field("ma_don_vi", "Mã ĐV", 6.5, "link_centre"),
    Field("ten", "Đối tượng", 18, "text_strong"),
    Field("danh_hieu", "Danh hiệu hoặc hình thức", 25),
)
_AFTER = (
    Field("thieu", "Điều kiện đầu tiên chưa đạt", 32),
    Field("can_cu", "Căn cứ", 32),
)
_MARK_WIDTH = 6.2
#: A plain text where the column's own format does: most cells of a large province.
_CELLS: Mapping[State, str | Cell] = {
    state: state.value[0] if state in (State.MET, State.OUTSIDE) else state.cell for state in State
}
NONE_MISSING = "–"


def write(page: Page, results: Results) -> None:
    """Write one row a nomination, then what each column means."""
    collectives, persons = page.book.shared(Nominations).everything
    items = [item for item in (*persons, *collectives) if item.proposed]
    verdicts = page.book.shared(Verdicts)
    matrix = Matrix(results, verdicts, items)
    fields = (*_BEFORE, *(Field(code, code, _MARK_WIDTH, "centre") for code in matrix.codes), *_AFTER)
    note = f"{len(items)} đề nghị: {matrix.summary()}"
    if len(items) > LONG_LIST:
        note += " Chỉ hiện những đề nghị có điều kiện chưa đạt hoặc thiếu dữ liệu."
    page.head(
        [item.width for item in fields], note, f"{MARKS}.",
        "✗ gồm cả mức CẢNH BÁO và các quy tắc chưa xác minh nguồn; trang này không tự loại đề nghị nào.",
    )  # fmt: skip
    columns = _columns(results, items, matrix)
    if len(items) > LONG_LIST:
        kept = matrix.doubtful()
        columns = {key: [values[number] for number in kept] for key, values in columns.items()}
    page.table(fields, columns, frozen=len(_BEFORE))
    page.part("Nghĩa của từng điều kiện")
    for text in (*matrix.legend(), *matrix.absent()):
        page.line(text)


class Matrix:
    """States of all nominations under all conditions."""

    def __init__(self, results: Results, verdicts: Verdicts, items: Sequence[Nomination]) -> None:
        """Look every state up once."""
        self._results, self._verdicts, self._items = results, verdicts, items
        rows = results.dataset.frames["DE_NGHI"].index
        asked = [code for code in register() if code.startswith("DK-") or code in _ALSO]
        looked = {code: results.looked_at[code] for code in asked if code in results.looked_at}
        #: Conditions with a column: those that judged nominations in this run.
        self.codes = sorted(code for code, ids in looked.items() if ids.isin(rows).any())
        self._others = sorted(set(asked) - set(self.codes))
        self._silent: dict[str, set[str]] = defaultdict(set)
        for finding in results.findings:
            if not finding.judged and finding.about is None:
                self._silent[finding.code].add(finding.unit)
        self.states = {code: self._column(code, frozenset(looked[code].tolist())) for code in self.codes}

    def _column(self, code: str, looked: frozenset[int]) -> list[State]:
        """States of one condition; a unit without the data leaves `?` on awards that the condition asks about."""
        if code.startswith(ON_BALLOTS):
            return [self._verdicts.state(code, item.row_id) for item in self._items]
        asked = {item.title or item.form for item in self._items if item.row_id in looked}
        silent = self._silent.get(code, set())
        named = {finding.about for finding in self._verdicts.of(code)}
        found = []
        for item in self._items:
            if item.row_id not in named:  # by far the most
                state = State.MET if item.row_id in looked else State.OUTSIDE
            else:
                state = self._verdicts.state(code, item.row_id)
            lost = state is State.OUTSIDE and item.unit in silent and (item.title or item.form) in asked
            found.append(State.UNKNOWN if lost else state)
        return found

    def rule(self, code: str) -> Rule:
        """The edition that judged."""
        return self._results.rules.rules.get(code) or register()[code]

    def cells(self, code: str) -> list[str | Cell]:
        """Marks of one column; what is not met leads to its finding."""
        found: list[str | Cell] = []
        for item, state in zip(self._items, self.states[code], strict=True):
            finding = self._gravest(code, item.row_id) if state is State.NOT_MET else None
            if finding is None:
                found.append(_CELLS[state])
            else:
                link = finding_anchor(finding.file, finding.sheet, finding.cell, code)
                found.append(Cell(*state.value, link=link))
        return found

    def first_missing(self, number: int) -> tuple[str, str]:
        """First condition of a row that is not met, else the first not known, and the text that it rests on."""
        for wanted in (State.NOT_MET, State.UNKNOWN):
            code = next((c for c in self.codes if self.states[c][number] is wanted), None)
            if code is not None:
                return self._missing(code, self._items[number].row_id, wanted)
        return NONE_MISSING, ""

    def _missing(self, code: str, row_id: int, state: State) -> tuple[str, str]:
        rule, found = self.rule(code), self._gravest(code, row_id)
        text = f"{code}: {rule.title}" + (" (thiếu dữ liệu)" if state is State.UNKNOWN else "")
        words = rule.variants.get(found.variant) if found else None
        return text, _source(words or rule)

    def _gravest(self, code: str, row_id: int) -> Finding | None:
        found = self._verdicts.on(code, row_id)
        return min(found, key=lambda f: f.severity.rank if f.judged else len(Severity), default=None)

    def doubtful(self) -> list[int]:
        """Numbers of the rows with a condition that is not met or not known."""
        odd: set[int] = set()
        for states in self.states.values():
            odd.update(n for n, state in enumerate(states) if state in (State.NOT_MET, State.UNKNOWN))
        return sorted(odd)

    def summary(self) -> str:
        """How many rows meet everything, miss something, or lack data."""
        worst: Counter[State] = Counter()
        for number in range(len(self._items)):
            states = {self.states[code][number] for code in self.codes}
            worst[next((s for s in (State.NOT_MET, State.UNKNOWN) if s in states), State.MET)] += 1
        return (
            f"{worst[State.MET]} đạt mọi điều kiện đã xét, {worst[State.NOT_MET]} có điều kiện không đạt, "
            f"{worst[State.UNKNOWN]} chỉ còn thiếu dữ liệu."
        )

    def legend(self) -> list[str]:
        """One line a column: title, counts, meaning, source."""
        lines = []
        for code in self.codes:
            rule, counts = self.rule(code), Counter(self.states[code])
            numbers = f"✓ {counts[State.MET]}, ✗ {counts[State.NOT_MET]}, ? {counts[State.UNKNOWN]}"
            lines.append(f"{code} {rule.title} ({numbers}): {rule.meaning} Căn cứ: {_source(rule)}.")
        return lines

    def absent(self) -> list[str]:
        """Conditions without a column, each with the reason."""
        words = [f"{code} {register()[code].title}: {self._reason(code)}" for code in self._others]
        return [f"Không có cột: {'; '.join(words)}."] if words else []

    def _reason(self, code: str) -> str:
        if register()[code].read_by:
            return f"do {', '.join(register()[code].read_by)} nói"
        if code not in self._results.looked_at:
            return "không có quy định được biết cho kỳ này"
        if len(self._results.looked_at[code]):
            return "xét ở trang khác, xem PHAT_HIEN"
        if self._silent.get(code):
            return f"chưa xét được đề nghị nào vì thiếu dữ liệu ở {len(self._silent[code])} đơn vị, xem PHAT_HIEN"
        return "đã xem, không có dòng nào thuộc diện xét"


def _columns(results: Results, items: Sequence[Nomination], matrix: Matrix) -> dict[str, Sequence[object]]:
    awards = Awards(results)
    missing = [matrix.first_missing(number) for number in range(len(items))]
    return {
        "stt": range(1, len(items) + 1),
        "ma_don_vi": [Cell(i.unit, link=("unit", i.unit)) for i in items],
        "ten": [i.name for i in items],
        "danh_hieu": [awards.full(i.title, i.form) for i in items],
        **{code: matrix.cells(code) for code in matrix.codes},
        "thieu": [text for text, _ in missing],
        "can_cu": [source or None for _, source in missing],
    }


def _source(held: Rule | Sentence) -> str:
    return f"{held.source} – {held.source_status}"
