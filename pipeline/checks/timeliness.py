"""KT-02, KT-03: is merit proposed soon, and are awards handed over soon. Lateness of the file (KT-01) is V-18's."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.by_unit import any_in_unit, having_sheet, looked_up, on_form, say_of_unit, unit_rows
from pipeline.checks.ledger import NOT_JUDGED, Check, Checked, Ledger
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence

ON_THE_SPOT = "DOT_XUAT"
LETTER, AT_HAND = "TO_TRINH", "CO"
HANDING_OVER = "TRAO_TANG"


def on_the_spot(case: Evidence) -> Checked:
    """Days from the achievement to the letter that proposes it: its own where HO_SO names one, else the unit's."""
    ledger = Ledger(case, "KT-02")
    rows = case.proposed
    rows = rows[(rows["channel"] == ON_THE_SPOT) & rows["achieved_on"].notna()]
    papers = case.frame("HO_SO")
    papers = papers[(papers["loai_giay"] == LETTER) & (papers["co"] == AT_HAND) & papers["ngay"].notna()]
    own = papers.groupby([UNIT, "ma_dn"])["ngay"].min()
    keys = pd.MultiIndex.from_frame(rows[["unit", "code"]])
    sent = pd.Series(own.reindex(keys).to_numpy(), index=rows.index, dtype="datetime64[us]")
    sent = sent.fillna(on_form(case, rows["unit"], "ngay_to_trinh"))
    unknown = ledger.look(rows[sent.isna()].drop_duplicates("unit"))
    ledger.unjudged(unknown, "ngay_to_trinh", at=on_form(case, unknown["unit"]))
    rows, sent = ledger.look(rows[sent.notna()]), sent.dropna()
    days, allowed = (sent - rows["achieved_on"]).dt.days, case.rules.number("KT-02", "so_ngay")
    late = rows[days > allowed]
    ledger.say(
        "slow", late, "ngay_thanh_tich", ten=late["name"].fillna(late["code"]), ngay=late["achieved_on"],
        ngay_to_trinh=sent, so_ngay=days, moc=allowed,
    )  # fmt: skip
    return ledger.close()


def waits_of(case: Evidence) -> pd.DataFrame:
    """Award decisions of the period, one row for each unit and day.

    Columns: `unit` (that works on for the unit of then), `day`, `number`, `row_id` and `handed` of the first handing
    over on that day or later (null: none). Awards whose decision has no day are left out.
    """
    table = case.awards.table
    table = table[table["valid"] & (table["day"] >= case.first) & (table["day"] <= case.last)]
    decided = pd.DataFrame(
        {"unit": case.lineage.heirs(table["unit_then"]), "day": table["day"], "number": table["number"]}
    )
    decided = decided[decided["unit"].notna()].drop_duplicates(["unit", "day"]).sort_values("day", kind="stable")
    given = case.frame("HOAT_DONG")
    given = given[(given["loai"] == HANDING_OVER) & given["ngay"].notna()].sort_values("ngay", kind="stable")
    ceremonies = pd.DataFrame(
        {"unit": given[UNIT], "day": given["ngay"], "handed": given["ngay"], "row_id": given.index.astype("float64")}
    )
    for part in (decided, ceremonies):
        part["day"] = part["day"].astype("datetime64[us]")
        part["unit"] = part["unit"].astype("object")
    return pd.merge_asof(decided, ceremonies, on="day", by="unit", direction="forward")


def handed_over(case: Evidence) -> Checked:
    """Days from the decision to the first handing over; the longest wait of a unit is said."""
    ledger = Ledger(case, "KT-03", "DON_VI")
    units, waits = unit_rows(case), waits_of(case)
    units = having_sheet(case, ledger, units[any_in_unit(units, waits)], "HOAT_DONG")
    rows = case.frame("HOAT_DONG")
    undated = rows[(rows["loai"] == HANDING_OVER) & rows["ngay"].isna()].assign(unit=lambda t: t[UNIT])
    # A decision not yet handed over waits until the unit's own letter, the last day of which its file can tell.
    told_until = on_form(case, waits["unit"], "ngay_to_trinh").fillna(case.last)
    waits = waits.assign(days=(waits["handed"].fillna(told_until) - waits["day"]).dt.days)
    allowed = case.rules.number("KT-03", "so_ngay")
    slow = waits[waits["days"] > allowed].sort_values("days", ascending=False, kind="stable").drop_duplicates("unit")
    slow = slow.set_index("unit")
    found = units[units["unit"].isin(slow.index)]
    held = {name: looked_up(found["unit"], slow[name]) for name in ("number", "day", "handed", "row_id", "days")}
    params = {"so_qd": held["number"].fillna("(chưa ghi số)"), "ngay_qd": held["day"], "so_ngay": held["days"]}
    none = held["handed"].isna()
    unclear = none & any_in_unit(found, undated)
    say_of_unit(
        ledger, NOT_JUDGED, found[unclear], con_thieu="hoạt động trao tặng ở trang HOAT_DONG chưa có ngày đọc được"
    )
    say_of_unit(ledger, "not_handed", found[none & ~unclear], moc=allowed, **params)
    ledger.say("slow", found[~none], "ngay", at=held["row_id"], moc=allowed, ngay_trao=held["handed"], **params)
    return ledger.close()


CHECKS = (
    Check("KT-02", on_the_spot),
    Check("KT-03", handed_over, province=True),
)
