"""Raw cells → typed, nullable columns; every cell that cannot be taken at its word is a finding.

One text in a number column would otherwise hide every other error of that column from pandera, so parsing
comes first and never raises. A cell ends as accepted (its value stands in the frame), refused (null in the
frame, with a finding) or blank. What was put right on the way (spaces, composed letters, old encodings) is
said, never silent. Columns of many files are parsed together; equal cells are parsed once.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.layout import shown
from pipeline.package import UNNAMED_ERROR
from pipeline.reading import Uncached
from pipeline.vietnamese import clean, decimal, plain_key, suggest, undecodable
from schemas.columns import Column, Kind
from schemas.vocabularies import Lists

#: What Excel and LibreOffice show in a cell whose formula failed.
FORMULA_ERRORS = re.compile(rf"#(N/A|GETTING_DATA|[A-Z0-9/_]+[!?])|{UNNAMED_ERROR}|Err:\d{{3}}")
#: Excel counts days from here; 1900 wrongly counts as a leap year, which is harmless after 1900-03-01.
SERIAL_DAY_ZERO = dt.datetime(1899, 12, 30)
#: Numbers between these, standing in a date column, are dates that lost their format (1954 to 2064).
SERIAL_FROM, SERIAL_TO = 20_000.0, 60_000.0
#: Characters of a formula that a sentence quotes.
MOST_FORMULA = 80
#: Choices listed in full in a sentence; longer lists are cut, and the cut is said.
MOST_CHOICES = 8

#: What a reader puts for bytes that are no letter.
LOST = "\ufffd"
LEGACY = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI", "utf8_hong": "UTF-8 đọc nhầm"}


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say of one cell; `refused` when its value cannot be used."""

    code: str
    variant: str
    params: Mapping[str, str]
    refused: bool


class Parsed(NamedTuple):
    """What one cell became."""

    value: object  #: None when blank or refused
    notes: tuple[Note, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the cell held something that cannot be used."""
        return any(note.refused for note in self.notes)


@dataclass(slots=True)
class ParsedColumn:
    """One field of one sheet over all files of a chunk."""

    values: list[object]  #: in row order; None is null
    notes: list[tuple[int, Note]] = field(default_factory=list)  #: (position, what to say)
    refused: list[int] = field(default_factory=list)  #: positions
    spaces: list[int] = field(default_factory=list)  #: positions of cells that hold only spaces


BLANK = Parsed(None)


def parse_column(column: Column, cells: Sequence[object], lists: Lists) -> ParsedColumn:
    """Parse the raw cells of one column; equal texts are parsed once, native cells are taken as they are.

    Args:
        column: what the cells should hold.
        cells: raw values from reading; `""` and None are empty.
        lists: drop-down lists of the run.
    """
    parse = parser_of(column, lists)
    native = float if column.kind.numeric else dt.date if column.kind is Kind.DATE else None
    kinds = set(map(type, cells))
    distinct = set(cells) if kinds == {str} else {cell for cell in cells if cell.__class__ is str}
    if distinct <= {""} and kinds <= {str, type(None)}:
        return ParsedColumn([None] * len(cells))
    value_of: dict[object, object] = {"": None, None: None}
    known: dict[object, Parsed] = {}
    for text in distinct:
        if text and not (column.kind is Kind.TEXT and is_plain(str(text))):
            known[text] = parse_cell(text, parse)
            value_of[text] = known[text].value
        elif text:
            value_of[text] = text
    if kinds == {str}:
        values = [value_of[cell] for cell in cells]
    elif kinds <= {str, type(None), native}:
        values = [cell if cell.__class__ is native else value_of[cell] for cell in cells]
    else:
        known |= {(type(cell), cell): parse_cell(cell, parse) for cell in cells if type(cell) not in (str, type(None))}
        values = [value_of[cell] if cell is None or _is_text(cell) else known[type(cell), cell].value for cell in cells]
    out = ParsedColumn(values)
    if column.kind.numeric:
        doubtful = _DOUBTFUL[column.kind]
        known |= {(float, v): parse_cell(v, parse) for v in values if v.__class__ is float and doubtful(v)}
    remarkable = {key for key, parsed in known.items() if parsed.notes or parsed is BLANK}
    if remarkable:
        _remark(out, cells, known, remarkable)
    return out


def is_plain(text: str) -> bool:
    """Whether a text column can take a text as it is: nothing to clean, nothing that looks like an error or a loss."""
    return text[0] not in "#E" and "?" not in text and LOST not in text and not clean(text).changes


def _is_text(cell: object) -> bool:
    return cell.__class__ is str


def _remark(
    out: ParsedColumn, cells: Sequence[object], known: Mapping[object, Parsed], remarkable: set[object]
) -> None:
    """Note the positions of cells of which something is to be said, and empty those refused."""
    for position, cell in enumerate(cells):
        key = cell if cell is None or _is_text(cell) else (type(cell), cell)
        if key not in remarkable:
            continue
        parsed = known[key]
        if parsed is BLANK:
            out.spaces.append(position)
        out.notes.extend((position, note) for note in parsed.notes)
        if parsed.refused:
            out.values[position] = None
            out.refused.append(position)


def parse_cell(cell: object, parse: Callable[[object], Parsed]) -> Parsed:
    """Handle what is the same in every kind of column, then hand over to `parse`."""
    if isinstance(cell, Uncached):
        return _refuse("V-15", "uncached", cong_thuc=cell.formula[:MOST_FORMULA])
    if not isinstance(cell, str):
        return parse(cell)
    if cell[0] in "#E " and FORMULA_ERRORS.fullmatch(cell.strip()):
        return _refuse("V-15", "error")
    cleaned = clean(cell)
    if not cleaned.text:
        return BLANK
    if ("?" in cell or LOST in cell) and undecodable(cleaned.text):
        return _refuse("V-10", "lost")
    parsed = parse(cleaned.text)
    notes = tuple(_encoding_note(change, cleaned.text) for change in cleaned.changes)
    return Parsed(parsed.value, notes + parsed.notes) if notes else parsed


def _encoding_note(change: str, text: str) -> Note:
    if change in LEGACY:
        return Note("V-10", "legacy", {"bang_ma": LEGACY[change], "thanh": text}, False)
    variant = {"khoang_trang": "spaces", "nfd": "nfd", "chu_giong": "lookalike"}[change]
    return Note("V-10", variant, {}, False)


def _refuse(code: str, variant: str, **params: str) -> Parsed:
    return Parsed(None, (Note(code, variant, params, True),))


def parser_of(column: Column, lists: Lists) -> Callable[[object], Parsed]:
    """Return the function that parses one non-blank cell (texts already cleaned) of a column."""
    if column.kind is Kind.CHOICE:
        return _Choice(lists.readings[column.vocabulary or ""])
    if column.kind is Kind.CHOICES:
        return _Choices(lists, column.vocabulary or "")
    if column.kind.numeric:
        return {Kind.INTEGER: parse_integer, Kind.PERCENT: parse_percent}.get(column.kind, parse_number)
    if column.kind.temporal:
        return parse_moment if column.kind is Kind.MOMENT else parse_date
    return parse_text


# --- text and lists -----------------------------------------------------------------------------------------


def parse_text(cell: object) -> Parsed:
    """Text; a number typed where a code belongs is its digits; a date is refused (Excel made it of `5/12`)."""
    if isinstance(cell, str):
        return Parsed(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Parsed(shown(float(cell)))
    kinds = {bool: "giá trị ĐÚNG/SAI", dt.timedelta: "một khoảng thời gian", dt.time: "một giờ trong ngày"}
    return _refuse("V-03", "not_text", loai=kinds.get(type(cell), "một ngày"))


class _Choice:
    """A cell of a drop-down: the code of the choice, or the text as typed if there is no such choice."""

    def __init__(self, readings: Mapping[str, str]) -> None:
        self.readings = readings

    def __call__(self, cell: object) -> Parsed:
        text = cell if isinstance(cell, str) else shown(cell)
        return Parsed(self.readings.get(text, text))


class _Choices:
    """Several choices in one cell, parted by `;`: their codes, joined by `;`."""

    def __init__(self, lists: Lists, vocabulary: str) -> None:
        self.readings, self.labels = lists.readings[vocabulary], lists.labels[vocabulary]

    def __call__(self, cell: object) -> Parsed:
        codes, notes = [], []
        for item in (clean(part).text for part in shown(cell).split(";")):
            if not item:
                continue
            code = self.readings.get(item)
            if code is None:
                notes.append(Note("V-04", *unknown_choice(item, self.labels), True))
            else:
                codes.append(code)
        return Parsed(None if notes else ";".join(codes), tuple(notes))


def unknown_choice(value: str, labels: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return variant and parameters of V-04 for a value that is not in a list."""
    near = suggest(value, list(labels.values()))
    if near is None and plain_key(value):
        near = next((label for code, label in labels.items() if plain_key(code) == plain_key(value)), None)
    if near:
        return "near", {"gia_tri": value, "goi_y": near}
    names = list(labels.values())
    more = len(names) - MOST_CHOICES
    text = "; ".join(names[:MOST_CHOICES]) + (f"; và {more} mục nữa" if more > 0 else "")
    return "unknown", {"gia_tri": value, "danh_sach": text or "danh sách của tỉnh đang trống"}


# --- numbers ------------------------------------------------------------------------------------------------

#: Native numbers that a kind does not take as they are.
_DOUBTFUL: dict[Kind, Callable[[float], bool]] = {
    Kind.NUMBER: lambda number: number - number != 0,  # infinite
    Kind.INTEGER: lambda number: number % 1 != 0,
    Kind.PERCENT: lambda number: 0 < number <= 1 or number - number != 0,
}
#: Blanks between thousands, as some people write them.
_BLANKS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_PLAIN = re.compile(r"[+-]?\d+")
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+")  # 1.234,5 or 95,5
_DOTS = re.compile(r"[+-]?\d{1,3}(\.\d{3}){2,}")  # 1.234.567
_ONE_DOT = re.compile(r"[+-]?(\d{1,3})\.(\d{3})")  # 1.234: thousand or decimal?
_DECIMAL_DOT = re.compile(r"[+-]?\d*\.\d+")  # 95.5
_ENGLISH = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")  # 1,234.5 cannot be Vietnamese


def parse_number(cell: object) -> Parsed:
    """Number; text in Vietnamese form (`1.234,5`) is read, text with two readings is asked about."""
    if isinstance(cell, str):
        parsed = _number_in(_BLANKS.sub("", cell).removesuffix("%").strip())
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        parsed = Parsed(float(cell))
    else:
        return _refuse("V-03", "not_number")
    if isinstance(parsed.value, float) and not math.isfinite(parsed.value):
        return _refuse("V-03", "not_number")
    return parsed


def _number_in(text: str) -> Parsed:
    if _PLAIN.fullmatch(text):
        return Parsed(float(text))
    if _ONE_DOT.fullmatch(text) and not text.lstrip("+-").startswith("0"):
        return _two_ways(float(text.replace(".", "")), float(text))
    if _COMMA.fullmatch(text):
        other = _ENGLISH.fullmatch(text)
        value = float(text.replace(".", "").replace(",", "."))
        return _two_ways(value, float(text.replace(",", ""))) if other and "." not in text else Parsed(value)
    if _DOTS.fullmatch(text):
        return Parsed(float(text.replace(".", "")))
    if _DECIMAL_DOT.fullmatch(text):
        return Parsed(float(text))
    return _refuse("V-03", "not_number")


def _two_ways(one: float, two: float) -> Parsed:
    return _refuse("V-03", "number_two_ways", cach_1=_ungrouped(one), cach_2=_ungrouped(two))


def _ungrouped(number: float) -> str:
    """Write a number with decimal comma and no mark between thousands, so that it has one reading."""
    return f"{number:.15g}".replace(".", ",")


def parse_percent(cell: object) -> Parsed:
    """Percent: `60` is 60 %; a number of 1 or less may be a share that Excel shows as 60 %, and is asked about."""
    parsed = parse_number(cell)
    if isinstance(cell, float) and isinstance(parsed.value, float) and 0 < parsed.value <= 1:
        return _refuse("V-03", "percent_two_ways", cach_1=decimal(cell), cach_2=decimal(round(100 * cell, 6)))
    return parsed


def parse_integer(cell: object) -> Parsed:
    """Whole number, kept as float; a fraction is refused."""
    parsed = parse_number(cell)
    if isinstance(parsed.value, float) and not parsed.value.is_integer():
        return _refuse("V-03", "not_integer")
    return parsed


# --- dates --------------------------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS = re.compile(r"(?:.*,\s*)?ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_TIME = re.compile(r"(.*?)[\s,T]+(\d{1,2})(?::|h|\s*giờ\s*)(\d{2})?(?::\d{2})?", re.IGNORECASE)


def day_of(text: str) -> dt.date | None:
    """Read a date that a person typed, day first: `5/1/2026`, `05.01.2026`, `2026-01-05`, in words."""
    if match := _DAY.fullmatch(text) or _WORDS.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def parse_date(cell: object) -> Parsed:
    """Date without time, as datetime at midnight."""
    parsed = parse_moment(cell)
    if isinstance(parsed.value, dt.datetime):
        return Parsed(parsed.value.replace(hour=0, minute=0, second=0, microsecond=0))
    return parsed


def parse_moment(cell: object) -> Parsed:
    """Date with time if there is one; a bare number is refused with the date it may have been."""
    if isinstance(cell, dt.datetime):
        return Parsed(cell)
    if isinstance(cell, dt.date):
        return Parsed(dt.datetime(cell.year, cell.month, cell.day))
    if isinstance(cell, int | float) and not isinstance(cell, bool) and SERIAL_FROM <= cell <= SERIAL_TO:
        day = SERIAL_DAY_ZERO + dt.timedelta(days=int(cell))
        return _refuse("V-03", "date_as_number", goi_y=day.strftime("%d/%m/%Y"))
    if not isinstance(cell, str):
        return _refuse("V-03", "not_date")
    day_text, hour, minute = cell, 0, 0
    if match := _TIME.fullmatch(cell):
        day_text, hour, minute = match[1], int(match[2]), int(match[3] or 0)
    found = day_of(day_text)
    if found is None or hour > 23 or minute > 59:
        return _refuse("V-03", "not_date")
    return Parsed(dt.datetime(found.year, found.month, found.day, hour, minute))
