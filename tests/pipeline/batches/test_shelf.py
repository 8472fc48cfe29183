"""Only what changed is read again, and nothing that befalls the cache changes a result."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline import submissions
from pipeline.batches import Desk, Shelf, distribution, read_all, shelf, step
from pipeline.intake import Received
from pipeline.province import Province
from pipeline.refusals import CannotRun
from tests.desk import province
from tests.pipeline.batches.inbox import files, larger, received, sample, told


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(workers=1, cache=lambda terms, program: Shelf(tmp_path / "nho", terms, program))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read, in order."""
    names: list[str] = []
    true = submissions.read_source

    def read_source(content: bytes, name: str, without: Any = ()) -> Any:
        names.append(name)
        return true(content, name, without)

    monkeypatch.setattr(submissions, "read_source", read_source)
    monkeypatch.setattr(distribution, "read_source", read_source)
    monkeypatch.setattr(distribution, "suspicious", lambda _: False)  # no worker, whose reads are not counted here
    return names


def _entries(folder: Path) -> list[Path]:
    return sorted((folder / "nho").rglob("*" + shelf.SUFFIX))


def test_with_and_without_the_cache_all_is_the_same(desk: Desk) -> None:
    for given, items in (sample(), larger()):
        plain = told(read_all(items, given, desk=Desk(workers=1)))
        assert told(read_all(items, given, desk=desk)) == plain  # written
        assert told(read_all(items, given, desk=desk)) == plain  # read back


def test_one_late_file_is_the_only_one_that_is_read(desk: Desk, reads: list[str]) -> None:
    items = files(f"{n:04d}.xlsx" for n in range(40))
    late = received("0007a.xlsx", items[0].content + b"late")
    read_all(items, province(), desk=desk)
    assert len(reads) == 40
    del reads[:]
    whole = [*items[:8], late, *items[8:]]  # its place shifts the number of every file behind it
    found = told(read_all(whole, province(), desk=desk))
    assert reads == ["0007a.xlsx"]
    assert found == told(read_all(whole, province(), desk=Desk(workers=1)))


def _other_terms(given: Province) -> Province:
    entries = {**given.lists.entries, "KHOI": ()}
    return type(given)(**{**_fields(given), "lists": type(given.lists)(entries)})


def _fields(given: Province) -> dict[str, Any]:
    return {name: getattr(given, name) for name in given.__dataclass_fields__}


def test_other_terms_and_another_program_read_anew(
    desk: Desk, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    items = files(["1.xlsx"])
    for given in (province(), province(), _other_terms(province())):
        read_all(items, given, desk=desk)
    assert len(reads) == 2
    for module in (step, distribution):
        monkeypatch.setattr(module, "program", lambda: "newer")
    read_all(items, province(), desk=desk)
    assert len(reads) == 3


def test_the_program_is_all_that_decides_how_a_file_is_read() -> None:
    """Every module of ours that the step imports is part of the version under which results are kept."""
    root = Path(step.__file__).parents[1]
    loaded = _closure("pipeline.batches.step", root)
    ours = [Path(name).with_suffix("") for name in step.READING_CODE]
    outside = [name for name in loaded if not any(Path(*name.split(".")[1:]).is_relative_to(one) for one in ours)]
    # What came in, under which path, is told by the key; the office's own files give the terms.
    before = ("pipeline.intake", "pipeline.refusals", "pipeline.open_ballots", "pipeline.raw_table")
    assert [name for name in outside if not name.startswith(before)] == []


def _closure(name: str, root: Path) -> set[str]:
    """Modules of pipeline/ that a module imports, and those that they import."""
    import ast  # noqa: PLC0415

    seen: set[str] = set()
    left = [name]
    while left:
        module = left.pop()
        place = root.parent.joinpath(*module.split("."))
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        if module in seen or not module.startswith("pipeline.") or not file.is_file():
            continue
        seen.add(module)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                left += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return seen


# --- what may befall it


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: b"\0" * len(content),
        lambda content: content + b"more",
    ],
    ids=["empty", "half-written", "one bit", "never filled", "longer"],
)
def test_a_damaged_entry_is_read_again(
    desk: Desk, reads: list[str], tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    items = files(["1.xlsx", "2.xlsx"])
    plain = told(read_all(items, province(), desk=desk))
    victim = _entries(tmp_path)[0]
    victim.write_bytes(spoil(victim.read_bytes()))
    del reads[:]
    assert told(read_all(items, province(), desk=desk)) == plain
    assert len(reads) == 1
    read_all(items, province(), desk=desk)
    assert len(reads) == 1  # mended


def test_an_entry_put_under_another_name_is_not_taken(desk: Desk, reads: list[str], tmp_path: Path) -> None:
    items = files(["1.xlsx", "2.xlsx"])
    plain = told(read_all(items, province(), desk=desk))
    first, second = _entries(tmp_path)
    second.write_bytes(first.read_bytes())
    del reads[:]
    assert told(read_all(items, province(), desk=desk)) == plain
    assert len(reads) == 1


def test_a_cache_that_vanishes_in_the_middle_costs_nothing(desk: Desk, tmp_path: Path) -> None:
    items = files(["1.xlsx"])
    kept = Shelf(tmp_path / "nho", "terms", "program")
    kept.keep(items[0], b"packed")
    assert kept.find(items[0]) == b"packed"
    for path in sorted((tmp_path / "nho").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert kept.find(items[0]) is None
    kept.keep(items[0], b"packed")  # nowhere to put it
    kept.prune()
    assert kept.find(items[0]) is None


def test_two_runs_at_once_leave_whole_entries(tmp_path: Path) -> None:
    """Writers replace the entry in one step, so a reader sees one whole version or the other."""
    item = files(["1.xlsx"])[0]
    one, other = (Shelf(tmp_path / "nho", "terms", "program") for _ in range(2))
    for n in range(50):
        one.keep(item, b"a" * (100 + n))
        assert other.find(item) == b"a" * (100 + n)
        other.keep(item, b"b" * (200 - n))
        assert one.find(item) == b"b" * (200 - n)
    assert [p for p in (tmp_path / "nho").rglob("*") if p.is_file()] == _entries(tmp_path)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="modes are those of POSIX")
def test_only_its_owner_can_look_in(desk: Desk, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        read_all(files(["1.xlsx"]), province(), desk=desk)
    finally:
        os.umask(before)
    own = tmp_path / "nho" / shelf.VERSION
    assert {stat.S_IMODE(p.stat().st_mode) for p in (own, *own.iterdir())} == {0o700}
    assert {stat.S_IMODE(p.stat().st_mode) for p in _entries(tmp_path)} == {0o600}


def test_a_place_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "tep").write_text("")
    with pytest.raises(CannotRun, match="--no-cache"):
        Shelf(tmp_path / "tep", "", "")
    (tmp_path / "noi" / "other").mkdir(parents=True)
    (tmp_path / "noi" / shelf.VERSION).symlink_to(tmp_path / "noi" / "other")
    with pytest.raises(CannotRun, match="--cache"):
        Shelf(tmp_path / "noi", "", "")


def test_the_oldest_go_first_and_leftovers_go_after_a_day(tmp_path: Path) -> None:
    kept = Shelf(tmp_path / "nho", "", "", most_bytes=5_000)
    items = files(f"{n}.xlsx" for n in range(8))
    now = shelf.time.time()
    for age, item in enumerate(items):
        kept.keep(item, b"x" * 968)  # with its seal 1,000 bytes
        os.utime(kept._of(item), (now - 60 * age, now - 60 * age))
    left = kept._of(items[0]).parent / "viet-left"
    left.write_bytes(b"half")
    os.utime(left, (now - 90_000, now - 90_000))
    kept.prune()
    assert [item.path for item in items if kept.find(item)] == [item.path for item in items[:4]]
    assert not left.exists()
    old = now - 86_400 * (shelf.MOST_DAYS + 1)
    os.utime(kept._of(items[0]), (old, old))
    kept.prune()
    assert kept.find(items[0]) is None


def test_a_fault_of_ours_is_not_kept(desk: Desk, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    items: list[Received] = files(["1.xlsx"])
    with monkeypatch.context() as patched:
        patched.setattr(step, "validate", lambda *_: 1 / 0)
        read_all(items, province(), desk=desk)
    found = read_all(items, province(), desk=desk)
    assert len(reads) == 2 and found.openings[0].opened
