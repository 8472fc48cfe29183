"""DP-01 to DP-07: breakthroughs (khâu đột phá), new and hard tasks as targets that can be measured."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.by_unit import any_in_unit, having_sheet, looked_up, say_of_unit, unit_rows
from pipeline.checks.ledger import NOT_JUDGED, Check, Checked, Ledger
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.evidence.once import once

BREAKTHROUGH, NEW, HARD = "DOT_PHA", "VIEC_MOI", "VIEC_KHO"
SPECIAL = (BREAKTHROUGH, NEW, HARD)
SETTING = "XAC_DINH_DOT_PHA"
#: Directions in which a result is compared by size.
UPWARD, DOWNWARD = "CAO", "THAP"
PERCENT = "%"
#: Why the day of a breakthrough is not known, by whether no activity named one.
_NOT_DATED = {
    True: "trang HOAT_DONG chưa ghi hoạt động xác định khâu đột phá",
    False: "hoạt động xác định khâu đột phá chưa có ngày đọc được",
}


@once
def targets_of(case: Evidence) -> pd.DataFrame:
    """CHI_TIEU by row id.

    Adds `unit`; `happened` (no reason is given why nothing occurred); `measurable` (has a number and a unit of
    measure); `reached` (true, false; null where target, result or direction is not known); `ratio` (result to
    target; null where the target is 0 or less is better).
    """
    rows = case.frame("CHI_TIEU")
    target, done, way = rows["chi_tieu"], rows["thuc_hien"], rows["chieu"]
    met = (done >= target).where(way != DOWNWARD, done <= target)
    upward = (way == UPWARD) & (target > 0)
    return rows.assign(
        unit=rows[UNIT],
        happened=rows["ly_do_khong_phat_sinh"].isna(),
        measurable=target.notna() & rows["don_vi_tinh"].notna(),
        reached=met.astype("object").where(target.notna() & done.notna() & way.notna()),
        ratio=(done / target.where(target != 0)).where(upward),
    )


def _units_by_kind(case: Evidence, ledger: Ledger, kinds: tuple[str, ...]) -> tuple[pd.DataFrame, pd.Series]:
    """Units whose targets are known, and whether each has a target of these kinds.

    A unit without one is not judged while the kind of some of its targets is not known.
    """
    units = having_sheet(case, ledger, unit_rows(case), "CHI_TIEU")
    rows = targets_of(case)
    has = any_in_unit(units, rows[rows["loai"].isin(kinds)])
    unclear = ~has & any_in_unit(units, rows[rows["loai"].isna()])
    say_of_unit(ledger, NOT_JUDGED, units[unclear], con_thieu="có chỉ tiêu chưa ghi loại hoặc loại không đọc được")
    return units[~unclear], has[~unclear]


def none_named(case: Evidence) -> Checked:
    """Every unit names a breakthrough each year."""
    ledger = Ledger(case, "DP-01", "DON_VI")
    units, has = _units_by_kind(case, ledger, (BREAKTHROUGH,))
    say_of_unit(ledger, "none", units[~has])
    return ledger.close()


def first_setting(case: Evidence) -> pd.DataFrame:
    """By unit: `row_id` and `ngay` of the first activity that named the breakthrough; day null: not known."""
    rows = case.frame("HOAT_DONG")
    rows = rows[rows["loai"] == SETTING].sort_values("ngay", kind="stable", na_position="last")
    first = rows.drop_duplicates(UNIT)
    return pd.DataFrame({"row_id": first.index, "ngay": first["ngay"].array}, index=first[UNIT].array)


def named_late(case: Evidence) -> Checked:
    """The breakthrough is named in the first part of the period; only where there is one."""
    ledger = Ledger(case, "DP-02", "DON_VI")
    units, rows = unit_rows(case), targets_of(case)
    units = units[any_in_unit(units, rows[rows["loai"] == BREAKTHROUGH])]
    units = having_sheet(case, ledger, units, "HOAT_DONG")
    setting = first_setting(case)
    day, row = looked_up(units["unit"], setting["ngay"]), looked_up(units["unit"], setting["row_id"])
    lacking = row.isna().map(_NOT_DATED)
    say_of_unit(ledger, NOT_JUDGED, units[day.isna()], con_thieu=lacking)
    share = case.rules.number("DP-02", "phan_ky")
    limit = case.first + (case.last - case.first) * share
    late = units[day > limit]
    ledger.say("late", late, "ngay", at=row, ngay=day, moc=limit.normalize(), tu_ngay=case.first, den_ngay=case.last)
    return ledger.close()


def same_as_last_year(case: Evidence) -> Checked:
    """Cannot be judged: the province folder holds no targets of past years."""
    ledger = Ledger(case, "DP-03", "")
    if (case.frame("CHI_TIEU")["loai"] == BREAKTHROUGH).any():
        ledger.of_unit(NOT_JUDGED, "", nam=str(case.year - 1))
    return ledger.close()


def _words(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """What sentences say of a target."""
    return {
        "subject": rows["ma_ct"].fillna(""),
        "noi_dung": rows["noi_dung"].fillna("(chưa ghi nội dung)"),
        "don_vi_tinh": rows["don_vi_tinh"].fillna("(chưa ghi đơn vị tính)"),
    }


def not_measurable(case: Evidence) -> Checked:
    """Breakthroughs, new and hard tasks have a number and a unit of measure."""
    ledger = Ledger(case, "DP-04", "CHI_TIEU")
    rows = targets_of(case)
    rows = ledger.look(rows[rows["loai"].isin(SPECIAL) & rows["happened"]])
    no_number, no_measure = rows["chi_tieu"].isna(), rows["don_vi_tinh"].isna()
    kinds = case.labels("LOAI_CHI_TIEU", rows["loai"])
    for column, wrong, lacking in (
        ("chi_tieu", no_number & no_measure, "chỉ tiêu bằng số và đơn vị tính"),
        ("chi_tieu", no_number & ~no_measure, "chỉ tiêu bằng số"),
        ("don_vi_tinh", ~no_number & no_measure, "đơn vị tính"),
    ):
        ledger.say("unmeasurable", rows[wrong], column, loai=kinds, thieu=lacking, **_words(rows))
    return ledger.close()


def not_above_last_year(case: Evidence) -> Checked:
    """The target of a breakthrough is better than last year's result, where it still can be."""
    ledger = Ledger(case, "DP-05", "CHI_TIEU")
    rows = targets_of(case)
    sized = rows["chieu"].isin((UPWARD, DOWNWARD)) & rows["chi_tieu"].notna()
    rows = rows[(rows["loai"] == BREAKTHROUGH) & rows["happened"] & sized]
    target, before, up = rows["chi_tieu"], rows["nam_truoc"], rows["chieu"] == UPWARD
    most, least = case.rules.number("DP-05", "muc_tran"), case.rules.number("DP-05", "muc_san")
    at_limit = (up & (rows["don_vi_tinh"] == PERCENT) & (before >= most)) | (~up & (before <= least))
    rows = ledger.look(rows[~at_limit])
    ledger.say(NOT_JUDGED, rows[rows["nam_truoc"].isna()], "nam_truoc", **_words(rows))
    wrong = (up & (target <= before)) | (~up & (target >= before))
    ledger.say(
        "not_above", rows[wrong.reindex(rows.index)], "chi_tieu", chi_tieu=target, nam_truoc=before,
        can=up.map({True: "cao hơn", False: "thấp hơn"}), **_words(rows),
    )  # fmt: skip
    return ledger.close()


def reached_without_evidence(case: Evidence) -> Checked:
    """What is said to be reached names its evidence."""
    ledger = Ledger(case, "DP-06", "CHI_TIEU")
    rows = targets_of(case)
    reached = rows["reached"].eq(True).fillna(False).astype(bool)
    rows = ledger.look(rows[rows["loai"].isin(SPECIAL) & rows["happened"] & reached])
    ledger.say(
        "no_evidence", rows[rows["minh_chung"].isna()], "minh_chung", thuc_hien=rows["thuc_hien"],
        chi_tieu=rows["chi_tieu"], loai=case.labels("LOAI_CHI_TIEU", rows["loai"]), **_words(rows),
    )  # fmt: skip
    return ledger.close()


def no_new_or_hard_task(case: Evidence) -> Checked:
    """New and hard tasks are turned into targets."""
    ledger = Ledger(case, "DP-07", "DON_VI")
    units, has = _units_by_kind(case, ledger, (NEW, HARD))
    say_of_unit(ledger, "none", units[~has])
    return ledger.close()


def unit_counts(case: Evidence) -> pd.DataFrame:
    """Expected units by code: how many targets of each special kind, how many are measurable, reached, not reached.

    Columns: `DOT_PHA`, `VIEC_MOI`, `VIEC_KHO`, `measurable`, `reached`, `missed`, and `set_on`, the day on which the
    breakthrough was first named (null: not known).
    """
    rows = targets_of(case)
    rows = rows[rows["loai"].isin(SPECIAL)]
    table = pd.DataFrame(index=case.units.index)
    for kind in SPECIAL:
        table[kind] = rows.loc[rows["loai"] == kind, "unit"].value_counts()
    table["measurable"] = rows.loc[rows["measurable"], "unit"].value_counts()
    table["reached"] = rows.loc[rows["reached"].eq(True).fillna(False).astype(bool), "unit"].value_counts()
    table["missed"] = rows.loc[rows["reached"].eq(False).fillna(False).astype(bool), "unit"].value_counts()
    table = table.fillna(0).astype("int64")
    return table.assign(set_on=first_setting(case)["ngay"].reindex(table.index))


CHECKS = (
    Check("DP-01", none_named),
    Check("DP-02", named_late),
    Check("DP-03", same_as_last_year, province=True),
    Check("DP-04", not_measurable),
    Check("DP-05", not_above_last_year),
    Check("DP-06", reached_without_evidence),
    Check("DP-07", no_new_or_hard_task),
)
