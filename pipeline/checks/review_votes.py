"""What votes, scores and counts say of turns and of levelling: LP-06, LP-08, LP-11. Descriptive; never a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.checks.rotation import BASE, LADDER, title_words
from pipeline.evidence import Evidence
from pipeline.rotation.judging import Judgement
from pipeline.rotation.levelling import level_scores, piling, shares_too_equal, unanimity, votes_too_equal
from pipeline.rotation.levels import benjamini_hochberg
from pipeline.rotation.of_province import rotation_of
from pipeline.rotation.series import standardised
from pipeline.rotation.told import PERSONS, Told
from pipeline.rotation.turn_votes import votes_follow_turn
from pipeline.rotation.votes import Votes, tallies, votes_beside
from pipeline.rotation.wording import frequency
from pipeline.vietnamese import decimal


@dataclass(frozen=True)
class Reviewed:
    """What the tallies of one unit and title say; probabilities are None where there is too little to tell."""

    told: Told
    votes: Votes
    follow_turn: float | None
    too_equal: float | None  #: of this year's review
    peers: float  #: part of units of the same size with as many unanimous candidates or more
    piled: float  #: index of votes piled on winners of lower merit
    piled_peers: float


def reviews(case: Evidence) -> list[Reviewed]:
    """Everything that tallies say, of each unit and title with votes; made once a run."""
    made: dict[Any, Any] = case.made
    if reviews not in made:
        made[reviews] = _reviews(case)
    found: list[Reviewed] = made[reviews]
    return found


def _reviews(case: Evidence) -> list[Reviewed]:
    table = tallies(case)
    parts = dict(iter(table.groupby(["unit", "award"])))
    beside: list[tuple[Told, Judgement, Votes]] = []
    for told, judgement in rotation_of(case):
        rows = parts.get((told.series.unit, told.series.title))
        if told.kind == PERSONS and rows is not None:
            votes = votes_beside(told, rows)
            if votes.candidates:
                beside.append((told, judgement, votes))
    sizes = [int(np.median(told.series.present.sum(axis=1))) for told, _, _ in beside]
    counts = [v.unanimous / v.candidates for _, _, v in beside]
    piled = [_piled(told, votes) for told, _, votes in beside]
    peers, piled_peers = unanimity(counts, sizes), unanimity(piled, sizes)
    return [
        Reviewed(told, votes, _follow(judgement, votes), _equal(told, votes), peers[n], piled[n], piled_peers[n])
        for n, (told, judgement, votes) in enumerate(beside)
    ]


def _follow(judgement: Judgement, votes: Votes) -> float | None:
    prepared = judgement.prepared
    if prepared.lacking or prepared.complement or prepared.source is not judgement.series:
        return None
    if votes.share.shape != prepared.source.won.shape:
        return None
    return votes_follow_turn(votes.share, prepared)


def _equal(told: Told, votes: Votes) -> float | None:
    if not told.present_year or told.series.title == BASE:
        return None
    there = np.isfinite(votes.valid[-1])
    if int(there.sum()) < 3:
        return None
    given, valid = votes.votes_for[-1, there], votes.valid[-1, there]
    if (given >= valid - 1).all():  # all but the candidate himself: agreement, which QT-05 speaks of
        return None
    return votes_too_equal(given.astype(np.int64), valid.astype(np.int64))


def _piled(told: Told, votes: Votes) -> float:
    merit, known, _ = standardised(told.series.merit, told.series.present)
    return piling(votes.share, np.where(known, merit, np.nan), told.series.won)


def votes(case: Evidence) -> Checked:
    """LP-08 of tallies: V1, votes too equal. Unanimity and piling are ranks among peers and only shown on PHIEU_BAU."""
    ledger = Ledger(case, "LP-08", "")
    found, limit = reviews(case), case.rules.number("LP-08", "p")
    ledger.counted([f"{r.told.series.unit} {r.told.series.title}" for r in found])
    for review in _small(found, [r.follow_turn for r in found], limit):
        words = title_words(case, review.told)
        p = frequency(review.follow_turn or 0.0)
        ledger.of_unit("votes_turn", review.told.unit, words, danh_hieu=words, p=p)
    for review in _small(found, [r.too_equal for r in found], limit):
        words, this = title_words(case, review.told), review.votes.votes_for[-1]
        ledger.of_unit(
            "votes_equal", review.told.unit, words, danh_hieu=words, nam=str(case.year),
            so=int(np.isfinite(this).sum()), thap=float(np.nanmin(this)), cao=float(np.nanmax(this)),
            p=frequency(review.too_equal or 0.0),
        )  # fmt: skip
    return ledger.close()


def _small(found: list[Reviewed], chances: list[float | None], limit: float) -> Iterator[Reviewed]:
    """Those whose chance is small even after so many were tested."""
    known = [n for n, p in enumerate(chances) if p is not None]
    adjusted = benjamini_hochberg(np.array([chances[n] for n in known], dtype=float))
    for number, q in zip(known, adjusted, strict=True):
        if q <= limit:
            yield found[number]


def scores(case: Evidence) -> Checked:
    """LP-08 of scores: everybody alike and everybody rewarded for years, or far closer together than elsewhere."""
    ledger = Ledger(case, "LP-08", "")
    desks = _one_a_unit(case)
    ledger.counted(list(desks))
    need, alike = int(case.rules.number("LP-08", "so_nam")), case.rules.number("LP-08", "giong")
    base = {told.unit: told for told, _ in rotation_of(case) if told.kind == PERSONS and told.series.title == BASE}
    for unit, told in desks.items():
        years = _level_years(told, base.get(unit), alike)
        if years >= need:
            last = told.series.years[-1]
            ledger.of_unit(
                "scores_equal", unit, nam=years, tu=str(last - years + 1), den=str(last),
                giong=f"{decimal(round(100 * _share_alike(told.score[-1])))} % cùng một điểm năm {last}",
            )  # fmt: skip
    spreads = level_scores([list(told.score) for told in desks.values()])
    pairs = list(zip(desks, spreads, strict=True))
    known = [(unit, spread) for unit, spread in pairs if spread.p_value is not None]
    adjusted = benjamini_hochberg(np.array([spread.p_value for _, spread in known], dtype=float))
    for (unit, spread), q in zip(known, adjusted, strict=True):
        if q <= case.rules.number("LP-08", "p"):
            p = frequency(spread.p_value or 0.0)
            ledger.of_unit("scores_close", unit, lech=decimal(round(spread.sd, 1), 1), p=p)
    return ledger.close()


def _one_a_unit(case: Evidence) -> dict[str, Told]:
    """One series of persons of each unit, for the tables of scores that all of them carry."""
    found: dict[str, Told] = {}
    for told, _ in rotation_of(case):
        if told.unit and told.kind == PERSONS:
            found.setdefault(told.unit, told)
    return found


def _share_alike(year: np.ndarray) -> float:
    known = year[np.isfinite(year)]
    return float(np.unique(known, return_counts=True)[1].max() / len(known)) if len(known) >= 3 else 0.0


def _level_years(told: Told, base: Told | None, alike: float) -> int:
    """Latest years running in which nearly all have one score and all the eligible hold the base title."""
    if base is None:
        return 0
    years = 0
    for t in range(len(told.series.years) - 1, -1, -1):
        able = base.series.eligible[t] & base.series.present[t]
        if _share_alike(told.score[t]) < alike or not able.any() or (able & ~base.series.won[t]).any():
            break
        years += 1
    return years


def equal_shares(case: Evidence) -> Checked:
    """LP-06: places of this year spread over units more evenly than chance."""
    ledger = Ledger(case, "LP-06", "")
    by_title: dict[str, list[tuple[int, int]]] = {}
    words: dict[str, str] = {}
    for told, _ in rotation_of(case):
        if told.kind == PERSONS and told.present_year and told.series.title != BASE:
            won, able = told.series.won[-1], told.series.eligible[-1]
            by_title.setdefault(told.series.title, []).append((int(won.sum()), int(able.sum())))
            words[told.series.title] = title_words(case, told)
    ledger.counted(list(by_title))
    for title, pairs in by_title.items():
        seats, able = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
        p = shares_too_equal(seats, able)
        if title == LADDER and _mostly_at_line(case):  # the share of each unit, rounded, makes them equal
            continue
        if p is not None and p <= case.rules.number("LP-06", "p"):
            ledger.of_unit(
                "found", "", words[title], danh_hieu=words[title], so=int(seats.sum()), don_vi=len(pairs),
                thap=int(seats.min()), cao=int(seats.max()), p=frequency(p),
            )  # fmt: skip
    return ledger.close()


def _mostly_at_line(case: Evidence) -> bool:
    """Whether most units propose just what the share of the year allows them."""
    hits = [years[case.year] for years in _line_years(case).values() if case.year in years]
    return bool(hits) and float(np.mean(hits)) >= case.rules.number("LP-11", "phan")


def _line_years(case: Evidence) -> dict[str, dict[int, bool]]:
    """Unit → year in which both titles are known → whether the number is the greatest allowed."""
    share = case.rules.number("HM-02", "ty_le")
    pairs = {(told.unit, told.series.title): told for told, _ in rotation_of(case) if told.kind == PERSONS}
    return {
        unit: _at_line(told, pairs[unit, BASE], share)
        for (unit, title), told in pairs.items()
        if title == LADDER and (unit, BASE) in pairs
    }


def at_the_line(case: Evidence) -> Checked:
    """LP-11: the greatest number that the share allows, in nearly every unit, year after year."""
    ledger = Ledger(case, "LP-11", "")
    need, share = int(case.rules.number("LP-11", "so_nam")), case.rules.number("HM-02", "ty_le")
    exact = {unit: list(years.values())[-need:] for unit, years in _line_years(case).items() if len(years) >= need}
    ledger.counted(list(exact))
    if len(exact) >= 5:
        whole = sum(all(years) for years in exact.values())
        rate = float(np.mean([hit for years in exact.values() for hit in years]))
        if whole >= case.rules.number("LP-11", "phan") * len(exact):
            ledger.of_unit(
                "found", "", so=whole, tong=len(exact), danh_hieu=str(case.titles["name"].get(LADDER, LADDER)),
                ty_le=f"{decimal(100 * share)} %", nam=need, du_kien=decimal(round(len(exact) * rate**need, 1), 1),
            )  # fmt: skip
    return ledger.close()


def _at_line(told: Told, base: Told, share: float) -> dict[int, bool]:
    """Of each year in which both titles are known, whether the number is the greatest allowed (one at least)."""
    found = {}
    for year, won in zip(told.series.years, told.series.won, strict=True):
        if year in base.series.years:
            held = int(base.series.won[base.series.years.index(year)].sum())
            if held:
                found[year] = int(won.sum()) == max(1, int(share * held + 1e-9))
    return found


CHECKS = (
    Check("LP-06", equal_shares, province=True),
    Check("LP-08", votes, province=True),
    Check("LP-08", scores, province=True),
    Check("LP-11", at_the_line, province=True),
)
