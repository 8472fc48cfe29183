"""Points of targets and of units, as the province's score table gives them.

Points of one target: share reached = result / target where higher is better; 1 where lower is better and the result
is not above the target, else target / result; the result itself (0 or 1, or the share that the level is worth) for
yes-or-no and level targets. Points = points of the criterion × min(1, share reached): nothing makes up for another
target. A bonus for going beyond the target is shown apart and is in no total.

This is what a few checks need to compare a unit with its block. The full ranking (bonus, gates, ties, how sure a rank
is) belongs to a later package and is not done here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.dataset import UNIT
from pipeline.evidence.once import once

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

_TABLE = ("ma", "diem_chuan", "chieu", "loai_don_vi", "he_so_thuong", "thuong_toi_da")


@once
def points_of(case: Evidence) -> pd.DataFrame:
    """One row a target, index = row id of CHI_TIEU.

    Columns: `unit`, `criterion` (code of the score table, null for targets beside it), `most` (points of the
    criterion; null where the table does not know it), `self` (points that the unit gave itself), `reached` (share of
    the target reached, may be above 1), `computed` (points from target and result, null when not computable: a
    number is missing, the target of a higher-is-better row is not above 0, a yes-or-no result is neither 0 nor 1),
    `bonus` (null as `computed`), `applicable` (false: the unit says why nothing occurred, or the criterion is for
    another kind of unit). The direction is that of the score table, else that of the row.
    """
    rows, table = case.frame("CHI_TIEU"), _score_table(case)
    known = table.reindex(rows["ma_tieu_chi"]).set_axis(rows.index)
    kinds = rows[UNIT].map(case.units["kind"])
    reached = _reached(rows, known["chieu"].fillna(rows["chieu"]))
    most = known["diem_chuan"].astype("float64")
    beyond = (reached - 1).clip(lower=0)
    bonus = np.minimum(
        known["he_so_thuong"].astype("float64") * most * beyond, known["thuong_toi_da"].astype("float64")
    )
    computed = most * reached.clip(upper=1)
    return pd.DataFrame(
        {
            "unit": rows[UNIT],
            "criterion": rows["ma_tieu_chi"],
            "most": most,
            "self": rows["diem_tu_cham"],
            "reached": reached,
            "computed": computed,
            "bonus": bonus.fillna(0.0).where(computed.notna()),
            "applicable": rows["ly_do_khong_phat_sinh"].isna()
            & (known["loai_don_vi"].isna() | (known["loai_don_vi"] == kinds)),
        },
        index=rows.index,
    )


@once
def unit_points(case: Evidence) -> pd.DataFrame:
    """Counted units by code, each over the criteria of the score table that apply to it.

    Columns: `points` (appraised where the standing office appraised, else computed, else 0), `deducted`, `most`
    (points of the criteria that apply, without those that did not occur), `unknown` (points of criteria for which
    neither was there), `share` = (points − deducted) / most, null without criteria. Several targets of one
    criterion count by their mean. No bonus.
    """
    table = _score_table(case)
    units = case.units[case.units["counted"]]
    grid = pd.MultiIndex.from_product([units.index, table.index], names=["unit", "criterion"])
    cells = pd.DataFrame(index=grid)
    cells["most"] = table["diem_chuan"].astype("float64").reindex(grid.get_level_values(1)).to_numpy()
    targets = points_of(case)
    own = targets[targets["criterion"].notna()].groupby(["unit", "criterion"])
    occurred = own["applicable"].any().reindex(grid)
    counted = targets[targets["applicable"] & targets["criterion"].notna()].groupby(["unit", "criterion"])["computed"]
    complete = counted.count() == counted.size()
    computed = counted.mean().where(complete).reindex(grid)
    judged = case.configured("DIEM_THAM_DINH")
    appraised = pd.Series(np.nan, index=grid)
    if len(judged):
        named = judged.drop_duplicates(["don_vi", "ma_tieu_chi"]).set_index(["don_vi", "ma_tieu_chi"])["diem"]
        appraised = named.astype("float64").reindex(grid)
    kind = table["loai_don_vi"].reindex(grid.get_level_values(1)).to_numpy()
    here = pd.Series(kind, index=grid, dtype="object")
    fits = here.isna() | (here == units["kind"].reindex(grid.get_level_values(0)).to_numpy())
    cells = cells[fits & (occurred.isna() | occurred.eq(True) | appraised.notna())]
    cells = cells.assign(points=appraised.fillna(computed).reindex(cells.index))
    cells["unknown"] = cells["most"].where(cells["points"].isna(), 0.0)
    total = cells.groupby(level=0)[["points", "most", "unknown"]].sum().reindex(units.index, fill_value=0.0)
    deductions = case.configured("DIEM_TRU")
    lost = deductions.groupby("don_vi")["so_diem"].sum() if len(deductions) else pd.Series(dtype="float64")
    total["deducted"] = lost.reindex(total.index).fillna(0.0).astype("float64")
    total["share"] = ((total["points"] - total["deducted"]) / total["most"]).where(total["most"] > 0)
    return total[["points", "deducted", "most", "unknown", "share"]]


@once
def _score_table(case: Evidence) -> pd.DataFrame:
    rows = case.configured("BANG_DIEM")
    if rows.empty:
        rows = pd.DataFrame({name: pd.Series(dtype="object") for name in _TABLE})
    rows = rows[rows["ma"].notna() & rows["diem_chuan"].notna()]
    return rows[list(_TABLE)].drop_duplicates("ma").set_index("ma")


def _reached(rows: pd.DataFrame, direction: pd.Series) -> pd.Series:
    """Share of the target that was reached; null when not computable."""
    target, result = rows["chi_tieu"].astype("float64"), rows["thuc_hien"].astype("float64")
    more = (result / target.where(target > 0)).clip(lower=0)
    less = (target.clip(lower=0) / result.where(result > 0)).where(result > target, 1.0)
    less = less.where(target.notna() & result.notna() & (target >= 0))
    level = result.where(result.between(0, 1))
    reached = pd.Series(np.nan, index=rows.index)
    for code, values in {
        "CAO": more,
        "THAP": less,
        "CO_KHONG": level.where(level.isin([0, 1])),
        "THEO_MUC": level,
    }.items():
        reached = reached.where(direction != code, values)
    return reached
