"""A unit's file and a small province to type into: tests say a cell, a value, and read back what was found.

`Desk().type("NHAN_SU", "E6", "Namm").found()` is `{("NHAN_SU", "E6", "V-04")}`. The file is the real template,
written and read once; typing changes raw cells as reading would have returned them.
"""

from __future__ import annotations

import copy
import datetime as dt
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline import consolidate, dataset, references
from pipeline.checks import ballots, consistency, dossiers, run_checks
from pipeline.evidence import Evidence
from pipeline.findings import Finding, address_key, column_number
from pipeline.intake import TimeSource
from pipeline.package import SheetFacts, examine
from pipeline.province import Province, load_province
from pipeline.reading import Grid, RawBook, read_book
from pipeline.rulebook import plain_rulebook
from pipeline.submissions import FileRecord, Outcome, open_book
from pipeline.template import Contents, write_book
from pipeline.validation import Validated, validate
from schemas.columns import Identity
from schemas.province import CONFIGURATION, HISTORY
from schemas.province.defaults import MOVEMENTS, SCORE_TABLE, TITLES
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import Lists

NOW = dt.datetime(2026, 11, 20, 8, 0)
DEADLINE = dt.datetime(2026, 11, 16, 16, 0)
D = dt.date
#: What compares a form with itself; the template's own KIEM_TRA computes it too.
FORM_CHECKS = tuple(
    check
    for check in (*consistency.CHECKS, *ballots.CHECKS, *dossiers.CHECKS)
    if check.code in ("V-07", "V-08", "QT-03", "HS-02")
)

PERIOD = {
    "ky_xet": "2026", "nam": 2026, "tu_ngay": D(2025, 12, 1), "den_ngay": D(2026, 11, 30),
    "ket_thuc_mua": D(2027, 1, 31), "ten_co_quan_cap_tren": "CƠ QUAN CẤP TRÊN", "ten_co_quan": "CƠ QUAN MẪU",
    "dia_danh": "Tỉnh Mẫu", "don_vi_thuong_truc": "Văn phòng", "la_du_lieu_gia": "Có",
}  # fmt: skip


def unit_row(code: str, name: str, **more: Any) -> dict[str, Any]:
    row = {
        "ma_don_vi": code, "ten_don_vi": name, "loai": "Phòng và tương đương", "khoi": "Khối phòng",
        "tu_ngay": D(2015, 1, 1), "muc_kho": 0, "han_nop": DEADLINE, "thu_dien_tu": f"{code.lower()}@mau.example",
    }  # fmt: skip
    return row | more


UNITS = [
    unit_row("P1", "Phòng 1"),
    unit_row("P2", "Phòng 2"),
    unit_row("H1", "VKSND huyện Mẫu", loai="VKSND cấp huyện (đến 30/6/2025)", den_ngay=D(2025, 6, 30), ke_thua="P1"),
]
CONFIGURED: Contents = {
    "KY_XET": [PERIOD], "DON_VI": UNITS, "DANH_HIEU": TITLES, "BANG_DIEM": SCORE_TABLE, "PHONG_TRAO": MOVEMENTS,
}  # fmt: skip


def book_bytes(spec: Any, lists: Lists, identity: Identity, contents: Contents, **options: Any) -> bytes:
    stream = BytesIO()
    write_book(stream, spec, lists, identity, contents, created=dt.datetime(2026, 1, 1), **options)
    return stream.getvalue()


def write_province(folder: Path, configured: Contents = CONFIGURED, past: Contents | None = None) -> Path:
    """Write cau-hinh.xlsx, lich-su.xlsx and an empty inbox; labels of units are known only to the second pass."""
    own = Identity("", "", "2026", CONFIGURATION.code, CONFIGURATION.version)
    (folder / "hop-thu").mkdir(parents=True, exist_ok=True)
    (folder / "cau-hinh.xlsx").write_bytes(book_bytes(CONFIGURATION, Lists.of(), own, configured))
    own = Identity("", "", "2026", HISTORY.code, HISTORY.version)
    (folder / "lich-su.xlsx").write_bytes(book_bytes(HISTORY, Lists.of(), own, past or {}))
    return folder


@cache
def province() -> Province:
    with TemporaryDirectory() as folder:
        return load_province(write_province(Path(folder)))


def person(code: str, name: str, **more: Any) -> dict[str, Any]:
    row = {
        "ma_cc": code, "ho_ten": name, "ngay_sinh": D(1985, 9, 2), "gioi_tinh": "Nam", "chuc_vu": "Kiểm sát viên",
        "chuc_danh": "Kiểm sát viên sơ cấp", "nhom_doi_tuong": "Người trực tiếp công tác",
        "ngay_tuyen_dung": D(2010, 3, 1), "ngay_ve_don_vi": D(2015, 7, 1), "xep_loai_cc": "Hoàn thành tốt nhiệm vụ",
        "ngay_xep_loai": D(2026, 10, 30), "diem_danh_gia": 88.5, "xep_loai_dv": "Hoàn thành tốt nhiệm vụ",
    }  # fmt: skip
    return row | more


FORM = {
    "ma_don_vi": "P1", "ten_don_vi": "Phòng 1", "ky_xet": "2026", "ma_nguoi_dung_dau": "CC0001",
    "nguoi_lap": "Đào Thử Bình", "ngay_lap": D(2026, 11, 12), "kiem_nhiem": "Có", "tong_so_cong_chuc": 3, "so_nu": 1,
    "ngay_hop": D(2026, 11, 5), "chu_tri": "Lò Giả An", "thu_ky": "Đào Thử Bình", "tong_thanh_vien": 3,
    "so_co_mat": 3, "hinh_thuc_bieu_quyet": "Bỏ phiếu kín", "so_bien_ban": "05/BB-P1",
    "ngay_bien_ban": D(2026, 11, 5), "so_to_trinh": "12/TTr-P1", "ngay_to_trinh": D(2026, 11, 12),
    "niem_yet_tu": D(2026, 11, 6), "niem_yet_den": D(2026, 11, 12), "noi_niem_yet": "Bảng tin cơ quan", "so_y_kien": 0,
    "so_y_kien_da_giai_quyet": 0,
    "trien_khai_phong_trao": "Có", "so_lan_cap_uy_ban": 2, "xep_loai_don_vi": "Hoàn thành tốt nhiệm vụ",
    "xep_loai_tccsd": "Hoàn thành tốt nhiệm vụ", "tong_diem_tu_cham": 48.5, "so_vu_viec_tap_the": 0,
    "quy_dinh_nghi": "Không", "quy_dinh_ngang": "Không có", "xac_nhan": "Tôi xác nhận số liệu là đúng",
}  # fmt: skip


def nomination(code: str, subject: str, name: str, **more: Any) -> dict[str, Any]:
    row = {
        "ma_dn": code, "doi_tuong": "Cá nhân", "ma_doi_tuong": subject, "ten_doi_tuong": name,
        "danh_hieu": "Lao động tiên tiến", "loai_hinh": "Công trạng (thường xuyên)", "ket_qua": "Đề nghị",
        "duong_tieu_chuan": "Tiêu chuẩn chung của danh hiệu", "thu_tu": 1, "thanh_tich": "Giải quyết 42/42 vụ án.",
    }  # fmt: skip
    return row | more


def form_only(row: dict[str, Any]) -> dict[str, Any]:
    """A nomination for a form of commendation: the cell of the title stays untouched."""
    return {name: value for name, value in row.items() if name != "danh_hieu"}


def ballot(code: str, **more: Any) -> dict[str, Any]:
    row = {
        "ma_dn": code, "cap_hop": "Họp đơn vị", "vong": 1, "phieu_phat": 3, "phieu_thu": 3, "phieu_hop_le": 3,
        "phieu_khong_hop_le": 0, "dong_y": 3, "khong_dong_y": 0, "khong_y_kien": 0, "ket_luan": "Đề nghị",
        "phieu_lien_quan": 0,
    }  # fmt: skip
    return row | more


def papers(code: str) -> list[dict[str, Any]]:
    days = {
        "Tờ trình": ("12/TTr-P1", D(2026, 11, 12)), "Biên bản họp xét": ("05/BB-P1", D(2026, 11, 5)),
        "Biên bản kiểm phiếu": ("05/BB-P1", D(2026, 11, 5)), "Báo cáo thành tích": ("Không số", D(2026, 11, 3)),
    }  # fmt: skip
    return [
        {"ma_dn": code, "loai_giay": kind, "co": "Có", "so": number, "ngay": day}
        for kind, (number, day) in days.items()
    ]


#: A small file in which nothing must be mended or explained. Entry rows start at row 5; on DON_VI values stand in
#: column C.
GOOD: Contents = {
    "DON_VI": [FORM],
    "NHAN_SU": [
        person("CC0001", "Lò Giả An", nhom_doi_tuong="Lãnh đạo phòng, khu vực", chuc_vu="Trưởng phòng"),
        person("CC0002", "Đào Thử Bình", gioi_tinh="Nữ"),
        person("CC0003", "Vàng Mẫu Sinh"),
    ],
    "DE_NGHI": [
        nomination("DN01", "CC0001", "Lò Giả An"),
        nomination("DN02", "CC0002", "Đào Thử Bình", ma_can_cu="SK01; CT01"),
        form_only(nomination("DN03", "P1", "Phòng 1", doi_tuong="Tập thể", hinh_thuc="Giấy khen")),
    ],
    "PHIEU": [ballot("DN01"), ballot("DN02"), ballot("DN03")],
    "HO_SO": [row for code in ("DN01", "DN02", "DN03") for row in papers(code)],
    "CHI_TIEU": [{
        "ma_ct": "CT01", "noi_dung": "Tỷ lệ giải quyết tin báo", "loai": "Thường xuyên",
        "chieu": "Càng cao càng tốt", "don_vi_tinh": "%", "chi_tieu": 90, "thuc_hien": 93.5, "diem_tu_cham": 48.5,
        "nguoi_phu_trach": "CC0001; CC0002",
    }],
    "SANG_KIEN": [{
        "ma_sk": "SK01", "ten": "Sổ theo dõi điện tử", "hinh_thuc": "Giải pháp", "tac_gia": author, "ty_le": share,
        "ngay_ap_dung": D(2026, 2, 1), "cap_cong_nhan": "Chưa được công nhận",
    } for author, share in (("CC0002", 60), ("Ngoài: Hà Ví Dụ", 40))],
}  # fmt: skip


@cache
def _raw(contents_key: str) -> RawBook:
    identity = province().identity("P1", UNIT_TEMPLATE)
    content = book_bytes(UNIT_TEMPLATE, province().lists, identity, _CONTENTS[contents_key], self_check=True)
    return read_book(content, examine(content, "P1.xlsx"))


_CONTENTS: dict[str, Contents] = {"good": GOOD}


class Desk:
    """One unit's file into which a test types."""

    def __init__(self) -> None:
        self.book = copy.deepcopy(_raw("good"))

    def grid(self, sheet: str) -> Grid:
        return next(grid for grid in self.book.grids if grid.name == sheet)

    def type(self, sheet: str, cell: str, value: Any) -> Desk:
        """Put a raw value (str, float, bool, datetime …) into a cell."""
        rows = self.grid(sheet).rows
        row, column = address_key(cell)
        width = max(column, len(rows[0]))
        rows.extend([] for _ in range(row - len(rows)))
        for line in rows:
            line.extend([""] * (width - len(line)))
        rows[row - 1][column - 1] = float(value) if type(value) is int else value
        return self

    def read(self, sheet: str, cell: str) -> Any:
        row, column = address_key(cell)
        return self.grid(sheet).rows[row - 1][column - 1]

    def facts(self, sheet: str, **facts: Any) -> Desk:
        grid = self.grid(sheet)
        grid.facts = SheetFacts(name=grid.name, **facts)
        return self

    def run(self) -> tuple[list[Finding], Validated | None]:
        """Open, validate and check the file as `consolidate` does with each."""
        record = FileRecord(0, "P1.xlsx", "", 0, NOW, NOW, TimeSource.LOG, None)
        opening = open_book(self.book, record, [], province())
        if opening.opened is None:
            return opening.findings, None
        data = validate([opening.opened], UNIT_TEMPLATE, province().lists, province().windows)
        findings = opening.findings + data.findings + references.check_references(data, UNIT_TEMPLATE)
        findings += references.collective_mentions(data)
        record.outcome = Outcome.COUNTED
        case = Evidence(dataset.build(province(), data, [record], findings), plain_rulebook(province().period.last))
        findings += run_checks(case, FORM_CHECKS).findings
        return findings, data

    def findings(self) -> list[Finding]:
        return self.run()[0]

    def found(self) -> set[tuple[str, str, str]]:
        """(sheet, cell, code) of everything found."""
        return {(f.sheet, f.cell, f.code) for f in self.findings()}

    def variants(self) -> set[tuple[str, str, str]]:
        """(sheet, cell, code.variant) of everything found."""
        return {(f.sheet, f.cell, f"{f.code}.{f.variant}") for f in self.findings()}


def column_of(letters: str) -> int:
    return column_number(letters)


__all__ = ["GOOD", "NOW", "Desk", "book_bytes", "consolidate", "person", "province", "write_province"]
