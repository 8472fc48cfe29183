"""NHAN_SU: the whole staff, not only those proposed. Shares, quotas and the rotation test need everybody."""

import datetime as dt

from schemas.columns import Column, Kind, Order, Sheet, Window

SHEET = Sheet(
    code="NHAN_SU",
    title="Danh sách công chức, người lao động",
    purpose="Mỗi người một dòng, kể cả người không được đề nghị. Tỉnh điền sẵn theo năm trước; sửa cho đúng nay.",
    prefilled=True,
    may_be_empty=False,
    key=("ma_cc",),
    orders=(Order("ngay_sinh", "ngay_tuyen_dung"), Order("ngay_tuyen_dung", "ngay_ve_don_vi")),
    columns=(
        Column("ma_cc", "Mã công chức", help="Mã do tỉnh cấp. Người mới chưa có mã thì để trống.",
               example="CC0001", max_length=20, width=10),
        Column("ho_ten", "Họ và tên", help="Viết đủ dấu.", example="Lò Giả An", required=True, width=22, personal=True),
        Column("ngay_sinh", "Ngày sinh", Kind.DATE, "dd/mm/yyyy.", dt.date(1985, 9, 2), required=True,
               window=Window.BIRTH, width=11, personal=True),
        Column("gioi_tinh", "Giới tính", Kind.CHOICE, "Chọn.", "Nam", required=True, vocabulary="GIOI_TINH",
               width=7),
        Column("chuc_vu", "Chức vụ", help="Trưởng phòng, Viện trưởng, chuyên viên…", example="Phó Trưởng phòng",
               required=True, width=18),
        Column("chuc_danh", "Chức danh", Kind.CHOICE, "Chọn.", "Kiểm sát viên trung cấp", required=True,
               vocabulary="CHUC_DANH", width=18),
        Column("nhom_doi_tuong", "Nhóm đối tượng", Kind.CHOICE, "Lãnh đạo hay người trực tiếp công tác.",
               "Lãnh đạo phòng, khu vực", required=True, vocabulary="NHOM_DOI_TUONG", width=18),
        Column("to_cong_tac", "Tổ, bộ phận", help="Không chia tổ thì để trống.", example="Tổ 1", width=10),
        Column("ngay_tuyen_dung", "Ngày tuyển dụng", Kind.DATE, "dd/mm/yyyy.", dt.date(2010, 3, 1),
               required=True, window=Window.CAREER, width=11),
        Column("ngay_ve_don_vi", "Ngày về đơn vị", Kind.DATE, "dd/mm/yyyy.", dt.date(2015, 7, 1),
               required=True, window=Window.CAREER, width=11),
        Column("xep_loai_cc", "Xếp loại năm", Kind.CHOICE, "Chọn.", "Hoàn thành xuất sắc nhiệm vụ", required=True,
               vocabulary="XEP_LOAI", width=18),
        Column("ngay_xep_loai", "Ngày xếp loại", Kind.DATE, "Trước ngày họp xét.", dt.date(2026, 10, 30),
               window=Window.SEASON, width=11),
        Column("diem_danh_gia", "Điểm đánh giá", Kind.NUMBER, "Thang 100, không chấm điểm thì để trống.", 92.5,
               low=0, high=100, width=9),
        Column("xep_loai_dv", "Xếp loại đảng viên", Kind.CHOICE, "Chọn; không là đảng viên thì chọn mục cuối.",
               "Hoàn thành tốt nhiệm vụ", required=True, vocabulary="XEP_LOAI_DANG", width=18),
    ),
)
