"""What somebody typed stays text in every output, however it begins; nothing is fetched, nothing runs."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from pipeline.consolidate import consolidate
from schemas.columns import BookSpec, Column, Identity, Kind
from schemas.province import CONFIGURATION, HISTORY
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import Lists
from tests.desk import CONFIGURED, GOOD, book_bytes, province, write_province

#: What the planted texts begin with, by the sign that stands for it while the workbook is written.
STARTS = {"§A§": "=", "§B§": "+", "§C§": "-", "§D§": "@", "§E§": "&#9;=", "§F§": "=cmd|' /C calc'!A0 "}
MARK = "DAUVET"
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Cells by which rows are known or judged; a formula there is another matter (V-04, V-06), and the row would be lost.
_KEPT = ("ma_", "nguoi_phu_trach", "tac_gia", "chu_tri", "thu_ky", "ky_xet", "nam", "to_", "khoi")


def planted(spec: BookSpec, contents: Mapping[str, Any], shift: int) -> dict[str, list[dict[str, Any]]]:
    """The contents with a mark in every cell of free text, each beginning in another way."""
    starts, number = list(STARTS), shift
    sown: dict[str, list[dict[str, Any]]] = {}
    for sheet in spec.sheets:
        rows = []
        for given in contents.get(sheet.code, ()):
            row = dict(given)
            for column in filter(free, sheet):
                number += 1
                row[column.name] = f"{starts[number % len(starts)]}{MARK}{number}"
            rows.append(row)
        if rows:
            sown[sheet.code] = rows
    return sown


def free(column: Column) -> bool:
    return (
        column.kind is Kind.TEXT
        and not column.refers_to
        and not column.refers_to_any
        and not column.name.startswith(_KEPT)
    )


def armed(content: bytes) -> bytes:
    """Put the true beginnings in place of their signs, in the strings of a workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            for sign, start in STARTS.items():
                text = text.replace(sign.encode(), start.encode())
            new.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


@pytest.fixture(scope="module", params=[0, 1, 2])
def output(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tinh")
    write_province(folder)
    for name, spec, contents in (("cau-hinh.xlsx", CONFIGURATION, CONFIGURED), ("lich-su.xlsx", HISTORY, {})):
        own = Identity("", "", "2026", spec.code, spec.version)
        content = book_bytes(spec, Lists.of(), own, planted(spec, contents, request.param))
        (folder / name).write_bytes(armed(content))
    identity = province().identity("P1", UNIT_TEMPLATE)
    sown = planted(UNIT_TEMPLATE, GOOD, request.param)
    content = armed(book_bytes(UNIT_TEMPLATE, province().lists, identity, sown))
    (folder / "hop-thu" / f"={MARK}.xlsx").write_bytes(content)
    consolidate(folder, folder / "output")
    return folder / "output"


def parts(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            yield name, package.read(name)


def test_the_marks_reach_every_kind_of_output(output: Path) -> None:
    for name in ("tong-hop.xlsx", "van-ban/to-trinh-cong-nhan.docx"):
        assert any(MARK.encode() in data for _, data in parts(output / name)), name
    assert MARK in (output / "phat-hien.csv").read_text(encoding="utf-8-sig")


def test_no_cell_of_a_workbook_is_a_formula_or_link_of_theirs(output: Path) -> None:
    seen = 0
    for path in output.rglob("*.xlsx"):
        for name, data in parts(path):
            if name.endswith(".rels"):
                outside = re.findall(rb'Target="([^"]*)" TargetMode="External"', data)
                assert len(outside) == data.count(b"External"), name
                # The board leads to the replies that this run wrote beside the workbook.
                assert all(
                    (path.parent / unquote(target.decode()).replace("\\", "/")).is_file() for target in outside
                ), outside
            if not name.startswith("xl/worksheets/sheet"):
                continue
            for element in ElementTree.fromstring(data).iter():
                tag = element.tag.rpartition("}")[2]
                if tag in ("f", "formula", "formula1", "formula2") and element.text:
                    # Our own formulas may quote a text; what they quote stands between quotation marks.
                    assert MARK not in re.sub(r'"(?:[^"]|"")*"', "", element.text), (name, element.text)
                seen += 1
    assert seen > 1000


def test_no_field_of_a_csv_begins_like_a_formula(output: Path) -> None:
    marked = 0
    for path in output.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for field in row:
                    marked += MARK in field
                    if MARK in field:
                        assert not field.startswith(_RISKY), (path.name, field)
    assert marked


def test_no_document_has_a_field_or_link_of_theirs(output: Path) -> None:
    for path in output.rglob("*.docx"):
        for name, data in parts(path):
            if name.endswith(".rels"):
                assert MARK.encode() not in data and b'TargetMode="External"' not in data, name
            for element in ElementTree.fromstring(data).iter() if name.endswith(".xml") else ():
                if element.tag.rpartition("}")[2] in ("instrText", "fldSimple", "altChunk", "object"):
                    assert MARK not in ElementTree.tostring(element, encoding="unicode"), name
