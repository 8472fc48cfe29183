"""What the ranking hands over: six frames and the settings under which they were made.

Points are points of the score table; percentages are between 0 and 100; shares are between 0 and 1; ranks are
competition ranks (1, 2, 2, 4) inside the block, as floats because they may be null. Null always means "not known, or
does not apply to this unit"; where it means something else the column says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from pipeline.ranking.settings import Settings


class Status(StrEnum):
    """Whether a unit stands in the official ranks."""

    RANKED = "XEP_HANG"
    CONDITIONAL = "CO_DIEU_KIEN"  # ranked; too many criteria did not occur (XH-07)
    UNDECIDED = "CHO_KET_LUAN"  # a gate is noted or seen and the council has not decided: outside the ranks until then
    EXCLUDED = "KHONG_XET"  # the council confirmed the gate
    NO_SCORE = "CHUA_CO_DIEM"  # no gate, but no score either


class Basis(StrEnum):
    """Where the official points of a criterion come from."""

    APPRAISED = "THAM_DINH"
    COMPUTED = "TINH_LAI"
    MISSING = "CHUA_CO"  # neither appraised nor computable: counts 0, and is marked
    NOT_OCCURRED = "KHONG_PHAT_SINH"  # out of the sum and of the full points


@dataclass(frozen=True)
class Ranking:
    """The ranking of a province. Frames are shared: nobody changes them.

    `criteria`: one row a unit that must send and criterion of BANG_DIEM for its kind, units in the order of the
    configuration, criteria in that of the table. `unit`, `criterion`, `group`, `name`; `most` (full points);
    `row_id` (first row of CHI_TIEU of the criterion that counts, else the first one there is; null without a row);
    `targets` (rows of CHI_TIEU for it); `self`, `computed`, `appraised` (points; null: not given, not computable, not
    appraised); `basis` (`Basis`); `official` (points in the total: `appraised`, else `computed`, else 0; null where
    it did not occur); `difference` (self − computed); `bonus` (points of bonus that count, before the cap over all
    criteria: 0 where fewer than the full points were appraised, else `bonus_computed`); `bonus_computed` (null as
    `computed`); `bonus_claimed` (what counts in the best case, never below `bonus`); `evidence` (every target states
    evidence); `evidence_text` (first stated; null: none); `reason` (why it did not occur, also where it was appraised
    all the same; null: it did, or no row); `note` (why the appraised score differs; null: none). As formulas:
    official = IF(appraised<>"", appraised, IF(computed<>"", computed, 0));
    bonus = IF(AND(appraised<>"", appraised<most), 0, N(bonus_computed)).

    `groups`: one row a unit and group of criteria that applies to it: `unit`, `group`, `points` (sum of `official`,
    0 where all did not occur), `most` (full points of what occurred), in the order of `criteria`.

    `units`: one row a unit that must send, index = code, block after block in the order of the configuration, inside
    a block by rank, then those outside the ranks by shadow rank, then those without a score; equal ones by code.

    - `name`, `block`, `counted` (a file of it counts), `status` (`Status`), `reason` (Vietnamese: gates, or why the
      rank is conditional; null: none), `ranked` (bool: in the official ranks)
    - `possible` (ΣM of what occurred), `points` (Σ official), `bonus` (official, capped), `bonus_uncapped`,
      `deducted` (Σ DIEM_TRU, ≥ 0), `disputed` (part of it not agreed), `total` = points + bonus − deducted,
      `percent` = 100 · total / possible; `total` and `percent` null for a unit without a score
    - `self_total` (Σ self-scores given), `computed_total` (Σ computed), `unknown` (full points of criteria of basis
      MISSING), `not_occurred` (full points that did not occur), `not_occurred_share` (of all that apply),
      `evidence_share` (share of `points` with evidence; null without points)
    - `rank`, `of` (ranked units of the block), `reference_rank`, `reference_of` (the same for ranked units; for a unit
      outside the ranks its place and their number if the council considered this one unit besides, all others staying
      where they are: the one meaning of "if considered", `wording.REFERENCE`; null without a score), `shadow_rank`
      (order of all that have a score, for ties; never shown), `tied` (shares its rank), `parted_by` (`Step`
      by which the unit stands below an equal one just above it; null: by points, or tied), `close_group` (number of the
      close group inside the block, from 1; null: in none)
    - `band` (`Band`; also for units outside the ranks), `over_ceiling` (in the top band beyond its ceiling),
      `near_band` (`Band` whose threshold lies within XH-05.sat_nguong; null: none), `near_points` (points of the unit
      above, or if negative below, that threshold)
    - `gap_above`, `gap_below` (percentage points to the next unit above and below by rank; null at the ends; 0: equal),
      `gap_above_points`, `gap_below_points` (the same in this unit's own points)
    - `previous_rank` (of the year before in the same block; null where the history does not tell)
    - `difficulty` (0 to 1), `priority_points` (K, never in the total), `priority_rank` (parallel rank with K added,
      among ranked units; null when the province switched the column off)
    - how sure, only for ranked units: `low`, `high` (L and U in points), `best`, `worst` (interval of the rank);
      `draw_low`, `draw_high` (5–95 % of the ranks under shaken weights), `held` (share of draws with the official
      rank); `rank_borda`, `rank_copeland`, `rank_geometric` (official: `rank`), `firm` (the four differ by at most
      1); `dominates`, `dominated_by`, `incomparable` (units of the block); `left_out` (name of the group whose
      leaving out moves the rank most; null: none moves it), `left_out_rank`
    - `discuss` (Vietnamese: why the council should discuss the rank; null: nothing speaks for it), `change`
      (Vietnamese, two lines for ranked units: what would move it up, what would move it down)

    `pairs`: one row a pair of neighbours by official rank, `above` before `below`, in the order of `units`: `block`,
    `above`, `below` (codes), `rank_above`, `rank_below`, `gap` (percentage points), `gain` (points that `below` needs
    to draw level), `loss` (points that `above` may lose until level), `lead_1` … `lead_3` (criteria, or "Điểm thưởng",
    "Điểm trừ", that made the lead, greatest first; null: fewer did), `lead_1_percent` … (percentage points of the
    lead), `alone_gain`, `alone_loss` (tuples of codes of criteria that can do it alone, by gain of `below`, by loss
    of `above`), `gain_at`, `loss_at` (of each, the one where `above` leads most; null: none), `flip` (the
    one of both where `above` leads most; null: none can),
    `flip_by_loss` (whether `flip` is to be lost by `above`, else gained by `below`), `tie_criterion`, `tie_weight`
    (share of the full points at which the two tie, all others in proportion; of all criteria the one nearest to its
    present weight; null: none between 0 and 1, or not the same criteria), `tie_weight_now`, `certainty` (share of
    draws in which `above` stands above), `discuss` (bool: `below` does in XH-06.can_thao_luan or more), `dominated`
    (bool: `above` dominates `below`), `parted_by` (`Step` that parts them at equal percentages; null).

    `acceptability`: one row a ranked unit and rank that occurs in the draws: `unit`, `rank`, `share`.

    `without`: one row a ranked unit and what was left out: `unit`, `kind` ("NHOM": a group, the bonus or the
    deductions; "TIEU_CHI": a criterion), `left_out` (name of the group, code of the criterion), `rank` (null: nothing
    is left of the unit's criteria), `change` (rank − official rank; positive: worse).

    `blocks`: index = block, in the order of the configuration: `units`, `ranked`, `outside`, `top_places` (ceiling of
    the top band in units), `top` (units in it), `pairs` (of ranked units), `incomparable` (of them), `close_groups`.
    """

    settings: Settings
    criteria: pd.DataFrame
    groups: pd.DataFrame
    units: pd.DataFrame
    pairs: pd.DataFrame
    acceptability: pd.DataFrame
    without: pd.DataFrame
    blocks: pd.DataFrame
