"""The article that the product serves, sentence by sentence: what the program can do about it and where it stands.

Records are in `article.toml` (see its head for the fields); they are read when first asked for.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: Mark → what it says.
MARKS = {
    "●": "chương trình kiểm tra được",
    "◐": "chương trình chỉ thấy dấu hiệu gián tiếp",
    "○": "chương trình không xét được, người xét",
}
#: Stands in `sheets` for the pages of the units.
UNIT_PAGES = "DV_"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the article."""

    id: str  #: S01 … S80, as in the project's reference
    part: str  #: heading under which it stands
    text: str
    mark: str
    sheets: tuple[str, ...]  #: of the workbook, the first one is where to begin
    codes: tuple[str, ...]  #: checks that speak of it
    note: str  #: why nothing can be checked, or what is looked at; empty where the sheet says it


@cache
def article() -> tuple[Sentence, ...]:
    """Every sentence, in the order of the article."""
    parts = tomllib.loads(Path(__file__).with_name("article.toml").read_text(encoding="utf-8"))["parts"]
    return tuple(
        Sentence(
            row["id"], part["title"], row["text"], row["mark"], tuple(row["sheets"]), tuple(row["codes"]), row["note"]
        )
        for part in parts
        for row in part["rows"]
    )  # fmt: skip
