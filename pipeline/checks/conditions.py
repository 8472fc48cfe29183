"""DK-01, DK-09, DK-10, DK-11: rating, ladder of titles, registration, kind of subject."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.ledger import NOT_JUDGED, Check, Checked, Ledger
from pipeline.evidence import UNIT, Evidence

NOT_RATED = "CHUA_XL"
#: Nominations named one by one before a sentence says how many more.
_MOST_CODES = 8
#: Variant → (title, title that the same unit must propose for the same subject in the same period).
LADDER = {
    "no_base_title": ("CSTDCS", "LDTT"),
    "flag": ("CO_NGANH", "TTLDXS"),
    "government_flag": ("CO_CP", "TTLDXS"),
}


def rating(case: Evidence) -> Checked:
    """Everybody proposed for a title is rated good or better; the unit too, where the collective is proposed."""
    ledger = Ledger(case, "DK-01")
    enough = case.rules.codes("DK-01", "xep_loai")
    least = case.label("XEP_LOAI", enough[-1])
    titled = case.proposed[case.proposed["is_title"]]

    people = ledger.look(titled[titled["kind"] == "CN"])
    known = people["rating"].notna() & (people["rating"] != NOT_RATED)
    listed = people["staff_row"] >= 0
    missing = listed.map({True: "chưa xếp loại năm", False: "không có trong NHAN_SU"})
    ledger.unjudged(
        people[~known], "xep_loai_cc", at=people["staff_row"], ten=people["name"], danh_hieu=people["award_name"],
        con_thieu=missing,
    )  # fmt: skip
    low = people[known & ~people["rating"].isin(enough)]
    asked = low["award"].isin(case.rules.codes("DK-01", "danh_hieu"))
    for variant, rows in (("below", low[asked]), ("higher_below", low[~asked])):
        ledger.say(
            variant, rows, "xep_loai_cc", at=people["staff_row"], ten=people["name"], danh_hieu=people["award_name"],
            xep_loai=case.labels("XEP_LOAI", people["rating"]), can=least,
        )  # fmt: skip

    groups = ledger.look(titled[titled["kind"] == "TT"])
    rated = groups["unit"].map(case.forms["xep_loai_don_vi"])
    at = groups["unit"].map(case.forms["row_id"])
    known = rated.notna() & (rated != NOT_RATED)
    ledger.unjudged(
        groups[~known], "xep_loai_don_vi", at=at, ten=groups["name"], danh_hieu=groups["award_name"],
        con_thieu="đơn vị chưa có xếp loại",
    )  # fmt: skip
    ledger.say(
        "collective_below", groups[known & ~rated.isin(enough)], "xep_loai_don_vi", at=at,
        danh_hieu=groups["award_name"], xep_loai=case.labels("XEP_LOAI", rated), can=least,
    )  # fmt: skip
    return ledger.close()


def ladder(case: Evidence) -> Checked:
    """The title below is proposed by the same unit for the same person or collective."""
    ledger = Ledger(case, "DK-09")
    everything = case.nominations
    for variant, (award, below) in LADDER.items():
        rows = ledger.look(case.proposed[case.proposed["award"] == award])
        keys = pd.MultiIndex.from_frame(rows[["unit", "holder"]])
        base = everything[everything["award"] == below]
        sure, refused = _among(keys, base[base["proposed"]]), _among(keys, base[base["considered"]])
        unclear = _among(keys, base[~base["proposed"] & ~base["considered"]])
        named = rows["holder"].notna()
        state = pd.Series(refused, index=rows.index).map(
            {True: "ghi là đã xét, không đề nghị", False: "không có dòng đề nghị"}
        )
        below_name = case.titles["name"].get(below, below)
        ledger.say(
            variant, rows[named & ~sure & ~unclear], "danh_hieu", ten=rows["name"], danh_hieu=rows["award_name"],
            can=below_name, tinh_trang=state,
        )  # fmt: skip
        ledger.unjudged(
            rows[named & ~sure & unclear], "danh_hieu", ten=rows["name"], danh_hieu=rows["award_name"],
            con_thieu=f"dòng «{below_name}» chưa ghi kết quả xét",
        )  # fmt: skip
        ledger.unjudged(
            rows[~named], "ma_doi_tuong", ten=rows["name"], danh_hieu=rows["award_name"],
            con_thieu="dòng này chưa ghi mã người hoặc mã đơn vị",
        )  # fmt: skip
    return ledger.close()


def _among(keys: pd.MultiIndex, rows: pd.DataFrame) -> pd.Series:
    return keys.isin(pd.MultiIndex.from_frame(rows[["unit", "holder"]]))


def registration(case: Evidence) -> Checked:
    """What is proposed for a title was registered at the start of the year, as HO_SO says."""
    ledger = Ledger(case, "DK-10")
    titled = case.proposed[case.proposed["is_title"]]
    papers = case.frame("HO_SO")
    papers = papers[(papers["loai_giay"] == "DANG_KY") & papers["co"].notna()].drop_duplicates([UNIT, "ma_dn"])
    place = pd.Series(papers.index, index=pd.MultiIndex.from_frame(papers[[UNIT, "ma_dn"]]), dtype="float64")
    at = place.reindex(pd.MultiIndex.from_frame(titled[["unit", "code"]])).set_axis(titled.index)
    stated = papers["co"].reindex(at).set_axis(titled.index)
    ledger.look(titled[stated.isin(["CO", "KHONG"])])
    ledger.say(
        "not_registered", titled[stated == "KHONG"], "co", at=at, ten=titled["name"], danh_hieu=titled["award_name"]
    )
    # Once a unit: the paper is one list a year, and whoever forgot it forgot it for all.
    silent, number = titled[stated.isna()], titled["unit"].value_counts()
    for unit, rows in silent.groupby("unit", sort=False):
        whole = len(rows) == number[unit]
        which = "mọi đề nghị danh hiệu" if whole else ", ".join(rows["code"].tolist()[:_MOST_CODES])
        more = "" if whole or len(rows) <= _MOST_CODES else f" và {len(rows) - _MOST_CODES} đề nghị khác"
        ledger.of_unit(NOT_JUDGED, str(unit), so=len(rows), tong=number[unit], cac_dn=which + more)
    return ledger.close()


def subject_kind(case: Evidence) -> Checked:
    """Titles of persons are proposed for persons, those of collectives for collectives."""
    ledger = Ledger(case, "DK-11")
    rows = case.proposed
    by_law = {"CN": case.rules.codes("DK-11", "ca_nhan"), "TT": case.rules.codes("DK-11", "tap_the")}
    right = rows["award_kind"].where(~rows["is_title"])
    for kind, awards in by_law.items():
        right = right.where(~(rows["is_title"] & rows["award"].isin(awards)), kind)
    legal = rows["is_title"] & right.notna()
    right = right.fillna(rows["award_kind"])  # a title that the province added to its catalogue
    asked = ledger.look(rows[right.notna()])
    wrong = asked["kind"].notna() & (asked["kind"] != right[asked.index])
    words = {
        "danh_hieu": rows["award_name"], "dung_cho": case.labels("DOI_TUONG", right),
        "dang_ghi": case.labels("DOI_TUONG", rows["kind"]),
    }  # fmt: skip
    ledger.say("title", asked[wrong & legal[asked.index]], "doi_tuong", **words)
    ledger.say("other", asked[wrong & ~legal[asked.index]], "doi_tuong", **words)
    ledger.unjudged(asked[asked["kind"].isna()], "doi_tuong", danh_hieu=rows["award_name"])
    return ledger.close()


CHECKS = (
    Check("DK-01", rating),
    Check("DK-09", ladder),
    Check("DK-10", registration),
    Check("DK-11", subject_kind),
)
