"""Who reads and validates a folder of unit files, each in a process of its own (`python -m …contenders`).

All do as much of our work as they can: every sheet of every file, types and the checks of single cells. (We also find
moved rows and columns, say each error at its cell in words, check between sheets and account for every cell.)
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.intake import Received, collect
from pipeline.province import Province, load_province
from schemas.columns import FIRST_ENTRY_ROW, HEADING_ROW, Column, Sheet
from schemas.sheets import UNIT_TEMPLATE

Work = Callable[[], object]
TABLES = tuple(sheet for sheet in UNIT_TEMPLATE.sheets if not sheet.form)


def _ours(items: Sequence[Received], province: Province, workers: int, kept: bool = False) -> Work:
    from pipeline.batches import Desk, Shelf, read_all  # noqa: PLC0415 - its import belongs to its own process

    if not kept:
        return lambda: read_all(items, province, desk=Desk(workers=workers, many=1 if workers > 1 else sys.maxsize))
    place = Path(tempfile.mkdtemp(prefix="tdkt-bench-"))
    desk = Desk(workers=workers, many=1, cache=lambda terms, program: Shelf(place, terms, program))
    read_all(items, province, desk=desk)
    return lambda: read_all(items, province, desk=desk)


def _calamine(items: Sequence[Received], _: Province) -> Work:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    def read(item: Received) -> None:
        with CalamineWorkbook.from_filelike(io.BytesIO(item.content)) as book:
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python(skip_empty_area=False)

    return lambda: [read(item) for item in items]


def _pandas(items: Sequence[Received], province: Province) -> Work:
    from tests.benchmarks.reading import pandas_openpyxl  # noqa: PLC0415

    return lambda: [pandas_openpyxl(item, province) for item in items]


def _limits(column: Column, province: Province) -> Iterator[tuple[str, Any]]:
    """Checks of a column that all validators know, as (kind, value)."""
    if column.required:
        yield "required", True
    if column.vocabulary:
        yield "choices", list(province.lists.labels[column.vocabulary].values())
    elif column.kind.numeric:
        yield "numbers", (column.low, column.high)
    elif not column.kind.temporal:
        yield "length", column.max_length


def _frictionless(items: Sequence[Received], province: Province) -> Work:
    from frictionless import Dialect, Resource, Schema, formats  # noqa: PLC0415

    def field(column: Column) -> dict[str, Any]:
        rules: dict[str, Any] = {}
        for kind, value in _limits(column, province):
            if kind == "numbers":
                rules |= {name: n for name, n in zip(("minimum", "maximum"), value, strict=True) if n is not None}
            else:
                rules[{"required": "required", "choices": "enum", "length": "maxLength"}[kind]] = value
        kind = "number" if column.kind.numeric else "date" if column.kind.temporal else "string"
        return {"name": column.heading + column.mark, "type": kind, "constraints": rules}

    schemas = {
        sheet.code: Schema.from_descriptor({"fields": [{"name": "STT", "type": "any"}, *map(field, sheet)]})
        for sheet in TABLES
    }

    def check(path: str) -> None:
        for code, schema in schemas.items():
            dialect = Dialect(header_rows=[HEADING_ROW], controls=[formats.ExcelControl(sheet=code)])
            Resource(path=path, dialect=dialect, schema=schema.to_copy()).validate()

    folder = Path(tempfile.mkdtemp(prefix="tdkt-bench-"))
    names = []
    for number, item in enumerate(items):
        names.append(f"{number}.xlsx")
        (folder / names[-1]).write_bytes(item.content)
    os.chdir(folder)  # it trusts only paths below the working folder
    return lambda: [check(name) for name in names]


def _great_expectations(items: Sequence[Received], province: Province) -> Work:
    import great_expectations as gx  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("files")
    expect = gx.expectations

    def suite(sheet: Sheet) -> Any:
        made = gx.ExpectationSuite(name=sheet.code)
        for column in sheet:
            for kind, value in _limits(column, province):
                at = {"column": column.name}
                if kind == "required":
                    made.add_expectation(expect.ExpectColumnValuesToNotBeNull(**at))
                elif kind == "choices":
                    made.add_expectation(expect.ExpectColumnValuesToBeInSet(**at, value_set=value))
                elif kind == "numbers" and value != (None, None):
                    made.add_expectation(
                        expect.ExpectColumnValuesToBeBetween(**at, min_value=value[0], max_value=value[1])
                    )
                elif kind == "length":
                    made.add_expectation(expect.ExpectColumnValueLengthsToBeBetween(**at, max_value=value))
        return made

    suites = {sheet.code: suite(sheet) for sheet in TABLES}
    batches = {
        code: source.add_dataframe_asset(name=code).add_batch_definition_whole_dataframe("all") for code in suites
    }

    def check(item: Received) -> None:
        for sheet in TABLES:
            frame = pd.read_excel(
                io.BytesIO(item.content), sheet_name=sheet.code, header=HEADING_ROW - 1, engine="calamine", dtype=object
            ).iloc[FIRST_ENTRY_ROW - HEADING_ROW - 1 :, 1 : len(sheet.columns) + 1]
            frame = frame.set_axis([column.name for column in sheet], axis=1)
            batches[sheet.code].get_batch({"dataframe": frame}).validate(suites[sheet.code])

    return lambda: [check(item) for item in items]


#: Name → how its work is prepared. What is not installed (extra `[bench]`) is left out, and said.
CONTENDERS: dict[str, Callable[[Sequence[Received], Province], Work]] = {
    "bare calamine": _calamine,
    "ours, 1 process": lambda items, province: _ours(items, province, 1),
    "ours, 2 workers": lambda items, province: _ours(items, province, 2),
    "ours, all kept": lambda items, province: _ours(items, province, 1, kept=True),
    "pandas+openpyxl+pandera": _pandas,
    "frictionless": _frictionless,
    "great_expectations (calamine)": _great_expectations,
}
NEEDS = {"frictionless": "frictionless", "great_expectations (calamine)": "great_expectations"}


def missing(name: str) -> bool:
    """Whether what a contender needs is not installed."""
    return name in NEEDS and importlib.util.find_spec(NEEDS[name]) is None


def main() -> None:
    """Measure one contender on the first files of a folder; prints one line of JSON, seconds and MB."""
    name, folder, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    warnings.simplefilter("ignore")  # theirs are not ours to mend
    province, items = load_province(folder), collect(folder / "hop-thu").items[:count]
    work = CONTENDERS[name](items, province)
    before, start = os.times(), time.perf_counter()
    work()
    wall, after = time.perf_counter() - start, os.times()
    used = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({
        "wall": wall,
        "own": after.user + after.system - before.user - before.system,
        "workers": after.children_user + after.children_system - before.children_user - before.children_system,
        "peak": max(used),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
