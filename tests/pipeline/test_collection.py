"""Collecting mail, as far as it needs no server: names of servers, the record, the summary."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.collection import Collection, server_of
from pipeline.collection.holding import Holding
from pipeline.collection.mailbox import Account, Listed
from pipeline.intake import collect
from pipeline.intake.collected import RECORD, Collected, read_collected, receipt_times
from pipeline.refusals import CannotRun

MOMENT = dt.datetime(2026, 11, 20, 8, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("imap.mau.example", {}, "imap.mau.example 993 TLS"),
        (" imap.mau.example:1993 ", {}, "imap.mau.example 1993 TLS"),
        ("imap.mau.example:143", {}, "imap.mau.example 143 STARTTLS"),
        ("imap.mau.example:1143", {"starttls": True}, "imap.mau.example 1143 STARTTLS"),
        ("10.0.0.9:993", {}, "10.0.0.9 993 TLS"),
        ("[2001:db8::1]:993", {}, "2001:db8::1 993 TLS"),
        ("localhost:1143", {"plain": True}, "localhost 1143 không mã hóa"),
        ("127.0.0.1:1143", {"plain": True}, "127.0.0.1 1143 không mã hóa"),
        ("[::1]:1143", {"plain": True}, "::1 1143 không mã hóa"),
        ("imap.mau.example", {"plain": True}, "chỉ dùng để thử trên chính máy này"),
        ("10.0.0.9:143", {"plain": True}, "chỉ dùng để thử trên chính máy này"),
        ("localhost.mau.example:143", {"plain": True}, "chỉ dùng để thử trên chính máy này"),
        ("imaps://imap.mau.example", {}, "không phải tên máy chủ"),
        ("imap.mau.example:0", {}, "không phải tên máy chủ"),
        ("imap.mau.example:70000", {}, "không phải tên máy chủ"),
        ("hai từ", {}, "không phải tên máy chủ"),
        ("", {}, "không phải tên máy chủ"),
    ],
)
def test_names_of_servers(text: str, options: dict[str, bool], expected: str) -> None:
    try:
        server = server_of(text, **options)
        said = f"{server.host} {server.port} {server.security}"
    except CannotRun as refused:
        said = str(refused)
    assert expected in said


def _mail(uid: int) -> Collected:
    return Collected("0a1b2c3d", 7, uid, "", "", MOMENT)


def test_a_record_that_people_or_a_crash_changed_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    holding = Holding(tmp_path)
    assert holding.take(_mail(1), b"mot\r\n") and holding.take(_mail(2), b"hai\r\n")
    place = tmp_path / RECORD
    place.write_bytes(place.read_bytes() + "ghi chú\nx,y,z,a,b,c\n0a1b2c3d,7,3,thu/3.em".encode())
    assert [mail.uid for mail in read_collected(tmp_path)] == [1, 2]
    assert Holding(tmp_path).take(_mail(3), b"ba\r\n")
    assert [mail.uid for mail in read_collected(tmp_path)] == [1, 2, 3]
    assert set(receipt_times(tmp_path).values()) == {dt.datetime(2026, 11, 20, 8, 30)}


def test_a_name_that_is_taken_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "thu").mkdir()
    (tmp_path / "thu" / "0000000007-0000000001.eml").write_bytes(b"cua van phong")
    Holding(tmp_path).take(_mail(1), b"mot\r\n")
    assert {p.name: p.read_bytes() for p in (tmp_path / "thu").iterdir()} == {
        "0000000007-0000000001.eml": b"cua van phong",
        "0000000007-0000000001-2.eml": b"mot\r\n",
    }


def test_an_inbox_that_cannot_be_written_is_the_operators_matter(tmp_path: Path) -> None:
    (tmp_path / "thu").write_bytes(b"a file where the folder must be")
    with pytest.raises(CannotRun, match="Không đọc, ghi được hộp thư"):
        Holding(tmp_path)


def test_the_summary_tells_what_was_left_and_why() -> None:
    large = [Listed(uid, 70_000_000, MOMENT) for uid in range(1, 23)]
    done = Collection(30, 2, 3, 1, large, [Listed(40, 1_000, MOMENT)], 1, 0, 2)
    lines = "\n".join(done.lines())
    assert "Hộp thư có 30 thư: 2 thư mới" in lines and "1 trùng hẳn" in lines and "24 không lấy được" in lines
    assert "thư số 1 (đến 20/11/2026 08:30, 70 MB): quá giới hạn 60 MB" in lines
    assert "… và 2 thư nữa như thế" in lines and "thư số 21" not in lines
    assert "thư số 40" in lines and "không cho biết số, giờ nhận của 1 thư" in lines and "ngắt 2 lần" in lines


def test_a_password_does_not_appear_when_an_account_is_printed() -> None:
    assert "bi mat" not in repr(Account("tdkt", "bi mat", "INBOX"))


def test_the_walk_takes_the_time_of_a_collected_mail_from_the_record(tmp_path: Path) -> None:
    mail = b"From: p1@mau.example\r\nDate: Fri, 20 Nov 2026 08:29:00 +0700\r\nMIME-Version: 1.0\r\n"
    mail += b'Content-Disposition: attachment; filename="P1.xlsx"\r\n\r\nabc\r\n'
    Holding(tmp_path).take(_mail(1), mail)
    (item,) = collect(tmp_path).items
    assert (item.path, item.sent_at, item.received_at) == (
        "thu/0000000007-0000000001.eml/P1.xlsx",
        dt.datetime(2026, 11, 20, 8, 29),
        dt.datetime(2026, 11, 20, 8, 30),
    )


def test_a_record_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / RECORD).mkdir()
    found = {(f.code, f.variant, f.file) for f in collect(tmp_path).findings}
    assert ("V-11", "broken", RECORD) in found
