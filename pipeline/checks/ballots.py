"""QT-03, QT-04, QT-05, QT-07, QT-08: what the tallies of votes say."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger, written
from pipeline.checks.tallies import BALANCES, BLOCK_LEVEL, COUNCIL_LEVEL, UNIT_LEVEL, block_ballots, imbalances, tallies
from pipeline.evidence import Evidence
from schemas.sheets import UNIT_TEMPLATE

_WORDS = {
    "phieu_thu": "thu",
    "phieu_phat": "phat",
    "phieu_hop_le": "hop_le",
    "phieu_khong_hop_le": "khong_hop_le",
    "dong_y": "dong_y",
    "khong_dong_y": "khong_dong_y",
    "khong_y_kien": "khong_y_kien",
}
_NO_BASE = "chưa rõ tổng số người có quyền biểu quyết (ô trống, hoặc nhỏ hơn số có mặt hay số phiếu phát ra)"


def balance(case: Evidence) -> Checked:
    """Issued ≥ returned = valid + invalid, valid = for + against + abstained, on every row of PHIEU."""
    ledger = Ledger(case, "QT-03", "PHIEU")
    ballots = ledger.look(case.frame("PHIEU"))
    for variant, wrong in imbalances(ballots).items():
        at, left, right = BALANCES[variant]
        fields = list(dict.fromkeys((*left, *right)))
        numbers = {_WORDS[name]: ballots[name] for name in fields}
        ledger.say(variant, ballots[wrong], at, tong=ballots[list(right)].sum(axis=1), **numbers)
    # Each missing number is named once, whatever balances need it.
    for name in _WORDS:
        heading = UNIT_TEMPLATE.by_code["PHIEU"].by_name[name].heading
        ledger.unjudged(ballots[ballots[name].isna()], name, cot=heading)
    return ledger.close()


def _counted(rows: pd.DataFrame) -> dict[str, object]:
    """Parameters that every sentence about votes shares."""
    return {
        "ma": rows["code"],
        "danh_hieu": rows["award_name"],
        "dong_y": rows["votes"],
        "tong": rows["members"],
        "can": rows["needed"],
    }


def _told(rows: pd.DataFrame) -> dict[str, object]:
    """The same with the shares and the votes missing."""
    return _counted(rows) | {
        "ty_le": rows["votes"] / rows["members"] * 100,
        "nguong": rows["threshold"] * 100,
        "thieu": -rows["margin"],
    }


def _of_present(rows: pd.DataFrame) -> pd.Series:
    """`; trên 8 người có mặt là 87,5 %`, empty where it is not known how many were present."""
    present = rows["present"].where(rows["present"] > 0)
    told = present.notna() & rows["votes"].notna()
    shares = [
        f"; trên {written(p)} người có mặt là {written(v / p * 100)} %" if known else ""
        for known, p, v in zip(told.tolist(), present.tolist(), rows["votes"].tolist(), strict=True)
    ]
    return pd.Series(shares, index=rows.index, dtype="str")


def unit_votes(case: Evidence) -> Checked:
    """QT-04 at the unit's own meeting: votes for, over everybody who may vote."""
    ledger = Ledger(case, "QT-04", "PHIEU")
    rows = tallies(case)
    rows = rows[(rows["level"] == UNIT_LEVEL) & rows["votes"].notna() & (rows["proposed"] | rows["considered"])]
    known = ledger.look(rows[rows["margin"].notna()])
    below = known[known["proposed"] & (known["margin"] < 0)]
    ledger.say("below", below, "dong_y", co_mat=_of_present(below), **_told(below))
    passed = known[known["considered"] & (known["margin"] >= 0)]
    ledger.say("passed_not_proposed", passed, "dong_y", co_mat=_of_present(passed), **_told(passed))
    # Without the base no vote of the unit can be judged: said once, at the unit's form.
    first = ledger.look(rows[rows["members"].isna()].drop_duplicates("unit"))
    at = first["unit"].map(case.forms["row_id"])
    ledger.unjudged(
        first, "tong_thanh_vien", at=at, subject=first["unit"], con_thieu=f"{_NO_BASE}",
        can_bo_sung="tổng số người có quyền biểu quyết, tính cả người vắng, ở trang DON_VI",
    )  # fmt: skip
    return ledger.close()


def upper_votes(case: Evidence) -> Checked:
    """QT-04 at the block's and the council's meetings that a unit reports on PHIEU."""
    ledger = Ledger(case, "QT-04", "PHIEU")
    rows = tallies(case)
    rows = rows[(rows["level"] != UNIT_LEVEL) & rows["votes"].notna() & rows["proposed"]]
    recorded = pd.MultiIndex.from_frame(block_ballots(case)[["unit", "code"]])
    again = (rows["level"] == BLOCK_LEVEL) & pd.MultiIndex.from_frame(rows[["unit", "code"]]).isin(recorded)
    rows = rows[~again]  # the province's own record of the block's vote is judged instead
    known = ledger.look(rows[rows["margin"].notna()])
    low = known[known["margin"] < 0]
    block = low["level"] == BLOCK_LEVEL
    flag = low["award"].isin(case.rules.codes("QT-04", "danh_hieu_cum"))
    for variant, some in (
        ("flag_below", low[block & flag]), ("block_below", low[block & ~flag]), ("council_below", low[~block]),
    ):  # fmt: skip
        ledger.say(variant, some, "dong_y", **_told(some))
    unknown = ledger.look(rows[rows["members"].isna()].drop_duplicates(["unit", "level"]))
    council = unknown["level"] == COUNCIL_LEVEL
    ledger.unjudged(
        unknown, "dong_y", can_bo_sung=council.map({True: "trang HOI_DONG", False: "cụm, khối ở trang DON_VI"})
        + " của cau-hinh.xlsx",
        con_thieu=council.map({True: "chưa có danh sách Hội đồng", False: "chưa rõ cụm, khối có bao nhiêu đơn vị"}),
    )  # fmt: skip
    return ledger.close()


def block_votes(case: Evidence) -> Checked:
    """QT-04 on the block's votes as the province records them (PHIEU_CUM)."""
    ledger = Ledger(case, "QT-04", "DE_NGHI")
    rows = block_ballots(case)
    flags = case.rules.codes("QT-04", "danh_hieu_cum")
    known = ledger.look(rows[rows["margin"].notna()])
    low = known[known["margin"] < 0]
    flag = low["award"].isin(flags)
    ledger.say("flag_below", low[flag], "danh_hieu", **_told(low[flag]))
    ledger.say("block_below", low[~flag], "danh_hieu", **_told(low[~flag]))
    # A flag rests on the block's vote; nobody has recorded one.
    votes = tallies(case)
    told = votes[(votes["level"] == BLOCK_LEVEL) & votes["votes"].notna()]
    wanted = case.proposed[case.proposed["award"].isin(flags)]
    reported = pd.MultiIndex.from_frame(wanted[["unit", "code"]]).isin(pd.MultiIndex.from_frame(told[["unit", "code"]]))
    without = ledger.look(wanted[~wanted.index.isin(known.index) & ~reported])
    ledger.unjudged(
        without, "danh_hieu", con_thieu="chưa có kết quả bỏ phiếu của cụm, khối cho «" + without["award_name"] + "»",
        can_bo_sung="trang PHIEU_CUM của cau-hinh.xlsx",
    )  # fmt: skip
    return ledger.close()


def unanimity(case: Evidence) -> Checked:
    """QT-05: every valid ballot on every nomination of a unit says yes."""
    ledger = Ledger(case, "QT-05", "DON_VI")
    rows = tallies(case)
    rows = rows[rows["level"] == UNIT_LEVEL]
    known = rows["votes"].notna() & (rows["valid"] > 0)
    all_yes = known & (rows["votes"] == rows["valid"])
    counts = pd.DataFrame({"unit": rows["unit"], "known": known, "yes": all_yes, "ballots": rows["valid"]})
    sums = counts.groupby("unit")[["known", "yes", "ballots"]].sum()
    sums["rows"] = rows["unit"].value_counts().reindex(sums.index)
    many = sums[sums["rows"] >= case.rules.number("QT-05", "so_de_nghi")]
    form = case.forms.loc[case.forms.index.isin(many.index)].set_index("row_id")
    many = many.reindex(form["unit"]).set_axis(form.index)
    ledger.look(form)
    doubtful = (many["known"] < many["rows"]) & (many["yes"] == many["known"])
    ledger.unjudged(form[doubtful], "so_bien_ban", so=many["rows"] - many["known"])
    agreed = form[many["yes"] == many["rows"]]
    ledger.say("all_agreed", agreed, "so_bien_ban", subject=agreed["unit"], so=many["rows"], phieu=many["ballots"])
    return ledger.close()


def related_votes(case: Evidence) -> Checked:
    """QT-07: without the ballots of related people the votes needed would not have been reached."""
    ledger = Ledger(case, "QT-07", "PHIEU")
    rows = tallies(case)
    rows = rows[(rows["level"] == UNIT_LEVEL) & rows["proposed"] & (rows["margin"] >= 0)]
    known = ledger.look(rows[rows["related"].notna()])
    rest = known["votes"] - known["related"]
    decided = known[(known["related"] > 0) & (rest < known["needed"])]
    ledger.say(
        "decided", decided, "phieu_lien_quan", lien_quan=decided["related"], con_lai=rest.clip(lower=0),
        **_counted(decided),
    )  # fmt: skip
    # Asked of persons only where one ballot could matter; a unit that fills the column nowhere is told once.
    unknown = rows[rows["related"].isna() & (rows["kind"] == "CN")].drop_duplicates("unit")
    ledger.look(unknown)
    ledger.unjudged(unknown, "phieu_lien_quan", subject=unknown["unit"])
    return ledger.close()


def close_votes(case: Evidence) -> Checked:
    """QT-08: so few different ballots would have changed the outcome."""
    ledger = Ledger(case, "QT-08", "PHIEU")
    few = case.rules.number("QT-08", "so_phieu")
    rows = tallies(case)
    rows = rows[(rows["level"] == UNIT_LEVEL) & (rows["proposed"] | rows["considered"])]
    rows = ledger.look(rows[rows["margin"].notna()])
    # Who was proposed below the threshold is named by QT-04 with the votes missing.
    # Where everybody agreed no vote could be added: that is not close, however few they are.
    passed = rows[rows["proposed"] & rows["margin"].between(0, few - 1) & (rows["votes"] < rows["members"])]
    # A narrow outcome that rests on related ballots is QT-07's.
    passed = passed[~(passed["related"] > passed["margin"])] if case.rules.has("QT-07") else passed
    missed = rows[rows["considered"] & rows["margin"].between(-few, -1)]
    ledger.say("just_enough", passed, "dong_y", thua=passed["margin"], **_counted(passed))
    ledger.say("just_missed", missed, "dong_y", thieu=-missed["margin"], **_counted(missed))
    return ledger.close()


CHECKS = (
    Check("QT-03", balance),
    Check("QT-04", unit_votes),
    Check("QT-04", upper_votes, province=True),
    Check("QT-04", block_votes, province=True),
    Check("QT-05", unanimity),
    Check("QT-07", related_votes),
    Check("QT-08", close_votes),
)
