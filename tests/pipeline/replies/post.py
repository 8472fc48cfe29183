"""A small province by mail: three units send files, a run answers them, tests open the answers."""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from pathlib import Path
from typing import Any

from pipeline.consolidate import consolidate
from pipeline.consolidate import examine as examine_all
from pipeline.intake import collect
from pipeline.outputs import Staging
from pipeline.package import examine
from pipeline.province import load_province
from pipeline.reading import RawBook, read_book
from pipeline.replies import Posted, TypedCells, write_replies
from pipeline.results import Results
from pipeline.template import Contents
from pipeline.writing import Report
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import CONFIGURED, FORM, GOOD, NOW, PERIOD, book_bytes, unit_row, write_province

#: GOOD with what a unit needs so that it stands as accepted.
COMPLETE: Contents = {
    **GOOD,
    "HOAT_DONG": [{
        "ma_hd": "HD01", "loai": "Ban hành kế hoạch", "ngay": dt.date(2026, 1, 15), "chu_tri": "Lãnh đạo đơn vị",
    }],
}  # fmt: skip
MAILBOX = {"thu_van_phong": "tdkt@mau.example", "may_chu_gui": "localhost:2525"}
UNITS = [
    unit_row("P1", "Phòng 1"),
    unit_row("P2", "Phòng 2", thu_dien_tu="p2@mau.example; truong.p2@mau.example"),
    unit_row("P3", "Phòng 3", thu_dien_tu=None),
]
SENT_AT = dt.datetime(2026, 11, 12, 8, 0)


def new_province(folder: Path, **period: Any) -> Path:
    """A province of P1, P2 and P3 with an empty inbox."""
    configured = {**CONFIGURED, "KY_XET": [PERIOD | MAILBOX | period], "DON_VI": UNITS}
    return write_province(folder, configured)


def unit_bytes(folder: Path, unit: str, contents: Contents) -> bytes:
    province = load_province(folder)
    return book_bytes(UNIT_TEMPLATE, province.lists, province.identity(unit, UNIT_TEMPLATE), contents, self_check=True)


def receive(folder: Path, name: str, content: bytes, at: dt.datetime = SENT_AT) -> None:
    """Put a file into the inbox, and its time into the receipt log."""
    inbox = folder / "hop-thu"
    (inbox / name).parent.mkdir(parents=True, exist_ok=True)
    (inbox / name).write_bytes(content)
    log = inbox / "so-nhan.csv"
    known = log.read_text(encoding="utf-8-sig") if log.exists() else "tep,gui_luc,nhan_luc\n"
    log.write_text(f"{known}{name},{at:%d/%m/%Y %H:%M},{at:%d/%m/%Y %H:%M}\n", encoding="utf-8-sig")


def of_unit(unit: str, name: str, contents: Contents = COMPLETE) -> Contents:
    """The same contents as another unit would have typed them."""
    form = FORM | dict(contents["DON_VI"][0]) | {"ma_don_vi": unit, "ten_don_vi": name}
    return {code: [_own(row, unit, name) for row in rows] for code, rows in contents.items()} | {"DON_VI": [form]}


def _own(row: Mapping[str, Any], unit: str, name: str) -> dict[str, Any]:
    """A row that names the unit of GOOD, naming another."""
    return {key: {"P1": unit, "Phòng 1": name}.get(value, value) for key, value in row.items()}


def changed(contents: Contents, sheet: str, row: int, **fields: Any) -> Contents:
    """Contents with some cells of one row typed otherwise."""
    rows = [dict(r) for r in contents[sheet]]
    rows[row] |= fields
    return {**contents, sheet: rows}


def run(folder: Path, output: Path, now: dt.datetime = NOW, **options: Any) -> Report:
    return consolidate(folder, output, now, **options)


def answer(folder: Path, output: Path, now: dt.datetime = NOW) -> tuple[Results, Posted]:
    """The replies of a run alone: what takes long besides them is not their matter."""
    results = examine_all(load_province(folder), collect(folder / "hop-thu"), now)
    output.mkdir(exist_ok=True)
    with contextlib.closing(TypedCells(results.dataset)) as typed, Staging() as stage:
        results.dataset.addresses.release()
        posted = write_replies(results, typed, output, stage)
        stage.publish()
    return results, posted


def reply_path(output: Path, unit: str) -> Path:
    (path,) = (output / "phan-hoi" / unit).glob("*.xlsx")
    return path


def letter(output: Path, name: str) -> EmailMessage:
    message = email.message_from_bytes((output / "phan-hoi" / name).read_bytes(), policy=SMTP)
    assert isinstance(message, EmailMessage)
    return message


def book(content: bytes | Path) -> RawBook:
    content = content.read_bytes() if isinstance(content, Path) else content
    return read_book(content, examine(content, "x.xlsx"))


def grids(content: bytes | Path) -> Mapping[str, list[list[object]]]:
    """Raw cells by sheet."""
    return {grid.name: grid.rows for grid in book(content).grids}


def slip_text(path: Path) -> str:
    """All that PHIEU_TRA_LAI says."""
    return "\n".join(str(cell) for row in grids(path)["PHIEU_TRA_LAI"] for cell in row if cell != "")


def parts(content: bytes) -> dict[str, str]:
    """Every part of a workbook as text."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}
