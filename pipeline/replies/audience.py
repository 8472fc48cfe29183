"""Which findings a unit is told of: what it can mend or explain itself, and nothing that weighs it against others.

The table is data: the longest entry that a code, or `code.variant`, begins with decides. A finding that quotes
another unit is told only where its rule has words for the unit (`unit_why` in schemas/rules/), which name nobody.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pipeline.findings import Finding


class Entry(NamedTuple):
    """One line of the table."""

    begins: str  #: a family, a code, or `code.variant`
    told: bool
    reason: str


AUDIENCE = (
    Entry("V-", True, "the unit typed it and mends it"),
    Entry("V-08.seal_", False, "who made the file is asked by the secretary; the answer is not handed over with it"),
    Entry("V-13.unsealed", False, "the same, and nothing that the unit can see or mend"),
    Entry("V-20", False, "nothing came: the reminder says so, the finding speaks to the secretary"),
    Entry("V-21", False, "a fault of ours, which no unit can mend"),
    Entry("V-MAU", False, "about the office's own Word templates"),
    Entry("V-08.seal_", False, "a question of the secretary to the unit; may name the unit of another template"),
    Entry("V-11.mail_report", False, "an automatic answer that came by mail"),
    Entry("V-13.unsealed", False, "about the keys of the province"),
    Entry("V-14.mbox", False, "a file that the secretary put into the inbox"),
    Entry("V-18.log_", False, "about the receipt log, which the secretary keeps"),
    Entry("V-18.forwarded", False, "the secretary decides by the first mail whether it was late"),
    Entry("V-18.received_late", False, "the secretary asks before anything is said"),
    Entry("V-18.mail_time", False, "about how far a mail's clock is believed"),
    Entry("V-22", False, "for the secretary alone: names the addresses of other units"),
    Entry("DK-", True, "conditions of its own nominations, which it answers for"),
    Entry("HS-", True, "its own papers"),
    Entry("QT-", True, "its own meeting and its own counts"),
    Entry("QT-05", False, "nothing to mend; what the council may ask about a vote is the council's"),
    Entry("QT-08", False, "the same"),
    Entry("QT-10", False, "the same"),
    Entry("PT-", True, "its own movements"),
    Entry("DH-", True, "its own exemplars"),
    Entry("DH-04", False, "says what another unit sent or has not sent"),
    Entry("SK-", True, "its own initiatives"),
    Entry("SK-05", False, "counts people of several units; asks nothing of the unit"),
    Entry("DP-", True, "its own targets"),
    Entry("PH-", True, "its own activities"),
    Entry("KT-", True, "its own dates"),
    Entry("XL-", True, "its own ratings"),
    Entry("ND-", True, "its head, whose nomination it must explain"),
    Entry("ND-03.other_gate", False, "a note of the standing office to the council"),
    Entry("ND-04", False, "places the unit among those of its block"),
    Entry("HT-", True, "how its own texts, targets and scores are written: it can write them better"),
    Entry("HM-", False, "quotas and comparisons over units: the council's to decide"),
    Entry("HM-03", True, "the share of excellent ratings in the unit alone"),
    Entry("CC-", False, "comparisons between units, sexes and ranks: signals for the council"),
    Entry("LP-", False, "signs of turn-taking: questions that the council asks when it has seen the evidence"),
    Entry("XH-", False, "places, gaps and firmness of ranks: comparisons with others"),
    Entry("XH-01", True, "its own scores that are missing"),
    Entry("XH-02", True, "its own score against its own figures"),
    Entry("XH-03", True, "its own scores without evidence"),
    Entry("XH-07", True, "its own criteria said not to have occurred"),
    Entry("KL-", False, "about the reviewed workbook"),
)


def told(finding: Finding) -> bool:
    """Whether the unit of a finding is told of it."""
    return bool(finding.unit) and entry_of(finding.code, finding.variant).told


@cache
def entry_of(code: str, variant: str) -> Entry:
    """The line of the table that decides on a variant; the tests show that every rule has one."""
    name = f"{code}.{variant}"
    return max((entry for entry in AUDIENCE if name.startswith(entry.begins)), key=lambda entry: len(entry.begins))
