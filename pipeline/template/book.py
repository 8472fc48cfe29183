"""A whole workbook, sheet after sheet."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from xlsxwriter import Workbook

from pipeline.paper import AHEAD_OF_UTC, FormWorkbook, workbook_options
from pipeline.template.edition import Contents, Cover, Edition, Marks
from pipeline.template.form_sheet import write_form
from pipeline.template.guide import write_guide
from pipeline.template.lists_sheet import write_lists
from pipeline.template.self_check import write_self_check
from pipeline.template.styles import Styles
from pipeline.template.table_sheet import write_table
from schemas.columns import NUMBER_NAME, SEAL_NAME, BookSpec, Identity
from schemas.vocabularies import Lists

_AUTHOR = "Thường trực Hội đồng Thi đua - Khen thưởng"
_COMPANY = "Viện kiểm sát nhân dân"
_WINDOW = (1500, 900)  # pixels


def write_book(
    target: Path | BinaryIO,
    spec: BookSpec,
    lists: Lists,
    identity: Identity,
    contents: Contents = {},  # noqa: B006 - never written to
    *,
    created: dt.datetime,
    deadline: dt.datetime | None = None,
    submit_to: str = "",
    self_check: bool = False,
    mark: str = "",
    marks: Marks = {},  # noqa: B006 - never written to
    cover: Cover | None = None,
) -> None:
    """Write the workbook of `spec` with the given rows; the same arguments give the same bytes.

    `contents` holds cells exactly as they shall stand; fields that it does not name stay empty, also the
    locked ones of a form. A path is replaced at once when the workbook is complete. `self_check` adds
    KIEM_TRA, `mark` stands in every title (invented or anonymised data), `marks` colours and explains cells of
    the given rows, `cover` writes a page before the guide.
    """
    edition = Edition(spec, lists, identity, contents, created, deadline, submit_to, self_check, mark, marks, cover)
    if not isinstance(target, Path):
        _write(target, edition)
        return
    buffer = BytesIO()
    _write(buffer, edition)
    part = target.with_name(target.name + ".part")
    part.write_bytes(buffer.getvalue())
    part.replace(target)


def _write(stream: BinaryIO, edition: Edition) -> None:
    workbook = FormWorkbook(stream, workbook_options())
    workbook.set_size(*_WINDOW)
    styles = Styles(workbook)
    _properties(workbook, edition)
    if edition.cover:
        edition.cover(workbook, styles, edition)
    write_guide(workbook, styles, edition)
    if edition.self_check:
        write_self_check(workbook, styles, edition)
    for number, sheet in enumerate(edition.spec.sheets, start=1):
        (write_form if sheet.form else write_table)(workbook, styles, edition, sheet, number)
    write_lists(workbook, styles, edition)
    workbook.close()


def _properties(workbook: Workbook, edition: Edition) -> None:
    who = edition.identity
    workbook.set_properties(
        {
            "title": edition.marked(edition.spec.title),
            "subject": edition.owner,
            "author": _AUTHOR,
            "company": _COMPANY,
            "category": f"{who.form}, phiên bản {who.version}",
            "created": edition.created.replace(tzinfo=None) - AHEAD_OF_UTC,
        }
    )
    constants = {
        "tdkt_mau": who.form,
        "tdkt_phien_ban": who.version,
        "tdkt_ky_xet": who.period,
        "tdkt_don_vi": who.unit,
    }
    constants |= {name: text for name, text in ((NUMBER_NAME, who.number), (SEAL_NAME, who.seal)) if text}
    if who.dates:
        days = (day.isoformat() for day in who.dates)
        constants |= dict(zip(("tdkt_tu_ngay", "tdkt_den_ngay", "tdkt_het_mua"), days, strict=True))
    for name, value in constants.items():
        workbook.define_name(name, '="{}"'.format(value.replace('"', '""')))
