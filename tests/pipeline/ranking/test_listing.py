"""`xep-hang.csv`: its first columns, its numbers, and people after the units."""

from __future__ import annotations

import csv
import io

from pipeline.ranking.listing import COLUMNS, COMMON, write_ranking
from tests.pipeline.ranking.desk import ranked, spread


def test_the_table() -> None:
    units = {"A": spread(900), "B": spread(850), "C": spread(850), "D": None}
    stream = io.BytesIO()
    write_ranking(stream, ranked(units), [{"danh_hieu": "CSTDCS", "doi_tuong": "CC1", "hang": "1"}])
    content = stream.getvalue()
    assert content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS and COLUMNS[:8] == COMMON
    assert [[row[name] for name in COMMON] for row in rows] == [
        ["Khối 1", "", "A", "1", "1", "1", "90", "5"],
        ["Khối 1", "", "B", "2", "2", "2", "85", "0"],
        ["Khối 1", "", "C", "2", "2", "2", "85", ""],
        ["Khối 1", "", "D", "", "", "", "", ""],
        ["", "CSTDCS", "CC1", "1", "", "", "", ""],
    ]
    assert rows[0]["vung"] == "1" and rows[3]["trang_thai"] == "CHO_KET_LUAN"
