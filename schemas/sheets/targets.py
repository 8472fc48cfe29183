"""CHI_TIEU: targets, results and self-scores; breakthroughs, new and hard tasks are targets too."""

from schemas.columns import Column, Kind, Sheet, When

_HAPPENED = When("ly_do_khong_phat_sinh", blank=True)

SHEET = Sheet(
    code="CHI_TIEU",
    title="Chỉ tiêu, kết quả và điểm tự chấm",
    purpose="Mỗi chỉ tiêu một dòng. Khâu đột phá, việc mới, việc khó cũng là chỉ tiêu, có con số.",
    key=("ma_ct",),
    columns=(
        Column("ma_ct", "Mã chỉ tiêu", help="Đánh số trong đơn vị: CT01, CT02…", example="CT01", required=True,
               max_length=20, width=9),
        Column("ma_tieu_chi", "Tiêu chí chấm điểm", Kind.CHOICE, "Tiêu chí của bảng điểm; ngoài bảng thì để trống.",
               None, vocabulary="TIEU_CHI", width=20),
        Column("noi_dung", "Nội dung", help="Viết ngắn, rõ.", example="Tỷ lệ giải quyết tin báo", required=True,
               max_length=400, width=28),
        Column("loai", "Loại", Kind.CHOICE, "Chọn.", "Thường xuyên", required=True,
               vocabulary="LOAI_CHI_TIEU", width=13),
        Column("chieu", "Chiều", Kind.CHOICE, "Cao hơn là tốt hay thấp hơn là tốt.", "Càng cao càng tốt",
               required=True, vocabulary="CHIEU", width=14),
        Column("don_vi_tinh", "Đơn vị tính", help="%, vụ, việc, lần…", example="%", required=True, width=9),
        Column("chi_tieu", "Chỉ tiêu", Kind.NUMBER, "Số được giao hoặc đăng ký.", 90, required_when=_HAPPENED,
               width=9),
        Column("thuc_hien", "Thực hiện", Kind.NUMBER, "Kết quả của kỳ.", 93.5, required_when=_HAPPENED,
               width=9),
        Column("mau_so", "Mẫu số", Kind.NUMBER, "Tỷ lệ tính trên bao nhiêu vụ, việc.", 62, low=0, width=9),
        Column("nam_truoc", "Năm trước", Kind.NUMBER, "Kết quả cùng kỳ năm trước.", 91.2, width=9),
        Column("ly_do_khong_phat_sinh", "Lý do không phát sinh", help="Chỉ ghi khi kỳ này không có việc.",
               max_length=300, width=16),
        Column("diem_tu_cham", "Điểm tự chấm", Kind.NUMBER, "Điểm đơn vị tự chấm.", 48.5, low=-1000, high=1000,
               width=9),
        Column("minh_chung", "Minh chứng", help="Số báo cáo, văn bản.", example="BC 31/BC-P1", width=16,
               max_length=300),
        Column("nguoi_phu_trach", "Người phụ trách", help="Mã ở trang NHAN_SU; nhiều người cách nhau dấu ;",
               example="CC0001", refers_to=("NHAN_SU", "ma_cc"), many=True, width=12, personal=True),
    ),
)
