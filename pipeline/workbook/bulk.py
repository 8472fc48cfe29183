"""Large tables straight into the sheet's XML: a province has millions of cells, and most are on DL_… sheets.

XlsxWriter keeps every cell as an object and takes some 6 µs for each. Here it writes a sheet with the heading
and the first row of data; the following rows are put behind that row, in its formats, while the finished
package is copied. Only the file format is relied on. Equal values give equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter.utility import xl_col_to_name

#: Rows that are put together in memory at a time.
_CHUNK = 4_000
_END_OF_ROWS = b"</sheetData>"
#: Time stamp of all parts, as Excel writes it.
_STAMP = (1980, 1, 1, 0, 0, 0)
#: Repetitive XML: the fastest level is as good as the default one, within a tenth of the size.
_LEVEL = 4
_RARE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


#: Gives values by column (None for nothing) and heights in points (0: as Excel likes) of rows start to end.
ReadRows = Callable[[int, int], tuple[Mapping[str, Sequence[Any]], Sequence[float]]]


@dataclass(frozen=True, slots=True)
class Bulk:
    """Rows of one sheet, of which XlsxWriter wrote the first as a model."""

    part: str  #: `xl/worksheets/sheet7.xml`
    model: int  #: number of the model row in Excel
    rows: int  #: the model row included
    keys: Sequence[str]  #: columns from A
    read: ReadRows


def splice(
    source: IO[bytes], target: BinaryIO, bulks: Sequence[Bulk], plain_first: frozenset[str] = frozenset()
) -> None:
    """Copy a package, adding the rows to their sheets; the first page of the parts named is printed without number."""
    by_part = {bulk.part: bulk for bulk in bulks}
    with ZipFile(source) as old, ZipFile(target, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as new:
        for name in old.namelist():
            part = ZipInfo(name, _STAMP)
            part.compress_type = ZIP_DEFLATED
            content = old.read(name)
            if name in plain_first:  # XlsxWriter has no word for it
                content = content.replace(b"<headerFooter", b'<headerFooter differentFirst="1"', 1)
            bulk = by_part.get(name)
            with new.open(part, "w", force_zip64=bulk is not None) as out:
                if bulk is None:
                    out.write(content)
                    continue
                head, end, tail = content.rpartition(_END_OF_ROWS)
                assert end, f"{name} holds no rows"
                out.write(_grown(head, bulk))
                for text in _rows(bulk, _styles(head.decode(), bulk)):
                    out.write(text.encode())
                out.write(end + tail)


def _grown(head: bytes, bulk: Bulk) -> bytes:
    """Let the sheet's stated extent reach the last row."""
    last = f"{xl_col_to_name(len(bulk.keys) - 1)}{bulk.model + bulk.rows - 1}"
    return re.sub(rb'(<dimension ref="[A-Z]+\d+):[A-Z]+\d+"', rb"\1:" + last.encode() + b'"', head, count=1)


def _styles(xml: str, bulk: Bulk) -> list[str]:
    """Number of the cell format of each column, as the model row has it."""
    row = xml[xml.rindex(f'<row r="{bulk.model}"') :]
    found = dict(re.findall(r'<c r="([A-Z]+)\d+" s="(\d+)"', row))
    return [found[xl_col_to_name(column)] for column in range(len(bulk.keys))]


def _rows(bulk: Bulk, styles: Sequence[str]) -> Iterator[str]:
    """Yield the XML of the rows, some thousands at a time."""
    letters = [xl_col_to_name(column) for column in range(len(bulk.keys))]
    for start in range(1, bulk.rows, _CHUNK):
        end = min(start + _CHUNK, bulk.rows)
        numbers = range(bulk.model + start, bulk.model + end)
        columns, heights = bulk.read(start, end)
        cells = [
            _cells(letter, style, columns[key], numbers)
            for letter, style, key in zip(letters, styles, bulk.keys, strict=True)
        ]
        heads = [_row_head(number, height) for number, height in zip(numbers, heights, strict=True)]
        rows = zip(heads, zip(*cells, strict=True), strict=True)
        yield "".join([f"{head}{''.join(row)}</row>" for head, row in rows])


def _row_head(number: int, height: float) -> str:
    return f'<row r="{number}" ht="{height:g}" customHeight="1">' if height else f'<row r="{number}">'


def _cells(letters: str, style: str, values: Sequence[Any], numbers: Sequence[int]) -> list[str]:
    """XML of one column's cells; equal texts are put into XML once."""
    start = f'<c r="{letters}'
    text_tail, number_tail = f'" s="{style}" t="inlineStr"><is>', f'" s="{style}"><v>'
    texts: dict[str, str] = {}
    found = []
    for number, value in zip(numbers, values, strict=True):
        if value is None:
            found.append("")
        elif value.__class__ is str:
            text = texts.get(value)
            if text is None:
                text = texts[value] = f"{text_tail}{_text(value)}</is></c>"
            found.append(f"{start}{number}{text}")
        else:
            found.append(f"{start}{number}{number_tail}{value:.16g}</v></c>")
    return found


@lru_cache(maxsize=4096)
def _text(value: str) -> str:
    """`<t>` of a text; what XML cannot hold is written as Excel does, `_x0007_`."""
    if _RARE.search(value):
        value = _RARE.sub(lambda m: f"_x005F{m[0]}" if len(m[0]) > 1 else f"_x{ord(m[0]):04X}_", value)
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    keep = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
    return f"<t{keep}>{value}</t>"
