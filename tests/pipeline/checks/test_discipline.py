"""DK-03, DK-12: discipline in the period, one violation for one year, matters under way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.rules import Severity
from tests.casework import Case, form, proposal, staff

D = dt.date
IN_PERIOD, PERIOD_END = D(2026, 3, 20), D(2026, 11, 30)


def sentence(
    who: str = "CC1", day: dt.date | None = IN_PERIOD, what: str | None = "KHIEN_TRACH", **more: Any
) -> dict[str, Any]:
    row = {
        "ma_cc": who, "loai": "KY_LUAT", "tu_ngay": day, "hinh_thuc_ky_luat": what, "so_qd": "15/QĐ-VKS",
        "ngay_qd": day, "het_hieu_luc": D(2027, 3, 20), "ma_vi_pham": f"VP-{who}",
    }  # fmt: skip
    return row | more


def unit(*events: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {
        "NHAN_SU": [staff("CC1"), staff("CC2")],
        "BIEN_DONG": list(events),
        "DE_NGHI": [proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC2", "LDTT"), proposal("DN03", "CC1", "GK")],
    }


def test_dk_03_discipline_in_the_period() -> None:
    case = Case(P1=unit(sentence()))
    assert case.said("DK-03") == {("P1", "BIEN_DONG", "I5", "person")}
    assert case.looked_at("DK-03") == 2  # the form of commendation is outside
    (finding,) = case.findings("DK-03")
    assert (finding.subject, finding.severity) == ("DN01", Severity.NEEDS_REASON)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (sentence(nam_da_tinh=2025.0), set()),  # E-04: it cost a title of the year before
        (sentence(nam_da_tinh=2026.0), {"person"}),
        (sentence(day=D(2025, 6, 1), het_hieu_luc=D(2026, 6, 1)), {"running"}),
        (sentence(day=D(2025, 6, 1), het_hieu_luc=D(2025, 11, 30)), set()),
        (sentence(day=D(2025, 6, 1), het_hieu_luc=None), {"not_judged"}),
        (sentence(day=None), {"not_judged"}),
        (sentence(day=None, tu_ngay=D(2026, 3, 20)), {"person"}),
        (sentence(what=None), {"person"}),
    ],
)
def test_dk_03_which_discipline_counts(event: dict[str, Any], expected: set[str]) -> None:
    case = Case(P1=unit(event))
    assert {variant for *_, variant in case.said("DK-03")} == expected
    assert all(f.severity is Severity.INFORMATION for f in case.findings("DK-03") if f.variant == "running")


def test_dk_03_two_rows_of_one_violation_are_one() -> None:
    twice = [sentence(), sentence(what="CANH_CAO", day=D(2026, 5, 2))]
    case = Case(P1=unit(*twice))
    assert case.said("DK-03") == {("P1", "BIEN_DONG", "I6", "person")}  # once, at the gravest
    used = [sentence(nam_da_tinh=2025.0), sentence(day=D(2026, 5, 2))]
    assert Case(P1=unit(*used)).said("DK-03") == set()
    other = [sentence(nam_da_tinh=2025.0), sentence(day=D(2026, 5, 2), ma_vi_pham="VP-9")]
    assert Case(P1=unit(*other)).said("DK-03") == {("P1", "BIEN_DONG", "I6", "person")}


def test_dk_03_follows_the_person_and_never_points_into_another_units_file() -> None:
    case = Case(P1=unit(), P2={"BIEN_DONG": [sentence()]})
    assert case.said("DK-03") == {("P1", "DE_NGHI", "B5", "person")}


def group(award: str, *events: dict[str, Any], last: dt.date = PERIOD_END, **more: Any) -> Case:
    tables = {"BIEN_DONG": list(events), "DE_NGHI": [proposal("DN01", "P1", award)]}
    return Case(P1=tables, period=(D(last.year - 1, 12, 1), last), **more)


def test_dk_03_collectives() -> None:
    warned = sentence(what="CANH_CAO")
    case = group("TTLDTT", sentence("CC2"), warned)
    assert case.said("DK-03") == {("P1", "BIEN_DONG", "I6", "collective")}
    assert "có 1 người" in case.texts("DK-03")[0]
    assert group("TTLDTT", sentence()).said("DK-03") == set()  # a reprimand does not touch the collective
    assert group("TTLDTT", warned | {"nam_da_tinh": 2025.0}).said("DK-03") == set()
    assert group("TTLDXS", warned).said("DK-03") == {("P1", "BIEN_DONG", "I5", "collective_excellent")}
    assert group("CO_NGANH", warned).looked_at("DK-03") == 0
    assert group("TTLDTT", sentence(what=None)).said("DK-03") == {("P1", "BIEN_DONG", "I5", "not_judged")}
    assert group("TTLDTT", sentence(day=None)).said("DK-03") == {("P1", "BIEN_DONG", "K5", "not_judged")}


@pytest.mark.parametrize(
    ("last", "award", "severity"),
    [
        (D(2023, 11, 30), "TTLDTT", Severity.BLOCKING),
        (D(2024, 9, 30), "TTLDTT", Severity.BLOCKING),
        (D(2024, 11, 30), "TTLDTT", Severity.NEEDS_REASON),
        (D(2026, 11, 30), "TTLDTT", Severity.NEEDS_REASON),
        (D(2023, 11, 30), "TTLDXS", Severity.NEEDS_REASON),
        (D(2024, 9, 30), "TTLDXS", Severity.NEEDS_REASON),
    ],
)
def test_dk_03_blocks_only_where_the_words_were_read(last: dt.date, award: str, severity: Severity) -> None:
    case = group(award, sentence(day=D(last.year, 3, 20), what="CANH_CAO"), last=last)
    assert [f.severity for f in case.findings("DK-03")] == [severity]


def test_dk_03_in_2024_before_october_the_source_for_persons_was_not_seen() -> None:
    case = Case(P1=unit(sentence(day=D(2024, 3, 20))), period=(D(2023, 12, 1), D(2024, 9, 30)))
    assert [f.severity for f in case.findings("DK-03")] == [Severity.WARNING]


def matter(last: dt.date | None = None, who: str = "CC1") -> dict[str, Any]:
    return {"ma_cc": who, "loai": "DANG_XEM_XET", "tu_ngay": D(2026, 9, 5), "den_ngay": last}


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (None, {("P1", "BIEN_DONG", "C5", "person")}),
        (D(2026, 11, 13), {("P1", "BIEN_DONG", "C5", "person")}),  # the day after the letter
        (D(2026, 11, 12), set()),
    ],
)
def test_dk_12_a_matter_under_way_holds_every_proposal(last: dt.date | None, said: set[tuple[str, ...]]) -> None:
    case = Case(P1=unit(matter(last)) | {"DON_VI": [form()]})
    assert case.said("DK-12") == said
    assert {f.subject for f in case.findings("DK-12")} == ({"DN01", "DN03"} if said else set())
    assert all(f.severity is Severity.NEEDS_REASON for f in case.findings("DK-12"))


def test_dk_12_without_the_day_of_the_letter_an_ended_matter_is_not_judged() -> None:
    tables = unit(matter(D(2026, 11, 1))) | {"DON_VI": [form(ngay_to_trinh=None)]}
    assert Case(P1=tables).said("DK-12") == {("P1", "BIEN_DONG", "E5", "not_judged")}


def test_dk_12_matters_of_the_collective() -> None:
    nominations = [proposal("DN01", "P1", "TTLDTT"), proposal("DN02", "CC1", "LDTT")]

    def of(number: float | None) -> set[tuple[str, str, str, str]]:
        return Case(P1={"DON_VI": [form(so_vu_viec_tap_the=number)], "DE_NGHI": nominations}).said("DK-12")

    assert {(sheet, variant) for _, sheet, _, variant in of(2.0)} == {("DON_VI", "collective")}
    assert {(sheet, variant) for _, sheet, _, variant in of(None)} == {("DON_VI", "not_judged")}
    assert of(0.0) == set()


def test_dk_12_is_not_in_force_before_the_law_of_2022() -> None:
    case = Case(P1=unit(matter()), period=(D(2022, 12, 1), D(2023, 11, 30)))
    assert case.verdicts("DK-12").not_in_force == ("DK-12",)


@pytest.mark.parametrize("code", ["DK-03", "DK-12"])
def test_missing_and_empty_sheets(code: str) -> None:
    assert Case(P1={}, P2=None).said(code) == set()
    tables = {"DE_NGHI": [proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC2", "LDTT")]}
    case = Case(P1=tables, P2={"BIEN_DONG": [sentence(), matter()]}, without={"P1": {"BIEN_DONG"}})
    # What another unit's file says is still said; the rest is not judged, once.
    assert case.said(code) == {("P1", "", "", "not_judged"), ("P1", "DE_NGHI", "B5", "person")}
    assert case.looked_at(code) == 1
