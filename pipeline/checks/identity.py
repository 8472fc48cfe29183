"""V-05, DK-08: one person in two places, under two codes, or proposed twice for the same title."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger, listed
from pipeline.evidence import Evidence
from pipeline.evidence.events import LEFT
from pipeline.evidence.once import once
from pipeline.vietnamese import match_key


def two_units(case: Evidence) -> Checked:
    """One person in the staff lists of two units, and no unit but one says that the person left."""
    ledger = Ledger(case, "V-05", "NHAN_SU")
    staff = ledger.look(case.staff[case.staff["person"].notna()])
    gone = case.events[case.events["loai"] == LEFT]
    left = pd.MultiIndex.from_frame(staff[["unit", "person"]]).isin(pd.MultiIndex.from_frame(gone[["unit", "person"]]))
    still = staff[~left].drop_duplicates(["unit", "person"])
    twice = still[still.duplicated("person", keep=False)]
    ledger.say(
        "two_units", twice, "ma_cc", subject=twice["person"], ten=twice["ho_ten"],
        noi_khac=_elsewhere(case, twice, "person"),
    )  # fmt: skip
    return ledger.close()


def two_codes(case: Evidence) -> Checked:
    """One name and date of birth under two codes, wherever they stand."""
    ledger = Ledger(case, "V-05", "NHAN_SU")
    staff = case.staff
    known = staff[staff["ho_ten"].notna() & staff["ngay_sinh"].notna() & staff["person"].notna()]
    rows = ledger.look(known.assign(who=known["ho_ten"].map(match_key)))
    pairs = rows.drop_duplicates(["who", "ngay_sinh", "person"])
    pairs = pairs[pairs.duplicated(["who", "ngay_sinh"], keep=False)]
    pairs = pairs.assign(same=pairs["who"] + pairs["ngay_sinh"].dt.strftime(" %d/%m/%Y"))
    ledger.say(
        "two_codes", pairs, "ma_cc", subject=pairs["person"], ten=pairs["ho_ten"], sinh=pairs["ngay_sinh"],
        ma=pairs["ma_cc"].fillna("chưa ghi"), noi_khac=_elsewhere(case, pairs, "same", codes=True),
    )  # fmt: skip
    return ledger.close()


@once
def _titles(case: Evidence) -> pd.DataFrame:
    """Proposals of persons for titles; rows pasted twice with the same code are V-05's."""
    rows = case.proposed[case.proposed["is_title"] & case.proposed["person"].notna()]
    return rows[~rows.duplicated(["unit", "code", "person", "award"]) | (rows["code"] == "")]


def same_title_in_two_units(case: Evidence) -> Checked:
    """Nobody is proposed for one title by two units."""
    ledger = Ledger(case, "DK-08")
    rows = ledger.look(_titles(case))
    first = rows.drop_duplicates(["unit", "person", "award"])
    twice = first[first.duplicated(["person", "award"], keep=False)]
    twice = twice.assign(same=twice["person"] + " " + twice["award"])
    ledger.say(
        "two_units_title", twice, "ma_doi_tuong", ten=twice["name"], danh_hieu=twice["award_name"],
        noi_khac=_elsewhere(case, twice, "same"),
    )  # fmt: skip
    return ledger.close()


def same_title_twice(case: Evidence) -> Checked:
    """No unit proposes somebody twice for one title."""
    ledger = Ledger(case, "DK-08")
    rows = ledger.look(_titles(case))
    keys = ["unit", "person", "award"]
    twice = rows[rows.duplicated(keys, keep=False)]
    twice = twice.assign(same=twice["unit"] + " " + twice["person"] + " " + twice["award"])
    ledger.say(
        "twice", twice, "ma_doi_tuong", ten=twice["name"], danh_hieu=twice["award_name"],
        noi_khac=_elsewhere(case, twice, "same"),
    )  # fmt: skip
    return ledger.close()


def _elsewhere(case: Evidence, rows: pd.DataFrame, same: str, codes: bool = False) -> pd.Series:
    """For each row where the others with the same key stand: `đơn vị P2 (trang NHAN_SU, dòng 7)`, by unit."""
    book = case.data.addresses
    places: dict[str, list[tuple[int, str]]] = defaultdict(list)
    rows = rows.sort_values("unit", kind="stable")  # not in the order in which files came
    named = rows["ma_cc"].fillna("chưa có mã").tolist() if codes else [""] * len(rows)
    for row_id, unit, key, code in zip(rows.index.tolist(), rows["unit"], rows[same], named, strict=True):
        file, sheet, row = book.row(row_id)
        place = f"đơn vị {unit} (trang {book.places[file, sheet].sheet_name}, dòng {row + 1})"
        places[key].append((row_id, f"{code}, {place}" if code else place))
    texts = [
        listed(place for other, place in places[key] if other != row_id)
        for row_id, key in zip(rows.index.tolist(), rows[same], strict=True)
    ]
    return pd.Series(texts, index=rows.index, dtype="str")


CHECKS = (
    Check("V-05", two_units, province=True),
    Check("V-05", two_codes, province=True),
    Check("DK-08", same_title_twice),
    Check("DK-08", same_title_in_two_units, province=True),
)
