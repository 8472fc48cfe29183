"""Quotas: HM-01 excellent collectives, HM-02 fighters at the base, HM-03 excellent ratings, HM-04 flags per block.

Quotas are rules of the council, not signals: they are said of the province, a block or a unit, and stop no single
nomination. Every way of rounding is shown beside the others (`roundings`); which one decides is a parameter.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger, listed
from pipeline.evidence import Evidence
from pipeline.evidence.once import once
from pipeline.vietnamese import decimal

#: Scopes of a quota, and how the parameter `pham_vi` names them.
PROVINCE, BLOCK, UNIT = "TINH", "KHOI", "DON_VI"
SCOPES = {PROVINCE: "toàn tỉnh", BLOCK: "từng khối", UNIT: "từng đơn vị"}
#: Ways of rounding, and how the parameter `cach_lam_tron` names them.
DOWN, NEAREST, LARGEST = "XUONG", "GAN_NHAT", "SO_DU"
WAYS = {DOWN: "làm tròn xuống", NEAREST: "làm tròn gần nhất", LARGEST: "chia theo số dư lớn nhất"}
#: What is concluded of one row of the table.
OVER, UNSURE, WITHIN, SHOWN = "VUOT", "CHUA_RO", "TRONG_HAN_MUC", "THAM_KHAO"
YES = "CO"
#: q·n is rounded to so many decimals first, so that 0,15 × 20 is 3 and not a hair less.
_DECIMALS = 9
_COLUMNS = (
    "code", "scope", "key", "block", "base", "exact", "floor", "round", "sum_floor", "sum_round", "largest", "allowed",
    "used", "missing", "most", "decides", "state",
)  # fmt: skip


def roundings(share: float, base: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Write every way of rounding a quota side by side.

    Args:
        share: the quota as a share, 0.15 for 15 %.
        base: how many there are, by unit.
        groups: the group in which seats are pooled, by unit.

    Returns:
        By unit: `exact` = share × base, `floor`, `round` (halves up), `largest` (the pooled seats of the group dealt
        out by largest remainder, the first unit first among equals), `pooled` (seats of the whole group: its bases
        added up, then rounded down).
    """
    exact = (share * base.astype("float64")).round(_DECIMALS)
    floor = np.floor(exact)
    pooled = np.floor((share * base.groupby(groups).transform("sum").astype("float64")).round(_DECIMALS))
    spare = pooled - floor.groupby(groups).transform("sum")
    order = (floor - exact).round(_DECIMALS).groupby(groups).rank(method="first")
    return pd.DataFrame(
        {
            "exact": exact,
            "floor": floor,
            "round": np.floor(exact + 0.5),
            "largest": floor + (order <= spare),
            "pooled": pooled,
        }
    ).astype(dict.fromkeys(("floor", "round", "largest", "pooled"), "int64"))


@dataclass(frozen=True, slots=True)
class _Quota:
    """A rule that allows a share of one title on the base of another."""

    code: str
    title: str  #: what the quota limits
    base: str  #: what it is a share of
    extended: str  #: parameter: whether the title alone counts into the base too
    scopes: tuple[str, ...]  #: which scopes are shown


QUOTAS = (
    _Quota("HM-01", "TTLDXS", "TTLDTT", "tinh_ca_ttldxs", (PROVINCE, BLOCK)),
    _Quota("HM-02", "CSTDCS", "LDTT", "tinh_ca_cstdcs", (PROVINCE, BLOCK, UNIT)),
)


def quota_table(case: Evidence) -> pd.DataFrame:
    """Every quota on nominations that is in force, one row for the province, each block and each unit.

    Columns: `code`, `scope`, `key` (block or unit code, empty: the province), `block`, `base`, `exact` (share ×
    base), `floor`, `round`, `largest` (what the row's share of the pooled seats is), `sum_floor`, `sum_round` (the
    lowest rows inside it added up), `allowed` (by the way of rounding in force), `used`, `missing` (units not counted),
    `most` (allowed even if everybody of the missing units came into the base; null where that number is not known),
    `decides` (this scope is the one judged), `state`.
    """
    parts = [] if case.units.empty else [_of_quota(case, quota) for quota in QUOTAS if case.rules.has(quota.code)]
    if not parts:
        return pd.DataFrame(columns=list(_COLUMNS))
    return pd.concat(parts, ignore_index=True)[list(_COLUMNS)]


@once
def _holders(case: Evidence, awards: tuple[str, ...], *, unclear: bool = False) -> pd.DataFrame:
    """Who is proposed for one of these awards; with `unclear` also who may be, as the result is not written."""
    rows = case.nominations if unclear else case.proposed
    rows = rows[rows["award"].isin(list(awards)) & rows["holder"].notna() & ~rows["considered"]]
    blocks = rows["unit"].map(case.units["block"]).fillna("")
    return pd.DataFrame({"unit": rows["unit"], "block": blocks, "holder": rows["holder"], "all": ""})


def _counts(rows: pd.DataFrame, scope: str, keys: pd.Index) -> pd.Series:
    """Distinct holders by scope: somebody named by two units counts once in the province."""
    column = {PROVINCE: "all", BLOCK: "block", UNIT: "unit"}[scope]
    found = rows.drop_duplicates([column, "holder"])[column].value_counts()
    return found.reindex(keys).fillna(0).astype("int64")


@once
def _of_quota(case: Evidence, quota: _Quota) -> pd.DataFrame:
    share = case.rules.number(quota.code, "ty_le")
    least = case.rules.number(quota.code, "it_nhat")
    way = case.rules.word(quota.code, "cach_lam_tron")
    judged = case.rules.word(quota.code, "pham_vi")
    counted_too = case.rules.word(quota.code, quota.extended) == YES
    basis = (quota.base, quota.title) if counted_too else (quota.base,)
    based, perhaps = _holders(case, basis), _holders(case, basis, unclear=True)
    used = _holders(case, (quota.title,))
    tables = [_of_scope(case, scope, based, used, share) for scope in quota.scopes]
    lowest = tables[-1]
    for upper in tables[:-1]:  # what the lowest rows add up to when each is rounded by itself
        over = lowest["block"] if (upper["scope"] == BLOCK).all() else pd.Series("", index=lowest.index)
        for name in ("floor", "round"):
            upper[f"sum_{name}"] = lowest.groupby(over)[name].sum().reindex(upper["key"]).to_numpy()
    table = pd.concat(tables, ignore_index=True)
    extra = _room(case, quota, table)
    widest = [_counts(perhaps, scope, table.loc[table["scope"] == scope, "key"]) for scope in quota.scopes]
    table["unclear"] = np.concatenate([counts.to_numpy() for counts in widest]) - table["base"]
    table["most"] = _allowed(share, table["base"] + table["unclear"] + extra, way, None, least)
    table["allowed"] = _allowed(share, table["base"], way, table["largest"], least)
    table["decides"] = table["scope"] == judged
    over_now, over_ever = table["used"] > table["allowed"], table["used"] > table["most"]
    state = pd.Series(WITHIN, index=table.index).mask(over_now, UNSURE).mask(over_now & over_ever, OVER)
    table["state"] = state.where(table["decides"], SHOWN)
    return table.assign(code=quota.code)


def _of_scope(case: Evidence, scope: str, based: pd.DataFrame, used: pd.DataFrame, share: float) -> pd.DataFrame:
    units = case.units
    blocks = units["block"].fillna("")
    if scope == PROVINCE:
        keys, parents, home = pd.Index([""]), pd.Series([""]), pd.Series("", index=units.index)
    elif scope == BLOCK:
        keys, home = pd.Index(blocks.unique()), blocks
        parents = pd.Series("", index=range(len(keys)))
    else:
        keys, home = units.index, units.index.to_series()
        parents = blocks.reset_index(drop=True)
    base = _counts(based, scope, keys).reset_index(drop=True)
    missing = home[~units["counted"]].value_counts().reindex(keys).fillna(0).astype("int64")
    table = roundings(share, base, parents).drop(columns="pooled")
    return table.assign(
        scope=scope, key=keys, parent=parents, block=blocks.reindex(keys).to_numpy() if scope == UNIT else keys,
        base=base, used=_counts(used, scope, keys).to_numpy(), missing=missing.to_numpy(),
        sum_floor=np.nan, sum_round=np.nan,
    )  # fmt: skip


def _room(case: Evidence, quota: _Quota, table: pd.DataFrame) -> pd.Series:
    """How many the units not counted could add to the base at most; null where their staff is not known."""
    away = case.units[~case.units["counted"]]
    if quota.title == "TTLDXS":
        room = pd.Series(1.0, index=away.index)
    else:
        posts = case.data.province.expected()
        room = (posts["bien_che"] if "bien_che" in posts else pd.Series(dtype="float64")).reindex(away.index)
    found = pd.Series(0.0, index=table.index)
    for scope, home in ((PROVINCE, ""), (BLOCK, away["block"].fillna("")), (UNIT, away.index.to_series())):
        groups = pd.Series(home, index=away.index)
        known = room.groupby(groups).sum().where(~room.isna().groupby(groups).any())
        here = table["scope"] == scope
        added = table.loc[here, "key"].map(known)
        found[here] = added.where(table.loc[here, "missing"] > 0, 0.0)
    return found


def _allowed(share: float, base: pd.Series, way: str, largest: pd.Series | None, least: float) -> pd.Series:
    """Seats by a way of rounding, at least `least`; without a division by remainder what it could give at most."""
    exact = (share * base.astype("float64")).round(_DECIMALS)
    if way == NEAREST:
        seats = np.floor(exact + 0.5)
    elif way == LARGEST:
        seats = np.ceil(exact) if largest is None else largest.astype("float64")
    else:
        seats = np.floor(exact)
    return pd.Series(seats, index=base.index).clip(lower=least)


def seats(case: Evidence, code: str, base: float) -> int:
    """What a quota allows on a base by the way of rounding in force; pooled seats count as their upper bound."""
    rules = case.rules
    way, least = rules.word(code, "cach_lam_tron"), rules.number(code, "it_nhat")
    exact = round(rules.number(code, "ty_le") * base, _DECIMALS)
    whole = math.floor(exact + 0.5) if way == NEAREST else math.ceil(exact) if way == LARGEST else math.floor(exact)
    return int(max(whole, least))


def missing_units(case: Evidence) -> list[str]:
    """Expected units without a counted file."""
    return [str(unit) for unit in case.units.index[~case.units["counted"]]]


def _settings_known(case: Evidence, ledger: Ledger, code: str) -> bool:
    """Whether way of rounding and scope are words that the check knows; else say so."""
    for name, known in (("cach_lam_tron", WAYS), ("pham_vi", SCOPES)):
        word = case.rules.word(code, name)
        if word not in known:
            ledger.of_unit(
                "not_judged", "", con_thieu=f"tham số {name} ghi «{word}», phải là một trong: {', '.join(known)}",
                bo_sung=f"Sửa tham số {name} của {code} ở trang THAM_SO của cau-hinh.xlsx",
            )  # fmt: skip
            return False
    return True


def _quota(case: Evidence, quota: _Quota) -> Checked:
    """Used against allowed at the scope in force; over only when it stays so whatever the missing units send."""
    ledger = Ledger(case, quota.code, "")
    if not _settings_known(case, ledger, quota.code):
        return ledger.close()
    if case.units.empty:
        return ledger.close()
    table = _of_quota(case, quota)
    rows = table[table["decides"]]
    rows = rows[(rows["base"] > 0) | (rows["used"] > 0)]
    ledger.look(rows.set_index("key"))
    share = case.rules.number(quota.code, "ty_le")
    way = WAYS[case.rules.word(quota.code, "cach_lam_tron")]
    users = case.proposed[case.proposed["award"] == quota.title]
    for row in rows[rows["state"].isin((OVER, UNSURE))].to_dict("records"):  # over the findings themselves
        own = users["unit"] if row["scope"] == PROVINCE else users["unit"][_inside(case, users, row)]
        said = {
            "noi": place_name(row["scope"], row["key"]), "dung": row["used"], "cho_phep": row["allowed"],
            "nen": row["base"], "ty_le": percent(share), "tinh": row["exact"], "cach": way,
            "don_vi": listed(dict.fromkeys(own), 12), "thieu": listed(missing_units(case), 12) or "không đơn vị nào",
        }  # fmt: skip
        unit = row["key"] if row["scope"] == UNIT else ""
        if row["state"] == OVER:
            ledger.of_unit("over", unit, quota.title, **said)
            continue
        so_far = (
            f"{said['noi']} đã đề nghị {row['used']} trên mức {decimal(row['allowed'])} tính theo các đơn vị đã nộp"
        )
        lacking, work = f"chưa có hồ sơ của {said['thieu']}", "ghi biên chế của họ ở trang DON_VI của cau-hinh.xlsx"
        work = f"Chờ đủ hồ sơ các đơn vị này, {work}, rồi tính lại"
        if row["unclear"]:
            more = f"{row['unclear']} đề nghị của nền chưa ghi kết quả xét"
            lacking = f"{lacking} và {more}" if row["missing"] else more
            work = (
                f"Điền cột «Kết quả xét» ở trang DE_NGHI; {work[0].lower()}{work[1:]}"
                if row["missing"]
                else ("Điền cột «Kết quả xét» ở trang DE_NGHI, rồi tính lại")
            )
        ledger.of_unit("not_judged", unit, quota.title, con_thieu=f"{so_far}, nhưng còn {lacking}", bo_sung=work)
    return ledger.close()


def _inside(case: Evidence, users: pd.DataFrame, row: Mapping[Hashable, Any]) -> pd.Series:
    homes = users["unit"] if row["scope"] == UNIT else users["unit"].map(case.units["block"]).fillna("")
    return homes == row["key"]


def place_name(scope: str, key: str) -> str:
    """How people call the place of a quota."""
    if scope == PROVINCE:
        return "toàn tỉnh"
    return f"đơn vị {key}" if scope == UNIT else (key or "các đơn vị chưa ghi khối")


def percent(share: float) -> str:
    """`15 %`."""
    return f"{decimal(round(100 * share, 2))} %"


def excellent_collectives(case: Evidence) -> Checked:
    """TTLĐXS against the collectives rated TTLĐTT."""
    return _quota(case, QUOTAS[0])


def base_fighters(case: Evidence) -> Checked:
    """CSTĐCS against LĐTT."""
    return _quota(case, QUOTAS[1])


@once
def rating_table(case: Evidence) -> pd.DataFrame:
    """Excellent ratings by unit and by group of similar duties within it (`group` empty: the unit as a whole).

    Columns: `unit`, `group`, `used` (rated excellent), `base` (rated as the parameter `nen` says), `unknown` (not
    rated yet), `exact`, `allowed`, `most` (allowed if everybody not rated yet came into the base).
    """
    staff = case.staff
    share, least = case.rules.number("HM-03", "ty_le"), case.rules.number("HM-03", "it_nhat")
    rated = staff["xep_loai_cc"]
    marks = pd.DataFrame(
        {
            "unit": staff["unit"],
            "group": staff["nhom_doi_tuong"],
            "used": (rated == case.rules.word("HM-03", "xuat_sac")).astype("int64"),
            "base": rated.isin(case.rules.codes("HM-03", "nen")).astype("int64"),
            "unknown": (rated.isna() | (rated == "CHUA_XL")).astype("int64"),
        }
    )
    whole = marks.drop(columns="group").groupby("unit").sum().reset_index().assign(group="")
    parts = marks[marks["group"].notna()].groupby(["unit", "group"]).sum().reset_index()
    table = pd.concat([whole, parts], ignore_index=True).sort_values(["unit", "group"], ignore_index=True)
    table["exact"] = (share * table["base"]).round(_DECIMALS)
    table["allowed"] = np.floor(table["exact"]).clip(lower=least)
    ever = (share * (table["base"] + table["unknown"])).round(_DECIMALS)
    table["most"] = np.floor(ever).clip(lower=least)
    return table


def excellent_ratings(case: Evidence) -> Checked:
    """Rated excellent against rated good, in each unit and in each of its groups; a lone small group is let be."""
    ledger = Ledger(case, "HM-03", "")
    table = rating_table(case)
    ledger.look(table.set_index(table["unit"] + " " + table["group"]))
    share = percent(case.rules.number("HM-03", "ty_le"))
    names = case.labels("NHOM_DOI_TUONG", table["group"])
    where = ("nhóm «" + names + "»").where(table["group"] != "", "cả đơn vị")
    over = table["used"] > table["allowed"]
    for row in table.assign(where=where)[over].to_dict("records"):  # over the findings themselves
        if row["used"] > row["most"]:
            ledger.of_unit(
                "over", row["unit"], row["group"], noi=row["where"], dung=row["used"], nen=row["base"],
                cho_phep=row["allowed"], ty_le=share, tinh=row["exact"], it_nhat=case.rules.number("HM-03", "it_nhat"),
            )  # fmt: skip
        else:
            ledger.of_unit(
                "not_judged", row["unit"], row["group"], noi=row["where"], dung=row["used"], thieu=row["unknown"],
                cho_phep=row["allowed"],
            )  # fmt: skip
    return ledger.close()


@once
def flag_table(case: Evidence) -> pd.DataFrame:
    """Flags proposed per block: `block`, `award`, `used` (collectives), `allowed`, `units` (who)."""
    rows = case.proposed[case.proposed["award"].isin(("CO_NGANH", "CO_CP"))].drop_duplicates(["unit", "award"])
    rows = rows.assign(block=rows["unit"].map(case.units["block"]).fillna(""))
    seats = {award: case.rules.number("HM-04", f"suat_{award.lower()}") for award in ("CO_NGANH", "CO_CP")}
    found = [
        (block, award, len(own), seats[str(award)], listed(own["unit"], 12))
        for (block, award), own in rows.groupby(["block", "award"])
    ]
    return pd.DataFrame(found, columns=["block", "award", "used", "allowed", "units"])


def flags_per_block(case: Evidence) -> Checked:
    """No more flags than seats in a block; units whose block is not written cannot be judged."""
    ledger = Ledger(case, "HM-04", "")
    table = flag_table(case)
    ledger.look(table.set_index(table["block"] + " " + table["award"]))
    for row in table.to_dict("records"):  # a row a block
        name = case.titles["name"].get(row["award"], row["award"])
        if not row["block"]:
            ledger.of_unit("not_judged", "", row["award"], danh_hieu=name, don_vi=row["units"])
        elif row["used"] > row["allowed"]:
            ledger.of_unit(
                "over", "", row["award"], khoi=row["block"], danh_hieu=name, dung=row["used"], cho_phep=row["allowed"],
                don_vi=row["units"],
            )  # fmt: skip
    return ledger.close()


CHECKS = (
    Check("HM-01", excellent_collectives, province=True),
    Check("HM-02", base_fighters, province=True),
    Check("HM-03", excellent_ratings, province=True),
    Check("HM-04", flags_per_block, province=True),
)
