"""HS-01, and what each proposal's dossier holds (shared with HS-08 and the sheet HO_SO)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import Any

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.evidence.once import once
from pipeline.vietnamese import match_key
from schemas.vocabularies import VOCABULARIES

#: Kinds of paper in the order of the drop-down list.
KINDS = tuple(entry.code for entry in VOCABULARIES["LOAI_GIAY"])
THERE, LACKING, NOT_NEEDED = "CO", "KHONG", "KHONG_CAN"
_CERTIFICATE, _RATING = "XN_SANG_KIEN", "QD_XEP_LOAI"
_DIGIT = re.compile(r"\d")
#: Papers that serve the whole list of a unit: kind → number and day on DON_VI.
OF_UNIT = {"TO_TRINH": ("so_to_trinh", "ngay_to_trinh"), "BIEN_BAN": ("so_bien_ban", "ngay_bien_ban")}


@dataclass(frozen=True)
class Papers:
    """Papers of each proposal: one row a proposal (row id of DE_NGHI), one column a kind of paper.

    Only proposals whose code is their own and whose unit has rows on HO_SO.
    """

    proposals: pd.DataFrame
    state: pd.DataFrame  #: CO, KHONG, KHONG_CAN; null: no row, or the row does not say
    row: pd.DataFrame  #: row id of HO_SO; -1: no row
    required: pd.DataFrame  #: asked for by the rule in force; nothing where none is
    standing: pd.DataFrame  #: one of `Standing`, for every kind


class Standing(StrEnum):
    """What the rule makes of one kind of paper of one proposal."""

    THERE = "there"
    MISSING = "missing"  #: required and not there
    STATED = "stated"  #: required, no row, but number and day stand on DON_VI
    UNSAID = "unsaid"  #: required, and the row does not say
    OUTSIDE = "outside"  #: neither there nor required


def papers(case: Evidence) -> Papers:
    """Put the rows of HO_SO to their proposals; made once a run."""
    made: dict[Any, Any] = case.made  # the run's own store
    if papers not in made:
        made[papers] = _put_to_proposals(case)
    found: Papers = made[papers]
    return found


def _put_to_proposals(case: Evidence) -> Papers:
    rows = case.frame("HO_SO")
    rows = rows[rows["ma_dn"].notna() & rows["loai_giay"].isin(list(KINDS))]
    single = case.nominations[case.nominations["code"] != ""].drop_duplicates(["unit", "code"], keep=False)
    proposals = single[single["proposed"] & single["unit"].isin(case.frame("HO_SO")[UNIT])]
    numbers = pd.Series(range(len(proposals)), index=pd.MultiIndex.from_frame(proposals[["unit", "code"]]))
    own = numbers.reindex(pd.MultiIndex.from_frame(rows[[UNIT, "ma_dn"]])).to_numpy()
    table = pd.DataFrame(
        {"proposal": own, "kind": rows["loai_giay"].to_numpy(), "state": rows["co"].to_numpy(), "row": rows.index}
    )
    table = table[table["proposal"].notna()].drop_duplicates(["proposal", "kind"]).set_index(["proposal", "kind"])
    places = pd.RangeIndex(len(proposals))

    def spread(name: str) -> pd.DataFrame:
        wide = table[name].unstack("kind").reindex(index=places, columns=list(KINDS))
        return wide.set_axis(proposals.index)

    state = spread("state").astype("str")
    row = spread("row").fillna(-1).astype("int64")
    required = required_papers(case, proposals)
    return Papers(proposals, state, row, required, _standing(case, proposals, state, row, required))


def _standing(
    case: Evidence, proposals: pd.DataFrame, state: pd.DataFrame, row: pd.DataFrame, required: pd.DataFrame
) -> pd.DataFrame:
    there = state == THERE
    unsaid = required & (row >= 0) & state.isna()
    absent = required & ~there & ~unsaid
    # A certificate stands for the rating decision, as either may carry the title.
    absent[_RATING] &= ~there[_CERTIFICATE]
    stated = absent & (row < 0) & _stated(case, proposals)
    standing = pd.DataFrame(str(Standing.OUTSIDE), index=state.index, columns=list(KINDS), dtype="str")
    for name, where in (
        (Standing.THERE, there), (Standing.MISSING, absent), (Standing.STATED, stated), (Standing.UNSAID, unsaid),
    ):  # fmt: skip
        standing = standing.mask(where, str(name))
    return standing


def required_papers(case: Evidence, proposals: pd.DataFrame) -> pd.DataFrame:
    """Which kinds the rule asks of each proposal: true or false by row and kind."""
    asked = pd.DataFrame(False, index=proposals.index, columns=list(KINDS))
    if not case.rules.has("HS-01"):
        return asked
    codes = case.rules.codes
    for parameter, some in (("danh_hieu", proposals["is_title"]), ("hinh_thuc", ~proposals["is_title"])):
        for kind in (*codes("HS-01", parameter), *codes("HS-01", "kiem_phieu")):
            if kind in asked:
                asked[kind] |= some
    always = proposals["award"].isin(codes("HS-01", "can_sang_kien"))
    asked[_CERTIFICATE] = (proposals["path"] == "SANG_KIEN") | always
    asked[_RATING] = (proposals["path"] == "XEP_LOAI") & ~always
    return asked


def _stated(case: Evidence, proposals: pd.DataFrame) -> pd.DataFrame:
    """Papers of the whole unit whose number and day stand on DON_VI."""
    stated = pd.DataFrame(False, index=proposals.index, columns=list(KINDS))
    for kind, fields in OF_UNIT.items():
        stated[kind] = on_form(case, proposals["unit"], fields[0]).notna()
        stated[kind] &= on_form(case, proposals["unit"], fields[1]).notna()
    return stated


def _names(case: Evidence, which: pd.DataFrame) -> pd.Series:
    """Names of the kinds marked in each row, with commas."""
    labels = [case.label("LOAI_GIAY", kind) for kind in which.columns]
    small = [label[:1].lower() + label[1:] if label[1:2].islower() else label for label in labels]
    parts = [which[kind].map({True: f"{label}, ", False: ""}) for kind, label in zip(which.columns, small, strict=True)]
    return reduce(lambda one, other: one + other, parts).astype("str").str.removesuffix(", ")


def missing_papers(case: Evidence) -> Checked:
    """Every proposal has the papers that it needs; all that it lacks in one finding, as grave as the gravest."""
    ledger = Ledger(case, "HS-01")
    _whole_sheet(case, ledger)
    held = papers(case)
    rows = ledger.look(held.proposals[held.required.any(axis=1)])
    standing = held.standing.reindex(rows.index)
    hard, written = standing == Standing.MISSING, standing == Standing.STATED
    law = {k for name in ("danh_hieu", "hinh_thuc") for k in case.rules.codes("HS-01", name)} & set(KINDS)
    tally = set(case.rules.codes("HS-01", "kiem_phieu"))
    lawful = hard[sorted(law)].any(axis=1)
    quick = rows["channel"].isin(case.rules.codes("HS-01", "loai_hinh_nhanh"))
    basis = hard[[k for k in KINDS if k not in law | tally]].any(axis=1)
    counted = hard[[k for k in KINDS if k in tally - law]].any(axis=1)
    chosen = pd.Series("", index=rows.index, dtype="str")
    for variant, where in (
        ("unlisted", written.any(axis=1)), ("tally", counted), ("basis", basis), ("law", lawful),
        ("quick", quick & (lawful | basis | counted)),
    ):  # fmt: skip
        chosen = chosen.mask(where, variant)
    _say(case, ledger, held, rows, hard | written, chosen)
    unsaid = standing == Standing.UNSAID
    silent = rows[(chosen == "") & unsaid.any(axis=1)]
    ledger.unjudged(
        silent, "co", at=_first(held.row.where(unsaid)), dong="chưa ghi tình trạng của: " + _names(case, unsaid)
    )
    return ledger.close()


def _say(
    case: Evidence, ledger: Ledger, held: Papers, rows: pd.DataFrame, absent: pd.DataFrame, chosen: pd.Series
) -> None:
    """Write the findings at the first row that says "chưa có", else at the proposal."""
    at = _first(held.row.where(absent & (held.row >= 0)))
    names = _names(case, absent)
    for variant in ("law", "quick", "basis", "tally", "unlisted"):
        some = rows[chosen == variant]
        own = {"ma": rows["code"], "danh_hieu": rows["award_name"], "thieu": names}
        ledger.say(variant, some[at.reindex(some.index) >= 0], "co", at=at, **own)
        ledger.say(variant, some[~(at.reindex(some.index) >= 0)], "ma_dn", **own)


def _first(row: pd.DataFrame) -> pd.Series:
    """First row id in each line; -1 where there is none."""
    return row.min(axis=1).fillna(-1).astype("int64")


def _whole_sheet(case: Evidence, ledger: Ledger) -> None:
    """Units without the sheet cannot be judged; units that left it empty are told once."""
    counts = case.proposed["unit"].value_counts()
    has, filled = case.has_sheet("HO_SO"), set(case.frame("HO_SO")[UNIT].unique())
    for unit in [u for u in has.index if u in counts.index]:
        if not has[unit]:
            ledger.of_unit("not_judged", unit, unit, dong="tệp không có trang HO_SO")
        elif unit not in filled:
            ledger.of_unit("empty", unit, unit, so=int(counts[unit]))


def completeness(held: Papers) -> pd.DataFrame:
    """How complete each proposal's dossier is: `asked`, `there` (papers), `share` (null where none is asked)."""
    asked = (held.required & (held.standing != Standing.OUTSIDE)).sum(axis=1)
    there = (held.required & held.standing.isin([Standing.THERE, Standing.STATED])).sum(axis=1)
    return pd.DataFrame({"asked": asked, "there": there, "share": (there / asked.where(asked > 0))})


@once
def differing_dates(case: Evidence) -> pd.DataFrame:
    """Rows of HO_SO on the unit's letter or minutes (same number as on DON_VI) with another day than DON_VI.

    Columns: `unit`, `code`, `paper` (kind), `day` (on HO_SO), `stated` (on DON_VI).
    """
    rows = case.frame("HO_SO")
    found = []
    for kind, (number, day) in OF_UNIT.items():
        some = rows[(rows["loai_giay"] == kind) & rows["ngay"].notna()]
        stated, written = on_form(case, some[UNIT], day), on_form(case, some[UNIT], number)
        same = number_keys(some["so"]) == number_keys(written)
        other = some[same & stated.notna() & (some["ngay"] != stated)]
        found.append(
            pd.DataFrame(
                {"unit": other[UNIT], "code": other["ma_dn"].fillna(""), "paper": kind, "day": other["ngay"],
                 "stated": stated.reindex(other.index)}, index=other.index,
            )
        )  # fmt: skip
    return pd.concat(found)


def on_form(case: Evidence, units: pd.Series, name: str) -> pd.Series:
    """Return what DON_VI says of each unit in a column of units; null where it says nothing."""
    return case.forms[name].reindex(units).set_axis(units.index)


def number_keys(numbers: pd.Series) -> pd.Series:
    """Numbers of papers as compared; null where there is no digit (`Không số`)."""
    keys = {text: match_key(text).replace(" ", "") for text in numbers.dropna().unique()}
    return numbers.map({text: key for text, key in keys.items() if _DIGIT.search(key)}).astype("str")


CHECKS = (Check("HS-01", missing_papers),)
