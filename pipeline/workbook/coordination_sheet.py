"""PHOI_HOP_TT: who leads emulation work, who works together, whom propaganda reached."""

from __future__ import annotations

from typing import Any

from pipeline.checks import coordination
from pipeline.results import Results
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.series import plain
from pipeline.workbook.table import Cell, Field
from pipeline.workbook.topics import NO_PAGE_NOTE, UNIT_FIELDS, UnitLines
from pipeline.workbook.verdicts import MARKS, Verdicts

PLAN = SheetPlan(
    "PHOI_HOP_TT",
    Group.TOPICS,
    "Phối hợp, tuyên truyền",
    "ai chủ trì hoạt động thi đua, có phối hợp không, đã tuyên truyền văn bản nào, đến bao nhiêu người?",
)
CODES = tuple(f"PH-0{number}" for number in range(1, 7))
_PAGE = "HOAT_DONG"
#: First code of each party → heading and width.
_LEADERS = {
    "CAP_UY": ("Cấp ủy, chi bộ", 8),
    "CHINH_QUYEN": ("Lãnh đạo đơn vị", 8.5),
    "CONG_DOAN": ("Công đoàn", 7.5),
    "DOAN_TN": ("Đoàn TN", 7),
    "PHU_NU": ("Phụ nữ", 6.5),
    "CCB": ("Cựu chiến binh", 7.5),
}
_DOCUMENTS = {"LUAT_TDKT": "Luật", "CT34": "CT 34", "VB_NGANH": "ngành"}

FIELDS = (
    *UNIT_FIELDS,
    Field("ten", "Đơn vị", 20, "text_strong"),
    Field("lanh_dao", "Văn bản; số lần cấp ủy bàn (PH-02)", 14),
    *(Field(code, f"{words} chủ trì", width, "count") for code, (words, width) in _LEADERS.items()),
    Field("tong", "Tổng hoạt động", 8, "count_strong"),
    Field("ty_le", "Từ hai bên trở lên (PH-04)", 9, "percent"),
    Field("buoi", "Buổi tuyên truyền, quán triệt", 10, "count"),
    Field("nguoi", "Buổi đông nhất so với quân số", 9.5, "percent"),
    Field("van_ban", "Văn bản đã quán triệt (PH-06)", 24),
    Field("phat_hien", "Số phát hiện", 7, "count"),
)


def write(page: Page, results: Results) -> None:
    """Write one line a unit."""
    verdicts = page.book.shared(Verdicts)
    lines = UnitLines(results, verdicts)
    note = (
        "Buổi đông nhất so với quân số: số người dự buổi tuyên truyền, quán triệt đông nhất chia cho số dòng ở "
        "NHAN_SU; có thể quá 100 % khi có người ngoài đơn vị. Văn bản: Luật Thi đua, khen thưởng; Chỉ thị 34-CT/TW; "
        "văn bản của ngành Kiểm sát."
    )
    page.head([f.width for f in FIELDS], note, verdicts.summary(CODES), f"{MARKS}. {NO_PAGE_NOTE}")
    page.table(FIELDS, _columns(results, lines), frozen=3)


def _columns(results: Results, lines: UnitLines) -> dict[str, list[Any]]:
    table = coordination.unit_counts(results.evidence)
    spread = lines.values(table["total"], _PAGE)
    documents = [
        " · ".join(f"{words} {'✓' if table.at[state.code, code] else '✗'}" for code, words in _DOCUMENTS.items())
        for state in lines.board
    ]
    return lines.heads() | {
        "lanh_dao": _leadership(results, lines),
        **{code: lines.values(table[code], _PAGE) for code in _LEADERS},
        "tong": spread,
        "ty_le": lines.values(table["share"], _PAGE),
        "buoi": lines.values(table["sessions"], _PAGE),
        "nguoi": lines.values(table["reach"], _PAGE),
        # Where the number of activities is blank or ?, so are the documents.
        "van_ban": [
            Cell("?", "mark_UNKNOWN") if isinstance(count, Cell) else None if count is None else text
            for count, text in zip(spread, documents, strict=True)
        ],
        "phat_hien": lines.found(CODES),
    }


def _leadership(results: Results, lines: UnitLines) -> list[Any]:
    forms = results.evidence.forms
    told = zip(plain(forms["vb_lanh_dao_so"]), plain(forms["so_lan_cap_uy_ban"]), strict=True)
    words = {
        unit: f"{paper or 'không có văn bản'}; {'?' if times is None else f'{times:g}'} lần"
        for unit, (paper, times) in zip(forms.index.tolist(), told, strict=True)
    }
    return [words.get(state.code) for state in lines.board]
