"""One unit's reply: its own data in a fresh form with the wrong cells marked, and the letter that carries it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

from pipeline.dataset import PERSON, UNIT, Dataset
from pipeline.findings import Finding
from pipeline.issuing import own_fields, prefill, write_form
from pipeline.province import Province
from pipeline.replies import wording
from pipeline.replies.letters import Letter, draft, receivers_of
from pipeline.replies.lines import Said, said_to
from pipeline.replies.slip_sheet import Accepted, Slip, cover_of
from pipeline.replies.typed import TypedSheet
from pipeline.results import UnitState
from pipeline.submissions import FileRecord
from pipeline.template import Contents
from schemas.sheets import UNIT_TEMPLATE


@dataclass(frozen=True)
class Case:
    """Everything that is said to one unit is made from this, and from what it typed."""

    province: Province
    now: dt.datetime
    state: UnitState
    findings: Sequence[Finding]  #: on this unit, in report order
    records: Sequence[FileRecord]  #: the files that came from it
    settled: frozenset[str]  #: paths of refused files of which nothing is left to do
    accepted: Mapping[str, tuple[int, int]]  #: sheet code → rows and cells taken from the file that counts

    @cached_property
    def receivers(self) -> tuple[str, ...]:
        """Addresses of the unit."""
        return receivers_of(self.province.units.at[self.state.code, "thu_dien_tu"])

    @property
    def mail_answered(self) -> str:
        """Message-ID of the mail that brought the file that counts, else the last file; empty when not known."""
        if self.state.counted:
            return self.state.counted.message_id
        last = max(self.records, key=lambda record: (record.sent, record.path), default=None)
        return last.message_id if last else ""


def accepted_of(data: Dataset) -> dict[str, dict[str, tuple[int, int]]]:
    """Rows and cells taken from each sheet of each unit's file: unit → sheet code → (rows, cells)."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for sheet in UNIT_TEMPLATE.sheets:
        frame = data.frames[sheet.code]
        filled = frame.drop(columns=[UNIT, PERSON], errors="ignore").notna().sum(axis=1)
        grouped = filled.groupby(frame[UNIT])
        for unit, rows, cells in zip(grouped.size().index, grouped.size(), grouped.sum(), strict=True):
            found.setdefault(str(unit), {})[sheet.code] = (int(rows), int(cells))
    return found


def reply_and_letter(case: Case, typed: Mapping[str, TypedSheet]) -> tuple[bytes, bytes]:
    """Make a unit's reply, a workbook, and the draft of the mail that carries it."""
    said = said_to(case.findings, case.records, typed, case.settled)
    reply = reply_book(case, typed, said)
    return reply, draft(letter_of(case, said, reply))


def reply_book(case: Case, typed: Mapping[str, TypedSheet], said: Said) -> bytes:
    """Write the workbook: PHIEU_TRA_LAI, then the form with what the unit typed, marked."""
    stream = BytesIO()
    unit = case.state.code
    write_form(stream, case.province, unit, _contents(case, typed), said.marks, cover_of(_slip(case, said)))
    return stream.getvalue()


def _contents(case: Case, typed: Mapping[str, TypedSheet]) -> Contents:
    """What the unit typed, and what the province fills; the empty form as issued when nothing of it can be used."""
    if case.state.counted is None:
        return prefill(case.province, case.state.code)
    contents = {code: sheet.contents() for code, sheet in typed.items()}
    form = contents.get("DON_VI") or [{}]
    return {**contents, "DON_VI": [{**form[0], **own_fields(case.province, case.state.code)}]}


def _slip(case: Case, said: Said) -> Slip:
    state, period = case.state, case.province.period
    return Slip(
        state.status,
        wording.verdict(state, said),
        wording.facts(state, period, case.records),
        wording.steps(state, said),
        said,
        _accepted(case),
        wording.total(state.counted.counts) if state.counted else "",
    )


def _accepted(case: Case) -> list[Accepted]:
    return [Accepted(sheet.code, sheet.title, *case.accepted.get(sheet.code, (0, 0))) for sheet in UNIT_TEMPLATE.sheets]


def letter_of(case: Case, said: Said, reply: bytes) -> Letter:
    """The letter that carries a reply."""
    state, period = case.state, case.province.period
    return Letter(
        state.code,
        period.mailbox.address,
        case.receivers,
        wording.subject(state, case.province, said),
        wording.body(state, case.province, said, _accepted(case)),
        case.now,
        case.mail_answered,
        reply,
        f"Phiếu trả lại {period.code} {state.code}.xlsx",
    )


def reminder_of(case: Case) -> Letter:
    """The letter to a unit that has sent nothing."""
    return Letter(
        case.state.code,
        case.province.period.mailbox.address,
        case.receivers,
        wording.reminder_subject(case.state, case.province),
        wording.reminder_body(case.state, case.province, case.now),
        case.now,
    )
