"""The words of a reply that no finding holds: where the unit stands, what to do by when, the letters around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.province import Period, Province
from pipeline.replies.lines import Line, Said, bare_name
from pipeline.replies.slip_sheet import SLIP, Accepted
from pipeline.results import UnitState
from pipeline.submissions import FileRecord, Status, delay_text, moment
from pipeline.validation import Counts

#: Lines that a letter quotes; the slip has them all.
_MOST_QUOTED = 5
_SIGNATURE = "Trân trọng."


def verdict(state: UnitState, said: Said) -> str:
    """The status and what it means."""
    if state.status is Status.TO_MEND:
        return f"{state.status.value}: còn {said.to_mend} chỗ phải sửa hoặc giải trình"
    if state.status is Status.RECEIVED:
        return f"{state.status.value}, chưa dùng được: xin gửi lại"
    return f"{state.status.value}: hồ sơ đã được nhận, không có gì phải sửa"


def next_deadline(state: UnitState, period: Period) -> str:
    """By when the unit must send again; once its own deadline is over, the council's day is what is left."""
    council = f"{period.council_day:%d/%m/%Y}" if period.council_day else ""
    if state.status is Status.ACCEPTED:
        return f"Không phải gửi lại. Hội đồng họp ngày {council}." if council else "Không phải gửi lại."
    if state.deadline and state.time_left:
        return f"{moment(state.deadline)} (hạn nộp của đơn vị)"
    over = f"Hạn nộp {moment(state.deadline)} đã qua; " if state.deadline else ""
    when = f"gửi ngay, để kịp trước phiên họp của Hội đồng ngày {council}" if council else "gửi sớm nhất có thể"
    return over + when if over else when[:1].upper() + when[1:]


def facts(state: UnitState, period: Period, came: Sequence[FileRecord]) -> list[tuple[str, str]]:
    """Label and value of what the slip says on top."""
    found = []
    if state.counted:
        late = f"muộn {state.delay}" if state.delay else "đúng hạn" if state.deadline else "không ghi hạn nộp"
        found.append(
            ("Tệp được tính", f"{bare_name(state.counted.path)}, gửi lúc {moment(state.counted.sent)}, {late}")
        )
    elif came:
        names = ", ".join(bare_name(record.path) for record in came)
        found.append(("Tệp đã nhận", f"{names}; chưa tệp nào dùng được"))
    found.append(("Hạn gửi bản sửa", next_deadline(state, period)))
    if period.receiver:
        found.append(("Gửi đến", period.receiver))
    return found


def steps(state: UnitState, said: Said) -> list[str]:
    """What to do, in order; nothing when nothing must be mended."""
    if state.status is Status.ACCEPTED and not (said.look or said.unread):
        return []
    if state.status is Status.ACCEPTED:
        return [
            "Không bắt buộc gửi lại. Nếu thấy điều nêu dưới đây cần sửa thì sửa ngay trong tệp này, lưu lại và gửi "
            "nguyên tệp (.xlsx); bản gửi sau thay bản trước."
        ]
    send = (
        "Mở trang KIEM_TRA xem còn gì thiếu, lưu tệp dạng Excel (.xlsx) rồi gửi nguyên tệp này; không phải đổi tên tệp."
    )
    if state.status is Status.RECEIVED:
        return [
            "Điền vào chính tệp này (mẫu mới, đã điền sẵn những gì tỉnh biết), hoặc sửa tệp cũ theo các điều nêu dưới "
            "đây.",
            send,
        ]
    return [
        "Tệp này chứa nguyên dữ liệu đơn vị đã gửi, trong mẫu mới. Sửa ngay ở đây: bấm vào cột «Ở đâu» để đến từng ô.",
        "Ô tô màu đỏ nhạt phải sửa hoặc giải trình, ô tô màu vàng nên xem lại; để con trỏ lên ô để đọc lời giải thích. "
        "Chỗ nào đúng như đã ghi thì nêu lý do ở trang GIAI_TRINH.",
        send,
    ]  # fmt: skip


def total(counts: Counts) -> str:
    """Where the cells of the file that counts went."""
    return (
        f"Tệp đã gửi có {counts.total} ô có nội dung: đã nhận {counts.accepted}, chưa nhận được vì sai "
        f"{counts.refused}, không có chỗ đọc {counts.unread}; còn lại {counts.ignored} ô là tiêu đề, ví dụ, phần in "
        "sẵn của mẫu."
    )


# --- letters


def subject(state: UnitState, province: Province, said: Said) -> str:
    """Subject of the letter that carries a reply."""
    return f"Phản hồi hồ sơ thi đua, khen thưởng {province.period.code}: {state.name} – {verdict(state, said)}"


def body(state: UnitState, province: Province, said: Said, accepted: Sequence[Accepted]) -> str:
    """Text of the letter that carries a reply."""
    period = province.period
    parts = [f"Kính gửi {state.name},", _opening(state, period)]
    if state.counted:
        rows = [f"{sheet.sheet} {sheet.rows} dòng" for sheet in accepted if sheet.rows and not sheet.form]
        parts.append(f"Đã nhận {state.counted.counts.accepted} ô dữ liệu: {', '.join(['DON_VI', *rows])}.")
    if said.mend:
        parts.append("\n".join([f"Còn {said.to_mend} chỗ phải sửa hoặc giải trình:", *_quoted(said.mend)]))
    others = [f"{len(said.look)} điều nên xem lại"] * bool(said.look)
    others += [f"{len(said.unread)} chỗ đã gõ mà không được đọc"] * bool(said.unread)
    if others:
        parts.append(f"Ngoài ra có {' và '.join(others)}, ghi ở phiếu trả lại.")
    parts.append(_what_to_do(state, period))
    return "\n\n".join([*parts, _closing(period)]) + "\n"


def _opening(state: UnitState, period: Period) -> str:
    if state.counted:
        name, sent = bare_name(state.counted.path), moment(state.counted.sent)
        late = f", muộn {state.delay} so với hạn nộp" if state.delay else ""
        words = (
            f"Thường trực Hội đồng đã nhận hồ sơ kỳ xét {period.code} của đơn vị: tệp «{name}», gửi lúc {sent}{late}."
        )
    else:
        words = f"Thường trực Hội đồng đã nhận tệp của đơn vị cho kỳ xét {period.code} nhưng chưa tệp nào dùng được."
    ready = " Hồ sơ đạt yêu cầu, không có gì phải sửa." if state.status is Status.ACCEPTED else ""
    return f"{words}{ready}"


def _quoted(lines: Sequence[Line]) -> list[str]:
    """The first lines, without what somebody typed: mails travel further than the workbook."""
    told = []
    for number, line in enumerate(lines[:_MOST_QUOTED], start=1):
        place = line.place.replace("\n", " ")
        told.append(f"{number}. {place}: {line.title}.")
    if len(lines) > _MOST_QUOTED:
        told.append(f"… và {len(lines) - _MOST_QUOTED} điều nữa.")
    return told


def _what_to_do(state: UnitState, period: Period) -> str:
    if state.status is Status.ACCEPTED:
        return f"Tệp kèm theo là dữ liệu đã nhận, để đơn vị đối chiếu. {next_deadline(state, period)}"
    return (
        f"Xin mở tệp kèm theo, trang {SLIP}: từng chỗ phải sửa, vì sao, sửa thế nào. Sửa ngay trong tệp đó rồi gửi lại "
        f"bằng cách trả lời thư này.\nHạn gửi bản sửa: {next_deadline(state, period)}."
    )


def reminder_subject(state: UnitState, province: Province) -> str:
    """Subject of the letter to a unit that has sent nothing that can be used."""
    late = state.deadline is not None and not state.time_left
    what = "đã quá hạn nộp" if late else "sắp đến hạn nộp" if state.deadline else "nhắc nộp"
    return f"Nhắc nộp hồ sơ thi đua, khen thưởng {province.period.code}: {state.name} – {what}"


def reminder_body(state: UnitState, province: Province, now: dt.datetime) -> str:
    """Text of that letter."""
    period = province.period
    parts = [
        f"Kính gửi {state.name},",
        f"Đến nay Thường trực Hội đồng chưa nhận được hồ sơ kỳ xét {period.code} của đơn vị.",
        _how_late(state, now),
        "Xin điền mẫu Excel tỉnh đã gửi (trang HUONG_DAN nói cách điền), xem trang KIEM_TRA rồi gửi nguyên tệp bằng "
        "cách trả lời thư này. Không còn mẫu, hoặc đơn vị không có gì để khai trong kỳ, xin báo lại qua thư này.",
        _closing(period),
    ]
    return "\n\n".join(parts) + "\n"


def _how_late(state: UnitState, now: dt.datetime) -> str:
    if state.deadline is None:
        return "Cấu hình của kỳ xét chưa ghi hạn nộp của đơn vị; xin gửi sớm."
    if not state.time_left:
        return f"Hạn nộp là {moment(state.deadline)}, đã quá hạn {delay_text(now - state.deadline)}. Xin gửi ngay."
    left = delay_text(state.deadline - now)
    return f"Sắp đến hạn nộp: {moment(state.deadline)}, còn {left}."


def _closing(period: Period) -> str:
    return "\n".join(line for line in (_SIGNATURE, period.receiver, period.office) if line)
