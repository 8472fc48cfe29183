"""The walk through the inbox folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.findings import Finding, sort_key
from pipeline.intake.archive import Budget
from pipeline.intake.collected import RECORD, receipt_times
from pipeline.intake.contents import Arrival, Opened, is_clutter, open_content
from pipeline.intake.mail_stores import DELIVERED, UNFINISHED, beside_mail, delivered_at, is_maildir, mail_name
from pipeline.intake.receipts import LOG, read_log
from pipeline.intake.records import ORDINARY, Intake, Limits, megabytes
from pipeline.intake.times import disk_time


@dataclass(frozen=True, slots=True)
class _Walk:
    """The inbox, and what was met in it so far."""

    inbox: Path
    found: Opened
    came: Mapping[str, datetime]  #: when collected mails came, by path


def collect(inbox: Path, limits: Limits = ORDINARY) -> Intake:
    """Return everything in the inbox, sorted by path; never raises.

    An inbox that is not there gives one V-11 broken finding without items.
    """
    found = Opened(limits)
    log = inbox / LOG
    if log.is_file():
        content = _read(log)
        if content is None:
            found.refuse("V-11", "broken", LOG)
        else:
            found.receipts = read_log(content)
            found.ignored.add(LOG)
    _folder(_Walk(inbox, found, _came(inbox, found)), inbox, "")
    met = {f.file for f in found.findings} | {i.rstrip("/") for i in found.ignored} | found.folders
    findings = [*found.findings, *found.receipts.findings, *found.receipts.extra(met)]
    return Intake(
        tuple(sorted(found.items, key=lambda item: item.path)),
        tuple(sorted(findings, key=sort_key)),
        tuple(sorted(found.ignored)),
    )


def _came(inbox: Path, found: Opened) -> Mapping[str, datetime]:
    """Receipt times of the mails that `tdkt collect` took; a record that cannot be read is said."""
    try:
        return receipt_times(inbox)
    except OSError:
        found.refuse("V-11", "broken", RECORD)
        return {}


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _printable(name: str) -> str:
    """Return a name on disk that can be written as UTF-8; bytes that are no text become �."""
    return os.fsencode(name).decode("utf-8", "replace")


def _folder(walk: _Walk, folder: Path, below: str, mails: bool = False) -> None:
    """Go through one folder; `below` is its path below the inbox, empty or ending with `/`.

    `mails` says that each file is a mail of a Maildir.
    """
    found = walk.found
    try:
        children = sorted(folder.iterdir())
        maildir = is_maildir(folder)
    except OSError:
        found.refuse("V-11", "broken", below.rstrip("/") or _printable(folder.name))
        return
    for child in children:
        path = below + _printable(child.name)
        try:
            mode = child.lstat()
            if path in found.ignored or (path == LOG and stat.S_ISREG(mode.st_mode)):
                continue
            if is_clutter(child.name) or (maildir and _server_keeps(child.name)):
                found.ignored.add(path + "/" * stat.S_ISDIR(mode.st_mode))
            elif stat.S_ISLNK(mode.st_mode):
                _link(walk, child, path)
            elif stat.S_ISDIR(mode.st_mode):
                found.folders.add(path)
                _folder(walk, child, path + "/", mails=maildir and child.name in DELIVERED)
            elif stat.S_ISREG(mode.st_mode):
                if mails:
                    _file(walk, child, below + mail_name(_printable(child.name)), mode, delivered_at(child.name))
                else:
                    _file(walk, child, path, mode, walk.came.get(path))
            else:
                found.refuse("V-11", "broken", path)  # a pipe, a device
        except (OSError, RecursionError):
            found.refuse("V-11", "broken", path)


def _server_keeps(name: str) -> bool:
    return name == UNFINISHED or beside_mail(name)


def _link(walk: _Walk, link: Path, path: str) -> None:
    """A link within the inbox leads to what is met anyway; one that leads out is not followed."""
    if link.exists() and link.resolve().is_relative_to(walk.inbox.resolve()):
        walk.found.ignored.add(path)
    else:
        walk.found.refuse("V-11", "broken", path)


def _file(walk: _Walk, file: Path, path: str, status: os.stat_result, delivered: datetime | None = None) -> None:
    """Open one file; `delivered` is when a Maildir or the record of collected mail says that it came."""
    limits = walk.found.limits
    if status.st_size > limits.file_bytes:
        params = {"co": megabytes(status.st_size), "gioi_han": megabytes(limits.file_bytes)}
        walk.found.findings.append(Finding("V-14", "too_large", file=path, params=params))
        return
    content = _read(file)
    if content is None:
        walk.found.refuse("V-11", "broken", path)
        return
    open_content(walk.found, content, path, Arrival(disk_time(status.st_mtime), Budget(), delivered=delivered))
