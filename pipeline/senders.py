"""From whose address a unit's file came. The template says whose it is; the address only makes one ask.

What is found here is for the secretary alone: it names another unit's address, so it belongs to no unit and
goes into nobody's reply.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.findings import Finding

if TYPE_CHECKING:
    from pipeline.submissions import FileRecord

_SEPARATORS = re.compile(r"[;,\s]+")


@dataclass(frozen=True, slots=True)
class Addresses:
    """The registered addresses of all units, closed ones included; compared without regard to case."""

    units: Mapping[str, tuple[str, ...]]  #: address → unit codes; offices may share one
    registered: frozenset[str]  #: units that have an address
    names: Mapping[str, str] = field(default_factory=dict)

    def unit_of(self, sender: str) -> str:
        """Return the one unit with this address; empty when there is none, or more than one."""
        found = self.units.get(sender.casefold(), ())
        return found[0] if len(found) == 1 else ""

    def label(self, unit: str) -> str:
        """Write a unit as `P1 – Phòng 1`."""
        name = self.names.get(unit, "")
        return f"{unit} – {name}" if name else unit


def addresses_of(units: pd.DataFrame) -> Addresses:
    """Read DON_VI, by unit code; several addresses are kept apart by `;`."""
    found: dict[str, tuple[str, ...]] = {}
    registered = set()
    for code, cell in units["thu_dien_tu"].items():
        for address in _SEPARATORS.split("" if pd.isna(cell) else str(cell)):
            if "@" in address:
                key = address.strip("<>").casefold()
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), str(code))))
                registered.add(str(code))
    names = {str(code): str(name) for code, name in units["ten_don_vi"].items() if pd.notna(name)}
    return Addresses(found, frozenset(registered), names)


def judge_senders(records: Iterable[FileRecord], addresses: Addresses) -> list[Finding]:
    """V-22 for each file that came by mail and says itself whose it is."""
    findings = []
    for record in records:
        by_mail = record.sender or record.message_id
        if by_mail and record.unit in addresses.names and not (record.unit_by_name or record.unit_by_sender):
            finding = _judge(record, addresses)
            findings += [finding] if finding else []
    return findings


def _judge(record: FileRecord, addresses: Addresses) -> Finding | None:
    params = {"don_vi": addresses.label(record.unit), "nguoi_gui": record.sender}
    owners = addresses.units.get(record.sender.casefold(), ())
    if record.unit in owners:
        return None
    if record.unit in addresses.units.get(record.original_sender.casefold(), ()):
        variant, params = "forwarded", params | {"goc": record.original_sender}
    elif owners:
        variant, params = "other_unit", params | {"don_vi_khac": ", ".join(addresses.label(u) for u in owners)}
    elif record.unit not in addresses.registered:
        variant = "not_judged"
    else:
        variant = "unknown_sender" if record.sender else "no_sender"
    return Finding("V-22", variant, file=record.path, params=params)


def with_units(findings: Iterable[Finding], addresses: Addresses) -> list[Finding]:
    """Give findings on whole mails the unit whose address sent them: nothing else says whose they are."""
    return [
        finding.at(unit=addresses.unit_of(finding.params.get("nguoi_gui", ""))) if not finding.unit else finding
        for finding in findings
    ]
