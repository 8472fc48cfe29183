"""A mail server's name as the office writes it, and how it is spoken to."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum

from pipeline.refusals import CannotRun

IMAPS_PORT, IMAP_PORT = 993, 143
_WRITTEN = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.%]+)\]|(?P<host>[^\s:/\[\]]+))(?::(?P<port>\d{1,5}))?")
_LAST_PORT = 65_535


class Security(StrEnum):
    """How the connection is protected."""

    TLS = "TLS"  #: from the first byte
    STARTTLS = "STARTTLS"  #: after a greeting in the clear, before the password
    NONE = "không mã hóa"  #: to this machine alone


@dataclass(frozen=True, slots=True)
class Server:
    """One mail server."""

    host: str
    port: int
    security: Security


def server_of(text: str, *, starttls: bool = False, plain: bool = False) -> Server:
    """Read `host`, `host:port` or `[IPv6]:port`; without a port it is 993, port 143 means STARTTLS.

    Args:
        text: as typed in KY_XET or on the command line.
        starttls: speak STARTTLS on whatever port.
        plain: do not encrypt; only to this machine.

    Raises:
        CannotRun: it is no server's name, or it is to be spoken to in the clear over a network.
    """
    found = _WRITTEN.fullmatch(text.strip())
    port = int((found and found["port"]) or IMAPS_PORT)
    if not found or not 0 < port <= _LAST_PORT:
        raise CannotRun(f"«{text}» không phải tên máy chủ. Ghi như imap.vks-mau.example hoặc imap.vks-mau.example:993.")
    host = found["v6"] or found["host"]
    if plain:
        if not _is_loopback(host):
            raise CannotRun("Không nhận thư qua kết nối không mã hóa; lựa chọn này chỉ dùng để thử trên chính máy này.")
        return Server(host, port, Security.NONE)
    return Server(host, port, Security.STARTTLS if starttls or port == IMAP_PORT else Security.TLS)


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
