"""Who may vote in the meeting of each unit, and how many votes a share of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.dataset import UNIT
from pipeline.evidence.once import once

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

#: A share is written with four decimals at most (2/3 as 66,67 %); the base is large enough for that to matter.
SHARE_ROUNDING, MOST_ROUNDING = 5e-5, 0.005


def votes_needed(base: pd.Series, share: pd.Series | float) -> pd.Series:
    """Least whole number of votes that reaches a share of a base; null where either is not known."""
    slack = (base * SHARE_ROUNDING).clip(upper=MOST_ROUNDING)
    return np.ceil(base * share - slack).clip(lower=0)


@once
def bases(case: Evidence) -> pd.DataFrame:
    """Who may vote in each unit's meeting: `members`, `present`, `written`, `sound`, by unit.

    `sound` is false where the form contradicts itself: more people present, or more ballots issued, than members.
    """
    forms = case.forms
    issued = case.ballots.groupby(UNIT)["phieu_phat"].max()
    table = pd.DataFrame(
        {
            "members": forms["tong_thanh_vien"],
            "present": forms["so_co_mat"],
            "written": forms["so_y_kien_van_ban"],
            "issued": issued.reindex(forms.index),
        },
        index=forms.index,
    )
    members = table["members"]
    both = table["present"] + table["written"].fillna(0)
    table["sound"] = ~((both > members) | (table["issued"] > members))
    return table
