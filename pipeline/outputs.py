"""Writing results: each file appears whole or not at all, and a reviewed workbook is never overwritten."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.refusals import CannotRun

RUN_RECORD = "run.json"


def prepare(folder: Path) -> None:
    """Make the output folder.

    Raises:
        CannotRun: it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".tdkt-"):
            pass
    except OSError as error:
        raise CannotRun(
            f"Không ghi được vào thư mục «{folder}»: {error.strerror}. Chọn thư mục khác bằng -o."
        ) from None


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside `path` for writing; it takes the place of `path` only when everything was written.

    Raises:
        CannotRun: the place cannot be written (full disk, file open in Excel on Windows, folder gone).
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".tdkt-", suffix=path.suffix)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotRun(
            f"Không ghi được {path.name}: {reason}. Nếu tệp đang mở trong Excel thì đóng lại rồi chạy lại; "
            "bản cũ vẫn còn nguyên."
        ) from None
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def write_whole(path: Path, write: Callable[[BinaryIO], None]) -> str:
    """Write a file whole through `write`; returns the SHA-256 of what was written."""
    with whole_file(path) as file:
        write(file)
    return digest(path)


def digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def recorded_hashes(folder: Path) -> dict[str, str]:
    """Hashes of what the last run wrote here, by file name; empty when there was none or its record is broken."""
    try:
        record = json.loads((folder / RUN_RECORD).read_text(encoding="utf-8"))
        return {str(name): str(sha) for name, sha in record["outputs"].items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}


def free_name(folder: Path, name: str) -> Path:
    """Return where a workbook may be written: `name`, or `name-2` … when people have changed the one there.

    A workbook that is exactly as a run wrote it may be replaced; any other is somebody's work.
    """
    known = recorded_hashes(folder)
    stem, suffix = Path(name).stem, Path(name).suffix
    number = 1
    while True:
        path = folder / (name if number == 1 else f"{stem}-{number}{suffix}")
        if not path.exists() or known.get(path.name) == digest(path):
            return path
        number += 1
