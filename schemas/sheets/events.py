"""BIEN_DONG: leave, training, transfer, discipline, pending matters: a row an event."""

import datetime as dt

from schemas.columns import Column, Kind, Order, Sheet, When, Window

_DISCIPLINE = When("loai", ("KY_LUAT",))

SHEET = Sheet(
    code="BIEN_DONG",
    title="Biến động trong kỳ: nghỉ, đào tạo, chuyển, kỷ luật, vụ việc",
    purpose="Mỗi sự việc một dòng. Nghỉ thai sản và thương tích do dũng cảm không làm mất quyền được xét.",
    orders=(Order("tu_ngay", "den_ngay"),),
    columns=(
        Column("ma_cc", "Mã công chức", help="Mã ở trang NHAN_SU.", example="CC0001", required=True,
               refers_to=("NHAN_SU", "ma_cc"), width=16, personal=True),
        Column("loai", "Loại biến động", Kind.CHOICE, "Chọn.", "Nghỉ ốm", required=True,
               vocabulary="BIEN_DONG", width=24),
        Column("tu_ngay", "Từ ngày", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 3, 2), required=True,
               window=Window.PAST, width=11),
        Column("den_ngay", "Đến ngày", Kind.DATE, "Chưa kết thúc thì để trống.", dt.date(2026, 4, 15),
               window=Window.PLAN, width=11),
        Column("don_vi_lien_quan", "Đơn vị đi, đến", Kind.CHOICE, "Chọn khi chuyển đi, chuyển đến.", None,
               required_when=When("loai", ("CHUYEN_DEN", "CHUYEN_DI")), vocabulary="DON_VI", width=18),
        Column("y_kien_dv_cu", "Ý kiến đơn vị cũ", Kind.CHOICE, "Chuyển đến: đã có ý kiến bằng văn bản chưa.",
               None, required_when=When("loai", ("CHUYEN_DEN",)), vocabulary="CO_KHONG", width=9),
        Column("ket_qua_dao_tao", "Kết quả đào tạo", Kind.CHOICE, "Chọn khi đi đào tạo đã có kết quả.", None,
               vocabulary="KET_QUA_DAO_TAO", width=12),
        Column("hinh_thuc_ky_luat", "Hình thức kỷ luật", Kind.CHOICE, "Chọn khi kỷ luật.", None,
               required_when=_DISCIPLINE, vocabulary="KY_LUAT", width=12),
        Column("so_qd", "Số quyết định, văn bản", help="Số, ký hiệu.", example="15/QĐ-VKS",
               required_when=_DISCIPLINE, width=14),
        Column("ngay_qd", "Ngày quyết định", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 1, 20),
               required_when=_DISCIPLINE, window=Window.PAST, width=11),
        Column("het_hieu_luc", "Hết hiệu lực kỷ luật", Kind.DATE, "dd/mm/yyyy.", None,
               required_when=_DISCIPLINE, window=Window.PLAN, width=11),
        Column("ma_vi_pham", "Mã hành vi vi phạm", help="Cùng một hành vi thì ghi cùng một mã.",
               required_when=_DISCIPLINE, width=10),
        Column("nam_da_tinh", "Năm đã lấy làm căn cứ không xét", Kind.INTEGER,
               "Hành vi này đã làm mất danh hiệu năm nào.", None, low=2000, high=2100, width=10),
        Column("ghi_chu", "Ghi chú", max_length=500, width=18),
    ),
)
