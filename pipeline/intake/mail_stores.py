"""Where mail programs keep many mails: one mbox file, or a Maildir folder with one file a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pipeline.intake.envelopes import line_time
from pipeline.intake.times import disk_time

_POSTMARK = rb"From [^\n]*\d\d:\d\d(?::\d\d)?[^\n]*\d{4}[^\n]*\n"
_FIRST = re.compile(_POSTMARK + rb"(?:>?From [^\n]*\n)?[!-9;-~]{1,76}:[ \t\r\n]")
_NEXT = re.compile(rb"(?:(?<=\n\n)|(?<=\n\r\n))" + _POSTMARK)
_NAME_TIME = re.compile(r"(\d{9,10})\.")  # Maildir: seconds since 1970 when the mail was delivered
_FLAGS = re.compile(r"[:;!]2,[A-Za-z]*\Z")  # what was done with a mail; Windows knows no colon in a name
#: Folders of a Maildir whose mails were delivered; what lies in the third, tmp, was not.
DELIVERED = ("cur", "new")
UNFINISHED = "tmp"
#: What mail servers keep beside the mails.
_BESIDE = re.compile(r"(?:dovecot|courierimap|maildir)[\w.-]*\Z|subscriptions\Z", re.IGNORECASE)


def is_mbox(content: bytes) -> bool:
    """Whether the bytes begin as an mbox file does: a postmark line, then the headers of a mail."""
    return _FIRST.match(content) is not None


def split_mbox(content: bytes) -> Iterator[tuple[bytes, datetime | None]]:
    """Give each mail of an mbox file with the time of its postmark line."""
    starts = [0, *(match.start() for match in _NEXT.finditer(content))]
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        line_end = content.find(b"\n", start) + 1
        yield content[line_end:end], line_time(content[start:line_end])


def mails_in(content: bytes) -> int:
    """Count the mails of an mbox file."""
    return 1 + sum(1 for _ in _NEXT.finditer(content))


def is_maildir(folder: Path) -> bool:
    """Whether a folder is a Maildir."""
    return all((folder / name).is_dir() for name in DELIVERED)


def beside_mail(name: str) -> bool:
    """Whether a file of a Maildir is the server's own."""
    return _BESIDE.match(name) is not None


def mail_name(name: str) -> str:
    """Return a Maildir name without its flags, so that a mail keeps its path when somebody has read it."""
    return _FLAGS.sub("", name)


def delivered_at(name: str) -> datetime | None:
    """Return when a mail of a Maildir was delivered; None when its name does not tell."""
    match = _NAME_TIME.match(name)
    return disk_time(float(match[1])) if match else None
