"""A unit fills the issued template in LibreOffice and sends it: nothing typed is lost or complained of."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import consolidate
from pipeline.intake import collect
from pipeline.province import Province, load_province
from pipeline.results import Results
from pipeline.submissions import Outcome, Status
from schemas.columns import Column, Kind, Sheet
from schemas.rules import Severity
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import NOW
from tests.end_to_end.filling import (
    SUFFIXES,
    UNIT,
    Filled,
    SelfCheck,
    cell_of,
    keystrokes,
    rows_of,
    self_check,
    self_check_steps,
)
from tests.end_to_end.office import Office

pytestmark = pytest.mark.office

#: KIEM_TRA's sentences by their first words: the findings that the pipeline makes of the same slips.
SAME_AS = {
    "Ô bắt buộc": {"V-02.required", "V-02.conditional", "V-01.no_rows"},
    "Mã không có": {"V-06.unknown", "V-06.near"},
    "Dòng trùng": {"V-05.same_key"},
    "Ngày sai thứ tự": {"V-09.order", "HS-02.order"},
    "Tổng số công chức": {"V-07.count"},
    "Số nữ": {"V-07.count"},
    "Phiếu thu về nhiều hơn": {"QT-03.issued"},
    "Phiếu thu về khác": {"QT-03.returned"},
    "Phiếu hợp lệ khác": {"QT-03.valid"},
}
#: These two lines share a kind of finding; the cell tells them apart.
ONLY_AT = {
    "Tổng số công chức": cell_of("DON_VI", "tong_so_cong_chuc"),
    "Số nữ": cell_of("DON_VI", "so_nu"),
}
#: What P1 does wrong: sheet → (field, row of entries) → what is typed instead.
SLIPS: Mapping[str, Mapping[tuple[str, int], str]] = {
    "DON_VI": {
        ("so_bien_ban", 0): "",  # required
        ("noi_niem_yet", 0): "",  # required because a posting began
        ("ma_nguoi_dung_dau", 0): "CC0097",  # not on the list
        ("ngay_bien_ban", 0): "04/11/2026",  # the day before the meeting
        ("tong_so_cong_chuc", 0): "4",
        ("so_nu", 0): "2",
    },
    "NHAN_SU": {("chuc_vu", 2): "", ("ngay_sinh", 1): "", ("ma_cc", 2): "CC0002"},
    "BIEN_DONG": {("ma_cc", 0): "CC0098", ("den_ngay", 0): "31/01/2026"},
    "DE_NGHI": {("ma_doi_tuong", 0): "CC0099", ("thanh_tich", 1): "", ("danh_hieu", 2): ""},
    "PHIEU": {("phieu_thu", 0): "4", ("dong_y", 1): "1", ("phieu_khong_hop_le", 2): "1"},
    "HOAT_DONG": {("ma_hd", 1): "HD01", ("so_tieu_chi", 0): ""},
    "DIEN_HINH": {("ngay_boi_duong", 0): "05/01/2026", ("ngay_nhan_rong", 0): "01/08/2026"},
    "HO_SO": {("loai_giay", 1): "Báo cáo thành tích", ("ma_dn", 2): "DN09", ("so", 0): ""},
    "SANG_KIEN": {("tac_gia", 0): "CC0096"},
}


def consolidated(province_folder: Path, sent: Path, folder: Path) -> Results:
    """What a run makes of one received file."""
    shutil.copytree(province_folder, folder)
    inbox = folder / "hop-thu"
    shutil.copy(sent, inbox)
    (inbox / "so-nhan.csv").write_text(
        f"tep,gui_luc,nhan_luc\n{sent.name},12/11/2026 08:00,12/11/2026 08:05\n", encoding="utf-8-sig"
    )
    return consolidate.examine(load_province(folder), collect(inbox), NOW)


@pytest.fixture(scope="module", params=SUFFIXES)
def results(
    request: pytest.FixtureRequest,
    filled: Filled,
    province_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Results:
    """The run on the filled template, saved in one of the formats."""
    folder = tmp_path_factory.mktemp("chay") / "tinh"
    return consolidated(province_folder, filled.files[request.param], folder)


def test_every_cell_that_the_unit_must_fill_is_unlocked_and_takes_what_was_typed(filled: Filled) -> None:
    assert filled.refused == {}


def test_kiem_tra_says_at_once_that_the_file_can_be_sent(filled: Filled) -> None:
    assert filled.live == filled.recalculated
    assert filled.live.total == "Có thể gửi"
    assert {(count, verdict) for _, _, count, _, verdict in filled.live.lines} == {(0, "● Đạt")}


def test_the_run_finds_nothing_to_say_of_the_unit(results: Results) -> None:
    mine = [f for f in results.findings if f.unit == UNIT]
    grave = {Severity.BLOCKING, Severity.NEEDS_REASON, Severity.WARNING}
    assert [f for f in mine if f.code.startswith("V-") or f.severity in grave] == []


def test_the_unit_stands_as_accepted_and_every_cell_is_accounted_for(results: Results) -> None:
    state = next(state for state in results.board if state.code == UNIT)
    assert (state.status, state.staff, state.nominations) == (Status.ACCEPTED, 3, 3)
    (record,) = results.dataset.records
    assert record.outcome is Outcome.COUNTED
    assert record.counts.balanced
    assert (record.counts.refused, record.counts.unread) == (0, 0)


@pytest.mark.parametrize("sheet", UNIT_TEMPLATE.sheets, ids=lambda sheet: sheet.code)
def test_all_that_was_typed_arrives(results: Results, sheet: Sheet) -> None:
    province = results.dataset.province
    movement = next(iter(province.lists.labels["PHONG_TRAO"].values()))
    frame = results.dataset.frames[sheet.code]
    arrived = [
        {name: value for name, value in row.items() if pd.notna(value)}
        for row in frame[[column.name for column in sheet]].astype(object).to_dict("records")
    ]
    expected = [
        {name: understood(sheet.by_name[name], value, province) for name, value in row.items()}
        for row in rows_of(sheet, movement)
    ]
    assert arrived == expected
    cells = len(keystrokes(sheet, movement)) + sum(column.locked for column in sheet)
    assert sum(map(len, arrived)) == cells


def understood(column: Column, value: Any, province: Province) -> Any:
    """The value that a typed cell stands for in the data."""
    if column.kind is Kind.CHOICES:
        return ";".join(province.lists.readings[column.vocabulary or ""][text] for text in value.split("; "))
    if column.vocabulary:
        return province.lists.readings[column.vocabulary][value]
    return dt.datetime.combine(value, dt.time()) if column.kind.temporal else value


@pytest.fixture(scope="module")
def slipped(
    office: Office, filled: Filled, province_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[SelfCheck, Results]:
    """KIEM_TRA and the run's results after P1 made all the slips in its good file."""
    path = tmp_path_factory.mktemp("sai") / "TDKT-01_P1.xlsx"
    answers = office.run([
        {"do": "open", "path": str(filled.files[".xlsx"])},
        *(
            {"do": "type", "sheet": sheet, "cells": {cell_of(sheet, *at): text for at, text in slips.items()}}
            for sheet, slips in SLIPS.items()
        ),
        {"do": "recalculate"}, *self_check_steps(), {"do": "save", "path": str(path)},
    ])  # fmt: skip
    assert answers[1 : len(SLIPS) + 1] == [{}] * len(SLIPS)
    results = consolidated(province_folder, path, tmp_path_factory.mktemp("chay-sai") / "tinh")
    return self_check(*answers[-3:-1]), results


def counterparts(line: tuple[Any, ...], results: Results) -> list[str]:
    """Cells of the findings that say the same as a line of KIEM_TRA, from the top."""
    sheet, sentence = line[:2]
    words = next(words for words in SAME_AS if sentence.startswith(words))
    found = [
        f for f in results.findings
        if f.unit == UNIT and f.sheet == sheet and f"{f.code}.{f.variant}" in SAME_AS[words]
        and f.cell == ONLY_AT.get(words, f.cell)
    ]  # fmt: skip
    if words == "Dòng trùng":
        # A run names every row of a repeated key; KIEM_TRA counts the rows that repeat one above them.
        first = {f.params["khoa"]: f for f in sorted(found, key=by_cell, reverse=True)}
        found = [f for f in found if f is not first[f.params["khoa"]]]
    return [f.cell for f in sorted(found, key=by_cell)]


def by_cell(finding: Any) -> tuple[int, int, str]:
    letters = finding.cell.rstrip("0123456789")
    return int(finding.cell[len(letters) :]), len(letters), letters


def test_kiem_tra_counts_what_the_run_finds(slipped: tuple[SelfCheck, Results]) -> None:
    page, results = slipped
    counted = [(sheet, sentence, count) for sheet, sentence, count, _, _ in page.lines]
    found = [(*line[:2], len(counterparts(line, results))) for line in page.lines]
    assert counted == found
    assert page.total == f"Còn {sum(len(counterparts(line, results)) for line in page.lines)} chỗ cần sửa"


def test_kiem_tra_leads_to_the_cell_that_the_run_names_first(slipped: tuple[SelfCheck, Results]) -> None:
    page, results = slipped
    led = [(sheet, sentence, first) for sheet, sentence, _, first, _ in page.lines]
    assert led == [(*line[:2], (counterparts(line, results) or [""])[0]) for line in page.lines]


def test_every_kind_of_slip_was_made(slipped: tuple[SelfCheck, Results]) -> None:
    page, _ = slipped
    wrong = {words for words in SAME_AS for line in page.lines if line[1].startswith(words) and line[2]}
    assert wrong == set(SAME_AS)


def test_the_run_finds_no_slip_that_was_not_made(slipped: tuple[SelfCheck, Results]) -> None:
    page, results = slipped
    told = {(line[0], cell) for line in page.lines for cell in counterparts(line, results)}
    mine = [f for f in results.findings if f.unit == UNIT and f.judged]
    told |= {(f.sheet, f.cell) for f in mine if f.code == "V-05"}
    assert {(f.sheet, f.cell, f.code) for f in mine if (f.sheet, f.cell) not in told} == set()
