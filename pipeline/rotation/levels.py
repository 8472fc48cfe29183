"""From probabilities to levels, over the whole province: no more false alarms among what is marked than one in ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.rotation.series import Bools, Floats

#: Share of false alarms that is accepted among what is marked (Benjamini-Hochberg), and for p_own.
FALSE_SHARE = 0.10
#: A single series speaks up to here; the power line that a clean answer needs.
WORTH_A_LOOK, ENOUGH_POWER = 0.05, 0.5
#: However few are tested at once, nothing is clear above this.
CLEAR_ALONE = 0.01

CLEAR, LOOK, NOTHING, UNKNOWN = "DO", "VANG", "XANH", "XAM"
#: Levels at which there is something to ask.
SIGNS = (CLEAR, LOOK)
WORDS = {
    CLEAR: "Dấu hiệu luân phiên rõ",
    LOOK: "Cần xem xét",
    NOTHING: "Không thấy dấu hiệu",
    UNKNOWN: "Chưa đủ dữ liệu",
}


@dataclass(frozen=True)
class Adjusted:
    """Of each series: `q` its unit's adjusted p, `marked` whether it stands out among all at the accepted share."""

    q: Floats
    marked: Bools


def over_units(units: Sequence[str], p: Floats) -> Adjusted:
    """Control false alarms over units, and inside the marked units over their titles.

    A unit's p is its smallest times the number of its titles; inside a unit that is marked a title is tested at the
    share that the marked units have of all (Benjamini and Bogomolov).
    """
    if not len(p):
        return Adjusted(np.zeros(0), np.zeros(0, dtype=bool))
    names, number = np.unique(np.asarray(units, dtype=str), return_inverse=True)
    titles = np.bincount(number)
    least = np.ones(len(names))
    np.minimum.at(least, number, p)
    whole = np.minimum(1.0, least * titles)
    q = benjamini_hochberg(whole)
    found = int((q <= FALSE_SHARE).sum())
    single = np.minimum(1.0, p * titles[number])
    marked = (q[number] <= FALSE_SHARE) & (single <= FALSE_SHARE * found / len(names) + 1e-12)
    return Adjusted(q[number], marked)


def benjamini_hochberg(p: Floats) -> Floats:
    """Adjusted p-values."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    found = np.empty(len(p))
    found[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return found


def level(
    p_turn: float, p_own: float, power: float, *, turn_marked: bool, joint_marked: bool, leaning: bool = True
) -> str:
    """Level of a series that passed the gates.

    `leaning`: whether anything plain leans towards turns (who waited longest won more often, or somebody won twice
    running less often, than by merit): the same few winning again and again is lawful and never a sign of turns.
    """
    if not leaning:
        return NOTHING if power >= ENOUGH_POWER else UNKNOWN
    if turn_marked and p_own <= FALSE_SHARE and p_turn <= CLEAR_ALONE:
        return CLEAR
    if turn_marked or p_turn <= WORTH_A_LOOK or joint_marked:
        return LOOK
    return NOTHING if power >= ENOUGH_POWER else UNKNOWN
