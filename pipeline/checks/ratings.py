"""XL-01 to XL-04: do the ratings of party, unit, people and organisations agree with what is proposed."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.by_unit import any_in_unit, looked_up, on_form, unit_rows
from pipeline.checks.coordination import ORGANISATIONS
from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.evidence import Evidence

NOT_RATED, NO_MEMBER, BEST = "CHUA_XL", "KHONG_DANG", "HTXSNV"


def _known(ratings: pd.Series) -> pd.Series:
    return ratings.notna() & (ratings != NOT_RATED)


def steps_between(case: Evidence) -> pd.Series:
    """By unit: how many steps the party organisation's rating lies below (positive) or above the unit's own.

    Null where one of the two is not known.
    """
    order = {code: step for step, code in enumerate(case.rules.codes("XL-01", "thu_bac"))}
    unit, party = case.forms["xep_loai_don_vi"].map(order), case.forms["xep_loai_tccsd"].map(order)
    return party.astype("float64") - unit.astype("float64")


def unit_and_party(case: Evidence) -> Checked:
    """Ratings of the unit and of its party organisation lie close together."""
    ledger = Ledger(case, "XL-01", "DON_VI")
    units = ledger.look(unit_rows(case))
    own, party = units["xep_loai_don_vi"], units["xep_loai_tccsd"]
    ledger.unjudged(units[~_known(own)], "xep_loai_don_vi", con_thieu="xếp loại đơn vị")
    ledger.unjudged(units[_known(own) & ~_known(party)], "xep_loai_tccsd", con_thieu="xếp loại tổ chức đảng")
    steps = looked_up(units["unit"], steps_between(case)).abs()
    allowed = case.rules.number("XL-01", "so_bac")
    ledger.say(
        "apart", units[steps >= allowed], "xep_loai_tccsd", don_vi=case.labels("XEP_LOAI", own),
        dang=case.labels("XEP_LOAI", party), so_bac=steps, moc=allowed,
    )  # fmt: skip
    return ledger.close()


def top_proposals(case: Evidence, code: str) -> pd.DataFrame:
    """Nominations of the unit itself as a collective for one of the titles that a rule names."""
    rows = case.proposed
    own = (rows["kind"] == "TT") & (rows["holder"].isna() | (rows["holder"] == rows["unit"]))
    return rows[own & rows["award"].isin(case.rules.codes(code, "danh_hieu"))]


def top_unit_with_low_party(case: Evidence) -> Checked:
    """A unit proposed as excellent has a party organisation that is rated well."""
    ledger = Ledger(case, "XL-02")
    rows = top_proposals(case, "XL-02")
    rating, at = on_form(case, rows["unit"], "xep_loai_tccsd"), on_form(case, rows["unit"])
    known = _known(rating)
    ledger.unjudged(ledger.look(rows[~known].drop_duplicates("unit")), "xep_loai_tccsd", at=at)
    rows = ledger.look(rows[known])
    low = rows[rating.reindex(rows.index).isin(case.rules.codes("XL-02", "thap"))]
    ledger.say(
        "low_party", low, "xep_loai_tccsd", at=at, danh_hieu=low["award_name"],
        xep_loai=case.labels("XEP_LOAI", rating), can=_least(case, "XL-02"),
    )  # fmt: skip
    return ledger.close()


def _least(case: Evidence, code: str) -> str:
    """Name of the lowest rating that is not among the low ones of a rule."""
    low = case.rules.codes(code, "thap")
    good = [rating for rating in case.rules.codes("XL-01", "thu_bac") if rating not in low]
    return case.label("XEP_LOAI", good[-1]) if good else ""


def person_with_low_party_rating(case: Evidence) -> Checked:
    """A party member proposed for more than Lao động tiên tiến (the lowest rung) is rated well as a member."""
    ledger = Ledger(case, "XL-03")
    rows = case.proposed
    titles = case.titles[case.titles["is_title"] & (case.titles["kind"] == "CN")]
    higher = rows["is_title"] & (rows["rung"] > titles["rung"].min())
    rows = rows[(rows["kind"] == "CN") & higher & (rows["staff_row"] >= 0)]
    rows = rows[rows["party_rating"] != NO_MEMBER]
    rating = rows["party_rating"]
    known = _known(rating)
    unknown = rows[~known]
    people = unknown.drop_duplicates(["unit", "person"])["unit"].value_counts()
    first = ledger.look(unknown.drop_duplicates("unit"))
    ledger.unjudged(first, "xep_loai_dv", at=first["staff_row"], ten=first["name"], so_nguoi=first["unit"].map(people))
    rows = ledger.look(rows[known])
    low = rows[rating[known].isin(case.rules.codes("XL-03", "thap"))]
    ledger.say(
        "low", low, "xep_loai_dv", at=low["staff_row"], ten=low["name"], danh_hieu=low["award_name"],
        xep_loai=case.labels("XEP_LOAI_DANG", low["party_rating"]), can=_least(case, "XL-03"),
    )  # fmt: skip
    return ledger.close()


def organisations_of_top_unit(case: Evidence) -> Checked:
    """Mass organisations of a unit proposed as excellent are rated well; those that do not exist are not asked."""
    ledger = Ledger(case, "XL-04", "DON_VI")
    units, proposals = unit_rows(case), top_proposals(case, "XL-04")
    units = ledger.look(units[any_in_unit(units, proposals)])
    names = proposals.sort_values("rung", ascending=False).drop_duplicates("unit").set_index("unit")["award_name"]
    title, least = looked_up(units["unit"], names), _least(case, "XL-04")
    said = pd.Series(False, index=units.index)
    for column, code in ORGANISATIONS.items():
        rating, organisation = units[column], case.label("CHU_TRI", code)
        low = units[rating.isin(case.rules.codes("XL-04", "thap"))]
        ledger.say(
            "low", low, column, doan_the=organisation, danh_hieu=title, xep_loai=case.labels("XEP_LOAI", rating),
            can=least,
        )  # fmt: skip
        unknown = (rating == NOT_RATED) & ~said
        ledger.unjudged(units[unknown], column, doan_the=organisation, danh_hieu=title)
        said |= unknown
    return ledger.close()


def member_ratings(case: Evidence) -> pd.DataFrame:
    """Expected units by code: `members` of the party whose rating is known, `best` of them rated HTXSNV."""
    staff = case.staff
    members = staff[_known(staff["xep_loai_dv"]) & (staff["xep_loai_dv"] != NO_MEMBER)]
    table = pd.DataFrame(index=case.units.index)
    table["members"] = members["unit"].value_counts()
    table["best"] = members.loc[members["xep_loai_dv"] == BEST, "unit"].value_counts()
    return table.fillna(0).astype("int64")


CHECKS = (
    Check("XL-01", unit_and_party),
    Check("XL-02", top_unit_with_low_party),
    Check("XL-03", person_with_low_party_rating),
    Check("XL-04", organisations_of_top_unit),
)
