"""Raw cells come back as they were put away."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.batches.cells import CellStore, StoredGrid, packed_rows, unpacked_rows
from pipeline.reading import Uncached

ROWS: list[list[object]] = [
    ["", "", ""],
    ["Nguyễn Giả Bình", 12.0, True],
    [dt.datetime(2026, 1, 2, 3, 4, 5, 6), dt.date(2026, 1, 2), dt.time(3, 4, 5)],
    [dt.timedelta(days=1, microseconds=7), Uncached("=A1"), "#REF!"],
    ["\ud800", 0.1 + 0.2, -0.0],
    ["", 1e300, ""],
]


def _kinds(rows: list[list[object]]) -> list[list[tuple[str, str]]]:
    return [[(type(v).__name__, repr(v)) for v in row] for row in rows]


def test_every_kind_of_cell_comes_back() -> None:
    assert _kinds(unpacked_rows(packed_rows(ROWS))) == _kinds(ROWS)
    assert unpacked_rows(packed_rows([])) == []


def test_an_unknown_kind_is_a_fault_of_ours() -> None:
    with pytest.raises(TypeError, match="complex"):
        packed_rows([[1j]])


@pytest.mark.parametrize("in_memory", [0, 200, 1_000_000])
def test_what_does_not_fit_into_memory_goes_to_a_file(in_memory: int) -> None:
    store = CellStore(in_memory)
    numbers = [store.put(packed_rows([[float(n)], *ROWS])) for n in range(100)]
    for n in (0, 99, 50, 99, 1):
        assert store.rows(numbers[n])[0] == [float(n)]
    grid = StoredGrid("NHAN_SU", store, numbers[7])
    assert grid.rows[0] == [7.0]
    grid.rows = []
    assert grid.rows == []
