"""Drop-down lists. Names that changed over the years carry the dates between which they hold.

Lists that belong to the province (titles, units, movements, score criteria) are filled from its own
workbook; what stands here for titles is only the default that `tdkt init` writes there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Entry:
    """One choice: the code that the data hold, the label that people pick."""

    code: str
    label: str
    valid_from: dt.date | None = None  #: None: always
    valid_to: dt.date | None = None  #: last day; None: still in use


Vocabulary = tuple[Entry, ...]


def _of(*pairs: tuple[str, str]) -> Vocabulary:
    return tuple(Entry(code, label) for code, label in pairs)


#: Printed on every page of what is not the true record of a province, by the code of its kind of data.
MARKS = {"CO": "DỮ LIỆU GIẢ ĐỊNH", "AN_DANH": "BẢN ẨN DANH"}
#: Lists that are the same in every province, by name.
VOCABULARIES: dict[str, Vocabulary] = {
    "CO_KHONG": _of(("CO", "Có"), ("KHONG", "Không")),
    "LOAI_DU_LIEU": _of(("CO", "Có"), ("KHONG", "Không"), ("AN_DANH", "Bản ẩn danh")),
    "XAC_NHAN": _of(("DA_XAC_NHAN", "Tôi xác nhận số liệu là đúng")),
    "GIOI_TINH": _of(("NAM", "Nam"), ("NU", "Nữ")),
    "NHOM_DOI_TUONG": _of(
        ("LANH_DAO_TINH", "Lãnh đạo VKSND tỉnh"),
        ("LANH_DAO_DON_VI", "Lãnh đạo phòng, khu vực"),
        ("TRUC_TIEP", "Người trực tiếp công tác"),
        ("NGUOI_LAO_DONG", "Người lao động (hợp đồng)"),
    ),
    "CHUC_DANH": _of(
        ("KSVCC", "Kiểm sát viên cao cấp"),
        ("KSVTC", "Kiểm sát viên trung cấp"),
        ("KSVSC", "Kiểm sát viên sơ cấp"),
        ("KTV", "Kiểm tra viên"),
        ("CV", "Chuyên viên và tương đương"),
        ("KT", "Kế toán, văn thư, kỹ thuật"),
        ("HDLD", "Hợp đồng lao động"),
    ),
    "XEP_LOAI": _of(
        ("HTXSNV", "Hoàn thành xuất sắc nhiệm vụ"),
        ("HTTNV", "Hoàn thành tốt nhiệm vụ"),
        ("HTNV", "Hoàn thành nhiệm vụ"),
        ("KHTNV", "Không hoàn thành nhiệm vụ"),
        ("CHUA_XL", "Chưa xếp loại"),
    ),
    "XEP_LOAI_DANG": _of(
        ("HTXSNV", "Hoàn thành xuất sắc nhiệm vụ"),
        ("HTTNV", "Hoàn thành tốt nhiệm vụ"),
        ("HTNV", "Hoàn thành nhiệm vụ"),
        ("KHTNV", "Không hoàn thành nhiệm vụ"),
        ("CHUA_XL", "Chưa xếp loại"),
        ("KHONG_DANG", "Không là đảng viên"),
    ),
    "BIEU_QUYET": _of(("KIN", "Bỏ phiếu kín"), ("CONG_KHAI", "Biểu quyết công khai")),
    "MOC_NGHI": _of(("NAM_TANG", "Từ năm được tặng danh hiệu"), ("NGAY_QD", "Từ ngày quyết định tặng danh hiệu")),
    "BIEN_DONG": _of(
        ("NGHI_THAI_SAN", "Nghỉ thai sản"),
        ("NGHI_OM", "Nghỉ ốm"),
        ("NGHI_DUNG_CAM", "Điều trị thương tích do hành động dũng cảm"),
        ("NGHI_KHAC", "Nghỉ khác"),
        ("DAO_TAO", "Đi đào tạo, bồi dưỡng"),
        ("CHUYEN_DEN", "Chuyển đến"),
        ("CHUYEN_DI", "Chuyển đi"),
        ("THOI_VIEC", "Nghỉ hưu, thôi việc"),
        ("BO_NHIEM", "Bổ nhiệm, thay đổi chức vụ"),
        ("KY_LUAT", "Kỷ luật"),
        ("DANG_XEM_XET", "Đang bị thanh tra, điều tra, xác minh đơn"),
    ),
    "KY_LUAT": _of(
        ("KHIEN_TRACH", "Khiển trách"),
        ("CANH_CAO", "Cảnh cáo"),
        ("HA_BAC_LUONG", "Hạ bậc lương"),
        ("GIANG_CHUC", "Giáng chức"),
        ("CACH_CHUC", "Cách chức"),
        ("BUOC_THOI_VIEC", "Buộc thôi việc"),
    ),
    "KET_QUA_DAO_TAO": _of(
        ("GIOI", "Giỏi trở lên"), ("KHA", "Khá"), ("DAT", "Đạt, trung bình"), ("KHONG_DAT", "Không đạt")
    ),
    "DOI_TUONG": _of(("CN", "Cá nhân"), ("TT", "Tập thể")),
    "KET_QUA_XET": _of(("DE_NGHI", "Đề nghị"), ("KHONG_DE_NGHI", "Đã xét, không đề nghị")),
    "LOAI_HINH": _of(
        ("CONG_TRANG", "Công trạng (thường xuyên)"),
        ("CHUYEN_DE", "Theo đợt, chuyên đề"),
        ("DOT_XUAT", "Đột xuất"),
        ("CONG_HIEN", "Quá trình cống hiến"),
        ("NIEN_HAN", "Niên hạn"),
        ("DOI_NGOAI", "Đối ngoại"),
    ),
    "DUONG_TIEU_CHUAN": _of(
        ("XEP_LOAI", "Xếp loại hoàn thành xuất sắc nhiệm vụ"),
        ("SANG_KIEN", "Sáng kiến, đề tài được công nhận"),
        ("CHUOI_NAM", "Chuỗi danh hiệu nhiều năm liên tục"),
        ("TIEU_CHUAN_CHUNG", "Tiêu chuẩn chung của danh hiệu"),
        ("KHAC", "Đường tiêu chuẩn khác (nêu rõ trong thành tích)"),
    ),
    "CAP_HOP": _of(("DON_VI", "Họp đơn vị"), ("CUM_KHOI", "Họp cụm, khối"), ("HOI_DONG", "Hội đồng cấp tỉnh")),
    "LOAI_CHI_TIEU": _of(
        ("THUONG_XUYEN", "Thường xuyên"),
        ("DOT_PHA", "Khâu đột phá"),
        ("VIEC_MOI", "Việc mới"),
        ("VIEC_KHO", "Việc khó"),
        ("DIEM_THUONG", "Đề nghị điểm thưởng"),
        ("DIEM_TRU", "Tự nhận điểm trừ"),
    ),
    "CHIEU": _of(
        ("CAO", "Càng cao càng tốt"),
        ("THAP", "Càng thấp càng tốt"),
        ("CO_KHONG", "Có làm hay không (1 hoặc 0)"),
        ("THEO_MUC", "Theo mức: tốt, khá, đạt, không đạt"),
    ),
    "LOAI_HOAT_DONG": _of(
        ("KE_HOACH", "Ban hành kế hoạch"),
        ("PHAT_DONG", "Phát động"),
        ("KIEM_TRA", "Kiểm tra phong trào"),
        ("SO_KET", "Sơ kết"),
        ("TONG_KET", "Tổng kết"),
        ("QUAN_TRIET", "Quán triệt văn bản"),
        ("TUYEN_TRUYEN", "Tuyên truyền"),
        ("KIEM_TRA_KT", "Kiểm tra công tác khen thưởng"),
        ("PHOI_HOP", "Hoạt động phối hợp"),
        ("XAC_DINH_DOT_PHA", "Xác định khâu đột phá, việc mới, việc khó"),
        ("TRAO_TANG", "Trao tặng, công bố quyết định khen thưởng"),
    ),
    "CHU_TRI": _of(
        ("CAP_UY", "Cấp ủy"),
        ("CHI_BO", "Chi bộ"),
        ("CHINH_QUYEN", "Lãnh đạo đơn vị"),
        ("CONG_DOAN", "Công đoàn"),
        ("DOAN_TN", "Đoàn Thanh niên"),
        ("PHU_NU", "Phụ nữ"),
        ("CCB", "Cựu chiến binh"),
    ),
    "HINH_THUC_HD": _of(
        ("HOI_NGHI", "Hội nghị, sinh hoạt"),
        ("VAN_BAN", "Văn bản"),
        ("HOI_THI", "Hội thi, hội thao"),
        ("TRUC_TUYEN", "Trực tuyến, trang tin"),
        ("THUC_DIA", "Đi thực tế, giúp dân"),
        ("KHAC", "Hình thức khác"),
    ),
    "GAN_VOI": _of(
        ("HT_BAC", "Học tập và làm theo Hồ Chí Minh"),
        ("LUAT_TDKT", "Luật Thi đua, khen thưởng"),
        ("CT34", "Chỉ thị 34-CT/TW"),
        ("VB_NGANH", "Văn bản của ngành Kiểm sát"),
        ("KL21", "Kết luận 21-KL/TW"),
        ("KL01", "Kết luận 01-KL/TW"),
        ("CAI_CACH_HC", "Cải cách hành chính"),
        ("KHAC", "Nội dung khác"),
    ),
    "LOAI_DIEN_HINH": _of(
        ("DIEN_HINH", "Điển hình tiên tiến"),
        ("MO_HINH", "Mô hình mới, cách làm hay"),
        ("NGUOI_TOT", "Người tốt, việc tốt"),
    ),
    "HINH_THUC_SK": _of(("GIAI_PHAP", "Giải pháp"), ("DE_TAI", "Đề án, đề tài"), ("CHUYEN_DE", "Chuyên đề")),
    "CAP_SK": _of(
        ("CO_SO", "Cấp cơ sở"),
        ("NGANH", "Cấp ngành (Viện trưởng VKSND tối cao)"),
        ("TOAN_QUOC", "Toàn quốc"),
        ("CHUA", "Chưa được công nhận"),
    ),
    "LOAI_GIAY": _of(
        ("TO_TRINH", "Tờ trình"),
        ("BIEN_BAN", "Biên bản họp xét"),
        ("KIEM_PHIEU", "Biên bản kiểm phiếu"),
        ("BAO_CAO_TT", "Báo cáo thành tích"),
        ("XN_SANG_KIEN", "Chứng nhận sáng kiến, đề tài"),
        ("QD_XEP_LOAI", "Quyết định, thông báo xếp loại"),
        ("DANG_KY", "Đăng ký thi đua đầu năm"),
        ("Y_KIEN_CAP_UY", "Ý kiến cấp ủy"),
        ("Y_KIEN_DV_CU", "Ý kiến đơn vị cũ"),
        ("HIEP_Y", "Ý kiến UBND tỉnh (hiệp y)"),
        ("DANG_TAI", "Đăng tải lấy ý kiến"),
        ("XN_CAP_TREN", "Xác nhận của cấp trên"),
    ),
    "TINH_TRANG_GIAY": _of(("CO", "Có"), ("KHONG", "Chưa có"), ("KHONG_CAN", "Không cần")),
    "TINH_TRANG_QD": _of(("HIEU_LUC", "Còn hiệu lực"), ("THU_HOI", "Đã thu hồi, hủy bỏ")),
    "LY_DO": _of(
        ("CHUYEN_CONG_TAC", "Chuyển công tác đi, đến"),
        ("NGHI_HUU", "Nghỉ hưu, thôi việc"),
        ("CHUC_VU_MOI", "Nhận chức vụ mới"),
        ("THAI_SAN", "Thai sản"),
        ("KHONG_DU_DK", "Người đạt năm trước nay không đủ điều kiện"),
        ("KHEN_CAO_HON", "Đã chuyển lên hình thức cao hơn"),
        ("SANG_KIEN_NAM_NAY", "Chỉ năm nay có sáng kiến"),
        ("DON_VI_NHO", "Đơn vị quá nhỏ, ít người đủ điều kiện"),
        ("KHAC", "Lý do khác (nêu rõ)"),
    ),
    "LOAI_DON_VI": _of(
        ("PHONG", "Phòng và tương đương"),
        ("KHU_VUC", "VKSND khu vực"),
        ("HUYEN", "VKSND cấp huyện (đến 30/6/2025)"),
    ),
    "VAI_TRO": _of(
        ("CHU_TICH", "Chủ tịch"),
        ("PHO_CHU_TICH", "Phó Chủ tịch"),
        ("UY_VIEN_TT", "Ủy viên thường trực"),
        ("UY_VIEN", "Ủy viên"),
        ("THU_KY", "Thư ký"),
    ),
    "LOAI_KHEN": _of(("DANH_HIEU", "Danh hiệu thi đua"), ("HINH_THUC", "Hình thức khen thưởng")),
    "CAP_QUYET_DINH": _of(
        ("TINH", "Viện trưởng VKSND tỉnh"), ("TOI_CAO", "Viện trưởng VKSND tối cao"), ("NHA_NUOC", "Cấp Nhà nước")
    ),
    "TRANG_THAI_NGUON": _of(("DA_XAC_MINH", "đã xác minh"), ("CAN_XAC_MINH", "cần xác minh")),
    "DIEU_KIEN_LOAI": _of(
        ("CHUA_NOP", "Chưa nộp hồ sơ"),
        ("BIEN_BAN", "Không có biên bản hợp lệ"),
        ("KY_LUAT", "Có kỷ luật đến mức loại trừ"),
        ("XEP_LOAI", "Tập thể xếp loại thấp"),
        ("KHONG_TRIEN_KHAI", "Không triển khai phong trào nghiêm túc, đầy đủ"),
    ),
    "KET_LUAN_LOAI": _of(("XET", "Vẫn xét"), ("KHONG_XET", "Không xét")),
}

#: Lists that each province fills; the sheet of cau-hinh.xlsx named here is their source.
PROVINCE_LISTS = {
    "DANH_HIEU": "danh hiệu thi đua",
    "HINH_THUC": "hình thức khen thưởng",
    "DON_VI": "đơn vị",
    "PHONG_TRAO": "phong trào",
    "TIEU_CHI": "tiêu chí chấm điểm",
    "KHOI": "cụm, khối thi đua",
}


@dataclass(frozen=True)
class Lists:
    """Every drop-down list of one run: the fixed ones and the province's own, already cut to its dates."""

    entries: Mapping[str, Vocabulary]

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """For each list, code → label, in list order."""
        return {name: {e.code: e.label for e in entries} for name, entries in self.entries.items()}

    @cached_property
    def readings(self) -> dict[str, dict[str, str]]:
        """For each list, what a cell may hold (label or code) → code."""
        return {
            name: {text: e.code for e in entries for text in (e.code, e.label)}
            for name, entries in self.entries.items()
        }

    @classmethod
    def of(cls, province: Mapping[str, Vocabulary] | None = None) -> Lists:
        """Join the fixed lists with the province's; a list that the province does not fill is empty."""
        own = dict.fromkeys(PROVINCE_LISTS, ()) | dict(province or {})
        return cls({**VOCABULARIES, **own})
