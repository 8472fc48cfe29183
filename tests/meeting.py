"""The council at work in a workbook: tests say whom and which column, type, sort, move, delete, and save a copy.

openpyxl stands in for Excel. It drops what it does not know (charts, links); cells, hidden columns and sheets,
tables and drop-downs stay, which is all that reading back relies on.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.workbook.keys import KEY_HEADING, split_key


class Meeting:
    """One copy of a workbook."""

    def __init__(self, content: bytes) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl says what it does not know
            self.book = openpyxl.load_workbook(io.BytesIO(content))

    def page(self, sheet: str) -> Worksheet:
        return self.book[sheet]

    def rows(self, sheet: str) -> Iterator[tuple[str, int, dict[str, int]]]:
        """Key, Excel row and the columns by heading of every row of a sheet's tables."""
        headings: dict[str, int] = {}
        for line in self.page(sheet).iter_rows():
            values = [cell.value for cell in line]
            if KEY_HEADING in values:
                headings = {str(value): number for number, value in enumerate(values, start=1) if value is not None}
            elif headings and (key := values[headings[KEY_HEADING] - 1]):
                yield split_key(str(key))[1], line[0].row, headings

    def cell(self, sheet: str, key: str, heading: str) -> Cell:
        at = next((row, columns[heading]) for name, row, columns in self.rows(sheet) if name == key)
        return self.page(sheet).cell(*at)

    def type(self, sheet: str, key: str, **cells: Any) -> Meeting:
        """Put values into a row's cells; `Kết luận` is written `ket_luan`, other headings through `say`."""
        for heading, value in cells.items():
            self.cell(sheet, key, _HEADINGS[heading]).value = value
        return self

    def decide(self, key: str, decision: str, reason: str | None = None) -> Meeting:
        sheet = "TH_TAP_THE" if key.startswith("TT|") else "TH_CA_NHAN"
        return self.type(sheet, key, ket_luan=decision, ly_do=reason)

    def vote(self, key: str, *counts: Any) -> Meeting:
        """Issued, returned, valid, invalid, for, against, abstained."""
        names = ("phat", "thu", "hop_le", "khong_hop_le", "dong_y", "khong_dong_y", "khong_y_kien")
        return self.type("PHIEU_HOI_DONG", key, **dict(zip(names, counts, strict=False)))

    def sign(self, award: str, number: str | None, day: Any, office: str | None = "VKSND tỉnh Mẫu") -> Meeting:
        """Type number and day of a decision."""
        return self.type("HOP_HOI_DONG", f"QD|{award}", so=number, ngay=day, co_quan=office)

    def sort(self, sheet: str, by: Callable[[list[Any]], Any]) -> Meeting:
        """Sort the rows of each table of a sheet, hidden column and all."""
        page, tables = self.page(sheet), {}
        for _, row, columns in self.rows(sheet):
            tables.setdefault(id(columns), (columns, []))[1].append(row)
        for columns, rows in tables.values():
            width = max(columns.values())
            lines = [[page.cell(row, c).value for c in range(1, width + 1)] for row in rows]
            for row, line in zip(rows, sorted(lines, key=by), strict=True):
                for column, value in enumerate(line, start=1):
                    page.cell(row, column).value = value
        return self

    def move_column_to_front(self, sheet: str, heading: str) -> Meeting:
        """Cut a column of every table of a sheet and insert it at the left."""
        page = self.page(sheet)
        _, _, columns = next(self.rows(sheet))
        at = columns[heading]
        for row in range(1, page.max_row + 1):
            values = [page.cell(row, c).value for c in range(1, page.max_column + 1)]
            values.insert(0, values.pop(at - 1))
            for column, value in enumerate(values, start=1):
                if page.cell(row, column).__class__ is Cell:  # not within a merged title
                    page.cell(row, column).value = value
        return self

    def delete(self, sheet: str, key: str) -> Meeting:
        row = next(row for name, row, _ in self.rows(sheet) if name == key)
        for cell in self.page(sheet)[row]:
            cell.value = None
        return self

    def copy_row(self, sheet: str, key: str) -> int:
        """Copy a row to the end of the sheet; answers its number."""
        page = self.page(sheet)
        row = next(row for name, row, _ in self.rows(sheet) if name == key)
        last = page.max_row + 1
        for column in range(1, page.max_column + 1):
            page.cell(last, column).value = page.cell(row, column).value
        return last

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path


_HEADINGS = {
    "ket_luan": "Kết luận", "ly_do": "Lý do", "ghi_chu": "Ghi chú của Hội đồng", "phat": "Phát ra", "thu": "Thu về",
    "hop_le": "Hợp lệ", "khong_hop_le": "Không hợp lệ", "dong_y": "Đồng ý", "khong_dong_y": "Không đồng ý",
    "khong_y_kien": "Không ý kiến", "so": "Số, ký hiệu", "ngay": "Ngày", "co_quan": "Cơ quan ban hành",
    "ten": "Họ và tên", "thanh_tich": "Tóm tắt thành tích", "tong": "Tổng thành viên",
}  # fmt: skip
