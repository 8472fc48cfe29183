"""What bytes are, told by what they begin with; the suffix of a name is never believed."""

from __future__ import annotations

import re
from enum import Enum, auto
from pathlib import PurePosixPath


class Signature(Enum):
    """The kinds of content that get a sentence of their own."""

    EMPTY = auto()
    ZIP = auto()
    OLE = auto()  # .xls, .doc, .msg, a workbook with a password
    PDF = auto()
    IMAGE = auto()
    HTML = auto()
    MAIL = auto()
    TEXT = auto()
    ARCHIVE = auto()
    TNEF = auto()  # winmail.dat
    BROKEN = auto()
    UNKNOWN = auto()


OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TNEF_MAGIC = b"\x78\x9f\x3e\x22"  # [MS-OXTNEF] 2.1.3.1, little-endian
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PDF_WINDOW = 1024  # readers accept a PDF header this far in
_ARCHIVES = {
    b"Rar!\x1a\x07": ".rar",
    b"7z\xbc\xaf\x27\x1c": ".7z",
    b"\x1f\x8b": ".gz",
    b"BZh": ".bz2",
    b"\xfd7zXZ\x00": ".xz",
    b"MSCF": ".cab",
}
_TAR_AT = 257  # where a tar header keeps its magic
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
_HEAD = 65_536  # how much text is looked at
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style|div)\b", re.IGNORECASE)
_MAIL_HEADER = re.compile(
    rb"(?:from|to|received|return-path|delivered-to|mime-version|message-id|x-[\w-]+|date|subject|dkim-signature"
    rb"|authentication-results|content-type):\s",
    re.IGNORECASE,
)
_MAIL_PROOF = re.compile(rb"^(?:from|received|message-id|return-path):\s", re.IGNORECASE | re.MULTILINE)
_WEB_ARCHIVE = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
#: Control characters that no text file holds.
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def archive_suffix(content: bytes) -> str:
    """Return `.rar` and the like for an archive that cannot be opened here, else an empty string."""
    for magic, suffix in _ARCHIVES.items():
        if content.startswith(magic):
            return suffix
    return ".tar" if content[_TAR_AT : _TAR_AT + 5] == b"ustar" else ""


def signature(content: bytes) -> Signature:
    """Return what the bytes are."""
    if content.startswith(ZIP_MAGIC):
        return Signature.ZIP
    if content.startswith(OLE_MAGIC):
        return Signature.OLE
    if content.startswith(TNEF_MAGIC):
        return Signature.TNEF
    if not content[:_HEAD].strip(b" \t\r\n\xef\xbb\xbf"):
        return Signature.EMPTY
    if not content[:_HEAD].strip(b"\0"):
        return Signature.BROKEN  # a download that was reserved on disk and never filled
    if b"%PDF-" in content[:_PDF_WINDOW]:
        return Signature.PDF
    if content.startswith(_IMAGES) or (content.startswith((b"BM", b"RIFF")) and _BINARY.search(content[:64])):
        return Signature.IMAGE
    if archive_suffix(content):
        return Signature.ARCHIVE
    if re.match(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08]\x00", content):
        return Signature.BROKEN  # a sheet of Excel 2 to 5 outside its container: Excel can still save it anew
    return _text(content[:_HEAD])


def _text(head: bytes) -> Signature:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            head = head[len(bom) :].decode(encoding, "replace").encode()
            break
    if _BINARY.search(head):
        return Signature.UNKNOWN
    start = head.lstrip()
    if start.startswith(b"<") and _HTML.search(start):
        return Signature.HTML
    if _MAIL_HEADER.match(start):
        if _WEB_ARCHIVE.search(head) and not re.search(rb"^received:\s", head, re.I | re.M):
            return Signature.HTML  # Excel's «single file web page»
        if _MAIL_PROOF.search(head):
            return Signature.MAIL
    return Signature.TEXT


def suffix_of(name: str) -> str:
    """Return the suffix as an official would say it."""
    return PurePosixPath(name).suffix.lower() or "không có đuôi"
