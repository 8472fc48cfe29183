"""The council's workbook as a whole: every sheet, its bytes, formulas, and what LibreOffice makes of it."""

from __future__ import annotations

import io
import math
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.results import Results
from pipeline.workbook import FIRST_AFTER_UNITS, SHEETS, council_votes, tally_minutes, write_workbook
from pipeline.workbook.keys import KEY_HEADING
from pipeline.workbook.plan import Group
from pipeline.workbook.table import COUNCIL_NOTE
from schemas.rules import Severity
from tests.pipeline.test_workbook_case import content, made, opened

#: What is printed and signed.
FORMS = tuple(module.PLAN.name for module in SHEETS if module.PLAN.group is Group.PRINT)
#: Characters of a column whose width nobody set.
DEFAULT_WIDTH = 9.14


@pytest.fixture(scope="module")
def results() -> Results:
    return made()


@pytest.fixture(scope="module")
def data(results: Results) -> bytes:
    return content(results)


@pytest.fixture(scope="module")
def book(data: bytes) -> openpyxl.Workbook:
    return opened(data)


@pytest.fixture(scope="module")
def values(data: bytes) -> openpyxl.Workbook:
    return opened(data, values=True)


def printed_widths(page: Worksheet) -> list[float]:
    """Width of each column from A, in characters; 0 for a hidden one."""
    found: dict[int, float] = {}
    for item in page.column_dimensions.values():  # one item stands for neighbours of one width
        found |= dict.fromkeys(range(item.min, item.max + 1), 0.0 if item.hidden else item.width)
    return [found.get(column, DEFAULT_WIDTH) for column in range(1, page.max_column + 1)]


class TestEverySheet:
    def test_names_are_plain_and_in_order(self, book: openpyxl.Workbook) -> None:
        assert without_units(book) == [module.PLAN.name for module in SHEETS]
        units = [name for name in book.sheetnames if name.startswith("DV_")]
        assert units == ["DV_P2", "DV_P1", "DV_KV1"]
        assert book.sheetnames.index(units[-1]) + 1 == book.sheetnames.index(FIRST_AFTER_UNITS.PLAN.name)
        assert all(re.fullmatch(r"[A-Z0-9_]{1,31}", name) for name in book.sheetnames)

    def test_leads_back_to_the_contents(self, book: openpyxl.Workbook) -> None:
        for page in book.worksheets[1:]:
            assert page["A1"].value == "← Mục lục"
            assert page["A1"].hyperlink.location.startswith("'BIA'!")

    def test_is_listed_in_the_contents(self, book: openpyxl.Workbook) -> None:
        links = {c.value: c.hyperlink.location for row in book["BIA"].iter_rows() for c in row if c.hyperlink}
        assert all(links[name] == f"'{name}'!A1" for name in without_units(book)[1:])
        assert links["DV_P2 … DV_KV1"] == "'DV_P2'!A1"
        assert links["KV1 · VKSND khu vực 1"] == "'DV_KV1'!A1"

    def test_is_protected_without_password(self, book: openpyxl.Workbook) -> None:
        for page in book.worksheets:
            assert page.protection.sheet
            assert not page.protection.password
            assert page.protection.autoFilter is False  # False: allowed

    def test_prints_one_page_wide_on_its_paper_unless_very_wide(self, book: openpyxl.Workbook) -> None:
        wide = {module.PLAN.name for module in SHEETS if module.PLAN.wide}
        for page in book.worksheets:
            assert page.page_setup.paperSize == (8 if page.title in wide else 9)
            assert ("In khổ A3, ngang." in str(page["A3"].value)) == (page.title in wide)
            if page.title in FORMS:  # pages are broken by hand, which goes only with a fixed scale
                assert page.page_setup.scale or page.title != "IN_0601_0603"
                continue
            assert page.sheet_properties.pageSetUpPr.fitToPage
            assert page.page_setup.fitToWidth in (None, 1) or page.title == "DL_DON_VI"
            assert page.page_margins.left == pytest.approx(1.18)
            assert "&P" in page.oddHeader.center.text or page.oddHeader.center.text == "&P"

    def test_tables_for_paper_keep_eight_points(self, book: openpyxl.Workbook) -> None:
        pixels = {8: (420 - 45) / 25.4 * 96, 9: (297 - 45) / 25.4 * 96}
        for module in SHEETS:
            page = book[module.PLAN.name]
            if module.PLAN.printed and page.title not in ("BIA", "TONG_QUAN", *FORMS):  # forms keep the size of letters
                last = (page.tables and max(range_boundaries(t.ref)[2] for t in page.tables.values())) or 12
                used = 7 * sum(printed_widths(page)[:last])  # with the padding of each
                assert 10 * min(1, pixels[page.page_setup.paperSize] / used) >= 7.95, page.title

    def test_the_cover_is_one_page(self, book: openpyxl.Workbook) -> None:
        assert (book["BIA"].page_setup.fitToWidth, book["BIA"].page_setup.fitToHeight) in ((1, 1), (None, None))

    def test_repeats_a_row_on_each_printed_page(self, book: openpyxl.Workbook) -> None:
        assert [p.title for p in book.worksheets if not p.print_title_rows] == ["TONG_QUAN", "IN_0601_0603"]

    def test_tab_colour_tells_the_group(self, book: openpyxl.Workbook) -> None:
        for module in SHEETS:
            page = book[module.PLAN.name]
            assert page.sheet_properties.tabColor.rgb[-6:] == module.PLAN.group.colour[1:].upper()

    def test_tables_have_filters_and_one_heading_each(self, book: openpyxl.Workbook) -> None:
        for page in book.worksheets:
            if page.title in ("TONG_QUAN", *FORMS) or page.title.startswith("DV_"):
                continue
            assert page.tables or page.auto_filter.ref
            for table in page.tables.values():
                assert table.autoFilter
                first, top, last, _ = range_boundaries(table.ref)
                headings = [page.cell(top, column).value for column in range(first, last + 1)]
                assert headings == [column.name for column in table.tableColumns]

    def test_links_lead_to_sheets_that_exist(self, book: openpyxl.Workbook) -> None:
        links = [c.hyperlink for page in book.worksheets for row in page.iter_rows() for c in row if c.hyperlink]
        assert len(links) > 60
        for link in links:
            sheet, _, place = link.location.rpartition("!")
            assert book[sheet.strip("'")][place].value is not None

    def test_council_columns_are_unlocked_and_last(self, book: openpyxl.Workbook) -> None:
        for name in ("TINH_TRANG_NOP", "PHAT_HIEN", "TH_TAP_THE", "TH_CA_NHAN"):
            page = book[name]
            table = next(iter(page.tables.values()))
            _, top, keys, bottom = range_boundaries(table.ref)
            last = keys - 1
            assert page.cell(top, last).value in (COUNCIL_NOTE, "Lý do")
            assert page.cell(top, keys).value == KEY_HEADING
            assert page.column_dimensions[get_column_letter(keys)].hidden
            for row in range(top + 1, bottom + 1):
                assert not page.cell(row, last).protection.locked
                assert page.cell(row, 1).protection.locked

    def test_conclusions_come_from_a_list(self, book: openpyxl.Workbook) -> None:
        rules = book["TH_CA_NHAN"].data_validations.dataValidation
        assert {rule.formula1 for rule in rules} == {'"Đồng ý,Không đồng ý,Hạ mức,Trả lại,Để lại kỳ sau"'}

    def test_font_is_times_new_roman(self, data: bytes) -> None:
        styles = zipfile.ZipFile(io.BytesIO(data)).read("xl/styles.xml").decode()
        assert set(re.findall(r'<name val="([^"]+)"', styles)) == {"Times New Roman"}


class TestBytes:
    def test_same_results_same_bytes(self, data: bytes) -> None:
        assert content(made()) == data

    def test_a_path_is_written_whole(self, results: Results, data: bytes, tmp_path: Path) -> None:
        write_workbook(tmp_path / "tong-hop.xlsx", results)
        assert [p.name for p in tmp_path.iterdir()] == ["tong-hop.xlsx"]
        assert (tmp_path / "tong-hop.xlsx").read_bytes() == data

    def test_sheets_are_told_before_they_are_written(self, results: Results) -> None:
        told: list[str] = []
        write_workbook(io.BytesIO(), results, trace=told.append)
        assert sorted(told) == sorted(["DV_KV1", "DV_P1", "DV_P2", *(module.PLAN.name for module in SHEETS)])
        assert told[-1] == "BIA"


class TestFormulas:
    def formulas(self, book: openpyxl.Workbook) -> Iterator[tuple[str, str, str]]:
        for page in book.worksheets:
            for row in page.iter_rows():
                for c in row:
                    if c.data_type == "f":
                        yield page.title, c.coordinate, c.value

    def test_every_formula_has_its_value(self, book: openpyxl.Workbook, values: openpyxl.Workbook) -> None:
        found = list(self.formulas(book))
        assert len(found) > 20
        # A vote that nobody has typed yet computes to a blank, which openpyxl reads as None.
        votes = (council_votes.PLAN.name, tally_minutes.PLAN.name)
        assert all(values[s][p].value is not None or s in votes for s, p, _ in found)

    def test_values_are_those_of_a_recount(self, book: openpyxl.Workbook, values: openpyxl.Workbook) -> None:
        seen = set()
        for sheet, place, formula in self.formulas(book):
            if sheet in (council_votes.PLAN.name, tally_minutes.PLAN.name):
                continue  # recomputed by LibreOffice in tests/end_to_end/test_decisions.py
            kind = re.match(r"=(\w+)", formula)
            seen.add(kind[1] if kind else "")
            assert values[sheet][place].value == recount(formula[1:], values, sheet), (sheet, place, formula)
        assert {"COUNTIF", "COUNTIFS", "SUMIF", "COUNT", "SUM"} <= seen

    def test_the_overview_says_what_the_board_says(self, values: openpyxl.Workbook, results: Results) -> None:
        page = values["TONG_QUAN"]
        tiles = {page.cell(r + 1, c).value: page.cell(r, c).value for r in (4, 8) for c in (1, 4, 7, 10)}
        assert tiles == {
            "đơn vị nộp đúng hạn": 2,
            "hồ sơ đủ ngay lần đầu": 0,
            "đề nghị": 6,
            "người được đề nghị là trực tiếp công tác": pytest.approx(3 / 4),
            "nơi có dấu hiệu luân phiên": 0,
            "phong trào đã sơ kết, tổng kết": "–",
            "điển hình đủ bốn khâu": "–",
            "khâu đột phá đạt": "–",
        }
        strip = {page.cell(12, c + 1).value: page.cell(12, c).value for c in (1, 4, 7, 10)}
        assert strip == {
            "đơn vị chưa nộp": 1,
            "đơn vị cần bổ sung": 1,
            "phát hiện CHẶN": results.count(Severity.BLOCKING),
            "phát hiện GIẢI TRÌNH": results.count(Severity.NEEDS_REASON),
        }

    def test_the_overview_shows_every_unit_with_its_lights(self, values: openpyxl.Workbook) -> None:
        page = values["TONG_QUAN"]
        lines = {str(line[0]): line[7:12] for line in page.iter_rows(values_only=True) if " · " in str(line[0])}
        units = {name: marks for name, marks in lines.items() if name[:2] in ("P1", "P2", "KV")}
        assert units["KV1 · VKSND khu vực 1"] == ("?", "?", "?", "?", "▲")
        assert units["P1 · Phòng 1"][0] == "■" and units["P2 · Phòng 2"] == ("●", "●", "●", "●", "●")

    def test_charts_are_native_and_hold_their_numbers(self, data: bytes) -> None:
        package = zipfile.ZipFile(io.BytesIO(data))
        charts = [n for n in package.namelist() if n.startswith("xl/charts/chart")]
        assert len(charts) >= 8  # TONG_QUAN four, each unit one, of LUAN_PHIEN levels (waiting where tested)
        kinds = [re.findall(r"<c:(barChart|lineChart)>", package.read(name).decode()) for name in charts]
        assert sum(kind == ["lineChart"] for kind in kinds) == 2  # points with their intervals, shares over the years
        whole = "".join(package.read(name).decode() for name in charts)
        assert whole.count("<c:errBars>") == 1 and "<c:plus>" in whole and "<c:minus>" in whole
        assert all("<c:numCache>" in package.read(name).decode() for name in charts)


def without_units(book: openpyxl.Workbook) -> list[str]:
    return [name for name in book.sheetnames if not name.startswith("DV_")]


def recount(formula: str, values: openpyxl.Workbook, home: str) -> Any:
    """Compute the few functions that the workbook uses, from the values in it."""

    def area(text: str) -> list[Any]:
        sheet, _, place = text.rpartition("!")
        found = values[sheet or home][place.replace("$", "")]
        return [line[0].value for line in found] if isinstance(found, tuple) else [found.value]

    calls = re.findall(
        r"\w+\([^()]*\)", re.sub(r'"[^"]*"', lambda m: m[0].replace("(", "‹").replace(")", "›"), formula)
    )
    if len(calls) > 1:
        return sum(recount(call, values, home) for call in calls)
    formula = calls[0] if calls else formula
    call = re.fullmatch(r"(\w+)\((.*)\)", formula)
    if not call:
        first, *less = formula.split("-")
        return sum(area(text)[0] for text in first.split("+")) - sum(area(text)[0] for text in less)
    if call[1] in ("ROUND", "ROUNDDOWN", "MAX"):
        left, right = call[2].split(",")
        number = math.prod(float(t) if t[0].isdigit() else area(t)[0] for t in left.split("*"))
        if call[1] == "MAX":
            return max(number, float(right))
        scale = 10 ** int(right)
        return math.floor(number * scale + (0.5 if call[1] == "ROUND" else 0)) / scale
    args = re.findall(r'"[^"]*"|[^,"]+', call[2])

    if call[1] == "SUM":
        return sum(value for value in area(args[0]) if value is not None)
    if call[1] == "COUNT":
        return sum(isinstance(v, int | float) for v in area(args[0]))
    if call[1] == "SUMIF":
        return sum(n for v, n in zip(area(args[0]), area(args[2]), strict=True) if v == _criterion(args[1]) and n)
    tests = [[v == _criterion(args[i + 1]) for v in area(args[i])] for i in range(0, len(args), 2)]
    return sum(all(line) for line in zip(*tests, strict=True))


def _criterion(text: str) -> str:
    return text.strip('"').replace("‹", "(").replace("›", ")")


SOFFICE = shutil.which("soffice")


@pytest.mark.office
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
class TestOffice:
    @pytest.fixture(scope="class")
    @classmethod
    def folder(cls, data: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("office")
        (folder / "tong-hop.xlsx").write_bytes(forgetting(data))
        for kind in ("xlsx:Calc MS Excel 2007 XML", "pdf"):
            command = [
                str(SOFFICE),
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                kind,
                "--outdir",
                str(folder / "ra"),
                str(folder / "tong-hop.xlsx"),
            ]
            subprocess.run(command, check=True, capture_output=True, timeout=180)
        return folder / "ra"

    def test_libreoffice_computes_what_we_wrote(
        self, folder: Path, book: openpyxl.Workbook, values: openpyxl.Workbook
    ) -> None:
        theirs = opened((folder / "tong-hop.xlsx").read_bytes(), values=True)
        assert theirs.sheetnames == book.sheetnames
        for sheet, place, formula in TestFormulas().formulas(book):
            assert (theirs[sheet][place].value or None) == pytest.approx(values[sheet][place].value or None), (
                sheet,
                place,
                formula,
            )

    @pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
    def test_nothing_is_printed_as_hashes(self, folder: Path) -> None:
        command = ["pdftotext", "-layout", str(folder / "tong-hop.pdf"), "-"]
        text = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=60).stdout
        assert "###" not in text
        assert "Bản phục vụ Hội đồng xem xét" in text


def forgetting(data: bytes) -> bytes:
    """The same file without the computed values of formulas, so that they must be computed anew."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as copy:
        for item in source.infolist():
            copy.writestr(item, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", source.read(item)))
    return target.getvalue()
