"""Running the checks: one after another, or family by family in worker processes when the province is large."""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from itertools import groupby

from pipeline.checks.ledger import Check, Checked
from pipeline.evidence import Evidence
from pipeline.ranking.of_province import ranking_of
from pipeline.rotation.of_province import rotation_of
from pipeline.submissions import place_of_fault

#: Nominations from which all families go to worker processes, and the test of turns has its own.
MANY = 15_000
#: Checks from which a process beside this one pays for itself.
_FEW = 60
#: Families that read the test of turns.
_TURNS = "LP-"
#: Families that read the ranking of units.
_RANKED = ("XH-", "HT-", "ND-")
#: What a check that met a fault of ours leaves behind: its code, the kind of fault and its place.
Fault = tuple[str, str]
Outcome = Checked | Fault

#: Set before the workers are forked, so that they find the tables without any copying.
_shared: tuple[Evidence, Sequence[Check], bool] | None = None


def outcomes(evidence: Evidence, checks: Sequence[Check], *, guarded: bool, workers: int = 1) -> list[Outcome]:
    """Run checks in order; with several workers the same outcomes in the same order.

    Args:
        evidence: the tables.
        checks: what to run.
        guarded: whether a check that raises leaves a `Fault` instead of ending the run.
        workers: processes; 1, or a system that cannot fork, runs everything here.
    """
    if workers < 2 or not _can_fork() or len(checks) < _FEW:
        return [_outcome(evidence, check, guarded) for check in checks]
    many = len(evidence.frame("DE_NGHI")) >= MANY
    _prepare(evidence, checks, turns=many)
    global _shared  # noqa: PLW0603 - read by the forked workers
    _shared = (evidence, checks, guarded)
    try:
        with warnings.catch_warnings():
            # Newer Pythons warn of forking beside threads; no check starts one or waits for one.
            warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork.*")
            if not many:
                return _beside(checks, workers)
            with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
                # The last families first: texts are compared there, which takes longest.
                spans = list(_families(checks))[::-1]
                parts = list(pool.map(_family, *zip(*spans, strict=True)))
    finally:
        _shared = None
    return [outcome for part in parts[::-1] for outcome in part]


def _beside(checks: Sequence[Check], workers: int) -> list[Outcome]:
    """Run the test of turns here, where the workbook needs its tables again, and the other families beside it.

    What the processes have not begun when that is done is run here too.
    """
    found: dict[int, list[Outcome]] = {}
    spans = list(_families(checks))
    turns = [span for span in spans if checks[span[0]].code.startswith(_TURNS)]
    with ProcessPoolExecutor(workers - 1, mp_context=multiprocessing.get_context("fork")) as pool:
        others = {span: pool.submit(_family, *span) for span in spans if span not in turns}
        for span in turns:
            found[span[0]] = _family(*span)
        for span, future in reversed(others.items()):
            if future.cancel():
                found[span[0]] = _family(*span)
        for span, future in others.items():
            if not future.cancelled():
                found[span[0]] = _result(future, span)
    return [outcome for start in sorted(found) for outcome in found[start]]


def _result(future: Future[list[Outcome]], span: tuple[int, int]) -> list[Outcome]:
    try:
        return future.result()
    except BrokenExecutor:  # the system ended the process, for want of memory perhaps
        return _family(*span)


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


def _prepare(evidence: Evidence, checks: Sequence[Check], *, turns: bool) -> None:
    """Make the tables that nearly every family reads, so that no worker makes them again."""
    for name in ("staff", "events", "proposed", "awards", "initiatives", "ballots", "forms", "units"):
        getattr(evidence, name)
    if any(check.code.startswith(_RANKED) for check in checks):
        with contextlib.suppress(Exception):  # a fault of ours is met again, and told, by each check that needs it
            ranking_of(evidence)
    if turns and any(check.code.startswith(_TURNS) for check in checks):
        rotation_of(evidence)


def _families(checks: Sequence[Check]) -> Iterator[tuple[int, int]]:
    """Spans of checks that stand in one module: they share what they compute."""
    start = 0
    for _, family in groupby(checks, key=lambda check: check.run.__module__):
        end = start + len(list(family))
        yield start, end
        start = end


def _family(start: int, end: int) -> list[Outcome]:
    assert _shared is not None
    evidence, checks, guarded = _shared
    return [_outcome(evidence, check, guarded) for check in checks[start:end]]


def _outcome(evidence: Evidence, check: Check, guarded: bool) -> Outcome:
    try:
        return check.run(evidence)
    except Exception as error:  # a bug of ours: the other checks and the files are not to suffer
        if not guarded:
            raise
        return check.code, f"{type(error).__name__} {place_of_fault(error)}"
