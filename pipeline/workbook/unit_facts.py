"""What the pages of the units show, put together for the whole province at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.dataset import UNIT
from pipeline.findings import Group
from pipeline.ranking.of_province import ranking_of
from pipeline.ranking.settings import Band
from pipeline.ranking.wording import BANDS
from pipeline.results import Results, replaced_refusals
from pipeline.rotation.of_province import unit_through_time
from pipeline.rotation.told import UNITS
from pipeline.workbook.nominated import Nomination, Nominations
from pipeline.workbook.principles import FivePrinciples
from pipeline.workbook.rotation_order import Pair, by_level
from pipeline.workbook.series import frame_rows, plain

#: Criteria on each side.
MOST_CRITERIA = 5
#: Past years in the chart; this year's nominations stand beside them.
PAST_YEARS = 5
#: Smallest difference (points) from the block that is worth a line.
_LEAST = 0.005
#: Kinds of awards in the chart.
BASE, HIGHER, COLLECTIVE = "LĐTT", "Cá nhân khác", "Tập thể"
KINDS = (BASE, HIGHER, COLLECTIVE)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a unit beside its block."""

    code: str
    name: str
    points: float
    difference: float  #: points above (or below) what the block has on average


class UnitFacts:
    """Everything on the pages of the units. Made once a run, also for pages in files of their own."""

    def __init__(self, results: Results, nominations: Nominations, lights: FivePrinciples) -> None:
        """Group what the run found by unit."""
        self.results, self.lights = results, lights
        ranking = ranking_of(results.evidence)
        self.rank: Mapping[str, Mapping[str, Any]] = {
            str(unit): dict(zip(ranking.units.columns, row, strict=True))
            for unit, *row in ranking.units.itertuples(name=None)
        }
        self.strong, self.weak = _criteria(ranking.criteria, ranking.units)
        self.years = range(results.dataset.province.period.year - PAST_YEARS, results.dataset.province.period.year + 1)
        self.items: dict[str, list[Nomination]] = defaultdict(list)
        for items in nominations.everything:
            for item in items:
                self.items[item.unit].append(item)
        self.awards = _awards(results, self.items, self.years)
        settled = replaced_refusals(results.dataset)
        self.groups: dict[str, list[Group]] = defaultdict(list)
        for group in results.groups:
            if group.first.file not in settled:
                self.groups[group.first.unit].append(group)
        self.turns: dict[str, list[Pair]] = defaultdict(list)
        for pair in by_level(results):
            if pair[0].kind != UNITS and pair[0].unit:
                self.turns[pair[0].unit].append(pair)
        self.idle = _without_work(results)
        self.heads = _heads(results)


def band_words(band: object) -> str:
    """`Xuất sắc`; a dash where there is none."""
    return BANDS[Band(band)] if isinstance(band, str) else "–"


def _criteria(
    criteria: pd.DataFrame, units: pd.DataFrame
) -> tuple[Mapping[str, Sequence[Criterion]], Mapping[str, Sequence[Criterion]]]:
    """By unit with a score the criteria that lie farthest above and below the block's mean, in points."""
    strong: dict[str, list[Criterion]] = defaultdict(list)
    weak: dict[str, list[Criterion]] = defaultdict(list)
    scored = units.index[units["percent"].notna()]
    rows = criteria[criteria["official"].notna() & (criteria["most"] > 0) & criteria["unit"].isin(scored)]
    share = rows["official"] / rows["most"]
    mean = share.groupby([rows["unit"].map(units["block"]), rows["criterion"]]).transform("mean")
    away = (share - mean) * rows["most"]
    rows = rows.assign(away=away).sort_values("away", kind="stable")
    columns = (rows[name].tolist() for name in ("unit", "criterion", "name", "official", "away"))
    for unit, code, name, points, difference in zip(*columns, strict=True):
        one = Criterion(code, str(name), points, difference)
        if difference <= -_LEAST and len(weak[unit]) < MOST_CRITERIA:
            weak[unit].append(one)
        elif difference >= _LEAST:
            strong[unit].append(one)
    return {unit: found[::-1][:MOST_CRITERIA] for unit, found in strong.items()}, weak


def _awards(
    results: Results, items: Mapping[str, Sequence[Nomination]], years: range
) -> Mapping[str, Mapping[tuple[int, str], int]]:
    """By unit how many awards of each kind in each year; the last year are this year's nominations."""
    found: dict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
    for unit, mine in items.items():
        for item in mine:
            if item.proposed:
                kind = BASE if item.title == "LDTT" else COLLECTIVE if item.person is None else HIGHER
                found[unit][years[-1], kind] += 1
    history = results.dataset.province.history
    if history is None:
        return found
    past = history.frames["KHEN_THUONG"]
    past = past[past["nam"].between(years[0], years[-1] - 1) & (past["tinh_trang"] != "THU_HOI")]
    heirs = unit_through_time(results.evidence)
    columns = (plain(past[name]) for name in ("don_vi_luc_do", "nam", "doi_tuong", "danh_hieu"))
    for unit, year, whom, title in zip(*columns, strict=True):
        kind = COLLECTIVE if whom == "TT" else BASE if title == "LDTT" else HIGHER
        if unit:
            found[heirs.get(unit, unit)][int(year), kind] += 1
    return found


def _without_work(results: Results) -> Mapping[str, Sequence[str]]:
    """By unit the names of staff without any target, initiative or exemplar of their own; absent where not known."""
    frames = results.dataset.frames
    busy: set[tuple[str, str]] = set()
    told: set[str] = set()
    for sheet, field in (("CHI_TIEU", "nguoi_phu_trach"), ("SANG_KIEN", "tac_gia"), ("DIEN_HINH", "ma_cc")):
        for unit, person in frame_rows(frames[sheet], UNIT, field):
            if person:
                busy.add((unit, person))
                told |= {unit} if sheet == "CHI_TIEU" else set()
    found: dict[str, list[str]] = {unit: [] for unit in told}
    for unit, person, name in frame_rows(frames["NHAN_SU"], UNIT, "ma_cc", "ho_ten"):
        if unit in told and person and (unit, person) not in busy:
            found[unit].append(name or person)
    return found


def _heads(results: Results) -> Mapping[str, str]:
    """Name of the head by unit, where the file tells."""
    forms = dict(frame_rows(results.dataset.frames["DON_VI"], UNIT, "ma_nguoi_dung_dau"))
    staff = frame_rows(results.dataset.frames["NHAN_SU"], UNIT, "ma_cc", "ho_ten")
    return {unit: name for unit, person, name in staff if person and name and forms.get(unit) == person}
