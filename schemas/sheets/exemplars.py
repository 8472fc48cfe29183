"""DIEN_HINH: exemplars through their four stages: found, fostered, summed up, multiplied."""

import datetime as dt

from schemas.columns import Column, Kind, Order, Sheet, When, Window

SHEET = Sheet(
    code="DIEN_HINH",
    title="Điển hình tiên tiến, mô hình mới, người tốt việc tốt",
    purpose="Mỗi điển hình một dòng, ghi ngày của từng khâu: phát hiện, bồi dưỡng, tổng kết, nhân rộng.",
    key=("ma_dh",),
    entry_rows=100,
    orders=(
        Order("ngay_phat_hien", "ngay_boi_duong"),
        Order("ngay_boi_duong", "ngay_tong_ket"),
        Order("ngay_tong_ket", "ngay_nhan_rong"),
    ),
    columns=(
        Column("ma_dh", "Mã điển hình", help="Đánh số trong đơn vị: DH01…", example="DH01", required=True,
               max_length=20, width=9),
        Column("loai", "Loại", Kind.CHOICE, "Chọn.", "Điển hình tiên tiến", required=True,
               vocabulary="LOAI_DIEN_HINH", width=16),
        Column("ten", "Tên điển hình, mô hình", help="Tên người, tập thể hoặc mô hình.",
               example="Số hóa hồ sơ kiểm sát", required=True, max_length=300, width=26, personal=True),
        Column("ma_cc", "Mã công chức", help="Nếu là người trong đơn vị.", example="CC0001",
               refers_to=("NHAN_SU", "ma_cc"), width=12, personal=True),
        Column("don_vi_phat_hien", "Đơn vị phát hiện", Kind.CHOICE, "Chọn.", None, required=True,
               vocabulary="DON_VI", width=18),
        Column("ngay_phat_hien", "Ngày phát hiện", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 2, 10),
               required=True, window=Window.PAST, width=11),
        Column("ngay_boi_duong", "Ngày bồi dưỡng", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 4, 5),
               window=Window.PAST, width=11),
        Column("hinh_thuc_boi_duong", "Cách bồi dưỡng", help="Giao việc, kèm cặp, tập huấn…",
               example="Giao làm báo cáo viên", required_when=When("ngay_boi_duong"), max_length=200, width=16),
        Column("ngay_tong_ket", "Ngày tổng kết", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 8, 20),
               window=Window.PAST, width=11),
        Column("ngay_nhan_rong", "Ngày nhân rộng", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 9, 30),
               window=Window.PAST, width=11),
        Column("noi_nhan_rong", "Nơi nhân rộng", Kind.CHOICES, "Các đơn vị nhận; cách nhau dấu ;", None,
               required_when=When("ngay_nhan_rong"), vocabulary="DON_VI", width=16),
        Column("kenh", "Kênh tuyên truyền", help="Trang tin, báo, hội nghị…", example="Trang tin của ngành",
               max_length=200, width=16),
        Column("mo_ta", "Mô tả ngắn", help="Có con số nếu được.", max_length=500, width=24),
    ),
)
