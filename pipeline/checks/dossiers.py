"""HS-02: meeting, minutes and submission letter follow one another."""

from __future__ import annotations

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.evidence import Evidence
from schemas.sheets import UNIT_TEMPLATE

#: (earlier, later) dates of DON_VI.
SEQUENCE = (("ngay_hop", "ngay_bien_ban"), ("ngay_bien_ban", "ngay_to_trinh"))


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


CHECKS = (Check("HS-02", meeting_dates),)
