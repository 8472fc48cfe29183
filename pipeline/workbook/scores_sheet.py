"""DIEM_CHI_TIET: where every point comes from, in live formulas; the standing office appraises here.

Two tables a block. The first adds up each unit: points, bonus up to its cap, deductions, total, percentage, rank and
band, all as formulas. The second has one row a unit and criterion, unit by unit as a dossier is read, with the
appraised score and its reason to be filled (unlocked, light yellow). XEP_HANG and TH_TAP_THE lead their ranks from the
first table, so that a changed score is followed everywhere.

Formulas repeat `pipeline.ranking` (domain 4.3, 4.4, 4.6), with functions of Excel 2010 only:

- points that count = appraised if a number stands there, else computed, else 0; a criterion that did not occur is
  empty and its full points are 0, unless somebody appraises it
- bonus that counts = 0 where fewer than the full points were appraised, else the computed one; of all, up to the cap
- percentage to `order.DIGITS` decimals, as equal ones are told; a unit without a counted file has none until every
  criterion is appraised
- rank = RANK among the units past the gates, plus those that stood above at the same percentage by the tie-break
  chain, as long as both still have it; ties that come up by a change are shown as ties until the next run

Rows are named by `score_key(unit, criterion)`, here «P1|I.1»; `pipeline.decisions.scores` puts what was typed here over
DIEM_THAM_DINH of the next run, whatever was sorted, filtered or inserted.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.tables import Basis, Status
from pipeline.ranking.wording import STATUSES
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.score_cells import (
    EMPTIED,
    FIELDS,
    LETTERS,
    NO_BLOCK,
    SCORE_HEADING,
    SHEET,
    SUM_FIELDS,
    ScoreCells,
    score_key,
)
from pipeline.workbook.score_formulas import Span, criterion_formulas, rank_formula, rounded, sum_formulas
from pipeline.workbook.table import Cell, Placed
from schemas.province.entries import APPRAISED

PLAN = SheetPlan(
    SHEET,
    Group.RANKING,
    "Điểm chi tiết từng tiêu chí",
    "điểm của từng đơn vị từ đâu ra?",
    wide=True,
)
READING = (
    "Chỉ sửa hai cột nền vàng: điểm thẩm định và lý do; tổng, tỷ lệ, hạng, xếp nhóm ở đây, ở XEP_HANG và TH_TAP_THE "
    "đổi theo. Xóa điểm thẩm định thì lấy điểm máy tính lại từ chỉ tiêu và kết quả đơn vị khai; không tính được thì 0 "
    "điểm. "
    "Thẩm định dưới điểm chuẩn thì tiêu chí ấy không còn thưởng.",
    "Điểm gõ ở đây sang được bản sau khi tổng hợp lại kèm bản này, hoặc khi ghi vào trang DIEM_THAM_DINH của "
    "cau-hinh.xlsx. Điểm trừ ghi ở trang DIEM_TRU. Cột cuối đánh dấu ▲ điểm thẩm định hơn mức đơn vị tự chấm, hoặc xa "
    "điểm máy tính lại (XH-09); hạng nếu không có điểm ấy thì xem VIEC_CAN_QUYET.",
)
#: Statuses of units that a gate keeps out of the ranks.
SHUT = (Status.UNDECIDED, Status.EXCLUDED)
_SUMS = ("chuan_tinh", "cong", "thuong_truoc", "thuong", "tong", "ty_le", "xep_nhom")
_DETAILS = ("chuan_tinh", "duoc_tinh", "lech_may", "lech_tinh", "thuong", "can_cu", "khac_thuong")
#: Keys of plain columns of the table of criteria, and of what they show.
_PLAIN = {
    "tieu_chi": "criterion", "nhom": "group", "chuan": "most", "tu_cham": "self", "may": "computed",
    "tham_dinh": "appraised", "thuong_may": "bonus_computed",
}  # fmt: skip


def write(page: Page, results: Results) -> None:
    """Write both tables of each block."""
    page.head([item.width for item in FIELDS], "", *READING, mixed=True)
    page.sheet.freeze_panes(page.row, 3)  # the criterion stays in sight beside its reason
    cells, units = page.book.shared(ScoreCells), ranking_of(results.evidence).units
    shut = units["status"].isin(SHUT)
    pieces: list[tuple[int, int]] = []
    for block, members in units.groupby("block", sort=False):
        inside = shut[members.index]
        ordered = pd.concat([members[~inside], members[inside]])
        pieces += _Block(page, cells, str(block), ordered, int((~inside).sum())).write()
    if units.empty:
        page.table(SUM_FIELDS, {})
    page.keep_together(pieces)


class _Block:
    """Both tables of one block; units past the gates stand first, so that one RANK range holds them all."""

    def __init__(self, page: Page, cells: ScoreCells, block: str, units: pd.DataFrame, past_gates: int) -> None:
        self.page, self.cells, self.name = page, cells, block or NO_BLOCK
        self.units, self.past_gates = units, past_gates
        self.lines = {unit: cells.criteria[unit] for unit in units.index if unit in cells.criteria}

    def write(self) -> list[tuple[int, int]]:
        """Write the sums, then the criteria, whose place is known beforehand; returns what to print together."""
        page, start = self.page, self.page.row
        page.part(f"{self.name}: cộng theo đơn vị")
        spans = self._spans(page.row + len(self.units) + 5)  # below the sums an empty row, the heading, the header
        placed = page.table(SUM_FIELDS, self._sums(page.row + 2, spans))
        for number, unit in enumerate(self.units.index):
            if unit in spans:
                self.cells.place(unit, placed, number)
        pieces = [(start, placed.last)]
        page.part(f"{self.name}: từng tiêu chí")
        keys, emptied = self._keys(), page.book.carried.emptied
        facts = [{EMPTIED: emptied[key]} if key in emptied else {} for key in keys]
        detail = page.table(FIELDS, self._details(page.row + 2), keys=keys, facts=facts)
        for unit, span in spans.items():
            page.anchor("score", unit, span.first - 1)
            self._remember_groups(unit, span.first)
        if spans:
            assert detail.first + 1 == next(iter(spans.values())).first
            _guard(page, detail)
        top = placed.last + 2  # the heading of the criteria stays with the first unit
        for span in spans.values():
            pieces.append((top, span.last - 1))
            top = span.last
        return pieces

    def _keys(self) -> list[str]:
        return [score_key(row["unit"], row["criterion"]) for lines in self.lines.values() for row in lines]

    def _spans(self, first: int) -> dict[str, Span]:
        """Rows of each unit in the table of criteria that begins in row `first`, counted from 1."""
        spans: dict[str, Span] = {}
        for unit, rows in self.lines.items():
            spans[unit] = Span(first, first + len(rows) - 1)
            first += len(rows)
        return spans

    def _remember_groups(self, unit: str, row: int) -> None:
        """Tell where the points of each group of a unit stand that begins in `row`, counted from 1."""
        areas: dict[str, list[str]] = {}
        column = LETTERS["duoc_tinh"]
        for group, members in groupby(self.lines[unit], key=lambda line: str(line["group"])):
            end = row + sum(1 for _ in members)
            areas.setdefault(group, []).append(f"{SHEET}!${column}${row}:${column}${end - 1}")
            row = end
        for group, found in areas.items():
            self.cells.place_group(unit, group, ",".join(found))

    def _sums(self, first: int, spans: dict[str, Span]) -> dict[str, Sequence[Any]]:
        """Columns of the sums; `first` is their first row, counted from 1."""
        units, settings = self.units, self.cells.ranking.settings
        shares = [rounded(share) for share in units["percent"].tolist()[: self.past_gates]]
        ranks = units["rank"].tolist()[: self.past_gates]
        lines: list[dict[str, Any]] = []
        for at, unit in enumerate(units.index, first):
            line: dict[str, Any] = {"hang": "–"}
            row = self.cells.units[unit]
            if unit in spans:
                line |= sum_formulas(row, at, spans[unit], settings)
                if at < first + self.past_gates:
                    line["hang"] = rank_formula(row["rank"], at, first, shares, ranks)
            lines.append(line)
        return {key: [line.get(key) for line in lines] for key in ("hang", *_SUMS)} | {
            "ma": [Cell(unit, link=("score", unit)) for unit in units.index],
            "ten": units["name"].tolist(),
            "tinh_trang": [STATUSES[Status(status)] for status in units["status"]],
            "tru": units["deducted"].tolist(),
        }

    def _details(self, first: int) -> dict[str, Sequence[Any]]:
        """Columns of the criteria; `first` is their first row, counted from 1."""
        rows = [row for lines in self.lines.values() for row in lines]
        starts = {id(lines[0]) for lines in self.lines.values()}
        counted, never = self.units["counted"].to_dict(), self.cells.never_occurred
        lines = [
            criterion_formulas(
                row,
                at,
                self.cells.ranking.settings,
                never=(row["unit"], row["criterion"]) in never,
                counted=bool(counted[row["unit"]]),
            )
            for at, row in enumerate(rows, first)
        ]
        columns: dict[str, Sequence[Any]] = {key: [line[key] for line in lines] for key in _DETAILS}
        columns |= {key: [row[name] for row in rows] for key, name in _PLAIN.items()}
        return columns | {
            "ma": [
                Cell(row["unit"], "link_centre", ("ranked", row["unit"])) if id(row) in starts else row["unit"]
                for row in rows
            ],
            "ten": [
                row["name"] if row["targets"] < 2 else f"{row['name']} ({row['targets']} chỉ tiêu)" for row in rows
            ],
            "ly_do": [row["note"] if isinstance(row["note"], str) else None for row in rows],
            "minh_chung": [_evidence(row) for row in rows],
        }


def _evidence(row: dict[str, Any]) -> str | None:
    """Evidence as stated, or why nothing occurred."""
    if isinstance(row["reason"], str) and row["basis"] == Basis.NOT_OCCURRED:
        return f"Không phát sinh vì: {row['reason']}"
    stated = row["evidence_text"] if isinstance(row["evidence_text"], str) else None
    if stated and not row["evidence"]:
        return f"{stated} (còn chỉ tiêu chưa nêu)"
    return stated


def _guard(page: Page, placed: Placed) -> None:
    """Take only numbers as appraised scores, and mark what slipped in as text."""
    column = placed.columns["tham_dinh"]
    limits = APPRAISED.by_name["diem"]
    low, high = (decimal(value) for value in (limits.low or 0, limits.high or 0))
    page.sheet.data_validation(placed.first, column, placed.last, column, {
        "validate": "decimal", "criteria": "between", "minimum": limits.low, "maximum": limits.high,
        "error_title": SCORE_HEADING,
        "error_message": f"Ghi một số từ {low} đến {high}, ví dụ 55,5; để trống nếu không thẩm định.",
    })  # fmt: skip
    cell = f"$H{placed.first + 1}"
    page.sheet.conditional_format(placed.first, column, placed.last, column, {
        "type": "formula", "criteria": f"=ISTEXT({cell})",
        "format": page.book.formats["wrong_entry"],
    })  # fmt: skip
