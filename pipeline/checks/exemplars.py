"""DH-01 to DH-04: exemplars through their four stages, and the counts of exemplars and initiatives of a unit."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.by_unit import any_in_unit, having_sheet, on_form, say_of_unit, stopped, unit_rows
from pipeline.checks.ledger import NOT_JUDGED, Check, Checked, Ledger
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.evidence.once import once

#: Column → stage, in the order in which the stages follow.
STAGES = {
    "ngay_phat_hien": "phát hiện",
    "ngay_boi_duong": "bồi dưỡng",
    "ngay_tong_ket": "tổng kết",
    "ngay_nhan_rong": "nhân rộng",
}
SEPARATOR = ";"


@once
def exemplars_of(case: Evidence) -> pd.DataFrame:
    """DIEN_HINH by row id.

    Adds `unit`; `stage`, the number of the highest dated stage (0: no date at all), `stage_name`, `next_name`,
    `reached` (day of that stage); `in_period` (a stage lies in the period); `own` (found by the unit itself; null
    where the finder is not known).
    """
    rows = case.frame("DIEN_HINH")
    rows = rows.assign(unit=rows[UNIT])
    days = rows[list(STAGES)]
    order = pd.Series(range(1, len(STAGES) + 1), index=days.columns)
    stage = days.notna().mul(order, axis=1).max(axis=1).astype("int64")
    names = dict(enumerate(STAGES.values(), start=1))
    *earlier, last = STAGES
    reached = days[last]
    for column in reversed(earlier):
        reached = reached.fillna(days[column])
    finder = case.lineage.heirs(rows["don_vi_phat_hien"])
    return rows.assign(
        stage=stage,
        stage_name=stage.map(names),
        next_name=(stage + 1).map(names),
        reached=reached,
        in_period=((days >= case.first) & (days <= case.last)).any(axis=1),
        own=(finder == rows["unit"]).astype("object").where(finder.notna()),
    )


def none_found(case: Evidence) -> Checked:
    """A unit has at least one exemplar with a stage in the period."""
    ledger = Ledger(case, "DH-01", "DON_VI")
    units = having_sheet(case, ledger, unit_rows(case), "DIEN_HINH")
    rows = exemplars_of(case)
    active = any_in_unit(units, rows[rows["in_period"]])
    listed = any_in_unit(units, rows)
    undated = any_in_unit(units, rows[rows["stage"] == 0])
    say_of_unit(ledger, "none", units[~listed])
    say_of_unit(
        ledger,
        NOT_JUDGED,
        units[listed & ~active & undated],
        con_thieu="điển hình ở trang DIEN_HINH chưa có ngày đọc được",
    )
    say_of_unit(ledger, "none_in_period", units[listed & ~active & ~undated], tu_ngay=case.first, den_ngay=case.last)
    return ledger.close()


def came_to_a_halt(case: Evidence) -> Checked:
    """No next stage long after the last one, counted to the day of the unit's letter."""
    ledger = Ledger(case, "DH-02", "DIEN_HINH")
    rows = exemplars_of(case)
    rows = rows[rows["stage"] > 0]
    letter = on_form(case, rows["unit"], "ngay_to_trinh")
    waiting = rows["stage"] < len(STAGES)
    unknown = ledger.look(rows[waiting & letter.isna()].drop_duplicates("unit"))
    ledger.unjudged(unknown, "ngay_to_trinh", at=on_form(case, unknown["unit"]))
    rows = ledger.look(rows[~(waiting & letter.isna())])
    days = (letter.reindex(rows.index) - rows["reached"]).dt.days
    allowed = case.rules.number("DH-02", "so_ngay")
    halted = rows[waiting.reindex(rows.index) & (days > allowed)]
    for number, column in enumerate(STAGES, start=1):
        ledger.say(
            "halted", halted[halted["stage"] == number], column, subject=halted["ma_dh"].fillna(""),
            ten=halted["ten"].fillna("điển hình này"), khau=halted["stage_name"], tu_ngay=halted["reached"],
            so_ngay=days, moc=allowed, khau_sau=halted["next_name"],
        )  # fmt: skip
    return ledger.close()


def stage_skipped(case: Evidence) -> Checked:
    """Every stage before the highest one has its day. An empty first stage is an empty mandatory cell (V-02)."""
    ledger = Ledger(case, "DH-03", "DIEN_HINH")
    rows = exemplars_of(case)
    between = list(STAGES)[1:-1]
    empty = pd.DataFrame(
        {c: rows[c].isna() & (rows["stage"] > number) for number, c in enumerate(between, start=2)}, index=rows.index
    )
    # On a row that the form stops, an empty day may be one that could not be read.
    skipped = empty.any(axis=1)
    rows = ledger.look(rows[(rows["stage"] > 0) & ~(skipped & stopped(case, rows))])
    for first, column in enumerate(between):
        earlier = empty[between[:first]].any(axis=1)
        missing = rows[(empty[column] & ~earlier).reindex(rows.index)]
        names = pd.Series(STAGES[column], index=missing.index, dtype="object")
        for later in between[first + 1 :]:
            names = names.where(~empty[later].reindex(missing.index), names + " và " + STAGES[later])
        ledger.say(
            "skipped", missing, column, subject=missing["ma_dh"].fillna(""), ten=missing["ten"].fillna("điển hình này"),
            khau=names, khau_sau=missing["stage_name"], ngay_sau=missing["reached"],
        )  # fmt: skip
    return ledger.close()


def receivers_of(case: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """One row for each other unit to which an exemplar is said to be multiplied.

    `row_id` of the exemplar, `origin`, `receiver` (the unit that works on), `name`, and `confirmed`: whether a
    row of the receiver's DIEN_HINH names the origin as finder; null where the receiver has no such page.
    """
    told = rows.loc[rows["noi_nhan_rong"].notna(), "noi_nhan_rong"].str.split(SEPARATOR).explode().str.strip()
    told = told[told.notna() & (told != "")]
    pairs = pd.DataFrame({"row_id": told.index, "named": told.to_numpy()})
    pairs["origin"] = pairs["row_id"].map(rows["unit"])
    pairs["receiver"] = case.lineage.heirs(pairs["named"].astype("str"))
    pairs = pairs[pairs["receiver"] != pairs["origin"]].drop_duplicates(["row_id", "receiver"])
    everywhere = exemplars_of(case)
    finders = case.lineage.heirs(everywhere["don_vi_phat_hien"])
    kept = pd.MultiIndex.from_arrays([everywhere["unit"], finders])
    known = case.sheet_at_hand(pairs["receiver"], "DIEN_HINH")
    confirmed = pd.MultiIndex.from_frame(pairs[["receiver", "origin"]]).isin(kept)
    return pairs.assign(
        name=case.labels("DON_VI", pairs["receiver"]),
        confirmed=pd.Series(confirmed, index=pairs.index, dtype="object").where(known),
    )


def confirmed_by_receiver(case: Evidence) -> Checked:
    """The unit to which an exemplar was multiplied has it in its own file."""
    ledger = Ledger(case, "DH-04", "DIEN_HINH")
    rows = exemplars_of(case)
    pairs = receivers_of(case, rows)
    ledger.look(rows[rows.index.isin(pairs["row_id"])])
    for variant, chosen in (("unconfirmed", pairs["confirmed"].eq(False)), (NOT_JUDGED, pairs["confirmed"].isna())):
        names = pairs[chosen.fillna(False).astype(bool)].groupby("row_id")["name"].agg(", ".join)
        told = rows[rows.index.isin(names.index)]
        ledger.say(
            variant, told, "noi_nhan_rong", subject=told["ma_dh"].fillna(""), noi_nhan=names,
            ten=told["ten"].fillna("điển hình này"), don_vi=case.labels("DON_VI", told["unit"]),
        )  # fmt: skip
    return ledger.close()


def unit_counts(case: Evidence) -> pd.DataFrame:
    """Expected units by code: how many exemplars and initiatives they have.

    Columns: `exemplars`, `own` (found by the unit itself), `stage_1` … `stage_4` (that came at least so far),
    `initiatives`, `recognised` (each counted once, however many authors), `per_ten` (initiatives for ten people of
    the staff; null without staff).
    """
    rows, units = exemplars_of(case), case.units
    table = pd.DataFrame(index=units.index)
    table["exemplars"] = rows["unit"].value_counts()
    table["own"] = rows.loc[rows["own"].eq(True).fillna(False), "unit"].value_counts()
    for number in range(1, len(STAGES) + 1):
        table[f"stage_{number}"] = rows.loc[rows["stage"] >= number, "unit"].value_counts()
    each = case.initiatives[case.initiatives["ma_sk"].notna()]
    table["initiatives"] = each.drop_duplicates(["unit", "ma_sk"])["unit"].value_counts()
    table["recognised"] = each[each["recognised"]].drop_duplicates(["unit", "ma_sk"])["unit"].value_counts()
    table = table.fillna(0).astype("int64")
    return table.assign(per_ten=(table["initiatives"] * 10 / units["staff"]).where(units["staff"] > 0))


CHECKS = (
    Check("DH-01", none_found),
    Check("DH-02", came_to_a_halt),
    Check("DH-03", stage_skipped),
    Check("DH-04", confirmed_by_receiver, province=True),
)
