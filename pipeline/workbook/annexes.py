"""IN_PL1, IN_PL2: the annexes of the letter, collectives and persons, ready to print and sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.results import Results
from pipeline.workbook.awards import Awards
from pipeline.workbook.collectives import awards_of_collectives, unit_ratings
from pipeline.workbook.nominated import Nomination, Nominations
from pipeline.workbook.page import Page
from pipeline.workbook.persons import awards_of_persons, staff_facts
from pipeline.workbook.plan import LONG_LIST, Group, SheetPlan
from pipeline.workbook.print_form import Form, day_of
from pipeline.workbook.print_list import PrintList, by_award, note_of, votes_text
from pipeline.workbook.table import Field

_SHARED = (
    Field("phieu", "Phiếu ở đơn vị", 7, "doc_centre"),
    Field("thanh_tich", "Tóm tắt thành tích", 41, "doc_cell_small"),
    Field("ghi_chu", "Ghi chú", 8.5, "doc_cell_small"),
)
_COLLECTIVES = (
    Field("stt", "TT", 4.5, "doc_index"),
    Field("ten", "Tập thể", 21, "doc_cell_strong"),
    Field("khoi", "Cụm, khối", 13, "doc_cell"),
    Field("xep_loai", "Xếp loại đơn vị", 10, "doc_centre"),
    Field("qua_khu", "Khen thưởng 5 năm trước", 17, "doc_cell_small"),
    *_SHARED,
)
_PERSONS = (
    Field("stt", "TT", 4.5, "doc_index"),
    Field("ten", "Họ và tên", 17, "doc_cell_strong"),
    Field("nam_sinh", "Năm sinh", 6, "doc_index"),
    Field("chuc_vu", "Chức vụ", 12, "doc_cell"),
    Field("don_vi", "Đơn vị", 12, "doc_cell"),
    Field("qua_khu", "Khen thưởng 5 năm trước", 14, "doc_cell_small"),
    *_SHARED,
)
_AWARD = Field("danh_hieu", "Danh hiệu hoặc hình thức", 24)
_SIGNERS = (
    ("NGƯỜI LẬP BIỂU", "(Ký, họ tên)"),
    ("TM. HỘI ĐỒNG\nCHỦ TỊCH", "(Ký, họ tên, đóng dấu)"),
)


@dataclass(frozen=True, slots=True)
class Annex:
    """One of the two annexes."""

    PLAN: SheetPlan
    number: str
    name: str
    counted: str
    collective: bool

    @property
    def fields(self) -> tuple[Field, ...]:
        """Columns of the annex."""
        return _COLLECTIVES if self.collective else _PERSONS

    def write(self, page: Page, results: Results) -> None:
        """Write the annex; a list of many thousands has no form, only its rows."""
        printed = PrintList.of(page.book.shared(Nominations))
        items = printed.collectives if self.collective else printed.persons
        left_out = printed.left_out(collectives=self.collective, persons=not self.collective)
        if len(items) > LONG_LIST:
            self._write_long(page, results, items, left_out)
            return
        period = results.dataset.province.period
        form = Form.on(page, [item.width for item in self.fields], left_out, printed.waiting(items, marked=True))
        form.whole(f"Phụ lục {self.number}", "doc_annex")
        form.whole(f"{self.name} KỲ XÉT {period.code}", "doc_title")
        form.whole(f"(Kèm theo Tờ trình số ……/TTr-…… {day_of('', period.year).removeprefix(', ')})", "doc_with")
        form.gap()
        groups = [(title, self._columns(page, results, mine)) for title, mine in by_award(results, items, self.counted)]
        form.table(self.fields, groups)
        form.signatures(*_SIGNERS)
        form.close()

    def _columns(self, page: Page, results: Results, items: Sequence[Nomination]) -> dict[str, Sequence[Any]]:
        shared = page.book.shared
        columns: dict[str, Sequence[Any]] = {
            "stt": range(1, len(items) + 1),
            "ten": [i.name for i in items],
            "phieu": [votes_text(i) for i in items],
            "thanh_tich": [i.achievement for i in items],
            "ghi_chu": [note_of(i) for i in items],
        }
        units = results.dataset.province.units
        if self.collective:
            past, ratings, blocks = shared(awards_of_collectives), shared(unit_ratings), units["khoi"].to_dict()
            return columns | {
                "khoi": [blocks.get(i.unit) for i in items],
                "xep_loai": [ratings.get(i.unit, (None, None))[0] for i in items],
                "qua_khu": [past.get(i.unit) for i in items],
            }
        past, staff, names = shared(awards_of_persons), shared(staff_facts), units["ten_don_vi"].to_dict()
        known = [staff.get((i.unit, i.person or ""), (None,) * 6) for i in items]
        return columns | {
            "nam_sinh": [k[0] for k in known],
            "chuc_vu": [k[2] for k in known],
            "don_vi": [names.get(i.unit) for i in items],
            "qua_khu": [past.get(i.person or "") for i in items],
        }

    def _write_long(self, page: Page, results: Results, items: Sequence[Nomination], left_out: str) -> None:
        fields = tuple(
            replace(item, role="data_integer" if item.role == "doc_index" else "data_text")
            for item in (*self.fields[:2], _AWARD, *self.fields[2:])
        )
        awards = Awards(results)
        page.head([item.width for item in fields], f"{left_out} Danh sách quá dài nên chỉ in bảng.")

        def read(start: int, end: int) -> tuple[dict[str, Sequence[Any]], list[float]]:
            chosen = items[start:end]
            columns = self._columns(page, results, chosen)
            columns |= {"stt": range(start + 1, end + 1), "danh_hieu": [awards.full(i.title, i.form) for i in chosen]}
            return columns, [0.0] * (end - start)

        page.data_table(fields, len(items), read)


COLLECTIVES = Annex(
    SheetPlan("IN_PL1", Group.PRINT, "Phụ lục I: tập thể", "phụ lục tập thể kèm tờ trình in ra thế nào?"),
    "I",
    "DANH SÁCH TẬP THỂ ĐƯỢC ĐỀ NGHỊ KHEN THƯỞNG",
    "tập thể",
    True,
)
PERSONS = Annex(
    SheetPlan("IN_PL2", Group.PRINT, "Phụ lục II: cá nhân", "phụ lục cá nhân kèm tờ trình in ra thế nào?"),
    "II",
    "DANH SÁCH CÁ NHÂN ĐƯỢC ĐỀ NGHỊ KHEN THƯỞNG",
    "người",
    False,
)
