"""A short search with the same examples every time; `python -m tests.hostile.fuzz --examples N --random` goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.hostile.fuzz import EXAMPLES, FAMILIES


def test_no_mutation_breaks_the_reading(tmp_path: Path) -> None:
    kept = tmp_path / "doc-do"
    command = [sys.executable, "-m", "tests.hostile.fuzz", "--keep", str(kept)]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, f"while reading {kept}: {done.stderr}"
    assert done.stdout.splitlines() == [f"{family}: {EXAMPLES} examples" for family in FAMILIES]
