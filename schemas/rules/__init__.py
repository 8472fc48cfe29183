"""The register of rules: one TOML record a check, read once, never changed while the program runs.

A record says what the check means, its sentences, where the rule comes from and how sure that is. The loader
refuses a record that could do harm: a rule whose source is not confirmed may never block (`CHẶN`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
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


@dataclass(frozen=True, slots=True)
class Sentence:
    """One way in which a check can fire: why it is wrong, what to do, an example, its own severity."""

    why: str
    fix: str
    example: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One record of the register."""

    code: str
    title: str
    meaning: str
    source: str  #: text, article and clause as printed
    source_status: str  #: `đã xác minh`, or `cần xác minh` followed by the kind of source
    since: str  #: version of the product that first had it
    exclusions: str
    assumptions: str
    variants: Mapping[str, Sentence]

    def sentence(self, variant: str) -> Sentence:
        """Return the words of a variant.

        Raises:
            KeyError: the record has no such variant; a bug of ours, caught by the tests.
        """
        return self.variants[variant]


class RecordError(ValueError):
    """A record of the register is incomplete or claims more than its source allows."""


def _sentence(code: str, name: str, data: Mapping[str, Any], default: Severity) -> Sentence:
    try:
        return Sentence(data["why"], data["fix"], data.get("example", ""), Severity(data.get("severity", default)))
    except KeyError as missing:
        raise RecordError(f"{code}.{name}: thiếu {missing}") from None


def read_record(code: str, data: Mapping[str, Any]) -> Rule:
    """Turn one TOML table into a rule.

    Raises:
        RecordError: a field is missing, or a rule that is not verified may block.
    """
    try:
        default = Severity(data["severity"])
        variants = {name: _sentence(code, name, item, default) for name, item in data["variants"].items()}
        rule = Rule(
            code,
            data["title"],
            data["meaning"],
            data["source"],
            data["source_status"],
            data["since"],
            data.get("exclusions", ""),
            data.get("assumptions", ""),
            MappingProxyType(variants),
        )
    except KeyError as missing:
        raise RecordError(f"{code}: thiếu {missing}") from None
    if rule.source_status != VERIFIED and not rule.source_status.startswith(UNVERIFIED):
        raise RecordError(f"{code}: trạng thái nguồn lạ: {rule.source_status!r}")
    if rule.source_status != VERIFIED and any(s.severity is Severity.BLOCKING for s in variants.values()):
        raise RecordError(f"{code}: nguồn chưa xác minh thì không được CHẶN")
    return rule


@cache
def register() -> Mapping[str, Rule]:
    """Return every rule by code, in the order of the files and records."""
    rules: dict[str, Rule] = {}
    files = [f for f in resources.files(__package__).iterdir() if f.name.endswith(".toml")]
    for file in sorted(files, key=lambda f: f.name):
        for code, data in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if code in rules:
                raise RecordError(f"{code}: có hai bản ghi")
            rules[code] = read_record(code, data)
    return MappingProxyType(rules)
