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
    accumulation,
    ballots,
    breakthrough,
    chains,
    collective_merit,
    conditions,
    consistency,
    coordination,
    decisions,
    discipline,
    dossiers,
    exceptions,
    exemplars,
    formalism,
    heads,
    identity,
    initiatives,
    law,
    meetings,
    merit,
    movements,
    open_votes,
    papers,
    quotas,
    ranking,
    ratings,
    review_votes,
    rotation,
    service,
    shares,
    ties,
    timeliness,
    upper,
)
from pipeline.checks.ledger import Check, Checked
from pipeline.checks.running import outcomes
from pipeline.evidence import Evidence
from pipeline.findings import Finding, from_frame

__all__ = ["CHECKS", "Check", "Checked", "Verdicts", "run_checks"]

#: Every check, in the order of the report.
CHECKS: tuple[Check, ...] = (
    *consistency.CHECKS,
    *meetings.CHECKS,
    *ballots.CHECKS,
    *ties.CHECKS,
    *papers.CHECKS,
    *dossiers.CHECKS,
    *identity.CHECKS,
    *law.CHECKS,
    *decisions.CHECKS,
    *conditions.CHECKS,
    *service.CHECKS,
    *discipline.CHECKS,
    *exceptions.CHECKS,
    *chains.CHECKS,
    *merit.CHECKS,
    *collective_merit.CHECKS,
    *upper.CHECKS,
    *initiatives.CHECKS,
    *quotas.CHECKS,
    *heads.CHECKS,
    *shares.CHECKS,
    *accumulation.CHECKS,
    *movements.CHECKS,
    *formalism.CHECKS,
    *exemplars.CHECKS,
    *breakthrough.CHECKS,
    *coordination.CHECKS,
    *timeliness.CHECKS,
    *ratings.CHECKS,
    *rotation.CHECKS,
    *review_votes.CHECKS,
    *open_votes.CHECKS,
    *ranking.CHECKS,
)


@dataclass(frozen=True)
class Verdicts:
    """What all checks of a run said."""

    findings: list[Finding] = field(default_factory=list)
    looked_at: Mapping[str, pd.Index] = field(default_factory=dict)  #: code → row ids that were judged
    not_in_force: tuple[str, ...] = ()  #: codes without an edition for this award year
    failed: tuple[str, ...] = ()  #: codes whose check met a fault of ours


def run_checks(
    evidence: Evidence, checks: Iterable[Check] = CHECKS, *, guarded: bool = False, workers: int = 1
) -> Verdicts:
    """Run every check whose rule is in force; where only one file is known, those that need no more than it.

    Findings carry the severity, edition and note of the rulebook. When `guarded`, a check that meets a fault of
    ours costs only itself, and V-21 says so. Several `workers` give the same verdicts sooner.
    """
    asked = [check for check in checks if not (evidence.alone and check.province)]
    judged = [check for check in asked if evidence.rules.has(check.code)]
    found: list[Finding] = []
    broken: list[Finding] = []
    looked: dict[str, pd.Index] = {}
    for done in outcomes(evidence, judged, guarded=guarded, workers=workers):
        if isinstance(done, Checked):
            found += from_frame(done.findings) if len(done.findings) else []
            before = looked.get(done.code)
            looked[done.code] = done.looked_at if before is None else before.union(done.looked_at)
        else:
            code, place = done
            broken.append(Finding("V-21", "check_failed", params={"ma": code, "ma_loi": place}))
    idle = dict.fromkeys(check.code for check in asked if not evidence.rules.has(check.code))
    failed = tuple(f.params["ma"] for f in broken)
    return Verdicts(evidence.rules.settle([*found, *broken]), looked, tuple(idle), failed)
