"""NHAT_KY: every file that came and what became of it; the refused first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipeline.results import Results
from pipeline.submissions import FileRecord, Outcome, authenticity_line
from pipeline.workbook.marks import OUTCOME_ORDER
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.table import Cell, Field
from schemas.rules import register

PLAN = SheetPlan(
    "NHAT_KY",
    Group.TECHNICAL,
    "Nhật ký tiếp nhận",
    "đã nhận những tệp nào, lúc nào, tệp nào được tính, từng ô của mỗi tệp đi đâu?",
    wide=True,
)

INFERRED = " (theo tên tệp)"
INFERRED_BY_SENDER = " (theo người gửi)"
#: Stands for the sender of a file that was laid into the inbox by hand.
NO_MAIL = "không kèm thư"
_ROLES = {
    Outcome.COUNTED: "status_ACCEPTED",
    Outcome.REFUSED: "severity_BLOCKING",
    Outcome.INTERNAL: "severity_BLOCKING",
    Outcome.SUPERSEDED: "text",
}
_SHAPES = {Outcome.COUNTED: "●", Outcome.REFUSED: "■", Outcome.INTERNAL: "■", Outcome.SUPERSEDED: "–"}
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("tep", "Tệp", 27),
    Field("don_vi", "Đơn vị", 17),
    Field("ket_qua", "Kết quả", 17),
    Field("ly_do", "Lý do", 18),
    Field("vi_sao", "Vì sao được tính, không được tính", 18),
    Field("nguoi_gui", "Người gửi", 22),
    Field("gui", "Gửi lúc", 14.5, "moment"),
    Field("nhan", "Nhận lúc", 14.5, "moment"),
    Field("nguon", "Nguồn của giờ", 14),
    Field("luu", "Lưu lúc", 14.5, "moment"),
    Field("byte", "Dung lượng (byte)", 10, "count"),
    Field("sha", "SHA-256", 25, "text_small"),
    Field("phien_ban", "Phiên bản mẫu", 8, "centre"),
    Field("so_cap", "Số cấp mẫu", 10, "centre"),
    Field("xac_thuc", "Xác thực", 14),
    Field("dong", "Số dòng đọc", 8, "count"),
    Field("o_tong", "Tổng số ô", 8, "count"),
    Field("o_nhan", "Ô nhận", 8, "count"),
    Field("o_tu_choi", "Ô không dùng được", 8, "count"),
    Field("o_khong_doc", "Ô không ai đọc", 8, "count"),
    Field("o_bo_qua", "Ô bỏ qua (tiêu đề, ví dụ)", 10, "count"),
    Field("an", "Phát hiện không liệt kê", 9, "count"),
    Field("ma_thu", "Mã thư (Message-ID)", 20, "text_small"),
)
_IGNORED_FIELDS = (Field("stt", "STT", role="index"), Field("tep", "Tệp, thư mục"))


def write(page: Page, results: Results) -> None:
    """Write the files, then what was passed over on purpose."""
    records = sorted(results.dataset.records, key=lambda r: (OUTCOME_ORDER.index(r.outcome), r.number))
    tally = Counter(r.outcome for r in records)
    note = " · ".join(f"{outcome.value}: {tally[outcome]}" for outcome in OUTCOME_ORDER if tally[outcome])
    seals = authenticity_line(records, results.dataset.province)
    page.head([item.width for item in FIELDS], f"{len(records)} tệp. {note}.", seals)
    placed = page.table(FIELDS, _columns(results, records), frozen=2)
    for number, record in enumerate(records):
        page.anchor("file", record.path, placed.first + number)
    page.part(f"Bỏ qua có chủ ý (sổ nhận, tệp tạm, hình và chữ ký trong thư): {len(results.ignored)}")
    page.table(_IGNORED_FIELDS, {"stt": range(1, len(results.ignored) + 1), "tep": results.ignored})


def _columns(results: Results, records: Sequence[FileRecord]) -> dict[str, Sequence[Any]]:
    rows: Counter[int] = Counter()
    for _, file, _, numbers in results.dataset.addresses.runs:
        rows[file] += len(numbers)
    rules = register()
    return {
        "stt": range(1, len(records) + 1),
        "tep": [r.path for r in records],
        "don_vi": [_unit(r) for r in records],
        "ket_qua": [Cell(f"{_SHAPES[r.outcome]} {r.outcome.value}", _ROLES[r.outcome]) for r in records],
        "ly_do": [f"{r.reason} {rules[r.reason].title}" if r.reason in rules else r.reason or None for r in records],
        "vi_sao": [r.choice.value if r.choice else None for r in records],
        "nguoi_gui": [_sender(r) for r in records],
        "gui": [r.sent_at for r in records],
        "nhan": [r.received_at for r in records],
        "nguon": [r.time_source.value for r in records],
        "luu": [r.saved_at for r in records],
        "byte": [r.size for r in records],
        "sha": [r.sha256 for r in records],
        "phien_ban": [r.version or None for r in records],
        "so_cap": [r.issue_number or None for r in records],
        "xac_thuc": [r.authenticity.value if r.authenticity else None for r in records],
        "dong": [rows[r.number] for r in records],
        "o_tong": [r.counts.total for r in records],
        "o_nhan": [r.counts.accepted for r in records],
        "o_tu_choi": [r.counts.refused for r in records],
        "o_khong_doc": [r.counts.unread for r in records],
        "o_bo_qua": [r.counts.ignored for r in records],
        "an": [r.hidden_findings for r in records],
        "ma_thu": [r.message_id or None for r in records],
    }


def _sender(record: FileRecord) -> str:
    """Return the address that sent a file; what a forwarded mail says of its first sender stands beside."""
    if not record.sender and not record.message_id:
        return NO_MAIL
    first = f" (thư gốc: {record.original_sender})" if record.original_sender else ""
    return (record.sender or "không ghi") + first


def _unit(record: FileRecord) -> Cell | str:
    if not record.unit:
        return "chưa rõ"
    text = record.unit + (INFERRED if record.unit_by_name else INFERRED_BY_SENDER if record.unit_by_sender else "")
    return Cell(text, "link", ("nop", record.unit))
