"""Ranks of the year before, from HANG_NAM of lich-su.xlsx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.ranking.points import Floats

if TYPE_CHECKING:
    from pipeline.evidence import Evidence


def previous_ranks(case: Evidence) -> Floats:
    """Rank of each unit that must send in the year before, inside the block in which it still is; NaN: not known.

    A rank in another block compares with nothing of this year. The first row of a unit counts.
    """
    units, past = case.units, case.past("HANG_NAM")
    if past is None or past.empty:
        return np.full(len(units), np.nan)
    rows = past[(past["nam"] == case.year - 1) & past["hang"].notna() & past["don_vi"].notna()]
    rows = rows.drop_duplicates("don_vi").set_index("don_vi").reindex(units.index)
    same = (rows["khoi"] == units["block"]).fillna(False).to_numpy(bool)
    return np.where(same, rows["hang"].to_numpy("float64", na_value=np.nan), np.nan)
