"""Who is proposed for more than the base title: CC-01 to CC-06, by position, area, sex, size and unit.

Each person counts once, and only people of units whose file counts. These are signals: they show counts, shares and
intervals, and say how often as much would come by chance; why it is so is for people to find out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.evidence import Evidence
from pipeline.evidence.once import once
from pipeline.proportions import binomial, by_units, fisher, holm, rate_ratio, wilson
from pipeline.vietnamese import decimal

#: What came of one comparison.
FOUND, NOTHING, TOO_FEW, EMPTY, UNKNOWN = "found", "nothing", "too_few", "empty", "unknown"
_COLUMNS = (
    "code", "subject", "name", "a", "b", "hits_a", "size_a", "hits_b", "size_b", "chance", "adjusted", "ratio", "low",
    "high", "state", "left_out",
)  # fmt: skip


@once
def people(case: Evidence) -> pd.DataFrame:
    """Everybody listed by a counted unit, once (in the first unit that lists him): `person`, `unit`, `group`, `sex`."""
    staff = case.staff[case.staff["person"].notna()].drop_duplicates("person")
    return pd.DataFrame(
        {"person": staff["person"], "unit": staff["unit"], "group": staff["nhom_doi_tuong"], "sex": staff["gioi_tinh"]}
    )


@once
def proposed_above(case: Evidence, rung: float) -> pd.DataFrame:
    """Nominations of persons for anything of a higher rung; forms for length of service stand on the lowest rung."""
    rows = case.proposed
    return rows[(rows["kind"] == "CN") & rows["person"].notna() & (rows["rung"] > rung)]


@dataclass(frozen=True, slots=True)
class _Sides:
    """Two groups of people to compare: `side` holds True (a), False (b) or null (neither, or not known)."""

    a: str
    b: str
    side: pd.Series
    known: pd.Series  #: whether it is known at all to which group somebody belongs
    whole_units: bool = False  #: all people of a unit are on one side


def _by_position(case: Evidence, everybody: pd.DataFrame) -> _Sides:
    leaders, direct = case.rules.codes("CC-01", "lanh_dao"), case.rules.codes("CC-01", "truc_tiep")
    side = everybody["group"].map(dict.fromkeys(direct, False) | dict.fromkeys(leaders, True))
    return _Sides("lãnh đạo", "người trực tiếp công tác", side, everybody["group"].notna())


def _by_area(case: Evidence, everybody: pd.DataFrame) -> _Sides:
    level = everybody["unit"].map(case.units["difficulty"]).astype("float64")
    side = (level < case.rules.number("CC-03", "muc_kho")).where(level.notna())
    return _Sides("đơn vị khác", "đơn vị vùng khó khăn", side, level.notna(), whole_units=True)


def _by_sex(case: Evidence, everybody: pd.DataFrame) -> _Sides:
    men, women = (case.label("GIOI_TINH", code).lower() for code in ("NAM", "NU"))
    return _Sides(men, women, everybody["sex"].map({"NAM": True, "NU": False}), everybody["sex"].notna())


def _by_size(_case: Evidence, everybody: pd.DataFrame) -> _Sides:
    size = everybody["unit"].map(everybody["unit"].value_counts())
    middle = everybody["unit"].value_counts().median()
    small = f"đơn vị nhỏ (đến {decimal(middle)} người)" if len(everybody) else "đơn vị nhỏ"
    return _Sides(small, "đơn vị lớn hơn", size <= middle, size.notna(), whole_units=True)


@dataclass(frozen=True, slots=True)
class _Question:
    """One comparison of the whole province."""

    code: str
    sides: Callable[[Evidence, pd.DataFrame], _Sides]
    both_ways: bool  #: said when either group is ahead, not only the first


#: Tested together: four questions on the same people.
QUESTIONS = (
    _Question("CC-01", _by_position, both_ways=False),
    _Question("CC-03", _by_area, both_ways=False),
    _Question("CC-04", _by_sex, both_ways=True),
    _Question("CC-05", _by_size, both_ways=True),
)


@once
def comparisons(case: Evidence) -> pd.DataFrame:
    """Every comparison of two groups, one row each, CC-02 once a title.

    Columns: `code`, `subject` (code of the title, for CC-02), `name` (of it), `a`, `b` (the groups), `hits_…` of
    `size_…` people proposed, `chance` (two-sided p-value, null when not tested), `adjusted` (Holm over what is tested
    together: CC-01, CC-03, CC-04, CC-05; the titles of CC-02), `ratio` of the shares with `low` and `high`, `state`
    (found: unlikely by chance, far enough apart and the interval beyond 1; nothing; too_few: shown only; empty: a
    group has nobody; unknown: nobody's group is known), `left_out`
    (people whose group is not known).
    """
    everybody = people(case)
    rows = [
        _compared(case, question.code, "", everybody, _above(case, question.code, everybody), question.sides)
        for question in QUESTIONS
        if case.rules.has(question.code)
    ]
    both = {question.code for question in QUESTIONS if question.both_ways}
    families = [rows, list(_of_titles(case, everybody)) if case.rules.has("CC-02") else []]
    return pd.concat([_judged(case, family, both) for family in families], ignore_index=True)


def _above(case: Evidence, code: str, everybody: pd.DataFrame) -> pd.Series:
    return everybody["person"].isin(proposed_above(case, case.rules.number(code, "bac"))["person"])


def _of_titles(case: Evidence, everybody: pd.DataFrame) -> Iterator[dict[str, object]]:
    rows = case.proposed
    rows = rows[(rows["kind"] == "CN") & rows["person"].notna() & rows["award"].notna()]
    rows = rows[~rows["channel"].isin(case.rules.codes("CC-02", "kenh_khong_tinh"))]
    for award in case.titles.index[case.titles.index.isin(rows["award"])]:
        hits = everybody["person"].isin(rows.loc[rows["award"] == award, "person"])
        yield _compared(case, "CC-02", str(award), everybody, hits, _by_position)


def _compared(
    case: Evidence,
    code: str,
    subject: str,
    everybody: pd.DataFrame,
    hits: pd.Series,
    sides: Callable[[Evidence, pd.DataFrame], _Sides],
) -> dict[str, object]:
    split = sides(case, everybody)
    here, there = split.side.eq(True), split.side.eq(False)
    hits_a, size_a = int((hits & here).sum()), int(here.sum())
    hits_b, size_b = int((hits & there).sum()), int(there.sum())
    row: dict[str, object] = {
        "code": code, "subject": subject, "name": case.titles["name"].get(subject, ""), "a": split.a, "b": split.b,
        "hits_a": hits_a, "size_a": size_a, "hits_b": hits_b, "size_b": size_b, "left_out": int((~split.known).sum()),
    }  # fmt: skip
    if not (size_a and size_b):
        return row | {"state": UNKNOWN if len(everybody) and not split.known.any() else EMPTY}
    level = case.rules.number(code, "do_tin_cay")
    ratio, low, high = rate_ratio(hits_a, size_a, hits_b, size_b, level)
    row |= {"ratio": ratio, "low": low, "high": high, "state": TOO_FEW}
    enough = min(size_a, size_b) >= case.rules.number(code, "it_nguoi")
    if enough and hits_a + hits_b >= case.rules.number(code, "it_de_nghi"):
        by_people = not split.whole_units
        row["state"] = NOTHING
        row["chance"] = (
            fisher(hits_a, size_a, hits_b, size_b) if by_people else _by_unit(case, code, everybody, hits, here, there)
        )
    return row


def _by_unit(
    case: Evidence, code: str, everybody: pd.DataFrame, hits: pd.Series, here: pd.Series, there: pd.Series
) -> float:
    rows = pd.DataFrame({"unit": everybody["unit"], "hit": hits, "here": here})[here | there]
    units = rows.groupby("unit").agg(hits=("hit", "sum"), size=("hit", "size"), here=("here", "any"))
    draws, seed = case.rules.number(code, "so_lan_xao"), case.rules.number(code, "hat_giong")
    counts, sizes = (units[name].to_numpy(dtype="float64") for name in ("hits", "size"))
    return by_units(counts, sizes, units["here"].to_numpy(dtype=bool), int(draws), int(seed))


def _judged(case: Evidence, rows: list[dict[str, object]], both: set[str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    numbers = ["chance", "ratio", "low", "high"]
    table[numbers] = table[numbers].astype("float64")
    table["adjusted"] = holm(table["chance"])
    limits = {code: [case.rules.number(code, name) for name in ("p", "ty_so")] for code in table["code"].unique()}
    p, r = (table["code"].map({code: found[place] for code, found in limits.items()}) for place in (0, 1))
    first = (table["ratio"] > r) & (table["low"] > 1)
    second = table["code"].isin(both) & (table["ratio"] < 1 / r) & (table["high"] < 1)
    ahead = first | second
    return table.assign(state=table["state"].mask((table["adjusted"] < p) & ahead, FOUND))


def shown(hits: float, size: float, level: float) -> str:
    """`12/40 người (30 %, khoảng 18,1–45,4 %)`."""
    low, high = wilson(hits, size, level)
    share = decimal(round(100 * hits / size, 1)) if size else "–"
    span = f"{decimal(round(100 * low, 1))}–{decimal(round(100 * high, 1))}"
    return f"{decimal(hits)}/{decimal(size)} người ({share} %, khoảng {span} %)"


def coverage(case: Evidence) -> str:
    """`14/16 đơn vị`."""
    return f"{int(case.units['counted'].sum())}/{len(case.units)} đơn vị"


def _compare(code: str) -> Callable[[Evidence], Checked]:
    def run(case: Evidence) -> Checked:
        ledger = Ledger(case, code, "")
        table = comparisons(case)
        table = table[table["code"] == code]
        ledger.look(table[table["state"].isin((FOUND, NOTHING))].set_index("subject"))
        level = case.rules.number(code, "do_tin_cay")
        if code != "CC-02" and (table["state"] == UNKNOWN).any():  # of CC-02 CC-01 says it
            ledger.of_unit("not_judged", "", don_vi=coverage(case))
        for row in table[table["state"] == FOUND].to_dict("records"):  # over the findings themselves
            ledger.of_unit(
                "found", "", row["subject"], danh_hieu=row["name"], nhom=row["a"], nhom_kia=row["b"],
                so=shown(row["hits_a"], row["size_a"], level), so_kia=shown(row["hits_b"], row["size_b"], level),
                ty_so=row["ratio"], tu=row["low"], den=row["high"], p=chance_text(row["adjusted"]),
                don_vi=coverage(case),
            )  # fmt: skip
        return ledger.close()

    return run


def chance_text(value: float) -> str:
    """Write a chance with as many digits as people read."""
    return "dưới 0,001" if value < 0.001 else decimal(round(value, 3))


@once
def funnel_table(case: Evidence) -> pd.DataFrame:
    """Counted units by code: people proposed for more than the base title against the share of the whole province.

    Columns: `hits`, `size`, `rate`, `province` (share of the province), `low` and `high` (exact binomial limits as
    counts), `chance` (of as many or more at the province's share), `adjusted` (Holm over the units with
    people enough), `ratio`, `found`. Without people all but the counts is null.
    """
    everybody = people(case)
    hits = _above(case, "CC-06", everybody)
    units = case.units.index[case.units["counted"]]
    sizes = everybody["unit"].value_counts().reindex(units).fillna(0).astype("int64")
    table = pd.DataFrame({"hits": everybody.loc[hits, "unit"].value_counts().reindex(units).fillna(0), "size": sizes})
    filled = table[table["size"] > 0]
    rate = float(hits.mean()) if len(everybody) else 0.0
    found = binomial(filled["size"], filled["hits"], rate, case.rules.number("CC-06", "do_tin_cay"))
    table = table.assign(rate=filled["hits"] / filled["size"], province=rate).join(found)
    enough = table["size"] >= case.rules.number("CC-06", "it_nguoi")
    table["adjusted"] = holm(table["chance"].where(enough))
    table["ratio"] = table["rate"] / rate if rate else np.nan
    table["found"] = (table["adjusted"] < case.rules.number("CC-06", "p")) & (
        table["ratio"] > case.rules.number("CC-06", "ty_so")
    )
    return table


def density(case: Evidence) -> Checked:
    """Units that propose far more of their people than the province does."""
    ledger = Ledger(case, "CC-06", "")
    table = funnel_table(case)
    ledger.look(table[table["adjusted"].notna()])
    level = case.rules.number("CC-06", "do_tin_cay")
    for unit, row in table[table["found"]].iterrows():  # over the findings themselves
        ledger.of_unit(
            "found", str(unit), so=shown(row["hits"], row["size"], level), tren=row["high"],
            tinh=f"{decimal(round(100 * row['province'], 1))} %", ty_so=row["ratio"], p=chance_text(row["adjusted"]),
            don_vi=coverage(case),
        )  # fmt: skip
    for unit in table.index[table["size"] == 0]:
        ledger.of_unit("not_judged", str(unit))
    return ledger.close()


def structure_table(case: Evidence) -> pd.DataFrame:
    """Every expected unit by code: how many people and how many of them proposed for more than the base title.

    Columns: `size`, `hits`; the same for leaders (`…_leaders`), direct workers (`…_direct`), others (`…_others`) and
    women (`…_women`); `last_year`: people of the unit, or of units that it took over, with such an award in the year
    before (null where that year is not known).
    """
    everybody = people(case)
    hit = _above(case, "CC-01", everybody)
    leaders = everybody["group"].isin(case.rules.codes("CC-01", "lanh_dao"))
    direct = everybody["group"].isin(case.rules.codes("CC-01", "truc_tiep"))
    known = everybody["group"].notna()
    parts = {
        "": pd.Series(True, index=everybody.index), "_leaders": leaders, "_direct": direct,
        "_others": known & ~leaders & ~direct, "_women": everybody["sex"] == "NU",
    }  # fmt: skip
    table = pd.DataFrame(index=case.units.index)
    for name, part in parts.items():
        for column, rows in (("size", part), ("hits", part & hit)):
            counts = everybody.loc[rows, "unit"].value_counts()
            table[column + name] = counts.reindex(table.index).fillna(0).astype("int64")
    past = case.awards.table
    year = case.year - 1
    past = past[past["valid"] & (past["year"] == year) & (past["kind"] != "TT") & ~past["holder"].isin(table.index)]
    past = past[past["award"].map(case.titles["rung"]) > case.rules.number("CC-01", "bac")]
    homes = case.lineage.heirs(past["unit_then"])
    counts = pd.DataFrame({"home": homes, "holder": past["holder"]}).drop_duplicates()["home"].value_counts()
    known_year = bool((case.awards.table["year"] == year).any())
    return table.assign(last_year=counts.reindex(table.index).fillna(0) if known_year else np.nan)


CHECKS = (
    *(Check(code, _compare(code), province=True) for code in ("CC-01", "CC-02", "CC-03", "CC-04", "CC-05")),
    Check("CC-06", density, province=True),
)
