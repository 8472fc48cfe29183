"""When a file was saved or sent, in Vietnam's time without a zone."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime, timedelta, timezone
from io import BytesIO

VIETNAM = timezone(timedelta(hours=7))
#: Where a workbook keeps the time of its last saving.
_PLACES = (
    ("docProps/core.xml", re.compile(rb"<(?:\w+:)?modified\b[^>]*>\s*([^<\s]+)\s*<")),
    ("meta.xml", re.compile(rb"<dc:date>\s*([^<\s]+)\s*<")),
)
_MOST_METADATA = 1_000_000  # bytes; real ones have 1,000
_DOS_EPOCH = 1980  # what a zip says when it was told no time


def local_time(moment: datetime) -> datetime:
    """Drop the zone after turning to Vietnam's time; a time without a zone is taken as it is."""
    return moment.astimezone(VIETNAM).replace(tzinfo=None) if moment.tzinfo else moment


def disk_time(seconds: float) -> datetime | None:
    """Return a file's time on disk to the second; None when it cannot be a date."""
    try:
        return datetime.fromtimestamp(int(seconds), VIETNAM).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return None


def entry_time(info: zipfile.ZipInfo) -> datetime | None:
    """Return the time of a zip entry (local already); None when it was never set or is no date."""
    try:
        moment = datetime(*info.date_time)
    except ValueError:
        return None
    return None if moment.year == _DOS_EPOCH and (moment.month, moment.day) == (1, 1) else moment


def saved_at(content: bytes) -> datetime | None:
    """Return when a workbook says it was last saved; None for any other bytes."""
    if not content.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = {name.lower(): name for name in package.namelist()}
            for place, pattern in _PLACES:
                name = names.get(place.lower())
                if name and package.getinfo(name).file_size <= _MOST_METADATA:
                    found = pattern.search(package.read(name))
                    if found:
                        return local_time(datetime.fromisoformat(found[1].decode())).replace(microsecond=0)
    except Exception:  # of hostile bytes nothing better can be known than that they give no time
        return None
    return None
