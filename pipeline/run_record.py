"""Machine twins of the workbook: `phat-hien.csv`, `luan-phien.csv`, `xep-hang.csv` and `run.json`."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib import metadata
from typing import Any, BinaryIO

from pipeline import __version__
from pipeline.checks.rotation import explained
from pipeline.findings import Finding, sentences
from pipeline.plain_csv import write_csv
from pipeline.ranking import listing
from pipeline.ranking.nominee_listing import nominee_rows
from pipeline.ranking.of_province import ranking_of
from pipeline.results import REPLACED, Results, replaced_refusals
from pipeline.rotation.listing import write_listing
from pipeline.rotation.of_province import rotation_of
from pipeline.submissions import FileRecord
from pipeline.workbook.finding_keys import keys_by_finding
from schemas.rules import Severity
from schemas.sheets import UNIT_TEMPLATE

#: Fixed order; later columns are added at the end.
FINDING_COLUMNS = (
    "ma",
    "muc",
    "don_vi",
    "doi_tuong",
    "tep",
    "trang_tinh",
    "o",
    "gia_tri",
    "mo_ta",
    "cach_sua",
    "can_cu",
    "trang_thai_nguon",
    "bien_the",
    "ghi_chu_tinh",
    "khoa",
)
#: Libraries whose version can change a result.
LIBRARIES = ("pandas", "numpy", "pandera", "python-calamine", "openpyxl", "XlsxWriter")


def finding_row(finding: Finding, settled: frozenset[str] = frozenset(), key: str = "") -> list[str]:
    """One line of `phat-hien.csv`; `key` names the line of the workbook, the same from run to run."""
    words = sentences(finding)
    return [
        finding.code,
        words.severity,
        finding.unit,
        finding.subject,
        finding.file,
        finding.sheet,
        finding.cell,
        finding.value,
        words.what,
        REPLACED if finding.file in settled else words.fix,
        words.source,
        words.source_status,
        finding.variant,
        words.note,
        key,
    ]


def write_rotation(file: BinaryIO, results: Results) -> None:
    """Write one line a series of the rotation test, UTF-8 with BOM; persons are not named."""
    case, rotation = results.evidence, rotation_of(results.evidence)
    told = {id(judgement): one for one, judgement in rotation}
    write_listing(file, rotation.judgements, lambda judgement: explained(case, told[id(judgement)], judgement))


def write_ranking(file: BinaryIO, results: Results) -> None:
    """Write one line a unit of the ranking, then the people by title, UTF-8 with BOM; persons are not named."""
    listing.write_ranking(file, ranking_of(results.evidence), nominee_rows(results.nominees))


def write_findings(file: BinaryIO, results: Results) -> None:
    """Write all findings, one line per finding and cell, UTF-8 with BOM."""
    settled, keys = replaced_refusals(results.dataset), keys_by_finding(results)
    rows = (finding_row(finding, settled, keys[id(finding)]) for finding in results.findings)
    write_csv(file, FINDING_COLUMNS, rows)


def record_of(
    results: Results, outputs: Mapping[str, str], timings: Mapping[str, float], reviewed: str = ""
) -> dict[str, Any]:
    """Return the run record; all but `timings` is the same for the same inputs.

    Args:
        results: the run.
        outputs: file name → SHA-256 of what was written.
        timings: step → seconds.
        reviewed: SHA-256 of the workbook whose opinions were carried over; empty when there was none.
    """
    province = results.dataset.province
    own = {f.name: f.sha256 for f in (province.configuration, province.history) if f}
    files = [_file(record) for record in results.dataset.records]
    return {
        "run_id": results.run_id,
        "version": __version__,
        "template": {"form": UNIT_TEMPLATE.code, "version": UNIT_TEMPLATE.version},
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
        "python": platform.python_version(),
        "period": province.period.code,
        "rule_set": results.rules.rule_set.code if results.rules.rule_set else None,
        "now": results.now.isoformat(timespec="minutes"),
        "province_files": own,
        "files": files,
        "ignored": list(results.ignored),
        "reviewed": reviewed or None,
        "secret_fingerprint": province.secret.fingerprint if province.secret else None,
        "counts": {
            "files": len(files),
            "outcomes": _tally(str(f["outcome"]) for f in files),
            "units": _tally(state.status.value for state in results.board),
            "findings": {severity.value: results.count(severity) for severity in Severity},
            "not_judged": sum(not f.judged for f in results.findings),
            "rows": {code: len(frame) for code, frame in results.dataset.frames.items()},
        },
        "outputs": dict(sorted(outputs.items())),
        "timings": {name: round(seconds, 3) for name, seconds in timings.items()},
    }


def _file(record: FileRecord) -> dict[str, Any]:
    def when(value: Any) -> str | None:
        return value.isoformat(timespec="seconds") if value else None

    return {
        "path": record.path, "sha256": record.sha256, "bytes": record.size, "unit": record.unit,
        "unit_by_name": record.unit_by_name, "unit_by_sender": record.unit_by_sender,
        "sender": record.sender, "message_id": record.message_id, "original_sender": record.original_sender,
        "sent": when(record.sent_at), "received": when(record.received_at),
        "time_source": record.time_source.value, "saved": when(record.saved_at), "version": record.version,
        "outcome": record.outcome.value, "reason": record.reason,
        "choice": record.choice.value if record.choice else "",
        "cells": asdict(record.counts) | {"balanced": record.counts.balanced},
        "findings_not_listed": record.hidden_findings,
        "internal_error": record.trace or None,
        "issue_number": record.issue_number or None, "authenticity": record.authenticity and record.authenticity.value,
    }  # fmt: skip


def _tally(words: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return dict(sorted(counts.items()))


def write_record(file: BinaryIO, record: Mapping[str, Any]) -> None:
    """Write `run.json`."""
    file.write((json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
