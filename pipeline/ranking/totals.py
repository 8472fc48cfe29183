"""Totals of units: points, bonus up to its cap, deductions, percentage; and what is not known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.dataset import UNIT
from pipeline.ranking.points import BONUS_CLAIM, OWN_DEDUCTION, Floats, Grid
from pipeline.ranking.settings import Settings

if TYPE_CHECKING:
    from pipeline.evidence import Evidence


def totals_of(case: Evidence, grid: Grid, settings: Settings) -> pd.DataFrame:
    """Units that must send by code: the columns of `tables.Ranking.units` from `possible` to `evidence_share`.

    Besides: `low`, `high` (least and greatest points that evidence and claims allow, domain 4.7 a). An appraised score
    above the full points stands as it is; a negative one stays in the least points whether proved or not.
    """
    official, most = grid.official, grid.most
    applied, occurred = (np.where(mask, most, 0.0).sum(axis=1) for mask in (grid.applies, grid.occurred))
    points, unknown = official.sum(axis=1), np.where(grid.missing, most, 0.0).sum(axis=1)
    uncapped = grid.bonus.sum(axis=1)
    bonus = np.minimum(uncapped, settings.most_bonus)
    deducted, disputed = _deductions(case, grid.units)
    total = points + bonus - deducted
    scored = (occurred > 0) & (case.units["counted"].to_numpy() | (unknown == 0))
    low, high = _bounds(case, grid, settings, deducted, disputed)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(scored, 100 * total / occurred, np.nan)
        evidence_share = np.where(points > 0, np.where(grid.evidence, official, 0.0).sum(axis=1) / points, np.nan)
        not_occurred_share = np.where(applied > 0, (applied - occurred) / applied, np.nan)
    columns = {
        "possible": occurred,
        "points": points,
        "bonus": bonus,
        "bonus_uncapped": uncapped,
        "deducted": deducted,
        "disputed": disputed,
        "total": np.where(scored, total, np.nan),
        "percent": percent,
        "self_total": np.nansum(np.where(grid.occurred, grid.own, np.nan), axis=1),
        "computed_total": np.nansum(np.where(grid.occurred, grid.computed, np.nan), axis=1),
        "unknown": unknown,
        "not_occurred": applied - occurred,
        "not_occurred_share": not_occurred_share,
        "evidence_share": evidence_share,
        "low": low,
        "high": high,
    }
    return pd.DataFrame(columns, index=grid.units)


def _bounds(
    case: Evidence, grid: Grid, settings: Settings, deducted: Floats, disputed: Floats
) -> tuple[Floats, Floats]:
    """Least and greatest points of each unit."""
    official, most = grid.official, grid.most
    proved = np.minimum(np.where(grid.evidence, official, 0.0), official).sum(axis=1)
    sure = np.minimum(np.where(grid.evidence, grid.bonus, 0.0).sum(axis=1), settings.most_bonus)
    own = np.where(grid.occurred, np.nan_to_num(grid.own), 0.0)
    claimed = np.maximum(official, np.minimum(most, np.maximum(own, official))).sum(axis=1)
    hoped = grid.bonus_claimed.sum(axis=1) + _own_rows(case, grid.units, BONUS_CLAIM)
    lost = np.maximum(deducted, _own_rows(case, grid.units, OWN_DEDUCTION))
    low: Floats = proved + sure - lost
    high: Floats = claimed + np.minimum(hoped, settings.most_bonus) - (deducted - disputed)
    return low, high


def _deductions(case: Evidence, units: pd.Index) -> tuple[Floats, Floats]:
    """Points deducted by the standing office, and the part that the unit does not agree with."""
    rows = case.configured("DIEM_TRU")
    if rows.empty:
        return np.zeros(len(units)), np.zeros(len(units))
    at = units.get_indexer(rows["don_vi"])
    rows, at = rows[at >= 0], at[at >= 0]
    lost = np.abs(rows["so_diem"].to_numpy("float64", na_value=0))
    open_ones = np.where(rows["thong_nhat"] == "KHONG", lost, 0.0)
    return _summed(at, lost, units), _summed(at, open_ones, units)


def _own_rows(case: Evidence, units: pd.Index, kind: str) -> Floats:
    """Points of the rows in which units ask for a bonus, or own up to a deduction (with either sign)."""
    rows = case.frame("CHI_TIEU")
    rows = rows[(rows["loai"] == kind) & rows["ly_do_khong_phat_sinh"].isna()]
    at = units.get_indexer(rows[UNIT])
    points = np.abs(rows["diem_tu_cham"].to_numpy("float64", na_value=0))
    return _summed(at[at >= 0], points[at >= 0], units)


def _summed(at: npt.NDArray[np.intp], points: Floats, units: pd.Index) -> Floats:
    """Sum of the points of each unit."""
    total: Floats = np.bincount(at, points, len(units)).astype("float64")
    return total
