"""Running `tdkt` as its own process, as an office does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pipeline.template import Contents
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import GOOD, book_bytes, province
from tests.end_to_end.filling import UNIT

ROOT = Path(__file__).parents[2]
#: As the installed script does; Ctrl-C works also where the tests run in the background, which ignores it.
PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from pipeline.cli import main; main()"
)
SECONDS = 60


def tdkt(*arguments: str | Path, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; `options` are the interpreter's."""
    return subprocess.run(
        command(*arguments, options=options),
        check=False, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=SECONDS,
    )  # fmt: skip


def command(*arguments: str | Path, options: tuple[str, ...] = ()) -> list[str]:
    return [sys.executable, "-X", "utf8", *options, "-c", PROGRAM, *map(str, arguments)]


def unit_file(path: Path, contents: Contents = GOOD) -> Path:
    """A file of P1, as its computer saved it."""
    identity = province().identity(UNIT, UNIT_TEMPLATE)
    path.write_bytes(book_bytes(UNIT_TEMPLATE, province().lists, identity, contents, self_check=True))
    return path
