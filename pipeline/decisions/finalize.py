"""`tdkt finalize`: the reviewed workbook in, the final lists, the record and next year's history out."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from pipeline import consolidate, outputs
from pipeline.decisions.agreement import say_contradictions
from pipeline.decisions.carrying import carried_of
from pipeline.decisions.history import NextHistory, next_history, write_history
from pipeline.decisions.judging import Decision, Outcome, judge
from pipeline.decisions.letters import decided_facts
from pipeline.decisions.merging import MergedRow, merge
from pipeline.decisions.reading import Reviewed, read_reviewed
from pipeline.decisions.record import COLUMNS, record_rows
from pipeline.decisions.result_book import ResultFacts, write_result_book
from pipeline.decisions.scores import with_scores
from pipeline.documents import OwnTemplates, make_documents, read_own_templates
from pipeline.findings import Finding, sort_key
from pipeline.intake import collect
from pipeline.plain_csv import write_csv
from pipeline.province import HISTORY_FILE, INBOX, load_province
from pipeline.ranking.gates import gates_of
from pipeline.refusals import CannotRun
from pipeline.results import Results
from pipeline.run_record import FINDING_COLUMNS, finding_row
from pipeline.workbook import council_meeting
from schemas.rules import Severity

#: Folder of the letters and minutes, below the output.
DOCUMENT_FOLDER = "van-ban"
RESULT_BOOK, RECORD, FINDINGS = "ket-qua.xlsx", "quyet-dinh.csv", "phat-hien-quyet-dinh.csv"
#: Says what this command wrote, so that what people have edited since is not overwritten.
FINALIZED = "ket-qua.json"


@dataclass(slots=True)
class Finalized:
    """What the command says at its end."""

    decisions: list[Decision]
    findings: list[Finding]
    history: NextHistory | None = None
    written: list[Path] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  #: files that people have edited, which were left as they are

    def exit_code(self, fail_on: Severity | None) -> int:
        """0 everything was written · 1 a finding of `fail_on` or graver exists."""
        return int(any(fail_on and f.severity.rank <= fail_on.rank for f in self.findings))

    def lines(self) -> list[str]:
        """Return the closing summary, in Vietnamese; no person is named."""
        counts = Counter(d.outcome for d in self.decisions if d.outcome)
        severities = Counter(f.severity for f in self.findings)
        lines = [
            "Đề nghị: " + " · ".join(f"{o.value} {counts[o]}" for o in Outcome if counts[o]) + ".",
            "Phát hiện: " + " · ".join(f"{s.value} {severities[s]}" for s in Severity) + ".",
        ]
        if self.history:
            added = self.history.added
            lines.append(
                f"Lịch sử cho năm sau: thêm {added['KHEN_THUONG']} khen thưởng, {added['NHAN_SU_NAM']} người, "
                f"{added['UNG_CU']} lượt được xét, hạng của {added['HANG_NAM']} đơn vị."
            )
        lines += [f"{name} đã có người sửa nên được giữ nguyên; bản mới là tệp dưới đây." for name in self.kept]
        return [*lines, *(f"Đã ghi: {path}" for path in self.written)]


def finalize(workbooks: Sequence[Path], output: Path, folder: Path | None = None) -> Finalized:
    """Read the copies of one reviewed workbook and write what follows from them.

    Args:
        workbooks: one or several copies of what `tdkt consolidate` wrote.
        output: where to write; made if missing.
        folder: the province folder; without it no history is written.

    Raises:
        CannotRun: a workbook cannot be read, they are of different runs, or the output cannot be written; nothing
            was written then.
    """
    _refuse_places(workbooks, output, folder)
    books = [read_reviewed(path) for path in workbooks]
    rows = merge(books)
    run = books[0].technical.run
    decisions = judge(rows, run["awards"])
    more: list[Finding] = []
    own = read_own_templates(folder) if folder else OwnTemplates()
    results = _results(books[0], folder, own, more)
    say_contradictions(decisions, dict(gates_of(results.evidence)["decision"]) if results else None)
    history = next_history(results, decisions, _meeting(rows)) if results else None
    findings = [*more, *(f for book in books for f in book.findings), *(history.findings if history else ())]
    finalized = Finalized(decisions, sorted(findings, key=sort_key), history)
    documents = _documents(finalized, results, run["awards"], own) if results else {}
    outputs.prepare(output)
    with outputs.turn(output):
        _write(finalized, rows, ResultFacts(run, run["awards"]), results, documents, output)
    return finalized


def _refuse_places(workbooks: Sequence[Path], output: Path, folder: Path | None) -> None:
    """Never write where something would be overwritten that is an input."""
    if folder and output.resolve() == folder.resolve():
        raise CannotRun(f"Không ghi vào chính thư mục tỉnh «{output}»: lich-su.xlsx sẽ bị thay. Chọn -o khác.")
    if folder and output.resolve().is_relative_to((folder / INBOX).resolve()):
        raise CannotRun(f"Không ghi kết quả vào hộp thư «{output}». Chọn -o khác.")
    own = {(output / name).resolve() for name in (RESULT_BOOK, HISTORY_FILE)}
    for path in workbooks:
        if path.resolve() in own:
            raise CannotRun(f"«{path}» trùng tên với tệp kết quả. Chọn -o khác.")


def _results(book: Reviewed, folder: Path | None, own: OwnTemplates, findings: list[Finding]) -> Results | None:
    """This year's run on the province folder, with the scores typed in the workbook; None without a folder."""
    run = book.technical.run
    if folder is None:
        findings.append(Finding("KL-08", "no_province", file=book.name))
        return None
    province = with_scores(load_province(folder), carried_of(book))
    if province.period.code != run["period"]:
        told = {"ky": str(run["period"]), "nay": province.period.code}
        findings.append(Finding("KL-08", "period", file=book.name, params=told))
        return None
    inbox = folder / INBOX
    if not inbox.is_dir():
        raise CannotRun(f"Không có thư mục {INBOX} trong «{folder}». Chọn đúng thư mục tỉnh ở --province.")
    moment = dt.datetime.fromisoformat(str(run["now"]))
    results = consolidate.examine(province, collect(inbox), moment, templates=own.fingerprint)
    if results.run_id != book.run_id:
        told = {"lan_chay": book.run_id, "nay": results.run_id}
        findings.append(Finding("KL-08", "changed", file=book.name, params=told))
    return results


def _meeting(rows: Sequence[MergedRow]) -> dict[str, MergedRow]:
    return {row.sealed.key: row for row in rows if row.sealed.table.sheet == council_meeting.PLAN.name}


def _write(
    done: Finalized,
    rows: Sequence[MergedRow],
    facts: ResultFacts,
    results: Results | None,
    documents: Mapping[str, bytes],
    output: Path,
) -> None:
    record = list(record_rows(rows, done.decisions))
    known = outputs.recorded_hashes(output, FINALIZED)

    def place(name: str) -> Path:
        path = outputs.free_name(output, name, known)
        done.kept += [name] if path.name != name else []
        return path

    with outputs.Staging(output) as stage:
        hashes: dict[str, str] = {}

        def put(path: Path, write: object) -> None:
            hashes[path.relative_to(output).as_posix()] = stage.write(path, write)  # type: ignore[arg-type]
            done.written.append(path)

        put(place(RESULT_BOOK), lambda file: write_result_book(file, facts, done.decisions, record, done.findings))
        put(output / RECORD, lambda file: write_csv(file, COLUMNS, record))
        put(output / FINDINGS, lambda file: write_csv(file, FINDING_COLUMNS, map(finding_row, done.findings)))
        if results and done.history:
            history = done.history
            put(place(HISTORY_FILE), lambda file: write_history(file, results, history))
        if documents:
            outputs.prepare(output / DOCUMENT_FOLDER)
        for name, content in documents.items():
            put(place(f"{DOCUMENT_FOLDER}/{name}"), partial(_put, content))
        told = {"run_id": facts.run["run_id"], "outputs": dict(sorted(hashes.items()))}
        stage.write(output / FINALIZED, lambda file: _write_told(file, told))
        stage.publish()


def _documents(
    done: Finalized, results: Results, awards: Mapping[str, Mapping[str, Any]], own: OwnTemplates
) -> dict[str, bytes]:
    """Fill letters and minutes with what was decided; a template of the office that cannot be used is a finding."""
    documents, problems = make_documents(decided_facts(results, done.decisions, awards), own)
    done.findings = sorted((*done.findings, *(problem.finding for problem in problems)), key=sort_key)
    return documents


def _put(content: bytes, file: BinaryIO) -> None:
    file.write(content)


def _write_told(file: BinaryIO, told: dict[str, object]) -> None:
    file.write((json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
