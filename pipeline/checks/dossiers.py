"""HS-02, HS-04, HS-06, HS-08: names, posts, ballots and dates of the dossier agree with each other."""

from __future__ import annotations

import re

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.checks.papers import differing_dates, on_form
from pipeline.checks.tallies import UNIT_LEVEL
from pipeline.dataset import PERSON, UNIT
from pipeline.evidence import Evidence
from pipeline.people import reference_key
from pipeline.vietnamese import match_key
from schemas.sheets import UNIT_TEMPLATE

#: (earlier, later) dates of DON_VI.
SEQUENCE = (("ngay_hop", "ngay_bien_ban"), ("ngay_bien_ban", "ngay_to_trinh"))
_NOT_RATED = "CHUA_XL"


def meeting_dates(case: Evidence) -> Checked:
    """Minutes not before the meeting, letter not before the minutes; said at the later date's cell."""
    ledger = Ledger(case, "HS-02", "DON_VI")
    form = ledger.look(case.frame("DON_VI"))
    headings = {name: UNIT_TEMPLATE.by_code["DON_VI"].by_name[name].heading for pair in SEQUENCE for name in pair}
    for earlier, later in SEQUENCE:
        ledger.say(
            "order",
            form[form[later] < form[earlier]],
            later,
            cot=headings[later],
            cot_khac=headings[earlier],
            ngay=form[later],
            ngay_khac=form[earlier],
        )
    for name, heading in headings.items():
        ledger.unjudged(form[form[name].isna()], name, cot=heading)
    return ledger.close()


def names_of_past(case: Evidence) -> Checked:
    """HS-04: who bears a code on LICH_SU bears the same name on NHAN_SU; once a person."""
    ledger = Ledger(case, "HS-04", "LICH_SU")
    rows = case.frame("LICH_SU")
    rows = rows[rows["ma_doi_tuong"].notna() & rows["ten_doi_tuong"].notna()]
    keys = {text: reference_key(text) for text in rows["ma_doi_tuong"].unique()}
    rows = rows.assign(person=rows["ma_doi_tuong"].map(keys).astype("str"))
    staff = case.staff[case.staff["person"].notna() & case.staff["ho_ten"].notna()]
    names = staff.drop_duplicates(["unit", "person"]).set_index(["unit", "person"])["ho_ten"]
    known = names.reindex(pd.MultiIndex.from_frame(rows[[UNIT, "person"]])).set_axis(rows.index)
    rows = ledger.look(rows[known.notna()])
    known = known[known.notna()]
    spelt = {text: match_key(text) for text in {*known.unique(), *rows["ten_doi_tuong"].unique()}}
    other = rows[rows["ten_doi_tuong"].map(spelt) != known.map(spelt)].drop_duplicates([UNIT, "person"])
    ledger.say("past_name", other, "ten_doi_tuong", subject=other["person"], ma=other["person"], ten_goc=known)
    return ledger.close()


def groups_of_heads(case: Evidence) -> Checked:
    """HS-04: the head, and whoever leads by title, stands in a group of leaders on NHAN_SU."""
    ledger = Ledger(case, "HS-04", "NHAN_SU")
    led = case.rules.codes("HS-04", "nhom_khong_lanh_dao")
    posts = [match_key(text) for text in case.rules.codes("HS-04", "chuc_vu_lanh_dao")]
    staff = case.staff
    head = staff["person"].notna() & (staff["person"] == on_form(case, staff["unit"], "head"))
    # The post begins a word group: "Thư ký Viện trưởng" and "nguyên Viện trưởng" lead nobody.
    leads = re.compile(r"(?:^|[,;/–-]\s*)(?:" + "|".join(map(re.escape, posts)) + r")(?!\w)")
    known = {text: bool(leads.search(match_key(text))) for text in staff["chuc_vu"].dropna().unique()}
    titled = staff["chuc_vu"].map(known).eq(True)
    rows = ledger.look(staff[head | titled])
    unled = rows[rows["nhom_doi_tuong"].isin(led)]
    is_head = head.reindex(unled.index)
    groups = case.labels("NHOM_DOI_TUONG", unled["nhom_doi_tuong"])
    own = {"subject": unled["person"], "nhom": groups, "chuc_vu": unled["chuc_vu"]}
    ledger.say("head_group", unled[is_head], "nhom_doi_tuong", **own)
    ledger.say("post_group", unled[~is_head], "nhom_doi_tuong", **own)
    unknown = rows[rows["nhom_doi_tuong"].isna()]
    ledger.unjudged(unknown, "nhom_doi_tuong", subject=unknown["person"])
    return ledger.close()


def ballots_of_proposals(case: Evidence) -> Checked:
    """HS-06: every proposal was voted on in the unit."""
    ledger = Ledger(case, "HS-06")
    ballots = case.frame("PHIEU")
    counts = case.proposed["unit"].value_counts()
    has, filled = case.has_sheet("PHIEU"), set(ballots[UNIT].unique())
    for unit in [u for u in has.index if u in counts.index]:
        if not has[unit]:
            ledger.of_unit("not_judged", unit, unit, con_thieu="tệp không có trang PHIEU")
        elif unit not in filled:
            ledger.of_unit("empty", unit, unit, so=int(counts[unit]))
    rows = case.proposed[(case.proposed["code"] != "") & case.proposed["unit"].isin(filled)]
    rows = ledger.look(rows)
    wanted = pd.MultiIndex.from_frame(rows[["unit", "code"]])

    def among(some: pd.DataFrame) -> pd.Series:
        return pd.Series(wanted.isin(pd.MultiIndex.from_frame(some[[UNIT, "ma_dn"]])), index=rows.index, dtype=bool)

    voted = among(ballots[ballots["cap_hop"] == UNIT_LEVEL])
    unclear = ~voted & among(ballots[ballots["cap_hop"].isna()])
    ledger.say(
        "no_tally", rows[~voted & ~unclear], "ma_dn", ma=rows["code"], danh_hieu=rows["award_name"]
    )  # fmt: skip
    ledger.unjudged(rows[unclear], "ma_dn", con_thieu="dòng phiếu của " + rows["code"] + " chưa ghi cấp họp")
    return ledger.close()


def rating_dates(case: Evidence) -> Checked:
    """HS-08: whoever was considered for a title had been rated by the day of the meeting."""
    ledger = Ledger(case, "HS-08", "NHAN_SU")
    titled = case.nominations[case.nominations["is_title"] & (case.nominations["staff_row"] >= 0)]
    staff = case.staff
    rows = staff[staff.index.isin(titled["staff_row"]) & staff["xep_loai_cc"].notna()]
    rows = rows[rows["xep_loai_cc"] != _NOT_RATED]
    meeting = on_form(case, rows[UNIT], "ngay_hop")
    known = rows["ngay_xep_loai"].notna() & meeting.notna()
    ledger.look(rows[known])
    ledger.say(
        "rated_after", rows[known & (rows["ngay_xep_loai"] > meeting)], "ngay_xep_loai", subject=rows[PERSON],
        ngay=rows["ngay_xep_loai"], hop=meeting,
    )  # fmt: skip
    undated = ledger.look(rows[rows["ngay_xep_loai"].isna()].drop_duplicates(UNIT))
    count = rows["ngay_xep_loai"].isna().groupby(rows[UNIT]).sum()
    ledger.unjudged(
        undated, "ngay_xep_loai", subject=undated[UNIT], cot="Ngày xếp loại",
        con_thieu=undated[UNIT].map(count).map(lambda n: f"{n} người được xét chưa có ngày xếp loại").astype("str"),
    )  # fmt: skip
    # A meeting without a day is named by HS-02.
    return ledger.close()


def paper_dates(case: Evidence) -> Checked:
    """HS-08: the letter and the minutes bear the same day on HO_SO as on DON_VI; once a unit and paper."""
    ledger = Ledger(case, "HS-08", "HO_SO")
    rows = case.frame("HO_SO")
    ledger.look(rows[rows["loai_giay"].isin(["TO_TRINH", "BIEN_BAN"]) & rows["ngay"].notna()])
    other = differing_dates(case)
    count = other.groupby(["unit", "paper", "day"])["code"].transform("size")
    first = other.drop_duplicates(["unit", "paper", "day"])
    ledger.say(
        "paper_date", first, "ngay", subject=first["unit"], giay=case.labels("LOAI_GIAY", first["paper"]),
        ngay=first["day"], goc=first["stated"], so=count.reindex(first.index),
    )  # fmt: skip
    return ledger.close()


CHECKS = (
    Check("HS-02", meeting_dates),
    Check("HS-04", names_of_past),
    Check("HS-04", groups_of_heads),
    Check("HS-06", ballots_of_proposals),
    Check("HS-08", rating_dates),
    Check("HS-08", paper_dates),
)
