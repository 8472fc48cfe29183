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

A reader finds typed scores by the last, hidden column: `score_key(unit, criterion)`, here «P1|I.1». `typed_scores`
reads them back from the rows of the sheet, whatever was sorted, filtered or inserted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import pandas as pd

from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.order import DIGITS
from pipeline.ranking.points import points_of
from pipeline.ranking.tables import Basis, Status
from pipeline.ranking.wording import BANDS, STATUSES
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.book import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.series import plain
from pipeline.workbook.table import Cell, Field, Placed
from schemas.province.entries import APPRAISED

PLAN = SheetPlan(
    "DIEM_CHI_TIET",
    Group.RANKING,
    "Điểm chi tiết từng tiêu chí",
    "điểm của từng đơn vị từ đâu ra?",
    wide=True,
)
KEY_HEADING, SCORE_HEADING, REASON_HEADING = "Khóa (không sửa)", "Thẩm định", "Lý do thẩm định khác"
_SEPARATOR = "|"
NO_BLOCK = "(chưa ghi khối)"

FIELDS = (
    Field("ma", "Mã ĐV", 8, "centre"),
    Field("tieu_chi", "Mã tiêu chí", 7, "centre"),
    Field("ten", "Tiêu chí", 34),
    Field("nhom", "Nhóm", 20),
    Field("chuan", "Điểm chuẩn", 8.5, "points"),
    Field("tu_cham", "Tự chấm", 8.5, "points"),
    Field("may", "Máy tính lại", 8.5, "points"),
    Field("tham_dinh", SCORE_HEADING, 8.5, "council_points", council=True),
    Field("chuan_tinh", "Điểm chuẩn được tính", 8.5, "points"),
    Field("duoc_tinh", "Điểm được tính", 8.5, "points_strong"),
    Field("lech_may", "Tự chấm trừ máy tính", 8.5, "points"),
    Field("lech_tinh", "Tự chấm trừ được tính", 8.5, "points"),
    Field("thuong_may", "Thưởng máy tính", 8.5, "points"),
    Field("thuong", "Thưởng được tính", 8.5, "points"),
    Field("ly_do", REASON_HEADING, 24, "council", council=True),
    Field("minh_chung", "Minh chứng", 22),
    Field("can_cu", "Điểm lấy từ", 26),
    Field("khoa", KEY_HEADING, 4, "key"),
)
SUM_FIELDS = (
    Field("ma", "Mã ĐV", 8, "link_centre"),
    Field("hang", "Hạng", 7, "rank"),
    Field("ten", "Đơn vị", 34, "text_strong"),
    Field("tinh_trang", "Tình trạng", 20),
    Field("chuan_tinh", "Điểm chuẩn được tính", 8.5, "points"),
    Field("cong", "Cộng điểm tiêu chí", 8.5, "points"),
    Field("thuong_truoc", "Thưởng trước trần", 8.5, "points"),
    Field("thuong", "Điểm thưởng", 8.5, "points"),
    Field("tru", "Điểm trừ", 8.5, "points"),
    Field("tong", "Tổng điểm", 8.5, "points_strong"),
    Field("ty_le", "Tỷ lệ %", 8.5, "points_strong"),
    Field("xep_nhom", "Xếp nhóm", 8.5, "centre"),
)
READING = (
    "Chỉ sửa hai cột nền vàng: điểm thẩm định và lý do; tổng, tỷ lệ, hạng, xếp nhóm ở đây, ở XEP_HANG và TH_TAP_THE đổi "
    "theo. Xóa điểm thẩm định thì lấy điểm máy tính lại từ chỉ tiêu và kết quả đơn vị khai; không tính được thì 0 điểm. "
    "Thẩm định dưới điểm chuẩn thì tiêu chí ấy không còn thưởng.",
    "Muốn điểm thẩm định giữ cho lần chạy sau: ghi vào trang DIEM_THAM_DINH của cau-hinh.xlsx. Điểm trừ ghi ở trang "
    "DIEM_TRU.",
)
#: Where points that are not appraised come from; once appraised the cell says so.
_SOURCES = {
    Basis.COMPUTED: "Tính từ chỉ tiêu, kết quả",
    Basis.MISSING: "▲ Chưa đủ số liệu: tính 0 điểm",
    Basis.NOT_OCCURRED: "Không phát sinh: không tính",
}
_NO_FILE, _NO_ROW = "▲ Chưa có hồ sơ: tính 0 điểm", "▲ Không có dòng CHI_TIEU: 0 điểm"
_APPRAISED = "Thẩm định"
#: Statuses of units that a gate keeps out of the ranks.
SHUT = (Status.UNDECIDED, Status.EXCLUDED)
_FIRST = {item.key: chr(ord("A") + number) for number, item in enumerate(FIELDS)}
_SUM = {item.key: chr(ord("A") + number) for number, item in enumerate(SUM_FIELDS)}


def score_key(unit: str, criterion: str) -> str:
    """Key of an appraised score in the hidden column."""
    return f"{unit}{_SEPARATOR}{criterion}"


def typed_scores(rows: Iterable[Sequence[Any]]) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Appraised scores that stand in the sheet: unit and criterion → score and reason, as typed (None: empty).

    Args:
        rows: rows of DIEM_CHI_TIET from the top, as any reader gives them; columns are found by their headings.
    """
    found: dict[tuple[str, str], tuple[Any, Any]] = {}
    at: tuple[int, int, int] | None = None
    for row in rows:
        cells = list(row)
        if KEY_HEADING in cells:
            at = (cells.index(KEY_HEADING), cells.index(SCORE_HEADING), cells.index(REASON_HEADING))
        elif at and len(cells) > at[0] and isinstance(cells[at[0]], str) and _SEPARATOR in cells[at[0]]:
            unit, _, criterion = cells[at[0]].partition(_SEPARATOR)
            score, reason = (None if cells[place] == "" else cells[place] for place in at[1:])
            found[unit, criterion] = (score, reason)
    return found


@dataclass(frozen=True, slots=True)
class _Lines:
    """Rows of one unit in the second table, counted from 1."""

    first: int
    last: int

    def range(self, key: str) -> str:
        """`J12:J25`."""
        return f"{_FIRST[key]}{self.first}:{_FIRST[key]}{self.last}"


class ScoreCells:
    """Where the totals of units stand; filled as DIEM_CHI_TIET is written, read by the sheets that follow it."""

    def __init__(self, results: Results) -> None:
        """Know the ranking."""
        self.ranking, self._case = ranking_of(results.evidence), results.evidence
        self._placed: dict[str, tuple[Placed, int]] = {}
        self._groups: dict[tuple[str, str], str] = {}

    @cached_property
    def groups(self) -> list[str]:
        """Names of all groups of criteria, in the order of the score table."""
        return list(dict.fromkeys(self.ranking.groups["group"]))

    @cached_property
    def never_occurred(self) -> set[tuple[str, str]]:
        """Units and criteria whose every target says why nothing occurred."""
        rows = points_of(self._case)
        some = rows.groupby(["unit", "criterion"])["applicable"].any()
        return set(some.index[~some.to_numpy(bool)])

    def place(self, unit: str, placed: Placed, number: int) -> None:
        """Remember the row of a unit's totals."""
        self._placed[unit] = (placed, number)

    def place_group(self, unit: str, group: str, areas: str) -> None:
        """Remember where the points of a group stand."""
        self._groups[unit, group] = areas

    def lead(self, unit: str, key: str, value: Any, role: str = "") -> Any:
        """A cell that shows a total of the first table; the bare value where the unit has no formulas."""
        if unit not in self._placed:
            return value
        placed, number = self._placed[unit]
        shown = "" if value is None or value != value else value
        return Cell(shown, role, formula=f"={placed.cell(key, number)}")

    def address(self, unit: str, key: str) -> str:
        """Address of a total; empty where the unit has no formulas."""
        if unit not in self._placed:
            return ""
        placed, number = self._placed[unit]
        return placed.cell(key, number)

    def group(self, unit: str, group: str, value: float) -> Any:
        """A cell that adds up the points of a group."""
        areas = self._groups.get((unit, group))
        return Cell(value, formula=f"=SUM({areas})") if areas else value


def write(page: Page, results: Results) -> None:
    """Write both tables of each block."""
    page.head([item.width for item in FIELDS], "", *READING, mixed=True)
    page.sheet.set_column(len(FIELDS) - 1, len(FIELDS) - 1, FIELDS[-1].width, None, {"hidden": True})
    cells = page.book.shared(ScoreCells)
    criteria = cells.ranking.criteria
    lines = {str(unit): rows for unit, rows in criteria.groupby("unit", sort=False)}
    for block, units in cells.ranking.units.groupby("block", sort=False):
        order = [*units.index[~units["status"].isin(SHUT)], *units.index[units["status"].isin(SHUT)]]
        _Block(page, cells, str(block), units.loc[order], lines).write()
    if cells.ranking.units.empty:
        page.table(SUM_FIELDS, {})


class _Block:
    """Both tables of one block; units past the gates stand first, so that one RANK range holds them all."""

    def __init__(
        self, page: Page, cells: ScoreCells, block: str, units: pd.DataFrame, lines: dict[str, pd.DataFrame]
    ) -> None:
        """Choose what to write."""
        self.page, self.cells, self.name, self.units = page, cells, block or NO_BLOCK, units
        self.lines = {unit: lines[unit] for unit in units.index if unit in lines}
        self.open = int((~units["status"].isin(SHUT)).sum())

    def write(self) -> None:
        """Write the sums, then the criteria."""
        page = self.page
        page.part(f"{self.name}: cộng theo đơn vị")
        head = page.row  # header of the sums; rows of a sheet are counted from 0, of formulas from 1
        first = head + len(self.units) + 4  # an empty row, the heading, the header
        spans: dict[str, _Lines] = {}
        for unit, rows in self.lines.items():
            spans[unit] = _Lines(first + 1, first + len(rows))
            first += len(rows)
        placed = page.table(SUM_FIELDS, self._sums(head + 2, spans))
        for number, unit in enumerate(self.units.index):
            if unit in spans:
                self.cells.place(unit, placed, number)
        page.part(f"{self.name}: từng tiêu chí")
        if not self.lines:
            page.table(FIELDS, {})
            return
        rows = pd.concat(list(self.lines.values()), ignore_index=True)
        detail = page.table(FIELDS, _details(self.cells, rows, page.row + 2, set(self.units.index[self.units["counted"]])))
        assert all(detail.first <= span.first - 1 and span.last - 1 <= detail.last for span in spans.values())
        assert detail.first + 1 == next(iter(spans.values())).first
        for unit, span in spans.items():
            page.anchor("score", unit, span.first - 1, 0)
            self._remember_groups(unit, span)
        _guard(page, detail)

    def _remember_groups(self, unit: str, span: _Lines) -> None:
        areas: dict[str, list[str]] = {}
        row = span.first
        for group, members in groupby(self.lines[unit]["group"]):
            size = len(list(members))
            column = _FIRST["duoc_tinh"]
            areas.setdefault(group, []).append(f"{PLAN.name}!${column}${row}:${column}${row + size - 1}")
            row += size
        for group, found in areas.items():
            self.cells.place_group(unit, group, ",".join(found))

    def _sums(self, first: int, spans: dict[str, _Lines]) -> dict[str, Sequence[Any]]:
        """Columns of the first table; `first` is its first row, counted from 1."""
        units = self.units
        records = units.assign(unit=units.index).to_dict("records")
        lines: list[dict[str, Any]] = []
        for number, row in enumerate(records):
            span = spans.get(row["unit"])
            lines.append(_plain_sum(row) if span is None else self._sum(row, first + number, span, first))
        keys = ("hang", "chuan_tinh", "cong", "thuong_truoc", "thuong", "tong", "ty_le", "xep_nhom")
        columns: dict[str, Sequence[Any]] = {key: [line[key] for line in lines] for key in keys}
        return columns | {
            "ma": [Cell(unit, link=("score", unit)) for unit in units.index],
            "ten": units["name"].tolist(),
            "tinh_trang": [STATUSES[Status(status)] for status in units["status"]],
            "tru": units["deducted"].tolist(),
        }

    def _sum(self, row: dict[str, Any], at: int, span: _Lines, first: int) -> dict[str, Any]:
        """Formulas of one unit in row `at`, counted from 1."""
        cap, share, column = self.cells.ranking.settings.most_bonus, _rounded(row["percent"]), _SUM
        total = f"{column['cong']}{at}+{column['thuong']}{at}-{column['tru']}{at}"
        lacks = f"COUNT({span.range('tham_dinh')})<{span.last - span.first + 1}" if not row["counted"] else (
            f"{column['chuan_tinh']}{at}=0"
        )  # fmt: skip
        share_at = f"{column['ty_le']}{at}"
        percent = f'IF({column["tong"]}{at}="","",ROUND(100*{column["tong"]}{at}/{column["chuan_tinh"]}{at},{DIGITS}))'
        return {
            "chuan_tinh": Cell(row["possible"], formula=f"=SUM({span.range('chuan_tinh')})"),
            "cong": Cell(row["points"], formula=f"=SUM({span.range('duoc_tinh')})"),
            "thuong_truoc": Cell(row["bonus_uncapped"], formula=f"=SUM({span.range('thuong')})"),
            "thuong": Cell(row["bonus"], formula=f"=MIN({_number(cap)},{column['thuong_truoc']}{at})"),
            "tong": Cell(_known(row["total"]), formula=f'=IF({lacks},"",{total})'),
            "ty_le": Cell(share, formula=f"={percent}"),
            "hang": self._rank(row, at, first) if at < first + self.open else "–",
            "xep_nhom": Cell(_band(row), formula=f"={self._bands(share_at)}"),
        }

    def _rank(self, row: dict[str, Any], at: int, first: int) -> Cell:
        """Competition rank by percentage, and below those whom the tie-break chain put above at this percentage."""
        column = _SUM["ty_le"]
        mine, area = f"{column}{at}", f"{column}${first}:{column}${first + self.open - 1}"
        formula = f"RANK({mine},{area})"
        share = _rounded(row["percent"])
        if isinstance(share, float):
            shares = self.units["percent"].to_numpy()[: self.open].round(DIGITS)
            above = [n for n, rank in enumerate(self.units["rank"].tolist()[: self.open])
                     if shares[n] == share and rank < row["rank"]]  # fmt: skip
            if above:
                better = f"{column}${first + above[0]}:{column}${first + above[-1]}"
                formula += f"+IF({mine}={_number(share)},COUNTIF({better},{_number(share)}),0)"
        return Cell(_known(row["rank"]), formula=f'=IF({mine}="","",{formula})')

    def _bands(self, cell: str) -> str:
        """The band of a percentage as nested IF."""
        bands = self.cells.ranking.settings.bands
        formula = f'"{BANDS[bands[-1][0]]}"'
        for band, least in reversed(bands[:-1]):
            formula = f'IF({cell}>={_number(round(100 * least, DIGITS))},"{BANDS[band]}",{formula})'
        return f'IF({cell}="","",{formula})'


def _plain_sum(row: dict[str, Any]) -> dict[str, Any]:
    """What stands for a unit to which no criterion applies."""
    return {
        "hang": "–", "chuan_tinh": None, "cong": None, "thuong_truoc": None, "thuong": None, "tong": None,
        "ty_le": None, "xep_nhom": None,
    }  # fmt: skip


def _details(cells: ScoreCells, rows: pd.DataFrame, first: int, counted: set[str]) -> dict[str, Sequence[Any]]:
    """Columns of the second table; `first` is its first row, counted from 1."""
    at, never = _FIRST, cells.never_occurred
    records = rows.to_dict("records")
    lines = [_detail(row, number, never, counted) for number, row in enumerate(records, first)]
    columns: dict[str, Sequence[Any]] = {
        key: [line[key] for line in lines]
        for key in ("chuan_tinh", "duoc_tinh", "lech_may", "lech_tinh", "thuong", "can_cu")
    }
    assert at["tham_dinh"] == "H" and at["chuan"] == "E"  # as `_detail` writes them
    units = rows["unit"].tolist()
    starts = rows["unit"].ne(rows["unit"].shift()).tolist()
    return columns | {
        "ma": [Cell(u, "link_centre", ("ranked", u)) if new else u for u, new in zip(units, starts, strict=True)],
        "tieu_chi": rows["criterion"].tolist(),
        "ten": [n if t < 2 else f"{n} ({t} chỉ tiêu)" for n, t in zip(rows["name"], rows["targets"], strict=True)],
        "nhom": rows["group"].tolist(),
        "chuan": rows["most"].tolist(),
        "tu_cham": rows["self"].tolist(),
        "may": rows["computed"].tolist(),
        "tham_dinh": rows["appraised"].tolist(),
        "thuong_may": rows["bonus_computed"].tolist(),
        "ly_do": plain(rows["note"]),
        "minh_chung": [_evidence(row) for row in records],
        "khoa": [score_key(u, c) for u, c in zip(units, rows["criterion"], strict=True)],
    }


def _detail(row: dict[str, Any], at: int, never: set[tuple[str, str]], counted: set[str]) -> dict[str, Any]:
    """Formulas of one unit and criterion in row `at`, counted from 1."""
    out = (row["unit"], row["criterion"]) in never  # does not occur unless appraised
    official = _known(row["official"])
    own, computed = _known(row["self"]), _known(row["computed"])
    basis = Basis.NOT_OCCURRED if out else Basis.MISSING if computed == "" else Basis.COMPUTED
    words = _SOURCES[basis]
    if basis is Basis.MISSING:
        words = _NO_FILE if row["unit"] not in counted else words if row["targets"] else _NO_ROW
    source = _APPRAISED if row["basis"] == Basis.APPRAISED else words
    full = Cell(0.0 if row["basis"] == Basis.NOT_OCCURRED else row["most"], formula=f"=IF(ISNUMBER(H{at}),E{at},0)")
    both, counts = own != "" and computed != "", own != "" and official != ""
    return {
        "chuan_tinh": full if out else row["most"],
        "duoc_tinh": Cell(official, formula=f'=IF(ISNUMBER(H{at}),H{at},{chr(34) * 2 if out else f"N(G{at})"})'),
        "lech_may": Cell(own - computed, formula=f"=F{at}-G{at}") if both else None,
        "lech_tinh": None if own == "" else Cell(
            own - official if counts else "", formula=f'=IF(J{at}="","",F{at}-J{at})'
        ),
        "thuong": Cell(row["bonus"], formula=f"=IF(AND(ISNUMBER(H{at}),H{at}<E{at}),0,N(M{at}))"),
        "can_cu": Cell(source, formula=f'=IF(ISNUMBER(H{at}),"{_APPRAISED}","{words}")'),
    }  # fmt: skip


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


def _known(value: Any) -> Any:
    """The value; an empty text, as formulas give it, where it is not known."""
    return "" if value is None or value != value else value


def _rounded(value: float) -> float | str:
    return "" if value != value else round(float(value), DIGITS) + 0.0


def _band(row: dict[str, Any]) -> str:
    return BANDS[row["band"]] if isinstance(row["band"], str) else ""


def _number(value: float) -> str:
    """A number as formulas write it."""
    return repr(int(value)) if float(value).is_integer() else repr(float(value))
