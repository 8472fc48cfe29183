"""Mailing the drafts of an output folder: over TLS, on request only, each letter once.

A draft is sent as it lies there, edited or not; only what belongs to a draft (`X-Unsent`, `Bcc`, its date) is taken
off. The record of what was sent is `pipeline.replies.sent`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import hashlib
import re
import smtplib
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from pathlib import Path
from typing import NamedTuple

from pipeline.passwords import find_password
from pipeline.province import Mailbox, load_province
from pipeline.refusals import CannotRun, reason_of
from pipeline.replies.places import FOLDER, REMINDERS, SENT
from pipeline.replies.sent import Fate, SentLog, fates, open_log

#: Port on which TLS begins at once; on any other the connection is plain until STARTTLS.
IMPLICIT_TLS, SUBMISSION = 465, 587
_SECONDS = 60
_OK = (250, 251)
_COPY = re.compile(r"(?P<name>.+)-\d+")
_ADDRESS = re.compile(r"[\x21-\x7e]+@[\x21-\x7e]+")


class Server(NamedTuple):
    """Where letters are handed over."""

    host: str
    port: int
    account: str  #: empty: the server asks for no login
    password: str
    sender: str  #: address for drafts that name none
    authorities: Path | None = None  #: certificates to trust beside the system's


@dataclass(frozen=True)
class Draft:
    """One draft as it lies in the folder."""

    name: str  #: below the folder of replies
    unit: str  #: name of the unit's folder
    message: EmailMessage
    message_id: str
    receivers: tuple[str, ...]
    sha: str

    @property
    def reminder(self) -> bool:
        """Whether it reminds a unit, rather than carrying a reply."""
        return self.name.startswith(f"{REMINDERS}/")

    def __str__(self) -> str:
        kind = "thư nhắc" if self.reminder else "phiếu trả lại"
        return f"{self.unit}: {kind}, {len(self.receivers)} địa chỉ"


@dataclass
class Outcome:
    """What was sent, or would be; units and numbers only, no person."""

    really: bool
    ready: list[Draft] = field(default_factory=list)  #: sent in this run, or to be sent
    sent_before: list[Draft] = field(default_factory=list)
    unsure: list[Draft] = field(default_factory=list)  #: handed over once, without an answer
    refused: list[tuple[Draft, str]] = field(default_factory=list)
    without_address: list[Draft] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)  #: units with an edited draft and a new one
    left: int = 0  #: not tried any more, because the connection was lost
    broken: str = ""  #: why it was lost

    @property
    def exit_code(self) -> int:
        """0 all that was asked for was done · 1 something is left for people to look at."""
        return int(bool(self.unsure or self.refused or self.without_address or self.doubled or self.left))

    def lines(self) -> list[str]:
        """The closing summary."""
        lines = [str(draft) for draft in self.ready]
        addresses = sum(len(draft.receivers) for draft in self.ready)
        if self.really:
            lines.append(f"Đã gửi {len(self.ready)} thư tới {addresses} địa chỉ; ghi ở {FOLDER}/{SENT}.")
        else:
            lines.append(
                f"Sẽ gửi {len(self.ready)} thư tới {addresses} địa chỉ. Chưa gửi gì; gửi thật thì thêm --really."
            )
        if self.sent_before:
            lines.append(f"Đã gửi từ trước, không gửi lại: {_units(self.sent_before)}.")
        if self.unsure:
            lines.append(
                f"Không rõ đã gửi chưa: {_units(self.unsure)}. Kiểm tra mục thư đã gửi hoặc hỏi đơn vị; nếu chưa thì "
                f"chạy lại với {' '.join(f'--resend {unit}' for unit in _codes(self.unsure))}."
            )
        lines += [f"{draft.unit}: chưa gửi được. {why}" for draft, why in self.refused]
        if self.without_address:
            lines.append(
                f"Chưa có địa chỉ nhận: {_units(self.without_address)}. Điền «Đến» trong bản nháp, hoặc DON_VI."
            )
        if self.doubled:
            lines.append(
                f"Có cả bản nháp đã sửa tay và bản mới: {', '.join(self.doubled)}. Xóa bản không dùng rồi chạy lại."
            )
        if self.broken:
            lines.append(f"{self.broken} Còn {self.left} thư chưa gửi; chạy lại lệnh này để gửi tiếp.")
        return lines


def _codes(drafts: Sequence[Draft]) -> list[str]:
    return list(dict.fromkeys(draft.unit for draft in drafts))


def _units(drafts: Sequence[Draft]) -> str:
    return ", ".join(_codes(drafts))


def parse_server(text: str) -> tuple[str, int]:
    """Split `host:port`; without a port it is the one for submission.

    Raises:
        CannotRun: it is no such thing.
    """
    host, _, port = text.strip().partition(":")
    if not host or (port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536)):
        raise CannotRun(f"«{text}» không phải máy chủ gửi thư; ví dụ smtp.vks-mau.example:587.")
    return host, int(port or SUBMISSION)


def access(
    province: Path | None, server: str | None, account: str | None, login: bool, sender: str | None, ca: Path | None
) -> Server:
    """Where to send and as whom: what is given, else what KY_XET of the province says.

    Raises:
        CannotRun: the server, the account, the address or the password is not known.
    """
    box = load_province(province).period.mailbox if province else Mailbox()
    text = server or box.sending
    if not text:
        raise CannotRun("Chưa biết máy chủ gửi thư. Ghi ở KY_XET của cau-hinh.xlsx và thêm --province, hoặc --server.")
    host, port = parse_server(text)
    name = account or box.account
    if login and not name:
        raise CannotRun("Chưa biết tài khoản thư. Ghi ở KY_XET của cau-hinh.xlsx, hoặc --account, hoặc --no-login.")
    address = sender or box.address or (name if "@" in name else "")
    if not address:
        raise CannotRun("Chưa biết địa chỉ gửi. Ghi ở KY_XET của cau-hinh.xlsx, hoặc --from.")
    return Server(host, port, name if login else "", find_password(host, name) if login else "", address, ca)


def plan(output: Path, units: Sequence[str], reminders: bool, resend: Sequence[str], really: bool) -> Outcome:
    """Read the drafts and say what is to be sent; nothing is sent.

    Args:
        output: the output folder of a run.
        units: only these; all when empty.
        reminders: whether reminders go too.
        resend: units whose letters go again, though they were sent or may have been.
        really: whether the caller goes on to send them.

    Raises:
        CannotRun: there are no drafts, a unit named has none, or the record of what was sent cannot be read.
    """
    home = output / FOLDER
    drafts = _drafts(home)
    asked = {*units, *resend}
    for unit in sorted(asked):
        if unit not in {draft.unit for draft in drafts}:
            raise CannotRun(f"Không có bản nháp nào của «{unit}» ở {home}.")
    known = fates(home / SENT)
    outcome = Outcome(really)
    for (unit, reminder), group in _by_unit(drafts).items():
        if (asked and unit not in asked) or (reminder and not reminders):
            continue
        if len(group) > 1:
            outcome.doubled.append(unit)
            continue
        _sort(group[0], known, unit in resend, outcome)
    return outcome


def _sort(draft: Draft, known: dict[str, Fate], again: bool, outcome: Outcome) -> None:
    fate = known.get(draft.message_id)
    if fate is Fate.SENT and not again:
        outcome.sent_before.append(draft)
    elif fate is Fate.HANDING_OVER and not again:
        outcome.unsure.append(draft)
    elif not draft.receivers:
        outcome.without_address.append(draft)
    else:
        outcome.ready.append(draft)


def _by_unit(drafts: Sequence[Draft]) -> dict[tuple[str, bool], list[Draft]]:
    groups: dict[tuple[str, bool], list[Draft]] = {}
    for draft in drafts:
        groups.setdefault((draft.unit, draft.reminder), []).append(draft)
    return groups


def _drafts(home: Path) -> list[Draft]:
    paths = sorted(home.glob("*/*.eml"))
    if not paths:
        raise CannotRun(f"Không có bản nháp thư nào ở «{home}». Chạy tdkt consolidate trước.")
    return [_draft(path, home) for path in paths]


def _draft(path: Path, home: Path) -> Draft:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CannotRun(f"Không đọc được {path.name}: {reason_of(error)}.") from None
    message = email.message_from_bytes(content, policy=SMTP)
    assert isinstance(message, EmailMessage)  # what this policy makes
    sha = hashlib.sha256(content).hexdigest()
    name = path.relative_to(home).as_posix()
    folder = path.parent.name
    unit = folder if folder != REMINDERS else path.stem
    if folder == REMINDERS and (copy := _COPY.fullmatch(unit)) and (path.with_name(f"{copy['name']}.eml")).exists():
        unit = copy["name"]
    message_id = str(message["Message-ID"] or "").strip() or f"sha256:{sha}"
    return Draft(name, unit, message, message_id, _receivers(message), sha)


def _receivers(message: EmailMessage) -> tuple[str, ...]:
    """Addresses to which a letter goes; none at all when one of them cannot be one."""
    headers = [str(value) for name in ("To", "Cc", "Bcc") for value in message.get_all(name, [])]
    addresses = [address for _, address in getaddresses(headers) if address]
    if not all(_ADDRESS.fullmatch(address) for address in addresses):
        return ()
    return tuple(dict.fromkeys(addresses))


def send(output: Path, outcome: Outcome, server: Server, now: Callable[[], dt.datetime]) -> Outcome:
    """Send what was planned, one letter after another; tells in `outcome` what became of each.

    Raises:
        CannotRun: the server cannot be reached safely, does not let us in, or the record cannot be written.
    """
    waiting, outcome.ready = outcome.ready, []
    with open_log(output / FOLDER / SENT, now) as log, _connected(server) as smtp:
        for number, draft in enumerate(waiting):
            try:
                _send_one(smtp, draft, server, log, outcome, now())
            except OSError:  # a broken connection, and every error of smtplib
                outcome.left = len(waiting) - number - (draft in outcome.unsure)
                outcome.broken = "Mất kết nối với máy chủ gửi thư."
                break
    return outcome


def _send_one(
    smtp: smtplib.SMTP, draft: Draft, server: Server, log: SentLog, outcome: Outcome, now: dt.datetime
) -> None:
    """Hand one letter over. Before the text is on its way nothing is in doubt; from then on until the answer, it is."""
    sender = _sender(draft, server)
    what = (draft.message_id, draft.unit, draft.receivers, draft.name, draft.sha)
    why = _envelope(smtp, sender, draft.receivers)
    if why:
        log.write(Fate.NOT_SENT, *what, why)
        outcome.refused.append((draft, why))
        return
    log.write(Fate.HANDING_OVER, *what)
    try:
        code, _answer = smtp.data(_as_sent(draft, sender, now))
    except smtplib.SMTPDataError as error:  # before the text: the server does not want one
        code = error.smtp_code
    except OSError:
        outcome.unsure.append(draft)
        raise
    if code in _OK:
        log.write(Fate.SENT, *what)
        outcome.ready.append(draft)
        return
    why = f"Máy chủ không nhận thư (mã {code})."
    log.write(Fate.NOT_SENT, *what, why)
    outcome.refused.append((draft, why))
    _reset(smtp)


def _envelope(smtp: smtplib.SMTP, sender: str, receivers: Sequence[str]) -> str:
    """Say from whom and to whom; returns why the server refuses, in which case nobody gets the letter."""
    smtp.ehlo_or_helo_if_needed()
    options = ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else []
    code, _ = smtp.mail(sender, options)
    if code not in _OK:
        _reset(smtp)
        return f"Máy chủ không nhận địa chỉ gửi (mã {code})."
    answers = Counter(smtp.rcpt(receiver)[0] for receiver in receivers)
    bad = {code: number for code, number in answers.items() if code not in _OK}
    if bad:
        _reset(smtp)
        codes = ", ".join(str(code) for code in sorted(bad))
        return f"Máy chủ không nhận {sum(bad.values())} trong {len(receivers)} địa chỉ (mã {codes}); xem lại địa chỉ."
    return ""


def _reset(smtp: smtplib.SMTP) -> None:
    """Begin anew; a server that has gone away meanwhile is noticed at the next letter."""
    with contextlib.suppress(smtplib.SMTPServerDisconnected):
        smtp.rset()


def _sender(draft: Draft, server: Server) -> str:
    found = [address for _, address in getaddresses([str(draft.message["From"] or "")]) if "@" in address]
    return found[0] if found else server.sender


def _as_sent(draft: Draft, sender: str, now: dt.datetime) -> bytes:
    """The letter without what belongs to a draft, dated when it goes."""
    message = draft.message
    for name in ("X-Unsent", "Bcc", "Date"):
        del message[name]
    if message["From"] is None:
        message["From"] = sender
    message["Date"] = format_datetime(now.astimezone().replace(microsecond=0))
    return message.as_bytes()


@contextlib.contextmanager
def _connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A connection under TLS, logged in."""
    context = ssl.create_default_context()
    smtp: smtplib.SMTP | None = None
    try:
        if server.authorities:
            context.load_verify_locations(server.authorities)
        if server.port == IMPLICIT_TLS:
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
            smtp.starttls(context=context)
        if server.account:
            smtp.login(server.account, server.password)
    except Exception as error:
        if smtp is not None:
            smtp.close()
        raise CannotRun(_refusal(error, server)) from None
    try:
        yield smtp
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()


def _refusal(error: Exception, server: Server) -> str:
    """Say why there is no connection; raises what is no matter of connections."""
    where = f"{server.host}:{server.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"Chứng chỉ của máy chủ {where} không kiểm tra được nên không gửi. Kiểm tra tên máy chủ; nếu máy chủ dùng "
            "chứng chỉ nội bộ thì thêm --ca TỆP_CHỨNG_CHỈ."
        )
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"Máy chủ {where} không nhận tài khoản hoặc mật khẩu. Kiểm tra lại; cách đặt mật khẩu: tdkt send --help."
    if isinstance(error, UnicodeEncodeError):
        return "Tài khoản hoặc mật khẩu có dấu hoặc ký tự lạ, gửi thư (SMTP) không dùng được. Đổi mật khẩu không dấu."
    if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLError):
        return f"Máy chủ {where} không có kết nối bảo mật (TLS) hoặc không có đăng nhập nên không gửi. Kiểm tra cổng."
    if isinstance(error, smtplib.SMTPException):
        return f"Máy chủ {where} không phục vụ gửi thư lúc này. Thử lại sau."
    if isinstance(error, OSError):
        return f"Không kết nối được máy chủ {where}. Kiểm tra tên máy chủ, cổng, mạng."
    raise error
