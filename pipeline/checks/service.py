"""DK-02, DK-18: months of service and of absence, long training, comment of the unit that somebody came from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.checks.absent import with_sheet
from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.evidence import UNIT, Evidence
from pipeline.evidence.events import ARRIVED, PLAIN_LEAVE, TRAINING, event_of
from pipeline.evidence.once import once
from pipeline.evidence.spans import months_between


def shown_months(months: pd.Series) -> pd.Series:
    """Months to one decimal, cut and not rounded: 5,97 months must not read as the 6 that are asked."""
    return np.floor(months * 10 + 1e-9) / 10


def least_absence(case: Evidence) -> float:
    """Months of plain leave from which the rule of the year speaks at all."""
    known = case.rules.rules["DK-02"].parameters
    return case.rules.number("DK-02", "nghi_tu" if "nghi_tu" in known else "nghi_het")


@once
def long_training(case: Evidence) -> pd.DataFrame:
    """Events of training that last a year or more and reach into the period.

    A course without a last day is as long as it has lasted by the end of the period.
    """
    events = case.events[(case.events["loai"] == TRAINING) & case.events["touches"]]
    whole = months_between(events["tu_ngay"], events["den_ngay"].fillna(case.last))
    return events[whole >= case.rules.number("DK-02", "dao_tao")]


def months_of_service(case: Evidence) -> Checked:
    """Persons proposed for a title: long enough in service, not too long away, long training with a good result."""
    ledger = Ledger(case, "DK-02")
    proposed = case.proposed
    people = proposed[proposed["is_title"] & (proposed["kind"] == "CN")]
    _service(ledger, case, people)
    here = ledger.look(with_sheet(ledger, case, people, "BIEN_DONG"))
    here = here[here["staff_row"] >= 0]
    _leave(ledger, case, here)
    _training(ledger, case, here)
    return ledger.close()


def _service(ledger: Ledger, case: Evidence, people: pd.DataFrame) -> None:
    least = case.rules.number("DK-02", "tham_nien")
    short = ledger.look(people[people["served"] < least])
    ledger.say(
        "short_service", short, "ngay_tuyen_dung", at=people["staff_row"], ten=people["name"],
        danh_hieu=people["award_name"], tuyen_dung=people["recruited"], thang=shown_months(people["served"]),
        den=case.last, can=least,
    )  # fmt: skip
    unknown = ledger.look(people[people["served"].isna()])
    listed = unknown["staff_row"] >= 0
    ledger.unjudged(
        unknown, "ngay_tuyen_dung", at=people["staff_row"], ai=people["name"],
        con_thieu=listed.map({True: "chưa có ngày tuyển dụng", False: "người này không có trong NHAN_SU"}),
        can_lam=listed.map({True: "Điền ngày tuyển dụng ở trang NHAN_SU", False: "Thêm người này vào trang NHAN_SU"}),
    )  # fmt: skip


def _leave(ledger: Ledger, case: Evidence, people: pd.DataFrame) -> None:
    """Maternity, injury in a brave act and short training are no absence: they are in other columns."""
    place = event_of(case.events[case.events["loai"].isin(PLAIN_LEAVE)], people)["at"]
    least, too_long = least_absence(case), case.rules.number("DK-02", "nghi_het")
    away = people["leave"]
    words = {"ten": people["name"], "danh_hieu": people["award_name"], "thang": shown_months(away)}
    between = (away >= least) & (away < too_long)
    ledger.say("leave", people[between], "tu_ngay", at=place, tu_thang=least, den_thang=too_long, **words)
    ledger.say("long_leave", people[away >= too_long], "tu_ngay", at=place, den_thang=too_long, **words)
    ledger.unjudged(
        people[away.isna()], "tu_ngay", at=place, ai=people["name"],
        con_thieu="có đợt nghỉ chưa ghi ngày bắt đầu", can_lam="Điền ngày bắt đầu của đợt nghỉ ở trang BIEN_DONG",
    )  # fmt: skip


def _training(ledger: Ledger, case: Evidence, people: pd.DataFrame) -> None:
    course = event_of(long_training(case).sort_values("tu_ngay", ascending=False, kind="stable"), people)
    away, result = course["at"] >= 0, course["ket_qua_dao_tao"]
    good = case.rules.codes("DK-02", "ket_qua_dao_tao")
    ledger.say(
        "training", people[away & result.notna() & ~result.isin(good)], "ket_qua_dao_tao", at=course["at"],
        ten=people["name"], danh_hieu=people["award_name"], ket_qua=case.labels("KET_QUA_DAO_TAO", result),
        can=case.label("KET_QUA_DAO_TAO", good[-1]), dao_tao=case.rules.number("DK-02", "dao_tao"),
    )  # fmt: skip
    ledger.unjudged(
        people[away & result.isna()], "ket_qua_dao_tao", at=course["at"], ai=people["name"],
        con_thieu="đi đào tạo từ một năm trở lên mà chưa ghi kết quả đào tạo",
        can_lam="Điền kết quả đào tạo của năm ở trang BIEN_DONG",
    )  # fmt: skip


def transfers(case: Evidence) -> Checked:
    """Who came during the period, after months in another unit, has that unit's written comment."""
    ledger = Ledger(case, "DK-18")
    proposed = case.proposed
    people = with_sheet(ledger, case, proposed[proposed["kind"] == "CN"], "BIEN_DONG")
    arrivals = case.events[(case.events["loai"] == ARRIVED) & case.events["tu_ngay"].between(case.first, case.last)]
    undated = case.events[(case.events["loai"] == ARRIVED) & case.events["tu_ngay"].isna()]
    came = event_of(arrivals.sort_values("tu_ngay", ascending=False, kind="stable"), people)
    day_before = came["tu_ngay"] - pd.Timedelta(days=1)
    first = pd.Series(case.first, index=people.index, dtype="datetime64[us]")
    before = months_between(first, day_before)
    least = case.rules.number("DK-18", "thang_don_vi_cu")
    asked = (came["at"] >= 0) & (before >= least)
    ledger.look(people[asked])
    paper = _has_paper(case, people)
    words = {"thang": shown_months(before), "can": least, "ngay": came["tu_ngay"]}
    old = came["don_vi_lien_quan"].fillna("đơn vị cũ")
    ledger.say(
        "no_comment", people[asked & (came["y_kien_dv_cu"] == "KHONG") & ~paper], "y_kien_dv_cu", at=came["at"],
        ten=people["name"], don_vi_cu=old, **words,
    )  # fmt: skip
    ledger.unjudged(
        people[asked & came["y_kien_dv_cu"].isna() & ~paper], "y_kien_dv_cu", at=came["at"], ai=people["name"],
        con_thieu="chưa ghi đã có ý kiến của đơn vị cũ hay chưa", can_lam="Chọn Có hoặc Không ở ô «Ý kiến đơn vị cũ»",
    )  # fmt: skip
    lost = event_of(undated, people)["at"]
    ledger.unjudged(
        ledger.look(people[(lost >= 0) & (came["at"] < 0)]), "tu_ngay", at=lost, ai=people["name"],
        con_thieu="chưa có ngày chuyển đến", can_lam="Điền ngày chuyển đến ở trang BIEN_DONG",
    )  # fmt: skip
    return ledger.close()


def _has_paper(case: Evidence, rows: pd.DataFrame) -> pd.Series:
    """Whether HO_SO lists the old unit's comment as being there."""
    papers = case.frame("HO_SO")
    papers = papers[(papers["loai_giay"] == "Y_KIEN_DV_CU") & (papers["co"] == "CO")]
    there = pd.MultiIndex.from_arrays([papers[UNIT], papers["ma_dn"]])
    return pd.Series(pd.MultiIndex.from_frame(rows[["unit", "code"]]).isin(there), index=rows.index)


CHECKS = (Check("DK-02", months_of_service), Check("DK-18", transfers))
