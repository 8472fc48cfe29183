"""DON_VI: units through time, with their successors and deadlines. HOI_DONG: the council."""

import datetime as dt

from schemas.columns import Column, Kind, Order, Sheet

_FIRST, _LAST = dt.date(2025, 7, 1), dt.date(2025, 6, 30)

UNITS = Sheet(
    code="DON_VI",
    title="Đơn vị qua các thời kỳ",
    purpose="Mỗi đơn vị một dòng, cả đơn vị đã kết thúc. Đơn vị đang hoạt động trong kỳ phải nộp hồ sơ.",
    key=("ma_don_vi",),
    may_be_empty=False,
    orders=(Order("tu_ngay", "den_ngay"),),
    columns=(
        Column("ma_don_vi", "Mã đơn vị", help="Ngắn, không dấu.", example="KV1", required=True, max_length=12,
               width=9),
        Column("ten_don_vi", "Tên đơn vị", help="Tên đầy đủ.", example="VKSND khu vực 1", required=True,
               width=26),
        Column("loai", "Loại", Kind.CHOICE, "Chọn.", "VKSND khu vực", required=True,
               vocabulary="LOAI_DON_VI", width=20),
        Column("khoi", "Cụm, khối thi đua", help="Đơn vị cùng khối được xếp hạng với nhau.", example="Khối khu vực",
               required=True, width=18),
        Column("tu_ngay", "Hoạt động từ", Kind.DATE, "dd/mm/yyyy.", _FIRST, required=True, width=11),
        Column("den_ngay", "Kết thúc", Kind.DATE, "Còn hoạt động thì để trống.", None, width=11),
        Column("ke_thua", "Đơn vị kế thừa", help="Mã đơn vị nhận người và việc.", example=None,
               refers_to=("DON_VI", "ma_don_vi"), width=10),
        Column("muc_kho", "Mức khó khăn", Kind.INTEGER, "0 bình thường đến 3 đặc biệt khó khăn.", 2,
               required=True, low=0, high=3, width=9),
        Column("thu_dien_tu", "Thư điện tử", help="Địa chỉ dùng để nộp; nhiều địa chỉ cách nhau dấu ;",
               example="kv1@vks-mau.example", width=26),
        Column("han_nop", "Hạn nộp", Kind.MOMENT, "dd/mm/yyyy HH:MM.", dt.datetime(2026, 11, 16, 16, 0),
               width=16),
        Column("bien_che", "Biên chế", Kind.INTEGER, "Số người được giao.", 14, low=0, high=2000, width=9),
        Column("ngay_thanh_lap", "Ngày thành lập", Kind.DATE, "dd/mm/yyyy.", _FIRST, width=11),
        Column("ghi_chu", "Ghi chú", max_length=500, width=20),
    ),
)

COUNCIL = Sheet(
    code="HOI_DONG",
    title="Thành viên Hội đồng Thi đua - Khen thưởng",
    purpose="Tổng số thành viên là mẫu số của tỷ lệ phiếu.",
    entry_rows=40,
    orders=(Order("tu_ngay", "den_ngay"),),
    columns=(
        Column("ho_ten", "Họ và tên", help="Viết đủ dấu.", example="Lò Giả An", required=True, width=24, personal=True),
        Column("chuc_vu", "Chức vụ", help="Chức vụ chính quyền.", example="Viện trưởng", required=True, width=24),
        Column("vai_tro", "Vai trò trong Hội đồng", Kind.CHOICE, "Chọn.", "Chủ tịch", required=True,
               vocabulary="VAI_TRO", width=18),
        Column("ma_cc", "Mã công chức", help="Mã ở danh sách đơn vị.", example="CC0001", width=12),
        Column("don_vi", "Mã đơn vị", help="Đơn vị đang phụ trách hoặc công tác.", example="P1",
               refers_to=("DON_VI", "ma_don_vi"), width=10),
        Column("tu_ngay", "Từ ngày", Kind.DATE, "dd/mm/yyyy.", dt.date(2025, 7, 1), required=True, width=11),
        Column("den_ngay", "Đến ngày", Kind.DATE, "Còn giữ thì để trống.", None, width=11),
    ),
)
