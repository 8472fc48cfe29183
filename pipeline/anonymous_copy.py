"""A copy of a province folder that may be shown: who and where are codes, days are years, free text is gone.

Contract: `make_copy(folder, target)` reads the province as a run does and writes another province folder, marked
«BẢN ẨN DANH» wherever the product marks pages; a run on that folder gives outputs that may be shown too. Kept are
choices from lists, numbers and years, and which rows speak of the same person, unit or nomination. Cells that a run
refuses, files that do not count, receipt times, waivers, parameters and the office's own templates are left out.

A code tells nothing of the name behind it: codes are numbered in the order of a hash of all inputs together with the
name, so that only somebody who holds the whole original could find them again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from pipeline import outputs
from pipeline.batches import read_all
from pipeline.intake import collect
from pipeline.province import CONFIGURATION_FILE, HISTORY_FILE, INBOX, Period, Province, load_province
from pipeline.refusals import CannotRun
from pipeline.submissions import Outcome
from pipeline.template import Cell, Contents, write_book
from pipeline.versions import choose
from schemas.columns import BookSpec, Column, Identity, Kind, Sheet
from schemas.frames import FILE
from schemas.province import CONFIGURATION, HISTORY
from schemas.province.defaults import TITLES
from schemas.rules import register
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import MARKS, VOCABULARIES, Lists

MARK = MARKS["AN_DANH"]
NOTE = "BAN-AN-DANH.txt"
#: What stands where a text was that must not be blank.
DROPPED = "(đã bỏ)"
#: Sheets that are nothing but reasons, documents and names.
_LEFT_OUT = ("THAM_SO", "MIEN_AP_DUNG", "DIEM_TRU", "DIEU_KIEN_LOAI")
#: Codes that the rules themselves know; they are public.
_PUBLIC = frozenset(str(row["ma"]) for row in TITLES)
#: Lists whose entries are rows of the province's own catalogues: list → (sheet, field of the code).
_CATALOGUES = {
    "DON_VI": ("DON_VI", "ma_don_vi"), "PHONG_TRAO": ("PHONG_TRAO", "ma"), "TIEU_CHI": ("BANG_DIEM", "ma"),
    "DANH_HIEU": ("DANH_HIEU", "ma"), "HINH_THUC": ("DANH_HIEU", "ma"),
}  # fmt: skip
#: Fields that hold the code of a unit; of a person; of either.
_UNITS = ("ma_don_vi", "don_vi", "don_vi_luc_do", "ke_thua")
_PEOPLE = ("ma_cc", "ma_nguoi_dung_dau", "tac_gia", "nguoi_phu_trach")
_SUBJECTS = ("ma_doi_tuong",)
#: Fields that hold the name of who or what the code in another field of the row means.
_NAMES = {"ho_ten": "ma_cc", "ten_doi_tuong": "ma_doi_tuong", "ten_don_vi": "ma_don_vi"}
#: Dates that tell of no person: the period is public.
_PERIOD = ("tu_ngay", "den_ngay", "ket_thuc_mua")
_OUTSIDE = "Ngoài:"


@dataclass(slots=True)
class Codes:
    """Codes of one kind of thing: `N0001` for people."""

    prefix: str
    word: str  #: what such a thing is called
    salt: str
    known: dict[str, str] = field(default_factory=dict)

    def learn(self, names: Iterable[str]) -> None:
        """Give every name its code; in the order of a hash that nobody can compute without all inputs."""
        order = sorted(set(names), key=lambda n: hashlib.sha256(f"{self.salt}\0{self.prefix}\0{n}".encode()).digest())
        self.known = {name: f"{self.prefix}{number:04}" for number, name in enumerate(order, 1)}

    def called(self, name: str) -> str:
        """Name to print for a thing."""
        return f"{self.word} {self.known[name]}" if name in self.known else DROPPED


@dataclass(slots=True)
class Secrets:
    """Everything that gets a code: units, people, and other codes by the sheet whose key they are."""

    units: Codes
    people: Codes
    keys: dict[tuple[str, str], Codes]  #: (sheet, field of the key)

    def of(self, name: str) -> str:
        """Code of a unit or person."""
        return self.units.known.get(name) or self.people.known.get(name) or DROPPED


Frames = Mapping[str, pd.DataFrame]


def make_copy(folder: Path, target: Path) -> list[Path]:
    """Write the copy; returns what was written.

    Raises:
        CannotRun: the province cannot be read, or the target is not new or empty, or lies in the province.
    """
    if target.resolve().is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(target.resolve()):
        raise CannotRun("Bản ẩn danh phải nằm ngoài thư mục tỉnh. Chọn thư mục khác bằng -o.")
    if target.exists() and any(target.iterdir()):
        raise CannotRun(
            f"Thư mục «{target}» đã có tệp. Chọn thư mục mới bằng -o, để bản ẩn danh không lẫn với bản thật."
        )
    province = load_province(folder)
    units, salt = _units(province, folder)
    secrets = _secrets(province, units, salt)
    outputs.prepare(target / INBOX)
    written = [target / NOTE, target / CONFIGURATION_FILE]
    outputs.write_whole(written[0], lambda file: _put(file, _note().encode("utf-8-sig")))
    own = Identity("", "", str(province.period.year), CONFIGURATION.code, CONFIGURATION.version)
    contents = _contents(CONFIGURATION, province.configuration.frames, secrets, province, "")
    created = dt.datetime(province.period.year, 1, 1)

    def put(path: Path, spec: BookSpec, lists: Lists, identity: Identity, rows: Contents) -> None:
        write = partial(
            write_book, spec=spec, lists=lists, identity=identity, contents=rows, created=created, mark=MARK
        )
        outputs.write_whole(path, write)

    put(written[1], CONFIGURATION, Lists.of(), own, contents)
    if province.history:
        own = Identity("", "", str(province.period.year), HISTORY.code, HISTORY.version)
        written.append(target / HISTORY_FILE)
        put(written[-1], HISTORY, Lists.of(), own, _contents(HISTORY, province.history.frames, secrets, province, ""))
    copy = load_province(target)
    for unit, frames in sorted(units.items(), key=lambda item: secrets.units.known[item[0]]):
        code = secrets.units.known[unit]
        written.append(target / INBOX / f"{code}.xlsx")
        rows = _contents(UNIT_TEMPLATE, frames, secrets, province, unit)
        put(written[-1], UNIT_TEMPLATE, copy.lists, copy.identity(code, UNIT_TEMPLATE), rows)
    return written


def _put(file: BinaryIO, content: bytes) -> None:
    file.write(content)


def _note() -> str:
    return (
        f"{MARK}\n\n"
        "Thư mục này là bản chép của một tỉnh, đã bỏ tên người, tên đơn vị, ngày tháng và mọi phần viết tự do.\n"
        "Vì đã bỏ những phần ấy, phát hiện khi chạy trên bản này nhiều hơn và khác với bản thật.\n"
        "Dùng để trình bày, tập huấn; không dùng để xét. Không chép tệp của bản thật vào đây.\n"
    )


def _units(province: Province, folder: Path) -> tuple[Mapping[str, Frames], str]:
    """Frames of the file that counts, by unit; and what makes the codes unguessable."""
    inbox = folder / INBOX
    reading = read_all(collect(inbox).items if inbox.is_dir() else (), province)
    choose(reading.openings)
    counted = {o.record.unit: o.record for o in reading.openings if o.record.outcome is Outcome.COUNTED}
    salt = "".join([province.configuration.sha256, *(record.sha256 for record in counted.values())])
    frames: dict[str, Frames] = {
        unit: {code: frame[frame[FILE] == record.number] for code, frame in reading.data.frames.items()}
        for unit, record in counted.items()
    }
    return frames, salt


def _secrets(province: Province, units: Mapping[str, Frames], salt: str) -> Secrets:
    """Collect every code of a person and unit, and the keys of every sheet, each with a new code."""
    own = [province.configuration.frames, *([province.history.frames] if province.history else [])]
    everything = [*own, *units.values()]
    codes = Codes("DV", "Đơn vị", salt)
    codes.learn(str(code) for code in province.units.index)
    people = Codes("N", "Người", salt)
    named = [_values(frames, fields=(*_PEOPLE, *_SUBJECTS)) for frames in everything]
    people.learn(
        name for values in named for value in values for name in _pieces(value)
        if name not in codes.known and not name.startswith(_OUTSIDE)
    )  # fmt: skip
    keys: dict[tuple[str, str], Codes] = {}
    for spec in (CONFIGURATION, HISTORY, UNIT_TEMPLATE):
        for sheet in spec.sheets:
            name = sheet.key[0] if sheet.key else ""
            reference = bool(name) and bool(sheet.by_name[name].refers_to)
            if name.startswith("ma") and not reference and name not in (*_UNITS, *_PEOPLE, *_SUBJECTS):
                keys[sheet.code, name] = Codes(sheet.code[:2], sheet.title, salt)
                keys[sheet.code, name].learn(v for frames in everything for v in _values(frames, (name,), sheet.code))
    return Secrets(codes, people, keys)


def _values(frames: Frames, fields: Sequence[str], only: str = "") -> list[str]:
    """Texts that stand in some fields of all sheets, or of one."""
    return [
        str(value)
        for code, frame in frames.items()
        if only in ("", code)
        for name in fields
        if name in frame.columns
        for value in frame[name].dropna().unique()
    ]


def _pieces(value: str) -> list[str]:
    return [piece.strip() for piece in value.split(";") if piece.strip()]


def _contents(spec: BookSpec, frames: Frames, secrets: Secrets, province: Province, unit: str) -> Contents:
    """Rows of a workbook, every cell of them safe."""
    rows: dict[str, list[dict[str, Cell]]] = {}
    for sheet in spec.sheets:
        frame = frames.get(sheet.code)
        if frame is None or frame.empty or sheet.code in _LEFT_OUT:
            continue
        columns = [column for column in sheet if column.name in frame.columns]
        table = frame[[column.name for column in columns]].astype(object)
        rows[sheet.code] = [
            _row(sheet, columns, values, secrets, province) for values in table.itertuples(index=False, name=None)
        ]
    if unit:
        for row in rows.get("DON_VI", ()):
            code = secrets.units.known[unit]
            row.update(ma_don_vi=code, ten_don_vi=secrets.units.called(unit), ky_xet=str(province.period.year))
    return rows


def _row(
    sheet: Sheet, columns: Sequence[Column], values: Sequence[Any], secrets: Secrets, province: Province
) -> dict[str, Cell]:
    given = {c.name: v for c, v in zip(columns, values, strict=True) if not pd.isna(v)}
    safe: dict[str, Cell] = {}
    for column in columns:
        if column.name in given:
            cell = _cell(sheet, column, given, secrets, province)
            if cell is not None:
                safe[column.name] = cell
    return safe


def _cell(sheet: Sheet, column: Column, given: Mapping[str, Any], secrets: Secrets, province: Province) -> Cell:
    """Return what may be shown of a cell; None when nothing may."""
    value = given[column.name]
    if column.kind.numeric:
        return float(value) if column.kind is not Kind.INTEGER else int(value)
    if column.kind.temporal:
        return _date(sheet, column, value, province.period)
    if column.kind in (Kind.CHOICE, Kind.CHOICES):
        return _choice(column, str(value), secrets, province)
    special = _OFFICE.get((sheet.code, column.name))
    if special:
        return special(province)
    return _text(sheet, column, given, secrets)


def _date(sheet: Sheet, column: Column, value: Any, period: Period) -> Cell:
    """Return the first day of the year, or of the period where that began later than the year of a day inside it.

    A deadline becomes the last moment of its year, so that nobody is late by it.
    """
    day: dt.datetime = value.to_pydatetime()
    if sheet.code == "KY_XET" and column.name in _PERIOD:
        return day.date()
    if column.kind is Kind.MOMENT:
        return dt.datetime(day.year, 12, 31, 23, 59)
    first = dt.date(day.year, 1, 1)
    return period.first if first < period.first <= day.date() else first


def _choice(column: Column, value: str, secrets: Secrets, province: Province) -> Cell:
    name = column.vocabulary or ""
    if column.name == "la_du_lieu_gia":
        return next(e.label for e in VOCABULARIES[name] if e.code == "AN_DANH")
    if name in VOCABULARIES:
        labels = province.lists.labels[name]
        return "; ".join(labels[code] for code in _pieces(value) if code in labels) or None
    if name == "DON_VI":
        return f"{secrets.units.known[value]} – {secrets.units.called(value)}" if value in secrets.units.known else None
    sheet, key = _CATALOGUES.get(name, ("", ""))
    if sheet == "DANH_HIEU":
        return _title(value, secrets)
    codes = secrets.keys.get((sheet, key))
    return f"{codes.known[value]} – {codes.called(value)}" if codes and value in codes.known else None


def _title(code: str, secrets: Secrets) -> str:
    """Return the public name of a title, or what stands for one that only this province knows."""
    public = next((str(row["ten"]) for row in TITLES if row["ma"] == code), None)
    return public or secrets.keys["DANH_HIEU", "ma"].called(code)


def _text(sheet: Sheet, column: Column, given: Mapping[str, Any], secrets: Secrets) -> Cell:
    value = str(given[column.name])
    name = column.name
    blank = DROPPED if column.required or column.required_when else None
    if sheet.code == "DANH_HIEU" and name in ("ma", "ten"):
        code = str(given.get("ma", ""))
        if name == "ten":
            return _title(code, secrets)
        return code if code in _PUBLIC else secrets.keys["DANH_HIEU", "ma"].known.get(code)
    own = secrets.keys.get((sheet.code, "ma"))
    if own and name == "ten":
        return own.called(str(given.get("ma", "")))
    if name in _UNITS:
        return secrets.units.known.get(value)
    if name in (*_PEOPLE, *_SUBJECTS):
        return "; ".join(_person(piece, secrets) for piece in _pieces(value))
    if name in _NAMES:
        who = str(given.get(_NAMES[name], ""))
        return f"{'Đơn vị' if who in secrets.units.known else 'Người'} {secrets.of(who)}" if who else blank
    if name == "khoi":
        return f"Khối {hashlib.sha256((secrets.units.salt + value).encode()).hexdigest()[:4].upper()}"
    target = column.refers_to or next(iter(column.refers_to_any), None)
    places = [(sheet.code, name), *(column.refers_to_any or ([target] if target else []))]
    found = [
        codes.known[piece]
        for piece in _pieces(value)
        for codes in filter(None, map(secrets.keys.get, places))
        if piece in codes.known
    ]
    if found:
        return "; ".join(dict.fromkeys(found))
    if name == "ma_dn":
        return secrets.keys["DE_NGHI", "ma_dn"].known.get(value, blank)
    if name == "ma_phat_hien":
        return value if value in register() else blank
    return blank


def _person(piece: str, secrets: Secrets) -> str:
    return f"{_OUTSIDE} {DROPPED}" if piece.startswith(_OUTSIDE) else secrets.of(piece)


_OFFICE: Mapping[tuple[str, str], Callable[[Province], Cell]] = {
    ("KY_XET", "ky_xet"): lambda province: str(province.period.year),
    ("KY_XET", "ten_co_quan_cap_tren"): lambda _: MARK,
    ("KY_XET", "ten_co_quan"): lambda _: MARK,
    ("KY_XET", "dia_danh"): lambda _: DROPPED,
    ("KY_XET", "don_vi_thuong_truc"): lambda _: DROPPED,
}
