"""DK-15, DK-16: awards above the province: the medal for long service, papers of State-level awards."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.evidence.paths import given, nominated
from pipeline.evidence.spans import months_between

MEDAL, STATE = "KNC", "NHA_NUOC"
OPINION, PUBLICATION = "HIEP_Y", "DANG_TAI"
THERE = "CO"


def medal(case: Evidence) -> Checked:
    """Kỷ niệm chương: once for each person, after so many years of service."""
    ledger = Ledger(case, "DK-15")
    rows = ledger.look(nominated(case, MEDAL))
    told = {"ten": rows["name"], "danh_hieu": rows["award_name"]}
    before = rows["holder"].map(given(case, MEDAL, rows["holder"], side=True).groupby("holder")["year"].max())
    again = before.notna()
    ledger.say("again", rows[again], "hinh_thuc", nam=before.map("{:.0f}".format, na_action="ignore"), **told)
    if not case.awards.known_years:
        ledger.unjudged(rows, "hinh_thuc", con_thieu="chưa có lịch sử khen thưởng để biết đã tặng lần nào chưa",
                        viec="Bổ sung lich-su.xlsx", **told)  # fmt: skip
    number = case.rules.number
    least = number("DK-15", "so_nam")
    month = pd.Timestamp(case.year, int(number("DK-15", "thang")), 1)
    day = month.replace(day=min(int(number("DK-15", "ngay")), month.days_in_month))
    eve = pd.Series(day - pd.Timedelta(days=1), index=rows.index, dtype="datetime64[us]")
    years = months_between(rows["recruited"], eve) / 12
    short = ~again & (years < least)
    ledger.say(
        "short", rows[short], "ngay_tuyen_dung", at=rows["staff_row"], moc=day, so_nam=np.floor(years * 10) / 10,
        tuyen_dung=rows["recruited"], can=least, **told,
    )  # fmt: skip
    listed = rows["staff_row"] >= 0
    ledger.unjudged(
        rows[~again & years.isna()], "ngay_tuyen_dung", at=rows["staff_row"], **told,
        con_thieu=listed.map({True: "chưa có ngày tuyển dụng", False: "không có trong NHAN_SU"}),
        viec=listed.map({
            True: "Điền ngày tuyển dụng ở trang NHAN_SU",
            False: "Bổ sung người này vào trang NHAN_SU; nếu là người ngoài ngành thì ghi ở trang GIAI_TRINH",
        }),
    )  # fmt: skip
    return ledger.close()


def state_papers(case: Evidence) -> Checked:
    """State-level awards: opinion of the provincial people's committee, publication for comments."""
    ledger = Ledger(case, "DK-16")
    rows = case.proposed
    _levels(case, ledger, rows)
    rows = rows[rows["level"] == STATE]
    sheet = case.sheet_at_hand(rows["unit"], "HO_SO")
    without = ledger.look(rows[~sheet].drop_duplicates("unit"))
    ledger.unjudged(
        without, "ma_dn", danh_hieu=without["award_name"], con_thieu="tệp của đơn vị không có trang HO_SO",
        viec="Bổ sung trang HO_SO",
    )  # fmt: skip
    rows = ledger.look(rows[sheet])
    need = rows[rows["award"].isin(case.rules.codes("DK-16", "hiep_y"))]
    papers = _papers(case, need, OPINION)
    _missing(ledger, "opinion", need, papers)
    need = rows[rows["award"].isin(case.rules.codes("DK-16", "dang_tai"))]
    papers = _papers(case, need, PUBLICATION)
    _missing(ledger, "publication", need, papers)
    _published(case, ledger, need, papers)
    return ledger.close()


def _levels(case: Evidence, ledger: Ledger, rows: pd.DataFrame) -> None:
    """Say once of each award that the catalogue does not tell who decides it."""
    known = rows["award"].isin(case.titles.index)
    for award, name in rows[known & rows["level"].isna()].groupby("award")["award_name"].first().items():
        ledger.of_unit(
            "not_judged", "", str(award), danh_hieu=name, con_thieu="trang DANH_HIEU chưa ghi cấp quyết định",
            viec=f"Chọn cấp quyết định của «{name}» ở trang DANH_HIEU của cau-hinh.xlsx",
        )  # fmt: skip


def _papers(case: Evidence, rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The paper of this kind of each nomination: `row` (row id, -1: no row), `state`, `first`, `last`."""
    papers = case.frame("HO_SO")
    papers = papers[(papers["loai_giay"] == kind) & papers["ma_dn"].notna()].drop_duplicates([UNIT, "ma_dn"])
    keys = pd.MultiIndex.from_frame(papers[[UNIT, "ma_dn"]])
    found = pd.DataFrame(
        {"row": papers.index, "state": papers["co"].to_numpy(), "first": papers["ngay"].to_numpy(),
         "last": papers["den_ngay"].to_numpy()}, index=keys,
    ).reindex(pd.MultiIndex.from_frame(rows[["unit", "code"]])).set_axis(rows.index)  # fmt: skip
    return found.assign(row=found["row"].fillna(-1).astype("int64"))


def _missing(ledger: Ledger, variant: str, rows: pd.DataFrame, papers: pd.DataFrame) -> None:
    """Papers that are not there; a row without a state is not known."""
    words = papers["state"].map({"KHONG": "ghi «Chưa có»", "KHONG_CAN": "ghi «Không cần»"})
    words = words.where(papers["row"] >= 0, "chưa có dòng nào về giấy này")
    missing = words.notna()
    ledger.say(variant, rows[missing], "co", at=papers["row"], danh_hieu=rows["award_name"], ten=rows["name"],
               tinh_trang=words)  # fmt: skip
    blank = (papers["row"] >= 0) & papers["state"].isna()
    ledger.unjudged(rows[blank], "co", at=papers["row"], danh_hieu=rows["award_name"],
                    con_thieu="trang HO_SO chưa ghi tình trạng giấy này", viec="Điền ô «Tình trạng»")  # fmt: skip


def _published(case: Evidence, ledger: Ledger, rows: pd.DataFrame, papers: pd.DataFrame) -> None:
    there = papers["state"] == THERE
    dated = papers["first"].notna() & papers["last"].notna()
    ledger.unjudged(
        rows[there & ~dated], "den_ngay", at=papers["row"], danh_hieu=rows["award_name"],
        con_thieu="chưa có ngày bắt đầu hoặc ngày kết thúc đăng tải", viec="Điền ngày và đến ngày ở trang HO_SO",
    )  # fmt: skip
    whole = papers[there & dated]
    days = np.busday_count(
        whole["first"].to_numpy().astype("datetime64[D]"),
        (whole["last"] + pd.Timedelta(days=1)).to_numpy().astype("datetime64[D]"),
    )
    counted = pd.Series(days, index=whole.index)
    least = case.rules.number("DK-16", "ngay_lam_viec")
    short = rows.loc[counted[counted < least].index]
    ledger.say("short", short, "den_ngay", at=papers["row"], danh_hieu=rows["award_name"], ten=rows["name"],
               tu=papers["first"], den=papers["last"], so=counted.clip(lower=0), can=least)  # fmt: skip


CHECKS = (Check("DK-15", medal, province=True), Check("DK-16", state_papers))
