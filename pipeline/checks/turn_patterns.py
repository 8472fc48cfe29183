"""Patterns that may go with taking turns: LP-05 order of the list, LP-07 fed streaks, LP-12 a ladder without rungs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger, listed
from pipeline.checks.rotation import BASE, LADDER, title_words
from pipeline.evidence import Evidence
from pipeline.rotation.calibration import STAGES
from pipeline.rotation.of_province import rotation_of
from pipeline.rotation.order import first_titles, order_of_titles
from pipeline.rotation.told import PERSONS, Told
from pipeline.rotation.wording import frequency
from pipeline.vietnamese import name_sort_key


def orders(case: Evidence) -> Checked:
    """LP-05: first titles that follow seniority, the alphabet or the list."""
    ledger = Ledger(case, "LP-05", "")
    entered = _entered(case)
    found = []
    looked = []
    for told, _ in rotation_of(case):
        if told.kind != PERSONS or told.series.title == BASE:
            continue
        # Who came later could not win earlier: only people of all years can be compared.
        first = np.where(told.series.present.all(axis=0), first_titles(told.series.won), np.nan)
        for words, attribute in _attributes(told, entered).items():
            order = order_of_titles(first, attribute)
            if order is not None:
                found.append((told, words, order))
                looked.append(f"{told.series.unit} {told.series.title}")
    ledger.counted(list(dict.fromkeys(looked)))
    for told, words, order in found:
        chance = min(1.0, order.p_value * len(found))
        if chance <= case.rules.number("LP-05", "p"):
            title = title_words(case, told)
            ledger.of_unit(
                "found", told.unit, title, danh_hieu=title, so=order.winners, thu_tu=words, he_so=order.tau,
                p=frequency(chance),
            )  # fmt: skip
    return ledger.close()


def _entered(case: Evidence) -> dict[str, float]:
    """Day on which each person entered service, as a number."""
    parts = [case.staff[["person", "ngay_tuyen_dung"]].set_axis(["person", "day"], axis=1)]
    roster = case.past("NHAN_SU_NAM")
    if roster is not None:
        parts.append(roster[["ma_cc", "ngay_tuyen_dung"]].set_axis(["person", "day"], axis=1))
    days = pd.concat(parts).dropna().drop_duplicates("person")
    return dict(zip(days["person"], days["day"].astype("int64").astype("float64"), strict=True))


def _attributes(told: Told, entered: dict[str, float]) -> dict[str, np.ndarray]:
    names = sorted(set(told.names), key=name_sort_key)
    codes = sorted(told.series.persons)
    return {
        "thâm niên": np.array([entered.get(person, np.nan) for person in told.series.persons]),
        "vần của tên": np.array([float(names.index(name)) for name in told.names]),
        "mã trong danh sách": np.array([float(codes.index(person)) for person in told.series.persons]),
    }


def streaks(case: Evidence) -> Checked:
    """LP-07: exactly the years that the higher title asks for, then nothing more."""
    ledger = Ledger(case, "LP-07", "")
    years = int(case.rules.number("DK-04", "so_nam"))
    by_unit = {(t.series.unit, t.series.title): t for t, _ in rotation_of(case) if t.kind == PERSONS}
    looked = []
    for (unit, title), told in by_unit.items():
        ladder = by_unit.get((unit, LADDER))
        if title != "CSTD_NGANH" or ladder is None:
            continue
        looked.append(unit)
        holders = [person for person, won in zip(told.series.persons, told.series.won.T, strict=True) if won.any()]
        fed = [person for person in holders if _fed(told, ladder, person, years)]
        if len(fed) >= case.rules.number("LP-07", "so_nguoi") and 2 * len(fed) > len(holders):
            names = dict(zip(told.series.persons, told.names, strict=True))
            ledger.of_unit(
                "found", told.unit, title_words(case, told), so=len(fed), tong=len(holders),
                cao_hon=title_words(case, told), chuoi=years, danh_hieu=title_words(case, ladder),
                ai=listed(names[p] for p in fed),
            )  # fmt: skip
    ledger.counted(looked)
    return ledger.close()


def _fed(higher: Told, ladder: Told, person: str, years: int) -> bool:
    column = ladder.series.persons.index(person)
    won, able = ladder.series.won[:, column], ladder.series.eligible[:, column]
    t = int(np.flatnonzero(higher.series.won[:, higher.series.persons.index(person)])[0])
    for last in (t, t - 1):
        first = last - years + 1
        whole = first >= 0 and won[first : last + 1].all() and not (first > 0 and won[first - 1])
        after = slice(last + 1, last + 3)
        if whole and last + 3 <= len(won) and able[after].all() and not won[after].any():
            return True
    return False


def broken_ladder(case: Evidence) -> Checked:
    """LP-12: somebody wins every year and nobody twice running."""
    ledger = Ledger(case, "LP-12", "")
    least = int(case.rules.number("LP-12", "so_nam"))
    pairs = [
        (t, j) for t, j in rotation_of(case)
        if t.kind == PERSONS and t.series.title == LADDER and j.reading and not j.prepared.complement
    ]  # fmt: skip
    ledger.counted([t.series.unit for t, _ in pairs])
    for told, judgement in pairs:
        won = told.series.won[~told.carried]
        given = np.any(won, axis=1)
        running = len(given) if given.all() else int(np.argmin(given[::-1]))
        tail = won[len(won) - running :]
        if running < least or (tail[1:] & tail[:-1]).any() or told.series.gap or judgement.reading is None:
            continue
        # Of the first look's histories; none among them is not never.
        chance = (1 + judgement.reading.expected["unbroken"] * STAGES[0]) / (1 + STAGES[0])
        rare = chance * len(pairs) <= case.rules.number("LP-12", "p") and judgement.reading.facts["repeats"] == 0
        words = title_words(case, told)
        ledger.of_unit("rare" if rare else "shown", told.unit, words, danh_hieu=words, nam=running, p=frequency(chance))
    return ledger.close()


CHECKS = (
    Check("LP-05", orders, province=True),
    Check("LP-07", streaks, province=True),
    Check("LP-12", broken_ladder, province=True),
)
