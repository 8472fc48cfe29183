"""Files with one slip each, written as they come from the unit: what KIEM_TRA and the run say of them.

`CASES` is what is wrong in each file: (sheet, row of entries, field) → the cell. A row below the last is a copy
of the last. `HIDDEN` are slips that KIEM_TRA does not see although the run does, `STRICTER` those that it sees
although the run does not; both are told in pipeline/template/self_check_formulas.py, self_check_links.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.findings import Finding, Severity
from pipeline.package import examine
from pipeline.reading import Uncached, read_book
from pipeline.template import Cell, Contents
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import Desk, book_bytes, province
from tests.end_to_end.filling import UNIT, SelfCheck, cell_of, rows_of, self_check, self_check_steps
from tests.end_to_end.office import Office, Step

Slips = Mapping[tuple[str, int, str], Cell]
D = dt.date
_FIRST_LINE, _COLUMNS = 8, 6
#: For LibreOffice to compute all files.
SECONDS = 300

#: KIEM_TRA's sentences by their first words: the findings that the run makes of the same slips.
SAME_AS = {
    "Ô bắt buộc": {"V-02.required", "V-02.conditional", "V-01.no_rows"},
    "Gõ sai": {f"V-03.{name}" for name in (
        "not_number", "number_two_ways", "not_integer", "out_of_range", "not_date", "too_long"
    )},
    "Mục không có": {"V-04.unknown", "V-04.near"},
    "Mã không có": {"V-06.unknown", "V-06.near"},
    "Dòng trùng": {"V-05.same_key"},
    "Ngày ngoài": {"V-09.outside", "V-09.swapped"},
    "Ngày sai thứ tự": {"V-09.order", "HS-02.order"},
    "Tổng số công chức": {"V-07.count"},
    "Số nữ": {"V-07.count"},
    "Tổng điểm": {"V-07.count"},
    "Tên khác": {"V-07.name"},
    "Kết luận": {"V-07.outcome"},
    "Tỷ lệ": {"V-07.shares"},
    "Mã đơn vị": {"V-08.cell_differs"},
    "Phiếu thu về nhiều hơn": {"QT-03.issued"},
    "Phiếu thu về khác": {"QT-03.returned"},
    "Phiếu hợp lệ khác": {"QT-03.valid"},
}  # fmt: skip
#: These lines share a kind of finding; the cell tells them apart.
ONLY_AT = {
    "Tổng số công chức": cell_of("DON_VI", "tong_so_cong_chuc"),
    "Số nữ": cell_of("DON_VI", "so_nu"),
    "Tổng điểm": cell_of("DON_VI", "tong_diem_tu_cham"),
}

CASES: Mapping[str, Slips] = {
    "nothing": {},
    # V-02
    "neither title nor form": {("DE_NGHI", 1, "danh_hieu"): None},
    "blanks instead of a name": {("NHAN_SU", 2, "ho_ten"): " \u00a0 "},
    # V-03
    "word among numbers": {("CHI_TIEU", 0, "thuc_hien"): "không có"},
    "number with its unit": {("HOAT_DONG", 0, "so_tham_gia"): "3 người"},
    "dash for nothing": {("DON_VI", 0, "tong_xa"): "-"},
    "thousand or decimal": {("CHI_TIEU", 0, "mau_so"): "1.234"},
    "numbers as text": {("CHI_TIEU", 0, "thuc_hien"): "93,5", ("CHI_TIEU", 0, "mau_so"): "1.234,5",
                        ("CHI_TIEU", 0, "nam_truoc"): " 0.125 %", ("DON_VI", 0, "ty_le_thoi_gian"): "+12"},
    "above the highest": {("NHAN_SU", 0, "diem_danh_gia"): 100.5, ("DON_VI", 0, "ty_le_thoi_gian"): 101},
    "below the lowest": {("DE_NGHI", 0, "thu_tu"): 0},
    "fraction of a person": {("HOAT_DONG", 0, "so_tham_gia"): 3.5, ("DON_VI", 0, "so_co_mat"): 2.5},
    "day that is not": {("NHAN_SU", 1, "ngay_tuyen_dung"): "31/11/2010", ("DON_VI", 0, "ngay_lap"): "12/13/2026"},
    "month alone": {("BIEN_DONG", 1, "ngay_qd"): "tháng 12/2025", ("GIAI_TRINH", 0, "ngay"): "5/2026"},
    "two digits of the year": {("HO_SO", 0, "ngay"): "6/11/26", ("HO_SO", 1, "ngay"): "6/1/26"},
    "days as text": {("NHAN_SU", 1, "ngay_tuyen_dung"): "15/11/2010", ("HO_SO", 0, "ngay"): "6.11.2026",
                     ("DON_VI", 0, "ngay_lap"): "ngày 12 tháng 11 năm 2026", ("HOAT_DONG", 1, "ngay"): "2026-06-30",
                     ("GIAI_TRINH", 0, "ngay"): "1-2-2026", ("NHAN_SU", 2, "ngay_sinh"): "29 / 02 / 1984"},
    "long code": {("HOAT_DONG", 1, "ma_hd"): "HD-" + "9" * 18},
    "long text": {("DON_VI", 0, "quy_dinh_ngang"): "chữ " * 151},
    # V-04
    "choice of another spelling": {("NHAN_SU", 0, "chuc_danh"): "Kiểm sát viên"},
    "choice in small letters": {("NHAN_SU", 1, "gioi_tinh"): "nữ", ("DON_VI", 0, "kiem_nhiem"): "CÓ"},
    "choice with a wildcard": {("HO_SO", 0, "loai_giay"): "Báo cáo*", ("HO_SO", 1, "co"): "C?"},
    "code for a label": {("NHAN_SU", 0, "gioi_tinh"): "NAM", ("DE_NGHI", 0, "ket_qua"): "DE_NGHI",
                         ("PHIEU", 0, "ket_luan"): "DE_NGHI"},
    "one of several": {("HOAT_DONG", 0, "phoi_hop"): "Công an"},
    # V-05
    "code twice": {("HOAT_DONG", 1, "ma_hd"): "HD01"},
    "code three times": {("HOAT_DONG", 1, "ma_hd"): "HD02", ("HOAT_DONG", 3, "ma_hd"): "HD02 "},
    "vote twice": {("PHIEU", 3, "ma_dn"): "DN03"},
    "codes that differ in capitals": {("HOAT_DONG", 1, "ma_hd"): "hd01"},
    # V-06
    "person unknown": {("BIEN_DONG", 0, "ma_cc"): "CC0098", ("DON_VI", 0, "ma_nguoi_dung_dau"): "CC*"},
    "person in small letters": {("DIEN_HINH", 0, "ma_cc"): "cc0003"},
    "other unit": {("DE_NGHI", 2, "ma_doi_tuong"): "P2"},
    "own unit in small letters": {("DE_NGHI", 2, "ma_doi_tuong"): "p1"},
    "ground unknown": {("DE_NGHI", 0, "ma_can_cu"): "SK09"},
    "ground in small letters": {("DE_NGHI", 0, "ma_can_cu"): "ct01"},
    "two people in a cell for one": {("SANG_KIEN", 0, "tac_gia"): "CC0001; CC0002"},
    # V-07
    "staff": {("DON_VI", 0, "tong_so_cong_chuc"): 4},
    "one person more": {("NHAN_SU", 3, "ma_cc"): "CC0004"},
    "women": {("DON_VI", 0, "so_nu"): 2},
    "a woman fewer": {("NHAN_SU", 1, "gioi_tinh"): "Nam"},
    "women, a sex missing": {("DON_VI", 0, "so_nu"): 2, ("NHAN_SU", 2, "gioi_tinh"): None},
    "women, a sex wrong": {("DON_VI", 0, "so_nu"): 2, ("NHAN_SU", 2, "gioi_tinh"): "nam"},
    "score": {("DON_VI", 0, "tong_diem_tu_cham"): 48.6},
    "score within rounding": {("DON_VI", 0, "tong_diem_tu_cham"): 48.51},
    "score of nothing": {("DON_VI", 0, "tong_diem_tu_cham"): 9, ("CHI_TIEU", 0, "diem_tu_cham"): None},
    "shares": {("SANG_KIEN", 1, "ty_le"): 39},
    "shares, one missing": {("SANG_KIEN", 1, "ty_le"): None},
    "shares within rounding": {("SANG_KIEN", 1, "ty_le"): 40.01},
    "share of one author": {("SANG_KIEN", 2, "ma_sk"): "SK02"},
    "name of a person": {("DE_NGHI", 0, "ten_doi_tuong"): "Lò Giả Ân"},
    "name of the unit": {("DE_NGHI", 2, "ten_doi_tuong"): "Phòng 2"},
    "name, other writing": {("DE_NGHI", 0, "ten_doi_tuong"): "LÒ GIẢ  AN", ("NHAN_SU", 1, "ho_ten"): "Đào Hoà Quý",
                            ("DE_NGHI", 1, "ten_doi_tuong"): "đào hòa qúy"},
    "name, person unknown": {("DE_NGHI", 0, "ten_doi_tuong"): "Ai Đó", ("DE_NGHI", 0, "ma_doi_tuong"): "CC0099"},
    "outcome": {("PHIEU", 0, "ket_luan"): "Đã xét, không đề nghị"},
    "outcome of the first round": {("PHIEU", 3, "vong"): 2, ("PHIEU", 2, "ket_luan"): "Đã xét, không đề nghị"},
    "outcome of the last round": {("PHIEU", 3, "vong"): 2, ("PHIEU", 3, "ket_luan"): "Đã xét, không đề nghị"},
    # V-08
    "code of another unit": {("DON_VI", 0, "ma_don_vi"): "P2"},
    "other period": {("DON_VI", 0, "ky_xet"): "2025"},
    # V-09, HS-02
    "born too late": {("NHAN_SU", 1, "ngay_sinh"): D(2011, 1, 1), ("NHAN_SU", 0, "ngay_tuyen_dung"): D(2027, 2, 1)},
    "last day of the season": {("DON_VI", 0, "ngay_to_trinh"): D(2027, 1, 31)},
    "day after the season": {("DON_VI", 0, "ngay_to_trinh"): D(2027, 2, 1)},
    "meeting in another century": {("DON_VI", 0, "ngay_hop"): D(2126, 11, 5)},
    "year for a date": {("BIEN_DONG", 1, "ngay_qd"): D(1905, 7, 18)},
    "end before begin": {("BIEN_DONG", 0, "den_ngay"): D(2026, 1, 1), ("DON_VI", 0, "niem_yet_den"): D(2026, 11, 1)},
    "minutes before the meeting": {("DON_VI", 0, "ngay_bien_ban"): D(2026, 11, 4)},
    # QT-03
    "votes that nobody issued": {("PHIEU", 0, "phieu_thu"): 4, ("PHIEU", 1, "phieu_hop_le"): 2},
    "votes that were not issued": {("PHIEU", 0, "phieu_phat"): 2},
    "votes that got lost": {("PHIEU", 1, "phieu_khong_hop_le"): 1, ("PHIEU", 2, "dong_y"): 1},
    "votes out of bounds": {("PHIEU", 0, "phieu_thu"): 2001},
    "several": {
        ("DON_VI", 0, "ky_xet"): "2025", ("DON_VI", 0, "xep_loai_ccb"): "Tốt", ("DON_VI", 0, "so_nu"): "hai",
        ("NHAN_SU", 0, "diem_danh_gia"): 120, ("NHAN_SU", 0, "ngay_sinh"): D(1930, 1, 1),
        ("NHAN_SU", 2, "ma_cc"): "CC0002", ("BIEN_DONG", 0, "loai"): "Nghỉ", ("DE_NGHI", 0, "ten_doi_tuong"): "An",
        ("DE_NGHI", 2, "ma_doi_tuong"): "P2", ("PHIEU", 0, "ket_luan"): "Đã xét, không đề nghị",
        ("CHI_TIEU", 0, "diem_tu_cham"): 40, ("SANG_KIEN", 0, "ty_le"): 50, ("HO_SO", 0, "so"): None,
        ("LICH_SU", 0, "nam"): 1989, ("GIAI_TRINH", 0, "ngay"): D(2030, 1, 1), ("DIEN_HINH", 0, "ma_cc"): "CC7",
    },
}  # fmt: skip

#: Slip → lines by first words, and how many of the run's findings KIEM_TRA does not count.
HIDDEN: Mapping[str, tuple[Slips, dict[str, int]]] = {
    "a wrong choice among several": ({("HOAT_DONG", 1, "phoi_hop"): "Công đoàn; Công an"}, {"Mục không có": 1}),
    "a wrong code among several": ({("CHI_TIEU", 0, "nguoi_phu_trach"): "CC0001; CC9"}, {"Mã không có": 1}),
    "a code that is too long to be looked up": (
        {("DE_NGHI", 2, "ma_dn"): "DN-" + "9" * 18, ("PHIEU", 2, "ma_dn"): "DN-" + "9" * 18},
        {"Mã không có": 1},
    ),
    "newcomer unknown": ({("DIEN_HINH", 0, "ma_cc"): "Ai Đó, 01/02/2000"}, {"Mã không có": 1}),
    "day as text outside": ({("HOAT_DONG", 0, "ngay"): "15/01/2020"}, {"Ngày ngoài": 1}),
}
STRICTER: Mapping[str, tuple[Slips, dict[str, int]]] = {
    "combining marks": ({("NHAN_SU", 1, "gioi_tinh"): "Nu\u031b\u0303"}, {"Mục không có": 1}),
    "asked for by an unreadable cell": (
        {("DON_VI", 0, "niem_yet_tu"): "đầu tháng", ("DON_VI", 0, "noi_niem_yet"): None}, {"Ô bắt buộc": 1}
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Answers:
    """What is said of one file."""

    written: SelfCheck  #: KIEM_TRA as the template's writer computed it
    page: SelfCheck  #: KIEM_TRA as LibreOffice computes it
    findings: tuple[Finding, ...]  #: of the run


def contents_with(slips: Slips) -> Contents:
    """The good file with the slips in it."""
    movement = next(iter(province().lists.labels["PHONG_TRAO"].values()))
    rows = {s.code: [dict(row) for row in rows_of(s, movement)] for s in UNIT_TEMPLATE.sheets}
    for sheet, at, field in slips:
        rows[sheet] += [dict(rows[sheet][-1]) for _ in range(at + 1 - len(rows[sheet]))]
        rows[sheet][at][field] = slips[sheet, at, field]
    return rows


def answers(office: Office, folder: Path, slips: Iterable[Slips]) -> list[Answers]:
    """Write each file, open it in LibreOffice, and let the run look at it."""
    who, lists = province().identity(UNIT, UNIT_TEMPLATE), province().lists
    files = [book_bytes(UNIT_TEMPLATE, lists, who, contents_with(mine), self_check=True) for mine in slips]
    steps: list[Step] = []
    for number, content in enumerate(files):
        path = folder / f"{number}.xlsx"
        path.write_bytes(content)
        steps += [{"do": "open", "path": str(path)}, {"do": "recalculate"}, *self_check_steps(), {"do": "close"}]
    seen = office.run(steps, SECONDS)
    size = len(steps) // len(files)
    pages = [self_check(*seen[at + 2 : at + 4]) for at in range(0, len(steps), size)]
    return [Answers(*looked_at(content, page)) for content, page in zip(files, pages, strict=True)]


def looked_at(content: bytes, page: SelfCheck) -> tuple[SelfCheck, SelfCheck, tuple[Finding, ...]]:
    """KIEM_TRA as it stands in a file, as computed, and what the run says that must be mended or explained."""
    desk = Desk()
    desk.book = read_book(content, examine(content, "P1.xlsx"))
    rows = desk.grid("KIEM_TRA").rows
    # An empty text is what a reader of values takes for a formula that was never computed.
    lines = [["" if isinstance(cell, Uncached) else cell for cell in row[:_COLUMNS]] for row in rows[_FIRST_LINE - 1 :]]
    written = self_check([[rows[2][0]]], lines)
    grave = (Severity.BLOCKING, Severity.NEEDS_REASON)
    return written, page, tuple(f for f in desk.findings() if f.judged and f.severity in grave)


def words_of(sentence: str) -> str:
    """The first words of a sentence of KIEM_TRA, by which `SAME_AS` knows it."""
    return next(words for words in SAME_AS if sentence.startswith(words))


def counterparts(line: tuple[Any, ...], found: Iterable[Finding]) -> list[str]:
    """Cells of the findings that say the same as a line of KIEM_TRA, from the top."""
    sheet, words = line[0], words_of(line[1])
    same = [
        f for f in found
        if f.sheet == sheet and f"{f.code}.{f.variant}" in SAME_AS[words] and f.cell == ONLY_AT.get(words, f.cell)
    ]  # fmt: skip
    return [f.cell for f in sorted(same, key=by_cell)]


def by_cell(finding: Finding) -> tuple[int, int, str]:
    letters = finding.cell.rstrip("0123456789")
    return int(finding.cell[len(letters) :] or 0), len(letters), letters
