"""The province folder: configuration and past years, read and validated as strictly as what units send."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.findings import Finding, sentences
from pipeline.layout import identity_of, locate
from pipeline.open_ballots import OpenBallots, read_open_ballots
from pipeline.package import Limits, examine
from pipeline.reading import ReadingError, read_book
from pipeline.references import check_references
from pipeline.refusals import CannotRun, reason_of
from pipeline.seal import Secret, read_secret
from pipeline.validation import AddressBook, Counts, OpenedFile, Validated, validate
from schemas.columns import BookSpec, Identity
from schemas.frames import Windows, windows_of
from schemas.province import CONFIGURATION, HISTORY
from schemas.rules import Severity
from schemas.vocabularies import MARKS, Entry, Lists, Vocabulary

CONFIGURATION_FILE, HISTORY_FILE, INBOX = "cau-hinh.xlsx", "lich-su.xlsx", "hop-thu"
#: The office's own files may be as long as a sheet of Excel is: 1,000 units with 40 people keep 320,000 rows.
OWN_LIMITS = Limits(
    packed_bytes=300_000_000,
    inflated_bytes=3_000_000_000,
    rows=1_048_576,
    cells=30_000_000,
    book_cells=60_000_000,
    text_bytes=4_000_000_000,
)
#: Windows used until the period itself has been read.
_OPEN = windows_of(dt.date(1990, 1, 1), dt.date(2100, 12, 31), dt.date(2100, 12, 31))
#: Sheets without which nothing can be judged.
_NEEDED = ("KY_XET", "DON_VI", "DANH_HIEU")
#: Sheets that give the period and the drop-down lists, against which all sheets are then judged.
_FIRST_READ = ("KY_XET", "DANH_HIEU", "DON_VI", "PHONG_TRAO", "BANG_DIEM")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The office's mailbox as KY_XET tells it; empty texts where it does not. Servers may end with `:port`."""

    address: str = ""
    receiving: str = ""  #: IMAP server
    sending: str = ""  #: SMTP server
    account: str = ""  #: the name that logs in: as typed, else the address
    folder: str = "INBOX"


@dataclass(frozen=True, slots=True)
class Period:
    """The review period; dates are inclusive."""

    code: str
    year: int
    first: dt.date
    last: dt.date
    season_end: dt.date
    council_day: dt.date | None
    superior: str  #: printed above the office's name
    office: str
    place: str
    receiver: str  #: where units send
    mark: str  #: printed on every page of invented or anonymised data; empty for a true record
    mailbox: Mailbox = Mailbox()


@dataclass(frozen=True, slots=True)
class ProvinceFile:
    """One of the province's own files: what it held, where its rows stand."""

    name: str
    sha256: str
    frames: Mapping[str, pd.DataFrame]
    addresses: AddressBook
    counts: Counts


@dataclass(frozen=True, slots=True)
class Province:
    """Everything that the folder says apart from what units sent."""

    folder: Path
    period: Period
    units: pd.DataFrame  #: DON_VI by unit code, closed units included, in sheet order
    lists: Lists
    windows: Windows
    configuration: ProvinceFile
    history: ProvinceFile | None
    findings: tuple[Finding, ...]
    open_ballots: OpenBallots | None = None  #: who voted for whom, where units say that they vote openly
    secret: Secret | None = None  #: seals templates; None where the folder has none

    def expected(self) -> pd.DataFrame:
        """Units that must send: those at work on the last day of the period; a date that is not known excludes none."""
        last = pd.Timestamp(self.period.last)
        ends, starts = self.units["den_ngay"], self.units["tu_ngay"]
        return self.units[(ends.isna() | (ends >= last)) & (starts.isna() | (starts <= last))]

    def identity(self, unit: str, spec: BookSpec) -> Identity:
        """Identity of a form made for a unit."""
        dates = (self.period.first, self.period.last, self.period.season_end)
        name = str(self.units.at[unit, "ten_don_vi"])
        return Identity(unit, name, self.period.code, spec.code, spec.version, dates)


def load_province(folder: Path) -> Province:
    """Read `cau-hinh.xlsx` and `lich-su.xlsx`.

    A missing history is a finding; cells that are wrong are findings.

    Raises:
        CannotRun: no folder, no configuration, or one of its needed sheets cannot be used at all; a broken secret.
    """
    if not folder.is_dir():
        raise CannotRun(f"Không có thư mục «{folder}». Kiểm tra lại đường dẫn, hoặc tạo mới bằng: tdkt init {folder}")
    opened, sha = open_own(folder / CONFIGURATION_FILE, CONFIGURATION)
    draft = validate([opened], CONFIGURATION, Lists.of(), _OPEN, only=_FIRST_READ)
    period = _period(draft)
    lists = _lists(draft.frames)
    windows = windows_of(period.first, period.last, period.season_end)
    data = validate([opened], CONFIGURATION, lists, windows)
    findings = data.findings + check_references(data, CONFIGURATION)
    units = _units(data)
    configuration = ProvinceFile(CONFIGURATION_FILE, sha, data.frames, data.addresses, data.counts[0])
    history = None
    if (folder / HISTORY_FILE).exists():
        opened, sha = open_own(folder / HISTORY_FILE, HISTORY)
        past = validate([opened], HISTORY, lists, windows)
        findings += past.findings + check_references(past, HISTORY)
        past.addresses.release()  # hundreds of thousands of rows; what was wrong in them has been said
        history = ProvinceFile(HISTORY_FILE, sha, past.frames, past.addresses, past.counts[0])
    else:
        findings.append(Finding("V-01", "no_history", file=HISTORY_FILE))
    ballots = read_open_ballots(folder, units["ten_don_vi"].to_dict(), period.year + 1)
    secret = read_secret(folder)
    return Province(folder, period, units, lists, windows, configuration, history, tuple(findings), ballots, secret)


def open_own(path: Path, spec: BookSpec) -> tuple[OpenedFile, str]:
    """Open one of the province's own workbooks; returns it with its SHA-256.

    Raises:
        CannotRun: it is missing, cannot be read, or is not this form.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CannotRun(f"Thư mục không có tệp {path.name}. Tạo mới bằng: tdkt init {path.parent}") from None
    except OSError as error:
        raise CannotRun(f"Không đọc được {path.name}: {reason_of(error)}. Đóng tệp nếu đang mở rồi chạy lại.") from None
    package = examine(content, path.name, OWN_LIMITS)
    if package.refused:
        words = sentences(package.findings[0])
        raise CannotRun(f"Không dùng được {path.name}. {words.what} {words.fix}")
    try:
        book = read_book(content, package, OWN_LIMITS)
    except ReadingError:
        raise CannotRun(f"{path.name} hỏng, không mở được. Mở bằng Excel, lưu thành tệp mới rồi chạy lại.") from None
    identity = identity_of(book, spec)
    if identity is None or identity.form != spec.code:
        raise CannotRun(f"{path.name} không phải mẫu {spec.code}. Tạo mẫu mới bằng: tdkt init {path.parent}")
    layout = locate(book, spec, identity)
    return OpenedFile(0, path.name, "", identity, layout), hashlib.sha256(content).hexdigest()


def _period(data: Validated) -> Period:
    frame = data.frames["KY_XET"]
    needed = ("ky_xet", "nam", "tu_ngay", "den_ngay", "ket_thuc_mua")
    bad = [f for f in data.findings if f.severity is Severity.BLOCKING and f.sheet == "KY_XET"]
    if frame.empty or frame.iloc[0][list(needed)].isna().any():
        place = f" Xem ô {bad[0].cell}." if bad and bad[0].cell else ""
        raise CannotRun(f"Trang KY_XET của {CONFIGURATION_FILE} thiếu mã kỳ, năm hoặc ngày của kỳ xét.{place}")
    row = frame.iloc[0]

    def text(name: str) -> str:
        return "" if pd.isna(row[name]) else str(row[name])

    council = row["ngay_hop_hoi_dong"]
    return Period(
        text("ky_xet"),
        int(row["nam"]),
        row["tu_ngay"].date(),
        row["den_ngay"].date(),
        row["ket_thuc_mua"].date(),
        None if pd.isna(council) else council.date(),
        text("ten_co_quan_cap_tren"),
        text("ten_co_quan"),
        text("dia_danh"),
        text("don_vi_thuong_truc"),
        MARKS.get(row["la_du_lieu_gia"], ""),
        Mailbox(
            text("thu_van_phong"),
            text("may_chu_nhan"),
            text("may_chu_gui"),
            text("tai_khoan_thu") or text("thu_van_phong"),
            text("thu_muc_thu") or "INBOX",
        ),
    )


def _lists(frames: Mapping[str, pd.DataFrame]) -> Lists:
    """Build the province's drop-down lists from its catalogues."""

    def rows(sheet: str, *names: str) -> list[tuple[str, ...]]:
        table = frames[sheet][list(names)].dropna()
        return [tuple(str(v) for v in row) for row in table.itertuples(index=False, name=None)]

    titles = rows("DANH_HIEU", "ma", "ten", "loai")
    units = rows("DON_VI", "ma_don_vi", "ten_don_vi")
    blocks = dict.fromkeys(frames["DON_VI"]["khoi"].dropna())
    lists: dict[str, Vocabulary] = {
        "DANH_HIEU": tuple(Entry(code, name) for code, name, kind in titles if kind == "DANH_HIEU"),
        "HINH_THUC": tuple(Entry(code, name) for code, name, kind in titles if kind == "HINH_THUC"),
        "DON_VI": tuple(Entry(code, f"{code} – {name}") for code, name in units),
        "PHONG_TRAO": tuple(Entry(code, f"{code} – {name}") for code, name in rows("PHONG_TRAO", "ma", "ten")),
        "TIEU_CHI": tuple(Entry(code, f"{code} – {name}") for code, name in rows("BANG_DIEM", "ma", "ten")),
        "KHOI": tuple(Entry(str(block), str(block)) for block in blocks),
    }
    return Lists.of(lists)


def _units(data: Validated) -> pd.DataFrame:
    """Return units by code; a wrong cell of a row is null, only a row without a code of its own is left out.

    Raises:
        CannotRun: no usable unit is left, or a needed sheet is missing.
    """
    for code in _NEEDED:
        if data.frames[code].empty:
            raise CannotRun(f"Trang {code} của {CONFIGURATION_FILE} chưa có dòng nào. Điền trang này rồi chạy lại.")
    frame = data.frames["DON_VI"]
    usable = frame[frame["ma_don_vi"].notna()].drop_duplicates("ma_don_vi")
    if usable.empty:
        raise CannotRun(f"Mọi dòng ở trang DON_VI của {CONFIGURATION_FILE} đều thiếu mã. Kiểm tra bằng: tdkt check.")
    names = usable["ten_don_vi"].fillna(usable["ma_don_vi"])
    filled = {"ten_don_vi": names, "loai": usable["loai"].fillna(""), "khoi": usable["khoi"].fillna("")}
    return usable.assign(**filled).set_index("ma_don_vi", drop=False).rename_axis(None)
