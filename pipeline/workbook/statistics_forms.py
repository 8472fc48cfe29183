"""IN_0601_0603: the two yearly statistical forms of TT 02/2023/TT-BNV, as far as the data tell their figures.

Layout (rows, codes, columns) as a province's program in use prints them; to be checked against the text of the
circular before it is sent. What our data cannot tell stays blank, never 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.results import Results
from pipeline.workbook.nominated import Nomination, Nominations
from pipeline.workbook.page import Page
from pipeline.workbook.persons import staff_facts
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.print_form import Form, day_of
from pipeline.workbook.print_list import PrintList
from pipeline.workbook.series import plain
from pipeline.workbook.table import Cell, Field

PLAN = SheetPlan(
    "IN_0601_0603",
    Group.PRINT,
    "Biểu thống kê 0601, 0603",
    "hai biểu thống kê năm (hạn 15/12) điền được gì từ số liệu này?",
    landscape=False,
)
CIRCULAR = "Ban hành theo Thông tư số 02/2023/TT-BNV"
NOTES = (
    "Bố cục theo một phần mềm cấp tỉnh đang dùng, CẦN XÁC MINH với Thông tư trước khi nộp. Ô trống: số liệu không cho "
    "biết, điền tay.",
    "Biểu 0603 đếm lượt ĐỀ NGHỊ của kỳ này; sau khi có quyết định khen thưởng thì đếm lại theo quyết định.",
    "Lãnh đạo VKSND tỉnh xếp ở dòng 07 là cách hiểu của chương trình, cần xác minh.",
)
_LABEL = Field("muc", "", 38, "doc_cell_small")
_CODE = Field("ma", "Mã số", 4.5, "doc_centre")
_MOVEMENT_FIELDS = (
    _LABEL,
    _CODE,
    Field("c1", "Tổng số", 7.6, "doc_count_strong"),
    Field("c2", "Cấp Trung ương (Hội đồng Thi đua - Khen thưởng Trung ương)", 7.6, "doc_count"),
    Field("c3", "Cấp bộ, ban, ngành, đoàn thể trung ương, tỉnh, thành phố", 7.6, "doc_count"),
    Field("c4", "Cơ quan, tổ chức, đơn vị", 7.6, "doc_count"),
)
_AWARD_FIELDS = (
    _LABEL,
    _CODE,
    Field("c0", "Đơn vị tính", 7.6, "doc_centre_small"),
    Field("c1", "Tổng số", 7.6, "doc_count_strong"),
    Field("c2", "Bằng khen", 7.6, "doc_count"),
    Field("c3", "Chiến sĩ thi đua cấp bộ, cấp tỉnh", 7.6, "doc_count"),
    Field("c4", "Cờ thi đua của bộ, ngành, tỉnh", 7.6, "doc_count"),
    Field("c5", "Huy hiệu, kỷ niệm chương", 7.6, "doc_count"),
)
#: Column of form 0603 → codes of our catalogue that it counts.
AWARD_COLUMNS = {"c2": ("BK",), "c3": ("CSTD_NGANH",), "c4": ("CO_NGANH",), "c5": ("KNC",)}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a form: its words, its code, its unit, and which things it counts (None: our data cannot tell)."""

    words: str
    code: str = ""
    unit: str = ""
    counts: Callable[[Any], bool] | None = None


def _lasting(least: int, most: int) -> Callable[[Any], bool]:
    return lambda months: months is not None and least <= months < most


_YEAR = 12
MOVEMENT_LINES = (
    Line("Tổng số", "01", counts=lambda _: True),
    Line("1. Chia theo phạm vi tổ chức thi đua"),
    Line("- Toàn quốc", "02"),
    Line("- Bộ, ban, ngành, đoàn thể, địa phương", "03"),
    Line("- Cụm, khối thi đua do Hội đồng Thi đua - Khen thưởng các cấp tổ chức", "04"),
    Line("- Cơ quan, tổ chức, đơn vị", "05"),
    Line("2. Chia theo thời hạn thi đua"),
    Line("- Dưới 1 năm", "06", counts=_lasting(0, _YEAR)),
    Line("- 1 năm", "07", counts=_lasting(_YEAR, _YEAR + 1)),
    Line("- Từ 1 năm đến dưới 3 năm", "08", counts=_lasting(_YEAR + 1, 3 * _YEAR)),
    Line("- Từ 3 năm đến dưới 5 năm", "09", counts=_lasting(3 * _YEAR, 5 * _YEAR)),
    Line("- Từ 5 năm trở lên", "10", counts=_lasting(5 * _YEAR, 10_000)),
    Line("3. Chia theo phương thức tổ chức phong trào thi đua"),
    Line("- Thi đua theo chuyên đề", "11"),
    Line("- Thi đua thường xuyên hằng năm", "12"),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A nomination as form 0603 looks at it."""

    award: str
    person: bool
    group: str | None  #: code of NHOM_DOI_TUONG
    channel: str | None  #: code of LOAI_HINH


def _group(*codes: str) -> Callable[[Any], bool]:
    return lambda item: item.person and item.group in codes


def _channel(code: str) -> Callable[[Any], bool]:
    return lambda item: item.channel == code


def _never(_: Any) -> bool:
    """Kinds that a unit of the procuracy does not have."""
    return False


AWARD_LINES = (
    Line("Tổng số", "01", counts=lambda _: True),
    Line("1. Chia theo đối tượng khen thưởng"),
    Line("- Tập thể", "02", "Tập thể", lambda item: not item.person),
    Line("  Trong đó: doanh nghiệp", "03", "Doanh nghiệp", _never),
    Line("- Hộ gia đình", "04", "Hộ", _never),
    Line("- Cá nhân", "05", "Người", lambda item: item.person),
    Line("+ Lãnh đạo cấp bộ, cấp tỉnh và tương đương trở lên", "06", "Người"),
    Line("+ Lãnh đạo cấp vụ, sở, ngành và tương đương", "07", "Người", _group("LANH_DAO_TINH")),
    Line("+ Doanh nhân", "08", "Người", _never),
    Line("+ Các cấp lãnh đạo khác từ phó phòng trở lên", "09", "Người", _group("LANH_DAO_DON_VI")),
    Line("+ Người trực tiếp công tác, lao động, học tập, chiến đấu và phục vụ chiến đấu", "10", "Người",
         _group("TRUC_TIEP", "NGUOI_LAO_DONG")),
    Line("2. Chia theo phương thức khen thưởng"),
    Line("- Thường xuyên", "11", counts=_channel("CONG_TRANG")),
    Line("- Chuyên đề", "12", counts=_channel("CHUYEN_DE")),
    Line("- Đột xuất", "13", counts=_channel("DOT_XUAT")),
    Line("- Đối ngoại", "14", counts=_channel("DOI_NGOAI")),
    Line("- Cống hiến", "15", counts=_channel("CONG_HIEN")),
    Line("- Niên hạn", "16", counts=_channel("NIEN_HAN")),
    Line("- Kháng chiến", "17", counts=_never),
)  # fmt: skip


def write(page: Page, results: Results) -> None:
    """Write 0601, then 0603 on a page of its own."""
    printed = PrintList.of(page.book.shared(Nominations))
    counted = _counted(page, results, printed)
    inside = [item for item in counted if any(item.award in codes for codes in AWARD_COLUMNS.values())]
    months = _months(results)
    endless = sum(month is None for month in months)
    unknown = f"{endless} phong trào chưa ghi ngày kết thúc nên không vào dòng 06–10." if endless else ""
    outside = f"{len(counted) - len(inside)} lượt đề nghị danh hiệu, hình thức khác không thuộc cột nào của biểu 0603."
    form = Form.on(
        page,
        [item.width for item in _AWARD_FIELDS],
        NOTES[0],
        *NOTES[1:],
        unknown,
        outside,
        printed.left_out(),
        scale=84,
    )
    _form_head(form, results, "0601.N/BNV-TĐKT", "SỐ PHONG TRÀO THI ĐUA", "Đơn vị tính: Phong trào")
    columns = {"c1": [_count(line, months) for line in MOVEMENT_LINES]}
    _table(
        form, _MOVEMENT_FIELDS, MOVEMENT_LINES, columns, (3, "Số phong trào chia theo cấp chủ trì phát động thi đua")
    )
    _sign(form)
    form.new_page()
    name = "SỐ LƯỢNG KHEN THƯỞNG CẤP BỘ, BAN, NGÀNH, ĐOÀN THỂ TRUNG ƯƠNG VÀ TỈNH, THÀNH PHỐ TRỰC THUỘC TRUNG ƯƠNG"
    _form_head(form, results, "0603.N/BNV-TĐKT", name, "")
    columns = {
        key: [_count(line, [item for item in inside if item.award in codes]) for line in AWARD_LINES]
        for key, codes in AWARD_COLUMNS.items()
    }
    columns["c1"] = [_count(line, inside) for line in AWARD_LINES]
    _table(form, _AWARD_FIELDS, AWARD_LINES, columns, (4, "Chia ra"))
    _sign(form)
    form.repeated = None
    form.close()


def _form_head(form: Form, results: Results, number: str, name: str, unit: str) -> None:
    period, left, right = results.dataset.province.period, (0, 2), (3, form.last)
    reporting = f"Đơn vị báo cáo: {period.office}"
    form.row(
        (*left, f"Biểu số: {number}", "doc_text_strong"),
        (*right, reporting, "doc_text"),
        keep=True,
    )
    form.row((*left, CIRCULAR, "doc_remark"), (*right, "Đơn vị nhận báo cáo: ………………………", "doc_text_open"), keep=True)
    form.row((*left, "Ngày nhận báo cáo: ngày 15 tháng 12 năm báo cáo", "doc_remark"), keep=True)
    form.gap(4)
    form.whole(name, "doc_title")
    form.whole(f"Thời điểm báo cáo: kỳ xét {period.code}", "doc_with")
    if unit:
        form.whole(unit, "doc_unit")


def _table(
    form: Form,
    fields: Sequence[Field],
    lines: Sequence[Line],
    columns: Mapping[str, Sequence[Any]],
    over: tuple[int, str],
) -> None:
    """Write two rows of headings, the row of column letters, the lines."""
    first, last = over[0], len(fields) - 1
    top = form.page.row
    sheet, formats = form.page.sheet, form.page.book.formats
    form.row((first, last, over[1], "doc_header_small"), keep=True)
    form.row(*((c, c, item.heading, "doc_header_small") for c, item in enumerate(fields) if c >= first), keep=True)
    for column, item in enumerate(fields[:first]):
        sheet.merge_range(top, column, top + 1, column, item.heading, formats["doc_header_small"])
    numbers = ["A", "B", *(["C"] if fields[2].key == "c0" else [])]
    numbers += [str(number) for number in range(1, len(fields) - len(numbers) + 1)]
    form.row(*((c, c, text, "doc_centre_strong") for c, text in enumerate(numbers)), keep=True)
    values: dict[str, Sequence[Any]] = {
        "muc": [Cell(line.words, "" if line.words[0] in "-+ " else "doc_cell_small_strong") for line in lines],
        "ma": [line.code or None for line in lines],
        "c0": [line.unit or None for line in lines],
    }
    form.table(fields, [("", {**values, **columns})], headed=False)


def _sign(form: Form) -> None:
    period = form.page.book.results.dataset.province.period
    form.gap(6)
    form.row((3, form.last, day_of(period.place, period.year), "doc_place"), keep=True)
    form.signatures(("NGƯỜI LẬP BIỂU", "(Ký, họ tên)"), ("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, họ tên, đóng dấu)"))


def _count(line: Line, things: Sequence[Any]) -> int | None:
    return None if line.counts is None or not line.code else sum(map(line.counts, things))


def _months(results: Results) -> list[int | None]:
    """Whole months that each movement in force in the period lasts; None where its end is not known."""
    period = results.dataset.province.period
    rows = results.evidence.configured("PHONG_TRAO")
    if "tu_ngay" not in rows:
        return []
    first, last = pd.Timestamp(period.first), pd.Timestamp(period.last)
    rows = rows[rows["ma"].notna() & ~(rows["tu_ngay"] > last) & ~(rows["den_ngay"] < first)]
    dates = zip(rows["tu_ngay"], rows["den_ngay"], strict=True)
    return [
        None if pd.isna(start) or pd.isna(end) else months_between(start.date(), end.date()) for start, end in dates
    ]


def months_between(start: dt.date, end: dt.date) -> int:
    """Whole months from the first to the last day, both included; 01/01 to 31/12 are 12."""
    after = end + dt.timedelta(days=1)
    return (after.year - start.year) * 12 + after.month - start.month - (after.day < start.day)


def _counted(page: Page, results: Results, printed: PrintList) -> list[Counted]:
    frame = results.dataset.frames["DE_NGHI"]
    channels = dict(zip(frame.index, plain(frame["loai_hinh"]), strict=True))
    staff = page.book.shared(staff_facts)

    def seen(item: Nomination, person: bool) -> Counted:
        group = staff.get((item.unit, item.person or ""), (None,) * 6)[3]
        return Counted(item.title or item.form or "", person, group, channels.get(item.row_id))

    return [seen(i, False) for i in printed.collectives] + [seen(i, True) for i in printed.persons]
