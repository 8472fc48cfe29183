"""`read_book`: every value at its address, and what the fast reader loses put back."""

import datetime as dt
import io
import subprocess
import sys
import zipfile

import openpyxl
import pytest
import xlsxwriter
import xlwt
from python_calamine import CalamineWorkbook

from pipeline import reading
from pipeline.package import Package, examine
from pipeline.reading import ReadingError, Uncached, read_book


def workbook(fill, **options):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    fill(book, book.add_worksheet("A"))
    book.close()
    return buffer.getvalue()


def read(content, name="a.xlsx"):
    package = examine(content, name)
    assert not package.refused
    return read_book(content, package)


def test_addresses_do_not_shift_when_rows_and_columns_before_are_blank():
    grid = read(workbook(lambda _, sheet: sheet.write("C4", "x"))).grids[0]
    assert grid.rows == [["", "", ""]] * 3 + [["", "", "x"]]


def test_errors_and_formulas_without_result_are_put_back():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B2"], sheet["C3"], sheet["E9"] = 1, "#REF!", "=B2*2"
    out = io.BytesIO()
    book.save(out)
    rows = read(out.getvalue()).grids[0].rows
    assert rows[1][1] == 1.0
    assert rows[2][2] == "#REF!"
    assert rows[8][4] == Uncached("=B2*2")
    assert {len(row) for row in rows} == {5}


@pytest.mark.parametrize("epoch", [False, True], ids=["1900", "1904"])
def test_kinds_of_cells(epoch):
    def fill(book, sheet):
        sheet.write(0, 0, 12)
        sheet.write(0, 1, 0.955, book.add_format({"num_format": "0.0%"}))
        sheet.write(0, 2, True)
        sheet.write_datetime(0, 3, dt.datetime(2026, 1, 5), book.add_format({"num_format": "dd/mm/yyyy"}))
        moment = dt.datetime(2026, 1, 5, 16, 30)
        sheet.write_datetime(0, 4, moment, book.add_format({"num_format": "dd/mm/yyyy hh:mm"}))
        sheet.write_datetime(0, 5, dt.time(16, 30), book.add_format({"num_format": "hh:mm"}))

    (row,) = read(workbook(fill, date_1904=epoch)).grids[0].rows
    assert row[:3] == [12.0, 0.955, True]
    assert row[3] in (dt.date(2026, 1, 5), dt.datetime(2026, 1, 5))
    assert row[4:] == [dt.datetime(2026, 1, 5, 16, 30), dt.time(16, 30)]


def test_sheets_merged_areas_and_names_are_kept():
    def fill(book, sheet):
        sheet.merge_range("B2:C4", "gộp")
        book.add_worksheet("trống").hide()
        book.define_name("ma_don_vi", '="P1"')

    raw = read(workbook(fill))
    first, second = raw.grids
    assert (first.merged, first.rows[1][1]) == (((2, 2, 4, 3),), "gộp")
    assert (second.name, second.rows, second.facts.visibility) == ("trống", [], "hidden")
    assert raw.names == {"ma_don_vi": "P1"}


def test_old_excel():
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    sheet.write(2, 1, "chữ")
    sheet.row(4).set_cell_error(3, 0x17)
    for column, (value, form) in enumerate(
        [
            (12, "0"),
            (True, "General"),
            (dt.datetime(2026, 1, 5), "dd/mm/yyyy"),
            (dt.datetime(2026, 1, 5, 16, 30), "dd/mm/yyyy hh:mm"),
            (dt.time(16, 30), "hh:mm"),
        ]
    ):
        sheet.write(6, column, value, xlwt.easyxf(num_format_str=form))
    sheet.write_merge(8, 9, 0, 2, "gộp")
    out = io.BytesIO()
    book.save(out)
    grid = read(out.getvalue(), "a.xls").grids[0]
    rows = grid.rows
    assert (rows[2][1], rows[4][3], rows[8][0], grid.merged) == ("chữ", "#REF!", "gộp", ((9, 1, 10, 3),))
    assert rows[6] == [12.0, True, dt.date(2026, 1, 5), dt.datetime(2026, 1, 5, 16, 30), dt.time(16, 30)]
    assert rows[0] == [""] * 5
    # Calamine, where it may read, sees the same.
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).get_sheet_by_index(0)
    theirs = sheet.to_python(skip_empty_area=False)
    assert theirs[6] == rows[6]
    assert theirs[2] == rows[2]


def test_what_the_reader_cannot_read_is_a_finding_not_a_crash():
    with pytest.raises(ReadingError) as caught:
        read_book(b"PK\x03\x04", Package("xlsx"))
    assert (caught.value.finding.code, caught.value.finding.variant) == ("V-11", "broken")
    with pytest.raises(ReadingError):
        read_book(b"", examine(b"", "a.xlsx"))


@pytest.mark.parametrize("panic", [ValueError("x"), BaseException("panic")])
def test_a_panic_is_caught_and_an_interrupt_is_not(monkeypatch, panic):
    content = workbook(lambda _, sheet: sheet.write(0, 0, 1))
    package = examine(content, "a.xlsx")

    class Broken:
        @staticmethod
        def from_filelike(_):
            raise panic

    monkeypatch.setattr("pipeline.reading.CalamineWorkbook", Broken)
    with pytest.raises(ReadingError):
        read_book(content, package)
    panic = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        read_book(content, package)


def unordered(sheets):
    """Sheets in the plain form whose far cells stand before the near ones: 26 × 99,999 each."""

    def fill(book, sheet):
        sheet.write(0, 0, 1)
        for number in range(sheets - 1):
            book.add_worksheet(f"T{number}").write(0, 0, 1)

    out = io.BytesIO()
    far = b'<c r="Z99999"><v>1</v></c><c r="A1"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(io.BytesIO(workbook(fill))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if "worksheets/sheet" in name:
                data = data.replace(b"</row></sheetData>", far)
            new.writestr(name, data)
    return out.getvalue()


def test_cells_out_of_order_cannot_fill_the_memory():
    content = unordered(5)
    with pytest.raises(ReadingError) as caught:
        read_book(content, examine(content, "a.xlsx"))
    assert (caught.value.finding.code, caught.value.finding.variant) == ("V-14", "too_many_cells")


PROCESS = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000, 3_000_000_000))
from pipeline.package import examine
from pipeline.reading import ReadingError, read_book
content = sys.stdin.buffer.read()
package = examine(content, "a.xlsx")
try:
    print("read" if package.refused is False and read_book(content, package) else package.findings[0].variant)
except ReadingError as error:
    print(error.finding.variant)
"""


@pytest.mark.parametrize("cell", ["XFD100000", "O1048576", "XFD1048576", "Z99999"])
def test_a_process_survives_every_stray_cell(cell):
    content = workbook(lambda _, sheet: sheet.write(cell, 1))
    command = [sys.executable, "-c", PROCESS]
    done = subprocess.run(command, input=content, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().strip() == ("read" if cell == "Z99999" else "stray_cell")


@pytest.mark.parametrize("corner", ["A1", "C4"])
def test_a_very_long_sheet_reads_the_same_and_keeps_equal_texts_once(monkeypatch, corner):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("A")
    row, column = (0, 0) if corner == "A1" else (3, 2)
    for i in range(3):
        sheet.write_row(row + i, column, ["cùng một chữ", 1, True, dt.datetime(2026, 1, 5), "", f"riêng {i}"])
    book.close()
    content = out.getvalue()
    ordinary = read_book(content, examine(content, "a.xlsx")).grids[0].rows
    monkeypatch.setattr(reading, "_MANY_CELLS", 0)
    long = read_book(content, examine(content, "a.xlsx")).grids[0].rows
    assert long == ordinary
    assert [[type(cell) for cell in line] for line in long] == [[type(cell) for cell in line] for line in ordinary]
    assert len({id(line[column]) for line in long[row:]}) == 1
