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
    """One sentence a unit: what would change its rank."""
    rows = pairs.to_dict("records")
    over = {row["above"]: row for row in rows}
    under = {row["below"]: row for row in rows}
    fields = ("ranked", "shadow_rank", "of", "reason")
    columns = (units[name].tolist() for name in fields)
    told = []
    for unit, ranked, shadow, of, reason in zip(units.index, *columns, strict=True):
        if not ranked:
            told.append(_outside(shadow, reason))
        elif of == 1:
            told.append("Chỉ có một đơn vị được xếp hạng trong khối.")
        else:
            told.append(_nearest(over.get(unit), under.get(unit)))
    return told


def _outside(shadow: float, reason: object) -> str:
    why = reason if isinstance(reason, str) else "chưa có điểm"
    if shadow != shadow:
        return f"Chưa có hạng: {why}."
    return f"Chưa xếp hạng: {why}. Nếu Hội đồng vẫn xét thì hạng {shadow:.0f}."


def _nearest(down: dict[str, Any] | None, up: dict[str, Any] | None) -> str:
    """Say the nearer of the two neighbours; the one below where they are equally near."""
    if up is None or (down is not None and down["loss"] <= up["gain"]):
        assert down is not None
        return _told(down, mine=True)
    return _told(up, mine=False)


def _told(pair: dict[str, Any], *, mine: bool) -> str:
    """Say what changes the order of a pair, from the upper unit (`mine`) or from the lower one."""
    other, gap = (pair["below"], pair["loss"]) if mine else (pair["above"], pair["gain"])
    if pair["gap"] <= 0:
        if isinstance(pair["parted_by"], str):
            word = "hơn" if mine else "kém"
            step = STEPS[Step(pair["parted_by"])]
            return f"Bằng điểm {other}, chỉ {word} ở bước «{step}»: thêm hay bớt chút điểm là đổi hạng."
        return f"Đồng hạng với {other}: thêm hay bớt chút điểm là đổi hạng."
    ranks = f"hạng {pair['rank_above']:.0f}–{pair['rank_below']:.0f} với {other}"
    flip = pair["flip"]
    if not isinstance(flip, str):
        return f"Không tiêu chí nào một mình đổi được {ranks}: cần {points(gap)} điểm ở từ hai tiêu chí trở lên."
    if mine and pair["flip_by_loss"]:
        return f"Chỉ cần bớt {points(gap)} điểm ở {flip} là đổi {ranks}."
    if mine:
        return f"{other} thêm {points(pair['gain'])} điểm ở {flip} là đổi {ranks}."
    if flip in pair["alone_gain"]:
        return f"Thêm {points(gap)} điểm ở {flip} là đổi {ranks}."
    return f"{other} bớt {points(pair['loss'])} điểm ở {flip} là đổi {ranks}."
