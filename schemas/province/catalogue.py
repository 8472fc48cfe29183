"""Catalogues that belong to the province: titles and forms with their rungs, score table, movements."""

import datetime as dt

from schemas.columns import Column, Kind, Order, Sheet, When

TITLES = Sheet(
    code="DANH_HIEU",
    title="Danh hiệu thi đua và hình thức khen thưởng",
    purpose="Hai danh mục để riêng nhau bằng cột Loại. Bậc dùng để so người đứng đầu với tập thể.",
    key=("ma",),
    may_be_empty=False,
    orders=(Order("tu_ngay", "den_ngay"),),
    columns=(
        Column("ma", "Mã", help="Không đổi qua các năm.", example="CSTDCS", required=True, max_length=20, width=12),
        Column("ten", "Tên", help="Tên đầy đủ, hiện trong danh sách chọn.", example="Chiến sĩ thi đua cơ sở",
               required=True, width=34),
        Column("loai", "Loại", Kind.CHOICE, "Chọn.", "Danh hiệu thi đua", required=True,
               vocabulary="LOAI_KHEN", width=20),
        Column("doi_tuong", "Đối tượng", Kind.CHOICE, "Để trống nếu cho cả hai.", "Cá nhân",
               vocabulary="DOI_TUONG", width=10),
        Column("bac", "Bậc", Kind.INTEGER, "1 thấp nhất; cùng bậc nghĩa là tương xứng.", 2, required=True, low=1,
               high=20, width=7),
        Column("cap_quyet_dinh", "Cấp quyết định", Kind.CHOICE, "Chọn.", "Viện trưởng VKSND tỉnh",
               required=True, vocabulary="CAP_QUYET_DINH", width=24),
        Column("tu_ngay", "Từ ngày", Kind.DATE, "Ngày bắt đầu dùng.", dt.date(2019, 6, 28), required=True,
               width=11),
        Column("den_ngay", "Đến ngày", Kind.DATE, "Còn dùng thì để trống.", None, width=11),
        Column("can_cu", "Căn cứ", help="Văn bản, điều, khoản.", example="TT 02/2024/TT-VKSTC Điều 11",
               required=True, width=26),
        Column("trang_thai", "Trạng thái nguồn", Kind.CHOICE, "Chọn.", "đã xác minh", required=True,
               vocabulary="TRANG_THAI_NGUON", width=14),
    ),
)

SCORE_TABLE = Sheet(
    code="BANG_DIEM",
    title="Bảng điểm thi đua",
    purpose="Tiêu chí, điểm chuẩn và cách thưởng do tỉnh ban hành. Bảng kèm theo chương trình chỉ là ví dụ.",
    key=("ma",),
    columns=(
        Column("ma", "Mã tiêu chí", help="Ngắn, không dấu.", example="I.1", required=True, max_length=20, width=9),
        Column("nhom", "Nhóm", help="Nhóm tiêu chí.", example="I. Chuyên môn", required=True, width=26),
        Column("ten", "Tên tiêu chí", help="Hiện trong danh sách chọn.", example="Tỷ lệ giải quyết tin báo",
               required=True, width=40),
        Column("diem_chuan", "Điểm chuẩn", Kind.NUMBER, "Điểm tối đa của tiêu chí.", 60, required=True, low=0,
               high=2000, width=9),
        Column("chieu", "Chiều", Kind.CHOICE, "Chọn.", "Càng cao càng tốt", required=True, vocabulary="CHIEU",
               width=18),
        Column("loai_don_vi", "Áp dụng cho", Kind.CHOICE, "Để trống nếu cho mọi đơn vị.", None,
               vocabulary="LOAI_DON_VI", width=20),
        Column("he_so_thuong", "Hệ số thưởng", Kind.NUMBER, "0 nếu vượt không được thưởng.", 0.5, required=True,
               low=0, high=5, width=9),
        Column("thuong_toi_da", "Thưởng tối đa", Kind.NUMBER, "Điểm.", 10, required_when=When("he_so_thuong"),
               low=0, high=1000, width=9),
        Column("ghi_chu", "Ghi chú", max_length=500, width=24),
    ),
)

MOVEMENTS = Sheet(
    code="PHONG_TRAO",
    title="Phong trào thi đua",
    purpose="Danh mục phong trào với ngày bắt đầu, kết thúc.",
    key=("ma",),
    entry_rows=60,
    orders=(Order("tu_ngay", "den_ngay"),),
    columns=(
        Column("ma", "Mã", help="Ngắn, không dấu.", example="PT1", required=True, max_length=20, width=9),
        Column("ten", "Tên phong trào", help="Hiện trong danh sách chọn.", example="Công minh – Chính trực",
               required=True, max_length=300, width=60),
        Column("tu_ngay", "Từ ngày", Kind.DATE, "dd/mm/yyyy.", dt.date(2021, 1, 1), required=True, width=11),
        Column("den_ngay", "Đến ngày", Kind.DATE, "Chưa kết thúc thì để trống.", None, width=11),
        Column("can_cu", "Căn cứ", help="Văn bản phát động.", max_length=300, width=36),
    ),
)
