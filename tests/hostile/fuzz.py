"""`python -m tests.hostile.fuzz`: mutated packages, cells, names, dates and numbers, drawn by hypothesis.

    python -m tests.hostile.fuzz                          what the tests run: the same examples every time
    python -m tests.hostile.fuzz --examples 5000 --random a longer search, other examples every time

A process of its own, because what an unlucky file does to a reader may not be an exception. What is being read is kept
in `--keep` (a file, none by default), so that it is still there when the process is not.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk import province
from tests.hostile.compound import good as old_workbook
from tests.hostile.judge import judged, limit_memory, opened, validate_all
from tests.hostile.material import Entry, changed, entries, parts, sheet_part, with_cell, zipped
from tests.hostile.opendocument import content, ods

EXAMPLES = 25

#: Characters of which much goes wrong: marks, controls of direction, signs of formulas, things XML must escape.
_CHARACTERS = st.one_of(
    st.sampled_from(
        "ăâđêôơưĂÂĐÊÔƠƯạảãàáẹệợ\u0300\u0301\u0323\u200b\u200d\u202e\u2066\ufeff\u00a0=+-@<>&\"'\t\n/\\:;,.|{}"
    ),
    st.characters(exclude_categories=("Cs",), exclude_characters=[chr(n) for n in range(32)] + ["\ufffe", "\uffff"]),
)
TEXTS = st.text(_CHARACTERS, max_size=60)
NUMBERS = st.one_of(
    st.floats().map(repr),
    st.integers().map(str),
    st.sampled_from(["60", "-1", "1e400", "NaN", "2958466", "0x1", "1,5", "1.000.000", "٣", "--1", "1e", ""]),
    TEXTS,
)
DATES = st.one_of(
    st.builds(
        "{:02}{}{:02}{}{}".format,
        st.integers(0, 40), st.sampled_from("/-. "), st.integers(0, 15), st.sampled_from("/-. "),
        st.integers(0, 12_000),
    ),
    st.dates().map(str),
    TEXTS,
)  # fmt: skip
_CELLS = st.sampled_from([("NHAN_SU", f"{letter}{row}") for letter in "BCDEFGHJKLMNO" for row in (5, 6, 7)])
_KINDS = st.sampled_from(["", "n", "s", "str", "b", "e", "d", "inlineStr", "x"])


def _escaped(text: str) -> bytes:
    for plain, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(plain, written)
    return text.encode("utf-8", "replace")


@st.composite
def cells(draw: st.DrawFn) -> tuple[str, bytes]:
    """A template in which one cell holds anything as any kind."""
    sheet, cell = draw(_CELLS)
    kind, value = draw(_KINDS), _escaped(draw(st.one_of(TEXTS, NUMBERS, DATES)))
    inner = b"<is><t>" + value + b"</t></is>" if kind == "inlineStr" else b"<v>" + value + b"</v>"
    attribute = f' t="{kind}"'.encode() if kind else b""
    return "cell.xlsx", with_cell(sheet, cell, attribute + b">" + inner + b"</c>")


@st.composite
def markups(draw: st.DrawFn) -> tuple[str, bytes]:
    """A template with one part of its XML cut, doubled or overwritten somewhere."""
    part = draw(st.sampled_from(["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", sheet_part("NHAN_SU"),
                                 sheet_part("DON_VI"), "xl/_rels/workbook.xml.rels"]))  # fmt: skip
    data = parts()[part]
    start = draw(st.integers(0, len(data) - 1))
    end = min(len(data), start + draw(st.integers(0, 200)))
    piece = draw(st.one_of(st.just(b""), st.just(data[start:end] * 3), st.binary(max_size=30), TEXTS.map(_escaped)))
    return "markup.xlsx", changed({part: data[:start] + piece + data[end:]})


@st.composite
def packages(draw: st.DrawFn) -> tuple[str, bytes]:
    """Bytes of a package, an old workbook or an .ods changed, cut or doubled."""
    name, good = draw(
        st.sampled_from([("a.xlsx", zipped(entries())), ("a.xls", old_workbook()), ("a.ods", ods(content()))])
    )
    data = bytearray(good)
    for at, byte in draw(st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255)), max_size=12)):
        data[at] = byte
    cut = draw(st.one_of(st.just(len(data)), st.integers(0, len(data))))
    return name, bytes(data[:cut]) + draw(st.binary(max_size=40))


@st.composite
def names(draw: st.DrawFn) -> tuple[str, bytes]:
    """A sheet, a part or an entry of an archive by any name."""
    name = draw(TEXTS)
    place = draw(st.sampled_from(["sheet", "part", "entry"]))
    if place == "sheet":
        old = b'name="NHAN_SU"'
        return "a.xlsx", changed(
            {"xl/workbook.xml": parts()["xl/workbook.xml"].replace(old, b'name="' + _escaped(name) + b'"')}
        )
    flags = {"flags": 0x800 * draw(st.integers(0, 1))}
    more = Entry(name.encode(), b"<x/>", local=flags, central=flags)
    return ("a.xlsx", zipped([*entries(), more])) if place == "part" else ("a.zip", zipped([more, more]))


FAMILIES: dict[str, Callable[[], st.SearchStrategy[tuple[str, bytes]]]] = {
    "cells": cells, "markups": markups, "packages": packages, "names": names,
}  # fmt: skip


def read(name: str, data: bytes) -> None:
    """Take one file through the run's reading; any fault is an AssertionError."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        intake, openings = opened(path)
    found = validate_all(openings)
    assert judged(name, intake, openings, found).faults == ()


def main() -> None:
    """Search every family."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--examples", type=int, default=EXAMPLES)
    asked.add_argument("--random", action="store_true")
    asked.add_argument("--keep", type=Path)
    told = asked.parse_args()
    province()
    limit_memory()
    for family, strategy in FAMILIES.items():

        @settings(
            max_examples=told.examples, derandomize=not told.random, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(strategy())
        def search(example: tuple[str, bytes]) -> None:
            if told.keep:
                told.keep.write_bytes(example[1])
            read(*example)

        search()
        print(f"{family}: {told.examples} examples", flush=True)


if __name__ == "__main__":
    main()
