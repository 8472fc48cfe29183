"""Checks on the whole province, one module a family, one small function a check.

Contract: a check takes the evidence of the run (dataset, rules in force, joined tables) and returns what it looked
at and what it found (`Checked`, with a findings frame of `pipeline.findings.COLUMNS`). It works on columns of the
whole province, never unit by unit and never row by row. It never changes data, never prints, never raises on bad
data. Each check finds, does not find, or says that it could not judge and which data are missing (variant
`not_judged`); a row that it looked at and said nothing of is in order: silence never means "was not looked at".

To add a check, write its record in schemas/rules/, its function in the module of its family, and a line in that
module's `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.checks import (
    ballots,
    breakthrough,
    conditions,
    consistency,
    coordination,
    dossiers,
    exemplars,
    ratings,
    timeliness,
)
from pipeline.checks.ledger import Check, Checked
from pipeline.evidence import Evidence
from pipeline.findings import Finding, from_frame

__all__ = ["CHECKS", "Check", "Checked", "Verdicts", "run_checks"]

#: Every check, in the order of the report.
CHECKS: tuple[Check, ...] = (
    *consistency.CHECKS,
    *ballots.CHECKS,
    *dossiers.CHECKS,
    *conditions.CHECKS,
    *exemplars.CHECKS,
    *breakthrough.CHECKS,
    *coordination.CHECKS,
    *timeliness.CHECKS,
    *ratings.CHECKS,
)


@dataclass(frozen=True)
class Verdicts:
    """What all checks of a run said."""

    findings: list[Finding] = field(default_factory=list)
    looked_at: Mapping[str, pd.Index] = field(default_factory=dict)  #: code → row ids that were judged
    not_in_force: tuple[str, ...] = ()  #: codes without an edition for this award year


def run_checks(evidence: Evidence, checks: Iterable[Check] = CHECKS) -> Verdicts:
    """Run every check whose rule is in force; where only one file is known, those that need no more than it.

    Findings carry the severity, edition and note of the rulebook.
    """
    frames: list[pd.DataFrame] = []
    looked: dict[str, pd.Index] = {}
    idle: dict[str, None] = {}
    for check in checks:
        if evidence.alone and check.province:
            continue
        if not evidence.rules.has(check.code):
            idle[check.code] = None
            continue
        done = check.run(evidence)
        frames.append(done.findings)
        looked[check.code] = looked[check.code].union(done.looked_at) if check.code in looked else done.looked_at
    found = [f for table in frames if len(table) for f in from_frame(table)]
    return Verdicts(evidence.rules.settle(found), looked, tuple(idle))
