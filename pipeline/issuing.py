"""Issuing forms: one template per unit, pre-filled from the province's own data; an empty province folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from pipeline.outputs import prepare, write_whole
from pipeline.province import CONFIGURATION_FILE, HISTORY_FILE, INBOX, Province
from pipeline.refusals import CannotRun
from pipeline.seal import ensure_secret, keep_from_git, sealed
from pipeline.template import Cell, Contents, Cover, Marks, write_book
from pipeline.vietnamese import name_sort_key
from schemas.columns import BookSpec, Column, Identity, Kind, Sheet
from schemas.province import CONFIGURATION, HISTORY
from schemas.province.defaults import MOVEMENTS, SCORE_TABLE, TITLES
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import Lists

#: Years of awards written into each template.
HISTORY_YEARS = 10
RECEIPT_LOG = "so-nhan.csv"
_EMPTY_LOG = "tep,gui_luc,nhan_luc\n"


def issue(province: Province, output: Path, units: Sequence[str] = ()) -> list[Path]:
    """Write one template per expected unit, or for the units named, sealed by the province's secret (made if missing).

    Raises:
        CannotRun: a unit is not known or closed, a folder cannot be written, or the secret cannot be made or used.
    """
    expected = list(province.expected().index)
    for unit in units:
        if unit not in expected:
            raise CannotRun(
                f"Không có đơn vị «{unit}» đang hoạt động trong kỳ {province.period.code}. Có: {', '.join(expected)}."
            )
    prepare(output)
    province = replace(province, secret=ensure_secret(province.folder))
    written = []
    for unit in units or expected:
        path = output / f"{UNIT_TEMPLATE.code}_{province.period.code}_{unit}.xlsx"
        write_whole(path, lambda file, unit=unit: write_template(file, province, unit))  # type: ignore[misc]
        written.append(path)
    return written


def write_template(file: Any, province: Province, unit: str) -> None:
    """Write the template of one unit: its identity, last year's staff, past awards."""
    write_form(file, province, unit, prefill(province, unit))


def write_form(
    file: Any,
    province: Province,
    unit: str,
    contents: Contents,
    marks: Marks = {},  # noqa: B006 - never written to
    cover: Cover | None = None,
) -> None:
    """Write the form of one unit as it is issued, with these rows; a reply adds marks and a page before the others."""
    deadline = province.units.at[unit, "han_nop"]
    write_book(
        file,
        UNIT_TEMPLATE,
        province.lists,
        sealed(province.identity(unit, UNIT_TEMPLATE), contents, province.secret),
        contents,
        created=dt.datetime.combine(province.period.first, dt.time()),
        deadline=None if pd.isna(deadline) else deadline.to_pydatetime(),
        submit_to=province.period.receiver,
        self_check=True,
        mark=province.period.mark,
        marks=marks,
        cover=cover,
    )


def prefill(province: Province, unit: str) -> Contents:
    """Rows that the province already knows of a unit."""
    contents: dict[str, Sequence[Mapping[str, Cell]]] = {"DON_VI": [own_fields(province, unit)]}
    if province.history is not None:
        staff = last_roster(province, unit)
        contents["NHAN_SU"] = _rows(staff, UNIT_TEMPLATE.by_code["NHAN_SU"], province.lists)
        awards = past_awards(province, unit, set(staff["ma_cc"].dropna()))
        contents["LICH_SU"] = _rows(awards, UNIT_TEMPLATE.by_code["LICH_SU"], province.lists)
    return contents


def predecessors(province: Province, unit: str) -> list[str]:
    """The unit and every unit that it succeeds, however many steps back."""
    found = [unit]
    for code in found:
        heirs = province.units["ke_thua"]
        found += [str(old) for old in heirs.index[heirs == code] if old not in found]
    return found


def own_fields(province: Province, unit: str) -> dict[str, Cell]:
    """Fields of the form's first page that the province fills and locks."""
    name = str(province.units.at[unit, "ten_don_vi"])
    return {"ma_don_vi": unit, "ten_don_vi": name, "ky_xet": province.period.code}


def last_roster(province: Province, unit: str) -> pd.DataFrame:
    """Staff of the unit in the last year on record (its predecessors', when it is new), in Vietnamese order."""
    assert province.history is not None  # asked by prefill
    roster = province.history.frames["NHAN_SU_NAM"]
    mine = roster[roster["don_vi"].isin(predecessors(province, unit)) & (roster["nam"] < province.period.year)]
    last = mine[mine["nam"] == mine["nam"].max()]
    now = last[last["den_ngay"].isna() | (last["den_ngay"] >= pd.Timestamp(province.period.first))]
    now = now.drop_duplicates("ma_cc")
    return now.iloc[sorted(range(len(now)), key=lambda i: name_sort_key(str(now["ho_ten"].iloc[i])))]


def past_awards(province: Province, unit: str, people: set[str]) -> pd.DataFrame:
    """Awards of the unit's people wherever they then were, and of the unit itself and its predecessors."""
    assert province.history is not None  # asked by prefill
    awards = province.history.frames["KHEN_THUONG"]
    recent = awards["nam"] >= province.period.year - HISTORY_YEARS
    persons = (awards["doi_tuong"] == "CN") & awards["ma_doi_tuong"].isin(people)
    collective = (awards["doi_tuong"] == "TT") & awards["ma_doi_tuong"].isin(predecessors(province, unit))
    return awards[recent & (persons | collective)].sort_values(["nam", "ma_doi_tuong"], kind="stable")


def _rows(frame: pd.DataFrame, sheet: Sheet, lists: Lists) -> list[dict[str, Cell]]:
    """Turn a typed frame into cells for a sheet: labels for codes, dates for timestamps; extra columns are left."""
    shared = [column for column in sheet if column.name in frame.columns]
    rows: list[dict[str, Cell]] = []
    for values in frame[[c.name for c in shared]].astype(object).itertuples(index=False, name=None):
        pairs = zip(shared, values, strict=True)
        rows.append({column.name: _cell(column, value, lists) for column, value in pairs if not pd.isna(value)})
    return rows


def _cell(column: Column, value: Any, lists: Lists) -> Cell:
    """Turn a typed value into the cell that a person would have typed."""
    if column.kind is Kind.CHOICE and column.vocabulary:
        return lists.labels[column.vocabulary].get(value, str(value))
    if column.kind is Kind.DATE:
        day: dt.date = value.date()
        return day
    cell: Cell = int(value) if column.kind is Kind.INTEGER else value
    return cell


def start_province(folder: Path, year: int) -> list[Path]:
    """Write an empty province folder: configuration with default catalogues, empty history, inbox, receipt log.

    What must stay out of version control is named in its `.gitignore`.

    Raises:
        CannotRun: the folder already holds a configuration; nothing is overwritten.
    """
    for name in (CONFIGURATION_FILE, HISTORY_FILE):
        if (folder / name).exists():
            raise CannotRun(f"«{folder / name}» đã có. Chọn thư mục khác; lệnh này không ghi đè.")
    prepare(folder)
    prepare(folder / INBOX)
    written = []
    for name, spec, contents in _empty_books(year):
        path = folder / name
        write_whole(path, lambda file, s=spec, c=contents: _write_own(file, s, c, year))  # type: ignore[misc]
        written.append(path)
    log = folder / INBOX / RECEIPT_LOG
    if not log.exists():
        write_whole(log, _write_log)
        written.append(log)
    return [*written, *keep_from_git(folder)]


def _write_log(file: BinaryIO) -> None:
    file.write(_EMPTY_LOG.encode("utf-8-sig"))


def _empty_books(year: int) -> Iterable[tuple[str, BookSpec, Contents]]:
    period: Mapping[str, Cell] = {"ky_xet": str(year), "nam": year, "la_du_lieu_gia": "Không"}
    catalogues: Contents = {
        "KY_XET": [period],
        "DANH_HIEU": TITLES,
        "BANG_DIEM": SCORE_TABLE,
        "PHONG_TRAO": MOVEMENTS,
    }
    yield CONFIGURATION_FILE, CONFIGURATION, catalogues
    yield HISTORY_FILE, HISTORY, {}


def _write_own(file: Any, spec: BookSpec, contents: Contents, year: int) -> None:
    identity = Identity("", "", "", spec.code, spec.version)
    write_book(file, spec, Lists.of(), identity, contents, created=dt.datetime(year, 1, 1))
