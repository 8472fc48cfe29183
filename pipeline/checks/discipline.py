"""DK-03, DK-12: discipline, and matters that are still being looked into."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.absent import with_sheet
from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.evidence import Evidence
from pipeline.evidence.events import PENDING, event_of
from pipeline.evidence.once import once
from pipeline.evidence.violations import heavy_violations, violations

#: Collective title → variant: the two titles rest on different articles.
_COLLECTIVES = {"TTLDTT": "collective", "TTLDXS": "collective_excellent"}


@once
def excluding(case: Evidence) -> pd.DataFrame:
    """Violations that keep a person from titles of this year."""
    found = violations(case)
    form = found["hinh_thuc_ky_luat"]
    heavy = form.isin(case.rules.codes("DK-03", "hinh_thuc")) | form.isna()
    return found[found["in_period"] & ~found["used"] & heavy]


@once
def open_matters(case: Evidence) -> pd.DataFrame:
    """Matters under way when the letter is written, with `open` (null where that is not known)."""
    rows = case.events[case.events["loai"] == PENDING]
    letter = case.forms["ngay_to_trinh"].reindex(rows["unit"]).set_axis(rows.index)
    still = (rows["den_ngay"].isna() | (rows["den_ngay"] > letter)).astype("boolean")
    rows = rows.assign(open=still.where(rows["den_ngay"].isna() | letter.notna(), pd.NA))
    return rows[rows["open"].fillna(True).astype(bool)].sort_values(
        ["open", "unit"], ascending=[False, True], kind="stable"
    )


def discipline(case: Evidence) -> Checked:
    """Nobody disciplined in the period is proposed for a title; no collective with a member warned or worse."""
    ledger = Ledger(case, "DK-03")
    titled = case.proposed[case.proposed["is_title"]]
    sent = with_sheet(ledger, case, titled[(titled["kind"] == "CN") | titled["award"].isin(list(_COLLECTIVES))],
                      "BIEN_DONG")  # fmt: skip
    _persons(ledger, case, titled[titled["kind"] == "CN"], sent)
    _groups(ledger, case, sent[sent["kind"] == "TT"])
    return ledger.close()


def _persons(ledger: Ledger, case: Evidence, people: pd.DataFrame, sent: pd.DataFrame) -> None:
    found = violations(case)
    bad = event_of(excluding(case), people)
    hit = bad["event"] >= 0
    ledger.look(people[hit | people.index.isin(sent.index)])
    form = case.labels("KY_LUAT", bad["hinh_thuc_ky_luat"]).fillna("chưa ghi hình thức")
    ledger.say(
        "person", people[hit], "hinh_thuc_ky_luat", at=bad["at"], ten=people["name"], danh_hieu=people["award_name"],
        hinh_thuc=form, ngay=bad["decided"], so=bad["so_qd"].fillna("chưa ghi số"),
    )  # fmt: skip
    lost = event_of(found[found["decided"].isna() & ~found["used"]], people)
    ledger.unjudged(
        people[~hit & (lost["at"] >= 0)], "ngay_qd", at=lost["at"], ai=people["name"],
        con_thieu="chưa có ngày quyết định kỷ luật", can_lam="Điền ngày quyết định kỷ luật ở trang BIEN_DONG",
    )  # fmt: skip
    earlier = found[(found["decided"] < case.first) & (found["ends"].isna() | (found["ends"] >= case.first))]
    term = event_of(earlier.sort_values(["ends", "unit"], ascending=[False, True], kind="stable"), people)
    running = ~hit & (term["event"] >= 0)
    ledger.say(
        "running", people[running & term["ends"].notna()], "het_hieu_luc", at=term["at"], ten=people["name"],
        danh_hieu=people["award_name"], ngay=term["ends"],
    )  # fmt: skip
    ledger.unjudged(
        people[running & term["ends"].isna() & (term["at"] >= 0)], "het_hieu_luc", at=term["at"], ai=people["name"],
        con_thieu="chưa có ngày hết hiệu lực của quyết định kỷ luật năm trước",
        can_lam="Điền ngày hết hiệu lực kỷ luật ở trang BIEN_DONG",
    )  # fmt: skip


def _groups(ledger: Ledger, case: Evidence, groups: pd.DataFrame) -> None:
    ledger.look(groups)
    found = violations(case)
    open_ones = found[found["in_period"] & ~found["used"]]
    heavy = heavy_violations(case)
    members = groups["unit"].map(heavy.drop_duplicates(["unit", "person"])["unit"].value_counts()).fillna(0)
    place = groups["unit"].map(_first_of_unit(heavy))
    gravest = groups["unit"].map(heavy.drop_duplicates("unit").set_index("unit")["hinh_thuc_ky_luat"]).astype("str")
    for award, variant in _COLLECTIVES.items():
        ledger.say(
            variant, groups[(groups["award"] == award) & (members > 0)], "hinh_thuc_ky_luat", at=place,
            danh_hieu=groups["award_name"], so=members, hinh_thuc=case.labels("KY_LUAT", gravest),
        )  # fmt: skip
    unclear = open_ones[open_ones["hinh_thuc_ky_luat"].isna()]
    at = groups["unit"].map(_first_of_unit(unclear))
    ledger.unjudged(
        groups[(members == 0) & at.notna()], "hinh_thuc_ky_luat", at=at, ai=groups["name"],
        con_thieu="có người bị kỷ luật trong kỳ mà chưa ghi hình thức",
        can_lam="Chọn hình thức kỷ luật ở trang BIEN_DONG",
    )  # fmt: skip
    undated = groups["unit"].map(_first_of_unit(found[found["decided"].isna() & ~found["used"]]))
    ledger.unjudged(
        groups[(members == 0) & at.isna() & undated.notna()], "ngay_qd", at=undated, ai=groups["name"],
        con_thieu="có kỷ luật chưa ghi ngày quyết định", can_lam="Điền ngày quyết định kỷ luật ở trang BIEN_DONG",
    )  # fmt: skip


def _first_of_unit(events: pd.DataFrame) -> pd.Series:
    """Row id of the first of these events, by unit."""
    first = events.drop_duplicates("unit")
    return pd.Series(first.index, index=first["unit"], dtype="float64")


def pending(case: Evidence) -> Checked:
    """No proposal of a person or collective while a matter about them is being looked into."""
    ledger = Ledger(case, "DK-12")
    proposed = case.proposed
    people = proposed[proposed["kind"] == "CN"]
    sent = with_sheet(ledger, case, people, "BIEN_DONG")
    matter = event_of(open_matters(case), people)
    hit = (matter["event"] >= 0) & matter["open"].eq(True).fillna(False).astype(bool)
    ledger.look(people[hit | people.index.isin(sent.index)])
    ledger.say(
        "person", people[hit], "loai", at=matter["at"], ten=people["name"], de_nghi=people["award_name"],
        ngay=matter["tu_ngay"].astype(object).where(matter["tu_ngay"].notna(), "chưa ghi"),
    )  # fmt: skip
    ledger.unjudged(
        people[(matter["event"] >= 0) & matter["open"].isna() & (matter["at"] >= 0)], "den_ngay", at=matter["at"],
        ai=people["name"], con_thieu="chưa biết vụ việc đã kết thúc trước ngày tờ trình hay chưa",
        can_lam="Điền ngày tờ trình ở trang DON_VI",
    )  # fmt: skip
    groups = ledger.look(proposed[proposed["kind"] == "TT"])
    number = groups["unit"].map(case.forms["so_vu_viec_tap_the"])
    at = groups["unit"].map(case.forms["row_id"])
    ledger.say(
        "collective", groups[number > 0], "so_vu_viec_tap_the", at=at, ten=groups["name"],
        de_nghi=groups["award_name"], so=number,
    )  # fmt: skip
    ledger.unjudged(
        groups[number.isna()], "so_vu_viec_tap_the", at=at, ai=groups["name"],
        con_thieu="chưa ghi số vụ việc đang thanh tra, khiếu nại liên quan tập thể",
        can_lam="Điền ô này ở trang DON_VI, không có thì ghi 0",
    )  # fmt: skip
    return ledger.close()


CHECKS = (Check("DK-03", discipline), Check("DK-12", pending))
