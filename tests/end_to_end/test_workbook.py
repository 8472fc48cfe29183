"""The council's workbook in LibreOffice: it computes what we wrote, and prints."""

from __future__ import annotations

import math
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.sample import make_province
from tests.end_to_end.commands import ROOT, tdkt
from tests.end_to_end.office import Office
from tests.end_to_end.printed import (
    Printed,
    fits_one_page_across,
    orphans,
    pages_by_sheet,
    repeated_headings,
    together,
)

pytestmark = pytest.mark.office

#: What a formula that failed shows.
FAILED = ("Err:", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!")
#: What no page may show: a cell too narrow, formulas that failed.
NEVER_PRINTED = ("###", "Err:", "#REF!", "#NAME?")
#: The one rule that speaks of such cells in what units sent, and quotes them.
QUOTES = "V-15"
CLOSE = 1e-9


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


@pytest.fixture(scope="module")
def pages(opened: Opened) -> dict[str, list[Printed]]:
    """Printed pages by sheet."""
    if shutil.which("pdftotext") is None or shutil.which("pdftohtml") is None:
        pytest.skip("pdftotext, pdftohtml (poppler-utils) are not installed")
    return pages_by_sheet(opened.paper, opened.sheets)


@pytest.fixture(scope="module")
def book(opened: Opened) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it does not know; nothing is saved here
        return openpyxl.load_workbook(opened.path, data_only=True)


def test_every_sheet_that_can_be_seen_prints(pages: dict[str, list[Printed]], book: openpyxl.Workbook) -> None:
    assert list(pages) == [page.title for page in book.worksheets if page.sheet_state == "visible"]


def test_no_page_shows_hashes_or_failed_formulas(pages: dict[str, list[Printed]]) -> None:
    shown = [
        (sheet, page.number, text)
        for sheet, found in pages.items()
        for page in found
        for text in page.texts
        if any(sign in text for sign in NEVER_PRINTED) and QUOTES not in page.texts
    ]
    assert shown == []


def test_no_page_ends_with_headings_of_what_follows(pages: dict[str, list[Printed]], book: openpyxl.Workbook) -> None:
    alone = [(sheet, page.number, title) for sheet, found in pages.items() for page in found
             for title in orphans(page, book[sheet])]  # fmt: skip
    assert alone == []


def test_no_column_is_cut_off(pages: dict[str, list[Printed]], book: openpyxl.Workbook) -> None:
    """Every page of a table that repeats its headings shows all of them, one wide sheet of data on several pages."""
    missing = []
    looked_at = 0
    for sheet, found in pages.items():
        for row, texts in repeated_headings(book[sheet]).items():
            looked_at += 1
            below = found if fits_one_page_across(book[sheet]) else [together(found)]
            missing += [(sheet, row, p.number, text) for p in below for text in texts if not p.shows(text)]
    assert missing == []
    assert looked_at > 20
