"""The register of rules: one TOML record a check, read once, never changed while the program runs.

A record says what the check means, its sentences, where the rule comes from and how sure that is, between which
dates, and with which parameters. What changed with the law is a further dated edition of the record; older ones
stay as they were. The loader refuses a record that could do harm: a rule whose source is not confirmed may never
block (`CHẶN`), and signals (HT, CC, LP) never say more than `CẢNH BÁO`, confirmed or not.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import pairwise
from types import MappingProxyType
from typing import Any


class Severity(StrEnum):
    """What the office does next with a finding."""

    BLOCKING = "CHẶN"  # cannot enter the list until mended
    NEEDS_REASON = "GIẢI TRÌNH"  # enters only with a written reason
    WARNING = "CẢNH BÁO"  # shown to the council
    INFORMATION = "THÔNG TIN"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


#: What stands in the severity column of a check that could not be carried out.
NOT_JUDGED = "KHÔNG ĐÁNH GIÁ ĐƯỢC"
VERIFIED = "đã xác minh"
UNVERIFIED = "cần xác minh"
#: Kinds of source behind a rule that is not confirmed, as `cần xác minh (thực tiễn)`.
SECONDARY, PRACTICE, UNSEEN = "nguồn thứ cấp", "thực tiễn", "chưa thấy nguồn"
STATUSES = (VERIFIED, *(f"{UNVERIFIED} ({kind})" for kind in (SECONDARY, PRACTICE, UNSEEN)))
#: Families whose findings are signals: they never say more than `CẢNH BÁO`.
SIGNALS = ("HT-", "CC-", "LP-")

#: What a parameter may hold.
Setting = float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number, word or list of codes of a rule, with its unit."""

    value: Setting
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One way in which a check can fire: why it is wrong, what to do, an example, its own severity and source."""

    why: str
    fix: str
    example: str
    severity: Severity
    confirmed: Severity  #: severity once the province has confirmed the rule
    source: str
    source_status: str
    unit_why: str = ""  #: the same for the unit's reply, where `why` quotes what another unit sent
    unit_fix: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One edition of a record: what held between two dates."""

    code: str
    title: str
    meaning: str
    source: str  #: text, article and clause as printed
    source_status: str  #: one of `STATUSES`
    since: str  #: version of the product that first had it
    exclusions: str
    assumptions: str
    variants: Mapping[str, Sentence]
    method: str = ""  #: how it is computed, in plain words
    worked: str = ""  #: a worked example with figures
    valid_from: dt.date | None = None  #: first day on which an award year may end under this edition; None: always
    valid_to: dt.date | None = None  #: last such day; None: still in force
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    covers: tuple[str, ...] = ()  #: checks of the legal catalogue (R01…R68) that it carries out
    read_by: tuple[str, ...] = ()  #: codes whose findings say this one: it makes none of its own
    note: str = ""  #: what the province changed or confirmed, with document, name and day

    def sentence(self, variant: str) -> Sentence:
        """Return the words of a variant.

        Raises:
            KeyError: the record has no such variant; a bug of ours, caught by the tests.
        """
        return self.variants[variant]

    @property
    def edition(self) -> str:
        """Name of the edition: its first day, empty when there never was another."""
        return self.valid_from.isoformat() if self.valid_from else ""

    def in_force(self, day: dt.date) -> bool:
        """Whether award years that end on this day are judged by this edition."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def shown(parameter: Parameter) -> str:
    """Write a parameter as people do: decimal comma, codes kept apart by `;`."""
    value = parameter.value
    if isinstance(value, tuple):
        return "; ".join(value)
    text = f"{value:g}".replace(".", ",") if isinstance(value, float) else value
    return f"{text} {parameter.unit}".strip()


class RecordError(ValueError):
    """A record of the register is incomplete or claims more than its source allows."""


_FIELDS = {
    "title", "meaning", "since", "exclusions", "assumptions", "method", "worked", "covers", "read_by", "variants",
    "editions", "severity", "confirmed", "source", "source_status", "parameters",
}  # fmt: skip
_EDITION_FIELDS = {"from", "to", "severity", "confirmed", "source", "source_status", "parameters", "variants"}


def read_record(code: str, data: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Turn one TOML table into the editions of a rule, the oldest first.

    Raises:
        RecordError: a field is missing or unknown, editions overlap, a rule that is not verified may block, or a
            signal says more than a signal may.
    """
    unknown = set(data) - _FIELDS
    if unknown:
        raise RecordError(f"{code}: trường lạ {sorted(unknown)}")
    try:
        rules = [_edition(code, data, edition) for edition in data.get("editions", [{}])]
    except KeyError as missing:
        raise RecordError(f"{code}: thiếu {missing}") from None
    rules.sort(key=lambda rule: rule.valid_from or dt.date.min)
    for one, other in pairwise(rules):
        if one.valid_to is None or other.valid_from is None or one.valid_to >= other.valid_from:
            raise RecordError(f"{code}: hai bản ghi cùng hiệu lực")
    return tuple(rules)


def _edition(code: str, data: Mapping[str, Any], edition: Mapping[str, Any]) -> Rule:
    if set(edition) - _EDITION_FIELDS:
        raise RecordError(f"{code}: trường lạ {sorted(set(edition) - _EDITION_FIELDS)}")
    whole = {**data, **edition}
    names = {**data["variants"], **edition.get("variants", {})}
    variants = {
        name: _sentence(
            code, name, {**data["variants"].get(name, {}), **edition.get("variants", {}).get(name, {})}, whole
        )
        for name in names
    }
    parameters = {
        name: _parameter(code, name, item)
        for name, item in {**data.get("parameters", {}), **edition.get("parameters", {})}.items()
    }
    if not variants and not data.get("read_by"):
        raise RecordError(f"{code}: thiếu câu")
    rule = Rule(
        code,
        data["title"],
        data["meaning"],
        whole["source"],
        whole["source_status"],
        data["since"],
        data.get("exclusions", ""),
        data.get("assumptions", ""),
        MappingProxyType(variants),
        data.get("method", ""),
        data.get("worked", ""),
        edition.get("from"),
        edition.get("to"),
        MappingProxyType(parameters),
        tuple(data.get("covers", ())),
        tuple(data.get("read_by", ())),
    )
    _refuse_harm(code, rule.source_status, Severity(whole["severity"]))
    return rule


def _sentence(code: str, name: str, data: Mapping[str, Any], whole: Mapping[str, Any]) -> Sentence:
    own = "severity" in data
    try:
        severity = Severity(data["severity"] if own else whole["severity"])
        later = data.get("confirmed", severity if own else whole.get("confirmed", severity))
        sentence = Sentence(
            data["why"],
            data["fix"],
            data.get("example", ""),
            severity,
            Severity(later),
            data.get("source", whole["source"]),
            data.get("source_status", whole["source_status"]),
            data.get("unit_why", ""),
            data.get("unit_fix", ""),
        )
    except KeyError as missing:
        raise RecordError(f"{code}.{name}: thiếu {missing}") from None
    _refuse_harm(f"{code}.{name}", sentence.source_status, sentence.severity)
    if code.startswith(SIGNALS) and min(severity.rank, sentence.confirmed.rank) < Severity.WARNING.rank:
        raise RecordError(f"{code}.{name}: dấu hiệu không được quá CẢNH BÁO")
    return sentence


def _refuse_harm(place: str, status: str, severity: Severity) -> None:
    if status not in STATUSES:
        raise RecordError(f"{place}: trạng thái nguồn lạ: {status!r}")
    if status != VERIFIED and severity is Severity.BLOCKING:
        raise RecordError(f"{place}: nguồn chưa xác minh thì không được CHẶN")


def _parameter(code: str, name: str, data: Mapping[str, Any]) -> Parameter:
    try:
        value = data["value"]
        held: Setting = tuple(value) if isinstance(value, list) else value if isinstance(value, str) else float(value)
        return Parameter(held, data["unit"], data["meaning"])
    except KeyError as missing:
        raise RecordError(f"{code}.{name}: tham số thiếu {missing}") from None


@cache
def editions() -> Mapping[str, tuple[Rule, ...]]:
    """Return every edition of every rule by code, in the order of the files and records."""
    rules: dict[str, tuple[Rule, ...]] = {}
    files = [f for f in resources.files(__package__).iterdir() if f.name.endswith(".toml")]
    for file in sorted(files, key=lambda f: f.name):
        for code, data in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if code in rules:
                raise RecordError(f"{code}: có hai bản ghi")
            rules[code] = read_record(code, data)
    return MappingProxyType(rules)


@cache
def register() -> Mapping[str, Rule]:
    """Return the latest edition of every rule by code."""
    return MappingProxyType({code: found[-1] for code, found in editions().items()})


def edition_of(code: str, name: str) -> Rule:
    """Return the edition with this name (`Rule.edition`); the latest when there is none such."""
    return next((rule for rule in editions()[code] if rule.edition == name), editions()[code][-1])


def rule_on(code: str, day: dt.date) -> Rule | None:
    """Return the edition that judges award years ending on this day; None when no rule did."""
    return next((rule for rule in editions()[code] if rule.in_force(day)), None)
