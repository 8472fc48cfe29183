"""Which findings stand on which row of the data, and in a few words what that row is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from pipeline.dataset import PERSON, UNIT
from pipeline.findings import Finding, Group
from pipeline.results import Results
from pipeline.workbook.series import frame_rows, plain
from pipeline.workbook.table import Anchor

_ROW = re.compile(r"\d+$")
#: (path of the file, name of the sheet in it, Excel row)
RowKey = tuple[str, str, int]
#: Sheet → the fields that tell what a row is about: a code, then a name where the sheet has one.
_SUBJECTS = {
    "NHAN_SU": ("ma_cc", "ho_ten"),
    "DE_NGHI": ("ma_dn", "ten_doi_tuong"),
    "BIEN_DONG": ("ma_cc", ""),
    "PHIEU": ("ma_dn", ""),
    "HO_SO": ("ma_dn", ""),
    "SANG_KIEN": ("ma_sk", "ten"),
    "CHI_TIEU": ("ma_ct", "noi_dung"),
    "HOAT_DONG": ("ma_hd", ""),
    "DIEN_HINH": ("ma_dh", "ten"),
    "LICH_SU": ("ma_doi_tuong", "ten_doi_tuong"),
    "GIAI_TRINH": ("doi_tuong", ""),
}
_LONGEST_NAME, _MOST_SUBJECTS = 60, 3


def row_key(finding: Finding) -> RowKey | None:
    """Row on which a finding stands; None when it has no cell."""
    found = _ROW.search(finding.cell)
    return (finding.file, finding.sheet, int(found[0])) if found else None


def finding_anchor(file: str, sheet: str, cell: str, code: str) -> Anchor:
    """Where the line of a finding is to be linked to."""
    return "finding", f"{file}|{sheet}|{cell}|{code}"


class Rows:
    """Rows of the counted files and the findings on them."""

    def __init__(self, results: Results) -> None:
        """Index the findings; rows without any cost one look-up each."""
        self._results = results
        self._on_row: dict[RowKey, list[Finding]] = defaultdict(list)
        self._on_subject: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in results.findings:
            key = row_key(finding)
            if key:
                self._on_row[key].append(finding)
            if finding.subject:
                self._on_subject[finding.unit, finding.subject].append(finding)
        self._about = dict(self._describe())

    def key(self, row_id: int) -> RowKey:
        """Address of a row of the data."""
        book = self._results.dataset.addresses
        file, code, row = book.row(row_id)
        return book.paths[file], book.places[file, code].sheet_name, row + 1

    def of_row(self, row_id: int) -> list[Finding]:
        """Findings on the cells of a row."""
        return self._on_row.get(self.key(row_id), [])

    def of_subject(self, unit: str, subject: str) -> list[Finding]:
        """Findings that name a person, nomination or unit as their subject."""
        return self._on_subject.get((unit, subject), [])

    def subject(self, group: Group) -> str:
        """Whom or what a line of findings is about; the first few, then how many more."""
        first = group.first
        keys = [(first.file, first.sheet, int(found[0])) for cell in group.cells if (found := _ROW.search(cell))]
        names = list(dict.fromkeys(self._about[key] for key in keys if self._about.get(key)))
        if not names:
            return self._names.get((first.unit, first.subject)) or self._titles.get(first.subject, first.subject)
        more = len(names) - _MOST_SUBJECTS
        return "; ".join(names[:_MOST_SUBJECTS]) + (f" và {more} dòng khác" if more > 0 else "")

    def _describe(self) -> Iterator[tuple[RowKey, str]]:
        frames = self._results.dataset.frames
        people = frame_rows(frames["NHAN_SU"], UNIT, PERSON, "ho_ten")
        nominations = frame_rows(frames["DE_NGHI"], UNIT, "ma_dn", "ten_doi_tuong")
        self._names = {(unit, key): f"{key} {name}" for unit, key, name in people if key and name}
        self._titles = dict(self._results.evidence.titles["name"])
        self._names |= {(unit, key): f"{key} {name}" for unit, key, name in nominations if key and name}
        for code, wanted in self._rows_with_findings().items():
            if code not in _SUBJECTS:
                continue
            key_field, name_field = _SUBJECTS[code]
            frame = frames[code]
            frame = frame[frame.index.isin(list(wanted))]
            names = plain(frame[name_field]) if name_field else [None] * len(frame)
            rows = zip(frame.index, frame[UNIT], plain(frame[key_field]), names, strict=True)
            yield from ((wanted[int(row_id)], self._text(unit, key, name)) for row_id, unit, key, name in rows)

    def _rows_with_findings(self) -> dict[str, dict[int, RowKey]]:
        """Sheet code → row id → address, of the rows on which findings stand."""
        book = self._results.dataset.addresses
        wanted: dict[tuple[str, str], set[int]] = defaultdict(set)
        for path, sheet, row in self._on_row:
            wanted[path, sheet].add(row)
        found: dict[str, dict[int, RowKey]] = defaultdict(dict)
        for first, file, code, rows in book.runs:
            path, sheet = book.paths[file], book.places[file, code].sheet_name
            numbers = wanted.get((path, sheet), set())
            for offset, row in enumerate(rows if numbers else ()):
                if row + 1 in numbers:
                    found[code][first + offset] = (path, sheet, row + 1)
        return found

    def _text(self, unit: str, key: str | None, name: str | None) -> str:
        if name is None and key:
            return self._names.get((unit, key), key)
        text = " ".join(part for part in (key, name) if part)
        return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"
