"""Results take their places together: written beside them, by one run at a time, and finished after a killed one.

What lies in the output folder while a run publishes: `.tdkt-…` files, each a complete result waiting for its place;
a journal that names them, written once all are complete; and a lock, held until the run has published. A run that is
killed leaves some of these. The next one either finishes the publishing (the journal is there, and nobody has touched
the places since) or clears the rests away.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Self

from pipeline.refusals import CannotRun, reason_of

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: Of files that wait for their places below the folder that a run has in turn, and of single ones.
WAITING, SINGLE = ".tdkt-", ".tam-tdkt-"
LOCK, JOURNAL = ".tdkt-khoa", ".tdkt-nhat-ky.json"
#: Of folders that we make: names and births of people lie in them.
OWNER_ONLY = 0o700


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, for their owner alone (on Windows the rights of the parent).

    Raises:
        OSError: as `Path.mkdir`.
    """
    missing = [folder, *folder.parents]
    for place in reversed(missing[: next((n for n, p in enumerate(missing) if p.exists()), len(missing))]):
        place.mkdir(mode=OWNER_ONLY, exist_ok=True)
    folder.mkdir(exist_ok=True)  # says so when a file has that name


def digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_or_none(path: Path) -> str | None:
    """SHA-256 of a file; None when it cannot be read, so that it is taken for somebody's work."""
    try:
        return digest(path)
    except OSError:
        return None


def not_written(place: Path, error: OSError) -> CannotRun:
    """Say why a result cannot stand in its place."""
    return CannotRun(
        f"Không ghi được {place.name}: {reason_of(error)}. Nếu tệp đang mở trong Excel thì đóng lại rồi chạy lại; "
        "bản cũ vẫn còn nguyên."
    )


def folder_refused(folder: Path, error: OSError) -> CannotRun:
    """Say why nothing can be written into a folder."""
    return CannotRun(f"Không ghi được vào thư mục «{folder}»: {reason_of(error)}. Chọn thư mục khác bằng -o.")


class Staging:
    """Files written beside their places, which take those places together once all of them are complete.

    Used as a context; what was not published is removed at its end, so a run that fails changes nothing. Files can
    be read by their owner only.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Start with nothing; with a `folder` whose turn is held, a run killed while publishing is finished later."""
        self._folder = folder
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
        temporary, sha = write_beside(place, write, WAITING if self._folder else SINGLE)
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
            make_folder(place)
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
        if self._folder:
            self._write_journal(self._folder)
        while self._staged:
            temporary, place = self._staged[0]
            try:
                temporary.replace(place)
            except OSError as error:
                raise not_written(place, error) from None
            self._staged.pop(0)
        for place in self._old:
            try:
                place.unlink(missing_ok=True)
            except OSError as error:
                raise not_written(place, error) from None

    def _write_journal(self, folder: Path) -> None:
        moves = [
            [t.relative_to(folder).as_posix(), p.relative_to(folder).as_posix(), digest_or_none(p)]
            for t, p in self._staged
        ]
        text = json.dumps({"moves": moves, "remove": [p.relative_to(folder).as_posix() for p in self._old]})
        temporary = folder / f"{WAITING}{JOURNAL.removeprefix(WAITING)}.moi"
        try:
            with temporary.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(folder / JOURNAL)
        except OSError as error:
            raise not_written(folder / JOURNAL, error) from None


def write_beside(place: Path, write: Callable[[BinaryIO], None], prefix: str = WAITING) -> tuple[Path, str]:
    """Write a file beside its place through `write`; returns where it is and the SHA-256 of what was written.

    Raises:
        CannotRun: it cannot be written; nothing of it is left.
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=prefix, suffix=place.suffix)  # mode 600
        temporary = place.with_name(Path(name).name)  # relative where the place is; mkstemp makes it absolute
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
            raise not_written(place, error) from None
        raise


def _probe(place: Path) -> None:
    if place.is_dir():
        raise CannotRun(f"Không ghi được {place.name}: đã có thư mục mang tên này. Đổi tên thư mục đó rồi chạy lại.")
    if place.exists():
        try:
            with place.open("r+b"):
                pass
        except OSError as error:
            raise not_written(place, error) from None


@contextlib.contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Have an output folder for oneself while results are written into it; first finish or clear a killed run.

    Raises:
        CannotRun: another run has it.
    """
    with _locked(folder / LOCK) as alone:
        if alone:
            _finish(folder)
            _clear(folder)
        try:
            yield
        finally:
            if alone:
                _clear(folder)


def _finish(folder: Path) -> None:
    """Put into their places what a killed run had complete, unless somebody has touched one of the places since."""
    try:
        told = json.loads((folder / JOURNAL).read_text(encoding="utf-8"))
        moves = [(folder / temporary, folder / place, old) for temporary, place, old in told["moves"]]
        old_files = [folder / name for name in told["remove"]]
    except (OSError, ValueError, KeyError, TypeError):
        return
    own = folder.resolve()
    named = [*(path for move in moves for path in move[:2]), *old_files]
    if not all(path.resolve().is_relative_to(own) for path in named):
        return  # not as we write it
    ahead = [(temporary, place, old) for temporary, place, old in moves if temporary.exists()]
    if any(digest_or_none(place) != old for _temporary, place, old in ahead):
        return
    with contextlib.suppress(OSError):  # the run that comes writes all of them anew
        for temporary, place, _old in ahead:
            temporary.replace(place)
        for place in old_files:
            place.unlink(missing_ok=True)


def _clear(folder: Path) -> None:
    for rest in [*folder.rglob(f"{WAITING}*")]:
        if rest.name != LOCK:
            with contextlib.suppress(OSError):
                rest.unlink()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Hold a lock file; gives False where the file system knows no locks."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise folder_refused(path.parent, error) from None
    try:
        held = _lock(handle)
        if held is False or (held and not _same(handle, path)):
            raise CannotRun(
                f"Một lần chạy khác đang ghi vào «{path.parent}». Chờ lần ấy xong rồi chạy lại, hoặc chọn -o khác."
            )
        try:
            yield bool(held)
        finally:
            if held and sys.platform != "win32":
                with contextlib.suppress(OSError):
                    path.unlink()  # while it is held, so that nobody else's goes
    finally:
        os.close(handle)
    if sys.platform == "win32":
        with contextlib.suppress(OSError):  # in use by the next run
            path.unlink(missing_ok=True)


def _same(handle: int, path: Path) -> bool:
    """Whether the locked file still stands under its name; a run that ended meanwhile has removed it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def _lock(handle: int) -> bool | None:
    """Lock without waiting: False when somebody has it, None when the file system knows no locks."""
    if sys.platform == "win32":
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True
