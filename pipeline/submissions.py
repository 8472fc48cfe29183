"""From files to submissions: opening each file through its gates, and deciding which one counts for its unit.

Gates, each of which stops the next: is it a workbook and safe (package) · can it be read (reading) · is it
this form, this version (V-13) · of this period and of a known unit (V-08). What failed a gate is refused with a
finding and stays listed; the seal of the template stops nothing and only asks (V-08, V-13). A unit may send often:
one file counts, every other is listed with the reason.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import traceback
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from pipeline.findings import Finding
from pipeline.intake import Received, TimeSource
from pipeline.layout import FIXED_SHEETS, identity_of, locate
from pipeline.package import ORDINARY, Limits
from pipeline.province import Province
from pipeline.reading import RawBook, Source, read_source
from pipeline.seal import Authenticity, judge
from pipeline.senders import Addresses
from pipeline.validation import Counts, OpenedFile
from pipeline.vietnamese import plain_key, suggest
from schemas.columns import BookSpec, Identity
from schemas.rules import Severity
from schemas.sheets import UNIT_TEMPLATE

#: How long a mail may be on its way before one asks whether the sender's clock was right.
_ON_THE_WAY = dt.timedelta(minutes=15)


class Outcome(StrEnum):
    """What became of one received file."""

    COUNTED = "được tính"
    SUPERSEDED = "có bản thay thế"
    REFUSED = "không dùng được"
    INTERNAL = "lỗi chương trình, để riêng"


class Choice(StrEnum):
    """Why a usable file counts, or does not."""

    ONLY = "bản duy nhất dùng được"
    LAST_SENT = "bản gửi sau cùng"
    NEWEST_CONTENT = "nội dung lưu sau cùng, dù có bản gửi sau"
    SAVED_LAST = "lưu sau cùng trong các bản gửi cùng phút"
    REPLACED = "có bản gửi sau"
    SAME_FILE = "giống hệt bản gửi trước"
    SENT_AGAIN = "nội dung của bản cũ gửi lại"
    OLDER_CONTENT = "gửi sau nhưng lưu trước"
    SAME_TIME = "gửi cùng phút, lưu trước"


class Status(StrEnum):
    """Where a unit stands, as its board and its reply say it."""

    MISSING = "Chưa nộp"
    RECEIVED = "Đã nhận"  # something came, nothing of it can be used
    TO_MEND = "Cần bổ sung"
    ACCEPTED = "Đạt"


@dataclass(slots=True)
class FileRecord:
    """One received file from arrival to outcome; what NHAT_KY and run.json tell of it."""

    number: int
    path: str
    sha256: str
    size: int  #: bytes
    sent_at: dt.datetime | None
    received_at: dt.datetime | None
    time_source: TimeSource
    saved_at: dt.datetime | None
    unit: str = ""  #: unit code; empty when nothing says whose it is
    unit_by_name: bool = False  #: the unit was only inferred from the file's name, for the board alone
    unit_by_sender: bool = False  #: the same from the address of the mail
    sender: str = ""  #: address of the mail that brought it; empty for a file that came without one
    message_id: str = ""  #: of that mail
    original_sender: str = ""  #: address in the mail that it forwarded
    original_sent_at: dt.datetime | None = None
    version: str = ""
    outcome: Outcome = Outcome.REFUSED
    reason: str = ""  #: code of the finding that decided
    choice: Choice | None = None  #: why this one counts or not; None for what is no usable file of a unit
    counts: Counts = field(default_factory=Counts)
    hidden_findings: int = 0  #: findings of a superseded file, not listed
    issue_number: str = ""  #: of the template; empty when it carries none
    authenticity: Authenticity | None = None  #: None when the file was refused before its identity was known
    trace: str = ""  #: of an internal error: its number, kind and place, without cell contents

    @property
    def sent(self) -> dt.datetime:
        """The time that counts for order and deadline: sent, else received."""
        return self.sent_at or self.received_at or dt.datetime.min


@dataclass(slots=True)
class Opening:
    """Result of opening one file: `opened` is None when it was refused."""

    record: FileRecord
    opened: OpenedFile | None
    findings: list[Finding]


def record_of(number: int, item: Received) -> FileRecord:
    """Begin the record of a file that came."""
    return FileRecord(
        number,
        item.path,
        item.sha256,
        len(item.content),
        item.sent_at,
        item.received_at,
        item.time_source,
        item.saved_at,
        sender=item.sender,
        message_id=item.message_id,
        original_sender=item.original_sender,
        original_sent_at=item.original_sent_at,
    )


def set_aside(record: FileRecord, error: BaseException) -> Opening:
    """Put a file aside after an internal error; the number is made of file and place, so it can be found again."""
    place = place_of_fault(error)
    number = hashlib.sha256(f"{record.sha256}{type(error).__name__}{place}".encode()).hexdigest()[:8].upper()
    record.outcome, record.reason = Outcome.INTERNAL, "V-11"
    record.trace = f"{number} {type(error).__name__} {place}"
    finding = Finding("V-11", "internal", record.unit, "", record.path, params={"ma_loi": number})
    return Opening(record, None, [finding])


def place_of_fault(error: BaseException) -> str:
    """Where in our own code an error arose: the last three functions with their lines."""
    where = traceback.extract_tb(error.__traceback__)
    return "/".join(f"{frame.name}:{frame.lineno}" for frame in where[-3:])


def open_source(item: Received, record: FileRecord, province: Province, source: Source | None = None) -> Opening:
    """Take a file through all gates; `source` is what was read of it already."""
    if item.refusal:
        return refused(record, [item.refusal], province)
    source = source or read_source(item.content, item.name, FIXED_SHEETS)
    findings = [f.at(file=item.path) for f in source.findings]
    if source.book is None:
        return refused(record, findings, province)
    return open_book(source.book, record, findings, province)


def open_book(book: RawBook, record: FileRecord, findings: list[Finding], province: Province) -> Opening:
    """Take raw cells through the remaining gates: this form, this period, a known unit."""
    identity = identity_of(book, UNIT_TEMPLATE)
    gate = form_gate(identity, UNIT_TEMPLATE) or province_gate(identity, province)
    gate = rows_gate(book) or gate
    if identity is None or (gate and gate.severity is Severity.BLOCKING):
        record.unit = identity.unit if identity else ""
        return refused(record, [*findings, *([gate.at(file=record.path)] if gate else [])], province)
    record.unit, record.version = identity.unit, identity.version
    record.issue_number, (record.authenticity, seal) = identity.number, seal_gate(identity, province)
    findings += [asked.at(file=record.path) for asked in (gate, seal) if asked]
    layout = locate(book, UNIT_TEMPLATE, identity)
    opened = OpenedFile(record.number, record.path, identity.unit, identity, layout)
    return Opening(record, opened, [f.at(unit=identity.unit) for f in findings])


def refused(record: FileRecord, findings: list[Finding], province: Province) -> Opening:
    """Refuse a file for what was found; its name may still tell whose it is."""
    blocking = [f for f in findings if f.severity is Severity.BLOCKING]
    record.outcome = Outcome.REFUSED
    record.reason = (blocking or findings)[0].code
    if record.unit not in province.units.index:
        record.unit = ""
    return Opening(record, None, [f.at(unit=record.unit) for f in findings])


def infer_unit(opening: Opening, province: Province, addresses: Addresses) -> None:
    """Say for the board whose a refused file may be, by its sender or its name; two witnesses must not differ."""
    record = opening.record
    if opening.opened is not None or record.unit:
        return
    by_name = unit_in_name(record.path, province.units.index)
    by_sender = addresses.unit_of(record.original_sender) or addresses.unit_of(record.sender)
    if by_name and by_sender and by_name != by_sender:
        return
    record.unit = by_sender or by_name
    record.unit_by_sender, record.unit_by_name = bool(by_sender), bool(by_name and not by_sender)
    opening.findings = [f.at(unit=record.unit) for f in opening.findings]


def unit_in_name(path: str, units: Iterable[str]) -> str:
    """Infer whose file it may be from folder and file names, when exactly one unit code stands there as a word."""
    words = {plain_key(word) for part in path.split("/") for word in _words(part)}
    found = [unit for unit in units if plain_key(unit) in words]
    return found[0] if len(found) == 1 else ""


def _words(part: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in part).split()


def rows_gate(book: RawBook, limits: Limits = ORDINARY) -> Finding | None:
    """Has it more rows than a unit can have? Each could give a dozen findings, and none of them would be read."""
    filled = {grid.name: sum(map(any, grid.rows)) for grid in book.grids}
    if sum(filled.values()) <= limits.filled_rows:
        return None
    sheet = max(filled, key=lambda name: filled[name])
    params = {"so_dong": str(sum(filled.values())), "gioi_han": str(limits.filled_rows)}
    return Finding("V-14", "too_many_rows", sheet=sheet, params=params)


def form_gate(identity: Identity | None, spec: BookSpec) -> Finding | None:
    """Is it this form, in a version that is read?"""
    params = {"mau": spec.code, "hien_hanh": spec.version}
    if identity is None or identity.form != spec.code:
        return Finding("V-13", "not_template", params=params)
    params["phien_ban"] = identity.version
    if identity.version == spec.version:
        return Finding("V-13", "no_identity", params=params) if not identity.unit else None
    if identity.version in spec.readable_versions:
        return Finding("V-13", "old_version", params=params)
    newer = _version(identity.version) > _version(spec.version)
    return Finding("V-13", "newer_version" if newer else "dead_version", params=params)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 0 for part in text.split("."))


def province_gate(identity: Identity | None, province: Province) -> Finding | None:
    """Is it of this period, and of a unit that must send?"""
    if identity is None:
        return None
    period = province.period
    if identity.period != period.code:
        return Finding("V-08", "wrong_period", params={"ky_tep": identity.period, "ky_xet": period.code})
    if identity.unit not in province.units.index:
        near = suggest(identity.unit, list(province.expected().index))
        params = {"ma": identity.unit, "goi_y": near or ""}
        return Finding("V-08", "near_unit" if near else "unknown_unit", params=params)
    if identity.unit in province.expected().index:
        return None
    unit = province.units.loc[identity.unit]
    if pd.notna(unit["den_ngay"]):
        heir = "chưa ghi trong cấu hình" if pd.isna(unit["ke_thua"]) else str(unit["ke_thua"])
        params = {"ma": identity.unit, "ngay": f"{unit['den_ngay']:%d/%m/%Y}", "ke_thua": heir}
        return Finding("V-08", "closed_unit", params=params)
    return Finding("V-08", "not_yet", params={"ma": identity.unit, "ngay": f"{unit['tu_ngay']:%d/%m/%Y}"})


def seal_gate(identity: Identity, province: Province) -> tuple[Authenticity, Finding | None]:
    """Is it the identity that the province issued? Stops nothing: what does not fit is a question to the unit.

    Practice data come unsealed from their maker, so that a fictional province does not ask about it.
    """
    found, owner = judge(identity, province.units.index, province.secret)
    params = {
        "ma": identity.unit,
        "ky_tep": identity.period,
        "chu_dau": owner,
        "so_cap": identity.number or "không ghi",
    }
    if found is Authenticity.OTHER_UNIT:
        return found, Finding("V-08", "seal_of_other_unit", params=params)
    if found is Authenticity.EDITED:
        return found, Finding("V-08", "seal_differs", params=params)
    if found is Authenticity.OTHER_KEY:
        return found, Finding("V-08", "seal_of_other_key", params=params)
    if found is Authenticity.UNSEALED and not province.period.mark:
        current = identity.version == UNIT_TEMPLATE.version
        return found, Finding("V-13", "unsealed" if current else "unsealed_old", params={"phien_ban": identity.version})
    return found, None


def authenticity_line(records: Iterable[FileRecord], province: Province) -> str:
    """Say how many files proved whose template they are; empty when no file got so far."""
    tally = Counter(r.authenticity for r in records if r.authenticity)
    if not tally:
        return ""
    if province.secret is None:
        files = f"{tally[Authenticity.NO_SECRET]} tệp {Authenticity.NO_SECRET}"
        return f"Dấu xác thực của mẫu: {files}, vì thư mục tỉnh chưa có khóa (tdkt template tạo khóa khi cấp mẫu)."
    counts = " · ".join(f"{word} {tally[word]}" for word in Authenticity if tally[word])
    return f"Dấu xác thực của mẫu: {counts}."


# --- lateness and absence -----------------------------------------------------------------------------------


def moment(time: dt.datetime | None) -> str:
    """Write a moment as `16/11/2026 16:00`; empty text for None."""
    return time.strftime("%d/%m/%Y %H:%M") if time else ""


def delay_text(delay: dt.timedelta) -> str:
    """Write a delay to the minute: `2 ngày 3 giờ 5 phút`."""
    minutes = max(1, int(delay.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "ngày"), (hours, "giờ"), (minutes, "phút")]
    return " ".join(f"{n} {word}" for n, word in parts if n)


def deadline_of(province: Province, unit: str) -> dt.datetime | None:
    """Deadline of a unit; None when the configuration gives none."""
    value = province.units.at[unit, "han_nop"]
    return None if pd.isna(value) else value.to_pydatetime()


def board_findings(openings: Sequence[Opening], province: Province) -> list[Finding]:
    """V-18 for what came late, V-20 for who has sent nothing that can be used."""
    findings: list[Finding] = []
    counted = {o.record.unit: o.record for o in openings if o.record.outcome is Outcome.COUNTED}
    for record in counted.values():
        findings += _late(record, province)
    for unit in province.expected().index:
        if unit in counted:
            continue
        came = [o.record for o in openings if o.record.unit == unit]
        params = {
            "ten_don_vi": str(province.units.at[unit, "ten_don_vi"]),
            "so_tep": str(len(came)),
            "han_nop": moment(deadline_of(province, unit)) or "chưa ghi",
        }
        findings.append(Finding("V-20", "nothing_valid" if came else "nothing", unit, params=params))
    return findings


def _late(record: FileRecord, province: Province) -> list[Finding]:
    deadline = deadline_of(province, record.unit)
    params = {"gui_luc": moment(record.sent), "nguon_gio": record.time_source.value}
    if deadline is None:
        return [Finding("V-18", "not_judged", record.unit, "", record.path)]
    params |= {"han_nop": moment(deadline)}
    if record.sent <= deadline:
        received = record.received_at
        if record.time_source is not TimeSource.MAIL or received is None or received <= deadline + _ON_THE_WAY:
            return []
        params |= {"nhan_luc": moment(received)}
        return [Finding("V-18", "received_late", record.unit, "", record.path, params=params)]
    params |= {"cham": delay_text(record.sent - deadline)}
    variant = "late" if record.time_source.sure else "time_unsure"
    if record.original_sent_at and record.original_sent_at <= deadline:
        variant, params = "forwarded", params | {"goc_luc": moment(record.original_sent_at)}
    return [Finding("V-18", variant, record.unit, "", record.path, params=params)]
