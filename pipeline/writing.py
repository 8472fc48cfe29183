"""Writing what a run made: workbook, unit pages, twins, documents and record, all together or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pipeline import outputs, run_record
from pipeline.last_run import KEPT, KEPT_RANKING, run_before
from pipeline.replies import Posted, TypedCells, posted_of, replies_beside
from pipeline.results import Results
from pipeline.submissions import Outcome, Status, authenticity_line
from pipeline.workbook import write_workbook
from pipeline.workbook.carried import Carried
from pipeline.workbook.nominated import Nominations
from pipeline.workbook.unit_files import FILE, chunks
from pipeline.workbook.unit_pages import write_file
from schemas.rules import Severity

WORKBOOK, FINDINGS, ROTATION, RANKING = "tong-hop.xlsx", "phat-hien.csv", "luan-phien.csv", "xep-hang.csv"
#: Folder of the letters and minutes, below the output.
DOCUMENT_FOLDER = "van-ban"
#: How the names of outputs begin of which another run may write fewer.
_ONLY_OF_THE_LAST_RUN = (FILE.partition("{")[0], f"{DOCUMENT_FOLDER}/")


@dataclass(slots=True)
class Report:
    """What the command says at its end, and with which exit code."""

    results: Results
    written: list[Path] = field(default_factory=list)
    kept_reviewed: Path | None = None  #: a reviewed workbook that was left as it is
    kept_documents: list[str] = field(default_factory=list)  #: documents that people have changed, left as they are
    documents_failed: str = ""  #: the fault of ours because of which there are no documents
    broken_templates: tuple[str, ...] = ()  #: templates of the office in whose place ours were used
    carried: Carried = field(default_factory=Carried)  #: opinions of an earlier workbook
    posted: Posted | None = None  #: replies and reminders; None when none were asked for
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def internal_errors(self) -> int:
        """Files set aside, and checks that could not run, because of a fault of ours."""
        return (
            sum(r.outcome is Outcome.INTERNAL for r in self.results.dataset.records)
            + len(self.results.failed)
            + bool(self.documents_failed)
        )

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
        if seals := authenticity_line(results.dataset.records, results.dataset.province):
            lines.append(seals)
        if self.kept_reviewed:
            lines.append(f"{self.kept_reviewed.name} đã có người sửa nên được giữ nguyên; bản mới là tệp dưới đây.")
        if self.kept_documents:
            lines.append(f"Văn bản đã có người sửa nên được giữ nguyên: {', '.join(self.kept_documents)}.")
        if self.broken_templates:
            lines.append(f"Không dùng được mẫu văn bản {', '.join(self.broken_templates)}; xem V-MAU ở PHAT_HIEN.")
        lines += self.posted.lines() if self.posted else []
        if self.documents_failed:
            lines.append(f"Chưa ghi được văn bản vì lỗi của chương trình ({self.documents_failed}).")
        if self.carried.sha256:
            left = sum(1 for _ in self.carried.left())
            lines.append(
                f"Đã chuyển ý kiến của {len(self.carried.used)} dòng từ {self.carried.name}; {left} dòng không còn chỗ"
                " (xem SO_SANH_LAN_CHAY)."
            )
        if self.internal_errors:
            lines.append(f"Có {self.internal_errors} tệp, quy tắc bị để riêng vì lỗi của chương trình; xem PHAT_HIEN.")
        return [*lines, *(f"Đã ghi: {path}" for path in self.written)]

    def _outcomes(self, outcome: Outcome) -> int:
        return sum(r.outcome is outcome for r in self.results.dataset.records)


def write_all(
    report: Report,
    nominations: Nominations,
    documents: dict[str, bytes],
    output: Path,
    seconds: Callable[[], dict[str, float]],
    reviewed: Path | None,
    typed: TypedCells | None = None,
) -> None:
    """Write everything and tell the report what was written.

    Args:
        report: of the run; gains `written`, `kept_reviewed` and `kept_documents`.
        nominations: shared with the documents, so that both say the same.
        documents: bytes of the letters and minutes by name below `van-ban/`.
        output: the folder, prepared.
        seconds: asked at the end of the work for the seconds of each step, which the record keeps.
        reviewed: a workbook that must not be overwritten.
        typed: what the units typed, for their replies; None writes none.

    Raises:
        CannotRun: something cannot be written; what was there is left as it was.
    """
    results, carried = report.results, report.carried
    before = run_before(output, FINDINGS, RANKING, results.run_id)
    workbook = outputs.free_name(output, WORKBOOK, never=[reviewed] if reviewed else [])
    if workbook.name != WORKBOOK:
        report.kept_reviewed = output / WORKBOOK
    findings, rotation, ranking = output / FINDINGS, output / ROTATION, output / RANKING
    record = output / outputs.RUN_RECORD
    shared: dict[object, object] = {Nominations: nominations}
    unit_files = {output / name: states for name, states in chunks(results).items()}
    hashes: dict[str, str] = {}
    with outputs.Staging(output) as stage:
        with _replies(report, typed, output, stage) as shared[posted_of]:
            hashes[workbook.name] = stage.write(
                workbook, lambda file: write_workbook(file, results, shared=shared, carried=carried, before=before)
            )
            for place, states in unit_files.items():
                make = partial(write_file, results=results, states=states, beside=workbook.name)
                hashes[place.name] = stage.write(place, make)
        hashes[FINDINGS] = stage.write(findings, lambda file: run_record.write_findings(file, results))
        hashes[ROTATION] = stage.write(rotation, lambda file: run_record.write_rotation(file, results))
        hashes[RANKING] = stage.write(ranking, lambda file: run_record.write_ranking(file, results))
        if before is not None:
            hashes[KEPT] = stage.write(output / KEPT, lambda file: _put(file, before.content))
        if before is not None and before.ranks is not None:
            ranks = before.ranks
            hashes[KEPT_RANKING] = stage.write(output / KEPT_RANKING, lambda file: _put(file, ranks.content))
        papers = [*_stage_documents(report, documents, output, stage, hashes)]
        for place in _outdated(output, hashes):
            stage.remove(place)
        told = run_record.record_of(results, hashes, seconds(), carried.sha256)
        stage.write(record, lambda file: run_record.write_record(file, told))
        stage.publish()
    report.written = [workbook, *unit_files, findings, rotation, ranking, record, *papers]


@contextlib.contextmanager
def _replies(report: Report, typed: TypedCells | None, output: Path, stage: outputs.Staging) -> Iterator[Posted]:
    """Make the replies beside the workbook, which tells of them; without `typed` there are none."""
    if typed is None:
        yield Posted()
        return
    with replies_beside(report.results, typed, output, stage) as posted:
        report.posted = posted
        yield posted


def _outdated(output: Path, hashes: Mapping[str, str]) -> Iterator[Path]:
    """Unit pages and documents of the last run that this one does not write; what people have changed stays."""
    for name, sha in outputs.recorded_hashes(output).items():
        if name.startswith(_ONLY_OF_THE_LAST_RUN) and name not in hashes and outputs.is_as_written(output / name, sha):
            yield output / name


def _stage_documents(
    report: Report, documents: dict[str, bytes], output: Path, stage: outputs.Staging, hashes: dict[str, str]
) -> Iterator[Path]:
    """Write the documents beside their places; one that people have changed is kept, the new one gets a number."""
    if documents:
        outputs.prepare(output / DOCUMENT_FOLDER)
    for name, content in documents.items():
        place = outputs.free_name(output, f"{DOCUMENT_FOLDER}/{name}")
        if place.name != name:
            report.kept_documents.append(name)
        sha = stage.write(place, lambda file, content=content: file.write(content))  # type: ignore[misc]
        hashes[f"{DOCUMENT_FOLDER}/{place.name}"] = sha
        yield place


def _put(file: BinaryIO, content: bytes) -> None:
    file.write(content)
