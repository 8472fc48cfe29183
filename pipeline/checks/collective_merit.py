"""DK-06, DK-19: what a collective's title asks of its people and of its targets."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger, listed
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence

ADVANCED, EXCELLENT = "TTLDTT", "TTLDXS"
TITLE, BASE, FAILED, NOT_RATED = "LDTT", "CSTDCS", "KHTNV", "CHUA_XL"
#: Directions in which a result is compared with its target; of a yes or no nothing can be exceeded.
HIGHER, LOWER, YES_NO = "CAO", "THAP", "CO_KHONG"


def collective_shares(case: Evidence) -> pd.DataFrame:
    """What the titles of a collective ask of its people, by unit that has a staff list.

    `staff` (rows of NHAN_SU), `base` (those that count), `advanced` (people proposed for LĐTT or CSTĐCS), `fighters`
    (for CSTĐCS), `…_most` (the same with those whose result is not written), `failed` (rated as not having completed
    their tasks), `unrated`, `share` (advanced of base), `share_most`.
    """
    staff = case.staff
    new = staff["served"] < case.rules.number("DK-06", "thang_moi")
    counts = pd.Series(True, staff.index) if case.rules.word("DK-06", "tinh_nguoi_moi") == "CO" else ~new
    unrated = staff["xep_loai_cc"].isna() | ((staff["xep_loai_cc"] == NOT_RATED) & ~new)
    table = pd.DataFrame({
        "staff": staff.groupby(UNIT).size(),
        "base": counts.groupby(staff[UNIT]).sum(),
        "failed": (staff["xep_loai_cc"] == FAILED).groupby(staff[UNIT]).sum(),
        "unrated": unrated.groupby(staff[UNIT]).sum(),
    })  # fmt: skip
    people = case.nominations[case.nominations["person"].notna() & ~case.nominations["considered"]]
    people = people[people["staff_row"].isin(counts.index[counts])]
    for name, awards in (("advanced", [TITLE, BASE]), ("fighters", [BASE])):
        of = people[people["award"].isin(awards)]
        for column, rows in ((name, of[of["proposed"]]), (f"{name}_most", of)):
            chosen = rows.drop_duplicates(["unit", "person"])
            table[column] = table.index.map(chosen["unit"].value_counts()).fillna(0).astype("int64")
    base = table["base"].where(table["base"] > 0)
    return table.assign(share=table["advanced"] / base, share_most=table["advanced_most"] / base)


def collectives(case: Evidence, award: str) -> pd.DataFrame:
    """Units proposed for a collective title; teams inside a unit are left out."""
    rows = case.proposed
    return rows[(rows["award"] == award) & (rows["kind"] == "TT") & (rows["holder"] == rows["unit"])]


def shares(case: Evidence) -> Checked:
    """Share of LĐTT in the collective; nobody failed and somebody is CSTĐCS for the excellent one."""
    ledger = Ledger(case, "DK-06")
    table = collective_shares(case)
    for award, variant, parameter in (
        (ADVANCED, "share", "ty_le_tien_tien"), (EXCELLENT, "share_excellent", "ty_le_xuat_sac"),
    ):  # fmt: skip
        rows = ledger.look(collectives(case, award))
        of = table.reindex(rows["unit"]).set_axis(rows.index)
        least = case.rules.number("DK-06", parameter)
        ledger.unjudged(rows[of["share"].isna()], "danh_hieu", danh_hieu=rows["award_name"],
                        con_thieu="trang NHAN_SU chưa có người nào")  # fmt: skip
        _below(ledger, variant, rows[of["share_most"] < least], of, least)
        _unclear(ledger, rows[(of["share"] < least) & (of["share_most"] >= least)], of, "advanced")
        if award == EXCELLENT:
            _excellent(case, ledger, rows[of["share"].notna()], of)
    return ledger.close()


def _below(ledger: Ledger, variant: str, rows: pd.DataFrame, of: pd.DataFrame, least: float) -> None:
    ledger.say(variant, rows, "danh_hieu", danh_hieu=rows["award_name"], so=of["advanced"], tong=of["base"],
               ty_le=of["share"] * 100, can=least * 100)  # fmt: skip


def _unclear(ledger: Ledger, rows: pd.DataFrame, of: pd.DataFrame, what: str) -> None:
    """Enough or not enough: that hangs on nominations whose result is not written."""
    open_ones = (of[f"{what}_most"] - of[what]).map("còn {:.0f} người chưa ghi kết quả xét".format, na_action="ignore")
    ledger.unjudged(rows, "danh_hieu", danh_hieu=rows["award_name"], con_thieu=open_ones)


def _excellent(case: Evidence, ledger: Ledger, rows: pd.DataFrame, of: pd.DataFrame) -> None:
    of = of.loc[rows.index]
    failed = of["failed"] > 0
    ledger.say("incomplete", rows[failed], "danh_hieu", danh_hieu=rows["award_name"], so=of["failed"],
               tong=of["staff"], xep_loai=case.label("XEP_LOAI", FAILED))  # fmt: skip
    unrated = of["unrated"].map("còn {:.0f} người chưa có xếp loại năm".format, na_action="ignore")
    ledger.unjudged(rows[~failed & (of["unrated"] > 0)], "danh_hieu", danh_hieu=rows["award_name"], con_thieu=unrated)
    least = case.rules.number("DK-06", "so_cstdcs")
    _unclear(ledger, rows[(of["fighters"] < least) & (of["fighters_most"] >= least)], of, "fighters")
    ledger.say("no_cstdcs", rows[of["fighters_most"] < least], "danh_hieu", danh_hieu=rows["award_name"],
               so=of["fighters"], nen=case.titles["name"].get(BASE, BASE), can=least)  # fmt: skip


def target_results(case: Evidence) -> pd.DataFrame:
    """Rows of CHI_TIEU that are targets with a number: `met`, `missed`, `exceeded`, `unknown` (a number missing).

    Left out: targets for which nothing happened, bonus and deduction rows, targets judged by level.
    """
    rows = case.frame("CHI_TIEU")
    rows = rows[rows["loai"].isin(case.rules.codes("DK-19", "loai")) & rows["ly_do_khong_phat_sinh"].isna()]
    rows = rows[rows["chieu"].isin([HIGHER, LOWER, YES_NO])]
    over = (rows["thuc_hien"] - rows["chi_tieu"]).where(rows["chieu"] != LOWER, rows["chi_tieu"] - rows["thuc_hien"])
    return rows.assign(
        unknown=over.isna(), missed=over < 0, met=over >= 0, exceeded=(over > 0) & (rows["chieu"] != YES_NO)
    )


def exceeded_targets(case: Evidence) -> Checked:
    """TTLĐXS: no target missed, at least one exceeded."""
    ledger = Ledger(case, "DK-19")
    rows = ledger.look(collectives(case, EXCELLENT))
    targets = target_results(case)
    targets = targets[targets[UNIT].isin(rows["unit"])]
    counts = targets.groupby(UNIT)[["missed", "exceeded", "unknown"]].sum()
    counts["all"] = targets.groupby(UNIT).size()
    of = counts.reindex(rows["unit"]).fillna(0).set_axis(rows.index)
    missed = targets[targets["missed"]]
    first = rows["unit"].map(missed.assign(row=missed.index).drop_duplicates(UNIT).set_index(UNIT)["row"])
    texts = {str(u): listed(part.dropna().astype("str")) for u, part in missed.groupby(UNIT)["ma_ct"]}
    fails = of["missed"] > 0
    ledger.say("missed", rows[fails], "thuc_hien", at=first, danh_hieu=rows["award_name"], so=of["missed"],
               tong=of["all"], ma=rows["unit"].map(texts))  # fmt: skip
    dark = ~fails & ((of["unknown"] > 0) | (of["all"] == 0))
    reason = of["unknown"].map("{:.0f} chỉ tiêu chưa có số được giao hoặc kết quả".format)
    reason = reason.where(of["all"] > 0, "trang CHI_TIEU không có chỉ tiêu nào có số")
    ledger.unjudged(rows[dark], "danh_hieu", danh_hieu=rows["award_name"], con_thieu=reason)
    flat = ~fails & ~dark & (of["exceeded"] == 0)
    ledger.say("none_exceeded", rows[flat], "danh_hieu", danh_hieu=rows["award_name"], tong=of["all"])
    return ledger.close()


CHECKS = (Check("DK-06", shares), Check("DK-19", exceeded_targets))
