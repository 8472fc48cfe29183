"""VIEC_CAN_QUYET: everything that the council must decide, one row a decision, with what each option leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipeline.ranking.wording import REFERENCE
from pipeline.results import Results
from pipeline.workbook.book import Book
from pipeline.workbook.matter_effects import Effects, facts_of
from pipeline.workbook.matters import CHOICE_OF, Kind, Matter, ordered
from pipeline.workbook.matters_lists import ListMatters
from pipeline.workbook.matters_quotas import QuotaMatters
from pipeline.workbook.matters_ranks import RankMatters
from pipeline.workbook.nominated import Nominations
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.table import Cell, Field
from pipeline.workbook.unit_gates import gate_anchor
from pipeline.workbook.verdicts import Verdicts
from schemas.rules import Severity

PLAN = SheetPlan(
    "VIEC_CAN_QUYET",
    Group.READ_FIRST,
    "Việc Hội đồng cần quyết",
    "hôm nay Hội đồng phải quyết những gì, chọn cách nào thì dẫn đến đâu?",
    wide=True,
    late=True,  # it names the cells of the lists where a conclusion takes effect
)
#: Rows of one kind on the sheet; the rest is counted and linked.
MOST_OF_A_KIND = 40
CHOICES = (*CHOICE_OF, "Trả lại", "Để lại kỳ sau")
FIELDS = (
    Field("stt", "STT", 5, "index"),
    Field("loai", "Loại", 11, "text_strong"),
    Field("ma", "Mã ĐV", 6, "link_centre"),
    Field("doi_tuong", "Đơn vị, đối tượng", 18),
    Field("noi_dung", "Nội dung cần quyết", 25),
    Field("can_cu", "Căn cứ", 13),
    Field("nguon", "Trạng thái nguồn", 10),
    Field("a", "Phương án A", 12),
    Field("a_he_qua", "Chọn A thì", 23),
    Field("b", "Phương án B", 12),
    Field("b_he_qua", "Chọn B thì", 23),
    Field("c", "Phương án C", 10),
    Field("c_he_qua", "Chọn C thì", 14),
    Field("xem", "Xem", 6, "link_centre"),
    Field("hieu_luc", "Có hiệu lực ở đâu", 16),
    Field("den", "Đến", 4, "link_centre"),  # apart, for LibreOffice breaks no line of a link
    Field("ket_luan", "Kết luận", 12, "council", council=True, choices=CHOICES),
    Field("ly_do", "Lý do", 12, "council", council=True),
    Field("nguoi_ghi", "Người ghi", 9, "council", council=True),
)
#: Where the rest of a kind is read.
_SHEETS = {
    Kind.GATE: "NGUOI_DUNG_DAU", Kind.NOT_SENT: "TINH_TRANG_NOP", Kind.QUOTA: "HAN_MUC", Kind.ROTATION: "LUAN_PHIEN",
    Kind.APPRAISED: "DIEM_CHI_TIET", Kind.HEAD: "NGUOI_DUNG_DAU", Kind.EXPLAIN: "PHAT_HIEN", Kind.STOPPED: "PHAT_HIEN",
}  # fmt: skip
_CLEAN = "Đã xét, không có việc phải quyết: "


def matters_of(book: Book) -> Sequence[Matter]:
    """Every matter of the run, the gravest kind first. Shared: `page.book.gathered(matters_of)`."""
    results, quotas = book.results, QuotaMatters(book.results)
    lists = ListMatters(results, book.shared(Nominations), book.shared(Verdicts), quotas)
    return ordered([*RankMatters(results, lists.items).all(), *quotas.all(), *lists.all()])


def write(page: Page, results: Results) -> None:
    """Write one row a matter."""
    found = page.book.gathered(matters_of)
    shown = _shown(found)
    counts = Counter(matter.kind for matter in found)
    told = "; ".join(
        f"{kind.value.lower() if kind is not Kind.STOPPED else kind.value}: {counts[kind]}"
        for kind in Kind
        if counts[kind]
    )
    clean = ", ".join(kind.value for kind in Kind if not counts[kind])
    page.head(
        [item.width for item in FIELDS],
        f"{len(found)} việc ({told})." if found else "Không có việc nào phải quyết.",
        _gathered(results, found, shown),
        f"{_CLEAN}{clean}." if clean else "",
        REFERENCE,
    )
    effects = Effects(page.book)
    places = [effects.cell(matter) for matter in shown]
    columns = _columns(shown) | {
        "hieu_luc": [cell.value for cell in places],
        "den": [Cell("→", link=cell.link) if cell.link else None for cell in places],
    }
    placed = page.table(
        FIELDS, columns, frozen=4, keys=[f"{m.kind.name}|{m.key}" for m in shown], facts=facts_of(page.book, shown),
        empty="Đã xét mọi loại việc nêu ở trên: không có việc nào phải quyết.",
    )  # fmt: skip
    for number, matter in enumerate(shown):
        if matter.kind is Kind.GATE:
            page.anchor(*gate_anchor(matter.unit), placed.first + number)


def _shown(found: Sequence[Matter]) -> list[Matter]:
    seen: Counter[Kind] = Counter()
    kept = []
    for matter in found:
        seen[matter.kind] += 1
        if seen[matter.kind] <= MOST_OF_A_KIND:
            kept.append(matter)
    return kept


def _gathered(results: Results, found: Sequence[Matter], shown: Sequence[Matter]) -> str:
    """What was put together into one row, and what is left out here."""
    explain = results.count(Severity.NEEDS_REASON)
    text = (
        f"Gộp: giải trình và CHẶN của một đơn vị vào một dòng ({explain} phát hiện GIẢI TRÌNH, "
        f"{results.count(Severity.BLOCKING)} CHẶN, từng chỗ ở PHAT_HIEN; CHẶN không dừng đề nghị nào thì chỉ ở "
        "đó); thứ tự chưa chắc theo khối; dấu hiệu luân phiên chưa rõ vào một dòng. Xếp theo loại việc, việc ảnh hưởng "
        "nhiều đề nghị trước."
    )
    if len(shown) < len(found):
        left = Counter(m.kind for m in found) - Counter(m.kind for m in shown)
        text += " Chưa hiện: " + "; ".join(
            f"{number} việc «{kind.value}», xem {_SHEETS.get(kind, 'PHAT_HIEN')}" for kind, number in left.items()
        ) + "."  # fmt: skip
    return text


def _columns(matters: Sequence[Matter]) -> dict[str, Sequence[Any]]:
    return {
        "stt": range(1, len(matters) + 1),
        "loai": [m.kind.value for m in matters],
        "ma": [Cell(m.unit, "link_centre", ("unit", m.unit)) if m.unit else "–" for m in matters],
        "doi_tuong": [m.subject for m in matters],
        "noi_dung": [m.content for m in matters],
        "can_cu": [m.basis.source or None for m in matters],
        "nguon": [m.basis.status or None for m in matters],
        "a": [m.first.words for m in matters],
        "a_he_qua": [m.first.result for m in matters],
        "b": [m.second.words for m in matters],
        "b_he_qua": [m.second.result for m in matters],
        "c": [m.third.words if m.third else "–" for m in matters],
        "c_he_qua": [m.third.result if m.third else "–" for m in matters],
        "xem": [Cell("xem", "link_centre", m.link) if m.link else None for m in matters],
    }
