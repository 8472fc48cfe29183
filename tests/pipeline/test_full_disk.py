"""A full disk, a folder that is gone or read-only, an output open in Excel, a kill: one sentence, and the old stays."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.consolidate import consolidate
from pipeline.refusals import CannotRun
from schemas.columns import Identity
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import GOOD, book_bytes, province, write_province

ROOT = Path(__file__).parents[2]
WRITING = "Ghi bản tổng hợp"


@cache
def unit_file(unit: str) -> bytes:
    own = province().identity(unit, UNIT_TEMPLATE)
    identity = Identity(unit, f"Phòng {unit[1]}", own.period, own.form, own.version, own.dates)
    return book_bytes(UNIT_TEMPLATE, province().lists, identity, GOOD)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_province(tmp_path)
    (tmp_path / "hop-thu" / "P1.xlsx").write_bytes(unit_file("P1"))
    return tmp_path


def bytes_of(output: Path) -> dict[str, str]:
    """Hash of each output; of the record without its seconds."""
    found = {}
    for path in sorted(output.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.name == "run.json":
                data = json.dumps(json.loads(data) | {"timings": 0}).encode()
            found[path.relative_to(output).as_posix()] = hashlib.sha256(data).hexdigest()
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are those of POSIX")
@pytest.mark.parametrize("most", [2_000, 200_000])
def test_a_full_disk_leaves_the_last_good_outputs(folder: Path, most: int) -> None:
    output = folder / "output"
    consolidate(folder, output)
    before = bytes_of(output)
    (folder / "hop-thu" / "P2.xlsx").write_bytes(unit_file("P2"))
    code = (
        "import resource, sys; from pipeline import cli; "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most})); sys.argv[0] = 'tdkt'; cli.main()"
    )
    command = [sys.executable, "-c", code, "consolidate", str(folder), "-o", str(output)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert "ổ đĩa" in done.stderr and "Không ghi được" in done.stderr
    assert bytes_of(output) == before


def test_a_folder_that_vanishes_while_the_run_reads(folder: Path) -> None:
    output = folder / "output"

    def vanish(step: str, _done: int, _total: int) -> None:
        if step == WRITING:
            shutil.rmtree(output)

    with pytest.raises(CannotRun, match="Không ghi được vào thư mục"):
        consolidate(folder, output, progress=vanish)


def test_a_read_only_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(CannotRun, match="ổ đĩa chỉ cho đọc"):
        consolidate(folder, folder / "output")


def test_an_output_that_is_open_in_excel(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = folder / "output"
    consolidate(folder, output)
    before = bytes_of(output)
    (folder / "hop-thu" / "P2.xlsx").write_bytes(unit_file("P2"))
    plainly = Path.open

    def held(path: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if path == output / "xep-hang.csv" and "+" in mode:  # what Windows says of a file that Excel has open
            raise PermissionError(errno.EACCES, "The process cannot access the file")
        return plainly(path, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(CannotRun, match=r"xep-hang\.csv.*Excel"):
        consolidate(folder, output)
    monkeypatch.undo()
    assert bytes_of(output) == before


def test_a_file_that_changes_or_goes_while_the_run_works(folder: Path) -> None:
    inbox = folder / "hop-thu"
    (inbox / "P2.xlsx").write_bytes(unit_file("P2"))
    consolidate(folder, folder / "still")

    def change(step: str, _done: int, _total: int) -> None:
        if step == "Đọc và kiểm tra tệp":
            (inbox / "P1.xlsx").write_bytes(b"half")
            (inbox / "P2.xlsx").unlink(missing_ok=True)

    consolidate(folder, folder / "moving", progress=change)
    assert bytes_of(folder / "moving") == bytes_of(folder / "still")


def test_order_names_and_times_of_files_on_disk_do_not_matter(folder: Path, tmp_path_factory: Any) -> None:
    names = {"hop-thu/P2.xlsx": unit_file("P2"), "hop-thu/a/P1.xlsx": unit_file("P1")}
    log = "tep,gui_luc,nhan_luc\n" + "".join(
        f"{name.removeprefix('hop-thu/')},16/11/2026 09:0{n},\n" for n, name in enumerate(["hop-thu/P1.xlsx", *names])
    )
    made = []
    for number, order in enumerate((list(names), list(names)[::-1])):
        place = tmp_path_factory.mktemp("tinh") / "x"
        shutil.copytree(folder, place)
        for name in order:
            (place / name).parent.mkdir(exist_ok=True)
            (place / name).write_bytes(names[name])
        (place / "hop-thu/so-nhan.csv").write_text(log, encoding="utf-8-sig")
        for path in place.rglob("*.xlsx"):
            os.utime(path, (1_000_000_000 * (number + 1), 1_000_000_000 * (number + 1)))
        consolidate(place, place / "output")
        made.append(bytes_of(place / "output"))
    assert made[0] == made[1]
