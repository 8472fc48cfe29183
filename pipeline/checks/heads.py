"""Heads of units: ND-01 title ladder, ND-02 who chaired, ND-03 gate of the first solution, ND-04 rank of the unit.

The article ties the head's award to what the collective achieved. Nothing here stops anybody by itself: every finding
is an item for the council.
"""

from __future__ import annotations

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.evidence.once import once
from pipeline.ranking.of_province import ranking_of
from pipeline.vietnamese import decimal, match_key

NOT_CARRIED_OUT = "KHONG_TRIEN_KHAI"
STILL_CONSIDERED = "XET"
#: Said of the rank of a unit outside the ranks.
BESIDE = ", nếu chỉ riêng đơn vị này được xét thêm"
#: Reasons of ND-03, the gravest first.
RECORDED, DECLARED, NO_ACTIVITY, NO_LOG = "recorded", "declared", "no_activity", "no_log"


@once
def heads(case: Evidence) -> pd.DataFrame:
    """Expected units by code with their head.

    Columns: `name`, `block`, `counted`, `row_id` (DON_VI), `head` (person key), `head_name` (null: not in NHAN_SU),
    `chair` (name typed).
    """
    table = case.units[["name", "block", "counted"]].copy()
    for column, source in (("row_id", "row_id"), ("head", "head"), ("chair", "chu_tri")):
        table[column] = case.forms[source].reindex(table.index)
    staff = case.staff
    names = staff[staff["person"].notna()].drop_duplicates(["unit", "person"]).set_index(["unit", "person"])["ho_ten"]
    keys = pd.MultiIndex.from_arrays([table.index, table["head"]])
    table["head_name"] = names.reindex(keys).to_numpy()
    return table


@once
def head_rows(case: Evidence) -> pd.DataFrame:
    """Nominations of heads by their own unit."""
    rows = case.proposed
    return rows[rows["person"].notna() & (rows["unit"].map(case.forms["head"]) == rows["person"])]


def _by_form(table: pd.DataFrame) -> pd.DataFrame:
    """The same rows by row id of DON_VI."""
    return table.set_index(pd.Index(table["row_id"].astype("int64"), name=None))


def joined(texts: pd.Series, keys: pd.Series, between: str = ", ") -> pd.Series:
    """Texts of each key in a row, in their order; an aggregation of pandas takes ten times as long."""
    parts: dict[str, list[str]] = {}
    known = texts[texts.notna() & keys.notna()]
    for text, key in zip(known, keys[known.index], strict=True):
        parts.setdefault(key, []).append(text)
    return pd.Series({key: between.join(found) for key, found in parts.items()}, dtype="str")


@once
def ladder_table(case: Evidence) -> pd.DataFrame:
    """Expected units by code with the head's highest rung and the collective's.

    Columns: `awards` (what the head is proposed for, in the channels that count), `rung`, `collective` (what the unit
    is proposed for), `collective_rung` (0: not proposed), `allowed` (highest rung for the head), `gap` (rung −
    allowed; null where the head is not proposed).
    """
    channels, none = case.rules.codes("ND-01", "kenh"), case.rules.number("ND-01", "bac_khong_tap_the")
    own = head_rows(case)
    own = own[own["channel"].isin(channels) & own["rung"].notna()]
    groups = case.proposed[(case.proposed["kind"] == "TT") & case.proposed["rung"].notna()]
    table = pd.DataFrame(index=case.units.index)
    for column, rows in (("awards", own), ("collective", groups)):
        ordered = rows.sort_values("rung", ascending=False, kind="stable")
        table[column] = joined(ordered["award_name"], ordered["unit"]).reindex(table.index)
    table["rung"] = own.groupby("unit")["rung"].max().reindex(table.index)
    table["collective_rung"] = groups.groupby("unit")["rung"].max().reindex(table.index).fillna(0)
    table["allowed"] = table["collective_rung"].where(table["collective_rung"] > 0, none)
    return table.assign(gap=table["rung"] - table["allowed"])


def title_ladder(case: Evidence) -> Checked:
    """The head's rung is not above the collective's; without a collective title the base title remains."""
    ledger = Ledger(case, "ND-01")
    table = ladder_table(case)
    own = head_rows(case)
    unknown = own[own["channel"].isna() & (own["rung"] > own["unit"].map(table["allowed"]))]
    ledger.unjudged(ledger.look(unknown), "loai_hinh", ten=unknown["name"], con_thieu="đề nghị chưa ghi loại hình")
    rows = ledger.look(own[own["channel"].isin(case.rules.codes("ND-01", "kenh")) & own["rung"].notna()])
    at = {name: rows["unit"].map(table[name]) for name in ("allowed", "collective", "collective_rung")}
    above = rows["rung"] > at["allowed"]
    for is_title, column in ((True, "danh_hieu"), (False, "hinh_thuc")):
        found = rows[above & (rows["is_title"] == is_title)]
        said = {"ten": found["name"], "danh_hieu": found["award_name"], "bac": found["rung"]}
        titled = found["unit"].map(table["collective_rung"]) > 0
        ledger.say("above", found[titled], column, **said, tap_the=at["collective"], bac_tap_the=at["collective_rung"])
        ledger.say("no_collective", found[~titled], column, **said, bac_duoc=at["allowed"])
    forms = heads(case)
    forms = forms[forms["row_id"].notna() & forms["head_name"].isna()]
    forms = _by_form(forms[~forms.index.isin(own["unit"])])
    ledger.unjudged(
        forms, "ma_nguoi_dung_dau", ten="người đứng đầu",
        con_thieu="chưa ghi mã người đứng đầu, hoặc mã đó không có ở NHAN_SU",
    )  # fmt: skip
    return ledger.close()


def chair(case: Evidence) -> Checked:
    """The review meeting was chaired by the head; a name with rank or post before or after it is the same name."""
    ledger = Ledger(case, "ND-02", "DON_VI")
    forms = heads(case)
    forms = ledger.look(_by_form(forms[forms["row_id"].notna() & forms["head_name"].notna()]))
    ledger.unjudged(forms[forms["chair"].isna()], "chu_tri", ten=forms["head_name"])
    known = forms[forms["chair"].notna()]
    typed = known["chair"].map(match_key).str.replace(r"[^\w]+", " ", regex=True)
    names = known["head_name"].map(match_key)
    inside = pd.Series(
        [f" {name} " in f" {text} " for name, text in zip(names, typed, strict=True)],
        index=known.index, dtype=bool,
    )  # fmt: skip
    ledger.say("other_chair", known[~inside], "chu_tri", ten=known["head_name"], chu_tri=known["chair"])
    return ledger.close()


@once
def gate_table(case: Evidence) -> pd.DataFrame:
    """Expected units by code with the gate of the first solution.

    Columns: `reason` (recorded, declared, no_activity, no_log: not to be judged; null: none), `decided` (the council
    considers the unit all the same), `others` (gates recorded for other reasons, in words; null: none).
    """
    units = case.units.index
    gates = case.configured("DIEU_KIEN_LOAI")
    if gates.empty:
        gates = pd.DataFrame({name: pd.Series(dtype="str") for name in ("don_vi", "dieu_kien", "ket_luan")})
    main, still = gates["dieu_kien"] == NOT_CARRIED_OUT, gates["ket_luan"] == STILL_CONSIDERED
    decided = units.isin(gates.loc[main & still, "don_vi"])
    recorded = units.isin(gates.loc[main & ~still, "don_vi"])
    declared = case.forms["trien_khai_phong_trao"].reindex(units) == "KHONG"
    work = case.frame("HOAT_DONG")
    kinds = case.rules.codes("ND-03", "hoat_dong")
    done = units.isin(work.loc[work["loai"].isin(kinds), UNIT])
    has_log = case.has_sheet("HOAT_DONG").reindex(units, fill_value=False)
    counted = case.units["counted"]
    reason = pd.Series(None, index=units, dtype="object")
    reason = reason.mask(counted & ~has_log, NO_LOG).mask(counted & has_log & ~done, NO_ACTIVITY)
    reason = reason.mask(declared, DECLARED).mask(pd.Series(recorded, index=units), RECORDED)
    other = gates[~main & ~still & gates["dieu_kien"].notna() & gates["don_vi"].notna()]
    words = case.labels("DIEU_KIEN_LOAI", other["dieu_kien"])
    ends = case.labels("KET_LUAN_LOAI", other["ket_luan"]).fillna("Hội đồng chưa kết luận")
    texts = joined(words + " (" + ends + ")", other["don_vi"], "; ")
    return pd.DataFrame(
        {"reason": reason.where(~decided), "decided": decided, "others": texts.reindex(units)}, index=units
    )


def gate(case: Evidence) -> Checked:
    """A head is proposed while the unit did not carry out the movement; said once a unit, at the first proposal."""
    ledger = Ledger(case, "ND-03")
    own = head_rows(case)
    own = own[~own["channel"].isin(case.rules.codes("ND-03", "kenh_khong_xet"))]
    awards = joined(own["award_name"], own["unit"])
    rows = ledger.look(own.drop_duplicates("unit"))
    gates = gate_table(case)
    reason = rows["unit"].map(gates["reason"])
    said = {"ten": rows["name"], "danh_hieu": rows["unit"].map(awards).astype("str").fillna("chưa ghi danh hiệu")}
    kinds = ", ".join(case.label("LOAI_HOAT_DONG", code).lower() for code in case.rules.codes("ND-03", "hoat_dong"))
    ledger.say("recorded", rows[reason == RECORDED], "ten_doi_tuong", **said)
    ledger.say("declared", rows[reason == DECLARED], "ten_doi_tuong", **said)
    ledger.say("no_activity", rows[reason == NO_ACTIVITY], "ten_doi_tuong", **said, loai=kinds)
    ledger.unjudged(rows[reason == NO_LOG], "ten_doi_tuong", **said)
    others = rows["unit"].map(gates["others"])
    ledger.say("other_gate", rows[others.notna()], "ten_doi_tuong", **said, dieu_kien=others)
    return ledger.close()


@once
def rank_table(case: Evidence) -> pd.DataFrame:
    """Counted units by code with their place in the block by points, among units whose points are known well enough.

    Columns: `share` (points per point that could be had), `unknown` (share of the points nobody could compute),
    `rank`, `of` (`reference_rank`, `reference_of` of the ranking; null where too little of its points is known),
    `outside` (the unit is outside the ranks: `rank` is where it would stand if it alone were considered besides),
    `expected` (units of the block), `lower` (below the middle of the ranking).
    """
    units = ranking_of(case).units.reindex(case.units.index)
    units = units[units["counted"]]
    block = case.units["block"].fillna("")
    table = pd.DataFrame({"share": units["percent"] / 100, "unknown": units["unknown"] / units["possible"]})
    ranked = table["share"].notna() & (table["unknown"] <= case.rules.number("ND-04", "diem_chua_biet"))
    groups = block.reindex(table.index)
    table["rank"], table["of"] = units["reference_rank"].where(ranked), units["reference_of"].where(ranked)
    table["outside"] = ~units["ranked"].astype(bool)
    table["expected"] = groups.map(block.value_counts())
    table["lower"] = (table["rank"] > (table["of"] + 1) / 2) & (table["of"] >= case.rules.number("ND-04", "it_don_vi"))
    return table


def top_of_lower_half(case: Evidence) -> Checked:
    """The head is proposed for the unit's highest award while the unit stands in the lower half of its block."""
    ledger = Ledger(case, "ND-04")
    persons = case.proposed[(case.proposed["kind"] == "CN") & case.proposed["rung"].notna()]
    persons = persons[persons["channel"].isin(case.rules.codes("ND-04", "kenh"))]
    best = persons["unit"].map(persons.groupby("unit")["rung"].max())
    own = head_rows(case)
    top = persons[(persons["rung"] == best) & (persons["rung"] > case.rules.number("ND-04", "bac"))]
    rows = ledger.look(top[top.index.isin(own.index)].drop_duplicates("unit"))
    table = rank_table(case)
    at = {name: rows["unit"].map(table[name]) for name in table.columns}
    said = {"ten": rows["name"], "danh_hieu": rows["award_name"]}
    for is_title, column in ((True, "danh_hieu"), (False, "hinh_thuc")):
        here = rows["is_title"] == is_title
        ledger.say(
            "lower_half", rows[here & at["lower"].eq(True)], column, **said, hang=at["rank"], so=at["of"],
            tong=at["expected"], neu=at["outside"].map({True: BESIDE, False: ""}),
            diem=_percents(at["share"]), khoi=rows["unit"].map(case.units["block"]),
        )  # fmt: skip
        unknown = here & at["rank"].isna()
        ledger.unjudged(rows[unknown], column, **said, phan=_percents(at["unknown"].fillna(1.0)))
    return ledger.close()


def _percents(shares: pd.Series) -> pd.Series:
    return shares.map(lambda share: f"{decimal(round(100 * share, 1))} %", na_action="ignore").astype("str")


CHECKS = (
    Check("ND-01", title_ladder),
    Check("ND-02", chair),
    Check("ND-03", gate, province=True),
    Check("ND-04", top_of_lower_half, province=True),
)
