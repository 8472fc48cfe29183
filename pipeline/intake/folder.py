"""The walk through the inbox folder."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.findings import Finding, sort_key
from pipeline.intake.archive import Budget, Entry, entries, is_archive
from pipeline.intake.receipts import LOG, Receipts, read_log
from pipeline.intake.records import ORDINARY, Intake, Limits, Received, TimeSource, megabytes
from pipeline.intake.times import disk_time, saved_at
from pipeline.package.signature import archive_suffix

#: Left behind by operating systems and by open workbooks; no unit means to send them.
_CLUTTER = ("thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db")
_HIDDEN = (".", "~$")


@dataclass(slots=True)
class _Walk:
    """What was met so far."""

    inbox: Path
    limits: Limits
    receipts: Receipts = field(default_factory=Receipts)
    items: list[Received] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ignored: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)  #: archives count as folders
    taken: set[str] = field(default_factory=set)


def collect(inbox: Path, limits: Limits = ORDINARY) -> Intake:
    """Return everything in the inbox, sorted by path; never raises.

    An inbox that is not there gives one V-11 broken finding without items.
    """
    walk = _Walk(inbox, limits)
    log = inbox / LOG
    if log.is_file():
        content = _read(log)
        if content is None:
            walk.findings.append(Finding("V-11", "broken", file=LOG))
        else:
            walk.receipts = read_log(content)
            walk.ignored.add(LOG)
    _folder(walk, inbox, "")
    met = {f.file for f in walk.findings} | {i.rstrip("/") for i in walk.ignored} | walk.folders
    findings = [*walk.findings, *walk.receipts.findings, *walk.receipts.extra(met)]
    return Intake(
        tuple(sorted(walk.items, key=lambda item: item.path)),
        tuple(sorted(findings, key=sort_key)),
        tuple(sorted(walk.ignored)),
    )


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _printable(name: str) -> str:
    """Return a name on disk that can be written as UTF-8; bytes that are no text become �."""
    return os.fsencode(name).decode("utf-8", "replace")


def _clutter(name: str) -> bool:
    return name.startswith(_HIDDEN) or name.lower() in _CLUTTER


def _folder(walk: _Walk, folder: Path, below: str) -> None:
    """Go through one folder; `below` is its path below the inbox, empty or ending with `/`."""
    try:
        children = sorted(folder.iterdir())
    except OSError:
        walk.findings.append(Finding("V-11", "broken", file=below.rstrip("/") or _printable(folder.name)))
        return
    for child in children:
        path = below + _printable(child.name)
        try:
            mode = child.lstat()
            if path in walk.ignored or (path == LOG and stat.S_ISREG(mode.st_mode)):
                continue
            if _clutter(child.name):
                walk.ignored.add(path + "/" * stat.S_ISDIR(mode.st_mode))
            elif stat.S_ISLNK(mode.st_mode):
                _link(walk, child, path)
            elif stat.S_ISDIR(mode.st_mode):
                walk.folders.add(path)
                _folder(walk, child, path + "/")
            elif stat.S_ISREG(mode.st_mode):
                _file(walk, child, path, mode)
            else:
                walk.findings.append(Finding("V-11", "broken", file=path))  # a pipe, a device
        except (OSError, RecursionError):
            walk.findings.append(Finding("V-11", "broken", file=path))


def _link(walk: _Walk, link: Path, path: str) -> None:
    """A link within the inbox leads to what is met anyway; one that leads out is not followed."""
    if link.exists() and link.resolve().is_relative_to(walk.inbox.resolve()):
        walk.ignored.add(path)
    else:
        walk.findings.append(Finding("V-11", "broken", file=path))


def _file(walk: _Walk, file: Path, path: str, status: os.stat_result) -> None:
    if status.st_size > walk.limits.file_bytes:
        params = {"co": megabytes(status.st_size), "gioi_han": megabytes(walk.limits.file_bytes)}
        walk.findings.append(Finding("V-14", "too_large", file=path, params=params))
        return
    content = _read(file)
    if content is None:
        walk.findings.append(Finding("V-11", "broken", file=path))
        return
    _content(walk, content, path, None, disk_time(status.st_mtime), Budget(), 1)


def _content(
    walk: _Walk,
    content: bytes,
    path: str,
    entry: datetime | None,
    disk: datetime | None,
    budget: Budget,
    depth: int,
) -> None:
    """Take a file, or open it if it is an archive; `depth` is 1 for what lies on disk."""
    suffix = archive_suffix(content)
    if suffix:
        walk.findings.append(Finding("V-11", "archive", file=path, params={"duoi": suffix}))
    elif not is_archive(content):
        _item(walk, content, path, entry, disk)
    elif depth > walk.limits.depth:
        params = {"gioi_han": str(walk.limits.depth)}
        walk.findings.append(Finding("V-14", "nested", file=path, params=params))
    else:
        walk.folders.add(path)
        for found in entries(content, path, budget, walk.limits):
            if isinstance(found, Entry):
                _entry(walk, found, path, disk, budget, depth)
            else:
                walk.findings.append(found)


def _entry(walk: _Walk, entry: Entry, path: str, disk: datetime | None, budget: Budget, depth: int) -> None:
    parts = [part for part in entry.name.split("/") if part not in ("", ".")]
    for at, part in enumerate(parts):
        if _clutter(part):
            folder = "/" if at < len(parts) - 1 else ""
            walk.ignored.add("/".join([path, *parts[: at + 1]]) + folder)
            return
    _content(walk, entry.content, "/".join([path, *parts]), entry.time, disk, budget, depth + 1)


def _item(walk: _Walk, content: bytes, path: str, entry: datetime | None, disk: datetime | None) -> None:
    number, unique = 1, path
    while unique in walk.taken:  # a zip may hold one name twice, and neither may be lost
        number += 1
        unique = f"{path} ({number})"
    walk.taken.add(unique)
    saved = saved_at(content)
    receipt = walk.receipts.find(path)
    received = None
    if receipt:
        sent, received, source = receipt.sent_at, receipt.received_at, TimeSource.LOG
    elif entry:
        sent, source = entry, TimeSource.ARCHIVE
    elif saved:
        sent, source = saved, TimeSource.PACKAGE
    else:
        sent, source = disk, TimeSource.DISK
    digest = hashlib.sha256(content).hexdigest()
    walk.items.append(Received(unique, content, digest, sent, received, source, saved))
