"""Units through time: heirs, forms, and what is known of each that must send."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.dataset import UNIT
from pipeline.people import reference_key

if TYPE_CHECKING:
    from pipeline.evidence import Evidence


class Lineage:
    """Leads from a unit of the past to the one that works on, by the dated map of units in DON_VI."""

    def __init__(self, units: pd.DataFrame) -> None:
        """Read `ke_thua` of the configured units."""
        heirs = units["ke_thua"].dropna() if "ke_thua" in units else pd.Series(dtype="str")
        self._heirs = {str(old): str(new) for old, new in heirs.items()}

    def heir(self, unit: str) -> str:
        """The unit that took over, through any number of reorganisations; a circle ends where it began."""
        seen = {unit}
        while (after := self._heirs.get(unit)) and after not in seen:
            seen.add(after)
            unit = after
        return unit

    def heirs(self, units: pd.Series) -> pd.Series:
        """The same for a column; null stays null."""
        return units.map({u: self.heir(u) for u in units.dropna().unique()}).astype("str")

    def ancestors(self, unit: str) -> list[str]:
        """Units whose heir is this one, without itself."""
        return [old for old in self._heirs if self.heir(old) == unit]


def forms_of(rows: pd.DataFrame) -> pd.DataFrame:
    """DON_VI by unit code, with `row_id` and `head` (person key)."""
    forms = rows.assign(
        row_id=rows.index,
        unit=rows[UNIT],
        head=rows["ma_nguoi_dung_dau"].map(reference_key, na_action="ignore").astype("str"),
    )
    return forms.drop_duplicates("unit").set_index("unit", drop=False).rename_axis(None)


def units_of(evidence: Evidence) -> pd.DataFrame:
    """Units that must send, by code.

    Columns: `name`, `kind`, `block`, `difficulty` (0 to 3, null: not known), `founded`, `counted` (a file of it
    counts), `staff` (rows of NHAN_SU, 0 without a file).
    """
    expected = evidence.data.province.expected()
    staff = evidence.frame("NHAN_SU")[UNIT].value_counts()
    counted = list(evidence.data.counted)
    none = pd.Series(index=expected.index, dtype="float64")
    return pd.DataFrame(
        {
            "name": expected["ten_don_vi"],
            "kind": expected["loai"],
            "block": expected["khoi"],
            "difficulty": expected.get("muc_kho", none),
            "founded": expected.get("ngay_thanh_lap", none),
            "counted": expected.index.isin(counted),
            "staff": expected.index.map(staff).fillna(0).astype("int64"),
        },
        index=expected.index,
    )
