"""`examine`: what it refuses, and that its facts of a workbook are right."""

import io
import random
import re
import shutil
import struct
import subprocess
import zipfile

import msoffcrypto.format.ooxml
import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from xlwt.CompoundDoc import XlsDoc

from pipeline.findings import sentences
from pipeline.package import Limits, examine

DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "b">]>'


def workbook(fill=None, **options):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    sheet = book.add_worksheet("A")
    sheet.write("B3", "chữ")
    if fill:
        fill(book, sheet)
    book.close()
    return buffer.getvalue()


def repack(content, changes, drop=()):
    """Write a package anew with parts replaced (bytes or a function of the old bytes)."""
    buffer = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(content))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *changes]):
            if name in drop:
                continue
            change = changes.get(name)
            data = old.read(name) if change is None or callable(change) else change
            new.writestr(name, change(data) if callable(change) else data)
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def with_rows(rows, head=""):
    xml = f"<worksheet {NS}>{head}<sheetData>{rows}</sheetData></worksheet>"
    return repack(workbook(), {SHEET: xml.encode()})


def zipped(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


def verdict(content, name="a.xlsx", **limits):
    package = examine(content, name, Limits(**limits))
    for finding in package.findings:
        words = sentences(finding)
        assert "…" not in words.what, words
    assert package.refused == (package.kind is None)
    assert package.findings or not package.refused
    return package.kind, [(f.code, f.variant, f.cell) for f in package.findings]


def refused(code, variant, cell=""):
    return None, [(code, variant, cell)]


def parts_of(kind):
    types = f'<Types><Override PartName="/{kind}"/></Types>'
    return zipped(**{"[Content_Types].xml": types, kind.replace("/", "__"): "<x/>"})


def container(name):
    """Write an OLE container whose one stream has this name."""
    out = io.BytesIO()
    XlsDoc().save(out, b"\1" * 5000)
    content = bytearray(out.getvalue())
    at = content.find("Workbook".encode("utf-16-le"))
    length = (len(name) * 2 + 2).to_bytes(2, "little")
    content[at : at + 66] = name.encode("utf-16-le").ljust(64, b"\0") + length
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"  \r\n", "empty"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n..", "image"),
        (b"\xff\xd8\xff\xe0....", "image"),
        (b"<html><body><table>", "html"),
        ("\ufeff<table><tr>".encode("utf-16-le"), "html"),
        (b"\0" * 5000, "broken"),
        ("họ tên;ngày sinh\nA;1".encode(), "text"),
        (b"Rar!\x1a\x07\x00...", "archive"),
        (b"7z\xbc\xaf\x27\x1c....", "archive"),
        (b"\x1f\x8b\x08....", "archive"),
        (b"From: a@b\r\nTo: c@d\r\nSubject: x\r\n\r\nxin chao", "mail"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n", "html"),
        (b"PK\x03\x04 truncated", "broken"),
        (b"\x01\x02\x03\xfe\xff", "unknown"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "text"),
        (parts_of("word/document.xml"), "word"),
        (parts_of("ppt/presentation.xml"), "unknown"),
        (parts_of("xl/workbook.bin"), "xlsb"),
        (zipped(a="1"), "unknown"),
        (container("WordDocument"), "word"),
        (container("__properties_version1.0"), "mail"),
        (container("Workbook"), "broken"),
        (container("PowerPoint Document"), "unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "broken"),
    ],
)
def test_what_is_not_a_workbook_gets_its_own_sentence(content, expected):
    assert verdict(content, "mau.xlsx") == refused("V-11", expected)


def test_password():
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(workbook())).encrypt("x", out)
    assert verdict(out.getvalue()) == refused("V-12", "workbook")
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    ods = zipped(
        mimetype="application/vnd.oasis.opendocument.spreadsheet",
        **{"content.xml": b"\x00\x01", "META-INF__manifest.xml": manifest},
    )
    assert verdict(ods) == refused("V-12", "workbook")


def test_warnings_do_not_stop_reading():
    macro = repack(workbook(), {"xl/vbaProject.bin": b"x"})
    assert verdict(macro, "a.xlsm") == ("xlsx", [("V-14", "macro", "")])
    external = repack(workbook(), {"xl/externalLinks/externalLink1.xml": b"<x/>"})
    assert verdict(external) == ("xlsx", [("V-14", "external", "")])


def test_facts_of_a_workbook():
    def fill(book, sheet):
        sheet.write_formula("C4", "=1/0", None, "#DIV/0!")
        sheet.write_formula("C5", "=B9+1", None, 1)
        sheet.write_formula("C6", '="a"', None, "a")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_row(8, None, None, {"hidden": True})
        sheet.set_column("C:F", None, None, {"hidden": True})
        sheet.write_blank("H40", None, book.add_format({"border": 1}))
        book.add_worksheet("B").hide()
        book.add_worksheet("C").very_hidden()
        book.define_name("ma_don_vi", '="P1"')
        book.define_name("vung", "=A!$A$1:$B$2")

    package = examine(workbook(fill), "a.xlsx")
    first, *rest = package.sheets
    assert first.last_row >= 6 and first.last_column >= 3 and first.formulas == 3
    assert (first.errors, first.uncached, first.error_count) == ({"C4": "#DIV/0!"}, {}, 1)
    assert first.hidden_rows >= {4} and first.hidden_columns >= {3}
    assert not first.hidden_rows & {1, 2, 3, 5, 6, 7} and not first.hidden_columns & {1, 2, 7}
    assert [(s.name, s.visibility) for s in rest] == [("B", "hidden"), ("C", "veryHidden")]
    assert package.defined_names == {"ma_don_vi": "P1"}


def test_formulas_without_a_result_as_openpyxl_writes_them():
    book = openpyxl.Workbook()
    book.active["B2"] = '=SUM(A1:A3)&"<"'
    out = io.BytesIO()
    book.save(out)
    sheet = examine(out.getvalue(), "a.xlsx").sheets[0]
    assert sheet.uncached == {"B2": '=SUM(A1:A3)&"<"'}


VARIED = {
    "plain": '<row r="2"><c r="B2" t="e"><v>#N/A</v></c><c r="C2"><f>A1</f></c></row>',
    "single quotes": "<row r='2'><c t='e' r='B2'><v>#N/A</v></c><c r='C2'><f>A1</f><v/></c></row>",
    "other order": '<row spans="1:3" r="2"><c t="e" s="1" r="B2"><v>#N/A</v></c><c s="0" r="C2"><f>A1</f></c></row>',
    "no addresses": '<row/><row><c/><c t="e"><v>#N/A</v></c><c><f>A1</f></c></row>',
    "rows only": '<row r="2"><c/><c t="e"><v>#N/A</v></c><c><f>A1</f></c></row>',
    "comment": '<!-- <c r="XFD1"> --><row r="2"><c r="B2" t="e"><v>#N/A</v></c><c r="C2"><f>A1</f></c></row>',
    "spaces": '<row r = "2" ><c r = "B2" t = "e" ><v>#N/A</v></c ><c r="C2"><f>A1</f></c></row>',
    "wide": '<row r="2"><c r="B2" t="e"><v>#N/A</v></c><c r="C2"><f>A1</f></c></row><row r="3"><c r="AB3"/></row>',
    "shared": '<row r="2"><c r="B2" t="e"><f>NA()</f><v>#N/A</v></c>'
    '<c r="C2"><f t="shared" ref="C2:C2" si="0">A1</f></c></row>',
}


@pytest.mark.parametrize("rows", VARIED.values(), ids=VARIED.keys())
def test_writers_differ_and_the_facts_do_not(rows):
    sheet = examine(with_rows(rows), "a.xlsx").sheets[0]
    assert sheet.errors == {"B2": "#N/A"}
    assert sheet.uncached == {"C2": "=A1"}
    assert sheet.last_row >= 2 and sheet.last_column >= 3


def test_a_result_that_is_the_empty_text_is_a_result():
    for quote in ('"', "'"):
        rows = '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c></row>'.replace('"', quote)
        sheet = examine(with_rows(rows), "a.xlsx").sheets[0]
        assert (sheet.uncached, sheet.formulas) == ({}, 1)


def ods(rows):
    content = (
        '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:calcext="c">'
        f'<office:body><office:spreadsheet><table:table table:name="A">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="m"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped(mimetype=kind, **{"content.xml": content, "META-INF__manifest.xml": manifest})


VALUE = '<table:table-cell{} office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'


def test_repeated_cells_of_opendocument():
    tail = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
    repeated = VALUE.format(' table:number-columns-repeated="3"')
    error = '<table:table-cell table:formula="of:=1/0" calcext:value-type="error">'
    cells = f"<table:table-cell/>{repeated}{error}<text:p>Err:502</text:p></table:table-cell>"
    content = ods(f'<table:table-row table:number-rows-repeated="2">{cells}</table:table-row>{tail}')
    sheet = examine(content, "a.ods").sheets[0]
    assert (sheet.last_row, sheet.last_column, sheet.errors) == (2, 5, {"E1": "Err:502", "E2": "Err:502"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert [row[:4] for row in rows] == [["", 1.0, 1.0, 1.0]] * 2
    far = '<table:table-row table:number-rows-repeated="{}">' + VALUE.format("") + "</table:table-row>"
    assert verdict(ods(far.format(1_000_000)), "a.ods") == refused("V-14", "stray_cell", "A1000000")
    wide = f"<table:table-row>{VALUE.format(' table:number-columns-repeated=' + chr(34) + '16384' + chr(34))}"
    assert verdict(ods(wide + "</table:table-row>" + tail), "a.ods") == ("ods", [])


def test_prefixed_and_utf16_sheets_are_read_too():
    xml = (
        f'<x:worksheet {NS.replace("xmlns", "xmlns:x")}><x:sheetData><x:row r="2"><x:c r="B2" t="e">'
        "<x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    for data in (xml.encode(), ('<?xml version="1.0" encoding="UTF-16"?>' + xml).encode("utf-16")):
        sheet = examine(repack(workbook(), {SHEET: data}), "a.xlsx").sheets[0]
        assert (sheet.errors, sheet.last_row) == ({"B2": "#N/A"}, 2)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_doctype_is_refused_in_any_part_and_encoding(part, encoding):
    def change(data):
        body = re.sub(rb"^<\?xml.*?\?>\s*", b"", data)
        head = f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
        return (head + b"<!-- x -->" + DOCTYPE + body).decode().encode(encoding)

    assert verdict(repack(workbook(), {part: change})) == refused("V-14", "doctype")


@pytest.mark.parametrize("cell", ["A1048576", "O1048576", "XFD100000", "XFD1000"])
def test_stray_cell_is_named(cell):
    content = workbook(lambda _, sheet: sheet.write(cell, 1))
    assert verdict(content) == refused("V-14", "stray_cell", cell)


def test_a_lying_dimension_or_row_number_does_not_matter():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="XFD100000"><v>1</v></c></row>'
    assert verdict(with_rows(rows, '<dimension ref="A1"/>')) == refused("V-14", "stray_cell", "XFD100000")
    rows = '<row r="1"><c r="B1"><v>1</v></c></row>'
    assert verdict(with_rows(rows, '<dimension ref="A1:XFD1048576"/>')) == ("xlsx", [])


def test_styled_blanks_far_out_are_not_stray():
    def fill(book, sheet):
        sheet.write_blank("XFD90000", None, book.add_format({"border": 1}))

    package = examine(workbook(fill), "a.xlsx")
    assert (package.kind, package.sheets[0].last_row) == ("xlsx", 3)


def test_bombs():
    bomb = repack(workbook(), {SHEET: b"<worksheet>" + b" " * 120_000_000})
    assert verdict(bomb) == refused("V-14", "inflated")
    bomb = repack(workbook(), {SHEET: b"<worksheet>" + b" " * 40_000_000})
    assert verdict(bomb) == refused("V-14", "ratio")
    assert verdict(workbook(), parts=3) == refused("V-14", "too_many_parts")
    assert verdict(workbook(), packed_bytes=3) == refused("V-14", "too_large")
    assert verdict(repack(workbook(), {"../x": b"1"})) == refused("V-14", "unsafe_path")
    assert verdict(repack(workbook(), {"C:\\x": b"1"})) == refused("V-14", "unsafe_path")


def test_one_long_string_in_many_cells():
    def fill(_, sheet):
        for row in range(3000):
            sheet.write_row(row, 0, ["chữ" * 8000] * 10)

    content = workbook(fill)
    assert verdict(content)[0] is None
    assert verdict(content)[1][0][:2] == ("V-14", "repeated_text")


def test_lying_sizes_in_the_directory():
    content = bytearray(repack(workbook(), {SHEET: b"<worksheet>" + b" " * 40_000_000}))
    at = content.find(SHEET.encode(), content.find(b"PK\x01\x02")) - 46
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    assert verdict(bytes(content)) == refused("V-11", "broken")


def xls(fill=None):
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    sheet.write(2, 1, "chữ")
    if fill:
        fill(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_old_excel():
    def fill(book, sheet):
        sheet.row(4).set_cell_error(3, 0x17)
        sheet.row(2).hidden = True
        sheet.col(1).hidden = True
        book.add_sheet("B").visibility = 1

    package = examine(xls(fill), "a.xls")
    first, second = package.sheets
    assert (package.kind, first.errors, first.last_row, first.last_column) == ("xls", {"D5": "#REF!"}, 5, 4)
    assert (first.hidden_rows, first.hidden_columns, second.visibility) == ({3}, {2}, "hidden")
    stray = xls(lambda _, sheet: sheet.write(65535, 255, 1))
    assert verdict(stray) == refused("V-14", "stray_cell", "IV65536")


def test_a_circle_in_the_sector_table_ends():
    content = bytearray(xls(lambda _, sheet: [sheet.write(r + 9, 1, "x" * 900 + str(r)) for r in range(30)]))
    table = 512 + 512 * int.from_bytes(content[76:80], "little")
    following = struct.unpack_from("<120I", content, table)
    first = next(n for n in range(120) if following[n] == n + 1)
    content[table + 4 * first : table + 4 * first + 4] = first.to_bytes(4, "little")
    assert verdict(bytes(content)) == refused("V-11", "broken")


GOOD = workbook(lambda _, sheet: sheet.write_formula("C4", "=1/0", None, "#DIV/0!"))


MAGIC = [b"", b"<", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]


@given(st.binary(max_size=2000), st.sampled_from(MAGIC))
def test_random_bytes_never_raise(data, magic):
    verdict(magic + data)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([GOOD, xls()]))
def test_damaged_files_never_raise(chance, good):
    data = bytearray(good)
    for _ in range(chance.randrange(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    verdict(bytes(data[: chance.randrange(len(data))] if chance.random() < 0.4 else data))


def random_rows(chance):
    """Cells with and without addresses, out of order, blank or not, in several spellings."""
    rows = []
    for _ in range(chance.randrange(6)):
        cells = []
        for _ in range(chance.randrange(5)):
            ref = f' r="{chance.choice(["A", "C", "Z", "AA", "AC"])}{chance.randrange(1, 300)}"'
            kind = chance.choice(["", ' t="n"', ' t="b"'])
            body = chance.choice(["/>", "><v>1</v></c>", "><f>1+1</f><v>1</v></c>"])
            cells.append(f"<c{ref if chance.random() < 0.8 else ''}{kind}{body}")
        number = f' r="{chance.randrange(1, 300)}"' if chance.random() < 0.8 else ""
        rows.append(f"<row{number}>{''.join(cells)}</row>")
    return "".join(rows)


def test_the_last_cell_is_where_the_reader_sees_it():
    chance = random.Random(7)
    for _ in range(150):
        content = with_rows(random_rows(chance))
        package = examine(content, "a.xlsx")
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        end = sheet.end
        seen = (package.sheets[0].last_row, package.sheets[0].last_column)
        if _in_order(content):
            assert seen[1] >= (end[1] + 1 if end else 0)
            assert seen[0] >= (end[0] + 1 if end else 0) or _cells_leave_their_row(content)


def _in_order(content):
    """Whether the sheet goes the slow way or its cells stand in order, where facts are exact."""
    xml = zipfile.ZipFile(io.BytesIO(content)).read(SHEET)
    for row in xml.split(b"</row>"):
        columns = [(len(m[1]), m[1]) for m in re.finditer(rb'<c r="([A-Z]+)\d+"[^/>]*>', row)]
        rows = {m[1] for m in re.finditer(rb'<c r="[A-Z]+(\d+)"[^/>]*>', row)}
        if columns != sorted(columns) or len(rows) > 1:
            return False
    return True


def template_like():
    def fill(book, first):
        styled = book.add_format({"border": 1})
        for number in range(8):
            sheet = first if not number else book.add_worksheet(f"T{number}")
            for row in range(4, 204):
                for column in range(15):
                    value = f"Nguyễn Văn {row}{column}" if column % 3 else row * column
                    sheet.write(row, column, value if row < 64 else None, styled)

    return workbook(fill)


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_opendocument_from_libreoffice(tmp_path):
    def fill(book, sheet):
        sheet.write_formula("C4", "=1/0", None, "#DIV/0!")
        sheet.write_formula("C8", "=NA()", None, "#N/A")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("B:B", None, None, {"hidden": True})
        sheet.merge_range("A10:B11", "gộp")
        book.add_worksheet("B").hide()
        book.define_name("ma_don_vi", '="P1"')

    (tmp_path / "a.xlsx").write_bytes(workbook(fill))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "ods", "a.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    package = examine((tmp_path / "a.ods").read_bytes(), "a.ods")
    first, second = package.sheets
    assert (package.kind, package.defined_names) == ("ods", {"ma_don_vi": "P1"})
    assert first.errors == {"C4": "#DIV/0!", "C8": "#N/A"}
    assert (first.last_row, first.last_column, second.visibility) == (10, 3, "hidden")
    assert (first.hidden_rows, first.hidden_columns, first.merged) == ({3}, {2}, ((10, 1, 11, 2),))


def _cells_leave_their_row(content):
    """Whether a cell claims another row than the tag around it."""
    xml = zipfile.ZipFile(io.BytesIO(content)).read(SHEET).decode()
    rows = re.findall(r'<row r="(\d+)">(.*?)</row>', xml)
    return any(number != cell for number, body in rows for cell in re.findall(r'<c r="[A-Z]+(\d+)"', body))
