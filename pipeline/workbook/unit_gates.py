"""Units with a gate (điều kiện loại trừ) that is not lifted: their nominations wait for the council's word on the unit.

The word is one for the whole unit, so a nomination that nothing else stops is not yet clear of everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.ranking.gates import Decision, gates_of
from pipeline.results import Results
from pipeline.workbook.table import Anchor

#: What stands beside a nomination of such a unit wherever it is printed.
AWAITS_UNIT = "chờ kết luận về đơn vị"


@dataclass(frozen=True, slots=True)
class UnitGate:
    """The gate of one unit."""

    unit: str
    reason: str  #: gates in words, with what the council said so far
    confirmed: bool  #: the council concluded that the unit is not considered; false: it has not concluded

    @property
    def words(self) -> str:
        """`chờ kết luận về đơn vị P10: Có kỷ luật …`."""
        begin = f"đơn vị {self.unit} không được xét" if self.confirmed else f"{AWAITS_UNIT} {self.unit}"
        return f"{begin}: {self.reason}"

    @property
    def link(self) -> Anchor:
        """Where it is decided; a gate that is decided is read on the ranking."""
        return ("ranked", self.unit) if self.confirmed else gate_anchor(self.unit)


def gate_anchor(unit: str) -> Anchor:
    """Where the decision on the gate of a unit is to be linked to."""
    return "gate", unit


def unit_gates(results: Results) -> Mapping[str, UnitGate]:
    """Units of which a file counts and whose gate is not lifted, by code."""
    found = gates_of(results.evidence)
    shut = found[(found["decision"] != Decision.NONE.value) & results.evidence.units["counted"]]
    columns = zip(shut.index, shut["decision"], shut["reason"], strict=True)
    return {str(u): UnitGate(str(u), str(why), said == Decision.CONFIRMED.value) for u, said, why in columns}
