"""The council's workbook in LibreOffice: it computes what we wrote, and prints."""

from __future__ import annotations

import math
import shutil
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.sample import make_province
from tests.end_to_end.commands import ROOT, tdkt
from tests.end_to_end.office import Office

pytestmark = pytest.mark.office

#: What a formula that failed shows.
FAILED = ("Err:", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!")
#: What no page may show: a cell too narrow, formulas that failed.
NEVER_PRINTED = ("###", "Err:", "#REF!", "#NAME?")
#: The one rule that speaks of such cells in what units sent, and quotes them.
QUOTES = "V-15"
CLOSE = 1e-9
SECONDS = 60


@dataclass(frozen=True)
class Opened:
    """One workbook as we wrote it, as LibreOffice computes it, and on paper."""

    path: Path
    sheets: list[str]
    computed: dict[str, dict[str, Any]]
    paper: Path


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample province; made anew where the repository does not hold it."""
    folder = ROOT / "input_samples"
    if not (folder / "cau-hinh.xlsx").exists():
        folder = tmp_path_factory.mktemp("mau") / "tinh"
        make_province(folder)
    return folder


@pytest.fixture(scope="module")
def workbook(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("ra")
    done = tdkt("consolidate", sample, "-o", output, "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return output / "tong-hop.xlsx"


@pytest.fixture(scope="module")
def opened(office: Office, workbook: Path) -> Opened:
    paper = workbook.with_suffix(".pdf")
    sheets, _, computed, _ = office.run([
        {"do": "open", "path": str(workbook)}, {"do": "recalculate"}, {"do": "formulas"},
        {"do": "save", "path": str(paper)},
    ])  # fmt: skip
    return Opened(workbook, sheets, computed, paper)


def stored(path: Path) -> tuple[list[str], dict[str, dict[str, Any]]]:
    """Sheets, and the value that the file holds for each formula cell, by sheet and address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it does not know; nothing is saved here
        formulas, values = (openpyxl.load_workbook(path, data_only=only) for only in (False, True))
    found = {
        page.title: {
            cell.coordinate: values[page.title][cell.coordinate].value
            for row in page.iter_rows() for cell in row if cell.data_type == "f"
        }
        for page in formulas.worksheets
    }  # fmt: skip
    return formulas.sheetnames, found


def differs(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, bool | int | float) and isinstance(theirs, int | float):
        return not math.isclose(ours, theirs, rel_tol=CLOSE, abs_tol=CLOSE)
    return (ours or "") != (theirs or "")


def test_libreoffice_computes_what_we_wrote(opened: Opened) -> None:
    sheets, ours = stored(opened.path)
    assert opened.sheets == sheets
    assert {name: sorted(cells) for name, cells in opened.computed.items()} == {
        name: sorted(cells) for name, cells in ours.items()
    }
    assert sum(map(len, ours.values())) > 0
    assert {
        f"{sheet}!{address}": (value, opened.computed[sheet][address])
        for sheet, cells in ours.items()
        for address, value in cells.items()
        if differs(value, opened.computed[sheet][address])
    } == {}


def test_no_formula_fails(opened: Opened) -> None:
    texts = [v for cells in opened.computed.values() for v in cells.values() if isinstance(v, str)]
    assert [text for text in texts if text.startswith(FAILED)] == []


def test_it_prints_with_nothing_cut_to_hashes(opened: Opened) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run(
        ["pdftotext", "-layout", "-enc", "UTF-8", str(opened.paper), "-"],
        capture_output=True, check=True, encoding="utf-8", timeout=SECONDS,
    )  # fmt: skip
    pages = done.stdout.split("\f")[:-1]
    assert len(pages) >= len(opened.sheets) // 2
    assert [
        (number, line.strip())
        for number, page in enumerate(pages, start=1)
        for line in page.splitlines()
        if any(sign in line for sign in NEVER_PRINTED) and QUOTES not in line
    ] == []
