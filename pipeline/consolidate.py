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
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pipeline import __version__, dataset, outputs, run_record
from pipeline.checks import run_checks
from pipeline.checks.running import MANY
from pipeline.evidence import Evidence
from pipeline.findings import Finding, sort_key
from pipeline.intake import Intake, collect
from pipeline.province import INBOX, Province, load_province
from pipeline.references import check_references, collective_mentions
from pipeline.refusals import CannotRun
from pipeline.results import Results
from pipeline.rulebook import open_rulebook
from pipeline.submissions import Opening, Outcome, Status, board_findings, choose, open_all, set_aside
from pipeline.validation import Validated, merge, validate
from pipeline.workbook import write_workbook
from pipeline.workbook.unit_files import chunks
from pipeline.workbook.unit_pages import write_file
from schemas.rules import Severity
from schemas.sheets import UNIT_TEMPLATE

WORKBOOK, FINDINGS, ROTATION, RANKING = "tong-hop.xlsx", "phat-hien.csv", "luan-phien.csv", "xep-hang.csv"
READING = "Đọc và kiểm tra tệp"
#: Files validated together: pandera costs per frame, hardly per row.
CHUNK = 500
#: Findings about the file itself; they are listed even for a file that was replaced.
ALWAYS_LISTED = ("V-19",)

#: Called with a step, how many of its parts are done, and how many there are.
Progress = Callable[[str, int, int], None]


def silent(_step: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(slots=True)
class Report:
    """What the command says at its end, and with which exit code."""

    results: Results
    written: list[Path] = field(default_factory=list)
    kept_reviewed: Path | None = None  #: a reviewed workbook that was left as it is
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def internal_errors(self) -> int:
        """Files set aside, and checks that could not run, because of a fault of ours."""
        return sum(r.outcome is Outcome.INTERNAL for r in self.results.dataset.records) + len(self.results.failed)

    def exit_code(self, fail_on: Severity | None) -> int:
        """0 finished · 1 a finding of `fail_on` or graver exists · 3 finished, but something was set aside."""
        if self.internal_errors:
            return 3
        if fail_on and any(f.judged and f.severity.rank <= fail_on.rank for f in self.results.findings):
            return 1
        return 0

    def lines(self) -> list[str]:
        """Return the closing summary, in Vietnamese; no person is named."""
        board, results = self.results.board, self.results
        states = {status: sum(s.status is status for s in board) for status in Status}
        missing = ", ".join(s.code for s in board if s.status is Status.MISSING)
        late = sum(bool(s.delay) for s in board)
        severities = " · ".join(f"{s.value} {results.count(s)}" for s in Severity)
        lines = [
            f"Đơn vị: {len(board)} phải nộp · Đạt {states[Status.ACCEPTED]} · Cần bổ sung {states[Status.TO_MEND]}"
            f" · Đã nhận, chưa dùng được {states[Status.RECEIVED]} · Chưa nộp {states[Status.MISSING]}"
            + (f" ({missing})" if missing else "")
            + (f" · nộp muộn {late}" if late else ""),
            f"Tệp: {len(results.dataset.records)} đã nhận · "
            + " · ".join(f"{o.value} {n}" for o in Outcome if (n := self._outcomes(o))),
            f"Phát hiện: {severities} · không đánh giá được {sum(not f.judged for f in results.findings)}",
        ]
        if self.kept_reviewed:
            lines.append(f"{self.kept_reviewed.name} đã có người sửa nên được giữ nguyên; bản mới là tệp dưới đây.")
        if self.internal_errors:
            lines.append(f"Có {self.internal_errors} tệp, quy tắc bị để riêng vì lỗi của chương trình; xem PHAT_HIEN.")
        return [*lines, *(f"Đã ghi: {path}" for path in self.written)]

    def _outcomes(self, outcome: Outcome) -> int:
        return sum(r.outcome is outcome for r in self.results.dataset.records)


def consolidate(folder: Path, output: Path, now: dt.datetime | None = None, progress: Progress = silent) -> Report:
    """Run everything on a province folder and write workbook, findings and record.

    Args:
        folder: the province folder.
        output: where to write; made if missing.
        now: the moment to print; by default the latest time among the inputs.
        progress: told of each step and of each file read.

    Raises:
        CannotRun: the operator must change something first; nothing was written or replaced.
    """
    clock = _Clock(progress)
    if output.resolve().is_relative_to((folder / INBOX).resolve()):
        raise CannotRun(
            f"Không ghi kết quả vào hộp thư «{output}»: lần sau chúng bị đọc như tệp đơn vị gửi. Chọn -o khác."
        )
    outputs.prepare(output)
    clock.start("Đọc cấu hình, lịch sử")
    province = load_province(folder)
    clock.start("Nhận tệp")
    inbox = folder / INBOX
    if not inbox.is_dir():
        raise CannotRun(f"Không có thư mục {INBOX} trong «{folder}». Tạo thư mục này và đặt các tệp đơn vị gửi vào đó.")
    intake = collect(inbox)
    clock.start(READING)
    results = examine(province, intake, now, lambda done, total: progress(READING, done, total))
    clock.start("Ghi bản tổng hợp")
    results.dataset.addresses.release()  # nothing below quotes a raw cell
    report = Report(results, timings=clock.timings)
    _write(report, output, clock)
    return report


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
) -> Results:
    """Turn what came into results: open, validate, choose, check. `tick` counts the files."""
    with _no_collection():
        openings = open_all(intake.items, province, tick)
        data = validate_all(openings, province)
    rules = open_rulebook(province)
    findings = [*province.findings, *rules.findings, *intake.findings]
    findings += [f for opening in openings for f in opening.findings] + data.findings
    findings += choose(openings) + board_findings(openings, province)
    findings = rules.settle(_listed(findings, openings))
    records = [opening.record for opening in openings]
    whole = dataset.build(province, data, records, findings)
    workers = (os.cpu_count() or 1) if len(whole.frames["DE_NGHI"]) >= MANY else 1
    case = Evidence(whole, rules)
    verdicts = run_checks(case, guarded=True, workers=workers)
    findings = sorted((*findings, *verdicts.findings), key=sort_key)
    whole = dataclasses.replace(whole, stopped=dataset.stopped_rows(findings))
    moment = now or _latest(openings, province)
    run_id = _run_id(province, openings, moment)
    return Results(
        whole, tuple(findings), intake.ignored, moment, run_id, rules, verdicts.looked_at, verdicts.failed, case
    )  # fmt: skip


def validate_all(openings: Sequence[Opening], province: Province) -> Validated:
    """Validate opened files in chunks; when a chunk fails by a fault of ours, find the file and set it aside."""
    opened = [o for o in openings if o.opened is not None]
    chunks: list[Validated] = []
    first = 0
    for start in range(0, len(opened), CHUNK):
        for chunk in _chunk(opened[start : start + CHUNK], province, first):
            chunks.append(chunk)
            first += chunk.addresses.size
    if not chunks:
        chunks = [validate([], UNIT_TEMPLATE, province.lists, province.windows)]
    whole = merge(chunks)
    for opening in opened:
        opening.record.counts = whole.counts.get(opening.record.number, opening.record.counts)
        if opening.opened is not None and not opening.record.counts.balanced:
            opening.findings += set_aside(opening.record, AssertionError("cells were lost")).findings
            opening.opened = None
    return whole


def _chunk(openings: Sequence[Opening], province: Province, first: int) -> Iterable[Validated]:
    files = [o.opened for o in openings if o.opened is not None]
    try:
        data = validate(files, UNIT_TEMPLATE, province.lists, province.windows, first)
        data.findings += check_references(data, UNIT_TEMPLATE)
        data.findings += collective_mentions(data)
        yield data
    except Exception as error:  # a bug of ours: halve the chunk until the file that meets it stands alone
        if len(openings) == 1:
            aside = set_aside(openings[0].record, error)
            openings[0].opened = None
            openings[0].findings += aside.findings
            return
        half = len(openings) // 2
        for part in (openings[:half], openings[half:]):
            for data in _chunk(part, province, first):
                yield data
                first += data.addresses.size


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


def _run_id(province: Province, openings: Sequence[Opening], now: dt.datetime) -> str:
    parts = [__version__, now.isoformat(), province.configuration.sha256]
    parts += [province.history.sha256] if province.history else []
    parts += [province.open_ballots.sha256] if province.open_ballots else []
    parts += [f"{o.record.path} {o.record.sha256} {o.record.sent_at}" for o in openings]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _write(report: Report, output: Path, clock: _Clock) -> None:
    results = report.results
    workbook = outputs.free_name(output, WORKBOOK)
    if workbook.name != WORKBOOK:
        report.kept_reviewed = output / WORKBOOK
    findings, rotation, ranking = output / FINDINGS, output / ROTATION, output / RANKING
    record = output / outputs.RUN_RECORD
    unit_files = {output / name: states for name, states in chunks(results).items()}
    with outputs.Staging() as stage:
        hashes = {workbook.name: stage.write(workbook, lambda file: write_workbook(file, results))}
        for place, states in unit_files.items():
            hashes[place.name] = stage.write(place, partial(write_file, results=results, states=states))
        hashes[FINDINGS] = stage.write(findings, lambda file: run_record.write_findings(file, results))
        hashes[ROTATION] = stage.write(rotation, lambda file: run_record.write_rotation(file, results))
        hashes[RANKING] = stage.write(ranking, lambda file: run_record.write_ranking(file, results))
        clock.stop()
        told = run_record.record_of(results, hashes, report.timings)
        stage.write(record, lambda file: run_record.write_record(file, told))
        stage.publish()
    report.written = [workbook, *unit_files, findings, rotation, ranking, record]


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
