"""The shelf: transcripts of earlier runs, so that only what changed is read again.

An entry is found by what its content depends on: the bytes and path of the file, the terms of the province, the
program. It is JSON, never code; the folder is the user's alone (700), and entries (600) appear whole or not at all.
A damaged, half-written or missing entry costs reading the file again, nothing else, so the folder may be deleted at
any time, also while a run goes on.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
import time
from pathlib import Path

import platformdirs

from pipeline.intake import Received
from pipeline.refusals import CannotRun, reason_of

#: Name of the folder inside the given one; raised when the form of entries changes.
VERSION = "tdkt-1"
SUFFIX = ".ban-ghi"
#: Bytes and days kept: some 20,000 units; what no run has asked for in a season is people's data nobody needs.
MOST_BYTES, MOST_DAYS = 1_000_000_000, 180
#: How far pruning goes below the limit, so that it is not done every time.
_LOW_WATER = 0.8
#: Hours after which a file that was never put in its place is nobody's any more.
_ABANDONED_HOURS = 24
_DIGEST = hashlib.sha256().digest_size


def own_shelf(terms: str, program: str) -> Shelf | None:
    """Return the shelf in the user's own cache folder; None where none can be made: then every run reads all."""
    try:
        return Shelf(Path(platformdirs.user_cache_path("tdkt")), terms, program)
    except CannotRun:
        return None


class Shelf:
    """Transcripts kept in a folder, for one province's terms and one program."""

    def __init__(self, folder: Path, terms: str, program: str, most_bytes: int = MOST_BYTES) -> None:
        """Make the folder.

        Raises:
            CannotRun: it cannot be made, or belongs to somebody else.
        """
        self._place = folder / VERSION
        self._terms = hashlib.sha256(f"{VERSION}\0{terms}\0{program}".encode()).hexdigest()
        self._most_bytes = most_bytes
        try:
            self._place.mkdir(mode=0o700, parents=True, exist_ok=True)
            told = self._place.lstat()
            if not stat.S_ISDIR(told.st_mode) or (hasattr(os, "getuid") and told.st_uid != os.getuid()):
                raise CannotRun(f"Thư mục nhớ tạm «{self._place}» không phải của người đang chạy. Chọn --cache khác.")
            self._place.chmod(0o700)
        except OSError as error:
            raise CannotRun(
                f"Không dùng được thư mục nhớ tạm «{folder}»: {reason_of(error)}. Chọn --cache khác hoặc --no-cache."
            ) from None

    def find(self, item: Received) -> bytes | None:
        """Return the packed transcript of a file; None when it must be read."""
        place = self._of(item)
        try:
            content = place.read_bytes()
        except OSError:
            return None
        packed = content[_DIGEST:]
        if content[:_DIGEST] != self._seal(item, packed):
            with contextlib.suppress(OSError):
                place.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(place)  # asked for: pruned last
        return packed

    def keep(self, item: Received, packed: bytes) -> None:
        """Keep a packed transcript; a disk that is full or gone keeps none, and the run goes on."""
        place = self._of(item)
        with contextlib.suppress(OSError):
            place.parent.mkdir(mode=0o700, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=place.parent, prefix="viet-")  # made with mode 600
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(self._seal(item, packed) + packed)
                Path(name).replace(place)
            except BaseException:
                with contextlib.suppress(OSError):
                    Path(name).unlink()
                raise

    def prune(self) -> None:
        """Drop what was not asked for in a long time, then the oldest until the rest fits."""
        now = time.time()
        found = []
        for folder, _, names in os.walk(self._place):
            for name in names:
                path = Path(folder, name)
                with contextlib.suppress(OSError):
                    told = path.lstat()
                    found.append((told.st_mtime, told.st_size, path))
        held = sum(size for _, size, path in found if path.suffix == SUFFIX)
        low = self._most_bytes if held <= self._most_bytes else _LOW_WATER * self._most_bytes
        for since, size, path in sorted(found):
            left_over = path.suffix != SUFFIX
            hours = (now - since) / 3600
            if hours > _ABANDONED_HOURS if left_over else hours > 24 * MOST_DAYS or held > low:
                held -= 0 if left_over else size
                with contextlib.suppress(OSError):
                    path.unlink()

    def _of(self, item: Received) -> Path:
        key = hashlib.sha256(f"{self._terms}\0{item.sha256}\0{item.path}".encode("utf-8", "surrogatepass")).hexdigest()
        return self._place / key[:2] / (key[2:] + SUFFIX)

    def _seal(self, item: Received, packed: bytes) -> bytes:
        """Checksum over what the entry is for and what it holds: an entry moved to another name is not taken."""
        digest = hashlib.sha256(f"{self._terms}\0{item.sha256}\0{item.path}\0".encode("utf-8", "surrogatepass"))
        digest.update(packed)
        return digest.digest()
