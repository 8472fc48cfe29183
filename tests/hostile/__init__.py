"""Files that nobody means well with, or that no program wrote right: made here, never stored, the same every time.

`corpus()` gives them all, each with its expected outcome. The words of an outcome are those of the run: `counts` when
the file is read (then the findings that must be among what is said of it), or the code and variant of the refusal.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile import archives, cells, compound, inventory, markup, opendocument, packages, workbooks, zips
from tests.hostile.material import Hostile


def corpus() -> Iterator[Hostile]:
    """Every hostile file, in a fixed order; names are unique."""
    for module in (zips, packages, markup, workbooks, cells, compound, opendocument, archives, inventory):
        yield from module.files()
