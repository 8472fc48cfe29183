"""`tdkt send` against a real SMTP server on this machine, under TLS with a certificate made here."""

from __future__ import annotations

import csv
import datetime as dt
import email
import socket
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Session_
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.cli import tdkt
from pipeline.passwords import VARIABLE
from pipeline.refusals import CannotRun
from pipeline.replies import sending
from pipeline.replies.letters import Letter, draft
from pipeline.replies.sent import open_log

HOST, ACCOUNT, PASSWORD = "localhost", "tdkt", "mat khau"
NOW = dt.datetime(2026, 11, 20, 9, 30)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and self-signed certificate of `localhost` in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start).not_valid_after(start + dt.timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class Sink:
    """Keeps what it is handed; `break_at` cuts the line instead of answering that letter."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], bytes]] = []
        self.break_at = -1
        self.no_such: set[str] = set()
        self.tls: list[bool] = []

    async def handle_RCPT(self, _s: Any, _session: Session, envelope: Envelope, address: str, _o: Any) -> str:
        if address in self.no_such:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Session_, session: Session, envelope: Envelope) -> str:
        if len(self.letters) == self.break_at:
            self.break_at = -1
            assert server.transport is not None
            server.transport.abort()
            return "250 never heard"
        self.tls.append(session.ssl is not None)
        assert isinstance(envelope.content, bytes)
        self.letters.append((list(envelope.rcpt_tos), envelope.content))
        return "250 OK"


def let_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (ACCOUNT.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def port(sink: Sink, certificate: Path) -> Iterator[int]:
    """A server that insists on STARTTLS and a login."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    controller = Controller(
        sink, hostname=HOST, port=free_port(), tls_context=context, require_starttls=True, auth_required=True,
        authenticator=let_in,
    )  # fmt: skip
    controller.start()
    yield controller.port
    controller.stop()


def put(output: Path, unit: str, name: str = "", **more: Any) -> Path:
    path = output / "phan-hoi" / (name or f"{unit}/{unit}.eml")
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = {"receivers": (f"{unit.lower()}@mau.example",), "attachment": b"PK", "attached_as": "Phiếu.xlsx"} | more
    path.write_bytes(
        draft(Letter(unit, "tdkt@mau.example", subject=f"Gửi {unit}", body="Kính gửi\n", written=NOW, **fields))
    )
    return path


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Replies of P1 (two addresses), P2 and P3 and a reminder of P4."""
    put(tmp_path, "P1", receivers=("p1@mau.example", "truong.p1@mau.example"))
    put(tmp_path, "P2")
    put(tmp_path, "P3")
    put(tmp_path, "P4", "thu/P4.eml", attachment=b"", attached_as="")
    return tmp_path


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)


def tdkt_send(output: Path, port: int, certificate: Path, *more: str) -> tuple[int, str]:
    arguments = ["send", str(output), "--server", f"{HOST}:{port}", "--account", ACCOUNT, "--from", "tdkt@mau.example"]
    done = CliRunner().invoke(tdkt, [*arguments, "--ca", str(certificate), *more], catch_exceptions=False)
    return done.exit_code, done.output


def log(output: Path) -> list[tuple[str, str]]:
    with (output / "phan-hoi/da-gui.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(row["don_vi"], row["trang_thai"]) for row in csv.DictReader(file)]


def test_nothing_is_sent_unless_asked(output: Path, port: int, certificate: Path, sink: Sink) -> None:
    code, text = tdkt_send(output, port, certificate)
    assert (code, sink.letters) == (0, [])
    assert "P1: phiếu trả lại, 2 địa chỉ" in text and "P4: thư nhắc, 1 địa chỉ" in text
    assert "Sẽ gửi 4 thư tới 5 địa chỉ. Chưa gửi gì" in text
    assert "@" not in text  # nobody's address on the terminal
    assert not (output / "phan-hoi/da-gui.csv").exists()


def test_each_letter_goes_once_under_tls(output: Path, port: int, certificate: Path, sink: Sink) -> None:
    code, text = tdkt_send(output, port, certificate, "--really")
    assert code == 0 and "Đã gửi 4 thư tới 5 địa chỉ" in text
    assert sorted(sink.letters[0][0]) == ["p1@mau.example", "truong.p1@mau.example"]
    assert all(sink.tls)
    message = read(sink.letters[0][1])
    assert message["X-Unsent"] is None and message["Subject"] == "Gửi P1"
    assert [part.get_filename() for part in message.iter_attachments()] == ["Phiếu.xlsx"]
    assert log(output)[:2] == [("P1", "DANG_GUI"), ("P1", "DA_GUI")]
    code, text = tdkt_send(output, port, certificate, "--really")
    assert code == 0 and len(sink.letters) == 4
    assert "Đã gửi từ trước, không gửi lại: P1, P2, P3, P4." in text
    put(output, "P2", attachment=b"PK2")  # a new run has something new to say
    tdkt_send(output, port, certificate, "--really")
    assert [to for to, _ in sink.letters[4:]] == [["p2@mau.example"]]


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=SMTP)
    assert isinstance(message, EmailMessage)
    return message


def test_a_line_cut_half_way_loses_nothing_and_sends_nothing_twice(
    output: Path, port: int, certificate: Path, sink: Sink
) -> None:
    sink.break_at = 1  # P1 goes, P2 is handed over but never answered
    code, text = tdkt_send(output, port, certificate, "--really")
    assert code == 1 and "Mất kết nối với máy chủ gửi thư. Còn 2 thư chưa gửi" in text
    assert "Không rõ đã gửi chưa: P2." in text and "--resend P2" in text
    assert log(output) == [("P1", "DANG_GUI"), ("P1", "DA_GUI"), ("P2", "DANG_GUI")]
    code, text = tdkt_send(output, port, certificate, "--really")
    assert code == 1 and "Không rõ đã gửi chưa: P2." in text
    assert [to[0][:2] for to, _ in sink.letters] == ["p1", "p3", "p4"]
    code, text = tdkt_send(output, port, certificate, "--really", "--resend", "P2")
    assert code == 0 and [to[0][:2] for to, _ in sink.letters] == ["p1", "p3", "p4", "p2"]


def test_a_kill_between_handing_over_and_the_answer_is_told(
    output: Path, port: int, certificate: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_as_sent", killed)
        assert tdkt_send(output, port, certificate, "--really")[0] != 0
    assert log(output) == [("P1", "DANG_GUI")]
    code, text = tdkt_send(output, port, certificate, "--really")
    assert code == 1 and "Không rõ đã gửi chưa: P1." in text
    assert [to[0][:2] for to, _ in sink.letters] == ["p2", "p3", "p4"]


def test_a_draft_edited_by_hand_goes_as_edited(output: Path, port: int, certificate: Path, sink: Sink) -> None:
    path = output / "phan-hoi/thu/P4.eml"
    text = "Kính gửi đồng chí,\n\n.Xin gửi trước thứ Sáu.\n"
    edited = read(path.read_bytes())
    edited.replace_header("To", "khac@mau.example")
    edited["Bcc"] = "luu@mau.example"
    edited.set_content(text, cte="8bit")
    path.write_bytes(edited.as_bytes())
    tdkt_send(output, port, certificate, "--really", "--unit", "P4")
    ((to, content),) = sink.letters
    assert to == ["khac@mau.example", "luu@mau.example"]
    assert read(content).get_content().replace("\r\n", "\n") == text
    assert read(content)["Bcc"] is None


def test_an_address_that_the_server_does_not_know_sends_the_letter_to_nobody(
    output: Path, port: int, certificate: Path, sink: Sink
) -> None:
    sink.no_such = {"truong.p1@mau.example"}
    code, text = tdkt_send(output, port, certificate, "--really")
    assert code == 1 and "P1: chưa gửi được. Máy chủ không nhận 1 trong 2 địa chỉ (mã 550)" in text
    assert [to[0][:2] for to, _ in sink.letters] == ["p2", "p3", "p4"]
    sink.no_such = set()
    assert tdkt_send(output, port, certificate, "--really")[0] == 0
    assert len(sink.letters) == 4


def test_drafts_that_cannot_go_are_named(output: Path, port: int, certificate: Path, sink: Sink) -> None:
    put(output, "P2", receivers=())
    put(output, "P3", "P3/P3-2.eml", attachment=b"PK2")
    code, text = tdkt_send(output, port, certificate, "--really", "--no-reminders")
    assert code == 1 and "Chưa có địa chỉ nhận: P2." in text
    assert "Có cả bản nháp đã sửa tay và bản mới: P3." in text
    assert [to[0] for to, _ in sink.letters] == ["p1@mau.example"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--account", "ai-do"], "không nhận tài khoản hoặc mật khẩu"),
        (["--server", "localhost:1"], "Không kết nối được máy chủ localhost:1"),
        (["--server", "localhost:x"], "không phải máy chủ gửi thư"),
        (["--unit", "P9"], "Không có bản nháp nào của «P9»"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    output: Path, port: int, certificate: Path, sink: Sink, more: list[str], said: str
) -> None:
    code, text = tdkt_send(output, port, certificate, "--really", *more)
    assert code == 2 and said in text and sink.letters == []
    assert PASSWORD not in text


def test_a_password_that_smtp_cannot_carry_is_said(
    output: Path, port: int, certificate: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "mật khẩu")
    code, text = tdkt_send(output, port, certificate, "--really")
    assert code == 2 and "Đổi mật khẩu không dấu" in text and "mật khẩu»" not in text and sink.letters == []


def test_a_certificate_that_nobody_vouches_for_ends_it(output: Path, port: int, sink: Sink) -> None:
    arguments = ["send", str(output), "--server", f"{HOST}:{port}", "--account", ACCOUNT, "--from", "a@mau.example"]
    done = CliRunner().invoke(tdkt, [*arguments, "--really"])
    assert done.exit_code == 2 and "Chứng chỉ của máy chủ" in done.output and sink.letters == []


def test_a_server_without_tls_gets_nothing(output: Path, certificate: Path, sink: Sink) -> None:
    controller = Controller(sink, hostname=HOST, port=free_port())
    controller.start()
    try:
        code, text = tdkt_send(output, controller.port, certificate, "--really", "--no-login")
    finally:
        controller.stop()
    assert code == 2 and "không có kết nối bảo mật" in text and sink.letters == []


def test_tls_from_the_first_byte(output: Path, certificate: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    controller = Controller(sink, hostname=HOST, port=free_port(), ssl_context=context)
    controller.start()
    monkeypatch.setattr(sending, "IMPLICIT_TLS", controller.port)
    try:
        code, _ = tdkt_send(output, controller.port, certificate, "--really", "--no-login")
    finally:
        controller.stop()
    assert code == 0 and len(sink.letters) == 4


def test_two_commands_cannot_send_at_once(output: Path, port: int, certificate: Path, sink: Sink) -> None:
    with open_log(output / "phan-hoi/da-gui.csv", lambda: NOW):
        code, text = tdkt_send(output, port, certificate, "--really")
    assert code == 2 and "Đang có một lệnh gửi khác" in text and sink.letters == []


def test_the_record_survives_excel_and_a_cut_line(output: Path, port: int, certificate: Path, sink: Sink) -> None:
    tdkt_send(output, port, certificate, "--really", "--unit", "P1")
    record = output / "phan-hoi/da-gui.csv"
    text = record.read_text(encoding="utf-8-sig")
    record.write_text(text.replace(",", ";") + "20/11/2026 09:30:00;DANG", encoding="utf-8")
    tdkt_send(output, port, certificate, "--really")
    assert [to[0][:2] for to, _ in sink.letters] == ["p1", "p2", "p3", "p4"]
    record.write_text("gì đó\n", encoding="utf-8")
    with pytest.raises(CannotRun, match="không còn đủ cột"):
        sending.plan(output, (), True, (), True)
