"""Names of titles and forms of commendation: full as the province lists them, short as the office says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.results import Results
from pipeline.workbook.series import plain

#: Code → what the office says. A code that is not here is shown by its full name.
SHORT_FORMS: Mapping[str, str] = {
    "LDTT": "LĐTT",
    "CSTDCS": "CSTĐCS",
    "CSTD_NGANH": "CSTĐ ngành",
    "CSTD_TQ": "CSTĐ toàn quốc",
    "TTLDTT": "TTLĐTT",
    "TTLDXS": "TTLĐXS",
    "CO_NGANH": "Cờ ngành",
    "CO_CP": "Cờ CP",
    "GK": "GK",
    "BK": "BK",
    "BK_TTG": "BK TTg",
    "HCLD3": "HCLĐ hạng Ba",
    "KNC": "KNC",
}
#: Ratings as they stand in narrow columns.
RATINGS: Mapping[str, str] = {"KHONG_DANG": "–", "CHUA_XL": "Chưa xếp loại"}
#: Who decides, as it stands in narrow columns.
LEVELS: Mapping[str, str] = {"TINH": "Tỉnh", "TOI_CAO": "VKSND tối cao", "NHA_NUOC": "Nhà nước"}
NO_AWARD = "(chưa ghi danh hiệu, hình thức)"


class Awards:
    """Names by code, of one run."""

    def __init__(self, results: Results) -> None:
        """Take the names of the province's catalogue, with those of the drop-down lists before it."""
        province = results.dataset.province
        catalogue = province.configuration.frames["DANH_HIEU"]
        self.names: dict[str, str] = {
            str(code): str(name)
            for code, name in zip(catalogue["ma"], catalogue["ten"], strict=True)
            if code == code and name == name
        }
        for name in ("HINH_THUC", "DANH_HIEU"):
            self.names.update(province.lists.labels[name])

    def full(self, *codes: str | None) -> str:
        """Full names of what a nomination asks for, a title or a form."""
        return "; ".join(self.names.get(code, code) for code in codes if code) or NO_AWARD

    def short(self, code: str) -> str:
        """Short form, else the full name."""
        return SHORT_FORMS.get(code) or self.names.get(code, code)


def award_facts(results: Results) -> dict[str, dict[str, Any]]:
    """The catalogue as decisions need it: code → full and short name, rung, who decides, for whom (None: both)."""
    names, titles = Awards(results), results.evidence.titles
    rows = zip(
        titles.index.astype(str), plain(titles["rung"]), plain(titles["level"]), plain(titles["kind"]), strict=True
    )
    return {
        code: {
            "ten": names.full(code), "ngan": names.short(code), "bac": int(rung or 0), "cap": level, "doi_tuong": whom,
        }
        for code, rung, level, whom in rows
    }  # fmt: skip
