"""What the province changes, confirms and waives; which edition judges which year; and what the loader refuses."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import pairwise
from typing import Any

import pytest

from pipeline import checks
from pipeline.checks import Check, run_checks
from pipeline.findings import sentences
from pipeline.rulebook import plain_rulebook
from pipeline.writing import Report
from schemas.rules import RecordError, Severity, editions, read_record, register, rule_on
from schemas.rules.sets import DOCUMENTS, RULE_SETS, rule_set_on
from tests.casework import Case, D, form, proposal, staff, unit_row

BELOW = {"NHAN_SU": [staff("CC2", xep_loai_cc="HTNV")], "DE_NGHI": [proposal("DN02", "CC2", "LDTT")]}


def change(**fields: Any) -> dict[str, Any]:
    row = {
        "ma_quy_tac": "DK-01", "tham_so": "xep_loai", "gia_tri": "HTXSNV; HTTNV; HTNV", "tu_ngay": D(2026, 1, 1),
        "van_ban": "12/HD-VKS", "nguoi_chot": "Lò Giả An", "ngay_chot": D(2026, 1, 6),
    }  # fmt: skip
    return row | fields


def waiver(**fields: Any) -> dict[str, Any]:
    row = {
        "ma_quy_tac": "DK-01", "don_vi": "P1", "ly_do": "Đơn vị mới tách", "van_ban": "31/TB-VKS",
        "nguoi_duyet": "Lò Giả An", "ngay": D(2026, 11, 2),
    }  # fmt: skip
    return row | fields


def test_a_changed_parameter_decides_and_is_named_with_its_document() -> None:
    assert len(Case(P1=BELOW).findings("DK-01")) == 1
    case = Case(P1=BELOW, configured={"THAM_SO": [change()]})
    assert case.findings("DK-01") == []
    stricter = Case(P1=BELOW, configured={"THAM_SO": [change(gia_tri="HTXSNV")]})
    (finding,) = stricter.findings("DK-01")
    assert "HTXSNV" in finding.note and "12/HD-VKS" in finding.note and "Lò Giả An" in finding.note
    assert sentences(finding).note == finding.note


@pytest.mark.parametrize(
    ("fields", "cell", "said"),
    [
        ({"ma_quy_tac": "DK-99"}, "B5", "V-06.rule_unknown"),
        ({"tham_so": "xeploai"}, "C5", "V-06.parameter_unknown"),
        ({"gia_tri": None}, "D5", "V-03.parameter"),
        ({"ma_quy_tac": "HS-07", "tham_so": "so_thang", "gia_tri": "1e400"}, "D5", "V-03.parameter"),
        ({"ma_quy_tac": "HS-07", "tham_so": "so_thang", "gia_tri": "nan"}, "D5", "V-03.parameter"),
        ({"ma_quy_tac": "HS-07", "tham_so": "so_thang", "gia_tri": "-18"}, "D5", "V-03.parameter"),
        ({"ma_quy_tac": "DK-04", "tham_so": "so_nam", "gia_tri": "5000"}, "D5", "V-03.parameter"),
        ({"ma_quy_tac": "DK-15", "tham_so": "thang", "gia_tri": "0"}, "D5", "V-03.parameter"),
        ({"ma_quy_tac": "DK-15", "tham_so": "ngay", "gia_tri": "32"}, "D5", "V-03.parameter"),
        ({"gia_tri": " ; "}, "D5", "V-03.parameter"),
        ({"ma_quy_tac": "QT-04", "tham_so": "don_vi", "gia_tri": "70"}, "D5", "V-03.parameter"),
    ],
)
def test_a_row_that_cannot_be_used_changes_nothing_and_is_said(fields: dict[str, Any], cell: str, said: str) -> None:
    case = Case(P1=BELOW, configured={"THAM_SO": [change(**fields)]})
    assert [(f.sheet, f.cell, f"{f.code}.{f.variant}") for f in case.rules.findings] == [("THAM_SO", cell, said)]
    assert len(case.findings("DK-01")) == 1


def test_a_change_holds_only_between_its_days() -> None:
    late = Case(P1=BELOW, configured={"THAM_SO": [change(tu_ngay=D(2026, 12, 1))]})
    ended = Case(P1=BELOW, configured={"THAM_SO": [change(den_ngay=D(2026, 6, 30))]})
    assert len(late.findings("DK-01")) == len(ended.findings("DK-01")) == 1


def test_a_waiver_turns_its_findings_into_information_with_the_document() -> None:
    tables = {
        "NHAN_SU": [staff("CC2", xep_loai_cc="HTNV"), staff("CC3", xep_loai_cc="HTNV")],
        "DE_NGHI": [proposal("DN02", "CC2", "LDTT"), proposal("DN03", "CC3", "LDTT")],
    }
    of_one = Case(P1=tables, configured={"MIEN_AP_DUNG": [waiver(doi_tuong="CC2")]}).findings("DK-01")
    assert {f.subject: f.severity for f in of_one} == {"DN02": Severity.INFORMATION, "DN03": Severity.BLOCKING}
    assert {bool(f.note) for f in of_one if f.subject == "DN02"} == {True}
    assert "31/TB-VKS" in next(f.note for f in of_one if f.subject == "DN02")
    whole = Case(P1=tables, configured={"MIEN_AP_DUNG": [waiver()]}).findings("DK-01")
    assert {f.severity for f in whole} == {Severity.INFORMATION}
    other = Case(P1=tables, P2={}, configured={"MIEN_AP_DUNG": [waiver(don_vi="P2")]}).findings("DK-01")
    assert {f.severity for f in other} == {Severity.BLOCKING}
    unknown = Case(P1=tables, configured={"MIEN_AP_DUNG": [waiver(ma_quy_tac="X")]})
    assert [(f.sheet, f.cell) for f in unknown.rules.findings] == [("MIEN_AP_DUNG", "B5")]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (D(2019, 6, 27), None), (D(2019, 6, 28), "RS-2019"), (D(2023, 12, 31), "RS-2019"), (D(2024, 1, 1), "RS-2024a"),
        (D(2024, 9, 30), "RS-2024a"), (D(2024, 10, 1), "RS-2024b"), (D(2025, 6, 30), "RS-2024b"),
        (D(2025, 7, 1), "RS-2025"), (D(2026, 11, 30), "RS-2025"),
    ],
)  # fmt: skip
def test_the_last_day_of_the_award_year_picks_the_rule_set(day: dt.date, code: str | None) -> None:
    found = rule_set_on(day)
    assert (found.code if found else None) == code
    assert plain_rulebook(day).rule_set is found


def test_rule_sets_and_editions_neither_overlap_nor_leave_the_present_open() -> None:
    for one, other in pairwise(RULE_SETS):
        assert one.valid_to is not None and other.valid_from == one.valid_to + dt.timedelta(days=1)
    assert RULE_SETS[-1].valid_to is None
    for code, rules in editions().items():
        assert rules[-1].valid_to is None, f"{code} has no edition today"


def test_a_past_year_is_judged_by_its_own_edition() -> None:
    case = Case(P1=BELOW)
    assert case.rules.rules["DK-01"].edition == "2024-01-01"
    assert case.rules.on(D(2023, 11, 30)).rules["DK-01"].edition == "2019-06-28"
    old = Case(P1=BELOW, period=(D(2022, 12, 1), D(2023, 11, 30)))
    (finding,) = old.findings("DK-01")
    assert (finding.severity, finding.rule_version) == (Severity.WARNING, "2019-06-28")
    assert "NĐ 91/2017" in sentences(finding).source
    chosen = change(ma_quy_tac="V-LAW", tham_so="ngay_chon", gia_tri="30/11/2023")
    case = Case(P1=BELOW, configured={"THAM_SO": [chosen], "DON_VI": [unit_row("P1")]})
    assert case.rules.day == D(2023, 11, 30)
    assert case.findings("DK-01")[0].severity is Severity.WARNING


def test_before_every_rule_set_no_condition_is_in_force() -> None:
    case = Case(P1=BELOW, period=(D(2017, 12, 1), D(2018, 11, 30)))
    assert case.verdicts("DK-01").not_in_force == ("DK-01",)
    assert rule_on("DK-01", D(2018, 11, 30)) is None


RECORD: dict[str, Any] = {
    "title": "t", "meaning": "m", "severity": "GIẢI TRÌNH", "source": "s", "since": "0",
    "source_status": "cần xác minh (thực tiễn)", "variants": {"a": {"why": "w", "fix": "f."}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "more", "match"),
    [
        ("X-01", {"severity": "CHẶN"}, "CHẶN"),
        ("X-01", {"variants": {"a": {"why": "w", "fix": "f.", "severity": "CHẶN"}}}, "CHẶN"),
        ("X-01", {"editions": [{"from": D(2024, 1, 1), "severity": "CHẶN"}]}, "CHẶN"),
        ("HT-01", {}, "CẢNH BÁO"),
        ("CC-01", {"severity": "CẢNH BÁO", "confirmed": "CHẶN"}, "CẢNH BÁO"),
        ("X-01", {"source_status": "cần xác minh"}, "trạng thái"),
        ("X-01", {"colour": "red"}, "trường lạ"),
        ("X-01", {"editions": [{"from": D(2024, 1, 1)}, {"from": D(2025, 1, 1)}]}, "cùng hiệu lực"),
        ("X-01", {"parameters": {"n": {"value": 1, "unit": "năm"}}}, "tham số thiếu"),
        ("X-01", {"variants": {}}, "thiếu câu"),
    ],
)
def test_the_loader_refuses_what_could_do_harm(code: str, more: dict[str, Any], match: str) -> None:
    read_record("X-01", RECORD)
    with pytest.raises(RecordError, match=match):
        read_record(code, {**RECORD, **more})


def test_confirming_reaches_what_the_record_allows_and_no_more() -> None:
    for code, rule in register().items():
        for name, words in rule.variants.items():
            assert words.confirmed.rank <= words.severity.rank, f"{code}.{name} would become weaker"


def test_a_check_that_fails_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> Any:
        raise ZeroDivisionError

    case = Case(P1=BELOW)
    with pytest.raises(ZeroDivisionError):
        run_checks(case.evidence, [Check("DK-01", broken)])
    verdicts = run_checks(case.evidence, [Check("DK-01", broken), *checks.CHECKS], guarded=True)
    assert verdicts.failed == ("DK-01",)
    assert ("V-21", "DK-01") in {(f.code, f.params.get("ma")) for f in verdicts.findings}
    assert any(f.code == "DK-01" for f in verdicts.findings)  # the true one after it still ran
    results = dataclasses.replace(case.results(), failed=verdicts.failed)
    assert Report(results).exit_code(None) == 3


def test_several_workers_say_the_same_in_the_same_order() -> None:
    tables = {"DON_VI": [form()], **BELOW}
    case = Case(P1=tables, P2={"NHAN_SU": [staff("CC2")]})
    alone, together = run_checks(case.evidence), run_checks(case.evidence, workers=2)
    assert alone.findings == together.findings and alone.findings
    assert {k: list(v) for k, v in alone.looked_at.items()} == {k: list(v) for k, v in together.looked_at.items()}


def test_documents_know_their_names() -> None:
    names = {d.name for d in DOCUMENTS}
    assert {d.successor for d in DOCUMENTS if d.successor} <= names
