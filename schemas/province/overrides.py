"""Who changed which parameter of a rule, and which rule was waived for whom: always with a document."""

import datetime as dt

from schemas.columns import Column, Kind, Order, Sheet

PARAMETERS = Sheet(
    code="THAM_SO",
    title="Tham số do tỉnh xác nhận hoặc thay đổi",
    purpose="Mỗi dòng đổi một tham số, hoặc xác nhận một quy tắc còn ghi «cần xác minh». Hiện ở mọi dòng bị ảnh hưởng.",
    orders=(Order("tu_ngay", "den_ngay"),),
    columns=(
        Column("ma_quy_tac", "Mã quy tắc", help="Xem CAU_HINH của bản tổng hợp.", example="QT-04", required=True,
               width=11),
        Column("tham_so", "Tham số", help="Tên tham số; để trống nếu chỉ xác nhận quy tắc.", example="nguong",
               width=16),
        Column("gia_tri", "Giá trị", help="Giá trị mới.", example="0,7", width=12),
        Column("tu_ngay", "Từ ngày", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 1, 1), required=True, width=11),
        Column("den_ngay", "Đến ngày", Kind.DATE, "Không hạn thì để trống.", None, width=11),
        Column("van_ban", "Văn bản", help="Số, ngày, điều khoản.", example="12/HD-VKS ngày 05/01/2026",
               required=True, width=28),
        Column("nguoi_chot", "Người xác nhận", help="Họ và tên.", example="Lò Giả An", required=True,
               width=20, personal=True),
        Column("ngay_chot", "Ngày xác nhận", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 1, 6), required=True,
               width=11),
    ),
)

WAIVERS = Sheet(
    code="MIEN_AP_DUNG",
    title="Miễn áp dụng",
    purpose="Miễn một quy tắc cho một đơn vị hoặc một đối tượng, có văn bản; được in cùng phát hiện.",
    columns=(
        Column("ma_quy_tac", "Mã quy tắc", help="Ví dụ HS-02.", example="HS-02", required=True, width=11),
        Column("don_vi", "Mã đơn vị", help="Mã ở trang DON_VI.", example="P1", required=True,
               refers_to=("DON_VI", "ma_don_vi"), width=10),
        Column("doi_tuong", "Đối tượng", help="Mã người hoặc mã đề nghị; để trống nếu cho cả đơn vị.",
               example="DN01", width=14),
        Column("ly_do", "Lý do", help="Viết rõ.", example="Đơn vị mới tách", required=True, max_length=500,
               width=36),
        Column("van_ban", "Văn bản", help="Số, ngày.", example="31/TB-VKS ngày 02/11/2026", required=True,
               width=26),
        Column("nguoi_duyet", "Người duyệt", help="Họ và tên.", example="Lò Giả An", required=True, width=20,
               personal=True),
        Column("ngay", "Ngày duyệt", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 11, 2), required=True, width=11),
    ),
)
