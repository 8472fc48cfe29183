"""HT-01 to HT-09: signs of formalism; never more than a warning. HT-03 and HT-08 read other checks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.evidence.once import once
from pipeline.evidence.texts import plain_words, similar_pairs
from pipeline.findings import Finding
from pipeline.ranking.of_province import ranking_of

#: Two numbers closer than this are equal: typed numbers have few decimals, binary fractions add a little.
EQUAL = 1e-6
#: Nothing can go beyond a full percentage.
FULL_PERCENT = 100.0
#: The nine signals: code → what its findings are, as (code of the check, variants; none: every variant).
SIGNALS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "HT-01": (("HT-01", ()),),
    "HT-02": (("HT-02", ()),),
    "HT-03": (("PT-05", ("no_review",)), ("PT-07", ("not_closed",))),
    "HT-04": (("HT-04", ()),),
    "HT-05": (("HT-05", ()),),
    "HT-06": (("HT-06", ()),),
    "HT-07": (("HT-07", ()),),
    "HT-08": (("QT-05", ()),),
    "HT-09": (("HT-09", ()),),
}
_DIGIT = r"\d"
_NUMBER = re.compile(r"\d+")


@once
def _forms(case: Evidence) -> pd.DataFrame:
    """DON_VI by row id, with `unit`."""
    return case.forms.set_index("row_id").rename_axis(None)


def _compared(case: Evidence) -> pd.DataFrame:
    """Proposals whose text is long enough, each text of a person or collective once.

    `whole`: its words in small letters. `plain`: what must agree between units: the same, in long texts with
    `#` for every number (short sentences about common work differ in nothing else).
    """
    rows = case.proposed
    rows = rows[rows["text"].notna() & rows["holder"].notna()]
    rows = rows.assign(whole=rows["text"].map(plain_words).astype("str"))
    words = rows["text"].map(lambda text: len(text.split()))
    rows = rows[words >= case.rules.number("HT-01", "so_tu")]
    rows = rows.drop_duplicates(["unit", "holder", "whole"])
    long = words.reindex(rows.index) >= case.rules.number("HT-01", "so_tu_khac_so")
    plain = rows.loc[long, "whole"].map(lambda text: _NUMBER.sub("#", text)).astype("str")
    return rows.assign(plain=plain.reindex(rows.index).fillna(rows["whole"]))


def _nearest_within(case: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """For each person whose text is like a colleague's in the unit: `other` (row id) and `share`, the likest one."""
    people = rows[rows["kind"] == "CN"]
    pairs = similar_pairs(people["text"], people["unit"], case.rules.number("HT-01", "giong"))
    both = pd.concat([pairs, pairs.rename(columns={"one": "other", "other": "one"})], ignore_index=True)
    holder = people["holder"]
    both = both[both["one"].map(holder).to_numpy() != both["other"].map(holder).to_numpy()]
    both = both.sort_values(["one", "share", "other"], ascending=[True, False, True])
    return both.drop_duplicates("one").set_index("one")[["other", "share"]].astype({"other": "int64"})


def _copies_elsewhere(rows: pd.DataFrame) -> pd.Series:
    """For each row whose `plain` text also stands in another unit: row id of one there, of someone else."""
    firsts = rows.drop_duplicates(["plain", "unit"]).sort_index()
    many = firsts["plain"].map(firsts["plain"].value_counts()) > 1
    firsts = firsts[many].assign(row=lambda r: r.index)
    order = firsts.groupby("plain").cumcount()
    first = firsts[order == 0].set_index("plain")
    second = firsts[order == 1].set_index("plain")
    found = rows["plain"].map(first["row"])
    own = rows["unit"] == rows["plain"].map(first["unit"])
    found = found.where(~own, rows["plain"].map(second["row"])).dropna().astype("int64")
    same = rows["holder"].reindex(found.index).to_numpy() == rows["holder"].reindex(found).to_numpy()
    return found[~same]


def alike_texts(case: Evidence) -> Checked:
    """HT-01: the likest text of somebody else in the unit, or the same text but for figures in another unit."""
    ledger = Ledger(case, "HT-01")
    rows = ledger.look(_compared(case))
    near = _nearest_within(case, rows)
    copies = _copies_elsewhere(rows)
    copies = copies[~copies.index.isin(near.index[near["share"] >= 1 - EQUAL])]
    near = near[~near.index.isin(copies.index)]
    colleague = near["other"]
    found = rows.loc[near.index]
    ledger.say(
        "similar", found, "thanh_tich", ten=found["name"], ty_le=near["share"] * 100,
        ma_khac=_of(rows, colleague, "code"), ten_khac=_of(rows, colleague, "name"),
        nguong=case.rules.number("HT-01", "giong") * 100,
    )  # fmt: skip
    found = rows.loc[copies.index]
    exact = found["whole"] == _of(rows, copies, "whole")
    ledger.say(
        "same_elsewhere", found, "thanh_tich", ten=found["name"], ma_khac=_of(rows, copies, "code"),
        ten_khac=_of(rows, copies, "name"), don_vi_khac=_of(rows, copies, "unit"),
        muc=exact.map({True: "giống hệt", False: "giống hệt, chỉ khác con số,"}),
    )  # fmt: skip
    return ledger.close()


def _of(rows: pd.DataFrame, others: pd.Series, column: str) -> pd.Series:
    """Column of the rows that `others` names, on the index of `others`."""
    return rows[column].reindex(others).set_axis(others.index)


def texts_of_last_year(case: Evidence) -> Checked:
    """HT-01: the province's folder holds no texts of last year."""
    ledger = Ledger(case, "HT-01", "")
    ledger.of_unit("not_judged", "")
    return ledger.close()


def no_figure(case: Evidence) -> Checked:
    """HT-02: a proposal whose achievement holds no digit."""
    ledger = Ledger(case, "HT-02")
    rows = ledger.look(case.proposed[case.proposed["text"].notna()])
    without = rows[~rows["text"].str.contains(_DIGIT, regex=True, na=False)]
    ledger.say("no_figure", without, "thanh_tich", ten=rows["name"], danh_hieu=rows["award_name"])
    return ledger.close()


def _measured(case: Evidence) -> pd.DataFrame:
    """Targets with a direction, of work that occurred: `unit`, `more`, `target`, `result`, `before`, `full`.

    `full`: a share of which nothing better than 100 % can be reached or asked.
    """
    rows = case.frame("CHI_TIEU")
    rows = rows[rows["ly_do_khong_phat_sinh"].isna() & ~rows["loai"].isin(("DIEM_THUONG", "DIEM_TRU"))]
    rows = rows[rows["chieu"].isna() | rows["chieu"].isin(("CAO", "THAP"))]
    return pd.DataFrame(
        {
            "unit": rows[UNIT],
            "more": rows["chieu"] == "CAO",
            "less": rows["chieu"] == "THAP",
            "target": rows["chi_tieu"],
            "result": rows["thuc_hien"],
            "before": rows["nam_truoc"],
            "percent": rows["don_vi_tinh"].astype("str").str.strip() == "%",
        }
    )


def _count(marks: pd.Series, units: pd.Series, index: pd.Index) -> pd.Series:
    """How many marked rows each unit of `index` has."""
    return units[marks].value_counts().reindex(index).fillna(0).astype("int64")


def smooth_targets(case: Evidence) -> Checked:
    """HT-04: all targets reached exactly, or no target set above what was reached last year; said on DON_VI."""
    ledger = Ledger(case, "HT-04", "DON_VI")
    least = case.rules.number("HT-04", "so_chi_tieu")
    forms, rows = _forms(case), _measured(case)
    units = pd.Index(forms["unit"])
    full = rows["more"] & rows["percent"] & (rows["target"] >= FULL_PERCENT)
    directed = rows["more"] | rows["less"]
    known = directed & rows["target"].notna() & rows["result"].notna()
    usable = known & (rows["target"].abs() > EQUAL) & ~full
    exact = usable & ((rows["target"] - rows["result"]).abs() <= EQUAL)
    total, hits, open_ = (_count(m, rows["unit"], units) for m in (usable, exact, ~known))
    even = (total >= least) & (hits == total)
    vague = (hits == total) & (open_ > 0) & (total + open_ >= least)
    at_best = (rows["more"] & rows["percent"] & (rows["before"] >= FULL_PERCENT)) | (
        rows["less"] & (rows["before"] <= EQUAL)
    )
    comparable = directed & rows["target"].notna() & rows["before"].notna() & ~at_best
    raised = comparable & (
        (rows["more"] & (rows["target"] > rows["before"])) | (rows["less"] & (rows["target"] < rows["before"]))
    )
    pairs, above = (_count(m, rows["unit"], units) for m in (comparable, raised))
    low = (pairs >= least) & (above == 0)
    none = ~units.isin(case.frame("CHI_TIEU")[UNIT])
    short = (above == 0) & (pairs < least) & (_count(~comparable & ~at_best, rows["unit"], units) + pairs >= least)
    by_row = [s.set_axis(forms.index) for s in (total, pairs, even & (open_ == 0), low, vague, short)]
    total, pairs, even, low, vague, short = by_row
    missing = pd.Series(none, index=forms.index)
    forms = ledger.look(forms[(total >= least) | (pairs >= least) | vague | short | missing])
    even, low, vague, short, missing = (m.reindex(forms.index) for m in (even, low, vague, short, missing))
    ledger.say("all_exact", forms[even], "ma_don_vi", don_vi=forms["unit"], so=total)
    ledger.say("not_above", forms[low], "ma_don_vi", don_vi=forms["unit"], so=pairs)
    reason = pd.Series("có chỉ tiêu chưa ghi đủ chỉ tiêu, thực hiện, chiều", index=forms.index)
    reason = reason.where(vague, "chưa đủ chỉ tiêu ghi kết quả năm trước để so")
    reason = reason.where(~missing, "trang CHI_TIEU không có dòng nào")
    ledger.unjudged(
        forms[~even & ~low & (vague | short | missing)], "ma_don_vi", don_vi=forms["unit"], con_thieu=reason
    )
    return ledger.close()


@once
def _scored(case: Evidence) -> pd.DataFrame:
    """Criteria of the score table that apply to each unit, with what it gave itself and what its results give.

    Self-scores of several targets of one criterion add up, as DON_VI adds them; their computed points count by the
    mean. Null where any of them is not known.
    """
    rows = ranking_of(case).criteria
    judged = (rows["targets"] > 0) & rows["reason"].isna() & (rows["most"] > 0)
    return rows.loc[judged, ["unit", "criterion", "most", "self", "computed"]].reset_index(drop=True)


def _say_no_points(case: Evidence, ledger: Ledger, forms: pd.DataFrame, total: pd.Series) -> None:
    """Say of units without any criterion why; where there is no score table at all, once for the province."""
    if case.configured("BANG_DIEM").empty:
        ledger.of_unit("not_judged", "", don_vi="các đơn vị", con_thieu="cau-hinh.xlsx chưa có bảng điểm (BANG_DIEM)")
        return
    without = forms[total == 0]
    _unjudged(ledger, without, "trang CHI_TIEU không có chỉ tiêu nào gắn với tiêu chí của bảng điểm")


def _unjudged(ledger: Ledger, forms: pd.DataFrame, reason: pd.Series | str) -> None:
    ledger.unjudged(forms, "tong_diem_tu_cham", don_vi="đơn vị " + forms["unit"], con_thieu=reason)


def full_marks(case: Evidence) -> Checked:
    """HT-05: the unit gave itself the most on nearly all criteria; judged also where unknown scores change nothing."""
    ledger = Ledger(case, "HT-05", "DON_VI")
    forms, rows = _forms(case), _scored(case)
    units = pd.Index(forms["unit"])
    share, least = case.rules.number("HT-05", "ty_le"), case.rules.number("HT-05", "so_tieu_chi")
    top = rows["self"] >= rows["most"] - EQUAL
    total, hits, open_ = (
        _count(m, rows["unit"], units).set_axis(forms.index) for m in (rows["most"].notna(), top, rows["self"].isna())
    )
    enough = total >= least
    ledger.look(forms[enough | (total == 0)])
    found = enough & (hits >= share * total - EQUAL)
    ledger.say("top", forms[found], "tong_diem_tu_cham", don_vi=forms["unit"], so=hits, tong=total, nguong=share * 100)
    unclear = enough & ~found & (hits + open_ >= share * total - EQUAL)
    _say_no_points(case, ledger, forms, total)
    _unjudged(ledger, forms[unclear], open_.map(lambda n: f"{n} tiêu chí chưa có điểm tự chấm"))
    return ledger.close()


def generous_total(case: Evidence) -> Checked:
    """HT-06: total of self-scores above the total that targets and results give."""
    ledger = Ledger(case, "HT-06", "DON_VI")
    forms, rows = _forms(case), _scored(case)
    units = pd.Index(forms["unit"])
    known = rows["self"].notna() & rows["computed"].notna()
    total, open_ = (_count(m, rows["unit"], units).set_axis(forms.index) for m in (known | ~known, ~known))
    sums = rows[["self", "computed"]].groupby(rows["unit"]).sum().reindex(units).set_axis(forms.index)
    ledger.look(forms)
    gap = sums["self"] - sums["computed"]
    high = (total > 0) & (open_ == 0) & (gap >= case.rules.number("HT-06", "chenh") - EQUAL)
    ledger.say(
        "above", forms[high], "tong_diem_tu_cham", don_vi=forms["unit"], tu_cham=sums["self"],
        tinh_lai=sums["computed"], chenh=gap, nguong=case.rules.number("HT-06", "chenh"),
    )  # fmt: skip
    _say_no_points(case, ledger, forms, total)
    reason = open_.map(lambda n: f"{n} tiêu chí chưa có điểm tự chấm, hoặc chưa đủ chỉ tiêu, thực hiện để tính lại")
    _unjudged(ledger, forms[(total > 0) & (open_ > 0)], reason)
    return ledger.close()


def one_day(case: Evidence) -> Checked:
    """HT-07: report, minutes and letter (and what else the unit drew up for the review) all of one day."""
    ledger = Ledger(case, "HT-07", "DON_VI")
    forms, rows = _forms(case), case.frame("HO_SO")
    own = rows[(rows["co"] == "CO") & rows["loai_giay"].isin(case.rules.codes("HT-07", "giay_don_vi_lap"))]
    units = forms["unit"]
    complete = pd.Series(True, index=forms.index)
    for kind in case.rules.codes("HT-07", "phai_co"):
        complete &= units.isin(own.loc[own["loai_giay"] == kind, UNIT])
    proposing = units.isin(case.proposed["unit"])
    empty = proposing & ~units.isin(rows[UNIT])
    ledger.look(forms[complete | empty])
    days = own.groupby(own[UNIT])["ngay"]
    least, most = (found.reindex(units).set_axis(units.index) for found in (days.min(), days.max()))
    same = complete & (least == most)
    undated = units.isin(own.loc[own["ngay"].isna(), UNIT])
    count = units.map(own[UNIT].value_counts())
    ledger.say(
        "one_day", forms[same & ~undated], "ngay_to_trinh", don_vi=units, ngay=least, so=count,
    )  # fmt: skip
    reason = empty.map({True: "trang HO_SO không có dòng nào", False: "có giấy tờ chưa ghi ngày ở trang HO_SO"})
    unclear = complete & undated & ((least == most) | least.isna())
    ledger.unjudged(forms[unclear | empty], "ngay_to_trinh", don_vi=units, con_thieu=reason)
    return ledger.close()


def nobody_refused(case: Evidence) -> Checked:
    """HT-09: a unit with several proposals in which nobody was considered and not proposed."""
    ledger = Ledger(case, "HT-09", "DON_VI")
    forms, rows = _forms(case), case.nominations
    units = pd.Index(forms["unit"])
    unknown = ~rows["proposed"] & ~rows["considered"]
    total, refused, open_ = (
        _count(m, rows["unit"], units).set_axis(forms.index) for m in (rows["proposed"], rows["considered"], unknown)
    )
    many = total >= case.rules.number("HT-09", "so_de_nghi")
    ledger.look(forms[many])
    none = many & (refused == 0)
    ledger.say("nobody", forms[none & (open_ == 0)], "ma_don_vi", don_vi=forms["unit"], so=total)
    ledger.unjudged(forms[none & (open_ > 0)], "ma_don_vi", don_vi=forms["unit"], so=open_)
    return ledger.close()


class Said(Protocol):
    """What checks said: `pipeline.checks.Verdicts` or the results of a run."""

    @property
    def findings(self) -> Sequence[Finding]:
        """Every finding."""

    @property
    def looked_at(self) -> Mapping[str, pd.Index]:
        """Code → row ids that were judged."""


def signals(case: Evidence, said: Said) -> pd.DataFrame:
    """Count the nine signals: one row a unit with a counted file and signal.

    Columns: `unit`, `signal`, `found` (findings), `unknown` (places that could not be judged), `looked` (rows that
    were judged). All three 0: the unit had nothing to judge, or no such check is in force.
    """
    unit_of = pd.concat([frame[UNIT] for frame in case.data.frames.values()])
    sources = {(code, name): signal for signal, s in SIGNALS.items() for code, names in s for name in names or ("",)}
    told_rows = [
        (f.unit, sources.get((f.code, f.variant), sources.get((f.code, ""), "")), f.judged)
        for f in said.findings
        if f.code in _SOURCES
    ]
    # What a check that several signals could read did not judge stands for the signal that reads it.
    told_rows += [(f.unit, _SOURCES[f.code], False) for f in said.findings if f.code in _PARTLY and not f.judged]
    told = pd.DataFrame(told_rows, columns=["unit", "signal", "judged"]).astype({"judged": "bool"})
    grid = pd.MultiIndex.from_product([sorted(case.data.counted), SIGNALS], names=["unit", "signal"])
    table = pd.DataFrame(index=grid)
    for name, which in (("found", told["judged"]), ("unknown", ~told["judged"])):
        table[name] = told[which].groupby(["unit", "signal"]).size().reindex(grid).fillna(0).astype("int64")
    # PT-09 says of a file without HOAT_DONG that movements cannot be judged.
    has = case.has_sheet("HOAT_DONG")
    table["unknown"] += grid.isin([(unit, "HT-03") for unit in has.index[~has]]).astype("int64")
    if case.configured("BANG_DIEM").empty:  # said once for the province
        table["unknown"] += grid.isin(["HT-05", "HT-06"], level="signal").astype("int64")
    looked = pd.Series(0, index=grid)
    for code, signal in _SOURCES.items():
        rows = unit_of if code not in _SHEETS else case.frame(_SHEETS[code])[UNIT]
        judged = rows[rows.index.isin(said.looked_at.get(code, pd.Index([])))].value_counts()
        judged.index = pd.MultiIndex.from_product([judged.index, [signal]])
        looked = looked.add(judged.reindex(grid).fillna(0), fill_value=0)
    table["looked"] = looked.astype("int64")
    return table.reset_index()


#: Code of a check → the signal that its findings are.
_SOURCES = {code: signal for signal, sources in SIGNALS.items() for code, _ in sources}
#: Checks of which only some variants are a signal.
_PARTLY = {code for sources in SIGNALS.values() for code, variants in sources if variants}
#: Checks of which only the rows of one sheet are judged for the signal.
_SHEETS = {"PT-07": "DON_VI"}

CHECKS = (
    Check("HT-01", alike_texts),
    Check("HT-01", texts_of_last_year, province=True),
    Check("HT-02", no_figure),
    Check("HT-04", smooth_targets),
    Check("HT-05", full_marks, province=True),
    Check("HT-06", generous_total, province=True),
    Check("HT-07", one_day),
    Check("HT-09", nobody_refused),
)
