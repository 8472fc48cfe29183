"""BIEN_DONG with the months of each event that lie inside the period."""

from __future__ import annotations

import pandas as pd

from pipeline.dataset import UNIT
from pipeline.evidence.spans import clipped, months_between
from pipeline.people import reference_key

DISCIPLINE, PENDING = "KY_LUAT", "DANG_XEM_XET"
#: Absences that the law treats as work, and those that it does not.
KIND_LEAVE = ("NGHI_THAI_SAN", "NGHI_DUNG_CAM")
PLAIN_LEAVE = ("NGHI_OM", "NGHI_KHAC")
TRAINING, ARRIVED, LEFT = "DAO_TAO", "CHUYEN_DEN", "CHUYEN_DI"


def events_in(rows: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Add what is asked of events: `person` (key), `unit`, `months` inside the period, `decided` (day it counts from).

    `months` is null where the event has no first day; `touches` says whether the event reaches into the period.
    """
    start, end = clipped(rows["tu_ngay"], rows["den_ngay"], first, last)
    touches = (rows["tu_ngay"] <= last) & (rows["den_ngay"].isna() | (rows["den_ngay"] >= first))
    return rows.assign(
        unit=rows[UNIT],
        person=rows["ma_cc"].map(reference_key, na_action="ignore").astype("str"),
        months=months_between(start, end).where(touches, 0.0).where(rows["tu_ngay"].notna()),
        decided=rows["ngay_qd"].fillna(rows["tu_ngay"]),
        touches=touches,
    )
