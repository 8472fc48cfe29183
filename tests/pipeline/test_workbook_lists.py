"""The sheets on which people decide: the board, the findings, the nominations and their totals."""

from __future__ import annotations

import dataclasses
import datetime as dt

import openpyxl
import pytest

from pipeline.findings import Finding
from pipeline.results import Results
from pipeline.submissions import Choice, Outcome
from pipeline.workbook import finding_list, scope
from schemas.rules import register
from tests.pipeline.test_workbook_case import FIRST_ROW, NOMINATIONS, cell, content, made, opened, rows_of


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


OBSTACLE = "Vướng mắc"


class TestBoard:
    def test_units_stand_in_the_order_of_the_configuration(self, values: openpyxl.Workbook) -> None:
        rows = rows_of(values["TINH_TRANG_NOP"])
        assert [(r["Mã"], r["Trạng thái"], r["Thời hạn"]) for r in rows] == [
            ("P2", "● Đạt", "Đúng hạn"),
            ("P1", "▲ Cần bổ sung", "Đúng hạn"),
            ("KV1", "■ Chưa nộp", "Quá hạn"),
        ]
        assert rows[1]["Gửi lần đầu"] == dt.datetime(2026, 11, 10, 9, 30)
        assert (rows[0]["Số tệp"], rows[0]["Không dùng được"]) == (2, 1)

    def test_files_of_nobody_stand_below(self, values: openpyxl.Workbook) -> None:
        (row,) = rows_of(values["TINH_TRANG_NOP"], "Tệp chưa rõ")
        assert (row["Tệp"], row["Mã"]) == ("la.xlsx", "?")

    def test_why_a_file_counts_or_by_what_it_is_taken_for_the_units(self) -> None:
        found = made()
        counted = found.dataset.counted
        counted["P1"].choice = Choice.NEWEST_CONTENT
        counted["P2"].outcome, counted["P2"].unit_by_sender = Outcome.REFUSED, True
        rows = {r["Mã"]: r for r in rows_of(opened(content(found), values=True)["TINH_TRANG_NOP"])}
        assert rows["P1"]["Vì sao bản này"] == "nội dung lưu sau cùng, dù có bản gửi sau"
        assert (rows["P2"]["Trạng thái"], rows["P2"]["Vì sao bản này"]) == (
            "◆ Đã nhận", "đơn vị suy theo người gửi và tên tệp",
        )  # fmt: skip
        assert rows["KV1"]["Vì sao bản này"] == "–"

    def test_who_has_not_sent_is_overdue_only_after_the_deadline(self) -> None:
        found = made()
        deadline = next(s.deadline for s in found.board if s.code == "KV1")
        assert deadline is not None
        told = {}
        for minutes in (0, 1):
            later = dataclasses.replace(found, now=deadline + dt.timedelta(minutes=minutes))
            book = opened(content(later), values=True)
            told[minutes] = next(r["Thời hạn"] for r in rows_of(book["TINH_TRANG_NOP"]) if r["Mã"] == "KV1")
            (matter,) = (r for r in rows_of(book["VIEC_CAN_QUYET"]) if r["Mã ĐV"] == "KV1")
            assert matter["Loại"] == "Chưa có hồ sơ dùng được"
            assert ("chưa nộp, chưa đến hạn" in matter["Nội dung cần quyết"]) is not bool(minutes)
        assert told == {0: "Chưa đến hạn", 1: "Quá hạn"}

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

    def test_says_what_is_stopped(self) -> None:
        more = [
            cell("V-03", "not_number", "HOAT_DONG", "X8"),
            cell("V-03", "not_number", "DON_VI", "C8"),
            Finding("V-13", "not_template", "P2", "", "P2 bản cũ.xlsx"),
        ]
        rows = rows_of(opened(content(made(more)), values=True)["PHAT_HIEN"])
        stopped = {(r["Mã"], str(r["Nơi (tệp, trang, ô)"]).rpartition("\n")[2]): r["Chặn gì"] for r in rows}
        assert stopped["V-03", "trang DE_NGHI, ô L7"] == "đề nghị DN03 · Tao Thử An"
        assert stopped["V-03", "trang HOAT_DONG, ô X8"] == "dòng"
        assert stopped["V-03", "trang DON_VI, ô C8"] == "trang"
        assert stopped["V-13", "P2 bản cũ.xlsx"] == "tệp"
        assert all((r["Chặn gì"] is not None) == (r["Mức"] == "■ CHẶN") for r in rows)

    def test_a_file_that_was_replaced_need_not_be_sent_again(self) -> None:
        old = Finding("V-13", "not_template", "P2", "", "P2 bản cũ.xlsx")
        rows = rows_of(opened(content(made([old])), values=True)["PHAT_HIEN"])
        fixes = {r["Mã"]: r["Cách sửa"] for r in rows}
        assert fixes["V-13"].startswith("Đơn vị đã có bản dùng được; không phải gửi lại tệp này.")
        assert not fixes["V-03"].startswith("Đơn vị đã có")

    def test_says_where_to_send_by_when(self, values: openpyxl.Workbook) -> None:
        for name in ("PHAT_HIEN", "TINH_TRANG_NOP"):
            assert "Hội đồng họp ngày 10/12/2026. Nơi nhận bản sửa: Văn phòng." in values[name]["A3"].value

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
        shown = [(r["Mã ĐV"], r["Họ và tên"], r["Danh hiệu hoặc hình thức"]) for r in rows_of(page, "I.")]
        assert shown == [
            ("P2", "Mùa Giả Dế", "Lao động tiên tiến"),
            ("P1", "Tao Thử An", "Chiến sĩ thi đua cơ sở"),
            ("P1", "Lò Giả Ơn", "Lao động tiên tiến"),
        ]
        assert [r["Họ và tên"] for r in rows_of(page, "III.")] == ["Đào Ví Ân"]
        assert [r["Họ và tên"] for r in rows_of(page, "IV.")] == ["Tao Thử An"]
        assert [r[OBSTACLE] for r in rows_of(page, "V.")] == ["– Không đề nghị"]

    def test_says_what_stands_in_the_way(self, values: openpyxl.Workbook) -> None:
        page = values["TH_CA_NHAN"]
        assert rows_of(page, "IV.")[0][OBSTACLE] == "■ CHẶN: V-03: sai kiểu dữ liệu («Ngày»), trang DE_NGHI ô L7"
        explain = rows_of(page, "III.")[0][OBSTACLE]
        assert explain.startswith("▲ Chờ giải trình: V-07: số liệu giữa các trang không khớp")
        assert explain.endswith("trang NHAN_SU ô B7")
        assert {r[OBSTACLE] for r in rows_of(page, "I.")} == {"● Không vướng CHẶN, GIẢI TRÌNH"}

    def test_what_was_considered_and_not_proposed_is_never_stopped(self) -> None:
        stop = cell("V-03", "not_number", "DE_NGHI", "L9")  # DN05, fifth row of P1
        (row,) = rows_of(opened(content(made([stop])), values=True)["TH_CA_NHAN"], "V.")
        assert (row[OBSTACLE], row["Số phát hiện"]) == ("– Không đề nghị", 1)

    def test_says_that_a_family_was_not_checked(self, results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
        fewer = {code: rule for code, rule in register().items() if not code.startswith("XH-")}
        monkeypatch.setattr(scope, "register", lambda: fewer)
        values = opened(content(results), values=True)
        for name in ("TH_TAP_THE", "TH_CA_NHAN", "TH_SO_LIEU"):
            assert "Xếp hạng CHƯA được xét ở bản này" in values[name]["A3"].value
        rows = {str(r[0].value): str(r[2].value) for r in values["BIA"].iter_rows(max_col=3)}
        assert rows["CHƯA kiểm tra"] == "xếp hạng."

    def test_a_name_is_that_of_the_staff_list(self) -> None:
        results = made()
        staff = results.dataset.frames["NHAN_SU"]
        frames = results.dataset.frames | {
            "NHAN_SU": staff.assign(ho_ten=staff["ho_ten"].replace("Mùa Giả Dế", "Vừ A"))
        }
        changed = dataclasses.replace(results, dataset=dataclasses.replace(results.dataset, frames=frames))
        row = rows_of(opened(content(changed), values=True)["TH_CA_NHAN"], "I.")[0]
        assert row["Họ và tên"] == "Vừ A (khai là «Mùa Giả Dế»)"

    @pytest.mark.parametrize("row", [FIRST_ROW, FIRST_ROW + 1])
    def test_finding_of_any_ballot_stops_its_nomination(self, row: int) -> None:
        params = {"thu": "9", "phat": "8"}
        stop = Finding("QT-03", "issued", "P1", "", "P1/P1.xlsx", "PHIEU", f"E{row}", "", params)
        book = opened(content(made([stop])), values=True)
        rows = rows_of(book["TH_CA_NHAN"], "IV.")
        assert f"QT-03: số phiếu không cân, trang PHIEU ô E{row}" in rows[0][OBSTACLE]
        assert rows[0]["Số phát hiện"] == 2
        (line,) = (r for r in rows_of(book["PHAT_HIEN"]) if r["Mã"] == "QT-03")
        assert line["Chặn gì"] == "đề nghị DN03 · Tao Thử An"

    def test_votes_are_those_of_the_last_round_of_all_voters(self, values: openpyxl.Workbook) -> None:
        row = rows_of(values["TH_CA_NHAN"], "IV.")[0]
        assert (row["Phiếu đồng ý"], row["Tổng người biểu quyết"], row["% đồng ý"]) == (3, 4, 0.75)

    def test_past_awards_by_year(self, values: openpyxl.Workbook) -> None:
        row = rows_of(values["TH_CA_NHAN"], "IV.")[0]
        assert row["Khen thưởng 5 năm trước"] == "LĐTT 2021–2023, 2025"

    def test_collectives_have_their_own_sheet(self, values: openpyxl.Workbook) -> None:
        (row,) = rows_of(values["TH_TAP_THE"], "I.")
        assert (row["Tập thể"], row["Số người"], row["Số người đề nghị LĐTT"]) == ("Phòng 1", 3, 3)
        assert rows_of(values["TH_TAP_THE"], "II.") == []

    def test_nobody_is_dropped(self, values: openpyxl.Workbook) -> None:
        names = ("TH_TAP_THE", "TH_CA_NHAN")
        shown = sum(len(rows_of(values[name], part)) for name in names for part in ("I.", "II.", "III.", "IV.", "V."))
        assert shown == len(NOMINATIONS)


class TestTotals:
    def test_counts_by_title_and_part(self, values: openpyxl.Workbook) -> None:
        rows = rows_of(values["TH_SO_LIEU"], "I.")
        shown = [[row[key] for key in list(row)[1:]] for row in rows]
        assert shown == [
            ["Chiến sĩ thi đua cơ sở", "CSTĐCS", 1, 0, 0, 0, 1, 1, 1, 2],
            ["Lao động tiên tiến", "LĐTT", 2, 0, 1, 1, 4, 4, 0, 4],
        ]
        page = values["TH_SO_LIEU"]
        assert page["A4"].value == "I. Cá nhân: 5 đề nghị cho 4 người"
        assert [c.value for c in page[8]][1:] == ["Cộng", None, 3, 0, 1, 1, 5, 4, 1, 6]
