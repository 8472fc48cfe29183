"""Drafts: what mail programs make of them, and that the same letter is the same bytes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import shutil
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from pipeline import consolidate
from pipeline.intake import Received
from pipeline.replies.letters import Letter, draft, receivers_of
from pipeline.replies.places import folder_names
from tests.pipeline.replies.post import COMPLETE, answer, letter, new_province, receive, unit_bytes

LETTER = Letter(
    "P1", "tdkt@mau.example", ("p1@mau.example", "b@mau.example"), "Phản hồi: Phòng 1", "Kính gửi Phòng 1,\n\nChào.\n",
    dt.datetime(2026, 11, 20, 8, 0, 0, 5), "<thu-1@may.example>", b"PK workbook", "Phiếu trả lại 2026 P1.xlsx",
)  # fmt: skip


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=SMTP)
    assert isinstance(message, EmailMessage)
    return message


def test_a_letter_says_all_that_a_mail_program_asks_for() -> None:
    content = draft(LETTER)
    message = read(content)
    assert (message["From"], message["To"]) == ("tdkt@mau.example", "p1@mau.example, b@mau.example")
    assert message["Subject"] == "Phản hồi: Phòng 1"
    assert message["Date"] == "Fri, 20 Nov 2026 08:00:00 +0700"
    assert (message["In-Reply-To"], message["References"]) == ("<thu-1@may.example>", "<thu-1@may.example>")
    assert message["X-Unsent"] == "1"  # Outlook opens it as a draft
    assert message["Message-ID"].endswith("@mau.example>")
    body = message.get_body()
    assert body is not None and body.get_content().replace("\r\n", "\n") == LETTER.body
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "Phiếu trả lại 2026 P1.xlsx" and attached.get_content() == b"PK workbook"
    assert b"filename*" in content  # RFC 2231
    assert content.isascii() and b"\r\n" in content and b"\n" not in content.replace(b"\r\n", b"")


def test_a_letter_is_known_by_what_it_says() -> None:
    assert draft(LETTER) == draft(LETTER)

    def name(**changes: object) -> str:
        return str(read(draft(dataclasses.replace(LETTER, **changes)))["Message-ID"])  # type: ignore[arg-type]

    assert name() == name(written=dt.datetime(2026, 12, 1))
    others = [
        name(body="Khác\n"),
        name(attachment=b"PK other"),
        name(receivers=("c@mau.example",)),
        name(subject="Khác"),
    ]
    assert len({name(), *others}) == 5


@pytest.mark.parametrize("unknown", ["", "khong phai ma thu", "<>"])
def test_a_letter_that_answers_no_mail_says_so_by_silence(unknown: str) -> None:
    message = read(draft(dataclasses.replace(LETTER, answers=unknown, sender="", receivers=())))
    assert message["In-Reply-To"] is None and message["From"] is None and message["To"] is None
    assert message["Message-ID"].endswith("@tdkt.invalid>")


def test_no_line_of_a_header_can_be_planted() -> None:
    evil = dataclasses.replace(
        LETTER, answers="<a@b.example>\r\nBcc: x@y.example", receivers=receivers_of("p@m.example\r\nBcc:x@y")
    )
    message = read(draft(evil))
    assert message["Bcc"] is None and message["To"] == "p@m.example"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("a@b.example", ("a@b.example",)),
        ("a@b.example; c@d.example;a@b.example", ("a@b.example", "c@d.example")),
        ("a@b.example, chị Lan c@d.example", ("a@b.example", "c@d.example")),
        ("không có", ()),
        (None, ()),
        (float("nan"), ()),
    ],
)
def test_addresses_of_a_cell(cell: object, found: tuple[str, ...]) -> None:
    assert receivers_of(cell) == found


def test_folders_take_every_code_of_a_unit() -> None:
    names = folder_names(["P1", "p1", "Phòng 1", "P/1", "con", "thu", "..", "KV-1", "THU"])
    assert names["P1"] == "P1" and names["KV-1"] == "KV-1"
    assert len({name.casefold() for name in names.values()}) == len(names)
    assert not {"thu", "con"} & {name.casefold() for name in names.values()}
    assert all(name.replace("_", "").replace("-", "").isalnum() for name in names.values())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_province(tmp_path_factory.mktemp("tinh"))


def test_reminders_before_and_after_the_deadline(folder: Path, tmp_path: Path) -> None:
    answer(folder, tmp_path / "truoc", dt.datetime(2026, 11, 15, 15, 0))
    before = letter(tmp_path / "truoc", "thu/P2.eml")
    assert "sắp đến hạn nộp" in before["Subject"]
    assert "Sắp đến hạn nộp: 16/11/2026 16:00, còn 1 ngày 1 giờ." in before.get_content()
    assert before["To"] == "p2@mau.example, truong.p2@mau.example"
    answer(folder, tmp_path / "sau", dt.datetime(2026, 11, 18, 16, 5))
    after = letter(tmp_path / "sau", "thu/P2.eml")
    assert "đã quá hạn nộp" in after["Subject"]
    assert "Hạn nộp là 16/11/2026 16:00, đã quá hạn 2 ngày 5 phút." in after.get_content()
    assert letter(tmp_path / "sau", "thu/P3.eml")["To"] is None


def test_the_letter_answers_the_mail_that_brought_the_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "tinh"
    shutil.copytree(folder, own)
    receive(own, "P1.xlsx", unit_bytes(own, "P1", COMPLETE))
    read = consolidate.read_all

    def by_mail(items: list[Received], *rest: object) -> object:
        return read([dataclasses.replace(item, message_id="<cua-p1@may.example>") for item in items], *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(consolidate, "read_all", by_mail)
    answer(own, tmp_path / "ra")
    message = letter(tmp_path / "ra", "P1/P1.eml")
    assert message["In-Reply-To"] == "<cua-p1@may.example>"
    body = message.get_body()
    assert body is not None and "Hồ sơ đạt yêu cầu, không có gì phải sửa." in body.get_content()
    assert "NHAN_SU 3 dòng" in body.get_content()
