"""Plain tables: what is read of an office's old list, what is said of rows that cannot be read, and where."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from xlsxwriter import Workbook

from pipeline.cli import tdkt
from pipeline.raw_table import RawTable, read_raw, yes_or_no
from pipeline.reading import Uncached
from pipeline.refusals import CannotRun
from pipeline.rotation.listing import COLUMNS
from pipeline.rotation.plain_table import PlainTables, WrongTable, read_tables
from pipeline.rotation.series import prepare
from pipeline.table_rotation import FAULTS, LISTING, judge_tables

HEAD = ["unit", "title", "year", "person", "won", "score"]


def queue(unit: str = "P1", people: int = 8, years: int = 9, first: int = 2016) -> list[list[Any]]:
    """The place goes round; somebody else is the best almost every year."""

    def score(t: int, i: int) -> float:
        return 95.0 if i == (t + 4) % people else 70.0 + (3 * i + t) % 9

    return [
        [unit, "CSTDCS", first + t, f"Người {i}", int(i == t % people), score(t, i)]
        for t in range(years)
        for i in range(people)
    ]  # fmt: skip


def honest(unit: str = "P2", people: int = 8, years: int = 9) -> list[list[Any]]:
    best = [0, 0, 3, 3, 3, 5, 0, 0, 0]
    return [
        [unit, "CSTDCS", 2016 + t, f"Người {i}", int(i == best[t]), 95.0 if i == best[t] else 70.0 + (3 * i + t) % 9]
        for t in range(years)
        for i in range(people)
    ]


def write(
    path: Path, rows: list[list[Any]], head: list[str] = HEAD, delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([head, *rows])
    return path


def sheet_of(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    with Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def table_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def faults(rows: list[list[Any]], head: list[str] = HEAD) -> list[tuple[int, str, bool]]:
    return [(f.row, f.column, bool(f.left_out)) for f in read_tables([[RawTable("a.csv", [head, *rows])]]).faults]


def test_the_listing_has_its_columns_and_finds_the_queue(tmp_path: Path) -> None:
    report = judge_tables([write(tmp_path / "a.csv", queue() + honest())], tmp_path / "out")
    rows = table_of(tmp_path / "out" / LISTING)
    assert list(rows[0]) == list(COLUMNS)
    levels = {row["unit"]: row["level"] for row in rows}
    assert levels["P1"] == "DO" and levels["P2"] in ("XANH", "VANG")
    first = rows[0]
    assert (first["years"], first["informative_years"], first["seats"], first["persons"]) == (
        "2016-2024",
        "9",
        "9",
        "8",
    )
    assert float(first["p_turn"]) < 0.01 and first["lfdr"] == "" and "." in first["power"] + "."
    assert "không phải kết luận" in first["explanation"]
    assert not (tmp_path / "out" / FAULTS).exists()
    assert "Dấu hiệu luân phiên rõ: 1" in "\n".join(report.lines())


def test_order_of_rows_columns_and_files_decides_nothing(tmp_path: Path) -> None:
    rows = queue() + honest()
    one = write(tmp_path / "one.csv", rows)
    judge_tables([one], tmp_path / "a")
    random.Random(5).shuffle(rows)
    turned = [row[::-1] for row in rows]
    two = write(tmp_path / "two.csv", turned[:70], HEAD[::-1], ";", "utf-16")
    three = write(tmp_path / "three.csv", turned[70:], HEAD[::-1], "\t", "utf-8-sig")
    judge_tables([two, three], tmp_path / "b")
    assert (tmp_path / "a" / LISTING).read_bytes() == (tmp_path / "b" / LISTING).read_bytes()


def test_vietnamese_headings_marks_and_numbers(tmp_path: Path) -> None:
    head = ["Đơn vị", "Danh hiệu", "NĂM", "Họ và tên", "Đạt", "Điểm", "Xếp loại", "Tổ", "Số năm nghỉ"]
    rows = [
        ["Phòng 1", "CSTĐCS", "2020", "Lò Giả An", "x", "92,5", "Hoàn thành xuất sắc nhiệm vụ", "Tổ 1", "1"],
        ["Phòng 1", "CSTĐCS", "2020", "Lò Giả Bình", "", "80", "HTTNV", "Tổ 2", "1"],
        ["Phòng 1", "CSTĐCS", "2021", "Lò Giả An", "không", "", "", "Tổ 1", "1"],
        ["Phòng 1", "CSTĐCS", "2021", "lò  giả an", "không", "", "", "Tổ 1", "1"],
    ]
    read = read_tables([[RawTable("a", [head, *rows])]])
    (series,) = read.series
    assert series.years == (2020, 2021) and series.persons == ("Lò Giả An", "Lò Giả Bình")
    assert series.won.tolist() == [[True, False], [False, False]]
    assert series.gap == 1 and series.groups == ("Tổ 1", "Tổ 2")
    assert series.merit[0, 0] > series.merit[0, 1]
    assert [(f.row, f.what.startswith("lặp lại dòng 4")) for f in read.faults] == [(5, True)]


def test_every_bad_cell_is_said_with_row_and_column() -> None:
    rows = [
        ["P1", "T", 2020, "A", 1, 80],
        ["", "T", 2020, "B", 0, 80],
        ["P1", "T", "năm nay", "B", 0, 80],
        ["P1", "T", 1020, "B", 0, 80],
        ["P1", "T", 2020, "", 0, 80],
        ["P1", "T", 2020, "B", "có lẽ", 80],
        ["P1", "T", 2020, "B", 0, "tám mươi"],
        ["P1", "T", 2020, "a", 0, 80],
        [None, None, None, None, None, None],
    ]
    assert faults(rows) == [
        (3, "unit", True), (4, "year", True), (5, "year", True), (6, "person", True), (7, "won", True),
        (8, "score", False), (9, "person", True),
    ]  # fmt: skip


def test_odd_flags_ratings_votes_and_rests_are_said_and_the_row_is_kept() -> None:
    head = ["unit", "title", "year", "person", "won", "eligible", "rating", "votes_for", "votes_total", "gap"]
    rows = [
        ["P1", "T", 2020, "A", 1, 0, "HTXSNV", 9, 9, 1],
        ["P1", "T", 2020, "B", 0, "chắc có", "giỏi", 12, 9, "hai"],
        ["P1", "T", 2020, "C", 0, 1, "HTTNV", 3, 9, 2],
    ]
    assert sorted(faults(rows, head)) == [
        (2, "eligible", False), (2, "gap", False), (3, "eligible", False), (3, "gap", False), (3, "rating", False),
        (3, "votes_for", False),
    ]  # fmt: skip
    read = read_tables([[RawTable("a", [head, *rows])]])
    assert read.series[0].gap == 2 and read.series[0].eligible.all()
    assert read.shares[0][0, 0] == 1.0 and read.shares[0][0, 1] != read.shares[0][0, 1]


def test_years_without_rows_did_not_happen_and_the_calendar_goes_on() -> None:
    rows = [["P1", "T", year, p, int(p == "A"), 80] for year in (2020, 2022) for p in "ABC"]
    (series,) = read_tables([[RawTable("a", [HEAD, *rows])]]).series
    assert series.years == (2020, 2021, 2022) and not series.present[1].any()


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (["unit", "year", "person", "won"], "title (danh_hieu)"),
        (["unit", "title", "year", "person", "won", "nam"], "hai cột cùng nghĩa «year» và «nam»"),
        ([], "dòng 1"),
    ],
)
def test_a_header_that_cannot_be_used_is_said_in_one_sentence(head: list[str], said: str) -> None:
    with pytest.raises(WrongTable, match=said.replace("(", r"\(").replace(")", r"\)")):
        read_tables([[RawTable("a.csv", [head])]])


def test_workbooks_are_read_too_and_hostile_ones_refused(tmp_path: Path) -> None:
    judge_tables([sheet_of(tmp_path / "a.xlsx", {"trống": [], "DS": [HEAD, *queue()]})], tmp_path / "out")
    assert table_of(tmp_path / "out" / LISTING)[0]["level"] == "DO"
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 200)
    with pytest.raises(CannotRun, match=r"b\.xlsx"):
        judge_tables([tmp_path / "b.xlsx"], tmp_path / "out")
    with pytest.raises(CannotRun, match="Không đọc được"):
        judge_tables([tmp_path / "khong-co.csv"], tmp_path / "out")
    with pytest.raises(CannotRun, match="không phải tệp"):
        judge_tables([tmp_path], tmp_path / "out")
    with pytest.raises(CannotRun, match="chỉ có dòng tên cột"):
        judge_tables([write(tmp_path / "c.csv", [])], tmp_path / "out")


def test_a_formula_in_a_name_stays_text(tmp_path: Path) -> None:
    rows = [['=HYPERLINK("x")', *row[1:]] for row in queue()]
    judge_tables([write(tmp_path / "a.csv", rows)], tmp_path / "out")
    assert table_of(tmp_path / "out" / LISTING)[0]["unit"].startswith("'=")


def test_the_command_says_what_it_found_and_names_nobody(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [*queue(), ["P1", "T", "20x4", "Lò Giả An", 1, 80]])
    done = CliRunner().invoke(tdkt, ["rotation", str(path), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0
    assert "dòng 74, cột year: không phải năm" in done.output
    assert "20x4" not in done.output and "Lò Giả An" not in done.output and "Người" not in done.output
    (fault,) = table_of(tmp_path / "out" / FAULTS)
    assert (fault["dong"], fault["cot"], fault["khong_tinh"], fault["gia_tri"]) == ("74", "year", "x", "20x4")
    wrong = CliRunner().invoke(tdkt, ["rotation", str(write(tmp_path / "b.csv", [], ["a"])), "-o", str(tmp_path)])
    assert wrong.exit_code == 2


def test_votes_that_follow_the_turn_are_added_to_the_explanation(tmp_path: Path) -> None:
    head = [*HEAD, "votes_for", "votes_total"]
    rows = [[*row, 8 - (int(row[3].split()[1]) - (row[2] - 2016)) % 8, 9] for row in queue()]
    judge_tables([write(tmp_path / "a.csv", rows, head)], tmp_path / "out")
    assert "Số phiếu cũng nghiêng về người chờ lâu" in table_of(tmp_path / "out" / LISTING)[0]["explanation"]


def test_a_crowd_and_a_century_are_read_without_being_tested_beyond_reason(tmp_path: Path) -> None:
    rows = [
        ["P1", "CSTDCS", year, f"Người {i}", int(i == year % 7), 80.0]
        for year in (1945, 2010, 2020)
        for i in range(300)
    ]
    judge_tables([write(tmp_path / "a.csv", rows)], tmp_path / "out")
    (row,) = table_of(tmp_path / "out" / LISTING)
    assert row["level"] == "XAM" and row["p_turn"] == ""


def test_blank_lines_are_passed_over_what_nothing_reads_is_said() -> None:
    rows = [["P1", "T", 2020, "A", 1, 80, "chữ", "chữ"], [], ["P1", "T", 2020, "B", 0, 70, "", ""], [""] * 7 + ["hết"]]
    read = read_tables([[RawTable("a.csv", [[*HEAD, "Lò Giả An", "", ""], *rows])]])
    assert read.rows == 3 and read.series[0].persons == ("A", "B")
    alone, unread = read.faults
    assert (alone.row, alone.column, alone.left_out) == (5, "H", 1)
    assert (unread.row, unread.column, unread.left_out, unread.value) == (1, "G, H", 0, "Lò Giả An")
    assert "Lò" not in str(unread)


def test_nobody_is_named_on_the_terminal_and_values_in_the_file_are_short(tmp_path: Path) -> None:
    name = "Lò Giả An " * 9
    bad = [["P1", "T", name, "A", 1, 80], ["P1", "T", 2020, "A", name, 80], ["P1", "T", 2020, "C", 1, name]]
    report = judge_tables([write(tmp_path / "a.csv", [*queue(), *bad])], tmp_path)
    assert "Lò" not in "\n".join(report.lines())
    assert {row["gia_tri"] for row in table_of(tmp_path / FAULTS)} == {f"{name[:40]}…"}


def test_where_code_and_name_stand_side_by_side_the_code_is_read() -> None:
    for head in (["don_vi", "ma_don_vi", "ho_ten", "ma_cc"], ["ma_don_vi", "don_vi", "ma_cc", "ho_ten"]):
        cells = {"don_vi": "Phòng 1", "ma_don_vi": "P1", "ho_ten": "Lò Giả An", "ma_cc": "CC1"}
        row = [*(cells[name] for name in head), "T", 2020, 1]
        (series,) = read_tables([[RawTable("a", [[*head, "title", "year", "won"], row])]]).series
        assert (series.unit, series.persons) == ("P1", ("CC1",))
    with pytest.raises(WrongTable, match="hai cột cùng nghĩa «ma_nguoi» và «ma_cc»"):
        read_tables([[RawTable("a", [["unit", "title", "year", "won", "ma_nguoi", "ho_ten", "ma_cc"]])]])


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
def test_the_name_of_a_file_commands_no_terminal(tmp_path: Path) -> None:
    path = write(tmp_path / "a\x08\nb\udc80.csv", [*queue(), ["P1", "T", "20x4", "A", 1, 80]])
    out = tmp_path / "kq\x08"
    done = CliRunner().invoke(tdkt, ["rotation", str(path), "-o", str(out)])
    assert done.exit_code == 0 and "\x08" not in done.output and "a\ufffd b\ufffd.csv, dòng 74" in done.output
    path.unlink()
    refused = CliRunner().invoke(tdkt, ["rotation", str(path), "-o", str(out)])
    assert refused.exit_code == 2 and "\x08" not in refused.output


# --- what a CSV hides


def csv_read(tmp_path: Path, text: str) -> PlainTables:
    (tmp_path / "a.csv").write_bytes(text.encode())
    return read_tables([read_raw(tmp_path / "a.csv")])


GOOD = "P1,T,2020,A,1\nP1,T,2020,B,0\n"
NEED = "unit,title,year,person,won\n"


@pytest.mark.parametrize(
    ("bad", "rows"),
    [
        ('P1,"T,2020,C,0\n', [3]),  # swallows all that follows
        ('P1,T,2020,"C,0\nP1,T,2021,D",0\n', [3, 4]),  # closed a line on, with as many cells as the header
        ('P1,T,"2020,C,0\nP1",T,2020,D,0\n', [3, 4]),
        ('P1,T,2020,"C" Giả,0\n', [3]),
        ('P1,T",2020,C,0\n', [3]),
    ],
)
def test_a_quote_that_is_not_closed_costs_its_own_line_and_is_said(tmp_path: Path, bad: str, rows: list[int]) -> None:
    read = csv_read(tmp_path, NEED + "P1,T,2019,A,1\n" + bad + GOOD)
    series = read.series[0]
    assert series.won[series.years.index(2020)].sum() == 1 and {"A", "B"} <= set(series.persons)
    assert [(f.row, f.what[:13]) for f in read.faults] == [(row, "dấu ngoặc kép") for row in rows]
    assert read.rows == 3 + bad.count("\n")


def test_a_quoted_cell_of_two_lines_is_one_cell(tmp_path: Path) -> None:
    read = csv_read(tmp_path, '"unit","title",year,person,won,"ghi\nchú"\n"P, 1","T",2020,"A",1,"một, hai\r\nba"\n')
    assert (read.rows, read.series[0].unit, [f for f in read.faults if f.left_out]) == (1, "P, 1", [])


def test_a_quote_in_the_header_is_the_operators_to_mend(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="dòng 1: dấu ngoặc kép"):
        csv_read(tmp_path, '"unit,title,year,person,won\n' + GOOD)


def test_a_row_longer_than_the_header_is_not_read_shifted(tmp_path: Path) -> None:
    read = csv_read(tmp_path, "unit,title,year,person,won,score\nP1,T,2020,A,1,92,5\nP1,T,2020,B,0,80,\n")
    assert read.series[0].persons == ("B",)
    assert [(f.row, f.column, f.left_out) for f in read.faults] == [(2, "G", 1)]
    assert read.rows == 2


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\n', "SEP=;\n"])
def test_the_first_line_of_excel_that_names_the_delimiter_is_no_header(tmp_path: Path, first: str) -> None:
    read = csv_read(tmp_path, first + (NEED + GOOD).replace(",", ";"))
    assert read.rows == 2 and read.faults == []


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf\n", b"\xff\xfe"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(CannotRun, match="là tệp trống"):
        read_raw(tmp_path / "a.csv")


def test_a_workbook_is_a_workbook_whatever_its_name_says(tmp_path: Path) -> None:
    sheet_of(tmp_path / "a.xlsx", {"DS": [HEAD, *queue()]})
    (tmp_path / "a.xlsx").rename(tmp_path / "a.csv")
    assert read_tables([read_raw(tmp_path / "a.csv")]).rows == 72


# --- what is written


@pytest.mark.parametrize("name", [LISTING, FAULTS])
def test_a_table_is_never_overwritten_by_a_result_of_its_name(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, queue())
    before = path.read_bytes()
    (tmp_path / "link.csv").symlink_to(path)
    for given in (path, tmp_path / "link.csv", tmp_path / ".." / tmp_path.name / name):
        with pytest.raises(CannotRun, match="bị ghi đè"):
            judge_tables([given], tmp_path)
    assert path.read_bytes() == before
    judge_tables([path], tmp_path / "out")


def test_a_clean_run_leaves_no_faults_of_the_run_before(tmp_path: Path) -> None:
    out = tmp_path / "out"
    judge_tables([write(tmp_path / "a.csv", [*queue(), ["P1", "T", "20x4", "A", 1, 80]])], out)
    assert (out / FAULTS).exists()
    judge_tables([write(tmp_path / "a.csv", queue())], out)
    assert not (out / FAULTS).exists() and (out / LISTING).exists()


def test_where_no_row_can_be_read_the_faults_are_written_all_the_same(tmp_path: Path) -> None:
    out = tmp_path / "out"
    judge_tables([write(tmp_path / "a.csv", queue())], out)
    before = (out / LISTING).read_bytes()
    with pytest.raises(CannotRun, match=FAULTS):
        judge_tables([write(tmp_path / "a.csv", [["P1", "T", "20x4", "A", 1, 80]] * 20)], out)
    assert len(table_of(out / FAULTS)) == 20 and (out / LISTING).read_bytes() == before


def test_all_visible_sheets_with_the_header_are_read_and_the_others_said(tmp_path: Path) -> None:
    half = queue()
    sheets = {
        "Bìa": [["Danh sách"]],
        "2016": [HEAD, *half[:32]],
        "nháp": [HEAD, *honest("P9")],
        "2020": [HEAD, *half[32:]],
    }
    with Workbook(tmp_path / "a.xlsx") as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name == "nháp":
                sheet.hide()
    read = read_tables([read_raw(tmp_path / "a.xlsx")])
    assert read.rows == 72 and [(s.unit, len(s.years)) for s in read.series] == [("P1", 9)]
    assert [(f.sheet, f.what.split(":")[0][:37]) for f in read.faults] == [
        ("Bìa", "không đọc trang này vì thiếu cột unit"), ("nháp", "không đọc trang này vì trang đang ẩn"),
    ]  # fmt: skip


def test_faults_name_the_sheet_and_a_book_of_hidden_sheets_is_refused(tmp_path: Path) -> None:
    bad = [["P1", "T", "20x4", "A", 1, 80]]
    judge_tables([sheet_of(tmp_path / "a.xlsx", {"A": [HEAD, *queue()], "B": [HEAD, *bad]})], tmp_path / "out")
    (fault,) = table_of(tmp_path / "out" / FAULTS)
    assert (fault["trang_tinh"], fault["dong"]) == ("B", "2")
    with pytest.raises(WrongTable, match="a, trang «B»: trang đang ẩn"):
        read_tables([[RawTable("a", [HEAD, *bad], "B", hidden=True)]])


# --- years


def test_a_year_that_is_still_to_come_pushes_no_true_year_out(tmp_path: Path) -> None:
    late = dt.date.today().year + 2
    report = judge_tables([write(tmp_path / "a.csv", [*queue(), ["P1", "CSTDCS", late, "Người 1", 0, 80]])], tmp_path)
    (row,) = table_of(tmp_path / LISTING)
    assert (row["level"], row["years"]) == ("DO", "2016-2024")
    assert [(f.row, f.column) for f in report.faults] == [(74, "year")]


def test_years_before_the_last_fifteen_are_said_once_a_series_and_only_tell_who_is_no_newcomer() -> None:
    early = [["P1", "CSTDCS", year, "Người 3", 1, 80.0] for year in range(1950, 1960)]
    rows = [*early, *queue(years=15, first=2010)]
    rows = [row for row in rows if (row[2], row[3]) != (2010, "Người 3")]
    read = read_tables([[RawTable("a", [HEAD, *rows])]])
    (fault,) = read.faults
    assert (fault.row, fault.column, fault.left_out) == (2, "year", 10) and "trước năm 2010" in fault.what
    (series,) = read.series
    assert series.won.shape == (16, 8) and series.latest.years == tuple(range(2010, 2025))
    prepared = prepare(series)
    newcomer = prepared.source.persons.index("Người 3")
    assert not prepared.new[:, list(prepared.order).index(newcomer)].any()


@pytest.mark.parametrize("cut", ["early", "absent", "team"])
def test_votes_are_used_where_the_series_is_cut(tmp_path: Path, cut: str) -> None:
    head = [*HEAD, "votes_for", "votes_total", "present", "group"]
    rows = [[*row, 8 - (int(row[3].split()[1]) - (row[2] - 2016)) % 8, 9, 1, "Tổ 1"] for row in queue()]
    if cut == "early":
        rows += [["P1", "CSTDCS", 1990 + n, "Người cũ", 0, 80, "", "", 1, "Tổ 1"] for n in range(3)]
    elif cut == "absent":
        rows += [["P1", "CSTDCS", 2020, "An vắng", 0, 80, "", "", 0, "Tổ 1"]]
    else:
        rows += [["P1", "CSTDCS", 2020, f"Khác {n}", 0, 80, "", "", 1, "Tổ 2"] for n in range(200)]
    judge_tables([write(tmp_path / "a.csv", rows, head)], tmp_path / "out")
    said = [row["unit"] for row in table_of(tmp_path / "out" / LISTING) if "Số phiếu cũng" in row["explanation"]]
    assert said == ["P1/Tổ 1" if cut == "team" else "P1"]


# --- cells


@pytest.mark.parametrize("bad", ["#REF!", "#N/A", "#DIV/0!", "#NAME?", "#LỖI", "Err:502", Uncached("=A1")])
def test_a_formula_without_a_result_is_no_name_and_no_value(bad: object) -> None:
    for at, column in enumerate(HEAD):
        row: list[Any] = ["P1", "T", 2020, "A", 1, 80]
        row[at] = bad
        read = read_tables([[RawTable("a", [HEAD, row])]])
        (fault,) = read.faults
        assert (fault.row, fault.column, bool(fault.left_out)) == (2, column, column != "score")
        assert "công thức" in fault.what and bool(read.series) == (column == "score")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-1", None), ("1/2", None), ("x?", None), ("(x)", None), ("12", None), ("1.5", None), ("?", None),
        ("1.0", True), ("1,00", True), ("0.0", False), ("✔", True), ("√", True), ("☑", True), ("☐", False),
        ("-", False), ("", False), ("X", True), ("Có", True), ("Không đạt", False), ("không", False), ("đạt", True),
    ],
)  # fmt: skip
def test_yes_is_yes_only_if_it_is_all_that_the_cell_says(text: str, said: bool | None) -> None:
    assert yes_or_no(text) is said


def test_a_number_beyond_all_scores_is_no_score(tmp_path: Path) -> None:
    rows = [[*row[:5], -1e308 if n % 2 else 1e308] for n, row in enumerate(queue())]
    report = judge_tables([write(tmp_path / "a.csv", rows)], tmp_path / "out")  # a warning of numpy would be an error
    assert [(f.row, f.column, f.left_out) for f in report.faults[:2]] == [(2, "score", 0), (3, "score", 0)]


def test_rows_that_disagree_are_said_and_count_alike_in_any_order(tmp_path: Path) -> None:
    other = [["p1", "cstdcs", 2016 + t, "người 3", int(t % 2), 71.5] for t in range(9)]
    rows = [*queue(), *other, *other]
    judge_tables([write(tmp_path / "a.csv", rows)], tmp_path / "a")
    judge_tables([write(tmp_path / "b.csv", rows[::-1])], tmp_path / "b")
    assert (tmp_path / "a" / LISTING).read_bytes() == (tmp_path / "b" / LISTING).read_bytes()
    for name in "ab":
        said = [row["mo_ta"] for row in table_of(tmp_path / name / FAULTS)]
        assert len(said) == 18 and sum("nội dung khác" in what for what in said) >= 9
