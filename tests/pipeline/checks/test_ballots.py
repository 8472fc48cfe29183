"""Tallies (QT-04, QT-05, QT-07, QT-08): thresholds count everybody who may vote, also those absent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from pipeline.evidence.voters import votes_needed
from schemas.rules import Severity
from tests.casework import Case, form, proposal, staff, tally, unit_row

D = dt.date
IN_2022 = (D(2021, 12, 1), D(2022, 11, 30))
IN_2024 = (D(2023, 9, 1), D(2024, 8, 31))


def unit(*ballots: dict[str, Any], awards: tuple[str, ...] = ("LDTT",), **more: Any) -> dict[str, Any]:
    """A unit of nine with one nomination an award (DN01…) and these tallies."""
    rows = [proposal(f"DN{n:02d}", f"CC{n}", award) for n, award in enumerate(awards, 1)]
    people = [staff(f"CC{n}") for n in range(1, len(awards) + 1)]
    return {"DON_VI": [form(**more)], "NHAN_SU": people, "DE_NGHI": rows, "PHIEU": list(ballots)}


@pytest.mark.parametrize(
    ("base", "share", "votes"),
    [
        (9, 0.7, 7),
        (10, 0.7, 7),
        (9, 2 / 3, 6),
        (9, 0.6667, 6),
        (10, 2 / 3, 7),
        (203, 0.67, 137),
        (6, 0.8, 5),
        (0, 1, 0),
    ],
)
def test_votes_needed_are_whole_and_never_rounded_down(base: int, share: float, votes: int) -> None:
    assert votes_needed(pd.Series([float(base)]), share).tolist() == [votes]


def test_qt_04_counts_absent_members_and_says_how_many_votes_are_missing() -> None:
    case = Case(P1=unit(tally("DN01", 6, total=8), so_co_mat=8.0, so_y_kien_van_ban=0.0))
    assert case.said("QT-04") == {("P1", "PHIEU", "I5", "below")}
    (text,) = case.texts("QT-04")
    assert "6 phiếu đồng ý trên tổng số 9 người" in text and "66,67 %" in text
    assert "trên 8 người có mặt là 75 %" in text and "cần 7 phiếu, còn thiếu 1 phiếu" in text
    (finding,) = case.findings("QT-04")
    assert (finding.severity, finding.subject, finding.person) == (Severity.WARNING, "DN01", "CC1")


def test_qt_04_enough_votes_and_the_last_round_counts() -> None:
    case = Case(P1=unit(tally("DN01", 3), tally("DN01", 7, vong=2.0)))
    assert case.said("QT-04") == set()
    assert case.looked_at("QT-04") == 1


def test_qt_04_passed_and_not_proposed_informs() -> None:
    tables = unit(tally("DN01", 8))
    tables["DE_NGHI"][0]["ket_qua"] = "KHONG_DE_NGHI"
    case = Case(P1=tables)
    assert case.said("QT-04") == {("P1", "PHIEU", "I5", "passed_not_proposed")}
    assert case.findings("QT-04")[0].severity is Severity.INFORMATION


def test_qt_04_without_a_base_is_said_once_a_unit() -> None:
    case = Case(P1=unit(tally("DN01", 8), tally("DN02", 2), awards=("LDTT", "LDTT"), tong_thanh_vien=None))
    assert case.said("QT-04") == {("P1", "DON_VI", "C24", "not_judged")}
    # A form that contradicts itself has no base either.
    case = Case(P1=unit(tally("DN01", 2), tong_thanh_vien=7.0))
    assert case.said("QT-04") == {("P1", "DON_VI", "C24", "not_judged")}


def test_qt_04_leaves_counts_that_do_not_balance_to_qt_03() -> None:
    case = Case(P1=unit(tally("DN01", 8) | {"dong_y": 5.0}))
    assert case.said("QT-04") == set()
    assert case.said("QT-03") == {("P1", "PHIEU", "G5", "valid")}


def test_qt_04_a_round_that_cannot_be_told_is_not_guessed() -> None:
    case = Case(P1=unit(tally("DN01", 2, vong=None), tally("DN01", 9, vong=1.0)))
    assert case.said("QT-04") == set()


def test_qt_04_thresholds_of_a_title_are_the_provinces() -> None:
    change = {
        "ma_quy_tac": "QT-04", "tham_so": "don_vi_CSTDCS", "gia_tri": "90%", "tu_ngay": "2026-01-01",
        "van_ban": "12/HD-VKS", "nguoi_chot": "Lò Giả An", "ngay_chot": "2026-01-06",
    }  # fmt: skip
    tables = unit(tally("DN01", 8), tally("DN02", 8), awards=("CSTDCS", "LDTT"))
    case = Case(P1=tables, configured={"THAM_SO": [change]})
    assert case.said("QT-04") == {("P1", "PHIEU", "I5", "below")}
    assert Case(P1=tables).said("QT-04") == set()


def block(votes: float, **more: Any) -> dict[str, Any]:
    row = {
        "don_vi": "P1", "danh_hieu": "CO_NGANH", "tong_thanh_vien": 6.0, "phieu_phat": 6.0, "phieu_thu": 6.0,
        "phieu_hop_le": 6.0, "dong_y": votes,
    }  # fmt: skip
    return row | more


def flag(**ballots: Any) -> dict[str, Any]:
    return {"DON_VI": [form()], "NHAN_SU": [staff("CC1")], "DE_NGHI": [proposal("DN01", "P1", "CO_NGANH")], **ballots}


def test_qt_04_flag_needs_the_blocks_votes() -> None:
    low = Case(P1=flag(), configured={"PHIEU_CUM": [block(4)]})
    assert low.said("QT-04") == {("P1", "DE_NGHI", "F5", "flag_below")}
    assert low.findings("QT-04")[0].severity is Severity.WARNING  # what holds today was not seen
    assert "cần 5 phiếu, còn thiếu 1 phiếu" in low.texts("QT-04")[0]
    assert Case(P1=flag(), configured={"PHIEU_CUM": [block(5)]}).said("QT-04") == set()
    assert Case(P1=flag()).said("QT-04") == {("P1", "DE_NGHI", "F5", "not_judged")}


@pytest.mark.parametrize("period", [IN_2022, IN_2024])
def test_qt_04_flag_blocked_while_circular_01_2019_was_in_force(period: tuple[D, D]) -> None:
    case = Case(P1=flag(), configured={"PHIEU_CUM": [block(4)]}, period=period)
    assert [f.severity for f in case.findings("QT-04")] == [Severity.BLOCKING]


def test_qt_04_another_title_at_the_block_only_warns() -> None:
    tables = flag()
    tables["DE_NGHI"] = [proposal("DN01", "P1", "TTLDXS")]
    said = Case(P1=tables, configured={"PHIEU_CUM": [block(3, danh_hieu="TTLDXS")]}, period=IN_2022)
    assert said.said("QT-04") == {("P1", "DE_NGHI", "F5", "block_below")}
    assert said.findings("QT-04")[0].severity is Severity.WARNING
    assert Case(P1=tables).said("QT-04") == set()


def test_qt_04_block_and_council_ballots_that_a_unit_reports() -> None:
    rows = [tally("DN01", 1, total=2, cap_hop="CUM_KHOI"), tally("DN01", 2, total=5, cap_hop="HOI_DONG")]
    council = [{"ho_ten": f"Lò Giả {n}", "chuc_vu": "x", "tu_ngay": D(2025, 7, 1)} for n in range(5)]
    left = {"ho_ten": "Lò Giả Cũ", "chuc_vu": "x", "tu_ngay": D(2020, 7, 1), "den_ngay": D(2025, 6, 30)}
    units = [unit_row("P1"), unit_row("P2")]
    case = Case(P1=flag(PHIEU=rows), P2=None, configured={"HOI_DONG": [*council, left], "DON_VI": units})
    assert case.said("QT-04") == {("P1", "PHIEU", "I5", "flag_below"), ("P1", "PHIEU", "I6", "council_below")}
    assert any("2/5 phiếu của Hội đồng" in text for text in case.texts("QT-04"))
    unknown = Case(P1=flag(PHIEU=rows[1:]), configured={"PHIEU_CUM": [block(6)]})
    assert unknown.said("QT-04") == {("P1", "PHIEU", "I5", "not_judged")}


def test_qt_04_one_file_alone_knows_nothing_of_block_and_council() -> None:
    case = Case(P1=flag(PHIEU=[tally("DN01", 1, total=2, cap_hop="CUM_KHOI")]), alone=True)
    assert case.said("QT-04") == set()


def test_qt_05_everybody_agrees_on_everything() -> None:
    five = ("LDTT",) * 5
    ballots = [tally(f"DN{n:02d}", 9) for n in range(1, 6)]
    case = Case(P1=unit(*ballots, awards=five))
    assert case.said("QT-05") == {("P1", "DON_VI", "C28", "all_agreed")}
    assert "45 phiếu hợp lệ của 5 đề nghị" in case.texts("QT-05")[0]
    assert Case(P1=unit(*ballots[:4], tally("DN05", 8), awards=five)).said("QT-05") == set()
    assert Case(P1=unit(*ballots[:4], awards=five[:4])).looked_at("QT-05") == 0
    unknown = Case(P1=unit(*ballots[:4], tally("DN05", 9, dong_y=None), awards=five))
    assert unknown.said("QT-05") == {("P1", "DON_VI", "C28", "not_judged")}


def test_qt_07_outcome_rests_on_related_ballots() -> None:
    related = {"phieu_lien_quan": 1.0}
    case = Case(P1=unit(tally("DN01", 7, **related), tally("DN02", 8, **related), awards=("LDTT", "LDTT")))
    assert case.said("QT-07") == {("P1", "PHIEU", "M5", "decided")}
    assert Case(P1=unit(tally("DN01", 7, phieu_lien_quan=0.0))).said("QT-07") == set()
    unknown = Case(P1=unit(tally("DN01", 7), tally("DN02", 9), awards=("LDTT", "LDTT")))
    assert unknown.said("QT-07") == {("P1", "PHIEU", "M5", "not_judged")}


def test_qt_08_close_either_way() -> None:
    tables = unit(
        tally("DN01", 7), tally("DN02", 6), tally("DN03", 8), tally("DN04", 5), tally("DN05", 6), awards=("LDTT",) * 5
    )
    for number in (1, 3):
        tables["DE_NGHI"][number]["ket_qua"] = "KHONG_DE_NGHI"
    case = Case(P1=tables)
    # DN05 was proposed below the threshold: QT-04 says so.
    assert case.said("QT-08") == {("P1", "PHIEU", "I5", "just_enough"), ("P1", "PHIEU", "I6", "just_missed")}
    assert case.looked_at("QT-08") == 5
    # Narrow because of related ballots: QT-07 says so, QT-08 does not repeat it.
    assert Case(P1=unit(tally("DN01", 7, phieu_lien_quan=1.0))).said("QT-08") == set()


def test_empty_data_do_not_trouble_the_checks() -> None:
    codes = ("QT-01", "QT-02", "QT-03", "QT-04", "QT-05", "QT-06", "QT-07", "QT-08", "QT-09")
    assert Case(P1={}, P2=None).said(*codes) == set()
    assert Case(P1={}, past=None, alone=True).said(*codes) == set()
    nothing = {"PHIEU": [{"ma_dn": None}], "DE_NGHI": [{"ma_dn": None}], "DON_VI": [{}], "NHAN_SU": [{}]}
    Case(P1=nothing, configured={"PHIEU_CUM": [{}], "HOI_DONG": [{}]}).findings(*codes)
    Case(P1={"PHIEU": [tally("DN01", 3)], "DE_NGHI": [proposal("DN01", "CC1", "LDTT")]}).findings(*codes)
