"""Mails in the inbox: what they carry comes out under the right name and time, and damage is said."""

from __future__ import annotations

import base64
import datetime as dt
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.findings import sentences, sort_key
from pipeline.intake import Intake, Limits, TimeSource, collect
from pipeline.intake.envelopes import address_of, envelope_of, line_time, moment_of
from pipeline.intake.part_names import decoded, parameters, safe_name
from tests.letters import RECEIVED, SENT, attachment, forwarded, letter, part
from tests.outlook_mail import (
    CONTENT_ID,
    DELIVERED,
    HEADERS,
    MESSAGE_ID,
    SENDER,
    SENDER_SMTP,
    SUBMITTED,
    Attached,
    mail_tree,
    msg,
)

BOOK, OTHER = b"PK\x03\x04book", b"PK\x03\x04other"
TNEF = b"\x78\x9f\x3e\x22\x01\x00" + bytes(40)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)
AT = dt.datetime(2026, 11, 16, 15, 0)
AT_SERVER = dt.datetime(2026, 11, 16, 15, 0, 7)


def taken(folder: Path, sent: dict[str, bytes], **limits: int) -> Intake:
    for name, content in sent.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return collect(folder, Limits(**limits))


def paths(intake: Intake) -> list[str]:
    return [item.path for item in intake.items]


def told(intake: Intake) -> list[tuple[str, str]]:
    findings = sorted([*intake.findings, *(i.refusal for i in intake.items if i.refusal)], key=sort_key)
    for finding in findings:
        assert "…" not in sentences(finding.at(value="")).what
    return sorted((f.file, f"{f.code}.{f.variant}") for f in findings)


def zipped(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 8, 0, 0)), content)
    return stream.getvalue()


def test_a_mail_is_a_folder_and_what_mailers_add_is_passed_over(tmp_path: Path) -> None:
    mail = letter(
        files={"P1.xlsx": BOOK, "thư mục\\..\\P2.xlsx": OTHER, "moi-hop.ics": b"BEGIN:VCALENDAR"},
        parts=(
            part('Content-Type: image/png; name="logo.png"\nContent-ID: <a@b>\nContent-Disposition: inline', PNG),
            part('Content-Type: text/html; name="ATT00001.htm"\nContent-Disposition: attachment', b"<html></html>"),
            attachment("trang-anh.jpg", b"\xff\xd8\xff" + bytes(200_000), "image/jpeg"),
        ),
    )
    found = taken(tmp_path, {"thu-3.eml": mail})
    assert paths(found) == ["thu-3.eml/P1.xlsx", "thu-3.eml/P2.xlsx", "thu-3.eml/trang-anh.jpg"]
    assert found.items[0].content == BOOK
    assert found.ignored == (
        "thu-3.eml/ATT00001.htm", "thu-3.eml/logo.png", "thu-3.eml/moi-hop.ics",
    )  # fmt: skip
    first = found.items[0]
    assert (first.sender, first.message_id) == ("p1@mau.example", "<1@mau.example>")
    assert (first.sent_at, first.received_at, first.time_source) == (AT, AT_SERVER, TimeSource.MAIL)
    assert told(found) == []


UTF8 = base64.b64encode("Hồ sơ P1.xlsx".encode()).decode()
RAW = "Hồ sơ P1.xlsx".encode()
CUT = RAW.index("ồ".encode()) + 1  # inside a letter
HALVES = tuple(base64.b64encode(half).decode() for half in (RAW[:CUT], RAW[CUT:]))


@pytest.mark.parametrize(
    "header",
    [
        "Content-Disposition: attachment; filename*=UTF-8''H%E1%BB%93%20s%C6%A1%20P1.xlsx",
        "Content-Disposition: attachment; filename*=utf-8'vi'H%E1%BB%93%20s%C6%A1%20P1.xlsx; filename=\"?.xlsx\"",
        "Content-Disposition: attachment;\n filename*0*=UTF-8''H%E1%BB;\n filename*1*=%93%20s%C6%A1;"
        '\n filename*2=" P1.xlsx"',
        "Content-Disposition: attachment; filename*1*=%20s%C6%A1%20P1.xlsx; filename*0*=UTF-8''H%E1%BB%93",
        "Content-Disposition: attachment; filename*=windows-1258''H%F4%CC%20s%F5%20P1.xlsx",
        f'Content-Disposition: attachment; filename="=?UTF-8?B?{UTF8}?="',
        f"Content-Disposition: attachment; filename==?utf-8?b?{UTF8}?=",
        f'Content-Disposition: attachment; filename="=?UTF-8?B?{HALVES[0]}?=\n =?UTF-8?B?{HALVES[1]}?="',
        'Content-Disposition: attachment; filename="=?utf-8?Q?H=E1=BB=93_s=C6=A1_P1.xlsx?="',
        f'Content-Disposition: attachment; filename*0="=?UTF-8?B?{UTF8[:10]}"; filename*1="{UTF8[10:]}?="',
        f'Content-Type: application/octet-stream; name="=?UTF-8?B?{UTF8}?="\nContent-Disposition: attachment',
        'Content-Disposition: attachment; filename="Hồ sơ P1.xlsx"',
        'Content-Disposition: attachment; filename="H%E1%BB%93%20s%C6%A1%20P1.xlsx"',
        'Content-Disposition: attachment; filename="C:\\Users\\vp\\Hồ sơ P1.xlsx"',
        'Content-Disposition: attachment; filename="../../Hồ sơ\u202e P1.xlsx\x07"',
        f'Content-Type: application/octet-stream\nContent-Description: =?UTF-8?B?{UTF8}?=',
    ],
)  # fmt: skip
def test_the_name_is_what_the_sender_saw(tmp_path: Path, header: str) -> None:
    found = taken(tmp_path, {"thu.eml": letter(parts=(part(header, BOOK),))})
    assert paths(found) == ["thu.eml/Hồ sơ P1.xlsx"]


def test_parts_without_a_name_get_one_and_equal_names_are_kept_apart(tmp_path: Path) -> None:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    nameless = part(f"Content-Type: {sheet}\nContent-Disposition: attachment", BOOK)
    twice = (attachment("..", OTHER), attachment("P1.xlsx", BOOK), attachment("P1.xlsx", OTHER))
    found = taken(tmp_path, {"thu.eml": letter(parts=(nameless, *twice))})
    assert paths(found) == [
        "thu.eml/P1.xlsx", "thu.eml/P1.xlsx (2)", "thu.eml/khong-ten-1.xlsx", "thu.eml/khong-ten-2",
    ]  # fmt: skip


def test_long_and_strange_names() -> None:
    assert safe_name("a" * 400 + ".xlsx") == "a" * 145 + ".xlsx"
    assert safe_name(" ..\\ ") == "" and safe_name("a/b\n\x00c ") == "bc"
    assert parameters('attachment; filename="a\\"b;c.xlsx"; x')["filename"] == 'a"b;c.xlsx'
    assert parameters("attachment; filename*=rot13''x%41.xlsx; size=3") == {"filename": "xA.xlsx", "size": "3"}
    assert decoded("100%.xlsx") == "100%.xlsx" and decoded("=?x?B?!!!?= a") == "!!! a"


def test_forwarded_mails_say_who_sent_them_and_who_wrote_them(tmp_path: Path) -> None:
    own = letter("P1@Mau.Example", {"P1.xlsx": BOOK}, sent="Sun, 15 Nov 2026 08:00:00 +0700", boundary="trong")
    mail = letter("tdkt@mau.example", parts=(forwarded(own),), message_id="<ngoai@mau.example>")
    found = taken(tmp_path, {"a.eml": mail})
    (item,) = found.items
    assert item.path == "a.eml/thu-chuyen-tiep-1.eml/P1.xlsx"
    assert (item.sender, item.original_sender) == ("tdkt@mau.example", "p1@mau.example")
    assert (item.message_id, item.sent_at) == ("<ngoai@mau.example>", AT)
    assert item.original_sent_at == dt.datetime(2026, 11, 15, 8, 0)


def test_a_forwarded_mail_that_was_encoded_or_attached_as_a_file(tmp_path: Path) -> None:
    own = letter(files={"P1.xlsx": BOOK}, boundary="trong")
    encoded = part('Content-Type: message/rfc822; name="thu.eml"', own)
    as_file = attachment("goc.eml", own)
    found = taken(tmp_path, {"a.eml": letter(parts=(encoded,)), "b.eml": letter(parts=(as_file,))})
    assert paths(found) == ["a.eml/thu-chuyen-tiep-1.eml/P1.xlsx", "b.eml/goc.eml/P1.xlsx"]
    assert {i.original_sender for i in found.items} == {"p1@mau.example"}


def test_mails_in_mails_end_at_a_depth(tmp_path: Path) -> None:
    mail = letter(files={"P1.xlsx": BOOK}, boundary="b0")
    for depth in range(1, 5):
        mail = letter(parts=(forwarded(mail),), boundary=f"b{depth}")
    found = taken(tmp_path, {"a.eml": mail})
    inner = "/thu-chuyen-tiep-1.eml"
    assert paths(found) == [] and told(found) == [(f"a.eml{inner * 3}", "V-14.mail_nested")]


def test_what_a_mail_lacks_is_said(tmp_path: Path) -> None:
    smime = part('Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"', b"\x30\x82x")
    link = b"Content-Type: message/external-body; access-type=URL\r\n\r\nContent-Type: text/plain\r\n\r\n"
    report = letter("mailer-daemon@mau.example", {"P1.xlsx": BOOK}, kind="multipart/report; report-type=x")
    found = taken(
        tmp_path,
        {
            "chu.eml": b"From: p1@mau.example\nDate: " + SENT.encode() + b"\n\nDa gui so lieu: 12, 15\n",
            "anh.eml": letter(parts=(part("Content-Type: image/png\nContent-ID: <x>", PNG),)),
            "goi.eml": letter(files={"winmail.dat": TNEF}),
            "ma-hoa.eml": letter(parts=(smime,)),
            "bao.eml": report,
            "vang.eml": letter(files={"x.xlsx": BOOK}, more="Auto-Submitted: auto-replied\r\n"),
            "lien-ket.eml": letter(parts=(link,)),
            "hong.eml": letter(files={"P1.xlsx": BOOK}).replace(b"--_ranh_", b"--_khac_"),
        },
    )
    assert told(found) == [
        ("anh.eml", "V-11.no_attachment"),
        ("bao.eml", "V-11.mail_report"),
        ("chu.eml", "V-11.no_attachment"),
        ("hong.eml", "V-11.mail_broken"),
        ("lien-ket.eml/khong-ten-1", "V-11.linked"),
        ("ma-hoa.eml", "V-12.mail"),
        ("vang.eml", "V-11.mail_report"),
    ]
    assert paths(found) == ["goi.eml/winmail.dat", "ma-hoa.eml"]


def test_limits_are_told_before_anything_is_read(tmp_path: Path) -> None:
    many = letter(files={f"{n}.xlsx": BOOK for n in range(9)})
    nested = letter(parts=tuple(forwarded(letter(boundary=f"b{n}")) for n in range(4)))
    files = {"a.eml": many, "b.eml": nested, "c.mbox": b"".join(_marked(letter()) for _ in range(3))}
    assert told(taken(tmp_path / "1", files, files=8, mails=2))[0] == ("a.eml", "V-14.mail_parts")
    assert ("c.mbox", "V-14.mbox") in told(taken(tmp_path / "2", files, mails=2))
    assert ("b.eml", "V-14.mail_parts") in told(taken(tmp_path / "3", files, mail_parts=7))
    dashes = letter(files={"P1.xlsx": BOOK}) + b"\n-- x" * 90
    assert told(taken(tmp_path / "5", {"a.eml": dashes}, mail_parts=8)) == [("a.eml", "V-14.mail_parts")]
    assert ("a.eml", "V-14.mail_too_large") in told(taken(tmp_path / "4", files, mail_bytes=800))


def test_mails_in_zips_and_zips_in_mails(tmp_path: Path) -> None:
    inside = zipped({"P1.xlsx": BOOK, "logo.png": PNG})
    mail = letter(files={"ho-so.zip": inside})
    outer = zipped({"den/a.eml": mail, "den/b.mbox": _marked(letter(files={"P2.xlsx": OTHER}))})
    found = taken(tmp_path, {"tuan.zip": outer, "khoa.eml": letter(files={"x.rar": b"Rar!\x1a\x07\x00"})})
    assert [(i.path, i.sender, i.time_source) for i in found.items] == [
        ("khoa.eml/x.rar", "p1@mau.example", TimeSource.MAIL),
        ("tuan.zip/den/a.eml/ho-so.zip/P1.xlsx", "p1@mau.example", TimeSource.MAIL),
        ("tuan.zip/den/a.eml/ho-so.zip/logo.png", "p1@mau.example", TimeSource.MAIL),
        ("tuan.zip/den/b.mbox/thu-0001/P2.xlsx", "p1@mau.example", TimeSource.MAIL),
    ]
    assert told(found) == [("khoa.eml/x.rar", "V-11.archive")]
    deep = taken(tmp_path / "2", {"x.eml": letter(files={"1.zip": zipped({"2.zip": zipped({"3.zip": inside})})})})
    assert told(deep) == [("x.eml/1.zip/2.zip/3.zip", "V-14.nested")]


# --- stores of mails


def _marked(mail: bytes, line: str = "From p1@mau.example Mon Nov 16 08:00:09 2026") -> bytes:
    return line.encode() + b"\n" + mail.replace(b"\r\n", b"\n") + b"\n"


def test_an_mbox_gives_each_mail_a_folder(tmp_path: Path) -> None:
    text = "\nFrom nay ve sau khong gui nua\n"
    mails = [
        letter(files={"P1.xlsx": BOOK}, received=""),
        letter("p2@mau.example", {"P2.xlsx": OTHER}).replace(b"Kinh gui", text.encode()),
    ]
    found = taken(tmp_path, {"Thu den": b"".join(map(_marked, mails)), "Thu den.msf": b"// <!-- <mdb:mork"})
    assert [(i.path, i.sender) for i in found.items] == [
        ("Thu den/thu-0001/P1.xlsx", "p1@mau.example"), ("Thu den/thu-0002/P2.xlsx", "p2@mau.example"),
    ]  # fmt: skip
    # The postmark line (UTC) tells of receipt where no server wrote a header.
    assert [i.received_at for i in found.items] == [AT.replace(second=9), AT_SERVER]
    assert "Thu den.msf" in found.ignored and told(found) == []
    one = taken(tmp_path / "mot", {"thu.eml": _marked(mails[0])})
    assert paths(one) == ["thu.eml/P1.xlsx"]


def test_a_maildir_gives_each_mail_a_folder_and_leaves_what_was_not_delivered(tmp_path: Path) -> None:
    seconds = int(dt.datetime(2026, 11, 16, 8, 0, 20, tzinfo=dt.UTC).timestamp())
    mail = letter(files={"P1.xlsx": BOOK}, received="", sent="")
    name = f"{seconds}.M1P2.may,S=9"
    found = taken(
        tmp_path,
        {f"Thu/cur/{name}:2,S": mail, f"Thu/new/{seconds}.M2": mail, "Thu/tmp/1.M3": mail, "Thu/dovecot-uidlist": b"1"},
    )
    assert paths(found) == [f"Thu/cur/{name}/P1.xlsx", f"Thu/new/{seconds}.M2/P1.xlsx"]
    first = found.items[0]
    assert (first.sent_at, first.received_at) == (None, AT.replace(second=20))
    assert first.time_source is TimeSource.MAIL_RECEIPT
    assert {"Thu/tmp/", "Thu/dovecot-uidlist"} <= set(found.ignored)


def test_a_fetched_mail_came_when_the_server_got_it(tmp_path: Path) -> None:
    record = "nguon,uidvalidity,uid,tep,sha256,internaldate\nab,1,7,thu/7.eml,00,2026-11-16T08:00:30+00:00\n"
    mail = letter(files={"P1.xlsx": BOOK}, received="", sent="")
    found = taken(tmp_path, {".thu-da-lay.csv": record.encode(), "thu/7.eml": mail})
    (item,) = found.items
    assert (item.received_at, item.time_source) == (AT.replace(second=30), TimeSource.MAIL_RECEIPT)


# --- Outlook

TRANSPORT = (
    f"Received: from a by b;\r\n\t{RECEIVED}\r\nFrom: =?utf-8?B?TMOy?= <p1@mau.example>\r\n"
    f"Date: {SENT}\r\nMessage-ID: <7@mau.example>\r\n\r\n"
)


@pytest.mark.parametrize("code_page", [0, 65001])
def test_an_outlook_mail_with_all_it_may_hold(tmp_path: Path, code_page: int) -> None:
    inner = mail_tree(
        {SENDER_SMTP: "P2@mau.example", SUBMITTED: dt.datetime(2026, 11, 15, 1, 0, tzinfo=dt.UTC)},
        [Attached("P2.xlsx", OTHER)], code_page, inner=True,
    )  # fmt: skip
    attached = [
        Attached("Hồ sơ P1.xlsx", BOOK + bytes(9000)), Attached(mail=inner), Attached("", b"", kind="application/pdf"),
        Attached("logo.png", PNG, content_id="a@b"), Attached("Kho.xlsx", None, method=7),
        Attached("thu.eml", letter("p3@mau.example", {"P3.xlsx": BOOK})),
    ]  # fmt: skip
    found = taken(tmp_path, {"thu.msg": msg({HEADERS: TRANSPORT}, attached, code_page)})
    assert [(i.path, i.sender, i.original_sender) for i in found.items] == [
        ("thu.msg/Hồ sơ P1.xlsx", "p1@mau.example", ""),
        ("thu.msg/khong-ten-3.pdf", "p1@mau.example", ""),
        ("thu.msg/thu-chuyen-tiep-2.msg/P2.xlsx", "p1@mau.example", "p2@mau.example"),
        ("thu.msg/thu.eml/P3.xlsx", "p1@mau.example", "p3@mau.example"),
    ]
    assert {(i.sent_at, i.received_at, i.message_id) for i in found.items} == {(AT, AT_SERVER, "<7@mau.example>")}
    assert found.items[2].original_sent_at == dt.datetime(2026, 11, 15, 8, 0)
    assert found.ignored == ("thu.msg/logo.png",) and told(found) == [("thu.msg/Kho.xlsx", "V-11.linked")]


def test_an_outlook_mail_without_headers_tells_by_its_own_fields(tmp_path: Path) -> None:
    when = dt.datetime(2026, 11, 16, 8, 0, tzinfo=dt.UTC)
    exchange = "/O=MAU/OU=EXCHANGE/CN=RECIPIENTS/CN=P1"
    fields: dict[int, Any] = {SENDER: exchange, SENDER_SMTP: "p1@mau.example", SUBMITTED: when,
                              DELIVERED: when + dt.timedelta(seconds=7), MESSAGE_ID: "<8@mau.example>"}  # fmt: skip
    found = taken(tmp_path, {"thu.msg": msg(fields, [Attached("P1.xlsx", BOOK)]), "trong.msg": msg({}, [])})
    (item,) = found.items
    assert (item.sender, item.message_id) == ("p1@mau.example", "<8@mau.example>")
    assert (item.sent_at, item.received_at, item.time_source) == (AT, AT_SERVER, TimeSource.MAIL)
    assert told(found) == [("trong.msg", "V-11.no_attachment")]


def test_an_outlook_mail_inside_a_mail(tmp_path: Path) -> None:
    own = msg({HEADERS: TRANSPORT}, [Attached("P1.xlsx", BOOK)])
    found = taken(tmp_path, {"a.eml": letter("vp@mau.example", {"goc.msg": own}), "x.msg": own[:3000] + bytes(3000)})
    (item,) = found.items
    assert (item.path, item.original_sender) == ("a.eml/goc.msg/P1.xlsx", "p1@mau.example")
    assert told(found) == [("x.msg", "V-11.mail_broken")]


def test_content_id_of_outlook_is_what_shows_a_picture(tmp_path: Path) -> None:
    large = b"\xff\xd8\xff" + bytes(300_000)
    mail = msg({HEADERS: TRANSPORT}, [Attached("a.jpg", large, content_id="x"), Attached("b.jpg", large)])
    found = taken(tmp_path, {"thu.msg": mail})
    assert (paths(found), found.ignored) == (["thu.msg/b.jpg"], ("thu.msg/a.jpg",))
    assert CONTENT_ID == 0x3712


# --- times


@pytest.mark.parametrize(
    ("sent", "received", "expected", "source"),
    [
        (SENT, RECEIVED, AT, TimeSource.MAIL),
        ("Mon, 16 Nov 2026 08:00:00 GMT", RECEIVED, AT, TimeSource.MAIL),
        ("Mon, 16 Nov 2026 08:00:00 -0000", RECEIVED, AT, TimeSource.MAIL),
        ("16 Nov 2026 17:00 +0900 (JST)", "", AT, TimeSource.MAIL),
        ("Mon, 16 Nov 2026 15:00:00", RECEIVED, AT_SERVER, TimeSource.MAIL_RECEIPT),
        ("Mon, 16 Nov 2026 15:00:00", "", AT, TimeSource.MAIL_DOUBTFUL),
        ("Tue, 17 Nov 2026 15:00:00 +0700", RECEIVED, AT_SERVER, TimeSource.MAIL_RECEIPT),
        ("Fri, 1 Jan 2010 00:00:00 +0700", RECEIVED, AT_SERVER, TimeSource.MAIL_RECEIPT),
        ("32 Nov 2026 99:00", RECEIVED, AT_SERVER, TimeSource.MAIL_RECEIPT),
        ("", RECEIVED, AT_SERVER, TimeSource.MAIL_RECEIPT),
    ],
)
def test_whose_clock_is_believed(
    tmp_path: Path, sent: str, received: str, expected: dt.datetime, source: TimeSource
) -> None:
    found = taken(tmp_path, {"a.eml": letter(files={"P1.xlsx": BOOK}, sent=sent, received=received)})
    (item,) = found.items
    assert (item.sent_at or item.received_at, item.time_source) == (expected, source)
    doubted = bool(sent) and source is not TimeSource.MAIL
    assert told(found) == ([("a.eml", "V-18.mail_time")] if doubted else [])
    assert item.time_source.sure is (source is TimeSource.MAIL)


def test_the_log_settles_what_the_mail_leaves_open_and_a_difference_is_said(tmp_path: Path) -> None:
    log = b"tep,gui_luc,nhan_luc\na.eml,16/11/2026 14:00,\nb.eml,16/11/2026 14:00,\n"
    found = taken(
        tmp_path,
        {
            "so-nhan.csv": log,
            "a.eml": letter(files={"P1.xlsx": BOOK}, sent="Mon, 16 Nov 2026 15:00:00"),
            "b.eml": letter(files={"P2.xlsx": BOOK, "P3.xlsx": OTHER}),
        },
    )
    assert [(i.sent_at, i.time_source) for i in found.items[:2]] == [
        (dt.datetime(2026, 11, 16, 14, 0), TimeSource.LOG), (AT, TimeSource.MAIL),
    ]  # fmt: skip
    assert told(found) == [("b.eml", "V-18.log_differs")]


def test_headers_of_other_servers_and_senders() -> None:
    exchange = "16 Nov 2026 08:00:07.0123 (UTC) FILETIME=[x]"
    found = envelope_of([("Received", "by a"), ("X-OriginalArrivalTime", exchange),
                         ("Sender", "P1@mau.example"), ("Message-Id", "<a\n b@c>")])  # fmt: skip
    assert (found.received_at, found.sender, found.message_id) == (AT_SERVER, "p1@mau.example", "<ab@c>")
    assert address_of('"p1@mau.example" <ke-gian@khac.example>') == "ke-gian@khac.example"
    assert address_of("undisclosed-recipients:;") == ""
    assert line_time(b"From - Mon Nov 16 15:00:00 2026\n") == AT
    assert line_time(b"From x Mon Nov 31 15:00:00 2026\n") is None
    assert moment_of("Mon, 16 Nov 2026 15:00:00 +9999") == (None, False)


# --- whatever the bytes

GOOD_EML = letter("p1@mau.example", {"P1.xlsx": BOOK}, (forwarded(letter(files={"a.pdf": OTHER}, boundary="b2")),))
GOOD_MSG = msg({HEADERS: TRANSPORT}, [Attached("P1.xlsx", BOOK), Attached(mail=mail_tree({}, [], inner=True))])
GOOD_MBOX = _marked(letter(files={"P1.xlsx": BOOK})) + _marked(letter(files={"P2.xlsx": OTHER}))
changes = st.lists(st.tuples(st.integers(0, 20_000), st.binary(max_size=6), st.integers(0, 40)), max_size=6)


def changed(content: bytes, edits: list[tuple[int, bytes, int]]) -> bytes:
    """Overwrite, insert and cut at places."""
    for at, new, gone in edits:
        start = at % (len(content) + 1)
        content = content[:start] + new + content[start + gone :]
    return content


@pytest.mark.parametrize("name", ["a.eml", "a.msg", "a.mbox"])
@given(edits=changes)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_change_of_a_mail_loses_it_or_raises(
    tmp_path_factory: pytest.TempPathFactory, name: str, edits: list[tuple[int, bytes, int]]
) -> None:
    good = {"a.eml": GOOD_EML, "a.msg": GOOD_MSG, "a.mbox": GOOD_MBOX}[name]
    found = taken(tmp_path_factory.mktemp("hop"), {name: changed(good, edits)})
    seen = [*paths(found), *(f.file for f in found.findings)]
    assert any(path.split("/")[0] == name for path in seen)
    told(found)


@given(st.text(max_size=200), st.text(alphabet="filename*0123='\"%=?;UTF-8BQ\\ \n", max_size=80))
def test_no_header_raises(text: str, hostile: str) -> None:
    for value in (text, hostile, f"attachment; {hostile}", f"attachment; filename*=utf-8''{text}"):
        for name in parameters(value).values():
            assert not set(safe_name(name)) & {"/", "\\", "\x00", "\u202e"}
        envelope_of([("Date", value), ("From", value), ("Received", f"x; {value}"), ("Message-ID", value)])


def test_the_library_for_outlook_is_loaded_only_for_outlook(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(GOOD_EML)
    script = (
        "import sys; from pathlib import Path; from pipeline.intake import collect\n"
        "collect(Path(sys.argv[1])); print(sorted({'oxmsg', 'olefile'} & set(sys.modules)))"
    )
    seen = []
    for name, content in (("b.eml", GOOD_EML), ("c.msg", GOOD_MSG)):
        (tmp_path / name).write_bytes(content)
        done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, check=True, text=True)
        seen.append(done.stdout.strip())
    assert seen == ["[]", "['olefile', 'oxmsg']"]
