"""The one step of the map: read, parse and validate a batch of files. Pure, and what it takes and gives can travel."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import schemas
from pipeline.batches.transcripts import SheetTranscript, Transcript, renumbered
from pipeline.findings import Finding
from pipeline.intake import Received
from pipeline.province import Province, ProvinceFile
from pipeline.reading import Source
from pipeline.references import check_references, collective_mentions
from pipeline.submissions import Opening, open_source, record_of, set_aside
from pipeline.validation import AddressBook, Counts, OpenedFile, Validated, validate
from schemas.sheets import UNIT_TEMPLATE

#: Below pipeline/: what decides how a file is read. With schemas/ they make the version that cached results carry.
READING_CODE = ("batches", "findings.py", "intake/records.py", "layout", "package", "parsing.py", "people.py",
                "province.py", "reading.py", "references.py", "submissions.py", "validation.py",
                "vietnamese.py")  # fmt: skip
_LIBRARIES = ("numpy", "pandas", "pandera", "python-calamine", "rapidfuzz", "xlrd")
#: Seconds that a batch may take in a worker, and for each of its files; a file takes a fiftieth.
SECONDS, SECONDS_PER_FILE = 20.0, 0.3


class OtherProgram(Exception):
    """A worker runs another version of this program, so that its results would not be the same."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One file on its way to be read."""

    number: int  #: place among the items
    item: Received
    source: Source | None = None  #: what a guarded worker has read already


@dataclass(frozen=True, slots=True)
class Batch:
    """Files to read together, and what of the province that takes."""

    files: tuple[Sent, ...]
    province: Province
    program: str

    @property
    def seconds(self) -> float:
        """How long a worker may take."""
        return SECONDS + SECONDS_PER_FILE * len(self.files)

    def halves(self) -> tuple[Batch, Batch]:
        """Divide the files in two."""
        half = len(self.files) // 2
        return (dataclasses.replace(self, files=self.files[:half]), dataclasses.replace(self, files=self.files[half:]))


def read_batch(batch: Batch) -> list[bytes]:
    """Read a batch; returns the packed transcript of each file, in order.

    Raises:
        OtherProgram: the batch was made by another version.
    """
    if batch.program != program():
        raise OtherProgram
    return [transcript.pack() for transcript in transcribe(batch)]


def transcribe(batch: Batch) -> list[Transcript]:
    """Read a batch; a fault of ours costs the file that meets it."""
    openings = [open_sent(sent, batch.province) for sent in batch.files]
    found: dict[int, Transcript] = {}
    for data in validated([o for o in openings if o.opened is not None], batch.province):
        found |= _divided(data, openings)
    for opening in openings:
        if opening.opened is None:  # only now: validation may have set it aside
            found[opening.record.number] = Transcript.of(opening.record, opening.findings, opened=False)
    return [found[sent.number] for sent in batch.files]


def open_sent(sent: Sent, province: Province) -> Opening:
    """Take one file through its gates; a fault of ours sets it aside."""
    record = record_of(sent.number, sent.item)
    try:
        return open_source(sent.item, record, province, sent.source)
    except MemoryError:
        raise  # met again with the file alone, which is then refused
    except Exception as error:  # a bug of ours: this file is set aside with a number, the others go on
        return set_aside(record, error)


def validated(openings: Sequence[Opening], province: Province) -> Iterator[Validated]:
    """Validate together; when a fault of ours is met, halve until the file that meets it stands alone."""
    files: list[OpenedFile] = [o.opened for o in openings if o.opened is not None]
    if not files:
        return
    try:
        data = validate(files, UNIT_TEMPLATE, province.lists, province.windows)
        data.findings += check_references(data, UNIT_TEMPLATE)
        data.findings += collective_mentions(data)
        yield data
    except MemoryError:
        raise
    except Exception as error:  # a bug of ours
        if len(openings) == 1:
            _put_aside(openings[0], error)
            return
        half = len(openings) // 2
        for part in (openings[:half], openings[half:]):
            yield from validated(part, province)


def _put_aside(opening: Opening, error: Exception) -> None:
    opening.findings += set_aside(opening.record, error).findings
    opening.opened = None


# --- from the frames of a batch to one file ------------------------------------------------------------------


def _divided(data: Validated, openings: Sequence[Opening]) -> dict[int, Transcript]:
    """Cut the frames, findings and counts of a batch into those of its files."""
    mine = {o.record.number: o for o in openings if o.record.number in data.counts}
    said: dict[str, list[Finding]] = {o.record.path: [] for o in mine.values()}
    for finding in data.findings:
        said[finding.file].append(finding)
    sheets, numbers = _sheets(data)
    found = {}
    for number, opening in mine.items():
        opening.record.counts = data.counts[number]
        if not opening.record.counts.balanced:
            _put_aside(opening, AssertionError("cells were lost"))
            continue
        findings = [*opening.findings, *renumbered(said[opening.record.path], numbers)]
        found[number] = Transcript.of(opening.record, findings, opened=True)
        found[number].sheets = sheets[number]
        found[number].seal = opening.opened.identity.seal if opening.opened else ""
    return found


def _sheets(data: Validated) -> tuple[dict[int, dict[str, SheetTranscript]], dict[int, int]]:
    """Return the sheets of each file, and from the row id in the batch to the row's number in its file."""
    book = data.addresses
    spans = {(file, code): (first, len(rows)) for first, file, code, rows in book.runs}
    sheets: dict[int, dict[str, SheetTranscript]] = {number: {} for number in data.counts}
    numbers: dict[int, int] = {}
    counted = dict.fromkeys(data.counts, 0)
    for sheet in UNIT_TEMPLATE.sheets:
        frame = data.frames[sheet.code]
        columns = {column.name: _values(frame[column.name]) for column in sheet}
        base = int(frame.index[0]) if len(frame) else 0
        for number in data.counts:
            place = book.places.get((number, sheet.code))
            if place is None:
                continue
            first, size = spans.get((number, sheet.code), (base, 0))
            cut = slice(first - base, first - base + size)
            located = place.located
            sheets[number][sheet.code] = SheetTranscript(
                located.grid, located.fields, located.value_column, located.rows,
                {name: values[cut] for name, values in columns.items()},
            )  # fmt: skip
            numbers.update(zip(range(first, first + size), range(counted[number], counted[number] + size), strict=True))
            counted[number] += size
    return sheets, numbers


def _values(column: Any) -> list[Any]:
    """Plain values of a typed column: text, float, or microseconds since 1970."""
    if column.dtype.kind == "M":
        moments: list[Any] = column.to_numpy().view(np.int64).tolist()
        return moments
    values: list[Any] = column.tolist()
    return values


# --- what a result depends on beside the file ---------------------------------------------------------------


def terms_of(province: Province) -> Province:
    """Return only what reading a unit's file takes of the province, so that little travels."""
    units = province.units[["tu_ngay", "den_ngay", "ke_thua"]]
    empty = ProvinceFile("", "", {}, AddressBook(), Counts())
    return dataclasses.replace(
        province,
        folder=Path(),
        units=units,
        configuration=empty,
        history=None,
        findings=(),
        open_ballots=None,
        secret=None,
    )


def fingerprint(terms: Province) -> str:
    """Tell one province's terms of reading from another's: its period, units and lists."""
    told = [
        terms.period.code, repr(terms.period.last), repr(sorted(terms.lists.entries.items())),
        repr(sorted(terms.windows.items())), terms.units.to_csv(),
    ]  # fmt: skip
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def program() -> str:
    """Tell one version of what reads from another: its own code, the forms and rules, the libraries."""
    digest = hashlib.sha256(repr(sys.version_info[:3]).encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    here, forms = Path(__file__).parents[1], Path(next(iter(schemas.__path__)))
    for place in (*(here / name for name in READING_CODE), forms):
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.suffix in (".py", ".toml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()
