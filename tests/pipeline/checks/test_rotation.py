"""Signs of turns on small provinces put together by hand: what is asked of whom, and what is left in peace."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from pipeline.rotation.of_province import province_series, rotation_of
from pipeline.rotation.told import Told
from schemas.rules import Severity
from tests.casework import Case, award, form, proposal, staff, unit_row

D = dt.date
YEARS = range(2018, 2026)
PEOPLE = [f"CC{n}" for n in range(1, 9)]


def roster(year: int, code: str, unit: str = "P1", **more: Any) -> dict[str, Any]:
    row = {
        "nam": float(year), "ma_cc": code, "ho_ten": f"Lò Giả {code}", "ngay_sinh": D(1985, 1, 1), "gioi_tinh": "NAM",
        "don_vi": unit, "chuc_vu": "Kiểm sát viên", "chuc_danh": "KSVSC", "nhom_doi_tuong": "TRUC_TIEP",
        "ngay_tuyen_dung": D(2010, 1, 1), "xep_loai": "HTTNV", "diem": 80.0, "so_sang_kien": 0.0,
        "thang_nghi": 0.0, "du_dieu_kien": "CO",
    }  # fmt: skip
    return row | more


def merit(year: int, place: int, best: int) -> dict[str, Any]:
    """Ratings and scores of a year in which `best` is the best; the others differ by their place and the year."""
    if place == best:
        return {"xep_loai": "HTXSNV", "diem": 94.0}
    return {"xep_loai": "HTTNV", "diem": 74.0 + (3 * place + 5 * year) % 11}


def office(
    winner_of: Any, best_of: Any, unit: str = "P1", now: str | None = None, people: list[str] | None = None, **more: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A unit of eight: who wins and who is best in which year (places); returns its file and its past."""
    people = people or PEOPLE
    past = {
        "NHAN_SU_NAM": [
            roster(y, p, unit, **merit(y, n, best_of(y))) for y in YEARS for n, p in enumerate(people)
        ],
        "KHEN_THUONG": [
            *(award(people[winner_of(y)], y, "CSTDCS", don_vi_luc_do=unit) for y in YEARS),
            *(award(p, y, "LDTT", don_vi_luc_do=unit) for y in YEARS for p in people),
        ],
    }  # fmt: skip
    marks = [merit(2026, n, best_of(2026)) for n in range(len(people))]
    tables = {
        "DON_VI": [form(unit, **more)],
        "NHAN_SU": [
            staff(p, xep_loai_cc=m["xep_loai"], diem_danh_gia=m["diem"]) for p, m in zip(people, marks, strict=True)
        ],
        "DE_NGHI": [
            *([proposal("DN01", now, "CSTDCS")] if now else []),
            *(proposal(f"DN{n + 10}", p, "LDTT") for n, p in enumerate(people)),
        ],
    }  # fmt: skip
    return tables, past


def in_turn(year: int) -> int:
    return (year - 2018) % 8


def steady_best(year: int) -> int:
    return 6 if year % 2 else 7


def first(_year: int) -> int:
    return 0


def by_merit(year: int) -> int:
    return {2018: 0, 2019: 0, 2020: 3, 2021: 3, 2022: 3, 2023: 5, 2024: 0, 2025: 0, 2026: 0}[year]


def variants(case: Case, code: str) -> list[tuple[str, str]]:
    case.said(code)  # every sentence has its fields
    return sorted((f.unit, f.variant) for f in case.findings(code))


@pytest.fixture(scope="module")
def turning() -> Case:
    tables, past = office(in_turn, steady_best, now="CC1")
    return Case(P1=tables, past=past)


@pytest.fixture(scope="module")
def honest() -> Case:
    tables, past = office(by_merit, by_merit, now="CC1")
    return Case(P1=tables, past=past)


def told_of(case: Case, title: str = "CSTDCS") -> Told:
    return next(t for t in province_series(case.evidence) if t.series.title == title)


def test_lp_01_a_queue_is_a_question_to_the_council(turning: Case) -> None:
    (finding,) = [f for f in turning.findings("LP-01") if f.judged]
    assert (finding.unit, finding.variant, finding.severity) == ("P1", "clear", Severity.WARNING)
    (text,) = [t for t in turning.texts("LP-01") if "chờ lâu nhất" in t]
    assert "9 lượt được cho 8 người khác nhau trên 8 người" in text
    assert "8/8 lượt được rơi vào người chờ lâu nhất" in text
    assert "không phải kết luận" in text and "vi phạm" not in text


def test_lp_01_honest_repeats_are_left_in_peace(honest: Case) -> None:
    assert [f for f in honest.findings("LP-01") if f.judged] == []
    assert honest.looked_at("LP-01") >= 1


def test_lp_01_more_years_are_wanted_before_anything_is_said() -> None:
    tables, past = office(in_turn, steady_best, now="CC1")
    short = {name: [row for row in rows if row["nam"] >= 2025] for name, rows in past.items()}
    case = Case(P1=tables, past=short)
    assert variants(case, "LP-01") == [("P1", "not_judged")]
    assert variants(Case(P1=tables, past=None), "LP-01") == [("", "not_judged")]


def test_lp_01_two_units_of_a_block_that_take_turns_are_asked_as_a_block() -> None:
    codes = [f"P{n}" for n in range(1, 7)]
    years = range(2012, 2026)
    past = {
        "KHEN_THUONG": [
            award(c, y, "TTLDXS", doi_tuong="TT", don_vi_luc_do=c) for y in years for c in [codes[(y - 2012) % 6]]
        ]
    }  # fmt: skip
    units: dict[str, Any] = dict.fromkeys(codes)
    units["P3"] = {"DON_VI": [form("P3")], "DE_NGHI": [proposal("DN01", "P3", "TTLDXS")]}
    case = Case(configured={"DON_VI": [unit_row(c, tu_ngay=D(2010, 1, 1)) for c in codes]}, past=past, **units)
    found = [(t, j) for t, j in rotation_of(case.evidence) if t.kind == "unit"]
    ((told, judgement),) = found
    assert told.series.unit == "Khối phòng" and judgement.level == "DO"
    assert ("", "clear") in variants(case, "LP-01")
    assert any("đơn vị chờ lâu nhất" in text for text in case.texts("LP-01"))


def test_a_sign_below_merit_and_one_that_is_only_worth_a_look_are_told_apart(turning: Case) -> None:
    """The three sentences of LP-01; levels themselves are tested in tests/pipeline/rotation."""
    from dataclasses import replace  # noqa: PLC0415

    from pipeline.checks.rotation import _variant  # noqa: PLC0415

    judgement = next(j for t, j in rotation_of(turning.evidence) if t.series.title == "CSTDCS")
    assert judgement.reading is not None
    weak = replace(judgement, level="VANG", turn_marked=False)
    assert _variant(weak) == "look"
    unlikely = replace(weak, reading=replace(judgement.reading, p_turn=0.2))
    assert _variant(unlikely) == "merit"
    faithful = replace(unlikely.reading, facts=judgement.reading.facts | {"lower": 0.0})
    assert _variant(replace(unlikely, reading=faithful)) == "look"


# --- what the series are made of


def test_eligibility_follows_the_rules_of_the_year_and_what_the_roster_says() -> None:
    tables, past = office(by_merit, by_merit, now="CC1")
    odd = {
        (2020, "CC2"): {"du_dieu_kien": None, "ky_luat": "KHIEN_TRACH"},
        (2021, "CC2"): {"du_dieu_kien": "KHONG", "ly_do": "nghỉ"},
        (2022, "CC2"): {"du_dieu_kien": None, "thang_nghi": 7.0},
        (2023, "CC2"): {"du_dieu_kien": None, "xep_loai": "HTNV", "diem": 60.0},
        (2024, "CC2"): {"du_dieu_kien": None, "ngay_tuyen_dung": D(2024, 8, 1)},
        (2025, "CC2"): {"du_dieu_kien": "CO", "thang_nghi": 7.0},
    }
    rows = [row | odd.get((int(row["nam"]), row["ma_cc"]), {}) for row in past["NHAN_SU_NAM"]]
    told = told_of(Case(P1=tables, past=past | {"NHAN_SU_NAM": rows}))
    column = told.series.persons.index("CC2")
    assert told.series.eligible[:, column].tolist() == [True, True, False, False, True, False, False, True, True]
    reasons = ["", "", "discipline", "told", "", "rating", "service", "", ""]
    assert told.reason[:, column].tolist() == reasons


def test_who_stood_in_a_review_was_eligible_whatever_the_roster_says() -> None:
    tables, past = office(by_merit, by_merit, now="CC1")
    rows = [row | ({"du_dieu_kien": "KHONG"} if row["ma_cc"] == "CC2" else {}) for row in past["NHAN_SU_NAM"]]
    stood = [{"nam": 2021.0, "don_vi": "P1", "ma_doi_tuong": "CC2", "danh_hieu": "CSTDCS", "ket_qua": "KHONG_DE_NGHI"}]
    told = told_of(Case(P1=tables, past=past | {"NHAN_SU_NAM": rows, "UNG_CU": stood}))
    column = told.series.persons.index("CC2")
    assert told.series.eligible[:8, column].tolist() == [False] * 3 + [True] + [False] * 4
    assert told.considered[3, column] and told.considered.sum() == 1


def test_awards_of_movements_do_not_count_and_withdrawn_ones_do() -> None:
    tables, past = office(by_merit, by_merit, now="CC1")
    odd = [
        award("CC5", 2021, "CSTDCS", loai_hinh="CHUYEN_DE"),
        award("CC6", 2022, "CSTDCS", tinh_trang="THU_HOI"),
    ]
    told = told_of(Case(P1=tables, past=past | {"KHEN_THUONG": past["KHEN_THUONG"] + odd}))
    assert not told.series.won[3, told.series.persons.index("CC5")]
    assert told.series.won[4, told.series.persons.index("CC6")]


def test_a_renamed_unit_goes_on_and_a_merged_one_begins_with_the_waiting_of_its_people() -> None:
    tables, past = office(by_merit, by_merit, unit="KV1", now="CC1")
    old = lambda row, unit: row | {k: unit for k in ("don_vi", "don_vi_luc_do") if k in row}  # noqa: E731
    renamed = {n: [old(r, "H1") if r["nam"] < 2025 else r for r in rows] for n, rows in past.items()}
    ended = {"den_ngay": D(2024, 11, 30), "ke_thua": "KV1"}
    units = [unit_row("KV1", tu_ngay=D(2024, 12, 1)), unit_row("H1", **ended)]
    case = Case(configured={"DON_VI": units}, KV1=tables, past=renamed)
    told = told_of(case)
    assert told.series.years[0] == 2018 and not told.carried.any()
    absorbing = [unit_row("KV1", tu_ngay=D(2015, 1, 1)), units[1]]  # it was there before: the other was taken in
    assert told_of(Case(configured={"DON_VI": absorbing}, KV1=tables, past=renamed)).carried.any()

    half = {n: [old(r, "H2") if int(r.get("ma_cc", r.get("ma_doi_tuong"))[2:]) > 4 and r["nam"] < 2025 else r
                for r in rows] for n, rows in renamed.items()}  # fmt: skip
    case = Case(configured={"DON_VI": [*units, unit_row("H2", **ended)]}, KV1=tables, past=half)
    told = told_of(case)
    assert told.carried.tolist() == [True] * 7 + [False] * 2
    judgement = next(j for t, j in rotation_of(case.evidence) if t.series.title == "CSTDCS")
    assert not judgement.prepared.informative[:7].any() and judgement.level == "XAM"
    assert not judgement.prepared.new[7].any()  # nobody is new in a unit that came with its people


def test_a_declared_rest_is_part_of_the_test_and_an_unknown_one_is_asked_for() -> None:
    tables, past = office(in_turn, steady_best, now="CC1", quy_dinh_nghi="CO", so_nam_nghi=2.0)
    case = Case(P1=tables, past=past)
    assert told_of(case).series.gap == 2
    unasked = Case(P1=tables | {"DON_VI": [form(quy_dinh_nghi=None)]}, past=past)
    assert told_of(unasked).series.gap is None
    assert any("có quy định nghỉ không?" in text for text in unasked.texts("LP-01"))


def test_the_sector_title_is_open_only_to_whole_chains_that_are_not_used_up() -> None:
    tables, past = office(by_merit, by_merit, now="CC1")
    won = [award("CC4", 2022, "CSTD_NGANH")]
    told = told_of(Case(P1=tables, past=past | {"KHEN_THUONG": past["KHEN_THUONG"] + won}), "CSTD_NGANH")
    able = {p: told.series.eligible[:, i].tolist() for i, p in enumerate(told.series.persons)}
    assert able["CC4"] == [False] * 4 + [True] + [False] * 4  # 2020 to 2022, then used
    assert able["CC1"] == [False] * 8 + [True]  # 2024, 2025 and the nomination of 2026
    assert not any(able["CC2"])


# --- what goes with it


def test_lp_03_somebody_better_in_everything_is_named(turning: Case, honest: Case) -> None:
    assert turning.said("LP-03") >= {("P1", "DE_NGHI", "D5", "bypass")}
    (text,) = [t for t in turning.texts("LP-03") if "được đề nghị" in t]
    assert "Lò Giả CC8" in text and "nếu xét bám thành tích" in text
    assert honest.said("LP-03") == set()


def test_lp_03_merit_that_is_not_followed_and_merit_that_follows_the_turn(turning: Case, honest: Case) -> None:
    assert ("P1", "mismatch") in variants(turning, "LP-03")
    tables, past = office(in_turn, in_turn, now="CC1")
    arranged = Case(P1=tables, past=past)
    assert ("P1", "moved") in variants(arranged, "LP-03")
    assert ("P1", "mismatch") not in variants(arranged, "LP-03")
    assert variants(honest, "LP-03") == []


def test_lp_05_first_titles_in_the_order_of_the_list(turning: Case, honest: Case) -> None:
    assert variants(turning, "LP-05") == [("P1", "found")] * len(turning.findings("LP-05"))
    assert any("mã trong danh sách" in text for text in turning.texts("LP-05"))
    assert honest.said("LP-05") == set()


def test_lp_07_exactly_the_years_of_the_chain_and_nothing_after() -> None:
    def said(years: range) -> list[tuple[str, str]]:
        tables, past = office(by_merit, by_merit, now="CC1")
        rows = [award(p, y, "CSTDCS") for p in ("CC4", "CC5", "CC6") for y in years]
        rows += [award(p, 2022, "CSTD_NGANH") for p in fed]
        return variants(Case(P1=tables, past=past | {"KHEN_THUONG": rows}), "LP-07")

    fed = ("CC4", "CC5", "CC6")
    assert said(range(2020, 2023)) == [("P1", "found")]
    assert said(range(2020, 2024)) == []  # they went on
    fed = ("CC4", "CC5")
    assert said(range(2020, 2023)) == []  # two are too few to ask


def test_lp_10_last_years_winner_who_still_deserves_it() -> None:
    last = {**{y: by_merit(y) for y in YEARS}, 2025: 0}
    tables, past = office(last.__getitem__, first, now="CC5")
    case = Case(P1=tables, past=past)
    found = variants(case, "LP-10")
    assert found and found[0][1] in ("listed", "unlikely")
    assert "Lò Giả CC1" in case.texts("LP-10")[0]
    tables, past = office(last.__getitem__, first, now="CC1")
    assert Case(P1=tables, past=past).said("LP-10") == set()
    resting, past = office(last.__getitem__, first, now="CC5", quy_dinh_nghi="CO", so_nam_nghi=1.0)
    assert Case(P1=resting, past=past).said("LP-10") == set()


def test_lp_10_several_at_once_are_unlikely() -> None:
    tables, past = office(first, first, now="CC5")
    more = [award(p, 2025, "CSTDCS") for p in ("CC2", "CC3")]
    strong = [staff(p, xep_loai_cc="HTXSNV", diem_danh_gia=95.0) for p in PEOPLE[:3]]
    weak = [staff(p, xep_loai_cc="HTTNV", diem_danh_gia=72.0) for p in PEOPLE[3:]]
    proposals = [proposal(f"DN0{n}", p, "CSTDCS") for n, p in enumerate(("CC5", "CC6", "CC7"))]
    case = Case(
        P1=tables | {"NHAN_SU": strong + weak, "DE_NGHI": proposals},
        past=past | {"KHEN_THUONG": past["KHEN_THUONG"] + more},
    )
    assert variants(case, "LP-10") == [("P1", "unlikely")]


def test_lp_12_a_ladder_without_rungs(turning: Case, honest: Case) -> None:
    ((unit, variant),) = variants(turning, "LP-12")
    assert unit == "P1" and variant in ("shown", "rare")
    assert honest.said("LP-12") == set()


def test_lp_12_warns_only_where_it_is_rare() -> None:
    tables, past = office(lambda y: 0 if y % 2 else 1 + y % 3, first, now="CC3")
    rare = Case(P1=tables, past=past)
    chances = {f.variant for f in rare.findings("LP-12")}
    assert chances <= {"shown", "rare"} and chances
    judgement = next(j for t, j in rotation_of(rare.evidence) if t.series.title == "CSTDCS")
    assert judgement.reading is not None
    expected = "rare" if judgement.reading.expected["unbroken"] <= 0.1 else "shown"
    assert chances == {expected}


def test_names_decide_nothing(turning: Case) -> None:
    people = [f"CC{n}" for n in (77, 12, 5, 41, 63, 28, 90, 34)]
    tables, past = office(in_turn, steady_best, unit="P9", now=people[0], people=people)
    other = Case(P9=tables | {"DON_VI": [form("P9", ma_nguoi_dung_dau=people[0])]}, past=past)
    first = [j.reading for t, j in rotation_of(turning.evidence) if t.series.title == "CSTDCS"]
    second = [j.reading for t, j in rotation_of(other.evidence) if t.series.title == "CSTDCS"]
    assert first == second and np.isfinite(first[0].p_turn)


def test_somebody_who_could_never_be_chosen_disturbs_nothing() -> None:
    """Columns of the series and of what the test reads of it are not the same."""
    tables, past = office(first, first, now="CC5")
    barred = [roster(y, "CC0", du_dieu_kien="KHONG", xep_loai="KHTNV", diem=40.0) for y in YEARS]
    people = [staff("CC0", xep_loai_cc="KHTNV", diem_danh_gia=40.0), *tables["NHAN_SU"]]
    case = Case(P1=tables | {"NHAN_SU": people}, past=past | {"NHAN_SU_NAM": barred + past["NHAN_SU_NAM"]})
    assert variants(case, "LP-10") and "Lò Giả CC1" in case.texts("LP-10")[0]
    assert case.said("LP-03") >= {("P1", "DE_NGHI", "D5", "bypass")}
    assert case.verdicts().failed == ()
