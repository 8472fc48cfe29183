"""Forms are written faster than XlsxWriter writes them, and are the same."""

from __future__ import annotations

import datetime as dt

import pytest
from xlsxwriter import Workbook

from pipeline.template import Contents, Mark, book
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import GOOD, book_bytes, province


def test_a_form_is_written_as_xlsxwriter_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The short cuts of `pipeline.paper.FormWorkbook` change no byte; no formula needs the names that they skip."""
    marks = {"NHAN_SU": {(0, "ho_ten"): Mark("=sai & <lạ>", True), (1, "ngay_sinh"): Mark("Xem lại", False)}}
    odd: Contents = {
        **GOOD,
        "BIEN_DONG": [
            {"ma_cc": "=1 & <2>", "loai": True, "tu_ngay": dt.time(7, 30), "den_ngay": 0.1, "so_qd": "_x0041_"}
        ],
    }
    identity = province().identity("P1", UNIT_TEMPLATE)

    def written() -> bytes:
        return book_bytes(UNIT_TEMPLATE, province().lists, identity, odd, self_check=True, marks=marks)

    short = written()
    monkeypatch.setattr(book, "FormWorkbook", Workbook)
    assert written() == short
