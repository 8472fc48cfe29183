"""Specification in, workbook out: the empty, pre-filled or filled form of any `BookSpec`.

Contract: `write_book` writes the guide HUONG_DAN, for units the live page KIEM_TRA, every sheet of the
specification, and the hidden lists DANH_MUC. Cells stand exactly as given: nothing is parsed, text never
becomes a formula, a number or a link. The same arguments give the same bytes. Nothing here reads a file.
"""

from pipeline.template.book import write_book
from pipeline.template.edition import Cell, Contents, Cover, Edition, Mark, Marks
from pipeline.template.places import column_index, form_rows, last_entry_row

__all__ = [
    "Cell",
    "Contents",
    "Cover",
    "Edition",
    "Mark",
    "Marks",
    "column_index",
    "form_rows",
    "last_entry_row",
    "write_book",
]
