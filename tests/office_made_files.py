"""Replace three files of a sample province by what only other office programs make. Run by hand.

`tdkt sample -o FOLDER` gives a complete, valid province in which every file that units sent is written by
ourselves. This script then turns P7's file into an old .xls and P9's into an .ods (both by LibreOffice), puts
a password on VP's (msoffcrypto), and mends the receipt log and the answer key accordingly: VP then has sent
three files of which none can be used. Neither program makes the same bytes twice, so the result is committed:
input_samples/ is `tdkt sample -o input_samples` followed by
`python -m tests.office_made_files input_samples`.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path

import msoffcrypto.format.ooxml

from pipeline.sample.inbox import INBOX, KEY, KEY_COLUMNS, LOG, LOG_COLUMNS, csv_text, unit_path
from pipeline.sample.planting import LOCKED, OLD_EXCEL, OPEN_DOCUMENT

_PASSWORD = "mau-2026"
_SECONDS = 180


def convert(path: Path, suffix: str) -> Path:
    """Save a workbook in another format with LibreOffice, in place of the original."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{scratch}/profile", "--headless", "--convert-to",
             suffix, "--outdir", scratch, str(path)],
            check=True, capture_output=True, timeout=_SECONDS,
        )  # fmt: skip
        made = path.with_suffix(f".{suffix}")
        shutil.copyfile(Path(scratch) / made.name, made)
    path.unlink()
    return made


def lock(path: Path) -> None:
    """Put a password on a workbook."""
    locked = BytesIO()
    with path.open("rb") as stream:
        msoffcrypto.format.ooxml.OOXMLFile(stream).encrypt(_PASSWORD, locked)
    path.write_bytes(locked.getvalue())


def mend(path: Path, columns: tuple[str, ...], change: Callable[[list[list[str]]], list[list[str]]]) -> None:
    """Change the rows of one of the two tables, and sort them again."""
    head, *rows = csv.reader(StringIO(path.read_bytes().decode("utf-8-sig")))
    assert tuple(head) == columns
    path.write_bytes(csv_text(columns, sorted(change(rows))))


def replace_files(folder: Path) -> None:
    """Do it all to the province in `folder`."""
    renamed = {}
    for code, suffix in ((OLD_EXCEL, "xls"), (OPEN_DOCUMENT, "ods")):
        name = unit_path(code)
        renamed[name] = str(Path(name).with_suffix(f".{suffix}"))
        convert(folder / INBOX / name, suffix)
    locked = unit_path(LOCKED)
    lock(folder / INBOX / locked)

    def new_names(rows: list[list[str]]) -> list[list[str]]:
        return [[renamed.get(row[0], row[0]), *row[1:]] for row in rows]

    more = [
        [locked, "", "", "V-12", "tệp đặt mật khẩu"],
        ["", "", "", "V-20", f"{LOCKED}: đã nhận tệp nhưng không tệp nào dùng được"],
    ]
    mend(folder / INBOX / LOG, LOG_COLUMNS, new_names)
    # What the rules said of the locked file is no longer found.
    mend(folder / KEY, KEY_COLUMNS, lambda rows: new_names([r for r in rows if r[0] != locked]) + more)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    replace_files(parser.parse_args().folder)
