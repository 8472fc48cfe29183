"""TH_CA_NHAN: every person nominated, and everybody considered and not proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.dataset import PERSON, UNIT
from pipeline.people import reference_key
from pipeline.ranking.nominee_wording import place_words
from pipeline.results import Results
from pipeline.workbook import scope
from pipeline.workbook.awards import RATINGS
from pipeline.workbook.nominated import (
    VERDICT_FIELDS,
    Nomination,
    Nominations,
    Part,
    counts_text,
    labels_of,
    past_awards,
    shared_columns,
)
from pipeline.workbook.nomination_keys import NominationKeys
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.series import frame_rows
from pipeline.workbook.table import Field
from pipeline.workbook.verdicts import MARKS, Verdicts

PLAN = SheetPlan(
    "TH_CA_NHAN",
    Group.NOMINATIONS,
    "Cá nhân được đề nghị (trích ngang)",
    "ai được đề nghị, danh hiệu gì, còn vướng gì?",
    wide=True,
)

FIELDS = (
    Field("stt", "STT", 4.5, "index"),
    Field("ho_ten", "Họ và tên", 15, "text_strong"),
    Field("nam_sinh", "Năm sinh", 6, "index"),
    Field("gioi_tinh", "Giới tính", 5.5, "centre"),
    Field("chuc_vu", "Chức vụ", 9.5),
    Field("ma_don_vi", "Mã ĐV", 6.5, "link_centre"),
    Field("don_vi", "Đơn vị", 10.5),
    Field("nhom", "Nhóm đối tượng", 10.2),
    Field("danh_hieu", "Danh hiệu hoặc hình thức", 14),
    Field("hang", "Hạng trong đơn vị", 5.8, "centre"),
    Field("cap", "Cấp quyết định", 7.6),
    Field("qua_khu", "Khen thưởng 5 năm trước", 13),
    Field("xl_cc", "Xếp loại công chức", 9, "centre"),
    Field("xl_dv", "Xếp loại đảng viên", 9.2, "centre"),
    Field("sang_kien", "Sáng kiến (số quyết định)", 10.7),
    Field("dong_y", "Phiếu đồng ý", 6.5, "count"),
    Field("tong", "Tổng người biểu quyết", 7, "count"),
    Field("ty_le", "% đồng ý", 7.5, "percent"),
    *VERDICT_FIELDS,
)


def write(page: Page, results: Results) -> None:
    """Write the parts, one under another."""
    _, persons = page.book.shared(Nominations).everything
    parts = {part: [item for item in persons if item.part is part] for part in Part}
    page.head(
        [item.width for item in FIELDS],
        counts_text(parts),
        scope.warning(),
        f"Điều kiện: {MARKS}; xem từng điều kiện ở DIEU_KIEN.",
    )
    staff, awards = page.book.shared(staff_facts), page.book.shared(awards_of_persons)
    initiatives = _initiatives(results)
    ranks = place_words(results.nominees).to_dict()
    named = NominationKeys(page.book.shared(Nominations))
    for part, items in parts.items():
        page.part(f"{part.value}: {len(items)}")
        columns = shared_columns(results, page.book.shared(Verdicts), items) | _columns(results, items, staff)
        columns["hang"] = [ranks.get(i.row_id) for i in items]
        columns["qua_khu"] = [awards.get(i.person or "") for i in items]
        columns["sang_kien"] = [initiatives.get((i.unit, i.person or "")) for i in items]
        placed = page.table(
            FIELDS, columns, frozen=2, keys=named.of(items), facts=named.facts(items),
            empty="Đã xét mọi đề nghị: không có đề nghị nào ở phần này.",
        )  # fmt: skip
        for number, item in enumerate(items):
            page.anchor("nomination", f"{item.unit} {item.code}", placed.first + number)


Staff = Mapping[tuple[str, str], tuple[Any, ...]]


def awards_of_persons(results: Results) -> Mapping[str, str]:
    """Awards of the five years before, by person."""
    return past_awards(results, "CN")


def staff_facts(results: Results) -> Staff:
    """Year of birth, sex, post, group, rating, rating as a party member (codes), by unit and person."""
    frame = results.dataset.frames["NHAN_SU"]
    frame = frame.assign(nam_sinh=frame["ngay_sinh"].dt.year)
    names = (UNIT, PERSON, "nam_sinh", "gioi_tinh", "chuc_vu", "nhom_doi_tuong", "xep_loai_cc", "xep_loai_dv")
    return {(unit, person): tuple(rest) for unit, person, *rest in frame_rows(frame, *names) if person}


def _columns(results: Results, items: Sequence[Nomination], staff: Staff) -> dict[str, Sequence[Any]]:
    sexes, groups = labels_of(results, "GIOI_TINH"), labels_of(results, "NHOM_DOI_TUONG")
    known = [staff.get((i.unit, i.person or ""), (None,) * 6) for i in items]
    return {
        "ho_ten": [i.name for i in items],
        "nam_sinh": [k[0] for k in known],
        "gioi_tinh": [sexes.get(k[1], k[1]) for k in known],
        "chuc_vu": [k[2] for k in known],
        "nhom": [groups.get(k[3], k[3]) for k in known],
        "xl_cc": [RATINGS.get(k[4], k[4]) for k in known],
        "xl_dv": [RATINGS.get(k[5], k[5]) for k in known],
    }


def _initiatives(results: Results) -> Mapping[tuple[str, str], str]:
    """Initiatives of each author with the number of the decision, by unit and person."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    frame = results.dataset.frames["SANG_KIEN"]
    for unit, author, code, level, decision in frame_rows(frame, UNIT, "tac_gia", "ma_sk", "cap_cong_nhan", "so_qd"):
        if author and code:
            state = decision or ("chưa công nhận" if level == "CHUA" else "chưa ghi số")
            found[unit, reference_key(author)].append(f"{code} ({state})")
    return {key: "; ".join(texts) for key, texts in found.items()}
