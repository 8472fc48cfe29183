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


ORDINARY = Limits()


class TimeSource(StrEnum):
    """Where the time of an item comes from, the surest first."""

    LOG = "sổ nhận"
    ARCHIVE = "thời gian trong tệp nén"
    PACKAGE = "thời gian lưu trong tệp"
    DISK = "thời gian của tệp trên máy"


@dataclass(frozen=True, slots=True)
class Received:
    """One file that came. Times are naive and in Vietnam's time (UTC+7)."""

    path: str  #: below the inbox with `/`; a zip counts as a folder: `thu-3/ho-so.zip/P1.xlsx`
    content: bytes
    sha256: str
    sent_at: datetime | None  #: None only when the log gives no more than the time of receipt
    received_at: datetime | None  #: from the log; None without it
    time_source: TimeSource
    saved_at: datetime | None  #: when the workbook says it was saved; None if it does not
    message_id: str = ""  #: of the mail that brought it, with its angle brackets; empty when it came otherwise


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
