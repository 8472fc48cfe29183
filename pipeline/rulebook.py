"""The rules of one run: the edition in force, what the province changed, confirmed or waived, and by which document.

The day that picks the editions is the last day of the award year, or the day that the province writes into
THAM_SO for V-LAW (`ngay_chon`) when a year straddles a change of law. Past years are judged by the edition that
was in force when they ended: `Rulebook.on(day)`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from pipeline.findings import Finding
from pipeline.parsing import day_of
from pipeline.province import Province
from pipeline.vietnamese import date_text, suggest
from schemas.rules import Parameter, Rule, Setting, Severity, register, rule_on, shown
from schemas.rules.sets import RuleSet, rule_set_on

#: The record whose parameter picks the editions of all others.
SELECTOR, SELECTING_DAY = "V-LAW", "ngay_chon"
#: Units of parameters that are shares where the shipped value is between 0 and 1.
_SHARES = ("", "phần", "phần của kỳ", "phần của số hoạt động")
#: Largest number of a parameter, by its unit, and of any other unit.
MOST_OF_UNIT = {"năm": 100.0, "tháng": 1_200.0, "từ": 1_000.0, "tháng trong năm": 12.0, "ngày trong tháng": 31.0}
MOST = 100_000.0
#: Least number of a parameter, by its unit; 0 for any other unit.
LEAST_OF_UNIT = {"tháng trong năm": 1.0, "ngày trong tháng": 1.0}
#: Makes a finding at a cell, as `AddressBook.finding` does.
Say = Callable[..., Finding]


@dataclass(frozen=True, slots=True)
class Waiver:
    """One rule waived for one unit, or for one person or nomination of it."""

    code: str
    unit: str
    subject: str  #: empty: the whole unit
    note: str

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is waived."""
        return (
            finding.code == self.code
            and finding.unit == self.unit
            and (not self.subject or self.subject in (finding.subject, finding.person))
        )


@dataclass(frozen=True)
class Rulebook:
    """Rules by code with the province's parameters in them; a code without an edition in force is absent."""

    day: dt.date
    rules: Mapping[str, Rule]
    waivers: tuple[Waiver, ...] = ()
    findings: tuple[Finding, ...] = ()  #: what is wrong with THAM_SO and MIEN_AP_DUNG themselves
    changes: tuple[_Change, ...] = field(default=())

    @property
    def rule_set(self) -> RuleSet | None:
        """The texts in force; None before the first rule set."""
        return rule_set_on(self.day)

    def on(self, day: dt.date) -> Rulebook:
        """Return the rules for award years that end on another day."""
        return self if day == self.day else _on(self, day)

    def has(self, code: str) -> bool:
        """Whether an edition of the rule is in force."""
        return code in self.rules

    def setting(self, code: str, name: str) -> Setting:
        """Return a parameter.

        Raises:
            KeyError: the rule is not in force or has no such parameter; a bug of ours, caught by the tests.
        """
        return self.rules[code].parameters[name].value

    def number(self, code: str, name: str) -> float:
        """Return a parameter that is a number."""
        value = self.setting(code, name)
        if not isinstance(value, float):
            raise TypeError(f"{code}.{name} is no number")
        return value

    def word(self, code: str, name: str) -> str:
        """Return a parameter that is one word."""
        return str(self.setting(code, name))

    def codes(self, code: str, name: str) -> tuple[str, ...]:
        """Return a parameter that is a list of codes."""
        value = self.setting(code, name)
        return value if isinstance(value, tuple) else (str(value),)

    def settle(self, findings: Iterable[Finding]) -> list[Finding]:
        """Give each finding the severity, edition and note of the rule in force; a waived one only informs."""
        waivers: dict[tuple[str, str], list[Waiver]] = {}
        for waiver in self.waivers:
            waivers.setdefault((waiver.code, waiver.unit), []).append(waiver)
        return [self._settled(f, waivers.get((f.code, f.unit), ())) for f in findings]

    def _settled(self, finding: Finding, waivers: Iterable[Waiver]) -> Finding:
        rule = self.rules.get(finding.code) or register()[finding.code]
        words = rule.variants.get(finding.variant) or register()[finding.code].sentence(finding.variant)
        severity, note = words.severity, rule.note
        waiver = next((w for w in waivers if w.covers(finding)), None)
        if waiver is not None and finding.judged:
            severity, note = Severity.INFORMATION, "; ".join(n for n in (note, waiver.note) if n)
        if finding.given is severity and finding.note == note and finding.rule_version == rule.edition:
            return finding
        return replace(finding, given=severity, note=note, rule_version=rule.edition)


@dataclass(frozen=True, slots=True)
class _Change:
    """One row of THAM_SO that can be used."""

    code: str
    parameter: str  #: empty: the row confirms the rule
    value: Setting | None
    first: dt.date
    last: dt.date | None
    words: str

    def holds(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def open_rulebook(province: Province) -> Rulebook:
    """Put the register and the province's THAM_SO and MIEN_AP_DUNG together for its period.

    A row that names no known rule or parameter, or holds no fitting value, changes nothing and is a finding.
    """
    frames, cell = province.configuration.frames, province.configuration.addresses.finding
    findings: list[Finding] = []
    changes = list(_changes(frames.get("THAM_SO"), cell, findings))
    waivers = list(_waivers(frames.get("MIEN_AP_DUNG"), cell, findings))
    day = province.period.last
    for change in changes:
        if (change.code, change.parameter) == (SELECTOR, SELECTING_DAY) and change.holds(province.period.last):
            day = day_of(str(change.value)) or day
    return Rulebook(day, _rules(tuple(changes), day), tuple(waivers), tuple(findings), tuple(changes))


@cache
def plain_rulebook(day: dt.date) -> Rulebook:
    """Return the register as shipped, for award years that end on a day."""
    return Rulebook(day, _rules((), day))


@cache
def _on_cached(changes: tuple[_Change, ...], day: dt.date) -> Mapping[str, Rule]:
    return _rules(changes, day)


def _on(book: Rulebook, day: dt.date) -> Rulebook:
    return replace(book, day=day, rules=_on_cached(book.changes, day))


def _rules(changes: tuple[_Change, ...], day: dt.date) -> Mapping[str, Rule]:
    found = {code: rule for code in register() if (rule := rule_on(code, day)) is not None}
    for change in changes:
        if change.code in found and change.holds(day):
            found[change.code] = _changed(found[change.code], change)
    return MappingProxyType(found)


def _changed(rule: Rule, change: _Change) -> Rule:
    note = "; ".join(n for n in (rule.note, change.words) if n)
    if not change.parameter:
        variants = {name: replace(s, severity=s.confirmed) for name, s in rule.variants.items()}
        return replace(rule, note=note, variants=MappingProxyType(variants))
    if change.parameter not in rule.parameters or change.value is None:
        return rule
    held = rule.parameters[change.parameter]
    parameters = {**rule.parameters, change.parameter: Parameter(change.value, held.unit, held.meaning)}
    return replace(rule, note=note, parameters=MappingProxyType(parameters))


def _changes(rows: pd.DataFrame | None, cell: Say, findings: list[Finding]) -> Iterator[_Change]:
    for row_id, row in _usable(rows, "ma_quy_tac", cell, findings):
        code, name = row["ma_quy_tac"], "" if pd.isna(row["tham_so"]) else str(row["tham_so"])
        who = f"{row['van_ban']}, {row['nguoi_chot']} xác nhận {_day(row['ngay_chot'])}"
        first = row["tu_ngay"].date() if pd.notna(row["tu_ngay"]) else dt.date.min
        last = row["den_ngay"].date() if pd.notna(row["den_ngay"]) else None
        if not name:
            yield _Change(code, "", None, first, last, f"Quy tắc đã được tỉnh xác nhận: {who}")
            continue
        known = register()[code].parameters
        if name not in known:
            near = suggest(name, list(known)) or ", ".join(known) or "quy tắc này không có tham số"
            findings.append(cell("V-06", "parameter_unknown", row_id, "tham_so", ma=code, ten=name, goi_y=near))
            continue
        value = _value("" if pd.isna(row["gia_tri"]) else str(row["gia_tri"]), known[name])
        if value is None:
            findings.append(cell("V-03", "parameter", row_id, "gia_tri", ma=code, ten=name, mau=shown(known[name])))
            continue
        told = f"Tham số {name} = {row['gia_tri']} (mặc định {shown(known[name])}): {who}"
        yield _Change(code, name, value, first, last, told)


def _waivers(rows: pd.DataFrame | None, cell: Say, findings: list[Finding]) -> Iterator[Waiver]:
    for _, row in _usable(rows, "ma_quy_tac", cell, findings):
        subject = "" if pd.isna(row["doi_tuong"]) else str(row["doi_tuong"])
        who = f"{row['van_ban']}, {row['nguoi_duyet']} duyệt {_day(row['ngay'])}"
        yield Waiver(row["ma_quy_tac"], str(row["don_vi"]), subject, f"Được miễn áp dụng: {row['ly_do']} ({who})")


def _usable(
    rows: pd.DataFrame | None, field_name: str, cell: Say, findings: list[Finding]
) -> Iterator[tuple[int, dict[Any, Any]]]:
    """Yield the rows that name a rule of the register; the others become findings."""
    if rows is None:
        return
    for row_id, row in zip(rows.index.tolist(), rows.to_dict("records"), strict=True):
        code = row[field_name]
        if pd.isna(code):
            continue
        if code not in register():
            near = suggest(str(code), list(register())) or "xem tdkt rules"
            findings.append(cell("V-06", "rule_unknown", row_id, field_name, ma=str(code), goi_y=near))
            continue
        yield row_id, row


def _value(text: str, held: Parameter) -> Setting | None:
    """Read a value as the shipped one is: number, word, or codes kept apart by `;`."""
    text, like = text.strip(), held.value
    if not text:
        return None
    if isinstance(like, float):
        plain = text.replace(".", "").replace(",", ".") if "," in text else text
        percent = plain.endswith("%")
        try:
            number = float(plain.rstrip("% "))
        except ValueError:
            return None
        number = number / 100 if percent else number
        least = LEAST_OF_UNIT.get(held.unit, 0.0)
        return number if least <= number <= _most(held) else None  # false for what is not a number, too
    if isinstance(like, tuple):
        return tuple(part.strip() for part in text.split(";") if part.strip()) or None
    return text


def _most(held: Parameter) -> float:
    """Largest number that a parameter can be: checks count months, years and words up to it."""
    share = isinstance(held.value, float) and 0 < held.value < 1 and held.unit in _SHARES
    return 1.0 if share else MOST_OF_UNIT.get(held.unit, MOST)


def _day(value: object) -> str:
    return date_text(value.date()) if isinstance(value, pd.Timestamp) and pd.notna(value) else "…"
