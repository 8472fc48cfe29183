"""The name of an attachment, as its sender saw it, however the mailer wrote it.

RFC 2231 (`filename*0*=utf-8''P%E1...`), RFC 2047 in places where it is forbidden but usual
(`filename="=?utf-8?B?…?="`, also with a letter cut in two between words), both at once, raw 8-bit letters,
and percent signs without a charset: all are met in real mail.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from urllib.parse import unquote_to_bytes

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bqBQ])\?([^?]*)\?=(?:\s+(?==\?))?")
_SECTION = re.compile(r"(?P<name>[\w-]+)(?:\*(?P<number>\d{1,3}))?(?P<coded>\*)?\Z")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
#: One parameter: `name=value`, the value quoted or up to the next semicolon.
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.DOTALL)
#: What a mailer's code page may be when it does not say: UTF-8, else Windows' Vietnamese one.
_ENCODINGS = ("utf-8", "cp1258")
#: Control characters, and those that turn the direction of writing so that `xslx.exe` reads `exe.xlsx`.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_LONGEST = 150  # letters of a name; Windows allows 255 for name and folder together
_LONGEST_SUFFIX = 10


def parameters(header: str) -> dict[str, str]:
    """Return the parameters of a header such as Content-Disposition, each decoded once, by lower-case name."""
    plain: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(header):
        key, quoted, bare = match.groups()
        value = re.sub(r'\\(["\\])', r"\1", quoted) if quoted is not None else bare.strip()
        section = _SECTION.match(key)
        if section is None:
            continue
        name = section["name"].lower()
        if section["number"] is None and not section["coded"]:
            plain.setdefault(name, value)
        else:
            sections.setdefault(name, []).append((int(section["number"] or 0), bool(section["coded"]), value))
    found = {name: decoded(value) for name, value in plain.items()}
    for name, pieces in sections.items():
        found[name] = _joined(sorted(pieces, key=lambda piece: piece[0])) or found.get(name, "")
    return found


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    """Put the sections of an RFC 2231 value together; bytes first, so that a letter may lie across two."""
    charset, raw, any_coded = "", b"", False
    for at, (_, coded, value) in enumerate(pieces):
        text = value
        if coded and at == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if coded else text.encode("utf-8", "surrogateescape")
        any_coded = any_coded or coded
    text = _text(raw, charset if any_coded else "")
    return decoded(text) if "=?" in text else text


def decoded(value: str) -> str:
    """Return a header's text with encoded words, 8-bit letters and bare percent signs made readable."""
    value = re.sub(r"\r?\n(?=[ \t])", "", value)
    if "=?" in value:
        value = _words(value)
    if any("\udc80" <= letter <= "\udcff" for letter in value):
        value = _text(value.encode("utf-8", "surrogateescape"), "")
    if "%" in value and " " not in value:
        raw = unquote_to_bytes(_PERCENT.sub(lambda m: m[0], value))
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return value
        if not text.isascii() or " " in text:
            return text
    return value


def _words(value: str) -> str:
    """Decode encoded words; neighbours of one charset are joined as bytes before they are decoded."""
    pieces: list[str] = []
    end, charset, raw = 0, "", b""

    def close() -> None:
        nonlocal raw
        if raw:
            pieces.append(_text(raw, charset))
            raw = b""

    for match in _WORD.finditer(value):
        between, own = value[end : match.start()], match[1].split("*")[0].lower()
        if between or own != charset:
            close()
        pieces.append(between)
        charset, end = own, match.end()
        raw += _word(match[2].upper(), match[3])
    close()
    return "".join([*pieces, value[end:]])


def _word(kind: str, text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    if kind == "Q":
        return binascii.a2b_qp(data, header=True)
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4)) or data
    except binascii.Error:
        return data


def _text(raw: bytes, charset: str) -> str:
    for encoding in (charset, *_ENCODINGS):
        try:
            return unicodedata.normalize("NFC", raw.decode(encoding)) if encoding else raw.decode("utf-8")
        except (LookupError, ValueError):  # a charset that does not exist, or is not the one used
            continue
    return raw.decode("utf-8", "replace")


def safe_name(name: str) -> str:
    """Return the last part of a name, without what no screen shows and no folder may hold; empty if none is left."""
    name = unicodedata.normalize("NFC", _UNSEEN.sub("", name).replace("\\", "/")).rstrip("/")
    name = " ".join(name.rsplit("/", 1)[-1].split()).strip(" .")
    if len(name) <= _LONGEST:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX:
        return name[:_LONGEST].strip(" .")
    return f"{stem[: _LONGEST - len(suffix) - 1].strip(' .')}.{suffix}"
