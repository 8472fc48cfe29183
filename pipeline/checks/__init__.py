"""Checks on the whole province, one module a family, one small function a check.

Contract: a check takes the dataset and the rules in force, and returns a findings frame
(`pipeline.findings.COLUMNS`). It works on columns of the whole province, never unit by unit. It never changes
data, never prints, never raises on bad data. What it could not judge for want of data it says with the variant
`not_judged` and which data are missing: silence means "looked at and in order".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.checks import ballots, consistency, dossiers
from pipeline.dataset import Dataset
from schemas.rules import Rule

Rules = Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class Check:
    """One function and the rule that it implements."""

    code: str
    run: Callable[[Dataset], pd.DataFrame]


#: Every check, in the order of the report.
CHECKS = (
    Check("V-07", consistency.staff_counts),
    Check("V-07", consistency.self_score_total),
    Check("V-07", consistency.subject_names),
    Check("V-07", consistency.author_shares),
    Check("V-07", consistency.outcomes),
    Check("V-08", consistency.form_identity),
    Check("QT-03", ballots.balance),
    Check("HS-02", dossiers.meeting_dates),
)


def run_checks(dataset: Dataset) -> pd.DataFrame:
    """Run every check; returns one findings frame."""
    return pd.concat([check.run(dataset) for check in CHECKS], ignore_index=True)
