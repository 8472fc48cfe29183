"""HOAT_DONG: the log of emulation work: plans, launches, checks, reviews, propaganda, coordination."""

import datetime as dt

from schemas.columns import Column, Kind, Sheet, When, Window

SHEET = Sheet(
    code="HOAT_DONG",
    title="Nhật ký hoạt động thi đua",
    purpose="Mỗi hoạt động một dòng: kế hoạch, phát động, kiểm tra, sơ kết, tổng kết, quán triệt, tuyên truyền.",
    key=("ma_hd",),
    entry_rows=300,
    columns=(
        Column("ma_hd", "Mã hoạt động", help="Đánh số trong đơn vị: HD01, HD02…", example="HD01", required=True,
               max_length=20, width=9),
        Column("loai", "Loại hoạt động", Kind.CHOICE, "Chọn.", "Phát động", required=True,
               vocabulary="LOAI_HOAT_DONG", width=18),
        Column("phong_trao", "Phong trào", Kind.CHOICE, "Chọn khi thuộc một phong trào.", None,
               required_when=When("loai", ("PHAT_DONG", "SO_KET", "TONG_KET", "KIEM_TRA")),
               vocabulary="PHONG_TRAO", width=20),
        Column("ngay", "Ngày", Kind.DATE, "dd/mm/yyyy.", dt.date(2026, 1, 15), required=True,
               window=Window.SEASON, width=11),
        Column("so_van_ban", "Số văn bản", help="Kế hoạch, báo cáo.", example="07/KH-P1", width=13),
        Column("chu_tri", "Chủ trì", Kind.CHOICE, "Chọn.", "Lãnh đạo đơn vị", required=True,
               vocabulary="CHU_TRI", width=14),
        Column("phoi_hop", "Phối hợp", Kind.CHOICES, "Chọn một; nhiều bên thì gõ thêm, cách nhau dấu ;",
               "Công đoàn", vocabulary="CHU_TRI", width=16),
        Column("hinh_thuc", "Hình thức", Kind.CHOICE, "Chọn.", "Hội nghị, sinh hoạt",
               vocabulary="HINH_THUC_HD", width=14),
        Column("so_tieu_chi", "Số tiêu chí", Kind.INTEGER, "Khi phát động: phong trào có mấy tiêu chí.", 5,
               required_when=When("loai", ("PHAT_DONG",)), low=0, high=200, width=8),
        Column("tieu_chi_do_duoc", "Trong đó đo được", Kind.INTEGER, "Có số, đơn vị tính hoặc thời hạn.", 4,
               required_when=When("loai", ("PHAT_DONG",)), low=0, high=200, width=9),
        Column("so_tham_gia", "Số người tham gia", Kind.INTEGER, "Số người.", 9, low=0, high=5000, width=9),
        Column("ket_qua_so", "Kết quả bằng số", help="Khi sơ kết, tổng kết, kiểm tra: kết quả có con số.",
               example="Giúp 3 hộ nghèo, 6 triệu đồng",
               required_when=When("loai", ("SO_KET", "TONG_KET")), max_length=400, width=22),
        Column("gan_chi_tieu", "Gắn với chỉ tiêu", help="Mã ở trang CHI_TIEU; nhiều mã cách nhau dấu ;",
               example="CT01", refers_to=("CHI_TIEU", "ma_ct"), many=True, width=10),
        Column("gan_voi", "Gắn với, văn bản", Kind.CHOICES, "Chủ đề, văn bản quán triệt; cách nhau dấu ;",
               "Luật Thi đua, khen thưởng", vocabulary="GAN_VOI", width=18),
    ),
)
