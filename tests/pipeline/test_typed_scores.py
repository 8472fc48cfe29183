"""Appraised scores typed into DIEM_CHI_TIET: they count in the next run, and what is no score is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.consolidate import consolidate
from pipeline.decisions.carrying import carried_from
from pipeline.decisions.scores import with_scores
from pipeline.province import load_province
from pipeline.ranking.of_province import ranking_of
from pipeline.workbook.score_cells import REASON_HEADING, SCORE_HEADING, SHEET, score_key
from pipeline.writing import Report
from tests.meeting import Meeting

SAMPLE = Path(__file__).parents[2] / "input_samples"
UNIT, CRITERION, OTHER = "P1", "I.1", "I.2"
#: A criterion of the unit with an appraised score in cau-hinh.xlsx.
EMPTIED = "I.5"


def scores(report: Report) -> pd.DataFrame:
    """Points that count of each unit and criterion."""
    return ranking_of(report.results.evidence).criteria.set_index(["unit", "criterion"])


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Report]:
    """A run, and the next one after two scores were typed, one of them no number."""
    folder = tmp_path_factory.mktemp("scores")
    first = consolidate(SAMPLE, folder / "one")
    meeting = Meeting((folder / "one/tong-hop.xlsx").read_bytes())
    meeting.cell(SHEET, score_key(UNIT, CRITERION), SCORE_HEADING).value = 7.5
    meeting.cell(SHEET, score_key(UNIT, OTHER), SCORE_HEADING).value = "chưa rõ"
    meeting.cell(SHEET, score_key(UNIT, EMPTIED), SCORE_HEADING).value = None
    meeting.sort(SHEET, by=lambda line: str(line[-1]))
    return first, consolidate(SAMPLE, folder / "two", reviewed=meeting.save(folder / "da-hop.xlsx"))


def test_a_typed_score_counts_in_the_next_run(runs: tuple[Report, Report]) -> None:
    before, after = map(scores, runs)
    assert before.at[(UNIT, CRITERION), "appraised"] != 7.5
    assert after.at[(UNIT, CRITERION), "appraised"] == 7.5
    assert after.at[(UNIT, CRITERION), "official"] == 7.5
    others = before.index.drop([(UNIT, CRITERION), (UNIT, EMPTIED)])
    pd.testing.assert_series_equal(before.loc[others, "official"], after.loc[others, "official"])


def test_what_is_no_score_is_said_and_changes_nothing(runs: tuple[Report, Report]) -> None:
    before, after = map(scores, runs)
    assert after.at[(UNIT, OTHER), "official"] == before.at[(UNIT, OTHER), "official"]
    (told,) = [words for _, sheet, _, words in runs[1].carried.told if sheet == SHEET and "chưa rõ" in words]
    assert "không phải là số" in told and "Gõ lại" in told


def test_an_emptied_score_no_longer_counts_and_is_noted(runs: tuple[Report, Report], tmp_path: Path) -> None:
    before, after = map(scores, runs)
    assert before.at[(UNIT, EMPTIED), "appraised"] == 57.7
    assert np.isnan(after.at[(UNIT, EMPTIED), "appraised"])
    assert after.at[(UNIT, EMPTIED), "official"] == after.at[(UNIT, EMPTIED), "computed"]
    second = next(path for path in runs[1].written if path.name.startswith("tong-hop"))
    meeting = Meeting(second.read_bytes())
    key = score_key(UNIT, EMPTIED)
    assert meeting.cell(SHEET, key, SCORE_HEADING).value is None
    assert str(meeting.cell(SHEET, key, REASON_HEADING).value).startswith("Đã xóa điểm thẩm định (trước ghi 57,7)")
    # It stays so in a third workbook, though cau-hinh.xlsx still has the score.
    again = carried_from(meeting.save(tmp_path / "lan-ba.xlsx"))
    assert again.emptied == {key: "57.7"}
    own = with_scores(load_province(SAMPLE), again).configuration.frames["DIEM_THAM_DINH"]
    assert own[(own["don_vi"] == UNIT) & (own["ma_tieu_chi"] == EMPTIED)].empty
