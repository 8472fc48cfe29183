"""SK-01, SK-03 to SK-06: initiatives: whether there are any, in time, used twice, shared by many, measured."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger, listed
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.evidence.nominations import cited_bases
from pipeline.evidence.paths import nominated
from pipeline.vietnamese import match_key

BASE, BY_INITIATIVE = "CSTDCS", "SANG_KIEN"


def initiatives_per_unit(case: Evidence) -> pd.DataFrame:
    """Initiatives of each unit whose file counts, by unit code.

    `sheet` (the file has the sheet), `initiatives` (different codes), `recognised` (of them), `authors` (rows),
    `staff` (rows of NHAN_SU), `per_staff` (initiatives per so many people, parameter `moi` of SK-01; null: no staff).
    """
    rows = case.initiatives
    rows = rows[rows["ma_sk"].notna()]
    one = rows.drop_duplicates(["unit", "ma_sk"])
    sheet = case.has_sheet("SANG_KIEN")
    table = pd.DataFrame({"sheet": sheet}, index=sheet.index)
    recognised = rows[rows["recognised"]].drop_duplicates(["unit", "ma_sk"])
    staff = case.frame("NHAN_SU")
    for name, units in (
        ("initiatives", one["unit"]), ("recognised", recognised["unit"]), ("authors", rows["unit"]),
        ("staff", staff[UNIT]),
    ):  # fmt: skip
        table[name] = table.index.map(units.value_counts()).fillna(0).astype("int64")
    return table.assign(per_staff=table["initiatives"] * case.rules.number("SK-01", "moi")
                        / table["staff"].where(table["staff"] > 0))  # fmt: skip


def _first_rows(case: Evidence) -> pd.DataFrame:
    """The first author's row of each initiative of each unit."""
    rows = case.initiatives
    return rows[rows["ma_sk"].notna()].drop_duplicates(["unit", "ma_sk"])


def any_initiative(case: Evidence) -> Checked:
    """A unit without any initiative, for information."""
    ledger = Ledger(case, "SK-01", "DON_VI")
    form = ledger.look(case.frame("DON_VI").drop_duplicates(UNIT))
    of = initiatives_per_unit(case).reindex(form[UNIT]).set_axis(form.index)
    sheet = case.sheet_at_hand(form[UNIT], "SANG_KIEN")
    ledger.unjudged(form[~sheet], "ma_don_vi", subject=form[UNIT])
    ledger.say("none", form[sheet & (of["initiatives"] == 0)], "ma_don_vi", subject=form[UNIT], so=of["staff"])
    return ledger.close()


def in_time(case: Evidence) -> Checked:
    """Recognition asked for within the time after first use."""
    ledger = Ledger(case, "SK-03", "SANG_KIEN")
    rows = _first_rows(case)
    months = int(case.rules.number("SK-03", "thang"))
    used, asked = rows["ngay_ap_dung"], rows["ngay_de_nghi"]
    late = asked > used + pd.DateOffset(months=months)
    ledger.say("late", rows[late], "ngay_de_nghi", subject=rows["ma_sk"], ma_sk=rows["ma_sk"], ap_dung=used,
               de_nghi=asked, can=months)  # fmt: skip
    dark = rows[(used.isna() | asked.isna()) & rows["recognised"]]
    codes = _by_unit(dark)
    first = dark.drop_duplicates("unit")
    ledger.look(rows[used.notna() & asked.notna()])
    ledger.look(first)
    ledger.unjudged(first, "ngay_de_nghi", subject=first["unit"], ma_sk=first["unit"].map(codes))
    return ledger.close()


def _by_unit(rows: pd.DataFrame) -> dict[str, str]:
    """Codes of the initiatives of each unit, as text."""
    return {str(unit): listed(part) for unit, part in rows.groupby("unit")["ma_sk"]}


def used_before(case: Evidence) -> Checked:
    """An initiative that once carried the same title and is the basis again."""
    ledger = Ledger(case, "SK-04")
    rows = case.proposed
    cited = cited_bases(rows).rename_axis("id").reset_index()
    made = case.initiatives[case.initiatives["ma_sk"].notna()]
    first = made.sort_values("nam_da_dung", kind="stable").drop_duplicates(["unit", "ma_sk", "person"])
    cited = cited.assign(person=cited["id"].map(rows["person"]).astype("str"))
    own = cited.merge(
        first[["unit", "ma_sk", "person", "da_dung_cho", "nam_da_dung"]],
        left_on=["unit", "cited", "person"], right_on=["unit", "ma_sk", "person"],
    ).drop_duplicates("id")  # fmt: skip
    own = own.set_index("id")
    same = own["da_dung_cho"] == own.index.to_series().map(rows["award"])
    ledger.look(rows.loc[own.index[~same | own["nam_da_dung"].notna()]])  # a year not written is V-02's
    again = own[same & (own["nam_da_dung"] < case.year)]
    chosen = rows.loc[again.index]
    ledger.say(
        "used_before", chosen, "ma_can_cu", ten=chosen["name"], danh_hieu=chosen["award_name"], ma_sk=again["cited"],
        nam=again["nam_da_dung"].map("{:.0f}".format, na_action="ignore"),
    )  # fmt: skip
    return ledger.close()


def same_name(case: Evidence) -> Checked:
    """Two initiatives of one name that are not under one decision."""
    ledger = Ledger(case, "SK-04", "SANG_KIEN")
    rows = _first_rows(case)
    rows = ledger.look(rows[rows["ten"].notna()])
    rows = rows.assign(key=_name_keys(rows["ten"]))
    twins = rows[rows.duplicated("key", keep=False)]
    decision = twins["so_qd"].fillna("").where(twins["recognised"], "")
    # A decision that is not known (yet) is not the same as any other.
    alone = decision.where(decision != "", twins.index.to_series().astype("str"))
    twins = twins[alone.groupby(twins["key"]).transform("nunique") > 1]
    others: dict[int, str] = {}
    for _, part in twins.groupby("key"):
        names = {
            row: f"{code} ({unit})" for row, code, unit in zip(part.index, part["ma_sk"], part["unit"], strict=True)
        }
        others |= {row: listed(sorted(name for other, name in names.items() if other != row)) for row in names}
    ledger.say("same_name", twins, "ten", subject=twins["ma_sk"], ma_sk=twins["ma_sk"],
               khac=pd.Series(others, dtype="str"))  # fmt: skip
    return ledger.close()


def _name_keys(names: pd.Series) -> pd.Series:
    return names.map(match_key, na_action="ignore").astype("str")


def certificate_load(case: Evidence) -> pd.DataFrame:
    """People proposed for CSTĐCS on each recognised initiative of the province: author rows with `load`.

    `key` tells the certificate (number of the decision and name), `load` how many people rest on it.
    """
    rows = case.initiatives
    rows = rows[rows["recognised"] & rows["ten"].notna() & rows["person"].notna()]
    rows = rows.assign(key=rows["so_qd"] + " " + _name_keys(rows["ten"]))
    titled = nominated(case, BASE)
    cited = cited_bases(titled)
    named = pd.MultiIndex.from_arrays([cited["unit"], cited.index.map(titled["person"]), cited["cited"]])
    by_path = titled[(titled["path"] == BY_INITIATIVE) & ~titled.index.isin(cited.index)]
    rests = pd.MultiIndex.from_frame(rows[["unit", "person", "ma_sk"]]).isin(named)
    rests |= rows["person"].isin(by_path["person"]).to_numpy()
    load = rows[rests].drop_duplicates(["key", "person"])["key"].value_counts()
    return rows.assign(load=rows["key"].map(load).fillna(0).astype("int64"))


def shared_by_many(case: Evidence) -> Checked:
    """Number of CSTĐCS that rest on one certificate; said once in each unit that has it."""
    ledger = Ledger(case, "SK-05", "SANG_KIEN")
    rows = ledger.look(certificate_load(case).drop_duplicates(["unit", "key"]))
    most = case.rules.number("SK-05", "so_nguoi")
    ledger.say("many", rows[rows["load"] > most], "so_qd", subject=rows["ma_sk"], so=rows["load"], ten_sk=rows["ten"],
               so_qd=rows["so_qd"], can=most)  # fmt: skip
    return ledger.close()


def measured(case: Evidence) -> Checked:
    """A recognised initiative whose effect is told in numbers."""
    ledger = Ledger(case, "SK-06", "SANG_KIEN")
    rows = case.initiatives
    rows = rows[rows["recognised"] & rows["ma_sk"].notna()]
    keys = [rows["unit"], rows["ma_sk"]]
    told = rows["hieu_qua_so"].notna().groupby(keys).transform("any")
    number = rows["hieu_qua_so"].str.contains(r"\d", na=False).astype("bool").groupby(keys).transform("any")
    first = rows.drop_duplicates(["unit", "ma_sk"])
    told, number = told.loc[first.index], number.loc[first.index]
    ledger.look(first[told])
    ledger.say("no_number", first[told & ~number], "hieu_qua_so", subject=first["ma_sk"], ma_sk=first["ma_sk"])
    dark = first[~told]
    once = ledger.look(dark.drop_duplicates("unit"))
    ledger.unjudged(once, "hieu_qua_so", subject=once["unit"], ma_sk=once["unit"].map(_by_unit(dark)))
    return ledger.close()


CHECKS = (
    Check("SK-01", any_initiative),
    Check("SK-03", in_time),
    Check("SK-04", used_before),
    Check("SK-04", same_name, province=True),
    Check("SK-05", shared_by_many, province=True),
    Check("SK-06", measured),
)
