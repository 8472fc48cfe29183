"""LICH_SU: past awards, filled by the province; the unit adds what is missing."""

import datetime as dt

from schemas.columns import Column, Kind, Sheet, When, Window

SHEET = Sheet(
    code="LICH_SU",
    title="Lịch sử khen thưởng",
    purpose="Tỉnh điền sẵn các năm trước; đơn vị chỉ thêm dòng còn thiếu, không sửa dòng có sẵn.",
    prefilled=True,
    entry_rows=400,
    columns=(
        Column("ma_doi_tuong", "Mã người hoặc mã đơn vị", help="Mã công chức, hoặc mã đơn vị nếu là tập thể.",
               example="CC0001", required=True, width=12, personal=True),
        Column("ten_doi_tuong", "Họ tên, tên tập thể", example="Lò Giả An", required=True, width=22,
               help="Viết đủ dấu.", personal=True),
        Column("nam", "Năm", Kind.INTEGER, "Năm của danh hiệu.", 2025, required=True, low=1990, high=2100,
               width=7),
        Column("danh_hieu", "Danh hiệu thi đua", Kind.CHOICE, "Chọn, hoặc điền cột bên.",
               "Chiến sĩ thi đua cơ sở", required_when=When("hinh_thuc", blank=True), vocabulary="DANH_HIEU",
               width=24),
        Column("hinh_thuc", "Hình thức khen thưởng", Kind.CHOICE, "Chọn, hoặc điền cột bên.", None,
               required_when=When("danh_hieu", blank=True), vocabulary="HINH_THUC", width=24),
        Column("loai_hinh", "Loại hình", Kind.CHOICE, "Chọn.", "Công trạng (thường xuyên)", required=True,
               vocabulary="LOAI_HINH", width=16),
        Column("so_qd", "Số quyết định", help="Số, ký hiệu.", example="812/QĐ-VKS", required=True, width=14),
        Column("ngay_qd", "Ngày quyết định", Kind.DATE, "dd/mm/yyyy.", dt.date(2025, 12, 20), required=True,
               window=Window.PAST, width=11),
        Column("co_quan_qd", "Cơ quan quyết định", help="Nơi ban hành.", example="VKSND tỉnh", required=True,
               width=18),
        Column("don_vi_luc_do", "Đơn vị lúc đó", Kind.CHOICE, "Chọn.", None, required=True,
               vocabulary="DON_VI", width=18),
        Column("tinh_trang", "Tình trạng", Kind.CHOICE, "Còn hiệu lực hay đã thu hồi.", "Còn hiệu lực",
               required=True, vocabulary="TINH_TRANG_QD", width=12),
    ),
)
