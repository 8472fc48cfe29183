"""`xep-hang.csv`: units first, then people by title, for machines and for whoever wants to check.

The first eight columns are the same for both. `danh_hieu` is empty for units; `doi_tuong` is the code of the unit, or
of the person. Numbers have decimal points; a cell is empty where nothing is known, or where it has no meaning.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from pipeline.plain_csv import write_csv
from pipeline.ranking.nominee_listing import OWN
from pipeline.ranking.tables import Ranking

#: Begin every line. `diem`: percentage for units. `cach_biet`: percentage points to the next unit below.
COMMON = ("khoi", "danh_hieu", "doi_tuong", "hang", "hang_tot_nhat", "hang_xau_nhat", "diem", "cach_biet")
#: Column → column of `tables.Ranking.units`.
_UNITS = {
    "khoi": "block", "hang": "rank", "hang_tot_nhat": "best", "hang_xau_nhat": "worst", "diem": "percent",
    "cach_biet": "gap_below", "trang_thai": "status", "hang_tham_khao": "reference_rank", "tong_diem": "total",
    "diem_chuan": "possible", "diem_thuong": "bonus", "diem_tru": "deducted", "xep_nhom": "band",
    "nhom_sat_nhau": "close_group", "tach_o_buoc": "parted_by", "hang_uu_tien": "priority_rank",
    "hang_5": "draw_low", "hang_95": "draw_high", "giu_hang": "held", "vung": "firm",
    "bo_nhom": "left_out", "hang_bo_nhom": "left_out_rank", "dieu_doi_hang": "change", "ly_do": "reason",
}  # fmt: skip
#: Came later, so they stand at the end: out of how many `hang_tham_khao` is.
_LATER = {"so_don_vi_xep_hang": "reference_of"}
COLUMNS = (*COMMON, *(name for name in _UNITS if name not in COMMON), *OWN, *_LATER)
_DIGITS = 6


def unit_rows(ranking: Ranking) -> Iterator[dict[str, str]]:
    """One line a unit, in the order of `Ranking.units`."""
    table = ranking.units
    told = _UNITS | _LATER
    columns = [table[source].tolist() for source in told.values()]
    for unit, *values in zip(table.index, *columns, strict=True):
        yield {"doi_tuong": str(unit)} | {name: text(value) for name, value in zip(told, values, strict=True)}


def text(value: object) -> str:
    """Write one value for machines; empty where it is null."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return "" if math.isinf(value) else f"{round(value, _DIGITS) + 0.0:.{_DIGITS}f}".rstrip("0").rstrip(".")
    return str(value).replace("\n", " ")


def write_ranking(file: BinaryIO, ranking: Ranking, people: Iterable[Mapping[str, str]] = ()) -> None:
    """Write `xep-hang.csv`.

    Args:
        file: open for writing.
        ranking: the units.
        people: lines of people by title, with any of `COLUMNS`; they stand after the units.
    """
    rows = (row for rows in (unit_rows(ranking), people) for row in rows)
    write_csv(file, COLUMNS, ([row.get(name, "") for name in COLUMNS] for row in rows))
