"""Who sent a mail and when, told by its headers; whoever wrote them may be wrong, and that is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import getaddresses, parsedate_to_datetime

from pipeline.intake.part_names import decoded
from pipeline.intake.records import Envelope
from pipeline.intake.times import VIETNAM, local_time

Headers = Sequence[tuple[str, str]]  #: name and raw value, in the order of the mail

_SENDERS = ("from", "sender", "return-path")
#: Each is written by the servers on the way, the last one first; Exchange and Exim have headers of their own.
_RECEIPTS = ("received", "x-received", "delivery-date", "x-originalarrivaltime", "x-original-arrival-date")
_FILETIME = re.compile(r"\s*FILETIME=.*", re.DOTALL)
_FRACTION = re.compile(r"(\d\d:\d\d:\d\d)\.\d+")
_UTC_ASIDE = re.compile(r"(\d\d:\d\d:\d\d)\s+\(UTC\)")  # as Exchange writes it
_UTC_UNSAID = re.compile(r"\s-0000\b")  # RFC 5322: the time is UTC, the place is not told
_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f\ud800-\udfff<>()\[\]\"',;:@]+@[\w.-]+")
_LONGEST_ADDRESS, _LONGEST_ID = 254, 998  # RFC 5321; RFC 5322 2.1.1
_EARLIEST = datetime(2000, 1, 1)
_LATEST = datetime(2100, 1, 1)
_CLOCKS = timedelta(minutes=10)  # how far two right clocks may be apart
_LONGEST_WAY = timedelta(days=5)  # RFC 5321 4.5.4.1: then servers give up


def address_of(text: str) -> str:
    """Return the first address of a header in lower case; empty if there is none."""
    try:
        found = [address for _, address in getaddresses([text]) if _ADDRESS.fullmatch(address)]
    except Exception:  # what hostile text makes the standard library raise has no closed list
        found = []
    if not found:
        found = _ADDRESS.findall(text[text.rfind("<") + 1 :])
    address = found[0].strip().lower() if found else ""
    return address if len(address) <= _LONGEST_ADDRESS else ""


def moment_of(text: str) -> tuple[datetime | None, bool]:
    """Read the time of a header: in Vietnam's time, and whether its zone was told. None when it is no time."""
    text = _UTC_ASIDE.sub(r"\1 +0000", _FRACTION.sub(r"\1", _FILETIME.sub("", text))).strip()
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None and _UTC_UNSAID.search(text):
            moment = moment.replace(tzinfo=UTC)
        return local_time(moment).replace(microsecond=0), moment.tzinfo is not None
    except Exception:  # as above: impossible zones and days raise in many ways
        return None, False


def envelope_of(headers: Headers, delivered: datetime | None = None) -> Envelope:
    """Read the headers. `delivered` is when the mail store says it came, for mails whose headers do not tell."""
    first: dict[str, str] = {}
    received: datetime | None = None
    for name, value in headers:
        first.setdefault(name.lower(), value)
        if received is None and name.lower() == _RECEIPTS[0]:
            received = _receipt(value)
    for name in _RECEIPTS[1:]:
        received = received or _receipt(first.get(name, ""))
    received = received or delivered
    sender = next((a for a in (address_of(decoded(first.get(name, ""))) for name in _SENDERS) if a), "")
    written = "".join(c for c in " ".join(decoded(first.get("date", "")).split()) if c.isprintable())
    sent, doubt = None, ""
    if written:
        sent, zoned = moment_of(written)
        doubt = _doubt(sent, zoned, received)
    return Envelope(sender, _message_id(first.get("message-id", "")), sent, received, doubt, written)


def _receipt(value: str) -> datetime | None:
    moment, zoned = moment_of(value.rpartition(";")[2])
    return moment if zoned and moment and _EARLIEST < moment < _LATEST else None


def _doubt(sent: datetime | None, zoned: bool, received: datetime | None) -> str:
    if sent is None or not _EARLIEST < sent < _LATEST:
        return "không phải một thời điểm có thể có"
    if not zoned:
        return "không ghi múi giờ"
    if received and sent > received + _CLOCKS:
        return f"sau giờ nhận {received:%d/%m/%Y %H:%M}"
    if received and sent < received - _LONGEST_WAY:
        return f"trước giờ nhận {received:%d/%m/%Y %H:%M} quá {_LONGEST_WAY.days} ngày"
    return ""


def _message_id(text: str) -> str:
    found = re.search(r"<[^<>\s]+>", "".join(text.split()))
    text = found[0] if found else "".join(text.split())
    return text if len(text) <= _LONGEST_ID and text.isprintable() else ""


def line_time(line: bytes) -> datetime | None:
    """Read the time of an mbox `From ` line: UTC (RFC 4155), but Thunderbird writes `From - ` and local time."""
    match = re.match(rb"From (.*?)\s*(\w{3} \w{3} +\d+ \d\d:\d\d:\d\d)(?: (?:[-+]\d{4}|\w{3,4}))? (\d{4})", line)
    if match is None:
        return None
    try:
        moment = datetime.strptime(f"{match[2].decode()} {match[3].decode()}", "%a %b %d %H:%M:%S %Y")
        return local_time(moment.replace(tzinfo=VIETNAM if match[1] == b"-" else UTC))
    except (ValueError, OverflowError):
        return None
