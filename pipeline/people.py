"""Who is who: a person is his staff code; a newcomer without one is known by name and date of birth."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from pipeline.parsing import day_of
from pipeline.vietnamese import match_key


def newcomer_key(name: str, birth: dt.date) -> str:
    """Key of a person without staff code; never equal to a staff code, which holds no blank."""
    return f"{match_key(name)} {birth:%d/%m/%Y}"


def staff_keys(staff: pd.DataFrame) -> pd.Series:
    """Person key of each row of NHAN_SU; null where neither code nor name and birth are there."""
    keys = staff["ma_cc"].astype("str")
    newcomers = staff["ma_cc"].isna() & staff["ho_ten"].notna() & staff["ngay_sinh"].notna()
    if newcomers.any():
        rows = staff[newcomers]
        keys = keys.copy()
        keys[newcomers] = [newcomer_key(n, b) for n, b in zip(rows["ho_ten"], rows["ngay_sinh"], strict=True)]
    return keys


def reference_key(text: str) -> str:
    """Person key that a reference cell means: a code, or `Họ tên, dd/mm/yyyy` of a newcomer."""
    name, _, rest = text.rpartition(",")
    day = day_of(rest.strip()) if name else None
    return newcomer_key(name, day) if day else text
