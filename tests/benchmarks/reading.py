"""Bars on reading, parsing and validating one more unit file, against readers that do less or the same.

The files are filled templates of 40 people with 8 years of history, as the sample province makes them. What one
more file costs is the difference between a full and a half batch, so that what a run pays once (pandera builds
and copies its models for each batch) is in neither side.
"""

from __future__ import annotations

import gc
import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pandera.errors
from python_calamine import CalamineWorkbook

from pipeline.batches import Desk, read_all
from pipeline.intake import Received, collect
from pipeline.province import Province, load_province
from pipeline.sample import make_province
from schemas.columns import FIRST_ENTRY_ROW, HEADING_ROW, Sheet
from schemas.frames import FILE, derive, dtype_of, model
from schemas.sheets import UNIT_TEMPLATE
from tests.benchmarks.table import Line, cpu

CALAMINE_BAR, PANDAS_BAR = 2.0, 15.0
TRIES = 3
#: Files that the slow baseline reads.
SLOW_FILES = 2
#: Workers would do some of the work where `cpu` does not see it.
HERE = Desk(workers=1)


def lines(place: Path, files: int, slack: float = 1.0) -> list[Line]:
    """Return both bars.

    `slack` widens the bar against calamine for a short run: on a shared machine 60 files scatter by a tenth.
    """
    folder = place / "reading"
    make_province(folder, files, planted=False, staff=40)
    province, items = load_province(folder), collect(folder / "hop-thu").items
    gc.collect()
    gc.disable()  # as consolidate does while it reads
    ours, bare = _per_file(items, province)
    slow = cpu(lambda: [pandas_openpyxl(item, province) for item in items[:SLOW_FILES]]) / SLOW_FILES
    gc.enable()
    return [
        Line("read+parse+validate, one more file", ours * 1e3, "ms", "bare calamine, same file", bare * 1e3,
             f"<= {CALAMINE_BAR:g} x", ours <= CALAMINE_BAR * slack * bare),
        Line("the same work", ours * 1e3, "ms", "pandas+openpyxl+pandera per sheet", slow * 1e3,
             f">= {PANDAS_BAR:g} x faster", slow >= PANDAS_BAR * ours),
    ]  # fmt: skip


def _per_file(items: Sequence[Received], province: Province, runs: int = 6) -> tuple[float, float]:
    """CPU seconds that one more file costs us and bare calamine.

    Everything is measured in turn, and each of the three times is the least of its runs: other work on the machine
    only ever adds. When the bar is missed, more runs of all three are pooled; none is picked for its ratio.
    """
    half = items[: len(items) // 2]
    whole, part, bare = [], [], []
    for _ in range(TRIES):
        for _ in range(runs):
            whole.append(cpu(lambda: _ours(items, province)))
            bare.append(cpu(lambda: [_bare(item) for item in items]))
            part.append(cpu(lambda: _ours(half, province)))
        ours, theirs = (min(whole) - min(part)) / (len(items) - len(half)), min(bare) / len(items)
        if ours <= CALAMINE_BAR * theirs:
            break
    return ours, theirs


def _ours(items: Sequence[Received], province: Province) -> None:
    if any(opening.opened is None for opening in read_all(items, province, desk=HERE).openings):
        raise RuntimeError("a benchmark file was refused")


def _bare(item: Received) -> None:
    with CalamineWorkbook.from_filelike(io.BytesIO(item.content)) as book:
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def pandas_openpyxl(item: Received, province: Province) -> None:
    """Do it the ordinary way: each sheet read by openpyxl into a frame and validated on its own."""
    for sheet in UNIT_TEMPLATE.sheets:
        if sheet.form:
            continue
        frame = pd.read_excel(
            io.BytesIO(item.content), sheet_name=sheet.code, header=HEADING_ROW - 1, engine="openpyxl", dtype=object
        ).iloc[FIRST_ENTRY_ROW - HEADING_ROW - 1 :, 1 : len(sheet.columns) + 1]
        _validate_one(frame, sheet, province)


def _validate_one(frame: pd.DataFrame, sheet: Sheet, province: Province) -> None:
    frame = frame.set_axis([column.name for column in sheet], axis=1)
    for column in sheet:
        if column.kind.temporal:
            frame[column.name] = pd.to_datetime(frame[column.name], errors="coerce").astype("datetime64[us]")
        elif column.kind.numeric:
            frame[column.name] = pd.to_numeric(frame[column.name], errors="coerce").astype("float64")
        else:
            known = province.lists.readings.get(column.vocabulary or "", {})
            frame[column.name] = frame[column.name].map(lambda v, k=known: k.get(v, v)).astype(dtype_of(column))
    frame[FILE] = pd.Series(0, index=frame.index, dtype="int64")
    try:
        model(sheet, province.lists, province.windows).validate(derive(sheet, frame), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        len(errors.failure_cases)
