"""The pages of the work itself: CHI_TIEU, HOAT_DONG, DIEN_HINH."""

from __future__ import annotations

import datetime as dt

from pipeline.sample.case import Case, Cell, Page
from schemas.province.defaults import SCORE_TABLE

#: Criterion → unit of measure, target, typical result beyond it (as a share of the target), denominator.
_MEASURES: dict[str, tuple[str, float, float, int | None]] = {
    "I.1": ("%", 90, 0.05, 62),
    "I.2": ("%", 95, 0.02, 48),
    "I.3": ("%", 5, -0.3, 48),
    "I.4": ("văn bản", 6, 0.15, None),
    "I.5": ("phiên", 6, 0.1, None),
    "I.6": ("vụ", 0, 0, None),
    "II.1": ("%", 95, 0.02, 40),
    "II.2": ("người", 0, 0, None),
    "II.3": ("mức", 1, 0, None),
    "III.1": ("%", 90, 0.05, 3),
    "III.2": ("điển hình", 2, 0.1, None),
    "III.3": ("lần", 1, 0, None),
    "IV.1": ("%", 90, 0.06, 50),
    "IV.2": ("sáng kiến", 1, 0.2, None),
}
_CASE_WORK = ("I.3", "I.6")
_HOUSES_WITHOUT_CASES = ("VP", "TT")
_OPEN_TASKS = (
    ("VIEC_MOI", "Số hóa hồ sơ kiểm sát của kỳ", "%", 80.0),
    ("VIEC_KHO", "Giải quyết việc tồn trên hai năm", "việc", 4.0),
)


def targets_page(case: Case) -> Page:
    """CHI_TIEU: every criterion of the score table, then new and hard tasks outside it."""
    page: Page = []
    skill = sum(r.recorded for r in case.rows) / len(case.rows)
    for row in SCORE_TABLE:
        code = str(row["ma"])
        line: dict[str, Cell] = {
            "ma_ct": f"CT{len(page) + 1:02d}",
            "ma_tieu_chi": case.say("TIEU_CHI", code),
            "noi_dung": row["ten"],
            "loai": case.say("LOAI_CHI_TIEU", "DOT_PHA" if code == "IV.1" else "THUONG_XUYEN"),
            "chieu": row["chieu"],
            "don_vi_tinh": _MEASURES[code][0],
        }
        if code in _CASE_WORK and case.unit.code in _HOUSES_WITHOUT_CASES:
            line["ly_do_khong_phat_sinh"] = "Đơn vị không được giao nhiệm vụ này"
        else:
            line |= _result(case, code, float(str(row["diem_chuan"])), skill)
        page.append(line)
    for kind, name, measure, target in _OPEN_TASKS:
        page.append(_open_task(case, len(page) + 1, kind, name, measure, target))
    return page


def _result(case: Case, code: str, points: float, skill: float) -> dict[str, Cell]:
    rng = case.rng
    _, target, beyond, base = _MEASURES[code]
    whole = base is None
    if target == 0:
        done = 1.0 if code == "II.2" and any(r.event == "KY_LUAT" for r in case.rows) else 0.0
    elif code == "II.3":
        done = 1.0 if case.excellent else rng.choice((1.0, 0.8, 0.8))
    elif code == "III.3":
        done = 1.0
    else:
        better = 0.06 * skill + rng.gauss(0, 0.08)
        done = target * (1 + beyond * rng.uniform(0.2, 1.2) + (better if beyond > 0 else -4 * better))
        done = max(0.0, float(round(done)) if whole else round(done, 1))
        if case.excellent and target:
            done = max(done, target + (1 if whole else 0.5)) if beyond > 0 else min(done, target)
    percent = _MEASURES[code][0] == "%"
    done = min(done, 100.0) if percent else done
    worker = rng.choice([r for r in case.rows if r.eligible])
    before = round(min(100.0, done * rng.uniform(0.94, 1.03)), 1) if percent else max(0.0, done - 1)
    if code == "IV.1":
        before = round(target * rng.uniform(0.9, 0.98), 1)  # a breakthrough aims higher than the year before
    return {
        "chi_tieu": target,
        "thuc_hien": done,
        "mau_so": base + rng.randint(-9, 20) if base and base > 9 else base,
        "nam_truoc": before,
        # Nobody claims every point: inner discipline is never scored full.
        "diem_tu_cham": round(points * min(_share(code, target, done), 0.9 if code == "II.3" else 1.0), 1),
        "minh_chung": f"BC {rng.randint(20, 90)}/BC-{case.unit.code}",
        "nguoi_phu_trach": worker.person.code,
    }


def _share(code: str, target: float, done: float) -> float:
    """Share of the points that a result earns; nothing is earned beyond the target."""
    if code in ("I.3", "I.6", "II.2"):
        return 1.0 if done <= target else (target / done if target else 0.0)
    return min(1.0, done / target)


def _open_task(case: Case, number: int, kind: str, name: str, measure: str, target: float) -> dict[str, Cell]:
    done = target * case.rng.choice((1.0, 1.1, 1.25, 1.0 if case.excellent else 0.9))
    return {
        "ma_ct": f"CT{number:02d}",
        "noi_dung": name,
        "loai": case.say("LOAI_CHI_TIEU", kind),
        "chieu": case.say("CHIEU", "CAO"),
        "don_vi_tinh": measure,
        "chi_tieu": target,
        "thuc_hien": round(min(done, 100.0), 1),
        "minh_chung": f"KH {case.rng.randint(5, 30)}/KH-{case.unit.code}",
        "nguoi_phu_trach": case.head.person.code,
    }


def self_score(targets: Page) -> float:
    """Sum of the self-scored points, as DON_VI states it."""
    return round(sum(float(str(t["diem_tu_cham"])) for t in targets if t.get("diem_tu_cham") is not None), 1)


_CYCLE = (("KE_HOACH", 1, 8), ("PHAT_DONG", 1, 20), ("KIEM_TRA", 5, 12), ("SO_KET", 7, 3), ("TONG_KET", 10, 20))
_ENDED = ("PT2", "PT3", "PT4", "PT5")
#: Other work of a year: kind, day, led by, with, how, theme.
_OTHER: tuple[tuple[str, dt.date, str, str, str, str], ...] = (
    ("XAC_DINH_DOT_PHA", dt.date(2025, 12, 15), "CHINH_QUYEN", "CHI_BO", "VAN_BAN", ""),
    ("QUAN_TRIET", dt.date(2026, 2, 6), "CHI_BO", "CONG_DOAN", "HOI_NGHI", "LUAT_TDKT"),
    ("QUAN_TRIET", dt.date(2026, 3, 12), "CAP_UY", "CHINH_QUYEN", "HOI_NGHI", "CT34"),
    ("TUYEN_TRUYEN", dt.date(2026, 4, 22), "DOAN_TN", "CONG_DOAN", "TRUC_TUYEN", "HT_BAC"),
    ("PHOI_HOP", dt.date(2026, 5, 19), "CONG_DOAN", "PHU_NU", "HOI_THI", "VB_NGANH"),
    ("KIEM_TRA_KT", dt.date(2026, 9, 9), "CHINH_QUYEN", "CHI_BO", "VAN_BAN", "LUAT_TDKT"),
    ("TRAO_TANG", dt.date(2026, 1, 30), "CHINH_QUYEN", "CONG_DOAN", "HOI_NGHI", ""),
    ("TRAO_TANG", dt.date(2026, 4, 10), "CHINH_QUYEN", "CONG_DOAN", "HOI_NGHI", ""),
    ("PHOI_HOP", dt.date(2026, 10, 20), "PHU_NU", "CONG_DOAN", "HOI_NGHI", "HT_BAC"),
)


def activities_page(case: Case) -> Page:
    """HOAT_DONG: the whole yearly cycle of the running movements, the end of the old ones, and other work."""
    page: Page = []
    for movement in _ENDED:
        day = dt.date(2025, 12, 18 + _ENDED.index(movement))
        _log(case, page, "TONG_KET", day, movement, "CHINH_QUYEN", "CHI_BO", "HOI_NGHI", "")
    for movement, shift in (("PT1", 0), ("PT6", 2), ("PT7", 4)):
        leader = case.rng.choice(("CHI_BO", "CHINH_QUYEN", "CONG_DOAN"))
        for kind, month, day_of_month in _CYCLE:
            day = dt.date(2026, month, day_of_month + shift + case.rng.randint(0, 3))
            how = "VAN_BAN" if kind == "KE_HOACH" else case.rng.choice(("HOI_NGHI", "THUC_DIA", "TRUC_TUYEN"))
            _log(
                case, page, kind, day, movement, leader, "DOAN_TN", how, "KL01" if movement == "PT1" else "CAI_CACH_HC"
            )
    for kind, day, leader, partner, how, theme in _OTHER:
        _log(case, page, kind, day, "", leader, partner, how, theme)
    page.sort(key=lambda row: str(row["ngay"]))
    for number, row in enumerate(page, start=1):
        row["ma_hd"] = f"HD{number:02d}"
    return page


def _log(
    case: Case, page: Page, kind: str, day: dt.date, movement: str, leader: str, partner: str, how: str, theme: str
) -> None:
    rng, n = case.rng, len(case.rows)
    launched = kind == "PHAT_DONG"
    criteria = rng.randint(4, 7)
    reviewed = kind in ("SO_KET", "TONG_KET", "KIEM_TRA")
    papers = {"KE_HOACH": "KH", "SO_KET": "BC", "TONG_KET": "BC", "KIEM_TRA": "TB", "KIEM_TRA_KT": "TB"} | {
        "QUAN_TRIET": "TB",
        "TUYEN_TRUYEN": "KH",
    }
    paper = f"{rng.randint(3, 60):02d}/{papers[kind]}-{case.unit.code}" if kind in papers else None
    partners = (partner, "PHU_NU") if launched else (partner,)
    page.append(
        {
            "ma_hd": "",
            "loai": case.say("LOAI_HOAT_DONG", kind),
            "phong_trao": case.label("PHONG_TRAO", movement),
            "ngay": day,
            "so_van_ban": paper,
            "chu_tri": case.say("CHU_TRI", leader),
            "phoi_hop": "; ".join(case.say("CHU_TRI", p) for p in partners),
            "hinh_thuc": case.say("HINH_THUC_HD", how),
            "so_tieu_chi": criteria if launched else None,
            "tieu_chi_do_duoc": criteria - rng.randint(0, 2) if launched else None,
            "so_tham_gia": max(2, n - rng.randint(0, 2)),
            "ket_qua_so": _outcome(case, movement) if reviewed else None,
            "gan_chi_tieu": "CT01; CT13" if movement == "PT6" and launched else "CT01" if launched else None,
            "gan_voi": case.label("GAN_VOI", theme),
        }
    )


def _outcome(case: Case, movement: str) -> str:
    rng = case.rng
    return {
        "PT4": f"Ủng hộ {rng.randint(2, 9)} triệu đồng, {rng.randint(10, 40)} ngày công",
        "PT5": f"Giúp {rng.randint(1, 4)} hộ nghèo, {rng.randint(3, 12)} triệu đồng",
        "PT6": f"Số hóa {rng.randint(60, 99)} % hồ sơ",
        "PT7": f"Giúp {rng.randint(1, 3)} xã, {rng.randint(4, 15)} triệu đồng",
    }.get(movement, f"{rng.randint(85, 100)} % công chức đăng ký, {rng.randint(1, 4)} việc tốt được ghi nhận")


def exemplars_page(case: Case) -> Page:
    """DIEN_HINH: one to three of its own, the first through all four stages, and one taken over from a neighbour."""
    rng, page = case.rng, []
    chosen = [r for r in case.rows[1:] if r.eligible][: rng.randint(1, 3)]
    giver, taker = _neighbours(case)
    own = case.say("DON_VI", case.unit.code)
    for number, row in enumerate(chosen, start=1):
        model = number == 2
        stages = 4 if number == 1 else rng.randint(1, 3)
        found = dt.date(2026, 2 if number == 1 else 7, rng.randint(1, 25))
        line: dict[str, Cell] = {
            "ma_dh": f"DH{number:02d}",
            "loai": case.say("LOAI_DIEN_HINH", "MO_HINH" if model else "DIEN_HINH"),
            "ten": f"Tổ số hóa hồ sơ kiểm sát {case.unit.code}" if model else row.person.name,
            "ma_cc": None if model else row.person.code,
            "don_vi_phat_hien": own,
            "ngay_phat_hien": found,
            "mo_ta": f"Giải quyết {rng.randint(20, 60)} việc, không quá hạn",
        }
        if stages >= 2:
            line |= {"ngay_boi_duong": found + dt.timedelta(days=40), "hinh_thuc_boi_duong": "Giao làm báo cáo viên"}
        if stages >= 3:
            line["ngay_tong_ket"] = found + dt.timedelta(days=190 if number == 1 else 80)
        if stages >= 4:
            line |= {
                "ngay_nhan_rong": found + dt.timedelta(days=225),
                "kenh": "Trang tin của ngành",
                "noi_nhan_rong": case.say("DON_VI", taker) if taker else own,
            }
        page.append(line)
    if giver:
        page.append(_taken_over(case, giver, len(page) + 1))
    return page


def _neighbours(case: Case) -> tuple[str, str]:
    """Units before and after this one in the list, among those that multiply exemplars; empty for none."""
    ring = [u for u in case.lists.labels["DON_VI"] if u[:1] in "PK"]
    if case.unit.code not in ring or len(ring) < 2:
        return "", ""
    at = ring.index(case.unit.code)
    return ring[at - 1], ring[(at + 1) % len(ring)]


def _taken_over(case: Case, giver: str, number: int) -> dict[str, Cell]:
    """What the unit does since the neighbour's exemplar was multiplied to it."""
    started = dt.date(2026, 9, 20 + len(giver))
    return {
        "ma_dh": f"DH{number:02d}",
        "loai": case.say("LOAI_DIEN_HINH", "MO_HINH"),
        "ten": f"Học theo điển hình của {giver}",
        "don_vi_phat_hien": case.say("DON_VI", giver),
        "ngay_phat_hien": started,
        "ngay_boi_duong": started + dt.timedelta(days=6),
        "hinh_thuc_boi_duong": "Tập huấn tại chỗ",
        "mo_ta": f"Áp dụng cho {case.rng.randint(10, 40)} hồ sơ từ tháng 10",
    }
