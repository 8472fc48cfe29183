"""A short soak; `python -m tests.soak --runs 200` is the long one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="the faults are signals and limits of POSIX")
def test_runs_with_faults_finish_or_refuse_and_nothing_is_lost() -> None:
    command = [sys.executable, "-m", "tests.soak", "--runs", "5"]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 runs, 0 faults of ours" in done.stdout
