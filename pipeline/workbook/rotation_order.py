"""The series of the rotation test as its sheets show them: by level, what is least likely by merit first."""

from __future__ import annotations

from pipeline.results import Results
from pipeline.rotation.judging import Judgement
from pipeline.rotation.levels import CLEAR, LOOK, NOTHING, SIGNS, UNKNOWN, WORDS
from pipeline.rotation.of_province import rotation_of
from pipeline.rotation.told import Told

Pair = tuple[Told, Judgement]
#: The mark that stands before the words of a level, so that it reads in grey.
MARKS = {CLEAR: "▲", LOOK: "△", NOTHING: "○", UNKNOWN: "?"}


def by_level(results: Results) -> list[Pair]:
    """All series, else in the order of units."""
    order = list(WORDS)

    def key(pair: Pair) -> tuple[int, float]:
        reading = pair[1].reading
        return order.index(pair[1].level), reading.p_turn if reading and pair[1].level in SIGNS else 0.0

    return sorted(rotation_of(results.evidence), key=key)


def grid_of(told: Told) -> tuple[str, str]:
    """Anchor of the grid of a series."""
    return "grid", f"{told.series.unit} {told.series.title}"
