"""A copy that may be shown: marks planted in every text of every sheet are in none of its files, nor in its outputs."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.anonymous_copy import MARK, NOTE, make_copy
from pipeline.cli import tdkt
from pipeline.consolidate import consolidate
from pipeline.province import load_province
from pipeline.refusals import CannotRun
from schemas.columns import BookSpec, Column, Kind
from schemas.province import CONFIGURATION, HISTORY
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import VOCABULARIES
from tests.desk import CONFIGURED, GOOD, book_bytes, write_province

PLANTED = "DAUVETZQ"
DAY = dt.date(2024, 7, 23)
HISTORY_ROWS = {
    "KHEN_THUONG": [{
        "doi_tuong": "Cá nhân", "ma_doi_tuong": "CC0001", "ten_doi_tuong": "Lò Giả An", "nam": 2024,
        "danh_hieu": "Lao động tiên tiến", "loai_hinh": "Công trạng (thường xuyên)", "so_qd": "1/QĐ", "ngay_qd": DAY,
        "co_quan_qd": "VKSND tỉnh", "don_vi_luc_do": "P1 – Phòng 1", "tinh_trang": "Còn hiệu lực",
    }],
    "NHAN_SU_NAM": [{
        "nam": 2024, "ma_cc": "CC0001", "ho_ten": "Lò Giả An", "ngay_sinh": dt.date(1985, 9, 2), "gioi_tinh": "Nam",
        "don_vi": "P1 – Phòng 1", "to_cong_tac": "Tổ 1", "chuc_vu": "Chuyên viên",
        "chuc_danh": "Kiểm sát viên sơ cấp", "nhom_doi_tuong": "Người trực tiếp công tác", "ly_do": "ốm",
    }],
}  # fmt: skip
COUNCIL = [{"ho_ten": "Lò Giả An", "chuc_vu": "Viện trưởng", "vai_tro": "Chủ tịch", "ma_cc": "CC0001", "don_vi": "P1",
            "tu_ngay": DAY}]  # fmt: skip
#: Cells that must keep their words for the file to be read at all.
_KEPT = (("DANH_HIEU", "ma"), ("THAM_SO", "ma_quy_tac"))


def mark(text: str) -> str:
    """Put the mark behind every code of a list, and behind both halves of a label such as `P1 – Phòng 1`."""
    return "; ".join(" – ".join(part + PLANTED for part in piece.split(" – ")) for piece in text.split("; "))


def marked(spec: BookSpec, contents: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The contents with the mark in every cell that holds text of somebody, and in every blank one too."""
    found: dict[str, list[dict[str, Any]]] = {}
    for sheet in spec.sheets:
        for row in contents.get(sheet.code, ()):
            typed = {column.name: cell(sheet.code, column, row.get(column.name)) for column in sheet}
            found.setdefault(sheet.code, []).append({k: v for k, v in typed.items() if v is not None})
    return found


def cell(sheet: str, column: Column, value: Any) -> Any:
    if column.kind is Kind.CHOICE and column.vocabulary in VOCABULARIES:
        return value
    if (
        column.kind is Kind.TEXT
        and value is None
        and not (column.refers_to or column.refers_to_any or column.name.startswith("ma_"))
    ):
        return PLANTED
    return mark(value) if isinstance(value, str) and (sheet, column.name) not in _KEPT else value


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("that")
    configured = marked(CONFIGURATION, {**CONFIGURED, "HOI_DONG": COUNCIL})
    write_province(folder, configured, marked(HISTORY, HISTORY_ROWS))
    province = load_province(folder)
    identity = province.identity(f"P1{PLANTED}", UNIT_TEMPLATE)
    content = book_bytes(UNIT_TEMPLATE, province.lists, identity, marked(UNIT_TEMPLATE, GOOD))
    (folder / "hop-thu" / f"Lò Giả An {PLANTED}.xlsx").write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def copied(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("chep") / "an-danh"
    make_copy(original, target)
    consolidate(target, target.parent / "ket-qua")
    return target


def contents_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Every name and text in a folder; packages are opened."""
    for path in sorted(folder.rglob("*")):
        yield "name", path.name
        if path.is_file():
            yield from _texts(path.name, path.read_bytes())


def _texts(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for part in package.namelist():
                yield f"{name}/{part}", package.read(part).decode("utf-8", "replace")
    elif name.endswith(".eml"):
        message = message_from_bytes(content, policy=default)
        yield name, " ".join(str(value) for value in message.values())
        for part in message.walk():
            if not part.is_multipart():
                yield from _texts(part.get_filename() or "phan", part.get_payload(decode=True) or b"")
    else:
        yield name, content.decode("utf-8", "replace")


def test_the_marks_were_planted_in_what_the_run_reads(original: Path, tmp_path: Path) -> None:
    report = consolidate(original, tmp_path / "output")
    frames = report.results.dataset.frames
    assert len(frames["NHAN_SU"]) == 3 and len(frames["DE_NGHI"]) == 3
    assert sum(PLANTED in text for _, text in contents_of(tmp_path / "output")) > 5


def test_no_mark_and_no_name_is_in_the_copy_or_its_outputs(copied: Path) -> None:
    words = (PLANTED, "Hà Ví Dụ", "Vàng Mẫu Sinh", "23/07/2024")
    for folder in (copied, copied.parent / "ket-qua"):
        assert [(where, word) for where, text in contents_of(folder) for word in words if word in text] == []


def test_the_copy_can_be_worked_with(copied: Path) -> None:
    report = consolidate(copied, copied.parent / "lan-hai")
    frames = report.results.dataset.frames
    assert len(frames["NHAN_SU"]) == 3 and len(frames["DE_NGHI"]) == 3
    assert set(frames["DE_NGHI"]["ma_doi_tuong"]) & set(frames["NHAN_SU"]["ma_cc"])
    assert frames["PHIEU"]["ma_dn"].isin(frames["DE_NGHI"]["ma_dn"]).all()
    born = frames["NHAN_SU"]["ngay_sinh"]
    assert ((born.dt.month == 1) & (born.dt.day == 1)).all()
    assert report.internal_errors == 0


def test_every_page_says_that_it_is_a_copy(copied: Path) -> None:
    output = copied.parent / "ket-qua"
    assert MARK in (copied / NOTE).read_text(encoding="utf-8-sig")
    with zipfile.ZipFile(output / "tong-hop.xlsx") as book:
        strings = book.read("xl/sharedStrings.xml").decode()
        assert MARK in strings and "DỮ LIỆU GIẢ ĐỊNH" not in strings
        for name in book.namelist():
            sheet = book.read(name).decode("utf-8", "replace")
            if name.startswith("xl/worksheets/sheet") and "<oddFooter>" in sheet:
                assert MARK in sheet, name
    for path in (output / "van-ban").glob("*.docx"):
        assert MARK in zipfile.ZipFile(path).read("word/document.xml").decode(), path.name


def test_the_same_original_gives_the_same_copy(original: Path, copied: Path, tmp_path: Path) -> None:
    make_copy(original, tmp_path / "x")
    for path in sorted(p for p in copied.rglob("*") if p.is_file()):
        assert (tmp_path / "x" / path.relative_to(copied)).read_bytes() == path.read_bytes(), path.name


def test_the_copy_never_lies_among_true_data(original: Path, tmp_path: Path) -> None:
    for place in (original, original / "x", original / "hop-thu"):
        with pytest.raises(CannotRun, match="ngoài thư mục tỉnh"):
            make_copy(original, place)
    (tmp_path / "cu.txt").write_text("x")
    with pytest.raises(CannotRun, match="đã có tệp"):
        make_copy(original, tmp_path)
    done = CliRunner().invoke(tdkt, ["anonymise", str(original), "-o", str(tmp_path / "moi")])
    assert done.exit_code == 0 and PLANTED not in done.output
