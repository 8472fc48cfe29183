"""Which files are read in a worker that may die: a look of a tenth of a millisecond before anything is opened.

Ordinary .xlsx files are examined to the bone before the reader sees them, and the reader has been fuzzed; what is
left to fear are the other formats, whose readers have less behind them, and what is far larger than a form.
"""

from __future__ import annotations

import zipfile
from io import BytesIO

from pipeline.package.facts import MEGABYTE
from pipeline.package.opendocument import MIMETYPE
from pipeline.package.signature import OLE_MAGIC, Signature, signature
from pipeline.package.spreadsheetml import WORKBOOK

#: Ten times a filled template, packed and unpacked, and the parts of ten.
LARGE_BYTES, LARGE_INFLATED, MANY_PARTS = 1 * MEGABYTE, 10 * MEGABYTE, 200
_MACROS = "xl/vbaProject.bin"


def suspicious(content: bytes) -> bool:
    """Whether a file is large, of an old or foreign format, or carries macros; never raises."""
    if content.startswith(OLE_MAGIC) or len(content) > LARGE_BYTES or MIMETYPE in content[:100]:
        return True
    if signature(content) is not Signature.ZIP:
        return False  # refused by its first bytes
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = {part.filename: part.file_size for part in package.infolist()}
    except Exception:  # what hostile bytes make the standard library raise has no closed list
        return True
    return (
        (WORKBOOK not in parts and "content.xml" in parts)
        or _MACROS in parts
        or len(parts) > MANY_PARTS
        or sum(parts.values()) > LARGE_INFLATED
    )  # fmt: skip
