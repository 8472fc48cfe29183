"""What a run, before the meeting, has to say in the documents: the nominations that nothing stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.checks.tallies import council_members
from pipeline.documents.facts import DocumentFacts, Letterhead, Meeting, Member, Nominee, Votes
from pipeline.results import Results
from pipeline.workbook.awards import Awards
from pipeline.workbook.book import stamp_of
from pipeline.workbook.decision_lists import OWN_LEVEL
from pipeline.workbook.nominated import LISTED, Nomination, Nominations, Part, labels_of
from pipeline.workbook.persons import staff_facts
from pipeline.workbook.print_list import UNKNOWN_LEVEL, Counts, PrintList, council_votes, note_of
from pipeline.workbook.series import frame_rows
from schemas.rules.sets import DOCUMENTS

#: How a document is cited in full.
_FULL = (("Luật TĐKT", "Luật Thi đua, khen thưởng số"), ("NĐ ", "Nghị định số "), ("TT ", "Thông tư số "))
_CHAIR, _SECRETARY = "CHU_TICH", "THU_KY"
#: The texts that a letter of this sector rests on; the ministry's circular is for other offices.
_NOT_CITED = ("TT 15/2025/TT-BNV", "TT 01/2024/TT-BNV")


def facts_of_run(results: Results, nominations: Nominations) -> DocumentFacts:
    """Put together what the documents of this run say; drafts, because the council has not met."""
    province = results.dataset.province
    period, levels = province.period, labels_of(results, "CAP_QUYET_DINH")
    printed = PrintList.of(nominations)
    nominees = nominees_of(results, printed.collectives, printed.persons)
    mine, higher = (
        tuple(n for n, item in nominees if (item.level == OWN_LEVEL) is own) for own in (True, False)
    )  # fmt: skip
    board = results.board
    head = Letterhead(
        period.superior, period.office, period.place, levels.get(OWN_LEVEL, ""), levels.get("TOI_CAO", "")
    )
    return DocumentFacts(
        letterhead=head,
        period=period.code,
        year=period.year,
        now=results.now,
        draft=True,
        mark=period.mark,
        recognised=mine,
        submitted=higher,
        left_out=sum(printed.stopped),
        units_sent=sum(state.counted is not None for state in board),
        units_expected=len(board),
        meeting=_meeting(results),
        sources=tuple(_sources(results)),
        stamp=stamp_of(results),
    )


def nominees_of(
    results: Results, collectives: Sequence[Nomination], persons: Sequence[Nomination]
) -> list[tuple[Nominee, Nomination]]:
    """What the documents say of each nomination, collectives first, in the given order."""
    awards, levels, votes = Awards(results), labels_of(results, "CAP_QUYET_DINH"), council_votes(results)
    units, staff = results.dataset.province.units, staff_facts(results)
    names, blocks = units["ten_don_vi"].to_dict(), units["khoi"].to_dict()
    found = []
    for items, collective in ((collectives, True), (persons, False)):
        for item in items:
            post = blocks.get(item.unit) if collective else staff.get((item.unit, item.person or ""), (None,) * 3)[2]
            found.append(
                (
                    Nominee(
                        collective,
                        item.name,
                        post or "",
                        str(names.get(item.unit, item.unit)),
                        awards.full(item.title, item.form),
                        levels.get(item.level or "", UNKNOWN_LEVEL),
                        item.achievement or "",
                        note_of(item) or "",
                        votes=_votes(votes.get((item.unit, item.code), {})),
                        explains=item.part in LISTED and item.explains,
                        unit_gate=item.part is Part.UNIT_GATE,
                    ),
                    item,
                )
            )
    return found


def _votes(counts: Counts) -> Votes:
    named = {"votes_for": "votes", "base": "members"}
    fields = ("issued", "returned", "valid", "votes_for", "against", "abstained", "base")
    return Votes(*(_whole(counts, named.get(name, name)) for name in fields))


def _whole(counts: Mapping[str, float | None], name: str) -> int | None:
    number = counts.get(name)
    return None if number is None else int(number)


def _meeting(results: Results) -> Meeting:
    rows = council_members(results.evidence)
    roles = labels_of(results, "VAI_TRO")
    told = list(frame_rows(rows, "ho_ten", "chuc_vu", "vai_tro")) if len(rows) else []
    members = tuple(Member(name, post or "", roles.get(role, role or "")) for name, post, role in told)
    return Meeting(
        results.dataset.province.period.council_day,
        members,
        _named(told, _CHAIR),
        _named(told, _SECRETARY),
    )


def _named(members: Sequence[tuple[str, str | None, str | None]], role: str) -> str:
    """Who has a role; nobody when two have it."""
    names = [name for name, _, held in members if held == role]
    return names[0] if len(names) == 1 else ""


def _sources(results: Results) -> list[str]:
    """Texts in force on the last day of the period; one whose dates were not read in itself says so."""
    last = results.dataset.province.period.last
    found = []
    for document in DOCUMENTS:
        begun = document.valid_from is not None and document.valid_from <= last
        if not begun or (document.valid_to and document.valid_to < last) or document.name in _NOT_CITED:
            continue
        name = document.name
        for short, full in _FULL:
            name = name.replace(short, full) if name.startswith(short) else name
        found.append(name if document.verified else f"{name} (cần xác minh trước khi ký)")
    return found
