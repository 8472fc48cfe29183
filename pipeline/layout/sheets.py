"""Which worksheet is which sheet of the form, and for whom the file was made."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from pipeline.layout.cells import used
from pipeline.layout.form import locate_form
from pipeline.layout.headings import SEARCH_ROWS, bare, heading_row
from pipeline.layout.places import BookLayout, Located
from pipeline.layout.table import locate_table, say_hidden_and_merged
from pipeline.reading import Grid, RawBook
from pipeline.vietnamese import clean, plain_key, suggest
from schemas.columns import NUMBER_NAME, SEAL_NAME, STAMP_PREFIX, BookSpec, Identity, Sheet

#: Sheets of the workbook that are written by us and hold no data of the unit; consolidation does not read them.
FIXED_SHEETS = ("HUONG_DAN", "KIEM_TRA", "DANH_MUC", "PHIEU_TRA_LAI")
_FIXED = frozenset(plain_key(name) for name in FIXED_SHEETS)


class Stamp(NamedTuple):
    """What the hidden key row says of a sheet."""

    row: int  #: zero-based
    sheet: str
    form: str
    version: str
    period: str
    unit: str


def stamp_of(grid: Grid) -> Stamp | None:
    """Return the stamp of a sheet, None when it is gone."""
    for number, row in enumerate(grid.rows[:SEARCH_ROWS]):
        for value in row[:3]:
            if value.__class__ is str and str(value).startswith(STAMP_PREFIX):
                parts = [clean(part).text for part in str(value)[len(STAMP_PREFIX) :].split("|")]
                if len(parts) == len(Stamp._fields) - 1:
                    return Stamp(number, *parts)
    return None


def identity_of(book: RawBook, spec: BookSpec) -> Identity | None:
    """Tell for whom a file was made: constants in its names, else most of its stamps, else the form itself.

    Returns:
        None when nothing says that the file is this form. A unit that is not known is an empty text.
    """
    names = {name: clean(text).text for name, text in book.names.items()}
    if names.get("tdkt_mau"):
        unit, period = names.get("tdkt_don_vi", ""), names.get("tdkt_ky_xet", "")
        number, seal = names.get(NUMBER_NAME, ""), names.get(SEAL_NAME, "")
        return Identity(unit, "", period, names["tdkt_mau"], names.get("tdkt_phien_ban", ""), number=number, seal=seal)
    stamps = [found[2:] for grid in book.grids if (found := stamp_of(grid))]
    if stamps:
        form, version, period, unit = max(set(stamps), key=lambda s: (stamps.count(s), s))
        return Identity(unit, "", period, form, version)
    known = {plain_key(grid.name) for grid in book.grids} & {plain_key(code) for code in spec.by_code}
    if len(known) < max(2, len(spec.sheets) // 2):
        return None
    unit, period = (_form_value(book, spec, name) for name in ("ma_don_vi", "ky_xet"))
    return Identity(unit, "", period, spec.code, spec.version)


def _form_value(book: RawBook, spec: BookSpec, name: str) -> str:
    """Read one value of the first form sheet by its label."""
    form = next((sheet for sheet in spec.sheets if sheet.form and name in sheet.by_name), None)
    if form is None:
        return ""
    label = plain_key(form.by_name[name].heading)
    for grid in book.grids:
        if plain_key(grid.name) == plain_key(form.code):
            for row in grid.rows:
                for left, right in pairwise(row):
                    if isinstance(left, str) and plain_key(bare(left)) == label:
                        return clean(str(right)).text
    return ""


def locate(book: RawBook, spec: BookSpec, identity: Identity) -> BookLayout:
    """Find every sheet of `spec` in a file and every field of each sheet."""
    layout = BookLayout(old_version=identity.version if identity.version in spec.readable_versions else "")
    stamps = {id(grid): stamp_of(grid) for grid in book.grids}  # names may be given twice by a hostile file
    chosen = _match_sheets(book, spec, stamps, layout)
    for grid in book.grids:
        cells = sum(used(row) for row in grid.rows)
        layout.total_cells += cells
        sheet, stamp = chosen.get(id(grid)), stamps[id(grid)]
        if sheet is None:
            _unknown_sheet(grid, spec, stamp, cells, layout)
        elif stamp and identity.unit and (stamp.unit, stamp.period) != (identity.unit, identity.period):
            layout.refused_sheets[sheet.code] = cells
            theirs, ours = f"{stamp.unit} (kỳ {stamp.period})", f"{identity.unit} (kỳ {identity.period})"
            layout.say("V-08", "foreign_sheet", grid, goc_trang=theirs, goc=ours)
        else:
            layout.located[sheet.code] = _locate_one(grid, sheet, stamp, layout)
            layout.unread_cells += layout.located[sheet.code].unread_cells
    for sheet in spec.sheets:
        gone = sheet.code not in layout.located and sheet.code not in layout.refused_sheets
        if gone and not sheet.may_be_absent:
            layout.say_of_file("V-01", "no_sheet", ten_trang=sheet.code, tieu_de=sheet.title)
    return layout


def _locate_one(grid: Grid, sheet: Sheet, stamp: Stamp | None, layout: BookLayout) -> Located:
    if grid.facts.visibility != "visible":
        layout.say("V-17", "hidden_sheet", grid, ten_mau=sheet.code)
    lost = grid.facts.error_count - len(grid.facts.errors)
    if lost > 0:
        layout.say("V-15", "somewhere", grid, so_o=str(lost))
    if sheet.form:
        return locate_form(grid, sheet, layout)
    located = locate_table(grid, sheet, stamp.row if stamp else None, layout)
    say_hidden_and_merged(located, layout)
    return located


def _match_sheets(
    book: RawBook, spec: BookSpec, stamps: dict[int, Stamp | None], layout: BookLayout
) -> dict[int, Sheet]:
    """Decide which worksheet is which sheet of the form; each sheet at most once.

    In turn: name and stamp agree; name alone; stamp alone (renamed); a name and headings that come near.
    """
    matched: dict[int, Sheet] = {}
    taken: set[str] = set()

    def take(grid: Grid, sheet: Sheet, variant: str = "") -> None:
        if sheet.code in taken or id(grid) in matched:
            return
        matched[id(grid)] = sheet
        taken.add(sheet.code)
        if variant:
            layout.say("V-17", variant, grid, ten_mau=sheet.code)

    by_plain = {plain_key(code): sheet for code, sheet in spec.by_code.items()}
    claims = {key: stamp.sheet for key, stamp in stamps.items() if stamp and stamp.sheet in spec.by_code}
    for grid in book.grids:
        if claims.get(id(grid)) == grid.name:
            take(grid, spec.by_code[grid.name])
    for grid in book.grids:
        named = by_plain.get(plain_key(grid.name))
        if named and claims.get(id(grid), named.code) == named.code:
            take(grid, named, "" if grid.name == named.code else "renamed_sheet")
    for grid in book.grids:
        if id(grid) in claims:
            take(grid, spec.by_code[claims[id(grid)]], "renamed_sheet")
    for grid in book.grids:
        if id(grid) not in matched and plain_key(grid.name) not in _FIXED:
            near = suggest(grid.name, [code for code in spec.by_code if code not in taken])
            if near and not spec.by_code[near].form and heading_row(grid, spec.by_code[near], 0)[1]:
                take(grid, spec.by_code[near], "near_sheet")
    return matched


def _unknown_sheet(grid: Grid, spec: BookSpec, stamp: Stamp | None, cells: int, layout: BookLayout) -> None:
    if plain_key(grid.name) in _FIXED:
        layout.fixed_cells += cells
        return
    layout.unread_cells += cells
    if cells:
        near = stamp.sheet if stamp else suggest(grid.name, list(spec.by_code))
        layout.say("V-16", "sheet_near" if near else "sheet", grid, so_o=str(cells), goi_y=near or "")
