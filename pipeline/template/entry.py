"""Entry cells: their drop-downs, limits, input messages, and the writing of given values."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline.paper import CHARACTER_PIXELS, FONT, PIXELS_PER_POINT, row_height
from pipeline.template.edition import Cell, Edition, Mark
from pipeline.template.places import STAFF_CODE, printed, targets
from pipeline.template.styles import (
    DATE_FORMAT,
    FILL_BAD,
    FILL_DOUBT,
    FILL_NOTE,
    MOMENT_FORMAT,
    NUMBER_FORMAT,
    SPAN_FORMAT,
    TIME_FORMAT,
    Styles,
    number_format,
)
from schemas.columns import Column, Kind, Window

#: Limits of Excel, characters.
TITLE_LIMIT, MESSAGE_LIMIT, TEXT_LIMIT = 32, 255, 32767
_ELLIPSIS = "…"
_FIRST_BIRTH, _FIRST_CAREER, _FIRST_PAST = 1940, 1960, 1990
_WORKING_AGE, _PLAN_YEARS = 16, 11
_LAST_YEAR = 2100
_FIRST_EXCEL_YEAR = 1900
#: Of a comment: characters a line, points, pixels around the text.
_NOTE_WIDTH, _NOTE_FONT, _NOTE_MARGIN = 42, 10, 6


def cut(text: str, limit: int) -> str:
    """Shorten a text to Excel's limit, with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + _ELLIPSIS


def list_name(vocabulary: str) -> str:
    """Defined name of a drop-down list."""
    return f"DM_{vocabulary}"


def key_name(sheet: str, field: str) -> str:
    """Defined name of a column to which others refer."""
    return f"COT_{sheet}_{field}"


def validation(edition: Edition, owner: dict[str, Column], column: Column) -> dict[str, Any]:
    """Data validation of one column, as XlsxWriter takes it. `owner` holds the columns of its sheet."""
    rule, style, error = _limits(edition, column)
    asked = " ".join(filter(None, (column.help, _requirement(edition, owner, column))))
    shown = f"\nVí dụ: {printed(column.example)}" if column.example is not None else ""
    message = cut(asked, MESSAGE_LIMIT - len(shown)) + shown
    return {
        "ignore_blank": True,
        "input_title": cut(column.heading, TITLE_LIMIT),
        "input_message": cut(message.strip() or column.heading, MESSAGE_LIMIT),
        "error_type": style,
        "error_title": cut(column.heading, TITLE_LIMIT),
        "error_message": cut(error, MESSAGE_LIMIT),
        **rule,
    }


def _requirement(edition: Edition, owner: dict[str, Column], column: Column) -> str:
    when = column.required_when
    if column.required:
        return "Bắt buộc."
    if when is None:
        return ""
    other = owner[when.field]
    if when.is_in:
        return f"Bắt buộc khi «{other.heading}» là: {', '.join(edition.labels(other, when.is_in))}."
    return f"Bắt buộc khi «{other.heading}» {'để trống' if when.blank else 'đã điền'}."


def _limits(edition: Edition, column: Column) -> tuple[dict[str, Any], str, str]:
    """Rule, alert style and alert text. A warning lets the officer keep what was typed; a stop does not."""
    rule: dict[str, Any]
    # A drop-down shows one column; a reference to either of two has none.
    if len(targets(column)) == 1 and targets(column)[0][0] in edition.spec.by_code:
        return _reference_limits(column)
    if column.kind is Kind.CHOICE:
        rule = {"validate": "list", "source": f"={list_name(column.vocabulary or '')}"}
        return rule, "stop", "Chỉ chọn trong danh sách: bấm mũi tên ở góc phải của ô."
    if column.kind is Kind.CHOICES:
        rule = {"validate": "list", "source": f"={list_name(column.vocabulary or '')}"}
        error = "Nhiều mục thì gõ đúng tên từng mục, cách nhau dấu chấm phẩy (;), rồi bấm OK."
        return rule, "information", error
    if column.kind.temporal:
        first, last = _dates(edition, column)
        # Not a stop: on a computer set to American dates 15/11/2026 is text, and our reader understands it.
        error = (
            f"Gõ ngày/tháng/năm, từ {printed(first)} đến {printed(last)}, ví dụ 05/11/2026. "
            "Máy đặt kiểu ngày khác mà đã gõ đúng ngày/tháng/năm thì bấm Yes để giữ."
        )
        rule = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
        return rule, "warning", error
    if column.kind.numeric:
        return _number_limits(column)
    error = f"Nhiều nhất {printed(column.max_length)} ký tự. Xin viết gọn lại."
    return {"validate": "length", "criteria": "<=", "value": column.max_length}, "stop", error


def _reference_limits(column: Column) -> tuple[dict[str, Any], str, str]:
    sheet, field = targets(column)[0]
    several = " Nhiều mã cách nhau dấu chấm phẩy (;)." if column.many else ""
    newcomer = " Người chưa có mã: ghi Họ tên, dd/mm/yyyy." if (sheet, field) == STAFF_CODE else ""
    outside = f" Người ngoài đơn vị: ghi {column.outside_prefix} họ tên." if column.outside_prefix else ""
    # With blanks in the source, Excel lets everything pass unless blanks are refused.
    rule = {"validate": "list", "source": f"={key_name(sheet, field)}", "ignore_blank": False}
    if column.subject_kind:
        error = f"Không phải mã ở trang {sheet}. {column.help}{newcomer} Đúng rồi thì bấm OK."
        return rule, "information", error
    error = f"Mã này chưa có ở trang {sheet}.{several}{newcomer}{outside} Bấm Yes để giữ, No để gõ lại."
    return rule, "warning", error


def _number_limits(column: Column) -> tuple[dict[str, Any], str, str]:
    whole = column.kind is Kind.INTEGER
    rule: dict[str, Any] = {"validate": "integer" if whole else "decimal"}
    low, high = (None if n is None else int(n) if n == int(n) else n for n in (column.low, column.high))
    word = "số nguyên" if whole else "số"
    if low is not None and high is not None:
        rule |= {"criteria": "between", "minimum": low, "maximum": high}
        span = f" từ {printed(low)} đến {printed(high)}"
    elif low is not None or high is not None:
        rule |= {"criteria": ">=" if low is not None else "<=", "value": low if low is not None else high}
        span = f" từ {printed(low)} trở lên" if low is not None else f" không quá {printed(high)}"
    else:
        rule |= {"criteria": "between", "minimum": -1_000_000_000, "maximum": 1_000_000_000}
        span = ""
    return rule, "stop", f"Ô này chỉ nhận {word}{span}; không gõ chữ, không gõ đơn vị tính."


def _dates(edition: Edition, column: Column) -> tuple[dt.date, dt.date]:
    """The column's window in the period; without known dates, wide bounds that catch slips of typing."""
    if edition.identity.dates and column.window:
        # Here, because it brings pandera, which only those who know the dates have loaded.
        from schemas.frames import windows_of  # noqa: PLC0415

        return windows_of(*edition.identity.dates)[column.window]
    found = re.search(r"(?:19|20)\d\d", edition.identity.period)
    year = int(found[0]) if found else None
    first, last = {
        Window.BIRTH: (_FIRST_BIRTH, year and year - _WORKING_AGE),
        Window.CAREER: (_FIRST_CAREER, year and year + 1),
        Window.PERIOD: (year and year - 1, year and year + 1),
        Window.SEASON: (year and year - 1, year and year + 1),
        Window.PAST: (_FIRST_PAST, year and year + 1),
        Window.PLAN: (_FIRST_PAST, year and year + _PLAN_YEARS),
        None: (_FIRST_PAST, None),
    }[column.window]
    return dt.date(first or _FIRST_PAST, 1, 1), dt.date(last or _LAST_YEAR, 12, 31)


def write_cell(
    sheet: Worksheet,
    row: int,
    column_at: int,
    value: Cell,
    column: Column,
    styles: Styles,
    middle: bool = False,
    fill: str = "",
) -> None:
    """Write one given value as it stands; `row` and `column_at` count from 0. None leaves no cell, but for a `fill`."""
    if value is None or value == "":
        if fill:
            sheet.write_blank(row, column_at, None, styles.entry(column, middle=middle, fill=fill))
    elif isinstance(value, str):
        sheet.write_string(row, column_at, value[:TEXT_LIMIT], styles.entry(column, middle=middle, fill=fill))
    elif isinstance(value, dt.date | dt.time | dt.timedelta):
        number = _temporal_format(value, column)
        if number:
            sheet.write_datetime(row, column_at, value, styles.entry(column, number, middle=middle, fill=fill))
        else:
            sheet.write_string(row, column_at, printed(value), styles.entry(column, middle=middle, fill=fill))
    elif isinstance(value, bool):
        sheet.write_boolean(row, column_at, value, styles.entry(column, middle=middle, fill=fill))
    else:
        number = NUMBER_FORMAT if column.kind.temporal or value != int(value) else number_format(column)
        sheet.write_number(row, column_at, value, styles.entry(column, number, middle=middle, fill=fill))


def _temporal_format(value: dt.date | dt.time | dt.timedelta, column: Column) -> str:
    """Number format of a day, a time or a span; empty for one that the calendar of Excel does not hold."""
    if isinstance(value, dt.time):
        return TIME_FORMAT
    if isinstance(value, dt.timedelta):
        return SPAN_FORMAT if value >= dt.timedelta() else ""
    if value.year < _FIRST_EXCEL_YEAR:
        return ""
    moment = isinstance(value, dt.datetime) and (value.hour or value.minute or column.kind is Kind.MOMENT)
    return MOMENT_FORMAT if moment else DATE_FORMAT


def write_mark(sheet: Worksheet, row: int, column_at: int, mark: Mark) -> None:
    """Put the comment of a mark at a cell; its box is as high as the text needs."""
    height = row_height([(mark.note, _NOTE_WIDTH)], _NOTE_FONT) * PIXELS_PER_POINT
    options = {
        "width": _NOTE_WIDTH * CHARACTER_PIXELS + 2 * _NOTE_MARGIN,
        "height": height + 2 * _NOTE_MARGIN,
        "font_name": FONT,
        "font_size": _NOTE_FONT,
        "color": FILL_NOTE,
    }
    sheet.write_comment(row, column_at, cut(mark.note, TEXT_LIMIT), options)


def fill_of(mark: Mark | None) -> str:
    """Ground of a marked cell; empty for one that is not marked."""
    return "" if mark is None else FILL_BAD if mark.grave else FILL_DOUBT
