"""The council's tallies as they were typed: numbers or not, balanced or not, against the conclusion."""

from __future__ import annotations

import math
from typing import Any

from pipeline.decisions.merging import MergedRow
from pipeline.parsing import parse_number
from pipeline.workbook.voting import BALANCED, BALLOTS, COUNTED, COUNTS, INCOMPLETE, RETURNED, SORTED, TOO_MANY, Tally

_VARIANTS = {TOO_MANY: "too_many", RETURNED: "returned", SORTED: "sorted", COUNTED: "counted"}
#: Cells at which an imbalance is said, and whose sum is on its other side.
_AT = {TOO_MANY: "phat", RETURNED: "thu", SORTED: "thu", COUNTED: "hop_le"}
_SUMS = {SORTED: ("hop_le", "khong_hop_le"), COUNTED: ("dong_y", "khong_dong_y", "khong_y_kien")}
#: The one conclusion that needs the votes.
_AGREE = "Đồng ý"


def judge_tally(row: MergedRow | None, decision: str) -> Tally | None:
    """Read one tally; says what is wrong with it. None where nobody voted."""
    if row is None:
        return None
    base = row.sealed.facts.get("tong")
    counts: dict[str, Any] = {name: _count(row, name) for name in BALLOTS}
    counts["tong"] = base if base is not None else _count(row, "tong")
    tally = Tally.of(counts, row.sealed.facts.get("nguong"))
    if not tally.begun:
        return None
    if tally.balance != BALANCED:
        _unbalanced(row, tally)
    elif decision and tally.missing is not None:
        told = _numbers(tally) | {"can": f"{tally.needed:.0f}", "thieu": f"{tally.missing:.0f}"}
        if decision == _AGREE and tally.missing:
            row.say("KL-06", "short", "dong_y", told["dong_y"], **told)
        elif decision != _AGREE and not tally.missing:
            row.say("KL-06", "passed", "dong_y", told["dong_y"], ket_luan=decision, **told)
    return tally


def _count(row: MergedRow, name: str) -> float | None:
    """A whole number from 0 on; anything else is said and counts as not typed."""
    entry = row.entry(name)
    if not entry.text:
        return None
    parsed = parse_number(entry.value)
    number = parsed.value
    if isinstance(number, float) and math.isfinite(number) and number >= 0 and number.is_integer():
        return number
    row.say("KL-06", "not_number", name, entry.text, cot=_heading(row, name))
    return None


def _heading(row: MergedRow, name: str) -> str:
    return next((column.heading for column in row.sealed.table.columns if column.name == name), name)


def _numbers(tally: Tally) -> dict[str, str]:
    return {name: "…" if value is None else f"{value:.0f}" for name, value in tally.counts.items()}


def _unbalanced(row: MergedRow, tally: Tally) -> None:
    state, told = tally.balance, _numbers(tally)
    if state == INCOMPLETE:
        blank = [name for name in COUNTS if tally.counts[name] is None]
        if not any(row.text(name) for name in blank):  # what is no number has been said
            row.say("KL-06", "incomplete", blank[0], cot=", ".join(_heading(row, name) for name in blank))
        return
    total = sum(tally.counts[name] or 0 for name in _SUMS.get(state, ()))
    row.say("KL-06", _VARIANTS[state], _AT[state], told[_AT[state]], cong=f"{total:.0f}", **told)
