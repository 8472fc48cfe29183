"""What the intake hands on, and how far an archive may go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.findings import Finding

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a file or an archive of the inbox may go; a filled template has 0.1 MB."""

    file_bytes: int = 200 * MEGABYTE  #: no mail brings more, and the whole is held in memory
    files: int = 2_000  #: in one archive with those inside it; a whole province sends about 1,000
    inflated_bytes: int = 500 * MEGABYTE  #: of one archive with those inside it
    ratio: int = 150  #: of one file; workbooks are compressed already and stay near 1
    ratio_floor: int = 16 * MEGABYTE  #: below this size no ratio can do harm
    depth: int = 2  #: a zip, and a zip inside it (one unit's mail put into the district's)
    mail_bytes: int = 60 * MEGABYTE  #: of one mail; no server of a provincial body takes more than 50
    mail_parts: int = 2_000  #: of one mail with those inside it; a secretary may forward a whole province at once
    mail_depth: int = 3  #: a mail, the mail it forwards, and the one that this forwards
    mails: int = 5_000  #: in one mbox file


ORDINARY = Limits()


class TimeSource(StrEnum):
    """Where the time of an item comes from, the surest first; the words stand behind «theo»."""

    MAIL = "giờ gửi ghi trong thư"
    LOG = "sổ nhận"
    MAIL_RECEIPT = "giờ nhận ghi trong thư"  # the mail gives no time of sending that can be believed
    MAIL_DOUBTFUL = "giờ gửi trong thư (không có múi giờ)"
    ARCHIVE = "thời gian trong tệp nén"
    PACKAGE = "thời gian lưu trong tệp"
    DISK = "thời gian của tệp trên máy"

    @property
    def sure(self) -> bool:
        """Whether the unit can be held to it; the others say when the file came at the latest, or less."""
        return self in (TimeSource.MAIL, TimeSource.LOG, TimeSource.ARCHIVE)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers of one mail tell of how it came. Texts are empty and times None where they do not."""

    sender: str = ""  #: address alone, lower case
    message_id: str = ""  #: with its angle brackets
    sent_at: datetime | None = None
    received_at: datetime | None = None
    doubt: str = ""  #: why the time of sending is not believed, in words; empty when it is
    sent_text: str = ""  #: the time of sending as the mail writes it


@dataclass(frozen=True, slots=True)
class Received:
    """One file that came. Times are naive and in Vietnam's time (UTC+7)."""

    path: str  #: below the inbox with `/`; a zip or mail counts as a folder: `thu-3.eml/P1.xlsx`
    content: bytes
    sha256: str
    sent_at: datetime | None  #: None only when mail or log gives no more than the time of receipt
    received_at: datetime | None  #: from mail or log; None without them
    time_source: TimeSource
    saved_at: datetime | None  #: when the workbook says it was saved; None if it does not
    #: Of the mail that reached the inbox; empty for a file that came without one.
    sender: str = ""
    message_id: str = ""  #: with its angle brackets
    #: Of the innermost mail, where the file lay in a forwarded one: what the forwarder's copy claims.
    original_sender: str = ""
    original_sent_at: datetime | None = None
    refusal: Finding | None = None  #: why the intake itself could not open it: another kind of archive, a password

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Intake:
    """All that lay in the inbox: taken, refused and passed over."""

    items: tuple[Received, ...]  #: sorted by path
    findings: tuple[Finding, ...]  #: each with its file
    ignored: tuple[str, ...]  #: paths, sorted; a folder ends with `/`


def megabytes(size: int) -> str:
    """Write a number of bytes as people read it: 512300000 → `512`, 2400000 → `2,4`."""
    value = size / MEGABYTE
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".replace(".", ",")
