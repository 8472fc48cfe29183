"""DE_NGHI: every nomination, and everybody who was considered and not proposed."""

import datetime as dt

from schemas.columns import Column, Kind, Sheet, When, Window

SHEET = Sheet(
    code="DE_NGHI",
    title="Đề nghị danh hiệu, hình thức khen thưởng",
    purpose=(
        "Mỗi đề nghị một dòng; người, tập thể đã được xét mà không đề nghị cũng ghi một dòng. "
        "Mỗi dòng chỉ điền danh hiệu hoặc hình thức, không điền cả hai."
    ),
    key=("ma_dn",),
    columns=(
        Column("ma_dn", "Mã đề nghị", help="Đánh số trong đơn vị: DN01, DN02…", example="DN01", required=True,
               max_length=20, width=8),
        Column("doi_tuong", "Đối tượng", Kind.CHOICE, "Chọn.", "Cá nhân", required=True,
               vocabulary="DOI_TUONG", width=9),
        Column("ma_doi_tuong", "Mã người hoặc mã đơn vị", help="Cá nhân: mã ở NHAN_SU. Tập thể: mã đơn vị.",
               example="CC0001", required=True, subject_kind="doi_tuong", width=14, personal=True),
        Column("ten_doi_tuong", "Họ tên, tên tập thể", help="Viết đủ dấu, như trang NHAN_SU.",
               example="Lò Giả An", required=True, width=20, personal=True),
        Column("danh_hieu", "Danh hiệu thi đua", Kind.CHOICE, "Chọn, hoặc điền cột bên.",
               "Chiến sĩ thi đua cơ sở", required_when=When("hinh_thuc", blank=True), vocabulary="DANH_HIEU",
               width=20),
        Column("hinh_thuc", "Hình thức khen thưởng", Kind.CHOICE, "Chọn, hoặc điền cột bên.", None,
               required_when=When("danh_hieu", blank=True), vocabulary="HINH_THUC", width=20),
        Column("loai_hinh", "Loại hình", Kind.CHOICE, "Công trạng, chuyên đề, đột xuất…",
               "Công trạng (thường xuyên)", required=True, vocabulary="LOAI_HINH", width=14),
        Column("phong_trao", "Phong trào", Kind.CHOICE, "Chọn khi khen theo phong trào.", None,
               required_when=When("loai_hinh", ("CHUYEN_DE",)), vocabulary="PHONG_TRAO", width=14),
        Column("ket_qua", "Kết quả xét", Kind.CHOICE, "Đề nghị, hay đã xét mà không đề nghị.", "Đề nghị",
               required=True, vocabulary="KET_QUA_XET", width=12),
        Column("duong_tieu_chuan", "Đường tiêu chuẩn", Kind.CHOICE, "Đạt danh hiệu nhờ điều kiện nào.",
               "Xếp loại hoàn thành xuất sắc nhiệm vụ", required_when=When("ket_qua", ("DE_NGHI",)),
               vocabulary="DUONG_TIEU_CHUAN", width=18),
        Column("ma_can_cu", "Mã căn cứ", help="Mã sáng kiến, mã chỉ tiêu; nhiều mã cách nhau dấu ;",
               refers_to_any=(("SANG_KIEN", "ma_sk"), ("CHI_TIEU", "ma_ct")), many=True, width=12),
        Column("thu_tu", "Thứ tự ưu tiên", Kind.INTEGER, "Thứ tự đơn vị xếp trong cùng danh hiệu.", 1, low=1,
               high=500, width=8),
        Column("thanh_tich", "Tóm tắt thành tích", help="Có con số, không quá 600 ký tự.",
               example="Giải quyết 42/42 vụ án, không có án oan; 01 sáng kiến cấp cơ sở.",
               required_when=When("ket_qua", ("DE_NGHI",)), max_length=600, width=34),
        Column("ngay_thanh_tich", "Ngày lập thành tích", Kind.DATE, "Bắt buộc khi khen đột xuất.",
               dt.date(2026, 10, 30), required_when=When("loai_hinh", ("DOT_XUAT",)), window=Window.SEASON,
               width=11),
    ),
)
