"""Why a nominee stands where he stands, in one short sentence, and how his declared values are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.ranking.components import CHAINS, PREFERENCES, Chain, Component
from pipeline.ranking.declared import INITIATIVES
from pipeline.ranking.eligibility import OPEN
from pipeline.ranking.nominees import NomineeOrder
from pipeline.vietnamese import decimal

RATINGS = {3.0: "xuất sắc", 2.0: "tốt", 1.0: "hoàn thành", 0.0: "không hoàn thành"}
LEVELS = {"national": "toàn quốc", "sector": "ngành", "base": "cơ sở"}
NOT_KNOWN, NO_PLACE, TIED = "chưa có", "–", " (ngang)"
_YES_NO = {1.0: "có", 0.0: "không"}
_SHARES = ("results", "votes")
Row = Mapping[Any, Any]


def components_of(kind: str) -> dict[str, Component]:
    """Every component of a kind by code, preferences too."""
    known = dict(CHAINS[kind][1])
    return known | {step.code: step for step, _, kinds in PREFERENCES if kind in kinds}


def value_text(row: Row, component: Component) -> str:
    """Write what is declared of a component; `NOT_KNOWN` where nothing is."""
    column = component.columns[0]
    if column in INITIATIVES.values():
        return initiatives_text(row)
    value = row[column]
    if pd.isna(value):
        return NOT_KNOWN
    if column == "rating":
        return RATINGS[value]
    if column in ("direct", "women"):
        return _YES_NO[value]
    if column == "results" and not pd.isna(row["targets"]):
        return targets_text(row)
    if column in _SHARES:
        return f"{decimal(round(100 * value, 1))} %"
    return decimal(abs(value) if column.endswith("order") else value)


def initiatives_text(row: Row) -> str:
    """Write `ngành 0,9; cơ sở 1,4`: shares in recognised initiatives of the year, the highest level first."""
    if pd.isna(row["base"]):
        return NOT_KNOWN
    parts = [f"{words} {decimal(round(row[column], 2))}" for column, words in LEVELS.items() if row[column] > 0]
    return "; ".join(parts) or "không"


def targets_text(row: Row) -> str:
    """Write `2/3`: targets reached of those that the nominee answers for; how many cannot be computed."""
    if pd.isna(row["targets"]):
        return NOT_KNOWN
    unknown = int(row["open_targets"])
    known = int(row["targets"]) - unknown
    parts = [f"{int(row['reached'])}/{known}"] if known else []
    return ", ".join([*parts, f"{unknown} chưa tính được"] if unknown else parts)


def reason(rows: Mapping[int, Row], at: int, level: str) -> str:
    """Say in one sentence why a nominee stands at his place of a level.

    Args:
        rows: rows of the order's table by row id.
        at: row id of the nominee.
        level: scope of the place.
    """
    row = rows[at]
    if pd.isna(row[f"rank_{level}"]):
        return f"Không xếp. {row['standing']}."
    tied = int(row[f"ties_{level}"]) - 1
    said = [f"Ngang {tied} đề nghị khác ở mọi bước" if tied else "", _beside(rows, row, level)]
    if row["tier"] == OPEN:
        said.append(str(row["standing"]))
    text = ". ".join(part for part in said if part)
    return f"{text}." if text else "Chỉ có một đề nghị ở đây."


def _beside(rows: Mapping[int, Row], row: Row, level: str) -> str:
    """Against the next better place; of the first place against the next worse one."""
    for side, words in (("above", "Dưới"), ("below", "Trên")):
        other = int(row[f"{side}_{level}"])
        if other >= 0:
            return f"{words} {_named(rows[other], level)}: " + _difference(
                rows[other], row, row[f"parted_{side}_{level}"]
            )
    return ""


def _named(row: Row, level: str) -> str:
    """Name a neighbour; several who are level are named by their place, so that no one of them is picked out."""
    ties = int(row[f"ties_{level}"])
    return str(row["name"]) if ties == 1 else f"{ties} đề nghị ngang nhau ở thứ tự {row[f'rank_{level}']:.0f}"


def _difference(other: Row, row: Row, code: str) -> str:
    if code == "TIER":
        return "người đã đủ điều kiện xếp trước" if row["tier"] == OPEN else "đã đủ điều kiện nên xếp trước"
    component = components_of(str(row["kind"]))[code]
    return f"{component.words} {value_text(row, component)} so với {value_text(other, component)}"


def chain_text(chain: Chain, level: str) -> str:
    """Write the chain in force at a level: `1) xếp loại; 2) điểm đánh giá…; rồi ngang nhau`."""
    steps = "; ".join(f"{number}) {step.words}" for number, step in enumerate(chain.at(level), 1))
    return f"{steps}; bằng nhau ở mọi bước là ngang nhau" if steps else "không có bước nào"


def preferences_text(chain: Chain) -> str:
    """Write which preferences are there and switched off, and which words of the parameter are not known."""
    off = f"Ưu tiên đang tắt: {', '.join(step.words for step in chain.switched_off)}." if chain.switched_off else ""
    unknown = f"Tham số XH-08 có bước không hiểu: {', '.join(chain.unknown)}." if chain.unknown else ""
    return " ".join(part for part in (off, unknown) if part)


def place_text(row: Row, level: str) -> str:
    """Write a place: `1`, `2 (ngang)`, `–` where there is none."""
    if pd.isna(row[f"rank_{level}"]):
        return NO_PLACE
    return f"{row[f'rank_{level}']:.0f}" + (TIED if row[f"ties_{level}"] > 1 else "")


def span_text(row: Row, level: str) -> str:
    """Write the interval of places: `2`, `1–3`; an open nominee may also end without a place."""
    best, worst = row[f"best_{level}"], row[f"worst_{level}"]
    if pd.isna(best):
        return NO_PLACE
    text = f"{best:.0f}" if best == worst else f"{best:.0f}–{worst:.0f}"
    return f"{text} hoặc –" if row["tier"] == OPEN else text


def place_words(order: NomineeOrder) -> pd.Series:
    """Write the places at the level that counts for each nominee, by row id."""
    rank, ties = order.at_home("rank"), order.at_home("ties")
    text = rank.map(lambda place: f"{place:.0f}", na_action="ignore").astype("object")
    return text.where(~(ties > 1), text + TIED).where(rank.notna(), NO_PLACE)
