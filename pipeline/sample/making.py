"""One fictional province folder, from nothing to the last byte."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.sample.books import write_books
from pipeline.sample.case import Case
from pipeline.sample.inbox import Inbox, unit_path
from pipeline.sample.planting import plant
from pipeline.sample.record import live
from pipeline.sample.shape import DEFAULT_SEED, DEFAULT_UNITS, DEFAULT_YEARS, shape_of
from pipeline.sample.unit_file import cases, lists_of, pages_of, times_of, write_unit
from schemas.vocabularies import Lists

#: From this many units on, files are written by several processes.
_MANY_UNITS = 100
_BATCH = 8

_shared: Lists | None = None


def make_province(
    target: Path,
    units: int = DEFAULT_UNITS,
    years: int = DEFAULT_YEARS,
    seed: int = DEFAULT_SEED,
    planted: bool = True,
    *,
    staff: int = 0,
) -> None:
    """Make the folder of a fictional province; the same arguments give the same bytes.

    Args:
        target: the province folder; made if missing, files of the same name are replaced.
        units: active units; 16 is the default province, other numbers scale its scheme.
        years: past years of history.
        seed: another seed, another province.
        planted: whether stories and oddities are planted; only the default 16 units can carry them.
        staff: average number of people of a unit; 0 gives 7 to 14.
    """
    planted = planted and units == DEFAULT_UNITS
    record = live(shape_of(units), years, seed, staff, planted)
    lists = lists_of(record)
    found = cases(record, lists, planted)
    inbox = Inbox(target, lists, {case.unit.code: case for case in found}, seed)
    target.mkdir(parents=True, exist_ok=True)
    if len(found) > _MANY_UNITS:
        _send_many(inbox, found, lambda: write_books(target, record, lists, found))
    else:
        if planted:
            plant(inbox)
        else:
            for case in found:
                inbox.clean(case.unit.code)
        write_books(target, record, lists, found)
    inbox.close()


def _send_many(inbox: Inbox, found: Sequence[Case], meanwhile: Callable[[], None]) -> None:
    """Write the clean file of every unit in other processes, doing something else here meanwhile."""
    places = [inbox.path(unit_path(case.unit.code)) for case in found]
    for case in found:
        inbox.send(unit_path(case.unit.code), times_of(case).sent)
    # The lists go once to each process, not with each unit.
    bare = [replace(case, lists=Lists({})) for case in found]
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(
        mp_context=context, initializer=_share, initargs=(inbox.lists,)
    ) as pool:
        written = pool.map(_write_one, bare, places, chunksize=_BATCH)
        meanwhile()
        for _ in written:
            pass


def _share(lists: Lists) -> None:
    global _shared  # noqa: PLW0603 - set once in each worker process
    _shared = lists


def _write_one(case: Case, place: Path) -> None:
    assert _shared is not None
    case.lists = _shared
    write_unit(place, case.unit, _shared, pages_of(case), times_of(case).saved)
