"""DV_…: one unit on one A4 page: points and rank, where it is strong and weak, nominations, findings, turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from pipeline.checks.rotation import title_words
from pipeline.paper import FONT, row_height
from pipeline.ranking.tables import Status as RankStatus
from pipeline.ranking.wording import STATUSES
from pipeline.results import UnitState
from pipeline.rotation.levels import SIGNS, WORDS
from pipeline.rotation.told import passed_over
from pipeline.vietnamese import decimal
from pipeline.workbook.awards import Awards
from pipeline.workbook.finding_list import words_of
from pipeline.workbook.formats import INK, LINE, font_size
from pipeline.workbook.marks import no_file, severity_role, severity_text, status_role, status_text
from pipeline.workbook.nominated import Part
from pipeline.workbook.page import Page
from pipeline.workbook.rotation_grid import mark, ranks_of
from pipeline.workbook.rotation_order import MARKS, Pair, grid_of
from pipeline.workbook.submission_board import punctuality
from pipeline.workbook.table import Anchor, Cell, write_cell
from pipeline.workbook.unit_facts import KINDS, UnitFacts, band_words
from schemas.principles import Principle
from schemas.rules import Severity

#: Columns of the page and their width in characters.
COLUMNS, WIDTH = 12, 8.0
MOST_FINDINGS, MOST_TITLES, MOST_PEOPLE, MOST_SERIES, GRID_YEARS = 7, 7, 6, 4, 9
#: Characters of a sentence on this page; the whole stands on PHAT_HIEN.
_LONGEST = 190
_CHART = (376, 176)  # pixels: six columns, nine rows
_CHART_ROWS = 9
_LINE_HEIGHT = 15
#: First column of the numbers behind the chart, right of the printed page.
_DATA = COLUMNS + 2
_COLOURS = ("#B9D0E3", "#2F5D7C", "#E3A94F")

#: Column and number of columns, with what stands there.
Span = tuple[int, int, str | Cell, str]


class UnitPage:
    """One page while it is being written."""

    def __init__(self, page: Page, state: UnitState, facts: UnitFacts) -> None:
        """Take the unit and what is known of all."""
        self.page, self.state, self.facts = page, state, facts
        self.unit, self.results = state.code, facts.results

    def write(self) -> None:
        """Write the blocks from top to bottom."""
        page = self.page
        page.head([WIDTH] * COLUMNS, "", mixed=True)
        page.anchor("unit_page", self.unit, 0)
        self._facts()
        self._points()
        self._lights()
        self._criteria()
        self._nominations()
        self._findings()
        self._turns()
        page.sheet.print_area(0, 0, page.row - 1, COLUMNS - 1)
        page.print_whole()

    # --- writing

    def _row(self, spans: Iterable[Span], height: float = _LINE_HEIGHT) -> None:
        page = self.page
        page.sheet.set_row(page.row, height)
        for column, width, cell, role in spans:
            page.merge(page.row, column, page.row, column + width - 1, cell, role)
        page.row += 1

    def _text(self, text: str, role: str = "text", link: Anchor | None = None) -> None:
        """A text across the page, in as many lines as it needs."""
        self._row([(0, COLUMNS, Cell(text, link=link), role)], row_height([(text, WIDTH * COLUMNS)], font_size(role)))

    def _part(self, title: str) -> None:
        page = self.page
        page.sheet.set_row(page.row, 17)
        page.merge(page.row, 0, page.row, COLUMNS - 1, title, "part")
        page.row += 1

    # --- blocks

    def _facts(self) -> None:
        state = self.state
        file = state.counted.path.rsplit("/", 1)[-1] if state.counted else no_file(state)
        head = self.facts.heads.get(self.unit, "chưa rõ")
        self._row(
            [
                (0, 2, "Khối", "fact_label"), (2, 4, state.block or "chưa ghi", "fact_plain"),
                (6, 2, "Trạng thái", "fact_label"),
                (8, 4, Cell(status_text(state.status), status_role(state.status)), "text"),
            ]
        )  # fmt: skip
        self._row(
            [
                (0, 2, "Người đứng đầu", "fact_label"), (2, 4, head if state.counted else "–", "fact_plain"),
                (6, 2, "Thời hạn", "fact_label"),
                (8, 4, Cell(punctuality(state), link=("nop", self.unit)), "contents_link"),
            ]
        )  # fmt: skip
        self._row(
            [
                (0, 2, "Bản được tính", "fact_label"), (2, 4, file, "fact_plain"),
                (6, 2, "Quân số, đề nghị", "fact_label"),
                (8, 4, f"{state.staff} người, {state.nominations} đề nghị" if state.counted else "–", "fact_plain"),
            ],
            row_height([(file, 4 * WIDTH)], font_size("fact_plain")),
        )  # fmt: skip

    def _points(self) -> None:
        rank = self.facts.rank.get(self.unit, {})
        self._part("Điểm và hạng trong khối")
        status = rank.get("status")
        if _missing(rank.get("percent")):
            self._text(
                f"{STATUSES[RankStatus(status)] if status else 'Chưa có điểm'}. {rank.get('change') or ''}".strip()
            )
            return
        ranked = bool(rank["ranked"])
        place = f"{rank['rank']:.0f}/{rank['of']:.0f}" if ranked else _beside(rank)
        between = f"{rank['best']:.0f}–{rank['worst']:.0f}" if ranked and not _missing(rank["best"]) else "–"
        gaps = " / ".join(_number(rank[name]) for name in ("gap_above", "gap_below"))
        self._row((n * 2, 2, words, "header") for n, words in enumerate(
            ("Tổng điểm", "% điểm chuẩn", "Hạng", "Khoảng hạng", "Xếp nhóm", "Cách trên / dưới (%)")
        ))  # fmt: skip
        values = (_number(rank["total"]), _number(rank["percent"]), place, between, band_words(rank["band"]), gaps)
        self._row(((n * 2, 2, words, "centre_strong") for n, words in enumerate(values)), 17)
        parts = f"Điểm thưởng {_number(rank['bonus'])}, điểm trừ {_number(rank['deducted'])}.\n{rank['change']}"
        self._text(parts + (f"\nHội đồng nên bàn: {rank['discuss']}." if isinstance(rank["discuss"], str) else ""))

    def _lights(self) -> None:
        standings = self.facts.lights.of(self.state)
        starts = ((0, 2), (2, 2), (4, 3), (7, 3), (10, 2))
        self._row((at, width, p.words, "header") for (at, width), p in zip(starts, Principle, strict=True))
        self._row(
            (at, width, standings[p].light.cell(("principle", f"{self.unit} {p.name}")), "centre")
            for (at, width), p in zip(starts, Principle, strict=True)
        )

    def _criteria(self) -> None:
        strong, weak = self.facts.strong.get(self.unit, ()), self.facts.weak.get(self.unit, ())
        self._part("Mạnh nhất, yếu nhất so với trung bình của khối (điểm)")
        if not strong and not weak:
            self._text("Chưa so được: đơn vị chưa có điểm, hoặc khối chỉ có một đơn vị có điểm.", "empty")
            return
        heads = ("Mạnh", "Điểm", "Hơn khối"), ("Yếu", "Điểm", "Kém khối")
        self._row(
            (side * 6 + at, width, words, "header")
            for side, names in enumerate(heads)
            for (at, width), words in zip(((0, 4), (4, 1), (5, 1)), names, strict=True)
        )
        for number in range(max(len(strong), len(weak))):
            spans: list[Span] = []
            for side, found in enumerate((strong, weak)):
                one = found[number] if number < len(found) else None
                name = _cut(f"{one.code} {one.name}", 44) if one else ("–" if number == 0 else "")
                spans += [
                    (side * 6, 4, name, "text_small"),
                    (side * 6 + 4, 1, _number(one.points) if one else "", "centre"),
                    (side * 6 + 5, 1, _signed(one.difference) if one else "", "centre"),
                ]
            self._row(spans, 12.75)

    def _nominations(self) -> None:
        page, items = self.page, self.facts.items.get(self.unit, [])
        awards = Awards(self.results)
        proposed = [item for item in items if item.part is not Part.NOT_PROPOSED]
        self._part(f"Đề nghị năm nay ({len(proposed)}) và khen thưởng {self.facts.years[0]}–{self.facts.years[-1]}")
        top = page.row
        spans = ((0, 2), (2, 1), (3, 1), (4, 1), (5, 1))
        gate = next((item.gate for item in items if item.gate), None)
        names = ("Danh hiệu", "Số", "Chờ KL đơn vị" if gate else "Không vướng", "Chờ GT", "CHẶN")
        self._row(((at, w, words, "header") for (at, w), words in zip(spans, names, strict=True)), 27)
        counts: dict[str, Counter[str]] = {}
        for item in proposed:
            name = awards.short(item.title or item.form or "") or "chưa ghi"
            stopped, explains = item.part is Part.STOPPED, item.explains
            counts.setdefault(name, Counter())[names[4] if stopped else names[3] if explains else names[2]] += 1
        for name, parts in list(counts.items())[:MOST_TITLES]:
            numbers = (parts.total(), *(parts[name] for name in names[2:]))
            cells: tuple[str | Cell, ...] = (name, *(Cell(n) for n in numbers))
            self._row((at, w, cell, "text" if at == 0 else "count") for (at, w), cell in zip(spans, cells, strict=True))
        if len(counts) > MOST_TITLES:
            self._row([(0, 6, f"và {len(counts) - MOST_TITLES} danh hiệu nữa, xem TH_CA_NHAN, TH_TAP_THE", "empty")])
        if not counts:
            self._row(
                [(0, 6, "Không có đề nghị nào." if self.state.counted else "Đơn vị chưa có hồ sơ được tính.", "empty")]
            )
        bottom = top + _CHART_ROWS
        for row in range(page.row, bottom):
            page.sheet.set_row(row, _LINE_HEIGHT)
        self._chart(top)
        page.row = max(page.row, bottom)
        if gate:
            self._text(f"Mọi đề nghị: {gate.words}.", "text_small", gate.link)
        self._idle()

    def _idle(self) -> None:
        names = self.facts.idle.get(self.unit)
        if names is None:
            return
        if not names:
            self._text("Ai cũng phụ trách ít nhất một chỉ tiêu, sáng kiến hoặc điển hình.", "text_small")
        else:
            more = f" và {len(names) - MOST_PEOPLE} người nữa" if len(names) > MOST_PEOPLE else ""
            self._text(
                f"{len(names)} người chưa ghi phụ trách chỉ tiêu, sáng kiến, điển hình nào: "
                f"{', '.join(names[:MOST_PEOPLE])}{more}.",
                "text_small",
            )

    def _chart(self, row: int) -> None:
        page, formats, found = self.page, self.page.book.formats, self.facts.awards.get(self.unit, {})
        years, sheet = self.facts.years, self.page.sheet
        for number, kind in enumerate(KINDS, 1):
            sheet.write_string(row, _DATA + number, kind, formats["header"])
        for offset, year in enumerate(years, 1):
            label = str(year) if year != years[-1] else f"{year} (ĐN)"
            sheet.write_string(row + offset, _DATA, label, formats["text"])
            for number, kind in enumerate(KINDS, 1):
                sheet.write_number(row + offset, _DATA + number, found.get((year, kind), 0), formats["count"])
        chart = page.book.workbook.add_chart({"type": "column", "subtype": "stacked"})
        last, font = row + len(years), {"name": FONT, "size": 8, "color": INK}
        for number, colour in enumerate(_COLOURS, 1):
            chart.add_series(
                {
                    "name": [page.name, row, _DATA + number],
                    "categories": [page.name, row + 1, _DATA, last, _DATA],
                    "values": [page.name, row + 1, _DATA + number, last, _DATA + number],
                    "fill": {"color": colour},
                    "border": {"color": INK, "width": 0.5},
                    "gap": 60,
                }
            )
        chart.set_legend({"position": "bottom", "font": font})
        chart.set_x_axis({"num_font": font, "line": {"color": LINE}})
        chart.set_y_axis({"num_font": font, "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.5}},
                          "num_format": "0", "line": {"none": True}, "min": 0})  # fmt: skip
        chart.set_size({"width": _CHART[0], "height": _CHART[1]})
        chart.set_chartarea({"border": {"none": True}})
        words = "Khen thưởng của đơn vị qua các năm: số liệu ở bảng bên phải trang này"
        sheet.insert_chart(row, 6, chart, {"object_position": 2, "x_offset": 3, "y_offset": 2, "description": words})

    def _findings(self) -> None:
        groups = [g for g in self.facts.groups.get(self.unit, ()) if g.first.severity is not Severity.INFORMATION]
        whole = self.facts.groups.get(self.unit, ())
        self._part("Phát hiện nặng nhất và việc phải sửa")
        if not groups:
            said = (
                "Đã kiểm tra, không có điều phải sửa hay cần xem"
                if self.state.counted
                else "Chưa xét được: " + no_file(self.state)
            )
            self._text(f"{said}. {len(whole)} thông tin ở PHAT_HIEN." if whole else f"{said}.", "empty")
            return
        self._row(
            (at, w, words, "header")
            for at, w, words in ((0, 2, "Mức"), (2, 1, "Mã"), (3, 5, "Điều thấy"), (8, 4, "Việc phải làm"))
        )
        for group in groups[:MOST_FINDINGS]:
            first, words = group.first, words_of(group)
            what = _cut(words.what + (f" ({group.size} chỗ)" if group.size > 1 else ""), _LONGEST)
            fix = _cut(words.fix, _LONGEST)
            height = row_height([(what, 5 * WIDTH), (fix, 4 * WIDTH)], font_size("text_small"))
            self._row(
                [
                    (0, 2, severity_text(first.severity, first.judged), severity_role(first.severity, first.judged)),
                    (2, 1, Cell(first.code, link=("rule", first.code)), "link_centre"),
                    (3, 5, what, "text_small"), (8, 4, fix, "text_small"),
                ],
                height,
            )  # fmt: skip
        left = len(whole) - min(len(groups), MOST_FINDINGS)
        text = (
            f"Còn {left} dòng nữa (kể cả thông tin): xem PHAT_HIEN."
            if left > 0
            else "Đủ mọi dòng; xem chỗ sai ở PHAT_HIEN."
        )
        self._text(text, "link", ("findings", self.unit))

    def _turns(self) -> None:
        pairs = self.facts.turns.get(self.unit, [])
        self._part("Luân phiên: từng danh hiệu, và lưới của dãy đáng xem nhất")
        if not pairs:
            self._text("Chưa xét được: không có dãy danh hiệu nào trong lịch sử của đơn vị.", "empty")
            return
        case = self.results.evidence
        told = [f"{title_words(case, t)}: {MARKS[j.level]} {WORDS[j.level].lower()}" for t, j in pairs[:MOST_SERIES]]
        more = len(pairs) - MOST_SERIES
        self._text("; ".join(told) + (f"; và {more} dãy nữa." if more > 0 else "."), "text_small")
        self._grid(next((p for p in pairs if p[1].level in SIGNS), pairs[0]))

    def _grid(self, pair: Pair) -> None:
        """The people who were given most, over the last years."""
        told, judgement = pair
        series, page = told.series, self.page
        skip = max(0, len(series.years) - GRID_YEARS)
        here = (series.present | series.won)[skip:].any(axis=0)
        by_wins = sorted(np.flatnonzero(here), key=lambda i: (-int(series.won[skip:, i].sum()), int(i)))
        people = by_wins[:MOST_PEOPLE]
        passed = {(p.year, p.other) for p in passed_over(judgement.prepared) if p.by_turn}
        passed = set() if judgement.prepared.complement else passed
        title = title_words(self.results.evidence, told)
        page.merge(page.row, 0, page.row, 2, Cell(title, link=grid_of(told)), "link")
        page.sheet.set_row(page.row, _LINE_HEIGHT)
        for number, year in enumerate(series.years[skip:]):
            write_cell(page, page.row, 3 + number, Cell(str(year)), "header")
        page.row += 1
        ranks = [ranks_of(told, t) for t in range(skip, len(series.years))]
        for i in map(int, people):
            page.merge(page.row, 0, page.row, 2, told.names[i] or series.persons[i], "text_small")
            for number in range(len(series.years) - skip):
                cell = mark(told, skip + number, i, ranks[number], passed)
                write_cell(page, page.row, 3 + number, cell or Cell(None), "centre")
            page.sheet.set_row(page.row, 12.75)
            page.row += 1
        more = len(by_wins) - len(people)
        self._text(
            (f"Còn {more} người. " if more > 0 else "")
            + "■ được · □ có thể xét mà không được · ◦ không ghi xuất sắc, sáng kiến · trống: không ở đơn vị. "
            "Câu hỏi, không phải kết luận.",
            "empty",
        )


def _beside(rank: Mapping[str, Any]) -> str:
    """Where a unit outside the ranks would stand if it alone were considered besides."""
    return f"ngoài hạng; xét riêng: {rank['reference_rank']:.0f}/{rank['reference_of']:.0f}"


def _missing(value: Any) -> bool:
    return value is None or value != value


def _number(value: Any) -> str:
    return "–" if _missing(value) else decimal(round(float(value), 2))


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−'}{decimal(round(abs(value), 2))}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + " …"
