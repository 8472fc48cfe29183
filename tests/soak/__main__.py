"""`python -m tests.soak --runs 200`: consecutive runs into one folder, each with a random fault; figures at the end.

After every run it must hold: the run finished, was killed, or refused with one sentence; what the record lists is there
as recorded; what people wrote into a workbook is there still; nothing but results lies in the folder once a run ends
by itself. The output stands on a file system of a few megabytes where one may be mounted (root), else the room of the
run is limited.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import cli
from pipeline.staging import WAITING
from tests.desk import write_province
from tests.pipeline.test_full_disk import unit_file
from tests.soak.faults import FAULTS, FINISHED, Scene, nothing

_ROOM = "6m"
#: One run in so many, somebody writes into the workbook before it.
_WRITTEN_INTO = 5
#: Workbooks of earlier runs that people leave in the folder.
_COPIES = 2


def run(scene: Scene) -> tuple[int, Path]:
    """Start a run in a process of its own; returns its id and where its words go."""
    words = scene.province.parent / "loi-noi.txt"
    process = os.fork()
    if process:
        return process, words
    with words.open("w", encoding="utf-8") as file:  # the child
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["tdkt", "consolidate", str(scene.province), "-o", str(scene.output)]
    try:
        cli.main()
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 1)
    except BaseException as error:  # the parent must see that something came out that should not
        print("Traceback", repr(error), flush=True)
    os._exit(99)


def check(scene: Scene, code: int, words: str) -> list[str]:
    """Say what does not hold after a run."""
    wrong = []
    if "Traceback" in words or "panicked" in words or code == 99:
        wrong.append(f"traceback: {words[-2000:]}")
    if code == 2 and "Error" not in words and "Lỗi" not in words and "Không" not in words:
        wrong.append(f"refused without a sentence: {words}")
    there = {hashlib.sha256(p.read_bytes()).hexdigest() for p in scene.output.rglob("*") if p.is_file()}
    wrong += [f"lost: {name}" for name, sha in scene.treasures.items() if sha not in there]
    if code == FINISHED:
        record = json.loads((scene.output / "run.json").read_text(encoding="utf-8"))
        wrong += [f"not as recorded: {name}" for name, sha in record["outputs"].items() if sha not in there]
    if code >= 0:
        wrong += [f"left behind: {p.name}" for p in scene.output.rglob(f"{WAITING}*")]
    return wrong


def write_into(scene: Scene) -> None:
    """Be somebody who works in the newest workbook: its bytes must not be lost from now on."""
    books = sorted(scene.output.glob("tong-hop*.xlsx"), key=lambda book: book.stat().st_mtime_ns)
    if books:
        with books[-1].open("ab") as file:
            file.write(scene.chance.randbytes(8))
        scene.treasures[books[-1].name] = hashlib.sha256(books[-1].read_bytes()).hexdigest()
    if len(books) > _COPIES:  # they take their older copies home, so that the small disk does not fill up with them
        for book in books[:-_COPIES]:
            scene.treasures.pop(book.name, None)
            book.unlink()


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """Mount a file system of a few megabytes on a folder; None where that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(folder)]
    mounted = shutil.which("mount") and subprocess.run(command, check=False, capture_output=True).returncode == 0
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=False, capture_output=True)


def soak(runs: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Do the runs; returns how often each fault ended how, and everything that did not hold."""
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    with TemporaryDirectory() as name, small_disk(Path(name) / "dia-nho") as room:
        good = {f"P{n}.xlsx": unit_file(f"P{n}") for n in (1, 2)}
        province = write_province(Path(name) / "tinh")
        scene = Scene(province, Path(name) / "dia-nho" / "output", good, 0, random.Random(seed), room=room)
        for number in range(runs + 2):  # the first and the last one undisturbed
            quiet = number in (0, runs + 1)
            if quiet:
                for file, content in good.items():
                    (province / "hop-thu" / file).write_bytes(content)
            elif scene.chance.randrange(_WRITTEN_INTO) == 0:
                write_into(scene)
            fault = nothing if quiet else scene.chance.choice(FAULTS)
            begin = time.perf_counter()
            process, words = run(scene)
            allowed = fault(scene, process)
            code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            scene.seconds = scene.seconds or time.perf_counter() - begin
            after(scene)
            said = words.read_text(encoding="utf-8", errors="replace")
            found = check(scene, code, said)
            if code not in allowed:
                found.append(f"ended with {code}: {said[-2000:]}")
            wrong += [f"run {number} ({fault.__name__}): {one}" for one in found]
            ends[f"{fault.__name__} → {code}"] += 1
            print(f"run {number}: {fault.__name__} → {code}", *found, flush=True)
    return ends, wrong


def after(scene: Scene) -> None:
    """Put the surroundings right again."""
    away = scene.output.with_name("di-cho-khac")
    if away.exists():
        if scene.output.exists():  # the run made a new one; what is in it counts too
            for path in scene.output.iterdir():
                if not (away / path.name).exists():
                    path.rename(away / path.name)
            shutil.rmtree(scene.output)
        away.rename(scene.output)
    if scene.room is not None:
        (scene.room / "day").unlink(missing_ok=True)


def main() -> None:
    """Soak, print the figures, end with 1 when anything did not hold."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--runs", type=int, default=200)
    asked.add_argument("--seed", type=int, default=8)
    told = asked.parse_args()
    ends, wrong = soak(told.runs, told.seed)
    for line, times in sorted(ends.items()):
        print(f"{times:4}  {line}")
    print(f"{told.runs} runs, {len(wrong)} faults of ours")
    for line in wrong:
        print(line)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
