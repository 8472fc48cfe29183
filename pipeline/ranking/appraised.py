"""Appraised scores that stand out: above what the unit claimed, or far from what its figures give (XH-09).

An appraised score takes the place of the computed one in the official total, so one of them alone may move a rank;
here is told which do, and what the percentage of the unit would be without them.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd

from pipeline.ranking.points import Floats
from pipeline.ranking.settings import Settings
from pipeline.ranking.tables import Basis, Ranking

_SLACK = 1e-9


class Oddity(StrEnum):
    """In which way an appraised score stands out."""

    ABOVE = "above"  # above the self-score
    FAR = "far"  # not above the self-score, but away from what target and result give, either way


def odd_scores(criteria: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Rows of `tables.Ranking.criteria` whose appraised score stands out, on their index.

    Besides: `oddity` (`Oddity`), `away` (points above the self-score, or away from the computed score with its sign),
    `explained` (the appraiser gave a reason).
    """
    rows = criteria[criteria["basis"] == Basis.APPRAISED]
    above = rows["appraised"] - rows["self"]
    apart = rows["appraised"] - rows["computed"]
    beyond = above > settings.above_claim * rows["most"] + _SLACK
    far = ~beyond & (apart.abs() > settings.far_from_data * rows["most"] + _SLACK)
    found = rows.assign(
        oddity=np.where(beyond, Oddity.ABOVE.value, Oddity.FAR.value),
        away=above.where(beyond, apart),
        explained=rows["note"].notna(),
    )
    return found[beyond | far]


def raised_or_unexplained(odd: pd.DataFrame) -> pd.DataFrame:
    """Those of `odd_scores` that the council should look at: above the claim, or without a reason."""
    return odd[(odd["oddity"] == Oddity.ABOVE) | ~odd["explained"]]


def percent_without(ranking: Ranking, odd: pd.DataFrame) -> pd.Series:
    """Percentage of each unit of `odd` had these scores not been appraised, by unit; null where nothing is left.

    Instead of each counts the computed score, else the self-score, else 0, with the bonus that the figures give; a
    criterion that occurs only because somebody appraised it leaves the sum. An empty result for no rows.
    """
    rows = ranking.criteria[ranking.criteria["unit"].isin(odd["unit"])]
    taken = rows.index.isin(odd.index)
    gone = taken & rows["reason"].notna().to_numpy()
    instead = rows["computed"].fillna(rows["self"]).fillna(0.0)
    points = instead.where(taken, rows["official"]).fillna(0.0).where(~gone, 0.0)
    bonus = rows["bonus_computed"].fillna(0.0).where(taken, rows["bonus"]).where(~gone, 0.0)
    full = rows["most"].where(~gone & rows["official"].notna(), 0.0)
    summed = pd.DataFrame({"points": points, "bonus": bonus, "full": full}).groupby(rows["unit"], sort=False).sum()
    lost = ranking.units["deducted"].reindex(summed.index)
    total = summed["points"] + summed["bonus"].clip(upper=ranking.settings.most_bonus) - lost
    possible: Floats = summed["full"].where(summed["full"] > 0).to_numpy("float64")
    return 100 * total / possible
