"""From findings to what one reply says: lines with their cell in the reply, and marks on those cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.findings import Finding, address_key, ranges_text, sentences
from pipeline.replies.audience import told
from pipeline.replies.typed import Spot, TypedSheet
from pipeline.results import REPLACED
from pipeline.submissions import FileRecord, Outcome
from pipeline.template import Mark, Marks
from schemas.columns import FIRST_ENTRY_ROW
from schemas.rules import NOT_JUDGED, Severity, register
from schemas.sheets import UNIT_TEMPLATE

#: Severities after which the unit must do something, and those of which it is only told.
GRAVE = (Severity.BLOCKING, Severity.NEEDS_REASON)
#: Data that nothing reads has a part of its own.
UNREAD = "V-16"
#: What speaks of the layout as it was sent keeps the addresses of what was sent.
AS_SENT = ("V-14", "V-16", "V-17")
#: Parameters that name rows of the sheet that was sent: where the numbers of rows stand in them.
_ROWS_IN_WORDS = {
    ("V-05", "same_key"): ("cac_dong", re.compile(r"(?<!và )\b\d+")),
    ("DK-08", "twice"): ("noi_khac", re.compile(r"(?<=dòng )\d+")),
}
#: What is left to do at a cell that the province fills.
FILLED_AGAIN = "Tệp này đã được tỉnh điền lại đúng ô đó; không phải sửa gì thêm ở đây."
_ORDER = {sheet.code: number for number, sheet in enumerate(UNIT_TEMPLATE.sheets)}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a reply says; equal things at several cells are one line."""

    severity: str  #: as printed, or `KHÔNG ĐÁNH GIÁ ĐƯỢC`
    grave: bool
    code: str
    title: str  #: of the rule: what kind of thing it is, quoting nothing
    place: str  #: in words
    target: str  #: `NHAN_SU!F12` in the reply; empty where there is no such cell
    what: str
    fix: str
    cells: int = 1  #: how many places it speaks of


@dataclass(frozen=True, slots=True)
class Said:
    """All that a reply says."""

    mend: tuple[Line, ...] = ()  #: must be mended or explained
    look: tuple[Line, ...] = ()  #: should be looked at
    unread: tuple[Line, ...] = ()  #: was typed where nothing is read
    elsewhere: tuple[Line, ...] = ()  #: about other files of the unit, which need not be sent again
    marks: Marks = field(default_factory=dict)

    @property
    def to_mend(self) -> int:
        """Places that must be mended or explained."""
        return sum(line.cells for line in self.mend)


@dataclass(frozen=True, slots=True)
class _Told:
    """One finding in the words of the reply, with its place."""

    finding: Finding
    sheet: str  #: code of the sheet in the reply; empty when it is none of the form's
    spot: Spot | None
    severity: str
    what: str
    fix: str

    @property
    def grave(self) -> bool:
        return self.finding.judged and self.finding.severity in GRAVE


def said_to(
    findings: Iterable[Finding],
    records: Sequence[FileRecord],
    typed: Mapping[str, TypedSheet],
    settled: Iterable[str],
) -> Said:
    """Put the findings on one unit into the words and places of its reply.

    Args:
        findings: on the unit, in report order.
        records: the files that came from it.
        typed: what stands in the file that counts, by sheet code; empty when none does.
        settled: paths of refused files of which nothing is left to do.
    """
    counted = next((r.path for r in records if r.outcome is Outcome.COUNTED), "")
    names = {record.path: bare_name(record.path) for record in records}
    by_name = {sheet.name: sheet for sheet in typed.values()}
    done = frozenset(settled)
    told_all = [
        _told(f, by_name.get(f.sheet) if f.file == counted else None, names, f.file in done)
        for f in findings
        if told(f)
    ]
    own = [t for t in told_all if t.finding.file not in done]
    unread = [t for t in own if t.finding.code == UNREAD]
    rest = [t for t in own if t.finding.code != UNREAD]
    return Said(
        mend=_lines((t for t in rest if t.grave), counted, names),
        look=_lines((t for t in rest if not t.grave), counted, names),
        unread=_lines(unread, counted, names),
        elsewhere=_lines((t for t in told_all if t.finding.file in done), counted, names),
        marks=_marks(t for t in rest if t.spot),
    )


def bare_name(path: str) -> str:
    """Name of a file without the folders of the inbox, which may name others."""
    return path.rsplit("/", 1)[-1]


def _told(finding: Finding, sheet: TypedSheet | None, names: Mapping[str, str], done: bool) -> _Told:
    spot = sheet.spot(finding.cell) if sheet and finding.cell else None
    code = sheet.code if sheet else ""
    as_sent = finding.code in AS_SENT or spot is None
    params = {"trang": finding.sheet if as_sent else code, "o": finding.cell if as_sent or not spot else spot.address}
    params |= {key: _renamed(text, names) for key, text in finding.params.items()}
    if sheet and (rows := _ROWS_IN_WORDS.get((finding.code, finding.variant))):
        name, number = rows
        params[name] = number.sub(_in_reply(sheet), params.get(name, ""))
    words = sentences(finding.at(sheet="", cell="", params=params), for_unit=True)
    fix = REPLACED if done else words.fix
    if finding.code == "V-08" and spot and spot.field and UNIT_TEMPLATE.by_code[code].by_name[spot.field].locked:
        fix = FILLED_AGAIN
    if words.note:
        fix = f"{fix} ({words.note}.)"
    return _Told(finding, code, spot, words.severity, words.what.replace("?.", "?"), fix)


def _renamed(text: str, names: Mapping[str, str]) -> str:
    for path, name in names.items():
        text = text.replace(path, name)
    return text


def _in_reply(sheet: TypedSheet) -> Callable[[re.Match[str]], str]:
    """Turns the number of a row that was sent into that of the reply; one that has no place there stays."""

    def number(match: re.Match[str]) -> str:
        given = sheet.given(int(match[0]))
        if given is None:
            return match[0]
        return str(FIRST_ENTRY_ROW + given)

    return number


def _lines(told_all: Iterable[_Told], counted: str, names: Mapping[str, str]) -> tuple[Line, ...]:
    groups: dict[tuple[object, ...], list[_Told]] = {}
    for one in told_all:
        key = (one.severity, one.finding.code, one.finding.file, one.sheet or one.finding.sheet, one.what, one.fix)
        groups.setdefault(key, []).append(one)
    lines = [_line(sorted(group, key=_place_key), counted, names) for group in groups.values()]
    order = [severity.value for severity in Severity] + [NOT_JUDGED]
    ranked = sorted(zip(lines, groups.values(), strict=True), key=lambda p: (order.index(p[0].severity), _key(p[1])))
    return tuple(line for line, _ in ranked)


def _key(group: Sequence[_Told]) -> tuple[object, ...]:
    return min(_place_key(one) for one in group)


def _place_key(one: _Told) -> tuple[int, tuple[int, int], str, str]:
    at = address_key(one.spot.address if one.spot else one.finding.cell)
    return _ORDER.get(one.sheet, len(_ORDER)), at, one.finding.code, one.what


def _line(group: Sequence[_Told], counted: str, names: Mapping[str, str]) -> Line:
    first = group[0]
    target = f"{first.sheet}!{first.spot.address}" if first.spot else ""
    cells = len({one.spot.address if one.spot else one.finding.cell for one in group})
    place = _place(group, counted, names)
    code = first.finding.code
    title = register()[code].title
    return Line(first.severity, first.grave, code, title, place, target, first.what, first.fix, max(1, cells))


def _place(group: Sequence[_Told], counted: str, names: Mapping[str, str]) -> str:
    """Where it stands: in the reply, else in the file that was sent; both when the addresses differ."""
    first = group[0].finding
    sent = ranges_text(list(dict.fromkeys(one.finding.cell for one in group if one.finding.cell)))
    spots = [one.spot for one in group]
    here = ranges_text(list(dict.fromkeys(spot.address for spot in spots if spot)))
    if here and first.code != UNREAD:
        moved = group[0].sheet != first.sheet or here != sent
        before = f"{first.sheet}, ô {sent}" if group[0].sheet != first.sheet else f"ô {sent}"
        return f"{group[0].sheet}, ô {here}" + (f"\n(tệp đã gửi: {before})" if moved else "")
    file = "" if first.file in ("", counted) else f"Tệp «{names.get(first.file, bare_name(first.file))}»"
    parts = [file, f"trang {first.sheet}" if first.sheet else "", f"ô {sent}" if sent else ""]
    words = ", ".join(part for part in parts if part)
    if not words:
        return "Cả tệp" if first.file == counted and counted else "Cả đơn vị"
    return words[:1].upper() + words[1:]


def _marks(told_all: Iterable[_Told]) -> Marks:
    """Colour and comment of each cell that must be mended or looked at again."""
    notes: dict[str, dict[tuple[int, str], list[_Told]]] = {}
    for one in told_all:
        spot, finding = one.spot, one.finding
        if spot is None or not spot.field or (finding.judged and finding.severity is Severity.INFORMATION):
            continue
        notes.setdefault(one.sheet, {}).setdefault((spot.given, spot.field), []).append(one)
    return {
        sheet: {place: Mark(_note(found), any(one.grave for one in found)) for place, found in places.items()}
        for sheet, places in notes.items()
    }


def _note(found: Sequence[_Told]) -> str:
    """Text of a comment: how grave, what is wrong and why, what to do."""
    texts = dict.fromkeys(f"{one.severity} ({one.finding.code})\n{one.what}\nCách sửa: {one.fix}" for one in found)
    return "\n\n".join(texts)
