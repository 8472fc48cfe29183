"""QT-10: equal votes of which one led to a proposal and another did not; HM-05: titles that have no ceiling."""

from __future__ import annotations

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.checks.tallies import UNIT_LEVEL, tallies
from pipeline.evidence import Evidence


def equal_votes(case: Evidence) -> Checked:
    """Among people considered for one title in one unit, some proposed and some not with the very same votes."""
    ledger = Ledger(case, "QT-10", "PHIEU")
    votes = tallies(case)
    limited = case.rules.codes("QT-10", "danh_hieu")
    people = votes[(votes["level"] == UNIT_LEVEL) & (votes["kind"] == "CN") & votes["award"].isin(limited)]
    decided = people["proposed"].eq(True) | people["considered"].eq(True)
    people = ledger.look(people[decided & people["votes"].notna()])
    proposed = people["proposed"].eq(True)
    keys = [people["unit"], people["award"], people["votes"]]
    tied = proposed.groupby(keys).transform("any") & (~proposed).groupby(keys).transform("any")
    winners = people[tied & proposed]
    others = people[tied & ~proposed]
    names = winners["name"].fillna("").groupby([winners["unit"], winners["award"], winners["votes"]]).agg(", ".join)
    rows = others.reset_index(names="row").merge(
        names.rename("winners"), left_on=["unit", "award", "votes"], right_index=True, how="left"
    )  # fmt: skip
    rows = rows.set_index("row")
    sex = case.nominations.set_index(["unit", "code"])["sex"]
    sex = sex[~sex.index.duplicated()]
    rows["sex"] = case.labels("GIOI_TINH", sex.reindex(rows.set_index(["unit", "code"]).index).set_axis(rows.index))
    ledger.say(
        "tie", rows, "dong_y", ten=rows["name"], danh_hieu=rows["award_name"], phieu=rows["votes"],
        nguoi_khac=rows["winners"], gioi=rows["sex"].fillna("chưa rõ giới tính"),
    )  # fmt: skip
    return ledger.close()


def no_ceiling(case: Evidence) -> Checked:
    """Say once how many are proposed for a title that has had no ceiling since 2019."""
    ledger = Ledger(case, "HM-05", "")
    award = case.rules.word("HM-05", "danh_hieu")
    rows = ledger.look(case.proposed[case.proposed["award"] == award])
    if len(rows):
        name = str(rows["award_name"].iloc[0])
        ledger.of_unit("counted", "", award, so=float(len(rows)), danh_hieu=name)
    return ledger.close()


CHECKS = (Check("QT-10", equal_votes), Check("HM-05", no_ceiling, province=True))
