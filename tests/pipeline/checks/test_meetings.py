"""The meeting (QT-01), its form of ballot (QT-02), its posting (QT-06), and whether there was a choice (QT-09)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from pipeline.checks.meetings import working_days
from schemas.rules import Severity
from tests.casework import Case, form, proposal, staff, tally

D = dt.date


def meeting(award: str = "LDTT", **more: Any) -> Case:
    tables = {"DON_VI": [form(**more)], "NHAN_SU": [staff("CC1")], "DE_NGHI": [proposal("DN01", "CC1", award)]}
    return Case(P1=tables)


def test_qt_01_quorum_is_of_all_members() -> None:
    case = meeting(so_co_mat=5.0)
    assert case.said("QT-01") == {("P1", "DON_VI", "C25", "too_few")}
    assert "5/9 người" in case.texts("QT-01")[0] and "tức 6 người, còn thiếu 1" in case.texts("QT-01")[0]
    assert case.findings("QT-01")[0].severity is Severity.WARNING
    assert meeting(so_co_mat=6.0).said("QT-01") == set()


def test_qt_01_nobody_counts_twice() -> None:
    assert meeting(so_co_mat=10.0).said("QT-01") == {("P1", "DON_VI", "C25", "more_than_members")}
    both = meeting(so_co_mat=8.0, so_y_kien_van_ban=2.0)
    assert both.said("QT-01") == {("P1", "DON_VI", "C26", "written_too_many")}
    assert meeting(so_co_mat=8.0, so_y_kien_van_ban=1.0).said("QT-01") == set()
    tables = {"DON_VI": [form()], "DE_NGHI": [proposal("DN01", "CC1", "LDTT")], "PHIEU": [tally("DN01", 9, total=10)]}
    assert Case(P1=tables).said("QT-01") == {("P1", "DON_VI", "C24", "ballots_too_many")}


def test_qt_01_not_judged_without_the_numbers() -> None:
    assert meeting(so_co_mat=None).said("QT-01") == {("P1", "DON_VI", "C25", "not_judged")}
    assert meeting(tong_thanh_vien=None).said("QT-01") == {("P1", "DON_VI", "C24", "not_judged")}


def test_qt_02_open_vote_on_a_title_that_is_voted_on_in_secret() -> None:
    openly = {"hinh_thuc_bieu_quyet": "CONG_KHAI"}
    case = meeting("CSTD_NGANH", **openly)
    assert case.said("QT-02") == {("P1", "DON_VI", "C27", "openly")}
    assert "DN01 (Chiến sĩ thi đua ngành" in case.texts("QT-02")[0]
    assert meeting("CSTDCS", **openly).looked_at("QT-02") == 0  # open or secret, as the unit likes
    assert meeting("CSTD_NGANH").said("QT-02") == set()
    assert meeting("CSTD_NGANH", hinh_thuc_bieu_quyet=None).said("QT-02") == {("P1", "DON_VI", "C27", "not_judged")}


@pytest.mark.parametrize(
    ("end", "severity"), [(D(2022, 11, 30), Severity.NEEDS_REASON), (D(2026, 11, 30), Severity.WARNING)]
)
def test_qt_02_is_as_grave_as_the_text_that_was_seen(end: D, severity: Severity) -> None:
    tables = {
        "DON_VI": [form(hinh_thuc_bieu_quyet="CONG_KHAI")],
        "DE_NGHI": [proposal("DN01", "CC1", "CSTD_TQ")],
    }
    case = Case(P1=tables, period=(D(end.year - 1, 12, 1), end))
    assert [f.severity for f in case.findings("QT-02")] == [severity]


def test_working_days_count_both_ends_and_no_weekend() -> None:
    first = pd.to_datetime(pd.Series(["2026-11-06", "2026-11-07", "2026-11-09", None, "2026-11-10"]))
    last = pd.to_datetime(pd.Series(["2026-11-12", "2026-11-08", "2026-11-09", "2026-11-09", "2026-11-09"]))
    assert working_days(first, last).fillna(-1).tolist() == [5, 0, 1, -1, -1]


def test_qt_06_posting() -> None:
    assert meeting().said("QT-06") == set()
    short = meeting(niem_yet_tu=D(2026, 11, 6), niem_yet_den=D(2026, 11, 10))
    assert short.said("QT-06") == {("P1", "DON_VI", "C34", "too_short")}
    assert "được 3 ngày làm việc" in short.texts("QT-06")[0]
    late = meeting(niem_yet_den=D(2026, 11, 13))
    assert late.said("QT-06") == {("P1", "DON_VI", "C34", "after_letter")}
    assert meeting(niem_yet_den=D(2026, 11, 12)).said("QT-06") == set()  # ends on the day of the letter
    open_questions = meeting(so_y_kien=3.0, so_y_kien_da_giai_quyet=1.0)
    assert open_questions.said("QT-06") == {("P1", "DON_VI", "C37", "unanswered")}
    nothing = meeting(niem_yet_tu=None, niem_yet_den=None, so_y_kien=None, so_y_kien_da_giai_quyet=None)
    assert nothing.said("QT-06") == {("P1", "DON_VI", "C33", "not_stated")}


def test_qt_06_not_judged_and_not_asked() -> None:
    assert meeting(niem_yet_den=None).said("QT-06") == {("P1", "DON_VI", "C34", "not_judged")}
    assert meeting(so_y_kien=2.0, so_y_kien_da_giai_quyet=None).said("QT-06") == {("P1", "DON_VI", "C37", "not_judged")}
    assert meeting(ngay_to_trinh=None).said("QT-06") == {("P1", "DON_VI", "C31", "not_judged")}
    nobody = Case(P1={"DON_VI": [form(niem_yet_tu=None, niem_yet_den=None)]})
    assert nobody.said("QT-06") == set() and nobody.looked_at("QT-06") == 0


def test_qt_09_nobody_else_considered() -> None:
    def candidates(*rows: dict[str, Any]) -> Case:
        return Case(P1={"DON_VI": [form()], "DE_NGHI": list(rows)})

    two = [proposal("DN01", "CC1", "CSTDCS"), proposal("DN02", "CC2", "CSTDCS")]
    assert candidates(*two).said("QT-09") == {("P1", "DE_NGHI", "F5", "no_choice")}
    assert candidates(two[0], two[1] | {"ket_qua": "KHONG_DE_NGHI"}).said("QT-09") == set()
    unsaid = candidates(two[0], two[1] | {"ket_qua": None})
    assert unsaid.said("QT-09") == {("P1", "DE_NGHI", "J5", "not_judged")}
    assert candidates(proposal("DN01", "CC1", "LDTT")).looked_at("QT-09") == 0
