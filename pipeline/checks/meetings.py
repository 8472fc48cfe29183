"""QT-01, QT-02, QT-06, QT-09: the unit's meeting, its form of ballot, its posting, and whether there was a choice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger, listed
from pipeline.evidence import Evidence
from pipeline.evidence.voters import bases, votes_needed
from schemas.sheets import UNIT_TEMPLATE

_OPEN = "CONG_KHAI"


def _heading(name: str) -> str:
    return UNIT_TEMPLATE.by_code["DON_VI"].by_name[name].heading


def _forms(case: Evidence) -> pd.DataFrame:
    """DON_VI, index = row id, one row a unit."""
    return case.forms.set_index("row_id", drop=False)


def quorum(case: Evidence) -> Checked:
    """Enough members present; never more people or ballots than members."""
    ledger = Ledger(case, "QT-01", "DON_VI")
    forms = ledger.look(_forms(case))
    base = bases(case).reindex(forms["unit"]).set_axis(forms.index)
    members, present, written = base["members"], base["present"], base["written"]
    share = case.rules.number("QT-01", "ty_le")
    own = {"tong": members, "co_mat": present, "subject": forms["unit"]}
    crowded = present > members
    ledger.say("more_than_members", forms[crowded], "so_co_mat", **own)
    both = ~crowded & (present + written > members)
    ledger.say("written_too_many", forms[both], "so_y_kien_van_ban", van_ban=written, **own)
    issued = ~crowded & ~both & (base["issued"] > members)
    ledger.say("ballots_too_many", forms[issued], "tong_thanh_vien", phieu=base["issued"], **own)
    needed = votes_needed(members, share)
    few = ~crowded & (present < needed)
    ledger.say(
        "too_few", forms[few], "so_co_mat", can=needed, thieu=needed - present, ty_le=present / members * 100,
        nguong=share * 100, **own,
    )  # fmt: skip
    for name in ("tong_thanh_vien", "so_co_mat"):
        ledger.unjudged(forms[forms[name].isna()], name, subject=forms["unit"], cot=_heading(name))
    return ledger.close()


def ballot_form(case: Evidence) -> Checked:
    """A unit that proposes a title voted on in secret did not vote openly."""
    ledger = Ledger(case, "QT-02", "DON_VI")
    secret = case.proposed[case.proposed["award"].isin(case.rules.codes("QT-02", "danh_hieu"))]
    forms = _forms(case)
    forms = ledger.look(forms[forms["unit"].isin(secret["unit"])])
    ledger.unjudged(
        forms[forms["hinh_thuc_bieu_quyet"].isna()], "hinh_thuc_bieu_quyet", subject=forms["unit"],
        cot=_heading("hinh_thuc_bieu_quyet"),
    )  # fmt: skip
    openly = forms[forms["hinh_thuc_bieu_quyet"] == _OPEN]
    told = secret[secret["unit"].isin(openly["unit"])]
    names = {
        unit: listed([f"{code} ({award})" for code, award in zip(rows["code"], rows["award_name"], strict=True)])
        for unit, rows in told.groupby("unit")
    }
    ledger.say("openly", openly, "hinh_thuc_bieu_quyet", subject=forms["unit"], de_nghi=openly["unit"].map(names))
    return ledger.close()


def working_days(first: pd.Series, last: pd.Series) -> pd.Series:
    """Days from Monday to Friday between two days, both counted; null where a day is missing or the order is wrong."""
    found = pd.Series(float("nan"), index=first.index)
    known = first.notna() & last.notna() & (first <= last)
    begin = first[known].to_numpy().astype("datetime64[D]")
    end = last[known].to_numpy().astype("datetime64[D]") + np.timedelta64(1, "D")
    found[known] = np.busday_count(begin, end).astype("float64")
    return found


def posting(case: Evidence) -> Checked:
    """The list was posted, long enough, before the letter; every opinion received was answered."""
    ledger = Ledger(case, "QT-06", "DON_VI")
    forms = _forms(case)
    forms = ledger.look(forms[forms["unit"].isin(case.proposed["unit"])])
    own = {"subject": forms["unit"]}
    first, last = forms["niem_yet_tu"], forms["niem_yet_den"]
    ledger.say("not_stated", forms[first.isna() & last.isna()], "niem_yet_tu", **own)
    for name, other in (("niem_yet_tu", last), ("niem_yet_den", first)):
        ledger.unjudged(forms[forms[name].isna() & other.notna()], name, cot=_heading(name), **own)
    days, least = working_days(first, last), case.rules.number("QT-06", "so_ngay")
    ledger.say("too_short", forms[days < least], "niem_yet_den", tu=first, den=last, so=days, can=least, **own)
    letter = forms["ngay_to_trinh"]
    ledger.say("after_letter", forms[last > letter], "niem_yet_den", den=last, to_trinh=letter, **own)
    ledger.unjudged(
        forms[last.notna() & letter.isna()], "ngay_to_trinh", cot=_heading("ngay_to_trinh"), **own
    )  # fmt: skip
    got, answered = forms["so_y_kien"], forms["so_y_kien_da_giai_quyet"]
    ledger.say(
        "unanswered", forms[got > answered], "so_y_kien_da_giai_quyet", nhan=got, xong=answered, con=got - answered,
        **own,
    )  # fmt: skip
    ledger.unjudged(
        forms[(got > 0) & answered.isna()], "so_y_kien_da_giai_quyet", cot=_heading("so_y_kien_da_giai_quyet"), **own
    )
    ledger.unjudged(forms[first.notna() & got.isna()], "so_y_kien", cot=_heading("so_y_kien"), **own)
    return ledger.close()


def choice(case: Evidence) -> Checked:
    """For a title with few places somebody else was considered besides those proposed."""
    ledger = Ledger(case, "QT-09")
    rows = case.nominations[case.nominations["award"].isin(case.rules.codes("QT-09", "danh_hieu"))]
    keys = [rows["unit"], rows["award"]]
    proposed = rows["proposed"].groupby(keys).transform("sum")
    others = rows["considered"].groupby(keys).transform("sum")
    unknown = (~rows["proposed"] & ~rows["considered"]).groupby(keys).transform("sum")
    first = ledger.look(rows[rows["proposed"]].drop_duplicates(["unit", "award"]))
    proposed, others, unknown = (s.reindex(first.index) for s in (proposed, others, unknown))
    own = {"subject": first["unit"], "danh_hieu": first["award_name"]}
    alone = others == 0
    ledger.say("no_choice", first[alone & (unknown == 0)], "danh_hieu", so=proposed, **own)
    ledger.unjudged(first[alone & (unknown > 0)], "ket_qua", so=unknown, **own)
    return ledger.close()


CHECKS = (
    Check("QT-01", quorum),
    Check("QT-02", ballot_form),
    Check("QT-06", posting),
    Check("QT-09", choice),
)
