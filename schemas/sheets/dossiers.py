"""HO_SO: which paper each nomination has, with number and date. No files are stored."""

import datetime as dt

from schemas.columns import Column, Kind, Order, Sheet, When, Window

SHEET = Sheet(
    code="HO_SO",
    title="Thành phần hồ sơ",
    purpose="Mỗi giấy tờ của mỗi đề nghị một dòng: có hay chưa, số, ngày. Không gửi kèm bản chụp.",
    key=("ma_dn", "loai_giay"),
    entry_rows=400,
    orders=(Order("ngay", "den_ngay"),),
    columns=(
        Column("ma_dn", "Mã đề nghị", help="Mã ở trang DE_NGHI.", example="DN01", required=True,
               refers_to=("DE_NGHI", "ma_dn"), width=10),
        Column("loai_giay", "Loại giấy tờ", Kind.CHOICE, "Chọn.", "Báo cáo thành tích", required=True,
               vocabulary="LOAI_GIAY", width=28),
        Column("co", "Tình trạng", Kind.CHOICE, "Có, chưa có, hay không cần.", "Có", required=True,
               vocabulary="TINH_TRANG_GIAY", width=11),
        Column("so", "Số, ký hiệu", help="Không đánh số thì ghi Không số.", example="05/BC-P1",
               required_when=When("co", ("CO",)), width=18),
        Column("ngay", "Ngày", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 11, 6),
               required_when=When("co", ("CO",)), window=Window.PAST, width=11),
        Column("den_ngay", "Đến ngày", Kind.DATE, "Chỉ cho đăng tải lấy ý kiến.", None, window=Window.SEASON,
               width=11),
        Column("ghi_chu", "Ghi chú", max_length=500, width=30),
    ),
)
