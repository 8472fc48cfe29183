"""People and collectives inside each title, in the order of what was declared of them.

Who is ordered: every nomination that is proposed, or whose result is not written yet. Not ordered are forms of
commendation that follow from something else than comparison (parameters `kenh_khong_xep`, `hinh_thuc_khong_xep`).
Somebody named twice for one title by one unit has one place.

Order: who meets every condition, then who is open, each by the chain; who does not meet a condition has no place.
Interval: the best place counts as if everything not known of the nominee were as good as can be, everything open of
the others went against them and ties fell to the nominee; the worst one the other way round. It holds the rank.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.checks.quotas import BLOCK, UNIT
from pipeline.evidence import Evidence
from pipeline.findings import Finding
from pipeline.ranking.components import CODE, COLLECTIVE, LEVELS, PERSON, Chain, Component, chain_of
from pipeline.ranking.declared import declared_of
from pipeline.ranking.eligibility import ELIGIBLE, OPEN, OUT, standing_of
from pipeline.ranking.lexicographic import NOBODY, Keys, Whole, first_difference, places, spans
from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.quota_places import places_in_quotas

#: Scope inside which the order of a kind counts by itself; wider orders are only "if the quota is pooled".
HOME: Mapping[str, str] = {PERSON: UNIT, COLLECTIVE: BLOCK}
#: What stands for a nominee that has no place or no neighbour.
_NO_ROW = -1
NO_NAME = "(chưa ghi tên)"
_NUMBERS, _NEIGHBOURS = ("rank", "ties", "size", "best", "worst"), ("above", "below")


@dataclass(frozen=True)
class NomineeOrder:
    """The order of one run.

    `table` has one row a nominee, index = row id of DE_NGHI: `unit`, `block` ("" where it is not written), `kind`
    (CN, TT), `award`, `award_name`, `title` (award and kind), `holder`, `code`, `name`, `group`, `sex`, `tier`,
    `standing` (words), `home` (scope that counts), the columns of `declared`, and by level (`…_DON_VI`, `…_KHOI`,
    `…_TINH`): `rank`, `ties`, `size`, `best`, `worst` (whole numbers as floats, null without a place), `above`,
    `below` (row ids of a neighbour, −1: none), `parted_above`, `parted_below` (code of the component that parts them;
    "TIER": the conditions; "" without one).
    `quotas` is that of `places_in_quotas`.
    """

    table: pd.DataFrame
    quotas: pd.DataFrame
    chains: Mapping[str, Chain]

    def at_home(self, name: str) -> pd.Series:
        """A column of the level that counts for each nominee."""
        found = self.table[f"{name}_{BLOCK}"]
        return found.where(self.table["home"] == BLOCK, self.table[f"{name}_{UNIT}"])


def order_of_nominees(
    case: Evidence,
    findings: Iterable[Finding],
    looked_at: Mapping[str, pd.Index],
    unit_rank: pd.Series | None = None,
) -> NomineeOrder:
    """Order the nominees of the province.

    Args:
        case: evidence of the run.
        findings: what the checks found, with severities settled.
        looked_at: code of a check → rows that it judged.
        unit_rank: rank of each unit in its block by unit code; None while units are not ranked.
    """
    rows = _ordered(case)
    standing = standing_of(case, findings, looked_at).reindex(rows.index)
    table = pd.concat([_named(case, rows), declared_of(case, rows, unit_rank)], axis=1)
    table = table.assign(tier=standing["tier"], standing=standing["words"])
    chains = {kind: chain_of(case.rules, kind) for kind in HOME}
    table = pd.concat([table, *(_at_level(table, chains, level) for level in LEVELS)], axis=1)
    return NomineeOrder(table, places_in_quotas(case, table), chains)


def unit_ranks(case: Evidence) -> pd.Series:
    """Official rank of each unit in its block by unit code; null for units outside the ranks."""
    return ranking_of(case).units["rank"]


def _ordered(case: Evidence) -> pd.DataFrame:
    """Nominations that are ordered, one a holder, unit and title, whatever the order of the rows."""
    rows = case.nominations
    kind = rows["kind"].where(rows["kind"] == COLLECTIVE, PERSON)
    rows = rows.assign(kind=kind)[rows["award"].notna() & ~rows["considered"]]
    rows = rows[~rows["channel"].isin(case.rules.codes(CODE, "kenh_khong_xep"))]
    rows = rows[~rows["award"].isin(case.rules.codes(CODE, "hinh_thuc_khong_xep"))]
    holder = rows["holder"].fillna("dòng " + rows.index.to_series().astype("str"))
    rows = rows.assign(holder=holder)
    first = rows.sort_values(["proposed", "code"], ascending=[False, True], kind="stable")
    return first.drop_duplicates(["unit", "kind", "award", "holder"]).sort_index()


def _named(case: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    names = ["unit", "kind", "award", "award_name", "holder", "code", "name", "group", "sex"]
    return rows[names].assign(
        block=rows["unit"].map(case.units["block"]).fillna(""),
        name=rows["name"].fillna(NO_NAME),
        title=rows["award"] + " " + rows["kind"],
        home=rows["kind"].map(HOME),
    )


def _at_level(table: pd.DataFrame, chains: Mapping[str, Chain], level: str) -> pd.DataFrame:
    """Places of all nominees at one level; collectives have none inside a unit."""
    kinds, placed = table["kind"].to_numpy(), (table["tier"] > OUT).to_numpy()
    numbers = {name: np.full(len(table), np.nan) for name in _NUMBERS}
    rows = {name: np.full(len(table), _NO_ROW, dtype="int64") for name in _NEIGHBOURS}
    codes = {f"parted_{name}": np.full(len(table), "", dtype=object) for name in _NEIGHBOURS}
    for kind, chain in chains.items():
        at = np.flatnonzero(placed & (kinds == kind))
        if len(at) and LEVELS.index(level) >= LEVELS.index(HOME[kind]):
            for name, values in _of_kind(table.iloc[at], chain.at(level), level).items():
                (numbers | rows | codes)[name][at] = values
    found = pd.DataFrame(numbers | rows | codes, index=table.index)
    return found.add_suffix(f"_{level}")


def _of_kind(placed: pd.DataFrame, steps: tuple[Component, ...], level: str) -> dict[str, np.ndarray]:
    """Places of persons, or of collectives, that have one."""
    groups = _groups(placed, level)
    known, best_case, worst_case = keys_of(placed, steps)
    found = places(known, groups)
    best, worst = spans(best_case, worst_case, groups)
    ids = np.append(placed.index.to_numpy(dtype="int64"), _NO_ROW)
    codes = np.array(["TIER", *(step.code for step in steps for _ in step.columns), ""], dtype=object)
    return {
        "rank": found.rank, "ties": found.ties, "size": found.size, "best": best, "worst": worst,
        "above": ids[found.above], "below": ids[found.below],
        "parted_above": codes[first_difference(known, found.above)],
        "parted_below": codes[first_difference(known, found.below)],
    }  # fmt: skip


def _groups(rows: pd.DataFrame, level: str) -> Whole:
    place = {UNIT: rows["unit"], BLOCK: rows["block"]}.get(level, pd.Series("", index=rows.index))
    found: Whole = rows["title"].str.cat(place, sep="\n").factorize()[0].astype("int64")
    return found


def keys_of(table: pd.DataFrame, steps: Iterable[Component]) -> tuple[Keys, Keys, Keys]:
    """Keys as known, at best and at worst: the conditions first, then the columns of the chain.

    What is not known stands below everything known, may turn out as good as can be, and may stay unknown.
    """
    columns = [(name, best) for step in steps for name, best in zip(step.columns, step.best, strict=True)]
    values = table[[name for name, _ in columns]].to_numpy(dtype="float64")
    tier = table["tier"].to_numpy(dtype="float64")[:, None]
    most = np.array([best for _, best in columns], dtype="float64")
    low = np.where(np.isnan(values), -np.inf, values)
    high = np.where(np.isnan(values), most, values)
    settled = np.where(tier == OPEN, float(ELIGIBLE), tier)
    return np.hstack([tier, low]), np.hstack([settled, high]), np.hstack([tier, low])


__all__ = ["HOME", "NOBODY", "NomineeOrder", "keys_of", "order_of_nominees", "unit_ranks"]
