"""From facts to what a template may name: Vietnamese tags, each with its meaning for those who restyle a template.

A value is a text ready to print, a truth (`du_thao`), or a list of rows whose parts are texts. What is not known is
a line of dots to be filled in by pen.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.documents.facts import DocumentFacts, Member, Nominee, Votes
from pipeline.vietnamese import decimal, long_date

DOTS = "………"
COUNCIL = "HỘI ĐỒNG THI ĐUA - KHEN THƯỞNG"
#: Lines of one list beyond which a document refers to the workbook instead.
MOST_LINES = 400
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

#: Every tag, with its meaning; parts of the rows of a list stand behind a point.
TAGS: Mapping[str, str] = {
    "co_quan_cap_tren": "dòng trên ở góc trái: cơ quan chủ quản",
    "co_quan_ban_hanh": "dòng dưới ở góc trái: cơ quan, tổ chức ban hành",
    "co_quan": "tên cơ quan (trang KY_XET)",
    "so_ky_hieu": "số, ký hiệu; số để trống",
    "dia_danh_ngay": "địa danh, ngày tháng; ngày để trống khi chưa biết",
    "trich_yeu": "trích yếu nội dung",
    "kinh_gui": "nơi nhận chính",
    "nam": "năm xét",
    "ky_xet": "mã kỳ xét",
    "du_thao": "đúng khi Hội đồng chưa quyết định; dùng với {% if du_thao %}",
    "gia_dinh": "chữ ghi dữ liệu giả định hoặc bản ẩn danh, trống nếu là số liệu thật; dùng với {% if gia_dinh %}",
    "trinh_len": "đúng ở tờ trình gửi cấp trên, sai ở tờ trình thuộc thẩm quyền của tỉnh",
    "can_cu": "danh sách dòng căn cứ; {%p for c in can_cu %}",
    "don_vi_gui": "số đơn vị đã gửi hồ sơ",
    "don_vi_phai_gui": "số đơn vị phải gửi",
    "con_vuong": "số đề nghị còn vướng CHẶN, không có trong văn bản",
    "cho_giai_trinh": "số đề nghị có trong văn bản còn chờ giải trình",
    "cho_don_vi": "số đề nghị có trong văn bản còn chờ Hội đồng kết luận về đơn vị",
    "so_lieu": "số liệu theo danh hiệu của văn bản: .stt .ten .cap .tap_the .ca_nhan",
    "so_lieu_tinh": "như so_lieu, phần thuộc thẩm quyền của tỉnh",
    "so_lieu_tren": "như so_lieu, phần trình cấp trên",
    "tong_tap_the": "số tập thể khác nhau",
    "tong_ca_nhan": "số cá nhân khác nhau",
    "tong_cau": "số tập thể, cá nhân trong một cụm từ",
    "tap_the": "danh sách tập thể: .stt .ten .chuc_vu .don_vi .danh_hieu .cap .thanh_tich .ghi_chu và các số phiếu",
    "ca_nhan": "danh sách cá nhân, như tap_the",
    "phieu": "danh sách bỏ phiếu: như tap_the; .dong_y .khong_dong_y .khong_y_kien .ty_le .ket_luan",
    "ghi_chu_danh_sach": "câu nói danh sách ở đâu khi quá dài",
    "phieu_phat": "số phiếu phát ra",
    "phieu_thu": "số phiếu thu về",
    "phieu_hop_le": "số phiếu hợp lệ",
    "phieu_khong_hop_le": "số phiếu không hợp lệ",
    "thanh_vien": "thành viên Hội đồng: .stt .ten .chuc_vu .vai_tro .du_hop",
    "so_thanh_vien": "tổng số thành viên",
    "so_co_mat": "số có mặt",
    "so_vang": "số vắng mặt",
    "ngay_hop": "ngày họp",
    "chu_tri": "người chủ trì",
    "thu_ky": "thư ký",
    "cach_bo_phieu": "cách bỏ phiếu",
    "quyen_han": "dòng thứ nhất của phần ký: TM., KT.",
    "chuc_vu_ky": "chức vụ người ký",
    "noi_nhan": "danh sách nơi nhận",
    "dau_lan_chay": "kỳ xét, thời điểm số liệu, mã lần chạy",
}


def letter_tags(facts: DocumentFacts, upwards: bool) -> dict[str, Any]:
    """Tags of the letter on what the province recognises, or of the one that goes up."""
    head = facts.letterhead
    mine = facts.submitted if upwards else facts.recognised
    if upwards:
        who = {"co_quan_cap_tren": head.superior, "co_quan_ban_hanh": head.office, "kinh_gui": head.upper_receiver}
        signs = {"so_ky_hieu": "Số: ……/TTr-VKS", "quyen_han": "VIỆN TRƯỞNG", "chuc_vu_ky": ""}
    else:
        who = {"co_quan_cap_tren": head.office, "co_quan_ban_hanh": COUNCIL, "kinh_gui": head.own_receiver}
        signs = {"so_ky_hieu": "Số: ……/TTr-HĐTĐKT", "quyen_han": "TM. HỘI ĐỒNG", "chuc_vu_ky": DOTS}
    subject = "Về việc đề nghị tặng danh hiệu thi đua, hình thức khen thưởng"
    own = {
        "trich_yeu": _clean(f"{subject} kỳ xét {facts.period}"),
        "dia_danh_ngay": _place_and_day(facts, None),
        "noi_nhan": [_clean(f"{who['kinh_gui']}"), "Lưu: VT, HĐTĐKT."],
        "trinh_len": upwards,
    }
    return _common(facts, mine) | _cleaned(who | signs) | own


def minutes_tags(facts: DocumentFacts, subject: str) -> dict[str, Any]:
    """Tags of the minutes of the meeting, or of the counting."""
    own = {
        "co_quan_cap_tren": facts.letterhead.office,
        "co_quan_ban_hanh": COUNCIL,
        "so_ky_hieu": "Số: ……/BB-HĐTĐKT",
        "trich_yeu": f"{subject} kỳ xét {facts.period}",
        "dia_danh_ngay": _place_and_day(facts, facts.meeting.day),
        "kinh_gui": "",
        "quyen_han": "CHỦ TRÌ",
        "chuc_vu_ky": "",
    }
    more = {"noi_nhan": ["Thành viên Hội đồng;", "Lưu: VT, HĐTĐKT."], "trinh_len": False}
    return _common(facts, (*facts.recognised, *facts.submitted, *facts.refused)) | _cleaned(own) | more


def _common(facts: DocumentFacts, mine: Sequence[Nominee]) -> dict[str, Any]:
    short = len(mine) <= MOST_LINES
    groups, people = ([n for n in mine if n.collective is kind] if short else [] for kind in (True, False))
    teams = len({(n.name, n.unit) for n in mine if n.collective})
    persons = len({(n.name, n.unit, n.post) for n in mine if not n.collective})
    return {
        "co_quan": _clean(facts.letterhead.office),
        "nam": str(facts.year),
        "ky_xet": _clean(facts.period),
        "du_thao": facts.draft,
        "gia_dinh": facts.mark,
        "can_cu": [_clean(line) for line in facts.sources],
        "don_vi_gui": two(facts.units_sent),
        "don_vi_phai_gui": two(facts.units_expected),
        "con_vuong": two(facts.left_out),
        "cho_giai_trinh": two(sum(n.explains for n in mine)),
        "cho_don_vi": two(sum(n.unit_gate for n in mine)),
        "so_lieu": award_counts(mine),
        "so_lieu_tinh": award_counts(facts.recognised),
        "so_lieu_tren": award_counts(facts.submitted),
        "tong_tap_the": two(teams),
        "tong_ca_nhan": two(persons),
        "tong_cau": _told(teams, persons),
        "tap_the": [_line(number, n) for number, n in enumerate(groups, 1)],
        "ca_nhan": [_line(number, n) for number, n in enumerate(people, 1)],
        "phieu": [_line(number, n) for number, n in enumerate((*groups, *people), 1)],
        "ghi_chu_danh_sach": "" if short else "Danh sách dài, in từ trang IN_PL1, IN_PL2, IN_BBKP của bản tổng hợp.",
        "dau_lan_chay": _clean(facts.stamp),
    } | _meeting(facts, mine)


def _told(teams: int, persons: int) -> str:
    parts = [f"{two(number)} {what}" for number, what in ((teams, "tập thể"), (persons, "cá nhân")) if number]
    return ", ".join(parts) or "(chưa có tập thể, cá nhân nào)"


def _meeting(facts: DocumentFacts, mine: Sequence[Nominee]) -> dict[str, Any]:
    meeting = facts.meeting
    known = [member.present for member in meeting.members]
    told = None not in known and bool(known)
    votes = [n.votes for n in mine if n.votes != Votes()]
    sent, back, good = (_shared(votes, name) for name in ("issued", "returned", "valid"))
    return {
        "thanh_vien": [_member(number, member) for number, member in enumerate(meeting.members, 1)],
        "so_thanh_vien": two(len(meeting.members)) if meeting.members else DOTS,
        "so_co_mat": two(sum(map(bool, known))) if told else DOTS,
        "so_vang": two(known.count(False)) if told else DOTS,
        "ngay_hop": long_date(meeting.day, "") if meeting.day else f"ngày …… tháng …… năm {facts.year}",
        "chu_tri": _clean(meeting.chair) or DOTS,
        "thu_ky": _clean(meeting.secretary) or DOTS,
        "cach_bo_phieu": _clean(meeting.ballot) or DOTS,
        "phieu_phat": _number(sent),
        "phieu_thu": _number(back),
        "phieu_hop_le": _number(good),
        "phieu_khong_hop_le": _number(None if back is None or good is None else back - good),
    }


def award_counts(nominees: Iterable[Nominee]) -> list[dict[str, str]]:
    """Counts of collectives and persons by title or form, in the order in which they first stand."""
    found: dict[tuple[str, str], list[Nominee]] = {}
    for nominee in nominees:
        found.setdefault((nominee.award, nominee.level), []).append(nominee)
    return [
        {
            "stt": str(number),
            "ten": _clean(award),
            "cap": _clean(level),
            "tap_the": two(sum(n.collective for n in mine)),
            "ca_nhan": two(sum(not n.collective for n in mine)),
        }
        for number, ((award, level), mine) in enumerate(found.items(), 1)
    ]


def _line(number: int, nominee: Nominee) -> dict[str, str]:
    votes = nominee.votes
    share = 100 * votes.votes_for / votes.base if votes.votes_for is not None and votes.base else None
    texts = {
        "ten": nominee.name,
        "chuc_vu": nominee.post,
        "don_vi": nominee.unit,
        "danh_hieu": nominee.award,
        "cap": nominee.level,
        "thanh_tich": nominee.achievement,
        "ghi_chu": nominee.note,
        "ket_luan": nominee.outcome,
    }
    counts = {"dong_y": votes.votes_for, "khong_dong_y": votes.against, "khong_y_kien": votes.abstained}
    numbers = {name: "" if count is None else decimal(count) for name, count in counts.items()}
    return {
        "stt": str(number),
        **_cleaned(texts),
        **numbers,
        "ty_le": "" if share is None else f"{decimal(share, 1)} %",
    }


def _member(number: int, member: Member) -> dict[str, str]:
    attended = {None: DOTS, True: "Có mặt", False: "Vắng"}[member.present]
    if member.absence:
        attended += f": {member.absence}"
    texts = {"ten": member.name, "chuc_vu": member.post, "vai_tro": member.role, "du_hop": attended}
    return {"stt": str(number), **_cleaned(texts)}


def _place_and_day(facts: DocumentFacts, day: dt.date | None) -> str:
    place = facts.letterhead.place
    return _clean(long_date(day, place) if day else f"{place}, ngày …… tháng …… năm {facts.year}".removeprefix(", "))


def _shared(votes: Sequence[Votes], name: str) -> int | None:
    """The number that all votes share; None where they differ or none is known."""
    values = {getattr(vote, name) for vote in votes}
    return values.pop() if len(values) == 1 else None


def _number(number: int | None) -> str:
    return DOTS if number is None else decimal(number)


def two(number: int) -> str:
    """Write a number as documents do, with a leading 0 below 10."""
    return f"{number:02d}" if number < 10 else decimal(number)


def _cleaned(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: _clean(text) for name, text in texts.items()}


def _clean(text: str) -> str:
    """Leave out what XML cannot hold; a tab or line break stays."""
    return _NOT_XML.sub("", text)
