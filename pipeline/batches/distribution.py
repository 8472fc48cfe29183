"""Giving the work out and taking it in again, by file, whatever happens to a worker."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass

from pebble import ProcessExpired

from pipeline.batches.assembly import assemble
from pipeline.batches.cells import CellStore
from pipeline.batches.shelf import Shelf
from pipeline.batches.step import Batch, OtherProgram, Sent, fingerprint, program, read_batch, terms_of, transcribe
from pipeline.batches.transcripts import Transcript
from pipeline.batches.workers import MEMORY, SECONDS_ALONE, Serial, WorkerPool, can_fork, processors
from pipeline.findings import Finding
from pipeline.intake import Received
from pipeline.layout import FIXED_SHEETS
from pipeline.package import suspicious
from pipeline.province import Province
from pipeline.reading import Source, read_source
from pipeline.refusals import CannotRun
from pipeline.submissions import Opening, record_of, refused
from pipeline.validation import Validated

#: Files from which workers pay for themselves: at once where they are forked, late where each must import pandas.
MANY = 60 if can_fork() else 250
#: Files validated together here: pandera costs per frame, hardly per row.
TOGETHER = 500
#: Files and bytes of a batch for a worker: little enough that all workers end together, and to travel.
BATCH, BATCH_BYTES = 80, 8_000_000
#: Batches given out and not yet taken in, for each worker: the next one lies ready when it ends.
AHEAD = 3
Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """How the work is done. By default in this process, and by worker processes from `MANY` files on."""

    executor: Executor | None = None  #: does all ordinary files, as `cluster` gives it
    ahead: int = 0  #: batches that the executor may hold; 0: `AHEAD` for each of our own workers
    workers: int = dataclasses.field(default_factory=processors)  #: our own, in processes of this machine
    cache: Callable[[str, str], Shelf | None] | None = None  #: given the fingerprints of terms and program
    many: int = MANY
    batch: int = BATCH


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of all files."""

    openings: list[Opening]  #: in the order of the items
    data: Validated


def read_all(
    items: Sequence[Received], province: Province, tick: Tick = lambda *_: None, desk: Desk | None = None
) -> Reading:
    """Read, parse and validate everything that came; `tick` counts the files.

    Raises:
        CannotRun: the cluster runs another version of the program, or no worker process can be started.
    """
    desk = desk or Desk()
    with ExitStack() as stack:
        work = _Work(items, terms_of(province), desk, tick)
        stack.callback(work.stop)  # at once, also on Ctrl-C
        transcripts = work.run()
    records = [record_of(number, item) for number, item in enumerate(items)]
    read = [(record, transcripts[record.number]) for record in records]
    return Reading(*assemble(read, province))


class _Work:
    """The files of one run on their way."""

    def __init__(self, items: Sequence[Received], terms: Province, desk: Desk, tick: Tick) -> None:
        self.items, self.terms, self.desk, self.tick = items, terms, desk, tick
        self.store = CellStore()
        self.shelf = desk.cache(fingerprint(terms), program()) if desk.cache else None
        self.pool = WorkerPool(desk.workers)
        self.done: dict[int, Transcript] = {}

    def stop(self) -> None:
        self.pool.shutdown()

    def run(self) -> dict[int, Transcript]:
        """Return the transcript of each item by its number."""
        missing = [sent for number, item in enumerate(self.items) if (sent := self._missing(number, item))]
        if self.desk.executor is not None:
            self._give_out(self._guarded(missing), self.desk.executor)
        elif len(missing) >= self.desk.many and self.desk.workers > 1:
            self._give_out(self._guarded(missing), self.pool)
        else:
            ready = self._guarded(missing, meanwhile=True)
            self.pool.dismiss()
            self._give_out(ready, Serial())
        if self.shelf and missing:
            self.shelf.prune()
        return self.done

    def _missing(self, number: int, item: Received) -> Sent | None:
        """Take a file from the shelf; returns it when it must be read."""
        kept = self.shelf.find(item) if self.shelf and not item.refusal else None
        if kept is None:
            return Sent(number, item)
        self._enter(number, Transcript.unpack(kept, self.store))
        return None

    def _enter(self, number: int, transcript: Transcript) -> None:
        self.done[number] = transcript
        self.tick(len(self.done), len(self.items))

    def _take_in(self, sent: Sent, result: bytes | Transcript) -> None:
        transcript = Transcript.unpack(result, self.store) if isinstance(result, bytes) else result
        if self.shelf and transcript.lasting and not sent.item.refusal:
            self.shelf.keep(sent.item, result if isinstance(result, bytes) else result.pack())
        self._enter(sent.number, transcript)

    # --- files that may kill their reader

    def _guarded(self, missing: Sequence[Sent], *, meanwhile: bool = False) -> list[Sent]:
        """Read suspicious files alone, in workers with limits; returns what is left to do, in order.

        `meanwhile` reads the others here, instead of waiting.
        """
        feared = [sent for sent in missing if not sent.item.refusal and suspicious(sent.item.content)]
        reading: dict[int, Future[Source]] = {
            sent.number: self.pool.submit(read_source, sent.item.content, sent.item.name, FIXED_SHEETS)
            for sent in feared
        }
        if meanwhile and feared:
            missing = [sent if sent.number in reading else _opened(sent) for sent in missing]
        ready = []
        for sent in missing:
            future = reading.get(sent.number)
            try:
                ready.append(dataclasses.replace(sent, source=future.result()) if future else sent)
            except (ProcessExpired, TimeoutError, MemoryError) as error:
                self._lost(sent, error, SECONDS_ALONE)
            except Exception:  # a bug of ours: met again in its batch, which tells its place and sets the file aside
                ready.append(sent)
        return ready

    def _lost(self, sent: Sent, error: Exception, seconds: float) -> None:
        """Refuse the file that killed its reader; that is not kept, for the machine may have had a bad moment."""
        record = record_of(sent.number, sent.item)
        opening = refused(record, [_finding(error, seconds).at(file=record.path)], self.terms)
        self._enter(sent.number, Transcript.of(opening.record, opening.findings, opened=False))

    # --- the others, in batches

    def _give_out(self, ready: Sequence[Sent], executor: Executor) -> None:
        """Keep `executor` busy and take results in by batch; what fails elsewhere is done again by our own workers."""
        serial = isinstance(executor, Serial)
        job = transcribe if serial else read_batch
        waiting = deque((batch, executor) for batch in self._batches(ready, TOGETHER if serial else self.desk.batch))
        given: deque[tuple[Batch, Executor, Future[list[bytes] | list[Transcript]]]] = deque()
        most = 1 if serial else self.desk.ahead or AHEAD * self.desk.workers
        while waiting or given:
            while waiting and len(given) < most:
                batch, doer = waiting.popleft()
                given.append((batch, doer, doer.submit(job, batch)))
            batch, doer, future = given.popleft()
            try:
                results = self._result(future, batch, doer)
            except (ProcessExpired, TimeoutError, MemoryError) as error:
                if len(batch.files) == 1:
                    self._lost(batch.files[0], error, batch.seconds)
                else:
                    own = executor if serial else self.pool  # elsewhere it may kill one worker after another
                    waiting.extendleft((half, own) for half in reversed(batch.halves()))
                continue
            for at, sent in enumerate(batch.files):
                self._take_in(sent, results[at])

    def _result(
        self, future: Future[list[bytes] | list[Transcript]], batch: Batch, executor: Executor
    ) -> list[bytes] | list[Transcript]:
        if executor is self.pool or isinstance(executor, Serial):
            return future.result()
        try:
            # Others set no limit of time of their own; every batch before this one may take as long.
            return future.result(timeout=batch.seconds * (AHEAD + 1))
        except OtherProgram:
            raise CannotRun(
                "Máy trong cụm cài phiên bản khác của chương trình. Cài cùng phiên bản rồi chạy lại."
            ) from None
        except (Exception, CancelledError):  # a worker killed, a machine gone: whatever it was, here it meets limits
            future.cancel()
            again: Future[list[bytes]] = self.pool.submit(read_batch, batch)
            return again.result()

    def _batches(self, ready: Sequence[Sent], most: int) -> Iterator[Batch]:
        files: list[Sent] = []
        size = 0
        for sent in ready:
            if files and (len(files) == most or size + len(sent.item.content) > BATCH_BYTES):
                yield Batch(tuple(files), self.terms, program())
                files, size = [], 0
            files.append(sent)
            size += len(sent.item.content)
        if files:
            yield Batch(tuple(files), self.terms, program())


def _opened(sent: Sent) -> Sent:
    try:
        return dataclasses.replace(sent, source=read_source(sent.item.content, sent.item.name, FIXED_SHEETS))
    except Exception:  # a bug of ours: met again in its batch
        return sent


def _finding(error: Exception, seconds: float) -> Finding:
    """Say what became of the reader of a file."""
    if isinstance(error, TimeoutError):
        return Finding("V-14", "worker", params={"gioi_han": f"{seconds:.0f} giây"})
    if isinstance(error, MemoryError):
        return Finding("V-14", "worker", params={"gioi_han": f"{MEMORY >> 30} GB bộ nhớ"})
    return Finding("V-11", "worker")
