"""`python -m tests.hostile.judge FOLDER`: read each hostile file as a run does, under the limits, and say the outcome.

Run as a child: a file that takes more than `SECONDS` of the processor ends it by SIGPROF, one that takes more than
`BYTES` of memory gets none and ends it or is refused; the name of a file is printed before it is opened. One line a
file in JSON.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.batches.step import Sent, open_sent, validated
from pipeline.findings import Finding, sentences
from pipeline.intake import Intake, collect
from pipeline.submissions import Opening, Outcome
from tests.desk import province

SECONDS = 10
BYTES = 1 << 30
IGNORED = "ignored"
#: Files that are validated together: that costs by the batch, not by the file.
TOGETHER = 40


@dataclass(frozen=True, slots=True)
class Judged:
    """What the run said of one file of the folder."""

    name: str
    counts: bool
    said: tuple[str, ...]  #: code.variant of each finding; `ignored` when something was passed over
    faults: tuple[str, ...] = ()  #: what no file may bring about


def limit_memory() -> None:
    """Allow so much beyond what the program itself has taken."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + BYTES, size + BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


#: What reading a file must never do: reach out, start a program, write.
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.system", "os.spawn", "os.posix_spawn", "os.fork", "urllib.",
              "os.startfile", "os.rename", "os.chmod", "os.truncate", "ctypes.dlopen")  # fmt: skip
_deeds: list[str] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """Note what Python is about to do, by its audit events."""
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    wrote = writes and arguments[0] != os.devnull
    if wrote or event.startswith(_FORBIDDEN):
        _deeds.append(f"{event} {arguments[:1]}")


def _faults(openings: list[Opening], findings: list[Finding]) -> list[str]:
    faults = [o.record.trace for o in openings if o.record.outcome is Outcome.INTERNAL]
    faults += [f"{o.record.path} not balanced" for o in openings if not o.record.counts.balanced]
    refused = [o.record.path for o in openings if o.opened is None]
    told = {f.file for f in findings}
    faults += [f"{path} refused without a word" for path in refused if path not in told]
    for finding in findings:
        words = sentences(finding)
        if "…" in words.what.replace(finding.value, "") and "…" not in finding.value and len(finding.value) < 60:
            faults.append(f"{finding.code}.{finding.variant}: a field of the sentence is missing")
        if not words.fix:
            faults.append(f"{finding.code}.{finding.variant}: nothing to do")
    return faults


def _allow(seconds: float) -> None:
    """Let the process have so much time of the processor from now on (0: no limit); a busy machine costs nothing."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def opened(path: Path) -> tuple[Intake, list[Opening]]:
    """Put one file alone into an inbox and take it through intake and opening."""
    with TemporaryDirectory() as folder:
        inbox = Path(folder)
        (inbox / path.name).hardlink_to(path)
        intake = collect(inbox)
    return intake, [open_sent(Sent(number, item), province()) for number, item in enumerate(intake.items)]


def judged(name: str, intake: Intake, openings: list[Opening], later: list[Finding]) -> Judged:
    """Say what became of one file; `later` are the findings of the validation."""
    findings = [*intake.findings, *(f for o in openings for f in o.findings), *later]
    faults = _faults(openings, findings)
    if not findings and not any(o.opened for o in openings) and not intake.ignored:
        faults.append("passed over in silence")
    faults += _deeds
    _deeds.clear()
    said = sorted({f"{f.code}.{f.variant}" for f in findings} | ({IGNORED} if intake.ignored else set()))
    return Judged(name, any(o.opened is not None for o in openings), tuple(said), tuple(faults))


def validate_all(openings: Sequence[Opening]) -> list[Finding]:
    """Validate together what could be opened, in this process; what each file held is counted in its record."""
    findings: list[Finding] = []
    for data in validated([o for o in openings if o.opened is not None], province()):
        findings += data.findings
        for opening in openings:
            opening.record.counts = data.counts.get(opening.record.number, opening.record.counts)
    return findings


def judge(paths: Sequence[Path]) -> Iterator[Judged]:
    """Open files one by one, each within the time, and validate them together."""
    found: list[tuple[str, Intake, list[Opening]]] = []
    for path in paths:
        print(json.dumps({"open": path.name}), flush=True)
        _allow(SECONDS)
        found.append((path.name, *opened(path)))
    _allow(SECONDS * len(paths))
    openings = [opening for _name, _intake, some in found for opening in some]
    for number, opening in enumerate(openings):  # alone each had number 0
        opening.record.number = number
        if opening.opened is not None:
            opening.opened = replace(opening.opened, number=number)
    later_findings = validate_all(openings)
    _allow(0)
    by_file: dict[str, list[Finding]] = {}
    for finding in later_findings:
        by_file.setdefault(finding.file, []).append(finding)
    for name, intake, some in found:
        later = [f for opening in some for f in by_file.get(opening.record.path, [])]
        yield judged(name, intake, some, later)


def main() -> None:
    """Judge every file of the folder named."""
    province()
    paths = sorted(Path(sys.argv[1]).iterdir())
    limit_memory()
    sys.addaudithook(_watch)
    for start in range(0, len(paths), TOGETHER):
        for one in judge(paths[start : start + TOGETHER]):
            print(json.dumps(asdict(one)), flush=True)


if __name__ == "__main__":
    main()
