"""Which checks KIEM_TRA makes, sheet after sheet, each with its formula terms and its computed answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.template import self_check_link_values as values
from pipeline.template import self_check_links as links
from pipeline.template.edition import Edition
from pipeline.template.places import targets
from pipeline.template.self_check_formulas import Formulas
from pipeline.template.self_check_terms import Term
from pipeline.template.self_check_values import Balance, Count, Grid, Place, chains
from schemas.columns import Kind, Order, Sheet

#: The meeting, its minutes and the letter, in the order of their dates.
MEETING_ORDERS = {"DON_VI": (Order("ngay_hop", "ngay_bien_ban"), Order("ngay_bien_ban", "ngay_to_trinh"))}

BALANCES = (
    Balance("PHIEU", "phieu_thu", ("phieu_phat",), True, "Phiếu thu về nhiều hơn phát ra"),
    Balance(
        "PHIEU", "phieu_thu", ("phieu_hop_le", "phieu_khong_hop_le"), False,
        "Phiếu thu về khác tổng hợp lệ và không hợp lệ",
    ),
    Balance(
        "PHIEU", "phieu_hop_le", ("dong_y", "khong_dong_y", "khong_y_kien"), False,
        "Phiếu hợp lệ khác tổng ba loại ý kiến",
    ),
)  # fmt: skip

COUNTS = (
    Count("DON_VI", "tong_so_cong_chuc", "NHAN_SU", None, "Tổng số công chức khác số dòng ở trang NHAN_SU"),
    Count("DON_VI", "so_nu", "NHAN_SU", ("gioi_tinh", "NU"), "Số nữ khác số dòng ghi nữ ở trang NHAN_SU"),
)


@dataclass(frozen=True)
class Check:
    """One line of the page."""

    sheet: Sheet
    sentence: str
    terms: list[Term]
    bad: list[Place] | None  #: None: could not be judged
    #: Counted instead when an error value in a cell spoils the count.
    fallback: list[Term] = field(default_factory=list)


class Book:
    """Formulas and given rows of every sheet, from which the checks are put together."""

    def __init__(self, edition: Edition, lists: dict[str, str]) -> None:
        """Look at every sheet once; `lists` gives the cell in which the choices of a list are joined."""
        spec = edition.spec
        self.edition, self.sheets = edition, spec.sheets
        self.formulas = {sheet.code: Formulas(edition, sheet, lists) for sheet in spec.sheets}
        self.grids = {sheet.code: Grid(edition, sheet) for sheet in spec.sheets}
        referred = {target for sheet in spec.sheets for column in sheet for target in targets(column)}
        held = {key for key in referred if key[0] in spec.by_code}
        self.keys = {key: self.formulas[key[0]].field(key[1]) for key in sorted(held)}

    def checks(self) -> list[Check]:
        """Every check, in the order of the sheets."""
        return [check for sheet in self.sheets for check in self._of(sheet) if check.terms]

    def _of(self, sheet: Sheet) -> Iterator[Check]:
        yield self._missing(sheet)
        yield self._mistyped(sheet)
        yield self._unlisted(sheet)
        if sheet.key and not sheet.form:
            yield self._repeated(sheet)
        yield self._unknown(sheet)
        yield from self._dates(sheet)
        for balance in BALANCES:
            if balance.sheet == sheet.code:
                terms = self.formulas[sheet.code].unbalanced(balance)
                yield Check(sheet, balance.sentence, terms, self.grids[sheet.code].unbalanced(balance))
        for count in COUNTS:
            if count.form == sheet.code:
                yield self._miscounted(sheet, count)
        if special := _BETWEEN_SHEETS.get(sheet.code):
            yield from special(self, sheet)

    def _missing(self, sheet: Sheet) -> Check:
        formulas = self.formulas[sheet.code]
        sentence = "Ô bắt buộc còn trống, hoặc ô báo lỗi (#N/A, #REF!…)"
        if not (sheet.may_be_empty or sheet.form):
            sentence += "; phải có ít nhất một dòng"
        bad = self.grids[sheet.code].missing()
        return Check(sheet, sentence, formulas.missing(), bad, formulas.errors())

    def _mistyped(self, sheet: Sheet) -> Check:
        kinds = [
            *(["số"] if any(c.kind.numeric for c in sheet) else []),
            *(["ngày"] if any(c.kind.temporal for c in sheet) else []),
        ]
        words = f"Gõ sai {', '.join(kinds)}" if kinds else "Gõ sai"
        words += "; số quá giới hạn" if "số" in kinds else ""
        terms = self.formulas[sheet.code].mistyped()
        return Check(sheet, f"{words}; chữ quá dài", terms, self.grids[sheet.code].mistyped())

    def _unlisted(self, sheet: Sheet) -> Check:
        sentence = "Mục không có trong danh sách chọn"
        if any(column.kind is Kind.CHOICES for column in sheet):
            sentence += " (trừ ô có dấu ;)"
        return Check(sheet, sentence, self.formulas[sheet.code].unlisted(), self.grids[sheet.code].unlisted())

    def _repeated(self, sheet: Sheet) -> Check:
        headings = ", ".join(sheet.by_name[name].heading for name in sheet.key)
        sentence = f"Dòng trùng nhau: {headings}"
        return Check(sheet, sentence, self.formulas[sheet.code].repeated(), self.grids[sheet.code].repeated())

    def _unknown(self, sheet: Sheet) -> Check:
        columns = [column for column in sheet if targets(column)]
        pages = sorted({code for column in columns for code, _ in targets(column)})
        passed = [
            *(["có dấu ;"] if any(c.many for c in columns) else []),
            *(["ghi họ tên"] if any(f == "ma_cc" for c in columns for _, f in targets(c)) else []),
        ]
        sentence = f"Mã không có ở trang {', '.join(pages)}"
        sentence += f" (trừ ô {', '.join(passed)})" if passed else ""
        if any(column.subject_kind for column in columns):
            sentence += "; tập thể không phải đơn vị này"
        terms = links.unknown(self.formulas[sheet.code], self.keys)
        return Check(sheet, sentence, terms, values.unknown(self.grids[sheet.code], self.grids))

    def _dates(self, sheet: Sheet) -> Iterator[Check]:
        formulas, grid = self.formulas[sheet.code], self.grids[sheet.code]
        yield Check(sheet, "Ngày ngoài khoảng có thể xảy ra", formulas.outside(), grid.outside())
        meeting = MEETING_ORDERS.get(sheet.code, ())
        spans = [" → ".join(sheet.by_name[n].heading for n in c) for c in chains((*meeting, *sheet.orders))]
        # The pipeline empties a date outside its window before it looks at the meeting.
        terms = formulas.disordered(meeting, kept=True) + formulas.disordered(sheet.orders)
        bad = grid.disordered(meeting, kept=True) + grid.disordered(sheet.orders)
        yield Check(sheet, f"Ngày sai thứ tự: {'; '.join(spans)}", terms, bad)

    def _miscounted(self, sheet: Sheet, count: Count) -> Check:
        terms = links.miscounted(self.formulas[sheet.code], count, self.formulas[count.table])
        bad = values.miscounted(self.grids[sheet.code], count, self.grids[count.table])
        return Check(sheet, count.sentence, terms, bad)

    def unit(self, sheet: Sheet) -> Iterator[Check]:
        """DON_VI against the targets and against what the file was issued for."""
        formulas, grid = self.formulas[sheet.code], self.grids[sheet.code]
        at = ("tong_diem_tu_cham", "CHI_TIEU", "diem_tu_cham")
        terms = links.missummed(formulas, at[0], self.formulas[at[1]], at[2])
        bad = values.missummed(grid, at[0], self.grids[at[1]], at[2])
        yield Check(sheet, "Tổng điểm tự chấm khác tổng ở trang CHI_TIEU", terms, bad)
        who = self.edition.identity
        issued = {name: right for name, right in (("ma_don_vi", who.unit), ("ky_xet", who.period)) if right}
        sentence = "Mã đơn vị, kỳ xét khác với mẫu được cấp"
        yield Check(sheet, sentence, links.differing(formulas, issued), values.differing(grid, issued))

    def names(self, sheet: Sheet) -> Iterator[Check]:
        """DE_NGHI against the names on NHAN_SU."""
        terms = links.misnamed(self.formulas[sheet.code], self.formulas["NHAN_SU"])
        bad = values.misnamed(self.grids[sheet.code], self.grids["NHAN_SU"])
        yield Check(sheet, "Tên khác với trang NHAN_SU, với tên đơn vị", terms, bad)

    def conclusions(self, sheet: Sheet) -> Iterator[Check]:
        """PHIEU against the results on DE_NGHI."""
        terms = links.misconcluded(self.formulas[sheet.code], self.formulas["DE_NGHI"])
        bad = values.misconcluded(self.grids[sheet.code], self.grids["DE_NGHI"])
        yield Check(sheet, "Kết luận vòng cuối của đơn vị khác trang DE_NGHI", terms, bad)

    def shares(self, sheet: Sheet) -> Iterator[Check]:
        """SANG_KIEN: the authors of each initiative."""
        terms = links.misshared(self.formulas[sheet.code], "ma_sk", "ty_le")
        bad = values.misshared(self.grids[sheet.code], "ma_sk", "ty_le")
        yield Check(sheet, "Tỷ lệ các tác giả của một sáng kiến khác 100 %", terms, bad)


_BETWEEN_SHEETS = {
    "DON_VI": Book.unit, "DE_NGHI": Book.names, "PHIEU": Book.conclusions, "SANG_KIEN": Book.shares,
}  # fmt: skip
