"""What one mail holds, whatever program wrote it, and which of its parts nobody meant to send."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.intake.part_names import safe_name
from pipeline.intake.records import Envelope
from pipeline.package.signature import Signature, signature

#: Logos and pictures of a signature are smaller; a photographed page is larger and gets its own sentence.
_SMALL_PICTURE = 150_000  # bytes
_PICTURE_IN_TEXT = 1_000_000  # bytes, of one that the text of the mail shows
_SMALL_PAGE = 150_000  # bytes of a text part that some mailers put behind the attachments
#: Parts that mailers add: signatures, cards, invitations, reports of delivery, the mail's text once more.
_ADDED_TYPES = {
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "application/pgp-keys", "text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/rfc822-headers",
    "text/x-amp-html", "application/ms-tnef-summary", "message/delivery-status",
    "message/disposition-notification", "message/partial",
}  # fmt: skip
_ADDED_SUFFIXES = (".ics", ".vcf", ".p7s", ".asc", ".sig", ".vcard")
_TEXT_AGAIN = re.compile(r"ATT\d+\.(?:html?|txt|c)\Z|(?:mime-)?(?:attachment|part\d*)\.(?:html?|txt)\Z", re.IGNORECASE)
_PAGE_SUFFIXES = (".htm", ".html")
_SUFFIXES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/msword": ".doc",
    "text/html": ".html",
    "text/plain": ".txt",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}
_SEALED_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing in a mail: a file, or a whole mail that it forwards."""

    name: str  #: safe, never empty
    content: bytes = b""
    letter: Letter | None = None  #: the forwarded mail
    added: bool = False  #: put there by the mailer: a logo, a signature, the text once more
    linked: bool = False  #: only its address is in the mail


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail."""

    envelope: Envelope
    parts: tuple[Part, ...] = ()
    report: bool = False  #: a machine wrote it: read, not delivered, out of office
    sealed: bool = False  #: its parts are encrypted or wrapped in a signature (S/MIME)
    damaged: bool = False  #: says that it has parts, and they cannot be told apart


def part_name(name: str, kind: str, number: int) -> str:
    """Return a safe name, made of the part's number and kind where the mail gives none."""
    return safe_name(name) or f"khong-ten-{number}{_SUFFIXES.get(kind, '')}"


def is_added(name: str, kind: str, content: bytes, attached: bool, shown: bool) -> bool:
    """Whether a mailer put this part there, and not a person.

    Args:
        name: as written in the mail, empty if it has none.
        kind: the part's content type.
        content: decoded.
        attached: whether the mail calls it an attachment.
        shown: whether the text of the mail shows it (it has a Content-ID).
    """
    suffix = PurePosixPath(name).suffix.lower()
    if kind in _ADDED_TYPES or suffix in _ADDED_SUFFIXES or _TEXT_AGAIN.match(name):
        return True
    if signature(content) is Signature.IMAGE:
        return len(content) <= (_PICTURE_IN_TEXT if shown else _SMALL_PICTURE)
    if kind in ("text/plain", "text/html") and (not name or not attached):
        return not name or (len(content) <= _SMALL_PAGE and suffix in ("", ".txt", *_PAGE_SUFFIXES))
    return kind == "text/html" and suffix in _PAGE_SUFFIXES and len(content) <= _SMALL_PAGE


def is_sealed(kind: str, name: str, smime_type: str) -> bool:
    """Whether a part wraps the whole mail, so that its files cannot be seen."""
    return (kind in _SEALED_TYPES and smime_type != "certs-only") or name.lower() in ("smime.p7m", "smime-sig.p7m")
