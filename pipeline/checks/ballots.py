"""QT-03: the arithmetic of each ballot record."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.dataset import Dataset
from pipeline.findings import Finding, frame
from schemas.sheets import UNIT_TEMPLATE

#: variant → (field at which it is said, smaller or equal side, other side); sums on both sides.
BALANCES = {
    "issued": ("phieu_thu", ("phieu_thu",), ("phieu_phat",)),
    "returned": ("phieu_thu", ("phieu_thu",), ("phieu_hop_le", "phieu_khong_hop_le")),
    "valid": ("phieu_hop_le", ("phieu_hop_le",), ("dong_y", "khong_dong_y", "khong_y_kien")),
}
_WORDS = {
    "phieu_thu": "thu",
    "phieu_phat": "phat",
    "phieu_hop_le": "hop_le",
    "phieu_khong_hop_le": "khong_hop_le",
    "dong_y": "dong_y",
    "khong_dong_y": "khong_dong_y",
    "khong_y_kien": "khong_y_kien",
}


def balance(data: Dataset) -> pd.DataFrame:
    """Issued ≥ returned = valid + invalid, valid = for + against + abstained, on every row of PHIEU."""
    return frame([*(f for variant in BALANCES for f in _balance(data, variant)), *_not_judged(data)])


def _not_judged(data: Dataset) -> Iterator[Finding]:
    """Name each missing number once, whatever balances need it."""
    ballots = data.frames["PHIEU"]
    for name in _WORDS:
        heading = UNIT_TEMPLATE.by_code["PHIEU"].by_name[name].heading
        for row_id in ballots.index[ballots[name].isna()]:
            yield data.addresses.finding("QT-03", "not_judged", int(row_id), name, cot=heading)


def _balance(data: Dataset, variant: str) -> Iterator[Finding]:
    ballots = data.frames["PHIEU"]
    at, left, right = BALANCES[variant]
    fields = list(dict.fromkeys((*left, *right)))
    known = ballots[fields].notna().all(axis=1)
    one, other = ballots[list(left)].sum(axis=1), ballots[list(right)].sum(axis=1)
    wrong = known & ((one > other) if variant == "issued" else (one != other))
    for row_id in ballots.index[wrong]:
        numbers = {_WORDS[name]: str(int(ballots.at[row_id, name])) for name in fields}
        yield data.addresses.finding("QT-03", variant, int(row_id), at, tong=str(int(other.at[row_id])), **numbers)
