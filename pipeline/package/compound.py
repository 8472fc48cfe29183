"""An OLE container: an old .xls workbook, or something else in the same wrapping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any

import xlrd

from pipeline.findings import column_letters
from pipeline.package.container import Container
from pipeline.package.facts import (
    Limits,
    Package,
    Refusal,
    SheetFacts,
    Visibility,
    check_book_extent,
    check_extent,
    check_sheet_count,
    megabytes,
)
from pipeline.package.sheet_xml import UNNAMED_ERROR

_VISIBILITY: dict[int, Visibility] = {0: "visible", 1: "hidden", 2: "veryHidden"}


_WORKBOOK = ("Workbook", "Book")  # since Excel 97, and before
#: Streams that tell what else a container is, in the order of proof.
_OTHERS = (
    ("EncryptedPackage", "V-12", "workbook"),
    ("__properties_version1.0", "V-11", "mail"),
    ("WordDocument", "V-11", "word"),
)
_MACROS = "_VBA_PROJECT_CUR"


def examine_compound(content: bytes, limits: Limits) -> Package:
    """Return the facts of an .xls workbook.

    Raises:
        Refusal: it is something else, has a password or goes beyond the limits.
        Exception: any other error means a broken file.
    """
    container = Container(content)
    names = container.streams
    for name, code, variant in _OTHERS:
        if name in names:
            raise Refusal(code, variant)
    if not any(name in names for name in _WORKBOOK):
        raise Refusal("V-11", "unknown")
    if len(content) > limits.binary_bytes:
        raise Refusal("V-14", "too_large", co=megabytes(len(content)), gioi_han=megabytes(limits.binary_bytes))
    try:
        package = _examine_xls(content, limits)
    except xlrd.XLRDError as error:
        if "encrypt" in str(error).lower():
            raise Refusal("V-12", "workbook") from error
        raise
    findings = (Refusal("V-14", "macro").finding,) if _MACROS in names else ()
    return replace(package, findings=findings)


def open_xls(content: bytes) -> Any:
    """Open the workbook stream with formatting, which tells what is hidden and merged, or without.

    Raises:
        ContainerError, xlrd.XLRDError: it cannot be opened; other errors of damaged bytes are not listed.
    """
    container = Container(content)
    stream = container.read(next(name for name in _WORKBOOK if name in container.streams))
    for formatting in (True, False):
        try:
            # Ragged rows keep a stray cell from filling a rectangle.
            return xlrd.open_workbook(
                file_contents=stream,
                logfile=StringIO(),
                on_demand=True,
                formatting_info=formatting,
                ragged_rows=True,
            )
        except Exception:  # what damaged bytes make xlrd raise has no closed list
            if not formatting:
                raise
    return None


def _examine_xls(content: bytes, limits: Limits) -> Package:
    book = open_xls(content)
    check_sheet_count(book.nsheets, limits)
    sheets = []
    for index in range(book.nsheets):
        sheets.append(_sheet(book.sheet_by_index(index), limits))
        book.unload_sheet(index)
    facts = tuple(sheets)
    check_book_extent(facts, limits)
    return Package("xls", (), dict(_names(book)), facts)


def _names(book: Any) -> Iterator[tuple[str, str]]:
    for item in book.name_obj_list:
        result = item.result
        if item.scope == -1 and result is not None and result.kind == xlrd.formula.oSTRG and result.value:
            yield item.name, str(result.value)


def _sheet(sheet: Any, limits: Limits) -> SheetFacts:
    blank = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
    last_row = last_column = 0
    errors: dict[str, str] = {}
    filled: set[int] = set()
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind in blank:
                continue
            last_row, last_column = row + 1, max(last_column, column + 1)
            filled.add(row)
            if kind == xlrd.XL_CELL_ERROR:
                code = sheet.cell_value(row, column)
                text = xlrd.error_text_from_code.get(code, UNNAMED_ERROR)
                errors[f"{column_letters(column + 1)}{row + 1}"] = text
    rows = frozenset(r + 1 for r, info in sheet.rowinfo_map.items() if info.hidden and r in filled)
    columns = frozenset(c + 1 for c, info in sheet.colinfo_map.items() if info.hidden and c < last_column)
    facts = SheetFacts(
        sheet.name,
        _VISIBILITY.get(sheet.visibility, "visible"),
        last_row,
        last_column,
        errors,
        error_count=len(errors),
        hidden_rows=rows,
        hidden_columns=columns,
    )
    corner = f"{column_letters(last_column)}{last_row}"
    return check_extent(facts, corner, corner, limits)
