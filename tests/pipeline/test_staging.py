"""One run at a time writes into a folder; what a killed one left is finished or cleared; owners alone may read."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from pipeline import outputs, staging
from pipeline.refusals import CannotRun

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="rights of files and signals are those of POSIX")


def saying(text: str) -> Callable[[BinaryIO], object]:
    return lambda file: file.write(text.encode())


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@POSIX
def test_results_can_be_read_by_their_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)  # the laxest setting a machine can have
    try:
        folder = tmp_path / "moi" / "output"
        outputs.prepare(folder)
        with outputs.turn(folder), outputs.Staging(folder) as stage:
            stage.write(folder / "a.csv", saying("1"))
            stage.publish()
        outputs.write_whole(folder / "b.csv", saying("2"))
    finally:
        os.umask(old)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "moi", *(tmp_path / "moi").rglob("*"))}
    assert modes == {"moi": 0o700, "output": 0o700, "a.csv": 0o600, "b.csv": 0o600}


def test_rights_of_a_folder_that_was_there_are_left_alone(tmp_path: Path) -> None:
    before = tmp_path.stat().st_mode
    outputs.prepare(tmp_path)
    assert tmp_path.stat().st_mode == before


def test_two_runs_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with outputs.turn(tmp_path):
        with pytest.raises(CannotRun, match="lần chạy khác"), outputs.turn(tmp_path):
            pass
        assert names(tmp_path) == [staging.LOCK]
    with outputs.turn(tmp_path):
        pass
    assert names(tmp_path) == []


#: A run that writes two files and is killed at the `nth` replacing.
_KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline import outputs
folder, last = Path(sys.argv[1]), int(sys.argv[2])
replace, seen = Path.replace, []
def stop(self, target):
    seen.append(target)
    if len(seen) == last:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)
Path.replace = stop
with outputs.turn(folder), outputs.Staging(folder) as stage:
    for name in ("a.csv", "run.json"):
        stage.write(folder / name, lambda file: file.write(b"new"))
    stage.publish()
"""


def killed(folder: Path, at: int) -> None:
    for name in ("a.csv", "run.json"):
        (folder / name).write_text("old")
    done = subprocess.run([sys.executable, "-c", _KILLED, str(folder), str(at)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL


@POSIX
@pytest.mark.parametrize(
    ("at", "left", "then"),
    [
        (1, {"old"}, "old"),  # while the journal is written: nothing has happened
        (2, {"old"}, "new"),  # complete but not in place
        (3, {"old", "new"}, "new"),  # between two places
    ],
)
def test_a_killed_run_is_finished_or_undone_by_the_next(tmp_path: Path, at: int, left: set[str], then: str) -> None:
    killed(tmp_path, at)
    assert {(tmp_path / name).read_text() for name in ("a.csv", "run.json")} == left
    with outputs.turn(tmp_path):
        assert {(tmp_path / name).read_text() for name in ("a.csv", "run.json")} == {then}
    assert names(tmp_path) == ["a.csv", "run.json"]


@POSIX
def test_what_people_wrote_after_the_kill_stays(tmp_path: Path) -> None:
    killed(tmp_path, 3)
    (tmp_path / "run.json").write_text("mine")
    with outputs.turn(tmp_path):
        pass
    assert (tmp_path / "run.json").read_text() == "mine"
    assert names(tmp_path) == ["a.csv", "run.json"]


def test_a_journal_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "output"
    folder.mkdir()
    (tmp_path / "theirs").write_text("theirs")
    (folder / ".tdkt-x").write_text("x")
    move = [".tdkt-x", "../theirs", staging.digest(tmp_path / "theirs")]
    (folder / staging.JOURNAL).write_text(json.dumps({"moves": [move], "remove": ["../theirs"]}))
    with outputs.turn(folder):
        pass
    assert (tmp_path / "theirs").read_text() == "theirs"
    assert names(folder) == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"moves": [1], "remove": []}', '{"moves": [["a"]], "remove": 3}'])
def test_a_broken_journal_is_cleared(tmp_path: Path, text: str) -> None:
    (tmp_path / staging.JOURNAL).write_text(text)
    with outputs.turn(tmp_path):
        pass
    assert names(tmp_path) == []


def test_a_folder_named_from_where_one_stands_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("ra")
    folder.mkdir()
    with staging.turn(folder), outputs.Staging(folder) as stage:
        stage.folder(folder / "trong")
        stage.write(folder / "trong" / "a.txt", lambda file: file.write(b"a") and None)
        stage.publish()
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.txt")] == ["ra/trong/a.txt"]
