"""Our own templates: the letter, the minutes of the meeting, the minutes of the counting.

Made here from text, so that nothing binary is kept; `tdkt init` writes them for the office to restyle in Word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from pipeline.documents.wordprocessing import (
    ACROSS,
    UPRIGHT,
    boxed,
    cell,
    new_section,
    package,
    paragraph,
    row,
    rule,
    table,
)

LETTER, MINUTES, TALLY = "to-trinh.docx", "bien-ban-hop.docx", "bien-ban-kiem-phieu.docx"
_LEFT, _RIGHT = 3855, 5500
#: Heading, width, what stands in each row, style.
Column = tuple[str, int, str, str]
_COUNTS: tuple[Column, ...] = (
    ("TT", 650, "{{ d.stt }}", "BangGiua"),
    ("Danh hiệu, hình thức khen thưởng", 3905, "{{ d.ten }}", "Bang"),
    ("Cấp quyết định", 2400, "{{ d.cap }}", "Bang"),
    ("Tập thể", 1200, "{{ d.tap_the }}", "BangGiua"),
    ("Cá nhân", 1200, "{{ d.ca_nhan }}", "BangGiua"),
)
_COLLECTIVES: tuple[Column, ...] = (
    ("TT", 650, "{{ d.stt }}", "BangGiua"),
    ("Tập thể", 3100, "{{ d.ten }}", "Bang"),
    ("Cụm, khối", 2000, "{{ d.chuc_vu }}", "Bang"),
    ("Danh hiệu, hình thức", 2900, "{{ d.danh_hieu }}", "Bang"),
    ("Tóm tắt thành tích", 4037, "{{ d.thanh_tich }}", "Bang"),
    ("Ghi chú", 1600, "{{ d.ghi_chu }}", "Bang"),
)
_PERSONS: tuple[Column, ...] = (
    ("TT", 650, "{{ d.stt }}", "BangGiua"),
    ("Họ và tên", 2300, "{{ d.ten }}", "Bang"),
    ("Chức vụ", 1700, "{{ d.chuc_vu }}", "Bang"),
    ("Đơn vị", 1900, "{{ d.don_vi }}", "Bang"),
    ("Danh hiệu, hình thức", 2500, "{{ d.danh_hieu }}", "Bang"),
    ("Tóm tắt thành tích", 3837, "{{ d.thanh_tich }}", "Bang"),
    ("Ghi chú", 1400, "{{ d.ghi_chu }}", "Bang"),
)
_MEMBERS: tuple[Column, ...] = (
    ("TT", 650, "{{ d.stt }}", "BangGiua"),
    ("Họ và tên", 2705, "{{ d.ten }}", "Bang"),
    ("Chức vụ", 2500, "{{ d.chuc_vu }}", "Bang"),
    ("Vai trò", 1900, "{{ d.vai_tro }}", "Bang"),
    ("Dự họp", 1600, "{{ d.du_hop }}", "Bang"),
)
_BALLOTS: tuple[Column, ...] = (
    ("TT", 600, "{{ d.stt }}", "BangNhoGiua"),
    ("Họ và tên, tập thể", 2100, "{{ d.ten }}", "BangNho"),
    ("Danh hiệu, hình thức", 2405, "{{ d.danh_hieu }}", "BangNho"),
    ("Đồng ý", 750, "{{ d.dong_y }}", "BangNhoGiua"),
    ("Không đồng ý", 850, "{{ d.khong_dong_y }}", "BangNhoGiua"),
    ("Không ý kiến", 850, "{{ d.khong_y_kien }}", "BangNhoGiua"),
    ("% đồng ý", 900, "{{ d.ty_le }}", "BangNhoGiua"),
    ("Kết luận", 900, "{{ d.ket_luan }}", "BangNho"),
)


def _letterhead() -> list[str]:
    left = [
        paragraph("CapTren", "{{ co_quan_cap_tren }}"),
        paragraph("CoQuan", "{{ co_quan_ban_hanh }}"),
        rule(_LEFT, 0.4, 8),
        paragraph("SoKyHieu", "{{ so_ky_hieu }}"),
    ]
    right = [
        paragraph("QuocHieu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        paragraph("TieuNgu", "Độc lập - Tự do - Hạnh phúc"),
        rule(_RIGHT, 0.6, 8),
        paragraph("DiaDanh", "{{ dia_danh_ngay }}"),
    ]
    head = table((_LEFT, _RIGHT), row(cell(_LEFT, "".join(left)) + cell(_RIGHT, "".join(right))), bordered=False)
    marks = [
        *_when("du_thao", boxed("DuThao", "DỰ THẢO", 3900)),
        *_when("gia_dinh", boxed("DuThao", "{{ gia_dinh }}", 3000)),
    ]
    return [head, *marks]


def _when(condition: str, *parts: str) -> list[str]:
    """Parts that stand only when a condition holds."""
    return [paragraph("Normal", "{%p if " + condition + " %}"), *parts, paragraph("Normal", "{%p endif %}")]


def _either(condition: str, one: str, other: str) -> list[str]:
    parts = ("{%p if " + condition + " %}", "{%p else %}", "{%p endif %}")
    first, middle, last = (paragraph("Normal", part) for part in parts)
    return [first, one, middle, other, last]


def _each(name: str, style: str, text: str) -> list[str]:
    """One paragraph for each text of a list."""
    first, last = (paragraph("Normal", tag) for tag in ("{%p for d in " + name + " %}", "{%p endfor %}"))
    return [first, paragraph(style, text), last]


def _list(columns: Sequence[Column], name: str) -> str:
    """A table with a row for each entry of a list; an empty list says so."""
    widths = [width for _, width, _, _ in columns]
    span, whole = len(columns), sum(widths)

    def tag(text: str) -> str:
        return row(cell(whole, paragraph("Bang", text), span))

    heading = "".join(cell(width, paragraph(_heading_style(style), words)) for words, width, _, style in columns)
    entry = "".join(cell(width, paragraph(style, text)) for _, width, text, style in columns)
    rows = [
        row(heading, heading=True),
        tag("{%tr for d in " + name + " %}"),
        row(entry),
        tag("{%tr else %}"),
        tag("(không có trong văn bản này)"),
        tag("{%tr endfor %}"),
    ]
    return table(widths, "".join(rows))


def _heading_style(style: str) -> str:
    """Style of the heading of a column."""
    return "BangNhoDau" if style.startswith("BangNho") else "BangDau"


def _title(kind: str) -> list[str]:
    return [paragraph("TenLoai", kind), paragraph("TrichYeu", "{{ trich_yeu }}"), rule(UPRIGHT, 0.3, 8)]


def _signed(left: str, right: str) -> str:
    """Two blocks side by side, never parted from one another."""
    widths = (4200, UPRIGHT - 4200)
    return table(widths, row(cell(widths[0], left) + cell(widths[1], right)), bordered=False)


def _signer(*lines: str) -> str:
    space = "".join(paragraph("QuyenHan") for _ in range(4))
    return "".join(paragraph("QuyenHan", line) for line in lines) + paragraph("KyGhiRo", "(Ký, ghi rõ họ tên)") + space


def _receivers() -> str:
    return paragraph("NoiNhan", "Nơi nhận:") + "".join(_each("noi_nhan", "NoiNhanDong", "- {{ d }}"))


_LEFT_OUT = (
    "{% if con_vuong != '00' %}Bản này chưa gồm {{ con_vuong }} đề nghị còn vướng CHẶN (phần IV của trang TH_TAP_THE, "
    "TH_CA_NHAN trong bản tổng hợp). {% endif %}{{ dau_lan_chay }}"
)


_SENT = "Kỳ xét {{ ky_xet }} có {{ don_vi_gui }}/{{ don_vi_phai_gui }} đơn vị gửi hồ sơ đề nghị khen thưởng."
_ASK_HIGHER = (
    "Căn cứ kết quả xét của Hội đồng Thi đua - Khen thưởng, {{ co_quan }} trình xem xét, khen thưởng và đề nghị cấp có "
    "thẩm quyền khen thưởng {{ tong_cau }}:"
)
_ASK_HERE = (
    "Căn cứ kết quả xét của các đơn vị, Hội đồng Thi đua - Khen thưởng trình xem xét, quyết định khen thưởng "
    "{{ tong_cau }}:"
)
_WAITING = "Trong đó {{ cho_giai_trinh }} đề nghị còn chờ đơn vị giải trình, có ghi ở cột Ghi chú."
_UNIT_OPEN = (
    "Trong đó {{ cho_don_vi }} đề nghị của đơn vị còn chờ Hội đồng kết luận (điều kiện loại trừ), có ghi ở cột Ghi chú."
)
_ATTENDANCE = "Tổng số thành viên Hội đồng: {{ so_thanh_vien }}; có mặt: {{ so_co_mat }}; vắng: {{ so_vang }}."
_RESULT = "Kết quả (tỷ lệ tính trên tổng số thành viên Hội đồng, kể cả người vắng):"


def _annex(number: str, name: str, columns: Sequence[Column], rows: str) -> list[str]:
    return [
        paragraph("PhuLuc", f"Phụ lục {number}"),
        paragraph("PhuLuc", name),
        paragraph("KemTheo", "(Kèm theo Tờ trình số ……, {{ dia_danh_ngay }})"),
        *_when("ghi_chu_danh_sach", paragraph("KemTheo", "{{ ghi_chu_danh_sach }}")),
        _list(columns, rows),
    ]


def _letter() -> bytes:
    body = [
        *_letterhead(),
        *_title("TỜ TRÌNH"),
        paragraph("KinhGui", "Kính gửi: {{ kinh_gui }}"),
        *_each("can_cu", "CanCu", "Căn cứ {{ d }};"),
        paragraph("NoiDung", _SENT),
        *_either("trinh_len", paragraph("NoiDung", _ASK_HIGHER), paragraph("NoiDung", _ASK_HERE)),
        _list(_COUNTS, "so_lieu"),
        *_when("cho_don_vi != '00'", paragraph("NoiDung", _UNIT_OPEN)),
        *_when("cho_giai_trinh != '00'", paragraph("NoiDung", _WAITING)),
        paragraph("NoiDung", "(Có Phụ lục I, Phụ lục II kèm theo.)"),
        *_when("du_thao", paragraph("NoiDung", _LEFT_OUT)),
        paragraph("NoiDung", "Kính trình xem xét, quyết định./."),
        _signed(_receivers(), _signer("{{ quyen_han }}", "{{ chuc_vu_ky }}")),
        new_section(),
        *_annex("I", "DANH SÁCH TẬP THỂ ĐỀ NGHỊ KHEN THƯỞNG", _COLLECTIVES, "tap_the"),
        new_section(across=True),
        *_annex("II", "DANH SÁCH CÁ NHÂN ĐỀ NGHỊ KHEN THƯỞNG", _PERSONS, "ca_nhan"),
        paragraph("Normal"),
    ]
    assert sum(width for _, width, _, _ in _PERSONS) == sum(width for _, width, _, _ in _COLLECTIVES) <= ACROSS
    return package("Tờ trình", body, across=True)


def _minutes() -> bytes:
    body = [
        *_letterhead(),
        *_title("BIÊN BẢN"),
        paragraph("NoiDung", "Thời gian: …… giờ ……, {{ ngay_hop }}."),
        paragraph("NoiDung", "Địa điểm: …………………………………………………"),
        paragraph("DeMuc", "I. Thành phần"),
        paragraph("NoiDung", "Chủ trì: {{ chu_tri }}. Thư ký: {{ thu_ky }}."),
        paragraph("NoiDung", _ATTENDANCE),
        _list(_MEMBERS, "thanh_vien"),
        paragraph("DeMuc", "II. Nội dung"),
        paragraph(
            "NoiDung",
            "1. Thường trực Hội đồng báo cáo: {{ don_vi_gui }}/{{ don_vi_phai_gui }} đơn vị gửi hồ sơ; đưa ra Hội đồng "
            "{{ tong_cau }}; {{ cho_don_vi }} đề nghị chờ kết luận về đơn vị; "
            "{{ cho_giai_trinh }} đề nghị còn chờ giải trình; {{ con_vuong }} đề nghị còn vướng CHẶN nên chưa đưa ra.",
        ),
        paragraph("NoiDung", "2. Hội đồng thảo luận: ………………………………………………"),
        paragraph("NoiDung", "3. Hội đồng bỏ phiếu: {{ cach_bo_phieu }}. " + _RESULT),
        *_when("ghi_chu_danh_sach", paragraph("KemTheo", "{{ ghi_chu_danh_sach }}")),
        _list(_BALLOTS, "phieu"),
        paragraph("DeMuc", "III. Kết luận"),
        *_either(
            "du_thao",
            paragraph("NoiDung", "1. Danh hiệu, hình thức thuộc thẩm quyền của tỉnh đưa ra Hội đồng (chưa kết luận):"),
            paragraph("NoiDung", "1. Hội đồng thống nhất đề nghị quyết định theo thẩm quyền của tỉnh:"),
        ),
        _list(_COUNTS, "so_lieu_tinh"),
        *_either(
            "du_thao",
            paragraph("NoiDung", "2. Danh hiệu, hình thức trình cấp trên đưa ra Hội đồng (chưa kết luận):"),
            paragraph("NoiDung", "2. Hội đồng thống nhất trình cấp trên quyết định:"),
        ),
        _list(_COUNTS, "so_lieu_tren"),
        paragraph("NoiDung", "Cuộc họp kết thúc hồi …… giờ …… cùng ngày. Biên bản đã được đọc lại và thông qua./."),
        *_when("du_thao", paragraph("NoiDung", "{{ dau_lan_chay }}")),
        _signed(_signer("THƯ KÝ"), _signer("{{ quyen_han }}")),
        _receivers(),
    ]
    return package("Biên bản họp Hội đồng", body)


def _tally() -> bytes:
    counters = ("Tổ trưởng", "thành viên", "thành viên")
    body = [
        *_letterhead(),
        *_title("BIÊN BẢN KIỂM PHIẾU"),
        paragraph("NoiDung", "Hồi …… giờ ……, {{ ngay_hop }}, tại …………………… Tổ kiểm phiếu gồm:"),
        *(paragraph("NoiDung", f"{number}. Ông (bà) ………………………………, {role}.") for number, role in enumerate(counters, 1)),
        paragraph("NoiDung", _ATTENDANCE),
        paragraph(
            "NoiDung",
            "Số phiếu phát ra: {{ phieu_phat }}; thu về: {{ phieu_thu }}; hợp lệ: {{ phieu_hop_le }}; "
            "không hợp lệ: {{ phieu_khong_hop_le }}.",
        ),
        paragraph("NoiDung", _RESULT),
        *_when("ghi_chu_danh_sach", paragraph("KemTheo", "{{ ghi_chu_danh_sach }}")),
        _list(_BALLOTS, "phieu"),
        paragraph("NoiDung", "Biên bản lập thành …… bản, kết thúc kiểm phiếu hồi …… giờ …… cùng ngày./."),
        *_when("du_thao", paragraph("NoiDung", "{{ dau_lan_chay }}")),
        _signed(_signer("TỔ KIỂM PHIẾU"), _signer("{{ quyen_han }}")),
    ]
    return package("Biên bản kiểm phiếu", body)


_MADE: dict[str, Callable[[], bytes]] = {LETTER: _letter, MINUTES: _minutes, TALLY: _tally}
#: File names by which a template is known, ours and the office's.
NAMES = tuple(_MADE)


@cache
def house_template(name: str) -> bytes:
    """Our template of this name; always the same bytes."""
    return _MADE[name]()
