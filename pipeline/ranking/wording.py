"""What the ranking says in words, in Vietnamese: why a rank is conditional, what to discuss, what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.ranking.appraised import Oddity
from pipeline.ranking.settings import Band, Settings, Step
from pipeline.ranking.tables import Status
from pipeline.vietnamese import decimal

STEPS = {
    Step.TRADE: "điểm nhóm chuyên môn",
    Step.DEDUCTIONS: "ít điểm trừ hơn",
    Step.BREAKTHROUGH: "đột phá đạt, có minh chứng",
    Step.DIFFICULTY: "địa bàn khó khăn hơn",
    Step.EVIDENCE: "nhiều điểm có minh chứng hơn",
    Step.WOMEN: "tập thể có tỷ lệ nữ cao",
}
BANDS = {
    Band.EXCELLENT: "Xuất sắc",
    Band.GOOD: "Tốt",
    Band.COMPLETED: "Hoàn thành",
    Band.NOT_COMPLETED: "Chưa hoàn thành",
}
STATUSES = {
    Status.RANKED: "Xếp hạng",
    Status.CONDITIONAL: "Xếp hạng có điều kiện",
    Status.UNDECIDED: "Không xét (chờ Hội đồng kết luận)",
    Status.EXCLUDED: "Không xét",
    Status.NO_SCORE: "Chưa có điểm",
}
#: The one meaning of a rank and of "if considered", in words for every sheet that shows them.
REFERENCE = (
    "Hạng a/n: n là số đơn vị được xếp hạng của khối. Đơn vị ngoài hạng có hạng tham khảo: hạng nếu Hội đồng chỉ xét "
    "thêm riêng đơn vị ấy (khi đó n thêm 1), các đơn vị chờ kết luận khác vẫn ngoài hạng."
)
Objects = npt.NDArray[np.object_]
_FEW_POINTS = 0.005


def chain(settings: Settings) -> str:
    """The tie-break chain as printed under the table."""
    steps = " → ".join(f"({n}) {STEPS[step]}" for n, step in enumerate(settings.steps, start=1))
    return (
        f"Ngang tỷ lệ điểm thì lần lượt xét: {steps}; hết các bước vẫn ngang thì đồng hạng."
        if steps
        else ("Ngang tỷ lệ điểm thì đồng hạng.")
    )


def points(value: float) -> str:
    """Points with at most two decimals; never 0 for a little."""
    return "dưới 0,01" if 0 < value < _FEW_POINTS else decimal(round(value, 2))


def conditional_reason(totals: pd.DataFrame, settings: Settings) -> Objects:
    """Why the rank of a unit would be conditional, for every unit."""
    limit = decimal(round(100 * settings.not_occurred, 2))
    return np.array(
        [
            f"{decimal(round(100 * share, 1))} % điểm chuẩn không phát sinh, quá {limit} %" if share == share else None
            for share in totals["not_occurred_share"].tolist()
        ],
        dtype=object,
    )


def discussions(units: pd.DataFrame, pairs: pd.DataFrame, odd: Mapping[str, str]) -> list[str | None]:
    """For each unit why the council should discuss its rank; None: nothing speaks for it.

    Args:
        units: of `tables.Ranking`.
        pairs: of `tables.Ranking`.
        odd: what is odd about appraised scores, by unit.
    """
    unsure: dict[str, list[str]] = {}
    open_pairs = pairs[pairs["discuss"].astype(bool)]
    for above, below in zip(open_pairs["above"], open_pairs["below"], strict=True):
        unsure.setdefault(above, []).append(below)
        unsure.setdefault(below, []).append(above)
    told: list[str | None] = []
    fields = ("tied", "close_group", "near_band", "over_ceiling", "status")
    columns = (units[name].tolist() for name in fields)
    for unit, tied, group, near, over, status in zip(units.index, *columns, strict=True):
        reasons = ["chờ Hội đồng kết luận điều kiện loại trừ"] if status == Status.UNDECIDED else []
        reasons += ["xếp có điều kiện"] if status == Status.CONDITIONAL else []
        reasons += ["đồng hạng"] if tied else []
        reasons += ["trong nhóm sát nhau"] if group == group and not tied else []
        reasons += [f"thứ tự với {', '.join(unsure[unit])} chưa chắc"] if unit in unsure else []
        reasons += [f"sát ngưỡng «{BANDS[Band(near)]}»"] if isinstance(near, str) else []
        reasons += ["vượt trần nhóm xuất sắc"] if over else []
        reasons += [odd[unit]] if unit in odd else []
        told.append("; ".join(reasons) or None)
    return told


def odd_words(odd: pd.DataFrame) -> dict[str, str]:
    """What is odd about the appraised scores of each unit: `thẩm định khác thường ở I.2 (cao hơn tự chấm 27,4)`.

    Args:
        odd: of `appraised.odd_scores`.
    """
    found: dict[str, list[str]] = {}
    columns = (odd[name].tolist() for name in ("unit", "criterion", "oddity", "away", "explained"))
    for unit, code, oddity, away, explained in zip(*columns, strict=True):
        side = "tự chấm" if oddity == Oddity.ABOVE else "máy tính"
        way = "cao hơn" if away > 0 else "thấp hơn"
        bare = "" if explained else ", không ghi lý do"
        found.setdefault(unit, []).append(f"{code} ({way} {side} {points(abs(away))}{bare})")
    return {unit: f"điểm thẩm định khác thường ở {'; '.join(parts)}" for unit, parts in found.items()}


def changes(units: pd.DataFrame, pairs: pd.DataFrame) -> list[str]:
    """What would change the rank of each unit: upwards and downwards, one line each."""
    rows = pairs.to_dict("records")
    over = {row["above"]: row for row in rows}
    under = {row["below"]: row for row in rows}
    fields = ("ranked", "reference_rank", "reference_of", "of", "reason")
    columns = (units[name].tolist() for name in fields)
    told = []
    for unit, ranked, place, beside, of, reason in zip(units.index, *columns, strict=True):
        if not ranked:
            told.append(_outside(place, beside, reason))
        elif of == 1:
            told.append("Chỉ có một đơn vị được xếp hạng trong khối.")
        else:
            told.append(f"{_upwards(under.get(unit))}\n{_downwards(over.get(unit))}")
    return told


def _outside(place: float, of: float, reason: object) -> str:
    why = reason if isinstance(reason, str) else "chưa có điểm"
    if place != place:
        return f"Chưa có hạng: {why}."
    return f"Chưa xếp hạng: {why}. Nếu Hội đồng chỉ xét thêm riêng đơn vị này thì hạng {place:.0f}/{of:.0f}."


def _upwards(pair: dict[str, Any] | None) -> str:
    """What would put the lower unit of a pair above the other."""
    if pair is None:
        return "▲ Lên: đang đứng đầu khối."
    other = pair["above"]
    if pair["gap"] <= 0:
        return f"▲ Lên: {_level(pair, other, 'kém')}, thêm chút điểm là trên {other}."
    mine, theirs = _points_at(pair["gain"], pair["gain_at"]), _points_at(pair["loss"], pair["loss_at"])
    return f"▲ Lên hạng {pair['rank_above']:.0f}, trên {other}: thêm {mine}; hoặc {other} bớt {theirs}."


def _downwards(pair: dict[str, Any] | None) -> str:
    """What would put the upper unit of a pair below the other."""
    if pair is None:
        return "▼ Xuống: đang đứng cuối các đơn vị được xếp hạng."
    other = pair["below"]
    if pair["gap"] <= 0:
        return f"▼ Xuống: {_level(pair, other, 'hơn')}, bớt chút điểm là dưới {other}."
    mine, theirs = _points_at(pair["loss"], pair["loss_at"]), _points_at(pair["gain"], pair["gain_at"])
    return f"▼ Xuống hạng {pair['rank_below']:.0f}, dưới {other}: bớt {mine}; hoặc {other} thêm {theirs}."


def _level(pair: dict[str, Any], other: str, side: str) -> str:
    """How two units of equal percentages stand to each other."""
    if isinstance(pair["parted_by"], str):
        return f"bằng điểm {other}, chỉ {side} ở bước «{STEPS[Step(pair['parted_by'])]}»"
    return f"đồng hạng với {other}"


def _points_at(needed: float, criterion: object) -> str:
    """`hơn 4,4 điểm, riêng I.3 là đủ`."""
    alone = f"riêng {criterion} là đủ" if isinstance(criterion, str) else "phải ở từ hai tiêu chí trở lên"
    return f"hơn {points(needed)} điểm ({alone})"
