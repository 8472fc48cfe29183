"""Writing results: each file appears whole or not at all, and a reviewed workbook is never overwritten."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from pipeline.staging import SINGLE, Staging, digest, digest_or_none, folder_refused, make_folder, turn, write_beside

__all__ = [
    "RUN_RECORD",
    "Staging",
    "digest",
    "free_name",
    "is_as_written",
    "prepare",
    "recorded_hashes",
    "turn",
    "write_beside",
    "write_whole",
]

RUN_RECORD = "run.json"


def prepare(folder: Path) -> None:
    """Make the output folder; if it is new, its owner alone may look into it.

    Raises:
        CannotRun: it cannot be made or written to.
    """
    try:
        make_folder(folder)
        trial = folder / f"{SINGLE}{os.getpid()}"
        try:
            trial.touch(0o600)
        finally:  # its name is known, so that Ctrl-C leaves nothing
            trial.unlink(missing_ok=True)
    except OSError as error:
        raise folder_refused(folder, error) from None


def write_whole(place: Path, write: Callable[[BinaryIO], None]) -> str:
    """Write one file whole through `write`; returns the SHA-256 of what was written.

    Raises:
        CannotRun: the place cannot be written.
    """
    with Staging() as stage:
        sha = stage.write(place, write)
        stage.publish()
    return sha


def is_as_written(path: Path, sha: str) -> bool:
    """Whether a file is there just as a run wrote it."""
    return path.is_file() and digest_or_none(path) == sha


def recorded_hashes(folder: Path, name: str = RUN_RECORD) -> dict[str, str]:
    """Hashes of what the last run wrote here, by file name; empty when there was none or its record is broken."""
    try:
        record = json.loads((folder / name).read_text(encoding="utf-8"))
        return {str(name): str(sha) for name, sha in record["outputs"].items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}


def free_name(folder: Path, name: str, known: Mapping[str, str] | None = None, never: Iterable[Path] = ()) -> Path:
    """Return where a workbook or document may be written: `name`, or `name-2` … when people have changed the one there.

    One that is exactly as a run wrote it (`known`: hashes, by default those in run.json) may be replaced, but for those
    that `never` may; any other is somebody's work. A name may lie in a folder below, as `van-ban/to-trinh.docx`; the
    record knows it by that name.
    """
    known = recorded_hashes(folder) if known is None else known
    taken = {path.resolve() for path in never}
    place = folder / name
    number = 1
    while True:
        path = place if number == 1 else place.with_name(f"{place.stem}-{number}{place.suffix}")
        if path.resolve() in taken:
            number += 1
            continue
        recorded = known.get(path.relative_to(folder).as_posix(), "")
        if not path.exists() or (path.is_file() and recorded == digest_or_none(path)):
            return path
        number += 1
