"""Who does the work: this process, worker processes that may die, or a cluster. Each is an `Executor`."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import multiprocessing
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from pebble import ProcessPool

from pipeline.refusals import CannotRun

#: Bytes that a worker may take beyond what it starts with: many times the rectangles that `package.Limits` lets pass.
MEMORY = 1 << 30
#: Seconds for one suspicious file; the largest that the limits let pass take a few.
SECONDS_ALONE = 10.0
#: Seconds that workers have to end.
_LEAVE = 10.0
#: Seconds between two looks of a worker whether its run is still there.
_LOOK_AROUND = 1.0
#: Seconds to wait for the scheduler of a cluster.
_CONNECT = 10
Job = Callable[..., Any]


class Serial(Executor):
    """Does each job at once, in this process."""

    def submit(self, job: Job, /, *args: Any, **named: Any) -> Future[Any]:
        """Do the job; what it raises is in the future, except what ends the whole program."""
        future: Future[Any] = Future()
        try:
            future.set_result(job(*args, **named))
        except Exception as error:  # handed on to whoever asks for the result, as every executor does
            future.set_exception(error)
        return future


class WorkerPool(Executor):
    """Processes with limits of time and memory; one that dies takes only its job with it.

    Nothing starts before the first job. Where the system can fork, workers begin with everything imported (a few
    milliseconds); elsewhere they import what a job needs.
    """

    def __init__(self, workers: int, memory: int = MEMORY) -> None:
        """Take the most workers that may run at a time, and the bytes each may take."""
        self._workers, self._memory = workers, memory
        self._pool: ProcessPool | None = None
        self._leaving: list[ProcessPool] = []
        self._quiet = contextlib.ExitStack()

    def submit(self, job: Job, /, *args: Any, **named: Any) -> Future[Any]:
        """Queue a job; its time is that of its first argument (`seconds`), else `SECONDS_ALONE`.

        The future raises `TimeoutError`, `MemoryError` or pebble's `ProcessExpired` when a limit was met.
        """
        seconds = getattr(args[0], "seconds", SECONDS_ALONE) if args else SECONDS_ALONE
        future: Future[Any] = self._started().schedule(job, args=args, kwargs=named, timeout=seconds)
        return future

    def _started(self) -> ProcessPool:
        if self._pool is None:
            self._quiet.enter_context(warnings.catch_warnings())
            # Newer Pythons warn of forking beside threads; those of the pool hold no lock that a worker needs.
            warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork.*")
            context = multiprocessing.get_context("fork" if can_fork() else "spawn")
            gc.freeze()  # so that workers do not copy what they inherit only by looking for cycles
            begin = (self._memory, os.getpid())
            self._pool = ProcessPool(self._workers, initializer=begin_work, initargs=begin, context=context)
        return self._pool

    def dismiss(self) -> None:
        """Let the workers go without waiting for them to end; the next job starts others."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._leaving.append(self._pool)
            self._pool = None
            gc.unfreeze()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - both mean: now
        """Stop the workers at once; jobs that are not done are given up."""
        self.dismiss()
        while self._leaving:
            _see_off(self._leaving.pop())
        self._quiet.close()


def _see_off(pool: ProcessPool) -> None:
    """Wait for the workers to end; those of a pool that was interrupted while it started may wait for ever."""

    def wait() -> None:
        with contextlib.suppress(RuntimeError):  # it was never whole
            pool.join()

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(_LEAVE)
    if waiting.is_alive():
        for worker in multiprocessing.active_children():
            worker.kill()


def can_fork() -> bool:
    """Whether new processes may begin as copies of this one."""
    return "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


def begin_work(more: int, parent: int) -> None:
    """Set a worker's limits, and let it end when the run that started it is gone, however that was ended."""
    limit_memory(more)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_AROUND)
    os._exit(1)  # nobody is left to take the result


def limit_memory(more: int) -> None:
    """Let this process take no more than `more` bytes beyond what it has; without effect where that is not known."""
    if importlib.util.find_spec("resource") is None or not Path("/proc/self/statm").exists():
        return
    import resource  # noqa: PLC0415 - not on Windows

    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = held + more if hard == resource.RLIM_INFINITY else min(held + more, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no image of people's data is left on the disk


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """Connect to the scheduler of a Dask cluster, whose workers have this version of the program installed.

    Yields the executor and how many jobs the cluster does at a time.

    Raises:
        CannotRun: the extra is not installed, or nothing answers.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise CannotRun("Chưa cài phần chạy trên cụm máy. Cài bằng: pip install 'tdkt[cluster]'") from None
    connect: Callable[..., Any] = Client  # it publishes no types
    try:
        client = connect(address, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError):
        raise CannotRun(
            f"Không nối được với cụm máy «{address}». Kiểm tra địa chỉ, ví dụ tcp://10.0.0.5:8786."
        ) from None
    with client:
        yield client.get_executor(pure=False), sum(client.nthreads().values())
