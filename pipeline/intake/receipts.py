"""The receipt log `so-nhan.csv`: which file was sent and received when, written by the office."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.findings import Finding, column_letters
from pipeline.intake.times import local_time

LOG = "so-nhan.csv"
_FILE, _SENT, _RECEIVED = "tep", "gui_luc", "nhan_luc"
_COLUMNS = (_FILE, _SENT, _RECEIVED)
_FORMATS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")
#: Excel writes UTF-8 with a mark, «Unicode text» as UTF-16 with a mark, and otherwise Windows' own code page.
_MARKED = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(slots=True)
class Receipt:
    """One line. One of the two times may be missing."""

    line: int  #: as a spreadsheet counts
    cell: str  #: of the file name
    path: str  #: as written
    sent_at: datetime | None
    received_at: datetime | None
    used: bool = False


@dataclass(slots=True)
class Receipts:
    """The log by path."""

    by_path: dict[str, Receipt] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def find(self, path: str) -> Receipt | None:
        """Return the line for a path, else for the nearest zip or folder that holds it."""
        parts = _key(path).split("/")
        for length in range(len(parts), 0, -1):
            receipt = self.by_path.get("/".join(parts[:length]))
            if receipt:
                receipt.used = True
                return receipt
        return None

    def extra(self, known: Iterable[str]) -> list[Finding]:
        """Return a finding for each line about a file that is neither an item nor among `known`."""
        keys = {_key(path) for path in known}
        return [
            Finding(
                "V-18",
                "log_extra",
                file=LOG,
                cell=r.cell,
                value=r.path,
                params={"dong": str(r.line), "tep": r.path},
            )
            for key, r in self.by_path.items()
            if not r.used and key not in keys
        ]


def _key(path: str) -> str:
    """Return what is compared: NFC, `/`, without regard to case, as Windows does."""
    text = unicodedata.normalize("NFC", path.strip()).replace("\\", "/").casefold()
    text = text.removeprefix("./").strip("/")
    return text.removeprefix("hop-thu/")


def _bad(line: int, column: int, why: str, value: str = "") -> Finding:
    cell = f"{column_letters(column + 1)}{line}"
    return Finding("V-18", "log_line", file=LOG, cell=cell, value=value, params={"dong": str(line), "vi_sao": why})


def moment(text: str) -> datetime | None:
    """Read `05/01/2026 16:30`, with seconds or not, or ISO; None when it is not a day with a time."""
    text = " ".join(text.split())
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text):
        return None
    try:
        return local_time(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def read_log(content: bytes) -> Receipts:
    """Read the log; lines that cannot be read become findings and the others count."""
    receipts = Receipts()
    encoding = next((name for mark, name in _MARKED if content.startswith(mark)), "utf-8-sig")
    try:
        lines = content.decode(encoding).splitlines()
    except UnicodeDecodeError:
        receipts.findings.append(_bad(1, 0, "tệp không lưu ở bảng mã UTF-8"))
        return receipts
    start = 1 if lines and lines[0].lower().startswith("sep=") else 0
    head = lines[start] if len(lines) > start else ""
    delimiter = max(";,\t", key=head.count)
    names = [name.strip().strip('"').lower() for name in head.split(delimiter)]
    places = {name: names.index(name) for name in _COLUMNS if name in names}
    if _FILE not in places or len(places) == 1:
        receipts.findings.append(_bad(start + 1, 0, "thiếu tiêu đề tep, gui_luc, nhan_luc"))
        return receipts
    for number, text in enumerate(lines[start + 1 :], start + 2):
        # One line is one record: a lost quotation mark must not swallow the lines after it.
        try:
            row = next(csv.reader([text], delimiter=delimiter), [])
        except csv.Error:
            receipts.findings.append(_bad(number, 0, "dòng có ký tự lạ"))
            continue
        if any(cell.strip() for cell in row):
            _take(receipts, number, row, places)
    return receipts


def _take(receipts: Receipts, line: int, row: list[str], places: dict[str, int]) -> None:
    values = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
    path = values[_FILE]
    if not path:
        receipts.findings.append(_bad(line, places[_FILE], "thiếu tên tệp"))
        return
    times: dict[str, datetime | None] = {}
    for name in (_SENT, _RECEIVED):
        text = values.get(name, "")
        times[name] = moment(text) if text else None
        if text and times[name] is None:
            why = "giờ không theo dạng ngày/tháng/năm giờ:phút"
            receipts.findings.append(_bad(line, places[name], why, text))
            return
    if not any(times.values()):
        receipts.findings.append(_bad(line, places.get(_SENT, places[_FILE]), "không có giờ gửi, giờ nhận"))
        return
    earlier = receipts.by_path.get(_key(path))
    if earlier:
        why = f"tệp này đã có ở dòng {earlier.line}"
        receipts.findings.append(_bad(line, places[_FILE], why, path))
        return
    cell = f"{column_letters(places[_FILE] + 1)}{line}"
    receipts.by_path[_key(path)] = Receipt(line, cell, path, times[_SENT], times[_RECEIVED])
