"""What lies in a file of the inbox: opening zips, mails and mail stores until only the files themselves are left."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.findings import Finding
from pipeline.intake.archive import Budget, Entry, entries, is_archive
from pipeline.intake.letters import Letter, Part
from pipeline.intake.mail import is_mail, open_mail
from pipeline.intake.mail_stores import is_mbox, mails_in, split_mbox
from pipeline.intake.receipts import Receipt, Receipts
from pipeline.intake.records import Envelope, Limits, Received, TimeSource
from pipeline.intake.times import saved_at
from pipeline.package.facts import Refusal
from pipeline.package.signature import OLE_MAGIC, archive_suffix

#: Left behind by operating systems, open workbooks and mail programs; no unit means to send them.
_CLUTTER = ("thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db")
_HIDDEN = (".", "~$")
_INDEX = ".msf"  # Thunderbird's index beside an mbox file
_MSG_MARK = "__properties_version1.0".encode("utf-16-le")
_MAIL_IN_STORE = "thu-{:04d}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known so far of how the bytes at hand came, from the disk inwards."""

    disk: datetime | None
    budget: Budget
    entry: datetime | None = None  #: time inside the zip
    delivered: datetime | None = None  #: when the mail store says that the mail came
    mail: Envelope | None = None  #: the mail that reached the inbox
    mail_path: str = ""
    original: Envelope | None = None  #: the innermost forwarded mail
    archives: int = 0  #: zips around the bytes
    mails: int = 0  #: mails around the bytes


@dataclass(slots=True)
class Opened:
    """Everything met so far."""

    limits: Limits
    receipts: Receipts = field(default_factory=Receipts)
    items: list[Received] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ignored: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)  #: zips and mails count as folders
    taken: set[str] = field(default_factory=set)
    doubted: set[str] = field(default_factory=set)  #: mails whose time was spoken of

    def refuse(self, code: str, variant: str, path: str, **params: str) -> None:
        """Say why something was not taken."""
        self.findings.append(Finding(code, variant, file=path, params=params))


def is_clutter(name: str) -> bool:
    """Whether a name is that of something no unit means to send."""
    return name.startswith(_HIDDEN) or name.lower() in _CLUTTER or name.lower().endswith(_INDEX)


def open_content(found: Opened, content: bytes, path: str, arrival: Arrival) -> None:
    """Take a file, or open it if it holds others."""
    suffix = archive_suffix(content)
    if suffix:
        _take(found, content, path, arrival, Finding("V-11", "archive", file=path, params={"duoi": suffix}))
    elif is_archive(content):
        _open_archive(found, content, path, arrival)
    elif is_mbox(content):
        _open_store(found, content, path, arrival)
    elif is_mail(content, path):
        _open_mail(found, content, path, arrival)
    elif content.startswith(OLE_MAGIC) and _MSG_MARK in content:
        _open_mail(found, content, path, arrival, outlook=True)
    else:
        _take(found, content, path, arrival)


# --- zips


def _open_archive(found: Opened, content: bytes, path: str, arrival: Arrival) -> None:
    if arrival.archives >= found.limits.depth:
        found.refuse("V-14", "nested", path, gioi_han=str(found.limits.depth))
        return
    found.folders.add(path)
    inside = replace(arrival, archives=arrival.archives + 1)
    for entry in entries(content, path, arrival.budget, found.limits):
        if isinstance(entry, Entry):
            _open_entry(found, entry, path, replace(inside, entry=entry.time))
        elif entry.code == "V-12":
            _take(found, content, path, arrival, entry)
        else:
            found.findings.append(entry)


def _open_entry(found: Opened, entry: Entry, path: str, arrival: Arrival) -> None:
    parts = [part for part in entry.name.split("/") if part not in ("", ".")]
    for at, part in enumerate(parts):
        if is_clutter(part):
            folder = "/" if at < len(parts) - 1 else ""
            found.ignored.add("/".join([path, *parts[: at + 1]]) + folder)
            return
    open_content(found, entry.content, "/".join([path, *parts]), arrival)


# --- mails


def _open_store(found: Opened, content: bytes, path: str, arrival: Arrival) -> None:
    """Open an mbox file; a single mail that only begins like one is a mail."""
    mails = mails_in(content)
    if mails > found.limits.mails:
        found.refuse("V-14", "mbox", path, so_thu=str(mails), gioi_han=str(found.limits.mails))
        return
    alone = mails == 1 and path.lower().endswith(".eml")
    if not alone:
        found.folders.add(path)
    for number, (mail, delivered) in enumerate(split_mbox(content), start=1):
        place = path if alone else f"{path}/{_MAIL_IN_STORE.format(number)}"
        # Whatever each mail holds has its own allowance: a store is as large as the year was long.
        own = replace(arrival, delivered=delivered, budget=arrival.budget if arrival.mails else Budget())
        _open_mail(found, mail, place, own)


def _open_mail(found: Opened, content: bytes, path: str, arrival: Arrival, outlook: bool = False) -> None:
    try:
        if outlook:
            from pipeline.intake.outlook import open_msg  # noqa: PLC0415 - its library is slow to load, .msg are few

            letter = open_msg(content, found.limits)
        else:
            letter = open_mail(content, found.limits, arrival.delivered)
    except Refusal as refusal:
        found.findings.append(refusal.finding.at(file=path))
        return
    _open_letter(found, letter, path, arrival, content)


def _open_letter(found: Opened, letter: Letter, path: str, arrival: Arrival, content: bytes = b"") -> None:
    """Open a mail; `content` is the whole of it, where it lies in a file of its own."""
    if arrival.mails >= found.limits.mail_depth:
        found.refuse("V-14", "mail_nested", path, gioi_han=str(found.limits.mail_depth))
        return
    found.folders.add(path)
    sender = letter.envelope.sender or "người gửi không rõ"
    if letter.report:
        found.refuse("V-11", "mail_report", path, nguoi_gui=sender)
        return
    files = arrival.budget.files + len(letter.parts)
    if files > found.limits.files:
        found.refuse("V-14", "mail_parts", path, so_phan=str(files), gioi_han=str(found.limits.files))
        return
    arrival.budget.files = files
    inside = replace(arrival, mails=arrival.mails + 1, delivered=None)
    if arrival.mail is None:
        inside = replace(inside, mail=letter.envelope, mail_path=path)
    else:
        inside = replace(inside, original=letter.envelope)
    if letter.sealed:
        sealed = Finding("V-12", "mail", file=path, params={"nguoi_gui": sender})
        _take(found, content, path, inside, sealed)
    elif letter.damaged:
        found.refuse("V-11", "mail_broken", path)
    elif not any(_counts(part) for part in letter.parts):
        found.refuse("V-11", "no_attachment", path, nguoi_gui=sender)
    for part in letter.parts:
        _open_part(found, part, path, inside)


def _counts(part: Part) -> bool:
    return part.letter is not None or not part.added


def _open_part(found: Opened, part: Part, path: str, arrival: Arrival) -> None:
    place = f"{path}/{part.name}"
    if part.linked:
        found.refuse("V-11", "linked", place)
    elif part.letter is not None:
        _open_letter(found, part.letter, place, arrival)
    elif part.added or is_clutter(part.name):
        found.ignored.add(place)
    else:
        open_content(found, part.content, place, arrival)


# --- the files themselves


def _take(found: Opened, content: bytes, path: str, arrival: Arrival, refusal: Finding | None = None) -> None:
    number, unique = 1, path
    while unique in found.taken:  # a zip or mail may hold one name twice, and neither may be lost
        number += 1
        unique = f"{path} ({number})"
    found.taken.add(unique)
    saved = saved_at(content)
    sent, received, source = _times(found, path, arrival, saved)
    mail, original = arrival.mail or Envelope(), arrival.original or Envelope()
    item = Received(
        unique,
        content,
        hashlib.sha256(content).hexdigest(),
        sent,
        received,
        source,
        saved,
        mail.sender,
        mail.message_id,
        original.sender,
        None if original.doubt else original.sent_at,
        refusal,
    )
    found.items.append(item)


def _times(
    found: Opened, path: str, arrival: Arrival, saved: datetime | None
) -> tuple[datetime | None, datetime | None, TimeSource]:
    """When a file was sent and received, by the surest witness: mail, log, zip, the workbook itself, the disk."""
    receipt = found.receipts.find(path)
    mail = arrival.mail or Envelope()
    if mail.sent_at and not mail.doubt:
        _compare(found, arrival.mail_path, mail, receipt)
        return mail.sent_at, mail.received_at, TimeSource.MAIL
    if receipt:
        return receipt.sent_at, receipt.received_at, TimeSource.LOG
    if mail.doubt and arrival.mail_path not in found.doubted:
        found.doubted.add(arrival.mail_path)
        finding = Finding("V-18", "mail_time", file=arrival.mail_path, value=mail.sent_text)
        found.findings.append(finding.at(params={"vi_sao": mail.doubt}))
    if mail.received_at:
        return None, mail.received_at, TimeSource.MAIL_RECEIPT
    if mail.sent_at and "múi giờ" in mail.doubt:
        return mail.sent_at, None, TimeSource.MAIL_DOUBTFUL
    if arrival.entry:
        return arrival.entry, None, TimeSource.ARCHIVE
    return (saved, None, TimeSource.PACKAGE) if saved else (arrival.disk, None, TimeSource.DISK)


def _compare(found: Opened, path: str, mail: Envelope, receipt: Receipt | None) -> None:
    """Say that the log tells another time than the mail, which is believed."""
    if receipt is None or receipt.sent_at is None or mail.sent_at is None or path in found.doubted:
        return
    if receipt.sent_at.replace(second=0) != mail.sent_at.replace(second=0):
        found.doubted.add(path)
        params = {"so_nhan": f"{receipt.sent_at:%d/%m/%Y %H:%M}", "thu": f"{mail.sent_at:%d/%m/%Y %H:%M}"}
        found.findings.append(Finding("V-18", "log_differs", file=path, params=params))
