"""`luan-phien.csv`: one row a series, for machines and for whoever wants to check."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import BinaryIO

from pipeline.plain_csv import write_csv
from pipeline.rotation.judging import Judgement, Judgements
from pipeline.rotation.wording import explanation

COLUMNS = (
    "unit", "title", "years", "informative_years", "seats", "persons", "distinct_winners", "p_turn", "p_joint", "p_own",
    "p_lottery", "q_value", "lfdr", "power", "level", "rule", "explanation",
)  # fmt: skip
_READ = ("p_turn", "p_joint", "p_own", "p_lottery", "power", "rule")
_DIGITS = 6

#: Writes the explanation of a judgement.
Explain = Callable[[Judgement], str]


def plainly(judgement: Judgement) -> str:
    """Explain with the unit and title as they were given."""
    return explanation(judgement, judgement.series.unit, judgement.series.title)


def rows(judgements: Judgements, explain: Explain = plainly) -> list[dict[str, str]]:
    """One row a series, values as text with decimal points; empty where nothing was computed."""
    return [_row(judgement, explain(judgement)) for judgement in judgements.of]


def _row(judgement: Judgement, told: str) -> dict[str, str]:
    series, reading = judgement.series, judgement.reading
    values: dict[str, object] = {
        "unit": series.unit,
        "title": series.title,
        "years": f"{series.years[0]}-{series.years[-1]}",
        "informative_years": int(judgement.prepared.informative.sum()),
        "seats": int(series.won.sum()),
        "persons": len(series.persons),
        "distinct_winners": int(series.won.any(axis=0).sum()),
        "q_value": judgement.q_value,
        "lfdr": judgement.lfdr,
        "level": judgement.level,
        "explanation": told.replace("\n", " "),
    }
    if reading is not None:
        values |= {
            name: getattr(reading, name) for name in ("p_turn", "p_joint", "p_own", "p_lottery", "power", "rule")
        }
    return {name: _text(values.get(name, "")) for name in COLUMNS}


def _text(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{round(value, _DIGITS):.{_DIGITS}f}".rstrip("0").rstrip(".")
    return str(value)


def write_listing(file: BinaryIO, judgements: Judgements, explain: Explain = plainly) -> None:
    """Write the table."""
    write_csv(file, COLUMNS, (row.values() for row in rows(judgements, explain)))
