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
    megabytes,
)
from pipeline.package.parts import Parts, check_prolog, local, parse
from pipeline.package.sheet_xml import scan_sheet

WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_MACROS = "vbaproject.bin"
_EXTERNAL = "xl/externallinks/"
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
    found = []
    if any(name.endswith(_MACROS) for name in parts.names):
        found.append(Finding("V-14", "macro"))
    if any(name.startswith(_EXTERNAL) and name.endswith(".xml") for name in parts.names):
        found.append(Finding("V-14", "external"))
    return tuple(found)


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
        raise Refusal("V-14", "inflated", co=megabytes(total), gioi_han=megabytes(limits.text_bytes))


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
    facts: list[SheetFacts] = []
    size = 0
    for name, visibility, relation in book.sheets:
        xml = b"" if name in without else parts.read(targets.get(relation, ""))
        size += len(xml)
        facts.append(scan_sheet(name, visibility, xml, limits) if xml else SheetFacts(name, visibility))
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
        if name.lower().endswith("sharedstrings.xml"):
            strings = xml
    bodies = (parts.read(targets.get(relation, "")) for name, _, relation in book.sheets if name not in without)
    _check_strings(strings, size, bodies, limits)
    return Package("xlsx", _warnings(parts), book.names, sheets, parts.stored())
