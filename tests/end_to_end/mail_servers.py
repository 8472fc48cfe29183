"""Real mail servers on loopback for the tests: dovecot for IMAP, aiosmtpd for SMTP, and a wire that breaks.

`MailHouse` starts dovecot with a configuration, users and a certificate of its own, all in one folder that is thrown
away. What its SMTP server takes goes into the Maildir of each recipient that has one, as a provider would do it;
everything else is kept in `sent_away`. Started by root, dovecot runs as its own users and mail belongs to `nobody`;
started by anybody else, all is that person's.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import email.policy
import email.utils
import hashlib
import imaplib
import ipaddress
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
#: Of every user, unless a test wants another: one that plain ASCII cannot write.
PASSWORD = "mật khẩu thử"
#: Seconds: for a server to answer after its start, to end, for one connection of a test.
START, STOP, ONE = 30, 10, 20
#: Versions whose configuration is written below; 2.4 reads another language.
_KNOWN_VERSIONS = "2.3."
_TICK = 0.05

_CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap
listen = {host}
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 0
first_valid_gid = 0
auth_mechanisms = plain login
ssl = yes
ssl_cert = <{home}/server.pem
ssl_key = <{home}/server.key
ssl_min_protocol = TLSv1.2
mail_location = maildir:~/Maildir
mail_fsync = never
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {home}/users
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@cache
def dovecot() -> str | None:
    """The program, or None where it is not installed."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


@cache
def missing() -> str:
    """Why no mail server can be started here; empty when it can."""
    program = dovecot()
    if program is None:
        return "dovecot is not installed"
    if not any((Path(program).parents[1] / "lib/dovecot" / name).exists() for name in ("imap", "imap-login")):
        return "dovecot is installed without IMAP"
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True, timeout=START).stdout
    return (
        "" if version.startswith(_KNOWN_VERSIONS) else f"dovecot {version.split()[0]} is configured in another language"
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def make_certificate(folder: Path, name: str, *hosts: str) -> Path:
    """Write `name`.pem, signed by itself, and `name`.key; good for the hosts given."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"may chu thu {name}")])
    now = dt.datetime.now(dt.UTC)
    names: list[x509.GeneralName] = []
    for host in hosts:
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    written = folder / f"{name}.pem"
    written.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / f"{name}.key").write_bytes(private)
    return written


class MailHouse:
    """One dovecot and one SMTP server with their users."""

    def __init__(self, *users: str, password: str = PASSWORD) -> None:
        """Prepare a house for some users; an address's user is what stands before its @."""
        self.password = password
        # Below the system's temporary folder: pytest's own is closed to the users that dovecot runs as.
        self.home = Path(tempfile.mkdtemp(prefix="tdkt-thu-"))
        self.home.chmod(0o755)
        self.users = users
        self.imap, self.imaps = free_port(), free_port()
        self.certificate = make_certificate(self.home, "server", "localhost", HOST)
        self.sent_away: list[tuple[list[str], bytes]] = []
        self._root = os.getuid() == 0
        self._serial = 0
        self._dovecot: subprocess.Popen[bytes] | None = None
        self._write()
        self.sink = _Sink(self)
        self._smtp: Controller | None = None

    @property
    def _owner(self) -> tuple[int, int]:
        """Whose the mail is."""
        return (65_534, 65_534) if self._root else (os.getuid(), os.getgid())

    def _server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.home / "server.key")
        return context

    def _write(self) -> None:
        import getpass  # noqa: PLC0415  (POSIX alone)
        import grp  # noqa: PLC0415

        own = getpass.getuser()
        group = grp.getgrgid(os.getgid()).gr_name
        names = ("dovecot", "dovecot", "dovenull") if self._root else (own, group, own)
        uid, gid = self._owner
        lines = []
        for user in self.users:
            home = self.home / user
            for part in ("cur", "new", "tmp"):
                (home / "Maildir" / part).mkdir(parents=True)
            for folder in (home, *home.rglob("*")):
                os.chown(folder, uid, gid)
            lines.append(f"{user}:{{PLAIN}}{self.password}:{uid}:{gid}::{home}::")
        (self.home / "users").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (self.home / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                home=self.home, host=HOST, imap=self.imap, imaps=self.imaps,
                internal=names[0], internal_group=names[1], login=names[2],
            ),
            encoding="utf-8",
        )  # fmt: skip

    def start(self) -> None:
        """Start both servers and wait until they answer."""
        self.start_imap()
        self._smtp = Controller(
            self.sink, HOST, free_port(), server_hostname="localhost", tls_context=self._server_context(),
            require_starttls=True, authenticator=self._authenticate, auth_required=True,
        )  # fmt: skip
        self._smtp.start()

    @property
    def smtp(self) -> int:
        """Port of the SMTP server, which speaks STARTTLS and wants a login."""
        assert self._smtp, "started by start()"
        return int(self._smtp.port)

    def start_imap(self) -> None:
        program = dovecot()
        assert program, missing()
        self._dovecot = subprocess.Popen(
            [program, "-F", "-c", str(self.home / "dovecot.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        end = time.monotonic() + START
        while not _answers(self.imap):
            if self._dovecot.poll() is not None or time.monotonic() > end:
                assert self._dovecot.stderr
                self._dovecot.kill()
                raise AssertionError(f"{self._dovecot.stderr.read().decode()}\n{self.log}")
            time.sleep(_TICK)

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: object
    ) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password == self.password.encode()
        return AuthResult(success=good, handled=False)

    @property
    def log(self) -> str:
        place = self.home / "dovecot.log"
        return place.read_text(encoding="utf-8", errors="replace") if place.exists() else ""

    def stop_imap(self) -> None:
        if self._dovecot:
            self._dovecot.terminate()
            self._dovecot.wait(STOP)
            assert self._dovecot.stderr
            self._dovecot.stderr.close()
            self._dovecot = None

    def stop(self) -> None:
        """End both servers and throw the folder away."""
        self.stop_imap()
        if self._smtp:
            self._smtp.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def deliver(self, user: str, content: bytes) -> None:
        """Put a mail into a user's inbox, as the provider's own delivery does: with a line above it and the time.

        Provider and sender have one clock here: the mail came a minute after it says that it was sent.
        """
        sent = email.message_from_bytes(content, policy=email.policy.default)["Date"]
        when = (sent.datetime if sent else dt.datetime.now(dt.UTC)) + dt.timedelta(minutes=1)
        received = f"Received: from mail.example by {HOST} with ESMTPS; {email.utils.format_datetime(when)}\n"
        self._serial += 1
        maildir = self.home / user / "Maildir"
        name = f"{1_700_000_000 + self._serial}.M{self._serial}.tdkt"
        made = maildir / "tmp" / name
        made.write_bytes(received.encode() + content)
        os.utime(made, (when.timestamp(), when.timestamp()))
        os.chown(made, *self._owner)
        made.rename(maildir / "new" / name)

    @contextlib.contextmanager
    def client(self, user: str) -> Iterator[imaplib.IMAP4]:
        """A plain connection of a test, logged in; nothing of ours is in it."""
        client = imaplib.IMAP4(HOST, self.imap, ONE)
        try:
            client.starttls(ssl.create_default_context(cafile=str(self.certificate)))
            client.authenticate("PLAIN", lambda _: f"\0{user}\0{self.password}".encode())
            yield client
        finally:
            client.logout()

    def append(self, user: str, content: bytes, when: str, folder: str = "INBOX", flags: str = "") -> None:
        """Put a mail into a folder with its receipt time, as `20-Nov-2026 08:30:00 +0700`."""
        with self.client(user) as client:
            status, answer = client.append(folder, flags, f'"{when}"', content)
            assert status == "OK", answer

    def flags(self, user: str, folder: str = "INBOX") -> dict[int, str]:
        """Flags of every mail by its number, read without leaving a trace."""
        with self.client(user) as client:
            client.select(folder, readonly=True)
            _status, lines = client.uid("FETCH", "1:*", "(UID FLAGS)")
        found = (re.search(rb"UID (\d+).*FLAGS \(([^)]*)\)", line) for line in lines if isinstance(line, bytes))
        return {int(one[1]): " ".join(sorted(set(one[2].decode().split()) - {r"\Recent"})) for one in found if one}


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), ONE) as probe:
            return bool(probe.recv(1))
    except OSError:
        return False


@dataclass
class _Sink:
    """What the SMTP server does with a mail: into a Maildir of the house, or kept as sent away."""

    house: MailHouse
    refused: tuple[str, ...] = ()

    async def handle_RCPT(  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        users = [address.split("@")[0] for address in envelope.rcpt_tos]
        for user in users:
            if user in self.house.users:
                self.house.deliver(user, content.replace(b"\r\n", b"\n"))
        away = [a for a, user in zip(envelope.rcpt_tos, users, strict=True) if user not in self.house.users]
        if away:
            self.house.sent_away.append((away, content))
        return "250 OK"


@dataclass
class Wire:
    """A TCP proxy before a server; connection number n is cut after `cuts[n]` bytes from the server.

    A connection beyond the list of cuts lives as long as it likes.
    """

    target: int
    cuts: list[int] = field(default_factory=list)
    port: int = 0
    connections: int = 0
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Wire:
        self._listener = socket.create_server((HOST, 0))
        self._listener.settimeout(_TICK)
        self._open = True
        self.port = self._listener.getsockname()[1]
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        for thread in list(self._threads):
            thread.join(ONE)
        self._listener.close()

    def _run(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while self._open:
            try:
                near, _address = self._listener.accept()
            except TimeoutError:
                continue
            left = self.cuts[self.connections] if self.connections < len(self.cuts) else None
            self.connections += 1
            self._run(self._carry, near, left)

    def _carry(self, near: socket.socket, left: int | None) -> None:
        with near, socket.create_connection((HOST, self.target), ONE) as far:
            near.settimeout(_TICK)
            far.settimeout(_TICK)
            while self._open:
                try:
                    for source, sink in ((near, far), (far, near)):
                        with contextlib.suppress(TimeoutError):
                            data = source.recv(4096)
                            if not data:
                                return
                            if source is far and left is not None:
                                data, left = data[:left], left - len(data)
                            sink.sendall(data)
                            if left is not None and left <= 0:
                                return
                except OSError:
                    return


def letter(sender: str, subject: str, text: str, *attachments: tuple[str, bytes], **headers: str) -> bytes:
    """One mail to the office, as a mail program writes it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "tdkt@vks-mau.example", subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for name, content in attachments:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    if attachments:  # a boundary is drawn by lot otherwise, and the same mail would be another each time
        mail.set_boundary(f"=_{hashlib.sha256(mail.get_body().as_bytes() + subject.encode()).hexdigest()[:24]}")
    return mail.as_bytes()
