"""Which checks KIEM_TRA makes, sheet after sheet, each with its formula terms and its computed answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.template.edition import Edition
from pipeline.template.places import targets
from pipeline.template.self_check_formulas import Formulas, Term
from pipeline.template.self_check_values import Balance, Count, Grid, Place, chains
from schemas.columns import Order, Sheet

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
        "Phiếu hợp lệ khác tổng đồng ý, không đồng ý và không ý kiến",
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

    def __init__(self, edition: Edition) -> None:
        """Look at every sheet once."""
        spec = edition.spec
        self.sheets = spec.sheets
        self.formulas = {sheet.code: Formulas(edition, sheet) for sheet in spec.sheets}
        self.grids = {sheet.code: Grid(edition, sheet) for sheet in spec.sheets}
        referred = {target for sheet in spec.sheets for column in sheet for target in targets(column)}
        held = {key for key in referred if key[0] in spec.by_code}
        self.keys = {key: self.formulas[key[0]].field(key[1]) for key in sorted(held)}
        self.known = {key: self.grids[key[0]].column(key[1]) for key in self.keys}

    def checks(self) -> list[Check]:
        """Every check, in the order of the sheets."""
        return [check for sheet in self.sheets for check in self._of(sheet)]

    def _of(self, sheet: Sheet) -> list[Check]:
        found = [self._missing(sheet)]
        if self.formulas[sheet.code].unknown(self.keys):
            found.append(self._unknown(sheet))
        if sheet.key and not sheet.form:
            found.append(self._repeated(sheet))
        orders = (*MEETING_ORDERS.get(sheet.code, ()), *sheet.orders)
        if orders:
            found.append(self._disordered(sheet, orders))
        found += [self._unbalanced(sheet, balance) for balance in BALANCES if balance.sheet == sheet.code]
        return found + [
            self._miscounted(sheet, count)
            for count in COUNTS
            if count.form == sheet.code and count.table in self.grids
        ]

    def _missing(self, sheet: Sheet) -> Check:
        formulas = self.formulas[sheet.code]
        sentence = "Ô bắt buộc còn trống, hoặc ô báo lỗi (#N/A, #REF!…)"
        if not (sheet.may_be_empty or sheet.form):
            sentence += "; phải có ít nhất một dòng"
        bad = self.grids[sheet.code].missing()
        return Check(sheet, sentence, formulas.missing(), bad, formulas.errors())

    def _unknown(self, sheet: Sheet) -> Check:
        pages = sorted({code for column in sheet for code, _ in targets(column)})
        sentence = f"Mã không có ở trang {', '.join(pages)} (không xét ô ghi nhiều mã hoặc ghi họ tên)"
        terms = self.formulas[sheet.code].unknown(self.keys)
        return Check(sheet, sentence, terms, self.grids[sheet.code].unknown(self.known))

    def _repeated(self, sheet: Sheet) -> Check:
        headings = ", ".join(sheet.by_name[name].heading for name in sheet.key)
        sentence = f"Dòng trùng với dòng trên: {headings}"
        return Check(sheet, sentence, self.formulas[sheet.code].repeated(), self.grids[sheet.code].repeated())

    def _disordered(self, sheet: Sheet, orders: tuple[Order, ...]) -> Check:
        spans = "; ".join(" → ".join(sheet.by_name[n].heading for n in names) for names in chains(orders))
        terms = self.formulas[sheet.code].disordered(orders)
        return Check(sheet, f"Ngày sai thứ tự: {spans}", terms, self.grids[sheet.code].disordered(orders))

    def _unbalanced(self, sheet: Sheet, balance: Balance) -> Check:
        terms = self.formulas[sheet.code].unbalanced(balance)
        return Check(sheet, balance.sentence, terms, self.grids[sheet.code].unbalanced(balance))

    def _miscounted(self, sheet: Sheet, count: Count) -> Check:
        terms = self.formulas[sheet.code].miscounted(count, self.formulas[count.table].counted(count.choice))
        actual = self.grids[count.table].counted(count.choice)
        return Check(sheet, count.sentence, terms, self.grids[sheet.code].miscounted(count, actual))
