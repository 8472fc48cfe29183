"""Files appear whole or not at all; what people have edited stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

import pytest

from pipeline import outputs, plain_csv
from pipeline.consolidate import consolidate
from pipeline.refusals import CannotRun
from pipeline.workbook import unit_files
from tests.desk import write_province


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(file: BinaryIO) -> None:
        file.write(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        outputs.write_whole(path, fail)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_full_disk_is_the_operators_to_mend(tmp_path: Path) -> None:
    def full(file: BinaryIO) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(CannotRun, match=r"a\.txt"):
        outputs.write_whole(tmp_path / "a.txt", full)
    assert not list(tmp_path.iterdir())


def test_an_edited_workbook_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "tong-hop.xlsx"
    path.write_bytes(b"ours")
    (tmp_path / "run.json").write_text(json.dumps({"outputs": {"tong-hop.xlsx": outputs.digest(path)}}))
    assert outputs.free_name(tmp_path, "tong-hop.xlsx") == path
    path.write_bytes(b"decided")
    second = outputs.free_name(tmp_path, "tong-hop.xlsx")
    assert second.name == "tong-hop-2.xlsx"
    second.write_bytes(b"also decided")
    assert outputs.free_name(tmp_path, "tong-hop.xlsx").name == "tong-hop-3.xlsx"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-5", "-5"),
        ("-1,5", "-1,5"),
        ("-a", "'-a"),
        ("", ""),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
    ],
)
def test_no_field_of_the_csv_is_a_formula(text: str, written: str) -> None:
    assert plain_csv.inert(text) == written


def test_nothing_is_replaced_when_one_place_cannot_be_taken(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "b.txt").mkdir()
    with outputs.Staging() as stage, pytest.raises(CannotRun, match=r"b\.txt"):
        stage.write(tmp_path / "a.txt", lambda file: file.write(b"new"))
        stage.write(tmp_path / "b.txt", lambda file: file.write(b"new"))
        stage.publish()
    assert (tmp_path / "a.txt").read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "b.txt"]


def test_a_folder_named_like_the_workbook_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "tong-hop.xlsx").mkdir()
    assert outputs.free_name(tmp_path, "tong-hop.xlsx").name == "tong-hop-2.xlsx"


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"outputs": 3}'])
def test_a_broken_record_protects_what_is_there(tmp_path: Path, record: str) -> None:
    (tmp_path / "run.json").write_text(record)
    (tmp_path / "tong-hop.xlsx").write_bytes(b"x")
    assert outputs.free_name(tmp_path, "tong-hop.xlsx").name == "tong-hop-2.xlsx"


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(CannotRun, match="out"):
        outputs.prepare(tmp_path / "out")


def test_pages_of_units_that_this_run_does_not_write_go_unless_people_changed_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, output = write_province(tmp_path / "tinh"), tmp_path / "ra"
    monkeypatch.setattr(unit_files, "MOST_INSIDE", 0)
    monkeypatch.setattr(unit_files, "PAGES_A_FILE", 1)
    consolidate(folder, output)
    pages = sorted(output.glob("don-vi-*.xlsx"))
    assert len(pages) == 2
    pages[0].write_bytes(pages[0].read_bytes() + b" ")
    monkeypatch.setattr(unit_files, "MOST_INSIDE", 60)
    consolidate(folder, output)
    assert sorted(output.glob("don-vi-*.xlsx")) == pages[:1]
