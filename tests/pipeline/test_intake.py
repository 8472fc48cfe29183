"""`collect`: everything in the inbox is taken, refused with a finding, or listed as passed over."""

import io
import os
import struct
import unicodedata
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.findings import sentences, sort_key
from pipeline.intake import Limits, TimeSource, collect
from pipeline.intake.archive import entry_name
from pipeline.intake.receipts import moment, read_log

NOON = (2026, 1, 5, 12, 0, 0)


def workbook(text="x", saved=datetime(2026, 1, 3, 1, 0)):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": saved})
    book.add_worksheet("A").write(0, 0, text)
    book.close()
    return buffer.getvalue()


def zipped(entries, date=NOON):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name, date), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def inbox(tmp_path, files):
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1_767_600_000, 1_767_600_000))
    return tmp_path


def told(intake):
    findings = sorted([*intake.findings, *(i.refusal for i in intake.items if i.refusal)], key=sort_key)
    for finding in findings:
        assert "…" not in sentences(finding).what
    return [(f.file, f.code, f.variant) for f in findings]


def test_folders_archives_and_what_is_passed_over(tmp_path):
    book = workbook()
    files = {
        "P2.xlsx": book,
        "thu-1/P1.xlsx": book,
        "thu-1/~$P1.xlsx": b"lock",
        ".DS_Store": b"x",
        "Thumbs.db": b"x",
        "__MACOSX/a": b"x",
        "thu-2/ho-so.zip": zipped([("a/P3.xlsx", book), ("__MACOSX/._P3.xlsx", b"x")]),
        "giả.zip": book,
        "thu.txt": b"Kinh gui",
        "rong.xlsx": b"",
    }
    intake = collect(inbox(tmp_path, files))
    assert [item.path for item in intake.items] == [
        "P2.xlsx",
        "giả.zip",
        "rong.xlsx",
        "thu-1/P1.xlsx",
        "thu-2/ho-so.zip/a/P3.xlsx",
        "thu.txt",
    ]
    assert intake.ignored == (
        ".DS_Store",
        "Thumbs.db",
        "__MACOSX/",
        "thu-1/~$P1.xlsx",
        "thu-2/ho-so.zip/__MACOSX/",
    )
    assert told(intake) == []
    assert intake == collect(tmp_path)


def test_archives_that_are_refused(tmp_path):
    nested = zipped([("P.xlsx", workbook())])
    for _ in range(2):
        nested = zipped([("trong.zip", nested), ("x.txt", b"1")])
    encrypted = bytearray(zipped([("P.xlsx", b"1")]))
    encrypted[encrypted.find(b"PK\x01\x02") + 8] |= 1
    files = {
        "a.rar": b"Rar!\x1a\x07\x00",
        "b.7z": b"7z\xbc\xaf\x27\x1c",
        "c.gz": b"\x1f\x8b\x08",
        "d.zip": zipped([]),
        "e.zip": nested,
        "f.zip": bytes(encrypted),
        "h.zip": zipped([("P.xlsx", b"1")])[:40],
        "g.zip": zipped([("../P.xlsx", b"1"), ("C:/P.xlsx", b"1"), ("/P.xlsx", b"1"), ("ok.xlsx", b"1")]),
    }
    intake = collect(inbox(tmp_path, files))
    assert told(intake) == [
        ("a.rar", "V-11", "archive"),
        ("b.7z", "V-11", "archive"),
        ("c.gz", "V-11", "archive"),
        ("d.zip", "V-11", "empty"),
        ("e.zip/trong.zip/trong.zip", "V-14", "nested"),
        ("f.zip", "V-12", "archive"),
        *[("g.zip", "V-14", "unsafe_path")] * 3,
    ]
    paths = [i.path for i in intake.items if not i.refusal]
    assert paths == ["e.zip/trong.zip/x.txt", "e.zip/x.txt", "g.zip/ok.xlsx", "h.zip"]


def test_archive_limits(tmp_path):
    files = {
        "a.zip": zipped([(f"{n}.xlsx", b"1") for n in range(9)]),
        "b.zip": zipped([("x", b"\0" * 20_000_000)]),
    }
    inbox(tmp_path, files)
    assert told(collect(tmp_path, Limits(files=8))) == [
        ("a.zip", "V-14", "too_many_files"),
        ("b.zip/x", "V-14", "ratio"),
    ]
    assert told(collect(tmp_path, Limits(inflated_bytes=1_000_000))) == [("b.zip", "V-14", "inflated")]
    assert told(collect(tmp_path, Limits(file_bytes=100)))[0] == ("a.zip", "V-14", "too_large")


def test_one_damaged_entry_costs_only_itself(tmp_path):
    content = zipped([("a.xlsx", os.urandom(300)), ("b.xlsx", b"2")])
    damaged = bytearray(content)
    damaged[100] ^= 255
    intake = collect(inbox(tmp_path, {"z.zip": bytes(damaged)}))
    assert [i.path for i in intake.items] == ["z.zip/b.xlsx"]
    assert told(intake) == [("z.zip/a.xlsx", "V-11", "broken")]


@pytest.mark.filterwarnings("ignore:Duplicate name")  # the point of the test
def test_two_entries_of_one_name_are_both_kept(tmp_path):
    intake = collect(inbox(tmp_path, {"z.zip": zipped([("a.xlsx", b"1"), ("a.xlsx", b"2")])}))
    assert [(i.path, i.content) for i in intake.items] == [("z.zip/a.xlsx", b"1"), ("z.zip/a.xlsx (2)", b"2")]


def test_names_of_old_windows_archivers():
    def info(raw, extra=b""):
        entry = zipfile.ZipInfo(raw.decode("cp437"))
        entry.extra = extra
        return entry

    name = "Hồ sơ xã Đông Hà.xlsx"
    windows = "".join(_cp1258(letter) for letter in unicodedata.normalize("NFC", name)).encode("cp1258")
    assert entry_name(info(windows)) == name
    assert entry_name(info(name.encode())) == name
    raw = b"Ho so.xlsx"
    field = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + name.encode()
    assert entry_name(info(raw, struct.pack("<HH", 0x7075, len(field)) + field)) == name
    assert entry_name(zipfile.ZipInfo("a\\b.xlsx")) == "a/b.xlsx"


def _cp1258(letter):
    """Write a letter as the code page has it: some whole, others as base and tone."""
    try:
        letter.encode("cp1258")
        return letter
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tone = next(p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", parts.replace(tone, "")) + tone


def test_time_falls_back_from_the_log_to_the_disk(tmp_path):
    book = workbook()
    files = {
        "so-nhan.csv": (
            "\ufefftep;gui_luc;nhan_luc\n"
            "P1.xlsx;05/01/2026 16:30;05/01/2026 16:32\n"
            "hop-thu\\Z.ZIP;2026-01-06T08:00:00+07:00;\n"
        ).encode(),
        "P1.xlsx": book,
        "z.zip": zipped([("P2.xlsx", book)]),
        "y.zip": zipped([("P3.xlsx", book)]),
        "x.zip": zipped([("P4.xlsx", book)], (1980, 1, 1, 0, 0, 0)),
        "P5.txt": b"x",
    }
    intake = collect(inbox(tmp_path, files))
    assert told(intake) == []
    assert {i.path: (i.sent_at, i.received_at, i.time_source) for i in intake.items} == {
        "P1.xlsx": (datetime(2026, 1, 5, 16, 30), datetime(2026, 1, 5, 16, 32), TimeSource.LOG),
        "z.zip/P2.xlsx": (datetime(2026, 1, 6, 8), None, TimeSource.LOG),
        "y.zip/P3.xlsx": (datetime(*NOON), None, TimeSource.ARCHIVE),
        "x.zip/P4.xlsx": (datetime(2026, 1, 3, 8), None, TimeSource.PACKAGE),
        "P5.txt": (datetime(2026, 1, 5, 15), None, TimeSource.DISK),
    }
    assert intake.items[0].saved_at == datetime(2026, 1, 3, 8)
    assert intake.ignored == ("so-nhan.csv",)


def test_bad_lines_of_the_log_have_an_address(tmp_path):
    log = (
        "tep,gui_luc,nhan_luc\nP1.xlsx,hôm qua,\n,05/01/2026 16:30,\nP9.xlsx,05/01/2026 16:30,\n"
        'P1.xlsx,,\n"P1.xlsx,05/01/2026 16:30,\nP1.xlsx,05/01/2026,\n\n'
        "P1.xlsx,05/01/2026 7:05,\nP1.xlsx,05/01/2026 16:31,\n"
    )
    intake = collect(inbox(tmp_path, {"so-nhan.csv": log.encode(), "P1.xlsx": b"x"}))
    assert sorted((f.cell, f.variant) for f in intake.findings) == [
        ("A10", "log_line"),
        ("A3", "log_line"),
        ("A4", "log_extra"),
        ("B2", "log_line"),
        ("B5", "log_line"),
        ("B6", "log_line"),
        ("B7", "log_line"),
    ]
    assert {f.file for f in intake.findings} == {"so-nhan.csv"}
    assert intake.items[0].sent_at == datetime(2026, 1, 5, 7, 5)
    told(intake)


@pytest.mark.parametrize("content", [b"a,b\n1,2", b"", b"t\xeap", b"tep\nP1"])
def test_a_log_that_is_none(content):
    assert [(f.variant, f.cell) for f in read_log(content).findings] == [("log_line", "A1")]


@given(st.binary(max_size=300))
def test_any_bytes_may_be_the_log(data):
    read_log(b"tep;gui_luc\n" + data)
    moment(data.decode("latin-1"))


@given(st.binary(max_size=400), st.integers(0, 2000), st.integers(0, 255))
@example(b"", 762, 0)  # the name of an entry becomes empty
def test_nothing_is_lost_whatever_the_bytes(tmp_path_factory, data, at, value):
    good = bytearray(zipped([("a.xlsx", b"1" * 50), ("b/c.xlsx", b"2")]))
    good[at % len(good)] = value
    folder = inbox(tmp_path_factory.mktemp("hop"), {"x.zip": bytes(good), "y.xlsx": b"PK\x03\x04" + data})
    intake = collect(folder)
    seen = [i.path for i in intake.items] + [f.file for f in intake.findings] + list(intake.ignored)
    assert any(p.startswith("x.zip") for p in seen)
    assert any(p.startswith("y.xlsx") for p in seen)


def test_links_pipes_and_unreadable_files(tmp_path, monkeypatch):
    outside = tmp_path / "ngoai.xlsx"
    outside.write_bytes(b"secret")
    folder = inbox(tmp_path / "hop-thu", {"a.xlsx": b"1", "khoa.xlsx": b"2"})
    (folder / "ra-ngoai.xlsx").symlink_to(outside)
    (folder / "gay.xlsx").symlink_to(folder / "khong-co.xlsx")
    (folder / "trong.xlsx").symlink_to(folder / "a.xlsx")
    (folder / "vong").symlink_to(folder)
    os.mkfifo(folder / "ong.xlsx")
    genuine = Path.read_bytes

    def read_bytes(path):
        if path.name == "khoa.xlsx":
            raise PermissionError
        return genuine(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    intake = collect(folder)
    assert [i.path for i in intake.items] == ["a.xlsx"]
    assert intake.ignored == ("trong.xlsx", "vong")
    assert told(intake) == [(name, "V-11", "broken") for name in ("gay.xlsx", "khoa.xlsx", "ong.xlsx", "ra-ngoai.xlsx")]


def test_no_inbox(tmp_path):
    assert told(collect(tmp_path / "hop-thu")) == [("hop-thu", "V-11", "broken")]
