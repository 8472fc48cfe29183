"""The council's workbook, made from a small province that is put together here by hand, and read back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.dataset import PERSON, UNIT, Dataset
from pipeline.findings import Finding, sort_key
from pipeline.intake import TimeSource
from pipeline.layout import Located
from pipeline.people import staff_keys
from pipeline.province import CONFIGURATION_FILE, HISTORY_FILE, Period, Province, ProvinceFile
from pipeline.reading import Grid
from pipeline.results import Results
from pipeline.submissions import FileRecord, Outcome
from pipeline.validation import AddressBook, Counts, Place
from pipeline.workbook import SHEETS, bulk, data_sheets, finding_list, write_workbook
from pipeline.workbook.plan import Group
from pipeline.workbook.table import COUNCIL_NOTE
from schemas.columns import BookSpec, Sheet
from schemas.frames import dtype_of, windows_of
from schemas.province import CONFIGURATION, HISTORY
from schemas.rules import Severity, register
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import Entry, Lists

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NOW = dt.datetime(2026, 11, 20, 8, 0)
DEADLINE = pd.Timestamp(2026, 11, 16, 16, 0)
Row = Mapping[str, Any]

TITLES = [
    ("LDTT", "Lao động tiên tiến", 1),
    ("CSTDCS", "Chiến sĩ thi đua cơ sở", 2),
    ("TTLDXS", "Tập thể LĐXS", 2),
]
UNITS = [("P2", "Phòng 2", "PHONG"), ("P1", "Phòng 1", "PHONG"), ("KV1", "VKSND khu vực 1", "KHU_VUC")]
#: (code, name, born, sex, post, group, unit)
PEOPLE = [
    ("CC1", "Lò Giả Ơn", 1980, "NAM", "Trưởng phòng", "LANH_DAO_DON_VI", "P1"),
    ("CC2", "Tao Thử An", 1990, "NU", "Chuyên viên", "TRUC_TIEP", "P1"),
    ("CC3", "Đào Ví Ân", 1991, "NU", "Chuyên viên", "TRUC_TIEP", "P1"),
    ("CC4", "Mùa Giả Dế", 1985, "NAM", "Chuyên viên", "TRUC_TIEP", "P2"),
]
#: (code, CN or TT, subject, name, title, result, achievement, unit)
NOMINATIONS = [
    ("DN01", "CN", "CC1", "Lò Giả Ơn", "LDTT", "DE_NGHI", "=1+1", "P1"),
    ("DN02", "CN", "CC3", "Đào Ví Ân", "LDTT", "DE_NGHI", "-5 vụ", "P1"),
    ("DN03", "CN", "CC2", "Tao Thử An", "LDTT", "DE_NGHI", "+3", "P1"),
    ("DN04", "CN", "CC2", "Tao Thử An", "CSTDCS", "DE_NGHI", "@x", "P1"),
    ("DN05", "CN", "CC1", "Lò Giả Ơn", "CSTDCS", "KHONG_DE_NGHI", None, "P1"),
    ("DN06", "TT", "P1", "Phòng 1", "TTLDXS", "DE_NGHI", "x" * 500, "P1"),
    ("DN01", "CN", "CC4", "Mùa Giả Dế", "LDTT", "DE_NGHI", "Giải quyết 42/42 vụ\nđúng hạn", "P2"),
]
#: First row of data on each sheet of the files.
FIRST_ROW = 5


def typed(sheet: Sheet, rows: Sequence[Row], first: int = 0) -> pd.DataFrame:
    """Rows as the typed frame that validation would have made."""
    index = pd.RangeIndex(first, first + len(rows))
    return pd.DataFrame(
        {c.name: pd.Series([r.get(c.name) for r in rows], index, dtype=dtype_of(c)) for c in sheet},
        index=index,
    )


def own_file(spec: BookSpec, name: str, rows: Mapping[str, Sequence[Row]]) -> ProvinceFile:
    frames = {sheet.code: typed(sheet, rows.get(sheet.code, ())) for sheet in spec.sheets}
    return ProvinceFile(name, "0" * 64, frames, AddressBook(), Counts())


def province(**changes: Any) -> Province:
    period = Period(
        "2026",
        2026,
        dt.date(2025, 12, 1),
        dt.date(2026, 11, 30),
        dt.date(2027, 1, 31),
        dt.date(2026, 12, 10),
        "VKSND TỐI CAO",
        "VKSND TỈNH MẪU",
        "Tỉnh Mẫu",
        "Văn phòng",
        True,
    )
    units = [
        {
            "ma_don_vi": c,
            "ten_don_vi": n,
            "loai": k,
            "khoi": "Khối",
            "tu_ngay": pd.Timestamp(2020, 1, 1),
            "muc_kho": 0.0,
            "han_nop": DEADLINE,
        }
        for c, n, k in UNITS
    ]
    titles = [{"ma": c, "ten": n, "loai": "DANH_HIEU", "bac": float(b)} for c, n, b in TITLES]
    awards = [
        {
            "doi_tuong": "CN",
            "ma_doi_tuong": "CC2",
            "nam": float(y),
            "danh_hieu": "LDTT",
            "tinh_trang": "HIEU_LUC",
        }
        for y in (2019, 2021, 2022, 2023, 2025)
    ]
    configuration = own_file(CONFIGURATION, CONFIGURATION_FILE, {"DON_VI": units, "DANH_HIEU": titles})
    lists = Lists.of(
        {
            "DANH_HIEU": tuple(Entry(code, name) for code, name, _ in TITLES),
            "DON_VI": tuple(Entry(code, name) for code, name, _ in UNITS),
        }
    )
    frame = configuration.frames["DON_VI"].set_index("ma_don_vi", drop=False).rename_axis(None)
    return Province(
        Path(),
        dataclasses.replace(period, **changes),
        frame,
        lists,
        windows_of(period.first, period.last, period.season_end),
        configuration,
        own_file(HISTORY, HISTORY_FILE, {"KHEN_THUONG": awards}),
        (),
    )


def record(number: int, path: str, unit: str, outcome: Outcome, **more: Any) -> FileRecord:
    sent = dt.datetime(2026, 11, 10 + number, 9, 30)
    found = FileRecord(number, path, f"{number:064x}", 1000, sent, sent, TimeSource.LOG, None)
    found.unit, found.outcome = unit, outcome
    for name, value in more.items():
        setattr(found, name, value)
    return found


def unit_rows() -> dict[str, list[tuple[str, Row]]]:
    """Rows of the template's sheets, each with its unit."""
    people = [
        (
            unit,
            {
                "ma_cc": code,
                "ho_ten": name,
                "ngay_sinh": pd.Timestamp(born, 5, 19),
                "gioi_tinh": sex,
                "chuc_vu": post,
                "nhom_doi_tuong": group,
                "xep_loai_cc": "HTTNV",
                "xep_loai_dv": "KHONG_DANG",
            },
        )
        for code, name, born, sex, post, group, unit in PEOPLE
    ]
    nominations = [
        (
            unit,
            {
                "ma_dn": code,
                "doi_tuong": kind,
                "ma_doi_tuong": subject,
                "ten_doi_tuong": name,
                "danh_hieu": title,
                "ket_qua": result,
                "thanh_tich": text,
                "loai_hinh": "CONG_TRANG",
            },
        )
        for code, kind, subject, name, title, result, text, unit in NOMINATIONS
    ]
    ballots = [
        ("P1", {"ma_dn": "DN03", "cap_hop": "DON_VI", "vong": float(round_), "dong_y": float(votes)})
        for round_, votes in ((2, 3), (1, 1))
    ]
    forms = [(unit, {"ma_don_vi": unit, "tong_thanh_vien": 4.0}) for unit in ("P1", "P2")]
    work = [("P1", {"ma_hd": "HD01", "phoi_hop": "CONG_DOAN;PHU_NU"})]
    return {"NHAN_SU": people, "DE_NGHI": nominations, "PHIEU": ballots, "DON_VI": forms, "HOAT_DONG": work}


FILES = {"P1": (0, "P1/P1.xlsx"), "P2": (1, "P2.xlsx")}


def dataset(where: Province, records: Sequence[FileRecord], stopped: frozenset[int] = frozenset()) -> Dataset:
    book, frames, given = AddressBook(), {}, unit_rows()
    book.paths = dict(FILES.values())
    book.units = {number: unit for unit, (number, _) in FILES.items()}
    for sheet in UNIT_TEMPLATE.sheets:
        rows = sorted(given.get(sheet.code, []), key=lambda row: row[0])
        frame = typed(sheet, [row for _, row in rows], book.size)
        frames[sheet.code] = frame.assign(**{UNIT: pd.Series([u for u, _ in rows], frame.index, dtype="str")})
        for unit, (number, _) in FILES.items():
            mine = sum(u == unit for u, _ in rows)
            book.places[number, sheet.code] = Place(sheet.code, Located(sheet, Grid(sheet.code, [], None, ())))  # type: ignore[arg-type]
            book.add(book.size, number, sheet.code, list(range(FIRST_ROW - 1, FIRST_ROW - 1 + mine)))
    staff, proposed = frames["NHAN_SU"], frames["DE_NGHI"]
    frames["NHAN_SU"] = staff.assign(**{PERSON: staff_keys(staff)})
    persons = proposed["ma_doi_tuong"].where(proposed["doi_tuong"] == "CN")
    frames["DE_NGHI"] = proposed.assign(**{PERSON: persons})
    return Dataset(where, frames, book, tuple(records), stopped)


def cell(code: str, variant: str, sheet: str, at: str, unit: str = "P1", **params: str) -> Finding:
    params = {"cot": "Ngày", "vi_du": "x", **params}
    return Finding(code, variant, unit, "", FILES[unit][1], sheet, at, "", params)


def made(findings: Sequence[Finding] = (), **changes: Any) -> Results:
    """Two units sent, one did not; one refused and one nobody's file."""
    records = [
        record(0, "P1/P1.xlsx", "P1", Outcome.COUNTED, counts=Counts(100, 90, 2, 1, 7)),
        record(1, "P2.xlsx", "P2", Outcome.COUNTED),
        record(2, "P2 bản cũ.xlsx", "P2", Outcome.REFUSED, reason="V-13", unit_by_name=True),
        record(3, "la.xlsx", "", Outcome.REFUSED, reason="V-08"),
    ]
    given = (
        cell("V-03", "not_number", "DE_NGHI", "L7"),  # DN03, third row of P1
        cell("V-07", "name", "NHAN_SU", "B7", ma="CC3", trang_goc="NHAN_SU", ten_goc="x"),
        *(cell("V-16", next(iter(variants("V-16"))), "HOAT_DONG", f"X{row}") for row in (8, 9, 10, 12)),
        Finding("V-20", "nothing", "KV1", params={"ten_don_vi": "VKSND khu vực 1", "han_nop": "16/11/2026 16:00"}),
    )
    where = province(**changes)
    found = tuple(sorted((*given, *findings), key=sort_key))
    return Results(dataset(where, records), found, ("so-nhan.csv",), NOW, "0123456789ab")


def variants(code: str) -> list[str]:
    return [name for name in register()[code].variants if name != "not_judged"]


def content(results: Results) -> bytes:
    target = io.BytesIO()
    write_workbook(target, results)
    return target.getvalue()


def opened(data: bytes, values: bool = False) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it does not know; nothing is saved here
        return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


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


def rows_of(page: Worksheet, title: str = "") -> list[dict[str, Any]]:
    """Rows of the table below a part's title (or the first table), by heading."""
    lines = [list(line) for line in page.iter_rows(values_only=True)]
    start = next(i for i, line in enumerate(lines) if str(line[0]).startswith(title)) if title else 2
    header = next(i for i in range(start + 1, len(lines)) if lines[i][0] in ("STT", "Đơn vị nộp", "Mã"))
    found = []
    for line in lines[header + 1 :]:
        if line[0] is None:
            break
        found.append(dict(zip(lines[header], line, strict=True)))
    return found


class TestEverySheet:
    def test_names_are_plain_and_in_order(self, book: openpyxl.Workbook) -> None:
        assert book.sheetnames == [module.PLAN.name for module in SHEETS]
        assert all(re.fullmatch(r"[A-Z0-9_]{1,31}", name) for name in book.sheetnames)

    def test_leads_back_to_the_contents(self, book: openpyxl.Workbook) -> None:
        for page in book.worksheets[1:]:
            assert page["A1"].value == "← Mục lục"
            assert page["A1"].hyperlink.location.startswith("'BIA'!")

    def test_is_listed_in_the_contents(self, book: openpyxl.Workbook) -> None:
        links = {c.value: c.hyperlink.location for row in book["BIA"].iter_rows() for c in row if c.hyperlink}
        assert all(links[name] == f"'{name}'!A1" for name in book.sheetnames[1:])

    def test_is_protected_without_password(self, book: openpyxl.Workbook) -> None:
        for page in book.worksheets:
            assert page.protection.sheet
            assert not page.protection.password
            assert page.protection.autoFilter is False  # False: allowed

    def test_prints_on_a4_one_page_wide_unless_very_wide(self, book: openpyxl.Workbook) -> None:
        for page in book.worksheets:
            assert page.page_setup.paperSize == 9
            assert page.sheet_properties.pageSetUpPr.fitToPage
            assert page.page_setup.fitToWidth in (None, 1) or page.title == "DL_DON_VI"
            assert page.page_margins.left == pytest.approx(1.18)
            assert "&P" in page.oddHeader.center.text or page.oddHeader.center.text == "&P"

    def test_repeats_a_row_on_each_printed_page(self, book: openpyxl.Workbook) -> None:
        assert [p.title for p in book.worksheets if not p.print_title_rows] == ["TONG_QUAN"]

    def test_tab_colour_tells_the_group(self, book: openpyxl.Workbook) -> None:
        for page, module in zip(book.worksheets, SHEETS, strict=True):
            assert page.sheet_properties.tabColor.rgb[-6:] == module.PLAN.group.colour[1:].upper()
        assert {group.letter for group in Group} == set("ABCDEFG")

    def test_tables_have_filters_and_one_heading_each(self, book: openpyxl.Workbook) -> None:
        for page in book.worksheets:
            if page.title == "TONG_QUAN":
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
            _, top, last, bottom = range_boundaries(table.ref)
            assert page.cell(top, last).value in (COUNCIL_NOTE, "Lý do")
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
        assert sorted(told) == sorted(module.PLAN.name for module in SHEETS)
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
        assert all(values[sheet][place].value is not None for sheet, place, _ in found)

    def test_values_are_those_of_a_recount(self, book: openpyxl.Workbook, values: openpyxl.Workbook) -> None:
        seen = set()
        for sheet, place, formula in self.formulas(book):
            kind = re.match(r"=(\w+)", formula)
            seen.add(kind[1] if kind else "")
            assert values[sheet][place].value == recount(formula[1:], values), (sheet, place, formula)
        assert {"COUNTIF", "COUNTIFS", "SUMIF", "COUNT"} <= seen

    def test_the_overview_says_what_the_board_says(self, values: openpyxl.Workbook, results: Results) -> None:
        page = values["TONG_QUAN"]
        tiles = {page.cell(r + 1, c).value: page.cell(r, c).value for r in (5, 9) for c in (1, 4, 7, 10)}
        assert tiles == {
            "đơn vị nộp đúng hạn": 2,
            "đơn vị chưa nộp": 1,
            "đơn vị cần bổ sung": 1,
            "đề nghị tập thể": 1,
            "đề nghị cá nhân": 5,
            "là người trực tiếp công tác": pytest.approx(3 / 4),
            "phát hiện CHẶN": results.count(Severity.BLOCKING),
            "phát hiện cần GIẢI TRÌNH": results.count(Severity.NEEDS_REASON),
        }

    def test_charts_are_native_and_hold_their_numbers(self, data: bytes) -> None:
        package = zipfile.ZipFile(io.BytesIO(data))
        charts = [n for n in package.namelist() if n.startswith("xl/charts/chart")]
        assert len(charts) == 3
        for name in charts:
            xml = package.read(name).decode()
            assert 'grouping val="stacked"' in xml
            assert "<c:numCache>" in xml


def recount(formula: str, values: openpyxl.Workbook) -> Any:
    """Compute the few functions that the workbook uses, from the values in it."""
    calls = re.findall(
        r"\w+\([^()]*\)", re.sub(r'"[^"]*"', lambda m: m[0].replace("(", "‹").replace(")", "›"), formula)
    )
    if len(calls) > 1:
        return sum(recount(call, values) for call in calls)
    formula = calls[0] if calls else formula
    call = re.fullmatch(r"(\w+)\((.*)\)", formula)
    if not call:
        sheet, _, place = formula.partition("!")
        return values[sheet][place].value
    args = re.findall(r'"[^"]*"|[^,"]+', call[2])

    def area(text: str) -> list[Any]:
        sheet, _, place = text.partition("!")
        found = values[sheet][place.replace("$", "")]
        return [line[0].value for line in found] if isinstance(found, tuple) else [found.value]

    if call[1] == "COUNT":
        return sum(isinstance(v, int | float) for v in area(args[0]))
    if call[1] == "SUMIF":
        return sum(n for v, n in zip(area(args[0]), area(args[2]), strict=True) if v == _criterion(args[1]) and n)
    tests = [[v == _criterion(args[i + 1]) for v in area(args[i])] for i in range(0, len(args), 2)]
    return sum(all(line) for line in zip(*tests, strict=True))


def _criterion(text: str) -> str:
    return text.strip('"').replace("‹", "(").replace("›", ")")


class TestBoard:
    def test_units_stand_in_the_order_of_the_configuration(self, values: openpyxl.Workbook) -> None:
        rows = rows_of(values["TINH_TRANG_NOP"])
        assert [(r["Mã"], r["Trạng thái"], r["Thời hạn"]) for r in rows] == [
            ("P2", "● Đạt", "Đúng hạn"),
            ("P1", "▲ Cần bổ sung", "Đúng hạn"),
            ("KV1", "■ Chưa nộp", "Chưa nộp"),
        ]
        assert rows[1]["Gửi lần đầu"] == dt.datetime(2026, 11, 10, 9, 30)
        assert (rows[0]["Số tệp"], rows[0]["Không dùng được"]) == (2, 1)

    def test_files_of_nobody_stand_below(self, values: openpyxl.Workbook) -> None:
        (row,) = rows_of(values["TINH_TRANG_NOP"], "Tệp chưa rõ")
        assert (row["Tệp"], row["Mã"]) == ("la.xlsx", "?")

    def test_a_late_file_says_how_late(self) -> None:
        late = made()
        late.dataset.records[1].sent_at = dt.datetime(2026, 11, 17, 17, 5)
        page = opened(content(late), values=True)["TINH_TRANG_NOP"]
        assert rows_of(page)[0]["Thời hạn"] == "Muộn 1 ngày 1 giờ 5 phút"


class TestFindings:
    def test_equal_findings_are_one_line_with_ranges(self, values: openpyxl.Workbook) -> None:
        row = next(r for r in rows_of(values["PHAT_HIEN"]) if r["Mã"] == "V-16")
        assert row["Số chỗ"] == 4
        assert row["Nơi (tệp, trang, ô)"] == "P1/P1.xlsx\ntrang HOAT_DONG, ô X8–X10, X12"

    def test_gravest_first_with_shape_and_word(self, values: openpyxl.Workbook) -> None:
        levels = [r["Mức"] for r in rows_of(values["PHAT_HIEN"])]
        assert levels[0] == "■ CHẶN"
        assert levels == sorted(levels, key=["■ CHẶN", "▲ GIẢI TRÌNH", "△ CẢNH BÁO", "○ THÔNG TIN"].index)

    def test_says_whom_it_is_about(self, values: openpyxl.Workbook) -> None:
        rows = {r["Mã"]: r for r in rows_of(values["PHAT_HIEN"])}
        assert rows["V-03"]["Đối tượng"] == "DN03 Tao Thử An"
        assert rows["V-07"]["Đối tượng"] == "CC3 Đào Ví Ân"

    def test_the_place_is_not_said_twice(self, values: openpyxl.Workbook) -> None:
        row = next(r for r in rows_of(values["PHAT_HIEN"]) if r["Mã"] == "V-03")
        assert "trang DE_NGHI" not in row["Mô tả"].casefold()
        assert row["Mô tả"].startswith("Ô «Ngày» phải là số")

    def test_a_cap_is_said(self, results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
        assert finding_list.MOST_LINES >= 20_000
        monkeypatch.setattr(finding_list, "MOST_LINES", 2)
        book = opened(content(results), values=True)
        assert len(rows_of(book["PHAT_HIEN"])) == 2
        assert "chỉ hiện 2 dòng nặng nhất trong 4; xem đủ ở tệp phat-hien.csv" in book["PHAT_HIEN"]["A3"].value


class TestNominations:
    def test_parts_and_order(self, values: openpyxl.Workbook) -> None:
        page = values["TH_CA_NHAN"]
        # Units as configured (P2 before P1), then the higher title, then by tên: An before Ân before Ơn.
        assert [(r["Mã ĐV"], r["Họ và tên"], r["Danh hiệu"]) for r in rows_of(page, "I.")] == [
            ("P2", "Mùa Giả Dế", "Lao động tiên tiến"),
            ("P1", "Tao Thử An", "Chiến sĩ thi đua cơ sở"),
            ("P1", "Đào Ví Ân", "Lao động tiên tiến"),
            ("P1", "Lò Giả Ơn", "Lao động tiên tiến"),
        ]
        assert [r["Họ và tên"] for r in rows_of(page, "II.")] == ["Tao Thử An"]
        assert [r["Vào danh sách?"] for r in rows_of(page, "III.")] == ["– Không đề nghị"]

    def test_says_what_stands_in_the_way(self, values: openpyxl.Workbook) -> None:
        page = values["TH_CA_NHAN"]
        assert rows_of(page, "II.")[0]["Vào danh sách?"] == "■ CHẶN: V-03 ô DE_NGHI!L7"
        verdicts = {r["Họ và tên"]: r["Vào danh sách?"] for r in rows_of(page, "I.")}
        assert verdicts["Đào Ví Ân"] == "▲ Cần giải trình: V-07 ô NHAN_SU!B7"
        assert verdicts["Lò Giả Ơn"] == "● Được"

    def test_finding_of_the_ballots_stops_its_nomination(self) -> None:
        params = {"thu": "9", "phat": "8"}
        stop = Finding("QT-03", "issued", "P1", "", "P1/P1.xlsx", "PHIEU", f"E{FIRST_ROW}", "", params)
        rows = rows_of(opened(content(made([stop])), values=True)["TH_CA_NHAN"], "II.")
        assert "QT-03 ô PHIEU!E5" in rows[0]["Vào danh sách?"]
        assert rows[0]["Số phát hiện"] == 2

    def test_votes_are_those_of_the_last_round_of_all_voters(self, values: openpyxl.Workbook) -> None:
        row = rows_of(values["TH_CA_NHAN"], "II.")[0]
        assert (row["Phiếu đồng ý"], row["Tổng người biểu quyết"], row["% đồng ý"]) == (3, 4, 0.75)

    def test_past_awards_by_year(self, values: openpyxl.Workbook) -> None:
        row = rows_of(values["TH_CA_NHAN"], "II.")[0]
        assert row["Khen thưởng 5 năm trước"] == "LDTT 2021–2023, 2025"

    def test_collectives_have_their_own_sheet(self, values: openpyxl.Workbook) -> None:
        (row,) = rows_of(values["TH_TAP_THE"], "I.")
        assert (row["Tập thể"], row["Số người"], row["Số người đề nghị LĐTT"]) == ("Phòng 1", 3, 3)
        assert rows_of(values["TH_TAP_THE"], "II.") == []

    def test_nobody_is_dropped(self, values: openpyxl.Workbook) -> None:
        names = ("TH_TAP_THE", "TH_CA_NHAN")
        shown = sum(len(rows_of(values[name], part)) for name in names for part in ("I.", "II.", "III."))
        assert shown == len(NOMINATIONS)


class TestData:
    def test_text_stays_text(self, book: openpyxl.Workbook) -> None:
        page = book["DL_DE_NGHI"]
        heading = next(c for c in page[4] if c.value == "Tóm tắt thành tích")
        cells = [page.cell(row, heading.column) for row in range(5, 5 + len(NOMINATIONS))]
        assert [c.value for c in cells if c.value][:5] == [
            "Giải quyết 42/42 vụ\nđúng hạn",
            "=1+1",
            "-5 vụ",
            "+3",
            "@x",
        ]
        assert {c.data_type for c in cells if c.value} <= {"s", "inlineStr"}
        assert rows_of(book["TH_CA_NHAN"], "I.")[3]["Tóm tắt thành tích"] == "=1+1"

    def test_rows_say_where_they_come_from(self, values: openpyxl.Workbook) -> None:
        rows = rows_of(values["DL_NHAN_SU"])
        assert [(r["Đơn vị nộp"], r["Tệp"], r["Dòng Excel"]) for r in rows] == [
            ("P2", "P2.xlsx", 5),
            ("P1", "P1/P1.xlsx", 5),
            ("P1", "P1/P1.xlsx", 6),
            ("P1", "P1/P1.xlsx", 7),
        ]
        assert rows[1]["Ngày sinh"] == dt.datetime(1980, 5, 19)
        assert rows[1]["Nhóm đối tượng"] == "Lãnh đạo phòng, khu vực"

    def test_a_form_is_one_row_a_unit(self, values: openpyxl.Workbook) -> None:
        rows = rows_of(values["DL_DON_VI"])
        assert [(r["Mã đơn vị"], r["Tổng số người có quyền biểu quyết"], r["Dòng Excel"]) for r in rows] == [
            ("P2", 4, None),
            ("P1", 4, None),
        ]

    def test_several_choices_are_labels(self, values: openpyxl.Workbook) -> None:
        assert rows_of(values["DL_HOAT_DONG"])[0]["Phối hợp"] == "Công đoàn; Phụ nữ"

    def test_an_empty_sheet_says_so(self, values: openpyxl.Workbook) -> None:
        assert values["DL_DIEN_HINH"]["B5"].value == "(không có dòng nào)"

    def test_stopped_rows_are_marked(self) -> None:
        results = made()
        first = int(results.dataset.frames["NHAN_SU"].index[0])
        stopped = dataclasses.replace(results.dataset, stopped=frozenset({first}))
        book = opened(content(dataclasses.replace(results, dataset=stopped)), values=True)
        assert [r["Dòng bị chặn"] for r in rows_of(book["DL_NHAN_SU"])] == [None, "CHẶN", None, None]

    def test_the_model_row_gives_its_formats_to_all(self, book: openpyxl.Workbook) -> None:
        page = book["DL_NHAN_SU"]
        for column in range(1, page.max_column + 1):
            styles = {page.cell(r, column).number_format for r in (5, 6, 7, 8) if page.cell(r, column).value}
            assert len(styles) <= 1
        assert page.dimensions.endswith("8")

    def test_a_sheet_that_is_too_long_goes_on_another(self, results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(data_sheets, "MOST_ROWS", 3)
        book = opened(content(results), values=True)
        assert "DL_DE_NGHI_2" in book.sheetnames
        assert len(rows_of(book["DL_DE_NGHI"])) == len(rows_of(book["DL_DE_NGHI_2"])) == 3
        assert len(rows_of(book["DL_DE_NGHI_3"])) == 1
        assert "phần 1/3" in book["DL_DE_NGHI"]["A3"].value
        assert book["DL_DE_NGHI_3"]["A2"].value.endswith("(phần 3/3)")

    def test_rows_are_the_same_however_many_go_together(
        self, data: bytes, results: Results, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bulk, "_CHUNK", 2)
        assert content(results) == data

    @pytest.mark.parametrize("text", ["a & b < c", " hai  ô ", "chuông \x07", "_x0041_", "dòng\nmới", "\ufffe"])
    def test_rows_behind_the_model_row_hold_texts_as_it_does(self, results: Results, text: str) -> None:
        frames = dict(results.dataset.frames)
        frames["NHAN_SU"] = frames["NHAN_SU"].assign(chuc_vu=text)
        changed = dataclasses.replace(results, dataset=dataclasses.replace(results.dataset, frames=frames))
        package = zipfile.ZipFile(io.BytesIO(content(changed)))
        number = [module.PLAN.name for module in SHEETS].index("DL_NHAN_SU") + 1
        cells = {
            c.get("r"): c
            for c in ElementTree.fromstring(package.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{NS}c")
        }
        column = next(letters for letters, heading in headings(changed, "DL_NHAN_SU").items() if heading == "Chức vụ")
        shared = list(ElementTree.fromstring(package.read("xl/sharedStrings.xml")))
        model = "".join(shared[int(cells[f"{column}5"].findtext(f"{NS}v", "-1"))].itertext())
        assert {"".join(cells[f"{column}{row}"].itertext()) for row in (6, 7, 8)} == {model}
        assert cells[f"{column}6"].get("s") == cells[f"{column}5"].get("s")


def headings(results: Results, sheet: str) -> dict[str, str]:
    return {c.column_letter: c.value for c in opened(content(results))[sheet][4]}


class TestLogAndSettings:
    def test_refused_files_come_first_and_none_is_missing(self, values: openpyxl.Workbook) -> None:
        rows = rows_of(values["NHAT_KY"])
        assert [r["Kết quả"] for r in rows] == ["■ không dùng được"] * 2 + ["● được tính"] * 2
        assert [r["Đơn vị"] for r in rows] == ["P2 (theo tên tệp)", "chưa rõ", "P1", "P2"]
        assert [rows[2][h] for h in ("Tổng số ô", "Ô nhận", "Ô không dùng được", "Ô không ai đọc")] == [
            100,
            90,
            2,
            1,
        ]
        assert rows_of(values["NHAT_KY"], "Bỏ qua")[0]["Tệp, thư mục"] == "so-nhan.csv"

    def test_every_rule_is_shown_with_its_source(self, values: openpyxl.Workbook) -> None:
        rows = rows_of(values["CAU_HINH"], "I.")
        assert [r["Mã"] for r in rows] == list(register())
        assert all(r["Căn cứ"] and r["Trạng thái nguồn"] for r in rows)

    def test_every_column_of_the_template_is_explained(self, values: openpyxl.Workbook) -> None:
        rows = rows_of(values["TU_DIEN"], "II.")
        assert [(r["Trang"], r["Tên trường"]) for r in rows] == [
            (s.code, c.name) for s in UNIT_TEMPLATE.sheets for c in s
        ]

    def test_cover_says_what_this_is(self, values: openpyxl.Workbook) -> None:
        texts = [str(c) for row in values["BIA"].iter_rows(values_only=True) for c in row if c is not None]
        for text in (
            "DỮ LIỆU GIẢ ĐỊNH",
            "Bản phục vụ Hội đồng xem xét, không thay quyết định",
            "20/11/2026 08:00",
        ):
            assert text in texts
        assert any(text.startswith("0123456789ab") for text in texts)
        assert any(text.startswith("2 trên 3 đơn vị") for text in texts)

    def test_real_data_are_not_called_invented(self) -> None:
        data = content(made(fictional=False))
        assert "GIẢ ĐỊNH" not in str(list(opened(data)["BIA"].iter_rows(values_only=True)))


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
            assert theirs[sheet][place].value == pytest.approx(values[sheet][place].value), (
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
