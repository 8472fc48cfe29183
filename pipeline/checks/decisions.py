"""HS-03, HS-07: numbers and days of decisions, and what is known of past awards."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.checks.papers import OF_UNIT, number_keys
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.vietnamese import date_text, match_key


def _keys(texts: pd.Series) -> pd.Series:
    return texts.map({text: match_key(text) for text in texts.dropna().unique()}).astype("str")


def _two_days(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows whose key bears several days, with `first_day`, the earliest of them, and only those with another day."""
    rows = rows[rows[keys].notna().all(axis=1) & rows["day"].notna()]
    if rows.empty:
        return rows.assign(first_day=rows["day"])
    first_day = rows.groupby(keys)["day"].transform("min")
    return rows.assign(first_day=first_day)[rows["day"] > first_day]


def decision_numbers(case: Evidence) -> Checked:
    """HS-03: one issuer gives a number once a year; a decision on two days is two decisions, or a slip."""
    ledger = Ledger(case, "HS-03", "LICH_SU")
    told = case.frame("LICH_SU")
    rows = _decisions(told).assign(unit=told[UNIT], own=True)
    ledger.look(rows[rows["number"].notna() & rows["day"].notna()])
    past = case.past("KHEN_THUONG")
    if past is not None:
        # What a unit was sent is what the province holds: each statement once.
        known = _decisions(past).drop_duplicates(["number", "issuer", "day"]).assign(unit="", own=False)
        rows = pd.concat([rows, known])
    clash = _two_days(rows, ["number", "issuer", "year"]).drop_duplicates(["unit", "number", "issuer", "year"])
    mine = clash[clash["own"]]
    ledger.say(
        "decision",
        mine,
        "ngay_qd",
        subject=mine["text"],
        so=mine["text"],
        ngay=mine["day"],
        ngay_khac=mine["first_day"],
    )
    shown = pd.MultiIndex.from_frame(mine[["number", "issuer", "year"]])
    rest = clash[~clash["own"]]
    rest = rest[~pd.MultiIndex.from_frame(rest[["number", "issuer", "year"]]).isin(shown)]
    for text, day, first in zip(rest["text"], rest["day"], rest["first_day"], strict=True):
        ledger.of_unit("province", "", text, so=text, ngay=day, ngay_khac=first)
    return ledger.close()


def _decisions(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "text": rows["so_qd"], "number": number_keys(rows["so_qd"]), "issuer": _keys(rows["co_quan_qd"]),
            "day": rows["ngay_qd"], "year": rows["ngay_qd"].dt.year,
        }, index=rows.index,
    )  # fmt: skip


def own_numbers(case: Evidence) -> Checked:
    """HS-03 within a unit: initiatives, papers, and the letter against the minutes."""
    ledger = Ledger(case, "HS-03", "HO_SO")
    for sheet, group in (("SANG_KIEN", "cap_cong_nhan"), ("HO_SO", "loai_giay")):
        rows = case.frame(sheet)
        number, day = ("so_qd", "ngay_qd") if sheet == "SANG_KIEN" else ("so", "ngay")
        table = pd.DataFrame(
            {
                "unit": rows[UNIT], "group": rows[group], "text": rows[number], "number": number_keys(rows[number]),
                "day": rows[day], "year": rows[day].dt.year,
            }, index=rows.index,
        )  # fmt: skip
        # The letter and the minutes are compared with DON_VI (HS-08).
        table = ledger.look(table[~table["group"].isin(list(OF_UNIT)) & table["number"].notna() & table["day"].notna()])
        keys = ["unit", "group", "number", "year"]
        clash = _two_days(table, keys).drop_duplicates(keys)
        ledger.say(
            "paper", clash, day, at=clash.index.to_series(), subject=clash["unit"], so=clash["text"],
            ngay=clash["day"], ngay_khac=clash["first_day"],
        )  # fmt: skip
    forms = case.forms.set_index("row_id", drop=False)
    same = number_keys(forms["so_bien_ban"]) == number_keys(forms["so_to_trinh"])
    ledger.look(forms)
    ledger.say(
        "letter_minutes", forms[same], "so_to_trinh", at=forms["row_id"], subject=forms["unit"],
        so=forms["so_to_trinh"],
    )  # fmt: skip
    return ledger.close()


def award_dates(case: Evidence) -> Checked:
    """HS-07: a decision falls within the year that it is for, or the season after."""
    ledger = Ledger(case, "HS-07", "LICH_SU")
    rows = case.frame("LICH_SU")
    rows = rows[rows["nam"].notna()]
    known = ledger.look(rows[rows["ngay_qd"].notna()])
    years = [int(year) for year in known["nam"].unique()]
    first = {year: pd.Timestamp(case.year_end(year - 1) + dt.timedelta(days=1)) for year in years}
    months = int(case.rules.number("HS-07", "so_thang"))
    last = {year: pd.Timestamp(case.year_end(year)) + pd.DateOffset(months=months) for year in years}
    begins = pd.to_datetime(known["nam"].map(first))
    ends = pd.to_datetime(known["nam"].map(last))
    own = {"subject": known["ma_doi_tuong"].fillna(""), "so": known["so_qd"].fillna("không ghi số")}
    own |= {"ngay": known["ngay_qd"], "nam": known["nam"].astype("int64").astype("str")}
    ledger.say("too_early", known[known["ngay_qd"] < begins], "ngay_qd", dau=begins, **own)
    ledger.say("too_late", known[known["ngay_qd"] > ends], "ngay_qd", cuoi=ends, thang=months, **own)
    undated = rows[rows["ngay_qd"].isna()]
    count = undated[UNIT].value_counts()
    told = ledger.look(undated.drop_duplicates(UNIT))
    lacks = told[UNIT].map(count).map(lambda n: f"{n} dòng LICH_SU chưa có ngày quyết định").astype("str")
    ledger.unjudged(told, "ngay_qd", subject=told[UNIT], con_thieu=lacks, can_lam="Điền ngày quyết định")
    return ledger.close()


def unknown_awards(case: Evidence) -> Checked:
    """HS-07: an award that a unit tells of is in the province's history, where that knows the year."""
    ledger = Ledger(case, "HS-07", "LICH_SU")
    told = case.frame("LICH_SU")
    told = told[told["nam"].notna() & (told["nam"] < case.year)]
    past = case.past("KHEN_THUONG")
    if past is None or past["nam"].notna().sum() == 0:
        if len(told):
            ledger.of_unit(
                "not_judged", "", con_thieu="tỉnh không có lịch sử khen thưởng để đối chiếu",
                can_lam="Bổ sung trang KHEN_THUONG của lich-su.xlsx",
            )  # fmt: skip
        return ledger.close()
    ledger.look(told[told["nam"].isin(past["nam"].dropna().unique())])
    alone = case.awards.table
    alone = alone[(alone["known_to"] != "tinh") & alone["year"].isin(past["nam"].dropna().unique())]
    rows = told.loc[alone["row_id"].astype("int64")]
    award = rows["danh_hieu"].fillna(rows["hinh_thuc"])
    ledger.say(
        "unknown", rows, "so_qd", subject=rows["ma_doi_tuong"],
        danh_hieu=award.map(case.titles["name"]).fillna(award), nam=rows["nam"].astype("int64").astype("str"),
        so=rows["so_qd"].fillna("không ghi số"), ngay=rows["ngay_qd"].map(_day, na_action=None).astype("str"),
    )  # fmt: skip
    return ledger.close()


def _day(day: pd.Timestamp) -> str:
    return "không ghi ngày" if pd.isna(day) else date_text(day.date())


CHECKS = (
    Check("HS-03", own_numbers),
    Check("HS-03", decision_numbers, province=True),
    Check("HS-07", award_dates),
    Check("HS-07", unknown_awards, province=True),
)
