"""Shapes and words for states, so that no state is told by colour alone and a grey print still tells it."""

from __future__ import annotations

from pipeline.results import UnitState
from pipeline.submissions import Outcome, Status
from schemas.rules import NOT_JUDGED, Severity

STATUS_SHAPES = {Status.ACCEPTED: "●", Status.TO_MEND: "▲", Status.MISSING: "■", Status.RECEIVED: "◆"}
#: The one explanation of `Đã nhận`, wherever it needs one.
RECEIVED_MEANING = "đã nhận tệp, chưa tệp nào dùng được"
STATUS_MEANINGS = {
    Status.ACCEPTED: "Đã có bản được tính, không còn lỗi phải sửa hay phải giải trình.",
    Status.TO_MEND: "Đã có bản được tính, còn chỗ phải sửa (CHẶN) hoặc phải giải trình.",
    Status.MISSING: "Chưa nhận được tệp nào của đơn vị.",
    Status.RECEIVED: f"{RECEIVED_MEANING[:1].upper()}{RECEIVED_MEANING[1:]}; xem NHAT_KY.",
}
SEVERITY_SHAPES = {
    Severity.BLOCKING: "■",
    Severity.NEEDS_REASON: "▲",
    Severity.WARNING: "△",
    Severity.INFORMATION: "○",
}
BLOCKING_MEANING = (
    "Dừng tệp, trang hoặc dòng nêu trong phát hiện cho đến khi sửa xong; không tự dừng các đề nghị khác của đơn vị."
)
SEVERITY_MEANINGS = {
    Severity.BLOCKING: BLOCKING_MEANING,
    Severity.NEEDS_REASON: "Phần nêu trong phát hiện chờ giải trình bằng văn bản của đơn vị.",
    Severity.WARNING: "Hội đồng cần biết; không ngăn vào danh sách.",
    Severity.INFORMATION: "Ghi nhận, không cần làm gì.",
}
NOT_JUDGED_SHAPE = "?"
NOT_JUDGED_MEANING = "Chưa xét được vì thiếu dữ liệu; không có nghĩa là đúng."
#: The person who reads NHAT_KY looks for what went wrong first.
OUTCOME_ORDER = (Outcome.INTERNAL, Outcome.REFUSED, Outcome.COUNTED, Outcome.SUPERSEDED)


def status_text(status: Status) -> str:
    """`● Đạt`."""
    return f"{STATUS_SHAPES[status]} {status.value}"


def no_file(state: UnitState) -> str:
    """Say of a unit without a counted file why its row is empty."""
    words = "chưa nộp" if state.status is Status.MISSING else RECEIVED_MEANING
    return f"{words}, chưa đến hạn" if state.time_left else words


def status_role(status: Status) -> str:
    """Name of the cell format of a status."""
    return f"status_{status.name}"


def severity_text(severity: Severity, judged: bool = True) -> str:
    """`■ CHẶN`."""
    return f"{SEVERITY_SHAPES[severity]} {severity.value}" if judged else f"{NOT_JUDGED_SHAPE} {NOT_JUDGED}"


def severity_role(severity: Severity, judged: bool = True) -> str:
    """Name of the cell format of a severity."""
    return f"severity_{severity.name}" if judged else "severity_NOT_JUDGED"
