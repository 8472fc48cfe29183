"""The official order: percentages, the chain that parts equal ones, competition ranks, close groups, bands.

Everything is done for all blocks at once: units are sorted by block and by their keys, and equal neighbours share a
rank. Codes of units never decide anything but the place of equal ones in a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.dataset import UNIT
from pipeline.ranking.points import Bools, Floats, Grid, only, points_of
from pipeline.ranking.settings import Band, Settings, Step

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

Ints = npt.NDArray[np.intp]
#: Decimals to which percentages and other keys are compared.
DIGITS = 6
#: Targets of this kind are breakthroughs.
_BREAKTHROUGH = "DOT_PHA"
_WOMAN = "NU"
#: Rounding of places of the top band: a share of a count is a whole number up to this.
_SLACK = 1e-9


def difficulty_of(case: Evidence, settings: Settings) -> Floats:
    """Difficulty of each unit that must send, from 0 to 1; NaN where not known."""
    if settings.communes:
        forms = case.forms.reindex(case.units.index)
        whole = forms["tong_xa"].to_numpy("float64", na_value=np.nan)
        hard = forms["xa_dbkk"].to_numpy("float64", na_value=np.nan)
        return np.clip(np.where(whole > 0, hard / np.where(whole > 0, whole, 1), np.nan), 0, 1)
    level = case.units["difficulty"].to_numpy("float64", na_value=np.nan)
    return np.clip(level / settings.hardest, 0, 1) if settings.hardest > 0 else np.zeros(len(level))


def keys_of(case: Evidence, grid: Grid, totals: pd.DataFrame, difficulty: Floats, settings: Settings) -> Floats:
    """Array of units × (percentage, then the steps in force), greater is better, rounded; −∞ where not known."""
    columns = [totals["percent"].to_numpy()]
    for step in settings.steps:
        if step is Step.TRADE:
            columns.append(_trade(grid, settings))
        elif step is Step.DEDUCTIONS:
            columns.append(-totals["deducted"].to_numpy())
        elif step is Step.BREAKTHROUGH:
            columns.append(_broken_through(case, grid))
        elif step is Step.DIFFICULTY:
            columns.append(difficulty)
        elif step is Step.EVIDENCE:
            columns.append(totals["evidence_share"].to_numpy())
        else:
            columns.append(_women(case, settings))
    keys = np.round(np.column_stack(columns), DIGITS) + 0.0  # + 0.0: no negative zero
    return np.where(np.isnan(keys), -np.inf, keys)


def _trade(grid: Grid, settings: Settings) -> Floats:
    """Percentage of the points of the professional group: the one named, else the first of the table."""
    groups = grid.table["nhom"].to_numpy(object)
    names = [settings.trade_group] if settings.trade_group in groups else list(groups[:1])
    inside = np.isin(groups, names)
    possible = np.where(grid.occurred, grid.most, 0.0)[:, inside].sum(axis=1)
    points = grid.official[:, inside].sum(axis=1)
    return np.where(possible > 0, 100 * points / np.where(possible > 0, possible, 1), np.nan)


def _broken_through(case: Evidence, grid: Grid) -> Floats:
    """1 where a breakthrough was reached and states evidence, else 0."""
    rows = points_of(case)
    kinds = case.frame("CHI_TIEU")["loai"].reindex(rows.index)
    done = rows[(kinds == _BREAKTHROUGH) & (rows["reached"] >= 1) & rows["evidence"].notna() & rows["reason"].isna()]
    found: Floats = grid.units.isin(done["unit"]).astype("float64")
    return found


def _women(case: Evidence, settings: Settings) -> Floats:
    """1 where the share of women reaches the least, else 0; NaN without a staff list."""
    staff = case.frame("NHAN_SU")
    woman = (staff["gioi_tinh"] == _WOMAN).astype("float64")
    share = woman.groupby(staff[UNIT]).mean().reindex(case.units.index).to_numpy("float64", na_value=np.nan)
    return np.where(np.isnan(share), np.nan, share >= settings.women)


def sorted_units(blocks: Ints, keys: Floats, inside: Bools, codes: npt.NDArray[np.object_]) -> Ints:
    """Units inside, block after block, the best first; equal ones by code."""
    at = np.flatnonzero(inside)
    by_code = np.argsort(np.argsort(codes.astype("U")))
    columns = [by_code[at], *(-keys[at, column] for column in range(keys.shape[1] - 1, -1, -1)), blocks[at]]
    order: Ints = at[np.lexsort(columns)]
    return order


def ranks_of(blocks: Ints, keys: Floats, order: Ints) -> Floats:
    """Competition rank of each unit inside its block; NaN for those that `order` leaves out."""
    ranks = np.full(len(blocks), np.nan)
    if not len(order):
        return ranks
    block, key = blocks[order], keys[order]
    begins = np.r_[True, block[1:] != block[:-1]]
    new = begins | np.r_[True, (key[1:] != key[:-1]).any(axis=1)]
    place = np.arange(len(order))
    start = np.maximum.accumulate(np.where(begins, place, 0))
    ranks[order] = np.maximum.accumulate(np.where(new, place, 0)) - start + 1
    return ranks


def parting_steps(blocks: Ints, keys: Floats, order: Ints, settings: Settings) -> npt.NDArray[np.object_]:
    """For each unit the step by which it stands below an equal percentage just above it; None: by points, or tied."""
    found = np.full(len(blocks), None, dtype=object)
    if len(order) < 2:
        return found
    key, block = keys[order], blocks[order]
    same = (block[1:] == block[:-1]) & (key[1:, 0] == key[:-1, 0])
    for place in np.flatnonzero(same):
        differs = np.flatnonzero(key[place + 1, 1:] != key[place, 1:])
        if len(differs):
            found[order[place + 1]] = settings.steps[differs[0]].value
    return found


def close_groups(blocks: Ints, percent: Floats, order: Ints, settings: Settings) -> Floats:
    """Number of the close group of each unit inside its block, from 1; NaN where it is close to no neighbour."""
    groups = np.full(len(blocks), np.nan)
    if len(order) < 2:
        return groups
    block, share = blocks[order], np.round(percent[order], DIGITS)
    near = (block[1:] == block[:-1]) & (np.round(share[:-1] - share[1:], DIGITS) < 100 * settings.close)
    member = np.r_[near, False] | np.r_[False, near]
    first = member & ~np.r_[False, near]
    number = np.cumsum(first)
    begins = np.r_[True, block[1:] != block[:-1]]
    before = np.maximum.accumulate(np.where(begins, number - first, 0))
    groups[order] = np.where(member, number - before, np.nan)
    return groups


def bands_of(totals: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """`band`, `near_band`, `near_points` of each unit (see `tables.Ranking.units`), on the index of the totals."""
    percent, possible = np.round(totals["percent"].to_numpy(), DIGITS), totals["possible"].to_numpy()
    band = np.full(len(totals), None, dtype=object)
    for name, least in reversed(settings.bands):
        band[percent >= np.round(100 * least, DIGITS)] = name.value
    limits = [(name, least) for name, least in settings.bands if np.isfinite(least)]
    away = np.column_stack([(percent / 100 - least) * possible for _, least in limits])
    nearest = np.argmin(np.where(np.isnan(away), np.inf, np.abs(away)), axis=1)
    points = np.round(away[np.arange(len(totals)), nearest], DIGITS)
    near = np.abs(points) <= settings.near
    names = np.array([name.value for name, _ in limits], dtype=object)
    columns = {
        "band": band,
        "near_band": only(near, names[nearest]),
        "near_points": np.where(near, points, np.nan),
    }
    return pd.DataFrame(columns, index=totals.index)


def top_places(ranked: int, settings: Settings) -> int:
    """How many units of a block may stand in the top band; at least one where any is ranked."""
    return max(1, int(ranked * settings.top_share + _SLACK)) if ranked else 0


TOP = Band.EXCELLENT.value
