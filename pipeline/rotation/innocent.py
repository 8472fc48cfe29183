"""Innocent explanations that the data themselves hold: always printed beside a sign."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pipeline.rotation.judging import Judgement
from pipeline.rotation.told import PERSONS, Told

#: Shares and numbers from which something is worth saying.
_TURNOVER, _SMALL, _BARRED, _EQUALS = 0.15, 4, 0.15, 0.25
_NEAR = 0.25  # standard deviations within which two are about equal


def innocent_explanations(told: Told, judgement: Judgement) -> Iterator[str]:
    """What may explain a history without turns, as far as the tables show it."""
    prepared = judgement.prepared
    series = judgement.series
    who = "người" if told.kind == PERSONS else "đơn vị" if told.kind == "unit" else "người"
    newcomers = int(prepared.new.sum())
    if newcomers and newcomers / max(prepared.won.size / max(len(series.years), 1), 1) >= _TURNOVER:
        yield f"người ra vào nhiều: {newcomers} {who} mới trong các năm"
    left = _left_after_winning(judgement)
    if left:
        yield f"{left} {who} rời đi ngay sau năm được"
    barred = int((series.present & ~series.eligible).sum())
    if barred / max(int(series.present.sum()), 1) >= _BARRED:
        yield f"nhiều lượt chưa đủ điều kiện ({barred})"
    seats = prepared.seats[prepared.seats > 0]
    if len(seats) and seats.min() != seats.max():
        yield f"số suất đổi theo năm ({int(seats.min())}–{int(seats.max())})"
    if series.gap:
        yield f"có quy định nghỉ {series.gap} năm (đã đưa vào phép thử)"
    choice = prepared.choice.sum(axis=1)[prepared.informative]
    if len(choice) and float(np.median(choice)) <= _SMALL:
        yield f"ít người để chọn (thường {int(np.median(choice))})"
    near, total = _near_equal_winners(judgement)
    if total and near / total >= _EQUALS:
        yield f"{near}/{total} lượt: có ít nhất một người khác gần ngang (không hẳn là người cao nhất)"
    if not prepared.known.any():
        yield "không ghi thành tích năm nào"


def _left_after_winning(judgement: Judgement) -> int:
    present, won = judgement.series.present, judgement.series.won
    return int((won[:-1] & ~present[1:]).sum())


def _near_equal_winners(judgement: Judgement) -> tuple[int, int]:
    """Places that went to somebody about equal in merit to an eligible colleague who got nothing, and all."""
    prepared = judgement.prepared
    near = total = 0
    for t in np.flatnonzero(prepared.informative):
        others = prepared.choice[t] & ~prepared.won[t] & prepared.known[t]
        for winner in np.flatnonzero(prepared.won[t] & prepared.known[t]):
            total += 1
            near += bool((np.abs(prepared.merit[t, others] - prepared.merit[t, winner]) <= _NEAR).any())
    return near, total
