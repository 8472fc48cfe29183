"""The formulas of DIEM_CHI_TIET, each with its computed value; see `scores_sheet` for what they say.

Rows are counted from 1, as formulas do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.ranking.order import DIGITS
from pipeline.ranking.settings import Settings
from pipeline.ranking.tables import Basis
from pipeline.ranking.wording import BANDS
from pipeline.workbook.score_cells import LETTERS, SUM_LETTERS, band_words
from pipeline.workbook.table import Cell

#: Where the points come from as long as nobody appraises.
_SOURCES = {
    Basis.COMPUTED: "Tính từ chỉ tiêu, kết quả",
    Basis.MISSING: "▲ Chưa đủ số liệu: tính 0 điểm",
    Basis.NOT_OCCURRED: "Không phát sinh: không tính",
}
_NO_FILE, _NO_ROW = "▲ Chưa có hồ sơ: tính 0 điểm", "▲ Không có dòng CHI_TIEU: 0 điểm"
#: Letters of the columns that formulas of a row name.
_E, _F, _G, _H, _J, _M, _O = (
    LETTERS[key] for key in ("chuan", "tu_cham", "may", "tham_dinh", "duoc_tinh", "thuong_may", "ly_do")
)
_LIMIT_DIGITS = 9  #: decimals of a distance in points that formulas compare with
#: What is odd about an appraised score (XH-09), and what is added where the appraiser gives no reason.
_ABOVE, _FAR, _BARE = "▲ cao hơn tự chấm", "▲ xa điểm máy tính", ", chưa ghi lý do"


@dataclass(frozen=True, slots=True)
class Span:
    """Rows of one unit in the table of criteria."""

    first: int
    last: int

    def range(self, key: str) -> str:
        """`J12:J25`."""
        return f"{LETTERS[key]}{self.first}:{LETTERS[key]}{self.last}"


def criterion_formulas(
    row: dict[str, Any], at: int, settings: Settings, *, never: bool, counted: bool
) -> dict[str, Any]:
    """Cells of one unit and criterion in row `at`.

    Args:
        row: of `Ranking.criteria`.
        at: its row.
        settings: of the ranking.
        never: it does not occur unless somebody appraises it.
        counted: a file of the unit counts.
    """
    own, computed, official = (known(row[name]) for name in ("self", "computed", "official"))
    full = 0.0 if row["basis"] == Basis.NOT_OCCURRED else row["most"]
    appraised, other = f"ISNUMBER({_H}{at})", '""' if never else f"N({_G}{at})"
    could = known(row["bonus_computed"]) not in ("", 0)
    beside = own - official if own != "" and official != "" else ""
    return {
        "chuan_tinh": Cell(full, formula=f"=IF({appraised},{_E}{at},0)") if never else full,
        "duoc_tinh": Cell(official, formula=f"=IF({appraised},{_H}{at},{other})"),
        "lech_may": None if "" in (own, computed) else own - computed,
        "lech_tinh": None if own == "" else Cell(beside, formula=f'=IF({_J}{at}="","",{_F}{at}-{_J}{at})'),
        "thuong": Cell(row["bonus"], formula=f"=IF(AND({appraised},{_H}{at}<{_E}{at}),0,{_M}{at})") if could else 0.0,
        "can_cu": _source(row, computed, never=never, counted=counted),
        "khac_thuong": _oddity(row, at, settings),
    }


def _oddity(row: dict[str, Any], at: int, settings: Settings) -> Cell | None:
    """Whether the appraised score stands out, as `ranking.appraised` tells it; None where nothing is to compare."""
    own, computed, appraised = (known(row[name]) for name in ("self", "computed", "appraised"))
    if own == "" and computed == "":
        return None
    above, far, slack = settings.above_claim * row["most"], settings.far_from_data * row["most"], 1e-9
    word = ""
    if appraised != "" and own != "" and appraised - own > above + slack:
        word = _ABOVE
    elif appraised != "" and computed != "" and abs(appraised - computed) > far + slack:
        word = _FAR
    bare = _BARE if word and not isinstance(row["note"], str) else ""
    beyond, apart = (number(round(limit + slack, _LIMIT_DIGITS)) for limit in (above, far))
    claimed = f"AND(ISNUMBER({_F}{at}),{_H}{at}-N({_F}{at})>{beyond})"
    ways = (f"{_H}{at}-N({_G}{at})>{apart}", f"N({_G}{at})-{_H}{at}>{apart}")
    away = '""'
    for way in ways:
        away = f'IF(AND(ISNUMBER({_G}{at}),{way}),"{_FAR}",{away})'
    said = f'IF({claimed},"{_ABOVE}",{away})'
    why = f'IF({_O}{at}="","{_BARE}","")'
    return Cell(word + bare, formula=f'=IF(ISNUMBER({_H}{at}),IF({said}="","",{said}&{why}),"")')


def _source(row: dict[str, Any], computed: float | str, *, never: bool, counted: bool) -> str:
    """Where the points come from as long as nobody appraises."""
    if never:
        return _SOURCES[Basis.NOT_OCCURRED]
    if computed != "":
        return _SOURCES[Basis.COMPUTED]
    if not counted:
        return _NO_FILE
    return _SOURCES[Basis.MISSING] if row["targets"] else _NO_ROW


def sum_formulas(row: dict[str, Any], at: int, span: Span, settings: Settings) -> dict[str, Any]:
    """Cells of the totals of one unit in row `at`, but for its rank."""
    column = {key: f"{letter}{at}" for key, letter in SUM_LETTERS.items()}
    total = f"{column['cong']}+{column['thuong']}-{column['tru']}"
    lacks = f"{column['chuan_tinh']}=0"
    if not row["counted"]:
        lacks = f"COUNT({span.range('tham_dinh')})<{span.last - span.first + 1}"
    share = f"ROUND(100*{column['tong']}/{column['chuan_tinh']},{DIGITS})"
    return {
        "chuan_tinh": Cell(row["possible"], formula=f"=SUM({span.range('chuan_tinh')})"),
        "cong": Cell(row["points"], formula=f"=SUM({span.range('duoc_tinh')})"),
        "thuong_truoc": Cell(row["bonus_uncapped"], formula=f"=SUM({span.range('thuong')})"),
        "thuong": Cell(row["bonus"], formula=f"=MIN({number(settings.most_bonus)},{column['thuong_truoc']})"),
        "tong": Cell(known(row["total"]), formula=f'=IF({lacks},"",{total})'),
        "ty_le": Cell(rounded(row["percent"]), formula=f'=IF({column["tong"]}="","",{share})'),
        "xep_nhom": Cell(band_words(row["band"]) or "", formula=f"={_bands(column['ty_le'], settings)}"),
    }


def rank_formula(rank: float, at: int, first: int, shares: Sequence[float | str], ranks: Sequence[float]) -> Cell:
    """Competition rank by percentage, below those whom the tie-break chain put above at the same percentage.

    Args:
        rank: as the ranking has it; null without a score.
        at: row of the unit.
        first: row of the first unit past the gates.
        shares: percentages of the units past the gates, rounded, in the order of their rows.
        ranks: their ranks.
    """
    column = SUM_LETTERS["ty_le"]
    mine, share = f"{column}{at}", shares[at - first]
    formula = f"RANK({mine},{column}${first}:{column}${first + len(shares) - 1})"
    above = [n for n, other in enumerate(ranks) if share != "" and shares[n] == share and other < rank]
    if above:
        better = f"{column}${first + above[0]}:{column}${first + above[-1]}"
        formula += f"+IF({mine}={number(float(share))},COUNTIF({better},{number(float(share))}),0)"
    return Cell(known(rank), formula=f'=IF({mine}="","",{formula})')


def _bands(cell: str, settings: Settings) -> str:
    """The band of a percentage as nested IF."""
    formula = f'"{BANDS[settings.bands[-1][0]]}"'
    for band, least in reversed(settings.bands[:-1]):
        formula = f'IF({cell}>={number(round(100 * least, DIGITS))},"{BANDS[band]}",{formula})'
    return f'IF({cell}="","",{formula})'


def known(value: Any) -> Any:
    """The value; an empty text, as formulas give it, where it is not known."""
    return "" if value is None or value != value else value


def rounded(share: float) -> float | str:
    """A percentage as it is compared; empty where it is not known."""
    return "" if share != share else round(float(share), DIGITS) + 0.0


def number(value: float) -> str:
    """A number as formulas write it."""
    return repr(int(value)) if float(value).is_integer() else repr(float(value))
