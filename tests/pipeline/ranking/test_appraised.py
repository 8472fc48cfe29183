"""Appraised scores that stand out, and what the percentage would be without them."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.ranking.appraised import odd_scores, percent_without, raised_or_unexplained
from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.tables import Ranking
from tests.pipeline.ranking.desk import criterion, province, target, targets

TABLE = [criterion("A", 100, he_so_thuong=0.5, thuong_toi_da=10.0), criterion("B", 100)]


def ranking(rows: list[dict[str, Any]], *scores: tuple[str, float, str | None]) -> Ranking:
    given = [{"don_vi": "U", "ma_tieu_chi": code, "diem": points, "ly_do": why} for code, points, why in scores]
    return ranking_of(province({"U": rows}, table=TABLE, DIEM_THAM_DINH=given).evidence)


def without(found: Ranking) -> float:
    return float(percent_without(found, odd_scores(found.criteria, found.settings))["U"])


def test_the_computed_score_and_its_bonus_count_instead() -> None:
    """120 of 100 would be 100 points and 10 of bonus; 60 were appraised, which took the bonus away."""
    rows = [target(1, "A", 100, 120, diem_tu_cham=100), target(2, "B", 100, 90, diem_tu_cham=90)]
    found = ranking(rows, ("A", 60, None))
    assert found.units.at["U", "percent"] == 75.0
    assert without(found) == pytest.approx(100.0)


def test_without_figures_the_claim_counts_instead() -> None:
    rows = [target(1, "A", 100, None, diem_tu_cham=50), target(2, "B", 100, 90, diem_tu_cham=90)]
    assert without(ranking(rows, ("A", 100, None))) == pytest.approx(70.0)


def test_a_criterion_that_only_the_appraisal_made_occur_leaves_the_sum() -> None:
    rows = [target(1, "A", 100, 50, ly_do_khong_phat_sinh="Không có việc"), *targets({"B": 90.0}, {"B": 100.0})]
    found = ranking(rows, ("A", 100, None))
    assert found.units.at["U", "percent"] == 95.0
    assert odd_scores(found.criteria, found.settings).empty  # nothing was claimed or computed: nothing to compare
    assert float(percent_without(found, found.criteria[found.criteria["criterion"] == "A"])["U"]) == pytest.approx(90.0)


def test_what_is_near_the_figures_and_explained_is_not_for_the_council() -> None:
    rows = [target(1, "A", 100, 90, diem_tu_cham=90), target(2, "B", 100, 90, diem_tu_cham=90)]
    found = ranking(rows, ("A", 70, "Kiểm tra lại"), ("B", 70, None))
    odd = odd_scores(found.criteria, found.settings)
    assert odd["criterion"].tolist() == ["A", "B"]
    assert raised_or_unexplained(odd)["criterion"].tolist() == ["B"]
    assert found.units.at["U", "discuss"].endswith("B (thấp hơn máy tính 20, không ghi lý do)")
