"""One number a person and year from what was recorded: the grade first, then the score, then initiatives."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.rotation.series import Floats

#: Order of the yearly ratings; other codes are not known.
_GOOD, _TOP = "HTTNV", "HTXSNV"
RANK = {"KHTNV": 0, "HTNV": 1, "HTTNV": 2, "HTXSNV": 3}
#: Points of score that weigh as one grade, and how far score and initiatives may go inside a grade.
_POINTS, _INSIDE, _INITIATIVE, _MOST = 20.0, 0.40, 0.03, 3


#: Points of score that weigh as one grade of the composite.
POINTS = _POINTS


def composite(rating: npt.NDArray[Any], score: Floats, initiatives: Floats, *, legs: bool = False) -> Floats:
    """Put ratings (codes or None), scores and numbers of initiatives, all (T, n), into one number; NaN: none known.

    Inside a grade a score counts by its distance from the mean of that grade in the year, never so much that it
    passes into the next grade. Without a grade the score alone counts. With `legs`, a recognised initiative counts as
    much as the top grade, as the law has it for CSTĐCS.
    """
    grade: Floats = np.full(score.shape, np.nan)
    for code, rank in RANK.items():
        grade[rating == code] = rank
    if legs:
        grade[(grade == RANK[_GOOD]) & (np.nan_to_num(initiatives) > 0)] = RANK[_TOP]
    found = np.full(grade.shape, np.nan)
    extra = _INITIATIVE * np.minimum(np.nan_to_num(initiatives), _MOST)
    for t in range(len(grade)):
        graded = np.isfinite(grade[t]).any()
        if not graded:
            found[t] = score[t] / _POINTS + extra[t]
            continue
        inside = np.zeros(grade.shape[1])
        for level in np.unique(grade[t][np.isfinite(grade[t])]):
            mine = (grade[t] == level) & np.isfinite(score[t])
            if mine.any():
                away = (score[t][mine] - score[t][mine].mean()) / _POINTS
                inside[mine] = np.clip(away, -_INSIDE, _INSIDE)
        found[t] = grade[t] + inside + extra[t]
    return found
