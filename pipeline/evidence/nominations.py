"""DE_NGHI joined with the staff list and the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.dataset import PERSON, UNIT

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

#: Column of the table → column of NHAN_SU.
_OF_STAFF = {
    "rating": "xep_loai_cc", "party_rating": "xep_loai_dv", "score": "diem_danh_gia", "group": "nhom_doi_tuong",
    "sex": "gioi_tinh", "recruited": "ngay_tuyen_dung", "joined": "ngay_ve_don_vi", "post": "chuc_vu",
    "served": "served", "leave": "leave", "kind_leave": "kind_leave", "training": "training",
}  # fmt: skip
NO_ROW = -1


def nominations_of(evidence: Evidence) -> pd.DataFrame:
    """One row a nomination, index = row id of DE_NGHI.

    Columns: `unit`, `code` (ma_dn), `kind` (CN, TT), `person` (key, null for collectives), `holder` (person key or
    unit code: whom awards of past years name), `name`, `award` (code of title or form), `is_title`, `rung`,
    `level` (who decides), `award_kind` (CN, TT, null for both), `channel`, `movement`, `proposed`, `considered`
    (both false where the result is not known), `path`, `basis`, `order`, `text`, `achieved_on`; for persons what
    NHAN_SU says (`rating`, `party_rating`, `score`, `group`, `sex`, `recruited`, `joined`, `post`, `served`,
    `leave`, `kind_leave`, `training`) with `staff_row` (row id in NHAN_SU, -1 where the person is not listed).
    """
    rows = evidence.frame("DE_NGHI")
    award = rows["danh_hieu"].fillna(rows["hinh_thuc"])
    titles = evidence.titles
    table = pd.DataFrame(
        {
            "unit": rows[UNIT],
            "code": rows["ma_dn"].fillna(""),
            "kind": rows["doi_tuong"],
            "person": rows[PERSON],
            "holder": rows[PERSON].fillna(rows["ma_doi_tuong"]),
            "name": rows["ten_doi_tuong"],
            "award": award,
            "award_name": award.map(titles["name"]).fillna(award),
            "is_title": rows["danh_hieu"].notna(),
            "rung": award.map(titles["rung"]),
            "level": award.map(titles["level"]),
            "award_kind": award.map(titles["kind"]),
            "channel": rows["loai_hinh"],
            "movement": rows["phong_trao"],
            "proposed": rows["ket_qua"] == "DE_NGHI",
            "considered": rows["ket_qua"] == "KHONG_DE_NGHI",
            "path": rows["duong_tieu_chuan"],
            "basis": rows["ma_can_cu"],
            "order": rows["thu_tu"],
            "text": rows["thanh_tich"],
            "achieved_on": rows["ngay_thanh_tich"],
        }
    )
    staff = evidence.staff
    listed = staff[staff["person"].notna()].drop_duplicates(["unit", "person"])
    known = listed[list(_OF_STAFF.values())].rename(columns={v: k for k, v in _OF_STAFF.items()})
    known = known.assign(staff_row=listed.index).set_index(pd.MultiIndex.from_frame(listed[["unit", "person"]]))
    joined = known.reindex(pd.MultiIndex.from_frame(table[["unit", "person"]])).set_axis(table.index)
    joined["staff_row"] = joined["staff_row"].fillna(NO_ROW).astype("int64")
    return pd.concat([table, joined], axis=1)


def cited_bases(nominations: pd.DataFrame) -> pd.DataFrame:
    """Each code that a nomination cites (`ma_can_cu`, several kept apart by `;`): `unit`, `cited`; same row ids."""
    rows = nominations.loc[nominations["basis"].notna(), ["unit", "basis"]]
    cited = rows.assign(cited=rows["basis"].str.split(";")).explode("cited")
    cited = cited.assign(cited=cited["cited"].astype("str").str.strip())[["unit", "cited"]]
    return cited[cited["cited"] != ""]
