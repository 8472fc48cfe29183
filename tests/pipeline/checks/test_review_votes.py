"""Tallies, scores and counts: what is shown of levelling and of votes, and what is never read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipeline.checks import run_checks
from pipeline.checks.review_votes import reviews
from pipeline.dataset import Dataset
from pipeline.evidence import Evidence
from pipeline.open_ballots import Ballot, OpenBallots
from schemas.rules import Severity
from tests.casework import Case, award, form, proposal, staff, tally, unit_row
from tests.pipeline.checks.test_rotation import PEOPLE, YEARS, by_merit, in_turn, office, roster, steady_best, variants


def stood(year: int, person: str, votes: float, unit: str = "P1", award: str = "CSTDCS") -> dict[str, Any]:
    return {
        "nam": float(year), "don_vi": unit, "ma_doi_tuong": person, "danh_hieu": award, "phieu_phat": 9.0,
        "phieu_hop_le": 9.0, "dong_y": votes, "ket_qua": "KHONG_DE_NGHI",
    }  # fmt: skip


def many(count: int, make: Any) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]], list[dict[str, Any]]]:
    """So many units of eight, each with its own people: files, the past of all, rows of DON_VI."""
    files, past = {}, {"NHAN_SU_NAM": [], "KHEN_THUONG": []}
    for number in range(count):
        unit, people = f"P{number + 1}", [f"CC{number + 1}{n:02d}" for n in range(8)]
        tables, own = make(unit, people)
        files[unit] = tables
        for name, rows in own.items():
            past.setdefault(name, []).extend(rows)
    return files, past, [unit_row(unit) for unit in files]


def test_lp_08_votes_that_go_with_waiting_beyond_merit() -> None:
    tables, past = office(in_turn, steady_best, now="CC1")

    def votes(year: int, n: int) -> float:  # who waits longest has the most votes
        return 8.0 - (n - in_turn(year)) % 8

    rows = [stood(y, p, votes(y, n)) for y in range(2019, 2026) for n, p in enumerate(PEOPLE)]
    case = Case(P1=tables, past=past | {"UNG_CU": rows})
    assert ("P1", "votes_turn") in variants(case, "LP-08")
    rng = np.random.default_rng(7)
    told = [stood(y, p, float(rng.integers(2, 9))) for y in range(2019, 2026) for p in PEOPLE]
    assert ("P1", "votes_turn") not in variants(Case(P1=tables, past=past | {"UNG_CU": told}), "LP-08")


def test_lp_08_too_few_votes_say_nothing() -> None:
    tables, past = office(in_turn, steady_best, now="CC1")
    case = Case(P1=tables, past=past | {"UNG_CU": [stood(2025, p, 5.0) for p in PEOPLE[:3]]})
    (review,) = reviews(case.evidence)
    assert review.follow_turn is None and review.too_equal is None


def test_lp_08_votes_as_equal_as_if_agreed_beforehand() -> None:
    tables, past = office(by_merit, by_merit, now="CC1")
    people = [staff(f"CC{n}", diem_danh_gia=70.0 + n) for n in range(1, 13)]
    proposals = [proposal(f"DN{n:02d}", f"CC{n}", "CSTDCS") for n in range(1, 13)]
    level = [tally(f"DN{n:02d}", 6.0, 12) for n in range(1, 13)]
    case = Case(P1=tables | {"NHAN_SU": people, "DE_NGHI": proposals, "PHIEU": level}, past=past)
    assert ("P1", "votes_equal") in variants(case, "LP-08")
    spread = [tally(f"DN{n:02d}", float(n), 12) for n in range(1, 13)]
    case = Case(P1=tables | {"NHAN_SU": people, "DE_NGHI": proposals, "PHIEU": spread}, past=past)
    assert ("P1", "votes_equal") not in variants(case, "LP-08")


def test_lp_08_unanimity_and_piling_are_told_only_beside_peers() -> None:
    def make(unit: str, people: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        tables, past = office(by_merit, steady_best if unit == "P1" else by_merit, unit=unit, people=people)
        all_for = {2020, 2021, 2022} if unit == "P1" else set()
        rows = []
        for y in range(2019, 2026):
            for n, p in enumerate(people[:4]):
                won = n == by_merit(y)
                votes = 9.0 if y in all_for or won else 1.0
                rows.append(stood(y, p, votes if unit == "P1" else 5.0 + won, unit))
        return tables, past | {"UNG_CU": rows}

    files, past, units = many(22, make)
    case = Case(configured={"DON_VI": units}, past=past, **files)
    found = reviews(case.evidence)
    assert {r.told.unit for r in found if r.peers <= 0.05 and r.votes.unanimous} == {"P1"}
    assert {r.told.unit for r in found if r.piled_peers <= 0.05 and r.piled > 0} == {"P1"}
    assert not case.findings("LP-08")  # a rank among peers accuses nobody


def test_lp_08_agreement_of_nearly_all_is_no_equal_vote() -> None:
    tables, past = office(by_merit, by_merit, now="CC1")
    people = [staff(f"CC{n}", diem_danh_gia=70.0 + n) for n in range(1, 13)]
    proposals = [proposal(f"DN{n:02d}", f"CC{n}", "CSTDCS") for n in range(1, 13)]
    for votes in (11.0, 12.0):
        all_for = [tally(f"DN{n:02d}", votes, 12) for n in range(1, 13)]
        case = Case(P1=tables | {"NHAN_SU": people, "DE_NGHI": proposals, "PHIEU": all_for}, past=past)
        assert ("P1", "votes_equal") not in variants(case, "LP-08")


def test_lp_08_everybody_alike_for_years_is_a_warning() -> None:
    tables, past = office(by_merit, by_merit, now="CC1")
    flat = {"xep_loai": "HTTNV", "diem": 85.0}
    rows = [row | (flat if row["nam"] >= 2024 else {}) for row in past["NHAN_SU_NAM"]]
    level = tables | {"NHAN_SU": [staff(p, diem_danh_gia=85.0) for p in PEOPLE]}
    case = Case(P1=level, past=past | {"NHAN_SU_NAM": rows})
    assert variants(case, "LP-08") == [("P1", "scores_equal")]
    (finding,) = case.findings("LP-08")
    assert finding.severity is Severity.WARNING
    assert variants(Case(P1=tables, past=past | {"NHAN_SU_NAM": rows}), "LP-08") == []


def test_lp_08_scores_far_closer_than_in_other_units() -> None:
    rng = np.random.default_rng(4)

    def make(unit: str, people: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        tables, past = office(by_merit, by_merit, unit=unit, people=people)
        wide = 0.1 if unit == "P1" else 5.0
        rows = [row | {"diem": 80 + wide * float(rng.normal())} for row in past["NHAN_SU_NAM"]]
        people_now = [staff(p, diem_danh_gia=80 + wide * float(rng.normal())) for p in people]
        return tables | {"NHAN_SU": people_now}, past | {"NHAN_SU_NAM": rows}

    files, past, units = many(32, make)
    case = Case(configured={"DON_VI": units}, past=past, **files)
    assert ("P1", "scores_close") in variants(case, "LP-08")
    assert {unit for unit, variant in variants(case, "LP-08") if variant == "scores_close"} == {"P1"}


@pytest.mark.parametrize(
    ("seats", "found"), [([1] * 16, True), ([3, 0, 2, 0, 1, 4, 0, 0, 2, 0, 1, 0, 3, 0, 0, 0], False)]
)
def test_lp_06_places_spread_as_evenly_as_if_dealt_out(seats: list[int], found: bool) -> None:
    def make(unit: str, people: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        tables, past = office(by_merit, by_merit, unit=unit, people=people)
        proposals = [proposal(f"DN{n}", people[n], "CSTDCS") for n in range(seats[int(unit[1:]) - 1])]
        return tables | {"DE_NGHI": proposals}, past

    files, past, units = many(len(seats), make)
    case = Case(configured={"DON_VI": units}, past=past, **files)
    assert variants(case, "LP-06") == ([("", "found")] if found else [])


def test_lp_06_places_at_the_line_of_the_share_are_equal_by_themselves() -> None:
    def make(unit: str, people: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        tables, past = office(by_merit, by_merit, unit=unit, people=people)
        base = [proposal(f"DL{n}", p, "LDTT") for n, p in enumerate(people)]
        return tables | {"DE_NGHI": [*base, proposal("DN0", people[0], "CSTDCS")]}, past

    files, past, units = many(16, make)  # eight people, 15 %: one place
    assert variants(Case(configured={"DON_VI": units}, past=past, **files), "LP-06") == []


def test_lp_11_the_greatest_number_everywhere_and_always() -> None:
    def at_line(unit: str, people: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        return office(by_merit, by_merit, unit=unit, people=people, now=people[0])

    files, past, units = many(6, at_line)  # eight people, 15 %: one place
    case = Case(configured={"DON_VI": units}, past=past, **files)
    assert variants(case, "LP-11") == [("", "found")]
    fewer = [row for row in past["KHEN_THUONG"] if not (row["danh_hieu"] == "CSTDCS" and row["nam"] == 2025.0)]
    assert variants(Case(configured={"DON_VI": units}, past=past | {"KHEN_THUONG": fewer}, **files), "LP-11") == []


# --- open ballots


def with_ballots(case: Case, ballots: OpenBallots) -> list[tuple[str, str]]:
    province = replace(case.province, open_ballots=ballots)
    data = case.data
    whole = Dataset(province, data.frames, data.addresses, data.records, data.stopped)
    from pipeline.checks.open_votes import CHECKS  # noqa: PLC0415

    found = run_checks(Evidence(whole, case.rules), CHECKS).findings
    return sorted((f.unit, f.variant) for f in found)


def circle(unit: str = "P1", *, bloc: bool) -> OpenBallots:
    """Eight voters over four years; three of them vote for each other and for nobody else, or nobody does."""
    rng = np.random.default_rng(12)
    rows = []
    for year in range(2022, 2026):
        for v in range(8):
            for c in range(8):
                if v != c:
                    agreed = (c < 3) if bloc and v < 3 else bool(rng.random() < (0.1 if bloc and c < 3 else 0.5))
                    rows.append(Ballot(unit, year, f"CC{v + 1}", f"CC{c + 1}", agreed))
    return OpenBallots(tuple(rows), (), "0" * 64)


def small_unit(vote: str) -> Case:
    past = {"NHAN_SU_NAM": [roster(y, p) for y in YEARS for p in PEOPLE], "KHEN_THUONG": [award("CC1", 2020, "LDTT")]}
    people = [staff(p) for p in PEOPLE]
    return Case(P1={"DON_VI": [form(hinh_thuc_bieu_quyet=vote)], "NHAN_SU": people}, past=past)


def test_lp_09_ballots_of_a_secret_vote_are_a_question_and_not_data() -> None:
    assert with_ballots(small_unit("KIN"), circle(bloc=True)) == [("P1", "secret")]


def test_lp_09_a_circle_in_open_ballots() -> None:
    assert with_ballots(small_unit("CONG_KHAI"), circle(bloc=True)) == [("P1", "bloc")]
    assert with_ballots(small_unit("CONG_KHAI"), circle(bloc=False)) == []


def test_lp_09_what_cannot_be_read_or_judged_is_said() -> None:
    case = small_unit("CONG_KHAI")
    assert with_ballots(case, OpenBallots((), ("dòng 3: hỏng",), "")) == [("", "not_judged")]
    assert with_ballots(case, circle("P7", bloc=True)) == [("P7", "not_judged")]
    assert case.said("LP-09") == set()  # no file, nothing to say


def test_lp_09_a_crowd_of_voters_is_not_judged_and_far_years_are_left_out() -> None:
    case = small_unit("CONG_KHAI")
    crowd = tuple(Ballot("P1", 2025, f"CC{v}", f"CC{v + 1}", True) for v in range(400))
    assert with_ballots(case, OpenBallots(crowd, (), "")) == [("P1", "not_judged")]
    far = (Ballot("P1", 1945, "CC1", "CC2", True), *circle(bloc=True).rows)
    assert with_ballots(case, OpenBallots(far, (), "")) == [("P1", "bloc")]


def test_lp_09_a_voter_is_the_same_however_his_code_is_spelt() -> None:
    case = small_unit("CONG_KHAI")
    spelt = tuple(replace(b, voter=b.voter.lower()) for b in circle(bloc=True).rows)
    assert with_ballots(case, OpenBallots(spelt, (), "")) == [("P1", "bloc")]
