"""What `tdkt init` writes into a new province's catalogues: rows of cau-hinh.xlsx, cells as people see them.

Titles and forms carry the source in which their present criteria were read; only sources whose text was seen
are marked `đã xác minh`. The score table and the movements after 2025 are examples, and say so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from schemas.vocabularies import VOCABULARIES, Entry, Vocabulary

Cell = str | float | dt.date | dt.datetime | None
Row = Mapping[str, Cell]

#: Decisions 306 and 307/QĐ-VKSTC, the oldest list of titles of the sector that the sources name.
_SINCE = dt.date(2008, 7, 3)


def _label(vocabulary: str, code: str) -> str:
    return next(e.label for e in VOCABULARIES[vocabulary] if e.code == code)


def _title(
    code: str, name: str, subject: str | None, rung: int, decided_by: str, source: str, verified: bool = False
) -> Row:
    return {
        "ma": code,
        "ten": name,
        "loai": _label("LOAI_KHEN", "DANH_HIEU"),
        "doi_tuong": _label("DOI_TUONG", subject) if subject else None,
        "bac": rung,
        "cap_quyet_dinh": _label("CAP_QUYET_DINH", decided_by),
        "tu_ngay": _SINCE,
        "den_ngay": None,
        "can_cu": source,
        "trang_thai": _label("TRANG_THAI_NGUON", "DA_XAC_MINH" if verified else "CAN_XAC_MINH"),
    }


def _form(
    code: str, name: str, subject: str | None, rung: int, decided_by: str, source: str, verified: bool = False
) -> Row:
    row = _title(code, name, subject, rung, decided_by, source, verified)
    return {**row, "loai": _label("LOAI_KHEN", "HINH_THUC")}


#: Rows of DANH_HIEU. Rungs compare the head's award with the collective's: the same rung means fitting.
TITLES: tuple[Row, ...] = (
    _title("LDTT", "Lao động tiên tiến", "CN", 1, "TINH", "Luật TĐKT 2022 Điều 24 khoản 1", True),
    _title("CSTDCS", "Chiến sĩ thi đua cơ sở", "CN", 2, "TINH", "Luật TĐKT 2022 Điều 23", True),
    _title("CSTD_NGANH", "Chiến sĩ thi đua ngành Kiểm sát nhân dân", "CN", 3, "TOI_CAO",
           "Luật TĐKT 2022 Điều 22; TT 02/2024/TT-VKSTC"),
    _title("CSTD_TQ", "Chiến sĩ thi đua toàn quốc", "CN", 4, "NHA_NUOC", "Luật TĐKT 2022 Điều 21", True),
    _title("TTLDTT", "Tập thể Lao động tiên tiến", "TT", 1, "TINH", "Luật TĐKT 2022 Điều 28"),
    _title("TTLDXS", "Tập thể Lao động xuất sắc", "TT", 2, "TINH", "TT 02/2024/TT-VKSTC Điều 18", True),
    _title("CO_NGANH", "Cờ thi đua ngành Kiểm sát nhân dân", "TT", 3, "TOI_CAO",
           "TT 02/2024/TT-VKSTC Điều 17"),
    _title("CO_CP", "Cờ thi đua của Chính phủ", "TT", 4, "NHA_NUOC", "Luật TĐKT 2022 Điều 25 khoản 1", True),
    _form("GK", "Giấy khen", None, 1, "TINH", "Luật TĐKT 2022 Điều 75 khoản 2", True),
    _form("BK", "Bằng khen của Viện trưởng VKSND tối cao", None, 3, "TOI_CAO",
          "Luật TĐKT 2022 Điều 74 (cá nhân: khoản 1 điểm d)"),
    _form("BK_TTG", "Bằng khen của Thủ tướng Chính phủ", None, 4, "NHA_NUOC",
          "Luật TĐKT 2022; NĐ 152/2025/NĐ-CP Điều 42"),
    _form("HCLD3", "Huân chương Lao động hạng Ba", None, 5, "NHA_NUOC",
          "Luật TĐKT 2022 Điều 44 (cá nhân: khoản 1 điểm e)"),
    _form("KNC", "Kỷ niệm chương Vì sự nghiệp Kiểm sát", "CN", 1, "TOI_CAO", "TT 02/2024/TT-VKSTC Điều 21"),
)


def _movement(code: str, name: str, start: dt.date, end: dt.date | None, source: str) -> Row:
    return {"ma": code, "ten": name, "tu_ngay": start, "den_ngay": end, "can_cu": source}


_PLAN_START, _PLAN_END = dt.date(2021, 1, 1), dt.date(2025, 12, 31)

#: Rows of PHONG_TRAO: the five movements that the article names, then two examples for the present period.
MOVEMENTS: tuple[Row, ...] = (
    _movement("PT1", "Công minh – Chính trực – Khách quan – Thận trọng – Khiêm tốn", _PLAN_START, None,
              "Ngành Kiểm sát nhân dân; văn bản và ngày bắt đầu cần xác minh"),
    _movement("PT2", "Hoàn thành nhiệm vụ phát triển kinh tế - xã hội hằng năm và 2021–2025", _PLAN_START,
              _PLAN_END, "Tỉnh; văn bản cần xác minh"),
    _movement("PT3", "Cán bộ, công chức thi đua thực hiện văn hóa công sở 2019–2025", dt.date(2019, 1, 1),
              _PLAN_END, "Trung ương; văn bản cần xác minh"),
    _movement("PT4", "Chung sức xây dựng nông thôn mới 2021–2025", _PLAN_START, _PLAN_END,
              "Trung ương; văn bản cần xác minh"),
    _movement("PT5", "Vì người nghèo, không để ai bị bỏ lại phía sau 2021–2025", _PLAN_START, _PLAN_END,
              "Trung ương; văn bản cần xác minh"),
    _movement("PT6", "Số hóa hồ sơ kiểm sát (ví dụ)", dt.date(2026, 1, 1), dt.date(2026, 12, 31),
              "Ví dụ, thay bằng phong trào của tỉnh"),
    _movement("PT7", "Chung tay giúp xã khó khăn (ví dụ)", dt.date(2026, 1, 1), None,
              "Ví dụ, thay bằng phong trào của tỉnh"),
)

_I, _II = "I. Nhiệm vụ chuyên môn", "II. Xây dựng đơn vị, kỷ luật"
_III, _IV = "III. Phong trào, khen thưởng", "IV. Đột phá, việc mới, việc khó"


def _criterion(
    code: str, group: str, name: str, points: float, direction: str, bonus: float = 0,
    most: float | None = None,
    note: str = "",
) -> Row:
    return {
        "ma": code, "nhom": group, "ten": name, "diem_chuan": points, "chieu": _label("CHIEU", direction),
        "loai_don_vi": None, "he_so_thuong": bonus, "thuong_toi_da": 0 if most is None else most,
        "ghi_chu": f"ví dụ; {note}" if note else "ví dụ",
    }


#: Rows of BANG_DIEM: an example of fourteen criteria, 1000 points.
SCORE_TABLE: tuple[Row, ...] = (
    _criterion("I.1", _I, "Tỷ lệ giải quyết tin báo, tố giác tội phạm", 100, "CAO", 0.5, 10),
    _criterion("I.2", _I, "Tỷ lệ giải quyết án hình sự đúng hạn", 120, "CAO", 0.5, 10),
    _criterion("I.3", _I, "Tỷ lệ án trả hồ sơ để điều tra bổ sung", 80, "THAP"),
    _criterion("I.4", _I, "Số kiến nghị, kháng nghị được chấp nhận", 80, "CAO", 0.5, 10),
    _criterion("I.5", _I, "Số phiên tòa rút kinh nghiệm", 60, "CAO", 0.25, 5),
    _criterion("I.6", _I, "Số vụ án đình chỉ do không phạm tội", 60, "THAP"),
    _criterion("II.1", _II, "Tỷ lệ báo cáo, thống kê đúng hạn", 80, "CAO"),
    _criterion("II.2", _II, "Số người vi phạm kỷ luật", 70, "THAP"),
    _criterion("II.3", _II, "Chất lượng sinh hoạt, tự kiểm tra nội bộ", 50, "THEO_MUC",
               note="ghi 1 (tốt), 0,8 (khá), 0,6 (đạt), 0 (không đạt)"),
    _criterion("III.1", _III, "Tỷ lệ phong trào có sơ kết, tổng kết bằng số", 80, "CAO"),
    _criterion("III.2", _III, "Số điển hình được nhân rộng", 60, "CAO", 0.25, 5),
    _criterion("III.3", _III, "Hồ sơ khen thưởng đúng hạn, đủ giấy tờ", 60, "CO_KHONG"),
    _criterion("IV.1", _IV, "Khâu đột phá hoàn thành theo đăng ký", 60, "CAO", 0.5, 10),
    _criterion("IV.2", _IV, "Số sáng kiến được công nhận", 40, "CAO", 0.5, 10),
)


def province_lists(units: Vocabulary = (), blocks: Vocabulary = ()) -> dict[str, Vocabulary]:
    """Return the drop-down lists of a province that has not changed these catalogues, by list name."""
    titles = [(row, Entry(str(row["ma"]), str(row["ten"]), _SINCE)) for row in TITLES]
    title_word = _label("LOAI_KHEN", "DANH_HIEU")
    return {
        "DANH_HIEU": tuple(entry for row, entry in titles if row["loai"] == title_word),
        "HINH_THUC": tuple(entry for row, entry in titles if row["loai"] != title_word),
        "PHONG_TRAO": tuple(Entry(str(r["ma"]), f"{r['ma']} – {r['ten']}") for r in MOVEMENTS),
        "TIEU_CHI": tuple(Entry(str(r["ma"]), f"{r['ma']} – {r['ten']}") for r in SCORE_TABLE),
        "DON_VI": units,
        "KHOI": blocks,
    }
