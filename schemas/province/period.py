"""KY_XET: the review period, the office that runs it, and its mailbox."""

import datetime as dt

from schemas.columns import Column, Kind, Order, Sheet

_PERIOD, _OFFICE, _MAIL = "I. Kỳ xét", "II. Cơ quan", "III. Hộp thư (để trống nếu nhận, gửi thư bằng tay)"

PERIOD = Sheet(
    code="KY_XET",
    title="Kỳ xét",
    purpose="Kỳ đang xét, mùa xét và tên cơ quan in trên các biểu.",
    form=True,
    may_be_empty=False,
    orders=(Order("tu_ngay", "den_ngay"), Order("den_ngay", "ket_thuc_mua")),
    columns=(
        Column("ky_xet", "Mã kỳ xét", help="Thường là năm.", example="2026", required=True, section=_PERIOD),
        Column("nam", "Năm xét", Kind.INTEGER, "Năm của danh hiệu.", 2026, required=True, low=2019, high=2100,
               section=_PERIOD),
        Column("tu_ngay", "Số liệu từ ngày", Kind.DATE, "Ngày đầu kỳ số liệu.", dt.date(2025, 12, 1),
               required=True, section=_PERIOD),
        Column("den_ngay", "Số liệu đến ngày", Kind.DATE, "Ngày cuối kỳ số liệu.", dt.date(2026, 11, 30),
               required=True, section=_PERIOD),
        Column("ket_thuc_mua", "Mùa xét kết thúc", Kind.DATE,
               "Ngày muộn nhất mà giấy tờ của kỳ này có thể mang.", dt.date(2027, 1, 31), required=True,
               section=_PERIOD),
        Column("ngay_hop_hoi_dong", "Ngày họp Hội đồng", Kind.DATE, "Để trống nếu chưa định.",
               dt.date(2026, 12, 10), section=_PERIOD),
        Column("ten_co_quan_cap_tren", "Cơ quan cấp trên", example="VIỆN KIỂM SÁT NHÂN DÂN TỐI CAO",
               help="In ở góc trái.", required=True, section=_OFFICE),
        Column("ten_co_quan", "Cơ quan", example="VIỆN KIỂM SÁT NHÂN DÂN TỈNH MẪU", help="In ở góc trái.",
               required=True, section=_OFFICE),
        Column("dia_danh", "Địa danh", help="In trước ngày tháng.", example="Tỉnh Mẫu", required=True,
               section=_OFFICE),
        Column("don_vi_thuong_truc", "Nơi nhận hồ sơ", help="Tên, thư điện tử của Thường trực Hội đồng.",
               example="Văn phòng tổng hợp, tdkt@vks-mau.example", required=True, section=_OFFICE),
        Column("la_du_lieu_gia", "Dữ liệu giả định", Kind.CHOICE, "Chọn Có nếu là bản mẫu, tập huấn.", "Không",
               required=True, vocabulary="LOAI_DU_LIEU", section=_OFFICE),
        Column("thu_van_phong", "Địa chỉ thư của Thường trực", help="Thư trả lời mang địa chỉ này.",
               example="tdkt@vks-mau.example", section=_MAIL),
        Column("may_chu_nhan", "Máy chủ nhận thư (IMAP)", help="Tên máy, có thể kèm cổng.",
               example="imap.vks-mau.example:993", section=_MAIL),
        Column("may_chu_gui", "Máy chủ gửi thư (SMTP)", help="Tên máy, có thể kèm cổng.",
               example="smtp.vks-mau.example:587", section=_MAIL),
        Column("tai_khoan_thu", "Tài khoản thư", help="Tên đăng nhập, nếu khác địa chỉ thư. Không ghi mật khẩu.",
               example="tdkt", section=_MAIL),
        Column("thu_muc_thu", "Thư mục thư đến", help="Để trống là INBOX.", example="INBOX", section=_MAIL),
    ),
)
