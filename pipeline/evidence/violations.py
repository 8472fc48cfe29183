"""Discipline as BIEN_DONG tells of it: which violation, how grave, counted in which year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.evidence.events import DISCIPLINE
from pipeline.evidence.once import once
from schemas.vocabularies import VOCABULARIES

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

#: Forms of discipline, the mildest first.
_GRAVITY = {entry.code: number for number, entry in enumerate(VOCABULARIES["KY_LUAT"])}


@once
def violations(case: Evidence) -> pd.DataFrame:
    """Rows of BIEN_DONG on discipline, the gravest first, with `in_period` and `used` (counted in an earlier year).

    Rows of one person with one code of violation tell of the same violation: what one of them says of the year in
    which it was counted, and the latest end of its term, hold for all.
    """
    rows = case.events[(case.events["loai"] == DISCIPLINE) & case.events["person"].notna()]
    key = rows["ma_vi_pham"].fillna("#" + rows.index.to_series().astype("str"))
    same = [rows["person"], key]
    counted = rows["nam_da_tinh"].groupby(same).transform("min")
    return rows.assign(
        violation=key,
        used=counted < case.year,
        used_year=counted,
        ends=rows["het_hieu_luc"].groupby(same).transform("max"),
        in_period=rows["decided"].between(case.first, case.last),
        gravity=rows["hinh_thuc_ky_luat"].map(_GRAVITY),
    ).sort_values(["gravity", "decided", "unit"], ascending=[False, True, True], kind="stable")


@once
def heavy_violations(case: Evidence) -> pd.DataFrame:
    """Violations of the period that keep a whole collective from its title (forms of DK-03.hinh_thuc_tap_the)."""
    found = violations(case)
    now = found[found["in_period"] & ~found["used"]]
    return now[now["hinh_thuc_ky_luat"].isin(case.rules.codes("DK-03", "hinh_thuc_tap_the"))]
