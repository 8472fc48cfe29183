"""CC-08 several awards for one person, CC-09 years of jubilee."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pipeline.checks.accumulation import jubilee_table
from schemas.rules import Severity
from tests.casework import Case, award, proposal, staff, unit_row


def test_cc_08_awards_and_channels() -> None:
    def named(who: str, *awards: str, **more: Any) -> list[dict[str, Any]]:
        return [proposal(f"{who}{a}", who, a, **more) for a in awards]

    case = Case(
        P1={
            "NHAN_SU": [staff(f"CC{n}") for n in range(1, 6)],
            "DE_NGHI": [
                *named("CC1", "LDTT", "CSTDCS", "GK", "BK"),  # titles count as one: three
                *named("CC2", "LDTT", "CSTDCS", "BK"),
                *named("CC3", "CSTDCS"),
                *named("CC3", "GK", loai_hinh="CHUYEN_DE"),
                *named("CC4", "LDTT"),
                *named("CC4", "GK", loai_hinh="CHUYEN_DE"),  # the base title is no second channel
                *named("CC5", "CSTDCS"),
                *named("CC5", "KNC", loai_hinh="NIEN_HAN"),
            ],
        }
    )
    assert case.said("CC-08") == {("P1", "DE_NGHI", "E8", "awards"), ("P1", "DE_NGHI", "E13", "channels")}
    severities = {f.variant: f.severity for f in case.findings("CC-08")}
    assert severities == {"awards": Severity.INFORMATION, "channels": Severity.WARNING}
    assert case.looked_at("CC-08") == 5


def test_cc_08_looks_across_units() -> None:
    case = Case(
        P1={"DE_NGHI": [proposal("DN01", "CC1", "CSTDCS")]},
        P2={"DE_NGHI": [proposal("DN01", "CC1", "GK", loai_hinh="DOT_XUAT")]},
    )
    assert case.said("CC-08") == {("P2", "DE_NGHI", "E5", "channels")}


def jubilee_case(founded: dt.date | None, past: list[dict[str, Any]] | None, **unit: Any) -> Case:
    """P1 with three proposals above the base; `past` is the history."""
    rows = [proposal(f"DN0{n}", f"CC{n}", a) for n, a in enumerate(("CSTDCS", "BK", "LDTT"), 1)]
    rows.append(proposal("DN09", "P1", "TTLDXS"))
    old = unit_row("H1", den_ngay=dt.date(2025, 6, 30), ke_thua="P1")
    configured = {"DON_VI": [unit_row("P1", ngay_thanh_lap=founded, **unit), old]}
    history = None if past is None else {"KHEN_THUONG": past}
    return Case(P1={"DE_NGHI": rows}, configured=configured, past=history)


def given(year: int, count: int, unit: str = "P1", what: str = "CSTDCS") -> list[dict[str, Any]]:
    return [award(f"CC{year}{unit}{n}", year, what, don_vi_luc_do=unit) for n in range(count)]


def test_cc_09_jubilee() -> None:
    past = [*given(2023, 1), *given(2024, 2), *given(2025, 1), *given(2025, 9, what="LDTT")]
    for year in (2016, 2017, 2021):  # ten years now, ten years next year, five years now
        case = jubilee_case(dt.date(year, 6, 1), past)
        assert case.said("CC-09") == {("P1", "", "", "more")}
    assert case.findings("CC-09")[0].severity is Severity.INFORMATION
    assert "tròn 5 năm, đề nghị 3" in case.texts("CC-09")[0] and "năm trước là 2" in case.texts("CC-09")[0]
    assert jubilee_case(dt.date(2018, 6, 1), past).said("CC-09") == set()  # no round anniversary
    assert jubilee_case(dt.date(2016, 6, 1), [*past, *given(2023, 2)[1:], *given(2024, 3)[2:]]).said("CC-09") == set()


def test_cc_09_counts_what_the_unit_took_over() -> None:
    past = [*given(2023, 1), *given(2024, 2), *given(2024, 1, unit="H1")]
    case = jubilee_case(dt.date(2016, 6, 1), past)
    assert jubilee_table(case.evidence).loc["P1", "most"] == 3
    assert case.said("CC-09") == set() and case.looked_at("CC-09") == 1


def test_cc_09_without_history_or_founding_day() -> None:
    assert jubilee_case(dt.date(2016, 6, 1), None).said("CC-09") == {("", "", "", "not_judged")}
    assert jubilee_case(dt.date(2016, 6, 1), given(2025, 1)).said("CC-09") == {("", "", "", "not_judged")}
    case = jubilee_case(None, given(2023, 1))
    assert case.said("CC-09") == {("", "", "", "not_judged")}
    assert "ngày thành lập của P1" in case.texts("CC-09")[0]
