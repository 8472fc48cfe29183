"""Mails as mailers write them, in a line or two: `letter("p1@mau.example", files={"P1.xlsx": b"…"})`."""

from __future__ import annotations

import base64
from collections.abc import Mapping

SENT = "Mon, 16 Nov 2026 15:00:00 +0700"
RECEIVED = "Mon, 16 Nov 2026 15:00:07 +0700"


def part(headers: str, content: bytes) -> bytes:
    """One base64 part with its header lines as given."""
    body = base64.encodebytes(content).replace(b"\n", b"\r\n")
    head = headers.replace("\n", "\r\n").encode("utf-8", "surrogateescape")
    return head + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body


def attachment(name: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    """One attachment with a plain name."""
    return part(f'Content-Type: {kind}\nContent-Disposition: attachment; filename="{name}"', content)


def letter(
    sender: str = "p1@mau.example", files: Mapping[str, bytes] | None = None, parts: tuple[bytes, ...] = (),
    sent: str = SENT, received: str = RECEIVED, message_id: str = "<1@mau.example>", more: str = "",
    kind: str = "multipart/mixed", boundary: str = "_ranh_",
) -> bytes:  # fmt: skip
    """A whole mail with a short text, then `files` and `parts`; an empty header is left out."""
    head = f"Received: from a by b with ESMTP id 1;\r\n\t{received}\r\n" if received else ""
    head += f"From: Lò Giả An <{sender}>\r\n" if sender else ""
    head += f"Date: {sent}\r\n" if sent else ""
    head += f"Message-ID: {message_id}\r\n" if message_id else ""
    head += f'{more}MIME-Version: 1.0\r\nContent-Type: {kind}; boundary="{boundary}"\r\n\r\n'
    text = b"Content-Type: text/plain; charset=utf-8\r\n\r\nKinh gui\r\n"
    all_parts = [text, *(attachment(name, content) for name, content in (files or {}).items()), *parts]
    line = b"--" + boundary.encode()
    body = b"".join(line + b"\r\n" + one + b"\r\n" for one in all_parts)
    return head.encode() + body + line + b"--\r\n"


def forwarded(mail: bytes) -> bytes:
    """A part that holds a whole mail."""
    return b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + mail
