"""A unit's template as its clerk would have filled it, without any slip."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pipeline.sample.case import Case, Pages
from pipeline.sample.record import Record, best_units
from pipeline.sample.review_pages import (
    ballots_page,
    chain_of,
    dossiers_page,
    initiatives_page,
    nominate,
    nominations_page,
    reasons_page,
    settle_head,
)
from pipeline.sample.shape import PERIOD, PERIOD_END, PERIOD_START, SEASON_END, SUBMIT_TO, Unit
from pipeline.sample.staff_pages import events_page, history_page, staff_page, unit_page
from pipeline.sample.stories import CHAINS, FORGED_DATES, LEVELLED, LOW_COLLECTIVE, NEAR_THRESHOLD, QUEUED, WITHOUT_FILE
from pipeline.sample.work_pages import activities_page, exemplars_page, self_score, targets_page
from pipeline.template import Contents, write_book
from schemas.columns import BookSpec, Identity
from schemas.province.defaults import province_lists
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import MARKS, Lists


def lists_of(record: Record) -> Lists:
    """Every drop-down list of the sample province."""
    return Lists.of(province_lists(record.shape.unit_list, record.shape.block_list))


def cases(record: Record, lists: Lists, planted: bool) -> list[Case]:
    """Return what each active unit has to report, in the order of the units."""
    barred = (LOW_COLLECTIVE, *LEVELLED, *CHAINS, *WITHOUT_FILE) if planted else ()
    best = set(best_units(record.present, barred))
    found = []
    for unit in record.shape.active:
        rows = record.present[unit.code]
        subjects = [unit.code, *(r.person.code for r in rows)]
        found.append(
            Case(
                unit,
                rows,
                {s: record.by_subject[s] for s in subjects if s in record.by_subject},
                lists,
                record.seed,
                excellent=unit.code in best,
                low=planted and unit.code == LOW_COLLECTIVE,
                forged=planted and unit.code == FORGED_DATES,
                near_threshold=planted and unit.code == NEAR_THRESHOLD,
                level=planted and unit.code in LEVELLED,
                heads_first=unit.code in best or (planted and unit.code in (LOW_COLLECTIVE, QUEUED)),
                broken_chain=rows[CHAINS[unit.code]].person.code if planted and unit.code in CHAINS else "",
                moved_from={row.person.code: old for row, old in record.arrivals.get(unit.code, ())},
            )
        )
    return found


def pages_of(case: Case) -> Pages:
    """Fill every page of a unit's template; the pages agree with one another."""
    settle_head(case)
    chains = chain_of(case)
    initiatives = initiatives_page(case, {r.person.code for r in chains})
    lines = nominate(case, initiatives, chains)
    targets = targets_page(case)
    unit = unit_page(case, self_score(targets))
    return {
        "DON_VI": unit,
        "NHAN_SU": staff_page(case),
        "BIEN_DONG": events_page(case),
        "DE_NGHI": nominations_page(case, lines),
        "PHIEU": ballots_page(case, lines),
        "CHI_TIEU": targets,
        "HOAT_DONG": activities_page(case),
        "DIEN_HINH": exemplars_page(case),
        "SANG_KIEN": initiatives,
        "HO_SO": dossiers_page(case, lines, unit[0]),
        "LICH_SU": history_page(case),
        "GIAI_TRINH": reasons_page(case),
    }


@dataclass(frozen=True, slots=True)
class Times:
    """When a file was last saved and sent."""

    saved: dt.datetime
    sent: dt.datetime


def times_of(case: Case) -> Times:
    """Saved in the afternoon on which the letter was signed, sent the same day, before the deadline."""
    rng = random.Random(f"times|{case.seed}|{case.unit.code}")
    day = case.minutes if case.forged else case.letter
    saved = dt.datetime.combine(day, dt.time(14, rng.randint(0, 59)))
    return Times(saved, saved + dt.timedelta(minutes=rng.randint(35, 150)))


def identity_of(unit: Unit, spec: BookSpec = UNIT_TEMPLATE, period: str = PERIOD) -> Identity:
    """For whom a template was made."""
    dates = (PERIOD_START, PERIOD_END, SEASON_END) if period == PERIOD else None
    return Identity(unit.code, unit.name, period, spec.code, spec.version, dates)


def write_unit(
    target: Path,
    unit: Unit,
    lists: Lists,
    pages: Pages,
    saved: dt.datetime,
    *,
    spec: BookSpec = UNIT_TEMPLATE,
    period: str = PERIOD,
) -> None:
    """Write the real template of a unit with these pages."""
    write_book(
        target,
        spec,
        lists,
        identity_of(unit, spec, period),
        cast(Contents, pages),
        created=saved,
        deadline=unit.deadline,
        submit_to=SUBMIT_TO,
        self_check=True,
        mark=MARKS["CO"],
    )
