"""The letters and minutes after the meeting: the same documents as before it, with what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.decisions.judging import Decision, Outcome, given
from pipeline.documents import DocumentFacts, Nominee, Votes, facts_of_run
from pipeline.documents.of_results import nominees_of
from pipeline.results import Results
from pipeline.workbook.nominated import Nominations, labels_of
from pipeline.workbook.voting import Tally

#: What the minutes name besides what is recognised or submitted.
_REFUSED = (Outcome.REFUSED, Outcome.RETURNED, Outcome.POSTPONED)


def decided_facts(
    results: Results, decisions: Sequence[Decision], awards: Mapping[str, Mapping[str, Any]]
) -> DocumentFacts:
    """What the documents say after the meeting; drafts still, as long as a nomination is undecided.

    Args:
        results: this year's run on the province folder.
        decisions: of the council.
        awards: titles and forms by code, as the technical sheet has them.
    """
    nominations = Nominations(results)
    before = facts_of_run(results, nominations)
    known = {(item.unit, item.code): nominee for nominee, item in nominees_of(results, *nominations.everything)}
    levels = labels_of(results, "CAP_QUYET_DINH")

    def told(decision: Decision) -> Nominee | None:
        """None for a nomination that the province folder no longer holds."""
        nominee = known.get((str(decision.facts["don_vi"]), str(decision.facts["ma_dn"])))
        if nominee is None:
            return None
        award = awards.get(decision.award, {})
        return replace(
            nominee,
            award=str(award.get("ten") or nominee.award),
            level=levels.get(str(award.get("cap") or ""), nominee.level),
            outcome=decision.outcome.value if decision.outcome else "",
            note="; ".join(text for text in (decision.new if decision.lowered else "", decision.reason) if text),
            votes=_votes(decision.tally) if decision.tally else nominee.votes,
            explains=False,
            unit_gate=False,
        )

    def listed(*outcomes: Outcome) -> tuple[Nominee, ...]:
        found = [told(d) for outcome in outcomes for d in given(decisions, outcome)]
        return tuple(nominee for nominee in found if nominee is not None)

    undecided = sum(d.outcome is Outcome.UNDECIDED for d in decisions)
    return replace(
        before,
        draft=bool(undecided),
        recognised=listed(Outcome.RECOGNISED),
        submitted=listed(Outcome.SUBMITTED),
        refused=listed(*_REFUSED),
        left_out=undecided,
    )


def _votes(tally: Tally) -> Votes:
    names = ("phat", "thu", "hop_le", "dong_y", "khong_dong_y", "khong_y_kien", "tong")
    counts = (tally.counts[name] for name in names)
    return Votes(*(None if count is None else int(count) for count in counts))
