"""DK-05, DK-07: what merit rests on: a rating or an initiative recognised in time; one achievement, one award."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger, listed
from pipeline.evidence import Evidence
from pipeline.evidence.initiatives import LEVELS
from pipeline.evidence.nominations import cited_bases
from pipeline.evidence.paths import nominated
from pipeline.evidence.texts import similar_pairs

BASE, SECTOR = "CSTDCS", "CSTD_NGANH"
EITHER, OTHER_PATH, NOT_RATED = "HOAC", "KHAC", "CHUA_XL"


def second_leg(case: Evidence) -> Checked:
    """CSTĐCS: rated excellent or a recognised initiative; CSTĐ ngành: an initiative of sector level."""
    ledger = Ledger(case, "DK-05")
    legs = second_legs(case)
    _grassroots(case, ledger, ledger.look(legs))
    _sector(case, ledger)
    return ledger.close()


def second_legs(case: Evidence) -> pd.DataFrame:
    """Nominations for CSTĐCS with what carries them, one row a nomination.

    `excellent` and `rating_known`; of the author's recognised initiatives `timely` (decided not after the meeting of
    the unit), `late`, `undated` (meeting day not known), `doubtful` (level told, number or day of the decision
    missing; or no sheet); of the first late one `initiative` (row id, -1 in another unit's file), `initiative_code`,
    `decided`, `met` (day of the meeting).
    """
    rows = nominated(case, BASE)
    made = case.initiatives
    made = made[made["person"].isin(rows["person"])]
    unit = made["person"].map(rows.drop_duplicates("person").set_index("person")["unit"])  # the unit that proposes
    met = case.forms["ngay_hop"].reindex(unit).set_axis(made.index)
    kinds = {
        "timely": made["recognised"] & (made["ngay_qd"] <= met),
        "late": made["recognised"] & (made["ngay_qd"] > met),
        "undated": made["recognised"] & met.isna(),
        "doubtful": ~made["recognised"] & (made["cap_cong_nhan"].isin(LEVELS) | made["cap_cong_nhan"].isna()),
    }
    for name, chosen in kinds.items():
        rows = rows.assign(**{name: rows["person"].isin(made.loc[chosen, "person"])})
    no_sheet = ~case.sheet_at_hand(rows["unit"], "SANG_KIEN")
    late = made[kinds["late"]].sort_values("ngay_qd", kind="stable").drop_duplicates("person")
    late = (
        late.assign(row=late.index, met=met.loc[late.index])
        .set_index("person")
        .reindex(rows["person"])
        .set_axis(rows.index)
    )
    return rows.assign(
        doubtful=rows["doubtful"] | no_sheet, no_sheet=no_sheet,
        rating_known=rows["rating"].notna() & (rows["rating"] != NOT_RATED),
        excellent=rows["rating"].isin(case.rules.codes("DK-05", "xep_loai")),
        initiative=late["row"].where(late["unit"] == rows["unit"]).fillna(-1).astype("int64"),
        initiative_code=late["ma_sk"], decided=late["ngay_qd"], met=late["met"],
    )  # fmt: skip


def _grassroots(case: Evidence, ledger: Ledger, rows: pd.DataFrame) -> None:
    told = {
        "ten": rows["name"], "danh_hieu": rows["award_name"],
        "xep_loai": case.labels("XEP_LOAI", rows["rating"]).fillna("chưa biết"),
    }  # fmt: skip
    either = case.rules.word("DK-05", "noi") == EITHER
    rating_counts = bool(case.rules.codes("DK-05", "xep_loai"))
    dark_rating = ~rows["rating_known"] & rating_counts
    dark_made = ~rows["timely"] & (rows["undated"] | (rows["doubtful"] & ~rows["late"]))
    fails = ~rows["excellent"] & ~rows["timely"] if either else ~rows["excellent"] | ~rows["timely"]
    if either:
        dark = fails & (dark_rating | dark_made)
    else:  # a leg that is known to be missing decides, whatever the other is
        lacking = (rows["rating_known"] & ~rows["excellent"]) | (~rows["timely"] & ~dark_made)
        dark = fails & ~lacking
    _unknown(ledger, rows[dark], dark_rating, told)
    fails &= ~dark
    if not either:
        missing = (~rows["excellent"]).map({True: "xếp loại chưa xuất sắc", False: ""})
        missing += (~rows["timely"]).map({True: ", không có sáng kiến được công nhận trước ngày họp", False: ""})
        ledger.say("both_needed", rows[fails], "duong_tieu_chuan", thieu=missing.str.strip(", "), **told)
        return
    other = fails & (rows["path"] == OTHER_PATH)
    ledger.say("other_leg", rows[other], "duong_tieu_chuan", **told)
    late = fails & ~other & rows["late"]
    ledger.say(
        "late", rows[late], "ngay_qd", at=rows["initiative"], ma_sk=rows["initiative_code"], ngay_qd=rows["decided"],
        ngay_hop=rows["met"], **told,
    )  # fmt: skip
    named = _unrecognised(case, rows[fails & ~other & ~late])
    bare = fails & ~other & ~late & named.reindex(rows.index).isna()
    ledger.say("unrecognised", rows.loc[named.index], "ma_can_cu", ma_sk=named, **told)
    ledger.say("no_leg", rows[bare], "duong_tieu_chuan", **told)


def _unknown(ledger: Ledger, rows: pd.DataFrame, dark_rating: pd.Series, told: dict[str, pd.Series]) -> None:
    """Say what is missing: the rating, the decision on an initiative, the day of the meeting, or the sheet."""
    reason = pd.Series("sáng kiến ghi thiếu cấp công nhận, số hoặc ngày quyết định", index=rows.index)
    work = pd.Series("Điền đủ cấp công nhận, số, ngày quyết định ở trang SANG_KIEN", index=rows.index)
    for chosen, why, what in (
        (rows["undated"], "chưa có ngày họp của đơn vị để so với ngày công nhận sáng kiến",
         "Điền ngày họp ở trang DON_VI"),
        (rows["no_sheet"], "tệp của đơn vị không có trang SANG_KIEN", "Bổ sung trang SANG_KIEN"),
        (dark_rating.reindex(rows.index), "chưa có xếp loại năm và không có sáng kiến được công nhận trước ngày họp",
         "Bổ sung xếp loại năm ở trang NHAN_SU, hoặc sáng kiến đã được công nhận ở trang SANG_KIEN"),
    ):  # fmt: skip
        reason, work = reason.where(~chosen, why), work.where(~chosen, what)
    ledger.unjudged(rows, "duong_tieu_chuan", ten=told["ten"], danh_hieu=told["danh_hieu"], con_thieu=reason, viec=work)


def _unrecognised(case: Evidence, rows: pd.DataFrame) -> pd.Series:
    """Codes of the initiatives that each nomination cites and that were not recognised; others are left out."""
    cited = cited_bases(rows)
    not_yet = case.initiatives[case.initiatives["cap_cong_nhan"] == "CHUA"]
    known = pd.MultiIndex.from_frame(not_yet[["unit", "ma_sk"]])
    named = cited[pd.MultiIndex.from_frame(cited[["unit", "cited"]]).isin(known)]
    texts: dict[int, list[str]] = {}
    for row_id, code in zip(named.index.tolist(), named["cited"], strict=True):
        texts.setdefault(row_id, []).append(code)
    return pd.Series({row_id: listed(codes) for row_id, codes in texts.items()}, dtype="str")


def _sector(case: Evidence, ledger: Ledger) -> None:
    rows = ledger.look(nominated(case, SECTOR))
    made = case.initiatives
    high = made["cap_cong_nhan"].isin(case.rules.codes("DK-05", "cap"))
    studied = made["hinh_thuc"].isin(case.rules.codes("DK-05", "nghiem_thu"))
    carried = rows["person"].isin(made.loc[made["recognised"] & (high | studied), "person"])
    partly = ~made["recognised"] & (made["cap_cong_nhan"] != "CHUA") & (high | studied | made["cap_cong_nhan"].isna())
    doubtful = ~carried & rows["person"].isin(made.loc[partly, "person"])
    no_sheet = ~case.sheet_at_hand(rows["unit"], "SANG_KIEN") & ~carried
    told = {"ten": rows["name"], "danh_hieu": rows["award_name"]}
    ledger.unjudged(
        rows[doubtful | no_sheet], "ma_can_cu", **told,
        con_thieu=no_sheet.map({True: "tệp của đơn vị không có trang SANG_KIEN",
                                False: "sáng kiến ghi thiếu cấp công nhận, số hoặc ngày quyết định"}),
        viec=no_sheet.map({True: "Bổ sung trang SANG_KIEN",
                           False: "Điền đủ cấp công nhận, số, ngày quyết định ở trang SANG_KIEN"}),
    )  # fmt: skip
    ledger.say("low_level", rows[~carried & ~doubtful & ~no_sheet], "ma_can_cu", **told)


def one_achievement(case: Evidence) -> Checked:
    """A form of commendation and another nomination of the same subject that rest on the same achievement."""
    ledger = Ledger(case, "DK-07")
    rows = case.proposed
    rows = rows[rows["holder"].notna() & rows["award"].notna()]
    forms = ledger.look(rows[~rows["is_title"]])
    rows = rows[rows["holder"].isin(forms["holder"])]
    rows = rows[rows.duplicated("holder", keep=False)]
    told = {"ten": rows["name"], "danh_hieu": rows["award_name"]}
    shared = _shared_basis(rows)
    ledger.say("shared_basis", rows.loc[shared.index], "ma_can_cu", ma=shared["what"],
               khac=_others(rows, shared["other"]), **told)  # fmt: skip
    rows = rows.sort_values("unit", kind="stable")  # of two alike the later speaks: not by which file came first
    pairs = similar_pairs(
        rows["text"], rows["holder"], case.rules.number("DK-07", "giong_nhau"), int(case.rules.number("DK-07", "so_tu"))
    )
    alike = _of_forms(rows, pairs).sort_values("share", ascending=False, kind="stable")
    alike = alike.drop_duplicates("row").set_index("row").sort_index()
    alike = alike[~alike.index.isin(shared.index)]
    ledger.say("similar_text", rows.loc[alike.index], "thanh_tich", ty_le=(alike["share"] * 100).round(),
               khac=_others(rows, alike["other"]), **told)  # fmt: skip
    silent = ~rows["is_title"] & rows["text"].isna() & ~rows.index.isin(shared.index)
    ledger.unjudged(rows[silent], "thanh_tich", **told)
    return ledger.close()


def _of_forms(rows: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs in which a form takes part, as `row` (the form; of two forms the later row) and `other`."""
    titled = rows["is_title"]
    one_is, other_is = pairs["one"].map(titled).astype("bool"), pairs["other"].map(titled).astype("bool")
    pairs = pairs.assign(row=pairs["other"].where(~other_is, pairs["one"]))
    pairs = pairs.assign(other=pairs["one"].where(~other_is, pairs["other"]))
    return pairs[~(one_is & other_is)]


def _shared_basis(rows: pd.DataFrame) -> pd.DataFrame:
    """For each form that cites what another nomination of the subject cites: `what`, `other` (row id)."""
    cited = cited_bases(rows).rename_axis("id").reset_index()
    cited = cited.assign(holder=cited["id"].map(rows["holder"])).drop_duplicates(["id", "cited"])
    cited = cited[cited.duplicated(["unit", "holder", "cited"], keep=False)]
    pairs = cited.merge(cited, on=["unit", "holder", "cited"], suffixes=("_one", "_other"))
    pairs = pairs[pairs["id_one"] < pairs["id_other"]]
    pairs = _of_forms(rows, pairs.rename(columns={"id_one": "one", "id_other": "other", "cited": "what"}))
    return pairs.drop_duplicates("row").set_index("row")[["what", "other"]].sort_index()


def _others(rows: pd.DataFrame, others: pd.Series) -> pd.Series:
    """Name the other nomination: its code, award and unit."""
    words = rows["code"] + " («" + rows["award_name"].astype("str") + "», " + rows["unit"].astype("str") + ")"
    return others.map(words)


CHECKS = (Check("DK-05", second_leg), Check("DK-07", one_achievement))
