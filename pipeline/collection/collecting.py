"""One run of collecting: what is new in the mailbox goes into the inbox; broken connections are taken up again."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.collection.address import Server, server_of
from pipeline.collection.holding import FOLDER, Holding, alone
from pipeline.collection.mailbox import Account, ConnectionLostError, Listed, OpenMailbox, open_mailbox
from pipeline.intake.collected import RECORD, Collected
from pipeline.intake.records import ORDINARY, megabytes
from pipeline.intake.times import local_time
from pipeline.passwords import find_password
from pipeline.province import INBOX, Mailbox, load_province
from pipeline.refusals import CannotRun

#: Bytes of the largest mail that is taken: a larger one would not be opened.
LARGEST_MAIL = ORDINARY.mail_bytes
#: Seconds before each new try after a connection broke; a mail got in between starts them anew.
WAITS = (1.0, 4.0, 15.0)
#: Mails that were not taken are told one by one up to here.
_TOLD = 20
_SHORT = 8

#: Called with how many of the new mails are done, and how many there are.
Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says over KY_XET; empty where it says nothing."""

    server: str = ""
    account: str = ""
    folder: str = ""
    starttls: bool = False
    plain: bool = False
    trusted: Path | None = None  #: certificates to trust beside the system's
    largest: int = LARGEST_MAIL  #: bytes


@dataclass(slots=True)
class Collection:
    """What one run did, and what the command says of it; no person is named."""

    mails: int = 0  #: in the mailbox folder
    new: int = 0
    known: int = 0  #: taken by an earlier run
    same: int = 0  #: taken earlier under another number, as after the server numbered anew
    too_large: list[Listed] = field(default_factory=list)
    not_given: list[Listed] = field(default_factory=list)  #: vanished meanwhile, or the server fails at it
    unlisted: int = 0  #: the server counts them and does not say which they are
    gone: int = 0  #: taken earlier, no longer in the inbox
    breaks: int = 0  #: connections that broke and were taken up again
    largest: int = LARGEST_MAIL

    def lines(self) -> list[str]:
        """Return the closing summary, in Vietnamese."""
        left = len(self.too_large) + len(self.not_given) + self.unlisted
        lines = [
            f"Hộp thư có {self.mails} thư: {self.new} thư mới đã lấy vào {INBOX}/{FOLDER}, {self.known} đã lấy từ trước"
            + (f", {self.same} trùng hẳn với thư đã có" if self.same else "")
            + (f", {left} không lấy được" if left else "")
            + ". Hộp thư trên máy chủ vẫn nguyên."
        ]
        limit = megabytes(self.largest)
        over = f"quá giới hạn {limit} MB; mở bằng chương trình thư, lưu tệp đính kèm vào {INBOX}"
        withheld = "máy chủ không đưa ra; mở bằng chương trình thư, hoặc chạy lại"
        for why, mails in ((over, self.too_large), (withheld, self.not_given)):
            lines += [f"  Không lấy {_told(mail)}: {why}." for mail in mails[:_TOLD]]
            lines += [f"  … và {len(mails) - _TOLD} thư nữa như thế."] if len(mails) > _TOLD else []
        if self.unlisted:
            lines.append(f"  Máy chủ không cho biết số, giờ nhận của {self.unlisted} thư; mở bằng chương trình thư.")
        if self.gone:
            lines.append(
                f"  {self.gone} thư lấy từ trước nay không còn ở chỗ cũ, không lấy lại. Muốn lấy lại thì xóa dòng của"
                f" thư ấy trong {INBOX}/{RECORD}."
            )
        if self.breaks:
            lines.append(f"  Kết nối bị ngắt {self.breaks} lần và đã được nối lại.")
        return lines


def _told(mail: Listed) -> str:
    return f"thư số {mail.uid} (đến {local_time(mail.received_at):%d/%m/%Y %H:%M}, {megabytes(mail.size)} MB)"


def collect_mail(
    folder: Path, wanted: Wanted, tick: Tick = lambda *_: None, wait: Callable[[float], None] = time.sleep
) -> Collection:
    """Take every mail that the inbox does not hold yet.

    Args:
        folder: the province folder.
        wanted: what goes before KY_XET.
        tick: told of each new mail.
        wait: sleeps between tries.

    Raises:
        CannotRun: the mailbox is not told, not reached, or not to be trusted; what was taken before stays taken.
    """
    told = load_province(folder).period.mailbox
    server = server_of(_server(wanted, told), starttls=wanted.starttls, plain=wanted.plain)
    name = wanted.account or told.account
    if not name:
        raise CannotRun("Chưa biết tài khoản thư. Ghi vào trang KY_XET của cau-hinh.xlsx, hoặc dùng --account.")
    account = Account(name, find_password(server.host, name), wanted.folder or told.folder)
    with alone(folder):
        return _Round(server, account, wanted, Holding(folder / INBOX), tick, wait).run()


def _server(wanted: Wanted, told: Mailbox) -> str:
    if wanted.server or told.receiving:
        return wanted.server or told.receiving
    raise CannotRun("Chưa biết máy chủ nhận thư (IMAP). Ghi vào trang KY_XET của cau-hinh.xlsx, hoặc dùng --server.")


@dataclass
class _Round:
    """One run, over as many connections as it takes."""

    server: Server
    account: Account
    wanted: Wanted
    holding: Holding
    tick: Tick
    wait: Callable[[float], None]
    done: Collection = field(default_factory=Collection)
    connected: bool = False
    tries: int = 0  #: connections lost since a mail was got
    put_off: list[int] = field(default_factory=list)  #: mails at which a connection broke: they come last

    def run(self) -> Collection:
        while True:
            try:
                self._once()
                return self.done
            except ConnectionLostError as lost:
                self._after(lost)

    def _once(self) -> None:
        with open_mailbox(self.server, self.account, self.wanted.trusted) as box:
            self.connected = True
            waiting = self._sort(box, box.listed())
            total = self.done.new + self.done.same + len(waiting)
            while waiting:
                mail = waiting[0]
                try:
                    content = box.content(mail.uid)
                except ConnectionLostError:
                    self.put_off.append(mail.uid)
                    raise
                self.tries = 0
                self._take(box, waiting.popleft(), content)
                self.tick(total - len(waiting), total)
        self.done.gone = self.holding.gone()

    def _sort(self, box: OpenMailbox, listed: list[Listed]) -> deque[Listed]:
        """Tell apart what is known, too large and new; what this run took before a break counts as new."""
        source = self._source()
        done = self.done
        done.largest, done.mails = self.wanted.largest, max(box.mails, len(listed))
        done.unlisted = done.mails - len(listed)
        new = [mail for mail in listed if not self.holding.knows(source, box.validity, mail.uid)]
        done.known = len(listed) - len(new) - done.new - done.same
        done.too_large = [mail for mail in new if mail.size > self.wanted.largest]
        done.not_given = []
        rest = [mail for mail in new if mail.size <= self.wanted.largest]
        return deque(sorted(rest, key=lambda mail: (self.put_off.count(mail.uid), mail.uid)))

    def _take(self, box: OpenMailbox, mail: Listed, content: bytes | None) -> None:
        if content is None:
            self.done.not_given.append(mail)
            return
        noted = Collected(self._source(), box.validity, mail.uid, "", "", mail.received_at)
        if self.holding.take(noted, content):
            self.done.new += 1
        else:
            self.done.same += 1

    def _source(self) -> str:
        """Eight hex digits for server, account and folder: numbers of mails count inside one of these only."""
        parts = (self.server.host.lower(), self.account.name, self.account.folder)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_SHORT]

    def _after(self, lost: ConnectionLostError) -> None:
        """Wait for another try, or give up; a first connection that fails is rather a wrong name than a break."""
        if not self.connected:
            raise CannotRun(
                f"Không kết nối được máy chủ thư «{self.server.host}» cổng {self.server.port}: {lost}. Kiểm tra mạng,"
                " tên máy chủ và cổng."
            ) from None
        if self.tries == len(WAITS):
            taken = self.done.new + self.done.same
            raise CannotRun(
                f"Mất kết nối với máy chủ thư «{self.server.host}» ({lost}) sau {self.tries} lần nối lại. Đã lấy"
                f" {taken} thư, còn nguyên trong hộp thư của tỉnh; chạy lại lệnh này để lấy tiếp phần còn lại."
            ) from None
        self.wait(WAITS[self.tries])
        self.tries += 1
        self.done.breaks += 1
