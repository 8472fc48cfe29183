"""The five principles by unit: what was found, what could not be judged, and the light that says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

from pipeline.results import Results, UnitState, replaced_refusals
from pipeline.workbook.table import Anchor, Cell
from schemas.principles import Principle, principle_of
from schemas.rules import Severity


class Light(Enum):
    """What is said of a unit and a principle, the gravest first: words with their shape, role of the cell."""

    FAILED = ("■ Không đạt", "light_FAILED")
    LOOK = ("▲ Cần xem", "light_LOOK")
    PARTLY = ("? Chưa xét hết", "light_PARTLY")
    GOOD = ("● Đạt", "light_GOOD")
    NOT_SEEN = ("? Chưa xét được", "light_PARTLY")

    @property
    def words(self) -> str:
        """Shape and words."""
        return self.value[0]

    @property
    def shape(self) -> str:
        """The shape alone, for narrow cells."""
        return self.value[0][0]

    @property
    def role(self) -> str:
        """Format of the cell."""
        return self.value[1]

    def cell(self, link: Anchor | None = None, *, narrow: bool = False) -> Cell:
        """The light as a cell."""
        return Cell(self.shape if narrow else self.words, self.role, link)


MEANING = (
    "■ Không đạt: có phát hiện CHẶN · ▲ Cần xem: có phát hiện phải giải trình hoặc cảnh báo · ● Đạt: các kiểm tra đã "
    "xét không nêu điều gì · ? Chưa xét hết: không nêu điều gì nhưng có chỗ thiếu dữ liệu · ? Chưa xét được: đơn vị "
    "chưa có tệp dùng được. Đèn nói về hồ sơ đã gửi, không nói về con người."
)
#: Unit of findings that belong to no expected unit.
PROVINCE = ""
_OF_SEVERITY = {Severity.BLOCKING: Light.FAILED, Severity.NEEDS_REASON: Light.LOOK, Severity.WARNING: Light.LOOK}


@dataclass(frozen=True, slots=True)
class Standing:
    """One principle in one unit."""

    light: Light
    found: int  #: judged findings but information
    unknown: int  #: what could not be judged


def anchor_of(unit: str, principle: Principle) -> Anchor:
    """Where the gravest finding of a unit on a principle is to be linked to."""
    return "principle", f"{unit} {principle.name}"


class FivePrinciples:
    """Lights of every expected unit, and of what belongs to none. Shared: `page.book.shared(FivePrinciples)`."""

    def __init__(self, results: Results) -> None:
        """Count the findings once."""
        of_code = cache(principle_of)
        settled = replaced_refusals(results.dataset)
        expected = {state.code for state in results.board}
        self._found: Counter[tuple[str, Principle, Light]] = Counter()
        for finding in results.findings:
            principle = of_code(finding.code)
            if principle is None or finding.file in settled:
                continue
            light = _OF_SEVERITY.get(finding.severity) if finding.judged else Light.PARTLY
            if light:
                unit = finding.unit if finding.unit in expected else PROVINCE
                self._found[unit, principle, light] += 1

    def of(self, state: UnitState) -> Mapping[Principle, Standing]:
        """Every principle of a unit; without a counted file nothing is good."""
        return {p: self._standing(state.code, p, Light.GOOD if state.counted else Light.NOT_SEEN) for p in Principle}

    def of_province(self) -> Mapping[Principle, Standing]:
        """Every principle in what is said of the whole province, of a block, or of files of nobody."""
        return {p: self._standing(PROVINCE, p, Light.GOOD) for p in Principle}

    def _standing(self, unit: str, principle: Principle, otherwise: Light) -> Standing:
        counts = {light: self._found[unit, principle, light] for light in (Light.FAILED, Light.LOOK, Light.PARTLY)}
        light = next((light for light, number in counts.items() if number), otherwise)
        if otherwise is Light.NOT_SEEN and light is Light.PARTLY:
            light = otherwise
        return Standing(light, counts[Light.FAILED] + counts[Light.LOOK], counts[Light.PARTLY])
