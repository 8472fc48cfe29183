"""What the inbox holds of the mailbox: mails written whole, the record of them, and one collector at a time."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pipeline.intake.collected import COLUMNS, RECORD, Collected, read_collected
from pipeline.outputs import digest, write_whole
from pipeline.refusals import CannotRun, reason_of

#: Folder of collected mails, below the inbox.
FOLDER = "thu"
LOCK = ".thu-dang-lay"
_OWNER_ONLY = 0o600
#: How `write_whole` names what is not complete yet.
_UNFINISHED = ".tdkt-*"


class Holding:
    """The mails that were taken, on disk and in the record."""

    def __init__(self, inbox: Path) -> None:
        """Read the record and take away what an interrupted run left unfinished.

        Raises:
            CannotRun: inbox or record cannot be read or written.
        """
        self._inbox = inbox
        try:
            (inbox / FOLDER).mkdir(parents=True, exist_ok=True)
            for unfinished in (inbox / FOLDER).glob(_UNFINISHED):
                unfinished.unlink()
            self.mails = read_collected(inbox)
            _mend(inbox / RECORD)
        except OSError as error:
            raise _not_kept(error) from None
        self._known = {(m.source, m.validity, m.uid) for m in self.mails}
        self._by_content = {m.sha256: m.file for m in reversed(self.mails)}

    def knows(self, source: str, validity: int, uid: int) -> bool:
        """Whether this mail was taken already."""
        return (source, validity, uid) in self._known

    def gone(self) -> int:
        """How many mails were taken and are no longer where they were put."""
        return sum(not (self._inbox / name).exists() for name in {m.file for m in self.mails})

    def take(self, mail: Collected, content: bytes) -> bool:
        """Keep a mail and note it; False when the same mail is held under another number.

        Args:
            mail: as the server lists it; file and hash are set here.
            content: the whole mail.

        Raises:
            CannotRun: it cannot be written; the record does not name it then.
        """
        sha = hashlib.sha256(content).hexdigest()
        held = self._by_content.get(sha)
        file = held or self._write(mail, content, sha)
        noted = Collected(mail.source, mail.validity, mail.uid, file, sha, mail.received_at)
        self._note(noted)
        return held is None

    def _write(self, mail: Collected, content: bytes, sha: str) -> str:
        """Write a mail under a free name; one that a run wrote and could not note any more is taken over."""
        number = 1
        while True:
            suffix = "" if number == 1 else f"-{number}"
            name = f"{FOLDER}/{mail.validity:010}-{mail.uid:010}{suffix}.eml"
            place = self._inbox / name
            if not place.exists():
                write_whole(place, lambda file: _put(file, content))
                break
            if place.is_file() and digest(place) == sha:
                break
            number += 1
        seconds = mail.received_at.timestamp()
        with contextlib.suppress(OSError):  # the record tells it as well
            os.utime(place, (seconds, seconds))
        return name

    def _note(self, mail: Collected) -> None:
        place = self._inbox / RECORD
        try:
            with os.fdopen(os.open(place, os.O_CREAT | os.O_APPEND | os.O_WRONLY, _OWNER_ONLY), "ab") as file:
                lines = [mail.row()] if file.tell() else [COLUMNS, mail.row()]
                file.write(_csv(lines))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _not_kept(error) from None
        self.mails.append(mail)
        self._known.add((mail.source, mail.validity, mail.uid))
        self._by_content.setdefault(mail.sha256, mail.file)


def _put(file: IO[bytes], content: bytes) -> None:
    file.write(content)


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _mend(record: Path) -> None:
    """Cut off a last line that a crash left half written, so that the next one does not join it."""
    if record.exists():
        content = record.read_bytes()
        if content and not content.endswith(b"\n"):
            os.truncate(record, content.rfind(b"\n") + 1)


def _not_kept(error: OSError) -> CannotRun:
    return CannotRun(f"Không đọc, ghi được hộp thư (hop-thu, {RECORD}): {reason_of(error)}. Sửa rồi chạy lại.")


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one collector at a time work in a province folder; the system frees the lock of one that died.

    Raises:
        CannotRun: another is at work, or the lock cannot be made.
    """
    try:
        file = (folder / LOCK).open("ab")
    except OSError as error:
        raise CannotRun(f"Không ghi được vào thư mục «{folder}»: {reason_of(error)}.") from None
    with file:
        if not _lock(file):
            raise CannotRun(f"Một lệnh tdkt collect khác đang lấy thư vào «{folder}». Đợi lệnh ấy xong rồi chạy lại.")
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
