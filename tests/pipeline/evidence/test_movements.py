"""Movements joined: first activity of each step, what may be hidden, details."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.evidence.movements import board_of, movement_names, steps_of, unclear_for
from tests.casework import Case, D, form, proposal, staff


def act(number: int, kind: str | None, movement: str | None = "PT1", **more: Any) -> dict[str, Any]:
    return {"ma_hd": f"HD{number}", "loai": kind, "phong_trao": movement, "ngay": D(2026, number, 1)} | more


def test_steps_are_the_first_of_their_kind() -> None:
    log = [act(5, "SO_KET"), act(3, "SO_KET"), act(2, "PHAT_DONG"), act(4, "PHOI_HOP"), act(1, "KE_HOACH", "PT2")]
    catalogue = [{"ma": "PT1", "ten": "x", "tu_ngay": D(2021, 1, 1), "den_ngay": D(2026, 6, 30)}]
    table = steps_of(Case(P1={"HOAT_DONG": log}, configured={"PHONG_TRAO": catalogue}).evidence)
    one, two = table.to_dict("records")
    assert (one["movement"], one["activities"], one["SO_KET_day"]) == ("PT1", 4, pd.Timestamp(2026, 3, 1))
    assert one["began"] == pd.Timestamp(2026, 2, 1) and one["last"] == pd.Timestamp(2026, 6, 30)
    assert pd.isna(one["TONG_KET"]) and pd.isna(two["last"]) and two["began"] == pd.Timestamp(2026, 1, 1)


def test_what_may_be_hidden_in_an_unreadable_row() -> None:
    case = Case(
        P1={"HOAT_DONG": [act(1, None)]}, P2={"HOAT_DONG": [act(1, "SO_KET", None), act(2, "PHOI_HOP", None)]},
        P3={"HOAT_DONG": [act(1, "SO_KET")]},
    )  # fmt: skip
    units = pd.Series(["P1", "P2", "P3"])
    assert unclear_for(case.evidence, units, "SO_KET").tolist() == [True, True, False]
    assert unclear_for(case.evidence, units, "TONG_KET").tolist() == [True, False, False]


def test_board_holds_the_latest_result_and_the_selections() -> None:
    log = [
        act(1, "KE_HOACH", so_van_ban="07/KH"), act(2, "PHAT_DONG", so_tieu_chi=5.0, so_tham_gia=9.0),
        act(4, "SO_KET", ket_qua_so="3 hộ", so_tham_gia=7.0), act(9, "TONG_KET", ket_qua_so=None),
    ]  # fmt: skip
    rows = [proposal("DN01", "CC1", "GK", phong_trao="PT1"), proposal("DN02", "CC1", "GK")]
    case = Case(P1={"DON_VI": [form()], "NHAN_SU": [staff("CC1")], "DE_NGHI": rows, "HOAT_DONG": log})
    (row,) = board_of(case.evidence).to_dict("records")
    assert (row["plan_number"], row["criteria"], row["participants"], row["staff"]) == ("07/KH", 5.0, 9.0, 1)
    assert (row["result"], row["chosen"]) == ("3 hộ", 1)
    assert board_of(Case(P1={}).evidence).empty


def test_names_without_a_catalogue_are_codes() -> None:
    assert movement_names(Case(P1={}).evidence, pd.Series(["PT9"])).tolist() == ["PT9"]
