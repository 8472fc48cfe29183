"""The whole loop with real servers: issued by mail, filled, mailed in with oddities, collected, answered, mended."""

from __future__ import annotations

import csv
import datetime as dt
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from pipeline.passwords import VARIABLE
from tests.end_to_end.commands import tdkt
from tests.end_to_end.mail_loop import (
    DOMAIN,
    OFFICE,
    PASSWORD,
    PRIVATE,
    UNITS,
    WINMAIL,
    Post,
    address_of,
    keystrokes,
    make_house,
    make_province,
    save,
    type_one,
    workbook_in,
)
from tests.end_to_end.mail_servers import missing
from tests.end_to_end.office import Office

pytestmark = [
    pytest.mark.office,
    pytest.mark.mail,
    pytest.mark.skipif(bool(missing()), reason=missing() or "dovecot is here"),
]

D = dt.datetime
ISSUED, FIRST, SECOND = D(2026, 11, 2, 8, 0), "2026-11-13T08:00", "2026-11-16T08:00"
#: Every workbook is saved by a clock that counts seconds.
ONE_SECOND = 1.1


@dataclass
class Loop:
    """What the tests look at: what was sent, and what both runs made of it."""

    folder: Path
    post: Post
    sent: dict[str, EmailMessage] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)  #: what each command said
    first: Path = Path()
    second: Path = Path()

    def run(self, name: str, *arguments: str | Path) -> None:
        done = tdkt(*arguments)
        assert done.returncode == 0, f"{name}: {done.stderr}"
        self.said[name] = done.stderr


@pytest.fixture(scope="module")
def loop(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loop]:
    """Both rounds of the loop; the tests below only look."""
    home = tmp_path_factory.mktemp("vong")
    house = make_house()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, PASSWORD)
        try:
            house.start()
            loop = Loop(make_province(home / "tinh", house), Post(house))
            _issue(loop, home / "mau")
            _send_in(loop, office, home)
            loop.first = _round(loop, home / "mot", FIRST)
            send = ("send", loop.first, "--province", loop.folder, "--ca", house.certificate)
            loop.run("dry run", *send)
            assert [len(loop.post.received(unit.lower())) for unit in UNITS] == [1] * len(UNITS)
            loop.run("send", *send, "--really")
            loop.run("send again", *send, "--really")
            _mend(loop, office, home)
            loop.second = _round(loop, home / "hai", SECOND)
            yield loop
        finally:
            house.stop()


def _issue(loop: Loop, folder: Path) -> None:
    loop.run("template", "template", loop.folder, "-o", folder)
    for unit in UNITS:
        name = f"TDKT-01_2026_{unit}.xlsx"
        loop.post.send(OFFICE, address_of(unit), ISSUED, {name: (folder / name).read_bytes()})


def _send_in(loop: Loop, office: Office, home: Path) -> None:
    """Every unit fills what came by mail; what is odd about each stands beside it."""
    post = loop.post
    filled = {}
    for unit in UNITS[:4]:
        issued = workbook_in(post.received(unit.lower())[0], home)
        filled[unit] = save(office, issued, keystrokes(unit), home / f"{unit}-mot.xlsx")
    # P1 sends, sends the same mail again, then better content; at last the first content once more.
    time.sleep(ONE_SECOND)
    better = save(
        office, home / "P1-mot.xlsx", [type_one("DON_VI", "nguoi_lap", "Vàng Mẫu Sinh")], home / "P1-hai.xlsx"
    )
    for hour, content in ((8, filled["P1"]), (9, filled["P1"]), (10, better), (11, filled["P1"])):
        post.send(address_of("P1"), OFFICE, D(2026, 11, 9, hour), {"TDKT-01 của Phòng 1.xlsx": content})
    # P2 leaves a date empty.
    wrong = save(office, home / "P2-mot.xlsx", [type_one("NHAN_SU", "ngay_sinh", "", 1)], home / "P2-hai.xlsx")
    loop.sent["P2"] = post.send(address_of("P2"), OFFICE, D(2026, 11, 9, 14), {"hồ sơ.xlsx": wrong})
    # P3's mail to a private address is forwarded from there.
    own = post.send(address_of("P3"), f"{PRIVATE}@{DOMAIN}", D(2026, 11, 10, 8), {"P3.xlsx": filled["P3"]})
    post.send(f"{PRIVATE}@{DOMAIN}", OFFICE, D(2026, 11, 10, 9), {}, forwarded=own)
    # P4's file comes from P5's address; P5's own Outlook wraps everything into winmail.dat.
    post.send(address_of("P5"), OFFICE, D(2026, 11, 10, 10), {"P4.xlsx": filled["P4"]})
    post.send(address_of("P5"), OFFICE, D(2026, 11, 10, 11), {"winmail.dat": WINMAIL})


def _round(loop: Loop, output: Path, now: str) -> Path:
    loop.run(f"collect {now}", "collect", loop.folder, "--ca", loop.post.house.certificate)
    loop.run(f"again {now}", "collect", loop.folder, "--ca", loop.post.house.certificate)
    loop.run(f"run {now}", "consolidate", loop.folder, "-o", output, "--now", now)
    return output


def _mend(loop: Loop, office: Office, home: Path) -> None:
    """P2 opens the reply that came by mail, mends the marked cell and mails the reply back."""
    time.sleep(ONE_SECOND)
    reply = workbook_in(loop.post.received("p2")[-1], home)
    mended = save(office, reply, [type_one("NHAN_SU", "ngay_sinh", "02/09/1985", 1)], home / "P2-sua.xlsx")
    loop.post.send(address_of("P2"), OFFICE, D(2026, 11, 14, 8), {"P2 đã sửa.xlsx": mended})


def files(output: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((output / "run.json").read_text(encoding="utf-8"))["files"]
    return found


def findings(output: Path, *codes: str) -> set[tuple[str, str, str]]:
    """Unit, code with variant, and name of the file without its mail."""
    with (output / "phat-hien.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        (row["don_vi"], f"{row['ma']}.{row['bien_the']}", row["tep"].rsplit("/", 1)[-1])
        for row in rows
        if row["ma"] in codes
    }


def board(output: Path) -> dict[str, str]:
    """Status of each unit as TINH_TRANG_NOP prints it."""
    import openpyxl  # noqa: PLC0415

    page = openpyxl.load_workbook(output / "tong-hop.xlsx", read_only=True)["TINH_TRANG_NOP"]
    rows = list(page.iter_rows(values_only=True))
    return {str(row[1]): str(row[4]) for row in rows if row[1] in UNITS}


def test_collecting_takes_what_is_new_and_leaves_the_mailbox_as_it_was(loop: Loop) -> None:
    heads = {name: text.splitlines()[0] for name, text in loop.said.items() if name.startswith(("collect", "again"))}
    assert [line.partition(". ")[0] for line in heads.values()] == [
        "Hộp thư có 8 thư: 8 thư mới đã lấy vào hop-thu/thu, 0 đã lấy từ trước",
        "Hộp thư có 8 thư: 0 thư mới đã lấy vào hop-thu/thu, 8 đã lấy từ trước",
        "Hộp thư có 9 thư: 1 thư mới đã lấy vào hop-thu/thu, 8 đã lấy từ trước",
        "Hộp thư có 9 thư: 0 thư mới đã lấy vào hop-thu/thu, 9 đã lấy từ trước",
    ]
    assert set(loop.post.house.flags("tdkt").values()) == {""}


def test_the_first_board(loop: Loop) -> None:
    assert board(loop.first) == {
        "P1": "▲ Cần bổ sung",  # sent old content again after the better one
        "P2": "▲ Cần bổ sung",
        "P3": "● Đạt",
        "P4": "● Đạt",
        "P5": "◆ Đã nhận",
        "P6": "■ Chưa nộp",
    }


def test_every_oddity_is_told_to_the_secretary(loop: Loop) -> None:
    name = "TDKT-01 của Phòng 1.xlsx"
    assert findings(loop.first, "V-02", "V-08", "V-11", "V-13", "V-19", "V-20", "V-22") == {
        ("P1", "V-19.same_file", name),
        ("P1", "V-19.superseded", name),
        ("P1", "V-19.sent_again", name),
        ("P2", "V-02.required", "hồ sơ.xlsx"),
        ("", "V-22.forwarded", "P3.xlsx"),
        ("", "V-22.other_unit", "P4.xlsx"),
        ("P5", "V-11.tnef", "winmail.dat"),
        ("P5", "V-20.nothing_valid", ""),
        ("P6", "V-20.nothing", ""),
    }


def test_times_are_those_of_the_mails(loop: Loop) -> None:
    came = {one["path"].split("/")[1]: (one["sent"], one["received"]) for one in files(loop.first)}
    assert list(came.values())[:2] == [
        ("2026-11-09T08:00:00", "2026-11-09T08:01:00"),
        ("2026-11-09T09:00:00", "2026-11-09T09:01:00"),
    ]
    assert {one["time_source"] for one in files(loop.first)} == {"giờ gửi ghi trong thư"}


def test_the_seal_survives_mail_libreoffice_and_the_reply(loop: Loop) -> None:
    opened = [one for one in files(loop.second) if one["authenticity"]]
    assert {one["authenticity"] for one in opened} == {"đã xác thực"}
    assert [one["unit"] for one in opened] == ["P1", "P1", "P1", "P1", "P2", "P3", "P4", "P2"]
    numbers = {one["unit"]: {two["issue_number"] for two in opened if two["unit"] == one["unit"]} for one in opened}
    assert {unit: len(found) for unit, found in numbers.items()} == {"P1": 1, "P2": 2, "P3": 1, "P4": 1}


def test_every_unit_got_one_letter_that_answers_its_mail(loop: Loop) -> None:
    letters = {unit: loop.post.received(unit.lower())[1:] for unit in UNITS}
    assert {unit: len(found) for unit, found in letters.items()} == dict.fromkeys(UNITS, 1)
    assert letters["P2"][0]["In-Reply-To"] == loop.sent["P2"]["Message-ID"]
    assert letters["P6"][0]["In-Reply-To"] is None and not list(letters["P6"][0].iter_attachments())
    assert "Đã gửi từ trước, không gửi lại: P1, P2, P3, P4, P5, P6." in loop.said["send again"]


def test_the_mended_reply_counts_and_the_second_board_is_right(loop: Loop) -> None:
    assert board(loop.second) == board(loop.first) | {"P2": "● Đạt"}
    mine = {one["path"].rsplit("/", 1)[-1]: one["outcome"] for one in files(loop.second) if one["unit"] == "P2"}
    assert mine == {"hồ sơ.xlsx": "có bản thay thế", "P2 đã sửa.xlsx": "được tính"}
    before, after = (findings(output, "V-11", "V-20", "V-22") for output in (loop.first, loop.second))
    assert after == before


def test_nobody_is_named_on_the_terminal(loop: Loop) -> None:
    said = "\n".join(loop.said.values())
    assert not [word for word in ("Lò", "Đào", "Vàng", "nguoi-nha", PASSWORD) if word in said]
