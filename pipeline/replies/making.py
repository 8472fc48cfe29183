"""Making the replies and reminders of a run: one unit after another, or in processes when the units are many."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import sys
import warnings
from collections import defaultdict
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pipeline import outputs
from pipeline.findings import Finding
from pipeline.replies.compose import Case, accepted_of, reminder_of, reply_and_letter
from pipeline.replies.letters import draft
from pipeline.replies.places import FOLDER, RECORD, folder_names, letter_name, reminder_name, reply_name
from pipeline.replies.typed import TypedCells
from pipeline.results import Results, UnitState, replaced_refusals
from pipeline.submissions import FileRecord, Status

#: Replies from which processes pay for themselves.
MANY_REPLIES = 6
#: Units handed to a process at once.
_BATCH = 8

#: A file written beside its place: where, its name below the folder of replies, its SHA-256.
Written = tuple[Path, str, str]
_BEGUN: Written = (Path(), "", "")


@dataclass(frozen=True, slots=True)
class Posted:
    """What was made for the units."""

    replies: Mapping[str, str] = field(default_factory=dict)  #: unit → its reply, below the output folder
    reminders: Mapping[str, str] = field(default_factory=dict)  #: unit → its reminder, below the output folder
    without_address: tuple[str, ...] = ()  #: units with a draft that nothing can be sent to
    kept: tuple[str, ...] = ()  #: files that people have changed, left as they are

    def lines(self) -> list[str]:
        """What the closing summary says of it."""
        lines = [f"Phản hồi: {len(self.replies)} đơn vị · thư nhắc {len(self.reminders)} · ở thư mục {FOLDER}/"]
        if self.without_address:
            lines.append(
                f"Chưa có địa chỉ thư ở trang DON_VI của cau-hinh.xlsx: {', '.join(self.without_address)};"
                " bản nháp của họ để trống nơi nhận."
            )
        if self.kept:
            lines.append(f"Đã có người sửa nên được giữ nguyên ở {FOLDER}/: {', '.join(self.kept)}.")
        return lines


def posted_of(_results: Results) -> Posted:
    """What the workbook knows of the replies of its run when it is not told of any: nothing."""
    return Posted()


@dataclass(frozen=True)
class _Work:
    """Everything that the replies of a run are made from."""

    results: Results
    typed: TypedCells
    output: Path  #: the folder of all replies
    folders: Mapping[str, str]
    names: Mapping[str, str]  #: the usual name of a file below that folder → where it may be written
    findings: Mapping[str, Sequence[Finding]]
    records: Mapping[str, Sequence[FileRecord]]
    settled: frozenset[str]
    accepted: Mapping[str, Mapping[str, tuple[int, int]]]


#: Set before the processes are forked, so that they find everything without any copying.
_shared: _Work | None = None


@contextlib.contextmanager
def replies_beside(results: Results, typed: TypedCells, output: Path, stage: outputs.Staging) -> Iterator[Posted]:
    """Make a reply and its letter for every unit that sent something, a reminder for every one that did not.

    Processes write them while the body of the context runs; at its end they are staged. What an earlier run wrote and
    this one does not goes, unless people have changed it.

    Yields what will be made.

    Raises:
        CannotRun: something cannot be written.
    """
    home = output / FOLDER
    known = outputs.recorded_hashes(home, RECORD)
    stage.folder(home)
    work = _work(results, typed, home, known)
    for folder in sorted({str(Path(name).parent) for name in work.names.values()}):
        stage.folder(home / folder)
    kept = [name for name in work.names if work.names[name] != name]
    kept += _remove_stale(home, known, set(work.names.values()), stage)
    hashes = {}
    with contextlib.closing(_written(work)) as made:
        next(made)  # starts the processes
        yield _posted(work, kept)
        for temporary, name, sha in made:
            stage.take(temporary, home / name)
            hashes[name] = sha
    content = json.dumps({"outputs": dict(sorted(hashes.items()))}, ensure_ascii=False, indent=1)
    stage.write(home / RECORD, partial(_put, content=content.encode()))


def _work(results: Results, typed: TypedCells, home: Path, known: Mapping[str, str]) -> _Work:
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in results.findings:
        findings[finding.unit].append(finding)
    records: dict[str, list[FileRecord]] = defaultdict(list)
    for record in results.dataset.records:
        records[record.unit].append(record)
    folders = folder_names([state.code for state in results.board])
    names = {
        name: outputs.free_name(home, name, known).relative_to(home).as_posix()
        for state in results.board
        for name in _names(state, folders[state.code], results.dataset.province.period.code)
    }
    settled = replaced_refusals(results.dataset)
    return _Work(results, typed, home, folders, names, findings, records, settled, accepted_of(results.dataset))


def _names(state: UnitState, folder: str, period: str) -> tuple[str, ...]:
    if state.status is Status.MISSING:
        return (reminder_name(folder),)
    return reply_name(folder, period), letter_name(folder)


def _written(work: _Work) -> Generator[Written]:
    """Write all files beside their places, in the order of the board; first an empty entry, once it has begun."""
    board = work.results.board
    if len(board) < MANY_REPLIES or not _can_fork():
        yield _BEGUN
        for state in board:
            yield from _of_unit(work, state)
        return
    global _shared  # noqa: PLW0603 - read by the forked processes
    _shared = work
    with warnings.catch_warnings(), ProcessPoolExecutor(_processes(), multiprocessing.get_context("fork")) as pool:
        # Newer Pythons warn of forking beside threads; nothing here starts one or waits for one.
        warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork.*")
        batch = max(1, min(_BATCH, len(board) // (2 * _processes())))
        spans = [range(start, min(start + batch, len(board))) for start in range(0, len(board), batch)]
        futures = [pool.submit(_span, span) for span in spans]
        try:
            yield _BEGUN
            for future in futures:
                yield from future.result()
        except BaseException:
            _take_back(futures)
            raise
        finally:
            _shared = None


def _take_back(futures: Sequence[Future[list[Written]]]) -> None:
    """Remove what processes have written for a run that will not be published."""
    for future in futures:
        future.cancel()
    for future in futures:
        if not future.cancelled() and future.exception() is None:
            for temporary, _, _ in future.result():
                temporary.unlink(missing_ok=True)


def _processes() -> int:
    return os.cpu_count() or 1


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


def _span(numbers: Iterable[int]) -> list[Written]:
    assert _shared is not None
    return [written for number in numbers for written in _of_unit(_shared, _shared.results.board[number])]


def _of_unit(work: _Work, state: UnitState) -> list[Written]:
    """Write the files of one unit; when one cannot be written, none of them is left."""
    folder, period = work.folders[state.code], work.results.dataset.province.period.code
    case = _case(work, state)
    usual = _names(state, folder, period)
    if state.status is Status.MISSING:
        contents = [draft(reminder_of(case))]
    else:
        contents = list(reply_and_letter(case, work.typed.of(state.code)))
    written: list[Written] = []
    try:
        for name, content in zip(usual, contents, strict=True):
            place = work.names[name]
            temporary, sha = outputs.write_beside(work.output / place, partial(_put, content=content))
            written.append((temporary, place, sha))
    except BaseException:
        for temporary, _, _ in written:
            with contextlib.suppress(OSError):
                temporary.unlink()
        raise
    return written


def _case(work: _Work, state: UnitState) -> Case:
    return Case(
        work.results.dataset.province,
        work.results.now,
        state,
        tuple(work.findings.get(state.code, ())),
        tuple(work.records.get(state.code, ())),
        work.settled,
        work.accepted.get(state.code, {}),
    )


def _remove_stale(home: Path, known: Mapping[str, str], names: Collection[str], stage: outputs.Staging) -> list[str]:
    """Let go of what an earlier run wrote and this one does not; returns what people have changed, which stays."""
    kept = []
    for name, sha in sorted(known.items()):
        place = home / name
        if name in names or not place.is_file() or not place.resolve().is_relative_to(home.resolve()):
            continue
        if outputs.digest(place) == sha:
            stage.remove(place)
        else:
            kept.append(name)
    return kept


def _posted(work: _Work, kept: Sequence[str]) -> Posted:
    period = work.results.dataset.province.period.code
    replies: dict[str, str] = {}
    reminders: dict[str, str] = {}
    for state in work.results.board:
        first = _names(state, work.folders[state.code], period)[0]
        (reminders if state.status is Status.MISSING else replies)[state.code] = f"{FOLDER}/{work.names[first]}"
    without = [state.code for state in work.results.board if not _case(work, state).receivers]
    return Posted(replies, reminders, tuple(without), tuple(kept))


def _put(file: BinaryIO, content: bytes) -> None:
    file.write(content)
