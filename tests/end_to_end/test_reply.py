"""A unit mends its reply in LibreOffice: comments, links and drop-downs are there, and what it saves has no fault."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.template import Contents
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import GOOD
from tests.end_to_end.commands import tdkt, unit_file
from tests.end_to_end.filling import UNIT, cell_of
from tests.end_to_end.office import Office

pytestmark = pytest.mark.office

TITLE = "Lao động tiên tiến"


def wrong() -> Contents:
    """GOOD with a date that is none, a required cell left empty, a choice of its own and a number with a word."""
    staff, nominations = ([dict(row) for row in GOOD[code]] for code in ("NHAN_SU", "DE_NGHI"))
    staff[1] |= {"ngay_sinh": "31/02/1985", "chuc_vu": None}
    staff[2]["diem_danh_gia"] = "88,5 điểm"
    nominations[0]["danh_hieu"] = "Lao động giỏi"
    return {**GOOD, "NHAN_SU": staff, "DE_NGHI": nominations}


#: Wrong cell → what is typed there at last.
MENDED = {
    "NHAN_SU": {
        cell_of("NHAN_SU", "ngay_sinh", 1): "03/02/1985",
        cell_of("NHAN_SU", "chuc_vu", 1): "Kiểm sát viên",
        cell_of("NHAN_SU", "diem_danh_gia", 2): "88,5",
    },
    "DE_NGHI": {cell_of("DE_NGHI", "danh_hieu", 0): TITLE},
}


@dataclass(frozen=True)
class Mended:
    """What the office showed of the reply, and the file that it saved in the end."""

    sheets: list[str]
    notes: dict[str, dict[str, str]]
    links: dict[str, str]
    written: dict[str, Any]  #: formulas as we wrote their values
    computed: dict[str, Any]
    refused: dict[str, str]  #: typed beside the drop-down
    total: str  #: of KIEM_TRA after mending
    folder: Path
    saved: Path


@pytest.fixture(scope="module")
def mended(office: Office, province_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Mended:
    folder = tmp_path_factory.mktemp("thu") / "tinh"
    shutil.copytree(province_folder, folder)
    unit_file(folder / "hop-thu" / "P1.xlsx", wrong())
    output = tmp_path_factory.mktemp("ra")
    done = tdkt("consolidate", folder, "-o", output, "-q", "--now", "2026-11-14")
    assert (done.returncode, done.stderr) == (0, "")
    (reply,) = (output / "phan-hoi" / UNIT).glob("*.xlsx")
    saved = output / "gui-lai.xlsx"
    title = cell_of("DE_NGHI", "danh_hieu", 0)
    answers = office.run([
        {"do": "open", "path": str(reply)},
        {"do": "notes", "sheet": "NHAN_SU"}, {"do": "notes", "sheet": "DE_NGHI"},
        {"do": "links", "sheet": "PHIEU_TRA_LAI", "cells": "A1:E60"},
        {"do": "formulas"}, {"do": "recalculate"}, {"do": "formulas"},
        {"do": "type", "sheet": "DE_NGHI", "cells": {title: "Người tốt"}},
        *({"do": "type", "sheet": sheet, "cells": cells} for sheet, cells in MENDED.items()),
        {"do": "recalculate"}, {"do": "area", "sheet": "KIEM_TRA", "cells": "A3"},
        {"do": "save", "path": str(saved)},
    ])  # fmt: skip
    sheets, staff, nominations, links, written, _, computed, refused, *typed = answers
    assert typed[:2] == [{}, {}]
    notes = {"NHAN_SU": staff, "DE_NGHI": nominations}
    return Mended(sheets, notes, links, written, computed, refused, typed[3][0][0], folder, saved)


def test_the_slip_comes_first_and_the_form_follows(mended: Mended) -> None:
    assert mended.sheets[:3] == ["PHIEU_TRA_LAI", "HUONG_DAN", "KIEM_TRA"]
    assert set(UNIT_TEMPLATE.by_code) <= set(mended.sheets)


def test_each_wrong_cell_carries_its_comment(mended: Mended) -> None:
    for sheet, cells in MENDED.items():
        assert set(cells) <= set(mended.notes[sheet])
    note = mended.notes["NHAN_SU"][cell_of("NHAN_SU", "ngay_sinh", 1)]
    assert "31/02/1985" in note and "Cách sửa" in note


def test_each_wrong_cell_is_one_jump_away(mended: Mended) -> None:
    wanted = {f"{sheet}!{cell}" for sheet, cells in MENDED.items() for cell in cells}
    assert wanted <= set(mended.links.values())


def test_kiem_tra_of_the_reply_computes_what_we_wrote(mended: Mended) -> None:
    assert mended.computed == mended.written
    assert set(mended.computed) == set(mended.sheets)


def test_the_drop_down_still_refuses_what_is_not_in_it(mended: Mended) -> None:
    assert mended.refused == {cell_of("DE_NGHI", "danh_hieu", 0): "not in its list: Người tốt"}


def test_what_was_mended_has_no_fault(mended: Mended) -> None:
    assert mended.total == "Có thể gửi"
    done = tdkt("check", mended.saved, "--province", mended.folder)
    assert done.returncode == 0, done.stdout
    assert "Không có gì phải sửa" in done.stdout
