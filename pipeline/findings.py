"""Findings: what a check says of one place, and the only place where a finding becomes a sentence.

Everything upstream makes `Finding` objects (or the same thing in bulk, a frame with `COLUMNS`). No text that
an official reads is put together anywhere else: words live in schemas/rules/*.toml, and `Sentences` fills them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from schemas.rules import NOT_JUDGED, Rule, Severity, edition_of, register

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found at one place.

    `cell` is an address such as `F12`, or empty where there is none (a missing sheet, a missing file).
    `value` is the cell as the sender typed it. `params` fill the named fields of the rule's sentence.
    """

    code: str
    variant: str
    unit: str = ""
    subject: str = ""
    file: str = ""  #: path below the inbox with `/`, or the bare name of a file of the province
    sheet: str = ""  #: as the sheet is named in that file
    cell: str = ""
    value: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    rule_version: str = ""  #: edition of the rule that judged (`Rule.edition`)
    column: str = ""  #: field of the sheet, where the finding is about one cell
    row_id: int | None = None  #: row of the dataset that this finding stops, if it stops one
    about: int | None = None  #: row that a check judged, where it is not (only) the row of the cell
    person: str = ""  #: person key, where the subject is a nomination of that person
    given: Severity | None = None  #: severity in this run, once the rulebook has settled it
    note: str = ""  #: what the province changed, confirmed or waived for this rule, and by which document

    @property
    def judged(self) -> bool:
        """False when the check could not be carried out for want of data."""
        return self.variant != "not_judged"

    @property
    def severity(self) -> Severity:
        """The severity in this run; before it is settled, the one that the rule's latest record gives."""
        return self.given or register()[self.code].sentence(self.variant).severity

    def at(self, **where: Any) -> Finding:
        """Return a copy with some fields set, as `finding.at(file="a.xlsx", unit="P1")`."""
        return replace(self, **where)


#: Columns of a findings frame, in order; all text except `params` (mapping), `row_id` and `about` (nullable integers).
COLUMNS = (
    "code",
    "variant",
    "unit",
    "subject",
    "file",
    "sheet",
    "cell",
    "value",
    "params",
    "rule_version",
    "column",
    "person",
    "row_id",
    "about",
)
_NUMBERS = ("row_id", "about")


def frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return findings as a typed frame with `COLUMNS`; no order is promised."""
    import pandas as pd

    rows = [[getattr(f, name) for name in COLUMNS] for f in findings]
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    text = [name for name in COLUMNS if name not in ("params", *_NUMBERS)]
    return table.astype({**dict.fromkeys(text, "str"), **dict.fromkeys(_NUMBERS, "Int64")})


def from_frame(table: pd.DataFrame) -> list[Finding]:
    """Return the findings of a frame made by `frame` or by a check."""
    import pandas as pd

    columns = {name: table[name].tolist() for name in COLUMNS}
    for name in _NUMBERS:
        columns[name] = [None if number is pd.NA else int(number) for number in columns[name]]
    return [Finding(**dict(zip(COLUMNS, row, strict=True))) for row in zip(*columns.values(), strict=True)]


class _Fields(dict[str, str]):
    """Named fields of a sentence; a missing one prints as … so that a report never fails on its words."""

    def __missing__(self, key: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class Sentences:
    """The words for one finding, for people."""

    severity: str  #: as printed, or `KHÔNG ĐÁNH GIÁ ĐƯỢC`
    place: str
    what: str  #: place · found · why
    fix: str  #: what to do · example
    source: str
    source_status: str
    note: str = ""  #: what the province changed, confirmed or waived


#: Parameters of a sentence that never hold what somebody typed.
_OWN_WORDS = frozenset(
    {
        "cot",
        "cot_khac",
        "cot_goc",
        "trang_goc",
        "ten_trang",
        "tieu_de",
        "cac_dong",
        "cac_cot",
        "tu",
        "den",
        "bang_ma",
        "vi_du",
        "so_o",
        "so_dong",
        "dong",
        "dong_mau",
        "ten_mau",
        "mau",
        "phien_ban",
        "hien_hanh",
        "duoi",
        "co",
        "gioi_han",
        "so_tep",
        "so_phan",
        "so_trang",
        "ty_le",
        "o_cuoi",
        "ky_tep",
        "ky_xet",
        "goc",
        "goc_trang",
        "dieu_kien",
        "ma_loi",
    }
)
HIDDEN = "(không in ra màn hình)"


def masked(finding: Finding) -> Finding:
    """Return the finding without anything that was typed, for a place where no person may be named."""
    params = {key: text if key in _OWN_WORDS else HIDDEN for key, text in finding.params.items()}
    return replace(finding, value=HIDDEN if finding.value else "", subject="", params=params)


def place_of(finding: Finding) -> str:
    """Return where a finding lies, in words: `trang NHAN_SU, ô F12`."""
    parts = []
    if finding.sheet:
        parts.append(f"trang {finding.sheet}")
    if finding.cell:
        parts.append(f"ô {finding.cell}")
    return ", ".join(parts)


def sentences(finding: Finding, rules: Mapping[str, Rule] | None = None, *, for_unit: bool = False) -> Sentences:
    """Put a finding into words: place · found · why · do · example.

    `for_unit` takes the words meant for the unit's own reply, which quote nothing that another unit sent.
    """
    rule = rules[finding.code] if rules else edition_of(finding.code, finding.rule_version)
    words = rule.variants.get(finding.variant) or register()[finding.code].sentence(finding.variant)
    text_of_why = (words.unit_why if for_unit else "") or words.why
    text_of_fix = (words.unit_fix if for_unit else "") or words.fix
    fields = _Fields({"trang": finding.sheet, "o": finding.cell, "gia_tri": finding.value})
    fields.update(finding.params)
    place = place_of(finding)
    why = text_of_why.format_map(fields)
    example = words.example.format_map(fields)
    if finding.value and "{gia_tri}" not in text_of_why and finding.value not in why:
        why = f"{why} (đang ghi «{_short(finding.value)}»)"
    text = f"{place}: {why}" if place else why
    what = text[:1].upper() + text[1:] + ("" if text.endswith("?") else ".")
    fix = text_of_fix.format_map(fields)
    if example and example != "…":
        fix = f"{fix} Ví dụ: {example}."
    severity = (finding.given or words.severity).value if finding.judged else NOT_JUDGED
    return Sentences(severity, place, what, fix, words.source, words.source_status, finding.note)


def _short(value: str, most: int = 60) -> str:
    return value if len(value) <= most else value[: most - 1] + "…"


_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


def address_key(cell: str) -> tuple[int, int]:
    """Sort key of an address, column after row: `F12` → (12, 6); no address sorts first."""
    match = _ADDRESS.match(cell)
    return (int(match[2]), column_number(match[1])) if match else (0, 0)


def column_number(letters: str) -> int:
    """`A` → 1, `AA` → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → `A`, 27 → `AA`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sort_key(finding: Finding) -> tuple[Any, ...]:
    """Order of a report: gravest first, then unit, file, code, sheet and cell."""
    return (
        finding.severity.rank if finding.judged else len(Severity),
        finding.unit,
        finding.file,
        finding.code,
        finding.sheet,
        address_key(finding.cell),
        finding.variant,
        finding.subject,
        finding.value,
    )


def ranges_text(cells: Sequence[str], most: int = 12) -> str:
    """Write addresses as people do: `F12–F20, F25`, at most `most` pieces and then how many more.

    Cells of one column in rows that follow one another become one piece; nothing is merged across columns.
    """
    numbers = sorted({address_key(c)[::-1] for c in cells if _ADDRESS.fullmatch(c)})
    odd = [c for c in cells if not _ADDRESS.fullmatch(c)]
    pieces: list[tuple[int, int, int]] = []
    for column, row in numbers:
        if pieces and pieces[-1][0] == column and pieces[-1][2] == row - 1:
            pieces[-1] = (column, pieces[-1][1], row)
        else:
            pieces.append((column, row, row))
    words = [
        f"{column_letters(c)}{first}" + (f"–{column_letters(c)}{last}" if last > first else "")
        for c, first, last in pieces
    ] + sorted(set(odd))
    more = len(words) - most
    return ", ".join(words[:most]) + (f" và {more} chỗ nữa" if more > 0 else "")


@dataclass(frozen=True, slots=True)
class Group:
    """Equal findings of one sheet put together for reading."""

    first: Finding
    cells: tuple[str, ...]
    members: tuple[Finding, ...] = ()

    @property
    def size(self) -> int:
        """How many findings stand behind the line."""
        return max(1, len(self.cells))


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """Group findings that say the same of different cells, in report order.

    The words must be equal once the cell is left out; so `«x» không có trong danh sách` for twelve cells
    is one line, and two different values are two lines.
    """
    groups: dict[tuple[Any, ...], list[Finding]] = {}
    for finding in sorted(findings, key=sort_key):
        params = tuple(sorted((k, v) for k, v in finding.params.items()))
        key = (
            finding.code,
            finding.variant,
            finding.unit,
            finding.subject,
            finding.file,
            finding.sheet,
            finding.value,
            finding.severity,
            finding.note,
            params,
        )
        groups.setdefault(key, []).append(finding)
    return [Group(g[0], tuple(f.cell for f in g if f.cell), tuple(g)) for g in groups.values()]
