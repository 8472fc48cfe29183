"""The record `.thu-da-lay.csv`: which mail of the office's mailbox became which file of the inbox, and when it came.

`tdkt collect` writes it, one line a mail; a mail itself is kept byte for byte as the server gave it. When it came
stands in its topmost `Received` header, as a rule; where it does not, the walk through the inbox takes the server's own
word (INTERNALDATE) from here.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.times import local_time

RECORD = ".thu-da-lay.csv"
COLUMNS = ("nguon", "uidvalidity", "uid", "tep", "sha256", "internaldate")


@dataclass(frozen=True, slots=True)
class Collected:
    """One mail that was taken."""

    source: str  #: which server, account and mailbox folder, as eight hex digits
    validity: int  #: UIDVALIDITY under which the number counts
    uid: int
    file: str  #: below the inbox, with `/`
    sha256: str  #: of the whole mail
    received_at: dt.datetime  #: INTERNALDATE, with its zone

    def row(self) -> tuple[str, ...]:
        """The line of the record."""
        when = self.received_at.isoformat(timespec="seconds")
        return (self.source, str(self.validity), str(self.uid), self.file, self.sha256, when)


def read_collected(inbox: Path) -> list[Collected]:
    """Return what the record holds, in order; a line that was never finished or makes no sense is left out.

    Raises:
        OSError: the record is there and cannot be read.
    """
    try:
        text = (inbox / RECORD).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    whole = text[: text.rfind("\n") + 1]
    return [mail for row in csv.reader(whole.splitlines()) if (mail := _mail(row)) is not None]


def _mail(row: list[str]) -> Collected | None:
    if len(row) != len(COLUMNS):
        return None
    source, validity, uid, file, sha256, when = row
    try:
        return Collected(source, int(validity), int(uid), file, sha256, dt.datetime.fromisoformat(when))
    except ValueError:  # the heading, or a line that somebody changed
        return None


def receipt_times(inbox: Path) -> dict[str, dt.datetime]:
    """When each collected mail came, by its path below the inbox; naive, in Vietnam's time.

    Raises:
        OSError: the record is there and cannot be read.
    """
    return {mail.file: local_time(mail.received_at) for mail in read_collected(inbox)}
