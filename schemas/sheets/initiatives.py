"""SANG_KIEN: initiatives and topics, a row an author, with the share of each."""

import datetime as dt

from schemas.columns import Column, Kind, Order, Sheet, When, Window

_RECOGNISED = When("cap_cong_nhan", ("CO_SO", "NGANH", "TOAN_QUOC"))

SHEET = Sheet(
    code="SANG_KIEN",
    title="Sáng kiến, đề tài",
    purpose="Mỗi tác giả của mỗi sáng kiến một dòng; tỷ lệ đóng góp của các tác giả cộng lại bằng 100 %.",
    key=("ma_sk", "tac_gia"),
    entry_rows=100,
    orders=(Order("ngay_ap_dung", "ngay_de_nghi"), Order("ngay_de_nghi", "ngay_qd")),
    columns=(
        Column("ma_sk", "Mã sáng kiến", help="Đánh số trong đơn vị: SK01…", example="SK01", required=True,
               max_length=20, width=9),
        Column("ten", "Tên sáng kiến, đề tài", help="Như quyết định công nhận.",
               example="Sổ theo dõi điện tử thời hạn tạm giam", required=True, max_length=400, width=30),
        Column("hinh_thuc", "Hình thức", Kind.CHOICE, "Chọn.", "Giải pháp", required=True,
               vocabulary="HINH_THUC_SK", width=12),
        Column("tac_gia", "Tác giả", help="Mã ở NHAN_SU; tác giả ngoài đơn vị ghi: Ngoài: họ tên.",
               example="CC0001", required=True, refers_to=("NHAN_SU", "ma_cc"), outside_prefix="Ngoài:", width=18,
               personal=True),
        Column("ty_le", "Tỷ lệ đóng góp (%)", Kind.PERCENT, "Từ 1 đến 100.", 100, required=True, low=0,
               high=100, width=9),
        Column("ngay_ap_dung", "Ngày áp dụng lần đầu", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 2, 1),
               required=True, window=Window.PAST, width=11),
        Column("ngay_de_nghi", "Ngày đề nghị công nhận", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 8, 1),
               window=Window.PAST, width=11),
        Column("cap_cong_nhan", "Cấp công nhận", Kind.CHOICE, "Chọn.", "Cấp cơ sở", required=True,
               vocabulary="CAP_SK", width=14),
        Column("so_qd", "Số quyết định công nhận", help="Số, ký hiệu.", example="77/QĐ-VKS",
               required_when=_RECOGNISED, width=13),
        Column("ngay_qd", "Ngày quyết định", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 10, 15),
               required_when=_RECOGNISED, window=Window.PAST, width=11),
        Column("pham_vi", "Phạm vi áp dụng", help="Đơn vị, tỉnh, ngành.", example="Toàn tỉnh", width=12),
        Column("hieu_qua_so", "Hiệu quả bằng số", help="Có con số.", example="Giảm 30 % thời gian tra cứu",
               max_length=400, width=20),
        Column("da_dung_cho", "Đã dùng cho danh hiệu", Kind.CHOICE, "Năm trước đã dùng thì chọn.", None,
               vocabulary="DANH_HIEU", width=16),
        Column("nam_da_dung", "Năm đã dùng", Kind.INTEGER, "Năm.", None, required_when=When("da_dung_cho"),
               low=2000, high=2100, width=8),
    ),
)
