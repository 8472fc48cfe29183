"""The province's data of one run: the frames of the submissions that count, and everything beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.findings import Finding
from pipeline.people import reference_key, staff_keys
from pipeline.province import Province
from pipeline.submissions import FileRecord, Outcome
from pipeline.validation import AddressBook, Validated
from schemas.frames import FILE
from schemas.rules import Severity

#: Column of each frame: unit code of the row.
UNIT = "don_vi_nop"
#: Column of NHAN_SU and DE_NGHI: person key (pipeline/people.py); null for collectives.
PERSON = "nguoi"


@dataclass(frozen=True, slots=True)
class Dataset:
    """What checks, ranking and rotation work on. Frames are never changed once made.

    `frames` holds, by template sheet, typed columns with codes for choices, row id as index, and the unit in
    `UNIT`. `stopped` are the rows that a blocking finding keeps out of every list.
    """

    province: Province
    frames: Mapping[str, pd.DataFrame]
    addresses: AddressBook
    records: tuple[FileRecord, ...]
    stopped: frozenset[int]

    @property
    def counted(self) -> dict[str, FileRecord]:
        """The file that counts, by unit."""
        return {r.unit: r for r in self.records if r.outcome is Outcome.COUNTED}


def build(province: Province, data: Validated, records: Sequence[FileRecord], findings: Iterable[Finding]) -> Dataset:
    """Keep the rows of counted files and name their unit and person."""
    unit_of = {r.number: r.unit for r in records if r.outcome is Outcome.COUNTED}
    frames: dict[str, pd.DataFrame] = {}
    for code, frame in data.frames.items():
        kept = frame[frame[FILE].isin(list(unit_of))]
        frames[code] = kept.drop(columns=FILE).assign(**{UNIT: kept[FILE].map(unit_of).astype("str")})
    staff = frames["NHAN_SU"]
    frames["NHAN_SU"] = staff.assign(**{PERSON: staff_keys(staff)})
    nominations = frames["DE_NGHI"]
    persons = nominations["ma_doi_tuong"].where(nominations["doi_tuong"] == "CN")
    keys = persons.map(reference_key, na_action="ignore").astype("str")
    frames["DE_NGHI"] = nominations.assign(**{PERSON: keys})
    return Dataset(province, frames, data.addresses, tuple(records), stopped_rows(findings))


def stopped_rows(findings: Iterable[Finding]) -> frozenset[int]:
    """Rows of units' files that a blocking finding keeps out of every list."""
    return frozenset(
        f.row_id for f in findings if f.row_id is not None and f.unit and f.judged and f.severity is Severity.BLOCKING
    )
