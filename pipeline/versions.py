"""Which of the usable files of a unit counts, and why the others do not (V-19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.findings import Finding
from pipeline.submissions import Choice, FileRecord, Opening, Outcome, moment


def choose(openings: Sequence[Opening]) -> list[Finding]:
    """Decide for each unit which opened file counts; sets outcomes, returns the V-19 findings.

    The file sent last counts, unless an earlier one was saved later: then the later mail carries older
    content, the newer content counts, and the unit is asked. Of equal files the first sent counts.
    """
    findings: list[Finding] = []
    by_unit: dict[str, list[FileRecord]] = {}
    for opening in openings:
        if opening.opened is not None:
            by_unit.setdefault(opening.record.unit, []).append(opening.record)
    for unit in sorted(by_unit):
        findings += _choose_one(sorted(by_unit[unit], key=_order))
    return findings


def _order(record: FileRecord) -> tuple[dt.datetime, dt.datetime, dt.datetime, str]:
    """Order of coming: sent, received, saved."""
    return (record.sent, record.received_at or record.sent, record.saved_at or record.sent, record.path)


def _choose_one(records: list[FileRecord]) -> list[Finding]:
    first_of: dict[str, FileRecord] = {}
    for record in records:
        first_of.setdefault(record.sha256, record)
    different = list(first_of.values())
    counted = max(different, key=lambda r: (r.saved_at or r.sent, r.sent, r.path))
    if any(r.saved_at is None for r in different):
        counted = different[-1]
    counted.outcome, counted.choice = Outcome.COUNTED, _why(counted, different)
    findings = []
    for record in records:
        if record is counted:
            continue
        record.outcome, record.reason = Outcome.SUPERSEDED, "V-19"
        twin = first_of[record.sha256]
        findings.append(_why_not(record, counted, twin if twin is not record else None))
    return findings


def _same_minute(one: FileRecord, other: FileRecord) -> bool:
    return one.sent.replace(second=0) == other.sent.replace(second=0)


def _why(counted: FileRecord, different: Sequence[FileRecord]) -> Choice:
    others = [record for record in different if record is not counted]
    if not others:
        return Choice.ONLY
    if any(record.sent > counted.sent and not _same_minute(record, counted) for record in others):
        return Choice.NEWEST_CONTENT
    return Choice.SAVED_LAST if any(_same_minute(record, counted) for record in others) else Choice.LAST_SENT


def _why_not(record: FileRecord, counted: FileRecord, twin: FileRecord | None) -> Finding:
    params = {"ban_tinh": counted.path}
    variant, choice = "superseded", Choice.REPLACED
    if twin is not None and twin is not counted and record.sent > counted.sent:
        variant, choice = "sent_again", Choice.SENT_AGAIN
        params |= {"ban_cu": twin.path}
    elif twin is not None:
        variant, choice = "same_file", Choice.SAME_FILE
        params = {"ban_tinh": twin.path}
    elif _same_minute(record, counted):
        variant, choice = "same_time", Choice.SAME_TIME
    elif record.sent > counted.sent and record.saved_at and counted.saved_at:
        variant, choice = "older_content", Choice.OLDER_CONTENT
        params |= {"luu_luc": moment(record.saved_at), "luu_luc_khac": moment(counted.saved_at)}
    record.choice = choice
    return Finding("V-19", variant, record.unit, "", record.path, params=params)
