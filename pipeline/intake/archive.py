"""One .zip of the inbox, opened in memory within limits."""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from pipeline.findings import Finding
from pipeline.intake.records import Limits, megabytes
from pipeline.intake.times import entry_time
from pipeline.package.parts import ENCRYPTED, overlapping, unsafe

_UTF8_NAME = 0x800  # bit of an entry's flags
_UNICODE_PATH = 0x7075  # extra field in which Info-ZIP keeps the name in UTF-8
#: A zip with one of these is a workbook or document, whatever its suffix.
_DOCUMENT_MARKS = ("[content_types].xml", "mimetype", "xl/workbook.xml", "xl/workbook.bin")
_VIETNAMESE_LETTER = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯà-ỹ\u0300-\u0323]")


@dataclass(slots=True)
class Budget:
    """What one outermost archive has used so far, those inside it counted too."""

    files: int = 0
    inflated: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive."""

    name: str  #: inside the archive, with `/`
    content: bytes
    time: datetime | None


def is_archive(content: bytes) -> bool:
    """Whether the bytes are a zip that opens and is not itself a workbook or document."""
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        names = zipfile.ZipFile(BytesIO(content)).namelist()
    except Exception:  # broken bytes: the package step says so of the item
        return False
    return not any(name.lower() in _DOCUMENT_MARKS for name in names)


def entry_name(info: zipfile.ZipInfo) -> str:
    """Return the name as its sender saw it: UTF-8 where said or possible, else Windows' code page 1258."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename.replace("\\", "/")
    raw = info.orig_filename.encode("cp437", "replace")
    name = _unicode_path(info.extra, raw)
    if name is None:
        for encoding in ("utf-8", "cp1258"):
            try:
                name = unicodedata.normalize("NFC", raw.decode(encoding))
            except UnicodeDecodeError:
                continue
            if encoding == "utf-8" or _VIETNAMESE_LETTER.search(name):
                break
            name = None
    return (name or info.filename).split("\0")[0].replace("\\", "/")


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    while len(extra) >= 4:
        tag, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if tag == _UNICODE_PATH and field[:1] == b"\x01" and field[1:5] == struct.pack("<I", zlib.crc32(raw)):
            return field[5:].decode("utf-8", "replace")
    return None


def entries(content: bytes, path: str, budget: Budget, limits: Limits) -> Iterator[Entry | Finding]:
    """Give each file of an archive, or the finding why it is not given; a finding on the whole ends it.

    Nothing is written to disk; no error leaves this function.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except Exception:  # what hostile bytes make zipfile raise has no closed list
        yield Finding("V-11", "broken", file=path)
        return
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]  # a name may be empty
    refusal = _refuse_whole(infos, len(content), path, budget, limits)
    if refusal:
        yield refusal
        return
    budget.files += len(infos)
    for info in infos:
        if not info.flag_bits & ENCRYPTED:
            yield _entry(archive, info, path, budget, limits)
    if any(info.flag_bits & ENCRYPTED for info in infos):
        yield Finding("V-12", "archive", file=path)


def _refuse_whole(infos: list[zipfile.ZipInfo], size: int, path: str, budget: Budget, limits: Limits) -> Finding | None:
    if not infos:
        return Finding("V-11", "empty", file=path)
    files = budget.files + len(infos)
    if files > limits.files:
        params = {"so_tep": str(files), "gioi_han": str(limits.files)}
        return Finding("V-14", "too_many_files", file=path, params=params)
    inflated = budget.inflated + sum(info.file_size for info in infos)
    if inflated > limits.inflated_bytes:
        return _too_much(inflated, path, limits)
    return Finding("V-14", "overlap", file=path) if overlapping(infos, size) else None


def _too_much(size: int, path: str, limits: Limits) -> Finding:
    params = {"co": megabytes(size), "gioi_han": megabytes(limits.inflated_bytes)}
    return Finding("V-14", "inflated", file=path, params=params)


def _entry(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, budget: Budget, limits: Limits
) -> Entry | Finding:
    name = entry_name(info)
    if unsafe(name) or not name.strip("/"):
        return Finding("V-14", "unsafe_path", file=path, params={"duong_dan": name})
    inside = f"{path}/{name}"
    if info.file_size > limits.ratio_floor and info.file_size > limits.ratio * max(1, info.compress_size):
        ratio = str(info.file_size // max(1, info.compress_size))
        return Finding("V-14", "ratio", file=inside, params={"ty_le": ratio})
    try:
        # zipfile stops at the stated size and then checks the sum: a lying size cannot grow.
        content = archive.read(info)
    except NotImplementedError:
        method = f".zip (cách nén {info.compress_type})"
        return Finding("V-11", "archive", file=inside, params={"duoi": method})
    except Exception:  # as above
        return Finding("V-11", "broken", file=inside)
    budget.inflated += len(content)
    return Entry(name, content, entry_time(info))
