"""DK-13: absence and violations that the law says must not count; said as a question, never as a fault."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.absent import with_sheet
from pipeline.checks.discipline import excluding, open_matters
from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.checks.service import least_absence, long_training, shown_months
from pipeline.evidence import Evidence
from pipeline.evidence.events import KIND_LEAVE, LEFT, TRAINING
from pipeline.evidence.violations import violations

MATERNITY, BRAVE = KIND_LEAVE
RETIRED = "THOI_VIEC"
_TITLE = "LDTT"
_NOT_RATED = "CHUA_XL"


def exceptions(case: Evidence) -> Checked:
    """Who was left out of the basic title while nothing but a protected absence or an old violation is known."""
    ledger = Ledger(case, "DK-13", "BIEN_DONG")
    protected = _protected(case)
    # Without DE_NGHI nobody can be said to have been left out.
    rows = _of_people(case, with_sheet(ledger, case, protected, "DE_NGHI"))
    rows = rows[~_other_reason(case, rows)]
    good = rows["rating"].isin(case.rules.codes("DK-13", "xep_loai"))
    unknown = rows["rating"].isna() | (rows["rating"] == _NOT_RATED)
    ledger.look(rows[good | unknown])
    rows = rows[~rows["person"].isin(_proposed(case))]
    left_out = _left_out(case, rows)
    words = {"ten": rows["name"], "xep_loai": case.labels("XEP_LOAI", rows["rating"]), "tinh_trang": left_out}
    months = shown_months(rows["months"])
    for variant in ("maternity", "brave", "training"):
        chosen = rows[(rows["why"] == variant) & good.reindex(rows.index)]
        ledger.say(variant, chosen, "tu_ngay", subject=rows["person"], thang=months, **words)
    used = rows[(rows["why"] == "used_violation") & good.reindex(rows.index)]
    ledger.say("used_violation", used, "nam_da_tinh", subject=rows["person"], nam=rows["used_text"], **words)
    ledger.unjudged(
        rows[unknown.reindex(rows.index)], "ma_cc", ai=rows["name"],
        con_thieu="chưa xếp loại năm mà không được đề nghị", can_lam="Điền xếp loại năm ở trang NHAN_SU",
    )  # fmt: skip
    return ledger.close()


def _protected(case: Evidence) -> pd.DataFrame:
    """Events that must not count, with `why` (variant), one of each kind a person and unit."""
    kinds = case.rules.codes("DK-13", "loai")
    events = case.events[case.events["person"].notna() & case.events["touches"]]
    # A course without a last day may yet become a long one.
    short = events[(events["loai"] == TRAINING) & events["den_ngay"].notna()]
    short = short[~short.index.isin(long_training(case).index)]
    old = violations(case)
    old = old[old["in_period"] & old["used"]]
    parts = {
        "maternity": events[events["loai"] == MATERNITY],
        "brave": events[events["loai"] == BRAVE],
        "training": short,
        "used_violation": old.assign(used_text=old["used_year"].map("{:.0f}".format)),
    }
    table = pd.concat(
        [rows.assign(why=why) for why, rows in parts.items() if len(rows)] or [events.iloc[:0].assign(why="")]
    )
    table = table[table["loai"].isin(kinds)].drop_duplicates(["unit", "person", "why"])
    return table if "used_text" in table else table.assign(used_text="")


def _of_people(case: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """Add what NHAN_SU says; people whom the unit does not list are left out."""
    staff = case.staff[case.staff["person"].notna()].drop_duplicates(["unit", "person"])
    known = staff.set_index(["unit", "person"])[["ho_ten", "xep_loai_cc", "served", "leave"]]
    keys = pd.MultiIndex.from_frame(rows[["unit", "person"]])
    found = known.reindex(keys).set_axis(rows.index)
    found = found.rename(columns={"ho_ten": "name", "xep_loai_cc": "rating"})
    return pd.concat([rows, found], axis=1)[keys.isin(known.index)]


def _other_reason(case: Evidence, rows: pd.DataFrame) -> pd.Series:
    """Whether anything else that is known may be why the person was not proposed."""
    gone = case.events[case.events["loai"].isin([LEFT, RETIRED])]
    elsewhere = pd.MultiIndex.from_frame(rows[["unit", "person"]]).isin(
        pd.MultiIndex.from_frame(gone[["unit", "person"]])
    )
    blamed = [
        *excluding(case)["person"],
        *(open_matters(case)["person"].dropna() if case.rules.has("DK-12") else ()),
        *long_training(case)["person"].dropna(),
    ]
    short = rows["served"] < case.rules.number("DK-02", "tham_nien")
    return elsewhere | rows["person"].isin(blamed) | short | (rows["leave"] >= least_absence(case))


def _proposed(case: Evidence) -> list[str]:
    """Persons whom any unit proposes for a title; a result that is not known counts for them."""
    rows = case.nominations[case.nominations["is_title"] & ~case.nominations["considered"]]
    return [str(person) for person in rows["person"].dropna().unique()]


def _left_out(case: Evidence, rows: pd.DataFrame) -> pd.Series:
    considered = case.nominations[case.nominations["considered"] & (case.nominations["award"] == _TITLE)]
    there = pd.MultiIndex.from_frame(rows[["unit", "person"]]).isin(
        pd.MultiIndex.from_frame(considered[["unit", "person"]])
    )
    words = {True: "đã được xét nhưng không được đề nghị", False: "không có dòng nào ở DE_NGHI cho"}
    return pd.Series(there, index=rows.index).map(words)


CHECKS = (Check("DK-13", exceptions),)
