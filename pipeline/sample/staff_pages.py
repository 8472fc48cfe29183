"""The pages about the unit and its people: DON_VI, NHAN_SU, BIEN_DONG, LICH_SU."""

from __future__ import annotations

import datetime as dt

from pipeline.sample.career import PersonYear
from pipeline.sample.case import Case, Cell, Page
from pipeline.sample.shape import PERIOD, PERIOD_YEAR

_LDTT_YEARS = 3  #: years of LĐTT that the province fills in beforehand; higher awards are filled in whole
_LEGAL_BASIS = "Luật Thi đua, khen thưởng 2022; TT 02/2024/TT-VKSTC; NĐ 152/2025/NĐ-CP"


def unit_page(case: Case, self_score: float) -> Page:
    """DON_VI: one row, every line of the form; `self_score` is the sum of CHI_TIEU."""
    row = _who(case) | _meeting(case) | _leadership(case) | _ratings(case)
    row["tong_diem_tu_cham"] = self_score
    return [row]


def _who(case: Case) -> dict[str, Cell]:
    rng, unit = case.rng, case.unit
    communes = rng.randint(7, 12) if unit.area else None
    return {
        "ma_don_vi": unit.code,
        "ten_don_vi": unit.name,
        "ky_xet": PERIOD,
        "ma_nguoi_dung_dau": case.head.person.code,
        "nguoi_lap": case.clerk.person.name,
        "ngay_lap": case.letter,
        "kiem_nhiem": case.say("CO_KHONG", "KHONG" if unit.code == "VP" else "CO"),
        "ty_le_thoi_gian": rng.choice((10, 15, 20, 25, 30)),
        "so_nam_lam_tdkt": rng.randint(1, 9),
        "gio_dien_mau": rng.choice((3, 4, 5, 6)),
        "tong_so_cong_chuc": len(case.rows),
        "so_nu": sum(r.person.woman for r in case.rows),
        "tong_xa": communes,
        "xa_dbkk": min(communes, 2 + 2 * unit.difficulty) if communes else None,
    }


def _meeting(case: Case) -> dict[str, Cell]:
    rng, code = case.rng, case.unit.code
    comments = rng.choice((0, 0, 0, 1, 2))
    return {
        "ngay_hop": case.meeting,
        "chu_tri": case.head.person.name,
        "thu_ky": case.clerk.person.name,
        "tong_thanh_vien": len(case.rows),
        "so_co_mat": case.present,
        "so_y_kien_van_ban": len(case.rows) - case.present,
        "hinh_thuc_bieu_quyet": case.say("BIEU_QUYET", "KIN"),
        "so_bien_ban": f"{rng.randint(2, 9):02d}/BB-{code}",
        "ngay_bien_ban": case.minutes,
        "so_to_trinh": f"{rng.randint(10, 40)}/TTr-{code}",
        "ngay_to_trinh": case.letter,
        "niem_yet_tu": case.posted[0],
        "niem_yet_den": case.posted[1],
        "noi_niem_yet": rng.choice(("Bảng tin cơ quan", "Bảng tin và nhóm nội bộ", "Trang tin nội bộ")),
        "so_y_kien": comments,
        "so_y_kien_da_giai_quyet": comments,
    }


def _leadership(case: Case) -> dict[str, Cell]:
    rng, code = case.rng, case.unit.code
    ruled = rng.random() < 0.7
    return {
        "trien_khai_phong_trao": case.say("CO_KHONG", "CO"),
        "vb_lanh_dao_so": f"{rng.randint(1, 9):02d}-KH/CB",
        "vb_lanh_dao_ngay": dt.date(2026, 1, rng.randint(5, 25)),
        "so_lan_cap_uy_ban": rng.randint(1, 4),
        "quy_che_so": f"{rng.randint(1, 5):02d}/QC-{code}" if ruled else None,
        "quy_che_ngay": dt.date(2025, 8, rng.randint(1, 28)) if ruled else None,
        "can_cu_phap_ly": _LEGAL_BASIS,
        "quy_dinh_nghi": case.say("CO_KHONG", "KHONG"),
        "so_nam_nghi": None,
        "moc_nghi": None,
        "quy_dinh_ngang": rng.choice(("Không có", "Không có", "Ưu tiên nữ, ưu tiên người trực tiếp công tác")),
        "diem_nhan_thuc": rng.choice((None, None, 82.0, 88.5)),
        "ton_tai_khac": rng.choice((None, None, "Người làm công tác thi đua thay đổi giữa kỳ.")),
        "xac_nhan": case.say("XAC_NHAN", "DA_XAC_NHAN"),
    }


def _ratings(case: Case) -> dict[str, Cell]:
    unit = "HTNV" if case.low else "HTXSNV" if case.excellent else "HTTNV"
    party = "HTTNV" if unit == "HTNV" else unit
    rate = {"xep_loai_don_vi": unit, "xep_loai_tccsd": party, "xep_loai_cong_doan": "HTTNV"}
    return {
        **{name: case.say("XEP_LOAI", code) for name, code in rate.items()},
        "xep_loai_doan_tn": case.say("XEP_LOAI", case.rng.choice(("HTTNV", "HTXSNV"))),
        "xep_loai_phu_nu": case.say("XEP_LOAI", "HTTNV"),
        "xep_loai_ccb": None,
        "so_vu_viec_tap_the": 0,
    }


def staff_page(case: Case) -> Page:
    """NHAN_SU: everybody, in the unit's order."""
    return [_staff_row(case, row) for row in case.rows]


def _staff_row(case: Case, row: PersonYear) -> dict[str, Cell]:
    p = row.person
    rated = row.rating != "CHUA_XL"
    party = row.rating if p.party else "KHONG_DANG"
    return {
        "ma_cc": p.code,
        "ho_ten": p.name,
        "ngay_sinh": p.born,
        "gioi_tinh": case.say("GIOI_TINH", p.sex),
        "chuc_vu": row.post,
        "chuc_danh": case.say("CHUC_DANH", row.rank),
        "nhom_doi_tuong": case.say("NHOM_DOI_TUONG", row.group),
        "to_cong_tac": row.team or None,
        "ngay_tuyen_dung": p.recruited,
        "ngay_ve_don_vi": row.joined,
        "xep_loai_cc": case.say("XEP_LOAI", row.rating),
        "ngay_xep_loai": case.meeting - dt.timedelta(days=5) if rated else None,
        "diem_danh_gia": row.score,
        "xep_loai_dv": case.say("XEP_LOAI_DANG", party),
    }


def events_page(case: Case) -> Page:
    """BIEN_DONG: leave, training, discipline, arrivals."""
    page: Page = []
    for row in case.rows:
        if row.event:
            kind = case.say("BIEN_DONG", row.event)
            page.append({"ma_cc": row.person.code, "loai": kind, **_event(case, row)})
    return page


def _event(case: Case, row: PersonYear) -> dict[str, Cell]:
    rng = case.rng
    start = dt.date(PERIOD_YEAR, rng.randint(1, 4), rng.randint(1, 28))
    if row.event == "NGHI_THAI_SAN":
        return {
            "tu_ngay": start,
            "den_ngay": start + dt.timedelta(days=182),
            "so_qd": f"{rng.randint(10, 40)}/QĐ-VKS",
            "ngay_qd": start - dt.timedelta(days=12),
        }
    if row.event == "NGHI_OM":
        return {"tu_ngay": start, "den_ngay": start + dt.timedelta(days=int(30.5 * row.months_off))}
    if row.event == "DAO_TAO":
        return {
            "tu_ngay": start,
            "den_ngay": start + dt.timedelta(days=95),
            "ket_qua_dao_tao": case.say("KET_QUA_DAO_TAO", "KHA"),
            "ghi_chu": "Bồi dưỡng nghiệp vụ",
        }
    if row.event == "CHUYEN_DEN":
        old = case.say("DON_VI", case.moved_from[row.person.code])
        return {
            "tu_ngay": row.joined,
            "don_vi_lien_quan": old,
            "y_kien_dv_cu": case.say("CO_KHONG", "CO"),
            "so_qd": f"{rng.randint(40, 80)}/QĐ-VKS",
            "ngay_qd": row.joined - dt.timedelta(days=10),
        }
    signed = dt.date(PERIOD_YEAR, 6, rng.randint(1, 28))
    return {
        "tu_ngay": signed,
        "hinh_thuc_ky_luat": case.say("KY_LUAT", "KHIEN_TRACH"),
        "so_qd": f"{rng.randint(100, 180)}/QĐ-VKS",
        "ngay_qd": signed,
        "het_hieu_luc": signed + dt.timedelta(days=365),
        "ma_vi_pham": f"VP-{case.unit.code}-01",
        "ghi_chu": "Chậm thời hạn kiểm sát",
    }


def history_page(case: Case) -> Page:
    """LICH_SU: what the province filled in: the unit's own titles and those of its people."""
    page: Page = []
    for subject in (case.unit.code, *(r.person.code for r in case.rows)):
        for award in sorted(case.awards.get(subject, ()), key=lambda a: (a.year, a.what)):
            if award.what == "LDTT" and award.year < PERIOD_YEAR - _LDTT_YEARS:
                continue
            page.append(
                {
                    "ma_doi_tuong": award.subject,
                    "ten_doi_tuong": award.name,
                    "nam": award.year,
                    "danh_hieu": None if award.is_form else case.say("DANH_HIEU", award.what),
                    "hinh_thuc": case.say("HINH_THUC", award.what) if award.is_form else None,
                    "loai_hinh": case.say("LOAI_HINH", "NIEN_HAN" if award.what == "KNC" else "CONG_TRANG"),
                    "so_qd": award.number,
                    "ngay_qd": award.signed,
                    "co_quan_qd": award.issuer,
                    "don_vi_luc_do": case.say("DON_VI", award.unit),
                    "tinh_trang": case.say("TINH_TRANG_QD", "HIEU_LUC"),
                }
            )
    return page
