"""PHIEU: tallies of each vote, also on those considered and not proposed. Never who voted how."""

from schemas.columns import Column, Kind, Sheet


def _count(name: str, heading: str, help: str, example: int) -> Column:
    return Column(name, heading, Kind.INTEGER, help, example, required=True, low=0, high=2000, width=9)


SHEET = Sheet(
    code="PHIEU",
    title="Kết quả bỏ phiếu",
    purpose="Mỗi đề nghị ở mỗi cuộc họp một dòng, chép từ biên bản kiểm phiếu. Không ghi ai bỏ phiếu thế nào.",
    key=("ma_dn", "cap_hop", "vong"),
    columns=(
        Column("ma_dn", "Mã đề nghị", help="Mã ở trang DE_NGHI.", example="DN01", required=True,
               refers_to=("DE_NGHI", "ma_dn"), width=9),
        Column("cap_hop", "Cấp họp", Kind.CHOICE, "Chọn.", "Họp đơn vị", required=True, vocabulary="CAP_HOP",
               width=14),
        Column("vong", "Vòng", Kind.INTEGER, "Bỏ một vòng thì ghi 1.", 1, required=True, low=1, high=9,
               width=6),
        _count("phieu_phat", "Phát ra", "Số phiếu phát ra.", 8),
        _count("phieu_thu", "Thu về", "Số phiếu thu về.", 8),
        _count("phieu_hop_le", "Hợp lệ", "Số phiếu hợp lệ.", 8),
        _count("phieu_khong_hop_le", "Không hợp lệ", "Số phiếu không hợp lệ.", 0),
        _count("dong_y", "Đồng ý", "Số phiếu đồng ý.", 7),
        _count("khong_dong_y", "Không đồng ý", "Số phiếu không đồng ý.", 1),
        _count("khong_y_kien", "Không ý kiến", "Phiếu hợp lệ không đánh dấu mục này.", 0),
        Column("ket_luan", "Kết luận", Kind.CHOICE, "Chọn.", "Đề nghị", required=True,
               vocabulary="KET_QUA_XET", width=16),
        Column("phieu_lien_quan", "Phiếu của người có liên quan", Kind.INTEGER,
               "Số người bỏ phiếu là chính người được xét hoặc người thân.", 1, low=0, high=2000, width=12),
        Column("ghi_chu", "Ghi chú", max_length=500, width=20),
    ),
)
