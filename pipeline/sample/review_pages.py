"""The pages of the review: SANG_KIEN, DE_NGHI, PHIEU, HO_SO, GIAI_TRINH."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from pipeline.sample.career import PersonYear
from pipeline.sample.case import Case, Cell, Page
from pipeline.sample.deeds import deed
from pipeline.sample.record import advanced
from pipeline.sample.shape import PERIOD_YEAR

_FORMS = ("GK", "BK", "KNC")
_LINES = 64  #: more than a unit of the default province nominates
#: Share of all members that the vote in a unit must reach.
_ENOUGH_VOTES = 0.7
_TOPICS = (
    "Sổ theo dõi điện tử thời hạn tạm giam",
    "Bảng nhắc hạn giải quyết tin báo",
    "Mẫu kiểm tra hồ sơ trước phiên tòa",
    "Cách lập danh mục chứng cứ số",
    "Quy trình phối hợp đọc hồ sơ hai bước",
    "Bộ câu hỏi xét hỏi theo tội danh",
    "Sơ đồ hóa vụ án nhiều bị can",
    "Cách tổng hợp vi phạm để kiến nghị",
    "Lịch trực kiểm sát chung của đơn vị",
)


@dataclass
class Nomination:
    """One line of DE_NGHI."""

    code: str
    row: PersonYear | None  #: None: the collective
    what: str
    proposed: bool
    path: str = "TIEU_CHUAN_CHUNG"
    basis: str = ""
    kind: str = "CONG_TRANG"
    movement: str = ""
    order: int | None = None


def initiatives_page(case: Case, proposed: set[str]) -> Page:
    """SANG_KIEN: one initiative for each who has one; `proposed` for CSTĐ ngành have a sector-level one."""
    page: Page = []
    number = 0
    if not any(row.initiatives for row in case.rows):
        next(r for r in reversed(case.rows) if r.eligible).initiatives = 1
    for row in case.rows:
        if not row.initiatives:
            continue
        number += 1
        partner = next((r for r in case.rows if r is not row and r.eligible), None)
        shared = partner is not None and row.person.code not in proposed and case.rng.random() < 0.3
        for author, share in ((row, 60.0), (partner, 40.0)) if shared else ((row, 100.0),):
            assert author is not None
            page.append(_initiative(case, number, author, share, row.person.code in proposed))
    return page


def _initiative(case: Case, number: int, author: PersonYear, share: float, sector: bool) -> dict[str, Cell]:
    topic = _TOPICS[(number * 2 + len(case.unit.code) + sum(map(ord, case.unit.code))) % len(_TOPICS)]
    return {
        "ma_sk": f"SK{number:02d}",
        "ten": f"{topic} ({case.unit.code})",
        "hinh_thuc": case.say("HINH_THUC_SK", "CHUYEN_DE" if sector else "GIAI_PHAP"),
        "tac_gia": author.person.code,
        "ty_le": share,
        "ngay_ap_dung": dt.date(2026, 1 + number % 4, 5 + number % 20),
        "ngay_de_nghi": dt.date(2026, 8, 3 + number % 20),
        "cap_cong_nhan": case.say("CAP_SK", "NGANH" if sector else "CO_SO"),
        "so_qd": f"{70 + number}/QĐ-VKS{'TC' if sector else ''}",
        "ngay_qd": dt.date(2026, 10, 8 + number % 9),
        "pham_vi": "Toàn ngành" if sector else "Toàn tỉnh",
        "hieu_qua_so": f"Giảm {15 + 5 * (number % 4)} % thời gian tra cứu",
    }


def chain_of(case: Case) -> list[PersonYear]:
    """People proposed for CSTĐ ngành: three CSTĐCS years running with the present one; or a broken chain."""
    found = []
    for row in case.rows:
        held = case.awards.get(row.person.code, ())
        won = {a.year for a in held if a.what == "CSTDCS"}
        whole = {PERIOD_YEAR - 1, PERIOD_YEAR - 2} <= won and "CSTDCS" in row.titles
        had = any(a.what == "CSTD_NGANH" and a.year > PERIOD_YEAR - 4 for a in held)
        if (whole and not had) or row.person.code == case.broken_chain:
            found.append(row)
            row.initiatives = max(1, row.initiatives)
    return found


def nominate(case: Case, initiatives: Page, chains: list[PersonYear]) -> list[Nomination]:
    """Decide every line of DE_NGHI, people considered and not proposed included."""
    lines: list[Nomination] = []
    of_person = {str(i["tac_gia"]): str(i["ma_sk"]) for i in reversed(initiatives)}

    def add(row: PersonYear | None, what: str, proposed: bool, **more: str | int | None) -> None:
        lines.append(Nomination(f"DN{len(lines) + 1:02d}", row, what, proposed, **more))  # type: ignore[arg-type]

    for row in case.rows:
        if "LDTT" in row.titles or (row.eligible and row.rating != "CHUA_XL"):
            add(row, "LDTT", "LDTT" in row.titles)
    candidates = sorted((r for r in case.rows if r.considered), key=lambda r: "CSTDCS" not in r.titles)
    for order, row in enumerate(candidates, start=1):
        by_rating = row.rating == "HTXSNV"
        basis = "" if by_rating else of_person.get(row.person.code, "")
        won = "CSTDCS" in row.titles
        path = "XEP_LOAI" if by_rating else "SANG_KIEN" if basis else "TIEU_CHUAN_CHUNG"
        add(row, "CSTDCS", won, path=path, basis=basis, order=order if won else None)
    for row in chains:
        add(row, "CSTD_NGANH", True, path="CHUOI_NAM", basis=of_person[row.person.code], order=1)
    for row in _for_diploma(case, chains):
        add(row, "BK", True, path="CHUOI_NAM", order=1)
    _special(case, add)
    if advanced(case.rows) or case.low:
        add(None, "TTLDTT", not case.low)
        if case.excellent:
            add(None, "TTLDXS", True)
    return lines


def settle_head(case: Case) -> None:
    """Leave the head to the title that fits the collective's; the place goes to the next who was considered."""
    head = case.head
    if case.heads_first or not head.considered:
        return
    head.considered = False
    if "CSTDCS" in head.titles:
        head.titles.remove("CSTDCS")
        nxt = next((r for r in case.rows if r.considered and "CSTDCS" not in r.titles), None)
        if nxt is not None:
            nxt.titles.append("CSTDCS")
            nxt.initiatives = max(nxt.initiatives, int(nxt.rating != "HTXSNV"))


def _for_diploma(case: Case, chains: list[PersonYear]) -> list[PersonYear]:
    found = []
    for row in case.rows:
        held = case.awards.get(row.person.code, ())
        pair = any(a.what == "CSTDCS" and a.year == PERIOD_YEAR - 1 for a in held) and "CSTDCS" in row.titles
        if pair and row not in chains and not any(a.what == "BK" and a.year >= PERIOD_YEAR - 2 for a in held):
            found.append(row)
    return found


def _special(case: Case, add: object) -> None:
    """Giấy khen for a movement, and the medal for long service, in some units."""
    assert callable(add)
    ready = [r for r in case.rows[1:] if "LDTT" in r.titles and "CSTDCS" not in r.titles and not r.event]
    if ready and case.rng.random() < 0.5:
        add(ready[-1], "GK", True, kind="CHUYEN_DE", movement="PT6", order=1)
    veterans = [
        r
        for r in ready
        if PERIOD_YEAR - r.person.recruited.year > 15
        and r.rank != "HDLD"
        and not any(a.what == "KNC" for a in case.awards.get(r.person.code, ()))
    ]
    if veterans and case.rng.random() < 0.4:
        add(veterans[0], "KNC", True, kind="NIEN_HAN", path="KHAC", order=1)


def nominations_page(case: Case, lines: list[Nomination]) -> Page:
    """DE_NGHI."""
    page: Page = []
    for line in lines:
        subject = line.row.person if line.row else None
        form = line.what in _FORMS
        page.append(
            {
                "ma_dn": line.code,
                "doi_tuong": case.say("DOI_TUONG", "CN" if subject else "TT"),
                "ma_doi_tuong": subject.code if subject else case.unit.code,
                "ten_doi_tuong": subject.name if subject else case.unit.name,
                "danh_hieu": None if form else case.say("DANH_HIEU", line.what),
                "hinh_thuc": case.say("HINH_THUC", line.what) if form else None,
                "loai_hinh": case.say("LOAI_HINH", line.kind),
                "phong_trao": case.label("PHONG_TRAO", line.movement),
                "ket_qua": case.say("KET_QUA_XET", "DE_NGHI" if line.proposed else "KHONG_DE_NGHI"),
                "duong_tieu_chuan": case.say("DUONG_TIEU_CHUAN", line.path) if line.proposed else None,
                "ma_can_cu": line.basis or None,
                "thu_tu": line.order,
                "thanh_tich": _deeds(case, line) if line.proposed else None,
            }
        )
    return page


def _deeds(case: Case, line: Nomination) -> str:
    rng = case.rng
    told = deed(rng, case.number * _LINES + int(line.code[2:]))
    if line.row is None:
        return f"Tập thể {case.unit.name}: vượt {rng.randint(6, 12)}/14 chỉ tiêu; {told[0].lower()}{told[1:]}"
    if line.basis:
        return f"{told} 01 sáng kiến ({line.basis}) đã áp dụng."
    return told


def ballots_page(case: Case, lines: list[Nomination]) -> Page:
    """PHIEU: one tally a line; the counts balance."""
    page: Page = []
    for line in lines:
        spoilt = case.rng.random() < 0.04 and case.present > _needed(case) + 2
        valid = case.present - spoilt
        agreed = _votes(case, line, valid)
        silent = int(agreed < valid and case.rng.random() < 0.2)
        page.append(
            {
                "ma_dn": line.code,
                "cap_hop": case.say("CAP_HOP", "DON_VI"),
                "vong": 1,
                "phieu_phat": case.present,
                "phieu_thu": case.present,
                "phieu_hop_le": valid,
                "phieu_khong_hop_le": case.present - valid,
                "dong_y": agreed,
                "khong_dong_y": valid - agreed - silent,
                "khong_y_kien": silent,
                "ket_luan": case.say("KET_QUA_XET", "DE_NGHI" if line.proposed else "KHONG_DE_NGHI"),
                "phieu_lien_quan": int(line.row is not None and agreed > _needed(case)),
            }
        )
    return page


def _votes(case: Case, line: Nomination, valid: int) -> int:
    if case.level and line.proposed:
        return valid
    if not line.proposed:
        return int(valid * case.rng.uniform(0.15, 0.45))
    low = 0.75 if line.what in ("CSTDCS", "CSTD_NGANH", "BK") else 0.85
    return min(valid, max(_needed(case) + 2, round(valid * case.rng.uniform(low, 1.02))))


def _needed(case: Case) -> int:
    """Votes that a proposal needs, of all members of the unit."""
    return math.ceil(_ENOUGH_VOTES * len(case.rows))


def dossiers_page(case: Case, lines: list[Nomination], unit: dict[str, Cell]) -> Page:
    """HO_SO: the papers of each proposal; numbers and dates as on DON_VI."""
    page: Page = []
    for line in lines:
        if not line.proposed:
            continue
        papers: list[tuple[str, Cell, dt.date]] = [
            ("TO_TRINH", unit["so_to_trinh"], case.letter),
            ("BIEN_BAN", unit["so_bien_ban"], case.minutes),
            ("KIEM_PHIEU", unit["so_bien_ban"], case.minutes),
            ("BAO_CAO_TT", "Không số", case.meeting - dt.timedelta(days=2)),
        ]
        if line.what not in _FORMS:
            papers.append(("DANG_KY", f"02/ĐK-{case.unit.code}", dt.date(PERIOD_YEAR - 1, 12, 22)))
        if line.basis:
            papers.append(("XN_SANG_KIEN", "Không số", case.meeting - dt.timedelta(days=9)))
        elif line.path == "XEP_LOAI":
            papers.append(("QD_XEP_LOAI", "Không số", case.meeting - dt.timedelta(days=5)))
        if line.row and line.row.event == "CHUYEN_DEN":
            papers.append(("Y_KIEN_DV_CU", "Không số", case.meeting - dt.timedelta(days=12)))
        page += [
            {
                "ma_dn": line.code,
                "loai_giay": case.say("LOAI_GIAY", kind),
                "co": case.say("TINH_TRANG_GIAY", "CO"),
                "so": number,
                "ngay": day,
            }
            for kind, number, day in papers
        ]
    return page


def reasons_page(case: Case) -> Page:
    """GIAI_TRINH: what the unit tells of its own accord."""
    if not case.forged and case.rng.random() > 0.15:
        return []
    return [
        {
            "ma_phat_hien": "LP-01",
            "doi_tuong": case.unit.code,
            "ma_ly_do": case.say("LY_DO", "CHUYEN_CONG_TAC"),
            "noi_dung": "Người được tặng năm trước đã chuyển công tác; năm nay xét trong số người còn lại.",
            "nguoi_giai_trinh": case.head.person.name,
            "ngay": case.letter,
        }
    ]
