"""`da-gui.csv`: which letter went where and when. What it says is what keeps a letter from being sent twice.

A line is written, down to the disk, before a letter is handed over and another after the server's answer. A letter
whose last line says that it is being sent is one of which nobody knows: the run ended, or the line broke, in between.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from pipeline.plain_csv import inert
from pipeline.refusals import CannotRun, reason_of

_COLUMNS = ("luc", "trang_thai", "ma_thu", "don_vi", "noi_nhan", "tep", "sha256", "ghi_chu")
_NEEDED = ("trang_thai", "ma_thu")
_MARK = "\ufeff"
#: What Excel may put between fields when somebody saves the file.
_DELIMITERS = ",;\t"


class Fate(StrEnum):
    """What became of a letter; plain letters, which every program keeps."""

    HANDING_OVER = "DANG_GUI"  # and not known to be more than that
    SENT = "DA_GUI"
    NOT_SENT = "CHUA_GUI"  # the server said no; it may be tried again


class SentLog:
    """The record while letters are being sent; nobody else can send from the same folder meanwhile."""

    def __init__(self, file: BinaryIO, now: Callable[[], dt.datetime]) -> None:
        """Read what was sent before; `now` tells the time of the lines to come."""
        self._file, self._now = file, now
        self.fates: dict[str, Fate] = _read(file)

    def write(
        self, fate: Fate, message_id: str, unit: str, receivers: Sequence[str], name: str, sha: str, note: str = ""
    ) -> None:
        """Add a line; it is on the disk when this returns.

        Raises:
            CannotRun: it cannot be written, so that nothing more may be sent.
        """
        text = io.StringIO()
        values = (
            f"{self._now():%d/%m/%Y %H:%M:%S}",
            fate.value,
            message_id,
            unit,
            "; ".join(receivers),
            name,
            sha,
            note,
        )
        csv.writer(text, lineterminator="\n").writerow([inert(value) for value in values])
        try:
            self._file.write(text.getvalue().encode())
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise CannotRun(
                f"Không ghi được sổ gửi thư: {reason_of(error)}. Đã dừng, không gửi thêm thư nào."
            ) from None
        self.fates[message_id] = fate


def fates(path: Path) -> dict[str, Fate]:
    """What became of each letter so far, by Message-ID; nothing when there is no record yet.

    Raises:
        CannotRun: the record cannot be read.
    """
    try:
        with path.open("rb") as file:
            return _read(file)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CannotRun(f"Không đọc được {path.name}: {reason_of(error)}. Đóng tệp nếu đang mở rồi chạy lại.") from None


@contextlib.contextmanager
def open_log(path: Path, now: Callable[[], dt.datetime]) -> Iterator[SentLog]:
    """Open the record for adding lines, for this process alone.

    Raises:
        CannotRun: it cannot be read or written, or another process is sending.
    """
    try:
        file = path.open("a+b")
    except OSError as error:
        raise CannotRun(f"Không mở được {path.name}: {reason_of(error)}. Đóng tệp nếu đang mở rồi chạy lại.") from None
    with file:
        _lock(file, path.name)
        log = SentLog(file, now)
        file.seek(0, os.SEEK_END)
        _begin_line(file)
        yield log


def _begin_line(file: BinaryIO) -> None:
    """Write the heading of a new record; end a last line that was cut."""
    if file.tell() == 0:
        file.write((_MARK + ",".join(_COLUMNS) + "\n").encode())
        return
    file.seek(-1, os.SEEK_END)
    if file.read(1) != b"\n":
        file.write(b"\n")


def _lock(file: BinaryIO, name: str) -> None:
    """Take the record for this process; the system lets it go when the process ends, however it ends."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - is only there on Windows

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - is never there on Windows

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CannotRun(f"Đang có một lệnh gửi khác dùng {name}. Chờ lệnh đó xong rồi chạy lại.") from None


def _read(file: BinaryIO) -> dict[str, Fate]:
    file.seek(0)
    text = file.read().decode("utf-8-sig", "replace")
    heading = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    if text and not set(_NEEDED) <= set(table.fieldnames or ()):
        raise CannotRun(
            "Sổ gửi thư da-gui.csv không còn đủ cột. Khôi phục tệp này, hoặc chuyển đi nếu chưa gửi thư nào."
        )
    found: dict[str, Fate] = {}
    for row in table:
        message_id, fate = row["ma_thu"], row["trang_thai"]
        if message_id and fate in set(Fate):
            found[message_id] = Fate(fate)
    return found
