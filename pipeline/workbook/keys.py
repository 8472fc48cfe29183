"""Row keys and seals: how a row of a council table is known again after people have worked in the workbook.

Every table in which the council writes has one more column, hidden, whose cells name their rows: `sheet/what`, the
same from run to run and wherever the row is moved. The very hidden sheet `KHOA` holds what the workbook was when it
was written: the run, each table's headings, and for each row its key, a short hash of each locked cell (against
slips, not against people), facts that later steps need, and what the council columns held at first.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from xlsxwriter import Workbook

from pipeline.workbook.table import Cell, Columns, Field, safe_text

#: Name of the technical sheet, its first cell, and the property of the file that tells the run even without it.
SHEET, MARK, RUN_PROPERTY = "KHOA", "tdkt-khoa|1", "tdkt_lan_chay"
KEY_HEADING = "Khóa dòng (không sửa)"
#: Fields that name a row where its sheet gives no keys of its own.
_NAMING = (
    "ma", "ma_don_vi", "ma_dn", "loai", "pham_vi", "noi", "nhom", "ten", "ho_ten", "noi_dung", "danh_hieu", "nam",
    "duoc", "khong",
)  # fmt: skip
_DAY_ZERO = dt.datetime(1899, 12, 30)
_DAY = dt.timedelta(days=1)
_SEPARATOR = "/"
#: What a column is: held by the program, filled by the council, computed by the sheet itself.
LOCKED, COUNCIL, FORMULA, RUNNING = "máy", "hội đồng", "công thức", "số thứ tự"
#: Fields that only count rows; a new order makes new numbers.
_COUNTING = ("stt",)

Facts = Mapping[str, Any]


def canonical(value: object) -> str:
    """A cell as text that survives Excel, LibreOffice and WPS: blanks run together, numbers to six decimals."""
    if value.__class__ is str:
        return " ".join(str(value).split())
    if value is None or value != value:
        return ""
    if isinstance(value, bool | np.bool_):
        return "1" if value else "0"
    if isinstance(value, dt.datetime):
        value = (value.replace(tzinfo=None) - _DAY_ZERO) / _DAY
    elif isinstance(value, dt.date):
        value = (value - _DAY_ZERO.date()).days
    if isinstance(value, int | float | np.integer | np.floating):
        return f"{float(value):.6f}".rstrip("0").rstrip(".")
    return " ".join(safe_text(str(value)).split())


def seal(text: str) -> str:
    """Eight hex digits of a canonical text; of a blank nothing."""
    return f"{zlib.crc32(text.encode('utf-8', 'replace')):08x}" if text else ""


def distinct(keys: Sequence[str], more: Sequence[str]) -> list[str]:
    """Make keys differ: equal ones take what `more` says of their rows, then a number."""
    counts = Counter(keys)
    if len(counts) == len(keys):
        return list(keys)
    longer = [key if counts[key] == 1 else f"{key}|{extra}" for key, extra in zip(keys, more, strict=True)]
    seen: Counter[str] = Counter()
    found = []
    for key in longer:
        seen[key] += 1
        found.append(key if seen[key] == 1 else f"{key}~{seen[key]}")
    return found


def split_key(text: str) -> tuple[str, str]:
    """Sheet and key of the text in a hidden cell."""
    sheet, _, key = text.partition(_SEPARATOR)
    return sheet, key


def joined(sheet: str, key: str) -> str:
    """Text of the hidden cell of a row."""
    return f"{sheet}{_SEPARATOR}{key}"


@dataclass(frozen=True, slots=True)
class SealedTable:
    """Headings of one table: (field, heading, what it is, choices)."""

    sheet: str
    columns: tuple[tuple[str, str, str, tuple[str, ...]], ...]


@dataclass(slots=True)
class Ledger:
    """What the technical sheet will hold."""

    tables: list[SealedTable] = field(default_factory=list)
    rows: list[tuple[int, str, str, Facts | None, Mapping[str, str]]] = field(default_factory=list)
    _taken: dict[str, set[str]] = field(default_factory=dict)

    def keys(self, sheet: str, fields: Sequence[Field], columns: Columns, keys: Sequence[str] | None) -> list[str]:
        """Keys of the rows of a table, each once on its sheet; without any given, made of what names a row."""
        rows = max((len(values) for values in columns.values()), default=0)
        texts = _texts(fields, columns, rows)
        if keys is None:
            naming = [texts[item.key] for item in fields if item.key in _NAMING and item.key in texts]
            keys = ["|".join(parts).rstrip("|") for parts in zip(*naming, strict=True)] if naming else [""] * rows
        whole = [seal("\x1f".join(row)) for row in zip(*texts.values(), strict=True)] if texts else [""] * rows
        taken = self._taken.setdefault(sheet, set())
        number = sum(table.sheet == sheet for table in self.tables) + 1
        given = [key if key not in taken else f"{key}|bảng {number}" for key in distinct(keys, whole)]
        taken.update(given)
        return given

    def add(
        self, sheet: str, fields: Sequence[Field], columns: Columns, keys: Sequence[str], facts: Sequence[Facts] | None
    ) -> None:
        """Remember a table as it is written."""
        kinds = {item.key: _kind(item, columns.get(item.key, ())) for item in fields}
        self.tables.append(SealedTable(sheet, tuple((i.key, i.heading, kinds[i.key], i.choices) for i in fields)))
        texts = _texts(fields, columns, len(keys))
        locked = [list(map(seal, texts[i.key])) for i in fields if kinds[i.key] == LOCKED]
        seals = [" ".join(row) for row in zip(*locked, strict=True)] if locked else [""] * len(keys)
        council = {
            i.key: [canonical(_value(v)) for v in columns[i.key]] for i in fields if i.council and i.key in columns
        }
        number = len(self.tables) - 1
        for at, key in enumerate(keys):
            first = {name: values[at] for name, values in council.items() if values[at]}
            self.rows.append((number, key, seals[at], facts[at] if facts else None, first))

    def write(self, workbook: Workbook, run: Facts) -> None:
        """Add the technical sheet, which no menu shows, and the run's id to the properties of the file."""
        page = workbook.add_worksheet(SHEET)
        page.very_hidden()
        page.protect()
        lines = [json.dumps(["T", t.sheet, t.columns], ensure_ascii=False) for t in self.tables]
        lines += [json.dumps(["R", *row], ensure_ascii=False) for row in self.rows]
        digest = f"{zlib.crc32(chr(10).join(lines).encode('utf-8', 'replace')):08x}"
        head = json.dumps({**run, "rows": len(lines), "digest": digest}, ensure_ascii=False)
        for number, line in enumerate((MARK, head, *lines)):
            page.write_string(number, 0, safe_text(line))
        workbook.set_custom_property(RUN_PROPERTY, str(run["run_id"]), "text")


def _value(cell: object) -> object:
    return cell.value if isinstance(cell, Cell) else cell


def _texts(fields: Sequence[Field], columns: Columns, rows: int) -> dict[str, list[str]]:
    """Canonical texts of the columns that the program holds, by field."""
    return {
        item.key: [canonical(_value(v)) for v in columns[item.key]] if item.key in columns else [""] * rows
        for item in fields
        if _kind(item, columns.get(item.key, ())) == LOCKED
    }


def _kind(item: Field, values: Sequence[Any]) -> str:
    if item.council:
        return COUNCIL
    if item.key in _COUNTING:
        return RUNNING
    return FORMULA if any(isinstance(v, Cell) and v.formula for v in values) else LOCKED
