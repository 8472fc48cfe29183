"""The whole run on the sample province against its answer key, and on provinces that cannot be used."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from functools import cache
from pathlib import Path

import pytest

from pipeline import validation
from pipeline.consolidate import consolidate, examine
from pipeline.documents import DOCUMENTS
from pipeline.intake import Intake, collect
from pipeline.layout import shown
from pipeline.package import examine as examine_package
from pipeline.province import load_province
from pipeline.reading import read_book
from pipeline.refusals import CannotRun
from pipeline.results import Results, replaced_refusals
from pipeline.submissions import Outcome, Status
from schemas.rules import Severity, register
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import CONFIGURED, GOOD, UNITS, book_bytes, province, write_province

SAMPLE = Path(__file__).parents[2] / "input_samples"


@cache
def results() -> Results:
    return examine(load_province(SAMPLE), collect(SAMPLE / "hop-thu"))


def _answers() -> set[tuple[str, str, str, str]]:
    with (SAMPLE / "dap-an.csv").open(encoding="utf-8-sig", newline="") as file:
        return {(r["tep"], r["trang_tinh"], r["o"], r["ma"]) for r in csv.DictReader(file)}


def test_every_planted_error_is_found_at_its_cell_and_nothing_else() -> None:
    found = {(f.file, f.sheet, f.cell, f.code) for f in results().findings if f.judged}
    assert found == _answers()


def test_every_v_rule_and_every_family_is_planted() -> None:
    codes = {code for *_, code in _answers()}
    assert codes >= {f"V-{n:02d}" for n in range(1, 21)} | {"HS-02", "QT-03", "V-LAW"}
    families = {code.split("-")[0] for code, rule in register().items() if rule.variants}
    families -= {"KL"}  # said of the reviewed workbook only, see test_decisions.py
    assert {code.split("-")[0] for code in codes} == families


def test_what_the_province_changed_or_waived_stands_on_its_lines() -> None:
    notes = {f.code: (f.note, f.severity) for f in results().findings if f.note}
    assert set(notes) == {"KT-03", "SK-03"}
    assert "12/HD-VKS" in notes["KT-03"][0] and notes["KT-03"][1] is Severity.WARNING
    assert "31/TB-VKS" in notes["SK-03"][0] and notes["SK-03"][1] is Severity.INFORMATION


def test_reported_cells_hold_the_reported_values() -> None:
    items = {item.path: item for item in collect(SAMPLE / "hop-thu").items}
    books = {}
    checked = 0
    for finding in results().findings:
        item = items.get(finding.file)
        if item is None or not finding.cell or ":" in finding.cell or finding.code == "V-14":
            continue
        if finding.file not in books:
            books[finding.file] = read_book(item.content, examine_package(item.content, item.path))
        grid = next(g for g in books[finding.file].grids if g.name == finding.sheet)
        letters = finding.cell.rstrip("0123456789")
        row, column = int(finding.cell[len(letters) :]), sum((ord(c) - 64) * 26**i for i, c in enumerate(letters[::-1]))
        raw = grid.rows[row - 1][column - 1] if row <= len(grid.rows) and column <= len(grid.rows[0]) else ""
        assert shown(raw) == finding.value, finding
        checked += 1
    assert checked > 30


def test_cells_in_are_cells_out_for_every_file() -> None:
    for record in results().dataset.records:
        assert record.counts.balanced, record
        assert (record.counts.accepted > 0) == (record.outcome in (Outcome.COUNTED, Outcome.SUPERSEDED)), record


def test_a_refused_file_and_an_unserved_unit_always_have_a_finding() -> None:
    said = {f.file for f in results().findings}
    assert all(r.path in said for r in results().dataset.records if r.outcome is not Outcome.COUNTED)
    settled = replaced_refusals(results().dataset)
    assert settled
    grave = (Severity.BLOCKING, Severity.NEEDS_REASON)
    blocked = {f.unit for f in results().findings if f.severity in grave and f.file not in settled}
    for state in results().board:
        assert (state.status is Status.ACCEPTED) == (state.counted is not None and state.code not in blocked)
        if state.counted is None:
            assert ("V-20", state.code) in {(f.code, f.unit) for f in results().findings}


def test_the_order_in_which_files_lie_does_not_matter() -> None:
    intake = collect(SAMPLE / "hop-thu")
    other = examine(load_province(SAMPLE), Intake(intake.items[::-1], intake.findings, intake.ignored))
    assert [f.at(row_id=None, about=None) for f in other.findings] == [
        f.at(row_id=None, about=None) for f in results().findings
    ]
    assert [(s.code, s.status, s.blocking, s.delay) for s in other.board] == [
        (s.code, s.status, s.blocking, s.delay) for s in results().board
    ]


def test_a_stopped_row_is_a_row_with_a_blocking_finding() -> None:
    data = results().dataset
    for row_id in data.stopped:
        assert any(f.row_id == row_id and f.severity is Severity.BLOCKING for f in results().findings)
    assert data.stopped


def test_outputs_agree_with_one_another(tmp_path: Path) -> None:
    report = consolidate(SAMPLE, tmp_path)
    names = ["tong-hop.xlsx", "phat-hien.csv", "luan-phien.csv", "xep-hang.csv", "run.json", *DOCUMENTS]
    assert [p.name for p in report.written] == names
    with (tmp_path / "phat-hien.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    record = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert len(rows) == len(report.results.findings)
    assert sum(record["counts"]["findings"].values()) + record["counts"]["not_judged"] == len(rows)
    assert {f["path"] for f in record["files"]} == {r.path for r in report.results.dataset.records}
    assert all(f["cells"]["balanced"] for f in record["files"])
    assert report.exit_code(None) == 0 and report.exit_code(Severity.BLOCKING) == 1
    people = report.results.dataset.frames["NHAN_SU"]["ho_ten"].dropna()
    assert not [name for name in people if any(name in line for line in report.lines())]


def test_a_bug_of_ours_costs_one_file_and_ends_with_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true = validation.parse_column

    victim = str(results().dataset.frames["HOAT_DONG"]["ket_qua_so"].dropna().iloc[0])
    monkeypatch.setattr(
        validation, "parse_column",
        lambda column, cells, lists: 1 / 0 if victim in cells else true(column, cells, lists),
    )  # fmt: skip
    report = consolidate(SAMPLE, tmp_path)
    assert report.exit_code(None) == 3 and report.internal_errors >= 1
    aside = [r for r in report.results.dataset.records if r.outcome is Outcome.INTERNAL]
    assert {(f.code, f.variant) for f in report.results.findings if f.file == aside[0].path} >= {("V-11", "internal")}
    assert any(r.outcome is Outcome.COUNTED for r in report.results.dataset.records)


# --- what the operator must mend ----------------------------------------------------------------------------


def test_no_folder_no_configuration_no_inbox(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="Không có thư mục"):
        consolidate(tmp_path / "none", tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CannotRun, match="tdkt init"):
        consolidate(tmp_path / "empty", tmp_path / "out")
    folder = write_province(tmp_path / "p")
    shutil.rmtree(folder / "hop-thu")
    with pytest.raises(CannotRun, match="hop-thu"):
        consolidate(folder, tmp_path / "out")


@pytest.mark.parametrize("missing", ["KY_XET", "DON_VI", "DANH_HIEU"])
def test_a_sheet_that_cannot_be_used_at_all_ends_the_run(tmp_path: Path, missing: str) -> None:
    folder = write_province(tmp_path, {k: v for k, v in CONFIGURED.items() if k != missing})
    with pytest.raises(CannotRun, match=missing):
        load_province(folder)


def test_a_wrong_cell_of_the_configuration_is_a_finding_and_the_run_goes_on(tmp_path: Path) -> None:
    units = [*UNITS, {**UNITS[1], "ma_don_vi": "P3", "muc_kho": "cao", "ke_thua": "P77"}]
    province = load_province(write_province(tmp_path, {**CONFIGURED, "DON_VI": units}))
    found = {(f.file, f.sheet, f.cell, f.code) for f in province.findings}
    assert found == {("cau-hinh.xlsx", "DON_VI", "I8", "V-03"), ("cau-hinh.xlsx", "DON_VI", "H8", "V-06")}
    assert "P3" in province.expected().index  # the cell is null, the unit still has to send


def test_a_missing_history_is_said(tmp_path: Path) -> None:
    folder = write_province(tmp_path)
    (folder / "lich-su.xlsx").unlink()
    assert [(f.code, f.variant) for f in load_province(folder).findings] == [("V-01", "no_history")]


def test_a_configuration_that_is_something_else_is_refused(tmp_path: Path) -> None:
    folder = write_province(tmp_path)
    shutil.copy(folder / "lich-su.xlsx", folder / "cau-hinh.xlsx")
    with pytest.raises(CannotRun, match="TDKT-CH"):
        load_province(folder)
    (folder / "cau-hinh.xlsx").write_bytes(b"")
    with pytest.raises(CannotRun, match="rỗng"):
        load_province(folder)


def test_results_are_not_written_into_the_inbox(tmp_path: Path) -> None:
    folder = write_province(tmp_path)
    with pytest.raises(CannotRun, match="hộp thư"):
        consolidate(folder, folder / "hop-thu" / "out")


@pytest.mark.parametrize(
    ("change", "variant"),
    [
        ({"den_ngay": dt.date(2026, 6, 30)}, "closed_unit"),
        ({"tu_ngay": dt.date(2026, 12, 31)}, "not_yet"),
    ],
)
def test_what_counts_is_always_on_the_board(tmp_path: Path, change: dict[str, object], variant: str) -> None:
    folder = write_province(tmp_path / "p", {**CONFIGURED, "DON_VI": [{**UNITS[0], **change}, *UNITS[1:]]})
    content = book_bytes(UNIT_TEMPLATE, province().lists, province().identity("P1", UNIT_TEMPLATE), GOOD)
    (folder / "hop-thu" / "P1.xlsx").write_bytes(content)
    found = examine(load_province(folder), collect(folder / "hop-thu"))
    assert {(f.code, f.variant) for f in found.findings if f.file == "P1.xlsx"} == {("V-08", variant)}
    assert set(found.dataset.counted) <= {state.code for state in found.board}


def test_a_unit_whose_deadline_cannot_be_read_still_counts(tmp_path: Path) -> None:
    units = [{**UNITS[0], "han_nop": "31/02/2026", "khoi": None}, *UNITS[1:]]
    folder = write_province(tmp_path / "p", {**CONFIGURED, "DON_VI": units})
    content = book_bytes(UNIT_TEMPLATE, province().lists, province().identity("P1", UNIT_TEMPLATE), GOOD)
    (folder / "hop-thu" / "P1.xlsx").write_bytes(content)
    found = examine(load_province(folder), collect(folder / "hop-thu"))
    said = {(f.code, f.variant) for f in found.findings if f.file == "P1.xlsx" and f.code.startswith("V-")}
    assert said == {
        ("V-18", "not_judged"),
        ("V-LAW", "not_judged"),  # the form leaves its legal grounds blank
    }
    assert "P1" in found.dataset.counted
