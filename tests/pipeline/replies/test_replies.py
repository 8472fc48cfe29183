"""A unit's own data come back as typed, with what is wrong marked; mended and sent in again they count."""

from __future__ import annotations

import datetime as dt
import math
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline import outputs, writing
from pipeline.layout import address, identity_of, locate
from pipeline.reading import Uncached
from pipeline.refusals import CannotRun
from pipeline.replies import making, typed
from pipeline.replies.typed import TypedSheet
from pipeline.results import UnitState
from pipeline.submissions import Outcome, Status
from pipeline.template import Contents
from pipeline.writing import Report
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import NOW, province
from tests.pipeline.replies.post import (
    COMPLETE,
    answer,
    book,
    changed,
    grids,
    letter,
    new_province,
    of_unit,
    parts,
    receive,
    reply_path,
    run,
    slip_text,
    unit_bytes,
)

_TWO_WRONG = changed(COMPLETE, "NHAN_SU", 1, ngay_sinh="31/02/1985", chuc_vu=None)
#: P1 as it first sends: a date that is none, a number with a word, a required cell left empty, a choice of its own.
WRONG = changed(changed(_TWO_WRONG, "NHAN_SU", 2, diem_danh_gia="88,5 điểm"), "DE_NGHI", 0, danh_hieu="Lao động giỏi")
MENDED = (
    ("NHAN_SU", "ngay_sinh", 6, dt.date(1985, 2, 3)), ("NHAN_SU", "chuc_vu", 6, "Kiểm sát viên"),
    ("NHAN_SU", "diem_danh_gia", 7, 88.5), ("DE_NGHI", "danh_hieu", 5, "Lao động tiên tiến"),
)  # fmt: skip


def state(report: Report, unit: str) -> UnitState:
    return next(s for s in report.results.board if s.code == unit)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """P1 sent WRONG, P2 something unreadable, P3 nothing."""
    folder = new_province(tmp_path_factory.mktemp("tinh"))
    receive(folder, "P1.xlsx", unit_bytes(folder, "P1", WRONG))
    receive(folder, "P2.xlsx", b"")
    return folder


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ra")


@pytest.fixture(scope="module")
def report(folder: Path, output: Path) -> Report:
    return run(folder, output)


def places(sheet: str) -> dict[str, str]:
    """Field → column letters of the reply."""
    return {column.name: address(0, number)[:-1] for number, column in enumerate(UNIT_TEMPLATE.by_code[sheet], start=1)}


def test_the_reply_holds_the_cells_as_typed_under_the_identity_of_an_issued_form(report: Report, output: Path) -> None:
    found = book(reply_path(output, "P1"))
    identity = identity_of(found, UNIT_TEMPLATE)
    issued = province().identity("P1", UNIT_TEMPLATE)
    assert identity is not None
    assert (identity.unit, identity.period, identity.version) == (issued.unit, issued.period, issued.version)
    layout = locate(found, UNIT_TEMPLATE, identity)
    assert layout.findings == []
    staff = layout.located["NHAN_SU"]
    assert [staff.grid.rows[row][staff.fields["ngay_sinh"]] for row in staff.rows][1] == "31/02/1985"
    assert [staff.grid.rows[row][staff.fields["diem_danh_gia"]] for row in staff.rows][2] == "88,5 điểm"


def test_the_slip_says_where_the_unit_stands_and_leads_to_each_cell(report: Report, output: Path) -> None:
    assert state(report, "P1").status is Status.TO_MEND
    text = slip_text(reply_path(output, "P1"))
    assert "Cần bổ sung: còn" in text
    for words in ("«31/02/1985»", "88,5 điểm", "Lao động giỏi", "P1.xlsx, gửi lúc 12/11/2026 08:00, đúng hạn"):
        assert words in text
    sheet = openpyxl.load_workbook(reply_path(output, "P1"))["PHIEU_TRA_LAI"]
    targets = {c.hyperlink.location.replace("'", "") for row in sheet.iter_rows() for c in row if c.hyperlink}
    at = places("NHAN_SU")
    assert {f"NHAN_SU!{at['ngay_sinh']}6", f"NHAN_SU!{at['chuc_vu']}6", f"NHAN_SU!{at['diem_danh_gia']}7"} <= targets


def test_a_wrong_cell_is_coloured_and_says_what_why_and_what_to_do(report: Report, output: Path) -> None:
    sheet = openpyxl.load_workbook(reply_path(output, "P1"))["NHAN_SU"]
    at = places("NHAN_SU")
    wrong, empty, good = (sheet[f"{at[name]}6"] for name in ("ngay_sinh", "chuc_vu", "gioi_tinh"))
    assert "CHẶN (V-03)" in wrong.comment.text
    assert "«31/02/1985»" in wrong.comment.text and "Cách sửa: Gõ lại" in wrong.comment.text
    assert "bắt buộc nhưng còn trống" in empty.comment.text
    assert {wrong.fill.fgColor.rgb, empty.fill.fgColor.rgb} == {"FFF6D5C8"}
    assert good.comment is None and good.fill.fgColor.rgb != "FFF6D5C8"
    assert wrong.protection.locked is False and empty.protection.locked is False


def test_counts_of_what_was_taken_add_up(report: Report, output: Path) -> None:
    counted = state(report, "P1").counted
    assert counted is not None
    counts = counted.counts
    page = grids(reply_path(output, "P1"))["PHIEU_TRA_LAI"]
    taken = {row[2]: (row[1], row[4]) for row in page if row[2] in UNIT_TEMPLATE.by_code}
    assert taken["NHAN_SU"][0] == 3 and taken["DON_VI"][0] == 1
    assert sum(cells for _, cells in taken.values() if isinstance(cells, float)) == counts.accepted
    assert f"đã nhận {counts.accepted}, chưa nhận được vì sai {counts.refused}" in slip_text(reply_path(output, "P1"))


def test_a_unit_whose_file_cannot_be_read_gets_the_form_and_the_reason(report: Report, output: Path) -> None:
    assert state(report, "P2").status is Status.RECEIVED
    text = slip_text(reply_path(output, "P2"))
    assert "Đã nhận, chưa dùng được: xin gửi lại" in text and "Tệp «P2.xlsx»" in text and "Tệp rỗng" in text
    assert identity_of(book(reply_path(output, "P2")), UNIT_TEMPLATE).unit == "P2"  # type: ignore[union-attr]


def test_a_mended_reply_is_a_submission_that_counts(folder: Path, output: Path, tmp_path: Path, report: Report) -> None:
    workbook = openpyxl.load_workbook(reply_path(output, "P1"))
    for sheet, name, row, value in MENDED:
        workbook[sheet][f"{places(sheet)[name]}{row}"] = value
    stream = BytesIO()
    workbook.save(stream)
    again = new_province(tmp_path / "tinh")
    receive(again, "P1.xlsx", unit_bytes(again, "P1", WRONG))
    receive(again, "tra-lai/P1.xlsx", stream.getvalue(), dt.datetime(2026, 11, 15, 9, 0))
    results, _ = answer(again, tmp_path / "ra")
    second = next(s for s in results.board if s.code == "P1")
    counted = second.counted
    assert counted is not None and counted.path == "tra-lai/P1.xlsx"
    assert second.status is Status.ACCEPTED
    text = slip_text(reply_path(tmp_path / "ra", "P1"))
    assert "Đạt: hồ sơ đã được nhận, không có gì phải sửa" in text
    assert "Hồ sơ đạt yêu cầu" in letter(tmp_path / "ra", "P1/P1.eml").get_body().get_content()  # type: ignore[union-attr]
    old = [r for r in results.dataset.records if r.path == "P1.xlsx"]
    assert old[0].outcome is Outcome.SUPERSEDED


def test_rows_that_moved_are_named_in_the_reply_and_as_they_were_sent(tmp_path: Path) -> None:
    folder = new_province(tmp_path / "tinh")
    workbook = openpyxl.load_workbook(BytesIO(unit_bytes(folder, "P1", WRONG)))
    workbook["NHAN_SU"].insert_rows(1, 2)
    workbook["NHAN_SU"].row_dimensions[2].hidden = False
    workbook["NHAN_SU"]["T3"] = "ghi bên lề"
    stream = BytesIO()
    workbook.save(stream)
    receive(folder, "P1.xlsx", stream.getvalue())
    answer(folder, tmp_path / "ra")
    text = slip_text(reply_path(tmp_path / "ra", "P1"))
    column = places("NHAN_SU")["ngay_sinh"]
    assert f"NHAN_SU, ô {column}6\n(tệp đã gửi: ô {column}8)" in text
    assert "Đã gõ nhưng không được đọc" in text and "ô T3" in text and "«ghi bên lề»" in text
    assert grids(reply_path(tmp_path / "ra", "P1"))["NHAN_SU"][5][column_of(column)] == "31/02/1985"


def column_of(letters: str) -> int:
    return openpyxl.utils.column_index_from_string(letters) - 1


ODD: tuple[object, ...] = (
    "=1+1", "+84 912", "-x", "@ten", "  hai khoảng  ", "Nguye\u0302\u0303n", "Gi¶i quyÕt", "#REF!", "1.234", "_x0041_",
    12.0, 0.1, 1e15, -0.5, True, False, dt.date(2026, 2, 3), dt.datetime(2026, 2, 3, 14, 5), dt.time(7, 30),
    dt.timedelta(hours=30), dt.date(2026, 12, 31),
)  # fmt: skip


@pytest.mark.parametrize("raw", ODD, ids=repr)
def test_a_cell_of_any_kind_comes_back_as_it_was(raw: object, tmp_path: Path) -> None:
    contents = _typed_row(raw)
    back = grids(unit_bytes(new_province(tmp_path), "P1", contents))["NHAN_SU"][4]
    held = set(UNIT_TEMPLATE.by_code["NHAN_SU"].by_name)
    assert back[1 : 1 + len(held)] == [raw] * len(held)


def _typed_row(raw: object) -> Contents:
    sheet = UNIT_TEMPLATE.by_code["NHAN_SU"]
    fields = {column.name: number for number, column in enumerate(sheet, start=1)}
    given = TypedSheet("NHAN_SU", "NHAN_SU", fields, 0, (4,), (tuple(raw for _ in fields),))
    return {"NHAN_SU": given.contents()}


@pytest.mark.parametrize(("raw", "text"), [(Uncached("=A1*2"), "=A1*2"), (math.inf, "inf"), (math.nan, "nan")])
def test_what_no_cell_can_hold_is_text(raw: object, text: str) -> None:
    assert set(_typed_row(raw)["NHAN_SU"][0].values()) == {text}


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    folder = new_province(tmp_path / "tinh")
    receive(
        folder, "P1.xlsx", unit_bytes(folder, "P1", changed(COMPLETE, "NHAN_SU", 1, ho_ten="=1+1", gioi_tinh="@nu"))
    )
    answer(folder, tmp_path / "ra")
    found = parts(reply_path(tmp_path / "ra", "P1").read_bytes())
    sheets = [
        t for name, t in found.items() if name.startswith("xl/worksheets/sheet") and "Danh sách công chức" not in t
    ]
    live = [text for text in sheets if "<f>" in text]
    assert len(live) == 1  # KIEM_TRA alone computes
    assert grids(reply_path(tmp_path / "ra", "P1"))["NHAN_SU"][5][2] == "=1+1"
    comments = [text for name, text in found.items() if "comments" in name]
    assert any("@nu" in text for text in comments)


# --- the files of a run


def tree(output: Path) -> dict[str, bytes]:
    home = output / "phan-hoi"
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in sorted(home.rglob("*")) if p.is_file()}


def test_equal_inputs_give_equal_bytes_in_one_process_and_in_many(
    folder: Path, output: Path, report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tree(output)
    assert set(first) == {
        "P1/TDKT-01_2026_P1_tra-lai.xlsx", "P1/P1.eml", "P2/TDKT-01_2026_P2_tra-lai.xlsx", "P2/P2.eml", "thu/P3.eml",
        "phan-hoi.json",
    }  # fmt: skip
    monkeypatch.setattr(making, "MANY_REPLIES", 1)
    monkeypatch.setattr(typed, "MANY_UNITS", 1)
    answer(folder, tmp_path)
    assert tree(tmp_path) == first
    answer(folder, tmp_path)  # over its own
    assert tree(tmp_path) == first


def test_what_is_no_longer_due_goes_and_what_people_changed_stays(tmp_path: Path) -> None:
    folder, output = new_province(tmp_path / "tinh"), tmp_path / "ra"
    receive(folder, "P1.xlsx", unit_bytes(folder, "P1", WRONG))
    answer(folder, output)
    assert {p.name for p in (output / "phan-hoi/thu").iterdir()} == {"P2.eml", "P3.eml"}
    edited = output / "phan-hoi/P1/P1.eml"
    edited.write_bytes(edited.read_bytes() + b"\r\n")
    kept = output / "phan-hoi/thu/P3.eml"
    kept.write_bytes(kept.read_bytes() + b"\r\n")
    for unit, name in (("P2", "Phòng 2"), ("P3", "Phòng 3")):
        receive(folder, f"{unit}.xlsx", unit_bytes(folder, unit, of_unit(unit, name)))
    _, posted = answer(folder, output)
    assert {p.name for p in (output / "phan-hoi/thu").iterdir()} == {"P3.eml"}
    assert {p.name for p in (output / "phan-hoi/P1").glob("*.eml")} == {"P1.eml", "P1-2.eml"}
    line = next(line for line in posted.lines() if "giữ nguyên ở phan-hoi/" in line)
    assert "P1/P1.eml" in line and "thu/P3.eml" in line
    edited.unlink()
    answer(folder, output)
    assert {p.name for p in (output / "phan-hoi/P1").glob("*.eml")} == {"P1.eml"}


def test_without_replies_nothing_of_them_is_touched(folder: Path, tmp_path: Path) -> None:
    report = run(folder, tmp_path, replies=False)
    assert not (tmp_path / "phan-hoi").exists()
    assert report.posted is None and not any("Phản hồi" in line for line in report.lines())
    answer(folder, tmp_path)
    before = tree(tmp_path)
    run(folder, tmp_path, replies=False)
    assert tree(tmp_path) == before


def test_a_run_that_cannot_write_leaves_no_reply(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise CannotRun("Ổ đĩa đã đầy.")

    monkeypatch.setattr(writing, "write_workbook", full)
    with pytest.raises(CannotRun, match="đầy"):
        run(folder, tmp_path)
    assert [p for p in tmp_path.rglob("*") if p.is_file() or p.name == "phan-hoi"] == []


def test_a_reply_that_cannot_be_written_leaves_nothing_half_done(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, written = outputs.write_beside, []

    def second_fails(place: Path, put: Any) -> Any:
        if place.suffix == ".eml":
            raise CannotRun("Ổ đĩa đã đầy.")
        written.append(place)
        return write(place, put)

    monkeypatch.setattr(outputs, "write_beside", second_fails)
    with pytest.raises(CannotRun, match="đầy"):
        run(folder, tmp_path)
    assert written and [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_the_board_leads_to_the_replies(report: Report, output: Path) -> None:
    sheet = openpyxl.load_workbook(output / "tong-hop.xlsx")["TINH_TRANG_NOP"]
    targets = {
        c.hyperlink.target.replace("\\", "/"): c.value
        for row in sheet.iter_rows()
        for c in row
        if c.hyperlink and c.hyperlink.target
    }
    assert targets["phan-hoi/P1/TDKT-01_2026_P1_tra-lai.xlsx"] == "Phiếu trả lại"
    assert targets["phan-hoi/thu/P3.eml"] == "Thư nhắc, chưa có địa chỉ thư"
    assert all((output / target).is_file() for target in targets)


def test_the_summary_says_how_many_and_who_has_no_address(report: Report) -> None:
    text = "\n".join(report.lines())
    assert "Phản hồi: 2 đơn vị · thư nhắc 1" in text
    assert "Chưa có địa chỉ thư ở trang DON_VI của cau-hinh.xlsx: P3;" in text
    assert report.results.now == NOW
