"""XEP_HANG_CA_NHAN and the places beside nominations: what the council reads of the order inside each title."""

from __future__ import annotations

import openpyxl
import pytest

from tests.casework import Case, form, proposal, staff, tally, unit_row
from tests.pipeline.test_workbook_case import content, made, opened, rows_of

NAME = "XEP_HANG_CA_NHAN"
TITLE, POOLED = "Chiến sĩ thi đua cơ sở (cá nhân)", "Nếu Hội đồng gộp"


def sent(code: str, size: int, scores: list[float | None]) -> dict[str, list[dict[str, object]]]:
    """A unit of so many people, all proposed for LĐTT, the first ones also for CSTĐCS with these scores."""
    people = [staff(f"CC{code}{n}", diem_danh_gia=s, xep_loai_cc="HTXSNV") for n, s in enumerate(scores)]
    people += [staff(f"CC{code}{n}") for n in range(len(scores), size)]
    base = [proposal(f"L{n}", f"CC{code}{n}", "LDTT", thanh_tich=f"Việc {code} {n}.") for n in range(size)]
    top = [proposal(f"C{n}", f"CC{code}{n}", "CSTDCS", thanh_tich=f"Vụ {code} {n}.") for n in range(len(scores))]
    return {
        "DON_VI": [form(code, xep_loai_don_vi="HTXSNV")],
        "NHAN_SU": people,
        "DE_NGHI": [*base, *top, proposal("T1", code, "TTLDXS")],
        "PHIEU": [tally(f"C{n}", 9.0) for n in range(len(scores))],
    }


@pytest.fixture(scope="module")
def case() -> Case:
    units = [unit_row("P1"), unit_row("P2"), unit_row("P3")]
    return Case(configured={"DON_VI": units}, P1=sent("P1", 10, [95, 90, 90]), P2=sent("P2", 5, [None]), P3=None)


@pytest.fixture(scope="module")
def book(case: Case) -> openpyxl.Workbook:
    return opened(content(case.results()), values=True)


def blocks(book: openpyxl.Workbook) -> dict[str, list[dict[str, object]]]:
    """Rows of each table by the text of the line above its header; the pooled one of a title under its own name."""
    page, found = book[NAME], {}
    for table in page.tables.values():
        first, last = (int("".join(c for c in part if c.isdigit())) for part in table.ref.split(":"))
        head = [cell.value for cell in page[first]][: len(table.tableColumns)]
        above = [str(page.cell(row, 1).value) for row in range(1, first) if page.cell(row, 1).value]
        title = next(text for text in reversed(above) if text.endswith("đề nghị"))
        key = f"{POOLED} {title}" if above[-1].startswith(POOLED) else title
        rows = [[cell.value for cell in page[row]] for row in range(first + 1, last + 1)]
        found[key] = [dict(zip(head, row, strict=False)) for row in rows]
    return found


def test_each_title_has_its_block_with_every_component_in_its_column(book: openpyxl.Workbook) -> None:
    rows = blocks(book)[f"{TITLE}: 4 đề nghị"]
    assert [(r["Mã ĐV"], r["Thứ tự"], r["Đối tượng"]) for r in rows] == [
        ("P1", "1", "Lò Giả CCP10"), ("P1", "2 (ngang)", "Lò Giả CCP11"), ("P1", "2 (ngang)", "Lò Giả CCP12"),
        ("P2", "1", "Lò Giả CCP20"),
    ]  # fmt: skip
    assert [r["Điểm"] for r in rows] == ["95", "90", "90", "chưa có"]
    assert {r["Xếp loại"] for r in rows} == {"xuất sắc"} and {r["Phiếu"] for r in rows} >= {"100 %"}
    assert rows[1]["Khoảng"].startswith("2–3") and rows[0]["Nếu gộp: khối, tỉnh"] == "1, 1"
    assert "điểm đánh giá 90 so với 95" in rows[1]["Vì sao đứng đây"]
    assert rows[3]["Vì sao đứng đây"].startswith("Chỉ có một đề nghị ở đây")


def test_places_in_each_quota_are_marked_and_the_line_is_named(book: openpyxl.Workbook) -> None:
    rows = blocks(book)[f"{TITLE}: 4 đề nghị"]
    # P1: 15 % of 10 is 1,5: 1 down, 2 to the nearest; of the province 15: 2,25.
    assert rows[0]["Hạn mức đơn vị"] == "◆ phần lớn cách\n● gần nhất 2"
    assert rows[1]["Hạn mức đơn vị"] == "○ phần lớn cách\n△? gần nhất 2"
    assert rows[1]["Hạn mức tỉnh"].startswith("△?")
    text = [str(row[0].value) for row in book[NAME].iter_rows() if row[0].value]
    assert any("Hạn mức HM-02 (cần xác minh" in t and "làm tròn xuống, 2 suất" in t for t in text)
    assert any("Ưu tiên đang tắt: người trực tiếp công tác, ưu tiên nữ" in t for t in text)


def test_the_order_over_units_is_only_a_pooled_list(book: openpyxl.Workbook) -> None:
    rows = blocks(book)[f"{POOLED} {TITLE}: 4 đề nghị"]
    assert [r["Thứ tự gộp"] for r in rows] == ["1", "2 (ngang)", "2 (ngang)", "4"]
    text = [str(row[0].value) for row in book[NAME].iter_rows() if row[0].value]
    (said,) = {t for t in text if t.startswith(POOLED) and "thứ tự của đơn vị" in t}
    assert "KHÔNG phải danh sách chính thức" in said and "Không so giữa các nơi: thứ tự của đơn vị, tỷ lệ phiếu" in said


def test_titles_stand_highest_first_and_names_lead_to_the_nominations(book: openpyxl.Workbook, case: Case) -> None:
    assert [key.split(" (")[0] for key in blocks(book) if not key.startswith(POOLED)] == [
        "Chiến sĩ thi đua cơ sở", "Tập thể Lao động xuất sắc", "Lao động tiên tiến",
    ]  # fmt: skip
    page = opened(content(case.results()))[NAME]
    links = {c.value: c.hyperlink.location for row in page.iter_rows() for c in row if c.hyperlink}
    assert links["Lò Giả CCP10"].startswith("'TH_CA_NHAN'!") and links["Lò Giả P1"].startswith("'TH_TAP_THE'!")


def test_the_lists_of_nominations_show_the_place(book: openpyxl.Workbook) -> None:
    rows = [r for t in ("I. ", "II. ", "III. ", "IV. ") for r in rows_of(book["TH_CA_NHAN"], t)]
    places = {r["Họ và tên"]: r["Hạng trong đơn vị"] for r in rows if r["Danh hiệu hoặc hình thức"] == TITLE[:22]}
    assert places == {
        "Lò Giả CCP10": "1",
        "Lò Giả CCP11": "2 (ngang)",
        "Lò Giả CCP12": "2 (ngang)",
        "Lò Giả CCP20": "1",
    }
    units = [r for t in ("I. ", "II. ", "III. ", "IV. ") for r in rows_of(book["TH_TAP_THE"], t)]
    assert len(units) == 2 and all("Hạng trong khối" in r for r in units)


def test_a_province_with_hardly_any_data() -> None:
    page = opened(content(made()), values=True)[NAME]
    assert page["A3"].value
    empty = opened(content(Case(P1={}, P2=None).results()), values=True)[NAME]
    assert "Chưa có đề nghị nào để xếp" in [row[0].value for row in empty.iter_rows()]
