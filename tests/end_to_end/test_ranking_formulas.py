"""The secretary changes appraised scores in LibreOffice: total, %, rank and band are those of the next run.

The change is typed into the yellow cells of DIEM_CHI_TIET of a written workbook and recalculated; the same change is
written into DIEM_THAM_DINH of cau-hinh.xlsx and the province is run again.
"""

from __future__ import annotations

import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from pipeline.consolidate import collect, examine, load_province
from pipeline.decisions.carrying import carried_from
from pipeline.province import CONFIGURATION_FILE, INBOX
from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.tables import Ranking
from pipeline.ranking.wording import BANDS
from pipeline.results import Results
from pipeline.sample import make_province
from pipeline.template import column_index
from pipeline.workbook import write_workbook
from pipeline.workbook.keys import KEY_HEADING, joined
from pipeline.workbook.score_cells import SCORE, SCORE_HEADING, SHEET, of_score_key, score_key
from schemas.province import CONFIGURATION
from tests.end_to_end.office import Office, Step

pytestmark = pytest.mark.office

LIST = "XEP_HANG"
#: What the secretary sees of a unit: heading → column of the ranking.
SEEN = {"Hạng": "rank", "Tổng điểm": "total", "Tỷ lệ %": "percent", "Xếp nhóm": "band"}
CLOSE = 1e-6
#: Seconds for the whole sitting.
SECONDS = 300
#: Columns of DIEM_THAM_DINH, and its first row of entries.
FIELDS, FIRST_ROW = ("don_vi", "ma_tieu_chi", "diem"), 5


@dataclass(frozen=True)
class Printed:
    """One run: its workbook, where its cells stand, its ranking."""

    path: Path
    book: openpyxl.Workbook
    ranking: Ranking

    def cells(self, sheet: str, key: str, heading: str) -> dict[str, str]:
        """Addresses of the cells below a heading by what stands below `key`, from all tables that have both."""
        page, found = self.book[sheet], {}
        for table in page.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            heads = [page.cell(top, column).value for column in range(left, right + 1)]
            if {key, heading} <= set(heads):
                at, of = left + heads.index(heading), left + heads.index(key)
                found |= {
                    str(page.cell(row, of).value): f"{get_column_letter(at)}{row}" for row in range(top + 1, bottom + 1)
                }
        return found


def ranked(folder: Path) -> Results:
    """A run of a province up to its workbook."""
    return examine(load_province(folder), collect(folder / INBOX))


def opened(path: Path, values: bool = False) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it does not know; the copy is read by us alone
        return openpyxl.load_workbook(path, data_only=values)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mau") / "tinh"
    make_province(folder)
    return folder


@pytest.fixture(scope="module")
def before(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    path, results = tmp_path_factory.mktemp("truoc") / "tong-hop.xlsx", ranked(folder)
    write_workbook(path, results)
    return Printed(path, opened(path), ranking_of(results.evidence))


def with_scores(folder: Path, scores: dict[tuple[str, str], float], target: Path) -> Path:
    """A copy of the province whose DIEM_THAM_DINH holds these scores."""
    shutil.copytree(folder, target)
    path = target / CONFIGURATION_FILE
    book = opened(path)
    page = book["DIEM_THAM_DINH"]
    at = [column_index(CONFIGURATION.by_code["DIEM_THAM_DINH"], name) + 1 for name in FIELDS]
    rows = {tuple(page.cell(row, column).value for column in at[:2]): row for row in range(FIRST_ROW, page.max_row + 1)}
    free = page.max_row + 1
    for key, score in scores.items():
        row = rows.get(key, free)
        free += row == free
        for column, value in zip(at, (*key, score), strict=True):
            page.cell(row, column).value = value
    book.save(path)
    return target


Scores = dict[tuple[str, str], float]


def changes(ranking: Ranking) -> dict[str, Scores]:
    """What a secretary may do: drop the first, lift the last, take a bonus away, appraise a unit that did not send."""
    units, criteria = ranking.units, ranking.criteria
    inside = units[units["ranked"]]
    block = inside["block"].value_counts().index[0]
    mine = inside[inside["block"] == block].sort_values("rank")
    first, last = str(mine.index[0]), str(mine.index[-1])
    of_first = criteria[criteria["unit"] == first]
    bonus = of_first[(of_first["bonus"] > 0)].iloc[0]
    biggest = of_first.sort_values("most").iloc[-1]
    not_sent = str(units.index[~units["counted"]][0])
    whole = criteria[criteria["unit"] == not_sent]
    return {
        "drop": {(first, str(biggest["criterion"])): 1.5, (first, str(bonus["criterion"])): 0.0},
        "lift": {(last, str(c)): float(m) + 30 for c, m in zip(of_first["criterion"], of_first["most"], strict=True)},
        "bonus": {(first, str(bonus["criterion"])): float(bonus["most"]) - 0.25},
        "unsent": {(not_sent, str(c)): 0.75 * m for c, m in zip(whole["criterion"], whole["most"], strict=True)},
    }


@dataclass(frozen=True)
class Followed:
    """What XEP_HANG showed after each change: heading → unit → cell; and the file saved after the last one."""

    shown: dict[str, dict[str, dict[str, dict[str, Any]]]]
    saved: Path


@pytest.fixture(scope="module")
def followed(office: Office, before: Printed) -> Followed:
    """One sitting: type a change, recalculate, look, put back what stood there."""
    yellow = before.cells(SHEET, KEY_HEADING, SCORE_HEADING)
    seen = {heading: before.cells(LIST, "Mã ĐV", heading) for heading in SEEN}
    look = [{"do": "read", "sheet": LIST, "cells": list(cells.values())} for cells in seen.values()]
    steps: list[Step] = [{"do": "open", "path": str(before.path)}]
    for scores in changes(before.ranking).values():
        cells = {yellow[joined(SHEET, score_key(*key))]: score for key, score in scores.items()}
        stood = {place: before.book[SHEET][place].value for place in cells}
        steps += [typing(cells), {"do": "recalculate"}, *look, typing(stood)]
    saved = before.path.with_name("sua.xlsx")
    steps[-1] = {"do": "save", "path": str(saved)}  # the last change is kept
    answers = office.run(steps, SECONDS)[1:]
    shown: dict[str, dict[str, dict[str, dict[str, Any]]]] = {}
    size = len(look) + 3
    for number, what in enumerate(changes(before.ranking)):
        refused, _, *values = answers[number * size : (number + 1) * size - 1]
        assert refused == {}
        shown[what] = {h: dict(zip(seen[h], cells, strict=True)) for h, cells in zip(seen, values, strict=True)}
    return Followed(shown, saved)


def typing(cells: dict[str, float | None]) -> Step:
    """Type numbers as the keyboard of a Vietnamese office gives them; nothing empties a cell."""
    texts = {place: "" if value is None else str(value).replace(".", ",") for place, value in cells.items()}
    return {"do": "type", "sheet": SHEET, "cells": texts}


@pytest.mark.parametrize("what", ["drop", "lift", "bonus", "unsent"])
def test_the_list_follows_a_changed_score(
    what: str, followed: Followed, before: Printed, folder: Path, tmp_path: Path
) -> None:
    scores = changes(before.ranking)[what]
    after = ranking_of(ranked(with_scores(folder, scores, tmp_path / "tinh")).evidence)
    appraised = after.criteria.set_index(["unit", "criterion"])["appraised"]
    assert {key: appraised[key] for key in scores} == scores  # the same change has arrived
    shown = followed.shown[what]
    assert set(shown["Tổng điểm"]) == set(after.units.index)
    for unit, told in after.units.iterrows():
        for heading, name in SEEN.items():
            if str(unit) in shown[heading]:  # those outside the ranks have no rank
                assert same(shown[heading][str(unit)], told[name], name), (unit, heading)
    was = before.ranking.units["total"].reindex(after.units.index)
    assert ((was - after.units["total"]).abs() > CLOSE).any() or what == "unsent"


def test_what_was_typed_is_read_back_from_the_saved_file(followed: Followed, before: Printed) -> None:
    carried = carried_from(followed.saved)
    found = {of_score_key(held.key): held.cells.get(SCORE) for held in carried.rows.values() if held.sheet == SHEET}
    last = list(changes(before.ranking).values())[-1]
    criteria = before.ranking.criteria
    stood = {(u, c): s for u, c, s in zip(criteria["unit"], criteria["criterion"], criteria["appraised"], strict=True)}
    assert found == {key: score for key, score in (stood | last).items() if score == score}


def same(cell: dict[str, Any], told: Any, name: str) -> bool:
    """Whether a cell shows what the ranking holds; an empty one where it holds nothing."""
    assert not cell["error"], cell
    if not isinstance(told, str) and (told is None or told != told):
        return cell["string"] == ""
    if name == "band":
        return bool(cell["string"] == BANDS[told])
    return cell["value"] == pytest.approx(told, abs=CLOSE)
