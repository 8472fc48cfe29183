"""PH-01 to PH-06: who leads emulation work, who works together, what was spread among the staff."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.by_unit import (
    any_in_unit,
    count_in_unit,
    has_page,
    having_sheet,
    looked_up,
    say_of_unit,
    stopped,
    unit_rows,
)
from pipeline.checks.ledger import NOT_JUDGED, Check, Checked, Ledger
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.evidence.once import once

#: The three sides, each with the leaders (CHU_TRI) that belong to it.
SIDES = {
    "cấp ủy, chi bộ": ("CAP_UY", "CHI_BO"),
    "lãnh đạo đơn vị": ("CHINH_QUYEN",),
    "đoàn thể": ("CONG_DOAN", "DOAN_TN", "PHU_NU", "CCB"),
}
#: Parties that can work together: a party committee and its cell are one.
PARTIES = (("CAP_UY", "CHI_BO"), ("CHINH_QUYEN",), ("CONG_DOAN",), ("DOAN_TN",), ("PHU_NU",), ("CCB",))
#: Column of DON_VI with the rating of an organisation → its code as leader of activities.
ORGANISATIONS = {
    "xep_loai_cong_doan": "CONG_DOAN",
    "xep_loai_doan_tn": "DOAN_TN",
    "xep_loai_phu_nu": "PHU_NU",
    "xep_loai_ccb": "CCB",
}
PROPAGANDA = ("QUAN_TRIET", "TUYEN_TRUYEN")
DOCUMENTS = ("LUAT_TDKT", "CT34", "VB_NGANH")
_LEADER_UNKNOWN = "có hoạt động chưa ghi bên chủ trì hoặc ghi không đọc được"


def _names(texts: pd.Series, codes: tuple[str, ...]) -> pd.Series:
    """Whether a cell of several codes holds one of these; looks at each distinct text once."""
    wanted = set(codes)
    held = [text for text in texts.dropna().unique() if wanted & {part.strip() for part in str(text).split(";")}]
    return texts.isin(held)


@once
def activities_of(case: Evidence) -> pd.DataFrame:
    """HOAT_DONG by row id.

    Adds `unit`; `parties`, how many distinct parties lead or take part (null where the leader is not known);
    one column of true and false for each code of `DOCUMENTS`: whether the activity is tied to it.
    """
    rows = case.frame("HOAT_DONG")
    parties = pd.Series(0, index=rows.index)
    for codes in PARTIES:
        parties += (rows["chu_tri"].isin(codes) | _names(rows["phoi_hop"], codes)).astype("int64")
    documents = {code: _names(rows["gan_voi"], (code,)) for code in DOCUMENTS}
    return rows.assign(unit=rows[UNIT], parties=parties.where(rows["chu_tri"].notna()), **documents)


def _joined(columns: list[tuple[str, pd.Series]], index: pd.Index) -> pd.Series:
    """Names of the columns that are true, kept apart by commas."""
    text = pd.Series("", index=index, dtype="object")
    for name, true in columns:
        more = true.reindex(index).fillna(False).astype(bool)
        text = text.mask(more, text.mask(text != "", text + ", ") + name)
    return text


def sides_that_lead(case: Evidence) -> Checked:
    """Each of the three sides leads at least one activity."""
    ledger = Ledger(case, "PH-01", "DON_VI")
    units = having_sheet(case, ledger, unit_rows(case), "HOAT_DONG")
    rows = activities_of(case)
    missing = [(name, ~any_in_unit(units, rows[rows["chu_tri"].isin(codes)])) for name, codes in SIDES.items()]
    some = pd.concat([m for _, m in missing], axis=1).any(axis=1)
    unclear = some & any_in_unit(units, rows[rows["chu_tri"].isna()])
    say_of_unit(ledger, NOT_JUDGED, units[unclear], con_thieu=_LEADER_UNKNOWN)
    names = _joined(missing, units.index)
    say_of_unit(ledger, "no_leader", units[some & ~unclear], ben=names, so=count_in_unit(units, rows))
    return ledger.close()


def leadership(case: Evidence) -> Checked:
    """The party committee issued a leading document and discussed emulation."""
    ledger = Ledger(case, "PH-02", "DON_VI")
    units = ledger.look(unit_rows(case))
    meetings = units["so_lan_cap_uy_ban"]
    least = case.rules.number("PH-02", "so_lan")
    ledger.say("no_document", units[units["vb_lanh_dao_so"].isna()], "vb_lanh_dao_so")
    ledger.say("no_meeting", units[meetings < least], "so_lan_cap_uy_ban", so_lan=meetings, can=least)
    ledger.unjudged(units[meetings.isna()], "so_lan_cap_uy_ban")
    return ledger.close()


def propaganda_on_record(case: Evidence) -> Checked:
    """Sessions of propaganda have the number of a document and a number of people; said once a unit."""
    ledger = Ledger(case, "PH-03", "DON_VI")
    units = having_sheet(case, ledger, unit_rows(case), "HOAT_DONG")
    rows = activities_of(case)
    rows = rows[rows["loai"].isin(PROPAGANDA)]
    no_document = rows["so_van_ban"].isna()
    # On a row that the form stops, an empty number may be one that could not be read.
    no_people = rows["so_tham_gia"].isna() & ~stopped(case, rows)
    wanting = rows[no_document | no_people]
    first = wanting.assign(row_id=wanting.index).drop_duplicates("unit").set_index("unit")
    place, code = looked_up(units["unit"], first["row_id"]), looked_up(units["unit"], first["ma_hd"])
    some, numbered = any_in_unit(units, wanting), looked_up(units["unit"], first["so_van_ban"]).notna()
    params = {
        "tong": count_in_unit(units, rows),
        "khong_van_ban": count_in_unit(units, rows[no_document]),
        "khong_nguoi": count_in_unit(units, rows[no_people]),
        "hoat_dong": code.fillna("(chưa ghi mã)"),
    }
    ledger.say("bare", units[some & ~numbered], "so_van_ban", at=place, **params)
    ledger.say("bare", units[some & numbered], "so_tham_gia", at=place, **params)
    return ledger.close()


def working_together(case: Evidence) -> Checked:
    """Share of activities in which two or more parties take part."""
    ledger = Ledger(case, "PH-04", "DON_VI")
    rows, units = activities_of(case), unit_rows(case)
    units = units[any_in_unit(units, rows) | ~has_page(case, units, "HOAT_DONG")]
    units = having_sheet(case, ledger, units, "HOAT_DONG")
    known = rows[rows["parties"].notna()]
    total = count_in_unit(units, known)
    joint = count_in_unit(units, known[known["parties"] >= case.rules.number("PH-04", "so_ben")])
    share, least = joint / total.where(total > 0), case.rules.number("PH-04", "ty_le")
    say_of_unit(ledger, NOT_JUDGED, units[total == 0], con_thieu="các hoạt động chưa ghi bên chủ trì")
    few = units[share < least]
    say_of_unit(ledger, "few", few, so=joint, tong=total, ty_le=share * 100, can=least * 100)
    return ledger.close()


def organisations_that_lead(case: Evidence) -> Checked:
    """An organisation that the unit has leads something in the year; said once a unit."""
    ledger = Ledger(case, "PH-05", "DON_VI")
    units = unit_rows(case)
    has = units[list(ORGANISATIONS)].notna()
    units = having_sheet(case, ledger, units[has.any(axis=1)], "HOAT_DONG")
    rows = activities_of(case)
    idle = pd.DataFrame(
        {
            column: has[column].reindex(units.index) & ~any_in_unit(units, rows[rows["chu_tri"] == code])
            for column, code in ORGANISATIONS.items()
        },
        index=units.index,
    )
    some = idle.any(axis=1)
    unclear = some & any_in_unit(units, rows[rows["chu_tri"].isna()])
    say_of_unit(ledger, NOT_JUDGED, units[unclear], con_thieu=_LEADER_UNKNOWN)
    names = _joined([(case.label("CHU_TRI", code), idle[c]) for c, code in ORGANISATIONS.items()], units.index)
    said = pd.Series(False, index=units.index)
    for column in ORGANISATIONS:
        now = idle[column] & ~unclear & ~said
        ledger.say("idle", units[now], column, doan_the=names)
        said |= now
    return ledger.close()


def documents_spread(case: Evidence) -> Checked:
    """The law, the directive and the sector's documents were spread in the period."""
    ledger = Ledger(case, "PH-06", "DON_VI")
    units = having_sheet(case, ledger, unit_rows(case), "HOAT_DONG")
    rows, spreading = activities_of(case), case.rules.codes("PH-06", "loai_hoat_dong")
    told = rows[rows["loai"].isin(spreading)]
    wanted = case.rules.codes("PH-06", "van_ban")
    missing = [
        (case.label("GAN_VOI", code), ~any_in_unit(units, told[_names(told["gan_voi"], (code,))])) for code in wanted
    ]
    some = pd.concat([m for _, m in missing], axis=1).any(axis=1)
    unread = told[told["gan_voi"].isna() & stopped(case, told)]
    unclear = some & (any_in_unit(units, unread) | any_in_unit(units, rows[rows["loai"].isna()]))
    say_of_unit(
        ledger,
        NOT_JUDGED,
        units[unclear],
        con_thieu="có hoạt động chưa đọc được loại hoặc văn bản gắn với hoạt động đó",
    )
    say_of_unit(ledger, "not_spread", units[some & ~unclear], van_ban=_joined(missing, units.index))
    return ledger.close()


def unit_counts(case: Evidence) -> pd.DataFrame:
    """Expected units by code: activities by leader, joint work, propaganda.

    Columns: one for each first code of `PARTIES` (activities led), `total`, `joint` (two or more parties), `share`
    (of those whose leader is known; null without any), `sessions` (propaganda), `most_people` (in the session with
    the most; null: not known), `reach` (those, of the staff), and for each code of `DOCUMENTS` the number of
    activities that spread it.
    """
    rows, units = activities_of(case), case.units
    table = pd.DataFrame(index=units.index)
    for codes in PARTIES:
        table[codes[0]] = rows.loc[rows["chu_tri"].isin(codes), "unit"].value_counts()
    table["total"] = rows["unit"].value_counts()
    known = rows[rows["parties"].notna()]
    least = case.rules.number("PH-04", "so_ben")
    table["joint"] = known.loc[known["parties"] >= least, "unit"].value_counts()
    told = rows[rows["loai"].isin(PROPAGANDA)]
    table["sessions"] = told["unit"].value_counts()
    spreading = rows[rows["loai"].isin(case.rules.codes("PH-06", "loai_hoat_dong"))]
    for code in DOCUMENTS:
        table[code] = spreading.loc[spreading[code], "unit"].value_counts()
    table = table.fillna(0).astype("int64")
    led = known["unit"].value_counts().reindex(table.index)
    most = told.groupby("unit")["so_tham_gia"].max().reindex(table.index)
    return table.assign(
        share=table["joint"] / led, most_people=most, reach=most / units["staff"].where(units["staff"] > 0)
    )


CHECKS = (
    Check("PH-01", sides_that_lead),
    Check("PH-02", leadership),
    Check("PH-03", propaganda_on_record),
    Check("PH-04", working_together),
    Check("PH-05", organisations_that_lead),
    Check("PH-06", documents_spread),
)
