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


def event_of(events: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the event of each row's person, aligned with `rows`: the columns of `events`, `event` and `at`.

    The person's own unit comes first, then any other; of several events the first as `events` are sorted.
    `event` is the row id, -1 where the person has none; `at` is the same where the event stands in the file of the
    row's unit, else -1, so that a unit is never sent to a cell of another unit's file.
    """
    known = events[events["person"].notna()]
    few = rows[rows["person"].isin(known["person"])]  # most people have no event: the join is for those who do
    own = known.drop_duplicates(["unit", "person"])
    keys = pd.MultiIndex.from_frame(own[["unit", "person"]])
    mine = pd.Series(own.index, index=keys, dtype="float64").reindex(pd.MultiIndex.from_frame(few[["unit", "person"]]))
    mine = mine.set_axis(few.index)
    anywhere = known.drop_duplicates("person")
    other = few["person"].map(pd.Series(anywhere.index, index=anywhere["person"], dtype="float64"))
    event = mine.fillna(other.astype("float64"))
    found = events.reindex(event.astype("int64")).set_axis(few.index).reindex(rows.index)
    places = {"event": event, "at": mine}
    return found.assign(**{name: ids.reindex(rows.index).fillna(-1).astype("int64") for name, ids in places.items()})
