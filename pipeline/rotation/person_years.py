"""Everybody's years: in which unit, could he be given a title, how was he rated. Past rosters and the present files.

One row a person, unit and year. Whether somebody could be given a title follows the rules that were in force in that
year; where the roster says it outright, the roster decides. Recognised initiatives count as merit and not as a gate:
they are often written for the one whose turn it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.evidence.events import DISCIPLINE, LEFT, PENDING
from pipeline.evidence.spans import months_between

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

COLUMNS = ["unit", "year", "person", "name", "team", "recruited", "rating", "score", "initiatives", "able", "reason"]
#: Who left so many days before the end of the award year was not there for the review.
_REVIEW_SEASON = 60
#: Events with which somebody leaves the unit.
_AWAY = (LEFT, "THOI_VIEC")
NOT_ABLE = {
    "told": "danh sách ghi không đủ điều kiện",
    "rating": "xếp loại chưa đủ",
    "discipline": "bị kỷ luật",
    "leave": "nghỉ dài trong năm",
    "service": "mới tuyển dụng",
    "left": "đã chuyển đi trước khi xét",
    "held": "đang được xem xét",
    "unrated": "chưa xếp loại",
}


def person_years(case: Evidence) -> pd.DataFrame:
    """Rows of `COLUMNS`.

    `able`: whether a title could be given by the rules of the year; `reason`: key of `NOT_ABLE`, "" where able.
    `rating` (code), `score` (0 to 100), `initiatives` (number): null where not recorded.
    """
    parts = [_present(case)]
    roster = case.past("NHAN_SU_NAM")
    if roster is not None and len(roster):
        parts.append(_past(case, roster))
    table = pd.concat(parts, ignore_index=True)
    table = table[table["person"].notna() & table["unit"].notna()]
    return table.drop_duplicates(["unit", "year", "person"]).reset_index(drop=True)


def _past(case: Evidence, roster: pd.DataFrame) -> pd.DataFrame:
    rows = roster[(roster["nam"] < case.year) & roster["nam"].notna()]
    years = rows["nam"].astype("int64")
    limits = {int(year): _limits(case, int(year)) for year in years.unique()}

    def limit(name: str) -> pd.Series:
        return years.map({year: found[name] for year, found in limits.items()}).astype("float64")

    end = years.map({year: pd.Timestamp(case.year_end(year)) for year in limits}).astype("datetime64[us]")
    good = pd.Series(False, index=rows.index)
    for year, found in limits.items():
        good |= (years == year) & rows["xep_loai"].isin(found["ratings"])
    reasons = {
        # Months of absence are not read: past rosters do not say whether it was maternity, which excludes nobody.
        "left": rows["den_ngay"] < end - pd.Timedelta(days=_REVIEW_SEASON),
        "discipline": rows["ky_luat"].notna(),
        "unrated": rows["xep_loai"] == "CHUA_XL",
        "rating": rows["xep_loai"].notna() & ~good & (rows["xep_loai"] != "CHUA_XL"),
        "service": months_between(rows["ngay_tuyen_dung"], end) < limit("service"),
    }
    told = rows["du_dieu_kien"]
    reason = _first(reasons, rows.index)
    reason = reason.mask(told == "CO", "").mask((told == "KHONG") & (reason == ""), "told")
    return pd.DataFrame(
        {
            "unit": rows["don_vi"], "year": years, "person": rows["ma_cc"], "name": rows["ho_ten"],
            "team": rows["to_cong_tac"], "recruited": rows["ngay_tuyen_dung"],
            "rating": rows["xep_loai"].where(rows["xep_loai"] != "CHUA_XL"), "score": rows["diem"].astype("float64"),
            "initiatives": rows["so_sang_kien"].astype("float64"), "able": reason == "", "reason": reason,
        }
    )  # fmt: skip


def _present(case: Evidence) -> pd.DataFrame:
    rows = case.staff
    found = _limits(case, case.year)
    disciplined = case.events[(case.events["loai"] == DISCIPLINE) & case.events["touches"]]["person"]
    made = case.initiatives
    made = made[made["recognised"] & made["person"].notna()]["person"].value_counts()
    rating = rows["xep_loai_cc"]
    away = case.events[case.events["loai"].isin(_AWAY) & case.events["touches"]]
    gone = pd.MultiIndex.from_frame(away[["unit", "person"]])
    held = case.events[(case.events["loai"] == PENDING) & case.events["touches"]]["person"]
    reasons = {
        "left": pd.Series(pd.MultiIndex.from_frame(rows[["unit", "person"]]).isin(gone), rows.index),
        "discipline": rows["person"].isin(disciplined.dropna()),
        "held": rows["person"].isin(held.dropna()),
        "unrated": rating == "CHUA_XL",
        "rating": rating.notna() & (rating != "CHUA_XL") & ~rating.isin(found["ratings"]),
        "leave": rows["leave"] >= found["leave"],
        "service": rows["served"] < found["service"],
    }
    reason = _first(reasons, rows.index)
    return pd.DataFrame(
        {
            "unit": rows["unit"], "year": case.year, "person": rows["person"], "name": rows["ho_ten"],
            "team": rows["to_cong_tac"], "recruited": rows["ngay_tuyen_dung"],
            "rating": rating.where(rating != "CHUA_XL"), "score": rows["diem_danh_gia"].astype("float64"),
            "initiatives": rows["person"].map(made).fillna(0).astype("float64"), "able": reason == "",
            "reason": reason,
        }
    )  # fmt: skip


def _first(reasons: dict[str, pd.Series], index: pd.Index) -> pd.Series:
    """Key of the first reason that holds of each row; "" where none does."""
    found = np.select([part.fillna(False).to_numpy(dtype=bool) for part in reasons.values()], list(reasons), "")
    return pd.Series(found, index=index, dtype="str")


def _limits(case: Evidence, year: int) -> dict[str, object]:
    """Thresholds of the rules that judged an award year; infinitely mild where no rule was in force."""
    book = case.rules.on(case.year_end(year))
    parameters = book.rules["DK-02"].parameters if book.has("DK-02") else {}
    leave = [parameters[name].value for name in ("nghi_tu", "nghi_het") if name in parameters]
    service = parameters["tham_nien"].value if "tham_nien" in parameters else 0.0
    ratings = book.codes("DK-01", "xep_loai") if book.has("DK-01") else case.rules.codes("DK-01", "xep_loai")
    return {"leave": leave[0] if leave else float("inf"), "service": service, "ratings": ratings}
