"""The same to the byte whoever reads; and what a file that kills its reader costs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline import reading, validation
from pipeline.batches import Desk, cluster, read_all, step
from pipeline.batches.workers import WorkerPool, can_fork
from pipeline.consolidate import consolidate
from pipeline.package import Package, suspicious
from pipeline.reading import RawBook
from pipeline.refusals import CannotRun
from pipeline.submissions import Outcome
from tests.desk import province
from tests.pipeline.batches.inbox import SAMPLE, files, larger, outcomes, received, sample, told

POOL = Desk(workers=2, many=1, batch=4)
KILLER, SLEEPER, EATER = b"KILL", b"SLEEP", b"EAT"
forking = pytest.mark.skipif(not can_fork(), reason="the fault is planted before workers are forked")


@contextmanager
def _cluster() -> Iterator[Desk]:
    """A Dask cluster of two worker processes on this machine, used as an office would use one elsewhere."""
    from distributed import LocalCluster  # noqa: PLC0415 - an extra, and slow to import

    with ExitStack() as stack:
        local = stack.enter_context(
            LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)
        )
        executor, threads = stack.enter_context(cluster(local.scheduler_address))
        assert threads == 2
        yield Desk(executor=executor, ahead=4, batch=10)


def _outputs(folder: Path) -> dict[str, bytes]:
    found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    record = json.loads(found["run.json"])
    del record["timings"]  # how long it took is no result
    return found | {"run.json": json.dumps(record).encode()}


def test_here_by_workers_and_on_a_cluster_all_outputs_are_the_same(tmp_path: Path) -> None:
    consolidate(SAMPLE, tmp_path / "here", desk=Desk(workers=1))
    consolidate(SAMPLE, tmp_path / "workers", desk=POOL)
    with _cluster() as desk:
        consolidate(SAMPLE, tmp_path / "cluster", desk=desk)
        elsewhere = told(read_all(larger()[1], larger()[0], desk=desk))
    here = _outputs(tmp_path / "here")
    assert len(here) > 5
    assert _outputs(tmp_path / "workers") == here
    assert _outputs(tmp_path / "cluster") == here
    assert elsewhere == told(read_all(larger()[1], larger()[0], desk=Desk(workers=1)))


@pytest.mark.parametrize("batch", [13, 80])
def test_how_files_are_put_into_batches_does_not_matter(batch: int) -> None:
    given, items = larger()
    assert told(read_all(items, given, desk=Desk(workers=2, many=1, batch=batch))) == _larger_here()


def _larger_here() -> dict[str, Any]:
    given, items = larger()
    return told(read_all(items, given, desk=Desk(workers=1)))


def test_any_executor_will_do() -> None:
    given, items = sample()
    with ProcessPoolExecutor(1) as executor:
        assert told(read_all(items, given, desk=Desk(executor=executor, batch=9))) == told(read_all(items, given))


def test_only_what_is_feared_starts_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    given, items = sample()
    feared = [item.path for item in items if suspicious(item.content)]
    assert {path.rsplit(".", 1)[1] for path in feared} == {"xls", "ods", "xlsx"} and len(feared) == 3
    started: list[str] = []
    true = WorkerPool.submit
    monkeypatch.setattr(WorkerPool, "submit", lambda self, job, *a: started.append(a[1]) or true(self, job, *a))
    read_all([item for item in items if item.path not in feared], given)
    assert started == []
    read_all(items, given)
    assert started == [path.rsplit("/", 1)[-1] for path in feared]


# --- files that kill


def _hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reading a file do what its last bytes say; only workers may be killed."""
    true, here = reading.read_book, os.getpid()

    def read_book(content: bytes, package: Package, *rest: Any, **named: Any) -> RawBook:
        if content.endswith(KILLER):
            assert os.getpid() != here
            os.kill(os.getpid(), signal.SIGKILL)
        if content.endswith(SLEEPER):
            assert os.getpid() != here
            time.sleep(60)
        if content.endswith(EATER):
            assert os.getpid() != here
            bytearray(1 << 34)
        return true(content, package, *rest, **named)

    monkeypatch.setattr(reading, "read_book", read_book)
    monkeypatch.setattr(step, "SECONDS", 2.0)
    monkeypatch.setattr("pipeline.batches.workers.SECONDS_ALONE", 1.0)


@forking
def test_a_file_that_kills_its_worker_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    _hostile(monkeypatch)
    names = [f"{n:02d}.xlsx" for n in range(12)]
    items = files(names)
    items[4] = received("04.xlsx", items[4].content + KILLER)
    items[9] = received("09.xlsx", items[9].content + EATER)
    found = read_all(items, province(), desk=Desk(workers=2, many=1, batch=12))
    assert outcomes(found) == {name: [] for name in names} | {
        "04.xlsx": [("V-11", "worker")], "09.xlsx": [("V-14", "worker")]
    }  # fmt: skip
    refused = [o.record for o in found.openings if o.opened is None]
    assert [(r.outcome, r.reason) for r in refused] == [(Outcome.REFUSED, "V-11"), (Outcome.REFUSED, "V-14")]
    assert {(f.code, f.variant, f.params["gioi_han"]) for f in found.openings[9].findings} == {
        ("V-14", "worker", "1 GB bộ nhớ")
    }


@forking
def test_a_suspicious_file_that_kills_or_hangs_is_refused_where_all_else_is_read_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _hostile(monkeypatch)
    monkeypatch.setattr("pipeline.batches.distribution.suspicious", lambda c: c.endswith((KILLER, SLEEPER)))
    good = files(["1.xlsx", "2.xlsx", "3.xlsx", "4.xlsx"])
    killer, sleeper = received("2.xls", good[1].content + KILLER), received("3.ods", good[2].content + SLEEPER)
    items = [good[0], killer, sleeper, good[3]]
    found = read_all(items, province())
    assert outcomes(found) == {
        "1.xlsx": [], "2.xls": [("V-11", "worker")], "3.ods": [("V-14", "worker")], "4.xlsx": []
    }  # fmt: skip


class _Failing(Executor):
    """An executor of which nothing but errors comes back."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(self.error)
        return future


def test_what_a_cluster_does_not_do_is_done_here() -> None:
    given, items = sample()
    assert told(read_all(items, given, desk=Desk(executor=_Failing(ConnectionError()), batch=9))) == told(
        read_all(items, given)
    )


def test_a_cluster_with_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotRun, match="phiên bản khác"):
        read_all(files(["1.xlsx"]), province(), desk=Desk(executor=_Failing(step.OtherProgram())))
    batch = step.Batch((), province(), step.program())
    assert step.read_batch(batch) == []
    monkeypatch.setattr(step, "program", lambda: "other")
    with pytest.raises(step.OtherProgram):
        step.read_batch(batch)


def test_nobody_answers_at_the_address() -> None:
    with pytest.raises(CannotRun, match="Không nối được"), cluster("nowhere://"):
        pass


@forking
def test_a_fault_of_ours_sets_one_file_aside_whoever_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    given, items = sample()
    whole = read_all(items, given)
    victim = str(whole.data.frames["HOAT_DONG"]["ket_qua_so"].dropna().iloc[0])
    true = validation.parse_column
    monkeypatch.setattr(
        validation, "parse_column",
        lambda column, cells, lists: 1 / 0 if victim in cells else true(column, cells, lists),
    )  # fmt: skip
    here, there = (told(read_all(items, given, desk=desk)) for desk in (Desk(workers=1), POOL))
    aside = [r.path for r in here["records"] if r.outcome is Outcome.INTERNAL]
    assert aside and here == there


#: Runs the command on the sample with a reader that never comes back.
_ENDLESS = """
import signal, sys, time
from pipeline import cli, reading

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it

def endless(*_, **__):
    print("reading", flush=True)
    time.sleep(300)

reading.examine = endless
sys.argv = ["tdkt", "consolidate", sys.argv[1], "-o", sys.argv[2], "--no-cache", "--workers", "2"]
cli.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the signal of Ctrl-C cannot be sent to one process")
def test_ctrl_c_ends_at_once_with_130_and_leaves_no_worker(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _ENDLESS, str(SAMPLE), str(tmp_path / "out")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and "Đã dừng" in said.decode()
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)  # nobody is left in its group


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_a_worker_ends_when_its_run_was_killed() -> None:
    program = (
        "import os, sys, time\n"
        "from pipeline.batches.workers import WorkerPool\n"
        "pool = WorkerPool(1)\n"
        "print(pool.submit(os.getpid).result(), flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=SAMPLE.parent, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        worker = int(run.stdout.readline())
        os.kill(worker, 0)
        run.kill()
    last = time.monotonic() + 30
    while Path(f"/proc/{worker}").exists() and "Z" not in Path(f"/proc/{worker}/stat").read_text().split()[2]:
        assert time.monotonic() < last, "the worker goes on without its run"
        time.sleep(0.1)
