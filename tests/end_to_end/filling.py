"""What the unit P1 types into its template: every sheet of it, as texts, cell by cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.findings import column_letters
from pipeline.template import Cell, Contents, column_index, form_rows
from schemas.columns import FIRST_ENTRY_ROW, Sheet
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import GOOD
from tests.end_to_end.office import Office, Step

D = dt.date
UNIT = "P1"
FORM_COLUMN = "C"
SUFFIXES = (".xlsx", ".ods", ".xls")
#: KIEM_TRA: the total, and the lines from the first check on, as many as there can be.
TOTAL, LINES = "A3", "A8:F120"

#: At least one row in every sheet that `GOOD` leaves empty; what is already in `GOOD` stays as it is.
CONTENTS: Contents = {
    **GOOD,
    "DON_VI": [
        {**GOOD["DON_VI"][0], "ty_le_thoi_gian": 12.5, "tong_xa": 8, "xa_dbkk": 5,
         "niem_yet_tu": D(2026, 11, 6), "niem_yet_den": D(2026, 11, 11), "noi_niem_yet": "Bảng tin cơ quan",
         "so_y_kien": 0, "so_y_kien_da_giai_quyet": 0},
    ],
    "BIEN_DONG": [
        {"ma_cc": "CC0002", "loai": "Nghỉ thai sản", "tu_ngay": D(2026, 2, 1), "den_ngay": D(2026, 7, 31)},
        {"ma_cc": "CC0003", "loai": "Chuyển đến", "tu_ngay": D(2025, 12, 15),
         "don_vi_lien_quan": "P2 – Phòng 2", "y_kien_dv_cu": "Có", "so_qd": "05/12",
         "ngay_qd": D(2025, 12, 10), "ghi_chu": "Về theo nguyện vọng"},
    ],
    "HOAT_DONG": [
        {"ma_hd": "HD01", "loai": "Phát động", "phong_trao": "{PHONG_TRAO}", "ngay": D(2026, 1, 15),
         "so_van_ban": "07/KH-P1", "chu_tri": "Lãnh đạo đơn vị", "phoi_hop": "Công đoàn",
         "hinh_thuc": "Hội nghị, sinh hoạt", "so_tieu_chi": 5, "tieu_chi_do_duoc": 4, "so_tham_gia": 3,
         "gan_chi_tieu": "CT01", "gan_voi": "Luật Thi đua, khen thưởng"},
        {"ma_hd": "HD02", "loai": "Sơ kết", "phong_trao": "{PHONG_TRAO}", "ngay": D(2026, 6, 30),
         "chu_tri": "Chi bộ", "phoi_hop": "Công đoàn; Đoàn Thanh niên",
         "ket_qua_so": "Giúp 3 hộ, 6 triệu đồng"},
    ],
    "DIEN_HINH": [
        {"ma_dh": "DH01", "loai": "Mô hình mới, cách làm hay", "ten": "Số hóa hồ sơ kiểm sát",
         "ma_cc": "CC0003", "don_vi_phat_hien": "P1 – Phòng 1", "ngay_phat_hien": D(2026, 2, 10),
         "ngay_boi_duong": D(2026, 4, 5), "hinh_thuc_boi_duong": "Giao làm báo cáo viên",
         "ngay_tong_ket": D(2026, 8, 20), "ngay_nhan_rong": D(2026, 9, 30), "noi_nhan_rong": "P2 – Phòng 2"},
    ],
    "HO_SO": [
        {"ma_dn": "DN01", "loai_giay": "Báo cáo thành tích", "co": "Có", "so": "05/BC-P1",
         "ngay": D(2026, 11, 6)},
        {"ma_dn": "DN01", "loai_giay": "Tờ trình", "co": "Có", "so": "12/TTr-P1", "ngay": D(2026, 11, 12)},
        {"ma_dn": "DN02", "loai_giay": "Ý kiến đơn vị cũ", "co": "Không cần"},
        *(row for row in GOOD["HO_SO"]
          if (row["ma_dn"], row["loai_giay"]) not in {("DN01", "Báo cáo thành tích"), ("DN01", "Tờ trình")}),
    ],
    "LICH_SU": [
        {"ma_doi_tuong": "CC0001", "ten_doi_tuong": "Lò Giả An", "nam": 2024,
         "danh_hieu": "Chiến sĩ thi đua cơ sở", "loai_hinh": "Công trạng (thường xuyên)",
         "so_qd": "812/QĐ-VKS", "ngay_qd": D(2024, 12, 20),
         "co_quan_qd": "VKSND tỉnh", "don_vi_luc_do": "H1 – VKSND huyện Mẫu", "tinh_trang": "Còn hiệu lực"},
    ],
    "GIAI_TRINH": [
        {"ma_phat_hien": "V-18", "doi_tuong": "P1", "ma_ly_do": "Lý do khác (nêu rõ)",
         "noi_dung": "Gửi lại vì mất điện: 50 % số tệp, 1/2 ngày.", "nguoi_giai_trinh": "Lò Giả An",
         "ngay": D(2026, 11, 12)},
    ],
}  # fmt: skip


@dataclass(frozen=True)
class SelfCheck:
    """KIEM_TRA as the officer sees it."""

    total: str
    #: sheet, sentence, errors, first cell, conclusion
    lines: tuple[tuple[str, str, int | str, str, str], ...]


@dataclass(frozen=True)
class Filled:
    """What came of the filling."""

    files: dict[str, Path]  #: by suffix
    refused: dict[str, dict[str, str]]  #: sheet → cells that did not take what was typed, and why
    live: SelfCheck  #: as it stood after the last key
    recalculated: SelfCheck


def cell_of(sheet: str, field: str, row: int = 0) -> str:
    """Address of a field: on a form its value, on a table its cell in the given row of entries (from 0)."""
    spec = UNIT_TEMPLATE.by_code[sheet]
    if spec.form:
        return f"{FORM_COLUMN}{form_rows(spec)[field]}"
    return f"{column_letters(column_index(spec, field) + 1)}{FIRST_ENTRY_ROW + row}"


def typed(value: Cell) -> str:
    """What a Vietnamese officer types for a value: 02/09/1985, 93,5."""
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def rows_of(sheet: Sheet, movement: str) -> Sequence[Mapping[str, Cell]]:
    """Rows of a sheet, with the province's movement where one is named."""
    return [
        {field: movement if value == "{PHONG_TRAO}" else value for field, value in row.items()}
        for row in CONTENTS[sheet.code]
    ]


def keystrokes(sheet: Sheet, movement: str) -> dict[str, str]:
    """Cell → text, for all that the unit itself types on a sheet."""
    return {
        cell_of(sheet.code, field, line): typed(value)
        for line, row in enumerate(rows_of(sheet, movement))
        for field, value in row.items()
        if not sheet.by_name[field].locked
    }


def self_check_steps() -> list[Step]:
    return [
        {"do": "area", "sheet": "KIEM_TRA", "cells": TOTAL},
        {"do": "area", "sheet": "KIEM_TRA", "cells": LINES},
    ]


def self_check(total: list[list[Any]], lines: list[list[Any]]) -> SelfCheck:
    """Read the answers of `self_check_steps`."""
    found = [
        (sheet, sentence, int(count) if isinstance(count, float) else count, first, verdict)
        for _, sheet, sentence, count, first, verdict in lines
        if sentence
    ]
    return SelfCheck(total[0][0], tuple(found))


def fill(office: Office, template: Path, folder: Path) -> Filled:
    """Fill every sheet of the issued template and save it in each format."""
    opened: list[Step] = [{"do": "open", "path": str(template)}]
    # The drop-down of movements is the province's; the officer picks its first entry.
    movement = office.run([*opened, {"do": "choices", "name": "DM_PHONG_TRAO"}])[1][0]
    sheets = UNIT_TEMPLATE.sheets
    files = {suffix: folder / f"TDKT-01_P1{suffix}" for suffix in SUFFIXES}
    answers = office.run([
        *opened,
        *({"do": "type", "sheet": s.code, "cells": keystrokes(s, movement)} for s in sheets),
        *self_check_steps(), {"do": "recalculate"}, *self_check_steps(),
        *({"do": "save", "path": str(path)} for path in files.values()),
    ])  # fmt: skip
    refused, rest = answers[1 : len(sheets) + 1], answers[len(sheets) + 1 :]
    return Filled(
        files,
        {sheet.code: cells for sheet, cells in zip(sheets, refused, strict=True) if cells},
        self_check(*rest[:2]),
        self_check(*rest[3:5]),
    )
