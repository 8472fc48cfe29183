"""CSV for machines and for Excel: UTF-8 with BOM, one header row, nothing that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO

#: What makes a spreadsheet take a field for a formula (OWASP, «CSV injection»): signs, their full-width twins, and
#: blanks that some programs cut off first.
_ALWAYS, _UNLESS_NUMBER = "=@\t\r\n\uff1d\uff20\uff0b\uff0d", "+-"
_NUMBER = re.compile(r"[+-]?\d[\d.,]*")


def inert(text: str) -> str:
    """Put an apostrophe before text that Excel would take for a formula when it opens a CSV; numbers stay.

    A program that reads the file takes one apostrophe off the front of a field before comparing it with what was sent.
    """
    first = text[:1]
    if first and (first in _ALWAYS or (first in _UNLESS_NUMBER and not _NUMBER.fullmatch(text))):
        return "'" + text
    return text


def write_csv(file: BinaryIO, columns: Sequence[str], rows: Iterable[Iterable[str]]) -> None:
    """Write a table of texts; what a spreadsheet would run as a formula stands behind an apostrophe."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([inert(value) for value in row] for row in rows)
    text.detach()
