"""Drafts of mails: each opens in a mail program ready to be read, changed and sent; the same inputs, the same bytes.

`X-Unsent: 1` makes Outlook open a file as a draft. Message-ID is made of everything that the reader sees, so that a
letter which says the same again is the same letter, and one that says something else is not.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

#: Vietnam's time, in which every moment of the product is told.
_ZONE = dt.timezone(dt.timedelta(hours=7))
_WORKBOOK = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_ADDRESS = re.compile(r"[^\s@;,<>\"]+@[^\s@;,<>\"]+\.[^\s@;,<>\"]+")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
#: Stands for the attachment until the letter around it is written.
_PLACE = b"workbook of the reply"
#: Stands for the office's own domain where the configuration gives no address.
_NO_DOMAIN = "tdkt.invalid"


@dataclass(frozen=True, slots=True)
class Letter:
    """What one draft says."""

    unit: str
    sender: str  #: the office's address; empty when the configuration has none: the mail program fills it in
    receivers: tuple[str, ...]
    subject: str
    body: str
    written: dt.datetime  #: in Vietnam's time
    answers: str = ""  #: Message-ID of the mail that it answers; empty when it answers none
    attachment: bytes = b""
    attached_as: str = ""


def receivers_of(text: object) -> tuple[str, ...]:
    """Addresses in a cell of DON_VI, parted by `;` or `,`; what is no address is left out, each stands once."""
    parts = re.split(r"[;,\s]+", text) if isinstance(text, str) else []
    return tuple(dict.fromkeys(part for part in parts if _ADDRESS.fullmatch(part)))


def draft(letter: Letter) -> bytes:
    """Write a letter as a .eml file."""
    message = EmailMessage(policy=SMTP)
    if letter.sender:
        message["From"] = letter.sender
    if letter.receivers:
        message["To"] = ", ".join(letter.receivers)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.written.replace(microsecond=0, tzinfo=_ZONE))
    digest = _digest(letter)
    message["Message-ID"] = f"<tdkt.{digest[:32]}@{_domain(letter.sender)}>"
    if answered := _MESSAGE_ID.search(letter.answers):
        message["In-Reply-To"] = answered[0]
        message["References"] = answered[0]
    message["X-Unsent"] = "1"
    message.set_content(letter.body, charset="utf-8", cte="base64")
    if letter.attachment:
        maintype, subtype = _WORKBOOK
        message.add_attachment(_PLACE, maintype=maintype, subtype=subtype, filename=letter.attached_as)
        message.set_boundary(f"tdkt-{digest[32:]}")
    # The generator takes a hundred times as long for the lines of a workbook as it takes to encode them.
    packed = base64.encodebytes(letter.attachment).replace(b"\n", b"\r\n")
    return message.as_bytes().replace(base64.encodebytes(_PLACE).replace(b"\n", b"\r\n"), packed)


def _digest(letter: Letter) -> str:
    """Of all that the reader sees; the day on which it was written is not among it."""
    seen: Sequence[str] = (letter.unit, letter.sender, *letter.receivers, letter.subject, letter.body, letter.answers)
    attached = hashlib.sha256(letter.attachment).hexdigest() if letter.attachment else ""
    return hashlib.sha256("\n".join((*seen, letter.attached_as, attached)).encode()).hexdigest()


def _domain(sender: str) -> str:
    domain = sender.rpartition("@")[2].strip("<> ")
    return domain if re.fullmatch(r"[A-Za-z0-9.-]+", domain) else _NO_DOMAIN
