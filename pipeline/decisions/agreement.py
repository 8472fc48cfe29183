"""Whether what was concluded on VIEC_CAN_QUYET agrees with the lists and the configuration, where it takes effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.decisions.judging import AGREE, LOWER, POSTPONE, RETURN, Decision
from pipeline.ranking.gates import Decision as Gate
from pipeline.workbook import decision_sheet
from pipeline.workbook.matters import CHOICE_OF, KIND, OPTIONS, REFUSED, Kind

#: Field of the conclusion.
_CELL = "ket_luan"


def say_contradictions(decisions: Sequence[Decision], gates: Mapping[str, str] | None) -> None:
    """Say on the workbook which conclusions on matters the lists, or the gates of the configuration, contradict.

    Args:
        decisions: of the whole workbook, judged.
        gates: `ranking.gates.Decision` of each unit as cau-hinh.xlsx has it; None without a province folder.
    """
    lists = {d.row.sealed.key: d for d in decisions if d.outcome is not None}
    for decision in decisions:
        if decision.row.sealed.table.sheet == decision_sheet.PLAN.name and decision.new:
            _against_lists(decision, lists)
            if gates is not None and decision.facts.get(KIND) == Kind.GATE.name:
                _against_gates(decision, gates)


def _against_lists(matter: Decision, lists: Mapping[str, Decision]) -> None:
    """An option, or a return, that refuses nominations which the lists agree to."""
    refused = matter.facts.get(REFUSED, {})
    keys = refused.get(matter.new, [])
    if matter.new in (RETURN, POSTPONE):
        keys = sorted({key for found in refused.values() for key in found})
    lowered = matter.facts.get(KIND) == Kind.HEAD.name  # lowering is what its option asks for
    for key in keys:
        other = lists.get(key)
        if other is None or other.new not in ((AGREE,) if lowered else (AGREE, LOWER)):
            continue
        row = other.row.row
        place = f"trang {row.sheet}, ô {row.cell(_CELL)}" if row else other.row.sealed.table.sheet
        matter.row.say(
            "KL-13", "lists", _CELL, matter.new, phuong_an=_words(matter), noi=place, ket_luan=other.new,
            ai=str(other.facts.get("ten", key)),
        )  # fmt: skip


def _against_gates(matter: Decision, gates: Mapping[str, str]) -> None:
    """A gate that was decided one way here and stands another way, or open, in the configuration."""
    wanted = {CHOICE_OF[0]: Gate.CONFIRMED.value, CHOICE_OF[1]: Gate.NONE.value}.get(matter.new)
    held = gates.get(str(matter.facts.get("don_vi", "")))
    if wanted is None or held is None or held == wanted:
        return
    told = {Gate.OPEN.value: "chưa ghi kết luận", Gate.CONFIRMED.value: "ghi không xét", Gate.NONE.value: "ghi vẫn xét"}
    matter.row.say("KL-13", "gate", _CELL, matter.new, phuong_an=_words(matter), cau_hinh=told[held])


def _words(matter: Decision) -> str:
    return str(matter.facts.get(OPTIONS, {}).get(matter.new, matter.new.lower()))
