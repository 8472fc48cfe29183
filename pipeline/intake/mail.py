"""One mail as servers pass it on (.eml, RFC 5322 and MIME), read within limits; damage costs as little as possible."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32

from pipeline.intake.envelopes import envelope_of
from pipeline.intake.letters import Letter, Part, is_added, is_sealed, part_name
from pipeline.intake.part_names import decoded, parameters
from pipeline.intake.records import Limits, megabytes
from pipeline.package.facts import Refusal
from pipeline.package.signature import Signature, signature

_HEAD = 65_536  # bytes in which a mail's headers are looked for
_FIRST_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?:From [^\n]*\n|>From [^\n]*\n)?[!-9;-~]{1,76}:[ \t\r\n]")
_PROOF = re.compile(
    rb"^(?:from|received|message-id|return-path|delivered-to|mime-version|x-mailer):\s", re.IGNORECASE | re.MULTILINE
)
_BLANK = re.compile(rb"\r?\n\r?\n|\r\r")
#: Each can open a level of parts; counted before anything is read.
_OPENERS = re.compile(rb"boundary\s*(?:\*\d*\*?)?\s*=|message/rfc822", re.IGNORECASE)
#: Lines that may be a boundary, for each part; the library compares each with every boundary that is open.
_LINES_OF_A_PART = 10
_LONGEST_HEADER = 16_384  # letters kept of one header; the library's time grows with their square
_FORWARDED = "thu-chuyen-tiep-{}.eml"


class _Bounded(Compat32):
    """The library's tolerant reading of headers, each cut to a length.

    (`policy.default` parses headers more strictly, raises on damaged ones, and gives nothing that is needed here:
    names and addresses are decoded by `part_names` and `envelopes`.)
    """

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


_POLICY = _Bounded()


def is_mail(content: bytes, name: str) -> bool:
    """Whether the bytes begin as a mail does; a name with .eml is believed sooner."""
    if not _FIRST_HEADER.match(content):
        return False
    head = _BLANK.split(content[:_HEAD], maxsplit=1)[0] + b"\n"
    if name.lower().endswith(".eml"):
        return True
    # Excel's «single file web page» is written like a mail too.
    return _PROOF.search(head) is not None and signature(content) in (Signature.MAIL, Signature.UNKNOWN)


def open_mail(content: bytes, limits: Limits, delivered: datetime | None = None) -> Letter:
    """Read a mail. `delivered` is when the mail store says that it came.

    Raises:
        Refusal: V-14 beyond the limits, V-11 when nothing can be made of the bytes.
    """
    if len(content) > limits.mail_bytes:
        raise Refusal("V-14", "mail_too_large", co=megabytes(len(content)), gioi_han=megabytes(limits.mail_bytes))
    parts = max(sum(1 for _ in _OPENERS.finditer(content)), content.count(b"\n--") // _LINES_OF_A_PART)
    if parts > limits.mail_parts:
        raise Refusal("V-14", "mail_parts", so_phan=str(parts), gioi_han=str(limits.mail_parts))
    try:
        return _letter(message_from_bytes(content.lstrip(b"\xef\xbb\xbf\r\n"), policy=_POLICY), delivered)
    except RecursionError as error:
        raise Refusal("V-14", "mail_nested", gioi_han=str(limits.mail_depth)) from error
    except Exception as error:  # what hostile bytes make the standard library raise has no closed list
        raise Refusal("V-11", "mail_broken") from error


def _letter(message: Message, delivered: datetime | None = None) -> Letter:
    headers = [(name, str(value)) for name, value in message.raw_items()]
    envelope = envelope_of(headers, delivered)
    automatic = next((v.strip().lower() for n, v in headers if n.lower() == "auto-submitted"), "no")
    if message.get_content_type() == "multipart/report" or not automatic.startswith("no"):
        return Letter(envelope, report=True)
    parts: list[Part] = []
    sealed = damaged = False
    for leaf in _leaves(message):
        kind = leaf.get_content_type()
        if kind == "message/rfc822":
            parts.append(_forwarded(leaf, len(parts) + 1))
        elif leaf.get_content_maintype() == "multipart":
            damaged = True
        else:
            part, wraps = _part(leaf, len(parts) + 1)
            parts += [part] if part else []
            sealed = sealed or wraps
    return Letter(envelope, tuple(parts), sealed=sealed, damaged=damaged)


def _leaves(message: Message) -> Iterator[Message]:
    """Give the parts in the order of the mail; a multipart without parts is given as it is."""
    ahead = [message]
    while ahead:
        part = ahead.pop()
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list) and inner:
            ahead += [p for p in reversed(inner) if isinstance(p, Message)]
        else:
            yield part


def _forwarded(part: Message, number: int) -> Part:
    """Return a mail inside the mail; some mailers encode it, against RFC 2046, and the library leaves it so."""
    inner = part.get_payload()
    letter = inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], Message) else None
    raw: bytes | None = None
    if str(part.get("content-transfer-encoding", "")).strip().lower() == "base64":
        text = letter.get_payload() if letter is not None and not letter.keys() else inner
        raw = _from_base64(text if isinstance(text, str) else "")
    if raw:
        letter = message_from_bytes(raw, policy=_POLICY)
    name = _FORWARDED.format(number)
    return Part(name, letter=_letter(letter)) if letter is not None else Part(name)


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _part(leaf: Message, number: int) -> tuple[Part | None, bool]:
    """Return a leaf as a part, and whether it is the sealed body of the mail; None for the text of the mail."""
    headers = {name.lower(): str(value) for name, value in reversed(list(leaf.raw_items()))}
    kind, disposition = leaf.get_content_type(), headers.get("content-disposition", "")
    typed = parameters(headers.get("content-type", ""))
    name = parameters(disposition).get("filename") or typed.get("name") or ""
    described = decoded(headers.get("content-description", ""))
    name = name or (described if "." in described else "")
    attached = disposition.strip().lower().startswith("attachment")
    if not name and not attached and kind in ("text/plain", "text/html"):
        return None, False
    payload = leaf.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    if kind == "message/external-body":
        return Part(part_name(name, kind, number), linked=True), False
    sealed = is_sealed(kind, name, typed.get("smime-type", "").lower())
    added = sealed or is_added(name, kind, content, attached, "content-id" in headers)
    return Part(part_name(name, kind, number), content, added=added), sealed
