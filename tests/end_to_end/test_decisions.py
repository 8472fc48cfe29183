"""The council decides in LibreOffice: types, sorts, saves; finalize reads what it meant, and both compute alike."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.desk import CONFIGURED, write_province
from tests.end_to_end.commands import tdkt
from tests.end_to_end.office import Office
from tests.meeting import Meeting
from tests.pipeline.test_year import COUNCIL, SENT, send

pytestmark = pytest.mark.office

FIRST, SECOND, UNIT = "CN|P1|CC0001|LDTT", "CN|P1|CC0002|LDTT", "TT|P1|P1|GK"
VOTES = {FIRST: (5, 5, 5, 0, 5, 0, 0), SECOND: (5, 5, 5, 0, 3, 2, 0), UNIT: (5, 5, 4, 0, 5, 0, 0)}
HEADINGS = ("Phát ra", "Thu về", "Hợp lệ", "Không hợp lệ", "Đồng ý", "Không đồng ý", "Không ý kiến")
COMPUTED = ("Cần số phiếu", "% đồng ý", "Kết quả", "Phiếu cân")
SHEET = "PHIEU_HOI_DONG"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_province(tmp_path_factory.mktemp("tinh"), {**CONFIGURED, "HOI_DONG": COUNCIL})
    send(folder)
    (folder / "hop-thu" / "so-nhan.csv").write_text(SENT, encoding="utf-8-sig")
    assert tdkt("consolidate", folder, "-o", folder.parent / "ra", "-q").returncode == 0
    return folder


@pytest.fixture(scope="module")
def reviewed(office: Office, folder: Path) -> Path:
    """The workbook after the meeting: two sheets sorted, everything recalculated, saved."""
    path = folder.parent / "ra" / "tong-hop.xlsx"
    seen = Meeting(path.read_bytes())
    at = seen.cell
    votes = {
        at(SHEET, key, heading).coordinate: str(count)
        for key, counts in VOTES.items()
        for heading, count in zip(HEADINGS, counts, strict=True)
    }
    people = {
        at("TH_CA_NHAN", FIRST, "Kết luận").coordinate: "Đồng ý",
        at("TH_CA_NHAN", SECOND, "Kết luận").coordinate: "Để lại kỳ sau",
        at("TH_CA_NHAN", SECOND, "Lý do").coordinate: "Thiếu phiếu",
    }
    decision = {
        at("HOP_HOI_DONG", "QD|LDTT", "Số, ký hiệu").coordinate: "812/QĐ-VKS",
        at("HOP_HOI_DONG", "QD|LDTT", "Ngày").coordinate: "20/12/2026",
    }
    reason = {
        at("TH_CA_NHAN", FIRST, "Lý do").coordinate: "Đã xem giải trình",
        at("TH_TAP_THE", UNIT, "Kết luận").coordinate: "Đồng ý",
    }
    areas = {sheet: area(seen, sheet) for sheet in (SHEET, "TH_CA_NHAN")}
    saved = path.with_name("da-hop.xlsx")
    refused = office.run([
        {"do": "open", "path": str(path)},
        {"do": "type", "sheet": SHEET, "cells": votes},
        {"do": "type", "sheet": "TH_CA_NHAN", "cells": people | {k: v for k, v in reason.items() if "Đã" in v}},
        {"do": "type", "sheet": "TH_TAP_THE", "cells": {k: v for k, v in reason.items() if "Đã" not in v}},
        {"do": "type", "sheet": "HOP_HOI_DONG", "cells": decision},
        *({"do": "sort", "sheet": sheet, "cells": cells, "column": 1} for sheet, cells in areas.items()),
        {"do": "recalculate"},
        {"do": "save", "path": str(saved)},
    ])  # fmt: skip
    assert refused[1:5] == [{}] * 4
    return saved


def area(seen: Meeting, sheet: str) -> str:
    """The rows of the first table of a sheet, hidden column and all."""
    rows = [(row, columns) for _, row, columns in seen.rows(sheet)]
    first = [row for row, columns in rows if columns is rows[0][1]]
    last = seen.page(sheet).cell(first[-1], max(rows[0][1].values())).coordinate
    return f"A{first[0]}:{last}"


def test_rows_were_moved_and_the_keys_with_them(folder: Path, reviewed: Path) -> None:
    before, after = (
        {key: row for key, row, _ in Meeting(path.read_bytes()).rows(SHEET)}
        for path in (folder.parent / "ra" / "tong-hop.xlsx", reviewed)
    )
    assert before.keys() == after.keys()
    assert before != after


def test_libreoffice_computes_the_votes_as_we_do(reviewed: Path, office: Office) -> None:
    seen = Meeting(reviewed.read_bytes())
    cells = [seen.cell(SHEET, key, heading).coordinate for key in VOTES for heading in COMPUTED]
    _, found = office.run([{"do": "open", "path": str(reviewed)}, {"do": "read", "sheet": SHEET, "cells": cells}])
    shown: list[Any] = [answer["string"] for answer in found]
    assert shown[2::4] == ["● Đạt", "■ Còn thiếu 1 phiếu", "● Đạt"]
    assert shown[3::4] == ["● Cân", "● Cân", "■ Thu về khác hợp lệ + không hợp lệ"]
    assert [answer["value"] for answer in found[0::4]] == [4, 4, 4]
    assert [round(answer["value"], 3) for answer in found[1::4]] == [1, 0.6, 1]


def test_the_minutes_of_the_counting_follow_the_votes_typed_and_sorted(reviewed: Path, office: Office) -> None:
    page = Meeting(reviewed.read_bytes()).page("IN_BBKP")
    (column,) = {c.column for row in page.iter_rows(min_col=8) for c in row if c.value}
    row_of = {page.cell(row, column).value: row for row in range(1, page.max_row + 1)}
    cells = [f"{letter}{row_of[f'{SHEET}/{key}']}" for key in VOTES for letter in "DEFG"]
    papers = [c.coordinate for row in page.iter_rows() for c in row if "Số phiếu phát ra" in str(c.value)]
    steps = [{"do": "open", "path": str(reviewed)}, {"do": "read", "sheet": "IN_BBKP", "cells": cells + papers}]
    *found, told = office.run(steps)[1]
    assert [answer["value"] for answer in found] == [5, 0, 0, 1, 3, 2, 0, 0.6, 5, 0, 0, 1]
    assert told["string"] == "Số phiếu phát ra: 5; thu về: 5; hợp lệ: ………; không hợp lệ: 0."


def test_finalize_reads_what_was_meant(folder: Path, reviewed: Path) -> None:
    output = folder.parent / "kq"
    done = tdkt("finalize", reviewed, "-o", output, "--province", folder, "--fail-on", "GIAI_TRINH")
    assert (done.returncode, done.stdout) == (1, "")  # the decision on the certificate has no number yet
    with (output / "phat-hien-quyet-dinh.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [(row["ma"], row["bien_the"], row["trang_tinh"]) for row in csv.DictReader(file)]
    assert sorted(found) == [("KL-06", "sorted", SHEET), ("KL-12", "no_number", "HOP_HOI_DONG")]
    with (output / "quyet-dinh.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {row["khoa"]: row for row in csv.DictReader(file) if row["loai"] == "KET_LUAN"}
    assert [told[key]["ket_qua"] for key in VOTES] == ["Công nhận", "Để lại kỳ sau", "Công nhận"]
    assert (told[SECOND]["ly_do"], told[SECOND]["phieu_dong_y"]) == ("Thiếu phiếu", "3")
    assert sorted(path.name for path in output.iterdir()) == [
        "ket-qua.json", "ket-qua.xlsx", "lich-su.xlsx", "phat-hien-quyet-dinh.csv", "quyet-dinh.csv", "van-ban",
    ]  # fmt: skip
