"""GIAI_TRINH: the written reasons with which a unit answers a finding."""

import datetime as dt

from schemas.columns import Column, Kind, Sheet, Window

SHEET = Sheet(
    code="GIAI_TRINH",
    title="Giải trình",
    purpose="Trả lời các phát hiện mức GIẢI TRÌNH, hoặc báo trước điều Hội đồng sẽ hỏi. Mỗi lý do một dòng.",
    entry_rows=100,
    columns=(
        Column("ma_phat_hien", "Mã phát hiện", help="Mã trên phiếu trả lại, ví dụ HS-02.", example="HS-02",
               required=True, width=12),
        Column("doi_tuong", "Đối tượng", help="Mã người, mã đề nghị; việc chung thì ghi mã đơn vị.",
               example="DN01", required=True, width=14),
        Column("ma_ly_do", "Lý do", Kind.CHOICE, "Chọn.", "Lý do khác (nêu rõ)", required=True,
               vocabulary="LY_DO", width=28),
        Column("noi_dung", "Nội dung giải trình", help="Viết rõ, không quá 1.000 ký tự.",
               example="Biên bản đánh máy lại sau khi sửa lỗi chính tả.", required=True, max_length=1000, width=50),
        Column("nguoi_giai_trinh", "Người giải trình", help="Họ và tên.", example="Lò Giả An", required=True,
               width=20, personal=True),
        Column("ngay", "Ngày", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 11, 12), required=True,
               window=Window.SEASON, width=11),
    ),
)
