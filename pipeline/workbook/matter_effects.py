"""Where a conclusion on VIEC_CAN_QUYET takes effect: there, on the lists, in the configuration, or at the unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.workbook.book import Book
from pipeline.workbook.matters import KIND, OPTIONS, REFUSED, Kind, Matter
from pipeline.workbook.nominated import Nominations
from pipeline.workbook.nomination_keys import NominationKeys
from pipeline.workbook.table import Anchor, Cell

HERE = "Ghi ở đây là đủ."
_NOTED = "Chỉ ghi nhận; "
#: Where it takes effect, by kind, for those without rows of their own on the lists; and where to look.
_ELSEWHERE: dict[Kind, tuple[str, Anchor | None]] = {
    Kind.GATE: ("có hiệu lực khi ghi ở trang DIEU_KIEN_LOAI của cau-hinh.xlsx, rồi tổng hợp lại.", None),
    Kind.NOT_SENT: ("có hiệu lực khi tệp đến và tổng hợp lại.", ("sheet", "TINH_TRANG_NOP")),
    Kind.QUOTA: ("quyết từng đề nghị ở TH_TAP_THE, TH_CA_NHAN.", ("sheet", "TH_CA_NHAN")),
    Kind.APPRAISED: ("sửa điểm ở DIEM_CHI_TIET.", ("sheet", "DIEM_CHI_TIET")),
    Kind.ROTATION: ("quyết từng đề nghị ở TH_TAP_THE, TH_CA_NHAN.", ("sheet", "TH_CA_NHAN")),
    Kind.EXCEPTION: ("đơn vị gửi tệp bổ sung, rồi tổng hợp lại.", None),
    Kind.EXPLAIN: ("đơn vị sửa hoặc ghi trang GIAI_TRINH, rồi tổng hợp lại.", None),
    Kind.POINTS: ("có hiệu lực khi sửa trang DIEM_TRU của cau-hinh.xlsx, rồi tổng hợp lại.", None),
    Kind.VOTES: ("đơn vị gửi tệp bổ sung, rồi tổng hợp lại.", None),
    Kind.LATE: ("không nhận thì quyết từng đề nghị ở TH_TAP_THE, TH_CA_NHAN.", ("sheet", "TH_CA_NHAN")),
    Kind.ORDER: ("thẩm định lại thì sửa điểm ở DIEM_CHI_TIET.", ("sheet", "DIEM_CHI_TIET")),
}
_MOST_CELLS = 3
_DECISION = "ket_luan"


@dataclass(frozen=True, slots=True)
class Effects:
    """What the lists hold, once they are written."""

    book: Book

    def cell(self, matter: Matter) -> Cell:
        """Where the conclusion takes effect, with a link to the first place."""
        if matter.about:
            places = [place for item in matter.about if (place := self._place(item.unit, item.code))]
            more = f" và {len(places) - _MOST_CELLS} ô nữa" if len(places) > _MOST_CELLS else ""
            first = matter.about[0]
            words = f"{_NOTED}quyết ở {', '.join(places[:_MOST_CELLS])}{more}."
            return Cell(words, link=("nomination", f"{first.unit} {first.code}"))
        words, link = _ELSEWHERE.get(matter.kind, ("", None))
        if not words or matter.key.startswith("tran "):  # the ceiling of a band is decided nowhere else
            return Cell(HERE)
        return Cell(_NOTED + words, link=link)

    def _place(self, unit: str, code: str) -> str:
        """Cell of the conclusion on a nomination: `TH_CA_NHAN W12`."""
        target = self.book.anchors.get(("nomination", f"{unit} {code}"), "")
        sheet, _, cell = target.rpartition("!")
        tables = self.book.tables.get(sheet, ())
        row = int(cell.lstrip("$ABCDEFGHIJKLMNOPQRSTUVWXYZ").lstrip("$") or 0) - 1
        for table in tables:
            if table.first <= row <= table.last:
                return f"{sheet} {table.cell(_DECISION, row - table.first).rpartition('!')[2]}"
        return ""


def facts_of(book: Book, matters: Sequence[Matter]) -> list[dict[str, Any]]:
    """What reading a conclusion back needs: the kind, the options in words, what each keeps out of the lists."""
    named = NominationKeys(book.shared(Nominations))
    return [
        {
            KIND: matter.kind.name,
            "don_vi": matter.unit,
            "ten": f"{matter.kind.value}: {matter.subject}",
            OPTIONS: {choice: option.words for choice, option in matter.options.items()},
            REFUSED: {c: named.of(option.refuses) for c, option in matter.options.items() if option.refuses},
        }
        for matter in matters
    ]
