"""The catalogue of titles and forms by code."""

from __future__ import annotations

import pandas as pd

from pipeline.province import Province
from schemas.province.defaults import TITLES
from schemas.vocabularies import VOCABULARIES


def titles_of(province: Province) -> pd.DataFrame:
    """DANH_HIEU by code; the product's own catalogue where the configuration names no code (`tdkt check`)."""
    rows = province.configuration.frames.get("DANH_HIEU")
    if rows is None or rows["ma"].isna().all():
        rows = _shipped()
    rows = rows[rows["ma"].notna()].drop_duplicates("ma").set_index("ma")
    return pd.DataFrame(
        {
            "name": rows["ten"].fillna(rows.index.to_series()),
            "is_title": rows["loai"] == "DANH_HIEU",
            "kind": rows["doi_tuong"],
            "rung": rows["bac"],
            "level": rows["cap_quyet_dinh"],
            "first": rows["tu_ngay"],
            "last": rows["den_ngay"],
        }
    )


def _shipped() -> pd.DataFrame:
    codes = {
        name: {e.label: e.code for e in VOCABULARIES[name]} for name in ("LOAI_KHEN", "DOI_TUONG", "CAP_QUYET_DINH")
    }
    table = pd.DataFrame([dict(row) for row in TITLES])
    columns = {
        "loai": table["loai"].map(codes["LOAI_KHEN"]).astype("str"),
        "doi_tuong": table["doi_tuong"].map(codes["DOI_TUONG"], na_action="ignore").astype("str"),
        "cap_quyet_dinh": table["cap_quyet_dinh"].map(codes["CAP_QUYET_DINH"]).astype("str"),
        "bac": table["bac"].astype("float64"),
        "tu_ngay": pd.to_datetime(table["tu_ngay"]),
        "den_ngay": pd.to_datetime(table["den_ngay"]),
    }
    return table.assign(**columns)
