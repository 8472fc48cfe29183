"""What the secretary prints and signs: the same people as the lists, the decree's form, nothing cut or orphaned."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.findings import Finding
from pipeline.results import Results
from pipeline.workbook import SHEETS, council_votes, statistics_forms
from pipeline.workbook.book import Book
from pipeline.workbook.carried import Carried, Held
from pipeline.workbook.letter_figures import award_figures
from pipeline.workbook.nominated import LISTED, Nominations, Part
from pipeline.workbook.nomination_keys import NominationKeys
from pipeline.workbook.persons import staff_facts
from pipeline.workbook.plan import Group, SheetModule, SheetPlan
from pipeline.workbook.print_form import Form
from pipeline.workbook.print_list import PrintList, roman
from pipeline.workbook.statistics_forms import AWARD_LINES, MOVEMENT_LINES, months_between
from tests.casework import Case, form, proposal, staff, tally
from tests.pipeline.test_workbook_case import FIRST_ROW, cell, made, opened

MODULES = tuple(module for module in SHEETS if module.PLAN.group is Group.PRINT)
PRINTS = ("IN_PL1", "IN_PL2", "IN_PHIEU", "IN_BBKP", "IN_TO_TRINH_SO_LIEU", "IN_0601_0603")
STOP = cell("V-03", "not_number", "DE_NGHI", f"L{FIRST_ROW}")  # DN01 of P1
ASK = Finding("HS-02", "order", "P1", "DN02", "P1/P1.xlsx", "DE_NGHI", f"B{FIRST_ROW + 1}")


@pytest.fixture(scope="module")
def results() -> Results:
    return made([STOP])


def written(results: Results, *before: SheetModule, carried: Carried | None = None) -> bytes:
    """Only the sheets for print, and those that shall stand before them."""
    stream = io.BytesIO()
    book = Book(stream, results, lambda _: None, carried=carried)
    for module in (*before, *MODULES):
        module.write(book.page(module.PLAN), results)
    book.close()
    return stream.getvalue()


@pytest.fixture(scope="module")
def data(results: Results) -> bytes:
    return written(results)


@pytest.fixture(scope="module")
def values(data: bytes) -> openpyxl.Workbook:
    return opened(data, values=True)


def texts(page: Worksheet) -> list[str]:
    return [str(c.value) for row in page.iter_rows() for c in row if c.value is not None]


def names(page: Worksheet) -> list[str]:
    """The second cells of numbered lines."""
    rows = page.iter_rows(min_row=4, max_col=2, values_only=True)
    return [str(name) for number, name in rows if isinstance(number, int)]


def printed_cells(page: Worksheet) -> Any:
    return page[page.print_area.rpartition("!")[2].replace("$", "")]


class TestWhoIsPrinted:
    def test_the_annexes_hold_who_the_lists_hold_and_nobody_else(
        self, results: Results, values: openpyxl.Workbook
    ) -> None:
        groups, people = Nominations(results).everything
        for sheet, items in (("IN_PL1", groups), ("IN_PL2", people)):
            assert sorted(names(values[sheet])) == sorted(i.name for i in items if i.part in LISTED)

    def test_one_who_is_stopped_is_counted_and_said_where(self, results: Results, values: openpyxl.Workbook) -> None:
        _, people = Nominations(results).everything
        stopped = [i for i in people if i.part is Part.STOPPED]
        assert len(stopped) == 2
        for sheet in ("IN_PL2", "IN_PHIEU", "IN_BBKP", "IN_TO_TRINH_SO_LIEU", "IN_0601_0603"):
            assert "2 đề nghị (phần IV của TH_CA_NHAN)" in values[sheet]["A3"].value, sheet
        assert "Không có đề nghị nào bị để lại" in values["IN_PL1"]["A3"].value
        assert "Lò Giả Ơn" in [i.name for i in stopped]  # CC1, of whom nothing else is proposed
        assert "Lò Giả Ơn" not in names(values["IN_PL2"])

    def test_that_note_is_not_printed(self, values: openpyxl.Workbook) -> None:
        for name in PRINTS:
            told = [str(c.value) for row in printed_cells(values[name]) for c in row if c.value]
            assert not any("CHẶN" in text and "KHÔNG in" in text for text in told)
            assert "← Mục lục" not in told

    def test_one_who_waits_is_printed_and_marked(self) -> None:
        found = made([ASK])
        page = opened(written(found), values=True)["IN_PL2"]
        waiting = [i.name for i in Nominations(found).everything[1] if i.part is Part.EXPLAIN]
        assert waiting
        marked = [row[1] for row in page.iter_rows(min_row=4, values_only=True) if row[8] == "Chờ giải trình"]
        assert marked == waiting
        assert f"{len(waiting)} đề nghị còn chờ giải trình" in page["A3"].value

    def test_names_stand_by_ten_then_ho(self, values: openpyxl.Workbook) -> None:
        assert names(values["IN_PL2"]) == ["Tao Thử An", "Đào Ví Ân", "Mùa Giả Dế"]

    def test_the_ballot_and_the_minutes_have_the_same_lines_numbered_through(self, values: openpyxl.Workbook) -> None:
        lines = [
            [row[:2] for row in values[name].iter_rows(min_row=4, values_only=True) if isinstance(row[0], int)]
            for name in ("IN_PHIEU", "IN_BBKP")
        ]
        assert lines[0] == lines[1]
        assert [number for number, _ in lines[0]] == list(range(1, 5))
        assert lines[0][0][1] == "Phòng 1"

    def test_nobody_signs_a_ballot(self, values: openpyxl.Workbook) -> None:
        page = values["IN_PHIEU"]
        assert not any("(Ký" in text for text in texts(page))
        assert sum(text == "☐" for text in texts(page)) == 2 * len(names(page))

    def test_text_that_looks_like_a_formula_stays_text(self, data: bytes) -> None:
        page = opened(data)["IN_PL2"]
        typed = {c.value: c.data_type for row in page.iter_rows() for c in row if c.value in ("-5 vụ", "@x", "+3")}
        assert typed == {"-5 vụ": "s", "@x": "s"}  # +3 belongs to one who is stopped


class TestFigures:
    def test_figures_are_counts_of_the_lists(self, results: Results) -> None:
        nominations = Nominations(results)
        figures = award_figures(nominations, staff_facts(results))
        groups, people = nominations.everything
        assert sum(f.persons for f in figures) == sum(i.part in LISTED for i in people)
        assert sum(f.collectives for f in figures) == sum(i.part in LISTED for i in groups)
        assert sum(f.stopped for f in figures) == 2
        (advanced,) = (f for f in figures if f.name == "Lao động tiên tiến")
        assert (advanced.persons, advanced.women, advanced.direct) == (2, 1, 2)

    def test_totals_are_sums(self, data: bytes, values: openpyxl.Workbook) -> None:
        formulas, page = opened(data)["IN_TO_TRINH_SO_LIEU"], values["IN_TO_TRINH_SO_LIEU"]
        (row,) = (c.row for c in page["B"] if c.value == "Cộng")
        assert [page.cell(row, column).value for column in (4, 5, 10)] == [1, 3, 2]
        assert re.fullmatch(r"=SUM\(D\d+:D\d+\)", formulas.cell(row, 4).value)

    def test_the_sentences_quote_them(self, values: openpyxl.Workbook) -> None:
        told = "\n".join(texts(values["IN_TO_TRINH_SO_LIEU"]))
        assert "Có 02/03 đơn vị gửi hồ sơ, với 04 công chức, người lao động; đề nghị 01 tập thể, 03 cá nhân." in told
        assert "Lao động tiên tiến cho 02 cá nhân" in told


class TestVotes:
    def test_the_minutes_are_blank_before_the_meeting(self, values: openpyxl.Workbook) -> None:
        page = values["IN_BBKP"]
        rows = [row for row in page.iter_rows(min_row=4, values_only=True) if isinstance(row[0], int)]
        assert all(row[3:7] == (None,) * 4 for row in rows)
        assert "Chưa có phiếu cấp Hội đồng" in page["A3"].value

    def test_votes_of_the_council_that_were_reported_are_filled_in(self) -> None:
        ballot = tally("DN1", 7, 8, cap_hop="HOI_DONG", khong_dong_y=1.0)
        council = [
            {"ho_ten": f"Lò Giả {n}", "chuc_vu": "x", "vai_tro": "UY_VIEN", "tu_ngay": dt.date(2025, 7, 1)}
            for n in range(10)
        ]
        case = Case(
            configured={"HOI_DONG": council},
            P1={"DON_VI": [form()], "NHAN_SU": [staff("CC1")], "DE_NGHI": [proposal("DN1", "CC1", "LDTT")],
                "PHIEU": [ballot]},
        )  # fmt: skip
        results = dataclasses.replace(case.results(), findings=())
        page = opened(written(results), values=True)["IN_BBKP"]
        (row,) = (row for row in page.iter_rows(min_row=4, values_only=True) if isinstance(row[0], int))
        assert row[3:7] == (7, 1, 0, 0.7)
        assert any("phát ra: 8; thu về: 8; hợp lệ: 8; không hợp lệ: 0" in text for text in texts(page))

    def test_typed_votes_that_were_carried_in_stand_in_the_minutes_at_once(self, results: Results) -> None:
        _, persons = Nominations(results).listed
        (key,) = NominationKeys(Nominations(results)).of(persons[:1])
        counts = {"phat": 9, "thu": 8, "hop_le": 8, "khong_hop_le": 0, "dong_y": 6, "khong_dong_y": 2, "tong": 10}
        held = Held("PHIEU_HOI_DONG", key, counts, 5, "x")
        book = written(results, council_votes, carried=Carried("0" * 64, "cu.xlsx", {(held.sheet, key): held}))
        rows = {row[1]: row[3:7] for row in opened(book, values=True)["IN_BBKP"].iter_rows(values_only=True)}
        assert rows[persons[0].name] == (6, 2, None, 0.6)
        assert rows[persons[1].name] == (None,) * 4
        assert any("phát ra: 9; thu về: 8" in text for text in texts(opened(book, values=True)["IN_BBKP"]))


class TestStatistics:
    def test_a_cell_that_the_data_cannot_tell_is_blank_and_not_zero(self, values: openpyxl.Workbook) -> None:
        page = values["IN_0601_0603"]
        by_code = {
            row[1]: row for row in page.iter_rows(min_row=4, values_only=True) if re.fullmatch(r"\d\d", str(row[1]))
        }
        assert by_code["06"][3] is None  # of form 0603: leaders of ministries and provinces
        assert by_code["05"][3] == 0

    def test_rows_have_the_codes_of_the_forms(self) -> None:
        for lines, most in ((MOVEMENT_LINES, 12), (AWARD_LINES, 17)):
            assert [line.code for line in lines if line.code] == [f"{n:02d}" for n in range(1, most + 1)]

    @pytest.mark.parametrize(
        ("start", "end", "months"),
        [((2026, 1, 1), (2026, 12, 31), 12), ((2026, 1, 1), (2026, 12, 30), 11), ((2021, 1, 1), (2025, 12, 31), 60),
         ((2026, 3, 15), (2026, 4, 14), 1)],
    )  # fmt: skip
    def test_months(self, start: tuple[int, int, int], end: tuple[int, int, int], months: int) -> None:
        assert months_between(dt.date(*start), dt.date(*end)) == months

    def test_awards_go_into_the_column_of_their_kind(self) -> None:
        case = Case(
            P1={"DON_VI": [form()], "NHAN_SU": [staff("CC1"), staff("CC2", nhom_doi_tuong="LANH_DAO_DON_VI")],
                "DE_NGHI": [proposal("DN1", "CC1", "BK"), proposal("DN2", "CC2", "CSTD_NGANH"),
                            proposal("DN3", "P1", "CO_NGANH"), proposal("DN4", "CC1", "LDTT")]},
        )  # fmt: skip
        results = dataclasses.replace(case.results(), findings=())
        printed = len(PrintList.of(Nominations(results)).everything)
        page = opened(written(results), values=True)["IN_0601_0603"]
        rows = [r for r in page.iter_rows(min_row=4, values_only=True) if r[0] == "Tổng số"]
        assert rows[1][3:8] == (printed - 1, 1, 1, 1, 0)
        by_words = {str(r[0]): r for r in page.iter_rows(min_row=4, values_only=True)}
        assert by_words["+ Các cấp lãnh đạo khác từ phó phòng trở lên"][3:6] == (1, 0, 1)
        assert "1 lượt đề nghị danh hiệu, hình thức khác" in page["A3"].value

    def test_it_never_claims_that_the_layout_is_confirmed(self) -> None:
        assert any("CẦN XÁC MINH" in note for note in statistics_forms.NOTES)


class TestForm:
    def test_page_set_up_is_the_decrees(self, values: openpyxl.Workbook) -> None:
        for name in PRINTS:
            page = values[name]
            assert (page.page_setup.paperSize, page.page_margins.left) == (9, pytest.approx(1.18))
            assert page.page_setup.orientation == ("landscape" if name in PRINTS[:2] + PRINTS[4:5] else "portrait")
            assert page.HeaderFooter.differentFirst
            assert page.page_setup.useFirstPageNumber  # which is 1 when not said
            assert page.page_setup.scale in (None, 100, 84)

    def test_annexes_say_what_they_are(self, values: openpyxl.Workbook) -> None:
        for name, number in (("IN_PL1", "I"), ("IN_PL2", "II")):
            page = values[name]
            assert [page.cell(row, 1).value for row in (4, 5, 6)] == [
                f"Phụ lục {number}",
                f"DANH SÁCH {'TẬP THỂ' if number == 'I' else 'CÁ NHÂN'} ĐƯỢC ĐỀ NGHỊ KHEN THƯỞNG KỲ XÉT 2026",
                "(Kèm theo Tờ trình số ……/TTr-…… ngày …… tháng …… năm 2026)",
            ]
            assert (page["A4"].font.name, page["A4"].font.size, page["A4"].font.bold) == ("Times New Roman", 14, True)

    def test_minutes_have_a_letterhead(self, values: openpyxl.Workbook) -> None:
        told = texts(values["IN_BBKP"])
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in told and "Độc lập - Tự do - Hạnh phúc" in told
        assert "Số: ……/BB-HĐTĐKT" in told and "Tỉnh Mẫu, ngày 10 tháng 12 năm 2026" in told

    def test_what_is_filled_in_by_hand_is_unlocked_and_the_rest_is_not(self, values: openpyxl.Workbook) -> None:
        page = values["IN_PL2"]
        assert not page["A6"].protection.locked
        assert page["A5"].protection.locked

    def test_a_sheet_wider_than_its_paper_is_refused(self, results: Results) -> None:
        book = Book(io.BytesIO(), results, lambda _: None)
        page = book.page(SheetPlan("IN_X", Group.PRINT, "x", "x?", landscape=False))
        with pytest.raises(AssertionError, match="pixels wide"):
            Form.on(page, [100, 20], "")

    def test_same_bytes(self, data: bytes) -> None:
        assert written(made([STOP])) == data


def broken(rows: Sequence[tuple[float, bool]], repeated: tuple[int, int] | None = None) -> list[int]:
    """First rows of the further pages of a form with rows of these heights, some kept with the next."""
    results = made()
    book = Book(io.BytesIO(), results, lambda _: None)
    form = Form.on(book.page(SheetPlan("IN_X", Group.PRINT, "x", "x?", landscape=False)), [20, 20], "")
    first = form.page.row
    for height, keep in rows:
        form.row(height=height, keep=keep)
    form.repeated = repeated and (first + repeated[0], first + repeated[1])
    form.close()
    return [row - first for row in form.page.sheet.hbreaks]


class TestPages:
    def test_one_page_has_no_break(self) -> None:
        assert broken([(100, False)] * 7) == []

    def test_a_row_that_does_not_fit_begins_a_page(self) -> None:
        assert broken([(100, False)] * 8) == [7]

    def test_a_heading_goes_with_its_first_row(self) -> None:
        assert broken([(100, False)] * 6 + [(100, True), (100, False)]) == [6]

    def test_signatures_stay_together(self) -> None:
        assert broken([(100, False)] * 5 + [(60, True)] * 4 + [(20, False)]) == [5]

    def test_the_repeated_heading_takes_its_room(self) -> None:
        rows = [(100.0, False)] * 14
        assert broken(rows) == [7]
        assert broken(rows, (0, 0)) == [7, 13]

    def test_what_is_kept_together_but_too_long_for_a_page_is_broken_all_the_same(self) -> None:
        assert broken([(100, True)] * 9) == [7]


class TestNumbers:
    def test_roman(self) -> None:
        assert [roman(n) for n in (1, 4, 9, 14, 39)] == ["I", "IV", "IX", "XIV", "XXXIX"]


def test_first_pages_bear_no_number(data: bytes) -> None:
    package = zipfile.ZipFile(io.BytesIO(data))
    heads = [
        n for n in package.namelist() if n.startswith("xl/worksheets/sheet") and b"differentFirst" in package.read(n)
    ]
    assert len(heads) == len(PRINTS)
