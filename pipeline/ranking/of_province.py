"""The ranking of a province, put together once a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.ranking import order as official
from pipeline.ranking.appraised import odd_scores, raised_or_unexplained
from pipeline.ranking.blocks import Block, Objects
from pipeline.ranking.gates import Decision, gates_of
from pipeline.ranking.intervals import rank_intervals
from pipeline.ranking.left_out import left_out, without_columns, worst_group
from pipeline.ranking.methods import dominance_columns, method_ranks
from pipeline.ranking.neighbours import gaps, pairs_of
from pipeline.ranking.past import previous_ranks
from pipeline.ranking.points import Bools, Floats, Grid, grid_of
from pipeline.ranking.settings import settings_of
from pipeline.ranking.tables import Ranking, Status
from pipeline.ranking.totals import totals_of
from pipeline.ranking.weights import factors_of, shake
from pipeline.ranking.wording import changes, conditional_reason, discussions, odd_words

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

#: Columns of `tables.Ranking.units` that are computed block by block, with what stands for units outside the ranks.
_SURE: dict[str, Any] = {
    "best": np.nan, "worst": np.nan, "draw_low": np.nan, "draw_high": np.nan, "held": np.nan, "rank_borda": np.nan,
    "rank_copeland": np.nan, "rank_geometric": np.nan, "firm": None, "dominates": np.nan, "dominated_by": np.nan,
    "incomparable": np.nan, "left_out": None, "left_out_rank": np.nan,
}  # fmt: skip
_PAIRS = (
    "block", "above", "below", "rank_above", "rank_below", "gap", "gain", "loss", "lead_1", "lead_1_percent", "lead_2",
    "lead_2_percent", "lead_3", "lead_3_percent", "alone_gain", "alone_loss", "gain_at", "loss_at", "flip",
    "flip_by_loss", "tie_criterion",
    "tie_weight", "tie_weight_now", "certainty", "discuss", "dominated", "parted_by",
)  # fmt: skip


def ranking_of(case: Evidence) -> Ranking:
    """Rank the units of the province; made once a run."""
    made: dict[Any, Any] = case.made  # the run's own store
    if ranking_of not in made:
        made[ranking_of] = _Desk(case).ranking()
    found: Ranking = made[ranking_of]
    return found


class _Desk:
    """What the steps of one ranking share."""

    def __init__(self, case: Evidence) -> None:
        self.case, self.settings = case, settings_of(case.rules)
        self.grid: Grid = grid_of(case)
        self.codes: Objects = case.units.index.to_numpy(object)
        self.block, self.blocks = pd.factorize(case.units["block"])
        self.units = self._ordered()

    def _ordered(self) -> pd.DataFrame:
        """The columns of `units` that need no block, in the order of the configuration."""
        case, grid, settings = self.case, self.grid, self.settings
        totals, gates = totals_of(case, grid, settings), gates_of(case)
        scored = totals["percent"].notna().to_numpy()
        open_gate = (gates["decision"] == Decision.OPEN).to_numpy()
        shut = (gates["decision"] == Decision.CONFIRMED).to_numpy() | (open_gate & (not settings.undecided_ranked))
        ranked = scored & ~shut
        many = totals["not_occurred_share"].to_numpy() > settings.not_occurred + 1e-9
        status = np.where(many, Status.CONDITIONAL.value, Status.RANKED.value).astype(object)
        status[~scored] = Status.NO_SCORE.value
        status[shut & open_gate] = Status.UNDECIDED.value
        status[(gates["decision"] == Decision.CONFIRMED).to_numpy()] = Status.EXCLUDED.value
        reason = gates["reason"].to_numpy(object)
        conditional = conditional_reason(totals, settings)
        reason = np.where(many & scored & pd.isna(reason), conditional, reason)
        head = case.units[["name", "block", "counted"]].assign(status=status, reason=reason, ranked=ranked)
        table = head.join(totals)
        return self._ranks(table, scored, ranked)

    def _ranks(self, table: pd.DataFrame, scored: Bools, ranked: Bools) -> pd.DataFrame:
        case, settings, block = self.case, self.settings, self.block
        difficulty = official.difficulty_of(case, settings)
        keys = official.keys_of(case, self.grid, table, difficulty, settings)
        self.order = official.sorted_units(block, keys, ranked, self.codes)
        shadow = official.ranks_of(block, keys, official.sorted_units(block, keys, scored, self.codes))
        rank = official.ranks_of(block, keys, self.order)
        share = np.minimum(settings.most_priority, settings.priority * np.nan_to_num(difficulty))
        count = np.bincount(block[ranked], minlength=len(self.blocks))
        places = np.array([official.top_places(int(n), settings) for n in count])
        bands = official.bands_of(table, settings)
        top = ranked & (bands["band"] == official.TOP).to_numpy()
        self.per_block = {"ranked": count, "top_places": places, "top": np.bincount(block[top], minlength=len(count))}
        columns: dict[str, Any] = {
            "rank": rank,
            "of": np.where(ranked, count[block], np.nan),
            "shadow_rank": shadow,
            **self._reference(rank, shadow, count),
            "tied": self._tied(rank),
            "parted_by": official.parting_steps(block, keys, self.order, settings),
            "close_group": official.close_groups(block, table["percent"].to_numpy(), self.order, settings),
            "over_ceiling": top & (np.nan_to_num(rank) > places[block]),
            "previous_rank": previous_ranks(case),
            "difficulty": difficulty,
            "priority_points": share * table["possible"].to_numpy(),
            "priority_rank": self._with_priority(keys, share, ranked),
        }
        return table.assign(**columns).join(bands).join(self._gaps(table))

    def _reference(self, rank: Floats, shadow: Floats, count: npt.NDArray[np.intp]) -> dict[str, Floats]:
        """`reference_rank` and `reference_of`: each unit outside the ranks by itself among those inside."""
        block, inside = self.block, ~np.isnan(rank)
        place, of = rank.copy(), np.where(inside, count[block], np.nan)
        for unit in np.flatnonzero(~inside & ~np.isnan(shadow)):
            place[unit] = 1 + np.sum(inside & (block == block[unit]) & (shadow < shadow[unit]))
            of[unit] = count[block[unit]] + 1
        return {"reference_rank": place, "reference_of": of}

    def _tied(self, rank: Floats) -> Bools:
        """Whether a ranked unit shares its rank with a neighbour."""
        tied, order = np.zeros(len(rank), dtype=bool), self.order
        same = (self.block[order][1:] == self.block[order][:-1]) & (rank[order][1:] == rank[order][:-1])
        tied[order[1:][same]] = tied[order[:-1][same]] = True
        return tied

    def _with_priority(self, keys: Floats, share: Floats, ranked: Bools) -> Floats:
        """Parallel ranks with the points for difficult areas added."""
        if not self.settings.difficulty_column:
            return np.full(len(keys), np.nan)
        added = keys.copy()
        added[:, 0] = np.round(added[:, 0] + 100 * share, official.DIGITS)
        return official.ranks_of(self.block, added, official.sorted_units(self.block, added, ranked, self.codes))

    def _gaps(self, table: pd.DataFrame) -> pd.DataFrame:
        """`gap_above`, `gap_below` and the same in points; null at the ends of a block."""
        order, percent, possible = self.order, table["percent"].to_numpy(), table["possible"].to_numpy()
        above, below = np.full(len(table), np.nan), np.full(len(table), np.nan)
        if len(order) > 1:
            inside = self.block[order][1:] == self.block[order][:-1]
            gap = gaps(percent[order])[inside]
            above[order[1:][inside]], below[order[:-1][inside]] = gap, gap
        columns = {
            "gap_above": above,
            "gap_below": below,
            "gap_above_points": above * possible / 100,
            "gap_below_points": below * possible / 100,
        }
        return pd.DataFrame(columns, index=table.index)

    def _each_block(self) -> Iterator[Block]:
        """Blocks with ranked units, in the order of the configuration."""
        grid, table = self.grid, self.units
        rank, percent, deducted = (table[name].to_numpy() for name in ("rank", "percent", "deducted"))
        official_points, bonus = grid.official, grid.bonus
        criteria, groups = grid.table.index.to_numpy(object), grid.table["nhom"].fillna("").to_numpy(object)
        numbers = self.block[self.order]
        for number in dict.fromkeys(numbers.tolist()):
            at = self.order[numbers == number]
            seen = np.flatnonzero(grid.occurred[at].any(axis=0))
            cut = np.ix_(at, seen)
            yield Block(
                str(self.blocks[number]), self.codes[at], rank[at], percent[at], official_points[cut],
                grid.occurred[cut], bonus[cut], deducted[at], grid.most[seen], criteria[seen], groups[seen],
                self.settings.most_bonus,
            )  # fmt: skip

    def ranking(self) -> Ranking:
        """Everything."""
        parts = _Parts()
        factors = factors_of(len(self.grid.most), self.settings)
        codes = self.grid.table.index
        for block in self._each_block():
            parts.add(block, self.units, factors[codes.get_indexer(block.criteria)])
        units = self._sure(parts)
        pairs = self._pairs(parts, units)
        criteria = self.grid.frame()
        odd = odd_words(raised_or_unexplained(odd_scores(criteria, self.settings)))
        units = units.assign(discuss=discussions(units, pairs, odd), change=changes(units, pairs))
        return Ranking(
            self.settings, criteria, _groups(criteria), units, pairs,
            _joined(parts.acceptability, ("unit", "rank", "share")),
            _joined(parts.without, ("unit", "kind", "left_out", "rank", "change")), self._blocks(units, parts),
        )  # fmt: skip

    def _sure(self, parts: _Parts) -> pd.DataFrame:
        """Units in the order of the list, with how sure their ranks are."""
        sure = _joined(parts.sure, ("unit", *_SURE, "next_dominated")).set_index("unit")
        table = self.units
        for name, nothing in _SURE.items():
            column = sure[name].reindex(table.index)
            table[name] = column.astype(object).where(column.notna(), None) if nothing is None else column
        outside = ~table["ranked"].to_numpy()
        table.loc[outside, ["low", "high"]] = np.nan
        worth = np.where(table["ranked"], table["rank"], np.inf)
        shadow = table["shadow_rank"].fillna(np.inf).to_numpy()
        by_code = np.argsort(np.argsort(self.codes.astype("U")))
        return table.iloc[np.lexsort([by_code, shadow, worth, self.block])]

    def _pairs(self, parts: _Parts, units: pd.DataFrame) -> pd.DataFrame:
        pairs = _joined(parts.pairs, tuple(name for name in _PAIRS if name not in ("discuss", "parted_by")))
        parted = units["parted_by"].reindex(pairs["below"]).to_numpy(object)
        discuss = 1 - pairs["certainty"].to_numpy("float64") >= self.settings.unsure - 1e-9
        return pairs.assign(discuss=discuss, parted_by=parted)[list(_PAIRS)]

    def _blocks(self, units: pd.DataFrame, parts: _Parts) -> pd.DataFrame:
        count = np.bincount(self.block, minlength=len(self.blocks))
        ranked = self.per_block["ranked"]
        close = units["close_group"].groupby(units["block"]).max().reindex(self.blocks).fillna(0)
        columns = {
            "units": count,
            "ranked": ranked,
            "outside": count - ranked,
            "top_places": self.per_block["top_places"],
            "top": self.per_block["top"],
            "pairs": ranked * (ranked - 1) // 2,
            "incomparable": pd.Series(parts.incomparable, dtype="int64").reindex(self.blocks, fill_value=0).to_numpy(),
            "close_groups": close.astype("int64").to_numpy(),
        }
        return pd.DataFrame(columns, index=pd.Index(self.blocks, dtype="object"))


class _Parts:
    """Columns of the blocks, one dictionary a block."""

    def __init__(self) -> None:
        self.sure: list[dict[str, Any]] = []
        self.pairs: list[dict[str, Any]] = []
        self.acceptability: list[dict[str, Any]] = []
        self.without: list[dict[str, Any]] = []
        self.incomparable: dict[str, int] = {}

    def add(self, block: Block, units: pd.DataFrame, factors: Floats) -> None:
        """Compute everything of one block."""
        bounds = units.loc[block.units, ["low", "high"]].to_numpy() * (100 / block.possible)[:, None]
        best, worst = rank_intervals(bounds[:, 0], bounds[:, 1], block.rank)
        items, ranks = left_out(block)
        shaken, order = shake(block, factors), dominance_columns(block)
        self.sure.append(
            {"unit": block.units, "best": best, "worst": worst}
            | shaken.columns(block.rank) | method_ranks(block) | order | worst_group(block, items, ranks)
        )  # fmt: skip
        self.without.append(without_columns(block, items, ranks))
        self.acceptability.append(shaken.acceptability(block))
        self.incomparable[block.name] = int(order["incomparable"].sum()) // 2
        if len(block) > 1:
            dominated = order["next_dominated"][:-1]
            self.pairs.append(pairs_of(block) | {"certainty": shaken.certainty, "dominated": dominated})


def _joined(parts: list[dict[str, Any]], names: tuple[str, ...]) -> pd.DataFrame:
    """Columns of all blocks, one under another."""
    columns: dict[str, Any] = {}
    for name in names:
        held = [np.asarray(part[name]) if not isinstance(part[name], list) else _listed(part[name]) for part in parts
                if name in part]  # fmt: skip
        columns[name] = np.concatenate(held) if held else np.array([], dtype=object)
    return pd.DataFrame(columns)


def _listed(values: list[Any]) -> npt.NDArray[np.object_]:
    """A list as an array of objects, tuples kept whole."""
    found = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        found[place] = value
    return found


def _groups(criteria: pd.DataFrame) -> pd.DataFrame:
    """`tables.Ranking.groups`."""
    full = criteria["most"].where(criteria["official"].notna(), 0.0)
    rows = pd.DataFrame({
        "unit": criteria["unit"], "group": criteria["group"], "points": criteria["official"].fillna(0.0), "most": full,
    })  # fmt: skip
    return rows.groupby(["unit", "group"], sort=False, as_index=False)[["points", "most"]].sum()
