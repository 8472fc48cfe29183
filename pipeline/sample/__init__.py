"""A whole fictional province to try the product on: what `tdkt sample` makes.

Contract: `make_province(folder)` writes `cau-hinh.xlsx`, `lich-su.xlsx`, `hop-thu/` with the files that units
sent and the receipt log `so-nhan.csv`, and the answer key `dap-an.csv`. Same arguments, same bytes. Nobody in
it exists: the province is called tỉnh Mẫu and every middle name is Giả, Mẫu, Thử or Ví.

The default province has 16 units. What lies in its data is told in `pipeline.sample.stories`, what is wrong
with the files in `pipeline.sample.planting`; the answer key lists, cell by cell, the findings V-*, HS-02 and
QT-03 that a run must make, and no others. Other numbers of units, or `planted=False`, give a province without
any slip.
"""

from __future__ import annotations

import os
from pathlib import Path

# openpyxl writes other bytes where lxml happens to be installed; the sample is the same on every machine.
os.environ.setdefault("OPENPYXL_LXML", "False")

__all__ = ["make_province"]


def make_province(
    target: Path, units: int = 16, years: int = 8, seed: int = 2026, planted: bool = True, *, staff: int = 0
) -> None:
    """Make the folder of a fictional province; see `pipeline.sample.making`, which is imported only now."""
    from pipeline.sample.making import make_province as make  # noqa: PLC0415 - heavy

    make(target, units, years, seed, planted, staff=staff)
