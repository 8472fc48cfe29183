"""One connection to a mailbox: opened for reading only, listed, read mail by mail."""

from __future__ import annotations

import contextlib
import datetime as dt
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from pipeline.collection.address import Security, Server
from pipeline.refusals import CannotRun, reason_of

#: Seconds without a byte after which a connection counts as broken.
SILENCE = 60.0
_ITEM = re.compile(rb"\b(UID|RFC822\.SIZE) (\d+)")
_DATE = re.compile(rb'INTERNALDATE "\s?(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
_MONTHS = b"JanFebMarAprMayJunJulAugSepOctNovDec"
#: Response code of a server that cannot look the password up just now.
_UNAVAILABLE = b"[UNAVAILABLE]"


class ConnectionLostError(Exception):
    """The connection broke or never came about; trying again may help. Its text says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose mailbox, and which folder of it; the password does not appear when this is printed."""

    name: str
    password: str
    folder: str

    def __repr__(self) -> str:
        return f"Account(folder={self.folder!r})"


@dataclass(frozen=True, slots=True)
class Listed:
    """One mail as the server lists it."""

    uid: int
    size: int  #: bytes
    received_at: dt.datetime  #: INTERNALDATE, with its zone


class OpenMailbox:
    """A mailbox that is read and left as it was; used as a context."""

    def __init__(self, box: BaseMailBox, mails: int, validity: int) -> None:
        """Take an open connection, the number of mails in the folder and its UIDVALIDITY."""
        self._box, self.mails, self.validity = box, mails, validity

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        """Say good-bye, unless something broke or somebody waits: then only hang up."""
        if error is None:
            with contextlib.suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
                self._box.logout()
        _hang_up(self._box)

    def listed(self) -> list[Listed]:
        """Every mail of the folder by rising number; one whose number or time the server does not tell is left out.

        Raises:
            ConnectionLostError: the connection broke, or the server gives no list.
        """
        if not self.mails:  # a range over no mails is an error to some servers
            return []
        lines = self._fetch("1:*", "(UID RFC822.SIZE INTERNALDATE)")
        if lines is None:
            raise ConnectionLostError("máy chủ không liệt kê thư")
        found = {mail.uid: mail for line in lines if (mail := _listed(line))}
        return [found[uid] for uid in sorted(found)]

    def content(self, uid: int) -> bytes | None:
        """The whole mail as the server holds it; None when the server does not give it.

        Raises:
            ConnectionLostError: the connection broke.
        """
        for part in self._fetch(str(uid), "(UID BODY.PEEK[])") or ():  # PEEK: reading does not mark it as read
            if isinstance(part, tuple) and b"BODY[]" in part[0] and isinstance(part[1], bytes):
                return part[1]
        return None

    def _fetch(self, uids: str, items: str) -> list[object] | None:
        """What the server answers; None when it refuses."""
        try:
            with _losing():
                status, data = self._box.client.uid("FETCH", uids, items)
        except imaplib.IMAP4.error:  # BAD; a broken connection has been told apart above
            return None
        return list(data) if status == "OK" else None


def open_mailbox(server: Server, account: Account, trusted: Path | None = None) -> OpenMailbox:
    """Connect, log in and open the folder for reading only.

    Args:
        server: where.
        account: whose mailbox.
        trusted: certificates to trust beside the system's, PEM.

    Raises:
        CannotRun: the certificate is not trusted, the password is wrong, there is no such folder.
        ConnectionLostError: no connection, or it broke.
    """
    box = _connect(server, trusted)
    try:
        _log_in(box, account)
        return _select(box, account.folder)
    except BaseException:
        _hang_up(box)
        raise


def _connect(server: Server, trusted: Path | None) -> BaseMailBox:
    context = _context(trusted)
    try:
        with _losing():
            if server.security is Security.TLS:
                return MailBox(server.host, server.port, SILENCE, ssl_context=context)
            box = MailBoxUnencrypted(server.host, server.port, SILENCE)
            if server.security is Security.STARTTLS:
                _encrypt(box, context)
            return box
    except imaplib.IMAP4.error:
        raise CannotRun(
            f"Máy chủ «{server.host}» không mã hóa được kết nối ({server.security}); không lấy thư."
        ) from None
    except ssl.SSLCertVerificationError as error:
        raise CannotRun(
            f"Không tin được chứng chỉ của máy chủ «{server.host}» ({error.verify_message}); chưa gửi mật khẩu. Kiểm"
            " tra tên máy chủ; nếu cơ quan dùng chứng chỉ riêng, chỉ tệp chứng chỉ gốc bằng --ca."
        ) from None
    except ssl.SSLError:
        raise CannotRun(
            f"Cổng {server.port} của «{server.host}» không bắt tay TLS được. Cổng thường dùng: 993 (TLS), 143"
            " (STARTTLS)."
        ) from None


def _encrypt(box: BaseMailBox, context: ssl.SSLContext) -> None:
    """Say STARTTLS, or leave; the library's own class leaves the connection open when that fails."""
    try:
        if "STARTTLS" not in box.client.capabilities:
            raise imaplib.IMAP4.error
        box.client.starttls(context)
    except BaseException:
        _hang_up(box)
        raise


def _context(trusted: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if trusted:
        try:
            context.load_verify_locations(trusted)
        except OSError as error:  # ssl.SSLError is one: no certificate in it
            reason = "không có chứng chỉ PEM trong đó" if isinstance(error, ssl.SSLError) else reason_of(error)
            raise CannotRun(f"Không dùng được tệp chứng chỉ «{trusted}»: {reason}.") from None
    return context


def _log_in(box: BaseMailBox, account: Account) -> None:
    ascii_only = account.name.isascii() and account.password.isascii()
    try:
        with _losing():
            (box.login if ascii_only else box.login_utf8)(account.name, account.password, None)
    except MailboxLoginError as error:
        if any(_UNAVAILABLE in line for line in error.command_result[1] if isinstance(line, bytes)):
            raise ConnectionLostError("máy chủ tạm thời chưa xét được mật khẩu") from None
        raise _refused() from None
    except imaplib.IMAP4.error:
        raise _refused() from None


def _refused() -> CannotRun:
    return CannotRun("Máy chủ không nhận tài khoản hoặc mật khẩu này. Kiểm tra lại cả hai rồi chạy lại.")


def _select(box: BaseMailBox, folder: str) -> OpenMailbox:
    try:
        with _losing():
            _status, counts = box.folder.set(folder, readonly=True)  # EXAMINE: the server itself refuses any change
            _name, validity = box.client.response("UIDVALIDITY")
    except MailboxFolderSelectError:
        raise CannotRun(f"Hộp thư không có thư mục «{folder}». Sửa ở trang KY_XET hoặc dùng --mailbox.") from None
    if not validity or not validity[0]:
        raise CannotRun("Máy chủ thư không cho số UIDVALIDITY nên không biết thư nào đã lấy; không lấy thư.")
    return OpenMailbox(box, int(counts[0] or 0), int(validity[0]))


def _listed(line: object) -> Listed | None:
    text = line[0] if isinstance(line, tuple) else line
    if not isinstance(text, bytes):
        return None
    numbers = {name: int(value) for name, value in _ITEM.findall(text)}
    found = _DATE.search(text)
    if not found or b"UID" not in numbers:
        return None
    day, month, year, hour, minute, second, sign, ahead, rest = found.groups()
    shift = dt.timedelta(hours=int(ahead), minutes=int(rest)) * (-1 if sign == b"-" else 1)
    at = (int(year), _MONTHS.find(month) // 3 + 1, int(day), int(hour), int(minute), int(second))
    return Listed(numbers[b"UID"], numbers.get(b"RFC822.SIZE", 0), dt.datetime(*at, tzinfo=dt.timezone(shift)))


def _hang_up(box: BaseMailBox) -> None:
    with contextlib.suppress(OSError):
        box.client.shutdown()


@contextlib.contextmanager
def _losing() -> Iterator[None]:
    """Turn what a broken connection raises into `ConnectionLostError`; what another try cannot mend passes."""
    try:
        yield
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError, imaplib.IMAP4.abort):
        raise ConnectionLostError("máy chủ ngắt kết nối") from None
    except ssl.SSLError:
        raise
    except socket.gaierror:
        raise ConnectionLostError("không tìm thấy máy chủ mang tên này") from None
    except TimeoutError:
        raise ConnectionLostError("máy chủ không trả lời") from None
    except ConnectionRefusedError:
        raise ConnectionLostError("máy chủ không nhận kết nối ở cổng này") from None
    except OSError as error:
        raise ConnectionLostError(f"mạng báo lỗi số {error.errno}") from None
