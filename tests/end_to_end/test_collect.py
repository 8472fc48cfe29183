"""`tdkt collect` against a real IMAP server: only what is new, the mailbox as it was, nothing lost, nothing twice."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.collection import Collection, Wanted, collect_mail
from pipeline.collection.collecting import WAITS
from pipeline.collection.holding import alone
from pipeline.intake.collected import RECORD, read_collected, receipt_times
from pipeline.passwords import VARIABLE
from pipeline.refusals import CannotRun
from tests.desk import CONFIGURED, PERIOD, write_province
from tests.end_to_end.commands import ROOT, command
from tests.end_to_end.mail_servers import (
    HOST,
    ONE,
    PASSWORD,
    MailHouse,
    Wire,
    free_port,
    letter,
    make_certificate,
    missing,
)

pytestmark = [pytest.mark.mail, pytest.mark.skipif(bool(missing()), reason=missing() or "dovecot is here")]

USER = "tdkt"
SENDER = "Đào Thử Bình <p1@vks-mau.example>"
WHEN = "20-Nov-2026 08:30:00 +0700"
#: Bytes of an attachment large enough for a connection to break inside it.
LONG = 60_000


@pytest.fixture
def house() -> Iterator[MailHouse]:
    house = MailHouse(USER, "tdkt@vks-mau.example")
    try:
        house.start_imap()
        yield house
    finally:
        house.stop()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_province(tmp_path_factory.mktemp("tinh"))


@pytest.fixture
def folder(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    return Path(shutil.copytree(written, tmp_path / "tinh"))


def wanted(house: MailHouse, port: int = 0, **more: object) -> Wanted:
    told = Wanted(f"{HOST}:{port or house.imaps}", USER, trusted=house.certificate)
    return replace(told, **more)  # type: ignore[arg-type]


def mail(number: int, size: int = 10) -> bytes:
    content = hashlib.shake_256(str(number).encode()).digest(size)
    return letter(SENDER, f"Hồ sơ lần {number}", "Kính gửi.", ("P1.xlsx", content), Message_ID=f"<{number}@p1.example>")


def fill(house: MailHouse, *numbers: int, size: int = 10) -> None:
    for number in numbers:
        house.append(USER, mail(number, size), WHEN)


def held(folder: Path) -> dict[str, bytes]:
    """Every file that anybody can see in the inbox, but for the receipt log."""
    inbox = folder / "hop-thu"
    return {p.relative_to(inbox).as_posix(): p.read_bytes() for p in sorted(inbox.rglob("*")) if p.is_file()}


def mails(folder: Path) -> list[bytes]:
    return sorted(content for name, content in held(folder).items() if name.endswith(".eml"))


def as_sent(*numbers: int, size: int = 10) -> list[bytes]:
    """The same mails as a server keeps them, with its ends of lines."""
    return sorted(mail(number, size).replace(b"\n", b"\r\n") for number in numbers)


def counts(done: Collection) -> tuple[int, int, int]:
    return done.new, done.known, done.same


def no_wait(_seconds: float) -> None:
    """Tests do not sleep."""


def test_only_what_is_new_is_taken_and_the_mailbox_stays_as_it_was(house: MailHouse, folder: Path) -> None:
    fill(house, 1, 2)
    house.append(USER, mail(3), WHEN, flags=r"(\Seen \Flagged)")
    before = house.flags(USER)
    assert counts(collect_mail(folder, wanted(house))) == (3, 0, 0)
    first = held(folder)
    assert mails(folder) == as_sent(1, 2, 3)
    assert counts(collect_mail(folder, wanted(house))) == (0, 3, 0)
    assert held(folder) == first
    fill(house, 4)
    assert counts(collect_mail(folder, wanted(house))) == (1, 3, 0)
    assert mails(folder) == as_sent(1, 2, 3, 4)
    assert house.flags(USER) == before | {4: ""}
    assert before == {1: "", 2: "", 3: r"\Flagged \Seen"}


def test_every_mail_is_kept_with_its_number_its_time_and_for_its_owner_alone(house: MailHouse, folder: Path) -> None:
    house.append(USER, mail(1), "20-Nov-2026 01:30:00 +0000")
    collect_mail(folder, wanted(house))
    inbox = folder / "hop-thu"
    (kept,) = read_collected(inbox)
    place = inbox / kept.file
    assert kept.file == f"thu/{kept.validity:010}-0000000001.eml"
    assert kept.sha256 == hashlib.sha256(place.read_bytes()).hexdigest()
    assert receipt_times(inbox) == {kept.file: dt.datetime(2026, 11, 20, 8, 30)}
    assert dt.datetime.fromtimestamp(place.stat().st_mtime, dt.UTC) == dt.datetime(2026, 11, 20, 1, 30, tzinfo=dt.UTC)
    assert {stat.S_IMODE(p.stat().st_mode) for p in (place, inbox / RECORD)} == {0o600}


def test_a_mailbox_without_mail(house: MailHouse, folder: Path) -> None:
    done = collect_mail(folder, wanted(house))
    assert (done.mails, *counts(done)) == (0, 0, 0, 0)


def test_the_command_takes_everything_from_the_configuration_and_names_nobody(house: MailHouse, tmp_path: Path) -> None:
    period = PERIOD | {"may_chu_nhan": f"{HOST}:{house.imaps}", "thu_van_phong": "tdkt@vks-mau.example"}
    folder = write_province(tmp_path / "tinh", {**CONFIGURED, "KY_XET": [period]})
    house.append("tdkt@vks-mau.example", mail(1), WHEN)
    house.append("tdkt@vks-mau.example", mail(2, LONG * 30), WHEN)
    arguments = command("collect", folder, "--ca", house.certificate, "--max-mb", "1")
    environment = os.environ | {VARIABLE: PASSWORD}
    run = subprocess.run(
        arguments, check=False, cwd=ROOT, capture_output=True, encoding="utf-8", env=environment, timeout=60
    )
    assert (run.returncode, run.stdout) == (0, "")
    assert "Hộp thư có 2 thư: 1 thư mới đã lấy vào hop-thu/thu, 0 đã lấy từ trước, 1 không lấy được." in run.stderr
    assert "Không lấy thư số 2 (đến 20/11/2026 08:30, 2,5 MB): quá giới hạn 1,0 MB;" in run.stderr
    assert not [word for word in ("Bình", "vks-mau", "Hồ sơ", PASSWORD) if word in run.stderr]


# --- connections that break ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cuts",
    [
        [LONG],  # in the first mail
        [3 * LONG, LONG // 2, 0, 2 * LONG],  # later, again, before the greeting, again
        [5_000, 5_000],  # about where the first mail begins
    ],
)
def test_a_connection_that_breaks_loses_nothing_and_takes_nothing_twice(
    house: MailHouse, folder: Path, cuts: list[int]
) -> None:
    fill(house, 1, 2, 3, 4, size=LONG)
    seen: set[str] = set()

    def look(_seconds: float) -> None:
        seen.update(held(folder))

    with Wire(house.imaps, cuts) as wire:
        done = collect_mail(folder, wanted(house, wire.port), wait=look)
        assert wire.connections == len(cuts) + 1
    assert (*counts(done), done.breaks) == (4, 0, 0, len(cuts))
    assert mails(folder) == as_sent(1, 2, 3, 4, size=LONG)
    assert len(read_collected(folder / "hop-thu")) == 4
    assert not [name for name in seen | held(folder).keys() if ".tdkt" in name]
    assert counts(collect_mail(folder, wanted(house))) == (0, 4, 0)


def test_a_line_that_stays_broken_is_given_up_and_the_next_run_goes_on(house: MailHouse, folder: Path) -> None:
    fill(house, 1, 2, 3, size=LONG)
    waits: list[float] = []
    given_up = pytest.raises(CannotRun, match=r"sau 3 lần nối lại[.] Đã lấy 1 thư")
    with Wire(house.imaps, [2 * LONG, *[LONG // 10] * 9]) as wire, given_up:
        collect_mail(folder, wanted(house, wire.port), wait=waits.append)
    assert waits == list(WAITS)
    assert mails(folder) == as_sent(1, size=LONG)
    assert counts(collect_mail(folder, wanted(house))) == (2, 1, 0)
    assert mails(folder) == as_sent(1, 2, 3, size=LONG)


def test_a_mail_at_which_the_connection_always_breaks_does_not_hold_up_the_others(
    house: MailHouse, folder: Path
) -> None:
    fill(house, 1, size=20 * LONG)
    fill(house, 2, 3)
    with Wire(house.imaps, [LONG] * 9) as wire, pytest.raises(CannotRun, match="Đã lấy 2 thư"):
        collect_mail(folder, wanted(house, wire.port), wait=no_wait)
    assert mails(folder) == as_sent(2, 3)


def test_stopped_between_mail_and_record_nothing_is_twice(house: MailHouse, folder: Path) -> None:
    fill(house, 1, 2)
    collect_mail(folder, wanted(house))
    record = folder / "hop-thu" / RECORD
    record.write_bytes(record.read_bytes()[:-20])  # the last line was never finished
    (folder / "hop-thu" / "thu" / ".tdkt-dang-do.eml").write_bytes(b"half")
    assert counts(collect_mail(folder, wanted(house))) == (1, 1, 0)
    assert mails(folder) == as_sent(1, 2)
    assert [m.uid for m in read_collected(folder / "hop-thu")] == [1, 2]


def test_ctrl_c_leaves_whole_mails_and_the_next_run_goes_on(house: MailHouse, folder: Path) -> None:
    fill(house, 1, 2, 3)

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect_mail(folder, wanted(house), stop)
    assert mails(folder) == as_sent(1, 2)
    assert counts(collect_mail(folder, wanted(house))) == (1, 2, 0)
    assert mails(folder) == as_sent(1, 2, 3)


# --- the same mail under another number ---------------------------------------------------------------------


def test_after_the_server_numbers_anew_held_mail_is_recognised(house: MailHouse, folder: Path) -> None:
    fill(house, 1, 2)
    collect_mail(folder, wanted(house))
    before = held(folder)
    house.stop_imap()
    for index in (house.home / USER / "Maildir").glob("dovecot*"):
        index.unlink()
    house.start_imap()
    fill(house, 3)
    assert counts(collect_mail(folder, wanted(house))) == (1, 0, 2)
    assert mails(folder) == as_sent(1, 2, 3)
    assert len({m.validity for m in read_collected(folder / "hop-thu")}) == 2
    assert counts(collect_mail(folder, wanted(house))) == (0, 3, 0)
    assert before.items() - {(RECORD, before[RECORD])} <= held(folder).items()


def test_two_folders_of_one_mailbox_share_the_inbox(house: MailHouse, folder: Path) -> None:
    with house.client(USER) as client:
        client.create('"H&AOo- c&APk-ng"')
    house.append(USER, mail(1), WHEN, folder='"H&AOo- c&APk-ng"')
    house.append(USER, mail(1), WHEN)
    house.append(USER, mail(2), WHEN)
    assert counts(collect_mail(folder, wanted(house, folder="Hê cùng"))) == (1, 0, 0)
    assert counts(collect_mail(folder, wanted(house))) == (1, 0, 1)
    assert mails(folder) == as_sent(1, 2)


def test_a_mail_that_the_office_took_away_is_not_fetched_again(house: MailHouse, folder: Path) -> None:
    fill(house, 1, 2)
    collect_mail(folder, wanted(house))
    (folder / "hop-thu" / read_collected(folder / "hop-thu")[0].file).unlink()
    done = collect_mail(folder, wanted(house))
    assert (*counts(done), done.gone) == (0, 2, 0, 1)
    assert any("1 thư lấy từ trước nay không còn ở chỗ cũ" in line for line in done.lines())


def test_a_mail_over_the_limit_is_told_and_taken_once_the_limit_allows(house: MailHouse, folder: Path) -> None:
    fill(house, 1, size=LONG)
    fill(house, 2)
    done = collect_mail(folder, wanted(house, largest=LONG))
    assert (counts(done), [m.uid for m in done.too_large]) == ((1, 0, 0), [1])
    assert counts(collect_mail(folder, wanted(house))) == (1, 1, 0)


# --- what the operator must mend ----------------------------------------------------------------------------


def test_a_wrong_password(house: MailHouse, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("sai", "không đúng"):
        monkeypatch.setenv(VARIABLE, wrong)
        with pytest.raises(CannotRun, match="không nhận tài khoản hoặc mật khẩu"):
            collect_mail(folder, wanted(house))
    assert mails(folder) == []


def test_a_certificate_that_nobody_vouches_for_gets_no_password(house: MailHouse, folder: Path) -> None:
    other = make_certificate(house.home, "khac", HOST)
    for trusted in (None, other):
        with pytest.raises(CannotRun, match="Không tin được chứng chỉ"):
            collect_mail(folder, wanted(house, trusted=trusted))
    with pytest.raises(CannotRun, match="Không tin được chứng chỉ"):
        collect_mail(folder, wanted(house, house.imap, starttls=True, trusted=None))
    assert "auth" not in house.log.replace("no auth attempts", "")


def test_a_certificate_of_another_name(house: MailHouse, folder: Path) -> None:
    house.stop_imap()
    house.certificate = make_certificate(house.home, "server", "thu.noi-khac.example")
    house.start_imap()
    with pytest.raises(CannotRun, match=r"Không tin được chứng chỉ .*IP address mismatch"):
        collect_mail(folder, wanted(house))


def test_a_server_that_is_down_or_unknown(house: MailHouse, folder: Path) -> None:
    house.stop_imap()
    with pytest.raises(CannotRun, match="không nhận kết nối ở cổng này"):
        collect_mail(folder, wanted(house))
    with pytest.raises(CannotRun, match="không tìm thấy máy chủ mang tên này"):
        collect_mail(folder, wanted(house, server="khong-co.invalid"))


def test_a_port_that_speaks_something_else(house: MailHouse, folder: Path) -> None:
    with pytest.raises(CannotRun, match="không bắt tay TLS được"):
        collect_mail(folder, wanted(house, house.imap))


def test_a_server_that_cannot_encrypt_gets_no_password(folder: Path) -> None:
    heard: list[bytes] = []
    with socket.create_server((HOST, 0)) as listener:
        talk = threading.Thread(target=_talk_in_the_clear, args=(listener, heard))
        talk.start()
        with pytest.raises(CannotRun, match="không mã hóa được kết nối"):
            collect_mail(folder, Wanted(f"{HOST}:{listener.getsockname()[1]}", USER, starttls=True))
        talk.join(ONE)
    assert not [line for line in heard if b"LOGIN" in line or b"AUTHENTICATE" in line]


def _talk_in_the_clear(listener: socket.socket, heard: list[bytes]) -> None:
    peer, _address = listener.accept()
    with peer, contextlib.suppress(OSError), peer.makefile("rwb", buffering=0) as line:
        line.write(b"* OK ready\r\n")
        while said := line.readline():
            heard.append(said)
            tag = said.split()[0]
            line.write(b"* CAPABILITY IMAP4rev1\r\n" * (b"CAPABILITY" in said) + tag + b" OK done\r\n")


def test_a_mailbox_folder_that_is_not_there(house: MailHouse, folder: Path) -> None:
    with pytest.raises(CannotRun, match="không có thư mục «Hồ sơ»"):
        collect_mail(folder, wanted(house, folder="Hồ sơ"))


def test_starttls_and_without_any_on_this_machine(house: MailHouse, folder: Path) -> None:
    fill(house, 1)
    assert counts(collect_mail(folder, wanted(house, house.imap, starttls=True))) == (1, 0, 0)
    fill(house, 2)
    assert counts(collect_mail(folder, wanted(house, house.imap, plain=True, trusted=None))) == (1, 1, 0)


def test_two_at_once(house: MailHouse, folder: Path) -> None:
    fill(house, 1)
    with alone(folder), pytest.raises(CannotRun, match="Một lệnh tdkt collect khác đang lấy thư"):
        collect_mail(folder, wanted(house))
    assert counts(collect_mail(folder, wanted(house))) == (1, 0, 0)


def test_the_lock_of_a_collector_that_died_is_free(house: MailHouse, folder: Path) -> None:
    program = "import os, sys; from pathlib import Path; from pipeline.collection.holding import alone\n"
    program += "with alone(Path(sys.argv[1])): os._exit(9)"
    died = subprocess.run([sys.executable, "-c", program, str(folder)], check=False, cwd=ROOT, timeout=ONE)
    assert died.returncode == 9
    assert counts(collect_mail(folder, wanted(house))) == (0, 0, 0)


def test_without_server_account_or_password(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotRun, match="Chưa biết máy chủ nhận thư"):
        collect_mail(folder, Wanted())
    with pytest.raises(CannotRun, match="Chưa biết tài khoản thư"):
        collect_mail(folder, Wanted(f"{HOST}:{free_port()}"))
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(CannotRun, match="Chưa có mật khẩu"):
        collect_mail(folder, Wanted(f"{HOST}:{free_port()}", USER))
