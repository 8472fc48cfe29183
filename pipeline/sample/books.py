"""The province's own two workbooks: cau-hinh.xlsx and lich-su.xlsx."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast, overload

from pipeline.sample.career import PersonYear
from pipeline.sample.case import Case, Cell, Page, Pages
from pipeline.sample.record import Award, Record
from pipeline.sample.shape import (
    AREA_START,
    COUNCIL_MEETS,
    OFFICE_ADDRESS,
    PERIOD,
    PERIOD_END,
    PERIOD_START,
    PERIOD_YEAR,
    PROVINCE,
    SEASON_END,
    SUBMIT_TO,
    Unit,
)
from pipeline.template import Contents, write_book
from schemas.columns import BookSpec, Identity
from schemas.province import CONFIGURATION, HISTORY
from schemas.province.defaults import MOVEMENTS, SCORE_TABLE, TITLES
from schemas.vocabularies import MARKS, Lists

CONFIGURATION_FILE, HISTORY_FILE = "cau-hinh.xlsx", "lich-su.xlsx"
_MADE = dt.datetime(2026, 10, 20, 9, 0)
_COUNCIL_UNITS = 6
_CANDIDATE_YEARS = 6  #: past years of which minutes with tallies are kept
Rows = Sequence[Mapping[str, Cell]]


class LazyRows(Sequence[Mapping[str, Cell]]):
    """Rows built when asked for: a large province has hundreds of thousands of them."""

    def __init__(self, items: Sequence[Any], make: Callable[[Any], dict[str, Cell]]) -> None:
        """Keep the items; `make` turns one into a row."""
        self._items, self._make = items, make

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._items)

    def __iter__(self) -> Iterator[Mapping[str, Cell]]:
        """Build the rows one after another."""
        return map(self._make, self._items)

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Cell]: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> Mapping[str, Cell] | Rows:
        """Build one row, or a lazy part."""
        if isinstance(at, slice):
            return LazyRows(self._items[at], self._make)
        return self._make(self._items[at])


def configuration_pages(record: Record, lists: Lists, found: Sequence[Case]) -> Pages:
    """Fill cau-hinh.xlsx."""
    return {
        "KY_XET": [_period(lists)],
        "DON_VI": [_unit_row(record, lists, u) for u in record.shape.every],
        "HOI_DONG": _council(record, lists),
        "DANH_HIEU": TITLES,
        "BANG_DIEM": SCORE_TABLE,
        "PHONG_TRAO": MOVEMENTS,
        "THAM_SO": _parameters(record, found),
        "MIEN_AP_DUNG": _waivers(record, found),
        "DIEM_THAM_DINH": appraised_scores(found),
        "DIEM_TRU": _deductions(lists, found),
        "PHIEU_CUM": _block_ballots(record, lists, found),
        "DIEU_KIEN_LOAI": _gates(lists, found),
    }


def _period(lists: Lists) -> dict[str, Cell]:
    return {
        "ky_xet": PERIOD,
        "nam": PERIOD_YEAR,
        "tu_ngay": PERIOD_START,
        "den_ngay": PERIOD_END,
        "ket_thuc_mua": SEASON_END,
        "ngay_hop_hoi_dong": COUNCIL_MEETS,
        "ten_co_quan_cap_tren": "VIỆN KIỂM SÁT NHÂN DÂN TỐI CAO",
        "ten_co_quan": "VIỆN KIỂM SÁT NHÂN DÂN TỈNH MẪU",
        "dia_danh": "Tỉnh Mẫu",
        "don_vi_thuong_truc": SUBMIT_TO,
        "la_du_lieu_gia": lists.labels["CO_KHONG"]["CO"],
        "thu_van_phong": OFFICE_ADDRESS,
    }


def _unit_row(record: Record, lists: Lists, unit: Unit) -> dict[str, Cell]:
    ended = unit.until is not None
    return {
        "ma_don_vi": unit.code,
        "ten_don_vi": unit.name,
        "loai": lists.labels["LOAI_DON_VI"][unit.kind],
        "khoi": unit.block,
        "tu_ngay": unit.since,
        "den_ngay": unit.until,
        "ke_thua": unit.successor or None,
        "muc_kho": unit.difficulty,
        "thu_dien_tu": None if ended else unit.email,
        "han_nop": None if ended else unit.deadline,
        "bien_che": None if ended else len(record.present[unit.code]) + 1,
        "ngay_thanh_lap": unit.since,
        "ghi_chu": f"Nhập vào {unit.successor}" if ended else None,
    }


def _council(record: Record, lists: Lists) -> Page:
    posts = ("Viện trưởng VKSND tỉnh", "Phó Viện trưởng VKSND tỉnh", "Phó Viện trưởng VKSND tỉnh")
    roles = ("CHU_TICH", "PHO_CHU_TICH", "UY_VIEN_TT")
    rows: Page = [
        {
            "ho_ten": p.name,
            "chuc_vu": post,
            "vai_tro": lists.labels["VAI_TRO"][role],
            "ma_cc": p.code,
            "don_vi": None,
            "tu_ngay": AREA_START,
            "den_ngay": None,
        }
        for p, post, role in zip(record.leaders, posts, roles, strict=True)
    ]
    rooms = [u for u in record.shape.active if not u.area] or list(record.shape.active)
    for number, unit in enumerate(rooms[:_COUNCIL_UNITS]):
        head = record.present[unit.code][0]
        role = "THU_KY" if number == 0 else "UY_VIEN"
        rows.append(
            {
                "ho_ten": head.person.name,
                "chuc_vu": head.post,
                "vai_tro": lists.labels["VAI_TRO"][role],
                "ma_cc": head.person.code,
                "don_vi": unit.code,
                "tu_ngay": AREA_START,
                "den_ngay": None,
            }
        )
    return rows


def _parameters(record: Record, found: Sequence[Case]) -> Page:
    """One parameter that the province changed."""
    if not found:
        return []
    return [
        {
            "ma_quy_tac": "KT-03",
            "tham_so": "so_ngay",
            "gia_tri": "50",
            "tu_ngay": dt.date(PERIOD_YEAR, 1, 1),
            "den_ngay": None,
            "van_ban": "12/HD-VKS ngày 05/01/2026",
            "nguoi_chot": record.leaders[0].name,
            "ngay_chot": dt.date(PERIOD_YEAR, 1, 6),
        }
    ]


def _waivers(record: Record, found: Sequence[Case]) -> Page:
    """One rule that was waived for one unit."""
    return [
        {
            "ma_quy_tac": "SK-03",
            "don_vi": case.unit.code,
            "doi_tuong": None,
            "ly_do": "Hội đồng sáng kiến năm trước họp muộn",
            "van_ban": "31/TB-VKS ngày 02/11/2026",
            "nguoi_duyet": record.leaders[0].name,
            "ngay": dt.date(PERIOD_YEAR, 11, 2),
        }
        for case in found
        if case.unit.code == "P1"
    ]


def appraised_scores(found: Sequence[Case]) -> Page:
    """Points of three criteria a unit, near what a unit would claim."""
    rows: Page = []
    for case in found:
        rng = random.Random(f"appraised|{case.seed}|{case.unit.code}")
        for criterion in rng.sample([r for r in SCORE_TABLE if r["chieu"] == SCORE_TABLE[0]["chieu"]], 3):
            most = float(str(criterion["diem_chuan"]))
            lowered = rng.random() < 0.4
            rows.append(
                {
                    "don_vi": case.unit.code,
                    "ma_tieu_chi": criterion["ma"],
                    "diem": round(most * (rng.uniform(0.9, 0.97) if lowered else 1.0), 1),
                    "ly_do": "Số liệu thống kê thấp hơn báo cáo" if lowered else None,
                }
            )
    return rows


def _deductions(lists: Lists, found: Sequence[Case]) -> Page:
    yes, no = (lists.labels["CO_KHONG"][code] for code in ("CO", "KHONG"))
    disputed: Page = [
        {
            "don_vi": case.unit.code,
            "noi_dung": "Một vụ án bị hủy, đơn vị cho là không do lỗi của mình",
            "so_diem": 25.0,
            "van_ban": "Thông báo 22/TB-VKS",
            "thong_nhat": no,
        }
        for case in found
        if case.near_threshold
    ]
    return disputed + [
        {
            "don_vi": case.unit.code,
            "noi_dung": "Chậm báo cáo quý II",
            "so_diem": 5.0,
            "van_ban": "Thông báo 14/TB-VKS",
            "thong_nhat": yes,
        }
        for case in found[2::7]
    ]


def _block_ballots(record: Record, lists: Lists, found: Sequence[Case]) -> Page:
    rows: Page = []
    for case in found:
        if case.excellent:
            peers = sum(u.block == case.unit.block for u in record.shape.active)
            rows.append(
                {
                    "don_vi": case.unit.code,
                    "danh_hieu": lists.labels["DANH_HIEU"]["TTLDXS"],
                    "tong_thanh_vien": peers,
                    "phieu_phat": peers,
                    "phieu_thu": peers,
                    "phieu_hop_le": peers,
                    "dong_y": max(1, peers - 1),
                }
            )
    return rows


def _gates(lists: Lists, found: Sequence[Case]) -> Page:
    return [
        {
            "don_vi": case.unit.code,
            "dieu_kien": lists.labels["DIEU_KIEN_LOAI"]["XEP_LOAI"],
            "ket_luan": None,
            "ly_do": "Chờ Hội đồng xem xét",
        }
        for case in found
        if case.low
    ]


def history_pages(record: Record, lists: Lists) -> Pages:
    """Fill lich-su.xlsx: every award, every person-year, and the candidates of the years with minutes."""
    labels = lists.labels
    minutes = [r for r in record.past if r.considered and r.year >= PERIOD_YEAR - _CANDIDATE_YEARS]
    sizes: dict[tuple[str, int], int] = {}
    for row in record.past:
        sizes[row.unit, row.year] = sizes.get((row.unit, row.year), 0) + 1
    return {
        "KHEN_THUONG": LazyRows(record.awards, lambda award: _award_row(award, labels)),
        "NHAN_SU_NAM": LazyRows(record.past, lambda row: _roster_row(row, labels)),
        "UNG_CU": LazyRows(minutes, lambda row: _candidate_row(row, sizes[row.unit, row.year], record.seed, labels)),
        "HANG_NAM": _ranks_before(record, labels),
    }


def _ranks_before(record: Record, labels: Mapping[str, Mapping[str, str]]) -> Page:
    """Ranks of last year's units in their blocks, drawn by lot."""
    rng, year = random.Random(f"ranks|{record.seed}"), PERIOD_YEAR - 1
    rows: Page = []
    for block in dict.fromkeys(unit.block for unit in record.shape.active):
        members = [unit for unit in record.shape.active if unit.block == block and unit.since.year <= year]
        share = 100.0
        for rank, unit in enumerate(rng.sample(members, len(members)), start=1):
            share = round(share - rng.uniform(0.2, 2.5), 2)
            rows.append({
                "nam": year, "don_vi": labels["DON_VI"][unit.code], "khoi": block, "hang": rank,
                "so_don_vi": len(members), "ty_le": share,
            })  # fmt: skip
    return rows


def _award_row(award: Award, labels: Mapping[str, Mapping[str, str]]) -> dict[str, Cell]:
    form = award.is_form
    return {
        "doi_tuong": labels["DOI_TUONG"]["TT" if award.collective else "CN"],
        "ma_doi_tuong": award.subject,
        "ten_doi_tuong": award.name,
        "nam": award.year,
        "danh_hieu": None if form else labels["DANH_HIEU"][award.what],
        "hinh_thuc": labels["HINH_THUC"][award.what] if form else None,
        "loai_hinh": labels["LOAI_HINH"]["NIEN_HAN" if award.what == "KNC" else "CONG_TRANG"],
        "so_qd": award.number,
        "ngay_qd": award.signed,
        "co_quan_qd": award.issuer,
        "don_vi_luc_do": labels["DON_VI"][award.unit],
        "tinh_trang": labels["TINH_TRANG_QD"]["HIEU_LUC"],
    }


def _roster_row(row: PersonYear, labels: Mapping[str, Mapping[str, str]]) -> dict[str, Cell]:
    p = row.person
    partly = row.joined > dt.date(row.year - 1, 12, 1)
    return {
        "nam": row.year,
        "ma_cc": p.code,
        "ho_ten": p.name,
        "ngay_sinh": p.born,
        "gioi_tinh": labels["GIOI_TINH"][p.sex],
        "don_vi": labels["DON_VI"][row.unit],
        "to_cong_tac": row.team or None,
        "chuc_vu": row.post,
        "chuc_danh": labels["CHUC_DANH"][row.rank],
        "nhom_doi_tuong": labels["NHOM_DOI_TUONG"][row.group],
        "ngay_tuyen_dung": p.recruited,
        "ngay_ve_don_vi": row.joined,
        "tu_ngay": row.joined if partly else None,
        "den_ngay": None,
        "xep_loai": labels["XEP_LOAI"][row.rating],
        "diem": row.score,
        "so_sang_kien": row.initiatives,
        "ky_luat": labels["KY_LUAT"]["KHIEN_TRACH"] if row.event == "KY_LUAT" else None,
        "thang_nghi": row.months_off,
        "du_dieu_kien": labels["CO_KHONG"]["CO" if row.eligible else "KHONG"],
        "ly_do": row.reason or None,
    }


def _candidate_row(row: PersonYear, size: int, seed: int, labels: Mapping[str, Mapping[str, str]]) -> dict[str, Cell]:
    rng = random.Random(f"votes|{seed}|{row.person.code}|{row.year}")
    won = "CSTDCS" in row.titles
    share = rng.uniform(0.76, 1.0) if won else rng.uniform(0.1, 0.45)
    return {
        "nam": row.year,
        "don_vi": labels["DON_VI"][row.unit],
        "ma_doi_tuong": row.person.code,
        "danh_hieu": labels["DANH_HIEU"]["CSTDCS"],
        "phieu_phat": size,
        "phieu_hop_le": size,
        "dong_y": int(size * share) + won * (share < 1),
        "ket_qua": labels["KET_QUA_XET"]["DE_NGHI" if won else "KHONG_DE_NGHI"],
    }


def write_province_book(target: Path, spec: BookSpec, lists: Lists, pages: Pages) -> None:
    """Write one of the province's own workbooks."""
    write_book(
        target,
        spec,
        lists,
        Identity("", PROVINCE, PERIOD, spec.code, spec.version),
        cast(Contents, pages),
        created=_MADE,
        mark=MARKS["CO"],
    )


def write_books(folder: Path, record: Record, lists: Lists, found: Sequence[Case]) -> None:
    """Write cau-hinh.xlsx and lich-su.xlsx."""
    write_province_book(folder / CONFIGURATION_FILE, CONFIGURATION, lists, configuration_pages(record, lists, found))
    write_province_book(folder / HISTORY_FILE, HISTORY, lists, history_pages(record, lists))
