"""The inbox while it is filled: files with their times, and the answer key that grows along."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from pipeline.sample.case import Case, Pages
from pipeline.sample.oddities import Draft, Slip, pack
from pipeline.sample.unit_file import pages_of, times_of, write_unit
from schemas.vocabularies import Lists

INBOX, LOG, KEY = "hop-thu", "so-nhan.csv", "dap-an.csv"
LOG_COLUMNS = ("tep", "gui_luc", "nhan_luc")
KEY_COLUMNS = ("tep", "trang_tinh", "o", "ma", "ghi_chu")
_MOMENT = "%d/%m/%Y %H:%M"


def unit_path(code: str, suffix: str = "") -> str:
    """Where a unit's file lies below the inbox, as `P7/TDKT-01_P7.xlsx`."""
    return f"{code}/TDKT-01_{code}{suffix}.xlsx"


def csv_text(columns: tuple[str, ...], rows: Iterable[Iterable[str]]) -> bytes:
    """Write a table as the product writes them: UTF-8 with a mark, one heading row."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


@dataclass
class Inbox:
    """`hop-thu/` of one province folder."""

    folder: Path  #: the province folder
    lists: Lists
    cases: Mapping[str, Case]
    seed: int
    sent: dict[str, dt.datetime] = field(default_factory=dict)  #: path below the inbox → when sent
    key: list[tuple[str, Slip]] = field(default_factory=list)
    _pages: dict[str, Pages] = field(default_factory=dict)

    def pages(self, code: str) -> Pages:
        """Return the clean pages of a unit, always the same ones; a caller that changes them copies first."""
        if code not in self._pages:
            self._pages[code] = pages_of(self.cases[code])
        return self._pages[code]

    def path(self, name: str) -> Path:
        """Absolute place of a file of the inbox, its folder made."""
        place = self.folder / INBOX / name
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def saved(self, code: str) -> dt.datetime:
        """When the unit's good file was saved."""
        return times_of(self.cases[code]).saved

    def write(self, name: str, code: str, pages: Pages | None = None, saved: dt.datetime | None = None) -> Path:
        """Write a unit's template at a path of the inbox without sending it yet."""
        place = self.path(name)
        case = self.cases[code]
        write_unit(place, case.unit, self.lists, pages or self.pages(code), saved or self.saved(code))
        return place

    def clean(self, code: str) -> None:
        """Send a unit's good file in time."""
        name = unit_path(code)
        self.write(name, code)
        self.send(name, times_of(self.cases[code]).sent)

    def draft(self, code: str, name: str = "", pages: Pages | None = None) -> Draft:
        """Write a unit's file and open it in the sender's program."""
        return Draft(self.write(name or unit_path(code), code, pages))

    def send(self, name: str, sent: dt.datetime, slips: Iterable[Slip] = ()) -> None:
        """Enter a file in the receipt log and its findings in the key."""
        self.sent[name] = sent
        self.expect(name, slips)

    def expect(self, name: str, slips: Iterable[Slip]) -> None:
        """Add findings to the key."""
        self.key.extend((name, slip) for slip in slips)

    def of_file(self, name: str, code: str, note: str) -> None:
        """Add a finding on a whole file to the key; an empty name is a unit that sent nothing."""
        self.expect(name, [Slip("", "", code, note)])

    def zip(self, name: str, members: Iterable[str], sent: dt.datetime) -> None:
        """Pack files of the inbox into one .zip and send it; they are then known by their path inside."""
        entries = {member: self.taken_out(member) for member in members}
        pack(self.path(name), entries, (sent.year, sent.month, sent.day, sent.hour, sent.minute, 0))
        self.send(name, sent)

    def taken_out(self, member: str) -> bytes:
        """Take a file out of the inbox to put it into a mail."""
        place = self.path(member)
        content = place.read_bytes()
        place.unlink()
        if not any(place.parent.iterdir()):
            place.parent.rmdir()
        return content

    def mail(self, name: str, content: bytes) -> None:
        """Lay a mail into the inbox; its own headers tell when it was sent, so the log does not."""
        self.path(name).write_bytes(content)

    def close(self) -> None:
        """Write the receipt log and the answer key, in order of path."""
        rng = random.Random(f"post|{self.seed}")
        log = []
        for name, sent in sorted(self.sent.items()):
            received = sent + dt.timedelta(minutes=rng.randint(1, 12))
            log.append((name, sent.strftime(_MOMENT), received.strftime(_MOMENT)))
        self.path(LOG).write_bytes(csv_text(LOG_COLUMNS, log))
        rows = sorted((name, s.sheet, s.cell, s.code, s.note) for name, s in self.key)
        (self.folder / KEY).write_bytes(csv_text(KEY_COLUMNS, rows))
