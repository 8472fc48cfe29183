"""What a sheet of the workbook is: its place in the order, its name, the one question that it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pipeline.results import Results
    from pipeline.workbook.page import Page


#: Rows beyond which a sheet of checks shows only what somebody must look at, and says so.
LONG_LIST = 5_000


class Group(Enum):
    """Tab groups, in the order in which people meet them: words, tab colour."""

    READ_FIRST = ("Đọc trước", "#7A2E1D")
    RANKING = ("Xếp hạng", "#B7791F")
    NOMINATIONS = ("Đề nghị", "#1F4E79")
    TOPICS = ("Kiểm tra chuyên đề", "#3C7A6B")
    PRINT = ("In ấn", "#6B5B95")
    UNITS = ("Từng đơn vị", "#5B8DB8")
    TECHNICAL = ("Kỹ thuật, dữ liệu gốc", "#9AA5B1")

    @property
    def words(self) -> str:
        """How the contents name the group."""
        return str(self.value[0])

    @property
    def colour(self) -> str:
        """Colour of the tab."""
        return str(self.value[1])


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """One sheet as the contents announce it."""

    name: str  #: of the worksheet: ASCII, at most 31 characters
    group: Group
    title: str
    question: str  #: the one question that the sheet answers
    late: bool = False  #: written after all others, because it counts or lists what stands on them
    landscape: bool = True
    wide: bool = False  #: printed on A3, where ten points stay legible

    @property
    def printed(self) -> bool:
        """Whether people print it; the technical sheets are for the screen."""
        return self.group is not Group.TECHNICAL

    @property
    def paper(self) -> str:
        """Name of the paper."""
        return "A3" if self.wide else "A4"


class SheetModule(Protocol):
    """What a module (or object) must offer to be a sheet."""

    @property
    def PLAN(self) -> SheetPlan:
        """Place, name and question of the sheet."""

    def write(self, page: Page, results: Results) -> None:
        """Fill the page."""
