"""Where the replies of a run stand below the output folder."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.vietnamese import plain_key
from schemas.sheets import UNIT_TEMPLATE

#: The folder of all replies, below the output.
FOLDER = "phan-hoi"
#: Folder of the reminders, below the folder of all replies.
REMINDERS = "thu"
#: What an earlier run wrote there, with hashes.
RECORD = "phan-hoi.json"
#: What was sent, where and when.
SENT = "da-gui.csv"
#: Names that Windows gives to devices.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def folder_names(units: Sequence[str]) -> dict[str, str]:
    """Name of each unit's folder: its code where a file system takes it as it is; each once whatever the case."""
    taken = {REMINDERS, *_DEVICES}
    found: dict[str, str] = {}
    for unit in sorted(units, key=lambda unit: (_PLAIN.fullmatch(unit) is None, unit)):
        plain = unit if _PLAIN.fullmatch(unit) else re.sub(r"[^a-z0-9]+", "_", plain_key(unit)).upper() or "X"
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain}_{number}"
        taken.add(name.casefold())
        found[unit] = name
    return found


def reply_name(folder: str, period: str) -> str:
    """Name of a reply below the folder of all replies."""
    return f"{folder}/{UNIT_TEMPLATE.code}_{_file_part(period)}_{folder}_tra-lai.xlsx"


def letter_name(folder: str) -> str:
    """Name of the draft that carries a reply."""
    return f"{folder}/{folder}.eml"


def reminder_name(folder: str) -> str:
    """Name of the draft that reminds a unit."""
    return f"{REMINDERS}/{folder}.eml"


def _file_part(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", text).strip("-") or "ky"
