"""From conclusions to outcomes: who is recognised, who is submitted upward, who is not, who stays undecided and why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from pipeline.decisions.ballots import judge_tally
from pipeline.decisions.merging import MergedRow
from pipeline.decisions.reading import words_of
from pipeline.vietnamese import match_key, suggest
from pipeline.workbook import collectives, council_votes, persons
from pipeline.workbook.decision_lists import OWN_LEVEL
from pipeline.workbook.matters import CHOICE_OF, KIND, Kind
from pipeline.workbook.nominated import Part
from pipeline.workbook.voting import Tally

AGREE, REFUSE, LOWER, RETURN, POSTPONE = "Đồng ý", "Không đồng ý", "Hạ mức", "Trả lại", "Để lại kỳ sau"
#: Fields of a decision and of its reason, on whatever sheet.
DECISION, REASON = "ket_luan", "ly_do"
#: Sheets whose decisions are on nominations.
LISTS = (collectives.PLAN.name, persons.PLAN.name)
_BRACKETED = re.compile(r"\W+")


class Outcome(Enum):
    """What becomes of a nomination."""

    RECOGNISED = "Công nhận"
    SUBMITTED = "Trình cấp trên"
    REFUSED = "Không đồng ý"
    RETURNED = "Trả lại"
    POSTPONED = "Để lại kỳ sau"
    NOT_PROPOSED = "Đơn vị không đề nghị"
    UNDECIDED = "Chưa quyết định"


_PLAIN = {REFUSE: Outcome.REFUSED, RETURN: Outcome.RETURNED, POSTPONE: Outcome.POSTPONED}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it was read: what stood there, what stands there now, what follows."""

    row: MergedRow
    old: str
    new: str
    reason: str
    outcome: Outcome | None  #: of a nomination; None on other sheets
    award: str = ""  #: code of what is given in the end
    tally: Tally | None = None  #: of the council, where it voted

    @property
    def facts(self) -> Mapping[str, Any]:
        """Of the nomination."""
        return self.row.sealed.facts

    @property
    def lowered(self) -> bool:
        """Whether less is given than was proposed."""
        return bool(self.award) and self.award != award_of(self.facts)


def award_of(facts: Mapping[str, Any]) -> str:
    """Code of the one award that a nomination is for; empty where it names none or two."""
    codes = [code for code in (facts.get("danh_hieu"), facts.get("hinh_thuc")) if code]
    return str(codes[0]) if len(codes) == 1 else ""


def judge(rows: Sequence[MergedRow], awards: Mapping[str, Mapping[str, Any]]) -> list[Decision]:
    """Judge every row that has a conclusion; what is wrong is said on the workbooks. Order: as written."""
    lifted = lifted_units(rows)
    votes = {row.sealed.key: row for row in rows if row.sealed.table.sheet == council_votes.PLAN.name}
    decisions = []
    for row in rows:
        if not any(column.name == DECISION for column in row.sealed.table.council):
            continue
        decision = _read(row)
        if row.sealed.table.sheet in LISTS:
            tally = judge_tally(votes.get(row.sealed.key), decision.new)
            decision = _concluded(replace(decision, tally=tally), awards, lifted)
        decisions.append(decision)
    return _once(decisions, awards)


def _read(row: MergedRow) -> Decision:
    """Take the conclusion as its list has it; another text is no conclusion."""
    said, reason = row.text(DECISION), row.text(REASON)
    column = next(c for c in row.sealed.table.council if c.name == DECISION)
    known = {match_key(choice): choice for choice in column.choices}
    new = known.get(match_key(said), "") if known else said
    if said and not new:
        near = suggest(said, column.choices)
        row.say("KL-01", "unknown", DECISION, said, danh_sach="; ".join(column.choices),
                goi_y=f" (có thể là «{near}»)" if near else "")  # fmt: skip
    elif new and new != AGREE and not reason and not row.entry(REASON).doubtful:
        row.say("KL-02", "missing", REASON, new)
    old = row.sealed.first.get(DECISION, "")
    return Decision(row, old, new, reason, None)


def lifted_units(rows: Sequence[MergedRow]) -> set[str]:
    """Units that the council, by its conclusion on VIEC_CAN_QUYET, considers in spite of a gate."""
    return {
        str(row.sealed.facts.get("don_vi", ""))
        for row in rows
        if row.sealed.facts.get(KIND) == Kind.GATE.name and match_key(row.text(DECISION)) == match_key(CHOICE_OF[1])
    }


def _concluded(decision: Decision, awards: Mapping[str, Mapping[str, Any]], lifted: set[str]) -> Decision:
    row, facts = decision.row, decision.facts
    part = Part[facts["phan"]]
    if not decision.new:
        return replace(decision, outcome=_open(decision, part))
    if decision.new in _PLAIN:
        return replace(decision, outcome=_PLAIN[decision.new])
    unable = replace(decision, outcome=Outcome.UNDECIDED)
    if part in (Part.STOPPED, Part.NOT_PROPOSED):
        variant = "blocked" if part is Part.STOPPED else "not_proposed"
        row.say("KL-09", variant, DECISION, decision.new)
        return unable
    award = award_of(facts)
    if not award:
        row.say("KL-09", "no_award", DECISION, decision.new)
        return unable
    if decision.new == LOWER:
        award = _lower(decision, award, awards) if decision.reason else ""
        if not award:
            return unable
    elif not decision.reason and _reason_needed(part, facts, lifted):
        row.say("KL-02", "explain", REASON, decision.new)
        return unable
    level = awards.get(award, {}).get("cap")
    if not level:
        row.say("KL-09", "no_level", DECISION, decision.new, danh_hieu=str(awards.get(award, {}).get("ten", award)))
        return unable
    return replace(decision, award=award, outcome=Outcome.RECOGNISED if level == OWN_LEVEL else Outcome.SUBMITTED)


def _reason_needed(part: Part, facts: Mapping[str, Any], lifted: set[str]) -> bool:
    """Whether agreeing needs a written reason: one is awaited, or the unit is not (yet) considered."""
    undecided = part is Part.UNIT_GATE and str(facts.get("don_vi", "")) not in lifted
    return part is Part.EXPLAIN or undecided or bool(facts.get("giai_trinh"))


def _open(decision: Decision, part: Part) -> Outcome:
    """Without a conclusion: who was not proposed needs none, everybody else is listed."""
    row = decision.row
    if part is Part.NOT_PROPOSED and not decision.reason and not row.text(DECISION):
        return Outcome.NOT_PROPOSED
    if row.text(DECISION) or row.entry(DECISION).doubtful:  # already said
        return Outcome.UNDECIDED
    if decision.reason:
        row.say("KL-10", "reason_only", DECISION, decision.reason)
    else:
        voted = decision.tally and decision.tally.counts["dong_y"] is not None
        told = f" (đã có {decision.tally.counts['dong_y']:.0f} phiếu đồng ý)" if decision.tally and voted else ""
        row.say("KL-10", "undecided", DECISION, phieu=told)
    return Outcome.UNDECIDED


def _lower(decision: Decision, award: str, awards: Mapping[str, Mapping[str, Any]]) -> str:
    """The one lower award of the same kind that the reason names; empty, and said, where it names none or several."""
    facts, rung = decision.facts, int(awards.get(award, {}).get("bac", 0))
    lower = {
        code: held
        for code, held in awards.items()
        if int(held["bac"]) < rung and held["doi_tuong"] in (None, "", facts["loai"])
    }
    named = _named(decision.reason, lower)
    if len(named) == 1:
        return named[0]
    words = [str(held["ten"]) for held in lower.values()]
    decision.row.say(
        "KL-09", "lowered", REASON, decision.reason, thay="nêu nhiều" if named else "chưa nêu",
        danh_sach="; ".join(words) or "(không có)", vi_du=words[0] if words else "…",
    )  # fmt: skip
    return ""


def _named(reason: str, awards: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Codes of awards whose full name, short name or code stands in a text as whole words; longer names first."""
    text = f" {_BRACKETED.sub(' ', match_key(reason))} "
    names = {
        f" {_BRACKETED.sub(' ', match_key(str(word))).strip()} ": code
        for code, held in awards.items()
        for word in (held["ten"], held["ngan"], code)
    }
    found = []
    for name in sorted(names, key=len, reverse=True):
        if name in text:
            found.append(names[name])
            text = text.replace(name, " · ")
    return list(dict.fromkeys(found))


def _once(decisions: Sequence[Decision], awards: Mapping[str, Mapping[str, Any]]) -> list[Decision]:
    """Say where the same award is given twice to the same; the lists take the first that was not lowered."""
    given: set[tuple[str, ...]] = set()
    for decision in sorted(decisions, key=lambda d: d.lowered):
        if not decision.award:
            continue
        facts = decision.facts
        at = (str(facts["loai"]), str(facts["don_vi"]), str(facts["ma"]), decision.award)
        if at in given:
            name = str(awards.get(decision.award, {}).get("ten", decision.award))
            decision.row.say("KL-09", "twice", DECISION, decision.new, danh_hieu=name)
        given.add(at)
    return list(decisions)


def given(decisions: Sequence[Decision], outcome: Outcome) -> list[Decision]:
    """Decisions with an outcome, each award once to each; what was proposed comes before what was lowered to it."""
    kept: dict[tuple[str, ...], Decision] = {}
    for decision in sorted(decisions, key=lambda d: d.lowered):
        if decision.outcome is outcome:
            facts = decision.facts
            kept.setdefault((str(facts["loai"]), str(facts["don_vi"]), str(facts["ma"]), decision.award), decision)
    order = {id(decision): number for number, decision in enumerate(decisions)}
    return sorted(kept.values(), key=lambda decision: order[id(decision)])


__all__ = ["Decision", "Outcome", "award_of", "given", "judge", "words_of"]
