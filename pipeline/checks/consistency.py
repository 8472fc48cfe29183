"""V-07, V-08: what one sheet says must agree with what another sheet of the same unit says."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.dataset import PERSON, UNIT
from pipeline.evidence import Evidence
from pipeline.vietnamese import match_key
from schemas.sheets import UNIT_TEMPLATE

#: Half a unit of the second decimal, and a little for binary fractions.
SHARE_ROUNDING = 0.0051
#: A total of points may differ from their sum by rounding to two decimals.
ROUNDING = 0.011


def _heading(sheet: str, name: str) -> str:
    return UNIT_TEMPLATE.by_code[sheet].by_name[name].heading


def _compare(
    ledger: Ledger, form: pd.DataFrame, name: str, counted: pd.Series, source: str, tolerance: float = 0.0
) -> None:
    """Compare one number of DON_VI with what `source` adds up to (a series by unit code)."""
    stated = ledger.look(form[form[name].notna()])
    found = stated[UNIT].map(counted)
    heading = _heading("DON_VI", name)
    ledger.unjudged(stated[found.isna()], name, trang_goc=source, cot=heading)
    wrong = (stated[name] - found).abs() > tolerance
    ledger.say("count", stated[wrong], name, cot=heading, trang_goc=source, dem_duoc=found)


def staff_counts(case: Evidence) -> Checked:
    """Number of staff and of women on DON_VI against the rows of NHAN_SU."""
    ledger = Ledger(case, "V-07", "DON_VI")
    staff, form = case.frame("NHAN_SU"), case.frame("DON_VI")
    people = staff.groupby(UNIT).size()
    women = (staff["gioi_tinh"] == "NU").groupby(staff[UNIT]).sum()
    unknown = staff["gioi_tinh"].isna().groupby(staff[UNIT]).any()
    women = women.where(~unknown.reindex(women.index, fill_value=False))
    _compare(ledger, form, "tong_so_cong_chuc", people, "NHAN_SU")
    _compare(ledger, form, "so_nu", women, "NHAN_SU")
    return ledger.close()


def self_score_total(case: Evidence) -> Checked:
    """Total self-score on DON_VI against the sum of CHI_TIEU; not judged where no target has a score."""
    ledger = Ledger(case, "V-07", "DON_VI")
    targets = case.frame("CHI_TIEU")
    scores = targets["diem_tu_cham"].groupby(targets[UNIT]).sum(min_count=1)
    # A score that was refused stopped its row; the rest does not add up to what the unit meant.
    stopped = targets.index.isin(list(case.data.stopped))
    doubtful = targets.loc[targets["diem_tu_cham"].isna() & stopped, UNIT].unique()
    scores = scores.where(~scores.index.isin(doubtful))
    _compare(ledger, case.frame("DON_VI"), "tong_diem_tu_cham", scores, "CHI_TIEU", ROUNDING)
    return ledger.close()


def subject_names(case: Evidence) -> Checked:
    """Name of a nominated person against NHAN_SU, of a collective against the unit's name."""
    ledger = Ledger(case, "V-07")
    rows = case.frame("DE_NGHI")
    rows = ledger.look(rows[rows["ten_doi_tuong"].notna()])
    staff = case.frame("NHAN_SU").dropna(subset=[PERSON]).drop_duplicates([UNIT, PERSON])
    names = staff.set_index([UNIT, PERSON])["ho_ten"]
    right = pd.Series(names.reindex(pd.MultiIndex.from_frame(rows[[UNIT, PERSON]])).to_numpy(), rows.index)
    own = (rows["doi_tuong"] == "TT") & (rows["ma_doi_tuong"] == rows[UNIT])
    right = right.where(~own, rows[UNIT].map(case.data.province.units["ten_don_vi"]))
    doubtful = right.notna() & (right != rows["ten_doi_tuong"])  # most names are equal to the letter
    wrong = doubtful.copy()
    wrong[doubtful] = _keys(right[doubtful]) != _keys(rows.loc[doubtful, "ten_doi_tuong"])
    source = (rows["doi_tuong"] == "TT").map({True: "DON_VI", False: "NHAN_SU"})
    ledger.say("name", rows[wrong], "ten_doi_tuong", ma=rows["ma_doi_tuong"], trang_goc=source, ten_goc=right)
    return ledger.close()


def _keys(names: pd.Series) -> pd.Series:
    return names.map(match_key, na_action="ignore").astype("str")


def author_shares(case: Evidence) -> Checked:
    """Shares of the authors of one initiative add up to 100 %; reported at the first author's share."""
    ledger = Ledger(case, "V-07", "SANG_KIEN")
    rows = case.frame("SANG_KIEN")
    keys = [UNIT, "ma_sk"]
    whole = rows[rows["ma_sk"].notna()]
    sums = whole.groupby(keys)["ty_le"].agg(total="sum", authors="size", known="count")
    first = ledger.look(whole.drop_duplicates(keys))
    sums = sums.reindex(pd.MultiIndex.from_frame(first[keys])).set_axis(first.index)
    # Each share may be rounded to two decimals.
    wrong = (sums["known"] == sums["authors"]) & ((sums["total"] - 100).abs() > SHARE_ROUNDING * sums["authors"])
    ledger.say("shares", first[wrong], "ty_le", ma=first["ma_sk"], tong=sums["total"])
    return ledger.close()


def outcomes(case: Evidence) -> Checked:
    """Conclusion of a unit's vote (last round at unit level) against the result on DE_NGHI."""
    ledger = Ledger(case, "V-07", "PHIEU")
    ballots, nominations = case.frame("PHIEU"), case.frame("DE_NGHI")
    votes = ballots[(ballots["cap_hop"] == "DON_VI") & ballots["ma_dn"].notna()]
    # Where a round cannot be told, nor can the last one; the cell itself is already a finding.
    unclear = votes["vong"].isna().groupby([votes[UNIT], votes["ma_dn"]]).transform("any")
    votes = votes[~unclear & votes["ket_luan"].notna()]
    nominations = nominations[nominations["ma_dn"].notna()].drop_duplicates([UNIT, "ma_dn"], keep=False)
    last = votes.sort_values("vong", kind="stable").drop_duplicates([UNIT, "ma_dn"], keep="last").sort_index()
    results = nominations.set_index([UNIT, "ma_dn"])["ket_qua"]
    right = pd.Series(results.reindex(pd.MultiIndex.from_frame(last[[UNIT, "ma_dn"]])).to_numpy(), last.index)
    last = ledger.look(last[right.notna()])
    wrong = last["ket_luan"] != right[last.index]
    labels = case.labels("KET_QUA_XET", right)
    ledger.say("outcome", last[wrong], "ket_luan", trang_goc="DE_NGHI", ket_luan=labels)
    return ledger.close()


def form_identity(case: Evidence) -> Checked:
    """Unit code and period typed on DON_VI against those for which the template was issued."""
    ledger = Ledger(case, "V-08", "DON_VI")
    form = ledger.look(case.frame("DON_VI"))
    right = {"ma_don_vi": form[UNIT], "ky_xet": pd.Series(case.data.province.period.code, index=form.index)}
    for name, issued in right.items():
        wrong = form[name].notna() & (form[name].astype("str") != issued.astype("str"))
        ledger.say("cell_differs", form[wrong], name, cot=_heading("DON_VI", name), goc=issued)
    return ledger.close()


CHECKS = (
    Check("V-07", staff_counts),
    Check("V-07", self_score_total),
    Check("V-07", subject_names),
    Check("V-07", author_shares),
    Check("V-07", outcomes),
    Check("V-08", form_identity),
)
