"""What every check says alike when a unit's file lacks a whole sheet: once for the unit, not once a row."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.ledger import NOT_JUDGED, Ledger
from pipeline.evidence import Evidence


def with_sheet(ledger: Ledger, case: Evidence, rows: pd.DataFrame, sheet: str) -> pd.DataFrame:
    """Return the rows of units whose file has the sheet; of each other unit say that nothing was judged.

    The rule's `not_judged` sentence must name `ai`, `con_thieu` and `can_lam`.
    """
    there = case.sheet_at_hand(rows["unit"], sheet)
    for unit in rows.loc[~there, "unit"].drop_duplicates().tolist():
        ledger.of_unit(
            NOT_JUDGED, unit, ai="các đề nghị của đơn vị", con_thieu=f"tệp không có trang {sheet}",
            can_lam=f"Gửi lại theo mẫu có trang {sheet}; không có gì để khai thì để trang trống",
        )  # fmt: skip
    return rows[there]
