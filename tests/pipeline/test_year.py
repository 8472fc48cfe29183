"""A whole year's circle: template → consolidate → the meeting → finalize → next year's template; and a late file."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.consolidate import consolidate, examine
from pipeline.decisions.finalize import Finalized, finalize
from pipeline.decisions.judging import Outcome
from pipeline.findings import Finding
from pipeline.intake import collect
from pipeline.issuing import issue, prefill
from pipeline.province import load_province
from pipeline.refusals import CannotRun
from pipeline.template import Contents
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import (
    CONFIGURED,
    GOOD,
    PERIOD,
    UNITS,
    ballot,
    book_bytes,
    form_only,
    nomination,
    papers,
    person,
    write_province,
)  # fmt: skip
from tests.meeting import Meeting

D = dt.date
COUNCIL = [
    {"ho_ten": f"Giả Ủy {n}", "chuc_vu": "Ủy viên", "vai_tro": "Ủy viên", "tu_ngay": D(2025, 7, 1)} for n in range(5)
]
SENT = (
    "tep,gui_luc,nhan_luc\nP1.xlsx,12/11/2026 08:00,12/11/2026 08:05\nP1 sua.xlsx,13/11/2026 08:00,13/11/2026 08:05\n"
)
UPPER = "Kỷ niệm chương Vì sự nghiệp Kiểm sát"
FIRST, SECOND, UNIT = "CN|P1|CC0001|LDTT", "CN|P1|CC0002|LDTT", "TT|P1|P1|GK"
#: GOOD with an initiative that nobody proposes, and somebody else considered.
ASKED: Contents = {
    **GOOD,
    "DE_NGHI": [
        *GOOD["DE_NGHI"],
        nomination("DN04", "CC0003", "Vàng Mẫu Sinh", ket_qua="Đã xét, không đề nghị"),
    ],
    "PHIEU": [*GOOD["PHIEU"], ballot("DN04", dong_y=1, khong_dong_y=2, ket_luan="Đã xét, không đề nghị")],
}


def send(folder: Path, contents: Contents = ASKED, name: str = "P1.xlsx") -> None:
    province = load_province(folder)
    identity = province.identity("P1", UNIT_TEMPLATE)
    content = book_bytes(UNIT_TEMPLATE, province.lists, identity, contents, self_check=True)
    (folder / "hop-thu" / name).write_bytes(content)


def sent(place: Path) -> Path:
    """A province whose unit P1 has sent."""
    folder = write_province(place / "tinh", {**CONFIGURED, "HOI_DONG": COUNCIL})
    send(folder)
    (folder / "hop-thu" / "so-nhan.csv").write_text(SENT, encoding="utf-8-sig")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A province of one test, which may change it."""
    return sent(tmp_path)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A province that no test changes, and the workbook of its run."""
    place = tmp_path_factory.mktemp("nam")
    consolidate(sent(place), place / "ra")
    return place / "tinh", (place / "ra" / "tong-hop.xlsx").read_bytes()


def held(folder: Path, output: Path) -> Meeting:
    consolidate(folder, output)
    return Meeting((output / "tong-hop.xlsx").read_bytes())


def decided(meeting: Meeting) -> Meeting:
    """Everybody proposed is agreed to, with the votes of five members, and the decisions are signed."""
    for key in (FIRST, SECOND, UNIT):
        meeting.decide(key, "Đồng ý", "Đã xem giải trình").vote(key, 5, 5, 5, 0, 5, 0, 0)
    return meeting.sign("LDTT", "812/QĐ-VKS", D(2026, 12, 20)).sign("GK", "813/QĐ-VKS", "20/12/2026")


def ended(meeting: Meeting, folder: Path, output: Path) -> Finalized:
    return finalize([meeting.save(output.parent / "da-hop.xlsx")], output, folder)


def told(done: Finalized, code: str = "KL-12") -> list[Finding]:
    return [f for f in done.findings if f.code == code]


def next_year(history: Path, folder: Path) -> Path:
    """The province a year later, with the history that finalize wrote."""
    period = PERIOD | {
        "ky_xet": "2027", "nam": 2027, "tu_ngay": D(2026, 12, 1), "den_ngay": D(2027, 11, 30),
        "ket_thuc_mua": D(2028, 1, 31),
    }  # fmt: skip
    units = [dict(unit) | {"han_nop": dt.datetime(2027, 11, 16, 16, 0)} for unit in UNITS]
    write_province(folder, {**CONFIGURED, "KY_XET": [period], "DON_VI": units})
    shutil.copy(history, folder / "lich-su.xlsx")
    return folder


def test_the_circle_of_a_year(folder: Path, tmp_path: Path) -> None:
    assert len(issue(load_province(folder), tmp_path / "mau")) == 2
    done = ended(decided(held(folder, tmp_path / "ra")), folder, tmp_path / "kq")
    assert [(f.code, f.variant) for f in done.findings] == []
    assert [d.outcome for d in done.decisions].count(Outcome.RECOGNISED) == 3
    assert done.history is not None
    assert done.history.added == {"KHEN_THUONG": 3, "NHAN_SU_NAM": 3, "UNG_CU": 3, "HANG_NAM": 1}

    later = load_province(next_year(tmp_path / "kq" / "lich-su.xlsx", tmp_path / "tinh-2027"))
    assert later.findings == ()
    assert later.history is not None
    awards = later.history.frames["KHEN_THUONG"]
    assert sorted(zip(awards["ma_doi_tuong"], awards["danh_hieu"].fillna(awards["hinh_thuc"]), strict=True)) == [
        ("CC0001", "LDTT"), ("CC0002", "LDTT"), ("P1", "GK"),
    ]  # fmt: skip
    assert set(awards["ngay_qd"].dt.date) == {D(2026, 12, 20)} and set(awards["don_vi_luc_do"]) == {"P1"}
    candidates = later.history.frames["UNG_CU"].set_index("ma_doi_tuong")
    assert candidates["ket_qua"].to_dict() == {
        "CC0001": "DE_NGHI", "CC0002": "DE_NGHI", "CC0003": "KHONG_DE_NGHI",
    }  # fmt: skip
    assert candidates["dong_y"].to_dict() == {"CC0001": 3, "CC0002": 3, "CC0003": 1}

    (template,) = issue(later, tmp_path / "mau-2027", ["P1"])
    book = openpyxl.load_workbook(template)
    assert {cell.value for cell in book["NHAN_SU"]["B"]} >= {"CC0001", "CC0002", "CC0003"}
    assert sum(row["nam"] == 2026 for row in prefill(later, "P1")["LICH_SU"]) == 3
    held_ranks = later.history.frames["HANG_NAM"]
    assert held_ranks[["nam", "don_vi", "hang", "so_don_vi"]].to_numpy().tolist() == [[2026.0, "P1", 1.0, 1.0]]
    # What next year's run says of this history: nothing.
    again = examine(later, collect(later.folder / "hop-thu"))
    assert [f for f in again.findings if f.file == "lich-su.xlsx"] == []


def test_a_history_from_before_ranks_were_kept_is_whole(folder: Path, tmp_path: Path) -> None:
    ended(decided(held(folder, tmp_path / "ra")), folder, tmp_path / "kq")
    book = openpyxl.load_workbook(tmp_path / "kq" / "lich-su.xlsx")
    del book["HANG_NAM"]
    book.save(tmp_path / "cu.xlsx")
    later = load_province(next_year(tmp_path / "cu.xlsx", tmp_path / "tinh-2027"))
    assert later.findings == () and later.history is not None and later.history.frames["HANG_NAM"].empty


def test_the_second_year_keeps_the_first(folder: Path, tmp_path: Path) -> None:
    """History that is already there is copied cell by cell, also what nobody can read."""
    meeting = decided(held(folder, tmp_path / "ra"))
    ended(meeting, folder, tmp_path / "kq")
    book = openpyxl.load_workbook(tmp_path / "kq" / "lich-su.xlsx")
    page = book["KHEN_THUONG"]
    page["I5"], page["E5"] = "hai mươi tháng chạp", 2021  # a day nobody can read, an older year
    book.save(folder / "lich-su.xlsx")
    done = ended(meeting, folder, tmp_path / "kq2")
    assert {f.variant for f in told(done)} == {"already"} and {f.variant for f in told(done, "KL-08")} == {"changed"}
    assert done.history is not None and done.history.added == {
        "KHEN_THUONG": 1,
        "NHAN_SU_NAM": 0,
        "UNG_CU": 0,
        "HANG_NAM": 0,
    }
    page = openpyxl.load_workbook(tmp_path / "kq2" / "lich-su.xlsx")["KHEN_THUONG"]
    assert (page["I5"].value, page["E5"].value) == ("hai mươi tháng chạp", 2021)
    assert [page.cell(row, 5).value for row in range(5, 9)] == [2021, 2026, 2026, 2026]


@pytest.mark.parametrize(
    ("number", "day", "variants"),
    [
        (None, D(2026, 12, 20), {"no_number"}),
        ("1/QĐ", None, {"no_number"}),
        ("1/QĐ", "tháng 12", {"no_number", "bad_day"}),
    ],
)
def test_an_award_without_a_decision_is_not_history(
    settled: tuple[Path, bytes], tmp_path: Path, number: Any, day: Any, variants: set[str]
) -> None:
    folder, content = settled
    done = ended(decided(Meeting(content)).sign("LDTT", number, day), folder, tmp_path / "kq")
    assert {f.variant for f in told(done)} == variants
    assert {f.sheet for f in told(done)} == {"HOP_HOI_DONG"}
    assert done.history is not None and done.history.added["KHEN_THUONG"] == 1


def test_what_goes_upward_who_has_no_code_and_what_is_blank(folder: Path, tmp_path: Path) -> None:
    newcomer = {k: v for k, v in person("", "Sùng Mới Tinh", ngay_sinh=D(1999, 1, 1)).items() if k != "ma_cc"}
    unknown = {k: v for k, v in person("CC0009", "Mã Thiếu Chức").items() if k != "chuc_vu"}
    contents = {
        **ASKED, "NHAN_SU": [*GOOD["NHAN_SU"], newcomer, unknown],
        "DE_NGHI": [
            *ASKED["DE_NGHI"], form_only(nomination("DN05", "CC0001", "Lò Giả An", hinh_thuc=UPPER)),
            nomination("DN06", "Sùng Mới Tinh, 01/01/1999", "Sùng Mới Tinh"),
        ],
        "PHIEU": [*ASKED["PHIEU"], ballot("DN05"), ballot("DN06")],
        "HO_SO": [*GOOD["HO_SO"], *papers("DN05"), *papers("DN06")],
    }  # fmt: skip
    send(folder, contents)
    meeting = decided(held(folder, tmp_path / "ra"))
    for key in [key for key, *_ in meeting.rows("TH_CA_NHAN")]:
        if "KNC" in key or "1999" in key:
            meeting.decide(key, "Đồng ý", "Đã xem giải trình")
    done = ended(meeting, folder, tmp_path / "kq")
    assert {f.variant for f in told(done)} == {"no_code", "gap", "submitted"}
    assert [d.outcome for d in done.decisions].count(Outcome.SUBMITTED) == 1


def test_another_period_writes_no_history(settled: tuple[Path, bytes], tmp_path: Path) -> None:
    folder, content = settled
    later = next_year(folder / "lich-su.xlsx", tmp_path / "tinh-2027")
    done = ended(Meeting(content), later, tmp_path / "kq")
    assert [f.variant for f in told(done, "KL-08")] == ["period"]
    assert not (tmp_path / "kq" / "lich-su.xlsx").exists()


def test_results_are_written_neither_into_the_province_nor_over_the_workbook(
    settled: tuple[Path, bytes], tmp_path: Path
) -> None:
    folder, content = settled
    path = tmp_path / "ket-qua.xlsx"
    path.write_bytes(content)
    for output in (folder, folder / "hop-thu", tmp_path):
        with pytest.raises(CannotRun):
            finalize([path], output, folder)


def test_a_late_file_comes_after_the_decisions(folder: Path, tmp_path: Path) -> None:
    """What was decided comes along, what is new and gone is told, the reviewed workbook stays as it is."""
    output = tmp_path / "ra"
    meeting = decided(held(folder, output))
    reviewed = meeting.save(output / "tong-hop.xlsx")
    before = reviewed.read_bytes()
    later = {**ASKED, "DE_NGHI": [ASKED["DE_NGHI"][i] for i in (3, 2, 0)], "PHIEU": ASKED["PHIEU"][2:]}
    send(folder, later, "P1 sua.xlsx")
    report = consolidate(folder, output, reviewed=reviewed)
    assert reviewed.read_bytes() == before
    assert report.written[0].name == "tong-hop-2.xlsx"
    assert any("Đã chuyển ý kiến" in line for line in report.lines())
    new = Meeting(report.written[0].read_bytes())
    assert [new.cell("TH_CA_NHAN", FIRST, "Kết luận").value, new.cell("TH_TAP_THE", UNIT, "Kết luận").value] == [
        "Đồng ý", "Đồng ý",
    ]  # fmt: skip
    assert {held.words for held in report.carried.left()} == {"Đào Thử Bình (P1)"}
    record = json.loads((output / "run.json").read_text(encoding="utf-8"))
    assert record["reviewed"] == report.carried.sha256
    marks = {new.page("PHAT_HIEN").cell(row, columns["So lần trước"]).value
             for _, row, columns in new.rows("PHAT_HIEN")}  # fmt: skip
    assert marks == {"mới", "còn"}
    # The same once more: the same bytes, compared with the same run before.
    again = consolidate(folder, output, reviewed=reviewed)
    assert again.written[0].read_bytes() == report.written[0].read_bytes()


def test_the_last_run_is_told_and_running_again_changes_nothing(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "ra"
    consolidate(folder, output)
    first = (output / "tong-hop.xlsx").read_bytes()
    consolidate(folder, output)
    assert (output / "tong-hop.xlsx").read_bytes() == first
    assert not (output / "phat-hien-truoc.csv").exists()
    # The same rows in another order, and one finding mended: nothing is new.
    send(folder, {**ASKED, "DE_NGHI": ASKED["DE_NGHI"][::-1], "SANG_KIEN": []}, "P1 sua.xlsx")
    consolidate(folder, output)
    page = openpyxl.load_workbook(io.BytesIO((output / "tong-hop.xlsx").read_bytes()))["SO_SANH_LAN_CHAY"]
    texts = [cell.value for cell in page["A"] if cell.value]
    assert any(str(text).startswith("II. Phát hiện theo đơn vị") for text in texts)
    kept = (output / "phat-hien-truoc.csv").read_bytes()
    second = (output / "tong-hop.xlsx").read_bytes()
    consolidate(folder, output)
    assert (output / "tong-hop.xlsx").read_bytes() == second
    assert (output / "phat-hien-truoc.csv").read_bytes() == kept
