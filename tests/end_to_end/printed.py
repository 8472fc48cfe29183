"""Pages of a workbook as LibreOffice prints them: whose sheet each is, and which words stand where on it."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.workbook.keys import KEY_HEADING

SECONDS = 300
_HTML = "{http://www.w3.org/1999/xhtml}"
#: Of the height of its letters: pieces of a word stand closer, for some are drawn one by one; blanks are wider.
_WITHIN_WORD = 0.1
#: Points at the foot of a page that belong to the footer.
_FOOTER = 52.0
#: Points within which words stand on one line.
_LINE = 6.0


@dataclass(frozen=True)
class Printed:
    """One page: its number in the file and its words with their places (left, top), points from the corner."""

    number: int
    words: tuple[tuple[float, float, str], ...]
    height: float

    @property
    def texts(self) -> set[str]:
        return {text for _, _, text in self.words}

    def lowest(self, many: int) -> list[str]:
        """So many words above the footer, the lowest of the page."""
        inside = [word for word in self.words if word[1] < self.height - _FOOTER]
        return [text for _, _, text in sorted(inside, key=lambda word: -word[1])[:many]]

    def shows(self, heading: str) -> bool:
        """Whether most words of a heading stand here; a word may be broken where its cell is narrow."""
        words = heading.split()
        return 2 * sum(word in self.texts for word in words) >= len(words)


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", timeout=SECONDS)
    return done.stdout


def pages_by_sheet(paper: Path, sheets: list[str]) -> dict[str, list[Printed]]:
    """Printed pages of each sheet that has any; which is whose tell the file's bookmarks."""
    outline = re.findall(r'<item page="(\d+)">(.+?)</item>', _run("pdftohtml", "-xml", "-i", "-stdout", str(paper)))
    starts = [(int(page), name) for page, name in outline if name in sheets]
    pages = list(_pages(_run("pdftotext", "-bbox", "-enc", "UTF-8", str(paper), "-")))
    ends = [page for page, _ in starts[1:]] + [len(pages) + 1]
    return {name: pages[first - 1 : end - 1] for (first, name), end in zip(starts, ends, strict=True)}


def _pages(text: str) -> Iterator[Printed]:
    tree = ElementTree.fromstring(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text))
    for number, page in enumerate(tree.iter(f"{_HTML}page"), start=1):
        yield Printed(number, tuple(_words(page)), float(page.attrib["height"]))


def _words(page: ElementTree.Element) -> Iterator[tuple[float, float, str]]:
    """Words put together again from the pieces in which they were drawn."""
    left = top = right = size = 0.0
    held = ""
    for word in page.iter(f"{_HTML}word"):
        x, y, end, foot = (float(word.attrib[name]) for name in ("xMin", "yMin", "xMax", "yMax"))
        if held and abs(y - top) < size / 2 and abs(x - right) < size * _WITHIN_WORD:
            held += word.text or ""
        else:
            if held:
                yield left, top, held
            left, top, size, held = x, y, foot - y, word.text or ""
        right = end
    if held:
        yield left, top, held


def headings(sheet: Worksheet) -> dict[int, list[str]]:
    """Excel row of each table's headings → the headings that are shown."""
    found = {}
    for table in sheet.tables.values():
        left, row, right, _ = range_boundaries(table.ref)
        found[row] = [
            str(c.value)
            for c in sheet[row][left - 1 : right]
            if c.value and not _key(c.value) and not sheet.column_dimensions[c.column_letter].hidden
        ]
    titles = re.fullmatch(r"\$?(\d+):\$?(\d+)", sheet.print_title_rows or "")
    if titles and titles[1] == titles[2] and int(titles[1]) not in found:
        found[int(titles[1])] = [str(c.value) for c in sheet[int(titles[1])] if c.value and not _key(c.value)]
    return found


def _key(value: object) -> bool:
    return value == KEY_HEADING


def repeated_headings(sheet: Worksheet) -> dict[int, list[str]]:
    """Those that are printed on each page."""
    titles = re.fullmatch(r"\$?(\d+):\$?(\d+)", sheet.print_title_rows or "")
    if not titles:
        return {}
    first, last = int(titles[1]), int(titles[2])
    return {row: texts for row, texts in headings(sheet).items() if first <= row <= last and texts}


def fits_one_page_across(sheet: Worksheet) -> bool:
    """Forms are as wide as their paper; other sheets are made smaller until they are."""
    if sheet.title.startswith("IN_"):
        return True
    return bool(sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToWidth in (None, 1))


def together(pages: list[Printed]) -> Printed:
    """All pages of a sheet as one."""
    return Printed(pages[0].number, tuple(word for page in pages for word in page.words), pages[0].height)


def lone_titles(sheet: Worksheet) -> list[str]:
    """Bold texts that stand alone in their row: titles of what follows."""
    return [
        str(first.value)
        for first, *rest in sheet.iter_rows(min_row=4)
        if isinstance(first.value, str) and first.font.bold and not any(c.value for c in rest)
    ]


def orphans(page: Printed, sheet: Worksheet) -> list[str]:
    """What stands at the foot of a page although it belongs to what follows."""
    titles = [" ".join(texts) for texts in headings(sheet).values()] + lone_titles(sheet)
    return [title for title in titles if title and sorted(page.lowest(len(words := title.split()))) == sorted(words)]
