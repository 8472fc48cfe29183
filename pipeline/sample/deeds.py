"""Achievements as units write them: figures in every one, and no two in the same words."""

from __future__ import annotations

import random

_STEP = 1237  #: prime to the number of texts, so that neighbours share no clause
_OPENINGS = (
    "Thụ lý, giải quyết {a}/{a} vụ án hình sự đúng thời hạn",
    "Kiểm sát việc tiếp nhận {a} tin báo, tỷ lệ giải quyết đạt {c} %",
    "Trực tiếp nghiên cứu {a} hồ sơ dân sự, hành chính",
    "Kiểm sát {a} quyết định thi hành án, không để sót",
    "Tham mưu {a} văn bản chỉ đạo, điều hành trong kỳ",
    "Lập {a} hồ sơ kiểm sát, {c} % đạt yêu cầu ngay lần đầu",
    "Giữ quyền công tố tại {a} phiên tòa sơ thẩm",
    "Phân loại, xử lý {a} đơn khiếu nại, tố cáo",
    "Thống kê, báo cáo {a} kỳ đúng hạn và chính xác",
    "Quản lý {a} tài sản công, quyết toán khớp {c} %",
    "Kiểm sát trực tiếp {a} lần tại nhà tạm giữ",
    "Theo dõi {a} việc tạm giam, không việc nào quá hạn",
    "Soạn {a} bản kháng nghị, kiến nghị của đơn vị",
    "Hướng dẫn {a} lượt cán bộ nghiệp vụ ở cơ sở",
    "Tiếp {a} lượt công dân, trả lời đủ mọi ý kiến",
)
_RESULTS = (
    "{b} kiến nghị được tiếp thu bằng văn bản",
    "không có án hủy, sửa do lỗi chủ quan, {b} vụ được chọn làm án điểm",
    "{b} phiên tòa rút kinh nghiệm được chấm loại tốt",
    "rút ngắn {b} ngày so với thời hạn luật định",
    "phát hiện {b} vi phạm trong hoạt động tư pháp",
    "{b} kháng nghị phúc thẩm được Tòa án chấp nhận",
    "không có hồ sơ phải trả để điều tra bổ sung, vượt {b} chỉ tiêu",
    "{b} chuyên đề nghiệp vụ được đơn vị bạn học tập",
    "số hóa {c} % hồ sơ thuộc phần việc được giao",
    "giảm {b} bước trong quy trình luân chuyển hồ sơ",
    "được {b} đơn vị phối hợp gửi thư ghi nhận",
    "hoàn thành trước kế hoạch {b} tuần",
    "{b} bài viết đăng trên trang tin của ngành",
    "{c} % ý kiến góp ý được tiếp thu ngay trong kỳ",
    "tiết kiệm {b} triệu đồng chi thường xuyên",
)
_ADDITIONS = (
    "được bầu là người phát ngôn của tổ",
    "phụ trách lớp học tiếng Mông buổi tối",
    "giữ kho vật chứng không sai sót",
    "làm tổ trưởng tổ nữ công tự quản",
    "nhận đề tài cấp phòng về án ma túy",
    "tham gia đội văn nghệ của cơ quan",
    "trực ban chiến đấu dịp Tết Nguyên đán",
    "dẫn đoàn thanh tra liên ngành lâm nghiệp",
    "biên soạn sổ tay cho kiểm tra viên mới",
    "được mời báo cáo tại hội nghị chuyên đề",
    "xây dựng thư viện bản án mẫu",
    "vận hành phòng họp trực tuyến",
    "chăm sóc vườn thuốc nam của đơn vị",
    "đại diện đơn vị dự hội thao ngành nội chính",
    "hòa giải mâu thuẫn đất đai tại bản",
    "kiểm kê lại toàn bộ hồ sơ lưu trữ",
    "thiết kế biểu đồ theo dõi tiến độ",
    "trồng rừng cùng đoàn xã kết nghĩa",
    "đưa tin kịp thời về phiên tòa giả định",
    "sửa chữa hệ thống điện dự phòng",
    "dịch tài liệu tương trợ tư pháp",
    "thay lãnh đạo dự giao ban tỉnh",
    "tổ chức ngày hội hiến máu của khối",
    "phản biện độc lập cáo trạng khó",
)
_CLOSINGS = (
    "kèm cặp {d} đồng chí mới về đơn vị",
    "đi công tác xã vùng sâu {d} lượt",
    "đoạt giải ở {d} hội thi của ngành",
    "trực nghiệp vụ {d} đêm thay đồng nghiệp nghỉ ốm",
    "đề xuất {d} cách làm được áp dụng ngay",
    "hiến máu tình nguyện {d} lần",
    "giảng {d} buổi tập huấn nghiệp vụ",
    "nhận giúp đỡ {d} hộ nghèo nơi cư trú",
    "làm thêm {d} việc ngoài kế hoạch do lãnh đạo giao",
    "tham gia {d} đợt kiểm tra liên ngành",
    "cập nhật {d} biểu mẫu dùng chung cho cả phòng",
    "phiên dịch tiếng dân tộc ở {d} buổi làm việc",
    "rà soát lại {d} hồ sơ tồn của các năm trước",
)


def deed(rng: random.Random, number: int) -> str:
    """One achievement of three clauses with their figures; other words for every number up to some seventy thousand."""
    figures = {"a": rng.randint(12, 98), "b": rng.randint(2, 9), "c": rng.randint(88, 99), "d": rng.randint(2, 7)}
    parts, at = (_OPENINGS, _RESULTS, _CLOSINGS), number * _STEP
    words = []
    for part in parts:
        at, here = divmod(at, len(part)) if part is not _CLOSINGS else (0, at % len(part))
        words.append(part[here])
    if at_most := number // (len(_OPENINGS) * len(_RESULTS) * len(_CLOSINGS)):
        words.append(_ADDITIONS[at_most % len(_ADDITIONS)])
    return ("; ".join(words) + ".").format(**figures)
