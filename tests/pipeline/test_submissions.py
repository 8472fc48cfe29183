"""Which of several files counts for a unit, and why the others do not."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.intake import TimeSource
from pipeline.layout import BookLayout
from pipeline.submissions import FileRecord, Opening, Outcome, board_findings, delay_text, unit_in_name
from pipeline.validation import OpenedFile
from pipeline.versions import choose
from schemas.columns import Identity
from tests.desk import DEADLINE, province

DAY = dt.datetime(2026, 11, 10, 8, 0)
HOUR = dt.timedelta(hours=1)


def _came(
    number: int, sent: int, saved: int | None = None, sha: str = "", unit: str = "P1", late: bool = False
) -> Opening:
    """A usable file sent `sent` hours after a fixed moment and saved `saved` hours after it."""
    at = DEADLINE + sent * HOUR if late else DAY + sent * HOUR
    record = FileRecord(
        number, f"{number}.xlsx", sha or str(number), 1, at, at, TimeSource.LOG,
        None if saved is None else DAY + saved * HOUR, unit,
    )  # fmt: skip
    return Opening(record, OpenedFile(number, record.path, unit, Identity(unit, "", "2026", "", ""), BookLayout()), [])


@pytest.mark.parametrize(
    ("files", "counted", "variants"),
    [
        ([_came(1, 0, -1)], "1.xlsx", []),
        ([_came(1, 0, -1), _came(2, 5, 4)], "2.xlsx", ["superseded"]),
        ([_came(1, 0, 3), _came(2, 5, 1)], "1.xlsx", ["older_content"]),
        ([_came(1, 0, -1, "a"), _came(2, 5, -1, "a")], "1.xlsx", ["same_file"]),
        ([_came(1, 5, 1), _came(2, 5, 2)], "2.xlsx", ["same_time"]),
        ([_came(1, 0), _came(2, 5)], "2.xlsx", ["superseded"]),
        ([_came(1, 0, 9), _came(2, 5)], "2.xlsx", ["superseded"]),
        ([_came(1, 0, 1), _came(2, 5, 4), _came(3, 9, 2)], "2.xlsx", ["superseded", "older_content"]),
    ],
)
def test_one_file_counts(files: list[Opening], counted: str, variants: list[str]) -> None:
    for order in (files, files[::-1]):
        for opening in order:
            opening.record.outcome = Outcome.REFUSED
        found = choose(order)
        assert [o.record.path for o in order if o.record.outcome is Outcome.COUNTED] == [counted]
        assert sorted(f.variant for f in found) == sorted(variants)
        assert {f.file for f in found} == {o.record.path for o in order} - {counted}


def test_lateness_is_to_the_minute_and_absence_is_said() -> None:
    late = _came(1, 1, late=True)
    choose([late])
    found = {(f.unit, f.code, f.variant): f for f in board_findings([late], province())}
    assert set(found) == {("P1", "V-18", "late"), ("P2", "V-20", "nothing")}
    assert found["P1", "V-18", "late"].params["cham"] == "1 giờ"
    on_time = _came(1, 0, late=True)
    choose([on_time])
    assert not [f for f in board_findings([on_time], province()) if f.code == "V-18"]


def test_a_time_that_is_only_the_disks_is_not_trusted() -> None:
    late = _came(1, 1, late=True)
    late.record.time_source = TimeSource.DISK
    choose([late])
    assert [f.variant for f in board_findings([late], province()) if f.code == "V-18"] == ["time_unsure"]


def test_nothing_usable_is_told_apart_from_nothing() -> None:
    record = FileRecord(1, "P2/a.docx", "", 1, DAY, DAY, TimeSource.LOG, None, "P2")
    found = board_findings([Opening(record, None, [])], province())
    assert ("P2", "nothing_valid") in {(f.unit, f.variant) for f in found}


@pytest.mark.parametrize(
    ("minutes", "text"), [(0.2, "1 phút"), (61, "1 giờ 1 phút"), (60 * 24 + 5, "1 ngày 5 phút"), (60, "1 giờ")]
)
def test_delay_text(minutes: float, text: str) -> None:
    assert delay_text(dt.timedelta(minutes=minutes)) == text


@pytest.mark.parametrize(
    ("path", "unit"),
    [("P1/x.docx", "P1"), ("bao cao p1.pdf", "P1"), ("P1 va P2.zip", ""), ("P11.xlsx", ""), ("x.xlsx", "")],
)
def test_unit_in_name(path: str, unit: str) -> None:
    assert unit_in_name(path, ["P1", "P2", "KV1"]) == unit
