"""Turn-taking: LP-01 with what goes with it (LP-03, LP-05, LP-07, LP-10, LP-12). Questions to the council, no verdicts.

All of it reads the series of `pipeline.rotation`, made and judged once a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger, listed
from pipeline.evidence import Evidence
from pipeline.rotation.calibration import STAGES
from pipeline.rotation.judging import Judgement
from pipeline.rotation.levels import CLEAR, LOOK, SIGNS, UNKNOWN, benjamini_hochberg
from pipeline.rotation.merit import RANK
from pipeline.rotation.mismatch import mismatch_p
from pipeline.rotation.moved_merit import moved_merit_p
from pipeline.rotation.of_province import rotation_of
from pipeline.rotation.order import first_titles, order_of_titles
from pipeline.rotation.rules import COMMON
from pipeline.rotation.series import LEAST_YEARS
from pipeline.rotation.this_year import winners_by_merit
from pipeline.rotation.told import PERSONS, UNITS, Told, dominates
from pipeline.rotation.wording import below_merit, explanation, frequency, nouns_of
from pipeline.vietnamese import decimal, name_sort_key

_LADDER, _BASE = "CSTDCS", "LDTT"
_EXCELLENT = "HTXSNV"
Pair = tuple[Told, Judgement]


def title_words(case: Evidence, told: Told) -> str:
    """How people call what a series is about."""
    title = told.series.title
    return str(case.titles["name"].get(title, "")) or case.label("XEP_LOAI", title)


def explained(case: Evidence, told: Told, judgement: Judgement) -> str:
    """The whole explanation of a series."""
    place = told.series.unit if told.kind == UNITS else str(case.units["name"].get(told.unit, told.unit))
    said = explanation(judgement, place, title_words(case, told), nouns_of(told.kind))
    head = str(case.forms["head"].get(told.unit, ""))
    proposed = told.series.won[-1] if told.present_year else ()
    chosen = {person for person, won in zip(told.series.persons, proposed, strict=False) if won}
    if judgement.level in SIGNS and head in chosen:
        said += "\nNgười được đề nghị năm nay là người đứng đầu đơn vị: nên hỏi cả người khác; xem ND-01, ND-04."
    return said


def turns(case: Evidence) -> Checked:
    """What stands out as taking turns, with its explanation; what could not be tested."""
    ledger = Ledger(case, "LP-01", "")
    pairs = list(rotation_of(case))
    tested = [f"{told.series.unit} {told.series.title}" for told, judgement in pairs if judgement.reading]
    ledger.look(pd.DataFrame(index=pd.Index(tested, dtype="str")))
    for told, judgement in pairs:  # over what there is to say, series by series
        if judgement.level in (CLEAR, LOOK):
            words = explained(case, told, judgement).replace("\n", " ").rstrip(".")
            ledger.of_unit(_variant(judgement), told.unit, _subject(case, told), giai_thich=words)
    for unit, why in _untested(case, pairs):
        ledger.of_unit("not_judged", unit, con_thieu=why)
    return ledger.close()


def _subject(case: Evidence, told: Told) -> str:
    return f"{told.series.unit}: {title_words(case, told)}" if told.kind == UNITS else title_words(case, told)


def _variant(judgement: Judgement) -> str:
    if judgement.level == CLEAR:
        return "clear"
    return "merit" if below_merit(judgement) else "look"


def _untested(case: Evidence, pairs: Iterable[Pair]) -> Iterator[tuple[str, str]]:
    """Unit and which of its series say nothing for want of data, once a unit; "" for the province."""
    roster = case.past("NHAN_SU_NAM")
    if roster is None or roster.empty:
        yield "", "chưa có danh sách người các năm trước (NHAN_SU_NAM)"
        return
    found: dict[str, list[str]] = {}
    for told, judgement in pairs:
        if judgement.level == UNKNOWN and _wants_data(told, judgement):
            found.setdefault(told.unit, []).append(title_words(case, told))
    for unit, titles in found.items():
        yield unit, f"{', '.join(titles)}: số năm, số suất còn ít, một phép thử trung thực chưa thể nói gì"
    silent = [str(unit) for unit in case.units.index if unit not in {told.unit for told, _ in pairs}]
    for unit in silent:
        yield unit, "không có danh sách người, kết quả các năm"


def _wants_data(told: Told, judgement: Judgement) -> bool:
    """Whether more years would help: not for a title that nearly everybody eligible gets."""
    own = int((~told.carried).sum())
    ladder = told.kind == PERSONS and told.series.title == _LADDER
    return told.series.title != _BASE and (judgement.reading is not None or own < LEAST_YEARS or ladder)


def bypassed(case: Evidence) -> Checked:
    """LP-03: who is proposed although somebody eligible is at least as good in everything and better in something."""
    ledger = Ledger(case, "LP-03")
    rows = case.proposed
    rows = rows[(rows["kind"] == "CN") & rows["person"].notna()]
    places = {(r.unit, r.award, r.person): i for i, r in zip(rows.index, rows.itertuples(index=False), strict=True)}
    looked: list[int] = []
    found: list[tuple[int, int, list[str], float]] = []
    higher = _proposed_higher(case)
    for told, judgement in _this_year(case):
        if told.series.title == _BASE or judgement.prepared.complement:
            continue
        series, t = told.series, len(told.series.years) - 1
        others = np.flatnonzero(series.eligible[t] & ~series.won[t])
        others = others[[(told.unit, series.persons[i]) not in higher for i in others.tolist()]]
        beaten = {
            int(winner): [int(o) for o in others if dominates(told, t, int(o), int(winner), RANK)]
            for winner in np.flatnonzero(series.won[t])
        }
        usual = _usually_beaten(case, told, judgement, t) if any(beaten.values()) else 0.0
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
            du_kien=_column(said, [decimal(round(usual, 1), 1) for *_, usual in found]),
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
    if judgement.prepared.complement:
        return float("nan")
    drawn = _drawn(case, told, judgement, t)
    able = np.flatnonzero(told.series.eligible[t])
    beats = np.array([[o != w and dominates(told, t, int(o), int(w), RANK) for o in able] for w in able])
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
    ledger.look(pd.DataFrame(index=pd.Index([f"{t.series.unit} {t.series.title}" for t, _ in pairs], dtype="str")))
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


def orders(case: Evidence) -> Checked:
    """LP-05: first titles that follow seniority, the alphabet or the list."""
    ledger = Ledger(case, "LP-05", "")
    entered = _entered(case)
    found = []
    looked = []
    for told, _ in rotation_of(case):
        if told.kind != PERSONS or told.series.title == _BASE:
            continue
        # Who came later could not win earlier: only people of all years can be compared.
        first = np.where(told.series.present.all(axis=0), first_titles(told.series.won), np.nan)
        for words, attribute in _attributes(told, entered).items():
            order = order_of_titles(first, attribute)
            if order is not None:
                found.append((told, words, order))
                looked.append(f"{told.series.unit} {told.series.title}")
    ledger.look(pd.DataFrame(index=pd.Index(list(dict.fromkeys(looked)), dtype="str")))
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
        ladder = by_unit.get((unit, _LADDER))
        if title != "CSTD_NGANH" or ladder is None:
            continue
        looked.append(unit)
        holders = [person for person, won in zip(told.series.persons, told.series.won.T, strict=True) if won.any()]
        fed = [person for person in holders if _fed(told, ladder, person, years)]
        if fed:
            names = dict(zip(told.series.persons, told.names, strict=True))
            ledger.of_unit(
                "found", told.unit, title_words(case, told), so=len(fed), tong=len(holders),
                cao_hon=title_words(case, told), chuoi=years, danh_hieu=title_words(case, ladder),
                ai=listed(names[p] for p in fed),
            )  # fmt: skip
    ledger.look(pd.DataFrame(index=pd.Index(looked, dtype="str")))
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


def stepping_aside(case: Evidence) -> Checked:
    """LP-10: last year's winners who still deserve it and are not proposed."""
    ledger = Ledger(case, "LP-10", "")
    looked = []
    higher = _proposed_higher(case)
    for told, judgement in _this_year(case):
        series, t = told.series, len(told.series.years) - 1
        if told.series.title == _BASE or judgement.prepared.complement or t == 0 or series.gap:
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
    ledger.look(pd.DataFrame(index=pd.Index(looked, dtype="str")))
    return ledger.close()


def _proposed_higher(case: Evidence) -> set[tuple[str, str]]:
    """Unit and person proposed for more than the ladder's title."""
    rows = case.proposed
    rung = case.titles["rung"].get(_LADDER, 0)
    rows = rows[(rows["kind"] == "CN") & (rows["rung"] > rung) & rows["person"].notna()]
    return set(zip(rows["unit"], rows["person"], strict=True))


def broken_ladder(case: Evidence) -> Checked:
    """LP-12: somebody wins every year and nobody twice running."""
    ledger = Ledger(case, "LP-12", "")
    least = int(case.rules.number("LP-12", "so_nam"))
    pairs = [
        (t, j) for t, j in rotation_of(case)
        if t.kind == PERSONS and t.series.title == _LADDER and j.reading and not j.prepared.complement
    ]  # fmt: skip
    ledger.look(pd.DataFrame(index=pd.Index([t.series.unit for t, _ in pairs], dtype="str")))
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
    Check("LP-01", turns, province=True),
    Check("LP-03", bypassed, province=True),
    Check("LP-03", merit_signs, province=True),
    Check("LP-05", orders, province=True),
    Check("LP-07", streaks, province=True),
    Check("LP-10", stepping_aside, province=True),
    Check("LP-12", broken_ladder, province=True),
)
