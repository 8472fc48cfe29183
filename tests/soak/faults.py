"""What can go wrong around a run: each fault acts on the run's process, its inputs or its disk while it works."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

#: Exit codes with which a run may end, by what was done to it; a run that was not killed may finish or refuse.
FINISHED, REFUSED, INTERRUPTED = 0, 2, 130
_LEAST_FILE = 1_000  # bytes


@dataclass(slots=True)
class Scene:
    """Where the runs take place."""

    province: Path
    output: Path
    good: dict[str, bytes]  #: files that units may send
    seconds: float  #: that an undisturbed run takes
    chance: random.Random
    treasures: dict[str, str] = field(default_factory=dict)  #: name of a workbook that people wrote into → its SHA-256
    room: Path | None = None  #: of the small file system, where there is one

    def moment(self) -> None:
        """Wait for some moment of the run."""
        time.sleep(self.chance.uniform(0, self.seconds))


def nothing(scene: Scene, run: int) -> tuple[int, ...]:
    return (FINISHED,)


def killed(scene: Scene, run: int) -> tuple[int, ...]:
    scene.moment()
    os.kill(run, signal.SIGKILL)
    return (FINISHED, -signal.SIGKILL)


def interrupted(scene: Scene, run: int) -> tuple[int, ...]:
    time.sleep(scene.seconds * 0.2)  # the first moment belongs to the process that starts it
    scene.moment()
    os.kill(run, signal.SIGINT)
    return (FINISHED, INTERRUPTED)


def worker_killed(scene: Scene, run: int) -> tuple[int, ...]:
    """Kill a process that the run has started, if it has any."""
    scene.moment()
    children = Path(f"/proc/{run}/task/{run}/children")
    with contextlib.suppress(OSError):  # it has ended
        for child in children.read_text().split()[:1]:
            os.kill(int(child), signal.SIGKILL)
    return (FINISHED,)


def files_changing(scene: Scene, run: int) -> tuple[int, ...]:
    """Write, halve, remove and add files of the inbox while they are read."""
    inbox = scene.province / "hop-thu"
    for _ in range(scene.chance.randrange(1, 12)):
        time.sleep(scene.chance.uniform(0, scene.seconds / 12))
        name = scene.chance.choice(list(scene.good))
        content = scene.good[name]
        deed = scene.chance.randrange(4)
        if deed == 0:
            (inbox / name).unlink(missing_ok=True)
        elif deed == 1:
            (inbox / name).write_bytes(content[: scene.chance.randrange(len(content))])
        else:
            (inbox / name).write_bytes(content)
    return (FINISHED,)


def disk_full(scene: Scene, run: int) -> tuple[int, ...]:
    """Fill the small file system at some moment, or give the run little room from then on."""
    scene.moment()
    if scene.room is not None:
        free = os.statvfs(scene.room)
        (scene.room / "day").write_bytes(b"\0" * int(free.f_bavail * free.f_frsize * scene.chance.uniform(0.7, 1)))
    elif hasattr(resource, "prlimit"):
        most = scene.chance.randrange(_LEAST_FILE, 500_000)
        with contextlib.suppress(ProcessLookupError):  # it has ended
            resource.prlimit(run, resource.RLIMIT_FSIZE, (most, most))
    return (FINISHED, REFUSED)


def folder_gone(scene: Scene, run: int) -> tuple[int, ...]:
    """Rename the output folder while the run works, and back afterwards (see `after`)."""
    scene.moment()
    away = scene.output.with_name("di-cho-khac")
    if scene.output.exists() and not away.exists():
        scene.output.rename(away)
    return (FINISHED, REFUSED)


Fault = Callable[[Scene, int], tuple[int, ...]]
FAULTS: tuple[Fault, ...] = (
    nothing, killed, killed, interrupted, worker_killed, files_changing, disk_full, disk_full, folder_gone,
)  # fmt: skip
