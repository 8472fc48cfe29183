"""An .xlsx or .xlsm package: its workbook part, its relations, and what its parts say of danger."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from pipeline.findings import Finding
from pipeline.package.facts import (
    Limits,
    Package,
    Refusal,
    SheetFacts,
    Visibility,
    check_book_extent,
    check_sheet_count,
    megabytes,
)
from pipeline.package.parts import Parts, check_prolog, local, parse
from pipeline.package.sheet_xml import scan_sheet

WORKBOOK = "xl/workbook.xml"
_STRINGS = "xl/sharedstrings.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
#: What may lie beside the cells, as a sign in the lower-case name of a part, and the variant of V-14 that says so.
_BESIDE = (
    ("macro", re.compile(r"(?:^|/)vbaproject\.bin$|^xl/(?:macrosheets|dialogsheets)/.*\.xml$")),
    ("external", re.compile(r"^xl/externallinks/.*\.xml$")),
    ("object", re.compile(r"^xl/(?:embeddings|activex)/")),
    ("connection", re.compile(r"^xl/(?:connections\.xml$|querytables/|webextensions/)")),
)
#: Errors that the reader knows; one that it does not makes it give the whole file up.
_KNOWN_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"})
_ERROR_VALUE = re.compile(
    rb"""(<(?:\w+:)?c\b[^>]*\bt=["']e["'][^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v\b[^>]*>)([^<]*)""", re.DOTALL
)
_STATED = re.compile(rb"""<sst\b[^>"']*(?:="[^"<]*"[^>"']*)*>""")
_UNIQUE = re.compile(rb"""\suniqueCount="(\d{1,9})"[ >]""")
#: The shortest string of the table, `<si/>`: so many fit in it at most.
_SHORTEST_STRING = 5
#: The word «sst» in a table: its two tags.
_TWICE = 2
#: Digits of a number that cannot be a count.
_DIGITS = 10
_TEXT_CONSTANT = re.compile(r'\s*"((?:[^"]|"")*)"\s*')
_SHARED_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>\s*(\d+)""")
_SHARED_END = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si/>")
#: The shortest cell that uses a shared string, `<c t="s"><v>0</v></c>`: so many fit in a part at most.
_SHORTEST_CELL = 22


def text_constant(expression: str) -> str | None:
    """Return `P1` for the formula `"P1"`, None for any other formula."""
    match = _TEXT_CONSTANT.fullmatch(expression.removeprefix("="))
    return match[1].replace('""', '"') if match else None


@dataclass(slots=True)
class _Workbook:
    """What xl/workbook.xml says: sheets as (name, visibility, relation id)."""

    sheets: list[tuple[str, Visibility, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    _name: str = ""
    _text: str = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open a tag."""
        if local(tag) == "sheet":
            ids = [value for key, value in attributes.items() if key.endswith(":id")]
            state = attributes.get("state", "visible")
            visibility: Visibility = state if state in ("hidden", "veryHidden") else "visible"  # type: ignore[assignment]
            self.sheets.append((attributes.get("name", ""), visibility, ids[0] if ids else ""))
        elif local(tag) == "definedName" and "localSheetId" not in attributes:
            self._name, self._text = attributes.get("name", ""), ""

    def text(self, data: str) -> None:
        """Collect the formula of a name."""
        if self._name:
            self._text += data

    def end(self, tag: str) -> None:
        """Close a tag."""
        if local(tag) == "definedName" and self._name:
            constant = text_constant(self._text)
            if constant is not None:
                self.names[self._name] = constant
            self._name = ""


def _relations(parts: Parts) -> dict[str, str]:
    """Relation id → part name."""
    targets: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            # A target is below xl/ unless it begins with /; some writers forget the /.
            path = target.lstrip("/") if target.startswith(("/", "xl/")) else posixpath.join("xl", target)
            targets[attributes.get("Id", "")] = posixpath.normpath(path)

    parse(parts.read(_RELATIONS), start)
    return targets


def _warnings(parts: Parts) -> tuple[Finding, ...]:
    return tuple(Finding("V-14", variant) for variant, sign in _BESIDE if any(map(sign.search, parts.names)))


def _as_known(cell: re.Match[bytes]) -> bytes:
    return cell[1] + (cell[2] if cell[2].decode("utf-8", "replace") in _KNOWN_ERRORS else b"#N/A")


def _check_count(strings: bytes) -> None:
    """Refuse a table that states more strings than it can hold: the reader makes room for so many, or aborts."""
    most = len(strings) // _SHORTEST_STRING

    def start(tag: str, attributes: dict[str, str]) -> None:
        stated = attributes.get("uniqueCount", "0")
        if local(tag) == "sst" and not (stated.isdecimal() and len(stated) < _DIGITS and int(stated) <= most):
            raise Refusal("V-11", "broken")

    tag = _STATED.search(strings)
    plain = (
        _UNIQUE.search(tag[0])
        if tag and strings.count(b"sst") == _TWICE and tag[0].count(b"uniqueCount") == 1
        else None
    )
    if plain is None or int(plain[1]) > most:
        parse(strings, start)


def _check_strings(shared: bytes, size: int, sheets: Iterable[bytes], limits: Limits) -> None:
    """Refuse a few long strings used by very many cells: stored once, the reader copies them into each.

    The quick bound (all sheets together have `size` bytes) settles it for every real file; only then are the
    uses counted.
    """
    most = size // _SHORTEST_CELL
    if max(map(len, shared.split(b"</si>"))) * most <= limits.text_bytes:
        return
    pieces = _SHARED_END.split(shared)
    total = 0
    for xml in sheets:
        for index in _SHARED_CELL.findall(xml):
            number = int(index) if len(index) < 10 else len(pieces)
            total += len(pieces[number]) if number < len(pieces) else 0
    if total > limits.text_bytes:
        raise Refusal("V-14", "repeated_text", co=megabytes(total), gioi_han=megabytes(limits.text_bytes))


def examine_xlsx(parts: Parts, limits: Limits, without: Container[str] = ()) -> Package:
    """Return the facts of a workbook package; sheets named in `without` are not opened, here or by the reader.

    Raises:
        Refusal: V-14 and V-11.
        Exception: any other error means a broken package.
    """
    book = _Workbook()
    parse(parts.read(WORKBOOK), book.start, book.end, book.text)
    targets = _relations(parts)
    if not book.sheets:
        raise Refusal("V-11", "broken")
    check_sheet_count(len(book.sheets), limits)
    facts: list[SheetFacts] = []
    size = 0
    for name, visibility, relation in book.sheets:
        xml = b"" if name in without else parts.read(targets.get(relation, ""))
        size += len(xml)
        if size > limits.inflated_bytes:  # one part shown as many sheets
            raise Refusal("V-14", "inflated", co=megabytes(size), gioi_han=megabytes(limits.inflated_bytes))
        facts.append(scan_sheet(name, visibility, xml, limits) if xml else SheetFacts(name, visibility))
        if not _KNOWN_ERRORS.issuperset(facts[-1].errors.values()):
            parts.replace(targets.get(relation, ""), _ERROR_VALUE.sub(_as_known, xml))
    sheets = tuple(facts)
    check_book_extent(sheets, limits)
    used = {targets.get(relation, "").lower() for _, _, relation in book.sheets} | {WORKBOOK, _RELATIONS}
    strings = b""
    for name in [*targets.values(), *(n for n in parts.names if n.endswith((".xml", ".rels")))]:
        if name.lower() in used or name not in parts:
            continue
        used.add(name.lower())
        xml = parts.read(name)
        if name.lower().endswith((".xml", ".rels")) and xml:
            check_prolog(xml)
        if name.lower().endswith("sharedstrings.xml") and xml:
            _check_count(xml)
            strings = xml if name.lower() == _STRINGS else strings or xml
    bodies = (parts.read(targets.get(relation, "")) for name, _, relation in book.sheets if name not in without)
    _check_strings(strings, size, bodies, limits)
    return Package("xlsx", _warnings(parts), book.names, sheets, parts.stored())
