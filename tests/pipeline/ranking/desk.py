"""A small province to rank: units with points of a few criteria, said as points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.tables import Ranking
from tests.casework import Case, form, unit_row

#: Criterion → full points; the group is the part before the dot.
TABLE = {"I.1": 300.0, "I.2": 200.0, "II.1": 200.0, "II.2": 100.0, "III.1": 200.0}
Points = Mapping[str, float | None]


def criterion(code: str, most: float, direction: str = "CAO", **more: Any) -> dict[str, Any]:
    row = {
        "ma": code, "nhom": f"Nhóm {code.split('.', maxsplit=1)[0]}", "ten": f"Tiêu chí {code}", "diem_chuan": most,
        "chieu": direction, "he_so_thuong": 0.0, "thuong_toi_da": 0.0,
    }  # fmt: skip
    return row | more


def target(number: int, code: str | None, aim: float | None, result: float | None, **more: Any) -> dict[str, Any]:
    row = {
        "ma_ct": f"CT{number:02}", "ma_tieu_chi": code, "loai": "THUONG_XUYEN", "chieu": "CAO", "chi_tieu": aim,
        "thuc_hien": result, "diem_tu_cham": None, "minh_chung": "BC 1",
    }  # fmt: skip
    return row | more


def targets(points: Points, table: Mapping[str, float] = TABLE, **more: Any) -> list[dict[str, Any]]:
    """One target a criterion whose result earns these points; None: it did not occur."""
    rows = []
    for number, (code, got) in enumerate(points.items(), start=1):
        if got is None:
            rows.append(target(number, code, None, None, ly_do_khong_phat_sinh="Không có việc", **more))
        else:
            rows.append(target(number, code, table[code], got, **{"diem_tu_cham": got, **more}))
    return rows


def province(
    units: Mapping[str, Sequence[Mapping[str, Any]] | None],
    *,
    table: Sequence[Mapping[str, Any]] = (),
    blocks: Mapping[str, str] | None = None,
    forms: Mapping[str, Mapping[str, Any]] | None = None,
    difficulty: Mapping[str, float] | None = None,
    settings: Mapping[str, str] | None = None,
    **configured: Any,
) -> Case:
    """Units with their rows of CHI_TIEU (None: sent nothing); `settings` by `XH-04.sat_nhau`."""
    rows = [
        unit_row(code, khoi=(blocks or {}).get(code, "Khối 1"), muc_kho=(difficulty or {}).get(code, 0.0))
        for code in units
    ]  # fmt: skip
    changed = [
        {"ma_quy_tac": name.split(".")[0], "tham_so": name.split(".")[1], "gia_tri": value}
        for name, value in (settings or {}).items()
    ]  # fmt: skip
    tables = {
        code: None if found is None else {"DON_VI": [form(code) | (forms or {}).get(code, {})], "CHI_TIEU": list(found)}
        for code, found in units.items()
    }
    given = {"DON_VI": rows, "BANG_DIEM": list(table) or [criterion(c, m) for c, m in TABLE.items()]}
    return Case(configured=given | {"THAM_SO": changed} | configured, **tables)  # type: ignore[arg-type]


def ranked(units: Mapping[str, Points | None], **more: Any) -> Ranking:
    """The ranking of units given by their points."""
    return ranking_of(province({u: None if p is None else targets(p) for u, p in units.items()}, **more).evidence)


def spread(total: float) -> dict[str, float]:
    """Points that add up to a total of at most 1000, all criteria alike."""
    return {code: most * total / 1000 for code, most in TABLE.items()}
