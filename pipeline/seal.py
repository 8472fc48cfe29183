"""The seal of an issued template: an HMAC that only this province can make, over for whom and what it was issued.

Contract: `sealed(identity, contents, secret)` gives the identity that a template carries; every writer of templates
(issuing, replies) calls it and hands the result to `write_book`. `judge(identity, units, secret)` tells on return
whether the identity is still the one that was issued. The seal asks, it never decides: a file counts for the unit
that it names. Without a secret everything works and is said to be unverified.

The secret lies in the province folder, readable by its owner alone, and is never printed, recorded or logged; its
`fingerprint` may be.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from pipeline.refusals import CannotRun, reason_of
from schemas.columns import Identity

SECRET_FILE = ".khoa-bi-mat"
_GIT_IGNORE = ".gitignore"
_SECRET_BYTES = 32
_OWNER_ONLY = 0o600
#: Hex digits of a fingerprint and of a number of issue: enough to tell a few apart, too few to tell anything else.
_SHORT = 8
#: What the HMAC is for, so that the secret can never be made to sign anything else.
_PURPOSE = "tdkt mau 1"


class Authenticity(StrEnum):
    """What the seal of a file says of its identity; printed as it stands."""

    VERIFIED = "đã xác thực"
    OTHER_UNIT = "dấu của đơn vị khác"
    EDITED = "dấu không khớp"
    OTHER_KEY = "dấu làm bằng khóa khác"
    UNSEALED = "không có dấu"
    NO_SECRET = "chưa xác thực được"  #: the province folder has no secret


@dataclass(frozen=True, slots=True)
class Secret:
    """The province's secret; its bytes do not appear when it is printed."""

    key: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Eight hex digits that tell this secret from another and do not lead back to it."""
        return hashlib.sha256(b"tdkt van tay|" + self.key).hexdigest()[:_SHORT]

    def seal_of(self, identity: Identity) -> str:
        """Return `fingerprint-hmac` over unit, period, form, version and number of issue."""
        parts = [_PURPOSE, identity.unit, identity.period, identity.form, identity.version, identity.number]
        message = json.dumps(parts, ensure_ascii=True).encode()
        return f"{self.fingerprint}-{hmac.new(self.key, message, hashlib.sha256).hexdigest()}"

    def matches(self, identity: Identity) -> bool:
        """Whether the seal that an identity carries is the one this secret makes; in constant time."""
        return hmac.compare_digest(self.seal_of(identity).encode(), identity.seal.encode())


def sealed(
    identity: Identity, contents: Mapping[str, Sequence[Mapping[str, object]]], secret: Secret | None
) -> Identity:
    """Return the identity with its number of issue and, where the province has a secret, its seal.

    The number is made of the identity and the cells that the template is issued with: issued again with the same
    cells it is the same, with others (a roster mended, a reply) it is another.
    """
    numbered = replace(identity, number=_number(identity, contents))
    return replace(numbered, seal=secret.seal_of(numbered)) if secret else numbered


def _number(identity: Identity, contents: Mapping[str, Sequence[Mapping[str, object]]]) -> str:
    cells = {code: [dict(row) for row in rows] for code, rows in contents.items()}
    parts = [identity.unit, identity.period, identity.form, identity.version, cells]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=_day_text).encode()).hexdigest()[:_SHORT].upper()


def _day_text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def judge(identity: Identity, units: Iterable[str], secret: Secret | None) -> tuple[Authenticity, str]:
    """Tell whether an identity is the one that was issued, and for a seal of another unit whose it is.

    Args:
        identity: as read from the file.
        units: all units of the province, closed ones too.
        secret: None where the province folder has none.
    """
    if secret is None:
        return Authenticity.NO_SECRET, ""
    if not identity.seal:
        return Authenticity.UNSEALED, ""
    if secret.matches(identity):
        return Authenticity.VERIFIED, ""
    if not identity.seal.startswith(f"{secret.fingerprint}-"):
        return Authenticity.OTHER_KEY, ""
    owner = next((unit for unit in units if secret.matches(replace(identity, unit=unit))), "")
    return (Authenticity.OTHER_UNIT, owner) if owner else (Authenticity.EDITED, "")


# --- the secret's file --------------------------------------------------------------------------------------


def read_secret(folder: Path) -> Secret | None:
    """Return the secret of a province folder; None when it has none.

    Raises:
        CannotRun: the file is there but cannot be read, or holds no secret.
    """
    place = folder / SECRET_FILE
    try:
        text = place.read_bytes().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotRun(f"Không đọc được khóa của tỉnh ({SECRET_FILE}): {reason_of(error)}.") from None
    with contextlib.suppress(ValueError):
        key = bytes.fromhex(text.decode("ascii"))
        if len(key) == _SECRET_BYTES:
            return Secret(key)
    raise CannotRun(
        f"Khóa của tỉnh ({SECRET_FILE}) hỏng. Lấy lại từ bản sao lưu; nếu không còn, xóa tệp này: các mẫu đã cấp vẫn"
        " được nhận nhưng sẽ báo là dấu làm bằng khóa khác."
    )


def ensure_secret(folder: Path) -> Secret:
    """Return the secret of a province folder, made now if there is none; of two that make it at once one wins.

    Raises:
        CannotRun: it can be neither read nor written.
    """
    place = folder / SECRET_FILE
    try:
        if not place.exists():
            keep_from_git(folder)
            _make(place)
        elif os.name == "posix" and place.stat().st_mode & 0o077:
            place.chmod(_OWNER_ONLY)  # a copy of the folder may have opened it to others
    except OSError as error:
        raise CannotRun(f"Không ghi được khóa của tỉnh ({SECRET_FILE}): {reason_of(error)}.") from None
    secret = read_secret(folder)
    assert secret is not None  # made above, and nothing of ours removes it
    return secret


def keep_from_git(folder: Path) -> list[Path]:
    """Name the secret in the folder's `.gitignore` before it exists; one that is there already is the office's own."""
    place = folder / _GIT_IGNORE
    if place.exists():
        return []
    place.write_bytes(f"# Khóa của tỉnh không bao giờ được đưa vào git.\n{SECRET_FILE}\n".encode())
    return [place]


def _make(place: Path) -> None:
    """Write a new secret whole beside its place, then give it its name unless another has it by now."""
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".tdkt-")  # mode 600 from the start
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(_SECRET_BYTES).encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            _take_name(Path(name), place)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()


def _take_name(made: Path, place: Path) -> None:
    """Give a file its name only if no file has it.

    Raises:
        FileExistsError: another was quicker.
    """
    try:
        os.link(made, place)
    except FileExistsError:
        raise
    except OSError:  # a file system without links (FAT, some network drives): create exclusively, then fill
        with os.fdopen(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY), "wb") as file:
            file.write(made.read_bytes())
