"""LUAN_PHIEN, PHIEU_BAU, CACH_DOC: what the council reads of turns, on a province put together by hand."""

from __future__ import annotations

import io
from functools import cache

import openpyxl
import pytest

from pipeline.run_record import write_rotation
from pipeline.workbook import write_workbook
from pipeline.workbook.reading_guide import SENTENCES
from tests.casework import Case, form, unit_row
from tests.pipeline.checks.test_review_votes import stood
from tests.pipeline.checks.test_rotation import PEOPLE, by_merit, in_turn, office, steady_best

OTHERS = [f"CC{n}" for n in range(21, 29)]


@cache
def case() -> Case:
    turning, past = office(in_turn, steady_best, now="CC1")
    honest, more = office(by_merit, by_merit, unit="P2", now=OTHERS[0], people=OTHERS)
    votes = [stood(y, p, 3.0 + n % 5) for y in (2024, 2025) for n, p in enumerate(PEOPLE)]
    whole = {name: past[name] + more[name] for name in past} | {"UNG_CU": votes}
    head = form("P2", ma_nguoi_dung_dau=OTHERS[0])
    units = [unit_row("P1"), unit_row("P2")]
    return Case(configured={"DON_VI": units}, past=whole, P1=turning, P2=honest | {"DON_VI": [head]})


@cache
def book() -> openpyxl.Workbook:
    target = io.BytesIO()
    write_workbook(target, case().results())
    return openpyxl.load_workbook(target)


def rows_of(name: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in book()[name].iter_rows()]


def line(name: str, *words: str) -> list[object]:
    return next(row for row in rows_of(name) if all(any(w == v for v in row) for w in words))


def test_the_list_has_one_row_a_series_with_both_probabilities_and_the_power() -> None:
    page = book()["LUAN_PHIEN"]
    row = line("LUAN_PHIEN", "P1", "Chiến sĩ thi đua cơ sở")
    assert row[4] == "▲ Dấu hiệu luân phiên rõ" and row[5] == "2018–2026"
    assert row[7:10] == [9, 8, 8]
    assert row[10] == "dưới 1" or float(str(row[10]).replace(",", ".")) < 10
    assert row[11] is not None and row[13] >= 50
    quiet = line("LUAN_PHIEN", "P2", "Chiến sĩ thi đua cơ sở")
    assert quiet[4] in ("○ Không thấy dấu hiệu", "? Chưa đủ dữ liệu")
    signs = [r[4] for r in rows_of("LUAN_PHIEN") if isinstance(r[4], str) and r[4][:1] in "▲△○?"]
    order = "▲△○?"
    assert [order.index(s[0]) for s in signs] == sorted(order.index(s[0]) for s in signs)
    assert page.print_area and "T" not in page.print_area.split(":")[1]
    assert len(page._charts) == 2


def test_the_grid_shows_who_won_who_could_and_who_was_passed_over_for_the_turn() -> None:
    rows = rows_of("LUAN_PHIEN_LUOI")
    start = next(n for n, row in enumerate(rows) if str(row[0]).startswith("▲ Phòng P1"))
    assert rows[start + 1][:3] == ["STT", "Họ tên", "2018"] and rows[start + 1][10] == "2026 đề nghị"
    grid = {row[1]: row[2:11] for row in rows[start + 2 : start + 10]}
    for place, person in enumerate(PEOPLE):
        marks = grid[f"Lò Giả {person}"]
        assert [str(m).startswith("■") for m in marks] == [in_turn(y) == place for y in range(2018, 2027)]
    # CC8 had been chosen in 2025, was the best of 2026, and CC1 had waited longer.
    assert grid["Lò Giả CC8"][8] == "□↓ 1"
    assert grid["Lò Giả CC7"][0].startswith("◦ ")  # neither rated excellent in 2018 nor with an initiative


def test_each_pair_stands_with_both_records() -> None:
    rows = [row for row in rows_of("LUAN_PHIEN_CAP") if row[1] == "P1"]
    assert rows
    last = next(row for row in rows if row[3] == 2026 and row[7] == "Lò Giả CC8")
    assert last[4] == "Lò Giả CC1" and last[6] == 8 and last[9] == 1 and last[10] == "▲"
    assert "94 điểm" in str(last[8]) and "điểm" in str(last[5])
    assert not [row for row in rows_of("LUAN_PHIEN_CAP") if row[1] == "P2"]


def test_tallies_stand_on_their_own_sheet_and_few_say_nothing() -> None:
    row = line("PHIEU_BAU", "P1", "Chiến sĩ thi đua cơ sở")
    assert row[4] == "2024–2025" and row[5] == 16 and row[6] == 0


def test_the_guide_says_in_ten_sentences_what_the_test_asks_and_cannot_see() -> None:
    told = [row[1] for row in rows_of("CACH_DOC") if row[1] in SENTENCES]
    assert len(told) == len(SENTENCES) == 10
    assert "R1-2026.1" in "".join(str(v) for row in rows_of("CACH_DOC") for v in row)


@pytest.mark.parametrize("name", ["LUAN_PHIEN", "LUAN_PHIEN_LUOI", "LUAN_PHIEN_CAP"])
def test_grids_of_people_stand_in_no_other_sheet(name: str) -> None:
    assert name in book().sheetnames
    others = [n for n in book().sheetnames if "□↓" in "".join(str(v) for row in rows_of(n) for v in row)]
    assert [n for n in others if not n.startswith("DV_")] == ["LUAN_PHIEN_LUOI"]  # the unit's own page shows an excerpt


def test_the_machine_twin_names_nobody() -> None:
    target = io.BytesIO()
    write_rotation(target, case().results())
    text = target.getvalue().decode("utf-8-sig")
    assert text.startswith("unit,title,years,") and "Lò Giả" not in text
    assert "P1,CSTDCS,2018-2026,9,9,8,8," in text
