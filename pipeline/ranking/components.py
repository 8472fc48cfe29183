"""The chain by which nominees of one title are ordered: what each component is, and how far it can be compared.

The chain is a parameter of XH-08; the province reorders or shortens it in THAM_SO. Every component is shown in a
column of its own. Two steps of preference are printed and off unless the province switches them on.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.checks.quotas import BLOCK, PROVINCE, UNIT
from pipeline.rulebook import Rulebook

CODE = "XH-08"
PERSON, COLLECTIVE = "CN", "TT"
YES = "CO"
#: Scopes from the narrowest.
LEVELS = (UNIT, BLOCK, PROVINCE)


@dataclass(frozen=True, slots=True)
class Component:
    """One step of the chain. More is better in every column; null is not known."""

    code: str
    words: str  #: how a sentence names it
    columns: tuple[str, ...]  #: columns of `declared`, compared one after another
    best: tuple[float, ...]  #: what a value that is not known could be at most
    reach: str  #: widest scope inside which it can be compared


def _one(code: str, words: str, column: str, best: float, reach: str = PROVINCE) -> Component:
    return Component(code, words, (column,), (best,), reach)


_MANY = float("inf")
#: What a unit declares of a person. Its own order and its own votes say nothing about people of other units.
OF_PERSONS = (
    _one("XEP_LOAI", "xếp loại", "rating", 3.0),
    _one("DIEM", "điểm đánh giá", "score", 100.0),
    Component("SANG_KIEN", "sáng kiến", ("national", "sector", "base"), (_MANY, _MANY, _MANY), PROVINCE),
    _one("KET_QUA", "chỉ tiêu đạt", "results", 1.0),
    _one("THU_TU", "thứ tự của đơn vị", "own_order", -1.0, UNIT),
    _one("PHIEU", "tỷ lệ phiếu", "votes", 1.0, UNIT),
)
#: What is declared of a collective. Places and votes of a block say nothing about other blocks.
OF_COLLECTIVES = (
    _one("HANG_DON_VI", "hạng của đơn vị trong khối", "unit_order", -1.0, BLOCK),
    _one("XEP_LOAI", "xếp loại đơn vị", "rating", 3.0),
    _one("DIEM", "điểm đơn vị tự chấm", "score", _MANY, BLOCK),
    _one("TY_LE_LDTT", "tỷ lệ Lao động tiên tiến", "results", 1.0),
    _one("PHIEU", "tỷ lệ phiếu của khối", "votes", 1.0, BLOCK),
)
CHAINS = {
    PERSON: ("thu_tu_ca_nhan", {component.code: component for component in OF_PERSONS}),
    COLLECTIVE: ("thu_tu_tap_the", {component.code: component for component in OF_COLLECTIVES}),
}
DIRECT = _one("TRUC_TIEP", "người trực tiếp công tác", "direct", 1.0)
WOMEN = _one("NU", "ưu tiên nữ", "women", 1.0)
#: Steps of preference → the parameter that switches each on, and for which kinds it makes sense.
PREFERENCES = ((DIRECT, "uu_tien_truc_tiep", (PERSON,)), (WOMEN, "uu_tien_nu", (PERSON, COLLECTIVE)))


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps in force for persons or for collectives."""

    steps: tuple[Component, ...]
    switched_off: tuple[Component, ...]  #: preferences that are printed and not used
    unknown: tuple[str, ...]  #: words of the parameter that name no component

    def at(self, level: str) -> tuple[Component, ...]:
        """Steps that can be compared inside a scope."""
        return tuple(step for step in self.steps if LEVELS.index(step.reach) >= LEVELS.index(level))

    def local_to(self, level: str) -> tuple[Component, ...]:
        """Steps that cannot."""
        return tuple(step for step in self.steps if step not in self.at(level))


def chain_of(rules: Rulebook, kind: str) -> Chain:
    """Read the chain in force; preferences that are switched on part only those who are equal in all the rest."""
    name, known = CHAINS[kind]
    asked = tuple(dict.fromkeys(rules.codes(CODE, name)))
    steps = [known[code] for code in asked if code in known]
    off: list[Component] = []
    for preference, switch, kinds in PREFERENCES:
        if kind in kinds:
            (steps if rules.word(CODE, switch) == YES else off).append(preference)
    return Chain(tuple(steps), tuple(off), tuple(code for code in asked if code not in known))
