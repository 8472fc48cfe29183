"""Every file of the corpus: no traceback, within 10 s and 1 GiB, a Vietnamese sentence, and the outcome declared."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desk import write_province
from tests.hostile import corpus
from tests.hostile.judge import SECONDS
from tests.hostile.material import COUNTS

ROOT = Path(__file__).parents[2]
#: Far above what all files take together; a child that hangs on one file ends by itself after `SECONDS`.
PATIENCE = 600
#: One file in so many goes through a whole run too.
WHOLE_RUN = 9


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("corpus")
    expected: dict[str, str] = {}
    for hostile in corpus():
        assert hostile.name not in expected
        expected[hostile.name] = hostile.expected
        (folder / hostile.name).write_bytes(hostile.content)
    yield folder, expected
    for path in folder.iterdir():
        path.unlink()


def as_declared(judged: dict[str, Any], expected: str) -> bool:
    words = expected.split()
    counts = words[0] == COUNTS
    return judged["counts"] == counts and set(words) - {COUNTS} <= set(judged["said"])


def test_every_hostile_file_ends_as_declared(written: tuple[Path, dict[str, str]]) -> None:
    folder, expected = written
    assert len(expected) >= 300
    command = [sys.executable, "-m", "tests.hostile.judge", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"ended within {SECONDS} s at {lines[-1] if lines else 'the start'}: {done.stderr}"
    assert "Traceback" not in done.stderr and "panicked" not in done.stderr
    judged = {line["name"]: line for line in lines if "name" in line}
    assert set(judged) == set(expected)
    assert {name: one["faults"] for name, one in judged.items() if one["faults"]} == {}
    wrong = {
        name: (one, expected[name])
        for name, one in judged.items()
        if expected[name] != "any" and not as_declared(one, expected[name])
    }
    assert wrong == {}


def test_a_whole_run_over_hostile_files_says_something_of_each(
    written: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    folder, expected = written
    province, output = write_province(tmp_path / "tinh"), tmp_path / "output"
    names = sorted(expected)[::WHOLE_RUN]
    for name in names:
        (province / "hop-thu" / name).hardlink_to(folder / name)
    command = [sys.executable, "-m", "pipeline.cli", "consolidate", str(province), "-o", str(output)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    record = json.loads((output / "run.json").read_text(encoding="utf-8"))
    with (output / "phat-hien.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    said = {row["tep"] for row in found}
    for entry in record["files"]:
        assert entry["cells"]["balanced"]
        if entry["outcome"] == "không dùng được":
            assert entry["path"] in said
    met = said | {entry["path"] for entry in record["files"]} | set(record["ignored"])
    for name in names:
        assert any(path == name or path.startswith(f"{name}/") for path in met), name
    assert sorted(p.name for p in tmp_path.iterdir()) == ["output", "tinh"]  # nothing written elsewhere
