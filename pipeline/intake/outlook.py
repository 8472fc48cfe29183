"""One mail as Outlook saves it (.msg, [MS-OXMSG]). Imported only when there is one: its library costs time to load."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email import message_from_string
from email.policy import compat32
from io import BytesIO

from olefile import OleFileIO
from oxmsg.domain import constants as code
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from pipeline.intake.envelopes import address_of, envelope_of
from pipeline.intake.letters import Letter, Part, is_added, is_sealed, part_name
from pipeline.intake.records import Envelope, Limits, megabytes
from pipeline.intake.times import local_time
from pipeline.package.facts import Refusal

#: Bytes before the properties of a message, of a message inside it, and of an attachment ([MS-OXMSG] 2.4.1).
_OUTER, _INNER, _ATTACHED = 32, 24, 8
_EMBEDDED = "__substg1.0_3701000D"  # storage of a mail attached to the mail
_PROPERTIES = "__properties_version1.0"
_BY_REFERENCE = (2, 3, 4, 7)  # PidTagAttachMethod: only a path or an address
_SENDER_SMTP, _REPRESENTING_SMTP = 0x5D01, 0x5D02
_MESSAGE_ID, _DELIVERED = 0x1035, 0x0E06
_STRING, _STRING_8 = 0x001F, 0x001E
_LONGEST_HEADERS = 1_000_000  # letters
_FORWARDED = "thu-chuyen-tiep-{}.msg"


def open_msg(content: bytes, limits: Limits) -> Letter:
    """Read an Outlook mail.

    Raises:
        Refusal: V-14 beyond the limits, V-11 when nothing can be made of the bytes.
    """
    if len(content) > limits.mail_bytes:
        raise Refusal("V-14", "mail_too_large", co=megabytes(len(content)), gioi_han=megabytes(limits.mail_bytes))
    try:
        with OleFileIO(BytesIO(content)) as container:
            entries = len(container.direntries)
            if entries > limits.mail_parts * 100:  # a mail with one attachment has about 100 streams
                raise Refusal("V-14", "mail_parts", so_phan=str(entries), gioi_han=str(limits.mail_parts))
            storage = Storage.from_ole(container)
            letter = _letter(storage, _OUTER)
            # Its parts may be what the damage took away.
            return replace(letter, damaged=bool(container.parsing_issues) and not letter.parts)
    except Refusal:
        raise
    except RecursionError as error:
        raise Refusal("V-14", "mail_nested", gioi_han=str(limits.mail_depth)) from error
    except Exception as error:  # what damaged bytes make the two libraries raise has no closed list
        raise Refusal("V-11", "mail_broken") from error


class _Facts:
    """Properties of one object; one that is damaged counts as absent, the others are still read."""

    def __init__(self, storage: Storage, offset: int) -> None:
        self._storage = storage
        self._properties = Properties(storage, properties_header_offset=offset)

    def text(self, number: int) -> str:
        for kind, encoding in ((_STRING, "utf-16-le"), (_STRING_8, "")):
            try:
                raw = self._storage.property_stream_bytes(number, kind)
            except Exception:  # the stream is not there, or the storage is damaged
                continue
            if encoding:
                return raw.decode(encoding, "replace").rstrip("\0")
            return self._in_code_page(number, raw).rstrip("\0")
        return ""

    def _in_code_page(self, number: int, raw: bytes) -> str:
        try:
            return self._properties.str_prop_value(number) or ""
        except Exception:  # a code page that does not exist, or is not the one used
            return raw.decode("utf-8", "replace")

    def number(self, number: int) -> int:
        try:
            return self._properties.int_prop_value(number) or 0
        except Exception:  # as above
            return 0

    def moment(self, number: int) -> dt.datetime | None:
        try:
            moment = self._properties.date_prop_value(number)
            return local_time(moment).replace(microsecond=0) if moment else None
        except Exception:  # as above
            return None

    def binary(self, number: int) -> bytes | None:
        try:
            return self._storage.property_stream_bytes(number, code.PTYP_BINARY)
        except Exception:  # as above
            return None


def _letter(storage: Storage, offset: int) -> Letter:
    facts = _Facts(storage, offset)
    envelope = _envelope(facts)
    kind = facts.text(code.PID_MESSAGE_CLASS).upper()
    if kind.startswith("REPORT.") or ".RULES.OOFTEMPLATE" in kind:
        return Letter(envelope, report=True)
    parts = tuple(_part(inner, number) for number, inner in enumerate(_attachments(storage), start=1))
    sealed = ".SMIME" in kind and not kind.endswith("MULTIPARTSIGNED")
    return Letter(envelope, parts, sealed=sealed or any(is_sealed("", part.name, "") for part in parts))


def _attachments(storage: Storage) -> list[Storage]:
    return sorted(storage.iter_attachment_storages(), key=lambda inner: inner.name)


def _envelope(facts: _Facts) -> Envelope:
    """Read the headers that the mail came with; what they lack, Outlook's own fields may tell."""
    headers = facts.text(code.PID_TRANSPORT_MESSAGE_HEADERS)[:_LONGEST_HEADERS]
    found = [(n, str(v)) for n, v in message_from_string(headers.lstrip(), policy=compat32).raw_items()]
    names = {name.lower() for name, _ in found}
    if "from" not in names:
        own = (_SENDER_SMTP, code.PID_SENDER_EMAIL_ADDRESS, _REPRESENTING_SMTP)
        addresses = (address_of(facts.text(number)) for number in own)
        found.append(("From", next((address for address in addresses if address), "")))
    if "message-id" not in names:
        found.append(("Message-ID", facts.text(_MESSAGE_ID)))
    for name, number in (("Date", code.PID_CLIENT_SUBMIT_TIME), ("Delivery-Date", _DELIVERED)):
        moment = facts.moment(number)
        if name.lower() not in names and moment:
            found.append((name, f"{moment:%d %b %Y %H:%M:%S} +0700"))
    return envelope_of(found)


def _part(storage: Storage, number: int) -> Part:
    facts = _Facts(storage, _ATTACHED)
    embedded = next((inner for inner in storage.storages if inner.name.upper() == _EMBEDDED.upper()), None)
    if embedded is not None:
        mail = any(stream.name == _PROPERTIES for stream in embedded.streams)  # else an object drawn in the text
        letter = _letter(embedded, _INNER) if mail else None
        return Part(_FORWARDED.format(number), letter=letter, added=not mail)
    name = facts.text(code.PID_ATTACH_LONG_FILENAME) or facts.text(code.PID_ATTACH_FILENAME)
    name = name or facts.text(code.PID_DISPLAY_NAME)
    kind = facts.text(code.PID_ATTACH_MIME_TAG).lower()
    content = facts.binary(code.PID_ATTACH_DATA_BINARY)
    shown = bool(facts.text(code.PID_ATTACH_CONTENT_ID))
    linked = content is None and facts.number(code.PID_ATTACH_METHOD) in _BY_REFERENCE
    added = content is not None and is_added(name, kind, content, attached=True, shown=shown)
    return Part(part_name(name, kind, number), content or b"", added=added, linked=linked)
