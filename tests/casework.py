"""Small inline tables in, verdicts out: tests of checks speak rows and codes, and read back what was said where.

    Case(P1={"NHAN_SU": [staff("CC1", xep_loai_cc="HTNV")], "DE_NGHI": [proposal("DN01", "CC1", "LDTT")]})
    .said("DK-01") == {("P1", "NHAN_SU", "L5", "below")}

Tables hold what the typed frames hold: codes for choices, `datetime.date` for days. The first row of a sheet is
Excel row 5; on DON_VI values stand in column C. Fields that a table leaves out are null.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from pipeline import dataset
from pipeline.checks import CHECKS, Verdicts, run_checks
from pipeline.dataset import Dataset
from pipeline.evidence import Evidence
from pipeline.findings import Finding, sentences
from pipeline.intake import TimeSource
from pipeline.layout import Located
from pipeline.province import CONFIGURATION_FILE, HISTORY_FILE, Period, Province, ProvinceFile
from pipeline.reading import Grid
from pipeline.results import Results
from pipeline.rulebook import Rulebook, open_rulebook
from pipeline.submissions import FileRecord, Outcome
from pipeline.template import column_index, form_rows
from pipeline.validation import AddressBook, Counts, Place, Validated
from schemas.columns import BookSpec, Sheet
from schemas.frames import FILE, dtype_of, windows_of
from schemas.province import CONFIGURATION, HISTORY
from schemas.province.defaults import TITLES
from schemas.sheets import UNIT_TEMPLATE
from schemas.vocabularies import MARKS, VOCABULARIES, Entry, Lists

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
D = dt.date
FIRST_ROW = 5
#: One said thing: unit, sheet, cell, variant.
Said = tuple[str, str, str, str]


def staff(code: str, **more: Any) -> dict[str, Any]:
    """Somebody rated good, long in service, direct worker."""
    row = {
        "ma_cc": code, "ho_ten": f"Lò Giả {code}", "ngay_sinh": D(1985, 1, 1), "gioi_tinh": "NAM",
        "chuc_vu": "Kiểm sát viên", "chuc_danh": "KSVSC", "nhom_doi_tuong": "TRUC_TIEP",
        "ngay_tuyen_dung": D(2010, 1, 1), "ngay_ve_don_vi": D(2015, 1, 1), "xep_loai_cc": "HTTNV",
        "ngay_xep_loai": D(2026, 10, 28), "diem_danh_gia": 85.0, "xep_loai_dv": "HTTNV",
    }  # fmt: skip
    return row | more


def proposal(code: str, subject: str, award: str, **more: Any) -> dict[str, Any]:
    """A nomination of merit; a code of a form of commendation goes into its own column."""
    form = award in ("GK", "BK", "BK_TTG", "HCLD3", "KNC")
    row = {
        "ma_dn": code, "doi_tuong": "CN" if subject.startswith("CC") else "TT", "ma_doi_tuong": subject,
        "ten_doi_tuong": f"Lò Giả {subject}", "danh_hieu": None if form else award,
        "hinh_thuc": award if form else None, "loai_hinh": "CONG_TRANG", "ket_qua": "DE_NGHI",
        "duong_tieu_chuan": "TIEU_CHUAN_CHUNG", "thanh_tich": f"Giải quyết 42/42 việc của {subject}.",
    }  # fmt: skip
    return row | more


def tally(code: str, votes: float, total: float = 9, **more: Any) -> dict[str, Any]:
    """A ballot of the unit in which everybody voted."""
    row = {
        "ma_dn": code, "cap_hop": "DON_VI", "vong": 1.0, "phieu_phat": total, "phieu_thu": total,
        "phieu_hop_le": total, "phieu_khong_hop_le": 0.0, "dong_y": votes, "khong_dong_y": total - votes,
        "khong_y_kien": 0.0, "ket_luan": "DE_NGHI",
    }  # fmt: skip
    return row | more


def form(unit: str = "P1", **more: Any) -> dict[str, Any]:
    """A meeting in order."""
    row = {
        "ma_don_vi": unit, "ten_don_vi": f"Phòng {unit}", "ky_xet": "2026", "ma_nguoi_dung_dau": "CC1",
        "ngay_hop": D(2026, 11, 3), "tong_thanh_vien": 9.0, "so_co_mat": 9.0, "so_y_kien_van_ban": 0.0,
        "hinh_thuc_bieu_quyet": "KIN", "so_bien_ban": f"05/BB-{unit}", "ngay_bien_ban": D(2026, 11, 3),
        "so_to_trinh": f"12/TTr-{unit}", "ngay_to_trinh": D(2026, 11, 12), "niem_yet_tu": D(2026, 11, 4),
        "niem_yet_den": D(2026, 11, 11), "so_y_kien": 0.0, "so_y_kien_da_giai_quyet": 0.0,
        "trien_khai_phong_trao": "CO", "vb_lanh_dao_so": "03-KH/CB", "so_lan_cap_uy_ban": 2.0,
        "can_cu_phap_ly": "Luật TĐKT 2022; TT 02/2024/TT-VKSTC; NĐ 152/2025/NĐ-CP",
        "xep_loai_don_vi": "HTTNV", "xep_loai_tccsd": "HTTNV", "so_vu_viec_tap_the": 0.0, "quy_dinh_nghi": "KHONG",
        "xac_nhan": "DA_XAC_NHAN",
    }  # fmt: skip
    return row | more


def award(holder: str, year: int, what: str, **more: Any) -> dict[str, Any]:
    """A past award as KHEN_THUONG and LICH_SU hold it."""
    is_form = what in ("GK", "BK", "BK_TTG", "HCLD3", "KNC")
    row = {
        "doi_tuong": "CN" if holder.startswith("CC") else "TT", "ma_doi_tuong": holder,
        "ten_doi_tuong": f"Lò Giả {holder}", "nam": float(year), "danh_hieu": None if is_form else what,
        "hinh_thuc": what if is_form else None, "loai_hinh": "CONG_TRANG", "so_qd": f"{year}/QĐ-VKS",
        "ngay_qd": D(year, 12, 20), "co_quan_qd": "VKSND tỉnh Mẫu", "don_vi_luc_do": "P1", "tinh_trang": "HIEU_LUC",
    }  # fmt: skip
    return row | more


def unit_row(code: str, **more: Any) -> dict[str, Any]:
    """A unit of the configuration."""
    row = {
        "ma_don_vi": code, "ten_don_vi": f"Phòng {code}", "loai": "PHONG", "khoi": "Khối phòng",
        "tu_ngay": D(2015, 6, 1), "muc_kho": 0.0, "han_nop": dt.datetime(2026, 11, 16, 16, 0),
        "ngay_thanh_lap": D(2015, 6, 1),
    }  # fmt: skip
    return row | more


def _codes(row: Row) -> dict[str, Any]:
    """A row of the shipped catalogue with codes in place of labels."""
    known = {
        e.label: e.code
        for n in ("LOAI_KHEN", "DOI_TUONG", "CAP_QUYET_DINH", "TRANG_THAI_NGUON")
        for e in VOCABULARIES[n]
    }
    return {k: known.get(v, v) if isinstance(v, str) and k not in ("ma", "ten") else v for k, v in row.items()}


def typed(sheet: Sheet, rows: Sequence[Row], first: int = 0) -> pd.DataFrame:
    """Rows as the typed frame that validation would have made."""
    unknown = {name for row in rows for name in row} - set(sheet.by_name)
    assert not unknown, f"{sheet.code} has no {unknown}"
    index = pd.RangeIndex(first, first + len(rows))
    return pd.DataFrame(
        {c.name: pd.Series([r.get(c.name) for r in rows], index, dtype=dtype_of(c)) for c in sheet}, index=index
    )


def _places(book: AddressBook, number: int, path: str, unit: str, sheet: Sheet, count: int) -> None:
    """Register the rows of one sheet of one file as our own writer lays them out."""
    book.paths[number], book.units[number] = path, unit
    fields = form_rows(sheet) if sheet.form else {c.name: column_index(sheet, c.name) + 1 for c in sheet}
    located = Located(sheet, Grid(sheet.code, [], None, ()), {n: at - 1 for n, at in fields.items()})  # type: ignore[arg-type]
    book.places[number, sheet.code] = Place(sheet.code, located)
    book.add(book.size, number, sheet.code, list(range(FIRST_ROW - 1, FIRST_ROW - 1 + count)))


def _own_file(spec: BookSpec, name: str, tables: Tables) -> ProvinceFile:
    book, frames = AddressBook(), {}
    for sheet in spec.sheets:
        rows = tables.get(sheet.code, ())
        frames[sheet.code] = typed(sheet, rows, book.size)
        _places(book, 0, name, "", sheet, len(rows))
    return ProvinceFile(name, "0" * 64, frames, book, Counts())


class Case:
    """A province put together by hand.

    Units are keywords, each with its tables; a unit given as None must send and has not. `configured` and `past`
    are tables of cau-hinh.xlsx and lich-su.xlsx; `past=None` is a province without history. `without` names
    sheets that a unit's file lacks: `{"P1": {"HO_SO"}}`.
    """

    def __init__(
        self,
        *,
        configured: Tables | None = None,
        past: Tables | None = MappingProxyType({}),
        without: Mapping[str, set[str]] | None = None,
        period: tuple[dt.date, dt.date] = (D(2025, 12, 1), D(2026, 11, 30)),
        alone: bool = False,
        **units: Tables | None,
    ) -> None:
        self._units, self._without, self._alone = units, without or {}, alone
        self.province = self._province(dict(configured or {}), None if past is None else dict(past), period)
        self.rules: Rulebook = open_rulebook(self.province)
        self.data = self._dataset()

    def _province(
        self,
        configured: dict[str, Sequence[Row]],
        past: dict[str, Sequence[Row]] | None,
        period: tuple[dt.date, dt.date],
    ) -> Province:
        first, last = period
        tables: dict[str, Sequence[Row]] = {
            "DON_VI": [unit_row(code) for code in self._units],
            "DANH_HIEU": [_codes(row) for row in TITLES],
        }
        configuration = _own_file(CONFIGURATION, CONFIGURATION_FILE, tables | configured)
        units = configuration.frames["DON_VI"].set_index("ma_don_vi", drop=False).rename_axis(None)
        units = units.assign(
            ten_don_vi=units["ten_don_vi"].fillna(units["ma_don_vi"]),
            loai=units["loai"].fillna(""),
            khoi=units["khoi"].fillna(""),
        )
        titles = configuration.frames["DANH_HIEU"]
        lists = Lists.of(
            {
                kind: tuple(
                    Entry(c, n)
                    for c, n, k in zip(titles["ma"], titles["ten"], titles["loai"], strict=True)
                    if k == kind and c == c and n == n
                )
                for kind in ("DANH_HIEU", "HINH_THUC")
            }
            | {"DON_VI": tuple(Entry(c, n) for c, n in zip(units["ma_don_vi"], units["ten_don_vi"], strict=True))}
        )
        season = D(last.year + 1, 1, 31)
        return Province(
            Path(), Period(str(last.year), last.year, first, last, season, None, "", "", "Tỉnh Mẫu", "", MARKS["CO"]),
            units, lists, windows_of(first, last, season), configuration,
            None if past is None else _own_file(HISTORY, HISTORY_FILE, past), (),
        )  # fmt: skip

    def _dataset(self) -> Dataset:
        book, records = AddressBook(), []
        parts: dict[str, list[pd.DataFrame]] = {sheet.code: [] for sheet in UNIT_TEMPLATE.sheets}
        sent = {code: tables for code, tables in self._units.items() if tables is not None}
        when = dt.datetime(2026, 11, 13, 9, 0)
        for sheet in UNIT_TEMPLATE.sheets:
            for number, (code, tables) in enumerate(sent.items()):
                rows = tables.get(sheet.code, ())
                if sheet.code in self._without.get(code, ()):
                    assert not rows
                    continue
                frame = typed(sheet, rows, book.size)
                _places(book, number, f"{code}.xlsx", code, sheet, len(rows))
                parts[sheet.code].append(frame.assign(**{FILE: number}))
        for number, code in enumerate(sent):
            record = FileRecord(number, f"{code}.xlsx", f"{number:064x}", 1000, when, when, TimeSource.LOG, None)
            record.unit, record.outcome = code, Outcome.COUNTED
            records.append(record)
        empty = {
            sheet.code: typed(sheet, ()).assign(**{FILE: pd.Series(dtype="int64")}) for sheet in UNIT_TEMPLATE.sheets
        }
        frames = {code: pd.concat(found) if found else empty[code] for code, found in parts.items()}
        return dataset.build(self.province, Validated(frames, [], book, {}), records, ())

    @property
    def evidence(self) -> Evidence:
        """Fresh tables."""
        return Evidence(self.data, self.rules, alone=self._alone)

    def verdicts(self, *codes: str) -> Verdicts:
        """What the checks of these codes say; all checks without codes."""
        return run_checks(self.evidence, [c for c in CHECKS if not codes or c.code in codes])

    def findings(self, *codes: str) -> list[Finding]:
        """Their findings."""
        return self.verdicts(*codes).findings

    def said(self, *codes: str) -> set[Said]:
        """(unit, sheet, cell, variant) of each finding; `not_judged` is a variant too."""
        found = self.findings(*codes)
        for finding in found:  # every sentence has all its fields
            words = sentences(finding)
            assert "…" not in words.what + words.fix or not finding.judged, words
        return {(f.unit, f.sheet, f.cell, f.variant) for f in found}

    def texts(self, *codes: str) -> list[str]:
        """Their sentences."""
        return [sentences(f).what for f in self.findings(*codes)]

    def looked_at(self, code: str) -> int:
        """How many rows a check judged."""
        return len(self.verdicts(code).looked_at[code])

    def results(self) -> Results:
        """A whole run on these data, for sheets of the workbook."""
        found = self.verdicts()
        return Results(
            self.data, tuple(found.findings), (), dt.datetime(2026, 11, 20, 8, 0), "0123456789ab", self.rules,
            found.looked_at,
        )  # fmt: skip
