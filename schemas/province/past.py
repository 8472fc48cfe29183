"""`lich-su.xlsx`: awards of past years, and past rosters, ratings and candidates where known."""

import datetime as dt

from schemas.columns import Column, Kind, Order, Sheet, When, Window

#: Entry rows that carry drop-downs; a province keeps thousands of rows here.
_MANY = 20_000

AWARDS = Sheet(
    code="KHEN_THUONG",
    title="Khen thưởng các năm trước",
    purpose="Mỗi danh hiệu, hình thức của mỗi người hoặc tập thể một dòng, có số và ngày quyết định.",
    entry_rows=_MANY,
    columns=(
        Column("doi_tuong", "Đối tượng", Kind.CHOICE, "Chọn.", "Cá nhân", required=True, vocabulary="DOI_TUONG",
               width=10),
        Column("ma_doi_tuong", "Mã người hoặc mã đơn vị", help="Mã công chức, mã đơn vị.", example="CC0001",
               required=True, width=12, personal=True),
        Column("ten_doi_tuong", "Họ tên, tên tập thể", help="Viết đủ dấu.", example="Lò Giả An", required=True,
               width=24, personal=True),
        Column("nam", "Năm", Kind.INTEGER, "Năm của danh hiệu.", 2025, required=True, low=1990, high=2100,
               width=7),
        Column("danh_hieu", "Danh hiệu thi đua", Kind.CHOICE, "Chọn, hoặc điền cột bên.",
               "Chiến sĩ thi đua cơ sở", required_when=When("hinh_thuc", blank=True), vocabulary="DANH_HIEU",
               width=26),
        Column("hinh_thuc", "Hình thức khen thưởng", Kind.CHOICE, "Chọn, hoặc điền cột bên.", None,
               required_when=When("danh_hieu", blank=True), vocabulary="HINH_THUC", width=26),
        Column("loai_hinh", "Loại hình", Kind.CHOICE, "Chọn.", "Công trạng (thường xuyên)", required=True,
               vocabulary="LOAI_HINH", width=18),
        Column("so_qd", "Số quyết định", help="Số, ký hiệu.", example="812/QĐ-VKS", required=True, width=14),
        Column("ngay_qd", "Ngày quyết định", Kind.DATE, "dd/mm/yyyy.", dt.date(2025, 12, 20), required=True,
               window=Window.PAST, width=11),
        Column("co_quan_qd", "Cơ quan quyết định", help="Nơi ban hành.", example="VKSND tỉnh", required=True,
               width=18),
        Column("don_vi_luc_do", "Đơn vị lúc đó", Kind.CHOICE, "Chọn.", None, required=True, vocabulary="DON_VI",
               width=20),
        Column("tinh_trang", "Tình trạng", Kind.CHOICE, "Chọn.", "Còn hiệu lực", required=True,
               vocabulary="TINH_TRANG_QD", width=12),
    ),
)

ROSTER = Sheet(
    code="NHAN_SU_NAM",
    title="Danh sách, xếp loại các năm trước",
    purpose="Mỗi người mỗi năm một dòng, kể cả người đã chuyển đi. Năm nào chỉ biết xếp loại thì ghi xếp loại.",
    key=("nam", "ma_cc", "don_vi"),
    entry_rows=_MANY,
    orders=(Order("tu_ngay", "den_ngay"),),
    columns=(
        Column("nam", "Năm", Kind.INTEGER, "Năm.", 2025, required=True, low=1990, high=2100, width=7),
        Column("ma_cc", "Mã công chức", help="Mã do tỉnh cấp.", example="CC0001", required=True, width=10),
        Column("ho_ten", "Họ và tên", help="Viết đủ dấu.", example="Lò Giả An", required=True, width=22, personal=True),
        Column("ngay_sinh", "Ngày sinh", Kind.DATE, "dd/mm/yyyy.", dt.date(1985, 9, 2), required=True,
               window=Window.BIRTH, width=11, personal=True),
        Column("gioi_tinh", "Giới tính", Kind.CHOICE, "Chọn.", "Nam", required=True, vocabulary="GIOI_TINH",
               width=7),
        Column("don_vi", "Đơn vị năm đó", Kind.CHOICE, "Chọn.", None, required=True, vocabulary="DON_VI",
               width=20),
        Column("to_cong_tac", "Tổ, bộ phận", help="Không chia tổ thì để trống.", example="Tổ 1", width=10),
        Column("chuc_vu", "Chức vụ", help="Chức vụ năm đó.", example="Chuyên viên", required=True, width=18),
        Column("chuc_danh", "Chức danh", Kind.CHOICE, "Chọn.", "Kiểm sát viên sơ cấp", required=True,
               vocabulary="CHUC_DANH", width=18),
        Column("nhom_doi_tuong", "Nhóm đối tượng", Kind.CHOICE, "Chọn.", "Người trực tiếp công tác",
               required=True, vocabulary="NHOM_DOI_TUONG", width=20),
        Column("ngay_tuyen_dung", "Ngày tuyển dụng", Kind.DATE, "dd/mm/yyyy.", dt.date(2010, 3, 1),
               window=Window.CAREER, width=11),
        Column("ngay_ve_don_vi", "Ngày về đơn vị", Kind.DATE, "dd/mm/yyyy.", dt.date(2015, 7, 1),
               window=Window.CAREER, width=11),
        Column("tu_ngay", "Ở đơn vị từ", Kind.DATE, "Cả năm thì để trống.", None, window=Window.PAST, width=11),
        Column("den_ngay", "Ở đơn vị đến", Kind.DATE, "Cả năm thì để trống.", None, window=Window.PAST, width=11),
        Column("xep_loai", "Xếp loại", Kind.CHOICE, "Không biết thì để trống.", "Hoàn thành tốt nhiệm vụ",
               vocabulary="XEP_LOAI", width=18),
        Column("diem", "Điểm", Kind.NUMBER, "Thang 100; không có thì để trống.", 92.5, low=0, high=100, width=8),
        Column("so_sang_kien", "Số sáng kiến được công nhận", Kind.INTEGER, "Số sáng kiến.", 0, low=0, high=50,
               width=9),
        Column("ky_luat", "Kỷ luật trong năm", Kind.CHOICE, "Không có thì để trống.", None,
               vocabulary="KY_LUAT", width=12),
        Column("thang_nghi", "Số tháng nghỉ", Kind.NUMBER, "Không tính nghỉ phép.", 0, low=0, high=12, width=8),
        Column("du_dieu_kien", "Đủ điều kiện xét", Kind.CHOICE, "Không biết thì để trống.", "Có",
               vocabulary="CO_KHONG", width=9),
        Column("ly_do", "Lý do không đủ", help="Viết ngắn.", required_when=When("du_dieu_kien", ("KHONG",)),
               max_length=300, width=20),
    ),
)

CANDIDATES = Sheet(
    code="UNG_CU",
    title="Người, tập thể được xét các năm trước",
    purpose="Nếu còn biên bản: ai được xét, bao nhiêu phiếu, kết quả.",
    key=("nam", "don_vi", "ma_doi_tuong", "danh_hieu"),
    entry_rows=_MANY,
    columns=(
        Column("nam", "Năm", Kind.INTEGER, "Năm.", 2025, required=True, low=1990, high=2100, width=7),
        Column("don_vi", "Đơn vị xét", Kind.CHOICE, "Chọn.", None, required=True, vocabulary="DON_VI", width=20),
        Column("ma_doi_tuong", "Mã người hoặc mã đơn vị", help="Mã.", example="CC0001", required=True, width=12,
               personal=True),
        Column("danh_hieu", "Danh hiệu", Kind.CHOICE, "Chọn.", "Chiến sĩ thi đua cơ sở", required=True,
               vocabulary="DANH_HIEU", width=26),
        Column("phieu_phat", "Phiếu phát ra", Kind.INTEGER, "Không biết thì để trống.", 8, low=0, high=2000,
               width=9),
        Column("phieu_hop_le", "Phiếu hợp lệ", Kind.INTEGER, "Không biết thì để trống.", 8, low=0, high=2000,
               width=9),
        Column("dong_y", "Đồng ý", Kind.INTEGER, "Không biết thì để trống.", 7, low=0, high=2000, width=9),
        Column("ket_qua", "Kết quả", Kind.CHOICE, "Chọn.", "Đề nghị", required=True, vocabulary="KET_QUA_XET",
               width=18),
    ),
)

UNIT_RANKS = Sheet(
    code="HANG_NAM",
    title="Hạng của đơn vị các năm trước",
    purpose="Mỗi đơn vị mỗi năm một dòng: hạng trong cụm, khối theo kết luận của năm đó. Không có thì để trống.",
    key=("nam", "don_vi"),
    entry_rows=2_000,
    may_be_absent=True,  # histories of earlier years have no such page
    columns=(
        Column("nam", "Năm", Kind.INTEGER, "Năm.", 2025, required=True, low=1990, high=2100, width=7),
        Column("don_vi", "Đơn vị", Kind.CHOICE, "Chọn.", None, required=True, vocabulary="DON_VI", width=24),
        Column("khoi", "Cụm, khối năm đó", help="Như tên khối năm đó.", example="Khối phòng", required=True, width=20),
        Column("hang", "Hạng", Kind.INTEGER, "Hạng trong khối.", 2, required=True, low=1, high=2000, width=7),
        Column("so_don_vi", "Số đơn vị được xếp hạng", Kind.INTEGER, "Của khối, năm đó.", 9, low=1, high=2000,
               width=10),
        Column("ty_le", "Tỷ lệ điểm (%)", Kind.NUMBER, "Không biết thì để trống.", 96.5, low=-1000, high=1000, width=9),
    ),
)
