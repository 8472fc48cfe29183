"""DO_VUNG_HANG: what would change a rank: intervals, weights that are shaken, groups left out, other methods, pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.paper import row_height
from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.settings import Step
from pipeline.ranking.tables import Ranking
from pipeline.ranking.wording import REFERENCE, STEPS
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.formats import font_size
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.ranking_sheet import shown_groups
from pipeline.workbook.score_cells import NO_BLOCK, ScoreCells
from pipeline.workbook.table import Cell, Field

PLAN = SheetPlan(
    "DO_VUNG_HANG",
    Group.RANKING,
    "Độ vững của hạng",
    "hạng của từng đơn vị vững đến đâu, điều gì làm đổi hạng?",
    wide=True,
)
READING = (
    "Các phép thử ở đây không vào điểm chính thức; mọi số là lúc chạy. «Số lần ở từng hạng»: thử lại {draws} lần, mỗi "
    "lần điểm chuẩn từng tiêu chí dao động ngẫu nhiên tới ±{swing} % (số khởi đầu {seed}, chạy lại cùng số thì cùng "
    "kết quả); ô ghi phần trăm số lần đơn vị ở hạng đó, ô càng đậm càng nhiều, «<1» là có nhưng dưới 0,5 %.",
    "«Hạng nếu bỏ»: hạng khi cả khối cùng bỏ nhóm tiêu chí ấy (hoặc bỏ điểm thưởng, điểm trừ). «Thứ bậc»: trung bình "
    "thứ bậc từng tiêu chí; «đối đầu»: số tiêu chí hơn từng đơn vị khác; «trung bình nhân»: điểm yếu kéo xuống mạnh "
    "hơn. "
    "Bốn cách (cả tổng điểm) lệch nhau không quá 1 hạng là «vững».",
)
#: Columns of ranks at most and at least, as the paper has room; a longer block puts neighbouring ranks together.
MOST_RANKS, FEWEST_RANKS = 20, 8
_FIRST_WIDTHS = (6, 7, 15, 7.5, 37)
_RANK_WIDTH, _NARROW, _FEWEST_NARROW = 3.2, 7.5, 9
#: Characters that A3 shows at a readable size, and what a column takes beyond its own.
_PAPER, _PADDING = 254, 0.72
#: Shares of draws, in percent, from which a cell is darker.
_HEAT = ((80, "heat_4"), (50, "heat_3"), (20, "heat_2"), (0, "heat_1"))
_LEADS = 3
#: What is left out besides groups, as `Ranking.without` names it.
_BESIDES = ("Điểm thưởng", "Điểm trừ")


def write(page: Page, results: Results) -> None:
    """Write one block under another."""
    _Sheet(page, ranking_of(results.evidence)).write()


class _Sheet:
    """The sheet while it is being written."""

    def __init__(self, page: Page, ranking: Ranking) -> None:
        self.page, self.cells = page, page.book.shared(ScoreCells)
        groups = shown_groups(self.cells)
        self.ranking = ranking
        without = self.ranking.without
        kept = without[(without["kind"] == "NHOM") & without["left_out"].isin((*groups, *_BESIDES))]
        present = set(kept["left_out"])
        self.left_out = [name for name in (*groups, *_BESIDES) if name in present]
        self.ranks_without = kept.set_index(["unit", "left_out"])["rank"].to_dict()
        rows = self.ranking.acceptability
        self.shares: dict[str, dict[int, float]] = {}
        for unit, rank, share in zip(rows["unit"], rows["rank"], rows["share"], strict=True):
            self.shares.setdefault(unit, {})[int(rank)] = 100 * share
        self.rank_columns = MOST_RANKS
        self.pieces: list[tuple[int, int]] = []  #: rows that should stand on one printed page
        self.most = int(self.ranking.blocks["ranked"].max()) if len(self.ranking.blocks) else 0

    def write(self) -> None:
        """Head, then each block."""
        page, settings = self.page, self.ranking.settings
        words = {
            "draws": decimal(settings.draws), "seed": settings.seed, "swing": decimal(round(100 * settings.swing, 2))
        }  # fmt: skip
        page.head(self._widths(), "", READING[0].format(**words), READING[1], REFERENCE, mixed=True)
        pairs = {str(block): rows for block, rows in self.ranking.pairs.groupby("block", sort=False)}
        for block, units in self.ranking.units.groupby("block", sort=False):
            self._block(str(block), units, pairs.get(str(block)))
        if self.ranking.units.empty:
            page.table(self._unit_fields([]), {})
        page.keep_together(self.pieces)

    def _widths(self) -> list[float]:
        narrow = max(len(self.left_out) + 6, _FEWEST_NARROW)
        before = [*_FIRST_WIDTHS, *([_NARROW] * narrow)]
        room = (_PAPER - sum(before) - _PADDING * len(before)) / (_RANK_WIDTH + _PADDING)
        self.rank_columns = max(FEWEST_RANKS, min(MOST_RANKS, int(room)))
        return [*before, *([_RANK_WIDTH] * min(self.most, self.rank_columns))]

    def _block(self, block: str, units: pd.DataFrame, pairs: pd.DataFrame | None) -> None:
        page, told, start = self.page, self.ranking.blocks.loc[block], self.page.row
        page.part(f"{block or NO_BLOCK}: từng đơn vị")
        bins = _bins(int(told["ranked"]), self.rank_columns)
        page.table(self._unit_fields(bins), self._units(units, bins))
        self.pieces.append((start, page.row - 1))
        start = page.row
        if pairs is None or pairs.empty:
            return
        page.part(f"{block or NO_BLOCK}: từng cặp kề nhau")
        page.table(_PAIR_FIELDS, _pairs(pairs))
        text = _order_words(told)
        page.sheet.set_row(page.row, row_height([(text, sum(page.widths))], font_size("remark")) + 4)
        page.merge(page.row, 0, page.row, len(page.widths) - 1, text, "remark")
        page.row += 1
        self.pieces.append((start, page.row - 1))

    def _unit_fields(self, bins: Sequence[tuple[int, int]]) -> list[Field]:
        return [
            Field("hang", "Hạng", 6, "rank"),
            Field("ma", "Mã ĐV", 7, "link_centre"),
            Field("ten", "Đơn vị", 15, "text_strong"),
            Field("khoang", "Khoảng hạng", 7.5, "rank_plain"),
            Field("doi", "Điều làm đổi hạng", 37),
            *(Field(f"bo_{n}", f"Hạng nếu bỏ {name}", _NARROW, "rank_plain") for n, name in enumerate(self.left_out)),
            Field("thu_bac", "Hạng theo thứ bậc", _NARROW, "rank_plain"),
            Field("doi_dau", "Hạng theo đối đầu", _NARROW, "rank_plain"),
            Field("nhan", "Hạng theo trung bình nhân", _NARROW, "rank_plain"),
            Field("vung", "Bốn cách tính", _NARROW, "centre"),
            Field("dao_dong", "Hạng trong 5–95 % số lần", _NARROW, "centre"),
            Field("giu", "Giữ hạng, % số lần", _NARROW, "rank_plain"),
            *(Field(f"h{a}", f"{a}" if a == b else f"{a}–{b}", _RANK_WIDTH, "heat_0") for a, b in bins),
        ]

    def _units(self, units: pd.DataFrame, bins: Sequence[tuple[int, int]]) -> dict[str, Sequence[Any]]:
        rows = [self.cells.units[unit] | {"unit": unit} for unit in units.index]
        columns: dict[str, Sequence[Any]] = {
            "hang": [row["rank"] if row["ranked"] else "–" for row in rows],
            "ma": [Cell(row["unit"], link=("ranked", row["unit"])) for row in rows],
            "ten": [row["name"] for row in rows],
            "khoang": [_span(row["best"], row["worst"]) for row in rows],
            "doi": [row["change"] for row in rows],
            "thu_bac": [row["rank_borda"] for row in rows],
            "doi_dau": [row["rank_copeland"] for row in rows],
            "nhan": [row["rank_geometric"] for row in rows],
            "vung": [_firm(row["firm"]) if row["ranked"] else None for row in rows],
            "dao_dong": [_span(row["draw_low"], row["draw_high"]) for row in rows],
            "giu": [_percent(row["held"]) for row in rows],
        }
        for number, name in enumerate(self.left_out):
            columns[f"bo_{number}"] = [self._without(row, name) for row in rows]
        for first, last in bins:
            columns[f"h{first}"] = [self._heat(row["unit"], first, last) for row in rows]
        return columns

    def _without(self, row: dict[str, Any], name: str) -> Any:
        """Rank with a group left out, bold with an arrow where it differs."""
        rank = self.ranks_without.get((row["unit"], name))
        if not row["ranked"] or rank is None or rank != rank:
            return None
        if rank == row["rank"]:
            return rank
        return Cell(f"{rank:.0f} {'▼' if rank > row['rank'] else '▲'}", "rank")

    def _heat(self, unit: str, first: int, last: int) -> Cell | None:
        """Percent of the draws in which a unit has one of these ranks."""
        shares = self.shares.get(unit, {})
        share = sum(shares.get(rank, 0.0) for rank in range(first, last + 1))
        if not share:
            return None
        return Cell(share, next(role for least, role in _HEAT if share >= least))


_PAIR_FIELDS = (
    Field("hang", "Hạng", 6, "centre"),
    Field("tren", "Trên", 7, "link_centre"),
    Field("duoi", "Dưới", 15, "link_centre"),
    Field("cach", "Cách nhau (% điểm)", 7.5, "points"),
    Field("tao", "Ba điều tạo cách biệt nhiều nhất (% điểm)", 37),
    Field("them", "Dưới thêm mấy điểm thì ngang", _NARROW, "points"),
    Field("bot", "Trên bớt mấy điểm thì ngang", _NARROW, "points"),
    Field("lat", "Đổi được ở riêng tiêu chí", _NARROW, "centre"),
    Field("trong_so", "Nếu đổi điểm chuẩn của", _NARROW, "centre"),
    Field("hien_nay", "đang chiếm, % điểm chuẩn", _NARROW, "points"),
    Field("ngang", "hai đơn vị ngang khi chiếm, %", _NARROW, "points"),
    Field("giu", "Trên vẫn trên, % số lần", _NARROW, "rank_plain"),
    Field("ket", "Nhận xét", _NARROW, "centre"),
    Field("tach", "Tách ngang điểm nhờ", _NARROW, "centre"),
)


def _bins(ranked: int, columns: int) -> list[tuple[int, int]]:
    """First and last rank of each column of shares: one rank a column, or as many as needed."""
    size = max(1, math.ceil(ranked / columns))
    return [(start, min(start + size - 1, ranked)) for start in range(1, ranked + 1, size)]


def _span(first: float, last: float) -> str | None:
    if first != first or last != last:
        return None
    return f"{first:.0f}" if first == last else f"{first:.0f}–{last:.0f}"


def _firm(firm: object) -> str:
    return "vững" if firm else "chưa vững"


def _percent(share: float) -> str | float | None:
    """Percent of the draws; a little is never shown as 0, nor nearly all as 100."""
    if share != share:
        return None
    if 0 < share < 0.005:
        return "<1"
    return ">99" if 0.995 <= share < 1 else round(100 * share)


def _pairs(pairs: pd.DataFrame) -> dict[str, Sequence[Any]]:
    rows = pairs.to_dict("records")
    return {
        "hang": [f"{row['rank_above']:.0f}–{row['rank_below']:.0f}" for row in rows],
        "tren": [Cell(row["above"], link=("ranked", row["above"])) for row in rows],
        "duoi": [Cell(row["below"], link=("ranked", row["below"])) for row in rows],
        "cach": pairs["gap"].tolist(),
        "tao": [_leads(row) for row in rows],
        "them": pairs["gain"].tolist(),
        "bot": pairs["loss"].tolist(),
        "lat": [_flip(row) for row in rows],
        "trong_so": [row["tie_criterion"] if isinstance(row["tie_criterion"], str) else "–" for row in rows],
        "hien_nay": _hundredfold(pairs["tie_weight_now"]),
        "ngang": _hundredfold(pairs["tie_weight"]),
        "giu": [_percent(row["certainty"]) for row in rows],
        "ket": [_verdict(row) for row in rows],
        "tach": [STEPS[Step(row["parted_by"])] if isinstance(row["parted_by"], str) else "–" for row in rows],
    }


def _hundredfold(shares: pd.Series) -> list[float]:
    return [100 * share if share == share and share is not None else float("nan") for share in shares]


def _leads(row: dict[str, Any]) -> str:
    """`II.2 +7,00; Điểm thưởng +0,55`."""
    found = [(row[f"lead_{n}"], row[f"lead_{n}_percent"]) for n in range(1, _LEADS + 1)]
    return "; ".join(f"{name} +{decimal(share, 2)}" for name, share in found if isinstance(name, str)) or "không có"


def _flip(row: dict[str, Any]) -> str:
    """The criterion that can turn the order alone, and who must change there."""
    if not isinstance(row["flip"], str):
        return "không có"
    return f"{row['flip']} ({'trên bớt' if row['flip_by_loss'] else 'dưới thêm'})"


def _verdict(row: dict[str, Any]) -> Cell | str:
    if row["discuss"]:
        return Cell("▲ cần thảo luận", "severity_NEEDS_REASON")
    return "trội hẳn" if row["dominated"] else "–"


def _order_words(told: pd.Series) -> str:
    """How much of the order of a block does not rest on weights."""
    sure = told["pairs"] - told["incomparable"]
    return (
        f"Trong {told['pairs']:.0f} cặp đơn vị của khối: {sure:.0f} cặp đơn vị trên trội hẳn hoặc ngang (không kém ở "
        f"nhóm nào), thứ tự chắc chắn; {told['incomparable']:.0f} cặp hơn ở nhóm này kém ở nhóm kia, thứ tự dựa vào "
        "điểm chuẩn đã ban hành."
    )
