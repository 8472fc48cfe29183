"""V-07, V-08: what one sheet says must agree with what another sheet of the same unit says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from pipeline.dataset import PERSON, UNIT, Dataset
from pipeline.findings import Finding, frame
from pipeline.vietnamese import decimal, match_key
from schemas.sheets import UNIT_TEMPLATE

#: Half a unit of the second decimal, and a little for binary fractions.
SHARE_ROUNDING = 0.0051
#: A total of points may differ from their sum by rounding to two decimals.
ROUNDING = 0.011


def _heading(sheet: str, name: str) -> str:
    return UNIT_TEMPLATE.by_code[sheet].by_name[name].heading


def _differences(
    data: Dataset, name: str, counted: pd.Series, source: str, tolerance: float = 0.0
) -> Iterator[Finding]:
    """Compare one number of DON_VI with what `source` adds up to (a series by unit code)."""
    form = data.frames["DON_VI"]
    stated = form[name]
    found = form[UNIT].map(counted)
    for row_id in form.index[stated.notna()]:
        cell = data.addresses.finding
        heading = _heading("DON_VI", name)
        if pd.isna(found.at[row_id]):
            yield cell("V-07", "not_judged", int(row_id), name, trang_goc=source, cot=heading)
        elif abs(stated.at[row_id] - found.at[row_id]) > tolerance:
            total = decimal(round(float(found.at[row_id]), 2))
            yield cell("V-07", "count", int(row_id), name, cot=heading, trang_goc=source, dem_duoc=total)


def staff_counts(data: Dataset) -> pd.DataFrame:
    """Number of staff and of women on DON_VI against the rows of NHAN_SU."""
    staff = data.frames["NHAN_SU"]
    people = staff.groupby(UNIT).size()
    women = (staff["gioi_tinh"] == "NU").groupby(staff[UNIT]).sum()
    unknown = staff["gioi_tinh"].isna().groupby(staff[UNIT]).any()
    women = women.where(~unknown.reindex(women.index, fill_value=False))
    return frame(
        [
            *_differences(data, "tong_so_cong_chuc", people, "NHAN_SU"),
            *_differences(data, "so_nu", women, "NHAN_SU"),
        ]
    )


def self_score_total(data: Dataset) -> pd.DataFrame:
    """Total self-score on DON_VI against the sum of CHI_TIEU; not judged where no target has a score."""
    targets = data.frames["CHI_TIEU"]
    scores = targets["diem_tu_cham"].groupby(targets[UNIT]).sum(min_count=1)
    # A score that was refused stopped its row; the rest does not add up to what the unit meant.
    doubtful = targets.loc[targets["diem_tu_cham"].isna() & targets.index.isin(list(data.stopped)), UNIT].unique()
    scores = scores.where(~scores.index.isin(doubtful))
    return frame(_differences(data, "tong_diem_tu_cham", scores, "CHI_TIEU", ROUNDING))


def subject_names(data: Dataset) -> pd.DataFrame:
    """Name of a nominated person against NHAN_SU, of a collective against the unit's name."""
    nominations, staff = data.frames["DE_NGHI"], data.frames["NHAN_SU"]
    names = staff.dropna(subset=[PERSON]).drop_duplicates([UNIT, PERSON]).set_index([UNIT, PERSON])["ho_ten"]
    units = data.province.units["ten_don_vi"]
    return frame(_names(data, nominations, names.to_dict(), units.to_dict()))


def _names(
    data: Dataset, nominations: pd.DataFrame, people: dict[tuple[str, str], str], units: dict[str, str]
) -> Iterator[Finding]:
    rows = nominations.loc[
        nominations["ten_doi_tuong"].notna(), ["ten_doi_tuong", "ma_doi_tuong", "doi_tuong", UNIT, PERSON]
    ]
    for row_id, name, code, kind, unit, person in rows.itertuples(name=None):
        right = units.get(unit) if kind == "TT" and code == unit else people.get((unit, person))
        if isinstance(right, str) and match_key(right) != match_key(name):
            source = "DON_VI" if kind == "TT" else "NHAN_SU"
            yield data.addresses.finding(
                "V-07", "name", int(row_id), "ten_doi_tuong", ma=str(code), trang_goc=source, ten_goc=right
            )


def author_shares(data: Dataset) -> pd.DataFrame:
    """Shares of the authors of one initiative add up to 100 %; reported at the first author's share."""
    rows = data.frames["SANG_KIEN"]
    keys = [UNIT, "ma_sk"]
    whole = rows[rows["ma_sk"].notna()]
    sums = whole.groupby(keys)["ty_le"].agg(total="sum", authors="size", known="count")
    # Each share may be rounded to two decimals.
    wrong = sums[(sums["known"] == sums["authors"]) & ((sums["total"] - 100).abs() > SHARE_ROUNDING * sums["authors"])]
    first = whole.reset_index(names="row_id").drop_duplicates(keys).set_index(keys)["row_id"]
    return frame(
        data.addresses.finding(
            "V-07", "shares", int(first[key]), "ty_le", ma=str(key[1]), tong=decimal(round(float(total), 2))
        )
        for key, total in wrong["total"].items()
    )


def outcomes(data: Dataset) -> pd.DataFrame:
    """Conclusion of a unit's vote (last round at unit level) against the result on DE_NGHI."""
    ballots, nominations = data.frames["PHIEU"], data.frames["DE_NGHI"]
    votes = ballots[(ballots["cap_hop"] == "DON_VI") & ballots["ma_dn"].notna()]
    # Where a round cannot be told, nor can the last one; the cell itself is already a finding.
    unclear = votes["vong"].isna().groupby([votes[UNIT], votes["ma_dn"]]).transform("any")
    votes = votes[~unclear & votes["ket_luan"].notna()]
    nominations = nominations[nominations["ma_dn"].notna()].drop_duplicates([UNIT, "ma_dn"], keep=False)
    last = votes.sort_values("vong", kind="stable").drop_duplicates([UNIT, "ma_dn"], keep="last")
    joined = last.reset_index(names="row_id").merge(nominations[[UNIT, "ma_dn", "ket_qua"]], on=[UNIT, "ma_dn"])
    wrong = joined[joined["ket_qua"].notna() & (joined["ket_qua"] != joined["ket_luan"])]
    labels = data.province.lists.labels["KET_QUA_XET"]
    return frame(
        data.addresses.finding(
            "V-07", "outcome", int(row_id), "ket_luan", trang_goc="DE_NGHI", ket_luan=labels.get(right, right)
        )
        for row_id, right in wrong[["row_id", "ket_qua"]].itertuples(index=False, name=None)
    )


def form_identity(data: Dataset) -> pd.DataFrame:
    """Unit code and period typed on DON_VI against those for which the template was issued."""
    form = data.frames["DON_VI"]
    right = {"ma_don_vi": form[UNIT], "ky_xet": pd.Series(data.province.period.code, index=form.index)}
    return frame(_identity(data, form, right.items()))


def _identity(data: Dataset, form: pd.DataFrame, right: Iterable[tuple[str, pd.Series]]) -> Iterator[Finding]:
    for name, issued in right:
        wrong = form[name].notna() & (form[name].astype("str") != issued.astype("str"))
        for row_id in form.index[wrong]:
            yield data.addresses.finding(
                "V-08", "cell_differs", int(row_id), name, cot=_heading("DON_VI", name), goc=str(issued.at[row_id])
            )
