"""TH_SO_LIEU: nominations by title and form, and of how many different persons and collectives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.results import Results
from pipeline.workbook import collectives, persons, scope
from pipeline.workbook.awards import Awards
from pipeline.workbook.nominated import PROPOSED, Nomination, Nominations, Part, different
from pipeline.workbook.page import Page
from pipeline.workbook.plan import Group, SheetPlan
from pipeline.workbook.table import Cell, Field, Placed, criterion

PLAN = SheetPlan(
    "TH_SO_LIEU",
    Group.NOMINATIONS,
    "Số liệu đề nghị theo danh hiệu, hình thức",
    "bao nhiêu đề nghị theo danh hiệu, hình thức; cho bao nhiêu người?",
    late=True,
)

TOTAL = "Cộng"
_PARTS = tuple(Part)


def _fields(whom: str) -> tuple[Field, ...]:
    return (
        Field("stt", "STT", 5, "index"),
        Field("ten", "Danh hiệu, hình thức khen thưởng", 36),
        Field("ngan", "Viết tắt", 16),
        *(Field(part.name, part.short, 12, "count") for part in PROPOSED),
        Field("de_nghi", "Tổng đề nghị", 11, "count_strong"),
        Field("nguoi", f"Số {whom} khác nhau được đề nghị", 15, "count"),
        Field(Part.NOT_PROPOSED.name, Part.NOT_PROPOSED.short, 12, "count"),
        Field("tong", "Tổng đã xét", 11, "count"),
    )


def write(page: Page, results: Results) -> None:
    """Write the table of persons, then that of collectives."""
    groups, people = page.book.shared(Nominations).everything
    note = "Một người, một tập thể có thể được đề nghị nhiều danh hiệu, hình thức; số khác nhau chỉ đếm một lần."
    page.head([item.width for item in _fields("người")], note, scope.warning(), mixed=True)
    for title, whom, items, sheet in (
        ("I. Cá nhân", "người", people, persons.PLAN.name),
        ("II. Tập thể", "tập thể", groups, collectives.PLAN.name),
    ):
        proposed = [item for item in items if item.part in PROPOSED]
        page.part(f"{title}: {len(proposed)} đề nghị cho {different(proposed)} {whom}")
        page.table(_fields(whom), _columns(page, results, items, page.book.tables[sheet]))
    page.sheet.print_area(0, 0, page.row - 1, len(page.widths) - 1)


def _columns(
    page: Page, results: Results, items: Sequence[Nomination], tables: Sequence[Placed]
) -> dict[str, list[Any]]:
    """One row a title or form, the highest rung first; all counts are formulas over the parts of the list."""
    awards = Awards(results)
    by_name: dict[str, list[Nomination]] = {}
    for item in sorted(items, key=lambda item: (-item.rung, item.title or item.form or "")):
        by_name.setdefault(awards.full(item.title, item.form), []).append(item)
    lines = list(by_name.items())
    first = page.row + 1  # below the header
    columns: dict[str, list[Any]] = {
        "stt": [*range(1, len(lines) + 1), None],
        "ten": [*by_name, Cell(TOTAL, "text_strong")],
        "ngan": [*(_short(awards, mine[0]) for _, mine in lines), None],
        "nguoi": [different(i for i in mine if i.part in PROPOSED) for mine in [*by_name.values(), items]],
    }
    letters = {item.key: chr(ord("A") + number) for number, item in enumerate(_fields(""))}
    for part, table in zip(_PARTS, tables, strict=False):
        columns[part.name] = [
            Cell(_count(mine, (part,)), formula=f"=COUNTIF({table.range('danh_hieu')},{criterion(name)})")
            for name, mine in lines
        ]
    for key, parts in (("de_nghi", PROPOSED), ("tong", _PARTS)):
        columns[key] = [
            Cell(_count(mine, parts), formula="=" + "+".join(f"{letters[p.name]}{first + number}" for p in parts))
            for number, (_, mine) in enumerate(lines, 1)
        ]
    for key, parts in (*((p.name, (p,)) for p in _PARTS), ("de_nghi", PROPOSED), ("tong", _PARTS)):
        area = f"{letters[key]}{first + 1}:{letters[key]}{first + len(lines)}"
        formula = f"=SUM({area})" if lines else ""
        columns[key].append(Cell(_count(items, parts), "count_strong", formula=formula))
    return columns


def _count(items: Sequence[Nomination], parts: Sequence[Part]) -> int:
    return sum(item.part in parts for item in items)


def _short(awards: Awards, item: Nomination) -> str | None:
    code = item.title or item.form
    return awards.short(code) if code else None
