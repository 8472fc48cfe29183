"""A headless LibreOffice for the tests: one for the session, with its own profile, set to Vietnamese.

`Office.run` takes a list of steps such as `{"do": "type", "sheet": "NHAN_SU", "cells": {"D5": "02/09/1985"}}`
and returns one answer a step; `uno_steps.py` says which steps there are. It runs in the Python that can
`import uno`, which is seldom the one that runs the tests. Office and tests meet at a pipe with a name of its
own, so several runs on one machine do not disturb each other.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import uuid
from functools import cache
from pathlib import Path
from typing import Any

STEPS = Path(__file__).with_name("uno_steps.py")
#: Seconds: for the office to answer after its start, for one list of steps, for it to end.
START, RUN, STOP = 120, 400, 10
_SETTINGS = {
    ("/org.openoffice.Setup/L10N", "ooSetupSystemLocale"): "vi-VN",
    ("/org.openoffice.Office.Linguistic/General", "DefaultLocale"): "vi-VN",
    ("/org.openoffice.Office.Common/Misc", "FirstRun"): "false",
}
_REGISTRY = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>"""
_ITEM = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'

Step = dict[str, Any]


@cache
def soffice() -> str | None:
    """The program, or None where LibreOffice is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


@cache
def uno_python() -> str | None:
    """A Python that can `import uno`, or None."""
    names = ["/usr/bin/python3", shutil.which("python3"), sys.executable]
    if program := soffice():
        home = Path(program).resolve().parent
        names = [str(path) for path in (home / "python", home / "python.exe") if path.exists()] + names
    for name in dict.fromkeys(filter(None, names)):
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run([name, "-c", "import uno"], check=True, capture_output=True, timeout=START)
            return name
    return None


def missing() -> str:
    """Why no office can be started here; empty when it can."""
    if soffice() is None:
        return "LibreOffice (soffice) is not installed"
    return "" if uno_python() else "no Python here can `import uno` (package python3-uno)"


class OfficeError(Exception):
    """The office did not do what it was asked to."""


class Office:
    """One running LibreOffice; started at the first `run`, and again when it has died."""

    def __init__(self, folder: Path) -> None:
        """Keep the profile and the log below `folder`."""
        self.profile, self.log = folder / "profile", folder / "soffice.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe = ""

    def run(self, steps: list[Step], seconds: float = RUN) -> list[Any]:
        """Carry out steps on one document, which is closed at the end; returns one answer a step.

        Raises:
            OfficeError: a step failed, or all took longer than `seconds`; the office is then stopped.
        """
        self._start()
        try:
            return self._ask(steps, seconds)
        except OfficeError:
            self._end()
            raise

    def _ask(self, steps: list[Step], seconds: float) -> list[Any]:
        command = [str(uno_python()), str(STEPS), self._pipe, str(START)]
        try:
            done = subprocess.run(
                command, input=json.dumps(steps).encode(), check=False, capture_output=True, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            raise OfficeError(f"LibreOffice took longer than {seconds} s") from None
        if done.returncode:
            log = self.log.read_text(errors="replace")
            raise OfficeError(f"{done.stderr.decode(errors='replace')}\n{log}")
        answers: list[Any] = json.loads(done.stdout)
        return answers

    def _start(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self._write_profile()
        self._pipe = f"tdkt{uuid.uuid4().hex}"
        command = [
            str(soffice()), f"-env:UserInstallation={self.profile.as_uri()}", "--headless", "--norestore",
            "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck",
            f"--accept=pipe,name={self._pipe};urp;",
        ]  # fmt: skip
        with self.log.open("ab") as log:
            # A group of its own, so that the launcher can be ended together with the program it launches.
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _write_profile(self) -> None:
        place = self.profile / "user" / "registrymodifications.xcu"
        if not place.exists():
            place.parent.mkdir(parents=True)
            items = "".join(
                _ITEM.format(path=path, name=name, value=value) for (path, name), value in _SETTINGS.items()
            )
            place.write_text(_REGISTRY.format(items=items), encoding="utf-8")

    def stop(self) -> None:
        """Ask the office to end; what is left of it is ended after that."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(OfficeError, ValueError):
                self._ask([{"do": "quit"}], STOP)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP)
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
            if process is None or process.poll() is not None:
                return
            _signal(process, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP)


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    """Signal the launcher and all that it launched: its own group, which `start_new_session` made."""
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
