"""Points of targets and of criteria, as the province's score table gives them.

Points of one target: share reached = result / target where higher is better; 1 where lower is better and the result
is not above the target, else target / result; the result itself (0 or 1, or the share that the level is worth) for
yes-or-no and level targets. Points = points of the criterion × min(1, share reached): nothing makes up for another
target. A bonus for going beyond the target is shown apart. Rows in which a unit asks for a bonus or owns up to a
deduction are no targets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.dataset import UNIT
from pipeline.evidence.once import once
from pipeline.ranking.tables import Basis

if TYPE_CHECKING:
    from pipeline.evidence import Evidence

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]
_TABLE = ("ma", "nhom", "ten", "diem_chuan", "chieu", "loai_don_vi", "he_so_thuong", "thuong_toi_da")
_NUMBERS = ("diem_chuan", "he_so_thuong", "thuong_toi_da")
#: Kinds of rows of CHI_TIEU in which a unit asks for a bonus, or owns up to a deduction.
BONUS_CLAIM, OWN_DEDUCTION = "DIEM_THUONG", "DIEM_TRU"


@once
def points_of(case: Evidence) -> pd.DataFrame:
    """One row a target, index = row id of CHI_TIEU.

    Columns: `unit`, `criterion` (code of the score table, null for targets beside it), `most` (points of the
    criterion; null where the table does not know it), `self` (points that the unit gave itself), `reached` (share of
    the target reached, may be above 1), `computed` (points from target and result, null when not computable: a
    number is missing, the target of a higher-is-better row is not above 0, a yes-or-no result is neither 0 nor 1),
    `bonus` (null as `computed`), `applicable` (false: the unit says why nothing occurred, or the criterion is for
    another kind of unit), `evidence` (as stated), `reason` (why nothing occurred). The direction is that of the score
    table, else that of the row.
    """
    rows, table = case.frame("CHI_TIEU"), score_table(case)
    rows = rows[~rows["loai"].isin((BONUS_CLAIM, OWN_DEDUCTION))]
    at = table.index.get_indexer(rows["ma_tieu_chi"])
    known = {name: _taken(table[name].to_numpy(), at) for name in (*_NUMBERS, "chieu", "loai_don_vi")}
    most, rate, cap = (known[name].astype("float64") for name in _NUMBERS)
    reached = _reached(rows, np.where(pd.isna(known["chieu"]), rows["chieu"].to_numpy(object), known["chieu"]))
    bonus = np.minimum(rate * most * np.clip(reached - 1, 0, None), cap)
    kind, reason = known["loai_don_vi"], rows["ly_do_khong_phat_sinh"]
    fits = pd.isna(kind) | (kind == rows[UNIT].map(case.units["kind"]).to_numpy(object))
    return pd.DataFrame(
        {
            "unit": rows[UNIT],
            "criterion": rows["ma_tieu_chi"],
            "most": most,
            "self": rows["diem_tu_cham"],
            "reached": reached,
            "computed": most * np.minimum(reached, 1),
            "bonus": np.where(np.isnan(bonus), most * reached * 0, bonus),
            "applicable": reason.isna().to_numpy() & fits,
            "evidence": rows["minh_chung"],
            "reason": reason,
        },
        index=rows.index,
    )


def only(mask: Bools, values: Objects) -> Objects:
    """Values where the mask is true; None elsewhere."""
    found = np.full(mask.shape, None, dtype=object)
    found[mask] = values[mask]
    return found


def _taken(values: npt.NDArray[Any], at: npt.NDArray[np.intp]) -> Objects:
    """Values at places; None where a place is −1."""
    return np.append(values.astype(object), [None])[at]


@once
def score_table(case: Evidence) -> pd.DataFrame:
    """BANG_DIEM by code of the criterion, in its order; rows without code or full points are left out."""
    rows = case.configured("BANG_DIEM")
    if rows.empty:
        rows = pd.DataFrame({name: pd.Series(dtype="float64" if name in _NUMBERS else "object") for name in _TABLE})
    rows = rows[rows["ma"].notna() & rows["diem_chuan"].notna()]
    return rows[list(_TABLE)].drop_duplicates("ma").set_index("ma")


def _reached(rows: pd.DataFrame, direction: Objects) -> Floats:
    """Share of the target that was reached; null when not computable."""
    target, result = (rows[name].to_numpy("float64", na_value=np.nan) for name in ("chi_tieu", "thuc_hien"))
    with np.errstate(divide="ignore", invalid="ignore"):
        more = np.where(target > 0, np.clip(result / target, 0, None), np.nan)
        less = np.where(result > target, np.where(result > 0, np.clip(target, 0, None) / result, np.nan), 1.0)
    less = np.where((target >= 0) & ~np.isnan(result), less, np.nan)
    level = np.where((result >= 0) & (result <= 1), result, np.nan)
    ways = {"CAO": more, "THAP": less, "CO_KHONG": np.where(np.isin(level, (0, 1)), level, np.nan), "THEO_MUC": level}
    reached = np.full(len(rows), np.nan)
    for code, values in ways.items():
        reached = np.where(direction == code, values, reached)
    return reached


@dataclass(frozen=True)
class Grid:
    """Criteria of every unit that must send: arrays of units × criteria, in the order of configuration and table.

    Numbers are NaN where not known; `applies` tells which criteria are for the kind of unit at all, `occurred` which
    of them are in the sum, `official` is 0 wherever a criterion is not in the sum. The rest is as in
    `tables.Ranking.criteria`.
    """

    units: pd.Index
    table: pd.DataFrame
    most: Floats  #: full points by criterion
    applies: Bools
    occurred: Bools
    targets: npt.NDArray[np.int64]
    row: Floats
    own: Floats
    computed: Floats
    appraised: Floats
    bonus_computed: Floats
    evidence: Bools
    evidence_text: Objects
    reason: Objects
    note: Objects

    @property
    def official(self) -> Floats:
        """Points in the total, 0 where a criterion is not in it or not known."""
        known = np.where(np.isnan(self.appraised), self.computed, self.appraised)
        return np.where(self.occurred & ~np.isnan(known), known, 0.0)

    @property
    def missing(self) -> Bools:
        """Criteria in the sum that are neither appraised nor computable."""
        return self.occurred & np.isnan(self.appraised) & np.isnan(self.computed)

    @property
    def bonus(self) -> Floats:
        """Bonus that counts, before the cap over all criteria."""
        lowered = self.appraised < self.most
        return np.where(self.occurred & ~lowered, np.nan_to_num(self.bonus_computed), 0.0)

    @property
    def bonus_claimed(self) -> Floats:
        """Bonus in the best case: as computed whatever was appraised, or as far as the self-score goes beyond."""
        rate, cap = (self.table[name].to_numpy("float64", na_value=0) for name in ("he_so_thuong", "thuong_toi_da"))
        beyond = np.fmin(np.fmax(self.own - self.most, 0), cap)
        claimed = np.fmax(self.bonus_computed, np.where(rate > 0, beyond, 0.0))
        return np.where(self.occurred, np.nan_to_num(claimed), 0.0)

    def frame(self) -> pd.DataFrame:
        """`tables.Ranking.criteria`."""
        at = np.nonzero(self.applies)
        table, most = self.table, np.broadcast_to(self.most, self.applies.shape)
        basis = np.where(np.isnan(self.appraised), Basis.COMPUTED.value, Basis.APPRAISED.value).astype(object)
        basis[self.missing] = Basis.MISSING.value
        basis[~self.occurred] = Basis.NOT_OCCURRED.value
        columns: dict[str, Any] = {
            "unit": self.units.to_numpy(object)[at[0]],
            "criterion": table.index.to_numpy(object)[at[1]],
            "group": table["nhom"].to_numpy(object)[at[1]],
            "name": table["ten"].to_numpy(object)[at[1]],
            "most": most[at],
            "row_id": self.row[at],
            "targets": self.targets[at],
            "self": self.own[at],
            "computed": self.computed[at],
            "appraised": self.appraised[at],
            "basis": basis[at],
            "official": np.where(self.occurred, self.official, np.nan)[at],
            "difference": (self.own - self.computed)[at],
            "bonus": self.bonus[at],
            "bonus_computed": self.bonus_computed[at],
            "bonus_claimed": self.bonus_claimed[at],
            "evidence": self.evidence[at],
            "evidence_text": self.evidence_text[at],
            "reason": self.reason[at],
            "note": self.note[at],
        }
        return pd.DataFrame(columns)


def grid_of(case: Evidence) -> Grid:
    """Gather the targets and appraised points of each unit and criterion."""
    table, units = score_table(case), case.units.index
    targets = points_of(case)
    shape = (len(units), len(table))
    place = _places(units, table.index, targets["unit"], targets["criterion"])
    inside = place >= 0
    targets, place = targets[inside], place[inside]
    counted = targets["applicable"].to_numpy()

    def summed(values: Floats) -> Floats:
        """Sum of a column over the targets of a cell; null where one is, or where there is none."""
        cells, given = place[counted], values[counted]
        size = np.bincount(cells, minlength=shape[0] * shape[1])
        known = np.bincount(cells[~np.isnan(given)], minlength=len(size))
        total = np.bincount(cells, np.nan_to_num(given), len(size))
        return np.where((size > 0) & (known == size), total, np.nan).reshape(shape)

    size = np.maximum(_count(place[counted], shape), 1)
    stated = targets["evidence"].notna().to_numpy()
    kind = table["loai_don_vi"].to_numpy(object)
    applies = pd.isna(kind) | (kind == case.units["kind"].to_numpy(object)[:, None])
    appraised, note = _appraised(case, units, table.index)
    whole = _count(place, shape)
    occurred = applies & ((whole == 0) | (_count(place[counted], shape) > 0) | ~np.isnan(appraised))
    numbers = {name: targets[name].to_numpy("float64", na_value=np.nan) for name in ("self", "computed", "bonus")}
    ids = targets.index.to_numpy("float64")
    every = _first(place, ids.astype(object), shape).astype("float64")
    own = _first(place[counted], ids[counted].astype(object), shape).astype("float64")
    reason = _first(place, targets["reason"].to_numpy(object), shape)
    return Grid(
        units, table, table["diem_chuan"].to_numpy("float64"), applies, occurred, whole,
        np.where(np.isnan(own), every, own), summed(numbers["self"]), summed(numbers["computed"]) / size, appraised,
        summed(numbers["bonus"]) / size,
        (_count(place[counted], shape) > 0) & (_count(place[counted & ~stated], shape) == 0),
        _first(place[counted], targets["evidence"].to_numpy(object)[counted], shape),
        only(_count(place[counted], shape) == 0, reason), note,
    )  # fmt: skip


def _places(units: pd.Index, criteria: pd.Index, unit: pd.Series, criterion: pd.Series) -> npt.NDArray[np.intp]:
    """Number of the cell of each row; −1 where it belongs to none."""
    row, column = units.get_indexer(unit), criteria.get_indexer(criterion)
    return np.where((row >= 0) & (column >= 0), row * len(criteria) + column, -1)


def _count(place: npt.NDArray[np.intp], shape: tuple[int, int]) -> npt.NDArray[np.int64]:
    return np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape)


def _first(place: npt.NDArray[np.intp], values: Objects, shape: tuple[int, int]) -> Objects:
    """The first value of each cell that is there; None without one."""
    found = np.full(shape[0] * shape[1], None, dtype=object)
    known = ~pd.isna(values)
    found[place[known][::-1]] = values[known][::-1]
    return found.reshape(shape)


def _appraised(case: Evidence, units: pd.Index, criteria: pd.Index) -> tuple[Floats, Objects]:
    """Appraised points and why they differ; the first row of DIEM_THAM_DINH for a cell counts."""
    shape = (len(units), len(criteria))
    rows = case.configured("DIEM_THAM_DINH")
    if rows.empty:
        return np.full(shape, np.nan), np.full(shape, None, dtype=object)
    rows = rows[rows["diem"].notna()]
    place = _places(units, criteria, rows["don_vi"], rows["ma_tieu_chi"])
    rows, place = rows[place >= 0].assign(place=place[place >= 0]), place[place >= 0]
    first = rows.drop_duplicates("place")
    points, note = np.full(shape[0] * shape[1], np.nan), np.full(shape[0] * shape[1], None, dtype=object)
    points[first["place"]] = first["diem"].to_numpy("float64")
    note[first["place"]] = only(first["ly_do"].notna().to_numpy(), first["ly_do"].to_numpy(object))
    return points.reshape(shape), note.reshape(shape)
