"""Tallies of votes with their base and the votes needed: what QT-04, QT-07, QT-08 and the sheet PHIEU_HOP share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.evidence.once import once

#: Level of a meeting → beginning of the names of its thresholds in the record of QT-04.
UNIT_LEVEL, BLOCK_LEVEL, COUNCIL_LEVEL = "DON_VI", "CUM_KHOI", "HOI_DONG"
BODIES = {UNIT_LEVEL: "don_vi", BLOCK_LEVEL: "cum_khoi", COUNCIL_LEVEL: "hoi_dong"}
_COUNTS = {
    "phieu_phat": "issued", "phieu_thu": "returned", "phieu_hop_le": "valid", "dong_y": "votes",
    "khong_dong_y": "against", "khong_y_kien": "abstained", "phieu_lien_quan": "related",
}  # fmt: skip
_OF_NOMINATION = ("award", "award_name", "name", "person", "kind", "proposed", "considered")
#: A share is written with four decimals at most (2/3 as 66,67 %); the base is large enough for that to matter.
SHARE_ROUNDING, MOST_ROUNDING = 5e-5, 0.005


#: variant → (field at which it is said, smaller or equal side, other side); sums on both sides.
BALANCES = {
    "issued": ("phieu_thu", ("phieu_thu",), ("phieu_phat",)),
    "returned": ("phieu_thu", ("phieu_thu",), ("phieu_hop_le", "phieu_khong_hop_le")),
    "valid": ("phieu_hop_le", ("phieu_hop_le",), ("dong_y", "khong_dong_y", "khong_y_kien")),
}


def votes_needed(base: pd.Series, share: pd.Series | float) -> pd.Series:
    """Least whole number of votes that reaches a share of a base; null where either is not known."""
    slack = (base * SHARE_ROUNDING).clip(upper=MOST_ROUNDING)
    return np.ceil(base * share - slack).clip(lower=0)


def imbalances(ballots: pd.DataFrame) -> dict[str, pd.Series]:
    """For each balance the rows of PHIEU that break it; rows with a missing number break none."""
    broken = {}
    for variant, (_, left, right) in BALANCES.items():
        known = ballots[list(dict.fromkeys((*left, *right)))].notna().all(axis=1)
        one, other = ballots[list(left)].sum(axis=1), ballots[list(right)].sum(axis=1)
        broken[variant] = known & ((one > other) if variant == "issued" else (one != other))
    return broken


@once
def bases(case: Evidence) -> pd.DataFrame:
    """Who may vote in each unit's meeting: `members`, `present`, `written`, `sound`, by unit.

    `sound` is false where the form contradicts itself: more people present, or more ballots issued, than members.
    """
    forms = case.forms
    issued = case.ballots.groupby(UNIT)["phieu_phat"].max()
    table = pd.DataFrame(
        {
            "members": forms["tong_thanh_vien"],
            "present": forms["so_co_mat"],
            "written": forms["so_y_kien_van_ban"],
            "issued": issued.reindex(forms.index),
        },
        index=forms.index,
    )
    members = table["members"]
    both = table["present"] + table["written"].fillna(0)
    table["sound"] = ~((both > members) | (table["issued"] > members))
    return table


@once
def tallies(case: Evidence) -> pd.DataFrame:
    """Last round of each nomination at each level of meeting, index = row id of PHIEU.

    Columns: `unit`, `code`, `level`, the counts (`issued`, `returned`, `valid`, `votes`, `against`, `abstained`,
    `related`), `balanced`, what the nomination says (`award`, `award_name`, `name`, `person`, `kind`, `proposed`,
    `considered`), `members` (the base: of the unit, of the block, of the council; null where it is not known or the
    form contradicts itself), `present` (of the unit), `threshold` (share), `needed` (votes), `margin` (votes beyond
    those needed; null where the counts do not balance). Where a round cannot be told, nor can the last one: such
    rows are left out.
    """
    rows = case.frame("PHIEU")
    rows = rows[rows["ma_dn"].notna() & rows["cap_hop"].isin(list(BODIES))]
    keys = [UNIT, "ma_dn", "cap_hop"]
    rounds = rows.groupby(keys)["vong"].transform("size") if len(rows) else pd.Series(dtype="int64")
    known = rows.groupby(keys)["vong"].transform("count") if len(rows) else pd.Series(dtype="int64")
    rows = rows[(rounds == 1) | (rounds == known)]
    rows = rows.sort_values("vong", kind="stable").drop_duplicates(keys, keep="last").sort_index()
    table = rows[list(_COUNTS)].rename(columns=_COUNTS)
    broken = pd.concat(imbalances(rows), axis=1).any(axis=1)
    table = table.assign(unit=rows[UNIT], code=rows["ma_dn"], level=rows["cap_hop"], balanced=~broken)
    table = _with_nominations(case, table)
    table = _with_base(case, table)
    table["threshold"] = thresholds(case, table["level"], table["award"])
    table["needed"] = votes_needed(table["members"], table["threshold"])
    table["margin"] = (table["votes"] - table["needed"]).where(table["balanced"])
    return table


def _with_nominations(case: Evidence, table: pd.DataFrame) -> pd.DataFrame:
    """Join what DE_NGHI says; a code that two nominations bear belongs to neither."""
    named = case.nominations.drop_duplicates(["unit", "code"], keep=False)
    known = named[list(_OF_NOMINATION)].set_index(pd.MultiIndex.from_frame(named[["unit", "code"]]))
    joined = known.reindex(pd.MultiIndex.from_frame(table[["unit", "code"]])).set_axis(table.index)
    for name in ("proposed", "considered"):
        joined[name] = joined[name].eq(True)
    return pd.concat([table, joined], axis=1)


def _with_base(case: Evidence, table: pd.DataFrame) -> pd.DataFrame:
    """Add `members` and `present` by level."""
    base = bases(case)
    own = table["level"] == UNIT_LEVEL
    members = table["unit"].map(base["members"].where(base["sound"]))
    members = members.where(own, table["unit"].map(_block_sizes(case)))
    members = members.mask(table["level"] == COUNCIL_LEVEL, council_size(case))
    present = table["unit"].map(base["present"].where(base["sound"])).where(own)
    return table.assign(members=members.where(members > 0), present=present.where(present > 0))


def _block_sizes(case: Evidence) -> pd.Series:
    """Number of units in the block of each unit; nothing when only one file is known."""
    if case.alone:
        return pd.Series(dtype="float64")
    block = case.units["block"]
    return block.map(block.value_counts()).astype("float64")


def council_size(case: Evidence) -> float:
    """Members of the council in office on its day (else on the last day of the period); not a number if none."""
    rows = case.configured("HOI_DONG")
    if "tu_ngay" not in rows:
        return float("nan")
    day = pd.Timestamp(case.data.province.period.council_day or case.last)
    serving = rows["ho_ten"].notna() & ~(rows["tu_ngay"] > day) & ~(rows["den_ngay"] < day)
    return float(serving.sum()) or float("nan")


def thresholds(case: Evidence, levels: pd.Series, awards: pd.Series) -> pd.Series:
    """Share that each vote must reach: that of the title at this body, else that of the body."""
    found = pd.Series(float("nan"), index=levels.index)
    if not case.rules.has("QT-04"):
        return found
    names = case.rules.rules["QT-04"].parameters
    for level, body in BODIES.items():
        at = levels == level
        own = {a: f"{body}_{a}" for a in awards[at].dropna().unique()}
        shares = {a: case.rules.number("QT-04", name) for a, name in own.items() if name in names}
        found = found.mask(at, awards.map(shares).astype("float64").fillna(case.rules.number("QT-04", body)))
    return found


@once
def block_ballots(case: Evidence) -> pd.DataFrame:
    """PHIEU_CUM with the proposal it is about, index = row id of DE_NGHI.

    Columns: those of the nomination, and `members`, `votes`, `threshold`, `needed`, `margin`.
    """
    rows = case.configured("PHIEU_CUM")
    proposed = case.proposed[case.proposed["is_title"] & (case.proposed["kind"] == "TT")]
    if rows.empty or "danh_hieu" not in rows:
        rows = pd.DataFrame({"don_vi": [], "danh_hieu": [], "tong_thanh_vien": [], "dong_y": []}, dtype="float64")
    rows = rows[rows["don_vi"].notna() & rows["danh_hieu"].notna()].drop_duplicates(["don_vi", "danh_hieu"])
    keys = pd.MultiIndex.from_frame(rows[["don_vi", "danh_hieu"]].astype("str"))
    held = rows[["tong_thanh_vien", "dong_y"]].set_axis(["members", "votes"], axis=1).set_index(keys)
    wanted = pd.MultiIndex.from_frame(proposed[["unit", "award"]].astype("str"))
    table = pd.concat([proposed, held.astype("float64").reindex(wanted).set_axis(proposed.index)], axis=1)
    table = table[wanted.isin(keys)]
    level = pd.Series(BLOCK_LEVEL, index=table.index, dtype="str")
    table = table.assign(threshold=thresholds(case, level, table["award"]))
    table["members"] = table["members"].where(table["members"] > 0)
    needed = votes_needed(table["members"], table["threshold"])
    return table.assign(needed=needed, margin=table["votes"] - needed)
