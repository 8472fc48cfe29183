"""How points and ranks of units differ from the last run: the part of SO_SANH_LAN_CHAY that tells them side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from pipeline.last_run import Ranks, Standing
from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.tables import Status
from pipeline.ranking.wording import STATUSES
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.page import Page
from pipeline.workbook.table import Cell, Field

FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã ĐV", 9, "link_centre"),
    Field("ten", "Đơn vị", 34),
    Field("diem", "Tổng điểm trước → nay", 16, "centre"),
    Field("hang", "Hạng trong khối trước → nay", 22, "centre"),
    Field("nam_truoc", "Hạng năm trước", 14, "centre"),
    Field("vi_sao", "Vì sao hạng, điểm khác lần trước", 40),
)
SAME, NOTHING = "như trước", "–"
#: Points that count as no difference: `xep-hang.csv` keeps six decimals.
_LEAST = 1e-5
NO_RANKS = "Chưa có xep-hang.csv đọc được của lần chạy trước nên chưa so sánh được hạng, điểm."


def write_ranks(page: Page, results: Results, before: Ranks | None) -> None:
    """Write one row a unit, those outside the ranks too."""
    units = ranking_of(results.evidence).units
    then = before.units if before else {}
    rows = list(units.to_dict("index").items())
    why = [_why(row, then.get(str(unit))) if before else NO_RANKS for unit, row in rows]
    changed = sum(text not in (SAME, NO_RANKS) for text in why)
    page.part(f"I. Điểm và hạng đơn vị: {changed} đơn vị khác lần trước" if before else f"I. Điểm và hạng: {NO_RANKS}")
    page.table(FIELDS, {
        "stt": range(1, len(rows) + 1),
        "ma": [Cell(str(unit), link=("ranked", str(unit))) for unit, _ in rows],
        "ten": [row["name"] for _, row in rows],
        "diem": list(_pairs(rows, then, "total")),
        "hang": list(_pairs(rows, then, "rank")),
        "nam_truoc": [NOTHING if pd.isna(row["previous_rank"]) else f"{row['previous_rank']:.0f}" for _, row in rows],
        "vi_sao": why,
    })  # fmt: skip


def _pairs(rows: Sequence[tuple[Any, dict[str, Any]]], then: Any, name: str) -> Iterator[str]:
    """`5 → 4`; a dash where there was or is none."""
    for unit, row in rows:
        old = getattr(then[unit], name) if unit in then else None
        yield f"{_number(old)} → {_number(row[name])}"


def _number(value: float | None) -> str:
    return NOTHING if value is None or pd.isna(value) else decimal(round(float(value), 2))


def _why(now: dict[str, Any], then: Standing | None) -> str:
    """Why the standing differs from that of the last run; `SAME` where it does not."""
    if then is None:
        return "Lần trước chưa có đơn vị này trong bảng."
    parts = []
    if then.status != now["status"]:
        parts.append(f"tình trạng: {_status(then.status)} → {_status(now['status'])}")
    if then.block != now["block"]:
        parts.append(f"khối: {then.block or NOTHING} → {now['block'] or NOTHING}")
    old, new = (None if value is None or pd.isna(value) else float(value) for value in (then.total, now["total"]))
    rank = None if pd.isna(now["rank"]) else int(now["rank"])
    if old is not None and new is not None and abs(new - old) > _LEAST:
        parts.append(f"điểm {'tăng' if new > old else 'giảm'} {decimal(round(abs(new - old), 2))}")
    elif (old is None) is not (new is None):
        parts.append("nay mới có điểm" if old is None else "nay không còn điểm")
    elif rank != then.rank and not parts:
        parts.append("điểm không đổi, đơn vị khác trong khối đổi điểm hoặc vào, ra bảng")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else SAME


def _status(code: str) -> str:
    return STATUSES[Status(code)] if code in list(Status) else code or NOTHING
