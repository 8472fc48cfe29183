"""The one workbook on which the council decides.

Contract: `write_workbook` turns `Results` into `tong-hop.xlsx`; equal results give equal bytes. Nothing is
computed here that a check or a ranking should know: sheets arrange, count and link what the run found.

To add a sheet, write one module with `PLAN = SheetPlan(name, group, title, question)` and
`write(page, results)`, and put it into `SHEETS`; contents, back link, tab colour, protection and print set-up
follow. A sheet that counts rows of other sheets says `late=True` and finds their tables in
`page.book.tables`.
Links name what they lead to (`Cell(text, link=("unit", "P1"))`), and sheets say what they hold
(`page.anchor("unit", "P1", row)`), in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pipeline.last_run import Before
from pipeline.results import Results
from pipeline.workbook import (
    annexes,
    article_sheet,
    ballot_paper,
    breakthrough_sheet,
    collectives,
    comparison,
    configuration,
    coordination_sheet,
    council_meeting,
    council_votes,
    cover,
    data_sheets,
    decision_lists,
    decision_sheet,
    dictionary,
    eligibility,
    exemplars_sheet,
    finding_list,
    firmness_sheet,
    formalism_sheet,
    heads_sheet,
    letter_figures,
    meetings,
    movements_sheet,
    nominees_sheet,
    overview,
    papers,
    persons,
    principles_sheet,
    quotas_sheet,
    ranking_sheet,
    ratings_sheet,
    reading_guide,
    receipt_log,
    rotation_grid,
    rotation_pairs,
    rotation_sheet,
    scores_sheet,
    statistics_forms,
    structure,
    submission_board,
    tally_minutes,
    totals,
    unit_pages,
    votes_sheet,
)
from pipeline.workbook.book import Book
from pipeline.workbook.carried import Carried
from pipeline.workbook.page import Page
from pipeline.workbook.plan import SheetModule

#: Every sheet, in the order of the tabs. This is all that one edits to add a sheet.
SHEETS: tuple[SheetModule, ...] = (
    cover,
    overview,
    decision_sheet,
    submission_board,
    finding_list,
    principles_sheet,
    ranking_sheet,
    firmness_sheet,
    scores_sheet,
    totals,
    collectives,
    persons,
    nominees_sheet,
    council_votes,
    council_meeting,
    decision_lists.RECOGNISED,
    decision_lists.SUBMITTED,
    eligibility,
    rotation_sheet,
    rotation_grid,
    rotation_pairs,
    quotas_sheet,
    structure,
    heads_sheet,
    movements_sheet,
    exemplars_sheet,
    breakthrough_sheet,
    coordination_sheet,
    formalism_sheet,
    ratings_sheet,
    papers,
    meetings,
    votes_sheet,
    annexes.COLLECTIVES,
    annexes.PERSONS,
    ballot_paper,
    tally_minutes,
    letter_figures,
    statistics_forms,
    *data_sheets.SHEETS,
    receipt_log,
    comparison,
    configuration,
    dictionary,
    reading_guide,
    article_sheet,
)
#: Before this sheet stand the pages of the units (`unit_pages`), when the workbook holds them.
FIRST_AFTER_UNITS: SheetModule = data_sheets.SHEETS[0]


def write_workbook(
    target: Path | BinaryIO,
    results: Results,
    *,
    trace: Callable[[str], None] = lambda _: None,
    shared: Mapping[object, object] | None = None,
    carried: Carried | None = None,
    before: Before | None = None,
) -> None:
    """Write the workbook; a path is replaced at once when the workbook is complete.

    Args:
        target: where to write.
        results: the run.
        trace: called with the name of each sheet before it is written.
        shared: what was already made of these results, by what made it (`Page.book.shared`).
        carried: what the council wrote into an earlier workbook; it is told what found its place.
        before: what the run before this one found.
    """
    if not isinstance(target, Path):
        _write(target, results, trace, shared, carried, before)
        return
    buffer = BytesIO()
    _write(buffer, results, trace, shared, carried, before)
    part = target.with_name(target.name + ".part")
    part.write_bytes(buffer.getvalue())
    part.replace(target)


def _write(
    stream: BinaryIO,
    results: Results,
    trace: Callable[[str], None],
    shared: Mapping[object, object] | None,
    carried: Carried | None,
    before: Before | None,
) -> None:
    book = Book(stream, results, trace, shared, carried, before)
    waiting: list[tuple[SheetModule, Page]] = []
    unit_pages.reserve(book)
    for module in SHEETS:
        if module is FIRST_AFTER_UNITS:
            unit_pages.write_inside(book, trace)
        page = book.page(module.PLAN)
        if module.PLAN.late:
            waiting.append((module, page))
        else:
            trace(page.name)
            module.write(page, results)
    for module, page in reversed(waiting):  # the cover last: it lists all that was written
        trace(page.name)
        module.write(page, results)
    book.close()
