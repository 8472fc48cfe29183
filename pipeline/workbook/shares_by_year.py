"""Share of direct workers among those who were rewarded, over the years (CC-01 as a line)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipeline.results import Results

DIRECT = "TRUC_TIEP"
PAST_YEARS = 5


def direct_shares(results: Results) -> Mapping[int, tuple[float | None, float | None]]:
    """Award year → share of direct workers among people rewarded (this year: proposed), and among all staff.

    A person counts once a year. Null where the staff of that year is not known; years of which nothing is known are
    left out.
    """
    case, year = results.evidence, results.dataset.province.period.year
    now = case.staff[case.staff["person"].notna()].drop_duplicates("person").set_index("person")["nhom_doi_tuong"]
    proposed = case.proposed.loc[case.proposed["person"].notna(), "person"].unique()
    found = {year: (_share(now.reindex(proposed)), _share(now))}
    staff, awards = case.past("NHAN_SU_NAM"), case.past("KHEN_THUONG")
    if staff is None or awards is None or staff.empty:
        return found
    first = year - PAST_YEARS
    staff = staff[staff["nam"].between(first, year - 1)].drop_duplicates(["nam", "ma_cc"])
    awards = awards[(awards["doi_tuong"] == "CN") & awards["nam"].between(first, year - 1)]
    awards = awards[awards["tinh_trang"] != "THU_HOI"].drop_duplicates(["nam", "ma_doi_tuong"])
    groups = staff.set_index(["nam", "ma_cc"])["nhom_doi_tuong"]
    rewarded = pd.Series(groups.reindex(pd.MultiIndex.from_frame(awards[["nam", "ma_doi_tuong"]])))
    for past, everybody in groups.groupby(level="nam"):
        own = rewarded[rewarded.index.get_level_values("nam") == past]
        found[int(past)] = (_share(own), _share(everybody))
    return found


def _share(groups: pd.Series) -> float | None:
    """Share of direct workers among those whose group is known."""
    known = groups.dropna()
    return float((known == DIRECT).mean()) if len(known) else None
