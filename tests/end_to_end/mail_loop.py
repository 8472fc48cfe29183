"""A province whose units write by mail: their mailboxes, what they fill in LibreOffice, what they send and get.

The mail servers are real, the clock is not: every mail carries the time that the test gives it, as does the line that
the provider writes above it, so that a run says the same in any year.
"""

from __future__ import annotations

import datetime as dt
import email
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from pathlib import Path

from pipeline.template import Cell, Contents
from schemas.province.defaults import MOVEMENTS
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import CONFIGURED, GOOD, PERIOD, unit_row, write_province
from tests.end_to_end.filling import CONTENTS, cell_of, typed
from tests.end_to_end.mail_servers import HOST, MailHouse
from tests.end_to_end.office import Office, Step

DOMAIN = "vks-mau.example"
OFFICE = f"tdkt@{DOMAIN}"
PASSWORD = "mat-khau-thu"
#: Units with a mailbox of their own; P6 sends nothing.
UNITS = ("P1", "P2", "P3", "P4", "P5", "P6")
#: Somebody of P3 who forwards from home.
PRIVATE = "nguoi-nha"
ZONE = dt.timezone(dt.timedelta(hours=7))
#: What stands in the place of P1's people in the files of other units, so that nobody is in two of them.
_NAMES = {"P2": "Cúc", "P3": "Dần", "P4": "Én", "P5": "Gấm", "P6": "Hợi"}
_PEOPLE = ("Lò Giả An", "Đào Thử Bình", "Vàng Mẫu Sinh")
#: The first choice in the drop-down of movements.
_MOVEMENT = "{ma} – {ten}".format_map(MOVEMENTS[0])
#: First bytes of a winmail.dat, and something after them.
WINMAIL = b"\x78\x9f\x3e\x22" + bytes(60)


def address_of(unit: str) -> str:
    return f"{unit.lower()}@{DOMAIN}"


def make_house() -> MailHouse:
    return MailHouse("tdkt", PRIVATE, *(unit.lower() for unit in UNITS), password=PASSWORD)


def make_province(folder: Path, house: MailHouse) -> Path:
    period = PERIOD | {
        "la_du_lieu_gia": "Không", "thu_van_phong": OFFICE, "tai_khoan_thu": "tdkt",
        "may_chu_nhan": f"{HOST}:{house.imaps}", "may_chu_gui": f"{HOST}:{house.smtp}",
    }  # fmt: skip
    units = [unit_row(unit, f"Phòng {unit[1:]}", thu_dien_tu=address_of(unit)) for unit in UNITS]
    return write_province(folder, {**CONFIGURED, "KY_XET": [period], "DON_VI": units})


def as_of(unit: str, value: Cell) -> Cell:
    """A value of P1's file in the file of another unit."""
    if value == "{PHONG_TRAO}":
        return _MOVEMENT
    if unit == "P1" or not isinstance(value, str):
        return value
    for person in _PEOPLE:
        value = value.replace(person, f"{person.rsplit(' ', 1)[0]} {_NAMES[unit]}")
    value = value.replace("Sổ theo dõi điện tử", f"Sổ theo dõi điện tử của Phòng {unit[1:]}")
    return value.replace("CC000", f"CC{unit[1:]}00").replace("P1", unit).replace("Phòng 1", f"Phòng {unit[1:]}")


def keystrokes(unit: str) -> list[Step]:
    """What a unit types: P1's good file and its activities, with its own people."""
    contents: Contents = {**GOOD, "HOAT_DONG": CONTENTS["HOAT_DONG"]}
    return [
        {"do": "type", "sheet": sheet.code, "cells": {
            cell_of(sheet.code, name, line): typed(as_of(unit, value))
            for line, row in enumerate(contents.get(sheet.code, ()))
            for name, value in row.items()
            if not sheet.by_name[name].locked
        }}
        for sheet in UNIT_TEMPLATE.sheets
    ]  # fmt: skip


def save(office: Office, opened: Path, steps: list[Step], saved: Path) -> bytes:
    """Open a workbook, type, save it elsewhere; nothing that was typed may be refused."""
    answers = office.run(
        [{"do": "open", "path": str(opened)}, *(dict(step) for step in steps), {"do": "save", "path": str(saved)}]
    )
    assert [answer for answer in answers[1:-1] if answer] == []
    return saved.read_bytes()


def type_one(sheet: str, field: str, text: str, row: int = 0) -> Step:
    return {"do": "type", "sheet": sheet, "cells": {cell_of(sheet, field, row): text}}


@dataclass(frozen=True)
class Post:
    """The mail of everybody."""

    house: MailHouse

    def send(
        self,
        sender: str,
        receiver: str,
        at: dt.datetime,
        attachments: Mapping[str, bytes],
        forwarded: EmailMessage | None = None,
    ) -> EmailMessage:
        """Hand a mail over as its sender's program does."""
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = sender, receiver, "Hồ sơ thi đua, khen thưởng năm 2026"
        mail["Date"] = format_datetime(at.replace(tzinfo=ZONE))
        mail["Message-ID"] = f"<{at:%Y%m%d%H%M}.{sender}>"
        mail.set_content("Kính gửi Thường trực Hội đồng.\n")
        for name, content in attachments.items():
            mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        if forwarded is not None:
            mail.add_attachment(forwarded)
        with smtplib.SMTP(HOST, self.house.smtp, timeout=20) as server:
            server.starttls(context=ssl.create_default_context(cafile=str(self.house.certificate)))
            server.login("tdkt", PASSWORD)
            server.send_message(mail)
        return mail

    def received(self, user: str) -> list[EmailMessage]:
        """What lies in a mailbox, oldest first."""
        with self.house.client(user) as client:
            client.select(readonly=True)
            _status, data = client.uid("FETCH", "1:*", "(UID BODY.PEEK[])")
        parts = [part[1] for part in data if isinstance(part, tuple)]
        found = [email.message_from_bytes(part, policy=default) for part in parts]
        return [mail for mail in found if isinstance(mail, EmailMessage)]


def workbook_in(mail: EmailMessage, folder: Path) -> Path:
    """Save the one attachment of a mail, as a unit does."""
    (part,) = mail.iter_attachments()
    name = part.get_filename()
    assert name
    place = folder / name
    place.write_bytes(part.get_content())
    return place
