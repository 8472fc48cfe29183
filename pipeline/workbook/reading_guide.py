"""CACH_DOC: how to read the rotation test and the ranking, in plain sentences: what they ask, what they cannot see."""

from __future__ import annotations

from pipeline.ranking.wording import REFERENCE
from pipeline.results import Results
from pipeline.rotation.calibration import METHOD, SALT
from pipeline.rotation.of_province import rotation_of
from pipeline.rotation.rules import BETAS
from pipeline.vietnamese import decimal
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.table import Field

PLAN = SheetPlan(
    "CACH_DOC",
    Group.TECHNICAL,
    "Cách đọc dấu hiệu luân phiên và xếp hạng",
    "phép thử và cách xếp hạng cho biết điều gì, không cho biết điều gì?",
)
FIELDS = (Field("stt", "STT", 13, "index"), Field("cau", "Điều cần biết", 128))
SENTENCES = (
    "Phép thử chỉ hỏi một câu: lịch sử tặng danh hiệu của đơn vị giống «lần lượt theo lượt» hơn hay giống «theo "
    "thành tích "
    "đã ghi» hơn.",
    "«Bao nhiêu trong 1.000 lần» nghĩa là: nếu đơn vị thật sự chỉ xét theo thành tích đã ghi, với đúng những người "
    "ấy và số "
    "suất ấy, thì tình cờ có mức lần lượt như vậy hoặc hơn bao nhiêu lần. Đó không phải xác suất đơn vị vô can.",
    "«Dấu hiệu rõ» chỉ được nêu khi vẫn nổi lên sau khi đã tính việc thử nhiều đơn vị cùng lúc; dù vậy, trong mười "
    "tỉnh không nơi nào luân phiên, khoảng một tỉnh vẫn có một dấu hiệu rõ là nhầm. Con số này chưa tính việc thành "
    "tích không được ghi hay quy định nghỉ cũ không được khai.",
    "Dấu hiệu là câu hỏi cho đơn vị, không phải kết luận: được tặng nhiều lần là hợp lệ, và không văn bản nào cấm "
    "luân phiên.",
    "«Chưa đủ dữ liệu» không phải là «sạch»: ba năm ba người khác nhau ở đơn vị tám người chưa nói được gì; cần "
    "nhiều năm "
    "và nhiều suất hơn.",
    "«Không thấy dấu hiệu» cũng không chứng minh là không có: người đến lượt tình cờ cũng là người giỏi nhất thì "
    "không nhìn ra.",
    "Nếu chính thành tích được ghi cao lên cho người đến lượt thì phép thử chỉ nhận ra được một phần.",
    "«Tránh người vừa được năm trước» khi mỗi năm chỉ có một suất thì hầu như không nhận ra được; chu kỳ thành tích "
    "có thật "
    "mà không được ghi, vài người giỏi đều mà hồ sơ không ghi được cái giỏi, hay ưu "
    "tiên người chưa được khi «ngang nhau» theo nghĩa rộng, lại có thể trông như luân phiên.",
    "Quy định «được rồi thì nghỉ» bằng văn bản phải được khai ở trang DON_VI: không khai thì phép thử hay báo nhầm.",
    "Phiếu kín chỉ có tổng số nên không biết ai bỏ cho ai, và không ai được hỏi điều đó.",
)
RANKING_SENTENCES = (
    "Điểm chính thức chỉ là phép cộng: điểm từng tiêu chí (thẩm định; chưa thẩm định thì tính từ chỉ tiêu, kết "
    "quả), cộng điểm thưởng có trần, trừ điểm trừ, chia cho điểm chuẩn của những tiêu chí có phát sinh. Phép thử "
    "thống kê không vào điểm.",
    "Hạng chỉ so các đơn vị trong cùng cụm, khối; không so hạng, không so tỷ lệ giữa các khối.",
    "Khoảng hạng rộng nghĩa là nhiều điểm chưa có minh chứng hoặc đơn vị tự nhận cao hơn điểm được tính; nộp đủ "
    "minh chứng và thẩm định xong thì khoảng hẹp lại.",
    "Khoảng chỉ gồm một hạng nghĩa là hạng ấy không đổi dù chỉ tính điểm có minh chứng hay tính mọi điểm tự nhận; "
    "không có nghĩa là đơn vị hơn hẳn về mọi mặt.",
    "«Phần trăm số lần» không phải xác suất đơn vị xứng đáng: chỉ cho biết thứ tự dựa nhiều hay ít vào điểm chuẩn "
    "đã ban hành.",
    "Cặp «cần thảo luận», nhóm sát nhau, đồng hạng: chương trình không tự quyết, Hội đồng xem và kết luận.",
    f"{REFERENCE} Điều kiện loại trừ do Hội đồng kết luận ở trang DIEU_KIEN_LOAI của cau-hinh.xlsx.",
    "Bảng điểm, trần thưởng, ngưỡng xếp nhóm, các bước tách ngang điểm là của tỉnh (BANG_DIEM, THAM_SO của "
    "cau-hinh.xlsx); bảng kèm chương trình chỉ là ví dụ.",
)


def write(page: Page, results: Results) -> None:
    """Write the sentences, then what an auditor needs to repeat the figures."""
    page.head([item.width for item in FIELDS], mixed=True)
    page.part("Luân phiên: mười điều cần biết")
    page.table(FIELDS, {"stt": range(1, len(SENTENCES) + 1), "cau": SENTENCES})
    page.part("Xếp hạng: tám điều cần biết")
    page.table(FIELDS, {"stt": range(1, len(RANKING_SENTENCES) + 1), "cau": RANKING_SENTENCES})
    page.part("Để kiểm lại (dành cho người kiểm tra kỹ thuật)")
    page.table((FIELDS[0], Field("cau", "Số liệu", 128)), {"stt": [1], "cau": [_for_auditors(results)]})


def _for_auditors(results: Results) -> str:
    priors = rotation_of(results.evidence).judgements.priors
    shown = []
    for title, prior in priors.items():
        share = "" if prior.share is None else f", tỷ lệ luân phiên ước lượng {decimal(round(100 * prior.share, 1))} %"
        values = " ".join(decimal(round(float(value), 3)) for value in prior.common)
        shown.append(f"{title}: {values}{share}")
    grid = " ".join(decimal(float(beta)) for beta in BETAS)
    return (
        f"Phương pháp {METHOD}, muối {SALT}; mức bám thành tích {grid} có tần suất " + "; ".join(shown) + "."
        if shown
        else f"Phương pháp {METHOD}; chưa có dãy nào đủ dữ liệu để thử."
    )
