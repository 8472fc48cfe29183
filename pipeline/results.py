"""What one run found, as the workbook, the records and the terminal need it. Made once, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.dataset import UNIT, Dataset
from pipeline.findings import Finding, Group, grouped
from pipeline.submissions import FileRecord, Outcome, Status, deadline_of, delay_text
from schemas.rules import Severity


@dataclass(frozen=True, slots=True)
class UnitState:
    """One line of the submission board."""

    code: str
    name: str
    kind: str  #: code of LOAI_DON_VI
    block: str
    status: Status
    deadline: dt.datetime | None
    first_sent: dt.datetime | None  #: first file that came, usable or not
    counted: FileRecord | None
    delay: str  #: how late the counted file is, in words; empty when in time
    files: int  #: everything that came
    refused: int
    superseded: int
    blocking: int  #: findings by severity
    needs_reason: int
    warnings: int
    information: int
    not_judged: int
    staff: int
    nominations: int  #: rows with result "đề nghị"


@dataclass(frozen=True)
class Results:
    """One run of one province."""

    dataset: Dataset
    findings: tuple[Finding, ...]  #: in report order
    ignored: tuple[str, ...]  #: inbox paths passed over on purpose (receipt log, lock files)
    now: dt.datetime  #: `--now`, else the latest time among the inputs
    run_id: str  #: 12 hex digits made of all inputs; equal inputs, equal id

    @cached_property
    def groups(self) -> list[Group]:
        """Equal findings put together, in report order."""
        return grouped(self.findings)

    @cached_property
    def board(self) -> tuple[UnitState, ...]:
        """Every expected unit, in the order of the configuration."""
        return tuple(_states(self.dataset, self.findings))

    def count(self, severity: Severity) -> int:
        """How many judged findings have this severity."""
        return sum(f.severity is severity and f.judged for f in self.findings)


def _states(data: Dataset, findings: Sequence[Finding]) -> list[UnitState]:
    province = data.province
    counted = data.counted
    staff = data.frames["NHAN_SU"].groupby(UNIT).size()
    nominations = data.frames["DE_NGHI"]
    proposed = nominations[nominations["ket_qua"] == "DE_NGHI"].groupby(UNIT).size()
    tally: dict[str, dict[str, int]] = {}
    for finding in findings:
        key = finding.severity.name if finding.judged else "NOT_JUDGED"
        line = tally.setdefault(finding.unit, {})
        line[key] = line.get(key, 0) + 1
    states = []
    for code, unit in province.expected().iterrows():
        came = [r for r in data.records if r.unit == code]
        mine = tally.get(str(code), {})
        record = counted.get(str(code))
        deadline = deadline_of(province, str(code))
        late = record is not None and deadline is not None and record.sent > deadline
        states.append(
            UnitState(
                str(code),
                str(unit["ten_don_vi"]),
                str(unit["loai"]),
                str(unit["khoi"]),
                _status(came, record, mine),
                deadline,
                min((r.sent for r in came), default=None),
                record,
                delay_text(record.sent - deadline) if late and record and deadline else "",
                len(came),
                sum(r.outcome in (Outcome.REFUSED, Outcome.INTERNAL) for r in came),
                sum(r.outcome is Outcome.SUPERSEDED for r in came),
                mine.get(Severity.BLOCKING.name, 0),
                mine.get(Severity.NEEDS_REASON.name, 0),
                mine.get(Severity.WARNING.name, 0),
                mine.get(Severity.INFORMATION.name, 0),
                mine.get("NOT_JUDGED", 0),
                int(staff.get(code, 0)),
                int(proposed.get(code, 0)),
            )
        )
    return states


def _status(came: Sequence[FileRecord], counted: FileRecord | None, tally: dict[str, int]) -> Status:
    if not came:
        return Status.MISSING
    if counted is None:
        return Status.RECEIVED
    mend = tally.get(Severity.BLOCKING.name, 0) + tally.get(Severity.NEEDS_REASON.name, 0)
    return Status.TO_MEND if mend else Status.ACCEPTED
