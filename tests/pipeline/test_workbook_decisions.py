"""VIEC_CAN_QUYET and NAM_NGUYEN_TAC: what must be decided and what each option leads to; lights that never guess."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pytest

from pipeline.results import Results
from pipeline.workbook.book import Book
from pipeline.workbook.decision_sheet import CHOICES, MOST_OF_A_KIND, matters_of
from pipeline.workbook.matters import Kind, Matter, listed, ordered
from tests.casework import Case, form, proposal, staff
from tests.pipeline.ranking.desk import target
from tests.pipeline.test_workbook_case import cell, content, made, opened, rows_of

D = dt.date
TABLE = [
    {"ma": "I.1", "nhom": "I. Nhiệm vụ chuyên môn", "ten": "Chỉ tiêu một", "diem_chuan": 60.0, "chieu": "CAO"},
    {"ma": "II.1", "nhom": "II. Xây dựng đơn vị, kỷ luật", "ten": "Chỉ tiêu hai", "diem_chuan": 40.0, "chieu": "CAO"},
]


def scored(unit: str, first: float, second: float) -> list[dict[str, Any]]:
    return [
        {"don_vi": unit, "ma_tieu_chi": "I.1", "diem": first, "ly_do": "x"},
        {"don_vi": unit, "ma_tieu_chi": "II.1", "diem": second, "ly_do": "x"},
    ]


def province(**more: Any) -> Results:
    """P1 above P2 above P3, all excellent; P4 waits for a decision with the best points; P5 has not sent."""
    points = [*scored("P1", 60, 38), *scored("P2", 58, 38), *scored("P3", 57, 36), *scored("P4", 60, 40)]
    people = [staff("CC1", nhom_doi_tuong="LANH_DAO_DON_VI"), staff("CC2")]
    return Case(
        configured={
            "BANG_DIEM": TABLE, "DIEM_THAM_DINH": points,
            "DIEU_KIEN_LOAI": [{"don_vi": "P4", "dieu_kien": "KY_LUAT", "ly_do": "x"}],
            "DIEM_TRU": [{"don_vi": "P2", "noi_dung": "x", "so_diem": 3.0, "thong_nhat": "KHONG"}],
        },
        P1={
            "DON_VI": [form("P1")], "NHAN_SU": people,
            "DE_NGHI": [proposal("DN01", "CC1", "CSTDCS"), proposal("DN02", "CC2", "LDTT")],
        },
        P2={"DON_VI": [form("P2")]}, P3={"DON_VI": [form("P3")]}, P4={"DON_VI": [form("P4")]}, P5=None, **more,
    ).results()  # fmt: skip


@pytest.fixture(scope="module")
def results() -> Results:
    return province()


@pytest.fixture(scope="module")
def matters(results: Results) -> list[Matter]:
    return list(Book(BytesIO(), results, lambda _: None).gathered(matters_of))


@pytest.fixture(scope="module")
def book(results: Results) -> Any:
    return opened(content(results), values=True)


def of(matters: list[Matter], kind: Kind, unit: str = "", key: str = "") -> Matter:
    (found,) = [m for m in matters if m.kind is kind and m.unit == unit and m.key.startswith(key)]
    return found


class TestMatters:
    def test_a_gate_tells_the_rank_either_way(self, matters: list[Matter]) -> None:
        gate = of(matters, Kind.GATE, "P4")
        assert gate.first.result.startswith("Như hiện nay: P4 ngoài bảng xếp hạng; Khối phòng có 3 đơn vị xếp hạng.")
        assert gate.second.result.startswith("P4 hạng 1/4. Đổi hạng 3 đơn vị: P1 1→2, P2 2→3, P3 3→4.")
        assert "P4 vào, P1 ra" in gate.second.result
        assert gate.basis.status == "cần xác minh (thực tiễn)"

    def test_two_units_that_wait_are_told_alone_and_together(self) -> None:
        given = [p for unit, one in (("P1", 60), ("P2", 58), ("P3", 57)) for p in scored(unit, one, 38)]
        gates = [{"don_vi": unit, "dieu_kien": "KY_LUAT", "ly_do": "x"} for unit in ("P1", "P3")]
        results = Case(
            configured={"BANG_DIEM": TABLE, "DIEM_THAM_DINH": given, "DIEU_KIEN_LOAI": gates},
            **{unit: {"DON_VI": [form(unit)]} for unit in ("P1", "P2", "P3")},
        ).results()
        gate = of(list(Book(BytesIO(), results, lambda _: None).gathered(matters_of)), Kind.GATE, "P3")
        assert gate.second.result.startswith("P3 hạng 2/2.")
        assert gate.second.result.endswith("Nếu xét cả 2 đơn vị đang chờ: P1 1/3, P3 3/3.")

    def test_who_has_not_sent_is_a_decision_with_the_size_of_the_block(self, matters: list[Matter]) -> None:
        away = of(matters, Kind.NOT_SENT, "P5")
        assert "từ 3 lên 4 đơn vị" in away.first.result and "Giữ 3 đơn vị xếp hạng" in away.second.result

    def test_more_excellent_units_than_the_ceiling_names_who_is_beyond(self, matters: list[Matter]) -> None:
        ceiling = of(matters, Kind.QUOTA, key="tran")
        assert ceiling.content == "3 đơn vị đạt ngưỡng nhóm xuất sắc, trần của khối là 1 đơn vị."
        assert ceiling.first.result == "Nhóm xuất sắc: P1. Ngoài trần: P2, P3."

    def test_disputed_points_are_computed_without_them(self, matters: list[Matter]) -> None:
        points = of(matters, Kind.POINTS, "P2")
        assert points.content == "Đơn vị chưa thống nhất 3 điểm trừ."
        assert points.second.result.startswith("P2 hạng 2→2. Không đơn vị nào khác đổi hạng.")

    def test_an_appraised_score_above_the_claim_tells_the_rank_without_it(self) -> None:
        """P1 claimed 40 of 60 points and was given 60, which carries it from the second place to the first."""
        claims = {"P1": (40, 40), "P2": (50, 35)}
        rows = {
            unit: {"DON_VI": [form(unit)], "CHI_TIEU": [
                target(1, "I.1", 60, one, diem_tu_cham=one), target(2, "II.1", 40, two, diem_tu_cham=two),
            ]} for unit, (one, two) in claims.items()
        }  # fmt: skip
        given = [{"don_vi": "P1", "ma_tieu_chi": "I.1", "diem": 60.0, "ly_do": None}]
        results = Case(configured={"BANG_DIEM": TABLE, "DIEM_THAM_DINH": given}, **rows).results()
        found = list(Book(BytesIO(), results, lambda _: None).gathered(matters_of))
        matter = of(found, Kind.APPRAISED, "P1")
        assert "I.1 (cao hơn tự chấm 20, không ghi lý do)" in matter.content
        assert matter.first.result == "Như hiện nay: hạng 1/2, 100 %."
        assert "P1 80 %, hạng 1→2 trên 2. Đổi hạng 2 đơn vị: P1 1→2, P2 2→1." in matter.second.result

    def test_the_head_above_the_collective_is_lowered_to_what_may_be(self, matters: list[Matter]) -> None:
        head = of(matters, Kind.HEAD, "P1")
        assert head.first.words == "Hạ mức" and head.first.result.startswith("Bớt 1 CSTĐCS; CSTĐCS toàn tỉnh 1→0.")
        assert head.second.result == "Cao hơn mức được xét 1 bậc; ghi lý do vào biên bản."

    def test_keys_name_one_row_each(self, matters: list[Matter]) -> None:
        keys = [(m.kind, m.key) for m in matters]
        assert len(set(keys)) == len(keys)

    def test_the_gravest_kind_comes_first(self, matters: list[Matter]) -> None:
        kinds = list(Kind)
        assert [kinds.index(m.kind) for m in matters] == sorted(kinds.index(m.kind) for m in matters)
        assert ordered(reversed(matters))[0].kind is matters[0].kind

    def test_names_beyond_the_first_are_counted(self) -> None:
        assert listed(["P1", "P1", "P2", "P3"], 2) == "P1, P2 và 1 nữa"

    def test_what_is_stopped_by_findings_is_gathered_by_unit(self) -> None:
        results = made([cell("V-03", "not_number", "DE_NGHI", "L8"), cell("V-07", "name", "NHAN_SU", "C6", ma="CC2")])
        found = Book(BytesIO(), results, lambda _: None).gathered(matters_of)
        stopped = [m for m in found if m.kind is Kind.STOPPED]
        assert [m.unit for m in stopped] == ["P1"] and "(V-03)" in stopped[0].content
        assert "Ngoài danh sách: " in stopped[0].first.result and "CSTĐCS" in stopped[0].first.result


class TestDecisionSheet:
    def test_a_row_a_matter_with_cells_for_the_council(self, book: Any, matters: list[Matter]) -> None:
        page = book["VIEC_CAN_QUYET"]
        rows = rows_of(page)
        assert [row["Loại"] for row in rows] == [m.kind.value for m in matters]
        (rule,) = page.data_validations.dataValidation
        assert rule.formula1 == '"' + ",".join(CHOICES) + '"'
        last = page.max_column - 1  # the hidden keys stand last
        for at in range(5, 5 + len(rows)):
            for column in range(1, last + 1):
                assert page.cell(at, column).protection.locked == (column <= last - 3)

    def test_the_head_says_what_was_put_together_and_what_is_clean(self, book: Any) -> None:
        head = book["VIEC_CAN_QUYET"]["A3"].value
        assert "Gộp: " in head and "Đã xét, không có việc phải quyết: " in head and "Ngang phiếu" in head

    def test_options_and_results_are_never_empty(self, book: Any) -> None:
        for row in rows_of(book["VIEC_CAN_QUYET"]):
            assert all(
                row[name] for name in ("Nội dung cần quyết", "Phương án A", "Chọn A thì", "Phương án B", "Chọn B thì")
            )

    def test_nothing_to_decide_is_said(self) -> None:
        page = opened(content(Case(P1={"DON_VI": [form()]}).results()), values=True)["VIEC_CAN_QUYET"]
        assert rows_of(page) == [] and "Không có việc nào phải quyết." in page["A3"].value

    def test_a_long_kind_is_cut_and_counted(self) -> None:
        units: dict[str, Any] = {f"P{n}": {"DON_VI": [form(f"P{n}")]} for n in range(MOST_OF_A_KIND + 5)}
        gates = [{"don_vi": unit, "dieu_kien": "KY_LUAT", "ly_do": "x"} for unit in units]
        page = opened(content(Case(configured={"DIEU_KIEN_LOAI": gates}, **units).results()), values=True)[
            "VIEC_CAN_QUYET"
        ]
        kinds = [row["Loại"] for row in rows_of(page)]
        assert kinds.count(Kind.GATE.value) == MOST_OF_A_KIND
        assert f"Chưa hiện: 5 việc «{Kind.GATE.value}»" in page["A3"].value


class TestFivePrinciples:
    @pytest.fixture(scope="class")
    @classmethod
    def page(cls) -> Any:
        results = made([cell("QT-06", "too_short", "DON_VI", "C30", unit="P2")])
        return opened(content(results), values=True)["NAM_NGUYEN_TAC"]

    def test_lights_are_words_with_shapes(self, page: Any) -> None:
        by_unit = {row["Mã ĐV"]: row for row in rows_of(page, "I. ")}
        assert by_unit["P1"]["Chính xác"] == "■ Không đạt" and by_unit["P1"]["Dân chủ"] == "● Đạt"
        assert by_unit["P2"]["Công khai"] == "▲ Cần xem" and by_unit["P2"]["Số: công khai"] == 1

    def test_a_unit_without_a_file_is_never_good(self, page: Any) -> None:
        (row,) = [row for row in rows_of(page, "I. ") if row["Mã ĐV"] == "KV1"]
        words = [row[name] for name in ("Chính xác", "Dân chủ", "Công khai", "Công bằng", "Kịp thời")]
        assert words == ["? Chưa xét được"] * 4 + ["▲ Cần xem"]
        assert row["Đơn vị"].endswith("(chưa nộp)")

    def test_what_could_not_be_judged_is_not_good(self) -> None:
        results = made([cell("QT-01", "not_judged", "DON_VI", "C20", unit="P2", con_thieu="x")])
        page = opened(content(results), values=True)["NAM_NGUYEN_TAC"]
        (row,) = [row for row in rows_of(page, "I. ") if row["Mã ĐV"] == "P2"]
        assert row["Dân chủ"] == "? Chưa xét hết"

    def test_what_belongs_to_no_unit_has_a_line(self, page: Any) -> None:
        lines = [line for line in page.iter_rows(values_only=True) if str(line[2]).startswith("Chung toàn tỉnh")]
        assert [line[3] for line in lines] == ["● Đạt"]

    def test_every_principle_says_what_it_was_judged_by(self, page: Any) -> None:
        texts = {str(line[0]): str(line[3]) for line in page.iter_rows(values_only=True)}
        assert "V-07" in texts["Chính xác"] and "Xem: " in texts["Kịp thời"]
        assert "PT-01" in next(text for name, text in texts.items() if name.startswith("Phong trào: xem PHONG_TRAO"))

    def test_a_number_leads_to_the_gravest_finding(self, page: Any) -> None:
        (row,) = [line for line in page.iter_rows() if line[1].value == "P2"]
        (link,) = [c.hyperlink.location for c in row if c.hyperlink and "PHAT_HIEN" in c.hyperlink.location]
        assert link.startswith("'PHAT_HIEN'!A")


class TestTwoUnits:
    """P1 and P2 both propose CC1 for LĐTT: one decision, and what is kept in one place is lost in the other."""

    @staticmethod
    def matters(**more: dict[str, Any]) -> list[Matter]:
        def unit(code: str, *proposals: dict[str, Any]) -> dict[str, Any]:
            return {"DON_VI": [form(code)], "NHAN_SU": [staff("CC1"), staff(f"CC{code}")], "DE_NGHI": list(proposals)}

        units = {
            "P1": unit("P1", proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CCP1", "LDTT")),
            "P2": unit("P2", proposal("DN01", "CC1", "LDTT"), proposal("DN02", "CC1", "CSTDCS")),
        }
        results = Case(**(units | {code: unit(code, *rows.values()) for code, rows in more.items()})).results()
        return list(Book(BytesIO(), results, lambda _: None).gathered(matters_of))

    def test_both_units_are_one_decision_with_three_ways(self) -> None:
        matters = self.matters()
        matter = of(matters, Kind.TWICE, "P1")
        assert matter.key == "CC1 LDTT" and "P1 và P2 cùng đề nghị «LĐTT» cho một người" in matter.content
        ways = [option.words for option in (matter.first, matter.second, matter.third) if option]
        assert ways == ["Giữ ở P1", "Giữ ở P2", "Không giữ ở đơn vị nào"]
        named = [m for m in matters if m.kind is Kind.STOPPED and "DK-08" in m.content]
        assert named == []

    def test_what_is_kept_in_one_place_leaves_the_other(self) -> None:
        matter = of(self.matters(), Kind.TWICE, "P1")
        assert "P2: rút, 2→1 đề nghị, LĐTT 1→0 trên 2 người; người này còn CSTĐCS ở P2." in matter.first.result
        assert "P1: rút, 2→1 đề nghị, LĐTT 2→1 trên 2 người." in matter.second.result
        assert "LĐTT toàn tỉnh 3→2." in matter.first.result and "LĐTT toàn tỉnh 3→2." in matter.second.result
        assert matter.third and "LĐTT toàn tỉnh 3→1." in matter.third.result
        assert "P1: rút" in matter.third.result and "P2: rút" in matter.third.result

    def test_a_third_unit_is_told_in_the_third_way(self) -> None:
        matter = of(self.matters(P3={"one": proposal("DN01", "CC1", "LDTT")}), Kind.TWICE, "P1")
        assert (
            matter.third and "Giữ ở P3: " in matter.third.result and "Không giữ ở đơn vị nào: " in matter.third.result
        )

    def test_a_unit_without_a_result_of_its_review_is_no_part_of_it(self) -> None:
        late = {"one": proposal("DN01", "CC1", "LDTT", ket_qua=None)}
        assert not [m for m in self.matters(P3=late) if m.kind is Kind.TWICE and "P3" in m.content]
