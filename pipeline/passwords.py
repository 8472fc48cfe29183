"""Passwords of the mailbox: from the environment or the system's keyring, never from a file or the command line."""

from __future__ import annotations

import os
from collections.abc import Callable

from pipeline.refusals import CannotRun

#: The environment variable that holds the password of the office's mailbox.
VARIABLE = "TDKT_MAIL_PASSWORD"


def find_password(server: str, account: str) -> str:
    """Return the password of an account, from the environment, else from the system's keyring.

    Args:
        server: host name, under which the keyring keeps it as `tdkt:HOST`.
        account: the name that logs in.

    Raises:
        CannotRun: neither holds one.
    """
    found = os.environ.get(VARIABLE) or _kept(server, account)
    if not found:
        raise CannotRun(
            f"Chưa có mật khẩu của tài khoản «{account}» tại «{server}». Đặt biến môi trường {VARIABLE}, hoặc lưu vào"
            f" kho mật khẩu của máy: keyring set tdkt:{server} {account}."
        )
    return found


def _kept(server: str, account: str) -> str | None:
    """Ask the keyring; None when it holds none, or when there is no keyring on this machine."""
    try:
        import keyring  # noqa: PLC0415  (an extra: without it the environment alone is asked)
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return None
    ask: Callable[[str, str], str | None] = keyring.get_password
    try:
        return ask(f"tdkt:{server}", account)
    except KeyringError:
        return None
