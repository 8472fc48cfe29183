"""SANG_KIEN: one row an author, with what recognition is worth."""

from __future__ import annotations

import pandas as pd

from pipeline.dataset import UNIT
from pipeline.people import reference_key

#: Levels of recognition, from the base up.
LEVELS = ("CO_SO", "NGANH", "TOAN_QUOC")


def initiatives_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `unit`, `person` (key of the author) and `recognised` (level, number and day of a decision are there)."""
    return rows.assign(
        unit=rows[UNIT],
        person=rows["tac_gia"].map(reference_key, na_action="ignore").astype("str"),
        recognised=rows["cap_cong_nhan"].isin(LEVELS) & rows["so_qd"].notna() & rows["ngay_qd"].notna(),
    )
