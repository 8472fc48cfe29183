"""HS-02: meeting, minutes and submission letter follow one another."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.dataset import Dataset
from pipeline.findings import Finding, frame
from schemas.sheets import UNIT_TEMPLATE

#: (earlier, later) dates of DON_VI.
SEQUENCE = (("ngay_hop", "ngay_bien_ban"), ("ngay_bien_ban", "ngay_to_trinh"))


def meeting_dates(data: Dataset) -> pd.DataFrame:
    """Minutes not before the meeting, letter not before the minutes; said at the later date's cell."""
    return frame(_out_of_order(data))


def _out_of_order(data: Dataset) -> Iterator[Finding]:
    form = data.frames["DON_VI"]
    headings = {name: UNIT_TEMPLATE.by_code["DON_VI"].by_name[name].heading for pair in SEQUENCE for name in pair}
    for earlier, later in SEQUENCE:
        for row_id in form.index[form[later] < form[earlier]]:
            days = {"ngay": form.at[row_id, later], "ngay_khac": form.at[row_id, earlier]}
            yield data.addresses.finding(
                "HS-02",
                "order",
                int(row_id),
                later,
                cot=headings[later],
                cot_khac=headings[earlier],
                **{key: f"{day:%d/%m/%Y}" for key, day in days.items()},
            )
    for name, heading in headings.items():
        for row_id in form.index[form[name].isna()]:
            yield data.addresses.finding("HS-02", "not_judged", int(row_id), name, cot=heading)
