"""PT-01 to PT-09: emulation movements: criteria, inspection, reviews, the yearly cycle, selection, variety."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.evidence.movements import (
    DAY,
    FINAL,
    INSPECTION,
    LAUNCH,
    MIDTERM,
    PLAN,
    catalogue_of,
    days_for,
    movement_names,
    steps_of,
    unclear_for,
)
from pipeline.evidence.once import once
from pipeline.evidence.spans import months_between
from pipeline.vietnamese import date_text

REVIEWS = (MIDTERM, FINAL)
#: Steps of the yearly cycle in words.
CYCLE = {PLAN: "kế hoạch", LAUNCH: "phát động", MIDTERM: "sơ kết", FINAL: "tổng kết"}
_DIGIT = r"\d"


def _launches(case: Evidence) -> pd.DataFrame:
    rows = case.frame("HOAT_DONG")
    return rows[rows["loai"] == LAUNCH]


@once
def _forms(case: Evidence) -> pd.DataFrame:
    """DON_VI by row id, of units whose file has HOAT_DONG."""
    has = case.has_sheet("HOAT_DONG")
    forms = case.forms[case.forms.index.isin(has.index[has])]
    return forms.set_index("row_id").rename_axis(None)


def _at(table: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """The table by the row ids of `rows`, which has no nulls in it."""
    return table.set_axis(pd.Index(rows.astype("int64")))


def _joined(marks: dict[str, pd.Series], words: dict[str, str], index: pd.Index) -> pd.Series:
    """Write the marked words of each row after one another, `, ` between them."""
    text = pd.Series("", index=index, dtype="str")
    for name, mark in marks.items():
        text = text.where(~mark, text + ", " + words[name])
    return text.str.removeprefix(", ")


def _day_text(day: pd.Timestamp) -> str:
    return "chưa rõ ngày" if pd.isna(day) else date_text(day.date())


def no_criteria(case: Evidence) -> Checked:
    """PT-01: a launch with criteria counted as none; an empty cell is V-02's, a contradiction PT-02's."""
    ledger = Ledger(case, "PT-01", "HOAT_DONG")
    rows = _launches(case)
    rows = ledger.look(rows[rows["so_tieu_chi"].notna() & ~(rows["tieu_chi_do_duoc"] > rows["so_tieu_chi"])])
    none = rows[rows["so_tieu_chi"] == 0]
    ledger.say("none", none, "so_tieu_chi", subject=rows["phong_trao"], ten=movement_names(case, rows["phong_trao"]))
    return ledger.close()


def measurable(case: Evidence) -> Checked:
    """PT-02: criteria of a launch of which none can be measured, or more measurable ones than there are."""
    ledger = Ledger(case, "PT-02", "HOAT_DONG")
    rows = _launches(case)
    total, good = rows["so_tieu_chi"], rows["tieu_chi_do_duoc"]
    rows = ledger.look(rows[total.notna() & good.notna() & ((total > 0) | (good > 0))])
    total, good = rows["so_tieu_chi"], rows["tieu_chi_do_duoc"]
    names = movement_names(case, rows["phong_trao"])
    for variant, wrong in (("none", (good == 0) & (total > 0)), ("impossible", good > total)):
        ledger.say(
            variant, rows[wrong], "tieu_chi_do_duoc", subject=rows["phong_trao"], ten=names, so=total, do_duoc=good
        )
    return ledger.close()


def never_inspected(case: Evidence) -> Checked:
    """PT-03: launched in the period long enough before its end, and no inspection of the movement by the unit."""
    ledger = Ledger(case, "PT-03", "HOAT_DONG")
    steps = steps_of(case)
    steps = steps[steps[LAUNCH].notna()]
    steps = _at(steps, steps[LAUNCH])
    day = steps[LAUNCH + DAY]
    end = pd.Series(case.last, index=steps.index, dtype="datetime64[us]")
    long = months_between(day, end) >= case.rules.number("PT-03", "so_thang")
    steps = ledger.look(steps[day.isna() | ((day >= case.first) & long)])
    open_ = steps[steps[INSPECTION].isna()]
    unclear = unclear_for(case, open_["unit"], INSPECTION)
    undated = open_[LAUNCH + DAY].isna()
    names = movement_names(case, open_["movement"])
    ledger.say(
        "never", open_[~unclear & ~undated], "phong_trao", subject=open_["movement"], ten=names,
        ngay=open_[LAUNCH + DAY], het_ky=case.last,
    )  # fmt: skip
    missing = undated.map({True: "chưa biết ngày phát động", False: "có hoạt động chưa rõ loại hoặc phong trào"})
    ledger.say(
        "not_judged", open_[unclear | undated], "phong_trao", subject=open_["movement"], ten=names, con_thieu=missing
    )
    return ledger.close()


def no_figures(case: Evidence) -> Checked:
    """PT-04: a review or inspection whose result holds no figure; inspections without any result once a unit."""
    ledger = Ledger(case, "PT-04", "HOAT_DONG")
    rows = case.frame("HOAT_DONG")
    rows = rows[rows["loai"].isin((*REVIEWS, INSPECTION))]
    told = ledger.look(rows[rows["ket_qua_so"].notna()])
    without = told[~told["ket_qua_so"].str.contains(_DIGIT, regex=True, na=False)]
    ledger.say(
        "no_figure", without, "ket_qua_so", subject=told["phong_trao"],
        loai=case.labels("LOAI_HOAT_DONG", told["loai"]),
        ten=movement_names(case, told["phong_trao"].fillna("chưa rõ phong trào")),
    )  # fmt: skip
    silent = rows[(rows["loai"] == INSPECTION) & rows["ket_qua_so"].isna()]
    first = ledger.look(silent.drop_duplicates(UNIT))
    ledger.unjudged(first, "ket_qua_so", so=first[UNIT].map(silent[UNIT].value_counts()))
    return ledger.close()


def cycle_gaps(case: Evidence) -> pd.DataFrame:
    """Unit and movement pairs that were planned or launched in time for a whole year's cycle, by first row id.

    Columns of `steps_of` and: `missing` (steps left out, in words), `review_missing`, `final_open` (no final review,
    but the letter was written before one was due), `unclear` (a missing step may be in an unreadable row, or no day
    of plan and launch is known).
    """
    steps = steps_of(case)
    steps = steps[steps[PLAN].notna() | steps[LAUNCH].notna()]
    steps = _at(steps, steps[LAUNCH].fillna(steps[PLAN]))
    end = pd.Series(case.last, index=steps.index, dtype="datetime64[us]")
    began = steps["began"]
    long = months_between(began, end) >= case.rules.number("PT-05", "so_thang")
    steps = steps[(long | began.isna()) & ~(steps["last"] < began)]
    letter = days_for(steps["unit"], case.forms["ngay_to_trinh"])
    running = ~(steps["last"] <= case.last)
    due_from = case.last - pd.Timedelta(days=case.rules.number("PT-05", "so_ngay_truoc_het_ky"))
    no_final = running & steps[FINAL].isna()
    due = letter >= due_from
    missing = {step: steps[step].isna() for step in (PLAN, LAUNCH, MIDTERM)} | {FINAL: no_final & due}
    unclear = steps["began"].isna()
    for step, mark in missing.items():
        unclear |= mark & unclear_for(case, steps["unit"], step)
    return steps.assign(
        missing=_joined(missing, CYCLE, steps.index),
        review_missing=missing[MIDTERM] | missing[FINAL],
        final_open=no_final & ~due & ~unclear_for(case, steps["unit"], FINAL),
        unclear=unclear,
        letter=letter,
    )


def cycle(case: Evidence) -> Checked:
    """PT-05: the yearly cycle of each movement that the unit planned or launched."""
    ledger = Ledger(case, "PT-05", "HOAT_DONG")
    rows = ledger.look(cycle_gaps(case))
    names = movement_names(case, rows["movement"])
    gap = rows["missing"] != ""
    for variant, which in (
        ("no_review", gap & ~rows["unclear"] & rows["review_missing"]),
        ("missing", gap & ~rows["unclear"] & ~rows["review_missing"]),
        ("not_judged", gap & rows["unclear"]),
    ):
        ledger.say(variant, rows[which], "phong_trao", subject=rows["movement"], ten=names, thieu=rows["missing"])
    ledger.say(
        "open_final", rows[~gap & rows["final_open"]], "phong_trao", subject=rows["movement"], ten=names,
        trinh=rows["letter"].map(_day_text).astype("str"),
        het_ky=case.last,
    )  # fmt: skip
    return ledger.close()


def selection_without_review(case: Evidence) -> Checked:
    """PT-06: proposals for a movement of which the unit logged neither a mid-term nor a final review."""
    ledger = Ledger(case, "PT-06")
    has = case.has_sheet("HOAT_DONG")
    rows = case.proposed[(case.proposed["channel"] == "CHUYEN_DE") & case.proposed["movement"].notna()]
    rows = rows[rows["unit"].isin(has.index[has])]
    keys = ["unit", "movement"]
    counts = rows.groupby(keys).size()
    first = ledger.look(rows.drop_duplicates(keys))
    steps = steps_of(case)
    steps = steps[steps[FINAL].notna() | steps[MIDTERM].notna()]
    pairs = pd.MultiIndex.from_frame(first[keys])
    lacking = first[~pairs.isin(pd.MultiIndex.from_frame(steps[keys]))]
    unclear = unclear_for(case, lacking["unit"], FINAL) | unclear_for(case, lacking["unit"], MIDTERM)
    many = pd.Series(counts.reindex(pairs).to_numpy(), index=first.index)
    names = movement_names(case, first["movement"])
    ledger.say("no_review", lacking[~unclear], "phong_trao", ten=names, so=many)
    ledger.say("not_judged", lacking[unclear], "phong_trao", ten=names)
    return ledger.close()


def closed_without_selection(case: Evidence) -> Checked:
    """PT-06: movements that ended and were summed up without anybody considered for them; once a unit."""
    ledger = Ledger(case, "PT-06", "DON_VI")
    steps = steps_of(case)
    steps = steps[steps[FINAL].notna() & (steps["last"] <= case.last)]
    rows = case.nominations
    vague = rows.loc[rows["movement"].isna() & (rows["channel"].isna() | (rows["channel"] == "CHUYEN_DE")), "unit"]
    chosen = pd.MultiIndex.from_frame(rows[["unit", "movement"]])
    forms = _forms(case)
    forms = ledger.look(forms[forms["unit"].isin(steps["unit"]) & ~forms["unit"].isin(vague)])
    steps = steps[~pd.MultiIndex.from_frame(steps[["unit", "movement"]]).isin(chosen)]
    codes = steps["movement"].drop_duplicates().sort_values().tolist()
    marks = {code: forms["unit"].isin(steps.loc[steps["movement"] == code, "unit"]) for code in codes}
    left = _joined(marks, {code: code for code in codes}, forms.index)
    first = steps.drop_duplicates("unit").set_index("unit")[FINAL]
    ledger.say(
        "no_selection", forms[left != ""], "loai", at=forms["unit"].map(first), cac_phong_trao=left,
        don_vi=forms["unit"],
    )  # fmt: skip
    return ledger.close()


def launched_after_end(case: Evidence) -> Checked:
    """PT-07: a launch on a day on which the movement had already ended by the catalogue."""
    ledger = Ledger(case, "PT-07", "HOAT_DONG")
    rows = _launches(case)
    end = days_for(rows["phong_trao"], catalogue_of(case)["last"])
    rows = ledger.look(rows[rows["phong_trao"].notna() & rows["ngay"].notna()])
    late = rows[rows["ngay"] > end.reindex(rows.index)]
    ledger.say(
        "launched_after_end", late, "ngay", subject=rows["phong_trao"], ten=movement_names(case, rows["phong_trao"]),
        ngay=rows["ngay"], ket_thuc=end,
    )  # fmt: skip
    return ledger.close()


def not_closed(case: Evidence) -> Checked:
    """PT-07: movements that ended in or just before the period without a final review by the unit; once a unit."""
    ledger = Ledger(case, "PT-07", "DON_VI")
    forms = _active(case)
    founded = days_for(forms["unit"], case.units["founded"])
    written = forms["ngay_to_trinh"].fillna(case.last).clip(upper=case.last)
    wait = pd.Timedelta(days=case.rules.number("PT-07", "so_ngay_cho"))
    since = case.first - pd.DateOffset(months=int(case.rules.number("PT-07", "so_thang_truoc")))
    ended = catalogue_of(case)
    ended = ended[(ended["last"] >= since) & (ended["last"] <= case.last)].sort_index()
    steps = steps_of(case)
    done = steps[steps[FINAL].notna()]
    marks: dict[str, pd.Series] = {}
    concerned = pd.Series(False, index=forms.index)
    for code, end in ended["last"].items():
        due = (written >= end + wait) & ~(founded > end)
        concerned |= due
        marks[str(code)] = due & ~forms["unit"].isin(done.loc[done["movement"] == code, "unit"])
    forms = ledger.look(forms[concerned])
    marks = {code: mark.reindex(forms.index) for code, mark in marks.items()}
    words = {str(code): f"{code} (đến {date_text(end.date())})" for code, end in ended["last"].items()}
    unclear = unclear_for(case, forms["unit"], FINAL)
    inside = {code: mark for code, mark in marks.items() if ended["last"][code] >= case.first}
    before = {code: mark for code, mark in marks.items() if code not in inside}
    for variant, which in (("not_closed", inside), ("not_closed_before", before)):
        left = _joined(which, words, forms.index)
        column, given = "ma_don_vi", {"cac_phong_trao": left, "don_vi": forms["unit"]}
        ledger.say(variant, forms[(left != "") & ~unclear], column, **given)
        if variant == "not_closed":
            ledger.unjudged(forms[(left != "") & unclear], column, **given)
    return ledger.close()


@once
def _active(case: Evidence) -> pd.DataFrame:
    """DON_VI by row id, of units that logged any activity."""
    forms = _forms(case)
    return forms[forms["unit"].isin(case.frame("HOAT_DONG")[UNIT])]


def one_form(case: Evidence) -> Checked:
    """PT-08: all activities of the year in one form."""
    ledger = Ledger(case, "PT-08", "DON_VI")
    rows = case.frame("HOAT_DONG")
    forms = _forms(case)
    groups = rows.groupby(UNIT)["hinh_thuc"]
    total, known, kinds = (forms["unit"].map(s).fillna(0) for s in (groups.size(), groups.count(), groups.nunique()))
    forms = ledger.look(forms[total >= case.rules.number("PT-08", "so_hoat_dong")])
    total, known, kinds = (s.reindex(forms.index) for s in (total, known, kinds))
    first = rows.reset_index(names="row").drop_duplicates(UNIT).set_index(UNIT)
    at = forms["unit"].map(first["row"])
    told = rows[rows["hinh_thuc"].notna()].drop_duplicates(UNIT).set_index(UNIT)["hinh_thuc"]
    form = case.labels("HINH_THUC_HD", forms["unit"].map(told))
    ledger.say("one_form", forms[(kinds == 1) & (known == total)], "hinh_thuc", at=at, so=total, hinh_thuc=form)
    ledger.unjudged(
        forms[(kinds <= 1) & (known < total)], "hinh_thuc", at=at, viec="hình thức hoạt động đa dạng hay không",
        con_thieu=(total - known).map(lambda n: f"{n:.0f} hoạt động chưa ghi hình thức"),
        can_lam="Điền cột «Hình thức» ở trang HOAT_DONG",
    )  # fmt: skip
    return ledger.close()


def forms_of_last_year(case: Evidence) -> Checked:
    """PT-08: the province's folder holds no log of last year, so a fall in variety cannot be seen."""
    ledger = Ledger(case, "PT-08", "")
    ledger.of_unit(
        "not_judged", "", viec="số hình thức hoạt động có giảm so với năm trước",
        con_thieu="thư mục tỉnh không có nhật ký hoạt động của năm trước",
        can_lam="Khi cần, đối chiếu với bản tổng hợp năm trước bằng tay",
    )  # fmt: skip
    return ledger.close()


def carried_out(case: Evidence) -> Checked:
    """PT-09: says that it carries movements out and logged nothing; movements in force that it never touched."""
    ledger = Ledger(case, "PT-09", "DON_VI")
    has = case.has_sheet("HOAT_DONG")
    every = case.forms.set_index("row_id").rename_axis(None)
    column = "trien_khai_phong_trao"
    without = ledger.look(every[every["unit"].isin(has.index[~has])])
    ledger.unjudged(
        without, "ma_don_vi", viec=without["unit"].map(lambda u: f"việc triển khai phong trào của đơn vị {u}"),
        con_thieu="tệp không có trang HOAT_DONG", can_lam="Gửi lại mẫu có trang HOAT_DONG",
    )  # fmt: skip
    forms, active = _forms(case), _active(case)
    silent = ledger.look(forms[~forms.index.isin(active.index) & (forms[column] == "CO")])
    ledger.say("said_but_none", silent, column, don_vi=silent["unit"])
    catalogue = catalogue_of(case)
    if catalogue.empty:
        ledger.of_unit(
            "not_judged", "", viec="phong trào nào đơn vị chưa tham gia",
            con_thieu="trang PHONG_TRAO của cau-hinh.xlsx chưa có phong trào nào",
            can_lam="Điền danh mục phong trào vào cau-hinh.xlsx",
        )  # fmt: skip
        return ledger.close()
    _untouched(case, ledger, active, catalogue)
    return ledger.close()


def _untouched(case: Evidence, ledger: Ledger, active: pd.DataFrame, catalogue: pd.DataFrame) -> None:
    start = catalogue["first"].clip(lower=case.first)
    end = catalogue["last"].fillna(case.last).clip(upper=case.last)
    current = catalogue[months_between(start, end) >= case.rules.number("PT-09", "so_thang")].sort_index()
    rows = case.frame("HOAT_DONG")
    vague = rows.loc[rows["phong_trao"].isna() & (rows["loai"].isna() | rows["loai"].isin(_NEEDS_MOVEMENT)), UNIT]
    active = ledger.look(active[~active["unit"].isin(vague)])
    marks = {
        str(code): ~active["unit"].isin(rows.loc[rows["phong_trao"] == code, UNIT]) for code in current.index.tolist()
    }
    left = _joined(marks, {code: code for code in marks}, active.index)
    ledger.say("untouched", active[left != ""], "ma_don_vi", cac_phong_trao=left, don_vi=active["unit"])


#: Kinds of activity that always belong to a movement.
_NEEDS_MOVEMENT = (LAUNCH, INSPECTION, MIDTERM, FINAL)

CHECKS = (
    Check("PT-01", no_criteria),
    Check("PT-02", measurable),
    Check("PT-03", never_inspected),
    Check("PT-04", no_figures),
    Check("PT-05", cycle, province=True),
    Check("PT-06", selection_without_review),
    Check("PT-06", closed_without_selection, province=True),
    Check("PT-07", launched_after_end, province=True),
    Check("PT-07", not_closed, province=True),
    Check("PT-08", one_form),
    Check("PT-08", forms_of_last_year, province=True),
    Check("PT-09", carried_out, province=True),
)
