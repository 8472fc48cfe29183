"""A small province put together by hand, its results, and the workbook made of them read back; for its tests."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.dataset import PERSON, UNIT, Dataset
from pipeline.findings import Finding, sort_key
from pipeline.intake import TimeSource
from pipeline.layout import Located
from pipeline.people import staff_keys
from pipeline.province import CONFIGURATION_FILE, HISTORY_FILE, Period, Province, ProvinceFile
from pipeline.reading import Grid
from pipeline.results import Results
from pipeline.rulebook import plain_rulebook
from pipeline.submissions import FileRecord, Outcome
from pipeline.validation import AddressBook, Counts, Place
from pipeline.workbook import write_workbook
from pipeline.workbook.keys import KEY_HEADING
from pipeline.workbook.keys import SHEET as TECHNICAL
from schemas.columns import BookSpec, Sheet
from schemas.frames import dtype_of, windows_of
from schemas.province import CONFIGURATION, HISTORY
from schemas.rules import register
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import MARKS, Entry, Lists

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NOW = dt.datetime(2026, 11, 20, 8, 0)
DEADLINE = pd.Timestamp(2026, 11, 16, 16, 0)
Row = Mapping[str, Any]

TITLES = [
    ("LDTT", "Lao động tiên tiến", 1),
    ("CSTDCS", "Chiến sĩ thi đua cơ sở", 2),
    ("TTLDXS", "Tập thể LĐXS", 2),
]
UNITS = [("P2", "Phòng 2", "PHONG"), ("P1", "Phòng 1", "PHONG"), ("KV1", "VKSND khu vực 1", "KHU_VUC")]
#: (code, name, born, sex, post, group, unit)
PEOPLE = [
    ("CC1", "Lò Giả Ơn", 1980, "NAM", "Trưởng phòng", "LANH_DAO_DON_VI", "P1"),
    ("CC2", "Tao Thử An", 1990, "NU", "Chuyên viên", "TRUC_TIEP", "P1"),
    ("CC3", "Đào Ví Ân", 1991, "NU", "Chuyên viên", "TRUC_TIEP", "P1"),
    ("CC4", "Mùa Giả Dế", 1985, "NAM", "Chuyên viên", "TRUC_TIEP", "P2"),
]
#: (code, CN or TT, subject, name, title, result, achievement, unit)
NOMINATIONS = [
    ("DN01", "CN", "CC1", "Lò Giả Ơn", "LDTT", "DE_NGHI", "=1+1", "P1"),
    ("DN02", "CN", "CC3", "Đào Ví Ân", "LDTT", "DE_NGHI", "-5 vụ", "P1"),
    ("DN03", "CN", "CC2", "Tao Thử An", "LDTT", "DE_NGHI", "+3", "P1"),
    ("DN04", "CN", "CC2", "Tao Thử An", "CSTDCS", "DE_NGHI", "@x", "P1"),
    ("DN05", "CN", "CC1", "Lò Giả Ơn", "CSTDCS", "KHONG_DE_NGHI", None, "P1"),
    ("DN06", "TT", "P1", "Phòng 1", "TTLDXS", "DE_NGHI", "x" * 500, "P1"),
    ("DN01", "CN", "CC4", "Mùa Giả Dế", "LDTT", "DE_NGHI", "Giải quyết 42/42 vụ\nđúng hạn", "P2"),
]
#: Of the unit's meeting: without them the council must decide whether the unit is considered at all.
MINUTES = {"so_bien_ban": "05/BB", "ngay_bien_ban": dt.date(2026, 11, 3), "so_co_mat": 4.0}
#: First row of data on each sheet of the files.
FIRST_ROW = 5


def typed(sheet: Sheet, rows: Sequence[Row], first: int = 0) -> pd.DataFrame:
    """Rows as the typed frame that validation would have made."""
    index = pd.RangeIndex(first, first + len(rows))
    return pd.DataFrame(
        {c.name: pd.Series([r.get(c.name) for r in rows], index, dtype=dtype_of(c)) for c in sheet},
        index=index,
    )


def own_file(spec: BookSpec, name: str, rows: Mapping[str, Sequence[Row]]) -> ProvinceFile:
    frames = {sheet.code: typed(sheet, rows.get(sheet.code, ())) for sheet in spec.sheets}
    return ProvinceFile(name, "0" * 64, frames, AddressBook(), Counts())


def province(**changes: Any) -> Province:
    period = Period(
        "2026",
        2026,
        dt.date(2025, 12, 1),
        dt.date(2026, 11, 30),
        dt.date(2027, 1, 31),
        dt.date(2026, 12, 10),
        "VKSND TỐI CAO",
        "VKSND TỈNH MẪU",
        "Tỉnh Mẫu",
        "Văn phòng",
        MARKS["CO"],
    )
    units = [
        {
            "ma_don_vi": c,
            "ten_don_vi": n,
            "loai": k,
            "khoi": "Khối",
            "tu_ngay": pd.Timestamp(2020, 1, 1),
            "muc_kho": 0.0,
            "han_nop": DEADLINE,
        }
        for c, n, k in UNITS
    ]
    titles = [{"ma": c, "ten": n, "loai": "DANH_HIEU", "bac": float(b)} for c, n, b in TITLES]
    awards = [
        {
            "doi_tuong": "CN",
            "ma_doi_tuong": "CC2",
            "nam": float(y),
            "danh_hieu": "LDTT",
            "tinh_trang": "HIEU_LUC",
        }
        for y in (2019, 2021, 2022, 2023, 2025)
    ]
    configuration = own_file(CONFIGURATION, CONFIGURATION_FILE, {"DON_VI": units, "DANH_HIEU": titles})
    lists = Lists.of(
        {
            "DANH_HIEU": tuple(Entry(code, name) for code, name, _ in TITLES),
            "DON_VI": tuple(Entry(code, name) for code, name, _ in UNITS),
        }
    )
    frame = configuration.frames["DON_VI"].set_index("ma_don_vi", drop=False).rename_axis(None)
    return Province(
        Path(),
        dataclasses.replace(period, **changes),
        frame,
        lists,
        windows_of(period.first, period.last, period.season_end),
        configuration,
        own_file(HISTORY, HISTORY_FILE, {"KHEN_THUONG": awards}),
        (),
    )


def record(number: int, path: str, unit: str, outcome: Outcome, **more: Any) -> FileRecord:
    sent = dt.datetime(2026, 11, 10 + number, 9, 30)
    found = FileRecord(number, path, f"{number:064x}", 1000, sent, sent, TimeSource.LOG, None)
    found.unit, found.outcome = unit, outcome
    for name, value in more.items():
        setattr(found, name, value)
    return found


def unit_rows() -> dict[str, list[tuple[str, Row]]]:
    """Rows of the template's sheets, each with its unit."""
    people = [
        (
            unit,
            {
                "ma_cc": code,
                "ho_ten": name,
                "ngay_sinh": pd.Timestamp(born, 5, 19),
                "gioi_tinh": sex,
                "chuc_vu": post,
                "nhom_doi_tuong": group,
                "xep_loai_cc": "HTTNV",
                "xep_loai_dv": "KHONG_DANG",
            },
        )
        for code, name, born, sex, post, group, unit in PEOPLE
    ]
    nominations = [
        (
            unit,
            {
                "ma_dn": code,
                "doi_tuong": kind,
                "ma_doi_tuong": subject,
                "ten_doi_tuong": name,
                "danh_hieu": title,
                "ket_qua": result,
                "thanh_tich": text,
                "loai_hinh": "CONG_TRANG",
            },
        )
        for code, kind, subject, name, title, result, text, unit in NOMINATIONS
    ]
    ballots = [
        ("P1", {"ma_dn": "DN03", "cap_hop": "DON_VI", "vong": float(round_), "dong_y": float(votes)})
        for round_, votes in ((2, 3), (1, 1))
    ]
    forms = [(unit, {"ma_don_vi": unit, "tong_thanh_vien": 4.0} | MINUTES) for unit in ("P1", "P2")]
    work = [("P1", {"ma_hd": "HD01", "phoi_hop": "CONG_DOAN;PHU_NU"})]
    return {"NHAN_SU": people, "DE_NGHI": nominations, "PHIEU": ballots, "DON_VI": forms, "HOAT_DONG": work}


FILES = {"P1": (0, "P1/P1.xlsx"), "P2": (1, "P2.xlsx")}


def dataset(where: Province, records: Sequence[FileRecord], stopped: frozenset[int] = frozenset()) -> Dataset:
    book, frames, given = AddressBook(), {}, unit_rows()
    book.paths = dict(FILES.values())
    book.units = {number: unit for unit, (number, _) in FILES.items()}
    for sheet in UNIT_TEMPLATE.sheets:
        rows = sorted(given.get(sheet.code, []), key=lambda row: row[0])
        frame = typed(sheet, [row for _, row in rows], book.size)
        frames[sheet.code] = frame.assign(**{UNIT: pd.Series([u for u, _ in rows], frame.index, dtype="str")})
        for unit, (number, _) in FILES.items():
            mine = sum(u == unit for u, _ in rows)
            book.places[number, sheet.code] = Place(sheet.code, Located(sheet, Grid(sheet.code, [], None, ())))  # type: ignore[arg-type]
            book.add(book.size, number, sheet.code, list(range(FIRST_ROW - 1, FIRST_ROW - 1 + mine)))
    staff, proposed = frames["NHAN_SU"], frames["DE_NGHI"]
    frames["NHAN_SU"] = staff.assign(**{PERSON: staff_keys(staff)})
    persons = proposed["ma_doi_tuong"].where(proposed["doi_tuong"] == "CN")
    frames["DE_NGHI"] = proposed.assign(**{PERSON: persons})
    return Dataset(where, frames, book, tuple(records), stopped)


def cell(code: str, variant: str, sheet: str, at: str, unit: str = "P1", **params: str) -> Finding:
    params = {"cot": "Ngày", "vi_du": "x", **params}
    return Finding(code, variant, unit, "", FILES[unit][1], sheet, at, "", params)


def made(findings: Sequence[Finding] = (), **changes: Any) -> Results:
    """Two units sent, one did not; one refused and one nobody's file."""
    records = [
        record(0, "P1/P1.xlsx", "P1", Outcome.COUNTED, counts=Counts(100, 90, 2, 1, 7)),
        record(1, "P2.xlsx", "P2", Outcome.COUNTED),
        record(2, "P2 bản cũ.xlsx", "P2", Outcome.REFUSED, reason="V-13", unit_by_name=True),
        record(3, "la.xlsx", "", Outcome.REFUSED, reason="V-08"),
    ]
    given = (
        cell("V-03", "not_number", "DE_NGHI", "L7"),  # DN03, third row of P1
        cell("V-07", "name", "NHAN_SU", "B7", ma="CC3", trang_goc="NHAN_SU", ten_goc="x"),
        *(cell("V-16", next(iter(variants("V-16"))), "HOAT_DONG", f"X{row}") for row in (8, 9, 10, 12)),
        Finding("V-20", "nothing", "KV1", params={"ten_don_vi": "VKSND khu vực 1", "han_nop": "16/11/2026 16:00"}),
    )
    where = province(**changes)
    found = tuple(sorted((*given, *findings), key=sort_key))
    rules = plain_rulebook(where.period.last)
    return Results(dataset(where, records), found, ("so-nhan.csv",), NOW, "0123456789ab", rules)


def variants(code: str) -> list[str]:
    return [name for name in register()[code].variants if name != "not_judged"]


def content(results: Results) -> bytes:
    target = io.BytesIO()
    write_workbook(target, results)
    return target.getvalue()


def opened(data: bytes, values: bool = False) -> openpyxl.Workbook:
    """The workbook as people see it: without the technical sheet that no menu shows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it does not know; nothing is saved here
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=values)
    assert book[TECHNICAL].sheet_state in ("veryHidden", "hidden")  # LibreOffice saves the one as the other
    del book[TECHNICAL]
    return book


def rows_of(page: Worksheet, title: str = "") -> list[dict[str, Any]]:
    """Rows of the table below a part's title (or the first table), by heading."""
    lines = [list(line) for line in page.iter_rows(values_only=True)]
    start = next(i for i, line in enumerate(lines) if str(line[0]).startswith(title)) if title else 2
    header = next(i for i in range(start + 1, len(lines)) if lines[i][0] in ("STT", "Đơn vị nộp", "Mã"))
    found = []
    for line in lines[header + 1 :]:
        if line[0] is None:
            break
        found.append({k: v for k, v in zip(lines[header], line, strict=True) if k != KEY_HEADING})
    return found
