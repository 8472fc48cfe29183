"""TINH_TRANG_NOP: where every expected unit stands, and the files that belong to nobody."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.replies import Posted, posted_of
from pipeline.results import Results, UnitState
from pipeline.submissions import FileRecord, Status, authenticity_line
from pipeline.vietnamese import date_text
from pipeline.workbook.book import day_time
from pipeline.workbook.marks import RECEIVED_MEANING, status_role, status_text
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.table import Cell, Field, council_field
from pipeline.workbook.unit_files import chunks
from schemas.rules import Severity, register

PLAN = SheetPlan(
    "TINH_TRANG_NOP",
    Group.READ_FIRST,
    "Tình trạng nộp hồ sơ của các đơn vị",
    "đơn vị nào đã nộp, chưa nộp, nộp muộn, phải bổ sung?",
    wide=True,
)

ON_TIME, LATE, NO_DEADLINE = "Đúng hạn", "Muộn", "Không ghi hạn"
#: Of a unit without a file that counts: whether its deadline had passed at the time of the data.
TIME_LEFT, OVERDUE = "Chưa đến hạn", "Quá hạn"
#: Stands where a run wrote no reply.
NO_REPLY = "–"
NO_REASON = "–"
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("ma", "Mã", 6, "text_strong"),
    Field("ten", "Đơn vị", 18),
    Field("loai", "Loại", 11),
    Field("trang_thai", "Trạng thái", 14),
    Field("han", "Hạn nộp", 14.5, "moment"),
    Field("gui_dau", "Gửi lần đầu", 14.5, "moment"),
    Field("ban", "Bản được tính", 20, "link"),
    Field("vi_sao", "Vì sao bản này", 13),
    Field("gui", "Bản được tính gửi lúc", 14.5, "moment"),
    Field("thoi_han", "Thời hạn", 13),
    Field("tep", "Số tệp", 6, "count"),
    Field("tu_choi", "Không dùng được", 8, "count"),
    Field("thay_the", "Có bản thay thế", 8, "count"),
    Field("chan", "CHẶN", 8, "count_strong"),
    Field("giai_trinh", "GIẢI TRÌNH", 8, "count_strong"),
    Field("canh_bao", "CẢNH BÁO", 8, "count"),
    Field("chua_danh_gia", "Chưa đánh giá được", 8, "count"),
    Field("nguoi", "Số người", 7, "count"),
    Field("de_nghi", "Số đề nghị", 7, "count"),
    Field("phan_hoi", "Phản hồi", 10, "text"),
    council_field(15),
)
_STRAY_FIELDS = (
    Field("stt", "STT", role="index"),
    Field("ma", "Mã", role="centre"),
    Field("tep", "Tệp", role="link"),
    Field("ket_qua", "Kết quả"),
    Field("ly_do", "Lý do"),
    Field("gui", "Gửi lúc", role="moment"),
)


def punctuality(state: UnitState) -> str:
    """Say whether the counted file came in time, and how late."""
    if state.deadline is None:
        return NO_DEADLINE
    if state.counted is None:
        return TIME_LEFT if state.time_left else OVERDUE
    return f"{LATE} {state.delay}" if state.delay else ON_TIME


def why(state: UnitState) -> str:
    """Say why this file counts, or by whom a unit without one is thought to have sent something."""
    if state.counted is not None:
        return state.counted.choice.value if state.counted.choice else NO_REASON
    return f"đơn vị suy theo {state.inferred}" if state.inferred else NO_REASON


def sending_line(results: Results) -> str:
    """Where and by when units send what they mended."""
    period = results.dataset.province.period
    day = f"Hội đồng họp ngày {date_text(period.council_day)}. " if period.council_day else ""
    return f"{day}Nơi nhận bản sửa: {period.receiver}." if period.receiver else day.strip()


def write(page: Page, results: Results) -> None:
    """Write the board, then the files whose unit is not known or not expected."""
    board = results.board
    note = f"{len(board)} đơn vị phải nộp. {Status.RECEIVED.value}: {RECEIVED_MEANING}."
    seals = authenticity_line(results.dataset.records, results.dataset.province)
    lines = (_counts_line(results), seals, sending_line(results), _pages_line(results))
    page.head([item.width for item in FIELDS], note, *lines)
    posted = page.book.shared(posted_of)
    placed = page.table(FIELDS, _columns(results) | _replies(page, results, posted), frozen=3)
    for number, state in enumerate(board):
        page.anchor("nop", state.code, placed.first + number)
        page.anchor("unit", state.code, placed.first + number)
    known = {state.code for state in board}
    stray = [record for record in results.dataset.records if record.unit not in known]
    page.part(f"Tệp chưa rõ của đơn vị nào, hoặc của đơn vị không phải nộp: {len(stray)}")
    page.table(_STRAY_FIELDS, _stray_columns(stray), empty="Đã xét: mọi tệp nhận được đều của đơn vị phải nộp.")


def _counts_line(results: Results) -> str:
    """What the columns of severities count, and at what time the deadlines were looked at."""
    return (
        f"Chưa đến hạn, quá hạn: xét lúc {day_time(results)}. Các cột mức đếm từng chỗ (ô); một dòng của PHAT_HIEN có "
        "thể gồm nhiều chỗ. Chỗ ở tệp hỏng mà đơn vị đã có bản dùng được thì không đếm."
    )


def _pages_line(results: Results) -> str:
    """Where the pages of the units are, when they are in files of their own."""
    files = list(chunks(results))
    if not files:
        return ""
    names = files[0] if len(files) == 1 else f"{files[0]} … {files[-1]}"
    return f"Bấm mã đơn vị để mở trang của đơn vị, ở tệp {names} để cạnh tệp này."


def _columns(results: Results) -> dict[str, Sequence[object]]:
    board = results.board
    kinds = results.dataset.province.lists.labels["LOAI_DON_VI"]
    return {
        "stt": range(1, len(board) + 1),
        "ma": [Cell(s.code, "link_centre", ("unit_page", s.code)) for s in board],
        "ten": [s.name for s in board],
        "loai": [kinds.get(s.kind, s.kind) for s in board],
        "trang_thai": [Cell(status_text(s.status), status_role(s.status)) for s in board],
        "han": [s.deadline for s in board],
        "gui_dau": [s.first_sent for s in board],
        "ban": [_file(s.counted) for s in board],
        "vi_sao": [why(s) for s in board],
        "gui": [s.counted.sent if s.counted else None for s in board],
        "thoi_han": [punctuality(s) for s in board],
        "tep": [s.files for s in board],
        "tu_choi": [s.refused for s in board],
        "thay_the": [s.superseded for s in board],
        "chan": [_tally(s, s.blocking, Severity.BLOCKING) for s in board],
        "giai_trinh": [_tally(s, s.needs_reason, Severity.NEEDS_REASON) for s in board],
        "canh_bao": [_tally(s, s.warnings, Severity.WARNING) for s in board],
        "chua_danh_gia": [s.not_judged for s in board],
        "nguoi": [s.staff for s in board],
        "de_nghi": [s.nominations for s in board],
    }


def _replies(page: Page, results: Results, posted: Posted) -> dict[str, Sequence[object]]:
    """The reply or reminder of each unit, which the cell opens, and whether there is an address to send it to."""
    cells = []
    for state in results.board:
        path = posted.replies.get(state.code) or posted.reminders.get(state.code)
        if path is None:
            cells.append(Cell(NO_REPLY))
            continue
        page.book.anchors["reply", state.code] = path
        words = "Phiếu trả lại" if state.code in posted.replies else "Thư nhắc"
        if state.code in posted.without_address:
            words += ", chưa có địa chỉ thư"
        cells.append(Cell(words, "link", ("reply", state.code)))
    return {"phan_hoi": cells}


def _file(record: FileRecord | None) -> Cell | None:
    """Bare name of a file, leading to its whole path on NHAT_KY."""
    return Cell(record.path.rsplit("/", 1)[-1], link=("file", record.path)) if record else None


def _tally(state: UnitState, number: int, severity: Severity) -> object:
    """A number of findings, leading to the first of them."""
    if not number:
        return 0
    return Cell(number, "link_count", ("severity", f"{state.code} {severity.name}"))


def _stray_columns(records: Sequence[FileRecord]) -> dict[str, Sequence[object]]:
    rules = register()
    return {
        "stt": range(1, len(records) + 1),
        "ma": [r.unit or "?" for r in records],
        "tep": [_file(r) for r in records],
        "ket_qua": [r.outcome.value for r in records],
        "ly_do": [f"{r.reason} {rules[r.reason].title}" if r.reason in rules else r.reason or None for r in records],
        "gui": [r.sent_at or r.received_at for r in records],
    }
