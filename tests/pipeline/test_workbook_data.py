"""The technical sheets: consolidated data, receipt log, settings, dictionary, and the cover."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest

from pipeline.intake import TimeSource
from pipeline.results import Results
from pipeline.submissions import Choice
from pipeline.workbook import bulk, data_sheets, scope
from schemas.rules import register
from schemas.sheets import UNIT_TEMPLATE
from tests.pipeline.test_workbook_case import NOMINATIONS, NS, content, made, opened, rows_of


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
        assert rows_of(book["TH_CA_NHAN"], "I.")[2]["Tóm tắt thành tích"] == "=1+1"

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
        assert [(r["Mã đơn vị"], r["Tổng số người có quyền biểu quyết"]) for r in rows] == [("P2", 4), ("P1", 4)]
        assert "Dòng Excel" not in rows[0]

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
        number = opened(content(results)).sheetnames.index("DL_NHAN_SU") + 1
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

    def test_who_sent_a_file_and_why_it_counts(self) -> None:
        found = made()
        first, second, third, fourth = found.dataset.records
        first.sender, first.message_id, first.choice = "p1@mau.example", "<1@mau.example>", Choice.LAST_SENT
        first.time_source = TimeSource.MAIL
        second.sender, second.original_sender = "vp@mau.example", "p2@mau.example"
        third.unit_by_name, third.unit_by_sender, third.message_id = False, True, "<3@mau.example>"
        rows = {r["Tệp"]: r for r in rows_of(opened(content(found), values=True)["NHAT_KY"])}
        assert {r["Người gửi"] for r in rows.values()} == {
            "p1@mau.example", "vp@mau.example (thư gốc: p2@mau.example)", "không ghi", "không kèm thư",
        }  # fmt: skip
        one = rows[first.path]
        assert (one["Vì sao được tính, không được tính"], one["Mã thư (Message-ID)"], one["Nguồn của giờ"]) == (
            "bản gửi sau cùng", "<1@mau.example>", "giờ gửi ghi trong thư",
        )  # fmt: skip
        assert rows[third.path]["Đơn vị"] == "P2 (theo người gửi)"
        assert rows[fourth.path]["Người gửi"] == "không kèm thư"

    def test_every_rule_is_shown_with_its_source(self, values: openpyxl.Workbook) -> None:
        rows = rows_of(values["CAU_HINH"], "I.")
        assert [r["Mã"] for r in rows] == sorted(register())
        assert all(r["Căn cứ"] and r["Trạng thái nguồn"] for r in rows)

    def test_every_column_of_the_template_is_explained(self, values: openpyxl.Workbook) -> None:
        rows = rows_of(values["TU_DIEN"], "III.")
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
        (paper,) = [text for text in texts if text.startswith("khổ A4: BIA, TONG_QUAN, NAM_NGUYEN_TAC, TH_SO_LIEU")]
        assert "; khổ A3: VIEC_CAN_QUYET, TINH_TRANG_NOP," in paper

    def test_cover_says_what_was_checked(self, values: openpyxl.Workbook) -> None:
        rows = {str(r[0].value): str(r[2].value) for r in values["BIA"].iter_rows(max_col=3)}
        assert "(QT-…" in rows["Đã kiểm tra"] and "xếp hạng (XH-…" in rows["Đã kiểm tra"]
        assert "CHƯA kiểm tra" not in rows and scope.not_checked() == [] and scope.warning() == ""

    def test_a_family_without_a_rule_is_said_not_to_be_checked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        fewer = {code: rule for code, rule in register().items() if not code.startswith("XH-")}
        monkeypatch.setattr(scope, "register", lambda: fewer)
        assert scope.not_checked() == ["xếp hạng"] and scope.warning() == "Xếp hạng CHƯA được xét ở bản này."

    def test_short_forms_are_explained(self, values: openpyxl.Workbook) -> None:
        rows = {r["Mã"]: (r["Viết tắt"], r["Tên đầy đủ"]) for r in rows_of(values["TU_DIEN"], "II.")}
        assert rows["CSTDCS"] == ("CSTĐCS", "Chiến sĩ thi đua cơ sở")

    def test_real_data_are_not_called_invented(self) -> None:
        data = content(made(mark=""))
        assert "GIẢ ĐỊNH" not in str(list(opened(data)["BIA"].iter_rows(values_only=True)))
