"""`tdkt check`: the same reading and validation for one officer on one file, without a province folder.

What the province knows (its lists, the period) is taken from the file's own hidden pages, so the officer can
check before mailing. What only the province can judge (deadline, other units) is not looked at, and is said so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pipeline import dataset
from pipeline.checks import CHECKS, run_checks
from pipeline.evidence import Evidence
from pipeline.findings import HIDDEN, Finding, Group, grouped, masked, sort_key
from pipeline.intake import TimeSource
from pipeline.layout import identity_of, locate
from pipeline.package import examine
from pipeline.province import Period, Province, ProvinceFile, load_province
from pipeline.reading import RawBook, ReadingError, read_book
from pipeline.references import check_references, collective_mentions
from pipeline.refusals import CannotRun, reason_of
from pipeline.rulebook import open_rulebook
from pipeline.submissions import FileRecord, Outcome, form_gate, rows_gate, seal_gate
from pipeline.validation import AddressBook, Counts, OpenedFile, validate
from schemas.columns import BookSpec, Identity, Kind
from schemas.frames import windows_of
from schemas.province import CONFIGURATION, HISTORY
from schemas.province.defaults import TITLES
from schemas.rules import Severity
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import VOCABULARIES, Entry, Lists, Vocabulary

#: Findings that ask for nothing from the sender.
FINE = (Severity.INFORMATION, Severity.WARNING)


#: Years that a period can name.
FIRST_YEAR, LAST_YEAR = 1990, 2100
#: Columns that name people, over all forms.
PERSONAL = frozenset(
    column.name
    for spec in (UNIT_TEMPLATE, CONFIGURATION, HISTORY)
    for sheet in spec.sheets
    for column in sheet
    if column.personal
)


#: Checks that compare a form with itself.
OF_FORM = ("V-07", "V-08", "QT-03", "HS-02")
#: Families about form: their parameters quote what was typed, whatever it is.
FORM = "V-"


def speakable(finding: Finding, people: frozenset[str] = frozenset()) -> Finding:
    """Return a finding fit for a terminal: what may name a person is left out.

    `people` are the names that the file holds; sentences of rules lose these and keep the rest.
    """
    hidden = finding.column in PERSONAL or not finding.column
    if hidden and finding.code.startswith(FORM):
        return masked(finding)
    named = [name for name in people if any(name in text for text in (finding.value, *finding.params.values()))]
    if not (hidden or named):
        return finding
    params = {key: _without(text, named) for key, text in finding.params.items()}
    value = HIDDEN if finding.value and hidden else _without(finding.value, named)
    return finding.at(value=value, params=params)


def _without(text: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, HIDDEN)
    return text


def people_of(frames: Mapping[str, pd.DataFrame], spec: BookSpec) -> frozenset[str]:
    """Names that stand in the personal columns of a file; codes and single words are none."""
    names: set[str] = set()
    units = {
        text for sheet in spec.sheets if "ten_don_vi" in sheet.by_name for text in frames[sheet.code]["ten_don_vi"]
    }
    for sheet in spec.sheets:
        for column in sheet:
            if column.personal and column.kind is Kind.TEXT:
                names.update(str(text) for text in frames[sheet.code][column.name].dropna().unique() if " " in text)
    return frozenset(names - units)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What `tdkt check` says of one file."""

    path: Path
    groups: tuple[Group, ...]
    counts: Counts
    rows: Mapping[str, int]  #: sheet code → rows read
    people: frozenset[str] = frozenset()  #: names in the file, none of which may be printed
    dated: bool = True  #: the period is known, so conditions could be judged

    @property
    def to_mend(self) -> int:
        """How many findings must be mended or explained."""
        return sum(g.size for g in self.groups if g.first.judged and g.first.severity not in FINE)


def check_file(path: Path, folder: Path | None = None) -> CheckedFile:
    """Check one file: a unit's template, or one of the province's own workbooks.

    Args:
        path: the file.
        folder: province folder whose lists and period are used instead of the file's own.

    Raises:
        CannotRun: the file cannot be read from disk, or the province folder cannot be used.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CannotRun(f"Không đọc được «{path}»: {reason_of(error)}.") from None
    package = examine(content, path.name)
    findings = list(package.findings)
    if package.refused:
        return _result(path, findings, Counts(), {})
    try:
        book = read_book(content, package)
    except ReadingError as error:
        return _result(path, [*findings, error.finding], Counts(), {})
    spec = spec_of(book)
    identity = identity_of(book, spec)
    gate = form_gate(identity, spec) if spec is UNIT_TEMPLATE or identity is None else None
    gate = (rows_gate(book) if spec is UNIT_TEMPLATE else None) or gate
    findings += [gate] if gate else []
    if identity is None or (gate and gate.severity is Severity.BLOCKING):
        return _result(path, findings, Counts(), {})
    province = load_province(folder) if folder else province_of_file(book, identity)
    opened = OpenedFile(0, path.name, identity.unit, identity, locate(book, spec, identity))
    data = validate([opened], spec, province.lists, province.windows)
    findings += data.findings + check_references(data, spec)
    dated = folder is not None or "tdkt_tu_ngay" in book.names
    if spec is UNIT_TEMPLATE:
        _, seal = seal_gate(identity, province)  # a file by itself has no province and so no secret
        findings += [seal] if seal else []
        findings += list(collective_mentions(data))
        record = FileRecord(
            0, path.name, "", len(content), None, None, TimeSource.DISK, None, identity.unit, outcome=Outcome.COUNTED
        )
        case = Evidence(dataset.build(province, data, [record], findings), open_rulebook(province), alone=True)
        # Without its period the file does not say which rules apply; what compares the form with itself is judged.
        judged = CHECKS if dated else [c for c in CHECKS if c.code in OF_FORM]
        findings += run_checks(case, judged).findings
    rows = {code: len(frame) for code, frame in data.frames.items()}
    checked = _result(path, findings, data.counts[0], rows, people_of(data.frames, spec))
    return replace(checked, dated=dated or spec is not UNIT_TEMPLATE)


def _result(
    path: Path, findings: list[Finding], counts: Counts, rows: Mapping[str, int], people: frozenset[str] = frozenset()
) -> CheckedFile:
    plain = sorted((f.at(file="", unit="") for f in findings), key=sort_key)
    return CheckedFile(path, tuple(grouped(plain)), counts, rows, people)


def spec_of(book: RawBook) -> BookSpec:
    """Which of the known forms a file is; the unit's template when nothing says otherwise."""
    for spec in (CONFIGURATION, HISTORY):
        identity = identity_of(book, spec)
        if identity is not None and identity.form == spec.code:
            return spec
    return UNIT_TEMPLATE


def province_of_file(book: RawBook, identity: Identity) -> Province:
    """Build what a file's own hidden pages tell of its province: lists, period, this one unit."""
    lists = lists_of_file(book)
    period = period_of_file(book, identity)
    name = next(
        (e.label.split(" – ", 1)[-1] for e in lists.entries["DON_VI"] if e.code == identity.unit), identity.unit
    )
    units = pd.DataFrame(
        {
            "ma_don_vi": [identity.unit],
            "ten_don_vi": [name],
            "loai": [""],
            "khoi": [""],
            "tu_ngay": [pd.Timestamp(1990, 1, 1)],
            "den_ngay": [pd.NaT],
            "han_nop": [pd.NaT],
        },
        index=[identity.unit],
    )
    windows = windows_of(period.first, period.last, period.season_end)
    empty = ProvinceFile("", "", {}, AddressBook(), Counts())
    return Province(Path(), period, units, lists, windows, empty, None, ())


def lists_of_file(book: RawBook) -> Lists:
    """Lists from the file's DANH_MUC page: list name in row 1, labels from row 3; codes stand before ` – `."""
    grid = next((g for g in book.grids if g.name == "DANH_MUC"), None)
    own: dict[str, Vocabulary] = {}
    # Titles stand there without their codes; those of the shipped catalogue are known by name.
    shipped = {str(row["ten"]): str(row["ma"]) for row in TITLES}
    for column in zip(*grid.rows, strict=True) if grid and grid.rows else ():
        name = str(column[0])
        if name and name not in VOCABULARIES:
            labels = [str(value) for value in column[2:] if value not in ("", None)]
            own[name] = tuple(Entry(shipped.get(label, label.split(" – ", 1)[0]), label) for label in labels)
    return Lists.of(own)


def period_of_file(book: RawBook, identity: Identity) -> Period:
    """Period from the constants in the file; without them, from two years before its year to one after."""
    digits = identity.period[:4]
    year = int(digits) if digits.isascii() and digits.isdigit() else 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        year = dt.date.today().year

    def day(name: str, otherwise: dt.date) -> dt.date:
        try:
            return dt.date.fromisoformat(book.names.get(name, ""))
        except ValueError:
            return otherwise

    first = day("tdkt_tu_ngay", dt.date(year - 2, 1, 1))
    last = day("tdkt_den_ngay", dt.date(year, 12, 31))
    season = day("tdkt_het_mua", dt.date(year + 1, 12, 31))
    return Period(identity.period, year, first, last, season, None, "", "", "", "", "")
