"""The operator's errors: the command cannot run as asked. One Vietnamese sentence, exit code 2."""

import click


class CannotRun(click.ClickException):
    """Raised when nothing useful can be written: no such folder, no usable configuration, output not writable."""

    exit_code = 2
