"""XH-01 to XH-07, XH-09: self-scores, evidence, appraised scores, and how sure the order of units is.

Nothing here stops anybody.

HT-05 and HT-06 look at a unit's self-scores as a whole; XH-02 at each criterion, in both directions.
"""

from __future__ import annotations

import pandas as pd

from pipeline.checks.by_unit import unit_rows
from pipeline.checks.ledger import Check, Checked, Ledger, listed, written
from pipeline.evidence import Evidence
from pipeline.ranking.appraised import Oddity, odd_scores
from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.points import points_of, score_table
from pipeline.ranking.settings import Band
from pipeline.ranking.tables import Basis
from pipeline.ranking.wording import BANDS

#: Cell at which something is said of a unit's points as a whole.
TOTAL_CELL = "tong_diem_tu_cham"
NO_TABLE = "cau-hinh.xlsx chưa có bảng điểm (BANG_DIEM)"
NO_TARGETS = "trang CHI_TIEU không có dòng nào"
NO_RANK = "chưa đơn vị nào có điểm để xếp hạng"
NO_CLAIM = "đơn vị chưa tự chấm, cũng chưa có số liệu để tính"
#: Row id of nothing.
NO_ROW = -1
_SLACK = 1e-9


def _without_table(case: Evidence, ledger: Ledger, **params: str) -> bool:
    """Say once for the province that there is no score table; whether it was said."""
    if not score_table(case).empty:
        return False
    ledger.of_unit("not_judged", "", con_thieu=NO_TABLE, **params)
    return True


def _units_with_targets(case: Evidence, ledger: Ledger) -> pd.DataFrame:
    """Enter DON_VI of every unit; return those with a row in CHI_TIEU, and say of the others that nothing is known."""
    forms = ledger.look(unit_rows(case))
    there = forms["unit"].isin(points_of(case)["unit"])
    ledger.unjudged(forms[~there], TOTAL_CELL, don_vi="đơn vị " + forms["unit"], con_thieu=NO_TARGETS)
    return forms[there]


def _criteria(case: Evidence) -> pd.DataFrame:
    """Criteria of units whose file counts, that occurred and have rows; index = row id of CHI_TIEU."""
    rows = ranking_of(case).criteria
    rows = rows[(rows["targets"] > 0) & (rows["basis"] != Basis.NOT_OCCURRED)]
    return rows.set_index(pd.Index(rows["row_id"].astype("int64"), name=None))


def self_scores(case: Evidence) -> Checked:
    """XH-01: a target of a criterion without self-score, in a unit that gave itself points elsewhere."""
    ledger = Ledger(case, "XH-01", "CHI_TIEU")
    rows, table = points_of(case), score_table(case)
    rows = ledger.look(rows[rows["applicable"] & rows["criterion"].isin(table.index)])
    scored = rows["unit"].isin(rows.loc[rows["self"].notna(), "unit"])
    code = rows["criterion"]
    ledger.say(
        "missing", rows[rows["self"].isna() & scored], "diem_tu_cham", tieu_chi=code, ten=code.map(table["ten"])
    )  # fmt: skip
    return ledger.close()


def scores_of_units(case: Evidence) -> Checked:
    """XH-01: a unit that gave itself no points at all, or left criteria of the score table without any row."""
    ledger = Ledger(case, "XH-01", "DON_VI")
    if _without_table(case, ledger, don_vi="các đơn vị"):
        return ledger.close()
    forms = _units_with_targets(case, ledger)
    rows = ranking_of(case).criteria
    there = rows[(rows["basis"] != Basis.NOT_OCCURRED) & (rows["targets"] > 0)]
    count, given = (there.groupby("unit")["self"].agg(how).reindex(forms["unit"]) for how in ("size", "count"))
    count, given = count.set_axis(forms.index), given.set_axis(forms.index)
    ledger.say("none", forms[(count > 0) & (given == 0)], TOTAL_CELL, so=count)
    lacking = rows[rows["targets"] == 0].groupby("unit")["criterion"].agg(["size", listed]).reindex(forms["unit"])
    lacking = lacking.set_axis(forms.index)
    ledger.say(
        "no_target", forms[lacking["size"] > 0], TOTAL_CELL, so=lacking["size"], tieu_chi=lacking["listed"]
    )  # fmt: skip
    return ledger.close()


def mismatch(case: Evidence) -> Checked:
    """XH-02: self-score of a criterion away from what target and result give; the bonus may be in it or not."""
    ledger = Ledger(case, "XH-02", "CHI_TIEU")
    rows = _criteria(case)
    rows = ledger.look(rows[rows["self"].notna()])
    most = case.rules.number("XH-02", "lech") + _SLACK
    bonus = rows["bonus_computed"].fillna(0.0)
    over, under = rows["self"] - rows["computed"] - bonus, rows["computed"] - rows["self"]
    said = {"tieu_chi": rows["criterion"], "tu_cham": rows["self"], "tinh_lai": rows["computed"]}
    extra = bonus.map(lambda points: f" cộng {written(points)} điểm thưởng" if points else "")
    ledger.say("above", rows[over > most], "diem_tu_cham", **said, thuong=extra, lech=over)
    ledger.say("below", rows[under > most], "diem_tu_cham", **said, lech=under)
    ledger.unjudged(rows[rows["computed"].isna()], "thuc_hien", tieu_chi=rows["criterion"])
    return ledger.close()


def evidence(case: Evidence) -> Checked:
    """XH-03: too many points of a unit state no evidence."""
    ledger = Ledger(case, "XH-03", "DON_VI")
    if _without_table(case, ledger, don_vi="các đơn vị"):
        return ledger.close()
    forms = _units_with_targets(case, ledger)
    units = ranking_of(case).units.reindex(forms["unit"]).set_axis(forms.index)
    ledger.unjudged(
        forms[units["evidence_share"].isna()], TOTAL_CELL, don_vi="đơn vị " + forms["unit"],
        con_thieu="chưa tính được điểm nào",
    )  # fmt: skip
    share, limit = 1 - units["evidence_share"], case.rules.number("XH-03", "phan")
    rows = ranking_of(case).criteria
    bare = rows[~rows["evidence"] & (rows["official"] > 0)].groupby("unit")["criterion"].agg(listed)
    ledger.say(
        "unproved", forms[share > limit + _SLACK], TOTAL_CELL, diem=share * units["points"], tong=units["points"],
        ty_le=share * 100, nguong=limit * 100, tieu_chi=forms["unit"].map(bare),
    )  # fmt: skip
    return ledger.close()


def _blocks(case: Evidence, ledger: Ledger) -> pd.DataFrame:
    """Enter every block; say of those without a ranked unit that nothing is known."""
    blocks = ledger.look(ranking_of(case).blocks)
    for name in blocks.index[blocks["ranked"] == 0]:
        ledger.of_unit("not_judged", "", name, khoi=name or "đơn vị chưa ghi khối", con_thieu=NO_RANK)
    return blocks


def close_groups(case: Evidence) -> Checked:
    """XH-04: neighbours that are nearly equal, once a group."""
    ledger = Ledger(case, "XH-04", "")
    if _without_table(case, ledger, khoi="các cụm, khối"):
        return ledger.close()
    _blocks(case, ledger)
    units = ranking_of(case).units
    units = units[units["close_group"].notna()]
    for (block, _), group in units.groupby(["block", "close_group"], sort=False):
        percent = group["percent"]
        ledger.of_unit(
            "close", "", block, khoi=block or "Đơn vị chưa ghi khối", so=len(group), tu=group["rank"].min(),
            den=group["rank"].max(), don_vi=listed(group.index, 12), cach=percent.max() - percent.min(),
        )  # fmt: skip
    return ledger.close()


def near_threshold(case: Evidence) -> Checked:
    """XH-05: a unit whose points lie near a threshold between bands."""
    ledger = Ledger(case, "XH-05", "")
    if _without_table(case, ledger, don_vi="các đơn vị"):
        return ledger.close()
    ranking = ranking_of(case)
    units = ledger.look(ranking.units[ranking.units["counted"]])
    for unit in units.index[units["percent"].isna()]:
        ledger.of_unit("not_judged", unit, unit, don_vi=f"đơn vị {unit}", con_thieu="không tiêu chí nào phát sinh")
    limits = dict(ranking.settings.bands)
    near = units[units["near_band"].notna()]
    fields = ("near_band", "total", "percent", "near_points")
    for unit, name, total, percent, points in zip(near.index, *(near[f].tolist() for f in fields), strict=True):
        band = Band(name)
        ledger.of_unit(
            "near", unit, unit, diem=total, ty_le=percent, nhom=BANDS[band], nguong=100 * limits[band], cach=abs(points)
        )  # fmt: skip
    return ledger.close()


def one_group(case: Evidence) -> Checked:
    """XH-06: leaving out one group of criteria moves the rank by several places."""
    ledger = Ledger(case, "XH-06", "")
    if _without_table(case, ledger, khoi="các cụm, khối"):
        return ledger.close()
    _blocks(case, ledger)
    ranking = ranking_of(case)
    units = ranking.units[ranking.units["ranked"]]
    moved = (units["left_out_rank"] - units["rank"]).abs()
    found = units[(moved >= ranking.settings.rank_change) & (units["of"] >= ranking.settings.few)]
    fields = ("block", "rank", "of", "left_out", "left_out_rank")
    for unit, block, rank, of, name, other in zip(found.index, *(found[f].tolist() for f in fields), strict=True):
        ledger.of_unit("depends", unit, unit, khoi=block, hang=rank, so=of, nhom=name, hang_moi=other)
    return ledger.close()


def not_occurred(case: Evidence) -> Checked:
    """XH-07: too many points that did not occur; said at the first such row."""
    ledger = Ledger(case, "XH-07", "CHI_TIEU")
    if _without_table(case, ledger, don_vi="các đơn vị"):
        return ledger.close()
    ranking = ranking_of(case)
    rows = ranking.criteria[(ranking.criteria["basis"] == Basis.NOT_OCCURRED) & ranking.criteria["row_id"].notna()]
    rows = ledger.look(rows.set_index(pd.Index(rows["row_id"].astype("int64"), name=None)))
    first = rows.drop_duplicates("unit")
    of = ranking.units.reindex(first["unit"]).set_axis(first.index)
    limit = case.rules.number("XH-07", "phan")
    names = first["unit"].map(rows.groupby("unit")["criterion"].agg(listed))
    ledger.say(
        "many", first[of["not_occurred_share"] > limit + _SLACK], "ly_do_khong_phat_sinh",
        so=first["unit"].map(rows["unit"].value_counts()), diem=of["not_occurred"],
        tong=of["not_occurred"] + of["possible"], ty_le=of["not_occurred_share"] * 100, nguong=limit * 100,
        tieu_chi=names,
    )  # fmt: skip
    return ledger.close()


def not_occurred_unknown(case: Evidence) -> Checked:
    """XH-07: units without any row in CHI_TIEU."""
    ledger = Ledger(case, "XH-07", "DON_VI")
    if not score_table(case).empty:
        _units_with_targets(case, ledger)
    return ledger.close()


def appraised(case: Evidence) -> Checked:
    """XH-09: an appraised score above what the unit claimed, or far from what its figures give."""
    ledger = Ledger(case, "XH-09", "")
    ranking = ranking_of(case)
    rows = ranking.criteria[ranking.criteria["appraised"].notna()]
    ledger.counted(rows["unit"] + " " + rows["criterion"])
    blind = rows[rows["self"].isna() & rows["computed"].isna()]
    for unit, codes in blind.groupby("unit", sort=False)["criterion"].agg(listed).items():
        ledger.of_unit("not_judged", str(unit), str(unit), don_vi=str(unit), tieu_chi=codes, con_thieu=NO_CLAIM)
    places = _appraised_rows(case)
    for row in odd_scores(rows, ranking.settings).to_dict("records"):
        unit, code, away = str(row["unit"]), str(row["criterion"]), float(row["away"])
        variant = _REASONED[row["oddity"]] if row["explained"] else str(row["oddity"])
        told = {"huong": "cao hơn" if away > 0 else "thấp hơn"} if row["oddity"] == Oddity.FAR else {}
        told |= {"ly_do": str(row["note"])} if row["explained"] else {}
        ledger.of_own_row(
            variant, unit, "DIEM_THAM_DINH", places.get((unit, code), NO_ROW), "diem", don_vi=unit, tieu_chi=code,
            tham_dinh=row["appraised"], tu_cham=_or_none(row["self"]), tinh_lai=_or_none(row["computed"]),
            lech=abs(away), **told,
        )  # fmt: skip
    return ledger.close()


#: Oddity of a score → variant when the appraiser gave a reason.
_REASONED = {Oddity.ABOVE: "above_reasoned", Oddity.FAR: "far_reasoned"}


def _appraised_rows(case: Evidence) -> dict[tuple[str, str], int]:
    """Row of cau-hinh.xlsx whose score counts, by unit and criterion."""
    rows = case.configured("DIEM_THAM_DINH")
    if rows.empty:
        return {}
    rows = rows[rows["diem"].notna()].drop_duplicates(["don_vi", "ma_tieu_chi"])
    keys = zip(rows["don_vi"].tolist(), rows["ma_tieu_chi"].tolist(), strict=True)
    return dict(zip(keys, rows.index.tolist(), strict=True))


def _or_none(points: float) -> object:
    return "không có" if points != points else points


CHECKS = (
    Check("XH-01", self_scores, province=True),
    Check("XH-01", scores_of_units, province=True),
    Check("XH-02", mismatch, province=True),
    Check("XH-03", evidence, province=True),
    Check("XH-04", close_groups, province=True),
    Check("XH-05", near_threshold, province=True),
    Check("XH-06", one_group, province=True),
    Check("XH-07", not_occurred, province=True),
    Check("XH-07", not_occurred_unknown, province=True),
    Check("XH-09", appraised, province=True),
)
