"""A unit fills the issued template in LibreOffice and sends it: nothing typed is lost or complained of."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import consolidate
from pipeline.findings import Finding
from pipeline.intake import collect
from pipeline.layout import identity_of
from pipeline.package import examine
from pipeline.province import Province, load_province
from pipeline.reading import read_book
from pipeline.results import Results
from pipeline.seal import Authenticity, judge, read_secret
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
from tests.end_to_end.slips import (
    CASES,
    HIDDEN,
    SAME_AS,
    STRICTER,
    Answers,
    answers,
    counterparts,
    words_of,
)

pytestmark = pytest.mark.office

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
    "DE_NGHI": {("ma_doi_tuong", 0): "CC0099", ("thanh_tich", 1): "", ("hinh_thuc", 2): ""},
    "PHIEU": {("phieu_thu", 0): "4", ("dong_y", 1): "1", ("phieu_khong_hop_le", 2): "1"},
    "HOAT_DONG": {("ma_hd", 1): "HD01", ("so_tieu_chi", 0): ""},
    "DIEN_HINH": {("ngay_boi_duong", 0): "05/01/2026", ("ngay_nhan_rong", 0): "01/08/2026"},
    "HO_SO": {("loai_giay", 1): "Báo cáo thành tích", ("ma_dn", 2): "DN09", ("so", 0): ""},
    "SANG_KIEN": {("tac_gia", 0): "CC0096"},
}


def of_form(finding: Finding) -> bool:
    """Whether a finding is about the form itself: what KIEM_TRA looks at too."""
    return finding.code in ("HS-02", "QT-03") or (finding.code.startswith("V-") and finding.code != "V-LAW")


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
    grave = {Severity.BLOCKING, Severity.NEEDS_REASON}
    assert [f for f in mine if of_form(f) or f.severity in grave] == []


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


def told_by(results: Results) -> list[Finding]:
    """What the run says of the unit's own file."""
    return [f for f in results.findings if f.unit == UNIT and f.judged and of_form(f)]


def test_kiem_tra_counts_what_the_run_finds(slipped: tuple[SelfCheck, Results]) -> None:
    page, results = slipped
    counted = [(sheet, sentence, count) for sheet, sentence, count, _, _ in page.lines]
    found = [(*line[:2], len(counterparts(line, told_by(results)))) for line in page.lines]
    assert counted == found
    assert page.total == f"Còn {sum(number for _, _, number in found)} chỗ cần sửa"


def test_kiem_tra_leads_to_the_cell_that_the_run_names_first(slipped: tuple[SelfCheck, Results]) -> None:
    page, results = slipped
    led = [(sheet, sentence, first) for sheet, sentence, _, first, _ in page.lines]
    assert led == [(*line[:2], (counterparts(line, told_by(results)) or [""])[0]) for line in page.lines]


def test_the_run_finds_no_slip_that_was_not_made(slipped: tuple[SelfCheck, Results]) -> None:
    page, results = slipped
    told = {(line[0], cell) for line in page.lines for cell in counterparts(line, told_by(results))}
    assert {(f.sheet, f.cell, f.code) for f in told_by(results) if (f.sheet, f.cell) not in told} == set()


@pytest.fixture(scope="module")
def pasted(office: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answers]:
    """What is said of files with slips that come by pasting, or from a machine with other settings."""
    slips = {**CASES, **{name: one for name, (one, _) in {**HIDDEN, **STRICTER}.items()}}
    return dict(zip(slips, answers(office, tmp_path_factory.mktemp("dan"), slips.values()), strict=True))


@pytest.mark.parametrize("case", [*CASES, *HIDDEN, *STRICTER])
def test_the_page_as_written_is_the_page_as_computed(pasted: dict[str, Answers], case: str) -> None:
    assert pasted[case].written == pasted[case].page


@pytest.mark.parametrize("case", CASES)
def test_kiem_tra_and_the_run_agree_on_every_slip(pasted: dict[str, Answers], case: str) -> None:
    page, found = pasted[case].page, pasted[case].findings
    same = [(*line[:2], counterparts(line, found)) for line in page.lines]
    assert [line[:4] for line in page.lines] == [(*one[:2], len(one[2]), (one[2] or [""])[0]) for one in same]
    assert {(f.sheet, f.cell) for f in found} == {(sheet, cell) for sheet, _, cells in same for cell in cells}
    assert (page.total == "Có thể gửi") == (not found)


@pytest.mark.parametrize("case", [*HIDDEN, *STRICTER])
def test_where_kiem_tra_and_the_run_differ(pasted: dict[str, Answers], case: str) -> None:
    page, found = pasted[case].page, pasted[case].findings
    differences = {
        words_of(line[1]): len(counterparts(line, found)) - line[2]
        for line in page.lines
        if line[2] != len(counterparts(line, found))
    }
    hidden, stricter = HIDDEN.get(case, ({}, {}))[1], STRICTER.get(case, ({}, {}))[1]
    assert differences == hidden | {words: -number for words, number in stricter.items()}


def test_at_least_two_files_show_each_kind_of_slip(pasted: dict[str, Answers]) -> None:
    shown = Counter(
        words for case in CASES for words in {words_of(line[1]) for line in pasted[case].page.lines if line[2]}
    )
    assert {words for words in SAME_AS if shown[words] < 2} == set()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_seal_of_the_template_survives(filled: Filled, province_folder: Path, suffix: str) -> None:
    content = filled.files[suffix].read_bytes()
    identity = identity_of(read_book(content, examine(content, filled.files[suffix].name)), UNIT_TEMPLATE)
    assert identity
    assert judge(identity, [UNIT], read_secret(province_folder)) == (Authenticity.VERIFIED, "")
