"""What is kept of the run before, and points and ranks beside it on SO_SANH_LAN_CHAY."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.last_run import KEPT, KEPT_RANKING, Before, run_before
from pipeline.ranking.listing import write_ranking
from pipeline.ranking.of_province import ranking_of
from pipeline.workbook import write_workbook
from tests.casework import Case
from tests.pipeline.ranking.desk import province, spread, targets
from tests.pipeline.test_workbook_case import opened, rows_of

FINDINGS, RANKING = "phat-hien.csv", "xep-hang.csv"
HEAD = "khoa,ma,muc,don_vi,doi_tuong,mo_ta\r\n"


def case(points: dict[str, float], **more: Any) -> Case:
    return province({unit: targets(spread(total)) for unit, total in points.items()}, **more)


def ran(folder: Path, found: Case, run_id: str = "one") -> Path:
    """Leave what a run leaves in its output folder."""
    stream = io.BytesIO()
    write_ranking(stream, ranking_of(found.evidence))
    (folder / RANKING).write_bytes(stream.getvalue())
    (folder / FINDINGS).write_text(HEAD, encoding="utf-8")
    (folder / "run.json").write_text(json.dumps({"run_id": run_id}), encoding="utf-8")
    return folder


def compared(found: Case, before: Before | None) -> dict[str, tuple[str, str, str]]:
    """Points, ranks and why, by unit."""
    stream = io.BytesIO()
    write_workbook(stream, found.results(), before=before)
    rows = rows_of(opened(stream.getvalue(), values=True)["SO_SANH_LAN_CHAY"], "I.")
    names = ("Tổng điểm trước → nay", "Hạng trong khối trước → nay", "Vì sao hạng, điểm khác lần trước")
    return {row["Mã ĐV"]: tuple(str(row[name]) for name in names) for row in rows}  # type: ignore[misc]


def test_points_and_ranks_stand_beside_those_of_the_last_run(tmp_path: Path) -> None:
    before = run_before(ran(tmp_path, case({"A": 900, "B": 850, "C": 700, "D": 600})), FINDINGS, RANKING, "two")
    now = case(
        {"A": 900, "B": 910, "C": 700, "D": 600, "E": 650}, forms={"C": {"xep_loai_don_vi": "KHTNV"}}
    )  # fmt: skip
    assert compared(now, before) == {
        "B": ("850 → 910", "2 → 1", "Điểm tăng 60."),
        "A": ("900 → 900", "1 → 2", "Điểm không đổi, đơn vị khác trong khối đổi điểm hoặc vào, ra bảng."),
        "E": ("– → 650", "– → 3", "Lần trước chưa có đơn vị này trong bảng."),
        "D": ("600 → 600", "4 → 4", "như trước"),
        "C": ("700 → 700", "3 → –", "Tình trạng: Xếp hạng → Không xét (chờ Hội đồng kết luận)."),
    }


def test_without_a_run_before_nothing_is_compared() -> None:
    rows = compared(case({"A": 900}), None)
    assert rows["A"][:2] == ("– → 900", "– → 1") and rows["A"][2].startswith("Chưa có xep-hang.csv")


def test_the_same_run_again_compares_with_the_different_one_before(tmp_path: Path) -> None:
    ran(tmp_path, case({"A": 900}), "two")
    (tmp_path / KEPT).write_text(HEAD, encoding="utf-8")
    stream = io.BytesIO()
    write_ranking(stream, ranking_of(case({"A": 800}).evidence))
    (tmp_path / KEPT_RANKING).write_bytes(stream.getvalue())
    again, other = (run_before(tmp_path, FINDINGS, RANKING, run) for run in ("two", "three"))
    assert again and again.ranks and again.ranks.units["A"].total == 800
    assert other and other.ranks and other.ranks.units["A"].total == 900


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a,b\r\n1,2\r\n", b"doi_tuong,danh_hieu,hang\r\nA,,x\r\n"])
def test_a_ranking_that_cannot_be_read_is_as_none(tmp_path: Path, content: bytes) -> None:
    ran(tmp_path, case({"A": 900}))
    (tmp_path / RANKING).write_bytes(content)
    before = run_before(tmp_path, FINDINGS, RANKING, "two")
    assert before and (before.ranks is None or not before.ranks.units)
