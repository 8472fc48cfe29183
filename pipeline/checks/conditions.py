"""DK-01: conditions on the rating of the year."""

from __future__ import annotations

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.evidence import Evidence

NOT_RATED = "CHUA_XL"


def rating(case: Evidence) -> Checked:
    """Everybody proposed for a title is rated good or better; the unit too, where the collective is proposed."""
    ledger = Ledger(case, "DK-01")
    enough = case.rules.codes("DK-01", "xep_loai")
    least = case.label("XEP_LOAI", enough[-1])
    titled = case.proposed[case.proposed["is_title"]]

    people = ledger.look(titled[titled["kind"] == "CN"])
    known = people["rating"].notna() & (people["rating"] != NOT_RATED)
    listed = people["staff_row"] >= 0
    missing = listed.map({True: "chưa xếp loại năm", False: "không có trong NHAN_SU"})
    ledger.unjudged(
        people[~known], "xep_loai_cc", at=people["staff_row"], ten=people["name"], danh_hieu=people["award_name"],
        con_thieu=missing,
    )  # fmt: skip
    ledger.say(
        "below", people[known & ~people["rating"].isin(enough)], "xep_loai_cc", at=people["staff_row"],
        ten=people["name"], danh_hieu=people["award_name"], xep_loai=case.labels("XEP_LOAI", people["rating"]),
        can=least,
    )  # fmt: skip

    groups = ledger.look(titled[titled["kind"] == "TT"])
    rated = groups["unit"].map(case.forms["xep_loai_don_vi"])
    at = groups["unit"].map(case.forms["row_id"])
    known = rated.notna() & (rated != NOT_RATED)
    ledger.unjudged(
        groups[~known], "xep_loai_don_vi", at=at, ten=groups["name"], danh_hieu=groups["award_name"],
        con_thieu="đơn vị chưa có xếp loại",
    )  # fmt: skip
    ledger.say(
        "collective_below", groups[known & ~rated.isin(enough)], "xep_loai_don_vi", at=at,
        danh_hieu=groups["award_name"], xep_loai=case.labels("XEP_LOAI", rated), can=least,
    )  # fmt: skip
    return ledger.close()


CHECKS = (Check("DK-01", rating),)
