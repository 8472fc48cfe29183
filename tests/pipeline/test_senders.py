"""From whose address a file came: asked about, never guessed, and never a reason to refuse."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from pipeline.consolidate import examine
from pipeline.findings import sentences
from pipeline.intake import TimeSource, collect
from pipeline.province import load_province
from pipeline.results import Results
from pipeline.senders import addresses_of, judge_senders
from pipeline.submissions import Choice, FileRecord, Outcome, Status
from schemas.rules import Severity
from schemas.sheets import UNIT_TEMPLATE
from tests.desk import CONFIGURED, DEADLINE, GOOD, book_bytes, province, unit_row, write_province
from tests.letters import attachment, forwarded, letter

UNITS = [
    unit_row("P1", "Phòng 1", thu_dien_tu="P1@mau.example; vanthu.p1@mau.example"),
    unit_row("P2", "Phòng 2"),
    unit_row("P3", "Phòng 3", thu_dien_tu=None),
    unit_row("P4", "Phòng 4", thu_dien_tu="chung@mau.example"),
    unit_row("P5", "Phòng 5", thu_dien_tu="chung@mau.example"),
]


ADDRESSES = addresses_of(pd.DataFrame(UNITS).set_index("ma_don_vi"))


def _folder(place: Path, mails: dict[str, bytes]) -> Path:
    folder = write_province(place, {**CONFIGURED, "DON_VI": UNITS})
    for name, content in mails.items():
        (folder / "hop-thu" / name).write_bytes(content)
    return folder


def _run(place: Path, mails: dict[str, bytes]) -> Results:
    folder = _folder(place, mails)
    return examine(load_province(folder), collect(folder / "hop-thu"))


def _file(unit: str = "P1", name: str = "") -> bytes:
    """A unit's filled template; `name` of a person makes it another one."""
    contents = GOOD
    if name:
        staff = [{**GOOD["NHAN_SU"][0], "ho_ten": name}, *GOOD["NHAN_SU"][1:]]
        contents = {**GOOD, "NHAN_SU": staff}
    return book_bytes(UNIT_TEMPLATE, province().lists, province().identity(unit, UNIT_TEMPLATE), contents)


def _said(results: Results, code: str) -> set[tuple[str, str, str]]:
    return {(f.file, f.variant, f.unit) for f in results.findings if f.code == code}


def test_addresses_are_compared_without_regard_to_case_and_a_shared_one_is_nobodys(tmp_path: Path) -> None:
    addresses = addresses_of(load_province(_folder(tmp_path, {})).units)
    assert addresses == ADDRESSES
    assert [addresses.unit_of(a) for a in ("VANTHU.P1@mau.example", "p2@MAU.example", "la@mau.example", "")] == [
        "P1", "P2", "", "",
    ]  # fmt: skip
    assert addresses.unit_of("chung@mau.example") == ""
    # A part behind + is another address: nobody said that it is the same.
    assert addresses.unit_of("p2+tdkt@mau.example") == ""


@pytest.mark.parametrize(
    ("unit", "sender", "original", "variant"),
    [
        ("P1", "vanthu.p1@mau.example", "", ""),
        ("P4", "chung@mau.example", "", ""),
        ("P1", "p2@mau.example", "", "other_unit"),
        ("P1", "chung@mau.example", "", "other_unit"),
        ("P1", "ca-nhan@thu.example", "", "unknown_sender"),
        ("P1", "tdkt@mau.example", "p1@mau.example", "forwarded"),
        ("P1", "p2@mau.example", "p1@mau.example", "forwarded"),
        ("P1", "p1@mau.example", "p2@mau.example", ""),
        ("P3", "p3@mau.example", "", "not_judged"),
        ("P3", "p2@mau.example", "", "other_unit"),
        ("P1", "", "", "no_sender"),
        ("P9", "p2@mau.example", "", ""),  # no such unit: V-08 says so
    ],
)
def test_template_first_then_sender(unit: str, sender: str, original: str, variant: str) -> None:
    record = FileRecord(
        1, "a.eml/x.xlsx", "", 1, DEADLINE, DEADLINE, TimeSource.MAIL, None, unit, sender=sender, message_id="<1@x>",
        original_sender=original,
    )  # fmt: skip
    found = judge_senders([record], ADDRESSES)
    assert [f.variant for f in found] == [variant] * bool(variant)
    for finding in found:
        assert "…" not in sentences(finding).what and finding.unit == ""
        assert finding.severity in (Severity.WARNING, Severity.INFORMATION)


def test_a_file_laid_in_by_hand_has_no_sender_to_judge(tmp_path: Path) -> None:
    found = _run(tmp_path, {"x.xlsx": _file()})
    assert _said(found, "V-22") == set() and "P1" in found.dataset.counted


def test_the_template_decides_and_another_units_address_is_asked_about(tmp_path: Path) -> None:
    found = _run(tmp_path, {"a.eml": letter("p2@mau.example", {"x.xlsx": _file()})})
    assert _said(found, "V-22") == {("a.eml/x.xlsx", "other_unit", "")}
    assert found.dataset.counted["P1"].sender == "p2@mau.example"
    states = {state.code: state.status for state in found.board}
    assert states["P2"] is Status.MISSING


def test_what_cannot_be_opened_is_put_to_the_unit_whose_address_sent_it(tmp_path: Path) -> None:
    winmail = b"\x78\x9f\x3e\x22" + bytes(40)
    found = _run(
        tmp_path,
        {
            "a.eml": letter("p2@mau.example", {"winmail.dat": winmail}),
            "b.eml": letter("la@mau.example", {"ho-so.rar": b"Rar!\x1a\x07\x00"}),
            "c.eml": letter("p1@mau.example", {"P3 bang.pdf": b"%PDF-1.4"}),
            "d.eml": letter("chung@mau.example", {"so-lieu.docx": b"%PDF-1.4"}),
            "e.eml": letter("p4@mau.example", {"P4.rar": b"Rar!\x1a\x07\x00"}),
        },
    )
    records = {r.path: (r.unit, r.unit_by_sender, r.unit_by_name, r.outcome) for r in found.dataset.records}
    refused = Outcome.REFUSED
    assert records == {
        "a.eml/winmail.dat": ("P2", True, False, refused),
        "b.eml/ho-so.rar": ("", False, False, refused),
        "c.eml/P3 bang.pdf": ("", False, False, refused),  # name and sender name two units
        "d.eml/so-lieu.docx": ("", False, False, refused),
        "e.eml/P4.rar": ("P4", False, True, refused),
    }
    states = {state.code: (state.status, state.inferred) for state in found.board}
    assert states["P2"] == (Status.RECEIVED, "người gửi")
    assert states["P4"] == (Status.RECEIVED, "tên tệp")
    assert states["P1"] == (Status.MISSING, "")
    assert ("a.eml/winmail.dat", "tnef", "P2") in _said(found, "V-11")
    assert _said(found, "V-22") == set()


def test_a_mail_without_file_is_told_of_its_sender_and_counts_as_nothing_received(tmp_path: Path) -> None:
    found = _run(tmp_path, {"a.eml": letter("p2@mau.example")})
    assert _said(found, "V-11") == {("a.eml", "no_attachment", "P2")}
    assert {s.code: s.status for s in found.board}["P2"] is Status.MISSING


def test_older_content_sent_again_does_not_win(tmp_path: Path) -> None:
    old, new = _file(), _file(name="Lò Giả Khác")
    mails = {
        f"{name}.eml": letter("p1@mau.example", {f"{name}.xlsx": content}, sent=f"Mon, {day} Nov 2026 08:00:00 +0700",
                              received="")
        for name, content, day in (("a", old, 9), ("b", new, 10), ("c", old, 11), ("d", new, 12))
    }  # fmt: skip
    found = _run(tmp_path, mails)
    assert {r.path: r.choice for r in found.dataset.records} == {
        "a.eml/a.xlsx": Choice.REPLACED, "b.eml/b.xlsx": Choice.LAST_SENT,
        "c.eml/c.xlsx": Choice.SENT_AGAIN, "d.eml/d.xlsx": Choice.SAME_FILE,
    }  # fmt: skip
    assert {variant for _, variant, _ in _said(found, "V-19")} == {"superseded", "sent_again", "same_file"}
    (again,) = [f for f in found.findings if f.variant == "sent_again"]
    assert again.severity is Severity.NEEDS_REASON
    assert again.params == {"ban_tinh": "b.eml/b.xlsx", "ban_cu": "a.eml/a.xlsx"}


def test_two_files_in_one_minute_are_asked_about(tmp_path: Path) -> None:
    files = {"x.xlsx": _file(), "y.xlsx": _file(name="Lò Giả Khác")}
    found = _run(tmp_path, {"a.eml": letter("p1@mau.example", files)})
    assert len(_said(found, "V-19")) == 1 and {v for _, v, _ in _said(found, "V-19")} == {"same_time"}
    assert {r.choice for r in found.dataset.records} == {Choice.SAVED_LAST, Choice.SAME_TIME}


@pytest.mark.parametrize(
    ("sent", "received", "variant", "words"),
    [
        ("Mon, 16 Nov 2026 16:00:00 +0700", "Mon, 16 Nov 2026 16:00:05 +0700", "", ""),
        ("Mon, 16 Nov 2026 16:01:00 +0700", "Mon, 16 Nov 2026 16:01:05 +0700", "late", "giờ gửi ghi trong thư"),
        ("Mon, 16 Nov 2026 15:00:00 +0700", "Mon, 16 Nov 2026 18:00:05 +0700", "received_late", "16/11/2026 18:00"),
        ("Mon, 16 Nov 2026 15:00:00", "Mon, 16 Nov 2026 18:00:05 +0700", "time_unsure", "giờ nhận ghi trong thư"),
    ],
)
def test_the_deadline_is_kept_or_missed_to_the_minute_and_the_witness_is_named(
    tmp_path: Path, sent: str, received: str, variant: str, words: str
) -> None:
    found = _run(tmp_path, {"a.eml": letter("p1@mau.example", {"x.xlsx": _file()}, sent=sent, received=received)})
    late = [f for f in found.findings if f.code == "V-18" and f.variant != "mail_time"]
    assert [f.variant for f in late] == [variant] * bool(variant)
    assert all(words in sentences(f).what for f in late)


def test_a_mail_forwarded_late_says_when_the_first_was_sent(tmp_path: Path) -> None:
    first = letter("p1@mau.example", {"x.xlsx": _file()}, sent="Mon, 16 Nov 2026 15:00:00 +0700", boundary="b2")
    mail = letter("tdkt@mau.example", parts=(forwarded(first),), sent="Tue, 17 Nov 2026 09:00:00 +0700", received="")
    found = _run(tmp_path, {"a.eml": mail})
    (late,) = [f for f in found.findings if f.code == "V-18"]
    assert (late.variant, late.params["goc_luc"]) == ("forwarded", "16/11/2026 15:00")
    assert {variant for _, variant, _ in _said(found, "V-22")} == {"forwarded"}
    record = found.dataset.counted["P1"]
    assert (record.original_sender, record.sent_at) == ("p1@mau.example", dt.datetime(2026, 11, 17, 9, 0))


def test_the_same_attachment_twice_in_one_mail_is_one_file(tmp_path: Path) -> None:
    content = _file()
    mail = letter("p1@mau.example", {"x.xlsx": content}, (attachment("ban sao.xlsx", content),))
    found = _run(tmp_path, {"a.eml": mail})
    assert {variant for _, variant, _ in _said(found, "V-19")} == {"same_file"}
