"""The bar on the ranking: 1,000 units in 50 blocks, with all that tells how sure it is, within 3 s on 2 cores."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time

import numpy as np
import pandas as pd

from pipeline.dataset import UNIT, Dataset
from pipeline.evidence import Evidence
from pipeline.intake import TimeSource
from pipeline.ranking.of_province import ranking_of
from pipeline.submissions import FileRecord, Outcome
from schemas.province.defaults import SCORE_TABLE
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import VOCABULARIES
from tests.benchmarks.table import Line
from tests.casework import Case, form, typed, unit_row

#: Seconds, for any number of units up to that.
BAR, UNITS, IN_BLOCK = 3.0, 1_000, 20
_WHEN = dt.datetime(2026, 11, 13, 9, 0)


def line(units: int = UNITS, slack: float = 1.0) -> Line:
    """Rank a province, against reading one column of scores by the same steps of pandas, unit by unit."""
    case = province(units)
    ranking_of(province(IN_BLOCK))  # what is imported and cached on the first call
    for table in ("units", "forms", "staff", "events"):
        getattr(case, table)
    start = time.process_time()
    ranking = ranking_of(case)
    ours = time.process_time() - start
    assert ranking.units["ranked"].all() and len(ranking.blocks) == units // IN_BLOCK
    bar = slack * BAR * units / UNITS
    return Line(
        f"{units:,} units in {units // IN_BLOCK} blocks ranked, {ranking.settings.draws:,} draws", ours, "s",
        "their totals unit by unit in pandas", _plainly(ranking.criteria), f"<= {bar:g} s", ours <= bar,
    )  # fmt: skip


def _plainly(criteria: pd.DataFrame) -> float:
    """Seconds that the totals alone take when each unit is a frame of its own."""
    start = time.process_time()
    for _, rows in criteria.groupby("unit"):
        100 * rows["official"].sum() / rows["most"].sum()
    return time.process_time() - start


def province(units: int, seed: int = 5) -> Evidence:
    """Units with random results on the example of a score table, without any other sheet."""
    rng = np.random.default_rng(seed)
    codes = [f"D{n:04}" for n in range(units)]
    table = [_coded(row) for row in SCORE_TABLE]
    rows = [unit_row(code, khoi=f"Khối {n // IN_BLOCK:02}") for n, code in enumerate(codes)]
    small = Case(configured={"DON_VI": rows, "BANG_DIEM": table})
    results = rng.normal(0.97, 0.05, (units, len(table)))
    targets = [
        {
            "ma_ct": f"CT{n:02}", "ma_tieu_chi": row["ma"], "loai": "THUONG_XUYEN", "chieu": row["chieu"],
            "chi_tieu": 100.0, "thuc_hien": 100 * float(results[unit, n]),
            "diem_tu_cham": float(row["diem_chuan"]), "minh_chung": "BC 1" if rng.random() < 0.9 else None,
        }
        for unit in range(units)
        for n, row in enumerate(table)
    ]  # fmt: skip
    for target in targets:
        if target["chieu"] in ("CO_KHONG", "THEO_MUC"):
            target["thuc_hien"] = float(target["thuc_hien"] > 95)
    frames = {sheet.code: typed(sheet, ()).assign(**{UNIT: pd.Series(dtype="str")}) for sheet in UNIT_TEMPLATE.sheets}
    frames |= {code: frame for code, frame in small.data.frames.items() if code not in ("CHI_TIEU", "DON_VI")}
    frames["CHI_TIEU"] = typed(UNIT_TEMPLATE.by_code["CHI_TIEU"], targets).assign(
        **{UNIT: np.repeat(codes, len(table))}
    )
    frames["DON_VI"] = typed(UNIT_TEMPLATE.by_code["DON_VI"], [form(code) for code in codes], 10**6).assign(
        **{UNIT: codes}
    )
    records = []
    for number, code in enumerate(codes):
        record = FileRecord(number, f"{code}.xlsx", f"{number:064x}", 1000, _WHEN, _WHEN, TimeSource.LOG, None)
        record.unit, record.outcome = code, Outcome.COUNTED
        records.append(record)
    data: Dataset = dataclasses.replace(small.data, frames=frames, records=tuple(records))
    return Evidence(data, small.rules)


def _coded(row: dict[str, object]) -> dict[str, object]:
    known = {entry.label: entry.code for entry in VOCABULARIES["CHIEU"]}
    return {**row, "chieu": known[str(row["chieu"])]}
