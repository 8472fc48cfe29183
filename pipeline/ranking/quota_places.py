"""Where a place stands in a quota, under every way of rounding: inside, at the line, just below it, outside.

Quotas are those of HAN_MUC (`pipeline.checks.quotas`), not computed again; which way of rounding and which scope is
lawful is the parameter of HM-01 and HM-02.
"""

from __future__ import annotations

import pandas as pd

from pipeline.checks import quotas
from pipeline.evidence import Evidence
from pipeline.evidence.once import once

#: Ways beyond those of the parameter: units rounded each by itself, then added up; a fixed number of seats.
SUM_DOWN, SUM_NEAREST, FIXED = "CONG_XUONG", "CONG_GAN_NHAT", "CO_DINH"
_OF_TABLE = {
    quotas.DOWN: "floor", quotas.NEAREST: "round", quotas.LARGEST: "largest", SUM_DOWN: "sum_floor",
    SUM_NEAREST: "sum_round",
}  # fmt: skip
#: Where a place stands. LAST: inside and nobody more fits; TIED: level with others across the line.
INSIDE, LAST, TIED, NEXT, OUTSIDE = "TRONG", "CUOI", "NGANG", "NGAY_DUOI", "NGOAI"
COLUMNS = ("award", "scope", "key", "way", "seats", "lawful", "code")


@once
def seats_of(case: Evidence) -> pd.DataFrame:
    """Seats by `award`, `scope`, `key` (block or unit code, empty: the province) and `way` of rounding.

    `lawful`: the scope and way in force for this quota. The least number of seats of the rule is already in them.
    """
    table = quotas.quota_table(case)
    parts = []
    for quota in quotas.QUOTAS:
        own = table[table["code"] == quota.code]
        if own.empty:
            continue
        least, way = case.rules.number(quota.code, "it_nhat"), case.rules.word(quota.code, "cach_lam_tron")
        for name, column in _OF_TABLE.items():
            seats = own[column].astype("float64")
            lawful = own["decides"] & (name == way)
            part = own[["scope", "key"]].assign(seats=seats.clip(lower=least), lawful=lawful, way=name)
            parts.append(part[seats.notna()].assign(award=quota.title, code=quota.code))
    if case.rules.has("HM-04"):
        flags = quotas.flag_table(case)
        part = pd.DataFrame({"key": flags["block"], "award": flags["award"], "seats": flags["allowed"]})
        parts.append(part.assign(scope=quotas.BLOCK, way=FIXED, lawful=True, code="HM-04"))
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def states_of(rank: pd.Series, ties: pd.Series, size: pd.Series, seats: pd.Series) -> pd.Series:
    """Where each place stands for so many seats; null without a place.

    Args:
        rank: competition rank in the scope of the quota.
        ties: how many share it.
        size: how many have a place there.
        seats: the quota.
    """
    last = rank + ties - 1
    state = pd.Series(OUTSIDE, index=rank.index, dtype="object")
    state = state.mask(rank == seats + 1, NEXT).mask((rank <= seats) & (seats < last), TIED)
    state = state.mask(last <= seats, INSIDE).mask((last == seats) & (seats < size), LAST)
    return state.where(rank.notna() & seats.notna())


def places_in_quotas(case: Evidence, order: pd.DataFrame) -> pd.DataFrame:
    """One row a nominee, quota scope and way of rounding.

    Args:
        case: evidence of the run.
        order: table of `pipeline.ranking.nominees`.

    Returns:
        `row` (row id), `scope`, `way`, `seats`, `lawful`, `state` (see `states_of`), `sure` (the state is the same
        whatever turns out of what is missing, tied or open). Nominees without a place are left out.
    """
    seats = seats_of(case)
    parts = []
    for scope, key in ((quotas.UNIT, "unit"), (quotas.BLOCK, "block"), (quotas.PROVINCE, "")):
        own = seats[seats["scope"] == scope].drop(columns="scope")
        rows = order[order[f"rank_{scope}"].notna() & order["award"].isin(own["award"])]
        if rows.empty:
            continue
        names = ("rank", "ties", "size", "best", "worst")
        part = rows[["award", *(f"{name}_{scope}" for name in names)]].set_axis(["award", *names], axis=1)
        part = part.assign(row=rows.index, key=rows[key] if key else "", scope=scope)
        parts.append(part.merge(own, on=["award", "key"]))
    wanted = ["row", "scope", "way", "seats", "lawful", "state", "sure"]
    if not parts:
        return pd.DataFrame(columns=wanted)
    table = pd.concat(parts, ignore_index=True)
    table["state"] = states_of(table["rank"], table["ties"], table["size"], table["seats"])
    table["sure"] = (table["worst"] <= table["seats"]) | (table["best"] > table["seats"])
    return table[wanted]
