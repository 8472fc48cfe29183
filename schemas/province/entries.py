"""What the standing office itself enters: appraised points, deductions, block ballots, gates."""

from schemas.columns import Column, Kind, Sheet, When

_UNIT = Column("don_vi", "Mã đơn vị", help="Mã ở trang DON_VI.", example="P1", required=True,
               refers_to=("DON_VI", "ma_don_vi"), width=10)

APPRAISED = Sheet(
    code="DIEM_THAM_DINH",
    title="Điểm thẩm định",
    purpose="Điểm do Thường trực thẩm định, từng tiêu chí của từng đơn vị; trống thì lấy điểm tính từ số liệu.",
    key=("don_vi", "ma_tieu_chi"),
    entry_rows=1000,
    columns=(
        _UNIT,
        Column("ma_tieu_chi", "Mã tiêu chí", help="Mã ở trang BANG_DIEM.", example="I.1", required=True,
               refers_to=("BANG_DIEM", "ma"), width=12),
        Column("diem", "Điểm thẩm định", Kind.NUMBER, "Điểm.", 55, required=True, low=-1000, high=2000, width=10),
        Column("ly_do", "Lý do khác điểm tự chấm", help="Viết ngắn.", max_length=500, width=40),
    ),
)

DEDUCTIONS = Sheet(
    code="DIEM_TRU",
    title="Điểm trừ",
    purpose="Mỗi lần trừ một dòng, có văn bản.",
    columns=(
        _UNIT,
        Column("noi_dung", "Nội dung", help="Vì sao trừ.", example="Chậm báo cáo quý II", required=True,
               max_length=400, width=40),
        Column("so_diem", "Số điểm trừ", Kind.NUMBER, "Số dương.", 5, required=True, low=0, high=1000, width=9),
        Column("van_ban", "Văn bản", help="Số, ngày.", example="Thông báo 14/TB-VKS", required=True, width=26),
        Column("thong_nhat", "Đã thống nhất", Kind.CHOICE, "Đơn vị còn ý kiến thì chọn Không.", "Có",
               required=True, vocabulary="CO_KHONG", width=10),
    ),
)


def _count(name: str, heading: str, example: int) -> Column:
    return Column(name, heading, Kind.INTEGER, "Số phiếu.", example, required=True, low=0, high=500, width=10)


BLOCK_BALLOTS = Sheet(
    code="PHIEU_CUM",
    title="Phiếu suy tôn của cụm, khối",
    purpose="Kết quả bỏ phiếu của cụm, khối đối với tập thể.",
    key=("don_vi", "danh_hieu"),
    columns=(
        _UNIT,
        Column("danh_hieu", "Danh hiệu", Kind.CHOICE, "Chọn.", "Tập thể Lao động xuất sắc", required=True,
               vocabulary="DANH_HIEU", width=28),
        _count("tong_thanh_vien", "Tổng thành viên cụm, khối", 6),
        _count("phieu_phat", "Phát ra", 6),
        _count("phieu_thu", "Thu về", 6),
        _count("phieu_hop_le", "Hợp lệ", 6),
        _count("dong_y", "Đồng ý", 5),
    ),
)

GATES = Sheet(
    code="DIEU_KIEN_LOAI",
    title="Điều kiện loại trừ do Thường trực ghi nhận",
    purpose="Ghi nhận đơn vị vướng điều kiện loại trừ; Hội đồng quyết định, chương trình không tự loại.",
    columns=(
        _UNIT,
        Column("dieu_kien", "Điều kiện", Kind.CHOICE, "Chọn.", "Không triển khai phong trào nghiêm túc, đầy đủ",
               required=True, vocabulary="DIEU_KIEN_LOAI", width=34),
        Column("ket_luan", "Kết luận", Kind.CHOICE, "Để trống nếu Hội đồng chưa họp.", None,
               vocabulary="KET_LUAN_LOAI", width=12),
        Column("ly_do", "Lý do, văn bản", help="Viết rõ.", required_when=When("ket_luan"), max_length=500,
               width=44),
    ),
)
