"""Checks give the same verdicts wherever they run."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from pipeline.checks import Verdicts, quotas, run_checks, running
from pipeline.consolidate import examine
from pipeline.evidence import Evidence
from pipeline.intake import collect
from pipeline.province import load_province
from pipeline.results import Results

SAMPLE = Path(__file__).parents[3] / "input_samples"


@cache
def _results() -> Results:
    return examine(load_province(SAMPLE), collect(SAMPLE / "hop-thu"))


def _verdicts(workers: int) -> Verdicts:
    return run_checks(Evidence(_results().dataset, _results().rules), guarded=True, workers=workers)


def _same(one: Verdicts, other: Verdicts) -> bool:
    looked = {code: sorted(map(str, rows)) for code, rows in one.looked_at.items()}
    return (
        one.findings == other.findings
        and looked == {code: sorted(map(str, rows)) for code, rows in other.looked_at.items()}
        and (one.not_in_force, one.failed) == (other.not_in_force, other.failed)
    )


def test_here_beside_and_family_by_family_the_verdicts_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    here = _verdicts(1)
    assert len(here.findings) > 50
    assert _same(_verdicts(2), here)
    monkeypatch.setattr(running, "MANY", 0)
    assert _same(_verdicts(2), here)


@pytest.mark.skipif(not running._can_fork(), reason="the fault is planted before processes are forked")
def test_a_process_that_dies_costs_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    here, true = os.getpid(), running._outcome

    def outcome(evidence: Evidence, check: running.Check, guarded: bool) -> running.Outcome:
        if os.getpid() != here and check.run.__module__ == quotas.__name__:
            os._exit(9)
        return true(evidence, check, guarded)

    plain = _verdicts(1)
    monkeypatch.setattr(running, "_outcome", outcome)
    assert _same(_verdicts(2), plain)
