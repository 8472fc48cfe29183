"""The whole run, as a table of contents."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import gc
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from pipeline import __version__, dataset, outputs
from pipeline.batches import Desk, read_all
from pipeline.checks import run_checks
from pipeline.decisions.carrying import carried_from
from pipeline.decisions.scores import with_scores
from pipeline.documents import OwnTemplates, facts_of_run, make_documents, read_own_templates
from pipeline.evidence import Evidence
from pipeline.findings import Finding, sort_key
from pipeline.intake import Intake, collect
from pipeline.province import INBOX, Province, load_province
from pipeline.refusals import CannotRun
from pipeline.replies import TypedCells
from pipeline.results import Results
from pipeline.rulebook import open_rulebook
from pipeline.senders import addresses_of, judge_senders, with_units
from pipeline.submissions import Opening, Outcome, board_findings
from pipeline.versions import choose
from pipeline.workbook.carried import Carried
from pipeline.workbook.nominated import Nominations
from pipeline.writing import Report, write_all

READING = "Đọc và kiểm tra tệp"
#: Findings about the file itself; they are listed even for a file that was replaced.
ALWAYS_LISTED = ("V-19", "V-22")

#: Called with a step, how many of its parts are done, and how many there are.
Progress = Callable[[str, int, int], None]


def silent(_step: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def consolidate(
    folder: Path,
    output: Path,
    now: dt.datetime | None = None,
    progress: Progress = silent,
    reviewed: Path | None = None,
    replies: bool = True,
    desk: Desk | None = None,
) -> Report:
    """Run everything on a province folder and write workbook, findings and record.

    Args:
        folder: the province folder.
        output: where to write; made if missing.
        now: the moment to print; by default the latest time among the inputs.
        progress: told of each step and of each file read.
        reviewed: a workbook of an earlier run whose conclusions, votes and notes are carried over; never overwritten.
        replies: whether to write a reply for each unit; without them, those of an earlier run stay as they are.
        desk: who reads the files, and where transcripts of earlier runs lie; by default this machine, and nowhere.

    Raises:
        CannotRun: the operator must change something first; nothing was written or replaced.
    """
    clock = _Clock(progress)
    if output.resolve().is_relative_to((folder / INBOX).resolve()):
        raise CannotRun(
            f"Không ghi kết quả vào hộp thư «{output}»: lần sau chúng bị đọc như tệp đơn vị gửi. Chọn -o khác."
        )
    outputs.prepare(output)
    carried = carried_from(reviewed) if reviewed else Carried()
    clock.start("Đọc cấu hình, lịch sử")
    province = with_scores(load_province(folder), carried)
    clock.start("Nhận tệp")
    inbox = folder / INBOX
    if not inbox.is_dir():
        raise CannotRun(f"Không có thư mục {INBOX} trong «{folder}». Tạo thư mục này và đặt các tệp đơn vị gửi vào đó.")
    intake = collect(inbox)
    clock.start(READING)
    own = read_own_templates(folder)
    results = examine(province, intake, now, lambda done, total: progress(READING, done, total), own.fingerprint, desk)
    clock.start("Soạn văn bản")
    report, nominations, documents = _documents(results, own)
    report.timings = clock.timings
    clock.start("Ghi bản tổng hợp")
    report.carried = carried
    with contextlib.closing(TypedCells(report.results.dataset)) if replies else contextlib.nullcontext() as typed:
        results.dataset.addresses.release()  # nothing below quotes a raw cell but the replies, which keep their own
        with outputs.turn(output):
            write_all(report, nominations, documents, output, clock.seconds, reviewed, typed)
    return report


def _documents(results: Results, own: OwnTemplates) -> tuple[Report, Nominations, dict[str, bytes]]:
    """Fill letters and minutes; what is wrong with the office's templates becomes findings of the run."""
    nominations = Nominations(results)
    try:
        documents, problems = make_documents(facts_of_run(results, nominations), own)
    except Exception as error:  # a bug of ours: the workbook is written all the same
        return Report(results, documents_failed=type(error).__name__), nominations, {}
    if problems:
        found = results.rules.settle([problem.finding for problem in problems])
        results = dataclasses.replace(results, findings=tuple(sorted((*results.findings, *found), key=sort_key)))
        nominations.results = results
    broken = tuple(dict.fromkeys(problem.file for problem in problems))
    return Report(results, broken_templates=broken), nominations, documents


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the cycle collector: millions of raw cells hold no cycles, and walking them costs a third more time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def examine(
    province: Province,
    intake: Intake,
    now: dt.datetime | None = None,
    tick: Callable[[int, int], None] = lambda *_: None,
    templates: str = "",
    desk: Desk | None = None,
) -> Results:
    """Turn what came into results: open, validate, choose, check.

    `tick` counts the files; `templates` tells the office's own templates from others, for the run's id; `desk` tells
    who reads the files.
    """
    with _no_collection():
        reading = read_all(intake.items, province, tick, desk)
    openings, data = reading.openings, reading.data
    rules = open_rulebook(province)
    addresses = addresses_of(province.units)
    findings = [*province.findings, *rules.findings, *with_units(intake.findings, addresses)]
    findings += [f for opening in openings for f in opening.findings]
    findings += choose(openings) + board_findings(openings, province)
    findings += judge_senders((opening.record for opening in openings), addresses)
    findings = rules.settle(_listed(findings, openings))
    records = [opening.record for opening in openings]
    whole = dataset.build(province, data, records, findings)
    case = Evidence(whole, rules)
    verdicts = run_checks(case, guarded=True, workers=os.cpu_count() or 1)
    findings = sorted((*findings, *verdicts.findings), key=sort_key)
    whole = dataclasses.replace(whole, stopped=dataset.stopped_rows(findings))
    moment = now or _latest(openings, province)
    run_id = _run_id(province, openings, moment, templates)
    return Results(
        whole, tuple(findings), intake.ignored, moment, run_id, rules, verdicts.looked_at, verdicts.failed, case
    )  # fmt: skip


def _listed(findings: Iterable[Finding], openings: Sequence[Opening]) -> list[Finding]:
    """Leave out what was found in files that others replaced; the file's record tells how many."""
    replaced = {o.record.path: o.record for o in openings if o.record.outcome is Outcome.SUPERSEDED}
    kept = []
    for finding in findings:
        record = replaced.get(finding.file)
        if record is None or finding.code in ALWAYS_LISTED:
            kept.append(finding)
        else:
            record.hidden_findings += 1
    return kept


def _latest(openings: Sequence[Opening], province: Province) -> dt.datetime:
    """Latest time among the inputs; the end of the period when nothing came."""
    times = [t for o in openings for t in (o.record.sent_at, o.record.received_at, o.record.saved_at) if t]
    return max(times, default=dt.datetime.combine(province.period.last, dt.time()))


def _run_id(province: Province, openings: Sequence[Opening], now: dt.datetime, templates: str) -> str:
    parts = [__version__, now.isoformat(), province.configuration.sha256]
    parts += [province.history.sha256] if province.history else []
    parts += [province.open_ballots.sha256] if province.open_ballots else []
    parts += [f"{o.record.path} {o.record.sha256} {o.record.sent_at}" for o in openings]
    parts += [templates] if templates else []
    parts += [province.secret.fingerprint] if province.secret else []
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


class _Clock:
    """Seconds of each step."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.timings: dict[str, float] = {}
        self._step, self._since = "", time.perf_counter()

    def start(self, step: str) -> None:
        self.stop()
        self.progress(step, 0, 1)
        self._step, self._since = step, time.perf_counter()

    def stop(self) -> None:
        if self._step:
            self.timings[self._step] = time.perf_counter() - self._since
            self._step = ""

    def seconds(self) -> dict[str, float]:
        """End the step and return the seconds of all."""
        self.stop()
        return self.timings
