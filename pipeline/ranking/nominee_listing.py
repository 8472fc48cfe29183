"""Rows of `xep-hang.csv` on people and collectives inside each title. Persons stand by their code, without names."""

from __future__ import annotations

import math

import pandas as pd

from pipeline.checks.quotas import BLOCK, PROVINCE
from pipeline.ranking.nominees import NomineeOrder

#: Columns that only nominees have. Places over several units (`…_gop_…`) hold only if the council pools the quota.
OWN = (
    "loai", "don_vi", "pham_vi", "ma_de_nghi", "dieu_kien", "tach_boi", "hang_gop_khoi", "hang_gop_tinh",
)  # fmt: skip
_DIGITS = 6


def nominee_rows(order: NomineeOrder) -> list[dict[str, str]]:
    """One row a nominee, values as text with decimal points, empty where there is none.

    `hang` and its interval are those of `pham_vi` (DON_VI for persons, KHOI for collectives); `diem` is the declared
    score, `cach_biet` its distance to the next place below in that scope (negative where an earlier component parts
    them), empty where either is not known or nobody is below; `tach_boi` the component that parts them. Order: by
    title, block, unit, place, code.
    """
    table = order.table
    home = {name: order.at_home(name) for name in ("rank", "best", "worst", "below", "parted_below")}
    neighbour = home["below"].where(home["below"] >= 0)
    gap = table["score"] - neighbour.map(table["score"])
    wide = {level: table[f"rank_{level}"] for level in (BLOCK, PROVINCE)}
    listed = pd.DataFrame(
        {
            "khoi": table["block"], "danh_hieu": table["award"], "doi_tuong": table["holder"], "hang": home["rank"],
            "hang_tot_nhat": home["best"], "hang_xau_nhat": home["worst"], "diem": table["score"], "cach_biet": gap,
            "loai": table["kind"], "don_vi": table["unit"], "pham_vi": table["home"], "ma_de_nghi": table["code"],
            "dieu_kien": table["standing"], "tach_boi": home["parted_below"],
            "hang_gop_khoi": wide[BLOCK].where(table["home"] != BLOCK), "hang_gop_tinh": wide[PROVINCE],
        }
    )  # fmt: skip
    listed = listed.sort_values(["danh_hieu", "loai", "khoi", "don_vi", "hang", "ma_de_nghi"], kind="stable")
    return [{name: _text(value) for name, value in row.items()} for row in listed.to_dict("records")]


def _text(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{round(value, _DIGITS):.{_DIGITS}f}".rstrip("0").rstrip(".")
    return str(value)
