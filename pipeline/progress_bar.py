"""What a terminal shows while somebody waits."""

from __future__ import annotations

import contextlib
import sys
from typing import Any, Self

import click


class Bar:
    """One click progress bar a step, on the terminal's error stream."""

    def __init__(self) -> None:
        """Start without a step; used as a context."""
        self._step = ""
        self._open = contextlib.ExitStack()
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if self._bar and error is None:
            self._bar.update(self._bar.length - self._bar.pos)
        self._open.close()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how far a step is; a new step begins a new bar."""
        if step != self._step:
            if self._bar:
                self._bar.update(self._bar.length - self._bar.pos)
            self._open.close()
            self._step = step
            self._bar = self._open.enter_context(click.progressbar(length=total, label=step, file=sys.stderr))
        self._bar.length = total
        self._bar.update(done - self._bar.pos)
