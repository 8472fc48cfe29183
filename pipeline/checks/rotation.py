"""Turn-taking itself: LP-01. A question to the council, no verdict.

It reads the series of `pipeline.rotation`, made and judged once a run. What goes with it stands in `passed_over` and
`turn_patterns`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.evidence import Evidence
from pipeline.rotation.judging import Judgement
from pipeline.rotation.levels import CLEAR, LOOK, SIGNS, UNKNOWN
from pipeline.rotation.of_province import rotation_of
from pipeline.rotation.series import LEAST_YEARS
from pipeline.rotation.told import PERSONS, UNITS, Told
from pipeline.rotation.wording import below_merit, explanation, nouns_of

LADDER, BASE = "CSTDCS", "LDTT"  #: the title that higher ones rest on, and the one that all rest on
Pair = tuple[Told, Judgement]


def title_words(case: Evidence, told: Told) -> str:
    """How people call what a series is about."""
    title = told.series.title
    return str(case.titles["name"].get(title, "")) or case.label("XEP_LOAI", title)


def explained(case: Evidence, told: Told, judgement: Judgement) -> str:
    """The whole explanation of a series."""
    place = told.series.unit if told.kind == UNITS else str(case.units["name"].get(told.unit, told.unit))
    said = explanation(judgement, place, title_words(case, told), nouns_of(told.kind), present=told.present_year)
    head = str(case.forms["head"].get(told.unit, ""))
    proposed = told.series.won[-1] if told.present_year else ()
    chosen = {person for person, won in zip(told.series.persons, proposed, strict=False) if won}
    if judgement.level in SIGNS and head in chosen:
        said += "\nNgười được đề nghị năm nay là người đứng đầu đơn vị: nên hỏi cả người khác; xem ND-01, ND-04."
    return said


def turns(case: Evidence) -> Checked:
    """What stands out as taking turns, with its explanation; what could not be tested."""
    ledger = Ledger(case, "LP-01", "")
    pairs = list(rotation_of(case))
    tested = [f"{told.series.unit} {told.series.title}" for told, judgement in pairs if judgement.reading]
    ledger.counted(tested)
    for told, judgement in pairs:  # over what there is to say, series by series
        if judgement.level in (CLEAR, LOOK):
            words = explained(case, told, judgement).replace("\n", " ").rstrip(".")
            ledger.of_unit(_variant(judgement), told.unit, _subject(case, told), giai_thich=words)
    for unit, why in _untested(case, pairs):
        ledger.of_unit("not_judged", unit, con_thieu=why)
    return ledger.close()


def _subject(case: Evidence, told: Told) -> str:
    return f"{told.series.unit}: {title_words(case, told)}" if told.kind == UNITS else title_words(case, told)


def _variant(judgement: Judgement) -> str:
    if judgement.level == CLEAR:
        return "clear"
    return "merit" if below_merit(judgement) else "look"


def _untested(case: Evidence, pairs: Iterable[Pair]) -> Iterator[tuple[str, str]]:
    """Unit and which of its series say nothing for want of data, once a unit; "" for the province."""
    roster = case.past("NHAN_SU_NAM")
    if roster is None or roster.empty:
        yield "", "chưa có danh sách người các năm trước (NHAN_SU_NAM)"
        return
    found: dict[str, list[str]] = {}
    for told, judgement in pairs:
        if judgement.level == UNKNOWN and _wants_data(told, judgement):
            found.setdefault(told.unit, []).append(title_words(case, told))
    for unit, titles in found.items():
        yield unit, f"{', '.join(titles)}: số năm, số suất còn ít, một phép thử trung thực chưa thể nói gì"
    silent = [str(unit) for unit in case.units.index if unit not in {told.unit for told, _ in pairs}]
    for unit in silent:
        yield unit, "không có danh sách người, kết quả các năm"


def _wants_data(told: Told, judgement: Judgement) -> bool:
    """Whether more years would help: not for a title that nearly everybody eligible gets."""
    own = int((~told.carried).sum())
    ladder = told.kind == PERSONS and told.series.title == LADDER
    return told.series.title != BASE and (judgement.reading is not None or own < LEAST_YEARS or ladder)


CHECKS = (Check("LP-01", turns, province=True),)
