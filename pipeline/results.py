"""What one run found, as the workbook, the records and the terminal need it. Made once, never changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from pipeline.dataset import UNIT, Dataset
from pipeline.evidence import Evidence
from pipeline.findings import Finding, Group, grouped
from pipeline.ranking.nominees import NomineeOrder, order_of_nominees, unit_ranks
from pipeline.rulebook import Rulebook
from pipeline.submissions import FileRecord, Outcome, Status, deadline_of, delay_text
from schemas.rules import NOT_JUDGED, Severity


@dataclass(frozen=True, slots=True)
class UnitState:
    """One line of the submission board."""

    code: str
    name: str
    kind: str  #: code of LOAI_DON_VI
    block: str
    status: Status
    deadline: dt.datetime | None
    time_left: bool  #: the deadline lies after the time of the data, which may be some days old
    first_sent: dt.datetime | None  #: first file that came, usable or not
    counted: FileRecord | None
    delay: str  #: how late the counted file is, in words; empty when in time
    files: int  #: everything that came
    refused: int
    superseded: int
    #: findings by severity; those on a refused file are left out once another file of the unit counts
    blocking: int
    needs_reason: int
    warnings: int
    information: int
    not_judged: int
    staff: int
    nominations: int  #: rows with result "đề nghị"
    inferred: str = ""  #: by what alone everything that came is taken for the unit's: its address, a file's name


@dataclass(frozen=True)
class Results:
    """One run of one province."""

    dataset: Dataset
    findings: tuple[Finding, ...]  #: in report order
    ignored: tuple[str, ...]  #: inbox paths passed over on purpose (receipt log, lock files)
    now: dt.datetime  #: `--now`, else the latest time among the inputs
    run_id: str  #: 12 hex digits made of all inputs; equal inputs, equal id
    rules: Rulebook
    looked_at: Mapping[str, pd.Index] = field(default_factory=dict)  #: code of a check → rows that it judged
    failed: tuple[str, ...] = ()  #: codes whose check met a fault of ours
    reasoned_from: Evidence | None = None  #: the tables of the run, so that they are not made twice

    @cached_property
    def evidence(self) -> Evidence:
        """The joined tables that the checks reasoned from."""
        return self.reasoned_from or Evidence(self.dataset, self.rules)

    @cached_property
    def nominees(self) -> NomineeOrder:
        """The order of people and collectives inside each title, after what the checks said of them."""
        case = self.evidence
        return order_of_nominees(case, self.findings, self.looked_at, unit_ranks(case))

    @cached_property
    def groups(self) -> list[Group]:
        """Equal findings put together, in report order."""
        return grouped(self.findings)

    @cached_property
    def board(self) -> tuple[UnitState, ...]:
        """Every expected unit, in the order of the configuration."""
        return tuple(_states(self.dataset, self.findings, self.now))

    def count(self, severity: Severity) -> int:
        """How many judged findings have this severity."""
        return sum(f.severity is severity and f.judged for f in self.findings)


#: What there is to do about a refused file whose unit has another that counts.
REPLACED = "Đơn vị đã có bản dùng được; không phải gửi lại tệp này."
#: By what a refused file is taken for a unit's.
BY_SENDER, BY_NAME = "người gửi", "tên tệp"


def replaced_refusals(data: Dataset) -> frozenset[str]:
    """Paths of refused files whose unit has another file that counts: nothing about them is left to do."""
    counted = data.counted
    return frozenset(r.path for r in data.records if r.outcome is Outcome.REFUSED and r.unit in counted)


def _states(data: Dataset, findings: Sequence[Finding], now: dt.datetime) -> list[UnitState]:
    staff = data.frames["NHAN_SU"].groupby(UNIT).size().to_dict()
    nominations = data.frames["DE_NGHI"]
    proposed = nominations[nominations["ket_qua"] == "DE_NGHI"].groupby(UNIT).size().to_dict()
    settled = replaced_refusals(data)
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for finding in findings:
        if finding.file not in settled:
            tally[finding.unit][finding.severity.name if finding.judged else NOT_JUDGED] += 1
    came: dict[str, list[FileRecord]] = defaultdict(list)
    for record in data.records:
        came[record.unit].append(record)
    return [
        _state(
            data, str(code), came[str(code)], tally[str(code)], int(staff.get(code, 0)), int(proposed.get(code, 0)), now
        )
        for code in data.province.expected().index
    ]


def _state(
    data: Dataset,
    code: str,
    came: Sequence[FileRecord],
    tally: Counter[str],
    staff: int,
    nominations: int,
    now: dt.datetime,
) -> UnitState:
    unit = data.province.units.loc[code]
    counted = next((r for r in came if r.outcome is Outcome.COUNTED), None)
    deadline = deadline_of(data.province, code)
    late = counted is not None and deadline is not None and counted.sent > deadline
    return UnitState(
        code=code,
        name=str(unit["ten_don_vi"]),
        kind=str(unit["loai"]),
        block=str(unit["khoi"]),
        status=_status(came, counted, tally),
        deadline=deadline,
        time_left=deadline is not None and now <= deadline,
        first_sent=min((r.sent for r in came), default=None),
        counted=counted,
        delay=delay_text(counted.sent - deadline) if late and counted and deadline else "",
        files=len(came),
        refused=sum(r.outcome in (Outcome.REFUSED, Outcome.INTERNAL) for r in came),
        superseded=sum(r.outcome is Outcome.SUPERSEDED for r in came),
        blocking=tally[Severity.BLOCKING.name],
        needs_reason=tally[Severity.NEEDS_REASON.name],
        warnings=tally[Severity.WARNING.name],
        information=tally[Severity.INFORMATION.name],
        not_judged=tally[NOT_JUDGED],
        staff=staff,
        nominations=nominations,
        inferred=_inferred(came),
    )


def _inferred(came: Sequence[FileRecord]) -> str:
    if not came or not all(r.unit_by_sender or r.unit_by_name for r in came):
        return ""
    words = {BY_SENDER: any(r.unit_by_sender for r in came), BY_NAME: any(r.unit_by_name for r in came)}
    return " và ".join(word for word, there in words.items() if there)


def _status(came: Sequence[FileRecord], counted: FileRecord | None, tally: Counter[str]) -> Status:
    if not came:
        return Status.MISSING
    if counted is None:
        return Status.RECEIVED
    mend = tally[Severity.BLOCKING.name] + tally[Severity.NEEDS_REASON.name]
    return Status.TO_MEND if mend else Status.ACCEPTED
