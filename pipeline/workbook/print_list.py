"""Who is printed: the nominations of TH_TAP_THE and TH_CA_NHAN that nothing stops, by title; how many are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.checks.tallies import COUNCIL_LEVEL, tallies
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.awards import Awards
from pipeline.workbook.nominated import (
    LISTED,
    Nomination,
    Nominations,
    Part,
    by_award_order,
    different,
    labels_of,
    sentence,
)
from pipeline.workbook.unit_gates import AWAITS_UNIT

WAITING = "chờ giải trình"
#: Behind names on the ballot paper and the minutes of the counting, and what it means.
MARK = "(*)"
MARK_MEANS = f"{MARK} Đơn vị đang {AWAITS_UNIT} (điều kiện loại trừ): chỉ tính dòng này nếu Hội đồng vẫn xét đơn vị."
UNKNOWN_LEVEL = "chưa rõ cấp quyết định"


@dataclass(frozen=True, slots=True)
class PrintList:
    """Collectives in the order of units, persons by tên then họ đệm; the highest rung first."""

    collectives: Sequence[Nomination]
    persons: Sequence[Nomination]
    stopped: tuple[int, int]  #: collectives, persons left out because something stops them

    @classmethod
    def of(cls, nominations: Nominations) -> PrintList:
        """Take what both lists hold; nothing is judged anew."""
        return cls(*nominations.listed, nominations.stopped)

    @property
    def everything(self) -> list[Nomination]:
        """Collectives, then persons."""
        return [*self.collectives, *self.persons]

    def left_out(self, collectives: bool = True, persons: bool = True) -> str:
        """One sentence on who is not in the print, and where they stand."""
        asked = ((collectives, self.stopped[0], "TH_TAP_THE"), (persons, self.stopped[1], "TH_CA_NHAN"))
        place = f"phần {Part.STOPPED.numeral}"
        parts = [f"{count} đề nghị ({place} của {sheet})" for wanted, count, sheet in asked if wanted and count]
        if not parts:
            return "Không có đề nghị nào bị để lại vì CHẶN."
        return f"KHÔNG in {' và '.join(parts)} vì còn vướng CHẶN; sửa xong, chạy lại thì có."

    def waiting(self, items: Sequence[Nomination], *, marked: bool = False, starred: bool = False) -> str:
        """Who is printed while the council's word on the unit, or a reason, is awaited; empty without any.

        Args:
            items: those printed.
            marked: each says so in its note.
            starred: names of those whose unit is undecided bear the mark.
        """
        told = []
        gated = [item for item in items if item.part is Part.UNIT_GATE]
        if gated:
            units = ", ".join(dict.fromkeys(item.unit for item in gated))
            note = f", có ghi «{AWAITS_UNIT}»" if marked else f", đánh dấu {MARK}" if starred else ""
            told.append(f"{len(gated)} đề nghị còn {AWAITS_UNIT} ({units}; xem VIEC_CAN_QUYET) vẫn được in{note}.")
        count = sum(item.explains for item in items)
        note = f", có ghi «{WAITING}»" if marked else "; người nào thì xem IN_PL1, IN_PL2"
        return " ".join([*told, *([f"{count} đề nghị còn chờ giải trình vẫn được in{note}."] if count else [])])

    @property
    def starred(self) -> bool:
        """Whether some of it awaits the council's word on a unit: names on ballot paper and minutes bear the mark."""
        return any(item.part is Part.UNIT_GATE for item in self.everything)


def by_award(results: Results, items: Sequence[Nomination], counted: str) -> list[tuple[str, Sequence[Nomination]]]:
    """Groups of one title or form with their headings: `I. Cờ thi đua (do … quyết định): 2 tập thể`."""
    awards, levels = Awards(results), labels_of(results, "CAP_QUYET_DINH")
    found: list[tuple[str, Sequence[Nomination]]] = []
    for number, (_, group) in enumerate(groupby(items, key=by_award_order), 1):
        mine = list(group)
        level = levels.get(mine[0].level or "")
        decided = f"{level} quyết định" if level else UNKNOWN_LEVEL
        name = awards.full(mine[0].title, mine[0].form)
        found.append((f"{roman(number)}. {name} ({decided}): {different(mine)} {counted}", mine))
    return found


def note_of(item: Nomination) -> str | None:
    """What stands in the column of notes."""
    waits = [AWAITS_UNIT] if item.part is Part.UNIT_GATE else []
    waits += [WAITING] if item.part in LISTED and item.explains else []
    return sentence("; ".join(waits)) or None


def marked_name(item: Nomination) -> str:
    """The name, with the mark of those whose unit awaits the council's word."""
    return f"{item.name} {MARK}" if item.part is Part.UNIT_GATE else item.name


def votes_text(item: Nomination) -> str | None:
    """Votes for, of all who may vote in the unit: `8/9`."""
    if item.votes is None:
        return None
    return f"{decimal(item.votes)}/{decimal(item.voters)}" if item.voters else decimal(item.votes)


#: Counts of a vote by name, null where not known.
Counts = Mapping[str, float | None]


def council_votes(results: Results) -> Mapping[tuple[str, str], Counts]:
    """The council's own votes as far as they were reported, by unit and code of the nomination."""
    found = tallies(results.evidence)
    found = found[found["level"] == COUNCIL_LEVEL]
    names = ("issued", "returned", "valid", "votes", "against", "abstained", "members", "threshold", "margin")
    rows = found[list(names)].astype(object).where(found[list(names)].notna(), None)
    keys = zip(found["unit"], found["code"], strict=True)
    return {
        key: dict(zip(names, row, strict=True)) for key, row in zip(keys, rows.itertuples(index=False), strict=True)
    }


_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def roman(number: int) -> str:
    """Write 1 to 39 as I to XXXIX."""
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text
