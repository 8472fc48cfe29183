"""Writing results: each file appears whole or not at all, and a reviewed workbook is never overwritten."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, Self

from pipeline.refusals import CannotRun, reason_of

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
            f"Không ghi được vào thư mục «{folder}»: {reason_of(error)}. Chọn thư mục khác bằng -o."
        ) from None


class Staging:
    """Files written beside their places, which take those places together once all of them are complete.

    Used as a context; what was not published is removed at its end, so a run that fails changes nothing.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self._staged: list[tuple[Path, Path]] = []  # (temporary, place)
        self._old: list[Path] = []  # what an earlier run wrote and this one does not
        self._folders: list[Path] = []  # made for this run

    def __enter__(self) -> Self:
        """Stage files with `write`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was not published."""
        for temporary, _place in self._staged:
            with contextlib.suppress(OSError):
                temporary.unlink()
        # The inner ones first, and those from which the last file went; a folder that holds anything stays.
        emptied = {place.parent for place in self._old}
        for folder in sorted({*self._folders, *emptied}, key=lambda p: len(p.parts), reverse=True):
            with contextlib.suppress(OSError):
                folder.rmdir()

    def write(self, place: Path, write: Callable[[BinaryIO], None]) -> str:
        """Write a file beside its place through `write`; returns the SHA-256 of what was written.

        Raises:
            CannotRun: it cannot be written (full disk, folder gone).
        """
        temporary, sha = write_beside(place, write)
        self.take(temporary, place)
        return sha

    def take(self, temporary: Path, place: Path) -> None:
        """Stage a file that `write_beside` wrote, perhaps in another process."""
        self._staged.append((temporary, place))

    def folder(self, place: Path) -> None:
        """Make a folder for files to be staged; it goes again when nothing is published into it.

        Raises:
            CannotRun: it cannot be made.
        """
        missing = [p for p in (place, *place.parents) if not p.exists()]
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotRun(f"Không tạo được thư mục {place.name}: {reason_of(error)}.") from None
        self._folders += missing

    def remove(self, place: Path) -> None:
        """Remove what an earlier run may have written there, when the staged files take their places."""
        self._old.append(place)

    def publish(self) -> None:
        """Put all staged files into their places.

        Raises:
            CannotRun: a place cannot be taken (a folder of that name, a file open in Excel); nothing was replaced.
        """
        for place in [*(place for _temporary, place in self._staged), *self._old]:
            _probe(place)
        while self._staged:
            temporary, place = self._staged[0]
            try:
                temporary.replace(place)
            except OSError as error:
                raise _not_written(place, error) from None
            self._staged.pop(0)
        for place in self._old:
            try:
                place.unlink(missing_ok=True)
            except OSError as error:
                raise _not_written(place, error) from None


def write_beside(place: Path, write: Callable[[BinaryIO], None]) -> tuple[Path, str]:
    """Write a file beside its place through `write`; returns where it is and the SHA-256 of what was written.

    Raises:
        CannotRun: it cannot be written; nothing of it is left.
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".tdkt-", suffix=place.suffix)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        return temporary, digest(temporary)
    except BaseException as error:
        if temporary:
            with contextlib.suppress(OSError):
                temporary.unlink()
        if isinstance(error, OSError):
            raise _not_written(place, error) from None
        raise


def _probe(place: Path) -> None:
    if place.is_dir():
        raise CannotRun(f"Không ghi được {place.name}: đã có thư mục mang tên này. Đổi tên thư mục đó rồi chạy lại.")
    if place.exists():
        try:
            with place.open("r+b"):
                pass
        except OSError as error:
            raise _not_written(place, error) from None


def _not_written(place: Path, error: OSError) -> CannotRun:
    return CannotRun(
        f"Không ghi được {place.name}: {reason_of(error)}. Nếu tệp đang mở trong Excel thì đóng lại rồi chạy lại; "
        "bản cũ vẫn còn nguyên."
    )


def write_whole(place: Path, write: Callable[[BinaryIO], None]) -> str:
    """Write one file whole through `write`; returns the SHA-256 of what was written.

    Raises:
        CannotRun: the place cannot be written.
    """
    with Staging() as stage:
        sha = stage.write(place, write)
        stage.publish()
    return sha


def digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_as_written(path: Path, sha: str) -> bool:
    """Whether a file is there just as a run wrote it."""
    return path.is_file() and _digest_or_none(path) == sha


def _digest_or_none(path: Path) -> str | None:
    """SHA-256 of a file; None when it cannot be read, so that it is taken for somebody's work."""
    try:
        return digest(path)
    except OSError:
        return None


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
        if not path.exists() or (path.is_file() and recorded == _digest_or_none(path)):
            return path
        number += 1
