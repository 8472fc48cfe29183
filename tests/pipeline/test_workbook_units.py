"""Pages of the units: where links to a unit lead, what stands there, and files of their own when units are many."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.results import Results
from pipeline.workbook import unit_files
from pipeline.workbook.unit_files import chunks, sheet_names
from pipeline.workbook.unit_pages import write_file
from tests.casework import Case, form, proposal, staff
from tests.pipeline.test_workbook_case import cell, content, made, opened
from tests.pipeline.test_workbook_decisions import province


def texts(page: Any) -> list[str]:
    return [str(c) for row in page.iter_rows(max_col=12, values_only=True) for c in row if c is not None]


def after(page: Any, title: str) -> list[list[Any]]:
    """Rows below the heading of a block."""
    lines = [list(line) for line in page.iter_rows(max_col=12, values_only=True)]
    return lines[next(i for i, line in enumerate(lines) if str(line[0]).startswith(title)) + 1 :]


@pytest.fixture(scope="module")
def book() -> Any:
    return opened(content(province()), values=True)


class TestPage:
    def test_says_points_rank_and_what_would_change_it(self, book: Any) -> None:
        heads, values = after(book["DV_P1"], "Điểm và hạng")[:2]
        found = {head: value for head, value in zip(heads, values, strict=True) if head}
        assert (found["Tổng điểm"], found["Hạng"], found["Xếp nhóm"]) == ("98", "1/3", "Xuất sắc")
        assert any("▼ Xuống hạng 2, dưới P2: bớt hơn " in text for text in texts(book["DV_P1"]))

    def test_strong_and_weak_are_differences_from_the_block(self, book: Any) -> None:
        strong, _ = after(book["DV_P1"], "Mạnh nhất")[1:3]
        assert strong[0].startswith("I.1 ") and strong[5] == "+1,25"  # 60 − (60 + 58 + 57 + 60) / 4
        weak = after(book["DV_P3"], "Mạnh nhất")[1]
        assert weak[6].startswith("II.1 ") and weak[11] == "−2"

    def test_a_unit_that_has_not_sent_says_so_everywhere(self, book: Any) -> None:
        said = texts(book["DV_P5"])
        assert "■ Chưa nộp" in said and "Đơn vị chưa có hồ sơ được tính." in said
        assert "Chưa xét được: không có dãy danh hiệu nào trong lịch sử của đơn vị." in said
        assert said.count("? Chưa xét được") == 5

    def test_findings_are_cut_counted_and_linked(self) -> None:
        many = [cell("V-03", "not_number", "DE_NGHI", f"L{row}", cot=f"Cột {row}") for row in range(20, 40)]
        page = opened(content(made(many)))["DV_P1"]
        (link,) = [c for row in page.iter_rows() for c in row if str(c.value).startswith("Còn ")]
        assert re.match(r"Còn 1[0-9] dòng nữa", link.value) and link.hyperlink.location.startswith("'PHAT_HIEN'!")

    def test_a_clean_unit_says_that_it_was_checked(self) -> None:
        page = opened(content(made()), values=True)["DV_P2"]
        assert any(text.startswith("Đã kiểm tra, không có điều phải sửa") for text in texts(page))

    def test_nominations_stand_by_title_and_state(self) -> None:
        page = opened(content(made()), values=True)["DV_P1"]
        rows = {line[0]: line[2:6] for line in after(page, "Đề nghị năm nay")[1:4]}
        assert rows["TTLĐXS"] == [1, 1, 0, 0] and rows["CSTĐCS"][0] == 1 and rows["LĐTT"] == [3, 1, 1, 1]

    def test_people_without_work_of_their_own_are_named_here_only(self) -> None:
        target = {"ma_ct": "CT01", "noi_dung": "x", "loai": "CHUYEN_MON", "nguoi_phu_trach": "CC1"}
        case = Case(P1={"DON_VI": [form()], "NHAN_SU": [staff("CC1"), staff("CC2")], "CHI_TIEU": [target]})
        page = opened(content(case.results()), values=True)["DV_P1"]
        (said,) = [text for text in texts(page) if "chưa ghi phụ trách" in text]
        assert said.startswith("1 người") and "Lò Giả CC2" in said and "CC1" not in said

    def test_is_one_portrait_page_with_a_link_back(self, book: Any) -> None:
        page = book["DV_P1"]
        assert page["A1"].value == "← Mục lục" and page.page_setup.orientation == "portrait"
        assert page.sheet_properties.pageSetUpPr.fitToPage

    def test_links_to_a_unit_lead_to_its_page(self, book: Any) -> None:
        places = [
            c.hyperlink.location for row in book["HAN_MUC"].iter_rows() for c in row if c.hyperlink and c.value == "P1"
        ]
        assert places and set(places) == {"'DV_P1'!A1"}


class TestNames:
    def test_are_plain_short_and_told_apart(self) -> None:
        names = sheet_names(["P1", "p1", "Đội 1/2", "x" * 40, "x" * 41, "///"])
        assert list(names.values())[:3] == ["DV_P1", "DV_P1_2", "DV_DOI12"]
        assert names["///"] == "DV_X" and names["x" * 41].endswith("_2")

    @given(st.lists(st.text(min_size=1, max_size=40), unique=True, max_size=12))
    def test_are_valid_and_unique_whatever_the_codes(self, units: list[str]) -> None:
        names = list(sheet_names(units).values())
        assert len({name.casefold() for name in names}) == len(units)
        assert all(re.fullmatch(r"DV_[A-Z0-9_]{1,28}", name) for name in names)


class TestFilesBeside:
    @pytest.fixture
    def many(self, monkeypatch: pytest.MonkeyPatch) -> Results:
        monkeypatch.setattr(unit_files, "MOST_INSIDE", 2)
        monkeypatch.setattr(unit_files, "PAGES_A_FILE", 2)
        return made()

    def test_hold_some_units_each(self, many: Results) -> None:
        assert {file: [s.code for s in states] for file, states in chunks(many).items()} == {
            "don-vi-1.xlsx": ["P2", "P1"],
            "don-vi-2.xlsx": ["KV1"],
        }

    def test_the_main_workbook_links_to_them_and_says_so(self, many: Results) -> None:
        book = opened(content(many))
        assert not [name for name in book.sheetnames if name.startswith("DV_")]
        board = book["TINH_TRANG_NOP"]
        links = {
            c.value: c.hyperlink for row in board.iter_rows() for c in row if c.hyperlink and c.value in ("P2", "KV1")
        }
        assert links["KV1"].target == "don-vi-2.xlsx" and links["KV1"].location == "'DV_KV1'!A1"
        assert "don-vi-1.xlsx … don-vi-2.xlsx" in board["A3"].value
        assert any(c.value == "don-vi-1.xlsx" for row in book["BIA"].iter_rows() for c in row)
        (code,) = {
            c.hyperlink.location for row in book["BIA"].iter_rows() for c in row if str(c.value).startswith("KV1 ·")
        }
        assert code.startswith("'TINH_TRANG_NOP'!")

    def test_each_file_has_contents_pages_and_links_back(self, many: Results) -> None:
        target = io.BytesIO()
        write_file(target, many, chunks(many)["don-vi-1.xlsx"], "tong-hop-2.xlsx")
        book = opened(target.getvalue())
        assert book.sheetnames == ["MUC_LUC", "DV_P2", "DV_P1"]
        assert book["DV_P1"]["A1"].hyperlink.location == "'MUC_LUC'!A1"
        assert "tong-hop-2.xlsx" in book["MUC_LUC"]["A3"].value
        again = io.BytesIO()
        write_file(again, made(), chunks(many)["don-vi-1.xlsx"], "tong-hop-2.xlsx")
        assert again.getvalue() == target.getvalue()

    def test_few_units_need_no_file(self) -> None:
        assert chunks(made()) == {}


def test_awards_of_past_years_stand_behind_the_chart() -> None:
    given = {"DE_NGHI": [proposal("DN01", "CC1", "LDTT")], "NHAN_SU": [staff("CC1")], "DON_VI": [form()]}
    past = {"KHEN_THUONG": [{"doi_tuong": "CN", "ma_doi_tuong": "CC1", "nam": 2024.0, "danh_hieu": "LDTT",
                             "don_vi_luc_do": "P1", "tinh_trang": "HIEU_LUC"}]}  # fmt: skip
    page = opened(content(Case(past=past, P1=given).results()), values=True)["DV_P1"]
    rows = {str(line[0]): line[1] for line in page.iter_rows(min_col=15, max_col=16, values_only=True) if line[0]}
    assert rows["2024"] == 1 and rows["2023"] == 0 and rows["2026 (ĐN)"] == 1
