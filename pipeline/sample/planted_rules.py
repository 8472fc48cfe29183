"""What the rules must say of the default province: a few slips of every family, in the files of its units.

Each function takes a unit's file opened in the sender's program (or its pages) and returns the findings that the
slips must lead to, with the place of each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from pipeline.findings import column_letters
from pipeline.sample.career import PersonYear
from pipeline.sample.case import Case, Cell, Page, Pages
from pipeline.sample.oddities import Draft, Slip
from pipeline.sample.shape import PERIOD_YEAR
from pipeline.template import column_index
from schemas.columns import FIRST_ENTRY_ROW
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import VOCABULARIES

_DIRECT = "Người trực tiếp công tác"


def _label(vocabulary: str, code: str) -> str:
    return next(e.label for e in VOCABULARIES[vocabulary] if e.code == code)


def _row(draft: Draft, sheet: str, field: str, value: str, nth: int = 0) -> int:
    """Entry row, from 0, of the n-th row that holds a value."""
    rows = [n for n in range(draft.entries(sheet)) if draft.text(sheet, field, n) == value]
    return rows[nth]


def _append(draft: Draft, sheet: str, values: dict[str, Cell]) -> int:
    """Fill the next free entry row; returns it."""
    row = draft.entries(sheet)
    for field, value in values.items():
        draft.type(sheet, field, row, value)
    return row


def _at(draft: Draft, sheet: str, field: str, row: int, code: str, note: str) -> Slip:
    return Slip(sheet, draft.at(sheet, field, row).coordinate, code, note)


def _nominated(draft: Draft, title: str, nth: int = 0) -> tuple[int, str]:
    """Row of DE_NGHI and staff code of the n-th person proposed for a title."""
    proposed = _label("KET_QUA_XET", "DE_NGHI")
    rows = [
        n
        for n in range(draft.entries("DE_NGHI"))
        if draft.text("DE_NGHI", "danh_hieu", n) == title and draft.text("DE_NGHI", "ket_qua", n) == proposed
    ]
    return rows[nth], draft.text("DE_NGHI", "ma_doi_tuong", rows[nth])


LDTT, CSTDCS = "Lao động tiên tiến", "Chiến sĩ thi đua cơ sở"


def law_and_open_vote(draft: Draft) -> list[Slip]:
    """P2: a letter that cites texts no longer in force, an open vote on a sector title, an award nobody knows of."""
    cited = "Luật Thi đua, khen thưởng 2022; NĐ 91/2017/NĐ-CP; TT 01/2019/TT-VKSTC"
    slips = draft.type("DON_VI", "can_cu_phap_ly", 0, cited, "V-LAW", "dẫn hai văn bản đã hết hiệu lực")
    openly = _label("BIEU_QUYET", "CONG_KHAI")
    slips += draft.type("DON_VI", "hinh_thuc_bieu_quyet", 0, openly, "QT-02", "biểu quyết công khai danh hiệu ngành")
    row = _append(
        draft,
        "LICH_SU",
        {
            "ma_doi_tuong": draft.text("NHAN_SU", "ma_cc", 6),
            "ten_doi_tuong": draft.text("NHAN_SU", "ho_ten", 6),
            "nam": PERIOD_YEAR - 3,
            "hinh_thuc": "Giấy khen",
            "loai_hinh": _label("LOAI_HINH", "CHUYEN_DE"),
            "so_qd": "999/QĐ-VKS",
            "ngay_qd": dt.date(PERIOD_YEAR - 3, 9, 2),
            "co_quan_qd": "VKSND tỉnh Mẫu",
            "don_vi_luc_do": draft.text("LICH_SU", "don_vi_luc_do", 0),
            "tinh_trang": _label("TINH_TRANG_QD", "HIEU_LUC"),
        },
    )
    slips.append(_at(draft, "LICH_SU", "so_qd", row, "HS-07", "tỉnh không có quyết định này"))
    return slips


def stages_and_effects(draft: Draft) -> list[Slip]:
    """P1: a stage left out, an initiative asked for late and without figures, no meeting of the committee."""
    draft.type("DIEN_HINH", "ngay_tong_ket", 0, None)
    slips = [_at(draft, "DIEN_HINH", "ngay_tong_ket", 0, "DH-03", "nhân rộng khi chưa tổng kết")]
    draft.type("SANG_KIEN", "ngay_ap_dung", 0, dt.date(PERIOD_YEAR - 1, 3, 2))
    slips.append(_at(draft, "SANG_KIEN", "ngay_de_nghi", 0, "SK-03", "đề nghị công nhận sau hơn một năm"))
    slips += draft.type("SANG_KIEN", "hieu_qua_so", 0, "Giảm thời gian tra cứu", "SK-06", "hiệu quả không có số")
    slips += draft.type("DON_VI", "so_lan_cap_uy_ban", 0, 0, "PH-02", "cấp ủy không bàn lần nào")
    _, person = _nominated(draft, CSTDCS)
    row = _row(draft, "NHAN_SU", "ma_cc", person)
    low = _label("XEP_LOAI_DANG", "HTNV")
    slips += draft.type("NHAN_SU", "xep_loai_dv", row, low, "XL-03", "xếp loại đảng viên thấp hơn danh hiệu")
    return slips


def absence_and_pending(draft: Draft) -> list[Slip]:
    """P3: four months of sick leave, a matter under review, a name in the history that is another."""
    _, sick = _nominated(draft, LDTT, 4)
    _, pending = _nominated(draft, LDTT, 5)
    row = _append(
        draft,
        "BIEN_DONG",
        {
            "ma_cc": sick,
            "loai": _label("BIEN_DONG", "NGHI_OM"),
            "tu_ngay": dt.date(PERIOD_YEAR, 2, 1),
            "den_ngay": dt.date(PERIOD_YEAR, 5, 31),
        },
    )
    slips = [_at(draft, "BIEN_DONG", "tu_ngay", row, "DK-02", "nghỉ ốm bốn tháng")]
    row = _append(
        draft,
        "BIEN_DONG",
        {"ma_cc": pending, "loai": _label("BIEN_DONG", "DANG_XEM_XET"), "tu_ngay": dt.date(PERIOD_YEAR, 10, 5)},
    )
    slips.append(_at(draft, "BIEN_DONG", "loai", row, "DK-12", "đang bị xem xét"))
    who = draft.text("NHAN_SU", "ma_cc", 4)
    row = _row(draft, "LICH_SU", "ma_doi_tuong", who)
    name = draft.text("LICH_SU", "ten_doi_tuong", row)
    slips += draft.type("LICH_SU", "ten_doi_tuong", row, f"{name} Sơn", "HS-04", "tên khác NHAN_SU")
    return slips


def short_posting(draft: Draft) -> list[Slip]:
    """P8: posted for two days."""
    first = draft.at("DON_VI", "niem_yet_tu").value
    return draft.type("DON_VI", "niem_yet_den", 0, first + dt.timedelta(days=1), "QT-06", "niêm yết hai ngày")


def warned(draft: Draft) -> list[Slip]:
    """P10: somebody who was given a warning is proposed, and so is the collective."""
    nomination, person = _nominated(draft, LDTT, 3)
    signed = dt.date(PERIOD_YEAR, 5, 12)
    row = _append(
        draft,
        "BIEN_DONG",
        {
            "ma_cc": person,
            "loai": _label("BIEN_DONG", "KY_LUAT"),
            "tu_ngay": signed,
            "hinh_thuc_ky_luat": _label("KY_LUAT", "CANH_CAO"),
            "so_qd": "143/QĐ-VKS",
            "ngay_qd": signed,
            "het_hieu_luc": signed + dt.timedelta(days=365),
            "ma_vi_pham": "VP-P10-01",
        },
    )
    assert nomination >= 0
    return [_at(draft, "BIEN_DONG", "hinh_thuc_ky_luat", row, "DK-03", "bị cảnh cáo trong kỳ; tập thể cũng vướng")]


def no_figures(draft: Draft) -> list[Slip]:
    """KV3: an achievement without any figure."""
    row, _ = _nominated(draft, LDTT, 2)
    text = "Chấp hành tốt kỷ luật, nhiệt tình với công việc chung, được đồng nghiệp quý mến."
    return draft.type("DE_NGHI", "thanh_tich", row, text, "HT-02", "thành tích không có con số")


def not_recognised(draft: Draft) -> list[Slip]:
    """KV4: the initiative on which a title rests was never recognised."""
    row, person = _nominated(draft, CSTDCS)
    for line in range(draft.entries("SANG_KIEN")):
        if draft.text("SANG_KIEN", "tac_gia", line) == person:
            draft.type("SANG_KIEN", "cap_cong_nhan", line, _label("CAP_SK", "CHUA"))
            draft.type("SANG_KIEN", "so_qd", line, None)
            draft.type("SANG_KIEN", "ngay_qd", line, None)
    return [
        _at(draft, "DE_NGHI", "ma_can_cu", row, "DK-05", "sáng kiến chưa được công nhận"),
        _at(draft, "DE_NGHI", "ma_doi_tuong", row, "LP-03", "không tính sáng kiến ấy thì có người hơn mọi mặt"),
    ]


def rated_low(draft: Draft) -> list[Slip]:
    """P11: somebody rated below what the title asks for."""
    _, person = _nominated(draft, LDTT, 5)
    row = _row(draft, "NHAN_SU", "ma_cc", person)
    return draft.type("NHAN_SU", "xep_loai_cc", row, _label("XEP_LOAI", "HTNV"), "DK-01", "xếp loại chưa đủ")


def without_evidence(draft: Draft) -> list[Slip]:
    """P12: a breakthrough without evidence, a review without figures."""
    row = _row(draft, "CHI_TIEU", "loai", _label("LOAI_CHI_TIEU", "DOT_PHA"))
    draft.type("CHI_TIEU", "minh_chung", row, None)
    draft.type("CHI_TIEU", "thuc_hien", row, float(draft.text("CHI_TIEU", "chi_tieu", row)))
    slips = [_at(draft, "CHI_TIEU", "minh_chung", row, "DP-06", "đột phá đạt mà không có minh chứng")]
    slips.append(_at(draft, "CHI_TIEU", "diem_tu_cham", row, "XH-02", "sửa kết quả, không sửa điểm tự chấm"))
    row = _row(draft, "HOAT_DONG", "loai", _label("LOAI_HOAT_DONG", "SO_KET"))
    return slips + draft.type("HOAT_DONG", "ket_qua_so", row, "Đạt kết quả tốt", "PT-04", "sơ kết không có con số")


def no_tally_no_report(draft: Draft) -> list[Slip]:
    """P15: one proposal was never voted on, the report of another is missing."""
    row, _ = _nominated(draft, LDTT, 1)
    code = draft.text("DE_NGHI", "ma_dn", row)
    ballot = _row(draft, "PHIEU", "ma_dn", code)
    for field in ("ma_dn", "cap_hop", "vong", "phieu_phat", "phieu_thu", "phieu_hop_le", "phieu_khong_hop_le",
                  "dong_y", "khong_dong_y", "khong_y_kien", "ket_luan", "phieu_lien_quan"):  # fmt: skip
        draft.type("PHIEU", field, ballot, None)
    slips = [_at(draft, "DE_NGHI", "ma_dn", row, "HS-06", "không có dòng kiểm phiếu")]
    row = _row(draft, "HO_SO", "loai_giay", _label("LOAI_GIAY", "BAO_CAO_TT"), 2)
    missing = _label("TINH_TRANG_GIAY", "KHONG")
    slips += draft.type("HO_SO", "co", row, missing, "HS-01", "chưa có báo cáo thành tích")
    draft.type("HO_SO", "so", row, None)
    draft.type("HO_SO", "ngay", row, None)
    return slips


def maternity_and_late_handing_over(pages: Pages) -> tuple[Pages, list[Slip]]:
    """KV1: somebody on maternity leave is passed over; last year's decisions were handed over in August."""
    mother = next(str(e["ma_cc"]) for e in pages["BIEN_DONG"] if e["loai"] == _label("BIEN_DONG", "NGHI_THAI_SAN"))
    refused = _label("KET_QUA_XET", "KHONG_DE_NGHI")
    nominations: Page = [dict(row) for row in pages["DE_NGHI"]]
    row = next(r for r in nominations if r["ma_doi_tuong"] == mother and r["danh_hieu"] == LDTT)
    row |= {"ket_qua": refused, "duong_tieu_chuan": None, "thanh_tich": None}
    ballots: Page = [dict(b) for b in pages["PHIEU"]]
    for ballot in ballots:
        if ballot["ma_dn"] == row["ma_dn"]:
            valid = int(str(ballot["phieu_hop_le"]))
            ballot |= {"dong_y": 3, "khong_dong_y": valid - 3, "khong_y_kien": 0, "ket_luan": refused}
    activities: Page = [dict(a) for a in pages["HOAT_DONG"]]
    for activity in activities:
        late = activity["loai"] == _label("LOAI_HOAT_DONG", "TRAO_TANG") and str(activity["ngay"]) > f"{PERIOD_YEAR}-03"
        if late:
            activity["ngay"] = dt.date(PERIOD_YEAR, 8, 20)
    papers = [p for p in pages["HO_SO"] if p["ma_dn"] != row["ma_dn"]]
    leave = _find(pages["BIEN_DONG"], ma_cc=mother)
    handed = _find(activities, loai=_label("LOAI_HOAT_DONG", "TRAO_TANG"), ngay=dt.date(PERIOD_YEAR, 8, 20))
    slips = [
        Slip("BIEN_DONG", place("BIEN_DONG", "tu_ngay", leave), "DK-13", "nghỉ thai sản, không được đề nghị"),
        Slip("HOAT_DONG", place("HOAT_DONG", "ngay", handed), "KT-03", "trao tặng sau năm tháng"),
    ]
    changed: Pages = {"DE_NGHI": nominations, "PHIEU": ballots, "HOAT_DONG": activities, "HO_SO": papers}
    return {**pages, **changed}, slips


def too_many_excellent(pages: Pages) -> Pages:
    """KV2: half of the direct workers are rated excellent."""
    staff: Page = [dict(row) for row in pages["NHAN_SU"]]
    good = _label("XEP_LOAI", "HTTNV")
    workers = [r for r in staff if r["nhom_doi_tuong"] == _DIRECT and r["xep_loai_cc"] == good]
    for row in workers[:3]:
        row["xep_loai_cc"], row["diem_danh_gia"] = _label("XEP_LOAI", "HTXSNV"), 91.0
    return {**pages, "NHAN_SU": staff}


def two_channels(draft: Draft) -> list[Slip]:
    """KV3: who is proposed for CSTĐCS is proposed for a commendation of a movement as well."""
    _, person = _nominated(draft, CSTDCS)
    staff = _row(draft, "NHAN_SU", "ma_cc", person)
    row = _row(draft, "DE_NGHI", "hinh_thuc", "Giấy khen")
    draft.type("DE_NGHI", "ma_doi_tuong", row, person)
    draft.type("DE_NGHI", "ten_doi_tuong", row, draft.text("NHAN_SU", "ho_ten", staff))
    return [_at(draft, "DE_NGHI", "ten_doi_tuong", row, "CC-08", "một người hai loại hình")]


# --- what follows from the stories that lie in the data themselves


def place(sheet: str, field: str, row: int) -> str:
    """Address of a field in the n-th entry row of a table that nobody moved."""
    return f"{column_letters(column_index(UNIT_TEMPLATE.by_code[sheet], field) + 1)}{FIRST_ENTRY_ROW + row}"


def _find(rows: Sequence[Mapping[str, Cell]], **values: Cell) -> int:
    """Number of the first row that holds these values."""
    return next(n for n, row in enumerate(rows) if all(row.get(name) == value for name, value in values.items()))


def of_two_units(pages: Pages, person: str) -> list[Slip]:
    """Say what a unit is told of somebody whom another unit lists and proposes too."""
    listed = _find(pages["NHAN_SU"], ma_cc=person)
    proposed = _find(pages["DE_NGHI"], ma_doi_tuong=person, danh_hieu=LDTT)
    return [
        Slip("NHAN_SU", place("NHAN_SU", "ma_cc", listed), "V-05", "có trong danh sách của hai đơn vị"),
        Slip("DE_NGHI", place("DE_NGHI", "ma_doi_tuong", proposed), "DK-08", "hai đơn vị cùng đề nghị"),
    ]


def of_broken_chain(pages: Pages) -> list[Slip]:
    """P2: a year is missing in the chain."""
    row = _find(pages["DE_NGHI"], danh_hieu="Chiến sĩ thi đua ngành Kiểm sát nhân dân")
    return [Slip("DE_NGHI", place("DE_NGHI", "danh_hieu", row), "DK-04", "chuỗi CSTĐCS đứt năm 2024")]


def of_head(case: Case, pages: Pages, *, gate: bool) -> list[Slip]:
    """P7, P11: the head is proposed above the collective; P7 lies in the lower half of its block.

    P11 is kept out of the ranks by its gate; considered besides, it would stand in the very middle.
    """
    head, rows = case.head.person.code, pages["DE_NGHI"]
    mine = [n for n, row in enumerate(rows) if row["ma_doi_tuong"] == head]
    slips = []
    highest = ""
    for row in mine:
        field = "danh_hieu" if rows[row]["danh_hieu"] else "hinh_thuc"
        if rows[row]["danh_hieu"] != LDTT:
            highest = place("DE_NGHI", field, row)
            slips.append(Slip("DE_NGHI", highest, "ND-01", "người đứng đầu cao hơn tập thể"))
    if gate:
        first = place("DE_NGHI", "ten_doi_tuong", mine[0])
        slips.append(Slip("DE_NGHI", first, "ND-03", "Thường trực đã ghi điều kiện loại trừ"))
    else:
        slips.append(Slip("DE_NGHI", highest, "ND-04", "mức cao nhất, đơn vị ở nửa dưới của khối"))
    return slips


def of_old_movements(pages: Pages) -> list[Slip]:
    """Every unit: four movements were summed up and nobody was selected."""
    row = _find(pages["HOAT_DONG"], loai=_label("LOAI_HOAT_DONG", "TONG_KET"))
    return [Slip("HOAT_DONG", place("HOAT_DONG", "loai", row), "PT-06", "tổng kết mà không ai được xét khen")]


#: Order of the ratings of whoever may be proposed.
_BETTER = ("HTTNV", "HTXSNV")


#: A score is better from more than so many points on.
_POINTS = 5


def _outdoes(other: tuple[float, float, float], mine: tuple[float, float, float]) -> bool:
    gaps = [o - m for o, m in zip(other, mine, strict=True)]
    return all(gap >= 0 for gap in gaps) and (gaps[0] > 0 or gaps[1] > _POINTS or gaps[2] > 0)


def of_the_outdone(case: Case, pages: Pages) -> list[Slip]:
    """Say who is proposed although somebody eligible is no worse in anything recorded, and better in one."""
    able = [row for row in case.rows if "LDTT" in row.titles and row.rating in _BETTER]

    def marks(row: PersonYear) -> tuple[float, float, float]:
        return _BETTER.index(row.rating), row.score or 0.0, row.initiatives

    slips = []
    for winner in (row for row in able if "CSTDCS" in row.titles):
        mine, others = marks(winner), [marks(row) for row in able if "CSTDCS" not in row.titles]
        if any(_outdoes(other, mine) for other in others):
            row = _find(pages["DE_NGHI"], ma_doi_tuong=winner.person.code, danh_hieu=CSTDCS)
            slips.append(Slip("DE_NGHI", place("DE_NGHI", "ma_doi_tuong", row), "LP-03", "có người hơn mọi mặt"))
    return slips
