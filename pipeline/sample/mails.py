"""Mails that units sent, as their mail programs wrote them; equal arguments, equal bytes."""

from __future__ import annotations

import base64
import datetime as dt
import struct
import textwrap
from collections.abc import Sequence
from email.utils import format_datetime
from urllib.parse import quote

from pipeline.intake.times import VIETNAM
from pipeline.sample.shape import OFFICE_ADDRESS

_WAY = dt.timedelta(minutes=1)  # from sending to the office's server
_SECTION = 48  # letters of one section of a long name (RFC 2231)
_LINE = 76  # letters of a base64 line
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A picture of one point, as the smallest of the logos below signatures.
_LOGO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
#: A winmail.dat that holds no more than the version of its format ([MS-OXTNEF] 2.1.3).
WINMAIL = struct.pack("<IHBIIIH", 0x223E9F78, 1, 1, 0x00089006, 4, 0x00010000, 1)


def _encoded(headers: str, content: bytes) -> str:
    body = "\r\n".join(textwrap.wrap(base64.b64encode(content).decode(), _LINE))
    return f"{headers}\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n"


def _file_name(name: str) -> str:
    """Write the parameter of a name: plain, or in the sections of RFC 2231 when it has Vietnamese letters."""
    if name.isascii():
        return f'filename="{name}"'
    coded = quote(name, safe="")
    pieces: list[str] = []
    while coded:
        cut = _SECTION
        while "%" in coded[cut - 2 : cut] and cut < len(coded):
            cut -= 1  # never inside a %xx
        pieces.append(coded[:cut])
        coded = coded[cut:]
    pieces[0] = f"UTF-8''{pieces[0]}"
    return ";\r\n\t".join(f"filename*{number}*={piece}" for number, piece in enumerate(pieces))


def attached(name: str, content: bytes, kind: str = _WORKBOOK) -> str:
    """A part with a file."""
    return _encoded(f"Content-Type: {kind}\r\nContent-Disposition: attachment;\r\n\t{_file_name(name)}", content)


def logo() -> str:
    """The picture below a signature."""
    headers = 'Content-Type: image/png; name="image001.png"\r\nContent-ID: <image001.png@mau>'
    return _encoded(f"{headers}\r\nContent-Disposition: inline", _LOGO)


def winmail() -> str:
    """What Outlook makes of an attachment when it writes in its own format."""
    return attached("winmail.dat", WINMAIL, "application/ms-tnef")


def forwarded(mail: bytes) -> str:
    """A part with a whole mail."""
    return "Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + mail.decode("ascii")


def letter(sender: str, sent: dt.datetime, parts: Sequence[str], text: str = "Kính gửi hồ sơ của đơn vị.") -> bytes:
    """Write a mail to the office; `sent` is Vietnam's time."""
    own = f"{sender.partition('@')[0]}.{sent:%Y%m%d%H%M}"
    line = f"----=_{own}"
    when, arrived = (format_datetime(moment.replace(tzinfo=VIETNAM)) for moment in (sent, sent + _WAY))
    body = _encoded("Content-Type: text/plain; charset=utf-8", text.encode())
    return (
        f"Received: from may-gui.vks-mau.example by thu.vks-mau.example with ESMTPS id {own};\r\n\t{arrived}\r\n"
        f"From: <{sender}>\r\nTo: <{OFFICE_ADDRESS}>\r\nDate: {when}\r\n"
        f"Message-ID: <{own}@vks-mau.example>\r\nSubject: TDKT-01\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/mixed; boundary="{line}"\r\n\r\n'
        + "".join(f"--{line}\r\n{part}\r\n" for part in (body, *parts))
        + f"--{line}--\r\n"
    ).encode("ascii")


def mail_store(mails: Sequence[tuple[str, dt.datetime, bytes]]) -> bytes:
    """Write mails into one mbox file; with each its sender and when it was sent."""
    stored = []
    for sender, sent, mail in mails:
        utc = sent.replace(tzinfo=VIETNAM).astimezone(dt.UTC)
        stored.append(f"From {sender} {utc.ctime()}\n".encode() + mail.replace(b"\r\n", b"\n") + b"\n")
    return b"".join(stored)
