"""Appraised scores of DIEM_CHI_TIET of a reviewed workbook, typed or emptied, over those of cau-hinh.xlsx."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pipeline.province import Province
from pipeline.vietnamese import decimal
from pipeline.workbook.carried import Carried, Held
from pipeline.workbook.score_cells import SCORE, SCORE_HEADING, SCORE_REASON, SHEET, of_score_key
from schemas.province.entries import APPRAISED

_CODE = "KL-06"


def with_scores(province: Province, carried: Carried) -> Province:
    """Return the province with the typed scores before its own, so that they count, and without those emptied.

    A score that is no number, or outside what DIEM_THAM_DINH takes, is told in `carried` and not used.
    """
    typed = [line for held in carried.rows.values() if held.sheet == SHEET and (line := _line(held, carried))]
    own = province.configuration.frames[APPRAISED.code]
    gone = {of_score_key(key) for key in carried.emptied}
    keys = zip(own["don_vi"].tolist(), own["ma_tieu_chi"].tolist(), strict=True)
    own = own[[key not in gone for key in keys]]
    if not typed and not gone:
        return province
    first = int(own.index.max()) + 1 if len(own) else 0
    names = ("don_vi", "ma_tieu_chi", "diem", "ly_do")
    if not typed:
        return _with(province, own)
    rows = pd.DataFrame(typed, columns=list(names), index=range(first, first + len(typed))).reindex(columns=own.columns)
    rows = rows.astype({name: kind for name, kind in own.dtypes.items() if name in names})
    return _with(province, pd.concat([rows, own]) if len(own) else rows)


def _with(province: Province, scores: pd.DataFrame) -> Province:
    frames = {**province.configuration.frames, APPRAISED.code: scores}
    return replace(province, configuration=replace(province.configuration, frames=frames))


def _line(held: Held, carried: Carried) -> tuple[str, str, float, str | None] | None:
    """Unit, criterion, score and reason of one row; None where no usable score stands there."""
    score = held.cells.get(SCORE)
    if score is None:
        return None
    limits = APPRAISED.by_name["diem"]
    low, high = limits.low or 0, limits.high or 0
    if isinstance(score, bool) or not isinstance(score, int | float) or not low <= score <= high:
        words = (
            f"Dòng {held.row}, cột «{SCORE_HEADING}»: «{score}» không phải là số từ {decimal(low)} đến {decimal(high)} "
            "nên không được dùng. Gõ lại bằng số rồi chạy lại với --reviewed."
        )
        carried.told.append((_CODE, SHEET, "", words))
        return None
    reason = held.cells.get(SCORE_REASON)
    unit, criterion = of_score_key(held.key)
    return unit, criterion, float(score), None if reason is None else str(reason)
