"""Who was passed over: LP-03 and LP-10; of this year with what merit alone would give, of all years by M1 and R2."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger, listed
from pipeline.checks.rotation import BASE, LADDER, Pair, title_words
from pipeline.evidence import Evidence
from pipeline.rotation.judging import Judgement
from pipeline.rotation.levels import benjamini_hochberg
from pipeline.rotation.merit import RANK
from pipeline.rotation.mismatch import mismatch_p
from pipeline.rotation.moved_merit import moved_merit_p
from pipeline.rotation.of_province import rotation_of
from pipeline.rotation.rules import COMMON
from pipeline.rotation.this_year import winners_by_merit
from pipeline.rotation.told import PERSONS, Told, dominates
from pipeline.rotation.wording import frequency
from pipeline.vietnamese import decimal

_EXCELLENT = "HTXSNV"


def bypassed(case: Evidence) -> Checked:
    """LP-03: who is proposed although somebody eligible is at least as good in everything and better in something."""
    ledger = Ledger(case, "LP-03")
    rows = case.proposed
    rows = rows[(rows["kind"] == "CN") & rows["person"].notna()]
    places = {(r.unit, r.award, r.person): i for i, r in zip(rows.index, rows.itertuples(index=False), strict=True)}
    looked: list[int] = []
    found: list[tuple[int, int, list[str], str]] = []
    higher, least = _proposed_higher(case), case.rules.number("LP-03", "diem")
    for told, judgement in _this_year(case):
        if told.series.title == BASE or judgement.prepared.complement:
            continue
        series, t = told.series, len(told.series.years) - 1
        others = np.flatnonzero(series.eligible[t] & ~series.won[t])
        others = others[[(told.unit, series.persons[i]) not in higher for i in others.tolist()]]
        beaten = {
            int(winner): [int(o) for o in others if dominates(told, t, int(o), int(winner), RANK, least)]
            for winner in np.flatnonzero(series.won[t])
        }
        usual = decimal(round(_usually_beaten(case, told, judgement, t), 1), 1) if any(beaten.values()) else ""
        usual += f" trong {int(series.won[t].sum())}"
        for winner, better in beaten.items():
            row = places.get((told.unit, series.title, series.persons[winner]))
            if row is not None:
                looked.append(row)
                if better:
                    found.append((row, len(better), [told.names[o] for o in better], usual))
    ledger.look(rows.loc[looked])
    if found:
        said = rows.loc[[row for row, *_ in found]]
        ledger.say(
            "bypass", said, "ma_doi_tuong", ten=said["name"], danh_hieu=said["award_name"],
            so=_column(said, [number for _, number, _, _ in found]),
            ai=_column(said, [listed(names) for _, _, names, _ in found]),
            du_kien=_column(said, [usual for *_, usual in found]),
        )  # fmt: skip
    return ledger.close()


def _column(rows: pd.DataFrame, values: list[object]) -> pd.Series:
    return pd.Series(values, index=rows.index, dtype=object)


def _this_year(case: Evidence) -> Iterator[Pair]:
    for told, judgement in rotation_of(case):
        if told.kind == PERSONS and told.present_year:
            yield told, judgement


def _usually_beaten(case: Evidence, told: Told, judgement: Judgement, t: int) -> float:
    """How many winners of the year would be outdone by somebody who did not win, if merit alone decided."""
    least = case.rules.number("LP-03", "diem")
    drawn = _drawn(case, told, judgement, t)
    able = np.flatnonzero(told.series.eligible[t])
    beats = np.array([[o != w and dominates(told, t, int(o), int(w), RANK, least) for o in able] for w in able])
    mine = drawn[:, able]
    outdone = (~mine).astype(float) @ beats.T.astype(float) > 0
    return float((mine & outdone).sum(axis=1).mean())


def _drawn(case: Evidence, told: Told, judgement: Judgement, t: int) -> np.ndarray:
    priors = rotation_of(case).judgements.priors
    prior = priors.get(told.series.title)
    prepared = judgement.prepared
    skipped = len(told.series.years) - len(prepared.source.years)
    common = prior.common if prior else COMMON
    drawn = winners_by_merit(prepared, common, t - skipped)  # columns of `prepared.source`
    if drawn.shape[1] == len(told.series.persons):
        return drawn
    place = {person: number for number, person in enumerate(told.series.persons)}
    whole = np.zeros((len(drawn), len(place)), dtype=bool)
    whole[:, [place[person] for person in prepared.source.persons]] = drawn
    return whole


def merit_signs(case: Evidence) -> Checked:
    """LP-03 over all years: winners below what merit would give (M1), and merit that follows the turn (R2)."""
    ledger = Ledger(case, "LP-03", "")
    pairs = [(t, j) for t, j in rotation_of(case) if t.kind == PERSONS and j.reading and not j.prepared.complement]
    limit = case.rules.number("LP-03", "p")
    priors = rotation_of(case).judgements.priors
    tests: dict[str, list[float | None]] = {
        "mismatch": [mismatch_p(j.prepared, priors[t.series.title].common) for t, j in pairs],
        "moved": [moved_merit_p(j.prepared) for t, j in pairs],
    }
    ledger.counted([f"{t.series.unit} {t.series.title}" for t, _ in pairs])
    for variant, chances in tests.items():
        known = [number for number, p in enumerate(chances) if p is not None]
        adjusted = benjamini_hochberg(np.array([chances[n] for n in known], dtype=float))
        for number, q in zip(known, adjusted, strict=True):
            told = pairs[number][0]
            if q <= limit:
                words = title_words(case, told)
                p = float(chances[number] or 0.0)
                ledger.of_unit(variant, told.unit, words, danh_hieu=words, nam=_span(told), p=frequency(p))
    return ledger.close()


def _span(told: Told) -> str:
    return f"{told.series.years[0]}–{told.series.years[-1]}"


def stepping_aside(case: Evidence) -> Checked:
    """LP-10: last year's winners who still deserve it and are not proposed."""
    ledger = Ledger(case, "LP-10", "")
    looked = []
    higher = _proposed_higher(case)
    for told, judgement in _this_year(case):
        series, t = told.series, len(told.series.years) - 1
        if told.series.title == BASE or judgement.prepared.complement or t == 0 or series.gap:
            continue
        if not series.won[t].any():
            continue
        looked.append(f"{series.unit} {series.title}")
        strong = (told.rating[t] == _EXCELLENT) | (np.nan_to_num(told.initiatives[t]) > 0)
        worthy = np.flatnonzero(series.won[t - 1] & series.eligible[t] & strong)
        out = [int(i) for i in worthy if not series.won[t, i] and (told.unit, series.persons[i]) not in higher]
        if not out:
            continue
        drawn = _drawn(case, told, judgement, t)[:, worthy].sum(axis=1)
        chance = float((drawn <= len(worthy) - len(out)).mean())
        words = title_words(case, told)
        shown = {"du_kien": decimal(round(float(drawn.mean()), 1), 1)}
        if chance <= case.rules.number("LP-10", "p"):
            shown["p"] = frequency(chance)
        ledger.of_unit(
            "unlikely" if "p" in shown else "listed", told.unit, words, danh_hieu=words, so=len(out),
            tong=len(worthy), ai=listed(told.names[i] for i in out), **shown,
        )  # fmt: skip
    ledger.counted(looked)
    return ledger.close()


def _proposed_higher(case: Evidence) -> set[tuple[str, str]]:
    """Unit and person proposed for more than the ladder's title."""
    rows = case.proposed
    rung = case.titles["rung"].get(LADDER, 0)
    rows = rows[(rows["kind"] == "CN") & (rows["rung"] > rung) & rows["person"].notna()]
    return set(zip(rows["unit"], rows["person"], strict=True))


CHECKS = (
    Check("LP-03", bypassed, province=True),
    Check("LP-03", merit_signs, province=True),
    Check("LP-10", stepping_aside, province=True),
)
